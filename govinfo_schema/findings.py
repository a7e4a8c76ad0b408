"""
What can be wrong with a report: findings, equations and the assessment that holds them. They are
returned, never raised.

Every sentence comes from one catalogue, ``data/messages.toml``, in Chinese and in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, NoReturn

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.frozen import frozen
from govinfo_schema.data.once import once
from govinfo_schema.messages import Label, Lang, Problem, catalogue, joined, phrase, spoken

Level = Literal["error", "warning", "info"]
Standing = Literal["official", "implied", "heuristic"]
About = Literal["text", "schema", "reading", "sum", "heuristic", "years", "parts"]
"""Where a finding comes from, in the order of ``docs/reference/codes.md``."""


@attrs.frozen(kw_only=True)
class Cited:
    """
    What a finding says of the rule behind it: its label, its legal source, and the names of its two
    sides.

    *standing* is ``official`` (the form states it), ``implied`` (it follows from a label) or
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
    One reconciliation rule at one row or column: the cells of *left* add up to the cells of
    *right*.

    Of a report it is *held* (difference 0), *broken* (difference ≠ 0) or *unknown* (difference
    None: *blanks* names the blank cells).
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
        """Give each cell its sign: +1 on the left, −1 on the right."""
        return dict.fromkeys(self.left, 1) | dict.fromkeys(self.right, -1)


@attrs.frozen(kw_only=True)
class Quote:
    """
    A place in the text of a report: the section, the characters *start* to *end* of its text, and
    what stands there.
    """

    section: str
    start: int
    end: int
    text: str


@once
def _origins() -> Mapping[str, About]:
    """Read where the findings of each code come from; what is not listed is a sum of the form."""
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
    One thing wrong, or not known, about a report.

    *about* is where it comes from: the ``text`` of the data, their ``schema``, ``reading`` a
    document, a ``sum`` of the form, a ``heuristic``, the ``years`` or the ``parts`` of a body. It
    follows from the code.

    For a sum *left* and *right* are the two sides as published and *difference* is left − right.
    For a finding that names one figure they are the figure found and the figure that would mend its
    equations (*symptoms*). Between several reports *reports* names for each cell the report that it
    is of, by its year or its body; *quote* is the passage that a finding about the text speaks of.
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
        """Say it in one sentence, in Chinese (``zh``) or in English (``en``)."""
        facts = {
            "left": self.left,
            "right": self.right,
            "difference": self.difference,
            **self.operands,
        }
        return phrase(self.code if self.code in catalogue() else "sum", lang, **facts)

    @property
    def label(self) -> Problem:
        """Its sentence in both languages, with its code."""
        return Problem(self.message("zh"), self.message("en"), self.code)

    def to_dict(self) -> dict[str, Any]:
        """
        Give the finding as plain data, both languages included, as ``check --format json`` prints
        it.
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
    Which rules were applied: the edition of the form, the version of its rules and a digest of
    their equations.
    """

    edition: str
    version: str
    digest: str


@attrs.frozen(kw_only=True)
class Assessment:
    """
    What the rules say of one report.

    *held* counts the equations that hold; *broken* and *unknown* are the others, in the order of
    the form.
    """

    findings: tuple[Finding, ...]
    held: int
    broken: tuple[Equation, ...]
    unknown: tuple[Equation, ...]
    rule_set: RuleSet

    @property
    def ok(self) -> bool:
        """Whether no finding is an error. An equation that cannot be checked is none."""
        return not any(finding.level == "error" for finding in self.findings)

    def to_dict(self) -> dict[str, Any]:
        """Give the assessment as plain data."""
        return {
            "ok": self.ok,
            "held": self.held,
            "broken": [equation_to_dict(equation) for equation in self.broken],
            "unknown": [equation_to_dict(equation) for equation in self.unknown],
            "findings": [finding.to_dict() for finding in self.findings],
            "rule_set": attrs.asdict(self.rule_set),
        }

    def __bool__(self) -> NoReturn:
        """
        Refuse to be a condition: an assessment that says that a report is wrong would be true.
        """
        raise TypeError(
            "an assessment is neither true nor false; ask .ok (no finding is an error) or .findings"
        )


def rule_to_dict(rule: Cited) -> dict[str, Any]:
    """Give what a finding says of a rule as plain data."""
    return {
        "code": rule.code,
        "label": attrs.asdict(rule.label),
        "standing": rule.standing,
        "sources": [attrs.asdict(source) for source in rule.sources],
    }


def equation_to_dict(equation: Equation) -> dict[str, Any]:
    """Give an equation as plain data."""
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
    """Give a count as it is and an amount of money, which JSON readers would round, as text."""
    return value if value is None or isinstance(value, int) else f"{value:f}"


def side(label: Label, figures: Sequence[tuple[Label, int | None]]) -> Label:
    """
    Say what one side of a sum comes to, and of what: one figure, or several that are not zero.
    """
    total = sum(value or 0 for _, value in figures)
    if len(figures) == 1:
        return spoken(
            "side.blank" if figures[0][1] is None else "side.single", label=label, sum=total
        )
    terms = [spoken("term", name=name, value=value) for name, value in figures if value]
    shown = joined("and", terms) if terms else spoken("side.zero")
    return spoken("side.terms", side=spoken("side", label=label, sum=total), terms=shown)


def gap(difference: int) -> Label:
    """Say by how much the first side is more or less than the second."""
    return spoken("gap.more" if difference > 0 else "gap.less", gap=abs(difference))
