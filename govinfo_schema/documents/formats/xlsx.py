"""
Workbooks as Excel, WPS and LibreOffice save them (.xlsx, .xlsm), and by way of ``ods`` and ``xls``
the other two kinds.

The zip and its XML are read with the standard library alone; no formula is worked out, no macro is
run. What counts is what a person sees: a number as its format shows it, of a formula the value that
was last shown. What is struck out, raised, hidden or in the colour of its ground is an aside, and
so are pictures and formulas that were never worked out. Comments are no part of a sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final, TypeVar
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import Aside, Document
from govinfo_schema.documents.formats import HEAD, content, ods, unreadable, xls
from govinfo_schema.documents.formats.compound import MAGIC
from govinfo_schema.documents.formats.format import Amendment, FilePath, Format
from govinfo_schema.documents.formats.look import BLACK, SMALLEST, WHITE, Font, Look
from govinfo_schema.documents.formats.number_formats import BUILT_IN, GENERAL
from govinfo_schema.documents.formats.package import (
    Package,
    member,
    package,
    package_of,
    with_parts,
)
from govinfo_schema.documents.formats.sheet import (
    Sheet,
    Shown,
    Slot,
    Tab,
    document,
    is_flat,
    slot_of,
    unquoted,
)
from govinfo_schema.documents.grids import limited

_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_XDR: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CELL, _VALUE, _FORMULA, _INLINE = (f"{_S}{name}" for name in ("c", "v", "f", "is"))
_TRUE: Final = ("1", "true")
_PICTURE: Final = re.compile(r"(?:DISPIMG|IMAGE)\(")
"""Formulas that put a picture into their cell: that of WPS, and that of Excel."""
_INDEXED: Final = {"1": WHITE, "9": WHITE, "65": WHITE, "0": BLACK, "8": BLACK, "64": BLACK}
"""Black and white among the numbered colours."""
_GREYS: Final = {"0": (255, 0), "1": (0, 255)}
"""The two colours of a theme that are white and black, and what a tint takes them to."""
_WHOLE: Final = re.compile("[0-9]{1,9}")
_T = TypeVar("_T")
_PLAIN: Final = Look()
Runs = tuple[tuple[str, Font | None], ...]


def detect(head: bytes) -> bool:
    """Tell by the names in the file whether it is a workbook."""
    is_book = member(head, "xl/") and not member(head, "xl/workbook.bin")
    return xls.detect(head) or ods.detect(head) or is_book


@limited
def read(path: FilePath) -> Document:
    """
    Read the sheets of a workbook one after the other.

    Raises: UnreadableFile where it is encrypted, damaged, too long, no workbook, or has too many
    cells; MissingLibrary for .xls without python-calamine.
    """
    head = content(path, HEAD)
    if head.startswith(MAGIC):
        return document(xls.tabs(path))
    parts = package(path)
    if ods.detect(head):
        return document(ods.tabs(parts), ods.names(parts), [("title", parts.title())])
    properties = [("title", parts.title()), ("Company", parts.company())]
    return document(_tabs(parts), _names(parts), properties)


def mend(data: bytes, amendments: Sequence[Amendment]) -> bytes:
    """
    Give the bytes of the same workbook with these texts changed in their cells; what formulas make
    of them is worked out anew, or when the workbook is opened.

    A cell with a formula keeps it. Raises: UnreadableFile where a text does not stand in its cell.
    """
    from govinfo_schema.documents.formats import ods_mending, xlsx_mending  # noqa: PLC0415 (only for those who mend workbooks)
    from govinfo_schema.documents.formats.sheet_mending import by_sheet  # noqa: PLC0415 (as above)

    parts = package_of(data)
    if ods.detect(data):
        sheets = [tab.read() for tab in ods.tabs(parts)]
        changed = ods_mending.mended(parts, by_sheet(sheets, amendments))
    else:
        sheets = [tab.read() for tab in _tabs(parts)]
        own = {sheet.name: sheet.part.removesuffix("#") for sheet in sheets}
        book = parts.related("").get("officeDocument", "xl/workbook.xml")
        changed = xlsx_mending.mended(parts, book, own, by_sheet(sheets, amendments))
    return with_parts(data, changed)


def _tabs(parts: Package) -> Iterator[Tab]:
    """Go through the sheets in the order of their tabs."""
    name = parts.related("").get("officeDocument", "xl/workbook.xml")
    root = parts.tree(name)
    tabs = root.find(f"{_S}sheets") if root is not None else None
    if root is None or tabs is None:
        raise unreadable(parts.path, "not_workbook")
    targets = {each: target for each, _, target in parts.relations(name)}
    related = parts.related(name)
    styles = parts.tree(related.get("styles", "xl/styles.xml"))
    book = _Book(
        parts,
        _strings(parts.tree(related.get("sharedStrings", "xl/sharedStrings.xml"))),
        [] if styles is None else _looks(styles),
        since_1904=_flag(root, "workbookPr", "date1904"),
        uncalculated=_flag(root, "calcPr", "fullCalcOnLoad"),
    )
    for tab in tabs:
        part = targets.get(tab.get(_ID, ""), "")
        hidden = tab.get("state", "visible") != "visible"
        if part in parts.names:
            title = tab.get("name", "")
            yield Tab(title, hidden, partial(book.sheet, title, part, hidden=hidden))


def _flag(root: ET.Element, tag: str, name: str) -> bool:
    node = root.find(f"{_S}{tag}")
    return node is not None and node.get(name) in _TRUE


def _names(parts: Package) -> Iterator[tuple[str, str, Slot]]:
    """Give the names of single cells: name, sheet, place."""
    root = parts.tree(parts.related("").get("officeDocument", "xl/workbook.xml"))
    for each in root.iterfind(f"{_S}definedNames/{_S}definedName") if root is not None else ():
        sheet, _, place = (each.text or "").rpartition("!")
        if slot := slot_of(place):
            yield each.get("name", ""), unquoted(sheet), slot


def _strings(root: ET.Element | None) -> list[Runs]:
    """Read the texts that cells refer to by number."""
    return [_runs(each) for each in (root if root is not None else ())]


def _runs(node: ET.Element) -> Runs:
    """Give the runs of a text; how it is pronounced is left out."""
    runs: list[tuple[str, Font | None]] = []
    for each in node:
        if each.tag == f"{_S}t":
            runs.append((_plain(each.text), None))
        elif each.tag == f"{_S}r":
            look = each.find(f"{_S}rPr")
            runs.append((_plain(each.findtext(f"{_S}t")), None if look is None else _font(look)))
    return tuple(runs)


def _plain(text: str | None) -> str:
    return (text or "").replace("_x000D_", "")


# ---- styles -------------------------------------------------------------------------------------


def _looks(root: ET.Element) -> list[Look]:
    """Read the styles that cells refer to by number."""
    codes = BUILT_IN | {
        _whole(each.get("numFmtId")): each.get("formatCode", GENERAL) or GENERAL
        for each in root.iterfind(f"{_S}numFmts/{_S}numFmt")
    }
    fonts = [_font(each) for each in root.iterfind(f"{_S}fonts/{_S}font")]
    grounds = [_ground(each) for each in root.iterfind(f"{_S}fills/{_S}fill")]
    borders = [
        any(side.get("style", "none") != "none" for side in each)
        for each in root.iterfind(f"{_S}borders/{_S}border")
    ]
    return [
        Look(
            code=codes.get(_whole(each.get("numFmtId")), GENERAL),
            font=_nth(fonts, each.get("fontId"), other=Font()),
            ground=_nth(grounds, each.get("fillId"), other=WHITE),
            bordered=_nth(borders, each.get("borderId"), other=False),
        )
        for each in root.iterfind(f"{_S}cellXfs/{_S}xf")
    ]


def _nth(values: Sequence[_T], number: str | None, *, other: _T) -> _T:
    """Give the value that an attribute refers to by number."""
    at = _whole(number)
    return values[at] if 0 <= at < len(values) else other


def _font(node: ET.Element) -> Font:
    """Read the font of a style or of a run."""
    struck = raised = hidden = False
    colour = BLACK
    for each in node:
        if each.tag == f"{_S}strike":
            struck = each.get("val", "1") in _TRUE
        elif each.tag == f"{_S}vertAlign":
            raised = each.get("val") in ("superscript", "subscript")
        elif each.tag == f"{_S}color":
            colour = _colour(each, BLACK)
        elif each.tag == f"{_S}sz":
            hidden = _real(each.get("val"), SMALLEST) < SMALLEST
    return Font(struck, raised, colour, hidden)


def _ground(fill: ET.Element) -> str:
    """Give the colour that a fill gives to a cell; one of several colours is like no other."""
    pattern = fill.find(f"{_S}patternFill")
    if pattern is None or len(fill) > 1:
        return "" if len(fill) else WHITE
    if pattern.get("patternType", "none") == "none":
        return WHITE
    colour = pattern.find(f"{_S}fgColor")
    if pattern.get("patternType") != "solid":
        return "pattern"
    return BLACK if colour is None else _colour(colour, BLACK)


def _colour(node: ET.Element, automatic: str) -> str:
    """
    Give a colour as red, green and blue, and one that only the workbook knows by its name there.
    """
    if rgb := node.get("rgb"):
        return rgb[-6:].upper()
    theme, tint = node.get("theme"), _real(node.get("tint"), 0.0)
    if theme in _GREYS:
        start, end = _GREYS[theme]
        return f"{round(start + (end - start) * min(abs(tint), 1.0)):02X}" * 3
    if theme is not None:
        return f"theme {theme} {tint}"
    indexed = node.get("indexed")
    return automatic if indexed is None else _INDEXED.get(indexed, f"indexed {indexed}")


def _whole(text: str | None) -> int:
    """Read a whole number; −1 for what is none."""
    return int(text) if text and _WHOLE.fullmatch(text) else -1


def _real(text: str | None, other: float) -> float:
    """Read a number; *other* for what is none."""
    return float(text) if text and re.fullmatch(r"-?[0-9]{1,9}(?:\.[0-9]+)?", text) else other


# ---- sheets -------------------------------------------------------------------------------------


@attrs.frozen
class _Book:
    """
    What the sheets of a workbook share. *uncalculated*: its formulas are worked out when it is
    opened, so that what a program put there for them need not be their value.
    """

    parts: Package
    strings: list[Runs]
    looks: list[Look]
    since_1904: bool
    uncalculated: bool

    def sheet(self, name: str, part: str, *, hidden: bool) -> Sheet:
        """
        Read one sheet.

        Raises: UnreadableFile, TooManyCells.
        """
        sheet = Sheet(name, f"{part}#", hidden)
        root = self.parts.tree(part)
        if root is None:
            return sheet
        for each in root.iterfind(f"{_S}cols/{_S}col"):
            if each.get("hidden") in _TRUE or is_flat(each.get("width", "")):
                first, last = _whole(each.get("min")), _whole(each.get("max"))
                sheet.hidden_columns |= {*range(max(first, 1), min(last, 16_384) + 1)}
        view = root.find(f"{_S}sheetViews/{_S}sheetView")
        zeros = view is None or view.get("showZeros", "1") in _TRUE
        at = 0
        for row in root.iterfind(f"{_S}sheetData/{_S}row"):
            at = _whole(row.get("r")) if row.get("r") else at + 1
            if row.get("hidden") in _TRUE or is_flat(row.get("ht", "")):
                sheet.hidden_rows.add(at)
            self.row(sheet, at, row, zeros=zeros)
        for each in root.iterfind(f"{_S}mergeCells/{_S}mergeCell"):
            first_name, _, last_name = each.get("ref", "").partition(":")
            start, end = slot_of(first_name), slot_of(last_name)
            if start and end:
                sheet.merge(*start, *end)
        for _, kind, drawing in self.parts.relations(part):
            if kind == "drawing":
                _pictures(sheet, self.parts.tree(drawing))
        return sheet

    def row(self, sheet: Sheet, at: int, row: ET.Element, *, zeros: bool) -> None:
        """Read the cells of a row; one without a name follows the one before it."""
        column = 0
        for cell in row:
            if cell.tag != _CELL:
                continue
            named = slot_of(cell.get("r", ""))
            at, column = named or (at, column + 1)
            style = _whole(cell.get("s")) if cell.get("s") else 0
            look = self.looks[style] if 0 <= style < len(self.looks) else _PLAIN
            shown = self.shown(cell, look)
            if shown[0] == "0" and not zeros and cell.get("t", "n") == "n":
                shown = "", (Aside(kind="hidden", text="0"),)
            if shown[0] or shown[1] or look.bordered:
                sheet.put(at, column, shown, bordered=look.bordered)
                if (formula := cell.find(_FORMULA)) is not None:
                    sheet.formulas[at, column] = f"={formula.text or ''}"

    def shown(self, cell: ET.Element, look: Look) -> Shown:
        """Give what a cell shows, and what was left out of it."""
        kind = cell.get("t", "n")
        value = formula = inline = None
        for each in cell:
            if each.tag == _VALUE:
                value = each.text or ""
            elif each.tag == _FORMULA:
                formula = f"={each.text or ''}"
            elif each.tag == _INLINE:
                inline = each
        if formula is not None and (aside := self.unknown(formula, kind, value)):
            return "", (aside,)
        if kind == "e" and cell.get("vm"):
            return "", (Aside(kind="picture"),)
        if kind == "s" and not 0 <= _whole((value or "").strip()) < len(self.strings):
            # The text that it refers to is not in the file.
            return "", (Aside(kind="field", text=(value or "")[:40]),) if value else ()
        if kind == "n":
            return look.figure((value or "").strip(), since_1904=self.since_1904)
        return look.text(*self.runs(kind, value or "", inline))

    def runs(self, kind: str, value: str, inline: ET.Element | None) -> Runs:
        """Give the runs of a cell that holds no number."""
        if kind == "s":
            return _nth(self.strings, value.strip(), other=())
        if kind == "inlineStr" and inline is not None:
            return _runs(inline)
        if kind == "b":
            value = "TRUE" if value.strip() == "1" else "FALSE" if value else ""
        return ((value, None),)

    def unknown(self, formula: str, kind: str, value: str | None) -> Aside | None:
        """
        Give a formula of which nothing says what it shows: it puts a picture into the cell, or was
        never worked out, even if a program put a zero in its place. Else None.
        """
        if _PICTURE.search(formula):
            return Aside(kind="picture", text=formula)
        never = value is None or (kind != "str" and not value.strip())
        if never or (self.uncalculated and kind == "n" and _real(value, 1.0) == 0):
            return Aside(kind="formula", text=formula)
        return None


def _pictures(sheet: Sheet, drawing: ET.Element | None) -> None:
    """
    Put what is drawn over a sheet beside the cell in which it begins: pictures, and what is written
    in shapes.
    """
    for anchor in drawing if drawing is not None else ():
        row, column = (
            _whole(anchor.findtext(f"{_XDR}from/{_XDR}{name}")) + 1 for name in ("row", "col")
        )
        text = "".join(each.text or "" for each in anchor.iter(f"{_A}t")).strip()
        if next(anchor.iter(_MATH), None) is not None:
            sheet.add(row, column, Aside(kind="equation", text=text))
        elif text or next(anchor.iter(f"{_XDR}pic"), None) is not None:
            sheet.add(row, column, Aside(kind="picture", text=text))


FORMAT = Format(
    suffixes=(".xlsx", ".xlsm", ".xltx", ".xls", ".et", ".ods"),
    detect=detect,
    read_document=read,
    mend=mend,
    mends=lambda head: not head.startswith(MAGIC),
)
