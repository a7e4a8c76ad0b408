"""
How what an OFD draws looks: its colours and how thick its lines are, said by the object itself, by
the parameters that it shares with others, or by its layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.formats.drawn.device import Paint, ink
from govinfo_schema.documents.formats.drawn.drawing import BLACK
from govinfo_schema.documents.formats.ofd.parts import Resources, child, name_of, named, number

_FULL: Final = 255
"""Of a part of a colour, and of what covers wholly."""
_RELATED: Final = 16
"""Parameters are no deeper in each other."""


@attrs.frozen
class Color:
    """A colour, and how much it covers, from 0 to 1."""

    paint: Paint = attrs.field(factory=Paint)
    opacity: float = 1.0


@attrs.frozen
class Look:
    """The colours of what is filled and of lines, and how thick these are; None where not said."""

    fill: Color | None = None
    stroke: Color | None = None
    width: float | None = None

    def with_own(self, element: ET.Element, resources: Resources) -> Look:
        """Lay what an element says over what was said of it before."""
        look = self
        said = [element]
        while len(said) < _RELATED:
            name = "DrawParam" if said[-1] is element else "Relative"
            param = resources.get(said[-1].get(name), "DrawParam")
            if param is None:
                break
            said.append(param)
        for each in reversed(said):
            look = look._changed(each, resources)
        return look

    def _changed(self, element: ET.Element, resources: Resources) -> Look:
        fill, stroke = child(element, "FillColor"), child(element, "StrokeColor")
        width = element.get("LineWidth")
        if fill is None and stroke is None and width is None:
            return self
        return Look(
            self.fill if fill is None else _color(fill, resources),
            self.stroke if stroke is None else _color(stroke, resources),
            self.width if width is None else number(width, 0.0),
        )


def opacity_of(element: ET.Element) -> float:
    """Give how much an object or a colour covers, from 0 to 1."""
    return min(max(number(element.get("Alpha"), _FULL) / _FULL, 0.0), 1.0)


def _color(element: ET.Element, resources: Resources) -> Color:
    opacity = opacity_of(element)
    if any(name_of(each).endswith(("Shd", "Pattern")) for each in element):
        return Color(Paint(BLACK, pattern=True), opacity)
    value = element.get("Value")
    if value is None and element.get("Index") is not None:
        space = resources.get(element.get("ColorSpace"), "ColorSpace")
        colors = named(child(space, "Palette"), "CV")
        at = int(element.get("Index", "0"))
        value = colors[at].text if 0 <= at < len(colors) else None
    return Color(_paint((value or "").replace(",", " ").split()), opacity)


def _paint(parts: Sequence[str]) -> Paint:
    """Give a colour by its parts, decimal or hexadecimal; one that cannot be told is black."""
    if len(parts) not in (1, 3, 4):
        return Paint()
    values = (int(each[1:], 16) if each.startswith("#") else number(each, 0.0) for each in parts)
    return Paint(ink([min(max(each / _FULL, 0.0), 1.0) for each in values]))
