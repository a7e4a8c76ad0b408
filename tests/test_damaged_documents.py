"""
Documents that are damaged at random: no figure that is read is wrong unsaid, none is lost unsaid,
and nothing ends in a traceback.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import attrs
import msgspec
import pytest
from corpus import needs_corpus, real_reports
from readings import compare
from reports import REPORTS

import govinfo_schema as gs
from govinfo_schema.documents.document import Block, Document, Grid, Paragraph
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise import recognise
from govinfo_schema.errors import NoReport

BATCHES = [*range(5), *(pytest.param(batch, marks=pytest.mark.thorough) for batch in range(5, 20))]
EACH = 60
"""So many documents are damaged in each batch; the number of a document is its seed."""


def worn(dice: random.Random, text: str) -> str:
    """Lose, double or change a character of a text without figures."""
    if not text or any(sign.isdigit() for sign in text):
        return text
    at = dice.randrange(len(text))
    return text[:at] + dice.choice(["", text[at] * 2, f"{text[at]} ", "⺠", "行"]) + text[at + 1 :]


def labels_worn(dice: random.Random, grid: Grid) -> list[Block]:
    """Wear one cell."""
    spans = list(grid.spans)
    at = dice.randrange(len(spans))
    spans[at] = msgspec.structs.replace(spans[at], text=worn(dice, spans[at].text))
    return [attrs.evolve(grid, spans=tuple(spans))]


def label_lost(dice: random.Random, grid: Grid) -> list[Block]:
    """Lose the text of one label; a piece without labels has none to lose."""
    labels = [span for span in grid.spans if span.header]
    if not labels:
        return [grid]
    chosen = dice.choice(labels)
    return [
        attrs.evolve(
            grid,
            spans=tuple(
                msgspec.structs.replace(span, text="") if span is chosen else span
                for span in grid.spans
            ),
        )
    ]


def row_lost(dice: random.Random, grid: Grid) -> list[Block]:
    """Lose the cells that begin in one row."""
    row = dice.randrange(grid.height)
    return [attrs.evolve(grid, spans=tuple(span for span in grid.spans if span.row != row))]


def torn(dice: random.Random, grid: Grid) -> list[Block]:
    """Tear the grid in two, as the end of a page does."""
    row = dice.randrange(grid.height)
    parts = [
        [span for span in grid.spans if span.row < row],
        [
            msgspec.structs.replace(span, row=span.row - row)
            for span in grid.spans
            if span.row >= row
        ],
    ]
    return [Grid(spans=tuple(part)) for part in parts if part]


def flattened(dice: random.Random, grid: Grid) -> list[Block]:
    """Turn rows into lines of text, with borders or without."""
    gap = dice.choice(["", " "])
    texts = (gap.join(span.text for span in row) for row in grid.rows())
    return [Paragraph(text=text) for text in texts if text.strip()]


def unmerged(_: random.Random, grid: Grid) -> list[Block]:
    """Forget what is merged."""
    return [
        attrs.evolve(
            grid,
            spans=tuple(msgspec.structs.replace(span, rows=1, columns=1) for span in grid.spans),
        )
    ]


DAMAGES: tuple[Callable[[random.Random, Grid], list[Block]], ...] = (
    labels_worn,
    label_lost,
    row_lost,
    torn,
    flattened,
    unmerged,
)


def damaged(dice: random.Random, document: Document) -> Document:
    """Damage a document in one to five places."""
    blocks = list(document.blocks)
    for _ in range(dice.randrange(1, 6)):
        at = dice.randrange(len(blocks))
        block = blocks[at]
        if isinstance(block, Paragraph):
            chosen: list[list[Block]] = [
                [],
                [msgspec.structs.replace(block, text=worn(dice, block.text))],
            ]
            blocks[at : at + 1] = dice.choice(chosen)
        elif block.spans:
            blocks[at : at + 1] = dice.choice(DAMAGES)(dice, block)
    return attrs.evolve(document, blocks=tuple(blocks))


@pytest.mark.parametrize("batch", BATCHES)
def test_damaged_document(batch: int) -> None:
    """
    Whatever is lost of a document, each figure is right, or blank with a finding that names its
    cell, or the document is refused.
    """
    assert_nothing_lost(range(batch * EACH, (batch + 1) * EACH), list(REPORTS.values()))


@needs_corpus
def test_damaged_document_of_real_figures() -> None:
    """So it is with the figures of real reports."""
    assert_nothing_lost(range(10 * EACH), list(real_reports().values()))


def assert_nothing_lost(seeds: range, reports: list[gs.Report]) -> None:
    """Damage a document of one of these reports by each seed, read it, and compare."""
    for seed in seeds:
        dice = random.Random(seed)
        report = dice.choice(reports)
        document = damaged(dice, layout(report))
        try:
            reading = recognise(document, year=report.year, body=report.body.name)
        except NoReport:
            continue
        if reading.report.edition != report.edition:
            assert any(finding.code in ("R-EDITION", "R-ROW") for finding in reading.findings), seed
            continue
        fates = compare(reading, report)
        assert [
            cell
            for cell in (*fates["wrong"], *fates["silent"])
            if cell not in gs.edition(report.edition).fields
        ] == [], seed
