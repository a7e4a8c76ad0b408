"""
Read the head of a table without rules: the name that stands over each column of figures.

Over how many columns a label of several is meant to stand, nothing tells: its text stands over some
of them, and contradicts a reading in which these are not its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs

from govinfo_schema.documents.document import Span
from govinfo_schema.documents.recognise.headings import (
    Columns,
    Heading,
    Leaf,
    Name,
    name_of,
    names_in,
)
from govinfo_schema.documents.recognise.lines import Line

_ASIDE: Final = 1
"""A title stands over the middle of a table, but for so many columns."""


@attrs.frozen
class _Over:
    """A name of several columns, and from which to which its text stands."""

    label: str
    begin: int
    end: int


def by_text(lines: Sequence[Line], heading: Heading) -> Columns | None:
    """
    Read the lines of a head by where their texts stand; None where that leaves a column open that
    the form names, or a text over several is none of its labels.
    """
    grid, stub = lines[-1].grid, lines[-1].stub or 0
    rows = [
        [span for span in (*line.labels, *line.figures) if span.column >= stub]
        for line in lines
        if line.grid == grid
    ]
    *above, names = [row for row in rows if row]
    named = [_names_of(span.text, heading) for span in names]
    over = _over(above, names, heading)
    if over is None:
        return None
    over += [
        _Over(name.label, span.column, span.column + span.columns)
        for span, own in zip(names, named, strict=True)
        for name in own[:-1]
        if name.kind == "group"
    ]
    labels = [own[-1].label if own[-1].kind == "leaf" else None for own in named]
    leaves = _leaves(labels, [span.column for span in names], over, heading)
    if leaves is None:
        return None
    twice = {leaf for leaf in leaves if leaf is not None and leaves.count(leaf) > 1}
    order = tuple(None if leaf is None or leaf in twice else leaf.id for leaf in leaves)
    places = tuple(range(span.column, span.column + span.columns) for span in names)
    return Columns(
        order=order,
        heads=tuple(span.text for span in names),
        places=places,
        grid=grid,
        printed=order == heading.order,
        nameless=frozenset(
            place for place, span in zip(places, names, strict=True) if not span.text.strip()
        ),
    )


def _over(
    above: Sequence[Sequence[Span]], names: Sequence[Span], heading: Heading
) -> list[_Over] | None:
    """Give the labels over several columns; None where something else stands there."""
    found: list[_Over] = []
    torn: list[Span] = []
    ends = names[0].column + names[-1].column + names[-1].columns
    for number, row in enumerate(above):
        for span in row:
            parts = [each for each in torn if _overlap(each, span)]
            own = _labels_of(span.text, heading)
            if own is None and parts:
                own = _labels_of("".join(each.text for each in parts) + span.text, heading)
                torn = [each for each in torn if own is None or each not in parts]
            if own is None:
                is_title = number == 0 and len(row) == 1
                middle = 2 * span.column + span.columns
                if not (is_title and abs(middle - ends) <= 2 * _ASIDE):
                    torn.append(span)
                continue
            found += [
                _Over(name.label, span.column, span.column + span.columns)
                for name in own
                if name.kind == "group"
            ]
    return found if not torn else None


def _labels_of(text: str, heading: Heading) -> tuple[Name, ...] | None:
    """Give the labels of several columns, and of none, that a text is; None for another text."""
    names = names_in(text, heading)
    if all(name.kind in ("group", "plain") for name in names):
        return names
    own = name_of(text, heading)
    return (own,) if own.kind in ("group", "plain") else None


def _names_of(text: str, heading: Heading) -> tuple[Name, ...]:
    """
    Give the names over one column: its own, torn over the last lines or not, and what stands on the
    lines above it, if that is no part of it.
    """
    lines = text.split("\n")
    for cut in range(len(lines)):
        above = _labels_of("".join(lines[:cut]), heading) if cut else ()
        own = name_of("".join(lines[cut:]), heading)
        if above is not None and own.kind == "leaf":
            return (*above, own)
    return (Name("other", text),)


def _overlap(one: Span, other: Span) -> bool:
    return one.column < other.column + other.columns and other.column < one.column + one.columns


def _leaves(
    labels: Sequence[str | None],
    columns: Sequence[int],
    over: Sequence[_Over],
    heading: Heading,
) -> list[Leaf | None] | None:
    """
    Tell which column of the form each name is: where several have one label, by the groups that
    stand over them, one beside the other, each with all of its names. None where that is not told.
    """
    known = {leaf.label: leaf for leaf in heading.leaves}
    if len(known) == len(heading.leaves):
        leaves: list[Leaf | None] = [known[each] if each else None for each in labels]
    else:
        placed = _in_groups(labels, over, heading)
        if placed is None:
            return None
        leaves = placed
    pairs = [pair for pair in zip(columns, leaves, strict=True) if pair[1] is not None]
    if not pairs or any(_contradicts(each, pairs) for each in over):
        return None
    return leaves


def _contradicts(over: _Over, leaves: Sequence[tuple[int, Leaf | None]]) -> bool:
    """Tell whether a label stands over a column that is none of its own."""
    return any(
        leaf is not None and over.label not in leaf.groups
        for column, leaf in leaves
        if over.begin <= column < over.end
    )


def _in_groups(
    labels: Sequence[str | None], over: Sequence[_Over], heading: Heading
) -> list[Leaf | None] | None:
    groups: dict[str, dict[str, Leaf]] = {}
    for leaf in heading.leaves:
        groups.setdefault(leaf.groups[-1], {})[leaf.label] = leaf
    printed = sorted((each for each in over if each.label in groups), key=lambda each: each.begin)
    if sorted(each.label for each in printed) != sorted(groups):
        return None
    found: list[Leaf | None] = []
    own: dict[str, Leaf] = {}
    left: Iterator[Mapping[str, Leaf]] = (groups[each.label] for each in printed)
    for label in labels:
        if label is None:
            found.append(None)
            continue
        own = own or {**next(left, {})}
        if label not in own:
            return None
        found.append(own.pop(label))
    return found if not own and next(left, None) is None else None
