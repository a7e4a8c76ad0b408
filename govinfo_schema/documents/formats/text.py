"""
Plain text: what is left when a document is copied, or its text is taken out of a PDF.

Lines with tabs, or with bars between their cells, are rows of a table; every other line is a
paragraph, its inner spaces kept, since they may be all that is left of a border.
"""

from __future__ import annotations

import re
from typing import Final

from govinfo_schema.documents.document import Block, Document, Paragraph, Place
from govinfo_schema.documents.formats.encodings import text_of
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.grids import check_count, limited, plain_grid

_BARS: Final = re.compile(r"\s*(?<!\\)[|｜│┃]\s*")
_FRAME: Final = re.compile(r"^[\s|+\-=─━┌┐└┘├┤┬┴┼│┃╋]+$")


def detect(head: bytes) -> bool:  # noqa: ARG001 (all formats are asked alike)
    """Take any file for text that nothing else claims."""
    return True


@limited
def read(path: FilePath) -> Document:
    """
    Read a text line by line; a form feed begins a page.

    Raises: UnreadableFile where it is too long, of no known encoding, or has too many cells.
    """
    blocks: list[Block] = []
    rows: list[tuple[Place, list[str]]] = []
    page, tables, cells = 1, 0, 0
    for number, line in enumerate(re.split(r"\r\n|[\n\r\x0b\x85\u2028\u2029]", text_of(path)), 1):
        page += line.count("\f")
        plain = line.replace("\f", "").rstrip()
        texts = _cells(plain)
        if len(texts) > 1:
            place = Place(page=page, table=tables + 1, line=number)
            rows.append((place, [text.strip() for text in texts]))
            cells += len(texts)
            check_count(cells)
        elif plain.strip() and not _FRAME.match(plain):
            if rows:
                blocks.append(plain_grid(rows))
                rows, tables = [], tables + 1
            blocks.append(Paragraph(text=plain.strip(), place=Place(page=page, line=number)))
    if rows:
        blocks.append(plain_grid(rows))
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


FORMAT = Format(suffixes=(".txt", ".text"), detect=detect, certainty=0, claim=1, read_document=read)
