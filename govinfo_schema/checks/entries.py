"""
The entries of ``data/heuristics.toml`` as values: heuristics, and inequalities that some are.

``heuristics`` looks at one report with them; an engine over many reports can use ``inequalities``
as it uses the equations of a form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.findings import Cited
from govinfo_schema.form.forms import Form
from govinfo_schema.messages import Label
from govinfo_schema.report.access import form_of, replace
from govinfo_schema.report.empty import blank
from govinfo_schema.report.model import Report

SIGNS: Final[Mapping[str, int]] = MappingProxyType({">=": 1, "<=": -1})
"""The relations that an entry may state, and the sign that left − right has where it holds."""


@attrs.frozen(kw_only=True)
class Heuristic:
    """
    One entry of ``data/heuristics.toml``.

    *rule*: what its findings say of it. *entry*: the entry as it stands, with the limits, patterns
    and cells that its function takes.
    """

    rule: Cited
    entry: Mapping[str, Any] = attrs.field(eq=False, repr=False)

    def applies_to(self, form: Form) -> bool:
        """Whether the heuristic is for this form: for all, unless the entry names editions."""
        return form.name in self.entry.get("editions", (form.name,))


@attrs.frozen(kw_only=True)
class Inequality:
    """
    A signed sum over the cells of one row that should not be below 0.

    *coefficients*: the cells in printed order, and the sign of each. *where*: the label of the row.
    """

    rule: Cited
    where: Label
    coefficients: Mapping[str, int] = attrs.field(hash=False)

    def difference(self, values: Mapping[str, Any]) -> Any:
        """
        Work out the sum from the values of its cells: numbers, or arrays of one length.

        Blank: not allowed.
        """
        return sum(sign * values[cell] for cell, sign in self.coefficients.items())


@once
def heuristics() -> tuple[Heuristic, ...]:
    """Return the heuristics in the order of their findings."""
    data = read_data("heuristics")
    return tuple(
        Heuristic(rule=_cited(entry, data["sources"]), entry=entry) for entry in data["heuristics"]
    )


@once
def heuristics_of(form: Form) -> tuple[Heuristic, ...]:
    """Return the heuristics that are for a form."""
    return tuple(each for each in heuristics() if each.applies_to(form))


@once
def inequalities(form: Form) -> tuple[Inequality, ...]:
    """
    Return the inequalities of a form, in the order of the heuristics and of its rows.

    >>> from govinfo_schema.form.forms import form
    >>> [(each.rule.code, list(each.coefficients.values())) for each in inequalities(form("2021"))]
    [('A-VALID1', [-1, 1, 1]), ('A-VALID1', [-1, 1, 1])]
    """
    return tuple(
        Inequality(rule=each.rule, where=form.edition.rows[row].path, coefficients=signs)
        for each in heuristics_of(form)
        if "relation" in each.entry
        for row in form.rows
        if (signs := coefficients(form, each.entry, row))
    )


def cells_of(form: Form, patterns: Sequence[str]) -> tuple[str, ...]:
    """Return the cells that patterns name; none where one of them names no cell of this form."""
    return form.sum_of(" + ".join(patterns))


def example(changes: Mapping[str, Any]) -> Report:
    """
    Make the report of an example, ``odd`` or ``fine``: the one of ``[clean]`` with these changes.

    >>> example({"proactive.licensing.decisions": 8})
    <Report2021 某市人民政府 2024: 200 cells, 0 blank>
    """
    fields = {**read_data("heuristics")["clean"], **changes}
    fields |= dict.fromkeys(fields.pop("blank", ()))
    empty = blank(fields.pop("edition"), year=fields.pop("year"), body=fields.pop("body.name"))
    for cell in form_of(empty).cells.values():
        value = fields.setdefault(cell.id, 0)
        fields[cell.id] = Decimal(value) if cell.kind == "amount" else value
    return replace(empty, fields)


def _cited(entry: Mapping[str, Any], sources: Mapping[str, Mapping[str, str]]) -> Cited:
    return Cited(
        code=entry["code"],
        label=Label(entry["zh"], entry["en"]),
        level=entry["level"],
        standing=entry["standing"],
        sources=tuple(Label(**sources[key]) for key in entry["sources"]),
        left_label=Label("", ""),
        right_label=Label("", ""),
    )


def coefficients(form: Form, entry: Mapping[str, Any], row: str) -> Mapping[str, int]:
    """Return the cells of an inequality in one row; none where the row lacks one of them."""
    signs: dict[str, int] = {}
    for side, sign in (("left", SIGNS[entry["relation"]]), ("right", -SIGNS[entry["relation"]])):
        patterns = [pattern.replace("<row>", row) for pattern in entry[side]]
        cells = cells_of(form, patterns) if patterns else ()
        if patterns and not cells:
            return {}
        signs |= dict.fromkeys(cells, sign)
    return MappingProxyType({cell: signs[cell] for cell in form.rows[row] if cell in signs})
