"""
The part of ``lxml.etree`` that the readers of web pages use, over the browser's own parser.

Python runs in a worker, and only the page itself has that parser. So ``fromstring`` gives the tree
of a text that the page has parsed already (``PARSED``); any other text it puts on the list of those
to be parsed (``UNPARSED``) and gives an empty page. Who called the reader looks whether anything is
on that list, has it parsed, and calls the reader again.

A tree comes as the browser made it, without what no tag of the text stands for (the ``tbody`` of a
table, an empty ``head``), so that paths and lines are those of lxml.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import Any, Final

UNPARSED: Final[dict[str, None]] = {}
"""The texts that the page has to parse, each start tag with the line that it ends on."""
PARSED: Final[dict[str, Any]] = {}
"""The trees of the texts that it has parsed."""
_LINE: Final = "data-govinfo-line"
_MARK: Final = re.compile(rf" {_LINE}=[0-9]+ ")
_TAG: Final = re.compile(r"""<[A-Za-z][^\s/<>"'=]*""")
_REST: Final = re.compile(r"""(?:[^"'<>]++|"[^"]*+"|'[^']*+'){0,2000}+>""")
_IMPLIED: Final = frozenset(("tbody", "colgroup", "tr"))
"""What a browser puts into a table that has no tag for it."""


class XMLSyntaxError(SyntaxError):
    """A text without any element."""


class HTMLParser:
    """What lxml is told of a page; the browser's parser needs none of it."""

    def __init__(self, **_: Any) -> None:
        pass


class Element:
    """An element, with its text, the text behind it, and the line on which its start tag ends."""

    __slots__ = ("_at", "_attributes", "_inner", "_parent", "sourceline", "tag", "tail", "text")

    def __init__(self, tag: str, attributes: dict[str, str], line: int | None) -> None:
        self.tag = tag
        self.text: str | None = None
        self.tail: str | None = None
        self.sourceline = line
        self._attributes = attributes
        self._inner: list[Element] = []
        self._parent: Element | None = None
        self._at = 0

    def add(self, inner: Element) -> None:
        """Put an element behind all others in this one."""
        inner._parent, inner._at = self, len(self._inner)
        self._inner.append(inner)

    def add_text(self, text: str) -> None:
        """Put text behind all that is in this one."""
        if self._inner:
            self._inner[-1].tail = (self._inner[-1].tail or "") + text
        else:
            self.text = (self.text or "") + text

    def __len__(self) -> int:
        return len(self._inner)

    def __iter__(self) -> Iterator[Element]:
        return iter(self._inner)

    def __bool__(self) -> bool:
        return True

    def get(self, name: str, default: str | None = None) -> str | None:
        """Give an attribute."""
        return self._attributes.get(name, default)

    def items(self) -> list[tuple[str, str]]:
        """Give all attributes."""
        return [*self._attributes.items()]

    def getparent(self) -> Element | None:
        """Give the element around this one."""
        return self._parent

    def getprevious(self) -> Element | None:
        """Give the element before this one."""
        return next(self.itersiblings(preceding=True), None)

    def getnext(self) -> Element | None:
        """Give the element behind this one."""
        return next(self.itersiblings(), None)

    def iterancestors(self) -> Iterator[Element]:
        """Go through the elements around this one, from within."""
        node = self._parent
        while node is not None:
            yield node
            node = node._parent  # noqa: SLF001 (its own class)

    def itersiblings(self, tag: str | None = None, *, preceding: bool = False) -> Iterator[Element]:
        """Go through the elements behind this one, or before it, away from it."""
        beside = self._parent._inner if self._parent is not None else [self]  # noqa: SLF001
        nodes = beside[: self._at][::-1] if preceding else beside[self._at + 1 :]
        return (node for node in nodes if tag in (None, node.tag))

    def iterchildren(self, *tags: str) -> Iterator[Element]:
        """Go through the elements right inside this one."""
        return (node for node in self._inner if not tags or node.tag in tags)

    def iter(self, *tags: str) -> Iterator[Element]:
        """Go through this element and all in it, in the order in which they begin."""
        todo = [self]
        while todo:
            node = todo.pop()
            if not tags or node.tag in tags:
                yield node
            todo += reversed(node._inner)  # noqa: SLF001 (its own class)

    def itertext(self) -> Iterator[str]:
        """Go through the texts in this element."""
        for event, node in iterwalk(self):
            text = node.text if event == "start" else node.tail if node is not self else None
            if text:
                yield text

    def xpath(self, path: str) -> list[Any]:
        """
        Give what a path leads to: one of those that the readers of pages ask for.

        Raises: KeyError for any other.
        """
        return _PATHS[path](self)


_PATHS: Final[dict[str, Callable[[Element], list[Any]]]] = {
    "//@style[contains(., '--')]": lambda root: [
        style for node in root.iter() if "--" in (style := node.get("style") or "")
    ],
    "//meta[translate(@name, 'ARTICLETITLE', 'articletitle') = 'articletitle']/@content": (
        lambda root: [
            node.get("content")
            for node in root.iter("meta")
            if (node.get("name") or "").lower() == "articletitle"
            and node.get("content") is not None
        ]
    ),
    "//title/text()": lambda root: [node.text for node in root.iter("title") if node.text],
    "//*[@itemprop][not(self::meta or self::time)]": lambda root: [
        node
        for node in root.iter()
        if node.get("itemprop") is not None and node.tag not in ("meta", "time")
    ],
}


class iterwalk:  # noqa: N801 (its name in lxml)
    """Go through an element and all in it: where each starts and where it ends."""

    def __init__(self, root: Element, events: tuple[str, ...] = ("start", "end")) -> None:
        if events != ("start", "end"):
            raise NotImplementedError(events)
        self._todo: list[tuple[str, Element]] = [("start", root)]

    def __iter__(self) -> iterwalk:
        return self

    def __next__(self) -> tuple[str, Element]:
        if not self._todo:
            raise StopIteration
        event, node = self._todo.pop()
        if event == "start":
            self._todo.append(("end", node))
            self._todo += [("start", inner) for inner in reversed(node._inner)]  # noqa: SLF001
        return event, node

    def skip_subtree(self) -> None:
        """Leave out what is in the element that has just started."""
        while self._todo[-1][0] == "start":
            self._todo.pop()


def fromstring(data: bytes, _: HTMLParser) -> Element:
    """
    Give the tree of a page, or an empty page where the browser has not parsed it yet.

    Raises: XMLSyntaxError where it has no element at all.
    """
    text = data.decode()
    if not text.strip():
        raise XMLSyntaxError(text)
    marked = _marked(text)
    if marked not in PARSED:
        UNPARSED[marked] = None
        return Element("html", {}, 1)
    return _tree(PARSED[marked])


def parsed(texts: str) -> None:
    """Take the trees of all texts to be parsed, a list of them in JSON, in their order."""
    PARSED.update(zip(UNPARSED, json.loads(texts), strict=True))
    UNPARSED.clear()


def _marked(text: str) -> str:
    """Write the line on which a start tag ends into each."""
    ends = [match.start() for match in re.finditer("\n", text)]

    def mark(tag: re.Match[str]) -> str:
        rest = _REST.match(text, tag.end())
        return f"{tag[0]} {_LINE}={bisect_right(ends, (rest or tag).end() - 1) + 1} "

    return _TAG.sub(mark, text)


def _tree(events: list[Any]) -> Element:
    """
    Build a tree of what the page says: ``[name, attributes]`` where an element starts, a text, 0
    where one ends.
    """
    root = Element("", {}, None)
    around = [root]
    for event in events:
        if event == 0:
            around.pop()
        elif isinstance(event, str):
            around[-1].add_text(_MARK.sub("", event))
        else:
            tag, attributes = event
            line = attributes.get(_LINE)
            own = {
                name: _MARK.sub("", value) for name, value in attributes.items() if name != _LINE
            }
            if line is None and tag in _IMPLIED:
                around.append(around[-1])
                continue
            node = Element(tag, own, int(line) if line else around[-1].sourceline)
            around[-1].add(node)
            around.append(node)
    page = next(iter(root))
    for head in [*page][:1]:
        if head.tag == "head" and not len(head) and not head.text and not head.items():
            _drop(page, head)
    return page


def _drop(around: Element, node: Element) -> None:
    """Take the first element out of the one around it."""
    rest = [each for each in around if each is not node]
    around._inner = []  # noqa: SLF001 (its own class)
    for each in rest:
        around.add(each)
