"""
The real figures of ``../shared/corpus/truth`` as reports.

The folder is not part of the project. A test that needs it is marked ``needs_corpus`` and skips
where it is missing; it goes through the files itself, so that which tests there are depends on
nothing beside the clone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from programs import Needs
from reports import REPORTS

import govinfo_schema as gs

SHARED = Path(__file__).parents[2] / "shared"
CORPUS = SHARED / "corpus"
TRUTH = CORPUS / "truth"
FILES = sorted(TRUTH.glob("*.json"))

needs_corpus = Needs(FILES, "../shared/corpus")

POOLS = ["known", pytest.param("real", marks=needs_corpus.marks)]
"""For tests that take many reports at once: those of ``reports.py``, and the real ones."""


def truth(path: Path) -> dict[str, Any]:
    """Read one truth file."""
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data


def real_reports() -> dict[str, gs.Report]:
    """Give every real report by its name."""
    return {path.stem: report_of(truth(path)) for path in FILES}


def pool(name: str) -> dict[str, gs.Report]:
    """Give the reports of one of ``POOLS``."""
    return real_reports() if name == "real" else REPORTS


def report_of(data: dict[str, Any]) -> gs.Report:
    """Make a report of the figures of a truth file; what the file calls ambiguous stays blank."""
    name = data["template"]
    undivided = "（六）其他处理" in data["applications"]
    report = gs.blank(name, year=data["year"], body=data["publisher"], undivided=undivided)
    form = gs.edition(name)
    cells = form.undivided if undivided else form.cells
    values = dict(_proactive(data["article20"], form)) | dict(
        _applications(data["applications"], cells)
    )
    disputes = [cell for cell in cells if cell.startswith("disputes.")]
    values |= dict(zip(disputes, data["review_litigation"], strict=True))
    return gs.replace(report, values | {"title": data["title"]})


def _applications(
    rows: dict[str, list[int | None]], cells: Any
) -> Iterator[tuple[str, int | None]]:
    own = dict.fromkeys(cell.row for cell in cells.values() if cell.id.startswith("applications."))
    assert [row.zh for row in own] == list(rows), (
        "the rows of the truth are those of the form, in its order"
    )
    for row, figures in zip(own, rows.values(), strict=True):
        columns = [cell.id for cell in cells.values() if cell.row == row]
        yield from zip(columns, figures, strict=True)


def _proactive(figures: dict[str, Any], form: gs.Edition) -> Iterator[tuple[str, Any]]:
    for label, figure in figures.items():
        cells = [
            cell for cell in form.cells.values() if cell.row.zh == label.removesuffix("（万元）")
        ]
        if not isinstance(figure, dict):
            yield cells[0].id, Decimal(str(figure)) if cells[0].kind == "amount" else figure
        elif "raw" not in figure:
            for cell in cells:
                value = figure[cell.column.zh]
                money = (
                    re.fullmatch(r"([0-9.]+)(元|万元)", value) if isinstance(value, str) else None
                )
                if money:
                    yield cell.id, Decimal(money[1])
                    yield f"{cell.row.id}.unit", money[2]
                else:
                    yield cell.id, value


def failed(data: dict[str, Any]) -> set[tuple[str, str]]:
    """
    Translate the ``failed_checks`` of a truth file into (code of the rule, id of the row or
    column).
    """
    codes = {"勾稽": "B-BAL", "分项合计": "B-DISP", "行合计": "B-ROW"}
    form = gs.edition(data["template"])
    found = set()
    for text in data["failed_checks"]:
        kind, place = re.match(r"(.+?)\[(.+?)\]", text).groups()  # type: ignore[union-attr]
        places = [
            cell for cell in {*form.cells, *form.undivided} if cell.startswith("applications.")
        ]
        parts = (
            {form.cell(cell).row for cell in places}
            if kind == "行合计"
            else {form.cell(cell).column for cell in places}
        )
        (part,) = {part.id for part in parts if part.zh.startswith(place)}
        found.add((codes[kind], part))
    return found


def places(equations: tuple[gs.Equation, ...]) -> set[tuple[str, str]]:
    """
    Name equations as ``failed`` does: by the code of the rule and the row or column it stands at.
    """
    return {(each.rule.code, _place(each)) for each in equations}


def _place(each: gs.Equation) -> str:
    row, _, column = each.left[0].rpartition(".")
    return row if each.rule.code in ("B-ROW", "C-SUM") else column
