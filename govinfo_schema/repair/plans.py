"""
Plans: which totals of a table are recomputed before single figures are searched for.

A plan frees the totals that some rules define. The equations are then written without them: what is
left contains the other figures only, and once these are corrected the totals follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations

import attrs

from govinfo_schema.checks.linear import independent
from govinfo_schema.findings import Equation
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form
from govinfo_schema.repair.search import Changes, System


@attrs.frozen(eq=False)
class Plan:
    """
    Rules whose totals are recomputed together; without any, the equations as they are, but for
    totals that are computed anyhow.
    """

    anew: tuple[str, ...]
    system: System
    definitions: tuple[tuple[str, Mapping[str, int]], ...]

    @property
    def cells(self) -> list[str]:
        """The figures that are not recomputed."""
        terms = (cell for _, terms in self.definitions for cell in terms)
        totals = {total for total, _ in self.definitions}
        return [
            cell for cell in dict.fromkeys((*self.system.entries, *terms)) if cell not in totals
        ]

    def carried_out(
        self, values: Mapping[str, int], sets: Iterable[Changes]
    ) -> Iterator[dict[str, int]]:
        """
        Return, for each set of changes, every figure that differs after the plan is carried out.

        That is after the changes are made and the totals of the plan are recomputed.
        """
        totals = [
            (
                total,
                terms,
                sum(coefficient * values[cell] for cell, coefficient in terms.items())
                - values[total],
            )
            for total, terms in reversed(self.definitions)
        ]
        for changes in sets:
            amounts = dict(changes)
            for total, terms, gap in totals:
                amounts[total] = gap + sum(
                    [terms[cell] * amount for cell, amount in amounts.items() if cell in terms]
                )
            yield {cell: values[cell] + amount for cell, amount in amounts.items() if amount}


@lru_cache(maxsize=256)
def plans(
    form: Form,
    left_out: frozenset[int] = frozenset(),
    computed: frozenset[str] = frozenset(),
) -> tuple[tuple[Plan, ...], ...]:
    """
    Return the plans of each table, fewest causes first.

    *left_out* numbers the equations that blanks make unknown. *computed*: totals that are
    recomputed in every plan, because nobody typed them.
    """
    tables: dict[str, list[Equation]] = {}
    for number, each in enumerate(form.equations):
        if number not in left_out:
            tables.setdefault(ids.table_of(each.left[0]), []).append(each)
    return tuple(plans_of(sums, computed) for sums in tables.values())


def plans_of(sums: Sequence[Equation], computed: frozenset[str] = frozenset()) -> tuple[Plan, ...]:
    """
    Return the plans of some equations.

    A rule with one figure on its right side defines that figure as a total.
    """
    rules = list(dict.fromkeys(each.rule.code for each in sums if len(each.right) == 1))
    chosen = [anew for size in range(len(rules) + 1) for anew in combinations(rules, size)]
    return tuple(_plan(sums, anew, computed) for anew in chosen)


def _plan(sums: Sequence[Equation], anew: tuple[str, ...], computed: frozenset[str]) -> Plan:
    left = [(each, each.coefficients()) for each in sums]
    definitions: list[tuple[str, Mapping[str, int]]] = []
    own = [each for each in sums if len(each.right) == 1 and each.right[0] in computed]
    for group in (own, *([each for each in sums if each.rule.code == code] for code in anew)):
        for each in group:
            total = each.right[0]
            terms = next((terms for other, terms in left if other is each), {})
            if terms.get(total) == -1:
                left = [
                    (other, _without(own, total, terms)) for other, own in left if other is not each
                ]
                definitions.append(
                    (
                        total,
                        {cell: coefficient for cell, coefficient in terms.items() if cell != total},
                    )
                )
    return Plan(
        anew=anew,
        system=System.of(
            independent([terms for _, terms in left]) if definitions else [t for _, t in left]
        ),
        definitions=tuple(definitions),
    )


def _without(
    coefficients: Mapping[str, int], total: str, terms: Mapping[str, int]
) -> dict[str, int]:
    """Write a sum without a total, by the sum that defines it."""
    factor = coefficients.get(total, 0)
    cells = dict.fromkeys((*coefficients, *terms)) if factor else coefficients
    return {
        cell: value
        for cell in cells
        if (value := coefficients.get(cell, 0) + factor * terms.get(cell, 0))
    }
