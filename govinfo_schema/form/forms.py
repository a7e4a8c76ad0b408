"""
``Form``: one printed shape of the official form, and the central type of the package.

Three exist: edition 2019; edition 2021; and edition 2021 with （六）其他处理 printed as one row.
Code takes a Form and asks it for what it needs; it never takes the name of an edition and a flag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, Final

import attrs

from govinfo_schema.data.frozen import Frozen
from govinfo_schema.data.once import once
from govinfo_schema.findings import Equation, RuleSet
from govinfo_schema.form import ids
from govinfo_schema.form.equations import compiled, equations_of, rule_set
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import EDITIONS, Cell, Edition, EditionName, Field, Table
from govinfo_schema.messages import Label, shown

SHAPE: Final = "undivided"
"""
The column of tables, and the name in workbooks, that says whether （六） is printed as one row.
"""


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Form:
    """
    One printed shape of the official form, with all that follows from it.

    Cells, rows, equations and totals are worked out on first use.

    *edition* holds labels, sources and rules. *undivided*: the row that some bodies print whole,
    （六）其他处理, is one row here, as it always is in edition 2019.
    """

    edition: Edition
    undivided: bool

    def __repr__(self) -> str:
        shape = " undivided" if self is not self.fine else ""
        return f"<Form {self.name}{shape}: {len(self.cells)} cells>"

    def __reduce__(self) -> tuple[Any, ...]:
        return partial(form, self.name, undivided=self.undivided), ()

    @property
    def name(self) -> EditionName:
        """The name of the edition."""
        return self.edition.name

    @property
    def key(self) -> Mapping[str, Any]:
        """What names this shape in a record: the edition, and whether （六） is one row."""
        return Frozen({"edition": self.name, SHAPE: self.undivided})

    @property
    def label(self) -> Label:
        """The name of the edition as people say it."""
        return Label(self.edition.zh, self.edition.en)

    @property
    def fine(self) -> Form:
        """The shape of this edition with the most rows."""
        return form(self.name)

    @property
    def coarse(self) -> Form:
        """The shape of this edition with （六） as one row."""
        return form(self.name, undivided=True)

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """The figures in printed order, by id."""
        return self.edition.undivided if self.undivided else self.edition.cells

    @cached_property
    def rows(self) -> Mapping[str, tuple[str, ...]]:
        """The rows that have figures, in printed order: the id of each, and its cells."""
        cells: dict[str, tuple[str, ...]] = {}
        for cell in self.cells.values():
            cells[cell.row.id] = (*cells.get(cell.row.id, ()), cell.id)
        return Frozen(cells)

    @property
    def tables(self) -> tuple[Table, ...]:
        """The sections that are tables."""
        return self.edition.tables

    @cached_property
    def table_ids(self) -> tuple[str, ...]:
        """The ids of the sections that are tables, in printed order."""
        return tuple(table.id for table in self.edition.tables)

    @property
    def sections(self) -> tuple[Field, ...]:
        """All sections in printed order."""
        return self.edition.sections

    @property
    def texts(self) -> Mapping[str, str]:
        """The sections that are texts: the id of each, and the path of its text."""
        return self.edition.texts

    @cached_property
    def equations(self) -> tuple[Equation, ...]:
        """
        The equations in the order of the rules.

        >>> [len(each.equations) for each in forms()]
        [40, 42, 40]
        """
        return equations_of(self.edition, self.cells)

    @cached_property
    def differences(self) -> Callable[[Any], tuple[int, ...]]:
        """
        The function that computes left − right of all equations for a report of this form.

        It raises TypeError where a cell is blank.
        """
        return compiled(self.equations)

    @cached_property
    def totals(self) -> Mapping[str, Equation]:
        """
        The cells that are one side of an equation by themselves, each with that equation.

        Where several equations define a cell, the first of them.
        """
        equations: dict[str, Equation] = {}
        for equation in self.equations:
            if len(equation.right) == 1:
                equations.setdefault(equation.right[0], equation)
        return Frozen(equations)

    @cached_property
    def row_totals(self) -> frozenset[str]:
        """The totals that add up their own row."""
        return frozenset(
            equation.right[0] for equation in self.equations if adds_up_a_row(equation)
        )

    @property
    def rule_set(self) -> RuleSet:
        """The version and the digest of the rules of the edition."""
        return rule_set(self.edition)

    @cached_property
    def whole(self) -> Mapping[str, str]:
        """For each cell that the coarse shape adds up with others, the cell of their sum."""
        parent = self.edition.divisible
        parts = (
            []
            if parent is None or self.undivided
            else [cell for cell in self.cells if ids.is_below(cell, parent)]
        )
        return Frozen({cell: ids.join(parent or "", ids.column_of(cell)) for cell in parts})

    def sum_of(self, text: str) -> tuple[str, ...]:
        """
        Return the cells of a sum, which is written as patterns joined by ``+``.

        None at all if one of the patterns names no cell of this form.

        >>> form("2021").sum_of("applications.received.total + applications.brought_forward.total")
        ('applications.received.total', 'applications.brought_forward.total')
        """
        return _sum_of(self, text)

    @cached_property
    def steps(self) -> Mapping[str, tuple[str, ...]]:
        """The cells and the steps of their ids, as patterns are matched with."""
        return ids.with_steps(self.cells)


@once
def _sum_of(of: Form, text: str) -> tuple[str, ...]:
    parts = [tuple(ids.matching(pattern, of.steps)) for pattern in ids.terms(text)]
    return tuple(cell for part in parts for cell in part) if all(parts) else ()


def form(name: str, *, undivided: bool = False) -> Form:
    """
    Return one printed shape of the form; *undivided*: with （六）其他处理 as one row.

    Raises: UnknownEdition; TypeError if *undivided* is neither true nor false.

    >>> form("2021"), form("2021", undivided=True), form("2019")
    (<Form 2021: 200 cells>, <Form 2021 undivided: 186 cells>, <Form 2019: 198 cells>)
    """
    shapes = _shapes(edition(name))
    try:
        return shapes[-1] if undivided else shapes[0]
    except Exception:  # noqa: BLE001 (whatever another library raises for what is neither true nor false)
        raise TypeError(f"undivided is True or False, not {shown(undivided)}") from None


@once
def _shapes(of: Edition) -> tuple[Form, ...]:
    if of.undivided == of.cells:
        return (Form(edition=of, undivided=True),)
    return Form(edition=of, undivided=False), Form(edition=of, undivided=True)


def forms(name: str | None = None) -> Iterator[Form]:
    """Yield the shapes of one edition, or of all, the finest of each edition first."""
    for each in EDITIONS if name is None else (name,):
        yield from _shapes(edition(each))


def comparable(*of: Form) -> tuple[Form, ...]:
    """
    Return the shapes in which reports of these forms can be compared cell by cell.

    All coarse if one of the forms is, otherwise the forms as they are.

    >>> comparable(form("2021"), form("2019"))
    (<Form 2021 undivided: 186 cells>, <Form 2019: 198 cells>)
    """
    return tuple(each.coarse for each in of) if any(each.undivided for each in of) else of


def adds_up_a_row(equation: Equation) -> bool:
    """Whether an equation adds figures of one row up to the total of that row."""
    return (
        len({ids.row_of(cell) for cell in (*equation.left, *equation.right)})
        == len(equation.right)
        == 1
    )
