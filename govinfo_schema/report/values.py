"""
The types of the fields of a report, and the functions that check values against them.

The JSON Schema is generated from the same types, and msgspec uses them when it decodes.
``check_for`` returns the function for a type: it returns the value in its one form, or raises
``InvalidValue`` with the name of the field.
"""

from __future__ import annotations

import operator
import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Context, Decimal, localcontext
from functools import wraps
from types import NoneType
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    ParamSpec,
    TypeAlias,
    TypeVar,
    get_args,
    get_origin,
)

import attrs
from msgspec import Meta

from govinfo_schema.data import read_data
from govinfo_schema.data.classes import is_a
from govinfo_schema.errors import InvalidValue
from govinfo_schema.form import ids
from govinfo_schema.messages import phrase, shown

MAX_COUNT: Final = 2**53 - 1
"""The largest integer that every JSON reader keeps exactly."""
FIRST_YEAR: Final = 2008
"""The year in which the first Regulation on open government information came into force."""
LAST_YEAR: Final = 9999
MAX_BYTES: Final = 16_000_000
"""The longest JSON text of one report."""

Count: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_COUNT)] | None
SignedCount: TypeAlias = Annotated[int, Meta(ge=-MAX_COUNT, le=MAX_COUNT)] | None
Amount: TypeAlias = Decimal | None
Date: TypeAlias = date | None
Year: TypeAlias = Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR)]
Text: TypeAlias = str | None
Name: TypeAlias = Annotated[str, Meta(min_length=1)]
DivisionCode: TypeAlias = Annotated[str, Meta(pattern="^([0-9]{6}|[0-9]{9})$", max_length=9)] | None
SocialCreditCode: TypeAlias = (
    Annotated[
        str,
        Meta(
            pattern="^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$",
            min_length=18,
            max_length=18,
        ),
    ]
    | None
)
BodyLevel: TypeAlias = Literal["central", "province", "prefecture", "county", "township"] | None
BodyKind: TypeAlias = (
    Literal["government", "department", "dispatched_office", "organization"] | None
)
TableScope: TypeAlias = Literal["own", "region", "system"] | None
AmountUnit: TypeAlias = Literal["元", "万元"] | None
FeeStatus: TypeAlias = Literal["charged", "none", "not_stated"]
NoteKind: TypeAlias = Literal["remark", "footnote", "not_applicable", "not_printed", "text"]

Figure: TypeAlias = int | Decimal | None
"""
A figure of the form: a count, an amount of money, or None where it is blank.

>>> import govinfo_schema as gs
>>> figures: dict[str, gs.Figure] = dict(gs.walk(gs.generate(1)))
>>> figures["applications.received.total"], figures["proactive.licensing.decisions"]
(266, None)
"""
Value: TypeAlias = int | Decimal | str | date | None
"""
What ``get`` returns: a figure, or another field, such as a text or a date; None if blank.

>>> import govinfo_schema as gs
>>> value: gs.Value = gs.get(gs.blank("2021", year=2024, body="某市人民政府"), "body.name")
>>> value
'某市人民政府'
"""

MAX_AMOUNT: Final = 10**12
"""The largest amount of money, in its printed unit."""
EXACT_DIGITS: Final = sys.float_info.dig
"""A decimal number of no more significant digits is the same number after it has been a float."""
MAX_DIGITS: Final = 17
"""The most significant digits of a number."""
MAX_SIGNS: Final = 400
"""No amount is longer as text: the smallest that is more than zero as a double has 342 signs."""

_EXACT: Final = Context(prec=2 * MAX_SIGNS)
"""Keeps every digit of a sum of amounts."""

P = ParamSpec("P")
R = TypeVar("R")

Check = Callable[[Any, str], Any]
"""Takes a value and the name of its field."""


def check_for(hint: Any, kind: str) -> Check:
    """
    Return the function that checks values against a type of the model.

    *kind* is what its messages call a whole number.
    """
    arguments = get_args(hint)
    origin = get_origin(hint) or hint
    if NoneType in arguments:
        (inner,) = (part for part in arguments if part is not NoneType)
        return _or_none(check_for(inner, kind))
    if isinstance(hint, TypeVar):
        return _instance(get_args(hint.__bound__))
    if attrs.has(origin):
        shape = tuple(argument for argument in arguments if not isinstance(argument, TypeVar))
        return _of_shape(_instance((origin,)), shape) if shape else _instance((origin,))
    makers: dict[Any, Callable[[], Check]] = {
        tuple: lambda: _all(check_for(arguments[0], kind), arguments[0].__name__),
        Literal: lambda: _one_of(arguments),
        Annotated: lambda: (
            _whole(kind, arguments[1]) if arguments[0] is int else _text(arguments[1])
        ),
        str: lambda: _text(None),
        date: lambda: _date,
        Decimal: lambda: _amount,
    }
    return makers[origin]()


def to_amount(value: object) -> Decimal | None:
    """
    Normalise an amount of money: an exact decimal without exponent, trailing zero or minus zero.

    Blank: None stays None.
    Raises: ValueError if it is a float, no number, negative, above 10^12 or of more than 17
    significant digits.

    >>> to_amount(Decimal("72701.2500"))
    Decimal('72701.25')
    """
    if value is None:
        return None
    number: Any = value if is_a(value, Decimal) else whole_number(value)
    if number is None:
        raise ValueError(
            f"an amount is a Decimal or an int, not {shown(value)}; write Decimal('12.5')"
        )
    exact = Decimal(number)
    if not exact.is_finite() or not 0 <= exact <= MAX_AMOUNT:
        raise ValueError(f"an amount lies between 0 and 10^12, not {shown(value)}")
    if not exact:
        return Decimal(0)
    if significant_digits(exact) > MAX_DIGITS or not float(exact):
        raise ValueError(
            f"an amount has at most {MAX_DIGITS} significant digits, not {shown(value)}"
        )
    plain = f"{exact:f}"
    return Decimal(plain.rstrip("0").rstrip(".") if "." in plain else plain)


def exactly(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function add up amounts exactly, whatever decimal context its caller has set."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(_EXACT):
            return function(*args, **kwargs)

    return run


def significant_digits(value: Decimal) -> int:
    """
    Count the digits of a number without the zeros before and behind them.

    >>> significant_digits(Decimal("0.0120"))
    2
    """
    return len("".join(map(str, value.as_tuple().digits)).strip("0"))


def whole_number(value: object) -> int | None:
    """
    Return a whole number of any library as an int.

    None for anything else, truth values and floats included.

    >>> whole_number(5), whole_number(True), whole_number(5.0)
    (5, None, None)
    """
    if type(value) is int:
        return value
    if isinstance(value, bool) or not hasattr(type(value), "__index__"):
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 (whatever another library raises for an array or a truth value of its own)
        return None


def plain_text(value: str) -> str:
    """Return a text of a subclass of ``str``, such as an enumeration's, as a plain ``str``."""
    return str.__str__(value)


def half_character(text: str) -> str | None:
    r"""
    Return the first lone surrogate in a text, which no file can hold; None if there is none.

    >>> half_character("甲\ud83d")
    'U+D83D'
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return f"U+{ord(text[error.start]):04X}"
    return None


# ---- one function for each kind of type ---------------------------------------------------------


def _or_none(check: Check) -> Check:
    return lambda value, name: None if value is None else check(value, name)


def _whole(kind: str, meta: Any) -> Check:
    lowest, highest = meta.ge, meta.le

    def check(value: Any, name: str) -> int:
        number = whole_number(value)
        if number is None or not lowest <= number <= highest:
            raise InvalidValue(
                name, f"a {kind} is a whole number from {lowest} to {highest}, not {shown(value)}"
            )
        return number

    return check


def _amount(value: Any, name: str) -> Decimal | None:
    try:
        return to_amount(value)
    except ValueError as error:
        raise InvalidValue(name, str(error)) from None


def _text(meta: Any) -> Check:
    pattern = meta.pattern if meta else None
    lowest = (meta and meta.min_length) or 0

    def check(value: Any, name: str) -> str:
        if not is_a(value, str):
            raise InvalidValue(name, f"should be text, not {shown(value)}")
        text = plain_text(value)
        half = half_character(text)
        if half:
            raise InvalidValue(
                name, f"this text holds half a character (the lone surrogate {half}); type it anew"
            )
        if len(text) < lowest or (pattern and not re.fullmatch(pattern, text)):
            raise InvalidValue(name, f"should be {phrase(f'form.{name}', 'en')}, not {shown(text)}")
        return text

    return check


def _date(value: Any, name: str) -> date:
    if is_a(value, datetime):
        raise InvalidValue(
            name, f"should be a date without a time of day, not {shown(value)}; take its .date()"
        )
    if not is_a(value, date):
        raise InvalidValue(
            name,
            f"should be a datetime.date, not {shown(value)}; write "
            "date.fromisoformat('2025-01-31')",
        )
    return date(value.year, value.month, value.day)


def _one_of(choices: tuple[str, ...]) -> Check:
    listed = " or ".join(map(repr, choices))

    def check(value: Any, name: str) -> str:
        if not is_a(value, str) or plain_text(value) not in choices:
            raise InvalidValue(name, f"should be {listed}, not {shown(value)}")
        return plain_text(value)

    return check


def words_of(path: str) -> Mapping[str, str]:
    """
    Return the Chinese word of each value that a field of a report may have, if these are few.

    >>> words_of("body.level")["county"], words_of("notes.0.kind")["remark"], words_of("title")
    ('县级', '说明', {})
    """
    words = read_data("readings")["values"]
    name = next((step for step in ids.split(path) if step in words), None)
    return {value: wordings[0] for value, wordings in words[name].items()} if name else {}


def _instance(classes: tuple[type, ...]) -> Check:
    listed = " or ".join(cls.__name__ for cls in classes)

    def check(value: Any, name: str) -> Any:
        # A subclass would compare unequal to what is read back.
        if type(value) not in classes:
            raise InvalidValue(name, f"should be an object of class {listed}, not {shown(value)}")
        return value

    return check


def _all(check: Check, what: str) -> Check:
    def check_all(value: Any, name: str) -> tuple[Any, ...]:
        if not is_a(value, (tuple, list)):
            raise InvalidValue(
                name, f"should be a tuple of objects of class {what}, not {shown(value)}"
            )
        return tuple(check(item, f"{name}.{number}") for number, item in enumerate(value))

    return check_all


def _of_shape(check: Check, shape: tuple[type, ...]) -> Check:
    fits = _instance(shape)

    def check_shape(value: Any, name: str) -> Any:
        path, part = _varying(check(value, name), name)
        fits(part, path)
        return value

    return check_shape


def _varying(part: Any, path: str) -> tuple[str, Any]:
    """Return the field of a part that may be of one class or another: its path and its value."""
    for field in attrs.fields(type(part)):
        if isinstance(field.type, TypeVar):
            return f"{path}.{field.name}", getattr(part, field.name)
        if any(isinstance(argument, TypeVar) for argument in get_args(field.type)):
            return _varying(getattr(part, field.name), f"{path}.{field.name}")
    raise LookupError(path)
