"""
The records of a workbook of Excel up to 2003, for what python-calamine does not say of it: looks of
cells and runs of text, borders, hidden rows and columns, errors, formulas that were never worked
out.

``xls`` reads the values and puts the two together. Of a workbook older than Excel 97 only fonts,
formats and borders are known.
Source: [MS-XLS], 2.4.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from govinfo_schema.documents.formats.look import BLACK, SMALLEST, WHITE, Font, Look
from govinfo_schema.documents.formats.number_formats import BUILT_IN, GENERAL
from govinfo_schema.documents.formats.sheet import Slot
from govinfo_schema.documents.grids import MAX_CELLS, TooManyCells

_BEGIN, _END, _SHEET, _LOCKED, _CONTINUE = 0x809, 0x0A, 0x85, 0x2F, 0x3C
_LOOK, _FONT, _FORMAT, _PALETTE, _STRINGS = 0xE0, 0x31, 0x41E, 0x92, 0xFC
_SIZE, _ROW, _COLUMNS, _VIEW, _DRAWING, _OBJECT = 0x200, 0x208, 0x7D, 0x23E, 0xEC, 0x5D
_BLANK, _BLANKS, _STRING, _NUMBERS, _VERDICT = 0x201, 0xBE, 0xFD, 0xBD, 0x205
_SINGLE: Final = frozenset(
    (*range(0x01, 0x07), 0xD6, _STRING, _BLANK, *range(0x203, 0x207), 0x27E, 0x406)
)
_SEVERAL: Final = frozenset((_NUMBERS, _BLANKS))
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
_COLOURS: Final = {
    **dict.fromkeys((0, 8, 64, 0x7FFF), BLACK),
    **dict.fromkeys((1, 9, 65), WHITE),
}
"""Black and white among the numbered colours."""
_ANCHOR: Final = b"\x10\xf0\x12\x00\x00\x00"
"""How the record begins that says between which cells a shape is drawn."""
_PICTURE: Final = b"\x08\x00"
_ERROR, _NOTHING = 2, 3
"""What a formula came to that is neither number, text nor verdict."""
_EXCEL_97: Final = 0x600
_MOST: Final = 10 * MAX_CELLS
"""So many places may a sheet lay out, most of them empty."""
_MOST_SHEETS: Final = 1000

Runs = list[tuple[str, Font | None]]


@attrs.define
class Cells:
    """
    What is known of the cells of a sheet.

    *others*: the texts of errors, and the empty cells with a border. *looks*: those that change
    what is seen; *runs*: of texts that are not of one font. *unknown*: formulas that were never
    worked out, *blank* those that show nothing, for this reason or another. *pictures*: the cells
    in which one begins, *drawn* that of the last shape. *zeros*: whether they are shown.
    """

    others: dict[Slot, str] = attrs.field(factory=dict)
    looks: dict[Slot, Look] = attrs.field(factory=dict)
    runs: dict[Slot, Runs] = attrs.field(factory=dict)
    unknown: set[Slot] = attrs.field(factory=set)
    blank: set[Slot] = attrs.field(factory=set)
    hidden_rows: set[int] = attrs.field(factory=set)
    hidden_columns: set[int] = attrs.field(factory=set)
    pictures: list[Slot] = attrs.field(factory=list)
    drawn: Slot | None = None
    zeros: bool = True


@attrs.frozen
class Book:
    """Whether a workbook is encrypted, and what is known of its sheets by their names."""

    locked: bool
    sheets: dict[str, Cells]

    @classmethod
    def of(cls, book: bytes) -> Book:
        """
        Go through the records.

        Raises: TooManyCells where a sheet is too large to be laid out.
        """
        styles = _Styles()
        found: list[tuple[str, int]] = []
        locked = False
        for kind, body in _records(book, 0):
            locked |= kind == _LOCKED
            if kind == _SHEET and len(body) >= 8:
                encoding = "utf-16-le" if body[7] & 1 else "latin-1"
                name = body[8:].decode(encoding, "replace")[: body[6]]
                found.append((name, struct.unpack_from("<I", body)[0]))
            else:
                styles.take(kind, body)
        if len(found) > _MOST_SHEETS:
            raise TooManyCells
        looks, runs = styles.looks(), styles.runs()
        return cls(locked, {name: _cells(book, start, looks, runs) for name, start in found})


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Go through the records of a part of a workbook, up to its end."""
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _END:
            return


# ---- cells --------------------------------------------------------------------------------------


def _cells(book: bytes, start: int, looks: Sequence[Look], runs: dict[int, Runs]) -> Cells:
    """
    Go through the records of a sheet, and watch how far apart its cells stand.

    Raises: TooManyCells.
    """
    cells = Cells()
    top, bottom, left, right = 65_536, 0, 65_536, 0
    for kind, body in _records(book, start):
        if kind not in _SINGLE | _SEVERAL or len(body) < 6:
            _lay(cells, kind, body)
            continue
        row, first = struct.unpack_from("<HH", body)
        last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind in _SEVERAL else first
        top, bottom = min(top, row), max(bottom, row)
        left, right = min(left, first, last), max(right, first, last)
        if (bottom - top + 1) * (right - left + 1) > _MOST:
            raise TooManyCells
        for at, number in enumerate(_look_numbers(kind, body)):
            slot, look = (row + 1, first + at + 1), looks[number] if number < len(looks) else Look()
            if kind in (_BLANK, _BLANKS):
                cells.others |= {slot: ""} if look.bordered else {}
            elif not look.is_plain:
                cells.looks[slot] = look
        _fill(cells, kind, body, runs)
    return cells


def _look_numbers(kind: int, body: bytes) -> tuple[int, ...]:
    """Give the numbers of the looks of the cells in a record."""
    if kind == _NUMBERS:
        return tuple(struct.unpack_from("<H", body, at)[0] for at in range(4, len(body) - 7, 6))
    count = (len(body) - 6) // 2 if kind == _BLANKS else 1
    return struct.unpack_from(f"<{count}H", body, 4)


def _lay(cells: Cells, kind: int, body: bytes) -> None:
    """
    Read a record that says how a sheet is laid out.

    Raises: TooManyCells for a size that calamine would take memory for, and none is so large.
    """
    if kind == _SIZE and len(body) in (10, 14):
        top, bottom, left, right = struct.unpack_from("<IIHH" if len(body) == 14 else "<4H", body)
        if not (top <= max(bottom, 1) <= 65_536 and left <= max(right, 1) <= 256):
            raise TooManyCells
    elif kind == _ROW and len(body) >= 14:
        row, height, flags = struct.unpack_from("<H4xH4xH", body)
        if flags & 0x20 or not height:
            cells.hidden_rows.add(row + 1)
    elif kind == _COLUMNS and len(body) >= 10:
        first, last, width, _, flags = struct.unpack_from("<5H", body)
        if flags & 1 or not width:
            cells.hidden_columns |= {*range(first + 1, min(last, 255) + 2)}
    elif kind == _VIEW and len(body) >= 2:
        cells.zeros = bool(body[0] & 0x10)
    elif kind == _DRAWING and len(anchor := body[body.rfind(_ANCHOR) :]) >= 24:
        column, row = struct.unpack_from("<H2xH", anchor, 8)
        cells.drawn = (row + 1, column + 1)
    elif kind == _OBJECT and body[4:6] == _PICTURE and cells.drawn:
        cells.pictures.append(cells.drawn)


def _fill(cells: Cells, kind: int, body: bytes, runs: dict[int, Runs]) -> None:
    """Read what a cell holds that calamine does not say."""
    row, column = struct.unpack_from("<HH", body)
    slot = (row + 1, column + 1)
    if kind == _STRING and len(body) >= 10:
        (number,) = struct.unpack_from("<I", body, 6)
        if number in runs:
            cells.runs[slot] = runs[number]
    elif kind == _VERDICT and len(body) >= 8 and body[7]:
        cells.others[slot] = _ERRORS.get(body[6], "#?")
    elif kind in _FORMULAS and len(body) >= 16:
        if body[12:14] != b"\xff\xff":
            # To be worked out when the workbook is opened, and zero: a program wrote it.
            never = body[14] & 2 and struct.unpack_from("<d", body, 6)[0] == 0
            cells.unknown |= {slot} if never else set()
        elif body[6] == _ERROR:
            cells.others[slot] = _ERRORS.get(body[8], "#?")
        elif body[6] == _NOTHING:
            cells.blank.add(slot)


# ---- looks --------------------------------------------------------------------------------------


@attrs.define
class _Styles:
    """The records that say how cells look, as they stand in the file."""

    version: int = 0
    fonts: list[bytes] = attrs.field(factory=list)
    codes: dict[int, str] = attrs.field(factory=lambda: dict(BUILT_IN))
    cells: list[bytes] = attrs.field(factory=list)
    colours: dict[int, str] = attrs.field(factory=lambda: dict(_COLOURS))
    strings: list[bytes] = attrs.field(factory=list)
    in_strings: bool = False

    def take(self, kind: int, body: bytes) -> None:
        """Take a record if it is one of these."""
        self.in_strings = kind == _STRINGS or (kind == _CONTINUE and self.in_strings)
        if self.in_strings:
            self.strings.append(body)
        elif kind == _BEGIN and len(body) >= 2:
            (self.version,) = struct.unpack_from("<H", body)
        elif kind == _FONT and len(body) >= 10:
            self.fonts.append(body)
        elif kind == _LOOK and len(body) >= 14:
            self.cells.append(body)
        elif kind == _FORMAT and len(body) >= 5:
            new = self.version >= _EXCEL_97
            text = body[5:] if new else body[3:]
            code = text.decode("utf-16-le" if new and body[4] & 1 else "latin-1", "replace")
            self.codes[struct.unpack_from("<H", body)[0]] = code
        elif kind == _PALETTE:
            colours = (body[at : at + 3].hex().upper() for at in range(2, len(body) - 3, 4))
            self.colours |= dict(enumerate(colours, 8))

    def looks(self) -> list[Look]:
        """Give the looks that cells refer to by number."""
        return [self.look(body) for body in self.cells]

    def look(self, body: bytes) -> Look:
        """Read the look of cells."""
        font, code = struct.unpack_from("<HH", body)
        ground = WHITE
        if self.version >= _EXCEL_97 and len(body) >= 20:
            pattern, colour = struct.unpack_from("<IH", body, 14)
            ground = {0: WHITE, 1: self.colour(colour & 0x7F)}.get(pattern >> 26, "pattern")
        return Look(
            code=self.codes.get(code, GENERAL),
            font=self.font(font),
            ground=ground,
            bordered=struct.unpack_from("<H", body, 10)[0] != 0,
        )

    def font(self, number: int) -> Font:
        """Give a font by its number; none has the number 4."""
        at = number - (number > 4)
        if at >= len(self.fonts):
            return Font()
        size, flags, colour, _, position = struct.unpack_from("<5H", self.fonts[at])
        return Font(
            struck=bool(flags & 0x08),
            raised=position in (1, 2),
            colour=self.colour(colour),
            hidden=size < 20 * SMALLEST,
        )

    def colour(self, number: int) -> str:
        """Give a colour by its number."""
        return self.colours.get(number, f"indexed {number}")

    def runs(self) -> dict[int, Runs]:
        """Give the runs of the texts that have any, by the number that cells refer to."""
        found = {}
        for number, (text, marks) in enumerate(_Texts(self.strings).read() if self.strings else ()):
            if marks:
                starts = [0, *(start for start, _ in marks), len(text) // 2]
                fonts = [None, *(self.font(font) for _, font in marks)]
                found[number] = [
                    (text[2 * start : 2 * end].decode("utf-16-le", "replace"), font)
                    for start, end, font in zip(starts[:-1], starts[1:], fonts, strict=True)
                ]
        return found


@attrs.define
class _Texts:
    """
    The table of texts. It goes on in further records; within a text these begin with a byte that
    says anew how wide its characters are.
    """

    chunks: list[bytes]
    chunk: int = 0
    at: int = 0

    def read(self) -> Iterator[tuple[bytes, list[tuple[int, int]]]]:
        """Go through the texts, each in UTF-16 with the places where a font begins, and which."""
        _, count = struct.unpack("<II", self.take(8).ljust(8, b"\x00"))
        for _ in range(count):
            head = self.take(3)
            if len(head) < 3:
                return
            length, flags = struct.unpack("<HB", head)
            runs = int.from_bytes(self.take(2 if flags & 8 else 0), "little")
            more = int.from_bytes(self.take(4 if flags & 4 else 0), "little")
            text = self.characters(length, wide=bool(flags & 1))
            marks = self.take(4 * runs)
            yield text, list(struct.iter_unpack("<HH", marks[: len(marks) // 4 * 4]))
            self.take(more)

    def take(self, length: int) -> bytes:
        """Read so many bytes, or those that are left."""
        taken = b""
        while self.chunk < len(self.chunks) and len(taken) < length:
            piece = self.chunks[self.chunk][self.at : self.at + length - len(taken)]
            taken += piece
            self.at += len(piece)
            if len(taken) < length:
                self.chunk, self.at = self.chunk + 1, 0
        return taken

    def characters(self, count: int, *, wide: bool) -> bytes:
        """Read so many characters, in UTF-16."""
        text = b""
        while self.chunk < len(self.chunks):
            left = count - len(text) // 2
            piece = self.chunks[self.chunk][self.at : self.at + left * (2 if wide else 1)]
            self.at += len(piece)
            text += piece if wide else piece.decode("latin-1").encode("utf-16-le")
            if len(text) // 2 >= count:
                break
            self.chunk, self.at = self.chunk + 1, 0
            wide = bool(int.from_bytes(self.take(1), "little") & 1)
        return text
