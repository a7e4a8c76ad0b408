"""
``read`` and ``read_many``: the reports in a file, whatever its format.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.memory import Located, name_of
from govinfo_schema.documents.formats.paths import FilePath, Readable
from govinfo_schema.documents.logger import LOGGER
from govinfo_schema.errors import InvalidValue, NoReport, UnreadableFile
from govinfo_schema.files.archives import read_member, read_members
from govinfo_schema.files.nested import located
from govinfo_schema.files.readings import Readings
from govinfo_schema.files.registry import detected, readable_kind
from govinfo_schema.findings import Finding
from govinfo_schema.messages import shown
from govinfo_schema.report.values import whole_number
from govinfo_schema.tables.rows import Item, Rows, taken_apart

if TYPE_CHECKING:
    from govinfo_schema.documents.document import Document
    from govinfo_schema.documents.formats.format import Format
    from govinfo_schema.documents.recognise import Reading


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
    check_given(name or name_of(source), year, body)
    with located(source, name, readable_kind(source, format)) as file:
        return read_located(file, year, body)


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
    check_given(name or name_of(source), year, body)
    with located(source, name, readable_kind(source, format)) as file:
        return _read_many(file, year, body)


def format_of(path: FilePath) -> Format:
    """
    Detect the format of a file, also of one in an archive; else as ``registry.detected``.

    Raises: the same errors.
    """
    with located(path, None, None) as file:
        return detected(file)


def is_table(path: FilePath) -> bool:
    """Whether the format of a file may hold many reports; False if it cannot be opened."""
    try:
        return format_of(path).read_many is not None
    except UnreadableFile:
        return False


def rows_of(path: FilePath) -> Iterator[Item | Finding]:
    """
    Read the reports of a table one by one; a row that is no report gives a finding.

    Raises: UnreadableFile if it is no table or cannot be read; MissingLibrary.
    """
    with located(path, None, None) as file:
        own = detected(file)
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


def check_given(path: FilePath, year: Any, body: Any) -> None:
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


def read_located(file: Located, year: int | None, body: str | None) -> Reading:
    """
    Read the report in a file; else as ``read``.

    Raises: the same errors.
    """
    own = detected(file)
    LOGGER.debug("%r: format %s", file.name, own.suffixes)
    if own.read_document:
        return recognised(file, own.read_document(file.path), year, body)
    if own.read_report:
        return _reading(file, own.read_report(file.path), year, body)
    if own.members:
        return read_member(file, partial(_read_many, year=year, body=body))
    readings = _read_many(file, year, body)
    faults = [finding for finding in readings.findings if finding.level == "error"]
    if faults:
        raise UnreadableFile(file.name, faults[0].label)
    if len(readings) != 1:
        name = "several_reports" if readings else "no_rows"
        raise unreadable(file.name, name, count=len(readings))
    return attrs.evolve(readings[0], findings=(*readings.findings, *readings[0].findings))


def recognised(file: Located, document: Document, year: int | None, body: str | None) -> Reading:
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


def _read_many(file: Located, year: int | None, body: str | None) -> Readings:
    own = detected(file)
    if own.members:
        return read_members(file, partial(_read_many, year=year, body=body))
    if not own.read_many:
        return Readings((read_located(file, year, body),))
    rows = tuple(own.read_many(file.path))
    LOGGER.debug("%r: format %s, %d rows", file.name, own.suffixes, len(rows))
    return Readings(
        tuple(_reading(file, row, year, body) for row in rows if not isinstance(row, Finding)),
        tuple(row for row in rows if isinstance(row, Finding)),
    )


def _reading(
    file: Located, item: Item, year: int | None = None, body: str | None = None
) -> Reading:
    with LOCK:
        from govinfo_schema.documents.recognise import Reading  # noqa: PLC0415 (only for those who read)
        from govinfo_schema.documents.recognise.particulars import stated_otherwise  # noqa: PLC0415 (as well)

    report, origin = taken_apart(item)
    findings = tuple(stated_otherwise(report, year, body))
    return Reading(report=report, sources={}, findings=findings, file=origin or file.name)
