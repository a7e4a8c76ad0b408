"""Check the reports of one body against each other, year by year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Any, cast

from govinfo_schema.checks.between import BetweenRule, evaluated, limits, sums
from govinfo_schema.errors import Incompatible
from govinfo_schema.findings import Equation, Finding, Level, gap, side
from govinfo_schema.form import ids
from govinfo_schema.form.forms import comparable
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, joined, spoken
from govinfo_schema.report.access import figures, form_of, get, reports_of, texts
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import exactly


@exactly
def check_years(reports: Iterable[Report]) -> tuple[Finding, ...]:
    """
    Check a body's reports of several years: what one year hands on, the next takes over.

    Between two years in a row: 上年结转 against 结转下年度 (a warning on the total), 现行有效
    against last year's and the changes, the items of edition 2019, figures a hundred times as large
    or as small, 元 for 万元. Between any two that follow each other: copies of figures or text,
    missing years, another edition, another scope, another name. No finding is an error.

    Blank: a sum with a blank is not checked, and a finding (``BLANK``) names the blanks.
    Returns: findings by year, *reports* naming the year of each cell.
    Raises: Incompatible if there are fewer than two reports; TypeError if one of them is no report.

    >>> import govinfo_schema as gs
    >>> first = gs.blank("2021", year=2023, body="某市人民政府")
    >>> first = gs.replace(first, {"applications.carried_forward.total": 121})
    >>> second = gs.blank("2021", year=2024, body="某市人民政府")
    >>> second = gs.replace(second, {"applications.brought_forward.total": 112})
    >>> [each.code for each in gs.check_years([first, second]) if each.level == "warning"]
    ['Y-CARRY']
    """
    given = list(reports_of(reports, "check_years"))
    if len(given) < 2:
        raise Incompatible(spoken("years.few", count=len(given)))
    series = sorted(given, key=lambda report: report.year)
    return tuple(finding for last, this in pairwise(series) for finding in _between(last, this))


def _between(last: Report, this: Report) -> Iterator[Finding]:
    years = this.year - last.year
    yield from _frames(last, this)
    if years == 1:
        yield from _carried(last, this)
        yield from _jumps(last, this)
    if years:
        yield from _copies(last, this)


def _frames(last: Report, this: Report) -> Iterator[Finding]:
    """Yield a finding for what keeps two reports apart: year, edition, scope or body."""
    facts: dict[str, Any] = {"first": last.year, "second": this.year}
    if this.year == last.year:
        yield _finding("Y-SAME", "warning", last, this, **facts)
    if this.year > last.year + 1:
        yield _finding("Y-GAP", "info", last, this, **facts, count=this.year - last.year - 1)
    if _name(last) != _name(this):
        yield _finding(
            "Y-BODY", "info", last, this, **facts, before=last.body.name, after=this.body.name
        )
    if last.edition != this.edition:
        forms = [edition(each.edition) for each in (last, this)]
        before, after = (Label(form.zh, form.en) for form in forms)
        yield _finding("Y-EDITION", "info", last, this, **facts, before=before, after=after)
    for table in _rescoped(last, this):
        names = [spoken(f"scope.{getattr(each.scope, table)}") for each in (last, this)]
        section = edition(this.edition).label(table)
        yield _finding(
            "Y-SCOPE", "info", last, this, **facts, section=section, before=names[0], after=names[1]
        )


def _carried(last: Report, this: Report) -> Iterator[Finding]:
    """Check what one year hands on to the next; a table whose scope has changed is left out."""
    here, there = comparable(form_of(this), form_of(last))
    values = figures(this, here) | {
        ids.of_other("last", cell): value for cell, value in figures(last, there).items()
    }
    rescoped = _rescoped(last, this)
    to_check = [
        each
        for each in sums("years", here, there)
        if cast("BetweenRule", each.rule).table not in rescoped
    ]
    outcomes = list(evaluated(to_check, values))
    for _, group in groupby(outcomes, key=lambda each: each.rule):
        equations = list(group)
        for each in equations:
            if each.difference:
                yield _broken(last, this, each, values)
        unknown = [each for each in equations if each.blanks]
        if unknown:
            yield _unknown(last, this, unknown)


def _broken(last: Report, this: Report, each: Equation, values: Mapping[str, Any]) -> Finding:
    rule = cast("BetweenRule", each.rule)
    cells = (*each.left, *each.right)
    warns = any(ids.column_of(cell) in rule.warns for cell in each.left)
    return Finding(
        code=rule.code,
        level="warning" if warns else rule.level,
        cells=tuple(ids.own(cell) for cell in cells),
        reports=_years(last, this, cells),
        left=each.left_sum,
        right=each.right_sum,
        difference=each.difference,
        rule=rule,
        symptoms=(each,),
        operands={
            "first": last.year,
            "second": this.year,
            "where": each.where,
            "left_side": side(
                rule.left_label, [(_term(last, this, cell), values[cell]) for cell in each.left]
            ),
            "right_side": side(
                rule.right_label, [(_term(last, this, cell), values[cell]) for cell in each.right]
            ),
            "gap": gap(each.difference or 0),
        },
    )


def _unknown(last: Report, this: Report, equations: Sequence[Equation]) -> Finding:
    cells = tuple(dict.fromkeys(cell for each in equations for cell in each.blanks))
    return Finding(
        code="BLANK",
        level="info",
        about="years",
        cells=tuple(ids.own(cell) for cell in cells),
        reports=_years(last, this, cells),
        rule=equations[0].rule,
        symptoms=tuple(equations),
        operands={
            "where": spoken("where.years", first=last.year, second=this.year),
            "rule_label": equations[0].rule.label,
            "names": joined("and", [_term(last, this, cell) for cell in cells]),
        },
    )


def _jumps(last: Report, this: Report) -> Iterator[Finding]:
    """
    Yield figures a hundred times as large or as small as last year.

    An amount ten thousand times as large may be in 元, not 万元.
    """
    before, after = (
        {
            cell: _exact(each, cell, value)
            for cell, value in figures(each, form_of(each).coarse).items()
        }
        for each in (last, this)
    )
    low, high = limits()["unit"]
    for cell in [each for each in after if each in before]:
        one, other = before[cell], after[cell]
        form = edition(this.edition).cell(cell)
        if (
            not one
            or not other
            or one < 0
            or other < 0
            or ids.table_of(cell) in _rescoped(last, this)
        ):
            continue
        times = max(one, other) / min(one, other)
        facts: dict[str, Any] = {
            "first": last.year,
            "second": this.year,
            "name": Label(form.zh, form.en),
            "before": f"{one:f}",
            "after": f"{other:f}",
        }
        if form.kind == "amount" and low <= times <= high:
            yield _finding("Y-UNIT", "warning", last, this, **facts, cells=(cell, cell))
        elif times >= limits()["jump"]:
            yield _finding("Y-JUMP", "info", last, this, **facts, cells=(cell, cell))


def _exact(report: Report, cell: str, value: Any) -> Decimal | None:
    """
    Return a figure as it can be compared.

    What is printed in 万元 where the form leaves the unit open is converted to 元.
    """
    if value is None:
        return None
    field = edition(report.edition).cell(cell).column.unit_field
    unit = get(report, field.id) if field else None
    return Decimal(value) * (10_000 if unit == "万元" else 1)


def _copies(last: Report, this: Report) -> Iterator[Finding]:
    """Find copies of last year's figures or sentences."""
    before, after = (figures(each) for each in (last, this))
    filled = [cell for cell, value in after.items() if value is not None]
    same = (
        before.keys() == after.keys()
        and filled
        and all(before[cell] == after[cell] for cell in after)
    )
    facts: dict[str, Any] = {"first": last.year, "second": this.year}
    if same:
        zero = not any(after.values())
        yield _finding(
            "Y-COPY",
            "info" if zero else "warning",
            last,
            this,
            **facts,
            what=spoken("copied.zero" if zero else "copied.all"),
        )
    for table in form_of(this).table_ids if not same else ():
        cells = [cell for cell in after if ids.is_below(cell, table)]
        told = [cell for cell in cells if after[cell]]
        if len(told) >= limits()["copied_figures"] and all(
            cell in before and before[cell] == after[cell] for cell in cells
        ):
            yield _finding(
                "Y-COPY", "info", last, this, **facts, what=edition(this.edition).label(table)
            )
    earlier = texts(last)
    for section, text in texts(this).items():
        share = _share(earlier[section], text)
        if share >= limits()["copied_share"]:
            what = spoken(
                "copied.text", section=edition(this.edition).label(section), share=f"{share:.0%}"
            )
            yield _finding("Y-COPY", "info", last, this, **facts, what=what)


def _share(before: str | None, after: str | None) -> float:
    """Return the share of a text whose sentences stood in last year's, digits aside."""
    old, new = (
        Counter(re.split(r"[。；;!?！？\n]+", re.sub(r"[\s0-9０-９]+", "", text or "")))
        for text in (before, after)
    )
    length = sum(len(sentence) * count for sentence, count in new.items())
    if length < limits()["copied_length"]:
        return 0.0
    return sum(len(sentence) * count for sentence, count in (new & old).items()) / length


def _finding(
    code: str,
    level: Level,
    last: Report,
    this: Report,
    *,
    cells: tuple[str, ...] = (),
    **operands: Any,
) -> Finding:
    return Finding(
        code=code,
        level=level,
        cells=cells,
        reports=(str(last.year), str(this.year)),
        operands=operands,
    )


def _years(last: Report, this: Report, cells: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(last.year if ids.other_of(cell) else this.year) for cell in cells)


def _term(last: Report, this: Report, cell: str) -> Label:
    """Name a figure by its year and its label."""
    report = last if ids.other_of(cell) else this
    return spoken(
        "figure.of_year", year=report.year, name=edition(report.edition).label(ids.own(cell))
    )


def _rescoped(last: Report, this: Report) -> list[str]:
    """Name the tables whose scope is known in both years and differs."""
    scopes = [
        (table, getattr(last.scope, table), getattr(this.scope, table))
        for table in form_of(this).table_ids
    ]
    return [table for table, before, after in scopes if before and after and before != after]


def _name(report: Report) -> str:
    return "".join(report.body.name.split())
