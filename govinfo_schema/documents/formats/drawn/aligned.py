"""
Tables without rules whose labels take several lines: which lines belong to which row of figures.

A row is a line that ends with several figures; beside the first, the last or the middle line of its
label, as the cells were aligned. Two things part the lines between two rows: a label goes on only
after a line that was broken for want of room, and its lines are evenly spaced. If one way of
sharing the lines is left for the whole table, it is a grid. Otherwise the figures stand in a grid
without their labels, so that no row gets those of another.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Final

import attrs

from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.formats.drawn.drawing import Box, Sign
from govinfo_schema.documents.formats.drawn.text import Line, Page, around, place_at
from govinfo_schema.documents.grids import span_at

_FIGURES: Final = 3
"""A line that ends with so many figures is a row of a table."""
_FIGURE: Final = re.compile(
    r"(?=[^0-9０-９a-z\u3007\u3400-\u9fff]*[0-9０-９])"
    r"(?:[^a-z\u3007\u3400-\u9fff]|[亿万]?元|[件项条个次份宗起注])+"
    r"|[/／\\—–－-]+",
    re.IGNORECASE,
)
"""A figure, with its unit and the marks of notes beside it, or a sign in its place."""
_BEGUN: Final = re.compile(r"[0-9０-９]+(?![0-9０-９.．、])")
"""What begins so is no numbered label."""
_OFTEN: Final = 0.8
"""Of digits side by side such a share is in one text object, where each figure is one."""
_GAP: Final = 0.5
"""A gap of such a share of a sign's size parts what stands in two columns."""
_ROOM: Final = 1.6
"""A line that is shorter than others of its column by no more signs was broken for want of room."""
_ASIDE: Final = 1.2
"""The lines of a label begin no farther from each other, in sizes of a sign."""
_UNEVEN: Final = 1.5
"""Lines that are so much farther from each other than others, in points, are of two labels."""
_BESIDE: Final = 0.85
"""The lines of two cells side by side are no farther from each other, in the steps of a label."""
_MOST: Final = 1_000
"""No report has so many lines of labels."""


@attrs.frozen(eq=False)
class _Piece:
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
    def is_apart(self) -> bool:
        """Whether it is a figure or the mark of a note, and has no words."""
        text = self.text
        return bool(_FIGURE.fullmatch(text)) or (
            any(map(str.isalnum, text)) and not any(map(str.isalpha, text))
        )

    def is_under(self, other: _Piece) -> bool:
        """Whether it stands in the column of another: set at the left like it, or centred."""
        return (
            abs(self.box[0] - other.box[0]) <= self.room
            or abs(self.middle - other.middle) <= self.room
        )


@attrs.frozen(eq=False)
class _Row:
    """A line: the labels in it, and the figures behind them if it has several."""

    page: int
    line: Line
    labels: tuple[_Piece, ...]
    figures: tuple[_Piece, ...]

    @property
    def base(self) -> float:
        """Its baseline."""
        return self.line.signs[0].base


@attrs.frozen
class _Region:
    """Rows with figures, and the lines of labels before each of them and behind the last."""

    rows: list[_Row]
    between: list[list[_Row]]


def with_aligned_tables(pages: Sequence[Page]) -> list[Page]:
    """Make grids of the tables without rules in which a label has several lines."""
    number = sum(len(page.grids) for page in pages)
    grids = {page.number: [*page.grids] for page in pages}
    lines = {page.number: [*page.lines] for page in pages}
    used: set[int] = set()
    for region in _regions(pages):
        if not any(region.between[1:-1]):
            continue
        for rows in _by_page(_Labels(region)):
            number += 1
            page = rows[0].page
            grids[page].append((rows[0].line.box[1], _grid(rows, number)))
            used.update(id(line) for row in rows for line in row.lines)
            lines[page] += [line for row in rows for line in row.kept]
    return [
        attrs.evolve(
            page,
            grids=grids[page.number],
            lines=[line for line in lines[page.number] if id(line) not in used],
        )
        for page in pages
    ]


# ---- rows ---------------------------------------------------------------------------------------


def _row(page: int, line: Line, *, parted: bool) -> _Row:
    pieces = list(_pieces(page, line, parted=parted))
    cut = len(pieces)
    while cut and _FIGURE.fullmatch(pieces[cut - 1].text):
        cut -= 1
    cut = cut if len(pieces) - cut >= _FIGURES else len(pieces)
    return _Row(page, line, tuple(pieces[:cut]), tuple(pieces[cut:]))


def _pieces(page: int, line: Line, *, parted: bool) -> Iterator[_Piece]:
    held: list[Sign] = []
    for sign in (*line.signs, None):
        if held and (
            sign is None
            or sign.x0 - held[-1].x1 > _GAP * held[-1].size
            or (parted and sign.block != held[-1].block and _are_digits(held[-1], sign))
        ):
            yield _Piece(page, tuple(held))
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


def _regions(pages: Sequence[Page]) -> Iterator[_Region]:
    """
    Find the rows that follow each other with nothing but labels between them, overleaf too: lines
    that end in words before the figures of the row above or below begin. A figure that stands off
    the line of its row is no label.
    """
    region = _Region([], [[]])
    parted = _are_parted(chain.from_iterable(page.lines for page in pages))
    for page in pages:
        rows = [_row(page.number, line, parted=parted) for line in page.lines]
        rows.sort(key=lambda row: row.base)
        for at, row in enumerate(rows):
            if row.figures:
                region.rows.append(row)
                region.between.append([])
                continue
            below = next((each for each in rows[at + 1 :] if each.figures), None)
            edges = [each.figures[0].box[0] for each in (*region.rows[-1:], below) if each]
            last = row.labels[-1]
            if last.box[2] <= max(edges, default=0.0) and not last.is_apart:
                region.between[-1].append(row)
            else:
                yield region
                region = _Region([], [[]])
        if page.grids:
            yield region
            region = _Region([], [[]])
    yield region


# ---- which line is whose ------------------------------------------------------------------------


class _Labels:
    """Shares the lines between the rows of a region out among them."""

    def __init__(self, region: _Region) -> None:
        """Measure how far the lines of its labels are from each other, and how long they are."""
        self.rows = region.rows
        every = sorted(chain(self.rows, *region.between), key=lambda row: (row.page, row.base))
        self.clear = len(every) <= _MOST and not _is_run_over(self.rows)
        self.step = min(_steps(every), default=0.0) if self.clear else 0.0
        self.leaf = {
            row: self._leaf(row, every[max(at - 3, 0) : at + 4]) for at, row in enumerate(every)
        }
        pieces = [leaf for leaf in self.leaf.values() if leaf]
        self.measures = [(each.box[0], each.middle, each.room, each.width) for each in pieces]
        self.longest: dict[_Piece, float] = {}
        self.between: list[list[_Row]] = []
        self.groups: list[list[_Row]] = []
        for at, lines in enumerate(region.between):
            near = [self.leaf[row] for row in region.rows[max(at - 1, 0) : at + 1]]
            groups = [line for line in lines if self._is_over_group(line, near)]
            self.groups.append(groups)
            self.between.append([line for line in lines if line not in groups])

    def _leaf(self, row: _Row, near: Sequence[_Row]) -> _Piece | None:
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

    def _is_over_group(self, line: _Row, near: Sequence[_Piece | None]) -> bool:
        """Whether a line stands left of the labels around it: it is of a group of rows."""
        edge = line.labels[-1].box[2]
        edges = [leaf.box[0] for leaf in near if leaf]
        return self.leaf[line] is None or edge <= min(edges, default=0.0)

    def shares(self) -> tuple[int, ...] | None:
        """
        Tell how many of the lines before each row, and behind the last, belong to the row above;
        None where that is not clear.
        """
        if not self.clear:
            return None
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
            if not over and all(
                len(lines) in splits
                for lines, splits in zip(self.between[1:-1], inner, strict=True)
            ):
                found.add((len(first), *map(len, self.between[1:-1]), under))
            if not under and all(0 in splits for splits in inner):
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

    def _splits(self, above: _Row, lines: Sequence[_Row], below: _Row) -> set[int]:
        """Tell at which of the lines between two rows the label of the lower one may begin."""
        down = self._run(lines, above, back=False)
        up = self._run([*reversed(lines)], below, back=True)
        return set(range(len(lines) - up, down + 1))

    def _run(self, lines: Sequence[_Row], row: _Row, *, back: bool) -> int:
        """Tell how many lines, going away from a row, its label may have."""
        before = row
        for count, line in enumerate(lines):
            if not (self._goes_on(line, before) if back else self._goes_on(before, line)):
                return count
            before = line
        return len(lines)

    def _goes_on(self, one: _Row, other: _Row) -> bool:
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

    def _longest(self, piece: _Piece) -> float:
        """Tell how wide the widest label is that stands in the column of another."""
        if piece not in self.longest:
            left, middle = piece.box[0], piece.middle
            self.longest[piece] = max(
                [
                    width
                    for begin, half, room, width in self.measures
                    if abs(begin - left) <= room or abs(half - middle) <= room
                ]
            )
        return self.longest[piece]


def _is_run_over(rows: Sequence[_Row]) -> bool:
    """Tell whether what is taken as the label of a row is a figure, or one with words behind it."""
    edge = min([row.figures[0].box[0] for row in rows], default=0.0)
    lasts = [row.labels[-1] for row in rows if row.labels]
    return any(last.is_apart or (last.box[2] > edge and _BEGUN.match(last.text)) for last in lasts)


def _steps(rows: Sequence[_Row]) -> Iterator[float]:
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
    labels: list[list[_Piece]]
    figures: tuple[_Piece, ...]


def _by_page(labels: _Labels) -> Iterator[list[_Cells]]:
    """Go through the rows of each page, each with its share of the lines."""
    shares = labels.shares()
    held: list[_Cells] = []
    for at, row in enumerate(labels.rows):
        if held and held[-1].page != row.page:
            yield held
            held = []
        rows = [row]
        if shares is not None:
            rows = [*labels.between[at][shares[at] :], row]
            rows += [*labels.between[at + 1][: shares[at + 1]], *labels.groups[at + 1]]
            kept = []
        else:
            kept = [_line_of(row.labels)] if row.labels else []
        pieces = (
            []
            if kept or shares is None
            else _columns(piece for each in rows for piece in each.labels)
        )
        held.append(
            _Cells(row.page, row.line, [each.line for each in rows], kept, pieces, row.figures)
        )
    yield held


def _line_of(pieces: Sequence[_Piece]) -> Line:
    signs = tuple(sign for piece in pieces for sign in piece.signs)
    return Line(" ".join(piece.text for piece in pieces), signs, around(signs))


def _columns(pieces: Iterable[_Piece]) -> list[list[_Piece]]:
    """Put the pieces of labels together that stand below each other, from left to right."""
    columns: list[list[_Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.box[0]):
        if columns and piece.box[0] < max(each.box[2] for each in columns[-1]):
            columns[-1].append(piece)
        else:
            columns.append([piece])
    return columns


def _grid(rows: Sequence[_Cells], number: int) -> Grid:
    """Make a grid of rows: in columns where all that is printed stands in some, else in order."""
    cells = [
        [
            *(_cell(column) for column in row.labels),
            *((piece.text, piece.box) for piece in row.figures),
        ]
        for row in rows
    ]
    edges = _gutters(box for row in cells for _, box in row)
    placed = [[bisect_right(edges, box[0]) - 1 for _, box in row] for row in cells]
    in_columns = all(len(set(columns)) == len(columns) for columns in placed)
    if not in_columns:
        placed = [[*range(len(row))] for row in cells]
    reach: dict[int, int] = {}
    for row, columns in zip(rows, placed, strict=True):
        first = columns[len(row.labels)]
        reach[first] = max(reach.get(first, 0), columns[-1])
    spans = []
    for at, (row, texts, columns) in enumerate(zip(rows, cells, placed, strict=True)):
        spans += [
            span_at(text, at, column, place_at(row.page, box, number))
            for (text, box), column in zip(texts, columns, strict=True)
        ]
        first = columns[len(row.labels)]
        place = place_at(row.page, row.line.box, number)
        blank = set(range(first, reach[first] + 1 if in_columns else 0)) - set(columns)
        spans += [span_at("", at, column, place) for column in blank]
    spans.sort(key=lambda span: (span.row, span.column))
    return Grid(spans=tuple(spans))


def _cell(pieces: Sequence[_Piece]) -> tuple[str, Box]:
    """Give the text of a label, its lines in order, and its box."""
    ordered = sorted(pieces, key=lambda piece: (piece.page, piece.box[1]))
    signs = [sign for piece in ordered if piece.page == ordered[0].page for sign in piece.signs]
    return "".join(piece.text for piece in ordered), around(signs)


def _gutters(boxes: Iterable[Box]) -> list[float]:
    """Give where the columns begin: what is printed in one overlaps, and not what is in another."""
    edges: list[float] = []
    end = 0.0
    for left, _, right, _ in sorted(boxes):
        if not edges or left >= end:
            edges.append(left)
        end = max(end, right)
    return edges
