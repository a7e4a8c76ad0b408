"""
Archives of reports: a zip that is no document itself. Its members are read in memory, one at a
time, and nothing is unpacked to where a name in it says.

Names that no flag marks as UTF-8 are in the encoding of the system that packed them, in China
GB18030. What a name may do harm with, such as ``..``, a drive or signs that turn the text around,
is left out of it.
Source: APPNOTE.TXT 6.3.10, 4.3 and 4.4.4 (bit 11).
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Final

from govinfo_schema.documents.formats import readable, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format, Member
from govinfo_schema.documents.formats.package import FAULTS, LIMIT, ZIP
from govinfo_schema.errors import UnreadableFile

MAX_MEMBERS: Final = 3_000
"""So many files may be in an archive."""
RATIO: Final = 100
"""No report is packed into so small a part of its length,"""
PLAIN: Final = 1_000_000
"""unless it has no more bytes than these."""
_EMPTY: Final = b"PK\x05\x06"
_FAR: Final = struct.Struct("<4sQ2H2L4Q")
"""The end of an archive whose numbers need 8 bytes, as some programs write every one (zip64)."""
_WAY: Final = struct.Struct("<4sLQL")
"""What says where that end is."""
_HEADER: Final = struct.Struct("<4s5H3L2H")
_ALL: Final = (0xFFFF, 0xFFFFFFFF)
"""What stands for a number that is too large."""
_TAIL: Final = 22
_COMMENT: Final = 65_535
_LISTED: Final = ZIP + bytes(22)
"""The header of a name from the directory: a member has a version at least."""
_PROTECTED: Final = 0x1
_FOLLOWED: Final = 0x8
_UTF8: Final = 0x800
"""Flags of a member: it has a password; its size follows its data; its name is UTF-8."""
_PACKAGE: Final = re.compile(
    rb"\[Content_Types\]\.xml|(?:_rels|word|xl|ppt|visio|docProps|customXml|META-INF|Documents|"
    rb"Metadata|Index|Configurations2|Doc_[0-9]+)/"
    rb"(?!(?:.*(?:/|\.(?i:docx?|wps|xlsx?|et|pdf|ofd|html?|zip)))?$)|"
    rb"mimetype$|OFD\.xml$|content\.xml$|styles\.xml$|AndroidManifest\.xml$|FixedDoc",
    re.DOTALL,
)
"""
What the names of members of a document or a program that is a zip itself begin with, unless they
end as those of documents.
"""
_METHODS: Final = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    12: "BZip2",
    14: "LZMA",
    93: "Zstandard",
    95: "XZ",
    98: "PPMd",
}
"""What the methods are called that archives of other programs are packed by."""
_UNICODE: Final = 0x7075
"""The extra field that has the name in UTF-8."""
_LINK: Final = 0o120000
_KIND: Final = 0o170000
"""The bits of a mode that say what a file is, and what they are of a symbolic link."""
_PART: Final = 120
"""No part of a name is shown with more characters."""


def detect(head: bytes) -> bool:
    """
    Tell by the names of its first members, and by those in its directory that stand behind the
    beginning, whether it is a zip of files, and no document.
    """
    return head.startswith(_EMPTY) or (
        (head.startswith(ZIP) or _LISTED in head) and not any(map(_PACKAGE.match, _names(head)))
    )


def _names(head: bytes) -> Iterator[bytes]:
    """
    Give the names of the members that the beginning of a zip shows one behind the other, and those
    that were taken from its directory.
    """
    yield from _names_from(head, 0)
    yield from _names_from(head, max(0, head.find(_LISTED)))


def _names_from(head: bytes, at: int) -> Iterator[bytes]:
    while at + _HEADER.size <= len(head):
        sign, _, flags, _, _, _, _, packed, _, length, extra = _HEADER.unpack_from(head, at)
        if sign != ZIP:
            return
        at += _HEADER.size
        yield head[at : at + length]
        if flags & _FOLLOWED:
            return
        at += length + extra + packed


def members(path: FilePath) -> Iterator[Member]:
    """
    Give the files in an archive, in the order of its directory, as long as it is open.

    Raises: UnreadableFile where it is damaged or has too many members.
    """
    readable(path)
    name = os.fspath(Path(path))
    try:
        size = Path(name).stat().st_size
        _check_directory(name, size)
        with zipfile.ZipFile(name) as opened:
            infos = [info for info in opened.infolist() if not info.is_dir()]
            # Members that overlap are what a bomb is made of.
            if sum(info.compress_size for info in infos) > size:
                raise unreadable(name, "damaged_archive")
            seen: Counter[str] = Counter()
            for info in infos:
                shown = once_only(safe_name(_name(info)), seen)
                yield Member(shown, partial(_content, opened, info))
    except UnreadableFile:
        raise
    except FAULTS as error:
        raise unreadable(name, "damaged_archive") from error


def _check_directory(name: str, size: int) -> None:
    """
    Check what an archive says of itself at its end, before its directory is read.

    Raises: UnreadableFile.
    """
    with Path(name).open("rb") as file:
        file.seek(max(0, size - _TAIL - _COMMENT))
        tail = file.read(_TAIL + _COMMENT)
    at = tail.rfind(_EMPTY)
    if at < 0 or at + _TAIL > len(tail):
        raise unreadable(name, "damaged_archive")
    count, length = struct.unpack_from("<HL", tail, at + 10)
    if _ALL[0] == count or _ALL[1] == length:
        count, length = _far_end(name, tail, at)
    if count > MAX_MEMBERS or length > MAX_MEMBERS * 1024:
        raise unreadable(name, "too_many_members", limit=MAX_MEMBERS)


def _far_end(name: str, tail: bytes, at: int) -> tuple[int, int]:
    """
    Give how many members an archive has and how long its directory is, as its other end says.

    Raises: UnreadableFile.
    """
    way = tail[max(0, at - _WAY.size) : at]
    if len(way) < _WAY.size or not way.startswith(b"PK\x06\x07"):
        raise unreadable(name, "too_many_members", limit=MAX_MEMBERS)
    place = min(_WAY.unpack(way)[2], Path(name).stat().st_size)
    with Path(name).open("rb") as file:
        file.seek(place)
        found = file.read(_FAR.size)
    if len(found) < _FAR.size or not found.startswith(b"PK\x06\x06"):
        raise unreadable(name, "damaged_archive")
    _, _, _, _, _, _, _, count, length, _ = _FAR.unpack(found)
    return count, length


def _content(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """
    Unpack a member.

    Raises: UnreadableFile, without a path, where it is protected, damaged, too long, a link, or
    packed by another method than most.
    """
    if info.flag_bits & _PROTECTED:
        raise unreadable("", "encrypted")
    if info.external_attr >> 16 & _KIND == _LINK:
        raise unreadable("", "packed_link")
    limit = min(LIMIT, max(PLAIN, RATIO * info.compress_size))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        method = _METHODS.get(info.compress_type, f"{info.compress_type}")
        raise unreadable("", "packing", method=method)
    try:
        with opened.open(info) as file:
            data = file.read(limit + 1)
    except FAULTS as error:
        raise unreadable("", "damaged_member") from error
    if len(data) > limit:
        raise unreadable("", "part_too_long", limit=limit)
    return data


def _name(info: zipfile.ZipInfo) -> str:
    """Decode the name of a member; zipfile takes one without a mark for an encoding of DOS."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437", "replace")
    return _stated_name(raw, info.extra) or decoded_name(raw)


def _stated_name(raw: bytes, extra: bytes) -> str:
    """
    Give the name in UTF-8 that stands beside the other one, if it is still of that: of a member
    whose name has signs that the other encoding lacks.
    """
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        field = extra[at + 4 : at + 4 + length]
        if kind == _UNICODE and field[:5] == struct.pack("<BL", 1, zlib.crc32(raw)):
            return field[5:].decode("utf-8", "replace")
        at += 4 + length
    return ""


def decoded_name(name: bytes) -> str:
    """
    Decode a name whose encoding nobody states: UTF-8, or else GB18030.

    >>> decoded_name("年度报告.docx".encode("gbk"))
    '年度报告.docx'
    """
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name.decode("gb18030", "replace")


def safe_name(name: str) -> str:
    r"""
    Give a name as it is shown and asked for: without what leads out of the archive, and signs that
    cannot be seen as U+FFFD.

    >>> safe_name("../../C:\\a\u202e\\报告.docx")
    'C_/a�/报告.docx'
    """
    parts = [
        # Windows leaves out spaces and dots at the end of a name.
        "".join(
            sign if sign.isprintable() or sign == "\u3000" else "\ufffd"
            for sign in part.rstrip(" .")
        )
        for part in re.split(r"[/\\]+", name.partition("\0")[0].replace(":", "_"))
        if part.strip(" .")
    ]
    return (
        "/".join(part if len(part) <= _PART else f"{part[:90]}…{part[-20:]}" for part in parts)
        or "\ufffd"
    )


def once_only(name: str, seen: Counter[str]) -> str:
    """Number a name that several members have."""
    path, given = Path(name), name
    while seen[given]:
        seen[name] += 1
        given = path.with_name(f"{path.stem} ({seen[name]}){path.suffix}").as_posix()
    seen[given] += 1
    return given


FORMAT = Format(suffixes=(".zip",), detect=detect, members=members, is_folder=True)
