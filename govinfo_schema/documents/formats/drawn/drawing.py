"""
What a page draws: signs, lines, boxes and pictures, in drawing order.

``device`` takes it down, ``visible`` says which of the signs are text, and ``ruled`` and
``text`` make tables and paragraphs of them. Lengths are points; places are counted from the upper
left corner of the page as it is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from govinfo_schema.documents.document import AsideKind

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""
Ink = tuple[float, float, float]
"""Red, green and blue from 0 to 1, as they look on white."""

BLACK: Final[Ink] = (0.0, 0.0, 0.0)
WHITE: Final[Ink] = (1.0, 1.0, 1.0)
THIN: Final = 3.0
"""A filled shape no thicker is a line."""


@attrs.define(eq=False)
class Sign:
    """
    A character on a page: its box, its size and its baseline; *turn* is the direction of its line
    in degrees, clockwise.

    *run* numbers the signs that follow each other without a gap, *block* the text object that they
    stand in; *at* is when it was drawn. *aside* is why it is no text, if it is none.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    base: float
    turn: int
    ink: Ink
    run: int
    block: int
    at: int
    aside: AsideKind | None = None

    @property
    def x(self) -> float:
        """Where its middle is, from the left."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """Where its middle is, from the top."""
        return (self.top + self.bottom) / 2


@attrs.frozen
class Rule:
    """A level or upright line: where it stands across its direction, and from where to where."""

    place: float
    begin: float
    end: float


@attrs.frozen
class Fill:
    """An area filled with one colour; *at* is when it was drawn."""

    box: Box
    ink: Ink
    at: int


@attrs.define
class Drawing:
    """
    What one page draws. *level* and *upright* are its lines, *struck* boxes that an annotation
    strikes out.
    """

    width: float
    height: float
    signs: list[Sign] = attrs.field(factory=list)
    level: list[Rule] = attrs.field(factory=list)
    upright: list[Rule] = attrs.field(factory=list)
    fills: list[Fill] = attrs.field(factory=list)
    pictures: list[Box] = attrs.field(factory=list)
    struck: list[Box] = attrs.field(factory=list)

    def turned(self, turn: int) -> Drawing:
        """Turn the page back by 90, 180 or 270 degrees."""
        size = self.width, self.height

        def boxes(found: Iterable[Box]) -> list[Box]:
            return [_turned(box, turn, *size) for box in found]

        lines = boxes(
            [(rule.begin, rule.place, rule.end, rule.place) for rule in self.level]
            + [(rule.place, rule.begin, rule.place, rule.end) for rule in self.upright]
        )
        width, height = reversed(size) if turn in (90, 270) else size
        return Drawing(
            width,
            height,
            signs=[turned(sign, turn, *size) for sign in self.signs],
            level=[Rule(top, x0, x1) for x0, top, x1, bottom in lines if top == bottom],
            upright=[Rule(x0, top, bottom) for x0, top, x1, bottom in lines if top != bottom],
            fills=[attrs.evolve(fill, box=_turned(fill.box, turn, *size)) for fill in self.fills],
            pictures=boxes(self.pictures),
            struck=boxes(self.struck),
        )


def turned(sign: Sign, turn: int, width: float = 0.0, height: float = 0.0) -> Sign:
    """Give a sign as it stands once its page, of such a size, is turned back by so many degrees."""
    x0, top, x1, bottom = _turned((sign.x0, sign.top, sign.x1, sign.bottom), turn, width, height)
    base = {90: width - sign.base, 180: height - sign.base}.get(turn, sign.base)
    return attrs.evolve(
        sign, x0=x0, top=top, x1=x1, bottom=bottom, base=base, turn=(sign.turn - turn) % 360
    )


def _turned(box: Box, turn: int, width: float, height: float) -> Box:
    x0, top, x1, bottom = box
    return {
        90: (top, width - x1, bottom, width - x0),
        180: (width - x1, height - bottom, width - x0, height - top),
        270: (height - bottom, x0, height - top, x1),
    }.get(turn, box)
