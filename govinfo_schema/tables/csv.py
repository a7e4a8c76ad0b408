"""
CSV, in two shapes: *wide*, one row a report and one column a cell id, and *tidy*
(``reports.tidy.csv``), one line a figure.

A spreadsheet runs what begins like a formula: such a text is written behind an apostrophe, which
reading takes off again. What a spreadsheet has opened and saved is read as well: its encodings,
delimiters, dates and numbers.

Beside a file a Data Package descriptor is written (``reports.datapackage.json``) that says what
each column is.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from itertools import chain, islice, repeat
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, Final

import attrs

from govinfo_schema.data.once import LOCK, once
from govinfo_schema.documents.formats import DESCRIPTOR, HEAD, content, opened, placed, unreadable
from govinfo_schema.documents.formats.amending import Edit, edited, misplaced
from govinfo_schema.documents.formats.encodings import MARKS
from govinfo_schema.documents.formats.format import Amendment, FilePath, Format
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.form.forms import SHAPE, form, forms
from govinfo_schema.form.parts import EDITIONS, Cell
from govinfo_schema.form.units import converted, scale_signs, units_in
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.conformance import quoted
from govinfo_schema.report.record import (
    FIELDS,
    Column,
    RowReader,
    Type,
    from_record,
    to_record,
    typed,
    types,
)
from govinfo_schema.report.values import MAX_BYTES
from govinfo_schema.tables.rows import (
    FILE,
    Item,
    Rows,
    absent,
    all_cells,
    check_names,
    extra,
    faulty,
    reader_of,
    stored_columns,
    stored_row,
    stored_types,
    taken_apart,
    with_absent,
    with_file,
)

TIDY: Final[Mapping[str, Type]] = {
    "report": "whole",
    FILE: "text",
    "body": "text",
    "year": "whole",
    "edition": "text",
    "cell": "text",
    "zh": "text",
    "en": "text",
    "unit": "text",
    "value": "amount",
}
"""The columns of the tidy shape; *report* counts the reports of a file."""
CODES: Final = ("edition", "body.division_code", "body.social_credit_code")
"""The texts that are made of digits, so that other programs may take them for numbers."""
MAX_RECORD: Final = 2 * MAX_BYTES
"""No report has more characters as a record: those of its JSON, the quotes doubled."""
_TIDY_NEEDS: Final = frozenset(("cell", "value"))
_SPOILT: Final = "govinfo_schema.spoilt"
_SPOILT_SIGN: Final = "\udcff"
"""What bytes become that cannot be decoded: half a character, which no report may hold."""
codecs.register_error(_SPOILT, lambda error: (_SPOILT_SIGN, getattr(error, "end", 0)))
END: Final = "\r\n"
"""What ends a line that is written."""
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""How a text begins that a spreadsheet would run; one with an apostrophe gets a second one."""


def detect(head: bytes) -> bool:
    """Tell by the names in the first line whether it is a table of reports."""
    if b"edition" not in head.replace(b"\0", b""):
        return False
    lines = head.decode(_marked(head) or "utf-8", errors="replace").splitlines(keepends=True)
    delimiter, _, line = _first(iter(lines))
    try:
        names = set(_names(next(csv.reader([line], delimiter=delimiter), [])))
    except csv.Error:
        return False
    return "edition" in names and ("applications.received.total" in names or is_tidy(names))


def read_many(path: FilePath) -> Iterator[Item | Finding]:
    """
    Read the reports of a table, wide or tidy, as it was written here or as a spreadsheet saved it.

    The order of the columns does not matter; those that the form does not have are named in one
    finding and passed over. Figures without a column, or without a line of a tidy table, are blank
    and named; an amount is converted from the unit that its line names. A row that is no report
    gives a finding with its line; an empty row is none.
    Raises: UnreadableFile where the file cannot be read, or its first line does not name the
    columns.
    """
    with _table(path) as (names, records, kinds):
        tidy = is_tidy(names)
        yield from extra(names, TIDY if tidy else stored_types())
        yield from (
            tidy_reports(names, records, kinds)
            if tidy
            else with_absent(names, _wide_reports(path, names, records, kinds))
        )


def read_columns(path: FilePath, size: int, wanted: Collection[str]) -> Iterator[Rows] | None:
    """
    Read the *wanted* columns of a wide table, *size* rows at a time; None for a tidy one.

    Raises: as ``read_many``.
    """
    with _table(path) as (names, _, _):
        return None if is_tidy(names) else _wide_columns(path, size, wanted)


@contextmanager
def _table(
    path: FilePath,
) -> Iterator[tuple[list[str], Iterator[tuple[int, list[str] | Label]], Kinds]]:
    """
    Open a table, and give the names of its columns, its records, and how their values are read.

    Raises: UnreadableFile.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD))
    with (
        opened(path) as raw,
        io.TextIOWrapper(raw, encoding=_encoding(path), errors=_SPOILT, newline="") as file,
    ):
        lines = iter(partial(file.readline, MAX_RECORD), "")
        delimiter, start, first = _first(lines)
        records = _records(chain([first] if first else [], lines), delimiter, start)
        _, header = next(records, (1, []))
        if isinstance(header, Label):
            raise unreadable(path, "bad_table", problem=header)
        names = _names(header)
        if not any(names):
            raise unreadable(path, "empty_document")
        if "edition" not in names:
            raise unreadable(path, "no_edition")
        yield names, records, Kinds(grouped=delimiter != ";")


def write_many(reports: Iterable[Item], path: FilePath) -> None:
    """
    Write reports as they come, tidy where the name ends in ``.tidy.csv``, else wide; and the Data
    Package descriptor beside them.

    Raises: UnreadableFile if the path cannot be written.
    """
    tidy = os.fspath(path).lower().endswith(FORMAT.variants)
    with placed(path) as beside:
        with beside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator=END)
            writer.writerow(TIDY if tidy else stored_types())
            for number, report in enumerate(reports, 1):
                writer.writerows(_tidy_rows(number, report) if tidy else [_wide_row(report)])
        beside.with_suffix(DESCRIPTOR).write_bytes(_descriptor(beside, tidy=tidy))


def is_tidy(names: Collection[str]) -> bool:
    """Whether a table with these columns has one line a figure."""
    return _TIDY_NEEDS.issubset(names)


# ---- lines and records --------------------------------------------------------------------------


def _marked(head: bytes) -> str | None:
    """
    Tell the encoding that the first bytes give away: a mark, or the zeros of UTF-16; None where
    they do not.
    """
    if marked := next((name for mark, name, _ in MARKS if head.startswith(mark)), None):
        return marked
    first = head.partition(b"\n")[0]
    if b"\0" not in first:
        return None
    return "utf-16-le" if first[1::2].count(0) > first[::2].count(0) else "utf-16-be"


def _encoding(path: FilePath) -> str:
    """Tell the encoding of a file."""
    with opened(path) as file:
        return _encoding_of(file, content(path, HEAD))


def _encoding_of(file: BinaryIO, head: bytes) -> str:
    """
    Tell the encoding of a file: the one it is marked with, else UTF-8, else GB18030 where most of
    what is not ASCII is no UTF-8.
    """
    if marked := _marked(head):
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")(_SPOILT)
    spoilt = sound = 0
    for chunk in iter(lambda: file.read(1 << 20), b""):
        text = decoder.decode(chunk)
        spoilt += text.count(_SPOILT_SIGN)
        # A character that is not ASCII has more than one byte.
        sound += len(chunk) - len(text)
    return "gb18030" if spoilt > sound else "utf-8"


def _first(lines: Iterator[str]) -> tuple[str, int, str]:
    """
    Give the delimiter, and the number and the text of the first line that is not empty and no
    ``sep=`` of a spreadsheet.
    """
    for number, line in enumerate(lines, 1):
        plain = line.strip(" \r\n\ufeff")
        if plain.strip(",;\t") and not plain.lower().startswith("sep="):
            counts = {
                delimiter: len(re.findall(f'(?:^|{delimiter})"?edition"?(?={delimiter}|$)', plain))
                for delimiter in ",;\t"
            }
            return max(counts, key=counts.__getitem__), number, line.removeprefix("\ufeff")
    return ",", 1, ""


def _records(
    lines: Iterable[str], delimiter: str, start: int
) -> Iterator[tuple[int, list[str] | Label]]:
    """
    Give each record with the number of the line that it begins at.

    Where quotes do not match, the record is what is wrong with it, and reading goes on in the line
    after that it began at.
    """
    waiting, again, taken = iter(lines), deque[str](), list[str]()

    def fed() -> Iterator[str]:
        length = 0
        while line := again.popleft() if again else next(waiting, ""):
            length = length + len(line) if taken else len(line)
            taken.append(line)
            if length >= MAX_RECORD:
                raise csv.Error(f"a record of more than {MAX_RECORD:,} characters")
            yield line

    while True:
        try:
            for row in csv.reader(fed(), delimiter=delimiter, strict=True):
                yield start, row
                start += len(taken)
                taken.clear()
        except csv.Error as error:
            yield start, spoken("bad_quotes", problem=error)
            again.extendleft(reversed(taken[1:]))
            start += 1
            taken.clear()
        else:
            return


def _names(header: Iterable[str]) -> list[str]:
    return [name.strip().lstrip("'") for name in header]


# ---- wide ---------------------------------------------------------------------------------------


def _wide_row(report: Item) -> list[str]:
    return list(map(value_text, stored_row(report), stored_types().values()))


def _wide_reports(
    path: FilePath,
    names: Sequence[str],
    records: Iterator[tuple[int, list[str] | Label]],
    kinds: Kinds,
) -> Iterator[Item | Finding]:
    reader, rows = _wide_rows(path, names, records, kinds, stored_types())
    file_at = reader.names.index(FILE) if FILE in reader.names else None
    for number, (line, values) in enumerate(rows, 1):
        if isinstance(values, Label):
            yield faulty(number, values, line)
            continue
        try:
            report = reader.report(values)
            yield report if file_at is None else with_file(report, values[file_at])
        except InvalidReport as error:
            yield faulty(number, error.findings, line)


def _wide_columns(path: FilePath, size: int, wanted: Collection[str]) -> Iterator[Rows]:
    with _table(path) as (names, records, kinds):
        reader, waiting = _wide_rows(path, names, records, kinds, wanted)
        blank = [None] * len(reader.names)
        number = 0
        while some := list(islice(waiting, size)):
            faults = {
                at: faulty(number + at + 1, values, line)
                for at, (line, values) in enumerate(some)
                if isinstance(values, Label)
            }
            rows = (blank if at in faults else values for at, (_, values) in enumerate(some))
            columns = dict(zip(reader.names, zip(*rows, strict=True), strict=True))
            lines = [line for line, _ in some]
            yield Rows(len(some), tuple(names), columns, faults, lines)
            number += len(some)


def _wide_rows(
    path: FilePath,
    names: Sequence[str],
    records: Iterable[tuple[int, list[str] | Label]],
    kinds: Kinds,
    wanted: Collection[str],
) -> tuple[RowReader, Iterator[tuple[int, list[Any] | Label]]]:
    """
    Give the reader of the rows of a wide table, and each row that is not empty with its line: the
    values of the *wanted* columns in the order of the reader, or what is wrong with it.

    Raises: UnreadableFile.
    """
    kinds_of = stored_types()
    known = [(at, name, kinds_of[name]) for at, name in enumerate(names) if name in kinds_of]
    check_names(path, [name for _, name, _ in known])
    known = [(at, name, kind) for at, name, kind in known if name in wanted]
    figures = [at for at, _, kind in known if kind == "whole"]
    others = [(at, kinds.of(name, kind)) for at, name, kind in known if kind != "whole"]
    reader = reader_of(
        path, [names[at] for at in (*(at for at, _ in others), *figures)], plain=True
    )
    numbers = _Numbers(kinds)
    # The first field is taken twice, so that it always gives several.
    pick = itemgetter(0, 0, *figures)

    def read() -> Iterator[tuple[int, list[Any] | Label]]:
        for line, row in records:
            if isinstance(row, Label):
                yield line, row
                continue
            if _is_empty(row):
                continue
            if problem := _surplus(names, row):
                yield line, problem
                continue
            texts = row if len(row) >= len(names) else [*row, *repeat("", len(names) - len(row))]
            values = [read(texts[at]) for at, read in others]
            values += map(numbers.__getitem__, pick(texts)[2:])
            if len(row) < len(names) and _lacks_own(reader, values, names[len(row) :]):
                yield line, spoken("too_few_fields", count=len(row), columns=len(names))
            else:
                yield line, values

    return reader, read()


class _Numbers(dict[str, Any]):
    """What whole numbers mean, by their text."""

    def __init__(self, kinds: Kinds) -> None:
        super().__init__(_SMALL)
        self._kinds = kinds

    def __missing__(self, text: str) -> Any:
        """Read a text, and keep what it means unless there are very many."""
        value = self._kinds.whole(text)
        if len(self) < _DISTINCT:
            self[text] = value
        return value


def _lacks_own(reader: RowReader, values: Sequence[Any], lacking: Sequence[str]) -> bool:
    """Whether a row lacks columns of its form; not where nothing tells which form that is."""
    try:
        return not reader.plan(values).own.isdisjoint(lacking)
    except InvalidReport:
        return False


def _is_empty(row: Sequence[str]) -> bool:
    return not "".join(row).strip()


def _surplus(names: Sequence[str], row: Sequence[str]) -> Label | None:
    """Say of a row that it has a value where no column has a name."""
    if len(row) <= len(names) and "" not in names:
        return None
    at = next(
        (at for at, text in enumerate(row) if text.strip() and (at >= len(names) or not names[at])),
        None,
    )
    return None if at is None else spoken("too_many_fields", field=at + 1, text=quoted(row[at]))


# ---- tidy ---------------------------------------------------------------------------------------


def _tidy_rows(number: int, item: Item) -> Iterator[list[str]]:
    report, file = taken_apart(item)
    record = to_record(report)
    texts = (value_text(file, "text"), value_text(report.body.name, "text"))
    head = [str(number), *texts, str(report.year), report.edition]
    for cell in form_of(report).cells.values():
        unit = record[cell.column.unit_field.id] or "" if cell.column.unit_field else cell.unit
        yield [
            *head,
            cell.id,
            value_text(cell.zh, "text"),
            value_text(cell.en, "text"),
            unit,
            value_text(record[cell.id], "amount"),
        ]


@attrs.define
class _Group:
    """
    The lines of one report of a tidy table, each its number and its fields; *problem*: a line of it
    that cannot be read.
    """

    key: tuple[str, ...]
    lines: list[tuple[int, Sequence[str]]] = attrs.field(factory=list)
    problem: tuple[int, Label] | None = None


def tidy_reports(
    names: Sequence[str], records: Iterator[tuple[int, list[str] | Label]], kinds: Kinds
) -> Iterator[Item | Finding]:
    """
    Make reports of the lines of a tidy table, each its number and its fields, or what is wrong with
    it; lines that make no report give a finding.
    """
    at = {name: names.index(name) if name in names else len(names) for name in TIDY}
    seen = set[tuple[str, ...]]()
    for number, group in enumerate(_groups(names, at, records), 1):
        first = group.lines[0][0] if group.lines else 0
        if group.problem:
            line, problem = group.problem
            yield faulty(number, problem, line, kinds.place(line))
        elif group.key in seen:
            yield faulty(number, spoken("torn_report"), first, kinds.place(first))
        else:
            try:
                doubts: list[Finding] = []
                report = from_record(_tidy_record(group, at, kinds, doubts))
            except InvalidReport as error:
                cells = error.findings[0].cells
                line = next(
                    (line for line, row in reversed(group.lines) if row[at["cell"]] in cells), first
                )
                yield faulty(number, error.findings, line, kinds.place(line))
            else:
                yield with_file(report, kinds.text(group.key[1]))
                yield from doubts
                known = {row[at["cell"]] for _, row in group.lines}
                place = kinds.place(first, "report")
                yield from absent(form_of(report).cells, known, place)
        seen.add(group.key)


def _groups(
    names: Sequence[str], at: Mapping[str, int], records: Iterator[tuple[int, list[str] | Label]]
) -> Iterator[_Group]:
    """
    Gather the lines of each report. A line that cannot be read may be of the report before it and
    of the one behind it.
    """
    key_of = itemgetter(*(at[name] for name in ("report", FILE, "body", "year", "edition")))
    widest = max(at.values())
    group: _Group | None = None
    last: tuple[int, Label] | None = None
    for line, row in records:
        if not isinstance(row, Label) and _is_empty(row):
            continue
        problem = row if isinstance(row, Label) else _torn(names, row)
        if problem or isinstance(row, Label):
            last = (line, problem or spoken("torn_report"))
            if group:
                group.problem = group.problem or last
            continue
        # What the table has no column for is found behind its last.
        if len(row) <= widest:
            row.extend([""] * (widest + 1 - len(row)))
        key = key_of(row)
        if group and key != group.key and _is_of(group, key, row[at["cell"]], at["cell"]):
            group.key, group.problem = key, group.problem or (line, spoken("torn_head"))
        if group is None or key != group.key:
            if group:
                yield group
            group = _Group(key, problem=last)
        group.lines.append((line, row))
        last = None
    if group or last:
        yield group or _Group((), problem=last)


def _is_of(group: _Group, key: tuple[str, ...], cell: str, at: int) -> bool:
    """
    Tell whether a line with another body, year or edition is of the same report: by its number, and
    a cell that was not yet there.
    """
    return (
        bool(key[0]) and key[0] == group.key[0] and all(row[at] != cell for _, row in group.lines)
    )


def _torn(names: Sequence[str], row: Sequence[str]) -> Label | None:
    """
    Say of a line that it has a field too many or too few; spreadsheets leave a blank value at the
    end away.
    """
    if len(row) < len(names) and names[len(row) :] != ["value"]:
        return spoken("too_few_fields", count=len(row), columns=len(names))
    return _surplus(names, row)


def _tidy_record(
    group: _Group, at: Mapping[str, int], kinds: Kinds, doubts: list[Finding]
) -> dict[str, Any]:
    """
    Make a flat record of the lines of one report; what their units say goes to *doubts*.

    Raises: InvalidReport, which names every cell that stands in two of them.
    """
    _, _, body, year, name = group.key
    record: dict[str, Any] = {
        "edition": kinds.code(name),
        "year": kinds.whole(year),
        "body.name": kinds.text(body),
    }
    kind_of, units, cells = _cell_types(), _cell_units(), all_cells()
    fields = itemgetter(at["cell"], at["value"], at["unit"])
    twice = dict[str, None]()
    for line, (cell, text, unit) in ((line, fields(row)) for line, row in group.lines):
        if cell in record:
            twice[cell] = None
        kind = kind_of.get(cell)
        record[cell] = (
            _SMALL[text] if kind and text in _SMALL else kinds.of(cell, kind or "text")(text)
        )
        if unit and cell in units:
            record[units[cell]] = unit
        elif unit and cell in cells and unit != cells[cell].unit:
            record[cell], doubt = _in_unit(cells[cell], record[cell], unit, kinds.place(line))
            doubts += [doubt] if doubt else []
    if twice:
        raise InvalidReport([_twice(cell) for cell in twice])
    name = record["edition"]
    record[SHAPE] = name in EDITIONS and any(cell in record for cell in form(name).whole.values())
    return record


def _in_unit(cell: Cell, value: Any, printed: str, place: Label) -> tuple[Any, Finding | None]:
    """Convert a figure that a line gives in another unit; one that cannot be converted is blank."""
    units = units_in(printed)
    scaled = cell.kind == "amount" or units or set(printed) & set(scale_signs())
    if not value or isinstance(value, str) or not scaled or units == {cell.unit}:
        return value, None
    amount = None
    if cell.kind == "amount" and len(units) == 1:
        amount = converted(Decimal(value), next(iter(units)), cell.unit)
    finding = Finding(
        code="R-UNIT" if amount is None else "R-SCALED",
        level="warning" if amount is None else "info",
        cells=(cell.id,),
        operands={
            "names": Label(f"{place.zh}“{cell.zh}”", f"{place.en}: “{cell.en}”"),
            "more": Label("", ""),
            "text": f"{value}（{printed}）",
            "unit": cell.unit,
            "value": amount,
        },
    )
    return amount, finding


def _twice(cell: str) -> Finding:
    operands = {"key": quoted(cell).en, "named": quoted(cell)}
    return Finding(code="T-DUPLICATE", level="error", cells=(cell,), operands=operands)


@once
def _cell_types() -> Mapping[str, Type]:
    """Give the types of the cells; a tidy table has no other fields."""
    cells = ("whole", "amount")
    return {name: kind for name, kind in types().items() if kind in cells and name not in FIELDS}


@once
def _cell_units() -> Mapping[str, str]:
    """Give the field for the unit of each cell that has one."""
    return {
        cell.id: cell.column.unit_field.id
        for of in forms()
        for cell in of.cells.values()
        if cell.column.unit_field
    }


# ---- values -------------------------------------------------------------------------------------

_SMALL: Final[Mapping[str, int | None]] = {"": None} | {
    str(number): number for number in range(1000)
}
"""What nearly all figures are."""
_DISTINCT: Final = 20_000
"""So many different texts of numbers are remembered."""
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width signs, such as １, to those that they stand for."""
_FORMULA: Final = re.compile(r'="((?:[^"]|"")*)"')
_GROUPED: Final = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_WHOLE: Final = re.compile(r"(-?[0-9]{1,15})\.0*")
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 0?0:00(?::00)?)?")


@attrs.frozen
class Kinds:
    """
    How the values of each type are read, also as a spreadsheet writes them: ``3,525``,
    ``350128.0``, ``2025/1/6``, ``="012"``.

    What may have lost digits (``1.23457E+11``) or can be read in two ways stays text, for the
    schema to refuse. *grouped*: whether a comma in an amount can only be one between thousands; in
    a file with semicolons it may be that of the decimals. *is_file*: whether the values stand in
    the lines of a file; what stands in the rows of a frame has no apostrophes before its texts.
    """

    grouped: bool
    is_file: bool = True

    def place(self, number: int, what: str = "line") -> Label:
        """Name a line of a file, or a row of a frame, or the report that begins there."""
        name = what if self.is_file else f"{what}.frame"
        return spoken(f"place.{name}", line=number)

    def of(self, name: str, kind: Type) -> Callable[[str], Any]:
        """Give the function that reads the values of a column."""
        if name in CODES:
            return self.code
        return {
            "text": self.text,
            "whole": self.whole,
            "amount": self.amount,
            "date": self.day,
            "flag": self.flag,
        }[kind]

    def text(self, text: str) -> str | None:
        """
        Read a text; an apostrophe before it, or a formula around it, only says that it is one.
        """
        if not self.is_file:
            return text or None
        if text.startswith("'"):
            return text[1:]
        formula = _FORMULA.fullmatch(text) if text.startswith("=") else None
        return formula[1].replace('""', '"') if formula else text or None

    def code(self, text: str) -> str | None:
        """Read a code of digits, which a spreadsheet may have taken for a number."""
        plain = self.plain(text)
        return _WHOLE.sub(r"\1", plain) if _WHOLE.fullmatch(plain) else plain or None

    def whole(self, text: str) -> Any:
        """Read a whole number."""
        if text.isdigit() and text.isascii() and len(text) < 16:
            return int(text)
        plain = self.plain(text)
        plain = plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
        return self._typed(
            text, _WHOLE.sub(r"\1", plain) if _WHOLE.fullmatch(plain) else plain, "whole"
        )

    def amount(self, text: str) -> Any:
        """Read an amount."""
        plain = self.plain(text)
        return self._typed(
            text,
            plain.replace(",", "") if self.grouped and _GROUPED.fullmatch(plain) else plain,
            "amount",
        )

    def day(self, text: str) -> str | None:
        """Read a date, written in the order year, month, day."""
        plain = self.plain(text)
        day = _DAY.fullmatch(plain)
        return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}" if day else plain or None

    def flag(self, text: str) -> Any:
        """Read true or false."""
        return typed(self.plain(text), "flag")

    def plain(self, text: str) -> str:
        """
        Give a value that is no text without what a spreadsheet or an input method puts around it.
        """
        if not text or (text.isalnum() and text.isascii()):
            return text
        return (self.text(text.strip()) or "").translate(_WIDE).strip()

    def _typed(self, text: str, plain: str, kind: Type) -> Any:
        value = typed(plain, kind)
        return text if isinstance(value, str) else value


# ---- writing ------------------------------------------------------------------------------------


def value_text(value: Any, kind: Type) -> str:
    """
    Write a value; a text that a spreadsheet would run, or that is empty, stands behind an
    apostrophe.
    """
    if value is None:
        return ""
    if kind == "flag":
        return str(value).lower()
    if kind == "text":
        return f"'{value}" if not value or value.startswith(RISKY) else str(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


_TYPES: Final[Mapping[Type, str]] = {
    "text": "string",
    "whole": "integer",
    "amount": "number",
    "date": "date",
    "flag": "boolean",
}
"""The types of columns as a Data Package names them."""


def _descriptor(path: Path, *, tidy: bool) -> bytes:
    """
    Write the Data Package descriptor of a file: every column with its type, its labels and its
    unit.
    """
    told = (
        [Column(name, spoken(f"column.{name}"), "", kind) for name, kind in TIDY.items()]
        if tidy
        else stored_columns()
    )
    fields = [_field(column, tidy=tidy) for column in told]
    name = (
        "".join(
            sign if sign.isascii() and sign.isalnum() else "-" for sign in path.stem.lower()
        ).strip("-")
        or "reports"
    )
    resource = {
        "name": name,
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": END,
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": {"fields": fields, "missingValues": [""]},
    }
    title = spoken("package.title")
    package = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title.zh,
        "description": title.en,
        "resources": [resource],
    }
    return json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n"


def _field(column: Column, *, tidy: bool) -> dict[str, Any]:
    kind = _TYPES[column.type]
    labels = {"title": column.label.zh, "description": column.label.en}
    made: dict[str, Any] = {"name": column.name, "type": kind, **labels}
    if column.unit:
        made["unit"] = column.unit
    if kind in ("integer", "number") and not column.signed and not tidy:
        made["constraints"] = {"minimum": 0}
    return made


# ---- changing in place --------------------------------------------------------------------------


def mend(data: bytes, amendments: Sequence[Amendment]) -> bytes:
    """
    Give the bytes of the same table of one report with these figures changed; its encoding, its
    delimiters, its quotes and the order of its columns stay.

    Raises: UnreadableFile where a figure does not stand at its place.
    """
    with LOCK:
        from govinfo_schema.documents.mending import restated  # noqa: PLC0415 (only for those who mend)

    encoding = _encoding_of(io.BytesIO(data), data[:HEAD])
    mark = next(
        (mark for mark, name, _ in MARKS if name == encoding and data.startswith(mark)), b""
    )
    plain = next((plain for own, _, plain in MARKS if own == mark), encoding)
    text = data[len(mark) :].decode(plain, "surrogateescape")
    places = _fields_of(text)
    changes = []
    for each in amendments:
        place = places.get(each.place.locator)
        if place is None:
            raise misplaced(each.place.locator)
        begin, end = place
        cell = all_cells()[each.place.locator]
        own = text[begin:end].removeprefix('"').removesuffix('"')
        kinds = Kinds(grouped=True)
        before = kinds.of(cell.id, _cell_types()[cell.id])(own)
        after = Decimal(each.text) if each.text else None
        new = restated(own, cell, before, after)
        quoted = text[begin:end].startswith('"') or "," in new
        changes.append(Edit(begin, end, f'"{new}"' if quoted else new))
    return mark + edited(text, changes).encode(plain, "surrogateescape")


_FIELD: Final = r'(?:"(?:[^"]|"")*"|[^{}\r\n]*)'


def _fields_of(text: str) -> dict[str, tuple[int, int]]:
    r"""
    Say where the value of each cell stands in a table of one report.

    >>> _fields_of("edition,disputes.reconsideration.upheld\r\n2021,12\r\n")
    {'edition': (41, 45), 'disputes.reconsideration.upheld': (46, 48)}
    """
    delimiter, _, _ = _first(iter(io.StringIO(text, newline="")))
    records = [each for each in _places(text, delimiter) if any(begin < end for begin, end in each)]
    texts = [[text[begin:end] for begin, end in record] for record in records]
    while texts and texts[0][0].lower().lstrip("\ufeff").startswith("sep="):
        records, texts = records[1:], texts[1:]
    if len(records) < 2:
        return {}
    names = _names(
        next(csv.reader([delimiter.join(texts[0]).lstrip("\ufeff")], delimiter=delimiter))
    )
    if not is_tidy(names):
        return dict(zip(names, records[1], strict=False))
    cell, value = names.index("cell"), names.index("value")
    return {
        own[cell].strip('"'): record[value]
        for own, record in zip(texts[1:], records[1:], strict=True)
        if len(record) > max(cell, value)
    }


def _places(text: str, delimiter: str) -> Iterator[list[tuple[int, int]]]:
    """Say where the fields of each record begin and end, their quotes included."""
    field = re.compile(_FIELD.replace("{}", delimiter))
    record: list[tuple[int, int]] = []
    at = 0
    while match := field.match(text, at):
        record.append(match.span())
        at = match.end()
        if text[at : at + 1] != delimiter:
            yield record
            record = []
            end = re.compile(r"\r\n|\r|\n").match(text, at)
            if end is None:
                return
            at = end.end() - 1
        at += 1


FORMAT = Format(
    suffixes=(".csv",),
    place=1,
    variants=(".tidy.csv",),
    detect=detect,
    claim=1,
    read_many=read_many,
    read_columns=read_columns,
    write_many=write_many,
    mend=mend,
)
