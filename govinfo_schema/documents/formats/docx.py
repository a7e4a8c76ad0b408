"""
Word documents as Word, WPS and LibreOffice save them (.docx).

The zip and its XML are read with the standard library alone; nothing is fetched, run or expanded.
What a person sees is what is read: text that was inserted, numbers that Word puts before
paragraphs, text in boxes and controls, pages that stand in the document as they are; a table that
only holds other tables is taken apart. What is struck out, deleted, hidden or the mark of a note is
no text: it is handed over as an aside of its cell, or of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Final
from xml.etree import ElementTree as ET

import attrs
import msgspec

from govinfo_schema.documents.document import (
    Aside,
    AsideKind,
    Block,
    Document,
    Grid,
    Paragraph,
    Place,
    Span,
)
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.compound import MAGIC
from govinfo_schema.documents.formats.docx_mending import formulas, mend
from govinfo_schema.documents.formats.docx_writing import write
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.numbering import Numbering, joined
from govinfo_schema.documents.formats.package import (
    ENCRYPTED,
    ZIP,
    Package,
    member,
    package,
)
from govinfo_schema.documents.formats.word_drawings import ALTERNATE, BOX, chosen
from govinfo_schema.documents.formats.word_parts import MAX_PARTS, Parts, placed_in
from govinfo_schema.documents.formats.word_styles import (
    PLAIN,
    UNKNOWN,
    Look,
    Looks,
    Style,
    W,
    level_of,
    shade,
    styles_of,
    value,
    whole,
)
from govinfo_schema.documents.formats.word_tables import (
    WordCell,
    align,
    merged,
    row_of,
    unseen,
)
from govinfo_schema.documents.formats.word_text import LEFT_OUT, SDT, look_of
from govinfo_schema.documents.formats.word_text import Reader as TextReader
from govinfo_schema.documents.grids import (
    MAX_SPAN,
    Row,
    Tables,
    check_count,
    limited,
    with_asides,
)
from govinfo_schema.errors import UnreadableFile

__all__ = ["FORMAT", "detect", "read", "write"]

_P, _TBL, _TR, _TC, _PPR, _TRPR, _TCPR = (
    f"{W}{name}" for name in ("p", "tbl", "tr", "tc", "pPr", "trPr", "tcPr")
)
_OTHERS: Final = ("xl/", "ppt/", "visio/", "Documents/", "FixedDoc", "OFD.xml")
"""What the members of packages that are no Word documents begin with."""
_PSTYLE: Final = f"{W}pStyle"
_SAYING: Final = frozenset(f"{W}{name}" for name in ("pStyle", "numPr", "shd", "outlineLvl"))
"""The properties of a paragraph that are read."""
_PARTS: Final = frozenset((f"{W}altChunk", f"{W}subDoc"))
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CONTENTS: Final = re.compile("(?:toc|目录) ?[1-9]$")
_FIGURE: Final = re.compile(r"\W*(?:[0-9０-９][0-9０-９\W]*\w{0,2})?")
"""A figure and its unit, or nothing."""
_PREFIXES: Final = {
    W: "w:",
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}": "mc:",
    "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}": "wp:",
    "{http://schemas.openxmlformats.org/drawingml/2006/main}": "a:",
    "{http://schemas.microsoft.com/office/word/2010/wordprocessingShape}": "wps:",
    "{urn:schemas-microsoft-com:vml}": "v:",
}
"""How namespaces are written in the path of an element; another one is written out."""
_PROPERTIES: Final = {
    "core-properties": {
        "{http://purl.org/dc/elements/1.1/}title": "title",
        "{http://purl.org/dc/elements/1.1/}subject": "subject",
        "{http://purl.org/dc/terms/}created": "created",
    },
    "extended-properties": {
        "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Company": (
            "Company"
        )
    },
}
"""What is read of the properties of a document, by their part; no names of persons."""


def detect(head: bytes) -> bool:
    """
    Tell by the names in the zip whether it is a Word document; an encrypted one hides what it is.
    """
    if head.startswith(MAGIC):
        return ENCRYPTED in head
    if not head.startswith(ZIP):
        return False
    return member(head, "word/") or (
        member(head, "[Content_Types].xml") and not any(member(head, each) for each in _OTHERS)
    )


@limited
def read(path: FilePath) -> Document:
    """
    Read a Word document.

    Raises: UnreadableFile where it is encrypted, damaged, too long, no Word document, has too many
    cells, or has a part that cannot be read and no table beside it.
    """
    return _document(path)


def _document(path: FilePath, *, with_parts: bool = True) -> Document:
    parts = package(path)
    roots = parts.related("")
    name = roots.get("officeDocument", "word/document.xml")
    root = parts.tree(name)
    body = root.find(f"{W}body") if root is not None else None
    if root is None or body is None:
        raise unreadable(path, "not_word")
    related = parts.related(name)
    styles = styles_of(parts.tree(related.get("styles", "word/styles.xml")))
    numbering = Numbering.of(parts.tree(related.get("numbering", "word/numbering.xml")), styles)
    paper = root.find(f"{W}background")
    reader = _Reader(
        styles=styles,
        numbering=numbering,
        text=TextReader.of(body, Looks(styles)),
        parts=Parts(parts, name, MAX_PARTS if with_parts else 0),
        behind="" if paper is None else UNKNOWN,
    )
    blocks = tuple(reader.blocks(body, f"{name}#/w:document/w:body"))
    if with_parts and reader.unread and not any(isinstance(block, Grid) for block in blocks):
        raise unreadable(path, "unread_part", part=reader.unread[0])
    properties = _properties(parts, roots)
    return Document(
        blocks=blocks,
        title=dict(properties).get("title", ""),
        properties=properties,
        asides=tuple(reader.asides),
    )


def _properties(parts: Package, roots: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """List what a document says of itself; nothing where that is damaged."""
    usual = {"core-properties": "docProps/core.xml", "extended-properties": "docProps/app.xml"}
    found = []
    for kind, name in usual.items():
        try:
            root = parts.tree(roots.get(kind, name))
        except UnreadableFile:
            continue
        if root is not None:
            texts = _PROPERTIES[kind].items()
            found += [(own, (root.findtext(tag) or "").strip()) for tag, own in texts]
    return tuple((name, text) for name, text in found if text)


@limited
def _read_inner(path: FilePath) -> Document:
    """Read a Word document that stands in another; parts of its own are named and not read."""
    return _document(path, with_parts=False)


@attrs.define(kw_only=True)
class _Reader(Tables[WordCell]):
    """
    Reads blocks out of a tree and counts paragraphs. *behind*: the colour behind the text that is
    read; *table_style*: the style of the table around it; *look*: how all of it looks; *unread*:
    the parts of other formats that could not be read.
    """

    styles: Mapping[str, Style]
    numbering: Numbering
    text: TextReader
    parts: Parts
    behind: str
    table_style: str = ""
    look: Look | None = None
    in_cell: bool = False
    lines: int = 0
    unread: list[str] = attrs.field(factory=list)

    @contextmanager
    def within(self, **state: object) -> Iterator[None]:
        """Read what stands in something that says how it looks."""
        before = {name: getattr(self, name) for name in state}
        for name, new in state.items():
            setattr(self, name, new)
        yield
        for name, old in before.items():
            setattr(self, name, old)

    def blocks(self, parent: ET.Element, path: str, nesting: int = 0) -> Iterator[Block]:
        """Give the blocks below an element in reading order."""
        for node, number in _numbered(parent):
            tag = node.tag
            if tag == _P:
                yield from self.paragraph(node, (path, number), nesting)
            elif tag == _TBL:
                yield from self.table((node, _step(path, node, number)), nesting + 1)
            elif tag in _PARTS:
                yield from self.part(node)
            elif len(node) and tag not in LEFT_OUT and not _is_contents(node):
                step = _step(path, node, number)
                with self.within(look=self.look or look_of(node)):
                    yield from self.blocks(*_inside(node, step), nesting)

    def paragraph(self, node: ET.Element, at: tuple[str, int], nesting: int) -> Iterator[Block]:
        """
        Give the lines of a paragraph with the number that Word puts before it, then the texts of
        the boxes that hang on it. *at*: the path of what it stands in, and its number there.
        """
        properties = node.find(_PPR)
        if properties is not None and _SAYING.isdisjoint([each.tag for each in properties]):
            properties = None
        name = value(properties, "pStyle") or ""
        style = self.styles.get(name, PLAIN)
        if style.name and _CONTENTS.match(style.name):
            return
        self.lines += 1
        place = Place(line=self.lines)
        behind = shade(properties) or style.shade or self.behind
        words = self.text.read(node, (name, self.table_style, behind), self.look)
        is_deleted = self.look is not None and self.look.kind == "struck"
        label = "" if is_deleted else self.numbering.label(properties, style)
        if label and self.in_cell and _FIGURE.fullmatch(words.text):
            self.asides.append(Aside(kind="note_mark", text=label, place=place))
            label = ""
        self.asides += [msgspec.structs.replace(aside, place=place) for aside in words.asides]
        own = level_of("", properties)
        for line in joined(label, words.text).split("\n"):
            if line.strip():
                yield Paragraph(
                    text=line.strip(), level=style.level if own is None else own, place=place
                )
        if words.boxes:
            part, _, inner = _step(at[0], node, at[1]).partition("#")
            numbers = {box: at for at, box in enumerate(node.iter(BOX), 1)}
            with self.within(behind=UNKNOWN):
                for box in words.boxes:
                    place_of_box = f"{part}#({inner}//w:txbxContent)[{numbers[box]}]"
                    yield from self.blocks(box, place_of_box, nesting)

    def part(self, node: ET.Element) -> Iterator[Block]:
        """Give the blocks of a part of another format; name one that cannot be read."""
        name, document = self.parts.read(node.get(_ID, ""), _read_inner)
        if document is None:
            self.asides.append(Aside(kind="picture", text=name))
            self.unread.append(name)
            return
        piece = placed_in(document, name, self.tables)
        grids = [block for block in piece.blocks if isinstance(block, Grid)]
        self.tables += len(grids)
        self.cells += sum(len(grid.spans) for grid in grids)
        check_count(self.cells)
        self.asides += piece.asides
        yield from piece.blocks

    def rows(self, node: tuple[ET.Element, str], nesting: int) -> Iterator[Row[WordCell]]:
        """Go through the rows of a table."""
        table, path = node
        properties = table.find(f"{W}tblPr")
        name = value(properties, "tblStyle") or ""
        style = self.styles.get(name, PLAIN)
        behind = shade(properties) or (UNKNOWN if style.shades else self.behind)
        with self.within(table_style=name, behind=behind):
            yield from self.rows_below(table, path, nesting)

    def rows_below(self, parent: ET.Element, path: str, nesting: int) -> Iterator[Row[WordCell]]:
        """
        Go through the rows below an element, those inside controls too, without those that were
        deleted or are not shown.
        """
        for node, number in _numbered(parent):
            step = _step(path, node, number)
            if node.tag == _TR:
                with self.within(look=self.look or look_of(node)):
                    cells = [*self.row(node, step, nesting)]
                properties = node.find(_TRPR)
                kind = unseen(properties, cells)
                if kind:
                    self.leave_out(cells, kind, step)
                else:
                    yield row_of(properties, cells)
            elif len(node) and node.tag not in LEFT_OUT and node.tag != _TBL:
                with self.within(look=self.look or look_of(node)):
                    yield from self.rows_below(*_inside(node, step), nesting)

    def row(self, parent: ET.Element, path: str, nesting: int) -> Iterator[WordCell]:
        """Go through the cells of a row, those inside controls too, without deleted ones."""
        for node, number in _numbered(parent):
            step = _step(path, node, number)
            if node.tag == _TC:
                self.count_cell()
                cell = self.cell(node, step, nesting)
                if cell.deleted:
                    self.leave_out([cell], "struck", step)
                else:
                    yield cell
            elif len(node) and node.tag not in LEFT_OUT:
                with self.within(look=self.look or look_of(node)):
                    yield from self.row(*_inside(node, step), nesting)

    def cell(self, node: ET.Element, path: str, nesting: int) -> WordCell:
        """Read a cell; what is left out of its text is its own."""
        properties = node.find(_TCPR)
        own = {} if properties is None else {each.tag: each for each in properties}
        outer = self.asides, self.behind, self.in_cell
        behind = shade(properties) if f"{W}shd" in own else ""
        self.asides, self.behind, self.in_cell = [], behind or self.behind, True
        only = self.only_text(node, properties)
        blocks = [*self.blocks(node, path, nesting)] if only is None else only
        asides = self.asides
        self.asides, self.behind, self.in_cell = outer
        merge, across = own.get(f"{W}vMerge"), own.get(f"{W}hMerge")
        span, width = own.get(f"{W}gridSpan"), own.get(f"{W}tcW")
        return WordCell(
            blocks,
            columns=1 if span is None else whole(span.get(f"{W}val"), 1, MAX_SPAN) or 1,
            down="" if merge is None else merge.get(f"{W}val", "continue"),
            goes_on=across is not None and across.get(f"{W}val") != "restart",
            deleted=f"{W}cellDel" in own,
            widths=[width],
            path=path,
            asides=asides,
        )

    def only_text(self, node: ET.Element, properties: ET.Element | None) -> list[Block] | None:
        """
        Read a cell with these properties that has one paragraph of plain text, as most have; None
        for another one, which is read by ``blocks``.
        """
        inner = [each for each in node if each is not properties]
        if self.look or len(inner) != 1 or inner[0].tag != _P:
            return None
        paragraph = inner[0]
        own = paragraph.find(_PPR)
        saying = [] if own is None else [each for each in own if each.tag in _SAYING]
        if len(saying) > 1 or (saying and saying[0].tag != _PSTYLE):
            return None
        name = (saying[0].get(f"{W}val") or "") if saying else ""
        style = self.styles.get(name, PLAIN)
        if style.list or "0" in self.numbering.lists or _CONTENTS.match(style.name):
            return None
        behind = style.shade or self.behind
        text = self.text.plain(paragraph, own, (name, self.table_style, behind))
        if text is None:
            return None
        self.lines += 1
        place = Place(line=self.lines)
        return [
            Paragraph(text=line.strip(), level=style.level, place=place)
            for line in text.split("\n")
            if line.strip()
        ]

    def leave_out(self, cells: list[WordCell], kind: AsideKind, path: str) -> None:
        """Keep the text of cells that are not read as one aside."""
        texts = [cell.text or " ".join(aside.text for aside in cell.asides) for cell in cells]
        if any(texts):
            place = Place(locator=path)
            self.asides.append(Aside(kind=kind, text="\t".join(texts), place=place))

    def spans(self, rows: list[Row[WordCell]]) -> list[Span]:
        """
        Place the cells of rows, each behind the one before it; one that goes on from above adds a
        row to that.
        """
        for row in rows:
            row.cells = [*merged(row.cells)]
        align(rows)
        spans: list[Span] = []
        asides: list[list[Aside]] = []
        open_at: dict[int, int] = {}
        for at, row in enumerate(rows):
            column, still = row.before, {}
            for cell in row.cells:
                above = open_at.get(column) if cell.down == "continue" else None
                if above is None:
                    spans.append(self.span(cell, at, column, header=row.header))
                    asides.append(cell.asides)
                else:
                    spans[above] = msgspec.structs.replace(
                        spans[above], rows=at + 1 - spans[above].row
                    )
                    asides[above] += cell.covered(spans[above].text)
                if cell.down:
                    still[column] = len(spans) - 1 if above is None else above
                column += cell.columns
            open_at = still
        return [
            with_asides(span, own) if own else span for span, own in zip(spans, asides, strict=True)
        ]

    def span(self, cell: WordCell, row: int, column: int, *, header: bool) -> Span:
        """Make a cell of a grid."""
        place = Place(
            table=self.tables,
            row=row + 1,
            column=column + 1,
            line=cell.line,
            locator=cell.locator or cell.path,
        )
        return Span(
            text=cell.text,
            row=row,
            column=column,
            columns=cell.columns,
            header=header,
            place=place,
        )


def _numbered(parent: ET.Element) -> Iterator[tuple[ET.Element, int]]:
    """Go through the elements below another, each with its number among those of its name."""
    counts: dict[str, int] = {}
    for node in parent:
        tag = node.tag
        counts[tag] = number = counts.get(tag, 0) + 1
        yield node, number


def _step(path: str, node: ET.Element, number: int) -> str:
    """Give the path of an element below one."""
    return f"{path}/{_prefixed(node.tag)}[{number}]"


def _inside(node: ET.Element, path: str) -> tuple[ET.Element, str]:
    """Go into an element: of alternatives that say the same into the one that is read."""
    if node.tag != ALTERNATE or not len(node):
        return node, path
    inner = chosen(node)
    number = [each for each in node if each.tag == inner.tag].index(inner) + 1
    return inner, f"{path}/{_prefixed(inner.tag)}[{number}]"


@lru_cache(maxsize=256)
def _prefixed(tag: str) -> str:
    """Write the name of an element as in a path."""
    space, end, name = tag.rpartition("}")
    prefix = _PREFIXES.get(space + end)
    return f"{prefix}{name}" if prefix else f"Q{tag}"


def _is_contents(node: ET.Element) -> bool:
    """
    Tell whether a control holds the table of contents, which says every heading a second time.
    """
    kind = node.find(f"{W}sdtPr/{W}docPartObj") if node.tag == SDT else None
    return value(kind, "docPartGallery") == "Table of Contents"


FORMAT = Format(
    suffixes=(".docx",),
    place=3,
    detect=detect,
    read_document=read,
    write_document=write,
    mend=partial(mend, prefixed=_prefixed),
    formulas=partial(formulas, prefixed=_prefixed),
)
