"""The rules of ``data/between.toml`` as equations: a cell of the other report carries a prefix, ``last:`` or ``part:``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import attrs

from govinfo_schema.cells import walk
from govinfo_schema.edition import EditionName, Rule, edition, of_rule
from govinfo_schema.findings import Equation, Label, read_data
from govinfo_schema.model import Report, is_undivided
from govinfo_schema.once import once
from govinfo_schema.rules import evaluate, expanded

Kind = Literal["years", "parts"]
UNDIVIDED = "applications.outcomes.other_handling"


@attrs.frozen(kw_only=True)
class BetweenRule(Rule):
    """A rule between reports: *this* and *other* are the editions that it holds between; at the places of *warns* it is a warning."""

    this: tuple[EditionName, ...]
    other: tuple[EditionName, ...]
    warns: tuple[str, ...] = ()


@once
def rules(kind: Kind) -> tuple[BetweenRule, ...]:
    """Read the rules between years, or between a body and its parts."""
    return tuple(parse(read_data("between"), kind))


@once
def limits() -> Mapping[str, Any]:
    """Read from which change on a figure is worth a look, and how much of a text counts as a copy."""
    found: Mapping[str, Any] = read_data("between")["limits"]
    return found


def parse(data: Mapping[str, Any], kind: Kind) -> Iterator[BetweenRule]:
    """
    Make rules of the content of the data file, one for each table.

    Raises: ValueError if a rule names no cell in one of the editions that it holds between, KeyError if a source is not defined.
    """
    for entry in data[kind]:
        sources = tuple(Label(**data["sources"][key]) for key in entry["sources"])
        between: dict[str, Any] = {key: tuple(entry.get(key, ())) for key in ("this", "other", "warns")}
        for table in entry["tables"]:
            rule = BetweenRule(**of_rule(entry | {"table": table}, sources), **between)
            for this in rule.this:
                for other in rule.other if kind == "years" else (this,):
                    for undivided in (False, True):
                        tuple(rule.expand(_cells(this, undivided), _cells(other, undivided)))
            yield rule


@once
def sums(kind: Kind, this: EditionName, other: EditionName, undivided: bool) -> tuple[Equation, ...]:
    """Give the equations between a report of one edition and one of another."""
    own, there = _cells(this, undivided), _cells(other, undivided)
    fitting = [rule for rule in rules(kind) if this in rule.this and other in rule.other]
    return tuple(each for rule in fitting for each in expanded(edition(this), rule, own, there))


def figures(report: Report, undivided: bool) -> dict[str, Any]:
    """
    Give the figures of a report, with the three rows of （六） added up where *undivided* is asked for.

    Blank: a sum with a blank is blank.
    """
    values = dict(walk(report))
    if not undivided or is_undivided(report):
        return values
    made: dict[str, Any] = {}
    for cell, value in values.items():
        if not cell.startswith(f"{UNDIVIDED}."):
            made[cell] = value
            continue
        whole = f"{UNDIVIDED}.{cell.rpartition('.')[2]}"
        made[whole] = value if whole not in made else None if value is None or made[whole] is None else made[whole] + value
    return made


def evaluated(equations: Iterable[Equation], values: Mapping[str, Any]) -> Iterator[Equation]:
    """Work equations out; where a cell is blank the equation names it, and its difference is None."""
    for each in equations:
        blanks = tuple(cell for cell in (*each.left, *each.right) if values[cell] is None)
        if blanks:
            yield attrs.evolve(each, blanks=blanks)
            continue
        (difference,) = evaluate([each], values)
        left = sum(values[cell] for cell in each.left)
        yield attrs.evolve(each, left_sum=left, right_sum=left - difference, difference=difference)


def _cells(name: EditionName, undivided: bool) -> Mapping[str, Any]:
    form = edition(name)
    return form.undivided if undivided else form.cells
