"""
Scans: pictures, and PDF files whose pages are pictures. Their text is recognised, so it may be
wrong: each cell says how sure it is, and the document that it was recognised.

``pictures`` gives the pages, ``pixels`` finds how they lie and their lines of text, ``rules`` their
ruling lines, and ``texts`` recognises text. The cells of a table are those that its ruling lines enclose;
where a line is missed, two cells are one with two lines of text, which is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from itertools import chain
from typing import Any, Final

import attrs

from govinfo_schema.documents.document import Aside, Document, Grid, Place
from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.kinds import kind_of
from govinfo_schema.documents.formats.package import LIMIT
from govinfo_schema.documents.formats.drawn.drawing import BLACK, Box, Drawing, Sign
from govinfo_schema.documents.formats.drawn.ruled import Table, laid_out, tables
from govinfo_schema.documents.formats.drawn.text import (
    Line,
    Page,
    blocks,
    place_at,
    without_margins,
)
from govinfo_schema.documents.formats.scans.pixels import (
    PixelBox,
    Pixels,
    inked,
    straightened,
    text_boxes,
    without_specks,
)
from govinfo_schema.documents.formats.scans.pictures import Picture, of_file, of_pdf
from govinfo_schema.documents.formats.scans.rules import ruling
from govinfo_schema.documents.formats.scans.texts import Text, recognised
from govinfo_schema.documents.grids import limited, span_at

_SUFFIXES: Final = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff"),
    *(".bmp", ".dib", ".webp"),
)
_BEGIN: Final = (b"\xff\xd8\xff", b"\x89PNG", b"II", b"MM", b"BM", b"RIFF")
_BESIDE: Final = 0.04
"""The lines around a table reach no farther beyond it, in inches."""
_LIKE_MOST: Final = 0.3
"""A line of text whose height differs from that of most by no such share is of the same size."""


def is_installed() -> bool:
    """
    Is what recognises text installed? If not, pictures are files of a kind that is not read, and
    folders and archives pass them over.
    """
    return find_spec("rapidocr") is not None


def detect(head: bytes) -> bool:
    """Tell by its first bytes whether it is a picture that can be read."""
    kind = kind_of(head) if head.startswith(_BEGIN) and is_installed() else None
    return kind is not None and kind.suffixes[0] in _SUFFIXES


@limited
def read(path: FilePath) -> Document:
    """
    Recognise the text of a picture, of all its pages.

    Raises: UnreadableFile where it is damaged, too large, or has no text; MissingLibrary without
    rapidocr.
    """
    return _document(path, of_file(path, bounded(path, LIMIT)))


def read_pdf(path: FilePath, data: bytes) -> Document:
    """
    Recognise the text of a PDF whose pages are pictures.

    Raises: the same errors as ``read``.
    """
    return _document(path, of_pdf(path, data))


def _recognised(pictures: Iterable[Picture]) -> list[Page]:
    pages: list[Page] = []
    for number, picture in enumerate(pictures, 1):
        before = sum(len(page.grids) for page in pages)
        pages.append(_page(picture, number, before))
    return pages


def _document(path: FilePath, pictures: Iterable[Picture]) -> Document:
    library("rapidocr", "ocr")
    pages = _recognised(pictures)
    if not any(page.text.strip() for page in pages):
        raise unreadable(path, "no_text_in_picture")
    return Document(blocks=tuple(blocks(without_margins(pages))), is_recognised=True)


@attrs.frozen(eq=False)
class _Sheet:
    """A page that lies straight, without its ruling lines: its pixels, and its ink."""

    grey: Pixels
    ink: Pixels
    dpi: float
    tables: tuple[Table, ...]

    def lines_in(self, box: Box) -> list[PixelBox]:
        """Give the boxes of the lines of text within a box in points."""
        scale = self.dpi / 72
        left, top, right, bottom = (round(each * scale) for each in box)
        return text_boxes(self.ink, (left, top, right, bottom), self.dpi)

    def points(self, box: PixelBox) -> Box:
        """Give a box in points."""
        left, top, right, bottom = (each * 72 / self.dpi for each in box)
        return left, top, right, bottom


def _page(picture: Picture, number: int, before: int) -> Page:
    """Recognise a page; so many tables stand before it."""
    sheet = _sheet(picture)
    cells = [cell for table in sheet.tables for cell in table.cells]
    inside = [sheet.lines_in(cell) for cell in cells]
    outside = text_boxes(_uncovered(sheet), (0, 0, *sheet.ink.shape[::-1]), sheet.dpi)
    found = recognised(sheet.grey, [*chain.from_iterable(inside), *outside], sheet.dpi)
    texts = iter(found)
    held = {cell: [next(texts) for _ in boxes] for cell, boxes in zip(cells, inside, strict=True)}
    grids = [
        (table.box[1], _grid(table, held, number, before + at))
        for at, table in enumerate(sheet.tables, 1)
    ]
    pairs = [(sheet.points(box), text.text) for box, text in zip(outside, texts, strict=True)]
    return Page(
        number=number,
        height=sheet.ink.shape[0] * 72 / sheet.dpi,
        lines=_lines([(box, text) for box, text in pairs if text.strip()]),
        grids=grids,
        text="".join(each.text for each in found),
        asides=(),
    )


def _sheet(picture: Picture) -> _Sheet:
    np = library("numpy", "ocr")
    grey, dpi = straightened(picture.grey), picture.dpi
    ink = inked(grey, dpi)
    rules = ruling(grey, dpi)
    height, width = (each * 72 / dpi for each in ink.shape)
    found = tables(Drawing(width, height, level=[*rules.level], upright=[*rules.upright]))
    # A long stroke of a sign outside the tables may look like a line.
    is_rule = np.zeros(ink.shape, bool)
    for table in found:
        own = _pixels(table.box, dpi, round(_BESIDE * dpi))
        is_rule[own] = rules.pixels[own] > 0
    return _Sheet(
        grey=np.where(is_rule, np.uint8(np.median(grey)), grey),
        ink=without_specks(np.where(is_rule, np.uint8(0), ink), dpi),
        dpi=dpi,
        tables=tuple(found),
    )


def _uncovered(sheet: _Sheet) -> Pixels:
    """Give the ink of a page that stands in no table."""
    ink = sheet.ink.copy()
    for table in sheet.tables:
        ink[_pixels(table.box, sheet.dpi, 0)] = 0
    return ink


def _pixels(box: Box, dpi: float, more: int) -> tuple[slice, slice]:
    """Give the pixels of a box in points, and so many more around it."""
    left, top, right, bottom = (round(each * dpi / 72) for each in box)
    return slice(max(top - more, 0), bottom + more), slice(max(left - more, 0), right + more)


def _grid(table: Table, held: dict[Box, list[Text]], page: int, number: int) -> Grid:
    """Make a grid of a table and of what was recognised in its cells."""
    spans = []
    for cell, row, column, size in laid_out(table):
        place = place_at(page, cell, number).at(row, column)
        spans.append(
            span_at(_printed(held[cell]), row, column, place, **_facts(held[cell], place), **size)
        )
    return Grid(spans=tuple(sorted(spans, key=lambda span: (span.row, span.column))))


def _printed(lines: list[Text]) -> str:
    return "\n".join(line.text for line in lines if line.text.strip())


def _facts(lines: list[Text], place: Place) -> dict[str, Any]:
    """
    Say how sure the text of a cell is; a line of ink in which nothing was recognised may be a
    figure.
    """
    if all(line.text.strip() for line in lines):
        return {"confidence": min((line.confidence for line in lines), default=1.0)}
    return {"confidence": 0.0, "asides": (Aside(kind="picture", place=place),)}


def _lines(found: list[tuple[Box, str]]) -> list[Line]:
    """Make lines of text; those of nearly the size of most have the same."""
    heights = sorted(box[3] - box[1] for box, _ in found)
    most = heights[len(heights) // 2] if heights else 0.0
    return [Line(text.strip(), _signs(text.strip(), box, most), box) for box, text in found]


def _signs(text: str, box: Box, most: float) -> tuple[Sign, ...]:
    """Spread the signs of a text evenly over its box: none was recognised on its own."""
    left, top, right, bottom = box
    height = bottom - top
    size = most if abs(height - most) < _LIKE_MOST * most else height
    width = (right - left) / len(text)
    return tuple(
        Sign(
            text=sign,
            x0=left + at * width,
            top=top,
            x1=left + (at + 1) * width,
            bottom=bottom,
            size=size,
            base=bottom,
            turn=0,
            ink=BLACK,
            run=0,
            block=0,
            at=0,
        )
        for at, sign in enumerate(text)
    )


FORMAT = Format(
    suffixes=_SUFFIXES if is_installed() else (),
    slow=True,
    detect=detect,
    read_document=read,
)
