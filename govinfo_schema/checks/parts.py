"""Check a report against the reports of its parts, and add parts up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from itertools import combinations, groupby
from typing import Any, Final, cast

import attrs

from govinfo_schema.checks.between import evaluated, rules, sums
from govinfo_schema.data.classes import is_a
from govinfo_schema.errors import Incompatible, InvalidValue
from govinfo_schema.findings import Equation, Finding, Level
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, comparable
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, joined, shown, spoken
from govinfo_schema.report.access import (
    check_report,
    figures,
    form_of,
    get,
    replace,
    reports_of,
    whole_rows,
)
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import exactly

NAMED: Final = 5
"""How many figures a finding about many of them names."""
FEW: Final = 14
"""
Where no more figures differ than two rows have, it tells something that a difference is exactly one
part's figure.
"""
_FEE: Final = "other_matters.processing_fee"


# ---- adding up ----------------------------------------------------------------------------------


@exactly
def add_up(parts: Iterable[Report], body: str | None = None) -> Report:
    """
    Add the reports of several bodies up to one: every figure is the exact sum.

    Unit: amounts of procurement printed partly in 元 and partly in 万元 are added in 元; where only
    some parts name a unit, they are not added and the sum is blank.
    Blank: a figure that one part leaves blank is blank. Texts, date and notes are not added up; the
    processing fee is, where all state it.
    Parts are read one by one, and none is kept.
    Returns: a report by *body*, with （六）其他处理 as one row if a part has it so.
    Raises: Incompatible if there is no part, the parts are of several years, editions or scopes, or
    a sum does not fit its cell; TypeError if one is no report.

    >>> import govinfo_schema as gs
    >>> parts = [gs.generate(seed, "2021") for seed in (1, 2, 3)]
    >>> whole = gs.add_up(parts, "某市人民政府")
    >>> received = [part.applications.received.total for part in parts]
    >>> whole.applications.received.total == sum(received), gs.check(whole).ok
    (True, True)
    """
    total = _Total()
    for part in reports_of(parts, "add_up"):
        total.add(part)
    return total.report(body)


@attrs.define
class _Total:
    """
    What reports come to that are added one by one: sums, and what must not differ among them.

    *figures*: the sums of the reports of each form. *amounts*: the sum in each unit that parts
    print, by the field of the unit. *fees*: requests and amount by the status of the fee.
    """

    count: int = 0
    years: set[str] = attrs.field(factory=set)
    scopes: dict[str, set[str | None]] = attrs.field(factory=dict)
    figures: dict[Form, dict[str, Any]] = attrs.field(factory=dict)
    amounts: dict[str, dict[str | None, Any]] = attrs.field(factory=dict)
    fees: dict[str, tuple[Any, Any]] = attrs.field(factory=dict)

    def add(self, part: Report) -> None:
        """Add a report."""
        form = form_of(part)
        self.count += 1
        self.years.add(str(part.year))
        for table in form.table_ids:
            self.scopes.setdefault(table, set()).add(getattr(part.scope, table))
        values, sums = figures(part), self.figures.get(form)
        self.figures[form] = (
            values
            if sums is None
            else {cell: _plus(sums[cell], value) for cell, value in values.items()}
        )
        for field, cell in form.edition.unit_fields.items():
            amounts = self.amounts.setdefault(field, {})
            unit = cast("str | None", get(part, field))
            amounts[unit] = _plus(amounts.get(unit, 0), values[cell])
        fee = part.other_matters.processing_fee
        requests, amount = self.fees.get(fee.status, (0, 0))
        self.fees[fee.status] = _plus(requests, fee.requests), _plus(amount, fee.amount)

    def report(self, body: str | None) -> Report:
        """
        Return the sum as a report.

        Raises: Incompatible.
        """
        self._hold_together()
        form, *_ = comparable(*self.figures)
        several = [whole_rows(sums, own, form) for own, sums in self.figures.items()]
        values = {cell: reduce(_plus, [each[cell] for each in several]) for cell in several[0]}
        for field, cell in form.edition.unit_fields.items():
            values[field], values[cell] = _in_yuan(self.amounts[field])
        for table, scopes in self.scopes.items():
            values[f"scope.{table}"] = "region" if scopes == {"region"} else None
        name = body or spoken("parts.sum", count=self.count).zh
        total = blank_on(form, year=int(min(self.years)), body=name)
        try:
            return replace(total, values | self._fee())
        except InvalidValue as error:
            label = form.edition.label(error.field) or error.field
            raise Incompatible(spoken("parts.too_large", name=label)) from None

    def _hold_together(self) -> None:
        if not self.count:
            raise Incompatible(spoken("parts.nothing"))
        editions = {form.name for form in self.figures}
        for key, found in (("parts.years", self.years), ("parts.editions", editions)):
            if len(found) > 1:
                raise Incompatible(spoken(key, found=tuple(sorted(found))))
        for table, scopes in self.scopes.items():
            known = sorted(filter(None, scopes))
            if len(known) > 1:
                names = joined("and", [spoken(f"scope.{scope}") for scope in known])
                section = next(iter(self.figures)).edition.label(table)
                raise Incompatible(spoken("parts.scopes", section=section, scopes=names))

    def _fee(self) -> dict[str, Any]:
        """Return the sum of the processing fees; not stated unless all parts state it."""
        status = next(each for each in ("not_stated", "charged", "none") if each in self.fees)
        requests, amount = self.fees[status] if status == "charged" else (None, None)
        values = {"status": status, "requests": requests, "amount": amount}
        return {ids.join(_FEE, name): value for name, value in values.items()}


def _plus(one: Any, other: Any) -> Any:
    """Add two figures; blank if one of them is."""
    return None if one is None or other is None else one + other


def _in_yuan(amounts: Mapping[str | None, Any]) -> tuple[str | None, Any]:
    """Return the unit and the sum of amounts in several units: 元, or blank if one is not known."""
    if len(amounts) == 1:
        ((unit, amount),) = amounts.items()
        return unit, amount
    if None in amounts:
        return None, None
    return "元", reduce(_plus, [_yuan(amount, unit) for unit, amount in amounts.items()])


def _yuan(amount: Any, unit: str | None) -> Any:
    return amount if amount is None or unit != "万元" else amount * 10_000


def _scopes(parts: Sequence[Report], table: str) -> list[str]:
    return sorted({scope for each in parts if (scope := getattr(each.scope, table))})


# ---- checking -----------------------------------------------------------------------------------


@exactly
def check_parts(
    whole: Report, parts: Iterable[Report], *, complete: bool | None = None
) -> tuple[Finding, ...]:
    """
    Check a report against the reports that it should be the sum of.

    If one part explains a difference, the finding names it.

    *complete*: True: no part is missing and all scopes fit, so a difference is an error. None: not
    known; a difference is a warning. False: a part is missing; only what the known parts exceed is
    a warning, and an info says what the missing parts must come to.

    Unit: an amount in 万元 may differ by the rounding of its addends, half a unit of the last
    printed digit each.
    Blank: a figure with a blank in the whole is not checked; with a blank in a part the others
    bound it from below.
    Returns: one finding for each row that differs, or one for the part that explains them all;
    *reports* names the body of each cell.
    Raises: Incompatible if there is no part; TypeError if one of them is no report; ValueError if
    *complete* is none of the three.

    >>> import govinfo_schema as gs
    >>> parts = [
    ...     gs.replace(gs.generate(seed, "2021"), {"body.name": f"第{seed}局"})
    ...     for seed in (1, 3, 5)
    ... ]
    >>> finding, *_ = gs.check_parts(gs.add_up(parts[:2]), parts)
    >>> finding.code, finding.operands["body"].zh
    ('R-LEFTOUT', '第5局')
    """
    if complete is not None and not is_a(complete, bool):
        raise ValueError(f"complete is True, False or None, not {shown(complete)}")
    check_report(whole, "check_parts")
    reports = list(reports_of(parts, "check_parts"))
    if not reports:
        raise Incompatible(spoken("parts.few", whole=1, count=0))
    findings: list[Finding] = list(named_twice(reports, whole))
    reports = list(dict.fromkeys(reports))
    fitting = [
        each for each in reports if each.edition == whole.edition and each.year == whole.year
    ]
    findings += [_misfit(whole, each) for each in reports if each not in fitting]
    if len(fitting) < len(reports):
        complete = False
    tables = [
        table for table in form_of(whole).table_ids if not _scope_problem(whole, fitting, table)
    ]
    findings += [
        _scope_finding(whole, fitting, table)
        for table in form_of(whole).table_ids
        if table not in tables
    ]
    if fitting:
        findings += _differences(
            _Comparison(whole=whole, parts=tuple(fitting), tables=tuple(tables), complete=complete)
        )
    return tuple(findings)


@attrs.frozen(kw_only=True, eq=False)
class _Comparison:
    """A report beside the parts that can be compared with it, and the tables in which they can."""

    whole: Report
    parts: tuple[Report, ...]
    tables: tuple[str, ...]
    complete: bool | None

    @property
    def form(self) -> Form:
        """The shape of the form in which all of them can be compared."""
        return comparable(*map(form_of, (self.whole, *self.parts)))[0]

    def figures(self) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        reports = (self.whole, *self.parts)
        form = self.form
        units = {
            field: {cast("str | None", get(each, field)) for each in reports}
            for field in form.edition.unit_fields
        }
        whole, *others = [_in_one_unit(report, form, units) for report in reports]
        return whole, others

    def equations(self) -> list[Equation]:
        every = sums("parts", self.form, self.form)
        return [equation for equation in every if ids.table_of(equation.left[0]) in self.tables]


def _in_one_unit(part: Report, on: Form, units: Mapping[str, set[str | None]]) -> dict[str, Any]:
    """
    Return the figures of a part, with amounts in the unit that all parts share.

    *units*: those that the parts print, by the field. An amount is blank if one is not known.
    """
    values = figures(part, on)
    for field, cell in on.edition.unit_fields.items():
        if len(units[field]) > 1:
            own = cast("str | None", get(part, field))
            values[cell] = None if None in units[field] else _yuan(values[cell], own)
    return values


def _differences(case: _Comparison) -> Iterator[Finding]:
    whole, others = case.figures()
    known = {cell: sum(each[cell] for each in others if each[cell] is not None) for cell in whole}
    doubtful = {cell for cell in whole if any(each[cell] is None for each in others)}
    outcomes = list(
        evaluated(
            case.equations(),
            whole | {ids.of_other("part", cell): value for cell, value in known.items()},
        )
    )
    rest = {
        cell: 0
        if _rounding(whole[cell], [each[cell] for each in others], difference)
        else difference
        for cell, difference in (
            (each.left[0], each.difference or 0) for each in outcomes if not each.blanks
        )
    }
    exact = {cell: difference for cell, difference in rest.items() if cell not in doubtful}
    bounded = case.complete is False
    (rule, *_) = rules("parts")
    level = rule.complete if case.complete and rule.complete else rule.level
    explained = None if bounded else _explaining(exact, others)
    if explained:
        yield _explained(
            case, level, explained, [each for each in outcomes if exact.get(each.left[0])]
        )
    few = sum(map(bool, exact.values())) <= FEW
    rows = groupby(outcomes, key=lambda each: ids.row_of(each.left[0]))
    for _, group in rows:
        cells = [each for each in group if rest.get(each.left[0])]
        wrong = [] if bounded or explained else [each for each in cells if each.left[0] in exact]
        doubted = [each for each in cells if bounded or each.left[0] not in exact]
        below = [each for each in doubted if rest[each.left[0]] < 0]
        if wrong:
            yield _row(case, "R-SUM", level, wrong, others if few else ())
        if below:
            yield _row(case, "R-BOUND", "warning", below)
    if bounded and (
        missing := {cell: difference for cell, difference in rest.items() if difference > 0}
    ):
        yield _remainder(case, missing)
    unchecked = [each for each in outcomes if each.blanks or each.left[0] in doubtful]
    if doubtful or len(rest) < len(outcomes):
        yield _unchecked(case, unchecked, whole, others)


def _explaining(
    rest: Mapping[str, Any], others: Sequence[Mapping[str, Any]]
) -> tuple[str, tuple[int, ...]] | None:
    """
    Return the one part, or the two, whose figures are exactly the differences.

    They were left out of the whole, or counted twice in it. Nothing if several answers fit.
    """
    if not any(rest.values()):
        return None
    answers: list[tuple[str, tuple[int, ...]]] = []
    rows = {number: tuple(each[cell] for cell in rest) for number, each in enumerate(others)}
    for code, sign in (("R-LEFTOUT", -1), ("R-TWICE", 1)):
        wanted = tuple(sign * difference for difference in rest.values())
        answers += [(code, (number,)) for number, row in rows.items() if row == wanted]
        if not answers and len(rows) <= 500:
            filled = {number: row for number, row in rows.items() if any(row)}
            pairs = combinations(filled, 2)
            answers += [
                (code, pair)
                for pair in pairs
                if all(
                    a + b == c
                    for a, b, c in zip(filled[pair[0]], filled[pair[1]], wanted, strict=True)
                )
            ]
    return answers[0] if len(answers) == 1 else None


def _rounding(whole: Any, parts: Sequence[Any], difference: Any) -> bool:
    """
    Whether a difference of amounts is within their rounding.

    That is half a unit of the coarsest printed decimal for each addend.
    """
    told = [each for each in (whole, *parts) if each is not None]
    if not difference or not all(isinstance(each, Decimal) for each in told):
        return False
    printed = [_decimals(each) for each in told if each]
    return any(printed) and abs(difference) <= Decimal(len(parts)) / 2 * Decimal(10) ** -min(
        printed
    )


def _decimals(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


# ---- findings -----------------------------------------------------------------------------------


def _row(
    case: _Comparison,
    code: str,
    level: Level,
    equations: Sequence[Equation],
    others: Sequence[Mapping[str, Any]] = (),
) -> Finding:
    """
    Return one finding for the figures of one printed row.

    Where the difference is exactly the figure of one part, it names that part.
    """
    form = edition(case.whole.edition)
    cells = tuple(each.left[0] for each in equations)
    said = []
    for each in equations:
        column = form.cell(each.left[0]).column
        told = spoken(
            "parts.figure",
            name=Label(column.zh, column.en),
            whole=_plain(each.left_sum),
            parts=_plain(each.right_sum),
        )
        suspects = [
            number
            for number, other in enumerate(others)
            if other[each.left[0]] == abs(each.difference or 0)
        ]
        if len(suspects) == 1:
            told = spoken("parts.hint", figure=told, body=case.parts[suspects[0]].body.name)
        said.append(told)
    single = len(equations) == 1 and isinstance(equations[0].difference, int)
    return Finding(
        code=code,
        level=level,
        cells=cells,
        reports=(case.whole.body.name,) * len(cells),
        left=equations[0].left_sum if single else None,
        right=equations[0].right_sum if single else None,
        difference=equations[0].difference if single else None,
        rule=equations[0].rule,
        symptoms=tuple(equations),
        operands={"row": form.cell(cells[0]).row.path, "figures": joined("semicolon", said)},
    )


def _explained(
    case: _Comparison,
    level: Level,
    explained: tuple[str, tuple[int, ...]],
    equations: Sequence[Equation],
) -> Finding:
    code, numbers = explained
    names = [case.parts[number].body.name for number in numbers]
    cells = tuple(each.left[0] for each in equations)
    return Finding(
        code=code,
        level=level,
        cells=cells,
        reports=(case.whole.body.name,) * len(cells),
        rule=equations[0].rule,
        symptoms=tuple(equations),
        operands={
            "body": joined("and", [Label(name, name) for name in names]),
            "count": len(cells),
        },
    )


def _remainder(case: _Comparison, missing: Mapping[str, Any]) -> Finding:
    """Return what the missing parts must come to: totals first, as they say the most."""
    form = edition(case.whole.edition)
    ordered = sorted(missing, key=lambda cell: cell not in case.form.row_totals)
    said = [
        spoken("term", name=form.label(cell), value=_plain(missing[cell]))
        for cell in ordered[:NAMED]
    ]
    more = spoken("parts.more", count=len(missing)) if len(missing) > NAMED else Label("", "")
    return Finding(
        code="R-REST",
        level="info",
        cells=tuple(missing),
        reports=(case.whole.body.name,) * len(missing),
        operands={"figures": joined("and", said), "more": more},
    )


def _unchecked(
    case: _Comparison,
    unknown: Sequence[Equation],
    whole: Mapping[str, Any],
    others: Sequence[Mapping[str, Any]],
) -> Finding:
    cells = tuple(each.left[0] for each in unknown)
    bodies = [case.whole.body.name] if any(whole[cell] is None for cell in cells) else []
    bodies += [
        part.body.name
        for part, other in zip(case.parts, others, strict=True)
        if any(other[cell] is None for cell in cells)
    ]
    names = joined("and", [Label(name, name) for name in bodies[:NAMED]])
    more = spoken("parts.bodies", count=len(bodies)) if len(bodies) > NAMED else Label("", "")
    return Finding(
        code="R-BLANK",
        level="info",
        cells=cells,
        reports=(case.whole.body.name,) * len(cells),
        symptoms=tuple(unknown),
        operands={"count": len(cells), "bodies": names, "more": more},
    )


def named_twice(parts: Sequence[Report], whole: Report | None = None) -> Iterator[Finding]:
    """
    Yield a finding for each part that is given twice, and for the whole among its parts.

    They have the same body, or the same figures, not all zero, under two names.
    """
    seen: dict[Any, Report] = {}
    if whole is not None:
        seen[tuple(figures(whole, form_of(whole).coarse).items())] = whole
    for part in parts:
        values = figures(part, form_of(part).coarse)
        keys: list[Any] = ["".join(part.body.name.split())]
        keys += [tuple(values.items())] if any(values.values()) else []
        first = next((seen[key] for key in keys if key in seen), None)
        if first is not None:
            names = (first.body.name, part.body.name)
            yield Finding(
                code="R-SAME",
                level="warning",
                reports=names,
                operands={"first": names[0], "second": names[1]},
            )
        seen.update(dict.fromkeys(keys, part))


def _misfit(whole: Report, part: Report) -> Finding:
    form, other = edition(whole.edition), edition(part.edition)
    facts = {
        "year": whole.year,
        "edition": Label(form.zh, form.en),
        "other_year": part.year,
        "other": Label(other.zh, other.en),
    }
    return Finding(
        code="R-FORM",
        level="warning",
        reports=(part.body.name,),
        operands={"body": part.body.name, **facts},
    )


def _scope_problem(whole: Report, parts: Sequence[Report], table: str) -> bool:
    return getattr(whole.scope, table) == "own" or len(_scopes(parts, table)) > 1


def _scope_finding(whole: Report, parts: Sequence[Report], table: str) -> Finding:
    section = edition(whole.edition).label(table)
    scopes = joined("and", [spoken(f"scope.{scope}") for scope in _scopes(parts, table)])
    whole_alone = getattr(whole.scope, table) == "own"
    problem = spoken("scope.whole") if whole_alone else spoken("scope.parts", scopes=scopes)
    bodies = (whole.body.name,) if whole_alone else tuple(each.body.name for each in parts)
    return Finding(
        code="R-SCOPE",
        level="warning",
        reports=bodies,
        operands={"section": section, "problem": problem},
    )


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
