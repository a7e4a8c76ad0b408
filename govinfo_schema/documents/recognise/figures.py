"""
Read the figure in one cell, as documents print it: ``22（其中修订16件）``, ``251000元``, ``+1036``,
``1,234``, ``-``, ``/``.

A cell that is no figure is blank with a reason, never zero.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.form.labels import fold
from govinfo_schema.form.parts import Kind
from govinfo_schema.report.values import MAX_AMOUNT, MAX_COUNT, MAX_DIGITS, significant_digits

Doubt = Literal["", "R-TEXT", "R-NEGATIVE", "R-FRACTION", "R-SIZE", "R-ZEROS", "R-UNIT", "R-NONE"]

_NUMBER: Final = re.compile(
    r"^(?P<sign>[+\-−－]?)(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?P<unit>亿元|万元|元|件|项|条|个|次|份|宗|起)?(?P<remark>[(\[【].*)?$"
)
_PARTED: Final = re.compile(r"^[^(（\[【]*[0-9０-９]\s+[0-9０-９]")
"""Two numbers in one cell, or one that is torn: nothing tells which."""
_STRAY: Final = re.compile(r"^[?？\ufffd·.]+(?=[0-9])")


@attrs.frozen(kw_only=True)
class Figure:
    """
    What a cell says: its value, or None with the *doubt* that made it blank; a *remark* beside it;
    the *unit* printed with it.
    """

    value: int | Decimal | None = None
    doubt: Doubt = ""
    remark: str = ""
    unit: str = ""
    stray: bool = False


def figure(text: str, kind: Kind, unit: str = "") -> Figure:
    """
    Read a cell of one kind.

    *unit* is the unit of its column; an amount that names another one is in doubt, unless the
    column takes any.
    Blank: a cell without text is blank without doubt.

    >>> figure("22（其中修订 16 件）", "count").value, figure("+1036", "signed_count").value
    (22, 1036)
    >>> figure("-3", "count").doubt
    'R-NEGATIVE'
    """
    folded = fold(text)
    if not folded:
        return Figure()
    if folded in _none():
        return Figure(doubt="R-NONE", remark=text.strip())
    plain = _STRAY.sub("", folded)
    match = _NUMBER.match(plain)
    if not match or _PARTED.search(text):
        return Figure(doubt="R-TEXT")
    number = Decimal(match["number"].replace(",", ""))
    if match["sign"] not in ("", "+"):
        number = number.copy_negate()  # a minus would round to the precision of the caller
    doubt = _doubt(match["number"], number, kind) or _unit_doubt(match["unit"] or "", kind, unit)
    if doubt:
        return Figure(doubt=doubt)
    value = number if kind == "amount" else int(number)
    return Figure(
        value=value,
        remark=text.strip() if match["remark"] else "",
        unit=match["unit"] or "",
        stray=plain != folded,
    )


def is_figure(text: str) -> bool:
    """
    Tell whether a text of a table is a figure rather than a label; an empty one is.

    >>> is_figure("22（其中修订16件）"), is_figure("1.属于国家秘密"), is_figure("/")
    (True, False, True)
    """
    folded = _STRAY.sub("", fold(text))
    return not folded or folded in _none() or _NUMBER.match(folded) is not None


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
def _none() -> frozenset[str]:
    return frozenset(fold(text) for text in read_data("readings")["not_applicable"])
