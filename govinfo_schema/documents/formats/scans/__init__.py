"""
Scans: pictures, and PDF files whose pages are pictures. Their text is recognised, so it may be
wrong: each cell says how sure it is, and the document that it was recognised.

``pictures`` gives the pages, ``sheets`` makes each ready to be read: it lies straight
(``pixels``), and its ruling lines (``rules``) enclose the cells of its tables. ``texts`` recognises
lines of text. Where a ruling line is missed, two cells are one with two lines of text, which is no
figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any, Final

from govinfo_schema.documents.document import Aside, Document, Grid, Place
from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.drawn.drawing import BLACK, Box, Sign
from govinfo_schema.documents.formats.drawn.ruled import Table, laid_out
from govinfo_schema.documents.formats.drawn.text import (
    Line,
    Page,
    blocks,
    place_at,
    without_margins,
)
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.kinds import kind_of
from govinfo_schema.documents.formats.package import LIMIT
from govinfo_schema.documents.formats.scans.pictures import Picture, of_file, of_pdf
from govinfo_schema.documents.formats.scans.sheets import upright
from govinfo_schema.documents.formats.scans.texts import Text, recognised
from govinfo_schema.documents.grids import limited, span_at

_SUFFIXES: Final = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".tif", ".tiff"),
    *(".bmp", ".dib", ".webp"),
)
_BEGIN: Final = (b"\xff\xd8\xff", b"\x89PNG", b"II", b"MM", b"BM", b"RIFF")
_NUMBER: Final = re.compile(r"[-—–一]+\s*([0-9]{1,3})\s*[-—–一]*")
"""The number of a page, whose dashes may be taken for a sign."""
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
    for name in ("rapidocr", "onnxruntime"):  # the one runs its models with the other
        library(name, "ocr")
    pages = _recognised(pictures)
    if not any(page.text.strip() for page in pages):
        raise unreadable(path, "no_text_in_picture")
    return Document(blocks=tuple(blocks(without_margins(pages))), is_recognised=True)


def _page(picture: Picture, number: int, before: int) -> Page:
    """Recognise a page; so many tables stand before it."""
    sheet = upright(picture)
    found = recognised(sheet.grey, sheet.lines, sheet.dpi)
    texts = iter(found)
    held = {cell: [next(texts) for _ in boxes] for cell, boxes in sheet.cells.items()}
    grids = [
        (table.box[1], _grid(table, held, number, before + at))
        for at, table in enumerate(sheet.tables, 1)
    ]
    outside = zip(map(sheet.points, sheet.outside), (text.text for text in texts), strict=True)
    return Page(
        number=number,
        height=sheet.height,
        lines=_lines([(box, text) for box, text in outside if text.strip()]),
        grids=grids,
        text="".join(each.text for each in found),
        asides=(),
    )


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
    texts = [(box, _of_number(text.strip())) for box, text in found]
    return [Line(text, _signs(text, box, most), box) for box, text in texts]


def _of_number(text: str) -> str:
    number = _NUMBER.fullmatch(text)
    return f"— {number[1]} —" if number else text


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
