"""
The equations of a form, and the function that evaluates them.

A rule is expanded to one equation for each row or column. The differences of a report come from one
function generated from the equations, which is four times as fast as a loop over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from govinfo_schema.data.once import once
from govinfo_schema.findings import Equation, RuleSet
from govinfo_schema.form import ids
from govinfo_schema.form.parts import Cell, Column, Edition, Row, Rule
from govinfo_schema.messages import Label, spoken


def expanded(
    edition: Edition,
    rule: Rule,
    cells: Mapping[str, Cell],
    others: Mapping[str, Cell] | None = None,
) -> Iterator[Equation]:
    """
    Yield the equations of one rule over these cells.

    *others* are the cells of the other report, for a rule between reports.
    """
    for place, left, right in rule.expand(cells, others or {}):
        yield Equation(rule=rule, where=where(edition, place, rule.table), left=left, right=right)


def equations_of(edition: Edition, cells: Mapping[str, Cell]) -> tuple[Equation, ...]:
    """Return the equations of an edition over the cells of one of its shapes, in rule order."""
    return tuple(equation for rule in edition.rules for equation in expanded(edition, rule, cells))


@once
def rule_set(edition: Edition) -> RuleSet:
    """Return the version of an edition's rules and a digest of all their equations."""
    from hashlib import sha256  # noqa: PLC0415 (on first use: it loads a library of the system)

    shapes = (edition.cells, edition.undivided)
    sums = [
        [e.rule.code, e.rule.level, e.left, e.right]
        for cells in shapes
        for e in equations_of(edition, cells)
    ]
    return RuleSet(edition.name, edition.rule_set, sha256(msgspec.json.encode(sums)).hexdigest())


def evaluate(equations: Iterable[Equation], values: Mapping[str, Any]) -> list[Any]:
    """
    Return left − right of each equation, from the values of the cells.

    Shape: the values are integers, or arrays of one length; so are the differences.
    Blank: not allowed; leave equations with a blank out.

    >>> from govinfo_schema.form.forms import form
    >>> (first, *_) = form("2021").equations
    >>> evaluate([first], dict.fromkeys(first.left, 3) | dict.fromkeys(first.right, 2))
    [2]
    """
    return [
        sum([values[cell] for cell in equation.left])
        - sum([values[cell] for cell in equation.right])
        for equation in equations
    ]


def compiled(equations: Sequence[Equation]) -> Callable[[Any], tuple[int, ...]]:
    """
    Return a function that computes the differences of all equations of a report at once.

    Blank: the function raises TypeError where a cell that it adds is None.
    """
    lines, names = _fetched(cells_of(equations))
    return _function("report", [*lines, f"return {_sums(equations, names)}"])


def fetching(cells: Sequence[str]) -> Callable[[Any], tuple[int | None, ...]]:
    """
    Return a function that fetches the values of cells from a report.

    Blank: None.
    """
    lines, names = _fetched(cells)
    return _function("report", [*lines, f"return ({', '.join(names[cell] for cell in cells)},)"])


def adding(
    equations: Sequence[Equation], cells: Sequence[str]
) -> Callable[[Sequence[int]], tuple[int, ...]]:
    """
    Return a function that computes the differences of all equations from the values of *cells*.

    Blank: not allowed.
    """
    names = {cell: f"c{number}" for number, cell in enumerate(cells)}
    return _function(
        "values", [f"{', '.join(names.values())}, = values", f"return {_sums(equations, names)}"]
    )


def equation_name(equation: Equation) -> str:
    """Name an equation of a rule by the cells of its right side."""
    return " + ".join(equation.right)


def where(edition: Edition, place: Row | Column | Cell, table: str) -> Label:
    """Name a row, a column or a cell with the number of the section that its table is in."""
    number = [section.id for section in edition.sections].index(table) + 1
    name = place.path if isinstance(place, Row) else Label(place.zh, place.en)
    kind = type(place).__name__.lower()
    return spoken(f"where.{kind}", number=Label("一二三四五六"[number - 1], str(number)), name=name)


def cells_of(equations: Iterable[Equation]) -> tuple[str, ...]:
    """Return the cells of the equations, each once."""
    return tuple(
        dict.fromkeys(cell for equation in equations for cell in (*equation.left, *equation.right))
    )


def _fetched(cells: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Return the lines of code that fetch cells of a report, and the variable of each cell."""
    rows: dict[str, list[str]] = {}
    for cell in cells:
        rows.setdefault(ids.row_of(cell), []).append(ids.column_of(cell))
    names: dict[str, str] = {}
    lines = []
    for row, columns in rows.items():
        lines.append(f"row = report.{row}")
        for column in columns:
            name = names[ids.join(row, column)] = f"c{len(names)}"
            lines.append(f"{name} = row.{column}")
    return lines, names


def _sums(equations: Sequence[Equation], names: Mapping[str, str]) -> str:
    """Return the code of the differences of the equations, by the variables of the cells."""
    terms = [
        "+".join(names[cell] for cell in equation.left)
        + "".join(f"-{names[cell]}" for cell in equation.right)
        for equation in equations
    ]
    return f"({', '.join(terms)},)"


def _function(argument: str, lines: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    source = f"def function({argument}):\n " + "\n ".join(lines)
    scope: dict[str, Any] = {}
    exec(source, scope)  # noqa: S102 (names of our own cells)
    function: Callable[[Any], tuple[Any, ...]] = scope["function"]
    return function
