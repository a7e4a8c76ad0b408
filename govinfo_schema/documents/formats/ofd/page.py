"""
What a page of an OFD draws: its objects of text, paths, pictures, and drawings of several, taken
down one after the other, those of templates and annotations too.

An object stands in a box, from whose upper left corner its own places are counted after its matrix
was applied; lengths are millimetres.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import AsideKind
from govinfo_schema.documents.formats.drawn.device import (
    Device,
    Matrix,
    Paint,
    Point,
    around_points,
    box_in,
    multiplied,
    point_in,
    shared,
)
from govinfo_schema.documents.formats.drawn.drawing import Box, Drawing
from govinfo_schema.documents.formats.ofd.looks import Color, Look, opacity_of
from govinfo_schema.documents.formats.ofd.parts import (
    Page,
    Resources,
    child,
    name_of,
    named,
    number,
    numbers,
)

MAX_DRAWN: Final = 1_000_000
"""So many signs and pieces of paths have all pages together, each as often as it is drawn."""
_OBJECT: Final = 4
"""An object counts as so many."""
_POINTS: Final = 72 / 25.4
"""In a millimetre."""
_DEPTH: Final = 40
"""So deep objects may stand in each other."""
_IDENTITY: Final[Matrix] = (1, 0, 0, 1, 0, 0)
_UNIT: Final[Box] = (0, 0, 1, 1)
"""The box that a picture fills before it is put in its place."""
_LAYERS: Final = {"Background": 0, "Foreground": 2}
_GROUPS: Final = ("PageBlock", "Layer", "Block", "Content")
_UPPER: Final = 0.86
"""Such a share of a sign's size is above its baseline."""
_NARROW: Final = 0.5
"""Such a share of its size a sign that is not wide takes of a line."""
_ROOM: Final = 0.7
"""A sign that is neither wide nor a letter takes no more; what goes beyond is a gap."""
_WIDTH: Final = 0.353
"""How thick a line is of which nothing is said."""
_EDGE: Final = 3.0
"""By so much, in points, what is drawn may leave its box."""
_CURVES: Final = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
"""What a path is made of, and by how many numbers."""
_TOKEN: Final = re.compile(r"[A-Za-z]|[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")


class TooMuch(Exception):
    """The pages draw more than those of any report."""


def draw(pages: Iterable[Page]) -> Iterator[Drawing]:
    """
    Draw pages one after the other.

    Raises: UnreadableFile where a part is not there or damaged; TooMuch; ValueError and others
    where what a part says is no sense.
    """
    room = _Room()
    for page in pages:
        yield _Painter(room).run(page)


class _Room:
    """How much may still be drawn."""

    def __init__(self) -> None:
        self.left = MAX_DRAWN

    def take(self, count: int) -> None:
        """
        Draw so many more.

        Raises: TooMuch.
        """
        self.left -= count
        if self.left < 0:
            raise TooMuch


@attrs.frozen
class _State:
    """What holds of an object by what it stands in; *depth* is how deep that is."""

    matrix: Matrix
    clip: Box
    look: Look = attrs.field(factory=Look)
    opacity: float = 1.0
    mark: AsideKind | None = None
    depth: int = 0


class _Painter:
    """Takes down what one page draws."""

    def __init__(self, room: _Room) -> None:
        self.room = room
        self.device = Device()
        self.resources = Resources({})
        self.drawing: list[str] = []

    def run(self, page: Page) -> Drawing:
        """Draw a page, its templates and annotations."""
        self.resources, roots, (width, height) = page.content()
        box = (0.0, 0.0, width * _POINTS, height * _POINTS)
        self.device.open(box[2], box[3], box)
        state = _State((_POINTS, 0, 0, _POINTS, 0, 0), box)
        for root in roots:
            layers = named(child(root, "Content"), "Layer")
            for layer in sorted(layers, key=lambda each: _LAYERS.get(each.get("Type", ""), 1)):
                self._group(layer, state)
        for appearance, mark in page.notes():
            x, y, *_ = numbers(appearance.get("Boundary"), 4, (0.0, 0.0))
            moved = multiplied((1, 0, 0, 1, x, y), state.matrix)
            self._objects(appearance, attrs.evolve(state, matrix=moved, mark=mark))
        return self.device.finished()

    def _group(self, group: ET.Element, state: _State) -> None:
        """Draw the objects of a layer, or of a part of one, which share how they look."""
        self._objects(
            group,
            attrs.evolve(
                state,
                look=state.look.with_own(group, self.resources),
                opacity=state.opacity * opacity_of(group),
                mark=state.mark or _hidden(group),
            ),
        )

    def _objects(self, parent: ET.Element, state: _State) -> None:
        if state.depth > _DEPTH:
            raise TooMuch
        state = attrs.evolve(state, depth=state.depth + 1)
        for each in parent:
            self.room.take(_OBJECT)
            name = name_of(each)
            if name in _GROUPS:
                self._group(each, state)
            elif name in _OBJECTS:
                self._object(each, name, state)

    def _object(self, element: ET.Element, name: str, state: _State) -> None:
        x, y, width, height = numbers(element.get("Boundary"), 4, (0.0,) * 4)
        matrix = numbers(element.get("CTM"), 6, _IDENTITY)
        outer = multiplied((1, 0, 0, 1, x, y), state.matrix)
        inner = multiplied(matrix, outer)  # type: ignore[arg-type]  # six numbers
        clip = self._clip(element, state.clip, inner, outer)
        if width > 0 and height > 0:
            # What leaves its box is cut off; but boxes are often a little too small.
            edge = _EDGE
            if name == "TextObject":
                edge = max(edge, number(element.get("Size"), 0.0) * math.hypot(*inner[2:4]))
            left, top, right, bottom = box_in(outer, (0, 0, width, height))
            clip = shared(clip, (left - edge, top - edge, right + edge, bottom + edge))
        own = attrs.evolve(
            state,
            matrix=inner,
            clip=clip,
            look=state.look.with_own(element, self.resources),
            opacity=state.opacity * opacity_of(element),
            mark=state.mark or _hidden(element),
        )
        self.device.clip, self.device.mark = clip, own.mark
        getattr(self, _OBJECTS[name])(element, own)

    def _clip(self, element: ET.Element, clip: Box, inner: Matrix, outer: Matrix) -> Box:
        """Clip an object by boxes, which are no less than what clips it."""
        for clips in named(element, "Clips"):
            base = inner if clips.get("TransFlag") == "true" else outer
            for each in named(clips, "Clip"):
                corners: list[Point] = []
                for area in named(each, "Area"):
                    matrix = multiplied(numbers(area.get("CTM"), 6, _IDENTITY), base)  # type: ignore[arg-type]  # six numbers
                    for path in named(area, "Path"):
                        corners += (
                            point for _, points in self._path(path, matrix) for point in points
                        )
                if corners:
                    clip = shared(clip, around_points(corners))
        return clip

    # ---- text -----------------------------------------------------------------------------------

    def text(self, element: ET.Element, state: _State) -> None:
        """Draw a text object: each sign of its codes, at the place that is said of it."""
        self.device.block += 1
        size = number(element.get("Size"), 0.0)
        wide = number(element.get("HScale"), 1.0) or 1.0
        angle = math.radians(number(element.get("CharDirection"), 0.0))
        turned = (math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle))
        along = math.radians(number(element.get("ReadDirection"), 0.0))
        direction = (round(math.cos(along)), round(math.sin(along)))
        paint, opacity = _painted(element, state)
        x = y = 0.0
        for code in named(element, "TextCode"):
            text = _text(code)
            self.room.take(len(text))
            x, y = number(code.get("X"), x), number(code.get("Y"), y)
            steps = [_deltas(code.get(name), len(text)) for name in ("DeltaX", "DeltaY")]
            for sign, across, down in zip(text, *steps, strict=True):
                step = (across * direction[0] + down * direction[1]) / (size * wide or 1.0)
                width = _advance(sign, step) * size * wide
                box = (0.0, -_UPPER * size, width, (1 - _UPPER) * size)
                matrix = multiplied((*turned, x, y), state.matrix)
                self.device.turned_sign(
                    sign, matrix, box, 0.0, size, paint.faded(opacity), shown=opacity > 0
                )
                # Signs in one place are told apart by no one: none is said, and they follow on.
                natural = width if not across and not down else 0.0
                x, y = x + across + natural * direction[0], y + down + natural * direction[1]

    # ---- paths and pictures ---------------------------------------------------------------------

    def path(self, element: ET.Element, state: _State) -> None:
        """Draw a path: its lines, unless they are left out, and the area that it fills."""
        look = state.look
        stroke = look.stroke or Color()
        strokes = element.get("Stroke") != "false" and stroke.opacity * state.opacity > 0
        fills = (
            element.get("Fill") == "true"
            and look.fill is not None
            and look.fill.opacity * state.opacity > 0
        )
        if not strokes and not fills:
            return
        fill = look.fill or Color()
        opacity = state.opacity * (fill.opacity if fills else stroke.opacity)
        self.device.path(
            list(self._path(element, state.matrix)),
            stroke=stroke.paint if strokes else None,
            fill=Paint(fill.paint.faded(opacity), fill.paint.pattern) if fills else None,
            width=(_WIDTH if look.width is None else look.width) * math.hypot(*state.matrix[:2]),
            solid=opacity == 1.0 and element.get("BlendMode", "Normal") == "Normal",
        )

    def _path(self, element: ET.Element, matrix: Matrix) -> Iterator[tuple[str, list[Point]]]:
        """Give the parts of a path, and where a matrix puts their points."""
        data = "".join(each.text or "" for each in named(element, "AbbreviatedData"))
        shape, points = "", list[Point]()
        for letter, values in self._drawn(data):
            if letter in "MS":
                if points:
                    yield shape, points
                shape, points = "m", [point_in(matrix, (values[0], values[1]))]
            elif points and letter == "C":
                shape += "h"
            elif points:
                shape += "l" if letter == "L" else "c"
                points.append(point_in(matrix, (values[-2], values[-1])))
        if points:
            yield shape, points

    def _drawn(self, data: str) -> Iterator[tuple[str, tuple[float, ...]]]:
        """Take a path apart: each letter with its numbers; one is not repeated for more of them."""
        letter, values = "", list[float]()
        for token in (*_TOKEN.findall(data), ""):
            if token and not token[-1].isalpha():
                values.append(number(token, 0.0))
                if 0 < _CURVES.get(letter, 0) == len(values):
                    self.room.take(1)
                    yield letter, tuple(values)
                    values = []
                continue
            letter, values = token.upper(), []
            if letter == "C":
                self.room.take(1)
                yield letter, ()

    def picture(self, _: ET.Element, state: _State) -> None:
        """Take down where a picture is."""
        if state.opacity > 0:
            self.device.picture(box_in(state.matrix, _UNIT))

    def composite(self, element: ET.Element, state: _State) -> None:
        """Draw what is described once and drawn in several places; never within itself."""
        number = element.get("ResourceID", "")
        unit = self.resources.get(number, "CompositeGraphicUnit", "VectorG")
        if unit is not None and number not in self.drawing:
            self.drawing.append(number)
            self._objects(unit, state)
            self.drawing.pop()


_OBJECTS: Final = {
    "TextObject": "text",
    "PathObject": "path",
    "ImageObject": "picture",
    "CompositeObject": "composite",
}
"""What draws each kind of object."""


def _hidden(element: ET.Element) -> AsideKind | None:
    return "hidden" if element.get("Visible") == "false" else None


def _painted(element: ET.Element, state: _State) -> tuple[Paint, float]:
    """Give the colour of a text that is seen, and how much it covers: filled, or else its lines."""
    fill, stroke = state.look.fill or Color(), state.look.stroke
    if element.get("Fill") != "false" and fill.opacity > 0:
        return fill.paint, fill.opacity * state.opacity
    if element.get("Stroke") == "true" and stroke:
        return stroke.paint, stroke.opacity * state.opacity
    return fill.paint, 0.0


def _text(code: ET.Element) -> str:
    """Give the signs of a text; ends of lines at its ends are of the XML, not of it."""
    text = "".join(code.itertext())
    if "\n" in text or "\r" in text:
        text = text.strip()
    return re.sub(r"\s", " ", text)


def _deltas(said: str | None, count: int) -> list[float]:
    """
    Read how far it is from each sign of a text to the next: numbers, and runs of equal ones
    (``g 3 1.5``). The last is repeated where they are too few; 0 where none is said.
    """
    found: list[float] = []
    tokens = iter((said or "").replace(",", " ").split())
    for token in tokens:
        if len(found) >= count:
            break
        if token in ("g", "G"):
            times = min(int(next(tokens, "0")), count)
            found += [number(next(tokens, None), 0.0)] * times
        else:
            found.append(number(token, 0.0))
    last = found[-1] if found else 0.0
    return [*found, *[last] * (count - len(found))][:count]


def _advance(sign: str, step: float) -> float:
    """Give how much of a line a sign takes, in its size; *step* is how far the next one is."""
    wide = unicodedata.east_asian_width(sign) in "FWA"
    room = 1.05 if wide or (sign.isascii() and sign.isalpha()) else _ROOM
    if 0 < step <= room:
        return step
    return 1.0 if wide else _NARROW
