"""
What is odd about a report and no sum: each heuristic fires where it should and nowhere else, and
its precision on real reports.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from corpus import CORPUS, FILES, needs_corpus, report_of, truth
from hypothesis import given, settings
from reports import filled
from strategies import reports

import govinfo_schema as gs
from govinfo_schema.checks.claims import Claim, numeral, stated
from govinfo_schema.checks.entries import cells_of, coefficients, example, heuristics, inequalities
from govinfo_schema.checks.heuristics import FUNCTIONS
from govinfo_schema.cli import main
from govinfo_schema.form import ids
from govinfo_schema.form.forms import form, forms
from govinfo_schema.messages import catalogue
from govinfo_schema.report.empty import blank_on

RULES = "proactive.administrative_rules"
FEE = "proactive.administrative_fees.amount"
WHOLE = {
    "published_on": date(2025, 1, 20),
    "title": "年度报告",
    "overview": "有",
    "problems": "有不足，将改进",
    "other_matters.text": "未收取信息处理费",
}


def found(report: gs.Report) -> list[str]:
    """Give the codes that a report brings up, those of a form full of zeros aside."""
    return [finding.code for finding in gs.plausible(report) if finding.code != "A-ZERO"]


# ---- one by one ---------------------------------------------------------------------------------


EXAMPLES = [
    (each.rule.code, example(each.entry["odd"]), example(each.entry["fine"]))
    for each in heuristics()
]
"""The examples of the data: one odd and one fine report for each heuristic."""
MORE = [
    ("X-TPL", filled(year=2020), filled(year=2021)),
    (
        "X-PUB",
        filled(WHOLE | {"published_on": date(2025, 4, 1)}),
        filled(WHOLE | {"published_on": date(2025, 3, 31)}),
    ),
    (
        "X-PUB",
        filled(WHOLE | {"published_on": date(2025, 4, 1), "body.kind": "department"}, body="某办"),
        filled(WHOLE, body="某办"),
    ),
    (
        "A-GZ",
        filled({f"{RULES}.in_force": 2, "body.level": "county"}),
        filled({f"{RULES}.in_force": 2, "body.level": "prefecture"}),
    ),
    ("A-UNIT", filled({FEE: 961_716_000}), filled({FEE: Decimal("96171.6")})),
    (
        "N-S6",
        filled(WHOLE | {"other_matters.text": "无"}),
        filled({"other_matters.text": "无"}, edition="2019", year=2020),
    ),
]
"""Further cases of the same heuristics."""


@pytest.mark.parametrize(("code", "odd", "fine"), [*EXAMPLES, *MORE])
def test_heuristic(code: str, odd: gs.Report, fine: gs.Report) -> None:
    """
    A heuristic speaks of what is odd, with its source, and is silent where the same is in order.
    """
    (finding,) = [finding for finding in gs.plausible(odd) if finding.code == code]
    assert finding.level in ("warning", "info")
    assert finding.rule
    assert finding.rule.sources
    assert finding.message("zh")
    assert finding.message("en").isprintable()
    json.dumps(finding.to_dict())
    assert code not in found(fine)


@pytest.mark.parametrize(("code", "odd", "fine"), EXAMPLES)
def test_examples_are_clean_otherwise(code: str, odd: gs.Report, fine: gs.Report) -> None:
    """The fine example of a heuristic brings up nothing, the odd one what it is an example of."""
    assert gs.plausible(fine) == ()
    assert {each.code for each in gs.plausible(odd)} <= {code, "A-ZERO"}


def test_inequalities_are_values() -> None:
    """
    Any engine can evaluate the inequalities of a form: cells of one row with their signs.

    On each form ``plausible`` finds the rows in which such a sum is below 0.
    """
    for on in forms():
        cells = dict.fromkeys(on.cells, 0)
        for each in inequalities(on):
            assert {ids.row_of(cell) for cell in each.coefficients} <= set(on.rows)
            assert set(each.coefficients.values()) <= {1, -1}
            below = {cell: 1 for cell, sign in each.coefficients.items() if sign < 0}
            signed = [cell for cell in each.coefficients if on.cells[cell].kind == "signed_count"]
            changes = below or dict.fromkeys(signed, -1)
            report = gs.replace(blank_on(on, year=2022, body="某市人民政府"), cells | changes)
            (finding,) = [found for found in gs.plausible(report) if found.code == each.rule.code]
            assert finding.cells == tuple(each.coefficients)


def test_a_relation_may_point_either_way() -> None:
    """The two relations of the data say the same with their sides exchanged."""
    entry = {"relation": ">=", "left": ["<row>.in_force"], "right": ["<row>.issued"]}
    other = {"relation": "<=", "left": entry["right"], "right": entry["left"]}
    row, on = "proactive.normative_documents", form("2021")
    signs = {f"{row}.issued": -1, f"{row}.in_force": 1}
    assert coefficients(on, entry, row) == coefficients(on, other, row) == signs
    assert coefficients(form("2019"), entry, row) == {}


def test_all_zero_report() -> None:
    """A report of zeros is an info, one with a blank or a figure is not."""
    assert [each.code for each in gs.plausible(filled())] == ["A-ZERO"]
    assert gs.plausible(filled({"disputes.reconsideration.upheld": None})) == ()
    assert gs.plausible(gs.blank("2021", year=2024, body="某市人民政府")) == ()


def test_last_year_is_compared() -> None:
    """With last year's report its findings come too."""
    last = filled({"applications.carried_forward.total": 3}, year=2023)
    this = filled({"applications.received.total": 1})
    assert [each.code for each in gs.plausible(this, last)] == ["Y-CARRY"]


def test_every_heuristic_has_its_function_and_its_words() -> None:
    """Every entry has its function and its sentence, every function its entry; none is an error."""
    named = {each.entry["function"] for each in heuristics() if "function" in each.entry}
    assert named == set(FUNCTIONS)
    assert {each.rule.level for each in heuristics()} == {"warning", "info"}
    assert all(function.__doc__ for function in FUNCTIONS.values())
    assert all(catalogue()[each.rule.code] == each.entry["message"] for each in heuristics())


def test_heuristics_name_cells_that_exist() -> None:
    """The cells that a heuristic names exist in a form that it is for, and in its editions."""
    for each in heuristics():
        own = [on for on in forms() if each.applies_to(on)]
        for key in ("cells", "some", "none"):
            for pattern in each.entry.get(key, ()):
                assert any(cells_of(on, [pattern]) for on in own), (each.rule.code, pattern)
        if "relation" in each.entry:
            rules = {one.rule for on in own for one in inequalities(on)}
            assert each.rule in rules, each.rule.code
        for section in (each.entry["section"],) if "section" in each.entry else ():
            assert all(section in on.texts for on in own), (each.rule.code, section)
        for name in each.entry.get("editions", ()):
            cells = each.entry.get("cells", [])
            known = not cells or any(cells_of(on, cells) for on in forms(name))
            assert known, (each.rule.code, name)


@settings(max_examples=30)
@given(reports())
def test_no_report_is_too_odd(report: gs.Report) -> None:
    """
    Any report at all is looked at without an error, and its findings can be said in both languages
    and as data.
    """
    for finding in gs.plausible(report, report):
        assert finding.level != "error"
        assert finding.message("zh")
        assert finding.message("en")
        json.dumps(finding.to_dict())


def test_no_report() -> None:
    """What is no report is an error that says what to do."""
    with pytest.raises(TypeError, match="make one with loads"):
        gs.plausible({})  # type: ignore[arg-type]


# ---- the text -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全市共受理政府信息公开申请3,119件", [("received", 3119)]),
        (
            "全年新收申请一百零五件，办结申请九十八件（含上年结转十二件）",
            [("received", 105), ("answered", 98), ("brought_forward", 12)],
        ),
        (
            "收到依申请公开申请1.2万件，9件结转下年度继续办理",
            [("received", 12000), ("carried_forward", 9)],
        ),
        ("结转至下年度办理的申请7件", [("carried_forward", 7)]),
        (
            "予以公开3件，部分公开2件，不予公开1件",
            [("granted", 3), ("partially_granted", 2), ("withheld", 1)],
        ),
        ("予以公开及部分公开5件，无法提供6件，不予处理7件，其他处理8件", None),
        (
            "因政府信息公开引起的行政复议2件、行政诉讼3件",
            [("reconsideration", 2), ("litigation", 3)],
        ),
        ("收到 政 府信息\n公开申请 34\n件", [("received", 34)]),
        # what is no claim about the tables
        ("收到群众来信34件", []),
        ("受理政府信息公开申请较上年增加34件", []),
        ("2023年收到政府信息公开申请34件", []),
        ("收到政府信息公开申请近34件", []),
        ("收到政府信息公开申请34余件", []),
        ("办理行政复议案件300件", []),
        ("因政府信息公开被行政复议纠错2件", []),
        ("答复网民留言咨询56件", []),
        ("主动公开政府信息2599条", []),
        ("依据第二十条收到申请，第3条件不符", []),
    ],
)
def test_numbers_of_the_text(text: str, expected: list[tuple[str, int]] | None) -> None:
    """
    A number is a claim where the phrase says what it counts: in any script, over line breaks;
    anything else is none.
    """
    claims = stated(filled({"overview": text}))
    if expected is None:
        assert len(claims) == 4
    else:
        assert [(claim.kind, int(claim.value)) for claim in claims] == expected
    for claim in claims:
        assert text[claim.quote.start : claim.quote.end] == claim.quote.text
        assert claim.quote.section == "overview"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("零", 0),
        ("十", 10),
        ("二十", 20),
        ("一千零一", 1001),
        ("三万四千五百", 34500),
        ("两百一十万", 2100000),
        ("一二三", None),
    ],
)
def test_numerals(text: str, value: int | None) -> None:
    """Chinese numerals are read; a row of digits, which may be a year or a code, is not."""
    assert numeral(text) == (None if value is None else Decimal(value))


def test_part_of_the_requests_is_no_contradiction() -> None:
    """A text that speaks of the office alone may give less than the table, never more."""
    text = "区政府办代表区政府受理政府信息公开申请{}件"
    assert found(filled({"overview": text.format(17), "applications.received.total": 95})) == []
    assert found(filled({"overview": text.format(170), "applications.received.total": 95})) == [
        "N-NUM"
    ]


def test_blank_is_filled_before_it_is_compared() -> None:
    """A blank that the sums determine is compared with the text; any other blank is not."""
    row = "disputes.reconsideration"
    text = {"overview": "因政府信息公开引起的行政复议8件。", f"{row}.total": None}
    assert found(filled({**text, f"{row}.upheld": 7})) == ["N-NUM"]
    assert found(filled({**text, f"{row}.upheld": None})) == []


def test_text_is_evidence_for_locate() -> None:
    """Where the sums leave several explanations, the one that agrees with the text comes first."""
    row = dict(
        zip(("upheld", "corrected", "other", "pending", "total"), (3, 1, 0, 0, 5), strict=True)
    )
    report = filled({f"disputes.reconsideration.{column}": value for column, value in row.items()})
    for said in (4, 5):
        told = gs.replace(report, {"overview": f"因政府信息公开引起的行政复议{said}件。"})
        first = gs.locate(told)[0]
        assert (first.changes[0].cell.endswith(".total"), first.support) == (
            said == 4,
            1 if said == 4 else 0,
        )


# ---- real reports -------------------------------------------------------------------------------

RIGHT: dict[str, list[tuple[str, bool]]] = {
    "2019-pingtan-ziranziyuanju.txt": [("N-SEC", True)],
    "2019-shanghai-zhengfubangongting.html": [("N-NUM", True), ("N-NUM", True), ("N-PCT", True)],
    "2021-pingtan-haitanpianqu.txt": [("X-TPL", True)],
    "2021-pingtan-ziranziyuanju.txt": [("N-S6", True)],
    "2024-pingtan-haitanpianqu.txt": [("N-NUM", True)],
    "2024-jixinggang.txt": [("A-ZERO", True), ("N-S1", True), ("N-S6", True)],
}
"""
What is found in the real documents, each held against the document by eye: whether it is so.
Documents not named bring up nothing.
"""


@needs_corpus
def test_findings_on_real_documents() -> None:
    """The findings on all real documents are those that were looked at, and each of them is so."""
    documents = [path for path in CORPUS.iterdir() if path.is_file() and path.name != "README.md"]
    documents += (CORPUS.parent / "sample").iterdir()
    codes = {
        path.name: [each.code for each in gs.plausible(gs.read(path).report)] for path in documents
    }
    assert {name: own for name, own in codes.items() if own} == {
        name: [code for code, _ in own] for name, own in RIGHT.items()
    }
    assert all(right for own in RIGHT.values() for _, right in own)


@needs_corpus
def test_figures_of_real_reports_are_not_doubted() -> None:
    """
    The figures of all real reports are above doubt, but for the form used, a copied zero and odd
    disputes.
    """
    codes = {each.code for path in FILES for each in gs.plausible(report_of(truth(path)))}
    assert codes <= {"X-TPL"}


@needs_corpus
def test_claims_of_real_documents() -> None:
    """
    Of the numbers that real texts state and the tables can confirm, all but the four known
    contradictions agree.
    """
    agree, differ = 0, []
    for path in CORPUS.iterdir():
        if path.is_file() and path.name != "README.md":
            report = gs.read(path).report
            values = dict(gs.walk(report))
            for claim in stated(report):
                sums = [_sum(values, cells) for cells in claim.any]
                agree += claim.value in sums
                differ += [] if claim.value in sums or None in sums else [(path.stem, claim.kind)]
    assert agree >= 35
    assert sorted(differ) == [
        ("2024-hongze-quzhengfu", "received"),
        ("2024-pingtan-haitanpianqu", "received"),
    ]


def _sum(values: dict[str, Any], cells: tuple[str, ...]) -> int | None:
    own = [values[cell] for cell in cells]
    return None if None in own else sum(own)


# ---- the command line ---------------------------------------------------------------------------


def test_check_tells_what_is_odd(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    ``check`` tells what is odd beside the sums, and with ``--previous`` what does not follow on; it
    ends with 0 all the same.
    """
    this, last = tmp_path / "this.json", tmp_path / "last.json"
    this.write_bytes(gs.dumps(filled(WHOLE | {"overview": "收到政府信息公开申请8件。"})))
    last.write_bytes(gs.dumps(filled({"applications.carried_forward.total": 5}, year=2023)))
    assert main(["check", str(this), "--previous", str(last)]) == 0
    out = capsys.readouterr().out
    assert "通过" in out
    assert [code for code in ("N-NUM", "Y-CARRY") if code in out] == ["N-NUM", "Y-CARRY"]
    assert main(["check", str(this), "--previous", str(tmp_path / "none.json")]) == 2


def test_claim_is_a_value() -> None:
    """A claim compares and hashes, as everything here does."""
    one, other = (stated(filled({"overview": "收到政府信息公开申请8件。"}))[0] for _ in range(2))
    assert isinstance(one, Claim)
    assert {one, other} == {one}
