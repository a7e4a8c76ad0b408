"""``Assessment``: what ``check`` says of one report."""

from __future__ import annotations

from typing import Any, NoReturn

import attrs

from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Equation, Finding, RuleSet, equation_to_dict
from govinfo_schema.report.model import Report
from govinfo_schema.report.notebook import page


@attrs.frozen(kw_only=True)
class Assessment:
    """
    The result of checking one report against the rules.

    *held*: how many equations hold. *broken* and *unknown*: the other equations, in the order of
    the form. *report*: the report that was checked.

    >>> import govinfo_schema as gs
    >>> total = "applications.outcomes.total.natural_person"
    >>> right = gs.generate(1, "2021")
    >>> report = gs.replace(right, {total: gs.get(right, total) + 1})
    >>> assessment = gs.check(report)
    >>> assessment.ok, assessment.held, len(assessment.broken), len(assessment.unknown)
    (False, 39, 3, 0)
    """

    findings: tuple[Finding, ...]
    held: int
    broken: tuple[Equation, ...]
    unknown: tuple[Equation, ...]
    rule_set: RuleSet
    report: Report | None = attrs.field(default=None, eq=False, repr=False)

    @property
    def ok(self) -> bool:
        """Whether no finding is an error. An equation that cannot be checked is not an error."""
        return not any(finding.level == "error" for finding in self.findings)

    def raise_for_errors(self) -> None:
        """
        Raise the findings that are errors, for a program that goes on with right reports only.

        Raises: InvalidReport, whose *findings* are the errors; nothing if the assessment is ``ok``.

        >>> import govinfo_schema as gs
        >>> gs.check(gs.generate(1)).raise_for_errors()
        >>> try:
        ...     gs.check(gs.damage(gs.generate(1), "single", 1).report).raise_for_errors()
        ... except gs.InvalidReport as error:
        ...     print(len(error.findings))
        1
        """
        errors = [finding for finding in self.findings if finding.level == "error"]
        if errors:
            raise InvalidReport(errors)

    def to_dict(self) -> dict[str, Any]:
        """Return the assessment as plain data."""
        return {
            "ok": self.ok,
            "held": self.held,
            "broken": [equation_to_dict(equation) for equation in self.broken],
            "unknown": [equation_to_dict(equation) for equation in self.unknown],
            "findings": [finding.to_dict() for finding in self.findings],
            "rule_set": attrs.asdict(self.rule_set),
        }

    _repr_html_ = page

    def __bool__(self) -> NoReturn:
        """
        Raise TypeError: as a condition, the assessment of a wrong report would be true as well.
        """
        raise TypeError(
            "an assessment is neither true nor false; ask .ok (no finding is an error) or .findings"
        )
