"""
How a cell of a workbook looks, as far as it decides what a person sees of it: struck out, raised,
in the colour of its ground, in what number format.

The modules of the formats make a ``Look`` of each style that a workbook has, and ask it what a cell
of that style shows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import Final

import attrs

from govinfo_schema.documents.document import Aside, AsideKind
from govinfo_schema.documents.formats.number_formats import (
    GENERAL,
    compared,
    figure_shown,
    text_shown,
)
from govinfo_schema.documents.formats.sheet import Shown

BLACK: Final = "000000"
WHITE: Final = "FFFFFF"
SMALLEST: Final = 2.0
"""No letters that are meant to be read are smaller, in points."""
_HEX: Final = re.compile("[0-9A-Fa-f]{6}")
_ALIKE: Final = 16
"""Two colours are one to the eye if no part of them differs by more, of 255."""


@attrs.frozen
class Font:
    """
    What matters of the font of a text. *colour* is red, green and blue in six hexadecimal digits,
    or whatever the file calls it; *hidden* is too small to be seen, or said to be hidden.
    """

    struck: bool = False
    raised: bool = False
    colour: str = BLACK
    hidden: bool = False

    def leaves_out(self, ground: str) -> AsideKind | None:
        """Say why a text in this font is no part of what a cell shows on its ground; else None."""
        if self.hidden or alike(self.colour, ground):
            return "hidden"
        return "struck" if self.struck else "note_mark" if self.raised else None


@attrs.frozen
class Look:
    """
    What matters of the style of a cell: the code of its number format, its font, the colour of its
    ground, and whether it has a border.
    """

    code: str = GENERAL
    font: Font = Font()
    ground: str = WHITE
    bordered: bool = False
    _kind: AsideKind | None = attrs.field(init=False)

    @_kind.default
    def _(self) -> AsideKind | None:
        return self.font.leaves_out(self.ground)

    @property
    def is_plain(self) -> bool:
        """Whether it shows everything as it is stored."""
        return self._kind is None and self.code == GENERAL

    def text(self, *runs: tuple[str, Font | None]) -> Shown:
        """
        Give what a cell with a text shows; a run without a font of its own has that of the cell.

        >>> text, (aside,) = Look().text(("3", Font(struck=True)), ("29351", None))
        >>> text, aside.kind, aside.text
        ('29351', 'struck', '3')
        """
        if len(runs) == 1 and self.is_plain and runs[0][1] is None:
            return runs[0][0], ()
        text, asides = "", []
        for kind, group in groupby(runs, self._left_out):
            joined = "".join(run for run, _ in group)
            if kind is None:
                text += joined
            elif joined.strip():
                asides.append(Aside(kind=kind, text=joined.strip()))
        shown, others = text_shown(text, self.code)
        return shown, (*asides, *others)

    def figure(self, stored: str, *, since_1904: bool = False) -> Shown:
        """
        Give what a cell with a number shows.

        >>> Look(code="0%").figure("0.05")[0], Look(font=Font(struck=True)).figure("3")[0]
        ('5%', '')
        """
        return self._seen(*figure_shown(stored, self.code, since_1904=since_1904))

    def printed(self, shown: str, stored: str) -> Shown:
        """
        Give what a cell with a number shows, where the file says how the number is printed.

        >>> Look().printed("5%", "0.05")[0], Look(font=Font(raised=True)).printed("3", "3")[0]
        ('5%', '')
        """
        return self._seen(*compared(shown, stored))

    def _seen(self, shown: str, asides: tuple[Aside, ...]) -> Shown:
        if self._kind and shown:
            return "", (Aside(kind=self._kind, text=shown), *asides)
        return shown, asides

    def _left_out(self, run: tuple[str, Font | None]) -> AsideKind | None:
        font = run[1]
        return self._kind if font is None else font.leaves_out(self.ground)


@lru_cache(maxsize=1024)
def alike(one: str, other: str) -> bool:
    """
    Tell whether the eye takes two colours for one.

    >>> alike("FFFFFF", "FEFEFE"), alike("FFFFFF", "FF0000"), alike("theme 4", "theme 4")
    (True, False, True)
    """
    if one == other or not (_HEX.fullmatch(one) and _HEX.fullmatch(other)):
        return one == other
    parts = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return max(abs(mine - theirs) for mine, theirs in parts) <= _ALIKE
