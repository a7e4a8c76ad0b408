"""
Read and replace the values of a report by cell id: ``get``, ``walk``, ``replace``, ``figures``,
``texts``.

``form_of`` returns the form that a report is printed on. The functions follow whatever attrs
classes they are given; the classes stand in ``model``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, Protocol, TypeVar, cast

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.errors import InvalidValue, UnknownCell
from govinfo_schema.form import ids
from govinfo_schema.form.equations import fetching
from govinfo_schema.form.forms import Form, form
from govinfo_schema.form.parts import EditionName
from govinfo_schema.messages import shown
from govinfo_schema.report.given import check_report
from govinfo_schema.report.values import Figure, Value


class HasEdition(Protocol):
    """A report of whatever class; this module knows no more of its type."""

    @property
    def edition(self) -> EditionName:
        """The edition of the form that it is printed on."""


ReportT = TypeVar("ReportT", bound=HasEdition)


def form_of(report: Any) -> Form:
    """
    Return the shape of the form that a report is printed on.

    >>> import govinfo_schema as gs
    >>> form_of(gs.blank("2021", year=2024, body="某市人民政府", undivided=True))
    <Form 2021 undivided: 186 cells>
    """
    try:
        row, shapes = _ROWS[type(report)]
        return shapes[type(row(report))]
    except KeyError:
        return _first_form_of(report)


_ROWS: dict[type, tuple[Callable[[Any], Any], dict[type, Form]]] = {}
"""
For each class of report: what fetches the row that is printed whole or in parts, and the form by
the class of that row. Filled as reports are seen.
"""


def _first_form_of(report: Any) -> Form:
    check_report(report, "this")
    of = form(report.edition)
    row = attrgetter(of.edition.divisible or "edition")
    part = type(row(report))
    _, shapes = _ROWS.setdefault(type(report), (row, {}))
    whole = of.edition.divisible is None or all(_fields_of(part).values())
    shapes[part] = of.coarse if whole else of.fine
    return shapes[part]


def walk(report: HasEdition) -> Iterator[tuple[str, Figure]]:
    """
    Go through the figures of a report in printed order.

    Shape: ``(cell_id, value)``, 200 pairs for edition 2021 (186 where （六） is one row), 198 for
    edition 2019.
    Blank: None.
    Raises: TypeError if it is no report.

    >>> import govinfo_schema as gs
    >>> next(gs.walk(gs.blank("2021", year=2024, body="某市人民政府")))
    ('proactive.administrative_rules.issued', None)
    """
    check_report(report, "walk")
    of = form_of(report)
    yield from zip(of.cells, _figures_of(of)(report), strict=True)


@once
def _figures_of(of: Form) -> Callable[[Any], tuple[Figure, ...]]:
    """Fetch all figures of a report on this form, in printed order."""
    return fetching(tuple(of.cells))


def get(report: HasEdition, cell_id: str) -> Value:
    """
    Return one value by its id: a figure, or another field such as ``year`` or ``body.name``.

    Blank: None.
    Raises: UnknownCell if this report has no such cell; TypeError if it is no report.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2024, body="某市人民政府")
    >>> report = gs.replace(report, {"disputes.reconsideration.upheld": 3})
    >>> gs.get(report, "disputes.reconsideration.upheld")
    3
    """
    check_report(report, "get")
    node: Any = report
    if not is_a(cell_id, str):
        raise _unknown(report, cell_id)
    for name in ids.split(cell_id):
        if name not in _fields(node):
            raise _unknown(report, cell_id)
        node = getattr(node, name)
    if attrs.has(type(node)) or isinstance(node, tuple):
        raise _unknown(report, cell_id)
    value: Value = node
    return value


def replace(report: ReportT, values: Mapping[str, Any]) -> ReportT:
    """
    Return a copy of the report with other values in some cells; the report itself never changes.

    Raises: UnknownCell if the report has no such cell, InvalidValue if a value does not fit its
    cell.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2021", year=2024, body="某市人民政府")
    >>> try:
    ...     gs.replace(report, {"disputes.reconsideration.upheld": -3})
    ... except gs.InvalidValue as error:
    ...     print(error)
    disputes.reconsideration.upheld: a count is a whole number from 0 to 9007199254740991, not -3
    """
    figures = form_of(report).cells
    if not is_a(values, Mapping):
        raise TypeError(f"this takes a dict of cell ids and values, not {shown(values)}")
    for cell_id in values:
        if cell_id not in figures:
            get(report, cell_id)
    rows, inner = _places(tuple(values))
    changes = {
        row: {name: values[cell_id] for name, cell_id in cells} for row, cells in rows.items()
    }
    changed: ReportT = _replace(report, "", changes, inner)
    return changed


def texts(report: Any) -> dict[str, str | None]:
    """
    Return the text of each section that is one, by the id of the section.

    Blank: None.
    """
    return {
        section: cast("str | None", get(report, path))
        for section, path in form_of(report).texts.items()
    }


def figures(report: Any, on: Form | None = None) -> dict[str, Any]:
    """
    Return the figures of a report by cell id.

    *on*: the coarse shape of its form, in which the rows are added up that are one row there.

    Blank: None; a sum with a blank is blank.
    """
    values: dict[str, Any] = dict(walk(report))
    return values if on is None else whole_rows(values, form_of(report), on)


def whole_rows(values: dict[str, Any], own: Form, on: Form) -> dict[str, Any]:
    """
    Return the figures of one shape of a form in another, coarser one: its own, or with rows added
    up.

    Blank: None; a sum with a blank is blank.
    """
    if on is own:
        return values
    whole = own.whole
    sums: dict[str, Any] = {}
    for cell, value in values.items():
        total = whole.get(cell, cell)
        sums[total] = (
            value
            if total not in sums
            else None
            if None in (value, sums[total])
            else sums[total] + value
        )
    return sums


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name that a misspelt one most likely stands for, None where none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 (only for what is misspelt)

    names = {each.lower(): each for each in known}
    return next((names[near] for near in get_close_matches(name.strip().lower(), names, n=1)), None)


@lru_cache(maxsize=64)
def _places(
    cell_ids: tuple[str, ...],
) -> tuple[dict[str, list[tuple[str, str]]], dict[str, dict[str, None]]]:
    """
    Give the cells of each row, by their names in it; and what must be gone into to reach the rows.
    """
    rows: dict[str, list[tuple[str, str]]] = {}
    for cell_id in cell_ids:
        rows.setdefault(ids.row_of(cell_id), []).append((ids.column_of(cell_id), cell_id))
    return rows, _inner(rows)


def _inner(paths: Iterable[str]) -> dict[str, dict[str, None]]:
    """Give for each path the names of what must be gone into below it, to reach all *paths*."""
    inner: dict[str, dict[str, None]] = {}
    for path in paths:
        own = path
        while own and ids.column_of(own) not in (names := inner.setdefault(ids.row_of(own), {})):
            names[ids.column_of(own)] = None
            own = ids.row_of(own)
    return inner


def _replace(
    node: Any,
    path: str,
    changes: Mapping[str, Mapping[str, Any]],
    inner: Mapping[str, Iterable[str]],
) -> Any:
    parts = {
        name: _replace(getattr(node, name), ids.join(path, name), changes, inner)
        for name in inner.get(path, ())
    }
    new = {**changes.get(path, {}), **parts}
    # A report has many rows: ``attrs.evolve`` takes twice as long.
    kept = {name: getattr(node, name) for name in _fields(node) if name not in new}
    try:
        return type(node)(**kept, **new)
    except InvalidValue as error:
        raise InvalidValue(ids.join(path, error.field), error.problem) from None


def _unknown(report: Any, cell_id: str) -> UnknownCell:
    close = closest(cell_id, [known for known, _ in walk(report)]) if is_a(cell_id, str) else None
    hint = f"; do you mean {close!r}?" if close else "; `govinfo-schema cells` lists them"
    return UnknownCell(
        f"this report of edition {report.edition} has no cell {shown(cell_id)}{hint}"
    )


def _fields(node: Any) -> Mapping[str, bool]:
    """
    Return the fields of an attrs object in order, each with whether it is a figure.

    Nothing for any other object.
    """
    cls: Any = type(node)
    return _fields_of(cls)


@once
def _fields_of(cls: Any) -> Mapping[str, bool]:
    return (
        {field.name: "kind" in field.metadata for field in attrs.fields(cls)}
        if attrs.has(cls)
        else {}
    )
