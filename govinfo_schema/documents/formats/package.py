"""
A zip of XML parts, as word processors and spreadsheets write it, opened with care: nothing in it is
taken at its word.

Each part is read only as far as a report can be long, whatever size the zip states, and no entity
is expanded: a part that declares a document type, which no office program writes, is refused.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO, Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.formats import bounded, unreadable
from govinfo_schema.documents.formats.compound import MAGIC
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.errors import UnreadableFile

LIMIT: Final = 50_000_000
"""No report is longer as a file, its pictures included."""
PART_LIMIT: Final = 32_000_000
"""No part of a report is longer, unpacked."""
MAX_MEMBERS: Final = 10_000
"""So many files may be in a zip."""
MAX_DIRECTORY: Final = 1_000_000
"""So many bytes of the directory of a zip are looked at to tell what it is."""
MAX_PIECES: Final = 2_000_000
"""So many tags and attributes may be in a part; memory grows with them, not with the length."""
ZIP: Final = b"PK\x03\x04"
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")

_ENTRY: Final = b"PK\x01\x02"
_LAST: Final = b"PK\x05\x06"
_END: Final = 65_557
"""The end of a zip is in the last bytes, so many with the longest remark."""
_PROTECTED: Final = 0x1
_FOLLOWED: Final = 0x8
"""Flags of a member: it has a password; its checksum and sizes follow its data."""
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
_COMPANY: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Company"
)
_SIGNATURE: Final = re.compile(r"_xmlsignatures/|META-INF/documentsignatures\.xml\Z")
_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_PLAIN: Final = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml[^<>?]*\sencoding=["'](?i:utf-8)["'][^<>?]*\?>|<[A-Za-z])"""
)
"""How XML begins in which a declaration of a document type can be seen as it stands."""
FAULTS: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    LookupError,
    ValueError,
    RuntimeError,
    ET.ParseError,
    OverflowError,
    OSError,
)
"""What the libraries raise for a zip or an XML part that is damaged."""


class _Declared(Exception):
    """A part declares a document type."""


class _Builder(ET.TreeBuilder):
    """Builds a tree of elements, unless the text declares entities to be expanded."""

    def doctype(self, *_: str | None) -> None:
        """Refuse what may declare entities."""
        raise _Declared


@attrs.frozen
class Package:
    """A zip of parts; *path* is the file that it came from."""

    path: str
    zip: zipfile.ZipFile
    names: frozenset[str]

    def part(self, name: str, limit: int = PART_LIMIT) -> bytes | None:
        """
        Read one part; None where there is none.

        Raises: UnreadableFile where it is damaged, protected or longer than *limit*.
        """
        if name not in self.names:
            return None
        try:
            member = self.zip.getinfo(name)
            if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise unreadable(self.path, "damaged_document")
            if member.flag_bits & _PROTECTED:
                raise unreadable(self.path, "encrypted")
            with self.zip.open(member) as file:
                data = file.read(limit + 1)
        except UnreadableFile:
            raise
        except FAULTS as error:
            raise unreadable(self.path, "damaged_document") from error
        if len(data) > limit:
            raise unreadable(self.path, "part_too_long", limit=limit)
        return data

    def tree(self, name: str) -> ET.Element | None:
        """
        Read one part as XML; None where there is none.

        Raises: UnreadableFile where it is damaged, too long, or declares entities.
        """
        data = self.part(name)
        return None if data is None else parsed(data, self.path)

    def relations(self, name: str) -> list[tuple[str, str, str]]:
        """
        List what a part refers to inside the zip: under which id, what it is to the part in one
        word, and its name.
        """
        folder, _, own = name.rpartition("/")
        root = self.tree(posixpath.join(folder, "_rels", f"{own}.rels"))
        inner = [
            each
            for each in (root if root is not None else ())
            if each.get("TargetMode") != "External"
        ]
        return [
            (
                each.get("Id", ""),
                each.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/"),
            )
            for each in inner
        ]

    def related(self, name: str) -> dict[str, str]:
        """Name the parts that a part refers to by what they are to it; of several the first."""
        return {kind: target for _, kind, target in reversed(self.relations(name))}

    def title(self) -> str:
        """Give the title among the properties of the document."""
        return self._property("core-properties", "docProps/core.xml", _TITLE)

    def company(self) -> str:
        """Give the company among the properties of the document: whose program wrote it."""
        return self._property("extended-properties", "docProps/app.xml", _COMPANY)

    def _property(self, kind: str, usual: str, tag: str) -> str:
        try:
            root = self.tree(self.related("").get(kind, usual))
        except UnreadableFile:
            # Nothing of the report is in there.
            return ""
        return "" if root is None else (root.findtext(tag) or "").strip()


def parsed(data: bytes, path: FilePath) -> ET.Element:
    """
    Read bytes as XML. The two namings of OOXML, strict and transitional, become one.

    Raises: UnreadableFile where they are damaged, too long, or declare entities.
    """
    if data.count(b"<") + data.count(b"=") > MAX_PIECES:
        raise unreadable(path, "part_too_long", limit=PART_LIMIT)
    if b"purl.oclc.org/ooxml" in data:
        data = _STRICT.sub(rb"http://schemas.openxmlformats.org/\1/2006/", data)
    try:
        # A tree is built twice as fast where nothing of our own listens.
        builder = None if _PLAIN.match(data) and b"<!DOCTYPE" not in data else _Builder()
        return ET.fromstring(data, ET.XMLParser(target=builder))  # noqa: S314 - no entity is declared, so none is expanded
    except _Declared as error:
        raise unreadable(path, "entities") from error
    except FAULTS as error:
        raise unreadable(path, "damaged_document") from error


def member(head: bytes, name: str) -> bool:
    """Tell whether the beginning of a zip shows a member whose name begins so."""
    return (
        re.search(re.escape(ZIP) + b".{26}" + re.escape(name.encode()), head, re.DOTALL) is not None
    )


def directory(file: BinaryIO) -> bytes:
    """
    Give the names in the directory at the end of a zip, each as the header of a member without
    data; empty for what is no whole zip.

    What is appended to the beginning of a zip so tells what it is where its first members do not.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _END))
    tail = file.read(_END)
    at = tail.rfind(_LAST)
    if at < 0 or at + 22 > len(tail):
        return b""
    length = struct.unpack_from("<L", tail, at + 12)[0]
    begin = size - len(tail) + at - length
    if begin < 0:
        return b""
    file.seek(begin)
    entries, found, place = file.read(min(length, MAX_DIRECTORY)), [], 0
    while entries.startswith(_ENTRY, place) and place + 46 <= len(entries):
        name, extra, comment = struct.unpack_from("<3H", entries, place + 28)
        place += 46
        found.append(ZIP + bytes(22) + struct.pack("<2H", name, 0) + entries[place : place + name])
        place += name + extra + comment
    return b"".join(found)


def package(path: FilePath) -> Package:
    """
    Open a zip of parts, in memory.

    Raises: UnreadableFile where it is encrypted, damaged, or has too many members.
    """
    return package_of(bounded(path, LIMIT), os.fspath(path))


def package_of(data: bytes, name: str = "") -> Package:
    """
    Open a zip of parts that is in memory; *name* is what it is called in an error.

    Raises: UnreadableFile as ``package``.
    """
    if data.startswith(MAGIC) and ENCRYPTED in data:
        raise unreadable(name, "encrypted")
    if data.count(_ENTRY) > MAX_MEMBERS:
        raise unreadable(name, "damaged_document")
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except FAULTS as error:
        raise unreadable(name, "damaged_document") from error
    return Package(name, opened, frozenset(opened.namelist()))


def is_signed(data: bytes) -> bool:
    """
    Whether a file is a zip of parts with digital signatures, which hold of no other content.

    Raises: UnreadableFile as ``package``.
    """
    return data.startswith(ZIP) and any(_SIGNATURE.match(name) for name in package_of(data).names)


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """
    Replace the content of some parts of a zip. All else stays byte for byte: the other parts as
    they are packed, their order, dates and attributes, what stands before, between and behind them.

    Raises: UnreadableFile where the zip is damaged, or so large that its tables have another form.
    """
    try:
        return _with_parts(data, parts)
    except (struct.error, *FAULTS) as error:
        raise unreadable("", "damaged_document") from error


def _with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        members, directory = opened.infolist(), opened.start_dir
    last = data.rindex(_LAST)
    ahead = directory - struct.unpack_from("<L", data, last + 16)[0]
    ends = [*sorted(member.header_offset for member in members), directory][1:]
    packed = data[: min((member.header_offset for member in members), default=directory)]
    moved: dict[int, int] = {}
    facts: dict[int, bytes] = {}
    for member, end in zip(sorted(members, key=lambda own: own.header_offset), ends, strict=True):
        begin = member.header_offset
        moved[begin] = len(packed) - ahead
        own = data[begin:end]
        if member.filename in parts:
            own, facts[begin] = _repacked(own, member, parts[member.filename])
        packed += own
    entries, at = bytearray(data[directory:]), 0
    for _ in members:
        names, extra, comment = struct.unpack_from("<3H", entries, at + 28)
        begin = struct.unpack_from("<L", entries, at + 42)[0] + ahead
        struct.pack_into("<L", entries, at + 42, moved[begin])
        entries[at + 16 : at + 28] = facts.get(begin, entries[at + 16 : at + 28])
        at += 46 + names + extra + comment
    struct.pack_into("<L", entries, last - directory + 16, len(packed) - ahead)
    return packed + bytes(entries)


def _repacked(old: bytes, member: zipfile.ZipInfo, content: bytes) -> tuple[bytes, bytes]:
    """
    Give a member with another content, from its header to what follows its data, and its checksum
    and sizes as the directory has them.

    Raises: ValueError where the member is protected or its header has another form.
    """
    names, extra = struct.unpack_from("<2H", old, 26)
    begin = 30 + names + extra
    packed = content
    if member.compress_type == zipfile.ZIP_DEFLATED:
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(content) + packer.flush()
    new = (zlib.crc32(content), len(packed), len(content))
    before = (member.CRC, member.compress_size, member.file_size)
    # The numbers stand in the header or, where they were not known yet, behind the data, there
    # with sizes of 8 bytes perhaps.
    forms = [(struct.pack(form, *before), struct.pack(form, *new)) for form in ("<3L", "<L2Q")]
    head, tail = old[:begin], old[begin + member.compress_size :]
    if member.flag_bits & _PROTECTED:
        raise ValueError
    if head[14:26] == forms[0][0]:
        head = head[:14] + forms[0][1] + head[26:]
    elif head[14:18] == forms[0][0][:4] and head[18:26] == b"\xff" * 8:
        own = 30 + names
        old_sizes, sizes = (struct.pack("<2Q", *each[:0:-1]) for each in (before, new))
        if old_sizes not in head[own:]:
            raise ValueError
        head = head[:14] + forms[0][1][:4] + head[18:own] + head[own:].replace(old_sizes, sizes)
    elif not member.flag_bits & _FOLLOWED:
        raise ValueError
    if member.flag_bits & _FOLLOWED:
        form = next((form for form in reversed(forms) if form[0] in tail[:24]), None)
        if form is None:
            raise ValueError
        tail = tail.replace(*form, 1)
    return head + packed + tail, forms[0][1]
