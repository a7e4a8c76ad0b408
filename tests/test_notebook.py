"""What a notebook shows: the form as printed, its marks, and nothing that could do harm."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from notebooks import parsed
from reports import SHAPES, empty, example, filled
from strategies import reports

import govinfo_schema as gs
from govinfo_schema.documents import notebook

BROKEN = gs.damage(gs.generate(1), "single", 1)
KINDS = ("report", "assessment", "reading", "explanations")


def shown(kind: str, report: gs.Report) -> str:
    """Give the page of a report, or of what is said of it."""
    reading = gs.Reading(report=report, sources={}, findings=())
    values: dict[str, Any] = {"report": lambda: report, "reading": lambda: reading}
    values |= {"assessment": lambda: gs.check(report), "explanations": lambda: gs.locate(report)}
    page: str = values[kind]()._repr_html_()
    return page


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_page_shows_the_form(kind: str, shape: tuple[gs.EditionName, bool]) -> None:
    """Every figure stands in its cell of the printed form, beside the labels of the form."""
    name, undivided = shape
    report = gs.generate(3, name, undivided=undivided)
    page = parsed(shown(kind, report))
    values = {cell: "" if value is None else str(value) for cell, value in gs.walk(report)}
    assert {cell: text.rstrip("万元") for cell, text in page.figures.items()} == values
    assert page.marked | page.faint == set()
    for row in gs.edition(name).rows.values():
        assert undivided or row.zh in page.text
    assert report.body.name in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_page_marks_what_is_broken(kind: str) -> None:
    """
    The figure that is wrong is marked strongly, with what it should be, the others of its broken
    sums faintly; what is wrong is told.
    """
    page = parsed(shown(kind, BROKEN.report))
    wrong = {cell for each in gs.check(BROKEN.report).findings for cell in each.cells}
    assert page.marked == wrong == set(BROKEN.wrong)
    sums = gs.check(BROKEN.report).broken
    assert page.faint == {cell for each in sums for cell in (*each.left, *each.right)} - wrong
    (cell,) = wrong
    assert page.figures[cell] == f"{BROKEN.wrong[cell]} → {BROKEN.right[cell]}"
    assert "条勾稽关系不成立" in page.text
    if kind == "explanations":
        assert gs.locate(BROKEN.report)[0].message("2021") in page.text


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15)
@given(report=reports())
def test_page_is_a_fragment_that_does_nothing(kind: str, report: gs.Report) -> None:
    """
    A page is one element without a script or a reference, whatever stands in the report; its style
    names no element outside it.
    """
    name = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;"
    body = gs.Body(name=name)
    note = gs.Note(kind="text", text=name)
    report = attrs.evolve(report, body=body, title=name, overview=name, notes=(note,))
    html = shown(kind, report)
    assert html.startswith("<div ")
    page = parsed(html)
    assert page.tags <= {"div", "style", "p", "b", "table", "tr", "td", "th", "mark"}
    assert page.attributes <= {
        *("class", "lang", "title", "rowspan", "colspan", "scope", "aria-label"),
    }
    assert name in page.text
    selectors = re.findall(r"^(.+?) \{", page.style, re.MULTILINE)
    assert selectors
    assert all(
        part.strip().startswith(".govinfo-schema")
        for selector in selectors
        for part in selector.split(",")
    )
    assert "url(" not in page.style


@pytest.mark.parametrize("kind", KINDS)
def test_page_is_bounded(kind: str) -> None:
    """However long its texts and however many its notes are, a page stays short."""
    notes = tuple(gs.Note(kind="text", text="注" * 999) for _ in range(3000))
    texts = {"overview": "长\n" * 400_000, "body.name": "某" * 100_000, "problems": "长" * 100_000}
    report = attrs.evolve(gs.replace(BROKEN.report, texts), notes=notes)
    html = shown(kind, report)
    assert len(html) < 120_000
    assert len(parsed(html).figures) == 200
    assert "未列出" in html


def test_pages_of_the_others(tmp_path: Path) -> None:
    """A file of many reports has a row for each, a comparison one for each difference."""
    several = [gs.generate(seed) for seed in range(30)]
    several[2] = BROKEN.report
    gs.write_many(several, tmp_path / "reports.jsonl")
    listed = gs.read_many(tmp_path / "reports.jsonl")._repr_html_()
    assert listed.count("<tr>") == notebook.LISTED
    assert "有错误" in listed
    assert "另有 10 处未列出" in listed
    after = gs.replace(filled(), {"disputes.reconsideration.upheld": 3, "title": "<b>新"})
    page = gs.compare(filled(), after)._repr_html_()
    assert page is not None
    assert [re.findall("<td>(.*?)</td>", line) for line in re.findall("<tr>.*</tr>", page)] == [
        ["行政复议 · 结果维持", "0", "3"],
        ["标题", "空白", "“&lt;b&gt;新”"],
    ]
    assert "两份报告相同" in str(gs.compare(after, after)._repr_html_())
    every = gs.compare(gs.blank("2019", year=2019, body="甲"), gs.generate(1))._repr_html_()
    assert len(str(every)) < 60_000


def test_doubts_stand_above_a_reading() -> None:
    """The page of a reading names the doubts, and no mere information."""
    finding = gs.Finding(code="R-EDITION", level="warning", operands={"edition": "<i>"})
    remark = gs.Finding(code="R-SECTION", level="info", operands={"section": "一", "at": "x"})
    reading = gs.Reading(report=empty(), sources={}, findings=(finding, remark))
    html = str(reading._repr_html_())
    assert "R-EDITION" in html
    assert "&lt;i&gt;" in html
    assert "R-SECTION" not in html


def test_what_knows_no_report_shows_what_it_has() -> None:
    """
    An assessment made by hand shows its findings; explanations without a report have no page, and
    a notebook shows their repr.
    """
    assessment = attrs.evolve(gs.check(example("2024-pingtan-haitanpianqu")), report=None)
    assert assessment.findings[0].message("zh")[:20] in str(assessment._repr_html_())
    assert gs.Explanations(())._repr_html_() is None


def test_import_loads_no_page() -> None:
    """A report of which no page is asked for loads no more than before."""
    import subprocess
    import sys

    program = "import sys, govinfo_schema as gs; repr(gs.generate(1)); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "govinfo_schema.documents" not in done.stdout.split()


@pytest.mark.thorough
def test_notebook_shows_the_pages(tmp_path: Path) -> None:
    """
    A notebook that is run shows each of the four as the form: 200 figures, the labels, the broken
    figure marked.
    """
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    book = nbformat.v4.new_notebook()
    file = tmp_path / "report.json"
    file.write_bytes(gs.dumps(BROKEN.report))
    sources = [
        f"import govinfo_schema as gs\nreading = gs.read({str(file)!r})\nreading",
        "reading.report",
        "gs.check(reading.report)",
        "gs.locate(reading.report)",
    ]
    book.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    resources = {"metadata": {"path": str(Path(__file__).parents[1])}}
    nbclient.NotebookClient(book, timeout=120, resources=resources).execute()
    for cell in book.cells:
        (output,) = cell.outputs
        page = parsed(output.data["text/html"])
        assert len(page.figures) == 200
        assert page.marked == set(BROKEN.wrong)
        assert "行政复议" in page.text
        assert output.data["text/plain"]
