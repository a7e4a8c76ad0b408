"""
The unit of an amount of money, as heads, labels and notes name it, and conversion into another.

Foreign money is a unit too; it has no value in yuan.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.form.labels import fold

_CLAUSE = re.compile(r"[。;,\n]|；|，")


@lru_cache(maxsize=1024)
def units_in(text: str) -> frozenset[str]:
    """
    Give the units of money that a head or a label names; an amount names none.

    >>> units_in("本年收费金额/元"), units_in("（其中减免5万元）")
    (frozenset({'元'}), frozenset())
    """
    patterns = _patterns()
    plain = patterns["other_words"].sub("", fold(text).upper())
    return frozenset(map(_unit, patterns["money"].finditer(plain)))


@lru_cache(maxsize=1024)
def units_stated(text: str) -> frozenset[str]:
    """
    Give the units of money that a running text says amounts are in, not all that it speaks of.

    >>> units_stated("注：收费金额单位为元。"), units_stated("本单位没有收取一元钱。")
    (frozenset({'元'}), frozenset())
    """
    clauses = [clause for clause in _CLAUSE.split(text) if clause.strip()]
    stated = _patterns()["stated"]
    found = (units_in(clause) for clause in clauses if stated.search(fold(clause).upper()))
    return frozenset().union(*found)


def converted(value: Decimal, unit: str, to: str) -> Decimal | None:
    """
    Convert an amount exactly; None where a unit is not one of yuan.

    >>> converted(Decimal("251000"), "元", "万元"), converted(Decimal(5), "美元", "万元")
    (Decimal('25.1000'), None)
    """
    scales = _money()["scales"]
    if unit not in scales or to not in scales:
        return None
    sign, digits, exponent = value.as_tuple()
    shifted = Decimal((sign, digits, int(exponent) + scales[unit] - scales[to]))
    return Decimal(f"{shifted:f}")


def scale_signs() -> str:
    """Give the signs that make a unit ten times or more another one: 十, 百, 万."""
    return str(_money()["scale"])


def _unit(match: re.Match[str]) -> str:
    money = _money()
    scale = "".join(money["signs"].get(sign, sign) for sign in match["scale"] or "")
    currency = match["currency"]
    return scale + ("元" if currency in money["yuan"] else currency)


@once
def _patterns() -> dict[str, re.Pattern[str]]:
    data = _money()
    scale = f"[{data['scale']}]"
    yuan, foreign = (_any_of(data[name]) for name in ("yuan", "foreign"))
    # What stands right behind a number is the unit of that number alone.
    money = f"(?<![{data['number']}{data['scale']}]){scale}*(?:{foreign}|{yuan})"
    named = (
        rf"(?<![{data['number']}{data['scale']}])(?P<scale>{scale}*)"
        rf"(?P<currency>{foreign}|{yuan})(?!{scale}*元)"
    )
    stated = "|".join(pattern.replace("{money}", f"(?:{money})") for pattern in data["stated"])
    return {
        "money": re.compile(named),
        "stated": re.compile(stated),
        "other_words": re.compile(_any_of(data["other_words"])),
    }


def _any_of(words: list[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@once
def _money() -> dict[str, Any]:
    data: dict[str, Any] = read_data("readings")["money"]
    return data
