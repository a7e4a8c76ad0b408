"""
Lines of text out of the signs of a page, and paragraphs out of the lines of all pages.

What is repeated in the margins of pages, and their numbers, is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final

import attrs

from govinfo_schema.documents.document import Aside, Block, Grid, Paragraph, Place
from govinfo_schema.documents.formats.drawn.drawing import Box, Sign, turned

_LEADING: Final = 3.0
"""Signs whose baselines are no farther from each other, in points, stand in one line."""
_SPACE: Final = 0.35
"""A gap of such a share of a sign's size is a space."""
_OVER: Final = 0.55
"""Text that lies over other text by such a share of its size is no part of the same line."""
_MARGIN: Final = 0.1
"""This share of a page, above and below, is margin."""
_GAP: Final = 2.0
"""A gap as wide as so many signs parts columns, not words."""
_LARGER: Final = 1.2
"""So many times as large as most of the text is a title."""
_FOLIO: Final = re.compile(r"[-—–·\s第]*[0-9]{1,3}(?:\s*[/／]\s*[0-9]{1,3})?[-—–·\s页]*")


@attrs.define(eq=False)
class Line:
    """A line of text: its signs from left to right, and its box."""

    text: str
    signs: tuple[Sign, ...]
    box: Box

    @cached_property
    def size(self) -> float:
        """The size of most of its signs."""
        return Counter(round(sign.size, 1) for sign in self.signs).most_common(1)[0][0]

    @cached_property
    def wide(self) -> bool:
        """Whether it has a gap that parts columns."""
        room = _GAP * self.size
        return any(after.x0 - before.x1 > room for before, after in pairwise(self.signs))


@attrs.frozen
class Page:
    """
    What stands on a page: lines outside any table, and grids, each with its upper edge; all its
    text, and what is left out of the lines.
    """

    number: int
    height: float
    lines: list[Line]
    grids: list[tuple[float, Grid]]
    text: str
    asides: tuple[Aside, ...]

    def in_margin(self, line: Line) -> bool:
        """Whether a line stands in the margin above or below."""
        middle = (line.box[1] + line.box[3]) / 2
        return not self.height * _MARGIN < middle < self.height * (1 - _MARGIN)


def lines(signs: Sequence[Sign]) -> list[Line]:
    """Make lines of the signs that are text, from top to bottom; sideways ones come last."""
    seen = [sign for sign in signs if sign.aside is None]
    turns = {sign.turn for sign in seen}
    if turns <= {0}:
        return _lines(seen)
    found = _lines([sign for sign in seen if not sign.turn])
    for turn in sorted(turns & {90, 180, 270}):
        found += _lines([turned(sign, turn) for sign in seen if sign.turn == turn])
    return found


def _lines(signs: list[Sign]) -> list[Line]:
    signs.sort(key=attrgetter("base"))
    rows: list[list[Sign]] = []
    for sign in signs:
        if rows and sign.base - rows[-1][-1].base <= _LEADING:
            rows[-1].append(sign)
        else:
            rows.append([sign])
    return [line for row in rows for part in _layers(row) if (line := _line(part))]


def _layers(row: list[Sign]) -> list[list[Sign]]:
    """
    Part the texts of a row that lie over each other: nothing tells which digits belong together.
    """
    row.sort(key=attrgetter("x0"))
    printed = [sign for sign in row if sign.text.strip()]
    if all(one.x1 - other.x0 < _OVER * other.size for one, other in pairwise(printed)):
        return [row]
    printed.sort(key=attrgetter("run"))
    runs = [list(run) for _, run in groupby(printed, key=lambda sign: sign.run)]
    layers: list[list[Sign]] = []
    for run in sorted(runs, key=lambda run: run[0].x0):
        over = _OVER * run[0].size
        free = next((layer for layer in layers if layer[-1].x1 - run[0].x0 < over), None)
        if free is None:
            layers.append(run)
        else:
            free.extend(run)
    return layers


def _line(signs: Sequence[Sign]) -> Line | None:
    text = ""
    printed: list[Sign] = []
    for sign in signs:
        if not sign.text.strip():
            text += " "
            continue
        if printed and sign.x0 - printed[-1].x1 > _SPACE * printed[-1].size:
            text += " "
        text += sign.text
        printed.append(sign)
    return Line(" ".join(text.split()), tuple(printed), around(printed)) if printed else None


def around(signs: Sequence[Sign]) -> Box:
    """Give the box around signs."""
    return (
        min([sign.x0 for sign in signs]),
        min([sign.top for sign in signs]),
        max([sign.x1 for sign in signs]),
        max([sign.bottom for sign in signs]),
    )


def place_at(page: int, box: Box, table: int | None = None) -> Place:
    """Give the place of what stands in a box on a page."""
    left, top, right, bottom = (round(each, 1) for each in box)
    locator = f"page={page};box={left},{top},{right},{bottom}"
    return Place(page=page, table=table, box=(left, top, right, bottom), locator=locator)


# ---- paragraphs ---------------------------------------------------------------------------------


def without_margins(pages: Sequence[Page]) -> list[Page]:
    """Leave out the numbers of pages, and what is repeated in their margins."""
    repeated = Counter(
        text
        for page in pages
        for text in {_bare(line.text) for line in page.lines if page.in_margin(line)}
    )

    def is_repeated(page: Page, line: Line) -> bool:
        is_text = any(map(str.isalpha, line.text))  # figures of a table are as like on two pages
        return is_text and page.in_margin(line) and repeated[_bare(line.text)] > 1

    kept = [[line for line in page.lines if not is_repeated(page, line)] for page in pages]
    return [
        attrs.evolve(page, lines=[line for line in lines if not _is_folio(page, line, lines)])
        for page, lines in zip(pages, kept, strict=True)
    ]


def _is_folio(page: Page, line: Line, lines: Sequence[Line]) -> bool:
    """Tell whether a line is the number of a page: in the margin, and outside of all others."""
    if not page.in_margin(line) or not _FOLIO.fullmatch(line.text):
        return False
    others = [each for each in lines if not _FOLIO.fullmatch(each.text)]
    top = line.box[1] < page.height / 2
    return not any((each.box[1] < line.box[1]) == top for each in others if page.in_margin(each))


def blocks(pages: Sequence[Page]) -> Iterator[Block]:
    """
    Put text and grids of all pages in order, and join the lines of each paragraph, overleaf too.
    """
    left = min((line.box[0] for page in pages for line in page.lines), default=0.0)
    right = max(
        (line.box[2] for page in pages for line in page.lines if not page.in_margin(line)),
        default=0.0,
    )
    sizes = Counter(line.size for page in pages for line in page.lines for _ in line.signs)
    title = _LARGER * sizes.most_common(1)[0][0] if sizes else 0.0
    held: list[Line] = []
    place = Place()
    for page in pages:
        items: list[tuple[float, Line | Grid]] = [*page.grids]
        items += [(line.box[1], line) for line in page.lines]
        for _, item in sorted(items, key=lambda pair: pair[0]):
            if isinstance(item, Line) and held and _goes_on(held[-1], item, left, right, title):
                held.append(item)
                continue
            yield from _paragraph(held, place)
            held = []
            if isinstance(item, Grid):
                yield item
            else:
                held, place = [item], place_at(page.number, item.box)
    yield from _paragraph(held, place)


def _bare(text: str) -> str:
    """Give the text of a line in the margin without the numbers that differ from page to page."""
    return re.sub("[0-9]+", "#", text)


def _goes_on(before: Line, line: Line, left: float, right: float, title: float) -> bool:
    """
    Tell whether a line goes on with the paragraph of the one before: that is full, and this begins
    at the left or, if it is of the size of a *title*, is centred below it.
    """
    size = line.size
    if abs(before.size - size) > 1 or before.wide or line.wide:
        return False
    if before.box[2] <= right - 2 * size:
        return False
    middles = [(each.box[0] + each.box[2]) / 2 for each in (before, line)]
    is_centred = size >= title and abs(middles[0] - middles[1]) < size / 2
    return line.box[0] < left + size or (is_centred and 0 <= line.box[1] - before.box[3] < size)


def _paragraph(held: Sequence[Line], place: Place) -> Iterator[Paragraph]:
    if not held:
        return
    text = held[0].text
    for line in held[1:]:
        apart = (
            text[-1].isascii()
            and text[-1].isalpha()
            and line.text[0].isascii()
            and line.text[0].isalpha()
        )
        text += f" {line.text}" if apart else line.text
    yield Paragraph(text=text, place=place)
