"""
Pages on which signs, lines and pictures have places but no structure, as PDF and OFD have them:
what they draw (``drawing``, taken down by ``device``) becomes a document.

``visible`` says which of the signs are text, ``ruled``, ``aligned`` and ``text`` make tables and
paragraphs of them. A table that goes on overleaf is a grid on each page. Nothing here knows how a
file says what to draw, and no picture is looked at (``scans`` does).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from govinfo_schema.documents.document import NOWHERE, Document, Grid
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.drawn.aligned import with_aligned_tables
from govinfo_schema.documents.formats.drawn.drawing import Drawing, Sign
from govinfo_schema.documents.formats.drawn.ruled import grid, tables
from govinfo_schema.documents.formats.drawn.text import (
    Page,
    around,
    blocks,
    lines,
    place_at,
    without_margins,
)
from govinfo_schema.documents.formats.drawn.visible import asides, mark_notes, sift
from govinfo_schema.documents.formats.format import FilePath

MAX_PAGES: Final = 200
_BROKEN: Final = 0.2
"""A text of which such a share cannot be told is no text."""
_FEW: Final = 40
"""What a scanner writes on a page has no more signs."""
_FRAME: Final = 4
"""A frame around a page has no more ruling lines; any table has."""
_UNTOLD: Final = re.compile(
    "\\(cid:[0-9]+\\)|[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00a1-\u00a6\u00a8-\u00af\u00b4-\u00b6\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u024f\ue000-\uf8ff\ufffd]"
)
_PROPERTIES: Final = {"Title": "Title", "Subject": "Subject", "CreationDate": "created"}
"""What is taken over of what a file says of itself, and by which name."""


def is_scanned(drawings: Sequence[Drawing]) -> bool:
    """
    Are the pages of a file pictures, without a table that is drawn, and with no more text than what
    a scanner adds, such as a number or its own name?
    """
    return any(drawing.pictures for drawing in drawings) and all(
        sum(not sign.text.isspace() for sign in drawing.signs) <= _FEW
        and len(drawing.level) + len(drawing.upright) <= _FRAME
        for drawing in drawings
    )


def document(
    path: FilePath, kind: str, drawings: Sequence[Drawing], information: Mapping[str, str]
) -> Document:
    """
    Make a document of what the pages of a file draw, and of what it says of itself; *kind* is what
    such a file is called.

    Raises: UnreadableFile where there is no text, or the fonts do not say which sign is which.
    """
    pages: list[Page] = []
    number = 0
    for at, (drawing, signs) in enumerate(zip(drawings, sift(drawings), strict=True), 1):
        pages.append(_page(drawing, signs, at, number))
        number += len(pages[-1].grids)
    text = "".join(page.text for page in pages)
    if not text.strip():
        raise unreadable(path, "scan", kind=kind)
    if sum(1 for _ in _UNTOLD.finditer(text)) > _BROKEN * len(_UNTOLD.sub("?", text)):
        raise unreadable(path, "broken_font", kind=kind)
    properties = _properties(information)
    return Document(
        blocks=tuple(blocks(with_aligned_tables(without_margins(pages)))),
        title=properties.get("Title", ""),
        properties=tuple(properties.items()),
        asides=tuple(aside for page in pages for aside in page.asides),
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
