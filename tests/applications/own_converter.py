# pyright: strict
"""A converter of cattrs that a project has already, taught to carry reports."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import attrs
import cattrs
from cattrs.preconf.json import make_converter

import govinfo_schema as gs


@attrs.frozen
class Entry:
    """One report of an archive, with what the archive knows of it."""

    received_on: date
    costs: Decimal
    report: gs.Report


@attrs.frozen
class Archive:
    """The archive of one office."""

    office: str
    entries: list[Entry]


converter = make_converter()
gs.register(converter)


def main(folder: Path) -> None:
    """Keep an archive in a folder, read it back, and show what is said of a spoilt one."""
    reports = [gs.generate(number) for number in range(3)]
    archive = Archive(
        office="某市人民政府",
        entries=[
            Entry(received_on=date(2025, 1, 31), costs=Decimal("12.50"), report=report)
            for report in reports
        ],
    )
    path = folder / "archive.json"
    path.write_text(converter.dumps(archive), encoding="utf-8")
    print(converter.loads(path.read_text(encoding="utf-8"), Archive) == archive)
    spoilt = converter.unstructure(archive)
    spoilt["entries"][1]["report"]["disputes"]["reconsideration"]["upheld"] = -1
    try:
        converter.structure(spoilt, Archive)
    except cattrs.ClassValidationError as error:
        print(*cattrs.transform_error(error), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
