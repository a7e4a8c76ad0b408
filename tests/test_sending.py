"""A check as a page to send and as a list of problems: what stands on it is what the JSON says."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

import attrs
import openpyxl
import pytest
from browsing import opened, printed, with_axe
from lxml import html as parser
from programs import needs_axe, needs_chromium
from reports import EXAMPLES, filled

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.messages import phrase
from govinfo_schema.pages.page import page
from govinfo_schema.pages.results import Result
from govinfo_schema.pages.worklist import WIDTHS, as_csv, as_workbook, lines
from govinfo_schema.testing import Damage

Tree: TypeAlias = Any
Run = Callable[..., tuple[int, str, str]]
Lang = Literal["zh", "en"]
LANGS: Final[tuple[Lang, ...]] = ("zh", "en")
HOSTILE: Final = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;",
    "=1+1",
    "+SUM(A1)",
    "-2+3",
    "@SUM(A1)",
    "某市\u202e局政\u2066府\x07",
    "');}</style><b>某市",
)
"""Names of bodies that do something where they are not taken for texts."""
DAY: Final = date(2026, 2, 3)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run the command: exit code, standard output, standard error."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def result(report: gs.Report, path: str = "report.docx", *findings: gs.Finding) -> Result:
    """Give what came of a report, as the command line makes it."""
    reading = gs.Reading(report=report, sources={}, findings=findings)
    return Result.of(path, reading, gs.check(report), gs.plausible(report), gs.problems(report))


def parsed(text: str) -> Tree:
    """Parse a page."""
    return parser.document_fromstring(text)


def text_of(node: Tree) -> str:
    """Give the text of an element, its spaces folded."""
    return " ".join("".join(node.itertext()).split())


def numbers(node: Tree) -> list[int]:
    """Give the numbers in the cells of a row that hold one."""
    return [int(cell.text) for cell in node.iterfind("td[@class='n']") if cell.text]


def anchors(node: Tree) -> list[str]:
    """Give the rows that a part of a page leads to."""
    return [each.get("href")[1:] for each in node.iter("a")]


# ---- a folder -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of reports: right, wrong in several ways, blank, doubtful, and none at all."""
    path = tmp_path_factory.mktemp("reports")
    kinds: tuple[Damage, ...] = ("single", "swapped", "stale_total", "zero_column")
    for number, kind in enumerate(kinds, 1):
        suffix = ("docx", "html", "md", "json")[number - 1]
        wrong = gs.damage(gs.generate(3), kind, number)
        named = gs.replace(wrong.report, {"body.name": f"甲{number}县人民政府"})
        gs.write(named, path / f"{number}.{suffix}")
    for example in EXAMPLES:
        shutil.copy(example, path)
    same = gs.damage(gs.generate(3), "zero_column", 4).report
    gs.write(gs.replace(same, {"body.name": "乙县人民政府"}), path / "same.html")
    gs.write(filled(body="丙县人民政府"), path / "doubtful.html")
    text = (path / "doubtful.html").read_text(encoding="utf-8")
    (path / "doubtful.html").write_text(text.replace(">0</td>", ">若干</td>", 3), encoding="utf-8")
    negative = gs.to_dict(gs.generate(5))
    negative["applications"]["received"]["total"] = -4
    (path / "negative.json").write_text(json.dumps(negative, default=str), encoding="utf-8")
    for name in ("cut.docx", "short.docx"):
        (path / name).write_bytes(b"PK\x03\x04")
    (path / "other.html").write_text("<html><body><p>工作总结</p></body></html>", encoding="utf-8")
    return path


@attrs.frozen
class Both:
    """The page of a folder, and what ``--format json`` prints of the same paths."""

    page: Tree
    html: str
    results: list[dict[str, Any]]
    summary: dict[str, int]
    lang: Lang

    def rows(self) -> dict[str, Tree]:
        """Give the rows of the reports by their ids."""
        found: dict[str, Tree] = {
            each.get("id"): each for each in self.page.xpath("//section[@id='reports']//tbody/tr")
        }
        return found

    def paths(self) -> dict[str, dict[str, Any]]:
        """Give the results by the ids of their rows."""
        by_base = {Path(each["path"]).name: each for each in self.results}
        return {
            name: by_base[text_of(row.xpath("./th//bdi")[-1])] for name, row in self.rows().items()
        }


@pytest.fixture(scope="module", params=LANGS)
def both(request: pytest.FixtureRequest, folder: Path, tmp_path_factory: Any) -> Both:
    """Check the folder twice, as a page and as data, in each language."""
    out = tmp_path_factory.mktemp("sent")
    made, data = out / "page.html", io.StringIO()
    command = ["check", str(folder), "--lang", request.param]
    assert main([*command, "--format", "html", "--out", str(made)]) == 2
    with redirect_stdout(data):
        assert main([*command, "--format", "json"]) == 2
    told = json.loads(data.getvalue())
    text = made.read_text(encoding="utf-8")
    return Both(parsed(text), text, told["results"], told["summary"], request.param)


def test_tiles_count_the_verdicts(both: Both) -> None:
    """Each tile has the count that the summary of the JSON has, and the first all reports."""
    tiles = {
        each.find("input").get("id")[2:]: int(each.find("b").text)
        for each in both.page.xpath("//fieldset/label")
    }
    assert tiles == {**both.summary, "all": sum(both.summary.values())}
    assert min(both.summary.values()) > 0


def test_rows_have_the_numbers_of_the_json(both: Both) -> None:
    """Each report is one row with its verdict and its counts, those with most broken sums first."""
    found = both.paths()
    assert len(found) == len(both.results) == len({each["path"] for each in found.values()})
    for name, row in both.rows().items():
        told = found[name]
        warnings = sum(each["level"] == "warning" for each in told["findings"])
        counts = [] if told["held"] is None else [told["broken"], told["unknown"], warnings]
        assert [row.get("class"), *numbers(row)[1:]] == [told["verdict"], *counts]
        assert told["body"] is None or told["body"] in text_of(row)
    broken = [each["broken"] or 0 for each in found.values()]
    assert broken == sorted(broken, reverse=True)


def test_rules_have_the_numbers_of_the_json(both: Both) -> None:
    """Of each rule stands there how many equations are broken, in how many reports, and unknown."""
    counts: dict[str, list[int]] = {}
    sources: dict[str, set[str]] = {}
    for told in both.results:
        for rule in (one["rule"] for one in told["findings"] if one["symptoms"]):
            named = {each[both.lang] for each in rule["sources"]}
            sources.setdefault(rule["code"], set()).update(named)
        own: dict[str, list[int]] = {}
        for equation in (each for one in told["findings"] for each in one["symptoms"]):
            kinds = own.setdefault(equation["rule"], [0, 0])
            kinds[equation["difference"] is None] += 1
        for code, (broken, unknown) in own.items():
            sums = counts.setdefault(code, [0, 0, 0])
            for place, number in enumerate((broken, bool(broken), unknown)):
                sums[place] += number
    rows = both.page.xpath("//section[@id='rules']//tbody/tr")
    assert {row.find("th/small").text: numbers(row) for row in rows} == counts
    for row in rows:
        assert sources.get(row.find("th/small").text, set()) <= set(row.xpath("td[last()]/text()"))


def test_wrong_figures_have_the_numbers_of_the_json(both: Both) -> None:
    """The figures that are wrong most often are those of the best explanations."""
    counts: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    for told in both.results:
        for problem in told.get("problems", ()):
            cells = [each["cell"] for each in problem["changes"]]
            labels = [getattr(gs.edition(told["edition"]).cell(each), both.lang) for each in cells]
            counts.update(labels)
            decided.update(labels if problem["decided"] else ())
    rows = both.page.xpath("//section[@id='figures']//tbody/tr")
    shown = {text_of(row.find("th")): numbers(row) for row in rows}
    assert shown == {label: [counts[label], decided[label]] for label in shown}
    assert sorted(counts.values(), reverse=True)[: len(shown)] == [
        each[0] for each in shown.values()
    ]


def test_findings_are_told_once(both: Both) -> None:
    """
    Each sentence beside the problems stands there once, with the reports that it is about, and each
    code with their number.
    """
    expected: dict[tuple[str, str], dict[str, set[str]]] = {}
    for name, told in both.paths().items():
        for each in told["findings"] if told["held"] is not None else ():
            if not any(one["difference"] for one in each["symptoms"]):
                sentence = each["message"][both.lang]
                if each["code"] == "BLANK":
                    (one,) = each["symptoms"]
                    label = each["rule"]["label"][both.lang]
                    facts = {"where": one["where"][both.lang], "rule_label": label}
                    sentence = phrase("page.blank", both.lang, **facts)
                own = expected.setdefault((each["code"], each["level"]), {})
                own.setdefault(sentence, set()).add(name)
    found: dict[tuple[str, str], dict[str, set[str]]] = {}
    for group in both.page.xpath("//section[@id='findings']/div"):
        code, count = group.find("h3/small").text.split(" · ")
        level = group.find("h3/span").get("class").split()[1]
        own = found.setdefault((code, level), {})
        for item in group.iterfind("ul/li"):
            for sentence in item.xpath("text()"):
                assert sentence not in own
                own[sentence] = set(anchors(item))
        names = {name for some in own.values() for name in some}
        assert int(re.findall("[0-9]+", count)[0]) == len(names)
    assert found == expected


def test_refusals_are_told_by_their_reason(both: Both) -> None:
    """Each reason why files could not be read stands there once, with these files."""
    items = both.page.xpath("//section[@id='refused']/ul/li")
    found = {each.text: sorted(anchors(each)) for each in items}
    expected: dict[str, list[str]] = {}
    for name, told in both.paths().items():
        if told["verdict"] == "unreadable":
            expected.setdefault(told["problem"][both.lang], []).append(name)
    assert found == {reason: sorted(names) for reason, names in expected.items()}
    assert max(map(len, found.values())) == 2


def test_links_lead_to_what_is_there(both: Both) -> None:
    """A link leads to a place of the page, and no two elements share a name."""
    names = both.page.xpath("//@id")
    assert len(names) == len(set(names))
    assert set(anchors(both.page)) <= set(names)


# ---- one report ---------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("suffix", ["docx", "html", "json"])
def test_page_of_one_report(run: Run, tmp_path: Path, suffix: str, lang: Lang) -> None:
    """
    The page says the verdict, and of each problem where it stands, what it says and should be, how
    to mend it and by what law; the form has the figure at the place that the problem leads to.
    """
    spoilt = gs.damage(gs.generate(3), "single", 1)
    (cell,) = spoilt.wrong
    gs.write(spoilt.report, tmp_path / f"report.{suffix}")
    status, out, _ = run("check", tmp_path / f"report.{suffix}", "--format", "html", "--lang", lang)
    shown = parsed(out)
    assert status == 1
    assert shown.get("lang") == ("zh-CN" if lang == "zh" else "en")
    (item,) = shown.xpath("//section[@id='problems']/ol/li")
    (row,) = item.xpath(".//tbody/tr")
    label = getattr(gs.edition("2021").cell(cell), lang)
    place = gs.read(tmp_path / f"report.{suffix}").sources.get(cell)
    told = [text_of(each) for each in row]
    assert [told[0], *told[2:]] == [label, str(spoilt.wrong[cell]), str(spoilt.right[cell])]
    assert told[1] == cell if place is None else str(place.place.row) in told[1]
    assert len(gs.check(spoilt.report).broken) == 2
    facts = [text_of(each) for each in item.xpath("./dl/div/dd")]
    assert len(facts) == 3
    assert facts[0] == phrase("page.mend.decided", lang, count=2)
    assert "30" in facts[2]
    (marked,) = shown.xpath(f"//td[@id='{cell}']")
    assert anchors(row) == [cell]
    assert text_of(marked).startswith(str(spoilt.wrong[cell]))
    assert phrase("broken", lang, broken=2, held=40, unknown=0) in text_of(shown)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_page_is_not_read_as_a_report(run: Run, tmp_path: Path, lang: Lang) -> None:
    """A page that was sent shows a report, and nobody takes it for one when it is read."""
    path = tmp_path / "wrong.docx"
    gs.write(gs.damage(gs.generate(4, "2019"), "single", 1).report, path)
    target = tmp_path / "page.html"
    assert run("check", str(path), "--format", "html", "--out", str(target), "--lang", lang)[0] == 1
    with pytest.raises(gs.UnreadableFile, match="not a report"):
        gs.read(target)


def test_page_of_a_right_report_and_of_none(run: Run, tmp_path: Path) -> None:
    """A report without problems has a page too, and so has a file that cannot be read."""
    gs.write(gs.generate(3), tmp_path / "right.docx")
    status, out, _ = run("check", tmp_path / "right.docx", "--format", "html")
    assert status == 0
    assert "通过：42 条勾稽关系全部成立" in out
    assert 'id="problems"' not in out
    status, out, _ = run("check", tmp_path / "none.docx", "--format", "html")
    assert status == 2
    assert "没有这个文件或文件夹" in out
    assert 'id="form"' not in out


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("several", [False, True])
def test_page_does_nothing(several: bool, lang: Lang) -> None:
    """
    A page loads nothing and runs nothing, whatever the names and texts of a report are; every name
    is shown, signs that turn the text around them excepted.
    """
    for name in HOSTILE:
        facts = {"body.name": name, "title": name, "overview": name, "problems": name}
        note = gs.Note(kind="text", text=name)
        report = attrs.evolve(
            gs.damage(gs.replace(gs.generate(3), facts), "single", 1).report, notes=(note,)
        )
        one = result(report, path=f"{name}.docx")
        text = page([one, one] if several else [one], lang, on=DAY)
        shown = parsed(text)
        tags = {each.tag for each in shown.iter() if isinstance(each.tag, str)}
        assert not tags & {"script", "img", "link", "iframe", "object", "form", "base", "svg"}
        assert text.count("<style>") == text.count("</style>") == 1
        assert not re.search(r"url\(|@import", text)
        sources = shown.xpath("//@src | //@href[not(starts-with(., '#'))] | //@action")
        assert sources == []
        assert [each for each in shown.xpath("//@*") if each.attrname.startswith("on")] == []
        assert re.sub(r"[\u202e\u2066\x07]", "□", name) in text_of(shown)
        assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x00-\x08]", text)


def test_page_of_300_reports_is_small() -> None:
    """The page of 300 reports, a third of them wrong, has at most 300 KB."""
    made = [gs.generate(seed) for seed in range(3, 63)]
    kinds: tuple[Damage, ...] = ("single", "pair")
    found = []
    for number in range(300):
        report = made[number % 60]
        if number % 3 == 0:
            report = gs.damage(report, kinds[number % 2], number).report
        named = gs.replace(
            report, {"body.name": f"某市第{number}区住房和城乡建设局", "overview": "有。"}
        )
        found.append(result(named, f"某市/{number:03}-第{number}区住房和城乡建设局.docx"))
    for lang in LANGS:
        assert len(page(found, lang, on=DAY).encode()) < 300_000


def test_heads_of_the_form_are_repeated_on_paper(run: Run, tmp_path: Path) -> None:
    """Where the large table breaks over pages, its head is printed again; no row is lost by it."""
    gs.write(gs.damage(gs.generate(3), "single", 1).report, tmp_path / "a.html")
    _, out, _ = run("check", tmp_path / "a.html", "--format", "html")
    large = parsed(out).xpath("//*[@id='form']//table")[1]
    assert [len(large.xpath(f"./{part}/tr")) for part in ("thead", "tbody")] == [3, 25]
    assert "自然人" in text_of(large.find("thead"))
    (style,) = re.findall(r"\bthead {([^}]*)}", out.partition("@media print")[2])
    assert "break-inside: avoid" in style


# ---- the list of problems -----------------------------------------------------------------------


def table(data: bytes) -> list[list[Any]]:
    """Give the rows of a list as a workbook."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [["" if each is None else each for each in row] for row in sheet.values]


def listed(data: bytes) -> list[list[str]]:
    """Give the rows of a list as CSV."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("lang", LANGS)
def test_list_has_a_row_for_each_problem(
    folder: Path, tmp_path: Path, run: Run, lang: Lang
) -> None:
    """
    A list has what the JSON has: a row for each problem and each other finding, with file, body and
    year; the workbook and the CSV say the same, and the last column is left to the office.
    """
    command = ("check", folder, "--lang", lang, "--format")
    _, out, _ = run(*command, "json")
    for name in ("list.xlsx", "list.csv"):
        assert run(*command, name[5:], "--out", tmp_path / name)[0] == 2
    book = table((tmp_path / "list.xlsx").read_bytes())
    text = listed((tmp_path / "list.csv").read_bytes())
    assert [[str(each) for each in row] for row in book] == text
    assert book[0] == [phrase(f"list.{name}", lang) for name in WIDTHS]
    counts = Counter(row[0] for row in book[1:])
    for told in json.loads(out)["results"]:
        if told["verdict"] == "unreadable":
            expected = 1
        else:
            others = [
                each
                for each in told["findings"]
                if not any(one["difference"] for one in each["symptoms"])
            ]
            blank = sum(each["code"] == "BLANK" for each in others)
            expected = len(told["problems"]) + len(others) - blank + bool(blank)
        name = Path(told["path"]).name
        assert counts[name] == expected, name
        for row in book:
            if row[0] == name and told["body"]:
                assert row[1:3] == [told["body"], told["year"]]
    assert {row[-1] for row in book[1:]} == {""}
    (single,) = [row for row in book if row[0] == "1.docx"]
    assert single[3] == phrase("error", lang)
    assert isinstance(single[7], int)
    assert isinstance(single[8], int)
    assert all(single[:-1])


def test_list_is_ready_to_work_with() -> None:
    """The head of the workbook stays in view, its columns filter, texts are wrapped."""
    broken = result(gs.damage(gs.generate(3), "zero_column", 1).report)
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook([broken], "zh"))).active
    assert sheet is not None
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.print_title_rows == "$1:$1"
    assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)
    assert [sheet.column_dimensions[letter].width for letter in "ABCDEFGHIJKL"] == [
        *WIDTHS.values()
    ]
    assert table(as_workbook([], "zh")) == [[phrase(f"list.{name}", "zh") for name in WIDTHS]]


@pytest.mark.parametrize("name", HOSTILE)
def test_name_is_never_a_formula(name: str) -> None:
    """A body whose name begins like a formula stays a text, in the workbook and in CSV."""
    report = gs.replace(gs.damage(gs.generate(3), "single", 1).report, {"body.name": name})
    one = result(report, path=f"{name}.docx")
    sheet = openpyxl.load_workbook(io.BytesIO(as_workbook([one], "zh"))).active
    assert sheet is not None
    for row in sheet.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n")
            assert cell.data_type == "n" or cell.quotePrefix == str(cell.value).startswith(
                ("=", "+", "-", "@")
            )
    assert sheet["B2"].value == name.replace("\x07", "")
    (_, row_of_csv, *_) = listed(as_csv([one], "zh"))
    assert not any(each.startswith(("=", "+", "-", "@")) for each in row_of_csv)
    assert row_of_csv[1].removeprefix("'") == name.replace("\x07", "")


def test_every_change_of_a_problem_is_in_its_row() -> None:
    """A problem of several figures is one row with one line for each of them."""
    broken = result(gs.damage(gs.generate(3), "zero_column", 1).report)
    (problem,) = broken.problems
    (first, *_) = lines([broken], "zh")
    assert len(problem.changes) > 5
    names = [gs.edition("2021").cells[each.cell].zh for each in problem.changes]
    assert first.figure.splitlines() == names
    assert str(first.found).splitlines() == [str(each.found) for each in problem.changes]
    assert str(first.should_be).splitlines() == [str(each.should_be) for each in problem.changes]


@pytest.mark.parametrize(("text", "found"), [("-12", -12), ("十几", "十几")])
def test_what_is_no_figure_is_told_as_it_stands(
    tmp_path: Path, run: Run, text: str, found: object
) -> None:
    """
    A list says what stands in a cell that is no count, and to put the right figure there; that the
    cell is blank, or that it should be 0, nothing says.
    """
    cell = "applications.outcomes.granted.commercial_enterprise"
    gs.write(gs.replace(gs.generate(3), {cell: 777_777}), tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    (tmp_path / "a.html").write_text(page.replace("777777", text), encoding="utf-8")
    assert (
        run("check", tmp_path / "a.html", "--format", "xlsx", "--out", tmp_path / "a.xlsx")[0] == 0
    )
    rows = [row for row in table((tmp_path / "a.xlsx").read_bytes()) if "商业企业" in row[6]]
    assert len(rows) == 2
    for row in rows:
        assert row[4].endswith("请改为正确的数。")
        assert row[7] == found
    _, shown, _ = run("check", tmp_path / "a.html")
    assert "是空白" not in shown
    assert shown.count("以下各项没有读出数字") == 2
    _, located, _ = run("locate", tmp_path / "a.html")
    assert "2 条未能核对" in located
    assert re.search("一）予以公开 · 商业企业.*（位置：第 2 个表第 6 行）", located)
    gs.write(gs.generate(1), tmp_path / "b.html")
    _, both, _ = run("check", tmp_path, "--format", "html")
    (row,) = [
        each
        for each in parsed(both).xpath("//*[@id='reports']//tbody/tr")
        if "a.html" in text_of(each)
    ]
    assert "请改为正确的数" in text_of(row[-1])
    assert f"{found}" in text_of(row[-1])
    assert "第 2 个表第 6 行" in text_of(row[-1])


# ---- where it is written ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["page.html", "list.csv", "list.xlsx"])
def test_file_is_replaced_only_with_force(run: Run, tmp_path: Path, name: str) -> None:
    """A file that exists is left as it is unless ``--force`` is said."""
    (tmp_path / name).write_text("mine", encoding="utf-8")
    command = ("check", EXAMPLES[0], "--format", name[5:], "--out", tmp_path / name)
    status, _, err = run(*command)
    assert (status, (tmp_path / name).read_text(encoding="utf-8")) == (2, "mine")
    assert "--force" in err
    status, _, err = run(*command, "--force")
    assert status == 0
    assert "已写入" in err
    assert (tmp_path / name).read_bytes() != b"mine"


def test_page_and_list_go_to_standard_output(capfdbinary: Any) -> None:
    """Without ``--out``, or with ``-``, a page and a CSV are printed, a workbook never."""
    paths = ["check", str(EXAMPLES[0])]
    assert main([*paths, "--format", "html"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"<!DOCTYPE html>")
    assert main([*paths, "--format", "csv", "--out", "-"]) == 0
    assert listed(capfdbinary.readouterr().out)[0][0] == "文件"
    assert main([*paths, "--format", "xlsx"]) == 2
    printed = capfdbinary.readouterr()
    assert printed.out == b""
    assert "--out" in printed.err.decode()


def test_target_has_the_suffix_of_what_is_written(run: Run, tmp_path: Path) -> None:
    """A page is not written under the name of a Word file, nor over what is read."""
    status, _, err = run("check", EXAMPLES[0], "--format", "html", "--out", tmp_path / "a.docx")
    assert status == 2
    assert ".html" in err
    gs.write(filled(), tmp_path / "report.html")
    source = tmp_path / "report.html"
    status, _, err = run("check", source, "--format", "html", "--out", source, "--force")
    assert status == 2
    assert gs.read(source).report.year == 2024
    assert run("check", source, "--format", "html", "--resume")[0] == 2
    (tmp_path / "many.jsonl.gz").write_bytes(b"\x1f\x8b")
    status, _, err = run("check", tmp_path / "many.jsonl.gz", "--format", "html")
    assert (status, "请先解压" in err) == (2, True)


def test_other_commands_load_no_page() -> None:
    """A check in text loads nothing that only pages and lists need."""
    code = (
        "import sys; from govinfo_schema.cli import main; "
        f"main(['check', {str(EXAMPLES[0])!r}]); print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    rooms = {each for each in loaded if each.startswith("govinfo_schema.pages")}
    assert rooms == {"govinfo_schema.pages", "govinfo_schema.pages.results"}


# ---- in a browser -------------------------------------------------------------------------------

CHOSEN = (
    "addEventListener('load', () => { const found = {}; "
    "const rows = () => [...document.querySelectorAll('#reports tbody tr')]"
    ".filter(r => r.checkVisibility()).map(r => r.className); "
    "for (const tile of document.querySelectorAll('fieldset input')) "
    "{ tile.click(); if (!tile.disabled) found[tile.id.slice(2)] = rows(); } "
    "document.body.innerHTML = '<pre>' + JSON.stringify(found) + '</pre>'; })"
)
"""Chooses each tile, and prints the verdicts of the reports that are shown then."""


def permitted(text: str) -> str:
    """Take the policy off a page, which lets no script of a test run."""
    return re.sub("<meta http-equiv=[^>]*>", "", text)


@needs_axe
@pytest.mark.parametrize("scheme", ["0", "1"])
@pytest.mark.parametrize("size", ["390,844", "1280,900"])
def test_page_is_accessible(both: Both, tmp_path: Path, size: str, scheme: str) -> None:
    """
    Both kinds of pages pass axe without a violation, in the dark scheme (0) and the light one (1),
    and scroll sideways on no screen.
    """
    wrong = gs.replace(gs.damage(gs.generate(3), "pair", 1).report, {"overview": None})
    for text in (both.html, page([result(wrong)], both.lang, on=DAY)):
        path = tmp_path / "page.html"
        path.write_text(with_axe(permitted(text)), encoding="utf-8")
        colours = f"--blink-settings=preferredColorScheme={scheme}"
        shown = opened(path.as_uri(), tmp_path, colours, size=size)
        wide, violations, passes = printed(shown)
        assert (violations, wide) == ([], False)
        assert passes > 15


@needs_chromium
def test_tiles_filter_the_reports(both: Both, tmp_path: Path) -> None:
    """A tile that is chosen leaves the reports of its verdict, without a script of the page."""
    path = tmp_path / "page.html"
    chosen = permitted(both.html).replace("</body>", f"<script>{CHOSEN}</script></body>")
    path.write_text(chosen, encoding="utf-8")
    found = printed(opened(path.as_uri(), tmp_path))
    assert {name: len(each) for name, each in found.items()} == {
        **both.summary,
        "all": sum(both.summary.values()),
    }
    assert all(set(each) == {name} for name, each in found.items() if name != "all")


@needs_chromium
def test_page_runs_no_script_and_asks_for_nothing(both: Both, tmp_path: Path) -> None:
    """The policy of a page stops even a script or a picture that stands in it."""
    path = tmp_path / "page.html"
    script = "<script>document.title = 'run'</script><img src='x.png' onerror='document.title=1'>"
    path.write_text(both.html.replace("</main>", f"{script}</main>"), encoding="utf-8")
    before = parsed(both.html).findtext(".//title")
    assert parsed(opened(path.as_uri(), tmp_path)).findtext(".//title") == before
