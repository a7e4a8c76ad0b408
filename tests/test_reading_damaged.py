"""
Pages damaged at random, in every format that is text: no figure is wrong, none is blank unless a
finding names it, and no sum is called broken that holds on the page.

``GOVINFO_SCHEMA_SEED`` is the seed of the long runs, 0 where it is not set.
"""

from __future__ import annotations

import os
import unicodedata
from decimal import Decimal
from typing import Any

import damaged_pages
import pages
import pytest
from damaged_pages import BATCH, NAMES, batch, batches, damaged
from layouts import LAYOUTS, laid_out
from page_files import FORMATS
from pages import Outcome, Page

import govinfo_schema as gs

SEED = int(os.environ.get("GOVINFO_SCHEMA_SEED", "0"))


def assert_good(made: dict[str, Outcome]) -> None:
    """Demand that nothing is wrong and no sum is accused."""
    faults = [fault for each in made.values() for fault in each.faults]
    accused = [sums for each in made.values() for sums in each.accused]
    assert (faults[:10], accused[:10]) == ([], [])


@pytest.mark.parametrize(
    "start",
    [0, *(pytest.param(at, marks=pytest.mark.thorough) for at in range(BATCH, 8 * BATCH, BATCH))],
)
def test_damaged_page(start: int) -> None:
    """What a damage leaves on the page is read right, or is blank and named."""
    assert_good(batch(range(start, start + BATCH)))


@pytest.mark.parametrize("kind", NAMES)
def test_each_damage(kind: str) -> None:
    """So it is for each kind of damage."""
    assert_good(batch(range(5), only=kind))


@pytest.mark.full
def test_many_damaged_pages() -> None:
    """So it is for 20,000 damaged pages."""
    for made in batches(20_000, seed=SEED + 1):
        assert_good(made)


# ---- the pages themselves -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2 * len(pages.FLAVOURS) * 3))
def test_random_report(seed: int) -> None:
    """A random report has figures of the flavour that its number says, and adds up but for one."""
    report = pages.report(seed)
    flavour = pages.FLAVOURS[seed // 3 % len(pages.FLAVOURS)]
    values = [value for _, value in gs.walk(report)]
    assert gs.check(report).ok == (flavour != "broken")
    assert (None in values) == (flavour == "blanks")
    assert flavour in ("sparse", "blanks") or 0 not in values


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout_shows_what_it_says(name: str) -> None:
    """A figure that is printed in a layout is accepted, and a cell that is not printed is not."""
    for seed in range(0, 18, 4):
        assert_shown(laid_out(name, seed))


@pytest.mark.parametrize("kind", NAMES)
def test_damage_shows_what_it_says(kind: str) -> None:
    """
    A figure that a damaged page prints is accepted unless nobody can know it, and a cell that it
    does not print is not.
    """
    for number in range(10):
        assert_shown(damaged(3, number, kind).page)


SEEN = ("", "input", "nested")
"""The styles of texts that count."""


def assert_shown(page: Page) -> None:
    """Compare what a page accepts with what stands on it."""
    shown = {box.cell: box for table in page.tables() for box in table.boxes() if box.cell}
    for cell, accepted in page.accepted.items():
        if cell not in shown:
            row = [box.text for other, box in shown.items() if _row(other) == _row(cell)]
            stands = any(_stands(accepted[0], text) for text in row) if accepted else True
            assert stands or accepted == (None,), (cell, accepted)
        elif accepted and cell not in page.doubtful:
            text = "".join(
                text for style, text in shown[cell].runs if style in ("", "input", "nested")
            )
            fits = [_stands(value, text) for value in accepted]
            assert any(fits), (cell, text, accepted)


def _row(cell: str) -> str:
    return cell.rpartition(".")[0]


def _stands(value: Any, text: str) -> bool:
    """Does a text show a value?"""
    if value is None:
        return text == ""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("零", "0")
    return (f"{Decimal(value):f}".lstrip("0") or "0") in plain


def test_damaged_page_is_known_by_its_number() -> None:
    """The same seed and number make the same file, and another seed another."""
    files = [
        FORMATS[made.way].write(made.page) for made in (damaged(seed, 17) for seed in (5, 5, 6))
    ]
    assert files[0] == files[1] != files[2]


@pytest.mark.thorough
def test_every_damage_is_done() -> None:
    """Among some thousand damaged pages each kind of damage occurs often."""
    counts = dict.fromkeys(damaged_pages.NAMES, 0)
    for number in range(300):
        for kind in damaged(9, number).kinds:
            counts[kind] += 1
    assert min(counts.values()) > 3, counts
