"""Exact linear algebra over sums of cells: elimination and connected components."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from govinfo_schema.checks.linear import Sum, components, connected, independent, reduced

CELLS = "abcdef"
TERMS = st.dictionaries(st.sampled_from(CELLS), st.integers(-3, 3).filter(bool), min_size=1)
VALUES = st.fixed_dictionaries({cell: st.integers(-9, 9) for cell in CELLS})


def total_of(terms: dict[str, int], values: dict[str, int]) -> int:
    """Work a sum out."""
    return sum(sign * values[cell] for cell, sign in terms.items())


@given(st.lists(TERMS, max_size=7), VALUES)
def test_elimination_keeps_every_solution(
    system: list[dict[str, int]], values: dict[str, int]
) -> None:
    """
    What solves the sums solves the reduced ones, of which there are as many as independent sums.
    """
    rows = reduced(Sum(terms, total_of(terms, values)) for terms in system)
    assert rows is not None
    assert len(rows) == len(independent(system))
    assert all(total_of(dict(row.terms), values) == row.total for row in rows)
    pivots = [
        next(cell for cell in row.terms if sum(cell in other.terms for other in rows) == 1)
        for row in rows
    ]
    assert len(set(pivots)) == len(rows)


@given(st.lists(TERMS, min_size=1, max_size=7), VALUES, st.integers(1, 5))
def test_contradiction_is_found(
    system: list[dict[str, int]], values: dict[str, int], error: int
) -> None:
    """
    A sum that follows from the others and comes to something else contradicts them; any other does
    not.
    """
    sums = [Sum(terms, total_of(terms, values)) for terms in system]
    first, second = system[0], system[-1]
    terms = {cell: first.get(cell, 0) + second.get(cell, 0) for cell in CELLS}
    follows = {cell: value for cell, value in terms.items() if value}
    assert reduced([*sums, Sum(follows, total_of(follows, values) + error)]) is None
    assert len(independent([*system, follows])) == len(independent(system))
    assert reduced([*sums, Sum({"new": 1}, error)]) is not None


@given(st.lists(TERMS, max_size=7))
def test_components_share_no_cell(system: list[dict[str, int]]) -> None:
    """
    Sums of one component hang together, sums of two share no cell, and each is named by its first
    sum.
    """
    numbers = components(system)
    cells: dict[int, set[str]] = {}
    for number, terms in zip(numbers, system, strict=True):
        assert numbers[number] == number
        cells.setdefault(number, set()).update(terms)
    assert sum(map(len, cells.values())) == len({cell for terms in system for cell in terms})
    groups = list(connected([Sum(terms) for terms in system]))
    assert [len(group) for group in groups] == [
        numbers.count(number) for number in dict.fromkeys(numbers)
    ]
    for group in groups:
        reached = set(group[0].terms)
        for _ in group:
            reached |= {cell for each in group if reached & set(each.terms) for cell in each.terms}
        assert reached == {cell for each in group for cell in each.terms}
