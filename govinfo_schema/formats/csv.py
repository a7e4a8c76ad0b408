"""
CSV, in two shapes: *wide*, one row a report and one column a cell id, and *tidy* (``reports.tidy.csv``), one line a figure.

A spreadsheet runs what begins like a formula: such a text is written behind an apostrophe, which reading takes off again. Beside a file a
Data Package descriptor is written (``reports.datapackage.json``) that says what each column is.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from govinfo_schema.edition import EDITIONS, edition
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Label, spoken
from govinfo_schema.formats import opened, placed, put, unreadable
from govinfo_schema.model import Report
from govinfo_schema.records import Column, Type, columns, from_record, to_record, typed

NAME = "csv"
SUFFIXES = (".csv",)

TIDY: Final[Mapping[str, Type]] = {
    "report": "whole",
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
LONGEST: Final = 16_000_000
"""The longest text of a field, as for a whole report in JSON."""
_RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'")


def detect(head: bytes) -> bool:
    """Tell by the names in the first line whether it is a table of reports."""
    names = head.lstrip(b"\xef\xbb\xbf").partition(b"\n")[0].replace(b'"', b"").strip().split(b",")
    return b"edition" in names and (b"applications.received.total" in names or (b"cell" in names and b"value" in names))


def read_many(path: str | os.PathLike[str]) -> Iterator[Report]:
    """
    Read the reports of a table, wide or tidy; the order of its columns does not matter, and other columns are passed over.

    Raises: UnreadableFile where the file cannot be read or a row is no report, with its number and its first fault.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST))
    with opened(path) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
        try:
            rows = csv.DictReader(file, strict=True)
            yield from _tidy_reports(path, rows) if "cell" in (rows.fieldnames or ()) else _wide_reports(path, rows)
        except (csv.Error, UnicodeDecodeError) as error:
            raise unreadable(path, "bad_table", problem=error) from error


def write_many(reports: Iterable[Report], path: str | os.PathLike[str]) -> None:
    """
    Write reports as they come, tidy where the name ends in ``.tidy.csv``, else wide; and the Data Package descriptor beside them.

    Raises: UnreadableFile if the path cannot be written.
    """
    tidy = os.fspath(path).lower().endswith(".tidy.csv")
    with placed(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(TIDY if tidy else [column.name for column in columns()])
        for number, report in enumerate(reports, 1):
            writer.writerows(_tidy_rows(number, report) if tidy else [_wide_row(report)])
    if os.fspath(path) != "-":
        put(_descriptor(Path(path), tidy=tidy), Path(path).with_suffix(".datapackage.json"))


# ---- wide -----------------------------------------------------------------------------------------------------------


def _wide_row(report: Report) -> list[str]:
    record = to_record(report)
    return [_text(record[column.name], column.type) for column in columns()]


def _wide_reports(path: str | os.PathLike[str], rows: csv.DictReader[str]) -> Iterator[Report]:
    types = {column.name: column.type for column in columns()}
    for number, row in enumerate(rows, 1):
        record = {name: _value(text, types[name]) for name, text in row.items() if name in types and text is not None}
        yield _report(path, number, record)


# ---- tidy -----------------------------------------------------------------------------------------------------------


def _tidy_rows(number: int, report: Report) -> Iterator[list[str]]:
    form = edition(report.edition)
    record = to_record(report)
    cells = form.undivided if record["undivided"] else form.cells
    head = [str(number), _text(report.body.name, "text"), str(report.year), report.edition]
    for cell in cells.values():
        unit = record[cell.column.unit_field.id] or "" if cell.column.unit_field else cell.unit
        yield [*head, cell.id, _text(cell.zh, "text"), _text(cell.en, "text"), unit, _text(record[cell.id], "amount")]


def _tidy_reports(path: str | os.PathLike[str], rows: Iterable[dict[str, str]]) -> Iterator[Report]:
    units = {cell.id: cell.column.unit_field.id for name in EDITIONS for cell in edition(name).cells.values() if cell.column.unit_field}
    types = {column.name: column.type for column in columns()}
    keys = ("report", "body", "year", "edition")
    for number, (head, lines) in enumerate(groupby(rows, key=lambda row: tuple(row.get(key) or "" for key in keys)), 1):
        _, body, year, name = head
        record: dict[str, Any] = {"edition": name, "year": typed(year, "whole"), "body.name": _value(body, "text")}
        record["other_matters.processing_fee.status"] = "not_stated"
        for line in lines:
            cell = line.get("cell") or ""
            record[cell] = _value(line.get("value") or "", types.get(cell, "text"))
            if cell in units and line.get("unit"):
                record[units[cell]] = line["unit"]
        record["undivided"] = "applications.outcomes.other_handling.total" in record
        yield _report(path, number, record)


# ---- what both share ------------------------------------------------------------------------------------------------


def _report(path: str | os.PathLike[str], number: int, record: Mapping[str, Any]) -> Report:
    try:
        return from_record(record)
    except InvalidReport as error:
        raise unreadable(path, "bad_record", number=number, fault=error.findings[0].label) from error


def _text(value: Any, kind: Type) -> str:
    """Write a value; a text that a spreadsheet would run, or that is empty, stands behind an apostrophe."""
    if value is None:
        return ""
    if kind == "flag":
        return str(value).lower()
    if kind == "text":
        return f"'{value}" if not value or value.startswith(_RISKY) else str(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _value(text: str, kind: Type) -> Any:
    return text[1:] if kind == "text" and text.startswith("'") else typed(text, kind)


def _descriptor(path: Path, *, tidy: bool) -> bytes:
    """Write the Data Package descriptor of a file: every column with its type, its labels and its unit."""
    kinds = {"text": "string", "whole": "integer", "amount": "number", "date": "date", "flag": "boolean"}
    told = [Column(name, spoken(f"column.{name}"), "", kind) for name, kind in TIDY.items()] if tidy else columns()
    fields: Sequence[Mapping[str, Any]] = [_field(column, kinds[column.type], tidy=tidy) for column in told]
    name = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in path.stem.lower()).strip("-") or "reports"
    resource = {
        "name": name,
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": {"fields": fields, "missingValues": [""]},
    }
    title = spoken("package.title")
    package = {"profile": "tabular-data-package", "name": name, "title": title.zh, "description": title.en, "resources": [resource]}
    return json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n"


def _field(column: Column, kind: str, *, tidy: bool) -> dict[str, Any]:
    label: Label = column.label
    made: dict[str, Any] = {"name": column.name, "type": kind, "title": label.zh, "description": label.en}
    if column.unit:
        made["unit"] = column.unit
    if kind in ("integer", "number") and not column.signed and not tidy:
        made["constraints"] = {"minimum": 0}
    return made
