"""
Change cells of an OpenDocument workbook where they stand (.ods): in ``content.xml``, and there only
these cells and the stored values of formulas that depend on them.

A cell, or a row, that stands for several alike is split where one of them changes. A cell with a
formula keeps it; where its value cannot be worked out, it is left out, and the program that opens
the workbook calculates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import attrs

from govinfo_schema.documents.document import NOWHERE
from govinfo_schema.documents.formats.amending import Edit, misplaced
from govinfo_schema.documents.formats.format import Amendment
from govinfo_schema.documents.formats.formulas import Unknown, Value, read_formula
from govinfo_schema.documents.formats.package import Package
from govinfo_schema.documents.formats.sheet import MAX_COLUMNS, MAX_ROWS, Slot, number
from govinfo_schema.documents.formats.sheet_mending import (
    Cell,
    Part,
    Recalculation,
    as_number,
    number_text,
    quoted,
    stored,
)
from govinfo_schema.documents.grids import check_count

_PART: Final = "content.xml"
_NAMES: Final = {
    name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
    for name in ("table", "office", "text", "drawing")
}
_CALC: Final = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"
_TABLE, _OFFICE, _TEXT, _DRAW = (f"{{{name}}}" for name in _NAMES.values())
_CELLS: Final = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_DECLARED: Final = re.compile(r"""\sxmlns:([^\s=]+)\s*=\s*["']([^"']*)["']""")
_UNREAD: Final = frozenset((f"{_TEXT}ruby-text", f"{_OFFICE}annotation", f"{_DRAW}frame"))
_ERROR: Final = re.compile(r"Err:[0-9]+|#[A-Z/0!?]+")
_NUMBERS: Final = ("float", "currency", "percentage")
New: TypeAlias = "tuple[Mapping[str, str | None], str]"
"""What becomes of a cell: the attributes that change, and what stands in it."""


def mended(
    package: Package, amendments: Mapping[str, Mapping[Slot, Amendment]]
) -> dict[str, bytes]:
    """
    Give the part of a workbook that changes, with its new content.

    *amendments*: by the names of sheets and by cells.
    Raises: UnreadableFile where it is damaged, or a text does not stand in its cell; TooManyCells.
    """
    book = _Workbook.of(package.part(_PART) or b"")
    return {_PART: book.part.with_edits(book.changes(amendments))}


@attrs.frozen
class _Row:
    """A row as it is written: the first row it stands for, how many, and its cells alike."""

    at: int
    count: int
    node: ET.Element
    cells: tuple[tuple[int, int, ET.Element], ...]


@attrs.frozen
class _Workbook:
    """The part that holds all sheets; *prefixes*: what each of the names begins with in it."""

    part: Part
    prefixes: Mapping[str, str]
    tables: Mapping[str, tuple[_Row, ...]]

    @classmethod
    def of(cls, data: bytes) -> _Workbook:
        """Read the part."""
        part = Part.of(data)
        root = part.places[part.tree]
        declared = _DECLARED.findall(part.text[root.begin : root.inner])
        tables = {
            table.get(f"{_TABLE}name", ""): tuple(_rows(table))
            for table in part.tree.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
        }
        return cls(part, {name: prefix for prefix, name in declared}, tables)

    def name(self, space: str, name: str) -> str:
        """Name an attribute or an element as this part does."""
        return f"{self.prefixes.get(space, space.rpartition(':')[0].rpartition(':')[2])}:{name}"

    def changes(self, amendments: Mapping[str, Mapping[Slot, Amendment]]) -> Iterator[Edit]:
        """Give the edits of all rows in which something changes."""
        new = self._new(amendments)
        for sheet in {sheet for sheet, _ in new}:
            left = {slot: each for (name, slot), each in new.items() if name == sheet}
            for row in self.tables.get(sheet, ()):
                rows = range(row.at, row.at + row.count)
                touched = {slot: left.pop(slot) for slot in [*left] if slot[0] in rows}
                if touched:
                    place = self.part.places[row.node]
                    yield Edit(place.begin, place.end, "".join(self._split(row, touched)))
            if left:
                raise misplaced("")

    def _new(self, amendments: Mapping[str, Mapping[Slot, Amendment]]) -> dict[Cell, New]:
        """Tell what becomes of each cell that changes, formulas that follow from others too."""
        nodes = dict(self._cells())
        values = {cell: _value(node) for cell, node in nodes.items()}
        names = self._named()
        formulas = {
            cell: read_formula(formula, cell[0], names)
            for cell, node in nodes.items()
            if (formula := node.get(f"{_TABLE}formula"))
        }
        new: dict[Cell, New] = {}
        for sheet, own in amendments.items():
            for slot, amendment in own.items():
                cell = (sheet, slot)
                if cell not in formulas:
                    new[cell], values[cell] = self._changed(nodes.get(cell), amendment)
        for cell, value in Recalculation(values, formulas).results([*new]):
            if value is None or value != values[cell]:
                new[cell] = self._result(nodes[cell], value)
        return new

    def _cells(self) -> Iterator[tuple[Cell, ET.Element]]:
        """Go through the cells that hold something."""
        count = 0
        for sheet, rows in self.tables.items():
            for row in rows:
                for column, repeated, node in row.cells:
                    if not len(node) and node.get(f"{_TABLE}formula") is None:
                        continue
                    count += row.count * repeated
                    check_count(count)
                    for line in range(row.at, row.at + row.count):
                        for at in range(column, column + repeated):
                            yield (sheet, (line, at)), node

    def _named(self) -> dict[str, str]:
        """Give the cells that have names."""
        return {
            each.get(f"{_TABLE}name", "").casefold(): each.get(f"{_TABLE}cell-range-address", "")
            for each in self.part.tree.iter(f"{_TABLE}named-range")
        }

    # ---- what becomes of a cell ----

    def _changed(self, node: ET.Element | None, amendment: Amendment) -> tuple[New, Value]:
        """Change what a cell says, and give what it holds after it."""
        kind = "" if node is None else node.get(f"{_OFFICE}value-type", "")
        before = "" if node is None else number(node.get(f"{_OFFICE}value", ""))
        is_text = kind not in ("", *_NUMBERS) and bool(amendment.found.strip())
        figure = None if is_text else stored(amendment, before)
        content = self._content(node, amendment.found, amendment.text)
        if figure is None:
            string = None if node is None else node.get(f"{_OFFICE}string-value")
            kept = {"string-value": amendment.text} if string is not None else {}
            return (self._facts("string", **kept), content), amendment.text
        kind = kind if kind in _NUMBERS else "float"
        return (self._facts(kind, value=figure), content), Decimal(figure)

    def _result(self, node: ET.Element, value: Value) -> New:
        """Give what becomes of a formula whose value is another one, or is not known."""
        shown = "".join(_paragraph_text(each) for each in node.iterfind(f"{_TEXT}p"))
        others = [each for each in node if each.tag != f"{_TEXT}p"]
        if value is None:
            return self._facts(None), self.part.raw(*others)
        if isinstance(value, bool):
            facts = self._facts("boolean", **{"boolean-value": str(value).lower()})
            return facts, self._content(node, shown, str(value).upper())
        if isinstance(value, str):
            return self._facts("string", **{"string-value": value}), self._content(
                node, shown, value
            )
        kind = node.get(f"{_OFFICE}value-type", "")
        facts = self._facts(kind if kind in _NUMBERS else "float", value=number_text(value))
        return facts, self._content(node, shown, _as_shown(value, shown))

    def _facts(self, kind: str | None, **values: str) -> dict[str, str | None]:
        """Give the attributes that tell what a cell holds, and take the others away."""
        names = ("value", "string-value", "boolean-value", "date-value", "time-value")
        office, calc = _NAMES["office"], self.prefixes.get(_CALC)
        facts: dict[str, str | None] = {self.name(office, "value-type"): kind}
        if calc:
            facts[f"{calc}:value-type"] = kind
        return facts | {self.name(office, name): values.get(name) for name in names}

    def _content(self, node: ET.Element | None, found: str, new: str) -> str:
        """Give what stands in a cell, with another text."""
        lines = [] if node is None else node.findall(f"{_TEXT}p")
        if node is not None and found.strip():
            return self.part.reworded(node, _UNREAD, Amendment(NOWHERE, found, new))
        others = [] if node is None else [each for each in node if each not in lines]
        paragraph = self.name(_NAMES["text"], "p")
        return self.part.raw(*others) + f"<{paragraph}>{escape(new)}</{paragraph}>"

    # ---- rows and cells that stand for several ----

    def _split(self, row: _Row, new: Mapping[Slot, New]) -> Iterator[str]:
        """Write a row once for each run of rows alike."""
        repeated = self.name(_NAMES["table"], "number-rows-repeated")
        own = self.part.places[row.node]
        inner = "" if own.is_empty_tag else self.part.text[own.inner : own.close]
        at, end = row.at, row.at + row.count
        for line in [*sorted({line for line, _ in new}), end]:
            if line > at:
                yield self.part.element(row.node, inner, {repeated: _times(line - at)})
            if line < end:
                cells = {column: each for (number_, column), each in new.items() if number_ == line}
                yield self.part.element(row.node, "".join(self._line(row, cells)), {repeated: None})
            at = line + 1

    def _line(self, row: _Row, new: Mapping[int, New]) -> Iterator[str]:
        """Write the cells of a row."""
        repeated = self.name(_NAMES["table"], "number-columns-repeated")
        begin = self.part.places[row.node].inner
        left, column = dict(new), 1
        for start, count, node in row.cells:
            place = self.part.places[node]
            yield self.part.text[begin : place.begin]
            begin, end = place.end, start + count
            inner = "" if place.is_empty_tag else self.part.text[place.inner : place.close]
            touched = [at for at in sorted(left) if start <= at < end]
            if not touched:
                yield self.part.raw(node)
            at = start
            for each in [*touched, end] if touched else ():
                if each > at:
                    yield self.part.element(node, inner, {repeated: _times(each - at)})
                if each < end:
                    facts, content = left.pop(each)
                    yield self.part.element(node, content, {**facts, repeated: None})
                at = each + 1
            column = end
        for at in sorted(left):
            cell = self.name(_NAMES["table"], "table-cell")
            if at > column:
                yield f"<{cell} {repeated}={quoted(str(at - column))}/>"
            facts, content = left[at]
            told = "".join(f" {name}={quoted(each)}" for name, each in facts.items() if each)
            yield f"<{cell}{told}>{content}</{cell}>"
            column = at + 1
        own = self.part.places[row.node]
        yield "" if own.is_empty_tag else self.part.text[begin : own.close]


def _times(count: int) -> str | None:
    """Say how often a row or a cell stands there; nothing for once."""
    return str(count) if count > 1 else None


def _rows(node: ET.Element, at: int = 1) -> Iterator[_Row]:
    """Go through the rows of a table, those in groups too."""
    for each in node:
        if each.tag == f"{_TABLE}table-row":
            count, column = _count(each, "number-rows-repeated", MAX_ROWS), 1
            cells = []
            for cell in each:
                if cell.tag in _CELLS:
                    times = _count(cell, "number-columns-repeated", MAX_COLUMNS)
                    cells.append((column, times, cell))
                    column += times
            yield _Row(at, count, each, tuple(cells))
            at += count
        elif each.tag.removeprefix(_TABLE) in (
            "table-header-rows",
            "table-row-group",
            "table-rows",
        ):
            for row in _rows(each, at):
                yield row
                at = row.at + row.count


def _count(node: ET.Element, name: str, most: int) -> int:
    """Read how often something stands there: at least once, at most *most*."""
    text = node.get(f"{_TABLE}{name}", "1")
    return max(1, min(int(text), most)) if re.fullmatch("[0-9]{1,9}", text) else 1


def _value(node: ET.Element) -> Value | Unknown:
    """Give what a cell holds; Unknown for an error of a formula."""
    kind = node.get(f"{_OFFICE}value-type", "")
    if kind in _NUMBERS:
        return as_number(node.get(f"{_OFFICE}value", ""))
    if kind == "boolean":
        return node.get(f"{_OFFICE}boolean-value") == "true"
    lines = node.findall(f"{_TEXT}p")
    if not kind and not lines:
        return None
    text = "\n".join(map(_paragraph_text, lines))
    if node.get(f"{_TABLE}formula") and _ERROR.fullmatch(text):
        return Unknown()
    return node.get(f"{_OFFICE}string-value", text)


def _paragraph_text(node: ET.Element) -> str:
    """Give what a paragraph says."""
    inner = ("" if each.tag in _UNREAD else _paragraph_text(each) for each in node)
    pairs = zip(inner, (each.tail or "" for each in node), strict=True)
    return (node.text or "") + "".join(text + tail for text, tail in pairs)


def _as_shown(value: Decimal, before: str) -> str:
    """Write a number with as many decimals as the one that was shown before."""
    match = re.fullmatch(r"-?[0-9]+\.([0-9]+)", before.strip())
    return f"{value:.{len(match[1])}f}" if match else number_text(value)
