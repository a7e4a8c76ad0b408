"""
Read the figure in one cell, as documents print it: ``22（其中修订16件）``, ``251000元``, ``+1036``,
``1,234``, ``-``, ``/``, ``29351①``.

A cell that is no figure is blank with a reason, never zero. Only full-width digits and signs are
read as plain ones: the mark of a note (①, ²) is no digit.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.form.labels import fold
from govinfo_schema.form.parts import Kind
from govinfo_schema.form.units import units_stated
from govinfo_schema.report.values import MAX_AMOUNT, MAX_COUNT, MAX_DIGITS, significant_digits

Doubt = Literal[
    "", "R-TEXT", "R-NEGATIVE", "R-FRACTION", "R-SIZE", "R-ZEROS", "R-UNIT", "R-NONE", "R-SHOWN"
]

_NARROW: Final = {
    **{wide: wide - 0xFEE0 for wide in map(ord, "０１２３４５６７８９．，＋－（）［］／＊＃％：")},
    ord("−"): ord("-"),
}
_SPACE: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
_NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]*\.[0-9]+|[0-9]+)"
    r"(?P<unit>亿元|万元|元|件|项|条|个|次|份|宗|起)?(?P<remark>[(\[【].*)?"
)
_PARTED: Final = re.compile(r"^[^(（\[【]*[0-9０-９]\s+[0-9０-９]")
"""Two numbers in one cell, or one that is torn: nothing tells which."""
_STRAY: Final = re.compile(r"^[?？·]+(?=[0-9])")
_LETTERS: Final = re.compile(r"[^\W\d_]")
MAX_ENTRY: Final = 24
"""What stands in the cell of a figure is no longer, where it is no text."""


@attrs.frozen(kw_only=True)
class Figure:
    """
    What a cell says: its value, or None with the *doubt* that made it blank; a *remark* beside it;
    the *unit* printed with it. *stray*: a sign before it was left out; *word*: it is a word for 0.
    """

    value: int | Decimal | None = None
    doubt: Doubt = ""
    remark: str = ""
    unit: str = ""
    stray: bool = False
    word: bool = False


@lru_cache(maxsize=4096)
def figure(text: str, kind: Kind, unit: str = "") -> Figure:
    """
    Read a cell of one kind.

    *unit* is the unit of its column; an amount that names another one is in doubt, unless the
    column takes any.
    Blank: a cell without text is blank without doubt.

    >>> figure("22（其中修订 16 件）", "count").value, figure("+1036", "signed_count").value
    (22, 1036)
    >>> figure("-3", "count").doubt, figure("29351①", "count").value
    ('R-NEGATIVE', 29351)
    """
    plain = _plain(text)
    if not plain:
        return Figure()
    if fold(text) in _words()["not_applicable"]:
        return Figure(doubt="R-NONE", remark=text.strip())
    if plain in _words()["zeros"]:
        return Figure(value=Decimal(0) if kind == "amount" else 0, word=True)
    bare = _unmarked(_STRAY.sub("", plain))
    match = _NUMBER.fullmatch(bare)
    if not match or _PARTED.search(text):
        return Figure(doubt="R-TEXT")
    number = Decimal(match["number"].replace(",", ""))
    if match["sign"] == "-":
        number = number.copy_negate()  # a minus would round to the precision of the caller
    printed = match["unit"] or "".join(sorted(units_stated(match["remark"] or "")))
    doubt = _doubt(match["number"], number, kind) or _unit_doubt(printed, kind, unit)
    if doubt:
        return Figure(doubt=doubt)
    return Figure(
        value=number if kind == "amount" else int(number),
        remark=text.strip() if match["remark"] or bare != _STRAY.sub("", plain) else "",
        unit=printed,
        stray=_STRAY.match(plain) is not None,
    )


@lru_cache(maxsize=4096)
def is_figure(text: str) -> bool:
    """
    Tell whether a text of a table is what stands in the cell of a figure, rather than a label: a
    figure, a sign or a word in its place, nothing.

    >>> is_figure("22（其中修订16件）"), is_figure("1.属于国家秘密"), is_figure("(5)")
    (True, False, True)
    """
    plain = _plain(text)
    if not plain or fold(text) in _words()["not_applicable"] or plain in _words()["entries"]:
        return True
    bare = _unmarked(_STRAY.sub("", plain))
    if _NUMBER.fullmatch(bare):
        return True
    return len(bare) <= MAX_ENTRY and (bare.startswith("#") or not _LETTERS.search(bare))


@lru_cache(maxsize=4096)
def is_spelt_out(text: str) -> bool:
    """
    Tell whether a text is a number in words, such as may stand in the cell of a figure.

    >>> is_spelt_out("十二"), is_spelt_out("若干件"), is_spelt_out("一、总体情况")
    (True, True, False)
    """
    return bool(_spelt_out().fullmatch(_plain(text)))


@once
def _spelt_out() -> re.Pattern[str]:
    return re.compile(read_data("readings")["spelt_out"])


def plain_digits(text: str) -> str:
    """Narrow the full-width digits and signs of a text, and nothing else."""
    return text.translate(_NARROW)


def _plain(text: str) -> str:
    return _SPACE.sub("", plain_digits(text))


def _unmarked(plain: str) -> str:
    """Take the marks of notes away that stand before or behind a figure."""
    marks = _marks()
    return marks["end"].sub("", marks["begin"].sub("", plain))


@once
def _marks() -> dict[str, re.Pattern[str]]:
    data = read_data("readings")
    signs = f"[{data['note_signs']}]"
    mark = f"(?:{'|'.join((signs, *data['note_marks']))})+"
    number = "[0-9.,]+(?:亿元|万元|元|件|项|条|个|次|份|宗|起)?"
    return {
        "begin": re.compile(f"^{mark}(?=[+-]?{number}$)"),
        "end": re.compile(f"(?<=[0-9元件项条个次份宗起]){mark}$"),
    }


def _doubt(digits: str, number: Decimal, kind: Kind) -> Doubt:
    if kind != "signed_count" and number < 0:
        return "R-NEGATIVE"
    if len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        return "R-ZEROS"
    if kind == "amount":
        return "R-SIZE" if number > MAX_AMOUNT or significant_digits(number) > MAX_DIGITS else ""
    if number != number.to_integral_value():
        return "R-FRACTION"
    return "R-SIZE" if number.copy_abs() > MAX_COUNT else ""


def _unit_doubt(printed: str, kind: Kind, unit: str) -> Doubt:
    money = printed.endswith("元")
    if kind != "amount":
        return "R-UNIT" if money else ""
    if not printed or (unit not in ("元", "万元") and printed in ("元", "万元")):
        return ""
    return "" if printed == unit else "R-UNIT"


@once
def _words() -> dict[str, frozenset[str]]:
    """Give the words that stand in the cell of a figure: for none, for zero, all others."""
    data: dict[str, Any] = read_data("readings")
    words = {name: frozenset(map(_plain, data[name])) for name in ("zeros", "unfilled")}
    return {
        "not_applicable": frozenset(fold(text) for text in data["not_applicable"]),
        "zeros": words["zeros"],
        "entries": words["zeros"] | words["unfilled"],
    }
