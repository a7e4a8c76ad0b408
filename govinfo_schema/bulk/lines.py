"""
Millions of reports in JSON lines: ``check_lines``.

A file is cut into chunks (``chunks``), which are checked on all cores. Each process tells what it
found in a few bytes for each line; frames and sentences are made of that when somebody asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

import attrs

from govinfo_schema import messages
from govinfo_schema.bulk.blocks import INVALID, Block, Job, by_verdict, cell_numbers, equations
from govinfo_schema.bulk.chunks import Chunk, cut, source_of
from govinfo_schema.bulk.columns import schema_of
from govinfo_schema.bulk.frame_block import FINDINGS, VERDICTS
from govinfo_schema.bulk.processes import shared
from govinfo_schema.checks.one_report import Blanks, check_blanks
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library, unreadable
from govinfo_schema.documents.formats.memory import name_of
from govinfo_schema.documents.formats.paths import Readable as Given
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.findings import Finding
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import forms
from govinfo_schema.messages import Label, shown
from govinfo_schema.report.record import Type
from govinfo_schema.tables.jsonl import at_line
from govinfo_schema.tables.rows import FILE

if TYPE_CHECKING:
    from govinfo_schema.bulk.columns import DataFrame, Expr, Series

WINDOW: Final = 2
"""So many chunks are under way for each process."""
TOGETHER: Final = 64
"""The findings of so many chunks become columns at once."""
DISTINCT: Final = 20_000
"""The sentences of so many different faults are kept; of others the code."""
SMALL: Final = 4
"""A file of fewer chunks is not worth the start of other processes."""
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
    yield from shared(Job(blanks), chain(first, coming), lost, processes=processes, window=WINDOW)


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

    >>> import govinfo_schema as gs
    >>> checked = gs.check_lines(b"{}")
    >>> checked.verdicts["verdict"].to_list(), checked.refused["line"].to_list()
    (['invalid'], [1])
    """

    file: str
    blanks: Blanks
    _blocks: list[tuple[int, Block]] = attrs.field(factory=list)
    _kept: dict[Finding, Finding] = attrs.field(factory=dict, eq=False)

    def __repr__(self) -> str:
        counts = by_verdict(self.levels)
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
        for begin in range(0, len(self._blocks), TOGETHER):
            joined = Block()
            for _, block in self._blocks[begin : begin + TOGETHER]:
                joined.extend(block)
            frames.append(make(joined, self._blocks[begin][0], self.file, self.blanks))
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


def findings_of(block: Block, first: int, file: str, blanks: Blanks) -> DataFrame:
    """Return the findings of a block as a frame; *first* is the number of its first line."""
    polars = library("polars", "frames")
    col = polars.col
    known = len(equations())
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
    rules, names = (
        polars.Series(values, dtype=polars.String)
        for values in zip(*_names(), *block.faults, strict=True)
    )
    own: DataFrame = frame.select(
        "report",
        _files(block, file, col("report") - first).alias(FILE),
        rule=polars.lit(rules).gather(col("name")),
        equation=polars.lit(names).gather(col("name")),
        left=polars.when(added).then(col("left")),
        right=polars.when(added).then(col("right")),
        difference=polars.when(added).then(col("left") - col("right")),
        blanks=_lists(block, counts),
    )
    return own.cast(schema_of(FINDINGS))


@once
def _names() -> tuple[tuple[str, str], ...]:
    """Return the rule and the name of each equation of all forms."""
    return tuple((each.rule.code, equation_name(each)) for each in equations())


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
    names = polars.Series(list(cell_numbers()), dtype=polars.String)
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
    ).with_columns(form=when(col("form") != INVALID).then("form"))
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
    ValueError if *blanks* is neither of the two or *processes* is no number from 1 on;
    MissingLibrary without polars, or for zstd without zstandard.

    >>> import govinfo_schema as gs
    >>> reports = [gs.generate(1), gs.damage(gs.generate(7), "single", 1).report]
    >>> checked = gs.check_lines(b"\n".join(map(gs.dumps, reports)) + b'\n{"edition": 21}')
    >>> checked.verdicts.select("report", "verdict").rows()
    [(0, 'held'), (1, 'broken'), (2, 'invalid')]
    >>> checked.findings.select("report", "rule", "difference").rows()[0]
    (1, 'B-DISP', 25)
    >>> checked.refused.select("line", "code").rows()
    [(3, 'S-TYPE')]
    """
    library("polars", "frames")
    check_blanks(blanks)
    if processes is not None and (type(processes) is not int or processes < 1):
        raise ValueError(f"processes is a whole number from 1 on, or None, not {shown(processes)}")
    name = name_of(source)
    result = LineCheck(name, blanks)
    with source_of(source) as opened:
        for block in checked(cut(opened), name, blanks, processes):
            result.add(block)
        if opened.problem:
            raise cut_short(result, opened.problem)
    return result
