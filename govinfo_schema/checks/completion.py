"""``complete``: fill blank cells whose value follows from the equations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs

from govinfo_schema.checks.linear import Sum, connected, reduced
from govinfo_schema.data.frozen import frozen
from govinfo_schema.form.forms import Form
from govinfo_schema.report.access import figures, form_of, replace
from govinfo_schema.report.given import check_report
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import MAX_COUNT

Bound = int | Fraction
"""A whole number wherever it is one: exact, and much faster than a fraction."""


@attrs.frozen(kw_only=True)
class Completion:
    """
    A report with blanks filled.

    *report*: the copy. *derived*: each figure that was filled in, by its cell, in printed order.
    *left*: the cells still blank.

    >>> import govinfo_schema as gs
    >>> right = gs.generate(1, "2021")
    >>> completion = gs.complete(gs.replace(right, {"applications.received.total": None}))
    >>> list(completion.derived), completion.report == right
    (['applications.received.total'], True)
    """

    report: Report
    derived: Mapping[str, int] = attrs.field(hash=False, converter=frozen)
    left: tuple[str, ...]


def complete(report: Report) -> Completion:
    """
    Fill exactly the blanks that the equations and the absence of negative figures determine.

    The report itself never changes.

    Blank: what may have several values stays blank, as does everything that hangs together with
    sums that contradict each other.
    Raises: TypeError if *report* is no report.

    >>> import govinfo_schema as gs
    >>> columns = ("upheld", "corrected", "other", "pending")
    >>> row = {f"disputes.reconsideration.{column}": 2 for column in columns}
    >>> report = gs.replace(gs.blank("2021", year=2024, body="某市人民政府"), row)
    >>> dict(gs.complete(report).derived)
    {'disputes.reconsideration.total': 8}
    """
    check_report(report, "complete")
    values = figures(report)
    derived = determined(form_of(report), values)
    left = tuple(cell for cell, value in values.items() if value is None and cell not in derived)
    return Completion(report=replace(report, derived), derived=derived, left=left)


def determined(form: Form, values: Mapping[str, Any]) -> dict[str, int]:
    """Return the blank figures that the equations leave one value only, in printed order."""
    open_sums = []
    for equation in form.equations:
        signs = equation.coefficients()
        blank = {cell: sign for cell, sign in signs.items() if values[cell] is None}
        if blank:
            known = sum(sign * values[cell] for cell, sign in signs.items() if cell not in blank)
            open_sums.append(Sum(blank, -known))
    solved = {
        cell: value for group in connected(open_sums) for cell, value in _solved(group).items()
    }
    return {cell: solved[cell] for cell in values if cell in solved}


def _solved(sums: Sequence[Sum]) -> dict[str, int]:
    """Return the figures that have one value only; none where the sums contradict each other."""
    rows = reduced(sums)
    if rows is None:
        return {}
    bounds: dict[str, tuple[Bound, Bound]] = {
        cell: (0, MAX_COUNT) for each in sums for cell in each.terms
    }
    narrowing = [*sums, *rows]
    changed = True
    while changed:
        changed = False
        for each in narrowing:
            for cell, low, high in _narrowed(each, bounds):
                if low > high or (low == high and low.denominator != 1):
                    return {}
                if (low, high) != bounds[cell]:
                    bounds[cell] = low, high
                    changed = True
    return {cell: int(low) for cell, (low, high) in bounds.items() if low == high}


def _narrowed(
    each: Sum, bounds: Mapping[str, tuple[Bound, Bound]]
) -> Iterator[tuple[str, Bound, Bound]]:
    """Narrow each figure of a sum by the bounds of the others."""
    ends: dict[str, tuple[Bound, Bound]] = {}
    for cell, factor in each.terms.items():
        low, high = bounds[cell]
        ends[cell] = (factor * low, factor * high) if factor > 0 else (factor * high, factor * low)
    over_lowest = each.total - sum(low for low, _ in ends.values())
    over_highest = each.total - sum(high for _, high in ends.values())
    for cell, factor in each.terms.items():
        low, high = ends[cell]
        first, second = _ratio(over_highest + high, factor), _ratio(over_lowest + low, factor)
        if factor < 0:
            first, second = second, first
        yield cell, max(bounds[cell][0], first), min(bounds[cell][1], second)


def _ratio(number: Bound, factor: int) -> Bound:
    whole, rest = divmod(number, factor)
    return Fraction(number, factor) if rest else whole
