"""
Reports as printed pages that can be changed cell by cell, with the figures that a person would take
from them.

``layouts`` prints a page in other ways, ``damaged_pages`` damages it, ``page_files`` writes it as a
file, and ``score`` says what the reader made of that file. What a page says is known here without
the reader: each change says what it does to the figures.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import attrs
from reports import SHAPES

import govinfo_schema as gs
from govinfo_schema.documents.document import Grid, Span
from govinfo_schema.documents.layout import layout
from govinfo_schema.findings import Equation
from govinfo_schema.form.forms import form
from govinfo_schema.form.parts import EditionName

BODIES: Final = ("某市人民政府", "云川县教育局", "临江区统计局", "青原县河口镇人民政府")
FLAVOURS: Final = ("small", "dense", "large", "broken", "sparse", "blanks")
"""
How the figures of a report are: all of them one digit, up to three, up to five; some sums broken;
many zeros; some cells blank. Of the first three no figure is zero.
"""

FOREIGN: Final = ("小计", "新闻媒体", "本年修订件数")
"""Names of columns that the form does not have."""
ODD: Final[tuple[tuple[str, *tuple[int, ...]], ...]] = (
    ("未统计",),
    ("#REF!",),
    ("?",),
    ("(5)", 5),
    ("16*", 16),
    ("零", 0),
)
"""What stands where a figure should be, and what may be read of it."""

# ---- random reports -----------------------------------------------------------------------------


def report(seed: int) -> gs.Report:
    """Make the report with this number: the shapes of the form and the flavours take turns."""
    dice = random.Random(seed)
    edition, undivided = SHAPES[seed % len(SHAPES)]
    flavour = FLAVOURS[seed // len(SHAPES) % len(FLAVOURS)]
    values = _proactive(dice, edition) | _balanced(dice, edition, undivided, flavour)
    if flavour == "broken":
        for cell in dice.sample(sorted(cell for cell in values if "proactive" not in cell), 3):
            values[cell] += dice.randint(1, 40)
    if flavour == "blanks":
        values |= dict.fromkeys(dice.sample(sorted(values), 4))
    year = dice.choice((2019, 2020) if edition == "2019" else (2021, 2022, 2023, 2024))
    page = gs.blank(edition, year=year, body=dice.choice(BODIES), undivided=undivided)
    return gs.replace(page, values)


def _proactive(dice: random.Random, edition: EditionName) -> dict[str, Any]:
    """Fill table 2, which no sum covers."""
    values: dict[str, Any] = {}
    for cell in gs.edition(edition).cells.values():
        if not cell.id.startswith("proactive."):
            continue
        values[cell.id] = dice.randint(1, dice.choice((9, 99, 99_999)))
        if cell.kind == "signed_count":
            values[cell.id] *= dice.choice((1, 1, -1))
        elif cell.kind == "amount":
            values[cell.id] = Decimal(dice.randint(1, 10**8)).scaleb(-dice.choice((0, 1, 2, 4)))
            if cell.column.unit_field:
                values[cell.column.unit_field.id] = dice.choice(("元", "万元"))
    return values


def _balanced(
    dice: random.Random, edition: EditionName, undivided: bool, flavour: str
) -> dict[str, Any]:
    """Fill tables 3 and 4 so that all sums hold."""
    largest = {"small": 9, "large": 20_000, "sparse": 60}.get(flavour, 900)
    zeros = 0.7 if flavour == "sparse" else 0
    equations = form(edition, undivided=undivided).equations
    values: dict[str, Any] = {
        cell: 0 if dice.random() < zeros else dice.randint(1, largest)
        for sums in equations
        for cell in (*sums.left, *sums.right)
    }
    for equation in sorted(equations, key=_turn):
        if len(equation.right) == 1:
            values[equation.right[0]] = sum(values[cell] for cell in equation.left)
            continue
        (received, brought), (total, carried) = equation.left, equation.right
        values[received] = max(0, values[total] + values[carried] - values[brought])
        values[brought] = values[total] + values[carried] - values[received]
    return values


def _turn(equation: Equation) -> int:
    """Totals of columns come first, then the balance that they enter, then totals of rows."""
    return {"B-DISP": 0, "B-BAL": 1}.get(equation.rule.code, 2)


# ---- the page -----------------------------------------------------------------------------------


@attrs.define(eq=False)
class Box:
    """
    One cell of a printed table.

    *cell* is the id of the figure in it, *column* names the column that a figure stands in or that
    a label heads. *parts* are what is seen in it with their styles, where it is more than a plain
    text.
    """

    text: str
    cell: str = ""
    column: str = ""
    rows: int = 1
    columns: int = 1
    header: bool = False
    hidden: bool = False
    parts: tuple[tuple[str, str], ...] = ()

    @property
    def runs(self) -> tuple[tuple[str, str], ...]:
        """What stands in the cell: texts, each with its style, which is empty for plain text."""
        return self.parts or (("", self.text),)


@attrs.define(eq=False)
class Table:
    """
    A table row by row, each with the boxes that begin in it, as HTML has them.

    *widths* says that Word's widths of the cells are right where their spans are not.
    """

    name: str
    rows: list[list[Box]]
    hidden: bool = False
    widths: bool = False

    def boxes(self) -> Iterator[Box]:
        """Go through all boxes."""
        return (box for row in self.rows for box in row)

    def figure_rows(self) -> list[int]:
        """Number the rows that hold figures of the report."""
        return [number for number, row in enumerate(self.rows) if any(box.cell for box in row)]


@attrs.define(eq=False)
class Text:
    """A paragraph; *level* is that of a heading."""

    text: str
    level: int = 0


@attrs.define(eq=False)
class Sheet:
    """Where a new sheet of a workbook begins; other files have a heading there."""

    name: str
    hidden: bool = False


Block = Text | Table | Sheet


@attrs.define(eq=False)
class Page:
    """
    A printed report, and what a person takes from it.

    *accepted*: for each cell the values that are right; none where it has to be blank and named.
    *doubtful*: the cells that may be blank if a finding names them even where a person sees all at
    a glance. *frame*: the page stands in a table that only lays it out.
    """

    report: gs.Report
    blocks: list[Block]
    accepted: dict[str, tuple[Any, ...]]
    doubtful: set[str] = attrs.field(factory=set)
    frame: bool = False

    def table(self, name: str) -> Table:
        """Give the first table of a name: proactive, applications, disputes."""
        return next(each for each in self.tables() if each.name == name)

    def tables(self) -> list[Table]:
        """Give all tables."""
        return [block for block in self.blocks if isinstance(block, Table)]

    def put(self, anchor: Block, *blocks: Block, after: bool) -> None:
        """Put blocks before or after another."""
        at = self.blocks.index(anchor) + after
        self.blocks[at:at] = blocks

    def lose(self, cells: Iterable[str]) -> None:
        """Say that figures stand nowhere on the page any more: a blank has to be named."""
        for cell in cells:
            if cell and self.accepted[cell] != (None,):
                self.accepted[cell] = ()

    def doubt(self, cells: Iterable[str]) -> None:
        """Say that cells may be blank if they are named."""
        self.doubtful |= {cell for cell in cells if cell}


def page(report: gs.Report) -> Page:
    """Print a report as the form is printed."""
    year = report.year
    blocks: list[Block] = []
    for block in layout(report).blocks:
        if isinstance(block, Grid):
            blocks.append(_table(block))
            continue
        blocks.append(Text(block.text, block.level))
        if "总体情况" in block.text:
            blocks.append(Text(f"统计期限为{year}年1月1日至{year}年12月31日。"))
    return Page(report, blocks, {cell: (value,) for cell, value in gs.walk(report)})


def another(one: Page, dice: random.Random) -> Page:
    """Print another report of the same shape; its figures are none of the first one's cells."""
    undivided = "applications.outcomes.other_handling.total" in one.accepted
    shape = SHAPES.index((one.report.edition, undivided))
    other = page(report(shape + len(SHAPES) * dice.randrange(1_000, 2_000)))
    for table in other.tables():
        for box in table.boxes():
            box.cell = box.column = ""
    return other


def _table(grid: Grid) -> Table:
    heads = _heads(grid)
    rows = [
        [
            Box(
                span.text,
                cell=span.name,
                column=heads.get(span, ""),
                rows=span.rows,
                columns=span.columns,
                header=span.header,
            )
            for span in row
        ]
        for row in grid.rows()
    ]
    name = next(span.name for span in grid.spans if span.name).partition(".")[0]
    return Table(name, rows)


def _heads(grid: Grid) -> dict[Span, str]:
    """Name the column of each figure, and of the label that stands next above it."""
    heads: dict[Span, str] = {}
    above: dict[int, Span] = {}
    for row in grid.rows():
        figures = [span for span in row if span.name]
        for span in figures:
            head = above[span.column]
            heads[span] = heads.setdefault(head, f"{head.row}.{head.column}.{_leaf(span.name)}")
        if not figures:
            above |= {span.column: span for span in row if span.header}
    return heads


def _leaf(cell: str) -> str:
    return cell.rpartition(".")[2]


def label_of(row: list[Box]) -> Box | None:
    """Give the label of a row of figures: the last one before them."""
    return next((box for box in reversed(row) if box.header), None)


def figures_of(row: list[Box]) -> list[Box]:
    """Give the figures of a row."""
    return [box for box in row if not box.header]


def figures_below(table: Table, column: str) -> list[Box]:
    """Give the figures of a column."""
    return [box for box in table.boxes() if box.column == column and not box.header]


def swap(table: Table, one: Box, other: Box) -> None:
    """Let two columns change places, their heads with their figures."""
    columns = ([head, *figures_below(table, head.column)] for head in (one, other))
    for here, there in zip(*columns, strict=True):
        here.text, there.text = there.text, here.text
        here.cell, there.cell = there.cell, here.cell
        here.column, there.column = there.column, here.column


Placed = list[tuple[int, int, Box]]


def placed(table: Table) -> Placed:
    """Place the boxes as a browser does: each in the first column that nothing above takes."""
    taken: dict[int, int] = {}
    places: Placed = []
    for at, row in enumerate(table.rows):
        column = 0
        for box in row:
            if box.hidden:
                continue
            while taken.get(column, 0) > at:
                column += 1
            places.append((at, column, box))
            taken |= dict.fromkeys(range(column, column + box.columns), at + box.rows)
            column += box.columns
    return places


def width(table: Table) -> int:
    """Count the columns."""
    return max((column + box.columns for _, column, box in placed(table)), default=0)


def reordered(table: Table, order: list[int]) -> None:
    """Print the columns in another order, by their numbers; what is merged stays together."""
    turn = {column: at for at, column in enumerate(order)}
    rows: list[list[tuple[int, Box]]] = [[] for _ in table.rows]
    for at, column, box in placed(table):
        new = sorted(turn[each] for each in range(column, column + box.columns))
        assert new == list(range(new[0], new[0] + box.columns)), "a merged cell is torn"
        rows[at].append((new[0], box))
    table.rows = [[box for _, box in sorted(row, key=lambda pair: pair[0])] for row in rows]


# ---- what became of it --------------------------------------------------------------------------


@attrs.define
class Outcome:
    """
    What the reader made of a page: how many cells are *right*, *safe* (not read, and a finding
    names them) or *wrong*.

    *due* counts the cells that a person reads at a glance, *reached* those of them that are right.
    *faults* says what is wrong, *accused* which sums are called broken that hold on the page.
    """

    counts: Counter[str] = attrs.field(factory=Counter)
    due: int = 0
    reached: int = 0
    faults: list[str] = attrs.field(factory=list)
    accused: list[str] = attrs.field(factory=list)

    def add(self, other: Outcome) -> None:
        """Add what became of another page."""
        self.counts += other.counts
        self.due += other.due
        self.reached += other.reached
        self.faults += other.faults
        self.accused += other.accused

    @property
    def good(self) -> bool:
        """Nothing is wrong and no sum is accused."""
        return not self.faults and not self.accused


def score(page: Page, path: Path) -> Outcome:
    """Read the file that a page was written to, and compare it with the page."""
    outcome = Outcome()
    report, named = _read(page, path, outcome)
    read = {} if report is None else dict(gs.walk(report))
    for cell, accepted in page.accepted.items():
        value = read.get(cell)
        due = bool(accepted) and accepted != (None,) and cell not in page.doubtful
        if report is not None and value in accepted:
            fate = "right"
        elif value is None and (report is None or _is_named(cell, named)):
            fate = "safe"
        else:
            fate = "wrong"
            wanted = " or ".join(map(str, accepted)) or "nothing"
            outcome.faults.append(f"{cell}: {value} for {wanted}")
        outcome.counts[fate] += 1
        outcome.due += due
        outcome.reached += due and fate == "right"
    if report is not None:
        outcome.accused = [*_accused(report, page)]
    return outcome


def _read(page: Page, path: Path, outcome: Outcome) -> tuple[gs.Report | None, set[str]]:
    """
    Read a file; where it asks for year and body it gets them, and where it is refused nothing is
    read.
    """
    year, body = page.report.year, page.report.body.name
    try:
        try:
            reading = gs.read(path)
            found = (reading.report.year, reading.report.body.name)
            if found != (year, body):
                outcome.faults.append(f"year and body: {found}")
        except gs.Error:
            reading = gs.read(path, year=year, body=body)
    except gs.Error as error:
        if not str(error):
            outcome.faults.append("refused without a reason")
        return None, set()
    except Exception as error:  # noqa: BLE001 (whatever is no gs.Error is a fault)
        outcome.faults.append(f"{type(error).__name__}: {error}")
        return None, set()
    return reading.report, {cell for finding in reading.findings for cell in finding.cells}


def _is_named(cell: str, named: set[str]) -> bool:
    """Is a cell named, or what it belongs to, or a part of it?"""
    return cell in named or any(
        cell.startswith(f"{other}.") or other.startswith(f"{cell}.") for other in named
    )


def _accused(report: gs.Report, page: Page) -> Iterator[str]:
    """Name the sums that are broken as read and hold on the page."""
    for equation in gs.check(report).broken:
        left, right = (
            [page.accepted.get(cell, ()) for cell in side]
            for side in (equation.left, equation.right)
        )
        if any(len(values) != 1 or values[0] is None for values in (*left, *right)):
            continue  # nobody knows whether it holds
        if sum(values[0] for values in left) == sum(values[0] for values in right):
            yield f"{equation.rule.code} {equation.right[0]}"


def table_of(outcomes: dict[str, Outcome]) -> Iterator[str]:
    """Print outcomes as a table, one kind a line."""
    yield f"{'':44}{'right':>8}{'safe':>8}{'wrong':>8}{'accused':>9}{'at a glance':>13}"
    total = Outcome()
    for kind, outcome in outcomes.items():
        total.add(outcome)
        yield _line(kind, outcome)
    yield _line("all", total)


def _line(kind: str, outcome: Outcome) -> str:
    counts = "".join(f"{outcome.counts[fate]:8}" for fate in ("right", "safe", "wrong"))
    glance = f"{outcome.reached / outcome.due:13.2%}" if outcome.due else f"{'-':>13}"
    return f"{kind:44}{counts}{len(outcome.accused):9}{glance}"


Change = Callable[[Page, random.Random], None]
