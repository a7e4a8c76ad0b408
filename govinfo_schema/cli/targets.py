"""
Where a command may write.

A file that exists is replaced only with ``--force``; a file that is read is never written to.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Final

import attrs

from govinfo_schema import files
from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import Said, show
from govinfo_schema.cli.results import expanded_from
from govinfo_schema.documents.formats import (
    DESCRIPTOR,
    is_stream,
    placed,
    resolved,
    unreadable,
    unwritable,
)
from govinfo_schema.documents.formats.format import IfExists
from govinfo_schema.errors import Error, MissingLibrary, UnreadableFile
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, Lang, phrase, spoken
from govinfo_schema.report.model import Report
from govinfo_schema.tables import json as json_format
from govinfo_schema.tables.rows import TABLE

LARGE: Final = 2_000_000
"""A file of more bytes is not opened to say what it is."""


@attrs.frozen
class Target:
    """
    The file that a command writes, or ``-`` for standard output.

    *mode* is what to do with the table of a database, None for any other file.
    """

    path: str
    force: bool = False
    mode: IfExists | None = None
    may_append: bool = False

    @contextmanager
    def placed(self) -> Iterator[str]:
        """
        Yield the path to write to: that of a new file, which is then put in its place, or that of a
        database, which its writer creates or adds to.

        Raises: UnreadableFile where it cannot be written, for want of a library too, or exists by
        now.
        """
        try:
            if self.path == "-" or self.mode:
                yield self.path
            else:
                with placed(self.path, overwrite=self.force) as beside:
                    yield str(beside)
        except MissingLibrary as error:
            raise unreadable(self.path, "unwritable", problem=error.problem) from error
        except UnreadableFile as error:
            if error.code == "F-TABLE-EXISTS":
                raise unreadable(
                    self.path,
                    "exists.table" if self.may_append else "exists.own_table",
                    table=TABLE,
                ) from error
            raise

    def write(self, report: Report) -> None:
        """
        Write a report, as JSON to standard output.

        Raises: UnreadableFile.
        """
        with self.placed() as place:
            if place == "-":
                json_format.write(report, place)
            else:
                files.write(report, place, if_exists=self.mode)


def claim(
    options: Namespace,
    path: str,
    sources: Sequence[str],
    suffixes: Sequence[str] = (),
    *,
    resumes: bool = False,
) -> Target:
    """
    Make sure that a command may write to a path, before it reads its *sources*.

    *resumes*: the command goes on with work that may have written there already.
    Raises: UnreadableFile where the suffix cannot be written, the path is one of the sources, under
    whatever name, or exists and may not be replaced, or cannot be written at all.
    """
    if path == "-" and not suffixes:
        return Target(path)
    if not path or path.endswith(("/", os.sep)):
        raise unreadable(path, "no_name")
    if suffixes and not path.lower().endswith(tuple(suffixes)):
        raise unreadable(path, "suffix", suffix=Path(path).suffix, suffixes=" ".join(suffixes))
    if not suffixes:
        files.check_suffix(path)
    is_base = not suffixes and files.is_database(path)
    if getattr(options, "append", False) and not is_base:
        raise unreadable(path, "append.file")
    try:
        _refuse(path, sources, force=options.force or is_base or resumes)
        _refuse_beside(path, sources, force=options.force or resumes)
    except OSError as error:
        if isinstance(error, UnreadableFile):
            raise
        raise unwritable(path, error) from error
    append = getattr(options, "append", False)
    mode: IfExists = "append" if append else "replace" if options.force else "fail"
    return Target(path, options.force, mode if is_base else None, hasattr(options, "append"))


def told(target: Target, lang: Lang) -> None:
    """Print that a file was written, unless it was standard output."""
    if target.path != "-":
        show([Said(phrase("written", lang, path=target.path))], sys.stderr)


def _refuse_beside(path: str, sources: Sequence[str], *, force: bool) -> None:
    """
    Refuse a folder that is not there or may not be written to, and a descriptor beside a table that
    is not to be replaced.

    Raises: UnreadableFile, OSError.
    """
    if is_stream(path):
        return
    place = resolved(path)
    if not os.access(place.parent, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if path.lower().endswith(".csv"):
        descriptor = place.with_suffix(DESCRIPTOR)
        named = descriptor if Path(path).is_symlink() else Path(path).with_name(descriptor.name)
        _refuse(str(named), sources, force=force)


def _refuse(path: str, sources: Sequence[str], *, force: bool) -> None:
    """
    Refuse to write where something stands that is not to be replaced.

    Raises: UnreadableFile; OSError for a path that no file can have.
    """
    try:
        facts = Path(path).stat()
    except FileNotFoundError:
        # A second target of the command, which is not there yet either.
        if any(_lead_alike(path, source) for source in sources):
            raise unreadable(path, "original") from None
        return
    except ValueError as error:
        raise unreadable(path.replace("\0", "\\0"), "missing") from error
    if Path(path).is_dir():
        raise unreadable(path, "folder")
    if not Path(path).is_file():
        return
    if any(os.path.samestat(facts, other) for source in sources for other in _stats(source)):
        raise unreadable(path, "original")
    if not force:
        saved = datetime.fromtimestamp(facts.st_mtime).strftime("%Y-%m-%d %H:%M")  # noqa: DTZ006 - as the clock of the office has it
        raise unreadable(
            path, "exists.target", what=_kind(path, facts.st_size), size=facts.st_size, saved=saved
        )


def _lead_alike(path: str, other: str) -> bool:
    """Whether two paths lead to one place, where nothing need be."""
    try:
        return resolved(path) == resolved(other)
    except (OSError, ValueError):
        return False


def _stats(source: str) -> Iterator[os.stat_result]:
    """
    Yield the status of each file that a source names.

    One file, all of a folder, an archive, or the file that standard input comes from.
    """
    try:
        if source == "-":
            yield os.fstat(sys.stdin.fileno())
            return
    except (OSError, ValueError, AttributeError):
        return
    for file in [source, *(expanded_from(source) or ())]:
        with suppress(OSError, ValueError):
            yield Path(file).stat()


def _kind(path: str, size: int) -> Label:
    """Return what a file is: the report in it, how many there are, or its kind."""
    kind = spoken("standing.other", suffix=Path(path).suffix)
    try:
        if size > LARGE or files.format_of(path).slow:
            return kind
        reports = files.read_many(path).reports
    except (Error, RecursionError, MemoryError):
        return kind
    if len(reports) != 1:
        return spoken("standing.reports", count=len(reports))
    (report,) = reports
    form = edition(report.edition)
    return spoken(
        "report", body=report.body.name, year=report.year, edition=Label(form.zh, form.en)
    )
