"""
What the styles of a web page do to its text: show it, hide it, strike it out, raise it.

``Styles`` knows the rules of the ``<style>`` elements of one page as they apply on a wide screen,
and gives for each element its ``Look``. It knows the few properties that make text disappear and
the selectors that pages use for them; a style sheet that is another file is never fetched. Where a
style may show other digits than the text has, or in another order, it is a *doubt*.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats.selectors import COMMENT, LONGEST, Rule, is_wide, rules_of
from govinfo_schema.documents.grids import TooManyCells

Colour = tuple[int, ...]
"""Red, green, blue; empty for a colour that lets all through."""

FAR: Final = 999
"""So many pixels to the left or above, nothing is seen."""
NEAR: Final = 12
"""Two colours whose parts differ by no more are not told apart."""
FAINT: Final = 0.05
"""What is no denser is not seen."""
BUDGET: Final = 500_000
"""So often are selectors compared with elements before a page is taken for a hostile one."""
LOOK: Final = 5
"""To find a look takes as long as so many comparisons."""
VALUES: Final = 5
"""So many values of a variable are tried."""
MEMORY: Final = 10_000
"""So many looks are kept to be used again."""

_PROPERTIES: Final = frozenset(
    "display visibility opacity font-size color background text-decoration "  # noqa: SIM905
    "vertical-align position left right top bottom text-indent margin-left margin-top clip "
    "clip-path transform width height max-width max-height overflow content-visibility filter "
    "mso-hide -webkit-text-fill-color scale rotate float flex-direction order direction "
    "unicode-bidi letter-spacing content".split()
)
_ALIASES: Final = {
    "background-color": "background",
    "background-image": "background",
    "text-decoration-line": "text-decoration",
    "overflow-x": "overflow",
    "overflow-y": "overflow",
    "-webkit-transform": "transform",
    "font": "font-size",
    "flex-flow": "flex-direction",
}
_STRUCK: Final = {"text-decoration": "line-through"}
_RAISED: Final = {"vertical-align": "super"}
_AWAY: Final = {"display": "none"}
_DEFAULTS: Final = {
    **dict.fromkeys(("s", "strike", "del"), _STRUCK),
    **dict.fromkeys(("sup", "sub", "rt"), _RAISED),
    **dict.fromkeys(("dialog", "rp"), _AWAY),
    "bdo": {"unicode-bidi": "bidi-override"},
}
"""What browsers do to an element of themselves."""
_INLINE: Final = frozenset("span a b i em strong font u small sup sub rt ins".split())  # noqa: SIM905
_CELLS: Final = frozenset("td th tr thead tbody tfoot".split())  # noqa: SIM905
_ATTRIBUTES: Final = (
    "style",
    "class",
    "hidden",
    "color",
    "bgcolor",
    "background",
    "open",
    "popover",
    "dir",
)
"""The attributes that a look depends on, whatever the sheets say."""
_CONVENTIONS: Final = frozenset(
    "sr-only visually-hidden screen-reader-text katex-mathml MJX_Assistive_MathML".split()  # noqa: SIM905
)
"""Classes that mean the same on every page: text for screen readers, a second copy of a formula."""
_NAMED: Final[Mapping[str, Colour]] = {
    "transparent": (),
    "white": (255, 255, 255),
    "snow": (255, 250, 250),
    "ivory": (255, 255, 240),
    "ghostwhite": (248, 248, 255),
    "floralwhite": (255, 250, 240),
    "mintcream": (245, 255, 250),
    "azure": (240, 255, 255),
    "aliceblue": (240, 248, 255),
    "whitesmoke": (245, 245, 245),
    "black": (0, 0, 0),
    "red": (255, 0, 0),
    "yellow": (255, 255, 0),
    "blue": (0, 0, 255),
    "green": (0, 128, 0),
    "navy": (0, 0, 128),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "silver": (192, 192, 192),
}
_PIXELS: Final = {"": 1, "px": 1, "pt": 4 / 3, "em": 16, "rem": 16, "cm": 38, "in": 96, "vw": 13}
_LENGTH: Final = re.compile(r"(-?[0-9]*\.?[0-9]+)(px|pt|rem|em|cm|in|vw|%|)(?![\w.])")
_COLOUR: Final = re.compile(r"#[0-9a-f]{3,8}\b|(?:rgb|hsl)a?\([^)]*\)|[a-z]+")
_SHRUNK: Final = re.compile(r"scale[xy3d]*\(\s*0*\.?0*\s*[,)]|translate[xyz3d]*\([^)]*-[0-9]{4}")
_NOTHING: Final = re.compile(r"0*\.?0*%?(?=\s|$)")
_TURNED: Final = re.compile(r"rotate|scale[xy3d]*\([^)]*-|matrix|skew")
_MADE: Final = re.compile(r"[0-9０-９]|\b(?:attr|counters?|var|url)\(")
_ESCAPE: Final = re.compile(r"\\([0-9a-f]{1,6})\s?")
_VARIABLE: Final = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,([^()]*))?\)")
_SET: Final = re.compile(r"(--[\w-]+)\s*:\s*([^;{}\"']*)")
_CLIPPED: Final = re.compile(r"inset\(\s*(?:[5-9][0-9]|100)%|circle\(\s*0(?![.1-9])")


@attrs.frozen(eq=False, kw_only=True)
class Look:
    """
    How text looks inside an element.

    *unseen*: whatever stands in it is not shown; *invisible*, *tiny*, *colour* and *background* may
    be set anew by what stands in it. *background* is None where it is a picture or not known.
    *removed* and *collapsed* say of the element itself that it takes no room, or its row or column
    none; *doubt* names the style by which it may show other digits than it has, *moved* one by
    which its text may not stand where it does in the page.
    """

    unseen: bool = False
    invisible: bool = False
    tiny: bool = False
    colour: Colour | None = None
    background: Colour | None = (255, 255, 255)
    struck: bool = False
    raised: bool = False
    removed: bool = False
    collapsed: bool = False
    doubt: str = ""
    moved: str = ""

    @property
    def hidden(self) -> bool:
        """Whether its text is not shown."""
        return self.unseen or self.invisible or self.tiny or self._is_lost_on_the_ground()

    def _is_lost_on_the_ground(self) -> bool:
        if self.colour is None:
            return False
        if not self.colour:
            return True
        return self.background is not None and all(
            abs(one - other) <= NEAR
            for one, other in zip(self.colour, self.background, strict=False)
        )


PLAIN: Final = Look()
"""How text looks that no style is about."""

# ---- one element --------------------------------------------------------------------------------


def _declarations(text: str) -> tuple[dict[str, str], dict[str, str]]:
    """Give the properties that are of interest, and those of them that are marked important."""
    plain: dict[str, str] = {}
    important: dict[str, str] = {}
    text = _ESCAPE.sub(_character, COMMENT.sub("", text.lower()))
    for declaration in text.split(";"):
        name, _, stated = declaration.partition(":")
        own = _ALIASES.get(name.strip(), name.strip())
        if own in _PROPERTIES:
            value, mark, _ = stated[:LONGEST].partition("!")
            (important if mark else plain)[own] = value.strip()
    return plain, important


def _character(match: re.Match[str]) -> str:
    number = int(match[1], 16)
    return chr(number) if number < 0xD800 else ""


def _look(outer: Look, own: Mapping[str, str], tag: str) -> Look:
    """Give the look inside an element whose properties are set so."""
    gone = own.get("display") == "none" or own.get("mso-hide") == "all"
    away = _is_away(own)
    unseen = gone or away or _is_transparent(own) or (tag not in _CELLS and _is_clipped(own, tag))
    seen = {"visible": True, "hidden": False, "collapse": False}.get(own.get("visibility", ""))
    return Look(
        unseen=outer.unseen or unseen,
        invisible=outer.invisible if seen is None else not seen,
        tiny=_is_tiny(own.get("font-size", ""), outer=outer.tiny),
        colour=_text_colour(_painted(own), outer.colour),
        background=_background(own.get("background", ""), outer.background),
        struck=outer.struck or "line-through" in own.get("text-decoration", ""),
        raised=outer.raised or (tag in _INLINE and _is_raised(own)),
        removed=gone or (away and own.get("position") in ("absolute", "fixed")),
        collapsed=own.get("visibility") == "collapse",
        doubt=_doubt(own),
        moved=_moved(own),
    )


def _doubt(own: Mapping[str, str]) -> str:
    """Name the style by which an element may show other digits than its text has."""
    spacing = _pixels(own.get("letter-spacing", ""), percent=0) or 0
    turned = {
        "unicode-bidi": "override" in own.get("unicode-bidi", "") and own.get("direction") == "rtl",
        "transform": _TURNED.search(own.get("transform", "")) is not None,
        "rotate": own.get("rotate", "none") != "none",
        "scale": "-" in own.get("scale", ""),
        "clip-path": own.get("clip-path", "none") not in ("none", "unset", "initial"),
        "letter-spacing": spacing <= -4,
    }
    return next((f"{name}: {own.get(name)}" for name, held in turned.items() if held), "")


def _moved(own: Mapping[str, str]) -> str:
    """Name the style by which the text of an element may stand elsewhere than in the page."""
    position = own.get("position", "static")
    elsewhere = {
        "float": own.get("float", "none") in ("left", "right"),
        "flex-direction": "reverse" in own.get("flex-direction", ""),
        "order": own.get("order", "0") not in ("0", "initial", "unset"),
        "direction": own.get("direction") == "rtl",
        "position": position in ("absolute", "fixed")
        or (position == "relative" and ("left" in own or "right" in own)),
    }
    return next((f"{name}: {own.get(name)}" for name, held in elsewhere.items() if held), "")


def _painted(own: Mapping[str, str]) -> str:
    """Give the colour that letters are filled with."""
    fill = own.get("-webkit-text-fill-color", "")
    return own.get("color", "") if fill in ("", "currentcolor", "inherit") else fill


def _pixels(value: str, *, percent: float) -> float | None:
    """Read a length; *percent* is what one hundredth is taken for."""
    match = _LENGTH.match(value)
    return float(match[1]) * _PIXELS.get(match[2], percent) if match else None


def _is_away(own: Mapping[str, str]) -> bool:
    """Whether an element is moved off the screen."""
    names = ["text-indent", "margin-left", "margin-top"]
    if own.get("position", "static") != "static":
        names += ["left", "right", "top", "bottom"]
    shifts = [_pixels(own[name], percent=10) or 0 for name in names if name in own]
    return any(shift <= -FAR or shift >= 9 * FAR for shift in shifts) or (
        _SHRUNK.search(own.get("transform", "")) is not None
        or ("scale" in own and any(map(_NOTHING.fullmatch, own["scale"].split())))
    )


def _is_transparent(own: Mapping[str, str]) -> bool:
    """Whether one looks through an element, or the browser does not draw it."""
    opacity = _pixels(own.get("opacity", ""), percent=0.01)
    return (
        (opacity is not None and opacity <= FAINT)
        or own.get("content-visibility") == "hidden"
        or re.match(r"opacity\(\s*0*\.?0*%?\s*\)", own.get("filter", "")) is not None
    )


def _is_clipped(own: Mapping[str, str], tag: str) -> bool:
    """Whether nothing of an element is left by what cuts it off."""
    apart = own.get("position") in ("absolute", "fixed")
    sizes = [
        _pixels(own[name], percent=FAR)
        for name in ("width", "height", "max-width", "max-height")
        if name in own and (apart or tag not in _INLINE or "display" in own)
    ]
    cut = own.get("overflow", "").startswith(("hidden", "clip"))
    edges = [float(each[0]) for each in _LENGTH.findall(own.get("clip", "").partition("(")[2])]
    return (
        (cut and any(size is not None and size <= 1 for size in sizes))
        or (apart and len(edges) == 4 and min(edges[1] - edges[3], edges[2] - edges[0]) <= 1)
        or _CLIPPED.match(own.get("clip-path", "")) is not None
    )


def _is_tiny(size: str, *, outer: bool) -> bool:
    """Whether letters have no size; a share of nothing is nothing."""
    match = _LENGTH.search(size)
    if not match:
        return outer and (not size or size == "inherit")
    if match[2] in ("em", "%"):
        return outer or float(match[1]) <= 0
    return float(match[1]) * _PIXELS[match[2]] <= 1


def _is_raised(own: Mapping[str, str]) -> bool:
    """Whether text stands above or below its line, as the mark of a note does."""
    value = own.get("vertical-align", "")
    if value in ("super", "sub", "text-top") or (value == "top" and _is_small(own)):
        return True
    names = ["vertical-align"]
    if own.get("position") == "relative":
        names += ["top", "bottom"]
    lifts = [_pixels(own[name], percent=0.16) or 0 for name in names if name in own]
    return any(3 <= abs(lift) < FAR for lift in lifts)


def _is_small(own: Mapping[str, str]) -> bool:
    """Whether letters are smaller than those around them, as far as their size says so."""
    size = own.get("font-size", "")
    match = _LENGTH.search(size)
    if not match:
        return "small" in size
    most = {"em": 0.9, "%": 90}.get(match[2])
    return float(match[1]) <= most if most else float(match[1]) * _PIXELS[match[2]] <= 12


def _text_colour(value: str, outer: Colour | None) -> Colour | None:
    match = _COLOUR.match(value)
    if not match or value == "inherit":
        return outer
    return _colour(match[0])


def _background(value: str, outer: Colour | None) -> Colour | None:
    """Give the colour behind text, None where it is a picture or not known."""
    if "url(" in value or "gradient" in value:
        return None
    for match in _COLOUR.finditer(value):
        if match[0] in ("none", "inherit", "initial", "unset"):
            return outer
        colour = _colour(match[0])
        if colour is not None:
            return colour or outer
    return None if value and value[0] != "0" else outer


def _colour(word: str) -> Colour | None:
    """Read a colour; None for one that is not known, or half seen through."""
    if word.startswith("#"):
        digits = word[1:] if len(word) > 5 else "".join(2 * digit for digit in word[1:])
        parts = [int(pair, 16) for pair in re.findall("..", digits)]
        alpha = parts[3] / 255 if len(parts) > 3 else 1.0
    elif "(" in word:
        found = re.findall(r"([0-9]*\.?[0-9]+)(%?)", word)
        numbers = [float(number) / (100 if sign else 1) for number, sign in found]
        if len(numbers) < 3:
            return None
        alpha = numbers[3] if len(numbers) > 3 else 1.0
        if word.startswith("hsl"):
            return () if not alpha else _NAMED["white"] if numbers[2] >= 1 else None
        scales = [255 if sign else 1 for _, sign in found]
        parts = [round(number * scale) for number, scale in zip(numbers, scales, strict=False)]
    else:
        return _NAMED.get(word)
    if len(parts) < 3:
        return None
    return () if alpha <= FAINT else tuple(parts[:3]) if alpha >= 0.5 else None


# ---- all elements of a page ----------------------------------------------------------------------


@attrs.define
class Styles:
    """The styles of one page; ``look`` gives what they make of an element."""

    _rules: dict[tuple[str, str], list[Rule]] = attrs.field(factory=dict)
    _relevant: set[str] = attrs.field(factory=lambda: {*_ATTRIBUTES})
    _tags: set[str] = attrs.field(factory=lambda: {*_DEFAULTS})
    _variables: dict[str, list[str]] = attrs.field(factory=dict)
    _steps: int = 0
    _known: dict[Any, Any] = attrs.field(factory=dict)

    @classmethod
    def of(cls, root: Any) -> Styles:
        """Read the style sheets that a page holds."""
        styles = cls()
        sheets = [
            "".join(node.itertext())
            for node in root.iter("style")
            if is_wide(node.get("media") or "")
        ]
        for rule in rules_of("}".join(sheets)):
            styles.add(rule)
        set_here = root.xpath("//@style[contains(., '--')]")
        for name, value in _SET.findall(COMMENT.sub(" ", "}".join([*sheets, *set_here])).lower()):
            values = styles._variables.setdefault(name, [])
            if len(values) < VALUES and value.strip() not in values:
                values.append(value.strip())
        return styles

    def add(self, rule: Rule) -> None:
        """Add a rule, under the rarest thing that it asks of an element."""
        self._count(1)
        plain, important = _declarations(rule.content)
        if not (plain or important):
            return
        if rule.made and not _MADE.search((plain | important).get("content", "")):
            return
        names = {"tag": "*"} | {part.kind: part.name for part in rule.own}
        kind = next(kind for kind in ("id", "class", "tag") if kind in names)
        self._rules.setdefault((kind, names[kind]), []).append(rule)
        if kind == "tag":
            self._tags.add(names[kind])
        self._relevant = self._relevant.union(*(part.attributes for part in rule.own))

    def look(self, node: Any, outer: Look) -> Look:
        """
        Give the look inside an element that stands where things look like *outer*.

        Raises: TooManyCells where the sheets have more rules than any page.
        """
        tag = node.tag
        own = [item for item in node.items() if item[0] in self._relevant]
        if not own and tag not in self._tags and "*" not in self._tags:
            return outer
        key = (tag, *own)
        if len(self._known) > MEMORY:
            self._known.clear()
        rules = self._known.get(key)
        if rules is None:
            rules = self._known[key] = self._candidates(node)
        about, perhaps = rules
        if perhaps:
            self._count(len(perhaps))
            more = [rule for rule in perhaps if rule.fits(node)]
            about = tuple(sorted((*about, *more), key=_order)) if more else about
        found: Look | None = self._known.get((outer, key, about))
        if found is None:
            found = self._look(node, outer, about)
            if attrs.astuple(found) == attrs.astuple(outer):
                found = outer
            self._known[outer, key, about] = found
        return found

    def _look(self, node: Any, outer: Look, rules: Sequence[Rule]) -> Look:
        """Give the look that rules make, with what is in doubt about it."""
        sure = [rule for rule in rules if not (rule.unsure or rule.made)]
        unsure = [rule for rule in rules if rule.unsure and not rule.made]
        own = _properties(node, sure)
        choices = [own] if "var(" not in "".join(own.values()) else [*self._valued(own)]
        self._count(LOOK * (len(choices) + len(unsure)))
        look, *others = [(_look(outer, choice, node.tag), "var()") for choice in choices]
        others += [
            (_look(outer, _properties(node, [*sure, rule]), node.tag), rule.content)
            for rule in unsure
        ]
        doubts = [rule.content for rule in rules if rule.made]
        doubts += [reason for other, reason in others if _seen(other) != _seen(look[0])]
        doubts += [f"class: {name}" for name in _hiding(node, rules)]
        return attrs.evolve(look[0], doubt=look[0].doubt or doubts[0]) if doubts else look[0]

    def _valued(self, own: dict[str, str]) -> Iterator[dict[str, str]]:
        """Give what is set for an element, once for each value that its variables may have."""
        for number in range(VALUES):

            def value(match: re.Match[str], number: int = number) -> str:
                values = self._variables.get(match[1]) or [match[2] or ""]
                return values[min(number, len(values) - 1)].strip()

            yield {name: _VARIABLE.sub(value, text) for name, text in own.items()}

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > BUDGET:
            raise TooManyCells

    def _candidates(self, node: Any) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        """Give the rules that are about all elements with these attributes, and about some."""
        if not self._rules:
            return (), ()
        keys = [("tag", "*"), ("tag", node.tag), ("id", node.get("id"))]
        keys += [("class", name) for name in {*(node.get("class") or "").split()}]
        rules = [rule for key in keys for rule in self._rules.get(key, ())]
        self._count(len(rules))
        about = [rule for rule in rules if not rule.depends and rule.fits(node)]
        return tuple(sorted(about, key=_order)), tuple(rule for rule in rules if rule.depends)


def _seen(look: Look) -> tuple[bool | str, ...]:
    """Give what of a look decides which digits are seen."""
    return look.hidden, look.struck, look.raised, look.removed, look.doubt, look.moved


@once
def _hiding_names() -> frozenset[str]:
    return frozenset(read_data("pages")["styles"]["hidden"].split())


def _hiding(node: Any, rules: Iterable[Rule]) -> list[str]:
    """List the classes of an element that hide it on most pages, and of which no rule says more."""
    names = _hiding_names().intersection((node.get("class") or "").split())
    return sorted(names - {part.name for rule in rules for part in rule.own})


def _order(rule: Rule) -> tuple[int, ...]:
    return rule.order


def _properties(node: Any, rules: Iterable[Rule]) -> dict[str, str]:
    """Give what is set for an element in the end: by browsers, attributes, sheets, itself."""
    own = dict(_DEFAULTS.get(node.tag, {}))
    if node.tag == "dialog" and node.get("open") is not None:
        own = {}
    if (node.get("dir") or "").lower() == "rtl":
        own["direction"] = "rtl"
    away = node.get("hidden") is not None or node.get("popover") is not None
    if away or not _CONVENTIONS.isdisjoint((node.get("class") or "").split()):
        own["display"] = "none"
    if node.get("color"):
        own["color"] = node.get("color").lower()[:LONGEST]
    if node.get("bgcolor"):
        own["background"] = node.get("bgcolor").lower()[:LONGEST]
    if node.get("background"):
        own["background"] = "url("
    stated = [_declarations(rule.content) for rule in rules]
    stated.append(_declarations(node.get("style") or ""))
    for plain, _ in stated:
        own |= plain
    for _, important in stated:
        own |= important
    return own
