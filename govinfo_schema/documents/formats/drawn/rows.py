"""
Rows of figures on pages without rules: lines that end with several figures, and what stands between
them.

``heads`` finds the names over their columns, and ``aligned`` makes tables of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from math import inf
from typing import Final

import attrs

from govinfo_schema.documents.formats.drawn.drawing import Box, Sign
from govinfo_schema.documents.formats.drawn.text import Line, Page, around

FIGURES: Final = 3
"""A line that ends with so many figures is a row of a table."""
_FIGURE: Final = re.compile(
    r"(?=[^0-9０-９a-z\u3007\u3400-\u9fff]*[0-9０-９])"
    r"(?:[^a-z\u3007\u3400-\u9fff]|[亿万]?元|[件项条个次份宗起注])+"
    r"|[/／\\—–－-]+",
    re.IGNORECASE,
)
"""A figure, with its unit and the marks of notes beside it, or a sign in its place."""
_OFTEN: Final = 0.8
"""Of digits side by side such a share is in one text object, where each figure is one."""
_GAP: Final = 0.5
"""A gap of such a share of a sign's size parts what stands in two columns."""
_ASIDE: Final = 1.2
"""The lines of a label begin no farther from each other, in sizes of a sign."""
_TOUCH: Final = 0.5
"""A label may run into the figures by so many points."""
_LABELS: Final = 6
"""So many lines have the labels between two rows at most, where only the second has figures."""
_TALL: Final = 60
"""A head has no more lines."""
_NEAR: Final = 40
"""So many rows before a line tell where its columns are."""

Column = tuple[float, float]
"""Where what is printed in a column begins, and where it ends."""


@attrs.frozen(eq=False)
class Piece:
    """What stands in one column of a line."""

    page: int
    signs: tuple[Sign, ...]
    box: Box = attrs.field(init=False)
    middle: float = attrs.field(init=False)
    room: float = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Measure it."""
        box = around(self.signs)
        object.__setattr__(self, "box", box)
        object.__setattr__(self, "middle", (box[0] + box[2]) / 2)
        object.__setattr__(self, "room", _ASIDE * self.signs[0].size)

    @property
    def text(self) -> str:
        """What is written."""
        return "".join(sign.text for sign in self.signs)

    @property
    def base(self) -> float:
        """Its baseline."""
        return self.signs[0].base

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.box[2] - self.box[0]

    @property
    def is_figure(self) -> bool:
        """Whether it is a figure, or a sign in the place of one."""
        return bool(_FIGURE.fullmatch(self.text))

    @property
    def is_apart(self) -> bool:
        """Whether it is a figure or the mark of a note, and has no words."""
        text = self.text
        return self.is_figure or (any(map(str.isalnum, text)) and not any(map(str.isalpha, text)))

    def is_under(self, other: Piece) -> bool:
        """Whether it stands in the column of another: set at the left like it, or centred."""
        return (
            abs(self.box[0] - other.box[0]) <= self.room
            or abs(self.middle - other.middle) <= self.room
        )

    def parts(self) -> list[Piece]:
        """Part it where one text object ends and another begins."""
        cuts = [at for at, (a, b) in enumerate(pairwise(self.signs), 1) if a.block != b.block]
        ends = pairwise((0, *cuts, len(self.signs)))
        return [Piece(self.page, self.signs[begin:end]) for begin, end in ends]


@attrs.frozen(eq=False)
class Row:
    """A line: the labels in it, and the figures behind them if it has several."""

    page: int
    line: Line
    labels: tuple[Piece, ...]
    figures: tuple[Piece, ...]

    @property
    def base(self) -> float:
        """Its baseline."""
        return self.line.signs[0].base

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """All that stands in it."""
        return (*self.labels, *self.figures)


@attrs.define
class Region:
    """
    Rows with figures, and the lines of labels before each of them and behind the last.

    *stray*: figures that stand between two lines, each with the number of the row below it; *over*:
    the lines above the first row, the nearest first, and those of the page before.
    """

    rows: list[Row] = attrs.field(factory=list)
    between: list[list[Row]] = attrs.field(factory=lambda: [[]])
    stray: list[tuple[int, Piece]] = attrs.field(factory=list)
    over: Sequence[Row] = ()

    def columns(self) -> dict[int, list[Column] | None]:
        """
        Tell for each page where the columns of its figures are; None where two figures of a row
        stand in one, or a label runs into them.
        """
        every = self._columns(self.pages)
        return {page: every or self._columns([page]) for page in self.pages}

    def _columns(self, pages: Sequence[int]) -> list[Column] | None:
        rows = [row for row in self.rows if row.page in pages]
        columns = columns_of(figure.box for row in rows for figure in row.figures)
        if any(_shares_a_column(row, columns) for row in rows):
            return None
        every = chain(rows, *self.between)
        ends = [piece.box[2] for row in every if row.page in pages for piece in row.labels]
        return columns if max(ends, default=0.0) <= columns[0][0] + _TOUCH else None

    def cut(self) -> None:
        """Take what stands in the columns of figures for one of them, also where it is a word."""
        most, _ = Counter(len(row.figures) for row in self.rows).most_common(1)[0]
        whole = [row for row in self.rows if len(row.figures) == most]
        begins = {page: _begin([row for row in whole if row.page == page]) for page in self.pages}
        self.rows = [
            row if len(row.figures) >= most else _cut(row, begins[row.page]) for row in self.rows
        ]

    @property
    def pages(self) -> list[int]:
        """The pages on which its rows stand."""
        return [*dict.fromkeys(row.page for row in self.rows)]


def _shares_a_column(row: Row, columns: Sequence[Column]) -> bool:
    own = [under(figure, columns)[0] for figure in row.figures]
    return len(set(own)) < len(own)


def _begin(rows: Sequence[Row]) -> float:
    """Tell where the figures of rows begin; nowhere where their labels reach so far."""
    begin = min([row.figures[0].box[0] for row in rows], default=inf)
    return begin if all(p.box[2] <= begin for row in rows for p in row.labels) else inf


def _cut(row: Row, begin: float) -> Row:
    """Cut a row before the first of its labels that is a figure, or stands where figures do."""
    first = next(
        (
            at
            for at, piece in enumerate(row.labels)
            if (at and piece.is_figure) or piece.box[2] > begin + _TOUCH
        ),
        len(row.labels),
    )
    return Row(row.page, row.line, row.pieces[:first], row.pieces[first:])


def columns_of(boxes: Iterable[Box]) -> list[Column]:
    """Tell where columns are: what is printed in one overlaps, and not what is in another."""
    columns: list[Column] = []
    for left, _, right, _ in sorted(boxes):
        if columns and left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], right)
        else:
            columns.append((left, right))
    return columns


def under(piece: Piece, columns: Sequence[Column]) -> list[int]:
    """Number the columns that a piece stands over."""
    left, _, right, _ = piece.box
    return [at for at, (begin, end) in enumerate(columns) if begin < right and left < end]


def regions(pages: Sequence[Page]) -> Iterator[Region]:
    """
    Find the rows that follow each other with nothing but labels between them, overleaf too: lines
    that end in words before the figures of the row above or below begin. A figure that stands off
    the line of its row is no label.
    """
    region = Region()
    before: list[Row] = []
    parted = _are_parted(chain.from_iterable(page.lines for page in pages))
    for page in pages:
        lines = [_row(page.number, line, parted=parted) for line in page.lines]
        lines.sort(key=lambda row: row.base)
        for at, line in enumerate(lines):
            over = [*before[-_TALL:], *lines[max(0, at - _TALL) : at]]
            if _goes_on(region, line, lines[at + 1 :], over[::-1]):
                continue
            beside = [piece for piece in line.labels if piece.is_apart]
            region.stray += [(len(region.rows), piece) for piece in beside]
            yield region
            region = Region(stray=[(0, piece) for piece in beside])
        before = lines
        if page.grids:
            yield region
            region, before = Region(), []
    yield region


def _goes_on(region: Region, line: Row, behind: Sequence[Row], over: Sequence[Row]) -> bool:
    """
    Tell whether a region goes on with a line, and take it in: a row, a label, or figures that stand
    between two lines. *behind* and *over* are the lines below and above it, the nearest first.
    """
    below = next((each for each in behind if each.figures), None)
    near = [
        *region.rows[-_NEAR:],
        *(each for each in _first_rows(behind) if _fits(each, region.rows)),
    ]
    row = line if line.figures else _sparse(line, near)
    if (
        row
        and row is not line
        and any(_is_beside(row, each) for each in (*region.rows[-1:], below))
    ):
        region.stray += [(len(region.rows), piece) for piece in row.figures]
        row = Row(row.page, row.line, row.labels, ())
    row = row or line
    if row.figures:
        if not region.rows:
            region.over = over
        region.rows.append(row)
        region.between.append([])
        return True
    if near and all(_is_stray(piece, near) for piece in row.labels):
        region.stray += [(len(region.rows), piece) for piece in row.labels]
        return True
    ends = [*region.rows[-1:], *([below] if below and _fits(below, region.rows) else [])]
    last = row.labels[-1]
    is_label = not last.is_apart and last.box[2] <= max(
        [each.figures[0].box[0] for each in ends], default=0.0
    )
    if is_label:
        region.between[-1].append(row)
    return is_label


def _first_rows(rows: Sequence[Row]) -> list[Row]:
    """Give the first of some lines that is a row, if nothing but labels stands before it."""
    for row in rows[:_LABELS]:
        if row.figures:
            begin = row.figures[0].box[0]
            above = rows[: rows.index(row)]
            return [row] if all(each.labels[-1].box[2] <= begin for each in above) else []
    return []


def _is_stray(piece: Piece, near: Sequence[Row]) -> bool:
    """Tell whether a figure that stands in no row stands in one of the columns of rows near it."""
    columns = columns_of(figure.box for each in near for figure in each.figures)
    return piece.is_apart and len(under(piece, columns)) == 1


def _fits(row: Row, rows: Sequence[Row]) -> bool:
    """Tell whether the figures of a row stand in the columns of the rows before it."""
    columns = columns_of(figure.box for each in rows[-_NEAR:] for figure in each.figures)
    places = [under(figure, columns) for figure in row.figures]
    return not rows or (all(len(each) < 2 for each in places) and any(places))


# ---- lines --------------------------------------------------------------------------------------


def _row(page: int, line: Line, *, parted: bool) -> Row:
    pieces = list(_pieces(page, line, parted=parted))
    cut = len(pieces)
    while cut and pieces[cut - 1].is_figure:
        cut -= 1
    if parted and cut > 0:
        # A figure may touch the label before it.
        *label, last = pieces[cut - 1].parts()
        if label and last.is_figure and not label[-1].is_figure:
            signs = tuple(sign for part in label for sign in part.signs)
            pieces[cut - 1 : cut] = [Piece(page, signs), last]
    cut = cut if len(pieces) - cut >= FIGURES else len(pieces)
    return Row(page, line, tuple(pieces[:cut]), tuple(pieces[cut:]))


def _is_beside(row: Row, other: Row | None) -> bool:
    """Tell whether two lines are too near each other to be two rows of a table."""
    return (
        other is not None and row.page == other.page and abs(row.base - other.base) < row.line.size
    )


def _sparse(row: Row, near: Sequence[Row]) -> Row | None:
    """
    Tell the figures of a row with a few from its labels: each stands in one of the columns of the
    rows *near* it, and behind a label; None where that is not so.
    """
    columns = columns_of(figure.box for each in near for figure in each.figures)
    if not columns:
        return None
    cut = sum(piece.box[2] <= columns[0][0] for piece in row.labels)
    figures = row.labels[cut:]
    places = [under(piece, columns) for piece in figures]
    if (
        0 < cut < len(row.labels)
        and all(len(each) == 1 for each in places)
        and len({each[0] for each in places}) == len(places)
        and any(piece.is_figure for piece in figures)
    ):
        return Row(row.page, row.line, row.labels[:cut], figures)
    return None


def _pieces(page: int, line: Line, *, parted: bool) -> Iterator[Piece]:
    held: list[Sign] = []
    for sign in (*line.signs, None):
        if held and (
            sign is None
            or sign.x0 - held[-1].x1 > _GAP * held[-1].size
            or (parted and sign.block != held[-1].block and _are_digits(held[-1], sign))
        ):
            yield Piece(page, tuple(held))
            held = []
        if sign:
            held.append(sign)


def _are_parted(lines: Iterable[Line]) -> bool:
    """
    Tell whether each figure is a text object of its own, as word processors and browsers have it:
    then figures that touch are told apart.
    """
    same = [
        one.block == other.block
        for line in lines
        for one, other in pairwise(line.signs)
        if _are_digits(one, other) and other.x0 - one.x1 <= _GAP * one.size
    ]
    return sum(same) > _OFTEN * len(same)


def _are_digits(one: Sign, other: Sign) -> bool:
    return one.text.isdigit() and other.text.isdigit()
