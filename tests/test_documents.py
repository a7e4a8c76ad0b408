"""
Documents of the kinds that bodies publish, read as a user would read them.

Each document of ``tests/documents/`` has beside it, under its own stem, a JSON file that holds its
right report and the findings that reading and checking it must bring up. The figures are real, the
bodies and their texts are not.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
import pytest
from readings import compare

import govinfo_schema as gs

FOLDER = Path(__file__).parent / "documents"
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if path.suffix != ".json")


def expected(path: Path) -> tuple[gs.Report, list[tuple[str, tuple[str, ...]]]]:
    """Give the right report of a document, and code and cells of the expected findings."""
    data: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    findings = [(each["code"], tuple(each["cells"])) for each in data["findings"]]
    return gs.from_dict(data["report"]), findings


def faults(reading: gs.Reading, truth: gs.Report) -> list[str]:
    """Name what of a reading is not as it should be: a figure, the shape, or a text."""
    report = reading.report
    fates = compare(reading, truth)
    faults = [*fates["wrong"], *fates["silent"]]
    fields = ("edition", "year", "title", "body", "overview", "problems")
    faults += [name for name in fields if getattr(report, name) != getattr(truth, name)]
    if list(dict(gs.walk(report))) != list(dict(gs.walk(truth))):
        faults.append("shape")
    if report.published_on not in (None, truth.published_on):
        faults.append("published_on")
    if report.other_matters.processing_fee != truth.other_matters.processing_fee:
        faults.append("processing_fee")
    return faults


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_document(path: Path) -> None:
    """Every figure is right or named as doubtful; the findings are those expected, no others."""
    truth, findings = expected(path)
    reading = gs.read(path)
    assert faults(reading, truth) == []
    every = [*reading.findings, *gs.check(reading.report).findings]
    assert [(finding.code, finding.cells) for finding in every] == findings
    doubtful = {cell for finding in reading.findings for cell in finding.cells}
    assert set(compare(reading, truth)["blank"]) <= doubtful


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_figures_have_their_sources(path: Path) -> None:
    """Every figure that was read names the place it stood at, and the text there holds it."""
    reading = gs.read(path)
    for cell, value in gs.walk(reading.report):
        if value is not None and not cell.endswith(".amount"):
            assert reading.sources[cell].place, cell
            assert str(value) in reading.sources[cell].text, cell


def test_documents_are_of_every_kind() -> None:
    """The documents cover both editions, both shapes, blanks, remarks, and sums that fail."""
    suffixes = {path.suffix for path in DOCUMENTS}
    assert suffixes == {".html", ".docx", ".pdf", ".txt", ".md", ".xlsx"}
    truths = [expected(path) for path in DOCUMENTS]
    assert {report.edition for report, _ in truths} == {"2019", "2021"}
    assert 186 in {len(list(gs.walk(report))) for report, _ in truths}
    codes = {code for _, findings in truths for code, _ in findings}
    assert codes >= {"R-NONE", "R-REMARK", "R-SPLIT", "BLANK", "B-BAL"}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_wrong_expectation_is_noticed(path: Path) -> None:
    """The comparison can fail: one figure, the year or the body changed, and it says which."""
    truth, _ = expected(path)
    reading = gs.read(path)
    cell = "applications.received.natural_person"
    value = gs.get(truth, cell)
    assert isinstance(value, int)
    assert faults(reading, gs.replace(truth, {cell: value + 1})) == [cell]
    assert faults(reading, attrs.evolve(truth, year=truth.year - 1)) == ["year"]
    assert faults(reading, gs.replace(truth, {"body.name": "某市人民政府"})) == ["body"]
