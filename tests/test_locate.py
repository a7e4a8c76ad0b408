"""
Which figure is wrong: every smallest explanation, applied, makes the sums hold, and no smaller one
exists.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations, product
from pathlib import Path
from typing import TypeVar

import pytest
from corpus import FILES, needs_corpus, report_of, truth
from reports import EXAMPLE_FOLDER, SHAPES, example

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.form.forms import form
from govinfo_schema.form.parts import EditionName
from govinfo_schema.repair import explanations
from govinfo_schema.repair.reasons import reason
from govinfo_schema.repair.search import Budget, Changes, System, smallest
from govinfo_schema.report.access import figures
from govinfo_schema.report.values import MAX_COUNT
from govinfo_schema.testing import KINDS, Damage

Result = TypeVar("Result")


def changed(explanation: gs.Explanation) -> dict[str, int]:
    """Give the cells of an explanation and what they should be."""
    return {each.cell: each.should_be for each in explanation.changes}


@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
@pytest.mark.parametrize("seed", [0, 7, 11])
def test_each_single_figure_is_found(edition: EditionName, undivided: bool, seed: int) -> None:
    """
    A single wrong figure anywhere in table 3 has exactly one explanation of one cell, the right
    one.
    """
    right = (
        gs.generate(seed, edition, undivided=undivided)
        if seed
        else gs.replace(
            gs.blank(edition, year=2024, body="某市人民政府", undivided=undivided),
            dict.fromkeys(dict(gs.walk(gs.generate(0, edition, undivided=undivided))), 0),
        )
    )
    dice = random.Random(seed)
    for cell, value in figures(right).items():
        if cell.startswith("applications."):
            wrong = dice.choice([value + dice.randint(1, 60), max(value - dice.randint(1, 9), 0)])
            spoilt = gs.replace(right, {cell: wrong if wrong != value else value + 1})
            ones = [each for each in gs.locate(spoilt) if len(each.changes) == 1]
            assert [changed(each) for each in ones] == [{cell: value}]


@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
def test_every_pair_is_among_the_answers(edition: EditionName, undivided: bool) -> None:
    """
    Of two wrong figures in table 3 the true pair is always among the answers, and every answer,
    applied, is clean.
    """
    for seed in range(60):
        damaged = gs.damage(gs.generate(seed, edition, undivided=undivided), "pair", seed)
        answers = gs.locate(damaged.report)
        assert dict(damaged.right) in [changed(each) for each in answers]
        assert not any(gs.check(each.apply(damaged.report)).broken for each in answers)


@pytest.mark.parametrize("kind", KINDS)
def test_labelled_damage_is_found(kind: Damage) -> None:
    """Every kind of damage is explained, the true explanation among the answers."""
    reports = [gs.generate(seed) for seed in range(40)]
    spoilt = [
        gs.damage(report, kind, seed)
        for seed, report in enumerate(reports)
        if sum(value or 0 for _, value in gs.walk(report)) > 2000
    ]
    assert len(spoilt) > 10
    for damaged in spoilt:
        assert dict(damaged.right) in [changed(each) for each in gs.locate(damaged.report)]


def small_form() -> System:
    """
    Make a form of two new rows, two outcomes with their total and a rest, in two columns with their
    total.
    """
    columns = ("x", "y", "sum")
    sums = []
    for column in columns:
        sums.append({f"new.{column}": 1, f"all.{column}": -1, f"rest.{column}": -1})
        sums.append({f"a.{column}": 1, f"b.{column}": 1, f"all.{column}": -1})
    sums += [
        {f"{row}.x": 1, f"{row}.y": 1, f"{row}.sum": -1} for row in ("new", "all", "rest", "a", "b")
    ]
    return System.of(sums)


def by_force(system: System, values: Mapping[str, int], most: int, highest: int) -> set[Changes]:
    """
    Try every set of up to *most* figures and all their values up to *highest*; give the smallest
    sets that mend everything.
    """
    for size in range(1, most + 1):
        found = {
            Changes(
                (cell, value - values[cell]) for cell, value in zip(cells, figures, strict=True)
            )
            for cells in combinations(system.entries, size)
            for figures in product(range(highest + 1), repeat=size)
            if all(value != values[cell] for cell, value in zip(cells, figures, strict=True))
            and not system.residuals({**values, **dict(zip(cells, figures, strict=True))})
        }
        if found:
            return found
    return set()


def spoilt_small_forms() -> Iterator[dict[str, int]]:
    """Fill the small form with figures that hold, and spoil one, two or three of them."""
    dice = random.Random(4)
    for number in range(9):
        x, y = [{"a": dice.randint(0, 1), "b": dice.randint(0, 1)} for _ in "xy"]
        values: dict[str, int] = {}
        for column, own in (("x", x), ("y", y)):
            rest = dice.randint(0, 1)
            own |= {"all": own["a"] + own["b"], "rest": rest}
            own["new"] = own["all"] + rest
            values |= {f"{row}.{column}": value for row, value in own.items()}
        values |= {f"{row}.sum": x[row] + y[row] for row in x}
        for cell in dice.sample(sorted(values), 1 + number % 3):
            values[cell] = dice.choice([each for each in range(4) if each != values[cell]])
        yield values


def test_answers_are_those_of_brute_force() -> None:
    """On a small form the search finds exactly the smallest sets that trying everything finds."""
    system = small_form()
    for values in spoilt_small_forms():
        if system.residuals(values):
            budget = Budget(100_000)
            found = smallest(system, values, 3, budget)
            assert budget.complete
            assert set(found) == by_force(system, values, 3, 6)
            assert len(found) == len(set(found))


def test_two_explanations_where_the_sums_cannot_tell() -> None:
    """
    Table 4 has one sum for five figures: all answers are given, and it is said that they do not
    decide.
    """
    report = gs.replace(
        gs.generate(3),
        {
            f"disputes.reconsideration.{name}": n
            for name, n in zip(
                ("upheld", "corrected", "other", "pending", "total"), (5, 5, 1, 0, 9), strict=True
            )
        },
    )
    answers = gs.locate(report)
    assert {tuple(changed(each).items()) for each in answers} == {
        (("disputes.reconsideration.upheld", 3),),
        (("disputes.reconsideration.corrected", 3),),
        (("disputes.reconsideration.total", 11),),
    }
    assert answers.exhaustive
    assert not answers.decided
    assert answers[0].changes[0].cell == "disputes.reconsideration.total"


def test_outside_figures_rank_the_answers() -> None:
    """Last year's report and the parts decide between answers that the sums leave open."""
    good = gs.generate(3)
    cells = [
        f"applications.{row}.{column}"
        for row in ("received", "brought_forward")
        for column in ("natural_person", "total")
    ]
    report = gs.replace(good, {cell: figures(good)[cell] + 4 for cell in cells[2:]})
    plain = gs.locate(report)
    assert len(plain) > 1
    last = gs.replace(
        good,
        {
            f"applications.carried_forward.{column}": gs.get(
                good, f"applications.brought_forward.{column}"
            )
            for column in ("natural_person", "total")
        },
    )
    right = {cell: gs.get(good, cell) for cell in cells[2:]}
    assert changed(gs.locate(report, previous=last)[0]) == right
    assert changed(gs.locate(report, parts=[good])[0]) == right


def test_patch_is_a_json_patch() -> None:
    """
    The patch tests what it found and replaces it; the changes, applied, give a report that holds.
    """
    report = example("2021-pingtan-haitanpianqu")
    (best,) = gs.locate(report)
    pointer = "/applications/outcomes/total/natural_person"
    assert best.patch == [
        {"op": "test", "path": pointer, "value": 1},
        {"op": "replace", "path": pointer, "value": 0},
    ]
    assert gs.check(best.apply(report)).ok
    assert len(best.mends) == len(gs.check(report).broken)


def test_nothing_broken_needs_no_explanation() -> None:
    """A report that holds, and one with blanks only, have no explanation."""
    assert len(gs.locate(gs.generate(1))) == 0
    assert len(gs.locate(gs.blank("2021", year=2024, body="某市人民政府"))) == 0
    with pytest.raises(ValueError, match="blanks"):
        gs.locate(gs.generate(1), "none")  # type: ignore[arg-type]


def test_much_damage_ends_with_what_is_known() -> None:
    """
    However much is wrong, there is an answer that holds, and it is said that there may be others.
    """
    for seed in range(3):
        dice = random.Random(seed)
        good = gs.generate(seed + 40)
        cells = dice.sample(
            [cell for cell, _ in gs.walk(good) if cell.startswith("applications.")], 40
        )
        report = gs.replace(good, {cell: dice.randint(0, 999) for cell in cells})
        answers = gs.locate(report)
        assert not answers.exhaustive
        assert gs.check(answers[0].apply(report)).ok


def within(most: int, work: Callable[[], Result]) -> Result:
    """
    Give what some work comes to, unless it takes more than so many calls of Python functions and
    built-in ones.
    """
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in {"call", "c_call"}
        assert calls <= most, f"more than {most} calls"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        return work()
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize(
    ("shape", "seed", "size"), [(SHAPES[1], 7, 15), (SHAPES[2], 10, 18), (SHAPES[0], 10, 18)]
)
def test_work_grows_with_the_candidates(
    shape: tuple[EditionName, bool], seed: int, size: int
) -> None:
    """
    Where one table has some five thousand candidates, the work grows with their number and not with
    its square.
    """
    edition, undivided = shape
    good = gs.generate(seed, edition, undivided=undivided)
    cells = [cell for cell, _ in gs.walk(good) if cell.startswith("applications.")]
    counts = {cell: figures(good)[cell] + 1 for cell in random.Random(seed).sample(cells, size)}
    report = gs.replace(good, counts)
    assert len(within(5_000_000, lambda: gs.locate(report))) == explanations.ANSWERS


def much_damaged(
    seed: int, shape: tuple[EditionName, bool], blanks: int, highest: int
) -> gs.Report:
    """Make a report with forty random figures up to *highest*, and some blanks."""
    dice = random.Random(seed)
    good = gs.generate(seed, shape[0], undivided=shape[1])
    cells = [cell for cell, _ in gs.walk(good) if not cell.startswith("proactive.")]
    wrong = gs.replace(good, {cell: dice.randint(0, highest) for cell in dice.sample(cells, 40)})
    return gs.replace(wrong, dict.fromkeys(dice.sample(cells, blanks)))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("blanks", "highest"), [(1, 99), (5, 99), (0, MAX_COUNT)])
def test_what_is_broken_always_has_an_answer(
    shape: tuple[EditionName, bool], blanks: int, highest: int
) -> None:
    """
    Beside a blank, and with figures that no total can hold, much damage has an answer all the same,
    and it holds.
    """
    report = much_damaged(0, shape, blanks, highest)
    answers = gs.locate(report)
    assert answers
    assert not answers.exhaustive
    assert not any(gs.check(each.apply(report)).broken for each in answers)


@pytest.mark.parametrize("raised", [explanations.RAISED, 0])
def test_answer_without_search_holds(monkeypatch: pytest.MonkeyPatch, raised: int) -> None:
    """
    Where no search is allowed at all the answer holds too, of any report, and even where no figure
    may be raised.
    """
    monkeypatch.setattr(explanations, "STEPS", 0)
    monkeypatch.setattr(explanations, "RAISED", raised)
    for seed in range(30):
        report = much_damaged(
            seed, SHAPES[seed % 3], (0, 1, 5, 30, 100)[seed % 5], (99, MAX_COUNT)[seed % 2]
        )
        for blanks in ("unknown", "zero"):
            answers = gs.locate(report, blanks)
            assert bool(answers) == bool(gs.check(report, blanks).broken)
            assert not any(gs.check(each.apply(report), blanks).broken for each in answers)


@pytest.mark.parametrize(
    ("found", "should_be", "code"),
    [
        (21, 12, "swapped"),
        (122, 12, "doubled"),
        (12, 123, "dropped"),
        (120_000, 12, "unit"),
        (45, 46, "mistyped"),
        (7, 0, None),
    ],
)
def test_reasons(found: int, should_be: int, code: str | None) -> None:
    """A plain reason is given where one fits, and none where none does."""
    cell = "applications.received.natural_person"
    newest = form("2021")
    why = reason(newest, {}, [(cell, found, should_be)], frozenset())
    assert (why.code if why else None) == code
    next_cell = "applications.received.commercial_enterprise"
    beside = reason(newest, {next_cell: 33}, [(cell, 33, 70)], frozenset())
    assert beside is not None
    assert beside.code == "neighbour"


@needs_corpus
def test_failing_real_reports_are_explained() -> None:
    """Each real report that does not add up gets explanations that, applied, make it add up."""
    for path in FILES:
        data = truth(path)
        report = report_of(data)
        answers = gs.locate(report, "zero")
        assert bool(answers) == bool(data["failed_checks"]), path.stem
        assert not any(gs.check(each.apply(report), blanks="zero").broken for each in answers), (
            path.stem
        )


def test_total_column_never_filled() -> None:
    """A 总计 column left at zero is one cause, and the wrong total beside it another."""
    answers = gs.locate(example("2024-pingtan-haitanpianqu"))
    assert answers[0].causes == 2
    assert answers[0].reason is not None
    assert answers[0].reason.code == "never_filled"


@needs_corpus
def test_blanks_are_completed() -> None:
    """
    Of the 135 blanks of Shanghai 2019 the sums determine 130; the five of an empty group stay
    blank.
    """
    (path,) = [path for path in FILES if path.stem == "2019-shanghai-zhengfubangongting"]
    done = gs.complete(report_of(truth(path)))
    assert (len(done.derived), len(done.left)) == (130, 5)
    assert not gs.check(done.report).broken
    assert all(cell.startswith("disputes.litigation.after_reconsideration.") for cell in done.left)


def test_completion_restores_what_it_can() -> None:
    """What is filled in is what was there; what the sums contradict, or leave open, stays blank."""
    for seed in range(20):
        dice = random.Random(seed)
        good = gs.generate(seed)
        cells = [cell for cell, value in gs.walk(good) if value is not None]
        done = gs.complete(gs.replace(good, dict.fromkeys(dice.sample(cells, 25))))
        assert all(gs.get(good, cell) == value for cell, value in done.derived.items())
        assert len(done.derived) > 10
    contradiction = {
        f"disputes.reconsideration.{name}": 4 for name in ("upheld", "corrected", "other")
    } | {"disputes.reconsideration.total": 2}
    assert not gs.complete(
        gs.replace(gs.blank("2021", year=2024, body="某市"), contradiction)
    ).derived


def test_locate_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The command names the figure, what it should be, and shows its row; in plain words and as JSON.
    """
    path = str(EXAMPLE_FOLDER / "2021-pingtan-haitanpianqu.json")
    assert main(["locate", path]) == 1
    assert "“（七）总计 · 自然人”填的是 1，应为 0" in (out := capsys.readouterr().out)
    assert "[1 → 0]" in out
    assert main(["locate", "--lang", "en", "--format", "json", path]) == 1
    facts = json.loads(capsys.readouterr().out)
    assert facts["explanations"][0]["changes"] == [
        {"cell": "applications.outcomes.total.natural_person", "found": 1, "should_be": 0}
    ]
    assert main(["locate", str(EXAMPLE_FOLDER / "2024-suqian-shizhengfu.json")]) == 0
    assert main(["locate", "missing.json"]) == 2


def test_fix_writes_a_copy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The copy holds; the original never changes; a number that is none, or the original's own name,
    is refused.
    """
    original = tmp_path / "report.json"
    original.write_bytes((EXAMPLE_FOLDER / "2021-pingtan-haitanpianqu.json").read_bytes())
    before = original.read_bytes()
    assert main(["fix", str(original)]) == 1
    assert main(["fix", str(original), "--apply", "2"]) == 2
    assert main(["fix", str(original), "--apply", "1", "--out", str(original), "--force"]) == 2
    assert main(["fix", str(original), "--apply", "1"]) == 0
    assert main(["check", str(tmp_path / "report.fixed.json")]) == 0
    assert original.read_bytes() == before
    assert "report.fixed.json" in capsys.readouterr().err


def test_damage_says_what_it_cannot_do() -> None:
    """A report without figures cannot lose a digit, and there is no unknown kind of damage."""
    empty = gs.replace(
        gs.generate(0), {cell: 0 for cell, value in gs.walk(gs.generate(0)) if value is not None}
    )
    with pytest.raises(ValueError, match="no figure"):
        gs.damage(empty, "dropped_digit", 1)
    with pytest.raises(ValueError, match="no kind"):
        gs.damage(empty, "smudged", 1)  # type: ignore[arg-type]
