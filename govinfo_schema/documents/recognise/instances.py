"""
Which copy of each table is the one of this report.

A document may hold a table several times: last year's, another unit's, one for phones, one on
another sheet. Each is an ``Instance``; what stands before it and around it says whose it is. One of
each is chosen by evidence, and where two are as good as each other, none is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once, remembered_by
from govinfo_schema.documents.logger import LOGGER
from govinfo_schema.documents.recognise.headings import (
    Heading,
    heading_of,
    name_of,
    names_columns,
    shown_years,
)
from govinfo_schema.documents.recognise.lines import Item, Line, Text
from govinfo_schema.form.forms import form
from govinfo_schema.form.labels import fold, keys, letters, wordings
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS

_APPLICATIONS: Final = re.compile("[勾钩稽]{2}关系|申请人情况")
_DISPUTES: Final = re.compile("行政复议.{0,40}行政诉讼|结果维持|未经复议直接起诉")
_BEGINS: Final = re.compile("申请人情况|信息内容|结果维持")
NEAR: Final = 3
"""So many paragraphs right before a table may say whose it is."""


CAPTION: Final = 24
"""What says before a table whose it is has no more characters."""
TITLE: Final = 60
"""And what says so in its first rows."""
FRAGMENT: Final = 4
"""A copy of a table has at least one row in so many."""
FOREIGN: Final = 4
"""What counts against a copy that says it is of another year."""


@attrs.define
class Instance:
    """
    A copy of a table: its lines, the section it stands in, the texts right before it, and those
    between its parts and behind it.
    """

    table: str
    section: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    lines: list[Line] = attrs.field(factory=list)

    @property
    def sheet(self) -> str | None:
        """The sheet of a workbook that it stands on."""
        return self.lines[0].place.sheet if self.lines else None

    @property
    def printed(self) -> tuple[str, ...]:
        """All that is printed in it, to tell whether two copies say the same."""
        return tuple(fold(line.text) for line in self.lines)

    @property
    def name(self) -> str:
        """What it is called where it stands."""
        return next(iter(reversed(self.before)), "") or self.sheet or ""


def all_instances(found: Sequence[Item]) -> list[Instance]:
    """Find all copies of the tables, in reading order."""
    copies: list[Instance] = []
    table, near = "", list[str]()
    for item in found:
        if isinstance(item, Text) or _is_caption(item):
            near = [*near, *item.text.split("\n")][-NEAR:]
            if copies and copies[-1].table == table:
                copies[-1].after += tuple(item.text.split("\n"))
            if isinstance(item, Text) and item.heading:
                near = []
                table = item.section if item.section in form(CURRENT).table_ids else ""
            continue
        turned = _turn(item, table)
        if not turned:
            continue
        last = copies[-1] if copies else None
        if last is None or turned != table or last.table != turned or near:
            if last is not None and last.table == turned:
                last.after = ()
            last = Instance(table=turned, section=item.section, before=tuple(near))
            copies.append(last)
        table, near = turned, []
        last.lines.append(item)
    return _joined([part for copy in copies for part in _parts(copy)])


def _is_caption(line: Line) -> bool:
    """Tell whether a line between tables says whose the next one is, or in which unit."""
    return (
        line.grid < 0
        and not line.run
        and any(_says_whose(text) or "单位" in text for text in map(fold, line.text.split("\n")))
    )


def _says_whose(text: str, most: int = CAPTION) -> bool:
    """Tell whether a short text names a year, or says that a table is another unit's."""
    own = _uncompared(text)
    says = shown_years(own) or _says(own, "earlier") or _says(own, "elsewhere")
    return len(text) <= most and bool(says)


def _says(text: str, name: str) -> bool:
    """Tell whether one of the patterns of this name is in a text."""
    return any(re.search(pattern, text) for pattern in read_data("readings")["copies"][name])


def _uncompared(text: str) -> str:
    """Leave out what a text compares with: another year named so is not the table's."""
    return re.sub(read_data("readings")["copies"]["compared"], "", text)


def _turn(line: Line, table: str) -> str:
    """
    Tell whether with this line another table begins. A document may lack headings, and a sheet or a
    page may hold all three.
    """
    # What tells a table is a label; figures that are plain say nothing.
    text = fold(line.label if line.is_plain else line.text)
    if "信息内容" in text and table in ("", "disputes"):
        return "proactive"
    if _APPLICATIONS.search(text) and table != "applications":
        return "applications"
    if table in ("", "proactive", "applications") and _DISPUTES.search(text) and "申请" not in text:
        return "disputes"
    return table


def _parts(copy: Instance) -> Iterator[Instance]:
    """
    Cut lines where the table begins anew: at the last head between two lines of one row, whether
    the first row below that head was there before or not.
    """
    start, end, mark = 0, 0, 0
    seen, since = set[str](), set[str]()
    for at, line in enumerate(copy.lines):
        row = row_of(line, copy.table)
        if not row:
            continue
        if end > start and _is_head(copy.lines[end : at + bool(line.run)], copy):
            mark, seen, since = end, seen | since, set()
        if row in seen and mark > start:
            yield attrs.evolve(copy, lines=copy.lines[start:mark], after=())
            copy, start, seen = attrs.evolve(copy, before=()), mark, set()
        since.add(row)
        end = at + 1
    yield attrs.evolve(copy, lines=copy.lines[start:])


def _joined(parts: Sequence[Instance]) -> list[Instance]:
    """Put the parts of one table together: pages, blocks, and what else repeats no row."""
    joined: list[tuple[Instance, set[str]]] = []
    for part in parts:
        rows = _rows(part)
        whole, known = next(
            (each for each in reversed(joined) if each[0].table == part.table), (None, set[str]())
        )
        if (
            whole is not None
            and (whole.section, whole.sheet) == (part.section, part.sheet)
            and len(rows & known) * 3 <= len(rows)
            and (known or not _evidence(part))
        ):
            whole.lines += part.lines
            whole.after += (*part.before, *part.after)
            known |= rows
        else:
            joined.append((part, rows))
    filled = {each.table for each, rows in joined if rows}
    return [
        each for each, rows in joined if rows or each.table not in filled or _is_bare_head(each)
    ]


def _is_bare_head(copy: Instance) -> bool:
    """Tell whether the head of a table stands in its own section, and no row."""
    return copy.section == copy.table and not _rows(copy) and _is_head(copy.lines, copy)


def _rows(part: Instance) -> set[str]:
    """Give the rows that stand in a part; of a table printed in one line the groups in its head."""
    rows = {row for line in part.lines if (row := row_of(line, part.table))}
    if not rows or not _is_across(part.table):
        return rows
    heading = heading_of(edition(CURRENT), part.table)
    inner = {leaf.groups[-1] for leaf in heading.leaves}
    named = {
        name.label
        for line in part.lines
        for span in (*line.labels, *line.figures)
        if (name := name_of(span.text, heading)).label in inner
    }
    return named or rows


def is_nameless(line: Line) -> bool:
    """Whether it is a row of a table without rules of which nothing tells the label."""
    return line.stub is not None and line.is_printed and not line.label.strip()


def row_of(line: Line, table: str) -> str:
    """
    Name the row of the form that a line with figures is by its label alone; of a table printed in
    one line it is the figures that make the row.
    """
    if _is_across(table):
        return table if is_row_across(line) else ""
    return _row_by_label(line, table) if line.has_figures else ""


@remembered_by(lambda line, table: line.told and (line.told, table), most=4096)
def _row_by_label(line: Line, table: str) -> str:
    if not line.is_printed and any(names_columns([line], each) for each in _headings(table)):
        return ""
    known = _labels(table)
    if line.grid < 0:
        running = letters(line.label)
        return next((row for label, row in known.items() if running.endswith(label)), "")
    leaf = next((span.text for span in reversed(line.labels) if span.text.strip()), "")
    texts = (leaf, line.label)
    return next((known[each] for text in texts for each in keys(text) if each in known), "")


def is_row_across(line: Line) -> bool:
    """Tell whether a line is the row of a table printed in one line: figures, or blank cells."""
    return line.is_printed or (len(line.figures) > 1 and not line.label.strip())


@once
def _labels(table: str) -> dict[str, str]:
    """Give the rows of a table in all editions by their labels, the longest first."""
    found = {
        each: row
        for name in EDITIONS
        for row in edition(name).rows_with_figures(table)
        for wording in wordings(name, row)
        for each in keys(wording)
    }
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))


@once
def _is_across(table: str) -> bool:
    return any(each.across for each in edition(CURRENT).tables if each.id == table)


def _is_head(lines: Sequence[Line], copy: Instance) -> bool:
    """Tell whether a head stands in these lines; of a running text each begins with what it is."""
    if not lines:
        return False
    if any(line.grid < 0 and _BEGINS.search(fold(line.label)) for line in lines):
        return True
    ruled = [line for line in lines if line.grid >= 0]
    return any(names_columns(ruled, heading) for heading in _headings(copy.table))


@once
def _headings(table: str) -> tuple[Heading, ...]:
    """Give the heads of a table in all editions, each once."""
    rows = (
        (name, row)
        for name in EDITIONS
        for row in ((table,) if _is_across(table) else edition(name).rows_with_figures(table))
    )
    return tuple(dict.fromkeys(heading_of(edition(name), row) for name, row in rows))


# ---- which copy ---------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Chosen:
    """
    The lines of each table that are read and what stands before and behind them, the other copies,
    and the tables of which nothing tells which copy is meant.
    """

    lines: Mapping[str, Sequence[Line]]
    around: Mapping[str, str]
    others: Sequence[Instance]
    undecided: frozenset[str]


def choose(copies: Sequence[Instance], year: int | None) -> Chosen:
    """Choose one copy of each table by evidence: all three from one place."""
    lines: dict[str, Sequence[Line]] = dict.fromkeys(form(CURRENT).table_ids, ())
    around: dict[str, str] = {}
    others: list[Instance] = []
    undecided: set[str] = set()
    sheet = _sheet(copies)
    for table in lines:
        every = [copy for copy in copies if copy.table == table]
        bare = [copy for copy in every if len(every) > 1 and _is_bare_head(copy)]
        filled = own = [copy for copy in every if copy not in bare] or every
        if len(own) > 1:
            # A line that begins like a row is no copy of the table.
            sizes = [len(_rows(copy)) + sum(map(is_nameless, copy.lines)) for copy in own]
            pairs = zip(own, sizes, strict=True)
            own = [copy for copy, size in pairs if size * FRAGMENT >= max(sizes)]
        ranks = [_rank(copy, year, sheet) for copy in own]
        best = [copy for copy, rank in zip(own, ranks, strict=True) if rank == min(ranks)]
        if not best:
            continue
        lines[table] = best[0].lines
        LOGGER.debug(
            "table %s: %d copies, with so much against each: %s; taken: %r, %d lines",
            *(table, len(own), ranks, best[0].name, len(best[0].lines)),
        )
        around[table] = "\n".join((*best[0].before, *best[0].after))
        # Where the rows of a table itself are gone, those of another section are not its own.
        is_emptied = bool(bare) and best[0].section not in (table, "")
        differ = any(copy.printed != best[0].printed for copy in best[1:])
        if differ or is_emptied or min(ranks) >= FOREIGN:
            undecided.add(table)
            LOGGER.debug("table %s: nothing tells which copy is meant; none is read", table)
        others += [copy for copy in filled if copy is not best[0]]
    return Chosen(lines=lines, around=around, others=others, undecided=frozenset(undecided))


def _sheet(copies: Sequence[Instance]) -> str | None:
    """Find the sheet that holds the most of the tables, the first of several."""
    held: dict[str, set[str]] = {}
    for copy in copies:
        if copy.sheet is not None:
            held.setdefault(copy.sheet, set()).add(copy.table)
    return max(held, key=lambda sheet: len(held[sheet]), default=None)


def _rank(copy: Instance, year: int | None, sheet: str | None) -> int:
    """How little a copy is the one of this report; 0 where nothing speaks against it."""
    said = _evidence(copy)
    years = {each for text in said for each in shown_years(text)}
    rank = 0
    is_earlier = any(_says(text, "earlier") for text in said)
    if (years and year is not None and year not in years) or is_earlier:
        rank += FOREIGN
    if any(_says(text, "elsewhere") for text in said):
        rank += FOREIGN if copy.section == copy.table else FOREIGN // 2
    if copy.section not in (copy.table, ""):
        rank += FOREIGN // 2
    return rank + (copy.sheet != sheet)


def _evidence(copy: Instance) -> list[str]:
    """Give the texts right before a copy, and in its head, that may say whose it is."""
    head = [
        line.label
        for line in takewhile(lambda line: not row_of(line, copy.table), copy.lines)
        if len([span for span in line.labels if span.text.strip()]) == 1
    ]
    texts = [text for text in map(fold, (*copy.before, copy.sheet or "")) if _says_whose(text)]
    texts += [text for text in map(fold, head) if _says_whose(text, TITLE)]
    return [*map(_uncompared, texts)]
