"""
The recogniser: real reports whose borders are lost, documents of known content in every deviation,
and what is refused.
"""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import corpus
import deviations
import msgspec
import pytest
from hypothesis import given, settings
from readings import compare, text_document
from reports import EXAMPLES
from strategies import reports

import govinfo_schema as gs
from govinfo_schema.documents.document import Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.grids import plain_grid
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise import Reading, recognise
from govinfo_schema.documents.recognise.borders import settle, splits
from govinfo_schema.documents.recognise.figures import figure, is_figure
from govinfo_schema.documents.recognise.headings import heading_of
from govinfo_schema.documents.recognise.items import items
from govinfo_schema.documents.recognise.lines import Line
from govinfo_schema.documents.recognise.narratives import processing_fee
from govinfo_schema.documents.recognise.rows import align
from govinfo_schema.documents.recognise.running_heads import running_readings
from govinfo_schema.documents.recognise.running_labels import in_one
from govinfo_schema.errors import NoReport
from govinfo_schema.form.labels import LIKE, fold, likeness
from govinfo_schema.form.load import edition

# ---- real reports -------------------------------------------------------------------------------


@corpus.needs_corpus
def test_report_without_borders() -> None:
    """
    Of a real report whose borders are lost every figure is right or blank with a finding; of tables
    3 and 4 all are right.
    """
    for path in sorted(corpus.CORPUS.glob("*.txt")):
        truth = corpus.report_of(corpus.truth(corpus.TRUTH / f"{path.stem}.json"))
        reading = recognise(text_document(path))
        fates = compare(reading, truth)
        assert (fates["wrong"], fates["silent"]) == ([], []), path.stem
        assert [cell for cell in fates["blank"] if not cell.startswith("proactive.")] == [], (
            path.stem
        )
        assert (reading.report.edition, reading.report.year) == (truth.edition, truth.year), (
            path.stem
        )


@corpus.needs_corpus
def test_every_figure_has_its_source() -> None:
    """Every figure read names the line and the text that it was read from."""
    reading = recognise(text_document(corpus.CORPUS / "2023-pingtan-guanweihui.txt"))
    for cell, value in gs.walk(reading.report):
        if value is not None:
            assert reading.sources[cell].place.line, cell
            assert str(value) in reading.sources[cell].text, cell


@corpus.needs_corpus
def test_report_from_before_2019_is_refused() -> None:
    """A report from before 2019 is refused as such."""
    with pytest.raises(NoReport, match="a report on 2017 is on a form from before 2019"):
        recognise(text_document(corpus.CORPUS / "partial" / "2017-taizhou-shizhengfu.pre2019.txt"))


# ---- documents of known content -----------------------------------------------------------------


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_layout_is_read_back(path: Path) -> None:
    """
    A report laid out as the form is printed reads back: every figure, the narratives, title, year
    and date.
    """
    report = gs.loads(path.read_bytes())
    reading = recognise(layout(report))
    assert list(gs.walk(reading.report)) == list(gs.walk(report))
    assert reading.findings == ()
    for name in ("edition", "year", "title", "overview", "problems"):
        assert getattr(reading.report, name) == getattr(report, name)


@given(reports())
@settings(max_examples=60)
def test_any_report_is_read_back(report: gs.Report) -> None:
    """Any report, with blanks and extreme figures, reads back from its layout cell by cell."""
    plain = gs.replace(
        report, {"title": None, "overview": None, "problems": None, "other_matters.text": None}
    )
    reading = recognise(layout(plain), year=report.year, body=report.body.name)
    assert list(gs.walk(reading.report)) == list(gs.walk(report))


@pytest.mark.parametrize("change", deviations.HARMLESS, ids=lambda change: change.__name__)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_deviation_that_does_no_harm(change: deviations.Change, path: Path) -> None:
    """A deviation that a person reads over is read over."""
    report = gs.loads(path.read_bytes())
    for seed in range(3):
        reading = recognise(
            change(layout(report), random.Random(seed)), year=report.year, body=report.body.name
        )
        assert list(gs.walk(reading.report)) == list(gs.walk(report))


@pytest.mark.parametrize(
    "change",
    [*deviations.HARMFUL, deviations.recognised_in_a_picture],
    ids=lambda change: change.__name__,
)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_deviation_that_loses_something(change: deviations.Change, path: Path) -> None:
    """
    After a deviation that loses something every figure is right, or blank with a finding that names
    it: none is wrong, none silent.
    """
    report = gs.loads(path.read_bytes())
    for seed in range(8):
        reading = recognise(
            change(layout(report), random.Random(seed)), year=report.year, body=report.body.name
        )
        fates = compare(reading, report)
        assert (
            (fates["wrong"], fates["silent"]) == ([], [])
            or reading.report.edition != report.edition
            or _reshaped(reading, report)
        )


def _reshaped(reading: Reading, report: gs.Report) -> bool:
    """
    Tell whether the shape of （六） could not be seen, its row being lost; all its cells are named
    then.
    """
    shapes = {type(each.applications.outcomes.other_handling) for each in (reading.report, report)}
    named = {cell for finding in reading.findings for cell in finding.cells}
    return len(shapes) == 2 and any("other_handling" in cell for cell in named)


@pytest.mark.parametrize("seed", range(40))
def test_deviations_together(seed: int) -> None:
    """Several deviations at once never make a figure wrong in silence."""
    dice = random.Random(seed)
    report = gs.loads(dice.choice(EXAMPLES).read_bytes())
    document = layout(report)
    for change in dice.sample(deviations.HARMLESS[:-1], 4):
        document = change(document, dice)
    fates = compare(recognise(document, year=report.year, body=report.body.name), report)
    assert (fates["wrong"], fates["silent"]) == ([], [])


# ---- cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "value", "doubt"),
    [
        ("", "count", None, ""),
        (" \u00a0\n", "count", None, ""),
        ("0", "count", 0, ""),
        ("１２", "count", 12, ""),
        ("1,234", "count", 1234, ""),
        ("12,34", "count", None, "R-TEXT"),
        ("22（其中修订 16 件）", "count", 22, ""),
        ("7件", "count", 7, ""),
        ("? 0", "count", 0, ""),
        ("-3", "count", None, "R-NEGATIVE"),
        ("1.5", "count", None, "R-FRACTION"),
        ("007", "count", None, "R-ZEROS"),
        ("9007199254740992", "count", None, "R-SIZE"),
        ("-", "count", None, "R-NONE"),
        ("／", "count", None, "R-NONE"),
        ("无", "count", None, "R-NONE"),
        ("三", "count", None, "R-TEXT"),
        ("5万元", "count", None, "R-UNIT"),
        ("+1036", "signed_count", 1036, ""),
        ("－8", "signed_count", -8, ""),
        ("72701.2578", "amount", Decimal("72701.2578"), ""),
        ("251000元", "amount", None, "R-UNIT"),
        ("-1", "amount", None, "R-NEGATIVE"),
    ],
)
def test_cell(text: str, kind: Any, value: object, doubt: str) -> None:
    """A cell is read as a person reads it; what is no figure is blank with a reason."""
    read = figure(text, kind, "万元" if kind == "amount" else "件")
    assert (read.value, read.doubt) == (value, doubt)


def test_amount_with_its_unit() -> None:
    """Where the form prints no unit, that of the cell is kept beside the amount."""
    report = gs.replace(
        gs.blank("2019", year=2019, body="某市", undivided=True),
        {
            "proactive.centralized_procurement.amount": Decimal(251000),
            "proactive.centralized_procurement.unit": "元",
        },
    )
    read = recognise(layout(report)).report
    assert (
        gs.get(read, "proactive.centralized_procurement.amount"),
        gs.get(read, "proactive.centralized_procurement.unit"),
    ) == (
        251000,
        "元",
    )


def test_remarks_and_what_does_not_apply_are_notes() -> None:
    """What the form has no cell for is kept as a note at its cell."""
    report = gs.blank("2021", year=2024, body="某市人民政府")
    document = layout(report)
    table = next(block for block in document.blocks if isinstance(block, Grid))
    texts = {
        "proactive.administrative_rules.issued": "22（其中修订16件）",
        "proactive.administrative_rules.repealed": "/",
    }
    spans = tuple(
        Span(**{**_facts(span), "text": texts.get(span.name, span.text)}) for span in table.spans
    )
    blocks = tuple(Grid(spans=spans) if block is table else block for block in document.blocks)
    reading = recognise(Document(blocks=blocks))
    assert [(note.at, note.kind, note.text) for note in reading.report.notes] == [
        ("proactive.administrative_rules.issued", "remark", "22（其中修订16件）"),
        ("proactive.administrative_rules.repealed", "not_applicable", "/"),
    ]
    assert gs.get(reading.report, "proactive.administrative_rules.issued") == 22
    assert gs.get(reading.report, "proactive.administrative_rules.repealed") is None
    assert reading.sure


def _facts(span: Span) -> dict[str, Any]:
    return {
        name: getattr(span, name)
        for name in ("text", "row", "column", "rows", "columns", "header", "name", "place")
    }


# ---- runs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "cells"),
    [
        ("640020470", (64, 0, 0, 2, 0, 4, 70)),
        ("160 02 0 018", (16, 0, 0, 2, 0, 0, 18)),
        ("230 000023", (23, 0, 0, 0, 0, 0, 23)),
        ("34407501633525", (3440, 75, 0, 1, 6, 3, 3525)),
        ("0000000", (0,) * 7),
    ],
)
def test_run_is_split_by_its_total(run: str, cells: tuple[int, ...]) -> None:
    """A run of a row is split where the six numbers add up to the seventh."""
    assert splits(run, 7, 7) == (tuple(map(str, cells)),)


@pytest.mark.parametrize("seed", range(20))
def test_row_with_a_word_among_its_figures_is_not_cut(seed: int) -> None:
    """Figures that stand apart are never cut, however well the columns would then add up."""
    tenfold = {
        cell: value and value * 10 for cell, value in gs.walk(gs.generate(seed)) if "applic" in cell
    }
    report = gs.replace(gs.generate(seed), tenfold)
    row: list[object] = [value for cell, value in gs.walk(report) if ".outcomes.total." in cell]
    lines = document_lines(report)
    at = next(n for n, line in enumerate(lines) if line.startswith("（七）总计"))
    row[5] = "未统计"
    lines[at] = "（七）总计    " + "    ".join(map(str, row))
    document = Document(blocks=tuple(Paragraph(text=line) for line in lines))
    read = recognise(document).report
    for cell, value in gs.walk(report):
        assert gs.get(read, cell) in (None, value), cell


def document_lines(report: gs.Report) -> list[str]:
    """Print a report as a text that keeps only wide blanks between its cells."""
    lines: list[str] = []
    for block in layout(report).blocks:
        if isinstance(block, Grid):
            lines += ["    ".join(span.text for span in row if span.text) for row in block.rows()]
        else:
            lines.append(block.text)
    return lines


def test_run_that_can_be_split_in_two_ways_keeps_what_is_certain() -> None:
    """Of a run with several splits only what they share is certain."""
    settled = settle(splits("12000000", 7))
    assert settled is not None
    assert settled.cells == (None, None, "0", "0", "0", "0", "0")
    assert not settled.forced


@given(reports())
@settings(max_examples=20)
def test_the_true_split_is_among_the_splits(report: gs.Report) -> None:
    """
    Whatever the figures, the true split of a run is always among those found, where the row adds up
    and is not too long.
    """
    row = [
        value or 0 for cell, value in gs.walk(report) if cell.startswith("applications.received.")
    ][:6]
    numbers = [*(value % 1000 for value in row), sum(value % 1000 for value in row)]
    assert tuple(map(str, numbers)) in splits("".join(map(str, numbers)), 7, 7)


# ---- labels, frame, refusals --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("本年度止件数", "本年废止件数"),
        ("先行有效件数", "现行有效件数"),
        ("本公开数量", "本年新公开数量"),
        ("2.其他法律行政止公开", "2.其他法律行政法规禁止公开"),
        ("（⼀）予以公开", "（一）予以公开"),
        ("上一年项目数量（指2019年事项数）", "上一年项目数量"),
        ("(四) 无法提供", "（四）无法提供"),
    ],
)
def test_label_as_real_documents_print_it(printed: str, label: str) -> None:
    """A label that real documents print otherwise is known for what it is."""
    assert likeness(printed, label) >= LIKE


def test_folding_keeps_what_differs() -> None:
    """Folding makes no two labels of one table the same."""
    for name in ("2019", "2021"):
        for table in gs.edition(name).tables:
            labels = [row.path.zh for block in table.blocks for row in block.rows]
            assert len({fold(label) for label in labels}) == len(labels)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("22（其中修订16件）", True),
        ("1.属于国家秘密", False),
        ("/", True),
        ("", True),
        ("规章", False),
    ],
)
def test_what_is_a_figure(text: str, is_one: bool) -> None:
    """A figure is told from a label, also from one that begins with a number."""
    assert is_figure(text) is is_one


@pytest.mark.parametrize(
    ("text", "fee"),
    [
        ("对25件申请收取信息处理费2950元。", ("charged", 25, Decimal(2950))),
        ("全年收取信息公开处理费3940元", ("charged", None, Decimal(3940))),
        ("收取信息处理费共5笔：420元、290元。", ("not_stated", None, None)),
        ("2024年度本机关未收取信息公开处理费。", ("none", None, None)),
        ("未发生政府信息公开收费事项。", ("none", None, None)),
        ("本年度未收取信息处理费，上年收取300元。", ("none", None, None)),
        ("本年度没有收取信息公开处理费用，减免300元。", ("none", None, None)),
        ("2023年收取信息公开处理费200元。", ("not_stated", None, None)),
        ("2023年，收取信息公开处理费200元。", ("not_stated", None, None)),
        ("2024年收取信息公开处理费200元，2023年100元。", ("charged", None, Decimal(200))),
        ("与上年相比，本年度收取信息处理费1,200元。", ("charged", None, Decimal(1200))),
        ("收取信息处理费300元，比上年减少100元。", ("charged", None, Decimal(300))),
        ("2023年度未收取信息处理费。", ("not_stated", None, None)),
        ("全年共收取信息公开处理费约300元。", ("not_stated", None, None)),
        ("全年共收取信息公开处理费300元左右。", ("not_stated", None, None)),
        ("收取信息公开处理费标准为2950元/件。", ("not_stated", None, None)),
        ("应收取信息处理费300元。", ("not_stated", None, None)),
        ("未收取信息处理费300元。", ("not_stated", None, None)),
        ("全年收取信息处理费，共计2950元。", ("charged", None, Decimal(2950))),
        ("无", ("not_stated", None, None)),
        (None, ("not_stated", None, None)),
    ],
)
def test_processing_fee(text: str | None, fee: tuple[str, int | None, Decimal | None]) -> None:
    """
    The fee is read from a plain sentence about the year of the report; nothing said is not zero.
    """
    assert processing_fee(text, 2024) == fee


@pytest.mark.parametrize(
    ("blocks", "reason"),
    [
        ((), "there is no text"),
        ((Paragraph(text="关于开展春季植树活动的通知"),), "this is no annual report"),
        (
            (Paragraph(text="某市2024年政府信息公开工作年度报告"), Paragraph(text="一、总体情况")),
            "the three tables of the report were not found",
        ),
        (
            (plain_grid([(Place(), texts) for texts in [["姓名", "电话"], ["张三", "1"]]]),),
            "this is no annual report",
        ),
    ],
)
def test_what_is_no_report_is_refused(blocks: tuple[Any, ...], reason: str) -> None:
    """A document that is no report is refused with the reason."""
    with pytest.raises(NoReport, match=reason):
        recognise(Document(blocks=blocks))


def test_several_reports_in_one_document_are_refused() -> None:
    """Two reports in one document are refused: neither could be told from the other."""
    one, other = (layout(gs.loads(path.read_bytes())) for path in EXAMPLES[:2])
    with pytest.raises(NoReport, match="the file holds 2 reports"):
        recognise(Document(blocks=(*one.blocks, *other.blocks)))


def test_year_and_body_are_supplied_where_they_are_not_found() -> None:
    """
    Where the document does not say year or body, the refusal names all that is open at once, and
    the caller supplies it.
    """
    document = layout(gs.blank("2021", year=2024, body="某市人民政府"))
    nameless = Document(blocks=document.blocks[1:])
    with pytest.raises(NoReport, match="give them with --year and --body") as error:
        recognise(nameless)
    assert error.value.candidates == {"year": (), "body": ()}
    with pytest.raises(NoReport, match="the year reported on was not found; give it with --year"):
        recognise(nameless, body="某县人民政府")
    with pytest.raises(NoReport, match="the body that reports was not found; give it with --body"):
        recognise(nameless, year=2024)
    report = recognise(nameless, year=2024, body="某县人民政府").report
    assert (report.year, report.body.name) == (2024, "某县人民政府")


def test_figures_in_the_middle_of_a_label() -> None:
    """
    Where figures stand in the middle of a label and others right behind it, nothing tells whose
    they are: both rows stay blank.
    """
    report = gs.loads(EXAMPLES[-1].read_bytes())
    lines = [
        "".join(span.text for span in row if span.header)
        + " "
        + " ".join(span.text for span in row if not span.header)
        for block in layout(report).blocks
        if isinstance(block, Grid)
        for row in block.rows()
    ]
    label = "5.要求行政机关确认或重新出具已获取信息"
    at = next(number for number, line in enumerate(lines) if label in line)
    figures = lines[at].partition(label)[2]
    lines[at : at + 1] = [f"5.要求行政机关确认或 {figures}", "重新出具已获取信息 40 0 0 0 0 0 40"]
    titles = [
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]
    starts = [
        0,
        next(n for n, line in enumerate(lines) if "申请人情况" in line),
        next(n for n, line in enumerate(lines) if "未经复议" in line) - 1,
    ]
    for title, start in reversed([*zip(titles, starts, strict=True)]):
        lines.insert(start, title)
    document = Document(blocks=tuple(Paragraph(text=line) for line in lines))
    reading = recognise(document, year=report.year, body=report.body.name)
    fates = compare(reading, report)
    assert (fates["wrong"], fates["silent"]) == ([], [])
    assert {cell.rpartition(".")[0] for cell in fates["blank"]} == {
        "applications.outcomes.not_processed.confirm_or_reissue"
    }


def test_torn_head() -> None:
    """
    A head that is torn over several lines names its columns if nothing in it contradicts their
    order.
    """
    heading = heading_of(edition("2021"), "applications.received")
    torn = (
        "申请人情况\n法人或其他组织\n自然人 社会 法律 总计\n商业 科研\n公益 服务 其他\n企业 "
        "机构\n组织 机构"
    )
    (found,) = running_readings(torn, heading)
    assert found.order == heading.order
    assert running_readings(torn.replace("商业 科研", "科研 商业"), heading) == []
    assert running_readings(torn.replace("其他\n", "\n"), heading) == []


def test_figures_between_the_lines_of_labels() -> None:
    """
    What stands behind the figures of a row and is the rest of its label is no part of the next one.
    """
    lines = [
        Line(labels=(Span(text=label, row=0, column=0),), run=run)
        for label, run in (
            ("5.属于三类", "1 0 0 0 0 0 1"),
            ("内部事务信息6.属于四类", "2 0 0 0 0 0 2"),
            ("过程性信息7.属于行政执法案卷", "3 0 0 0 0 0 3"),
        )
    ]
    found = in_one(lines, gs.edition("2021"), "applications")
    assert [line.label for line in found] == [
        "5.属于三类内部事务信息",
        "6.属于四类过程性信息",
        "7.属于行政执法案卷",
    ]
    assert [
        match.row.rpartition(".")[2] for match in align(found, gs.edition("2021"), "applications")
    ] == [
        *("internal_affairs", "process_information", "enforcement_files"),
    ]


def test_date_behind_a_table_is_no_figure() -> None:
    """
    A number that is part of a date is no figure; a digit on the line before the character 年 is
    one.
    """
    for after, expected in (("2025年1月20日", 7), ("\n年", 7)):
        text = f"三、收到和处理政府信息公开申请情况\n四、结转下年度继续办理 1 0 0 0 0 0 1\n{after}"
        document = Document(blocks=tuple(Paragraph(text=line) for line in text.split("\n")))
        (line, *_) = [item for item in items(document) if isinstance(item, Line)]
        assert len(line.run.split()) == expected


def test_lost_blanks_are_not_made_up_for() -> None:
    """
    Where some run has too few digits, blank cells are lost, and a run of seven digits that does not
    add up is not seven figures.
    """
    head = "申请人情况 自然人 商业企业 科研机构 社会公益组织 法律服务机构 其他 总计"
    rows = [
        "（一）予以公开2581211",
        "（二）部分公开（区分处理的，只计这一情形，不计其他情形）00000000",
        "（七）总计 {last}",
    ]
    for last, expected in (("0000000", 2), ("31", None)):
        text = (
            "\n".join(["三、收到和处理政府信息公开申请情况", head, *rows])
            .replace("00000000", "0000000")
            .format(last=last)
        )
        document = Document(blocks=tuple(Paragraph(text=line) for line in text.split("\n")))
        report = recognise(document, year=2024, body="某市人民政府").report
        assert gs.get(report, "applications.outcomes.granted.natural_person") == expected
        assert gs.get(report, "applications.outcomes.partially_granted.total") == 0


def spoilt(cell: str, text: str) -> Document:
    """Lay a report out in which one cell holds another text."""
    document = layout(gs.generate(7))
    blocks = [
        attrs.evolve(
            block,
            spans=tuple(
                msgspec.structs.replace(span, text=text) if span.name == cell else span
                for span in block.spans
            ),
        )
        if isinstance(block, Grid)
        else block
        for block in document.blocks
    ]
    return attrs.evolve(document, blocks=tuple(blocks))


@pytest.mark.parametrize(
    ("cell", "text", "code", "level"),
    [
        ("disputes.reconsideration.upheld", "3 4", "R-TEXT", "warning"),
        ("disputes.reconsideration.upheld", "-3", "R-NEGATIVE", "warning"),
        ("disputes.reconsideration.upheld", "1.5", "R-FRACTION", "warning"),
        ("disputes.reconsideration.upheld", "99999999999999999", "R-SIZE", "warning"),
        ("proactive.administrative_rules.issued", "007", "R-ZEROS", "warning"),
        ("proactive.administrative_fees.amount", "12元", "R-UNIT", "warning"),
        ("disputes.reconsideration.upheld", "/", "R-NONE", "info"),
        ("disputes.reconsideration.upheld", "3（其中调解 1 件）", "R-REMARK", "info"),
        ("disputes.reconsideration.upheld", "?3", "R-STRAY", "info"),
    ],
)
def test_doubt_about_a_cell_is_a_finding(cell: str, text: str, code: str, level: str) -> None:
    """What stands in a cell and is no plain figure is one finding that names the cell."""
    findings = [each for each in recognise(spoilt(cell, text)).findings if each.cells == (cell,)]
    assert [(each.code, each.level) for each in findings] == [(code, level)]


@pytest.mark.parametrize("word", ["十二", "若干件", "几十"])
@pytest.mark.parametrize(
    "cell",
    [
        "applications.received.natural_person",
        "applications.outcomes.granted.natural_person",
        "applications.outcomes.withheld.state_secret.natural_person",
        "disputes.reconsideration.upheld",
    ],
)
def test_number_in_words_costs_its_own_cell(cell: str, word: str) -> None:
    """A word in the first cell of a row is no label: the others are taken, that one is named."""
    reading = recognise(spoilt(cell, word))
    assert dict(gs.walk(reading.report)) == {**dict(gs.walk(gs.generate(7))), cell: None}
    doubts = [(each.code, each.cells) for each in reading.findings if each.level != "info"]
    assert doubts == [("R-TEXT", (cell,))]


def test_two_years_are_a_doubt() -> None:
    """
    Where the title names another year than the text, the title is believed and a finding names
    both.
    """
    document = layout(
        gs.replace(gs.generate(7), {"overview": "本报告统计期限为2019年1月1日至2019年12月31日。"})
    )
    (finding,) = [each for each in recognise(document).findings if each.code == "R-YEAR"]
    assert (finding.level, finding.operands["second"]) == ("warning", 2019)


def test_table_without_a_head_is_a_doubt() -> None:
    """
    Where a line has several figures and no head names their columns, they stay blank and a finding
    says so.
    """
    document = layout(gs.generate(7))
    blocks = [
        attrs.evolve(
            block, spans=tuple(span for span in block.spans if span.row > 2 or not span.header)
        )
        if isinstance(block, Grid) and block.height > 20
        else block
        for block in document.blocks
    ]
    found = recognise(attrs.evolve(document, blocks=tuple(blocks))).findings
    assert {each.level for each in found if each.code == "R-HEAD"} == {"warning"}
