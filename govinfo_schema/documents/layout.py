"""
A report as a document, as the form is printed: six sections, three tables with their merged heads,
blank stays blank.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs
import msgspec

from govinfo_schema.data import read_data
from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.document import (
    HINT,
    REMARK,
    Block,
    Document,
    Grid,
    Mark,
    Paragraph,
    Span,
)
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form
from govinfo_schema.form.parts import Block as FormBlock
from govinfo_schema.form.parts import Cell, Column, Field, Row, Table
from govinfo_schema.report.access import form_of, get, texts, walk
from govinfo_schema.report.model import Note, Report

if TYPE_CHECKING:
    from govinfo_schema.repair.problems import Problem

LINE: Final = 20
"""So many characters of a title stand on a line."""


def layout(
    report: Report,
    problems: Iterable[Problem] = (),
    *,
    to_fill_in: Collection[Literal["body", "year"]] | None = None,
) -> Document:
    """
    Lay a report out as the official form is printed.

    *problems*: the figures that are likely wrong are marked, with what they should be beside them,
    and so are, in another way, the others of the sums that do not add up; below their table a
    paragraph for each problem says why. *to_fill_in*: hints say where a text is to be written, in
    each section without one, and in the title for these two.
    Blank: an empty cell. Notes stand below the section that they belong to.

    >>> import govinfo_schema as gs
    >>> document = layout(gs.blank("2021", year=2024, body="某市人民政府"))
    >>> [(block.height, block.width) for block in document.blocks if isinstance(block, Grid)]
    [(14, 4), (28, 10), (4, 15)]
    """
    form = form_of(report)
    hints: Mapping[str, str] = {} if to_fill_in is None else read_data("readings")["hints"]
    named, dated = report.body.name, f"{report.year}年"
    if to_fill_in:
        named, dated = (
            hints[field] if field in to_fill_in else text
            for field, text in (("body", named), ("year", dated))
        )
    title = report.title or f"{named}{dated}政府信息公开工作年度报告"
    # A name without a year is no title where it stands on a line of its own.
    is_whole = to_fill_in is None or "body" in to_fill_in or "year" not in to_fill_in
    broken = _in_two_lines(title, named) if is_whole else title
    narratives = texts(report)
    tables = {table.id: table for table in form.tables}
    told, printed = tuple(problems), _printed(report)
    blocks: list[Block] = []
    for section in form.sections:
        blocks.append(Paragraph(text=section.zh, level=2))
        if section.id in tables:
            blocks.append(_marked(_grid(section, tables[section.id], printed), told))
            blocks += [
                Paragraph(text=f"{REMARK}{each.message('zh')}")
                for each in told
                if ids.is_below(each.findings[0].cells[0], section.id)
            ]
        else:
            blocks += [
                Paragraph(text=line.strip())
                for line in (narratives[section.id] or hints.get(section.id, "")).splitlines()
                if line.strip()
            ]
        blocks += [Paragraph(text=text) for text in _notes(form, report.notes, section.id)]
    blocks += _signature(report)
    if to_fill_in:
        return Document(blocks=(Paragraph(text=broken, level=1), *blocks))
    documents = [Document(blocks=(*head, *blocks), title=title) for head in _heads(report, title)]
    return next((each for each in documents if _is_told(report, title, each)), documents[-1])


def visible(name: str) -> str:
    """
    Give a name with a mark for each sign that no document can hold, so that something is left of
    any name.
    """
    marked = "".join(sign if _is_legible(sign) else "□" for sign in name)
    return marked if marked.strip() else "□"


def _is_legible(sign: str) -> bool:
    """Tell whether a sign is printed as itself; U+FFFD stands for one that was lost."""
    return sign.isprintable() and sign != "\ufffd"


def _heads(report: Report, title: str) -> Iterator[list[Paragraph]]:
    """
    Give the ways to print what stands on top, the best first: a title that is too long for one line
    is broken behind the name of the body; year and body stand below one that leaves them open.
    """
    broken = _in_two_lines(title, report.body.name)
    if broken != title:
        yield [Paragraph(text=broken, level=1)]
    whole = Paragraph(text=title, level=1)
    yield [whole]
    year = Paragraph(text=f"报告年度：{report.year}年")
    yield [whole, year, Paragraph(text=f"报告单位：{visible(report.body.name)}")]


def _in_two_lines(title: str, name: str) -> str:
    """Break a title that is too long for one line behind a name in it, unless it ends there."""
    before, _, after = title.partition(name)
    return f"{before}{name}\n{after}" if len(title) > LINE and after else title


def _is_told(report: Report, title: str, document: Document) -> bool:
    """Tell whether a reader of a document finds its title, its year, and the name of the body."""
    # A program that prints the title leaves out the signs that are not printed.
    kept = [sign for sign in report.body.name if _is_legible(sign) and not sign.isspace()]
    if len(kept) < 2:
        return False
    with LOCK:
        from govinfo_schema.documents.recognise.particulars import particulars  # noqa: PLC0415 (only for those who write documents)

    found = particulars(document)
    said = (found.title, found.who.year, found.who.body)
    return said == (title, report.year, report.body.name)


def _printed(report: Report) -> dict[str, str]:
    """Give the text of each cell that the report has."""
    cells = form_of(report).cells
    return {cell_id: _text(report, cells[cell_id], value) for cell_id, value in walk(report)}


def _text(report: Report, cell: Cell, value: Any) -> str:
    if value is None:
        return ""
    unit = get(report, cell.column.unit_field.id) if cell.column.unit_field else None
    return f"{value:f}{unit or ''}" if isinstance(value, Decimal) else str(value)


def _grid(section: Field, table: Table, printed: Mapping[str, str]) -> Grid:
    spans = _across(table, printed) if table.across else _blocks(table, printed)
    return Grid(
        spans=tuple(sorted(spans, key=lambda span: (span.row, span.column))), caption=section.zh
    )


def _marked(grid: Grid, problems: Iterable[Problem]) -> Grid:
    marks: dict[str, tuple[Mark, str]] = {}
    for problem in problems:
        marks |= dict.fromkeys(problem.bystanders, ("bystander", ""))
        for change in problem.changes:
            doubt = "" if problem.is_sure(change) else "？"
            marks[change.cell] = ("suspect", f"{HINT} {change.should_be}{doubt}")
    if not marks:
        return grid
    spans = []
    for span in grid.spans:
        mark, hint = marks.get(span.name, ("", ""))
        spans.append(msgspec.structs.replace(span, mark=mark, hint=hint) if mark else span)
    return attrs.evolve(grid, spans=tuple(spans))


def _notes(form: Form, notes: Sequence[Note], section: str) -> Iterator[str]:
    """
    Give what stands below a section: its own notes, then those of its cells; what belongs nowhere
    stands at the end.
    """
    last = form.sections[-1].id
    for note in notes:
        at = note.at or last
        if at == section:
            yield note.text if note.kind == "text" else f"注：{note.text.removeprefix('注：')}"
        elif ids.table_of(at) == section:
            yield f"注：{form.edition.cell(at).zh}：{note.text}"


def _signature(report: Report) -> list[Block]:
    if report.published_on is None:
        return []
    day = report.published_on
    return [
        Paragraph(text=report.body.name, align="right"),
        Paragraph(text=f"{day.year}年{day.month}月{day.day}日", align="right"),
    ]


# ---- tables with a row for each row of the form -------------------------------------------------


def _blocks(table: Table, printed: Mapping[str, str]) -> Iterator[Span]:
    width = table.width or max(len(block.columns) for block in table.blocks)
    depth = max(ids.depth(row.id) - 1 for block in table.blocks for row in block.rows)
    at = 0
    for block in table.blocks:
        grouped = any(column.group for column in block.columns)
        head = list(_grouped_head(block, depth) if grouped else _plain_head(block, at, width))
        yield from head
        at = max(span.row + span.rows for span in head)
        rows = [row for row in block.rows if _stands(row, printed)]
        yield from _rows(block, rows, printed, at, (depth, width))
        at += sum(not _heads_only(row, rows) for row in rows)


def _stands(row: Row, printed: Mapping[str, str]) -> bool:
    """
    Tell whether a row is printed: one that is divided and undivided has one of its two shapes.
    """
    return any(ids.is_below(cell, row.id) for cell in printed)


def _heads_only(row: Row, rows: Sequence[Row]) -> bool:
    """
    Tell whether a group is merged beside the rows below it; one with none below it is a row itself.
    """
    return row.group and any(ids.is_below(other.id, row.id) for other in rows)


def _plain_head(block: FormBlock, at: int, width: int) -> Iterator[Span]:
    yield Span(text=block.zh, row=at, column=0, columns=width + 1, header=True, align="left")
    yield Span(text=block.corner, row=at + 1, column=0, header=True)
    for column, (start, columns) in zip(
        block.columns, _shares(len(block.columns), width), strict=True
    ):
        yield Span(text=column.zh, row=at + 1, column=1 + start, columns=columns, header=True)


def _grouped_head(block: FormBlock, depth: int) -> Iterator[Span]:
    """
    A head in three rows: the block's label, the columns and their group, the columns of the group.
    """
    yield Span(text=block.corner, row=0, column=0, rows=3, columns=depth, header=True, align="left")
    yield Span(text=block.zh, row=0, column=depth, columns=len(block.columns), header=True)
    groups = [column.group for column in block.columns]
    for number, column in enumerate(block.columns):
        start = depth + number
        if not column.group:
            yield Span(text=column.zh, row=1, column=start, rows=2, header=True)
            continue
        if column.group not in groups[:number]:
            yield Span(
                text=column.group,
                row=1,
                column=start,
                columns=groups.count(column.group),
                header=True,
            )
        yield Span(text=column.zh, row=2, column=start, header=True)


def _rows(
    block: FormBlock,
    rows: Sequence[Row],
    printed: Mapping[str, str],
    at: int,
    size: tuple[int, int],
) -> Iterator[Span]:
    """
    Lay out the rows of a block from a row on; *size*: so many columns of labels, and of figures.
    """
    depth, width = size
    shares = list(_shares(len(block.columns), width))
    for row in rows:
        above = [other for other in rows if ids.is_below(row.id, other.id)]
        if _heads_only(row, rows):
            below = [
                other
                for other in rows
                if ids.is_below(other.id, row.id) and not _heads_only(other, rows)
            ]
            yield Span(
                text=row.zh,
                row=at,
                column=len(above),
                rows=len(below),
                header=True,
                align="left",
            )
            continue
        yield Span(
            text=row.zh,
            row=at,
            column=len(above),
            columns=depth - len(above),
            header=True,
            align="left",
        )
        for column, (start, columns) in zip(block.columns, shares, strict=True):
            cell = ids.join(row.id, column.id)
            yield Span(text=printed[cell], row=at, column=depth + start, columns=columns, name=cell)
        at += 1


def _shares(count: int, width: int) -> Iterator[tuple[int, int]]:
    """Share a width out among so many columns: where each begins, and how wide it is."""
    edges = [(number * width + count // 2) // count for number in range(count + 1)]
    yield from ((start, end - start) for start, end in pairwise(edges))


# ---- the table whose rows stand side by side ----------------------------------------------------


def _across(table: Table, printed: Mapping[str, str]) -> Iterator[Span]:
    """Section 4: groups over groups over results, and one row of figures."""
    (block,) = table.blocks
    size, column = len(block.columns), 0
    for row in block.rows:
        below = [other for other in block.rows if ids.is_below(other.id, row.id)]
        level = sum(ids.is_below(row.id, other.id) for other in block.rows)
        if below:
            yield Span(
                text=row.zh, row=level, column=column, columns=size * len(below), header=True
            )
            continue
        yield Span(text=row.zh, row=level, column=column, columns=size, header=True)
        yield from _results(block.columns, row, level, column, printed)
        column += size


def _results(
    columns: Sequence[Column], row: Row, level: int, start: int, printed: Mapping[str, str]
) -> Iterator[Span]:
    for number, column in enumerate(columns):
        cell = ids.join(row.id, column.id)
        yield Span(
            text=column.zh, row=level + 1, column=start + number, rows=2 - level, header=True
        )
        yield Span(text=printed[cell], row=3, column=start + number, name=cell)
