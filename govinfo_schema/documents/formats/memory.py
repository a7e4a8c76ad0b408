"""
Files that have no path: bytes, and open binary files such as an upload, an object of a store or a
member of an archive.

Libraries that read and write files want a path, so what has none goes through a temporary file. An
error then names what the caller knows, never the temporary file.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeGuard

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.documents.formats import reason, unreadable, unwritable
from govinfo_schema.documents.formats.paths import FilePath, Source, Target
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.messages import shown

BLOCK: Final = 1 << 20
"""So many bytes are read from a stream, and written into one, at a time."""
LARGEST: Final = 4 << 30
"""A stream has at most so many bytes; one without an end would fill the disk."""
PATH_MAX: Final = 4096
"""No path is longer."""
_SUFFIXES: Final = re.compile(r"(?:\.[A-Za-z0-9]{1,10}){1,2}$")


@attrs.frozen
class Located:
    """
    Where a file can be opened, the name that it is known by, and what may tell its format: *kind*,
    such as ``docx``, or else the suffix of its name.
    """

    path: FilePath
    name: str
    kind: str | None = None

    @property
    def stem(self) -> str:
        """Its name without folder and suffix; empty where the caller gave none."""
        return "" if self.name.startswith("<") else Path(self.name).stem.strip("-")


@contextmanager
def on_disk(source: Source, name: str | None, kind: str | None) -> Iterator[Located]:
    """
    Give the place of a file, or of a temporary copy of bytes or of what an open file still holds.

    *name* is used instead of the file's own name, and *kind*, such as ``docx``, instead of the
    suffix of that. The open file stays open.
    Raises: UnreadableFile, which names the file as the caller does; TypeError for anything else.
    """
    if is_path(source):
        path = os.fspath(source)
        _check_path(path)
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
        try:
            with path.open("rb") as file:
                while block := memoryview(file.read(BLOCK)):
                    while block:
                        # An unbuffered file may write less than it is given.
                        block = block[stream.write(block) or len(block) :]
        except (OSError, ValueError) as error:
            raise _failed(known, error, writing=True) from error


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


def _check_path(path: Any) -> None:
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
            path.write_bytes(memoryview(source))
        except TypeError:
            raise _no_source(source) from None
        return
    _check_binary(source)
    try:
        with path.open("wb") as file:
            while block := source.read(BLOCK):
                if file.tell() > LARGEST:
                    raise unreadable(known, "too_long", limit=LARGEST)
                file.write(block)
    except UnreadableFile:
        raise
    except (OSError, ValueError) as error:
        raise _failed(known, error) from error
    except TypeError:
        raise _not_binary(source) from None


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
        raise _not_binary(stream)


def _not_binary(stream: Any) -> TypeError:
    return TypeError(f"a file has to be open in binary mode; {type(stream).__name__} gives text")


def _failed(known: str, error: OSError | ValueError, *, writing: bool = False) -> UnreadableFile:
    """Make the error of a stream: an operating system's, or Python's of a closed one."""
    if not isinstance(error, OSError):
        return unreadable(known, "closed_stream", problem=str(error))
    return (
        unwritable(known, error) if writing else unreadable(known, "denied", problem=reason(error))
    )


def name_of(source: Any) -> str:
    """Give the name of a file as errors begin with it; one without a name is called what it is."""
    if is_path(source):
        return os.fspath(source)
    name = getattr(source, "name", None)
    if is_a(name, str) and name:
        return str(name)
    return "<stream>" if hasattr(source, "read") or hasattr(source, "write") else "<bytes>"
