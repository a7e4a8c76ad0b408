"""
Pages that are damaged at random, each known by its seed and number, in every format that is text.

What a damage leaves of a figure is known: it still stands there, the page now says another, or
nobody can know it. ``python tests/damaged_pages.py`` reads some thousand of them and prints for
each kind of damage how many figures are right, safe or wrong; the tests run the same.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import attrs
import pages
from page_files import FORMATS, write
from pages import (
    FOREIGN,
    ODD,
    Block,
    Box,
    Outcome,
    Page,
    Table,
    Text,
    another,
    figures_below,
    figures_of,
    label_of,
    placed,
    score,
    swap,
    table_of,
)

WAYS: Final = (
    *("html", "html", "html", "md html", "md", "md", "md dropped"),
    *("tabs", "tabs", "tabs kept", "tabs kept", "bars", "bars kept", "open bars"),
    *("lines bar behind", "spaces", "spaces", "wide spaces"),
)
"""The formats that are text; those that matter more stand here more than once."""
MARKUP: Final = ("html", "md html")
BORDERLESS: Final = tuple(name for name, way in FORMATS.items() if not way.borders)
MARKS: Final = ("①", "③", "²", "*", "※", "[1]", "【2】", "（注1）")
CAPTIONS: Final = ("附：上年数据", "{year}年度数据", "附件：下属单位情况")


@attrs.define(eq=False)
class Work:
    """
    A page under damage. A row is damaged once, so that what it says stays known; a page has at
    most one damage to its columns.
    """

    page: Page
    dice: random.Random
    way: str
    done: list[list[Box]] = attrs.field(factory=list)

    def table(self) -> Table:
        """Choose a table; the long one most often."""
        return self.page.table(
            self.dice.choice(("applications", "applications", "disputes", "proactive"))
        )

    def row(self, fits: Callable[[list[Box]], bool] = bool) -> tuple[Table, list[Box]] | None:
        """Choose a row of figures that is still as it was."""
        table = self.table()
        rows = [row for row in self._whole(table) if fits(row)]
        if not rows:
            return None
        row = self.dice.choice(rows)
        self.done.append(row)
        return table, row

    def neighbours(self) -> tuple[list[Box], list[Box]] | None:
        """Choose two rows of figures that follow each other."""
        rows = self._whole(self.table())
        pairs = [pair for pair in itertools.pairwise(rows) if all(map(label_of, pair))]
        pair = self.dice.choice(pairs) if pairs else None
        self.done += pair or ()
        return pair

    def _whole(self, table: Table) -> list[list[Box]]:
        rows = [table.rows[number] for number in table.figure_rows()]
        return [row for row in rows if not any(row is each for each in self.done)]

    def head(self) -> tuple[Table, Box]:
        """Choose the label of a column."""
        table = self.table()
        return table, self.dice.choice([box for box in table.boxes() if box.header and box.column])

    def heads(self) -> tuple[Table, Box, Box] | None:
        """Choose the labels of two columns of the same block or group."""
        table, head = self.head()
        cells = {box.column: box.cell for box in table.boxes() if box.cell}
        above = _above(cells[head.column])
        others = [
            box
            for box in table.boxes()
            if box.header and box is not head and box.column and _above(cells[box.column]) == above
        ]
        return (table, head, self.dice.choice(others)) if others else None


def _above(cell: str) -> str:
    return cell.rpartition(".")[0]


Damage = Callable[[Work], bool]
"""Damages a page; False where it cannot."""


# ---- cells --------------------------------------------------------------------------------------


def cell_too_many(work: Work) -> bool:
    """A row has a cell too many, empty or with a figure."""
    if not (chosen := work.row()):
        return False
    _, row = chosen
    first = len(row) - len(figures_of(row))
    text = work.dice.choice(("", str(work.dice.randint(0, 99))))
    row.insert(work.dice.randint(first, len(row)), Box(text))
    return True


def cell_missing(work: Work) -> bool:
    """A figure's cell is lost, and those behind it move up."""
    if not (chosen := work.row()):
        return False
    _, row = chosen
    box = work.dice.choice([box for box in row if box.cell])
    row.remove(box)
    _vanish(work.page, box, row)
    return True


def _vanish(page: Page, box: Box, row: list[Box]) -> None:
    """
    Say that a figure is gone from a row. Of a row of equal figures nobody can tell which is gone.
    """
    if {page.accepted[each.cell] for each in row if each.cell} != {page.accepted[box.cell]}:
        page.lose([box.cell])


def odd_cell(work: Work) -> bool:
    """A cell holds what is no figure."""
    if not (chosen := work.row()):
        return False
    box = work.dice.choice([box for box in chosen[1] if box.cell])
    box.text, *values = work.dice.choice(ODD)
    work.page.accepted[box.cell] = tuple(values)
    return True


def note_mark(work: Work) -> bool:
    """The mark of a note stands behind a figure."""
    if not (box := _digits(work)):
        return False
    if work.way in MARKUP and work.dice.random() < 0.5:
        box.parts = (("", box.text), (work.dice.choice(("sup", "raised")), "1"))
    else:
        box.text += work.dice.choice(MARKS)
    return True


def struck(work: Work) -> bool:
    """A digit is struck out before a figure or behind it."""
    if work.way not in (*MARKUP, "md") or not (box := _digits(work)):
        return False
    digit = str(work.dice.randint(1, 99))
    before = work.dice.random() < 0.5
    if work.way == "md":
        box.text = f"~~{digit}~~{box.text}" if before else f"{box.text}~~{digit}~~"
    else:
        gone, figure = (work.dice.choice(("struck", "deleted", "line through")), digit), box.text
        box.parts = (gone, ("", figure)) if before else (("", figure), gone)
    return True


def _digits(work: Work) -> Box | None:
    """Choose a figure that is nothing but digits."""
    chosen = work.row(lambda row: any(box.cell and box.text.isdigit() for box in row))
    boxes = [box for box in chosen[1] if box.cell and box.text.isdigit()] if chosen else []
    return work.dice.choice(boxes) if boxes else None


def digits_joined(work: Work) -> bool:
    """The digits of two cells stand in the first of them; the other is empty, or gone."""
    if not (pair := _pair(work)):
        return False
    row, one, other = pair
    accepted = work.page.accepted
    gone = work.way in BORDERLESS or work.dice.random() < 0.5
    one.text += other.text
    if gone:
        row.remove(other)
    else:
        other.text = ""
        accepted[one.cell] = (int(one.text), *accepted[one.cell])
        accepted[other.cell] = (None, *accepted[other.cell])
    return True


def text_moved(work: Work) -> bool:
    """The texts of two cells stand in one of them, and the other is empty."""
    if work.way in BORDERLESS or not (pair := _pair(work)):
        return False
    _, *boxes = pair
    text = f"{boxes[0].text} {boxes[1].text}"
    full, empty = work.dice.sample(boxes, 2)
    full.text, empty.text = text, ""
    accepted = work.page.accepted
    accepted[empty.cell] = (None, *accepted[empty.cell])
    return True


def _pair(work: Work) -> tuple[list[Box], Box, Box] | None:
    """Choose two figures side by side."""

    def pairs(row: list[Box]) -> list[tuple[Box, Box]]:
        figures = [box for box in row if box.cell]
        return [
            (one, other)
            for one, other in itertools.pairwise(figures)
            if one.text.isdigit() and other.text.isdigit() and one.text != "0"
        ]

    chosen = work.row(lambda row: bool(pairs(row)))
    return (chosen[1], *work.dice.choice(pairs(chosen[1]))) if chosen else None


# ---- rows ---------------------------------------------------------------------------------------


def row_dropped(work: Work) -> bool:
    """A row of figures is lost, with the labels of groups that begin in it."""
    if not (chosen := work.row()):
        return False
    table, row = chosen
    work.page.lose(box.cell for box in row)
    _resize(work, table, row, -1)
    _remove(table, row)
    return True


def head_row_dropped(work: Work) -> bool:
    """A row of the head is lost."""
    table = work.table()
    row = work.dice.choice([row for row in table.rows if not any(box.cell for box in row)])
    _resize(work, table, row, -1)
    _remove(table, row)
    return True


def row_doubled(work: Work) -> bool:
    """A row stands there twice, with the same figures."""
    return _double(work, lambda text: text)


def row_doubled_otherwise(work: Work) -> bool:
    """A row stands there twice, with figures of which nobody can tell which are right."""
    return _double(work, lambda _: str(work.dice.randint(0, 999)))


def _double(work: Work, change: Callable[[str], str]) -> bool:
    if not (chosen := work.row()):
        return False
    table, row = chosen
    label = label_of(row)
    copy = [attrs.evolve(label, rows=1)] if label else []
    copy += [Box(change(box.text), columns=box.columns) for box in figures_of(row)]
    _resize(work, table, row, 1)
    table.rows.insert(_at(table, row) + work.dice.choice((0, 1)), copy)
    return True


def row_split(work: Work) -> bool:
    """The figures of a row, or some of them, stand in a row of their own below their label."""
    if not (chosen := work.row(lambda row: len(figures_of(row)) > 2)):
        return False
    table, row = chosen
    first = len(row) - len(figures_of(row))
    at = work.dice.randint(max(first, 1), len(row) - 1)
    rest = row[at:]
    if first and work.dice.random() < 0.5:
        rest.insert(0, Box("", columns=row[first - 1].columns, header=True))
    _resize(work, table, row, 1)
    del row[at:]
    table.rows.insert(_at(table, row) + 1, rest)
    work.done.append(rest)
    return True


def rows_swapped(work: Work) -> bool:
    """Two rows that follow each other have changed places, labels and figures."""
    if not (pair := work.neighbours()):
        return False
    one, other = pair
    here, there = (len(row) - len(figures_of(row)) - 1 for row in pair)
    one[here:], other[there:] = other[there:], one[here:]
    return True


def row_label_torn(work: Work) -> bool:
    """Some characters of a row's label are lost."""
    if not (chosen := work.row(lambda row: label_of(row) is not None)):
        return False
    if label := label_of(chosen[1]):
        label.text = _torn(work, label.text)
    return True


def _torn(work: Work, text: str) -> str:
    """Lose up to half of a text."""
    size = work.dice.randint(1, max(1, len(text) // 2))
    at = work.dice.randint(0, len(text) - size)
    return text[:at] + text[at + size :]


def _at(table: Table, row: list[Box]) -> int:
    return next(number for number, each in enumerate(table.rows) if each is row)


def _remove(table: Table, row: list[Box]) -> None:
    del table.rows[_at(table, row)]


def _resize(work: Work, table: Table, row: list[Box], change: int) -> None:
    """Let what is merged across a row know that one is put beside it or lost, or not."""
    if work.dice.random() < 0.5:
        at = _at(table, row)
        for top, _, box in placed(table):
            if top < at < top + box.rows:
                box.rows += change


# ---- spans --------------------------------------------------------------------------------------


def span_changed(work: Work) -> bool:
    """A merged cell has lost its span, or has one too many or too few."""
    merged = [box for box in work.table().boxes() if box.rows > 1 or box.columns > 1]
    box = work.dice.choice(merged)
    name = work.dice.choice([name for name in ("rows", "columns") if getattr(box, name) > 1])
    size = getattr(box, name)
    setattr(box, name, work.dice.choice((1, size - 1, size + 1)))
    return True


# ---- columns ------------------------------------------------------------------------------------


def head_torn(work: Work) -> bool:
    """Some characters of the label of a column or of a group of columns are lost, or all."""
    rows = [row for row in work.table().rows if not any(box.cell for box in row)]
    box = work.dice.choice([box for row in rows for box in row])
    text = _torn(work, box.text) if work.dice.random() < 0.7 else ""
    if "元" in text and "万元" not in text:
        return False  # the page names another unit now
    box.text = text
    return True


def head_replaced(work: Work) -> bool:
    """
    The label of a column names what the form does not have. 小计 may be meant for a total, or for
    the only column.
    """
    table, head = work.head()
    alone = all(len(figures_of(row)) == 1 for row in table.rows if head.column in _columns(row))
    name = work.dice.choice(FOREIGN)
    if name != "小计" or (head.text != "总计" and not alone):
        work.page.lose(box.cell for box in figures_below(table, head.column))
    head.text = name
    return True


def _columns(row: list[Box]) -> set[str]:
    """Name the columns of the figures of a row."""
    return {box.column for box in row if not box.header}


def column_dropped(work: Work) -> bool:
    """A column is lost, its label and its figures."""
    table, head = work.head()
    if work.dice.random() < 0.5:
        _narrow(table, head)
    work.page.lose(box.cell for box in figures_below(table, head.column))
    for row in table.rows:
        row[:] = [box for box in row if box.column != head.column]
    return True


def _narrow(table: Table, head: Box) -> None:
    """Take a column off the labels above it."""
    column = next(column for _, column, box in placed(table) if box is head)
    for _, left, box in placed(table):
        if box.header and box.columns > 1 and left <= column < left + box.columns:
            box.columns -= 1


def head_dropped(work: Work) -> bool:
    """The cell of a column's label is lost, and its figures are there."""
    table, head = work.head()
    for row in table.rows:
        row[:] = [box for box in row if box is not head]
    return True


def figures_dropped(work: Work) -> bool:
    """The figures of a column are lost, and its label is there."""
    table, head = work.head()
    for row in table.rows:
        for box in [box for box in row if box.column == head.column and box.cell]:
            row.remove(box)
            _vanish(work.page, box, row)
    return True


def columns_swapped(work: Work) -> bool:
    """Two columns have changed places, labels and figures."""
    if not (chosen := work.heads()):
        return False
    swap(*chosen)
    return True


def heads_swapped(work: Work) -> bool:
    """
    The labels of two columns have changed places, and their figures have not: the page says what it
    says. Where the sums or the group gainsay it nobody can know.
    """
    if not (chosen := work.heads()):
        return False
    table, one, other = chosen
    sure = not {one.text, other.text} & {"总计", "自然人"}
    accepted = work.page.accepted
    columns = [figures_below(table, head.column) for head in (one, other)]
    one.text, other.text = other.text, one.text
    for here, there in zip(*columns, strict=True):
        first, second = accepted[here.cell], accepted[there.cell]
        accepted[here.cell] = second if sure else (*second, *first)
        accepted[there.cell] = first if sure else (*first, *second)
        here.cell, there.cell = there.cell, here.cell
    return True


# ---- tables -------------------------------------------------------------------------------------


def copy_added(work: Work) -> bool:
    """Another unit's or year's table stands before or after one, and says so."""
    caption = work.dice.choice(CAPTIONS).format(year=work.page.report.year - 1)
    return _copy(work, [Text(caption)])


def copy_added_unsaid(work: Work) -> bool:
    """Another table stands before or after one, and nothing says whose it is."""
    return _copy(work, [])


def _copy(work: Work, caption: list[Block]) -> bool:
    table = work.table()
    copy = another(work.page, work.dice).table(table.name)
    after = work.dice.random() < 0.5
    end = after and work.dice.random() < 0.3
    work.page.put(work.page.blocks[-1] if end else table, *caption, copy, after=after)
    return True


# ---- all ----------------------------------------------------------------------------------------

COUNTS: Final[tuple[Damage, ...]] = (
    *(head_torn, head_replaced, head_dropped, head_row_dropped, heads_swapped),
    *(column_dropped, columns_swapped, figures_dropped),
    *(cell_too_many, cell_missing, digits_joined),
)
"""
These change which figure stands below which label, or how many there are. At most one of them is
done to a page, and first: two of them may make a row look right that is not.
"""
OTHERS: Final[tuple[Damage, ...]] = (
    *(odd_cell, note_mark, struck, text_moved, span_changed, copy_added, copy_added_unsaid),
    *(row_dropped, row_doubled, row_doubled_otherwise, row_split, rows_swapped, row_label_torn),
)
NAMES: Final = {damage.__name__: damage for damage in (*COUNTS, *OTHERS)}


@attrs.frozen
class Damaged:
    """A damaged page, the format it is written in, and the kinds of damage done to it."""

    page: Page
    way: str
    kinds: tuple[str, ...]


def damaged(seed: int, number: int, only: str = "") -> Damaged:
    """Make the damaged page with this seed and number; *only* is a kind that must be among them."""
    dice = random.Random(f"{seed} {number} {only}")
    page = pages.page(pages.report(dice.randrange(10**6)))
    work = Work(page, dice, dice.choice(WAYS))
    done: list[Damage] = []
    wanted = [NAMES[only]] if only else []
    wanted += dice.sample([*NAMES.values()], len(NAMES))
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3))):
        counted = any(each in COUNTS for each in done)
        fits = (
            each
            for each in wanted
            if each not in done
            and not (done and each in COUNTS)
            and not (counted and each is span_changed)
        )
        done.append(next(damage for damage in fits if damage(work)))
    return Damaged(page, work.way, tuple(damage.__name__ for damage in done))


def outcome(made: Damaged, path: Path) -> Outcome:
    """Write and read one damaged page."""
    write(made.page, FORMATS[made.way], path)
    found = score(made.page, path)
    found.due = found.reached = 0
    said = path.stem
    found.faults = [f"{said}: {fault}" for fault in found.faults]
    found.accused = [f"{said}: {sums}" for sums in found.accused]
    return found


def batch(
    numbers: range, *, seed: int = 0, only: str = "", keep: Path | None = None
) -> dict[str, Outcome]:
    """Read damaged pages; what became of them by kind of damage, or by several kinds at once."""
    found: dict[str, Outcome] = {}
    with tempfile.TemporaryDirectory() as folder:
        for number in numbers:
            made = damaged(seed, number, only)
            kinds = "+".join(made.kinds)
            suffix = FORMATS[made.way].suffix
            path = Path(folder) / f"{seed}, {number}, {kinds} in {made.way}{suffix}"
            each = outcome(made, path)
            if keep and not each.good:
                path.replace(keep / path.name)
            kind = kinds if len(made.kinds) == 1 else f"{len(made.kinds)} damages"
            found.setdefault(kind, Outcome()).add(each)
    return found


BATCH: Final = 100


def batches(
    count: int, *, seed: int = 0, only: str = "", keep: Path | None = None
) -> Iterator[dict[str, Outcome]]:
    """Read so many damaged pages on all cores."""
    ranges = [range(at, min(at + BATCH, count)) for at in range(0, count, BATCH)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        yield from pool.map(partial(batch, seed=seed, only=only, keep=keep), ranges)


def main(arguments: list[str]) -> int:
    """Print the table, and the first faults of each kind."""
    parser = argparse.ArgumentParser(description="Read pages that are damaged at random.")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=2000, help="number of damaged pages")
    parser.add_argument("--only", default="", choices=("", *NAMES), help="a kind of damage")
    parser.add_argument("--keep", type=Path, help="folder for the files that are not read right")
    given = parser.parse_args(arguments)
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    total: dict[str, Outcome] = {}
    for made in batches(given.count, seed=given.seed, only=given.only, keep=given.keep):
        for kind, each in made.items():
            total.setdefault(kind, Outcome()).add(each)
    print(*table_of(dict(sorted(total.items()))), sep="\n")
    for each in total.values():
        print(*each.faults[:3], *each.accused[:1], sep="\n")
    return int(not all(each.good for each in total.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
