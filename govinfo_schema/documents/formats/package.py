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
from typing import Final
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
MAX_PIECES: Final = 2_000_000
"""So many tags and attributes may be in a part; memory grows with them, not with the length."""
ZIP: Final = b"PK\x03\x04"
ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")

_ENTRY: Final = b"PK\x01\x02"
_END: Final = b"PK\x05\x06"
_DESCRIBED_BEHIND: Final = 0x08
"""The flag of an entry whose checksum and sizes stand behind its content."""
_TITLE: Final = "{http://purl.org/dc/elements/1.1/}title"
_COMPANY: Final = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/extended-properties}Company"
)
_STRICT: Final = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
_PLAIN: Final = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml[^<>?]*\sencoding=["'](?i:utf-8)["'][^<>?]*\?>|<[A-Za-z])"""
)
"""How XML begins in which a declaration of a document type can be seen as it stands."""
_FAULTS: Final = (
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
            with self.zip.open(member) as file:
                data = file.read(limit + 1)
        except UnreadableFile:
            raise
        except _FAULTS as error:
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
    except _FAULTS as error:
        raise unreadable(path, "damaged_document") from error


def member(head: bytes, name: str) -> bool:
    """Tell whether the beginning of a zip shows a member whose name begins so."""
    return (
        re.search(re.escape(ZIP) + b".{26}" + re.escape(name.encode()), head, re.DOTALL) is not None
    )


def package(path: FilePath) -> Package:
    """
    Open a zip of parts, in memory.

    Raises: UnreadableFile where it is encrypted, damaged, or has too many members.
    """
    name = os.fspath(path)
    data = bounded(path, LIMIT)
    if data.startswith(MAGIC) and ENCRYPTED in data:
        raise unreadable(name, "encrypted")
    if data.count(_ENTRY) > MAX_MEMBERS:
        raise unreadable(name, "damaged_document")
    try:
        opened = zipfile.ZipFile(io.BytesIO(data))
    except _FAULTS as error:
        raise unreadable(name, "damaged_document") from error
    return Package(name, opened, frozenset(opened.namelist()))


# ---- a copy with other parts --------------------------------------------------------------------


def with_parts(data: bytes, parts: Mapping[str, bytes]) -> bytes:
    """
    Return a zip with other contents in some of its *parts*; all other entries are copied byte for
    byte, and order, dates, names and attributes of all stay.

    Raises: KeyError for a part that the zip does not have.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        members, directory = source.infolist(), source.start_dir
        fresh = {source.getinfo(name).header_offset: content for name, content in parts.items()}
    starts = sorted(each.header_offset for each in members)
    ends = dict(zip(starts, [*starts[1:], directory], strict=True))
    copy = bytearray(data[: starts[0] if starts else directory])
    moved: dict[int, tuple[int, bytes | None]] = {}
    for start in starts:
        offset, facts = len(copy), None
        entry = data[start : ends[start]]
        if start in fresh:
            entry, facts = _entry(entry, fresh[start])
        copy += entry
        moved[start] = offset, facts
    begin, at = len(copy), directory
    for each in members:
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        record = bytearray(data[at : at + 46 + name + extra + comment])
        offset, facts = moved[each.header_offset]
        if facts is not None:
            struct.pack_into("<H", record, 8, each.flag_bits & ~_DESCRIBED_BEHIND)
            record[16:28] = facts
        struct.pack_into("<I", record, 42, offset)
        copy += record
        at += len(record)
    tail = bytearray(data[data.rindex(_END) :])
    struct.pack_into("<II", tail, 12, len(copy) - begin, begin)
    return bytes(copy + tail)


def _entry(entry: bytes, content: bytes) -> tuple[bytes, bytes]:
    """
    Give the entry of a part with another content, packed as before; and its checksum and sizes, as
    the directory has them.
    """
    flags, method = struct.unpack_from("<HH", entry, 6)
    name, extra = struct.unpack_from("<HH", entry, 26)
    packed = content
    if method == zipfile.ZIP_DEFLATED:
        deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = deflate.compress(content) + deflate.flush()
    facts = struct.pack("<III", zlib.crc32(content), len(packed), len(content))
    head = bytearray(entry[: 30 + name + extra])
    struct.pack_into("<H", head, 6, flags & ~_DESCRIBED_BEHIND)
    head[14:26] = facts
    return bytes(head + packed), facts
