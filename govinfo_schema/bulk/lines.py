"""
Millions of reports in JSON lines: ``check_lines``.

A file is cut into chunks (``chunks``), which are checked on all cores. Each process tells what it
found in a few bytes for each line; frames and sentences are made of that when somebody asks.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, get_args

import attrs

from govinfo_schema import messages
from govinfo_schema.bulk.chunks import Chunk, cut, source_of
from govinfo_schema.bulk.columns import frame_types
from govinfo_schema.bulk.equations import FINDINGS, VERDICTS
from govinfo_schema.bulk.frames import equation_name
from govinfo_schema.bulk.processes import shared
from govinfo_schema.checks.one_report import Blanks
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library, unreadable
from govinfo_schema.documents.formats.memory import name_of
from govinfo_schema.documents.formats.paths import Source as Given
from govinfo_schema.errors import InvalidReport, UnreadableFile
from govinfo_schema.findings import Finding
from govinfo_schema.form.equations import adding, cells_of, fetching
from govinfo_schema.form.forms import Form, forms
from govinfo_schema.messages import Label
from govinfo_schema.report.access import form_of
from govinfo_schema.report.json import loads
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import Type
from govinfo_schema.tables.jsonl import at_line, is_empty
from govinfo_schema.tables.rows import FILE

if TYPE_CHECKING:
    from govinfo_schema.bulk.columns import DataFrame, Expr, Series

WINDOW: Final = 2
"""So many chunks are under way for each process."""
DISTINCT: Final = 20_000
"""The sentences of so many different faults are kept; of others the code."""
SMALL: Final = 4
"""A file of fewer chunks is not worth the start of other processes."""
_INVALID: Final = 255
"""What stands for the number of a form where a line is no report."""
REFUSED: Final[Mapping[str, Type]] = {
    "report": "whole",
    FILE: "text",
    "line": "whole",
    "code": "text",
    "faults": "whole",
    "message_zh": "text",
    "message_en": "text",
}
"""The columns of ``LineCheck.refused``."""


# ---- what is found in some lines ----------------------------------------------------------------


@attrs.define
class Block:
    """
    What was found in some lines, as small as it can be.

    *lines*: how many there are. For each that is not empty: *at*, its number among them; *shapes*,
    the number of its form; how many equations are *broken* and *unknown*. For each finding: *rows*,
    the number of its line; *names*, the number of its equation in ``_equations``, or behind those
    that of its rule and place in *faults*; the sums *left* and *right*; *counts*, how many of
    *blanks*, which are numbers of cells, are its. *refused*: the lines that are no reports, the
    first fault of each and how many it has. *levels* and *rules* count the verdicts of each level
    of bodies, and the findings of each rule. *files*: the file that the report of each row was read
    from, where a table says so.
    """

    lines: int = 0
    at: array[int] = attrs.field(factory=partial(array, "I"))
    shapes: bytearray = attrs.field(factory=bytearray)
    broken: bytearray = attrs.field(factory=bytearray)
    unknown: bytearray = attrs.field(factory=bytearray)
    rows: array[int] = attrs.field(factory=partial(array, "I"))
    names: array[int] = attrs.field(factory=partial(array, "I"))
    left: array[int] = attrs.field(factory=partial(array, "q"))
    right: array[int] = attrs.field(factory=partial(array, "q"))
    counts: array[int] = attrs.field(factory=partial(array, "H"))
    blanks: array[int] = attrs.field(factory=partial(array, "H"))
    faults: dict[tuple[str, str | None], int] = attrs.field(factory=dict)
    refused: list[tuple[int, Finding, int]] = attrs.field(factory=list)
    levels: Counter[tuple[str | None, str]] = attrs.field(factory=Counter)
    rules: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    files: list[str | None] = attrs.field(factory=list)

    def take(self, at: int, report: Report, blanks: Blanks) -> None:
        """Check the report of a line."""
        lane = _lanes()[form_of(report)]
        try:
            differences = lane.form.differences(report)
            wrong = any(differences)
        except TypeError:
            differences, wrong = None, True
        broken, unknown = self._look(at, lane, report, differences, blanks) if wrong else (0, 0)
        self.at.append(at)
        self.shapes.append(lane.number)
        self.broken.append(broken)
        self.unknown.append(unknown)
        verdict = "broken" if broken else "unknown" if unknown else "held"
        self.levels[report.body.level, verdict] += 1

    def _look(
        self,
        at: int,
        lane: _Lane,
        report: Report,
        differences: Sequence[int] | None,
        blanks: Blanks,
    ) -> tuple[int, int]:
        """Note which equations are broken and unknown, and count them."""
        values = lane.fetch(report)
        affected: set[int] = set()
        if differences is None:
            for number, value in enumerate(values):
                if value is None:
                    affected.update(lane.containing[number])
            differences = lane.add([value or 0 for value in values])
        broken = unknown = 0
        for number, difference in enumerate(differences):
            if not difference and number not in affected:
                continue
            left, cells = lane.terms[number]
            empty = [cell for cell in cells if values[cell] is None] if number in affected else ()
            if empty and blanks == "unknown":
                unknown += 1
                self._note(at, lane.first + number, 0, 0)
                self.rules[lane.codes[number], "unknown"] += 1
            elif difference:
                broken += 1
                total = sum([values[cell] or 0 for cell in left])
                self._note(at, lane.first + number, total, total - difference)
                self.rules[lane.codes[number], "broken"] += 1
            else:
                continue
            self.counts.append(len(empty))
            self.blanks.extend([lane.cells[cell] for cell in empty])
        return broken, unknown

    def _note(self, at: int, name: int, left: int, right: int) -> None:
        self.rows.append(at)
        self.names.append(name)
        self.left.append(left)
        self.right.append(right)

    def refuse(self, at: int, faults: Sequence[Finding]) -> None:
        """Note the faults of a line that is no report."""
        self.at.append(at)
        self.shapes.append(_INVALID)
        self.broken.append(0)
        self.unknown.append(0)
        self.refused.append((at, faults[0], len(faults)))
        self.levels[None, "invalid"] += 1
        for fault in faults:
            own = (fault.code, fault.cells[0] if fault.cells else None)
            number = self.faults.setdefault(own, len(self.faults))
            self._note(at, len(_equations()) + number, 0, 0)
            self.counts.append(0)
            self.rules[fault.code, "invalid"] += 1


@attrs.frozen
class _Lane:
    """
    How the reports of one form are checked: the number of the *form*, and that of the *first* of
    its equations in ``_equations``.

    *fetch* and *add* are as in ``form.equations``, over its cells. For each cell its number among
    the *cells* of all forms, and the equations *containing* it; for each equation the code of its
    rule, and the places of the cells of its left side and of both (*terms*).
    """

    form: Form
    number: int
    first: int
    fetch: Callable[[Any], tuple[int | None, ...]]
    add: Callable[[Sequence[int]], tuple[int, ...]]
    cells: tuple[int, ...]
    containing: tuple[tuple[int, ...], ...]
    codes: tuple[str, ...]
    terms: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


@once
def _lanes() -> Mapping[Form, _Lane]:
    lanes, first = {}, 0
    for number, of in enumerate(forms()):
        cells = cells_of(of.equations)
        place = {cell: at for at, cell in enumerate(cells)}
        lanes[of] = _Lane(
            form=of,
            number=number,
            first=first,
            fetch=fetching(cells),
            add=adding(of.equations, cells),
            cells=tuple(_cells()[cell] for cell in cells),
            containing=tuple(
                tuple(
                    at
                    for at, each in enumerate(of.equations)
                    if cell in each.left or cell in each.right
                )
                for cell in cells
            ),
            codes=tuple(each.rule.code for each in of.equations),
            terms=tuple(
                (
                    tuple(place[cell] for cell in each.left),
                    tuple(place[cell] for cell in (*each.left, *each.right)),
                )
                for each in of.equations
            ),
        )
        first += len(of.equations)
    return lanes


@once
def _equations() -> tuple[tuple[str, str], ...]:
    """Return the rule and the name of each equation of each form."""
    return tuple((each.rule.code, equation_name(each)) for of in forms() for each in of.equations)


@once
def _cells() -> Mapping[str, int]:
    """Number the cells of all forms."""
    return {
        cell: number
        for number, cell in enumerate(dict.fromkeys(cell for of in forms() for cell in of.cells))
    }


@attrs.frozen
class _Job:
    """What a process does with a chunk."""

    blanks: Blanks

    def __call__(self, chunk: Chunk) -> Block:
        """Check the lines of a chunk."""
        block = Block()
        lines = chunk.content().split(b"\n")
        if not lines[-1]:
            lines.pop()
        block.lines = len(lines)
        for at, line in enumerate(lines):
            try:
                report = loads(line.rstrip(b"\r"))
            except InvalidReport as error:
                if not is_empty(line):
                    block.refuse(at, error.findings)
            else:
                block.take(at, report, self.blanks)
        return block


def checked(
    chunks: Iterable[Chunk], file: str, blanks: Blanks, processes: int | None
) -> Iterator[Block]:
    """
    Check chunks of lines, in order.

    Raises: UnreadableFile where the process that checks one ended twice.
    """

    def lost(_: Chunk) -> Block:
        raise unreadable(file, "lost")

    coming = iter(chunks)
    first = tuple(islice(coming, SMALL))
    if len(first) < SMALL:
        processes = 1
    yield from shared(_Job(blanks), chain(first, coming), lost, processes=processes, window=WINDOW)


# ---- as frames ----------------------------------------------------------------------------------


@attrs.frozen(slots=False, repr=False, unsafe_hash=False)
class LineCheck:
    """
    The result of checking JSON lines: three frames of Polars, each made when it is asked for.

    *findings* and *verdicts* are those of a ``FrameCheck``; ``report`` is the number of the line
    from 0 on, so that empty lines leave gaps. A line that is no report is ``invalid`` and stops
    nothing: its findings are its faults, with the code as ``rule`` and the cell as ``equation``.
    *refused* has one row for each such line: ``report``, ``file``, ``line`` (from 1 on), the
    ``code`` of its first fault, how many ``faults`` it has, and what the first is, as
    ``message_zh`` and ``message_en``; these are null where there are more different ones than are
    kept (20,000).

    *lines* is how many lines there are, *levels* counts the verdicts of each level of bodies and
    *rules* the findings of each rule.
    """

    file: str
    blanks: Blanks
    _blocks: list[tuple[int, Block]] = attrs.field(factory=list)
    _kept: dict[Finding, Finding] = attrs.field(factory=dict, eq=False)

    def __repr__(self) -> str:
        counts = Counter(verdict for (_, verdict) in self.levels.elements())
        told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items()))
        return f"<LineCheck of {self.lines} lines: {told or 'no report'}>"

    def add(self, block: Block) -> None:
        """Add what was found in the next lines."""
        for number, (at, fault, count) in enumerate(block.refused):
            known = self._kept.get(fault)
            if known is None and len(self._kept) < DISTINCT:
                known = self._kept[fault] = fault
            block.refused[number] = (at, known or Finding(code=fault.code, level="error"), count)
        self._blocks.append((self.lines, block))

    @property
    def lines(self) -> int:
        """How many lines were checked, empty ones too."""
        return self._blocks[-1][0] + self._blocks[-1][1].lines if self._blocks else 0

    @property
    def levels(self) -> Counter[tuple[str | None, str]]:
        """How many reports of each level of bodies have each verdict."""
        return sum((block.levels for _, block in self._blocks), Counter())

    @property
    def rules(self) -> Counter[tuple[str, str]]:
        """How many equations of each rule are ``broken`` and ``unknown``, and faults of lines."""
        return sum((block.rules for _, block in self._blocks), Counter())

    @cached_property
    def findings(self) -> DataFrame:
        """One row for each equation that is broken or unknown, and for each fault of a line."""
        return self._frame(FINDINGS, findings_of)

    @cached_property
    def verdicts(self) -> DataFrame:
        """One row for each line that is not empty."""
        return self._frame(VERDICTS, verdicts_of)

    @cached_property
    def refused(self) -> DataFrame:
        """One row for each line that is no report."""
        polars = library("polars", "frames")
        rows = [
            (first + at, self.file, first + at + 1, fault.code, count, *_told(fault, first + at))
            for first, block in self._blocks
            for at, fault, count in block.refused
        ]
        frame: DataFrame = polars.DataFrame(rows, schema_of(REFUSED), orient="row")
        return frame

    def _frame(
        self, columns: Mapping[str, Any], make: Callable[[Block, int, str, Blanks], DataFrame]
    ) -> DataFrame:
        polars = library("polars", "frames")
        frames = [polars.DataFrame(schema=schema_of(columns))]
        frames += [make(block, first, self.file, self.blanks) for first, block in self._blocks]
        frame: DataFrame = polars.concat(frames, rechunk=False)
        return frame


def cut_short(result: LineCheck, problem: Label) -> UnreadableFile:
    """Return the error of a file that ends too early, with what was found before."""
    told = messages.problem("cut_short_lines", lines=result.lines, problem=problem)
    return UnreadableFile(result.file, told, partial=result)


def _told(fault: Finding, line: int) -> tuple[str | None, str | None]:
    """Return the sentences of a fault; None where only its code was kept."""
    if not fault.operands:
        return None, None
    (own,) = at_line([fault], line + 1)
    return own.message("zh"), own.message("en")


def schema_of(columns: Mapping[str, Any]) -> Any:
    """Return the types of the columns of a frame."""
    polars, types = library("polars", "frames"), frame_types()
    return {
        name: polars.List(types[kind[0]]) if isinstance(kind, tuple) else types[kind]
        for name, kind in columns.items()
    }


def findings_of(block: Block, first: int, file: str, blanks: Blanks) -> DataFrame:
    """Return the findings of a block as a frame; *first* is the number of its first line."""
    polars = library("polars", "frames")
    col = polars.col
    known = len(_equations())
    counts = _series("counts", block.counts)
    frame = polars.DataFrame(
        [
            _series("report", block.rows) + first,
            _series("name", block.names),
            _series("left", block.left),
            _series("right", block.right),
            counts,
        ]
    )
    added = col("name") < known
    if blanks == "unknown":
        added &= col("counts") == 0
    rules, equations = (
        polars.Series(values, dtype=polars.String)
        for values in zip(*_equations(), *block.faults, strict=True)
    )
    own: DataFrame = frame.select(
        "report",
        _files(block, file, col("report") - first).alias(FILE),
        rule=polars.lit(rules).gather(col("name")),
        equation=polars.lit(equations).gather(col("name")),
        left=polars.when(added).then(col("left")),
        right=polars.when(added).then(col("right")),
        difference=polars.when(added).then(col("left") - col("right")),
        blanks=_lists(block, counts),
    )
    return own.cast(schema_of(FINDINGS))


def _files(block: Block, file: str, at: Expr) -> Expr:
    """Return the file of each row of a frame: that of its report, otherwise the table itself."""
    polars = library("polars", "frames")
    own: Expr = polars.lit(file)
    if any(block.files):
        names = polars.Series([each or file for each in block.files], dtype=polars.String)
        own = polars.lit(names).gather(at)
    return own


def _lists(block: Block, counts: Series) -> Series:
    """Return the blank cells of each finding, as a list."""
    polars = library("polars", "frames")
    names = polars.Series(list(_cells()), dtype=polars.String)
    cells = polars.DataFrame(
        {
            "row": polars.int_range(len(counts), eager=True)
            .repeat_by(counts)
            .explode()
            .drop_nulls(),
            "blanks": names.gather(_series("blanks", block.blanks)),
        }
    )
    lists = cells.group_by("row", maintain_order=True).agg("blanks")
    rows = polars.DataFrame({"row": polars.int_range(len(counts), eager=True)})
    joined: Series = rows.join(lists, on="row", how="left", maintain_order="left")["blanks"]
    return joined.fill_null(polars.Series([[]], dtype=polars.List(polars.String)))


def verdicts_of(block: Block, first: int, file: str, _: Blanks) -> DataFrame:
    """Return the verdicts of a block as a frame; *first* is the number of its first line."""
    polars = library("polars", "frames")
    col, when, lit = polars.col, polars.when, polars.lit
    frame = polars.DataFrame(
        [
            _series("report", block.at) + first,
            _series("form", block.shapes),
            _series("broken", block.broken),
            _series("unknown", block.unknown),
        ]
    ).with_columns(form=when(col("form") != _INVALID).then("form"))
    valid = col("form").is_not_null()
    editions = polars.Series([of.name for of in forms()], dtype=polars.String)
    sizes = polars.Series([len(of.equations) for of in forms()], dtype=polars.Int64)
    verdicts: DataFrame = frame.select(
        "report",
        _files(block, file, col("report") - first).alias(FILE),
        edition=lit(editions).gather(col("form")),
        verdict=when(~valid)
        .then(lit("invalid"))
        .when(col("broken") > 0)
        .then(lit("broken"))
        .when(col("unknown") > 0)
        .then(lit("unknown"))
        .otherwise(lit("held")),
        held=lit(sizes).gather(col("form")) - col("broken") - col("unknown"),
        broken=when(valid).then("broken"),
        unknown=when(valid).then("unknown"),
    )
    return verdicts.cast(schema_of(VERDICTS))


def _series(name: str, values: Sequence[int]) -> Series:
    polars = library("polars", "frames")
    series: Series = polars.Series(name, list(values), dtype=polars.Int64)
    return series


# ---- the whole file -----------------------------------------------------------------------------


def check_lines(
    source: Given, *, processes: int | None = None, blanks: Blanks = "unknown"
) -> LineCheck:
    r"""
    Check the equations of all reports of a file of JSON lines at once, as ``check`` does.

    *source* is a path (``-`` is standard input), bytes or an open binary file; what is compressed
    with gzip or zstd is decompressed. *processes*: how many work on it, as many as there are cores
    if None. Each line is read as strictly as by ``loads``. The memory that is needed grows with
    what is found, not with the file.
    Blank: an equation with a blank cell is *unknown*; with ``blanks="zero"`` a blank counts as 0.
    Returns: a LineCheck. A line that is no report is one of its verdicts and stops nothing; empty
    lines are passed over.
    Raises: UnreadableFile if the file cannot be read. If its compressed data end too early or are
    damaged, the error says after how many lines, and its *partial* is the LineCheck of these.
    ValueError if *blanks* is neither of the two; MissingLibrary without polars, or for zstd without
    zstandard.

    >>> import govinfo_schema as gs
    >>> reports = [gs.generate(1), gs.damage(gs.generate(7), "single", 1).report]
    >>> checked = gs.check_lines(b"\n".join(map(gs.dumps, reports)) + b'\n{"edition": 21}')
    >>> checked.verdicts.select("report", "verdict").rows()
    [(0, 'held'), (1, 'broken'), (2, 'invalid')]
    >>> checked.findings.select("report", "rule", "difference").rows()[0]
    (1, 'B-DISP', 25)
    >>> checked.refused.select("line", "code").rows()
    [(3, 'S-MISSING')]
    """
    library("polars", "frames")
    if blanks not in get_args(Blanks):
        raise ValueError(f"blanks is 'unknown' or 'zero', not {blanks!r}")
    name = name_of(source)
    result = LineCheck(name, blanks)
    with source_of(source) as opened:
        for block in checked(cut(opened), name, blanks, processes):
            result.add(block)
        if opened.problem:
            raise cut_short(result, opened.problem)
    return result
