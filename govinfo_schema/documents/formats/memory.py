"""
Files that have no path: bytes, and open binary files such as an upload, an object of a store or a
member of an archive.

Libraries that read and write files want a path, so what has none goes through a temporary file. An
error then names what the caller knows, never the temporary file.
"""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import isawaitable
from pathlib import Path
from typing import Any, Final, TypeGuard, cast

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.documents.formats import reason, unreadable, unwritable
from govinfo_schema.documents.formats.paths import FilePath, Readable, Target
from govinfo_schema.errors import InvalidValue, UnreadableFile
from govinfo_schema.messages import shown

BLOCK: Final = 1 << 20
"""So many bytes are read from a stream, and written into one, at a time."""
LARGEST: Final = 4 << 30
"""A stream has at most so many bytes; one without an end would fill the disk."""
PATH_MAX: Final = 4096
"""No path is longer."""
_NOTHING: Final = BlockingIOError(errno.EAGAIN, "")
"""A file that is open in non-blocking mode has nothing yet, or takes nothing."""
_SUFFIXES: Final = re.compile(r"(?:\.[A-Za-z0-9]{1,10}){1,2}$")


@attrs.frozen
class Located:
    """
    Where a file can be opened, the name that it is known by, and what may tell its format: *kind*,
    such as ``docx``, or else the suffix of its name. *depth*: in how many archives and mails it is.
    """

    path: FilePath
    name: str
    kind: str | None = None
    depth: int = 0

    @property
    def stem(self) -> str:
        """Its name without folder and suffix; empty where the caller gave none."""
        return "" if self.name.startswith("<") else Path(self.name).stem.strip("-")


@contextmanager
def on_disk(source: Readable, name: str | None, kind: str | None) -> Iterator[Located]:
    """
    Give the place of a file, or of a temporary copy of bytes or of what an open file still holds.

    *name* is used instead of the file's own name, and *kind*, such as ``docx``, instead of the
    suffix of that. The open file stays open.
    Raises: UnreadableFile, which names the file as the caller does; InvalidValue if *name* is no
    text; TypeError for what is no file.
    """
    if name is not None and not is_a(name, str):
        hint = "; of a path give str(path)" if is_a(name, os.PathLike) else ""
        raise InvalidValue("name", f"should be text, not {shown(name)}{hint}")
    if is_path(source):
        path = os.fsdecode(source)
        check_path(path)
        yield Located(path, name or path, kind)
        return
    known = name or name_of(source)
    suffixes = _SUFFIXES.search(f".{kind}" if kind else known)
    with _temporary(f"source{suffixes[0] if suffixes else ''}", known) as copy:
        _copy_in(source, copy, known)
        yield Located(copy, known, kind)


@contextmanager
def into(target: Target, kind: str) -> Iterator[Path]:
    """
    Give a path to write to; what stands there at the end goes into an open binary file, at the
    place where that is, and the file stays open.

    Raises: UnreadableFile where it cannot be written.
    """
    stream: Any = target
    known = name_of(stream)
    with _temporary(f"report.{kind}", known) as path:
        yield path
        with path.open("rb") as file:
            while block := memoryview(file.read(BLOCK)):
                while block:
                    block = block[_write_block(stream, block, known) :]


def _write_block(stream: Any, block: memoryview, known: str) -> int:
    """
    Write into an open file, and return how many bytes it took: an unbuffered one may take less.

    Raises: UnreadableFile where it takes nothing, or fails in whatever way; TypeError where it has
    to be awaited.
    """
    try:
        count = stream.write(block)
    except MemoryError:
        raise
    except Exception as error:
        raise _failed(known, error, writing=True) from error
    _check_synchronous(stream, count)
    # Files that are no files of Python's own often return nothing.
    if count is None and not is_a(stream, io.RawIOBase):
        return len(block)
    if type(count) is not int or count < 1:
        raise _failed(known, _NOTHING, writing=True)
    return count


def check_target(target: Any) -> None:
    """
    Check that a target is a file that is open in binary mode.

    Raises: TypeError.
    """
    if not callable(getattr(target, "write", None)):
        raise TypeError(f"a target is a path or an open binary file, not {type(target).__name__}")
    _check_binary(target)


def is_path(source: Any) -> TypeGuard[FilePath]:
    """Whether a source or a target is a path: text, or an object that stands for one."""
    return is_a(source, str) or is_a(source, os.PathLike)


def check_path(path: Any) -> None:
    """
    Refuse the text of a page, which somebody took for its path, without repeating it whole.

    Raises: UnreadableFile.
    """
    is_text = "\n" in path or len(path) > PATH_MAX or path.lstrip()[:1] in ("<", "{")
    if is_text and "\0" not in path and (len(path) > PATH_MAX or not os.path.lexists(path)):
        raise unreadable(shown(path), "text_for_path")


@contextmanager
def _temporary(file: str, known: str) -> Iterator[Path]:
    from tempfile import TemporaryDirectory  # noqa: PLC0415 (takes as long to import as all formats together)

    with TemporaryDirectory(prefix="govinfo-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / file
        try:
            yield path
        except UnreadableFile as error:
            if error.path != str(path):
                raise
            raise UnreadableFile(known, error.problem, error.candidates) from error


def _copy_in(source: Any, path: Path, known: str) -> None:
    """
    Write what a source holds into a file.

    Raises: UnreadableFile, TypeError.
    """
    if not callable(getattr(source, "read", None)):
        try:
            view = memoryview(source)
        except TypeError:
            raise _no_source(source) from None
        path.write_bytes(view.tobytes())
        return
    _check_binary(source)
    with path.open("wb") as file:
        while block := read_block(source, known):
            if file.tell() > LARGEST:
                raise unreadable(known, "too_long", limit=LARGEST)
            file.write(block)


def read_block(stream: Any, known: str, size: int = BLOCK) -> bytes | bytearray | memoryview:
    """
    Read about so many bytes from an open file, which errors call *known*; nothing at its end.

    Raises: UnreadableFile where it has nothing yet, or fails in whatever way; TypeError where it
    gives no bytes.
    """
    try:
        block = stream.read(size)
    except MemoryError:
        raise
    except Exception as error:
        raise _failed(known, error) from error
    _check_synchronous(stream, block)
    if block is None:
        raise _failed(known, _NOTHING)
    if not is_a(block, (bytes, bytearray, memoryview)):
        raise _not_binary(stream, block)
    return cast("bytes | bytearray | memoryview", block)


def _check_synchronous(stream: Any, given: Any) -> None:
    """
    Check that a stream has done what it was told, and gives no promise to do it.

    Raises: TypeError.
    """
    if isawaitable(given):
        getattr(given, "close", lambda: None)()
        kind = type(stream).__name__
        raise TypeError(f"{kind} has to be awaited; give the open file or the bytes that it holds")


def check_stream(source: Any) -> None:
    """
    Check that a source is a file that is open in binary mode.

    Raises: TypeError.
    """
    if not callable(getattr(source, "read", None)):
        raise _no_source(source)
    _check_binary(source)


def _no_source(source: Any) -> TypeError:
    return TypeError(
        f"a source is a path, bytes or an open binary file, not {type(source).__name__}"
    )


def _check_binary(stream: Any) -> None:
    if is_a(stream, io.TextIOBase):
        raise _not_binary(stream, "")


def _not_binary(stream: Any, block: Any) -> TypeError:
    return TypeError(
        "a file has to be open in binary mode and give bytes; "
        f"{type(stream).__name__} gives {type(block).__name__}"
    )


def _failed(known: str, error: Exception, *, writing: bool = False) -> UnreadableFile:
    """Make the error of a stream: an operating system's, or whatever another library raises."""
    if isinstance(error, io.UnsupportedOperation):
        return unreadable(known, "not_open_to_write" if writing else "not_open_to_read")
    if not isinstance(error, OSError):
        problem = " ".join(str(error).split()) or type(error).__name__
        return unreadable(known, "closed_stream", problem=problem)
    return (
        unwritable(known, error) if writing else unreadable(known, "denied", problem=reason(error))
    )


def name_of(source: Any) -> str:
    """
    Give the name of a file as errors begin with it; one without a name is called what it is.

    Files of the library itself have a ``name``, those of stores a ``path``.
    """
    if is_path(source):
        return os.fsdecode(source)
    for attribute in ("name", "path"):
        name = getattr(source, attribute, None)
        if is_a(name, str) and name:
            return str(name)
    return "<stream>" if hasattr(source, "read") or hasattr(source, "write") else "<bytes>"
