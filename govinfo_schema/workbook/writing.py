"""
The form as a workbook that adds itself up: figures to fill in, a live check beside each sum, and
what does not balance in red.

Every figure and field has a hidden name (``govinfo.<cell id>``), so that the workbook reads back
wherever the user has moved it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from govinfo_schema.documents.formats import put, unreadable
from govinfo_schema.documents.formats.docx_writing import packed
from govinfo_schema.documents.layout import layout, visible
from govinfo_schema.errors import Incompatible
from govinfo_schema.form import ids
from govinfo_schema.form.forms import form
from govinfo_schema.form.parts import CURRENT, EditionName
from govinfo_schema.messages import spoken
from govinfo_schema.report.access import form_of, replace, walk
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.given import check_report
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import to_record
from govinfo_schema.report.values import FIRST_YEAR
from govinfo_schema.workbook.book import Book
from govinfo_schema.workbook.places import CARRIED

FORMS: Final = (".xlsx", ".docx")
"""What a form to be filled in may be."""
BROUGHT: Final = "applications.brought_forward"
"""What one year carries forward, the next brings forward."""


def write(report: Report, path: str | os.PathLike[str]) -> None:
    """
    Write a report as a workbook: its figures as they are, with a live check beside each sum.

    Raises: UnreadableFile if the path cannot be written; MissingLibrary without openpyxl.
    """
    record = to_record(report) | {"body.name": visible(report.body.name)}
    put(Book(report, record).saved(), path)


def write_form(  # noqa: PLR0913 (what a form may be filled with)
    path: str | os.PathLike[str],
    edition: EditionName | None = None,
    *,
    report: Report | None = None,
    previous: Report | None = None,
    year: int | None = None,
    body: str | None = None,
    undivided: bool = False,
    overwrite: bool = False,
) -> None:
    """
    Write the form to be filled in, empty or with the figures of *report*: a workbook (``.xlsx``),
    or a Word document (``.docx``) as the official form is printed, with hints where a text is to be
    written.

    *edition*: that of *report* if it is not given, of an empty form the current one.
    An empty workbook works its totals out itself; a filled one keeps the totals as they are and
    checks them. With last year's report (*previous*) 上年结转 is filled in where it is blank,
    and in a workbook checked against it; an empty form takes over body and edition.
    Blank: a total is worked out where all its figures are filled in; nothing is taken for zero.
    *overwrite*: replace a file that exists. It may be a form that somebody has filled in, so
    otherwise it is left as it is.
    Raises: UnreadableFile if the path exists (without *overwrite*), has neither suffix or cannot
    be written; UnknownEdition; Incompatible if *report* is of another *edition*; TypeError
    if it, or *previous*, is no report; MissingLibrary without openpyxl.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "form.xlsx"
    ...     gs.write_form(path, "2021", year=2025, body="某市人民政府")
    ...     gs.read(path).report
    <Report2021 某市人民政府 2025: 200 cells, 200 blank>
    """
    suffix = Path(path).suffix
    if suffix.lower() not in FORMS:
        raise unreadable(path, "suffix", suffix=suffix, suffixes=" ".join(FORMS))
    if not overwrite and os.path.lexists(path):
        raise unreadable(path, "exists.form")
    for what, value in (("report", report), ("previous", previous)):
        if value is not None:
            check_report(value, what)
    shape = form(edition or (report.edition if report else CURRENT), undivided=undivided)
    if report is not None and report.edition != shape.name:
        found, expected = form_of(report).label, shape.label
        raise Incompatible(spoken("S-EDITION", found=found, expected=expected))
    carried = _carried(previous) if previous else {}
    own = report or blank_on(
        shape, year=year or FIRST_YEAR, body=body or (previous.body if previous else "-")
    )
    filled = replace(
        own, {cell: value for cell, value in carried.items() if dict(walk(own)).get(cell) is None}
    )
    record = to_record(filled)
    if report is None:
        record["year"] = year or (previous.year + 1 if previous else None)
        record["body.name"] = body or (previous.body.name if previous else None)
    if suffix.lower() == ".docx":
        data = _word_form(filled, record)
    else:
        data = Book(filled, record, adding=report is None, carried=carried).saved()
    put(data, path, overwrite=overwrite)


def _word_form(report: Report, record: Mapping[str, Any]) -> bytes:
    """Give the form as a Word document; what the record leaves open is to be filled in."""
    if record["year"]:
        report = replace(report, {"year": record["year"]})
    fields: dict[Literal["body", "year"], str] = {"body": "body.name", "year": "year"}
    left = [field for field, name in fields.items() if record[name] is None]
    return packed(layout(report, to_fill_in=left))


def _carried(previous: Report) -> dict[str, Any]:
    """Return what last year carries forward, as what this year brings forward."""
    cells = {cell: value for cell, value in walk(previous) if ids.row_of(cell) == CARRIED}
    return {ids.join(BROUGHT, ids.column_of(cell)): value for cell, value in cells.items()}
