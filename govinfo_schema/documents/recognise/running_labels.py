"""
Put the labels of rows together that a running text has torn, and give each its figures.

The figures of a row stand at half the height of its label: before them stands one part of it, and
behind them another, among the parts of the labels that stand over several rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import attrs
import msgspec

from govinfo_schema.data.once import once, remembered_by
from govinfo_schema.documents.recognise.lines import Line, told
from govinfo_schema.documents.recognise.rows import HALF
from govinfo_schema.form import ids
from govinfo_schema.form.labels import key, keys, letters, wordings
from govinfo_schema.form.parts import Edition

MOST: Final = 40
"""No label is longer before it is torn."""
TOO_MANY: Final = 1_500
"""A text of so many words is no table of the form."""


def in_one(lines: Sequence[Line], edition: Edition, table: str) -> list[Line]:
    """
    Put the labels together that are torn over several lines: by the lines on which their parts
    stand, else by their halves before and behind the figures.
    """
    if all(line.grid >= 0 for line in lines):
        return list(lines)
    labels = _relabelling(lines, edition, table)
    return [
        line if label is None else _relabelled(line, label)
        for line, label in zip(lines, labels, strict=True)
    ]


def _told(lines: Sequence[Line], edition: Edition, table: str) -> tuple[object, ...] | None:
    """Give all that tells which labels are torn."""
    own = told(lines)
    return own and (own, tuple([line.run.count("\n") for line in lines]), edition, table)


@remembered_by(_told)
def _relabelling(lines: Sequence[Line], edition: Edition, table: str) -> list[str | None]:
    """Give for each line the label that it gets; None where it stays as it is."""
    found = _by_halves(_by_height(lines, edition, table), edition, table)
    return [
        None if line is other else other.label for line, other in zip(lines, found, strict=True)
    ]


# ---- by the lines on which the parts stand ------------------------------------------------------


@attrs.frozen
class _Word:
    """
    A word of a label: the line of the text that it stands on, the *owner* whose label it is in, by
    its number, and from where to where in that.
    """

    height: int
    letters: str
    owner: int
    begin: int
    end: int


@attrs.frozen
class _Path:
    """
    One way to tell what the words so far are: the label begun last as a row and its letters, how
    many of them were *read*, and the words that have them; *whole*: the rows before it whose labels
    were read to their end. *cost*: what is left unexplained.
    """

    cost: float = 0.0
    row: int = -1
    label: str = ""
    read: int = 0
    words: tuple[_Word, ...] = ()
    whole: tuple[tuple[int, tuple[_Word, ...]], ...] = ()

    def ended(self) -> _Path:
        """End the label: whole, or all its words unexplained."""
        if self.row < 0 or self.read < len(self.label):
            return attrs.evolve(self, cost=self.cost + len(self.words), words=())
        return attrs.evolve(self, whole=(*self.whole, (self.row, self.words)), words=())


APART: Final = 0.01
"""What it costs where a label goes on behind an empty line."""
OF_GROUP: Final = 0.1
"""What a word costs that is a part of a label over several rows; any other costs 1."""


def _by_height(lines: Sequence[Line], edition: Edition, table: str) -> list[Line]:
    """
    Give figures the label whose first and last word stand on the lines before and behind them, or
    on their own; where that is so of several, none.
    """
    words, heights = _words(lines)
    if len(words) > TOO_MANY or len(set(heights.values())) < 2:
        return list(lines)
    texts: dict[int, tuple[_Word, ...]] = {}
    taken: list[_Word] = []
    for owners, labels in _beside(_labels_read(words, edition, table), heights):
        own = [word for label in labels for word in label]
        is_torn = any(label[0].height < label[-1].height for label in labels)
        is_alone = len(owners) == len(labels) == 1
        if is_torn and len(labels) >= len(owners) and any(word.owner != owners[0] for word in own):
            taken += own
            texts |= dict.fromkeys(owners, tuple(own) if is_alone else ())
    found = list(lines)
    for line in {word.owner for word in taken} | texts.keys():
        rest = lines[line].label
        for word in sorted(taken, key=lambda word: -word.begin):
            if word.owner == line:
                rest = rest[: word.begin] + rest[word.end :]
        parts = texts.get(line, ())
        label = "".join(lines[word.owner].label[word.begin : word.end] for word in parts)
        found[line] = _relabelled(lines[line], rest + label)
    return found


def _beside(
    labels: Sequence[tuple[_Word, ...]], heights: Mapping[int, int]
) -> Iterator[tuple[list[int], list[tuple[_Word, ...]]]]:
    """Go through figures, by their lines, and the labels at their height: those of one another."""
    lines: list[int] = []
    own: list[tuple[_Word, ...]] = []
    for line, height in heights.items():
        beside = [each for each in labels if each[0].height <= height <= each[-1].height]
        if lines and not any(each is other for each in beside for other in own):
            yield lines, own
            lines, own = [], []
        if beside:
            lines.append(line)
            own += [each for each in beside if not any(each is other for other in own)]
    if lines:
        yield lines, own


def _words(lines: Sequence[Line]) -> tuple[list[_Word], dict[int, int]]:
    """Give the words of labels in running text, and on which line figures stand, if on one."""
    words: list[_Word] = []
    heights: dict[int, int] = {}
    height = 0
    for number, line in enumerate(lines):
        if line.grid >= 0:
            continue
        label = line.label
        for match in re.finditer(r"\S+", label):
            at = height + label.count("\n", 0, match.start())
            words.append(_Word(at, letters(match[0]), number, *match.span()))
        height += label.count("\n")
        if line.run and "\n" not in line.run:
            heights[number] = height
        height += line.run.count("\n")
    return words, heights


def _labels_read(words: Sequence[_Word], edition: Edition, table: str) -> list[tuple[_Word, ...]]:
    """Tell which words make up the labels of rows, as many as can be and in their order."""
    labels, groups = _printed(edition, table)
    paths = [_Path()]
    for word in words:
        if not word.letters:
            continue
        best: dict[tuple[int, str, int], _Path] = {}
        for after in [each for path in paths for each in _after(path, word, labels, groups)]:
            state = (after.row, after.label, after.read)
            if state not in best or after.cost < best[state].cost:
                best[state] = after
        paths = list(best.values())
    whole = dict(min((path.ended() for path in paths), key=lambda path: path.cost).whole)
    rows = edition.rows_with_figures(table)
    divisible = edition.divisible or ""
    if any(ids.is_below(rows[row], divisible) for row in whole):
        whole = {row: own for row, own in whole.items() if rows[row] != divisible}
    return list(whole.values())


def _after(
    path: _Path, word: _Word, labels: Sequence[tuple[int, str]], groups: str
) -> Iterator[_Path]:
    """Go through what a word may be: no part of a label, more of the one begun, or another one."""
    size = len(word.letters)
    cost = path.cost + (OF_GROUP if word.letters in groups else 1.0)
    yield _Path(cost, path.row, path.label, path.read, path.words, path.whole)
    if path.words and path.label.startswith(word.letters, path.read):
        cost = path.cost + APART * max(0, word.height - path.words[-1].height - 1)
        words = (*path.words, word)
        yield _Path(cost, path.row, path.label, path.read + size, words, path.whole)
    begun = [each for each in labels if each[0] > path.row and each[1].startswith(word.letters)]
    if begun:
        ended = path.ended()
        for row, label in begun:
            yield _Path(ended.cost, row, label, size, (word,), ended.whole)


@once
def _printed(edition: Edition, table: str) -> tuple[list[tuple[int, str]], str]:
    """Give what the labels of rows may say, by their rows, and what those over several rows say."""
    rows = edition.rows_with_figures(table)
    labels = [
        (at, text)
        for at, row in enumerate(rows)
        for wording in wordings(edition.name, row)
        for text in dict.fromkeys((letters(wording), *keys(wording)))
    ]
    groups = [
        letters(row.zh)
        for row in edition.rows.values()
        if row.group and ids.is_below(row.id, table)
    ]
    return labels, "|".join(groups)


# ---- by their halves ----------------------------------------------------------------------------


def _by_halves(lines: Sequence[Line], edition: Edition, table: str) -> list[Line]:
    """
    Put together labels in whose middle their own figures stand: what of them stands behind the
    figures is no part of the next label.

    Where nothing but the second half stands before the next figures, nothing tells whose those are:
    that is left to ``align``. Behind the last figures it is theirs.
    """
    halves = _halves_of(edition, table)
    found = list(lines)
    for at in range(len(found) - 1):
        one, other = found[at], found[at + 1]
        if one.grid >= 0 or other.grid >= 0 or not one.run:
            continue
        end, begin = letters(one.label), letters(other.label)
        rest = next(
            (
                half
                for size in range(min(len(end), MOST), HALF - 1, -1)
                for half in halves.get(end[-size:], ())
                if begin.startswith(half)
            ),
            "",
        )
        if rest and (rest != begin or not other.run):
            place = next(
                end for end in range(len(other.label) + 1) if letters(other.label[:end]) == rest
            )
            found[at] = _relabelled(one, one.label + other.label[:place])
            found[at + 1] = _relabelled(other, other.label[place:])
    return found


@once
def _halves_of(edition: Edition, table: str) -> dict[str, list[str]]:
    """Cut each label of a table wherever it may be torn: the second halves by the first."""
    found: dict[str, list[str]] = {}
    for row in edition.rows_with_figures(table):
        for wording in wordings(edition.name, row):
            for known in (key(wording), letters(wording)):
                for cut in range(HALF, len(known) - HALF + 1):
                    found.setdefault(known[:cut], []).append(known[cut:])
    return found


def _relabelled(line: Line, label: str) -> Line:
    return attrs.evolve(line, labels=(msgspec.structs.replace(line.labels[0], text=label),))
