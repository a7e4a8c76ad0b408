"""
Read the tables: rows by their labels, columns by their head, and each figure by what proves it.

A table of which a text has lost the borders is read from its lines: what stands behind a label is
cut into figures (``borders``) and named by the names that stand before the first of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.documents.document import Span
from govinfo_schema.documents.recognise.borders import Split, agreeing, settle, splits
from govinfo_schema.documents.recognise.columns import (
    Columns,
    Heading,
    heading_of,
    name_of,
    names_columns,
    readings_of,
    running_readings,
)
from govinfo_schema.documents.recognise.figures import is_figure
from govinfo_schema.documents.recognise.instances import is_row_across, row_of
from govinfo_schema.documents.recognise.lines import Line
from govinfo_schema.documents.recognise.proof import Row, prove
from govinfo_schema.documents.recognise.reading import Found, Source, take
from govinfo_schema.documents.recognise.rows import (
    Match,
    align,
    has_figures,
    is_printed,
    rejoined,
)
from govinfo_schema.form import ids
from govinfo_schema.form.forms import adds_up_a_row
from govinfo_schema.form.labels import fold
from govinfo_schema.form.parts import Table

SHOWN: Final = 12
"""So many of the ways to split a run are named in a message."""
_YEAR: Final = re.compile("(20[0-9]{2})年?")


@attrs.define
class _Under:
    """Rows that stand under one head, and the lines of that head."""

    heading: Heading
    head: tuple[Line, ...]
    matches: list[Match] = attrs.field(factory=list)


def read_table(
    found: Found, table: Table, lines: Sequence[Line], year: int | None, caption: str = ""
) -> None:
    """
    Read one table; *year* is the one reported on, as a head may name several; *caption* stands
    right before the table, and may say the unit.
    """
    if table.across:
        _read_across(found, table, lines, year)
    else:
        _read_rows(found, table, lines, year, caption)


# ---- tables with a row for each row of the form -------------------------------------------------


def _read_rows(
    found: Found, table: Table, lines: Sequence[Line], year: int | None, caption: str
) -> None:
    edition = found.form.edition
    lines = rejoined(lines, edition, table.id)
    if len(table.blocks) > 1:
        lines = [line for line in lines if has_figures(line) or line.labels]
    matches = align(_rows_only(lines, table), edition, table.id)
    matches += _out_of_order(lines, matches, table)
    whole = edition.divisible or ""
    rows = [match.row for match in matches]
    if whole in rows and not any(ids.is_below(row, whole) for row in rows):
        found.form = found.form.coarse
    fits = [match for match in matches if match.row in found.form.rows]
    fits = [match for match in fits if not _is_doubled(found, match, lines, table)]
    _left_over(found, lines, matches)
    for under in _grouped(found, lines, fits):
        run = [match for match in under.matches if match.line.run]
        ruled = [match for match in under.matches if not match.line.run]
        if ruled:
            _prove_rows(found, under, ruled, year, caption)
        if run:
            _take_runs(found, under, run, caption)


def _rows_only(lines: Sequence[Line], table: Table) -> list[Line]:
    """Leave out, of a table in several blocks, the heads between its rows."""
    return [line for line in lines if has_figures(line)] if len(table.blocks) > 1 else list(lines)


def _out_of_order(lines: Sequence[Line], matches: Sequence[Match], table: Table) -> Iterator[Match]:
    """Find the rows that stand in another place than in the form: their labels name them."""
    taken = {id(line) for match in matches for line in match.lines}
    missing = [line for line in lines if id(line) not in taken and line.grid >= 0]
    known = {match.row for match in matches}
    for line in missing:
        row = row_of(line, table.id)
        if row and row not in known and is_printed(line):
            yield Match(row=row, lines=(line,))


def _is_doubled(found: Found, match: Match, lines: Sequence[Line], table: Table) -> bool:
    """Leave a row blank that stands there twice with other figures, and name it."""
    own = {id(line) for line in match.lines}
    others = [
        line
        for line in lines
        if id(line) not in own and is_printed(line) and row_of(line, table.id) == match.row
    ]
    if all(_figures_of(line) == _figures_of(match.line) for line in others):
        return False
    row = found.form.edition.rows[match.row].path
    cells = found.form.rows[match.row]
    found.leave("R-COPIES", cells, match.line.place, _figures_of(match.line), row=row)
    return True


def _figures_of(line: Line) -> str:
    return line.run or " | ".join(span.text.strip() for span in line.figures)


def _left_over(found: Found, lines: Sequence[Line], matches: Sequence[Match]) -> None:
    """Name every row with figures that is no row of the form."""
    taken = {id(line) for match in matches for line in match.lines}
    for line in lines:
        if is_printed(line) and id(line) not in taken:
            text = " ".join(f"{line.label} {_figures_of(line)}".replace("|", " ").split())
            found.report("R-LEFT", text=text[:80])


def _grouped(found: Found, lines: Sequence[Line], matches: Sequence[Match]) -> list[_Under]:
    """Put rows together that stand under one head."""
    place = {id(line): at for at, line in enumerate(lines)}
    owners = {id(line): match for match in matches for line in match.lines}
    groups: list[_Under] = []
    for match in matches:
        heading = heading_of(found.form.edition, match.row)
        head = tuple(_head_above(found, lines, place[id(match.lines[0])], heading, owners))
        last = groups[-1] if groups else None
        if last is None or last.heading is not heading or last.head != head:
            groups.append(last := _Under(heading=heading, head=head))
        last.matches.append(match)
    return groups


def _head_above(
    found: Found,
    lines: Sequence[Line],
    row: int,
    heading: Heading,
    owners: Mapping[int, Match],
) -> list[Line]:
    """
    Find the head of a row: the lines nearest above it that name its columns, in its own grid before
    any other. The rows of another block end the search.
    """
    region: list[Line] = []
    for at in range(row, -1, -1):
        line = lines[at]
        owner = owners.get(id(line))
        if owner is None:
            if line.run or not is_printed(line):
                region.insert(0, line)
            continue
        if heading_of(found.form.edition, owner.row) is not heading or _names(region, heading):
            break
        # In a running text the label of the first row begins with the head.
        region = [line] if line.run else []
    return region


def _names(region: Sequence[Line], heading: Heading) -> bool:
    return any(names_columns(line, heading) for line in region)


def _prove_rows(
    found: Found, under: _Under, matches: Sequence[Match], year: int | None, caption: str
) -> None:
    head = _one_grid(under.head, under.heading)
    ways = readings_of(head, under.heading, year)
    if not ways and under.head and any(line.grid < 0 for line in under.head):
        ways = running_readings("\n".join(line.label for line in under.head), under.heading)
    rows = [Row(id=match.row, columns=under.heading.order, line=match.line) for match in matches]
    if not ways and len(under.heading.leaves) == 1 and not _is_foreign(under):
        ways = [Columns(order=under.heading.order, heads=("",), printed=True)]
    if len(under.heading.leaves) == 1 and len(ways) == 1 and None not in ways[0].order:
        rows = [attrs.evolve(row, line=_only(row.line)) for row in rows]
    prove(found, rows, ways, caption)


def _one_grid(head: Sequence[Line], heading: Heading) -> list[Line]:
    """Of the lines above a row take those of the grid whose lines name columns, the last one."""
    grid = next(
        (line.grid for line in reversed(head) if line.grid >= 0 and names_columns(line, heading)),
        None,
    )
    return [line for line in head if line.grid == grid]


def _is_foreign(under: _Under) -> bool:
    """Tell whether something else stands where the name of the only column should be."""
    return any(
        name_of(span.text, under.heading).kind == "other"
        for line in under.head
        if line.grid >= 0 and not is_printed(line)
        for span in [each for each in line.labels if each.text.strip()][1:]
    )


def _only(line: Line) -> Line:
    """Of the cells of a row with one column keep the one that is printed."""
    printed = tuple(span for span in line.figures if span.text.strip())
    return attrs.evolve(line, figures=printed or line.figures[:1]) if len(printed) < 2 else line


# ---- tables printed in one line -----------------------------------------------------------------


def _read_across(found: Found, table: Table, lines: Sequence[Line], year: int | None) -> None:
    """Read a table whose rows stand side by side in one line, under heads of several groups."""
    heading = heading_of(found.form.edition, table.id)
    head: list[Line] = []
    rows: list[Line] = []
    pieces: list[tuple[list[Line], list[Line]]] = []
    for line in lines:
        if not is_row_across(line):
            if rows:
                pieces.append((head, rows))
                head, rows = [], []
            head.append(line)
        elif line.run and sum(map(str.isdigit, line.run)) < len(heading.leaves):
            head.append(line)
        else:
            rows.append(line)
    pieces += [(head, rows)] if rows else []
    before: list[Line] = []
    for own, figures in pieces:
        named = own if _names(own, heading) or any(line.run for line in figures) else before
        _read_piece(found, table, heading, named, figures, year, whole=len(pieces) == 1)
        before = named


def _read_piece(
    found: Found,
    table: Table,
    heading: Heading,
    head: Sequence[Line],
    figures: Sequence[Line],
    year: int | None,
    *,
    whole: bool,
) -> None:
    """Read one head and the line of figures below it; *whole*: it is all of the table."""
    line = _line_of_report(figures, year)
    if line is not None and line.run:
        text = "\n".join(each.label for each in (*head, line))
        ways = running_readings(text, heading)
    else:
        ways = readings_of(head, heading, year)
    named = {column for way in ways for column in way.known}
    columns = (
        heading.order
        if whole or not ways
        else tuple(column for column in heading.order if column in named)
    )
    columns = tuple(column for column in columns if ids.join(table.id, column) not in found.sources)
    cells = [ids.join(table.id, column) for column in columns]
    if line is None:
        row = found.form.edition.label(table.id)
        text = " / ".join(_figures_of(each) for each in figures[:3])
        found.leave("R-COPIES", cells, figures[0].place, text, row=row)
    elif line.run:
        _take_run_across(found, cells, line, ways, heading)
    else:
        prove(found, [Row(id=table.id, columns=columns, line=line)], ways)


def _line_of_report(figures: Sequence[Line], year: int | None) -> Line | None:
    """
    Choose the line that is the one of this report: the only one, the one that its label names by
    the year, or the sum of all units; None where nothing tells.
    """
    figures = [line for line in figures if is_printed(line)] or figures[:1]
    if len({_figures_of(line) for line in figures}) == 1:
        return figures[0]
    totals = [fold(each) for each in read_data("readings")["copies"]["whole"]]
    labels = [fold(line.label) for line in figures]
    years = [[int(each) for each in _YEAR.findall(label)] for label in labels]
    for fits in (
        [year in each for each in years],
        [label in totals for label in labels],
    ):
        chosen = [line for line, fit in zip(figures, fits, strict=True) if fit]
        if len(chosen) == 1 and all(labels):
            return chosen[0]
    return None


# ---- lost borders -------------------------------------------------------------------------------


def is_glued(run: str) -> bool:
    """
    Tell whether figures have run together: something begins with 0, as no number does.

    >>> is_glued("160 02 0 018"), is_glued("30 4 0 0 0 0")
    (True, False)
    """
    return re.search("(?<![0-9.,])0[0-9]", run) is not None


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
    if not (is_glued(run) or (found.glued and len(run.split()) <= count // 2)):
        return ()
    return (splits(run, count, group) if group else ()) or (() if sums else splits(run, count))


def _take_runs(found: Found, under: _Under, matches: Sequence[Match], caption: str) -> None:
    """Cut the runs of rows under one head, each by its own total and all by the column sums."""
    heading = under.heading
    text = "\n".join(line.label for line in under.head)
    ways = running_readings(text, heading) or readings_of(
        _one_grid(under.head, heading), heading, None
    )
    order = ways[0].known if ways else ()
    if len(heading.leaves) == 1:
        order = heading.order
    summed = any(
        adds_up_a_row(each)
        for each in found.form.equations
        if ids.is_below(each.right[0], matches[0].row)
    )
    options = _options(found, matches, order, summed=summed)
    plain: Mapping[str, Sequence[Split]] = {
        row: cuts for row, cuts in options.items() if all(map(str.isdecimal, chain(*cuts)))
    }
    for _ in range(2):
        plain = agreeing(plain, _column_sums(found, order))
    kept = {**options, **plain}
    head = f"{caption}\n{text}"
    for match in matches:
        line = match.line
        cells = [ids.join(match.row, column) for column in order or heading.order]
        if set(order) != set(heading.order):
            found.leave("R-HEAD", found.form.rows[match.row], line.place, line.run)
            continue
        _take_split(found, cells, line, kept[match.row], whole=not summed, head=head)
        chosen = kept[match.row]
        if len(options[match.row]) > len(chosen) == 1:
            other = next(each for each in options[match.row] if each != chosen[0])
            found.report(
                "R-CHOSEN",
                *cells,
                level="info",
                text=line.run,
                chosen=" ".join(chosen[0]),
                other=" ".join(other),
            )


def _options(
    found: Found, matches: Sequence[Match], order: Sequence[str], *, summed: bool
) -> dict[str, Sequence[Split]]:
    """Give the ways to cut the run of each row."""
    count = len(order)
    # A run with fewer digits than there are columns has lost blank cells; where one has, others
    # may.
    blanks = any(sum(map(str.isdigit, match.line.run)) < count for match in matches)
    return {
        match.row: _cut(found, match.line.run, count, summed=summed, blanks=blanks)
        for match in matches
    }


def _cut(found: Found, run: str, count: int, *, summed: bool, blanks: bool) -> Sequence[Split]:
    tokens = _tokens(run)
    if len(tokens) == count and all(map(is_figure, tokens)):
        return [tuple(tokens)]
    if summed:
        return _cuts(found, run, count, count, sums=blanks)
    parts = re.fullmatch(r"([0-9 \n]*)((?:\.[0-9]+)?(?:万?元)?)", run, re.DOTALL)
    candidates = _cuts(found, parts[1], count) if parts else ()
    return [(*split[:-1], split[-1] + parts[2]) for split in candidates] if parts else []


def _take_run_across(
    found: Found,
    cells: Sequence[str],
    line: Line,
    ways: Sequence[Columns],
    heading: Heading,
) -> None:
    """Cut the run of a table that is printed in one line."""
    order = ways[0].known if ways else ()
    if set(order) != set(heading.order):
        found.leave("R-HEAD", cells, line.place, line.run)
        return
    table = ids.table_of(cells[0])
    tokens = _tokens(line.run)
    options: Sequence[Split] = ()
    if len(tokens) == len(order):
        options = [tuple(tokens)]
    elif re.fullmatch(r"[0-9\s]+", line.run):
        group = len(order) // len({leaf.groups[-1] for leaf in heading.leaves})
        options = _cuts(found, line.run, len(order), group)
    _take_split(found, [ids.join(table, column) for column in order], line, options)


def _take_split(
    found: Found,
    cells: Sequence[str],
    line: Line,
    candidates: Sequence[Split],
    *,
    whole: bool = False,
    head: str = "",
) -> None:
    """
    Take over what all ways to split a run share, and name the ways where there are several.

    *whole*: a run with several ways is blank altogether.
    """
    settled = settle(candidates)
    texts = settled.cells if settled and (settled.forced or not whole) else (None,) * len(cells)
    apart = len(_tokens(line.run)) == len(cells)
    for cell, text in zip(cells, texts, strict=True):
        found.sources[cell] = Source(place=line.place, text=line.run)
        if text is not None:
            take(
                found,
                found.form.edition.cell(cell),
                Span(text=text, row=0, column=0, place=line.place),
                proof="head" if apart else "sums" if settled and settled.forced else "order",
                head=head,
            )
    open_cells = [cell for cell, text in zip(cells, texts, strict=True) if text is None]
    if open_cells:
        shown = " | ".join(" ".join(split) for split in candidates[:SHOWN])
        shown += f" | … ({len(candidates)})" if len(candidates) > SHOWN else ""
        found.report(
            "R-SPLIT" if candidates else "R-COLUMNS",
            *open_cells,
            text=line.run,
            splits=shown,
            candidates=tuple(map(" ".join, candidates)),
        )


def _column_sums(
    found: Found, order: Sequence[str]
) -> list[tuple[list[tuple[str, int]], list[tuple[str, int]]]]:
    place = {column: number for number, column in enumerate(order)}

    def side(cells: Iterable[str]) -> list[tuple[str, int]]:
        return [(ids.row_of(cell), place[ids.column_of(cell)]) for cell in cells]

    own = [
        each
        for each in found.form.equations
        if not adds_up_a_row(each)
        and all(ids.column_of(cell) in place for cell in (*each.left, *each.right))
    ]
    return [(side(equation.left), side(equation.right)) for equation in own]
