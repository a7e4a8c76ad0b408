"""
The rules of a style sheet inside a web page: which elements each is about, and what it sets.

``rules_of`` reads a sheet as it applies on a wide screen. It knows the selectors that pages use to
hide and to strike out; a rule whose selector asks for more, as for the mouse, is about nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import attrs

WIDE: Final = 1280
"""So many pixels has the screen that queries of a sheet are asked about."""
EM: Final = 16
DEPTH: Final = 40
"""So many ancestors or siblings of an element are asked whether a selector names them."""
LONGEST: Final = 300
"""No selector, query or value that pages use has more characters."""

_NAME: Final = r"(?:[\w-]|\\.|[^\x00-\x7f\w])+"
_PART: Final = re.compile(
    rf"(?P<tag>\*|{_NAME})|[#](?P<id>{_NAME})|[.](?P<class>{_NAME})"
    r"|\[\s*(?P<attribute>[\w-]+)\s*(?:(?P<sign>[~^$*|]?=)\s*[\"']?(?P<value>[^\"'\]]*)[\"']?)?\s*\]"
    r"|:(?P<place>first-child|last-child|nth-child|nth-of-type|root)(?:\((?P<count>[^()]*)\))?"
    r"|:not\((?P<denied>[^()]*)\)"
)
_KINDS: Final = ("tag", "id", "class", "attribute", "place", "denied")
_STEP: Final = re.compile(r"\s*([>+~]|\s)\s*|((?:\\.|\[[^\]]*\]|:[\w-]+\([^()]*\)|[^\s>+~\[\\])+)")
_SELECTOR: Final = re.compile(r"(?:\([^()]*\)|[^,(])+")
_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)


@attrs.frozen(kw_only=True)
class Part:
    """
    One thing that a selector asks of an element: its tag, id or class, an attribute, its place
    among its siblings, or that it is not what *denied* asks for.
    """

    kind: str
    name: str
    sign: str = ""
    value: str = ""
    denied: tuple[Part, ...] = ()

    @property
    def attributes(self) -> set[str]:
        """The attributes that it looks at, classes aside."""
        own = {"id": {"id"}, "attribute": {self.name}}.get(self.kind, set())
        return own.union(*(part.attributes for part in self.denied))

    @property
    def depends(self) -> bool:
        """Whether the tag and the attributes of an element do not tell alone that it fits."""
        return self.kind == "place" or any(part.depends for part in self.denied)

    def fits(self, node: Any) -> bool:
        """Whether an element is as asked."""
        if self.kind == "tag":
            return self.name in ("*", node.tag)
        if self.kind == "class":
            return self.name in (node.get("class") or "").split()
        if self.kind == "place":
            return _PLACES[self.name](node, self.value)
        if self.kind == "denied":
            return not all(part.fits(node) for part in self.denied)
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
    "nth-child": lambda node, formula: _stands(_number(node), formula),
    "nth-of-type": lambda node, formula: _stands(_number(node, node.tag), formula),
}


@attrs.frozen(kw_only=True, eq=False)
class Rule:
    """
    A rule for one selector: *own* is what it asks of the element that it is about, *outer* of those
    around it, from within, each behind the sign between it and the one before. *order* says which
    of two rules for an element goes before, *content* is what it sets, as it stands.
    """

    own: tuple[Part, ...]
    outer: tuple[tuple[str, tuple[Part, ...]], ...]
    order: tuple[int, ...]
    content: str
    depends: bool

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


def rules_of(sheet: str) -> Iterator[Rule]:
    """Go through the rules of a style sheet that apply on a wide screen."""
    applies = [True]
    selectors = ""
    for number, piece in enumerate(re.split(r"(?<=[{}])", _COMMENT.sub(" ", sheet))):
        content, brace = piece[:-1], piece[-1:]
        if brace != "{":
            for selector in _SELECTOR.findall(selectors):
                yield from _rule(selector[:LONGEST].strip(), content, number)
            selectors = ""
            applies = applies[:-1] or [True]
            continue
        prelude = content.rpartition(";")[2].strip()
        name, _, query = prelude.partition(" ")
        if name.startswith("@"):
            held = (name == "@media" and is_wide(query)) or name in ("@supports", "@layer")
            applies.append(applies[-1] and held)
            selectors = ""
        else:
            selectors = prelude if applies[-1] else ""
            applies.append(False)


def _rule(selector: str, content: str, number: int) -> Iterator[Rule]:
    signs, steps = [""], []
    for step in _STEP.finditer(selector):
        if step[2]:
            steps.append(_parts(step[2]))
        else:
            signs.append(step[1] if step[1] in ">+~" else " ")
    if steps and all(steps) and len(signs) == len(steps):
        kinds = [part.kind for parts in steps for part in parts if part.name != "*"]
        tags, ids = kinds.count("tag"), kinds.count("id")
        yield Rule(
            own=steps[-1],
            outer=tuple(zip(reversed(signs[1:]), reversed(steps[:-1]), strict=True)),
            order=(ids, len(kinds) - ids - tags, tags, number),
            content=content,
            depends=len(steps) > 1 or any(part.depends for part in steps[-1]),
        )


def _parts(text: str) -> tuple[Part, ...]:
    """Read what a selector asks of one element; nothing where it is more than is known here."""
    parts = []
    at = 0
    while at < len(text):
        match = _PART.match(text, at)
        if not match:
            return ()
        at = match.end()
        kind = next(kind for kind in _KINDS if match[kind] is not None)
        name = re.sub(r"\\(.)", r"\1", match[kind])
        denied = _parts(name.strip()) if kind == "denied" else ()
        if kind == "denied" and not denied:
            return ()
        value = {"id": name, "place": match["count"]}.get(kind, match["value"]) or ""
        sign = "=" if kind == "id" else match["sign"] or ""
        name = name.lower() if kind in ("tag", "attribute") else name
        parts.append(Part(kind=kind, name=name, sign=sign, value=value, denied=denied))
    return tuple(parts)


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
