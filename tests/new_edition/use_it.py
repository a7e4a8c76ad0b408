"""
What a user does with reports of an edition that was added as data; run by ``test_new_edition`` in a
copy of the project.
"""

from __future__ import annotations

import hashlib
import sys
import tempfile
from pathlib import Path

import jsonschema

import govinfo_schema as gs

NEW = "2027"
CELL = "applications.outcomes.withheld.trade_secret.commercial_enterprise"


def new_edition(folder: Path) -> None:
    """Take reports of the new edition through everything."""
    form = gs.edition(NEW)
    assert len(form.cells) == 207
    assert gs.editions == ("2019", "2021", NEW)
    empty = gs.blank(NEW, year=2028, body="某市人民政府")
    assert type(empty).__name__ == f"Report{NEW}"
    assert repr(empty) == f"<Report{NEW} 某市人民政府 2028: 207 cells, 207 blank>"
    assert len(dict(gs.walk(gs.blank(NEW, year=2028, body="某市", undivided=True)))) == 193
    for seed in range(20):
        for undivided in (False, True):
            take(gs.generate(seed, NEW, undivided=undivided), folder)
    for suffix in (".docx", ".html", ".md", ".xlsx"):
        for seed in (3, 7, 11):
            written(gs.generate(seed, NEW), folder / f"report{suffix}")
    report = gs.replace(
        gs.generate(7, NEW), {CELL: 5, CELL.replace("commercial_enterprise", "total"): 4}
    )
    broken = {equation.rule.code for equation in gs.check(report).broken}
    assert "B-TRADE" in broken
    older = gs.to_edition(gs.generate(7, "2021"), NEW)
    assert older.report.edition == NEW
    assert [step.cell for step in older.of("unknown")] == [
        cell for cell in form.cells if "trade_secret" in cell
    ]
    assert gs.plausible(gs.blank("2021", year=2028, body="某县人民政府"))[0].code == "X-TPL"


def take(report: gs.Report, folder: Path) -> None:
    """JSON, schema, check, locate, tables."""
    data = gs.dumps(report)
    assert gs.loads(data) == report == gs.from_dict(gs.to_dict(report))
    assert gs.loads(data, edition=report.edition) == report
    assert gs.conforms(gs.to_dict(report)) == ()
    jsonschema.Draft202012Validator(gs.json_schema(NEW)).validate(__import__("json").loads(data))
    assessment = gs.check(report)
    assert assessment.broken == ()
    assert assessment.held + len(assessment.unknown) == (
        44 if "not_supplemented" in data.decode() else 42
    )
    gs.plausible(report)
    table = folder / "reports.csv"
    gs.write_many([report, gs.generate(1, "2021"), gs.generate(1, "2019")], table)
    assert gs.read_many(table).reports[0] == report
    wrong = gs.replace(report, {CELL: (gs.get(report, CELL) or 0) + 3})
    explained = gs.locate(wrong)
    assert any(change.cell == CELL for explanation in explained for change in explanation.changes)


def written(report: gs.Report, path: Path) -> None:
    """Documents and workbooks."""
    gs.write(report, path)
    reading = gs.read(path)
    assert reading.report.edition == NEW, path
    assert dict(gs.walk(reading.report)) == dict(gs.walk(report)), path


def old_editions(folder: Path) -> None:
    """Say what becomes of reports of the editions that were there before."""
    for name, undivided in (("2019", False), ("2021", False), ("2021", True)):
        for seed in range(10):
            report = gs.generate(seed, name, undivided=undivided)
            damaged = gs.replace(report, {"applications.received.total": 12345})
            findings = [
                (finding.code, finding.level, finding.cells) for finding in gs.plausible(report)
            ]
            said = [
                gs.dumps(report),
                findings,
                gs.check(damaged).to_dict(),
                [each.to_dict() for each in gs.locate(damaged)],
            ]
            for suffix in (".html", ".docx", ".csv"):
                path = folder / f"old{suffix}"
                gs.write(report, path)
                reading = gs.read(path)
                said.append(
                    (gs.dumps(reading.report), [finding.code for finding in reading.findings])
                )
            print(name, undivided, seed, hashlib.sha256(repr(said).encode()).hexdigest())


with tempfile.TemporaryDirectory() as made:
    if "--old" not in sys.argv:
        new_edition(Path(made))
    print("== old editions")
    old_editions(Path(made))
