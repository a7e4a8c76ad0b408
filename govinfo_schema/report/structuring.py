"""
Make a report of what another library has parsed: what the hooks for pydantic and cattrs share.

Such a library may have read the numbers of a text into floats. ``structure`` refuses an amount that
may have lost digits on that way; everything else is read as ``from_dict`` reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, cast, get_args, get_origin

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, form
from govinfo_schema.form.load import detect, edition
from govinfo_schema.form.parts import EditionName
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.conformance import Plain, faults, plain, with_id
from govinfo_schema.report.empty import variants
from govinfo_schema.report.json import amount_cells, from_plain, to_dict
from govinfo_schema.report.model import REPORTS, Report
from govinfo_schema.report.values import EXACT_DIGITS, significant_digits, to_amount


@attrs.frozen
class Target:
    """
    The reports that a type stands for: of one *edition*, and of one *shape* of the form if the type
    says it (``Report2021[OtherHandling]``).
    """

    name: str
    edition: EditionName
    shape: Form | None = None


def target_of(hint: Any) -> Target | None:
    """
    Return what a type stands for that is a class of reports; None for any other type.

    >>> from govinfo_schema.report.model import Applicants, Report2021
    >>> target_of(Report2021[Applicants])
    Target(name='Report2021[Applicants]', edition='2021', shape=<Form 2021 undivided: 186 cells>)
    >>> target_of(int) is None
    True
    """
    cls = get_origin(hint) or hint
    name = next((name for name, own in REPORTS.items() if own is cls), None)
    if name is None:
        return None
    rows = variants(cls)
    given = next((row for row in get_args(hint) if row in rows), None)
    if given is None:
        return Target(cls.__name__, name)
    of = form(name)
    shape = of.coarse if rows.index(given) else of.fine
    return Target(f"{cls.__name__}[{given.__name__}]", name, shape)


def structure(data: object, target: Target, *, texts: bool = False) -> Report:
    """
    Return the report that *data* are, or that they hold as plain dicts.

    *texts*: an amount may be the text that ``f"{amount:f}"`` writes, as formats without decimals
    hold it.
    Raises: InvalidReport, with all faults: those that ``from_dict`` names, an amount that is a
    float of more than 15 digits (``S-DIGITS``), and a report of another edition or shape than the
    target.
    """
    if is_a(data, Report):
        report = cast("Report", data)
        if target.edition != report.edition:
            raise InvalidReport([_other_edition(report, target)])
    else:
        checkable = plain(data)
        rounded = list(_settle_amounts(checkable, texts=texts))
        if rounded:
            found = faults(checkable, target.edition)
            known = {finding.cells for finding in found}
            raise InvalidReport([*found, *(each for each in rounded if each.cells not in known)])
        report = from_plain(checkable, target.edition)
    if target.shape not in (None, form_of(report)):
        raise InvalidReport([_other_shape(report)])
    return report


def with_amounts(report: Report, amount: Any) -> dict[str, Any]:
    """
    Return a report as plain nested dicts, as ``to_dict`` does, each amount as *amount* writes it.

    *amount* takes an amount and its cell id.
    """
    data = to_dict(report)
    for cell, row, column in _amounts(data, report.edition):
        row[column] = amount(row[column], cell)
    return data


def read_text(value: Any) -> Any:
    """
    Return the Decimal that a text is, if it is the text of an amount; the value itself otherwise.

    >>> read_text("72701.25"), read_text("1e2")
    (Decimal('72701.25'), '1e2')
    """
    if not is_a(value, str):
        return value
    try:
        amount = to_amount(Decimal(value))
    except (InvalidOperation, ValueError):
        return value
    return amount if f"{amount:f}" == value else value


def _amounts(
    data: Mapping[str, Any], name: EditionName
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the amounts that plain data hold: the cell id, and the dict and key where they are."""
    for cell in amount_cells(form(name)):
        *steps, column = ids.split(cell)
        row: Any = data
        for step in steps:
            row = row.get(step) if isinstance(row, dict) else None
        if isinstance(row, dict) and row.get(column) is not None:
            yield cell, row, column


def _settle_amounts(checkable: Plain | Finding, *, texts: bool) -> Iterator[Finding]:
    """
    Replace the amounts that are texts by Decimals, if that is wanted.

    Yields: a finding for each amount that is a float, and may have had other digits as a text.
    """
    if not isinstance(checkable, Plain) or not isinstance(checkable.data, dict):
        return
    name = detect(checkable.data)
    for cell, row, column in _amounts(checkable.data, name):
        if texts:
            row[column] = read_text(row[column])
        if may_be_rounded(row[column]):
            found = repr(row[column])
            yield _finding("S-DIGITS", name, cell, found=found, digits=EXACT_DIGITS)


def may_be_rounded(value: Any) -> bool:
    """
    Whether a number is a float that may have had other digits as a text.

    >>> may_be_rounded(72701.2578), may_be_rounded(12345678901.123455)
    (False, True)
    """
    return is_a(value, float) and significant_digits(Decimal(repr(float(value)))) > EXACT_DIGITS


def _other_edition(report: Report, target: Target) -> Finding:
    found, expected = edition(report.edition), edition(target.edition)
    return Finding(
        code="S-EDITION",
        level="error",
        cells=("edition",),
        operands={
            "found": Label(found.zh, found.en),
            "expected": Label(expected.zh, expected.en),
        },
    )


def _other_shape(report: Report) -> Finding:
    whole, divided = spoken("shape.whole"), spoken("shape.divided")
    of = form_of(report)
    found, expected = (whole, divided) if of is of.coarse else (divided, whole)
    return _finding(
        "S-TYPE", report.edition, cast("str", of.edition.divisible), found=found, expected=expected
    )


def _finding(code: str, name: EditionName, cell: str, **operands: Any) -> Finding:
    label = with_id(edition(name).label(cell), cell)
    return Finding(
        code=code, level="error", cells=(cell,), operands={"label": label, "cell": cell, **operands}
    )
