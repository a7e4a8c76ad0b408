"""
Read the head of a table in running text, its names whole or torn over several lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Final

import attrs

from govinfo_schema.documents.recognise.headings import (
    SHORT,
    Columns,
    Heading,
    Name,
    name_of,
    running_names,
)
from govinfo_schema.documents.recognise.order import by_order
from govinfo_schema.documents.recognise.running_lines import room_of
from govinfo_schema.form.labels import fold, key, letters

TORN: Final = 2
"""So many characters at least of a torn name have to be there."""
TOO_MANY: Final = 5_000
"""So many ways are tried to spell the names of a head."""
SHORT_AS_NAME: Final = 12
"""No name of a column has more letters."""
TALL: Final = 60
"""A head has no more lines."""
LONG: Final = 5_000
"""A text of more characters is no head."""


def running_readings(text: str, heading: Heading, *, drawn: bool = False) -> list[Columns]:
    """
    Read a head out of a running text: the names of the form in it, and what stands between.

    *drawn*: what stands in it on different lines may have stood side by side, so that only names
    that are whole and on one line tell which is before another.
    """
    rows = [list(running_names(line, heading)) for line in text.split("\n")]
    flat = list(running_names(text.replace("\n", ""), heading))
    torn = sum(map(_count, rows)) < _count(flat)
    in_order = by_order([flat] if torn else [row for row in rows if _count(row)], heading)
    if any(_is_other(word, heading) for word in text.split()):
        return []
    if in_order is not None and set(in_order.order) == set(heading.order):
        return [in_order] if not drawn or _is_told(in_order.order, rows, heading) else []
    if len(heading.leaves) == 1 or drawn:
        return []
    rejoined = _rejoined(text, heading) if len(text) <= LONG else None
    whole = {leaf.label for leaf in heading.leaves} <= {name.label for name, _ in flat}
    torn_names = () if whole else (_spelled, _torn_head)
    found = next(filter(None, (read(text, heading) for read in torn_names)), None)
    found = rejoined or found
    return [found] if found is not None else []


def _is_told(
    order: Sequence[str | None], rows: Sequence[Sequence[tuple[Name, str]]], heading: Heading
) -> bool:
    """
    Tell whether each column stands on one line with the next one, by its name or that of a group.
    """
    names = {leaf.id: {leaf.label, *leaf.groups} for leaf in heading.leaves}
    lines = [[name.label for name, _ in row] for row in rows]
    return all(
        any(
            first in names[one] and second in names[other]
            for line in lines
            for at, first in enumerate(line)
            for second in line[at + 1 :]
        )
        for one, other in pairwise(order)
        if one is not None and other is not None
    )


def _is_other(word: str, heading: Heading) -> bool:
    """Tell whether a word holds the name of a column, and a letter more that no label has."""
    if not _is_foreign(word, heading):
        return False
    kinds = [name.kind for name, _ in running_names(word, heading) if name.kind != "other"]
    return kinds == ["leaf"] and name_of(word, heading).kind == "other"


def _is_foreign(word: str, heading: Heading) -> bool:
    """Tell whether a word, short as a name, has a letter that no label of a table has."""
    own = letters(word)
    return len(own) <= SHORT_AS_NAME and not heading.signs.issuperset(own)


def _count(row: Sequence[tuple[Name, str]]) -> int:
    """Count the names of columns and of groups in a row of a head."""
    return sum(name.kind in ("leaf", "group") for name, _ in row)


# ---- names torn over several lines --------------------------------------------------------------


@attrs.define
class _Cell:
    """The pieces of a name that stand over each other in a text, and from where to where."""

    start: int
    end: int
    text: str

    def shared(self, start: int, end: int) -> int:
        """Count the places that it shares with a piece."""
        return min(self.end, end) - max(self.start, start)


def _rejoined(text: str, heading: Heading) -> Columns | None:
    """
    Read a head whose names are torn over several lines of a text that keeps its places: the pieces
    over each other are one name.

    Some programs count the places in characters, others in the room that they take.
    """
    ways = [_by_pieces(text, heading, width) for width in (_one, room_of)]
    found = [way for way in ways if way is not None and set(way.order) == set(heading.order)]
    return found[0] if len({way.order for way in found}) == 1 else None


def _one(sign: str) -> int:  # noqa: ARG001 (as wide as any other)
    return 1


def _by_pieces(text: str, heading: Heading, width: Callable[[str], int]) -> Columns | None:
    """Read a head by the pieces that stand over each other; None where two claim one place."""
    rows: list[list[tuple[Name, str]]] = []
    cells: list[_Cell] = []
    for line in text.split("\n"):
        own: list[tuple[Name, str]] = []
        taken: list[_Cell] = []
        for match in re.finditer(r"\S+", line):
            name = name_of(match[0], heading)
            if name.kind in ("group", "plain"):
                own.append((name, match[0]))
                continue
            start = sum(map(width, line[: match.start()]))
            end = start + sum(map(width, match[0]))
            cell = max(cells, key=lambda each: each.shared(start, end), default=None)
            if cell is None or cell.shared(start, end) <= 0:
                cells.append(cell := _Cell(start, end, ""))
            elif any(each is cell for each in taken):
                return None
            cell.start, cell.end = min(cell.start, start), max(cell.end, end)
            cell.text += match[0]
            taken.append(cell)
        rows.append(own)
    cells.sort(key=lambda cell: cell.start)
    leaves = [(name_of(cell.text, heading), cell.text) for cell in cells]
    return by_order([*filter(None, rows), leaves], heading)


def _spelled(text: str, heading: Heading) -> Columns | None:
    """
    Read a head whose names are torn over several lines of a text that has lost its places.

    It is that of the form if each line goes on with the names of the form in printed order, all of
    them are whole at its end, and nothing else stands there but what stands over or beside them.
    """
    lines = [letters(line) for line in text.split("\n")]
    for name in sorted(map(letters, heading.plain), key=len, reverse=True):
        lines = [line.replace(name, "") if len(name) > SHORT else line for line in lines]
    labels = [leaf.label for leaf in heading.leaves]
    unique = len(set(labels)) == len(labels)
    names = [(letters(name), True) for name in heading.plain]
    over: tuple[str, ...] = ()
    for leaf in heading.leaves:
        # Groups tell columns with one label from each other; else they may be left out.
        names += [(letters(name), unique) for name in leaf.groups if name not in over]
        names.append((letters(leaf.label), False))
        over = leaf.groups
    needed = Counter("".join(name for name, optional in names if not optional))
    lines = [line for line in lines if line]
    spelling = _Spelling(lines=lines, names=names, beside=heading.beside)
    fits = len(lines) <= TALL and needed <= Counter("".join(lines))
    if not fits or not spelling.is_whole():
        return None
    return Columns(order=heading.order, heads=tuple(labels))


@attrs.define(kw_only=True)
class _Spelling:
    """
    The lines of a head, and the names that they are to spell in their order, each with whether it
    may be missing. A line may also be a part of what stands *beside* them.
    """

    lines: list[str]
    names: list[tuple[str, bool]]
    beside: str
    _failed: set[tuple[int, int, int, tuple[int, ...]]] = attrs.field(factory=set)

    def is_whole(self) -> bool:
        """Whether the lines spell the names."""
        return self._goes_on(0, 0, 0, (0,) * len(self.names))

    def _goes_on(self, line: int, at: int, name: int, read: tuple[int, ...]) -> bool:
        """
        Whether the lines spell the names from here: from a character of a line on, with a name or a
        later one, where so many letters of each name were read.
        """
        if line == len(self.lines):
            return all(
                count == len(name) or (optional and not count)
                for count, (name, optional) in zip(read, self.names, strict=True)
            )
        if at == len(self.lines[line]):
            return self._may_end(line + 1, read) and self._goes_on(line + 1, 0, 0, read)
        state = (line, at, name, read)
        if state in self._failed or len(self._failed) > TOO_MANY:
            return False
        found = (not at and not name and self.lines[line] in self.beside) and self._goes_on(
            line + 1, 0, 0, read
        )
        printed = self.lines[line]
        for number in range(name, len(self.names)) if not found else ():
            label, count = self.names[number][0], read[number]
            for end in range(at, len(printed)):
                if not label.startswith(printed[end], count):
                    break
                count += 1
                after = (*read[:number], count, *read[number + 1 :])
                if self._goes_on(line, end + 1, number + 1, after):
                    return True
        self._failed.add(state)
        return found

    def _may_end(self, line: int, read: tuple[int, ...]) -> bool:
        """Whether the lines from one on have the letters that names still miss."""
        behind = "".join(self.lines[line:])
        begun = zip(read, self.names, strict=True)
        missing = "".join(
            name[count:] for count, (name, optional) in begun if count or not optional
        )
        return all(behind.count(sign) >= missing.count(sign) for sign in {*missing})


def _torn_head(text: str, heading: Heading) -> Columns | None:
    """
    Read a head whose names are torn over several lines of a text, as they are when a page becomes
    text.

    Each column has to be named by two characters that only its label has, and in every line they
    stand in the order of the form.
    """
    labels = [key(leaf.label) for leaf in heading.leaves]
    if any(_is_foreign(word, heading) for word in text.split()):
        return None
    shared = "".join(heading.groups)
    own = {
        sign: number
        for number, label in enumerate(labels)
        for sign in label
        if sign not in shared and sum(sign in each for each in labels) == 1
    }
    lines = [fold(line) for line in text.split("\n")]
    for group in map(fold, heading.groups):
        lines = [line.replace(group, "") for line in lines]
    named: set[str] = set()
    for line in lines:
        signs = [sign for sign in line if sign in own]
        if [own[sign] for sign in signs] != sorted(own[sign] for sign in signs):
            return None
        named |= set(signs)
    counts = [sum(own[sign] == number for sign in named) for number in range(len(labels))]
    if all(
        counts[number] >= TORN or _stands_whole(labels[number], number, lines, own)
        for number in range(len(labels))
    ):
        return Columns(order=heading.order, heads=tuple(leaf.label for leaf in heading.leaves))
    return None


def _stands_whole(label: str, number: int, lines: Sequence[str], own: Mapping[str, int]) -> bool:
    """Tell whether a label stands whole in some line, between the signs of its neighbours."""
    for line in lines:
        before, found, behind = line.partition(label)
        earlier = [own[sign] for sign in before if sign in own]
        later = [own[sign] for sign in behind if sign in own]
        beside = earlier or later
        if found and beside and max(earlier, default=-1) < number < min(later, default=len(lines)):
            return True
    return False
