"""
Workbooks of Excel up to 2003 and of WPS (.xls, .et); ``xlsx`` reads them by way of this.

python-calamine reads the values. It lays a sheet out in full, however far apart its cells stand, so
``biff`` goes through the records before: it refuses a sheet that would be too large, and finds what
calamine leaves out. What a formula says is found by neither.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from govinfo_schema.documents.document import Aside
from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.biff import Book, Cells
from govinfo_schema.documents.formats.compound import MAGIC, streams
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.documents.formats.look import Look
from govinfo_schema.documents.formats.package import LIMIT
from govinfo_schema.documents.formats.sheet import Sheet, Shown, Slot, Tab, shown

BOOKS: Final = ("Workbook", "Book")
"""What the stream is called that holds the sheets."""
_PLAIN: Final = Look()
_NAMES: Final = tuple(name.encode("utf-16-le") + b"\x00\x00" for name in BOOKS)


def detect(head: bytes) -> bool:
    """
    Tell by the names of its streams whether a compound file is a workbook; they may stand too far
    back to be seen.
    """
    return head.startswith(MAGIC) and any(name in head for name in _NAMES)


def tabs(path: FilePath) -> Iterator[Tab]:
    """
    Go through the sheets in the order of their tabs.

    Raises: UnreadableFile, TooManyCells, MissingLibrary without python-calamine.
    """
    data = bounded(path, LIMIT)
    found = streams(data)
    if "EncryptedPackage" in found:
        raise unreadable(path, "encrypted")
    book = next((found[name] for name in BOOKS if name in found), None)
    if book is None:
        raise unreadable(path, "not_workbook")
    records = Book.of(book)
    if records.locked:
        raise unreadable(path, "encrypted")
    calamine = library("python_calamine", "xlsx")
    try:
        workbook = calamine.load_workbook(io.BytesIO(data))
        opened = [
            (workbook.get_sheet_by_name(each.name), each.visible)
            for each in workbook.sheets_metadata
            if each.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except calamine.PasswordError as error:
        raise unreadable(path, "encrypted") from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # What fails inside calamine without a reason given comes as a panic, which is no Exception.
        raise unreadable(path, "damaged_document") from error
    for sheet, visible in opened:
        hidden = visible != calamine.SheetVisibleEnum.Visible
        own = records.sheets.get(sheet.name, Cells())
        yield Tab(sheet.name, hidden, partial(_sheet, sheet, own, hidden=hidden))


def _sheet(opened: Any, cells: Cells, *, hidden: bool) -> Sheet:
    """
    Make a sheet of what calamine reads and of what it leaves out.

    Raises: TooManyCells.
    """
    sheet = Sheet(
        opened.name,
        f"{opened.name}!",
        hidden,
        hidden_rows=cells.hidden_rows,
        hidden_columns=cells.hidden_columns,
    )
    top, left = opened.start or (0, 0)
    for at, row in enumerate(opened.iter_rows(), top + 1):
        for column, value in enumerate(row, left + 1):
            if value is not None and value != "" and (at, column) not in cells.unknown:
                sheet.put(at, column, _shown(cells, (at, column), value))
    for slot in cells.unknown:
        sheet.add(*slot, Aside(kind="formula"))
    for slot in cells.pictures:
        sheet.add(*slot, Aside(kind="picture"))
    sheet.asides |= dict.fromkeys(cells.blank, (Aside(kind="formula"),))
    for slot, text in cells.others.items():
        if not sheet.texts.get(slot):
            sheet.put(*slot, (text, ()), bordered=True)
    for start, end in opened.merged_cell_ranges or ():
        sheet.merge(start[0] + 1, start[1] + 1, end[0] + 1, end[1] + 1)
    return sheet


def _shown(cells: Cells, slot: Slot, value: object) -> Shown:
    """Give what a cell with a value shows."""
    look = cells.looks.get(slot, _PLAIN)
    if slot in cells.runs:
        return look.text(*cells.runs[slot])
    if isinstance(value, bool) or not isinstance(value, int | float):
        return look.text((shown(value), None))
    if value == 0 and not cells.zeros:
        return "", (Aside(kind="hidden", text="0"),)
    return look.figure(shown(value))
