"""
Tables without rules as grids: ``rows`` finds their figures, ``heads`` what stands over them, and
here it is told which lines of labels belong to which row of figures.

A row is a line that ends with figures; beside the first, the last or the middle line of its label,
as the cells were aligned. Two things part the lines between two rows: a label goes on only after a
line that was broken for want of room, and its lines are evenly spaced. If one way of sharing the
lines is left for the whole table, its rows have labels. Otherwise the figures stand in a grid
without their labels, so that no row gets those of another.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import inf
from typing import Final

import attrs

from govinfo_schema.documents.document import Aside, Grid, Span
from govinfo_schema.documents.formats.drawn.drawing import Box
from govinfo_schema.documents.formats.drawn.heads import Head, head_over
from govinfo_schema.documents.formats.drawn.rows import (
    FIGURES,
    Column,
    Piece,
    Region,
    Row,
    columns_of,
    regions,
    under,
)
from govinfo_schema.documents.formats.drawn.text import Line, Page, around, place_at
from govinfo_schema.documents.grids import span_at, with_asides

_ROOM: Final = 1.6
"""A line that is shorter than others of its column by no more signs was broken for want of room."""
_UNEVEN: Final = 1.5
"""Lines that are so much farther from each other than others, in points, are of two labels."""
_BESIDE: Final = 0.85
"""The lines of two cells side by side are no farther from each other, in the steps of a label."""
_ZEROS: Final = ("0", "０")
_MOST: Final = 1_000
"""No report has so many lines of labels."""


def with_aligned_tables(pages: Sequence[Page]) -> list[Page]:
    """
    Make grids of the tables without rules that have a head over their columns, or a label of
    several lines.
    """
    number = sum(len(page.grids) for page in pages)
    grids = {page.number: [*page.grids] for page in pages}
    lines = {page.number: [*page.lines] for page in pages}
    used: set[int] = set()
    for region in regions(pages):
        if not region.rows:
            continue
        region.cut()
        columns = region.columns()
        first = region.rows[0].page
        head = head_over(region, own) if (own := columns[first]) else None
        if not (head or any(region.between[1:-1])):
            continue
        if head:
            columns = {
                page: head.columns if each == own else each for page, each in columns.items()
            }
        torn = _torn(region, {each.number: each for each in pages}, head)
        beside = _beside(region, columns, torn)
        for at, rows in enumerate(_by_page(_Labels(region), beside)):
            number += 1
            page = rows[0].page
            top = head if not at else None
            begin = top.box[1] if top and top.page == page else rows[0].line.box[1]
            grids[page].append((begin, _grid(rows, number, columns[page], top)))
            used.update(id(line) for row in rows for line in row.lines)
            used.update(id(line) for line in (top.lines if top else ()))
            lines[page] += [line for row in rows for line in row.kept]
            if top and top.corner and not any(row.labels for row in rows):
                lines[top.page].append(_line_of(top.corner))
    return [
        attrs.evolve(
            page,
            grids=grids[page.number],
            lines=[line for line in lines[page.number] if id(line) not in used],
        )
        for page in pages
    ]


# ---- which line is whose ------------------------------------------------------------------------


class _Labels:
    """Shares the lines between the rows of a region out among them."""

    def __init__(self, region: Region) -> None:
        """Measure how far the lines of its labels are from each other, and how long they are."""
        self.rows = region.rows
        every = sorted(chain(self.rows, *region.between), key=lambda row: (row.page, row.base))
        self.clear = len(every) <= _MOST
        self.step = min(_steps(every), default=0.0) if self.clear else 0.0
        self.leaf = {
            row: self._leaf(row, every[max(at - 3, 0) : at + 4]) for at, row in enumerate(every)
        }
        # What stands before the first row and behind the last need not be of the table.
        inner = chain(self.rows, *region.between[1:-1])
        pieces = [leaf for row in inner if (leaf := self.leaf[row])]
        self.measured = pieces
        self.longest: dict[Piece, float] = {}
        self.between: list[list[Row]] = []
        self.groups: list[list[Row]] = []
        for at, lines in enumerate(region.between):
            near = [self.leaf[row] for row in region.rows[max(at - 1, 0) : at + 1]]
            groups = [line for line in lines if self._is_over_group(line, near)]
            self.groups.append(groups)
            self.between.append([line for line in lines if line not in groups])

    def _leaf(self, row: Row, near: Sequence[Row]) -> Piece | None:
        """Give the last label in a line, unless one stands right of it, half a line off."""
        if not row.labels:
            return None
        last = row.labels[-1]
        beside = (
            piece.box[0] >= last.box[2]
            for other in near
            if other.page == row.page and 0 < abs(other.base - row.base) < _BESIDE * self.step
            for piece in other.labels
        )
        return None if any(beside) else last

    def _is_over_group(self, line: Row, near: Sequence[Piece | None]) -> bool:
        """Whether a line stands left of the labels around it: it is of a group of rows."""
        edge = line.labels[-1].box[2]
        edges = [leaf.box[0] for leaf in near if leaf]
        return self.leaf[line] is None or edge <= min(edges, default=0.0)

    def is_alone(self, at: int) -> bool:
        """Whether the label of a row is not a part of one that goes on above or below it."""
        before = [*self.rows[at - 1 : at], *self.between[at]][-1:] if at else self.between[0][-1:]
        behind = [*self.between[at + 1], *self.rows[at + 1 : at + 2]][:1]
        row = self.rows[at]
        return not (
            any(self._goes_on(each, row) for each in before)
            or any(self._goes_on(row, each) for each in behind)
        )

    def shares(self) -> tuple[int, ...] | None:
        """
        Tell how many of the lines before each row, and behind the last, belong to the row above;
        None where that is not clear.
        """
        if not self.clear:
            return None
        if not any(self.between[1:-1]) and all(self.leaf[row] for row in self.rows):
            return (len(self.between[0]), *(0 for _ in self.rows))
        inner = [
            self._splits(above, lines, below)
            for above, lines, below in zip(
                self.rows, self.between[1:-1], self.rows[1:], strict=False
            )
        ]
        first, last = self.between[0], self.between[-1]
        over = self._run([*reversed(first)], self.rows[0], back=True)
        under = self._run(last, self.rows[-1], back=False)
        found = self._middle(inner, over, under)
        if all(self.leaf[row] for row in self.rows):
            if all(
                len(lines) in splits
                for lines, splits in zip(self.between[1:-1], inner, strict=True)
            ):
                found.add((len(first), *map(len, self.between[1:-1]), under))
            if all(0 in splits for splits in inner):
                found.add((len(first) - over, *(0 for _ in inner), 0))
        if not found and all(len(splits) == 1 for splits in inner):
            found.add((len(first) - over, *(next(iter(splits)) for splits in inner), under))
        return found.pop() if len(found) == 1 else None

    def _middle(self, inner: Sequence[set[int]], over: int, under: int) -> set[tuple[int, ...]]:
        """
        Give the shares by which each row has as many lines of its label above it as below, or one
        more where nothing else is possible: figures stand a little off the line.
        """
        found: dict[tuple[int, ...], int] = {}
        for above in range(over + 1):
            shares, half, off = [len(self.between[0]) - above], above, 0
            for lines, splits in zip(self.between[1:-1], inner, strict=True):
                near = [split for split in splits if abs(split - half) <= 1]
                own = half if half in splits or len(near) != 1 else near[0]
                if own not in splits:
                    break
                off += abs(own - half)
                shares.append(own)
                half = len(lines) - own
            else:
                if half <= under:
                    found[*shares, half] = off
        return {shares for shares, off in found.items() if off == min(found.values())}

    def _splits(self, above: Row, lines: Sequence[Row], below: Row) -> set[int]:
        """Tell at which of the lines between two rows the label of the lower one may begin."""
        down = self._run(lines, above, back=False)
        up = self._run([*reversed(lines)], below, back=True)
        return set(range(len(lines) - up, down + 1))

    def _run(self, lines: Sequence[Row], row: Row, *, back: bool) -> int:
        """Tell how many lines, going away from a row, its label may have."""
        before = row
        for count, line in enumerate(lines):
            if not (self._goes_on(line, before) if back else self._goes_on(before, line)):
                return count
            before = line
        return len(lines)

    def _goes_on(self, one: Row, other: Row) -> bool:
        """Tell whether the label in one line may go on in another, the next one below."""
        piece, below = self.leaf[one], self.leaf[other]
        apart = (below or other).base - (piece or one).base
        if one.page != other.page:
            apart = self.step
        if piece is None or below is None:
            # The figures stand between two lines of their label.
            return apart < self.step
        if not any(each.is_under(piece) for each in other.labels):
            return False
        longest = self._longest(piece)
        full = piece.width >= longest - _ROOM * piece.signs[0].size
        return full and apart <= self.step + _UNEVEN

    def _longest(self, piece: Piece) -> float:
        """Tell how wide the widest label is that stands in the column of another."""
        if piece not in self.longest:
            widths = [each.width for each in self.measured if each.is_under(piece)]
            self.longest[piece] = max(widths, default=piece.width)
        return self.longest[piece]


def _steps(rows: Sequence[Row]) -> Iterator[float]:
    """Go through the distances between what stands below each other in one column."""
    for at, row in enumerate(rows):
        for piece in row.labels:
            yield from (
                each.base - piece.base
                for other in rows[at + 1 : at + 5]
                for each in other.labels
                if other.page == row.page and each.is_under(piece)
            )


# ---- grids --------------------------------------------------------------------------------------


@attrs.frozen
class _Cells:
    """A row of a grid: the pieces of each label, and the figures."""

    page: int
    line: Line
    lines: list[Line]
    """The lines that it is made of."""
    kept: list[Line]
    """The labels that nothing tells the row of."""
    labels: list[list[Piece]]
    figures: tuple[Piece, ...]
    beside: Mapping[int, str] | None
    """What may be its figure in a column and stands on no line of it; None: nothing is known."""


def _beside(
    region: Region, columns: Mapping[int, Sequence[Column] | None], torn: Iterable[range]
) -> list[dict[int, str]]:
    """
    Tell of each row in which of its blank cells a figure may belong that stands on no line of it,
    and which: one between two lines, or a zero, merged over all blank cells above and below it.
    *torn*: rows from the end of a page on, whose blank cells may go on overleaf.
    """
    figures = [
        {at: piece.text for piece in row.figures for at in under(piece, columns[row.page] or ())}
        for row in region.rows
    ]
    found: list[dict[int, str]] = [{} for _ in region.rows]
    seeds = [
        (column, at - 1, at, piece.text)
        for at, piece in region.stray
        for column in under(piece, columns.get(piece.page) or ())
    ]
    seeds += [
        (column, at - 1, at + 1, text)
        for at, row in enumerate(figures)
        for column, text in row.items()
        if text in _ZEROS
    ]
    ways = [
        (column, rows, text)
        for column, above, below, text in seeds
        for rows in (range(above, -1, -1), range(below, len(figures)))
    ]
    width = max([len(each or ()) for each in columns.values()], default=0)
    ways += [(column, rows, "") for rows in torn for column in range(width)]
    for column, rows, text in ways:
        for at in rows:
            if column in figures[at] or column in found[at]:
                break
            found[at][column] = text
    return found


def _torn(region: Region, pages: Mapping[int, Page], head: Head | None) -> Iterator[range]:
    """
    Go through the places in which a page begins or ends in a table, each with the rows from there
    on: a cell that is merged over both pages has its figure on one of them.
    """
    lines = [*(head.lines if head else ()), *(row.line for row in region.rows)]
    lines += [row.line for between in region.between for row in between]
    own = {id(line) for line in lines}
    for number in region.pages:
        rows = [at for at, row in enumerate(region.rows) if row.page == number]
        others = [line for line in pages[number].lines if id(line) not in own]
        top, bottom = region.rows[rows[0]].base, region.rows[rows[-1]].base
        if all(line.signs[0].base > top for line in others):
            yield range(rows[0], rows[-1] + 1)
        if all(line.signs[0].base < bottom for line in others):
            yield range(rows[-1], rows[0] - 1, -1)


def _by_page(labels: _Labels, beside: Sequence[Mapping[int, str]]) -> Iterator[list[_Cells]]:
    """
    Go through the rows of each page, each with its share of the lines; *beside*: what may be the
    figure of a row and stands on no line of it, by columns.
    """
    shares = labels.shares()
    held: list[_Cells] = []
    for at, row in enumerate(labels.rows):
        if held and held[-1].page != row.page:
            yield held
            held = []
        rows = [row]
        if shares is not None:
            rows = [*labels.between[at][shares[at] :], row]
            rows += labels.between[at + 1][: shares[at + 1]]
            rows += labels.groups[at + 1] if at + 1 < len(labels.rows) else []
            kept = []
        else:
            kept = [_line_of(row.labels)] if row.labels else []
        pieces = (
            []
            if kept or shares is None
            else _columns(piece for each in rows for piece in each.labels)
        )
        is_whole = len(row.figures) >= FIGURES or labels.is_alone(at)
        held.append(
            _Cells(
                page=row.page,
                line=row.line,
                lines=[each.line for each in rows],
                kept=kept,
                labels=pieces,
                figures=row.figures if is_whole else (),
                beside=beside[at] if is_whole else None,
            )
        )
    yield held


def _line_of(pieces: Sequence[Piece]) -> Line:
    signs = tuple(sign for piece in pieces for sign in piece.signs)
    return Line(" ".join(piece.text for piece in pieces), signs, around(signs))


def _columns(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Put the pieces of labels together that stand below each other, from left to right."""
    columns: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[0]):
        if columns and piece.box[0] < max(each.box[2] for each in columns[-1]):
            columns[-1].append(piece)
        else:
            columns.append([piece])
    return columns


def _grid(
    rows: Sequence[_Cells], number: int, columns: Sequence[Column] | None, head: Head | None
) -> Grid:
    """Make a grid of rows: in columns where all that is printed stands in some, else in order."""
    if columns is None:
        spans = [
            span_at(text, at, column, place_at(row.page, box, number))
            for at, row in enumerate(rows)
            for column, (text, box) in enumerate(
                [*map(_cell, row.labels), *((piece.text, piece.box) for piece in row.figures)]
            )
        ]
        return Grid(spans=tuple(spans))
    stubs = columns_of(_cell(label)[1] for row in rows for label in row.labels)
    stand = [
        [bisect_right(stubs, (_cell(label)[1][0], inf)) - 1 for label in row.labels] for row in rows
    ]
    if any(len(set(row)) < len(row) for row in stand):
        stand = [[*range(len(row))] for row in stand]
    width = max([column + 1 for row in stand for column in row], default=0)
    spans = [] if head is None else [*_head_spans(head, width, number)]
    top = max((span.row for span in spans), default=-1) + 1
    for at, (row, labels) in enumerate(zip(rows, stand, strict=True), top):
        for column, (text, box) in zip(labels, map(_cell, row.labels), strict=True):
            spans.append(span_at(text, at, column, place_at(row.page, box, number)))
        cells = {under(piece, columns)[0]: piece for piece in row.figures}
        place = place_at(row.page, row.line.box, number)
        for column in range(len(columns)):
            piece = cells.get(column)
            if piece is not None:
                own = place_at(row.page, piece.box, number)
                spans.append(span_at(piece.text, at, width + column, own))
            else:
                blank = span_at("", at, width + column, place)
                other = "" if row.beside is None else row.beside.get(column)
                asides = [] if other is None else [Aside(kind="between", text=other)]
                spans.append(with_asides(blank, asides))
    spans.sort(key=lambda span: (span.row, span.column))
    return Grid(spans=tuple(spans), stub=width)


def _head_spans(head: Head, stub: int, number: int) -> Iterator[Span]:
    """Give the cells of a head: what stands over several columns, and below that the names."""
    page = head.page
    tops = sorted({row for row, *_ in head.over})
    for row, first, last, piece in head.over:
        at, place = tops.index(row), place_at(page, piece.box, number)
        yield span_at(piece.text, at, stub + first, place, columns=last - first + 1)
    if stub:
        text, box = _cell(head.corner) if head.corner else ("", head.box)
        yield span_at(text, len(tops), 0, place_at(page, box, number), columns=stub)
    for column in range(len(head.columns)):
        pieces = head.names.get(column, [])
        box = around([sign for piece in pieces for sign in piece.signs]) if pieces else head.box
        text = "\n".join(piece.text for piece in pieces)
        yield span_at(text, len(tops), stub + column, place_at(page, box, number))


def _cell(pieces: Sequence[Piece]) -> tuple[str, Box]:
    """Give the text of a label, its lines in order, and its box."""
    ordered = sorted(pieces, key=lambda piece: (piece.page, piece.box[1]))
    signs = [sign for piece in ordered if piece.page == ordered[0].page for sign in piece.signs]
    return "".join(piece.text for piece in ordered), around(signs)
