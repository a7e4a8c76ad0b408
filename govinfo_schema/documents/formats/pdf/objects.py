"""
The objects of a file, as pdfminer gives them, parsed several times as fast.

What is written as nearly all programs write it is taken apart by one regular expression; anything
else, and all that is damaged, is left to pdfminer.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import LIT

from govinfo_schema.documents.formats.pdf.instructions import STRING, unescaped, unhexed
from govinfo_schema.documents.formats.pdf.streams import Room, check_parsed

_TOKEN: Final = re.compile(
    rb"\s*+(?:"
    rb"/([^\s/%%\[\]()<>{}]*+)"
    rb"|([0-9]++)\s++[0-9]++\s++R\b"
    rb"|([-+]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++))(?=[\s/\[\]()<>])"
    rb"|\[([0-9\s]*+)\]"
    rb"|<([0-9A-Fa-f\s]*+)>"
    rb"|(%b)"
    rb"|(true|false|null)\b"
    rb"|(<<|>>|\[|\])"
    rb"|(endobj\b|stream\r?\n))" % STRING,
    re.DOTALL,
)
_BEGIN: Final = re.compile(rb"\s*+([0-9]++)\s++[0-9]++\s++obj\b")
_END: Final = re.compile(rb"\s*+endstream\b")
_HEX_IN_NAME: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME: Final = type(LIT("Name"))


@lru_cache(maxsize=4096)
def _name(token: bytes) -> object:
    return LIT(_HEX_IN_NAME.sub(lambda match: bytes.fromhex(match[1].decode()), token).decode())


_VALUES: Final[dict[int | None, Callable[[bytes], object]]] = {
    1: _name,
    3: lambda token: float(token) if b"." in token else int(token),
    4: lambda token: [*map(int, token.split())],
    5: unhexed,
    6: unescaped,
    7: {b"true": True, b"false": False, b"null": None}.__getitem__,
}
"""What makes a value of each kind of token."""


class _Stream(PDFStream):
    """A stream that is measured before it is unpacked."""

    def __init__(self, stream: PDFStream, room: Room) -> None:
        """Take a stream over; *room* is what all streams of the file share."""
        super().__init__(stream.attrs, stream.rawdata or b"", stream.decipher)
        self._room = room

    def decode(self) -> None:
        """
        Unpack it.

        Raises: StreamTooLong.
        """
        self._room.take(self.rawdata or b"")
        super().decode()


class Objects(PDFDocument):
    """A file, with its objects."""

    def __init__(self, data: bytes) -> None:
        """
        Read the catalogue.

        Raises: StreamTooLong; whatever pdfminer does where a file is damaged, or asks for a
        password.
        """
        self._data = data
        self._room = Room()
        check_parsed(data, self._room)
        super().__init__(PDFParser(io.BytesIO(data)))

    def _getobj_parse(self, pos: int, objid: int) -> object:
        """Parse an object at its place in the file."""
        found = self._object(pos, objid)
        return _Stream(found, self._room) if isinstance(found, PDFStream) else found

    def _object(self, pos: int, objid: int) -> object:
        begin = _BEGIN.match(self._data, pos)
        if begin is not None and int(begin[1]) == objid:
            with suppress(ValueError):
                found, end, word = self._parsed(self._data, begin.end())
                if word == b"endobj":
                    return found
                length = resolve1(found.get("Length")) if isinstance(found, dict) else None
                if word and isinstance(length, int) and _END.match(self._data, end + length):
                    return PDFStream(found, self._data[end : end + length], self.decipher)
        return super()._getobj_parse(pos, objid)

    def _get_objects(self, stream: PDFStream) -> tuple[list[object], int]:
        """Parse the objects of a stream of them."""
        count, first = stream.get("N"), stream.get("First")
        with suppress(ValueError):
            data = stream.get_data() + b" "
            places = [int(each) for each in data[:first].split()]
            if len(places) == 2 * count:
                found = [self._parsed(data, first + at, single=True)[0] for at in places[1::2]]
                return [*places, *found], count
        return super()._get_objects(stream)

    def _parsed(
        self, data: bytes, at: int, *, single: bool = False
    ) -> tuple[Any, int, bytes | None]:
        """
        Parse one object, up to the word behind it unless *single*: give it, where that ends, and
        the word.

        Raises: ValueError where it is not written as most are.
        """
        found: list[Any] = []
        outer: list[list[Any]] = []
        while match := _TOKEN.match(data, at):
            at, kind = match.end(), match.lastindex
            token = match[kind or 0]
            if kind == 9:
                break
            if kind == 8 and token in _OPENED:
                outer.append(found)
                found = []
                continue
            if kind == 8:
                value: Any = _dictionary(found) if token == b">>" else found
                found = outer.pop() if outer else []
            elif kind == 2:
                value = PDFObjRef(self, int(token))
            else:
                value = _VALUES[kind](token)
            found.append(value)
            if single and not outer:
                return value, at, None
        if match is None or outer or len(found) != 1:
            raise ValueError
        return found[0], at, token


_OPENED: Final = frozenset((b"<<", b"["))


def _dictionary(entries: list[Any]) -> dict[str, Any]:
    """
    Make a dictionary of names and what they stand for; what is null is left out.

    Raises: ValueError.
    """
    names, values = entries[::2], entries[1::2]
    if not all(type(name) is _NAME for name in names):
        raise ValueError
    pairs = zip(names, values, strict=True)
    return {name.name: value for name, value in pairs if value is not None}
