"""
What the head of a table may say: the columns of the form by their names, and the names over several
of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once, remembered_by
from govinfo_schema.documents.recognise.lines import LONG, Line
from govinfo_schema.form import ids
from govinfo_schema.form.labels import LIKE, fold, key, letters, likeness
from govinfo_schema.form.parts import Block, Column, Edition, Table

MARGIN: Final = 0.08
"""A name that is nearly as much like another one says nothing, unless it is the name itself."""
SHORT: Final = 3
"""A word of no more characters may be a part of any label of a running text."""
BETWEEN: Final = 2
"""So many characters between two names of a running text are another name."""
_YEAR: Final = re.compile("(20[0-9]{2})(?:年度?)?")


@attrs.frozen(kw_only=True)
class Leaf:
    """
    A column of the form: *id* is what it adds to the id of a row or table; *groups* are the labels
    printed over it, from the top.
    """

    id: str
    label: str
    groups: tuple[str, ...] = ()


@attrs.frozen(kw_only=True, eq=False)
class Heading:
    """
    What the head of a block of the form says: its columns in printed order, and for each label that
    may stand in it its other wordings. *plain* labels tell no column; *beside* are the letters of
    the title of the table and of the labels of its rows.
    """

    leaves: tuple[Leaf, ...]
    names: Mapping[str, tuple[str, ...]]
    plain: tuple[str, ...]
    beside: str

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The ids of the columns in printed order."""
        return tuple(leaf.id for leaf in self.leaves)

    @cached_property
    def signs(self) -> frozenset[str]:
        """The letters of all labels in it and beside it."""
        names = (name for known in self.names.values() for name in known)
        return frozenset(letters("".join((*names, *self.plain, self.beside))))

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """The labels over several columns, each with the one over it, or nothing."""
        return {
            label: leaf.groups[at - 1] if at else ""
            for leaf in self.leaves
            for at, label in enumerate(leaf.groups)
        }


def heading_of(edition: Edition, row: str) -> Heading:
    """Return the head over a row; for a table printed in one line (*across*) give its id."""
    return _headings(edition)[row]


@once
def _headings(edition: Edition) -> dict[str, Heading]:
    found: dict[str, Heading] = {}
    titles = {section.id: section.zh for section in edition.sections}
    for table in edition.tables:
        title = titles[table.id]
        for block in table.blocks:
            if table.across:
                found[table.id] = _heading(table, title, _leaves_across(table, block))
                continue
            heading = _heading(table, title, tuple(map(_leaf, block.columns)))
            found |= {row.id: heading for row in block.rows}
    return found


def _leaf(column: Column) -> Leaf:
    groups = (column.group,) if column.group else ()
    return Leaf(id=column.id, label=column.zh, groups=groups)


def _leaves_across(table: Table, block: Block) -> tuple[Leaf, ...]:
    groups = {row.id: row.zh for row in block.rows if row.group}
    return tuple(
        Leaf(
            id=ids.inside(ids.join(row.id, column.id), table.id),
            label=column.zh,
            groups=(
                *(label for above, label in groups.items() if ids.is_below(row.id, above)),
                row.zh,
            ),
        )
        for row in block.rows
        if not row.group
        for column in block.columns
    )


def _heading(table: Table, title: str, leaves: tuple[Leaf, ...]) -> Heading:
    data = read_data("readings")
    others: dict[str, list[str]] = data["columns"]
    names: dict[str, tuple[str, ...]] = {}
    for leaf in leaves:
        for label in leaf.groups:
            names.setdefault(label, (label, *data["groups"].get(label, ())))
        end = ids.column_of(leaf.id) if ids.depth(leaf.id) > 1 else leaf.id
        names.setdefault(leaf.label, (leaf.label, *others.get(end, ())))
    plain = [*data["plain"], *(text for block in table.blocks for text in (block.zh, block.corner))]
    kept = (text for text in plain if text and not any(name in text for name in names))
    rows = (row.zh for block in table.blocks for row in block.rows)
    captions = (f"表{number}{key(title)}" for number in "一二三四")
    beside = "|".join(map(letters, (*captions, *rows)))
    return Heading(leaves=leaves, names=names, plain=tuple(kept), beside=beside)


# ---- names --------------------------------------------------------------------------------------


@attrs.frozen
class Name:
    """What a text in a head is: a label of the form, a year, or something else."""

    kind: Literal["", "leaf", "group", "plain", "year", "other"]
    label: str = ""


def shown_years(text: str) -> list[int]:
    """
    Give the years in a short text of a table, with or without 年.

    >>> shown_years("2024年合计")
    [2024]
    """
    return [int(year) for year in re.findall("20[0-9]{2}", text)]


@lru_cache(maxsize=4096)
def name_of(text: str, heading: Heading) -> Name:
    """Tell what a text in a head names; ``other`` is what the form does not have."""
    folded = fold(text)
    if not folded:
        return Name("")
    if year := _YEAR.fullmatch(folded):
        return Name("year", year[1])
    labels = {**heading.names, **{label: (label,) for label in heading.plain}}
    found = sorted(
        ((max(likeness(text, each) for each in known), label) for label, known in labels.items()),
        reverse=True,
    )
    (value, label), second = found[0], found[1][0] if len(found) > 1 else 0.0
    if value < LIKE or (value < 0.99 and value - second < MARGIN):
        return Name("other", text.strip())
    if label in heading.groups:
        return Name("group", label)
    return Name("leaf" if label in heading.names else "plain", label)


@lru_cache(maxsize=4096)
def names_in(text: str, heading: Heading) -> tuple[Name, ...]:
    """
    Give the names in one cell of a head: where labels over each other were put into one cell, each
    of them; else the one that it is.
    """
    found = tuple(name for name, _ in running_names(text, heading))
    if (
        len(found) > 1
        and found[-1].kind in ("group", "leaf")
        and all(name.kind in ("group", "plain") for name in found[:-1])
    ):
        return found
    return (name_of(text, heading),)


def names_columns(lines: Iterable[Line], heading: Heading) -> bool:
    """Tell whether lines name columns: at least two, or the one that there is."""
    found = frozenset[str]().union(*(_leaves_in(line.texts, heading) for line in lines))
    return len(found) >= min(2, len(heading.leaves))


@remembered_by(
    lambda texts, heading: (texts, heading) if sum(map(len, texts)) <= LONG else None, most=4096
)
def _leaves_in(texts: tuple[str, ...], heading: Heading) -> frozenset[str]:
    """Give the columns that the texts of a line name."""
    return frozenset(
        name.label for text in texts for name in names_in(text, heading) if name.kind == "leaf"
    )


def names_of(line: Line, heading: Heading) -> list[tuple[Name, str]]:
    """Give the names in a line of a head from left to right, each with the text of its cell."""
    return [(name, text) for text in line.texts for name in names_in(text, heading)]


def running_names(text: str, heading: Heading) -> Iterator[tuple[Name, str]]:
    """Go through the names of the form in a text, and the other words that stand between them."""
    running = letters(text)
    end: int | None = None
    for match in _names_pattern(heading).finditer(running):
        between = running[end : match.start()] if end is not None else ""
        if len(between) >= BETWEEN:
            yield Name("other", between), between
        yield name_of(match[0], heading), match[0]
        end = match.end()


@once
def _names_pattern(heading: Heading) -> re.Pattern[str]:
    plain = [label for label in heading.plain if len(label) > SHORT]
    labels = [*plain, *(each for known in heading.names.values() for each in known)]
    keys = sorted({letters(label) for label in labels}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, filter(None, keys))))


@attrs.frozen(kw_only=True)
class Columns:
    """
    One way to read a head: the columns from left to right, None for one that the form does not
    have.

    *places* are the columns of the grid that each is over, if they are known; *grid* is their
    table. *heads* holds what stands over each column, for its unit. *printed*: they are the columns
    of the form, all of them, in printed order. *nameless* are places with an empty head: where
    figures stand there, a head was lost, and the others may have moved.
    *plain*: the head has no merged cells, so that an empty cell may be the rest of one.
    """

    order: tuple[str | None, ...]
    heads: tuple[str, ...] = ()
    places: tuple[range, ...] = ()
    grid: int = -1
    printed: bool = False
    nameless: frozenset[range] = frozenset()
    plain: bool = False

    @property
    def known(self) -> tuple[str, ...]:
        """The columns of the form among them."""
        return tuple(column for column in self.order if column is not None)
