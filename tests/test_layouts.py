"""
Reports in every layout and format in which they are published: no figure is wrong, none is blank
unless a finding names it, and what a person reads at a glance is read.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import office
import pytest
from layouts import KINDS, LAYOUTS, laid_out, outcome, outcomes
from page_files import FORMATS, html_page, write
from pages import Outcome, score
from programs import CHROMIUM, needs_chromium, needs_office

GLANCE = 0.99
"""So much of what a person reads at a glance is read."""
FEW = 0.9
"""So much of it at least in a few reports, where one row counts for much."""


def assert_read(made: Outcome, kind: str, least: float = FEW) -> None:
    """Demand that nothing is wrong, no sum is accused, and that what is due is reached."""
    assert (made.faults[:5], made.accused[:5]) == ([], []), kind
    assert made.reached >= least * made.due, kind


LIGHT = 8
"""One in so many kinds is read by a plain pytest."""


@pytest.mark.parametrize(
    ("name", "way"),
    [
        pytest.param(
            *kind,
            id=" in ".join(kind),
            marks=[pytest.mark.thorough] if at % LIGHT else [],
        )
        for at, kind in enumerate(KINDS)
    ],
)
def test_layout(name: str, way: str) -> None:
    """A report in any layout is read right, or what is not read is named."""
    seed = KINDS.index((name, way))
    assert_read(outcome(name, way, range(seed, seed + 1)), f"{name} in {way}")


def test_spaces_of_full_width(tmp_path: Path) -> None:
    """A text in which full-width spaces part the cells of a row is read like any other."""
    printed = laid_out("as printed", 5)
    path = tmp_path / "page.txt"
    write(printed, FORMATS["wide spaces"], path)
    text = path.read_text(encoding="utf-8").replace("    ", "\u3000")
    path.write_text(text, encoding="utf-8")
    assert_read(score(printed, path), "full-width spaces")


@pytest.mark.full
def test_layouts_of_many_reports() -> None:
    """So it is for twenty reports, of every shape, in each layout and format."""
    for kind, made in outcomes(KINDS, range(2000, 2020)):
        assert_read(made, kind, GLANCE)


PRINTED = (
    *("as printed", "labels of two lines", "struck", "sup", "plain marks", "groups swapped"),
    *("foreign legal person", "foreign for result", "last year before", "over pages"),
    *("applicants: natural persons last", "labels nearly the same", "merged over zeros"),
)
"""Layouts that are printed from a browser, too."""


@needs_chromium
@pytest.mark.full
@pytest.mark.parametrize("border", [True, False], ids=["ruled", "unruled"])
@pytest.mark.parametrize("name", PRINTED)
def test_layout_printed_by_chromium(name: str, border: bool, tmp_path: Path) -> None:
    """So it is for a page that is printed to PDF, with the rules of its tables or without."""
    total = Outcome()
    for seed in range(3000, 3006):
        page = laid_out(name, seed)
        source, target = (tmp_path / f"{seed}.{suffix}" for suffix in ("html", "pdf"))
        source.write_bytes(html_page(page, border=border))
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
        command = [str(CHROMIUM), *options, f"--print-to-pdf={target}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=100)
        total.add(score(page, target))
    if not border or not LAYOUTS[name].glance:
        total.due = total.reached = 0
    assert_read(total, name)


SAVED = (("xlsx", "xls"), ("xlsx", "ods"), ("docx", "odt"), ("docx", "doc"), ("docx", "pdf"))
"""Files that LibreOffice opens, and as what it saves them."""


@needs_office
@pytest.mark.parametrize(("way", "kind"), SAVED, ids=["-".join(kinds) for kinds in SAVED])
def test_layout_saved_by_libreoffice(way: str, kind: str, tmp_path: Path) -> None:
    """So it is for files that LibreOffice saves in another format."""
    names = [name for name, layout in LAYOUTS.items() if way in layout.formats]
    pages = {
        tmp_path / f"{number}.{way}": laid_out(name, number) for number, name in enumerate(names)
    }
    for path, page in pages.items():
        write(page, FORMATS[way], path)
    made = office.convert([*pages], kind, tmp_path)
    faults = {}
    for name, (path, page) in zip(names, pages.items(), strict=True):
        found = score(page, made[path.stem])
        glance = LAYOUTS[name].at_a_glance(way) and kind != "pdf"
        if not found.good or (glance and found.reached < GLANCE * found.due):
            faults[name] = (found.reached, found.due, found.faults[:2], found.accused[:1])
    assert faults == {}
