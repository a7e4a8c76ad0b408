"""
``write`` and ``write_many``: reports in a file, in the format of its suffix.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import attrs

from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.formats import placed, unreadable
from govinfo_schema.documents.formats.memory import check_path, check_target, into, is_path, name_of
from govinfo_schema.documents.formats.paths import FilePath, IfExists, Target
from govinfo_schema.errors import Incompatible
from govinfo_schema.files.registry import is_database, known_suffix, of_suffix, writable
from govinfo_schema.messages import shown, spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.given import several
from govinfo_schema.report.model import Report
from govinfo_schema.tables.rows import Item, taken_apart

if TYPE_CHECKING:
    from govinfo_schema.documents.formats.format import Format
    from govinfo_schema.repair.problems import Problem

T = TypeVar("T")


def write(
    report: Item,
    target: Target,
    *,
    assessment: Assessment | None = None,
    if_exists: IfExists | None = None,
    format: str | None = None,  # noqa: A002 (its public name)
) -> None:
    """
    Write a report to a file in the format of its suffix: document, workbook, JSON, or a table with
    one row.

    *target* is a path, or an open binary file, which stays open. *format*, such as ``"docx"``, says
    the format instead of the suffix; an open file that has no name needs it.
    *report* may be a ``Reading``: the column ``file`` of a table then holds the file that it was
    read from; other formats hold the report alone.
    *assessment*: the result of ``check``; a document then marks the figures that are likely wrong,
    with what they should be, and the others of broken equations, and explains them below their
    table. *if_exists*: as for ``write_many``. The write is atomic.
    The suffixes are ``.html``, ``.docx``, ``.md``, ``.pdf``, ``.xlsx``, ``.json`` and those of
    ``write_many``; ``.pdf`` needs LibreOffice or Chromium.
    Raises: UnreadableFile if no format has the suffix or the path cannot be written;
    MissingLibrary; TypeError if *assessment* is none, Incompatible if it is that of another report.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "form.html"
    ...     gs.write(gs.blank("2021", year=2025, body="某市人民政府"), path)
    ...     gs.read(path).report
    <Report2021 某市人民政府 2025: 200 cells, 200 blank>
    """
    plain, _ = taken_apart(report)
    form_of(plain)
    if assessment is not None:
        _check_assessment(plain, assessment)
    _write(target, format, if_exists, partial(_write_one, report, assessment))


def _write_one(
    item: Item, assessment: Assessment | None, path: FilePath, if_exists: IfExists | None
) -> None:
    report, _ = taken_apart(item)
    own = _writer(path, if_exists)
    if if_exists == "fail" and not own.write_into:
        with placed(path, overwrite=False) as beside:
            _write_one(item, assessment, beside, None)
    elif own.write_document:
        with LOCK:
            from govinfo_schema.documents.layout import layout  # noqa: PLC0415 (only for those who write documents)

        own.write_document(layout(report, _problems(report, assessment)), path)
    elif own.write_report:
        own.write_report(report, path)
    else:
        _write_all([item], path, if_exists)


def _problems(report: Report, assessment: Assessment | None) -> Sequence[Problem]:
    """Return what is wrong with a report, by its assessment; nothing without one."""
    if assessment is None or not assessment.broken:
        return ()
    with LOCK:
        from govinfo_schema.repair.problems import problems_of  # noqa: PLC0415 (only for marks)

    return problems_of(attrs.evolve(assessment, report=report))


def write_many(
    reports: Iterable[Item],
    target: Target,
    *,
    if_exists: IfExists | None = None,
    format: str | None = None,  # noqa: A002 (its public name)
) -> None:
    """
    Write reports, one at a time, to a file in the format of its suffix: ``.csv``, ``.tidy.csv``,
    ``.jsonl`` (compressed: ``.jsonl.gz``, ``.jsonl.zst``), ``.parquet``, ``.sqlite``, ``.duckdb``.
    *target* and *format* are as for ``write``.

    A format for a single report, such as ``.docx``, takes exactly one. The write is atomic.

    *reports* may be readings, such as those of ``read_many``: the column ``file`` of a table then
    holds the file that each was read from, and is blank for a plain report. JSON lines hold the
    reports alone.

    *if_exists*: what to do if a database already has the table ``reports``: ``"fail"`` (the
    default) raises, ``"append"`` adds rows, ``"replace"`` replaces the table; other tables are
    never changed. Other files are replaced by default and with ``"replace"``; ``"fail"`` raises if
    the file exists, ``"append"`` always raises.
    Raises: UnreadableFile if no format has the suffix, the path cannot be written, or the format
    holds a single report and is given another number; MissingLibrary; ValueError if *if_exists* is
    none of the three; TypeError if *reports* are not several.

    >>> import govinfo_schema as gs
    >>> try:
    ...     gs.write_many([], "reports.docx")
    ... except gs.UnreadableFile as error:
    ...     print(str(error).partition(";")[0])
    reports.docx: holds one report, not 0
    """
    items = several(reports, "write_many")
    _write(target, format, if_exists, partial(_write_all, items))


def _write_all(reports: Iterable[Item], path: FilePath, if_exists: IfExists | None) -> None:
    own = _writer(path, if_exists)
    if if_exists == "fail" and not own.write_into:
        with placed(path, overwrite=False) as beside:
            _write_all(reports, beside, None)
    elif own.write_into:
        own.write_into(reports, path, if_exists)
    elif own.write_many:
        own.write_many(reports, path)
    else:
        _write_one(only(reports, path), None, path, None)


def _write(
    target: Target,
    kind: str | None,
    if_exists: IfExists | None,
    write_file: Callable[[FilePath, IfExists | None], None],
) -> None:
    """
    Write a file in the format of a suffix, *kind* or the one of its name, to a path or into an open
    file.

    Raises: ValueError if *if_exists* has an unknown value.
    """
    check_if_exists(if_exists)
    name = name_of(target)
    suffix = None if kind is None else known_suffix(name, kind, writable())
    if is_path(target):
        check_path(name)
        if suffix is None or name.lower().endswith(f".{suffix}"):  # no cell id
            write_file(name, if_exists)
            return
        check_replaceable(name, if_exists)
        with placed(name, overwrite=if_exists != "fail") as beside:
            named = beside.with_name(f"{beside.stem}.{suffix}")
            write_file(named, None)
            named.replace(beside)
        return
    check_target(target)
    if if_exists == "append":
        raise unreadable(name, "no_append")
    fitting = [ending for ending in writable() if name.lower().endswith(ending)]
    if suffix is None and not fitting:
        raise unreadable(name, "format_needed", formats=" ".join(writable()))
    with into(target, suffix or max(fitting, key=len)[1:]) as file:
        write_file(file, None)


def only(reports: Iterable[T], path: FilePath) -> T:
    """
    Return the only report of *reports*, for a file format that holds a single one.

    Raises: UnreadableFile, for *path*, if there is no report or more than one.
    """
    own = list(islice(reports, 2))
    if len(own) != 1:
        count = spoken("several") if own else len(own)
        raise unreadable(path, "holds_one", count=count)
    return own[0]


def check_suffix(path: FilePath) -> None:
    """
    Check that some format can write files with this suffix.

    Raises: UnreadableFile.
    """
    _writer(path)


def _writer(path: FilePath, if_exists: IfExists | None = None) -> Format:
    """
    Return the format to write a file in.

    Raises: UnreadableFile if no format has the suffix, or *if_exists* does not allow the write.
    """
    if not is_database(path):
        check_replaceable(path, if_exists)
    fitting = next((own for own in of_suffix(path) if own.is_writable), None)
    if fitting is None:
        suffix = Path(path).suffix.lower()
        raise unreadable(path, "suffix", suffix=suffix, suffixes=" ".join(writable()))
    return fitting


def check_if_exists(if_exists: Any) -> None:
    """
    Check that a caller gives one of the three values, or none.

    Raises: ValueError.
    """
    if if_exists not in (None, *get_args(IfExists)):
        raise ValueError(f"if_exists is 'fail', 'append' or 'replace', not {shown(if_exists)}")


def check_replaceable(path: FilePath, if_exists: IfExists | None) -> None:
    """
    Check that *if_exists* allows to write a file that is no database.

    Raises: UnreadableFile.
    """
    if if_exists == "append":
        raise unreadable(path, "no_append")
    if if_exists == "fail" and os.path.lexists(path):
        raise unreadable(path, "file_exists")


def _check_assessment(report: Report, assessment: Any) -> None:
    """
    Check that an assessment is that of a report.

    Raises: TypeError, Incompatible.
    """
    with LOCK:
        from govinfo_schema.checks.one_report import check  # noqa: PLC0415 (only where one is given)

    if not is_a(assessment, Assessment):
        raise TypeError(f"assessment takes what check returns, not {type(assessment).__name__}")
    own = (check(report), check(report, blanks="zero"))
    if all((each.held, each.broken) != (assessment.held, assessment.broken) for each in own):
        raise Incompatible(spoken("other_assessment"))
