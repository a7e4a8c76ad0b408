# pyright: strict, reportUnnecessaryTypeIgnoreComment=true
"""
What type checkers make of the library: a program of a user, which mypy and pyright check and which
runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, assert_type

import govinfo_schema as gs


def read(text: bytes, lang: gs.Lang, blanks: gs.Blanks, edition: gs.EditionName) -> None:
    """Call what a report gives, with the type that each call has."""
    report = gs.loads(text, edition="2021")
    assert_type(report, gs.Report2021)
    other = gs.dumps(gs.to_edition(report, "2019").report)
    assert_type(gs.loads(other, edition="2019"), gs.Report2019)
    assert_type(gs.loads(text), gs.Report)
    assert_type(gs.walk(report), Iterator[tuple[str, gs.Figure]])
    assert_type(gs.get(report, "year"), gs.Value)
    assert_type(gs.replace(report, {"year": 2023}), gs.Report2021)
    assert_type(report.applications.received.total, int | None)
    assert_type(gs.blank(edition, year=2024, body=gs.Body(name="某市")), gs.Report)
    assessment = gs.check(report, blanks)
    assert_type([finding.message(lang) for finding in assessment.findings], list[str])
    value = gs.get(report, "applications.received.total")
    assert isinstance(value, int)
    assert_type(value + 1, int)


def make() -> gs.Note:
    """Leave out what is no figure; a figure, or what is no report, is an error to both."""
    gs.Applicants(natural_person=1)  # type: ignore[call-arg]
    gs.Body(level="county")  # type: ignore[call-arg]
    gs.get("report", "year")  # type: ignore[arg-type]
    assert_type(gs.Scope().proactive, Literal["own", "region", "system"] | None)
    return gs.Note(kind="text", text="…")


if __name__ == "__main__":
    read(gs.dumps(gs.generate(1)), "zh", "unknown", "2021")
