"""
A sheet of a workbook as blocks: what stands alone in its rows is text, what stands side by side is
a table.

Sheets are as large as they like and mostly empty: only what is printed or has a border counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

import attrs

from govinfo_schema.documents.document import Block, Grid, Paragraph, Place, Span
from govinfo_schema.documents.grids import check_count

MAX_COLUMNS: Final = 16_384
MAX_ROWS: Final = 1_048_576
"""No spreadsheet has more."""

MAX_LABEL: Final = 20
"""A label that stands alone in its row is no longer; a text may be."""

Slot = tuple[int, int]
"""A row and a column, counted from 1."""


@attrs.define
class Sheet:
    """
    The cells of a sheet that hold text or have a border, and the ranges that are merged, each by
    its first cell.

    *hidden_rows* and *hidden_columns* are not shown; what is wholly in them is left out.
    """

    name: str
    texts: dict[Slot, str] = attrs.field(factory=dict)
    merged: dict[Slot, Slot] = attrs.field(factory=dict)
    hidden_rows: set[int] = attrs.field(factory=set)
    hidden_columns: set[int] = attrs.field(factory=set)

    def put(self, row: int, column: int, text: str) -> None:
        """
        Set the text of a cell; an empty one is a cell all the same.

        Raises: TooManyCells.
        """
        if not (0 < row <= MAX_ROWS and 0 < column <= MAX_COLUMNS):
            return
        self.texts[row, column] = text
        check_count(len(self.texts))

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """
        Merge a range into its first cell.

        Raises: TooManyCells.
        """
        if 0 < top <= bottom and 0 < left <= right and (top, left) != (bottom, right):
            self.merged[top, left] = (bottom, right)
            check_count(len(self.merged))

    def blocks(self) -> Iterator[Block]:
        """
        Give what the sheet shows from top to bottom.

        Raises: TooManyCells.
        """
        owners = self.owners()
        rows: dict[int, dict[int, Slot]] = {}
        for (row, column), owner in owners.items():
            if not self._is_hidden(owner):
                rows.setdefault(row, {})[column] = owner
        band: list[int] = []
        for row in sorted(rows.keys() - self.hidden_rows):
            if band and not self.hidden_rows.issuperset(range(band[-1] + 1, row)):
                yield from self._grid(band, rows)
                band = []
            if self._is_tabular(row, band, rows):
                band.append(row)
                continue
            yield from self._grid(band, rows)
            band = []
            yield from self._paragraphs(*set(rows[row].values()))
        yield from self._grid(band, rows)

    def _is_tabular(self, row: int, band: list[int], rows: dict[int, dict[int, Slot]]) -> bool:
        """
        Tell whether a row is one of a table: cells stand side by side in it, or reach into it from
        above.

        In a table a label may stand alone below a row that is filled, and one row may be empty.
        """
        standing = set(rows[row].values())
        printed = self._printed(rows[row])
        above = self._printed(rows[band[-1]]) if band else set()
        if not printed:
            return len(standing) > 1 and bool(above)
        if len(standing) > 1 or any(owner[0] < row for owner in standing):
            return True
        (owner,) = standing
        alone = owner not in self.merged and len(self.texts[owner].strip()) <= MAX_LABEL
        return alone and len(above) > 1 and bool(self._printed(rows.get(row + 1, {})))

    def _printed(self, row: dict[int, Slot]) -> set[Slot]:
        return {owner for owner in row.values() if self.texts.get(owner, "").strip()}

    def owners(self) -> dict[Slot, Slot]:
        """
        Tell for each place that a cell takes to which it belongs: itself, or the first of its
        range.

        Raises: TooManyCells.
        """
        last_row = max((row for row, _ in self.texts), default=0)
        last_column = max((column for _, column in self.texts), default=0)
        owners = {slot: slot for slot in self.texts}
        area = 0
        for (top, left), (bottom, right) in self.merged.items():
            bottom, right = max(top, min(bottom, last_row)), max(left, min(right, last_column))  # noqa: PLW2901 - cut to what is used
            area += (bottom - top + 1) * (right - left + 1)
            check_count(area)
            self.merged[top, left] = (bottom, right)
            owners |= {
                (row, column): (top, left)
                for row in range(top, bottom + 1)
                for column in range(left, right + 1)
            }
        return owners

    def _is_hidden(self, owner: Slot) -> bool:
        bottom, right = self.merged.get(owner, owner)
        rows, columns = range(owner[0], bottom + 1), range(owner[1], right + 1)
        return all(row in self.hidden_rows for row in rows) or all(
            column in self.hidden_columns for column in columns
        )

    def _paragraphs(self, *owners: Slot) -> Iterator[Paragraph]:
        for owner in owners:
            place = Place(sheet=self.name, row=owner[0], column=owner[1])
            lines = self.texts.get(owner, "").splitlines()
            yield from (Paragraph(text=line.strip(), place=place) for line in lines if line.strip())

    def _grid(self, band: list[int], rows: dict[int, dict[int, Slot]]) -> Iterator[Grid]:
        """
        Give rows that stand one below the other as a grid; where one has no cell at all and others
        have, it has an empty one.
        """
        if not band:
            return
        columns = sorted({owner[1] for row in band for owner in rows[row].values()})
        check_count(len(columns) * len(band))
        spans = []
        done: set[Slot] = set()
        for at, row in enumerate(band):
            for column in columns:
                owner = rows[row].get(column, (row, column))
                if owner in done:
                    continue
                done.add(owner)
                bottom, right = self.merged.get(owner, owner)
                spans.append(
                    Span(
                        text=self.texts.get(owner, "").strip(),
                        row=at,
                        column=owner[1] - columns[0],
                        rows=sum(each <= bottom for each in band[at:]),
                        columns=right - owner[1] + 1,
                        place=Place(sheet=self.name, row=owner[0], column=owner[1]),
                    )
                )
        yield Grid(spans=tuple(spans), caption="")


def shown(value: object) -> str:
    """
    Give a value as it is printed without any format: whole numbers without a point, fractions
    without binary noise, dates as ISO has them.

    >>> shown(5.0), shown(72701.2578), shown(1e-05), shown(9007199254740991)
    ('5', '72701.2578', '0.00001', '9007199254740991')
    >>> shown(True), shown(date(2025, 1, 20))
    ('TRUE', '2025-01-20')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number(repr(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def number(text: str) -> str:
    """
    Give a number as it stands in a file as it is printed; what is none stays as it is.

    Spreadsheets reckon in binary and show 15 digits: what is behind them is noise where the digits
    before it are few.

    >>> number("12"), number("12.50"), number("1.573179E6"), number("nan")
    ('12', '12.5', '1573179', 'nan')
    >>> number("72701.257800000003"), number("0.30000000000000004")
    ('72701.2578', '0.3')
    """
    if re.fullmatch(r"-?[0-9]{1,30}", text):
        return text
    if (
        not re.fullmatch(r"[+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?", text)
        or abs(float(text)) > 1e30
    ):
        return text
    exact, short = repr(float(text)), f"{float(text):.15g}"
    plain = f"{Decimal(short if len(short) + 2 < len(exact) else exact):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def day(serial: float, *, since_1904: bool = False) -> str:
    """
    Give the day that a number stands for in a workbook, as ISO has it; a number below 1 is a time.

    >>> day(45677), day(45677.5), day(0.25), day(44215, since_1904=True)
    ('2025-01-20', '2025-01-20 12:00:00', '06:00:00', '2025-01-20')
    """
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if serial >= 60 else 31)  # noqa: DTZ001 - no zone is meant
    try:
        moment = start + timedelta(seconds=round(serial * 86_400))
    except OverflowError:
        return number(repr(serial))
    return shown(moment.time() if 0 <= serial < 1 else moment)
