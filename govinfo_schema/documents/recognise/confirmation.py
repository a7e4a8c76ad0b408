"""
Figures that were recognised in a picture, where any digit may be wrong: which of them the sums
prove, which only the recognition, and which stay blank.

A figure is proved where every kind of sum that the form has for it holds: one that adds up its row,
and one that adds up its column. Where the form has only one kind, two recognitions must agree too.
A figure on which they agree and that no sum proves is taken, with a finding that names it: table 2
has no sums, and those of a report may be broken in the original.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

import msgspec

from govinfo_schema.documents.recognise.reading import Found
from govinfo_schema.form.forms import adds_up_a_row

_ENOUGH: Final = 0.6
"""A recognition that is less sure counts as none."""


def confirm(found: Found) -> None:
    """Leave figures blank that nothing proves, and name those and what only looks like them."""
    kinds: dict[str, set[bool]] = defaultdict(set)
    held: dict[str, set[bool]] = defaultdict(set)
    for equation in found.form.equations:
        sides = [[found.values.get(cell) for cell in side] for side in (equation.left, equation.right)]
        known = [[value for value in side if value is not None] for side in sides]
        holds = known == sides and sum(known[0]) == sum(known[1])
        for cell in (*equation.left, *equation.right):
            kinds[cell].add(adds_up_a_row(equation))
            if holds:
                held[cell].add(adds_up_a_row(equation))
    named = {cell for finding in found.findings for cell in finding.cells}
    likely, doubtful, empty = [], [], []
    for cell, source in found.sources.items():
        is_sure = (source.confidence or 0.0) >= _ENOUGH
        holds = bool(held[cell]) and held[cell] == kinds[cell]
        if found.values.get(cell) is None:
            empty += [] if cell in named else [cell]
        elif not is_sure and not (holds and len(kinds[cell]) > 1):
            doubtful.append(cell)
        elif not holds:
            likely.append(cell)
    for cell in doubtful:
        found.values[cell] = None
        found.sources[cell] = msgspec.structs.replace(found.sources[cell], proof="")
        found.report("R-BLURRED", cell, text=found.sources[cell].text.strip())
    if likely:
        found.report("R-LIKELY", *likely)
    if empty:
        found.report("R-EMPTY", *empty, level="info")
