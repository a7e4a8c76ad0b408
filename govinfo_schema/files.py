"""
Read and write report files: ``read``, ``read_many``, ``write``, ``write_many``.

This module holds the registry of file formats and detects the format of a file from its content;
its suffix alone does not decide. A format module converts between a file and a ``Document``;
``recognise`` and ``layout`` convert between a ``Document`` and a report. JSON, workbooks and tables
hold reports themselves.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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
    HIDDEN,
    PASSED_OVER,
    bounded,
    content,
    placed,
    put,
    unreadable,
)
from govinfo_schema.documents.formats.encodings import is_text
from govinfo_schema.documents.formats.kinds import kind_named, kind_of
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
    InvalidReport,
    InvalidValue,
    NoReport,
    UnknownCell,
    UnreadableFile,
)
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Label, code_of, shown, spoken
from govinfo_schema.report.access import form_of, get, replace, walk
from govinfo_schema.report.conformance import quoted
from govinfo_schema.report.given import several
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import whole_number
from govinfo_schema.tables.compression import is_compressed
from govinfo_schema.tables.rows import Item, Rows, faulty, sentences, taken_apart

if TYPE_CHECKING:
    from govinfo_schema.documents.document import Document
    from govinfo_schema.documents.formats.format import Format, Member
    from govinfo_schema.documents.recognise import Reading
    from govinfo_schema.repair.changes import Change
    from govinfo_schema.repair.explanations import Explanation
    from govinfo_schema.repair.problems import Problem

T = TypeVar("T")
LARGEST_FILE: Final = 50_000_000
"""No file that is changed in place has more bytes; no format reads one that has."""

MAX_DEPTH: Final = 3
"""So many archives and mails may be in each other."""
MAX_UNPACKED: Final = 500_000_000
"""So many bytes of archives in an archive are unpacked to see what is in them."""
MAX_LISTED: Final = 30_000
"""So many files are listed before no more archives in an archive are looked into."""
NAMED: Final = 5
"""So many files of an archive are named in a sentence."""
_NO_REPORTS: Final = frozenset(
    map(
        code_of,
        ("no_report", "no_tables", "no_page", "not_read", "empty_document", "no_text_in_picture"),
    )
)
"""The codes of what is surely no report."""

FORMATS: Final = (
    *("documents.formats.archive", "documents.formats.mail"),
    *("tables.parquet", "tables.sqlite", "tables.duckdb"),
    *("tables.jsonl", "tables.json"),
    *("documents.formats.pdf", "documents.formats.docx", "documents.formats.xlsx"),
    *("documents.formats.scans", "documents.formats.spreadsheetml", "documents.formats.ofd"),
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
    stands for the suffix of a name. The content goes before both. A path may go on behind an
    archive or a mail: ``reports.zip/2024/report.docx``. Of an archive or a mail itself the one
    report in it is read, and ``R-MEMBERS`` names what else is in it.
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
    with _located(source, name, _readable_kind(source, format)) as file:
        return _read(file, year, body)


def _read(file: Located, year: int | None, body: str | None) -> Reading:
    own = _format_of(file)
    LOGGER.debug("%r: format %s", file.name, own.suffixes)
    if own.read_document:
        return _recognised(file, own.read_document(file.path), year, body)
    if own.read_report:
        return _reading(file, own.read_report(file.path), year, body)
    if own.members:
        return _read_member(file, year, body)
    readings = _read_many(file, year, body)
    faults = [finding for finding in readings.findings if finding.level == "error"]
    if faults:
        raise UnreadableFile(file.name, faults[0].label)
    if len(readings) != 1:
        name = "several_reports" if readings else "no_rows"
        raise unreadable(file.name, name, count=len(readings))
    return attrs.evolve(readings[0], findings=(*readings.findings, *readings[0].findings))


def _recognised(file: Located, document: Document, year: int | None, body: str | None) -> Reading:
    """
    Read the report in a document.

    Raises: UnreadableFile where it is none, or several.
    """
    with LOCK:
        from govinfo_schema.documents.recognise import recognise  # noqa: PLC0415 (only for those who read documents)

    try:
        reading = recognise(document, year=year, body=body, name=file.stem)
    except NoReport as error:
        raise UnreadableFile(file.name, error.problem, error.candidates) from error
    return attrs.evolve(reading, file=file.name)


def read_many(
    source: Readable,
    *,
    year: int | None = None,
    body: str | None = None,
    name: str | None = None,
    format: str | None = None,  # noqa: A002 (its public name)
) -> Readings:
    """
    Read all reports in a file: a table (CSV, Parquet, SQLite, DuckDB), JSON lines, an archive
    (``.zip``), a mail, or any file with a single report. *source*, *year*, *body*, *name* and
    *format* are as for ``read``.

    An invalid row, or a file in an archive that cannot be read, gives a finding in
    ``Readings.findings``; the others are read. ``Reading.file`` is what a table holds in its column
    ``file``, where it is blank the path of the table itself, and for a file in an archive its path
    there.
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
    with _located(source, name, _readable_kind(source, format)) as file:
        return _read_many(file, year, body)


# ---- files in files -----------------------------------------------------------------------------


def members(path: FilePath) -> list[str] | None:
    """
    Return the paths of the files in an archive that may hold reports, in its order, as ``read``
    takes them: ``reports.zip/2024/report.docx``. An archive in it is one of its folders, and what
    a folder would pass over is left out. An archive that cannot be read is there itself, so that it
    is said to be unreadable.

    None for what is no archive.
    """
    name = os.fspath(path)
    try:
        with _located(path, None, None) as file:
            if not _format_of(file).is_folder:
                return None
            return list(_walked(file, _Budget(MAX_UNPACKED, MAX_LISTED)))
    except UnreadableFile:
        return [name] if is_archive_named(path) else None


def is_archive_named(path: FilePath) -> bool:
    """Whether the suffix of a path is that of an archive."""
    return any(own.is_folder for own in _of_suffix(path))


@attrs.define
class _Budget:
    """So many *bytes* of archives in an archive may still be unpacked, and *files* listed."""

    bytes: int
    files: int


def _walked(file: Located, left: _Budget) -> Iterator[str]:
    """
    Give the paths of the files in an archive and in those in it.

    Raises: UnreadableFile.
    """
    for member in _members(file):
        path = f"{file.name}/{member.name}"
        left.files -= 1
        goes_on = file.depth + 1 < MAX_DEPTH and min(left.bytes, left.files) > 0
        if goes_on and is_archive_named(member.name):
            with suppress(UnreadableFile):
                data = _content_of(file, member)
                left.bytes -= len(data)
                with on_disk(data, path, None) as inner:
                    deeper = attrs.evolve(inner, depth=file.depth + 1)
                    if _format_of(deeper).is_folder:
                        yield from list(_walked(deeper, left))
                        continue
        yield path


def _members(file: Located) -> Iterator[Member]:
    """
    Give the files in a file that may hold reports.

    Raises: UnreadableFile.
    """
    own = _format_of(file)
    if own.members is None or file.depth >= MAX_DEPTH:
        raise unreadable(file.name, "nested_archives", limit=MAX_DEPTH)
    known = suffixes()
    for member in own.members(file.path):
        parts = member.name.split("/")
        hidden = any(part.startswith(HIDDEN) or part == "__MACOSX" for part in parts)
        if hidden or parts[-1].lower() in PASSED_OVER:
            continue
        if not own.is_folder or Path(member.name).suffix.lower() in known:
            yield member


def _content_of(file: Located, member: Member) -> bytes:
    """
    Give what a file in a file holds.

    Raises: UnreadableFile, which names it.
    """
    try:
        return member.content()
    except UnreadableFile as error:
        raise UnreadableFile(f"{file.name}/{member.name}", error.problem) from error


@contextmanager
def _located(source: Readable, name: str | None, kind: str | None) -> Iterator[Located]:
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


def holder(source: FilePath) -> Path | None:
    """Return the archive or mail that a path goes on behind, None for a path as all others."""
    with suppress(OSError, ValueError):
        path = Path(os.fsdecode(source))
        if not os.path.lexists(path):
            return next((folder for folder in path.parents if folder.is_file()), None)
    return None


@contextmanager
def _member(file: Located, inner: str) -> Iterator[Located]:
    """
    Give the place of a copy of a file in a file.

    Raises: UnreadableFile where there is no such one.
    """
    own = _format_of(file)
    for member in own.members(file.path) if own.members and file.depth < MAX_DEPTH else ():
        if inner == member.name or inner.startswith(f"{member.name}/"):
            path = f"{file.name}/{member.name}"
            with on_disk(_content_of(file, member), path, None) as copy:
                found = attrs.evolve(copy, depth=file.depth + 1)
                if inner == member.name:
                    yield found
                else:
                    with _member(found, inner.removeprefix(f"{member.name}/")) as deeper:
                        yield deeper
            return
    raise unreadable(f"{file.name}/{inner}", "missing")


def _outcomes(
    file: Located, year: int | None, body: str | None
) -> Iterator[tuple[str, Readings | UnreadableFile | InvalidReport]]:
    """
    Read the files in a file one after the other, those of archives in it too: the path of each, and
    what it holds or why it cannot be read.

    Raises: UnreadableFile where the file itself cannot be read; MissingLibrary.
    """
    for member in _members(file):
        path = f"{file.name}/{member.name}"
        name, kind = path, None
        if member.is_body:
            name, kind = file.name, Path(path).suffix[1:]
        try:
            with on_disk(_content_of(file, member), name, kind) as copy:
                inner = attrs.evolve(copy, depth=file.depth + 1)
                if _format_of(inner).is_folder:
                    yield from _outcomes(inner, year, body)
                else:
                    yield path, _read_many(inner, year, body)
        except (UnreadableFile, InvalidReport) as error:
            yield path, error


def _read_member(file: Located, year: int | None, body: str | None) -> Reading:
    """
    Read the one report in an archive or a mail, which may stand there in several formats.

    Raises: UnreadableFile where there is none or several; MissingLibrary.
    """
    chosen: Reading | None = None
    place, others = "", []
    refused: list[tuple[str, UnreadableFile | InvalidReport]] = []
    for path, outcome in _outcomes(file, year, body):
        if isinstance(outcome, Exception):
            refused.append((path, outcome))
            continue
        for reading in outcome:
            if chosen is not None and not _agree(chosen.report, reading.report):
                places = tuple(name.removeprefix(f"{file.name}/") for name in (place, path))
                raise unreadable(file.name, "several_members", members=places, path=place)
            if chosen is None or _blanks(reading.report) < _blanks(chosen.report):
                others += [place] if chosen is not None else []
                chosen, place = reading, path
            else:
                others.append(path)
    if chosen is None:
        raise _none_of(file, refused)
    findings = _left_over(file, others, refused)
    return attrs.evolve(chosen, findings=(*chosen.findings, *findings))


def _read_members(file: Located, own: Format, year: int | None, body: str | None) -> Readings:
    """
    Read all reports in an archive or a mail. A file of an archive that cannot be read is a finding
    as a row that is none.

    Raises: UnreadableFile where no file is a report; MissingLibrary.
    """
    if not own.is_folder:
        with suppress(UnreadableFile):
            return Readings((_read_member(file, year, body),))
    readings: list[Reading] = []
    findings: list[Finding] = []
    refused: list[tuple[str, UnreadableFile | InvalidReport]] = []
    count = 0
    for path, outcome in _outcomes(file, year, body):
        if not isinstance(outcome, Exception):
            readings += outcome
            findings += (_moved(each, count) for each in outcome.findings)
            count += len(outcome) + sum(each.code == "R-RECORD" for each in outcome.findings)
        elif own.is_folder:
            count += 1
            findings.append(faulty(count, _told(outcome), place=Label(path, path)))
        else:
            refused.append((path, outcome))
    if not readings and not findings:
        raise _none_of(file, refused)
    return Readings(tuple(readings), (*findings, *_left_over(file, [], refused)))


def _moved(finding: Finding, count: int) -> Finding:
    """Give a finding of a table with its row counted behind so many others."""
    if finding.code != "R-RECORD":
        return finding
    number = finding.operands["number"] + count
    return attrs.evolve(finding, operands={**finding.operands, "number": number})


def _told(error: UnreadableFile | InvalidReport) -> Label | Sequence[Finding]:
    return error.problem if isinstance(error, UnreadableFile) else error.findings


def _agree(one: Report, other: Report) -> bool:
    """Whether two reports are one, as far as both have figures."""
    if (one.edition, one.year, one.body.name) != (other.edition, other.year, other.body.name):
        return False
    figures = dict(walk(other))
    return all(
        None in (value, figures.get(cell)) or value == figures[cell] for cell, value in walk(one)
    )


def _blanks(report: Report) -> int:
    return sum(value is None for _, value in walk(report))


def _left_over(
    file: Located,
    others: Sequence[str],
    refused: Sequence[tuple[str, UnreadableFile | InvalidReport]],
) -> Iterator[Finding]:
    """Name the files in a file that were not used; one that could not be read is a warning."""
    names = [*others, *(path for path, _ in refused)]
    if names:
        unread = any(error.code not in _NO_REPORTS for _, error in refused)
        yield Finding(
            code="R-MEMBERS",
            level="warning" if unread else "info",
            operands={"count": len(names), "members": _first(file, names)},
        )


def _none_of(
    file: Located, refused: Sequence[tuple[str, UnreadableFile | InvalidReport]]
) -> UnreadableFile:
    """Make the error of an archive or a mail that holds no report: of one file its own."""
    telling = [each for each in refused if each[1].code not in _NO_REPORTS] or refused
    if len(telling) == 1:
        ((path, error),) = telling
        if isinstance(error, UnreadableFile):
            return error
        return UnreadableFile(path, sentences(error.findings))
    if not refused:
        return unreadable(file.name, "no_reports", suffixes=" ".join(suffixes()))
    return unreadable(file.name, "no_member", members=_first(file, [path for path, _ in refused]))


def _first(file: Located, names: Sequence[str]) -> tuple[str, ...]:
    """Give the first names of files in a file, and a sign that there are more."""
    shown = tuple(name.removeprefix(f"{file.name}/") for name in names[:NAMED])
    return (*shown, "…") if len(names) > NAMED else shown


def rows_of(path: FilePath) -> Iterator[Item | Finding]:
    """
    Read the reports of a table one by one; a row that is no report gives a finding.

    Raises: UnreadableFile if it is no table or cannot be read; MissingLibrary.
    """
    with _located(path, None, None) as file:
        own = _format_of(file)
        if own.read_many is None:
            raise unreadable(path, "no_table_file")
        yield from own.read_many(file.path)


def columns_of(path: FilePath, size: int, wanted: Collection[str]) -> Iterator[Rows] | None:
    """
    Read the *wanted* columns of a table, *size* rows at a time; None where a row is not one report.

    Raises: UnreadableFile if it cannot be read; MissingLibrary.
    """
    own = format_of(path)
    return own.read_columns(path, size, wanted) if own.read_columns else None


def _read_many(file: Located, year: int | None, body: str | None) -> Readings:
    own = _format_of(file)
    if own.members:
        return _read_members(file, own, year, body)
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
    path, or an open binary file, and never the source itself; the copy has the format of the
    source, and a suffix that fits. *if_exists*: ``"fail"`` raises if the file exists, by default it
    is replaced.

    The copy is read again before it is written: it says the new figures, and no other changed.
    Figures that formulas of a workbook work out follow: the formulas stay. ``R-FORMULA`` (a
    warning) names those that come to another figure than was asked for, or are worked out only when
    the workbook is opened, and (as information) formulas of Word behind figures that changed;
    ``R-SIGNED`` (a warning) says that the document is signed, and the signature of the copy is not
    valid.
    Raises: UnreadableFile if the document cannot be read, cannot be changed in place (PDF, scans,
    .doc), is a copy that is marked with what does not add up, or has no place for a figure, and
    nothing is written; UnknownCell and InvalidValue for changes that the report cannot have,
    Incompatible for those of another report.

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
    if _is_same_file(source, target):
        raise unreadable(name_of(target), "original")
    kind = _readable_kind(source, format)
    if source == "-":
        # It can be read but once, and a file is read to recognise it and to copy it.
        source, name = bounded("-", LARGEST_FILE), name or "-"
    with _located(source, name, kind) as file:
        own = _format_of(file)
        fitting = _suffixes_of_copy(file, own)
        if not fitting:
            if own.read_document:
                # An encrypted or damaged file says so.
                _read(file, year, body)
            raise _not_mendable(file, own)
        if is_path(target):
            _check_fits(target, fitting)
        reading = _read_to_mend(file, own, year, body)
        values = _new_values(reading.report, changes)
        data, stays = _mended(file, own, reading, values)
        with on_disk(data, file.name, file.kind or own.suffixes[0][1:]) as copy:
            again = _read(copy, year, body)
        with LOCK:
            from govinfo_schema.documents.mending import checked  # noqa: PLC0415 (only here)

        findings = checked(attrs.evolve(reading, file=file.name), again, values)
    _put(data, target, own, if_exists)
    return (*findings, *stays)


def _read_to_mend(file: Located, own: Format, year: int | None, body: str | None) -> Reading:
    """
    Read a report that is to be changed where it stands.

    Raises: UnreadableFile, also where its marks and remarks would stay and be wrong.
    """
    with LOCK:
        from govinfo_schema.documents.recognise import is_marked  # noqa: PLC0415 (only for those who mend)

    if own.read_document is None:
        return _read(file, year, body)
    document = own.read_document(file.path)
    if is_marked(document):
        raise unreadable(file.name, "marked")
    return _recognised(file, document, year, body)


def mendable(path: FilePath) -> tuple[str, ...]:
    """
    Return the suffixes that a copy of a file may have in which figures are changed in place; none
    where that cannot be done.

    Raises: UnreadableFile where the file cannot be opened.
    """
    return _suffixes_of_copy(Located(path, os.fspath(path)), format_of(path))


def _suffixes_of_copy(file: Located, own: Format) -> tuple[str, ...]:
    """
    Return the suffixes that a changed copy may have: its own, and those of its format, unless it is
    a zip, in which stands what its suffix has to be.
    """
    with LOCK:
        from govinfo_schema.documents.formats.package import ZIP  # noqa: PLC0415 (only for those who mend)

    head = content(file.path, HEAD)
    if own.mend is None or not own.mends(head):
        return ()
    suffix = Path(file.name).suffix.lower()
    if head.startswith(ZIP) and suffix in own.suffixes:
        return (suffix,)
    return tuple(dict.fromkeys((suffix, *own.suffixes)))


def _check_fits(target: Any, fitting: Sequence[str]) -> None:
    """
    Check that a copy does not get the suffix of another format.

    Raises: UnreadableFile.
    """
    path = name_of(target)
    suffix = Path(path).suffix.lower()
    if suffix not in fitting and _of_suffix(path):
        raise unreadable(path, "suffix", suffix=suffix, suffixes=" ".join(filter(None, fitting)))


def _is_same_file(source: Any, target: Any) -> bool:
    """Whether two are one file, under whatever name, or one open file."""
    facts = [_facts_of(file) for file in (source, target)]
    return source is target or (None not in facts and os.path.samestat(*facts))  # type: ignore[arg-type]


def _facts_of(file: Any) -> os.stat_result | None:
    """Return the status of a regular file, by its path or open; None of anything else."""
    try:
        facts = Path(name_of(file)).stat() if is_path(file) else os.fstat(file.fileno())
    except (OSError, ValueError, AttributeError, TypeError):
        return None
    return facts if stat.S_ISREG(facts.st_mode) else None


def _mended(
    file: Located, own: Format, reading: Reading, values: Mapping[str, Any]
) -> tuple[bytes, tuple[Finding, ...]]:
    """
    Give the bytes of a file with other figures, and what stays in it: formulas behind them, and
    signatures, which no longer hold.

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
    return mended, (*mending.formulas(reading.report, cells), *mending.signatures(data))


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
    _check_if_exists(if_exists)
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
    _check_if_exists(if_exists)
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
        said = Label(quoted(kind).zh if is_a(kind, str) else shown(kind), shown(kind))
        raise unreadable(name, "no_format", format=said, formats=" ".join(known))
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


def _check_if_exists(if_exists: Any) -> None:
    """
    Check that a caller gives one of the three values, or none.

    Raises: ValueError.
    """
    if if_exists not in (None, *get_args(IfExists)):
        raise ValueError(f"if_exists is 'fail', 'append' or 'replace', not {shown(if_exists)}")


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
    with _located(path, None, None) as file:
        return _format_of(file)


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
    # A damaged document is a zip in which nothing says more than its name.
    found = next(
        each
        for each in formats()
        if each.detect(head) and not (each.is_folder and own and each not in own)
    )
    if is_compressed(head) and not found.read_many:
        raise unreadable(file.name, "packed_file")
    if found is formats()[-1]:
        plain = is_text(head)
        # A text may begin with letters that another kind begins with, and its name says so.
        named = plain and own and head[:1].isascii()
        kind = None if named else kind_of(head, suffixes())
        if kind:
            raise kind.refused(file.name)
        if not plain:
            return _named(file, own)
    return next((each for each in own if each.claim > found.certainty), found)


def is_recognised(path: FilePath) -> bool:
    """Whether the first bytes of a file are those of a format that is read, whatever its name."""
    try:
        head = content(path, HEAD) if Path(path).is_file() else b""
    except (OSError, ValueError, UnreadableFile):
        return False
    return any(each.is_readable and each.detect(head) for each in formats()[:-1])


def _named(file: Located, own: Sequence[Format]) -> Format:
    """
    Return the format that the name of a file says, whose content says nothing.

    Raises: UnreadableFile, which names what it is.
    """
    if own:
        return own[0]
    kind = kind_named(file.name, suffixes())
    if kind:
        raise kind.refused(file.name)
    raise unreadable(file.name, "unknown_kind", suffixes=" ".join(suffixes()))


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
    name = Path(path).name.lower()
    suffix = Path(name).suffix
    return [own for own in formats() if suffix in own.suffixes or name.endswith(own.variants)]
