"""
Read what stands around the tables: title, year, body, date of publication, the narratives and the
processing fee.

What cannot be found for sure is left out, never guessed: the caller can supply year and body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import attrs

from govinfo_schema.documents.document import Document, Paragraph
from govinfo_schema.documents.recognise.lines import Item, Text, is_page_number, table_ids
from govinfo_schema.form.labels import fold

_REPORT: Final = re.compile(
    r"(?:政府信息公开|政务公开|信息公开).{0,12}?(?:年度)?(?:工作)?(?:报告|年报)|年度(?:工作)?报告"
)
_YEAR: Final = re.compile(
    r"(20[0-9]{2})年?度?|([二][〇○零Oo0][一二三四五六七八九〇○零Oo0]{2})年?度?"
)
_PERIOD: Final = re.compile(r"(20[0-9]{2})年1月1日(?:起)?(?:至|到|-|—|~|–)+")
_DATE: Final = re.compile(r"(20[0-9]{2})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})日?")
_META: Final = re.compile(
    r"^(?:标题|发布机构|发布时间|发布日期|信息来源|来源|索引号|文号|栏目|原文链接|报告年度|报告单位)[:：]"
)
_TOLD_YEAR: Final = re.compile(r"^报告年度[:：]\s*([0-9]{4})年?$")
_TOLD_BODY: Final = re.compile(r"^报告单位[:：]\s*(\S.*)$")
"""What a document that this library writes says below a title that leaves year or body open."""
_NOISE: Final = re.compile(r"^(?:标题[:：]|首页|当前位置[:：]?|正文|您所在的位置[:：]?)+")
_CHINESE: Final = {
    **{digit: str(number) for number, digit in enumerate("〇一二三四五六七八九")},
    "○": "0",
    "零": "0",
    "O": "0",
    "o": "0",
}
_SITE: Final = re.compile(r"\s*(?:[_|｜]|\s[-–—]).*$")
"""What a page puts behind the title of an article: the name of the column, of the site."""
OPENING: Final = 30
"""The title stands among the first so many paragraphs."""


@attrs.frozen(kw_only=True)
class Frame:
    """
    What was found around the tables; None is not found. *years* are all that the document names as
    its own.
    """

    title: str | None
    year: int | None
    body: str | None
    published_on: date | None
    years: tuple[int, ...]


def frame(document: Document) -> Frame:
    """Find title, year, body and date."""
    texts = [
        block.text
        for block in document.blocks
        if isinstance(block, Paragraph) and not is_page_number(block.text)
    ]
    opening = texts[:OPENING]
    title = (
        _title(opening)
        or _title([_SITE.sub("", document.title)])
        or _title([text[:80] for text in opening])
    )
    whole = fold("\n".join(texts))
    stated = [int(year) for year in _PERIOD.findall(whole)]
    named = _years(title or "")
    told = [int(match[1]) for text in opening if (match := _TOLD_YEAR.match(text.strip()))]
    years = tuple(dict.fromkeys(told[:1] or [*named[:1], *stated[:1]]))
    year = years[0] if years else None
    return Frame(
        title=title,
        year=year,
        body=next((match[1].strip() for text in opening if (match := _TOLD_BODY.match(text))), None)
        or _body(title, texts),
        published_on=_published(texts, year),
        years=years,
    )


def narratives(found: Iterable[Item]) -> dict[str, str | None]:
    """
    Give the text of each section; None for one whose title is not there, or that holds nothing.
    """
    texts: dict[str, list[str]] = {}
    for item in found:
        if (
            isinstance(item, Text)
            and item.section
            and not item.heading
            and item.section not in table_ids()
        ):
            texts.setdefault(item.section, []).append(item.text)
    return {name: "\n".join(parts).strip() or None for name, parts in texts.items()}


def processing_fee(text: str | None) -> tuple[str, int | None, Decimal | None]:
    """
    Read the processing fee out of section 6: its status, the requests charged, the amount in 元.

    Only a plain sentence is read; anything else is not stated.

    >>> processing_fee("全年对25件申请收取信息处理费2950元。")
    ('charged', 25, Decimal('2950'))
    >>> processing_fee("2025年度本机关未收取信息公开处理费。")[0], processing_fee("无")[0]
    ('none', 'not_stated')
    """
    for sentence in re.split("[。;\n]", fold(text or "").replace("。", "。")):
        if "处理费" not in sentence and "收费" not in sentence:
            continue
        amounts = re.findall(r"([0-9]+(?:\.[0-9]+)?)元", sentence)
        if (
            re.search(
                r"(?:未|没有|无|不存在|没)(?:有)?(?:向申请人)?(?:收取|产生|发生|收到|涉及)",
                sentence,
            )
            and not amounts
        ):
            return "none", None, None
        charged = re.search(r"收取.*?处理费[^0-9]{0,8}([0-9]+(?:\.[0-9]+)?)元", sentence)
        if charged and len(amounts) == 1 and Decimal(charged[1]) > 0:
            counts = re.findall(r"([0-9]+)件", sentence)
            return "charged", int(counts[0]) if len(counts) == 1 else None, Decimal(charged[1])
    return "not_stated", None, None


# ---- title, year, body, date --------------------------------------------------------------------


def _title(texts: Sequence[str]) -> str | None:
    for at, text in enumerate(texts):
        for lines in (1, 2, 3):
            parts = [_NOISE.sub("", part.strip()) for part in texts[at : at + lines]]
            joined = "".join(parts)
            folded = fold(joined)
            if len(parts) == lines and len(folded) <= 60 and _is_title(folded):
                return re.sub(r"\s+", " ", joined).strip()
        if _is_title(fold(text)) and len(fold(text)) <= 60:
            break
    return None


def _is_title(folded: str) -> bool:
    return bool(
        _REPORT.search(folded)
        and _years(folded)
        and not re.search("[。,;]|条例|根据|编制", folded)
        and not _META.match(folded)
    )


def _years(text: str) -> list[int]:
    found = []
    for arabic, chinese in _YEAR.findall(fold(text)):
        digits = arabic or "2" + "".join(_CHINESE.get(each, each) for each in chinese[1:])
        if digits.isdigit():
            found.append(int(digits))
    return found


def _body(title: str | None, texts: Sequence[str]) -> str | None:
    """
    Take from the title what is neither year nor the name of the report; else the line above the
    last date; else the publisher.
    """
    if title:
        folded = re.sub(r"\s+", "", title)
        plain = _YEAR.sub("", re.sub(r"[〔\[【(（].{0,6}年.{0,4}[〕\]】)）]", "", folded), count=1)
        rest = re.sub(
            r"(?:关于)?(?:年度|年)?(?:政府信息公开|政务公开|信息公开).*$|年度(?:工作)?报告.*$",
            "",
            plain,
        )
        rest = re.sub(r"^(?:关于|年度|年)+|(?:关于|的|年度|年|[(（〔])+$", "", rest)
        if len(rest) >= 2:
            return rest
    for at in range(len(texts) - 1, max(len(texts) - 6, -1), -1):
        signed = re.match(r"^(.{2,40}?)\s*" + _DATE.pattern + "$", fold(texts[at]))
        if signed and not re.search("[。,:]", signed[1]):
            return signed[1]
        if (
            _DATE.fullmatch(fold(texts[at]))
            and at
            and 2 <= len(fold(texts[at - 1])) <= 40
            and "。" not in texts[at - 1]
        ):
            return fold(texts[at - 1])
    publisher = next(
        (
            match[1]
            for text in texts[:OPENING]
            if (match := re.match(r"^发布机构[:：]\s*(\S.*)$", text))
        ),
        None,
    )
    return publisher.strip() if publisher else None


def _published(texts: Sequence[str], year: int | None) -> date | None:
    """
    Take the date that a report is signed with or published at; it lies in the year after the one
    reported on, or later.
    """
    candidates = [text for text in texts[:OPENING] if re.match("^发布(?:时间|日期)[:：]", text)]
    candidates += [text[-40:] for text in texts[:-6:-1]]
    for text in candidates:
        found = list(_DATE.finditer(fold(text)))
        if found and found[-1].end() >= len(fold(text)) - 5:
            try:
                day = date(*map(int, found[-1].groups()))
            except ValueError:
                continue
            if year is None or day.year > year:
                return day
    return None
