"""
The parts of an OFD: which XML describes each page, under whatever prefix, and where it stands.

Producers write locations relative to the part that names them, to the document or to the zip, with
or without a slash before them, with backslashes, and in other letters than the zip has.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import AsideKind
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.package import MAX_PIECES, Package, parsed

MAX_PARTS: Final = 64_000_000
"""So many bytes of XML have all parts of a report together."""
_ENCRYPTED: Final = ("encryptions.xml", "entriesmap.dat")
"""What an encrypted OFD (GM/T 0099) has beside its parts, in small letters."""
_A4: Final = (0.0, 0.0, 210.0, 297.0)
_MOST: Final = 1e6
"""No length or place in a report is greater, in millimetres."""
_ENCODING: Final = re.compile(rb"""^(<\?xml[^>]*?)\sencoding=["']([\w.-]+)["']""")
_ROOT: Final = re.compile(rb"<([A-Za-z_][\w.-]*):")
_ASIDE: Final[dict[str, AsideKind]] = {"Watermark": "watermark", "Stamp": "watermark"}
"""What the text of an annotation is, by its type, if it is none of the page."""


@attrs.frozen
class Resources:
    """What the objects of a document share, by its id: parameters, drawings, colours of a space."""

    shared: dict[str, ET.Element]

    def get(self, number: str | None, *names: str) -> ET.Element | None:
        """Give what has an id, if it has one of these names."""
        found = self.shared.get(number or "")
        return found if found is not None and name_of(found) in names else None


@attrs.frozen
class Page:
    """
    A page: its size in millimetres, and what is drawn, in this order: templates below it, its
    content, templates over it, and annotations.
    """

    parts: Parts
    name: str
    folders: tuple[str, ...]
    size: tuple[float, float]
    shared: dict[str, ET.Element]
    templates: dict[str, tuple[str, str]]
    annotations: tuple[str, ...]

    def content(self) -> tuple[Resources, list[ET.Element], tuple[float, float]]:
        """
        Read the page and its templates, in the order in which they are drawn.

        Raises: UnreadableFile where the page is not there or damaged.
        """
        root = self.parts.tree(self.name, kept=False)
        below: list[ET.Element] = []
        over: list[ET.Element] = []
        shared = dict(self.shared)
        for template in named(root, "Template"):
            name, order = self.templates.get(template.get("TemplateID", ""), ("", ""))
            if name:
                order = template.get("ZOrder") or order
                (over if order == "Foreground" else below).append(self.parts.tree(name))
        for each in (*below, root, *over):
            for location in named(each, "PageRes"):
                shared |= self.parts.resources(location.text, self.folders)
        size = _size(child(root, "Area"), self.size)
        return Resources(shared), [*below, root, *over], size

    def notes(self) -> Iterator[tuple[ET.Element, AsideKind | None]]:
        """Go through the annotations that are shown, and say what each is if it is no text."""
        for name in self.annotations:
            for note in named(self.parts.tree(name), "Annot"):
                if note.get("Visible", "true") != "false":
                    aside = _ASIDE.get(note.get("Type", "")) or _ASIDE.get(note.get("Subtype", ""))
                    for appearance in named(note, "Appearance"):
                        yield appearance, aside


class Parts:
    """The parts of one file; *root* is the one that names its documents."""

    def __init__(self, package: Package) -> None:
        """
        Find the root.

        Raises: UnreadableFile where there is none, or the file is encrypted.
        """
        self._package = package
        self._names = {_plain(name): name for name in sorted(package.names, reverse=True)}
        self._left, self._pieces = MAX_PARTS, MAX_PIECES
        self._trees: dict[str, ET.Element] = {}
        if any(name.rpartition("/")[2] in _ENCRYPTED for name in self._names):
            raise unreadable(package.path, "encrypted")
        name = min((name for name in self._names if f"/{name}".endswith("/ofd.xml")), key=len)
        self._folder = name.rpartition("/")[0]
        self.root = self.tree(name)

    def pages(self) -> Iterator[Page]:
        """
        Go through the pages of all documents.

        Raises: UnreadableFile where a part that describes them is not there or damaged.
        """
        for body in named(self.root, "DocBody"):
            if location := text_of(body, "DocRoot"):
                name = self.found(location, (self._folder,))
                yield from self._pages(self.tree(name), name.rpartition("/")[0])

    def _pages(self, document: ET.Element, folder: str) -> Iterator[Page]:
        folders = (folder, self._folder)
        common = child(document, "CommonData")
        shared: dict[str, ET.Element] = {}
        for kind in ("PublicRes", "DocumentRes"):
            for location in named(common, kind):
                shared |= self.resources(location.text, folders)
        templates = {
            each.get("ID", ""): (
                self.found(each.get("BaseLoc"), folders),
                each.get("ZOrder", "Background"),
            )
            for each in named(common, "TemplatePage")
        }
        notes = self._annotations(text_of(document, "Annotations"), folders)
        size = _size(child(common, "PageArea"), _A4[2:])
        for page in named(child(document, "Pages"), "Page"):
            name = self.found(page.get("BaseLoc"), folders)
            own = (name.rpartition("/")[0], *folders)
            number = page.get("ID", "")
            yield Page(self, name, own, size, shared, templates, tuple(notes.get(number, ())))

    def _annotations(self, location: str, folders: tuple[str, ...]) -> dict[str, list[str]]:
        """Name the parts that hold the annotations of each page, by its id."""
        name = self.found(location, folders) if location else ""
        found: dict[str, list[str]] = {}
        if name not in self._names:
            return found
        folders = (name.rpartition("/")[0], *folders)
        for page in named(self.tree(name), "Page"):
            part = self.found(text_of(page, "FileLoc"), folders)
            if part in self._names:
                found.setdefault(page.get("PageID", ""), []).append(part)
        return found

    def resources(self, location: str | None, folders: tuple[str, ...]) -> dict[str, ET.Element]:
        """Give what a part of resources describes, by its id; nothing where it is not there."""
        name = self.found(location, folders)
        if name not in self._names:
            return {}
        return {each.get("ID", ""): each for group in self.tree(name) for each in group}

    def found(self, location: str | None, folders: tuple[str, ...]) -> str:
        """Give the name of a part by its location, which may be relative to one of some folders."""
        names = [_plain(posixpath.join(folder, _slashes(location))) for folder in ("", *folders)]
        if not _slashes(location).startswith("/"):
            names = [*names[1:], names[0]]
        else:
            names += [_plain(f"{folder}/{_slashes(location)}") for folder in folders]
        return next((name for name in names if name in self._names), names[0])

    def tree(self, name: str, *, kept: bool = True) -> ET.Element:
        """
        Read a part, once if it is kept.

        Raises: UnreadableFile where it is not there, damaged, or all are too long.
        """
        if name in self._trees:
            return self._trees[name]
        path = self._package.path
        data = self._package.part(self._names.get(name, name))
        if data is None:
            raise unreadable(path, "damaged_document")
        self._left -= len(data)
        self._pieces -= (data.count(b"<") + data.count(b"=")) * kept
        if min(self._left, self._pieces) < 0:
            raise unreadable(path, "part_too_long", limit=MAX_PARTS)
        tree = parsed(_declared(data), path)
        if kept:
            self._trees[name] = tree
        return tree


def _declared(data: bytes) -> bytes:
    """
    Give XML as the parser knows it: in UTF-8, where it is in another encoding, and without a prefix
    that is nowhere declared.
    """
    data = data.lstrip()
    match = _ENCODING.match(data)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = _ENCODING.sub(rb"\1", data.decode("utf-16", "replace").encode())
    elif match and match[2].lower().startswith(b"gb"):
        data = _ENCODING.sub(rb"\1", data.decode("gb18030", "replace").encode())
    root = _ROOT.search(data)
    if root and b"xmlns:%s=" % root[1] not in data:
        data = re.sub(rb"(</?)%s:" % re.escape(root[1]), rb"\1", data)
    return data


def _slashes(location: str | None) -> str:
    return (location or "").strip().replace("\\", "/")


def _plain(name: str) -> str:
    """Give a name in a zip as all are compared: from the root, in small letters."""
    return posixpath.normpath("/" + _slashes(name).lstrip("/")).lstrip("/").lower()


def _size(area: ET.Element | None, size: tuple[float, float]) -> tuple[float, float]:
    """Give how far a page goes, to the right and down."""
    box = text_of(area, "PhysicalBox") or text_of(area, "ApplicationBox")
    if not box:
        return size
    x, y, width, height = numbers(box, 4)
    return (x + width, y + height) if min(width, height) > 0 else size


# ---- elements -----------------------------------------------------------------------------------


def name_of(element: ET.Element) -> str:
    """Give the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def named(parent: ET.Element | None, name: str) -> list[ET.Element]:
    """List the children of a name, in whatever namespace."""
    return [each for each in (parent if parent is not None else ()) if name_of(each) == name]


def child(parent: ET.Element | None, name: str) -> ET.Element | None:
    """Give the first child of a name."""
    return next(iter(named(parent, name)), None)


def text_of(element: ET.Element | None, *names: str) -> str:
    """Give the text of a child, or of its child, as the names say; empty where there is none."""
    for name in names:
        element = child(element, name)
    return (element.text or "").strip() if element is not None else ""


def number(text: str | None, default: float) -> float:
    """
    Read a number.

    Raises: ValueError where it is none, or greater than any in a report.
    """
    if text is None or not text.strip():
        return default
    value = float(text)
    if not math.fabs(value) <= _MOST:
        raise ValueError(text)
    return value


def numbers(text: str | None, count: int, default: tuple[float, ...] = ()) -> tuple[float, ...]:
    """
    Read so many numbers.

    Raises: ValueError where there are fewer.
    """
    if text is None or not text.strip():
        return default
    found = tuple(number(each, 0.0) for each in text.replace(",", " ").split()[:count])
    if len(found) != count:
        raise ValueError(text)
    return found
