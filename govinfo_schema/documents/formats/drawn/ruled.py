"""
The tables of a page that lines enclose: their cells, merged ones whole, and what stands in them.

Where no line encloses a table, coloured boxes that leave no gap may make one up.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Final

import attrs
import msgspec

from govinfo_schema.documents.document import Aside, Grid
from govinfo_schema.documents.formats.drawn.drawing import Box, Drawing, Rule, Sign
from govinfo_schema.documents.formats.drawn.text import Line, lines, place_at
from govinfo_schema.documents.formats.drawn.visible import asides, mark_notes
from govinfo_schema.documents.grids import TooManyCells, check_count, span_at

MAX_RULES: Final = 4_000
"""No page of a report is ruled with more lines, or has more coloured areas."""
_NEAR: Final = 3.0
"""So near, in points, two lines are one."""
_DOUBLE: Final = 4.5
"""Between lines that are no farther from each other no text has room: they are one."""
_APART: Final = 1.0
"""Lines that are farther from each other are of two tables, if they do not touch."""
_DASH: Final = 12.0
"""No dash of a broken line is longer."""
_TOUCH: Final = 0.2
"""What is no farther from each other touches."""
_WIDER: Final = 2.0
"""No gap of a broken line is so many times as wide as most."""
_OPEN: Final = 3
"""Where so many lines end, a table is open."""
_COVERED: Final = 0.95
"""Coloured boxes that cover such a share of a table are all its cells."""
_ROOM: Final = 12.0
"""
What a cell leaves free beside its text, in points: where no sign more would fit, a line was broken
for want of room.
"""
_TIGHT: Final = 0.1
"""What is drawn after something else with no wider a gap, in sizes of a sign, goes on with it."""
_INSET: Final = 0.8
"""Text that begins no farther from the edge of its cell, in sizes of a sign, is set at the left."""
_MAX_STEPS: Final = 5_000_000


@attrs.frozen
class Table:
    """The cells of a table, each a box."""

    cells: tuple[Box, ...]

    @property
    def box(self) -> Box:
        """The box around it."""
        lefts, tops, rights, bottoms = zip(*self.cells, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)


def tables(drawing: Drawing) -> list[Table]:
    """
    Find the tables of a page, from top to bottom.

    Raises: TooManyCells if it is ruled with more lines than any report.
    """
    if max(len(drawing.level) + len(drawing.upright), len(drawing.fills)) > MAX_RULES:
        raise TooManyCells
    level, upright = _merged(drawing.level), _merged(drawing.upright)
    level, upright = (
        _merged([*level, *_open_sides(upright, level)]),
        _merged([*upright, *_open_sides(level, upright)]),
    )
    found = _several(level, upright)
    if found or not drawing.fills:
        return found
    boxes = [fill.box for fill in drawing.fills]
    sides = [Rule(y, x0, x1) for x0, top, x1, bottom in boxes for y in (top, bottom)]
    edges = [Rule(x, top, bottom) for x0, top, x1, bottom in boxes for x in (x0, x1)]
    both = _merged([*level, *sides]), _merged([*upright, *edges])
    return [table for table in _several(*both) if _is_whole(table)]


def _is_whole(table: Table) -> bool:
    """Tell whether coloured boxes make up a whole table, rather than only its heads."""
    left, top, right, bottom = table.box
    filled = sum((cell[2] - cell[0]) * (cell[3] - cell[1]) for cell in table.cells)
    columns, rows = (
        _places(edge for cell in table.cells for edge in (cell[at], cell[at + 2])) for at in (0, 1)
    )
    return (
        len(columns) > 3 and len(rows) > 4 and filled > _COVERED * (right - left) * (bottom - top)
    )


# ---- lines --------------------------------------------------------------------------------------


def _merged(rules: Iterable[Rule]) -> list[Rule]:
    """Make one of the lines that are one: side by side, end to end, or the dashes of one."""
    found: list[Rule] = []
    row: list[Rule] = []
    for rule in (*sorted(rules, key=attrgetter("place")), None):
        if row and (rule is None or rule.place - row[-1].place > _DOUBLE):
            found += _merged_row(row)
            row = []
        if rule is not None:
            row.append(rule)
    return found


def _merged_row(row: Sequence[Rule]) -> Iterator[Rule]:
    """Merge lines at nearly the same place; those of two tables do not move each other."""
    ends = _joined((each.begin, each.end) for each in row)
    apart = row[-1].place - row[0].place > _APART
    begins = [begin for begin, _ in ends]
    own: dict[int, list[float]] = defaultdict(list)
    for each in row:
        at = bisect_right(begins, each.begin) - 1 if apart else 0
        if at >= 0 and (not apart or each.begin <= ends[at][1]):
            own[at].append(each.place)
    for at, (begin, end) in enumerate(ends):
        places = own[at if apart else 0]
        yield Rule(sum(places) / len(places), begin, end)


def _joined(parts: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join the parts of a line that touch, and those of a broken one."""
    whole = _connected(sorted(parts), _TOUCH)
    gaps = sorted(after[0] - before[1] for before, after in pairwise(whole))
    dashes = sum(end - begin <= _DASH for begin, end in whole)
    broken = len(gaps) >= _OPEN and dashes > len(whole) / 2
    gap = _WIDER * gaps[len(gaps) // 2] if broken else _NEAR
    found = _connected(whole, max(gap, _NEAR) if gap <= _DASH else _NEAR)
    return [(begin, end) for begin, end in found if end - begin >= _NEAR]


def _connected(parts: Iterable[tuple[float, float]], gap: float) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for begin, end in parts:
        if found and begin <= found[-1][1] + gap:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found


def _open_sides(rules: Sequence[Rule], across: Sequence[Rule]) -> Iterator[Rule]:
    """
    Close the tables that are ruled but left open at a side, or at the end of a page: give the lines
    across that are missing where several lines end at the same place, each between two lines that
    another line across joins.
    """
    for end, outermost, sign in (("begin", min, 1), ("end", max, -1)):
        for place, count in Counter(round(getattr(rule, end)) for rule in rules).items():
            ends = sorted(rule.place for rule in rules if abs(getattr(rule, end) - place) <= 1)
            inside = [each for each in across if each.begin <= ends[-1] and each.end >= ends[0]]
            edge = outermost((each.place for each in inside), default=place)
            if count < _OPEN or sign * (edge - place) < -2 * _NEAR:
                continue
            for one, other in pairwise(ends):
                joining = [
                    each.place
                    for each in inside
                    if each.begin <= one + _NEAR and each.end >= other - _NEAR
                ]
                if joining and min(abs(each - place) for each in joining) > 2 * _NEAR:
                    yield Rule(edge if abs(edge - place) <= 2 * _NEAR else place, one, other)


def _places(found: Iterable[float]) -> list[float]:
    """Give the lines of a table in one direction, those that are one as one."""
    places: list[float] = []
    for place in sorted(set(found)):
        if not places or place - places[-1] > _DOUBLE:
            places.append(place)
    return places


# ---- cells --------------------------------------------------------------------------------------

_Point = tuple[float, float]


def _several(level: Sequence[Rule], upright: Sequence[Rule]) -> list[Table]:
    """Find the tables of more than one column that lines enclose."""
    found = [Table(cells) for cells in _touching(_cells(level, upright)) if len(cells) > 1]
    found.sort(key=lambda table: min((cell[1], cell[0]) for cell in table.cells))
    return [table for table in found if len({round(cell[0]) for cell in table.cells}) > 1]


def _cells(level: Sequence[Rule], upright: Sequence[Rule]) -> Iterator[Box]:
    """Give the smallest box that lines enclose right of and below each of their crossings."""
    crossings: dict[_Point, tuple[set[int], set[int]]] = {}
    below: dict[int, list[_Point]] = defaultdict(list)
    beside: dict[int, list[_Point]] = defaultdict(list)
    for column, line in enumerate(sorted(upright, key=attrgetter("place", "begin"))):
        for row, rule in enumerate(sorted(level, key=attrgetter("place", "begin"))):
            if (
                line.begin - _DOUBLE <= rule.place <= line.end + _DOUBLE
                and rule.begin - _DOUBLE <= line.place <= rule.end + _DOUBLE
            ):
                point = line.place, rule.place
                columns, rows = crossings.setdefault(point, (set(), set()))
                columns.add(column)
                rows.add(row)
                below[column].append(point)
                beside[row].append(point)
    check_count(len(crossings))
    steps = 0
    for point, (columns, rows) in crossings.items():
        under = sorted(p for column in columns for p in below[column] if p[1] > point[1])
        right = sorted(p for row in rows for p in beside[row] if p[0] > point[0])
        for down in under:
            corner = next(
                (
                    (across[0], down[1])
                    for across in right
                    if (corner := crossings.get((across[0], down[1])))
                    and corner[0] & crossings[across][0]
                    and corner[1] & crossings[down][1]
                ),
                None,
            )
            steps += len(right)
            if corner:
                yield (*point, *corner)
                break
        if steps > _MAX_STEPS:
            raise TooManyCells


def _touching(cells: Iterable[Box]) -> list[tuple[Box, ...]]:
    """Put the cells together that share corners, directly or by way of others."""
    groups: dict[_Point, list[Box]] = {}
    for cell in cells:
        x0, top, x1, bottom = cell
        corners = ((x0, top), (x0, bottom), (x1, top), (x1, bottom))
        near = {id(group): group for corner in corners if (group := groups.get(corner))}
        joined = max(near.values(), key=len, default=[])
        for group in near.values():
            if group is not joined:
                joined += group
                groups.update(dict.fromkeys(_corners(group), joined))
        joined.append(cell)
        groups.update(dict.fromkeys(corners, joined))
    return [tuple(group) for group in {id(group): group for group in groups.values()}.values()]


def _corners(cells: Iterable[Box]) -> Iterator[_Point]:
    for x0, top, x1, bottom in cells:
        yield from ((x0, top), (x0, bottom), (x1, top), (x1, bottom))


# ---- what stands in them ------------------------------------------------------------------------


def grid(
    table: Table, drawing: Drawing, signs: Iterable[Sign], page: int, number: int
) -> tuple[Grid, list[Sign]]:
    """Make a grid of a table and the signs in it; give the signs that stand in no cell too."""
    columns, rows = _edges(table)
    slots = _slots(table, columns, rows)
    held, outside = _held(slots, columns, rows, signs)
    spans = []
    for cell, row, column, size in laid_out(table):
        inside = held[cell]
        mark_notes(inside)
        place = msgspec.structs.replace(
            place_at(page, cell, number), row=row + 1, column=column + 1
        )
        left_out = asides(inside, place)
        text = _cell_text(lines(inside), cell)
        if not text and any(_is_within(box, cell) for box in drawing.pictures):
            left_out += (Aside(kind="picture", place=place),)
        spans.append(span_at(text, row, column, place, asides=left_out, **size))
    spans.sort(key=lambda span: (span.row, span.column))
    return Grid(spans=tuple(spans)), outside


def laid_out(table: Table) -> Iterator[tuple[Box, int, int, dict[str, int]]]:
    """Give each cell of a table, its row and its column, and over how many of them it is merged."""
    columns, rows = _edges(table)
    for cell in table.cells:
        column, row, right, lower = _slot(cell, columns, rows)
        yield cell, row, column, {"rows": max(lower - row, 1), "columns": max(right - column, 1)}


def _edges(table: Table) -> tuple[list[float], list[float]]:
    """Give the places of the lines between the columns of a table, and between its rows."""
    columns = _places(edge for cell in table.cells for edge in (cell[0], cell[2]))
    rows = _places(edge for cell in table.cells for edge in (cell[1], cell[3]))
    return columns, rows


def _slot(cell: Box, columns: Sequence[float], rows: Sequence[float]) -> tuple[int, int, int, int]:
    """Give the columns and rows between which a cell stands."""
    x0, y0, x1, y1 = (
        _nearest(places, edge)
        for places, edge in zip((columns, rows, columns, rows), cell, strict=True)
    )
    return x0, y0, x1, y1


def _nearest(places: Sequence[float], edge: float) -> int:
    """Tell which of some places in order is next to another, the first of two."""
    after = bisect_left(places, edge)
    if not 0 < after < len(places):
        return min(after, len(places) - 1)
    return after - (edge - places[after - 1] <= places[after] - edge)


def _slots(
    table: Table, columns: Sequence[float], rows: Sequence[float]
) -> dict[tuple[int, int], list[Box]]:
    """Give for each place of a grid the cells that may hold it."""
    check_count(len(columns) * len(rows))
    slots: dict[tuple[int, int], list[Box]] = defaultdict(list)
    for cell in table.cells:
        x0, y0, x1, y1 = _slot(cell, columns, rows)
        for row in range(y0 - 1, y1 + 1):
            for column in range(x0 - 1, x1 + 1):
                slots[row, column].append(cell)
    return slots


def _held(
    slots: dict[tuple[int, int], list[Box]],
    columns: Sequence[float],
    rows: Sequence[float],
    signs: Iterable[Sign],
) -> tuple[dict[Box, list[Sign]], list[Sign]]:
    """
    Give each cell the signs whose middle is in it. Text that is longer than its cell belongs to
    that cell as a whole, whatever cells it runs over.
    """

    def cell_at(sign: Sign) -> Box | None:
        x, y = sign.x, sign.y
        for cell in slots.get((bisect_right(rows, y) - 1, bisect_right(columns, x) - 1), ()):
            if cell[0] <= x < cell[2] and cell[1] <= y < cell[3]:
                return cell
        return None

    held: dict[Box, list[Sign]] = defaultdict(list)
    outside: list[Sign] = []
    for text in _texts(signs):
        cells = [cell_at(sign) for sign in text]
        own = _owner(text, cells) if len(set(cells)) > 1 else cells
        for sign, cell in zip(text, own, strict=True):
            (held[cell] if cell else outside).append(sign)
    return held, outside


def _texts(signs: Iterable[Sign]) -> Iterator[list[Sign]]:
    """
    Go through what was drawn without a gap: runs, those of several fonts together. Two figures are
    never one, whatever is between them.
    """
    text: list[Sign] = []
    for _, group in groupby(signs, key=attrgetter("run")):
        run = list(group)
        if text and not (
            abs(run[0].base - text[-1].base) <= 1
            and abs(run[0].x0 - text[-1].x1) <= _TIGHT * run[0].size
            and not run[0].text.isdigit()
        ):
            yield text
            text = []
        text += run
    if text:
        yield text


def _owner(text: Sequence[Sign], cells: list[Box | None]) -> list[Box | None]:
    """
    Give the cell of each sign of a text that runs over several: all are of the cell at whose left
    edge it begins, in whose middle it is centred, or at whose right edge it ends.
    """
    if any(sign.turn or sign.text.isspace() for sign in text):
        return cells
    begin, end, size = text[0].x0, text[-1].x1, text[0].size
    first, last = cells[0], cells[-1]
    own = first
    if not (first and begin <= first[0] + _INSET * size):
        centred = (c for c in cells if c and abs(begin + end - c[0] - c[2]) <= 2 * _NEAR)
        own = next(centred, last if last and end >= last[2] - _INSET * size else first)
    return [own] * len(text)


def _is_within(box: Box, cell: Box) -> bool:
    return (
        box[0] > cell[0] - _NEAR
        and box[1] > cell[1] - _NEAR
        and box[2] < cell[2] + _NEAR
        and box[3] < cell[3] + _NEAR
        and box[2] - box[0] > _NEAR
        and box[3] - box[1] > _NEAR
    )


def _cell_text(found: Sequence[Line], cell: Box) -> str:
    """Give the text of a cell. A line that was broken for want of room goes on in the next one."""
    text = ""
    before: Line | None = None
    for line in found:
        sign = line.signs[0].x1 - line.signs[0].x0
        full = before and cell[2] - cell[0] - (before.box[2] - before.box[0]) < sign + _ROOM
        indented = (
            before
            and before.box[0] > line.box[0] + _NEAR
            and cell[2] - before.box[2] < sign + _ROOM / 2
        )
        text += line.text if full or indented or not before else f"\n{line.text}"
        before = line
    return text
