"""The empty form: ``blank`` for users, and ``blank_on`` for code that has a Form."""

from __future__ import annotations

from typing import Any, TypeVar, get_args, get_origin

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.errors import InvalidValue
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, form
from govinfo_schema.form.parts import EditionName
from govinfo_schema.messages import phrase, shown
from govinfo_schema.report.model import REPORTS, Body, ProcessingFee, Report
from govinfo_schema.report.values import FIRST_YEAR


def blank(edition: EditionName, *, year: int, body: str | Body, undivided: bool = False) -> Report:
    """
    Make the empty form: every figure and text None.

    *undivided* prints （六）其他处理 as one row; edition 2019 always does.
    Raises: UnknownEdition; InvalidValue if *year* is no year, or *body* neither a name nor a Body.

    >>> blank("2021", year=2024, body="某市人民政府")
    <Report2021 某市人民政府 2024: 200 cells, 200 blank>
    """
    return blank_on(form(edition, undivided=undivided), year=year, body=body)


def blank_on(of: Form, *, year: int, body: str | Body) -> Report:
    """
    Make the empty form in one printed shape: every figure and text None.

    Raises: InvalidValue if *year* is no year, or *body* neither a name nor a Body.
    """
    report: Report = attrs.evolve(_pattern(of), year=year, body=_body(body))
    return report


@once
def _pattern(of: Form) -> Report:
    """Make the empty form of some body and year."""
    given = {
        "edition": of.name,
        "year": FIRST_YEAR,
        "body": Body.named("—"),
        "processing_fee": ProcessingFee(status="not_stated", requests=None, amount=None),
        "notes": (),
    }
    report: Report = _empty(class_of(of), given)
    return report


def class_of(of: Form) -> Any:
    """Return the class of the reports of a form, with the type of the divisible row."""
    report = REPORTS[of.name]
    return report[variants(report)[of is of.coarse]] if variants(report) else report


def variants(report: Any) -> tuple[Any, ...]:
    """Return the two classes of the divisible row: in parts, whole. Nothing if it has one shape."""
    return tuple(
        cls
        for variable in getattr(report, "__parameters__", ())
        for cls in get_args(variable.__bound__)
    )


def _body(body: Any) -> Any:
    if is_a(body, Body):
        return body
    if not is_a(body, str):
        raise InvalidValue("body", f"should be a name or a Body, not {shown(body)}")
    if not body.strip():
        raise InvalidValue("body.name", f"should be {phrase('form.name', 'en')}, not {shown(body)}")
    try:
        return Body.named(body)
    except InvalidValue as error:
        raise InvalidValue(ids.join("body", error.field), error.problem) from None


def resolved(hint: Any, row: Any) -> tuple[Any, Any]:
    """
    Return the class that a type of the model stands for, and the class of the divisible row.

    *row* is what the type around it said of that row; a type with an argument says it anew.
    """
    cls = row if isinstance(hint, TypeVar) else get_origin(hint) or hint
    said = (
        None
        if cls is tuple
        else next((part for part in get_args(hint) if attrs.has(get_origin(part) or part)), None)
    )
    return cls, said or row


def _empty(hint: Any, given: dict[str, Any], row: Any = None) -> Any:
    cls, row = resolved(hint, row)
    if not attrs.has(cls):
        return None
    fields = attrs.fields(cls)
    return cls(
        **{
            field.name: given[field.name] if field.name in given else _empty(field.type, given, row)
            for field in fields
        }
    )
