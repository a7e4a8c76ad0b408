"""
Change texts of a Word document where they stand: only characters in the runs of their cells change,
in the one part that holds them; every other byte of the zip stays.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final
from xml.etree import ElementTree as ET

import attrs
import msgspec

from govinfo_schema.documents.formats import html as page
from govinfo_schema.documents.formats import text
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
from govinfo_schema.documents.formats.package import ZIP, package_of, parsed, with_parts
from govinfo_schema.documents.formats.word_drawings import BOX
from govinfo_schema.documents.formats.word_styles import W, is_on, value
from govinfo_schema.documents.formats.word_text import LEFT_OUT, look_of

_P, _R, _T, _DELETED_TEXT = (f"{W}{name}" for name in ("p", "r", "t", "delText"))
_MATH_TEXT: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_INSIDE: Final = re.compile(r"\((?P<outer>.+)//w:txbxContent\)\[(?P<number>[0-9]+)\](?P<rest>.*)")
_PART: Final = re.compile(r"([^#!]*)([#!]?)(.*)")
_STEP: Final = re.compile(r"/((?:Q\{[^}]*\})?[^/\[{]+)(?:\[([0-9]+)\])?")
_TRACKED: Final = re.compile(r"(?s)<(\w+:)?(ins|del|moveFrom|moveTo|rPrChange)\b.*?(?:/>|</\1?\2>)")
_ESCAPE: Final = partial(html.escape, quote=False)


def mend(data: bytes, amendments: Sequence[Amendment], prefixed: Callable[[str], str]) -> bytes:
    """
    Give the bytes of the same document with these texts changed; *prefixed* writes the name of an
    element as in a locator.

    Raises: UnreadableFile where a text does not stand at its place.
    """
    package = package_of(data)
    parts: dict[str, list[Amendment]] = {}
    for each in amendments:
        name, sign, inner = _PART.fullmatch(each.place.locator).groups()  # type: ignore[union-attr]
        moved = each
        if sign == "!" or not inner.startswith("/w:"):
            # What stands in a part of another format has a place there.
            moved = attrs.evolve(each, place=msgspec.structs.replace(each.place, locator=inner))
        parts.setdefault(name, []).append(moved)
    changed: dict[str, bytes] = {}
    for name, own in parts.items():
        content = package.part(name)
        if content is None:
            raise misplaced(own[0].found)
        if content.startswith(ZIP):
            changed[name] = mend(content, own, prefixed)
        elif own[0].place.locator.startswith("bytes="):
            changed[name] = text.mend(content, own)
        elif own[0].place.locator.startswith("/"):
            changed[name] = page.mend(content, own)
        else:
            changed[name] = _Part.of(content, prefixed).mended(own)
    return with_parts(data, changed)


def formulas(
    data: bytes, amendments: Sequence[Amendment], prefixed: Callable[[str], str]
) -> list[Amendment]:
    """Tell in which of these cells a field works a formula out: its result is what changes."""
    package = package_of(data)
    trees: dict[str, _Part | None] = {}
    made = []
    for each in amendments:
        name, sign, path = each.place.locator.partition("#")
        if not sign or "!" in name or not path.startswith("/w:"):
            continue
        if name not in trees:
            content = package.part(name)
            trees[name] = None if content is None else _Part.of(content, prefixed)
        part = trees[name]
        cell = None if part is None else part.at(path)
        if cell is not None and any(code.lstrip().startswith("=") for code in _codes(cell)):
            made.append(each)
    return made


def _codes(cell: ET.Element) -> Iterator[str]:
    """Go through the codes of the fields in a cell."""
    for field in cell.iter(f"{W}fldSimple"):
        yield field.get(f"{W}instr", "")
    yield "".join(code.text or "" for code in cell.iter(f"{W}instrText"))


@attrs.frozen
class _Part:
    """A part that is XML: its text as it stands there, its tree, and where its elements stand."""

    text: str
    encoding: str
    tree: ET.Element
    places: Mapping[ET.Element, Element]
    prefixed: Callable[[str], str]

    @classmethod
    def of(cls, data: bytes, prefixed: Callable[[str], str]) -> _Part:
        """
        Read a part.

        Raises: UnreadableFile where it is damaged.
        """
        content, encoding = xml_text(data)
        tree = parsed(data, "")
        places = dict(zip(tree.iter(), elements_of(content), strict=True))
        return cls(content, encoding, tree, places, prefixed)

    def mended(self, amendments: Iterable[Amendment]) -> bytes:
        """
        Change texts.

        Raises: UnreadableFile where one does not stand at its place.
        """
        changes: list[Edit] = []
        for each in amendments:
            cell = self.at(each.place.locator.partition("#")[2])
            own = None
            if cell is not None:
                is_blank = not each.found.strip()
                own = self.filled(cell, each.text) if is_blank else self.changed(cell, each)
            if own is None:
                raise misplaced(each.found)
            changes += own
        return edited(self.text, changes).encode(self.encoding)

    def at(self, path: str) -> ET.Element | None:
        """Find the element of a path."""
        box = _INSIDE.fullmatch(path)
        if box:
            outer = self.at(box["outer"])
            boxes = [] if outer is None else [*outer.iter(BOX)]
            number = int(box["number"])
            node = boxes[number - 1] if number <= len(boxes) else None
            path = box["rest"]
        else:
            root = _STEP.match(path)
            node = self.tree if root and root[1] == self.prefixed(self.tree.tag) else None
            path = path[root.end() :] if root else ""
        for name, number in _STEP.findall(path):
            inner = [] if node is None else [n for n in node if self.prefixed(n.tag) == name]
            at = int(number or 1)
            node = inner[at - 1] if at <= len(inner) else None
        return node

    def changed(self, cell: ET.Element, amendment: Amendment) -> list[Edit] | None:
        """Change the text of a cell that has one."""
        runs = [run for _, run in self.runs(cell, seen=True)]
        return edits(runs, amendment, _ESCAPE)

    def runs(self, node: ET.Element, *, seen: bool) -> list[tuple[ET.Element, Run]]:
        """List the texts below an element, and whether anything says that they are not shown."""
        made: list[tuple[ET.Element, Run]] = []
        for each in node:
            if each.tag in (_T, _MATH_TEXT, _DELETED_TEXT):
                place = self.places[each]
                raw = self.text[place.inner : place.close]
                made.append(
                    (each, run_of(raw, place.inner, seen=seen and each.tag != _DELETED_TEXT))
                )
            elif each.tag not in LEFT_OUT:
                own = seen and look_of(each) is None and each.tag != _FALLBACK
                made += self.runs(each, seen=own and not _is_unseen(each.find(f"{W}rPr")))
        return made

    def filled(self, cell: ET.Element, new: str) -> list[Edit] | None:
        """Write into a blank cell: into a run that it has, or a new one that looks as it should."""
        new = _ESCAPE(new)
        for node, run in self.runs(cell, seen=True):
            if run.seen and not run.text.strip():
                return [self.written(node, new)]
        paragraph = next(iter(cell.iter(_P)), None)
        if paragraph is None:
            return None
        own = paragraph.find(f"{W}pPr/{W}rPr")
        properties = ""
        if own is not None:
            place = self.places[own]
            properties = _TRACKED.sub("", self.text[place.begin : place.end])
        prefix = self.places[paragraph].name.rpartition(":")
        mark = "".join(prefix[:2])
        return [self.written(paragraph, f"<{mark}r>{properties}<{mark}t>{new}</{mark}t></{mark}r>")]

    def written(self, node: ET.Element, new: str) -> Edit:
        """Write at the end of an element, which is opened where it is one empty tag."""
        place = self.places[node]
        if not place.is_empty_tag:
            return Edit(place.close, place.close, new)
        tag = self.text[place.begin : place.end].removesuffix("/>").rstrip()
        return Edit(place.begin, place.end, f"{tag}>{new}</{place.name}>")


def _is_unseen(properties: ET.Element | None) -> bool:
    """Whether the properties of a run say that it is struck out, hidden or the mark of a note."""
    return any(
        is_on(properties, name) for name in ("strike", "dstrike", "vanish", "webHidden")
    ) or value(properties, "vertAlign") in ("superscript", "subscript")
