"""Body and year of a report, whatever stands above its title and below its last section."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from page_heads import KINDS, Head, heads

from govinfo_schema.documents.recognise import recognise
from govinfo_schema.errors import NoReport
from govinfo_schema.form.labels import fold

LEAST = 0.95
"""So many of the openings are read; the others are asked for."""


def fate(head: Head) -> str:
    """Tell what became of body and year of an opening."""
    try:
        reading = recognise(head.document)
    except NoReport as error:
        return "asked" if error.code in ("F-NO-YEAR", "F-NO-BODY", "F-NO-YEAR-NO-BODY") else "wrong"
    named = (fold(reading.report.body.name), reading.report.year)
    doubted = any(each.code in ("R-YEAR", "R-BODY") for each in reading.findings)
    return "right" if named == (fold(head.body), head.year) else "doubted" if doubted else "wrong"


def check(all_heads: Iterable[Head]) -> None:
    """Demand that openings are read right, or asked for."""
    fates = [(fate(head), head) for head in all_heads]
    assert [head.lines for found, head in fates if found in ("wrong", "doubted")] == []
    count = Counter(found for found, _ in fates)
    assert count["right"] >= LEAST * count.total()


def test_openings() -> None:
    """Of openings of all kinds none gives another body or another year, and few are asked for."""
    check(heads(range(40 * len(KINDS))))


@pytest.mark.full
def test_many_openings() -> None:
    """So it is with thousands."""
    check(heads(range(1000, 9000)))
