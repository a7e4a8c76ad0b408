"""
The few formulas that reports add themselves up with: sums, differences, comparisons, ``IF``.

Of every formula it is told which cells it refers to; its value is worked out only for these few,
exactly. ``xlsx_mending`` and ``ods_mending`` work out with it what follows from a changed cell.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, DecimalException, localcontext
from typing import Any, Final, TypeAlias

import attrs

from govinfo_schema.documents.formats.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    Slot,
    slot_of,
    unquoted,
)

Value: TypeAlias = "Decimal | str | bool | None"
"""What a cell holds; None for one that is empty."""
Term: TypeAlias = "Callable[[], Value | list[Value]]"
"""A part of a formula: what it comes to, for an area the values of its cells."""

_TOKEN: Final = re.compile(
    r"""
    (?P<text>"(?:[^"]|"")*")
    | (?P<area>
        (?:(?P<sheet>\$?'(?:[^']|'')+'|\$?[^\W\d][\w.]*)[!.])?
        (?P<first>\$?[A-Za-z]{1,3}\$?[0-9]{1,7}|\$?[A-Za-z]{1,3}(?=:)|\$?[0-9]{1,7}(?=:))
        (?::\.?(?P<last>\$?[A-Za-z]{1,3}\$?[0-9]{1,7}|\$?[A-Za-z]{1,3}|\$?[0-9]{1,7}))?
        (?![\w.(!:])
      )
    | (?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)
    | (?P<function>[A-Za-z_][\w.]*)\(
    | (?P<name>[^\W\d][\w.]*)
    | (?P<sign><>|<=|>=|[-+*/&=<>(),^%{}\#])
    | (?P<other>\S)
    """,
    re.VERBOSE,
)
_CORNER: Final = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)")
_OPEN: Final = re.compile(r"\s*\w+:=")
"""How formulas of OpenDocument begin, such as ``of:=SUM([.B2:.B4];[$表.C1])``."""
_OPEN_SIGN: Final = re.compile(r"""("(?:[^"]|"")*")|\[\.?([^][]*)\]|;""")
_NUMBER: Final = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*")
_ANYWHERE: Final = frozenset(("INDIRECT", "OFFSET"))
"""Functions that may refer to any cell."""
_EXACT: Final = Context(prec=34, rounding=ROUND_HALF_UP)
MAX_AREA: Final = 100_000
"""The cells of the largest area that is looked at."""


class Unknown(Exception):
    """What a formula comes to cannot be told here."""


@attrs.frozen
class Area:
    """Some cells of a sheet: from *top* to *bottom* and from *left* to *right*."""

    sheet: str
    top: int
    left: int
    bottom: int
    right: int

    def holds(self, sheet: str, slot: Slot) -> bool:
        """Tell whether a cell is among them."""
        row, column = slot
        inside = self.top <= row <= self.bottom and self.left <= column <= self.right
        return inside and sheet == self.sheet

    def slots(self) -> Iterator[Slot]:
        """Go through them; Unknown where they are too many."""
        if (self.bottom - self.top + 1) * (self.right - self.left + 1) > MAX_AREA:
            raise Unknown
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column


Piece: TypeAlias = "tuple[str, str | Area]"
"""The kind of a token and what stands there; of a function its name."""


@attrs.frozen
class Formula:
    """
    A formula of a sheet. *areas*: the cells that it refers to; None where it may refer to others.

    >>> formula = read_formula("=SUM(B2:B4)-'表 1'!$C$1", "表 2")
    >>> formula.areas[0], formula.areas[1].sheet
    (Area(sheet='表 2', top=2, left=2, bottom=4, right=2), '表 1')
    >>> formula.value(lambda sheet, slot: Decimal(slot[0]))
    Decimal('8')
    """

    tokens: tuple[Piece, ...] = attrs.field(repr=False)
    areas: tuple[Area, ...] | None

    def value(self, cell: Callable[[str, Slot], Value]) -> Value:
        """
        Work it out; *cell* gives what a cell holds.

        Raises: Unknown where there is anything in it that is not known here, or it is an error.
        """
        if self.areas is None:
            raise Unknown
        try:
            with localcontext(_EXACT):
                value = _single(_Parser(self.tokens, cell).whole())
        except (DecimalException, RecursionError) as error:
            raise Unknown from error
        return Decimal(0) if value is None else value


def read_formula(
    text: str, sheet: str, names: Mapping[str, str] | None = None, shift: Slot = (0, 0)
) -> Formula:
    """
    Read a formula that stands on a sheet, as Excel or OpenDocument writes it.

    *names*: the cells that names of the workbook, in small letters, stand for. *shift*: the formula
    is shared, and means its cells so many rows and columns further.
    """
    tokens: list[Piece] = []
    known = True
    for match in _TOKEN.finditer(_as_excel(text)):
        kind = match.lastgroup or ""
        kind = "area" if match["area"] else kind
        meant = _TOKEN.fullmatch((names or {}).get(match[0].casefold(), ""))
        if kind == "area":
            tokens.append((kind, _area(match, sheet, shift)))
        elif kind == "name" and meant and meant["area"]:
            tokens.append(("area", _area(meant, sheet, (0, 0))))
        else:
            tokens.append((kind, match[kind]))
            known &= kind != "other" and match[kind].upper() not in _ANYWHERE
            known &= kind != "name" or match[kind].upper() in ("TRUE", "FALSE")
    areas = tuple(token for _, token in tokens if isinstance(token, Area))
    return Formula(tuple(tokens), areas if known else None)


def _as_excel(text: str) -> str:
    """Write a formula of OpenDocument as Excel does; the equals sign before it is left out."""
    if not (start := _OPEN.match(text)):
        return text.removeprefix("=")
    return _OPEN_SIGN.sub(lambda match: match[1] or match[2] or ",", text[start.end() :])


def _area(match: re.Match[str], sheet: str, shift: Slot) -> Area:
    """Give the area that a token refers to."""
    top, left = _corner(match["first"], shift, (1, 1))
    bottom, right = _corner(match["last"] or match["first"], shift, (MAX_ROWS, MAX_COLUMNS))
    rows, columns = sorted((top, bottom)), sorted((left, right))
    own = unquoted(match["sheet"]) if match["sheet"] else sheet
    return Area(own, rows[0], columns[0], rows[1], columns[1])


def _corner(text: str, shift: Slot, otherwise: Slot) -> Slot:
    """Read one corner of an area; a whole column has no row, and a whole row no column."""
    match = _CORNER.fullmatch(text)
    if match is None:
        raise Unknown
    fixed_column, name, fixed_row, number = match.groups()
    if not name:  # a whole row: its sign stands where that of a column does
        fixed_row = fixed_column
    row, column = slot_of((name or "A") + (number or "1")) or otherwise
    row = otherwise[0] if not number else row if fixed_row else row + shift[0]
    column = otherwise[1] if not name else column if fixed_column else column + shift[1]
    return row, column


# ---- working it out -----------------------------------------------------------------------------


def _single(value: Value | list[Value]) -> Value:
    """Give the one value of a term; Unknown for several."""
    if not isinstance(value, list):
        return value
    if len(value) != 1:
        raise Unknown
    return value[0]


def _number(value: Value) -> Decimal:
    """Read a value as a number, a text too that is one; what is empty is 0."""
    if isinstance(value, str):
        if not _NUMBER.fullmatch(value):
            raise Unknown
        return Decimal(value.strip())
    return Decimal(value or 0)


def _numbers(terms: Sequence[Term]) -> Iterator[Decimal]:
    """Give the numbers of the arguments of a function; texts in cells are none."""
    for term in terms:
        value = term()
        if isinstance(value, list):
            yield from (each for each in value if isinstance(each, Decimal))
        else:
            yield _number(value)


def _text(value: Value) -> str:
    """Write a value as a text."""
    if isinstance(value, Decimal):
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value or ""


def _alike(one: Value, other: Value) -> tuple[str | Decimal, str | Decimal]:
    """Make two values comparable; Unknown where they are of two kinds."""
    if isinstance(one, str) or isinstance(other, str):
        if not all(isinstance(each, str | None) for each in (one, other)):
            raise Unknown
        return _text(one).casefold(), _text(other).casefold()
    return _number(one), _number(other)


def _equal(one: Value, other: Value) -> bool:
    """Tell whether two values are equal; of two kinds they are not."""
    try:
        first, second = _alike(one, other)
    except Unknown:
        return False
    return first == second


def _compared(compare: Callable[[Any, Any], bool]) -> Callable[[Value, Value], Value]:
    return lambda one, other: compare(*_alike(one, other))


def _reckoned(
    reckon: Callable[[Decimal, Decimal], Decimal],
) -> Callable[[Value, Value], Value]:
    return lambda one, other: reckon(_number(one), _number(other))


def _rounded(terms: Sequence[Term]) -> Value:
    number, digits = (_number(_single(term())) for term in terms)
    return number.quantize(Decimal(1).scaleb(-int(digits)))


def _chosen(terms: Sequence[Term]) -> Value:
    if not 2 <= len(terms) <= 3:
        raise Unknown
    chosen = terms[1:2] if _number(_single(terms[0]())) else terms[2:]
    return _single(chosen[0]()) if chosen else False


_SIGNS: Final[tuple[Mapping[str, Callable[[Value, Value], Value]], ...]] = (
    {
        "=": _equal,
        "<>": lambda one, other: not _equal(one, other),
        **{
            sign: _compared(compare)
            for sign, compare in (
                ("<", operator.lt),
                (">", operator.gt),
                ("<=", operator.le),
                (">=", operator.ge),
            )
        },
    },
    {"&": lambda one, other: _text(one) + _text(other)},
    {"+": _reckoned(operator.add), "-": _reckoned(operator.sub)},
    {"*": _reckoned(operator.mul), "/": _reckoned(operator.truediv)},
)
"""The signs between two values, those that bind least first."""
_FUNCTIONS: Final[Mapping[str, Callable[[Sequence[Term]], Value]]] = {
    "SUM": lambda terms: sum(_numbers(terms), Decimal(0)),
    "COUNT": lambda terms: Decimal(len([*_numbers(terms)])),
    "MAX": lambda terms: max(_numbers(terms), default=Decimal(0)),
    "MIN": lambda terms: min(_numbers(terms), default=Decimal(0)),
    "IF": _chosen,
    "LEN": lambda terms: Decimal(sum(len(_text(_single(term()))) for term in terms)),
    "ROUND": _rounded,
}


@attrs.define
class _Parser:
    """Reads tokens from left to right; what is worked out is asked for only where it is needed."""

    tokens: Sequence[Piece]
    cell: Callable[[str, Slot], Value]
    at: int = 0

    def whole(self) -> Value | list[Value]:
        """Give what all tokens come to."""
        term = self.term(0)
        if self.at < len(self.tokens):
            raise Unknown
        return term()

    def takes(self, *texts: str) -> str | None:
        """Step over a sign if it is one of these, and give it."""
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind != "sign" or text not in texts:
            return None
        self.at += 1
        return str(text)

    def term(self, level: int) -> Term:
        """Read values with the signs of a level between them."""
        if level == len(_SIGNS):
            return self.operand()
        term = self.term(level + 1)
        while sign := self.takes(*_SIGNS[level]):
            term = _joined(_SIGNS[level][sign], term, self.term(level + 1))
        return term

    def operand(self) -> Term:
        """Read one value: a constant, cells, a function, or what stands in brackets."""
        if sign := self.takes("+", "-"):
            operand = self.operand()
            return lambda: _number(_single(operand())) * (-1 if sign == "-" else 1)
        if self.takes("("):
            term = self.term(0)
            self.closed()
            return term
        kind, token = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        if isinstance(token, Area):
            return lambda: [self.cell(token.sheet, slot) for slot in token.slots()]
        value: Value
        match kind:
            case "number":
                value = Decimal(token)
            case "text":
                value = token[1:-1].replace('""', '"')
            case "name":
                value = token.upper() == "TRUE"
            case "function" if token.upper() in _FUNCTIONS:
                function, terms = _FUNCTIONS[token.upper()], self.terms()
                return lambda: function(terms)
            case _:
                raise Unknown
        return lambda: value

    def terms(self) -> list[Term]:
        """Read the arguments of a function."""
        if self.takes(")"):
            return []
        terms = [self.term(0)]
        while self.takes(","):
            terms.append(self.term(0))
        self.closed()
        return terms

    def closed(self) -> None:
        """Step over the bracket that closes."""
        if not self.takes(")"):
            raise Unknown


def _joined(join: Callable[[Value, Value], Value], one: Term, other: Term) -> Term:
    return lambda: join(_single(one()), _single(other()))
