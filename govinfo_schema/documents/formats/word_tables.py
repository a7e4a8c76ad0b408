"""
Rows and cells of Word tables: how cells are merged, over which columns they are, and which rows are
not shown.

``docx`` reads what stands in the cells. Where converters leave ``w:gridSpan`` out, or write one
whose sum differs from row to row, the widths of the cells tell the columns.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import Aside, AsideKind, Paragraph
from govinfo_schema.documents.formats.word_styles import W, is_on, value, whole
from govinfo_schema.documents.grids import MAX_SPAN, Cell, Row

LOW: Final = 30
"""A row that is exactly so low, in twentieths of a point, or lower cannot be seen."""
PART: Final = 3
"""Borders are the same if they are nearer than such a part of the narrowest cell."""


@attrs.define
class WordCell(Cell):
    """
    A cell of a table, how it is merged, its width and those of the cells that are merged with it,
    and the path of its element.
    """

    columns: int
    down: str
    goes_on: bool
    deleted: bool
    widths: list[ET.Element | None]
    path: str

    @property
    def line(self) -> int | None:
        """The number of its first paragraph."""
        return next(
            (block.place.line for block in self.blocks if isinstance(block, Paragraph)), None
        )

    def covered(self, text: str) -> list[Aside]:
        """
        Give what stands in it as asides, unless it is the same *text* as in the cell that goes on
        over it: it does not show.
        """
        own = self.text
        return [*([Aside(kind="hidden", text=own)] if own not in ("", text) else ()), *self.asides]


def row_of(properties: ET.Element | None, cells: list[WordCell]) -> Row[WordCell]:
    """Make a row of its cells and its properties."""
    if properties is None:
        return Row(cells)
    return Row(
        cells,
        is_on(properties, "tblHeader"),
        whole(value(properties, "gridBefore"), 0, MAX_SPAN) or 0,
        whole(value(properties, "gridAfter"), 0, MAX_SPAN) or 0,
        _width(properties.find(f"{W}wBefore"))[0],
    )


def merged(cells: list[WordCell]) -> Iterator[WordCell]:
    """Go through the cells, each with those that it is merged with as Word up to 97 did it."""
    last: WordCell | None = None
    for cell in cells:
        if cell.goes_on and last:
            last.columns = min(last.columns + cell.columns, MAX_SPAN)
            last.widths += cell.widths
            last.asides += cell.covered(last.text)
            continue
        if last:
            yield last
        last = cell
    if last:
        yield last


def align(rows: list[Row[WordCell]]) -> None:
    """Where rows are not over equally many columns, count these by the widths of the cells."""
    if len({row.before + sum(cell.columns for cell in row.cells) + row.after for row in rows}) == 1:
        return
    widths = [[list(map(_width, cell.widths)) for cell in row.cells] for row in rows]
    if len({unit for row in widths for cell in row for _, unit in cell}) != 1:
        return
    sizes = [[sum(size for size, _ in cell) for cell in row] for row in widths]
    borders = columns_of([[row.indent, *own] for row, own in zip(rows, sizes, strict=True)])
    for row, own in zip(rows, borders or (), strict=False):
        row.before = own[0]
        for cell, left, right in zip(row.cells, own, own[1:], strict=False):
            cell.columns = min(right - left, MAX_SPAN)


def _width(node: ET.Element | None) -> tuple[int, str]:
    """Give a width, 0 where none is set, and what it is counted in."""
    if node is None:
        return 0, ""
    return whole(node.get(f"{W}w"), 0) or 0, node.get(f"{W}type", "dxa")


def unseen(properties: ET.Element | None, cells: list[WordCell]) -> AsideKind | None:
    """Say why a row is not read: it was deleted, it has no height, or all in it is hidden."""
    if properties is not None:
        if properties.find(f"{W}del") is not None:
            return "struck"
        height = properties.find(f"{W}trHeight")
        if height is not None and height.get(f"{W}hRule") == "exact":
            size = whole(height.get(f"{W}val"), 0)
            if size is not None and size <= LOW:
                return "hidden"
    kinds = {aside.kind for cell in cells for aside in cell.asides}
    return "hidden" if kinds == {"hidden"} and not any(cell.blocks for cell in cells) else None


def columns_of(rows: Sequence[Sequence[int]]) -> list[list[int]] | None:
    """
    Number the columns between which the cells of each row have their borders, given the widths in
    each row; None where a width is missing or the rows are not equally wide.

    Each row begins with the space before its first cell, 0 where there is none.

    >>> columns_of([[0, 300, 900], [0, 300, 305, 295, 300], [300, 300, 600]])
    [[0, 1, 4], [0, 1, 2, 3, 4], [1, 2, 4]]
    """
    if any(width <= 0 for row in rows for width in row[1:]) or not all(
        len(row) > 1 for row in rows
    ):
        return None
    slack = min(width for row in rows for width in row[1:]) // PART
    borders = [list(accumulate(row)) for row in rows]
    ends = [row[-1] for row in borders]
    if max(ends) - min(ends) > slack:
        return None
    shared: list[int] = []
    last = None
    for border in sorted({border for row in borders for border in row} | {0}):
        if last is None or border - last > slack:
            shared.append(border)
        last = border
    numbers = [[bisect_left(shared, border + 1) - 1 for border in row] for row in borders]
    if any(left >= right for row in numbers for left, right in pairwise(row)):
        return None
    return numbers
