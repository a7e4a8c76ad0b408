"""
Reports printed to PDF in tables without rules, at random: what stands in a table is only told by
its place.

``unruled`` lays a report out in one of the layouts of ``layouts`` and says how it looks: how wide
its columns are, where in its cells a text stands, where a page ends. ``write`` draws it. ``python
tests/unruled_pages.py`` prints how many figures are right, safe or wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import attrs
import pdfs
from layouts import DRAWN, HEAD, LAYOUTS, laid_out
from page_files import text_of
from pages import Box, Outcome, Page, Placed, Table, Text, placed, score, width

LEFT: Final = 40.0
RIGHT: Final = 555.0
TOP: Final = 790.0
BOTTOM: Final = 60.0
"""Where a page has text, in points, counted from the lower left corner."""

Across = Literal["left", "center", "right"]
Down = Literal["first", "middle", "last"]

PRINTED: Final = tuple(
    name
    for name, layout in LAYOUTS.items()
    if not {"tabs", *DRAWN}.isdisjoint(layout.formats) or name == "merged over zeros"
)
"""The layouts that a page without rules may have."""


@attrs.frozen(kw_only=True)
class Look:
    """
    How a page looks: the size of its signs, how far lines are apart and how much room is left in a
    cell; where in their cells heads, figures and labels (*beside*) stand across, and where heads
    with figures (*down*) and labels stand down.

    *tight*: a table is no wider than it needs; *again*: the head stands on each page again; *tall*:
    so much of a page is used.
    """

    size: float
    leading: float
    room: float
    heads: Across
    figures: Across
    down: Down
    labels: Down
    beside: Across
    tight: bool
    again: bool
    tall: float


def unruled(seed: int, name: str = "") -> tuple[str, Page, Look]:
    """Lay the report with this number out, in a layout of its own, with blank cells or without."""
    dice = random.Random(f"unruled {seed}")
    name = name or dice.choice(PRINTED)
    page = laid_out(name, seed)
    if dice.random() < 0.4:
        _blank(page, dice, dice.choice((0.02, 0.1, 0.3)))
    down: Down = dice.choice(("first", "middle", "middle", "last"))
    return (
        name,
        page,
        Look(
            size=dice.choice((7.0, 8.0, 9.0)),
            leading=dice.choice((1.2, 1.4, 1.7)),
            room=dice.choice((0.5, 2.0, 5.0, 9.0)),
            heads=dice.choice(("left", "center", "center", "right")),
            figures=dice.choice(("left", "center", "center", "right")),
            down=down,
            labels=dice.choice((down, "middle")),
            beside=dice.choice(("left", "left", "center")),
            tight=dice.random() < 0.5,
            again=dice.random() < 0.5,
            tall=dice.choice((1.0, 1.0, 0.6)),
        ),
    )


def _blank(page: Page, dice: random.Random, share: float) -> None:
    """
    Leave some cells of the tables blank, but of no row that has moved: whether that has a blank
    cell more, or one less, nobody can tell.
    """
    for table in page.tables():
        for row in table.rows:
            if not all(box.cell or box.header for box in row):
                continue
            for box in row:
                if box.cell and page.accepted[box.cell] and dice.random() < share:
                    box.text, box.parts = "", ()
                    page.accepted[box.cell] = (None,)


# ---- drawing ------------------------------------------------------------------------------------


@attrs.define
class _Paper:
    """The orders of all pages, and how far down the last one is used."""

    look: Look
    pages: list[str] = attrs.field(factory=lambda: [""])
    y: float = TOP

    @property
    def end(self) -> float:
        """Where a page ends."""
        return TOP - (TOP - BOTTOM) * self.look.tall

    def turn(self) -> None:
        """Begin another page."""
        self.pages.append("")
        self.y = TOP

    def put(self, text: str, x: float, y: float, size: float) -> None:
        """Write a text at a place on the last page."""
        if text.strip():
            self.pages[-1] += pdfs.write(text, round(x, 2), round(y, 2), size)


def write(page: Page, look: Look, path: Path) -> None:
    """Draw a page as a PDF."""
    paper = _Paper(look)
    for block in page.blocks:
        if isinstance(block, Table):
            if not block.hidden:
                _draw_table(paper, block)
        elif isinstance(block, Text):
            _draw_text(paper, block.text, 1.5 * look.size if block.level == 1 else 1.2 * look.size)
    pdfs.drawn_pdf(path, *paper.pages)


def ems(text: str) -> float:
    """Tell how wide a text is, in the size of its signs."""
    return sum(0.5 if sign.isascii() else 1.0 for sign in text)


def _wrapped(text: str, most: float) -> list[str]:
    """Break a text into lines of so many signs."""
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for sign in part:
            if line and ems(line + sign) > most:
                lines.append(line)
                line = ""
            line += sign
        lines.append(line)
    return lines


def _draw_text(paper: _Paper, text: str, size: float) -> None:
    for line in _wrapped(text, (RIGHT - LEFT) / size):
        if paper.y - 2 * size < paper.end:
            paper.turn()
        paper.y -= 1.8 * size
        paper.put(line, LEFT, paper.y, size)


def _draw_table(paper: _Paper, table: Table) -> None:
    drawn = _drawn(table, paper.look)
    first = table.figure_rows()[0] if table.figure_rows() else 0
    again = paper.look.again and first == HEAD
    at = 0
    for end in _ends(drawn.heights, paper, first):
        if at and again:
            drawn.draw(paper, range(first))
        drawn.draw(paper, range(at, end))
        if end < len(drawn.heights):
            paper.turn()
        at = end


@attrs.frozen
class _Drawn:
    """A table with its measures: the lines of each cell, its columns' edges, its rows' heights."""

    look: Look
    places: Placed
    texts: dict[int, list[str]]
    edges: list[float]
    heights: list[float]

    def draw(self, paper: _Paper, rows: range) -> None:
        """Draw some rows; of a merged cell what is on this page is drawn where it begins."""
        labelled = {at for at, _, box in self.places if box.cell}
        for at, column, box in self.places:
            if at in rows:
                end = min(at + box.rows, rows.stop)
                top, high = sum(self.heights[rows.start : at]), sum(self.heights[at:end])
                room = self.edges[column + box.columns] - self.edges[column]
                is_label = box.header and at in labelled
                self._write(paper, box, (self.edges[column], paper.y - top, room, high), is_label)
        paper.y -= sum(self.heights[rows.start : rows.stop])

    def _write(
        self, paper: _Paper, box: Box, place: tuple[float, float, float, float], is_label: bool
    ) -> None:
        """Write what stands in a cell: its left and upper edge, its width and its height."""
        look, lines = self.look, self.texts[id(box)]
        left, top, wide, high = place
        step = look.leading * look.size
        across = look.beside if is_label else look.heads if box.header else look.figures
        is_figure = box.cell or box.column or not box.header
        down = {"first": 0.0, "middle": 0.5, "last": 1.0}[look.down if is_figure else look.labels]
        y = top - look.room - down * (high - len(lines) * step - 2 * look.room) - look.size
        for number, line in enumerate(lines):
            free = wide - 2 * look.room - ems(line) * look.size
            x = left + look.room + {"left": 0.0, "center": 0.5, "right": 1.0}[across] * free
            paper.put(line, x, y - number * step, look.size)


def _drawn(table: Table, look: Look) -> _Drawn:
    """Measure a table; where it is too wide for its page, in smaller signs."""
    places = placed(table)
    while (edges := _edges(places, width(table), look))[-1] > RIGHT + 0.5:
        look = attrs.evolve(look, size=0.95 * look.size, room=0.9 * look.room)
    texts = {}
    for _, column, box in places:
        inside = edges[column + box.columns] - edges[column] - 2 * look.room
        texts[id(box)] = _wrapped(text_of(box), max(1.0, inside / look.size))
    heights = _heights(places, texts, len(table.rows), look)
    return _Drawn(look, places, texts, edges, heights)


def _edges(places: Placed, count: int, look: Look) -> list[float]:
    """Tell where the columns of a table begin, and where the last one ends."""
    sizes = [2.0] * count
    figured = {column for _, column, box in places if box.cell}
    for _, column, box in sorted(places, key=lambda each: each[2].columns):
        text = text_of(box)
        most = max(map(ems, text.split("\n")))
        if box.header:
            least = 3.0 if column in figured else 8.0
            most = min(least, most)
        inside = (most * look.size + 0.2) + 2 * look.room
        sizes[column + box.columns - 1] += max(0.0, inside - sum(sizes[column:][: box.columns]))
    more = RIGHT - LEFT - sum(sizes)
    labels = [column for column in range(count) if column not in figured]
    if more > 0 and not look.tight:
        share = 0.5 if labels else 0.0
        for column in labels:
            sizes[column] += share * more / len(labels)
        for column in figured:
            sizes[column] += (1 - share) * more / len(figured)
    return [LEFT + sum(sizes[:at]) for at in range(count + 1)]


def _heights(places: Placed, texts: dict[int, list[str]], count: int, look: Look) -> list[float]:
    """Tell how high the rows are: merged cells make the last of theirs higher."""
    heights = [0.0] * count
    for at, _, box in sorted(places, key=lambda each: each[2].rows):
        end = min(at + box.rows, count)
        high = len(texts[id(box)]) * look.leading * look.size + 2 * look.room
        heights[end - 1] += max(0.0, high - sum(heights[at:end]))
    return heights


def _ends(heights: list[float], paper: _Paper, first: int) -> Iterator[int]:
    """Tell before which rows another page begins; a cell is not torn where it need not be."""
    count = len(heights)
    y = paper.y
    if y - sum(heights[: first + 2]) < paper.end and y < TOP:
        paper.turn()
        y = TOP
    head = sum(heights[:first])
    for at in range(first + 1, count):
        if y - sum(heights[: at + 1]) < paper.end:
            yield at
            y = TOP + sum(heights[:at]) - (head if paper.look.again and first == HEAD else 0.0)
    yield count


# ---- all ----------------------------------------------------------------------------------------


def outcome(seed: int, folder: Path, name: str = "") -> tuple[str, Outcome]:
    """Draw the page with this number, read it, and compare."""
    name, page, look = unruled(seed, name)
    path = folder / f"{seed}.pdf"
    write(page, look, path)
    return name, score(page, path)


def main(arguments: list[str]) -> int:
    """Print what became of many pages."""
    parser = argparse.ArgumentParser(description="Read random PDF pages without rules.")
    parser.add_argument("--seed", type=int, default=0, help="number of the first page")
    parser.add_argument("--pages", type=int, default=100, help="how many pages")
    parser.add_argument("--only", default="", help="the layout of all pages")
    parser.add_argument("--keep", type=Path, help="folder for the files")
    given = parser.parse_args(arguments)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        place = given.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        for seed in range(given.seed, given.seed + given.pages):
            name, made = outcome(seed, place, given.only)
            silent = sum(": None for" in fault for fault in made.faults)
            counts += made.counts
            counts["blank in silence"] += silent
            counts["wrong"] -= silent
            counts["accused"] += len(made.accused)
            if not made.good:
                print(seed, name, len(made.faults), made.faults[:2], made.accused[:1])
    print(dict(counts))
    return int(bool(counts["wrong"] + counts["blank in silence"]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
