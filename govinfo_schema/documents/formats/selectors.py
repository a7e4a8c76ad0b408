"""
The rules of a style sheet inside a web page: which elements each is about, and what it sets.

``rules_of`` reads a sheet as it applies on a wide screen. It knows the selectors that pages use to
hide and to strike out. A rule that waits for the mouse is about nothing; one whose selector asks
for what is not known here is *unsure*: it is about some of the elements that fit the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import attrs

WIDE: Final = 1280
"""So many pixels has the screen that queries of a sheet are asked about."""
EM: Final = 16
DEPTH: Final = 40
"""So many ancestors or siblings of an element are asked whether a selector names them."""
REMEMBERED: Final = 20_000
"""The rules of a sheet that has no more characters are remembered."""
LONGEST: Final = 300
"""No selector, query or value that pages use has more characters."""

_NAME: Final = r"(?:[\w-]|\\.|[^\x00-\x7f\w])+"
_INNER: Final = r"(?:[^()]|\([^()]*\))*"
_PART: Final = re.compile(
    rf"(?P<tag>\*|{_NAME})|[#](?P<id>{_NAME})|[.](?P<class>{_NAME})"
    r"|\[\s*(?P<attribute>[\w-]+)\s*(?:(?P<sign>[~^$*|]?=)\s*[\"']?(?P<value>[^\"'\]]*)[\"']?)?\s*\]"
    r"|:(?P<place>(?:first|last|only)-(?:child|of-type)|nth-child|nth-of-type|root)(?![\w-])"
    r"(?:\((?P<count>[^()]*)\))?"
    rf"|:not\((?P<denied>{_INNER})\)|:(?:is|where|matches|-webkit-any)\((?P<either>{_INNER})\)"
    r"|::?(?P<made>before|after)(?![\w-])"
    r"|:(?P<never>hover|active|focus(?:-[a-z]+)?|target|visited|empty|:?selection|:-[a-z-]+"
    r"|:placeholder|:backdrop)(?![\w-])"
    rf"|::?(?P<unknown>[\w-]+)(?:\({_INNER}\))?"
)
_KINDS: Final = (
    *("tag", "id", "class", "attribute", "place", "denied", "either", "made", "never"),
    "unknown",
)
_STEP: Final = re.compile(
    rf"\s*([>+~]|\s)\s*|((?:\\.|\[[^\]]*\]|:[\w-]+\({_INNER}\)|[^\s>+~\[\\])+)"
)
_AT: Final = re.compile(r"@([\w-]+)\s*(.*)", re.DOTALL)
_SELECTOR: Final = re.compile(rf"(?:\({_INNER}\)|[^,(])+")
_MOST: Final = 100
"""So many selectors a rule has at most, those of the rules around it counted in."""
COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)


@attrs.frozen(kw_only=True)
class Part:
    """
    One thing that a selector asks of an element: its tag, id or class, an attribute, its place
    among its siblings, that it is or is not as one of some *ways* asks. Of what is ``unknown``, any
    element may be as asked; ``made`` is what a browser puts before or behind the text of one.
    """

    kind: str
    name: str
    sign: str = ""
    value: str = ""
    ways: tuple[tuple[Part, ...], ...] = ()

    @property
    def attributes(self) -> set[str]:
        """The attributes that it looks at, classes aside."""
        own = {"id": {"id"}, "attribute": {self.name}}.get(self.kind, set())
        return own.union(*(part.attributes for way in self.ways for part in way))

    @property
    def depends(self) -> bool:
        """Whether the tag and the attributes of an element do not tell alone that it fits."""
        return self.kind == "place" or any(part.depends for way in self.ways for part in way)

    def fits(self, node: Any) -> bool:
        """Whether an element is as asked."""
        if self.kind == "tag":
            return self.name in ("*", node.tag)
        if self.kind == "class":
            return self.name in (node.get("class") or "").split()
        if self.kind == "place":
            return _PLACES[self.name](node, self.value)
        if self.kind in ("denied", "either"):
            return any(_fits(way, node) for way in self.ways) == (self.kind == "either")
        if self.kind in ("made", "unknown"):
            return True
        own = node.get(self.name if self.kind == "attribute" else "id")
        return isinstance(own, str) and _SIGNS[self.sign](own, self.value)


_SIGNS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "": lambda _, __: True,
    "=": lambda own, value: own == value,
    "~=": lambda own, value: value in own.split(),
    "^=": lambda own, value: own.startswith(value),
    "$=": lambda own, value: own.endswith(value),
    "*=": lambda own, value: value in own,
    "|=": lambda own, value: own == value or own.startswith(f"{value}-"),
}


def _stands(number: int, formula: str) -> bool:
    """
    Tell whether a number, counted from 1, is one of a formula such as ``2n+1``.

    >>> [number for number in range(1, 6) if _stands(number, "2n+1")], _stands(3, "-n+3")
    ([1, 3, 5], True)
    """
    formula = {"odd": "2n+1", "even": "2n"}.get(formula.strip(), formula.replace(" ", ""))
    match = re.fullmatch(r"(?:([+-]?)([0-9]{0,4})n)?([+-]?[0-9]{1,4})?", formula)
    if not match:
        return False
    rest = number - int(match[3] or 0)
    step = int(f"{match[1]}{match[2] or 1}") if match[2] is not None else 0
    return rest == 0 if step == 0 else rest % step == 0 and rest // step >= 0


def _number(node: Any, tag: str | None = None) -> int:
    """Count the siblings before an element, and itself; 0 where they are too many."""
    before = node.itersiblings(tag, preceding=True)
    number = 1 + sum(1 for _ in zip(range(DEPTH), before, strict=False))
    return number if number <= DEPTH else 0


_PLACES: Final[Mapping[str, Callable[[Any, str], bool]]] = {
    "root": lambda node, _: node.getparent() is None,
    "first-child": lambda node, _: node.getprevious() is None,
    "last-child": lambda node, _: node.getnext() is None,
    "only-child": lambda node, _: node.getprevious() is None and node.getnext() is None,
    "first-of-type": lambda node, _: (
        next(node.itersiblings(node.tag, preceding=True), None) is None
    ),
    "last-of-type": lambda node, _: next(node.itersiblings(node.tag), None) is None,
    "only-of-type": lambda node, _: all(
        next(node.itersiblings(node.tag, preceding=before), None) is None
        for before in (True, False)
    ),
    "nth-child": lambda node, formula: _stands(_number(node), formula),
    "nth-of-type": lambda node, formula: _stands(_number(node, node.tag), formula),
}


@attrs.frozen(kw_only=True, eq=False)
class Rule:
    """
    A rule for one selector: *own* is what it asks of the element that it is about, *outer* of those
    around it, from within, each behind the sign between it and the one before. *order* says which
    of two rules for an element goes before, *content* is what it sets, as it stands. *unsure*: it
    asks for something that is not known here; *made*: it is about what is put before or behind.
    """

    own: tuple[Part, ...]
    outer: tuple[tuple[str, tuple[Part, ...]], ...]
    order: tuple[int, ...]
    content: str
    depends: bool
    unsure: bool = False
    made: bool = False

    def fits(self, node: Any) -> bool:
        """Whether it is about an element."""
        return _fits(self.own, node) and self._stands_in(node)

    def _stands_in(self, node: Any) -> bool:
        for sign, parts in self.outer:
            ways = {
                ">": node.iterancestors,
                " ": node.iterancestors,
                "+": lambda node=node: node.itersiblings(preceding=True),
                "~": lambda node=node: node.itersiblings(preceding=True),
            }
            near = range(DEPTH if sign in " ~" else 1)
            asked = (each for _, each in zip(near, ways[sign](), strict=False))
            node = next((each for each in asked if _fits(parts, each)), None)
            if node is None:
                return False
        return True


def _fits(parts: tuple[Part, ...], node: Any) -> bool:
    return all(part.fits(node) for part in parts)


@attrs.frozen
class _Block:
    """What stands around a part of a sheet: the selectors of a rule, and whether it applies."""

    selectors: tuple[str, ...] = ()
    applies: bool = True

    def inner(self, prelude: str) -> _Block:
        """Give the block that begins inside this one."""
        if at := _AT.match(prelude):
            name, query = at[1].lower(), at[2].lower()
            held = (name == "media" and is_wide(query)) or (
                name in ("supports", "layer", "container") and not query.startswith("not")
            )
            return _Block(self.selectors, self.applies and held)
        own = [selector.strip() for selector in _SELECTOR.findall(prelude)]
        if self.selectors:
            own = [_nested(outer, inner) for outer in self.selectors for inner in own[:_MOST]]
        return _Block(tuple(each[:LONGEST] for each in own[:_MOST]), self.applies)


def _nested(outer: str, inner: str) -> str:
    """
    Give the selector of a rule that stands in another one.

    >>> _nested("td", "& i"), _nested("td", "> i"), _nested("td", ".x &")
    ('td i', 'td > i', '.x td')
    """
    return inner.replace("&", outer) if "&" in inner else f"{outer} {inner}"


def rules_of(sheet: str) -> Iterable[Rule]:
    """
    Go through the rules of a style sheet that apply on a wide screen.

    Those of short sheets are remembered: the pages of a site have the same.
    """
    return _known_rules(sheet) if len(sheet) <= REMEMBERED else _rules(sheet)


@lru_cache(maxsize=64)
def _known_rules(sheet: str) -> tuple[Rule, ...]:
    return (*_rules(sheet),)


def _rules(sheet: str) -> Iterator[Rule]:
    blocks = [_Block()]
    for number, piece in enumerate(re.split(r"(?<=[{}])", COMMENT.sub(" ", sheet) + "}")):
        content, brace = piece[:-1], piece[-1:]
        prelude = ""
        if brace == "{":
            content, _, prelude = content.rpartition(";")
        if blocks[-1].applies and content.strip():
            for selector in blocks[-1].selectors:
                yield from _rule(selector, content, number)
        if brace == "{":
            blocks.append(blocks[-1].inner(prelude.strip()))
        else:
            blocks = blocks[:-1] or [_Block()]


def _rule(selector: str, content: str, number: int) -> Iterator[Rule]:
    signs, steps = [""], []
    for step in _STEP.finditer(selector):
        if step[2]:
            steps.append(_parts(step[2]))
        else:
            signs.append(step[1] if step[1] in ">+~" else " ")
    kinds = [part.kind for parts in steps for part in parts if part.name != "*"]
    if steps and all(steps) and len(signs) == len(steps) and "never" not in kinds:
        tags, ids = kinds.count("tag"), kinds.count("id")
        yield Rule(
            own=steps[-1],
            outer=tuple(zip(reversed(signs[1:]), reversed(steps[:-1]), strict=True)),
            order=(ids, len(kinds) - ids - tags, tags, number),
            content=content,
            depends=len(steps) > 1 or any(part.depends for part in steps[-1]),
            unsure="unknown" in kinds,
            made="made" in kinds,
        )


def _parts(text: str) -> tuple[Part, ...]:
    """Read what a selector asks of one element; nothing where it is none."""
    parts = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if not match:
            return ()
        at = match.end()
        kind = next(kind for kind in _KINDS if match[kind] is not None)
        name = re.sub(r"\\(.)", r"\1", match[kind])
        ways: tuple[tuple[Part, ...], ...] = ()
        if kind in ("denied", "either"):
            ways = tuple(_parts(way.strip()) for way in _SELECTOR.findall(name))
            kind = _kind_of(kind, ways)
        value = {"id": name, "place": match["count"]}.get(kind, match["value"]) or ""
        sign = "=" if kind == "id" else match["sign"] or ""
        name = name.lower() if kind in ("tag", "attribute") else name
        parts.append(Part(kind=kind, name=name, sign=sign, value=value, ways=ways))
    return tuple(parts)


def _kind_of(kind: str, ways: tuple[tuple[Part, ...], ...]) -> str:
    """Give the kind of a part with ways: ``unknown`` where one of them is, or is of no element."""
    inner = {part.kind for way in ways for part in way}
    known = all(ways) and inner.isdisjoint(("unknown", "never", "made"))
    return kind if known else "unknown"


def is_wide(query: str) -> bool:
    """
    Tell whether a media query holds on a wide screen.

    >>> is_wide("screen and (max-width: 768px)"), is_wide("(min-width: 62em)"), is_wide("print")
    (False, True, False)
    """
    return any(_holds(part[:LONGEST].strip().lower()) for part in query.split(","))


def _holds(query: str) -> bool:
    if query.startswith("not "):
        return not _holds(query[4:])
    for part in re.split(r"\s+and\s+", query.removeprefix("only ")):
        match = re.fullmatch(
            r"\(\s*(min|max)-(?:device-)?width\s*:\s*([0-9.]+)(px|r?em)\s*\)", part
        )
        if match:
            width = float(match[2].strip(".") or 0) * (1 if match[3] == "px" else EM)
            if width > WIDE if match[1] == "min" else width < WIDE:
                return False
        elif part not in ("", "all", "screen", "(orientation: landscape)"):
            return False
    return True
