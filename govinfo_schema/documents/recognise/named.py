"""
Read a workbook that carries the names of the cells: what is named counts, wherever it stands.

The names are ``govinfo.`` and a cell id or the path of a field; a text in parts goes on under
``.part2`` and so on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from govinfo_schema.documents.document import Document, Span
from govinfo_schema.documents.recognise.figures import figure
from govinfo_schema.documents.recognise.reading import Found, Source
from govinfo_schema.errors import InvalidReport, NoReport
from govinfo_schema.form import ids
from govinfo_schema.form.forms import SHAPE, forms
from govinfo_schema.form.labels import fold
from govinfo_schema.messages import problem
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import FIELDS, from_record, typed

PREFIX: Final = "govinfo."
"""How the names begin."""
_DATE: Final = re.compile("(20[0-9]{2})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})日?.*")


def names_of(document: Document) -> dict[str, Span]:
    """
    Give the cells of a document by cell id or field, if it names every figure of the form; else
    none.
    """
    named = {
        span.name.removeprefix(PREFIX): span
        for span in document.named
        if span.name.startswith(PREFIX)
    }
    return named if any(form.cells.keys() <= named.keys() for form in forms()) else {}


def read_named(
    named: Mapping[str, Span], year: int | None, body: str | None
) -> tuple[Report, Found]:
    """
    Make a report of named cells.

    Raises: NoReport where year or body is not told, or a field does not fit.
    """
    whole = [form for form in forms() if form.cells.keys() <= named.keys()]
    told = named["edition"].text if "edition" in named else ""
    form = next((form for form in whole if form.name == told), whole[-1])
    found = Found(form=form)
    record: dict[str, Any] = dict(form.key)
    for cell in form.cells.values():
        span = named[cell.id]
        found.sources[cell.id] = Source(place=span.place, text=span.text)
        figured = figure(span.text, cell.kind, cell.unit)
        record[cell.id] = figured.value
        if figured.doubt:
            found.report(
                figured.doubt,
                cell.id,
                level="info" if figured.doubt == "R-NONE" else "warning",
                text=span.text,
                unit=cell.unit,
            )
        if cell.column.unit_field and cell.column.unit_field.id in named:
            record[cell.column.unit_field.id] = named[cell.column.unit_field.id].text or None
    for path, kind in FIELDS.items():
        if path in named and path not in ("edition", SHAPE):
            text = _whole(named, path)
            record[path] = (
                _day(text)
                if kind == "date"
                else typed(fold(text) if kind != "text" else text, kind)
            )
    record["year"], record["body.name"] = (
        year or record.get("year"),
        body or record.get("body.name"),
    )
    if not isinstance(record["year"], int) or record["body.name"] is None:
        raise NoReport(problem("no_body" if isinstance(record["year"], int) else "no_year"))
    try:
        return from_record(record), found
    except InvalidReport as error:
        raise NoReport(error.findings[0].label) from error


def _whole(named: Mapping[str, Span], path: str) -> str:
    """Join a text that goes on in other cells."""
    parts, number = [named[path].text], 2
    while ids.join(path, f"part{number}") in named:
        parts.append(named[ids.join(path, f"part{number}")].text)
        number += 1
    return "".join(parts)


def _day(text: str) -> Any:
    match = _DATE.fullmatch(fold(text))
    try:
        return date(*map(int, match.groups())).isoformat() if match else text or None
    except ValueError:
        return text
