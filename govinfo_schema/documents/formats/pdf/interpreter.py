"""
Runs the drawing orders of a page, and takes down what they draw.

pdfminer parses the file and decodes its fonts; here is what it leaves out: clipping, transparency,
layers that are off, invisible text, and the fields and texts that annotations put on a page.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO, Final

import attrs
from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import Matrix, apply_matrix_pt, apply_matrix_rect, decode_text, mult_matrix

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
from govinfo_schema.documents.formats.pdf.streams import appearance, field_value

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
_MOST: Final = 0.7
"""A page of which such a share of the text is written sideways was put down sideways."""
_SUBPATH: Final = re.compile("m[^m]*")
_NOT_SHOWN: Final = 0x02 | 0x20
"""The flags of an annotation that is hidden or not viewed."""


class File:
    """A file, opened: its pages, and what it says of itself."""

    def __init__(self, stream: BinaryIO) -> None:
        """
        Read the catalogue.

        Raises: whatever pdfminer does where a file is damaged, or asks for a password.
        """
        self._file = PDFDocument(PDFParser(stream))
        self._manager = PDFResourceManager()
        self._off = _layers_off(self._file.catalog)

    @property
    def information(self) -> dict[str, str]:
        """The texts under the names that the file gives them, such as ``Title``."""
        return {
            name: decode_text(text)
            for facts in self._file.info
            for name, value in facts.items()
            if isinstance(text := resolve1(value), bytes)
        }

    def pages(self) -> Iterator[PDFPage]:
        """Go through the pages."""
        return PDFPage.create_pages(self._file)

    def draw(self, page: PDFPage) -> Drawing:
        """Run the orders of a page; one that was put down sideways is turned upright."""
        device = _Device(self._manager, self._off)
        _Interpreter(self._manager, device).process_page(page)
        device.join_dots()
        turns = Counter(sign.turn for sign in device.drawing.signs)
        turn, count = max(turns.items(), key=lambda pair: pair[1], default=(0, 0))
        sideways = turn in (90, 180, 270) and count > _MOST * turns.total()
        return device.drawing.turned(turn) if sideways else device.drawing


def _layers_off(catalog: dict[str, Any]) -> frozenset[int]:
    """Give the object numbers of the layers that are not shown when the file is opened."""
    properties = resolve1(catalog.get("OCProperties"))
    if not isinstance(properties, dict):
        return frozenset()
    shown = resolve1(properties.get("D")) or {}
    off = {ref.objid for ref in _list(shown.get("OFF")) if isinstance(ref, PDFObjRef)}
    if getattr(resolve1(shown.get("BaseState")), "name", "") == "OFF":
        on = {ref.objid for ref in _list(shown.get("ON")) if isinstance(ref, PDFObjRef)}
        every = _list(properties.get("OCGs"))
        off |= {ref.objid for ref in every if isinstance(ref, PDFObjRef)} - on
    return frozenset(off)


# ---- what is drawn ------------------------------------------------------------------------------


@attrs.frozen
class _State:
    """What the graphics state of pdfminer lacks: the clipping box, and how opaque fillings are."""

    clip: Box
    opacity: float = 1.0
    blended: bool = False


class _Device(PDFTextDevice):
    """Takes down what an interpreter draws."""

    def __init__(self, manager: PDFResourceManager, off: frozenset[int]) -> None:
        super().__init__(manager)
        self.off = off
        self.drawing = Drawing(0, 0)
        self.state = _State((0, 0, 0, 0))
        self.marks: list[AsideKind | None] = []
        self.block = self.run = self.at = 0
        self.mode = 0
        self.ink = BLACK
        self.before: Sign | None = None
        self.dots: list[_Point] = []

    def open(self, width: float, height: float, clip: Box) -> None:
        """Begin a page of which *clip* is shown."""
        self.drawing = Drawing(width, height)
        self.state = _State(clip)

    def narrow(self, box: Box) -> None:
        """Clip what is drawn from now on by a box more."""
        self.state = attrs.evolve(self.state, clip=_shared(self.state.clip, box))

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
        if a > 0 > d and not (b or c):
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
        fill: bool,  # noqa: ARG002 (as above)
        evenodd: bool,  # noqa: ARG002 (as above)
        path: Any,
    ) -> None:
        """Take a path down: its lines, or the area that it fills."""
        if not self.state.opacity or any(self.marks):
            return
        assert self.ctm is not None  # noqa: S101 (the interpreter sets it first)
        filled: list[Box] = []
        for match in _SUBPATH.finditer("".join(each[0] for each in path)):
            part = path[match.start() : match.end()]
            points = [apply_matrix_pt(self.ctm, each[-2:]) for each in part if each[0] != "h"]
            if stroke and gstate.linewidth <= _BAR:
                self._stroke(points, match[0])
                continue
            box = _around(points)
            if filled and _is_frame(filled[-1], box):
                self._frame(filled.pop())
            elif stroke:
                half = gstate.linewidth / 2
                wide = box[2] - box[0] >= box[3] - box[1]
                x, y = (0.0, half) if wide else (half, 0.0)
                thick = (box[0] - x, box[1] - y, box[2] + x, box[3] + y)
                self._fill(thick, match[0], gstate.scs, gstate.scolor)
            elif "c" in match[0] or min(box[2] - box[0], box[3] - box[1]) <= THIN:
                self._fill(box, match[0], gstate.ncs, gstate.ncolor)
            else:
                filled.append(box)
        for box in filled:
            self._fill(box, "", gstate.ncs, gstate.ncolor)

    def _stroke(self, points: Sequence[_Point], shape: str) -> None:
        ends = [*points[1:], *([points[0]] if shape[-1] == "h" else [])]
        box = _around(points)
        width, height = box[2] - box[0], box[3] - box[1]
        if max(width, height) <= THIN or ("c" in shape and height <= _WAVE < width):
            self._line(box)
        elif "c" not in shape:
            for (x, y), (u, v) in zip(points, ends, strict=False):
                if abs(x - u) <= _LEVEL or abs(y - v) <= _LEVEL:
                    self._line((min(x, u), min(y, v), max(x, u), max(y, v)))

    def _fill(self, box: Box, shape: str, space: PDFColorSpace, color: Any) -> None:
        """Take an area down that is filled, or a line so thick that it is one."""
        shown = _shared(box, self.state.clip)
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


# ---- what draws ---------------------------------------------------------------------------------


class _Interpreter(PDFPageInterpreter):
    """Runs orders as pdfminer does, with clipping, transparency, layers and annotations."""

    device: _Device

    def process_page(self, page: PDFPage) -> None:
        """Run the orders of a page and of its annotations, its upper left corner at 0, 0."""
        x0, y0, x1, y1 = page.mediabox
        matrix: Matrix = {
            90: (0, 1, 1, 0, -y0, -x0),
            180: (-1, 0, 0, 1, x1, -y0),
            270: (0, -1, -1, 0, y1, x1),
        }.get(page.rotate, (1, 0, 0, -1, -x0, y1))
        _, _, width, height = apply_matrix_rect(matrix, page.mediabox)
        shown = apply_matrix_rect(matrix, page.cropbox)
        self.device.open(width, height, _shared((0, 0, width, height), shown))
        self.render_contents(page.resources, page.contents, ctm=matrix)
        for annotation in map(resolve1, _list(page.annots)):
            if isinstance(annotation, dict):
                self.device.state = _State(self.device.state.clip)
                self._annotation(annotation, matrix)

    def _annotation(self, annotation: dict[str, Any], matrix: Matrix) -> None:
        """Draw a field or a text that stands over the page, or take a striking out down."""
        kind = getattr(resolve1(annotation.get("Subtype")), "name", "")
        if int(resolve1(annotation.get("F")) or 0) & _NOT_SHOWN:
            return
        if kind == "StrikeOut":
            corners = [float(resolve1(each)) for each in _list(annotation.get("QuadPoints"))]
            for at in range(0, len(corners) - 7, 8):
                pairs = zip(corners[at : at + 8 : 2], corners[at + 1 : at + 8 : 2], strict=True)
                points = [apply_matrix_pt(matrix, pair) for pair in pairs]
                self.device.drawing.struck.append(_around(points))
        place = apply_matrix_rect(matrix, _box(annotation.get("Rect")))
        stream = appearance(annotation)
        if stream is None:
            self.device.value(field_value(annotation), place)
            return
        own = _matrix(stream.get("Matrix"))
        box = apply_matrix_rect(mult_matrix(own, matrix), _box(stream.get("BBox")))
        if box[2] > box[0] and box[3] > box[1]:
            x = (place[2] - place[0]) / (box[2] - box[0])
            y = (place[3] - place[1]) / (box[3] - box[1])
            fitted: Matrix = (x, 0, 0, y, place[0] - x * box[0], place[1] - y * box[1])
            self.device.narrow(place)
            ctm = mult_matrix(mult_matrix(own, matrix), fitted)
            self.subinterp().render_contents(
                resolve1(stream.get("Resources")) or {}, [stream], ctm=ctm
            )

    def get_current_state(self) -> Any:
        """Keep what the device adds to the graphics state with it."""
        return (*super().get_current_state(), self.device.state)

    def set_current_state(self, state: Any) -> None:
        """Restore what the device adds to the graphics state with it."""
        *known, self.device.state = state
        super().set_current_state(tuple(known))

    def do_W(self) -> None:  # noqa: N802 (orders are named as in the file)
        """Clip by the path, once it is painted: by its box, which is no less than it."""
        path: Any = self.curpath
        points = [apply_matrix_pt(self.ctm, each[-2:]) for each in path if each[0] != "h"]
        if points:
            self.device.narrow(_around(points))

    def do_W_a(self) -> None:  # noqa: N802 (as above)
        """Clip by the path, with the other rule for what is inside it."""
        self.do_W()

    def do_gs(self, name: Any) -> None:
        """Take over how opaque fillings are, and whether they mix with what is below."""
        own = resolve1(_dict(self.resources.get("ExtGState")).get(literal_name(name)))
        if not isinstance(own, dict):
            return
        opacity = resolve1(own.get("ca", self.device.state.opacity))
        modes = [getattr(resolve1(each), "name", "") for each in _list(own.get("BM"))]
        blended = bool(modes) and modes[0] not in ("Normal", "Compatible")
        if isinstance(opacity, (int, float)):
            self.device.state = attrs.evolve(
                self.device.state,
                opacity=float(opacity),
                blended=blended if "BM" in own else self.device.state.blended,
            )

    def do_BT(self) -> None:  # noqa: N802 (as above)
        """Begin a text object."""
        super().do_BT()
        self.device.block += 1

    def do_BMC(self, tag: Any) -> None:  # noqa: ARG002, N802 (as above)
        """Begin content that is marked."""
        self.device.marks.append(None)

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802 (as above)
        """Begin content that is marked, perhaps as one of a layer or as a watermark."""
        if isinstance(props, PSLiteral):
            props = _dict(self.resources.get("Properties")).get(literal_name(props))
        name = getattr(tag, "name", "")
        mark: AsideKind | None = None
        if name == "OC" and self._is_off(props):
            mark = "hidden"
        elif name == "Artifact":
            kind = resolve1(_dict(props).get("Subtype"))
            mark = "watermark" if getattr(kind, "name", "") == "Watermark" else None
        self.device.marks.append(mark)

    def do_EMC(self) -> None:  # noqa: N802 (as above)
        """End content that is marked."""
        if self.device.marks:
            self.device.marks.pop()

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802 (as above)
        """Draw a form or a picture, if its layer is on, and restore what it changes."""
        form = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        if not isinstance(form, PDFStream):
            return
        kept, marks = self.device.state, len(self.device.marks)
        if form.get("OC") and self._is_off(form["OC"]):
            self.device.marks.append("hidden")
        super().do_Do(xobjid_arg)
        self.device.state = kept
        self.device.set_ctm(self.ctm)
        del self.device.marks[marks:]

    def do_EI(self, obj: Any) -> None:  # noqa: N802 (as above)
        """Draw a picture that stands between the orders."""
        kept = self.device.state
        super().do_EI(obj)
        self.device.state = kept

    def _is_off(self, layer: Any) -> bool:
        """Whether a layer, or what a membership says of several, is not shown."""
        if isinstance(layer, PDFObjRef) and layer.objid in self.device.off:
            return True
        members = _dict(layer).get("OCGs")
        several = resolve1(members)
        states = [
            each.objid in self.device.off
            for each in (several if isinstance(several, list) else [members])
            if isinstance(each, PDFObjRef)
        ]
        policy = getattr(resolve1(_dict(layer).get("P")), "name", "AnyOn")
        shown = {
            "AllOn": not any(states),
            "AnyOff": any(states),
            "AllOff": all(states),
        }.get(policy, not all(states))
        return bool(states) and not shown


# ---- values -------------------------------------------------------------------------------------


def _list(value: Any) -> list[Any]:
    """Give a list as it is, and any other value but null as the only one of a list."""
    value = resolve1(value)
    return value if isinstance(value, list) else [] if value is None else [value]


def _dict(value: Any) -> dict[str, Any]:
    value = resolve1(value)
    return value if isinstance(value, dict) else {}


def _box(value: Any) -> Box:
    numbers = [float(resolve1(each)) for each in _list(value)]
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else (0, 0, 0, 0)


def _matrix(value: Any) -> Matrix:
    numbers = [float(resolve1(each)) for each in _list(value)]
    return tuple(numbers) if len(numbers) == 6 else (1, 0, 0, 1, 0, 0)  # type: ignore[return-value]


def _around(points: Sequence[_Point]) -> Box:
    across, down = [x for x, _ in points], [y for _, y in points]
    return min(across), min(down), max(across), max(down)


def _shared(one: Box, other: Box) -> Box:
    """Give what two boxes share; the right side is left of the left one if that is nothing."""
    return (
        max(one[0], other[0]),
        max(one[1], other[1]),
        min(one[2], other[2]),
        min(one[3], other[3]),
    )


def _turn(a: float, b: float) -> int:
    """Give the direction of a line of text in degrees, clockwise; nearly square is square."""
    turn = round(math.degrees(math.atan2(b, a))) % 360
    square = round(turn / 90) * 90
    return square % 360 if abs(turn - square) <= _ASKEW else turn


def _is_frame(outer: Box, inner: Box) -> bool:
    """Tell whether an area with a hole is only a frame: the hole nearly fills it."""
    edges = (
        inner[0] - outer[0],
        inner[1] - outer[1],
        outer[2] - inner[2],
        outer[3] - inner[3],
    )
    return min(edges) >= 0 and 0 < max(edges) <= THIN


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
