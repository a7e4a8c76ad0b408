"""
Workbooks as Excel, WPS and LibreOffice save them (.xlsx, .xlsm), and by way of ``ods`` and ``xls``
the other two kinds.

The zip and its XML are read with the standard library alone; no formula is worked out, no macro is
run: of a formula the value counts that was last shown. Hidden sheets, rows and columns are left
out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import Document, Place, Span
from govinfo_schema.documents.formats import HEAD, content, ods, unreadable, xls
from govinfo_schema.documents.formats.compound import MAGIC
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.package import Package, member, package
from govinfo_schema.documents.formats.sheet import Sheet, day, number
from govinfo_schema.documents.grids import limited

_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DAYS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
"""The formats of numbers that are days or times in every workbook."""
_QUOTED: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')


def detect(head: bytes) -> bool:
    """Tell by the names in the file whether it is a workbook."""
    return xls.detect(head) or ods.detect(head) or member(head, "xl/")


@limited
def read(path: FilePath) -> Document:
    """
    Read the sheets of a workbook one after the other.

    Raises: UnreadableFile where it is encrypted, damaged, too long, no workbook, or has too many
    cells; MissingLibrary for .xls without python-calamine.
    """
    head = content(path, HEAD)
    if head.startswith(MAGIC):
        return Document(
            blocks=tuple(block for sheet in xls.sheets(path) for block in sheet.blocks())
        )
    parts = package(path)
    found, names = (
        (list(ods.sheets(parts)), ods.names(parts))
        if ods.detect(head)
        else (list(_sheets(parts)), _names(parts))
    )
    return Document(
        blocks=tuple(block for sheet in found for block in sheet.blocks()),
        title=parts.title(),
        named=tuple(_named(names, {sheet.name: sheet for sheet in found})),
    )


def _sheets(parts: Package) -> Iterator[Sheet]:
    """Go through the sheets that are shown, in the order of their tabs."""
    name = parts.related("").get("officeDocument", "xl/workbook.xml")
    root = parts.tree(name)
    tabs = root.find(f"{_S}sheets") if root is not None else None
    if root is None or tabs is None:
        raise unreadable(parts.path, "not_workbook")
    targets = {each: target for each, _, target in parts.relations(name)}
    related = parts.related(name)
    properties = root.find(f"{_S}workbookPr")
    since_1904 = properties is not None and properties.get("date1904", "0") in ("1", "true")
    strings = _strings(parts.tree(related.get("sharedStrings", "xl/sharedStrings.xml")))
    book = _Book(strings, _formats(parts.tree(related.get("styles", "xl/styles.xml"))), since_1904)
    for tab in tabs:
        sheet = parts.tree(targets.get(tab.get(_ID, ""), ""))
        if sheet is not None and tab.get("state", "visible") == "visible":
            yield book.sheet(tab.get("name", ""), sheet)


def _names(parts: Package) -> Iterator[tuple[str, str]]:
    """Give the names of a workbook and the places that they stand for."""
    root = parts.tree(parts.related("").get("officeDocument", "xl/workbook.xml"))
    for each in root.iterfind(f"{_S}definedNames/{_S}definedName") if root is not None else ():
        yield each.get("name", ""), (each.text or "").replace("!", ".")


def _named(names: Iterator[tuple[str, str]], sheets: Mapping[str, Sheet]) -> Iterator[Span]:
    """
    Give the cells that a workbook names, with the texts that stand there now; a name of several
    cells is none.
    """
    for name, where in names:
        sheet, _, place = where.rpartition(".")
        found, slot = (
            sheets.get(sheet.removeprefix("$").strip("'").replace("''", "'")),
            _slot(place),
        )
        if found is not None and slot is not None:
            row, column = slot
            text = found.texts.get(slot, "").strip()
            yield Span(
                text=text,
                row=row - 1,
                column=column - 1,
                name=name,
                place=Place(sheet=found.name, row=row, column=column),
            )


def _strings(root: ET.Element | None) -> list[str]:
    """Read the texts that cells refer to by number."""
    return [_text(each) for each in (root if root is not None else ())]


def _text(node: ET.Element) -> str:
    """Join the runs of a text; how it is pronounced is left out."""
    runs = (
        each.text if each.tag == f"{_S}t" else each.findtext(f"{_S}t")
        for each in node
        if each.tag in (f"{_S}t", f"{_S}r")
    )
    return "".join(run or "" for run in runs).replace("_x000D_", "")


@attrs.frozen
class _Format:
    """
    What matters of how a cell looks: whether its number is a day, and whether it has a border.
    """

    is_day: bool = False
    bordered: bool = False


def _formats(root: ET.Element | None) -> list[_Format]:
    if root is None:
        return []
    codes = {
        each.get("numFmtId"): each.get("formatCode", "")
        for each in root.iterfind(f"{_S}numFmts/{_S}numFmt")
    }
    borders = [
        any(side.get("style", "none") != "none" for side in each)
        for each in root.iterfind(f"{_S}borders/{_S}border")
    ]
    found = []
    for each in root.iterfind(f"{_S}cellXfs/{_S}xf"):
        border = _whole(each.get("borderId"))
        code = each.get("numFmtId")
        is_day = _is_day(codes[code]) if code in codes else _whole(code) in _DAYS
        found.append(_Format(is_day, 0 <= border < len(borders) and borders[border]))
    return found


def _is_day(code: str) -> bool:
    """
    Tell whether a format prints a day or a time.

    >>> _is_day('yyyy"年"m"月"d"日"'), _is_day('#,##0.00_);[Red]"days "0'), _is_day("General")
    (True, False, False)
    """
    plain = _QUOTED.sub("", code.partition(";")[0]).lower()
    return "general" not in plain and re.search("[ymdhs]", plain) is not None


def _whole(text: str | None) -> int:
    """Read a whole number; −1 for what is none."""
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else -1


def _slot(name: str) -> tuple[int, int] | None:
    """
    Read the name of a cell as row and column.

    >>> _slot("B3"), _slot("$AA$10"), _slot("XFD1048576"), _slot("3")
    ((3, 2), (10, 27), (1048576, 16384), None)
    """
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})", name)
    if not match:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


@attrs.frozen
class _Book:
    """What the sheets of a workbook share."""

    strings: list[str]
    formats: list[_Format]
    since_1904: bool

    def sheet(self, name: str, root: ET.Element) -> Sheet:
        """Read one sheet."""
        found = Sheet(name)
        for each in root.iterfind(f"{_S}cols/{_S}col"):
            if each.get("hidden") in ("1", "true"):
                found.hidden_columns |= {
                    *range(
                        max(_whole(each.get("min")), 1), min(_whole(each.get("max")), 16_384) + 1
                    )
                }
        at = 0
        for row in root.iterfind(f"{_S}sheetData/{_S}row"):
            at = _whole(row.get("r")) if row.get("r") else at + 1
            if row.get("hidden") in ("1", "true"):
                found.hidden_rows.add(at)
            self.row(found, at, row)
        for each in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
            first, _, last = each.get("ref", "").partition(":")
            start, end = _slot(first), _slot(last)
            if start and end:
                found.merge(*start, *end)
        return found

    def row(self, sheet: Sheet, at: int, row: ET.Element) -> None:
        """Read the cells of a row; one without a name follows the one before it."""
        column = 0
        for cell in row:
            if cell.tag != f"{_S}c":
                continue
            named = _slot(cell.get("r", ""))
            at, column = named or (at, column + 1)
            style = _whole(cell.get("s")) if cell.get("s") else 0
            shown = self.formats[style] if 0 <= style < len(self.formats) else _Format()
            text = self.value(cell, shown)
            if text or shown.bordered:
                sheet.put(at, column, text)

    def value(self, cell: ET.Element, shown: _Format) -> str:
        """Give the text of a cell."""
        kind, text = cell.get("t", "n"), cell.findtext(f"{_S}v") or ""
        if kind == "s":
            index = _whole(text.strip())
            return self.strings[index] if 0 <= index < len(self.strings) else ""
        if kind == "inlineStr":
            inline = cell.find(f"{_S}is")
            return "" if inline is None else _text(inline)
        if kind == "b":
            return "TRUE" if text.strip() == "1" else "FALSE" if text else ""
        if kind != "n":
            return text
        plain = number(text.strip())
        if shown.is_day and re.fullmatch(r"[0-9]{1,7}(?:\.[0-9]+)?", plain):
            return day(float(plain), since_1904=self.since_1904)
        return plain


FORMAT = Format(
    suffixes=(".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ods"),
    detect=detect,
    read_document=read,
)
