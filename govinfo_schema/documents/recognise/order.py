"""
Read a head by the order of its names alone: each group with the names that belong to it.

So a head is still read whose merged cells a copy or a converter has lost, and one in a text without
borders.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import attrs

from govinfo_schema.documents.recognise.headings import Columns, Heading, Leaf, Name


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


def by_order(rows: Sequence[Sequence[tuple[Name, str]]], heading: Heading) -> Columns | None:
    """
    Read the names of a head in the order in which they stand: each goes under the first group that
    lacks it. None where that does not come out even.
    """
    is_list = len(rows) > 1 and all(len(row) <= 1 for row in rows)
    if is_list:
        rows = [[name for row in rows for name in row]]
    named = [row for row in rows if any(name.kind == "leaf" for name, _ in row)]
    unique = len({leaf.label for leaf in heading.leaves}) == len(heading.leaves)
    # A row that names all columns says their order, whatever stands over it.
    is_flat = len(named) == 1 and unique
    tree = _Tree(heading)
    if not all(tree.put_row(row) for row in (named if is_flat else rows)):
        return None
    nodes = tree.leaves()
    order = tuple(node.leaf.id if node.leaf else None for node in nodes)
    if not tree.is_whole or len(set(order)) != len(order) or not order:
        return None
    if not unique and set(order) != set(heading.order) and not _in_groups(order, heading):
        return None  # a name is missing, and it may be the first of the group that lacks it
    texts = {column: node.text for column, node in zip(order, nodes, strict=True)}
    if tree.loose and (len(named) > 1 or is_list):
        # Nothing tells where the second row goes in: only the order of the form does.
        ordered = (
            _runs_of(named[0], heading) <= 2
            if is_list
            else all(_runs_of(row, heading) <= 1 for row in rows)
        )
        if set(order) != set(heading.order) or not ordered:
            return None
        order = heading.order
    if is_list and unique and tree.groups and order != heading.order:
        return None  # one name a line: nothing tells which of them stood side by side
    heads = tuple(map(texts.__getitem__, order))
    return Columns(order=order, heads=heads, printed=order == heading.order)


@attrs.define
class _Tree:
    """
    The names of a head, each under the group that it belongs to. *loose*: some column stands under
    no group, though the form has one. *filled*: which group took the last column. *old* are the
    groups of the rows before, *full* those of them that have columns, *below* those that took one
    in this row; *on_top*: a column of this row stands under none. *last* is where the last column
    went, *foreign*: one that the form does not have; *torn*: a group went on behind another column,
    or nothing tells under which group a foreign one stands.
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
    last: list[_Node] | None = None
    foreign: bool = False
    torn: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether each group has columns, and each column stands under the group it belongs to."""
        whole = all(group.below for group in self.groups)
        return whole and not self.torn and not (self.loose and self.groups)

    def put_row(self, row: Sequence[tuple[Name, str]]) -> bool:
        """Put the names of one row where they belong; false where that is not known of one."""
        beside: list[_Node] | None = None
        for name, text in row:
            if name.kind in ("plain", "year", "") or (name.kind == "other" and not self.begun):
                continue  # what stands before the first column is no column
            beside = self.put(name, text, beside)
            if beside is None:
                return False
        return not self.is_mixed()

    def is_mixed(self) -> bool:
        """
        End a row. Tell whether nothing says in which order its columns stand: some stand under a
        group of a row before and others under none, or a group goes on that a row before began.
        """
        below_old = any(each is group for each in self.old for group in self.below)
        goes_on = any(each is group for each in self.full for group in self.below)
        mixed = goes_on or (below_old and self.on_top)
        self.last, self.foreign = None, False
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
            if name.kind != "group":
                self._follow(place, foreign=name.kind == "other")
            place.append(node)
        return place

    def _follow(self, place: list[_Node], *, foreign: bool) -> None:
        """Note where a column goes, and whether that tears what went before."""
        moved = self.last is not None and self.last is not place
        goes_on = place is not self.top and any(node.leaf for node in place)
        self.torn |= moved and (self.foreign or goes_on)
        self.last, self.foreign = place, foreign


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


def _in_groups(order: Sequence[str | None], heading: Heading) -> bool:
    """Tell whether the columns of each group stand in the order of the form."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for leaf in heading.leaves:
        groups.setdefault(leaf.groups, []).append(leaf.id)
    return all(
        [column for column in order if column in own]
        == [column for column in own if column in order]
        for own in groups.values()
    )


def _runs_of(row: Sequence[tuple[Name, str]], heading: Heading) -> int:
    """Count the runs of a row in which columns stand in the order of the form."""
    printed = [leaf.label for leaf in heading.leaves]
    places = [printed.index(name.label) for name, _ in row if name.kind == "leaf"]
    return bool(places) + sum(after < before for before, after in pairwise(places))
