"""
``gs.mend`` and ``fix``: the copy reads as the mended report, and nothing else in it has changed.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from layouts import KINDS, laid_out
from office import convert
from page_files import FORMATS
from page_files import write as write_page
from programs import needs_office
from rich_files import members, part, rich_page, rich_word
from word_files import p, tc, word

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.documents.formats.word_styles import W
from govinfo_schema.report.values import MAX_COUNT

TOTAL = "applications.outcomes.total.natural_person"
CELL = "applications.received.natural_person"
MAKERS: dict[str, Callable[[gs.Report, Path, random.Random], object]] = {
    "rich.docx": rich_word,
    "rich.html": rich_page,
    **dict.fromkeys(
        ("docx", "html", "md", "csv", "tidy.csv", "json"), lambda report, path, _: gs.write(report, path)
    ),
}
"""The ways to make a document, by what follows the first dot of its name."""
DOCUMENT = "word/document.xml"
_FIGURES = re.compile(
    b"|".join(
        (
            rb"[0-9.,+-]|&nbsp;|null|\"",
            *(sign.encode(name) for sign in "０１２３４５６７８９．，＋－" for name in ("utf-8", "gb18030")),
        )
    )
)
"""What figures are made of, and what stands where none is."""


def changes_of(report: gs.Report, cells: list[str], dice: random.Random) -> dict[str, Any]:
    """Give one, two or three figures another value: greater, smaller, much longer, blank, filled."""
    values: dict[str, Any] = {}
    for cell in dice.sample(cells, dice.choice((1, 2, 3))):
        value = gs.get(report, cell)
        new: Any = dice.choice((None, 0, dice.randrange(MAX_COUNT), dice.randrange(200)))
        if isinstance(value, Decimal):
            new = None if new is None else Decimal(new % 10_000) / 4
        values[cell] = (new or 0) + 1 if value == new else new
    return values


def mended(path: Path, values: dict[str, Any]) -> tuple[bytes, gs.Reading]:
    """Mend a document, and make sure that the copy reads so and that only these figures differ."""
    before = gs.read(path)
    out = io.BytesIO()
    gs.mend(path, values, out)
    data = out.getvalue()
    after = gs.read(data, name=path.name)
    wanted = gs.replace(before.report, values)
    assert dict(gs.walk(after.report)) == dict(gs.walk(wanted))
    assert not gs.compare(wanted, after.report).changes
    same(path.read_bytes(), data, len(values))
    return data, after


def same(before: bytes, after: bytes, count: int) -> None:
    """
    Make sure that two files are the same but for the figures of so many cells: of a zip all parts
    but one byte for byte as they are packed.
    """
    if not before.startswith(b"PK"):
        one, two = before.splitlines(keepends=True), after.splitlines(keepends=True)
        assert len(one) == len(two)
        pairs = [(old, new) for old, new in zip(one, two, strict=True) if old != new]
        assert len(pairs) <= count
        assert all(_FIGURES.sub(b"", old) == _FIGURES.sub(b"", new) for old, new in pairs)
        return
    old, new = members(before), members(after)
    assert [*old] == [*new]
    assert [name for name in old if old[name][0] != new[name][0]] in ([], [DOCUMENT])
    for name, (_, info) in old.items():
        for fact in ("compress_type", "date_time", "external_attr", "extra", "comment"):
            assert getattr(info, fact) == getattr(new[name][1], fact)
    same_runs(*(ET.fromstring(part(data, DOCUMENT)) for data in (before, after)), count)  # noqa: S314 - our own


def same_runs(before: ET.Element, after: ET.Element, count: int) -> None:
    """
    Make sure that two parts are the same run for run, but for the figures of so many cells of
    tables; in these no run loses its properties, and what else they say stays.
    """
    one, two = list(before.iter(f"{W}tc")), list(after.iter(f"{W}tc"))
    pairs = [
        (old, new)
        for old, new in zip(one, two, strict=True)
        if ET.tostring(old) != ET.tostring(new) and old.find(f".//{W}tc") is None
    ]
    assert len(pairs) <= count
    for old, new in pairs:
        texts = [_FIGURES.sub(b"", "".join(each.itertext()).encode()) for each in (old, new)]
        assert texts[0] == texts[1]
        shapes = [[element.tag for element in each.iter()] for each in (old, new)]
        blank = not "".join(old.itertext()).strip()
        assert shapes[0] == shapes[1] or blank
        for each in (old, new):
            kept = [*each]
            for inner in kept:
                each.remove(inner)
    assert ET.tostring(before) == ET.tostring(after)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("seed", range(2))
def test_only_the_figures_change(kind: str, seed: int, tmp_path: Path) -> None:
    """
    Of a random report in a document with one to three other figures the copy reads as that report,
    and differs from the original in nothing else.
    """
    check_random(kind, seed, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("seed", range(100, 130))
def test_only_the_figures_change_in_hundreds(kind: str, seed: int, tmp_path: Path) -> None:
    """The same holds for 240 documents."""
    check_random(kind, seed, tmp_path)


def check_random(kind: str, seed: int, folder: Path) -> None:
    """Make a document, mend it, and mend it back."""
    dice = random.Random(f"{kind} {seed}")
    report = gs.generate(seed, dice.choice(gs.editions))
    path = folder / f"报告.{kind}"
    MAKERS[kind](report, path, dice)
    before = gs.read(path)
    found = [*before.sources] or [cell for cell, _ in gs.walk(before.report)]
    values = changes_of(before.report, found, dice)
    data, _ = mended(path, values)
    copy = folder / f"再改.{kind}"
    copy.write_bytes(data)
    back = {cell: gs.get(before.report, cell) for cell in values}
    again, _ = mended(copy, back)
    if kind == "rich.docx":
        return
    assert gs.read(again, name=path.name).report == before.report
