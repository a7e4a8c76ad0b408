"""
What a user does with reports of an edition that was added as data; run by ``test_new_edition`` in a
copy of the project.
"""

from __future__ import annotations

import hashlib
import io
import json
import sys
import tempfile
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import jsonschema

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.report.access import figures

NEW: Any = "2027"
CELL = "applications.outcomes.withheld.trade_secret.commercial_enterprise"


def new_edition(folder: Path) -> None:
    """Take reports of the new edition through everything."""
    form = gs.edition(NEW)
    assert len(form.cells) == 207
    assert gs.editions == ("2019", "2021", NEW)
    assert {f"Report{NEW}", f"Withheld{NEW}"} <= {*gs.__all__}
    assert f"Withheld{NEW}" not in gs.json_schema(NEW)["$defs"]
    empty = gs.blank(NEW, year=2028, body="某市人民政府")
    assert type(empty).__name__ == f"Report{NEW}"
    assert repr(empty) == f"<Report{NEW} 某市人民政府 2028: 207 cells, 207 blank>"
    assert len(dict(gs.walk(gs.blank(NEW, year=2028, body="某市", undivided=True)))) == 193
    for seed in range(20):
        for undivided in (False, True):
            take(gs.generate(seed, NEW, undivided=undivided), folder)
    for suffix in (".docx", ".html", ".md", ".xlsx"):
        for seed in (3, 7, 11):
            for undivided in (False, True):
                written(gs.generate(seed, NEW, undivided=undivided), folder / f"report{suffix}")
    report = gs.replace(
        gs.generate(7, NEW), {CELL: 5, CELL.replace("commercial_enterprise", "total"): 4}
    )
    broken = {equation.rule.code for equation in gs.check(report).broken}
    assert "B-TRADE" in broken
    several(folder)
    commands(folder)
    older = gs.to_edition(gs.generate(7, "2021"), NEW)
    assert older.report.edition == NEW
    assert [step.cell for step in older.of("unknown")] == [
        cell for cell in form.cells if "trade_secret" in cell
    ]
    back = gs.to_edition(older.report, "2021").report
    assert dict(gs.walk(back)) == dict(gs.walk(gs.generate(7, "2021")))
    assert gs.plausible(gs.blank("2021", year=2028, body="某县人民政府"))[0].code == "X-TPL"


def several(folder: Path) -> None:
    """Tables of reports of all editions, years, parts, a form to fill in, damage, blanks."""
    names: tuple[Any, ...] = gs.editions
    reports = [
        gs.generate(seed, name, undivided=undivided)
        for seed in range(3)
        for name in names
        for undivided in (False, True)
    ]
    for suffix in ("csv", "tidy.csv", "jsonl", "parquet", "sqlite", "duckdb"):
        table = folder / f"all.{suffix}"
        gs.write_many(reports, table)
        assert list(gs.read_many(table).reports) == reports, suffix
    years = [gs.replace(gs.generate(4, name), {"year": 2025 + at}) for at, name in enumerate(names)]
    assert [finding.code for finding in gs.check_years(years)].count("Y-EDITION") == 2
    parts = [gs.generate(seed, NEW, undivided=seed == 2) for seed in (1, 2, 3)]
    whole = gs.add_up(parts)
    assert len(dict(gs.walk(whole))) == 193
    assert {each.level for each in gs.check_parts(whole, parts)} <= {"warning", "info"}
    for undivided, cells in ((False, 207), (True, 193)):
        path = folder / f"form{cells}.xlsx"
        gs.write_form(path, NEW, year=2028, body="某市人民政府", undivided=undivided)
        assert len(dict(gs.walk(gs.read(path).report))) == cells
    spoilt = gs.damage(gs.generate(7, NEW), "single", 1)
    assert any(explained.apply(spoilt.report) for explained in gs.locate(spoilt.report))
    total = CELL.replace("commercial_enterprise", "total")
    completed = gs.complete(gs.replace(gs.generate(7, NEW), {total: None}))
    assert gs.get(completed.report, total) == gs.get(gs.generate(7, NEW), total)


def commands(folder: Path) -> None:
    """Name the new edition on the command line."""
    path = folder / "one.json"
    gs.write(gs.generate(7, NEW), path)
    for arguments in (["check", path], ["cells", NEW], ["form", NEW, folder / "cli.xlsx"]):
        with redirect_stdout(io.StringIO()):
            assert main([str(argument) for argument in arguments]) == 0, arguments


def take(report: gs.Report, folder: Path) -> None:
    """JSON, schema, check, locate, tables."""
    data = gs.dumps(report)
    assert gs.loads(data) == report == gs.from_dict(gs.to_dict(report))
    assert gs.loads(data, edition=report.edition) == report
    assert gs.conforms(gs.to_dict(report)) == ()
    jsonschema.Draft202012Validator(gs.json_schema(NEW)).validate(json.loads(data))
    assessment = gs.check(report)
    assert assessment.broken == ()
    assert assessment.held + len(assessment.unknown) == (
        44 if "not_supplemented" in data.decode() else 42
    )
    gs.plausible(report)
    table = folder / "reports.csv"
    gs.write_many([report, gs.generate(1, "2021"), gs.generate(1, "2019")], table)
    assert gs.read_many(table).reports[0] == report
    wrong = gs.replace(report, {CELL: (figures(report)[CELL] or 0) + 3})
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
    shapes: list[tuple[Any, bool]] = [("2019", False), ("2021", False), ("2021", True)]
    for name, undivided in shapes:
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
