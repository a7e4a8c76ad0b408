"""
Word documents as Word, WPS and LibreOffice save them (.docx).

The zip and its XML are read with the standard library alone; nothing is fetched, run or expanded.
What a person sees is what is read: text that was inserted but not what was deleted or is hidden,
numbers that Word puts before paragraphs, text in boxes and controls; a table that only holds other
tables is taken apart. The same document is always written as the same bytes.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.formats import printable, put, unreadable
from govinfo_schema.documents.formats.compound import MAGIC
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


# ---- reading ------------------------------------------------------------------------------------


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


# ---- writing ------------------------------------------------------------------------------------

_PAGE_WIDTH: Final = 9_354
"""What lies between the margins of a page of A4, in twentieths of a point."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"

_FONTS: Final = {
    "仿宋": ("FangSong", "auto"),
    "宋体": ("SimSun", "auto"),
    "黑体": ("SimHei", "auto"),
    "Times New Roman": ("", "roman"),
}
"""
The fonts of official documents, each with its other name; a program that has neither takes one of
the same character set.
"""

_MARGINS: Final = "<w:tblCellMar>{}</w:tblCellMar>".format(
    "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 0), ("left", 57), ("bottom", 0), ("right", 57))
    )
)
_STYLES: Final = f"""{_HEAD}<w:styles xmlns:w="{_MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>\
<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="仿宋" w:cs="Times New \
Roman"/>\
<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>\
</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>\
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>\
</w:style>\
<w:style w:type="paragraph" w:styleId="BodyText"><w:name w:val="Body Text"/>\
<w:basedOn w:val="Normal"/><w:qFormat/>\
<w:pPr><w:spacing w:line="560" w:lineRule="exact"/>\
<w:ind w:firstLine="640" w:firstLineChars="200"/><w:jc w:val="both"/></w:pPr></w:style>\
<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/>\
<w:basedOn w:val="Normal"/><w:next w:val="BodyText"/>\
<w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="240"/><w:jc w:val="center"/>\
<w:outlineLvl w:val="0"/></w:pPr>\
<w:rPr><w:rFonts w:eastAsia="宋体"/><w:b/><w:bCs/><w:sz w:val="44"/><w:szCs w:val="44"/></w:rPr>\
</w:style>\
%s\
<w:style w:type="paragraph" w:customStyle="1" w:styleId="TableText"><w:name w:val="Table Text"/>\
<w:basedOn w:val="Normal"/><w:qFormat/>\
<w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:rFonts w:eastAsia="宋体"/><w:sz w:val="21"/>\
<w:szCs w:val="21"/></w:rPr></w:style>\
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>\
<w:uiPriority w:val="99"/><w:semiHidden/>\
<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{_MARGINS}</w:tblPr></w:style></w:styles>"""
_HEADING: Final = """<w:style w:type="paragraph" w:styleId="Heading{level}">\
<w:name w:val="heading {level}"/><w:basedOn w:val="Normal"/>\
<w:next w:val="BodyText"/><w:qFormat/><w:pPr><w:keepNext/>\
<w:spacing w:before="120" w:after="120"/>\
<w:ind w:firstLine="640" w:firstLineChars="200"/>\
<w:outlineLvl w:val="{outline}"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style>"""

_SECTION: Final = """<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>\
<w:pgMar w:top="1701" w:right="1276" w:bottom="1701" w:left="1276" w:header="851" w:footer="992" \
w:gutter="0"/></w:sectPr>"""


def write(document: Document, path: FilePath) -> None:
    """
    Write a document for A4, with its merged cells; signs that XML cannot hold are left out.

    Raises: UnreadableFile if the path cannot be written.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in _parts(document).items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            file.writestr(member, text.encode("utf-8", "replace"))
    put(buffer.getvalue(), path)


def _parts(document: Document) -> dict[str, str]:
    """Give the parts of the zip by their names, the one first that tells what the others are."""
    kinds = {
        "document": "document.main",
        "styles": "styles",
        "fontTable": "fontTable",
        "settings": "settings",
    }
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    inner = {f"{_OFFICE}/{name}": f"{name}.xml" for name in list(kinds)[1:]}
    package = "application/vnd.openxmlformats-package"
    properties = _RELATED.replace("relationships", "metadata/core-properties")
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_CONTENT_TYPES}">'
        f'<Default Extension="rels" ContentType="{package}.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}'
        f'<Override PartName="/docProps/core.xml" ContentType="{package}.core-properties+xml"/>'
        "</Types>",
        "_rels/.rels": _relations(
            {
                f"{_OFFICE}/officeDocument": "word/document.xml",
                f"{_RELATED}/metadata/core-properties": "docProps/core.xml",
            }
        ),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_MAIN}"><w:body>'
        f"{_body(document)}{_SECTION}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(inner),
        "word/styles.xml": _STYLES
        % "".join(_HEADING.format(level=level, outline=level - 1) for level in range(2, 10)),
        "word/fontTable.xml": f'{_HEAD}<w:fonts xmlns:w="{_MAIN}">'
        f"{''.join(map(_font, _FONTS))}</w:fonts>",
        "word/settings.xml": f'{_HEAD}<w:settings xmlns:w="{_MAIN}"><w:zoom w:percent="100"/>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
        "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{properties}" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{_escaped(document.title)}</dc:title></cp:coreProperties>",
    }


def _relations(targets: Mapping[str, str]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items(), 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_RELATED}">{each}</Relationships>'


def _font(name: str) -> str:
    other, family = _FONTS[name]
    alternative = (
        f'<w:altName w:val="{other}"/><w:charset w:val="86"/>'
        if other
        else '<w:charset w:val="00"/>'
    )
    return f'<w:font w:name="{name}">{alternative}<w:family w:val="{family}"/></w:font>'


def _body(document: Document) -> str:
    """
    Write the blocks; a table without a paragraph behind it would grow together with the next one.
    """
    followers = (*document.blocks[1:], None)
    return "".join(
        _paragraph(block.text, f"Heading{min(block.level, 9)}" if block.level else "BodyText")
        if isinstance(block, Paragraph)
        else _table(block) + ("" if isinstance(follower, Paragraph) else "<w:p/>")
        for block, follower in zip(document.blocks, followers, strict=True)
    )


def _paragraph(text: str, style: str, *, bold: bool = False) -> str:
    weight = "<w:rPr><w:b/><w:bCs/></w:rPr>" if bold else ""
    runs = f"<w:r>{weight}{_run(text)}</w:r>" if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{runs}</w:p>'


def _run(text: str) -> str:
    """Write a text; what ends a line for Python breaks it here too."""
    signs = {"\n": "<w:br/>", "\t": "<w:tab/>"}
    pieces = re.split("([\n\t])", "\n".join(text.splitlines()))
    return "".join(
        signs.get(piece) or f'<w:t xml:space="preserve">{_escaped(piece)}</w:t>'
        for piece in pieces
        if piece
    )


def _escaped(text: str) -> str:
    return html.escape(printable(text), quote=False)


def _table(grid: Grid) -> str:
    rows = list(grid.rows())
    if not rows:
        return ""
    widths = _widths(grid)
    heads = [bool(row) and all(span.header for span in row) for row in rows]
    first = next((number for number, head in enumerate(heads) if not head), 0)
    repeated = 0 if any(heads[first:]) else first
    caption = (
        f'<w:tblCaption w:val="{html.escape(printable(grid.caption))}"/>' if grid.caption else ""
    )
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    lines = "".join(
        _row(grid, number, widths, repeated=number < repeated) for number in range(len(rows))
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{sides}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/>{_MARGINS}{caption}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{lines}</w:tbl>"
    )


def _widths(grid: Grid) -> list[int]:
    """
    Share the page out among the columns: the longer the texts in a column, the wider; a figure is
    not broken, a label is.
    """
    weights = [4.0] * grid.width
    figures = {span.column for span in grid.spans if not span.header}
    for span in grid.spans:
        if span.columns == 1:
            length = sum(1.0 if character > "\u2e7f" else 0.5 for character in span.text) + 2
            most = 20 if not span.header else 5 if span.column in figures or span.rows > 1 else 12
            weights[span.column] = max(weights[span.column], min(length, most))
    return [int(_PAGE_WIDTH * weight / sum(weights)) for weight in weights]


def _row(grid: Grid, number: int, widths: list[int], *, repeated: bool) -> str:
    """
    Write one row: the cells that begin in it, those that go on from above, and an empty one where
    there is none.
    """
    standing = sorted(
        (span for span in grid.spans if span.row <= number < span.row + span.rows),
        key=lambda span: span.column,
    )
    cells, at = [], 0
    for span in standing:
        if span.column < at:
            continue
        if span.column > at:
            cells.append(
                _tc(Span(text="", row=number, column=at, columns=span.column - at), number, widths)
            )
        cells.append(_tc(span, number, widths))
        at = span.column + span.columns
    if at < len(widths):
        cells.append(
            _tc(Span(text="", row=number, column=at, columns=len(widths) - at), number, widths)
        )
    repeat = "<w:tblHeader/>" if repeated else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeat}</w:trPr>{''.join(cells)}</w:tr>"


def _tc(span: Span, number: int, widths: list[int]) -> str:
    across = f'<w:gridSpan w:val="{span.columns}"/>' if span.columns > 1 else ""
    begins = span.row == number
    down = f'<w:vMerge w:val="{"restart" if begins else "continue"}"/>' if span.rows > 1 else ""
    width = sum(widths[span.column : span.column + span.columns])
    text = _paragraph(span.text if begins else "", "TableText", bold=span.header or span.mark)
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="FFC7CE"/>' if span.mark else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{down}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'
    )


FORMAT = Format(
    suffixes=(".docx",),
    place=3,
    detect=detect,
    read_document=read,
    write_document=write,
)
