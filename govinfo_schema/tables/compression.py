"""
Data compressed with gzip or zstd, as lines of JSON often are: ``decompressed`` reads them,
``compressed`` writes them.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from govinfo_schema.documents.formats import library
from govinfo_schema.errors import MissingLibrary
from govinfo_schema.messages import Label, spoken

ENDINGS: Final = (".gz", ".zst")
"""What ends the name of a compressed file."""
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_SKIPPABLE: Final = tuple(bytes((low, 0x2A, 0x4D, 0x18)) for low in range(0x50, 0x60))
"""How a frame of zstd begins that holds no data."""


class Decompressed(io.RawIOBase):
    """
    The data of a compressed stream. It ends where the compressed data do, or where they are
    damaged; *problem* then says why.
    """

    def __init__(self, file: BinaryIO, new: Callable[[], Any], block: int, errors: Any) -> None:
        """*new* makes what decompresses one frame, *block* bytes of it at a time."""
        super().__init__()
        self._file, self._new, self._block, self._errors = file, new, block, errors
        self._decoder: Any = None
        self._compressed = self._ready = b""
        self.problem: Label | None = None

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read as much as is ready, something unless the data end."""
        while not self._ready and self._advance():
            pass
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def _advance(self) -> bool:
        """Decompress a bit more; False at the end."""
        if self.problem:
            return False
        try:
            self._compressed = self._compressed or self._file.read(self._block)
            if not self._compressed:
                self.problem = None if self._decoder is None else spoken("cut_off")
                return False
            if self._decoder is None:
                # Zeros may stand behind the last frame, as tape drives fill up with them.
                self._compressed = self._compressed.lstrip(b"\0")
                if not self._compressed:
                    return True
            self._decoder = self._decoder or self._new()
            self._ready = self._decoder.decompress(self._compressed)
            self._compressed = self._decoder.unused_data
            if self._decoder.eof:
                self._decoder = None
        except self._errors as error:
            self.problem = spoken("bad_compression", problem=str(error).partition("\n")[0])
            return False
        return True


def is_compressed(head: bytes) -> bool:
    """Tell by its first bytes whether something is compressed."""
    return head.startswith((_GZIP, _ZSTD, *_SKIPPABLE))


def decompressed(file: Any) -> Decompressed | None:
    """
    Return the data of a file that can be looked ahead in, None if they are not compressed.

    Raises: MissingLibrary for zstd without zstandard.
    """
    head = bytes(file.peek(4)[:4])
    if not is_compressed(head):
        return None
    if head.startswith(_GZIP):
        return Decompressed(file, lambda: zlib.decompressobj(31), 16_384, zlib.error)
    zstandard = library("zstandard", "frames")
    new = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompressobj
    return Decompressed(file, new, 1_024, zstandard.ZstdError)


def beginning(head: bytes, most: int = 4_096) -> bytes | None:
    """
    Return the first bytes of compressed data by their own first ones; None where the library that
    reads them is not there.

    >>> beginning(gzip.compress(b"{}"))
    b'{}'
    """
    try:
        file = decompressed(io.BufferedReader(io.BytesIO(head)))
    except MissingLibrary:
        return None
    return file.read(most) if file else b""


@contextmanager
def compressed(path: Path, name: str) -> Iterator[BinaryIO]:
    """
    Open a file to write to it what is compressed as the end of a *name* says, if it does.

    Equal data give equal bytes.
    Raises: MissingLibrary for zstd without zstandard.
    """
    ending = Path(name).suffix.lower()
    writer = library("zstandard", "frames") if ending == ".zst" else None
    with path.open("wb") as file:
        if writer:
            with writer.ZstdCompressor().stream_writer(file, closefd=False) as stream:
                yield stream
        elif ending == ".gz":
            with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
                yield packed  # type: ignore[misc]
        else:
            yield file
