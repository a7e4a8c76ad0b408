"""
Where everything stands on the sheet: sections, figures, and the checks of their sums.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Final

import attrs

from govinfo_schema.documents.document import Grid
from govinfo_schema.findings import Equation
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, adds_up_a_row
from govinfo_schema.report.access import form_of
from govinfo_schema.report.model import Report

HEAD: Final = ("title", "body.name", "year", "published_on")
"""
The fields in the head of the form; those that are no text of a section either stand on a sheet of
their own.
"""
WIDTH: Final = 15
"""
The columns of the sheet, all of one width, that a page has room for: as many as the widest table
has figures side by side.
"""
LABELS: Final = {1: (6,), 2: (3, 5), 3: (1, 2, 5)}
"""So many columns of the sheet have the labels of a table, by how many columns of labels it has."""
CARRIED: Final = "applications.carried_forward"
Slot = tuple[int, int]


@attrs.define(kw_only=True)
class Plan:
    """
    Where everything stands: the first row of each section, the slot of each cell, the slot of the
    check of each equation.
    """

    tops: dict[str, int] = attrs.field(factory=dict)
    cells: dict[str, Slot] = attrs.field(factory=dict)
    checks: dict[int, Slot] = attrs.field(factory=dict)
    summary: int = 0
    carried: int = 0


def planned(
    report: Report,
    grids: Mapping[str, Grid],
    sums: Sequence[Equation],
    texts: Mapping[str, Sequence[str]],
) -> Plan:
    """Plan where everything of a report stands; *texts* are cut into rows."""
    form = form_of(report)
    plan, row = Plan(summary=len(HEAD) + 1), len(HEAD) + 3
    for section in form.sections:
        plan.tops[section.id] = row + 1
        if section.id in form.texts:
            row += 2 + len(texts[section.id])
            continue
        grid = grids[section.zh]
        for span in grid.spans:
            if span.name:
                column = columns_of(form, section.id, grid)[span.column]
                plan.cells[span.name] = (row + 1 + span.row, column)
        row += 1 + grid.height
        below = list(
            dict.fromkeys(each.rule.code for each in sums if _stands_below(form, section.id, each))
        )
        beside: Counter[int] = Counter()
        for number, each in enumerate(sums):
            if ids.is_below(each.left[0], section.id):
                line, column = plan.cells[each.right[0]]
                if each.rule.code in below:
                    plan.checks[number] = (row + below.index(each.rule.code), column)
                else:
                    beside[line] += 1
                    plan.checks[number] = (line, WIDTH + beside[line])
        row += len(below) + 1
        if section.id == ids.table_of(CARRIED):
            plan.carried, row = row - 1, row + 1
    return plan


def _stands_below(form: Form, section: str, equation: Equation) -> bool:
    """
    Whether the check of a sum stands below its table: of one that runs down a column, and where
    the rows stand side by side.
    """
    table = next(table for table in form.tables if table.id == section)
    return ids.is_below(equation.left[0], section) and (table.across or not adds_up_a_row(equation))


def columns_of(form: Form, section: str, grid: Grid) -> tuple[int, ...]:
    """
    Return the columns of the sheet in which the columns of a table begin, and the one behind it:
    narrow ones where figures stand side by side, wide ones where there are few.
    """
    table = next(table for table in form.tables if table.id == section)
    if table.across:
        return tuple(range(1, grid.width + 2))
    labels = max(ids.depth(row.id) for block in table.blocks for row in block.rows) - 1
    figures = grid.width - len(LABELS[labels])
    widths = [*LABELS[labels], *[max(1, (WIDTH - sum(LABELS[labels])) // figures)] * figures]
    return tuple(accumulate(widths, initial=1))
