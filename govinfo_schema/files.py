"""
Reports by file: any format that is known, told by what a file holds and not by its name alone.

A format module turns a file into a ``Document`` or back; the law in between is that of
``recognise`` and ``layout``. JSON, the workbook and the tables hold reports themselves.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final, get_args, overload

import attrs

from govinfo_schema.data.once import LOCK, once
from govinfo_schema.documents.formats import HEAD, PASSED_OVER, content, placed, unreadable
from govinfo_schema.documents.formats.encodings import is_text
from govinfo_schema.documents.formats.paths import FilePath, IfExists
from govinfo_schema.errors import NoReport, UnreadableFile
from govinfo_schema.findings import Assessment, Finding
from govinfo_schema.messages import spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.model import Report

if TYPE_CHECKING:
    from govinfo_schema.documents.formats.format import Format
    from govinfo_schema.documents.recognise import Reading

FORMATS: Final = (
    *("tables.parquet", "tables.sqlite", "tables.duckdb", "tables.json"),
    *("documents.formats.pdf", "documents.formats.docx", "documents.formats.xlsx"),
    *("documents.formats.office", "tables.csv", "tables.jsonl", "documents.formats.printing"),
    *("workbook.format", "documents.formats.html", "documents.formats.markdown"),
    "documents.formats.text",
)
"""
The modules of the formats, in the order in which a file is tried for them; text is what is left.
"""


@attrs.frozen
class Readings(Sequence["Reading"]):
    """
    The reports of one file, in its order, each as a ``Reading``.

    *findings*: what could not be read of the file. A faulty row is one error, ``R-RECORD``, that
    names its number, its line where the file has lines, and its first fault with its cell; the
    other rows are read.
    """

    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Reading: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Reading, ...]: ...
    def __getitem__(self, index: int | slice) -> Reading | tuple[Reading, ...]:
        """Give one of them by its place, the first at 0."""
        return self.readings[index]

    def __len__(self) -> int:
        """Count them."""
        return len(self.readings)

    @property
    def reports(self) -> tuple[Report, ...]:
        """The reports alone."""
        return tuple(reading.report for reading in self.readings)


def read(
    path: str | os.PathLike[str], *, year: int | None = None, body: str | None = None
) -> Reading:
    """
    Read the one report in a file: JSON, a document as it is published, or a table of one report.

    *year* and *body* go before what a document says of itself; data say both.
    Blank: a figure that is blank in the document or in doubt is None; a doubt is a finding that
    names the cell.
    Raises: UnreadableFile with the reason, where the file cannot be read or holds no report, or
    several; InvalidReport for JSON with faults; MissingLibrary where a format needs a library that
    is not installed.

    >>> import govinfo_schema as gs
    >>> gs.read("docs/examples/2024-hongze-quzhengfu.json").report
    <Report2021 淮安市洪泽区人民政府 2024: 186 cells, 0 blank>
    """
    with LOCK:
        from govinfo_schema.documents.recognise import recognise  # noqa: PLC0415 (only for those who read documents)

    own = format_of(path)
    if own.read_document:
        try:
            return recognise(
                own.read_document(path), year=year, body=body, name=Path(path).stem.strip("-")
            )
        except NoReport as error:
            raise UnreadableFile(os.fspath(path), error.problem, error.candidates) from error
    if own.read_report:
        return _reading(own.read_report(path))
    readings = read_many(path)
    faults = [finding for finding in readings.findings if finding.level == "error"]
    if faults:
        raise UnreadableFile(os.fspath(path), faults[0].label)
    if len(readings) != 1:
        name = "several_reports" if readings else "no_rows"
        raise unreadable(path, name, count=len(readings))
    return attrs.evolve(readings[0], findings=readings.findings)


def read_many(path: str | os.PathLike[str]) -> Readings:
    """
    Read all reports of a file: a table (CSV, Parquet, SQLite, DuckDB), JSON lines, or any file that
    holds one.

    A row that is no report is a finding of ``Readings.findings``, and the others are read.
    Raises: as ``read``, where the file itself cannot be read.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "reports.csv"
    ...     reports = [gs.blank("2021", year=year, body="某市人民政府") for year in (2023, 2024)]
    ...     gs.write_many(reports, path)
    ...     [report.year for report in gs.read_many(path).reports]
    [2023, 2024]
    """
    own = format_of(path)
    if not own.read_many:
        return Readings((read(path),))
    rows = tuple(own.read_many(path))
    return Readings(
        tuple(_reading(row) for row in rows if not isinstance(row, Finding)),
        tuple(row for row in rows if isinstance(row, Finding)),
    )


def write(
    report: Report,
    path: str | os.PathLike[str],
    *,
    assessment: Assessment | None = None,
    if_exists: IfExists | None = None,
) -> None:
    """
    Write a report to a file, as its suffix says: a document, a workbook, data, or a table of one
    report.

    *assessment*: what ``check`` says of the report; a document then marks the figures that do not
    add up and says why below their table. *if_exists*: as for ``write_many``. The file is written
    whole or not at all. Suffixes: those of ``writable()``; LibreOffice or Chromium prints ``.pdf``.
    Raises: UnreadableFile if the suffix is none of these or the path cannot be written;
    MissingLibrary.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "form.html"
    ...     gs.write(gs.blank("2021", year=2025, body="某市人民政府"), path)
    ...     gs.read(path).report
    <Report2021 某市人民政府 2025: 200 cells, 200 blank>
    """
    form_of(report)
    own = _writer(path, if_exists)
    if if_exists == "fail" and not own.write_into:
        with placed(path, overwrite=False) as beside:
            write(report, beside, assessment=assessment)
    elif own.write_document:
        with LOCK:
            from govinfo_schema.documents.layout import layout  # noqa: PLC0415 (only for those who write documents)

        own.write_document(layout(report, assessment), path)
    elif own.write_report:
        own.write_report(report, path)
    else:
        write_many([report], path, if_exists=if_exists)


def write_many(
    reports: Iterable[Report], path: str | os.PathLike[str], *, if_exists: IfExists | None = None
) -> None:
    """
    Write reports to one file as they come, as its suffix says: ``.csv``, ``.tidy.csv``, ``.jsonl``,
    ``.parquet``, ``.sqlite``, ``.duckdb``.

    A file that holds one report only, such as ``.docx``, takes one. The file is written whole or
    not at all.

    *if_exists* says what becomes of the table ``reports`` in a database that has one: ``"fail"``
    (so it is without a word) raises, ``"append"`` adds to it, ``"replace"`` puts another in its
    place; no other table is touched. Any other file is replaced by default and with ``"replace"``;
    ``"fail"`` raises where there is one, ``"append"`` raises always.
    Raises: UnreadableFile if the suffix is none of these, the path cannot be written, or the file
    cannot hold as many; MissingLibrary; ValueError if *if_exists* is none of these.

    >>> import govinfo_schema as gs
    >>> try:
    ...     gs.write_many([], "reports.docx")
    ... except gs.UnreadableFile as error:
    ...     print(str(error).partition(";")[0])
    reports.docx: holds one report, not 0
    """
    own = _writer(path, if_exists)
    if if_exists == "fail" and not own.write_into:
        with placed(path, overwrite=False) as beside:
            write_many(reports, beside)
    elif own.write_into:
        own.write_into(reports, path, if_exists)
    elif own.write_many:
        own.write_many(reports, path)
    else:
        write(only(reports, path), path)


def only(reports: Iterable[Report], path: FilePath) -> Report:
    """
    Give the one report of some; *path* is the file that holds no more.

    Raises: UnreadableFile if there is none, or more than one.
    """
    own = list(islice(reports, 2))
    if len(own) != 1:
        count = spoken("several") if own else len(own)
        raise unreadable(path, "holds_one", count=count)
    return own[0]


def is_table(path: FilePath) -> bool:
    """
    Tell whether a file is of a kind that may hold many reports; one that cannot be opened is none.
    """
    try:
        return format_of(path).read_many is not None
    except UnreadableFile:
        return False


def is_database(path: FilePath) -> bool:
    """
    Tell by its suffix whether a file to be written is a database, which may hold other tables
    beside that of the reports.
    """
    return any(own.write_into for own in _of_suffix(path))


def check_suffix(path: FilePath) -> None:
    """
    Make sure that files of this suffix can be written.

    Raises: UnreadableFile.
    """
    _writer(path)


def _writer(path: FilePath, if_exists: IfExists | None = None) -> Format:
    """
    Give the format that a file is written in.

    Raises: UnreadableFile where no format has the suffix, or *if_exists* forbids to write it;
    ValueError.
    """
    if if_exists not in (None, *get_args(IfExists)):
        raise ValueError(f"if_exists is 'fail', 'append' or 'replace', not {if_exists!r}")
    if not is_database(path) and if_exists == "append":
        raise unreadable(path, "no_append")
    if not is_database(path) and if_exists == "fail" and os.path.lexists(path):
        raise unreadable(path, "file_exists")
    fitting = next((own for own in _of_suffix(path) if own.is_writable), None)
    if fitting is None:
        suffix = Path(path).suffix.lower()
        raise unreadable(path, "suffix", suffix=suffix, suffixes=" ".join(writable()))
    return fitting


def _reading(report: Report) -> Reading:
    with LOCK:
        from govinfo_schema.documents.recognise import Reading  # noqa: PLC0415 (only for those who read)

    return Reading(report=report, sources={}, findings=())


def format_of(path: FilePath) -> Format:
    """
    Tell the format of a file by its beginning; its suffix decides only between plain texts, and
    where the beginning is damaged.

    Raises: UnreadableFile if it cannot be opened, is empty, or is one that an operating system puts
    into folders.
    """
    if os.fspath(path) == "-":
        return next(own for own in formats() if own.is_standard)
    head = content(path, HEAD)
    if Path(path).name.lower() in PASSED_OVER:
        raise unreadable(path, "system_file", name=Path(path).name)
    own = [each for each in _of_suffix(path) if each.is_readable]
    if not head and not any(each.may_be_empty for each in own):
        raise unreadable(path, "empty_file")
    found = next(each for each in formats() if each.detect(head))
    if found is formats()[-1] and not is_text(head):
        return next(iter(own), found)
    return next((each for each in own if each.claim > found.certainty), found)


@once
def formats() -> tuple[Format, ...]:
    """Give all formats, in the order in which a file is tried for them."""
    return tuple(import_module(f"govinfo_schema.{module}").FORMAT for module in FORMATS)


def suffixes() -> tuple[str, ...]:
    """Give the suffixes of all files that may be read."""
    return tuple(
        dict.fromkeys(suffix for own in formats() if own.is_readable for suffix in own.suffixes)
    )


def writable() -> tuple[str, ...]:
    """Give the endings of all files that may be written, those that hold one report first."""
    own = [each for each in formats() if each.is_writable]
    own.sort(key=lambda each: (each.holds_many, each.place))
    return tuple(ending for each in own for ending in (each.suffixes[0], *each.variants))


def _of_suffix(path: FilePath) -> list[Format]:
    suffix = Path(path).suffix.lower()
    return [own for own in formats() if suffix in own.suffixes]
