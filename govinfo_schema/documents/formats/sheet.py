"""
A sheet of a workbook as blocks: what stands alone in its rows is text, what stands side by side is
a table.

Sheets are as large as they like and mostly empty: only what is printed or has a border counts.
``document`` makes one document of the sheets of a workbook; the modules of the formats fill them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

import attrs
import msgspec

from govinfo_schema.documents.document import (
    Aside,
    Block,
    Document,
    Grid,
    Paragraph,
    Place,
    Span,
)
from govinfo_schema.documents.grids import TooManyCells, check_count

MAX_COLUMNS: Final = 16_384
MAX_ROWS: Final = 1_048_576
"""No spreadsheet has more."""

_SLOT: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
NAMED: Final = 12
"""The name of a cell has no more characters."""
_WHOLE: Final = re.compile(r"-?[0-9]{1,30}")
MAX_LABEL: Final = 20
"""A label that stands alone in its row is no longer; a text may be."""

Shown = tuple[str, tuple[Aside, ...]]
"""The text that a cell shows, and what was left out of it."""

Slot = tuple[int, int]
"""A row and a column, counted from 1."""


@attrs.define
class Sheet:
    """
    The cells of a sheet that show something or have a border, and the ranges that are merged, each
    by its first cell.

    *part* is where the file has its cells, such as ``xl/worksheets/sheet1.xml#``. *asides* is what
    cells hold and do not show, *formulas* what works out what they show. *hidden_rows* and
    *hidden_columns* are not shown; nor is anything if *hidden* is true.
    """

    name: str
    part: str = ""
    hidden: bool = False
    texts: dict[Slot, str] = attrs.field(factory=dict)
    asides: dict[Slot, tuple[Aside, ...]] = attrs.field(factory=dict)
    formulas: dict[Slot, str] = attrs.field(factory=dict)
    merged: dict[Slot, Slot] = attrs.field(factory=dict)
    hidden_rows: set[int] = attrs.field(factory=set)
    hidden_columns: set[int] = attrs.field(factory=set)

    def put(self, row: int, column: int, content: Shown, *, bordered: bool = False) -> None:
        """
        Fill a cell; one that shows nothing counts all the same if it has a border.

        Raises: TooManyCells.
        """
        text, asides = content
        if not (0 < row <= MAX_ROWS and 0 < column <= MAX_COLUMNS):
            return
        if asides:
            self.asides[row, column] = asides
        if text or bordered:
            self.texts[row, column] = text
        check_count(len(self.texts) + len(self.asides))

    def add(self, row: int, column: int, aside: Aside) -> None:
        """
        Add what lies over a cell and is no text of it.

        Raises: TooManyCells.
        """
        slot = (row, column)
        self.put(row, column, (self.texts.get(slot, ""), (*self.asides.get(slot, ()), aside)))

    def merge(self, top: int, left: int, bottom: int, right: int) -> None:
        """
        Merge a range into its first cell.

        Raises: TooManyCells.
        """
        if 0 < top <= bottom and 0 < left <= right and (top, left) != (bottom, right):
            self.merged[top, left] = (bottom, right)
            check_count(len(self.merged))

    def contents(self, caption: str = "") -> tuple[list[Block], list[Aside]]:
        """
        Give what the sheet shows from top to bottom, then the tables that it hides; and what else
        it hides or was left out beside tables.

        Raises: TooManyCells.
        """
        self._keep_cells()
        owners = self.owners()
        shown: dict[int, dict[int, Slot]] = {}
        hidden: dict[int, dict[int, Slot]] = {}
        for (row, column), owner in owners.items():
            if self.is_hidden(owner):
                hidden.setdefault(row, {})[column] = owner
            elif row not in self.hidden_rows:
                shown.setdefault(row, {})[column] = owner
        beside = self._beside(owners)
        blocks = list(self._blocks(shown, self.hidden_rows, beside, caption))
        asides = []
        for block in self._blocks(hidden, set(), beside, caption):
            if isinstance(block, Grid):
                blocks.append(attrs.evolve(block, hidden=True))
            else:
                asides.append(Aside(kind="hidden", text=block.text, place=block.place))
        return blocks, [*asides, *(aside for each in beside.values() for aside in each)]

    def _keep_cells(self) -> None:
        """
        Count cells of which all was left out, in columns where something is shown: a row of a table
        keeps its cells, and what stands beside a table makes it no wider.
        """
        columns = {column for _, column in self.texts}
        for slot in self.asides.keys() - self.texts.keys():
            if slot[1] in columns:
                self.texts[slot] = ""

    def cell(self, slot: Slot) -> Shown:
        """Give what a cell shows, and with its place what was left out of it."""
        text = self.texts.get(slot, "").strip()
        asides = self._placed(slot, self.asides.get(slot, ()))
        if text and self.is_hidden(slot):
            return "", (Aside(kind="hidden", text=text, place=self.place(slot)), *asides)
        return text, asides

    def place(self, slot: Slot) -> Place:
        """Say where a cell stands."""
        row, column = slot
        return Place(
            sheet=self.name,
            row=row,
            column=column,
            locator=f"{self.part}{letters(column)}{row}",
        )

    def is_hidden(self, owner: Slot) -> bool:
        """Tell whether a cell, or all of a merged range, is hidden."""
        if self.hidden or not (self.hidden_rows or self.hidden_columns):
            return self.hidden
        bottom, right = self.merged.get(owner, owner)
        rows, columns = range(owner[0], bottom + 1), range(owner[1], right + 1)
        return all(row in self.hidden_rows for row in rows) or all(
            column in self.hidden_columns for column in columns
        )

    def _placed(self, slot: Slot, asides: Iterable[Aside]) -> tuple[Aside, ...]:
        return tuple(msgspec.structs.replace(aside, place=self.place(slot)) for aside in asides)

    def _beside(self, owners: Mapping[Slot, Slot]) -> dict[Slot, tuple[Aside, ...]]:
        """
        Give what was left out of each cell. What a merged range covers is none of it, but a picture
        lies over all of the range.
        """
        beside: dict[Slot, tuple[Aside, ...]] = {}
        for slot, asides in sorted(self.asides.items()):
            owner = owners.get(slot, slot)
            kept = [aside for aside in asides if owner == slot or aside.kind == "picture"]
            beside[owner] = (*beside.get(owner, ()), *self._placed(slot, kept))
        return beside

    def _blocks(
        self,
        rows: dict[int, dict[int, Slot]],
        skipped: set[int],
        beside: dict[Slot, tuple[Aside, ...]],
        caption: str,
    ) -> Iterator[Block]:
        """
        Give rows as blocks from top to bottom; a table goes on behind rows that are *skipped*.

        Raises: TooManyCells.
        """
        band: list[int] = []
        for row in sorted(rows):
            if band and not skipped.issuperset(range(band[-1] + 1, row)):
                yield from self._grid(band, rows, beside, caption)
                band = []
            if self._is_tabular(row, band, rows):
                band.append(row)
                continue
            yield from self._grid(band, rows, beside, caption)
            band = []
            yield from self._paragraphs(*set(rows[row].values()))
        yield from self._grid(band, rows, beside, caption)

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
        alone = owner not in self.merged and len(self.texts.get(owner, "").strip()) <= MAX_LABEL
        return alone and len(above) > 1 and bool(self._printed(rows.get(row + 1, {})))

    def _printed(self, row: dict[int, Slot]) -> set[Slot]:
        return {
            owner
            for owner in row.values()
            if self.texts.get(owner, "").strip() or owner in self.asides
        }

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

    def _paragraphs(self, *owners: Slot) -> Iterator[Paragraph]:
        for owner in owners:
            lines = self.texts.get(owner, "").splitlines()
            place = self.place(owner)
            yield from (Paragraph(text=line.strip(), place=place) for line in lines if line.strip())

    def _grid(
        self,
        band: list[int],
        rows: dict[int, dict[int, Slot]],
        beside: dict[Slot, tuple[Aside, ...]],
        caption: str,
    ) -> Iterator[Grid]:
        """
        Give rows that stand one below the other as a grid; where one has no cell at all and others
        have, it has an empty one. What stands beside its cells is taken from *beside*.
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
                        rows=bisect_right(band, bottom) - at,
                        columns=right - owner[1] + 1,
                        asides=beside.pop(owner, ()),
                        place=self.place(owner),
                        formula=self.formulas.get(owner, ""),
                    )
                )
        yield Grid(spans=tuple(spans), caption=caption)


@attrs.frozen
class Tab:
    """A sheet of a workbook before it is read; *read* raises TooManyCells."""

    name: str
    hidden: bool
    read: Callable[[], Sheet]


def document(
    tabs: Iterable[Tab],
    names: Iterable[tuple[str, str, Slot]] = (),
    properties: Iterable[tuple[str, str]] = (),
) -> Document:
    """
    Make a document of the sheets of a workbook, one after the other; where several are shown, a
    table is called as its sheet is.

    *names* are those that the workbook gives to cells: name, sheet and place. A hidden sheet that
    has more cells than a report can have is named and left out.
    Raises: TooManyCells.
    """
    tabs, properties = tuple(tabs), tuple((name, text) for name, text in properties if text)
    several = sum(not tab.hidden for tab in tabs) > 1
    blocks: list[Block] = []
    asides: list[Aside] = []
    sheets = {}
    for tab in tabs:
        try:
            sheet = tab.read()
            found, others = sheet.contents(tab.name if several or tab.hidden else "")
        except TooManyCells:
            if not tab.hidden:
                raise
            asides.append(Aside(kind="hidden", text=tab.name, place=Place(sheet=tab.name)))
            continue
        blocks += found
        asides += others
        if not tab.hidden:
            sheets[tab.name] = sheet
    return Document(
        blocks=tuple(blocks),
        title=dict(properties).get("title", ""),
        named=tuple(_named(sheets, names)),
        properties=properties,
        asides=tuple(asides),
    )


def _named(sheets: Mapping[str, Sheet], names: Iterable[tuple[str, str, Slot]]) -> Iterator[Span]:
    """Give the cells that a workbook names, with what they show."""
    for name, tab, slot in names:
        if tab in sheets:
            text, asides = sheets[tab].cell(slot)
            yield Span(
                text=text,
                row=slot[0] - 1,
                column=slot[1] - 1,
                name=name,
                asides=asides,
                place=sheets[tab].place(slot),
                formula=sheets[tab].formulas.get(slot, ""),
            )


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """
    Give a column, counted from 1, the name that a workbook has for it.

    >>> letters(1), letters(27), letters(16384)
    ('A', 'AA', 'XFD')
    """
    before, last = divmod(column - 1, 26)
    return (letters(before) if before else "") + chr(65 + last)


def unquoted(sheet: str) -> str:
    """
    Give the name of a sheet as formulas write it.

    >>> unquoted("'2024''s'"), unquoted("$表")
    ("2024's", '表')
    """
    return sheet.removeprefix("$").strip("'").replace("''", "'")


def slot_of(name: str) -> Slot | None:
    """
    Read the name of a cell as row and column.

    >>> slot_of("B3"), slot_of("$AA$10"), slot_of("XFD1048576"), slot_of("3")
    ((3, 2), (10, 27), (1048576, 16384), None)
    """
    return _slot(name) if len(name) <= NAMED else None


@lru_cache(maxsize=4096)
def _slot(name: str) -> Slot | None:
    match = _SLOT.fullmatch(name)
    if not match:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def is_flat(length: str) -> bool:
    """
    Tell whether a height or a width is nothing to the eye, in whatever unit.

    >>> is_flat("0"), is_flat("0.00cm"), is_flat("0.001in"), is_flat("0.5"), is_flat("")
    (True, True, True, False, False)
    """
    return re.fullmatch(r"0+(?:\.(?:0*|00[0-9]+))?[a-z]*", length) is not None


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
    if _WHOLE.fullmatch(text):
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
