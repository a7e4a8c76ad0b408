"""
Figures that were recognised in a picture, where any digit may be wrong: which of them the sums
prove, which only the recognition, and which stay blank.

A figure is proved where every kind of sum that the form has for it holds: one that adds up its row,
and one that adds up its column. Where the form has only one kind, two recognitions must agree too.
A figure on which they agree and that no sum proves is taken, with a finding that names it: table 2
has no sums, and those of a report may be broken in the original. In a table of which a row is not
found a ruling line may have been missed, and figures may stand in the row beside their own: there
nothing but both sums is a proof. Figures that do not stand in the order of the form have labels
that were recognised wrongly, for all that sums tell, which add up in any order: none is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import combinations, groupby
from typing import Final

import msgspec

from govinfo_schema.documents.recognise.reading import NAMED, Found
from govinfo_schema.form import ids
from govinfo_schema.form.forms import adds_up_a_row

_PLACES: Final = ("page", "table", "row", "column")
_ENOUGH: Final = 0.6
"""A recognition that is less sure counts as none."""


def confirm(found: Found) -> None:
    """Leave figures blank that nothing proves, and name those and what only looks like them."""
    kinds, held = _sums(found)
    named = {cell for finding in found.findings for cell in finding.cells}
    read = [cell for cell in found.sources if found.values.get(cell) is not None]
    misplaced = _out_of_order(found, read)
    torn = {ids.table_of(cell) for cell in found.form.cells if cell not in found.sources}
    sure = {cell for cell in read if (found.sources[cell].confidence or 0.0) >= _ENOUGH}
    sure -= {cell for cell in sure if ids.table_of(cell) in torn} | misplaced
    proved = {cell for cell in read if held[cell] and held[cell] == kinds[cell]} - misplaced
    empty = [cell for cell in found.sources if cell not in read and cell not in named]
    unproved = [
        cell for cell in read if cell not in sure and not (cell in proved and len(kinds[cell]) > 1)
    ]
    for cell in unproved:
        found.values[cell] = None
        found.sources[cell] = msgspec.structs.replace(found.sources[cell], proof="")
    for _, own in groupby(unproved, ids.table_of):
        cells = [*own]
        texts = tuple(found.sources[cell].text.strip() for cell in cells[:NAMED])
        found.report("R-BLURRED", *cells, texts=(*texts, "…") if cells[NAMED:] else texts)
    if likely := [cell for cell in read if cell in sure - proved]:
        found.report("R-LIKELY", *likely)
    if empty:
        found.report("R-EMPTY", *empty, level="info")


def _out_of_order(found: Found, cells: Collection[str]) -> set[str]:
    """Find the cells that stand on the page before or behind others as they do not in the form."""
    places = {cell: found.sources[cell].place for cell in cells}
    order = [
        (cell, [getattr(places[cell], name) or 0 for name in _PLACES])
        for cell in found.form.cells
        if cell in places
    ]
    return {
        cell
        for (one, before), (other, after) in combinations(order, 2)
        if before > after and ids.table_of(one) == ids.table_of(other)
        for cell in (one, other)
    }


_Kinds = defaultdict[str, set[bool]]
"""For each cell, which kinds of sums there are: those that add up its row, and the others."""


def _sums(found: Found) -> tuple[_Kinds, _Kinds]:
    """Tell which kinds of sums the form has for each cell, and which of them hold."""
    kinds: _Kinds = defaultdict(set)
    held: _Kinds = defaultdict(set)
    for equation in found.form.equations:
        sides = [
            [found.values.get(cell) for cell in side] for side in (equation.left, equation.right)
        ]
        left, right = ([value for value in side if value is not None] for side in sides)
        holds = [left, right] == sides and sum(left) == sum(right)
        for cell in (*equation.left, *equation.right):
            kinds[cell].add(adds_up_a_row(equation))
            if holds:
                held[cell].add(adds_up_a_row(equation))
    return kinds, held
