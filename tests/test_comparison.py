"""``compare``: every difference between two reports is named, and no other."""

from __future__ import annotations

import copy
import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from reports import REPORTS, SHAPES, empty, example, filled
from strategies import reports

import govinfo_schema as gs
from govinfo_schema.cli import main

UPHELD = "disputes.reconsideration.upheld"
FEE = "proactive.administrative_fees.amount"


def applied(data: Any, patch: list[dict[str, Any]]) -> Any:
    """Apply a JSON Patch to a copy of plain data, as RFC 6902 says."""
    data = copy.deepcopy(data)
    for step in patch:
        *above, last = step["path"].split("/")[1:]
        node = data
        for name in above:
            node = node[int(name) if isinstance(node, list) else name]
        key = int(last) if isinstance(node, list) else last
        if step["op"] == "test":
            assert node[key] == step["value"], step
        elif step["op"] == "remove":
            del node[key]
        elif step["op"] == "add":
            assert isinstance(node, list)
            node.insert(key, step["value"])
        else:
            assert step["op"] == "replace"
            node[key] = step["value"]
    return data


@given(reports(), reports())
def test_comparison_says_all_that_differs(before: gs.Report, after: gs.Report) -> None:
    """
    Every figure that differs is a change, in printed order; what differs besides is a text; the
    patch turns one report into the other, whatever their forms.
    """
    comparison = gs.compare(before, after)
    assert bool(comparison) == (before != after)
    assert gs.from_dict(applied(gs.to_dict(before), comparison.patch)) == after
    one, other = dict(gs.walk(before)), dict(gs.walk(after))
    told = {each.cell: (each.before, each.after) for each in comparison.changes}
    assert told == {
        cell: (one.get(cell), other.get(cell))
        for cell in {**one, **other}
        if one.get(cell) != other.get(cell)
    }
    for order in (one, other):
        cells = [each.cell for each in comparison.changes if each.cell in order]
        assert cells == [cell for cell in order if cell in told]
    for lang in ("zh", "en"):
        lines = comparison.message(lang).splitlines()
        assert len(lines) == max(len(comparison.changes) + len(comparison.texts), 1)
    json.dumps(comparison.to_dict())


@pytest.mark.parametrize("stem", sorted(REPORTS))
def test_equal_reports_differ_in_nothing(stem: str) -> None:
    """A report and its copy, read anew, have no difference: the comparison is empty and false."""
    report = REPORTS[stem]
    comparison = gs.compare(report, gs.loads(gs.dumps(report)))
    assert not comparison
    assert (comparison.changes, comparison.texts, comparison.patch) == ((), (), [])
    assert comparison.message("en") == "The two reports are equal."
    assert comparison.to_dict() == {"changes": [], "texts": []}


@pytest.mark.parametrize(
    ("path", "value", "line"),
    [
        (UPHELD, 3, "“行政复议 · 结果维持”：0 → 3"),
        (UPHELD, None, "“行政复议 · 结果维持”：0 → 空白"),
        (FEE, Decimal("12.5"), "“行政事业性收费 · 本年收费金额（单位：万元）”：0 → 12.5"),
        ("year", 2023, "“报告年度”：2024 → 2023"),
        ("title", "年\n报", r"“标题”：空白 → “年\n报”"),
        ("body.name", "某市政府", "“单位名称”：“某市人民政府” → “某市政府”"),
        ("body.level", "county", "“行政层级”：空白 → 县级"),
        ("scope.disputes", "own", "“第四部分统计范围”：空白 → 本机关"),
        ("published_on", date(2025, 1, 31), "“发布日期”：空白 → 2025-01-31"),
        ("problems", "无", "“五、存在的主要问题及改进情况”：空白 → “无”"),
        ("other_matters.processing_fee.status", "none", "“信息处理费收取情况”：未说明 → 未收取"),
    ],
)
def test_difference_is_told_by_its_label(path: str, value: Any, line: str) -> None:
    """Whatever is changed is the only difference, told with the label that is printed."""
    before = filled()
    comparison = gs.compare(before, gs.replace(before, {path: value}))
    differences: list[Any] = [*comparison.changes, *comparison.texts]
    assert [getattr(each, "cell", getattr(each, "path", "")) for each in differences] == [path]
    assert (differences[0].before, differences[0].after) == (gs.get(before, path), value)
    assert comparison.message() == line


def test_long_texts_are_shown_where_they_differ() -> None:
    """Of a long text the message shows what stands around the first character that differs."""
    before = gs.replace(empty(), {"overview": "全年" * 500 + "受理申请 3 件。" + "完" * 500})
    after = gs.replace(before, {"overview": "全年" * 500 + "受理申请 5 件。" + "完" * 500})
    message = gs.compare(before, after).message("en")
    assert "受理申请 3 件" in message
    assert "受理申请 5 件" in message
    assert len(message) < 200


def test_note_that_is_added_is_one_difference() -> None:
    """A note that is put before others, or taken away, is one difference, with its number."""
    notes = tuple(gs.Note(kind="text", text=f"备注{number}") for number in range(4))
    before, after = (attrs.evolve(empty(), notes=part) for part in (notes[1:], notes))
    added, removed = gs.compare(before, after), gs.compare(after, before)
    assert added.texts == (gs.TextDifference(path="notes.0", before=None, after=notes[0]),)
    assert removed.texts == (gs.TextDifference(path="notes.0", before=notes[0], after=None),)
    assert [step["op"] for step in removed.patch] == ["test", "remove"]
    assert added.message("en") == "“note 1”: blank → “text 备注0”"


def test_row_that_is_divided_in_one_report_only() -> None:
    """
    Reports that print （六） in parts and whole are compared: its cells are blank in the other, and
    the row is a difference even where no figure stands in it.
    """
    divided, whole = filled(), empty(undivided=True)
    row = "applications.outcomes.other_handling"
    comparison = gs.compare(divided, whole)
    assert comparison.texts == (gs.TextDifference(path=row, before=3, after=1),)
    assert sum(each.cell.startswith(row) for each in comparison.changes) == 21
    assert f"“{gs.edition('2021').rows[row].zh}”：印成 3 行 → 印成 1 行" in comparison.message()
    assert gs.compare(empty(), whole)
    assert gs.compare(empty(), whole).changes == ()


@pytest.mark.parametrize("shape", SHAPES)
def test_editions_are_compared(shape: tuple[gs.EditionName, bool]) -> None:
    """Of two editions what both have is compared; what one has is blank in the other."""
    name, undivided = shape
    report = gs.generate(5, name, undivided=undivided)
    for other in gs.editions:
        converted = gs.to_edition(report, other)
        comparison = gs.compare(report, converted.report)
        assert bool(comparison) == (name != other)
        kept = {step.cell for step in converted.of("carried")}
        assert not kept & {each.cell for each in comparison.changes if each.after is not None}


@pytest.mark.parametrize("other", [None, 1, {}, "report", gs.RuleSet("2021", "1.0.0", "")])
def test_only_reports_are_compared(other: Any) -> None:
    """What is no report is refused in one line that says which argument it is."""
    with pytest.raises(TypeError, match=r"^compare takes two reports, and after is .*loads.*$"):
        gs.compare(empty(), other)
    with pytest.raises(TypeError, match=r"^compare takes two reports, and before is .*$"):
        gs.compare(other, empty())


# ---- the command line ---------------------------------------------------------------------------


def saved(folder: Path, *given: gs.Report) -> list[str]:
    """Save reports as JSON."""
    paths = [folder / f"{number}.json" for number, _ in enumerate(given)]
    for path, report in zip(paths, given, strict=True):
        path.write_bytes(gs.dumps(report))
    return list(map(str, paths))


def test_compare_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    ``compare`` ends with 0 for equal reports and with 1 for others, and prints the differences in
    either language, or as JSON with a patch that can be applied.
    """
    before = example("2024-pingtan-haitanpianqu")
    after = gs.replace(before, {UPHELD: 30, FEE: Decimal("0.25"), "title": "更正"})
    one, other = saved(tmp_path, before, after)
    assert main(["compare", one, one]) == 0
    assert capsys.readouterr().out == "两份报告相同。\n"
    assert main(["compare", "--lang", "en", one, other]) == 1
    head, *lines = capsys.readouterr().out.splitlines()
    assert head == "Differences: 2 in figures, 1 in texts and other fields."
    assert lines == gs.compare(before, after).message("en").splitlines()
    assert main(["compare", one, other, "--format", "json"]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert applied(json.loads(gs.dumps(before)), facts["patch"]) == json.loads(gs.dumps(after))
    assert facts["changes"][0] == {"cell": FEE, "before": "0", "after": "0.25"}


def test_compare_takes_any_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A document is compared with the data it was written from; doubts about it are told."""
    report = attrs.evolve(filled(), title="某市人民政府2024年政府信息公开工作年度报告")
    (path,) = saved(tmp_path, report)
    gs.write(report, tmp_path / "page.md")
    assert main(["compare", path, str(tmp_path / "page.md"), "--format", "json"]) == 0
    assert capsys.readouterr().err == ""
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    (tmp_path / "page.md").write_text(page.replace(" 0 |", " 缺 |", 1), encoding="utf-8")
    assert main(["compare", path, str(tmp_path / "page.md"), "--lang", "en"]) == 1
    told = capsys.readouterr()
    assert "R-TEXT" in told.err
    assert "0 → blank" in told.out


def test_compare_of_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is missing, or no report, is named, both if need be, and the command ends with 2."""
    (path,) = saved(tmp_path, empty())
    (tmp_path / "wrong.json").write_text('{"edition": "2021"}', encoding="utf-8")
    assert main(["compare", path, str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
    assert main(["compare", str(tmp_path / "wrong.json"), path]) == 2
    assert main(["compare", str(tmp_path / "wrong.json"), str(tmp_path / "none.json")]) == 2
    told = capsys.readouterr()
    assert "wrong.json" in told.err
    assert "none.json" in told.err
    assert told.out == ""
