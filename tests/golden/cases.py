"""
The golden cases: for each subject the names of its cases and what the library says of each.

A subject is a function of a folder for its files; it gives each case as its name and a function
without arguments, so that a case alone can be asked.
"""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Final

import attrs
import damage
import deviations
import openpyxl

import govinfo_schema as gs
from golden import documents, inputs
from golden.facts import (
    Facts,
    assessment_facts,
    completion_facts,
    conversion_facts,
    digests,
    explanation_facts,
    finding_facts,
    line,
    or_refusal,
    reading_facts,
    report_lines,
)
from golden.inputs import BODY, DOCUMENTS, FEE, PROCUREMENT, filled, renamed
from govinfo_schema.report.access import figures

HERE: Final = Path(__file__).parent
Case = tuple[str, Callable[[], Facts]]


def _every(*groups: Callable[[], Mapping[str, gs.Report]]) -> Iterator[tuple[str, gs.Report]]:
    """Go through the reports of several groups."""
    for group in groups:
        yield from group().items()


# ---- one report ---------------------------------------------------------------------------------


def check_cases(_: Path) -> Iterator[Case]:
    """Tell which equations hold, with blanks unknown and with blanks as 0."""
    groups = (inputs.examples, inputs.generated, inputs.damaged, inputs.blanked, inputs.holed)
    for name, report in _every(*groups, inputs.full):
        yield name, partial(_checked, report)


def _checked(report: gs.Report) -> Facts:
    zero = assessment_facts(gs.check(report, "zero"))
    return {
        **assessment_facts(gs.check(report)),
        "input": report_lines(report),
        **{f"zero {name}": lines for name, lines in zero.items()},
    }


def complete_cases(_: Path) -> Iterator[Case]:
    """Fill the blanks that the sums determine."""
    groups = (inputs.examples, inputs.blanked, inputs.holed, inputs.full)
    for name, report in _every(*groups):
        yield name, lambda report=report: completion_facts(gs.complete(report))  # type: ignore[misc]


def plausible_cases(_: Path) -> Iterator[Case]:
    """Tell what is odd and no sum; also with the report of the year before."""
    for name, report in _every(inputs.examples, inputs.odd, inputs.full, inputs.blanked):
        yield name, partial(_plausible, report)
    for name, report in inputs.full().items():
        last = gs.replace(
            report, {"year": report.year - 1, "applications.carried_forward.total": 3}
        )
        yield f"after another year/{name}", partial(_plausible, report, last)


def _plausible(report: gs.Report, previous: gs.Report | None = None) -> Facts:
    return finding_facts(gs.plausible(report, previous))


def locate_cases(_: Path) -> Iterator[Case]:
    """Tell which figure is wrong, with and without evidence."""
    for name, report in _every(inputs.examples, inputs.damaged, inputs.blanked):
        yield name, partial(_located, report)
    for name, report in _every(inputs.examples, inputs.holed):
        yield f"blanks zero/{name}", partial(_located, report, "zero")
    for number, (name, report) in enumerate(inputs.damaged().items()):
        right = gs.generate(number, report.edition)
        spoilt = gs.damage(report, "single", number).report
        yield f"two wrong/{name}", partial(_located, spoilt)
        if number % 3 == 0:
            yield f"with last year/{name}", partial(_located, report, previous=right)
            halves = [gs.replace(report, {"body.name": each}) for each in ("甲局", "乙局")]
            yield f"with parts/{name}", partial(_located, report, parts=[*halves, right])
    row = [f"disputes.reconsideration.{column}" for column in ("upheld", "corrected", "total")]
    for said in (3, 4, 5, 6):
        values = dict(zip(row, (3, 1, 5), strict=True))
        told = filled(values | {"overview": f"因政府信息公开引起的行政复议{said}件。"})
        yield f"with a text/{said}", partial(_located, told)
    for name, evidence in _evidence().items():
        yield f"evidence/{name}", partial(_located, evidence.pop("report"), **evidence)
    cell = f"{ROW}.outcomes.withheld.state_secret.natural_person"
    for name, (figure, typed) in MISTYPED.items():
        yield (
            f"mistyped/{name}",
            partial(_located, gs.replace(_adding_up(cell, figure), {cell: typed})),
        )
    beside = {f"{ROW}.received.natural_person": 4, f"{ROW}.received.commercial_enterprise": 4}
    yield "mistyped/neighbour", partial(_located, filled(beside | {f"{ROW}.received.total": 4}))
    next_to_it = cell.replace("natural_person", "commercial_enterprise")
    both = gs.replace(_adding_up(cell, 222), {next_to_it: 222})
    yield "mistyped/the next cell", partial(_located, both)
    unfilled = [cell for cell, _ in gs.walk(gs.generate(3)) if cell.endswith(".total")]
    yield (
        "totals never filled",
        partial(_located, gs.replace(gs.generate(3), dict.fromkeys(unfilled, 0))),
    )


MISTYPED: Final = {
    "unit": (3, 30_000),
    "unit less": (30_000, 3),
    "doubled": (35, 355),
    "dropped": (355, 35),
    "swapped": (35, 53),
    "one digit": (351, 381),
    "another": (351, 222),
}
"""What a figure is and what was typed for it."""


def _evidence() -> dict[str, dict[str, Any]]:
    """
    Make reports of which one figure is wrong, with last year's report and with parts that tell it.
    """
    told: dict[str, dict[str, Any]] = {}
    for seed in (0, 1, 4, 5, 8, 11):
        report = gs.generate(seed)
        for row in ("brought_forward", "received"):
            cell = f"{ROW}.{row}.total"
            wrong = gs.replace(report, {cell: _more(report, cell, 5)})
            last = {f"{ROW}.carried_forward.total": gs.get(report, f"{ROW}.brought_forward.total")}
            zeros = gs.replace(
                report, {each: 0 for each, value in gs.walk(report) if value is not None}
            )
            previous = gs.replace(zeros, last | {"year": report.year - 1})
            told[f"last year/{row}/{seed}"] = {"report": wrong, "previous": previous}
            told[f"parts/{row}/{seed}"] = {"report": wrong, "parts": [report, zeros]}
    return told


def _adding_up(cell: str, value: int) -> gs.Report:
    """Make a report that holds, of which one cell of table 3, and the totals above it, are this."""
    row, _, column = cell.rpartition(".")
    rows = (row, f"{ROW}.outcomes.total", f"{ROW}.received")
    return filled({f"{each}.{name}": value for each in rows for name in (column, "total")})


def _located(report: gs.Report, blanks: Any = "unknown", **evidence: Any) -> Facts:
    explanations = gs.locate(report, blanks, **evidence)
    facts = explanation_facts(explanations)
    if explanations:
        mended = gs.check(explanations[0].apply(report), blanks)
        facts["mended"] = [line(held=mended.held, broken=len(mended.broken))]
    return facts


def convert_cases(_: Path) -> Iterator[Case]:
    """Convert reports to each edition of the form."""
    for name, report in _every(inputs.examples, inputs.full, inputs.holed):
        for edition in ("2019", "2021"):
            yield f"{name}/to {edition}", partial(_converted, report, edition)


def _converted(report: gs.Report, edition: Any) -> Facts:
    return conversion_facts(gs.to_edition(report, edition))


# ---- several reports ----------------------------------------------------------------------------

ROW: Final = "applications"
_TEXT: Final = "".join(f"第{number}项工作按照年度计划有序推进，取得成效。" for number in range(20))


def years_cases(_: Path) -> Iterator[Case]:
    """Hold the reports of one body over the years against each other."""
    for name, reports in _series().items():
        yield (
            name,
            lambda reports=reports: or_refusal(  # type: ignore[misc]
                lambda: finding_facts(gs.check_years(reports))
            ),
        )


def _series() -> dict[str, list[gs.Report]]:
    last, this = _filled_2021(2023), _filled_2021(2024)
    carried, brought = f"{ROW}.carried_forward", f"{ROW}.brought_forward"
    amount, items = {FEE: Decimal("1.5")}, "proactive.penalties.items"
    old: dict[str, Any] = {"edition": "2019"}
    money = {f"{PROCUREMENT}.amount": 7, f"{PROCUREMENT}.unit": "万元"}
    same = {"scope.applications": "own"}
    dense = max(
        map(gs.generate, range(20)), key=lambda each: sum(bool(v) for _, v in gs.walk(each))
    )
    series: dict[str, list[gs.Report]] = {
        "one report": [this],
        "in order": [last, this],
        "in another order": [this, last, _filled_2021(2022)],
        "carry total": [gs.replace(last, {f"{carried}.total": 4}), this],
        "carry column": [gs.replace(last, {f"{carried}.natural_person": 4}), this],
        "carry blank": [
            gs.replace(last, {f"{carried}.total": None}),
            gs.replace(this, {f"{brought}.natural_person": None}),
        ],
        "in force": [last, gs.replace(this, {f"{DOCUMENTS}.in_force": 421})],
        "in force blank": [gs.replace(last, {f"{DOCUMENTS}.in_force": None}), this],
        "jump": [
            gs.replace(last, {f"{ROW}.received.total": 1}),
            gs.replace(this, {f"{ROW}.received.total": 100}),
        ],
        "no jump": [
            gs.replace(last, {f"{ROW}.received.total": 1}),
            gs.replace(this, {f"{ROW}.received.total": 99}),
        ],
        "unit": [gs.replace(last, amount), gs.replace(this, {FEE: 15_000})],
        "unit less": [gs.replace(last, {FEE: 4_500}), gs.replace(this, amount)],
        "gap": [_filled_2021(2021), this],
        "same year": [this, gs.replace(this, {"title": "另一份"})],
        "other body": [renamed(last, "甲市"), renamed(this, "甲　市"), _filled_2021(2025)],
        "edition": [filled(**old, year=2020), filled(year=2021)],
        "edition, one row": [filled(**old, year=2020), filled(year=2021, undivided=True)],
        "shape": [filled(year=2023, undivided=True), this],
        "items": [
            filled({f"{items}_prior_year": 5, f"{items}_change": 2}, **old, year=2019),
            filled({f"{items}_prior_year": 8}, **old, year=2020),
        ],
        "items blank": [
            filled({f"{items}_change": None}, **old, year=2019),
            filled(**old, year=2020),
        ],
        "procurement in one unit": [
            filled(money, **old, year=2019),
            filled(
                {f"{PROCUREMENT}.amount": 70_000, f"{PROCUREMENT}.unit": "元"}, **old, year=2020
            ),
        ],
        "scope": [
            gs.replace(last, same),
            gs.replace(this, {"scope.applications": "region", f"{brought}.total": 9}),
        ],
        "scope known once": [gs.replace(last, same), gs.replace(this, {f"{brought}.total": 9})],
        "all copied": [dense, gs.replace(dense, {"year": 2025})],
        "zeros copied": [filled(year=2023), filled(year=2024)],
        "blank both": [gs.blank("2021", year=year, body=BODY) for year in (2023, 2024)],
        "table copied": [dense, gs.replace(dense, {"year": 2025, f"{DOCUMENTS}.issued": 3})],
        "text copied": [
            filled({"overview": _TEXT, "problems": _TEXT}, year=2023),
            filled(
                {"overview": f"{_TEXT}另有新的内容。", "problems": _TEXT[:150], f"{FEE}": 1},
                year=2024,
            ),
        ],
    }
    for number in range(9):
        edition, undivided = inputs.SHAPES[number % 3]
        reports = [
            gs.generate(number * 10 + turn, edition, undivided=undivided) for turn in range(3)
        ]
        series[f"generated/{number}"] = [
            gs.replace(each, {"year": 2021 + turn}) for turn, each in enumerate(reports)
        ]
    full = [*inputs.full().values()]
    for number in range(0, len(full) - 1, 2):
        first, second = full[number : number + 2]
        series[f"full/{number}"] = [first, gs.replace(second, {"year": first.year + 1})]
    return series


def _filled_2021(year: int) -> gs.Report:
    """Make a report that follows on from those of the other years."""
    values = {
        f"{DOCUMENTS}.in_force": 420,
        f"{ROW}.received.total": 30,
        "disputes.reconsideration.total": 2,
    }
    return filled(values | {f"{ROW}.outcomes.total.total": year - 2000}, year=year)


def parts_cases(_: Path) -> Iterator[Case]:
    """
    Hold a report against those of its parts, where all are there, where some may be missing and
    where one is.
    """
    for name, (whole, parts) in _wholes().items():
        for complete in (True, None, False):
            yield f"{name}/{complete}", partial(_parts, whole, parts, complete)


def _parts(whole: gs.Report, parts: list[gs.Report], complete: bool | None) -> Facts:
    return or_refusal(lambda: finding_facts(gs.check_parts(whole, parts, complete=complete)))


def _bureaus(edition: Any = "2021", *, undivided: bool = False, count: int = 4) -> list[gs.Report]:
    """Make reports of bodies of one year, none of them without requests."""
    made = (gs.generate(seed, edition, undivided=undivided) for seed in range(60))
    some = [each for each in made if each.applications.received.total][:count]
    return [renamed(each, f"第{number}局") for number, each in enumerate(some, 1)]


def _wholes() -> dict[str, tuple[gs.Report, list[gs.Report]]]:
    parts = _bureaus()
    whole = gs.add_up(parts, BODY)
    first = gs.replace(parts[0], {FEE: Decimal("1.26")})
    total = f"{ROW}.received.total"
    small = [filled({FEE: Decimal(amount)}, body=f"{amount}局") for amount in ("1.25", "1.24")]
    old = [
        filled(
            {f"{PROCUREMENT}.amount": 3, f"{PROCUREMENT}.unit": unit},
            edition="2019",
            year=2020,
            body=unit,
        )
        for unit in ("元", "万元")
    ]
    wholes = {
        "sum": (whole, parts),
        "left out": (gs.add_up(parts[1:], BODY), parts),
        "two left out": (gs.add_up(parts[2:], BODY), parts),
        "twice": (gs.add_up([*parts, renamed(parts[0], "甲")], BODY), parts),
        "one figure": (gs.replace(whole, {total: _more(whole, total, 7)}), parts),
        "less": (gs.replace(whole, {total: 0}), parts),
        "one missing": (whole, parts[1:]),
        "blank in the whole": (gs.replace(whole, {total: None}), parts),
        "blank in a part": (whole, [gs.replace(parts[0], {total: None}), *parts[1:]]),
        "blank in a part, and less": (
            gs.replace(whole, {total: 0}),
            [gs.replace(parts[0], {total: None}), *parts[1:]],
        ),
        "same name": (whole, [*parts, renamed(parts[1], "第1局")]),
        "same figures": (whole, [*parts, renamed(parts[1], "第2局（本级）")]),
        "the whole among its parts": (whole, [*parts, whole]),
        "other year": (whole, [*parts[1:], gs.replace(parts[0], {"year": 2022})]),
        "other edition": (whole, [*parts, *_bureaus("2019", count=1)]),
        "other shape": (whole, [*parts[:-1], *_bureaus(undivided=True, count=1)]),
        "scope of the whole": (gs.replace(whole, {"scope.applications": "own"}), parts),
        "scopes of the parts": (
            whole,
            [
                gs.replace(parts[0], {"scope.disputes": "own"}),
                gs.replace(parts[1], {"scope.disputes": "region"}),
                *parts[2:],
            ],
        ),
        "rounded": (filled({FEE: Decimal("2.5")}), small),
        "rounded more": (filled({FEE: Decimal("2.6")}), small),
        "not rounded": (filled({FEE: Decimal("2.8")}), small),
        "amount of one": (gs.replace(whole, {FEE: Decimal("1.26")}), [first, *parts[1:]]),
        "units": (
            filled(
                {f"{PROCUREMENT}.amount": 30_003, f"{PROCUREMENT}.unit": "元"},
                edition="2019",
                year=2020,
            ),
            old,
        ),
        "no parts": (whole, []),
    }
    for edition, undivided in inputs.SHAPES:
        bureaus = _bureaus(edition, undivided=undivided, count=3)
        spoilt = gs.damage(gs.add_up(bureaus, BODY), "pair", 5).report
        wholes[f"damaged/{inputs.shape_name(edition, undivided)}"] = (spoilt, bureaus)
    return wholes


def _more(report: gs.Report, cell: str, more: int) -> int:
    return int(figures(report)[cell]) + more


def add_up_cases(_: Path) -> Iterator[Case]:
    """Add reports up to one."""
    parts = _bureaus()
    fees = [("charged", 3, Decimal(90)), ("none", None, None), ("charged", 1, Decimal("9.5"))]
    charging = [
        attrs.evolve(
            each,
            other_matters=gs.OtherMatters(
                text=None,
                processing_fee=gs.ProcessingFee(status=status, requests=requests, amount=amount),  # type: ignore[arg-type]
            ),
        )
        for each, (status, requests, amount) in zip(parts, fees, strict=False)
    ]
    money = [
        filled(
            {f"{PROCUREMENT}.amount": amount, f"{PROCUREMENT}.unit": unit},
            edition="2019",
            year=2020,
        )
        for amount, unit in ((1, "元"), (Decimal("2.5"), "万元"), (4, None))
    ]
    groups: dict[str, list[gs.Report]] = {
        "four": parts,
        "one": parts[:1],
        "2019": _bureaus("2019"),
        "one row": _bureaus(undivided=True),
        "two shapes": [*parts, *_bureaus(undivided=True)],
        "blank": [gs.replace(parts[0], {f"{ROW}.received.total": None, FEE: 3}), *parts[1:]],
        "fees": charging,
        "fee not stated": [*charging, parts[3]],
        "units": money[:2],
        "unit unknown": money,
        "regions": [gs.replace(each, {"scope.applications": "region"}) for each in parts],
        "scopes": [
            gs.replace(each, {"scope.applications": scope})
            for each, scope in zip(parts, ("region", "own"), strict=False)
        ],
        "none": [],
        "years": [parts[0], gs.replace(parts[1], {"year": 2022})],
        "editions": [parts[0], *_bureaus("2019", count=1)],
        "too large": [gs.replace(each, {f"{ROW}.received.total": 2**53 - 1}) for each in parts],
        "full": [
            gs.replace(each, {"year": 2024, "scope.applications": None})
            for each in [*inputs.full().values()][8:16]
        ],
    }
    for name, group in groups.items():
        yield name, partial(or_refusal, partial(_sum, group))


def _sum(parts: list[gs.Report]) -> Facts:
    return {"report": report_lines(gs.add_up(parts))}


# ---- the form, and what its cells take ----------------------------------------------------------

VALUES: Final[Mapping[str, Any]] = {
    "none": None,
    "zero": 0,
    "minus one": -1,
    "largest count": 2**53 - 1,
    "beyond": 2**53,
    "largest amount": 10**12,
    "fraction": Decimal("1.5"),
    "whole decimal": Decimal("12.0"),
    "many digits": Decimal("0.12345678901234567"),
    "float": 2.0,
    "half": 0.5,
    "not a number": Decimal("NaN"),
    "true": True,
    "text": "12",
    "no text": "",
    "year": 2024,
    "date": "2024-02-29",
}
"""What is put into every cell and every field."""


def form_cases(_: Path) -> Iterator[Case]:
    """Name the cells of each shape with kind and unit, and tell which of them take a value."""
    for edition, undivided in inputs.SHAPES:
        report = gs.blank(edition, year=2024, body=BODY, undivided=undivided)
        shape = inputs.shape_name(edition, undivided)
        yield f"{shape}/cells", partial(_cells, report)
        for name, value in VALUES.items():
            yield f"{shape}/{name}", partial(_taken, report, value)


def _cells(report: gs.Report) -> Facts:
    form = gs.edition(report.edition)
    cells = [form.cell(cell) for cell, _ in gs.walk(report)]
    schema = json.dumps(gs.json_schema(report.edition), ensure_ascii=False)
    return {
        "cells": [line(cell=cell.id, kind=cell.kind, unit=cell.unit) for cell in cells],
        "parts": [line(row=cell.row.id, column=cell.column.id) for cell in cells],
        "schema": [schema],
        "empty": report_lines(report),
    }


def _taken(report: gs.Report, value: Any) -> Facts:
    fields = (
        *("year", "title", "body.name", "body.level", "body.kind", "published_on", "overview"),
        *("body.division_code", "body.social_credit_code", "problems", "other_matters.text"),
        *("scope.applications", "other_matters.processing_fee.status"),
        *("other_matters.processing_fee.requests", "other_matters.processing_fee.amount"),
    )
    told = {cell: _put(report, cell, value) for cell in (*dict(gs.walk(report)), *fields)}
    return {"values": [f"{cell}: {outcome}" for cell, outcome in told.items()]}


def _put(report: gs.Report, cell: str, value: Any) -> str:
    """Put a value into a cell: what stands there then, or the field that refuses it."""
    try:
        return repr(gs.get(gs.replace(report, {cell: value}), cell))
    except gs.InvalidValue as error:
        return f"refused by {error.field}"


# ---- faulty data --------------------------------------------------------------------------------


def faults_cases(_: Path) -> Iterator[Case]:
    """Name every fault of damaged data and of damaged text, ten documents a case."""
    for batch in range(24):
        numbers = range(10 * batch, 10 * batch + 10)
        yield f"data/{batch:02}", partial(_faults, numbers)
        yield f"text/{batch:02}", partial(_raw_faults, numbers)

    report = gs.to_dict(gs.generate(1))
    note = {"at": None, "kind": "comment", "text": None}
    texts: dict[str, str | bytes] = {
        "no object": "[1, 2]",
        "no report": '{"a": 1}',
        "nothing": "",
        "too long": b" " * 16_000_001,
        "flood": json.dumps(report | {"notes": [note] * 10_000}, default=str),
    }
    for name, text in texts.items():
        yield f"alone/{name}", partial(_loaded, text)
    for edition in ("2019", "2021"):
        for shape, undivided in inputs.SHAPES:
            made = gs.generate(1, shape, undivided=undivided)
            case = f"asked for {edition}/{inputs.shape_name(shape, undivided)}"
            yield case, partial(_asked, made, edition)


def _asked(report: gs.Report, edition: Any) -> Facts:
    loaded = or_refusal(
        lambda: {"report": report_lines(gs.loads(gs.dumps(report), edition=edition))}
    )
    return {**loaded, **finding_facts(gs.conforms(gs.to_dict(report), edition))}


def _faults(numbers: range) -> Facts:
    return _together(
        {f"{number}": _loaded(damage.document(number).text) for number in numbers}
        | {f"{number} as data": _conforming(damage.document(number).text) for number in numbers}
    )


def _conforming(text: str) -> Facts:
    data = json.loads(text, parse_float=Decimal)
    findings = gs.conforms(data)
    asked = {name: [each.code for each in gs.conforms(data, name)] for name in ("2019", "2021")}
    return {**finding_facts(findings), "asked": [line(**asked)]}


def _raw_faults(numbers: range) -> Facts:
    return _together({f"{number}": _loaded(damage.raw(number)) for number in numbers})


def _loaded(text: str | bytes) -> Facts:
    facts = or_refusal(lambda: {"report": report_lines(gs.loads(text))})
    # Where a text stops being JSON is told by the parser of the standard library, and not alike in
    # all versions.
    facts["operands"] = [each for each in facts.get("operands", ()) if '"T-JSON"' not in each]
    return facts


def _together(several: Mapping[str, Facts]) -> Facts:
    """
    Put what is said of several documents into one case; the findings stay lines that can be
    counted.
    """
    together: Facts = {}
    for number, facts in several.items():
        for name, lines in facts.items():
            own = together.setdefault(name, [])
            own += (
                lines
                if name in ("findings", "refused")
                else [f"{number}: {each}" for each in lines]
            )
        counts = {name: len(lines) for name, lines in facts.items() if lines}
        together.setdefault("counts", []).append(f"{number}: {counts}")
    return together


# ---- documents ----------------------------------------------------------------------------------


def _printed() -> dict[str, gs.Report]:
    """Choose reports to print: one of each shape with everything in it, and real ones."""
    full, examples = inputs.full(), inputs.examples()
    chosen = {name: full[name] for name in ("full/2019/1", "full/2021/2", "full/2021-one-row/3")}
    real = (
        "2024-hongze-quzhengfu",
        "2019-shanghai-zhengfubangongting",
        "2021-pingtan-haitanpianqu",
    )
    return chosen | {f"example/{name}": examples[f"example/{name}"] for name in real}


def deviations_cases(_: Path) -> Iterator[Case]:
    """
    Read documents that deviate from the form as published ones do, one deviation at a time and
    several.
    """
    reports = _printed()
    every = (*deviations.HARMLESS, *deviations.HARMFUL)
    for at, change in enumerate(every):
        for turn, name in enumerate(reports):
            if (at + turn) % 6 < 3:
                yield (
                    f"{change.__name__}/{name}",
                    partial(_deviating, reports[name], [change], at + turn),
                )
    scan = deviations.recognised_in_a_picture
    for turn, name in enumerate(reports):
        yield f"{scan.__name__}/{name}", partial(_deviating, reports[name], [scan], turn)
    for seed in range(20):
        dice = random.Random(seed)
        name = dice.choice([*reports])
        several = dice.sample([each for each in every if each is not deviations.one_sheet], 3)
        yield f"several/{seed}", partial(_deviating, reports[name], several, seed)


def _deviating(report: gs.Report, changes: list[deviations.Change], seed: int) -> Facts:
    read = partial(documents.read_deviating, report, changes, random.Random(seed))
    return or_refusal(lambda: reading_facts(read()))


def damaged_cases(folder: Path) -> Iterator[Case]:
    """Read written documents whose file was spoilt."""
    kinds: dict[str, tuple[str, Mapping[str, documents.Spoil]]] = {
        "html": (".html", documents.PAGES),
        "docx": (".docx", documents.WORD),
        "md": (".md", documents.MARKDOWN),
        "text": (".txt", documents.TEXTS),
    }
    for kind, (suffix, spoils) in kinds.items():
        for at, (spoil_name, spoil) in enumerate(spoils.items()):
            for turn, (name, report) in enumerate(_printed().items()):
                path = folder / f"{kind}-{at}-{turn}{suffix}"
                case = f"{kind}/{spoil_name}/{name}"
                if (at + turn) % 2 == 0 or kind == "text":
                    yield case, partial(_spoilt, report, path, spoil, at + turn)
    yield from _workbook_cases(folder)
    yield from _glued_cases(folder)
    yield from _seen_cases(folder)
    report = inputs.full()["full/2021/2"]
    for number in range(40):
        yield (
            f"frame/{number:02}",
            partial(_framed, report, folder / f"frame-{number}.html", number),
        )
    for suffix in (".html", ".md"):
        for encoding in documents.ENCODINGS:
            path = folder / f"{encoding}{suffix}"
            yield f"encoding/{encoding}{suffix}", partial(_encoded, report, path, encoding)


def _workbook_cases(folder: Path) -> Iterator[Case]:
    for at, kind in enumerate(documents.WORKBOOKS):
        for turn, (name, report) in enumerate(_printed().items()):
            path = folder / f"book-{at}-{turn}.xlsx"
            yield f"xlsx/{kind}/{name}", partial(_spoilt_workbook, report, path, kind, at + turn)


_CELL: Final = 'id="disputes.reconsideration.upheld"'
SEEN: Final[dict[str, tuple[str, str]]] = {
    "struck": (rf"(<td {_CELL}[^>]*>)[^<]*", r"\1<s>7</s>"),
    "picture": (rf"(<td {_CELL}[^>]*>)[^<]*", r'\1<img alt="7">'),
    "word": (rf"(<td {_CELL}[^>]*>)[^<]*", r"\1零"),
    "yuan": ("单位：万元", "单位：元"),
    "another copy": (
        r"(?s)(.*)(<table(?:(?!<table).)*</table>)",
        r"\1<p>附：下属单位情况</p>\2<p>本机关</p>\2",
    ),
    "two rows": (
        r"(?s)(.*)(<tr>(?:(?!<tr>).)*</tr>)((?:\s*</tbody>)?\s*</table>)",
        rf"\1\2<tr>{'<td>9</td>' * 15}</tr>\3",
    ),
    "no title": (r"(?s)<title>.*?</title>|<h1>.*?</h1>", ""),
}
"""What a page shows beside figures, or in their place: a pattern, and what replaces it."""


def _seen_cases(folder: Path) -> Iterator[Case]:
    report = gs.replace(inputs.full()["full/2021/2"], {"published_on": None})
    for number, (name, change) in enumerate(SEEN.items()):
        path = folder / str(number) / f"{BODY}{report.year}年政府信息公开工作年度报告.html"
        yield f"seen/{name}", partial(_shown, report, path, change)
    for number, (name, (cell, looks)) in enumerate(BOOKS.items()):
        path = folder / f"book-{number}.xlsx"
        yield f"seen/{name}", partial(_changed_book, report, path, cell, looks)


def _shown(report: gs.Report, path: Path, change: tuple[str, str]) -> Facts:
    path.parent.mkdir()
    gs.write(report, path)
    path.write_text(re.sub(*change, path.read_text(encoding="utf-8")), encoding="utf-8")
    return or_refusal(lambda: reading_facts(gs.read(path)))


BOOKS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "faulty field": ("body.level", {"value": "乡村级"}),
    "shown rounded": ("proactive.administrative_fees.amount", {"value": 8.4, "number_format": "0"}),
    "shown as another": ("applications.received.total", {"number_format": "0,"}),
}
"""What a workbook of ours shows or holds otherwise: a name, and what is set on its cell."""


def _changed_book(report: gs.Report, path: Path, name: str, looks: dict[str, Any]) -> Facts:
    gs.write(report, path)
    book = openpyxl.load_workbook(path)
    sheet, place = next(iter(book.defined_names[f"govinfo.{name}"].destinations))
    for attribute, value in looks.items():
        setattr(book[sheet][place.replace("$", "")], attribute, value)
    book.save(path)
    return or_refusal(lambda: reading_facts(gs.read(path)))


def _glued_cases(folder: Path) -> Iterator[Case]:
    for seed in (0, 9, 11):
        zeros = {cell: 0 for cell, value in gs.walk(gs.generate(seed)) if value is None}
        report = gs.replace(gs.generate(seed), zeros)
        for spoil_name in ("glued", "half glued"):
            path = folder / f"glued-{seed}-{spoil_name}.txt"
            case = f"text/{spoil_name}/generated/{seed}"
            yield case, partial(_spoilt, report, path, documents.TEXTS[spoil_name], seed)


def _framed(report: gs.Report, path: Path, number: int) -> Facts:
    gs.write(report, path)
    path.write_text(documents.framed(path.read_text(encoding="utf-8"), number), encoding="utf-8")
    return or_refusal(lambda: reading_facts(gs.read(path)))


def _encoded(report: gs.Report, path: Path, encoding: str) -> Facts:
    gs.write(report, path)
    text = path.read_text(encoding="utf-8").replace('<meta charset="utf-8">', "")
    path.write_bytes(text.encode(encoding))
    return or_refusal(lambda: reading_facts(gs.read(path)))


def _spoilt_workbook(report: gs.Report, path: Path, kind: str, seed: int) -> Facts:
    gs.write(report, path)
    documents.spoil_workbook(path, kind, random.Random(seed))
    return or_refusal(lambda: reading_facts(gs.read(path, year=2021, body=BODY)))


def _spoilt(report: gs.Report, path: Path, spoil: documents.Spoil, seed: int) -> Facts:
    dice = random.Random(seed)
    written = path.with_suffix(".md") if path.suffix == ".txt" else path
    gs.write(report, written)
    if path.suffix == ".docx":
        documents.spoil_word(path, spoil, dice)
    else:
        path.write_text(spoil(dice, written.read_text(encoding="utf-8")), encoding="utf-8")
    plain = or_refusal(lambda: reading_facts(gs.read(path)))
    told = or_refusal(lambda: reading_facts(gs.read(path, year=2021, body=BODY)))
    return {**plain, "year and body given": [each for lines in told.values() for each in lines]}


SUFFIXES: Final = (
    *(".json", ".html", ".docx", ".md", ".xlsx"),
    *(".csv", ".tidy.csv", ".jsonl", ".parquet", ".sqlite", ".duckdb"),
)


def files_cases(folder: Path) -> Iterator[Case]:
    """
    Read back what is written, one report a file and many, marked and plain, and the form to be
    filled in.
    """
    blank = {
        f"blank/{inputs.shape_name(edition, undivided)}": gs.blank(
            edition, year=2024, body=BODY, undivided=undivided
        )
        for edition, undivided in inputs.SHAPES
    }
    damaged = dict([*inputs.damaged().items()][::8])
    for number, suffix in enumerate(SUFFIXES):
        for at, (name, report) in enumerate({**_printed(), **blank, **damaged}.items()):
            path = folder / f"one-{number}-{at}{suffix}"
            yield f"{suffix}/{name}", partial(_written, report, path)
    for suffix in (".html", ".docx", ".md"):
        for at, (name, report) in enumerate(damaged.items()):
            yield (
                f"marked {suffix}/{name}",
                partial(_marked, report, folder / f"marked-{at}{suffix}"),
            )
    many = [*inputs.full().values(), *inputs.examples().values(), *blank.values()]
    for number, suffix in enumerate(SUFFIXES[5:]):
        yield f"many {suffix}", partial(_many, many, folder / f"many-{number}{suffix}")
    yield (
        "spoilt .csv",
        partial(_spoilt_table, [*inputs.full().values()][:4], folder / "spoilt.csv"),
    )
    yield "archive .zip", partial(_archived, inputs.full()["full/2021/0"], folder / "reports.zip")
    for at, (edition, undivided) in enumerate(inputs.SHAPES):
        path = folder / f"form-{at}.xlsx"
        shape = inputs.shape_name(edition, undivided)
        report = inputs.full()[f"full/{shape}/0"]
        yield f"form/{shape}", partial(_form, path, edition, undivided, None)
        yield f"form filled/{shape}", partial(_form, path, edition, undivided, report)
        path = folder / f"typed-{at}.xlsx"
        yield f"form typed into/{shape}", partial(_typed_into, path, edition, undivided, report)


def _typed_into(path: Path, edition: Any, undivided: Any, report: gs.Report) -> Facts:
    """Read a form that a program filled in and did not calculate."""
    gs.write_form(path, edition, year=2024, body=BODY, undivided=undivided)
    book = openpyxl.load_workbook(path)
    for name, value in gs.walk(report):
        sheet, place = next(iter(book.defined_names[f"govinfo.{name}"].destinations))
        cell = book[sheet][place.replace("$", "")]
        cell.value = cell.value or value
    book.save(path)
    return or_refusal(lambda: reading_facts(gs.read(path)))


def _spoilt_table(reports: list[gs.Report], path: Path) -> Facts:
    """
    Read a table without a column of the form and with one that is none, and a figure below zero in
    its second row.
    """
    gs.write_many(reports, path)
    rows = [line.split(",") for line in path.read_text(encoding="utf-8-sig").splitlines()]
    gone = rows[0].index("disputes.reconsideration.pending")
    lines = [",".join(row[:gone] + row[gone + 1 :]) for row in rows]
    head, first, second, *rest = lines
    at = head.split(",").index("disputes.reconsideration.upheld")
    cells = second.split(",")
    lines = [
        f"{head},note",
        f"{first},x",
        ",".join([*cells[:at], "-1", *cells[at + 1 :], "x"]),
        *(f"{line}," for line in rest),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    readings = gs.read_many(path)
    together = {str(at): reading_facts(reading) for at, reading in enumerate(readings)}
    return _together(together | {"file": finding_facts(readings.findings)})


def _archived(report: gs.Report, path: Path) -> Facts:
    """Read an archive of one report and a text that is none."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("report.json", gs.dumps(report))
        archive.writestr("cover.txt", "封面")
    return reading_facts(gs.read(path))


def _written(report: gs.Report, path: Path) -> Facts:
    gs.write(report, path)
    return or_refusal(lambda: reading_facts(gs.read(path)))


def _marked(report: gs.Report, path: Path) -> Facts:
    gs.write(report, path, assessment=gs.check(report))
    return reading_facts(gs.read(path))


def _many(reports: list[gs.Report], path: Path) -> Facts:
    gs.write_many(reports, path)
    return _together({str(at): reading_facts(each) for at, each in enumerate(gs.read_many(path))})


def _form(path: Path, edition: Any, undivided: bool, report: gs.Report | None) -> Facts:
    path.unlink(missing_ok=True)
    gs.write_form(path, edition, report=report, year=2024, body=BODY, undivided=undivided)
    return or_refusal(lambda: reading_facts(gs.read(path)))


# ---- all ----------------------------------------------------------------------------------------

SUBJECTS: Final[Mapping[str, Callable[[Path], Iterator[Case]]]] = {
    "check": check_cases,
    "complete": complete_cases,
    "plausible": plausible_cases,
    "locate": locate_cases,
    "convert": convert_cases,
    "years": years_cases,
    "parts": parts_cases,
    "add_up": add_up_cases,
    "form": form_cases,
    "faults": faults_cases,
    "deviations": deviations_cases,
    "damaged": damaged_cases,
    "files": files_cases,
}
"""Subject -> its cases; each has a file of digests of that name."""


def said(subject: str, folder: Path) -> dict[str, dict[str, str]]:
    """Ask every case of a subject, and give the digests of what is said."""
    return {name: digests(answer()) for name, answer in SUBJECTS[subject](folder)}


def recorded(subject: str) -> dict[str, dict[str, str]]:
    """Read the digests that are kept of a subject; none where it is new."""
    path = HERE / f"{subject}.json"
    kept: dict[str, dict[str, str]] = (
        json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    )
    return kept


def differences(
    kept: Mapping[str, Mapping[str, str]], now: Mapping[str, Mapping[str, str]]
) -> list[str]:
    """Say for each case that is new, gone or different what it says otherwise."""
    lines = [f"{name}: is gone" for name in kept if name not in now]
    for name, facts in now.items():
        if name not in kept:
            lines.append(f"{name}: is new ({facts['says']})")
            continue
        before = kept[name]
        other = [
            each
            for each in sorted({*facts, *before} - {"says"})
            if facts.get(each) != before.get(each)
        ]
        said_otherwise = (
            f"; says {facts['says']!r}, and said {before['says']!r}"
            if facts["says"] != before["says"]
            else ""
        )
        if other or said_otherwise:
            lines.append(f"{name}: {', '.join(other)} changed{said_otherwise}")
    return lines
