"""Who reports, on which year, and the texts: what stands around the tables of a document."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from page_heads import sections

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Span
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise import Reading, recognise
from govinfo_schema.documents.recognise.named import PREFIX
from govinfo_schema.documents.recognise.names import title_in
from govinfo_schema.errors import NoReport

TITLE = "某市教育局2024年政府信息公开工作年度报告"
SIGNED = ("某市教育局", "2025年1月26日")


def document(*above: str, below: tuple[str | Block, ...] = (), **facts: Any) -> Document:
    """Put lines above the sections of a report, and below them."""
    blocks = [Paragraph(text=each) if isinstance(each, str) else each for each in below]
    return Document(
        blocks=(*(Paragraph(text=text) for text in above), *sections(), *blocks), **facts
    )


def said(reading: Reading) -> tuple[str, int]:
    """Give body and year."""
    return reading.report.body.name, reading.report.year


def codes(reading: Reading, *wanted: str) -> list[str]:
    """Give the codes of the findings that are among those wanted."""
    return [finding.code for finding in reading.findings if finding.code in wanted]


# ---- titles and names ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "body", "year"),
    [
        ("首页 > 政务公开 > 某市某局2024年政府信息公开工作年度报告", "某市某局", 2024),
        ("首页政务公开政府信息公开年报 某区2021年度政府信息公开工作年度报告", "某区", 2021),
        ("标题：2019年某厅政府信息公开工作年度报告", "某厅", 2019),
        ("2025-01-26 09:10某市2024年政府信息公开工作年度报告", "某市", 2024),
        ("某政办〔2025〕3号某县2024年政府信息公开年报", "某县", 2024),
        ("附件2：某县2024年政府信息公开年报", "某县", 2024),
        ("某县人民政府办公室关于印发某县2024年政府信息公开年度报告的通知", "某县", 2024),
        ("某局关于公布2024年政府信息公开年度报告的公告", "某局", 2024),
        ("某镇人民政府信息公开2024年年报", "某镇人民政府", 2024),
        ("某镇人民政府政府信息公开年报（二〇二四年度）", "某镇人民政府", 2024),
        ("某縣某鄉人民政府２０２４年政府資訊公開年報", "某縣某鄉人民政府", 2024),
        ("2024年政府信息公开工作年度报告（某市某局）", "某市某局", 2024),
        ("某市财政局：2024年政府信息公开工作年度报告", "某市财政局", 2024),
        ("某市教育局 政府信息公开年报 2024", "某市教育局", 2024),
        ("贰零贰肆年某局政府信息公开工作年度报告", "某局", None),
        ("某市某局2024年政府信息公开工作年度报告_政府信息公开_某网", "某市某局", 2024),
        ("互动交流2024年政府信息公开工作年度报告", "", 2024),
        ("某\ufffd局2024年政府信息公开工作年度报告", "", 2024),
        ("某县人民政府办公室转发某县某局2024年政府信息公开年报的通知", "某县某局", 2024),
        ("某县人民政府办公室转发2024年政府信息公开年报的通知", "", 2024),
        ("2024年某县政务公开办公室政府信息公开工作年度报告", "某县政务公开办公室", 2024),
        ("年某镇2024年政府信息公开年报", "年某镇", 2024),
        ("年报镇2024年政府信息公开年报", "", 2024),
        ("某县人民政府某县某局2024年政府信息公开年报", "某县某局", 2024),
        ("某某门户网站某县某局2024年政府信息公开年报", "某县某局", 2024),
        ("某局2023年和2024年政府信息公开年报", "某局", None),
        ("某局2023-2024年度政府信息公开年报", "某局", None),
        ("（某市某局）2024年政府信息公开年报", "某市某局", 2024),
        ("某市2024年政府信息公开年报（市某局）", "某市某局", 2024),
        ("某市人民政府2024年政府信息公开年报（某局）", "某市某局", 2024),
        ("某市2024年政府信息公开年报（某区某局）", "", 2024),
        ("某市某局2024年政府信息公开年报（某市某局）", "某市某局", 2024),
        ("2024年政府信息公开年报——某市某局", "某市某局", 2024),
        ("某 市 某 局 2 0 2 4 年 政 府 信 息 公 开 年 报", "某市某局", 2024),
        ("某市某局24年政府信息公开年报", "某市某局", 2024),
        ("中国某城网 某市某局2024年政府信息公开年报", "某市某局", 2024),
        ("某市 某局2024年政府信息公开年报", "某市某局", 2024),
        ("1.某市某局2024年政府信息公开年报", "某市某局", 2024),
        ("某市某局2024年政府信息公开年度报告发布", "某市某局", 2024),
        ("《条例》实施以来，某局2024年政府信息公开年度报告", None, None),
        ("某局2024年政府信息公开年报由六个部分组成", None, None),
        ("某局2024年度法治政府建设年度报告", None, None),
        ("2024年工作年报", None, None),
    ],
)
def test_title_in_a_line(line: str, body: str | None, year: int | None) -> None:
    """A title is found among what stands on its line; a sentence and another report are none."""
    title = title_in(line)
    if body is None:
        assert title is None
    else:
        assert title is not None
        assert title.body == body
        assert title.year == (2024 if line.startswith("贰") else year)


# ---- candidates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("read", "body"),
    [
        (document("附件1", "某市教育局", "2024年政府信息公开工作年度报告"), "某市教育局"),
        (document("标题：某市教育局", "2024年政府信息公开", "工作年度报告"), "某市教育局"),
        (document("2024年政府信息公开工作年度报告", below=SIGNED), "某市教育局"),
        (document("2024年政府信息公开工作年度报告", "（某市教育局）"), "某市教育局"),
        (document("填报单位：某市教育局（盖章）", "2024年政府信息公开年度报告"), "某市教育局"),
        (document("按照规定，现公布某局2024年政府信息公开工作年度报告。"), "某局"),
        (document("某局编制本报告，统计期限为2024年1月1日至2024年12月31日。"), "某局"),
        (document(properties=(("ArticleTitle", TITLE),)), "某市教育局"),
        (document(title=f"{TITLE}_某市人民政府"), "某市教育局"),
        (document("某县2024年政府信息公开年报", below=("某县人民政府", SIGNED[1])), "某县人民政府"),
        (
            document("某 市 教 育 局", "2024 年 政 府 信 息 公 开", "工 作 年 度 报 告"),
            "某市教育局",
        ),
        (document("填报年度：2024年", "某局政府信息公开年报"), "某局"),
        (document("某县", "教育局2024年政府信息公开工作年度报告"), "某县教育局"),
        (document("某县教", "育局2024年", "政府信息公开工作年", "度报告"), "某县教育局"),
        (document("政策解读", "某局2024年政府信息公开工作年度报告"), "某局"),
        (document(TITLE[2:], below=SIGNED), "某市教育局"),
        (document(TITLE, "本报告由某市政府办公室编制。"), "某市教育局"),
        (document("某县2024年政府信息公开年报", below=("某县人民政府办公室", SIGNED[1])), "某县"),
        (document("某\ufffd局2024年政府信息公开工作年度报告", below=SIGNED), "某市教育局"),
        (document("区管委会2024年政府信息公开年报", "发布机构：某市某区管委会"), "某市某区管委会"),
    ],
)
def test_body_by_agreement(read: Document, body: str) -> None:
    """The body is what title, sentences, signature and metadata agree on, by its full name."""
    reading = recognise(read)
    assert said(reading) == (body, 2024)
    assert codes(reading, "R-BODY", "R-YEAR", "R-NAMED") == []


@pytest.mark.parametrize("at", range(len(TITLE) - 20, len(TITLE)))
def test_title_broken_over_two_lines(at: int) -> None:
    """A title may be broken anywhere behind the name of the body, before its last sign too."""
    assert said(recognise(document(TITLE[:at], TITLE[at:]))) == said(recognise(document(TITLE)))


@pytest.mark.parametrize(
    ("read", "code", "body", "year"),
    [
        (document(TITLE, below=("某市民政局", SIGNED[1])), "R-BODY", "某市教育局", 2024),
        (document(TITLE, title=TITLE.replace("教育", "民政")), "R-BODY", "某市教育局", 2024),
        (document(TITLE, "统计期限为2023年1月1日至12月31日。"), "R-YEAR", "某市教育局", 2024),
        (document(TITLE, "发布时间：2024-01-20"), "R-YEAR", "某市教育局", 2024),
        (document(TITLE, "本报告由某市政务公开中心编制。"), "R-BODY", "某市教育局", 2024),
        (document(TITLE, "编制单位：某市政务公开中心"), "R-BODY", "某市教育局", 2024),
        (
            document(TITLE[2:], f"现公布某县{TITLE[2:]}。", below=SIGNED),
            "R-BODY",
            "某县教育局",
            2024,
        ),
        (document(TITLE, title=TITLE.replace("2024", "2022")), "R-YEAR", "某市教育局", 2024),
        (
            document("某厅2023年政府信息公开年报", f"现公布{TITLE}。"),
            "R-BODY",
            "某市教育局",
            2024,
        ),
    ],
)
def test_disagreement_is_a_finding(read: Document, code: str, body: str, year: int) -> None:
    """Where two places contradict each other, a finding names both and what is taken."""
    reading = recognise(read)
    assert said(reading) == (body, year)
    (finding,) = [each for each in reading.findings if each.code == code]
    assert finding.level == "warning"
    assert finding.operands["first"] in (body, year)
    assert str(finding.operands["second"]) in finding.message("zh")
    assert code not in codes(recognise(read, year=2024, body="某局"), "R-BODY", "R-YEAR")


@pytest.mark.parametrize(
    ("year", "body", "found"),
    [
        (2024, "某市教育局", []),
        (2020, None, ["R-YEAR"]),
        (None, "某县民政局", ["R-BODY"]),
        (2020, "某县民政局", ["R-YEAR", "R-BODY"]),
    ],
)
def test_given_year_and_body_that_a_document_contradicts(
    year: int | None, body: str | None, found: list[str]
) -> None:
    """What is given is taken; where the document is sure of another, a warning names both."""
    reading = recognise(document(TITLE, below=SIGNED), year=year, body=body)
    assert said(reading) == (body or "某市教育局", year or 2024)
    own = [each for each in reading.findings if each.code in ("R-YEAR", "R-BODY")]
    assert [(each.code, each.level) for each in own] == [(code, "warning") for code in found]
    shown = "".join(each.message("zh") for each in own)
    assert all(str(given) in shown for given in (year, body) if given and own)


@pytest.mark.parametrize("suffix", ["json", "csv", "sqlite"])
def test_given_year_and_body_that_a_file_contradicts(suffix: str, tmp_path: Path) -> None:
    """What JSON and tables state is taken; where another is given, a warning names both."""
    path = tmp_path / f"report.{suffix}"
    gs.write(gs.blank("2021", year=2024, body="某市教育局"), path)
    assert gs.read(path, year=2024, body="某市教育局").findings == ()
    reading = gs.read(path, year=2020, body="某县民政局")
    assert said(reading) == ("某市教育局", 2024)
    assert [(each.code, each.level) for each in reading.findings] == [
        ("R-YEAR", "warning"),
        ("R-BODY", "warning"),
    ]
    assert "2020" in reading.findings[0].message("en")


@pytest.mark.parametrize(
    ("read", "name", "seen"),
    [
        (
            document("2024年政府信息公开年报", "发布机构：某局 来源：某厅"),
            "F-NO-BODY",
            "某局, 某厅",
        ),
        (document("2023年政府信息公开年报", "2022年政府信息公开年报"), "F-NO-YEAR-NO-BODY", "2022"),
        (document("某省某区高新技术产业开发", f"区{TITLE[2:]}"), "F-NO-BODY", "区教育局"),
        (document("某市供电2024年政府信息公开年报"), "F-NO-BODY", "某市供电"),
        (document("某局2023年和2024年政府信息公开年报"), "F-NO-YEAR", "2023, 2024"),
        (
            document("某局政府信息公开年报", "参照某局2022年政府信息公开年报的格式，编制本报告。"),
            "F-NO-YEAR",
            "",
        ),
        (
            document("某局政府信息公开年报", "与2022年政府信息公开年度报告相比，有所增长。"),
            "F-NO-YEAR",
            "",
        ),
        (document("某县概况", TITLE[2:]), "F-NO-BODY", "教育局"),
        (document("2024年政府信息公开年报", "本报告由某局办公室编制。"), "F-NO-BODY", "某局办公室"),
        (document("2024年政府信息公开年报", "信息来源：某市大数据局"), "F-NO-BODY", "某市大数据局"),
        (document("某\ue012局2024年政府信息公开年报"), "F-NO-BODY", ""),
        (document(f"{TITLE[:5]}政府信息公开工作年度报告"), "F-NO-YEAR", ""),
    ],
)
def test_what_is_open_is_asked_for(read: Document, name: str, seen: str) -> None:
    """What no place says for sure is asked for, with what the document says of it."""
    with pytest.raises(NoReport) as error:
        recognise(read)
    assert error.value.problem.code == name
    assert seen in str(error.value)
    assert said(recognise(read, year=2024, body="某局")) == ("某局", 2024)


def test_refusal_names_candidates_and_one_run_answers_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A file whose year and body are open names both at once, with candidates and their places, and
    one command supplies both.
    """
    path = tmp_path / "report.txt"
    gs.write(gs.blank("2021", year=2024, body="某市"), tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text(encoding="utf-8").partition("\n")[2]
    path.write_text(f"来源：某市教育局\n来源：某市民政局\n\n{text}", encoding="utf-8")
    with pytest.raises(gs.UnreadableFile, match="--year and --body") as error:
        gs.read(path)
    found = {each.value: each for each in error.value.candidates["body"]}
    assert found["某市民政局"].origin == "publisher"
    assert found["某市民政局"].place.line == 2
    assert main(["read", str(path), "--year", "2024", "--body", "某市教育局"]) == 0
    assert '"某市教育局"' in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "year", "body"),
    [
        (TITLE, 2024, "某市教育局"),
        ("2024-某市教育局", 2024, "某市教育局"),
        ("某市教育局（2024）最终版", 2024, "某市教育局"),
        ("20250120-某市教育局", None, "某市教育局"),
        ("2025-某市教育局", None, "某市教育局"),
        ("2023-2024 某市教育局", None, "某市教育局"),
        ("report", None, None),
    ],
)
def test_file_name_is_the_last_resort(name: str, year: int | None, body: str | None) -> None:
    """The name of the file supplies what is open, with a finding; not the year of publication."""
    read = document("发布日期：2025-01-20")
    if year and body:
        reading = recognise(read, name=name)
        assert said(reading) == (body, year)
        assert codes(reading, "R-NAMED") == ["R-NAMED", "R-NAMED"]
        assert {each.level for each in reading.findings if each.code == "R-NAMED"} == {"info"}
    else:
        with pytest.raises(NoReport) as error:
            recognise(read, name=name)
        assert error.value.problem.code == ("F-NO-YEAR" if body else "F-NO-YEAR-NO-BODY")
    assert codes(recognise(document(TITLE), name=f"某厅{name}"), "R-NAMED") == []


@pytest.mark.parametrize(
    ("read", "day"),
    [
        (document(TITLE, "发布时间：2025-01-20 09:10　来源：某网"), date(2025, 1, 20)),
        (document(TITLE, properties=(("PubDate", "2025-02-03 10:00"),)), date(2025, 2, 3)),
        (document(TITLE, below=("某市教育局", "二〇二五年一月二十日")), date(2025, 1, 20)),
        (document("2025年3月1日", TITLE), date(2025, 3, 1)),
        (document(TITLE, "发布时间：2023-01-20"), None),
    ],
)
def test_date_of_publication(read: Document, day: date | None) -> None:
    """The date of publication is told by labels, metadata or the signature, after the year."""
    assert recognise(read).report.published_on == day


def test_old_report_is_called_that() -> None:
    """A report from before 2019 is called that also where no title says its year."""
    texts = ("某局政府信息公开年报", "2016年，我局公开信息。2016年受理申请3件。", "2017年1月20日")
    with pytest.raises(NoReport, match="a report on 2016 is on a form from before 2019"):
        recognise(Document(blocks=tuple(Paragraph(text=text) for text in texts)))


# ---- sections and texts -------------------------------------------------------------------------


def retitled(titles: dict[str, str], *more: Block) -> Reading:
    """Read a report whose sections have other titles."""
    blocks = [
        msgspec.structs.replace(block, text=titles.get(block.text[0], block.text))
        if isinstance(block, Paragraph) and block.level == 2
        else block
        for block in sections()
    ]
    return recognise(Document(blocks=(Paragraph(text=TITLE), *blocks, *more)))


@pytest.mark.parametrize(
    ("ordinals", "changed"),
    [
        (
            "一、 二、 三、 四、 五、 六、",
            {
                "一": "总体工作情况",
                "二": "行政机关主动公开情况",
                "五": "存在问题及改进举措",
                "六": "其他报告事项",
            },
        ),
        (
            "（一） （二） （三） （四） （五） （六）",
            {"二": "政府信息主动公开情况", "五": "问题和整改措施", "六": "需要报告的其他事项"},
        ),
        ("1. 2. 3. 4. 5. 6.", {"一": "概述"}),
        ("第一部分 第二部分 第三部分 第四部分 第五部分 第六部分", {}),
        ("Ⅰ、 Ⅱ、 Ⅲ、 Ⅳ、 Ⅴ、 Ⅵ、", {"一": "總體情況", "六": "其他需要報告的事項"}),
        ("  ", {"三": "收到和處理政府資訊公開申請情況"}),
    ],
)
def test_sections_by_meaning(ordinals: str, changed: dict[str, str]) -> None:
    """A section is known by what its title means, under any ordinal or none."""
    own = [block.text for block in sections() if isinstance(block, Paragraph) and block.level == 2]
    signs = ordinals.split() or [""] * 6
    titles = {
        text[0]: sign + changed.get(text[0], text[2:])
        for sign, text in zip(signs, own, strict=True)
    }
    reading = retitled(titles)
    assert codes(reading, "R-SECTION", "R-HEADING", "R-ROW") == []
    assert reading.report.overview
    assert reading.report.problems
    assert reading.report.other_matters.text == "无。"


def test_headings_inside_a_section_are_text() -> None:
    """A heading of another kind below a section is text of it, whatever it says."""
    lines = ("（一）主动公开情况", "条目。", "主动公开情况", "1.存在的问题", "（五）其他事项")
    reading = retitled({}, *(Paragraph(text=line) for line in lines))
    assert reading.report.other_matters.text == "\n".join(("无。", *lines))
    assert codes(reading, "R-HEADING") == []


@pytest.mark.parametrize(
    "lines",
    [
        ("一、总体情况：我局收费0元。", "二、主动公开政府信息情况。2024年公开12条。"),
        ("一、总体情况", "良好。"),
        ("如下。", "一、总体情况如下。"),
    ],
)
def test_headings_out_of_order_are_text(lines: tuple[str, ...]) -> None:
    """What is named as a section that has begun is text, also inside a sentence."""
    last = retitled({}, *(Paragraph(text=line) for line in lines))
    assert last.report.other_matters.text == "\n".join(("无。", *lines))
    assert last.report.overview == retitled({}).report.overview


@pytest.mark.parametrize(
    "lines",
    [
        ("一、总体情况：我局收费0元。", "二、主动公开政府信息情况。2024年公开12条。"),
        ("如下。", "一、总体情况如下。"),
    ],
)
def test_headings_inside_sentences_are_text(lines: tuple[str, ...]) -> None:
    """So it is within a section that comes before the one that is named."""
    (head, *rest) = sections()
    blocks = (head, *(Paragraph(text=line) for line in lines), *rest)
    report = recognise(Document(blocks=(Paragraph(text=TITLE), *blocks))).report
    assert report.overview == "\n".join((*lines, str(retitled({}).report.overview)))
    assert report.other_matters.text == "无。"


def test_headings_inside_a_paragraph_begin_sections() -> None:
    """Where no line is a title of its own, those that stand inside paragraphs are."""
    report = retitled(
        {"一": "一、总体情况2024年良好。", "六": "五是改进。六、其他需要报告的事项。无。"}
    )
    assert str(report.report.overview).startswith("2024年良好。")
    assert str(report.report.problems).endswith("五是改进。")


@pytest.mark.parametrize(
    ("titles", "more", "heading", "at"),
    [
        ({"五": "五、工作中的短板与努力方向"}, (), "五、工作中的短板与努力方向", "problems"),
        ({}, ("七、附件", "附表一份。"), "七、附件", "other_matters"),
    ],
)
def test_unknown_heading_is_named(
    titles: dict[str, str], more: tuple[str, ...], heading: str, at: str
) -> None:
    """A title that is not known stands for its section by its number, or is text; it is named."""
    reading = retitled(titles, *(Paragraph(text=text) for text in more))
    (finding,) = [each for each in reading.findings if each.code == "R-HEADING"]
    assert (finding.level, finding.operands["heading"]) == ("info", heading)
    assert finding.operands["at"] == at
    assert reading.report.problems
    assert reading.report.other_matters.text == "\n".join(("无。", *more))


def test_rows_of_the_form_are_no_titles() -> None:
    """四、结转下年度继续办理 is a row of table 3 also where the title of section 4 is lost."""
    reading = retitled({"四": ""}, Paragraph(text="四、结转下年度继续办理"))
    assert codes(reading, "R-HEADING") == []


def test_table_in_a_text_is_text() -> None:
    """A table that stands in a narrative stays in it, a line for each row."""
    rows = (("指标", "2023年", "2024年"), ("主动公开条数", "5", "7"))
    spans = [
        Span(text=text, row=row, column=column)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    reading = retitled({}, Grid(spans=tuple(spans)), Paragraph(text="见上表。"))
    assert (
        reading.report.other_matters.text
        == "无。\n指标\t2023年\t2024年\n主动公开条数\t5\t7\n见上表。"
    )
    assert list(gs.walk(reading.report)) == list(gs.walk(retitled({}).report))


def test_table_of_labels_of_the_form_is_text() -> None:
    """So does one of other figures for rows of the form, which stand in a table with its head."""
    rows = (("行政许可", "120"), ("行政处罚", "30"), ("行政强制", "4"))
    spans = [
        Span(text=text, row=row, column=column)
        for row, texts in enumerate(rows)
        for column, text in enumerate(texts)
    ]
    reading = retitled({}, Grid(spans=tuple(spans)))
    assert reading.report.other_matters.text == "无。\n行政许可\t120\n行政处罚\t30\n行政强制\t4"
    assert list(gs.walk(reading.report)) == list(gs.walk(retitled({}).report))
    assert codes(reading, "R-OTHER", "R-COPIES") == []


@pytest.mark.parametrize(
    "below",
    [
        SIGNED,
        ("某市教育局2025年1月26日", "【打印】 【关闭】"),
        ("上一篇：某市教育局2023年政府信息公开工作年度报告", "下一篇：没有了"),
        ("打印", "关闭"),
        ("主办单位：某市人民政府", "网站标识码：1234"),
        ("分享到：微信 微博", "相关链接：", "某厅2024年政府信息公开工作年度报告"),
        ("附件：某市教育局2024年政府信息公开工作年度报告.docx",),
    ],
)
def test_foot_of_a_page_is_no_text(below: tuple[str, ...]) -> None:
    """Signature, buttons and the foot of a page stay out of the last section."""
    reading = recognise(document(TITLE, below=below))
    assert reading.report.other_matters.text == "无。"
    assert codes(reading, "R-BODY", "R-YEAR") == []


def test_what_begins_like_a_foot_is_text() -> None:
    """A line that only begins like one of a foot does not end the last section."""
    lines = ("友情链接更新二十条", "联系我们栏目收到来信12件", "完成ICP备案3件", "最后一段。")
    reading = recognise(document(TITLE, below=lines))
    assert reading.report.other_matters.text == "\n".join(("无。", *lines))


@pytest.mark.parametrize(
    ("below", "note"),
    [
        ((*SIGNED, "抄送：某市司法局。"), "抄送：某市司法局。"),
        (("打印", "关闭", "本页最后更新于1月。"), "本页最后更新于1月。"),
    ],
)
def test_sentences_behind_the_last_section_are_a_note(below: tuple[str, ...], note: str) -> None:
    """What stands behind the signature or the foot of a page is kept, as a note."""
    report = recognise(document(TITLE, below=below)).report
    assert report.other_matters.text == "无。"
    assert [(each.at, each.text) for each in report.notes] == [(None, note)]


@pytest.mark.parametrize("text", ["说明：以上数据含派出机构", "本部分反映全年数据，供社会监督"])
def test_texts_beside_a_table_are_notes(text: str) -> None:
    """A text without a full stop beside a table is a note of its section; a caption is none."""
    blocks = sections()
    (table,) = [at for at, block in enumerate(blocks) if getattr(block, "text", "")[:1] == "四"]
    for at in (table - 1, table, table + 1):
        more = [Paragraph(text="（单位：件）"), Paragraph(text=text)]
        read = Document(blocks=(Paragraph(text=TITLE), *blocks[:at], *more, *blocks[at:]))
        (note,) = recognise(read).report.notes
        assert (note.at, note.text) == ("disputes" if at > table else "applications", text)
        assert list(gs.walk(recognise(read).report)) == list(gs.walk(retitled({}).report))


def test_signature_of_another_body_stays() -> None:
    """A signature that says more than the report holds is not lost."""
    reading = recognise(document("某县2024年政府信息公开年报", below=("某县政府办公室", SIGNED[1])))
    assert reading.report.other_matters.text == "无。\n某县政府办公室\n2025年1月26日"


def test_opening_sentences_are_a_note() -> None:
    """What a report says before its first section is kept as a note; menus are not."""
    sentence = "根据《条例》编制本报告，统计期限为2024年1月1日至2024年12月31日。"
    reading = recognise(document("首页 > 政务公开 > 年报", TITLE, "来源：某市某网", sentence))
    own = [note for note in reading.report.notes if note.at is None]
    assert [(note.kind, note.text) for note in own] == [("text", sentence)]


# ---- named cells --------------------------------------------------------------------------------


def named(**texts: str) -> Document:
    """Give a workbook whose cells carry names, with other texts in some fields."""
    report = gs.generate(7)
    spans = [
        msgspec.structs.replace(span, name=f"{PREFIX}{span.name}")
        for block in layout(report).blocks
        if isinstance(block, Grid)
        for span in block.spans
        if span.name
    ]
    facts = {"edition": report.edition, "year": "2024", "body.name": "某局", "title": ""} | texts
    spans += [
        Span(text=text, row=0, column=0, name=f"{PREFIX}{path}") for path, text in facts.items()
    ]
    return Document(blocks=(), named=tuple(spans))


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("body.level", "县级", "county"),
        ("body.kind", "政府", "government"),
        ("scope.applications", "本机关", "own"),
        ("other_matters.processing_fee.status", "未收取", "none"),
        ("year", "2023年度", 2023),
        ("body.level", "county", "county"),
    ],
)
def test_fields_in_chinese(path: str, text: str, value: object) -> None:
    """A field of a workbook may be filled in in Chinese."""
    reading = recognise(named(**{path: text}))
    assert gs.get(reading.report, path) == value
    assert codes(reading, "R-FIELD") == []


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("body.level", "无此值"),
        ("scope.disputes", "全部"),
        ("body.division_code", "3"),
        ("published_on", "去年"),
        ("notes", "见附件"),
        ("other_matters.processing_fee.amount", "若干"),
    ],
)
def test_faulty_field_costs_itself(path: str, text: str) -> None:
    """A field that holds none of its values is blank, with a finding; the figures are read."""
    reading = recognise(named(**{path: text}))
    assert [each.operands["at"] for each in reading.findings if each.code == "R-FIELD"] == [path]
    assert dict(gs.walk(reading.report)) == dict(gs.walk(gs.generate(7)))


def test_named_body_and_title_that_disagree() -> None:
    """The field counts before the title, and a finding names both; an empty one takes the title."""
    reading = recognise(named(title=TITLE, **{"body.name": "某市民政局", "year": "2023"}))
    assert (said(reading), codes(reading, "R-BODY", "R-YEAR")) == (
        ("某市民政局", 2023),
        ["R-YEAR", "R-BODY"],
    )
    assert said(recognise(named(title=TITLE, **{"body.name": "", "year": ""}))) == (
        "某市教育局",
        2024,
    )


# ---- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "first", ["[字体：大 中 小]", "[首页](/) > [年报](/nb/) > 正文", "[1]某网"]
)
def test_text_that_begins_like_json(first: str, tmp_path: Path) -> None:
    """A text that begins with a bracket is read as a text."""
    report = gs.generate(7)
    gs.write(report, tmp_path / "report.md")
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    for suffix in ("md", "txt"):
        path = tmp_path / f"page.{suffix}"
        path.write_text(f"{first}\n\n{text}", encoding="utf-8")
        assert said(gs.read(path)) == (report.body.name, report.year)
