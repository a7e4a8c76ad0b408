"""
How format modules make grids: cells gathered row by row, each with the place where it stood, and no
more of them than a report can have.

Web pages and Word documents have tables in tables: these are gathered as ``Row`` and ``Cell``, and
``Tables`` takes a table apart whose cells hold others.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import wraps
from typing import Any, Final, Generic, TypeVar

import attrs
import msgspec

from govinfo_schema.documents.document import (
    Aside,
    Block,
    Document,
    Grid,
    Paragraph,
    Place,
    Span,
)
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.format import FilePath

MAX_CELLS: Final = 100_000
"""No report has so many cells: a document with more is hostile or something else."""
MAX_SPAN: Final = 1_000
"""A cell is over no more columns: browsers allow so many, Word 63."""
MAX_NESTING: Final = 40
"""So deep tables may stand in each other."""


class TooManyCells(Exception):
    """The tables have more cells than a report can have, or nest deeper."""


def check_count(cells: int) -> None:
    """
    Make sure that there are no more cells than a report can have.

    Raises: TooManyCells.
    """
    if cells > MAX_CELLS:
        raise TooManyCells


def limited(read: Callable[[FilePath], Document]) -> Callable[[FilePath], Document]:
    """Make a reader of tables say that a file has too many cells, or nests too deeply."""

    @wraps(read)
    def reader(path: FilePath) -> Document:
        try:
            return read(path)
        except (TooManyCells, RecursionError) as error:
            raise unreadable(path, "too_many_cells", limit=MAX_CELLS) from error

    return reader


def span_at(text: str, row: int, column: int, place: Place, **facts: Any) -> Span:
    """
    Make a cell at a row and a column counted from 0; *place* lacks only these, and gets them.

    >>> span_at("规章", 0, 1, Place(table=2)).place.column
    2
    """
    return Span(text=text, row=row, column=column, place=place.at(row, column), **facts)


def with_asides(span: Span, asides: Iterable[Aside]) -> Span:
    """Hand over what stands in a cell and is no text; its place is that of the cell."""
    moved = tuple(msgspec.structs.replace(aside, place=span.place) for aside in asides)
    return msgspec.structs.replace(span, asides=moved) if moved else span


def plain_grid(rows: Sequence[tuple[Place, Sequence[str]]]) -> Grid:
    """Make a grid of rows of texts, nothing merged, each with its place but for row and column."""
    return Grid(
        spans=tuple(
            span_at(text, row, column, place)
            for row, (place, texts) in enumerate(rows)
            for column, text in enumerate(texts)
        )
    )


def without(
    spans: Iterable[Span],
    rows: AbstractSet[int] = frozenset(),
    columns: AbstractSet[int] = frozenset(),
) -> tuple[Span, ...]:
    """
    Leave rows and columns out of a grid; what is merged over them loses so much of its size.

    >>> [(span.text, span.columns) for span in without([
    ...     Span(text="甲", row=0, column=0, columns=3), Span(text="乙", row=0, column=3),
    ... ], columns={1, 3})]
    [('甲', 2)]
    """
    if not rows and not columns:
        return tuple(spans)
    gone, away = sorted(rows), sorted(columns)
    left = []
    for span in spans:
        row, end = span.row, span.row + span.rows
        row, end = row - bisect_left(gone, row), end - bisect_left(gone, end)
        column, edge = span.column, span.column + span.columns
        column, edge = column - bisect_left(away, column), edge - bisect_left(away, edge)
        if row < end and column < edge:
            height, width = end - row, edge - column
            left.append(
                msgspec.structs.replace(span, row=row, column=column, rows=height, columns=width)
            )
    return tuple(left)


@attrs.define
class Cell:
    """
    A cell of a table: its own text, or the tables that stand in it, and its asides.

    *locator* is that of the one cell of a table in it that is taken for the cell.
    """

    blocks: list[Block]
    asides: list[Aside] = attrs.field(factory=list, kw_only=True)
    locator: str = attrs.field(default="", kw_only=True)

    @property
    def text(self) -> str:
        """Its paragraphs, one a line."""
        if len(self.blocks) == 1 and isinstance(self.blocks[0], Paragraph):
            return self.blocks[0].text
        return "\n".join(block.text for block in self.blocks if isinstance(block, Paragraph))

    @property
    def nests(self) -> bool:
        """Whether tables stand in it."""
        return any(isinstance(block, Grid) for block in self.blocks)

    def unwrap(self) -> bool:
        """Take the one cell of a table that is all there is in this cell for the cell itself."""
        grid = self.blocks[0] if len(self.blocks) == 1 else None
        if not isinstance(grid, Grid) or len(grid.spans) != 1 or grid.hidden:
            return False
        (span,) = grid.spans
        self.blocks = [Paragraph(text=line, place=span.place) for line in span.text.split("\n")]
        self.asides += span.asides
        self.locator = span.place.locator
        return True


AnyCell = TypeVar("AnyCell", bound=Cell)


@attrs.define
class Row(Generic[AnyCell]):
    """
    A row of a table: its cells, whether all are labels, how many columns are left out before its
    first cell and behind its last, how wide it is indented, and whether it holds its place and is
    not shown.
    """

    cells: list[AnyCell]
    header: bool = False
    before: int = 0
    after: int = 0
    indent: int = 0
    hidden: bool = False


@attrs.define
class Tables(ABC, Generic[AnyCell]):
    """
    Makes grids of tables that may hold tables, counts tables and cells of the document, and keeps
    what is left out of its text outside of cells.
    """

    tables: int = 0
    cells: int = 0
    asides: list[Aside] = attrs.field(factory=list)

    @abstractmethod
    def rows(self, node: Any, nesting: int) -> Iterator[Row[AnyCell]]:
        """Go through the rows of a table."""

    @abstractmethod
    def spans(self, rows: list[Row[AnyCell]]) -> list[Span]:
        """Place the cells of rows."""

    def count_cell(self) -> None:
        """
        Count one cell more.

        Raises: TooManyCells.
        """
        self.cells += 1
        check_count(self.cells)

    def table(self, node: Any, nesting: int) -> Iterator[Block]:
        """
        Give a table as a grid; rows that hold tables are taken apart, and the rows between them are
        grids of their own. A table of one cell in a cell is that cell.

        Raises: TooManyCells.
        """
        if nesting > MAX_NESTING:
            raise TooManyCells
        rows: list[Row[AnyCell]] = []
        for row in self.rows(node, nesting):
            unwrapped = sum([cell.unwrap() for cell in row.cells])
            if not any(cell.nests for cell in row.cells):
                self.tables -= unwrapped
                rows.append(row)
                continue
            yield from self._grid(rows)
            rows = []
            for cell in row.cells:
                yield from cell.blocks
                self.asides += cell.asides
        yield from self._grid(rows)

    def _grid(self, rows: list[Row[AnyCell]]) -> Iterator[Grid]:
        if any(row.cells for row in rows):
            self.tables += 1
            hidden = frozenset(at for at, row in enumerate(rows) if row.hidden)
            yield Grid(spans=without(self.spans(rows), rows=hidden))
