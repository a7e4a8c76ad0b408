"""
The parts of the official form, as values.

Sections, tables, blocks, rows, columns, cells and rules, and the edition that holds them. ``load``
builds them from the data files; ``forms`` combines them to printed shapes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Final, Literal, get_args

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.frozen import Frozen
from govinfo_schema.errors import UnknownCell
from govinfo_schema.findings import Cited
from govinfo_schema.form import ids
from govinfo_schema.messages import Label, shown

EditionName = Literal["2019", "2021"]
"""
The editions of the form, oldest first. A new one is a file in ``data/`` and a name here.

>>> import govinfo_schema as gs
>>> name: gs.EditionName = "2021"
>>> len(gs.edition(name).cells)
200
"""
EDITIONS: Final[tuple[EditionName, ...]] = get_args(EditionName)
"""
The names of the editions of the form, oldest first.

>>> import govinfo_schema as gs
>>> gs.editions
('2019', '2021')
"""
CURRENT: Final[EditionName] = EDITIONS[-1]
"""The edition in force."""
Kind = Literal["count", "signed_count", "amount"]


@attrs.frozen(kw_only=True)
class Field:
    """
    A part of a report that is no figure of a table: a section, or a field outside the tables.

    *unit* is empty where there is none, *type* where it is a class.
    """

    id: str
    zh: str
    en: str
    unit: str = ""
    type: str = ""
    sources: tuple[Label, ...]


@attrs.frozen(kw_only=True)
class Cell:
    """
    One figure of the form.

    Unit: 件, 项, 元 or 万元 (*unit*), as the form prints it or, where it prints none, as the count
    is kept.

    >>> import govinfo_schema as gs
    >>> cell = gs.edition("2021").cells["proactive.administrative_fees.amount"]
    >>> cell.zh, cell.unit
    ('行政事业性收费 · 本年收费金额（单位：万元）', '万元')
    """

    id: str
    zh: str
    en: str
    unit: str
    kind: Kind
    sources: tuple[Label, ...]
    row: Row
    column: Column


@attrs.frozen(kw_only=True)
class Column:
    """
    A column of a block.

    *group* is the label printed over several columns, *unit_field* a field beside the figure for
    its unit.
    """

    id: str
    zh: str
    en: str
    unit: str
    kind: Kind
    group: str = ""
    unit_field: Field | None = None


@attrs.frozen(kw_only=True)
class Row:
    """
    A row of a block as printed; *id* is its path below the report.

    A *group* is a label over the rows below it and has no figures, unless it is *undivided*: then
    some bodies print it as one row. A *silent* group is left out where the label of a row below it
    is written in full. *path* is that full label. *model* and *summary*: the name and the first
    line of the class of a group; that of other rows stands with their block.
    """

    id: str
    zh: str
    en: str
    group: bool = False
    undivided: bool = False
    silent: bool = False
    sources: tuple[Label, ...] = ()
    model: str = ""
    summary: str = ""
    path: Label


@attrs.frozen(kw_only=True)
class Block:
    """A run of rows under one header; *corner* is the text in the first cell of the header."""

    zh: str
    en: str
    sources: tuple[Label, ...]
    model: str
    summary: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    corner: str = ""


@attrs.frozen(kw_only=True)
class Table:
    """
    A table of the form.

    *across*: the rows stand side by side in one printed line (section 4). *width*: the columns of
    figures as they are printed, where that is more than the widest block has (section 2 of edition
    2019, whose blocks share none of their borders).
    """

    id: str
    sources: tuple[Label, ...]
    model: str
    summary: str
    blocks: tuple[Block, ...]
    across: bool = False
    width: int = 0


@attrs.frozen(kw_only=True)
class Rule(Cited):
    """
    A reconciliation rule (勾稽关系) of a table: the cells of *left* add up to those of *right*.

    It holds for each row, column or cell of the table (*each*).

    *at*: the only rows, columns or cells that it speaks of; all of them where it is empty. A
    pattern such as ``last:received.total`` names a cell of another report.
    """

    table: str
    each: Literal["row", "column", "cell"]
    at: tuple[str, ...] = ()
    left: tuple[str, ...]
    right: tuple[str, ...]

    def expand(
        self, cells: Mapping[str, Cell], others: Mapping[str, Cell] = Frozen()
    ) -> Iterator[tuple[Row | Column | Cell, tuple[str, ...], tuple[str, ...]]]:
        """
        Yield one equation for each row, column or cell: its place, and the ids of both sides.

        *others* are the cells of the other report, for rules between reports.
        Raises: ValueError if a pattern of the rule names no cell.
        """
        table_cells = [cell for cell_id, cell in cells.items() if ids.is_below(cell_id, self.table)]
        places: dict[str, Row | Column | Cell] = {}
        for cell in table_cells:
            place: Row | Column | Cell = cell if self.each == "cell" else getattr(cell, self.each)
            if not self.at or ids.inside(place.id, self.table) in self.at:
                places[place.id] = place
        steps = ids.with_steps(cell.id for cell in table_cells)
        there = ids.with_steps(cell_id for cell_id in others if ids.is_below(cell_id, self.table))
        for place in places.values():
            yield (
                place,
                self._match(self.left, place, steps, there),
                self._match(self.right, place, steps, there),
            )

    def _match(
        self,
        patterns: tuple[str, ...],
        place: Row | Column | Cell,
        steps: Mapping[str, tuple[str, ...]],
        there: Mapping[str, tuple[str, ...]],
    ) -> tuple[str, ...]:
        cells: list[str] = []
        for pattern in patterns:
            other, path = ids.other_of(pattern), ids.own(pattern)
            concrete = path.replace(f"<{self.each}>", ids.inside(place.id, self.table))
            matches = list(ids.matching(ids.join(self.table, concrete), there if other else steps))
            if not matches:
                raise ValueError(
                    f"rule {self.code}: {concrete!r} names no cell of table {self.table!r}; mend "
                    "the rule in data/"
                )
            cells += [ids.of_other(other, match) if other else match for match in matches]
        return tuple(cells)


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Edition:
    """
    An edition of the official form.

    *cells* are its figures in printed order; *fields* everything else that a report has, by id.

    >>> import govinfo_schema as gs
    >>> edition = gs.edition("2021")
    >>> edition.zh, len(edition.cells), edition.document
    ('2021版格式', 200, '国办公开办函〔2021〕30号')
    """

    name: EditionName
    zh: str
    en: str
    document: str
    first_year: int
    example_year: int
    rule_set: str
    summary: str
    sections: tuple[Field, ...]
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...]
    fields: Mapping[str, Field]

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """
        The figures of the form in printed order, by id.

        >>> import govinfo_schema as gs
        >>> len(gs.edition("2021").cells), len(gs.edition("2019").cells)
        (200, 198)
        """
        return Frozen({cell.id: cell for cell in self._cells(undivided=False)})

    @cached_property
    def undivided(self) -> Mapping[str, Cell]:
        """
        The figures of the form with （六）其他处理 printed as one row, by id.

        186 in edition 2021; in edition 2019, which has no other shape, all 198.
        """
        return Frozen({cell.id: cell for cell in self._cells(undivided=True)})

    @cached_property
    def all_cells(self) -> Mapping[str, Cell]:
        """The figures of every shape by id: those of the undivided row follow the others."""
        return Frozen({**self.cells, **self.undivided})

    def cell(self, cell_id: str) -> Cell:
        """
        Return a cell by its id, also one of the undivided row （六）.

        Raises: UnknownCell.
        """
        cell = self.all_cells.get(cell_id) if is_a(cell_id, str) else None
        if cell is None:
            raise UnknownCell(
                f"edition {self.name} has no cell {shown(cell_id)}; `govinfo-schema cells "
                f"{self.name}` lists them"
            )
        return cell

    def label(self, path: str) -> Label | None:
        """Return the label of a cell, row, section or field by its path; None if there is none."""
        part = self.all_cells.get(path) or self.fields.get(path) or self.rows.get(path)
        return Label(part.zh, part.en) if part else None

    @cached_property
    def places(self) -> Mapping[str, None]:
        """
        The places where a note of a report may stand: sections and cells.

        The cells of the undivided row are included.
        """
        return dict.fromkeys([*(section.id for section in self.sections), *self.all_cells])

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The sections that are texts: the id of each, and the path of its text."""
        tables = {table.id for table in self.tables}
        paths = {
            section.id: ids.join(section.id, "text")
            for section in self.sections
            if section.id not in tables
        }
        return Frozen(
            {section: path if path in self.fields else section for section, path in paths.items()}
        )

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """The printed rows of all tables by id, groups included."""
        return {
            row.id: row for table in self.tables for block in table.blocks for row in block.rows
        }

    @cached_property
    def unit_fields(self) -> Mapping[str, str]:
        """The fields that name the unit of an amount, each with the cell of that amount."""
        fields = {
            cell.column.unit_field.id: cell.id
            for cell in self.cells.values()
            if cell.column.unit_field
        }
        return Frozen(fields)

    @cached_property
    def divisible(self) -> str | None:
        """The row that is printed whole or in parts, （六）其他处理; None if there is none."""
        return next((row.id for row in self.rows.values() if row.undivided), None)

    def rows_with_figures(self, table: str) -> tuple[str, ...]:
        """
        Return the rows of a table that have figures in any shape, in printed order.

        A row that may be printed whole stands before its parts.
        """
        return tuple(
            row.id
            for row in self.rows.values()
            if ids.is_below(row.id, table) and (not row.group or row.undivided)
        )

    def _cells(self, *, undivided: bool) -> Iterator[Cell]:
        for table in self.tables:
            for block in table.blocks:
                for row in block.rows:
                    inside = any(
                        other.undivided for other in block.rows if ids.is_below(row.id, other.id)
                    )
                    if (row.group and not (undivided and row.undivided)) or (undivided and inside):
                        continue
                    for column in block.columns:
                        yield Cell(
                            id=ids.join(row.id, column.id),
                            zh=f"{row.path.zh} · {column.zh}",
                            en=f"{row.path.en} · {column.en}",
                            unit=column.unit,
                            kind=column.kind,
                            sources=tuple(
                                dict.fromkeys((*table.sources, *block.sources, *row.sources))
                            ),
                            row=row,
                            column=column,
                        )
