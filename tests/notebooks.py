"""What tests ask of a page for a notebook: the page is parsed as a browser does."""

from __future__ import annotations

from html.parser import HTMLParser

import attrs


@attrs.define
class Page:
    """
    The cells of the tables of a page by their names, those that are marked, strongly or faintly,
    and its tags.
    """

    figures: dict[str, str] = attrs.field(factory=dict)
    marked: set[str] = attrs.field(factory=set)
    faint: set[str] = attrs.field(factory=set)
    tags: set[str] = attrs.field(factory=set)
    attributes: set[str] = attrs.field(factory=set)
    open: list[str] = attrs.field(factory=list)
    text: str = ""
    style: str = ""


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.cell = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.page.tags.add(tag)
        self.page.attributes |= given.keys()
        self.page.open.append(tag)
        self.cell = (given.get("title") or "") if tag == "td" else self.cell
        if tag == "td" and self.cell:
            self.page.figures[self.cell] = ""
            self.page.marked |= {self.cell} if given.get("class") == "suspect" else set()
            self.page.faint |= {self.cell} if given.get("class") == "bystander" else set()

    def handle_endtag(self, tag: str) -> None:
        assert self.page.open.pop() == tag
        self.cell = "" if tag == "td" else self.cell

    def handle_data(self, data: str) -> None:
        if self.page.open[-1:] == ["style"]:
            self.page.style += data
            return
        self.page.text += data
        if self.cell:
            self.page.figures[self.cell] += data


def parsed(html: str) -> Page:
    """Read a fragment; every tag that is opened is closed, in order."""
    parser = _Parser()
    parser.feed(html)
    parser.close()
    assert parser.page.open == []
    return parser.page
