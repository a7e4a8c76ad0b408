# pyright: strict
"""A pydantic model with a report in it, kept in a file and read back."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, ValidationError

import govinfo_schema as gs


class Filing(BaseModel):
    """What an office has handed in: the report of this year, and those that it is compared with."""

    received_on: date
    report: gs.Report2021
    earlier: list[Annotated[gs.Report, Field(discriminator="edition")]] = []


def keep(filing: Filing, path: Path) -> None:
    """Write a filing to a file."""
    path.write_text(filing.model_dump_json(indent=2), encoding="utf-8")


def fetch(path: Path) -> Filing:
    """
    Read a filing back.

    Raises: ValidationError, with a line for each fault.
    """
    return Filing.model_validate_json(path.read_bytes())


def faults(error: ValidationError) -> list[str]:
    """List where something is wrong, and what."""
    return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]


def main(folder: Path) -> None:
    """Keep a filing in a folder, read it back, and show what is said of a spoilt one."""
    report = gs.generate(1)
    last = gs.replace(report, {"year": 2023})
    filing = Filing.model_validate(
        {"received_on": date(2025, 1, 31), "report": report, "earlier": [last]}
    )
    keep(filing, folder / "filing.json")
    again = fetch(folder / "filing.json")
    received: int | None = again.report.applications.received.total
    print(again == filing, received == report.applications.received.total)
    text = (folder / "filing.json").read_text(encoding="utf-8")
    (folder / "spoilt.json").write_text(text.replace("2023", "1923"), encoding="utf-8")
    try:
        fetch(folder / "spoilt.json")
    except ValidationError as error:
        print(*faults(error), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
