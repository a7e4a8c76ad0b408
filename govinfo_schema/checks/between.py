"""
The rules of ``data/between.toml`` as equations.

A cell of the other report has a prefix, ``last:`` or ``part:``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Any, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.findings import Equation, Level
from govinfo_schema.form.equations import evaluate, expanded
from govinfo_schema.form.forms import Form, comparable, forms
from govinfo_schema.form.load import of_rule
from govinfo_schema.form.parts import EditionName, Rule
from govinfo_schema.messages import Label

Kind = Literal["years", "parts"]


@attrs.frozen(kw_only=True)
class BetweenRule(Rule):
    """
    A rule between reports: *this* and *other* are the editions that it holds between.

    At the places of *warns* a finding is a warning; *complete* is its level where the caller says
    that no part is missing.
    """

    this: tuple[EditionName, ...]
    other: tuple[EditionName, ...]
    warns: tuple[str, ...] = ()
    complete: Level | None = None


@once
def rules(kind: Kind) -> tuple[BetweenRule, ...]:
    """Read the rules between years, or between a body and its parts."""
    return tuple(parse(read_data("between"), kind))


@once
def limits() -> Mapping[str, Any]:
    """Return from which change on a figure is suspicious, and how much text counts as a copy."""
    values: Mapping[str, Any] = read_data("between")["limits"]
    return values


def parse(data: Mapping[str, Any], kind: Kind) -> Iterator[BetweenRule]:
    """
    Make rules of the content of the data file, one for each table.

    Raises: ValueError if a rule names no cell in one of the editions that it holds between,
    KeyError if a source is not defined.
    """
    for entry in data[kind]:
        sources = tuple(Label(**data["sources"][key]) for key in entry["sources"])
        between: dict[str, Any] = {
            key: tuple(entry.get(key, ())) for key in ("this", "other", "warns")
        }
        for table in entry["tables"]:
            facts = of_rule(entry | {"table": table}, sources)
            rule = BetweenRule(**facts, **between, complete=entry.get("complete"))
            for this in rule.this:
                for other in rule.other if kind == "years" else (this,):
                    for here, there in {
                        comparable(*pair) for pair in product(forms(this), forms(other))
                    }:
                        tuple(rule.expand(here.cells, there.cells))
            yield rule


@once
def sums(kind: Kind, this: Form, other: Form) -> tuple[Equation, ...]:
    """
    Return the equations between a report of one form and one of another.

    The two forms are those that ``comparable`` returns.
    """
    fitting = [rule for rule in rules(kind) if this.name in rule.this and other.name in rule.other]
    return tuple(
        equation
        for rule in fitting
        for equation in expanded(this.edition, rule, this.cells, other.cells)
    )


def evaluated(equations: Iterable[Equation], values: Mapping[str, Any]) -> Iterator[Equation]:
    """Evaluate equations; one with a blank cell names it, and its difference is None."""
    for each in equations:
        blanks = tuple(cell for cell in (*each.left, *each.right) if values[cell] is None)
        if blanks:
            yield attrs.evolve(each, blanks=blanks)
            continue
        (difference,) = evaluate([each], values)
        left = sum(values[cell] for cell in each.left)
        yield attrs.evolve(each, left_sum=left, right_sum=left - difference, difference=difference)
