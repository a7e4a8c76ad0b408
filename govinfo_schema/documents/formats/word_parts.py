"""
Parts of a Word document that are documents of other formats and stand in it as they are: the page
that a program put there, or another Word document (``w:altChunk``).
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeAlias

import attrs
import msgspec

from govinfo_schema.documents.document import Aside, Block, Document, Paragraph, Place, Span
from govinfo_schema.documents.formats import HEAD, html, mail, text
from govinfo_schema.documents.formats.compound import MAGIC
from govinfo_schema.documents.formats.encodings import is_text
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.documents.formats.package import PART_LIMIT, ZIP, Package
from govinfo_schema.errors import UnreadableFile

Reader: TypeAlias = Callable[[FilePath], Document]
_MAIL: Final = re.compile(rb"(?i)\s*(?:mime-version|content-type|from|date|subject):")
_MARKED: Final = re.compile(rb"\s*(?:\{\\rtf|<)")
MAX_PARTS: Final = 20
"""So many parts of other formats are read, and none in a part of another."""


@attrs.define
class Parts:
    """The parts that the part *name* of a package may refer to; *left*: how many more are read."""

    package: Package
    name: str
    left: int
    size: int = 0
    names: dict[str, str] | None = None

    def read(self, key: str, read_word: Reader) -> tuple[str, Document | None]:
        """Read the part that is referred to by a key; give its name, and None if that fails."""
        if self.names is None:
            self.names = {own: target for own, _, target in self.package.relations(self.name)}
        name = self.names.get(key, "")
        if not name or not self.left:
            return name or key, None
        self.left -= 1
        try:
            data = self.package.part(name, PART_LIMIT - self.size) or b""
        except UnreadableFile:
            return name, None
        self.size += len(data)
        return name, _read(data, read_word)


def _read(data: bytes, read_word: Reader) -> Document | None:
    """
    Read a part as what it is: a Word document, a page, a page as mail packs it, plain text. None
    for others, and for what is damaged or empty.
    """
    try:
        data = mail.page_of(data) if _MAIL.match(data) else data
    except UnreadableFile:
        return None
    head = data[:HEAD]
    if head.startswith(ZIP):
        reader: Reader = read_word
    elif html.detect(head):
        reader = html.read
    elif not head.startswith(MAGIC) and not _MARKED.match(head) and is_text(head):
        reader = text.read
    else:
        return None
    with tempfile.TemporaryDirectory(prefix="govinfo-", ignore_cleanup_errors=True) as folder:
        path = Path(folder, "part")
        path.write_bytes(data)
        try:
            document = reader(path)
        except UnreadableFile:
            return None
    return document if document.blocks else None


def placed_in(document: Document, part: str, tables: int) -> Document:
    """
    Give the document of a part as a piece of the one that it stands in: *tables* come before its
    own, and each locator begins with the name of the part.
    """

    def moved(place: Place) -> Place:
        inner = place.locator
        locator = f"{part}{'!' if '#' in inner else '#'}{inner}" if inner else ""
        number = None if place.table is None else place.table + tables
        return msgspec.structs.replace(place, table=number, locator=locator)

    return moved_by(document, moved)


def moved_by(document: Document, move: Callable[[Place], Place]) -> Document:
    """Give a document with each place in it changed."""

    def aside(each: Aside) -> Aside:
        return msgspec.structs.replace(each, place=move(each.place))

    def span(each: Span) -> Span:
        return msgspec.structs.replace(
            each, place=move(each.place), asides=tuple(map(aside, each.asides))
        )

    def block(each: Block) -> Block:
        if isinstance(each, Paragraph):
            return msgspec.structs.replace(each, place=move(each.place))
        return attrs.evolve(each, spans=tuple(map(span, each.spans)))

    return attrs.evolve(
        document,
        blocks=tuple(map(block, document.blocks)),
        asides=tuple(map(aside, document.asides)),
    )
