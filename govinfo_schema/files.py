"""
Read and write report files: ``read``, ``read_many``, ``write``, ``write_many``.

This module holds the registry of file formats and detects the format of a file from its content;
its suffix alone does not decide. A format module converts between a file and a ``Document``;
``recognise`` and ``layout`` convert between a ``Document`` and a report. JSON, workbooks and tables
hold reports themselves.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, overload

import attrs

from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import LOCK, once
from govinfo_schema.documents.formats import (
    HEAD,
    PASSED_OVER,
    bounded,
    content,
    placed,
    put,
    unreadable,
)
from govinfo_schema.documents.formats.encodings import is_text
from govinfo_schema.documents.formats.memory import (
    Located,
    check_path,
    check_target,
    into,
    is_path,
    name_of,
    on_disk,
)
from govinfo_schema.documents.formats.paths import FilePath, IfExists, Readable, Target
from govinfo_schema.documents.logger import LOGGER
from govinfo_schema.errors import (
    Incompatible,
    InvalidValue,
    NoReport,
    UnknownCell,
    UnreadableFile,
)
from govinfo_schema.findings import Finding
from govinfo_schema.messages import shown, spoken
from govinfo_schema.report.access import form_of, get, replace, walk
from govinfo_schema.report.given import several
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import whole_number
from govinfo_schema.tables.rows import Item, taken_apart

if TYPE_CHECKING:
    from govinfo_schema.documents.formats.format import Format
    from govinfo_schema.documents.recognise import Reading
    from govinfo_schema.repair.changes import Change
    from govinfo_schema.repair.explanations import Explanation
    from govinfo_schema.repair.problems import Problem

T = TypeVar("T")
LARGEST_FILE: Final = 50_000_000
"""No file that is changed in place has more bytes; no format reads one that has."""

FORMATS: Final = (
    *("tables.parquet", "tables.sqlite", "tables.duckdb"),
    *("tables.jsonl", "tables.json"),
    *("documents.formats.pdf", "documents.formats.docx", "documents.formats.xlsx"),
    *("documents.formats.spreadsheetml", "documents.formats.ofd"),
    *("documents.formats.office", "tables.csv", "documents.formats.printing"),
    *("workbook.format", "documents.formats.html", "documents.formats.markdown"),
    "documents.formats.text",
)
"""
The format modules, in the order of detection. Plain text is last: it accepts every file.
"""


@attrs.frozen
class Readings(Sequence["Reading"]):
    """
    The reports of one file, in file order, each as a ``Reading``.

    *findings*: what could not be read. ``R-RECORD`` is an error for one invalid row, with its
    number, its line number (if the file has lines), and all its faults and their cells; the other
    rows are read. ``R-EXTRA`` names columns that the form does not have, ``R-ABSENT`` the figures
    that are blank because the table has no column, or no line, for them. ``R-SCALED`` and
    ``R-UNIT`` tell of lines that name another unit than the form.

    >>> import govinfo_schema as gs
    >>> import tempfile
    >>> reports = (gs.generate(1, "2021"), gs.generate(2, "2019"))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gs.write_many(reports, f"{folder}/reports.csv")
    ...     readings = gs.read_many(f"{folder}/reports.csv")
    >>> len(readings), readings.reports == reports, readings.findings
    (2, True, ())
    """

    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Reading: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Reading, ...]: ...
    def __getitem__(self, index: int | slice) -> Reading | tuple[Reading, ...]:
        """Return one reading by its index, or several by a slice."""
        return self.readings[index]

    def __len__(self) -> int:
        """Return the number of reports that were read."""
        return len(self.readings)

    def _repr_html_(self) -> str:
        with LOCK:
            from govinfo_schema.documents.notebook import listing  # noqa: PLC0415 (only in notebooks)

        return listing(self.readings, self.findings)

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports, without sources and findings."""
        return tuple(reading.report for reading in self.readings)


def read(
    source: Readable,
    *,
    year: int | None = None,
    body: str | None = None,
    name: str | None = None,
    format: str | None = None,  # noqa: A002 (its public name)
) -> Reading:
    """
    Read the report in a file: JSON, a published document, or a table with one row.

    *source* is a path, the bytes of a file, or an open binary file, which is read from where it is
    and stays open. *name* is what the file is called, where the source does not say it: a name may
    tell the format, the body and the year, and errors begin with it. *format*, such as ``"html"``,
    stands for the suffix of a name. The content goes before both.
    *year* and *body* go before what a document says, and what JSON and tables state goes before
    them; where the two surely differ, a warning (``R-YEAR``, ``R-BODY``) names both.
    Blank: None if the figure is blank in the document or uncertain; an uncertain figure also gives
    a finding that names its cell.
    Raises: UnreadableFile if the file cannot be read, or holds no report or more than one;
    InvalidReport if JSON does not conform to the schema; MissingLibrary if the format needs a
    library that is not installed; InvalidValue if *year* is no whole number or *body* no text.

    >>> import govinfo_schema as gs
    >>> gs.read("docs/examples/2024-hongze-quzhengfu.json").report
    <Report2021 淮安市洪泽区人民政府 2024: 186 cells, 0 blank>
    """
    _check_given(name or name_of(source), year, body)
    with on_disk(source, name, _readable_kind(source, format)) as file:
        return _read(file, year, body)


def _read(file: Located, year: int | None, body: str | None) -> Reading:
    with LOCK:
        from govinfo_schema.documents.recognise import recognise  # noqa: PLC0415 (only for those who read documents)

    own = _format_of(file)
    LOGGER.debug("%r: format %s", file.name, own.suffixes)
    if own.read_document:
        document = own.read_document(file.path)
        try:
            reading = recognise(document, year=year, body=body, name=file.stem)
        except NoReport as error:
            raise UnreadableFile(file.name, error.problem, error.candidates) from error
        return attrs.evolve(reading, file=file.name)
    if own.read_report:
        return _reading(file, own.read_report(file.path), year, body)
    readings = _read_many(file, year, body)
    faults = [finding for finding in readings.findings if finding.level == "error"]
    if faults:
        raise UnreadableFile(file.name, faults[0].label)
    if len(readings) != 1:
        name = "several_reports" if readings else "no_rows"
        raise unreadable(file.name, name, count=len(readings))
    return attrs.evolve(readings[0], findings=(*readings.findings, *readings[0].findings))


def read_many(
    source: Readable,
    *,
    year: int | None = None,
    body: str | None = None,
    name: str | None = None,
    format: str | None = None,  # noqa: A002 (its public name)
) -> Readings:
    """
    Read all reports in a file: a table (CSV, Parquet, SQLite, DuckDB), JSON lines, or any file with
    a single report. *source*, *year*, *body*, *name* and *format* are as for ``read``.

    An invalid row gives a finding in ``Readings.findings``; the other rows are read.
    ``Reading.file`` is what a table holds in its column ``file``, where it is blank the path of
    the table itself.
    Raises: the same errors as ``read`` if the file as a whole cannot be read.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "reports.csv"
    ...     reports = [gs.blank("2021", year=year, body="某市人民政府") for year in (2023, 2024)]
    ...     gs.write_many(reports, path)
    ...     [report.year for report in gs.read_many(path).reports]
    [2023, 2024]
    """
    _check_given(name or name_of(source), year, body)
    with on_disk(source, name, _readable_kind(source, format)) as file:
        return _read_many(file, year, body)


def rows_of(path: FilePath) -> Iterator[Item | Finding]:
    """
    Read the reports of a table one by one; a row that is no report gives a finding.

    Raises: UnreadableFile if it is no table or cannot be read; MissingLibrary.
    """
    own = format_of(path)
    if own.read_many is None:
        raise unreadable(path, "no_table_file")
    yield from own.read_many(path)


def _read_many(file: Located, year: int | None, body: str | None) -> Readings:
    own = _format_of(file)
    if not own.read_many:
        return Readings((_read(file, year, body),))
    rows = tuple(own.read_many(file.path))
    LOGGER.debug("%r: format %s, %d rows", file.name, own.suffixes, len(rows))
    return Readings(
        tuple(_reading(file, row, year, body) for row in rows if not isinstance(row, Finding)),
        tuple(row for row in rows if isinstance(row, Finding)),
    )


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
    ``.jsonl``, ``.parquet``, ``.sqlite``, ``.duckdb``. *target* and *format* are as for ``write``.

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


def mend(  # noqa: PLR0913 (what read takes, and what write takes)
    source: Readable,
    changes: Mapping[str, Any] | Explanation | Iterable[Change],
    target: Target,
    *,
    year: int | None = None,
    body: str | None = None,
    name: str | None = None,
    format: str | None = None,  # noqa: A002 (its public name)
    if_exists: IfExists | None = None,
) -> tuple[Finding, ...]:
    """
    Write a copy of the very document with some figures changed where they stand, and return what
    must be said of it; all else stays as it was, its formatting and its other contents too.

    *source*, *year*, *body*, *name* and *format* are as for ``read``. *changes* are the new figures
    by cell id (None: blank), or an explanation of ``locate``, or some of its changes. *target* is a
    path, or an open binary file; the copy has the format of the source. *if_exists*: ``"fail"``
    raises if the file exists, by default it is replaced.

    The copy is read again before it is written: it says the new figures, and no other changed.
    Figures that formulas of a workbook work out follow: the formulas stay. ``R-FORMULA`` (a
    warning) names those that come to another figure than was asked for, or are worked out only when
    the workbook is opened, and (as information) formulas of Word behind figures that changed.
    Raises: UnreadableFile if the document cannot be read, cannot be changed in place (PDF, scans,
    .doc), or has no place for a figure, and nothing is written; UnknownCell and InvalidValue for
    changes that the report cannot have, Incompatible for those of another report.

    >>> import govinfo_schema as gs
    >>> import tempfile
    >>> report = gs.generate(1, "2021")
    >>> cell = "applications.received.total"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gs.write(gs.replace(report, {cell: 7}), f"{folder}/报告.docx")
    ...     explanation = gs.locate(gs.read(f"{folder}/报告.docx").report)[0]
    ...     findings = gs.mend(f"{folder}/报告.docx", explanation, f"{folder}/报告.fixed.docx")
    ...     mended = gs.read(f"{folder}/报告.fixed.docx").report
    >>> gs.get(mended, cell) == gs.get(report, cell), findings
    (True, ())
    """
    _check_given(name or name_of(source), year, body)
    kind = _readable_kind(source, format)
    if source == "-":
        # It can be read but once, and a file is read to recognise it and to copy it.
        source, name = bounded("-", LARGEST_FILE), name or "-"
    with on_disk(source, name, kind) as file:
        own = _format_of(file)
        if own.mend is None:
            raise _not_mendable(file, own)
        reading = _read(file, year, body)
        values = _new_values(reading.report, changes)
        data, stays = _mended(file, own, reading, values)
        with on_disk(data, file.name, file.kind or own.suffixes[0][1:]) as copy:
            again = _read(copy, year, body)
        with LOCK:
            from govinfo_schema.documents.mending import checked  # noqa: PLC0415 (only here)

        findings = checked(attrs.evolve(reading, file=file.name), again, values)
    _put(data, target, own, if_exists)
    return (*findings, *stays)


def mendable(path: FilePath) -> tuple[str, ...]:
    """
    Return the suffixes that a copy of a file may have in which figures are changed in place: its
    own, and those of its format; none where that cannot be done.

    Raises: UnreadableFile where the file cannot be opened.
    """
    own = format_of(path)
    if own.mend is None:
        return ()
    return tuple(dict.fromkeys((Path(path).suffix.lower(), *own.suffixes)))


def _mended(
    file: Located, own: Format, reading: Reading, values: Mapping[str, Any]
) -> tuple[bytes, tuple[Finding, ...]]:
    """
    Give the bytes of a file with other figures, and the formulas behind them that stay.

    Raises: UnreadableFile.
    """
    with LOCK:
        from govinfo_schema.documents import mending  # noqa: PLC0415 (only for those who mend)

    data = bounded(file.path, LARGEST_FILE)
    reading = attrs.evolve(reading, file=file.name)
    texts = mending.amendments(reading, values, by_cell=own.read_document is None)
    if own.mend is None or not texts:
        return data, ()
    try:
        mended = own.mend(data, texts)
        stays = own.formulas(data, texts) if own.formulas else ()
    except UnreadableFile as error:
        raise error if error.path else UnreadableFile(file.name, error.problem) from error
    cells = [cell for cell, text in zip(values, texts, strict=True) if text in stays]
    return mended, mending.formulas(reading.report, cells)


def _new_values(report: Report, changes: Any) -> dict[str, Any]:
    """
    Give the figures that change, by cell id in printed order.

    Raises: UnknownCell, InvalidValue; Incompatible where a change found another figure than stands
    in the report; TypeError for what is no change.
    """
    if is_a(changes, Mapping):
        values = dict(changes)
    else:
        try:
            several = [*getattr(changes, "changes", changes)]
            values = {each.cell: each.should_be for each in several}
        except (AttributeError, TypeError):
            raise TypeError(
                "changes are a dict of cell ids and figures, an explanation of locate or its "
                f"changes, not {shown(changes)}"
            ) from None
        for each in several:
            if each.found != get(report, each.cell):
                raise Incompatible(spoken("other_changes"))
    cells = form_of(report).cells
    for cell in values:
        if cell not in cells:
            raise UnknownCell(f"{shown(cell)} is no figure of the report")
    mended = replace(report, values)
    return {cell: new for cell, new in walk(mended) if new != get(report, cell)}


def _not_mendable(file: Located, own: Format) -> UnreadableFile:
    kind = Path(file.name).suffix.lower() or own.suffixes[0]
    if own.holds_many:
        return unreadable(file.name, "not_mendable.table", suffix=kind)
    return unreadable(file.name, "not_mendable", suffix=kind)


def _put(data: bytes, target: Target, own: Format, if_exists: IfExists | None) -> None:
    """
    Write bytes to a path or into an open file.

    Raises: UnreadableFile; ValueError if *if_exists* has an unknown value.
    """
    if if_exists not in (None, *get_args(IfExists)):
        raise ValueError(f"if_exists is 'fail', 'append' or 'replace', not {shown(if_exists)}")
    path = name_of(target)
    if is_path(target):
        check_path(path)
        _check_replaceable(path, if_exists)
        put(data, path, overwrite=if_exists != "fail")
        return
    check_target(target)
    if if_exists == "append":
        raise unreadable(path, "no_append")
    with into(target, own.suffixes[0][1:]) as file:
        file.write_bytes(data)


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
    if if_exists not in (None, *get_args(IfExists)):
        raise ValueError(f"if_exists is 'fail', 'append' or 'replace', not {shown(if_exists)}")
    name = name_of(target)
    suffix = None if kind is None else _kind(name, kind, writable())
    if is_path(target):
        check_path(name)
        if suffix is None or name.lower().endswith(f".{suffix}"):  # no cell id
            write_file(name, if_exists)
            return
        _check_replaceable(name, if_exists)
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


def _kind(name: str, kind: Any, known: Iterable[str]) -> str:
    """
    Return the suffix of a format without its dot.

    Raises: UnreadableFile where there is none.
    """
    suffix = kind.lower().removeprefix(".") if is_a(kind, str) else ""
    if f".{suffix}" not in known:
        raise unreadable(name, "no_format", format=shown(kind), formats=" ".join(known))
    return suffix


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


def is_table(path: FilePath) -> bool:
    """Whether the format of a file may hold many reports; False if it cannot be opened."""
    try:
        return format_of(path).read_many is not None
    except UnreadableFile:
        return False


def is_database(path: FilePath) -> bool:
    """Whether the suffix is that of a database, which may hold other tables beside the reports."""
    return any(own.write_into for own in _of_suffix(path))


def holds_many(path: FilePath) -> bool:
    """Whether a file of this suffix may be written with any number of reports."""
    fitting = next((own for own in _of_suffix(path) if own.is_writable), None)
    return fitting is not None and fitting.holds_many


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
        _check_replaceable(path, if_exists)
    fitting = next((own for own in _of_suffix(path) if own.is_writable), None)
    if fitting is None:
        suffix = Path(path).suffix.lower()
        raise unreadable(path, "suffix", suffix=suffix, suffixes=" ".join(writable()))
    return fitting


def _check_replaceable(path: FilePath, if_exists: IfExists | None) -> None:
    """
    Check that *if_exists* allows to write a file that is no database.

    Raises: UnreadableFile.
    """
    if if_exists == "append":
        raise unreadable(path, "no_append")
    if if_exists == "fail" and os.path.lexists(path):
        raise unreadable(path, "file_exists")


def _readable_kind(source: Any, kind: str | None) -> str | None:
    variants = (ending for own in formats() if own.is_readable for ending in own.variants)
    return None if kind is None else _kind(name_of(source), kind, (*suffixes(), *variants))


def _check_given(path: FilePath, year: Any, body: Any) -> None:
    """
    Check what a caller gives for year and body.

    Raises: InvalidValue, UnreadableFile where the body is empty.
    """
    if year is not None and whole_number(year) is None:
        raise InvalidValue("year", f"should be a whole number, not {shown(year)}")
    if body is not None and not is_a(body, str):
        raise InvalidValue("body", f"should be text, not {shown(body)}")
    if body is not None and not body.strip():
        raise unreadable(path, "wrong_body")


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


def _reading(
    file: Located, item: Item, year: int | None = None, body: str | None = None
) -> Reading:
    with LOCK:
        from govinfo_schema.documents.recognise import Reading  # noqa: PLC0415 (only for those who read)
        from govinfo_schema.documents.recognise.particulars import stated_otherwise  # noqa: PLC0415 (as well)

    report, origin = taken_apart(item)
    findings = tuple(stated_otherwise(report, year, body))
    return Reading(report=report, sources={}, findings=findings, file=origin or file.name)


def format_of(path: FilePath) -> Format:
    """
    Detect the format of a file from its first bytes. The suffix decides only between formats that
    are plain text, and if the first bytes are damaged.

    Raises: UnreadableFile if the file cannot be opened, is empty, or was created by the operating
    system (such as ``Thumbs.db``).
    """
    return _format_of(Located(path, os.fspath(path)))


def _format_of(file: Located) -> Format:
    if file.path == "-":
        return next(own for own in formats() if own.is_standard)
    head = content(file.path, HEAD)
    name = Path(file.name).name
    if name.lower() in PASSED_OVER:
        raise unreadable(file.name, "system_file", name=name)
    suffixed = f"source.{file.kind}" if file.kind else file.name
    own = [each for each in _of_suffix(suffixed) if each.is_readable]
    if not head and not any(each.may_be_empty for each in own):
        raise unreadable(file.name, "empty_file")
    found = next(each for each in formats() if each.detect(head))
    if found is formats()[-1] and not is_text(head):
        return next(iter(own), found)
    return next((each for each in own if each.claim > found.certainty), found)


@once
def formats() -> tuple[Format, ...]:
    """Return all formats, in the order of detection."""
    return tuple(import_module(f"govinfo_schema.{module}").FORMAT for module in FORMATS)


def suffixes() -> tuple[str, ...]:
    """Return the suffixes of all readable formats."""
    return tuple(
        dict.fromkeys(suffix for own in formats() if own.is_readable for suffix in own.suffixes)
    )


def writable() -> tuple[str, ...]:
    """Return the suffixes of all writable formats, those for a single report first."""
    own = [each for each in formats() if each.is_writable]
    own.sort(key=lambda each: (each.holds_many, each.place))
    return tuple(ending for each in own for ending in (each.suffixes[0], *each.variants))


def _of_suffix(path: FilePath) -> list[Format]:
    suffix = Path(path).suffix.lower()
    return [own for own in formats() if suffix in own.suffixes]
