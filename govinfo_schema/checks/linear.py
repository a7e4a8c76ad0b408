"""
Exact linear algebra over sums of cells: connected components, Gauss–Jordan elimination.

All in whole numbers. ``completion`` solves for blank cells with it, ``repair`` drops the sums that
follow from others. It knows no form and no report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import gcd

import attrs


@attrs.frozen
class Sum:
    """Cells with their coefficients, none of them 0, and what they come to."""

    terms: Mapping[str, int]
    total: int = 0


def components(sums: Sequence[Iterable[str]]) -> tuple[int, ...]:
    """
    Return each sum the number of the first sum of its connected component.

    Sums are connected if they share a cell, directly or through other sums.

    >>> components([["a", "b"], ["c"], ["d"], ["b", "c"]])
    (0, 0, 2, 0)
    """
    component = list(range(len(sums)))
    first: dict[str, int] = {}
    for number, cells in enumerate(sums):
        joined = {number}
        for cell in cells:
            joined.add(component[first.setdefault(cell, number)])
        if len(joined) > 1:
            lowest = min(joined)
            component = [lowest if each in joined else each for each in component]
    return tuple(component)


def connected(sums: Sequence[Sum]) -> Iterator[list[Sum]]:
    """Group sums by their connected components, in the order of the first sum of each."""
    groups: dict[int, list[Sum]] = {}
    for number, each in zip(components([each.terms for each in sums]), sums, strict=True):
        groups.setdefault(number, []).append(each)
    yield from groups.values()


def reduced(sums: Iterable[Sum]) -> list[Sum] | None:
    """
    Solve the sums for as many cells as they allow (Gauss–Jordan elimination).

    Returns: the solved sums; None where they contradict each other.

    >>> for row in reduced([Sum({"a": 1, "b": 1}, 5), Sum({"b": 1, "c": -1}, 2)]) or ():
    ...     print(row.terms, row.total)
    {'a': 1, 'c': 1} 3
    {'b': 1, 'c': -1} 2
    """
    rows: dict[str, Sum] = {}
    for each in sums:
        rest = _remainder(each, rows)
        if rest.terms:
            pivot = next(iter(rest.terms))
            rows = {cell: _without(row, pivot, rest) for cell, row in rows.items()} | {pivot: rest}
        elif rest.total:
            return None
    return list(rows.values())


def independent(sums: Iterable[Mapping[str, int]]) -> list[Mapping[str, int]]:
    """
    Drop the sums, all of which come to 0, that follow from those before them.

    >>> independent([{"a": 1, "b": -1}, {"a": 2, "b": -2}, {"b": 1}])
    [{'a': 1, 'b': -1}, {'b': 1}]
    """
    kept: list[Mapping[str, int]] = []
    rows: dict[str, Sum] = {}
    for terms in sums:
        rest = _remainder(Sum(terms), rows)
        if rest.terms:
            rows[next(iter(rest.terms))] = rest
            kept.append(terms)
    return kept


def _remainder(each: Sum, rows: Mapping[str, Sum]) -> Sum:
    """Take from a sum what the rows, each by its pivot, say already."""
    for pivot, row in rows.items():
        each = _without(each, pivot, row)
    return each


def _without(each: Sum, pivot: str, row: Sum) -> Sum:
    """Eliminate *pivot* from a sum by means of *row*; the result has the smallest whole numbers."""
    factor = each.terms.get(pivot, 0)
    if not factor:
        return each
    scale = row.terms[pivot]
    cells = dict.fromkeys((*each.terms, *row.terms))
    values = {
        cell: scale * each.terms.get(cell, 0) - factor * row.terms.get(cell, 0) for cell in cells
    }
    total = scale * each.total - factor * row.total
    divisor = gcd(total, *values.values()) or 1
    return Sum(
        {cell: value // divisor for cell, value in values.items() if value}, total // divisor
    )
