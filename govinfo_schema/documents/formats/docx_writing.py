"""
Write a Word document (.docx): page, fonts and page numbers as the national standard for official
documents sets them (党政机关公文格式, GB/T 9704-2012), tables as the official form prints them.

``docx`` reads it. The same document is always written as the same bytes.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from typing import Final

from govinfo_schema.documents.document import Document, Grid, Mark, Paragraph, Span
from govinfo_schema.documents.formats import printable, put
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.documents.formats.printed_tables import lines, repeated_rows, shares

_PAGE_WIDTH: Final = 8_844
"""What lies between the margins of a page of A4 (156 mm), in twentieths of a point."""
_SIZE: Final = 200
"""The size of the characters of a table, in twentieths of a point."""
_PADDING: Final = 45
"""What is left free on each side of a cell, in twentieths of a point."""
_LINE, _ROW = 260, 320
"""How high a line of a table is, and a row at least, in twentieths of a point."""
_PAGE_HEIGHT: Final = 12_000
"""What a page has for a table below the heading of its section, in twentieths of a point."""
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATED: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml"

_FONTS: Final = {
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S,方正小标宋_GBK,SimSun", "roman"),
    "仿宋": ("FangSong,仿宋_GB2312", "auto"),
    "宋体": ("SimSun", "auto"),
    "黑体": ("SimHei", "auto"),
    "Times New Roman": ("", "roman"),
}
"""
The fonts of official documents, each with its other names; a program that has none of them takes
one of the same character set.
"""

_GROUNDS: Final[Mapping[Mark, str]] = {"": "", "suspect": "FFC7CE", "bystander": "FBF6E3"}
"""The grounds of cells that are marked,"""
_LOOKS: Final[Mapping[Mark, str]] = {
    "": "",
    "suspect": "<w:rPr><w:b/><w:bCs/></w:rPr>",
    "bystander": "<w:rPr><w:i/><w:iCs/></w:rPr>",
}
"""and how their figures are set."""
_MARGINS: Final = "<w:tblCellMar>{}</w:tblCellMar>".format(
    "".join(
        f'<w:{side} w:w="{width}" w:type="dxa"/>'
        for side, width in (("top", 10), ("left", _PADDING), ("bottom", 10), ("right", _PADDING))
    )
)
_BLOCK: Final = "C6D9F1"
"""The ground of a label over all columns."""
_TITLE_FONT: Final = "方正小标宋简体"
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
<w:qFormat/><w:pPr><w:keepNext/><w:spacing w:after="480" w:line="640" w:lineRule="exact"/>\
<w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr>\
<w:rPr><w:rFonts w:ascii="{_TITLE_FONT}" w:hAnsi="{_TITLE_FONT}" w:eastAsia="{_TITLE_FONT}"/>\
<w:sz w:val="44"/><w:szCs w:val="44"/></w:rPr></w:style>\
%s\
<w:style w:type="paragraph" w:customStyle="1" w:styleId="TableText"><w:name w:val="Table Text"/>\
<w:basedOn w:val="Normal"/><w:qFormat/>\
<w:pPr><w:keepNext/><w:spacing w:line="{_LINE}" w:lineRule="exact"/><w:jc w:val="center"/></w:pPr>\
<w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="{_SIZE // 10}"/>\
<w:szCs w:val="{_SIZE // 10}"/></w:rPr></w:style>\
<w:style w:type="paragraph" w:styleId="Signature"><w:name w:val="Signature"/>\
<w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="560" w:line="560" w:lineRule="exact"/>\
<w:ind w:right="640" w:rightChars="200"/><w:contextualSpacing/><w:jc w:val="right"/></w:pPr>\
</w:style>\
<w:style w:type="paragraph" w:styleId="Footer"><w:name w:val="footer"/>\
<w:basedOn w:val="Normal"/><w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/>\
<w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr></w:style>\
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>\
<w:uiPriority w:val="99"/><w:semiHidden/>\
<w:tblPr><w:tblInd w:w="0" w:type="dxa"/>{_MARGINS}</w:tblPr></w:style></w:styles>"""
_HEADING: Final = """<w:style w:type="paragraph" w:styleId="Heading{level}">\
<w:name w:val="heading {level}"/><w:basedOn w:val="Normal"/>\
<w:next w:val="BodyText"/><w:qFormat/><w:pPr><w:keepNext/>\
<w:spacing w:before="120" w:after="120" w:line="560" w:lineRule="exact"/>\
<w:ind w:firstLine="640" w:firstLineChars="200"/>\
<w:outlineLvl w:val="{outline}"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style>"""

_FOOTERS: Final = {"default": "right", "even": "left"}
"""Page numbers stand at the outer edge: right on the first page, left on the second."""
_SECTION: Final = (
    "<w:sectPr>%s"
    '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="2098" w:right="1474" w:bottom="1984" '
    'w:left="1588" w:header="851" w:footer="1417" w:gutter="0"/></w:sectPr>'
)
"""A4, with the margins of official documents: 37 mm above, 28 mm on the left."""


def write(document: Document, path: FilePath) -> None:
    """
    Write a document for A4, with its merged cells; signs that XML cannot hold are left out.

    Raises: UnreadableFile if the path cannot be written.
    """
    put(packed(document), path)


def packed(document: Document) -> bytes:
    """Give the bytes of a Word document."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in _parts(document).items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 0
            file.writestr(member, text.encode("utf-8", "replace"))
    return buffer.getvalue()


def _parts(document: Document) -> dict[str, str]:
    """Give the parts of the zip by their names, the one first that tells what the others are."""
    kinds = {
        "document": "document.main",
        "styles": "styles",
        "fontTable": "fontTable",
        "settings": "settings",
    } | {f"footer_{page}": "footer" for page in _FOOTERS}
    types = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>'
        for name, kind in kinds.items()
    )
    inner = [(f"{_OFFICE}/{kind}", f"{name}.xml") for name, kind in list(kinds.items())[1:]]
    references = "".join(
        f'<w:footerReference w:type="{page}" r:id="rId{inner.index(part) + 1}"/>'
        for page in _FOOTERS
        for part in inner
        if part[1] == f"footer_{page}.xml"
    )
    package = "application/vnd.openxmlformats-package"
    properties = _RELATED.replace("relationships", "metadata/core-properties")
    return {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_CONTENT_TYPES}">'
        f'<Default Extension="rels" ContentType="{package}.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{types}'
        f'<Override PartName="/docProps/core.xml" ContentType="{package}.core-properties+xml"/>'
        "</Types>",
        "_rels/.rels": _relations(
            [
                (f"{_OFFICE}/officeDocument", "word/document.xml"),
                (f"{_RELATED}/metadata/core-properties", "docProps/core.xml"),
            ]
        ),
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_MAIN}" xmlns:r="{_OFFICE}"><w:body>'
        f"{_body(document)}{_SECTION % references}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(inner),
        "word/styles.xml": _STYLES
        % "".join(_HEADING.format(level=level, outline=level - 1) for level in range(2, 10)),
        "word/fontTable.xml": f'{_HEAD}<w:fonts xmlns:w="{_MAIN}">'
        f"{''.join(map(_font, _FONTS))}</w:fonts>",
        "word/settings.xml": f'{_HEAD}<w:settings xmlns:w="{_MAIN}"><w:zoom w:percent="100"/>'
        '<w:evenAndOddHeaders/><w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat></w:settings>',
        "docProps/core.xml": f'{_HEAD}<cp:coreProperties xmlns:cp="{properties}" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{_escaped(document.title)}</dc:title></cp:coreProperties>",
    } | {f"word/footer_{page}.xml": _footer(side) for page, side in _FOOTERS.items()}


def _footer(side: str) -> str:
    """Write the number of the page between two dashes, one character from the edge."""
    return (
        f'{_HEAD}<w:ftr xmlns:w="{_MAIN}"><w:p><w:pPr><w:pStyle w:val="Footer"/>'
        f'<w:ind w:{side}="280" w:{side}Chars="100"/><w:jc w:val="{side}"/></w:pPr>'
        '<w:r><w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr="PAGE"><w:r><w:t>1</w:t>'
        '</w:r></w:fldSimple><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
    )


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
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
        _paragraph(block.text, _style(block))
        if isinstance(block, Paragraph)
        else _table(block) + ("" if isinstance(follower, Paragraph) else "<w:p/>")
        for block, follower in zip(document.blocks, followers, strict=True)
    )


def _style(paragraph: Paragraph) -> str:
    if paragraph.level:
        return f"Heading{min(paragraph.level, 9)}"
    return "Signature" if paragraph.align == "right" else "BodyText"


def _paragraph(text: str, style: str, properties: str = "", mark: Mark = "") -> str:
    look = _LOOKS[mark]
    runs = f"<w:r>{look}{_run(text)}</w:r>" if text else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{runs}</w:p>'


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
    widths = [int(_PAGE_WIDTH * share) for share in shares(grid, _PAGE_WIDTH / _SIZE)]
    repeated = repeated_rows(grid)
    # A table that fits on a page stands on one: each row but the last is kept with the next.
    heights = [max(_ROW, _LINE * count) for count in lines(grid, _PAGE_WIDTH / _SIZE)]
    fits = sum(heights) <= _PAGE_HEIGHT
    kept = len(rows) - 1 if fits else repeated + 1
    caption = (
        f'<w:tblCaption w:val="{html.escape(printable(grid.caption))}"/>' if grid.caption else ""
    )
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    written = "".join(
        _row(grid, number, widths, repeated=number < repeated, kept=number < kept)
        for number in range(len(rows))
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{sides}</w:tblBorders>"
        f'<w:tblLayout w:type="fixed"/>{_MARGINS}{caption}</w:tblPr>'
        f"<w:tblGrid>{columns}</w:tblGrid>{written}</w:tbl>"
    )


def _row(grid: Grid, number: int, widths: list[int], *, repeated: bool, kept: bool) -> str:
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
            hole = Span(text="", row=number, column=at, columns=span.column - at)
            cells.append(_tc(hole, number, widths, kept=kept))
        cells.append(_tc(span, number, widths, kept=kept))
        at = span.column + span.columns
    if at < len(widths):
        hole = Span(text="", row=number, column=at, columns=len(widths) - at)
        cells.append(_tc(hole, number, widths, kept=kept))
    repeat = "<w:tblHeader/>" if repeated else ""
    height = f'<w:trHeight w:val="{_ROW}" w:hRule="atLeast"/>'
    return f"<w:tr><w:trPr><w:cantSplit/>{height}{repeat}</w:trPr>{''.join(cells)}</w:tr>"


def _tc(span: Span, number: int, widths: list[int], *, kept: bool) -> str:
    """Write what a cell has in a row; *kept*: on the page of the next row."""
    across = f'<w:gridSpan w:val="{span.columns}"/>' if span.columns > 1 else ""
    begins = span.row == number
    down = f'<w:vMerge w:val="{"restart" if begins else "continue"}"/>' if span.rows > 1 else ""
    width = sum(widths[span.column : span.column + span.columns])
    loose = "" if kept else '<w:keepNext w:val="0"/>'
    aside = f'<w:jc w:val="{span.align}"/>' if span.align else ""
    text = _paragraph(span.printed if begins else "", "TableText", loose + aside, span.mark)
    is_head = span.header and span.columns == len(widths)
    ground = _GROUNDS[span.mark] or (_BLOCK if is_head else "")
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>' if ground else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{down}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'
    )
