"""
One problem is one line: the findings of check that belong together, what they share, and the marks.
"""

from __future__ import annotations

import json
import random
import re
import xml.etree.ElementTree as ET
import zipfile
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from programs import needs_office
from reports import EXAMPLE_FOLDER, SHAPES, example

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.layout import layout
from govinfo_schema.form.parts import EditionName
from govinfo_schema.messages import phrase
from govinfo_schema.pages.results import FIGURES
from govinfo_schema.repair.problems import is_broken
from govinfo_schema.testing import KINDS


def spoilt(seed: int, edition: EditionName, undivided: bool) -> gs.Report | None:
    """Damage a random report in one to three ways, with blanks in every third one."""
    dice = random.Random(seed)
    report: gs.Report = gs.generate(seed, edition, undivided=undivided)
    try:
        for kind in dice.choices(KINDS, k=dice.randint(1, 3)):
            report = gs.damage(report, kind, seed).report
    except ValueError:
        return None
    if seed % 3 == 0:
        cells = [cell for cell, value in gs.walk(report) if value is not None]
        report = gs.replace(report, dict.fromkeys(dice.sample(cells, dice.randint(1, 9))))
    return report


def name(equation: gs.Equation) -> tuple[str, tuple[str, ...]]:
    """Name an equation of a form."""
    return equation.rule.code, equation.right


@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
def test_every_broken_finding_is_in_one_problem(edition: EditionName, undivided: bool) -> None:
    """
    Each finding of check about a broken sum is in exactly one problem; the changes of each problem,
    made alone, mend its sums and no others, and those of all together leave none broken.
    """
    several = 0
    for seed in range(110):
        report = spoilt(seed, edition, undivided)
        if report is None:
            continue
        for blanks in ("unknown", "zero") if seed % 3 == 0 else ("unknown",):
            assessment = gs.check(report, blanks)
            problems = gs.problems(report, blanks)
            several += len(problems) > 1
            findings = [each for each in assessment.findings if is_broken(each)]
            told = [each for problem in problems for each in problem.findings]
            assert sorted(map(findings.index, told)) == list(range(len(findings)))
            after = report
            for each in problems:
                alone = gs.check(gs.replace(report, each.suspects), blanks)
                left = set(map(name, assessment.broken)) - set(map(name, each.equations))
                assert set(map(name, alone.broken)) == left
                after = gs.replace(after, each.suspects)
            assert not gs.check(after, blanks).broken
            for one, other in combinations(problems, 2):
                assert not one.suspects.keys() & other.suspects.keys()
    assert several > 10


@pytest.mark.parametrize("suffix", ["html", "docx", "md"])
def test_marked_documents_read_back_the_same(suffix: str, tmp_path: Path) -> None:
    """
    Marks are no part of a report: a document with strong and faint marks, and with what figures
    should be beside them, is read as the same document without marks is, every doubt included.
    """
    seen: set[str] = set()
    for seed in range(15):
        edition, undivided = SHAPES[seed % 3]
        report = spoilt(seed, edition, undivided)
        if report is None:
            continue
        blanks: gs.Blanks = "zero" if seed % 2 else "unknown"
        marked, plain = tmp_path / f"marked{seed}.{suffix}", tmp_path / f"plain{seed}.{suffix}"
        gs.write(report, marked, assessment=gs.check(report, blanks))
        gs.write(report, plain)
        one, other = gs.read(marked), gs.read(plain)
        assert one.report == other.report
        assert one.findings == other.findings
        for block in layout(report, gs.problems(report, blanks)).blocks:
            if isinstance(block, Grid):
                seen |= {span.mark for span in block.spans}
    assert seen == {"", "suspect", "bystander"}


def test_marks_are_seen_without_colour(tmp_path: Path) -> None:
    """
    A figure that is likely wrong is bold and has what it should be beside it; where it is not sure
    which figure it is, with a question mark; the others of its sum are in italics.
    """
    row = "disputes.reconsideration"
    zeros = dict.fromkeys(gs.edition("2021").cells, 0)
    report = gs.replace(gs.blank("2021", year=2024, body="某市人民政府"), zeros)
    wrong = gs.replace(report, {f"{row}.total": 8, "applications.received.total": 5})
    for suffix, strong, faint in (
        ("html", "<mark>{}</mark>", '<td id="{}" class="bystander">0</td>'),
        ("md", "**{}**", "<em>0</em>"),
    ):
        gs.write(wrong, tmp_path / f"a.{suffix}", assessment=gs.check(wrong))
        text = (tmp_path / f"a.{suffix}").read_text(encoding="utf-8")
        assert strong.format("5 → 0") in text
        assert strong.format("8 → 0？") in text
        assert faint.format(f"{row}.upheld") in text
    gs.write(wrong, tmp_path / "a.docx", assessment=gs.check(wrong))
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        text = package.read("word/document.xml").decode()
    assert re.search("<w:b/><w:bCs/></w:rPr><w:t [^>]*>5 → 0</w:t>", text)
    assert re.search("<w:i/><w:iCs/></w:rPr><w:t [^>]*>0</w:t>", text)


@needs_office
def test_marked_pdf_reads_back_the_same(tmp_path: Path) -> None:
    """A PDF with marks is read as the one without is."""
    report = gs.damage(gs.damage(gs.generate(5), "zero_column", 5).report, "single", 5).report
    gs.write(report, tmp_path / "marked.pdf", assessment=gs.check(report))
    assert dict(gs.walk(gs.read(tmp_path / "marked.pdf").report)) == dict(gs.walk(report))


# ---- the command line ---------------------------------------------------------------------------


@pytest.fixture
def unfilled() -> gs.Report:
    """Make a report whose 总计 column was never filled in, and with one wrong figure in table 4."""
    report = gs.damage(gs.generate(1), "zero_column", 1).report
    return gs.replace(report, {"disputes.reconsideration.total": 99})


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """Run the command, and give what it prints; what it checks is wrong."""
    assert main([str(each) for each in arguments]) == 1
    return capsys.readouterr().out


def test_one_problem_is_one_line(
    unfilled: gs.Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Of 26 broken sums that are two problems two lines are printed; ``--all`` lists the findings of
    each problem below it.
    """
    gs.write(unfilled, tmp_path / "a.json")
    assessment, problems = gs.check(unfilled), gs.problems(unfilled)
    findings = [each for each in assessment.findings if each.level == "error"]
    assert (len(findings), len(problems)) == (26, 2)
    for lang in ("zh", "en"):
        level = phrase("error", lang)
        short = run(capsys, "check", tmp_path / "a.json", "--lang", lang).splitlines()
        level += {"zh": "：", "en": ": "}[lang]
        told = [line for line in short if line.startswith(f"  {level}")]
        assert told == [f"  {level}{each.message(lang)} [{each.code}]" for each in problems]
        whole = run(capsys, "check", tmp_path / "a.json", "--lang", lang, "--all")
        assert told[0] in whole
        for finding in problems[0].findings:
            assert f"    {finding.message(lang)} [{finding.code}]\n" in whole
    assert "“总计”列 25 格没有填，按分项补上" in problems[0].message()


def test_programs_get_findings_problems_and_places(
    unfilled: gs.Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    JSON keeps all findings and has the problems beside them, each with the numbers of its findings;
    both have the places of their figures, where the file tells them.
    """
    gs.write(unfilled, tmp_path / "a.json")
    gs.write(unfilled, tmp_path / "a.docx")
    for name in ("a.json", "a.docx"):
        result = json.loads(run(capsys, "check", tmp_path / name, "--format", "json"))
        (result,) = result["results"]
        broken = [
            number
            for number, each in enumerate(result["findings"])
            if each["about"] == "sum" and each["level"] == "error"
        ]
        assert len(broken) == 26
        assert sorted(at for each in result["problems"] for at in each["findings"]) == broken
        sources = gs.read(tmp_path / "a.docx").sources if name == "a.docx" else {}
        for each in result["findings"]:
            expected = {
                cell: place_facts(sources[cell].place) for cell in each["cells"] if cell in sources
            }
            assert each["places"] == expected
        for each in result["problems"]:
            assert set(each["places"]) == (
                {change["cell"] for change in each["changes"]} if sources else set()
            )


def place_facts(place: Any) -> dict[str, Any]:
    """Give what is known of a place."""
    names = ("page", "sheet", "table", "row", "column", "line", "locator")
    return {name: getattr(place, name) for name in names if getattr(place, name)}


@pytest.mark.parametrize(
    ("suffix", "place"),
    [
        ("docx", "第 3 个表第 4 行"),
        ("html", "第 3 个表第 4 行"),
        ("md", "第 3 个表第 4 行"),
        ("xlsx", "工作表“年度报告”E63"),
        ("json", ""),
    ],
)
def test_annotations_say_where(
    suffix: str, place: str, unfilled: gs.Report, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A problem is one annotation with its symptoms and its place in the text; the line is given where
    the source is a text file. JUnit says the same in its text.
    """
    path = tmp_path / f"a.{suffix}"
    row = "disputes.reconsideration"
    zeros = dict.fromkeys((f"{row}.{each}" for each in ("upheld", "corrected", "other")), 0)
    report = gs.replace(unfilled, {**zeros, f"{row}.pending": 0, f"{row}.total": 7})
    gs.write(report, path)
    errors = [
        line
        for line in run(capsys, "check", path, "--format", "github").splitlines()
        if line.startswith("::error ")
    ]
    assert len(errors) == 2
    assert errors[0].count("%0A") == FIGURES + 1 + 25
    assert "应为 0（总计没有随分项更新）" in errors[1]
    first = gs.problems(report)[0].changes[0]
    name = gs.edition("2021").cells[first.cell].zh
    assert f"%0A{name}：{first.found} → {first.should_be}" in errors[0]
    assert "%0A等 25 格%0A" in errors[0]
    assert errors[1].endswith(f"（位置：{place}）") is bool(place)
    line = re.search(",line=([0-9]+)", errors[1])
    assert (line is not None) is (suffix in ("html", "md"))
    if line:
        shown = path.read_text(encoding="utf-8").splitlines()[int(line[1]) - 1]
        assert re.search(r"\b7\b", shown)
    suite = ET.fromstring(run(capsys, "check", path, "--format", "junit"))  # noqa: S314 (our own)
    text = suite.findtext("testcase/failure") or ""
    assert len(re.findall(r"\n    .*。 \[B-ROW\]", text)) == 25
    assert place in text


def test_each_figure_of_a_problem_has_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Below a problem of several figures stands each of them, with what it says, what it should be,
    and where it stands: with a question mark where other ways mend the sums as well.
    """
    right = gs.generate(7, "2021")
    row = "applications.outcomes.{}.total".format
    cells = [row(f"withheld.{each}") for each in ("internal_affairs", "process_information")]
    figures: dict[str, Any] = dict(gs.walk(right))
    wrong = gs.replace(right, {each: figures[each] + 3 for each in cells})
    gs.write(wrong, tmp_path / "a.docx")
    (problem,) = gs.problems(wrong)
    printed = run(capsys, "check", tmp_path / "a.docx")
    sources = gs.read(tmp_path / "a.docx").sources
    assert list(problem.suspects) == cells
    for change in problem.changes:
        doubt = "" if problem.decided else "？"
        said = f"{gs.edition('2021').cells[change.cell].zh}：{change.found} → {change.should_be}"
        place = sources[change.cell].place
        assert f"    {said}{doubt}（位置：第 2 个表第 {place.row} 行）\n" in printed


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_the_sums_leave_open_is_told_as_open(
    lang: gs.Lang, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Of a single sum in table 4 that five figures may have broken, no line, page or list says for
    sure which figure is wrong, and a copy is written with the same warning.
    """
    path = tmp_path / "a.docx"
    row = "disputes.reconsideration"
    figures = dict(zip(("upheld", "corrected", "other", "pending"), (3, 1, 2, 5), strict=True))
    figures = {f"{row}.{name}": value for name, value in figures.items()}
    gs.write(gs.replace(gs.generate(3), {**figures, f"{row}.total": 8}), path)
    (problem,) = gs.problems(gs.read(path).report)
    assert problem.ways == 5 - 2  # 2 and 1 are too small to be 3 less
    (change,) = problem.changes
    open_sentence = {
        "zh": "（另有 2 种可能，请核对台账）",
        "en": "(2 more ways; look at the records)",
    }
    assert open_sentence[lang] in run(capsys, "check", path, "--lang", lang)
    page = run(capsys, "check", path, "--lang", lang, "--format", "html")
    (head,) = re.findall(
        "<h3>(.*?)</h3>", page.partition('id="problems"')[2].partition("<table")[0]
    )
    assert open_sentence[lang] in head
    assert f"<b>{change.should_be}{'？' if lang == 'zh' else '?'}</b>" in page
    rows = run(capsys, "check", path, "--lang", lang, "--format", "csv")
    assert open_sentence[lang] in rows
    assert f",{change.found},{change.should_be}{'？' if lang == 'zh' else '?'}," in rows
    assert main(["fix", str(path), "--apply", "2", "--lang", lang]) == 0
    warned = {"zh": "3 种改法中的第 2 种，请核对台账", "en": "number 2 of 3 ways"}
    place = {"zh": "（位置：第 3 个表第 4 行）", "en": "(at table 3, row 4)"}
    said = capsys.readouterr().err
    assert warned[lang] in said
    assert place[lang] in said
    assert run(capsys, "locate", path, "--lang", lang).count(place[lang]) == 3


# ---- what explanations share --------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_explanations_share_is_told_once(
    lang: gs.Lang, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    `locate` tells what all explanations change once, a column of totals in one sentence, then each
    explanation in what it differs; each figure and what it should be stands in the rows below.
    """
    path = EXAMPLE_FOLDER / "2024-pingtan-haitanpianqu.json"
    report = example(path.stem)
    explanations = gs.locate(report)
    assert len(explanations) == 3
    shared = set(explanations.common)
    assert shared == set.intersection(*(set(each.changes) for each in explanations))
    printed = run(capsys, "locate", path, "--lang", lang, "--all").splitlines()
    sentences = [line for line in printed if not line.startswith("   ")]
    assert sentences[1] == explanations.shared_message(lang)
    filled = "4 格没有填，按分项补上" if lang == "zh" else "4 cells were not filled in"
    assert filled in sentences[1]
    for number, each in enumerate(explanations, 1):
        told = sentences[number + 1]
        assert told.startswith(f"{number}. ")
        for change in each.changes:
            label = str(getattr(gs.edition("2021").cells[change.cell], lang))
            if change.cell in explanations.told_once:
                assert label not in told
            elif change.cell not in each.recomputed:
                assert label in told
    arrows = sum(line.count(" → ") for line in printed)
    assert arrows == len(shared) + sum(len(set(each.changes) - shared) for each in explanations)
    facts = json.loads(run(capsys, "locate", path, "--format", "json"))
    assert [each["cell"] for each in facts["common"]] == [each.cell for each in explanations.common]


def test_one_explanation_shares_nothing() -> None:
    """A single explanation is told whole, and changes all that is common."""
    report = example("2021-pingtan-haitanpianqu")
    explanations = gs.locate(report)
    assert explanations.common == explanations[0].changes
    assert explanations.shared_message() == ""
    assert gs.problems(report).common == explanations.common
    held = gs.generate(1)
    assert (len(gs.problems(held)), gs.locate(held).common) == (0, ())


def test_search_is_not_run_twice(monkeypatch: pytest.MonkeyPatch, unfilled: gs.Report) -> None:
    """Problems of explanations that are given, and the page of these, take what was found."""
    explanations = gs.locate(unfilled)
    expected = gs.problems(unfilled)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("the search was run again")

    monkeypatch.setattr("govinfo_schema.repair.problems.explained", refused)
    assert gs.problems(unfilled, explanations=explanations) == expected
    assert "→ " in str(explanations._repr_html_())
    with pytest.raises(AssertionError, match="run again"):
        gs.problems(unfilled)


def test_problems_are_asked_for_rightly(unfilled: gs.Report) -> None:
    """A problem is had by its place, several by a slice; what is no report is refused."""
    problems = gs.problems(unfilled)
    assert problems[:1] == (problems[0],)
    not_a_report: Any = "report"
    with pytest.raises(TypeError, match="problems"):
        gs.problems(not_a_report)
    with pytest.raises(TypeError, match="previous"):
        gs.problems(gs.generate(1), previous=not_a_report)
    wrong: Any = "nought"
    with pytest.raises(ValueError, match="blanks"):
        gs.problems(unfilled, wrong)


def test_last_year_tells_which_figure(unfilled: gs.Report) -> None:
    """What last year's report says decides between figures that the sums leave open."""
    last = gs.replace(gs.generate(1), {"year": unfilled.year - 1})
    row = "applications.brought_forward"
    cells = [cell for cell, _ in gs.walk(last) if cell.startswith("applications.carried_forward.")]
    report = gs.generate(1)
    forward = {
        cell: gs.get(report, cell.replace("carried_forward", "brought_forward")) for cell in cells
    }
    last = gs.replace(last, forward)
    wrong = gs.replace(report, {f"{row}.total": 77})
    (problem,) = gs.problems(wrong, previous=last)
    assert problem.suspects == {f"{row}.total": gs.get(report, f"{row}.total")}
