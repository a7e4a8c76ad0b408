"""
What the properties and styles of a Word document say of its text: which paragraphs are headings,
and which characters are not to be read, since they are struck out, hidden, or the mark of a note.

``docx`` asks it for paragraphs, ``word_text`` for runs of characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import AsideKind

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
"""What the name of every element of a Word document begins with."""
_VAL: Final = f"{W}val"
MAX_BASES: Final = 20
"""So many styles may be based one on another."""
TINY: Final = 4
"""Text of so many half points, or fewer, cannot be seen: it is less than a millimetre high."""
CONTRAST: Final = 16
"""Colours that differ by less than this, of 256, in red, green and blue cannot be told apart."""
PAPER: Final = "FFFFFF"
"""The colour behind a text where nothing sets another."""
UNKNOWN: Final = "?"
"""A background of which only is known that it may not be the paper."""
RAISED: Final = 4
"""Half points above or below the line at which characters are the mark of a note."""
_OFF: Final = ("0", "false", "off", "none")
_LIGHT: Final = ("background1", "light1")
"""The names of the first light colour of a theme."""


# ---- properties ---------------------------------------------------------------------------------


def value(node: ET.Element | None, name: str) -> str | None:
    """Give the value of a property below an element; None where it has none."""
    found = node.find(f"{W}{name}") if node is not None else None
    return None if found is None else found.get(_VAL)


def is_on(node: ET.Element | None, name: str) -> bool:
    """Tell whether a switch is on: one that stands without a value is."""
    found = node.find(f"{W}{name}") if node is not None else None
    return found is not None and found.get(_VAL, "1") not in _OFF


_WHOLE: Final = re.compile(r"\s*(-?[0-9]{1,12})")


def whole(text: str | None, least: int = 0, most: int = 1_000_000) -> int | None:
    """Read a whole number of a property, within bounds; None for what is none."""
    match = _WHOLE.match(text) if text else None
    return max(least, min(int(match[1]), most)) if match else None


def shade(properties: ET.Element | None) -> str:
    """Give the colour that properties put behind a text; empty where they put none."""
    node = properties.find(f"{W}shd") if properties is not None else None
    return "" if node is None else _shade(node)


def _shade(node: ET.Element) -> str:
    pattern = node.get(_VAL, "clear")
    if pattern not in ("clear", "nil", "solid"):
        return UNKNOWN
    name = "color" if pattern == "solid" else "fill"
    theme = f"theme{name.capitalize()}"
    colour = _colour(node, name, theme)
    if colour == "auto" and node.get(f"{W}{theme}"):
        colour = UNKNOWN
    return "" if pattern == "nil" or colour == "auto" else colour


def _colour(node: ET.Element, name: str, theme: str) -> str:
    """Give a colour; the first one of the theme is that of the paper, unless it is darkened."""
    darker = f"{theme.removesuffix('Color')}Shade"
    if node.get(f"{W}{theme}") in _LIGHT and node.get(f"{W}{darker}") is None:
        return PAPER
    return node.get(f"{W}{name}", "auto")


# ---- styles -------------------------------------------------------------------------------------


@attrs.frozen
class Style:
    """
    What a style says of what it is put on: the level of a heading, a list and a depth in it.

    *marks*: those properties of characters that say whether they are read; *shade*: the colour
    behind a paragraph; *shades*: a style of tables that colours some of their cells.
    """

    name: str = ""
    level: int = 0
    list: str | None = None
    depth: int | None = None
    marks: Mapping[str, str] = attrs.field(factory=dict)
    shade: str = ""
    shades: bool = False


PLAIN: Final = Style()
"""The style of what has none."""


def styles_of(root: ET.Element | None) -> dict[str, Style]:
    """
    Read the styles by their ids, each with what it takes from the one that it is based on; the one
    without an id is that of paragraphs that name none.
    """
    nodes = {
        node.get(f"{W}styleId", ""): node
        for node in (root if root is not None else ())
        if node.tag == f"{W}style"
    }
    bases = {own: value(node, "basedOn") or "" for own, node in nodes.items()}
    found = {"": PLAIN}
    for own in nodes:
        chain = [own]
        while bases[chain[-1]] in nodes and chain[-1] not in found and len(chain) < MAX_BASES:
            chain.append(bases[chain[-1]])
        for each in reversed(chain):
            if each not in found:
                found[each] = _style(nodes[each], found.get(bases[each], PLAIN))
    for own, node in nodes.items():
        if node.get(f"{W}type") == "paragraph" and node.get(f"{W}default") in ("1", "true", "on"):
            found[""] = Style(marks=found[own].marks, shade=found[own].shade)
    return found


def _style(node: ET.Element, base: Style) -> Style:
    name = (value(node, "name") or "").lower()
    properties = node.find(f"{W}pPr")
    numbers = properties.find(f"{W}numPr") if properties is not None else None
    level = level_of(name, properties)
    marks = dict(_marks(node.find(f"{W}rPr")))
    is_table = node.get(f"{W}type") == "table"
    return Style(
        name=name,
        level=base.level if level is None else level,
        list=value(numbers, "numId") or base.list,
        depth=base.depth if (depth := whole(value(numbers, "ilvl"), 0, 8)) is None else depth,
        marks={**base.marks, **marks} if marks else base.marks,
        shade=shade(properties) or base.shade,
        shades=base.shades or (is_table and any(map(_shade, node.iter(f"{W}shd")))),
    )


def level_of(name: str, properties: ET.Element | None) -> int | None:
    """
    Give the level of a heading by the name of its style or its own properties; 0 for plain text,
    None where neither says.
    """
    match = re.match(r"(?:heading|标题) ?([1-9])$", name) if name else None
    if match or name in ("title", "标题"):
        return int(match[1]) if match else 1
    outline = whole(value(properties, "outlineLvl"), 0, 9)
    return None if outline is None else (outline + 1) % 10


# ---- looks of characters ------------------------------------------------------------------------

_TOGGLES: Final = ("strike", "vanish")
"""
Properties that a style of characters on a style of paragraphs turns off again (ISO/IEC 29500-1,
17.7.3).
"""
_MARKS: Final = {
    f"{W}{name}": name
    for name in (
        *_TOGGLES,
        *("rStyle", "dstrike", "specVanish", "vertAlign", "position", "sz", "color", "highlight"),
        "shd",
    )
}


_READ: Final[Mapping[str, Callable[[ET.Element], str]]] = {
    "shd": _shade,
    "color": lambda node: _colour(node, "val", "themeColor"),
}


def _marks(properties: ET.Element | None) -> Iterable[tuple[str, str]]:
    """List the properties of characters that say whether they are read, and their values."""
    return (
        ()
        if properties is None
        else [
            (name, _READ[name](node) if name in _READ else node.get(_VAL, "1"))
            for node in properties
            if (name := _MARKS.get(node.tag))
        ]
    )


@attrs.frozen
class Look:
    """
    How characters look, as far as it says whether they are read: *kind* is why they are not;
    *raised* is how many half points they stand above the line, *size* how many they are high.
    """

    kind: AsideKind | None = None
    raised: int = 0
    size: int = 0


@attrs.define
class Looks:
    """Works out the looks of characters from their properties and styles, each once."""

    styles: Mapping[str, Style]
    known: dict[tuple[object, ...], Look] = attrs.field(factory=dict)

    def of(self, properties: ET.Element | None, paragraph: str, table: str, behind: str) -> Look:
        """
        Say how characters look that have properties of their own, in a paragraph and a table of
        these styles, with this colour behind them.
        """
        own = tuple(_marks(properties))
        key = (own, paragraph, table, behind)
        look = self.known.get(key)
        if look is None:
            look = self.known[key] = self._look(dict(own), paragraph, table, behind)
        return look

    def _look(self, own: dict[str, str], paragraph: str, table: str, behind: str) -> Look:
        named = (table or None, paragraph, own.get("rStyle"))
        layers = [self.styles.get(name, PLAIN).marks for name in named if name is not None]
        marks = {name: text for layer in (*layers, own) for name, text in layer.items()}

        def toggled(name: str) -> bool:
            if name in own:
                return own[name] not in _OFF
            return sum(layer.get(name, "0") not in _OFF for layer in layers) % 2 == 1

        size = whole(marks.get("sz"), 0) or 0
        highlight = _HIGHLIGHTS.get(marks.get("highlight", "none"), UNKNOWN)
        paper = highlight or marks.get("shd") or behind or PAPER
        if (
            toggled("vanish")
            or marks.get("specVanish", "0") not in _OFF
            or 0 < size <= TINY
            or _same(marks.get("color", ""), paper)
        ):
            return Look("hidden")
        if toggled("strike") or marks.get("dstrike", "0") not in _OFF:
            return Look("struck")
        if marks.get("vertAlign") in ("superscript", "subscript"):
            return Look("note_mark", RAISED)
        return Look(None, whole(marks.get("position"), -9_999) or 0, size)


_HIGHLIGHTS: Final = {"none": "", "white": "FFFFFF", "black": "000000"}


def _same(one: str, other: str) -> bool:
    """Tell whether two colours look the same; one that is no number looks like none."""
    try:
        pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
        return all(abs(left - right) < CONTRAST for left, right in pairs) and len(one) == 6
    except ValueError:
        return False
