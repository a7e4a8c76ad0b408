"""
Change cells of an Excel workbook where they stand (.xlsx, .xlsm).

In the part of a sheet only these cells change, and the stored values of formulas that depend on
them. A cell whose text stands in the table of shared texts gets a text of its own; a cell with a
formula keeps it. Where a value cannot be worked out, it is left out, and the workbook is told to
calculate all when it is opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import attrs

from govinfo_schema.documents.formats.amending import Edit, misplaced
from govinfo_schema.documents.formats.format import Amendment
from govinfo_schema.documents.formats.formulas import Formula, Unknown, Value, read_formula
from govinfo_schema.documents.formats.package import Package
from govinfo_schema.documents.formats.sheet import Slot, number, slot_of
from govinfo_schema.documents.formats.sheet_mending import (
    Cell,
    Part,
    Recalculation,
    as_number,
    cell_name,
    number_text,
    stored,
)

_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_CELL, _ROW, _VALUE, _FORMULA, _INLINE, _TEXT, _SOUND = (
    f"{_S}{name}" for name in ("c", "row", "v", "f", "is", "t", "rPh")
)
_BEHIND: Final = frozenset(
    f"{_S}{name}"
    for name in (
        *("oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes"),
        *("webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst"),
    )
)
"""What stands behind the settings of the calculation in the part of the workbook."""


def mended(
    package: Package,
    book: str,
    sheets: Mapping[str, str],
    amendments: Mapping[str, Mapping[Slot, Amendment]],
) -> dict[str, bytes]:
    """
    Give the parts of a workbook that change, with their new content.

    *book*: the part of the workbook. *sheets*: the part of each sheet by its name. *amendments*: by
    the names of sheets and by cells.
    Raises: UnreadableFile where a part is damaged, or a text does not stand in its cell.
    """
    shared = package.related(book).get("sharedStrings", "xl/sharedStrings.xml")
    workbook = _Workbook.of(package, book, sheets, package.part(shared))
    return workbook.mended(amendments)


@attrs.frozen(slots=False)
class _Tab:
    """A sheet: its rows and its cells by their places."""

    name: str
    part: Part
    rows: dict[int, ET.Element]
    cells: dict[Slot, ET.Element]

    @classmethod
    def of(cls, name: str, data: bytes) -> _Tab:
        """Read a sheet; a row or a cell without a name follows the one before it."""
        part = Part.of(data)
        rows: dict[int, ET.Element] = {}
        cells: dict[Slot, ET.Element] = {}
        at = 0
        for row in part.tree.iterfind(f"{_S}sheetData/{_ROW}"):
            at = int(row.get("r") or at + 1)
            rows[at] = row
            line, column = at, 0
            for cell in row.iterfind(_CELL):
                line, column = slot_of(cell.get("r", "")) or (line, column + 1)
                cells[line, column] = cell
        return cls(name, part, rows, cells)

    @cached_property
    def shared(self) -> dict[str, tuple[Slot, str]]:
        """The formulas that cells share, by their numbers, with the cell that has it."""
        return {
            formula.get("si", ""): (slot, formula.text)
            for slot, cell in self.cells.items()
            if (formula := cell.find(_FORMULA)) is not None
            and formula.get("t") == "shared"
            and formula.text
        }

    def formula(self, slot: Slot, names: Mapping[str, str]) -> Formula | None:
        """Read the formula of a cell; None where it has none."""
        node = self.cells[slot].find(_FORMULA)
        if node is None:
            return None
        text, shift = node.text or "", (0, 0)
        if not text and node.get("si") in self.shared:
            (row, column), text = self.shared[node.get("si", "")]
            shift = (slot[0] - row, slot[1] - column)
        formula = read_formula(text, self.name, names, shift)
        if node.get("t", "normal") in ("normal", "shared"):
            return formula
        # The values of an array are not worked out here.
        return Formula((), formula.areas)

    def inserted(self, slot: Slot, content: str, kind: str) -> Edit:
        """Give the edit that puts a cell in where there is none."""
        row_number, column = slot
        data = self.part.tree.find(f"{_S}sheetData")
        if data is None:
            raise misplaced("")
        prefix = self.part.prefix(data)
        cell = f'<{prefix}c r="{cell_name(slot)}"{kind}>{content}</{prefix}c>'
        if row_number not in self.rows:
            row = f'<{prefix}row r="{row_number}">{cell}</{prefix}row>'
            behind = [node for at, node in self.rows.items() if at > row_number]
            return self._into(data, behind, row)
        behind = [
            node for (line, at), node in self.cells.items() if line == row_number and at > column
        ]
        return self._into(self.rows[row_number], behind, cell)

    def _into(self, node: ET.Element, behind: list[ET.Element], new: str) -> Edit:
        """Put something into an element, before the first of those *behind* it or at its end."""
        place = self.part.places[node]
        if place.is_empty_tag:
            return self.part.replaced(node, new)
        at = self.part.places[behind[0]].begin if behind else place.close
        return Edit(at, at, new)


@attrs.frozen
class _Workbook:
    """The sheets of a workbook, its shared texts, and the part that names both."""

    book: str
    root: Part
    tabs: dict[str, _Tab]
    parts: Mapping[str, str]
    texts: Part | None
    names: Mapping[str, str]

    @classmethod
    def of(
        cls, package: Package, book: str, sheets: Mapping[str, str], texts: bytes | None
    ) -> _Workbook:
        """Read a workbook."""
        root = Part.of(package.part(book) or b"")
        named = root.tree.iterfind(f"{_S}definedNames/{_S}definedName")
        names = {each.get("name", "").casefold(): each.text or "" for each in named}
        contents = {name: package.part(part) for name, part in sheets.items()}
        tabs = {name: _Tab.of(name, data) for name, data in contents.items() if data}
        return cls(book, root, tabs, sheets, Part.of(texts) if texts else None, names)

    def mended(self, amendments: Mapping[str, Mapping[Slot, Amendment]]) -> dict[str, bytes]:
        """Give the parts that change."""
        values, formulas = self._contents()
        changes: dict[str, list[Edit]] = {}
        changed: list[Cell] = []
        for name, own in amendments.items():
            for slot, amendment in own.items():
                if (name, slot) not in formulas:
                    edit, value = self._changed(self.tabs[name], slot, amendment)
                    changes.setdefault(name, []).append(edit)
                    changed.append((name, slot))
                    values[name, slot] = value
        is_open = False
        for (name, slot), value in Recalculation(values, formulas).results(changed):
            cell = self.tabs[name].cells[slot]
            if value is None or value != self._value(cell):
                changes.setdefault(name, []).append(_result(self.tabs[name].part, cell, value))
            is_open |= value is None
        parts = {
            self.parts[name]: self.tabs[name].part.with_edits(own) for name, own in changes.items()
        }
        if is_open:
            parts |= self._calculated_when_opened()
        return parts

    def _contents(self) -> tuple[dict[Cell, Value | Unknown], dict[Cell, Formula]]:
        """Give what each cell holds, and the formulas that cells have."""
        values: dict[Cell, Value | Unknown] = {}
        formulas: dict[Cell, Formula] = {}
        for name, tab in self.tabs.items():
            for slot, cell in tab.cells.items():
                formula = tab.formula(slot, self.names)
                if formula is not None:
                    formulas[name, slot] = formula
                values[name, slot] = self._value(cell)
        return values, formulas

    def _value(self, cell: ET.Element) -> Value | Unknown:
        """Give what a cell holds; Unknown for an error."""
        kind, text = cell.get("t", "n"), cell.findtext(_VALUE, "")
        value: Value | Unknown = text
        match kind:
            case "inlineStr":
                value = _said(cell.find(_INLINE))
            case "s":
                value = _said(self._shared(text))
            case "b":
                value = text.strip() == "1"
            case "e":
                value = Unknown()
            case "n":
                value = as_number(text)
        return None if cell.find(_VALUE) is None and kind != "inlineStr" else value

    def _shared(self, position: str) -> ET.Element | None:
        """Give a shared text by its number."""
        nodes = [] if self.texts is None else [*self.texts.tree]
        at = int(position) if position.strip().isdecimal() else -1
        return nodes[at] if 0 <= at < len(nodes) else None

    def _changed(self, tab: _Tab, slot: Slot, amendment: Amendment) -> tuple[Edit, Value]:
        """Give the edit that changes a cell, and what it holds after it."""
        cell = tab.cells.get(slot)
        kind = "n" if cell is None else cell.get("t", "n")
        is_text = kind in ("s", "str", "inlineStr") and bool(amendment.found.strip())
        before = cell.findtext(_VALUE) if cell is not None and kind == "n" else None
        figure = None if is_text else stored(amendment, number((before or "").strip()))
        prefix = tab.part.prefix(tab.part.tree)
        shown: str | None = None
        value: Value
        if figure is not None:
            new, value = f"<{prefix}v>{figure}</{prefix}v>", Decimal(figure)
        else:
            inner = self._text(tab.part, cell, amendment) if is_text and cell is not None else ""
            inner = inner or f"<{prefix}t>{escape(amendment.text)}</{prefix}t>"
            new, shown, value = f"<{prefix}is>{inner}</{prefix}is>", "inlineStr", amendment.text
        if cell is None:
            return tab.inserted(slot, new, f' t="{shown}"' if shown else ""), value
        rest = [node for node in cell if node.tag not in (_VALUE, _INLINE)]
        return tab.part.replaced(cell, new + tab.part.raw(*rest), {"t": shown}), value

    def _text(self, part: Part, cell: ET.Element, amendment: Amendment) -> str:
        """
        Give the text of a cell with its runs as they are, but for what changes; nothing where it
        has no runs.
        """
        source, node = part, cell.find(_INLINE)
        if cell.get("t") == "s" and self.texts is not None:
            source, node = self.texts, self._shared(cell.findtext(_VALUE) or "")
            if node is not None and source.prefix(node) != part.prefix(part.tree):
                return ""
        if node is None:
            return ""
        return source.reworded(node, (_SOUND,), amendment)

    def _calculated_when_opened(self) -> dict[str, bytes]:
        """Give the part of the workbook, which then has programs calculate all on opening."""
        tree = self.root.tree
        node = tree.find(f"{_S}calcPr")
        if node is not None:
            if node.get("fullCalcOnLoad") in ("1", "true"):
                return {}
            edit = self.root.replaced(node, "", {"fullCalcOnLoad": "1"})
        else:
            behind = next((each for each in tree if each.tag in _BEHIND), None)
            root = self.root.places[tree]
            at = root.close if behind is None else self.root.places[behind].begin
            edit = Edit(at, at, f'<{self.root.prefix(tree)}calcPr fullCalcOnLoad="1"/>')
        return {self.book: self.root.with_edits([edit])}


def _result(part: Part, cell: ET.Element, value: Value) -> Edit:
    """Give the edit that stores another value of a formula; None leaves none."""
    new, kind = "", None
    if value is not None:
        kind = "b" if isinstance(value, bool) else "str" if isinstance(value, str) else None
        shown = number_text(value) if isinstance(value, Decimal) else str(value)
        shown = str(int(value)) if isinstance(value, bool) else shown
        name = f"{part.prefix(cell)}v"
        new = f"<{name}>{escape(shown)}</{name}>"
    formula = [node for node in cell if node.tag == _FORMULA]
    rest = [node for node in cell if node.tag not in (_FORMULA, _VALUE, _INLINE)]
    return part.replaced(cell, part.raw(*formula) + new + part.raw(*rest), {"t": kind})


def _texts(node: ET.Element) -> Iterator[ET.Element]:
    """Go through the elements that hold a text; how it is pronounced is none of it."""
    for each in node:
        if each.tag == _TEXT:
            yield each
        elif each.tag != _SOUND:
            yield from _texts(each)


def _said(node: ET.Element | None) -> str:
    nodes: Iterable[ET.Element] = () if node is None else _texts(node)
    return "".join(each.text or "" for each in nodes)
