"""
The file formats, one module each. All look alike: ``NAME``, ``SUFFIXES``, ``detect(head)``, ``read(path)``, ``write(document, path)``;
what a format cannot do is absent. Here is what they share: bounded reading, writing that fails whole, and optional libraries.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from govinfo_schema.errors import Error, MissingLibrary, UnreadableFile
from govinfo_schema.findings import spoken
from govinfo_schema.once import LOCK, once


def content(path: str | os.PathLike[str], limit: int) -> bytes:
    """
    Read a file whole, or standard input for ``-``, but no more than one byte over *limit*.

    A hostile file so costs no more than an honest one; the caller sees that it is too long.
    Raises: UnreadableFile, with what to do.
    """
    name = os.fspath(path)
    try:
        if name == "-":
            return sys.stdin.buffer.read(limit + 1)
        with Path(name).open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError as error:
        raise UnreadableFile(name, spoken("missing")) from error
    except IsADirectoryError as error:
        raise UnreadableFile(name, spoken("folder")) from error
    except OSError as error:
        raise UnreadableFile(name, spoken("denied", problem=error.strerror or error)) from error
    except ValueError as error:
        # An embedded null byte is the one thing that no path may hold.
        raise UnreadableFile(name.replace("\0", "\\0"), spoken("missing")) from error


def bounded(path: str | os.PathLike[str], limit: int) -> bytes:
    """
    Read a file whole.

    Raises: UnreadableFile, also where it is longer than *limit*.
    """
    data = content(path, limit)
    if len(data) > limit:
        raise UnreadableFile(os.fspath(path), spoken("too_long", limit=limit))
    return data


def put(data: bytes, path: str | os.PathLike[str]) -> None:
    """
    Write a file whole beside its place and then put it there, so that a failure leaves the old file as it was; ``-`` is standard output.

    Raises: UnreadableFile if the path cannot be written.
    """
    if os.fspath(path) == "-":
        sys.stdout.buffer.write(data)
        return
    target = Path(path)
    try:
        _put(data, target)
    except (OSError, ValueError) as error:
        problem = getattr(error, "strerror", None) or error
        raise UnreadableFile(str(target).replace("\0", "\\0"), spoken("unwritable", problem=problem)) from error


@contextmanager
def placed(path: str | os.PathLike[str]) -> Iterator[Path]:
    """
    Give a path beside the file's own to write to; what stands there in the end is put in the file's place, whole or not at all.

    Raises: UnreadableFile if the path cannot be written.
    """
    import shutil  # noqa: PLC0415 (these two take as long to import as all other formats)
    from tempfile import TemporaryDirectory  # noqa: PLC0415

    name = os.fspath(path)
    if "\0" in name:
        raise UnreadableFile(name.replace("\0", "\\0"), spoken("missing"))
    target = Path(path)
    try:
        with TemporaryDirectory(prefix=".govinfo-", dir=None if name == "-" else target.resolve().parent) as folder:
            beside = Path(folder) / (target.name if name != "-" else "out")
            yield beside
            if name == "-":
                with beside.open("rb") as file:
                    shutil.copyfileobj(file, sys.stdout.buffer)
            else:
                _take(beside, target)
    except OSError as error:
        if isinstance(error, Error):
            raise
        raise UnreadableFile(name, spoken("unwritable", problem=error.strerror or error)) from error


@contextmanager
def opened(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """
    Open a file, or standard input for ``-``, to read it bit by bit.

    Raises: UnreadableFile, with what to do.
    """
    readable(path)
    if os.fspath(path) == "-":
        yield sys.stdin.buffer
        return
    with Path(path).open("rb") as file:
        yield file


def readable(path: str | os.PathLike[str]) -> None:
    """
    Make sure that a file is there and can be opened.

    Raises: UnreadableFile, with what to do.
    """
    if os.fspath(path) != "-":
        content(path, 0)


def printable(text: str) -> str:
    """Leave out the signs that no document can hold: controls, halves of pairs."""
    return _unprintable().sub("", text)


@once
def _unprintable() -> re.Pattern[str]:
    """Give the pattern on first use: it takes longer to compile than the module to import."""
    return re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def library(module: str, extra: str) -> Any:
    """
    Import a library that only one format needs, on first use.

    Raises: MissingLibrary, which ends with the line that installs it.
    """
    try:
        with LOCK:
            return import_module(module)
    except ImportError as error:
        raise MissingLibrary(module, extra) from error


def unreadable(path: str | os.PathLike[str], name: str, **facts: Any) -> UnreadableFile:
    """Make the error of a file that cannot be read; *name* is its sentence in the catalogue."""
    return UnreadableFile(os.fspath(path), spoken(name, **facts))


def _put(data: bytes, target: Path) -> None:
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.write(data)
        return
    target = target.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}-{time.monotonic_ns()}")
    try:
        with beside.open("xb") as file:
            file.write(data)
        _take(beside, target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _take(beside: Path, target: Path) -> None:
    """Put a finished file in the place of another, whose mode it takes over."""
    target = target.resolve()
    if target.exists():
        beside.chmod(target.stat().st_mode)
    beside.replace(target)
