"""
Tables that have lost their borders as lines: a text cut at every change from label to figures.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Container, Iterator, Sequence
from functools import lru_cache
from typing import Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.document import Span
from govinfo_schema.documents.recognise.figures import plain_digits
from govinfo_schema.documents.recognise.lines import (
    Item,
    Line,
    Text,
    form_labels,
    is_tabular,
    row_labels,
    table_ids,
)
from govinfo_schema.form.labels import key

_SENTENCE: Final = re.compile(r"。|^注[:：]")
_IN_RUN: Final = r"0-9.,+\-元万/—\[\]〔〕【】"
_BEGINS: Final = r"(?<![0-9.])(?![1-9][.、．]\s*[^0-9\s])(?:[+\-]?[0-9]|(?<!\S)[/—-](?=\s))"
WIDE: Final = 300
"""No line that keeps its places has more signs."""
_WIDE: Final = ("F", "W")
"""The widths of Chinese characters (Unicode, East Asian Width)."""
_PRINTED: Final = re.compile(r"\S")
_GAP: Final = re.compile(r"[ \t\n\u3000]")
CLINGING: Final = 4
"""What clings to a figure is so short."""
_MARK: Final = re.compile(r"[:：、，。,;；()（）|]+")
_DATED: Final = re.compile("[ \t]*[年月日]")
_REMARK: Final = 5
"""A text beside a table has at least so many letters."""


def streamed(found: Sequence[Item]) -> Iterator[Item]:
    """Turn the texts under a section that is a table into lines: label, figures, label, figures."""
    ruled = {item.section for item in found if isinstance(item, Line) and item.grid >= 0}
    stream: list[Text] = []
    for item in found:
        tabular = isinstance(item, Text) and not item.heading and item.section in table_ids()
        if (
            isinstance(item, Text)
            and tabular
            and not (_SENTENCE.search(item.text) and not is_tabular(item.text))
        ):
            stream.append(item)
        else:
            yield from _with_remarks(stream, ruled)
            stream = []
            yield item
    yield from _with_remarks(stream, ruled)


def _with_remarks(stream: list[Text], ruled: Container[str]) -> Iterator[Line]:
    """Give the lines of texts, with their remarks where the section has a table with cells."""
    remarks = tuple(text for text in stream if text.section in ruled and _is_remark(text.text))
    for line in _stream_lines(stream):
        yield attrs.evolve(line, remarks=remarks) if remarks else line
        remarks = ()


def _is_remark(text: str) -> bool:
    """Tell whether a text beside a table is more than its caption, its unit or its labels."""
    return len(_printed_beside().sub("", key(text))) >= _REMARK


@once
def _printed_beside() -> re.Pattern[str]:
    """Match what is printed beside the figures of a table, in the form of ``key``."""
    data = read_data("readings")
    words = {*map(key, (*data["captions"], *data["plain"])), *form_labels(), *row_labels()}
    return re.compile("|".join([*map(re.escape, sorted(words, key=len, reverse=True)), "[0-9]+"]))


def _stream_lines(stream: list[Text]) -> Iterator[Line]:
    if not stream:
        return
    lines = [" " * item.indent + item.text for item in stream]
    printed = "\n".join(["", *lines])
    text = plain_digits(printed).replace("\u3000", " ")
    starts = [1]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    at = 0
    for begin, end in _runs(text):
        owner = stream[bisect(starts, begin) - 1]
        yield _stream_line(_in_place(printed, at, begin), text[begin:end], owner)
        at = end
    if text[at:].strip():
        yield _stream_line(_in_place(printed, at, len(printed)), "", stream[-1])


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Find the runs of figures in a text, with what clings to them: 约95, 100余, 12件 3件."""
    last: tuple[int, int] | None = None
    for match in _run().finditer(text):
        if match["run"] is None:
            continue
        begin = match.start()
        end = begin + len(match[0].rstrip(" \t\n,.+"))
        if _DATED.match(text, match.end()):
            # The last number is part of a date.
            end -= len(text[begin:end].rsplit(maxsplit=1)[-1])
        if end <= begin or (last and end <= last[1]):
            continue
        before = _GAP.split(text[max(0, begin - CLINGING) : begin])[-1]
        behind = _GAP.split(text[end : end + CLINGING + 1])[0]
        begin -= len(before) if 0 < len(before) < CLINGING and _clings(before) else 0
        end += len(behind) if 0 < len(behind) <= CLINGING and _clings(behind) else 0
        if last and not text[last[1] : begin].strip(" \t\u3000") and begin >= last[1]:
            last = (last[0], end)
            continue
        if last:
            yield last
        last = (begin, end)
    if last:
        yield last


@once
def _run() -> re.Pattern[str]:
    """
    Match figures, one behind the other: *run* is not None. The other alternative takes what is none
    at once: no part of it would be figures, and the search would go through it from each sign.
    """
    signs = f"{_IN_RUN}{read_data('readings')['note_signs']}"
    return re.compile(
        rf"{_BEGINS}(?:(?P<run>(?:[ \t\n]++|[{signs}])*?"
        rf"(?=\s*+(?:[1-9][.、．]\s*+)?[^\s{signs}]|\s*+\Z))|[ \t\n{signs}]*+)"
    )


@lru_cache(maxsize=4096)
def _clings(text: str) -> bool:
    """Tell whether a short text beside a figure is no part of a label, and no mark beside one."""
    own = key(text)
    labels = (*form_labels(), *row_labels())
    return not _MARK.fullmatch(text) and (len(own) < 2 or not any(own in label for label in labels))


def _in_place(text: str, begin: int, end: int) -> str:
    """
    Give a part of a text, its first line as far from the left as it stands there; in a line that is
    longer than any that keeps its places, as it is.
    """
    start = text.rfind("\n", 0, begin) + 1
    before = text[start:begin] if begin - start <= WIDE else ""
    return _PRINTED.sub(_blank, before) + text[begin:end]


def _blank(match: re.Match[str]) -> str:
    return " " if room_of(match[0]) == 1 else "\u3000"


@lru_cache(maxsize=8192)
def room_of(sign: str) -> int:
    """Tell in how many places a character stands where letters stand in one."""
    return 2 if unicodedata.east_asian_width(sign) in _WIDE else 1


def _stream_line(label: str, run: str, owner: Text) -> Line:
    span = Span(text=label, row=0, column=0, place=owner.place)
    return Line(labels=(span,), run=run.strip(), section=owner.section, place=owner.place)
