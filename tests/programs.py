"""
The programs that some tests need: LibreOffice, Chromium, poppler, Node and libraries of others.

A test that needs one is ``thorough``: a plain ``pytest`` leaves it out, ``.ci/run`` installs the
program and runs it. Where the program is missing the test is skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import office
import pytest

Test = TypeVar("Test", bound=Callable[..., Any])

CHROMIUM: Final = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PDFTOTEXT: Final = shutil.which("pdftotext")
NODE: Final = os.environ.get("GOVINFO_SCHEMA_NODE", "")
"""A folder in which npm has installed what the runner and the generators of types need."""
AXE: Final = os.environ.get("GOVINFO_SCHEMA_AXE", "")
"""The file axe.min.js."""


def needs(there: object, what: str) -> Callable[[Test], Test]:
    """Make the mark of tests that need something: thorough, and skipped where it is missing."""
    skip = pytest.mark.skipif(not there, reason=f"needs {what}")

    def mark(test: Test) -> Test:
        return cast("Test", pytest.mark.thorough(skip(test)))

    return mark


needs_office = needs(office.has_office(), "LibreOffice")
needs_bridge = needs(office.has_bridge(), "LibreOffice and python3-uno")
needs_chromium = needs(CHROMIUM, "Chromium")
needs_poppler = needs(PDFTOTEXT, "poppler")
needs_node = needs(NODE and shutil.which("node"), "Node, and GOVINFO_SCHEMA_NODE")
needs_axe = needs(AXE and CHROMIUM, "Chromium, and GOVINFO_SCHEMA_AXE")
