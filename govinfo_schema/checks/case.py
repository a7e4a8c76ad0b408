"""
``Case``: one report as the heuristics look at it.

It works out on first use, and once, what several heuristics need: figures, filled blanks, texts and
what the texts claim, and what kind of body it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs

from govinfo_schema.checks.claims import Claim, claims_of
from govinfo_schema.checks.completion import determined
from govinfo_schema.data import read_data
from govinfo_schema.form.forms import Form
from govinfo_schema.form.labels import fold
from govinfo_schema.messages import Label
from govinfo_schema.report.access import figures, form_of, texts
from govinfo_schema.report.model import Report


@attrs.frozen(slots=False, eq=False)
class Case:
    """One report, and the report of the year before where there is one."""

    report: Report
    previous: Report | None = None

    @cached_property
    def form(self) -> Form:
        """The form that the report is printed on."""
        return form_of(self.report)

    @cached_property
    def figures(self) -> Mapping[str, Any]:
        """The figures by cell id; None where blank."""
        return figures(self.report)

    @cached_property
    def filled(self) -> Mapping[str, Any]:
        """The figures, with the blanks filled that the equations determine."""
        return {**self.figures, **determined(self.form, self.figures)}

    @cached_property
    def texts(self) -> Mapping[str, str | None]:
        """The text of each section that is one; None where blank."""
        return texts(self.report)

    @cached_property
    def folded(self) -> Mapping[str, str]:
        """The text of each section, folded; empty where blank."""
        return {section: fold(text or "") for section, text in self.texts.items()}

    @cached_property
    def claims(self) -> tuple[Claim, ...]:
        """What the texts say in numbers about the figures."""
        return claims_of(self.form, self.report.year, self.texts)

    @cached_property
    def level(self) -> str | None:
        """The level of the body, as the report says or as its name tells."""
        return self.report.body.level or self._named("level")

    @cached_property
    def kind(self) -> str | None:
        """The kind of the body, as the report says or as its name tells."""
        return self.report.body.kind or self._named("kind")

    def sum_of(self, cells: Sequence[str]) -> Any:
        """Add figures up, filled where blank; None where one stays blank."""
        values = [self.figures[cell] for cell in cells]
        if None in values:
            values = [self.filled[cell] for cell in cells]
        return None if None in values else sum(values)

    def label(self, path: str) -> Label | None:
        """Return the label of a cell, a row, a section or a field."""
        return self.form.edition.label(path)

    def _named(self, what: str) -> str | None:
        names = read_data("heuristics")["names"][what]
        return next((key for key, pattern in names.items() if re.search(pattern, self._name)), None)

    @cached_property
    def _name(self) -> str:
        return fold(self.report.body.name)
