"""
Plain text: what is left when a document is copied, or its text is taken out of a PDF.

Lines with tabs, or with bars between their cells, are rows of a table; every other line is a
paragraph, its inner spaces kept, since they may be all that is left of a border.
"""

from __future__ import annotations

import os
import re
from typing import Final

from govinfo_schema.documents.document import (
    MAX_CELLS,
    Block,
    Document,
    Grid,
    Paragraph,
    Place,
    Span,
)
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.encodings import text_of

NAME = "text"
SUFFIXES = (".txt", ".text")

_BARS: Final = re.compile(r"\s*(?<!\\)[|｜│┃]\s*")
_FRAME: Final = re.compile(r"^[\s|+\-=─━┌┐└┘├┤┬┴┼│┃╋]+$")


def detect(head: bytes) -> bool:  # noqa: ARG001 (all formats are asked alike)
    """Take any file for text that nothing else claims."""
    return True


def read(path: str | os.PathLike[str]) -> Document:
    """
    Read a text line by line; a form feed begins a page.

    Raises: UnreadableFile where it is too long, of no known encoding, or has too many cells.
    """
    blocks: list[Block] = []
    rows: list[list[Span]] = []
    page, tables, cells = 1, 0, 0
    for number, line in enumerate(re.split(r"\r\n|[\n\r\x0b\x85\u2028\u2029]", text_of(path)), 1):
        page += line.count("\f")
        plain = line.replace("\f", "").rstrip()
        texts = _cells(plain)
        if len(texts) > 1:
            place = Place(page=page, table=tables + 1, row=len(rows) + 1, line=number)
            rows.append(
                [_span(text, len(rows), column, place) for column, text in enumerate(texts)]
            )
            cells += len(texts)
        elif plain.strip() and not _FRAME.match(plain):
            if rows:
                blocks.append(_grid(rows))
                rows, tables = [], tables + 1
            blocks.append(Paragraph(text=plain.strip(), place=Place(page=page, line=number)))
        if cells > MAX_CELLS:
            raise unreadable(path, "too_many_cells", limit=MAX_CELLS)
    if rows:
        blocks.append(_grid(rows))
    return Document(blocks=tuple(blocks))


def _cells(line: str) -> list[str]:
    """
    Cut a line into cells, if it is a row: at its tabs, or at bars, of which it has two or stands
    between them.
    """
    if "\t" in line.rstrip():
        return line.split("\t")
    texts = _BARS.split(line.strip())
    if len(texts) < 3:
        return [line]
    first, last = (0 if texts[0] else 1), (len(texts) if texts[-1] else -1)
    return texts[first:last]


def _span(text: str, row: int, column: int, place: Place) -> Span:
    return Span(
        text=text.strip(),
        row=row,
        column=column,
        place=Place(
            page=place.page, table=place.table, row=place.row, column=column + 1, line=place.line
        ),
    )


def _grid(rows: list[list[Span]]) -> Grid:
    return Grid(spans=tuple(span for row in rows for span in row))
