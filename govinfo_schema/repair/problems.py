"""
``problems``: what is wrong with a report, one problem at a time.

A problem takes the findings of ``check`` together that one mistake, or mistakes in the same sums,
brought about. It comes from the explanations that ``locate`` finds: changes of the best one that
share a sum, and totals that are worked out anew together, belong to one problem. What ``check``
returns is not changed by it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, overload

import attrs

from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.checks.linear import components
from govinfo_schema.checks.one_report import Blanks, check
from govinfo_schema.findings import Equation, Finding, Level, equation_to_dict
from govinfo_schema.form import ids
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import Form
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.repair.changes import Change, told
from govinfo_schema.repair.explanations import Explanations, explained
from govinfo_schema.repair.reasons import Reason, reason
from govinfo_schema.report.access import figures, form_of
from govinfo_schema.report.given import check_report
from govinfo_schema.report.model import Report


@attrs.frozen(kw_only=True)
class Problem:
    """
    One thing that is wrong with a report, with all that it breaks.

    *findings*: the findings of ``check`` that it takes together, in their order. *equations*: the
    broken equations. *changes*: the changes of the best explanation that mend just these. *common*:
    those of them that all explanations share. *bystanders*: the other cells of these equations, in
    printed order. *recomputed*: the totals among the changes that are worked out anew from their
    parts; *always*: those of them that all explanations work out anew; *following*: totals among
    the changes that the workbook works out itself. *ways*: in how many ways the explanations mend
    it. *exhaustive*: whether these are all of the smallest. *edition*: that of the report.

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
    always: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    following: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    reason: Reason | None = None
    ways: int = 1
    exhaustive: bool = True
    edition: str

    @property
    def suspects(self) -> Mapping[str, int]:
        """The figures that the best explanation changes: cell id -> what it should be."""
        return {each.cell: each.should_be for each in self.changes}

    @property
    def cells(self) -> tuple[str, ...]:
        """The figures to look at: those that the best explanation changes, single ones first."""
        single = (each for each in self.suspects if each not in self.recomputed)
        return tuple(dict.fromkeys((*single, *self.suspects)))

    @property
    def level(self) -> Level:
        """The level of its findings."""
        return self.findings[0].level

    @property
    def code(self) -> str:
        """The codes of its findings, each once."""
        return ", ".join(dict.fromkeys(each.code for each in self.findings))

    @property
    def decided(self) -> bool:
        """Whether there is only one smallest way to mend it."""
        return self.exhaustive and self.ways == 1

    @property
    def shown(self) -> tuple[Change, ...]:
        """The changes of figures that somebody typed, in printed order."""
        return tuple(each for each in self.changes if each.cell not in self.following)

    def is_sure(self, change: Change) -> bool:
        """Whether every way to mend the report makes this change."""
        return self.exhaustive and change in self.common

    def message(self, lang: Lang = "zh") -> str:
        """Return the problem as one line: what should be which figure, and how many sums break."""
        count = len(self.equations)
        common, likely = self._told(lang)
        if not likely:
            if [each.cells for each in self.findings] == [tuple(self.suspects)]:
                # The finding says the same, and names the sums.
                return self.findings[0].message(lang)
            return phrase("problem.decided", lang, changes=common, count=count)
        broken = (
            phrase("problem.broken", lang, count=count)
            if len(self.findings) > 1 or len(self.findings[0].symptoms) > 1
            else self.findings[0].message(lang)
        )
        return phrase("problem.open", lang, broken=broken, changes=common + likely)

    def headline(self, lang: Lang = "zh") -> str:
        """Return what should be which figure, without the sums; where that is open, as open."""
        return "".join(self._told(lang))

    def _told(self, lang: Lang) -> tuple[str, str]:
        """Return what is wrong for sure, and what may be; the second is empty if all is sure."""
        sure: list[Change] = []
        likely: list[Change] = []
        for each in self.shown:
            is_sure = each in self.common or each.cell in self.always
            (sure if is_sure else likely).append(each)
        if not self.decided and not likely:
            sure, likely = likely, sure
        why = None if sure and likely else self.reason
        common, changes = (
            told(self.edition, each, self.recomputed, why, lang) for each in (sure, likely)
        )
        if not changes:
            return common, ""
        known = phrase("problem.common", lang, changes=common) if common else ""
        name = "problem.likely" if self.exhaustive else "problem.limited"
        return known, phrase(name, lang, changes=changes, others=self.ways - 1)

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
    computed: Collection[str] = (),
) -> Problems:
    """
    Return what is wrong with a report, with all broken equations of one problem together.

    Each finding of ``check`` about a broken equation is in exactly one problem. The changes of one
    problem mend its equations and leave all others as they are. *previous*: last year's report,
    which may tell how to mend it. *explanations*: what ``locate`` found with the same arguments, so
    that it is not looked for twice. *computed*: as for ``locate``.

    Blank: a sum with a blank cell says nothing, unless ``blanks="zero"``.
    Raises: TypeError if *report* or *previous* is no report, ValueError if *blanks* is neither of
    the two.

    >>> import govinfo_schema as gs
    >>> damaged = gs.damage(gs.generate(1, "2021"), "zero_column", 1)
    >>> len(gs.check(damaged.report).findings), len(gs.problems(damaged.report))
    (25, 1)
    """
    check_report(report, "problems")
    assessment = check(report, blanks)
    if previous is not None:
        check_report(previous, "previous")
    return problems_of(assessment, previous, explanations=explanations, computed=computed)


def problems_of(
    assessment: Assessment,
    previous: Report | None = None,
    *,
    explanations: Explanations | None = None,
    computed: Collection[str] = (),
) -> Problems:
    """Return the problems behind an assessment of a report, as ``problems`` does."""
    report = assessment.report
    if report is None or not assessment.broken:
        return Problems(())
    if explanations is None:
        # Where nothing is unknown, a blank counts as 0, or there is none.
        blanks: Blanks = "unknown" if assessment.unknown else "zero"
        explanations = explained(report, assessment, blanks, previous, computed=computed)
    findings = [each for each in assessment.findings if is_broken(each)]
    group_of = _groups(form_of(report), assessment, findings, explanations)
    groups = dict.fromkeys(group_of[_name(each)] for each in assessment.broken)
    made = []
    for group in groups:
        members = frozenset(each for each, own in group_of.items() if own == group)
        made.append(_problem(report, assessment, findings, members, explanations))
    return Problems(tuple(made), explanations.common)


def is_broken(finding: Finding) -> bool:
    """Whether a finding of ``check`` is about equations that are broken, not about blanks."""
    return any(each.difference for each in finding.symptoms)


def _groups(
    form: Form,
    assessment: Assessment,
    findings: Iterable[Finding],
    explanations: Explanations,
) -> dict[str, int]:
    """
    Group the broken equations, by their names, and the cells that belong together.

    Joined are the equations of one finding, the equations that one change enters, the changes of
    one explanation that share an equation, broken or not, and the totals of one rule that the best
    one works out anew. So every choice between explanations is within one group.
    """
    best = explanations[0]
    broken = {_name(each): each for each in assessment.broken}
    known = {_name(each) for each in form.equations}
    known -= {_name(each) for each in assessment.unknown}
    entered: dict[str, list[str]] = {}
    rules: dict[str, list[str]] = {}
    for each in form.equations:
        for cell in _cells(each) if _name(each) in known else ():
            entered.setdefault(cell, []).append(_name(each))
        if len(each.right) == 1 and each.right[0] in best.recomputed:
            rule = f"{ids.table_of(each.right[0])} {each.rule.code}"
            rules.setdefault(rule, []).append(each.right[0])
    links: dict[tuple[str, ...], None] = dict.fromkeys((name,) for name in broken)
    for explanation in explanations:
        shared: dict[str, list[str]] = {}
        for change in explanation.changes:
            for name in entered.get(change.cell, ()):
                shared.setdefault(name, [name] if name in broken else []).append(change.cell)
        links |= dict.fromkeys(map(tuple, shared.values()))
    members = [
        *links,
        *rules.values(),
        *([_name(each) for each in finding.symptoms] for finding in findings),
    ]
    joined = zip(members, components(members), strict=True)
    return {member: group for own, group in joined for member in own}


def _problem(
    report: Report,
    assessment: Assessment,
    findings: Iterable[Finding],
    members: AbstractSet[str],
    explanations: Explanations,
) -> Problem:
    """Return the problem of a group of equations and cells."""
    form, values, best = form_of(report), figures(report), explanations[0]
    equations = tuple(each for each in assessment.broken if _name(each) in members)
    ways = {frozenset(each for each in one.changes if each.cell in members) for one in explanations}
    common = frozenset.intersection(*ways)
    changes = tuple(each for each in best.changes if each.cell in members)
    own = {each.cell for each in changes}
    cells = {cell for each in equations for cell in _cells(each)}
    recomputed = best.recomputed & own
    following = best.following & own
    found = [
        (each.cell, each.found or 0, each.should_be)
        for each in changes
        if each.cell not in following
    ]
    return Problem(
        findings=tuple(each for each in findings if _name(each.symptoms[0]) in members),
        equations=equations,
        changes=changes,
        common=tuple(each for each in changes if each in common),
        bystanders=tuple(cell for cell in values if cell in cells - own),
        recomputed=recomputed,
        always=recomputed & explanations.recomputed,
        following=following,
        reason=reason(form, values, found, recomputed) if found else None,
        ways=len(ways),
        exhaustive=explanations.exhaustive,
        edition=form.name,
    )


def _name(equation: Equation) -> str:
    return f"{equation.rule.code} {equation_name(equation)}"


def _cells(equation: Equation) -> tuple[str, ...]:
    return (*equation.left, *equation.right)
