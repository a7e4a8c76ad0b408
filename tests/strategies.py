"""Random reports for the properties: some hold, some have blanks and notes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
from hypothesis import strategies as st
from reports import SHAPES

import govinfo_schema as gs
from govinfo_schema.form.forms import form
from govinfo_schema.form.parts import EditionName
from govinfo_schema.report.model import Note

counts = st.one_of(st.integers(0, 30), st.integers(0, 2**53 - 1))
amounts = st.decimals(0, 10**12, places=4).map(lambda amount: amount.quantize(Decimal("0.0001")))
texts = st.text(st.characters(codec="utf-8"), max_size=60)


def made(name: EditionName, undivided: bool, values: dict[str, Any]) -> gs.Report:
    """Make a report of one shape with these values."""
    return gs.replace(gs.blank(name, year=2022, body="某市人民政府", undivided=undivided), values)


@st.composite
def reports(draw: st.DrawFn) -> gs.Report:
    """
    Give any report at all: figures without regard to the rules, blanks, texts, a date and notes.
    """
    name, undivided = draw(st.sampled_from(SHAPES))
    form = gs.edition(name)
    cells = form.undivided if undivided else form.cells
    figures = {
        "count": counts,
        "signed_count": st.integers(-(2**53) + 1, 2**53 - 1),
        "amount": amounts,
    }
    filled = draw(st.sets(st.sampled_from(list(cells)), max_size=25))
    values: dict[str, Any] = {cell: draw(figures[cells[cell].kind]) for cell in sorted(filled)}
    values |= {
        field: draw(st.none() | texts)
        for field in ("title", "overview", "problems", "other_matters.text")
    }
    name_of = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20).filter(str.strip)
    values["body.name"] = draw(name_of)
    values["published_on"] = draw(st.none() | st.dates(date(1, 1, 1)))
    note = st.builds(
        Note,
        at=st.none() | st.sampled_from([*form.places]),
        kind=st.sampled_from(["remark", "footnote", "text"]),
        text=texts,
    )
    return attrs.evolve(
        made(name, undivided, values), notes=tuple(draw(st.lists(note, max_size=3)))
    )


@st.composite
def balanced(draw: st.DrawFn) -> gs.Report:
    """Give a report of which every sum holds: small figures, with the totals worked out."""
    name, undivided = draw(st.sampled_from(SHAPES))
    cells = gs.edition(name).undivided if undivided else gs.edition(name).cells
    values: dict[str, Any] = {
        cell: draw(st.integers(0, 20))
        for cell in cells
        if cell.startswith(("applications.", "disputes."))
    }
    sums = form(name, undivided=undivided).equations
    for each in sums:
        if each.rule.code == "B-DISP":
            values[each.right[0]] = sum(values[cell] for cell in each.left)
    for each in sums:
        if each.rule.code == "B-BAL":
            total, carried = each.right
            received, brought = each.left
            values[received] = values[total] + draw(st.integers(0, 5))
            values[brought] = draw(st.integers(0, 5))
            values[carried] = values[received] + values[brought] - values[total]
    for each in sums:
        if each.rule.code in ("B-ROW", "C-SUM"):
            values[each.right[0]] = sum(values[cell] for cell in each.left)
    return made(name, undivided, values)
