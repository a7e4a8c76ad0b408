"""
The reconciliation rules and ``check``, on the real figures of the corpus, on the examples and on
random reports.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import corpus
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import EXAMPLES, REPORTS, SHAPES, empty, example
from strategies import balanced, made, reports

import govinfo_schema as gs
from govinfo_schema.form.equations import evaluate
from govinfo_schema.form.forms import form
from govinfo_schema.form.parts import EditionName
from govinfo_schema.report.access import form_of

NATURAL = "applications.outcomes.total.natural_person"


def differences(report: gs.Report) -> dict[gs.Equation, int]:
    """Work out every equation of a report without blanks, one by one."""
    sums = form_of(report).equations
    return dict(zip(sums, evaluate(sums, dict(gs.walk(report))), strict=True))


# ---- real figures -------------------------------------------------------------------------------


@corpus.needs_corpus
def test_real_report_breaks_what_it_is_known_to_break() -> None:
    """
    With blanks as zero a real report breaks the equations that its figures are known to break, no
    more and no fewer.
    """
    for path in corpus.FILES:
        data = corpus.truth(path)
        broken = gs.check(corpus.report_of(data), blanks="zero").broken
        assert corpus.places(broken) == corpus.failed(data), path.stem


@pytest.mark.parametrize("stem", REPORTS)
def test_equation_is_unknown_where_a_blank_takes_part(stem: str) -> None:
    """
    By default an equation is unknown exactly where a blank takes part, and it names those blanks.
    """
    report = REPORTS[stem]
    assessment = gs.check(report)
    blanks = {cell for cell, value in gs.walk(report) if value is None}
    expected = [
        each for each in form_of(report).equations if blanks.intersection(each.coefficients())
    ]
    assert [(each.left, each.right) for each in assessment.unknown] == [
        (each.left, each.right) for each in expected
    ]
    assert all(
        set(each.blanks) == blanks.intersection(each.coefficients()) for each in assessment.unknown
    )


@corpus.needs_corpus
@pytest.mark.parametrize(
    ("stem", "unknown"),
    [("2019-shanghai-zhengfubangongting", 38), ("2024-shanghai-kexuejishuweiyuanhui", 2)],
)
def test_blank_is_not_zero(stem: str, unknown: int) -> None:
    """
    Of the two real reports with blanks nothing is broken by default, and nothing is said to pass
    either.
    """
    assessment = gs.check(corpus.report_of(corpus.truth(corpus.TRUTH / f"{stem}.json")))
    assert (len(assessment.unknown), assessment.broken, assessment.ok) == (unknown, (), True)


@corpus.needs_corpus
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example_has_the_real_figures(path: Path) -> None:
    """The figures of an example are those of the report that it is named after."""
    real = corpus.report_of(corpus.truth(corpus.TRUTH / path.name))
    assert list(gs.walk(gs.loads(path.read_bytes()))) == list(gs.walk(real))


@pytest.mark.parametrize(
    ("stem", "held", "broken", "unknown", "codes"),
    [
        ("2019-shanghai-zhengfubangongting", 2, 0, 38, ["BLANK"] * 38),
        ("2021-pingtan-haitanpianqu", 37, 3, 0, ["CELL"]),
        ("2024-hongze-quzhengfu", 40, 0, 0, []),
        ("2024-pingtan-haitanpianqu", 35, 7, 0, ["B-DISP", *["B-ROW"] * 6]),
        ("2024-suqian-shizhengfu", 42, 0, 0, []),
    ],
)
def test_example_is_what_the_docs_say(
    stem: str, held: int, broken: int, unknown: int, codes: list[str]
) -> None:
    """Each example shows one case: all holds, one wrong figure, many, blanks, （六） as one row."""
    assessment = gs.check(example(stem))
    assert (assessment.held, len(assessment.broken), len(assessment.unknown)) == (
        held,
        broken,
        unknown,
    )
    assert [finding.code for finding in assessment.findings] == codes


# ---- equations ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "undivided", "counts"),
    [
        ("2021", False, {"B-BAL": 7, "B-DISP": 7, "B-ROW": 25, "C-SUM": 3}),
        ("2021", True, {"B-BAL": 7, "B-DISP": 7, "B-ROW": 23, "C-SUM": 3}),
        ("2019", True, {"B-BAL": 7, "B-DISP": 7, "B-ROW": 23, "C-SUM": 3}),
    ],
)
def test_number_of_equations(name: EditionName, undivided: bool, counts: dict[str, int]) -> None:
    """Edition 2021 has 42 equations, 40 with （六） as one row; edition 2019 has 40."""
    codes = [each.rule.code for each in form(name, undivided=undivided).equations]
    assert {code: codes.count(code) for code in codes} == counts


def test_every_figure_of_the_two_tables_is_in_an_equation() -> None:
    """No figure of sections 3 and 4 escapes the rules; none of section 2 has any."""
    for name, undivided in SHAPES:
        shape = form(name, undivided=undivided)
        used = {cell for equation in shape.equations for cell in equation.coefficients()}
        assert used == {cell for cell in shape.cells if not cell.startswith("proactive.")}


@given(st.data())
def test_generated_function_and_loop_agree(data: st.DataObject) -> None:
    """The function generated from the equations gives what a loop over them gives."""
    report = data.draw(balanced())
    cell = data.draw(
        st.sampled_from([cell for cell, value in gs.walk(report) if value is not None])
    )
    report = gs.replace(report, {cell: data.draw(st.integers(0, 99))})
    assert form_of(report).differences(report) == tuple(differences(report).values())


@given(st.data())
def test_spoiling_a_cell_breaks_its_equations(data: st.DataObject) -> None:
    """
    Spoiling one cell of a report that holds breaks exactly the equations that contain it, by the
    right difference.
    """
    report = data.draw(balanced())
    assert gs.check(report).broken == ()
    figures = {cell: value for cell, value in gs.walk(report) if value is not None}
    cell = data.draw(st.sampled_from(list(figures)))
    change = data.draw(st.integers(1, 9))
    broken = gs.check(gs.replace(report, {cell: figures[cell] + change})).broken
    sums = form_of(report).equations
    expected = {
        (each.left, each.right): each.coefficients()[cell] * change
        for each in sums
        if cell in each.coefficients()
    }
    assert {(each.left, each.right): each.difference for each in broken} == expected


@given(st.data())
def test_one_wrong_figure_is_one_finding_that_names_it(data: st.DataObject) -> None:
    """
    One wrong figure of section 3 is one finding: it names the figure, what it says and what it
    should be.
    """
    report = data.draw(balanced())
    figures = {
        cell: value
        for cell, value in gs.walk(report)
        if cell.startswith("applications.") and value is not None
    }
    cell = data.draw(st.sampled_from(list(figures)))
    wrong = data.draw(st.integers(0, 99).filter(lambda value: value != figures[cell]))
    assessment = gs.check(gs.replace(report, {cell: wrong}))
    (finding,) = assessment.findings
    assert (finding.code, finding.cells) == ("CELL", (cell,))
    assert (finding.left, finding.right, finding.difference) == (
        wrong,
        figures[cell],
        wrong - figures[cell],
    )
    assert len(finding.symptoms) == len(assessment.broken)


@given(reports())
@settings(max_examples=50)
def test_assessment_counts_every_equation_once(report: gs.Report) -> None:
    """
    Held, broken and unknown are all equations; every broken one is in a finding, and messages come
    in both languages.
    """
    for blanks in ("unknown", "zero"):
        assessment = gs.check(report, blanks=blanks)
        count = len(form_of(report).equations)
        assert assessment.held + len(assessment.broken) + len(assessment.unknown) == count
        symptoms = [each for finding in assessment.findings for each in finding.symptoms]
        assert sorted(map(id, symptoms)) == sorted(
            map(id, (*assessment.broken, *assessment.unknown))
        )
        assert assessment.ok == (not assessment.broken)
        for finding in assessment.findings:
            assert finding.message("zh") != finding.message("en")


# ---- problems and their symptoms ----------------------------------------------------------------


def report_2021(values: dict[str, Any]) -> gs.Report:
    """Make a report of zeros but for these values."""
    zeros: dict[str, Any] = dict.fromkeys(gs.edition("2021").cells, 0)
    return made("2021", False, zeros | values)


def test_two_wrong_figures_that_share_no_equation_are_two_findings() -> None:
    """Two wrong figures far from each other are named one by one."""
    findings = gs.check(
        report_2021(
            {"applications.received.total": 1, "applications.outcomes.granted.natural_person": 2}
        )
    ).findings
    assert [(finding.code, finding.cells) for finding in findings] == [
        ("CELL", ("applications.received.total",)),
        ("CELL", ("applications.outcomes.granted.natural_person",)),
    ]


def test_figure_with_one_equation_stays_a_broken_sum() -> None:
    """
    Where a figure stands in one sum only, arithmetic cannot tell it from its neighbours: the sum is
    the finding.
    """
    (finding,) = gs.check(report_2021({"disputes.litigation.direct.upheld": 4})).findings
    assert (finding.code, finding.left, finding.right, finding.difference) == ("C-SUM", 4, 0, 4)
    assert finding.message("zh") == (
        "第四部分“行政诉讼 · 未经复议直接起诉”："
        "维持、纠正、其他结果、尚未审结之和为 4（结果维持 4），总计填的是 0，两者应相等，前者多 4。"
    )


def test_figure_is_not_named_where_it_would_have_to_be_negative() -> None:
    """No finding asks for a figure below zero."""
    report = report_2021(
        {
            "applications.received.natural_person": 3,
            "applications.received.total": 5,
            "applications.carried_forward.total": 5,
        }
    )
    for finding in gs.check(report).findings:
        assert finding.code != "CELL" or (finding.right is not None and finding.right >= 0)


def test_blanks_leave_figures_that_cannot_be_told_apart() -> None:
    """
    Where blanks take away the equations that would tell two figures apart, the finding names both.
    """
    report = report_2021(
        {
            "applications.received.natural_person": 3,
            "applications.received.commercial_enterprise": None,
        }
    )
    (finding,) = [finding for finding in gs.check(report).findings if finding.level == "error"]
    assert finding.code == "B-BAL"
    assert "applications.received.natural_person" in finding.cells


def test_findings_stand_in_printed_order() -> None:
    """Findings come in the order of the form, the same every time."""
    report = example("2019-shanghai-zhengfubangongting")
    first = gs.check(report, blanks="zero")
    assert first == gs.check(gs.loads(gs.dumps(report)), blanks="zero")
    sums = [(each.left, each.right) for each in form("2019").equations]
    places = [
        sums.index((finding.symptoms[0].left, finding.symptoms[0].right))
        for finding in first.findings
    ]
    assert places == sorted(places)


def test_finding_as_plain_data() -> None:
    """A finding can be had as plain data, with both languages and its legal source."""
    (finding,) = gs.check(example("2021-pingtan-haitanpianqu")).findings
    plain = finding.to_dict()
    assert plain["cells"] == [NATURAL]
    assert (plain["left"], plain["right"], plain["difference"]) == (1, 0, 1)
    assert plain["rule"]["standing"] == "official"
    assert "国办公开办函〔2019〕60号" in plain["rule"]["sources"][0]["zh"]
    assert plain["message"]["en"].startswith("“(7) total · natural persons” says 1; make it 0")
    assert [symptom["difference"] for symptom in plain["symptoms"]] == [-1, -1, 1]


def test_rule_set_names_the_equations() -> None:
    """
    An assessment says which rules it applied: the digest of an edition's equations differs from the
    other's.
    """
    old, new = form("2019").rule_set, gs.check(example("2024-suqian-shizhengfu")).rule_set
    assert (old.edition, new.edition) == ("2019", "2021")
    assert old.digest != new.digest
    assert len(new.digest) == 64


@pytest.mark.parametrize("report", [None, {}, "2021"])
def test_check_takes_a_report(report: Any) -> None:
    """What is no report is a mistake of the call, not a finding."""
    with pytest.raises(TypeError, match="make one with loads or from_dict"):
        gs.check(report)


def test_check_takes_two_words_for_blanks() -> None:
    """A blank is unknown or zero; anything else is a mistake of the call."""
    with pytest.raises(ValueError, match="blanks is 'unknown' or 'zero', not 'none'"):
        gs.check(report_2021({}), blanks="none")  # type: ignore[arg-type]


def test_check_is_thread_safe() -> None:
    """Many threads that begin at once get the same answers."""
    report = example("2024-pingtan-haitanpianqu")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: gs.check(gs.loads(gs.dumps(report))), range(64)))
    assert len(set(answers)) == 1


def test_errors_are_raised_on_demand() -> None:
    """
    ``raise_for_errors`` raises exactly the findings that are errors, as an error of the library,
    and nothing where there is none, be everything unknown.
    """
    assert gs.check(empty()).raise_for_errors() is None  # type: ignore[func-returns-value]
    report = gs.replace(empty(), {"proactive.licensing.decisions": 1})
    assert gs.check(report).report is report
    broken = gs.check(example("2024-pingtan-haitanpianqu"))
    with pytest.raises(gs.InvalidReport) as error:
        broken.raise_for_errors()
    assert error.value.findings == tuple(
        finding for finding in broken.findings if finding.level == "error"
    )
    assert isinstance(error.value, gs.Error)
    assert error.value.is_report
    with pytest.raises(TypeError, match=r"ask \.ok"):
        bool(broken)
