"""The small part of the form around the figures that an explanation changes."""

from __future__ import annotations

from collections.abc import Iterator

from govinfo_schema.cells import walk
from govinfo_schema.edition import edition
from govinfo_schema.explanations import Explanation
from govinfo_schema.findings import Label, Lang, phrase
from govinfo_schema.model import Report


def excerpt(report: Report, explanation: Explanation, lang: Lang = "zh") -> Iterator[str]:
    """Give each printed row that holds a change, with the figure found and, behind an arrow, the one it should be."""
    form = edition(report.edition)
    changed = {each.cell: each.should_be for each in explanation.changes}
    rows: dict[str, dict[str, int | None]] = {}
    for cell, value in walk(report):
        rows.setdefault(cell.rpartition(".")[0], {})[cell] = value
    for cells in rows.values():
        if changed.keys() & cells.keys():
            own = form.cell(next(iter(cells)))
            figures = [
                phrase(
                    "term",
                    lang,
                    name=Label(form.cell(cell).column.zh, form.cell(cell).column.en),
                    value=_shown(value, changed.get(cell), lang),
                )
                for cell, value in cells.items()
            ]
            yield phrase("excerpt", lang, row=own.row.path, figures=phrase("and", lang).join(figures))


def _shown(value: int | None, should_be: int | None, lang: Lang) -> str:
    found = phrase("excerpt.blank", lang) if value is None else str(value)
    return found if should_be is None else f"[{found} → {should_be}]"
