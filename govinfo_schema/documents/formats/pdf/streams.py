"""
The streams of a PDF, measured before they are read: a stream is unpacked whole and a form drawn as
often as a page calls it, so a small file could fill the memory, or take hours.
"""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from govinfo_schema.documents.formats import library

MAX_STREAM: Final = 64_000_000
"""No stream of a report is longer, unpacked, be it a picture."""
MAX_STREAMS: Final = 128_000_000
"""All that are no pictures together are no longer."""
MAX_DRAWING: Final = 8_000_000
"""
So many bytes of orders to draw have all pages together, each form counted as often as it is drawn.
"""

_STREAM: Final = re.compile(rb"stream\r?\n")
_PARSED: Final = re.compile(rb"/XRef|/ObjStm|#")
"""What a stream is called that holds objects or their places; a name may be written otherwise."""
_TWICE: Final = re.compile(rb"/Fl(?:ateDecode)?\s*/Fl(?:ateDecode)?\b")
_DRAWN: Final = re.compile(rb"/([^\s/<>\[\](){}%]+)\s+Do\b")
_CHUNK: Final = 1 << 20
_DICTIONARY: Final = 4_000
_FIELD: Final = 32
"""So many bytes of orders a field weighs, and each sign of its value."""
_COMB: Final = 1 << 24
"""The flag of a field whose signs stand in boxes."""
_PARENTS: Final = 8
"""Fields of a form are no deeper in each other."""


class StreamTooLong(Exception):
    """A stream, or all together, are longer when they are unpacked than those of any report."""


class Room:
    """How long the streams of a file may still be when they are unpacked, the pictures aside."""

    def __init__(self) -> None:
        """Have unpacked none."""
        self.left = MAX_STREAMS

    def take(self, data: bytes, at: int = 0) -> None:
        """
        Measure the stream that begins at a place before it is unpacked.

        Raises: StreamTooLong.
        """
        length = _length(data, at, min(self.left, MAX_STREAM))
        if length is None:
            raise StreamTooLong
        self.left -= length


def check_parsed(data: bytes, room: Room) -> None:
    """
    Measure the streams that pdfminer unpacks while it opens a file; all others are measured when
    they are first used.

    Raises: StreamTooLong, also where a stream is packed twice over.
    """
    if _TWICE.search(data):
        raise StreamTooLong
    for match in _STREAM.finditer(data):
        if data.endswith(b"end", 0, match.start()):
            continue
        begin = data.rfind(b"obj", max(0, match.start() - _DICTIONARY), match.start())
        if begin < 0 or _PARSED.search(data, begin, match.start()):
            room.take(data, match.end())


def _length(data: bytes, at: int, most: int) -> int | None:
    """
    Give how long a stream is when it is unpacked, as far as it can be; None where it is longer than
    it may be.
    """
    if at + 2 > len(data) or data[at] & 0x0F != 8 or (data[at] << 8 | data[at + 1]) % 31:
        return 0
    machine, length = zlib.decompressobj(), 0
    fed = memoryview(data)[at:]
    try:
        while not machine.eof:
            chunk = machine.unconsumed_tail or fed[:_CHUNK]
            if not machine.unconsumed_tail:
                fed = fed[_CHUNK:]
            if not chunk:
                break
            length += len(machine.decompress(chunk, _CHUNK))
            if length > most:
                return None
    except zlib.error:
        return length
    return length


def orders(pages: Iterable[Any]) -> int:
    """
    Add up the orders to draw of all pages and of what stands over them, those of a form as often as
    it is drawn; no more exactly than up to the limit.
    """
    weigher = _Weigher()
    total = 0
    for page in pages:
        for content in page.contents:
            total += weigher.weigh(content, page.resources)
        for annotation in _annotations(page):
            total += _FIELD * (1 + len(field_value(annotation)))
            total += weigher.weigh(appearance(annotation), page.resources)
            if total > MAX_DRAWING:
                return total
        if total > MAX_DRAWING:
            break
    return total


def _annotations(page: Any) -> Iterator[Mapping[str, Any]]:
    resolve = library("pdfminer.pdftypes", "pdf").resolve1
    for annotation in map(resolve, resolve(page.annots) or ()):
        if isinstance(annotation, dict):
            yield annotation


def appearance(annotation: Mapping[str, Any]) -> Any:
    """
    Give the stream that draws a field or a text over a page; None for any other annotation, whose
    looks are no text.
    """
    resolve = library("pdfminer.pdftypes", "pdf").resolve1
    if getattr(resolve(annotation.get("Subtype")), "name", "") not in ("Widget", "FreeText"):
        return None
    looks = resolve(annotation.get("AP"))
    normal = resolve(looks.get("N")) if isinstance(looks, dict) else None
    if isinstance(normal, dict):
        # A field with several states, of which one is set.
        normal = resolve(normal.get(getattr(resolve(annotation.get("AS")), "name", "")))
    return normal if hasattr(normal, "get_data") else None


def field_value(annotation: Mapping[str, Any]) -> str:
    """
    Give the text that was filled into a field, its own or that of the field it is a part of; of a
    list to choose from what it shows for its value. A text over the page has its own.
    """
    resolve = library("pdfminer.pdftypes", "pdf").resolve1
    if getattr(resolve(annotation.get("Subtype")), "name", "") == "FreeText":
        return _text(resolve(annotation.get("Contents")))
    text = _text(_inherited(annotation, "V"))
    options = _inherited(annotation, "Opt")
    for option in map(resolve, options if isinstance(options, list) else ()):
        if isinstance(option, list) and len(option) == 2 and _text(resolve(option[0])) == text:
            return _text(resolve(option[1]))
    return text


def is_comb(annotation: Mapping[str, Any]) -> bool:
    """Tell whether a field sets the signs of its text apart, each in a box of its own."""
    flags = _inherited(annotation, "Ff")
    return isinstance(flags, int) and flags & _COMB != 0


def _inherited(annotation: Mapping[str, Any], key: str) -> Any:
    """Give what a field has under a key, or else the field that it is a part of."""
    resolve = library("pdfminer.pdftypes", "pdf").resolve1
    field: Any = annotation
    for _ in range(_PARENTS):
        if not isinstance(field, dict):
            break
        value = resolve(field.get(key))
        if value is not None:
            return value
        field = resolve(field.get("Parent"))
    return None


def _text(value: Any) -> str:
    """Give a value as text: a string, a stream of one, or a number; empty for any other."""
    if hasattr(value, "get_data"):
        value = value.get_data()
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, bytes):
        return ""
    if value.startswith(codecs.BOM_UTF8):
        return value.decode("utf-8-sig", "replace")
    text: str = library("pdfminer.utils", "pdf").decode_text(value)
    return text


class _Weigher:
    """Weighs streams with the forms that they call; each form once."""

    def __init__(self) -> None:
        """Have weighed nothing."""
        self.resolve = library("pdfminer.pdftypes", "pdf").resolve1
        self.known: dict[int, int] = {}

    def weigh(self, reference: Any, resources: Any) -> int:
        """
        Give the bytes of one stream and of what it draws; a form that calls itself is not drawn
        again.
        """
        stream = self.resolve(reference)
        if not hasattr(stream, "get_data"):
            return 0
        known = getattr(stream, "objid", None) or id(stream)
        if known in self.known:
            return self.known[known]
        self.known[known] = 0
        data = stream.get_data()
        total = len(data)
        own = self.resolve(stream.get("Resources")) or resources
        forms = self.resolve(own.get("XObject")) if isinstance(own, dict) else None
        if isinstance(forms, dict):
            for name in _DRAWN.findall(data):
                form = self.resolve(forms.get(name.decode("latin-1")))
                if (
                    hasattr(form, "get_data")
                    and getattr(self.resolve(form.get("Subtype")), "name", "") == "Form"
                ):
                    total += self.weigh(form, own)
        self.known[known] = min(total, MAX_DRAWING + 1)
        return self.known[known]
