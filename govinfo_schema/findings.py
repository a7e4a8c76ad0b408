"""
Results of checks: findings, and the equations and rules behind them. They are returned, never
raised.

Their messages come from the catalogue ``data/messages.toml``, in Chinese and in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.frozen import frozen
from govinfo_schema.data.once import once
from govinfo_schema.messages import Label, Lang, Problem, catalogue, joined, phrase, spoken

Level = Literal["error", "warning", "info"]
Standing = Literal["official", "implied", "heuristic"]
About = Literal["text", "schema", "reading", "sum", "heuristic", "years", "parts"]
"""The kind of check that a finding comes from, in the order of ``docs/reference/codes.md``."""


@attrs.frozen(kw_only=True)
class Cited:
    """
    The rule behind a finding: its label, its legal sources, and the names of its two sides.

    *standing*: ``official`` (the form states the rule), ``implied`` (it follows from a label) or
    ``heuristic``.
    """

    code: str
    label: Label
    level: Level
    standing: Standing
    sources: tuple[Label, ...]
    left_label: Label
    right_label: Label


@attrs.frozen(kw_only=True)
class Equation:
    """
    A reconciliation rule applied to one row or column: the cells of *left* and those of *right*
    have the same sum.

    In a report, an equation holds (*difference* is 0), is broken (*difference* is not 0) or is
    unknown (*difference* is None, and *blanks* names the blank cells).

    >>> import govinfo_schema as gs
    >>> total = "applications.outcomes.total.natural_person"
    >>> right = gs.generate(1, "2021")
    >>> report = gs.replace(right, {total: gs.get(right, total) + 1})
    >>> equation = gs.check(report).broken[0]
    >>> equation.rule.code, equation.difference, equation.right[0]
    ('B-BAL', -1, 'applications.outcomes.total.natural_person')
    """

    rule: Cited
    where: Label
    left: tuple[str, ...]
    right: tuple[str, ...]
    left_sum: int | None = None
    right_sum: int | None = None
    difference: int | None = None
    blanks: tuple[str, ...] = ()

    def coefficients(self) -> dict[str, int]:
        """Return the coefficient of each cell: +1 on the left side, −1 on the right."""
        return dict.fromkeys(self.left, 1) | dict.fromkeys(self.right, -1)


@attrs.frozen(kw_only=True)
class Quote:
    """
    A passage in the text of a report: the section, the offsets *start* and *end* in its text, and
    the characters between them.

    >>> import govinfo_schema as gs
    >>> text = "全年收到政府信息公开申请43件。"
    >>> report = gs.replace(gs.generate(1, "2021"), {"overview": text})
    >>> quote = next(each.quote for each in gs.plausible(report) if each.quote)
    >>> quote.section, text[quote.start : quote.end] == quote.text
    ('overview', True)
    """

    section: str
    start: int
    end: int
    text: str


@once
def _origins() -> Mapping[str, About]:
    """Return the kind of check of each code; a code that is not listed is a rule of the form."""
    codes, between = read_data("codes"), read_data("between")
    listed: dict[About, Iterable[str]] = {
        "text": codes["text"],
        "schema": codes["schema"],
        "reading": codes["reading"],
        "sum": codes["sum"],
        "heuristic": [each["code"] for each in read_data("heuristics")["heuristics"]],
        "years": [*codes["years"], *(each["code"] for each in between["years"])],
        "parts": [*codes["parts"], *(each["code"] for each in between["parts"])],
    }
    return {code: about for about, own in listed.items() for code in own}


def _origin(finding: Finding) -> About:
    return _origins().get(finding.code, "sum")


@attrs.frozen(kw_only=True)
class Finding:
    """
    One fault or doubt in a report.

    *about*: the kind of check that it comes from, which follows from the code: the ``text`` of the
    data, their ``schema``, ``reading`` a document, a ``sum`` of the form, a ``heuristic``, the
    ``years`` of a body or the ``parts`` of a whole.

    *left*, *right*, *difference*: for an equation, the two sums as published and left − right. For
    a finding about one figure, the published figure and the one that would satisfy its equations
    (*symptoms*).

    *reports*: if several reports were compared, the report of each cell, by its year or its body.
    *quote*: the passage that a finding about the text refers to.

    >>> import govinfo_schema as gs
    >>> total = "applications.outcomes.total.natural_person"
    >>> right = gs.generate(1, "2021")
    >>> report = gs.replace(right, {total: gs.get(right, total) + 1})
    >>> (finding,) = gs.check(report).findings
    >>> finding.code, finding.level, finding.cells, finding.left - finding.right
    ('CELL', 'error', ('applications.outcomes.total.natural_person',), 1)
    >>> finding.message("zh")[:13]
    '“（七）总计 · 自然人”'
    """

    code: str
    level: Level
    about: About = attrs.field(default=attrs.Factory(_origin, takes_self=True))
    cells: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    quote: Quote | None = None
    left: int | None = None
    right: int | None = None
    difference: int | None = None
    rule: Cited | None = None
    symptoms: tuple[Equation, ...] = ()
    operands: Mapping[str, Any] = attrs.field(
        factory=dict, converter=frozen, hash=False, repr=False
    )

    def message(self, lang: Lang = "zh") -> str:
        """Return the message, one sentence in Chinese (``zh``) or English (``en``)."""
        facts = {
            "left": self.left,
            "right": self.right,
            "difference": self.difference,
            **self.operands,
        }
        return phrase(self.code if self.code in catalogue() else "sum", lang, **facts)

    @property
    def label(self) -> Problem:
        """The message in both languages, with the code."""
        return Problem(self.message("zh"), self.message("en"), self.code)

    def to_dict(self) -> dict[str, Any]:
        """
        Return the finding as plain data, with the message in both languages, as
        ``check --format json`` prints it.
        """
        return {
            "code": self.code,
            "about": self.about,
            "level": self.level,
            "cells": list(self.cells),
            "reports": list(self.reports),
            "quote": attrs.asdict(self.quote) if self.quote else None,
            "left": self.left,
            "right": self.right,
            "difference": self.difference,
            "rule": rule_to_dict(self.rule) if self.rule else None,
            "symptoms": [equation_to_dict(equation) for equation in self.symptoms],
            "message": {"zh": self.message("zh"), "en": self.message("en")},
        }


@attrs.frozen
class RuleSet:
    """
    The rules that were applied: the edition of the form, the version of its rules, and a digest of
    their equations.

    >>> import govinfo_schema as gs
    >>> rules = gs.check(gs.generate(1, "2021")).rule_set
    >>> rules.edition, rules.version, len(rules.digest)
    ('2021', '1.0.0', 64)
    """

    edition: str
    version: str
    digest: str


def rule_to_dict(rule: Cited) -> dict[str, Any]:
    """Return the rule of a finding as plain data."""
    return {
        "code": rule.code,
        "label": attrs.asdict(rule.label),
        "standing": rule.standing,
        "sources": [attrs.asdict(source) for source in rule.sources],
    }


def equation_to_dict(equation: Equation) -> dict[str, Any]:
    """Return an equation as plain data."""
    return {
        "rule": equation.rule.code,
        "where": attrs.asdict(equation.where),
        "left": list(equation.left),
        "right": list(equation.right),
        "left_sum": _number(equation.left_sum),
        "right_sum": _number(equation.right_sum),
        "difference": _number(equation.difference),
        "blanks": list(equation.blanks),
    }


def _number(value: Any) -> int | str | None:
    """Return a count unchanged, and an amount of money as text, as JSON readers would round it."""
    return value if value is None or isinstance(value, int) else f"{value:f}"


def side(label: Label, figures: Sequence[tuple[Label, int | None]]) -> Label:
    """Describe one side of an equation: its sum, and of several terms those that are not zero."""
    total = sum(value or 0 for _, value in figures)
    if len(figures) == 1:
        return spoken(
            "side.blank" if figures[0][1] is None else "side.single", label=label, sum=total
        )
    terms = [spoken("term", name=name, value=value) for name, value in figures if value]
    shown = joined("and", terms) if terms else spoken("side.zero")
    return spoken("side.terms", side=spoken("side", label=label, sum=total), terms=shown)


def gap(difference: int) -> Label:
    """Describe by how much the first side is more or less than the second."""
    return spoken("gap.more" if difference > 0 else "gap.less", gap=abs(difference))
