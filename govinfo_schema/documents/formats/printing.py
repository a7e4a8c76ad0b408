"""PDF, printed by an installed LibreOffice from the Word document, or by Chromium from the page."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

from govinfo_schema.documents.document import Document
from govinfo_schema.documents.formats import docx, html, office, put, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format

_BROWSERS: Final = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"),
    *("chrome", "msedge"),
)


def write(document: Document, path: FilePath) -> None:
    """
    Print a document on A4.

    Raises: UnreadableFile if neither program is installed, printing fails or takes too long, or the
    path cannot be written.
    """
    program = office.find()
    browser = next((found for name in _BROWSERS if (found := shutil.which(name))), None)
    with tempfile.TemporaryDirectory(prefix="govinfo-", ignore_cleanup_errors=True) as folder:
        if program is not None:
            source = Path(folder, "document.docx")
            docx.write(document, source)
            printed = office.converted(path, program, source, "pdf")
        elif browser is not None:
            source, printed = Path(folder, "document.html"), Path(folder, "document.pdf")
            html.write(document, source)
            # Chromium has no sandbox for the administrator; the page is our own and runs nothing.
            sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
            profile = f"--user-data-dir={Path(folder, 'profile')}"
            out = ["--disable-gpu", "--no-pdf-header-footer", f"--print-to-pdf={printed}"]
            command = [browser, "--headless", *sandbox, profile, *out]
            office.run(path, [*command, source.as_uri()], Path(folder))
        else:
            raise unreadable(path, "no_printer")
        if not printed.is_file():
            raise unreadable(path, "not_converted")
        put(printed.read_bytes(), path)


FORMAT = Format(suffixes=(".pdf",), place=5, write_document=write)
