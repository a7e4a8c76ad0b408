"""
Word documents as Word, WPS and LibreOffice save them (.docx).

The zip and its XML are read with the standard library alone; nothing is fetched, run or expanded.
What a person sees is what is read: text that was inserted but not what was deleted or is hidden,
numbers that Word puts before paragraphs, text in boxes and controls; a table that only holds other
tables is taken apart. The same document is always written as the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import Block, Document, Paragraph, Place, Span
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.compound import MAGIC
from govinfo_schema.documents.formats.docx_writing import write
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.numbering import (
    Numbering,
    Style,
    W,
    is_on,
    joined,
    level_of,
    styles_of,
    value,
    whole,
)
from govinfo_schema.documents.formats.package import ENCRYPTED, ZIP, member, package
from govinfo_schema.documents.grids import MAX_SPAN, Cell, Row, Tables, limited, span_at

__all__ = ["FORMAT", "detect", "read", "write"]

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_P, _R, _T, _TBL, _SDT, _PPR = (f"{W}{name}" for name in ("p", "r", "t", "tbl", "sdt", "pPr"))
_BOX: Final = f"{W}txbxContent"
_ALTERNATE: Final = f"{_MC}AlternateContent"
_SIGNS: Final = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n"} | {
    f"{W}noBreakHyphen": "-"
}
_PICTURES: Final = frozenset(f"{W}{name}" for name in ("drawing", "pict", "object"))
_LEFT_OUT: Final = frozenset(
    f"{W}{name}"
    for name in (
        *("del", "moveFrom", "delText", "instrText", "rt", "pPr", "rPr", "sdtPr", "sdtEndPr"),
        *("tblPr", "tblGrid", "trPr", "tcPr", "smartTagPr", "customXmlPr", "sectPr"),
    )
)
"""What is no text: properties, what was deleted, the codes of fields, the small signs of ruby."""


def detect(head: bytes) -> bool:
    """
    Tell by the names in the zip whether it is a Word document; an encrypted one hides what it is.
    """
    if head.startswith(MAGIC):
        return ENCRYPTED in head
    if not head.startswith(ZIP):
        return False
    return member(head, "word/") or (
        member(head, "[Content_Types].xml") and not member(head, "xl/") and not member(head, "ppt/")
    )


@limited
def read(path: FilePath) -> Document:
    """
    Read a Word document.

    Raises: UnreadableFile where it is encrypted, damaged, too long, no Word document, or has too
    many cells.
    """
    parts = package(path)
    name = parts.related("").get("officeDocument", "word/document.xml")
    root = parts.tree(name)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise unreadable(path, "not_word")
    related = parts.related(name)
    styles = styles_of(parts.tree(related.get("styles", "word/styles.xml")))
    numbering = Numbering.of(parts.tree(related.get("numbering", "word/numbering.xml")), styles)
    reader = _Reader(styles=styles, numbering=numbering)
    return Document(blocks=tuple(reader.blocks(body)), title=parts.title())


@attrs.define
class _Cell(Cell):
    """A cell of a table, and how it is merged."""

    columns: int
    down: str
    goes_on: bool

    @property
    def line(self) -> int | None:
        """The number of its first paragraph."""
        return next(
            (block.place.line for block in self.blocks if isinstance(block, Paragraph)), None
        )


@attrs.define(kw_only=True)
class _Reader(Tables[_Cell]):
    """
    Reads blocks out of a tree and counts paragraphs; *boxes* wait for the end of the block they
    hang on.
    """

    styles: Mapping[str, Style]
    numbering: Numbering
    lines: int = 0

    def blocks(self, parent: ET.Element, nesting: int = 0) -> Iterator[Block]:
        """Give the blocks below an element in reading order."""
        for node in parent:
            if node.tag == _P:
                yield from self.paragraph(node, nesting)
            elif node.tag == _TBL:
                yield from self.table(node, nesting + 1)
            elif node.tag == _ALTERNATE:
                yield from self.blocks(_chosen(node), nesting)
            elif node.tag not in _LEFT_OUT and not _is_contents(node):
                yield from self.blocks(node, nesting)

    def paragraph(self, node: ET.Element, nesting: int) -> Iterator[Block]:
        """
        Give the lines of a paragraph with the number that Word puts before it, then the texts of
        the boxes that hang on it.
        """
        properties = node.find(_PPR)
        style = self.styles.get(value(properties, "pStyle") or "", Style())
        if re.match("(?:toc|目录) ?[1-9]$", style.name):
            return
        self.lines += 1
        parts: list[str] = []
        boxes: list[ET.Element] = []
        _gather(node, parts, boxes)
        text = joined(self.numbering.label(properties, style), "".join(parts))
        own = level_of("", properties)
        place = Place(line=self.lines)
        for line in text.split("\n"):
            if line.strip():
                yield Paragraph(
                    text=line.strip(), level=style.level if own is None else own, place=place
                )
        for box in boxes:
            yield from self.blocks(box, nesting)

    def rows(self, node: ET.Element, nesting: int) -> Iterator[Row[_Cell]]:
        """
        Go through the rows of a table, those inside controls too, without those that were deleted.
        """
        for child in node:
            if child.tag == f"{W}tr":
                properties = child.find(f"{W}trPr")
                if properties is None or properties.find(f"{W}del") is None:
                    before = whole(value(properties, "gridBefore"), 0, MAX_SPAN) or 0
                    cells = [*self.row(child, nesting)]
                    yield Row(cells, is_on(properties, "tblHeader"), before)
            elif child.tag not in _LEFT_OUT and child.tag != _TBL:
                inner = _chosen(child) if child.tag == _ALTERNATE else child
                yield from self.rows(inner, nesting)

    def row(self, parent: ET.Element, nesting: int) -> Iterator[_Cell]:
        """Go through the cells of a row, those inside controls too."""
        for node in parent:
            if node.tag == f"{W}tc":
                self.count_cell()
                yield _cell(node, [*self.blocks(node, nesting)])
            elif node.tag not in _LEFT_OUT:
                yield from self.row(_chosen(node) if node.tag == _ALTERNATE else node, nesting)

    def spans(self, rows: list[Row[_Cell]]) -> list[Span]:
        """
        Place the cells of rows, each behind the one before it; one that goes on from above adds a
        row to that.
        """
        spans: list[Span] = []
        open_at: dict[int, int] = {}
        for at, row in enumerate(rows):
            column, still = row.before, {}
            for cell in _merged(row.cells):
                above = open_at.get(column) if cell.down == "continue" else None
                if above is None:
                    place = Place(table=self.tables, line=cell.line)
                    facts = {"columns": cell.columns, "header": row.header}
                    spans.append(span_at(cell.text, at, column, place, **facts))
                else:
                    spans[above] = attrs.evolve(spans[above], rows=at + 1 - spans[above].row)
                if cell.down:
                    still[column] = len(spans) - 1 if above is None else above
                column += cell.columns
            open_at = still
        return spans


def _merged(cells: list[_Cell]) -> Iterator[_Cell]:
    """Go through the cells, each with those that it is merged with as Word up to 97 did it."""
    last: _Cell | None = None
    for cell in cells:
        if cell.goes_on and last:
            last.columns = min(last.columns + cell.columns, MAX_SPAN)
            continue
        if last:
            yield last
        last = cell
    if last:
        yield last


def _cell(node: ET.Element, blocks: list[Block]) -> _Cell:
    properties = node.find(f"{W}tcPr")
    merge = properties.find(f"{W}vMerge") if properties is not None else None
    return _Cell(
        blocks=blocks,
        columns=whole(value(properties, "gridSpan"), 1, MAX_SPAN) or 1,
        down="" if merge is None else merge.get(f"{W}val", "continue"),
        goes_on=properties is not None
        and (across := properties.find(f"{W}hMerge")) is not None
        and across.get(f"{W}val") != "restart",
    )


def _gather(parent: ET.Element, parts: list[str], boxes: list[ET.Element]) -> None:
    """Gather the text below an element, and the boxes of text that hang on it."""
    for node in parent:
        tag = node.tag
        if tag == _T:
            parts.append(node.text or "")
        elif tag in _SIGNS:
            parts.append(_SIGNS[tag])
        elif tag in _PICTURES or tag == _BOX:
            _find_boxes(node, boxes)
        elif tag == _ALTERNATE:
            _gather(_chosen(node), parts, boxes)
        elif tag not in _LEFT_OUT and not (tag == _R and is_on(node.find(f"{W}rPr"), "vanish")):
            _gather(node, parts, boxes)


def _find_boxes(node: ET.Element, boxes: list[ET.Element]) -> None:
    if node.tag == _BOX:
        boxes.append(node)
        return
    for child in _chosen(node) if node.tag == _ALTERNATE else node:
        _find_boxes(child, boxes)


def _chosen(node: ET.Element) -> ET.Element:
    """Of alternatives that say the same take the first."""
    return next(iter(node), node)


def _is_contents(node: ET.Element) -> bool:
    """
    Tell whether a control holds the table of contents, which says every heading a second time.
    """
    kind = node.find(f"{W}sdtPr/{W}docPartObj") if node.tag == _SDT else None
    return value(kind, "docPartGallery") == "Table of Contents"


FORMAT = Format(
    suffixes=(".docx",),
    place=3,
    detect=detect,
    read_document=read,
    write_document=write,
)
