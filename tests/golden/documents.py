"""
Documents that deviate and are damaged: what ``write`` writes, spoilt in the written file, and read
again.

A spoil changes the text of a file, so it knows nothing of how the package is built. Only the
deviations of ``deviations.py`` change a document before it is a file: ``read_deviating`` is the one
place that takes something from inside the package.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import deviations

import govinfo_schema as gs

Spoil = Callable[[random.Random, str], str]
"""Spoils the text of a page, of Markdown, or of the XML inside a Word document."""


def read_deviating(
    report: gs.Report, changes: Sequence[deviations.Change], dice: random.Random
) -> gs.Reading:
    """
    Lay a report out, change the document as published ones deviate, and read it.

    Raises: ValueError where it is no report any more.
    """
    from govinfo_schema.documents.layout import layout
    from govinfo_schema.documents.recognise import recognise

    document = layout(report)
    for change in changes:
        document = change(document, dice)
    return recognise(document, year=report.year, body=report.body.name)


# ---- pages --------------------------------------------------------------------------------------

_CELL: Final = re.compile(r"(?<=>)([0-9][0-9.]*)(?:元|万元)?(?=</td>)")
_LABEL: Final = re.compile(r"(<th[^>]*>)([^<]{3,})(</th>)")
_MARKDOWN_CELL: Final = re.compile(r"(?<=\| )[0-9]+(?= \|)")
FIGURES: Final = (
    *("-", "/", "无", "1.5", "-3", "007", "9007199254740993", "5万元", "251000元", "3件"),
    *("22（其中修订16件）", "? 3", "三", "１２", "1,234", "12,34", "", " 4 5", "+6", "0.50"),
)
"""What a cell may say for a figure."""


def _replaced(
    pattern: re.Pattern[str], change: Callable[[re.Match[str]], str], count: int
) -> Spoil:
    """Make the spoil that changes so many of the places where a pattern matches."""

    def spoil(dice: random.Random, text: str) -> str:
        places = list(pattern.finditer(text))
        chosen = dice.sample(places, min(count, len(places)))
        for match in sorted(chosen, key=lambda place: -place.start()):
            text = text[: match.start()] + change(match) + text[match.end() :]
        return text

    return spoil


def _odd_figures(pattern: re.Pattern[str]) -> Spoil:
    """Make the spoil that puts twelve of them into cells."""

    def spoil(dice: random.Random, text: str) -> str:
        texts = dice.sample(FIGURES, 12)
        return _replaced(pattern, lambda _: texts.pop(), 12)(dice, text)

    return spoil


def worn_labels(dice: random.Random, text: str) -> str:
    """Lose a character of ten labels."""

    def worn(match: re.Match[str]) -> str:
        at = dice.randrange(len(match[2]))
        return f"{match[1]}{match[2][:at]}{match[2][at + 1 :]}{match[3]}"

    return _replaced(_LABEL, worn, 10)(dice, text)


def lost_labels(dice: random.Random, text: str) -> str:
    """Lose two labels altogether."""
    return _replaced(_LABEL, lambda match: f"{match[1]}{match[3]}", 2)(dice, text)


def year_of_the_text(_: random.Random, text: str) -> str:
    """State another year in the text than in the title."""
    sentence = "<p>本报告统计期限为2018年1月1日至2018年12月31日。</p>"
    return re.sub("(一、总体情况</h2>)", rf"\1\n{sentence}", text)


def other_row(_: random.Random, text: str) -> str:
    """Add a row that the form does not have, and a note below the table."""
    row = '<tr><th scope="row">其中：网上公开</th><td>4</td><td>5</td><td>6</td></tr>'
    return text.replace("</table>", f"{row}\n</table>\n<p>注：以上数字含下属单位。</p>", 1)


def unmerged(_: random.Random, text: str) -> str:
    """Forget what is merged."""
    return re.sub(r' (?:row|col)span="[0-9]+"', "", text)


def table_2_lost(_: random.Random, text: str) -> str:
    """Lose the table that tells the edition."""
    return re.sub("<table.*?</table>", "", text, count=1, flags=re.DOTALL)


def head_lost(_: random.Random, text: str) -> str:
    """Lose the head of table 3, so that nothing names its columns."""
    return re.sub(r"<tr>[^\n]*勾稽关系[^\n]*\n[^\n]*\n[^\n]*</tr>", "", text)


def table_4_wider(_: random.Random, text: str) -> str:
    """Put an empty column into table 4, and wear the labels of its results."""
    text = re.sub(r'(<th colspan="10"[^>]*>行政诉讼)', r'<th rowspan="3"></th>\1', text)
    text = re.sub(r'(<td id="disputes.litigation.direct.upheld">)', r"<td></td>\1", text)
    return text.replace("其他结果", "其他结果数")


def report_twice(_: random.Random, text: str) -> str:
    """Put two reports into one page."""
    return re.sub("(?s)<main>(.*)</main>", r"<main>\1\1</main>", text)


PAGES: Final[Mapping[str, Spoil]] = {
    "odd figures": _odd_figures(_CELL),
    "worn labels": worn_labels,
    "lost labels": lost_labels,
    "rows lost": _replaced(re.compile(r"<tr>.*</tr>\n"), lambda _: "", 3),
    "cells lost": _replaced(re.compile(r"<td[^>]*>[^<]*</td>"), lambda _: "", 2),
    "cells doubled": _replaced(re.compile(r"<td[^>]*>[^<]*</td>"), lambda cell: cell[0] * 2, 2),
    "headings lost": _replaced(re.compile(r"<h2>.*</h2>\n"), lambda _: "", 2),
    "title lost": _replaced(re.compile(r"<h1>.*</h1>\n"), lambda _: "", 1),
    "table torn": _replaced(re.compile(r"</tr>\n<tr>"), lambda _: "</tr></table><table><tr>", 2),
    "year of the text": year_of_the_text,
    "other row": other_row,
    "unmerged": unmerged,
    "table 2 lost": table_2_lost,
    "head lost": head_lost,
    "report twice": report_twice,
    "table 4 wider": table_4_wider,
    "no table": lambda _, text: re.sub("(?s)<table.*?</table>", "", text),
}
"""What can be wrong with a page."""


# ---- what stands around the tables of a page ----------------------------------------------------

TITLES: Final = (
    *(
        "某市2024年政府信息公开工作年度报告",
        "某市教育局关于2024年度政务公开工作报告",
        "二〇二四年某县政府信息公开年报",
    ),
    *(
        "标题：某市<br>2024年政府信息公开<br>工作年度报告",
        "某市政府信息公开工作年度报告（2024年度）",
    ),
    *(
        "某市政府信息公开工作年度报告",
        "2024年政府信息公开工作年度报告",
        "根据条例编制某市2024年报告",
    ),
    *("2016年某市政府信息公开工作年度报告", "某市2024年政府信息公开工作年度报告_政府网站"),
)
SIGNATURES: Final = (
    *(
        "某市人民政府办公室</p><p>2025年1月20日",
        "某市教育局 2025年1月20日",
        "2025-1-20",
        "2025.13.40",
    ),
    *("二〇二五年一月二十日", "2023年1月20日", "某局。</p><p>2025/01/20", ""),
)
OPENINGS: Final = (
    *(
        "",
        "发布机构：某市某局",
        "发布日期：2025-02-03</p><p>来源：某网站",
        "统计期限自2023年1月1日起至12月31日",
    ),
    *(
        "索引号：123</p><p>发布机构：某委员会</p><p>发布时间：2025年3月1日",
        "本报告统计数据2024年1月1日至12月31日。",
    ),
)
FEES: Final = (
    *(
        "无",
        "本年度未收取信息处理费。",
        "全年对25件申请收取信息处理费2950元。",
        "没有向申请人收取费用，无收费情况。",
    ),
    *(
        "收取信息处理费0元。",
        "收取信息处理费30元，其中甲局10元。",
        "对3件申请、2件补正收取处理费9.5元。",
    ),
    *("依据收费办法执行。不存在收取情况；处理费另计", "", "信息公开处理费收取情况：未发生收取。"),
)


def framed(page: str, number: int) -> str:
    """Put another title, opening, last section and signature into a page: those of a number."""
    title = TITLES[number % len(TITLES)]
    opening = OPENINGS[number % len(OPENINGS)]
    last, signature = FEES[number % len(FEES)], SIGNATURES[number % len(SIGNATURES)]
    page = re.sub("<title>.*</title>", f"<title>{title}</title>", page)
    page = re.sub("<h1>.*</h1>", f"<h1>{title}</h1>\n<p>{opening}</p>", page)
    start = page.index("六、")
    end = page.index("</h2>", start) + len("</h2>")
    return f"{page[:end]}\n<p>{last}</p>\n<p>{signature}</p>\n</main></body></html>"


ENCODINGS: Final = ("utf-8-sig", "gb18030", "utf-16")
"""Encodings of a page or a text besides UTF-8."""


# ---- Word documents -----------------------------------------------------------------------------

WORD: Final[Mapping[str, Spoil]] = {
    "odd figures": _odd_figures(re.compile("(?<=>)[0-9]+(?=</w:t>)")),
    "remarks": _replaced(
        re.compile(r"(?<=>)[0-9]+</w:t>"), lambda it: f"{it[0][:-6]}（含2件）</w:t>", 4
    ),
    "characters lost": _replaced(
        re.compile(r"(?<=[\u4e00-\u9fff])[\u4e00-\u9fff](?=[\u4e00-\u9fff])"), lambda _: "", 12
    ),
    "rows lost": _replaced(re.compile(r"(?s)<w:tr>.*?</w:tr>|<w:tr .*?</w:tr>"), lambda _: "", 2),
    "unmerged": lambda _, text: re.sub(r"<w:vMerge[^>]*/>|<w:gridSpan[^>]*/>", "", text),
    "styles lost": lambda _, text: re.sub(r"<w:pStyle[^>]*/>", "", text),
}
"""What can be wrong with a Word document."""


def spoil_word(path: Path, spoil: Spoil, dice: random.Random) -> None:
    """Spoil the main part of a Word document."""
    with zipfile.ZipFile(path) as parts:
        contents = {name: parts.read(name) for name in parts.namelist()}
    name = "word/document.xml"
    contents[name] = spoil(dice, contents[name].decode()).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        for part, content in contents.items():
            parts.writestr(part, content)
    path.write_bytes(packed.getvalue())


# ---- workbooks ----------------------------------------------------------------------------------


def spoil_workbook(path: Path, kind: str, dice: random.Random) -> None:
    """Spoil a workbook: its figures, the names of its cells, or both."""
    import openpyxl

    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    figures = [cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int)]
    if kind != "names lost":
        for cell, text in zip(dice.sample(figures, 8), dice.sample(FIGURES, 8), strict=True):
            cell.value = text
    if kind != "odd figures":
        for name in list(book.defined_names):
            del book.defined_names[name]
    book.save(path)


WORKBOOKS: Final = ("odd figures", "names lost", "odd figures, names lost")
"""What can be wrong with a workbook."""


# ---- Markdown and text without borders ----------------------------------------------------------


def _rows(text: str, change: Callable[[list[str]], str]) -> str:
    """Write each row of a table anew, and leave out what rules it off."""
    lines = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            lines.append(line.lstrip("# "))
        elif set(line) - set("|- "):
            lines.append(change(cells))
    return "\n".join(lines) + "\n"


def _glued(cells: list[str]) -> str:
    return "".join(cells)


def _label_apart(cells: list[str]) -> str:
    """Run the figures of a row together, behind its label."""
    figures = [cell for cell in cells if re.fullmatch("[0-9.]+", cell)]
    labels = [cell for cell in cells if cell and cell not in figures]
    return " ".join((*labels, "".join(figures)))


def _one_cell_a_line(cells: list[str]) -> str:
    return "\n".join(cell for cell in cells if cell)


TEXTS: Final[Mapping[str, Spoil]] = {
    "tabs": lambda _, text: _rows(text, "\t".join),
    "bars": lambda _, text: _rows(text, lambda cells: f"│{'│'.join(cells)}│"),
    "spaces": lambda _, text: _rows(text, lambda cells: " ".join(filter(None, cells))),
    "glued": lambda _, text: _rows(text, _glued),
    "figures glued": lambda _, text: _rows(text, _label_apart),
    "one cell a line": lambda _, text: _rows(text, _one_cell_a_line),
    "half glued": lambda dice, text: _rows(
        text,
        lambda cells: _label_apart(cells) if dice.random() < 0.5 else " ".join(filter(None, cells)),
    ),
}
"""How a text may stand without the borders of its tables."""

MARKDOWN: Final[Mapping[str, Spoil]] = {
    "odd figures": _odd_figures(_MARKDOWN_CELL),
    "rows lost": _replaced(re.compile(r"\n\|[^\n]*[0-9] \|(?=\n)"), lambda _: "", 3),
    "cells lost": _replaced(re.compile(r"(?<=\| )[0-9]+ \| "), lambda _: "", 2),
    "bold": _replaced(_MARKDOWN_CELL, lambda cell: f"**{cell[0]}**", 9),
}
"""What can be wrong with Markdown."""
