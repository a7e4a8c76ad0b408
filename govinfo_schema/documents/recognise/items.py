"""
A document as one sequence of lines: headings of the six sections, texts, and rows of tables.

Text is cut where a heading begins in it.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from typing import Final

import attrs

from govinfo_schema.documents.document import (
    Block,
    Document,
    Grid,
    Paragraph,
    Span,
)
from govinfo_schema.documents.recognise.figures import is_figure
from govinfo_schema.documents.recognise.lines import HEAD, TABULAR, Item, Text, form_labels
from govinfo_schema.documents.recognise.ruled_lines import cell_items, line_of
from govinfo_schema.documents.recognise.running_lines import streamed
from govinfo_schema.documents.recognise.sections import (
    SectionHeading,
    folded,
    headings_in,
    is_page_number,
    numbered,
    section_heading,
    section_patterns,
)
from govinfo_schema.form.forms import form
from govinfo_schema.form.labels import fold, key
from govinfo_schema.form.parts import CURRENT

_ENOUGH: Final = 3
"""So many sections with a title tell how titles are numbered."""
_DIGITS: Final = re.compile(r"\s*[0-9０-９]+\s*$")


def items(document: Document) -> list[Item]:
    """
    Give the lines and texts of a document in reading order, each with the section that it stands
    under.
    """
    begun = _Begun(set(_titled(document)))
    parts: list[tuple[Block, list[Item]]] = [
        (
            block,
            [
                *(
                    _grid_items(block, number, begun)
                    if isinstance(block, Grid)
                    else _texts(block, begun)
                )
            ],
        )
        for number, block in enumerate(document.blocks)
    ]
    headed = cache(partial(_labels_below_heads, document))
    settled = iter(_settled([item for _, own in parts for item in own]))
    found: list[Item] = []
    section, sheet = "", None
    for block, own in parts:
        if (its := _sheet(block)) != sheet:
            # A text does not go on in another sheet of a workbook.
            section, sheet = "" if section in form(CURRENT).texts else section, its
        these = [next(settled) for _ in own]
        if (
            isinstance(block, Grid)
            and section in form(CURRENT).texts
            and not _is_of_form(block, headed())
        ):
            these = [*_rows_as_text(block)]
        for item in these:
            if isinstance(item, Text) and item.heading:
                section = item.section
            found.append(item.under(section))
    return [*streamed(found)]


@attrs.frozen
class _Begun:
    """The sections that nothing inside a paragraph begins: titled on a line, or past."""

    sections: set[str]

    def begin(self, section: str) -> bool:
        """Begin a section inside a paragraph, if it may; those before it are past then."""
        if section in self.sections:
            return False
        order = [*section_patterns()]
        self.sections.update(order[: order.index(section) + 1])
        return True


def _titled(document: Document) -> Iterator[str]:
    """Go through the sections whose title stands on a line of its own, as the form numbers them."""
    texts = {
        text
        for block in document.blocks
        for text in (
            [span.text for span in block.spans] if isinstance(block, Grid) else [block.text]
        )
    }
    headings = [heading for heading in map(section_heading, texts) if heading]
    for style in {heading.style for heading in headings}:
        sections = {each.section for each in headings if each.style == style}
        if style == 0 or len(sections) >= _ENOUGH:
            yield from sections


def _sheet(block: Block) -> str | None:
    places = block.spans if isinstance(block, Grid) else (block,)
    return places[0].place.sheet if places else None


def first_heading(texts: Sequence[str]) -> int | None:
    """Give the place of the first title of a section among lines, if there is any."""
    headings = [numbered(text) for text in texts]
    style = _style(headings)
    return next(
        (
            at
            for at, heading in enumerate(headings)
            if heading and heading.section and heading.style == style
        ),
        None,
    )


def unknown_headings(found: Iterable[Item]) -> Iterator[Text]:
    """
    Go through the headings that are no title of a section: numbered as those are, but taken for one
    by their number alone, or numbered beyond the last.
    """
    texts = [item for item in found if isinstance(item, Text)]
    style = _style(numbered(item.text) for item in texts if item.heading)
    for item in texts:
        own = numbered(item.text)
        if own and not own.section and (item.heading or _is_beyond(own, style, item.text)):
            yield item


def _is_beyond(heading: SectionHeading, style: int, text: str) -> bool:
    """Tell whether a text is a heading behind those of the six sections, numbered like them."""
    return (
        heading.style == style >= 0
        and heading.number > len(section_patterns())
        and "。" not in text
    )


def _style(headings: Iterable[SectionHeading | None]) -> int:
    """Give the style in which most sections are numbered."""
    sections: dict[int, set[str]] = {}
    for heading in headings:
        if heading and heading.section:
            sections.setdefault(heading.style, set()).add(heading.section)
    return max(sections, key=lambda style: (len(sections[style]), style == 0), default=-1)


def _settled(found: Sequence[Item]) -> Iterator[Item]:
    """
    Decide which headings begin a section: those that are numbered as most are. Another one does if
    none of these names its section and it stands where that is missing; a heading that is not known
    does so by its number. Else it is a heading inside a section, and text.
    """
    headings = [numbered(item.text) if isinstance(item, Text) else None for item in found]
    style = _style(headings)
    order = [*section_patterns()]
    certain = _in_order(
        {
            at: order.index(heading.section)
            for at, heading in enumerate(headings)
            if heading and heading.section and heading.style == style
        }
    )
    places, missing = [*certain], {*range(len(order))} - {*certain.values()}
    enough = len(order) - len(missing) >= _ENOUGH
    last = -1
    for at, (item, heading) in enumerate(zip(found, headings, strict=True)):
        if at in certain:
            last = certain[at]
        elif heading and isinstance(item, Text):
            following = bisect(places, at)
            end = certain[places[following]] if following < len(places) else len(order)
            named = order.index(heading.section) if heading.section else -1
            if named < 0 and heading.style == style >= 0 and enough and _may_head(item.text):
                named = heading.number - 1
            begins = named in missing and last < named < end
            if begins:
                last = named
                missing.remove(named)
            section = order[named] if begins else ""
            yield attrs.evolve(item, section=section, heading=begins)
            continue
        yield item


def _in_order(headings: dict[int, int]) -> dict[int, int]:
    """
    Drop the titles of sections that had begun before, but where most sections begin anew, as behind
    a table of contents.
    """
    kept: dict[int, int] = {}
    for at, section in headings.items():
        following = {other for place, other in headings.items() if place >= at}
        if section not in kept.values() or len(following) >= _ENOUGH:
            kept[at] = section
    return kept


def _may_head(text: str) -> bool:
    """
    Tell whether a numbered text may be the title of a section that is not known by its words: it is
    no sentence and no row of a table.
    """
    own = key(text)
    return not re.search("[。;0-9]", fold(text)[2:]) and not any(
        label.startswith(own) or own.startswith(label) for label in form_labels()
    )


def _is_of_form(grid: Grid, headed: frozenset[str]) -> bool:
    """
    Tell whether a table is one of the form, or a part of one: by its head, or by its labels, if
    these are not among the *headed*.
    """
    labels = _labels_of(grid)
    if HEAD.search("".join(labels)):
        return True
    own = [key(text) for text in labels if key(text) in form_labels()]
    if own and headed.issuperset(own):
        return False
    return bool(TABULAR.search("".join(labels))) or 2 * len(own) >= len(labels)


def _labels_of(grid: Grid) -> list[str]:
    texts = [fold(span.text) for span in grid.spans]
    return [text for text in texts if text and not is_figure(text)]


def _labels_below_heads(document: Document) -> frozenset[str]:
    """Give the labels of all tables that have a head of the form."""
    grids = [_labels_of(block) for block in document.blocks if isinstance(block, Grid)]
    return frozenset(
        key(text) for labels in grids if HEAD.search("".join(labels)) for text in labels
    )


def _rows_as_text(grid: Grid) -> Iterator[Text]:
    """Give the rows of a table that stands in a text: a line for each, its cells apart by tabs."""
    for row in grid.rows():
        line = "\t".join(" ".join(span.text.split()) for span in row)
        if line.strip():
            yield Text(text=line, place=row[0].place)


def _texts(paragraph: Paragraph, begun: _Begun) -> Iterator[Item]:
    """Give a paragraph of the report; menus that stand beside it are none."""
    if paragraph.role != "navigation":
        yield from _paragraph_items(paragraph, begun)


def _grid_items(grid: Grid, number: int, begun: _Begun) -> Iterator[Item]:
    if grid.width == 1 and sum(bool(_DIGITS.match(span.text)) for span in grid.spans) > 1:
        yield from cell_items(grid, number)
        return
    covering: list[Span] = []
    for index, row in enumerate(grid.rows()):
        above = [span for span in covering if span.row + span.rows > index]
        covering = [*above, *row]
        printed = [span for span in row if span.text.strip()]
        if len(printed) == 1 and is_page_number(printed[0].text):
            continue
        if (len(printed) == 1 and not above and section_heading(printed[0].text)) or (
            len(printed) == 1
            and len(row) == len(printed)
            and not is_figure(printed[0].text)
            and len(fold(printed[0].text)) > 60
        ):
            only = Paragraph(text=printed[0].text, place=printed[0].place)
            yield from _paragraph_items(only, begun)
        else:
            yield line_of(row, above, number, grid.stub)


def _paragraph_items(paragraph: Paragraph, begun: _Begun) -> Iterator[Item]:
    """Cut a paragraph where the heading of a section that has not begun stands in it."""
    text = paragraph.text
    if is_page_number(text):
        return
    heading = section_heading(text)
    if heading:
        yield Text(text=text, section=heading.section, heading=True, place=paragraph.place)
        return
    line, places = folded(text)
    at = 0
    for match, name in headings_in(line):
        if not begun.begin(name):
            continue
        start, end = places[match.start()], places[match.end() - 1] + 1
        if text[at:start].strip():
            yield Text(text=text[at:start].strip(), place=paragraph.place)
        yield Text(text=text[start:end], section=name, heading=True, place=paragraph.place)
        at = end
    if text[at:].strip():
        indent = 0 if at else paragraph.indent
        yield Text(text=text[at:].strip(), indent=indent, place=paragraph.place)
