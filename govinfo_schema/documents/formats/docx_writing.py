"""
Write a Word document (.docx): A4, the fonts of official documents, tables with their merged cells.

``docx`` reads it. The same document is always written as the same bytes.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Mapping
from typing import Final

from govinfo_schema.documents.document import Document, Grid, Mark, Paragraph, Span
from govinfo_schema.documents.formats import printable, put
from govinfo_schema.documents.formats.format import FilePath

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

_GROUNDS: Final[Mapping[Mark, str]] = {"": "", "suspect": "FFC7CE", "bystander": "FBF6E3"}
"""The grounds of cells that are marked; the figures are bold or italic too."""
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


def _paragraph(text: str, style: str, *, bold: bool = False, italic: bool = False) -> str:
    weight = "<w:b/><w:bCs/>" if bold else "<w:i/><w:iCs/>" if italic else ""
    look = f"<w:rPr>{weight}</w:rPr>" if weight else ""
    runs = f"<w:r>{look}{_run(text)}</w:r>" if text else ""
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
    text = _paragraph(
        span.printed if begins else "",
        "TableText",
        bold=span.header or span.mark == "suspect",
        italic=span.mark == "bystander",
    )
    ground = _GROUNDS[span.mark]
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{ground}"/>' if ground else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{across}{down}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr>{text}</w:tc>'
    )
