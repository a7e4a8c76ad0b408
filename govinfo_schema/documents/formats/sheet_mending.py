"""
Change cells of a workbook where they stand: what ``xlsx_mending`` and ``ods_mending`` share.

A part is changed in its text as it is written, and what formulas make of a changed cell is worked
out anew; where that cannot be told, the program that opens the workbook works it out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final, TypeAlias
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import attrs

from govinfo_schema.documents.formats.amending import (
    Edit,
    Element,
    Run,
    edited,
    edits,
    elements_of,
    misplaced,
    run_of,
    xml_text,
)
from govinfo_schema.documents.formats.format import Amendment
from govinfo_schema.documents.formats.formulas import Formula, Unknown, Value
from govinfo_schema.documents.formats.package import parsed
from govinfo_schema.documents.formats.sheet import Sheet, Slot, letters, number, slot_of

_ATTRIBUTE: Final = re.compile(r"""(\s+)([^\s=/>"']+)(\s*=\s*)("[^"]*"|'[^']*')""")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")

Cell: TypeAlias = "tuple[str, Slot]"
"""A cell of a workbook: the name of its sheet, its row and column."""


@attrs.frozen
class Part:
    """A part that is XML: its text as it stands there, its tree, and where its elements stand."""

    text: str
    encoding: str
    tree: ET.Element
    places: Mapping[ET.Element, Element]

    @classmethod
    def of(cls, data: bytes) -> Part:
        """
        Read a part.

        Raises: UnreadableFile where it is damaged.
        """
        text, encoding = xml_text(data)
        tree = parsed(data, "")
        places = dict(zip(tree.iter(), elements_of(text), strict=True))
        return cls(text, encoding, tree, places)

    def with_edits(self, changes: Iterable[Edit]) -> bytes:
        """Give its bytes after some edits, which do not overlap."""
        return edited(self.text, changes).encode(self.encoding)

    def raw(self, *nodes: ET.Element) -> str:
        """Give elements as they are written."""
        places = (self.places[node] for node in nodes)
        return "".join(self.text[place.begin : place.end] for place in places)

    def prefix(self, node: ET.Element) -> str:
        """Give what the name of an element begins with: ``x:`` of ``x:c``, nothing of ``c``."""
        prefix, colon, _ = self.places[node].name.rpartition(":")
        return prefix + colon

    def runs(self, node: ET.Element, unread: Collection[str]) -> Iterator[Run]:
        """Go through the pieces of text in an element, but for those in elements *unread*."""
        own = self.places[node]
        at = own.inner
        for each in node:
            place = self.places[each]
            yield run_of(self.text[at : place.begin], at)
            if each.tag not in unread:
                yield from self.runs(each, unread)
            at = place.end
        if not own.is_empty_tag:
            yield run_of(self.text[at : own.close], at)

    def tag(self, node: ET.Element, changes: Mapping[str, str | None]) -> str:
        """
        Give the start tag of an element with some attributes changed or added, or left out where
        they are None; their names are as they are written.
        """
        place = self.places[node]
        left = dict(changes)

        def changed(match: re.Match[str]) -> str:
            if match[2] not in left:
                return match[0]
            value = left.pop(match[2])
            return "" if value is None else match[1] + match[2] + match[3] + quoted(value)

        whole = self.text[place.begin : place.inner]
        kept = _ATTRIBUTE.sub(changed, whole[: -2 if whole.endswith("/>") else -1]).rstrip()
        added = (f" {name}={quoted(value)}" for name, value in left.items() if value is not None)
        return kept + "".join(added) + ">"

    def element(self, node: ET.Element, content: str, changes: Mapping[str, str | None]) -> str:
        """Give an element with another content and attributes changed, as in ``tag``."""
        return f"{self.tag(node, changes)}{content}</{self.places[node].name}>"

    def replaced(
        self, node: ET.Element, content: str, changes: Mapping[str, str | None] | None = None
    ) -> Edit:
        """Give the edit that replaces an element by one with another content."""
        place = self.places[node]
        return Edit(place.begin, place.end, self.element(node, content, changes or {}))

    def reworded(self, node: ET.Element, unread: Collection[str], amendment: Amendment) -> str:
        """
        Give what stands in an element, with its text changed, but for elements *unread*.

        Raises: UnreadableFile where it does not say what was found.
        """
        changes = edits([*self.runs(node, unread)], amendment, escape)
        if changes is None:
            raise misplaced(amendment.found)
        place = self.places[node]
        moved = [Edit(e.begin - place.inner, e.end - place.inner, e.text) for e in changes]
        return edited(self.text[place.inner : place.close], moved)


def quoted(value: str) -> str:
    """Write the value of an attribute."""
    return '"' + escape(value, {'"': "&quot;"}) + '"'


def by_sheet(
    sheets: Iterable[Sheet], amendments: Iterable[Amendment]
) -> dict[str, dict[Slot, Amendment]]:
    """
    Give the amendments of each sheet by their cells.

    Raises: UnreadableFile where a text does not stand in its cell.
    """
    known = {sheet.part: sheet for sheet in sheets}
    found: dict[str, dict[Slot, Amendment]] = {}
    for each in amendments:
        part, sign, name = (
            each.place.locator.rpartition("!")
            if "!" in each.place.locator
            else each.place.locator.rpartition("#")
        )
        sheet, slot = known.get(part + sign), slot_of(name)
        if sheet is None or slot is None or slot in found.get(sheet.name, ()):
            raise misplaced(each.found)
        # A formula stays, and what it comes to may have been worked out in reading.
        is_typed = not each.rows and slot not in sheet.formulas
        if is_typed and sheet.texts.get(slot, "").split() != each.found.split():
            raise misplaced(each.found)
        found.setdefault(sheet.name, {})[slot] = each
    return found


def stored(amendment: Amendment, before: str) -> str | None:
    """
    Give the number that a cell shall hold so that it shows a text; *before* is the one in it.

    None where no number shows that text.

    >>> from govinfo_schema.documents.document import NOWHERE
    >>> stored(Amendment(NOWHERE, "5 件", "1,007 件"), "5")
    '1007'
    >>> stored(Amendment(NOWHERE, "5", "无"), "5") is None
    True
    """
    old, new = (_NUMBER.findall(text) for text in (amendment.found, amendment.text))
    if new == [amendment.text.strip()]:
        return _plain(new[0])
    is_shown = len(old) == len(new) == 1 and _plain(old[0]) == before
    return _plain(new[0]) if is_shown else None


def _plain(number: str) -> str:
    return number.replace(",", "").removeprefix("+")


# ---- what formulas make of it -------------------------------------------------------------------


@attrs.define
class Recalculation:
    """
    What the formulas of a workbook come to once cells are changed.

    *values*: what each cell holds, of a formula what was stored for it; Unknown for an error.
    *formulas*: those that cells have.
    """

    values: dict[Cell, Value | Unknown]
    formulas: Mapping[Cell, Formula]
    _open: set[Cell] = attrs.field(init=False, factory=set)
    _known: dict[Cell, Value | Unknown] = attrs.field(init=False, factory=dict)
    _stale: set[Cell] = attrs.field(init=False, factory=set)

    def results(self, changed: Iterable[Cell]) -> Iterator[tuple[Cell, Value]]:
        """Give each formula that depends on changed cells with its value; None where unknown."""
        waiting = [*changed]
        while waiting:
            source = waiting.pop()
            for cell, formula in self.formulas.items():
                is_met = formula.areas is None or any(each.holds(*source) for each in formula.areas)
                if is_met and cell not in self._stale:
                    self._stale.add(cell)
                    waiting.append(cell)
        for cell in sorted(self._stale):
            try:
                yield cell, self.value(*cell)
            except Unknown:
                yield cell, None

    def value(self, sheet: str, slot: Slot) -> Value:
        """
        Give what a cell holds now.

        Raises: Unknown.
        """
        cell = (sheet, slot)
        is_stored = self.values.get(cell) is not None and cell not in self._stale
        if is_stored or cell not in self.formulas:
            known = self.values.get(cell)
        else:
            if cell not in self._known:
                self._known[cell] = self._worked_out(cell)
            known = self._known[cell]
        if isinstance(known, Unknown):
            raise known
        return known

    def _worked_out(self, cell: Cell) -> Value | Unknown:
        if cell in self._open:
            return Unknown()
        self._open.add(cell)
        try:
            return self.formulas[cell].value(self.value)
        except Unknown as error:
            return error
        finally:
            self._open.remove(cell)


def as_number(text: str) -> Decimal | str | None:
    """
    Read the number that a cell holds; what is none stays text.

    >>> as_number("1.5E1"), as_number(" "), as_number("x")
    (Decimal('15'), None, 'x')
    """
    plain = number(text.strip())
    return Decimal(plain) if _DECIMAL.fullmatch(plain) else plain or None


def number_text(value: Decimal) -> str:
    """
    Write a number as workbooks do.

    >>> number_text(Decimal("12.50")), number_text(Decimal(1) / 3), number_text(Decimal("1E+2"))
    ('12.5', '0.3333333333333333', '100')
    """
    text = f"{value:f}"
    if len(text) > 17:
        text = f"{Decimal(repr(float(value))):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cell_name(slot: Slot) -> str:
    """Name a cell as workbooks do: ``B3``."""
    return f"{letters(slot[1])}{slot[0]}"
