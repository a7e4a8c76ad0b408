"""
What a page draws, taken down instruction by instruction: where each sign stands, in which colour
and whether it is shown at all, and which lines, areas and pictures there are.

A reader of pages runs the instructions; this knows nothing of how they are written.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import attrs

from govinfo_schema.documents.document import AsideKind
from govinfo_schema.documents.formats.drawn.drawing import (
    BLACK,
    THIN,
    Box,
    Drawing,
    Fill,
    Ink,
    Rule,
    Sign,
)

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
Subpath = tuple[str, list[Point]]
"""What draws it, a letter each (m, l, c, h), and its points."""
_DOTS: Final = 6.5
"""The middles of the dots of a line are no farther from each other."""
_WAVE: Final = 4.5
"""A wavy line, drawn as one or filled with a pattern of waves, is no higher."""
_BAR: Final = 6.0
"""A drawn line that is thicker fills an area."""
_LEVEL: Final = 0.5
"""What is askew by less, in points, is level."""
_APART: Final = 0.3
"""A gap, or an overlap, of such a share of a sign's size ends a run."""
_FIELD: Final = 12.0
"""So large, in points, is the text of a field at most."""
_ASKEW: Final = 3
"""What is turned by no more degrees is upright, as on a scanned page."""


_MOST: Final = 0.7
"""A page of which such a share of the text is written sideways was put down sideways."""


@attrs.frozen
class Paint:
    """A colour, as it looks on white; *pattern* where it is none, but a pattern of several."""

    ink: Ink = BLACK
    pattern: bool = False

    def faded(self, opacity: float) -> Ink:
        """Give the colour as it looks on white where it lets some of that through."""
        if opacity == 1.0:
            return self.ink
        red, green, blue = (1 - opacity * (1 - part) for part in self.ink)
        return red, green, blue


def ink(parts: Sequence[float]) -> Ink:
    """Give a colour of one part (gray), three (RGB) or four (CMYK) as it looks on white."""
    if len(parts) == 1:
        return parts[0], parts[0], parts[0]
    if len(parts) == 4:
        cyan, magenta, yellow, black = parts
        return 1 - min(1, cyan + black), 1 - min(1, magenta + black), 1 - min(1, yellow + black)
    red, green, blue = parts
    return red, green, blue


class Device:
    """Takes down what a page draws, within the box *clip*, at an *opacity* from 0 to 1."""

    def __init__(self) -> None:
        """Have taken nothing down."""
        self.drawing = Drawing(0, 0)
        self.clip: Box = (0, 0, 0, 0)
        self.mark: AsideKind | None = None
        self.block = self.run = self.at = 0
        self.before: Sign | None = None
        self.dots: list[Point] = []

    def open(self, width: float, height: float, clip: Box) -> None:
        """Begin a page of which *clip* is shown."""
        self.drawing = Drawing(width, height)
        self.clip = clip

    def picture(self, box: Box) -> None:
        """Take down where a picture is."""
        left, top, right, bottom = box = shared(self.clip, box)
        if right > left and bottom > top and not self.mark:
            self.drawing.pictures.append(box)

    def sign(  # noqa: PLR0913, PLR0917 (once for each sign)
        self,
        text: str,
        x0: float,
        top: float,
        x1: float,
        bottom: float,
        size: float,
        base: float,
        turn: int,
        ink: Ink,
        *,
        shown: bool,
    ) -> None:
        """Take one sign down: its box, its size and its baseline, and whether it is painted."""
        left, upper, right, lower = self.clip
        aside = self.mark
        if (
            not shown
            or bottom - top < 1
            or not left - 1 <= (x0 + x1) / 2 <= right + 1
            or not upper - 1 <= (top + bottom) / 2 <= lower + 1
        ):
            aside = "hidden"
        before, block = self.before, self.block
        if (
            before is None
            or before.block != block
            or before.turn != turn
            or abs(before.base - base) > _LEVEL
            or abs(before.size - size) > _LEVEL
            or abs(before.x1 - x0) > _APART * size
        ):
            self.run += 1
        self.before = Sign(
            text, x0, top, x1, bottom, size, base, turn, ink, self.run, block, self.at, aside
        )
        self.at += 1
        self.drawing.signs.append(self.before)

    def turned_sign(  # noqa: PLR0913, PLR0917 (as above)
        self,
        text: str,
        matrix: Matrix,
        box: Box,
        rise: float,
        size: float,
        ink: Ink,
        *,
        shown: bool,
    ) -> None:
        """Take a sign down that *matrix* puts anywhere; *box* and *rise* are before that."""
        _, b, c, d, e, f = matrix
        turn = _turn(matrix[0], b)
        base = c * rise + e if turn in (90, 270) else d * rise + f
        size = abs(size) * math.hypot(c, d)
        self.sign(text, *box_in(matrix, box), size, base, turn, ink, shown=shown)

    def value(self, text: str, place: Box) -> None:
        """
        Take down what stands in a field that says nothing of how it looks: in the middle of it, as
        large as it fits. It is no part of what stands beside the field.
        """
        left, top, right, bottom = place
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) == 1 and not lines[0].isascii():
            wide = max(1, int((right - left) / _FIELD))
            lines = [lines[0][at : at + wide] for at in range(0, len(lines[0]), wide)]
        widths = [[0.5 if sign.isascii() else 1.0 for sign in line] for line in lines]
        if not lines:
            return
        size = min(_FIELD, (bottom - top) / len(lines), (right - left) / max(map(sum, widths)))
        base = (top + bottom - len(lines) * size) / 2 + size * 3 / 4
        for line, own in zip(lines, widths, strict=True):
            self.before = None
            x = (left + right - size * sum(own)) / 2
            for sign, width in zip(line, own, strict=True):
                x1 = x + size * width
                box = (x, base - size * 3 / 4, x1, base + size / 4)
                self.sign(sign, *box, size, base, 0, BLACK, shown=True)
                x = x1
            base += size
        self.before = None

    def path(
        self,
        path: Iterable[Subpath],
        *,
        stroke: Paint | None,
        fill: Paint | None,
        width: float,
        solid: bool,
    ) -> None:
        """
        Take a path down: its lines, *width* thick, or the area that it fills; *solid* where nothing
        shows through.
        """
        if self.mark:
            return
        areas: list[Box] = []
        for shape, points in path:
            box = around_points(points)
            if stroke is not None and width <= _BAR:
                self._stroke(points, shape, box)
            elif stroke is not None:
                self._fill(_thick(box, width), shape, stroke, solid=solid)
            if fill is None:
                continue
            if areas and _is_frame(areas[-1], box):
                self._frame(areas.pop())
            elif "c" not in shape and min(box[2] - box[0], box[3] - box[1]) > THIN:
                areas.append(box)
            elif stroke is None:
                self._fill(box, shape, fill, solid=solid)
        if fill is not None:
            self._fill_all(areas, fill, solid=solid)

    def area(self, box: Box, paint: Paint, *, solid: bool) -> None:
        """Take one area down that is filled."""
        if not self.mark:
            self._fill(box, "", paint, solid=solid)

    def _fill_all(self, areas: Iterable[Box], paint: Paint, *, solid: bool) -> None:
        for box in areas:
            self._fill(box, "", paint, solid=solid)

    def _stroke(self, points: Sequence[Point], shape: str, box: Box) -> None:
        ends = [*points[1:], *([points[0]] if shape[-1] == "h" else [])]
        width, height = box[2] - box[0], box[3] - box[1]
        if max(width, height) <= THIN or ("c" in shape and height <= _WAVE < width):
            self._line(box)
        elif "c" not in shape:
            for (x, y), (u, v) in zip(points, ends, strict=False):
                if abs(x - u) <= _LEVEL or abs(y - v) <= _LEVEL:
                    self._line((min(x, u), min(y, v), max(x, u), max(y, v)))

    def _fill(self, box: Box, shape: str, paint: Paint, *, solid: bool) -> None:
        """Take an area down that is filled, or a line so thick that it is one."""
        wavy = paint.pattern and box[3] - box[1] <= _WAVE < box[2] - box[0]
        if min(box[2] - box[0], box[3] - box[1]) <= THIN or wavy:
            self._line(box)
        elif "c" in shape:
            # Signs that were turned into outlines are a picture of text.
            self.drawing.pictures.append(shared(box, self.clip))
        elif solid and not paint.pattern:
            self.drawing.fills.append(Fill(shared(box, self.clip), paint.ink, self.at))
            self.at += 1

    def _frame(self, box: Box) -> None:
        """Take the four lines of a frame down."""
        x0, top, x1, bottom = box
        for line in ((x0, top, x1, top), (x0, bottom, x1, bottom)):
            self._line(line)
        for line in ((x0, top, x0, bottom), (x1, top, x1, bottom)):
            self._line(line)

    def _line(self, box: Box) -> None:
        left, upper, right, lower = self.clip
        x0, top, x1, bottom = box
        if x1 < left - 1 or x0 > right + 1 or bottom < upper - 1 or top > lower + 1:
            return
        if x1 - x0 <= THIN and bottom - top <= THIN:
            self.dots.append(((x0 + x1) / 2, (top + bottom) / 2))
        elif x1 - x0 > bottom - top:
            rule = Rule((top + bottom) / 2, max(x0, left), min(x1, right))
            self.drawing.level.append(rule)
        else:
            rule = Rule((x0 + x1) / 2, max(top, upper), min(bottom, lower))
            self.drawing.upright.append(rule)

    def finished(self) -> Drawing:
        """End a page; one that was put down sideways is turned upright."""
        self._join_dots()
        turns = Counter([sign.turn for sign in self.drawing.signs])
        turn, count = max(turns.items(), key=lambda pair: pair[1], default=(0, 0))
        sideways = turn in (90, 180, 270) and count > _MOST * turns.total()
        return self.drawing.turned(turn) if sideways else self.drawing

    def _join_dots(self) -> None:
        """Make lines of the marks that are so small that they may be the dots of one."""
        self.drawing.level += _dotted((y, x) for x, y in self.dots)
        self.drawing.upright += _dotted(self.dots)
        self.dots = []


def _dotted(dots: Iterable[tuple[float, float]]) -> Iterator[Rule]:
    """Join dots, given by their places across and along a direction, to lines in it."""
    for place, row in _snapped(dots):
        begin = end = row[0]
        for at in (*row[1:], float("inf")):
            if at - end > _DOTS:
                if end - begin > _DOTS:
                    yield Rule(place, begin, end)
                begin = at
            end = at


def _snapped(pairs: Iterable[tuple[float, float]]) -> Iterator[tuple[float, list[float]]]:
    """Put what is at nearly the same place together, under the first place, and sort it."""
    first = 0.0
    row: list[float] = []
    for place, along in sorted(pairs):
        if row and place - first > THIN / 2:
            yield first, sorted(row)
            row = []
        first = place if not row else first
        row.append(along)
    if row:
        yield first, sorted(row)


# ---- boxes --------------------------------------------------------------------------------------


def around_points(points: Sequence[Point]) -> Box:
    """Give the box around points."""
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def multiplied(one: Matrix, other: Matrix) -> Matrix:
    """Give the matrix that does what *one* does, and then what *other* does."""
    a, b, c, d, e, f = one
    k, l, m, n, o, p = other  # noqa: E741 (as they follow each other)
    return (
        k * a + m * b,
        l * a + n * b,
        k * c + m * d,
        l * c + n * d,
        k * e + m * f + o,
        l * e + n * f + p,
    )


def point_in(matrix: Matrix, point: Point) -> Point:
    """Give where a matrix puts a point."""
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def box_in(matrix: Matrix, box: Box) -> Box:
    """Give the box around where a matrix puts a box."""
    x0, y0, x1, y1 = box
    return around_points(
        [point_in(matrix, corner) for corner in ((x0, y0), (x1, y0), (x1, y1), (x0, y1))]
    )


def shared(one: Box, other: Box) -> Box:
    """Give what two boxes share; the right side is left of the left one if that is nothing."""
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _thick(box: Box, width: float) -> Box:
    """Give the area of a line, given by its ends, that is so thick."""
    half = width / 2
    wide = box[2] - box[0] >= box[3] - box[1]
    x, y = (0.0, half) if wide else (half, 0.0)
    return box[0] - x, box[1] - y, box[2] + x, box[3] + y


def _is_frame(outer: Box, inner: Box) -> bool:
    """Tell whether an area with a hole is only a frame: the hole nearly fills it."""
    edges = (
        inner[0] - outer[0],
        inner[1] - outer[1],
        outer[2] - inner[2],
        outer[3] - inner[3],
    )
    return min(edges) >= 0 and 0 < max(edges) <= THIN


def _turn(a: float, b: float) -> int:
    """Give the direction of a line of text in degrees, clockwise; nearly square is square."""
    turn = round(math.degrees(math.atan2(b, a))) % 360
    square = round(turn / 90) * 90
    return square % 360 if abs(turn - square) <= _ASKEW else turn
