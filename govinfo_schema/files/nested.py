"""
Files in files: what is in an archive or a mail, and the paths that go on behind one.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from govinfo_schema.documents.formats import HIDDEN, PASSED_OVER, unreadable
from govinfo_schema.documents.formats.memory import Located, is_path, on_disk
from govinfo_schema.documents.formats.paths import FilePath, Readable
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.files.registry import detected, is_archive_named, is_content, suffixes

if TYPE_CHECKING:
    from govinfo_schema.documents.formats.format import Member

MAX_DEPTH: Final = 3
"""So many archives and mails may be in each other."""
MAX_UNPACKED: Final = 500_000_000
"""So many bytes of archives in an archive are unpacked to see what is in them."""
MAX_LISTED: Final = 30_000
"""So many files are listed before no more archives in an archive are looked into."""


def members(path: FilePath, passed: Counter[str] | None = None) -> list[str] | None:
    """
    Return the paths of the files in an archive, or in a folder of one, that may hold reports, in
    its order, as ``read`` takes them: ``reports.zip/2024/report.docx``. An archive in it is one of
    its folders, and what a folder would pass over is left out. An archive that cannot be read is
    there itself, so that it is said to be unreadable. *passed* counts what is left out, as for
    ``files_in``.

    None for what is no archive.
    """
    name = os.fspath(path)
    archive = holder(path)
    if archive is not None:
        # It may be a folder in an archive.
        inside = f"{Path(name).as_posix()}/"
        listed = members(archive, None) or []
        return [each for each in listed if Path(each).as_posix().startswith(inside)] or None
    try:
        with located(path, None, None) as file:
            if not detected(file).is_folder:
                return None
            return list(_walked(file, _Budget(MAX_UNPACKED, MAX_LISTED, passed)))
    except UnreadableFile:
        return [name] if is_archive_named(path) else None


def holder(source: FilePath) -> Path | None:
    """Return the archive or mail that a path goes on behind, None for a path as all others."""
    with suppress(OSError, ValueError):
        path = Path(os.fsdecode(source))
        if not os.path.lexists(path):
            return next((folder for folder in path.parents if folder.is_file()), None)
    return None


@contextmanager
def located(source: Readable, name: str | None, kind: str | None) -> Iterator[Located]:
    """
    Give the place of a source as ``on_disk`` does, also of a path that goes on behind an archive or
    a mail: that of the file in it.

    Raises: UnreadableFile.
    """
    archive = holder(source) if is_path(source) else None
    if archive is None:
        with on_disk(source, name, kind) as file:
            yield file
        return
    path = os.fspath(archive)
    inner = Path(os.fsdecode(source)).relative_to(path).as_posix()  # type: ignore[arg-type]
    with _member(Located(path, path), inner) as file:
        yield attrs.evolve(file, name=name or file.name, kind=kind)


@contextmanager
def _member(file: Located, inner: str) -> Iterator[Located]:
    """
    Give the place of a copy of a file in a file, or in one in it.

    Raises: UnreadableFile where there is no such one.
    """
    own = detected(file)
    listed = own.members if own.members and file.depth < MAX_DEPTH else _nothing
    # A file may have the name of a folder beside it.
    longest = ""
    for member in listed(file.path):
        if member.name == inner:
            with _copy(file, member) as found:
                yield found
            return
        if inner.startswith(f"{member.name}/"):
            longest = max(longest, member.name, key=len)
    for member in listed(file.path) if longest else ():
        if member.name == longest:
            rest = inner.removeprefix(f"{longest}/")
            with _copy(file, member) as found, _member(found, rest) as deeper:
                yield deeper
            return
    raise unreadable(f"{file.name}/{inner}", "missing")


@contextmanager
def _copy(file: Located, member: Member) -> Iterator[Located]:
    """
    Give the place of a copy of a file in a file.

    Raises: UnreadableFile where it cannot be read.
    """
    with on_disk(content_of(file, member), f"{file.name}/{member.name}", None) as copy:
        yield attrs.evolve(copy, depth=file.depth + 1)


def _nothing(_: FilePath) -> Iterator[Member]:
    return iter(())


def files_in(file: Located, passed: Counter[str] | None = None) -> Iterator[Member]:
    """
    Give the files in a file that may hold reports: of an archive as of a folder those with the
    suffix of a format, and of those without a suffix the ones whose content is that of a format.
    *passed* counts the others by their suffixes, without hidden files and those of systems.

    Raises: UnreadableFile.
    """
    own = detected(file)
    if own.members is None or file.depth >= MAX_DEPTH:
        raise unreadable(file.name, "nested_archives", limit=MAX_DEPTH)
    known = suffixes()
    for member in own.members(file.path):
        parts = member.name.split("/")
        hidden = any(part.startswith(HIDDEN) or part == "__MACOSX" for part in parts)
        if hidden or parts[-1].lower() in PASSED_OVER:
            continue
        suffix = Path(member.name).suffix.lower()
        if not own.is_folder or suffix in known or (not suffix and _is_recognised(member)):
            yield member
        elif passed is not None:
            passed[suffix] += 1


def _is_recognised(member: Member) -> bool:
    """Whether the content of a file in a file is that of a format; False if it cannot be read."""
    try:
        return is_content(member.content())
    except UnreadableFile:
        return False


def content_of(file: Located, member: Member) -> bytes:
    """
    Give what a file in a file holds.

    Raises: UnreadableFile, which names it.
    """
    try:
        return member.content()
    except UnreadableFile as error:
        raise UnreadableFile(f"{file.name}/{member.name}", error.problem) from error


@attrs.define
class _Budget:
    """
    So many *bytes* of archives in an archive may still be unpacked, and *files* listed; *passed*
    counts those that are left out.
    """

    bytes: int
    files: int
    passed: Counter[str] | None


def _walked(file: Located, left: _Budget) -> Iterator[str]:
    """
    Give the paths of the files in an archive and in those in it.

    Raises: UnreadableFile.
    """
    for member in files_in(file, left.passed):
        path = f"{file.name}/{member.name}"
        left.files -= 1
        goes_on = file.depth + 1 < MAX_DEPTH and min(left.bytes, left.files) > 0
        if goes_on and is_archive_named(member.name):
            with suppress(UnreadableFile):
                data = content_of(file, member)
                left.bytes -= len(data)
                with on_disk(data, path, None) as inner:
                    deeper = attrs.evolve(inner, depth=file.depth + 1)
                    if detected(deeper).is_folder:
                        yield from list(_walked(deeper, left))
                        continue
        yield path
