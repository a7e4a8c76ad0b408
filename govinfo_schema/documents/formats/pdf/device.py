"""
What a page draws, taken down order by order: where each sign stands, in which colour and whether it
is shown at all, and which lines, areas and pictures there are.

``interpreter`` runs the orders; this knows nothing of how they are written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import attrs
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFResourceManager
from pdfminer.pdftypes import PDFStream
from pdfminer.utils import Matrix, apply_matrix_pt, apply_matrix_rect, mult_matrix

from govinfo_schema.data.radicals import ideographs
from govinfo_schema.documents.document import AsideKind
from govinfo_schema.documents.formats.pdf.drawing import (
    BLACK,
    THIN,
    Box,
    Drawing,
    Fill,
    Ink,
    Rule,
    Sign,
)

_Point = tuple[float, float]
_DOTS: Final = 6.5
"""The middles of the dots of a line are no farther from each other."""
_WAVE: Final = 4.5
"""A wavy line, drawn as one or filled with a pattern of waves, is no higher."""
_BAR: Final = 6.0
"""A drawn line that is thicker fills an area."""
_LEVEL: Final = 0.5
"""What is askew by less, in points, is level."""
_INVISIBLE: Final = frozenset((3, 7))
"""The modes of text that paint nothing."""
_OUTLINED: Final = frozenset((1, 5))
"""The modes of text that paint its outlines only."""
_APART: Final = 0.3
"""A gap, or an overlap, of such a share of a sign's size ends a run."""
_ASKEW: Final = 3
"""What is turned by no more degrees is upright, as on a scanned page."""
_SUBPATH: Final = re.compile("m[^m]*")
_SHAPES: Final = {"v": "c", "y": "c"}
"""Orders that draw a curve too."""


@attrs.frozen
class State:
    """What the graphics state of pdfminer lacks: the clipping box, and how opaque fillings are."""

    clip: Box
    opacity: float = 1.0
    blended: bool = False


class Device(PDFTextDevice):
    """Takes down what an interpreter draws."""

    def __init__(self, manager: PDFResourceManager, off: frozenset[int]) -> None:
        super().__init__(manager)
        self.off = off
        self.drawing = Drawing(0, 0)
        self.state = State((0, 0, 0, 0))
        self.marks: list[AsideKind | None] = []
        self.block = self.run = self.at = 0
        self.mode = 0
        self.ink = BLACK
        self.before: Sign | None = None
        self.dots: list[_Point] = []

    def open(self, width: float, height: float, clip: Box) -> None:
        """Begin a page of which *clip* is shown."""
        self.drawing = Drawing(width, height)
        self.state = State(clip)

    def narrow(self, box: Box) -> None:
        """Clip what is drawn from now on by a box more."""
        self.state = attrs.evolve(self.state, clip=shared(self.state.clip, box))

    def begin_figure(self, name: str, bbox: Box, matrix: Matrix) -> None:  # noqa: ARG002 (as pdfminer calls it)
        """Clip by the box of a form."""
        assert self.ctm is not None  # noqa: S101 (the interpreter sets it first)
        self.narrow(apply_matrix_rect(mult_matrix(matrix, self.ctm), bbox))

    def render_image(self, name: str, stream: PDFStream) -> None:  # noqa: ARG002 (as above)
        """Take down where a picture is."""
        left, top, right, bottom = self.state.clip
        if right > left and bottom > top and not any(self.marks):
            self.drawing.pictures.append(self.state.clip)

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Take down how the signs that follow are painted."""
        self.mode = textstate.render
        outlined = self.mode in _OUTLINED
        space = graphicstate.scs if outlined else ncs
        color = graphicstate.scolor if outlined else graphicstate.ncolor
        self.ink = _ink(space.name, color, self.state.opacity)
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(  # noqa: PLR0913, PLR0917 (as above)
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,  # noqa: ARG002 (as above)
        graphicstate: PDFGraphicState,  # noqa: ARG002 (as above)
    ) -> float:
        """Take one sign down; give how far the next one is."""
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = f"(cid:{cid})"
        advance = font.char_width(cid) * fontsize * scaling
        if font.is_vertical():
            across, along = font.char_disp(cid)  # type: ignore[misc]
            left = -(0.5 * fontsize if across is None else across * fontsize * 0.001)
            upper = (1000 - along) * fontsize * 0.001 + rise
            box = (left, upper + advance, left + fontsize, upper)
        else:
            lower = font.get_descent() * fontsize + rise
            box = (0.0, lower, advance, lower + fontsize)
        self._sign(text, matrix, box, rise, fontsize)
        return advance

    def _sign(self, text: str, matrix: Matrix, box: Box, rise: float, fontsize: float) -> None:
        a, b, c, d, e, f = matrix
        if a > 0 > d and not (b or c) and box[0] <= box[2]:
            # Most text is upright, and this is five times as fast.
            x0, top, x1, bottom = a * box[0] + e, d * box[3] + f, a * box[2] + e, d * box[1] + f
            turn = 0
        else:
            x0, top, x1, bottom = apply_matrix_rect(matrix, box)
            turn = _turn(a, b)
        sign = Sign(
            text=ideographs().get(text, text),
            x0=x0,
            top=top,
            x1=x1,
            bottom=bottom,
            size=abs(fontsize) * math.hypot(c, d),
            base=c * rise + e if turn in (90, 270) else d * rise + f,
            turn=turn,
            ink=self.ink,
            run=self.run,
            block=self.block,
            at=self.at,
            aside=self._aside(x0, top, x1, bottom),
        )
        if not self._follows(sign):
            self.run += 1
            sign.run = self.run
        self.at += 1
        self.before = sign
        self.drawing.signs.append(sign)

    def _aside(self, x0: float, top: float, x1: float, bottom: float) -> AsideKind | None:
        left, upper, right, lower = self.state.clip
        shown = (
            left - 1 <= (x0 + x1) / 2 <= right + 1 and upper - 1 <= (top + bottom) / 2 <= lower + 1
        )
        if not shown or self.mode in _INVISIBLE or not self.state.opacity or bottom - top < 1:
            return "hidden"
        return next((mark for mark in self.marks if mark), None)

    def _follows(self, sign: Sign) -> bool:
        """Whether a sign goes on with the run of the one before."""
        before = self.before
        return (
            before is not None
            and before.block == sign.block
            and before.turn == sign.turn
            and abs(before.base - sign.base) <= _LEVEL
            and abs(before.size - sign.size) <= _LEVEL
            and abs(before.x1 - sign.x0) <= _APART * sign.size
        )

    def value(self, text: str, place: Box) -> None:
        """Take down what stands in a field that says nothing of how it looks, as if one sign."""
        if text.strip():
            x0, top, x1, bottom = place
            size = min(bottom - top, 12.0)
            middle = (top + bottom) / 2
            self.mode, self.ink = 0, BLACK
            box = (0.0, -size / 4, x1 - x0, size * 3 / 4)
            self._sign(text, (1, 0, 0, -1, x0, middle + size / 4), box, 0.0, size)

    def paint_path(
        self,
        gstate: PDFGraphicState,
        stroke: bool,
        fill: bool,
        evenodd: bool,  # noqa: ARG002 (as above)
        path: Any,
    ) -> None:
        """Take a path down: its lines, or the area that it fills."""
        if not self.state.opacity or any(self.marks):
            return
        assert self.ctm is not None  # noqa: S101 (the interpreter sets it first)
        outlined = stroke and gstate.linewidth <= _BAR
        areas: list[Box] = []
        for match in _SUBPATH.finditer("".join(_SHAPES.get(each[0], each[0]) for each in path)):
            part = path[match.start() : match.end()]
            points = [apply_matrix_pt(self.ctm, each[-2:]) for each in part if each[0] != "h"]
            box = around_points(points)
            if outlined:
                self._stroke(points, match[0])
            elif stroke:
                self._fill(_thick(box, gstate.linewidth), match[0], gstate.scs, gstate.scolor)
            if fill and areas and _is_frame(areas[-1], box):
                self._frame(areas.pop())
            elif fill and min(box[2] - box[0], box[3] - box[1]) > THIN and "c" not in match[0]:
                areas.append(box)
            elif fill and not stroke:
                self._fill(box, match[0], gstate.ncs, gstate.ncolor)
        for box in areas:
            self._fill(box, "", gstate.ncs, gstate.ncolor)

    def _stroke(self, points: Sequence[_Point], shape: str) -> None:
        ends = [*points[1:], *([points[0]] if shape[-1] == "h" else [])]
        box = around_points(points)
        width, height = box[2] - box[0], box[3] - box[1]
        if max(width, height) <= THIN or ("c" in shape and height <= _WAVE < width):
            self._line(box)
        elif "c" not in shape:
            for (x, y), (u, v) in zip(points, ends, strict=False):
                if abs(x - u) <= _LEVEL or abs(y - v) <= _LEVEL:
                    self._line((min(x, u), min(y, v), max(x, u), max(y, v)))

    def _fill(self, box: Box, shape: str, space: PDFColorSpace, color: Any) -> None:
        """Take an area down that is filled, or a line so thick that it is one."""
        shown = shared(box, self.state.clip)
        wavy = isinstance(color, str) and box[3] - box[1] <= _WAVE < box[2] - box[0]
        if min(box[2] - box[0], box[3] - box[1]) <= THIN or wavy:
            self._line(box)
        elif "c" in shape:
            # Signs that were turned into outlines are a picture of text.
            self.drawing.pictures.append(shown)
        elif self.state.opacity == 1.0 and not self.state.blended and not isinstance(color, str):
            self.drawing.fills.append(Fill(shown, _ink(space.name, color, 1.0), self.at))
            self.at += 1

    def _frame(self, box: Box) -> None:
        """Take the four lines of a frame down."""
        x0, top, x1, bottom = box
        for line in ((x0, top, x1, top), (x0, bottom, x1, bottom)):
            self._line(line)
        for line in ((x0, top, x0, bottom), (x1, top, x1, bottom)):
            self._line(line)

    def _line(self, box: Box) -> None:
        left, upper, right, lower = self.state.clip
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

    def join_dots(self) -> None:
        """Make lines of the marks that are so small that they may be the dots of one."""
        self.drawing.level += _dotted((y, x) for x, y in self.dots)
        self.drawing.upright += _dotted(self.dots)


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


# ---- boxes and colours --------------------------------------------------------------------------


def around_points(points: Sequence[_Point]) -> Box:
    """Give the box around points."""
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


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


def _ink(space: str, color: Any, opacity: float) -> Ink:
    """Give a colour as it looks on white; one that cannot be told is black."""
    parts = color if isinstance(color, tuple) else (color,)
    if parts and isinstance(parts[0], tuple):
        parts = parts[0]
    if space in ("Indexed", "Lab") or not all(isinstance(part, (int, float)) for part in parts):
        return BLACK
    if len(parts) == 1:
        gray = 1 - parts[0] if space == "Separation" else parts[0]
        ink: Ink = (gray, gray, gray)
    elif len(parts) == 4:
        cyan, magenta, yellow, black = parts
        ink = (1 - min(1, cyan + black), 1 - min(1, magenta + black), 1 - min(1, yellow + black))
    elif len(parts) == 3:
        ink = parts
    else:
        return BLACK
    return ink if opacity == 1.0 else tuple(1 - opacity * (1 - part) for part in ink)  # type: ignore[return-value]
