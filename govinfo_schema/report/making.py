"""
What the generated classes call when a report is created: type checks of fields and of parts.

msgspec holds values to the same types as it reads JSON; it skips the converters of fields and calls
what looks at a whole object.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, Final, Literal, TypeAlias, TypeVar, cast

import attrs
import msgspec

from govinfo_schema.data.once import once
from govinfo_schema.errors import InvalidValue
from govinfo_schema.form.load import edition
from govinfo_schema.messages import phrase, shown
from govinfo_schema.report.access import walk
from govinfo_schema.report.values import (
    MAX_BYTES,
    Amount,
    Count,
    SignedCount,
    Year,
    check_for,
    whole_number,
)

T = TypeVar("T")

_KINDS: Final[tuple[tuple[str, Any], ...]] = (
    ("count", Count),
    ("signed_count", SignedCount),
    ("amount", Amount),
    ("year", Year),
)
"""What a cell id leads to, by its type."""


def by_type(_: type, fields: list[Any]) -> list[Any]:
    """
    Return every field the function that holds a value to its type, as its converter.

    msgspec holds values to the same types as it reads JSON, and skips the converters. It would take
    a key that is missing for the default of its field: so no field has one, only the constructor.
    """
    return [
        field.evolve(
            converter=_CONVERTER,
            default=attrs.NOTHING,
            metadata=_facts(field.type) | _default(field.default),
        )
        for field in fields
    ]


def _default(value: Any) -> dict[str, Any]:
    return {} if value is attrs.NOTHING else {"default": value}


def shows_types(cls: type[T]) -> type[T]:
    """
    Let ``help`` and ``inspect`` show the types and labels of the fields, and the constructor know
    their defaults.

    attrs hides the types behind a converter, and ``by_type`` the defaults from msgspec. The labels
    stand in the source alone, below each field; ``inspect`` looks for them in ``__slots__``.
    """
    # attrs makes the class; a type checker sees its fields already.
    fields = attrs.fields(cast("Any", cls))
    make: Any = cls.__init__
    make.__annotations__.update({field.name: field.type for field in fields})
    make.__kwdefaults__ = {
        field.name: field.metadata["default"] for field in fields if "default" in field.metadata
    }
    setattr(cls, "__slots__", _Labels(cls))  # noqa: B010 (no type checker knows a dict of slots)
    return cls


class _Labels(dict[str, str | None]):
    """The slots of a class, each with its label, which is read from the source when it is asked."""

    def __init__(self, cls: type) -> None:
        super().__init__(dict.fromkeys(cls.__slots__))  # type: ignore[attr-defined]
        self._cls = cls

    def __getitem__(self, name: str) -> str | None:
        return _labels(self._cls).get(name)


@once
def _labels(cls: type) -> Mapping[str, str]:
    """Read the text below each field of a class; nothing where there is no source."""
    import ast  # noqa: PLC0415 (only for those who ask for help)
    import inspect  # noqa: PLC0415

    try:
        (tree,) = ast.parse(inspect.getsource(cls)).body
    except (OSError, TypeError):
        return {}
    body = getattr(tree, "body", [])
    return {
        field.target.id: str(text.value.value)
        for field, text in pairwise(body)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }


@cache
def _facts(hint: Any) -> dict[str, Any]:
    """Return what a field of a type has as metadata: its *check*, and of a figure the *kind*."""
    kind = next((kind for kind, own in _KINDS if own == hint), "")
    check = check_for(hint, kind.replace("_", " "))
    return {"kind": kind, "check": check} if kind else {"check": check}


# One for all fields: attrs takes long to make a converter.
_CONVERTER: Final[Any] = attrs.Converter(
    lambda value, field: field.metadata["check"](value, field.name), takes_field=True
)


def total_of(*parts: int | None) -> int | None:
    """
    Return the sum of figures.

    Blank: None where a figure is blank, or no whole number, which its own field then refuses.
    """
    numbers = [whole_number(part) for part in parts]
    return None if None in numbers else sum(number for number in numbers if number is not None)


def column_totals(row: type[T], *parts: Any) -> T:
    """
    Return the row of the sums of rows, column by column.

    A part may be a row or hold rows. The column of the row's own total is added up too.
    Blank: all sums where a part is nothing of the kind, which its own field then refuses.
    """
    rows = [inner for part in parts for inner in _rows(part)]
    whole = all(type(inner) is row for inner in rows)
    return row(
        **{
            # attrs makes the class.
            field.name: total_of(*(getattr(inner, field.name) for inner in rows)) if whole else None
            for field in attrs.fields(cast("Any", row))
        }
    )


def _rows(part: Any) -> list[Any]:
    if not attrs.has(type(part)):
        return [part]
    inner = [getattr(part, field.name) for field in attrs.fields(type(part))]
    return inner if all(attrs.has(type(row)) for row in inner) else [part]


AmountState: TypeAlias = Literal["blank", "zero", "positive"]
FEE_AMOUNTS: Final[Mapping[str, tuple[AmountState, ...]]] = {
    "charged": ("positive",),
    "none": ("blank", "zero"),
    "not_stated": ("blank",),
}
"""What the amount of a processing fee may be, by the status of the fee."""


def hold_fee(fee: Any) -> None:
    """
    Check that the amount of a processing fee fits its status.

    Raises: InvalidValue.
    """
    state = "blank" if fee.amount is None else "positive" if fee.amount else "zero"
    if state not in FEE_AMOUNTS[fee.status]:
        raise InvalidValue(
            "amount", f"a processing fee that is {fee.status!r} has no amount of {fee.amount} 元"
        )


ENCODER: Final = msgspec.json.Encoder(decimal_format="number")
_LONGEST_SIGN: Final = 6
"""The bytes of a sign that JSON escapes."""
_LONGEST_FRAME: Final = 100_000
"""No report has so many bytes beside its texts."""
_LONGEST_NOTE: Final = 200
"""No note has so many bytes beside its text."""


def joined_texts(report: Any) -> str:
    """
    Return all texts of a report, its notes included, one after the other, to count characters.

    Blank: the word ``None``.
    """
    section = report.other_matters
    texts = f"{report.title}{report.body.name}{report.overview}{report.problems}{section.text}"
    return "".join([texts, *[note.text for note in report.notes]]) if report.notes else texts


def hold_together(report: Any) -> None:
    """
    Check that every note stands at a place of the form, and that the report is not too long.

    Raises: InvalidValue.
    """
    if report.notes:
        places = edition(report.edition).places
        for number, note in enumerate(report.notes):
            if note.at is not None and note.at not in places:
                problem = (
                    f"should be {phrase('form.place', 'en')} of edition {report.edition}, not "
                    f"{shown(note.at)}"
                )
                raise InvalidValue(f"notes.{number}.at", problem)
    longest = (
        len(joined_texts(report)) * _LONGEST_SIGN
        + len(report.notes) * _LONGEST_NOTE
        + _LONGEST_FRAME
    )
    if longest > MAX_BYTES:
        _bound_size(report)


def refuse_subclass(cls: type) -> None:
    """
    Refuse to create a subclass of a report class.

    What is read back is of the class itself, and would be unequal.

    Raises: TypeError.
    """
    raise TypeError(
        f"{cls.__name__} cannot be a subclass of a report; hold the report in a field of it"
    )


def _bound_size(report: Any) -> None:
    amounts = [value for _, value in walk(report) if isinstance(value, Decimal)]
    amounts += [report.other_matters.processing_fee.amount or Decimal(0)]
    size = len(ENCODER.encode(report)) + sum(
        len(f"{amount:f}") - len(str(amount)) for amount in amounts
    )
    if size > MAX_BYTES:
        parts = {
            "title": report.title,
            "body.name": report.body.name,
            "overview": report.overview,
            "problems": report.problems,
            "other_matters.text": report.other_matters.text,
            "notes": "".join(note.text for note in report.notes),
        }
        longest = max(parts, key=lambda path: len(parts[path] or ""))
        raise InvalidValue(
            longest, f"a report has at most {MAX_BYTES:,} bytes as JSON, not {size:,}"
        )


def one_line(report: Any) -> str:
    """Return the ``repr`` of a report: class, body, year, and how many of its cells are blank."""
    values = [value for _, value in walk(report)]
    name = " ".join(report.body.name.split())
    return (
        f"<{type(report).__name__} {name} {report.year}: {len(values)} cells, "
        f"{values.count(None)} blank>"
    )
