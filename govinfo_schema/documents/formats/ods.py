"""
Workbooks of OpenDocument (.ods), which LibreOffice and WPS save; ``xlsx`` reads them by way of
this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.package import ZIP, Package
from govinfo_schema.documents.formats.sheet import MAX_COLUMNS, MAX_ROWS, Sheet, number

_OASIS: Final = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE, _STYLE, _TEXT = (
    f"{_OASIS}{name}:1.0}}" for name in ("table", "office", "style", "text")
)
_FO: Final = f"{_OASIS}xsl-fo-compatible:1.0}}"
_ROWS: Final = frozenset(
    f"{_TABLE}{name}" for name in ("table-header-rows", "table-row-group", "table-rows")
)
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")


def detect(head: bytes) -> bool:
    """Tell by the type that the zip begins with whether it is a workbook of OpenDocument."""
    return (
        head.startswith(ZIP)
        and b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in head[:200]
    )


def sheets(parts: Package) -> Iterator[Sheet]:
    """
    Go through the sheets that are shown.

    Raises: UnreadableFile where there are none; TooManyCells.
    """
    root = parts.tree("content.xml")
    book = root.find(f"{_OFFICE}body/{_OFFICE}spreadsheet") if root is not None else None
    if root is None or book is None:
        raise unreadable(parts.path, "not_workbook")
    reader = _Reader(*_styles(root))
    for table in book.iterfind(f"{_TABLE}table"):
        if table.get(f"{_TABLE}style-name") not in reader.hidden:
            yield reader.sheet(table)


def names(parts: Package) -> Iterator[tuple[str, str]]:
    """Give the names of a workbook and the places that they stand for."""
    root = parts.tree("content.xml")
    for each in root.iter(f"{_TABLE}named-range") if root is not None else ():
        yield each.get(f"{_TABLE}name", ""), each.get(f"{_TABLE}cell-range-address", "")


def _styles(root: ET.Element) -> tuple[frozenset[str], frozenset[str]]:
    """Name the styles of sheets that are hidden, and those of cells that have a border."""
    hidden, bordered = set(), set()
    for each in root.iterfind(f"{_OFFICE}automatic-styles/{_STYLE}style"):
        name = each.get(f"{_STYLE}name", "")
        table, cell = (
            each.find(f"{_STYLE}table-properties"),
            each.find(f"{_STYLE}table-cell-properties"),
        )
        if table is not None and table.get(f"{_TABLE}display") == "false":
            hidden.add(name)
        if cell is not None and any(
            key.startswith(f"{_FO}border") and value != "none" for key, value in cell.items()
        ):
            bordered.add(name)
    return frozenset(hidden), frozenset(bordered)


def _count(node: ET.Element, name: str, most: int) -> int:
    """Read how often or over how many something goes: at least once, at most *most*."""
    text = node.get(f"{_TABLE}{name}", "1")
    return max(1, min(int(text), most)) if re.fullmatch("[0-9]{1,9}", text) else 1


@attrs.frozen
class _Reader:
    """Reads sheets, knowing the names of the styles that matter."""

    hidden: frozenset[str]
    bordered: frozenset[str]

    def sheet(self, table: ET.Element) -> Sheet:
        """Read one sheet; a row that is repeated is one row unless something stands in it."""
        found = Sheet(table.get(f"{_TABLE}name", ""))
        column = 1
        for each in table.iter(f"{_TABLE}table-column"):
            count = _count(each, "number-columns-repeated", MAX_COLUMNS)
            if each.get(f"{_TABLE}visibility", "visible") != "visible":
                found.hidden_columns |= {*range(column, min(column + count, MAX_COLUMNS + 1))}
            column += count
        at = 1
        for row in _rows(table):
            count = _count(row, "number-rows-repeated", MAX_ROWS)
            cells = list(self.cells(row))
            shown = row.get(f"{_TABLE}visibility", "visible") == "visible"
            for number_ in range(at, at + count) if cells and shown else ():
                self.row(found, number_, cells)
            at += count
        return found

    def row(self, sheet: Sheet, at: int, cells: list[tuple[int, int, ET.Element, str]]) -> None:
        """Put the cells of one row in their places."""
        for column, count, cell, text in cells:
            for each in range(column, min(column + count, MAX_COLUMNS + 1)):
                sheet.put(at, each, text)
                down, across = (
                    _count(cell, "number-rows-spanned", MAX_ROWS),
                    _count(cell, "number-columns-spanned", MAX_COLUMNS),
                )
                sheet.merge(at, each, at + down - 1, each + across - 1)

    def cells(self, row: ET.Element) -> Iterator[tuple[int, int, ET.Element, str]]:
        """
        Go through the cells of a row that hold text, are merged or have a border: column, how
        often, the cell, its text.
        """
        column = 1
        for cell in row:
            if cell.tag not in _CELLS:
                continue
            count = _count(cell, "number-columns-repeated", MAX_COLUMNS)
            text = "" if cell.tag == _CELLS[1] else _value(cell)
            if cell.tag == _CELLS[0] and (
                text or cell.get(f"{_TABLE}style-name") in self.bordered or _is_merged(cell)
            ):
                yield column, count, cell, text
            column += count


def _rows(table: ET.Element) -> Iterator[ET.Element]:
    for each in table:
        if each.tag == f"{_TABLE}table-row":
            yield each
        elif each.tag in _ROWS:
            yield from _rows(each)


def _is_merged(cell: ET.Element) -> bool:
    return (
        cell.get(f"{_TABLE}number-columns-spanned", "1") != "1"
        or cell.get(f"{_TABLE}number-rows-spanned", "1") != "1"
    )


def _value(cell: ET.Element) -> str:
    """Give the text of a cell: its value where that is a number or a day, else what it shows."""
    kind = cell.get(f"{_OFFICE}value-type", "")
    if kind in ("float", "currency", "percentage"):
        return number(cell.get(f"{_OFFICE}value", ""))
    if kind == "date":
        return cell.get(f"{_OFFICE}date-value", "").removesuffix("T00:00:00").replace("T", " ")
    return "\n".join(_line(each) for each in cell.iterfind(f"{_TEXT}p")).strip()


def _line(paragraph: ET.Element) -> str:
    """Join the text of a paragraph with its spaces, tabs and breaks."""
    parts: list[str] = []
    _gather(paragraph, parts)
    return "".join(parts)


def _gather(node: ET.Element, parts: list[str]) -> None:
    parts.append(node.text or "")
    for child in node:
        if child.tag == f"{_TEXT}s":
            parts.append(" " * min(int(child.get(f"{_TEXT}c") or 1), 100))
        elif child.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif child.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif child.tag != f"{_TEXT}ruby-text":
            _gather(child, parts)
        parts.append(child.tail or "")
