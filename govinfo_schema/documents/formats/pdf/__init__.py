"""
PDF, as word processors and browsers print it. Nothing in it is run, and no image is looked at but
where there is nothing else (``scans``).

``objects``, ``fonts`` and ``instructions`` take a file apart, ``interpreter`` takes down what each
page draws, and ``drawn`` makes tables and paragraphs of that.
"""

from __future__ import annotations

import logging
from itertools import islice

from govinfo_schema.documents.document import Document, Grid
from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.drawn import MAX_PAGES, document, is_scanned
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.package import LIMIT
from govinfo_schema.documents.formats.pdf.streams import MAX_DRAWING, StreamTooLong, orders
from govinfo_schema.documents.grids import TooManyCells, limited
from govinfo_schema.errors import UnreadableFile


def detect(head: bytes) -> bool:
    """Tell by its first bytes, which may stand behind some others, whether it is a PDF."""
    return b"%PDF-" in head[:1024]


@limited
def read(path: FilePath) -> Document:
    """
    Read the pages one after the other.

    Raises: UnreadableFile where it is encrypted, damaged, too long, without text, a form that only
    one program shows (XFA), or its fonts do not say which sign is which; MissingLibrary without
    pdfminer, and for a scan without rapidocr.
    """
    library("pdfminer.pdfinterp", "pdf")
    logging.getLogger("pdfminer").addHandler(logging.NullHandler())
    data = bounded(path, LIMIT)
    try:
        found = _document(path, data)
    except (UnreadableFile, TooManyCells):
        raise
    except StreamTooLong as error:
        raise unreadable(path, "part_too_long", limit=LIMIT) from error
    except Exception as error:
        # pdfminer raises whatever its parsing meets: each is a file that it cannot read.
        protected = "Password" in repr(error) or "Encryption" in repr(error)
        raise unreadable(path, "encrypted" if protected else "damaged_pdf") from error
    if found is None:
        from govinfo_schema.documents.formats.scans import read_pdf  # noqa: PLC0415 (only for scans)

        return read_pdf(path, data)
    return found


def _document(path: FilePath, data: bytes) -> Document | None:
    """Make the document, None where its pages are pictures."""
    from govinfo_schema.documents.formats.pdf.interpreter import File  # noqa: PLC0415 (imports pdfminer)

    file = File(data)
    pages = list(islice(file.pages(), MAX_PAGES + 1))
    if not pages:
        raise unreadable(path, "damaged_pdf")
    if len(pages) > MAX_PAGES:
        raise unreadable(path, "too_many_pages", limit=MAX_PAGES)
    if orders(pages) > MAX_DRAWING:
        raise unreadable(path, "part_too_long", limit=MAX_DRAWING)
    drawings = [file.draw(page) for page in pages]
    if is_scanned(drawings) and not file.is_xfa:
        return None
    found = document(path, "PDF", drawings, file.information)
    if file.is_xfa and not any(isinstance(block, Grid) for block in found.blocks):
        raise unreadable(path, "xfa")
    return found


FORMAT = Format(suffixes=(".pdf",), slow=True, detect=detect, read_document=read)
