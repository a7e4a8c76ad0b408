"""
The titles of the six sections: what they are called, and how headings are numbered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.form.labels import fold, remembered

_NUMBERS: Final = "一二三四五六七八九十"
_ORDINALS: Final = tuple(
    map(
        re.compile,
        (
            "第?([一二三四五六七八九十])(?:[、.,:]|(?:部分|章)[、.,:]?)",
            r"\(([一二三四五六七八九十])\)[、.,:]?",
            "([1-9])[、.,):]",
            r"\(([1-9])\)",
            "第([1-9])(?:部分|章)[、.,:]?",
            "(VI{0,3}|IV|IX|I{1,3}|X)[、.,:]?",
        ),
    )
)
"""How headings are numbered; in a document those of one level are numbered alike."""
_ROMAN: Final = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_TITLE: Final = 40
"""A title of a section has so many signs at most, without blanks, and with them no more than:"""
_SHORT: Final = 200
_PAGE_NUMBER: Final = re.compile(
    r"^(?:[-—–―]+[0-9]{1,3}[-—–―]+|第[0-9]{1,3}页(?:[共/,]*[0-9]*页?)?|Page[0-9]+.*|P\.[0-9]+)$"
)
_BLANK: Final = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\u00ad]")


def is_page_number(text: str) -> bool:
    """Tell whether a line is only the number of its page."""
    return _PAGE_NUMBER.match(fold(text)) is not None


@remembered
def folded(text: str) -> tuple[str, Sequence[int]]:
    """Fold a text, and give for each of its characters where it came from."""
    whole = fold(text)
    places: list[int] = []
    begin = 0
    for blank in _BLANK.finditer(text):
        places += range(begin, blank.start())
        begin = blank.end()
    places += range(begin, len(text))
    if len(whole) != len(places):
        # Some sign stands for several, as ㈠ does for (一).
        places = [index for index, sign in enumerate(text) for _ in _sign(sign)]
        whole = whole if len(whole) == len(places) else "".join(map(_sign, text))
    return whole, places


@lru_cache(maxsize=8192)
def _sign(sign: str) -> str:
    """Fold one character."""
    return fold(sign)


@attrs.frozen
class SectionHeading:
    """
    A line that may be a heading: its section ("" if it is none of the six), its style (the place in
    ``_ORDINALS``, −1 without an ordinal) and its number (0 if it has none).
    """

    section: str
    style: int
    number: int


def section_heading(text: str) -> SectionHeading | None:
    """Name the section whose title a text is; a title is short."""
    heading = numbered(text)
    return heading if heading and heading.section else None


def numbered(text: str) -> SectionHeading | None:
    """Take the ordinal from a short text; None if it has none and is no title of a section."""
    return _numbered_line(text) if len(text) <= _SHORT else None


@lru_cache(maxsize=4096)
def _numbered_line(text: str) -> SectionHeading | None:
    line = fold(text)
    if not 0 < len(line) <= _TITLE:
        return None
    for style, ordinal in enumerate(_ORDINALS):
        if match := ordinal.match(line):
            return SectionHeading(_section(line[match.end() :]), style, _number(match[1]))
    section = _section(line) or _section(re.sub("^[一二三四五六]", "", line))
    return SectionHeading(section, -1, 0) if section else None


def _number(ordinal: str) -> int:
    if ordinal.isdigit():
        return int(ordinal)
    return (_ROMAN.index(ordinal) if ordinal in _ROMAN else _NUMBERS.index(ordinal)) + 1


def _section(line: str) -> str:
    """Name the section whose title a folded line is, without its ordinal."""
    match = _titles().fullmatch(line)
    return match.lastgroup or "" if match else ""


def headings_in(line: str) -> Iterator[tuple[re.Match[str], str]]:
    """
    Find the titles of sections inside a folded text, in printed order: each with its own ordinal
    before it.
    """
    at = 0
    for name, pattern in _openings():
        match = pattern.search(line, at)
        if match:
            yield match, name
            at = match.end()


@once
def _titles() -> re.Pattern[str]:
    titles = "|".join(f"(?P<{name}>{pattern})" for name, pattern in section_patterns().items())
    return re.compile(f"(?:{titles})[。:]?")


@once
def _openings() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (name, re.compile(rf"(?:^|(?<=[^一二三四五六七八九十])){own}[、.](?:{pattern})"))
        for own, (name, pattern) in zip("一二三四五六", section_patterns().items(), strict=True)
    )


@once
def section_patterns() -> dict[str, str]:
    """Give the pattern of the title of each section, in printed order."""
    sections: dict[str, str] = read_data("readings")["sections"]
    return sections
