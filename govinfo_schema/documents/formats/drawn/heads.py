"""
The head of a table without rules: what stands over each column of its figures, by its place alone.

A name may be torn over several lines, and stand higher or lower than its neighbours: what stands
over one column is one text. What stands over several columns is told apart from it, and over how
many more it was meant to stand is not known. Nothing here knows what a head says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Final

import attrs

from govinfo_schema.documents.formats.drawn.drawing import Box
from govinfo_schema.documents.formats.drawn.rows import Column, Piece, Region, Row, under
from govinfo_schema.documents.formats.drawn.text import Line, around

_APART: Final = 4.5
"""The lines of a head are no farther from each other, in sizes of a sign."""
_CORNER: Final = 20
"""So many lines of the corner stand between two lines of names."""
_NONE: Final = -1
"""The number of no column."""
_INTO: Final = 0.5
"""A text that runs from the labels into the figures by so much of a sign's size is no head."""


@attrs.frozen
class Head:
    """
    The *lines* of a head; the *columns* of the table, those that have a name and no figures too;
    what stands in the *corner*, over each column (*names*), and over several of them: its row, and
    the first and the last column (*over*).
    """

    lines: list[Line]
    columns: list[Column]
    corner: list[Piece]
    names: dict[int, list[Piece]]
    over: list[tuple[int, int, int, Piece]]

    @property
    def page(self) -> int:
        """The page that it stands on."""
        return next(iter(chain(self.corner, *self.names.values()))).page

    @property
    def box(self) -> Box:
        """The box around it."""
        return around([sign for line in self.lines for sign in line.signs])


@attrs.define
class _Stack:
    """Pieces that stand over each other, and from where to where."""

    pieces: list[Piece]

    @property
    def column(self) -> Column:
        """From where to where they stand."""
        return (
            min(piece.box[0] for piece in self.pieces),
            max(piece.box[2] for piece in self.pieces),
        )


def head_over(region: Region, columns: Sequence[Column]) -> Head | None:
    """Find the head over the columns of a region; None where there is none, or places tell none."""
    labels = [
        piece.box[2]
        for row in (*region.rows, *chain(*region.between))
        if row.page == region.rows[0].page
        for piece in row.labels
    ]
    start = max(labels, default=0.0)
    lines = [*_lines(region, columns, start)]
    if not lines:
        return None
    columns = _joined(columns, region, [p for row in lines for p in _parted(row, columns, start)])
    corner: list[Piece] = []
    wide: list[tuple[Row, Piece]] = []
    narrow: list[Piece] = []
    for row in lines:
        for piece in _parted(row, columns, start):
            if piece.box[2] <= columns[0][0] and piece.box[0] < start:
                corner.append(piece)
            elif len(under(piece, columns)) > 1:
                wide.append((row, piece))
            else:
                narrow.append(piece)
    stacks = _stacks(narrow, wide, lines)
    placed = _placed([stack.column for stack in stacks], columns)
    if placed is None:
        return None
    every, numbers = placed
    rows = {id(row): at for at, row in enumerate(reversed(lines))}
    over = []
    for row, piece in wide:
        reach = under(piece, every)
        over.append((rows[id(row)], reach[0], reach[-1], piece))
    return Head(
        lines=[row.line for row in lines],
        columns=every,
        corner=corner,
        names={
            number: sorted(stack.pieces, key=lambda piece: (piece.base, piece.box[0]))
            for number, stack in zip(numbers, stacks, strict=True)
        },
        over=sorted(over, key=lambda each: each[:2]),
    )


def _lines(region: Region, columns: Sequence[Column], start: float) -> Iterator[Row]:
    """
    Go through the lines of a head, the lowest first: those above the first row near each other,
    with something over its columns, and those of the corner between them. *start* is where the
    labels end.
    """
    first = region.rows[0]
    page = first.page
    base = min([row.base for row in region.between[0] if row.page == page] + [first.base])
    held: list[Row] = []
    begun = False
    for row in region.over:
        if any(row is each for each in region.between[0]):
            continue
        if row.figures or any(piece.is_figure for piece in row.labels):
            return
        size = row.line.size
        if page != row.page:
            if begun or held:
                return
            page, base = row.page, row.base
        if base - row.base > _APART * size or len(held) > _CORNER:
            return
        over = [
            piece
            for piece in _parted(row, columns, start)
            if piece.box[2] > columns[0][0] or piece.box[0] >= start
        ]
        if any(piece.box[0] < start - _INTO * size for piece in over):
            return
        if not start and len(over) < 2:
            return
        base = row.base
        held.append(row)
        if over:
            begun = True
            yield from held
            held = []


def _joined(columns: Sequence[Column], region: Region, pieces: Sequence[Piece]) -> Sequence[Column]:
    """
    Put two columns together in which no row has a figure each, and over which one name stands: the
    figures of one column need not stand below each other.
    """
    joined = [columns[0]]
    rows = [{*_numbers(row, columns)} for row in region.rows]
    own = [{0}]
    for at in range(1, len(columns)):
        pair = [joined[-1], columns[at]]
        over = [under(piece, pair) for piece in pieces]
        apart = [0] in over and [1] in over
        if [0, 1] in over and not apart and not any(own[-1] & row and at in row for row in rows):
            joined[-1] = _around(*pair)
            own[-1].add(at)
        else:
            joined.append(columns[at])
            own.append({at})
    return joined


def _numbers(row: Row, columns: Sequence[Column]) -> list[int]:
    return [each[0] for figure in row.figures if (each := under(figure, columns))]


def _parted(row: Row, columns: Sequence[Column], start: float) -> Iterator[Piece]:
    """
    Go through what stands in a line, names that touch parted: where each text object stands over a
    column of its own, or over the labels that end at *start*, and over several none.
    """
    places = [(0.0, start), *columns]
    for piece in row.pieces:
        if len(under(piece, places)) < 2:
            yield piece
            continue
        parts: list[tuple[list[int], list[Piece]]] = []
        for part in piece.parts():
            own = under(part, places)
            if parts and own and parts[-1][0] == own:
                parts[-1][1].append(part)
            else:
                parts.append((own, [part]))
        found = [own[0] for own, _ in parts if own]
        if all(len(own) <= 1 for own, _ in parts) and len(set(found)) == len(found):
            for _, each in parts:
                yield Piece(piece.page, tuple(sign for part in each for sign in part.signs))
        else:
            yield piece


def _stacks(
    narrow: Sequence[Piece], wide: list[tuple[Row, Piece]], lines: Sequence[Row]
) -> list[_Stack]:
    """
    Put the pieces over each other together, from below; what stands over two stacks is *wide*.
    """
    stacks: list[_Stack] = []
    for piece in sorted(narrow, key=lambda piece: -piece.base):
        left, _, right, _ = piece.box
        own = [each for each in stacks if each.column[0] < right and left < each.column[1]]
        if len(own) > 1:
            row = next(row for row in lines if any(s is piece.signs[0] for s in row.line.signs))
            wide.append((row, piece))
        elif own:
            own[0].pieces.append(piece)
        else:
            stacks.append(_Stack([piece]))
    return sorted(stacks, key=lambda stack: stack.column)


def _placed(
    names: Sequence[Column], columns: Sequence[Column]
) -> tuple[list[Column], list[int]] | None:
    """
    Tell which column each name stands over, and give all columns, those without figures too; None
    where a name stands over several, or two over one.

    Names that overlap no figures are over those between the same neighbours, if they are as many.
    """
    own = [[at for at, each in enumerate(columns) if _overlap(name, each)] for name in names]
    if any(len(each) > 1 for each in own):
        return None
    taken = [each[0] for each in own if each]
    if len(set(taken)) < len(taken) or not (taken or len(names) == len(columns)):
        return None
    numbers = [each[0] if each else _NONE for each in own]
    known = [-1, *(at for at, each in enumerate(numbers) if each != _NONE), len(names)]
    for one, other in pairwise(known):
        first = numbers[one] + 1 if one >= 0 else 0
        free = range(first, numbers[other] if other < len(names) else len(columns))
        if len(free) == other - one - 1:
            numbers[one + 1 : other] = free
        elif free and other - one > 1:
            return None
    names_at = {column: name for name, column in enumerate(numbers) if column != _NONE}
    boxes = [
        (
            _around(column, names[names_at[at]]) if at in names_at else column,
            names_at.get(at, _NONE),
        )
        for at, column in enumerate(columns)
    ]
    boxes += [(names[at], at) for at, each in enumerate(numbers) if each == _NONE]
    boxes.sort()
    if any(one[1] > other[0] for (one, _), (other, _) in pairwise(boxes)):
        return None
    places = {name: at for at, (_, name) in enumerate(boxes)}
    return [box for box, _ in boxes], [places[at] for at in range(len(names))]


def _overlap(one: Column, other: Column) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _around(one: Column, other: Column) -> Column:
    return min(one[0], other[0]), max(one[1], other[1])
