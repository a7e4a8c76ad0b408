"""Containers as old office programs and packing programs write them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from govinfo_schema.documents.formats.compound import MAGIC


def compound(found: dict[str, bytes]) -> bytes:
    """Make a compound file of streams, each of at least 4096 bytes."""
    sectors: list[bytes] = []
    table: list[int] = []

    def add(data: bytes) -> int:
        start, count = len(sectors), -(-len(data) // 512)
        sectors.extend(data[at * 512 : (at + 1) * 512].ljust(512, b"\x00") for at in range(count))
        table.extend([*range(start + 1, start + count), 0xFFFFFFFE])
        return start

    entries = [
        ("Root Entry", 5, 0xFFFFFFFE, 0),
        *((name, 2, add(data), len(data)) for name, data in found.items()),
    ]
    directory = b"".join(
        struct.pack("<64sHBB", name.encode("utf-16-le"), len(name) * 2 + 2, kind, 1)
        + b"\xff" * 12
        + b"\x00" * 36
        + struct.pack("<IQ", start, size)
        for name, kind, start, size in entries
    )
    begin = add(directory)
    own = len(sectors)
    table.append(0xFFFFFFFD)
    sectors.append(struct.pack("<128I", *table, *[0xFFFFFFFF] * (128 - len(table))))
    header = MAGIC + b"\x00" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\x00" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, begin, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    return (header + struct.pack("<109I", own, *[0xFFFFFFFF] * 108)) + b"".join(sectors)


def zipped(members: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    """Make a zip of members, in their order."""
    target = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()
