"""Between reports: years that follow each other, and a body and its parts."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest
from corpus import FILES, needs_corpus, report_of, truth
from data_files import read
from hypothesis import given, settings
from hypothesis import strategies as st
from reports import filled
from strategies import balanced

import govinfo_schema as gs
from govinfo_schema.checks.between import parse, sums
from govinfo_schema.cli import main
from govinfo_schema.form.forms import form
from govinfo_schema.report.access import figures, form_of

FEE = "proactive.administrative_fees.amount"
PROCUREMENT = "proactive.centralized_procurement"
FEE_OF_REQUESTS = "other_matters.processing_fee"


def named(report: gs.Report, name: str) -> gs.Report:
    """Give a report to another body."""
    return attrs.evolve(report, body=attrs.evolve(report.body, name=name))


def codes(findings: tuple[gs.Finding, ...]) -> list[tuple[str, str]]:
    """Give code and level of each finding."""
    return [(finding.code, finding.level) for finding in findings]


def some_parts(count: int = 6) -> list[gs.Report]:
    """Make reports of several bodies, none of them empty."""
    made = [named(gs.generate(seed, "2021"), f"第{seed}局") for seed in range(3 * count)]
    return [each for each in made if each.applications.received.total][:count]


# ---- years --------------------------------------------------------------------------------------


@needs_corpus
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("suqian", []),
        ("guanweihui", [("Y-GAP", "info"), ("Y-EDITION", "info"), ("BLANK", "info")]),
        ("ziranziyuanju", [("Y-GAP", "info"), ("Y-EDITION", "info"), ("Y-GAP", "info")]),
        ("haitanpianqu", [("Y-GAP", "info"), ("Y-EDITION", "info")]),
    ],
)
def test_real_series(body: str, expected: list[tuple[str, str]]) -> None:
    """
    The real series chain: what is found are missing years, the change of the form, and blanks.
    """
    series = [report_of(truth(path)) for path in FILES if body in path.stem]
    assert codes(gs.check_years(series)) == expected
    assert codes(gs.check_years(series[::-1])) == expected, (
        "the order in which reports are given does not matter"
    )


@needs_corpus
def test_real_carry_that_is_spoilt_is_found() -> None:
    """
    One figure of 宿迁 2024 changed: its column is an info, the total a warning, and both reports
    are named.
    """
    first, second = (report_of(truth(path)) for path in FILES if "suqian" in path.stem)
    spoilt = gs.replace(second, {"applications.brought_forward.total": 112})
    (finding,) = gs.check_years([first, spoilt])
    assert (finding.code, finding.level, finding.left, finding.right, finding.difference) == (
        "Y-CARRY",
        "warning",
        112,
        121,
        -9,
    )
    assert finding.cells == (
        "applications.brought_forward.total",
        "applications.carried_forward.total",
    )
    assert finding.reports == ("2024", "2023")
    assert "2024 年报告的上年结转是 112，而 2023 年报告的结转下年度是 121" in finding.message("zh")
    assert finding.rule
    assert finding.rule.standing == "implied"


def test_each_column_is_carried_forward() -> None:
    """
    A column that does not carry over is an info; the same difference in two columns leaves the
    total alone.
    """
    last = filled(
        {"applications.carried_forward.natural_person": 4, "applications.carried_forward.total": 4},
        year=2023,
    )
    this = filled(
        {
            "applications.brought_forward.commercial_enterprise": 4,
            "applications.brought_forward.total": 4,
        }
    )
    assert codes(gs.check_years([last, this])) == [("Y-CARRY", "info"), ("Y-CARRY", "info")]


def test_blank_is_not_compared() -> None:
    """A blank on either side is named, once for a rule, and no figure is called wrong for it."""
    last = gs.replace(
        filled(year=2023),
        {
            "applications.carried_forward.total": None,
            "applications.carried_forward.natural_person": None,
        },
    )
    (finding,) = [
        each
        for each in gs.check_years([last, filled({"applications.brought_forward.total": 9})])
        if each.code != "Y-COPY"
    ]
    assert (finding.code, finding.level) == ("BLANK", "info")
    assert set(finding.cells) == {
        "applications.carried_forward.total",
        "applications.carried_forward.natural_person",
    }
    assert set(finding.reports) == {"2023"}


def test_documents_in_force() -> None:
    """现行有效 is last year's, with what was issued and without what was repealed; else an info."""
    row = "proactive.normative_documents"
    last = filled({f"{row}.in_force": 597}, year=2023)
    this = {f"{row}.issued": 50, f"{row}.repealed": 227}
    assert gs.check_years([last, filled({**this, f"{row}.in_force": 420})]) == ()
    (finding,) = gs.check_years([last, filled({**this, f"{row}.in_force": 421})])
    assert (finding.code, finding.level, finding.difference) == ("Y-VALID", "info", 1)


def test_items_of_edition_2019() -> None:
    """上一年项目数量 is last year's figure and its change; else an info."""
    last = filled(
        {"proactive.licensing.items_prior_year": 1, "proactive.licensing.items_change": 1},
        edition="2019",
        year=2019,
    )
    right = filled({"proactive.licensing.items_prior_year": 2}, edition="2019", year=2020)
    assert gs.check_years([last, right]) == ()
    wrong = filled({"proactive.penalties.items_prior_year": 3}, edition="2019", year=2020)
    assert codes(gs.check_years([last, wrong])) == [("P-PROJ", "info")] * 2


def test_jumps_and_units() -> None:
    """
    A hundred times as much is an info; ten thousand times as much money may be in 元, and is a
    warning.
    """
    last = filled({"proactive.licensing.decisions": 12, FEE: Decimal("190.457379")}, year=2023)
    this = filled({"proactive.licensing.decisions": 1200, FEE: Decimal("1904573.79")})
    assert codes(gs.check_years([last, this])) == [("Y-JUMP", "info"), ("Y-UNIT", "warning")]
    assert (
        gs.check_years(
            [last, filled({"proactive.licensing.decisions": 1199, FEE: Decimal("1904.57")})]
        )
        == ()
    )
    one = filled(
        {f"{PROCUREMENT}.amount": Decimal(30), f"{PROCUREMENT}.unit": "万元"},
        edition="2019",
        year=2019,
    )
    same = filled(
        {f"{PROCUREMENT}.amount": Decimal(300_000), f"{PROCUREMENT}.unit": "元"},
        edition="2019",
        year=2020,
    )
    assert codes(gs.check_years([one, same])) == [], "the same amount in another unit is no jump"


def test_copies() -> None:
    """
    Figures that are all last year's are a warning unless all are 0; a text that is mostly last
    year's is an info.
    """
    report = gs.generate(3, "2021")
    again = attrs.evolve(report, year=report.year + 1)
    assert ("Y-COPY", "warning") in codes(gs.check_years([report, again]))
    assert codes(gs.check_years([filled(year=2023), filled()])) == [("Y-COPY", "info")]
    text = "。".join(
        f"第{number}项工作：按照{year}年的安排，依法公开，规范办理，加强监督"
        for number, year in enumerate(range(2000, 2020))
    )
    first = gs.replace(
        filled({"disputes.reconsideration.upheld": 1}, year=2023),
        {"overview": text.replace("2019", "2023")},
    )
    second = gs.replace(filled(), {"overview": text.replace("2019", "2024")})
    assert codes(gs.check_years([first, second])) == [("Y-COPY", "info")]
    assert codes(gs.check_years([first, gs.replace(second, {"overview": text[::-1]})])) == []


def test_frames() -> None:
    """
    Two reports of a year, another body, another scope: each is said, and a table of another scope
    is not compared.
    """
    last = filled({"applications.carried_forward.total": 5, "scope.applications": "own"}, year=2023)
    this = filled({"applications.brought_forward.total": 60, "scope.applications": "region"})
    assert codes(gs.check_years([last, this])) == [("Y-SCOPE", "info")]
    assert codes(gs.check_years([this, this])) == [("Y-SAME", "warning")]
    assert ("Y-BODY", "info") in codes(gs.check_years([named(last, "某县人民政府"), this]))


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_years(count: int) -> None:
    """Fewer than two reports cannot be compared: nothing was checked, so that is an error."""
    with pytest.raises(gs.Incompatible, match=f"two reports or more, not {count}"):
        gs.check_years([filled()] * count)


def test_no_parts() -> None:
    """A whole without parts cannot be checked, whatever is said of its parts."""
    for complete in (None, True, False):
        with pytest.raises(gs.Incompatible, match="at least one of a part, not 1 and 0"):
            gs.check_parts(filled(), [], complete=complete)


def test_undivided_row_is_compared_with_three() -> None:
    """A year that prints （六） as one row is compared with one that prints three."""
    rows = "applications.outcomes.other_handling"
    three = filled(
        {
            f"{rows}.{row}.total": 50
            for row in ("not_supplemented_in_time", "fee_not_paid_in_time", "other")
        },
        year=2023,
    )
    blank = gs.blank("2021", year=2024, body="某市人民政府", undivided=True)
    one = gs.replace(blank, dict.fromkeys(dict(gs.walk(blank)), 0) | {f"{rows}.total": 1})
    assert figures(three, form_of(three).coarse)[f"{rows}.total"] == 150
    assert codes(gs.check_years([three, one])) == [("Y-JUMP", "info")]
    assert (
        figures(gs.replace(three, {f"{rows}.other.total": None}), form_of(three).coarse)[
            f"{rows}.total"
        ]
        is None
    )


# ---- adding up ----------------------------------------------------------------------------------


@settings(max_examples=30)
@given(st.lists(balanced(), min_size=1, max_size=4))
def test_sum_of_reports_that_hold_holds(parts: list[gs.Report]) -> None:
    """
    If every part holds so does the sum; every figure is the sum of theirs; and nothing is found
    between them.
    """
    own = [
        named(each, str(number))
        for number, each in enumerate(parts)
        if each.edition == parts[0].edition
    ]
    whole = gs.add_up(own)
    assert gs.check(whole).broken == ()
    for cell, value in gs.walk(whole):
        column = [figures(each, form_of(whole))[cell] for each in own]
        assert value == (None if None in column else sum(column))
    assert {each.code for each in gs.check_parts(whole, own, complete=True)} <= {
        "R-BLANK",
        "R-SAME",
    }


@pytest.mark.parametrize(
    ("units", "amount", "unit"),
    [
        (("元", "元"), Decimal(14), "元"),
        (("万元", "元"), Decimal(70_007), "元"),
        ((None, None), Decimal(14), None),
        (("元", None), None, None),
    ],
)
def test_amounts_are_added_in_one_unit(
    units: tuple[Any, Any], amount: Decimal | None, unit: str | None
) -> None:
    """Amounts in 元 and 万元 are added in 元; where only some name a unit, nothing is."""
    parts = [
        filled(
            {f"{PROCUREMENT}.amount": Decimal(7), f"{PROCUREMENT}.unit": each},
            edition="2019",
            year=2019,
        )
        for each in units
    ]
    whole = gs.add_up(parts)
    assert (gs.get(whole, f"{PROCUREMENT}.amount"), gs.get(whole, f"{PROCUREMENT}.unit")) == (
        amount,
        unit,
    )


def test_sum_of_processing_fees() -> None:
    """The fee is added up where all parts state it; otherwise it is not stated."""
    fee = FEE_OF_REQUESTS
    charged = gs.replace(
        filled(), {f"{fee}.status": "charged", f"{fee}.requests": 3, f"{fee}.amount": Decimal(400)}
    )
    none = gs.replace(filled(), {f"{fee}.status": "none", f"{fee}.amount": 0})
    assert gs.add_up([charged, charged, none]).other_matters.processing_fee == gs.ProcessingFee(
        status="charged", requests=6, amount=Decimal(800)
    )
    assert gs.add_up([none, none]).other_matters.processing_fee.status == "none"
    assert gs.add_up([charged, filled()]).other_matters.processing_fee.status == "not_stated"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([], "no part"),
        ([filled(), filled(year=2023)], "several years"),
        ([filled(), filled(edition="2019")], "several editions"),
        (
            [filled({"scope.disputes": "own"}), filled({"scope.disputes": "region"})],
            "several scopes",
        ),
        ([filled({"disputes.reconsideration.total": 2**53 - 1})] * 2, "too large for its cell, or"),
        ([filled({FEE: Decimal(10**12)}), filled({FEE: Decimal("0.000001")})], "many decimals"),
        (
            [
                filled(
                    {f"{FEE_OF_REQUESTS}.status": "charged", f"{FEE_OF_REQUESTS}.amount": amount}
                )
                for amount in (Decimal(10**11), Decimal("0.000001"))
            ],
            "fee.*many decimals",
        ),
    ],
)
def test_what_cannot_be_added_up(parts: list[gs.Report], message: str) -> None:
    """What cannot be added up is an error of one line that says why."""
    with pytest.raises(gs.Incompatible, match=message):
        gs.add_up(parts)


def test_sum_keeps_the_scope_of_regions() -> None:
    """Where all parts report on their region, so does the sum; the body can be named."""
    whole = gs.add_up([filled({"scope.applications": "region"})] * 2, "某省")
    assert (whole.body.name, whole.scope.applications, whole.scope.disputes) == (
        "某省",
        "region",
        None,
    )


# ---- a body and its parts -----------------------------------------------------------------------


def test_part_left_out_is_named() -> None:
    """
    A part that the whole does not count, or counts twice, explains all differences, and is one
    finding.
    """
    parts = some_parts()
    for number, part in enumerate(parts):
        rest = parts[:number] + parts[number + 1 :]
        left_out, twice = gs.add_up(rest), gs.add_up([*parts, part])
        for whole, code in ((left_out, "R-LEFTOUT"), (twice, "R-TWICE")):
            (finding, *others) = gs.check_parts(whole, parts)
            assert (finding.code, finding.level, finding.operands["body"].zh) == (
                code,
                "warning",
                part.body.name,
            )
            assert {each.code for each in others} <= {"R-BLANK"}
            assert gs.check_parts(whole, parts, complete=True)[0].level == "error"
    both = gs.check_parts(gs.add_up(parts[2:]), parts)
    assert both[0].operands["body"].zh == "、".join(each.body.name for each in parts[:2])


def test_wrong_figure_of_the_whole_is_named() -> None:
    """
    A figure of the whole that is not the sum is named with both numbers, and with the part whose
    figure is the difference.
    """
    parts = some_parts()
    whole = gs.add_up(parts)
    cell = "applications.received.natural_person"
    figure = next(part for part in parts if (figures(part)[cell] or 0) > 100)
    wrong = gs.replace(whole, {cell: figures(whole)[cell] - figures(figure)[cell]})
    finding = gs.check_parts(wrong, parts, complete=True)[0]
    assert (finding.code, finding.level, finding.cells, finding.difference) == (
        "R-SUM",
        "error",
        (cell,),
        -figures(figure)[cell],
    )
    assert f"正好等于{figure.body.name}的这一项" in finding.message("zh")
    assert codes(gs.check_parts(wrong, parts))[0] == ("R-SUM", "warning")
    assert json.loads(json.dumps(finding.to_dict()))["difference"] == -figures(figure)[cell]


def test_missing_part_leaves_bounds() -> None:
    """
    Where a part is missing there is no verdict: what the missing ones must come to, and what is
    already exceeded.
    """
    parts = some_parts()
    whole = gs.add_up(parts)
    found = gs.check_parts(whole, parts[1:], complete=False)
    assert {each.code for each in found} <= {"R-REST", "R-BLANK"}
    assert f"{parts[0].applications.received.total}" in found[0].message("zh")
    cell = "applications.received.total"
    short = gs.replace(whole, {cell: figures(gs.add_up(parts[1:]))[cell] - 1})
    assert codes(gs.check_parts(short, parts[1:], complete=False))[0] == ("R-BOUND", "warning")


def test_blank_of_a_part_leaves_a_bound() -> None:
    """
    A blank in a part makes its figure unknown, unless the other parts exceed the whole already.
    """
    cell = "disputes.reconsideration.total"
    parts = [
        named(filled({cell: 3}), "甲"),
        named(filled({cell: 2}), "丁"),
        named(filled({cell: None}), "乙"),
    ]
    assert codes(gs.check_parts(filled({cell: 5}, body="丙"), parts)) == [("R-BLANK", "info")]
    assert codes(gs.check_parts(filled({cell: 4}, body="丙"), parts)) == [
        ("R-BOUND", "warning"),
        ("R-BLANK", "info"),
    ]
    assert codes(gs.check_parts(filled({cell: None}, body="丙"), parts)) == [("R-BLANK", "info")]


def test_rounding_of_amounts() -> None:
    """
    An amount in 万元 may differ by its rounding, half a unit of the coarsest printed decimal for
    each part; whole numbers may not.
    """
    parts = [named(filled({FEE: Decimal(amount)}), amount) for amount in ("1.25", "2.25", "3.25")]
    assert gs.check_parts(filled({FEE: Decimal("6.8")}), parts, complete=True) == ()
    assert codes(gs.check_parts(filled({FEE: Decimal("7.1")}), parts, complete=True)) == [
        ("R-SUM", "error")
    ]
    whole_numbers = [named(filled({FEE: Decimal(amount)}), amount) for amount in ("3", "4")]
    assert codes(gs.check_parts(filled({FEE: Decimal(8)}), whole_numbers, complete=True)) == [
        ("R-SUM", "error")
    ]


def test_part_given_twice() -> None:
    """A part given twice, under one name or two, is a warning and counts once."""
    parts = some_parts()
    whole = gs.add_up(parts)
    assert codes(gs.check_parts(whole, [*parts, parts[2]]))[0] == ("R-SAME", "warning")
    assert "R-SUM" not in dict(codes(gs.check_parts(whole, [*parts, parts[2]])))
    assert codes(gs.check_parts(whole, [*parts, named(parts[2], "另一个单位")]))[0] == (
        "R-SAME",
        "warning",
    )
    assert codes(gs.check_parts(whole, [*parts, whole]))[0] == ("R-SAME", "warning")


def test_what_cannot_be_compared() -> None:
    """
    Parts of another year or form are left out and named; a table of the body itself, or of mixed
    scopes, is not compared.
    """
    parts = some_parts()
    whole = gs.add_up(parts)
    old = named(filled(edition="2019"), "旧格式局")
    found = gs.check_parts(whole, [*parts, old, named(filled(year=2020), "去年局")], complete=True)
    assert codes(found)[:2] == [("R-FORM", "warning")] * 2
    assert not any(each.level == "error" for each in found)
    own = gs.replace(whole, {"scope.applications": "own"})
    assert codes(gs.check_parts(own, parts[1:]))[0] == ("R-SCOPE", "warning")
    assert not any(
        cell.startswith("applications.")
        for each in gs.check_parts(own, parts[1:])
        for cell in each.cells
    )
    mixed = [
        gs.replace(parts[0], {"scope.disputes": "own"}),
        *(gs.replace(each, {"scope.disputes": "system"}) for each in parts[1:]),
    ]
    assert codes(gs.check_parts(whole, mixed))[0] == ("R-SCOPE", "warning")


@pytest.mark.parametrize(
    "call", [gs.check_years, gs.add_up, lambda reports: gs.check_parts(filled(), reports)]
)
def test_no_report(call: Any) -> None:
    """What is no report is an error that says what to do."""
    with pytest.raises(TypeError, match="make them with loads"):
        call([{}])


# ---- the rules ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "side", "pattern"),
    [("years", "right", "last:nowhere.<column>"), ("parts", "left", "<cell>.x")],
)
def test_rule_between_reports_that_names_no_cell_fails_on_load(
    kind: Any, side: str, pattern: str
) -> None:
    """A rule that names no cell of an edition it holds between fails when it is loaded."""
    data = copy.deepcopy(read("between"))
    data[kind][0][side]["cells"].append(pattern)
    with pytest.raises(ValueError, match="names no cell of table"):
        tuple(parse(data, kind))


def test_number_of_rules_between_reports() -> None:
    """Every cell is summed over parts; 7 columns carry over in any two editions."""
    assert len(sums("parts", form("2021"), form("2021"))) == 200
    assert [
        len(sums("years", form(this).coarse, form(last).coarse))
        for this, last in (("2021", "2021"), ("2021", "2019"), ("2019", "2019"))
    ] == [9, 7, 12]


# ---- the command line ---------------------------------------------------------------------------


def saved(folder: Path, reports: list[gs.Report]) -> list[str]:
    """Write reports into a folder and name the files."""
    paths = [folder / f"{number}.json" for number in range(len(reports))]
    for path, report in zip(paths, reports, strict=True):
        path.write_bytes(gs.dumps(report))
    return [str(path) for path in paths]


def test_years_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    ``years`` says what does not follow on; it ends with 0, as none of it is an error, and with 2
    where a file cannot be read.
    """
    last, this = (
        filled({"applications.carried_forward.total": 5}, year=2023),
        filled({"disputes.reconsideration.upheld": 1}),
    )
    files = saved(tmp_path, [last, this])
    assert main(["years", *files]) == 0
    assert capsys.readouterr().out.splitlines()[0].endswith(" [Y-CARRY]")
    assert main(["years", "--format", "json", *files]) == 0
    assert json.loads(capsys.readouterr().out)[0]["reports"] == ["2024", "2023"]
    assert main(["years", files[0]]) == 2
    assert "两份" in capsys.readouterr().err
    assert main(["years", *files, str(tmp_path / "none.json")]) == 2


def test_parts_on_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    ``parts`` ends with 1 where the parts are said to be complete and do not add up; ``add-up``
    writes what they come to.
    """
    parts = some_parts(3)
    files = saved(tmp_path, parts)
    whole = str(tmp_path / "whole.json")
    assert main(["add-up", *files, "--body", "某市", "--out", whole]) == 0
    assert gs.loads(Path(whole).read_bytes()).body.name == "某市"
    assert main(["add-up", *files]) == 0
    assert gs.loads(capsys.readouterr().out).applications == gs.add_up(parts).applications
    assert main(["parts", whole, *files, "--complete", "--lang", "en"]) == 0
    assert main(["parts", whole, *files[1:], "--complete"]) == 1
    assert main(["parts", whole, *files[1:], "--incomplete"]) == 0
    assert "R-REST" in capsys.readouterr().out
    assert main(["parts", str(tmp_path / "none.json"), *files]) == 2
    assert main(["add-up", *files, str(tmp_path / "none.json")]) == 2
    Path(files[0]).write_bytes(gs.dumps(attrs.evolve(parts[0], year=2030)))
    assert main(["add-up", *files, "--lang", "en"]) == 2
    assert "several years" in capsys.readouterr().err
