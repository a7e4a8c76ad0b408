"""
Reading files: real ones, those that offices' programs make, what is written and read back,
encodings, and what is hostile.
"""

from __future__ import annotations

import json
import re
import subprocess
import zlib
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import corpus
import pytest
from hypothesis import given, settings
from office import convert
from pdfs import form, made_pdf, stream
from programs import CHROMIUM, PDFTOTEXT, needs_chromium, needs_office, needs_poppler
from readings import all_right, compare, fates_of, shape
from reports import REPORTS
from strategies import reports

import govinfo_schema as gs
from govinfo_schema import files
from govinfo_schema.documents.document import Grid, Paragraph
from govinfo_schema.documents.formats import docx, html, markdown, pdf, text
from govinfo_schema.documents.layout import layout
from govinfo_schema.errors import MissingLibrary, UnreadableFile
from govinfo_schema.tables import json as json_format

CORPUS = corpus.CORPUS
SAMPLE = corpus.SHARED / "sample" / "2024-jixinggang.txt"


# ---- real reports -------------------------------------------------------------------------------


@corpus.needs_corpus
@pytest.mark.parametrize("suffix", ["html", "md", "pdf", "txt"])
def test_real_reports(suffix: str) -> None:
    """
    Every figure is right, or blank with a finding that names its cell; in PDF and HTML every one is
    right.
    """
    paths = sorted(CORPUS.glob(f"20*.{suffix}"))
    assert paths
    for path in paths:
        truth = corpus.report_of(corpus.truth(corpus.TRUTH / f"{path.name.partition('.')[0]}.json"))
        reading = gs.read(path)
        fates = compare(reading, truth)
        assert (fates["wrong"], fates["silent"]) == ([], []), path.name
        assert not fates["blank"] or path.suffix in (".txt", ".md"), path.name
        assert (reading.report.edition, reading.report.year) == (truth.edition, truth.year), (
            path.name
        )
        assert reading.report.body.name, path.name


@corpus.needs_corpus
@needs_poppler
@pytest.mark.parametrize("option", ["-layout", "-raw", "-nopgbrk"])
def test_text_of_a_real_pdf(option: str, tmp_path: Path) -> None:
    """
    Of the text that pdftotext makes of a real PDF every figure is right where lines are kept, and
    none is wrong unsaid elsewhere.
    """
    for path in sorted(CORPUS.glob("20*.pdf")):
        plain = tmp_path / "plain.txt"
        subprocess.run([str(PDFTOTEXT), option, str(path), str(plain)], check=True, timeout=60)
        fates = fates_of(plain, corpus.report_of(corpus.truth(corpus.TRUTH / f"{path.stem}.json")))
        assert (fates["wrong"], fates["silent"]) == ([], []), path.name
        assert not fates["blank"] or option != "-raw", path.name


@corpus.needs_corpus
def test_sample_reads_whole() -> None:
    """
    The document that this project was started from: 200 cells, all 0, 42 equations held,
    narratives, year and body.
    """
    reading = gs.read(SAMPLE)
    cells = dict(gs.walk(reading.report))
    assert (len(cells), set(cells.values())) == (200, {0, Decimal(0)})
    assert (gs.check(reading.report).held, gs.check(reading.report).unknown) == (42, ())
    assert (reading.report.year, reading.report.body.name) == (2024, "安达市吉星岗镇人民政府")
    assert reading.report.overview
    assert reading.report.problems
    assert reading.report.other_matters.text
    assert reading.findings == ()


@corpus.needs_corpus
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("2017-taizhou-shizhengfu.pre2019.txt", "from before 2019"),
        ("2020-wendeng-shenjiju.p9.txt", "three tables of the report were not found"),
        ("broken-encoding.pdf", "fonts that do not say which sign is which"),
        ("2019-xiongxian-xiang.txt", "give it with --body"),
    ],
)
def test_refusal_says_why(name: str, reason: str) -> None:
    """What is no whole report is refused with the reason."""
    with pytest.raises(UnreadableFile, match=reason):
        gs.read(CORPUS / "partial" / name)


# ---- what is written reads back -----------------------------------------------------------------


@pytest.mark.parametrize("suffix", [suffix for suffix in files.writable() if suffix != ".pdf"])
@pytest.mark.parametrize("name", REPORTS)
def test_written_report_reads_back(name: str, suffix: str, tmp_path: Path) -> None:
    """Every known report, written in any format, is read back cell by cell, without a doubt."""
    path = tmp_path / f"report{suffix}"
    gs.write(REPORTS[name], path)
    reading = gs.read(path)
    assert list(gs.walk(reading.report)) == list(gs.walk(REPORTS[name]))
    assert reading.findings == ()
    assert (reading.report.edition, reading.report.year) == (
        REPORTS[name].edition,
        REPORTS[name].year,
    )


@needs_office
@pytest.mark.parametrize("name", REPORTS)
def test_printed_report_reads_back(name: str, tmp_path: Path) -> None:
    """Every known report, printed to PDF, is read back cell by cell, without a doubt."""
    test_written_report_reads_back(name, ".pdf", tmp_path)


@pytest.mark.parametrize("suffix", [".html", ".md"])
@given(reports())
@settings(max_examples=40)
def test_any_report_reads_back(
    suffix: str, tmp_path_factory: pytest.TempPathFactory, report: gs.Report
) -> None:
    """
    Any report, with blanks and extreme figures and whatever signs in its notes, reads back cell by
    cell.
    """
    plain = gs.replace(
        report, {"title": None, "overview": None, "problems": None, "other_matters.text": None}
    )
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    gs.write(plain, path)
    assert list(gs.walk(gs.read(path, year=report.year, body=report.body.name).report)) == list(
        gs.walk(report)
    )


def test_suffix_that_cannot_be_written(tmp_path: Path) -> None:
    """The error names the suffixes that can be written."""
    with pytest.raises(UnreadableFile, match=r"\.json \.html \.docx \.md \.pdf \.xlsx"):
        gs.write(REPORTS["blank"], tmp_path / "report.odt")
    assert list(tmp_path.iterdir()) == []


def test_markup_in_a_text_is_text(tmp_path: Path) -> None:
    """A text that looks like markup runs nothing and comes back as it is."""
    report = gs.replace(
        REPORTS["blank"], {"overview": "<script>alert(1)</script>\n# 标题 | 一 | 二 \\ *三*"}
    )
    for suffix in (".html", ".md", ".docx"):
        gs.write(report, tmp_path / f"report{suffix}")
        assert gs.read(tmp_path / f"report{suffix}").report.overview == report.overview, suffix
    assert "<script>" not in (tmp_path / "report.html").read_text(encoding="utf-8")


# ---- what the programs of offices make ----------------------------------------------------------


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write every known report as a page and as a Word document."""
    folder = tmp_path_factory.mktemp("pages")
    for name, report in REPORTS.items():
        html.write(layout(report), folder / f"{name}.html")
        docx.write(layout(report), folder / f"{name}.docx")
    return folder


@needs_office
@pytest.mark.parametrize("kind", ["pdf", "html"])
@pytest.mark.parametrize("pool", corpus.POOLS)
def test_document_that_libreoffice_made(pool: str, kind: str, tmp_path: Path) -> None:
    """Of a PDF and of a page that LibreOffice made out of a Word document every figure is read."""
    own = corpus.pool(pool)
    for name, report in own.items():
        docx.write(layout(report), tmp_path / f"{name}.docx")
    found = convert(sorted(tmp_path.glob("*.docx")), kind, tmp_path)
    assert found.keys() == own.keys()
    for name, path in found.items():
        all_right(path, own[name])


@needs_chromium
@needs_poppler
def test_page_that_chromium_printed(pages: Path, tmp_path: Path) -> None:
    """
    Of a page printed to PDF every figure is read; of the text that pdftotext makes of it none is
    wrong unsaid.
    """
    for name in ("2019-shanghai-zhengfubangongting", "2024-hongze-quzhengfu"):
        target = tmp_path / f"{name}.pdf"
        switches = (
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
            "--disable-background-networking",
        )
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        command = [
            str(CHROMIUM),
            *switches,
            profile,
            f"--print-to-pdf={target}",
            (pages / f"{name}.html").as_uri(),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=100)
        all_right(target, REPORTS[name])
        for option in ("-layout", "-raw"):
            plain = tmp_path / f"{name}{option}.txt"
            subprocess.run(
                [str(PDFTOTEXT), option, str(target), str(plain)], check=True, timeout=60
            )
            fates = fates_of(plain, REPORTS[name])
            assert (fates["wrong"], fates["silent"]) == ([], []), plain.name


@needs_office
def test_encrypted_pdf_is_named(pages: Path, tmp_path: Path) -> None:
    """A PDF that asks for a password is refused as such."""
    options = json.dumps(
        {
            "EncryptFile": {"type": "boolean", "value": "true"},
            "DocumentOpenPassword": {"type": "string", "value": "x"},
        }
    )
    (path,) = convert([pages / "blank.docx"], f"pdf:writer_pdf_Export:{options}", tmp_path).values()
    refused(path, "protected by a password")


# ---- pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "gb18030", "gbk", "big5", "utf-16", "utf-16-le", "utf-8"]
)
def test_encodings(encoding: str, tmp_path: Path) -> None:
    """
    A page in whatever encoding, stated or not, is read as what it is; the suffix decides nothing.
    """
    page = (
        "<html><head></head><body><table><tr><td>本年新收政府信息公開申請數量</td><td>12</td>"
        "</tr></table><p>行政機關</p></body></html>"
    )
    stated = page.replace("<head>", f'<head><meta charset="{encoding.removesuffix("-sig")}">')
    for number, content in enumerate((page, stated)):
        path = tmp_path / f"{number}.doc"
        path.write_bytes(content.encode(encoding))
        assert files.format_of(path) is html.FORMAT
        assert [shape(block) for block in html.read(path).blocks] == [
            [("本年新收政府信息公開申請數量", 0, 0, 1, 1), ("12", 0, 1, 1, 1)],
            "行政機關",
        ], encoding


WORDS = "".join(f"<td>行政機關受理申請{number}件</td>" for number in range(271, 301))


@pytest.mark.parametrize("stated", [True, False])
@pytest.mark.parametrize(
    ("encoding", "stray"),
    [
        *product(("utf-8", "gb18030", "big5"), (b"\x80", b"\xff", b"\xa0", b"\x01")),
        ("utf-16-le", b"\x01\x00"),
    ],
)
def test_one_byte_of_no_encoding_costs_its_place(
    stray: bytes, encoding: str, stated: bool, tmp_path: Path
) -> None:
    """
    Before a figure, behind it, and at the end of a file that was cut: all digits are still there,
    and a lost place beside them shows.
    """
    head = f"<html><head>{f'<meta charset={encoding}>' if stated else ''}</head><body><table><tr>"
    figures = ("<td>", "2935</td><td>418", "</td><td>", "7")
    path = tmp_path / "page.html"
    path.write_bytes(
        (head + WORDS).encode(encoding) + stray.join(each.encode(encoding) for each in figures)
    )
    (grid,) = html.read(path).blocks
    assert isinstance(grid, Grid)
    shown = [span.text for span in grid.spans[30:]]
    assert shown == ["\ufffd2935", "418\ufffd", "\ufffd7\ufffd"]
    assert [span.text for span in grid.spans[:30]] == re.findall("<td>(.*?)</td>", WORDS)


def test_stray_bytes_and_digits_are_not_one_character(tmp_path: Path) -> None:
    """GB18030 has characters of four bytes, two of them digits; stray bytes never make one."""
    path = tmp_path / "page.html"
    words = WORDS.translate(str.maketrans("機關請", "机关请")) * 5
    path.write_bytes(f"<table><tr>{words}<td>".encode("gb18030") + b"\xa03\xb95</td>")
    (grid,) = html.read(path).blocks
    assert isinstance(grid, Grid)
    assert grid.spans[-1].text == "\ufffd3\ufffd5"


def page(path: Path, body: str) -> list[Any]:
    """Write a page and give what its blocks say."""
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return [shape(block) for block in html.read(path).blocks]


def test_what_a_page_shows_is_read(tmp_path: Path) -> None:
    """
    Scripts and hidden parts are left out, breaks are lines, white space between Chinese characters
    is nothing.
    """
    body = (
        "<script>一</script><p hidden>二</p><p style='display:none'>三</p><h2>四、\n 行政</h2>"
        "<p>五<br>六&nbsp;七</p>"
        "<table><tr><td colspan=2 rowspan=2>甲<td>1<tr style='display: none'><td>9<tr>"
        "<td>2</table><pre>八\n九</pre>尾"
    )
    assert page(tmp_path / "page.html", body) == [
        *("四、行政", "五", "六\xa0七"),
        [("甲", 0, 0, 2, 2), ("1", 0, 2, 1, 1), ("2", 1, 2, 1, 1)],
        *("八", "九", "尾"),
    ]


def test_table_that_holds_tables_is_taken_apart(tmp_path: Path) -> None:
    """A page laid out by tables gives the tables in them."""
    inner = "<table><tr><td>甲</td><td>1</td></tr></table>"
    body = (
        f"<table><tr><td>上</td></tr><tr><td>{inner}</td><td>旁</td></tr><tr><td>下</td></tr>"
        "</table>"
    )
    assert page(tmp_path / "page.html", body) == [
        [("上", 0, 0, 1, 1)],
        [("甲", 0, 0, 1, 1), ("1", 0, 1, 1, 1)],
        "旁",
        [("下", 0, 0, 1, 1)],
    ]


def refused(path: Path, reason: str) -> None:
    """Demand that a file is refused with a reason in both languages."""
    with pytest.raises(UnreadableFile, match=reason) as caught:
        gs.read(path)
    assert caught.value.problem.zh


def test_table_of_one_cell_in_a_cell_is_that_cell(tmp_path: Path) -> None:
    """A figure that stands in a table of its own is the figure of the cell around that."""
    cell = "<td><table><tr><td><table><tr><td>{}</table></table>"
    (tmp_path / "page.html").write_text(
        f"<table><tr><td>规章{cell.format(318)}{cell.format(52)}<tr><td>罚款<td>64<td>7</table>",
        encoding="utf-8",
    )
    (grid,) = html.read(tmp_path / "page.html").blocks
    assert isinstance(grid, Grid)
    assert [[span.text for span in row] for row in grid.rows()] == [
        ["规章", "318", "52"],
        ["罚款", "64", "7"],
    ]
    assert {span.place.table for span in grid.spans} == {1}


def test_hostile_pages(tmp_path: Path) -> None:
    """
    Entities are not expanded, nothing is fetched, spans of a billion are cut, a million cells and
    deep nesting are refused.
    """
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    (tmp_path / "entities.html").write_text(
        f'<!DOCTYPE html [<!ENTITY a0 "ha">{entities}]><p>&a11;</p>', encoding="utf-8"
    )
    assert (
        sum(
            len(block.text)
            for block in html.read(tmp_path / "entities.html").blocks
            if isinstance(block, Paragraph)
        )
        < 2000
    )
    external = (
        '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>&x;</p><iframe '
        'src="http://192.0.2.1/">'
    )
    (tmp_path / "external.html").write_text(external, encoding="utf-8")
    refused(tmp_path / "external.html", "no annual report")
    billion = "<table><tr><td colspan=1000000000 rowspan=1000000000>甲</td></tr></table>"
    assert page(tmp_path / "billion.html", billion) == [[("甲", 0, 0, 1, 1000)]]
    for name, body in {
        "cells": f"<table><tr>{'<td>1</td>' * 1_000_000}</tr></table>",
        "spans": f"<table>{'<tr><td colspan=1000>' * 1000}</table>",
        "deep": "<table><tr><td>" * 5000,
        "attributes": f"<p {' '.join(f'a{number}=1' for number in range(100_000))}>",
    }.items():
        (tmp_path / f"{name}.html").write_text(f"<body>{body}", encoding="utf-8")
        refused(tmp_path / f"{name}.html", "more than 100,000 cells")


def test_page_of_300_megabytes_is_refused(tmp_path: Path) -> None:
    """A file that no report could be is refused before it is read whole."""
    path = tmp_path / "large.html"
    with path.open("wb") as file:
        file.write(b"<html>")
        file.truncate(300_000_000)
    refused(path, "is longer than")


def test_library_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error ends with the line that installs what is missing."""
    monkeypatch.setitem(__import__("sys").modules, "lxml.etree", None)
    (tmp_path / "page.html").write_text("<html>", encoding="utf-8")
    with pytest.raises(MissingLibrary, match=r"pip install lxml charset-normalizer$"):
        gs.read(tmp_path / "page.html")


# ---- Markdown and text --------------------------------------------------------------------------


def test_markdown(tmp_path: Path) -> None:
    """Headings, emphasis, escapes, rules above rows that are no head, pipes in cells."""
    path = tmp_path / "report.md"
    path.write_text(
        "# 题 #\n\n**一、总体** \\*情况\n\n| 甲 | 1\\|2 |\n|---|:-:|\n|---|---|\n| 乙<br>丙 | |\n",
        encoding="utf-8",
    )
    assert files.format_of(path) is markdown.FORMAT
    read = markdown.read(path)
    assert [shape(block) for block in read.blocks] == [
        *("题", "一、总体 *情况"),
        [("甲", 0, 0, 1, 1), ("1|2", 0, 1, 1, 1), ("乙\n丙", 1, 0, 1, 1), ("", 1, 1, 1, 1)],
    ]
    assert (read.title, [block.level for block in read.blocks if isinstance(block, Paragraph)]) == (
        "题",
        [1, 0],
    )


def beside(path: Path) -> list[Any]:
    """Read a text in Markdown; give the texts of its cells, each with what stands beside it."""
    grids = [block for block in markdown.read(path).blocks if isinstance(block, Grid)]
    return [
        (span.text, *((aside.kind, aside.text) for aside in span.asides))
        for grid in grids
        for span in grid.spans
    ]


@pytest.mark.parametrize(
    "table",
    [
        "<table><tr><td>甲</td><td>{}</td></tr></table>",
        "<html><body><table><tr><td>甲</td><td>{}</td></tr></table></body></html>",
        "<table>\n<tr>\n\n<td>甲</td>\n<td>{}</td>\n</tr>\n</table>",
        "```html\n<table><tr><td>甲</td><td>{}</td></tr></table>\n```",
        "| 甲 | {} |\n|:--|-:|",
        "甲 | {}\n--- | ---",
        "甲 | {} |\n-|-|",
    ],
)
@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("2935", ("2935",)),
        ("<s>8</s>2935", ("2935", ("struck", "8"))),
        ("2935<sup>1</sup>", ("2935", ("note_mark", "1"))),
        ("2935<br>件", ("2935\n件",)),
        ("29&nbsp;件", ("29\xa0件",)),
    ],
)
def test_tables_in_markdown(table: str, cell: str, shown: Any, tmp_path: Path) -> None:
    """A table in pipes or in HTML, on one line or on many, holds the same."""
    path = tmp_path / "report.md"
    path.write_text(f"前 &amp; 后\n\n{table.format(cell)}\n\n尾", encoding="utf-8")
    assert beside(path) == [("甲",), shown]
    blocks = markdown.read(path).blocks
    assert [shape(blocks[0]), shape(blocks[-1])] == ["前 & 后", "尾"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("~~8~~2935", ("2935", ("struck", "8"))),
        ("2935[^1]", ("2935", ("note_mark", "[1]"))),
        ("2935[[1]](#note)", ("2935", ("note_mark", "[1]"))),
        ("$2935$", ("2935",)),
        ("$29^{3}$", ("", ("equation", "29^{3}"))),
        ("![2935](a.png)", ("", ("picture", "2935"))),
        ("[2935](/list)", ("2935",)),
        ("**2935**", ("2935",)),
        ("2\\<9", ("2<9",)),
    ],
)
def test_signs_of_markdown(cell: str, shown: Any, tmp_path: Path) -> None:
    """What the signs of Markdown strike out, or make a note, a formula, a picture, a link."""
    path = tmp_path / "report.md"
    path.write_text(f"| 甲 | {cell} |\n|---|---|\n", encoding="utf-8")
    assert beside(path) == [("甲",), shown]


@pytest.mark.parametrize(
    ("suffix", "lines", "column"),
    [
        (".txt", "｜规章｜\n｜27｜\n｜｜\n", ["规章", "27", ""]),
        *(
            (suffix, *each)
            for suffix in (".txt", ".md")
            for each in (
                ("规章 |\n27 |\n|\n3 |", ["规章", "27", "", "3"]),
                ("规章 | |||\n\n27 |\n3 | ||", ["规章", "27", "3"]),
                ("| 规章\n| 27\n|\n| 3", ["规章", "27", "", "3"]),
            )
        ),
    ],
)
def test_cells_one_a_line(lines: str, column: list[str], suffix: str, tmp_path: Path) -> None:
    """Cells with a bar before or behind each are one column, empty ones among them."""
    path = tmp_path / f"report{suffix}"
    path.write_text(f"前\n{lines}\n后", encoding="utf-8")
    before, grid, after = (text if suffix == ".txt" else markdown).read(path).blocks
    assert shape(grid) == [(each, row, 0, 1, 1) for row, each in enumerate(column)]
    assert [shape(before), shape(after)] == ["前", "后"]


def test_bar_behind_one_row_frames_nothing(tmp_path: Path) -> None:
    """Where one of many rows ends in a bar, an empty cell stands behind it."""
    path = tmp_path / "report.txt"
    path.write_text("甲 | 1 | 2\n" * 5 + "乙 | 1 | 2 |\n", encoding="utf-8")
    (grid,) = text.read(path).blocks
    assert isinstance(grid, Grid)
    assert [span.text for span in [*grid.rows()][-1]] == ["乙", "1", "2", ""]


def test_rows_of_text(tmp_path: Path) -> None:
    """
    Lines with several cells are rows, rules and frames are none; one bar away from rows is no
    table.
    """
    path = tmp_path / "report.txt"
    path.write_text(
        "规章 | 27 | 3\n|---|---|---|\n合计 | 30 |\n+---+\n| - | - | 8 |\n"
        "备注\n电话 |传真\n备注\n一\t\t5",
        encoding="utf-8",
    )
    assert [shape(block) for block in text.read(path).blocks] == [
        [
            *(("规章", 0, 0, 1, 1), ("27", 0, 1, 1, 1), ("3", 0, 2, 1, 1)),
            *(("合计", 1, 0, 1, 1), ("30", 1, 1, 1, 1)),
            *(("-", 2, 0, 1, 1), ("-", 2, 1, 1, 1), ("8", 2, 2, 1, 1)),
        ],
        *("备注", "电话 |传真", "备注"),
        [("一", 0, 0, 1, 1), ("", 0, 1, 1, 1), ("5", 0, 2, 1, 1)],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_locators_of_a_text_are_its_bytes(suffix: str, encoding: str, tmp_path: Path) -> None:
    """The bytes that a locator names are those of the cell or the line, in the file's encoding."""
    path = tmp_path / f"report{suffix}"
    content = (
        "总体情况：本机关认真做好政府信息公开工作。\r\n规章 | 2935 |  37\r\n许可 | 41 | 5\r\n完"
    )
    data = content.encode(encoding)
    path.write_bytes(data)
    plain = encoding.removesuffix("-sig").replace("utf-16", "utf-16-le")
    found = []
    for block in (text if suffix == ".txt" else markdown).read(path).blocks:
        for each in block.spans if isinstance(block, Grid) else [block]:
            begin, end = map(int, each.place.locator.removeprefix("bytes=").split("-"))
            assert data[begin:end].decode(plain) == each.text
            found.append(each.text)
    assert found[1:] == ["规章", "2935", "37", "许可", "41", "5", "完"]


@pytest.mark.parametrize(
    "beginning",
    [
        *("[字体：大 中 小]", "[首页](/) > 正文", "[1] 某注", "{{模板}}", "[]", "[2024]1号"),
        *('{"a": 1}', '["a"]', "[" * 100_000),
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_text_that_begins_with_a_bracket(beginning: str, suffix: str, tmp_path: Path) -> None:
    """It is no JSON, and read as what its suffix says."""
    path = tmp_path / f"report{suffix}"
    path.write_text(f"{beginning}\n总体情况", encoding="utf-8")
    assert files.format_of(path) is (text if suffix == ".txt" else markdown).FORMAT


@pytest.mark.parametrize("beginning", ['{"edition"', '[ {"edition"', "{}", "[", "[[1,", " [null]"])
def test_json_is_told_by_its_beginning(beginning: str, tmp_path: Path) -> None:
    """Whatever its suffix, an object or an array is JSON."""
    path = tmp_path / "report.txt"
    path.write_text(beginning, encoding="utf-8")
    assert files.format_of(path) is json_format.FORMAT


@pytest.mark.parametrize("suffix", [".txt", ".md"])
@pytest.mark.parametrize(
    "line",
    [
        " " * 100_000,
        "\t" * 100_000,
        "# 注" + " " * 100_000 + "。",
        "1" + " " * 100_000 + "2",
        "1 " * 50_000 + "\u3000" + "2",
        "甲1" * 50_000,
        "\n" * 1_000_000,
    ],
    ids=["blanks", "tabs", "heading", "figures", "two rows", "labels", "lines"],
)
def test_line_of_any_length_is_read(line: str, suffix: str, tmp_path: Path) -> None:
    """A line of 100,000 signs in a table, blanks or figures, is read, and at once."""
    path = tmp_path / f"report{suffix}"
    begin = "某市人民政府2024年政府信息公开工作年度报告\n二、主动公开政府信息情况\n信息内容\n"
    path.write_text(f"{begin}规章{line}\n六、其他需要报告的事项\n无。", encoding="utf-8")
    assert gs.read(path).report.year == 2024


def test_text_of_a_million_cells_is_refused(tmp_path: Path) -> None:
    """A pipe table of a million cells is refused."""
    (tmp_path / "cells.md").write_text("|1" * 1_000_000, encoding="utf-8")
    refused(tmp_path / "cells.md", "more than 100,000 cells")
    for name in ("lines.txt", "lines.md"):
        (tmp_path / name).write_bytes(b"1 2 3 4 5\n" * 1_000_000)
        refused(tmp_path / name, "more than 100,000 lines")
    (tmp_path / "bars.md").write_bytes(b"|" * 10_000_000)
    refused(tmp_path / "bars.md", "more than 100,000 cells")


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02\xff\xfe" * 100, b"hello", "政府信息公开".encode()]
)
def test_text_that_is_no_report(content: bytes, tmp_path: Path) -> None:
    """Bytes of nothing and another text are refused."""
    (tmp_path / "other.txt").write_bytes(content)
    with pytest.raises(UnreadableFile):
        gs.read(tmp_path / "other.txt")
    assert files.format_of(tmp_path / "other.txt") is text.FORMAT


def test_format_is_told_by_content(tmp_path: Path) -> None:
    """A report with a wrong suffix is read as what it is."""
    report = REPORTS["2024-hongze-quzhengfu"]
    for suffix, wrong in (
        (".html", ".doc"),
        (".docx", ".pdf"),
        (".json", ".txt"),
        (".md", ".html"),
        (".docx", ".xls"),
    ):
        gs.write(report, tmp_path / f"right{suffix}")
        (tmp_path / f"right{suffix}").rename(tmp_path / f"wrong{wrong}")
        all_right(tmp_path / f"wrong{wrong}", report)


# ---- PDF ----------------------------------------------------------------------------------------


def test_pdf_without_text(tmp_path: Path) -> None:
    """A PDF that holds no text is called a scan."""
    refused(made_pdf(tmp_path / "scan.pdf", b"0 0 10 10 re f"), "perhaps a scan")


def test_hostile_pdf(tmp_path: Path) -> None:
    """
    Streams that fill the memory, forms that draw each other for hours, too many pages and lines are
    refused at once.
    """
    refused(made_pdf(tmp_path / "bomb.pdf", b" " * 200_000_000), "too large when unpacked")
    twice = stream(zlib.compress(b" " * 1000)).replace(
        b"/FlateDecode", b"[/FlateDecode /FlateDecode]"
    )
    refused(made_pdf(tmp_path / "twice.pdf", others=(twice,)), "too large when unpacked")
    forms = tuple(form(b"/F Do " * 100, f"/XObject<</F {number + 6} 0 R>>") for number in range(8))
    refused(
        made_pdf(tmp_path / "forms.pdf", b"/F Do", resources="/XObject<</F 5 0 R>>", others=forms),
        "too large when unpacked",
    )
    circle = made_pdf(
        tmp_path / "circle.pdf",
        b"/F Do",
        resources="/XObject<</F 5 0 R>>",
        others=(form(b"/F Do", "/XObject<</F 5 0 R>>"),),
    )
    refused(circle, "PDF")
    refused(made_pdf(tmp_path / "pages.pdf", count=201), "more than 200 pages")
    lines = b"".join(b"%d 0 m %d 800 l S " % (at % 595, at % 595) for at in range(5000))
    refused(made_pdf(tmp_path / "lines.pdf", lines), "more than 100,000 cells")


@needs_office
@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_pdf_cut_short(kept: float, pages: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A download that broke off is refused, or nothing that is left of it is wrong."""
    folder = tmp_path_factory.getbasetemp() / "cut"
    whole = folder / "pdf" / "2024-hongze-quzhengfu.pdf"
    if not whole.exists():
        convert([pages / "2024-hongze-quzhengfu.docx"], "pdf", folder)
    data = whole.read_bytes()
    path = folder / f"{kept}.pdf"
    path.write_bytes(data[: int(len(data) * kept)])
    try:
        fates = fates_of(path, REPORTS["2024-hongze-quzhengfu"])
    except UnreadableFile as error:
        assert error.problem.en  # noqa: PT017
    else:
        assert (fates["wrong"], fates["silent"]) == ([], [])


@needs_office
def test_places_in_a_pdf(pages: Path, tmp_path: Path) -> None:
    """Every cell of a PDF has its page and box."""
    (path,) = convert([pages / "2024-hongze-quzhengfu.docx"], "pdf", tmp_path).values()
    grids = [block for block in pdf.read(path).blocks if isinstance(block, Grid)]
    for span in (span for block in grids for span in block.spans):
        assert span.place.page
        assert span.place.box
        assert span.place.box[0] < span.place.box[2]
    place = gs.read(path).sources["applications.received.total"].place
    assert (place.row, place.column) == (4, 10)


# ---- JSON ---------------------------------------------------------------------------------------


def test_json_is_read_as_it_is(tmp_path: Path) -> None:
    """
    A report in JSON has no doubts and no sources; a broken one names its faults, and what only
    looks like JSON too.
    """
    path = tmp_path / "report.json"
    gs.write(REPORTS["blank"], path)
    reading = gs.read(path)
    assert (reading.report, dict(reading.sources), reading.findings) == (REPORTS["blank"], {}, ())
    path.write_text(json.dumps({"edition": "2021"}), encoding="utf-8")
    with pytest.raises(gs.InvalidReport):
        gs.read(path)
    path.write_text("一", encoding="utf-8")
    with pytest.raises(gs.InvalidReport):
        gs.read(path)
