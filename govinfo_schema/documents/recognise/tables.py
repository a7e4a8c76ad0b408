"""
Read the tables: rows by their labels, columns by their head, and each figure by what proves it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.documents.logger import LOGGER, is_logged
from govinfo_schema.documents.recognise.columns import readings_of
from govinfo_schema.documents.recognise.headings import (
    Columns,
    Heading,
    heading_of,
    name_of,
    names_columns,
    running_names,
    shown_years,
)
from govinfo_schema.documents.recognise.instances import is_nameless, is_row_across, row_of
from govinfo_schema.documents.recognise.lines import Line
from govinfo_schema.documents.recognise.proof import Row, prove, sums_within
from govinfo_schema.documents.recognise.reading import Found
from govinfo_schema.documents.recognise.rows import Match, align
from govinfo_schema.documents.recognise.running_heads import running_readings
from govinfo_schema.documents.recognise.running_labels import in_one
from govinfo_schema.documents.recognise.runs import take_run_across, take_runs
from govinfo_schema.form import ids
from govinfo_schema.form.labels import fold
from govinfo_schema.form.parts import Table


@attrs.define
class _Under:
    """Rows that stand under one head, and the lines of that head."""

    heading: Heading
    head: tuple[Line, ...]
    matches: list[Match] = attrs.field(factory=list)


def read_table(
    found: Found, table: Table, lines: Sequence[Line], year: int | None, around: str = ""
) -> None:
    """
    Read one table; *year* is the one reported on, as a head may name several; *around* stands
    before and behind the table, and may say the unit.
    """
    texts = [
        fold(span.text) if line.grid >= 0 else span.text
        for line in lines
        if line.run or not line.is_printed
        for span in (*line.labels, *line.figures)
    ]
    found.around[table.id] = "\n".join((around, *texts))
    if table.across:
        _read_across(found, table, lines, year)
    else:
        _read_rows(found, table, lines, year)
    if is_logged():
        proofs = Counter(
            source.proof or "blank"
            for cell, source in found.sources.items()
            if ids.is_below(cell, table.id)
        )
        LOGGER.debug("table %s: %d lines, figures proved by %s", table.id, len(lines), dict(proofs))


# ---- tables with a row for each row of the form -------------------------------------------------


def _read_rows(found: Found, table: Table, lines: Sequence[Line], year: int | None) -> None:
    edition = found.form.edition
    lines = in_one(lines, edition, table.id)
    if len(table.blocks) > 1:
        lines = [line for line in lines if line.has_figures or line.labels]
    matches = align(_rows_only(lines, table), edition, table.id)
    matches += _out_of_order(lines, matches, table)
    whole = edition.divisible or ""
    rows = [match.row for match in matches]
    if whole in rows and not any(ids.is_below(row, whole) for row in rows):
        found.form = found.form.coarse
    fits = [match for match in matches if match.row in found.form.rows]
    parts = [match for match in fits if whole and ids.is_below(match.row, whole)]
    if len(parts) == 1 and _parts_of(found, whole) > 2:
        # One part alone may be the row itself, its label torn.
        fits.remove(parts[0])
    again = _again(lines, fits, table)
    taken = _lines_of(matches)
    behind = {id(line): after for line, after in pairwise(lines) if id(after) not in taken}
    nameless = any(is_nameless(line) for line in lines if id(line) not in taken)
    doubled = [match for match in fits if _differ(match, again.get(match.row, ()))]
    # Where a row may be blank in one copy, or without a label, nothing tells of which the other is.
    torn = bool(doubled) and (nameless or (_are_drawn(lines) and len(doubled) * 2 > len(fits)))
    twice = {match.row for match in (fits if torn else doubled)}
    for match in fits:
        if match.row in twice:
            row = edition.rows[match.row].path
            cells, line = found.form.rows[match.row], match.line
            found.leave("R-COPIES", cells, line.place, line.printed, row=row)
    fits = [match for match in fits if match.row not in twice]
    fits = [match for match in fits if not _is_split(found, match, behind)]
    _left_over(found, lines, taken)
    for under in _grouped(found, lines, fits):
        run = [match for match in under.matches if match.line.run]
        ruled = [match for match in under.matches if not match.line.run]
        if ruled:
            _prove_rows(found, under, ruled, year)
        if run:
            _prove_runs(found, under, run)


def _parts_of(found: Found, whole: str) -> int:
    """Count the rows that a row may be printed in."""
    return sum(ids.is_below(row, whole) for row in found.form.rows)


def _rows_only(lines: Sequence[Line], table: Table) -> list[Line]:
    """Leave out, of a table in several blocks, the heads between its rows."""
    return [line for line in lines if line.has_figures] if len(table.blocks) > 1 else list(lines)


def _lines_of(matches: Iterable[Match]) -> set[int]:
    """Give the identities of the lines that were taken for rows."""
    return {id(line) for match in matches for line in match.lines}


def _out_of_order(lines: Sequence[Line], matches: Sequence[Match], table: Table) -> Iterator[Match]:
    """Find the rows that stand in another place than in the form: their labels name them."""
    taken = _lines_of(matches)
    missing = [line for line in lines if id(line) not in taken and line.grid >= 0]
    known = {match.row for match in matches}
    for line in missing:
        row = row_of(line, table.id)
        if row and row not in known and line.is_printed:
            known.add(row)
            yield Match(row=row, lines=(line,))


def _differ(match: Match, others: Sequence[Line]) -> bool:
    """Tell whether a row stands there twice with other figures."""
    return any(line.printed != match.line.printed for line in others)


def _is_split(found: Found, match: Match, behind: Mapping[int, Line]) -> bool:
    """
    Leave a row blank behind which figures stand without a label: they may be its own. *behind*
    gives the line behind each, where that is no row.
    """
    line = behind.get(id(match.lines[-1]))
    if line is None or line.label.strip() or not line.is_printed or line.grid != match.line.grid:
        return False
    text = f"{match.line.printed} / {line.printed}"
    found.leave("R-COLUMNS", found.form.rows[match.row], match.line.place, text)
    return True


def _again(
    lines: Sequence[Line], matches: Sequence[Match], table: Table
) -> Mapping[str, list[Line]]:
    """Give the lines with figures that have the label of a row and were not taken for it."""
    taken = _lines_of(matches)
    ruled = {match.row: match.line.grid >= 0 for match in matches}
    found: dict[str, list[Line]] = {}
    for line in lines:
        if id(line) not in taken and line.is_printed:
            row = row_of(line, table.id)
            if row in ruled and ruled[row] == (line.grid >= 0):
                found.setdefault(row, []).append(line)
    return found


def _left_over(found: Found, lines: Sequence[Line], taken: AbstractSet[int]) -> None:
    """Name every row with figures that was not taken for a row of the form."""
    for line in lines:
        if line.is_printed and id(line) not in taken:
            text = " ".join(f"{line.label} {line.printed}".replace("|", " ").split())
            found.report("R-LEFT", text=text[:80])


def _grouped(found: Found, lines: Sequence[Line], matches: Sequence[Match]) -> list[_Under]:
    """Put rows together that stand under one head."""
    place = {id(line): at for at, line in enumerate(lines)}
    owners = {id(line): match for match in matches for line in match.lines}
    groups: list[_Under] = []
    for match in matches:
        heading = heading_of(found.form.edition, match.row)
        first = place[id(match.lines[0])]
        last = groups[-1] if groups else None
        is_next = last is not None and last.heading is heading and first > 0
        if (
            last
            and is_next
            and last.matches[-1].lines == (lines[first - 1],)
            and not lines[first].run
        ):
            head = last.head  # nothing stands between the two rows
        else:
            head = tuple(_head_above(found, lines, first, heading, owners))
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
            if line.run or not line.is_printed:
                region.insert(0, line)
            continue
        if heading_of(found.form.edition, owner.row) is not heading or (
            region and names_columns(region, heading)
        ):
            break
        # In a running text the label of the first row begins with the head.
        region = [line] if line.run else []
    return region


def _prove_rows(found: Found, under: _Under, matches: Sequence[Match], year: int | None) -> None:
    ways = _ways(under.head, _one_grid(under.head, under.heading), under.heading, year)
    rows = [Row(id=match.row, columns=under.heading.order, line=match.line) for match in matches]
    if any(map(_is_unruled, under.head)):
        ways = [*ways, *_with_total(found, rows[0], ways)]
    ways = ways or _only_column(under)
    if len(under.heading.leaves) == 1 and len(ways) == 1 and None not in ways[0].order:
        rows = [attrs.evolve(row, line=_only(row.line, ways[0])) for row in rows]
    prove(found, rows, ways)


def _ways(
    every: Sequence[Line], head: Sequence[Line], heading: Heading, year: int | None
) -> Sequence[Columns]:
    """
    Read a head in every way; where it does not name all columns, read *every* line over the
    figures, if some of them are running text.
    """
    ways: Sequence[Columns] = readings_of(head, heading, year)
    whole = any(set(way.known) == set(heading.order) for way in ways)
    if not whole and any(line.grid < 0 for line in every) and not any(map(_is_unruled, every)):
        text = "\n".join(" ".join(span.text for span in line.labels) for line in every)
        ways = running_readings(text, heading, drawn=_are_drawn(every)) or ways
    return ways


def _with_total(found: Found, row: Row, ways: Sequence[Columns]) -> Iterator[Columns]:
    """
    Read a head without rules that names all columns but the total, and has one place without a
    name, as if that named it: the sums have to tell.
    """
    totals = {ids.inside(each.right[0], row.id) for each in sums_within(found.form, row.id)}
    for way in ways:
        if way.nameless and len(way.order) == len(row.columns):
            pairs = zip(way.order, row.columns, strict=True)
            missing = [own for column, own in pairs if column != own]
            if len(missing) == 1 and totals.issuperset(missing):
                yield attrs.evolve(way, order=row.columns, printed=True, nameless=frozenset())


def _is_unruled(line: Line) -> bool:
    """Whether it is a line of a table without rules, whose texts have their places."""
    return line.stub is not None


def _are_drawn(lines: Iterable[Line]) -> bool:
    """
    Whether text is of drawn pages, which know where it stood. What stands there on different lines
    may have stood side by side.
    """
    return any(line.grid < 0 and line.place.box is not None for line in lines)


def _prove_runs(found: Found, under: _Under, matches: Sequence[Match]) -> None:
    heading = under.heading
    text = "\n".join(line.label for line in under.head)
    ways: Sequence[Columns] = ()
    if not any(map(_is_unruled, under.head)):
        drawn = _are_drawn([*under.head, *(match.line for match in matches)])
        ways = running_readings(text, heading, drawn=drawn)
    ways = ways or readings_of(_one_grid(under.head, heading), heading, None)
    ways = ways or _only_column(under)
    rows = [Row(id=match.row, columns=heading.order, line=match.line) for match in matches]
    take_runs(found, rows, ways, heading, text)


def _one_grid(head: Sequence[Line], heading: Heading) -> list[Line]:
    """Of the lines above a row take those of the grid whose lines name columns, the last one."""
    grid = next(
        (
            line.grid
            for line in reversed(head)
            if line.grid >= 0
            and names_columns([each for each in head if each.grid == line.grid], heading)
        ),
        None,
    )
    return [line for line in head if line.grid == grid]


def _only_column(under: _Under) -> Sequence[Columns]:
    """Read a head that names nothing: the only column of a block needs no name."""
    if len(under.heading.leaves) > 1 or _is_foreign(under):
        return []
    return [Columns(order=under.heading.order, heads=("",), printed=True)]


def _is_foreign(under: _Under) -> bool:
    """Tell whether something else stands where the name of the only column should be."""
    texts = [
        text
        for line in under.head
        if line.grid < 0 or not line.is_printed
        for text in _after_the_first(line)
    ]
    if under.head and all(len(line.labels) == 1 for line in under.head):
        texts += [under.head[-1].label]  # cells one below the other: the last is the head
    return any(name_of(text, under.heading).kind == "other" for text in texts)


def _after_the_first(line: Line) -> list[str]:
    """Give what stands behind the first text of a line of a head, which is that of the labels."""
    if line.grid < 0:
        rows = [row.split() for row in line.label.split("\n")[:-1]]
        return [text for row in rows for text in row[1:]]
    return [span.text for span in line.labels if span.text.strip()][1:]


def _only(line: Line, way: Columns) -> Line:
    """Of the cells of a row with one column keep the one that is printed, if the row is whole."""
    printed = tuple(span for span in line.figures if not span.is_empty)
    ends = [span.column + span.columns for span in (*line.labels, *line.figures)]
    if not printed and way.places and line.grid == way.grid and max(ends) < way.places[-1].stop:
        return line
    return attrs.evolve(line, figures=printed or line.figures[:1]) if len(printed) < 2 else line


# ---- tables printed in one line -----------------------------------------------------------------


@attrs.frozen(kw_only=True)
class _Piece:
    """
    A head and the lines of figures below it, of a table printed in one line; *whole*: it is all of
    the table; *beside*: another head stands there, without figures.
    """

    table: str
    head: Sequence[Line]
    rows: Sequence[Line]
    whole: bool
    beside: bool


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
    beside = len(pieces) == 1 and _has_two_heads(lines, heading)
    before: list[Line] = []
    for own, figures in pieces:
        is_named = names_columns(own, heading) or any(line.run for line in figures)
        before = own if is_named else before
        whole = len(pieces) == 1
        piece = _Piece(table=table.id, head=before, rows=figures, whole=whole, beside=beside)
        _read_piece(found, heading, piece, year)


def _has_two_heads(lines: Sequence[Line], heading: Heading) -> bool:
    """
    Tell whether the head of a table stands twice on one page: whose figures stand there, nothing
    tells. On the next page it may be the same once more.
    """
    counts = Counter(
        name.label
        for line in lines
        for span in (*line.labels, *line.figures)
        for name, _ in running_names(span.text, heading)
        if name.kind == "group"
    )
    one_page = len({line.place.page for line in lines}) == 1
    return one_page and len(counts) > 1 and min(counts.values()) > 1


def _read_piece(
    found: Found,
    heading: Heading,
    piece: _Piece,
    year: int | None,
) -> None:
    """Read one head and the line of figures below it."""
    line = None if piece.beside else _line_of_report(piece.rows, year)
    if line is not None and line.run:
        own = (*piece.head, line)
        text = "\n".join(each.label for each in own)
        ways: Sequence[Columns] = running_readings(text, heading, drawn=_are_drawn(own))
    else:
        ways = _ways(piece.head, piece.head, heading, year)
    named = {column for way in ways for column in way.known}
    columns = tuple(
        column
        for column in heading.order
        if (piece.whole or not ways or column in named)
        and ids.join(piece.table, column) not in found.sources
    )
    first = line or piece.rows[0]
    row = Row(id=piece.table, columns=columns, line=first, regular=not first.labels)
    if line is None:
        text = " / ".join(each.printed for each in piece.rows[:3])
        label = found.form.edition.label(piece.table)
        found.leave("R-COPIES", row.cells, row.line.place, text, row=label)
    elif line.run:
        take_run_across(found, row, ways, heading)
    else:
        prove(found, [row], ways)


def _line_of_report(figures: Sequence[Line], year: int | None) -> Line | None:
    """
    Choose the line that is the one of this report: the only one, the one that its label names by
    the year, or the sum of all units; None where nothing tells.
    """
    figures = [line for line in figures if line.printed.strip(" |")] or figures[:1]
    copies = read_data("readings")["copies"]
    labels = [fold(line.label) for line in figures]
    years = [*map(shown_years, labels)]
    if len({line.printed for line in figures}) == 1:
        return figures[0] if year is None or not years[0] or year in years[0] else None
    of_year = re.compile(f"{year}(年度?)?({'|'.join((*copies['whole'], *copies['this_year']))})?")
    for fits in (
        [of_year.fullmatch(label) is not None for label in labels],
        [label in copies["this_year"] for label in labels],
        [label in copies["whole"] and not any(years) for label in labels],
    ):
        chosen = [line for line, fit in zip(figures, fits, strict=True) if fit]
        if len(chosen) == 1 and all(labels):
            return chosen[0]
    return None
