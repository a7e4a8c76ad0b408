"""What was read, compared with what is right; and documents as plain data, to compare them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import govinfo_schema as gs
from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.recognise import Reading, recognise


def text_document(path: Path) -> Document:
    """Make a document of the lines of a text."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return Document(
        blocks=tuple(
            Paragraph(text=line, place=Place(line=number))
            for number, line in enumerate(lines, 1)
            if line.strip()
        )
    )


Seen = tuple[str, *tuple[tuple[str, str], ...]]


def shape(block: Block) -> Any:
    """Give what a block says, without the places."""
    if isinstance(block, Grid):
        return [(span.text, span.row, span.column, span.rows, span.columns) for span in block.spans]
    return block.text


def middle(document: Document) -> Span:
    """Give the cell in the middle of the one table of a document."""
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    return next(span for span in grid.spans if (span.row, span.column) == (1, 1))


def compare(reading: Reading, truth: gs.Report) -> dict[str, list[str]]:
    """
    Sort the cells of the truth: read right, blank with a finding, and the rest (none allowed).
    """
    read = dict(gs.walk(reading.report))
    named = {cell for finding in reading.findings for cell in finding.cells}
    fates: dict[str, list[str]] = {"right": [], "blank": [], "silent": [], "wrong": []}
    for cell, value in gs.walk(truth):
        found = read.get(cell)
        if found == value:
            fate = "right"
        elif found is not None:
            fate = "wrong"
        else:
            fate = "blank" if cell in named else "silent"
        fates[fate].append(cell)
    return fates


def agrees(document: Document, report: gs.Report) -> None:
    """Demand that a document is read as a report: every figure, every cell, nothing in doubt."""
    reading = recognise(document)
    fates = compare(reading, report)
    assert (fates["blank"], fates["silent"], fates["wrong"], reading.findings) == ([], [], [], ())
    cells = {cell for cell, _ in gs.walk(report)}
    assert set(reading.sources) >= cells - {cell for cell in reading.sources if "fee" in cell}
    assert (reading.report.edition, reading.report.year) == (report.edition, report.year)
    if report.title:
        assert reading.report.title == report.title


def fates_of(path: Path, report: gs.Report) -> dict[str, list[str]]:
    """Read a file and sort the cells of its report by what became of them."""
    return compare(gs.read(path, year=report.year, body=report.body.name), report)


def all_right(path: Path, report: gs.Report) -> None:
    """Demand that every figure of a file is read right."""
    fates = fates_of(path, report)
    assert (fates["wrong"], fates["silent"], fates["blank"]) == ([], [], []), path.name


def seen(document: Document) -> list[Seen]:
    """Give what the cells of the grids show, each with the kinds and texts of what was left out."""
    return [
        (span.text, *((aside.kind, aside.text) for aside in span.asides))
        for block in document.blocks
        if isinstance(block, Grid)
        for span in block.spans
    ]


def left(document: Document) -> list[tuple[str, str, str]]:
    """Give what was left out beside the grids: kind, text and where."""
    return [(aside.kind, aside.text, aside.place.locator) for aside in document.asides]
