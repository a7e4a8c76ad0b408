"""
The fonts of a file: which characters the bytes of a string are, and how wide.

pdfminer reads what a font says of its encoding and its widths. The map of its codes to characters,
which is longer than all else, is read here; where there is one, the font's own file is not looked
at.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final

from pdfminer.cmapdb import CMapParser, FileUnicodeMap
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1

from govinfo_schema.data.radicals import ideographs

_SECTION: Final = re.compile(rb"begin(bf|cid)(char|range)(.*?)end\1\2", re.DOTALL)
_ENTRY: Final = re.compile(rb"\s*(?:<([0-9A-Fa-f\s]*)>|\[([^\[\]]*)\])")
_PLAIN: Final = re.compile(rb"(?:\s*+(?:<(?:[0-9A-Fa-f]{2})*+>|[\[\]]))*+\s*+")
_SYMBOLS: Final = re.compile(r"(?:\w{6}\+)?(?:ZapfDingbats|Wingdings|Webdings)")
"""The fonts whose codes are no letters and digits, but ticks, boxes and other pictures."""
_TICKS: Final = {"4": "✔", "8": "✘", "l": "●", "n": "■", "u": "◆", "H": "★"}
"""What stands for some codes in the first of them, which forms tick their boxes with."""
_MOST: Final = 0x10000
"""No range of codes is longer."""

_IDENTITY: Final = {"CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity"}}

Glyph = tuple[str, float, bool, tuple[float | None, float]]
"""
A character, its width in sizes of the font, whether its code is that of a space, and for a font
that is written downwards the vector to its origin.
"""


class Font:
    """A font, with the strings that were asked for so far."""

    def __init__(self, spec: dict[str, Any]) -> None:
        """
        Read what a font says of itself; of its characters only the map of codes, if it has one.

        Raises: whatever pdfminer does where it is damaged.
        """
        self._spec = spec
        table = resolve1(spec.get("ToUnicode"))
        self._map = _unicode_map(table.get_data()) if isinstance(table, PDFStream) else None
        self._font = _read(spec if self._map is None else _without_characters(spec))
        name = getattr(resolve1(spec.get("BaseFont")), "name", "")
        self._is_symbolic = self._map is None and _SYMBOLS.match(name) is not None
        self._known: dict[bytes, list[Glyph]] = {}
        self.descent: float = self._font.get_descent()
        self.vertical: bool = self._font.is_vertical()

    def glyphs(self, text: bytes) -> list[Glyph]:
        """Give the glyphs of a string."""
        known = self._known.get(text)
        if known is None:
            spaced = not self._font.is_multibyte()
            known = [
                (
                    *self._character(code),
                    spaced and code == 32,
                    self._font.char_disp(code) if self.vertical else (0.0, 0.0),  # type: ignore[misc]
                )
                for code in self._font.decode(text)
            ]
            self._known[text] = known
        return known

    def _character(self, code: int) -> tuple[str, float]:
        """Give the character that a code is, and its width."""
        text = self._map.get(code) if self._map is not None else None
        font = self._font if text is not None or self._map is None else self._whole
        if text is None:
            try:
                text = font.to_unichr(code)
            except PDFUnicodeNotDefined:
                text = f"(cid:{code})"
        if self._is_symbolic and text.isascii() and not text.isspace():
            text = _TICKS.get(text, "▪")
        return ideographs().get(text, text), font.char_width(code)

    @cached_property
    def _whole(self) -> PDFFont:
        """The font with its encoding, which says what the map of its codes does not."""
        return _read({name: value for name, value in self._spec.items() if name != "ToUnicode"})


class Fonts:
    """The fonts of a file, each read when it is first used."""

    def __init__(self) -> None:
        """Have read none."""
        self._known: dict[int, Font] = {}

    def font(self, reference: Any) -> Font:
        """
        Give a font of the resources of a page.

        Raises: whatever pdfminer does where it is damaged.
        """
        number = reference.objid if isinstance(reference, PDFObjRef) else None
        if number in self._known:
            return self._known[number]
        spec = resolve1(reference)
        font = Font(spec if isinstance(spec, dict) else {})
        if number is not None:
            self._known[number] = font
        return font


def _read(spec: dict[str, Any]) -> PDFFont:
    return PDFResourceManager().get_font(None, spec)


def _without_characters(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Give a font without what tells its characters: its encoding, its collection and its file."""
    own = {name: value for name, value in spec.items() if name != "ToUnicode"}
    descendants = resolve1(own.get("DescendantFonts"))
    first = resolve1(descendants[0]) if isinstance(descendants, list) and descendants else None
    if isinstance(first, dict):
        own["DescendantFonts"] = [_without_characters(first) | _IDENTITY]
    else:
        own.pop("Encoding", None)
    descriptor = resolve1(own.get("FontDescriptor"))
    if isinstance(descriptor, dict):
        own["FontDescriptor"] = {
            name: value for name, value in descriptor.items() if not name.startswith("FontFile")
        }
    return own


def _unicode_map(data: bytes) -> dict[int, str]:
    """Read the map of codes to characters."""
    table = FileUnicodeMap()
    sections = _SECTION.findall(data)
    if b"usecmap" in data or not all(
        section[0] == b"bf" and _PLAIN.fullmatch(section[2]) for section in sections
    ):
        # It is written in a way that is rare.
        CMapParser(table, io.BytesIO(data)).run()
        return table.cid2unichr
    for _, kind, body in sections:
        entries = _ENTRY.findall(body)
        for code, text in _chars(entries) if kind == b"char" else _ranges(entries):
            if text != "\u00a0" or table.cid2unichr.get(code) != " ":
                table.cid2unichr[code] = text
    return table.cid2unichr


def _chars(entries: list[tuple[bytes, bytes]]) -> Iterator[tuple[int, str]]:
    for (code, _), (text, _) in zip(entries[::2], entries[1::2], strict=False):
        yield int(code or b"0", 16), _decoded(text)


def _ranges(entries: list[tuple[bytes, bytes]]) -> Iterator[tuple[int, str]]:
    for (begin, _), (end, _), (text, several) in zip(
        entries[::3], entries[1::3], entries[2::3], strict=False
    ):
        if len(begin) != len(end):
            continue
        first = int(begin or b"0", 16)
        count = min(int(end or b"0", 16) - first + 1, _MOST)
        if several:
            for code, (each, _) in zip(range(count), _ENTRY.findall(several), strict=False):
                yield first + code, _decoded(each)
            continue
        prefix, last = text[:-8], text[-8:]
        base, digits = int(last or b"0", 16), len(last)
        for code in range(count):
            yield first + code, _decoded(prefix + (b"%08X" % (base + code))[-digits:])


def _decoded(text: bytes) -> str:
    return bytes.fromhex(text.decode()).decode("utf-16-be", "ignore")
