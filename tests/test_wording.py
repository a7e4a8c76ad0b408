"""
How the library speaks Chinese: the words of an office with the printed form in hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import damage
import damaged_pages
import pytest
from data_files import DATA, read
from golden import inputs
from page_files import FORMATS, write
from reports import EXAMPLE_FOLDER

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.messages import phrase

ROOT: Final = Path(__file__).parents[1]
AVOIDED: Final = {
    "读不了": "无法读取",
    "读不出": "无法读取",
    "写不了": "无法写入",
    "打不开": "无法打开",
    "输出不了": "无法输出",
    "认不出": "无法识别",
    "加成": "汇总",
    "可以不管": "如情况属实，可忽略",
    "填串": "可能填错行或栏",
    "漏计了": "可能漏计",
    "「": "“",
    "」": "”",
}
"""Words that no message says, and what it says instead."""
LATIN: Final = re.compile("[A-Za-z][A-Za-z_.-]*")
KNOWN: Final = re.compile(
    "JSON|UTF-8|NaN|-?Infinity|null|[uU]|Word|WPS|Excel|PDF|OCR|LibreOffice|govinfo-schema|schema|E"
)
"""Names of programs and formats, and what the text of a data file itself has to say."""
QUOTED: Final = re.compile("“[^“”]*”|‘[^‘’]*’")
OWN_WORDS: Final = frozenset(
    value
    for words in read("readings")["values"].values()
    for value in words
    if value not in ("text", "none", "own")
)
"""Values of fields as data have them: the Chinese word stands in a message."""


def texts(node: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Yield every Chinese text of a data file, with the path to it."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, str) and key in ("zh", "zh_note"):
                yield at, value
            else:
                yield from texts(value, f"{at}.{key}")
    elif isinstance(node, list):
        for number, value in enumerate(node):
            yield from texts(value, f"{at}.{number}")


def unquoted(message: str) -> str:
    """Return a message without its quotations, which repeat a file or the form."""
    while (shorter := QUOTED.sub("", message)) != message:
        message = shorter
    return message


def foreign(message: str) -> list[str]:
    """Return what an office would not understand in a message: ids, values of data, other Latin."""
    return [
        word for word in LATIN.findall(unquoted(message)) if not KNOWN.fullmatch(word.strip(".-"))
    ]


# ---- the catalogue ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [path.stem for path in sorted(DATA.glob("*.toml"))])
def test_chinese_has_one_kind_of_quotation_marks_and_no_word_to_avoid(name: str) -> None:
    """Every Chinese text of the data says what an office would write, and quotes with “”."""
    for at, text in texts(read(name)):
        assert [word for word in (*AVOIDED, '"', "'") if word in text] == [], at
        assert text.count("“") == text.count("”"), at


@pytest.mark.parametrize(
    "path",
    [ROOT / "README.zh-CN.md", *sorted(ROOT.glob("docs/**/*.zh-CN.md"))],
    ids=lambda path: str(path.name),
)
def test_chinese_pages_have_no_word_to_avoid(path: Path) -> None:
    """The pages of the documentation use the same words as the messages."""
    text = path.read_text(encoding="utf-8")
    assert [word for word in AVOIDED if word in text] == []


def test_quotation_inside_a_quotation() -> None:
    """A label that quotes is itself quoted with ‘’ inside; English is left as it is."""
    label = gs.edition("2021").cells[
        "applications.outcomes.withheld.security_and_stability.natural_person"
    ]
    facts = {"name": label.zh, "before": 1, "after": 2}
    told = phrase("compare.change", "zh", **facts)
    assert told == "“（三）不予公开 · 3.危及‘三安全一稳定’ · 自然人”：1 → 2"
    assert "“三安全一稳定”" in phrase("compare.change", "en", **facts)
    alone = phrase("R-TEXT", "zh", names="“一格”", text="“5")
    assert alone == "“一格”这一格是““5”，不是数字，按空白处理。"


# ---- what is said of reports and documents ------------------------------------------------------


def test_no_id_and_no_value_of_data_in_what_is_said_of_reports() -> None:
    """What ``check``, ``plausible`` and ``locate`` say of damaged reports is Chinese all over."""
    groups = (inputs.damaged, inputs.holed, inputs.odd, inputs.full)
    reports = [report for group in groups for report in [*group().values()][::3]]
    said = [
        finding.message("zh")
        for report in reports
        for finding in (*gs.check(report).findings, *gs.plausible(report))
    ]
    said += [
        each.message(report.edition, "zh")
        for report in reports[::5]
        for each in gs.locate(report)[:3]
    ]
    assert len(set(said)) > 200
    assert [each for each in set(said) if foreign(each)] == []


def test_no_id_and_no_value_of_data_in_what_is_said_of_data() -> None:
    """
    Faults of data are told by the labels of the form and the Chinese words for its values; what is
    in the file itself stands in quotation marks.
    """
    said = set()
    for number in range(120):
        try:
            gs.loads(damage.document(number).text)
        except gs.InvalidReport as error:
            said |= {each.message("zh") for each in error.findings if each.about == "schema"}
    assert len(said) > 100
    assert [each for each in said if foreign(each)] == []
    listed = [each.partition("，现为")[0] for each in said if "只能是" in each]
    assert [each for each in listed for word in OWN_WORDS if word in each] == []
    assert any("只能是“政府”、“部门”、“派出机构”、“授权组织”或空白" in each for each in listed)


def test_no_id_and_no_value_of_data_in_what_is_said_of_documents(tmp_path: Path) -> None:
    """What reading damaged pages leaves in doubt is Chinese all over."""
    said = set()
    for number in range(30):
        made = damaged_pages.damaged(31, number)
        path = tmp_path / f"{number}.html"
        write(made.page, FORMATS[made.way], path)
        try:
            said |= {finding.message("zh") for finding in gs.read(path).findings}
        except gs.UnreadableFile as error:
            said.add(error.problem.zh)
    assert len(said) > 30
    assert [each for each in said if foreign(each)] == []


# ---- the command --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["check", "locate"])
def test_codes_stand_behind_the_sentence_and_ids_in_verbose_alone(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A line tells level and sentence, and its code behind them; ``--verbose`` adds below it the legal
    sources and the ids of its cells.
    """
    path = tmp_path / "年报.json"
    path.write_bytes((EXAMPLE_FOLDER / "2021-pingtan-haitanpianqu.json").read_bytes())
    cell = "applications.outcomes.total.natural_person"
    main([command, str(path)])
    plain = capsys.readouterr().out
    assert cell not in plain
    told = [re.sub(r" \[[A-Z0-9, -]+\]$", "", line) for line in plain.splitlines()]
    assert [line for line in told if foreign(line.replace(str(path), ""))] == []
    assert ("。 [CELL]\n" in plain) is (command == "check")
    main([command, "--verbose", str(path)])
    verbose = capsys.readouterr().out
    assert f"    数字项：{cell}\n" in verbose or f"   数字项：{cell}\n" in verbose
    assert ("    依据：国办公开办函〔2019〕60号附件" in verbose) is (command == "check")
    assert [line for line in verbose.splitlines() if line in plain.splitlines()] == (
        plain.splitlines()
    )


def test_doubts_of_reading_say_their_code_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``read`` tells doubts in the same way."""
    path = tmp_path / "年报.md"
    report = gs.replace(gs.generate(5, "2021"), {"proactive.licensing.decisions": None})
    gs.write(report, path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("| 行政许可 |  |", "| 行政许可 | 待定 |"), encoding="utf-8")
    for option, told in (([], False), (["--verbose"], True)):
        assert main(["read", str(path), *option]) == 0
        said = capsys.readouterr().err
        assert "这一格是“待定”，不是数字，按空白处理。" in said
        assert " [R-TEXT]\n" in said
        assert ("    数字项：proactive.licensing.decisions\n" in said) is told
