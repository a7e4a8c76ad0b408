"""
A report as one flat record, for tables.

A record has a column for each cell id of all editions, and for each other field.

What one edition lacks is blank in its records. A record keeps everything:
``from_record(to_record(report)) == report``.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal

import attrs
import msgspec

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.form import ids
from govinfo_schema.form.forms import SHAPE, Form, form, forms
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS, Cell
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.conformance import quoted, with_id
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.json import _decode, from_dict, to_dict
from govinfo_schema.report.making import ENCODER
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import EXACT_DIGITS, MAX_COUNT, MAX_SIGNS

Type = Literal["text", "whole", "amount", "date", "flag"]

FIELDS: Mapping[str, Type] = {
    "edition": "text",
    SHAPE: "flag",
    "year": "whole",
    "body.name": "text",
    "body.level": "text",
    "body.kind": "text",
    "body.division_code": "text",
    "body.social_credit_code": "text",
    "title": "text",
    "published_on": "date",
    "scope.proactive": "text",
    "scope.applications": "text",
    "scope.disputes": "text",
    "overview": "text",
    "problems": "text",
    "other_matters.text": "text",
    "other_matters.processing_fee.status": "text",
    "other_matters.processing_fee.requests": "whole",
    "other_matters.processing_fee.amount": "amount",
    "notes": "text",
}
"""
The columns before the figures; *SHAPE* says whether （六）其他处理 is one row, *notes* are JSON
text.
"""


@attrs.frozen
class Column:
    """
    A column of a table of reports: name, label, unit and type.

    The name is a cell id or the path of a field; the unit is empty if there is none.
    """

    name: str
    label: Label
    unit: str
    type: Type
    signed: bool = False


@once
def columns() -> tuple[Column, ...]:
    """
    Return the columns in order.

    First the fields, then the figures of the edition in force as printed, then those that only
    other editions have.
    """
    current = edition(CURRENT)
    table_columns = [
        Column(
            name, _label(name), current.fields[name].unit if name in current.fields else "", kind
        )
        for name, kind in FIELDS.items()
    ]
    cells: dict[str, Cell] = {}
    for of in (*forms(CURRENT), *(form(name) for name in EDITIONS)):
        cells |= {cell: of.cells[cell] for cell in of.cells if cell not in cells}
    for cell in cells.values():
        field = cell.column.unit_field
        kind: Type = "amount" if cell.kind == "amount" else "whole"
        table_columns.append(
            Column(
                cell.id,
                Label(cell.zh, cell.en),
                "" if field else cell.unit,
                kind,
                signed=cell.kind == "signed_count",
            )
        )
        if field:
            table_columns.append(Column(field.id, Label(field.zh, field.en), "", "text"))
    return tuple(table_columns)


@once
def types() -> Mapping[str, Type]:
    """Give the type of each column by its name, in order."""
    return {column.name: column.type for column in columns()}


def to_record(report: Report) -> dict[str, Any]:
    """
    Return a report as a flat record, every column present.

    Blank: None, as is what this edition does not have.

    >>> import govinfo_schema as gs
    >>> record = to_record(gs.blank("2021", year=2024, body="某市人民政府"))
    >>> record["year"], record["applications.received.total"], from_record(record).body.name
    (2024, None, '某市人民政府')
    """
    return dict(zip(types(), to_row(report), strict=True))


def to_row(report: Report) -> tuple[Any, ...]:
    """Return the values of the flat record of a report, in the order of the columns."""
    return _row_of(form_of(report))(report)


@once
def _row_of(of: Form) -> Callable[[Any], tuple[Any, ...]]:
    """
    Compile the function that returns the values of all columns for a report of one form.

    It fetches each part of a report once; what the form does not have is None.
    """
    own = {*FIELDS, *of.cells, *of.edition.unit_fields}
    holders: dict[tuple[str, ...], str] = {(): "report"}
    lines: list[str] = []

    def holder(path: tuple[str, ...]) -> str:
        if path not in holders:
            *above, last = path
            source = f"{holder(tuple(above))}.{last}"
            holders[path] = f"part{len(holders)}"
            lines.append(f"{holders[path]} = {source}")
        return holders[path]

    def value(name: str) -> str:
        if name in of.key:
            return repr(of.key[name])
        *above, last = ids.split(name)
        if name == "notes":
            return "notes(report.notes)"
        return f"{holder(tuple(above))}.{last}" if name in own else "None"

    values = ", ".join(value(name) for name in types())
    scope: dict[str, Any] = {"notes": _notes_text}
    source = "\n ".join(["def row(report):", *lines, f"return ({values},)"])
    exec(source, scope)  # noqa: S102 (names of our own fields, no data)
    row: Callable[[Any], tuple[Any, ...]] = scope["row"]
    return row


def _notes_text(notes: Sequence[Any]) -> str | None:
    """Return the notes of a report as JSON text, which is how a table holds them."""
    if not notes:
        return None
    return json.dumps([attrs.asdict(note) for note in notes], ensure_ascii=False)


def from_record(record: Mapping[str, Any]) -> Report:
    """
    Make a report of a flat record; columns that are missing are blank.

    Raises: InvalidReport, which names every fault with its cell; among them a figure that the
    edition does not have.
    """
    return _record_reader(tuple(record)).report(tuple(record.values()))


class Rounded(float):
    """A float that may have had other digits before another program took it for one."""

    digits: int
    """So many digits it keeps."""


KEPT: Final[Mapping[int, tuple[str, int, int]]] = {
    2: ("e", 3, 2**11),
    4: ("f", 6, 2**24),
    8: ("d", EXACT_DIGITS, 2**53),
}
"""
By the bytes of a float: its code for ``struct``, the decimal digits that it keeps, and up to which
number it keeps whole ones.
"""


def settled(value: float, size: int = 8) -> float:
    """
    Return the number that people wrote, of a float of *size* bytes; ``Rounded`` where it may have
    been another one.

    >>> settled(12.1), settled(12.100000381469727, 4)
    (12.1, 12.1)
    >>> isinstance(settled(0.1 + 0.2), Rounded), isinstance(settled(123456792.0, 4), Rounded)
    (True, True)
    """
    code, digits, whole = KEPT[size]
    is_whole = value.is_integer() and abs(value) < whole
    # What no report may hold is refused as it is.
    if is_whole or is_a(value, Rounded) or not abs(value) <= MAX_COUNT:
        return value
    number = float(f"{value:.{digits}g}")
    if abs(value) < whole and struct.pack(code, number) == struct.pack(code, value):
        return number
    rounded = Rounded(value)
    rounded.digits = digits
    return rounded


class RowReader:
    """
    Makes reports of the rows of a table whose columns have these names, in this order.

    A row becomes plain data, and JSON where all its values are of the types *PLAIN*, which the fast
    lane of ``loads`` reads; *plain* says that they always are. What that lane is not sure of goes
    through ``from_dict``, which decides and names the faults. *beside* are columns that are no part
    of a report.
    """

    PLAIN: Final = frozenset((str, int, bool, Decimal, date, type(None)))
    """The types of values that mean the same in JSON."""

    def __init__(
        self, names: Sequence[str], *, plain: bool = False, beside: Collection[str] = ()
    ) -> None:
        self.names = tuple(names)
        self._plain = plain
        self._at = {name: index for index, name in enumerate(self.names) if name not in beside}
        self._plans: dict[Form, _Plan] = {}

    def report(self, row: Sequence[Any]) -> Report:
        """
        Make the report of one row, which has a value for each name; None is blank.

        Raises: InvalidReport, which names every fault with its cell.
        """
        plan = self.plan(row)
        foreign = [index for index in plan.foreign if row[index] is not None]
        if not foreign and (self._plain or self.PLAIN.issuperset(map(type, row))):
            try:
                report = _decode(ENCODER.encode(_with_notes(plan.nested(row, _decimal_text))))
            except (ValueError, OverflowError, RecursionError):
                report = None
            if report is not None:
                return report
        row = [value.isoformat() if is_a(value, date) else value for value in row]
        data = _with_notes(plan.nested(row, _unchanged))
        for index in foreign:
            _set(data, self.names[index], row[index])
        rounded = list(self._rounded(row))
        try:
            report = from_dict(data)
        except InvalidReport as error:
            raise InvalidReport([*rounded, *error.findings]) from error
        if rounded:
            raise InvalidReport(rounded)
        return report

    def _rounded(self, row: Sequence[Any]) -> Iterator[Finding]:
        """Name the numbers of a row that were floats and may have lost digits."""
        for name, value in zip(self.names, row, strict=True):
            number = settled(value) if type(value) is float and name in _amounts() else value
            if isinstance(number, Rounded):
                told = {"label": with_id(_label(name), name), "cell": name}
                told |= {"found": f"{number:.17g}", "digits": number.digits}
                yield Finding(code="S-DIGITS", level="error", cells=(name,), operands=told)

    def plan(self, row: Sequence[Any]) -> _Plan:
        """
        Tell how the values of a row are put in their places, by the shape of its report.

        Raises: InvalidReport if the column that tells the shape says neither yes nor no.
        """
        name, one_row = (
            row[self._at[key]] if key in self._at else None for key in ("edition", SHAPE)
        )
        if one_row is not None and not is_a(one_row, bool):
            raise InvalidReport([_no_flag(one_row)])
        of = form(name if name in EDITIONS else CURRENT)
        shape = of.coarse if one_row else of
        if shape not in self._plans:
            self._plans[shape] = _plan(self._at, shape)
        return self._plans[shape]


@attrs.frozen
class _Plan:
    """
    How rows of one shape of report are read.

    *nested* puts the values of a row in their places, the amounts as its second argument makes
    them. *own*: the columns that the shape has. *foreign*: the places in a row of those that it
    does not have.
    """

    nested: Callable[[Sequence[Any], Callable[[Any], Any]], dict[str, Any]]
    own: frozenset[str]
    foreign: tuple[int, ...]


@lru_cache(maxsize=64)
def _record_reader(names: tuple[str, ...]) -> RowReader:
    return RowReader(names)


def _plan(at: Mapping[str, int], of: Form) -> _Plan:
    """Compile how rows are read: one expression over a row, built from the empty form."""
    data = to_dict(blank_on(of, year=of.edition.first_year, body="-"))
    data |= {"edition": None, "year": None, "body": data["body"] | {"name": None}}
    read = {SHAPE}
    expression = _expression(data, "", at, read)
    nested = eval(f"lambda row, amount: {expression}", {})  # noqa: S307 (names of our own fields, no data)
    return _Plan(
        nested, frozenset(read), tuple(index for column, index in at.items() if column not in read)
    )


def _expression(node: Any, path: str, at: Mapping[str, int], read: set[str]) -> str:
    """
    Return plain data as the source of an expression over a row.

    What has no column stays as it is. *read* collects the paths.
    """
    if isinstance(node, dict):
        parts = (
            f"{key!r}: {_expression(value, ids.join(path, key), at, read)}"
            for key, value in node.items()
        )
        return f"{{{', '.join(parts)}}}"
    read.add(path)
    if path not in at:
        return repr(node)
    value = f"row[{at[path]}]"
    if path in _amounts():
        return f"amount({value})"
    return value if node is None else f"({node!r} if {value} is None else {value})"


@once
def _amounts() -> frozenset[str]:
    return frozenset(name for name, kind in types().items() if kind == "amount")


def _decimal_text(value: Any) -> Any:
    """Return an amount as JSON writes it, without trailing zeros; other values unchanged."""
    if type(value) is not Decimal or not -40 < value.adjusted() < 40:
        return value
    text = f"{value:f}"
    return msgspec.Raw((text.rstrip("0").rstrip(".") if "." in text else text).encode())


def _unchanged(value: Any) -> Any:
    return value


def _no_flag(value: Any) -> Finding:
    label = with_id(_label(SHAPE), SHAPE)
    told = {"label": label, "cell": SHAPE, "expected": spoken("type.boolean")}
    found = spoken("found.text", value=quoted(str(value)))
    return Finding(code="S-TYPE", level="error", cells=(SHAPE,), operands=told | {"found": found})


def typed(text: str, kind: Type) -> Any:
    """
    Read a value as tables of text hold it; what does not fit stays text, for the schema to refuse.

    >>> typed("12", "whole"), typed("72701.25", "amount"), typed("", "whole"), typed("ten", "whole")
    (12, Decimal('72701.25'), None, 'ten')
    """
    if text == "":
        return None
    plain = text.removeprefix("-")
    if kind == "whole" and len(plain) <= 17 and plain.isascii() and plain.isdigit():
        return int(text)
    if (
        kind == "amount"
        and len(text) <= MAX_SIGNS
        and text.isascii()
        and text.replace(".", "", 1).isdigit()
    ):
        return Decimal(text)
    if kind == "flag":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text


def _with_notes(data: dict[str, Any]) -> dict[str, Any]:
    """
    Parse the notes of plain data, which are JSON text in a table.

    What is no JSON stays text, for the schema to refuse.
    """
    if is_a(data["notes"], str):
        try:
            data["notes"] = json.loads(data["notes"] or "[]")
        except (ValueError, RecursionError):
            return data
    return data


def _set(data: dict[str, Any], path: str, value: Any) -> None:
    """Put a value below the last part of its path that the report has, for the schema to name."""
    node, (*above, last) = data, ids.split(path)
    while above and isinstance(inner := node.get(above[0]), dict):
        node, above = inner, above[1:]
    rest = ids.join(*above, last)
    if rest in node:
        node, rest = data, f"{path}."
    node[rest] = value


def _label(name: str) -> Label:
    return (
        spoken("column.shape")
        if name == SHAPE
        else edition(CURRENT).label(name) or Label(name, name)
    )
