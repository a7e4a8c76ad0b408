"""
Documents as they are printed: the page, the fonts and the page numbers of official documents, the
tables of the official form, and a body whose name survives.
"""

from __future__ import annotations

import re
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Final

import pytest
from programs import PDFTOTEXT, needs_chromium, needs_office, needs_poppler
from reports import SHAPES, example

import govinfo_schema as gs
from govinfo_schema.documents.document import Grid, Span
from govinfo_schema.documents.formats import docx
from govinfo_schema.documents.formats.printed_tables import shares
from govinfo_schema.documents.layout import layout
from govinfo_schema.form.parts import EditionName
from govinfo_schema.repair.problems import problems
from govinfo_schema.report.access import figures

DOCUMENTS: Final = ("docx", "html", "md")
BODIES: Final = (
    "某市人民政府",
    "某市人民政府办公厅",
    "安达市吉星岗镇人民政府",
    "国家税务总局某省税务局",
    "平潭综合实验区海坛片区管理局",
    "某区人民政府（某街道）",
    "某县财政局",
    "某大学",
)
TITLES: Final = (
    None,
    "{body}2024年政府信息公开工作年度报告",
    "2024年{body}政府信息公开工作年度报告",
    "{body}2024年度政府信息公开工作报告",
    "{short}2024年政府信息公开工作年度报告",
    "2024年{short}政府信息公开工作年度报告",
    "{short}信息公开年度报告（2024年）",
    "2024年政府信息公开工作年度报告",
    "政府信息公开工作年度报告",
)
"""How a title may call the body: by its name, by a short one, not at all."""
LONG: Final = "我单位深入贯彻落实《中华人民共和国政府信息公开条例》，主动公开政府信息。" * 20


def word(report: gs.Report, path: Path) -> dict[str, str]:
    """Write a Word document, and give the parts of its zip."""
    docx.write(layout(report), path)
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


# ---- who reports --------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", DOCUMENTS)
@pytest.mark.parametrize("day", [None, date(2025, 1, 20)])
@pytest.mark.parametrize("body", BODIES)
def test_name_of_the_body_survives(
    body: str, day: date | None, suffix: str, tmp_path: Path
) -> None:
    """Whatever the title calls the body, its name, the year, title and date read back."""
    for title in TITLES:
        own = title and title.format(body=body, short=body.removesuffix("人民政府"))
        texts = {"title": own, "published_on": day, "body.name": body, "year": 2024}
        report = gs.replace(example("2024-suqian-shizhengfu"), texts)
        gs.write(report, tmp_path / f"报告.{suffix}")
        reading = gs.read(tmp_path / f"报告.{suffix}")
        back = reading.report
        assert (back.body.name, back.year, back.published_on) == (body, 2024, day), own
        assert back.title == (own or f"{body}2024年政府信息公开工作年度报告")
        assert (figures(back), back.overview) == (figures(report), report.overview)
        assert back.notes == report.notes
        assert reading.sure


def test_long_title_is_broken_behind_the_body(tmp_path: Path) -> None:
    """A title of two lines has the name of the body on one of its own, as offices print it."""
    report = gs.blank("2021", year=2024, body="平潭综合实验区海坛片区管理局")
    text = word(report, tmp_path / "report.docx")["word/document.xml"]
    assert re.findall("<w:t[^>]*>([^<]+)</w:t><w:br/><w:t[^>]*>([^<]+)</w:t>", text) == [
        ("平潭综合实验区海坛片区管理局", "2024年政府信息公开工作年度报告")
    ]
    assert gs.read(tmp_path / "report.docx").report.title == (
        "平潭综合实验区海坛片区管理局2024年政府信息公开工作年度报告"
    )


# ---- how it looks -------------------------------------------------------------------------------


@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
def test_word_document_looks_like_the_form(
    edition: EditionName, undivided: bool, tmp_path: Path
) -> None:
    """
    A4 with page numbers at the outer edge; nothing is bold; labels of rows stand on the left; no
    row is split, and the rows of a table are kept together.
    """
    report = gs.generate(3, edition, undivided=undivided)
    parts = word(report, tmp_path / "report.docx")
    text = parts["word/document.xml"]
    assert '<w:pgSz w:w="11906" w:h="16838"/>' in text
    assert "<w:evenAndOddHeaders/>" in parts["word/settings.xml"]
    for page, side in (("default", "right"), ("even", "left")):
        (number,) = re.findall(f'<w:footerReference w:type="{page}" r:id="(.+?)"/>', text)
        related = parts["word/_rels/document.xml.rels"]
        (target,) = re.findall(f'Id="{number}" Type=".+?/footer" Target="(.+?)"', related)
        assert 'w:instr="PAGE"' in parts[f"word/{target}"]
        assert f'<w:jc w:val="{side}"/>' in parts[f"word/{target}"]
    assert "<w:b/>" not in text + parts["word/styles.xml"]
    for paragraph in re.findall("<w:p>.*?</w:p>", text):
        label = "".join(re.findall("<w:t .*?>(.*?)</w:t>", paragraph))
        if re.match("第二十条|（[一二三四五六七]）|[1-8]\\.", label) and "TableText" in paragraph:
            assert '<w:jc w:val="left"/>' in paragraph
    rows = re.findall("<w:tr>.*?</w:tr>", text)
    assert all("<w:cantSplit/>" in row for row in rows)
    loose = [row for row in rows if '<w:keepNext w:val="0"/>' in row]
    assert len(loose) == text.count("<w:tbl>") == 3


def test_marked_figures_are_bold(tmp_path: Path) -> None:
    """Only a figure that is likely wrong is bold, and on a ground of its own."""
    report = gs.replace(gs.generate(3), {"applications.received.total": 1})
    document = layout(report, problems(report))
    docx.write(document, tmp_path / "report.docx")
    root = docx.read(tmp_path / "report.docx")
    with zipfile.ZipFile(tmp_path / "report.docx") as file:
        text = file.read("word/document.xml").decode()
    marked = sum(
        span.mark == "suspect"
        for block in document.blocks
        if isinstance(block, Grid)
        for span in block.spans
    )
    assert 0 < marked == text.count("<w:b/>") == text.count('w:fill="FFC7CE"')
    assert root.title == document.title


@pytest.mark.parametrize("figure", ["0", "1234", "1234567", "9" * 15])
def test_columns_are_as_wide_as_their_figures(figure: str) -> None:
    """A figure is not broken where there is room for it; columns of figures are alike."""
    head = [Span(text="法律服务机构", row=0, column=at, header=True) for at in range(1, 8)]
    label = Span(text="1.申请人无正当理由逾期不补正", row=1, column=0, header=True)
    short = [Span(text="0", row=1, column=at) for at in range(2, 8)]
    own = shares(Grid(spans=(*head, label, Span(text=figure, row=1, column=1), *short)), 44)
    assert sum(own) == pytest.approx(1)
    assert own[1] * 44 >= len(figure) * 0.5
    assert len(figure) > 3 or len(set(own[1:])) == 1
    assert len({round(share, 6) for share in own[2:]}) == 1


# ---- on paper -----------------------------------------------------------------------------------


def pages(path: Path) -> list[str]:
    """Give the text of each page of a PDF, without white space."""
    done = subprocess.run([str(PDFTOTEXT), "-layout", path, "-"], capture_output=True, check=True)
    return ["".join(page.split()) for page in done.stdout.decode().split("\f")[:-1]]


def is_printed_well(printed: list[str], report: gs.Report) -> None:
    """Check the pages of a report: their numbers, and table 3 with its last row on one of them."""
    for number, page in enumerate(printed, 1):
        assert page.endswith(f"—{number}—")
    (applications,) = [page for page in printed if "申请人情况" in page]
    assert "三、收到和处理政府信息公开申请情况" in applications
    assert "四、结转下年度继续办理" in applications
    assert report.body.name in printed[0]


def prints_and_reads_back(edition: EditionName, undivided: bool, overview: str, path: Path) -> None:
    """Demand that a report is printed well, and read out of the PDF with the name of its body."""
    own = {"overview": overview or None, "body.name": "某市人民政府"}
    report = gs.replace(gs.generate(4, edition, undivided=undivided), own)
    gs.write(report, path)
    is_printed_well(pages(path), report)
    back = gs.read(path).report
    assert (back.body.name, figures(back)) == ("某市人民政府", figures(report))


@needs_office
@needs_poppler
@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
@pytest.mark.parametrize("overview", ["", LONG])
def test_pages_of_libreoffice(
    edition: EditionName, undivided: bool, overview: str, tmp_path: Path
) -> None:
    """
    Pages have numbers, table 3 stands on one page with 四、结转 as its last row, and the report
    reads back, its body by its whole name.
    """
    prints_and_reads_back(edition, undivided, overview, tmp_path / "report.pdf")


@needs_chromium
@needs_poppler
@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
@pytest.mark.parametrize("overview", ["", LONG])
def test_pages_of_a_browser(
    edition: EditionName,
    undivided: bool,
    overview: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page prints as the Word document does."""
    monkeypatch.setattr("govinfo_schema.documents.formats.office.find", lambda: None)
    prints_and_reads_back(edition, undivided, overview, tmp_path / "report.pdf")


@needs_office
@needs_poppler
def test_table_that_is_too_long_for_a_page(tmp_path: Path) -> None:
    """A table that goes on on the next page has its head there too."""
    report = gs.blank("2021", year=2024, body="某市人民政府")
    cells = [cell for cell, _ in gs.walk(report) if cell.startswith("applications.")]
    report = gs.replace(report, dict.fromkeys(cells, 10**6))
    gs.write(report, tmp_path / "report.pdf")
    printed = [page for page in pages(tmp_path / "report.pdf") if "申请人情况" in page]
    assert len(printed) > 1
    assert ["四、结转" in page for page in printed] == [False] * (len(printed) - 1) + [True]
    assert figures(gs.read(tmp_path / "report.pdf").report) == figures(report)
