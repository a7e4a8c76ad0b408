"""
How published documents deviate from the form, as changes to a document of known content (numbers:
the list of real deviations).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import attrs
import msgspec

from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Place, Span

Change = Callable[[Document, random.Random], Document]


def _map_spans(document: Document, change: Callable[[Span], Span]) -> Document:
    return attrs.evolve(
        document,
        blocks=tuple(
            attrs.evolve(block, spans=tuple(change(span) for span in block.spans))
            if isinstance(block, Grid)
            else block
            for block in document.blocks
        ),
    )


def _map_labels(document: Document, change: Callable[[str], str]) -> Document:
    return _map_spans(
        document,
        lambda span: msgspec.structs.replace(span, text=change(span.text)) if span.header else span,
    )


def lost_character(document: Document, dice: random.Random) -> Document:
    """1: a label of a row or column loses a character (本年度止件数)."""

    def lose(text: str) -> str:
        if len(text) < 6 or dice.random() > 0.3:
            return text
        at = dice.randrange(2, len(text) - 1)
        return text[:at] + text[at + 1 :]

    return _map_labels(document, lose)


def doubled_character(document: Document, dice: random.Random) -> Document:
    """A label has a character twice (fake bold)."""

    def double(text: str) -> str:
        if len(text) < 4 or dice.random() > 0.3:
            return text
        at = dice.randrange(len(text))
        return text[:at] + text[at] + text[at:]

    return _map_labels(document, double)


def half_width(document: Document, dice: random.Random) -> Document:
    """3: brackets, colons and commas in half width."""
    return _map_labels(
        document,
        lambda text: (
            text.translate(str.maketrans("（）：，", "():,")) if dice.random() < 0.5 else text
        ),
    )


def ordinals(document: Document, dice: random.Random) -> Document:
    """4: ``1、`` or ``1. `` or ``1．`` where the form has ``1.``."""
    return _map_labels(
        document,
        lambda text: re.sub(
            r"^([0-9])\.", lambda match: match[1] + dice.choice(["、", ". ", "．", " ."]), text
        ),
    )


def spaced(document: Document, dice: random.Random) -> Document:
    """12: blanks, non-breaking ones too, inside labels and around figures."""
    blanks = [" ", "\u00a0", "\u3000", "\n", "\u200b"]

    def space(span: Span) -> Span:
        if not span.header:
            return msgspec.structs.replace(
                span, text=dice.choice(blanks) + span.text + dice.choice(blanks)
            )
        return msgspec.structs.replace(
            span,
            text="".join(
                each + (dice.choice(blanks) if dice.random() < 0.2 else "") for each in span.text
            ),
        )

    return _map_spans(document, space)


def vertical(document: Document, dice: random.Random) -> Document:
    """6: labels set one character per line."""
    return _map_labels(document, lambda text: "\n".join(text) if dice.random() < 0.4 else text)


def radicals(document: Document, _: random.Random) -> Document:
    """A PDF font gives radicals for characters."""
    return _map_labels(
        document, lambda text: text.translate(str.maketrans("一二民门长见行", "⼀⼆⺠⻔⻓⻅⾏"))
    )


def traditional(document: Document, _: random.Random) -> Document:
    """27: a mirror in traditional characters."""
    pairs = str.maketrans(
        "规发处罚许强业机构组织务转结议诉讼请总", "規發處罰許強業機構組織務轉結議訴訟請總"
    )
    return _map_labels(document, lambda text: text.translate(pairs))


def full_width_digits(document: Document, _: random.Random) -> Document:
    """Figures in full width."""
    digits = str.maketrans("0123456789", "０１２３４５６７８９")
    return _map_spans(
        document,
        lambda span: (
            span if span.header else msgspec.structs.replace(span, text=span.text.translate(digits))
        ),
    )


def thousands(document: Document, _: random.Random) -> Document:
    """31: separators of thousands."""

    def separate(text: str) -> str:
        return f"{int(text):,}" if re.fullmatch("[0-9]+", text) else text

    return _map_spans(
        document,
        lambda span: (
            span if span.header else msgspec.structs.replace(span, text=separate(span.text))
        ),
    )


def remarks(document: Document, dice: random.Random) -> Document:
    """13: a remark beside the figure."""

    def remark(span: Span) -> Span:
        plain = not span.header and re.fullmatch("[0-9]+", span.text) and dice.random() < 0.1
        return (
            msgspec.structs.replace(span, text=f"{span.text}（其中修订 16 件）") if plain else span
        )

    return _map_spans(document, remark)


def filling_notes(document: Document, dice: random.Random) -> Document:
    """19: notes for filling in inside the labels."""
    return _map_labels(
        document,
        lambda text: (
            f"{text}（指本年度办件量）" if 3 < len(text) < 20 and dice.random() < 0.3 else text
        ),
    )


def no_block_heads(document: Document, _: random.Random) -> Document:
    """20: the rows 第二十条第（X）项 are missing."""
    return _without_rows(document, lambda row: len(row) == 1 and row[0].text.startswith("第二十条"))


def missing_row(document: Document, dice: random.Random) -> Document:
    """A row of figures is missing."""
    number = dice.randrange(1, 30)
    seen = 0

    def drop(row: tuple[Span, ...]) -> bool:
        nonlocal seen
        seen += any(not span.header for span in row)
        return any(not span.header for span in row) and seen == number

    return _without_rows(document, drop)


def _without_rows(document: Document, drop: Callable[[tuple[Span, ...]], bool]) -> Document:
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            kept = [list(row) for row in block.rows() if not drop(row)]
            gone = _gone(block, kept)
            spans = [_shrunk(span, gone) for row in kept for span in row]
            blocks.append(attrs.evolve(block, spans=tuple(spans)))
        else:
            blocks.append(block)
    return attrs.evolve(document, blocks=tuple(blocks))


def _gone(grid: Grid, kept: list[list[Span]]) -> list[int]:
    left = {row[0].row for row in kept if row}
    return [number for number, row in enumerate(grid.rows()) if row and row[0].row not in left]


def _shrunk(span: Span, gone: list[int]) -> Span:
    rows = span.rows - sum(span.row < number < span.row + span.rows for number in gone)
    return msgspec.structs.replace(
        span, row=span.row - sum(number < span.row for number in gone), rows=max(1, rows)
    )


def page_break(document: Document, dice: random.Random) -> Document:
    """
    5: a table is torn by a page break, with a page number between; what is merged across is cut.
    """
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Grid) and block.height > 8:
            at = dice.randrange(4, block.height - 2)
            blocks += [
                _part(block, 0, at),
                Paragraph(text="- 5 -", place=Place(page=5)),
                _part(block, at, block.height),
            ]
        else:
            blocks.append(block)
    return attrs.evolve(document, blocks=tuple(blocks))


def _part(grid: Grid, start: int, end: int) -> Grid:
    spans = []
    for span in grid.spans:
        top, bottom = max(span.row, start), min(span.row + span.rows, end)
        if top < bottom:
            text = span.text if span.row >= start else ""
            spans.append(
                msgspec.structs.replace(span, row=top - start, rows=bottom - top, text=text)
            )
    return attrs.evolve(grid, spans=tuple(sorted(spans, key=lambda span: (span.row, span.column))))


def torn_label(document: Document, dice: random.Random) -> Document:
    """5: a row's label is torn in two by the page break; the figures stand in either part."""
    blocks: list[Block] = []
    for block in document.blocks:
        rows = list(block.rows()) if isinstance(block, Grid) else []
        fit = [
            number
            for number, row in enumerate(rows)
            if len(row) > 6
            and number > 4
            and _label_at(row)
            and len(row[_label_at(row) - 1].text) > 10
        ]
        if isinstance(block, Grid) and fit:
            at = dice.choice(fit)
            blocks += _torn(block, at, rows[at], dice)
        else:
            blocks.append(block)
    return attrs.evolve(document, blocks=tuple(blocks))


def _label_at(row: tuple[Span, ...]) -> int:
    return sum(span.header for span in row)


def _torn(grid: Grid, at: int, row: tuple[Span, ...], dice: random.Random) -> list[Block]:
    leaf = row[_label_at(row) - 1]
    cut = len(leaf.text) // 2
    up = dice.random() < 0.5
    first, second = _part(grid, 0, at + 1), _part(grid, at, grid.height)
    upper = [_torn_span(span, at, leaf.text[:cut], up) for span in first.spans]
    lower = [_torn_span(span, 0, leaf.text[cut:], not up) for span in second.spans]
    return [
        attrs.evolve(first, spans=tuple(upper)),
        Paragraph(text="— 5 —"),
        attrs.evolve(second, spans=tuple(lower)),
    ]


def _torn_span(span: Span, row: int, label: str, figures: bool) -> Span:
    if span.row != row or span.rows > 1:
        return span
    if span.header:
        return msgspec.structs.replace(span, text=label)
    return span if figures else msgspec.structs.replace(span, text="")


def group_in_label(document: Document, _: random.Random) -> Document:
    """The group is printed before the label of each of its rows, in one cell."""
    return _map_labels(
        document,
        lambda text: (
            f"（三）不予公开{text}" if re.match("[1-8].(属于|其他法律|危及|保护)", text) else text
        ),
    )


def sections_renamed(document: Document, dice: random.Random) -> Document:
    """25: other titles of sections."""
    others = {
        "五、存在的主要问题及改进情况": [
            "五、存在问题及改进情况",
            "五、政府信息公开工作存在的主要问题及改进情况",
            "五、存在的主要问题及改进措施",
            "四、存在的问题和改进情况",
        ],
        "六、其他需要报告的事项": [
            "六、其它需要报告的事项",
            "6、其他需报告的事项",
            "其他需要报告的事项",
        ],
        "四、政府信息公开行政复议、行政诉讼情况": [
            "四、因政府信息公开工作被申请行政复议提起行政诉讼情况",
            "四、行政复议、行政诉讼情况",
        ],
        "二、主动公开政府信息情况": ["一、主动公开政府信息情况", "二、 主动公开政府信息情况"],
    }
    blocks = [
        msgspec.structs.replace(block, text=dice.choice(others.get(block.text, [block.text])))
        if isinstance(block, Paragraph)
        else block
        for block in document.blocks
    ]
    return attrs.evolve(document, blocks=tuple(blocks))


def one_sheet(document: Document, _: random.Random) -> Document:
    """The whole report in one sheet: texts and tables in one grid."""
    spans: list[Span] = []
    at = 0
    for block in document.blocks:
        if isinstance(block, Grid):
            spans += [msgspec.structs.replace(span, row=span.row + at) for span in block.spans]
            at += block.height
        else:
            spans.append(Span(text=block.text, row=at, column=0, columns=10))
            at += 1
    return attrs.evolve(document, blocks=(Grid(spans=tuple(spans)),))


def subtotal_column(document: Document, _: random.Random) -> Document:
    """29: an extra column 小计 in table 3, before the total."""
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Grid) and block.width == 10:
            moved = [
                msgspec.structs.replace(span, column=span.column + 1) if span.column == 9 else span
                for span in block.spans
            ]
            figures = {span.row for span in block.spans if span.column == 9 and not span.header}
            moved += [Span(text="0", row=row, column=9) for row in figures]
            moved += [Span(text="小计", row=2, column=9, header=True)]
            moved.sort(key=lambda span: (span.row, span.column))
            blocks.append(attrs.evolve(block, spans=tuple(moved)))
        else:
            blocks.append(block)
    return attrs.evolve(document, blocks=tuple(blocks))


def shifted_cells(document: Document, dice: random.Random) -> Document:
    """A figure's cell is lost and those behind it move left."""
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Grid):
            figures = [span for span in block.spans if not span.header]
            gone = dice.choice(figures)
            spans = [
                msgspec.structs.replace(span, column=span.column - 1)
                if span.row == gone.row and span.column > gone.column
                else span
                for span in block.spans
                if span is not gone
            ]
            blocks.append(attrs.evolve(block, spans=tuple(spans)))
        else:
            blocks.append(block)
    return attrs.evolve(document, blocks=tuple(blocks))


def recognised_in_a_picture(document: Document, dice: random.Random) -> Document:
    """The text was recognised in a picture: some figures are not sure, and some look empty."""

    def recognise(span: Span) -> Span:
        sure = span.header or dice.random() > 0.1
        text = span.text if span.header or dice.random() > 0.03 else ""
        return msgspec.structs.replace(span, text=text, confidence=float(sure))

    return attrs.evolve(_map_spans(document, recognise), is_recognised=True)


HARMLESS: tuple[Change, ...] = (
    doubled_character,
    half_width,
    ordinals,
    spaced,
    vertical,
    radicals,
    traditional,
    full_width_digits,
    thousands,
    remarks,
    no_block_heads,
    page_break,
    group_in_label,
    sections_renamed,
    one_sheet,
)
"""After these every figure is still read."""

HARMFUL: tuple[Change, ...] = (
    lost_character,
    filling_notes,
    missing_row,
    torn_label,
    subtotal_column,
    shifted_cells,
)
"""After these every figure is read, or is blank with a finding."""
