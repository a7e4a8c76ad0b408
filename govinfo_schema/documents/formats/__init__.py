"""
The file formats of documents, one module each; its ``FORMAT`` says what it can do (``format``).

Here is what they share: bounded reading, writing that fails whole, and optional libraries.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO, Final

from govinfo_schema.data.once import LOCK, once
from govinfo_schema.documents.formats.paths import FilePath
from govinfo_schema.errors import MissingLibrary, UnreadableFile
from govinfo_schema.messages import Label, catalogue, problem, spoken

DESCRIPTOR: Final = ".datapackage.json"
"""What replaces the suffix of a CSV file in the name of the Data Package descriptor beside it."""
HEAD: Final = 65_536
"""So many bytes of a file tell its format, and an encoding that is marked."""
PASSED_OVER: Final = frozenset(("thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store"))
"""Files that an operating system puts into folders, by their names in small letters."""
LOCKS: Final = ("~$", ".~lock.")
"""How the names begin of the files that an office program locks a document with."""
HIDDEN: Final = (".", *LOCKS)
"""How the names begin of files that no folder shows."""
LINKS: Final = 40
"""So many symbolic links, one leading to the next, are followed; more are a circle."""
WAITS: Final = (0.05, 0.1, 0.2, 0.4)
"""
So long, in seconds, to wait for another program that holds a file open, before each new try to
replace it.
"""


def content(path: FilePath, limit: int) -> bytes:
    """
    Read a file whole, or standard input for ``-``, but no more than one byte over *limit*.

    A hostile file so costs no more than an honest one; the caller sees that it is too long.
    Raises: UnreadableFile, with what to do.
    """
    name = os.fspath(path)
    try:
        if name == "-":
            return sys.stdin.buffer.read(limit + 1)
        if is_stream(name):
            # It can be read but once, and a format is told before it is read; it may have no end.
            raise unreadable(name, "no_file")
        with Path(name).open("rb") as file:
            return file.read(limit + 1)
    except FileNotFoundError as error:
        raise unreadable(name, "missing") from error
    except IsADirectoryError as error:
        raise unreadable(name, "folder") from error
    except UnreadableFile:
        raise
    except OSError as error:
        raise unreadable(name, "denied", problem=reason(error)) from error
    except ValueError as error:
        # An embedded null byte is the one thing that no path may hold.
        raise unreadable(name.replace("\0", "\\0"), "missing") from error


def bounded(path: FilePath, limit: int) -> bytes:
    """
    Read a file whole.

    Raises: UnreadableFile, also where it is longer than *limit*.
    """
    data = content(path, limit)
    if len(data) > limit:
        raise unreadable(path, "too_long", limit=limit)
    return data


def put(data: bytes, path: FilePath, *, overwrite: bool = True) -> None:
    """
    Write a file atomically; ``-`` is standard output. All else is as for ``placed``.

    Raises: UnreadableFile if the path cannot be written, or exists and *overwrite* is false.
    """
    if os.fspath(path) == "-":
        sys.stdout.buffer.write(data)
        return
    with placed(path, overwrite=overwrite) as beside:
        beside.write_bytes(data)


def is_stream(path: FilePath) -> bool:
    """Tell whether a path leads to what is neither file nor folder, such as a named pipe."""
    place = Path(path)
    return place.exists() and not place.is_file() and not place.is_dir()


def resolved(path: FilePath) -> Path:
    """
    Return the file that a path leads to once all its links are followed; it need not be there.

    Its folder must be: ``nosuch/../report.json`` leads nowhere, as for the operating system.
    Raises: OSError, ValueError as the operating system does for a path that leads nowhere.
    """
    name = os.fspath(path)
    for _ in range(LINKS):
        folder = os.path.dirname(name) or os.curdir  # noqa: PTH120 (Path drops dots at the end)
        if not stat.S_ISDIR(os.stat(folder).st_mode):  # noqa: PTH116 (as above)
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        target = Path(os.path.realpath(folder), os.path.basename(name))  # noqa: PTH119 (as above)
        if not target.is_symlink():
            return target
        name = os.path.join(target.parent, target.readlink())  # noqa: PTH118 (as above)
    raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))


@contextmanager
def placed(path: FilePath, *, overwrite: bool = True, folder: Path | None = None) -> Iterator[Path]:
    """
    Give a path to write to, of the same name in a new folder beside the target, or in *folder* on
    the same file system; at the end all files in there replace their targets: one whose name begins
    with the same stem goes beside the target, under the stem of that.

    Each target is replaced atomically, and nothing is where the block fails. A symbolic link stays
    and its target is replaced, a file keeps its mode, and of two hard links the other keeps the old
    content. What is no regular file, such as a named pipe, or ``-`` for standard output, is written
    into at the end. *overwrite*: replace what exists; otherwise it is an error, also where it
    appeared in the meantime.
    Raises: UnreadableFile if the path cannot be written, or exists and *overwrite* is false.
    """
    from tempfile import TemporaryDirectory  # noqa: PLC0415 (takes as long to import as all formats together)

    name, beside = os.fspath(path), Path()
    if "\0" in name:
        raise unreadable(name.replace("\0", "\\0"), "missing")
    try:
        given = Path("out" if name == "-" else name)
        streams = name == "-" or is_stream(given)
        target = given if streams else resolved(name)
        # A link may have another suffix than its target, and the suffix says what is written.
        alike = given.suffixes[-2:] == target.suffixes[-2:]
        with TemporaryDirectory(
            prefix=".govinfo-",
            dir=None if streams else folder or target.parent,
            ignore_cleanup_errors=True,
        ) as temporary:
            beside = Path(temporary) / (target if alike else given).name
            yield beside
            if streams:
                _pour(beside, name)
            else:
                others = {
                    file: target.parent / (target.stem + file.name.removeprefix(beside.stem))
                    for file in sorted(Path(temporary).iterdir())
                    if file != beside
                }
                _place({**others, beside: target}, overwrite=overwrite)
    except UnreadableFile as error:
        if error.path == str(beside):
            raise UnreadableFile(name, error.problem) from error
        raise
    except (OSError, UnicodeEncodeError) as error:
        raise unwritable(name, error) from error


def unwritable(path: FilePath, error: OSError | UnicodeEncodeError) -> UnreadableFile:
    """
    Make the error of a file that cannot be written, with the reason that the operating system
    gives.
    """
    if isinstance(error, FileExistsError):
        return unreadable(path, "exists")
    folder = Path(path).parent
    if isinstance(error, FileNotFoundError) and not folder.exists():
        problem = spoken("no_folder", folder=folder)
        return unreadable(path, "unwritable", problem=problem)
    return unreadable(
        path,
        "unwritable",
        problem=spoken("held_open") if isinstance(error, PermissionError) else reason(error),
    )


def reason(error: OSError | UnicodeEncodeError) -> Label:
    """
    Say in both languages what the operating system calls an error; what the catalogue lacks stays
    in its words.
    """
    name = f"errno.{errno.errorcode.get(getattr(error, 'errno', None) or 0)}"
    said = getattr(error, "strerror", None) or str(error)
    return spoken(name) if name in catalogue() else Label(said, said)


@contextmanager
def opened(path: FilePath) -> Iterator[BinaryIO]:
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


def readable(path: FilePath) -> None:
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


def unreadable(path: FilePath, name: str, /, **facts: Any) -> UnreadableFile:
    """Make the error of a file that cannot be read; *name* is its sentence in the catalogue."""
    return UnreadableFile(os.fspath(path), problem(name, **facts))


def _pour(source: Path, name: str) -> None:
    """Write a finished file into standard output or into what is no regular file."""
    import shutil  # noqa: PLC0415 (takes as long to import as all formats together)

    with (
        source.open("rb") as file,
        nullcontext(sys.stdout.buffer) if name == "-" else Path(name).open("wb") as stream,
    ):
        shutil.copyfileobj(file, stream)


def _place(targets: Mapping[Path, Path], *, overwrite: bool) -> None:
    """
    Put finished files in their places: all, or none that was not there before.

    Raises: OSError; FileExistsError where a target exists and *overwrite* is false.
    """
    new: list[Path] = []
    try:
        for source, target in targets.items():
            if not overwrite:
                _claim(source, target)
                new.append(target)
            else:
                _check_writable(target)
        for source, target in targets.items():
            if overwrite or source.stat().st_ino != target.stat().st_ino:
                _replace(source, target)
    except BaseException:
        for target in new:
            target.unlink(missing_ok=True)
        raise


def _claim(source: Path, target: Path) -> None:
    """
    Give a finished file its name if nothing has it, in one step; where the file system has no hard
    links, an empty file takes the name.

    Raises: FileExistsError.
    """
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:
        target.open("xb").close()


def _check_writable(target: Path) -> None:
    """
    Refuse a folder, and a file that may only be read: to replace it would not ask for leave.

    Raises: IsADirectoryError, PermissionError.
    """
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def _replace(source: Path, target: Path) -> None:
    """
    Replace a file by a finished one in one step, on disk before it takes the name; on Windows wait
    a second for who holds it open.

    Raises: OSError.
    """
    if target.exists():
        source.chmod(stat.S_IMODE(target.stat().st_mode))
        with source.open("rb+") as file:
            os.fsync(file.fileno())
    for wait in WAITS:
        try:
            source.replace(target)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    source.replace(target)
