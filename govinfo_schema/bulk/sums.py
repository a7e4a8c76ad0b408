"""
The sums of all Forms as expressions of Polars, those that Forms share once.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping
from functools import reduce
from typing import TYPE_CHECKING, Final

import attrs

from govinfo_schema.checks.entries import Inequality, inequalities
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library
from govinfo_schema.findings import Equation
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import SHAPE, forms
from govinfo_schema.tables.rows import stored_types

if TYPE_CHECKING:
    from govinfo_schema.bulk.columns import DataFrame, Series

KEY: Final = ("edition", SHAPE)
"""The columns that say which form a row is on."""


@attrs.frozen
class Sum:
    """
    An equation or an inequality, with the place that it has in each form, by the form's number.

    *is_equation*: whether left and right should be equal; otherwise left should not be less.
    """

    rule: str
    equation: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    is_equation: bool
    places: dict[int, int] = attrs.field(factory=dict, eq=False)


def differences(figures: DataFrame, sums: Iterable[Equation | Sum]) -> DataFrame:
    """
    Return left − right of each sum as a column, named by its number, of columns of whole numbers.

    Blank: null where a cell is.
    """
    polars = library("polars", "frames")
    columns = (
        reduce(
            operator.sub,
            map(polars.col, each.right),
            reduce(operator.add, map(polars.col, each.left)),
        )
        for each in sums
    )
    # Lazily, so that what several sums begin with is added up once.
    made: DataFrame = (
        figures.lazy()
        .select(each.alias(str(number)) for number, each in enumerate(columns))
        .collect(engine="in-memory")
    )
    return made


@once
def all_sums() -> tuple[Sum, ...]:
    """Return the sums of all forms, those that several have in common once."""
    sums: dict[Sum, Sum] = {}
    for number, of in enumerate(forms()):
        own = (*map(_equation, of.equations), *map(_inequality, inequalities(of)))
        for place, each in enumerate(own):
            sums.setdefault(each, each).places[number] = place
    return tuple(sums)


def _equation(each: Equation) -> Sum:
    return Sum(each.rule.code, equation_name(each), each.left, each.right, is_equation=True)


def _inequality(each: Inequality) -> Sum:
    """Put what an inequality takes off on the right; if that is nothing, the left names it."""
    terms = each.coefficients
    left, right = (tuple(cell for cell in terms if terms[cell] == sign) for sign in (1, -1))
    return Sum(each.rule.code, " + ".join(right or left), left, right, is_equation=False)


@once
def kinds_of_counts() -> Mapping[str, str]:
    """Give the kind of each figure that is a count, in the order of a table's columns."""
    cells = {cell.id: cell.kind for of in forms() for cell in of.cells.values()}
    return {name: cells[name] for name in stored_types() if cells.get(name, "amount") != "amount"}


@once
def forms_by_cell() -> Mapping[str, frozenset[int]]:
    """Give the numbers of the forms that have a cell, in the order of a table's columns."""
    homes = {
        name: frozenset(number for number, of in enumerate(forms()) if name in of.cells)
        for name in stored_types()
    }
    return {name: own for name, own in homes.items() if own}


@once
def amount_cells() -> tuple[str, ...]:
    """Give the figures that are amounts."""
    return tuple(cell for cell in forms_by_cell() if cell not in kinds_of_counts())


@once
def equation_cells() -> frozenset[str]:
    """Give the cells of all equations."""
    return frozenset(
        cell for each in all_sums() if each.is_equation for cell in (*each.left, *each.right)
    )


@once
def places_of_sums() -> Series:
    """Tabulate the place of each sum in each form, null where the form does not have it."""
    polars = library("polars", "frames")
    places = [each.places.get(number) for number, _ in enumerate(forms()) for each in all_sums()]
    series: Series = polars.Series(places, dtype=polars.Int64)
    return series


@once
def cells_of_sums() -> DataFrame:
    """
    Tabulate which cells stand in which equations: *key* is the form and the cell, *at* the place of
    the equation in the form, *order* that and the place of the cell in the equation.
    """
    polars = library("polars", "frames")
    numbers = {cell: number for number, cell in enumerate(kinds_of_counts())}
    rows = [
        (form * WIDTH + numbers[cell], number, at, at * WIDTH + place)
        for number, each in enumerate(all_sums())
        if each.is_equation
        for form, at in each.places.items()
        for place, cell in enumerate((*each.left, *each.right))
    ]
    frame: DataFrame = polars.DataFrame(rows, ["key", "sum", "at", "order"], orient="row")
    return frame


WIDTH: Final = 1024
"""More than there are cells, equations, or columns: two small numbers make one."""
