"""
Which cell of a row is which column of the form: what the head of a table says.

A head is read in two ways. *By place*: which names stand over a column of the grid. *By order*: the
names alone, in the order in which they stand, each group with the names that belong to it; so a
head is still read whose merged cells a copy or a converter has lost. Each way gives ``Columns``,
one hypothesis; ``proof`` decides between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.document import Span
from govinfo_schema.documents.recognise.lines import Line
from govinfo_schema.form import ids
from govinfo_schema.form.labels import LIKE, fold, key, letters, likeness
from govinfo_schema.form.parts import Block, Column, Edition, Table

MARGIN: Final = 0.08
"""A name that is nearly as much like another one says nothing, unless it is the name itself."""
TORN: Final = 2
"""So many characters at least of a torn name have to be there."""
SHORT: Final = 3
"""A word of no more characters may be a part of any label of a running text."""
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
    may stand in it its other wordings. *plain* labels tell no column.
    """

    leaves: tuple[Leaf, ...]
    names: Mapping[str, tuple[str, ...]]
    plain: tuple[str, ...]

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of the columns in printed order."""
        return tuple(leaf.id for leaf in self.leaves)

    @property
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
    for table in edition.tables:
        for block in table.blocks:
            if table.across:
                found[table.id] = _heading(table, _leaves_across(table, block))
                continue
            heading = _heading(table, tuple(map(_leaf, block.columns)))
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


def _heading(table: Table, leaves: tuple[Leaf, ...]) -> Heading:
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
    return Heading(leaves=leaves, names=names, plain=tuple(kept))


# ---- names --------------------------------------------------------------------------------------


@attrs.frozen
class Name:
    """What a text in a head is: a label of the form, a year, or something else."""

    kind: Literal["", "leaf", "group", "plain", "year", "other"]
    label: str = ""


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
    found = tuple(name for name, _ in _running_names(text, heading))
    if (
        len(found) > 1
        and found[-1].kind == "leaf"
        and all(name.kind in ("group", "plain") for name in found[:-1])
    ):
        return found
    return (name_of(text, heading),)


def names_columns(line: Line, heading: Heading) -> bool:
    """Tell whether a line names columns: at least two, or the one that there is."""
    found = {name.label for name, _ in _names(line, heading) if name.kind == "leaf"}
    return len(found) >= min(2, len(heading.leaves))


# ---- hypotheses ---------------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class Columns:
    """
    One way to read a head: the columns from left to right, None for one that the form does not
    have.

    *places* are the columns of the grid that each is over, if they are known; *grid* is their
    table. *heads* holds what stands over each column, for its unit. *printed*: they are the columns
    of the form, all of them, in printed order. *unsure* are places with an empty head in a grid
    without merged cells: where figures stand there, a head was lost and the others have moved.
    """

    order: tuple[str | None, ...]
    heads: tuple[str, ...] = ()
    places: tuple[range, ...] = ()
    grid: int = -1
    printed: bool = False
    unsure: frozenset[range] = frozenset()

    @property
    def known(self) -> tuple[str, ...]:
        """The columns of the form among them."""
        return tuple(column for column in self.order if column is not None)


def readings_of(lines: Sequence[Line], heading: Heading, year: int | None) -> list[Columns]:
    """Read the lines of a head in every way that it can be read."""
    if not lines:
        return []
    by_order = _by_order([_names(line, heading) for line in lines], heading)
    by_place = _by_place(lines, heading, year)
    if by_place is not None and by_place.known:
        if by_order is None or by_order.known == by_place.known:
            return [by_place]
        return [by_place, by_order]
    return [by_order] if by_order is not None else []


def _names(line: Line, heading: Heading) -> list[tuple[Name, str]]:
    spans = [span for span in (*line.labels, *line.figures) if span.text.strip()]
    return [(name, span.text) for span in spans for name in names_in(span.text, heading)]


# ---- by place -----------------------------------------------------------------------------------


def _by_place(lines: Sequence[Line], heading: Heading, year: int | None) -> Columns | None:
    """Read which names stand over each column; None where they contradict each other."""
    grid = lines[-1].grid
    above, empty = _standing([line for line in lines if line.grid == grid], heading)
    if grid < 0 or not above:
        return None
    chains = [
        tuple(dict.fromkeys(row[column] for row in above if column in row))
        for column in range(1 + max(max(row, default=-1) for row in above))
    ]
    named = [[name for span in chain for name in names_in(span.text, heading)] for chain in chains]
    first = next(
        (at for at, names in enumerate(named) if any(name.kind == "leaf" for name in names)), None
    )
    if first is None:
        return None
    over_all = {
        span
        for span in set.intersection(*(set(chain) for chain in chains[first:]))
        if name_of(span.text, heading).kind == "other"
    }
    printed = {name.label for names in named for name in names if name.kind == "group"}
    runs = _runs(chains, first)
    found: list[str | None] = []
    nameless: list[range] = []
    for run in runs:
        names = [name_of(span.text, heading) for span in chains[run.start] if span not in over_all]
        leaf = _leaf_under(names, heading, printed, year)
        if leaf is _CONTRADICTED:
            if run.start not in empty or any(name.kind == "leaf" for name in names):
                return None
            leaf = None
            nameless.append(run)
        found.append(leaf)
    twice = {leaf for leaf in found if leaf is not None and found.count(leaf) > 1}
    order = tuple(None if leaf in twice else leaf for leaf in found)
    heads = tuple("".join(span.text for span in chains[run.start]) for run in runs)
    merged = any(
        span.rows > 1 or span.columns > 1
        for line in lines
        for span in (*line.labels, *line.figures, *line.above)
    )
    return Columns(
        order=order,
        heads=heads,
        places=tuple(runs),
        grid=grid,
        printed=order == heading.order,
        unsure=frozenset() if merged else frozenset(nameless),
    )


def _standing(
    lines: Sequence[Line], heading: Heading
) -> tuple[list[dict[int, Span]], frozenset[int]]:
    """
    Tell for each row of a head which text stands over each column: merged cells over all that they
    are merged from, and over the empty cells that a lost merge has left behind them. Then tell in
    which columns the last row has an empty cell.
    """
    rows: dict[int, dict[int, Span]] = {}
    spans = [span for line in lines for span in (*line.labels, *line.figures, *line.above)]
    for span in dict.fromkeys(spans):
        for row in range(span.row, span.row + span.rows):
            for column in range(span.column, span.column + span.columns):
                rows.setdefault(row, {}).setdefault(column, span)
    begun = {span.row for line in lines for span in (*line.labels, *line.figures)}
    found: list[dict[int, Span]] = []
    for row in sorted(begun):
        up = found[-1] if found else {}
        own: dict[int, Span] = {}
        for column in sorted(rows[row]):
            span = rows[row][column]
            if span.text.strip():
                own[column] = span
            elif (owner := _owner(up.get(column), own.get(column - 1), heading)) is not None:
                own[column] = owner
        found.append(own)
    last = rows[max(begun)] if begun else {}
    return found, frozenset(at for at, span in last.items() if not span.text.strip())


def _owner(up: Span | None, left: Span | None, heading: Heading) -> Span | None:
    """Tell whose an empty cell of a head is: of the text above it, or of the one to its left."""
    above = names_in(up.text, heading)[-1].kind if up is not None else ""
    beside = names_in(left.text, heading)[-1].kind if left is not None else ""
    if above == "leaf":
        return up
    if beside in ("group", "plain", "year") or (beside == "leaf" and len(heading.leaves) == 1):
        return left
    return up


def _runs(chains: Sequence[tuple[Span, ...]], first: int) -> list[range]:
    """Put columns together over which the same texts stand."""
    runs: list[range] = []
    for at in range(first, len(chains)):
        if runs and chains[at] == chains[runs[-1].start]:
            runs[-1] = range(runs[-1].start, at + 1)
        else:
            runs.append(range(at, at + 1))
    return runs


_CONTRADICTED: Final = "?"


def _leaf_under(
    names: Sequence[Name], heading: Heading, printed: set[str], year: int | None
) -> str | None:
    """
    Tell which column the names over it are: None for one that the form does not have, ``?`` where
    they contradict the form or leave it open, so that the places are not to be trusted.
    """
    labels = {name.label for name in names if name.kind == "leaf"}
    if len(labels) != 1:
        has_foreign = any(name.kind in ("other", "year") for name in names)
        return None if has_foreign and not labels else _CONTRADICTED
    groups = {name.label for name in names if name.kind == "group"}
    own = [leaf for leaf in heading.leaves if leaf.label in labels]
    fitting = [
        leaf
        for leaf in own
        if groups <= set(leaf.groups)
        and not (printed - groups).intersection(leaf.groups)
        and (len(own) == 1 or leaf.groups[-1] in groups)
    ]
    if len(fitting) != 1:
        return _CONTRADICTED
    other = any(
        name.kind == "other" or (name.kind == "year" and name.label != str(year)) for name in names
    )
    return None if other else fitting[0].id


# ---- by order -----------------------------------------------------------------------------------


@attrs.define
class _Node:
    """A name of a head, and the names that stand under it."""

    name: Name
    text: str
    leaf: Leaf | None = None
    below: list[_Node] = attrs.field(factory=list)

    def has(self, leaf: Leaf) -> bool:
        """Whether a column stands under it already."""
        return any(node.leaf is leaf for node in self.below)

    def leaves(self) -> Iterator[_Node]:
        """Go through the columns from left to right."""
        if self.name.kind != "group":
            yield self
        for node in self.below:
            yield from node.leaves()


def _by_order(rows: Sequence[Sequence[tuple[Name, str]]], heading: Heading) -> Columns | None:
    """
    Read the names of a head in the order in which they stand: each goes under the first group that
    lacks it. None where that does not come out even.
    """
    tree = _Tree(heading)
    if all(len(row) <= 1 for row in rows):
        rows = [[name for row in rows for name in row]]
    named = [row for row in rows if any(name.kind == "leaf" for name, _ in row)]
    for row in named if len(named) == 1 else rows:
        beside: list[_Node] | None = None
        for name, text in row:
            if name.kind in ("plain", "year", "") or (name.kind == "other" and not tree.begun):
                continue  # what stands before the first column is no column
            beside = tree.put(name, text, beside)
            if beside is None:
                return None
        if tree.is_mixed():
            return None
    nodes = tree.leaves()
    order = tuple(node.leaf.id if node.leaf else None for node in nodes)
    if any(not group.below for group in tree.groups) or len(set(order)) != len(order) or not order:
        return None
    if tree.loose and tree.groups:
        return None  # a column stands outside the group that it belongs to
    texts = {column: node.text for column, node in zip(order, nodes, strict=True)}
    if tree.loose and len(named) > 1:
        # Nothing tells where the second row goes in: only the order of the form does.
        if set(order) != set(heading.order) or not all(_is_ordered(row, heading) for row in rows):
            return None
        order = heading.order
    heads = tuple(map(texts.__getitem__, order))
    return Columns(order=order, heads=heads, printed=order == heading.order)


@attrs.define
class _Tree:
    """
    The names of a head, each under the group that it belongs to. *loose*: some column stands under
    no group, though the form has one. *filled*: which group took the last column. *old* are the
    groups of the rows before, *full* those of them that have columns, *below* those that took one
    in this row; *on_top*: a column of this row stands under none.
    """

    heading: Heading
    top: list[_Node] = attrs.field(factory=list)
    groups: list[_Node] = attrs.field(factory=list)
    loose: bool = False
    filled: int = 0
    old: list[_Node] = attrs.field(factory=list)
    full: list[_Node] = attrs.field(factory=list)
    below: list[_Node] = attrs.field(factory=list)
    on_top: bool = False

    def is_mixed(self) -> bool:
        """
        End a row. Tell whether nothing says in which order its columns stand: some stand under a
        group of a row before and others under none, or a group goes on that a row before began.
        """
        below_old = any(each is group for each in self.old for group in self.below)
        goes_on = any(each is group for each in self.full for group in self.below)
        mixed = goes_on or (below_old and self.on_top)
        self.old, self.full = list(self.groups), [*self.full, *self.below]
        self.below, self.on_top = [], False
        return mixed

    @property
    def begun(self) -> bool:
        """Whether a column was named."""
        return any(node.leaf for node in self.leaves())

    def leaves(self) -> list[_Node]:
        """Give the columns from left to right."""
        return [leaf for node in self.top for leaf in node.leaves()]

    def put(self, name: Name, text: str, beside: list[_Node] | None) -> list[_Node] | None:
        """
        Put a name where it belongs, and give what it stands beside; None where it has no place.

        What the form does not have stands *beside* the name before it.
        """
        node = _Node(name, text)
        place = beside
        if name.kind == "group":
            known = next((each for each in self.groups if each.name == name), None)
            if known is not None:
                return known.below
            above = self.heading.groups[name.label]
            parent = next((each for each in self.groups if each.name.label == above), None)
            self.groups.append(node)
            place = self.top if parent is None else parent.below
        elif name.kind == "leaf":
            found = _placed(name, self.groups[self.filled :], self.heading)
            if found is None:
                return None
            node.leaf, parent = found
            if parent is not None:
                # A group that another one follows takes no more columns.
                self.filled = next(at for at, each in enumerate(self.groups) if each is parent)
            self.loose |= parent is None and bool(node.leaf.groups)
            self.on_top |= parent is None
            if parent is not None:
                self.below.append(parent)
            place = self.top if parent is None else parent.below
        if place is not None:
            place.append(node)
        return place


def _placed(
    name: Name, groups: Sequence[_Node], heading: Heading
) -> tuple[Leaf, _Node | None] | None:
    """Find the column that a name is, and the first group that has it and lacks it yet."""
    own = [leaf for leaf in heading.leaves if leaf.label == name.label]
    for node in groups:
        for leaf in own:
            if leaf.groups and leaf.groups[-1] == node.name.label and not node.has(leaf):
                return leaf, node
    if len(own) != 1 or any(node.name.label in own[0].groups for node in groups):
        return None
    return own[0], None


def _is_ordered(row: Sequence[tuple[Name, str]], heading: Heading) -> bool:
    printed = [leaf.label for leaf in heading.leaves]
    places = [printed.index(name.label) for name, _ in row if name.kind == "leaf"]
    return places == sorted(places)


# ---- heads in running text ----------------------------------------------------------------------


def running_readings(text: str, heading: Heading) -> list[Columns]:
    """Read a head out of a running text: the names of the form in it, and what stands between."""
    rows = [list(_running_names(line, heading)) for line in text.split("\n")]
    flat = list(_running_names(text.replace("\n", ""), heading))
    torn = sum(map(_count, rows)) < _count(flat)
    found = _by_order([flat] if torn else [row for row in rows if _count(row)], heading)
    if found is not None and set(found.order) == set(heading.order):
        return [found]
    whole = {leaf.label for leaf in heading.leaves} <= {name.label for name, _ in flat}
    pieced = None if whole else _torn_head(text, heading)
    return [pieced] if pieced is not None else []


def _count(row: Sequence[tuple[Name, str]]) -> int:
    """Count the names of columns and of groups in a row of a head."""
    return sum(name.kind in ("leaf", "group") for name, _ in row)


def _running_names(text: str, heading: Heading) -> Iterator[tuple[Name, str]]:
    """Go through the names of the form in a text, and the other words that stand between them."""
    running = letters(text)
    end: int | None = None
    for match in _names_pattern(heading).finditer(running):
        between = running[end : match.start()] if end is not None else ""
        if len(between) >= TORN:
            yield Name("other", between), between
        yield name_of(match[0], heading), match[0]
        end = match.end()


@once
def _names_pattern(heading: Heading) -> re.Pattern[str]:
    plain = [label for label in heading.plain if len(label) > SHORT]
    labels = [*plain, *(each for known in heading.names.values() for each in known)]
    keys = sorted({letters(label) for label in labels}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, filter(None, keys))))


def _torn_head(text: str, heading: Heading) -> Columns | None:
    """
    Read a head whose names are torn over several lines of a text, as they are when a page becomes
    text.

    Each column has to be named by two characters that only its label has, and in every line they
    stand in the order of the form.
    """
    labels = [key(leaf.label) for leaf in heading.leaves]
    own = {
        sign: number
        for number, label in enumerate(labels)
        for sign in label
        if sum(sign in each for each in labels) == 1
    }
    named: set[str] = set()
    for line in text.split("\n"):
        folded = fold(line)
        for other in map(fold, (*heading.groups, *heading.plain)):
            folded = folded.replace(other, "")
        signs = [sign for sign in folded if sign in own]
        if [own[sign] for sign in signs] != sorted(own[sign] for sign in signs):
            return None
        named |= set(signs)
    if all(sum(own[sign] == number for sign in named) >= TORN for number in range(len(labels))):
        return Columns(
            order=heading.order,
            heads=tuple(leaf.label for leaf in heading.leaves),
            printed=True,
        )
    return None


# ---- cells --------------------------------------------------------------------------------------


def assigned(line: Line, columns: Columns) -> dict[str, Span] | None:
    """
    Give each column its cell of a line: by where they stand, else one after the other where they
    are as many; None where they are more or fewer.
    """
    found = _by_position(line, columns) if columns.places else None
    if found is not None and line.grid == columns.grid:
        return found
    texts = [span.text.strip() for span in line.figures]
    if len(texts) == len(columns.order) and (not any(texts) or (texts[0] and texts[-1])):
        # An empty cell at either end may be one of the labels' or of the row's rest.
        return _paired(columns, line.figures)
    return found if line.grid >= 0 else None


def without_blanks(line: Line, columns: Columns) -> dict[str, Span] | None:
    """
    Give each column its cell where the figures that are printed are as many: whether the empty
    cells between them are cells of the table, the sums have to tell.
    """
    printed = [span for span in line.figures if span.text.strip()]
    return _paired(columns, printed) if len(printed) == len(columns.order) else None


def _paired(columns: Columns, spans: Sequence[Span]) -> dict[str, Span]:
    pairs = zip(columns.order, spans, strict=True)
    return {column: span for column, span in pairs if column is not None}


def _by_position(line: Line, columns: Columns) -> dict[str, Span] | None:
    """
    Give each column the one cell that stands under its head; None where some column has none or
    several, or a figure stands under no head.

    A zero that is merged over several columns is the zero of each.
    """
    merged = [span for span in line.above if span.column >= columns.places[0].start]
    cells = [*line.figures, *merged]
    if max((cell.column + cell.columns for cell in cells), default=0) < columns.places[-1].stop:
        return None
    found: dict[str, Span] = {}
    used: set[int] = set()
    for column, place in zip(columns.order, columns.places, strict=True):
        under = [cell for cell in cells if _overlap(cell, place)]
        under = [cell for cell in under if cell.text.strip()] or under[:1]
        if len(under) != 1:
            return None
        shared = _width(under[0], columns) > 1 or under[0] in merged
        if shared and fold(under[0].text) not in ("", "0"):
            return None
        used.add(id(under[0]))
        if column is not None:
            found[column] = under[0]
    if any(cell.text.strip() and id(cell) not in used for cell in line.figures):
        return None
    return found


def _width(cell: Span, columns: Columns) -> int:
    """Over how many columns of the form a cell is merged."""
    return sum(_overlap(cell, place) for place in columns.places)


def _overlap(cell: Span, place: range) -> bool:
    return cell.column < place.stop and place.start < cell.column + cell.columns
