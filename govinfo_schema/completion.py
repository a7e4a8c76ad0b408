"""Fill the blanks that the reconciliation rules leave no choice about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import attrs

from govinfo_schema.cells import replace, walk
from govinfo_schema.findings import frozen
from govinfo_schema.model import MAX_COUNT, Report, is_undivided
from govinfo_schema.rules import equations

Sum = tuple[Mapping[str, Fraction], Fraction]
"""Unknown figures with their coefficients, and what they must come to."""


@attrs.frozen(kw_only=True)
class Completion:
    """
    A report with blanks filled.

    *report*: the copy. *derived*: each figure that was filled in, by its cell, in printed order. *left*: the cells still blank.
    """

    report: Report
    derived: Mapping[str, int] = attrs.field(hash=False, converter=frozen)
    left: tuple[str, ...]


def complete(report: Report) -> Completion:
    """
    Fill exactly the blanks that the equations and the absence of negative figures determine; the report itself never changes.

    Blank: what may have several values stays blank, as does everything that hangs together with sums that contradict each other.
    Raises: TypeError if *report* is no report.

    >>> import govinfo_schema as gs
    >>> row = {f"disputes.reconsideration.{name}": 2 for name in ("upheld", "corrected", "other", "pending")}
    >>> dict(gs.complete(gs.replace(gs.blank("2021", year=2024, body="某市人民政府"), row)).derived)
    {'disputes.reconsideration.total': 8}
    """
    if not isinstance(report, Report):
        raise TypeError(f"complete takes a report, not {type(report).__name__}; make one with loads or from_dict")
    values: dict[str, Any] = dict(walk(report))
    undivided = is_undivided(report)
    open_sums = []
    for each in equations(report.edition, undivided):
        signs = each.coefficients()
        blank = {cell: Fraction(sign) for cell, sign in signs.items() if values[cell] is None}
        if blank:
            open_sums.append((blank, Fraction(-sum(sign * values[cell] for cell, sign in signs.items() if cell not in blank))))
    known = {cell: value for group in _connected(open_sums) for cell, value in _determined(group).items()}
    derived = {cell: known[cell] for cell in values if cell in known}
    left = tuple(cell for cell, value in values.items() if value is None and cell not in derived)
    return Completion(report=replace(report, derived), derived=derived, left=left)


def _connected(sums: Sequence[Sum]) -> Iterator[list[Sum]]:
    """Group the sums that share unknown figures, directly or through others."""
    waiting = list(sums)
    while waiting:
        group, cells = [waiting.pop(0)], set[str]()
        cells.update(group[0][0])
        while near := [each for each in waiting if not cells.isdisjoint(each[0])]:
            group += near
            cells.update(cell for each in near for cell in each[0])
            waiting = [each for each in waiting if each not in near]
        yield group


def _determined(sums: Sequence[Sum]) -> dict[str, int]:
    """Give the figures that have one value only; none where the sums contradict each other."""
    reduced = _reduced(sums)
    if reduced is None:
        return {}
    bounds: dict[str, tuple[Fraction, Fraction]] = {cell: (Fraction(0), Fraction(MAX_COUNT)) for terms, _ in sums for cell in terms}
    narrowing = [*sums, *reduced]
    changed = True
    while changed:
        changed = False
        for terms, total in narrowing:
            for cell, low, high in _narrowed(terms, total, bounds):
                if low > high or (low == high and low.denominator != 1):
                    return {}
                if (low, high) != bounds[cell]:
                    bounds[cell] = low, high
                    changed = True
    return {cell: int(low) for cell, (low, high) in bounds.items() if low == high}


def _narrowed(
    terms: Mapping[str, Fraction], total: Fraction, bounds: Mapping[str, tuple[Fraction, Fraction]]
) -> Iterator[tuple[str, Fraction, Fraction]]:
    """Narrow each figure of a sum by the bounds of the others."""
    ends = {cell: sorted((factor * bounds[cell][0], factor * bounds[cell][1])) for cell, factor in terms.items()}
    lowest, highest = sum(low for low, _ in ends.values()), sum(high for _, high in ends.values())
    for cell, factor in terms.items():
        low, high = ends[cell]
        first, second = sorted(((total - (lowest - low)) / factor, (total - (highest - high)) / factor))
        yield cell, max(bounds[cell][0], first), min(bounds[cell][1], second)


def _reduced(sums: Sequence[Sum]) -> list[Sum] | None:
    """Solve the sums for as many figures as they allow (Gauss–Jordan); None where they contradict each other."""
    rows: list[tuple[str, dict[str, Fraction], Fraction]] = []
    for terms, total in sums:
        own, rest = dict(terms), total
        for pivot, row, value in rows:
            own, rest = _less(own, rest, row, value, own.get(pivot, Fraction(0)))
        if not own:
            if rest:
                return None
            continue
        pivot, factor = next(iter(own.items()))
        own, rest = {cell: each / factor for cell, each in own.items()}, rest / factor
        rows = [(at, *_less(row, value, own, rest, row.get(pivot, Fraction(0)))) for at, row, value in rows]
        rows.append((pivot, own, rest))
    return [(row, value) for _, row, value in rows]


def _less(
    own: Mapping[str, Fraction], total: Fraction, row: Mapping[str, Fraction], value: Fraction, factor: Fraction
) -> tuple[dict[str, Fraction], Fraction]:
    """Take one sum off another, *factor* times."""
    if not factor:
        return dict(own), total
    zero = Fraction(0)
    terms = {cell: own.get(cell, zero) - factor * row.get(cell, zero) for cell in dict.fromkeys((*own, *row))}
    return {cell: each for cell, each in terms.items() if each}, total - factor * value
