"""
Workbooks of OpenDocument (.ods), which LibreOffice and WPS save; ``xlsx`` reads them by way of
this.

The file says itself what a number is printed as; the number is read beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import Aside
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.look import BLACK, SMALLEST, WHITE, Font, Look
from govinfo_schema.documents.formats.package import ZIP, Package
from govinfo_schema.documents.formats.sheet import (
    MAX_COLUMNS,
    MAX_ROWS,
    Sheet,
    Shown,
    Slot,
    Tab,
    is_flat,
    number,
    slot_of,
    unquoted,
)

_OASIS: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _STYLE, _TEXT, _DRAW = (
    f"{_OASIS}{name}:1.0}}" for name in ("table", "office", "style", "text", "drawing")
)
_FO: Final = f"{_OASIS}xsl-fo-compatible:1.0}}"
_ROWS: Final = frozenset(
    f"{_TABLE}{name}" for name in ("table-header-rows", "table-row-group", "table-rows")
)
_COLUMNS: Final = frozenset(
    f"{_TABLE}{name}" for name in ("table-header-columns", "table-column-group", "table-columns")
)
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_STRUCK: Final = (f"{_STYLE}text-line-through-style", f"{_STYLE}text-line-through-type")
_UNREAD: Final = frozenset((f"{_TEXT}ruby-text", f"{_OFFICE}annotation"))
"""What stands in a text and is no part of it: how it is pronounced, and comments."""
_DEFAULT: Final = f"{_TABLE}default-cell-style-name"
_EMPTY: Final = frozenset((f"{_TABLE}style-name", f"{_TABLE}number-columns-repeated"))
"""What is said of cells in which nothing stands."""
_MANY: Final = 1000
"""No table goes on behind so many hidden rows with nothing in them."""


def detect(head: bytes) -> bool:
    """Tell by the type that the zip begins with whether it is a workbook of OpenDocument."""
    return (
        head.startswith(ZIP)
        and b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head[:200]
    )


def tabs(parts: Package) -> Iterator[Tab]:
    """
    Go through the sheets in the order of their tabs.

    Raises: UnreadableFile where there are none.
    """
    root = parts.tree("content.xml")
    book = root.find(f"{_OFFICE}body/{_OFFICE}spreadsheet") if root is not None else None
    if root is None or book is None:
        raise unreadable(parts.path, "not_workbook")
    reader = _Reader(_Styles.of(parts.tree("styles.xml"), root))
    for table in book.iterfind(f"{_TABLE}table"):
        shown = reader.styles.get(table.get(f"{_TABLE}style-name"), f"{_TABLE}display")
        hidden = shown == "false"
        yield Tab(
            table.get(f"{_TABLE}name", ""), hidden, partial(reader.sheet, table, hidden=hidden)
        )


def names(parts: Package) -> Iterator[tuple[str, str, Slot]]:
    """Give the names of single cells: name, sheet, place."""
    root = parts.tree("content.xml")
    for each in root.iter(f"{_TABLE}named-range") if root is not None else ():
        sheet, _, place = each.get(f"{_TABLE}cell-range-address", "").rpartition(".")
        if slot := slot_of(place):
            yield each.get(f"{_TABLE}name", ""), unquoted(sheet), slot


@attrs.frozen
class _Styles:
    """The properties of each style by its name, those of its parents among them."""

    found: dict[str, dict[str, str]]
    looks: dict[str | None, Look] = attrs.field(factory=dict)
    fonts: dict[tuple[str, ...], Font] = attrs.field(factory=dict)

    @classmethod
    def of(cls, *roots: ET.Element | None) -> _Styles:
        """Read the styles of some parts; a later one goes before one of the same name."""
        own: dict[str, dict[str, str]] = {}
        parents: dict[str, str] = {}
        for root in roots:
            for each in root.iter(f"{_STYLE}style") if root is not None else ():
                name = each.get(f"{_STYLE}name", "")
                own[name] = {key: value for node in each for key, value in node.items()}
                parents[name] = each.get(f"{_STYLE}parent-style-name", "")
        return cls({name: _inherited(name, own, parents) for name in own})

    def get(self, style: str | None, name: str) -> str:
        """Give a property of a style; an empty text where there is none."""
        return self.found.get(style or "", {}).get(name, "")

    def look(self, style: str | None) -> Look:
        """Give the look of cells of a style."""
        if style not in self.looks:
            properties = self.found.get(style or "", {})
            ground = properties.get(f"{_FO}background-color", "transparent")
            self.looks[style] = Look(
                font=self.font(style or ""),
                ground=WHITE if ground == "transparent" else ground.removeprefix("#").upper(),
                bordered=any(
                    key.startswith(f"{_FO}border") and value != "none"
                    for key, value in properties.items()
                ),
            )
        return self.looks[style]

    def font(self, *styles: str) -> Font:
        """Give the font of a text that has styles one within the other."""
        if styles not in self.fonts:
            properties: dict[str, str] = {}
            for style in styles:
                _take(properties, self.found.get(style, {}))
            size = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)pt", properties.get(f"{_FO}font-size", ""))
            position = properties.get(f"{_STYLE}text-position", "0%").split()
            self.fonts[styles] = Font(
                struck=any(properties.get(name, "none") != "none" for name in _STRUCK),
                raised=position[:1] not in ([], ["0%"]),
                colour=properties.get(f"{_FO}color", BLACK).removeprefix("#").upper(),
                hidden=properties.get(f"{_TEXT}display") == "none"
                or (size is not None and float(size[1]) < SMALLEST),
            )
        return self.fonts[styles]


def _inherited(
    name: str, own: dict[str, dict[str, str]], parents: dict[str, str]
) -> dict[str, str]:
    """Give the properties of a style and those of its parents that it does not change."""
    line: list[str] = []
    while name in own and name not in line:
        line.append(name)
        name = parents[name]
    properties: dict[str, str] = {}
    for each in reversed(line):
        _take(properties, own[each])
    return properties


def _take(properties: dict[str, str], more: dict[str, str]) -> None:
    """Change properties by those of a style; that of the window is no colour."""
    if more.get(f"{_STYLE}use-window-font-color") == "true":
        properties.pop(f"{_FO}color", None)
    properties |= more


def _count(node: ET.Element, name: str, most: int) -> int:
    """Read how often or over how many something goes: at least once, at most *most*."""
    text = node.get(f"{_TABLE}{name}", "1")
    return max(1, min(int(text), most)) if re.fullmatch("[0-9]{1,9}", text) else 1


_Filled = tuple[int, int, ET.Element, bool, Shown]
"""A cell as it stands in its row: column, how often, the cell, whether it counts though it shows
nothing, and what it shows."""
_Defaults = list[tuple[range, str]]
"""Some columns, and the style of their cells that have none."""


@attrs.frozen
class _Reader:
    """Reads the sheets of a workbook."""

    styles: _Styles

    def sheet(self, table: ET.Element, *, hidden: bool) -> Sheet:
        """
        Read one sheet; a row that is repeated is one row unless something stands in it.

        Raises: TooManyCells.
        """
        name = table.get(f"{_TABLE}name", "")
        sheet = Sheet(name, f"content.xml#{name}!", hidden)
        column = 1
        styles: _Defaults = []
        for each, hides in _parts(table, f"{_TABLE}table-column", _COLUMNS):
            count = _count(each, "number-columns-repeated", MAX_COLUMNS)
            columns = range(column, min(column + count, MAX_COLUMNS + 1))
            if hides or self.is_hidden(each, "column-width"):
                sheet.hidden_columns |= {*columns}
            styles.append((columns, each.get(_DEFAULT, "")))
            column += count
        at = 1
        for row, hides in _parts(table, f"{_TABLE}table-row", _ROWS):
            count = _count(row, "number-rows-repeated", MAX_ROWS)
            cells = list(self.cells(row, styles))
            if (hides or self.is_hidden(row, "row-height")) and (cells or count < _MANY):
                sheet.hidden_rows |= {*range(at, min(at + count, MAX_ROWS + 1))}
            for number_ in range(at, at + count) if cells else ():
                self.row(sheet, number_, cells)
            at += count
        return sheet

    def row(self, sheet: Sheet, at: int, cells: list[_Filled]) -> None:
        """Put the cells of one row in their places."""
        for column, count, cell, bordered, shown in cells:
            down = _count(cell, "number-rows-spanned", MAX_ROWS)
            across = _count(cell, "number-columns-spanned", MAX_COLUMNS)
            for each in range(column, min(column + count, MAX_COLUMNS + 1)):
                sheet.put(at, each, shown, bordered=bordered)
                if formula := cell.get(f"{_TABLE}formula"):
                    sheet.formulas[at, each] = formula
                sheet.merge(at, each, at + down - 1, each + across - 1)

    def cells(self, row: ET.Element, styles: _Defaults) -> Iterator[_Filled]:
        """
        Go through the cells of a row that hold something, are merged or have a border. One without
        a style has that of its row, or of its column.
        """
        column, usual = 1, row.get(_DEFAULT)
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            count = _count(cell, "number-columns-repeated", MAX_COLUMNS)
            own = cell.get(f"{_TABLE}style-name")
            bordered = own is not None and self.styles.look(own).bordered
            if cell.tag == _CELLS[0] and (len(cell) or bordered or cell.attrib.keys() - _EMPTY):
                others = (style for columns, style in styles if column in columns)
                shown = self.shown(cell, own or usual or next(others, ""))
                if shown != ("", ()) or bordered or _is_merged(cell):
                    yield column, count, cell, bordered or _is_merged(cell), shown
            column += count

    def shown(self, cell: ET.Element, style: str) -> Shown:
        """Give what a cell shows, and what was left out of it."""
        look = self.styles.look(style)
        kind, value = cell.get(f"{_OFFICE}value-type", ""), cell.get(f"{_OFFICE}value", "")
        lines = cell.findall(f"{_TEXT}p")
        formula = cell.get(f"{_TABLE}formula")
        if formula is not None and not lines and value in ("", "0"):
            return "", (Aside(kind="formula", text=formula),)
        runs: list[tuple[str, tuple[str, ...]]] = []
        for at, line in enumerate(lines):
            runs.append(("\n" if at else "", ()))
            _gather(line, (), runs)
        printed = "".join(text for text, _ in runs).strip()
        if kind in ("float", "currency", "percentage"):
            stored = number(value)
            content = look.printed(printed if lines else stored, stored)
        elif kind == "date" and (printed or not lines):
            day = cell.get(f"{_OFFICE}date-value", "")
            content = look.text((day.removesuffix("T00:00:00").replace("T", " "), None))
        else:
            content = look.text(
                *(
                    (text, self.styles.font(style, *names) if names else None)
                    for text, names in runs
                )
            )
        pictures = [Aside(kind="picture") for _ in cell.iter(f"{_DRAW}image")]
        return content[0].strip(), (*content[1], *pictures)

    def is_hidden(self, node: ET.Element, size: str) -> bool:
        """Tell whether a row or a column is hidden, or has no size."""
        return node.get(f"{_TABLE}visibility", "visible") != "visible" or is_flat(
            self.styles.get(node.get(f"{_TABLE}style-name"), f"{_STYLE}{size}")
        )


def _parts(
    node: ET.Element, tag: str, groups: frozenset[str], *, hidden: bool = False
) -> Iterator[tuple[ET.Element, bool]]:
    """Go through the rows or columns of a table, and tell whether a group hides them."""
    for each in node:
        if each.tag == tag:
            yield each, hidden
        elif each.tag in groups:
            closed = hidden or each.get(f"{_TABLE}display") == "false"
            yield from _parts(each, tag, groups, hidden=closed)


def _is_merged(cell: ET.Element) -> bool:
    return (
        cell.get(f"{_TABLE}number-columns-spanned", "1") != "1"
        or cell.get(f"{_TABLE}number-rows-spanned", "1") != "1"
    )


def _gather(
    node: ET.Element, styles: tuple[str, ...], runs: list[tuple[str, tuple[str, ...]]]
) -> None:
    """Add the text of a paragraph with its spaces, tabs and breaks, each run with its styles."""
    runs.append((node.text or "", styles))
    for child in node:
        if child.tag == f"{_TEXT}s":
            count = child.get(f"{_TEXT}c", "1")
            runs.append((" " * min(int(count) if count.isdecimal() else 1, 100), styles))
        elif child.tag == f"{_TEXT}tab":
            runs.append(("\t", styles))
        elif child.tag == f"{_TEXT}line-break":
            runs.append(("\n", styles))
        elif child.tag not in _UNREAD:
            own = child.get(f"{_TEXT}style-name")
            _gather(child, (*styles, own) if own else styles, runs)
        runs.append((child.tail or "", styles))
