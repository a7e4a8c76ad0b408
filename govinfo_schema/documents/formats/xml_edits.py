"""
Where the elements of an XML part stand in its bytes, so that some can be changed and all else stays
as it was written.

``xlsx_mending`` and ``ods_mending`` change cells with it. It is for parts that were read before:
what is hostile about them was refused then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final
from xml.parsers import expat
from xml.sax.saxutils import escape, unescape

import attrs

_ATTRIBUTE: Final = re.compile(rb"""(\s+)([^\s=/>"']+)(\s*=\s*)("[^"]*"|'[^']*')""")
_START: Final = re.compile(rb"""<[^<>"']*(?:(?:"[^"]*"|'[^']*')[^<>"']*)*>""")
_ENTITY: Final = re.compile("&#(x[0-9A-Fa-f]{1,6}|[0-9]{1,7});")

Edit = tuple[int, int, bytes]
"""The range of bytes that is replaced, and what by."""


@attrs.define(eq=False)
class Element:
    """
    An element in the bytes of a part: its start tag is at *start* to *inner*, its end tag at
    *close* to *end*. *name* and the names of *attributes* are as they are written, with prefix.
    """

    data: bytes = attrs.field(repr=False)
    name: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int = 0
    end: int = 0
    children: list[Element] = attrs.field(factory=list, repr=False)

    def __iter__(self) -> Iterator[Element]:
        """Go through its children."""
        return iter(self.children)

    def find(self, name: str) -> Element | None:
        """Give the first child of a name; None where there is none."""
        return next((each for each in self.children if each.name == name), None)

    def iter(self, name: str) -> Iterator[Element]:
        """Go through itself and all that is in it, in order, for elements of a name."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if element.name == name:
                yield element
            waiting += reversed(element.children)

    @property
    def raw(self) -> bytes:
        """The element as it is written."""
        return self.data[self.start : self.end]

    @property
    def pieces(self) -> list[tuple[int, int, str]]:
        """The texts between its children: where each stands, and what it says."""
        bounds = [self.inner]
        for each in self.children:
            bounds += (each.start, each.end)
        pairs = zip(bounds[::2], [*bounds[1::2], self.close], strict=True)
        return [(start, end, text_of(self.data[start:end])) for start, end in pairs if start < end]

    @property
    def text(self) -> str:
        """What it says itself, outside its children."""
        return "".join(text for _, _, text in self.pieces)

    def tag(self, changes: Mapping[str, str | None], *, closed: bool = False) -> bytes:
        """
        Give its start tag with some attributes changed, added, or left out where they are None;
        *closed*: of an element that has nothing in it.
        """
        whole = self.data[self.start : self.inner]
        left = dict(changes)

        def changed(match: re.Match[bytes]) -> bytes:
            name = match[2].decode()
            if name not in left:
                return match[0]
            value = left.pop(name)
            return b"" if value is None else match[1] + match[2] + match[3] + _quoted(value)

        inside = _ATTRIBUTE.sub(changed, whole[:-2] if whole.endswith(b"/>") else whole[:-1])
        added = b"".join(
            b" " + name.encode() + b"=" + _quoted(value)
            for name, value in left.items()
            if value is not None
        )
        return inside.rstrip() + added + (b"/>" if closed else b">")

    def with_content(self, content: bytes, changes: Mapping[str, str | None]) -> bytes:
        """Give the element with another content, and with attributes changed as in ``tag``."""
        return self.tag(changes) + content + f"</{self.name}>".encode()


def tree(data: bytes) -> Element:
    """
    Read the bytes of a part, which are in UTF-8, as elements.

    Raises: ValueError where they are no XML, or in another encoding.
    """
    data.decode()
    parser = expat.ParserCreate("UTF-8")
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    root = Element(data, "", {}, 0, 0)
    open_elements = [root]

    def started(name: str, attributes: dict[str, str]) -> None:
        start = parser.CurrentByteIndex
        tag = _START.match(data, start)
        element = Element(data, name, attributes, start, tag.end() if tag else start)
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def ended(_: str) -> None:
        element = open_elements.pop()
        if data.endswith(b"/>", 0, element.inner):  # it has no end tag
            element.close = element.end = element.inner
        else:
            element.close = parser.CurrentByteIndex
            element.end = data.index(b">", element.close) + 1

    parser.StartElementHandler, parser.EndElementHandler = started, ended
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    return root.children[0]


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """
    Replace ranges of bytes, none of which overlap.

    >>> edited(b"abcd", [(3, 3, b"-"), (0, 1, b"A")])
    b'Abc-d'
    """
    pieces: list[bytes] = []
    at = 0
    for start, end, new in sorted(edits):
        pieces += (data[at:start], new)
        at = end
    return b"".join([*pieces, data[at:]])


def text_of(raw: bytes) -> str:
    """
    Give what bytes between tags say.

    >>> text_of(b"a &lt; b &amp; &#x4e00;")
    'a < b & 一'
    """
    text = raw.decode().replace("\r\n", "\n")
    text = _ENTITY.sub(
        lambda match: chr(int(match[1][1:], 16) if match[1][0] == "x" else int(match[1])), text
    )
    return unescape(text, {"&quot;": '"', "&apos;": "'"})


def text_bytes(text: str) -> bytes:
    """
    Write a text so that it can stand between tags.

    >>> text_bytes("a < b")
    b'a &lt; b'
    """
    return escape(text).encode()


def _quoted(value: str) -> bytes:
    return b'"' + escape(value, {'"': "&quot;"}).encode() + b'"'
