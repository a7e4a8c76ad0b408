"""
A picture of a page made ready to be read: it lies straight and upright, its ruling lines are taken
out, and the boxes of its cells and of its lines of text are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Final

import attrs

from govinfo_schema.documents.formats import library
from govinfo_schema.documents.formats.drawn.drawing import Box, Drawing
from govinfo_schema.documents.formats.drawn.ruled import Table, tables
from govinfo_schema.documents.formats.scans.pictures import Picture
from govinfo_schema.documents.formats.scans.pixels import (
    PixelBox,
    Pixels,
    inked,
    straightened,
    text_boxes,
    without_specks,
)
from govinfo_schema.documents.formats.scans.rules import ruling
from govinfo_schema.documents.formats.scans.texts import legibility
from govinfo_schema.documents.grids import TooManyCells

MAX_LINES: Final = 2_000
"""No page of a report has more lines of text, those in cells counted one by one."""
_BESIDE: Final = 0.04
"""The lines around a table reach no farther beyond it, in inches."""
_LEGIBLE: Final = 0.8
"""A page that is as legible lies upright."""


@attrs.frozen(eq=False)
class Sheet:
    """
    A page: its pixels without ruling lines, its tables, the lines of text in each of their cells,
    and those *outside*.
    """

    grey: Pixels
    dpi: float
    tables: tuple[Table, ...]
    cells: Mapping[Box, list[PixelBox]]
    outside: list[PixelBox]

    @property
    def lines(self) -> list[PixelBox]:
        """All lines of text, those in cells first."""
        return [*chain.from_iterable(self.cells.values()), *self.outside]

    @property
    def height(self) -> float:
        """How high the page is, in points."""
        return float(self.grey.shape[0] * 72 / self.dpi)

    def points(self, box: PixelBox) -> Box:
        """Give a box in points."""
        left, top, right, bottom = (each * 72 / self.dpi for each in box)
        return left, top, right, bottom


def upright(picture: Picture) -> Sheet:
    """
    Turn a page by quarters until its text can be read.

    Raises: TooManyCells if it has more lines of text than any report.
    """
    np = library("numpy", "ocr")
    found: list[tuple[float, Sheet]] = []
    for quarters in (0, 2, 1, 3):
        turned = np.ascontiguousarray(np.rot90(picture.grey, quarters))
        sheet = _sheet(attrs.evolve(picture, grey=turned))
        found.append((legibility(sheet.grey, sheet.lines, sheet.dpi), sheet))
        if found[-1][0] >= _LEGIBLE:
            break
    sheet = max(found, key=lambda each: each[0])[1]
    if len(sheet.lines) > MAX_LINES:
        raise TooManyCells
    return sheet


def _sheet(picture: Picture) -> Sheet:
    np = library("numpy", "ocr")
    dpi = picture.dpi
    grey = straightened(picture.grey, dpi)
    ink = inked(grey, dpi)
    rules = ruling(grey, dpi)
    height, width = (each * 72 / dpi for each in ink.shape)
    found = tables(Drawing(width, height, level=[*rules.level], upright=[*rules.upright]))
    # A long stroke of a sign outside the tables may look like a line.
    is_rule = np.zeros(ink.shape, bool)
    for table in found:
        own = _pixels(table.box, dpi, round(_BESIDE * dpi))
        is_rule[own] = rules.pixels[own] > 0
    ink = without_specks(np.where(is_rule, np.uint8(0), ink), dpi)
    cells = {
        cell: text_boxes(ink, _in_pixels(cell, dpi), dpi) for table in found for cell in table.cells
    }
    for table in found:
        ink[_pixels(table.box, dpi, 0)] = 0
    return Sheet(
        grey=np.where(is_rule, np.uint8(np.median(grey)), grey),
        dpi=dpi,
        tables=tuple(found),
        cells=cells,
        outside=text_boxes(ink, (0, 0, *ink.shape[::-1]), dpi),
    )


def _in_pixels(box: Box, dpi: float) -> PixelBox:
    left, top, right, bottom = (max(round(each * dpi / 72), 0) for each in box)
    return left, top, right, bottom


def _pixels(box: Box, dpi: float, more: int) -> tuple[slice, slice]:
    """Give the pixels of a box in points, and so many more around it."""
    left, top, right, bottom = _in_pixels(box, dpi)
    return slice(max(top - more, 0), bottom + more), slice(max(left - more, 0), right + more)
