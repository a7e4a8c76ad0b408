"""
Which cell of a row is which column of the form: what the head of a table says.

A head is read in two ways. *By place*: which names stand over a column of the grid (in a table
without rules, by ``unruled_heads``). *By order* of its names alone (``order``). Each way gives
``Columns``, one hypothesis; ``proof`` decides between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from govinfo_schema.data.once import remembered_by
from govinfo_schema.documents.document import Span
from govinfo_schema.documents.recognise.headings import (
    Columns,
    Heading,
    Name,
    names_in,
    names_of,
)
from govinfo_schema.documents.recognise.lines import Line, shown
from govinfo_schema.documents.recognise.order import by_order
from govinfo_schema.documents.recognise.unruled_heads import by_text
from govinfo_schema.form.labels import fold


@remembered_by(lambda lines, heading, year: (own := shown(lines)) and (own, heading, year))
def readings_of(lines: Sequence[Line], heading: Heading, year: int | None) -> tuple[Columns, ...]:
    """Read the lines of a head in every way that it can be read."""
    if not lines:
        return ()
    if lines[-1].stub is not None:
        columns = by_text(lines, heading)
        return () if columns is None else (columns,)
    in_order = by_order([names_of(line, heading) for line in lines], heading)
    by_place = _by_place(lines, heading, year)
    if by_place is not None and by_place.known:
        if in_order is None or in_order.known == by_place.known:
            return (by_place,)
        return (by_place, in_order)
    return (in_order,) if in_order is not None else ()


# ---- by place -----------------------------------------------------------------------------------


def _by_place(lines: Sequence[Line], heading: Heading, year: int | None) -> Columns | None:
    """Read which names stand over each column; None where they contradict each other."""
    grid = lines[-1].grid
    above, empty = _standing([line for line in lines if line.grid == grid], heading)
    if grid < 0 or not above:
        return None
    chains = [
        tuple(dict.fromkeys(row[column] for row in above if column in row))
        for column in range(1 + max(max(row, default=-1) for row in above))
    ]
    named = [[name for span in chain for name in names_in(span.text, heading)] for chain in chains]
    first = next(
        (at for at, names in enumerate(named) if any(name.kind == "leaf" for name in names)), None
    )
    if first is None:
        return None
    while first > 0 and _is_column(named[first - 1], at=first - 1):
        first -= 1
    runs = _runs(chains, first)
    printed = {name.label for names in named for name in names if name.kind == "group"}
    under = [
        _leaf_under(names, heading, printed, year)
        for names in _without_titles([named[run.start] for run in runs])
    ]
    nameless = {
        run
        for run, leaf in zip(runs, under, strict=True)
        if leaf is _CONTRADICTED
        and run.start in empty
        and not any(name.kind == "leaf" for name in named[run.start])
    }
    found = [None if run in nameless else leaf for run, leaf in zip(runs, under, strict=True)]
    if _CONTRADICTED in found:
        return None
    twice = {leaf for leaf in found if leaf is not None and found.count(leaf) > 1}
    order = tuple(None if leaf in twice else leaf for leaf in found)
    heads = tuple("".join(span.text for span in chains[run.start]) for run in runs)
    plain = not any(map(_is_merged, lines))
    return Columns(
        order=order,
        heads=heads,
        places=tuple(runs),
        grid=grid,
        printed=order == heading.order,
        nameless=frozenset(nameless),
        plain=plain,
    )


def _is_merged(line: Line) -> bool:
    return any(
        span.rows > 1 or span.columns > 1 for span in (*line.labels, *line.figures, *line.above)
    )


def _is_column(names: Sequence[Name], at: int) -> bool:
    """Tell whether a name that the form does not have stands over figures, not over labels."""
    kinds = {name.kind for name in names}
    return "other" in kinds and (at > 0 or "group" in kinds)


def _without_titles(named: Sequence[Sequence[Name]]) -> list[list[Name]]:
    """Leave out what the form does not have and what stands over all columns alike."""
    everywhere = set.intersection(*map(set, named))
    titles = {name for name in everywhere if name.kind == "other"}
    return [[name for name in names if name not in titles] for names in named]


def _standing(
    lines: Sequence[Line], heading: Heading
) -> tuple[list[dict[int, Span]], frozenset[int]]:
    """
    Tell for each row of a head which text stands over each column: merged cells over all that they
    are merged from, and over the empty cells that a lost merge has left behind them. Then tell in
    which columns the last row has an empty cell.
    """
    rows: dict[int, dict[int, Span]] = {}
    spans = [span for line in lines for span in (*line.labels, *line.figures, *line.above)]
    for span in dict.fromkeys(spans):
        for row in range(span.row, span.row + span.rows):
            for column in range(span.column, span.column + span.columns):
                rows.setdefault(row, {}).setdefault(column, span)
    begun = {span.row for line in lines for span in (*line.labels, *line.figures)}
    found: list[dict[int, Span]] = []
    for row in sorted(begun):
        up = found[-1] if found else {}
        own: dict[int, Span] = {}
        for column in sorted(rows[row]):
            span = rows[row][column]
            if span.text.strip():
                own[column] = span
            elif (owner := _owner(up.get(column), own.get(column - 1), heading)) is not None:
                own[column] = owner
        found.append(own)
    last = rows[max(begun)] if begun else {}
    return found, frozenset(at for at, span in last.items() if not span.text.strip())


def _owner(up: Span | None, left: Span | None, heading: Heading) -> Span | None:
    """Tell whose an empty cell of a head is: of the text above it, or of the one to its left."""
    above = names_in(up.text, heading)[-1].kind if up is not None else ""
    beside = names_in(left.text, heading)[-1].kind if left is not None else ""
    if above == "leaf":
        return up
    if beside in ("group", "plain", "year") or (beside == "leaf" and len(heading.leaves) == 1):
        return left
    return up


def _runs(chains: Sequence[tuple[Span, ...]], first: int) -> list[range]:
    """Put columns together over which the same texts stand."""
    runs: list[range] = []
    for at in range(first, len(chains)):
        if runs and chains[at] == chains[runs[-1].start]:
            runs[-1] = range(runs[-1].start, at + 1)
        else:
            runs.append(range(at, at + 1))
    return runs


_CONTRADICTED: Final = "?"


def _leaf_under(
    names: Sequence[Name], heading: Heading, printed: set[str], year: int | None
) -> str | None:
    """
    Tell which column the names over it are: None for one that the form does not have, ``?`` where
    they contradict the form or leave it open, so that the places are not to be trusted.
    """
    labels = {name.label for name in names if name.kind == "leaf"}
    if len(labels) != 1:
        has_foreign = any(name.kind in ("other", "year") for name in names)
        return None if has_foreign and not labels else _CONTRADICTED
    groups = {name.label for name in names if name.kind == "group"}
    own = [leaf for leaf in heading.leaves if leaf.label in labels]
    fitting = [
        leaf
        for leaf in own
        if groups <= set(leaf.groups)
        and not (printed - groups).intersection(leaf.groups)
        and (len(own) == 1 or leaf.groups[-1] in groups)
    ]
    if len(fitting) != 1:
        return _CONTRADICTED
    other = any(
        name.kind == "other" or (name.kind == "year" and name.label != str(year)) for name in names
    )
    return None if other else fitting[0].id


# ---- cells --------------------------------------------------------------------------------------


def assigned(line: Line, columns: Columns, *, blank_ends: bool = False) -> dict[str, Span] | None:
    """
    Give each column its cell of a line: by where they stand, else one after the other where they
    are as many; None where they are more or fewer.

    An empty cell at either end may be one of the labels' or of the rest of the row, and then they
    are not as many; *blank_ends*: it is known to be none.
    """
    found = _by_position(line, columns) if columns.places else None
    if found is not None and line.grid == columns.grid:
        return found
    filled = [not span.is_empty for span in line.figures]
    # In the grid of the head an empty cell that stands elsewhere may be the rest of a merged one.
    inner = all(filled) or line.grid != columns.grid
    whole = blank_ends or not any(filled) or (filled[0] and filled[-1] and inner)
    if len(filled) == len(columns.order) and whole:
        return _paired(columns, line.figures)
    # Without rules the columns of another page need not have the same numbers.
    return found if line.grid >= 0 and line.stub is None else None


def without_blanks(line: Line, columns: Columns) -> dict[str, Span] | None:
    """
    Give each column its cell where the figures that are printed are as many: whether the empty
    cells between them are cells of the table, the sums have to tell.
    """
    printed = [span for span in line.figures if not span.is_empty]
    return _paired(columns, printed) if len(printed) == len(columns.order) else None


def _paired(columns: Columns, spans: Sequence[Span]) -> dict[str, Span]:
    pairs = zip(columns.order, spans, strict=True)
    return {column: span for column, span in pairs if column is not None}


def _by_position(line: Line, columns: Columns) -> dict[str, Span] | None:
    """
    Give each column the one cell that stands under its head; None where some column has none or
    several, or a figure stands under no head.

    A zero that is merged over several columns is the zero of each.
    """
    merged = [span for span in line.above if span.column >= columns.places[0].start]
    cells = [*line.figures, *merged]
    if max((cell.column + cell.columns for cell in cells), default=0) < columns.places[-1].stop:
        return None
    found: dict[str, Span] = {}
    used: set[int] = set()
    standing = _cells_at(cells, columns.places)
    for column, place in zip(columns.order, columns.places, strict=True):
        if len(place) == 1:
            under = standing.get(place.start, [])
        else:
            under = [cell for cell in cells if _overlap(cell, place)]
        under = [cell for cell in under if len(under) == 1 or not cell.is_empty] or under[:1]
        if len(under) != 1:
            return None
        own = under[0]
        if _is_shared(own, merged, columns) and fold(own.text) not in ("", "0"):
            return None
        used.add(id(own))
        if column is not None:
            found[column] = own
    if any(id(cell) not in used and cell.text.strip() for cell in line.figures):
        return None
    return found


def _is_shared(cell: Span, merged: Sequence[Span], columns: Columns) -> bool:
    """Whether a cell is merged over several columns of the form or from the row before."""
    wide = cell.columns > 1 and _width(cell, columns) > 1
    return wide or any(cell is each for each in merged)


def _cells_at(cells: Sequence[Span], places: Sequence[range]) -> dict[int, list[Span]]:
    """Give the cells that stand in each column, from the first place to the last."""
    standing: dict[int, list[Span]] = {}
    for cell in cells:
        end = min(cell.column + cell.columns, places[-1].stop)
        for at in range(max(cell.column, places[0].start), end):
            standing.setdefault(at, []).append(cell)
    return standing


def _width(cell: Span, columns: Columns) -> int:
    """Over how many columns of the form a cell is merged."""
    return sum(_overlap(cell, place) for place in columns.places)


def _overlap(cell: Span, place: range) -> bool:
    return cell.column < place.stop and place.start < cell.column + cell.columns
