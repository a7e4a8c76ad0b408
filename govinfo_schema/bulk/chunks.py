"""
Large files of lines, plain or compressed, cut into chunks at the ends of lines.

``cut`` needs little memory however long the file and its lines are. Where a file ends in the middle
of compressed data, all whole lines before that are in the chunks, and the ``Source`` says so at the
end.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import attrs

from govinfo_schema.documents.formats import is_stream, opened, unreadable
from govinfo_schema.documents.formats.memory import check_stream, is_path, name_of, read_block
from govinfo_schema.messages import Label
from govinfo_schema.tables import duckdb, parquet, sqlite
from govinfo_schema.tables.compression import Decompressed, decompressed
from govinfo_schema.tables.jsonl import LONGEST
from govinfo_schema.tables.rows import HEAD

CHUNK: Final = 4_000_000
"""A chunk has so many bytes, and the rest of the line that they end in."""
_OTHERS: Final[Mapping[str, Callable[[bytes], bool]]] = {
    "Parquet": parquet.detect,
    "SQLite": sqlite.detect,
    "DuckDB": duckdb.detect,
}
"""Tables that are no lines, and what tells them by their first bytes."""


@attrs.frozen
class Chunk:
    """
    Some whole lines of a file: their bytes, or else where the file at *path* has them.

    Of a line that is too long the last byte that may be there is the last of the chunk.
    """

    begin: int
    end: int
    path: str | None = None
    data: bytes = b""

    def content(self) -> bytes:
        """Return the bytes of the chunk."""
        if self.path is None:
            return self.data
        with Path(self.path).open("rb") as file:
            file.seek(self.begin)
            return file.read(self.end - self.begin)


@attrs.define
class Source:
    """An open file of lines. *problem*: why it ends too early, None while nothing is wrong."""

    file: BinaryIO
    plain: str | None
    size: int | None
    raw: BinaryIO
    decompressed: Decompressed | None = None

    @property
    def problem(self) -> Label | None:
        """Why the compressed data end too early; None where they do not."""
        return self.decompressed.problem if self.decompressed else None

    def position(self) -> int | None:
        """How many bytes of the file have been read, as it stands on disk."""
        try:
            return self.raw.tell()
        except (OSError, ValueError):
            return None


@contextmanager
def source_of(given: Any) -> Iterator[Source]:
    """
    Open a path, ``-`` for standard input, bytes, or what an open binary file still holds.

    Raises: UnreadableFile, TypeError; MissingLibrary for zstd without zstandard.
    """
    if is_path(given):
        name = os.fspath(given)
        if name != "-" and is_stream(name):
            with Path(name).open("rb") as pipe:
                yield _source(pipe, None)
            return
        with opened(name) as file:
            yield _source(file, None if name == "-" else name)
    elif isinstance(given, (bytes, bytearray, memoryview)):
        yield _source(io.BytesIO(given), None)
    else:
        check_stream(given)
        yield _source(io.BufferedReader(_Raw(given)), None)


def _buffered(stream: Any) -> BinaryIO:
    """Return an open file as one that can be read line by line and looked ahead in."""
    return stream if hasattr(stream, "peek") else io.BufferedReader(_Raw(stream))


class _Raw(io.RawIOBase):
    """An open binary file of any kind as one of Python's."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream, self._name, self._ready = stream, name_of(stream), b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """
        Read what the other file gives, be it more than was asked for.

        Raises: UnreadableFile, TypeError.
        """
        ready = self._ready or bytes(read_block(self._stream, self._name, len(buffer)))
        count = min(len(buffer), len(ready))
        buffer[:count], self._ready = ready[:count], ready[count:]
        return count


def _source(file: Any, path: str | None) -> Source:
    file = _buffered(file)
    size = Path(path).stat().st_size if path else None
    head = bytes(file.peek(HEAD)[:HEAD])
    if kind := next((name for name, detect in _OTHERS.items() if detect(head)), None):
        raise unreadable(path or "-", "not_lines", kind=kind)
    own = decompressed(file)
    if own is None:
        return Source(file, path, size, file)
    return Source(io.BufferedReader(own, 1 << 20), None, size, file, own)


def cut(source: Source) -> Iterator[Chunk]:
    """
    Cut a file into chunks at the ends of lines; where, depends on its content alone.

    Of a line that is too long nothing is kept but its beginning.
    """
    file, begin = source.file, 0
    while True:
        if source.plain:
            file.seek(min(begin + CHUNK, source.size or 0))
            data, rest = b"", file.readline(LONGEST)
            end = file.tell()
        else:
            data = file.read(CHUNK)
            rest = file.readline(LONGEST) if len(data) == CHUNK else b""
            end = begin + len(data) + len(rest)
        if source.problem:
            data, rest = _whole(data + rest), b""
            end = begin + len(data)
        if end == begin:
            return
        yield Chunk(begin, end, source.plain, data + rest)
        begin = end
        while len(rest) == LONGEST and not rest.endswith(b"\n"):
            rest = file.readline(LONGEST)
            begin += len(rest)


def _whole(data: bytes) -> bytes:
    """Return the whole lines at the beginning of some bytes."""
    return data[: data.rfind(b"\n") + 1]
