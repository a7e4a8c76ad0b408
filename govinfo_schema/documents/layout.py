"""
A report as a document, as the form is printed: six sections, three tables with their merged heads,
blank stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import attrs
import msgspec

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


def layout(report: Report, problems: Iterable[Problem] = ()) -> Document:
    """
    Lay a report out as the official form is printed.

    *problems*: the figures that are likely wrong are marked, with what they should be beside them,
    and so are, in another way, the others of the sums that do not add up; below their table a
    paragraph for each problem says why.
    Blank: an empty cell. Notes stand below the section that they belong to.

    >>> import govinfo_schema as gs
    >>> document = layout(gs.blank("2021", year=2024, body="某市人民政府"))
    >>> [(block.height, block.width) for block in document.blocks if isinstance(block, Grid)]
    [(14, 4), (28, 10), (4, 15)]
    """
    form = form_of(report)
    title = report.title or f"{report.body.name}{report.year}年政府信息公开工作年度报告"
    narratives = texts(report)
    tables = {table.id: table for table in form.tables}
    told = tuple(problems)
    blocks: list[Block] = [Paragraph(text=title, level=1), *_particulars(report, title)]
    for section in form.sections:
        blocks.append(Paragraph(text=section.zh, level=2))
        if section.id in tables:
            blocks.append(_marked(_grid(section, tables[section.id], _printed(report)), told))
            blocks += [
                Paragraph(text=f"{REMARK}{each.message('zh')}")
                for each in told
                if ids.is_below(each.findings[0].cells[0], section.id)
            ]
        else:
            blocks += [
                Paragraph(text=line)
                for line in (narratives[section.id] or "").splitlines()
                if line.strip()
            ]
        blocks += [Paragraph(text=text) for text in _notes(form, report.notes, section.id)]
    blocks += _signature(report)
    return Document(blocks=tuple(blocks), title=title)


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


def _particulars(report: Report, title: str) -> Iterator[Paragraph]:
    """Print year and body below a title that leaves one of them open."""
    # The title has the name as it is, of which a program that prints it leaves out the other signs.
    kept = [sign for sign in report.body.name if _is_legible(sign) and not sign.isspace()]
    told = (
        "信息公开" in title
        and "报告" in title
        and re.findall("[0-9]{4}", title) == [str(report.year)]
    )
    if not told or not 2000 <= report.year < 2100 or len(kept) < 2:
        yield Paragraph(text=f"报告年度：{report.year}年")
        yield Paragraph(text=f"报告单位：{visible(report.body.name)}")


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
            doubt = "" if change in problem.common else "？"
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
        Paragraph(text=report.body.name),
        Paragraph(text=f"{day.year}年{day.month}月{day.day}日"),
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
    yield Span(text=block.zh, row=at, column=0, columns=width + 1, header=True)
    yield Span(text=block.corner, row=at + 1, column=0, header=True)
    for column, (start, columns) in zip(
        block.columns, _shares(len(block.columns), width), strict=True
    ):
        yield Span(text=column.zh, row=at + 1, column=1 + start, columns=columns, header=True)


def _grouped_head(block: FormBlock, depth: int) -> Iterator[Span]:
    """
    A head in three rows: the block's label, the columns and their group, the columns of the group.
    """
    yield Span(text=block.corner, row=0, column=0, rows=3, columns=depth, header=True)
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
            yield Span(text=row.zh, row=at, column=len(above), rows=len(below), header=True)
            continue
        yield Span(text=row.zh, row=at, column=len(above), columns=depth - len(above), header=True)
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
