"""A check as a page to send: of one report its own page, of several one page of all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from govinfo_schema.messages import Lang
from govinfo_schema.pages.overview import overview
from govinfo_schema.pages.results import Result
from govinfo_schema.pages.single import single


def page(results: Sequence[Result], lang: Lang = "zh", *, on: date | None = None) -> str:
    """
    Return results as one HTML file that needs nothing else; *on*: the day of the check.

    >>> import govinfo_schema as gs
    >>> report = gs.damage(gs.generate(1), "single", 1).report
    >>> reading = gs.Reading(report=report, sources={}, findings=())
    >>> found = gs.check(report)
    >>> result = Result.of("report.docx", reading, found, problems=gs.problems(report))
    >>> "should be" in page([result], "en"), page([result, result]).count("<tr id=")
    (True, 2)
    """
    return single(results[0], lang, on) if len(results) == 1 else overview(results, lang, on)
