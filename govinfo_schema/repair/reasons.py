"""
How a figure may have come to be wrong.

For example swapped digits, the figure of the next row, or a total that was not recomputed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, Literal, get_args

import attrs

from govinfo_schema.data.once import once
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form
from govinfo_schema.messages import Label, spoken

ReasonCode = Literal[
    "never_filled",
    "exchanged",
    "swapped",
    "unit",
    "doubled",
    "dropped",
    "neighbour",
    "mistyped",
    "stale",
    "worked_out",
]
ORDER: Final[Mapping[str, int]] = {code: rank for rank, code in enumerate(get_args(ReasonCode))}
"""The more telling reason first."""
TELLING: Final = 10
"""From this figure on it tells something that the next cell holds the same."""
TEN_THOUSAND: Final = 10_000


@attrs.frozen
class Reason:
    """A plain reason for a wrong figure; *zh* and *en* say it in a few words."""

    code: ReasonCode
    zh: str
    en: str


def reason(
    form: Form,
    values: Mapping[str, int | None],
    changes: Sequence[tuple[str, int, int]],
    anew: frozenset[str],
) -> Reason | None:
    """
    Return the reason that fits some changes, or None.

    A change is a cell, the figure found and the figure it should be; *anew* are the totals among
    them that were recomputed.
    """
    totals = [found for cell, found, _ in changes if cell in anew]
    if len(totals) > 1 and not any(totals):
        return _said("never_filled")
    if len(totals) > 1:
        return _said("worked_out") if len(totals) == len(changes) else None
    if len(changes) == 2:
        (_, first, first_right), (_, second, second_right) = changes
        if (first, second) == (second_right, first_right):
            return _said("exchanged")
    codes = (_of_one(form, values, *change) for change in changes)
    code = next(codes)
    return _said(code) if code and all(other == code for other in codes) else None


@lru_cache(maxsize=10_000)
def distance(found: int, should_be: int) -> int:
    """Count the keystrokes between two figures: digits to put in, to take out or to replace."""
    first, second = str(found), str(should_be)
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        above, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]


def _of_one(
    form: Form, values: Mapping[str, int | None], cell: str, found: int, should_be: int
) -> ReasonCode | None:
    a, b = str(found), str(should_be)
    fits: list[tuple[ReasonCode, bool]] = [
        ("unit", should_be > 0 and found == should_be * TEN_THOUSAND),
        ("swapped", _swapped(a, b)),
        ("doubled", _shorter(a, b)),
        ("dropped", _shorter(b, a)),
        (
            "neighbour",
            found >= TELLING
            and any(values.get(other) == found for other in _neighbours(form).get(cell, ())),
        ),
        ("stale", cell in form.totals),
        ("mistyped", len(a) == len(b) > 1 and distance(found, should_be) == 1),
    ]
    return next((code for code, fit in fits if fit), None)


def _swapped(a: str, b: str) -> bool:
    differ = (
        [i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y]
        if len(a) == len(b)
        else []
    )
    return (
        len(differ) == 2
        and differ[1] - differ[0] == 1
        and (a[differ[0]], a[differ[1]]) == (b[differ[1]], b[differ[0]])
    )


def _shorter(a: str, b: str) -> bool:
    """Whether *b* is *a* with one digit left out."""
    return len(a) == len(b) + 1 and any(a[:i] + a[i + 1 :] == b for i in range(len(a)))


@once
def _neighbours(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return the cells beside, above and below each cell."""
    lines: dict[tuple[str, str], list[str]] = {}
    for cell in form.cells.values():
        table = ids.table_of(cell.id)
        lines.setdefault((table, cell.row.id), []).append(cell.id)
        lines.setdefault((table, cell.column.id), []).append(cell.id)
    neighbours: dict[str, tuple[str, ...]] = {}
    pairs = [pair for line in lines.values() for pair in pairwise(line)]
    for first, second in [*pairs, *((b, a) for a, b in pairs)]:
        neighbours[first] = (*neighbours.get(first, ()), second)
    return neighbours


@once
def _said(code: ReasonCode) -> Reason:
    text: Label = spoken(f"reason.{code}")
    return Reason(code, text.zh, text.en)
