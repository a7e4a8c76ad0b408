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
from typing import TYPE_CHECKING, Any, Final, get_args, overload

import attrs

from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.formats import PASSED_OVER, IfExists, content
from govinfo_schema.documents.formats.encodings import is_text
from govinfo_schema.errors import NoReport, UnreadableFile
from govinfo_schema.findings import Assessment, Finding
from govinfo_schema.messages import spoken
from govinfo_schema.report.model import Report

if TYPE_CHECKING:
    from govinfo_schema.documents.recognise import Reading

NAMES: Final = (
    *("parquet", "sqlite", "duckdb", "json", "pdf", "docx", "xlsx", "office", "csv", "jsonl"),
    *("printing", "html", "markdown", "text"),
)
"""The formats, in the order in which a file is tried for them; text is what is left."""
TABLES: Final = ("json", "jsonl", "csv", "parquet", "sqlite", "duckdb")
"""Those that hold reports themselves."""
WRITABLE: Final = (
    *(".json", ".html", ".docx", ".md", ".pdf", ".xlsx"),
    *(".csv", ".tidy.csv", ".jsonl", ".parquet", ".sqlite", ".duckdb"),
)
HEAD: Final = 65_536
"""So much of a file tells its format."""


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

    module = format_of(path)
    if module.NAME == "json":
        return _reading(module.read(path))
    if hasattr(module, "read_many"):
        readings = read_many(path)
        faults = [finding for finding in readings.findings if finding.level == "error"]
        if faults:
            raise UnreadableFile(os.fspath(path), faults[0].label)
        if len(readings) != 1:
            raise UnreadableFile(
                os.fspath(path),
                spoken("several_reports" if readings else "no_rows", count=len(readings)),
            )
        return attrs.evolve(readings[0], findings=readings.findings)
    try:
        return recognise(module.read(path), year=year, body=body)
    except NoReport as error:
        raise UnreadableFile(os.fspath(path), error.problem) from error


def read_many(path: str | os.PathLike[str]) -> Readings:
    """
    Read all reports of a file: a table (CSV, Parquet, SQLite, DuckDB), JSON lines, or any file that
    holds one.

    A row that is no report is a finding of ``Readings.findings``, and the others are read.
    Raises: as ``read``, where the file itself cannot be read.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "reports.csv"
    ...     gs.write_many([gs.blank("2021", year=year, body="某市人民政府") for year in (2023, 2024)], path)
    ...     [report.year for report in gs.read_many(path).reports]
    [2023, 2024]
    """
    module = format_of(path)
    if hasattr(module, "read_many"):
        readings: list[Reading] = []
        findings: list[Finding] = []
        for row in module.read_many(path):
            if isinstance(row, Finding):
                findings.append(row)
            else:
                readings.append(_reading(row))
        return Readings(tuple(readings), tuple(findings))
    return Readings((read(path),))


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
    whole or not at all. Suffixes: those of ``WRITABLE``; of ``.pdf`` LibreOffice or Chromium is the
    printer.
    Raises: UnreadableFile if the suffix is none of these or the path cannot be written;
    MissingLibrary.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "form.html"
    ...     gs.write(gs.blank("2021", year=2025, body="某市人民政府"), path)
    ...     gs.read(path).report
    <Report2021 某市人民政府 2025: 200 cells, 200 blank>
    """
    module = _writer(path, if_exists)
    if is_database(path):
        module.write_many([report], path, if_exists)
    elif hasattr(module, "write_many"):
        module.write_many([report], path)
    elif module.NAME == "json":
        module.write(report, path)
    elif module.NAME == "xlsx":
        with LOCK:
            from govinfo_schema.workbook import writing as workbook  # noqa: PLC0415 (only for those who write workbooks)

        workbook.write(report, path)
    else:
        with LOCK:
            from govinfo_schema.documents.layout import layout  # noqa: PLC0415 (only for those who write documents)

        module.write(layout(report, assessment), path)


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
    >>> gs.write_many([], "reports.docx")
    Traceback (most recent call last):
    govinfo_schema.errors.UnreadableFile: reports.docx: holds one report, not 0; a table (.csv, .parquet and so on) takes any number
    """
    module = _writer(path, if_exists)
    if is_database(path):
        module.write_many(reports, path, if_exists)
        return
    if hasattr(module, "write_many"):
        module.write_many(reports, path)
        return
    write(only(reports, path), path)


def only(reports: Iterable[Report], path: str | os.PathLike[str]) -> Report:
    """
    Give the one report of some; *path* is the file that holds no more.

    Raises: UnreadableFile if there is none, or more than one.
    """
    own = list(islice(reports, 2))
    if len(own) != 1:
        raise UnreadableFile(
            os.fspath(path), spoken("holds_one", count=len(own) if len(own) < 2 else "2+")
        )
    return own[0]


def is_table(path: str | os.PathLike[str]) -> bool:
    """
    Tell whether a file is of a kind that may hold many reports; one that cannot be opened is none.
    """
    try:
        return hasattr(format_of(path), "read_many")
    except UnreadableFile:
        return False


def is_database(path: str | os.PathLike[str]) -> bool:
    """
    Tell by its suffix whether a file to be written is a database, which may hold other tables
    beside that of the reports.
    """
    return Path(path).suffix.lower() in (*_module("sqlite").SUFFIXES, *_module("duckdb").SUFFIXES)


def check_suffix(path: str | os.PathLike[str]) -> None:
    """
    Make sure that files of this suffix can be written.

    Raises: UnreadableFile.
    """
    _writer(path)


def _writer(path: str | os.PathLike[str], if_exists: IfExists | None = None) -> Any:
    """
    Give the module that writes a file.

    Raises: UnreadableFile where no format has the suffix, or *if_exists* forbids to write it;
    ValueError.
    """
    if if_exists not in (None, *get_args(IfExists)):
        raise ValueError(f"if_exists is 'fail', 'append' or 'replace', not {if_exists!r}")
    if not is_database(path) and if_exists == "append":
        raise UnreadableFile(os.fspath(path), spoken("no_append"))
    if not is_database(path) and if_exists == "fail" and os.path.lexists(path):
        raise UnreadableFile(os.fspath(path), spoken("file_exists"))
    suffix = Path(path).suffix.lower()
    can = ("write", "write_many")
    fitting = [each for each in map(_module, NAMES) if suffix in each.SUFFIXES]
    module = next(
        (each for each in fitting if any(hasattr(each, name) for name in can) or suffix == ".xlsx"),
        None,
    )
    if module is None:
        raise UnreadableFile(
            os.fspath(path), spoken("suffix", suffix=suffix, suffixes=" ".join(WRITABLE))
        )
    return module


def _reading(report: Report) -> Reading:
    with LOCK:
        from govinfo_schema.documents.recognise import Reading  # noqa: PLC0415 (only for those who read)

    return Reading(report=report, sources={}, findings=())


def format_of(path: str | os.PathLike[str]) -> Any:
    """
    Tell the format of a file by its beginning; its suffix decides only between plain texts, and
    where the beginning is damaged.

    Raises: UnreadableFile if it cannot be opened, is empty, or is one that an operating system puts
    into folders.
    """
    if os.fspath(path) == "-":
        return _module("json")
    head = content(path, HEAD)
    suffix = Path(path).suffix.lower()
    modules = [module for module in map(_module, NAMES) if hasattr(module, "detect")]
    if Path(path).name.lower() in PASSED_OVER:
        raise UnreadableFile(os.fspath(path), spoken("system_file", name=Path(path).name))
    if not head and suffix not in _module("jsonl").SUFFIXES:  # JSON lines of no report are no bytes
        raise UnreadableFile(os.fspath(path), spoken("empty_file"))
    found = next((module for module in modules if module.detect(head)), modules[-1])
    if found is modules[-1] and not is_text(head):
        return next((module for module in modules if suffix in module.SUFFIXES), found)
    texts = ("json", "csv", "jsonl", "markdown", "text")
    plain = {"json": ("jsonl",), "markdown": texts, "text": texts}
    if found.NAME in plain:
        return next(
            (
                module
                for module in modules
                if suffix in module.SUFFIXES and module.NAME in plain[found.NAME]
            ),
            found,
        )
    return found


def suffixes() -> tuple[str, ...]:
    """Give the suffixes of all files that may be read."""
    return tuple(dict.fromkeys(suffix for name in NAMES for suffix in _module(name).SUFFIXES))


def _module(name: str) -> Any:
    room = "tables" if name in TABLES else "documents.formats"
    with LOCK:
        return import_module(f"govinfo_schema.{room}.{name}")
