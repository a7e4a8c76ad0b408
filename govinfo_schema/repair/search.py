"""
Find the smallest sets of figures whose change makes every sum hold.

The search is exact, in integers, and gives the same answer every time.

A system is a list of signed sums over figures. Two facts carry the search. Sums that share no
figure cannot be mended by fewer changes than there are broken ones among them; where there are
exactly as many, each change mends one of them and its amount is known. And a smallest set of
changes whose amounts are determined closes no cycle: some sum contains exactly one of them, so that
there too the amount is known (docs/decisions/0007-every-smallest-explanation.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import attrs

from govinfo_schema.checks.linear import components
from govinfo_schema.report.values import MAX_COUNT

Changes = frozenset[tuple[str, int]]
"""Figures and what is added to each."""

CYCLE = 4
"""From so many changes on a smallest set may close a cycle, whose amounts the sums leave open."""


class OutOfWorkError(Exception):
    """The work allowed is done before the search is."""


@attrs.define
class Budget:
    """
    How many steps a search may still take, the same on every machine.

    *complete* becomes False where the search may have missed a set.
    """

    steps: int
    complete: bool = True

    def spend(self, steps: int = 1) -> None:
        """Take steps off; OutOfWorkError where none are left."""
        self.steps -= steps
        if self.steps < 0:
            self.complete = False
            raise OutOfWorkError


@attrs.frozen(eq=False)
class System:
    """
    Signed sums over figures.

    *sums*: figures and their coefficients. *entries*: each figure's sums. *families*: sums that
    share no figure. *supports*: the figures that enter just these sums. *components*: for each sum,
    the group of sums it hangs together with.
    """

    sums: tuple[Mapping[str, int], ...]
    entries: Mapping[str, tuple[tuple[int, int], ...]]
    families: tuple[frozenset[int], ...]
    supports: Mapping[frozenset[int], tuple[str, ...]]
    components: tuple[int, ...]

    @classmethod
    def of(cls, sums: Iterable[Mapping[str, int]]) -> System:
        """Return a system of sums; figures keep the order in which they first occur."""
        equations = tuple(sums)
        entries: dict[str, list[tuple[int, int]]] = {}
        for number, each in enumerate(equations):
            for cell, coefficient in each.items():
                entries.setdefault(cell, []).append((number, coefficient))
        supports: dict[frozenset[int], list[str]] = {}
        for cell, places in entries.items():
            supports.setdefault(frozenset(number for number, _ in places), []).append(cell)
        return cls(
            sums=equations,
            entries={cell: tuple(places) for cell, places in entries.items()},
            families=tuple(
                dict.fromkeys(
                    (
                        *_families(equations, range(len(equations))),
                        *_families(equations, range(len(equations) - 1, -1, -1)),
                    )
                )
            ),
            supports={support: tuple(cells) for support, cells in supports.items()},
            components=components(equations),
        )

    def residuals(self, values: Mapping[str, int]) -> dict[int, int]:
        """Return the sums that do not come to zero, and what they come to."""
        totals = (
            sum(coefficient * values[cell] for cell, coefficient in each.items())
            for each in self.sums
        )
        return {number: total for number, total in enumerate(totals) if total}

    def least(self, broken: Mapping[int, int]) -> int:
        """Return a number of changes that no explanation can go below."""
        return max((len(family & broken.keys()) for family in self.families), default=0)


def smallest(
    system: System, values: Mapping[str, int], limit: int, budget: Budget
) -> list[Changes]:
    """
    Return every smallest set of at most *limit* changes after which all sums hold.

    No figure may be below zero.

    Returns: nothing where there is none, or where the budget ran out first (``budget.complete``
    tells).
    """
    broken = system.residuals(values)
    groups = {system.components[number] for number in broken}
    by_component: list[list[Changes]] = []
    for group in sorted(groups):
        equations = {
            number: total for number, total in broken.items() if system.components[number] == group
        }
        by_component.append(_smallest(system, values, equations, limit, budget))
        if not by_component[-1]:
            return []
        limit -= len(by_component[-1][0])
    budget.spend(sum(map(len, by_component)))
    combined = []
    for parts in product(*by_component):
        budget.spend()
        combined.append(Changes().union(*parts))
    return combined


def _smallest(
    system: System, values: Mapping[str, int], broken: dict[int, int], limit: int, budget: Budget
) -> list[Changes]:
    for size in range(max(system.least(broken), 1), limit + 1):
        sets = dict.fromkeys(of_size(system, values, broken, size, budget))
        if sets:
            return list(sets)
    return []


def of_size(
    system: System, values: Mapping[str, int], broken: Mapping[int, int], size: int, budget: Budget
) -> Iterator[Changes]:
    """
    Yield the sets of exactly *size* changes, with their amounts, after which no sum is broken.

    A set may come twice.
    """
    yield from _extend(system, values, broken, size, {}, set(), budget)


def _extend(  # noqa: PLR0913, PLR0917 (the state of the search)
    system: System,
    values: Mapping[str, int],
    broken: Mapping[int, int],
    size: int,
    chosen: dict[str, int],
    seen: set[Changes],
    budget: Budget,
) -> Iterator[Changes]:
    budget.spend()
    if size == 1:
        for cell in system.supports.get(frozenset(broken), ()):
            amount = _amount(system, values, broken, cell)
            if amount and cell not in chosen:
                yield Changes({**chosen, cell: amount}.items())
        return
    for number in _branches(system, broken, size, budget):
        for cell, coefficient in system.sums[number].items():
            amount, rest = divmod(-broken[number], coefficient)
            if rest or cell in chosen or not 0 <= values[cell] + amount <= MAX_COUNT:
                continue
            after = _after(system, broken, cell, amount)
            if not after or system.least(after) >= size:
                continue
            inner = {**chosen, cell: amount}
            state = Changes(inner.items())
            if state not in seen:
                seen.add(state)
                yield from _extend(system, values, after, size - 1, inner, seen, budget)


def _branches(system: System, broken: Mapping[int, int], size: int, budget: Budget) -> list[int]:
    """Return broken sums, one of which contains exactly one of the changes still to be made."""
    tight = [
        number
        for family in system.families
        if len(family & broken.keys()) == size
        for number in family
        if number in broken
    ]
    if tight:
        return [min(tight, key=lambda number: (len(system.sums[number]), number))]
    if size >= CYCLE:
        budget.complete = False
    return list(broken)


def _amount(system: System, values: Mapping[str, int], broken: Mapping[int, int], cell: str) -> int:
    """Return by how much one figure must change to mend all broken sums; 0 if it cannot."""
    amounts = set()
    for number, coefficient in system.entries[cell]:
        amount, rest = divmod(-broken[number], coefficient)
        amounts.add(0 if rest else amount)
    (amount, *others) = amounts
    return amount if not others and 0 <= values[cell] + amount <= MAX_COUNT else 0


def _after(system: System, broken: Mapping[int, int], cell: str, amount: int) -> dict[int, int]:
    after = dict(broken)
    for number, coefficient in system.entries[cell]:
        total = after.get(number, 0) + coefficient * amount
        if total:
            after[number] = total
        else:
            after.pop(number, None)
    return after


def _families(
    sums: tuple[Mapping[str, int], ...], order: Iterable[int]
) -> tuple[frozenset[int], ...]:
    """Group sums that share no figure, each into the first group that has room for it."""
    families: list[tuple[set[int], set[str]]] = []
    for number in order:
        home = next((family for family in families if family[1].isdisjoint(sums[number])), None)
        if home is None:
            families.append(home := (set(), set()))
        home[0].add(number)
        home[1].update(sums[number])
    return tuple(frozenset(numbers) for numbers, _ in families)
