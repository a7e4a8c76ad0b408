"""
From the rules of an edition to equations, and from equations to differences: one addition, over integers or arrays alike.

The sums of a report are evaluated by one function generated from the equations: a fixed row of additions is four times as fast
as a loop over them, and cannot disagree with it, being written by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from govinfo_schema.edition import Cell, Column, Edition, EditionName, Row, Rule, edition
from govinfo_schema.findings import Equation, Label, RuleSet, spoken
from govinfo_schema.once import once


@once
def equations(name: EditionName, undivided: bool = False) -> tuple[Equation, ...]:
    """
    Give the equations of an edition in the order of its rules: 42 for edition 2021, 40 with （六） as one row and for 2019.

    >>> len(equations("2021")), len(equations("2021", undivided=True)), len(equations("2019"))
    (42, 40, 40)
    """
    form = edition(name)
    cells = form.undivided if undivided else form.cells
    return tuple(equation for rule in form.rules for equation in expanded(form, rule, cells))


def expanded(form: Edition, rule: Rule, cells: Mapping[str, Cell], others: Mapping[str, Cell] | None = None) -> Iterator[Equation]:
    """Give the equations of one rule over these cells; *others* are those of the other report, for a rule between reports."""
    for place, left, right in rule.expand(cells, others or {}):
        yield Equation(rule=rule, where=_where(form, rule, place), left=left, right=right)


@once
def rule_set(name: EditionName) -> RuleSet:
    """Give the version of an edition's rules, and a digest that changes if and only if an equation does."""
    from hashlib import sha256  # noqa: PLC0415 (on first use: it loads a library of the system)

    sums = [[e.rule.code, e.rule.level, e.left, e.right] for undivided in (False, True) for e in equations(name, undivided)]
    return RuleSet(name, edition(name).rule_set, sha256(msgspec.json.encode(sums)).hexdigest())


def evaluate(sums: Iterable[Equation], values: Mapping[str, Any]) -> list[Any]:
    """
    Work out left − right of each equation from the values of the cells.

    Shape: the values are integers, or arrays of one length; so are the differences.
    Blank: not allowed; leave equations with a blank out.

    >>> (first, *_) = equations("2021")
    >>> evaluate([first], dict.fromkeys(first.left, 3) | dict.fromkeys(first.right, 2))
    [2]
    """
    return [sum([values[cell] for cell in each.left]) - sum([values[cell] for cell in each.right]) for each in sums]


@once
def compiled(name: EditionName, undivided: bool = False) -> Callable[[Any], tuple[int, ...]]:
    """
    Make a function that works out the differences of all equations of a report at once.

    Blank: the function raises TypeError where a cell that it adds is None.
    """
    sums = equations(name, undivided)
    rows: dict[str, list[str]] = {}
    for cell in dict.fromkeys(cell for each in sums for cell in (*each.left, *each.right)):
        row, _, column = cell.rpartition(".")
        rows.setdefault(row, []).append(column)
    names: dict[str, str] = {}
    lines = []
    for row, columns in rows.items():
        lines.append(f"row = report.{row}")
        for column in columns:
            names[f"{row}.{column}"] = f"c{len(names)}"
            lines.append(f"{names[f'{row}.{column}']} = row.{column}")
    terms = ["+".join(names[cell] for cell in each.left) + "".join(f"-{names[cell]}" for cell in each.right) for each in sums]
    source = "def differences(report):\n " + "\n ".join([*lines, f"return ({', '.join(terms)},)"])
    scope: dict[str, Any] = {}
    exec(source, scope)  # noqa: S102
    made: Callable[[Any], tuple[int, ...]] = scope["differences"]
    return made


def _where(form: Edition, rule: Rule, place: Row | Column | Cell) -> Label:
    number = [section.id for section in form.sections].index(rule.table) + 1
    name = place.path if isinstance(place, Row) else Label(place.zh, place.en)
    return spoken(f"where.{rule.each}", number=Label("一二三四五六"[number - 1], str(number)), name=name)
