"""
Which line of a table is which row of the form.

A row is known by its label. Lines and rows stand in one order, so the matching is the best one that
keeps it; a line torn in two by a page break is matched as the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import Final

import attrs

from govinfo_schema.data.once import once, remembered_by
from govinfo_schema.documents.recognise.lines import Line, told
from govinfo_schema.form import ids
from govinfo_schema.form.labels import LIKE, key, keys, letters, likeness, wordings
from govinfo_schema.form.parts import Edition

MARGIN: Final = 0.08
"""A label that is nearly as much like another row says nothing, unless it is the label itself."""
WHOLE: Final = 0.9
"""The likeness from which on nothing is missing from a label."""
MERGED: Final = 3
"""Into so many lines a row may be torn."""

HALF: Final = 2
"""So many characters at least are a part of a label."""


@attrs.frozen(kw_only=True, slots=False)
class Match:
    """A row of the form and the lines that are this row."""

    row: str
    lines: tuple[Line, ...]

    @cached_property
    def line(self) -> Line:
        """The line that has the figures."""
        return next((line for line in self.lines if line.is_printed), self.lines[0])


def align(lines: Sequence[Line], edition: Edition, table: str) -> list[Match]:
    """Find the matching of lines and rows with the greatest likeness that keeps both in order."""
    return [
        Match(row=row, lines=tuple(lines[at : at + size]))
        for row, at, size in _aligned(lines, edition, table)
    ]


@remembered_by(lambda lines, edition, table: (own := told(lines)) and (own, edition, table))
def _aligned(lines: Sequence[Line], edition: Edition, table: str) -> list[tuple[str, int, int]]:
    """Give the rows that were found, each with its first line and how many lines it has."""
    rows = edition.rows_with_figures(table)
    height, width = len(lines), len(rows)
    scores: list[list[float]] = [[0.0] * (width + 1) for _ in range(height + 1)]
    steps: list[list[tuple[int, int]]] = [[(0, 1)] * (width + 1) for _ in range(height + 1)]
    for at in range(height - 1, -1, -1):
        options = [
            (size, _scores(lines[at : at + size], rows, edition)) for size in _sizes(lines, at)
        ]
        scores[at][width], steps[at][width] = 0.0, (1, 0)
        for row in range(width - 1, -1, -1):
            best, step = scores[at + 1][row], (1, 0)
            if scores[at][row + 1] > best:
                best, step = scores[at][row + 1], (0, 1)
            for size, own in options:
                if own[row] > 0 and (score := own[row] + scores[at + size][row + 1]) > best:
                    best, step = score, (size, 1)
            scores[at][row], steps[at][row] = best, step
    return [
        (row, at, size)
        for row, at, size in _followed(lines, rows, steps)
        if not _is_torn(lines, at, Match(row=row, lines=tuple(lines[at : at + size])), edition)
    ]


def _is_torn(lines: Sequence[Line], at: int, match: Match, edition: Edition) -> bool:
    """
    Tell whether figures stand in the middle of a label: whether they are of its row, or those
    behind it, nothing tells.

    A page that becomes text so loses a label of two lines whose figures stand at half the height.
    """
    if match.line.grid >= 0 or any(
        key(match.line.label) == key(each) for each in wordings(edition.name, match.row)
    ):
        return False
    pairs = [
        pair
        for pair in ((at - 1, at), (at, at + 1))
        if pair[0] >= 0 and pair[1] < len(lines) and lines[pair[0]].run
    ]
    labels = [key(each) for each in wordings(edition.name, match.row)]
    return any(
        _halves(letters(lines[one].label), letters(lines[other].label), label)
        for one, other in pairs
        for label in labels
    )


def _halves(one: str, other: str, label: str) -> bool:
    """
    Tell whether the end of one text and the whole of another make up a label; behind more of
    another label figures are of that.
    """
    return any(
        one.endswith(label[:cut]) and other == label[cut:]
        for cut in range(HALF, len(label) - HALF + 1)
    )


def _followed(
    lines: Sequence[Line], rows: Sequence[str], steps: list[list[tuple[int, int]]]
) -> list[tuple[str, int, int]]:
    matches, at, row = [], 0, 0
    while at < len(lines) and row < len(rows):
        size, down = steps[at][row]
        if size and down:
            matches.append((rows[row], at, size))
        at, row = at + size, row + down
    return matches


def _sizes(lines: Sequence[Line], at: int) -> list[int]:
    """How many lines from here may be one row: with borders, and no two have figures."""
    sizes = [1] if lines[at].has_figures else []
    for size in range(2, MERGED + 1):
        part = lines[at : at + size]
        printed = [line for line in part if line.is_printed]
        if len(part) < size or any(line.run for line in part) or len(printed) != 1:
            continue
        if all(any(span.text.strip() for span in line.labels) for line in part):
            sizes.append(size)
    return sizes


def _scores(lines: Sequence[Line], rows: tuple[str, ...], edition: Edition) -> list[float]:
    """
    How well the lines together are like each row, less what any text is; 0 where they say nothing.
    """
    if len(lines) > 1:
        texts: tuple[str, ...] = (
            "".join(line.label for line in lines),
            "".join(line.leaf for line in lines),
        )
    else:
        (line,) = lines
        texts = (line.leaf, line.label)
        if line.above:
            texts += (f"{line.above[-1].text}{line.label}",)
    own = _likenesses(tuple(dict.fromkeys(texts)), rows, edition, running=bool(lines[0].run))
    if len(lines) > 1:
        # A line that has the whole label itself is a row by itself: the figures of another line are
        # not its own.
        alone = [
            _likenesses((line.leaf, line.label), rows, edition, running=False) for line in lines
        ]
        own = tuple(
            0.0 if value < 1.0 and any(each[at] >= WHOLE for each in alone) else value
            for at, value in enumerate(own)
        )
    top = sorted(own, reverse=True)
    unsure = top[0] < 0.99 and len(top) > 1 and top[0] - top[1] < MARGIN
    blank = 0.3 if not any(line.is_printed for line in lines) else 0.0
    return [
        0.0
        if unsure or value < LIKE - 0.05
        else max(0.01, value - LIKE + 0.1 - blank) - 0.02 * (len(lines) - 1)
        for value in own
    ]


@lru_cache(maxsize=4096)
def _likenesses(
    texts: tuple[str, ...], rows: tuple[str, ...], edition: Edition, *, running: bool
) -> tuple[float, ...]:
    exact = _exact(edition, rows)
    for text in texts:
        for known in keys(text):
            if known in exact:
                return tuple(1.0 if row == exact[known] else 0.0 for row in rows)
    found = []
    for row in rows:
        likest = max(
            likeness(text, wording) for text in texts for wording in wordings(edition.name, row)
        )
        if running:
            likest = max(
                likest,
                *(
                    _end_likeness(text, wording)
                    for text in texts
                    for wording in wordings(edition.name, row)
                ),
            )
        found.append(likest)
    return tuple(found)


@once
def _exact(edition: Edition, rows: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows:
        groups = [each.zh for each in edition.rows.values() if ids.is_below(row, each.id)]
        for wording in wordings(edition.name, row):
            # The labels of its groups may stand before it in one cell.
            for label in (wording, *(f"{group}{wording}" for group in groups)):
                for known in keys(label):
                    found.setdefault(known, row)
    return found


def _end_likeness(text: str, label: str) -> float:
    """How much the end of a running text is like a label."""
    running = letters(text)
    if len(running) <= len(key(label)):
        return 0.0
    return max(
        likeness(running[-length:], label)
        for length in (len(key(label)), len(key(label)) + 1)
        if length
    )
