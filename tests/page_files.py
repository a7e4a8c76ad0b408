"""
Pages written as files of every kind that bodies publish, and as what is left of them when they are
copied.

``FORMATS`` names the ways. Nothing here uses what the package itself writes with.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Final

import attrs
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.worksheet.worksheet import Worksheet
from pages import Box, Page, Placed, Sheet, Table, Text, placed, width

# ---- HTML ---------------------------------------------------------------------------------------

_MARKUP: Final = {
    "": "{}",
    "struck": "<s>{}</s>",
    "deleted": "<del>{}</del>",
    "line through": '<span style="text-decoration: line-through">{}</span>',
    "sup": "<sup>{}</sup>",
    "raised": '<span style="vertical-align:super;font-size:70%">{}</span>',
    "hidden": '<span style="display:none">{}</span>',
    "invisible": '<span style="visibility:hidden">{}</span>',
    "tiny": '<span style="font-size:0">{}</span>',
    "off screen": '<span style="position:absolute;left:-9999px">{}</span>',
    "white": '<span style="color:#fff">{}</span>',
    "nested": "<table><tr><td>{}</td></tr></table>",
    "input": '<input type="text" value="{}">',
}
"""How each style is written. The same names serve Word and Excel as far as they have the style."""


def html_page(page: Page, *, border: bool = True) -> bytes:
    """Write a page as HTML."""
    title = html.escape(next(block.text for block in page.blocks if isinstance(block, Text)))
    body = "\n".join(_html_block(block) for block in page.blocks)
    if page.frame:
        menu = "<ul><li>首页</li><li>政府信息公开指南</li><li>依申请公开</li></ul>"
        head = '<tr><td colspan="2">政府信息公开专栏</td></tr>'
        body = f"<table>{head}<tr><td>{menu}</td><td><table><tr><td>{body}</td></tr></table>"
        body += "</td></tr></table>"
    style = "<style>table{border-collapse:collapse}td{border:1px solid;padding:2px}</style>"
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title>'
        f"{style if border else ''}</head><body>\n{body}\n</body></html>"
    ).encode()


def _html_block(block: Text | Table | Sheet) -> str:
    if isinstance(block, Table):
        return html_table(block)
    if isinstance(block, Sheet):
        return f"<h2>{block.name}</h2>"
    tag = f"h{block.level}" if block.level else "p"
    return f"<{tag}>{html.escape(block.text)}</{tag}>"


def html_table(table: Table) -> str:
    """Write a table as HTML, with the spans that its boxes say."""
    rows = "\n".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in table.rows)
    text = f"<table>\n{rows}\n</table>"
    return f'<div style="display:none">{text}</div>' if table.hidden else text


def _html_cell(box: Box) -> str:
    sizes = (("rowspan", box.rows), ("colspan", box.columns))
    spans = "".join(f' {name}="{size}"' for name, size in sizes if size > 1)
    hidden = ' style="display:none"' if box.hidden else ""
    return f"<td{spans}{hidden}>{markup(box)}</td>"


def markup(box: Box) -> str:
    """Write what stands in a box as HTML."""
    return "".join(
        _MARKUP[style].format(html.escape(text)).replace("\n", "<br>") for style, text in box.runs
    )


# ---- text ---------------------------------------------------------------------------------------


def text_of(box: Box) -> str:
    """Give what stands in a box, without its styles."""
    return "".join(text for _, text in box.runs)


def _texts(row: list[Box]) -> list[str]:
    return [text_of(box) for box in row if not box.hidden]


def dropped(table: Table) -> Iterator[list[str]]:
    """Give the texts row by row; merged cells leave nothing behind."""
    return map(_texts, table.rows)


def kept(table: Table) -> Iterator[list[str]]:
    """
    Give the texts row by row; every column and row that a merged cell covers leaves an empty one.
    """
    cells: list[dict[int, str]] = [{} for _ in table.rows]
    for at, column, box in placed(table):
        for row in cells[at : at + box.rows]:
            for each in range(column, column + box.columns):
                row.setdefault(each, "")
        free = next(each for each in count(column) if not cells[at].get(each))
        (cells[at][free],) = _texts([box])  # where merged cells overlap none is lost
    for row in cells:
        yield [row.get(each, "") for each in range(max(row, default=-1) + 1)]


Rows = Callable[[Table], Iterator[list[str]]]
Line = Callable[[list[str], int], str]
"""Writes a row of a table of so many columns."""


@attrs.frozen
class TextPage:
    """A page as text: *rows* says what merged cells leave behind, *line* how a row is written."""

    rows: Rows
    line: Line

    def __call__(self, page: Page) -> bytes:
        """Write a page."""
        lines = []
        for block in page.blocks:
            if isinstance(block, Table):
                size = width(block)
                lines += [] if block.hidden else [self.line(row, size) for row in self.rows(block)]
            else:
                lines.append(block.name if isinstance(block, Sheet) else block.text)
        return "\n".join(line.rstrip(" ") for line in lines).encode()


def _tabs(row: list[str], _: int) -> str:
    return "\t".join(row)


def _open_bars(row: list[str], _: int) -> str:
    return " | ".join(text.replace("\n", " ") for text in row)


def _bars(row: list[str], size: int) -> str:
    return f"| {_open_bars(row, size)} |"


def _padding(row: list[str], size: int) -> str:
    """Give the bars of the columns that the merged cells of a row cover."""
    return "|" * max(0, size - len(row))


def _padded_bars(row: list[str], size: int) -> str:
    return _bars(row, size) + _padding(row, size)


def _lines(form: str) -> Line:
    """Each cell on a line of its own."""
    return lambda row, _: "\n".join(form.format(text.replace("\n", " ")) for text in row)


def _padded_lines(row: list[str], size: int) -> str:
    return f"{_lines('{} |')(row, size)} {_padding(row, size)}"


def _spaces(gap: str) -> Line:
    return lambda row, _: gap.join(text for text in row if text)


# ---- text that keeps its places -----------------------------------------------------------------

LABEL: Final = 10
"""So many characters of a label stand on a line where it labels rows."""
NARROW: Final = 3
"""So many stand on a line over a column of figures."""


def drawn(room: int) -> Rows:
    """
    Give the lines of a table drawn in characters, as programs take them out of a PDF: each text in
    the middle of its cell, over several lines where the cell is narrow.

    *room*: so many places a Chinese character takes.
    """

    def lines(table: Table) -> Iterator[list[str]]:
        places = placed(table)
        sizes = _sizes(places, width(table))
        starts = [sum(sizes[:at]) + 2 * at for at in range(len(sizes) + 1)]
        texts = [
            _wrapped(box, starts[column + box.columns] - starts[column] - 2)
            for _, column, box in places
        ]
        heights = [1] * len(table.rows)
        for (at, _, box), own in sorted(
            zip(places, texts, strict=True), key=lambda each: each[0][2].rows
        ):
            more = len(own) - sum(heights[at : at + box.rows])
            heights[min(at + box.rows, len(heights)) - 1] += max(0, more)
        paper = [[" "] * starts[-1] * room for _ in range(sum(heights))]
        for (at, column, box), own in zip(places, texts, strict=True):
            top = sum(heights[:at]) + (sum(heights[at : at + box.rows]) - len(own)) // 2
            left, right = starts[column] * room, (starts[column + box.columns] - 2) * room
            for number, text in enumerate(own):
                signs = [part for sign in text for part in _drawn_sign(sign, room)]
                begin = left + max(0, right - left - len(signs)) // 2
                paper[top + number][begin : begin + len(signs)] = signs
        yield from (["".join(line).rstrip()] for line in paper)

    return lines


def _sizes(places: Placed, count: int) -> list[int]:
    """Give how many characters each column is wide."""
    sizes = [1] * count
    figured = {column for _, column, box in places if box.cell}
    for _, column, box in sorted(places, key=lambda each: each[2].columns):
        (text,) = _texts([box])
        most = NARROW if column in figured else LABEL
        size = len(text) if box.cell else min(len(text), most)
        own = sum(sizes[column : column + box.columns]) + 2 * (box.columns - 1)
        sizes[column + box.columns - 1] += max(0, size - own)
    return sizes


def _wrapped(box: Box, size: int) -> list[str]:
    (text,) = _texts([box])
    return [
        line[at : at + size] for line in text.split("\n") for at in range(0, len(line), size)
    ] or [""]


def _drawn_sign(sign: str, room: int) -> list[str]:
    return [sign, *[""] * (room - 1 if ord(sign) > 0x2000 else 0)]


# ---- Markdown -----------------------------------------------------------------------------------


def markdown_page(table: Callable[[Table], str]) -> Callable[[Page], bytes]:
    """Write a page as Markdown, its tables in one of the ways to write them."""

    def write(page: Page) -> bytes:
        parts = []
        for block in page.blocks:
            if isinstance(block, Table):
                parts.append(table(block))
            elif isinstance(block, Sheet):
                parts.append(f"## {block.name}")
            else:
                parts.append(f"{'#' * block.level} {block.text}".strip())
        return "\n\n".join(parts).encode()

    return write


def _pipes(rows: Rows) -> Callable[[Table], str]:
    def write(table: Table) -> str:
        lines = [_bars(row, 0) for row in rows(table)]
        return "\n".join((lines[0], "|" + " --- |" * width(table), *lines[1:]))

    return write


# ---- Word ---------------------------------------------------------------------------------------

_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RUNS: Final = {
    "": "",
    "struck": "<w:strike/>",
    "line through": "<w:dstrike/>",
    "sup": '<w:vertAlign w:val="superscript"/>',
    "raised": '<w:position w:val="8"/><w:sz w:val="12"/>',
    "hidden": "<w:vanish/>",
    "white": '<w:color w:val="FFFFFF"/>',
}


def word_page(page: Page) -> bytes:
    """Write a page as a Word document."""
    body = "".join(_word_block(block) for block in page.blocks)
    if page.frame:
        body = _word_frame(body)
    types = f'<Override PartName="/word/document.xml" ContentType="{_WORD}"/>'
    relation = f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/'
            f'vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relation}'
            "</Relationships>",
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
        }
    )


def zipped(parts: dict[str, str]) -> bytes:
    """Pack parts of XML."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            if name == "mimetype":  # which a file begins with as it is
                package.writestr(name, text, zipfile.ZIP_STORED)
            else:
                package.writestr(name, f'<?xml version="1.0"?>\n{text}')
    return stream.getvalue()


def _word_block(block: Text | Table | Sheet) -> str:
    if isinstance(block, Table):
        return "" if block.hidden else _word_table(block) + "<w:p/>"
    if isinstance(block, Sheet):
        return _word_paragraph((("", block.name),))
    return _word_paragraph((("", block.text),), level=block.level)


def _word_paragraph(runs: tuple[tuple[str, str], ...], *, level: int = 0) -> str:
    style = f'<w:pPr><w:pStyle w:val="Heading{level}"/></w:pPr>' if level else ""
    return f"<w:p>{style}{''.join(_word_run(*run) for run in runs)}</w:p>"


def _word_run(style: str, text: str) -> str:
    escaped = html.escape(text, quote=False)
    if style == "deleted":
        run = f'<w:r><w:delText xml:space="preserve">{escaped}</w:delText></w:r>'
        return f'<w:del w:id="1" w:author="a">{run}</w:del>'
    texts = escaped.replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    return f'<w:r><w:rPr>{_RUNS[style]}</w:rPr><w:t xml:space="preserve">{texts}</w:t></w:r>'


def _word_table(table: Table) -> str:
    cells: list[list[tuple[int, str]]] = [[] for _ in table.rows]
    for at, column, box in placed(table):
        for row in range(at, min(at + box.rows, len(cells))):
            merge = "" if box.rows == 1 else "<w:vMerge/>"
            if box.rows > 1 and row == at:
                merge = '<w:vMerge w:val="restart"/>'
            span = f'<w:gridSpan w:val="{box.columns}"/>' if not table.widths else ""
            facts = f'<w:tcW w:w="{box.columns * 900}" w:type="dxa"/>{span}{merge}'
            text = _word_cell(box) if row == at else "<w:p/>"
            cells[row].append((column, f"<w:tc><w:tcPr>{facts}</w:tcPr>{text}</w:tc>"))
    grid = '<w:gridCol w:w="900"/>' * width(table)
    rows = "".join(f"<w:tr>{''.join(cell for _, cell in sorted(row))}</w:tr>" for row in cells)
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _word_cell(box: Box) -> str:
    if any(style == "nested" for style, _ in box.runs):
        return _word_frame(_word_paragraph((("", box.text),)))
    return _word_paragraph(box.runs)


def _word_frame(body: str) -> str:
    grid = '<w:tblGrid><w:gridCol w:w="9000"/></w:tblGrid>'
    return f"<w:tbl><w:tblPr/>{grid}<w:tr><w:tc><w:tcPr/>{body}<w:p/></w:tc></w:tr></w:tbl><w:p/>"


# ---- workbooks ----------------------------------------------------------------------------------


def excel_page(page: Page) -> bytes:
    """Write a page as a workbook: texts and tables below each other."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    at = 1
    for block in page.blocks:
        if isinstance(block, Sheet):
            sheet, at = book.create_sheet(block.name), 1
            sheet.sheet_state = "hidden" if block.hidden else "visible"
        elif isinstance(block, Text):
            sheet.cell(at, 1, block.text)
            at += 1
        else:
            _excel_table(sheet, block, at)
            at += len(block.rows)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _excel_table(sheet: Worksheet, table: Table, top: int) -> None:
    for at, column, box in placed(table):
        row, left = top + at, column + 1
        sheet.cell(row, left).value = _excel_value(box)
        bottom = min(row + box.rows, top + len(table.rows)) - 1
        if bottom > row or box.columns > 1:
            sheet.merge_cells(
                start_row=row,
                start_column=left,
                end_row=bottom,
                end_column=left + box.columns - 1,
            )
    if table.hidden:
        for row in range(top, top + len(table.rows)):
            sheet.row_dimensions[row].hidden = True


def _excel_value(box: Box) -> CellRichText | str | int:
    if any(style for style, _ in box.runs):
        fonts = {"struck": InlineFont(strike=True), "sup": InlineFont(vertAlign="superscript")}
        return CellRichText(
            *(TextBlock(fonts[style], text) if style else text for style, text in box.runs)
        )
    text = "".join(text for _, text in box.runs)
    plain = not box.header and text.isascii() and text.isdigit() and str(int(text)) == text
    return int(text) if plain else text


_ODF: Final = "urn:oasis:names:tc:opendocument:xmlns"
_SPREADSHEET: Final = "application/vnd.oasis.opendocument.spreadsheet"


def ods_page(page: Page) -> bytes:
    """Write a page as an OpenDocument sheet."""
    sheets: list[tuple[str, list[str]]] = [("报告", [])]
    for block in page.blocks:
        if isinstance(block, Sheet):
            sheets.append((block.name, []))
        elif isinstance(block, Text):
            sheets[-1][1].append(f"<table:table-row>{_ods_cell(block.text, '')}</table:table-row>")
        else:
            sheets[-1][1].extend(_ods_rows(block))
    body = "".join(
        f'<table:table table:name="{name}">{"".join(rows)}</table:table>' for name, rows in sheets
    )
    spaces = " ".join(f'xmlns:{name}="{_ODF}:{name}:1.0"' for name in ("office", "table", "text"))
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>{body}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_SPREADSHEET}"/>'
    manifest = (
        f'<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0">{entry}</manifest:manifest>'
    )
    return zipped(
        {"mimetype": _SPREADSHEET, "content.xml": content, "META-INF/manifest.xml": manifest}
    )


def _ods_cell(text: str, spans: str) -> str:
    lines = "".join(f"<text:p>{html.escape(line)}</text:p>" for line in text.split("\n"))
    return f'<table:table-cell{spans} office:value-type="string">{lines}</table:table-cell>'


def _ods_rows(table: Table) -> Iterator[str]:
    if table.hidden:
        return
    cells: list[list[tuple[int, str]]] = [[] for _ in table.rows]
    for at, column, box in placed(table):
        spans = f' table:number-columns-spanned="{box.columns}"'
        spans += f' table:number-rows-spanned="{box.rows}"'
        for row in range(at, min(at + box.rows, len(cells))):
            for each in range(column, column + box.columns):
                first = (row, each) == (at, column)
                text = _ods_cell("".join(_texts([box])), spans) if first else ""
                cells[row].append((each, text or "<table:covered-table-cell/>"))
    for cell_row in cells:
        yield f"<table:table-row>{''.join(cell for _, cell in sorted(cell_row))}</table:table-row>"


# ---- all ----------------------------------------------------------------------------------------


@attrs.frozen
class PageFormat:
    """
    A way to write pages: the end of the file's name, and what writes it.

    *borders*: an empty cell leaves something behind.
    """

    suffix: str
    write: Callable[[Page], bytes]
    borders: bool = True


def _text(rows: Rows, line: Line, *, borders: bool = True) -> PageFormat:
    return PageFormat(".txt", TextPage(rows, line), borders)


FORMATS: Final = {
    "html": PageFormat(".html", html_page),
    "docx": PageFormat(".docx", word_page),
    "xlsx": PageFormat(".xlsx", excel_page),
    "ods": PageFormat(".ods", ods_page),
    "md": PageFormat(".md", markdown_page(_pipes(kept))),
    "md dropped": PageFormat(".md", markdown_page(_pipes(dropped))),
    "md html": PageFormat(".md", markdown_page(html_table)),
    "tabs": _text(dropped, _tabs),
    "tabs kept": _text(kept, _tabs),
    "bars": _text(dropped, _bars),
    "bars kept": _text(kept, _bars),
    "open bars": _text(dropped, _open_bars),
    "open bars kept": _text(kept, _open_bars),
    "padded bars": _text(dropped, _padded_bars),
    "lines": _text(dropped, _lines("{}"), borders=False),
    "lines bar behind": _text(dropped, _lines("{} |")),
    "lines bar before": _text(dropped, _lines("| {}")),
    "lines padded": _text(dropped, _padded_lines),
    "spaces": _text(dropped, _spaces(" "), borders=False),
    "wide spaces": _text(dropped, _spaces("    "), borders=False),
    "glued": _text(dropped, _spaces(""), borders=False),
    "drawn": _text(drawn(1), _spaces(""), borders=False),
    "drawn wide": _text(drawn(2), _spaces(""), borders=False),
}
"""
The ways to write a page. *tabs*, *bars*, *lines* and *spaces* are texts: rows with cells between
tabs or bars, a cell a line, and rows without any border, or without any space (*glued*); *drawn*
ones keep their places. Merged
cells leave nothing behind, or empty ones where they are *kept*; *md html* is Markdown with tables
in HTML.
"""


def write(page: Page, way: PageFormat, path: Path) -> None:
    """Write a page to a file. Where empty cells leave nothing behind, their rows are doubtful."""
    if not way.borders:
        for table in page.tables():
            for row in table.rows:
                _lose_blanks(page, [box.cell for box in row if box.cell])
    path.write_bytes(way.write(page))


def _lose_blanks(page: Page, cells: list[str]) -> None:
    """
    Doubt a row of which some cells are seen no more. If all others are equal, nobody can tell which
    those are.
    """
    seen = {value for cell in cells for value in page.accepted[cell]}
    if None in seen:
        page.doubt(cells)
        if len(seen) == 2:
            page.accepted |= {cell: (*(seen - {None}), None) for cell in cells}
