"""
How a grid is printed as a table, whatever the format: how wide its columns are, and which rows are
its head.
"""

from __future__ import annotations

import math
from typing import Final

from govinfo_schema.documents.document import Grid, Span

_MARGIN: Final = 0.6
"""What is left free in a cell beside its text, in characters."""
_DIGIT: Final = 0.65
"""The width of a digit: half a character in the fonts of official documents, more in others."""
_HEADED: Final = 2.3
"""So many characters of the head of a column stand on a line at least, unless it is shorter,"""
_LABELLED: Final = 4
"""and so many of the label of a row."""


def shares(grid: Grid, width: float) -> list[float]:
    """
    Share a width, in characters, out among the columns of a grid: each is as wide as its figures
    and a few characters of its labels need, and the longer its labels, the more it gets of the
    rest.

    Returns: the share of each column; together they are 1.

    >>> label = Span(text="一、本年新收政府信息公开申请数量", row=0, column=0, header=True)
    >>> figure = Span(text="12", row=0, column=1)
    >>> [round(share, 2) for share in shares(Grid(spans=(label, figure)), 20)]
    [0.85, 0.15]
    """
    figures = {
        span.column + number
        for span in grid.spans
        if not span.header
        for number in range(span.columns)
    }
    least, most = [0.0] * grid.width, [0.0] * grid.width
    for span in grid.spans:
        if span.columns > 1 and span.column not in figures:
            continue
        length = _length(span)
        shortest = (_HEADED if span.column in figures else _LABELLED) * span.columns
        lines = max(1, math.ceil(length / shortest))
        need = math.ceil(length / lines) if span.header else length
        for column in range(span.column, span.column + span.columns):
            least[column] = max(least[column], need / span.columns)
            most[column] = max(most[column], length / span.columns)
    # Columns of figures are alike, but where the figures are too long for that.
    widest = max((most[column] for column in figures), default=0)
    for column in figures:
        least[column], most[column] = max(least[column], _HEADED), widest
    needed = [characters + _MARGIN for characters in least]
    # The number of lines falls with the square of what a column gets.
    missing = [max(long - short, 0.1) ** 2 for short, long in zip(least, most, strict=True)]
    rest = max(width - sum(needed), 0)
    widths = [
        own + rest * weight / sum(missing) for own, weight in zip(needed, missing, strict=True)
    ]
    return [own / sum(widths) for own in widths]


def _length(span: Span) -> float:
    """Give the length of a text, in characters."""
    narrow = 0.5 if span.header else _DIGIT
    return sum(1.0 if character > "\u2e7f" else narrow for character in span.printed)


def lines(grid: Grid, width: float) -> list[int]:
    """
    Count the lines that each row of a grid takes, in columns of their shares of a width.

    >>> label = Span(text="一、本年新收政府信息公开申请数量", row=0, column=0, header=True)
    >>> lines(Grid(spans=(label,)), 20), lines(Grid(spans=(label,)), 10)
    ([1], [2])
    """
    columns = [width * share for share in shares(grid, width)]
    taken = [1] * grid.height
    for span in grid.spans:
        if span.rows == 1:
            room = sum(columns[span.column : span.column + span.columns]) - _MARGIN
            taken[span.row] = max(taken[span.row], math.ceil(_length(span) / max(room, 1)))
    return taken


def repeated_rows(grid: Grid) -> int:
    """
    Count the rows of the head, which is printed again on every page; none where there is another
    head further down.

    >>> head = Span(text="总计", row=0, column=0, header=True)
    >>> repeated_rows(Grid(spans=(head, Span(text="1", row=1, column=0))))
    1
    """
    heads = [bool(row) and all(span.header for span in row) for row in grid.rows()]
    first = next((number for number, head in enumerate(heads) if not head), 0)
    return 0 if any(heads[first:]) else first
