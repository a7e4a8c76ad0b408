"""
What the text of a report says in numbers about the figures of its tables.

The phrases are data (``data/narrative.toml``). A number is taken for a claim only in a phrase that
names what it counts; one said to be approximate, or compared with another year, is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from itertools import accumulate
from typing import Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.findings import Quote
from govinfo_schema.form.forms import Form
from govinfo_schema.form.labels import fold
from govinfo_schema.report.access import form_of, texts
from govinfo_schema.report.model import Report

CHINESE: Final = "零〇一二两三四五六七八九十百千万"
NUMBER: Final = (
    rf"(?P<n>[0-9{CHINESE}](?<![0-9.第].)"
    r"(?:(?<=[0-9])(?:[0-9]{0,2}(?:,[0-9]{3}){1,5}|[0-9]{0,15})(?:\.[0-9]{1,6})?万?"
    rf"|(?<![0-9])[{CHINESE}]{{0,15}}))"
)
"""
A number in Arabic or Chinese numerals that is not the end of another.

It begins with the set of its first signs, so that a search passes over all others at once.
"""
LONGEST: Final = 200_000
"""The characters of a section that are looked at; no section is as long."""
NEAR: Final = 400
"""How far back a sentence is looked at."""
SIGNS: Final = 16_384
"""How many signs are remembered folded; a text in Chinese has a few hundred."""
SHARE: Final = re.compile(
    r"[,(、]?(?:约?占(?:比|[^,;。0-9]{0,8}?)?(?:为|约)?)?([0-9]+(?:\.[0-9]+)?)%"
)
"""A percentage right behind a number."""


@attrs.frozen(kw_only=True)
class Claim:
    """
    A number in the text, and the figures that it may rightly be.

    *any*: each a sum of cells. *share*: the percentage said beside it. *partly*: the text may speak
    of a part of what the table counts.
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
    >>> report = gs.blank("2021", year=2024, body="某市人民政府")
    >>> report = gs.replace(report, {"overview": "全年收到政府信息公开申请三十四件，均已答复。"})
    >>> [(claim.value, claim.any[0], claim.quote.text) for claim in stated(report)]
    [(Decimal('34'), ('applications.received.total',), '收到政府信息公开申请三十四件')]
    """
    return claims_of(form_of(report), report.year, texts(report))


def claims_of(form: Form, year: int, texts: Mapping[str, str | None]) -> tuple[Claim, ...]:
    """Find what texts say in numbers about the figures of a report of this form and year."""
    return tuple(
        claim
        for section, text in texts.items()
        if text
        for claim in _in_section(form, year, section, text[:LONGEST])
    )


def numeral(text: str) -> Decimal | None:
    """
    Read a number as texts write it: Arabic or Chinese, with 万.

    >>> [numeral(text) for text in ("1,295", "3.2万", "一百零五", "十二", "两千", "一〇")]
    [Decimal('1295'), Decimal('32000'), Decimal('105'), Decimal('12'), Decimal('2000'), None]
    """
    if text[0].isascii():
        number = Decimal(text.rstrip("万").replace(",", "")) * (
            10_000 if text.endswith("万") else 1
        )
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


# ---- finding -------------------------------------------------------------------------------------


@attrs.frozen
class _Phrase:
    """One pattern of ``data/narrative.toml``, with the conditions of its entry."""

    kind: str
    pattern: re.Pattern[str]
    any: tuple[tuple[str, ...], ...]
    needs: re.Pattern[str]
    never: re.Pattern[str]
    share: bool
    partly: bool


class _Folding(dict[int, str]):
    """Folds one sign at a time, for ``str.translate``."""

    def __missing__(self, sign: int) -> str:
        folded = fold(chr(sign))
        if len(self) < SIGNS:
            self[sign] = folded
        return folded


_FOLDING: Final = _Folding()


@attrs.frozen(slots=False, eq=False)
class _Text:
    """A text folded sign by sign, so that a place in it can be found again in the text."""

    text: str

    @cached_property
    def signs(self) -> str:
        """The folded text."""
        return self.text.translate(_FOLDING)

    @cached_property
    def widths(self) -> list[int]:
        """For each sign of the text how many signs of the folded text there are up to its end."""
        return list(accumulate(len(_FOLDING[ord(sign)]) for sign in self.text))

    @cached_property
    def ends(self) -> list[int]:
        """Where the sentences of the folded text end."""
        return [match.end() for match in re.finditer("[;。!?]", self.signs)] + [len(self.signs)]

    def quote(self, section: str, start: int, end: int) -> Quote:
        """Return the passage of the text that *start* to *end* of the folded text stand for."""
        low, high = bisect_right(self.widths, start), bisect_right(self.widths, end - 1) + 1
        return Quote(section=section, start=low, end=high, text=self.text[low:high])

    def around(self, match: re.Match[str]) -> tuple[str, str, str]:
        """
        Return what stands around a number.

        Returns: the sentence before and the one it is in; that sentence up to the end of the
        match; the clause that it is in.
        """
        at = min(bisect_right(self.ends, match.start()), len(self.ends) - 1)
        low, high = match.span("n")
        start, before = (
            max(self.ends[at - back] if at >= back else 0, low - NEAR) for back in (1, 2)
        )
        clause = re.split("[,;。:(]", self.signs[start:low])[-1]
        clause += re.split("[,;。)]", self.signs[high : high + 20])[0]
        return (
            self.signs[before : min(self.ends[at], high + NEAR)],
            self.signs[start : match.end()],
            clause,
        )


def _in_section(form: Form, year: int, section: str, text: str) -> list[Claim]:
    folded = _Text(text)
    taken: set[int] = set()
    claims: list[Claim] = []
    for phrase in _phrases(form):
        for match in phrase.pattern.finditer(folded.signs):
            value = numeral(match["n"])
            if value is None or match.end("n") in taken:
                continue
            context, sentence, clause = folded.around(match)
            if not _speaks(phrase, context, sentence, clause, year) or _is_rough(folded, match):
                continue
            taken.add(match.end("n"))
            share = (
                SHARE.match(folded.signs, match.end(), match.end() + 30) if phrase.share else None
            )
            claims.append(
                Claim(
                    kind=phrase.kind,
                    value=value,
                    any=phrase.any,
                    quote=folded.quote(section, match.start(), match.end()),
                    share=share[1] if share else None,
                    partly=phrase.partly
                    and bool(re.search(read_data("narrative")["partly"], sentence)),
                )
            )
    return sorted(claims, key=lambda claim: claim.quote.start)


def _speaks(phrase: _Phrase, context: str, sentence: str, clause: str, year: int) -> bool:
    """Whether a sentence speaks of this year's requests: no other business, year or change."""
    years = {int(each) for each in re.findall("(20[0-9]{2})年", sentence)}
    return (
        phrase.needs.search(context) is not None
        and phrase.never.search(clause) is None
        and (not years or year in years)
    )


def _is_rough(folded: _Text, match: re.Match[str]) -> bool:
    """Whether the text calls a number approximate."""
    start = match.start("n")
    before = folded.signs[max(start - 3, 0) : start]
    return re.search(read_data("narrative")["rough"], before) is not None


@once
def _phrases(form: Form) -> tuple[_Phrase, ...]:
    """Compile the phrases about figures that a form has, in the order of the data."""
    data = read_data("narrative")
    return tuple(
        _Phrase(
            kind=entry["id"],
            pattern=re.compile(
                text.replace("{n}", NUMBER)
                .replace("{unit}", data["unit"])
                .replace("{gap}", data["gap"])
            ),
            any=sums,
            needs=re.compile(entry.get("needs", "")),
            never=re.compile(
                "|".join((entry.get("never", "(?!)"), data["elsewhere"], data["compared"]))
            ),
            share=entry.get("share", False),
            partly=entry.get("partly", False),
        )
        for entry in data["claims"]
        if (sums := tuple(cells for text in entry["any"] if (cells := form.sum_of(text))))
        for text in entry["patterns"]
    )
