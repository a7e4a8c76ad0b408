"""
Change texts of a page where they stand: ``html`` and the tables in HTML of ``markdown``.

A parser of pages repairs them, and does not keep where its elements stood. So each start tag is
given its offset as an attribute before the page is parsed, and the element says where it began.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

import attrs

from govinfo_schema.documents.formats.amending import Edit, Run, edits, run_of
from govinfo_schema.documents.formats.format import Amendment
from govinfo_schema.documents.formats.pages import Reader

_AT: Final = "data-govinfo-at"
_START: Final = re.compile(r"<[A-Za-z][^\s/<>\"'=]*")
_STEP: Final = re.compile(r"/([^/\[]+)\[([0-9]+)\]")
_TAG: Final = re.compile(
    r"(?s)<!--.*?-->|<[!?][^>]*>"
    r"|<(?P<raw>script|style|template)\b.*?(?:</(?P=raw)\s*>|\Z)"
    r"""|<(?P<close>/?)(?P<name>[A-Za-z][^\s/<>]*)(?:[^"'<>]|"[^"]*"|'[^']*')*>"""
    r"|</?[A-Za-z][^>]*>",
    re.IGNORECASE,
)
_VALUE: Final = re.compile(r"""(?is)\svalue\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_UNSEEN: Final = frozenset(("del", "s", "strike", "sup", "sub"))
_UNSEEN_LOOK: Final = re.compile(
    r"(?i)\shidden(?=[\s/=>])|display\s*:\s*none|line-through|visibility\s*:\s*hidden|vertical-align\s*:\s*su|font-size\s*:\s*0"
)
_CLOSED: Final = re.compile(r"""(?:<[^\s/>]+|["'\s])/>\Z""")
"""A tag that is start and end in one, whose last attribute has no slash of its own."""
_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()  # noqa: SIM905
)
_ESCAPE: Final = partial(html.escape, quote=False)


@attrs.define
class Page:
    """A page that is to be changed: its text, and its tree, whose elements know their offset."""

    text: str
    tree: Any = None

    def __attrs_post_init__(self) -> None:
        """Parse the page with the offset of each start tag in it."""
        self.tree = Reader().parsed(
            _START.sub(lambda tag: f"{tag[0]} {_AT}={tag.start()} ", self.text)
        )

    def edits(self, path: str, amendment: Amendment) -> list[Edit] | None:
        """
        Find the edits after which the element of a path says another text; None where it does not
        say what was found.

        >>> from govinfo_schema.documents.document import NOWHERE
        >>> page = Page("<table><tr><td>1&nbsp;<td><b>2</b>3</table>")
        >>> row = "/html[1]/body[1]/table[1]/tr[1]"
        >>> page.edits(f"{row}/td[2]", Amendment(NOWHERE, "23", "47"))
        [Edit(begin=29, end=30, text='47'), Edit(begin=34, end=35, text='')]
        >>> page.edits(f"{row}/td[1]", Amendment(NOWHERE, "1", ""))
        [Edit(begin=15, end=16, text='')]
        """
        node = self.at(path)
        if node is None:
            return None
        if not amendment.found.strip():
            return self.filled(node, _ESCAPE(amendment.text))
        return edits([*self.runs(node)], amendment, _ESCAPE)

    def at(self, path: str) -> Any:
        """Find the element of a path; None where there is none that a tag began."""
        node = None
        for name, number in _STEP.findall(path):
            if node is None:
                node = self.tree if self.tree is not None and self.tree.tag == name else None
            else:
                inner = [each for each in node if each.tag == name]
                node = inner[int(number) - 1] if int(number) <= len(inner) else None
            if node is None:
                return None
        return node if node is not None and node.get(_AT) else None

    def tokens(self, node: Any) -> Iterator[tuple[int, int, re.Match[str] | None]]:
        """
        Go through what stands in an element: where it begins and ends, and the tag, None for text.
        """
        own = {inner.get(_AT) for inner in node.iter()}
        at = begin = int(node.get(_AT))
        depth = 0
        for tag in _TAG.finditer(self.text, begin):
            name = (tag["name"] or "").lower()
            if tag.start() > at:
                yield at, tag.start(), None
            if name and not tag["close"] and str(tag.start()) not in own:
                return
            if name == node.tag:
                depth += -1 if tag["close"] else 1
                if depth == 0:
                    return
            at = tag.end()
            if tag.start() > begin:
                yield tag.start(), at, tag

    def runs(self, node: Any) -> Iterator[Run]:
        """Go through the texts in an element, those that are filled in too."""
        hidden: list[tuple[str, bool]] = []
        for begin, end, tag in self.tokens(node):
            seen = not any(each for _, each in hidden)
            if tag is None:
                yield run_of(self.text[begin:end], begin, seen=seen)
                continue
            name = (tag["name"] or "").lower()
            if not name:
                continue
            if name == "input":
                value = _VALUE.search(tag[0])
                if value:
                    group = next(at for at in (1, 2, 3) if value[at] is not None)
                    yield run_of(value[group], begin + value.start(group), seen=seen)
            elif tag["close"]:
                while any(own == name for own, _ in hidden):
                    if hidden.pop()[0] == name:
                        break
            elif name not in _VOID:
                hidden.append((name, _is_unseen(tag)))

    def filled(self, node: Any, text: str) -> list[Edit]:
        """
        Write into a blank element: where a space holds its place, else in the innermost of the
        elements that it begins with.
        """
        for run in self.runs(node):
            if run.seen and (not run.text or "\xa0" in run.text or "\u3000" in run.text):
                signs = run.text.strip(" \t\r\n")
                begin = run.text.index(signs) if signs else 0
                return [Edit(run.starts[begin], run.starts[begin + len(signs)], text)]
        start = _TAG.match(self.text, int(node.get(_AT)))
        at = start.end() if start else int(node.get(_AT))
        if start and _CLOSED.search(start[0]):
            # ``<td/>``, as XHTML has it: it has to be opened.
            return [Edit(at - 2, at, f">{text}</{start['name']}>")]
        for begin, end, tag in self.tokens(node):
            if tag is None and self.text[begin:end].strip():
                break
            if tag is None:
                continue
            if not tag["name"] or tag["close"] or tag["name"].lower() in _VOID or _is_unseen(tag):
                break
            at = end
        return [Edit(at, at, text)]


def _is_unseen(tag: re.Match[str]) -> bool:
    """Whether a start tag says that what stands in its element is not shown, or is no figure."""
    return (tag["name"] or "").lower() in _UNSEEN or _UNSEEN_LOOK.search(tag[0]) is not None
