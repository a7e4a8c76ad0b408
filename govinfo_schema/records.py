"""
A report as one flat record, for tables: a column for each cell id of both editions, and for each field around them.

What one edition lacks is blank in its records. A record keeps everything: ``from_record(to_record(report)) == report``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal

import attrs

from govinfo_schema.cells import get, walk
from govinfo_schema.convert import from_dict, to_dict
from govinfo_schema.edition import CURRENT, EDITIONS, edition
from govinfo_schema.findings import Label, spoken
from govinfo_schema.model import Report, blank, is_undivided
from govinfo_schema.once import once

Type = Literal["text", "whole", "amount", "date", "flag"]

FIELDS: Mapping[str, Type] = {
    "edition": "text",
    "undivided": "flag",
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
"""The columns before the figures; *undivided* says whether （六）其他处理 is one row, *notes* are JSON text."""


@attrs.frozen
class Column:
    """A column of a table of reports: the cell id or the path of a field, its labels, its unit (empty where it has none), its type."""

    name: str
    label: Label
    unit: str
    type: Type
    signed: bool = False


@once
def columns() -> tuple[Column, ...]:
    """Give the columns in order: the fields, the figures of the edition in force as printed, then those that only others have."""
    current = edition(CURRENT)
    found = [Column(name, _label(name), current.fields[name].unit if name in current.fields else "", kind) for name, kind in FIELDS.items()]
    cells = {**current.cells, **current.undivided}
    for name in EDITIONS:
        cells |= {cell_id: cell for cell_id, cell in edition(name).cells.items() if cell_id not in cells}
    for cell in cells.values():
        field = cell.column.unit_field
        kind: Type = "amount" if cell.kind == "amount" else "whole"
        found.append(Column(cell.id, Label(cell.zh, cell.en), "" if field else cell.unit, kind, signed=cell.kind == "signed_count"))
        if field:
            found.append(Column(field.id, Label(field.zh, field.en), "", "text"))
    return tuple(found)


def to_record(report: Report) -> dict[str, Any]:
    """
    Give a report as a flat record, every column present.

    Blank: None, as is what this edition does not have.

    >>> import govinfo_schema as gs
    >>> record = to_record(gs.blank("2021", year=2024, body="某市人民政府"))
    >>> record["year"], record["applications.received.total"], from_record(record).body.name
    (2024, None, '某市人民政府')
    """
    own: dict[str, Any] = dict(walk(report))
    own |= {name: get(report, name) for name in FIELDS if name not in ("undivided", "notes")}
    own["undivided"] = is_undivided(report)
    own["notes"] = json.dumps([attrs.asdict(note) for note in report.notes], ensure_ascii=False) if report.notes else None
    units = {column.name: get(report, column.name) for column in columns() if column.name.endswith(".unit") and report.edition == "2019"}
    return {column.name: own.get(column.name, units.get(column.name)) for column in columns()}


def from_record(record: Mapping[str, Any]) -> Report:
    """
    Make a report of a flat record; columns that are missing are blank.

    Raises: InvalidReport, which names every fault with its cell; among them a figure that the edition does not have.
    """
    name = record.get("edition")
    shape = edition(name if name in EDITIONS else CURRENT)
    data = to_dict(blank(shape.name, year=shape.first_year, body="-", undivided=record.get("undivided") is True))
    data["edition"], data["year"] = name, record.get("year")
    for column, value in record.items():
        if column in ("edition", "year", "undivided", "notes"):
            continue
        if value is not None or column == "body.name":
            _set(data, column, value.isoformat() if isinstance(value, date) else value)
    data["notes"] = _notes(record.get("notes"))
    return from_dict(data)


def typed(text: str, kind: Type) -> Any:
    """
    Read a value as tables of text hold it; what does not fit stays text, for the schema to refuse.

    >>> typed("12", "whole"), typed("72701.25", "amount"), typed("", "whole"), typed("twelve", "whole")
    (12, Decimal('72701.25'), None, 'twelve')
    """
    if text == "":
        return None
    plain = text.removeprefix("-")
    if kind == "whole" and len(plain) <= 17 and plain.isascii() and plain.isdigit():
        return int(text)
    if kind == "amount" and len(text) <= 40 and text.isascii() and text.replace(".", "", 1).isdigit():
        return Decimal(text)
    if kind == "flag":
        return {"true": True, "false": False}.get(text.lower(), text)
    return text


def _notes(text: Any) -> Any:
    try:
        found = json.loads(text) if text else []
    except ValueError:
        return text
    return found


def _set(data: Any, path: str, value: Any) -> None:
    *above, last = path.split(".")
    for name in above:
        data = data.setdefault(name, {})
    data[last] = value


def _label(name: str) -> Label:
    return spoken("column.undivided") if name == "undivided" else edition(CURRENT).label(name) or Label(name, name)
