"""
Rows of a table with borders as lines: which of their cells are labels, and which are figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

import msgspec

from govinfo_schema.data.once import once
from govinfo_schema.documents.document import NOWHERE, Grid, Span
from govinfo_schema.documents.recognise.figures import is_figure, is_spelt_out
from govinfo_schema.documents.recognise.headings import shown_years
from govinfo_schema.documents.recognise.lines import Item, Line, Text, form_labels, row_labels
from govinfo_schema.documents.recognise.sections import (
    section_heading,
)
from govinfo_schema.form.forms import form
from govinfo_schema.form.labels import fold, key, keys, remembered
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS

_FIGURED: Final = re.compile(r"(?!\(?[0-9]+[).、])(?=.*[0-9]).{1,12}$")
"""What is no figure, and no label either where it stands behind a figure: 约95, 3起."""
_ODD: Final = 8
"""So short is what stands in the place of a figure."""


def cell_items(grid: Grid, number: int) -> Iterator[Item]:
    """
    Put cells that stand one below the other into rows: figures go with the label before them,
    unless it is no label of a row, or they are more than any row with a label has.
    """
    most = _most_columns()
    cells = [span for row in grid.rows() for span in row]
    at = 0
    while at < len(cells):
        label = cells[at : at + (not is_figure(cells[at].text))]
        end = at + len(label)
        while end < len(cells) and is_figure(cells[end].text):
            end += 1
        figures = tuple(
            msgspec.structs.replace(span, column=column)
            for column, span in enumerate(cells[at + len(label) : end], 1)
        )
        text = label[0].text if label else ""
        heading = section_heading(text)
        if heading and heading.section:
            yield Text(text=text, section=heading.section, heading=True, place=label[0].place)
            label = []
        apart = len(figures) > most or not any(known in row_labels() for known in keys(text))
        if label and (apart or not figures):
            yield Line(labels=tuple(label), grid=number, place=label[0].place)
            label = []
        if figures:
            place = (label or figures)[0].place
            yield Line(labels=tuple(label), figures=figures, grid=number, place=place)
        at = end


def line_of(row: tuple[Span, ...], above: list[Span], number: int, stub: int | None = None) -> Line:
    """
    Make a row of the grid with this number a line: its labels, and its figures or what stands in
    their place; *stub* is that of the grid.
    """
    texts = [span.text for span in row]
    entries = [is_figure(text) for text in texts]
    filled = [at for at, text in enumerate(texts) if text.strip()]
    printed = [at for at in filled if entries[at]]
    known = _label_of_row(texts, filled, len(printed))
    first = printed[0] if printed else known
    last = max(
        (
            at
            for at, text in enumerate(texts)
            if not entries[at]
            and not (at > first and _is_odd(text))
            and not (at > known and (_FIGURED.match(fold(text)) or is_spelt_out(text)))
        ),
        default=-1,
    )
    if stub is not None and any(span.column >= stub for span in (row[at] for at in printed)):
        last = sum(span.column < stub for span in row) - 1
    place = row[0].place if row else NOWHERE
    return Line(
        labels=row[: last + 1],
        figures=row[last + 1 :],
        above=tuple(above),
        grid=number,
        stub=stub,
        place=place,
    )


def _label_of_row(texts: Sequence[str], filled: Sequence[int], figures: int) -> int:
    """
    Give the place of the label of a row that begins a line; behind the line where there is none,
    and before it where it has more figures than a row with a label. *filled* are the cells with a
    text.
    """
    if figures > _most_columns() and filled and not shown_years(texts[filled[0]]):
        return -1
    known = [*takewhile(lambda at: _names_row(texts[at]), filled)]
    if not form_labels().isdisjoint([key(texts[at]) for at in filled[len(known) :]]):
        return len(texts)  # the head of columns
    return max((at for at in known if not _is_group(texts[at])), default=len(texts))


@remembered
def _names_row(text: str) -> bool:
    return any(row_labels().get(each) for each in keys(text))


@remembered
def _is_odd(text: str) -> bool:
    """Tell whether a text behind figures stands for one: 约95, 3起, 未统计; not a row's label."""
    folded = fold(text)
    if _FIGURED.match(folded):
        return True
    return len(folded) <= _ODD and not any(known in row_labels() for known in keys(text))


@once
def _most_columns() -> int:
    """Count the columns of the widest table with a row for each row of the form."""
    return max(
        len(block.columns)
        for table in form(CURRENT).tables
        for block in table.blocks
        if not table.across
    )


@once
def _group_labels() -> frozenset[str]:
    rows = (row for name in EDITIONS for row in edition(name).rows.values() if row.group)
    return frozenset(known for row in rows for known in keys(row.zh))


@remembered
def _is_group(text: str) -> bool:
    return any(known in _group_labels() for known in keys(text))
