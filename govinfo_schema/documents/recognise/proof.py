"""
Figures become cells of the form: by names, by sums, or where all that remains agrees.

Names say which part is which. Sums say where a total stands, and so which way to read a head is
right; they are blind to the order of the parts that they add up. Where several ways remain, a cell
is taken if all of them give it the same text. A sum never changes a figure, and one broken sum
among many that hold breaks no proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import attrs

from govinfo_schema.data.once import once
from govinfo_schema.documents.document import Span
from govinfo_schema.documents.logger import LOGGER
from govinfo_schema.documents.recognise.columns import assigned, without_blanks
from govinfo_schema.documents.recognise.figures import figure
from govinfo_schema.documents.recognise.headings import Columns
from govinfo_schema.documents.recognise.lines import Line
from govinfo_schema.documents.recognise.reading import Found, Proof, Source, take
from govinfo_schema.findings import Equation
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, adds_up_a_row
from govinfo_schema.form.labels import fold
from govinfo_schema.form.parts import Cell
from govinfo_schema.messages import Label

Cells = Mapping[str, Span]
"""The text of each column, by what the column adds to the id of its row."""


@attrs.frozen(kw_only=True, slots=False)
class Row:
    """
    A row of figures: the id that its cells begin with, its columns, and its line; *regular*: it
    stands among rows with a cell for each column; *longer*: it goes on behind the end of most;
    *shorter*: its last figure stands before that of most.
    """

    id: str
    columns: tuple[str, ...]
    line: Line
    regular: bool = False
    longer: bool = False
    shorter: bool = False

    @property
    def cells(self) -> tuple[str, ...]:
        """The ids of its cells."""
        return _cells_of(self.id, self.columns)


@lru_cache(maxsize=1024)
def _cells_of(row: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(ids.join(row, column) for column in columns)


_DECIDED: Final = "%s: %d rows under one head; %d of %d ways, by %s"
ENOUGH: Final = 2
"""So many times as many sums hold as are broken, where a way to read a head is right."""


@attrs.frozen(eq=False)
class _Way:
    """One way to read a head, and the cells that it gives each row; None where it does not fit."""

    columns: Columns
    cells: tuple[Cells | None, ...]


def prove(found: Found, rows: Sequence[Row], ways: Sequence[Columns]) -> None:
    """
    Take the figures of rows that stand under one head, which can be read in these ways.

    What no way proves stays blank, with a finding that names it.
    """
    own = [_in_place(found, row, ways[0]) for row in rows] if len(ways) == 1 else []
    placed = [cells for cells in own if cells is not None]
    if len(placed) == len(rows):
        LOGGER.debug(_DECIDED, rows[0].id, len(rows), 1, 1, "head")
        _take_in_place(found, rows, placed, ways[0])
        return
    rows = _compared(rows)
    narrowed = [_unmoved(_narrowed(way, rows), rows[0].columns) for way in ways]
    left, proof = _remaining(found, rows, [_read(found, rows, way) for way in narrowed])
    counts = (len(rows), len(left), len(ways), proof or "nothing")
    LOGGER.debug(_DECIDED, rows[0].id, *counts)
    remaining = [way.columns for way in left]
    unnamed: dict[str, list[str]] = {}
    heads = _heads(remaining)
    every = [
        [cells for way in left if (cells := way.cells[at]) is not None] for at in range(len(rows))
    ]
    known = found.form.edition.all_cells
    # Where most rows do not fit the head, one that does so by chance proves nothing.
    fitting = sum(len(read) == len(remaining) > 0 for read in every)
    fits = fitting * 2 >= len(rows)
    for row, read in zip(rows, every, strict=True):
        if (
            len(read) < len(remaining)
            or not read
            or not fits
            or _may_have_moved(found, row, narrowed)
        ):
            _take_equal(found, row, remaining)
            continue
        for column, cell in zip(row.columns, row.cells, strict=True):
            spans = [cells[column] for cells in read if column in cells]
            if len(spans) < len(read) or (len(spans) > 1 and _differ(spans)):
                unnamed.setdefault(column, []).append(cell)
                found.sources[cell] = Source(place=row.line.place, text=row.line.printed)
                continue
            how: Proof = proof if len(read) == 1 else "order"
            head = _beside(row, known[cell], spans[0], heads.get(column, ""))
            take(found, known[cell], spans[0], proof=how, head=head)
    for named in unnamed.values():
        found.report("R-COLUMN", *named)
    _name_foreign(found, remaining)


def _name_foreign(found: Found, remaining: Sequence[Columns]) -> None:
    """Name the columns of a table that the form does not have."""
    foreign = [
        head
        for way in remaining[:1]
        for column, head in zip(way.order, way.heads, strict=True)
        if column is None
    ]
    if foreign:
        said = "、".join(head.strip() or "—" for head in foreign)
        told = {"columns": said, "named": Label(said, said), "count": len(foreign), "hint": ""}
        found.report("R-EXTRA", level="info", **told)


def _in_place(found: Found, row: Row, way: Columns) -> Cells | None:
    """
    Give the cells of a row that is read as it stands: it has one under each name of a head that is
    the one printed in the form, besides empty ones before them, and its sums hold or say nothing.
    None for another row.
    """
    line = row.line
    if not (way.places and way.printed and way.order == row.columns and way.grid == line.grid):
        return None
    begin = way.places[0].start
    if way.nameless or any(span.column + span.columns > begin for span in line.above):
        return None
    spans = [
        span for span in line.figures if span.column + span.columns > begin or not span.is_empty
    ]
    places = [range(span.column, span.column + span.columns) for span in spans]
    if places != [*way.places]:
        return None
    cells = dict(zip(row.columns, spans, strict=True))
    held, broken = sums_of(found, row, cells)
    if broken or not (held or not _may_add_up(found, row)):
        return None
    is_whole = not any(span.is_empty for span in spans)
    if line.stub is not None and spans[-1].is_empty:
        return None
    return cells if is_whole or not _adds_up_elsewhere(found, row, cells) else None


def _take_in_place(
    found: Found, rows: Sequence[Row], placed: Sequence[Cells], way: Columns
) -> None:
    """Take the figures of rows that have one under each name of a head."""
    known, heads = found.form.edition.all_cells, _heads([way])
    for row, cells in zip(rows, placed, strict=True):
        for (column, span), cell in zip(cells.items(), row.cells, strict=True):
            own = known[cell]
            take(found, own, span, proof="head", head=_beside(row, own, span, heads[column]))


def _compared(rows: Sequence[Row]) -> list[Row]:
    """Say of each row whether it is as long as most, and stands among regular ones."""
    is_regular = _regular(rows)
    ends, printed_ends = [*map(_end, rows)], [*map(_printed_end, rows)]
    most = min(_usual(ends))
    last = max(_usual(filter(None, printed_ends)))
    return [
        Row(
            id=row.id,
            columns=row.columns,
            line=row.line,
            regular=is_regular or row.regular,
            longer=end > most,
            shorter=printed_end < last,
        )
        for row, end, printed_end in zip(rows, ends, printed_ends, strict=True)
    ]


def _may_have_moved(found: Found, row: Row, ways: Sequence[Columns]) -> bool:
    """
    Tell whether the figures of a row of a table without rules may stand beside their columns: they
    end before those of other rows; one has no name over it, and a column has no figure; or a part
    is blank, and the others are more than their total.
    """
    if row.line.stub is None:
        return False
    if row.shorter and row.line.figures[-1].is_empty and row.line.is_printed:
        return True
    named, nameless = (
        {
            at
            for way in ways
            if way.places and way.grid == row.line.grid
            for column, place, head in zip(way.order, way.places, way.heads, strict=True)
            if (column is not None) == is_known and (is_known or not head.strip())
            for at in place
        }
        for is_known in (True, False)
    )
    printed = {span.column for span in row.line.figures if not span.is_empty}
    if printed & nameless and not printed >= named:
        return True
    return any(_exceeds(found, row, cells) for way in ways if (cells := _by_way(row, way)))


def _by_way(row: Row, way: Columns) -> Cells | None:
    return assigned(row.line, way) if way.places and row.line.grid == way.grid else None


def _exceeds(found: Found, row: Row, cells: Cells) -> bool:
    """Tell whether of a sum with a blank part the others are more than the total."""
    for parts, total in _sums_by_column(found.form, row.id):
        spans = [cells[part] for part in parts if part in cells]
        numbers = [value for value in map(_number, spans) if value is not None]
        most = _number(cells[total]) if total in cells else None
        if most is not None and len(numbers) < len(parts) and sum(numbers) > most:
            return True
    return False


def _differ(spans: Sequence[Span]) -> bool:
    return len({fold(span.text) for span in spans}) > 1


def _beside(row: Row, cell: Cell, own: Span, head: str) -> str:
    """Give what stands over an amount and beside it in its row; a count has no unit."""
    if cell.kind != "amount":
        return ""
    others = (span.text for span in row.line.figures if span is not own)
    return "\n".join((head, row.line.label, *others))


def _narrowed(way: Columns, rows: Sequence[Row]) -> Columns:
    """Leave out the columns without a name of the form in which few rows have a figure."""
    if not way.places:
        return way
    kept = [
        at
        for at, (column, place) in enumerate(zip(way.order, way.places, strict=True))
        if column is not None or sum(_stands_at(row, place) for row in rows) * 2 > len(rows)
    ]
    if len(kept) == len(way.order):
        return way
    return attrs.evolve(
        way,
        order=tuple(way.order[at] for at in kept),
        heads=tuple(way.heads[at] for at in kept),
        places=tuple(way.places[at] for at in kept),
    )


def _unmoved(way: Columns, printed: Sequence[str]) -> Columns:
    """
    Leave out the columns whose heads may have moved to where one was lost.

    In a head with merged cells they are those between the place in which the name that is missing
    is *printed* and the one without a name; where no cells are merged, all.
    """
    if not way.nameless.intersection(way.places):
        return way
    if way.plain:
        return attrs.evolve(way, order=(None,) * len(way.order))
    if list(way.known) != [column for column in printed if column in way.known]:
        return way  # in an order of its own each has the name that stands over it
    in_place = zip(way.order, printed, strict=False)
    kept = [column if column == own else None for column, own in in_place]
    return attrs.evolve(way, order=(*kept, *way.order[len(kept) :]))


def _read(found: Found, rows: Sequence[Row], way: Columns) -> _Way:
    """Give the cells of each row in one way to read the head."""
    own = [_by_way(row, way) for row in rows]
    moved = [
        cells is not None and _is_moved(found, row, way, cells)
        for row, cells in zip(rows, own, strict=True)
    ]
    placed = [(row, cells) for row, cells in zip(rows, own, strict=True) if cells is not None]
    others = [row for row, cells in zip(rows, own, strict=True) if cells is None]
    others = [row for row in others if row.line.grid == way.grid]
    # A row with a cell too many says nothing of the others.
    beside = sum(is_moved and not row.longer for row, is_moved in zip(rows, moved, strict=True))
    if way.places and _is_displaced(found, way, placed, others, beside):
        way, moved = attrs.evolve(way, places=(), grid=-1), [True] * len(rows)
    return _Way(
        way,
        tuple(
            _cells(found, row, way) if cells is None or is_moved else cells
            for row, cells, is_moved in zip(rows, own, moved, strict=True)
        ),
    )


def _is_displaced(
    found: Found,
    way: Columns,
    placed: Sequence[tuple[Row, Cells]],
    others: Sequence[Row],
    moved: int,
) -> bool:
    """
    Tell whether the figures of most rows stand beside their columns, the total stands in another
    column, or figures stand behind the columns where a name of the form is missing.

    *placed* are the rows of its table with the cells under its columns, of which so many have
    *moved*; *others* do not fit.
    """
    rows = [*(row for row, _ in placed), *others]
    moved += sum(_is_behind(found, row, way) for row in others)
    held = sum(bool(sums_of(found, row, cells)[0]) for row, cells in placed)
    elsewhere = sum(_adds_up_elsewhere(found, row, cells) for row, cells in placed)
    behind = sum(
        _printed_end(row) > way.places[-1].stop
        for row in rows
        if not set(row.columns) <= set(way.known)
    )
    return moved > held or elsewhere > max(1, held) or 0 < behind * 2 >= len(rows)


def _is_behind(found: Found, row: Row, way: Columns) -> bool:
    """Tell whether the figures of a row go on behind its columns, and add up as many as those."""
    cells = without_blanks(row.line, way)
    behind = _printed_end(row) > way.places[-1].stop
    return behind and cells is not None and sums_of(found, row, cells)[0] > 0


def _stands_at(row: Row, place: range) -> bool:
    return any(span.text.strip() and span.column in place for span in row.line.figures)


def _heads(ways: Sequence[Columns]) -> dict[str, str]:
    return {
        column: head
        for way in ways
        for column, head in zip(way.order, way.heads, strict=False)
        if column is not None
    }


def _remaining(
    found: Found, rows: Sequence[Row], ways: Sequence[_Way]
) -> tuple[Sequence[_Way], Proof]:
    """
    Let the sums decide between the ways to read a head: one of which they hold, and of no other;
    else all remain.
    """
    ways = _distinct([way for way in ways if way.columns.known])
    if not ways:
        return (), ""
    if len(ways) == 1:
        way = ways[0].columns
        trusted = way.printed or (bool(way.places) and way.order == rows[0].columns)
        if not trusted:
            held, broken = _support(found, rows, ways[0])
            trusted = broken * ENOUGH <= held
        return (ways, "head") if trusted else ((), "")
    counts = [_support(found, rows, way) for way in ways]
    most = max(held for held, _ in counts)
    best = [at for at, (held, _) in enumerate(counts) if held * ENOUGH > most]
    held, broken = counts[best[0]] if best else (0, 0)
    if len(best) == 1 and broken * ENOUGH <= held:
        return (ways[best[0]],), "sums"
    return ways, "order"


def _distinct(ways: Sequence[_Way]) -> list[_Way]:
    """Leave out a way that reads every row as another one does, and one that reads none."""
    if len(ways) < 2:
        return list(ways)
    kept: list[_Way] = []
    seen: list[list[dict[str, int] | None]] = []
    for way in ways:
        read = [_identities(cells) for cells in way.cells]
        if any(read) and read not in seen:
            kept.append(way)
            seen.append(read)
    return kept or list(ways[:1])


def _identities(cells: Cells | None) -> dict[str, int] | None:
    return None if cells is None else {column: id(span) for column, span in cells.items()}


def _cells(found: Found, row: Row, way: Columns) -> Cells | None:
    """Give the cells of a row in one way; where empty ones make it unsure, the sums decide."""
    placed = way.plain and row.line.grid == way.grid
    cells = assigned(row.line, way, blank_ends=row.regular and not placed)
    if cells is not None and not (way.places and _is_moved(found, row, way, cells)):
        return cells
    others = [without_blanks(row.line, way)] if set(way.known) >= set(row.columns) else []
    if not placed:
        others.append(assigned(row.line, way, blank_ends=True))
    for cells in others:
        if cells is not None:
            held, broken = sums_of(found, row, cells)
            is_zero = all(fold(span.text) == "0" for span in cells.values())
            if (held and not broken) or is_zero:
                return cells
    return None


def _end(row: Row) -> int:
    """Give the column of the grid behind the last cell of a row."""
    return max([span.column + span.columns for span in row.line.figures], default=0)


def _printed_end(row: Row) -> int:
    """Give the column behind its last figure."""
    printed = [span for span in row.line.figures if not span.is_empty]
    return max([span.column + span.columns for span in printed], default=0)


def _usual(ends: Iterable[int]) -> list[int]:
    """Give the ends that most rows have: of a tie all."""
    counts = Counter(ends) or {0: 1}
    most = max(counts.values())
    return [end for end, count in counts.items() if count == most]


def _is_moved(found: Found, row: Row, way: Columns, cells: Cells) -> bool:
    """
    Tell whether the figures of a row may stand beside their columns: its sums hold with the cells
    to the left or right, and not with its own; its last figure adds up the others, and the cell of
    the total is empty; it has a cell too many, and blank ones, of which one may be that; or it has
    a figure, and not in its only cell.
    """
    held, broken = sums_of(found, row, cells)
    if held and not broken:
        return False
    beyond = row.longer and _end(row) > way.places[-1].stop
    if beyond and any(span.is_empty for span in row.line.figures):
        return True
    if len(row.columns) == 1 and all(span.is_empty for span in cells.values()):
        return any(not span.is_empty for span in row.line.figures)
    spans = row.line.figures
    if not _may_add_up(found, row):
        return False
    places = {id(span): at for at, span in enumerate(spans)}
    for step in (-1, 1):
        beside = {
            column: places.get(id(span), -len(spans)) + step for column, span in cells.items()
        }
        moved = {column: spans[at] for column, at in beside.items() if 0 <= at < len(spans)}
        more, wrong = sums_of(found, row, moved)
        if more > held and not wrong:
            return True
    return row.shorter and _adds_up_elsewhere(found, row, cells)


def _may_add_up(found: Found, row: Row) -> bool:
    """Whether figures of a row may add up to others: there is a sum, and not all are 0."""
    return bool(sums_within(found.form, row.id)) and any(map(_number, row.line.figures))


def _number(span: Span) -> int | None:
    """Give the number that a cell shows, if it does."""
    value = figure(span.text, "signed_count").value
    return value if isinstance(value, int) else None


def _adds_up_elsewhere(found: Found, row: Row, cells: Cells) -> bool:
    """Tell whether the last figure of a row with one total adds up the others, and is not it."""
    sums = sums_within(found.form, row.id)
    totals = {ids.inside(each.right[0], row.id) for each in sums}
    if len(sums) != 1 or any(not span.is_empty for at, span in cells.items() if at in totals):
        return False
    numbers = [value for value in map(_number, row.line.figures) if value is not None]
    return len(numbers) > 1 and numbers[-1] == sum(numbers[:-1]) > 0


def _regular(rows: Sequence[Row]) -> bool:
    """
    Tell whether the rows of a table without merged cells have as many cells as columns and never
    more, so that no empty cell in them is one of the labels.
    """
    counts = [len(row.line.figures) - len(row.columns) for row in rows]
    return max(counts, default=0) <= 0 and counts.count(0) * 2 > len(counts) > 1


def _support(found: Found, rows: Sequence[Row], way: _Way) -> tuple[int, int]:
    """Count the sums within rows that hold and that are broken in one way to read the head."""
    pairs = zip(rows, way.cells, strict=True)
    counts = [sums_of(found, row, cells) for row, cells in pairs if cells is not None]
    return sum(held for held, _ in counts), sum(broken for _, broken in counts)


def sums_of(found: Found, row: Row, cells: Cells) -> tuple[int, int]:
    """Count the sums within a row that hold and that are broken; those of zeros say nothing."""
    held = broken = 0
    for parts, total in _sums_by_column(found.form, row.id):
        columns = (*parts, total)
        values = [_number(cells[column]) for column in columns if column in cells]
        numbers = [value for value in values if value is not None]
        if len(numbers) == len(columns) and any(numbers):
            is_held = sum(numbers[:-1]) == numbers[-1]
            held, broken = held + is_held, broken + (not is_held)
    return held, broken


@once
def _sums_by_column(form: Form, row: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Give the sums within a row: the columns that are added up, and that of their total."""
    return tuple(
        (tuple(ids.inside(cell, row) for cell in each.left), ids.inside(each.right[0], row))
        for each in sums_within(form, row)
    )


@once
def sums_within(form: Form, row: str) -> tuple[Equation, ...]:
    """Give the equations that add up figures of one row, or of one group of a printed line."""
    return tuple(
        each for each in form.equations if adds_up_a_row(each) and ids.is_below(each.right[0], row)
    )


def _take_equal(found: Found, row: Row, ways: Sequence[Columns]) -> None:
    """
    Take a row whose cells are more than its columns, or cannot be told apart, if all say the same;
    else leave it blank.
    """
    texts = {fold(span.text) for span in row.line.figures}
    enough = ways and len(row.line.figures) >= len(row.columns)
    whole = all(set(way.order) == set(row.columns) for way in ways)
    if enough and whole and len(texts) == 1 and texts != {""}:
        heads = _heads(ways)
        for column, cell in zip(row.columns, row.cells, strict=True):
            span = row.line.figures[0]
            known = found.form.edition.cell(cell)
            head = _beside(row, known, span, heads.get(column, ""))
            take(found, known, span, proof="order", head=head)
        return
    found.leave("R-COLUMNS" if ways else "R-HEAD", row.cells, row.line.place, row.line.printed)
