"""
PDF, as word processors and browsers print it. Nothing in it is run, and no image is looked at but
where there is nothing else (``scans``).

``objects``, ``fonts`` and ``instructions`` take a file apart, ``interpreter`` takes down what each
page draws, ``visible`` says which of its signs are text, ``ruled``, ``aligned`` and ``text`` make
tables and paragraphs of them. A table that goes on overleaf is a grid on each page.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from itertools import islice
from typing import Final

from govinfo_schema.documents.document import NOWHERE, Document, Grid
from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.package import LIMIT
from govinfo_schema.documents.formats.pdf.aligned import with_aligned_tables
from govinfo_schema.documents.formats.pdf.drawing import Drawing, Sign
from govinfo_schema.documents.formats.pdf.ruled import grid, tables
from govinfo_schema.documents.formats.pdf.streams import MAX_DRAWING, StreamTooLong, orders
from govinfo_schema.documents.formats.pdf.text import (
    Page,
    around,
    blocks,
    lines,
    place_at,
    without_margins,
)
from govinfo_schema.documents.formats.pdf.visible import asides, mark_notes, sift
from govinfo_schema.documents.grids import TooManyCells, limited
from govinfo_schema.errors import MissingLibrary, UnreadableFile

MAX_PAGES: Final = 200
_BROKEN: Final = 0.2
"""A text of which such a share cannot be told is no text."""
_UNTOLD: Final = re.compile(
    "\\(cid:[0-9]+\\)|[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00a1-\u00a6\u00a8-\u00af\u00b4-\u00b6\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u024f\ue000-\uf8ff\ufffd]"
)
_PROPERTIES: Final = {"Title": "Title", "Subject": "Subject", "CreationDate": "created"}
"""What is taken over of what a file says of itself, and by which name."""


def detect(head: bytes) -> bool:
    """Tell by its first bytes, which may stand behind some others, whether it is a PDF."""
    return b"%PDF-" in head[:1024]


@limited
def read(path: FilePath) -> Document:
    """
    Read the pages one after the other.

    Raises: UnreadableFile where it is encrypted, damaged, too long, a scan without text, or its
    fonts do not say which sign is which; MissingLibrary without pdfminer.
    """
    library("pdfminer.pdfinterp", "pdf")
    logging.getLogger("pdfminer").addHandler(logging.NullHandler())
    data = bounded(path, LIMIT)
    try:
        return _document(path, data)
    except (UnreadableFile, MissingLibrary, TooManyCells):
        raise
    except StreamTooLong as error:
        raise unreadable(path, "part_too_long", limit=LIMIT) from error
    except Exception as error:
        # pdfminer raises whatever its parsing meets: each is a file that it cannot read.
        protected = "Password" in repr(error) or "Encryption" in repr(error)
        raise unreadable(path, "encrypted" if protected else "damaged_pdf") from error


def _document(path: FilePath, data: bytes) -> Document:
    from govinfo_schema.documents.formats.pdf.interpreter import File  # noqa: PLC0415 (imports pdfminer)

    file = File(data)
    pages = list(islice(file.pages(), MAX_PAGES + 1))
    if not pages:
        raise unreadable(path, "damaged_pdf")
    if len(pages) > MAX_PAGES:
        raise unreadable(path, "too_many_pages", limit=MAX_PAGES)
    if orders(pages) > MAX_DRAWING:
        raise unreadable(path, "part_too_long", limit=MAX_DRAWING)
    drawings = [file.draw(page) for page in pages]
    read_pages: list[Page] = []
    number = 0
    for at, (drawing, signs) in enumerate(zip(drawings, sift(drawings), strict=True), 1):
        read_pages.append(_page(drawing, signs, at, number))
        number += len(read_pages[-1].grids)
    text = "".join(read_page.text for read_page in read_pages)
    if not text.strip():
        if not any(drawing.pictures for drawing in drawings):
            raise unreadable(path, "scan")
        from govinfo_schema.documents.formats.scans import read_pdf  # noqa: PLC0415 (only for scans)

        return read_pdf(path, data)
    if sum(1 for _ in _UNTOLD.finditer(text)) > _BROKEN * len(_UNTOLD.sub("?", text)):
        raise unreadable(path, "broken_font")
    properties = _properties(file.information)
    return Document(
        blocks=tuple(blocks(with_aligned_tables(without_margins(read_pages)))),
        title=properties.get("Title", ""),
        properties=tuple(properties.items()),
        asides=tuple(aside for read_page in read_pages for aside in read_page.asides),
    )


def _properties(information: Mapping[str, str]) -> dict[str, str]:
    """Give what a file says of itself, but of no persons, under the names of our own."""
    return {
        name: text
        for key, name in _PROPERTIES.items()
        if (text := information.get(key, "").strip()) and not _UNTOLD.search(text)
    }


def _page(drawing: Drawing, signs: list[Sign], page: int, number: int) -> Page:
    """Put the signs of a page into its tables and lines; *number* tables stand before it."""
    text = "".join(sign.text for sign in signs if sign.aside is None)
    grids: list[tuple[float, Grid]] = []
    for table in tables(drawing):
        found, signs = grid(table, drawing, signs, page, number + len(grids) + 1)
        grids.append((table.box[1], found))
    mark_notes(signs)
    left_out = [sign for sign in signs if sign.aside]
    place = place_at(page, around(left_out)) if left_out else NOWHERE
    return Page(
        number=page,
        height=drawing.height,
        lines=lines(signs),
        grids=grids,
        text=text,
        asides=asides(left_out, place),
    )


FORMAT = Format(suffixes=(".pdf",), slow=True, detect=detect, read_document=read)
