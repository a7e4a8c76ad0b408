"""
Take the figures of tables whose borders a text has lost: what stands behind a label is cut into
figures (``borders``), and the names that stand before the first of them say whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

import attrs

from govinfo_schema.data.once import once
from govinfo_schema.documents.document import Span
from govinfo_schema.documents.recognise.borders import Split, agreeing, settle, splits
from govinfo_schema.documents.recognise.figures import is_figure
from govinfo_schema.documents.recognise.headings import Columns, Heading
from govinfo_schema.documents.recognise.proof import Row, sums_of, sums_within
from govinfo_schema.documents.recognise.reading import Found, Proof, Source, take
from govinfo_schema.findings import Equation
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, adds_up_a_row

BORNE_OUT: Final = 2
"""So many sums at least hold with the figures of a row that is cut."""
SHOWN: Final = 12
"""So many of the ways to split a run are named in a message."""


def is_glued(run: str) -> bool:
    """
    Tell whether figures have run together: something begins with 0, as no number does.

    >>> is_glued("160 02 0 018"), is_glued("30 4 0 0 0 0")
    (True, False)
    """
    return re.search("(?<![0-9.,])0[0-9]", run) is not None


def take_runs(
    found: Found, rows: Sequence[Row], ways: Sequence[Columns], heading: Heading, head: str
) -> None:
    """
    Cut the runs of rows under one head, each by its own total and all by the column sums.

    *head* is all that stands over them, for the unit.
    """
    order = ways[0].known if ways else ()
    if set(order) != set(heading.order):
        for row in rows:
            found.leave("R-HEAD", row.cells, row.line.place, row.line.run)
        return
    rows = [attrs.evolve(row, columns=order) for row in rows]
    summed = bool(sums_within(found.form, rows[0].id))
    options = _options(found, rows, summed=summed)
    if not ways[0].printed and summed and not _is_order_right(found, rows, options):
        for row in rows:
            found.leave("R-HEAD", row.cells, row.line.place, row.line.run)
        return
    plain: Mapping[str, Sequence[Split]] = {
        row: cuts for row, cuts in options.items() if all(map(str.isdecimal, chain(*cuts)))
    }
    for _ in range(2):
        plain = agreeing(plain, _column_sums(found.form, order))
    if summed:
        plain = _least_broken(found, rows, plain)
    for row in rows:
        kept = plain.get(row.id, options[row.id])
        _take_split(found, row, kept, whole=not summed, head=head)
        if len(options[row.id]) > len(kept) == 1:
            other = next(each for each in options[row.id] if each != kept[0])
            found.report(
                "R-CHOSEN",
                *row.cells,
                level="info",
                text=row.line.run,
                chosen=" ".join(kept[0]),
                other=" ".join(other),
            )


def _least_broken(
    found: Found, rows: Sequence[Row], plain: Mapping[str, Sequence[Split]]
) -> Mapping[str, Sequence[Split]]:
    """
    Of all ways to cut figures that have run together keep those that break the fewest sums of the
    row and of its columns, and of these the ones with which most hold.

    The report may not add up as it is printed: then the total of a row cuts it wrongly, and the
    columns do not hold.
    """
    kept = {**plain}
    for row in rows:
        if row.id not in kept or not _has_run_together(found, row.line.run, len(row.columns)):
            continue
        others = splits(row.line.run, len(row.columns))
        every = dict.fromkeys((*kept[row.id], *others))
        if len(others) == 1:
            continue
        known = {
            cell: int(text)
            for other in rows
            if other is not row and len(kept.get(other.id, ())) == 1
            for cell, text in zip(other.cells, kept[other.id][0], strict=True)
        }
        sums = _sums_of(found.form, row.id)
        counts = {
            cut: _counts(sums, known | dict(zip(row.cells, map(int, cut), strict=True)))
            for cut in every
        }
        broken, held = min(counts.values(), default=(0, 0))
        best = [cut for cut, count in counts.items() if count == (broken, held)]
        # Where its own total does not bear a row out, all its columns have to.
        totals = all(_adds_up(found, row, row.columns, cut) for cut in best)
        enough = BORNE_OUT if totals else len(row.columns)
        kept[row.id] = best if -held >= enough and (others or not broken) else []
    return kept


def _counts(sums: Iterable[Equation], values: Mapping[str, int]) -> tuple[int, int]:
    """Count the sums that are broken and, below zero, those that hold."""
    broken = held = 0
    for each in sums:
        if all(cell in values for cell in (*each.left, *each.right)):
            holds = sum(values[cell] for cell in each.left) == sum(
                values[cell] for cell in each.right
            )
            broken, held = broken + (not holds), held + holds
    return broken, -held


@once
def _sums_of(form: Form, row: str) -> tuple[Equation, ...]:
    """Give the equations that have a figure of a row."""
    return tuple(
        each
        for each in form.equations
        if any(ids.row_of(cell) == row for cell in (*each.left, *each.right))
    )


def take_run_across(found: Found, row: Row, ways: Sequence[Columns], heading: Heading) -> None:
    """Cut the run of a table that is printed in one line."""
    order = ways[0].known if ways else ()
    if set(order) != set(heading.order):
        found.leave("R-HEAD", row.cells, row.line.place, row.line.run)
        return
    tokens = _tokens(row.line.run)
    options: Sequence[Split] = ()
    if len(tokens) == len(order):
        held, broken = _sums(found, row, order, tokens)
        options = [tuple(tokens)] if held >= broken else []
    elif re.fullmatch(r"[0-9\s]+", row.line.run):
        group = len(order) // len({leaf.groups[-1] for leaf in heading.leaves})
        options = _cuts(found, row.line.run, len(order), group)
    # No other sum bears these out: where they can be cut in several ways, none is right for sure.
    _take_split(found, attrs.evolve(row, columns=order), options, whole=True)


def _tokens(run: str) -> list[str]:
    """
    Give the figures of a run that stand apart: in one line, or each in a line of its own; none
    where digits of several lines mix.
    """
    lines = [line.split() for line in run.split("\n")]
    return (
        [token for line in lines for token in line]
        if len(lines) == 1 or all(len(line) <= 1 for line in lines)
        else []
    )


def _options(found: Found, rows: Sequence[Row], *, summed: bool) -> dict[str, Sequence[Split]]:
    """Give the ways to cut the run of each row."""
    counts = [len(_tokens(row.line.run)) - len(row.columns) for row in rows]
    more = sum(count > 0 for count in counts)
    if more * 2 > counts.count(0):
        # Where most rows have more figures than columns, one that has as many proves nothing.
        return {row.id: () for row in rows}
    # A run with fewer figures or digits than columns has lost blank cells; where one has, others
    # may, and where one has more figures the others may have lost some.
    digits = [sum(map(str.isdigit, row.line.run)) for row in rows]
    fewer = any(-len(row.columns) < count < 0 for row, count in zip(rows, counts, strict=True))
    blanks = (
        more > 0
        or (fewer and not found.glued)
        or any(count < len(row.columns) for row, count in zip(rows, digits, strict=True))
    )
    return {row.id: _ways_to_cut(found, row, summed=summed, blanks=blanks) for row in rows}


def _ways_to_cut(found: Found, row: Row, *, summed: bool, blanks: bool) -> Sequence[Split]:
    run, count = row.line.run, len(row.columns)
    tokens = _tokens(run)
    if len(tokens) == count and sum(map(is_figure, tokens)) * 2 > count:
        # Where blank cells are lost, as many figures as columns need not be theirs.
        sure = not (summed and blanks) or _adds_up(found, row, row.columns, tokens)
        return [tuple(tokens)] if sure else []
    if summed:
        return _cuts(found, run, count, count, sums=blanks)
    parts = re.fullmatch(r"([0-9 \n]*)((?:\.[0-9]+)?(?:万?元)?)", run, re.DOTALL)
    candidates = _cuts(found, parts[1], count) if parts else ()
    return [(*split[:-1], split[-1] + parts[2]) for split in candidates] if parts else []


def _is_order_right(
    found: Found, rows: Sequence[Row], options: Mapping[str, Sequence[Split]]
) -> bool:
    """Tell whether the sums bear out where columns stand that are not read in the form's order."""
    sure = [(row, options[row.id][0]) for row in rows if len(options[row.id]) == 1]
    counts = [_sums(found, row, row.columns, cut) for row, cut in sure]
    broken = sum(broken for _, broken in counts)
    return not broken or sum(held for held, _ in counts) > broken


def _adds_up(found: Found, row: Row, order: Sequence[str], tokens: Sequence[str]) -> bool:
    """Tell whether some sum within a row holds, or none can be worked out."""
    held, broken = _sums(found, row, order, tokens)
    return bool(held) or not broken


def _sums(found: Found, row: Row, order: Sequence[str], tokens: Sequence[str]) -> tuple[int, int]:
    spans = (Span(text=token, row=0, column=0) for token in tokens)
    return sums_of(found, row, dict(zip(order, spans, strict=True)))


def _cuts(
    found: Found, run: str, count: int, group: int = 0, *, sums: bool = False
) -> tuple[Split, ...]:
    """
    Give the ways to cut a run; none where its figures are apart and too few, because some cell is
    blank and nothing tells which.

    A run with few spaces is cut where the borders of this document are lost. *sums*: only as the
    sums of its groups allow.
    """
    lines = run.split("\n")
    if len(lines) > 1 and any(splits(line, count, group) for line in lines):
        # One of several lines is the whole row by itself: what the others are, nothing tells.
        return ()
    if not _has_run_together(found, run, count):
        return ()
    return (splits(run, count, group) if group else ()) or (() if sums else splits(run, count))


def _has_run_together(found: Found, run: str, count: int) -> bool:
    """Tell whether the borders in a run are lost, or few are left in a document that loses them."""
    return is_glued(run) or (found.glued and len(run.split()) <= count // 2)


def _take_split(
    found: Found, row: Row, candidates: Sequence[Split], *, whole: bool = False, head: str = ""
) -> None:
    """
    Take over what all ways to split a run share, and name the ways where there are several.

    *whole*: a run with several ways is blank altogether.
    """
    settled = settle(candidates)
    texts = settled.cells if settled and (settled.forced or not whole) else (None,) * len(row.cells)
    apart = len(_tokens(row.line.run)) == len(row.cells)
    proof: Proof = "head" if apart else "sums" if settled and settled.forced else "order"
    for cell, text in zip(row.cells, texts, strict=True):
        found.sources[cell] = Source(place=row.line.place, text=row.line.run)
        if text is not None:
            span = Span(text=text, row=0, column=0, place=row.line.place)
            beside = f"{head}\n{row.line.label}"
            take(found, found.form.edition.cell(cell), span, proof=proof, head=beside)
    open_cells = [cell for cell, text in zip(row.cells, texts, strict=True) if text is None]
    if open_cells:
        shown = " | ".join(" ".join(split) for split in candidates[:SHOWN])
        shown += f" | … ({len(candidates)})" if len(candidates) > SHOWN else ""
        code = "R-SPLIT" if candidates else "R-COLUMNS"
        every = tuple(map(" ".join, candidates))
        found.report(code, *open_cells, text=row.line.run, splits=shown, candidates=every)


@once
def _column_sums(
    form: Form, order: tuple[str, ...]
) -> tuple[tuple[list[tuple[str, int]], list[tuple[str, int]]], ...]:
    """Give the equations down the columns, each side as rows and the numbers of their columns."""
    place = {column: number for number, column in enumerate(order)}

    def side(cells: Iterable[str]) -> list[tuple[str, int]]:
        return [(ids.row_of(cell), place[ids.column_of(cell)]) for cell in cells]

    return tuple(
        (side(each.left), side(each.right))
        for each in form.equations
        if not adds_up_a_row(each)
        and all(ids.column_of(cell) in place for cell in (*each.left, *each.right))
    )
