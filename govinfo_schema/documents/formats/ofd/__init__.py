"""
OFD (GB/T 33190-2016), the format of official documents that are printed: a zip of XML.

``parts`` finds what is in the zip, ``looks`` knows colours and the parameters that objects share,
``page`` takes down what each page draws, and ``drawn`` makes tables and paragraphs of that.
Signatures and pictures are not looked at, fonts are not read: the text that stands beside the
glyphs counts.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from govinfo_schema.documents.document import Document
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.drawn import MAX_PAGES, document
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.ofd.page import MAX_DRAWN, TooMuch, draw
from govinfo_schema.documents.formats.ofd.parts import Parts, named, text_of
from govinfo_schema.documents.formats.package import ZIP, package
from govinfo_schema.documents.grids import TooManyCells, limited
from govinfo_schema.errors import UnreadableFile

_NAMES: Final = re.compile(
    re.escape(ZIP)
    + rb"(?s:.{26})/?(?:OFD\.xml|Doc_[0-9]+[/\\](?:Document|PublicRes|DocumentRes|Pages?[/\\_]))"
)
"""The header of a part that nearly every OFD begins with."""


def detect(head: bytes) -> bool:
    """Tell by the names in the zip whether it is an OFD; they may stand too far back to be seen."""
    return head.startswith(ZIP) and _NAMES.search(head) is not None


@limited
def read(path: FilePath) -> Document:
    """
    Read the pages one after the other.

    Raises: UnreadableFile where it is encrypted, damaged, too long, all pictures, or its fonts do
    not say which sign is which.
    """
    try:
        return _document(path)
    except TooMuch as error:
        raise unreadable(path, "part_too_long", limit=MAX_DRAWN) from error
    except (UnreadableFile, TooManyCells):
        raise
    except (ArithmeticError, LookupError, RecursionError, ValueError) as error:
        raise unreadable(path, "damaged_document") from error


def _document(path: FilePath) -> Document:
    parts = Parts(package(path))
    pages = list(islice(parts.pages(), MAX_PAGES + 1))
    if not pages:
        raise unreadable(path, "damaged_document")
    if len(pages) > MAX_PAGES:
        raise unreadable(path, "too_many_pages", limit=MAX_PAGES)
    information = {
        name: text_of(body, "DocInfo", name)
        for body in reversed(named(parts.root, "DocBody"))
        for name in ("Title", "Subject", "CreationDate")
    }
    return document(path, "OFD", list(draw(pages)), information)


FORMAT = Format(suffixes=(".ofd",), detect=detect, read_document=read)
