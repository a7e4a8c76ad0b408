"""
The values of a table as texts: how they are written, and how what other programs write is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

import attrs

from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.record import Type, typed

CODES: Final = ("edition", "body.division_code", "body.social_credit_code")
"""The texts that are made of digits, so that other programs may take them for numbers."""
END: Final = "\r\n"
"""What ends a line that is written."""
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""How a text begins that a spreadsheet would run; one with an apostrophe gets a second one."""


class Numbers(dict[str, Any]):
    """What whole numbers mean, by their text."""

    def __init__(self, kinds: Kinds) -> None:
        super().__init__(SMALL)
        self._kinds = kinds

    def __missing__(self, text: str) -> Any:
        """Read a text, and keep what it means unless there are very many."""
        value = self._kinds.whole(text)
        if len(self) < _DISTINCT:
            self[text] = value
        return value


SMALL: Final[Mapping[str, int | None]] = {"": None} | {
    str(number): number for number in range(1000)
}
"""What nearly all figures are."""
_DISTINCT: Final = 20_000
"""So many different texts of numbers are remembered."""
_WIDE: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width signs, such as １, to those that they stand for."""
_FORMULA: Final = re.compile(r'="((?:[^"]|"")*)"')
_GROUPED: Final = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?")
_WHOLE: Final = re.compile(r"(-?[0-9]{1,15})\.0*")
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 0?0:00(?::00)?)?")


@attrs.frozen
class Kinds:
    """
    How the values of each type are read, also as a spreadsheet writes them: ``3,525``,
    ``350128.0``, ``2025/1/6``, ``="012"``.

    What may have lost digits (``1.23457E+11``) or can be read in two ways stays text, for the
    schema to refuse. *grouped*: whether a comma in an amount can only be one between thousands; in
    a file with semicolons it may be that of the decimals. *is_file*: whether the values stand in
    the lines of a file; what stands in the rows of a frame has no apostrophes before its texts.
    """

    grouped: bool
    is_file: bool = True

    def place(self, number: int, what: str = "line") -> Label:
        """Name a line of a file, or a row of a frame, or the report that begins there."""
        name = what if self.is_file else f"{what}.frame"
        return spoken(f"place.{name}", line=number)

    def of(self, name: str, kind: Type) -> Callable[[str], Any]:
        """Give the function that reads the values of a column."""
        if name in CODES:
            return self.code
        return {
            "text": self.text,
            "whole": self.whole,
            "amount": self.amount,
            "date": self.day,
            "flag": self.flag,
        }[kind]

    def text(self, text: str) -> str | None:
        """
        Read a text; an apostrophe before it, or a formula around it, only says that it is one.
        """
        if not self.is_file:
            return text or None
        if text.startswith("'"):
            return text[1:]
        formula = _FORMULA.fullmatch(text) if text.startswith("=") else None
        return formula[1].replace('""', '"') if formula else text or None

    def code(self, text: str) -> str | None:
        """Read a code of digits, which a spreadsheet may have taken for a number."""
        plain = self.plain(text)
        return _WHOLE.sub(r"\1", plain) if _WHOLE.fullmatch(plain) else plain or None

    def whole(self, text: str) -> Any:
        """Read a whole number."""
        if text.isdigit() and text.isascii() and len(text) < 16:
            return int(text)
        plain = self.plain(text)
        plain = plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
        return self._typed(
            text, _WHOLE.sub(r"\1", plain) if _WHOLE.fullmatch(plain) else plain, "whole"
        )

    def amount(self, text: str) -> Any:
        """Read an amount."""
        plain = self.plain(text)
        return self._typed(
            text,
            plain.replace(",", "") if self.grouped and _GROUPED.fullmatch(plain) else plain,
            "amount",
        )

    def day(self, text: str) -> str | None:
        """Read a date, written in the order year, month, day."""
        plain = self.plain(text)
        day = _DAY.fullmatch(plain)
        return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}" if day else plain or None

    def flag(self, text: str) -> Any:
        """Read true or false."""
        return typed(self.plain(text), "flag")

    def plain(self, text: str) -> str:
        """
        Give a value that is no text without what a spreadsheet or an input method puts around it.
        """
        if not text or (text.isalnum() and text.isascii()):
            return text
        return (self.text(text.strip()) or "").translate(_WIDE).strip()

    def _typed(self, text: str, plain: str, kind: Type) -> Any:
        value = typed(plain, kind)
        return text if isinstance(value, str) else value


def value_text(value: Any, kind: Type) -> str:
    """
    Write a value; a text that a spreadsheet would run, or that is empty, stands behind an
    apostrophe.
    """
    if value is None:
        return ""
    if kind == "flag":
        return str(value).lower()
    if kind == "text":
        return f"'{value}" if not value or value.startswith(RISKY) else str(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
