"""
Read a workbook that carries the names of the cells: what is named counts, wherever it stands.

The names are ``govinfo.`` and a cell id or the path of a field; a text in parts goes on under
``.part2`` and so on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from itertools import chain, combinations, groupby
from typing import Any, Final

import attrs
import msgspec

from govinfo_schema.data import read_data
from govinfo_schema.data.classes import is_a
from govinfo_schema.documents.document import Document, Span
from govinfo_schema.documents.formats.formulas import Unknown, read_formula
from govinfo_schema.documents.formats.sheet import Slot
from govinfo_schema.documents.recognise.figures import figure
from govinfo_schema.documents.recognise.names import years_in
from govinfo_schema.documents.recognise.particulars import Candidate, Who, agreed, said_in_title
from govinfo_schema.documents.recognise.reading import Found, take
from govinfo_schema.errors import InvalidReport, NoReport
from govinfo_schema.findings import Finding
from govinfo_schema.form import ids
from govinfo_schema.form.forms import SHAPE, Form, forms
from govinfo_schema.form.labels import fold
from govinfo_schema.messages import shown, spoken
from govinfo_schema.report.conformance import quoted, with_id
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import FIELDS, Type, from_record, typed

PREFIX: Final = "govinfo."
"""How the names begin."""
_INDISPENSABLE: Final = frozenset(("edition", SHAPE, "year", "body.name"))
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
    Make a report of named cells. A field that holds none of its values is blank, with a finding.

    Raises: NoReport where year or body is not told.
    """
    whole = [form for form in forms() if form.cells.keys() <= named.keys()]
    told = named["edition"].text if "edition" in named else ""
    form = next((form for form in whole if form.name == told), whole[-1])
    found = Found(form=form)
    record: dict[str, Any] = dict(form.key)
    worked_out = _worked_out(named, form)
    if totals := [cell for cell, span in worked_out.items() if span.text]:
        found.report("R-CALCULATED", *totals, level="info", count=len(totals))
    for cell in form.cells.values():
        span = worked_out.get(cell.id) or _calculated(named, form, cell.id)
        take(found, cell, span, proof="head")
        record[cell.id] = found.values[cell.id]
        if cell.column.unit_field and cell.column.unit_field.id in named:
            record[cell.column.unit_field.id] = named[cell.column.unit_field.id].text or None
    for path, kind in FIELDS.items():
        if path in named and path not in ("edition", SHAPE):
            record[path] = _value(path, kind, _whole(named, path))
    who = _who(named, record, year, body)
    empty = {"body": "body.name", "year": "year"}
    left = tuple(
        spoken("left_open.cell", name=form.edition.label(path), place=place)
        for field, path in empty.items()
        if getattr(who, field) is None and path in named
        for place in [named[path].place.message()]
    )
    record["year"], record["body.name"] = attrs.evolve(who, left=left).settled()
    found.findings += who.findings
    return _report(record, named, found), found


def _calculated(named: Mapping[str, Span], form: Form, cell: str) -> Span:
    """Give a cell; the formula of a total without any parts to add up is blank as it should be."""
    span = named[cell]
    if span.asides and not span.text and not _is_filled(named, form, cell):
        return msgspec.structs.replace(span, asides=())
    return span


def _worked_out(named: Mapping[str, Span], form: Form) -> dict[str, Span]:
    """
    Work out the totals whose formulas no program has calculated yet: those that refer to figures of
    the form alone. One whose parts are not all filled in is blank, as its formula says.
    """
    at = {(span.place.sheet or "", span.row + 1, span.column + 1): c for c, span in named.items()}
    known: dict[str, Span] = {}

    def value(sheet: str, slot: Slot) -> Decimal | None:
        cell = at.get((sheet, *slot), "")
        if cell not in form.cells or cell == total:
            raise Unknown
        span = known.get(cell, named[cell])
        read = figure(span.text, form.cells[cell].kind, form.cells[cell].unit)
        if read.value is None and span.asides:
            raise Unknown
        return None if read.value is None else Decimal(read.value)

    for total in form.totals:
        span = named[total]
        if span.formula and not span.text:
            try:
                result = read_formula(span.formula, span.place.sheet or "").value(value)
            except Unknown:
                continue
            text = f"{result:f}" if isinstance(result, Decimal) else ""
            known[total] = msgspec.structs.replace(span, text=text, asides=())
    return known


def _is_filled(named: Mapping[str, Span], form: Form, cell: str) -> bool:
    """Tell whether a cell has a text, or is the total of one that has."""
    total = form.totals.get(cell)
    if named[cell].text.strip() or total is None:
        return not named[cell].is_empty
    return any(_is_filled(named, form, part) for part in total.left)


def _who(
    named: Mapping[str, Span], record: Mapping[str, Any], year: int | None, body: str | None
) -> Who:
    """Settle year and body by their fields, then by the title."""
    candidates = [
        Candidate(
            value=record[path], text=named[path].text, origin="label", place=named[path].place
        )
        for path, kind in (("year", int), ("body.name", str))
        if is_a(record.get(path), kind)
    ]
    if "title" in named:
        candidates += said_in_title(_whole(named, "title"), "title", named["title"].place)
    return agreed(
        [each for each in candidates if isinstance(each.value, int)],
        [each for each in candidates if isinstance(each.value, str)],
        year=year,
        body=body,
    )


def _report(record: dict[str, Any], named: Mapping[str, Span], found: Found) -> Report:
    """
    Make a report of a record; particulars that do not fit are left out, each with a finding.

    Raises: NoReport where year or body is at fault.
    """
    with suppress(InvalidReport):
        return from_record(record)
    particulars = [
        path for path in record if path not in found.form.cells and path not in _INDISPENSABLE
    ]
    fitting = record | dict.fromkeys(particulars)
    try:
        report = from_record(fitting)
    except InvalidReport as error:
        raise NoReport(error.findings[0].label) from error
    spoilt: list[str] = []
    for _, group in groupby(particulars, ids.row_of):
        fields = [*group]
        # Fields that belong together may fit without some of them.
        sizes = range(len(fields) + 1)
        for left_out in chain.from_iterable(combinations(fields, size) for size in sizes):
            candidate = fitting | {path: record[path] for path in fields if path not in left_out}
            with suppress(InvalidReport):
                report = from_record(candidate)
                fitting = candidate
                spoilt += [path for path in left_out if record[path] is not None]
                break
    for path in spoilt:
        text = named[path].text
        label = with_id(found.form.edition.label(path), path)
        found.findings.append(
            Finding(
                code="R-FIELD",
                level="warning",
                operands={"label": label, "at": path, "text": shown(text), "said": quoted(text)},
            )
        )
    return report


def _value(path: str, kind: Type, text: str) -> Any:
    """Give the value of a field that is printed as a text; what is no value of it stays text."""
    if kind == "date":
        return _day(text)
    if path == "year":
        return next(iter(years_in(fold(text))), text or None)
    if kind in ("whole", "amount"):
        read = figure(text, "amount" if kind == "amount" else "count", "元")
        return read.value if read.value is not None and not read.remark else text or None
    if kind != "text":
        return typed(fold(text), kind)
    words = read_data("readings")["values"]
    for name in ids.split(path):
        for value, wordings in words.get(name, {}).items():
            if fold(text) in wordings:
                return value
    return typed(text, kind)


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
