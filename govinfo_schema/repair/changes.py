"""
The figures that an explanation changes, and the sentence that tells them.

Totals of one column or one row that were worked out anew are told together, not cell by cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

import attrs

from govinfo_schema.form import ids
from govinfo_schema.form.equations import where
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import Edition
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.repair.reasons import Reason


@attrs.frozen(kw_only=True)
class Change:
    """
    One figure: what was found (None: blank, counted as 0) and what it should be.

    Unit: that of the cell, 件.

    >>> import govinfo_schema as gs
    >>> total = "applications.outcomes.total.natural_person"
    >>> right = gs.generate(1, "2021")
    >>> report = gs.replace(right, {total: gs.get(right, total) + 1})
    >>> change = gs.locate(report)[0].changes[0]
    >>> change.cell, change.found - change.should_be
    ('applications.outcomes.total.natural_person', 1)
    """

    cell: str
    found: int | None
    should_be: int


def told(
    name: str,
    changes: Sequence[Change],
    recomputed: AbstractSet[str],
    why: Reason | None,
    lang: Lang,
) -> str:
    """
    Return changes as one sentence, with the labels of the edition *name*.

    *recomputed*: the totals among them that are worked out anew. *why*: how they came about, told
    where no totals are told together.
    Returns: nothing for no changes.
    """
    if not changes:
        return ""
    form = edition(name)
    lines = list(_lines(changes, recomputed))
    parts = [_line(form, line, lang) for line in lines]
    alone = why is not None and all(len(line) == 1 for line in lines)
    because = phrase("because", lang, reason=Label(why.zh, why.en)) if why and alone else ""
    return phrase("semicolon", lang).join(parts) + because


def _lines(changes: Sequence[Change], recomputed: AbstractSet[str]) -> Iterator[list[Change]]:
    """Group totals that are worked out anew by their column, then by their row."""
    lines: dict[str, list[Change]] = {}
    anew = [each for each in changes if each.cell in recomputed]
    for name_of in (_column, ids.row_of):
        by_name: dict[str, list[Change]] = {}
        for each in anew:
            by_name.setdefault(name_of(each.cell), []).append(each)
        for line in by_name.values():
            if len(line) > 1:
                lines |= {each.cell: line for each in line}
        anew = [each for each in anew if each.cell not in lines]
    for each in changes:
        line = lines.get(each.cell, [each])
        if each is line[0]:
            yield line


def _column(cell: str) -> str:
    return ids.join(ids.table_of(cell), ids.column_of(cell))


def _line(form: Edition, line: Sequence[Change], lang: Lang) -> str:
    """Return the sentence of totals of one line of the form, or of one figure."""
    first = line[0]
    if len(line) == 1:
        name = "change.blank" if first.found is None else "change"
        facts = attrs.asdict(first) | {"name": form.label(first.cell)}
        return phrase(name, lang, **facts)
    cell = form.cell(first.cell)
    is_column = len({ids.column_of(each.cell) for each in line}) == 1
    place = where(form, cell.column if is_column else cell.row, ids.table_of(first.cell))
    filled = any(each.found for each in line)
    return phrase("told.stale" if filled else "told.empty", lang, where=place, count=len(line))
