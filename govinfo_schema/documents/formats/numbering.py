"""
The numbers that Word puts before paragraphs.

A heading 一、总体情况 may stand in the file as 总体情况 and a reference to a list; a reader sees
the number all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.formats.word_styles import Style, W, is_on, value, whole


@attrs.frozen
class _Depth:
    """
    How one depth of a list is numbered: *pattern* has ``%1`` where the number of the first depth
    stands.
    """

    start: int
    format: str
    pattern: str
    plain: bool = False


@attrs.define
class Numbering:
    """The lists of a document and how far each has been counted."""

    lists: dict[str, tuple[str, dict[int, _Depth]]]
    counted: dict[str, dict[int, int]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, root: ET.Element | None, styles: Mapping[str, Style]) -> Numbering:
        """
        Read the part that describes the lists: each names a pattern, and may change some depths of
        it.
        """
        nodes = list(root) if root is not None else []
        patterns = {
            node.get(f"{W}abstractNumId", ""): node
            for node in nodes
            if node.tag == f"{W}abstractNum"
        }
        used = {node.get(f"{W}numId", ""): node for node in nodes if node.tag == f"{W}num"}
        depths_of = {
            name: dict(map(_depth, node.iterfind(f"{W}lvl"))) for name, node in patterns.items()
        }
        lists = {}
        for name, node in used.items():
            abstract = value(node, "abstractNumId") or ""
            linked = styles.get(value(patterns.get(abstract), "numStyleLink") or "")
            if linked and linked.list in used:
                abstract = value(used[linked.list], "abstractNumId") or abstract
            depths = dict(depths_of.get(abstract, {}))
            own: dict[int, int] = {}
            for change in node.iterfind(f"{W}lvlOverride"):
                depths |= dict(map(_depth, change.iterfind(f"{W}lvl")))
                at, start = (
                    whole(change.get(f"{W}ilvl"), 0, 8),
                    whole(value(change, "startOverride")),
                )
                if at in depths and start is not None:
                    own[at] = start
                    depths[at] = attrs.evolve(depths[at], start=start)
            lists[name] = (f"{abstract} {name}" if own else abstract, depths)
        return cls(lists)

    def label(self, properties: ET.Element | None, style: Style) -> str:
        """
        Count a paragraph, and give the number that stands before it; nothing for one that is in no
        list.
        """
        numbers = properties.find(f"{W}numPr") if properties is not None else None
        name = value(numbers, "numId") or style.list or "0"
        if name not in self.lists:
            return ""
        depth = whole(value(numbers, "ilvl"), 0, 8)
        depth = (style.depth or 0) if depth is None else depth
        counter, depths = self.lists[name]
        if depth not in depths:
            return ""
        counts = self.counted.setdefault(counter, {})
        counts[depth] = counts[depth] + 1 if depth in counts else depths[depth].start
        for deeper in [each for each in counts if each > depth]:
            del counts[deeper]
        shown = depths[depth]
        if shown.format in ("bullet", "none"):
            return ""

        def shown_number(match: re.Match[str]) -> str:
            at = int(match[1]) - 1
            if at not in depths:
                return ""
            return numeral(
                counts.setdefault(at, depths[at].start),
                "decimal" if shown.plain else depths[at].format,
            )

        return re.sub("%([1-9])", shown_number, shown.pattern)


def _depth(node: ET.Element) -> tuple[int, _Depth]:
    start = whole(value(node, "start"))
    return whole(node.get(f"{W}ilvl"), 0, 8) or 0, _Depth(
        start=1 if start is None else start,
        format=value(node, "numFmt") or "decimal",
        pattern=(value(node, "lvlText") or "")[:200],
        plain=is_on(node, "isLgl"),
    )


def joined(label: str, text: str) -> str:
    """Put a number before a text so that the two are not read as one number."""
    apart = label and text and (label[-1].isalnum() or text[:1].isascii())
    return f"{label} {text}" if apart else label + text


_DIGITS: Final = "〇一二三四五六七八九"
_PLACES: Final = ((1000, "千"), (100, "百"), (10, "十"))


def _chinese(number: int) -> str:
    """
    Write a number as it is counted in Chinese.

    >>> [_chinese(each) for each in (0, 7, 10, 12, 20, 105, 110)]
    ['〇', '七', '十', '十二', '二十', '一百〇五', '一百一十']
    """
    if not 0 < number < 10_000:
        return _positional(number)
    parts, rest, gap = [], number, False
    for size, name in _PLACES:
        digit, rest = divmod(rest, size)
        if digit:
            parts.append(("〇" if gap else "") + _DIGITS[digit] + name)
        gap = not digit and bool(parts)
    if rest:
        parts.append(("〇" if gap else "") + _DIGITS[rest])
    text = "".join(parts)
    return text.removeprefix("一") if 10 <= number < 20 else text


def _positional(number: int) -> str:
    return "".join(_DIGITS[int(digit)] for digit in str(number))


def _letters(number: int) -> str:
    """Count a … z, aa, bb: as Word does."""
    return (
        chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 10)
        if number > 0
        else str(number)
    )


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    sizes = (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1)
    text = ""
    for size, sign in zip(sizes, "m cm d cd c xc l xl x ix v iv i".split(), strict=True):  # noqa: SIM905
        count, number = divmod(number, size)
        text += sign * count
    return text


def _from(first: str, most: int) -> Callable[[int], str]:
    """Count with signs that stand one after another in Unicode, and in plain digits beyond them."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= most else str(number)


def _of(signs: str) -> Callable[[int], str]:
    return lambda number: signs[number - 1] if 0 < number <= len(signs) else str(number)


_NUMERALS: Final[dict[str, Callable[[int], str]]] = {
    "decimalZero": lambda number: f"{number:02}",
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "ideographDigital": _positional,
    "japaneseDigitalTenThousand": _positional,
    "taiwaneseDigital": _positional,
    "chineseLegalSimplified": lambda number: _chinese(number).translate(
        str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
    ),
    "ideographTraditional": _of("甲乙丙丁戊己庚辛壬癸"),
    "ideographZodiac": _of("子丑寅卯辰巳午未申酉戌亥"),
    "decimalFullWidth": lambda number: str(number).translate(
        {ord("0") + digit: ord("０") + digit for digit in range(10)}
    ),
    "decimalEnclosedCircle": _from("①", 20),
    "decimalEnclosedCircleChinese": _from("①", 20),
    "decimalEnclosedParen": _from("⑴", 20),
    "decimalEnclosedFullstop": _from("⒈", 20),
    "ideographEnclosedCircle": _from("㊀", 10),
} | dict.fromkeys(
    (
        *("chineseCounting", "chineseCountingThousand", "japaneseCounting", "koreanCounting"),
        *("taiwaneseCounting", "taiwaneseCountingThousand", "ideographLegalTraditional"),
    ),
    _chinese,
)


def numeral(number: int, kind: str) -> str:
    """Write a number as a kind of numerals does; a kind that is not known as digits."""
    return _NUMERALS.get(kind, str)(number)
