"""
Workbooks of Excel up to 2003 and of WPS (.xls, .et); ``xlsx`` reads them by way of this.

python-calamine reads the values. It lays a sheet out in full, however far apart its cells stand, so
the records are gone through before: a sheet that would be too large is refused, and what calamine
leaves out is found on the way: borders, and the texts of errors.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any, Final

import attrs

from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.compound import MAGIC, streams
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.documents.formats.package import LIMIT
from govinfo_schema.documents.formats.sheet import Sheet, Slot, shown
from govinfo_schema.documents.grids import MAX_CELLS, TooManyCells

BOOKS: Final = ("Workbook", "Book")
"""What the stream is called that holds the sheets."""
_NAMES: Final = tuple(name.encode("utf-16-le") + b"\x00\x00" for name in BOOKS)
_END, _SHEET, _LOOK, _LOCKED, _BLANK, _BLANKS = 0x0A, 0x85, 0xE0, 0x2F, 0x201, 0xBE
_SINGLE: Final = frozenset(
    (*range(0x01, 0x07), 0xD6, 0xFD, _BLANK, *range(0x203, 0x207), 0x27E, 0x406)
)
_SEVERAL: Final = frozenset((0xBD, _BLANKS))
_VERDICT: Final = 0x205
_FORMULAS: Final = frozenset((0x06, 0x206, 0x406))
_ERRORS: Final = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_MOST: Final = 10 * MAX_CELLS
"""So many places may a sheet lay out, most of them empty."""


def detect(head: bytes) -> bool:
    """
    Tell by the names of its streams whether a compound file is a workbook; they may stand too far
    back to be seen.
    """
    return head.startswith(MAGIC) and any(name in head for name in _NAMES)


def sheets(path: FilePath) -> Iterator[Sheet]:
    """
    Go through the sheets that are shown.

    Raises: UnreadableFile, TooManyCells, MissingLibrary without python-calamine.
    """
    data = bounded(path, LIMIT)
    found = streams(data)
    if "EncryptedPackage" in found:
        raise unreadable(path, "encrypted")
    book = next((found[name] for name in BOOKS if name in found), None)
    if book is None:
        raise unreadable(path, "not_workbook")
    records = _Records.of(book)
    if records.locked:
        raise unreadable(path, "encrypted")
    calamine = library("python_calamine", "xlsx")
    try:
        workbook = calamine.load_workbook(io.BytesIO(data))
        tabs = [
            each
            for each in workbook.sheets_metadata
            if each.typ == calamine.SheetTypeEnum.WorkSheet
        ]
        opened = [
            workbook.get_sheet_by_name(each.name)
            for each in tabs
            if each.visible == calamine.SheetVisibleEnum.Visible
        ]
    except calamine.PasswordError as error:
        raise unreadable(path, "encrypted") from error
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:
        # What fails inside calamine without a reason given comes as a panic, which is no Exception.
        raise unreadable(path, "damaged_document") from error
    for each in opened:
        yield _sheet(each, records.others.get(each.name, {}))


def _sheet(opened: Any, others: dict[Slot, str]) -> Sheet:
    sheet = Sheet(opened.name)
    top, left = opened.start or (0, 0)
    for at, row in enumerate(opened.iter_rows(), top + 1):
        for column, value in enumerate(row, left + 1):
            if text := shown(value):
                sheet.put(at, column, text)
    for slot, text in others.items():
        if not sheet.texts.get(slot):
            sheet.put(*slot, text)
    for start, end in opened.merged_cell_ranges or ():
        sheet.merge(start[0] + 1, start[1] + 1, end[0] + 1, end[1] + 1)
    return sheet


@attrs.define
class _Records:
    """
    What calamine does not say: whether a workbook is encrypted, and, by sheet, its empty cells with
    borders and its errors.
    """

    locked: bool
    others: dict[str, dict[Slot, str]]

    @classmethod
    def of(cls, book: bytes) -> _Records:
        """
        Go through the records.

        Raises: TooManyCells where a sheet is too large to be laid out.
        """
        looks: list[bool] = []
        tabs: list[tuple[str, int]] = []
        locked = False
        for kind, body in _records(book, 0):
            locked |= kind == _LOCKED
            if kind == _LOOK and len(body) >= 14:
                looks.append(struct.unpack_from("<H", body, 10)[0] != 0)
            elif kind == _SHEET and len(body) >= 8:
                encoding = "utf-16-le" if body[7] & 1 else "latin-1"
                tabs.append(
                    (
                        body[8:].decode(encoding, "replace")[: body[6]],
                        struct.unpack_from("<I", body)[0],
                    )
                )
        if len(tabs) > 1000:
            raise TooManyCells
        return cls(locked, {name: dict(_others(book, start, looks)) for name, start in tabs})


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Go through the records of a part of a workbook, up to its end."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _END:
            return


def _others(book: bytes, start: int, looks: list[bool]) -> Iterator[tuple[Slot, str]]:
    """
    Go through the cells of a sheet, watch how far apart they stand, and give the empty ones with a
    border and the errors.
    """
    top, bottom, left, right = 65_536, 0, 65_536, 0
    for kind, body in _records(book, start):
        if kind not in _SINGLE | _SEVERAL or len(body) < 6:
            continue
        row, first = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _SEVERAL else first
        top, bottom, left, right = (
            min(top, row),
            max(bottom, row),
            min(left, first, last),
            max(right, first, last),
        )
        if (bottom - top + 1) * (right - left + 1) > _MOST:
            raise TooManyCells
        if kind in (_BLANK, _BLANKS):
            count = 1 if kind == _BLANK else (len(body) - 6) // 2
            for number, look in enumerate(struct.unpack_from(f"<{count}H", body, 4)):
                if look < len(looks) and looks[look]:
                    yield (row + 1, first + number + 1), ""
        elif error := _error(kind, body):
            yield (row + 1, first + 1), error


def _error(kind: int, body: bytes) -> str:
    """Give the text of a cell that is an error, or of a formula that came to one."""
    if kind == _VERDICT and len(body) >= 8 and body[7]:
        return _ERRORS.get(body[6], "#?")
    if kind in _FORMULAS and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "#?")
    return ""
