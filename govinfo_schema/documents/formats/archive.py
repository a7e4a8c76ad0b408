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
_HEADER: Final = struct.Struct("<4s5H3L2H")
_TAIL: Final = 22
_COMMENT: Final = 65_535
_PROTECTED: Final = 0x1
_FOLLOWED: Final = 0x8
_UTF8: Final = 0x800
"""Flags of a member: it has a password; its size follows its data; its name is UTF-8."""
_PACKAGE: Final = re.compile(
    rb"\[Content_Types\]\.xml|(?:_rels|word|xl|ppt|visio|docProps|customXml|META-INF|Documents|"
    rb"Metadata|Index|Configurations2|Doc_[0-9]+)/|mimetype$|OFD\.xml$|content\.xml$|"
    rb"styles\.xml$|AndroidManifest\.xml$|FixedDoc"
)
"""What the names of members of a document or a program that is a zip itself begin with."""
_PART: Final = 120
"""No part of a name is shown with more characters."""


def detect(head: bytes) -> bool:
    """Tell by the names of its first members whether it is a zip of files, and no document."""
    return head.startswith(_EMPTY) or (
        head.startswith(ZIP) and not any(map(_PACKAGE.match, _first_names(head)))
    )


def _first_names(head: bytes) -> Iterator[bytes]:
    """Give the names of the members that the beginning of a zip shows one behind the other."""
    at = 0
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
    name = os.fspath(path)
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
    if count > MAX_MEMBERS or length > MAX_MEMBERS * 1024:
        raise unreadable(name, "too_many_members", limit=MAX_MEMBERS)


def _content(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """
    Unpack a member.

    Raises: UnreadableFile, without a path, where it is protected, damaged, too long, or packed in
    another way than files are.
    """
    if info.flag_bits & _PROTECTED:
        raise unreadable("", "encrypted")
    limit = min(LIMIT, max(PLAIN, RATIO * info.compress_size))
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise unreadable("", "damaged_archive")
    try:
        with opened.open(info) as file:
            data = file.read(limit + 1)
    except FAULTS as error:
        raise unreadable("", "damaged_archive") from error
    if len(data) > limit:
        raise unreadable("", "part_too_long", limit=limit)
    return data


def _name(info: zipfile.ZipInfo) -> str:
    """Decode the name of a member; zipfile takes one without a mark for an encoding of DOS."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    return decoded_name(info.orig_filename.encode("cp437", "replace"))


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
        "".join(sign if sign.isprintable() or sign == "\u3000" else "\ufffd" for sign in part)
        for part in re.split(r"[/\\]+", name.partition("\0")[0].replace(":", "_"))
        if part.strip() not in ("", ".", "..")
    ]
    return (
        "/".join(part if len(part) <= _PART else f"{part[:90]}…{part[-20:]}" for part in parts)
        or "\ufffd"
    )


def once_only(name: str, seen: Counter[str]) -> str:
    """Number a name that several members have."""
    seen[name] += 1
    if seen[name] == 1:
        return name
    path = Path(name)
    return path.with_name(f"{path.stem} ({seen[name]}){path.suffix}").as_posix()


FORMAT = Format(suffixes=(".zip",), detect=detect, members=members, is_folder=True)
