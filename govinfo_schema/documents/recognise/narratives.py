"""
The texts of a report: its narratives, what opens it, and the processing fee that the last section
tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from govinfo_schema.data import read_data
from govinfo_schema.documents.recognise.lines import Item, Text, is_tabular, table_ids
from govinfo_schema.documents.recognise.names import (
    is_closing,
    is_footer,
    is_furniture,
    labelled,
)
from govinfo_schema.form.labels import fold

_SENTENCE: Final = 12
"""What opens a report is no shorter, on any of its lines."""
_THOUSANDS: Final = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")


def narratives(
    found: Iterable[Item], signature: Sequence[str] = ()
) -> tuple[dict[str, str | None], list[str]]:
    """
    Give the text of each section, None for one whose title is not there or that holds nothing; and
    the sentences that stand behind the last section.

    That one ends where the foot of a page begins, or a *signature*.
    """
    texts: dict[str, list[str]] = {}
    last = ""
    for item in found:
        if isinstance(item, Text) and item.section and item.section not in table_ids():
            lines = texts.setdefault(item.section, [])
            last = item.section
            if not item.heading:
                lines += item.text.split("\n")
    below: list[str] = []
    if last:
        texts[last], below = _ended(texts[last], signature)
    return {name: "\n".join(parts).strip() or None for name, parts in texts.items()}, below


def _ended(lines: list[str], signature: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part the lines of the last section from the sentences behind it."""
    foot = next((at for at, line in enumerate(lines) if is_footer(line)), len(lines))
    below = [line for line in lines[foot:] if "。" in line]
    own = lines[:foot]
    end = len(own)
    while end and is_closing(own[end - 1]):
        end -= 1
    start = end - len(signature)
    if signature and start >= 0 and own[start:end] == [*signature]:
        own, below = own[:start], [*own[end:], *below]
    return own, below


def preamble(found: Sequence[Item], title: str | None) -> str:
    """
    Give the sentences between the title and the first section; "" if there is no whole one.

    Menus, labels and short lines are none of them.
    """
    texts = [item.text for item in found if isinstance(item, Text) and not item.section]
    start = max((at for at, text in enumerate(texts) if title and title in text), default=-1)
    if start >= 0:
        behind = texts[start].partition(title or "")[2]
        texts = [behind if not behind.startswith("》") else "", *texts[start + 1 :]]
    kept = [
        text.strip()
        for text in texts
        if "。" in text
        or (len(text) >= _SENTENCE and not is_furniture(text) and not [*labelled(text)])
    ]
    whole = "\n".join(kept)
    return whole if "。" in whole and not is_tabular(whole) else ""


def processing_fee(
    text: str | None, year: int | None = None
) -> tuple[str, int | None, Decimal | None]:
    """
    Read the processing fee of one year out of section 6: its status, the requests charged, the
    amount in 元.

    Only a plain sentence is read; anything else is not stated.

    >>> processing_fee("全年对25件申请收取信息处理费2950元。")
    ('charged', 25, Decimal('2950'))
    >>> processing_fee("2025年度本机关未收取信息公开处理费。")[0], processing_fee("无")[0]
    ('none', 'not_stated')
    """
    words = read_data("narrative")["fee"]
    charged = words["charged"].replace("{unsure}", words["unsure"])
    plain = _THOUSANDS.sub("", fold(text or ""))
    for sentence in re.split("[。;\n]", plain):
        if not re.search(words["about"], sentence):
            continue
        own = ",".join(_of_this_year(sentence, year))
        amounts = re.findall(r"[0-9]+(?:\.[0-9]+)?(?=元)", own)
        if re.search(words["none"], own):
            return ("not_stated" if amounts else "none"), None, None
        sum_of = re.search(charged, own)
        if sum_of and len(amounts) == 1 and Decimal(sum_of[1]) > 0:
            counts = re.findall(r"([0-9]+)件", own)
            return "charged", int(counts[0]) if len(counts) == 1 else None, Decimal(sum_of[1])
    return "not_stated", None, None


def _of_this_year(sentence: str, year: int | None) -> Iterator[str]:
    """Give the clauses of a folded sentence that say what was charged in one year."""
    words = read_data("narrative")["fee"]
    elsewhere = False
    for clause in sentence.split(","):
        years = {int(each) for each in re.findall("(20[0-9]{2})年", clause)}
        if re.search(words["other_year"], clause) or (year is not None and years - {year}):
            elsewhere = True
        elif years or re.search(words["this_year"], clause):
            elsewhere = False
        if not elsewhere and not re.search(words["waived"], clause):
            yield clause
