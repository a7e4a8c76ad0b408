"""
What the tables share: rows become reports, a faulty row becomes a finding and the others are read;
a column says which file a report was read from; and how a table is written into a database that is
there already.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import LOCK, once
from govinfo_schema.documents.formats import content, placed, resolved, unreadable
from govinfo_schema.documents.formats.format import FilePath, IfExists
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.form.forms import Form, forms
from govinfo_schema.form.parts import Cell
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report import conformance
from govinfo_schema.report.access import closest, form_of
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import Column, RowReader, Type, columns, to_row

if TYPE_CHECKING:
    from govinfo_schema.documents.recognise.reading import Reading

Item: TypeAlias = "Report | Reading"
"""What a table is given and gives: a report, or a reading, which knows its file."""
FILE: Final = "file"
"""The column that holds the file that a report was read from."""
TABLE = "reports"
"""The table of a database that holds the reports."""
HEAD = 100
"""So many bytes tell a database from other files."""
DOT: Final = "__"
"""What stands for a dot in the names of columns that an engine takes without dots."""
SHOWN = 10
"""So many faults of a row, and columns of a table, are named in a sentence."""


# ---- columns ------------------------------------------------------------------------------------


@once
def all_cells() -> Mapping[str, Cell]:
    """Return the cells of all editions by id."""
    return {cell.id: cell for each in forms() for cell in each.cells.values()}


@once
def stored_columns() -> tuple[Column, ...]:
    """Return the columns of a table in order: the file of a report, then those of its record."""
    return (Column(FILE, spoken("column.file"), "", "text"), *columns())


@once
def stored_types() -> Mapping[str, Type]:
    """Give the type of each column of a table by its name, in order."""
    return {column.name: column.type for column in stored_columns()}


def taken_apart(item: Any) -> tuple[Any, str | None]:
    """
    Return the report of a report or a reading, and the file that it was read from, None if that is
    not known.
    """
    return getattr(item, "report", item), getattr(item, "file", None) or None


def with_file(report: Report, file: str | None) -> Item:
    """Return a report that a table says the file of as a reading, any other as it is."""
    if not file:
        return report
    with LOCK:
        from govinfo_schema.documents.recognise.reading import Reading  # noqa: PLC0415 (only for tables that name files)
    return Reading(report=report, sources={}, findings=(), file=str(file))


def stored_row(item: Item) -> tuple[Any, ...]:
    """Return the values of a report or a reading in the order of the columns of a table."""
    report, file = taken_apart(item)
    return (file, *to_row(report))


# ---- reading ------------------------------------------------------------------------------------


@attrs.frozen
class Rows:
    """
    Some rows of a table, column by column: *count* rows, and the *names* of all columns of the
    table.

    *columns*: Arrow record batches, or by the name of each column that was asked for its values.
    *faults*: what is wrong with rows that cannot be read, by their places; their values are None.
    *lines*: the line of the file that each row begins at, if it has lines.
    """

    count: int
    names: tuple[str, ...]
    columns: Any
    faults: Mapping[int, Finding] = attrs.field(factory=dict)
    lines: Sequence[int] | None = None


def rows_together(
    names: Sequence[str], rows: Iterable[Sequence[Any]], own: Sequence[str], size: int
) -> Iterator[Rows]:
    """Put *size* rows at a time together, which have a value for each of their *own* columns."""
    waiting = iter(rows)
    while some := list(islice(waiting, size)):
        columns = dict(zip(own, zip(*some, strict=True), strict=True))
        yield Rows(len(some), tuple(names), columns)


def batches_together(names: Sequence[str], batches: Iterable[Any], size: int) -> Iterator[Rows]:
    """
    Put Arrow record batches together, until they have *size* rows.

    If reading fails, what was read before is given first.
    """
    waiting, some, count = iter(batches), list[Any](), 0
    failure: Exception | None = None
    while failure is None:
        try:
            batch = next(waiting, None)
        except Exception as error:  # noqa: BLE001 (raised again below)
            failure = error
            break
        if batch is None:
            break
        some.append(batch)
        count += batch.num_rows
        if count >= size:
            yield Rows(count, tuple(names), some)
            some, count = [], 0
    if count:
        yield Rows(count, tuple(names), some)
    if failure:
        raise failure


def dotted(name: str) -> str:
    """
    Return the name of a column of the form, in which dots may be written as ``__``; any other name
    as it is.

    >>> dotted("applications__received__total"), dotted("my__id")
    ('applications.received.total', 'my__id')
    """
    own = name.replace(DOT, ".")
    return own if own in stored_types() else name


def check_names(path: FilePath, names: Sequence[str]) -> None:
    """
    Make sure that a table has the column *edition*, and none twice.

    Raises: UnreadableFile.
    """
    if "edition" not in names:
        raise unreadable(path, "no_edition")
    twice = next((name for index, name in enumerate(names) if name in names[:index]), None)
    if twice is not None:
        raise unreadable(path, "column_twice", column=twice)


def reports_of(
    path: FilePath,
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    plain: bool = False,
) -> Iterator[Item | Finding]:
    """
    Make reports of rows that have a value for each name, readings where the rows name files; a row
    that is no report gives a finding.

    Raises: UnreadableFile where the names are not those of a table of reports.
    """
    reader = reader_of(path, names, plain=plain)
    return with_absent(names, read_rows(reader, rows))


def read_rows(reader: RowReader, rows: Iterable[Sequence[Any]]) -> Iterator[Item | Finding]:
    """Make the report of each row, a reading where it names a file, or a finding of its faults."""
    file_at = reader.names.index(FILE) if FILE in reader.names else None
    for number, row in enumerate(rows, 1):
        try:
            report = reader.report(row)
        except InvalidReport as error:
            yield faulty(number, error.findings)
        else:
            yield report if file_at is None else with_file(report, row[file_at])


def reader_of(path: FilePath, names: Sequence[str], *, plain: bool = False) -> RowReader:
    """
    Give the reader of the rows of a table; *plain*: whether its values are known to be of the types
    of ``RowReader.PLAIN``.

    Raises: UnreadableFile where the column *edition* is missing, or one stands twice.
    """
    check_names(path, names)
    return RowReader(names, plain=plain, beside=(FILE,))


def extra(names: Iterable[str], known: Collection[str]) -> Iterator[Finding]:
    """
    Name the columns that the form does not have, once: a warning where one looks like a name of the
    form.
    """
    unknown = [name for name in dict.fromkeys(names) if name and name not in known]
    if unknown:
        shown = unknown[:SHOWN]
        close = [near for name in shown if len(name) < 200 and (near := closest(name, known))]
        hint = spoken("hint", close=close[0]) if close else ""
        named = tuple(map(conformance.quoted, shown))
        columns = tuple(each.en for each in named)
        operands = {"columns": columns, "named": named, "count": len(unknown), "hint": hint}
        yield Finding(code="R-EXTRA", level="warning" if close else "info", operands=operands)


def with_absent(names: Sequence[str], rows: Iterable[Item | Finding]) -> Iterator[Item | Finding]:
    """
    Yield the rows of a table that were read, then one finding if columns of figures are missing.

    Only the figures count that the reports of the table have, by their editions.
    """
    shapes = dict[Form, None]()
    for row in rows:
        if not isinstance(row, Finding):
            shapes[form_of(taken_apart(row)[0])] = None
        yield row
    cells = (cell for shape in shapes for cell in shape.cells)
    yield from absent(cells, frozenset(names), spoken("place.table"))


def absent(cells: Iterable[str], known: AbstractSet[str], place: Label) -> Iterator[Finding]:
    """Name in one finding the figures that a table, or one report in it, has no place for."""
    lacking = tuple(dict.fromkeys(cell for cell in cells if cell not in known))
    if lacking:
        shown = lacking[:SHOWN]
        named = tuple(Label(f"“{all_cells()[cell].zh}”", cell) for cell in shown)
        operands = {"columns": shown, "named": named, "count": len(lacking), "place": place}
        yield Finding(code="R-ABSENT", level="warning", cells=lacking, operands=operands)


def faulty(
    number: int,
    faults: Sequence[Finding] | Label,
    line: int | None = None,
    place: Label | None = None,
) -> Finding:
    """
    Return the finding of a row that is no report: its number, its line where the file has lines,
    the cells of all its faults, and the sentences of the first ones.
    """
    if place is None:
        place = (
            spoken("place.row", number=number) if line is None else spoken("place.line", line=line)
        )
    cells: tuple[str, ...] = ()
    if isinstance(faults, Label):
        label = faults
    else:
        label = sentences(faults)
        cells = tuple(dict.fromkeys(cell for fault in faults for cell in fault.cells))
    operands = {"number": number, "line": line, "place": place, "fault": label}
    return Finding(code="R-RECORD", level="error", cells=cells, operands=operands)


@attrs.frozen
class Faults(Label):
    """The sentences about the faults of a row, and these."""

    faults: tuple[Finding, ...]


def faults_of(row: Finding) -> Sequence[Finding]:
    """Return the faults of a row that is no report; if nothing more is known, that it is none."""
    fault = row.operands["fault"]
    return fault.faults if is_a(fault, Faults) else (row,)


def sentences(faults: Sequence[Finding]) -> Faults:
    """Return the sentences of the first faults, and how many more there are."""
    first: list[Label] = [fault.label for fault in faults[:SHOWN]]
    if len(faults) > SHOWN:
        first.append(spoken("more_faults", count=len(faults) - SHOWN))
    zh, en = "".join(each.zh for each in first), " ".join(each.en for each in first)
    return Faults(zh, en, tuple(faults))


# ---- writing into a database --------------------------------------------------------------------


@contextmanager
def database(
    path: FilePath,
    detect: Callable[[bytes], bool],
    leftovers: Sequence[str],
    *,
    may_be_empty: bool = False,
) -> Iterator[tuple[Path, bool]]:
    """
    Give the path to write a database to, and whether it is a new one, which is put in its place
    when it is whole; one that is there by then stays.

    *leftovers* end the names of files that would be read as part of a database of that name.
    *may_be_empty*: whether an empty file is a database; otherwise it is replaced by one, unless
    somebody fills it meanwhile.
    Raises: UnreadableFile where the path cannot be written, or another file stands there, which is
    never touched, or what is left of another database.
    """
    if os.fspath(path) == "-" or not os.path.exists(path):  # noqa: PTH110 (it raises nothing for a name that cannot be)
        with placed(path, overwrite=False) as beside:
            _refuse_leftovers(path, leftovers)
            yield beside, True
        return
    head = content(path, HEAD)
    if not head and not may_be_empty:
        with placed(path) as beside:
            yield beside, True
            if content(path, HEAD):
                raise unreadable(path, "exists")
        return
    if head and not detect(head):
        raise unreadable(path, "no_database")
    yield resolved(path), False


def _refuse_leftovers(path: FilePath, leftovers: Sequence[str]) -> None:
    """
    Make sure that nothing is left beside a new database of one of the same name.

    Raises: UnreadableFile, which names the file that is left.
    """
    for leftover in (f"{resolved(path)}{ending}" for ending in leftovers):
        if os.path.lexists(leftover):
            raise unreadable(path, "leftover", leftover=leftover)


def prepared(
    base: Any,
    path: FilePath,
    if_exists: IfExists | None,
    columns: Mapping[str, str],
    existing: Mapping[str, str] | None,
) -> bool:
    """
    Make room for reports in a database, and tell whether their table has to be created: *columns*
    are its columns and their types, *existing* those that it has. A table that lacks only the
    column for the file gets it.

    Raises: UnreadableFile where the table is there and *if_exists* does not say what to do, or
    nothing can be added to it.
    """
    if existing is None:
        return True
    if if_exists not in ("append", "replace"):
        raise unreadable(path, "table_exists", table=TABLE)
    lacks_file = FILE not in existing
    misfit = next(
        (
            name
            for name, kind in columns.items()
            if existing.get(name, "").upper() != kind and not (name == FILE and lacks_file)
        ),
        None,
    )
    if if_exists == "append" and misfit is not None:
        name = "column_missing" if misfit not in existing else "column_type"
        problem = spoken(name, column=misfit, type=columns[misfit])
        raise unreadable(path, "table_misfit", table=TABLE, problem=problem)
    if if_exists == "append" and lacks_file:
        base.execute(f"ALTER TABLE main.{TABLE} ADD COLUMN {quoted(FILE)} {columns[FILE]}")
    recreate = if_exists == "replace" and (misfit is not None or existing.keys() != columns.keys())
    if if_exists == "replace":
        base.execute("DROP TABLE main.reports" if recreate else "DELETE FROM main.reports")
    return recreate


def quoted(name: str) -> str:
    """Write the name of a column for SQL; ours hold no quotes."""
    return f'"{name}"'
