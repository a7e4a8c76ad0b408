"""
The reports that tests share: the shapes of the form, the examples of the docs, and reports made of
a few figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import govinfo_schema as gs
from govinfo_schema.form.parts import EditionName

SHAPES: Final[tuple[tuple[EditionName, bool], ...]] = (
    ("2019", True),
    ("2021", False),
    ("2021", True),
)
"""The shapes of the form: edition, and whether （六） is one row."""

EXAMPLE_FOLDER: Final = Path(__file__).parents[1] / "docs" / "examples"
EXAMPLES: Final = sorted(EXAMPLE_FOLDER.glob("*.json"))


def example(stem: str) -> gs.Report:
    """Read one of the examples of the docs."""
    (path,) = [path for path in EXAMPLES if path.stem == stem]
    return gs.loads(path.read_bytes())


def empty(name: EditionName = "2021", *, undivided: bool = False) -> gs.Report:
    """Make an empty report of one shape."""
    return gs.blank(name, year=2024, body="某市人民政府", undivided=undivided)


def filled(
    values: dict[str, Any] | None = None,
    *,
    edition: EditionName = "2021",
    year: int = 2024,
    body: str = "某市人民政府",
) -> gs.Report:
    """Make a report of which every figure is 0 but these."""
    report = gs.blank(edition, year=year, body=body)
    return gs.replace(report, dict.fromkeys(dict(gs.walk(report)), 0) | (values or {}))


REPORTS: Final = {path.stem: example(path.stem) for path in EXAMPLES} | {"blank": empty()}
"""Reports whose figures are known, for tests that write a report and read it back."""


def as_any(value: object) -> Any:
    """Give a value that a type checker would refuse."""
    return value
