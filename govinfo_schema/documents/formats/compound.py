"""
The streams of a compound file (OLE2): Word and Excel documents up to 2003, the older files of WPS,
and whatever Office encrypts.

Source: [MS-CFB], read 2026-11-23.
"""

from __future__ import annotations

import struct
from itertools import islice
from typing import Final

import attrs

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST: Final = 0xFFFFFFFA
"""From here on a number is no sector but a sign: end of chain, free, part of the table itself."""
_ENTRY: Final = 128
_SMALL: Final = 4096
"""Shorter streams stand together in one of their own, cut into pieces of 64 bytes."""


def streams(data: bytes) -> dict[str, bytes]:
    """
    Read the streams of a compound file by their names; of several with one name the first.

    A damaged file gives those streams that can still be followed, as far as they can.
    """
    if not data.startswith(MAGIC) or len(data) < 512:
        return {}
    shift = struct.unpack_from("<H", data, 30)[0]
    if shift not in (9, 12):
        return {}
    size = 1 << shift
    table = _table(data, size)
    directory = _chain(data, size, table, struct.unpack_from("<I", data, 48)[0])
    small = _Small.of(data, size, table, directory)
    found: dict[str, bytes] = {}
    for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
        entry = directory[at : at + _ENTRY]
        length = struct.unpack_from("<H", entry, 64)[0]
        start, whole = struct.unpack_from("<II", entry, 116)
        name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        if entry[66] == 2 and name not in found:
            found[name] = (
                _chain(data, size, table, start)[:whole]
                if whole >= _SMALL
                else small.stream(start)[:whole]
            )
        if len(found) > 1000:
            break
    return found


@attrs.frozen
class _Small:
    """
    The stream that holds the short ones, and the table that names for each of its pieces the one
    after it.
    """

    pieces: bytes
    table: list[int]

    @classmethod
    def of(cls, data: bytes, size: int, table: list[int], directory: bytes) -> _Small:
        """Read both; the first entry of the directory says where the pieces are."""
        begin = struct.unpack_from("<I", directory, 116)[0] if len(directory) >= _ENTRY else _LAST
        numbers = _chain(data, size, table, struct.unpack_from("<I", data, 60)[0])
        return cls(
            _chain(data, size, table, begin),
            list(struct.unpack(f"<{len(numbers) // 4}I", numbers[: len(numbers) // 4 * 4])),
        )

    def stream(self, start: int) -> bytes:
        """
        Join the pieces of a short stream. The pieces have no header before them, sectors have.
        """
        return _chain(bytes(64) + self.pieces, 64, self.table, start)


def _table(data: bytes, size: int) -> list[int]:
    """
    Read the table that names for each sector the one after it; its own sectors are listed in the
    header, and beyond it in a chain.
    """
    listed = list(struct.unpack_from("<109I", data, 76))
    more, per = struct.unpack_from("<I", data, 68)[0], size // 4
    seen: set[int] = set()
    while more < _LAST and more not in seen and len(sector := _sector(data, size, more)) == size:
        seen.add(more)
        numbers = struct.unpack(f"<{per}I", sector)
        listed += numbers[:-1]
        more = numbers[-1]
    table: list[int] = []
    for number in dict.fromkeys(listed):
        sector = _sector(data, size, number)
        if number < _LAST and len(sector) == size:
            table += struct.unpack(f"<{per}I", sector)
    return table


def _sector(data: bytes, size: int, number: int) -> bytes:
    return data[(number + 1) * size : (number + 2) * size]


def _chain(data: bytes, size: int, table: list[int], start: int) -> bytes:
    """Join the sectors of a chain; one that runs in a circle ends where it meets itself."""
    numbers: dict[int, None] = {}
    while start < len(table) and start not in numbers:
        numbers[start] = None
        start = table[start]
    return b"".join(
        _sector(data, size, number) for number in islice(numbers, len(data) // size + 1)
    )
