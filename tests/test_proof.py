"""
How figures are proved: by the names over them, by the sums, by agreement; which copy of a table is
read; and what stands beside a figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs
import msgspec
import pytest
from readings import compare

import govinfo_schema as gs
from govinfo_schema.documents.document import Aside, Block, Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.grids import plain_grid
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise import Reading, recognise
from govinfo_schema.report.access import figures


def generated(seed: int) -> gs.Report:
    """Make a report with figures in all tables."""
    report = gs.generate(seed)
    cells = [cell for cell, _ in gs.walk(report) if cell.startswith("proactive.")]
    figures = {cell: seed * 10 + number for number, cell in enumerate(cells)}
    return gs.replace(report, {**figures, cells[-1]: Decimal(f"{seed}.25")})


REPORT = generated(11)
Change = Callable[[Grid], Sequence[Block]]


def read(change: Change, table: int, report: gs.Report = REPORT) -> Reading:
    """Read a report in which one table (0, 1, 2) is printed otherwise."""
    blocks: list[Block] = []
    seen = 0
    for block in layout(report).blocks:
        if isinstance(block, Grid):
            blocks += change(block) if seen == table else [block]
            seen += 1
        else:
            blocks.append(block)
    return recognise(Document(blocks=tuple(blocks)))


def rows_of(grid: Grid, *, kept: bool = False) -> list[list[str]]:
    """Give the texts of a grid as a text has them that lost what is merged, or kept its places."""
    rows = []
    for row in grid.rows():
        texts = {span.column: span.text for span in row}
        rows.append([texts.get(at, "") for at in range(grid.width)] if kept else [*texts.values()])
    return rows


def plain(rows: Sequence[Sequence[str]]) -> list[Block]:
    """Make a grid without merged cells."""
    return [plain_grid([(Place(), list(row)) for row in rows])]


def assert_right(reading: Reading, report: gs.Report = REPORT) -> None:
    """Demand that every figure is read."""
    fates = compare(reading, report)
    assert (fates["wrong"], fates["silent"], fates["blank"]) == ([], [], [])


def assert_safe(reading: Reading, report: gs.Report = REPORT) -> set[str]:
    """Demand that every figure is right or blank and named; give those that are blank."""
    fates = compare(reading, report)
    assert (fates["wrong"], fates["silent"]) == ([], [])
    return set(fates["blank"])


# ---- columns ------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", [0, 1, 2])
@pytest.mark.parametrize("kept", [False, True])
def test_table_without_merged_cells(table: int, kept: bool) -> None:
    """A head is read by the order of its names where nothing is left of its merged cells."""
    reading = read(lambda grid: plain(rows_of(grid, kept=kept)), table)
    assert_right(reading)
    assert reading.sure


@pytest.mark.parametrize("size", [0, 4])
def test_sums_decide_where_the_total_stands(size: int) -> None:
    """Where a merged head lies over too few columns, the sums tell where the total stands."""

    def narrowed(grid: Grid) -> Sequence[Block]:
        spans = []
        for span in grid.spans:
            if span.row in (1, 2) and span.columns == 5:
                spans.append(msgspec.structs.replace(span, columns=max(size, 1)))
            elif span.row == 1 and span.column == 9:
                spans.append(msgspec.structs.replace(span, column=4 + max(size, 1)))
            elif span.row == 2 and size and span.column == 8:
                spans.append(msgspec.structs.replace(span, column=9))
            elif span.row == 2 and not size and span.column > 4:
                spans.append(msgspec.structs.replace(span, column=span.column + 1))
            else:
                spans.append(span)
        return [Grid(spans=tuple(spans))]

    reading = read(narrowed, 1)
    assert_right(reading)
    assert reading.proof["applications"] in ("head", "sums")


def _swapped(grid: Grid, one: str, other: str) -> Sequence[Block]:
    """Let two columns of table 3 change places, heads and figures."""
    texts = {one: other, other: one}
    places = {
        span.text: span.column for span in grid.spans if span.row < 3 and span.text in (one, other)
    }
    move = {places[one]: places[other], places[other]: places[one]}
    spans = [
        msgspec.structs.replace(span, text=texts[span.text])
        if span.row < 3 and span.text in texts
        else msgspec.structs.replace(span, column=move.get(span.column, span.column))
        if span.row > 2 and span.column > 2
        else span
        for span in grid.spans
    ]
    return [Grid(spans=tuple(sorted(spans, key=lambda span: (span.row, span.column))))]


def test_names_decide_which_part_is_which() -> None:
    """Columns in another order are read by their names, which the sums cannot tell apart."""
    assert_right(read(lambda grid: _swapped(grid, "商业企业", "科研机构"), 1))


@pytest.mark.parametrize("name", ["新闻媒体", "小计", "", "2019年"])
def test_column_of_another_name_stays_blank(name: str) -> None:
    """A column whose head names something else stays blank and is named, and no other moves."""

    def renamed(grid: Grid) -> Sequence[Block]:
        spans = (
            msgspec.structs.replace(span, text=name) if span.text == "科研机构" else span
            for span in grid.spans
        )
        return [Grid(spans=tuple(spans))]

    blank = assert_safe(read(renamed, 1))
    assert {cell.rpartition(".")[2] for cell in blank} == {"research_institution"}
    assert len(blank) == 25


def test_head_that_lost_a_name() -> None:
    """Where a name is gone from a head of the text, nothing tells which: nothing is taken."""

    def lost(grid: Grid) -> Sequence[Block]:
        rows = rows_of(grid)
        rows[2].remove("科研机构")
        return plain(rows)

    blank = assert_safe(read(lost, 1))
    assert len(blank) > 100


def test_columns_outside_their_group() -> None:
    """A head whose names stand in another row than the form's contradicts itself."""

    def moved(grid: Grid) -> Sequence[Block]:
        rows = rows_of(grid)
        rows[1][2], rows[2][1] = rows[2][1], rows[1][2]
        return plain(rows)

    assert len(assert_safe(read(moved, 1))) > 100


@pytest.mark.parametrize("extra", ["", "77"])
@pytest.mark.parametrize("at", [3, 6, 10])
def test_row_with_a_cell_too_many(extra: str, at: int) -> None:
    """A cell too many costs its row at most; an empty one is told by the sum of the row."""

    def longer(grid: Grid) -> Sequence[Block]:
        rows = rows_of(grid)
        number = next(n for n, row in enumerate(rows) if "（一）予以公开" in row[1])
        row = rows[number]
        rows[number] = [*row[: at - 1], extra, *row[at - 1 :]]
        return plain(rows)

    blank = assert_safe(read(longer, 1))
    assert {cell.rpartition(".")[0] for cell in blank} <= {"applications.outcomes.granted"}
    assert not extra or len(blank) == 7


def test_row_that_stands_twice_out_of_order() -> None:
    """Of a row that stands twice among rows in another order, nothing tells which is right."""

    def turned(grid: Grid) -> Sequence[Block]:
        rows = rows_of(grid)
        at = next(n for n, row in enumerate(rows) if row[0].startswith("7."))
        again = [rows[at][0], *map(str, range(101, 108))]
        return plain(
            [*rows[: at - 1], rows[at + 1], rows[at], again, rows[at - 1], *rows[at + 2 :]]
        )

    blank = assert_safe(read(turned, 1))
    assert {cell.rpartition(".")[0] for cell in blank} == {
        "applications.outcomes.withheld.enforcement_files"
    }


def test_cell_too_many_in_a_row_that_ends_in_a_blank() -> None:
    """A row as long as the others for an empty cell at its end may be one that has moved."""
    odd = gs.replace(REPORT, {"applications.outcomes.granted.total": None})

    def longer(grid: Grid) -> Sequence[Block]:
        rows = rows_of(grid, kept=True)
        number = next(n for n, row in enumerate(rows) if "（一）予以公开" in row)
        rows[number] = [*rows[number][:6], "86", *rows[number][6:]]
        return plain(rows)

    assert_safe(read(longer, 1, odd), odd)


def test_blank_and_a_name_that_is_missing() -> None:
    """As many figures as names prove nothing where a name of the form is missing."""
    odd = gs.replace(REPORT, {"disputes.reconsideration.pending": None})

    def lost(grid: Grid) -> Sequence[Block]:
        spans = (
            msgspec.structs.replace(span, text="") if (span.row, span.column) == (1, 2) else span
            for span in grid.spans
        )
        rows = rows_of(Grid(spans=tuple(spans)))
        return [Paragraph(text="\n".join(text for text in rows[0])), *plain(rows[1:])]

    assert_safe(read(lost, 2, odd), odd)


def test_first_name_of_a_group_that_is_missing() -> None:
    """Of a head without cells that lacks a name, no name of the next group is taken for it."""
    blanks = ("disputes.litigation.direct.upheld", "disputes.litigation.direct.total")
    odd = gs.replace(REPORT, dict.fromkeys(blanks))

    def lost(grid: Grid) -> Sequence[Block]:
        rows = rows_of(grid)
        del rows[2][0], rows[3][5]
        return plain(rows)

    assert_safe(read(lost, 2, odd), odd)


def test_row_that_lost_one_of_its_blank_cells() -> None:
    """A row shorter than its head is not read by counting its cells while one of them is blank."""
    old = gs.generate(3, "2019")
    change = "proactive.licensing.items_change"
    odd = gs.replace(old, {change: 97884, "proactive.licensing.decisions": 8})

    def shorter(grid: Grid) -> Sequence[Block]:
        rows = rows_of(grid)
        at = next(n for n, row in enumerate(rows) if row[0] == "行政许可")
        rows[at - 1].insert(3, "")
        rows[at] = [rows[at][0], "97884", "", "8"]
        rows[at + 1] = [rows[at + 1][0], "83", "72", "", "5"]
        return plain(rows)

    reading = read(shorter, 0, odd)
    assert gs.get(reading.report, "proactive.licensing.items_prior_year") is None
    assert gs.get(reading.report, change) in (None, 97884)


def test_group_of_disputes_that_changed_places() -> None:
    """The groups of table 4 are read by their names, wherever they stand."""

    def turned(grid: Grid) -> Sequence[Block]:
        spans = [
            msgspec.structs.replace(span, column=(span.column + 10) % 15)
            if span.columns < 15
            else span
            for span in grid.spans
        ]
        return [Grid(spans=tuple(sorted(spans, key=lambda span: (span.row, span.column))))]

    reading = read(turned, 2)
    assert_right(reading)
    assert reading.proof["disputes"] == "head"


def test_broken_report_is_read_as_printed() -> None:
    """A report that does not add up is read as it stands, merged cells lost or not."""
    broken = gs.replace(REPORT, {"applications.received.total": 999_999})
    assert_right(read(lambda grid: plain(rows_of(grid)), 1, broken), broken)


def test_cells_one_below_the_other() -> None:
    """A table of one column is a stream of cells."""
    for table in (0, 1, 2):
        rows = lambda grid: [[text] for row in rows_of(grid) for text in row]  # noqa: E731
        assert_right(read(lambda grid, rows=rows: plain(rows(grid)), table))  # type: ignore[misc]


# ---- copies -------------------------------------------------------------------------------------

OTHER = generated(12)


def _table(report: gs.Report, table: int) -> Grid:
    return [block for block in layout(report).blocks if isinstance(block, Grid)][table]


@pytest.mark.parametrize("caption", ["（2019年）", "附：下属单位情况", "上年数据"])
@pytest.mark.parametrize("table", [0, 1, 2])
def test_copy_that_says_whose_it_is(caption: str, table: int) -> None:
    """A copy that says it is another year's or another unit's is not read, and is named."""
    other = [Paragraph(text=caption), _table(OTHER, table)]
    if caption.startswith("（"):
        other = [*other, Paragraph(text=f"{REPORT.year}年")]
    for change in (lambda grid: [*other, grid], lambda grid: [grid, *other[:2]]):
        reading = read(change, table)
        assert_right(reading)
        assert "R-OTHER" in {finding.code for finding in reading.findings}


@pytest.mark.parametrize("table", [0, 1, 2])
def test_copies_that_nothing_tells_apart(table: int) -> None:
    """Of two copies that are as good as each other none is read, and all their cells are named."""
    reading = read(lambda grid: [_table(OTHER, table), grid], table)
    blank = assert_safe(reading)
    assert {cell.partition(".")[0] for cell in blank} == {
        ("proactive", "applications", "disputes")[table]
    }
    assert not reading.sure


@pytest.mark.parametrize("first", [True, False])
def test_head_beside_a_copy(first: bool) -> None:
    """Where the row of a table is gone and a copy stands beside its head, nothing is taken."""
    head = [row for row in rows_of(_table(REPORT, 2), kept=True) if not row[-1].isdigit()]
    reading = read(lambda grid: [*plain(head), grid] if first else [grid, *plain(head)], 2)
    assert len(assert_safe(reading)) == 15


def test_copy_in_another_section_of_a_table_without_rows() -> None:
    """Where a table has lost its rows, those of a copy behind the sections are not taken."""
    head = [row for row in rows_of(_table(REPORT, 2), kept=True) if not row[-1].isdigit()]
    blocks = [
        block
        for each in layout(REPORT).blocks
        for block in (plain(head) if each == _table(REPORT, 2) else [each])
    ]
    reading = recognise(Document(blocks=(*blocks, _table(OTHER, 2))))
    assert len(assert_safe(reading)) == 15


def test_fragment_of_a_table_is_named() -> None:
    """A line or two that begin like rows of the table are no copy of it, and are named."""
    row = ["一、本年新收政府信息公开申请数量", *map(str, range(901, 908))]
    reading = read(lambda grid: [grid, Paragraph(text="附表"), *plain([row])], 1)
    assert_right(reading)
    assert "R-OTHER" in {finding.code for finding in reading.findings}


def test_row_that_only_a_copy_has() -> None:
    """A copy begins at its head, though its first row is not among those of the own table."""
    own = rows_of(_table(REPORT, 1))
    del own[3]
    blank = assert_safe(read(lambda _: [*plain(own), _table(OTHER, 1)], 1), REPORT)
    assert "applications.received.total" in blank


def test_hidden_copy_is_not_read() -> None:
    """A table that is not shown is none."""
    assert_right(read(lambda grid: [attrs.evolve(_table(OTHER, 1), hidden=True), grid], 1))


# ---- what stands beside a figure ----------------------------------------------------------------

CELL = "disputes.reconsideration.upheld"


def spoilt(text: str, *asides: Aside, cell: str = CELL) -> Reading:
    """Read a report in which one cell holds something else."""

    def change(grid: Grid) -> Sequence[Block]:
        spans = (
            msgspec.structs.replace(span, text=text, asides=asides) if span.name == cell else span
            for span in grid.spans
        )
        return [Grid(spans=tuple(spans))]

    return read(change, 0 if cell.startswith("proactive") else 2)


@pytest.mark.parametrize(
    ("text", "asides", "value", "code"),
    [
        ("29351①", (), 29351, "R-REMARK"),
        ("29351²", (), 29351, "R-REMARK"),
        ("16*", (), 16, "R-REMARK"),
        ("[1]16", (), 16, "R-REMARK"),
        ("零", (), 0, "R-WORD"),
        ("Ｏ", (), 0, "R-WORD"),
        ("未统计", (), None, "R-TEXT"),
        ("(5)", (), None, "R-TEXT"),
        ("#REF!", (), None, "R-TEXT"),
        ("5%", (), None, "R-TEXT"),
        ("\ufffd5", (), None, "R-TEXT"),
        ("29351", (Aside(kind="struck", text="3"),), 29351, "R-REMARK"),
        ("29351", (Aside(kind="note_mark", text="1"),), 29351, "R-REMARK"),
        ("", (Aside(kind="hidden", text="7"),), None, "R-ASIDE"),
        ("", (Aside(kind="picture"),), None, "R-UNSEEN"),
        ("", (Aside(kind="formula", text="=A1"),), None, "R-UNSEEN"),
    ],
)
def test_what_is_no_digit(text: str, asides: Any, value: int | None, code: str) -> None:
    """What stands beside a figure, or in its place, is a finding that names the cell."""
    reading = spoilt(text, *asides)
    assert gs.get(reading.report, CELL) == value
    assert (code, (CELL,)) in [(finding.code, finding.cells) for finding in reading.findings]
    assert not assert_safe(reading, gs.replace(REPORT, {CELL: value}))


FEE = "proactive.administrative_fees.amount"


@pytest.mark.parametrize(
    ("head", "text", "value", "code"),
    [
        ("本年收费金额（单位：万元）", ".35", Decimal("0.35"), ""),
        ("本年收费金额（单位：元）", "727012578", Decimal("72701.2578"), "R-SCALED"),
        *(
            (f"本年收费金额{unit}", "251000", Decimal("25.1"), "R-SCALED")
            for unit in (
                "（人民币元）",
                "/元",
                "：元",
                "[元]",
                "【元】",
                "（￥）",
                "（元人民币）",
                "（以元计）",
                "（单位：圆）",
                "元",
            )
        ),
        ("本年收费金额（￥万元）", "25.1", Decimal("25.1"), ""),
        ("\n".join("本年收费金额（单位：万元）"), "25.1", Decimal("25.1"), ""),
        ("本年收费金额（人民币万元）", "25.1", Decimal("25.1"), ""),
        ("本年收费金额（单位：百元）", "5", Decimal("0.05"), "R-SCALED"),
        ("本年收费金额（单位：千元）", "5", Decimal("0.5"), "R-SCALED"),
        ("本年收费金额（仟元）", "5", Decimal("0.5"), "R-SCALED"),
        ("本年收费金额（十万元）", "2.51", Decimal("25.1"), "R-SCALED"),
        ("本年收费金额（百万元）", "5", Decimal(500), "R-SCALED"),
        ("本年收费金额（亿元）", "5", Decimal(50000), "R-SCALED"),
        ("本年收费金额（单位：美元）", "5", None, "R-UNIT"),
        ("本年收费金额（万港元）", "5", None, "R-UNIT"),
        ("本年收费金额（万美元）", "5", None, "R-UNIT"),
        ("本年收费金额（万美元）", "0", Decimal(0), ""),
        ("本年收费金额（单位：元）", "5万元", Decimal(5), ""),
        ("本年收费金额（单位：万元）", "251000（元）", None, "R-UNIT"),
        ("本年收费金额（单位：万元）", "251000（单位：元）", None, "R-UNIT"),
        ("本年收费金额（单位：万元）", "25.1（其中减免5元）", Decimal("25.1"), "R-REMARK"),
    ],
)
def test_unit_of_an_amount(head: str, text: str, value: Decimal | None, code: str) -> None:
    """An amount is taken in the unit that its head names, converted exactly, or left blank."""
    assert amount({FEE: text, "本年收费金额": head}) == (value, [code] if code else [])


@pytest.mark.parametrize(
    ("row", "value", "code"),
    [
        ({"行政事业性收费": "行政事业性收费/元"}, Decimal("25.1"), "R-SCALED"),
        ({"行政事业性收费": "行政事业性收费 元"}, Decimal("25.1"), "R-SCALED"),
        ({"行政事业性收费": "行政事业性收费（多元化）"}, Decimal(251000), ""),
    ],
)
def test_label_of_a_row_may_say_the_unit(
    row: dict[str, str], value: Decimal | None, code: str
) -> None:
    """The label of a row says the unit of its amount; where the head says another, it is blank."""
    texts = {FEE: "251000", "本年收费金额": "本年收费金额", **row}
    assert amount(texts) == (value, [code] if code else [])
    if code:
        assert amount(texts | {"本年收费金额": "本年收费金额（万元）"}) == (None, ["R-UNIT"])


@pytest.mark.parametrize(
    "note",
    [
        "注：行政事业性收费金额单位为元。",
        "（金额：元）",
        "金额单位：元",
        "单位：件、元",
        "以上收费金额以元计算。",
    ],
)
@pytest.mark.parametrize("above", [True, False])
def test_note_beside_a_table_may_say_the_unit(note: str, above: bool) -> None:
    """A note before or behind the table says the unit; where the head says another, it is blank."""
    texts = {FEE: "251000", "本年收费金额": "本年收费金额"}
    assert amount(texts, note, above=above) == (Decimal("25.1"), ["R-SCALED"])
    texts["本年收费金额"] = "本年收费金额（单位：万元）"
    assert amount(texts, note, above=above) == (None, ["R-UNIT"])


@pytest.mark.parametrize(
    "note",
    [
        "注：全年收取252000元，各单位均已公示。",
        "注：收费单位共3家，罚没收入5元。",
        "注：推进单元信息公开。",
        "注：收费单位为广元市某局。",
        "金额单位：万元",
    ],
)
def test_note_that_speaks_of_money_is_no_unit(note: str) -> None:
    """An amount in a note is none of the table, and says nothing of its unit."""
    texts = {FEE: "25.1", "本年收费金额": "本年收费金额（单位：万元）"}
    assert amount(texts, note) == (Decimal("25.1"), [])


def amount(
    texts: Mapping[str, str], note: str = "", *, above: bool = False
) -> tuple[Decimal | None, list[str]]:
    """Read the fees where cells hold other texts and a note stands beside the table."""

    def change(grid: Grid) -> Sequence[Block]:
        spans = (
            next(
                (
                    msgspec.structs.replace(span, text=text)
                    for name, text in texts.items()
                    if span.name == name or (name != FEE and span.text.startswith(name))
                ),
                span,
            )
            for span in grid.spans
        )
        changed = Grid(spans=tuple(spans))
        notes = [Paragraph(text=note)] if note else []
        return [*notes, changed] if above else [changed, *notes]

    reading = read(change, 0)
    codes = [finding.code for finding in reading.findings if finding.cells == (FEE,)]
    return figures(reading.report)[FEE], codes


def test_every_figure_says_how_it_was_proved() -> None:
    """Each figure that was read has a proof, and each table the weakest of its figures."""
    reading = recognise(layout(REPORT))
    assert dict(reading.proof) == dict.fromkeys(("proactive", "applications", "disputes"), "head")
    assert {source.proof for source in reading.sources.values()} == {"head"}


@pytest.mark.parametrize(
    ("cell", "text", "stored", "value", "code"),
    [
        (FEE, "840", "840.12", Decimal("840.12"), "R-ROUNDED"),
        (FEE, "0.13", "0.125", Decimal("0.125"), "R-ROUNDED"),
        (FEE, "9100.8", "91008257", None, "R-SHOWN"),
        (FEE, "350", "35", None, "R-SHOWN"),
        (CELL, "0", "46", None, "R-SHOWN"),
        (CELL, "4", "3.6", None, "R-SHOWN"),
        (CELL, "5", "-5", None, "R-SHOWN"),
        (CELL, "4600%", "46", None, "R-TEXT"),
    ],
)
def test_what_is_shown_of_what_is_stored(
    cell: str, text: str, stored: str, value: Decimal | None, code: str
) -> None:
    """A number shown rounded is taken as it is stored; one shown as another one is blank."""

    def change(grid: Grid) -> Sequence[Block]:
        own = (Aside(kind="stored", text=stored),)
        spans = (
            msgspec.structs.replace(each, text=text, asides=own) if each.name == cell else each
            for each in grid.spans
        )
        return [Grid(spans=tuple(spans))]

    reading = read(change, 0 if cell == FEE else 2)
    assert gs.get(reading.report, cell) == value
    found = {each.code: each for each in reading.findings if each.cells == (cell,)}
    assert found[code].level == ("warning" if value is None else "info")
    assert stored in "".join(each.message() for each in found.values())


def test_span_of_no_text_may_hold_a_picture() -> None:
    """A cell is empty only where nothing stands in it."""
    assert Span(text=" ", row=0, column=0).is_empty
    assert not Span(text="", row=0, column=0, asides=(Aside(kind="picture"),)).is_empty


@pytest.mark.parametrize(
    ("head", "text", "value", "unit"),
    [
        ("采购总金额（元）", "251000", Decimal(251000), "元"),
        ("采购总金额（千元）", "251", Decimal(251000), "元"),
        ("采购总金额（元）", "25.1万元", Decimal("25.1"), "万元"),
        ("采购总金额（万元）", "251000（元）", Decimal(251000), "元"),
        ("采购总金额（美元）", "251000", None, None),
        ("采购总金额", "251000", Decimal(251000), None),
    ],
)
def test_unit_of_what_was_procured(
    head: str, text: str, value: Decimal | None, unit: str | None
) -> None:
    """Where the form prints no unit, that of the cell stands beside the amount, else the head's."""
    cell = "proactive.centralized_procurement.amount"

    def change(grid: Grid) -> Sequence[Block]:
        spans = (
            msgspec.structs.replace(span, text=text)
            if span.name == cell
            else msgspec.structs.replace(span, text=span.text.replace("采购总金额", head))
            for span in grid.spans
        )
        return [Grid(spans=tuple(spans))]

    reading = read(change, 0, gs.generate(3, edition="2019"))
    assert gs.get(reading.report, cell) == value
    assert gs.get(reading.report, "proactive.centralized_procurement.unit") == unit


def test_unit_may_have_a_column() -> None:
    """A column 单位 says the unit of the amount beside it."""

    def change(grid: Grid) -> Sequence[Block]:
        rows = [[text for text in row if text] for row in rows_of(grid)]
        for row in rows:
            row[1:1] = ["元" if row[0] == "行政事业性收费" else "单位"] if len(row) > 1 else []
            row[2:] = ["本年收费金额" if "收费金额" in text else text for text in row[2:]]
        fees = next(at for at, row in enumerate(rows) if row[0] == "行政事业性收费")
        return plain(rows[fees - 1 :])

    report = gs.replace(REPORT, {FEE: Decimal(251000)})
    assert gs.get(read(change, 0, report).report, FEE) == Decimal("25.1")
