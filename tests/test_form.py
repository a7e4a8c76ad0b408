"""The form to be filled in as a Word document: empty, filled in by hand, and read back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import docx
import pytest
from reports import SHAPES, example

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.layout import layout
from govinfo_schema.form.forms import form
from govinfo_schema.form.parts import EditionName
from govinfo_schema.report.access import figures

WHO: dict[str, Any] = {"year": 2024, "body": "某市人民政府"}


def typed(path: Path, report: gs.Report, *, torn: bool) -> None:
    """
    Type the figures of a report into the tables of a form, and its texts over the hints; *torn*:
    sign by sign, as Word keeps what was typed in several goes.
    """
    document = docx.Document(str(path))
    grids = [block for block in layout(report).blocks if isinstance(block, Grid)]
    for table, grid in zip(document.tables, grids, strict=True):
        for span in grid.spans:
            if span.name:
                paragraph = table.cell(span.row, span.column).paragraphs[0]
                assert paragraph.text == ""
                for piece in span.text if torn else [span.text]:
                    paragraph.add_run(piece)
    for paragraph in document.paragraphs:
        replaced = (
            paragraph.text.replace("【单位名称】", report.body.name)
            .replace("【年份】", str(report.year))
            .replace("（文字描述）", "按要求公开。")
            .replace("（文字描述，收取信息处理费情况在此处报告。）", "未收取信息处理费。")
        )
        if replaced != paragraph.text:
            paragraph.text = "" if torn else replaced
            for sign in replaced if torn else "":
                paragraph.add_run(sign)
    document.save(str(path))


@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
@pytest.mark.parametrize(
    "given", [{}, {"year": 2024}, {"body": "某市人民政府"}, WHO], ids=["", "year", "body", "both"]
)
def test_empty_form_is_blank(
    edition: EditionName, undivided: bool, given: dict[str, Any], tmp_path: Path
) -> None:
    """
    In an empty form every figure and text is blank, no hint is taken for one, and no sum is
    checked; who reports on what year is asked for where the form was made without it.
    """
    path = tmp_path / "form.docx"
    gs.write_form(path, edition, undivided=undivided, **given)
    if given != WHO:
        with pytest.raises(gs.UnreadableFile) as error:
            gs.read(path)
        found = error.value.candidates
        assert {field for field in found if found[field]} == given.keys()
    reading = gs.read(path, **WHO)
    report = reading.report
    empty = gs.blank(edition, undivided=undivided, **WHO)
    assert report == gs.replace(empty, {"title": report.title})
    assert (report.title is None) == (not given)
    assert {finding.code for finding in reading.findings} == {"R-UNREAD"}
    assert reading.sure
    assessment = gs.check(report)
    equations = len(form(edition, undivided=undivided).equations)
    assert (assessment.held, assessment.broken) == (0, ())
    assert len(assessment.unknown) == equations
    document = docx.Document(str(path))
    shown = [paragraph.text for paragraph in document.paragraphs]
    assert [text for text in shown if re.match("[一二三四五六]、", text)] == [
        section.zh for section in form(edition).sections
    ]
    for table, (height, width) in zip(document.tables, sizes(report), strict=True):
        assert (len(table.rows), len(table.columns)) == (height, width)


def sizes(report: gs.Report) -> list[tuple[int, int]]:
    """Give height and width of each table of a form."""
    grids = [block for block in layout(report).blocks if isinstance(block, Grid)]
    return [(grid.height, grid.width) for grid in grids]


@pytest.mark.parametrize("torn", [False, True])
@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
@pytest.mark.parametrize("body", ["某市人民政府", "安达市吉星岗镇人民政府", "某县财政局"])
def test_form_filled_in_by_hand(
    edition: EditionName, undivided: bool, body: str, torn: bool, tmp_path: Path
) -> None:
    """Figures typed into the cells and texts typed over the hints read back, each of them."""
    report = gs.replace(
        gs.generate(5, edition, undivided=undivided), {"body.name": body, "year": 2024}
    )
    path = tmp_path / "form.docx"
    gs.write_form(path, edition, undivided=undivided)
    typed(path, report, torn=torn)
    reading = gs.read(path)
    back = reading.report
    assert figures(back) == figures(report)
    assert (back.year, back.body.name) == (2024, body)
    assert back.title == f"{body}2024年政府信息公开工作年度报告"
    assert (back.overview, back.problems) == ("按要求公开。", "按要求公开。")
    assert back.other_matters.text == "未收取信息处理费。"
    assert back.other_matters.processing_fee.status == "none"
    assert (reading.findings, back.notes) == ((), ())


@pytest.mark.parametrize(
    ("line", "title", "year", "body"),
    [
        ("某市人民政府【年份】年政府信息公开工作年度报告", "某市人民政府", None, "某市人民政府"),
        ("【单位名称】2024年政府信息公开工作年度报告", "2024年", 2024, None),
    ],
)
def test_title_half_filled_in(
    line: str, title: str, year: int | None, body: str | None, tmp_path: Path
) -> None:
    """What is left of the hints in a title is no part of it, and is asked for."""
    path = tmp_path / "form.docx"
    gs.write_form(path)
    document = docx.Document(str(path))
    document.paragraphs[0].text = line
    document.save(str(path))
    with pytest.raises(gs.UnreadableFile):
        gs.read(path)
    report = gs.read(
        path, year=None if year else 2024, body=None if body else "某市人民政府"
    ).report
    assert (report.year, report.body.name) == (2024, "某市人民政府")
    assert report.title == f"{title}政府信息公开工作年度报告"


def test_name_inside_the_brackets(tmp_path: Path) -> None:
    """A name and a year typed inside the brackets of a hint are read without these."""
    path = tmp_path / "form.docx"
    gs.write_form(path)
    document = docx.Document(str(path))
    assert document.paragraphs[0].text == "【单位名称】\n【年份】年政府信息公开工作年度报告"
    document.paragraphs[0].text = "【某县民政局】\n【2025】年政府信息公开工作年度报告"
    document.save(str(path))
    report = gs.read(path).report
    assert (report.year, report.body.name) == (2025, "某县民政局")
    assert report.title == "某县民政局2025年政府信息公开工作年度报告"


@pytest.mark.parametrize(
    ("name", "year", "said"),
    [
        ("form.docx", None, ("“【单位名称】”还没有换成单位名称", "“【年份】年”还没有换成年份")),
        ("form.docx", 2024, ("“【单位名称】”还没有换成单位名称",)),
        ("form.xlsx", None, ("“单位名称”一格是空白：工作表", "“报告年度”一格是空白：工作表")),
    ],
)
def test_empty_form_says_where_the_name_goes(
    name: str, year: int | None, said: tuple[str, ...], tmp_path: Path
) -> None:
    """An empty form is refused with the places where the name of the body and the year go."""
    gs.write_form(tmp_path / name, year=year)
    with pytest.raises(gs.UnreadableFile) as error:
        gs.read(tmp_path / name)
    sentence = error.value.problem.zh
    assert all(each in sentence for each in said)
    assert sentence.count("（") == len(said)


def test_form_takes_over_what_is_given(tmp_path: Path) -> None:
    """
    A form has the figures of the report that it is made from, and 上年结转 of last year's; what
    they leave blank is to be filled in.
    """
    report = example("2024-suqian-shizhengfu")
    gs.write_form(tmp_path / "filled.docx", report=report)
    back = gs.read(tmp_path / "filled.docx").report
    assert (figures(back), back.body.name) == (figures(report), report.body.name)
    gs.write_form(tmp_path / "next.docx", previous=report)
    following = gs.read(tmp_path / "next.docx").report
    assert (following.year, following.body.name) == (report.year + 1, report.body.name)
    given = {cell: value for cell, value in gs.walk(following) if value is not None}
    assert given == {
        cell.replace("carried_forward", "brought_forward"): value
        for cell, value in gs.walk(report)
        if "carried_forward" in cell
    }


def test_form_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes both kinds, and leaves a form that may be filled in as it is."""
    path = tmp_path / "form.docx"
    assert main(["form", "2021", str(path), "--year", "2024", "--body", "某市人民政府"]) == 0
    capsys.readouterr()
    assert main(["check", str(path)]) == 0
    assert "42 条勾稽关系未能核对" in capsys.readouterr().out
    typed(path, gs.blank("2021", **WHO), torn=False)
    before = path.read_bytes()
    assert main(["form", "2021", str(path)]) == 2
    assert "--force" in capsys.readouterr().err
    with pytest.raises(gs.UnreadableFile):
        gs.write_form(path, "2021")
    assert path.read_bytes() == before
    assert main(["form", "2019", str(path), "--force"]) == 0
    assert gs.read(path, **WHO).report.edition == "2019"
    assert main(["form", "2021", str(tmp_path / "form.pdf")]) == 2
    assert ".xlsx .docx" in capsys.readouterr().err


def test_official_template_has_no_texts(tmp_path: Path) -> None:
    """The hints of the official template are no texts, with brackets of either width."""
    report = gs.blank("2021", **WHO)
    texts = {"overview": "(文字描述)", "problems": "（文字描述）2024年，问题是人手少。"}
    gs.write(gs.replace(report, texts), tmp_path / "report.docx")
    back = gs.read(tmp_path / "report.docx").report
    assert (back.overview, back.problems) == (None, "2024年，问题是人手少。")
