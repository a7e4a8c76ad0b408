"""The small part of the form around figures that are to be changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from govinfo_schema.form import ids
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.repair.changes import Change
from govinfo_schema.report.access import figures as all_figures
from govinfo_schema.report.model import Report


def excerpt(report: Report, changes: Iterable[Change], lang: Lang = "zh") -> Iterator[str]:
    """Yield each printed row that holds a change, with an arrow from the old figure to the new."""
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
        yield phrase(
            "excerpt",
            lang,
            row=form.cell(next(iter(cells))).row.path,
            figures=phrase("and", lang).join(figures),
        )


def _shown(value: int | None, should_be: int | None, lang: Lang) -> str:
    text = phrase("excerpt.blank", lang) if value is None else str(value)
    return text if should_be is None else f"[{text} → {should_be}]"
