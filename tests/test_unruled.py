"""
What is read of PDF tables without rules: a figure belongs to the name that stands over it.

``unruled_pages`` draws whole reports; the short tables here are drawn text by text.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from pages import Outcome
from pdfs import drawn_pdf, write
from unruled_pages import outcome

from govinfo_schema.documents.document import Document, Grid, Paragraph
from govinfo_schema.documents.formats import pdf

COLUMNS = (200, 260, 320, 380)
"""Where the cells of the figures begin."""


def read(path: Path, orders: str) -> Document:
    """Draw a page and read it."""
    return pdf.read(drawn_pdf(path / "a.pdf", orders))


def rows(document: Document) -> list[list[str]]:
    """Give the texts of the cells of all tables, row by row."""
    grids = (block for block in document.blocks if isinstance(block, Grid))
    return [[span.text for span in row] for grid in grids for row in grid.rows()]


def asides(document: Document) -> list[tuple[int, int, str]]:
    """Give row, column and text of what stands beside a cell of the only table."""
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    return [
        (span.row, span.column, aside.text)
        for span in grid.spans
        for aside in span.asides
        if aside.kind == "between"
    ]


def row(label: str, figures: tuple[str, ...], y: float) -> str:
    """Write a row."""
    texts = zip(COLUMNS, figures, strict=True)
    return write(label, 90, y) + "".join(write(text, x, y) for x, text in texts if text)


FIGURES = row("甲", ("1", "2", "3", "4"), 700) + row("乙", ("5", "6", "7", "8"), 680)

HEADS = {
    "on one line": [
        ("自然人", 200, 720),
        ("企业", 260, 720),
        ("机构", 320, 720),
        ("总计", 380, 720),
    ],
    "torn beside whole names": [
        *(("自然", 320, 725), ("人", 320, 711)),
        *(("企业", 200, 718), ("机构", 260, 718), ("总计", 380, 718)),
    ],
    "torn under a name over several": [
        *(("申请人情况", 200, 746), ("法人", 200, 732)),
        *(("商业", 200, 720), ("企业", 200, 710), ("科研", 260, 720), ("机构", 260, 710)),
        *(("自然", 320, 726), ("人", 320, 716), ("总计", 380, 720)),
    ],
}
NAMES = {
    "on one line": ["自然人", "企业", "机构", "总计"],
    "torn beside whole names": ["企业", "机构", "自然人", "总计"],
    "torn under a name over several": ["申请人情况法人商业企业", "科研机构", "自然人", "总计"],
}


@pytest.mark.parametrize("kind", HEADS)
def test_names_stand_over_their_columns(kind: str, tmp_path: Path) -> None:
    """The name over a column is what stands over it, on however many lines, in their order."""
    head = "".join(write(*each) for each in HEADS[kind])
    found = rows(read(tmp_path, head + FIGURES))
    assert [name.replace("\n", "") for name in found[0][-4:]] == NAMES[kind]
    assert found[-2:] == [["甲", "1", "2", "3", "4"], ["乙", "5", "6", "7", "8"]]


@pytest.mark.parametrize("shift", [0, 12, 24])
def test_figures_at_any_side_of_their_cells(shift: float, tmp_path: Path) -> None:
    """Names over the left of their cells are those of figures at the left, middle or right."""
    head = "".join(
        write(text, x, 720)
        for x, text in zip(COLUMNS, ("一类", "二类", "三类", "总计"), strict=True)
    )
    figures = "".join(
        write(f"{number}{column}", x + shift, y)
        for number, y in ((1, 700), (2, 680))
        for column, x in enumerate(COLUMNS)
    )
    labels = write("甲", 90, 700) + write("乙", 90, 680)
    assert rows(read(tmp_path, head + figures + labels)) == [
        ["", "一类", "二类", "三类", "总计"],
        ["甲", "10", "11", "12", "13"],
        ["乙", "20", "21", "22", "23"],
    ]


def test_blank_cells_move_no_figure(tmp_path: Path) -> None:
    """A row with blank cells, of one figure only too, has its figures in their columns."""
    head = row("", ("一类", "二类", "三类", "总计"), 720)
    sparse = row("丙", ("", "6", "", "9"), 660) + row("丁", ("", "", "3", ""), 640)
    longest = row("甲乙丙丁戊己", ("1", "2", "3", "4"), 620)
    found = rows(read(tmp_path, head + FIGURES + sparse + longest))
    assert found[-3:-1] == [["丙", "", "6", "", "9"], ["丁", "", "", "3", ""]]


def test_a_head_that_leaves_columns_open_is_no_head(tmp_path: Path) -> None:
    """Where a name and figures stand beside each other, and more of one, nothing is paired."""
    names = write("一类", 200, 720) + write("二类", 232, 720) + write("总计", 380, 720)
    found = read(tmp_path, names + FIGURES)
    assert not [cells for cells in rows(found) if "总计" in cells]


def test_figures_between_two_lines(tmp_path: Path) -> None:
    """A figure between two rows may be of both: no cell beside it is blank for sure."""
    head = row("", ("一类", "二类", "三类", "总计"), 720)
    table = row("甲", ("1", "2", "3", "4"), 700) + row("乙", ("5", "", "7", "8"), 680)
    table += row("丙", ("9", "", "1", "2"), 660) + row("丁", ("5", "6", "7", "8"), 640)
    found = read(tmp_path, head + table + write("6", 260, 670))
    assert asides(found) == [(2, 2, "6"), (3, 2, "6")]


def test_a_zero_beside_a_blank_cell(tmp_path: Path) -> None:
    """The blank cell above or below a zero may be merged with its own."""
    head = row("", ("一类", "二类", "三类", "总计"), 720)
    table = row("甲", ("1", "0", "3", "4"), 700) + row("乙", ("5", "", "7", "8"), 680)
    assert asides(read(tmp_path, head + table + write("完", 90, 600))) == [(2, 2, "0")]


def test_a_figure_in_the_margin_is_no_number_of_a_page(tmp_path: Path) -> None:
    """A lone figure in the margin is the number of the page only outside of all other lines."""
    orders = write("正文", 90, 60) + write("7", 260, 70) + write("- 3 -", 290, 30)
    texts = [block.text for block in read(tmp_path, orders).blocks if isinstance(block, Paragraph)]
    assert "".join(texts) == "7正文"


def assert_nothing_wrong(seeds: range, folder: Path) -> None:
    """Demand that no figure is wrong, and no blank cell in silence."""
    total, kinds = Outcome(), []
    for seed in seeds:
        name, made = outcome(seed, folder)
        kinds += [f"{seed} {name}: {fault}" for fault in (*made.faults, *made.accused)]
        total.add(made)
    assert kinds == []
    assert total.counts["right"] >= 0.5 * sum(total.counts.values())


def test_random_pages(tmp_path: Path) -> None:
    """No figure of a page without rules is wrong, however it is laid out and looks."""
    assert_nothing_wrong(range(25), tmp_path)


@pytest.mark.thorough
def test_more_random_pages(tmp_path: Path) -> None:
    """So it is for more pages."""
    assert_nothing_wrong(range(25, 150), tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("first", range(150, 1350, 150))
def test_many_random_pages(first: int, tmp_path: Path) -> None:
    """So it is for many."""
    assert_nothing_wrong(range(first, first + 150), tmp_path)
