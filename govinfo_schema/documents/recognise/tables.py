"""
Read the three tables: which lines are theirs, of which edition of the form they are, and what each
of their cells says.

Every figure carries the text and the place that it was read from. What is doubtful is blank, with a
finding that names the cell.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

from govinfo_schema.data.once import once
from govinfo_schema.documents.document import Place, Span
from govinfo_schema.documents.recognise.figures import figure, is_figure
from govinfo_schema.documents.recognise.lines import Item, Line, Text
from govinfo_schema.documents.recognise.match import (
    Head,
    Match,
    align,
    assign,
    block_of,
    has_figures,
    head,
    is_printed,
    rejoined,
    running_head,
    torn_head,
)
from govinfo_schema.documents.recognise.runs import Split, agreeing, settle, splits
from govinfo_schema.findings import Finding, Level
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, adds_up_a_row, form
from govinfo_schema.form.labels import LIKE, fold, key, likeness
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS, Cell, Column, Edition, EditionName, Table
from govinfo_schema.messages import Label
from govinfo_schema.report.model import Note

_APPLICATIONS: Final = re.compile("[勾钩稽]{2}关系|申请人情况")
_DISPUTES: Final = re.compile("行政复议.{0,40}行政诉讼|结果维持|未经复议直接起诉")
SHOWN: Final = 12
"""So many of the ways to split a run are named in a message."""


@attrs.frozen(kw_only=True)
class Source:
    """Where a figure was read, and the text that stood there."""

    place: Place
    text: str


@attrs.define
class Found:
    """What was read of the tables, as far as they are read."""

    form: Form
    glued: bool = False
    """
    Whether the borders between figures are lost: some figure begins with 0, as no number does.
    """
    values: dict[str, Any] = attrs.field(factory=dict)
    sources: dict[str, Source] = attrs.field(factory=dict)
    notes: list[Note] = attrs.field(factory=list)
    findings: list[Finding] = attrs.field(factory=list)

    def report(self, code: str, *cells: str, level: Level = "warning", **operands: Any) -> None:
        """Add a finding."""
        labels = [self.form.edition.label(cell) or Label(cell, cell) for cell in cells]
        names = Label(
            "、".join(f"「{each.zh}」" for each in labels[:3]),
            ", ".join(f"“{each.en}”" for each in labels[:3]),
        )
        more = Label(
            f"等 {len(cells)} 项" if len(cells) > 3 else "",
            f" and {len(cells) - 3} more" if len(cells) > 3 else "",
        )
        self.findings.append(
            Finding(
                code=code,
                level=level,
                cells=cells,
                operands={"names": names, "more": more, **operands},
            )
        )


# ---- regions and edition ------------------------------------------------------------------------


def regions(found: Sequence[Item]) -> dict[str, list[Line]]:
    """
    Give each table the lines that may be its own: by the section they stand under, or by what they
    say.
    """
    lines: dict[str, list[Line]] = {table: [] for table in form(CURRENT).table_ids}
    table = ""
    for item in found:
        if isinstance(item, Text):
            if item.heading:
                table = item.section if item.section in lines else ""
            continue
        table = _turn(item, table)
        if table:
            lines[table].append(item)
    return lines


def _turn(line: Line, table: str) -> str:
    """
    Tell whether with this line another table begins. A document may lack headings, and a sheet or a
    page may hold all three.
    """
    text = fold(line.text)
    if "信息内容" in text and table == "":
        return "proactive"
    if table in ("", "proactive") and _APPLICATIONS.search(text):
        return "applications"
    if table in ("", "proactive", "applications") and _DISPUTES.search(text) and "申请" not in text:
        return "disputes"
    return table


def edition_of(lines: Mapping[str, Sequence[Line]]) -> EditionName | None:
    """
    Find the edition: by the heads of table 2 that not all editions share, then by the rows of table
    3 that only one has.

    None where neither tells.
    """
    texts = [
        span.text
        for line in lines["proactive"]
        for span in (*line.labels, *line.figures)
        if span.text.strip()
    ]
    votes = {
        name: sum(_says(texts, label) for label in _heads_not_shared(name)) for name in EDITIONS
    }
    likely = [name for name in EDITIONS if votes[name] == max(votes.values())]
    if len(likely) == 1:
        return likely[0]
    own = {name: _rows_not_shared(name, tuple(likely)) for name in likely}
    printed = {
        name: {match.row for match in align(lines["applications"], edition(name), "applications")}
        for name in likely
    }
    found = [name for name in likely if own[name] & printed[name]]
    if not found and any(votes.values()):
        same = all(_prints_whole(edition(name), printed[name]) for name in likely)
        found = [
            name
            for name in likely
            if not {row for row in own[name] if not (same and _is_part(edition(name), row))}
        ]
    return found[0] if len(found) == 1 else None


def _is_part(of: Edition, row: str) -> bool:
    """Say whether a row is one of those that may be printed as one."""
    return of.divisible is not None and ids.is_below(row, of.divisible)


def _prints_whole(of: Edition, printed: Collection[str]) -> bool:
    """
    Say whether the row that may be printed whole is: then its parts, which a later edition may
    have changed, tell nothing.
    """
    return of.divisible is not None and not any(_is_part(of, row) for row in printed)


@once
def _heads_not_shared(name: EditionName) -> tuple[str, ...]:
    """Give the heads of table 2 that some other edition lacks."""
    others = [_heads_of(other) for other in EDITIONS if other != name]
    return tuple(
        label
        for label in _heads_of(name)
        if any(max(likeness(label, known) for known in labels) < 0.8 for labels in others)
    )


def _heads_of(name: EditionName) -> tuple[str, ...]:
    (table, *_) = edition(name).tables
    return tuple(dict.fromkeys(column.zh for block in table.blocks for column in block.columns))


def _rows_not_shared(name: EditionName, among: tuple[EditionName, ...]) -> set[str]:
    others = [edition(other).rows_with_figures("applications") for other in among if other != name]
    return {
        row
        for row in edition(name).rows_with_figures("applications")
        if all(row not in rows for rows in others)
    }


def _says(texts: Iterable[str], label: str) -> bool:
    wanted = key(label)
    return any(
        wanted in key(text) if len(key(text)) > len(wanted) + 2 else likeness(text, label) > 0.7
        for text in texts
    )


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


# ---- cells --------------------------------------------------------------------------------------


def take(found: Found, cell: Cell, span: Span) -> None:
    """Take one cell over: its value, or why it is blank, and what stands beside the figure."""
    read = figure(span.text, cell.kind, cell.unit)
    found.sources[cell.id] = Source(place=span.place, text=span.text)
    found.values[cell.id] = read.value
    if read.doubt == "R-NONE":
        found.notes.append(Note(at=cell.id, kind="not_applicable", text=read.remark))
        found.report("R-NONE", cell.id, level="info", text=read.remark)
    elif read.doubt:
        found.report(read.doubt, cell.id, text=span.text.strip(), unit=cell.unit)
        found.notes.append(Note(at=cell.id, kind="remark", text=span.text.strip()))
    if read.value is not None and read.remark:
        found.notes.append(Note(at=cell.id, kind="remark", text=read.remark))
        found.report("R-REMARK", cell.id, level="info", text=read.remark, value=read.value)
    if read.stray:
        found.report("R-STRAY", cell.id, level="info", text=span.text.strip(), value=read.value)
    if cell.column.unit_field and read.value is not None:
        found.values[cell.column.unit_field.id] = read.unit or None


def _cells(found: Found, row: str, columns: Sequence[Column]) -> list[Cell]:
    return [found.form.edition.cell(ids.join(row, column.id)) for column in columns]


def _take_line(
    found: Found, match: Match, columns: Sequence[Column], heads: Sequence[Head]
) -> None:
    """Take the row of a table with borders over: each figure by the column whose head names it."""
    cells = _cells(found, match.row, columns)
    line = match.line
    if len(columns) == 1:
        printed = [span for span in line.figures if span.text.strip()]
        if len(printed) <= 1:
            take(found, cells[0], (*printed, *line.figures)[0])
            return
    usable = (
        [each for each in heads if each.grid == line.grid]
        or [each for each in heads if each.grid >= 0]
        or list(heads)
    )
    for each in reversed(usable):
        spans = assign(line, each)
        if spans is not None:
            for cell in cells:
                take(found, cell, spans[cell.column.id])
            return
    text = " | ".join(span.text.strip() for span in line.figures)
    found.report("R-COLUMNS" if usable else "R-HEAD", *(cell.id for cell in cells), text=text)
    for cell in cells:
        found.sources[cell.id] = Source(place=line.place, text=text)


def _take_split(
    found: Found,
    cells: Sequence[Cell],
    line: Line,
    candidates: Sequence[Split],
    *,
    whole: bool = False,
) -> None:
    """
    Take over what all ways to split a run share, and name the ways where there are several.

    *whole*: a run with several ways is blank altogether.
    """
    settled = settle(candidates)
    texts = settled.cells if settled and (settled.forced or not whole) else (None,) * len(cells)
    for cell, text in zip(cells, texts, strict=True):
        found.sources[cell.id] = Source(place=line.place, text=line.run)
        if text is not None:
            take(found, cell, Span(text=text, row=0, column=0, place=line.place))
    open_cells = [cell.id for cell, text in zip(cells, texts, strict=True) if text is None]
    if open_cells:
        shown = " | ".join(" ".join(split) for split in candidates[:SHOWN])
        shown += f" | … ({len(candidates)})" if len(candidates) > SHOWN else ""
        code = "R-SPLIT" if candidates else "R-COLUMNS"
        found.report(
            code,
            *open_cells,
            text=line.run,
            splits=shown,
            candidates=tuple(map(" ".join, candidates)),
        )


def _left_over(found: Found, lines: Sequence[Line], matches: Sequence[Match]) -> None:
    """Name every row with figures that is no row of the form."""
    taken = {id(line) for match in matches for line in match.lines}
    for line in lines:
        if is_printed(line) and id(line) not in taken:
            found.report(
                "R-LEFT",
                text=" ".join(
                    f"{line.label} "
                    f"{line.run or ' '.join(span.text for span in line.figures)}".split()
                )[:80],
            )


# ---- table 2 ------------------------------------------------------------------------------------


def read_proactive(found: Found, lines: Sequence[Line]) -> None:
    """
    Read table 2: each row under the head of its block. It has no equations: a run that can be split
    in two ways stays blank.
    """
    matches = align([line for line in lines if has_figures(line)], found.form.edition, "proactive")
    _left_over(found, lines, matches)
    for match in matches:
        columns, _ = block_of(found.form.edition, match.row)
        at = next(index for index, line in enumerate(lines) if line is match.lines[0])
        if match.line.run:
            _take_run(found, match, columns, "".join(line.text for line in lines[: at + 1]))
        else:
            heads = [each for line in lines[:at] if (each := _head_of(line, columns))]
            _take_line(found, match, columns, heads)


def _head_of(line: Line, columns: Sequence[Column]) -> Head | None:
    if line.run or line.grid < 0:
        return running_head(line.label, columns)
    return head((*line.labels, *line.figures), columns, line.grid)


def _take_run(found: Found, match: Match, columns: Sequence[Column], before: str) -> None:
    cells, line = _cells(found, match.row, columns), match.line
    tokens = _tokens(line.run)
    if len(columns) > 1 and running_head(before, columns) is None:
        found.report("R-HEAD", *(cell.id for cell in cells), text=line.run)
    elif len(tokens) == len(columns) and all(map(is_figure, tokens)):
        for cell, token in zip(cells, tokens, strict=True):
            take(found, cell, Span(text=token, row=0, column=0, place=line.place))
    else:
        digits, rest = re.fullmatch(r"([0-9 \n]*)(.*)", line.run, re.DOTALL).groups()  # type: ignore[union-attr]
        fraction = re.fullmatch(r"(?:\.[0-9]+)?(?:万?元)?", rest) and cells[-1].kind == "amount"
        candidates = _cuts(found, digits, len(columns)) if not rest or fraction else ()
        _take_split(
            found,
            cells,
            line,
            [(*split[:-1], split[-1] + rest) for split in candidates],
            whole=True,
        )


# ---- table 3 ------------------------------------------------------------------------------------


def read_applications(found: Found, lines: Sequence[Line]) -> None:
    """Read table 3, and of （六） which of its two shapes is printed."""
    edition = found.form.edition
    lines = rejoined(lines, edition, "applications")
    matches = align(lines, edition, "applications")
    whole = edition.divisible or ""
    rows = [match.row for match in matches]
    if whole in rows and not any(ids.is_below(row, whole) for row in rows):
        found.form = found.form.coarse
    fits = [match for match in matches if match.row in found.form.rows]
    _left_over(found, lines, fits)
    columns, _ = block_of(edition, edition.rows_with_figures("applications")[0])
    heads = _heads(lines, [line for match in fits for line in match.lines], columns)
    for match in fits:
        if not match.line.run:
            _take_line(found, match, columns, heads)
    running = [match for match in fits if match.line.run]
    if running:
        _take_runs(found, running, columns, named=bool(heads))


def _heads(lines: Sequence[Line], rows: Sequence[Line], columns: Sequence[Column]) -> list[Head]:
    """
    Find the head of table 3: what stands in each grid above its first row, and in a running text
    before the first.
    """
    taken = {id(line) for line in rows}
    others = [*dict.fromkeys(column.group for column in columns if column.group), "申请人情况"]
    found = []
    for grid in dict.fromkeys(line.grid for line in lines if line.grid >= 0):
        until = next(
            (at for at, line in enumerate(lines) if line.grid == grid and id(line) in taken),
            len(lines),
        )
        spans = [
            span
            for line in lines[:until]
            if line.grid == grid
            for span in (*line.labels, *line.figures)
            if span.text.strip()
        ]
        top = head(spans, columns, grid, others)
        found += [top] if top else []
    until = next((at for at, line in enumerate(lines) if id(line) in taken), len(lines) - 1)
    above = "\n".join(line.label for line in lines[: until + 1])
    running = running_head(above, columns) or torn_head(above, columns, others)
    return [*found, *([running] if running else [])]


def _take_runs(
    found: Found, matches: Sequence[Match], columns: Sequence[Column], *, named: bool
) -> None:
    """Split the runs of table 3, each by its own total and all by the sums of the columns."""
    count = len(columns)
    options: dict[str, Sequence[Split]] = {}
    # A run with fewer digits than there are columns has lost blank cells; where one has, others
    # may.
    blanks = any(sum(map(str.isdigit, match.line.run)) < count for match in matches)
    for match in matches:
        tokens = _tokens(match.line.run)
        whole = len(tokens) == count and all(re.fullmatch("[0-9]+", token) for token in tokens)
        options[match.row] = (
            [tuple(tokens)] if whole else _cuts(found, match.line.run, count, count, sums=blanks)
        )
    kept = agreeing(options, _column_sums(found, columns))
    kept = agreeing(kept, _column_sums(found, columns))
    for match in matches:
        cells = _cells(found, match.row, columns)
        if not named:
            found.report("R-HEAD", *(cell.id for cell in cells), text=match.line.run)
            continue
        _take_split(found, cells, match.line, kept[match.row])
        if len(options[match.row]) > len(kept[match.row]) == 1:
            chosen, other = (
                " ".join(split)
                for split in (
                    kept[match.row][0],
                    next(o for o in options[match.row] if o != kept[match.row][0]),
                )
            )
            found.report(
                "R-CHOSEN",
                *(cell.id for cell in cells),
                level="info",
                text=match.line.run,
                chosen=chosen,
                other=other,
            )


def _column_sums(
    found: Found, columns: Sequence[Column]
) -> list[tuple[list[tuple[str, int]], list[tuple[str, int]]]]:
    place = {column.id: number for number, column in enumerate(columns)}

    def side(cells: Iterable[str]) -> list[tuple[str, int]]:
        return [(ids.row_of(cell), place[ids.column_of(cell)]) for cell in cells]

    own = [
        each
        for each in found.form.equations
        if ids.table_of(each.left[0]) == "applications" and not adds_up_a_row(each)
    ]
    return [(side(equation.left), side(equation.right)) for equation in own]


# ---- table 4 ------------------------------------------------------------------------------------


def read_disputes(found: Found, lines: Sequence[Line]) -> None:
    """Read table 4: one row of three times five figures under a head of three groups."""
    table = next(table for table in found.form.tables if table.id == "disputes")
    cells = [cell for cell in found.form.cells.values() if ids.is_below(cell.id, "disputes")]
    text = ""
    for line in lines:
        text += line.text if not _is_data(line) else line.label
        if _is_data(line):
            _take_disputes(
                found, line, cells, _dispute_spans(line, table, lines), named=_head_is_whole(text)
            )
            return


def _is_data(line: Line) -> bool:
    printed = [span for span in line.figures if span.text.strip()]
    digits = sum(character.isdigit() for character in line.run)
    return len(line.figures) >= 15 or (len(printed) > 1 and line.grid >= 0) or digits >= 15


def _take_disputes(
    found: Found, line: Line, cells: Sequence[Cell], spans: Sequence[Span] | None, *, named: bool
) -> None:
    names = [cell.id for cell in cells]
    raw = line.run or " | ".join(span.text.strip() for span in line.figures)
    if not named:
        found.report("R-HEAD", *names, text=raw)
        return
    if spans:
        for cell, span in zip(cells, spans, strict=True):
            take(found, cell, span)
        return
    tokens = _tokens(line.run)
    if len(tokens) == len(cells):
        for cell, token in zip(cells, tokens, strict=True):
            take(found, cell, Span(text=token, row=0, column=0, place=line.place))
    elif re.fullmatch(r"[0-9\s]+", line.run):
        _take_split(found, cells, line, _cuts(found, line.run, len(cells), 5))
    else:
        found.report("R-COLUMNS", *names, text=raw)


def _head_is_whole(text: str) -> bool:
    """
    Make sure that the head names the four results of all three groups; set upright its characters
    come in any order.
    """
    folded = fold(text)
    return all(folded.count(character) >= 3 for character in "维纠审") and all(
        word in folded for word in ("复议", "诉")
    )


def _dispute_spans(line: Line, table: Table, lines: Sequence[Line]) -> list[Span] | None:
    """
    Give the fifteen cells in the order of the form: by number, or those under the heads of the
    results.
    """
    cells = list(line.figures)
    if len(cells) == 15:
        return cells
    printed = [at for at, cell in enumerate(cells) if cell.text.strip()]
    if len(printed) == 15 == printed[-1] - printed[0] + 1:
        return cells[printed[0] : printed[-1] + 1]
    results = [column.zh for column in table.blocks[0].columns]
    heads = [
        span
        for each in lines
        if each.grid == line.grid
        for span in (*each.labels, *each.figures)
        if _result(span.text, results)
    ]
    heads.sort(key=lambda span: span.column)
    if [_result(span.text, results) for span in heads] != results * 3:
        return None
    under = [
        [cell for cell in cells if cell.column <= span.column < cell.column + cell.columns]
        for span in heads
    ]
    return [each[0] for each in under] if all(len(each) == 1 for each in under) else None


def _result(text: str, results: Sequence[str]) -> str:
    return next((label for label in results if likeness(text, label) >= max(LIKE, 0.75)), "")
