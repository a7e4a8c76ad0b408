"""
How published reports are laid out: a page in more than forty layouts, in every format that can hold
them, read back and compared with the page.

``python tests/layouts.py`` prints for each layout and format how many figures are right, safe or
wrong, and what is wrong; ``--keep`` saves the files that are not read as they should be. The tests
run the same.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import partial
from itertools import pairwise
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
    Change,
    Outcome,
    Page,
    Sheet,
    Table,
    Text,
    another,
    figures_below,
    figures_of,
    label_of,
    placed,
    reordered,
    score,
    swap,
    table_of,
    width,
)

TABLES: Final = ("proactive", "applications", "disputes")
HEAD: Final = 3
"""So many rows has the head of tables 3 and 4; table 3 has as many columns of labels."""
APPLICANTS: Final = range(3, 10)
"""The columns of the figures of table 3."""
RESULTS: Final = 5
"""So many results has each group of table 4."""


@attrs.frozen
class Layout:
    """
    A way to lay a report out, and the formats in which it occurs.

    *glance*: a person reads it at a glance, so the reader must too, but for the formats *harder*.
    """

    change: Change
    formats: tuple[str, ...]
    glance: bool = True
    harder: tuple[str, ...] = ()

    def at_a_glance(self, way: str) -> bool:
        """
        Does a person read it at a glance in this format? Where rows are filled up with empty cells,
        a blank at the end of a row is none that can be told.
        """
        return self.glance and way not in self.harder and way != "padded bars"


def as_printed(page: Page, dice: random.Random) -> None:
    """As the form is printed."""


# ---- spans --------------------------------------------------------------------------------------


def colspans_lost(page: Page, _: random.Random) -> None:
    """A CMS has taken every colspan away."""
    for table in page.tables():
        for box in table.boxes():
            box.columns = 1


def rowspans_lost(page: Page, _: random.Random) -> None:
    """A CMS has taken every rowspan away."""
    for table in page.tables():
        for box in table.boxes():
            box.rows = 1


def spans_lost(page: Page, dice: random.Random) -> None:
    """A CMS has taken all spans away."""
    colspans_lost(page, dice)
    rowspans_lost(page, dice)


def head_spans_lost(page: Page, dice: random.Random) -> None:
    """The spans of the heads are lost, those of the rows are kept."""
    for table in page.tables():
        for row in table.rows:
            if not any(box.cell for box in row):
                for box in row:
                    box.columns = 1
                    box.rows = box.rows if dice.random() < 0.5 else 1


def colspan_too_small(page: Page, _: random.Random) -> None:
    """Colspan 4 for 5 above the legal persons."""
    for box in page.table("applications").boxes():
        if box.columns == 5:
            box.columns = 4


def colspan_of_groups_wrong(page: Page, dice: random.Random) -> None:
    """The colspans of the groups of table 4 are one too small or too large."""
    for box in page.table("disputes").boxes():
        if box.columns > 1:
            box.columns += dice.choice((-1, 1))


def rowspan_too_small(page: Page, _: random.Random) -> None:
    """Rowspan 2 for 3 at the corner of table 3."""
    page.table("applications").rows[0][0].rows = 2


def rowspan_too_large(page: Page, _: random.Random) -> None:
    """Rowspan 3 for 2 above the natural persons and the total."""
    for box in page.table("applications").rows[1]:
        if box.rows == 2:
            box.rows = 3


def widths_for_spans(page: Page, _: random.Random) -> None:
    """Word cells say by their widths what they are merged of, and not by their spans."""
    for table in page.tables():
        table.widths = True


# ---- heads --------------------------------------------------------------------------------------


def head_flattened(*joins: str) -> Change:
    """Print the heads of tables 3 and 4 as one row; each label tells its groups as well."""

    def change(page: Page, dice: random.Random) -> None:
        join = dice.choice(joins)
        _flatten(page.table("applications"), join, dice.choice((1, 2)))
        _flatten(page.table("disputes"), join, 0)

    return change


def head_flattened_to_leaves(page: Page, _: random.Random) -> None:
    """The head of table 3 is one row of the seven applicants alone."""
    _flatten(page.table("applications"), "", HEAD)


def _flatten(table: Table, join: str, top: int) -> None:
    """Write into each column of the head what stands above it, from the row *top* on."""
    above: dict[int, list[Box]] = {}
    for at, column, box in placed(table):
        if at < HEAD:
            for each in range(column, column + box.columns):
                above.setdefault(each, []).append(box)
    start = width(table) - len(figures_of(table.rows[-1]))
    row = [Box(table.rows[0][0].text, columns=start, header=True)] if start else []
    for column in range(start, width(table)):
        labels = above[column][min(top, len(above[column]) - 1) :]
        text = join.join(box.text for box in labels)
        row.append(Box(text, column=above[column][-1].column, header=True))
    table.rows[:HEAD] = [row]


def group_of_applicants_missing(page: Page, dice: random.Random) -> None:
    """The label 法人或其他组织 or 申请人情况 is missing."""
    lost = dice.choice(("法人或其他组织", "申请人情况"))
    for box in page.table("applications").boxes():
        if box.text == lost:
            box.text = ""


def first_row_of_head_missing(page: Page, _: random.Random) -> None:
    """Table 3 begins with the applicants; the corner is empty."""
    table = page.table("applications")
    corner = table.rows[0][0]
    del table.rows[0]
    table.rows[0].insert(0, Box("", rows=2, columns=corner.columns, header=True))


def group_of_disputes_missing(page: Page, dice: random.Random) -> None:
    """A label above the results of table 4 is missing."""
    lost = dice.choice(("行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"))
    for box in page.table("disputes").boxes():
        if box.text == lost:
            box.text = ""
    page.doubt(box.cell for box in page.table("disputes").boxes())


def heads_of_two_lines(page: Page, dice: random.Random) -> None:
    """The labels of columns are broken into two lines."""
    for table in page.tables():
        for box in table.boxes():
            if box.header and box.column and len(box.text) > 3:
                box.text = _broken(box.text, dice)


def labels_of_two_lines(page: Page, dice: random.Random) -> None:
    """The labels of rows are broken into two lines."""
    for table in page.tables():
        for row in table.rows:
            for box in row:
                if box.header and any(each.cell for each in row) and len(box.text) > 7:
                    box.text = _broken(box.text, dice)


def labels_behind_figures(page: Page, dice: random.Random) -> None:
    """Without borders, the rest of a label stands on the line below its figures."""
    for name in ("proactive", "applications"):
        table = page.table(name)
        rows = []
        for row in table.rows:
            rows.append(row)
            label = label_of(row) if any(box.cell for box in row) else None
            if label and len(label.text) > 7:
                label.text, rest = _broken(label.text, dice).split("\n")
                rows.append([Box(rest, header=True)])
        table.rows = rows


def _broken(text: str, dice: random.Random) -> str:
    at = dice.randint(max(3, len(text) // 2 - 2), len(text) // 2 + 1)
    return f"{text[:at]}\n{text[at:]}" if at < len(text) else text


def units_in_heads(page: Page, _: random.Random) -> None:
    """Heads say 件."""
    for box in page.table("proactive").boxes():
        if box.header and box.column and "额" not in box.text:
            box.text += "（件）"


# ---- order --------------------------------------------------------------------------------------

_ORDERS: Final = {
    "total first": [9, 3, 4, 5, 6, 7, 8],
    "natural persons last": [4, 5, 6, 7, 8, 3, 9],
    "total and natural persons behind": [4, 5, 6, 7, 8, 9, 3],
    "legal persons turned round": [3, 8, 7, 6, 5, 4, 9],
}


def applicants(order: list[int]) -> Change:
    """Print the applicants in another order, with their names."""

    def change(page: Page, _: random.Random) -> None:
        reordered(page.table("applications"), [0, 1, 2, *order])

    return change


def applicants_shuffled(page: Page, dice: random.Random) -> None:
    """The legal persons stand in any order, with their names."""
    order = dice.sample(range(4, 9), 5)
    reordered(page.table("applications"), [0, 1, 2, 3, *order, 9])


def natural_person_renamed(page: Page, dice: random.Random) -> None:
    """公民 for 自然人, at the end."""
    applicants([4, 5, 6, 7, 8, 3, 9])(page, dice)
    for box in page.table("applications").boxes():
        if box.text == "自然人":
            box.text = "公民"
            page.doubt(each.cell for each in figures_below(page.table("applications"), box.column))


def groups_swapped(page: Page, dice: random.Random) -> None:
    """行政诉讼 stands before 行政复议, or its two groups are swapped."""
    first, second, third = (list(range(at, at + RESULTS)) for at in (0, 5, 10))
    orders = ([*second, *third, *first], [*first, *third, *second], [*third, *second, *first])
    reordered(page.table("disputes"), dice.choice(orders))


def results_reordered(page: Page, dice: random.Random) -> None:
    """The results of table 4 stand in another order, the same in each group, with their names."""
    order = dice.choice(
        ([4, 0, 1, 2, 3], [0, 1, 2, 4, 3], [1, 0, 2, 3, 4], dice.sample(range(5), 5))
    )
    reordered(page.table("disputes"), [at + each for at in (0, 5, 10) for each in order])


def results_reordered_each(page: Page, dice: random.Random) -> None:
    """In each group of table 4 the results stand in an order of their own."""
    reordered(
        page.table("disputes"),
        [at + each for at in (0, 5, 10) for each in dice.sample(range(5), 5)],
    )


def columns_of_proactive_reordered(page: Page, dice: random.Random) -> None:
    """The columns of a block of table 2 stand in another order, with their names."""
    table = page.table("proactive")
    heads = [box for box in table.rows[1] if box.column]
    swap(table, *dice.sample(heads, 2))


def swapped_and_one_head_empty(page: Page, dice: random.Random) -> None:
    """Two legal persons are swapped, heads and figures, and the head of a third is empty."""
    table = page.table("applications")
    heads = dice.sample([box for box in table.rows[HEAD - 1] if box.column], 3)
    swap(table, *heads[:2])
    heads[2].text = ""


def rows_reordered(page: Page, dice: random.Random) -> None:
    """The rows of table 3 that stand next to each other in a group are in another order."""
    rows = page.table("applications").rows
    groups: dict[str, list[list[Box]]] = {}
    for row in rows[HEAD:]:
        cell = next(box.cell for box in row if box.cell)
        groups.setdefault(cell.rpartition(".")[0].rpartition(".")[0], []).append(row)
    for group in groups.values():
        labels = [len(row) - len(figures_of(row)) - 1 for row in group]
        tails = [row[at:] for at, row in zip(labels, group, strict=True)]
        dice.shuffle(tails)
        for at, row, tail in zip(labels, group, tails, strict=True):
            row[at:] = tail


def rows_numbered(page: Page, _: random.Random) -> None:
    """A column before all others numbers the rows of table 3."""
    rows = page.table("applications").rows
    rows[0].insert(0, Box("序号", rows=HEAD, header=True))
    for number, row in enumerate(rows[HEAD:], 1):
        row.insert(0, Box(str(number), header=True))


# ---- foreign columns ----------------------------------------------------------------------------


def foreign_applicants(page: Page, dice: random.Random) -> None:
    """A column that the form does not have stands anywhere among the legal persons."""
    table = page.table("applications")
    at = dice.randrange(6)
    name = dice.choice(FOREIGN)
    for number, row in enumerate(table.rows):
        figures = figures_of(row)
        if number < HEAD - 1:
            for box in row:
                box.columns += box.columns in (5, 7)
        elif number == HEAD - 1:
            row.insert(at, Box(name, header=True))
        else:
            parts = [int(box.text or 0) for box in figures[1:6]]
            value = sum(parts) if name == "小计" else dice.randint(0, 99)
            row.insert(row.index(figures[0]) + 1 + at, Box(str(value)))


def foreign_before_total(page: Page, dice: random.Random) -> None:
    """A column that the form does not have stands beside the groups of applicants."""
    table = page.table("applications")
    behind = dice.choice((0, 1))
    for number, row in enumerate(table.rows):
        at = len(row) - 1 + behind
        if number == 0:
            row[-1].columns += 1
        elif number == 1:
            row.insert(at, Box(dice.choice(FOREIGN), rows=2, header=True))
        elif number >= HEAD:
            row.insert(at, Box(str(dice.randint(0, 99))))


def foreign_result(page: Page, dice: random.Random) -> None:
    """A group of table 4 has a result that the form does not have."""
    table = page.table("disputes")
    at = dice.randrange(RESULTS)
    figures = table.rows[-1]
    group, before = dice.choice(((0, 1), (5, 2), (10, 2)))
    head = table.rows[before]
    first = group if before == 1 else group - 5
    head.insert(first + at, Box("撤回申请", rows=HEAD - before, header=True))
    figures.insert(group + at, Box(str(dice.randint(0, 99))))
    table.rows[0][0 if group == 0 else 1].columns += 1
    if group:
        table.rows[1][group // 5 + RESULTS - 1].columns += 1


def foreign_in_proactive(page: Page, dice: random.Random) -> None:
    """The first block of table 2 has a column more than the form."""
    table = page.table("proactive")
    at = dice.randrange(1, 5)
    for row in table.rows:
        if row[0].text == "信息内容" and row is not table.rows[1]:
            break
        if len(row) == 4:
            row.insert(at, Box("本年修订件数" if row[0].text == "信息内容" else "17"))
            row[at].header = row[0].text == "信息内容"
    for row in table.rows:
        if len(row) < 5:
            row[-1].columns += 1


def foreign_for_applicants(page: Page, dice: random.Random) -> None:
    """A column that the form does not have stands in the place of a legal person."""
    table = page.table("applications")
    _replace_head(page, table, dice.choice([box for box in table.rows[HEAD - 1] if box.column]))


def foreign_for_result(page: Page, dice: random.Random) -> None:
    """A result that the form does not have stands in the place of one."""
    table = page.table("disputes")
    heads = [box for box in table.boxes() if box.header and box.column and box.text != "总计"]
    _replace_head(page, table, dice.choice(heads), "撤回申请")


def foreign_in_place_in_proactive(page: Page, dice: random.Random) -> None:
    """本年修订件数 stands in the place of a column of table 2."""
    table = page.table("proactive")
    _replace_head(page, table, dice.choice(table.rows[1][1:]), "本年修订件数")


def _replace_head(page: Page, table: Table, head: Box, name: str = "新闻媒体") -> None:
    page.lose(box.cell for box in figures_below(table, head.column))
    for box in figures_below(table, head.column):
        box.cell = ""
    head.text = name


def missing_and_foreign(page: Page, dice: random.Random) -> None:
    """A legal person is missing, and 小计 stands among the others."""
    table = page.table("applications")
    lost = dice.choice([box for box in table.rows[HEAD - 1] if box.column])
    page.lose(box.cell for box in figures_below(table, lost.column))
    for number, row in enumerate(table.rows):
        figures = figures_of(row)
        row[:] = [box for box in row if box.column != lost.column]
        if number == HEAD - 1:
            row.append(Box("小计", header=True))
        elif number >= HEAD:
            row.insert(-1, Box(str(sum(int(box.text or 0) for box in figures[1:6]))))


OTHER_LABELS: Final = {
    "自然人": "非自然人",
    "商业企业": "外商企业",
    "法律服务机构": "中介服务机构",
    "尚未审结": "审结",
    "结果纠正": "结果未纠正",
    "本年制发件数": "上年制发件数",
    "本年新公开数量": "上年新公开数量",
    "现行有效件数": "现行无效件数",
}
"""Labels of columns, and others that are nearly the same."""


def labels_nearly_the_same(page: Page, dice: random.Random) -> None:
    """A column has a label that is another one but for a word."""
    for table in page.tables():
        heads = [box for box in table.boxes() if box.column and box.text in OTHER_LABELS]
        if heads:
            head = dice.choice(heads)
            _replace_head(page, table, head, OTHER_LABELS[head.text])


def rows_moved(page: Page, _: random.Random) -> None:
    """Each row of figures has an empty cell before them."""
    for name in ("applications", "disputes"):
        table = page.table(name)
        for row in table.rows:
            figures = figures_of(row)
            if figures:
                row.insert(len(row) - len(figures), Box(""))


def head_cell_lost(page: Page, dice: random.Random) -> None:
    """The last row of a head has lost a cell, and those behind it have moved to the left."""
    table = page.table(dice.choice(("applications", "disputes")))
    row = max((row for row in table.rows if not figures_of(row)), key=len)
    lost = dice.choice([box for box in row if box.column])
    row.remove(lost)
    page.lose(box.cell for box in table.boxes() if box.column == lost.column and box.cell)


def row_ends_in_blanks(page: Page, dice: random.Random) -> None:
    """A row of table 3 has a cell too many, and its last cells are blank."""
    row = dice.choice(page.table("applications").rows[HEAD:])
    figures = figures_of(row)
    for box in figures[dice.randint(2, 5) :]:
        box.text = ""
        page.accepted[box.cell] = (None,)
    row.insert(row.index(figures[0]) + dice.randint(0, 2), Box(dice.choice(("", "9"))))


# ---- years and copies ---------------------------------------------------------------------------


def years_side_by_side(page: Page, dice: random.Random) -> None:
    """Each column of table 3 or 4 has two: last year's figures and this year's."""
    name = dice.choice(TABLES[1:])
    table, other = page.table(name), another(page, dice).table(name)
    before = dice.random() < 0.5
    years = [f"{page.report.year - 1}年", f"{page.report.year}年"][:: 1 if before else -1]
    corner = 1 if name == "applications" else 0
    for number, row in enumerate(table.rows):
        if number < HEAD:
            for box in row[corner:] if number == 0 else row:
                box.columns *= 2
            continue
        last = [Box(box.text) for box in figures_of(other.rows[number])]
        pairs = zip(last, figures_of(row), strict=True)
        row[:] = [box for box in row if box.header] + [
            box for pair in pairs for box in pair[:: 1 if before else -1]
        ]
    count = len(figures_of(table.rows[-1])) // 2
    table.rows.insert(HEAD, [Box(year, header=True) for _ in range(count) for year in years])
    table.rows[0][0].rows += corner


def copy_of_last_year(where: str, *, after: bool, caption: bool = True) -> Change:
    """Put last year's copy of some tables before or after them."""

    def change(page: Page, dice: random.Random) -> None:
        year = page.report.year - 1
        words = {
            "last year": (f"{year}年度数据", "附：上年数据", f"（{year}年）"),
            "appendix": ("附件：下属单位情况", "附：所属事业单位数据"),
        }
        other = another(page, dice)
        for name in _some(dice) if where == "last year" else TABLES[1:]:
            copies: list[Block] = [Text(dice.choice(words[where])), other.table(name)]
            anchor = page.table(name) if where == "last year" else page.blocks[-1]
            if where == "last year" and not after:
                copies.append(Text(f"{page.report.year}年度数据"))
            page.put(anchor, *copies[0 if caption else 1 :], after=after)

    return change


def _some(dice: random.Random) -> list[str]:
    return sorted(dice.sample(TABLES, dice.randint(1, 3)))


def hidden_copy(page: Page, dice: random.Random) -> None:
    """A copy with other figures is in the file and not shown, as for phones."""
    other = another(page, dice)
    for name in _some(dice):
        copy = other.table(name)
        copy.hidden = True
        page.put(page.table(name), copy, after=dice.random() < 0.5)


def own_and_region(page: Page, dice: random.Random) -> None:
    """Each table stands there twice: the region's figures, and those of the body itself."""
    other = another(page, dice)
    for name in TABLES:
        table = page.table(name)
        page.put(table, Text("（一）全区情况"), after=False)
        page.put(table, Text("（二）本机关情况"), other.table(name), after=True)


def other_sheet(page: Page, dice: random.Random) -> None:
    """A sheet with last year's tables stands behind the report."""
    other = another(page, dice)
    page.blocks.append(Sheet(f"{page.report.year - 1}年"))
    page.blocks += [other.table(name) for name in TABLES]


def hidden_sheet(page: Page, dice: random.Random) -> None:
    """A sheet with other figures is hidden."""
    other = another(page, dice)
    page.blocks.append(Sheet("底稿", hidden=True))
    page.blocks += [other.table(name) for name in TABLES]


def two_rows_labelled(page: Page, dice: random.Random) -> None:
    """Table 4 has a row for last year and one for this, and says which is which."""
    year = page.report.year
    _second_row(page, dice, (f"{year - 1}年", f"{year}年"))


def two_rows_unlabelled(page: Page, dice: random.Random) -> None:
    """Table 4 has two rows of figures, and nothing says whose they are."""
    _second_row(page, dice, None)


def rows_of_units(page: Page, dice: random.Random) -> None:
    """Table 4 has a row for each unit, and the sum of all in the last."""
    table = page.table("disputes")
    figures = table.rows.pop()
    table.rows[0].insert(0, Box("单位", rows=HEAD, header=True))
    for name in ("教育局", "公安局", "民政局"):
        units = [Box(str(dice.randint(0, 99))) for _ in figures]
        table.rows.append([Box(name, header=True), *units])
    table.rows.append([Box("合计", header=True), *figures])


def row_named(page: Page, _: random.Random) -> None:
    """The row of figures of table 4 has a label."""
    table = page.table("disputes")
    table.rows[0].insert(0, Box("项目", rows=HEAD, header=True))
    table.rows[-1].insert(0, Box("数量（件）", header=True))


def _second_row(page: Page, dice: random.Random, labels: tuple[str, str] | None) -> None:
    table = page.table("disputes")
    copy = [Box(box.text) for box in another(page, dice).table("disputes").rows[-1]]
    rows = [copy, table.rows[-1]]
    if labels:
        for row, label in zip(rows, labels, strict=True):
            row.insert(0, Box(label, header=True))
        table.rows[0].insert(0, Box("年度", rows=HEAD, header=True))
    dice.shuffle(rows)
    table.rows[-1:] = rows


# ---- the shape of tables ------------------------------------------------------------------------


def three_for_disputes(page: Page, _: random.Random) -> None:
    """Table 4 is three tables, one for each group."""
    table = page.table("disputes")
    results = [Box(box.text, header=True) for box in table.rows[1][:RESULTS]]
    names = ("行政复议", "行政诉讼 未经复议直接起诉", "行政诉讼 复议后起诉")
    parts: list[Block] = []
    for number, name in enumerate(names):
        figures = table.rows[-1][number * RESULTS : (number + 1) * RESULTS]
        head = [Box(name, columns=RESULTS, header=True)]
        parts.append(Table("disputes", [head, [attrs.evolve(box) for box in results], figures]))
    at = page.blocks.index(table)
    page.blocks[at : at + 1] = parts


def transposed(name: str) -> Change:
    """Print a table with its rows as columns."""

    def change(page: Page, _: random.Random) -> None:
        table = page.table(name)
        rows: list[list[Box]] = [[] for _ in range(width(table))]
        for _at, column, box in placed(table):
            box.rows, box.columns = box.columns, box.rows
            rows[column].append(box)
        table.rows = rows

    return change


def one_table(page: Page, _: random.Random) -> None:
    """All three tables and the headings between them are one table."""
    first = page.blocks.index(page.table("proactive"))
    last = page.blocks.index(page.table("disputes"))
    size = max(map(width, page.tables()))
    rows: list[list[Box]] = []
    for block in page.blocks[first : last + 1]:
        if isinstance(block, Table):
            rows += block.rows
        elif isinstance(block, Text):
            rows.append([Box(block.text, columns=size, header=True)])
    page.blocks[first : last + 1] = [Table("proactive", rows)]


def over_pages(*, heads: bool) -> Change:
    """Cut tables 2 and 3 where a page ends, with the page's number between."""

    def change(page: Page, dice: random.Random) -> None:
        for name, first in (("proactive", 4), ("applications", 6)):
            _cut(page, page.table(name), dice, first, heads=heads and name == "applications")

    return change


def _cut(page: Page, table: Table, dice: random.Random, first: int, *, heads: bool) -> None:
    at = dice.randrange(first, len(table.rows) - 2)
    rest: list[list[tuple[int, Box]]] = [[] for _ in table.rows[at:]]
    for top, column, box in placed(table):
        if top >= at:
            rest[top - at].append((column, box))
        elif top + box.rows > at:
            rest[0].append((column, attrs.evolve(box, text="", rows=top + box.rows - at)))
            box.rows = at - top
    rows = [[box for _, box in sorted(row, key=lambda pair: pair[0])] for row in rest]
    if heads:
        rows[:0] = [[attrs.evolve(box) for box in row] for row in table.rows[:HEAD]]
    del table.rows[at:]
    page.put(table, Text(f"- {dice.randint(2, 9)} -"), Table(table.name, rows), after=True)


def a_sheet_each(page: Page, _: random.Random) -> None:
    """Each table stands on a sheet of its own, below its heading."""
    names = dict(zip(TABLES, ("主动公开", "依申请公开", "复议诉讼"), strict=True))
    blocks: list[Block] = []
    for block in page.blocks:
        blocks.append(block)
        if isinstance(block, Table):
            blocks.insert(-2, Sheet(names[block.name]))
    page.blocks[:] = blocks


def in_a_frame(page: Page, _: random.Random) -> None:
    """The page stands in tables that only lay it out."""
    page.frame = True


def notes_below(page: Page, dice: random.Random) -> None:
    """Notes stand below the tables, and one in the last row of table 3."""
    for table in page.tables():
        note = f"注：1.含{dice.randint(2, 99)}件上年申请。2.本表数据截至{page.report.year}年底。"
        page.put(table, Text(note), after=True)
    rows = page.table("applications").rows
    rows.append([Box("备注：其中3件为合并办理。", columns=10, header=True)])


# ---- beside the figures -------------------------------------------------------------------------


def beside(style: str, texts: tuple[str, ...], *, before: bool) -> Change:
    """Put a mark or a text that does not count beside every tenth figure."""

    def change(page: Page, dice: random.Random) -> None:
        for table in page.tables():
            for box in table.boxes():
                if box.cell and box.text.isdigit() and dice.random() < 0.1:
                    mark = (style, dice.choice(texts))
                    figure = ("", box.text)
                    box.parts = (mark, figure) if before else (figure, mark)

    return change


def written(form: Callable[[str], str]) -> Change:
    """Write the figures in another way that reads the same."""

    def change(page: Page, _: random.Random) -> None:
        for table in page.tables():
            for box in table.boxes():
                if box.cell and box.text.isdigit():
                    box.text = form(box.text)

    return change


_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")


def nested(page: Page, dice: random.Random) -> None:
    """Some figures stand in tables of their own inside their cells."""
    for table in page.tables():
        for box in table.boxes():
            if box.cell and dice.random() < 0.3:
                box.parts = (("nested", box.text),)


def hidden_column(page: Page, dice: random.Random) -> None:
    """Each row of table 3 has a cell that is not shown."""
    at = dice.randrange(7)
    for row in page.table("applications").rows[HEAD:]:
        row.insert(len(row) - len(figures_of(row)) + at, Box(str(dice.randint(1, 99)), hidden=True))


def in_fields(page: Page, dice: random.Random) -> None:
    """The figures stand in the fields of a form."""
    for table in page.tables():
        for box in table.boxes():
            if box.cell and dice.random() < 0.9:
                box.parts = (("input", box.text),)
                page.doubt([box.cell])


def empty_cells_too_many(page: Page, dice: random.Random) -> None:
    """
    Some rows of table 3 have an empty cell too many, before their figures or behind them; before
    them only where the last is no blank, as else nothing tells.
    """
    for row in page.table("applications").rows[HEAD:]:
        if dice.random() < 0.3:
            figures = figures_of(row)
            page.doubt(box.cell for box in figures)
            before = dice.random() < 0.5 and bool(figures[-1].text)
            row.insert(len(row) - len(figures) if before else len(row), Box(""))


def odd_cells(page: Page, dice: random.Random) -> None:
    """One cell of a row of table 3 is no figure; the others are read."""
    for row in page.table("applications").rows[HEAD:]:
        if dice.random() < 0.3:
            box = dice.choice(figures_of(row))
            box.text, *values = dice.choice(ODD)
            page.accepted[box.cell] = tuple(values)
            page.doubt([box.cell])


def amount_in_yuan(where: str) -> Change:
    """Print the amount of the fees in 元, and say so in its head or above the table."""

    def change(page: Page, _: random.Random) -> None:
        table = page.table("proactive")
        cell = "proactive.administrative_fees.amount"
        for box in table.boxes():
            if box.header and "单位：万元" in box.text:
                said = "（单位：元）" if where == "head" else ""
                box.text = box.text.replace("（单位：万元）", said)
            if box.cell == cell and box.text:
                box.text = f"{(page.accepted[cell][0] * 10_000):f}"
                page.doubt([cell])
        if where == "above" and cell in page.accepted:
            page.put(table, Text("单位：件、元"), after=False)

    return change


def merged_over_zeros(page: Page, dice: random.Random) -> None:
    """A zero of table 3 is merged with the zero below it."""
    rows = page.table("applications").rows[HEAD:]
    for above, below in pairwise(rows):
        zeros = [
            (one, other)
            for one, other in zip(figures_of(above), figures_of(below), strict=False)
            if one.text == other.text == "0" and one.column == other.column and one.rows == 1
        ]
        if zeros and dice.random() < 0.5:
            one, other = dice.choice(zeros)
            one.rows = 2
            page.doubt([one.cell, other.cell])
            below.remove(other)


def leading_point(page: Page, dice: random.Random) -> None:
    """An amount begins with its decimal point."""
    for box in page.table("proactive").boxes():
        if box.cell.endswith("amount") and box.text:
            digits = f".{dice.randint(1, 99):02}"
            unit = box.text.lstrip("0123456789.")
            box.text = digits + unit
            page.accepted[box.cell] = (Decimal(f"0{digits}"),)


# ---- all ----------------------------------------------------------------------------------------

ALL: Final = tuple(FORMATS)
PAGES: Final = ("html", "md html")
FILES: Final = ("html", "docx", "xlsx", "ods")
KEPT: Final = (*FILES, "md", "tabs kept", "bars kept")
DRAWN: Final = ("drawn", "drawn wide")
COPIED: Final = ("tabs", "bars", "open bars", "lines", "lines bar behind", "spaces")
BARE: Final = ("spaces", *DRAWN)
MARKS: Final = ("①", "②", "⑩", "※", "[1]", "【2】", "²")
OTHERS: Final = ("3", "12", "407")

LAYOUTS: Final[dict[str, Layout]] = {
    "as printed": Layout(as_printed, ALL, harder=("glued",)),
    "colspans lost": Layout(colspans_lost, PAGES),
    "rowspans lost": Layout(rowspans_lost, PAGES),
    "spans lost": Layout(spans_lost, PAGES),
    "spans of heads lost": Layout(head_spans_lost, PAGES),
    "colspan 4 for 5": Layout(colspan_too_small, PAGES),
    "colspans of groups wrong": Layout(colspan_of_groups_wrong, PAGES),
    "rowspan 2 for 3": Layout(rowspan_too_small, PAGES),
    "rowspan 3 for 2": Layout(rowspan_too_large, PAGES),
    "widths for spans": Layout(widths_for_spans, ("docx",)),
    "head flattened": Layout(head_flattened("", "-", "—", "："), (*KEPT, "tabs", "bars")),
    "head flattened to lines": Layout(head_flattened("\n"), (*FILES, "md")),
    "head flattened to leaves": Layout(head_flattened_to_leaves, (*KEPT, *COPIED)),
    "group of applicants missing": Layout(
        group_of_applicants_missing, (*KEPT, *COPIED), harder=COPIED
    ),
    "first row of head missing": Layout(first_row_of_head_missing, (*KEPT, *COPIED)),
    "group of disputes missing": Layout(group_of_disputes_missing, (*KEPT, *COPIED)),
    "heads of two lines": Layout(
        heads_of_two_lines, (*FILES, "tabs", "md", *DRAWN), harder=("tabs",)
    ),
    "labels of two lines": Layout(labels_of_two_lines, (*FILES, "md", "tabs", *BARE)),
    "labels behind figures": Layout(
        labels_behind_figures, (*BARE, "wide spaces", "tabs"), harder=DRAWN
    ),
    "units in heads": Layout(units_in_heads, (*FILES, "tabs", *BARE)),
    **{
        f"applicants: {name}": Layout(
            applicants(order), (*KEPT, "tabs", "bars", *BARE), harder=COPIED
        )
        for name, order in _ORDERS.items()
    },
    "applicants shuffled": Layout(
        applicants_shuffled, (*KEPT, "tabs", "bars", *BARE), harder=COPIED
    ),
    "natural person renamed": Layout(natural_person_renamed, (*KEPT, "tabs")),
    "groups swapped": Layout(groups_swapped, (*KEPT, "tabs", "bars", *BARE)),
    "results reordered": Layout(results_reordered, (*KEPT, "tabs", "bars", *BARE)),
    "results reordered each": Layout(results_reordered_each, (*KEPT, "tabs"), harder=("tabs",)),
    "columns of table 2 swapped": Layout(columns_of_proactive_reordered, (*KEPT, "tabs", *BARE)),
    "rows reordered": Layout(rows_reordered, (*KEPT, "tabs", *BARE), glance=False),
    "rows numbered": Layout(rows_numbered, (*KEPT, "tabs"), harder=COPIED),
    "swapped, and a head empty": Layout(swapped_and_one_head_empty, KEPT, glance=False),
    "foreign legal person": Layout(
        foreign_applicants, (*KEPT, "tabs", *BARE), harder=(*COPIED, *DRAWN)
    ),
    "foreign column beside total": Layout(foreign_before_total, (*KEPT, "tabs"), harder=COPIED),
    "foreign result": Layout(foreign_result, (*KEPT, "tabs"), harder=COPIED),
    "foreign column in table 2": Layout(foreign_in_proactive, (*KEPT, "tabs"), harder=COPIED),
    "foreign for legal person": Layout(
        foreign_for_applicants, (*KEPT, "tabs", "bars", *BARE), glance=False
    ),
    "foreign for result": Layout(foreign_for_result, (*KEPT, "tabs", "bars", *BARE), glance=False),
    "foreign in place in table 2": Layout(
        foreign_in_place_in_proactive, (*KEPT, "tabs", *BARE), glance=False
    ),
    "labels nearly the same": Layout(
        labels_nearly_the_same, (*KEPT, "tabs", "bars", *BARE), glance=False
    ),
    "rows moved": Layout(rows_moved, (*KEPT, "tabs", "bars"), glance=False),
    "head cell lost": Layout(head_cell_lost, (*KEPT, "tabs", "bars", *BARE), glance=False),
    "row ends in blanks": Layout(
        row_ends_in_blanks, ("html", "docx", "md", "bars kept"), glance=False
    ),
    "missing and foreign": Layout(missing_and_foreign, (*KEPT, "tabs", *BARE), glance=False),
    "years side by side": Layout(years_side_by_side, (*KEPT, "tabs"), glance=False),
    "last year before": Layout(copy_of_last_year("last year", after=False), (*KEPT, "tabs")),
    "last year after": Layout(copy_of_last_year("last year", after=True), (*KEPT, "tabs")),
    "unnamed copy before": Layout(
        copy_of_last_year("appendix", after=False, caption=False), (*KEPT, "tabs"), glance=False
    ),
    "appendix after": Layout(copy_of_last_year("appendix", after=True), (*KEPT, "tabs")),
    "hidden copy": Layout(hidden_copy, ("html", "xlsx")),
    "own and region": Layout(own_and_region, (*KEPT, "tabs"), glance=False),
    "another sheet": Layout(other_sheet, ("xlsx", "ods")),
    "hidden sheet": Layout(hidden_sheet, ("xlsx",)),
    "two rows, labelled": Layout(two_rows_labelled, (*KEPT, "tabs"), glance=False),
    "two rows, unlabelled": Layout(two_rows_unlabelled, (*KEPT, "tabs"), glance=False),
    "rows of units": Layout(rows_of_units, (*KEPT, "tabs"), glance=False),
    "row named": Layout(row_named, (*KEPT, "tabs", "bars", *BARE)),
    "table 4 as three": Layout(three_for_disputes, (*KEPT, "tabs", "bars")),
    "table 4 transposed": Layout(transposed("disputes"), KEPT, glance=False),
    "table 3 transposed": Layout(transposed("applications"), KEPT, glance=False),
    "all in one table": Layout(one_table, (*KEPT, "tabs")),
    "over pages": Layout(over_pages(heads=False), (*KEPT, "tabs", *BARE)),
    "over pages with heads": Layout(over_pages(heads=True), (*KEPT, "tabs", *BARE)),
    "a sheet each": Layout(a_sheet_each, ("xlsx", "ods")),
    "in a frame": Layout(in_a_frame, ("html", "docx")),
    "notes below": Layout(notes_below, (*KEPT, "tabs", *BARE)),
    **{
        f"{style}": Layout(beside(style, OTHERS, before=True), ways)
        for style, ways in (
            ("struck", ("html", "md html", "docx", "xlsx")),
            ("deleted", ("html", "docx")),
            ("line through", ("html", "docx")),
            ("hidden", ("html", "docx")),
            ("invisible", ("html",)),
            ("tiny", ("html",)),
            ("off screen", ("html",)),
            ("white", ("html", "docx")),
        )
    },
    "sup": Layout(beside("sup", ("1", "2", "①"), before=False), (*PAGES, "docx", "xlsx")),
    "raised": Layout(beside("raised", ("1", "2"), before=False), ("html", "docx")),
    "plain marks": Layout(beside("", MARKS, before=False), (*KEPT, "tabs", "bars", *BARE)),
    "thousands": Layout(written(lambda text: f"{int(text):,}"), (*KEPT, "tabs", *BARE)),
    "full width": Layout(written(lambda text: text.translate(_FULL_WIDTH)), (*KEPT, "tabs")),
    "件 behind figures": Layout(
        written(lambda text: f"{text}件"), (*KEPT, "tabs", *BARE), harder=(*COPIED, *DRAWN)
    ),
    "blanks around figures": Layout(written(lambda text: f" {text}\u3000"), (*KEPT, "tabs")),
    "nested": Layout(nested, ("html", "docx"), glance=False),
    "hidden cells": Layout(hidden_column, ("html",)),
    "input fields": Layout(in_fields, ("html",)),
    "empty cells too many": Layout(empty_cells_too_many, (*KEPT, "tabs", "bars")),
    "odd cells": Layout(odd_cells, (*KEPT, "tabs", "bars", *BARE), harder=BARE),
    "amount in yuan": Layout(amount_in_yuan("head"), (*KEPT, "tabs", *BARE)),
    "amount in yuan, said above": Layout(amount_in_yuan("above"), (*KEPT, "tabs", *BARE)),
    "merged over zeros": Layout(merged_over_zeros, (*PAGES, "docx", "xlsx")),
    "leading point": Layout(leading_point, (*KEPT, "tabs", *BARE)),
}

KINDS: Final = [(name, way) for name, layout in LAYOUTS.items() for way in layout.formats]
"""Every layout in every format."""


def laid_out(name: str, seed: int) -> Page:
    """Lay the report with this number out."""
    page = pages.page(pages.report(seed))
    LAYOUTS[name].change(page, random.Random(f"{name} {seed}"))
    return page


def outcome(name: str, way: str, seeds: range, keep: Path | None = None) -> Outcome:
    """Write and read reports in a layout and a format; only at a glance is something due."""
    total = Outcome()
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            page = laid_out(name, seed)
            path = Path(folder) / f"{name}, {way}, {seed}{FORMATS[way].suffix}"
            write(page, FORMATS[way], path)
            made = score(page, path)
            if not LAYOUTS[name].at_a_glance(way):
                made.due = made.reached = 0
            made.faults = [f"{seed}: {fault}" for fault in made.faults]
            if keep and (made.faults or made.reached < made.due):
                path.replace(keep / path.name)
            total.add(made)
    return total


def outcomes(
    kinds: list[tuple[str, str]], seeds: range, keep: Path | None = None
) -> Iterator[tuple[str, Outcome]]:
    """Go through layouts and formats on all cores."""
    work = partial(_outcome, seeds=seeds, keep=keep)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        for (name, way), made in zip(kinds, pool.map(work, kinds), strict=True):
            yield f"{name} · {way}", made


def _outcome(kind: tuple[str, str], seeds: range, keep: Path | None) -> Outcome:
    return outcome(*kind, seeds, keep)


def main(arguments: list[str]) -> int:
    """Print the table, and the first faults of each kind."""
    parser = argparse.ArgumentParser(description="Read random reports in many layouts.")
    parser.add_argument("--seed", type=int, default=0, help="number of the first report")
    parser.add_argument("--reports", type=int, default=20, help="reports of each kind")
    parser.add_argument("--only", default="", help="kinds whose name contains this")
    parser.add_argument("--keep", type=Path, help="folder for the files that are not read right")
    given = parser.parse_args(arguments)
    if given.keep:
        given.keep.mkdir(parents=True, exist_ok=True)
    kinds = [kind for kind in KINDS if given.only in " · ".join(kind)]
    made = dict(outcomes(kinds, range(given.seed, given.seed + given.reports), given.keep))
    print(*table_of(made), sep="\n")
    for kind, each in made.items():
        for fault in (*each.faults[:2], *each.accused[:1]):
            print(f"{kind}: {fault}")
    return int(not all(each.good for each in made.values()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
