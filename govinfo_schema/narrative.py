"""
What the text of a report says in numbers about the figures of its tables.

The phrases are data (``data/narrative.toml``). A number is taken for a claim only in a phrase that names what it counts; one said to be
approximate, or compared with another year, is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import attrs

from govinfo_schema.cells import get
from govinfo_schema.edition import EditionName, edition, matching
from govinfo_schema.findings import Quote, read_data
from govinfo_schema.model import Report, is_undivided
from govinfo_schema.once import once
from govinfo_schema.recognise.fold import fold

SECTIONS: Final[Mapping[str, str]] = {"overview": "overview", "problems": "problems", "other_matters": "other_matters.text"}
"""Each section that is a text, and the path of that text."""
NUMBER: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,16})(?:\.[0-9]{1,6})?万?|[零〇一二两三四五六七八九十百千万]{1,16}"
LONGEST: Final = 200_000
"""The characters of a section that are looked at; no section is as long."""
NEAR: Final = 400
"""How far back a sentence is looked at."""
SHARE: Final = re.compile(r"[,(、]?(?:约?占(?:比|[^,;。0-9]{0,8}?)?(?:为|约)?)?([0-9]+(?:\.[0-9]+)?)%")
"""A percentage right behind a number."""


@attrs.frozen(kw_only=True)
class Claim:
    """
    A number in the text, and the figures that it may rightly be.

    *any*: each a sum of cells. *share*: the percentage said beside it. *partly*: the text may speak of a part of what the table counts.
    """

    kind: str
    value: Decimal
    any: tuple[tuple[str, ...], ...]
    quote: Quote
    share: str | None = None
    partly: bool = False


def stated(report: Report) -> tuple[Claim, ...]:
    """
    Find what the narratives of a report say in numbers about its figures, in the order of the text.

    >>> import govinfo_schema as gs
    >>> report = gs.replace(gs.blank("2021", year=2024, body="某市人民政府"), {"overview": "全年收到政府信息公开申请三十四件，均已答复。"})
    >>> [(claim.value, claim.any[0], claim.quote.text) for claim in stated(report)]
    [(Decimal('34'), ('applications.received.total',), '收到政府信息公开申请三十四件')]
    """
    undivided = is_undivided(report)
    texts = {section: text for section, path in SECTIONS.items() if (text := get(report, path))}
    return tuple(claim for section, text in texts.items() for claim in _of_section(report, section, text[:LONGEST], undivided))


def numeral(text: str) -> Decimal | None:
    """
    Read a number as texts write it: Arabic or Chinese, with 万.

    >>> numeral("1,295"), numeral("3.2万"), numeral("一百零五"), numeral("十二"), numeral("两千"), numeral("一〇")
    (Decimal('1295'), Decimal('32000'), Decimal('105'), Decimal('12'), Decimal('2000'), None)
    """
    if text[0].isascii():
        number = Decimal(text.rstrip("万").replace(",", "")) * (10_000 if text.endswith("万") else 1)
        return number.to_integral_value() if number == number.to_integral_value() else number
    total = section = digit = 0
    last = 0
    for sign in text:
        value = int(unicodedata.numeric("二" if sign == "两" else sign))
        if value < 10:
            if digit and last:
                return None
            digit, last = value, value
            continue
        last = 0
        if value == 10_000:
            total, section, digit = (total + section + digit) * value, 0, 0
        else:
            section, digit = section + (digit or 1) * value, 0
    spelt = total + section + digit
    return Decimal(spelt) if len(text) == 1 or re.search("[十百千万]", text) else None


# ---- finding --------------------------------------------------------------------------------------------------------


@attrs.frozen
class _Text:
    """A folded text: where each of its signs stood, and where its sentences end."""

    signs: str
    places: list[int]
    ends: list[int]

    @classmethod
    def of(cls, text: str) -> _Text:
        signs, places = _folded(text)
        return cls(signs, places, [match.end() for match in re.finditer("[;。!?]", signs)] + [len(signs)])

    def around(self, match: re.Match[str]) -> tuple[str, str, str]:
        """Give the sentence before and with a number, that sentence up to the end of the match, and the clause that the number is in."""
        at = min(bisect_right(self.ends, match.start()), len(self.ends) - 1)
        low, high = match.span("n")
        start, before = (max(self.ends[at - back] if at >= back else 0, low - NEAR) for back in (1, 2))
        clause = re.split("[,;。:(]", self.signs[start:low])[-1] + re.split("[,;。)]", self.signs[high : high + 20])[0]
        return self.signs[before : min(self.ends[at], high + NEAR)], self.signs[start : match.end()], clause


def _of_section(report: Report, section: str, text: str, undivided: bool) -> Iterator[Claim]:
    folded = _Text.of(text)
    taken: set[int] = set()
    found: list[Claim] = []
    for kind, pattern, entry in _patterns():
        any_of = _cells(report.edition, undivided, entry)
        for match in pattern.finditer(folded.signs) if any_of else ():
            value = numeral(match["n"])
            if value is None or match.end("n") in taken or not _speaks(entry, folded, match, report.year):
                continue
            taken.add(match.end("n"))
            share = SHARE.match(folded.signs, match.end(), match.end() + 30) if entry.get("share") else None
            low, high = folded.places[match.start()], folded.places[match.end() - 1] + 1
            quote = Quote(section=section, start=low, end=high, text=text[low:high])
            partly = bool(entry.get("partly") and re.search(read_phrases()["partly"], folded.around(match)[1]))
            found.append(Claim(kind=kind, value=value, any=any_of, quote=quote, share=share[1] if share else None, partly=partly))
    yield from sorted(found, key=lambda claim: claim.quote.start)


def _speaks(entry: Mapping[str, Any], folded: _Text, match: re.Match[str], year: int) -> bool:
    """Tell whether a sentence speaks of this year's requests: not of other business, of another year, or of a change."""
    data = read_phrases()
    context, sentence, clause = folded.around(match)
    years = {int(each) for each in re.findall("(20[0-9]{2})年", sentence)}
    start = match.start("n")
    return (
        bool(re.search(entry.get("needs", ""), context))
        and not re.search("|".join((entry.get("never", "(?!)"), data["elsewhere"], data["compared"])), clause)
        and not re.search(data["rough"], folded.signs[max(start - 3, 0) : start])
        and (not years or year in years)
    )


def _folded(text: str) -> tuple[str, list[int]]:
    """Fold a text, and tell for each sign of the result where it stood."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        folded = _sign(sign)
        signs.append(folded)
        places += [place] * len(folded)
    return "".join(signs), places


@lru_cache(maxsize=4096)
def _sign(sign: str) -> str:
    return fold(sign)


@once
def read_phrases() -> Mapping[str, Any]:
    """Read ``data/narrative.toml``."""
    found: Mapping[str, Any] = read_data("narrative")
    return found


@once
def _patterns() -> tuple[tuple[str, re.Pattern[str], Mapping[str, Any]], ...]:
    data = read_phrases()
    filled = [
        (entry, text.replace("{n}", f"(?<![0-9.第])(?P<n>{NUMBER})").replace("{unit}", data["unit"]).replace("{gap}", data["gap"]))
        for entry in data["claims"]
        for text in entry["patterns"]
    ]
    return tuple((entry["id"], re.compile(pattern), entry) for entry, pattern in filled)


def _cells(name: EditionName, undivided: bool, entry: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Give the sums of cells that a claim may mean, as far as the form has them."""
    return tuple(cells for text in entry["any"] if (cells := expand(name, undivided, text)))


@once
def expand(name: EditionName, undivided: bool, text: str) -> tuple[str, ...]:
    """Give the cells of a sum written as patterns joined by ``+``; none where one of the patterns names no cell."""
    form = edition(name)
    steps = {cell: cell.split(".") for cell in (form.undivided if undivided else form.cells)}
    parts = [tuple(matching(pattern, steps)) for pattern in text.split(" + ")]
    return tuple(cell for part in parts for cell in part) if all(parts) else ()
