"""``to_edition``: a report on another edition of the form, and what becomes of every figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.errors import Incompatible
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, comparable, form
from govinfo_schema.form.parts import EditionName
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.access import figures, form_of, replace, walk
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.model import Report

Fate = Literal["carried", "moved", "summed", "dropped", "unknown"]


@attrs.frozen(kw_only=True)
class Step:
    """
    What becomes of one figure.

    *carried*: the same cell has it. *moved*: another cell has it (*to*), in other words for much
    the same. *summed*: it is part of the figure *to*. *dropped*: no cell for it. *unknown*: a cell
    of the other edition that this one says nothing of; it is blank.

    >>> import govinfo_schema as gs
    >>> steps = gs.to_edition(gs.generate(1, "2019"), "2021").steps
    >>> next((step.cell, step.to) for step in steps if step.fate == "moved")
    ('proactive.administrative_rules.produced', 'proactive.administrative_rules.issued')
    """

    cell: str
    fate: Fate
    to: str | None
    value: Any
    why: Label


@attrs.frozen(kw_only=True)
class Conversion:
    """
    The converted report, and the steps of the conversion in printed order.

    There is a step for every figure of the first form and for every figure that only the other has.

    >>> import govinfo_schema as gs
    >>> conversion = gs.to_edition(gs.generate(1, "2019"), "2021")
    >>> conversion.report.edition, len(conversion.of("dropped"))
    ('2021', 17)
    """

    report: Report
    steps: tuple[Step, ...]

    def of(self, fate: Fate) -> tuple[Step, ...]:
        """Return the steps of one fate."""
        return tuple(step for step in self.steps if step.fate == fate)


def to_edition(report: Report, name: EditionName) -> Conversion:
    """
    Convert a report to another edition of the form without inventing anything.

    （六）其他处理 as one row stays one row; its three rows are added up where the other edition has
    one. Texts, scope, date and notes are kept; a note at a figure that is dropped stands at its
    section.
    Blank: stays blank, as does what the first edition says nothing of.
    Raises: UnknownEdition; Incompatible where no conversion between the two editions is known.

    >>> import govinfo_schema as gs
    >>> old = gs.read("docs/examples/2019-shanghai-zhengfubangongting.json").report
    >>> made = gs.to_edition(old, "2021")
    >>> made.report.edition, made.report.applications == old.applications
    ('2021', True)
    >>> [len(made.of(fate)) for fate in ("carried", "moved", "summed", "dropped", "unknown")]
    [179, 2, 0, 17, 5]
    """
    here, target = comparable(form_of(report), form(name))
    if report.edition == name:
        here = target = form_of(report)
    steps = tuple(_steps(report, here, target))
    if here is target:
        return Conversion(report=report, steps=steps)
    converted: Any = blank_on(target, year=report.year, body=report.body)
    values = figures(report, here)
    given = {
        step.to: step.value if step.fate == "moved" else values[step.to]
        for step in steps
        if step.to is not None
    }
    kept = {
        field: getattr(report, field)
        for field in ("title", "published_on", "scope", "overview", "problems", "other_matters")
    }
    places = target.edition.places
    notes = [
        note
        if note.at is None or note.at in places
        else attrs.evolve(note, at=ids.table_of(note.at))
        for note in report.notes
    ]
    return Conversion(
        report=attrs.evolve(replace(converted, given), **kept, notes=tuple(notes)), steps=steps
    )


def _steps(report: Report, here: Form, target: Form) -> Iterator[Step]:
    form = form_of(report)
    plan = _plan(here, target) if here is not target else {}
    for cell, value in walk(report):
        fate, to, why = plan.get(cell, ("carried", cell, spoken("conversion.carried")))
        if form is not here and cell in form.whole:
            fate, to, why = "summed", form.whole[cell], spoken("conversion.summed")
        yield Step(cell=cell, fate=fate, to=to, value=value, why=why)
    for cell, (fate, _, why) in plan.items():
        if fate == "unknown":
            yield Step(cell=cell, fate=fate, to=None, value=None, why=why)


@once
def _plan(source: Form, target: Form) -> Mapping[str, tuple[Fate, str | None, Label]]:
    """
    Read what becomes of the cells that two editions do not share.

    Raises: Incompatible where ``data/conversion.toml`` has no entry for the pair.
    """
    names = {source.name, target.name}
    pair = next(
        (
            pair
            for pair in read_data("conversion")["pairs"]
            if {pair["older"], pair["newer"]} == names
        ),
        None,
    )
    if pair is None:
        raise Incompatible(spoken("conversion.unknown", first=source.label, second=target.label))
    forward = pair["newer"] == target.name
    plan: dict[str, tuple[Fate, str | None, Label]] = {}
    for entry in pair["moved"]:
        cell, to = (entry["cell"], entry["to"]) if forward else (entry["to"], entry["cell"])
        plan[cell] = ("moved", to, Label(entry["zh"], entry["en"]))
    fates: tuple[tuple[Form, Fate], ...] = ((source, "dropped"), (target, "unknown"))
    for of, fate in fates:
        for entry in pair["only_older" if of.name == pair["older"] else "only_newer"]:
            for cell in (
                cell for pattern in entry["cells"] for cell in ids.matching(pattern, of.steps)
            ):
                plan[cell] = (fate, None, Label(entry["zh"], entry["en"]))
    return plan
