"""
``locate``: every smallest set of changes after which all equations (勾稽关系) hold.

Those with the fewest causes come first. One wrong figure is one cause, and so is a row or a column
of totals that was not recomputed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from itertools import count, product
from typing import Any, Final, TypeAlias, overload

import attrs

from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.checks.claims import stated
from govinfo_schema.checks.one_report import Blanks, check
from govinfo_schema.findings import Equation, equation_to_dict
from govinfo_schema.form.forms import Form
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.repair.changes import Change, told
from govinfo_schema.repair.plans import Plan, plans
from govinfo_schema.repair.reasons import ORDER, Reason, distance, reason
from govinfo_schema.repair.search import Budget, Changes, OutOfWorkError, smallest
from govinfo_schema.report.access import ReportT, form_of, replace
from govinfo_schema.report.access import figures as figures_of
from govinfo_schema.report.given import check_report, reports_in
from govinfo_schema.report.model import Report
from govinfo_schema.report.notebook import page
from govinfo_schema.report.values import MAX_COUNT

STEPS: Final = 6_000
"""The work allowed for one table, in steps of the search: about a quarter of a second."""
ANSWERS: Final = 1_000
"""The most explanations that are given."""
RAISED: Final = 400
"""
The most figures that are raised, one after the other, where the search ends without an answer; some
thirty are enough.
"""


@attrs.frozen(kw_only=True)
class Explanation:
    """
    Changes after which every equation holds, none of which can be left out.

    *causes*: how many things went wrong; a row or column of totals that were not recomputed is one.
    *mends*: the broken equations. *reason*: how it may have come about, None if no known reason
    fits. *support*: how many figures outside the equations support it, less those against it.
    *recomputed*: the totals among the changes that are worked out anew from their parts;
    *following*: those that the workbook works out itself.

    >>> import govinfo_schema as gs
    >>> total = "applications.outcomes.total.natural_person"
    >>> right = gs.generate(1, "2021")
    >>> report = gs.replace(right, {total: gs.get(right, total) + 1})
    >>> explanation = gs.locate(report)[0]
    >>> explanation.causes, explanation.apply(report) == right
    (1, True)
    """

    changes: tuple[Change, ...]
    causes: int
    mends: tuple[Equation, ...] = attrs.field(repr=False)
    reason: Reason | None = None
    support: int = 0
    recomputed: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    following: frozenset[str] = attrs.field(default=frozenset(), repr=False)

    @property
    def patch(self) -> list[dict[str, Any]]:
        """The changes as a JSON Patch (RFC 6902), which tests each figure before it replaces it."""
        pointers = [(f"/{change.cell.replace('.', '/')}", change) for change in self.changes]
        tests = [
            {"op": "test", "path": pointer, "value": change.found} for pointer, change in pointers
        ]
        return [
            *tests,
            *(
                {"op": "replace", "path": pointer, "value": change.should_be}
                for pointer, change in pointers
            ),
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return the explanation as plain data, as ``locate --format json`` prints it."""
        return {
            "causes": self.causes,
            "changes": [attrs.asdict(change) for change in self.changes],
            "mends": [equation_to_dict(each) for each in self.mends],
            "reason": attrs.asdict(self.reason) if self.reason else None,
            "support": self.support,
            "following": sorted(self.following),
            "patch": self.patch,
        }

    def apply(self, report: ReportT) -> ReportT:
        """Return a copy of the report with the changes made."""
        return replace(report, {change.cell: change.should_be for change in self.changes})

    def message(self, name: str, lang: Lang = "zh", without: Container[str] = ()) -> str:
        """
        Return it as one sentence, with the labels of an edition of the form.

        Totals of one column or row that were worked out anew are told together. *without*: cells
        whose changes were told before.
        """
        left = [each for each in self.changes if each.cell not in without]
        own = [each for each in left if each.cell not in self.following]
        if not own:
            return phrase("locate.no_more", lang)
        follow = phrase("following", lang, count=len(left) - len(own)) if own != left else ""
        why = self.reason if len(left) == len(self.changes) else None
        return told(name, own, self.recomputed, why, lang) + follow


@attrs.frozen
class Explanations(Sequence[Explanation]):
    """
    The explanations of one report, best first; empty if nothing is broken.

    *exhaustive*: whether these are all of the smallest; False where a limit on the work was
    reached. *report*: the report that they explain; *blanks*: what a blank counted as.

    >>> import govinfo_schema as gs
    >>> total = "applications.outcomes.total.natural_person"
    >>> right = gs.generate(1, "2021")
    >>> report = gs.replace(right, {total: gs.get(right, total) + 1})
    >>> explanations = gs.locate(report)
    >>> len(explanations), explanations.exhaustive
    (1, True)
    """

    answers: tuple[Explanation, ...]
    exhaustive: bool = True
    report: Report | None = attrs.field(default=None, eq=False, repr=False)
    blanks: Blanks = attrs.field(default="unknown", eq=False, repr=False)

    _repr_html_ = page

    @overload
    def __getitem__(self, index: int) -> Explanation: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Explanation, ...]: ...
    def __getitem__(self, index: int | slice) -> Explanation | tuple[Explanation, ...]:
        """Return one of them by its place, the best at 0."""
        return self.answers[index]

    def __len__(self) -> int:
        """Count them."""
        return len(self.answers)

    @property
    def common(self) -> tuple[Change, ...]:
        """The changes that all explanations share."""
        if not self.answers:
            return ()
        shared = frozenset.intersection(*(frozenset(each.changes) for each in self.answers))
        return tuple(each for each in self.answers[0].changes if each in shared)

    @property
    def recomputed(self) -> frozenset[str]:
        """The totals that all explanations work out anew; their amounts may differ."""
        if not self.answers:
            return frozenset()
        return frozenset.intersection(*(each.recomputed for each in self.answers))

    @property
    def told_once(self) -> frozenset[str]:
        """The cells that need not be told with each of several explanations: all change them."""
        if len(self.answers) < 2:
            return frozenset()
        return self.recomputed.union(each.cell for each in self.common)

    def shared_message(self, lang: Lang = "zh") -> str:
        """Return what all of several explanations share as one sentence; empty if nothing."""
        if self.report is None or not (cells := self.told_once):
            return ""
        best = self.answers[0]
        shared = [each for each in best.changes if each.cell in cells]
        changes = told(self.report.edition, shared, best.recomputed, None, lang)
        return phrase("locate.common", lang, changes=changes)

    @property
    def decided(self) -> bool:
        """Whether there is only one explanation; evidence ranks several but proves none."""
        return self.exhaustive and len(self.answers) == 1


Figures: TypeAlias = tuple[tuple[str, int], ...]
"""Cells and what they should be."""


@attrs.frozen
class _Candidate:
    """
    Figures that a table should have instead of its present ones.

    With the number of causes they stand for, the totals recomputed among them, and those that are
    computed anyhow.
    """

    values: Figures
    causes: int
    anew: frozenset[str] = frozenset()
    following: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """How many figures change that somebody typed."""
        return len(self.values) - len(self.following)


def locate(
    report: Report,
    blanks: Blanks = "unknown",
    *,
    previous: Report | None = None,
    parts: Iterable[Report] | None = None,
    computed: Collection[str] = (),
) -> Explanations:
    """
    Return every smallest explanation of the equations that are broken, best first.

    The figures of an explanation are whole numbers and not negative. Explanations with the fewest
    causes come first, then those with the fewest figures; the smallest sets of figures are always
    among them. If there are several, they are ranked by the numbers in the text, last year's report
    (*previous*), the reports of the *parts*, how simple a reason fits, and the edit distance
    between the figures. Amounts that the equations leave open between several figures are not
    guessed.

    *computed*: cells that nobody typed, because a workbook works them out (``Reading.computed``).
    Those among them that are the sum of their parts are never what is wrong: they follow the other
    figures, and count for nothing.

    Blank: a sum with a blank cell says nothing, unless ``blanks="zero"``; then a blank counts as 0
    and may be changed.
    Raises: TypeError if *report*, *previous* or one of *parts* is no report, ValueError if *blanks*
    is neither of the two.

    >>> import govinfo_schema as gs
    >>> empty = gs.blank("2021", year=2024, body="某市人民政府")
    >>> report = gs.replace(empty, dict.fromkeys(gs.edition("2021").cells, 0))
    >>> cell = "applications.outcomes.withheld.state_secret.natural_person"
    >>> wrong = gs.replace(report, {cell: 7})
    >>> [(each.cell, each.found, each.should_be) for each in gs.locate(wrong)[0].changes]
    [('applications.outcomes.withheld.state_secret.natural_person', 7, 0)]
    """
    check_report(report, "locate")
    if previous is not None:
        check_report(previous, "previous")
    evidence = tuple(reports_in(() if parts is None else parts, "parts"))
    assessment = check(report, blanks)
    return explained(report, assessment, blanks, previous, evidence, computed=computed)


def explained(  # noqa: PLR0913 (a report, what was found, and all evidence)
    report: Report,
    assessment: Assessment,
    blanks: Blanks,
    previous: Report | None = None,
    parts: Sequence[Report] = (),
    *,
    computed: Collection[str] = (),
) -> Explanations:
    """Return the explanations of a report that was checked, as ``locate`` does."""
    if not assessment.broken:
        return Explanations((), report=report, blanks=blanks)
    form = form_of(report)
    figures = figures_of(report)
    sums = form.equations
    unknown = {(each.rule.code, each.where) for each in assessment.unknown}
    left_out = frozenset(
        number for number, each in enumerate(sums) if (each.rule.code, each.where) in unknown
    )
    values = {cell: figures[cell] or 0 for each in sums for cell in (*each.left, *each.right)}
    broken_totals = {each.right[0] for each in assessment.broken if len(each.right) == 1}
    following = frozenset(computed) & (form.totals.keys() - broken_totals)
    tables = [
        _candidates(table_plans, values, following)
        for table_plans in plans(form, left_out, following)
    ]
    combined, all_combined = _combined([candidates for candidates, _ in tables])
    evidence = _evidence(report, values, previous, parts)
    ranked = [
        _explanation(form, figures, candidate, assessment.broken, evidence)
        for candidate in combined
    ]
    ranked.sort(key=lambda pair: pair[0])
    answers = tuple(explanation for _, explanation in ranked[:ANSWERS])
    exhaustive = all_combined and len(ranked) <= ANSWERS and all(complete for _, complete in tables)
    return Explanations(answers, exhaustive, report, blanks)


def _candidates(
    table_plans: tuple[Plan, ...], values: Mapping[str, int], computed: frozenset[str]
) -> tuple[list[_Candidate], bool]:
    """Return the candidates of one table, by causes and by figures, and whether these are all."""
    plain = table_plans[0]
    if not plain.system.residuals(values):
        return [_Candidate((), 0)], True
    budget = Budget(STEPS)
    candidates: dict[Figures, _Candidate] = {}
    try:
        for causes in count(1):
            for plan in table_plans:
                if len(plan.anew) <= causes:
                    sets = smallest(plan.system, values, causes - len(plan.anew), budget)
                    # Sets as small as these were refused before: larger ones of this plan are never
                    # looked for.
                    budget.complete &= not sets or len(sets[0]) + len(plan.anew) == causes
                    _keep(candidates, plan, values, sets, computed)
            if candidates:
                break
        most = min(candidate.size for candidate in candidates.values())
        _keep(candidates, plain, values, smallest(plain.system, values, most, budget), computed)
    except OutOfWorkError:
        if not candidates:
            last = table_plans[-1]
            _keep(candidates, last, values, [_settled(last, values)], computed)
    return list(candidates.values()), budget.complete


def _keep(
    candidates: dict[Figures, _Candidate],
    plan: Plan,
    values: Mapping[str, int],
    sets: Iterable[Changes],
    computed: frozenset[str],
) -> None:
    """Keep the candidate of a plan, unless it is known with fewer causes or out of bounds."""
    for changes, after in zip(sets, plan.carried_out(values, sets), strict=True):
        if all(0 <= value <= MAX_COUNT for value in after.values()):
            figures = tuple(sorted(after.items()))
            anew = frozenset(cell for cell, _ in plan.definitions if cell in after) - computed
            causes, following = len(changes) + len(plan.anew), computed & after.keys()
            candidates.setdefault(figures, _Candidate(figures, causes, anew, following))


def _settled(plan: Plan, values: Mapping[str, int]) -> Changes:
    """
    Return the explanation that always exists: all totals recomputed, one figure raised per sum.

    It is seldom the smallest. In each sum that is still broken, a figure is raised that enters no
    other sum, if there is one. A figure too large for any total becomes 0; where raising goes on
    for too long, all figures do, because sums of zeros hold.
    """
    system = plan.system
    figures = {cell: values[cell] for cell in plan.cells}
    settled = {
        cell: value if value <= MAX_COUNT // len(values) ** 2 else 0
        for cell, value in figures.items()
    }
    for _ in range(RAISED):
        broken = system.residuals(settled)
        if not broken:
            return Changes(
                (cell, settled[cell] - value)
                for cell, value in figures.items()
                if settled[cell] != value
            )
        number, total = next(iter(broken.items()))
        raisable = [
            cell for cell, coefficient in system.sums[number].items() if coefficient * total < 0
        ]
        settled[min(reversed(raisable), key=lambda cell: len(system.entries[cell]))] += abs(total)
    return Changes((cell, -value) for cell, value in figures.items() if value)


def _combined(tables: list[list[_Candidate]]) -> tuple[list[_Candidate], bool]:
    """
    Return the combined candidates of all tables, and whether these are all.

    Those of fewest causes, and those of fewest figures.
    """
    fewest_causes = [_least(table, lambda candidate: candidate.causes) for table in tables]
    fewest_figures = [_least(table, lambda candidate: candidate.size) for table in tables]
    combined: dict[Figures, _Candidate] = {}
    for chosen in (fewest_causes, fewest_figures):
        for number, parts in enumerate(product(*chosen)):
            if number >= ANSWERS:
                return list(combined.values()), False
            figures = tuple(pair for part in parts for pair in part.values)
            anew = frozenset[str]().union(*(part.anew for part in parts))
            following = frozenset[str]().union(*(part.following for part in parts))
            causes = sum(part.causes for part in parts)
            combined.setdefault(figures, _Candidate(figures, causes, anew, following))
    return list(combined.values()), True


def _least(candidates: list[_Candidate], size: Callable[[_Candidate], int]) -> list[_Candidate]:
    """Return the candidates of the least size."""
    sizes = [size(candidate) for candidate in candidates]
    least = min(sizes)
    return [candidate for candidate, own in zip(candidates, sizes, strict=True) if own == least]


def _explanation(
    form: Form,
    values: Mapping[str, Any],
    candidate: _Candidate,
    broken: tuple[Equation, ...],
    evidence: Mapping[str, frozenset[int]],
) -> tuple[tuple[Any, ...], Explanation]:
    """
    Return an explanation and the key it is ranked by.

    Totals that were never filled in count as one figure, those that are computed anyhow as none.
    """
    should_be = dict(candidate.values)
    changes = tuple(
        Change(cell=cell, found=values[cell], should_be=should_be[cell])
        for cell in values
        if cell in should_be
    )
    told = [
        (each.cell, each.found or 0, each.should_be)
        for each in changes
        if each.cell not in candidate.following
    ]
    speaking = [(each, evidence[each.cell]) for each in changes if each.cell in evidence]
    support = sum(
        (each.should_be in figures) - (each.found in figures) for each, figures in speaking
    )
    why = reason(form, values, told, candidate.anew)
    single = [each for each in told if each[0] not in candidate.anew]
    apart = reason(form, values, single, frozenset()) if single and candidate.anew else why
    filled_in = len(candidate.anew) - 1 if why and why.code == "never_filled" else 0
    key = (
        candidate.causes,
        len(told) - filled_in,
        -support,
        ORDER[apart.code] if apart else len(ORDER),
        sum(distance(before, after) for _, before, after in single),
        len(changes),
        [position for position, cell in enumerate(values) if cell in should_be],
    )
    return key, Explanation(
        changes=changes,
        causes=candidate.causes,
        mends=broken,
        reason=why,
        support=support,
        recomputed=candidate.anew,
        following=candidate.following,
    )


def _evidence(
    report: Report,
    values: Mapping[str, int],
    previous: Report | None,
    parts: Iterable[Report] | None,
) -> dict[str, frozenset[int]]:
    """Return what cells should be by the text, by last year's report and by the parts."""
    told: dict[str, set[int]] = {}
    for claim in stated(report):
        sums = [sum(values.get(cell, 0) for cell in cells) for cells in claim.any if len(cells) > 1]
        for cells in claim.any if claim.value not in sums and not claim.partly else ():
            if len(cells) == 1:
                told.setdefault(cells[0], set()).add(int(claim.value))
    if previous is not None:
        for cell, value in figures_of(previous).items():
            if cell.startswith("applications.carried_forward.") and value is not None:
                told.setdefault(cell.replace("carried_forward", "brought_forward"), set()).add(
                    value
                )
    figures = [figures_of(part) for part in parts or ()]
    for cell in figures[0] if figures else ():
        column = [each.get(cell) for each in figures]
        if None not in column:
            told.setdefault(cell, set()).add(sum(value for value in column if value is not None))
    return {cell: frozenset(values) for cell, values in told.items()}
