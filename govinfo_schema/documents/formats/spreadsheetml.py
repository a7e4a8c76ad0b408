"""
Workbooks as one XML file (XML Spreadsheet 2003), which Excel 2003 brought and web systems still
export, often under a name that ends in .xls.

It is read with the standard library alone and gives what ``xlsx`` gives: what a person sees, and
beside it what was left out. Such a file holds no pictures.
Source: Microsoft, XML Spreadsheet Reference (2001).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import Aside, Document
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.encodings import text_of
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.look import SMALLEST, WHITE, Font, Look
from govinfo_schema.documents.formats.number_formats import DAY, GENERAL
from govinfo_schema.documents.formats.package import parsed
from govinfo_schema.documents.formats.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    Shown,
    Slot,
    Tab,
    document,
    is_flat,
    unquoted,
)
from govinfo_schema.documents.grids import limited

_NAME: Final = b"urn:schemas-microsoft-com:office:spreadsheet"
_SS: Final = f"{{{_NAME.decode()}}}"
_X: Final = "{urn:schemas-microsoft-com:office:excel}"
_O: Final = "{urn:schemas-microsoft-com:office:office}"
_HTML: Final = "{http://www.w3.org/TR/REC-html40}"
_STANDARD: Final = "Default"
"""The style of cells that have none."""
_CODES: Final = {
    "General Number": GENERAL,
    "Currency": "¥#,##0.00",
    "Euro Currency": "€#,##0.00",
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    "Yes/No": '"Yes";"Yes";"No"',
    "True/False": '"True";"True";"False"',
    "On/Off": '"On";"On";"Off"',
    **dict.fromkeys(
        (
            *("General Date", "Long Date", "Medium Date", "Short Date"),
            *("Long Time", "Medium Time", "Short Time"),
        ),
        DAY,
    ),
}
"""The formats of numbers that have names."""


def detect(head: bytes) -> bool:
    """Tell by its root and the namespace whether a file is such a workbook, in UTF-16 too."""
    plain = head.replace(b"\x00", b"")
    return _NAME in plain and re.search(rb"<(?:\w+:)?Workbook[\s>]", plain) is not None


@limited
def read(path: FilePath) -> Document:
    """
    Read the sheets of a workbook one after the other.

    Raises: UnreadableFile where it is damaged, too long, no workbook, or has too many cells.
    """
    # The text is decoded here: the parser knows none of the encodings of Chinese programs.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text_of(path))
    root = parsed(text.encode(), path)
    if root.tag != f"{_SS}Workbook":
        raise unreadable(path, "not_workbook")
    about = root.find(f"{_O}DocumentProperties")
    properties = [
        (name.lower() if name == "Title" else name, (about.findtext(f"{_O}{name}") or "").strip())
        for name in ("Title", "Company")
        if about is not None
    ]
    return document(_tabs(root), _names(root), properties)


def _tabs(root: ET.Element) -> Iterator[Tab]:
    """Go through the sheets in the order of their tabs."""
    styles = {each.get(f"{_SS}ID", ""): each for each in root.iterfind(f"{_SS}Styles/{_SS}Style")}
    since_1904 = root.find(f"{_X}ExcelWorkbook/{_X}Date1904") is not None
    reader = _Reader(styles, since_1904)
    for each in root.iterfind(f"{_SS}Worksheet"):
        hidden = "Hidden" in (each.findtext(f"{_X}WorksheetOptions/{_X}Visible") or "")
        name = each.get(f"{_SS}Name", "")
        yield Tab(name, hidden, partial(reader.sheet, name, each, hidden=hidden))


def _names(root: ET.Element) -> Iterator[tuple[str, str, Slot]]:
    """Give the names of single cells: name, sheet, place."""
    for each in root.iterfind(f"{_SS}Names/{_SS}NamedRange"):
        sheet, _, place = each.get(f"{_SS}RefersTo", "").removeprefix("=").rpartition("!")
        if match := re.fullmatch(r"R([0-9]{1,7})C([0-9]{1,5})", place):
            yield each.get(f"{_SS}Name", ""), unquoted(sheet), (int(match[1]), int(match[2]))


@attrs.frozen
class _Reader:
    """Reads the sheets of a workbook."""

    styles: dict[str, ET.Element]
    since_1904: bool
    looks: dict[str, Look] = attrs.field(factory=dict)

    def sheet(self, name: str, node: ET.Element, *, hidden: bool) -> Sheet:
        """
        Read one sheet.

        Raises: TooManyCells.
        """
        sheet = Sheet(name, f"{name}!", hidden)
        zeros = node.find(f"{_X}WorksheetOptions/{_X}DoNotDisplayZeros") is None
        styles: list[tuple[range, str]] = []
        for columns, column in _numbered(node.iterfind(f"{_SS}Table/{_SS}Column"), MAX_COLUMNS):
            styles.append((columns, column.get(f"{_SS}StyleID", "")))
            if _is_hidden(column, "Width"):
                sheet.hidden_columns |= {*columns}
        for rows, row in _numbered(node.iterfind(f"{_SS}Table/{_SS}Row"), MAX_ROWS):
            if _is_hidden(row, "Height"):
                sheet.hidden_rows |= {*rows}
            for at, cell in _cells(sheet, rows[0], row) if rows else ():
                usual = (style for columns, style in styles if at in columns)
                look = self.look(
                    cell.get(f"{_SS}StyleID") or row.get(f"{_SS}StyleID") or next(usual, "")
                )
                shown = self.shown(cell, look)
                if shown[0] == "0" and not zeros:
                    shown = "", (Aside(kind="hidden", text="0"),)
                sheet.put(rows[0], at, shown, bordered=look.bordered)
        return sheet

    def shown(self, cell: ET.Element, look: Look) -> Shown:
        """Give what a cell shows, and what was left out of it."""
        data = cell.find(f"{_SS}Data")
        formula = cell.get(f"{_SS}Formula")
        if data is None:
            return "", (Aside(kind="formula", text=formula),) if formula else ()
        kind, text = data.get(f"{_SS}Type", "String"), "".join(data.itertext()).strip()
        if formula and not text and kind == "Number":
            return "", (Aside(kind="formula", text=formula),)
        if kind == "Number":
            return look.figure(text, since_1904=self.since_1904)
        if kind == "DateTime":
            text = text.partition(".")[0].removesuffix("T00:00:00").replace("T", " ")
        elif kind == "Boolean":
            text = "TRUE" if text == "1" else "FALSE"
        else:
            return look.text(*_runs(data, look.font))
        return look.text((text, None))

    def look(self, style: str) -> Look:
        """Give the look of cells of a style; what it does not say, its parent says."""
        if style not in self.looks:
            line: list[ET.Element] = []
            name = style or _STANDARD
            while name in self.styles and self.styles[name] not in line:
                line.append(self.styles[name])
                name = line[-1].get(f"{_SS}Parent", _STANDARD)
            self.looks[style] = _look(line)
        return self.looks[style]


def _look(styles: list[ET.Element]) -> Look:
    """Read the look of a style and of those behind it; of each part the first counts."""
    font, ground, code, borders = (
        next((part for style in styles for part in style.iterfind(f"{_SS}{name}")), None)
        for name in ("Font", "Interior", "NumberFormat", "Borders")
    )
    named = "" if code is None else code.get(f"{_SS}Format", "")
    return Look(
        code=_CODES.get(named, named) or GENERAL,
        font=Font() if font is None else _font(font),
        ground=WHITE if ground is None else _ground(ground),
        bordered=any(
            side.get(f"{_SS}LineStyle", "None") != "None"
            for side in (borders if borders is not None else ())
        ),
    )


def _font(node: ET.Element, before: Font | None = None) -> Font:
    """Read the font of a style, or of a run within another one."""
    space = _HTML if before else _SS
    font = before or Font(
        struck=node.get(f"{_SS}StrikeThrough") == "1",
        raised=node.get(f"{_SS}VerticalAlign") in ("Superscript", "Subscript"),
    )
    size = node.get(f"{space}Size", "")
    return attrs.evolve(
        font,
        colour=_colour(node.get(f"{space}Color"), font.colour),
        hidden=float(size) < SMALLEST if re.fullmatch(r"[0-9]+(\.[0-9]+)?", size) else font.hidden,
    )


def _ground(interior: ET.Element) -> str:
    """Give the colour that a cell has for its ground."""
    pattern = interior.get(f"{_SS}Pattern", "None")
    if pattern == "None":
        return WHITE
    return _colour(interior.get(f"{_SS}Color"), WHITE) if pattern == "Solid" else "pattern"


def _colour(name: str | None, usual: str) -> str:
    """Give a colour as six digits; *usual* for none, or for the automatic one."""
    if name is None or name == "Automatic":
        return usual
    return name.removeprefix("#").upper()


def _runs(node: ET.Element, font: Font) -> Iterator[tuple[str, Font]]:
    """Go through the runs of a text, which is marked up as in HTML."""
    yield node.text or "", font
    for child in node:
        inner = font
        if child.tag == f"{_HTML}S":
            inner = attrs.evolve(font, struck=True)
        elif child.tag in (f"{_HTML}Sup", f"{_HTML}Sub"):
            inner = attrs.evolve(font, raised=True)
        elif child.tag == f"{_HTML}Font":
            inner = _font(child, font)
        yield from _runs(child, inner)
        yield child.tail or "", font


def _numbered(nodes: Iterable[ET.Element], most: int) -> Iterator[tuple[range, ET.Element]]:
    """
    Go through rows or columns with the numbers that each has: the next one, or its own, and as many
    more as it spans.
    """
    at = 1
    for node in nodes:
        at = _whole(node, "Index", at)
        span = _whole(node, "Span", 0)
        yield range(at, min(at + span, most) + 1), node
        at += span + 1


def _cells(sheet: Sheet, row: int, node: ET.Element) -> Iterator[tuple[int, ET.Element]]:
    """
    Go through the cells of a row with their columns, and merge those that are over several.

    Raises: TooManyCells.
    """
    column = 1
    for cell in node.iterfind(f"{_SS}Cell"):
        column = _whole(cell, "Index", column)
        across, down = _whole(cell, "MergeAcross", 0), _whole(cell, "MergeDown", 0)
        yield column, cell
        sheet.merge(row, column, row + down, column + across)
        column += across + 1


def _is_hidden(node: ET.Element, size: str) -> bool:
    return node.get(f"{_SS}Hidden") == "1" or is_flat(node.get(f"{_SS}{size}", ""))


def _whole(node: ET.Element, name: str, usual: int) -> int:
    """Read a whole number among the attributes."""
    text = node.get(f"{_SS}{name}", "")
    return int(text) if re.fullmatch("[0-9]{1,7}", text) else usual


FORMAT = Format(suffixes=(".xml",), detect=detect, read_document=read)
