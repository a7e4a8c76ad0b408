"""
``problems``: what is wrong with a report, one problem at a time.

A problem takes the findings of ``check`` together that one mistake, or mistakes in the same sums,
brought about. It comes from the explanations that ``locate`` finds: changes of the best one that
share a sum, and totals that are worked out anew together, belong to one problem. What ``check``
returns is not changed by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, overload

import attrs

from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.checks.linear import components
from govinfo_schema.checks.one_report import Blanks, check
from govinfo_schema.findings import Equation, Finding, equation_to_dict
from govinfo_schema.form import ids
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import Form
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.repair.changes import Change, told
from govinfo_schema.repair.explanations import Explanation, Explanations, locate
from govinfo_schema.repair.reasons import Reason, reason
from govinfo_schema.report.access import figures, form_of
from govinfo_schema.report.model import Report


@attrs.frozen(kw_only=True)
class Problem:
    """
    One thing that is wrong with a report, with all that it breaks.

    *findings*: the findings of ``check`` that it takes together, in their order. *equations*: the
    broken equations. *changes*: the changes of the best explanation that mend just these. *common*:
    those of them that no explanation can do without. *bystanders*: the other cells of these
    equations, in printed order. *recomputed*: the totals among the changes that are worked out anew
    from their parts. *ways*: in how many ways the explanations mend it. *exhaustive*: whether these
    are all of the smallest. *edition*: that of the report.

    >>> import govinfo_schema as gs
    >>> total = "applications.outcomes.total.natural_person"
    >>> right = gs.generate(1, "2021")
    >>> report = gs.replace(right, {total: gs.get(right, total) + 1})
    >>> (problem,) = gs.problems(report)
    >>> len(problem.equations), problem.decided, dict(problem.suspects) == {
    ...     total: gs.get(right, total)
    ... }
    (3, True, True)
    """

    findings: tuple[Finding, ...]
    equations: tuple[Equation, ...] = attrs.field(repr=False)
    changes: tuple[Change, ...] = ()
    common: tuple[Change, ...] = attrs.field(default=(), repr=False)
    bystanders: tuple[str, ...] = attrs.field(default=(), repr=False)
    recomputed: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    reason: Reason | None = None
    ways: int = 1
    exhaustive: bool = True
    edition: str

    @property
    def suspects(self) -> Mapping[str, int]:
        """The figures that the best explanation changes: cell id -> what it should be."""
        return {each.cell: each.should_be for each in self.changes}

    @property
    def decided(self) -> bool:
        """Whether there is only one smallest way to mend it."""
        return self.exhaustive and self.ways == 1

    def message(self, lang: Lang = "zh") -> str:
        """Return the problem as one line: what should be which figure, and how many sums break."""
        count = len(self.equations)
        likely = [each for each in self.changes if each not in self.common]
        common, changes = (
            told(self.edition, each, self.recomputed, self.reason, lang)
            for each in (self.common, likely)
        )
        if not likely:
            if [each.cells for each in self.findings] == [tuple(self.suspects)]:
                # The finding says the same, and names the sums.
                return self.findings[0].message(lang)
            return phrase("problem.decided", lang, changes=common, count=count)
        broken = (
            phrase("problem.broken", lang, count=count)
            if len(self.findings) > 1
            else self.findings[0].message(lang)
        )
        known = phrase("problem.common", lang, changes=common) if common else ""
        name = "problem.likely" if self.exhaustive else "problem.limited"
        facts = {"broken": broken, "common": known, "changes": changes}
        return phrase(name, lang, **facts, others=self.ways - 1)

    def to_dict(self) -> dict[str, Any]:
        """Return the problem as plain data, as ``check --format json`` prints it."""
        return {
            "changes": [attrs.asdict(change) for change in self.changes],
            "common": [attrs.asdict(change) for change in self.common],
            "bystanders": list(self.bystanders),
            "equations": [equation_to_dict(each) for each in self.equations],
            "reason": attrs.asdict(self.reason) if self.reason else None,
            "ways": self.ways,
            "decided": self.decided,
            "message": {"zh": self.message("zh"), "en": self.message("en")},
        }


@attrs.frozen
class Problems(Sequence[Problem]):
    """
    The problems of one report, in the order of the form; empty if no equation is broken.

    *common*: the changes that all explanations share.

    >>> import govinfo_schema as gs
    >>> damaged = gs.damage(gs.generate(1, "2021"), "zero_column", 1)
    >>> problems = gs.problems(damaged.report)
    >>> len(problems), len(problems.common) == len(problems[0].findings)
    (1, True)
    >>> print(problems[0].message("en")[:51])
    section 3, column “total”: 25 cells were not filled
    """

    each: tuple[Problem, ...]
    common: tuple[Change, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Problem, ...]: ...
    def __getitem__(self, index: int | slice) -> Problem | tuple[Problem, ...]:
        """Return one of them by its place."""
        return self.each[index]

    def __len__(self) -> int:
        """Count them."""
        return len(self.each)


def problems(
    report: Report,
    blanks: Blanks = "unknown",
    previous: Report | None = None,
    *,
    explanations: Explanations | None = None,
) -> Problems:
    """
    Return what is wrong with a report, with all broken equations of one problem together.

    Each finding of ``check`` about a broken equation is in exactly one problem. The changes of one
    problem mend its equations and leave all others as they are. *previous*: last year's report,
    which may tell how to mend it. *explanations*: what ``locate`` found with the same arguments, so
    that it is not looked for twice.

    Blank: a sum with a blank cell says nothing, unless ``blanks="zero"``.
    Raises: TypeError if *report* or *previous* is no report, ValueError if *blanks* is neither of
    the two.

    >>> import govinfo_schema as gs
    >>> damaged = gs.damage(gs.generate(1, "2021"), "zero_column", 1)
    >>> len(gs.check(damaged.report).findings), len(problems(damaged.report))
    (25, 1)
    """
    return problems_of(check(report, blanks), previous, explanations=explanations)


def problems_of(
    assessment: Assessment,
    previous: Report | None = None,
    *,
    explanations: Explanations | None = None,
) -> Problems:
    """Return the problems behind an assessment of a report, as ``problems`` does."""
    report = assessment.report
    if report is None or not assessment.broken:
        return Problems(())
    if explanations is None:
        # Where nothing is unknown, a blank counts as 0, or there is none.
        blanks: Blanks = "unknown" if assessment.unknown else "zero"
        explanations = locate(report, blanks, previous=previous)
    findings = [each for each in assessment.findings if is_broken(each)]
    groups = _groups(form_of(report), assessment, findings, explanations[0])
    return Problems(
        tuple(_problem(report, findings, *group, explanations) for group in groups),
        explanations.common,
    )


def is_broken(finding: Finding) -> bool:
    """Whether a finding of ``check`` is about equations that are broken, not about blanks."""
    return any(each.difference for each in finding.symptoms)


def _groups(
    form: Form, assessment: Assessment, findings: Iterable[Finding], best: Explanation
) -> list[tuple[list[Equation], list[Change]]]:
    """
    Group the broken equations and the changes that belong together, in the order of the form.

    Joined are the equations of one finding, the equations that one change enters, the changes that
    share an equation, broken or not, and the totals of one rule that are worked out anew.
    """
    changed = {each.cell for each in best.changes}
    broken = {_name(each): each for each in assessment.broken}
    unknown = {_name(each) for each in assessment.unknown}
    rules: dict[str, list[str]] = {}
    links = [[name, *changed.intersection(_cells(each))] for name, each in broken.items()]
    for each in form.equations:
        name = _name(each)
        if name not in unknown and name not in broken:
            links.append([*changed.intersection(_cells(each))])
        if len(each.right) == 1 and each.right[0] in best.recomputed:
            rules.setdefault(f"{ids.table_of(each.right[0])} {each.rule.code}", []).append(
                each.right[0]
            )
    links += [*rules.values(), *([_name(each) for each in one.symptoms] for one in findings)]
    group_of = {
        member: group
        for members, group in zip(links, components(links), strict=True)
        for member in members
    }
    groups: dict[int, tuple[list[Equation], list[Change]]] = {}
    for name, each in broken.items():
        groups.setdefault(group_of[name], ([], []))[0].append(each)
    for change in best.changes:
        # A change that mends nothing is in no group.
        if (group := group_of.get(change.cell)) in groups:
            groups[group][1].append(change)
    return list(groups.values())


def _problem(
    report: Report,
    findings: Iterable[Finding],
    equations: Sequence[Equation],
    changes: Sequence[Change],
    explanations: Explanations,
) -> Problem:
    form, values = form_of(report), figures(report)
    own = {each.cell for each in changes}
    members = {cell for each in equations for cell in _cells(each)}
    ways = {
        frozenset(each for each in one.changes if each.cell in own | members)
        for one in explanations
    }
    common = frozenset.intersection(*ways) if explanations.exhaustive else frozenset()
    recomputed = explanations[0].recomputed & own
    found = [(each.cell, each.found or 0, each.should_be) for each in changes]
    return Problem(
        findings=tuple(each for each in findings if each.symptoms[0] in equations),
        equations=tuple(equations),
        changes=tuple(changes),
        common=tuple(each for each in changes if each in common),
        bystanders=tuple(cell for cell in values if cell in members - own),
        recomputed=recomputed,
        reason=reason(form, values, found, recomputed) if found else None,
        ways=len(ways),
        exhaustive=explanations.exhaustive,
        edition=form.name,
    )


def _name(equation: Equation) -> str:
    return f"{equation.rule.code} {equation_name(equation)}"


def _cells(equation: Equation) -> tuple[str, ...]:
    return (*equation.left, *equation.right)
