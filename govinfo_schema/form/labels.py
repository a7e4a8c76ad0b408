"""
Compare what a document prints with the labels of the form.

Published documents lose and double characters, mix full and half width, number rows in their own
way, and carry radicals or traditional characters where the form has none. Folding takes away what
makes no difference; likeness measures the rest.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from difflib import SequenceMatcher
from functools import lru_cache, wraps
from typing import Final, TypeVar

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.form import ids
from govinfo_schema.form.load import edition

Result = TypeVar("Result")

LIKE: Final = 0.6
"""The likeness from which on a text is taken for a label."""

GARBLED: Final = 6
"""One in so many characters of a label may be another one."""

SHORT: Final = 256
"""Of a text of at most so many characters it is remembered what was worked out."""

_SPACE: Final = r"\s\u200b-\u200f\u2060\ufeff\u00ad"
_WIDE: Final = re.compile("[\uff01-\uff5e]")
_WIDTH: Final = 0xFF01 - ord("!")
_REMARK: Final = re.compile(r"\([^()]*\)?")
_ORDINAL: Final = re.compile(
    r"^(\([一二三四五六七八九十0-9]{1,2}\)|[一二三四五六七八九十]{1,2}[、.,]|[0-9]{1,2}[、.,．])+"
)


def remembered(work_out: Callable[[str], Result]) -> Callable[[str], Result]:
    """
    Cache the results of a function of a text for short texts, which come again and again; long ones
    would fill the memory.
    """
    known = lru_cache(maxsize=4096)(work_out)

    @wraps(work_out)
    def result(text: str) -> Result:
        return known(text) if len(text) <= SHORT else work_out(text)

    return result


def fold(text: str) -> str:
    """
    Take away what makes no difference to a reader: width, spaces, radicals, traditional forms.

    >>> fold("（三） 危及“三安全⼀稳定”，處理")
    '(三)危及“三安全一稳定”,处理'
    """
    return "".join(text.split()) if text.isascii() else _folded(text)


@remembered
def _folded(text: str) -> str:
    # Full-width signs first: most texts are in normal form then, which is ten times as fast.
    narrow = _WIDE.sub(lambda match: chr(ord(match[0]) - _WIDTH), text)
    pattern, characters, words = _characters()
    normal = unicodedata.normalize("NFKC", narrow)
    folded = pattern.sub(lambda match: characters.get(match[0], ""), normal)
    for word, other in words:
        folded = folded.replace(word, other)
    return folded


@remembered
def letters(text: str) -> str:
    """Fold a text and take away its punctuation."""
    return re.sub(r"[\W_]+", "", fold(text))


@lru_cache(maxsize=4096)
def key(text: str) -> str:
    """Fold a label and take away its ordinal and its punctuation."""
    return letters(_ORDINAL.sub("", fold(text)))


@lru_cache(maxsize=4096)
def keys(text: str) -> tuple[str, ...]:
    """Return the keys that a label may be known by: whole, and without the remarks in brackets."""
    folded = _ORDINAL.sub("", fold(text))
    plain = _REMARK.sub("", folded)
    return tuple(dict.fromkeys(found for found in (key(folded), key(plain)) if found))


@lru_cache(maxsize=65536)
def likeness(text: str, label: str) -> float:
    """
    Return how similar a text is to a label, from 0 to 1; 1 is the same label.

    >>> likeness("本年度止件数", "本年废止件数") > LIKE > likeness("本年度止件数", "现行有效件数")
    True
    """
    return max((_alike(one, other) for one in keys(text) for other in keys(label)), default=0.0)


def best(text: str, labels: Iterable[str]) -> tuple[float, str]:
    """Return the label that a text is most like, and how much; the first of equals."""
    return max(
        ((likeness(text, label), label) for label in labels),
        key=lambda pair: pair[0],
        default=(0.0, ""),
    )


@once
def wordings(name: str, path: str) -> tuple[str, ...]:
    """Return the label of a row as printed and the other wordings that documents use for it."""
    row = edition(name).rows[path]
    aliases = read_data("readings")["aliases"]
    others = [
        wording for end, found in aliases.items() if ids.ends_with(path, end) for wording in found
    ]
    return (row.zh, *others)


def _alike(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) < 2:
        return 0.0
    signs = _dice(_signs(one), _signs(other), len(one) + len(other))
    if not signs:
        return 0.0
    pairs = _dice(_pairs(one), _pairs(other), len(one) + len(other) - 2)
    value = (signs + pairs) / 2
    return value if value < LIKE or _is_damaged(one, other) else 0.0


def _is_damaged(text: str, label: str) -> bool:
    """
    Tell whether a text may be a label that has lost, doubled or garbled characters: what it has
    otherwise makes no other word of it.
    """
    telling = _telling()
    garbled = 0
    for kind, begin, end, first, last in SequenceMatcher(None, label, text, False).get_opcodes():
        gone, come = label[begin:end], text[first:last]
        beside = {*text[first - 1 : first], *text[last : last + 1]}
        doubled = kind == "insert" and beside.issuperset(come)
        if kind == "replace":
            garbled += max(len(gone), len(come))
        if kind != "equal" and not doubled and telling.search(f"{gone} {come}"):
            return False
    return garbled * GARBLED <= len(label)


@once
def _telling() -> re.Pattern[str]:
    return re.compile(read_data("readings")["telling"])


def _dice(one: Mapping[str, int], other: Mapping[str, int], total: int) -> float:
    """Give the share of what two texts have in common, of the *total* of both."""
    # ``Counter.__and__`` goes through all that one of them has, and most have next to nothing.
    return 2 * sum([min(one[each], other[each]) for each in one.keys() & other.keys()]) / total


@remembered
def _signs(text: str) -> Counter[str]:
    return Counter(text)


@remembered
def _pairs(text: str) -> Counter[str]:
    return Counter([text[place : place + 2] for place in range(len(text) - 1)])


@once
def _characters() -> tuple[re.Pattern[str], dict[str, str], tuple[tuple[str, str], ...]]:
    """
    Return the pattern of the characters that ``fold`` changes, what they become, and the words that
    are changed whole.
    """
    data = read_data("readings")
    pairs = f"{data['traditional']} {data['radicals']}".split()
    replaced = {pair[0]: pair[1] for pair in pairs}
    pattern = re.compile(f"[{_SPACE}{''.join(replaced)}]")
    return pattern, replaced, tuple(data["words"].items())
