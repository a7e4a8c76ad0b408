"""The small part of the form around figures that are to be changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from govinfo_schema.form import ids
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.repair.changes import Change
from govinfo_schema.report.access import figures as all_figures
from govinfo_schema.report.model import Report

NO_PLACES: Final[Mapping[str, str]] = MappingProxyType({})
"""Of a report that stands in no document."""


def excerpt(
    report: Report,
    changes: Iterable[Change],
    lang: Lang = "zh",
    places: Mapping[str, str] = NO_PLACES,
) -> Iterator[str]:
    """
    Yield each printed row that holds a change, with an arrow from the old figure to the new.

    *places*: where cells stand, told behind the row.
    """
    form = edition(report.edition)
    changed = {change.cell: change.should_be for change in changes}
    changed_rows = {ids.row_of(cell) for cell in changed}
    rows: dict[str, dict[str, int | None]] = {}
    for cell, value in all_figures(report).items():
        if (row := ids.row_of(cell)) in changed_rows:
            rows.setdefault(row, {})[cell] = value
    for cells in rows.values():
        columns = [form.cell(cell).column for cell in cells]
        figures = [
            phrase(
                "term",
                lang,
                name=Label(column.zh, column.en),
                value=_shown(value, changed.get(cell), lang),
            )
            for column, (cell, value) in zip(columns, cells.items(), strict=True)
        ]
        said = phrase(
            "excerpt",
            lang,
            row=form.cell(next(iter(cells))).row.path,
            figures=phrase("and", lang).join(figures),
        )
        told = dict.fromkeys(places[cell] for cell in cells if cell in changed and cell in places)
        where = phrase("and", lang).join(filter(None, told))
        yield phrase("at.told", lang, said=said, places=where) if where else said


def _shown(value: int | None, should_be: int | None, lang: Lang) -> str:
    text = phrase("excerpt.blank", lang) if value is None else str(value)
    return text if should_be is None else f"[{text} → {should_be}]"
