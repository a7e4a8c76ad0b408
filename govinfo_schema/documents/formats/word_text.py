"""
The text of a paragraph in a Word document, and what stands in the paragraph and is no text.

``docx`` hands over paragraphs one after the other. What a person sees as a figure is text; what is
struck out, hidden, the mark of a note or a hint where to write is an aside, and so is what may be a
figure but is none in the file: a picture, an equation, a formula that was never calculated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Final
from xml.etree import ElementTree as ET

import attrs
import msgspec

from govinfo_schema.documents.document import Aside, AsideKind
from govinfo_schema.documents.formats.numbering import numeral
from govinfo_schema.documents.formats.word_drawings import ALTERNATE, BOX, chosen, drawing_of
from govinfo_schema.documents.formats.word_styles import (
    RAISED,
    Look,
    Looks,
    W,
    is_on,
    value,
    whole,
)

_MATH: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"

LEFT_OUT: Final = frozenset(
    f"{W}{name}"
    for name in (
        *("rt", "pPr", "rPr", "sdtPr", "sdtEndPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr"),
        *("smartTagPr", "customXmlPr", "tblPrEx", "delInstrText"),
    )
)
"""What is never seen: properties, codes of fields that were deleted, the small signs of ruby."""
_RPR: Final = f"{W}rPr"
_TEXT: Final = f"{W}t"
_RUN: Final = f"{W}r"
_RUNS: Final = frozenset((_RUN, f"{_MATH}r"))
_SIGNS: Final = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n"} | {
    f"{W}noBreakHyphen": "-"
}
SDT: Final = f"{W}sdt"
_DELETED: Final = frozenset((f"{W}del", f"{W}moveFrom"))
_TEXTS: Final = frozenset((_TEXT, f"{_MATH}t"))
_PICTURES: Final = frozenset(f"{W}{name}" for name in ("drawing", "pict", "object"))
_EQUATIONS: Final = frozenset(f"{_MATH}{name}" for name in ("oMath", "oMathPara"))
_LINEAR: Final = frozenset(f"{_MATH}{name}" for name in ("oMath", "oMathPara", "r", "t"))
"""What an equation consists of that is written in one line, properties aside."""
_NOTES: Final = {f"{W}footnoteReference": "decimal", f"{W}endnoteReference": "lowerRoman"}
"""References to notes, and the numerals of their marks where the document says nothing else."""
_WORDLESS: Final = frozenset(("picture", "equation", "formula"))
"""Kinds of asides that are handed over without a text too."""
_UNIT: Final = re.compile("[A-Za-z米]")
"""Behind what a raised or lowered digit is no mark of a note: m², CO₂."""
_NO_RESULT: Final = re.compile(r"\s*(?:[!！]|错误|Error)|[^0-9]*$")
"""What Word shows in the place of a formula that it cannot calculate, or has not."""
MAX_CODE: Final = 1_000
"""So much of the code of a field is kept."""
MAX_FIELDS: Final = 40
"""So many fields may stand in each other; Word allows 20."""
_CIRCLED: Final = "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"
_SYMBOLS: Final = (
    {("symbol", ord(sign)): sign for sign in "0123456789+-.,%()/"}
    | {("wingdings", 0x80 + at): sign for at, sign in enumerate(_CIRCLED)}
    | {("wingdings 2", 0x69 + at): sign for at, sign in enumerate(_CIRCLED)}
    | {("wingdings", 0xFE): "☑", ("wingdings", 0xA8): "☐", ("wingdings", 0xFC): "✓"}
    | {("wingdings 2", 0x52): "☑", ("wingdings 2", 0xA3): "☐"}
)
"""Signs of the fonts that have no letters, by font and code: digits, and boxes that are ticked."""
USUAL: Final = 21
"""The usual size of characters in half points, where nothing sets another."""

_SEEN: Final = Look()
_STRUCK: Final = Look("struck")
_PLACEHOLDER: Final = Look("placeholder")
_NOTE: Final = Look("note_mark")


def look_of(node: ET.Element) -> Look | None:
    """
    Say how all text below an element looks, where it was deleted, or is a hint in a control; None
    for others.
    """
    if node.tag == SDT:
        return _PLACEHOLDER if is_on(node.find(f"{W}sdtPr"), "showingPlcHdr") else None
    row = node.find(f"{W}trPr")
    is_deleted = node.tag in _DELETED or (row is not None and row.find(f"{W}del") is not None)
    return _STRUCK if is_deleted else None


class Words(msgspec.Struct, frozen=True):
    """
    What a paragraph says: its text, what was left out of it, and the boxes that hang on it.
    """

    text: str
    asides: tuple[Aside, ...]
    boxes: tuple[ET.Element, ...]


class _Piece(msgspec.Struct, frozen=True):
    """Some characters of a paragraph, all of one look."""

    text: str
    look: Look


@attrs.define
class _Field:
    """
    A field that is open: *code* so far; *at*: the piece that its result begins with, in which
    *paragraph*; None as long as it has none. *form*: what a field of a form says of itself.
    """

    form: ET.Element | None
    code: str = ""
    at: int | None = None
    paragraph: int = 0


@attrs.define(kw_only=True)
class Reader:
    """
    Reads paragraph after paragraph: fields go on from one to the next, and notes are counted.

    *continuous*: each field that begins in the document ends in it; otherwise none is taken to go
    on. *numerals*: which ones the marks of notes are written in. *coded*: how many of the open
    fields have no result yet.
    """

    looks: Looks
    continuous: bool
    numerals: Mapping[str, str]
    styles: tuple[str, str, str] = ("", "", "")
    paragraphs: int = 0
    coded: int = 0
    notes: dict[str, int] = attrs.field(factory=dict)
    fields: list[_Field] = attrs.field(factory=list)
    pieces: list[_Piece] = attrs.field(factory=list)
    boxes: list[ET.Element] = attrs.field(factory=list)

    @classmethod
    def of(cls, body: ET.Element, looks: Looks) -> Reader:
        """Make a reader of the paragraphs below an element."""
        kinds = [node.get(f"{W}fldCharType") for node in body.iter(f"{W}fldChar")]
        section = body.find(f"{W}sectPr")
        numerals = {
            tag: value(section.find(tag.replace("Reference", "Pr")), "numFmt") or kind
            for tag, kind in _NOTES.items()
            if section is not None
        }
        continuous = kinds.count("begin") == kinds.count("end")
        return cls(looks=looks, continuous=continuous, numerals=_NOTES | numerals)

    def read(self, node: ET.Element, styles: tuple[str, str, str], look: Look | None) -> Words:
        """
        Read a paragraph. *styles*: that of the paragraph, that of its table, and the colour behind
        it; *look*: how all of it looks, where its characters have no say.
        """
        self.paragraphs += 1
        self.pieces, self.boxes, self.styles = [], [], styles
        if not self.continuous or len(self.fields) > MAX_FIELDS:
            self.fields, self.coded = [], 0
        self.gather(node, look or _SEEN)
        text, asides = _sorted(self.pieces)
        return Words(text, asides, tuple(self.boxes))

    def plain(
        self, node: ET.Element, properties: ET.Element | None, styles: tuple[str, str, str]
    ) -> str | None:
        """
        Read a paragraph with these properties in which nothing stands but runs of plain text; None
        for another one. *styles* as for ``read``.
        """
        if self.fields or self.coded:
            return None
        texts: list[str] = []
        for run in node:
            if run is properties:
                continue
            if run.tag != _RUN:
                return None
            own: ET.Element | None = None
            for each in run:
                if each.tag == _TEXT:
                    texts.append(each.text or "")
                elif each.tag == _RPR and own is None:
                    own = each
                else:
                    return None
            look = self.looks.of(own, *styles)
            if look.kind or look.raised:
                return None
        self.paragraphs += 1
        return "".join(texts)

    def gather(self, parent: ET.Element, look: Look) -> None:
        """Gather the pieces below an element."""
        for node in parent:
            tag = node.tag
            if tag in _TEXTS:
                self.add(node.text or "", look)
            elif tag in _RUNS:
                properties = node.find(_RPR)
                self.gather(node, look if look.kind else self.looks.of(properties, *self.styles))
            elif tag in LEFT_OUT:
                continue
            elif tag in _SIGNS:
                self.add(_SIGNS[tag], look)
            elif tag in _NOTES:
                look = self.note(node, look)
            elif tag == SDT or tag in _DELETED:
                self.gather(node, look if look.kind else look_of(node) or look)
            elif tag == ALTERNATE:
                self.gather(chosen(node), look)
            elif tag in _RARE:
                _RARE[tag](self, node, look)
            else:
                self.gather(node, look)

    def add(self, text: str, look: Look) -> None:
        """Add characters; those within the code of a field are seen by nobody."""
        self.pieces.append(_Piece(text, Look("field") if self.coded and not look.kind else look))

    def note(self, node: ET.Element, look: Look) -> Look:
        """Add the mark of a note, or let what follows be it; give the look of what follows."""
        if node.get(f"{W}customMarkFollows", "0") not in ("0", "false", "off"):
            return look if look.kind else _NOTE
        number = self.notes[node.tag] = self.notes.get(node.tag, 0) + 1
        self.add(numeral(number, self.numerals[node.tag]), _NOTE)
        return look

    def deleted(self, node: ET.Element, look: Look) -> None:
        """Add characters that were deleted."""
        self.add(node.text or "", look if look.kind else _STRUCK)

    def symbol(self, node: ET.Element, look: Look) -> None:
        """Add a sign by its code in a font: as text, unless only the font says what it is."""
        match = re.fullmatch("[0-9A-Fa-f]{1,4}", node.get(f"{W}char", ""))
        code = int(match[0], 16) if match else 0
        sign = _SYMBOLS.get((node.get(f"{W}font", "").lower(), code & 0xFF), "")
        if not sign and 0x20 < code < 0xD800:
            sign = chr(code)
        name = f"{node.get(f'{W}font', '')} {code:04X}"
        self.add(sign or name, look if sign or look.kind else Look("picture"))

    def equation(self, node: ET.Element, look: Look) -> None:
        """Add an equation; one that is written in a line is text."""
        if all(tag in _LINEAR for tag in _math(node)):
            self.gather(node, look)
        else:
            text = "".join(each.text or "" for each in node.iter(f"{_MATH}t"))
            self.add(text, look if look.kind else Look("equation"))

    def code(self, node: ET.Element, _: Look) -> None:
        """Take note of some code of the innermost field."""
        if self.fields and len(self.fields[-1].code) < MAX_CODE:
            self.fields[-1].code += node.text or ""

    def simple_field(self, node: ET.Element, look: Look) -> None:
        """Add a field whose code is an attribute."""
        code = node.get(f"{W}instr", "")[:MAX_CODE]
        self.fields.append(_Field(None, code, len(self.pieces), self.paragraphs))
        self.gather(node, look)
        self.end(look)

    def field(self, node: ET.Element, look: Look) -> None:
        """Open a field, begin its result, or close it."""
        kind = node.get(f"{W}fldCharType")
        if kind == "begin" and len(self.fields) <= MAX_FIELDS:
            self.fields.append(_Field(node.find(f"{W}ffData")))
            self.coded += 1
        elif kind == "separate" and self.fields and self.fields[-1].at is None:
            self.fields[-1].at, self.fields[-1].paragraph = len(self.pieces), self.paragraphs
            self.coded -= 1
        elif kind == "end" and self.fields:
            self.end(look)

    def end(self, look: Look) -> None:
        """Close a field; add what is seen of one that has no result in the file."""
        field = self.fields.pop()
        at = field.at
        if at is None:
            at, self.coded = len(self.pieces), self.coded - 1
        elif field.paragraph != self.paragraphs:
            return
        result = self.pieces[at:]
        shown = "".join(piece.text for piece in result if not piece.look.kind)
        word, _, rest = field.code.strip().partition(" ")
        if word.startswith("=") and _NO_RESULT.match(shown):
            self.pieces[at:] = [piece for piece in result if piece.look.kind]
            self.add(field.code.strip(), look if look.kind else Look("formula"))
        elif shown.strip():
            return
        elif word.upper() == "EQ":
            kind: AsideKind = "note_mark" if "\\o" in rest.lower() else "equation"
            self.add(rest.strip(), look if look.kind else Look(kind))
        elif word.upper() in ("MACROBUTTON", "GOTOBUTTON"):
            self.add(rest.strip().partition(" ")[2], look if look.kind else _PLACEHOLDER)
        elif field.form is not None:
            self.add(_filled_in(field.form), look)

    def picture(self, node: ET.Element, look: Look) -> None:
        """Add a drawing: keep its boxes of text for later, and say what else it shows."""
        drawing = drawing_of(node)
        if look.kind:
            texts = "".join(each.text or "" for box in drawing.boxes for each in box.iter(_TEXT))
            self.add(texts or drawing.text, look)
            return
        self.boxes += drawing.boxes
        if drawing.kind:
            self.add(drawing.text, Look(drawing.kind))


_RARE: Final[Mapping[str, Callable[[Reader, ET.Element, Look], None]]] = (
    {
        f"{W}fldChar": Reader.field,
        f"{W}instrText": Reader.code,
        f"{W}fldSimple": Reader.simple_field,
        f"{W}delText": Reader.deleted,
        f"{W}sym": Reader.symbol,
        BOX: Reader.picture,
    }
    | dict.fromkeys(_PICTURES, Reader.picture)
    | dict.fromkeys(_EQUATIONS, Reader.equation)
)


def _math(node: ET.Element) -> Iterator[str]:
    """Name the elements of an equation, properties aside."""
    yield node.tag
    for each in node:
        if each.tag.startswith(_MATH) and not each.tag.endswith("Pr"):
            yield from _math(each)


def _filled_in(form: ET.Element) -> str:
    """Give what a field of a form shows: a box that is ticked or not, a choice, its usual text."""
    box, choices = form.find(f"{W}checkBox"), form.find(f"{W}ddList")
    if box is not None:
        name = "default" if box.find(f"{W}checked") is None else "checked"
        return "☑" if is_on(box, name) else "☐"
    if choices is not None:
        entries = [each.get(f"{W}val", "") for each in choices.iterfind(f"{W}listEntry")]
        at = whole(value(choices, "result") or value(choices, "default")) or 0
        return entries[at] if at < len(entries) else ""
    return value(form.find(f"{W}textInput"), "default") or ""


def _sorted(pieces: list[_Piece]) -> tuple[str, tuple[Aside, ...]]:
    """Take pieces apart: those that make up the text, and the asides."""
    if not any(piece.look.kind or piece.look.raised for piece in pieces):
        return "".join(piece.text for piece in pieces), ()
    seen = [piece.look for piece in pieces if not piece.look.kind and piece.text.strip()]
    line = min(seen, key=lambda look: abs(look.raised), default=_SEEN)
    text = ""
    left_out: list[tuple[AsideKind | None, str]] = []
    for piece in pieces:
        kind = piece.look.kind or ("note_mark" if _is_off(piece.look, line) else None)
        if kind == "note_mark" and piece.look.raised and _UNIT.match(text[-1:]):
            kind = None
        text += "" if kind else piece.text
        left_out.append((kind, piece.text))
    asides = []
    for kind, group in groupby(left_out, key=itemgetter(0)):
        words = "".join(words for _, words in group).strip()
        if kind and (words or kind in _WORDLESS):
            asides.append(Aside(kind=kind, text=words))
    return text, tuple(asides)


def _is_off(look: Look, line: Look) -> bool:
    """Tell whether characters stand above or below the line: so far, or a little and smaller."""
    gap = abs(look.raised - line.raised)
    return gap >= RAISED or (gap > 0 and 0 < look.size < (line.size or USUAL))
