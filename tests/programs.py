"""
The programs that some tests need: LibreOffice, Chromium, poppler, Node and libraries of others.

A test that needs one is ``thorough``: a plain ``pytest`` leaves it out, ``.ci/run`` installs the
program and runs it. LibreOffice takes seconds a start, and now and then it crashes: a test that
needs it is ``full``, and ``.ci/full`` runs it. Where the program is missing the test is skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import Any, Final, TypeVar, cast

import office
import pytest

Test = TypeVar("Test", bound=Callable[..., Any])

CHROMIUM: Final = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
PDFTOTEXT: Final = shutil.which("pdftotext")
NODE: Final = os.environ.get("GOVINFO_SCHEMA_NODE", "")
"""A folder in which npm has installed what the runner and the generators of types need."""
AXE: Final = os.environ.get("GOVINFO_SCHEMA_AXE", "")
"""The file axe.min.js."""
CHECKER: Final = os.environ.get("GOVINFO_SCHEMA_CHECKER", "")
"""The checker in one file, as ``python -m tools.browser.build`` makes it."""


class Needs:
    """The marks of a test that needs something: who runs it, and skipped where that is missing."""

    def __init__(
        self, there: object, what: str, *, runs: pytest.MarkDecorator = pytest.mark.thorough
    ) -> None:
        self.marks = [runs, pytest.mark.skipif(not there, reason=f"needs {what}")]

    def __call__(self, test: Test) -> Test:
        """Mark a test."""
        for mark in self.marks:
            test = cast("Test", mark(test))
        return test


needs_office = Needs(office.has_office(), "LibreOffice", runs=pytest.mark.full)
needs_bridge = Needs(office.has_bridge(), "LibreOffice and python3-uno", runs=pytest.mark.full)
needs_chromium = Needs(CHROMIUM, "Chromium")
needs_poppler = Needs(PDFTOTEXT, "poppler")
needs_node = Needs(NODE and shutil.which("node"), "Node, and GOVINFO_SCHEMA_NODE")
needs_plain_node = Needs(shutil.which("node"), "Node")
needs_pyright = Needs(shutil.which("node"), "Node, which pyright runs on")
needs_axe = Needs(AXE and CHROMIUM, "Chromium, and GOVINFO_SCHEMA_AXE")
needs_checker = Needs(CHECKER and CHROMIUM, "Chromium, and GOVINFO_SCHEMA_CHECKER")
