"""A report on one edition of the form in the terms of another, and what becomes of every figure on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import attrs

from govinfo_schema.between.sums import UNDIVIDED, figures
from govinfo_schema.cells import replace, walk
from govinfo_schema.edition import EditionName, edition, matching
from govinfo_schema.findings import Label, read_data, spoken
from govinfo_schema.model import Report, blank
from govinfo_schema.once import once

Fate = Literal["carried", "moved", "summed", "dropped", "unknown"]


@attrs.frozen(kw_only=True)
class Step:
    """
    What becomes of one figure.

    *carried*: the same cell has it. *moved*: another cell has it (*to*), in other words for much the same. *summed*: it is part of the
    figure *to*. *dropped*: no cell for it. *unknown*: a cell of the other edition that this one says nothing of; it is blank.
    """

    cell: str
    fate: Fate
    to: str | None
    value: Any
    why: Label


@attrs.frozen(kw_only=True)
class Conversion:
    """The report on the other edition, and a step for every figure of the one form and every unknown one of the other, as printed."""

    report: Report
    steps: tuple[Step, ...]

    def of(self, fate: Fate) -> tuple[Step, ...]:
        """Give the steps of one fate."""
        return tuple(step for step in self.steps if step.fate == fate)


def to_edition(report: Report, name: EditionName) -> Conversion:
    """
    Convert a report to another edition of the form, with nothing invented; the report itself never changes.

    （六）其他处理 as one row stays one row; from 2021 to 2019 its three rows are added up. Texts, scope, date and notes are kept; a note
    at a figure that is dropped stands at its section.
    Blank: stays blank, as does what the first edition says nothing of.
    Raises: UnknownEdition.

    >>> import govinfo_schema as gs
    >>> old = gs.read("docs/examples/2019-shanghai-zhengfubangongting.json").report
    >>> made = gs.to_edition(old, "2021")
    >>> made.report.edition, made.report.applications == old.applications
    ('2021', True)
    >>> [len(made.of(fate)) for fate in ("carried", "moved", "summed", "dropped", "unknown")]
    [179, 2, 0, 17, 5]
    """
    edition(name)
    steps = tuple(_steps(report, name))
    if report.edition == name:
        return Conversion(report=report, steps=steps)
    made: Any = blank(name, year=report.year, body=report.body, undivided=True)
    values = figures(report, undivided=True)
    given = {step.to: step.value if step.fate == "moved" else values[step.to] for step in steps if step.to is not None}
    kept = {field: getattr(report, field) for field in ("title", "published_on", "scope", "overview", "problems", "other_matters")}
    places = edition(name).places
    notes = [note if note.at is None or note.at in places else attrs.evolve(note, at=note.at.partition(".")[0]) for note in report.notes]
    return Conversion(report=attrs.evolve(replace(made, given), **kept, notes=tuple(notes)), steps=steps)


def _steps(report: Report, name: EditionName) -> Iterator[Step]:
    plan = _plan(name) if report.edition != name else {}
    whole = UNDIVIDED if report.edition != name else ""
    for cell, value in walk(report):
        fate, to, why = plan.get(cell, ("carried", cell, spoken("conversion.carried")))
        if whole and cell.startswith(f"{whole}.") and cell.count(".") > whole.count(".") + 1:
            fate, to, why = "summed", f"{whole}.{cell.rpartition('.')[2]}", spoken("conversion.summed")
        yield Step(cell=cell, fate=fate, to=to, value=value, why=why)
    for cell, (fate, _, why) in plan.items():
        if fate == "unknown":
            yield Step(cell=cell, fate=fate, to=None, value=None, why=why)


@once
def _plan(name: EditionName) -> Mapping[str, tuple[Fate, str | None, Label]]:
    """Read what becomes of the cells that the editions do not share, on the way to one of them."""
    data = read_data("conversion")
    forward = name == "2021"
    plan: dict[str, tuple[Fate, str | None, Label]] = {}
    for entry in data["moved"]:
        cell, to = (entry["cell"], entry["to"]) if forward else (entry["to"], entry["cell"])
        plan[cell] = ("moved", to, Label(entry["zh"], entry["en"]))
    fates: tuple[Fate, Fate] = ("dropped", "unknown") if forward else ("unknown", "dropped")
    for part, fate, own in (("dropped", fates[0], "2019"), ("unknown", fates[1], "2021")):
        steps = {cell: cell.split(".") for cell in edition(own).undivided}
        for entry in data[part]:
            for cell in (cell for pattern in entry["cells"] for cell in matching(pattern, steps)):
                plan[cell] = (fate, None, Label(entry["zh"], entry["en"]))
    return plan
