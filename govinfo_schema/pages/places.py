"""Where a figure stands in its file, in words that the person who has the file open understands."""

from __future__ import annotations

from collections.abc import Iterator

from govinfo_schema.documents.document import Place
from govinfo_schema.messages import Lang, phrase


def where(place: Place, lang: Lang) -> str:
    """
    Say where a text stands: on which page, in which table, in which row and column; in a workbook
    the sheet and the name of the cell. Empty if the place says nothing.

    >>> where(Place(page=3, table=2, row=4, column=10, line=31), "zh")
    '第 3 页第 2 个表格第 4 行第 10 列'
    >>> where(Place(sheet="年报", row=23, column=28), "en")
    'sheet “年报”, cell AB23'
    >>> where(Place(line=12), "en")
    'line 12'
    """
    return phrase("place.then", lang).join(_parts(place, lang))


def _parts(place: Place, lang: Lang) -> Iterator[str]:
    row, column = place.row, place.column
    if place.page:
        yield phrase("place.page", lang, number=place.page)
    if place.sheet:
        yield phrase("place.sheet", lang, name=place.sheet)
    if place.sheet and row and column:
        yield phrase("place.address", lang, address=f"{_letters(column)}{row}")
    elif row and column:
        if place.table:
            yield phrase("place.nth_table", lang, number=place.table)
        yield phrase("place.cell", lang, row=row, column=column)
    elif place.line:
        yield phrase("place.nth_line", lang, number=place.line)


def _letters(column: int) -> str:
    """Return the name of a column of a sheet, counted from 1."""
    letters = ""
    while column:
        column, digit = divmod(column - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return letters
