"""
Find the borders that a text has lost: ``640020470`` is 64 0 0 2 0 4 70, because the six add up to
the seventh.

This is exact search over small integers. Where the sums leave several splits, what all of them
share is certain and the rest is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice, product
from typing import Final

import attrs

Split = tuple[str, ...]

MAX_DIGITS: Final = 60
MAX_SPLITS: Final = 2_000
MAX_COMBINATIONS: Final = 50_000


@attrs.frozen
class Settled:
    """
    The texts of the cells of a run, None where several are possible; *splits* are all that are
    left, *forced* that no other was.
    """

    cells: tuple[str | None, ...]
    splits: tuple[Split, ...]
    forced: bool


@lru_cache(maxsize=4096)
def splits(run: str, count: int, group: int = 0) -> tuple[Split, ...]:
    """
    Give every way to cut a run into *count* numbers without leading zeros; a space in it is a
    border.

    A run with anything but digits has none, and neither has one with too many: what some of them
    share proves nothing. With *group* the numbers come in groups of so many, and in each the last
    is the sum of the others.

    >>> splits("640020470", 7, 7)
    (('64', '0', '0', '2', '0', '4', '70'),)
    >>> splits("2135", 3)
    (('2', '1', '35'), ('2', '13', '5'), ('21', '3', '5'))
    """
    texts = tuple(run.split())
    if sum(map(len, texts)) > MAX_DIGITS or not all(
        text.isascii() and text.isdigit() for text in texts
    ):
        return ()
    found = _grouped(texts, count, group) if group else _free(texts, count)
    kept = tuple(islice(found, MAX_SPLITS + 1))
    return kept if len(kept) <= MAX_SPLITS else ()


def settle(candidates: Sequence[Split]) -> Settled | None:
    """Give what all candidates share; None if there is none."""
    if not candidates:
        return None
    cells = tuple(
        column[0] if len(set(column)) == 1 else None for column in zip(*candidates, strict=True)
    )
    return Settled(cells, tuple(candidates), len(candidates) == 1)


def agreeing(
    rows: Mapping[str, Sequence[Split]],
    sums: Iterable[tuple[Sequence[tuple[str, int]], Sequence[tuple[str, int]]]],
) -> dict[str, list[Split]]:
    """
    Keep of the splits of all rows those that some choice makes every sum hold with; all of them
    where no choice does.

    A sum is two sides of (row, number of the cell); one that names a row without splits says
    nothing.
    """
    kept = {row: list(found) for row, found in rows.items()}
    for left, right in sums:
        _agree(kept, left, right)
    return kept


def _agree(
    kept: dict[str, list[Split]], left: Sequence[tuple[str, int]], right: Sequence[tuple[str, int]]
) -> None:
    terms = [(row, cell, sign) for side, sign in ((left, 1), (right, -1)) for row, cell in side]
    if any(not kept.get(row) for row, _, _ in terms):
        return
    fixed, open_rows = 0, []
    for row, cell, sign in terms:
        possible = sorted({int(split[cell]) for split in kept[row]})
        if len(possible) == 1:
            fixed += sign * possible[0]
        else:
            open_rows.append((row, cell, sign, possible))
    size = 1
    for _, _, _, values in open_rows:
        size *= len(values)
    if not open_rows or size > MAX_COMBINATIONS:
        return
    choices = [
        c for c in product(*(v for _, _, _, v in open_rows)) if fixed + _signed(open_rows, c) == 0
    ]
    if choices:
        for (row, cell, _, _), chosen in zip(open_rows, zip(*choices, strict=True), strict=True):
            kept[row] = [split for split in kept[row] if int(split[cell]) in chosen]


def _signed(terms: Sequence[tuple[str, int, int, list[int]]], values: Sequence[int]) -> int:
    return sum(sign * value for (_, _, sign, _), value in zip(terms, values, strict=True))


def _free(texts: tuple[str, ...], count: int) -> Iterator[Split]:
    if not texts:
        if count == 0:
            yield ()
        return
    first, *rest = texts
    for parts in range(1, count - len(rest) + 1):
        heads = list(_cut(first, parts))
        if heads:
            for tail in _free(tuple(rest), count - parts):
                yield from ((*head, *tail) for head in heads)


@lru_cache(maxsize=8192)
def _cut(text: str, parts: int) -> tuple[Split, ...]:
    if parts == 1:
        return ((text,),) if _number(text) else ()
    found = []
    for end in range(1, len(text) - parts + 2):
        if _number(text[:end]):
            found += [(text[:end], *tail) for tail in _cut(text[end:], parts - 1)]
            if len(found) > MAX_SPLITS:
                break
    return tuple(found)


def _number(text: str) -> bool:
    return text == "0" or text[0] != "0"


def _grouped(texts: tuple[str, ...], count: int, group: int) -> Iterator[Split]:
    """Cut group after group: the digits of a run, with the borders that its spaces are."""
    digits = "".join(texts)
    borders: set[int] = set()
    for text in texts:
        borders.add((max(borders) if borders else 0) + len(text))

    @cache
    def groups(start: int, left: int) -> tuple[Split, ...]:
        if left == 0:
            return ((),) if start == len(digits) else ()
        found: list[Split] = []
        for end, head in _sums(digits, start, group, borders):
            found += [(*head, *tail) for tail in groups(end, left - 1)]
            if len(found) > MAX_SPLITS:
                break
        return tuple(found)

    yield from groups(0, count // group)


def _sums(digits: str, start: int, group: int, borders: set[int]) -> Iterator[tuple[int, Split]]:
    """
    Cut one group off: its numbers, of which the last is the sum of the others, and where it ends.
    """

    def parts(at: int, left: int, total: int, taken: Split) -> Iterator[tuple[int, Split]]:
        if left == 1:
            text = str(total)
            end = at + len(text)
            if digits.startswith(text, at) and not any(at < border < end for border in borders):
                yield end, (*taken, text)
            return
        longest = 1 if digits[at : at + 1] == "0" else 17
        for end in range(at + 1, min(at + longest, len(digits) - left + 1) + 1):
            yield from parts(end, left - 1, total + int(digits[at:end]), (*taken, digits[at:end]))
            if end in borders:
                break

    yield from parts(start, group, 0, ())
