"""
Documents as offices make them: a report among pictures, styles, comments, other tables, headers and
footers, with figures in several runs, tracked changes, controls and notes.
"""

from __future__ import annotations

import base64
import html
import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

import govinfo_schema as gs
from govinfo_schema.documents.document import Grid, Span
from govinfo_schema.documents.layout import layout

PICTURE: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
"""A picture of one dot."""


# ---- Word ---------------------------------------------------------------------------------------


def _element(cell: Any) -> Any:
    """Give the element of the paragraph of a cell, to which anything can be added."""
    return cell.paragraphs[0]._p  # noqa: SLF001 (python-docx has no other way)


def _halves(cell: Any, text: str) -> None:
    """Write the characters in runs of their own, the first one bold and red."""
    paragraph = cell.paragraphs[0]
    for at, sign in enumerate(text):
        run = paragraph.add_run(sign)
        run.bold = at == 0
        run.font.color.rgb = RGBColor(0xC0, 0, 0) if at == 0 else RGBColor(0, 0, 0)


def _inserted(cell: Any, text: str) -> None:
    """Write the text as a tracked insertion, behind another one that was deleted."""
    change = 'w:id="7" w:author="科员" w:date="2026-01-05T09:00:00Z"'
    for tag, element, own in (("del", "delText", "7"), ("ins", "t", text)):
        _element(cell).append(
            parse_xml(
                f"<w:{tag} {nsdecls('w')} {change}><w:r><w:rPr><w:b/></w:rPr>"
                f"<w:{element}>{own}</w:{element}></w:r></w:{tag}>"
            )
        )


def _controlled(cell: Any, text: str) -> None:
    """Write the text in a content control."""
    _element(cell).append(
        parse_xml(
            f'<w:sdt {nsdecls("w")}><w:sdtPr><w:alias w:val="数"/></w:sdtPr><w:sdtContent><w:r>'
            f"<w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"
        )
    )


def _marked(cell: Any, text: str) -> None:
    """Write the text with the raised mark of a note behind it, and another one struck out."""
    paragraph = cell.paragraphs[0]
    paragraph.add_run(text)
    paragraph.add_run("①").font.superscript = True
    paragraph.add_run("88").font.strike = True


def _nested(cell: Any, text: str) -> None:
    """Write the text in a table of one cell."""
    _element(cell).getparent().remove(_element(cell))
    cell.add_table(1, 1).cell(0, 0).text = text
    cell.add_paragraph()


def _entity(cell: Any, text: str) -> None:
    """Write the text with a bookmark and spaces that are kept around it."""
    paragraph = cell.paragraphs[0]
    paragraph.add_run(f" {text} ")
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), "3")
    start.set(qn("w:name"), "数")
    _element(cell).insert(0, start)
    _element(cell).append(end)


def _plain(cell: Any, text: str) -> None:
    run = cell.paragraphs[0].add_run(text)
    run.font.size = Pt(9)


WAYS: Final[tuple[Callable[[Any, str], None], ...]] = (
    *(_plain,) * 6,
    *(_halves, _inserted, _controlled, _marked, _nested, _entity),
)
"""The ways to write a figure into a cell, the plain one most often."""


def rich_word(report: gs.Report, path: Path, dice: random.Random) -> Path:
    """Write a report as an office does in Word."""
    made = docx.Document()
    made.styles["Normal"].font.name = "仿宋"
    section = made.sections[0]
    section.header.paragraphs[0].text = "某市政府信息公开"
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    footer._p.append(  # noqa: SLF001 (as above)
        parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"/>')
    )
    made.add_picture(io.BytesIO(PICTURE))
    contacts = made.add_table(2, 2, style="Table Grid")
    for number, text in enumerate(("联系人", "张三", "电话", "0591-88888888")):
        contacts.cell(number // 2, number % 2).text = text
    for block in layout(report).blocks:
        if isinstance(block, Grid):
            _word_table(made, block, dice)
            continue
        paragraph = (
            made.add_heading(block.text, block.level)
            if block.level
            else made.add_paragraph(block.text)
        )
        if paragraph.runs and not block.level and dice.random() < 0.2:
            made.add_comment(paragraph.runs, text="请核对", author="科长", initials="长")
    made.add_paragraph("附件：1.依申请公开流程图").runs[0].italic = True
    made.add_picture(io.BytesIO(PICTURE))
    made.save(str(path))
    return path


def _word_table(made: Any, grid: Grid, dice: random.Random) -> None:
    table = made.add_table(grid.height, grid.width, style="Table Grid")
    for span in grid.spans:
        cell = table.cell(span.row, span.column)
        if span.rows > 1 or span.columns > 1:
            cell = cell.merge(table.cell(span.row + span.rows - 1, span.column + span.columns - 1))
        text = printed(span, dice)
        if span.header or not text or not any(sign.isdigit() for sign in text):
            cell.paragraphs[0].add_run(text).bold = span.header
        else:
            dice.choice(WAYS)(cell, text)


def printed(span: Span, dice: random.Random) -> str:
    """Give the text of a cell as offices print it: with a remark, with commas, in wide digits."""
    text = span.text
    if span.header or not text.isdecimal():
        return text
    return dice.choice(
        (
            *(text,) * 8,
            f"{text}（其中涉企{text}件）",
            f"{int(text):,}",
            text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
            f"{text}件",
        )
    )


# ---- pages --------------------------------------------------------------------------------------

HEAD: Final = (
    '<!DOCTYPE html>\r\n<html><head><meta charset="{charset}"><title>{title}</title>\r\n'
    "<style>td {{ border: 1px solid }} .x > td {{ color: red }}</style>\r\n"
    '<script>var a = "<td>1</td>"; if (1 < 2) {{ }}</script></head>\r\n<body>\r\n'
    "<div class=nav><a href=/>首页</a> &gt; <a href=/gk>政府信息公开</a></div>\r\n"
    "<!-- <table><tr><td>99</td></tr></table> -->\r\n"
    "<table border=1><tr><td>联系人<td>张三 &copy; 2026</table>\r\n"
)
TAIL: Final = "<p>主办：某市人民政府&nbsp;备案号 12345</p>\r\n</body></html>\r\n"
CELLS: Final = (
    *("{}",) * 6,
    "<p><span style='font-size:9pt'>{}</span></p>",
    "&nbsp;{}&#32;",
    "<b>{0[0]}</b>{0[1]}",
    "<del>77</del>{}",
    "{}<sup>①</sup>",
    "<!-- 1 -->{}",
    "\r\n\t{}<br>",
)
"""What stands around a figure in its cell; two places take its first character and the others."""


def rich_page(report: gs.Report, path: Path, dice: random.Random) -> Path:
    """Write a report as a site publishes it: in GB18030 or UTF-8, with what sites put around it."""
    charset, encoding = dice.choice((("gb2312", "gb18030"), ("utf-8", "utf-8"), ("", "utf-8-sig")))
    document = layout(report)
    blocks = []
    for block in document.blocks:
        if isinstance(block, Grid):
            blocks.append(_page_table(block, dice))
        elif block.level:
            blocks.append(f"<h{block.level}>{html.escape(block.text)}</h{block.level}>")
        else:
            blocks.append(f"<p>{html.escape(block.text)}</p>")
    head = HEAD.format(charset=charset, title=html.escape(document.title))
    text = head + "\r\n".join(blocks) + TAIL
    path.write_bytes(text.encode(encoding))
    return path


def _page_table(grid: Grid, dice: random.Random) -> str:
    closed = dice.random() < 0.5
    rows = []
    for row in grid.rows():
        cells = [_page_cell(span, dice) + ("</td>" if closed else "") for span in row]
        rows.append(f"<TR class=x>{''.join(cells)}" + ("</TR>" if closed else ""))
    return "<table>\r\n" + "\r\n".join(rows) + "\r\n</table>"


def _page_cell(span: Span, dice: random.Random) -> str:
    text = html.escape(printed(span, dice))
    sizes = f" rowspan={span.rows} colspan='{span.columns}'"
    if span.header or not text:
        return f"<td{sizes}>{text}"
    form = dice.choice(CELLS)
    if "{0[0]}" in form:
        return f"<td{sizes}>" + form.format((text[:1], text[1:]))
    return f"<td{sizes} title='a > b'>" + form.format(text)


def members(data: bytes) -> dict[str, tuple[bytes, zipfile.ZipInfo]]:
    """Give each member of a zip as it is packed, and what the zip says of it, in its order."""
    made = {}
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.testzip() is None
        infos = sorted(file.infolist(), key=lambda each: each.header_offset)
        ends = [*(each.header_offset for each in infos[1:]), file.start_dir]
        for each, end in zip(infos, ends, strict=True):
            made[each.filename] = (data[each.header_offset : end], each)
    return made


def part(data: bytes, name: str) -> bytes:
    """Give the content of a member of a zip."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name)
