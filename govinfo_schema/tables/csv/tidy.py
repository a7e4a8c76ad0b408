"""
The tidy shape: one line a figure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Any, Final

import attrs

from govinfo_schema.data.once import once
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.form.forms import SHAPE, form, forms
from govinfo_schema.form.parts import EDITIONS, Cell
from govinfo_schema.form.units import converted, scale_signs, units_in
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.conformance import quoted
from govinfo_schema.report.record import FIELDS, Type, from_record, to_record, types
from govinfo_schema.tables.csv.kinds import SMALL, Kinds, value_text
from govinfo_schema.tables.csv.records import is_empty, surplus
from govinfo_schema.tables.rows import FILE, Item, absent, all_cells, faulty, taken_apart, with_file

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
_TIDY_NEEDS: Final = frozenset(("cell", "value"))


def is_tidy(names: Collection[str]) -> bool:
    """Whether a table with these columns has one line a figure."""
    return _TIDY_NEEDS.issubset(names)


def tidy_rows(number: int, item: Item) -> Iterator[list[str]]:
    """Give the lines of the report that has this number in its file."""
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
        if not isinstance(row, Label) and is_empty(row):
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
    return surplus(names, row)


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
    kind_of, units, cells = cell_types(), _cell_units(), all_cells()
    fields = itemgetter(at["cell"], at["value"], at["unit"])
    twice = dict[str, None]()
    for line, (cell, text, unit) in ((line, fields(row)) for line, row in group.lines):
        if cell in record:
            twice[cell] = None
        kind = kind_of.get(cell)
        record[cell] = (
            SMALL[text] if kind and text in SMALL else kinds.of(cell, kind or "text")(text)
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
def cell_types() -> Mapping[str, Type]:
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
