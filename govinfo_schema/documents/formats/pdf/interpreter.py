"""
Runs the instructions of a page, and takes down what they draw.

pdfminer reads the objects of a file and what its fonts say of themselves; ``instructions`` takes
the streams apart. Clipping, transparency, layers that are off, invisible text, and the fields and
texts that annotations put on a page are kept track of here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.utils import decode_text

from govinfo_schema.documents.document import AsideKind
from govinfo_schema.documents.formats.drawn.device import (
    Device,
    Matrix,
    Paint,
    Point,
    around_points,
    box_in,
    ink,
    multiplied,
    point_in,
    shared,
)
from govinfo_schema.documents.formats.drawn.drawing import BLACK, Box, Drawing
from govinfo_schema.documents.formats.pdf.fonts import Font, Fonts
from govinfo_schema.documents.formats.pdf.instructions import instructions
from govinfo_schema.documents.formats.pdf.objects import Objects
from govinfo_schema.documents.formats.pdf.streams import appearance, field_value, is_comb

_NOT_SHOWN: Final = 0x02 | 0x20
"""The flags of an annotation that is hidden or not viewed."""
_IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)
_UNIT: Final[Box] = (0, 0, 1, 1)
"""The box that a picture fills before it is put in its place."""
_INVISIBLE: Final = frozenset((3, 7))
"""The modes of text that paint nothing."""
_OUTLINED: Final = frozenset((1, 5))
"""The modes of text that paint its outlines only."""
_COMPONENTS: Final = {
    "DeviceGray": 1,
    "CalGray": 1,
    "DeviceRGB": 3,
    "CalRGB": 3,
    "Lab": 3,
    "DeviceCMYK": 4,
    "Separation": 1,
    "Indexed": 1,
    "Pattern": 1,
}
"""How many numbers a colour of a space has."""


class File:
    """A file, opened: its pages, and what it says of itself."""

    def __init__(self, data: bytes) -> None:
        """
        Read the catalogue.

        Raises: whatever pdfminer does where a file is damaged, or asks for a password.
        """
        self._file = Objects(data)
        self._fonts = Fonts()
        self._off = _layers_off(self._file.catalog)
        form = _dict(self._file.catalog.get("AcroForm"))
        self._stale = resolve1(form.get("NeedAppearances")) is True
        self.is_xfa = form.get("XFA") is not None

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
        """Run the instructions of a page; one that was put down sideways is turned upright."""
        device = Device()
        _Interpreter(device, self._fonts, self._off, stale=self._stale).run_page(page)
        return device.finished()


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


class _State:
    """What a page may change and restore: the graphics state."""

    def __init__(self, ctm: Matrix, clip: Box) -> None:
        """Begin a page."""
        self.ctm = ctm
        self.clip = clip
        self.opacity = 1.0
        self.blended = False
        self.stroke = self.fill = Paint()
        self.stroke_space = self.fill_space = ("DeviceGray", 1)
        self.width = 0.0
        self.font: Font | None = None
        self.size = 0.0
        self.spacing = self.word_spacing = self.leading = self.rise = 0.0
        self.scaling = 1.0
        self.mode = 0
        self.matrix: Matrix = _IDENTITY
        self.along: Point = (0.0, 0.0)
        """Where on its line the text goes on."""

    def copy(self) -> _State:
        """Keep it as it is."""
        kept = _State.__new__(_State)
        kept.__dict__.update(self.__dict__)
        return kept

    @property
    def solid(self) -> bool:
        """Whether nothing shows through what is painted."""
        return self.opacity == 1.0 and not self.blended


class _Interpreter:
    """Runs the instructions of one page."""

    def __init__(
        self, device: Device, fonts: Fonts, off: frozenset[int], *, stale: bool = False
    ) -> None:
        """
        Know the fonts of the file, its layers that are off, and whether what its fields look like
        is *stale*, so that a viewer draws their values itself.
        """
        self.device = device
        self.fonts = fonts
        self.off = off
        self.stale = stale
        self.state = _State(_IDENTITY, (0, 0, 0, 0))
        self.kept: list[_State] = []
        self.path: list[tuple[list[str], list[Point]]] = []
        self.marks: list[AsideKind | None] = []
        self.resources: dict[str, Any] = {}
        self.known: dict[int, tuple[dict[str, Any], dict[tuple[str, str], Any]]] = {}
        self.running: list[int | None] = []
        self.handlers: dict[bytes, tuple[Callable[..., None], int]] = {
            operator: (getattr(self, name), count) for operator, (name, count) in _HANDLERS.items()
        }

    def run_page(self, page: PDFPage) -> None:
        """Run what draws a page and its annotations, its upper left corner at 0, 0."""
        x0, y0, x1, y1 = page.mediabox
        matrix: Matrix = {
            90: (0, 1, 1, 0, -y0, -x0),
            180: (-1, 0, 0, 1, x1, -y0),
            270: (0, -1, -1, 0, y1, x1),
        }.get(page.rotate, (1, 0, 0, -1, -x0, y1))
        _, _, width, height = box_in(matrix, page.mediabox)
        shown = shared((0, 0, width, height), box_in(matrix, page.cropbox))
        self.device.open(width, height, shown)
        self.state = _State(matrix, shown)
        self._run(map(resolve1, page.contents), page.resources)
        for annotation in map(resolve1, _list(page.annots)):
            if isinstance(annotation, dict):
                self.marks.clear()
                layer = annotation.get("OC")
                self.marks.append("hidden" if layer and self._is_off(layer) else None)
                self._set_mark()
                self._set_state(_State(matrix, shown))
                self._annotation(annotation)

    def _run(self, streams: Iterator[Any], resources: Any) -> None:
        """Run streams as one; none of them is run while it runs."""
        own = [each for each in streams if isinstance(each, PDFStream)]
        own = [each for each in own if each.objid not in self.running]
        outer = self.resources, self.kept, self.path
        self.resources, self.kept, self.path = _dict(resources), [], []
        self.running += [each.objid for each in own]
        self.device.clip = self.state.clip
        for operator, operands in instructions(b"\n".join(each.get_data() for each in own)):
            if operator not in self.handlers:
                continue
            method, count = self.handlers[operator]
            if len(operands) == count:
                method(*operands)
            elif len(operands) > count:
                method(*operands[len(operands) - count :])
            elif count == _ANY:
                method(operands)
        del self.running[len(self.running) - len(own) :]
        self.resources, self.kept, self.path = outer

    def _known(self) -> dict[tuple[str, str], Any]:
        """Give what is known of the resources that are used now; they are kept, and their id."""
        return self.known.setdefault(id(self.resources), (self.resources, {}))[1]

    def _resource(self, kind: str, name: Any) -> Any:
        """Give a resource by its name, or a reference to it."""
        known = self._known()
        if (kind, name) not in known:
            known[kind, name] = _dict(self.resources.get(kind)).get(name)
        return known[kind, name]

    def _annotation(self, annotation: dict[str, Any]) -> None:
        """Draw a field or a text that stands over the page, or take a striking out down."""
        matrix = self.state.ctm
        kind = getattr(resolve1(annotation.get("Subtype")), "name", "")
        if int(resolve1(annotation.get("F")) or 0) & _NOT_SHOWN:
            return
        if kind == "StrikeOut":
            corners = [float(resolve1(each)) for each in _list(annotation.get("QuadPoints"))]
            for at in range(0, len(corners) - 7, 8):
                pairs = zip(corners[at : at + 8 : 2], corners[at + 1 : at + 8 : 2], strict=True)
                points = [point_in(matrix, pair) for pair in pairs]
                self.device.drawing.struck.append(around_points(points))
        place = box_in(matrix, _box(annotation.get("Rect")))
        stream, value = appearance(annotation), field_value(annotation)
        if stream is None or (value and (self.stale or is_comb(annotation))):
            self.device.value(value, place)
            return
        signs = self.device.drawing.signs
        before = len(signs)
        own = multiplied(_matrix(stream.get("Matrix")), matrix)
        box = box_in(own, _box(stream.get("BBox")))
        if box[2] > box[0] and box[3] > box[1]:
            x = (place[2] - place[0]) / (box[2] - box[0])
            y = (place[3] - place[1]) / (box[3] - box[1])
            fitted: Matrix = (x, 0, 0, y, place[0] - x * box[0], place[1] - y * box[1])
            self.state.ctm = multiplied(own, fitted)
            self._narrow(place)
            self._run(iter((stream,)), resolve1(stream.get("Resources")))
        if len(signs) == before and value.strip():
            # It was filled in by a program that left how it looked: nobody sees the value.
            self.device.mark = "hidden"
            self.device.value(value, place)

    # ---- state ----------------------------------------------------------------------------------

    def save(self) -> None:
        """Keep the state."""
        self.kept.append(self.state.copy())

    def restore(self) -> None:
        """Return to the state that was kept last."""
        if self.kept:
            self._set_state(self.kept.pop())

    def _set_state(self, state: _State) -> None:
        self.state = state
        self.device.clip = state.clip

    def _narrow(self, box: Box) -> None:
        """Clip what is drawn from now on by a box more."""
        self.state.clip = self.device.clip = shared(self.state.clip, box)

    def transform(self, *matrix: float) -> None:
        """Put what is drawn from now on elsewhere."""
        self.state.ctm = multiplied(matrix, self.state.ctm)  # type: ignore[arg-type]

    def line_width(self, width: float) -> None:
        """Set how thick lines are."""
        a, b, *_ = self.state.ctm
        self.state.width = width * math.hypot(a, b)

    def graphics(self, name: str) -> None:
        """Take over how opaque fillings are, and whether they mix with what is below."""
        known = self._known()
        if ("gs", name) not in known:
            known["gs", name] = _transparency(_dict(self._resource("ExtGState", name)))
        opacity, blended = known["gs", name]
        if opacity is not None:
            self.state.opacity = opacity
        if blended is not None:
            self.state.blended = blended

    # ---- colours --------------------------------------------------------------------------------

    def fill_gray(self, *parts: float) -> None:
        """Set the colour of what is filled."""
        self.state.fill_space = ("DeviceGray", len(parts))
        self.state.fill = _paint("DeviceGray", parts)

    def stroke_gray(self, *parts: float) -> None:
        """Set the colour of lines."""
        self.state.stroke_space = ("DeviceGray", len(parts))
        self.state.stroke = _paint("DeviceGray", parts)

    fill_rgb = fill_cmyk = fill_gray
    stroke_rgb = stroke_cmyk = stroke_gray

    def fill_color_space(self, name: str) -> None:
        """Set what the parts of a colour mean."""
        self.state.fill_space = self._space(name) or self.state.fill_space

    def stroke_color_space(self, name: str) -> None:
        """Set what the parts of a colour of lines mean."""
        self.state.stroke_space = self._space(name) or self.state.stroke_space

    def _space(self, name: str) -> tuple[str, int] | None:
        spec = resolve1(self._resource("ColorSpace", name))
        more = spec if isinstance(spec, list) else []
        kind = str(getattr(resolve1(more[0]) if more else spec, "name", name))
        if kind == "ICCBased" and len(more) > 1:
            return kind, int(resolve1(resolve1(more[1])["N"]))
        if kind == "DeviceN" and len(more) > 1:
            return kind, len(_list(more[1]))
        return (kind, _COMPONENTS[kind]) if kind in _COMPONENTS else None

    def fill_color(self, parts: list[Any]) -> None:
        """Set the colour, or the pattern, of what is filled."""
        self.state.fill = _color(self.state.fill_space, parts) or self.state.fill

    def stroke_color(self, parts: list[Any]) -> None:
        """Set the colour, or the pattern, of lines."""
        self.state.stroke = _color(self.state.stroke_space, parts) or self.state.stroke

    # ---- paths ----------------------------------------------------------------------------------

    def move(self, x: float, y: float) -> None:
        """Begin a part of the path."""
        self.path.append((["m"], [(x, y)]))

    def line(self, x: float, y: float) -> None:
        """Go on in a straight line."""
        self._go_on("l", (x, y))

    def curve(self, *points: float) -> None:
        """Go on in a curve."""
        self._go_on("c", (points[-2], points[-1]))

    def close(self) -> None:
        """Go back to where the part of the path began."""
        self._go_on("h")

    def _go_on(self, shape: str, *points: Point) -> None:
        if self.path:
            self.path[-1][0].append(shape)
            self.path[-1][1].extend(points)

    def rectangle(self, x: float, y: float, width: float, height: float) -> None:
        """Add a rectangle to the path."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.path.append((["mlllh"], corners))

    def fill_rectangle(self, x: float, y: float, width: float, height: float) -> None:
        """Add a rectangle to the path and fill it, as borders are often drawn."""
        a, b, c, d, e, f = self.state.ctm
        if self.path or b or c:
            self.rectangle(x, y, width, height)
            self.paint_area()
        elif self.state.opacity:
            x0, y0, x1, y1 = a * x + e, d * y + f, a * (x + width) + e, d * (y + height) + f
            box = (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
            self.device.area(box, self.state.fill, solid=self.state.solid)

    def clip(self) -> None:
        """Clip by the path, once it is painted: by its box, which is no less than it."""
        points = [point for _, points in self.path for point in points]
        if points:
            self._narrow(around_points(self._placed(points)))

    def _placed(self, points: Sequence[Point]) -> list[Point]:
        a, b, c, d, e, f = self.state.ctm
        return [(a * x + c * y + e, b * x + d * y + f) for x, y in points]

    def _paint(self, *, stroke: bool = False, fill: bool = False, close: bool = False) -> None:
        path, self.path = self.path, []
        state = self.state
        if not state.opacity:
            return
        self.device.path(
            [
                ("".join(shape) + ("h" if close else ""), self._placed(points))
                for shape, points in path
            ],
            stroke=state.stroke if stroke else None,
            fill=state.fill if fill else None,
            width=state.width,
            solid=state.solid,
        )

    def paint_nothing(self) -> None:
        """Forget the path."""
        self.path = []

    def paint_line(self) -> None:
        """Draw the path."""
        self._paint(stroke=True)

    def paint_closed_line(self) -> None:
        """Draw the path, closed."""
        self._paint(stroke=True, close=True)

    def paint_area(self) -> None:
        """Fill the path."""
        self._paint(fill=True)

    def paint_both(self) -> None:
        """Draw and fill the path."""
        self._paint(stroke=True, fill=True)

    def paint_closed_both(self) -> None:
        """Draw and fill the path, closed."""
        self._paint(stroke=True, fill=True, close=True)

    # ---- text -----------------------------------------------------------------------------------

    def begin_text(self) -> None:
        """Begin a text object."""
        self.set_matrix(*_IDENTITY)
        self.device.block += 1

    def set_matrix(self, *matrix: float) -> None:
        """Put the text that follows anywhere."""
        self.state.matrix = matrix  # type: ignore[assignment]
        self.state.along = (0.0, 0.0)

    def move_text(self, x: float, y: float) -> None:
        """Begin a line of text."""
        a, b, c, d, e, f = self.state.matrix
        self.set_matrix(a, b, c, d, x * a + y * c + e, x * b + y * d + f)

    def move_leading(self, x: float, y: float) -> None:
        """Begin a line of text, as far below as the next ones will be."""
        self.state.leading = y
        self.move_text(x, y)

    def next_line(self) -> None:
        """Begin the next line of text."""
        self.move_text(0, self.state.leading)

    def set_font(self, name: str, size: float) -> None:
        """Set the font, and its size."""
        key = "font", name
        known = self._known()
        if key not in known:
            known[key] = self.fonts.font(self._resource("Font", name))
        self.state.font, self.state.size = known[key], size

    def set_spacing(self, width: float) -> None:
        """Set the gap behind each sign."""
        self.state.spacing = width

    def set_word_spacing(self, width: float) -> None:
        """Set the gap behind each space, beside that."""
        self.state.word_spacing = width

    def set_scaling(self, share: float) -> None:
        """Set how wide signs are, in parts of a hundred."""
        self.state.scaling = share * 0.01

    def set_leading(self, height: float) -> None:
        """Set how far lines are from each other."""
        self.state.leading = -height

    def set_mode(self, mode: float) -> None:
        """Set whether text is filled, outlined or not painted at all."""
        self.state.mode = int(mode)

    def set_rise(self, height: float) -> None:
        """Set how far signs stand above their line."""
        self.state.rise = height

    def show_line(self, texts: Any) -> None:
        """Show a text in the next line."""
        self.next_line()
        self.show(texts)

    def show_spaced(self, word_spacing: float, spacing: float, texts: Any) -> None:
        """Show a text in the next line, with other gaps."""
        self.state.word_spacing, self.state.spacing = word_spacing, spacing
        self.show_line(texts)

    def show(self, texts: Sequence[bytes | float]) -> None:
        """Show strings, with gaps between them."""
        state, device = self.state, self.device
        font = state.font
        if font is None:
            return
        a, b, c, d, e, f = multiplied(state.matrix, state.ctm)
        size, rise, scaling = state.size, state.rise, state.scaling
        spacing, word_spacing = state.spacing * scaling, state.word_spacing * scaling
        paint = state.stroke if state.mode in _OUTLINED else state.fill
        ink = paint.faded(state.opacity)
        shown = state.mode not in _INVISIBLE and state.opacity > 0
        x, y = state.along
        lower = font.descent * size + rise
        upper = lower + size
        # Most text is upright, and this is several times as fast.
        upright = a > 0 > d and not b and not c and not font.vertical and size * scaling >= 0
        height = abs(size) * math.hypot(c, d)
        for text in texts:
            if isinstance(text, float):
                gap = text * 0.001 * size * scaling
                x, y = (x, y - gap) if font.vertical else (x - gap, y)
                continue
            for sign, width, space, origin in font.glyphs(text):
                advance = width * size * scaling
                left, base = x * a + y * c + e, x * b + y * d + f
                if upright and advance >= 0:
                    box = (left, d * upper + base, a * advance + left, d * lower + base)
                    device.sign(sign, *box, height, d * rise + base, 0, ink, shown=shown)
                else:
                    box = (0.0, lower, advance, upper)
                    if font.vertical:
                        box = _downwards(origin, advance, size, rise)
                    matrix = (a, b, c, d, left, base)
                    device.turned_sign(sign, matrix, box, rise, size, ink, shown=shown)
                advance += spacing + (word_spacing if space else 0)
                x, y = (x, y + advance) if font.vertical else (x + advance, y)
        state.along = (x, y)

    # ---- what is marked, forms and pictures -----------------------------------------------------

    def _set_mark(self) -> None:
        self.device.mark = next((mark for mark in self.marks if mark), None)

    def mark(self, tag: str, properties: str | bytes = "") -> None:
        """Begin content that is marked, perhaps as one of a layer or as a watermark."""
        kind: AsideKind | None = None
        if tag == "OC" and self._is_off(self._resource("Properties", properties)):
            kind = "hidden"
        elif tag == "Artifact":
            if isinstance(properties, str):
                own = _dict(self._resource("Properties", properties)).get("Subtype")
                properties = getattr(resolve1(own), "name", "").encode()
            kind = "watermark" if b"Watermark" in properties else None
        self.marks.append(kind)
        self._set_mark()

    def end_mark(self) -> None:
        """End content that is marked."""
        if self.marks:
            self.marks.pop()
            self._set_mark()

    def draw(self, name: str) -> None:
        """Draw a form or a picture, if its layer is on, and restore what it changes."""
        form = resolve1(self._resource("XObject", name))
        if not isinstance(form, PDFStream):
            return
        kept, marks = self.state, len(self.marks)
        kind = getattr(resolve1(form.get("Subtype")), "name", "")
        if form.get("OC") and self._is_off(form["OC"]):
            self.marks.append("hidden")
            self._set_mark()
        if kind == "Form" and "BBox" in form:
            self.state = kept.copy()
            self.state.ctm = multiplied(_matrix(form.get("Matrix")), kept.ctm)
            self._narrow(box_in(self.state.ctm, _box(form["BBox"])))
            self._run(iter((form,)), resolve1(form.get("Resources")) or self.resources)
        elif kind == "Image" and "Width" in form and "Height" in form:
            self.device.picture(box_in(kept.ctm, _UNIT))
        self._set_state(kept)
        del self.marks[marks:]
        self._set_mark()

    def draw_inline(self, properties: bytes) -> None:
        """Draw a picture that stands between the instructions."""
        if b"/W" in properties and b"/H" in properties:
            self.device.picture(box_in(self.state.ctm, _UNIT))

    def _is_off(self, layer: Any) -> bool:
        """Whether a layer, or what a membership says of several, is not shown."""
        if isinstance(layer, PDFObjRef) and layer.objid in self.off:
            return True
        members = _dict(layer).get("OCGs")
        several = resolve1(members)
        states = [
            each.objid in self.off
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


def _transparency(state: dict[str, Any]) -> tuple[float | None, bool | None]:
    """Tell how opaque fillings are, and whether they mix with what is below, if that is said."""
    opacity = resolve1(state.get("ca"))
    modes = [getattr(resolve1(each), "name", "") for each in _list(state.get("BM"))]
    return (
        float(opacity) if isinstance(opacity, (int, float)) else None,
        bool(modes) and modes[0] not in ("Normal", "Compatible") if "BM" in state else None,
    )


def _matrix(value: Any) -> Matrix:
    numbers = [float(resolve1(each)) for each in _list(value)]
    return tuple(numbers) if len(numbers) == 6 else _IDENTITY  # type: ignore[return-value]


def _downwards(origin: tuple[float | None, float], advance: float, size: float, rise: float) -> Box:
    """Give the box of a sign that is written downwards."""
    across, along = origin
    left = -(0.5 * size if across is None else across * size * 0.001)
    top = (1000 - along) * size * 0.001 + rise
    return left, top + advance, left + size, top


# ---- colours ------------------------------------------------------------------------------------


def _color(space: tuple[str, int], parts: list[Any]) -> Paint | None:
    """Give a colour by its parts, or a pattern; None where they are too few or none of a colour."""
    kind, count = space
    if kind == "Pattern":
        return Paint(BLACK, pattern=True) if parts and isinstance(parts[-1], str) else None
    numbers = [part for part in parts[-count:] if isinstance(part, float)]
    return _paint(kind, numbers) if len(numbers) == count and count in (1, 3, 4) else None


def _paint(space: str, parts: Sequence[float]) -> Paint:
    """Give a colour as it looks on white; one that cannot be told is black."""
    if space in ("Indexed", "Lab"):
        return Paint()
    if len(parts) == 1 and space in ("Separation", "DeviceN"):
        return Paint(ink((1 - parts[0],)))
    return Paint(ink(parts))


_ANY: Final = 1_000_000
"""As many operands as there are."""
_HANDLERS: Final = {
    b"q": ("save", 0),
    b"Q": ("restore", 0),
    b"cm": ("transform", 6),
    b"w": ("line_width", 1),
    b"/gs": ("graphics", 1),
    b"g": ("fill_gray", 1),
    b"G": ("stroke_gray", 1),
    b"rg": ("fill_rgb", 3),
    b"RG": ("stroke_rgb", 3),
    b"k": ("fill_cmyk", 4),
    b"K": ("stroke_cmyk", 4),
    b"/cs": ("fill_color_space", 1),
    b"/CS": ("stroke_color_space", 1),
    b"sc": ("fill_color", _ANY),
    b"/sc": ("fill_color", _ANY),
    b"scn": ("fill_color", _ANY),
    b"/scn": ("fill_color", _ANY),
    b"SC": ("stroke_color", _ANY),
    b"/SC": ("stroke_color", _ANY),
    b"SCN": ("stroke_color", _ANY),
    b"/SCN": ("stroke_color", _ANY),
    b"m": ("move", 2),
    b"l": ("line", 2),
    b"c": ("curve", 6),
    b"v": ("curve", 4),
    b"y": ("curve", 4),
    b"h": ("close", 0),
    b"re": ("rectangle", 4),
    **{
        b"re%bf%b" % (gap, star): ("fill_rectangle", 4)
        for gap in (b" ", b"\n", b"\r\n", b"\r")
        for star in (b"", b"*")
    },
    b"W": ("clip", 0),
    b"W*": ("clip", 0),
    b"n": ("paint_nothing", 0),
    b"S": ("paint_line", 0),
    b"s": ("paint_closed_line", 0),
    b"f": ("paint_area", 0),
    b"F": ("paint_area", 0),
    b"f*": ("paint_area", 0),
    b"B": ("paint_both", 0),
    b"B*": ("paint_both", 0),
    b"b": ("paint_closed_both", 0),
    b"b*": ("paint_closed_both", 0),
    b"BT": ("begin_text", 0),
    b"Tm": ("set_matrix", 6),
    b"Td": ("move_text", 2),
    b"TD": ("move_leading", 2),
    b"T*": ("next_line", 0),
    b"/Tf": ("set_font", 2),
    b"Tc": ("set_spacing", 1),
    b"Tw": ("set_word_spacing", 1),
    b"Tz": ("set_scaling", 1),
    b"TL": ("set_leading", 1),
    b"Tr": ("set_mode", 1),
    b"Ts": ("set_rise", 1),
    b"(TJ": ("show", 1),
    b"('": ("show_line", 1),
    b'("': ("show_spaced", 3),
    b"/BMC": ("mark", 1),
    b"/BDC": ("mark", 2),
    b"EMC": ("end_mark", 0),
    b"/Do": ("draw", 1),
    b"(EI": ("draw_inline", 1),
}
"""What runs each instruction, and how many operands it has."""
