"""
Files of many reports, checked whole: what is found is counted, and written into one file.

``Checking`` is what the command ``check`` calls for large tables and for ``--out``. JSON lines are
checked in chunks on all cores (``lines``), tables with one row a report column by column
(``equations``), tidy ones report by report. The findings go into parts (``resuming``), each of so
many chunks of one file, and these into the target.
"""

from __future__ import annotations

import io
from codecs import BOM_UTF8
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args

import attrs
import msgspec

from govinfo_schema import files
from govinfo_schema.bulk.blocks import Block, by_verdict
from govinfo_schema.bulk.chunks import Chunk, Source, cut, source_of
from govinfo_schema.bulk.columns import frame_of, schema_of, simplified
from govinfo_schema.bulk.equations import (
    check_figures,
    check_table,
    looked_at,
    notices_of,
    row_faults,
)
from govinfo_schema.bulk.frame_block import FINDINGS, Options
from govinfo_schema.bulk.lines import checked, findings_of
from govinfo_schema.bulk.resuming import Parts, begun
from govinfo_schema.checks.one_report import Blanks
from govinfo_schema.documents.formats import library, unreadable
from govinfo_schema.errors import Incompatible, MissingLibrary, UnreadableFile
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Label, Problem, problem, spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.values import BodyLevel
from govinfo_schema.tables import jsonl
from govinfo_schema.tables.csv.kinds import END, RISKY
from govinfo_schema.tables.parquet import arrow_schema, writer_of
from govinfo_schema.tables.rows import FILE, Item, Rows, faults_of, faulty, taken_apart

if TYPE_CHECKING:
    from govinfo_schema.bulk.columns import DataFrame

T = TypeVar("T")

SUFFIXES: Final = (".parquet", ".csv", ".jsonl")
"""The suffixes of files that findings are written to."""
CHUNKS: Final = 16
"""So many chunks of a file are one part."""
ROWS: Final = 1_000
"""So many rows of a table are a chunk."""
LEVEL: Final = "body.level"
"""The column that says the level of a body."""
SHOWN: Final = 20
"""So many refused rows of a file are told of in sentences."""
_FRAME: Final = "findings.arrow"
_COUNTS: Final = "counts"


@attrs.define
class Counts:
    """
    What was found in a file, or in a part of it: how many *lines* or rows it has, the verdicts by
    *levels* of bodies and findings by *rules*, as in a ``Block``, and *told*, sentences about the
    first rows that are no reports and about the whole file.

    *forms*: the numbers of the forms that rows are on, where columns were checked.
    *problem*: why the file, or the rest of it, cannot be read; *ended*: what is wrong where
    compressed data end too early. *parts*: how many parts were kept of it.
    """

    lines: int = 0
    levels: Counter[tuple[str | None, str]] = attrs.field(factory=Counter)
    rules: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    told: list[Label] = attrs.field(factory=list)
    forms: frozenset[int] = frozenset()
    path: str = ""
    problem: Problem | None = None
    ended: Label | None = None
    parts: int = 0

    @property
    def verdicts(self) -> Counter[str]:
        """How many reports have each verdict."""
        return by_verdict(self.levels)

    def add(self, other: Counts) -> None:
        """Add what was found in the next part."""
        self.lines += other.lines
        self.levels += other.levels
        self.rules += other.rules
        self.told = (self.told + other.told)[:SHOWN]
        self.forms |= other.forms

    def dumped(self) -> bytes:
        """Return the counts of a part as JSON text."""
        told = [(each.zh, each.en) for each in self.told]
        counts = (list(self.levels.items()), list(self.rules.items()))
        return msgspec.json.encode((self.lines, *counts, told, sorted(self.forms)))

    @classmethod
    def loaded(cls, text: bytes) -> Counts:
        """Read what ``dumped`` returned."""
        kind = tuple[
            int,
            list[tuple[tuple[str | None, str], int]],
            list[tuple[tuple[str, str], int]],
            list[tuple[str, str]],
            frozenset[int],
        ]
        lines, levels, rules, told, shapes = msgspec.json.decode(text, type=kind)
        labels = [Label(*each) for each in told]
        return cls(lines, Counter(dict(levels)), Counter(dict(rules)), labels, shapes)


@attrs.define
class Checking:
    """
    The check of some files: what was found in each (*counts*), as far as it is done.

    *processes* is as for ``check_lines``; *moved* is called with the number of bytes that were read
    since it was called last.
    """

    paths: Sequence[str]
    blanks: Blanks = "unknown"
    processes: int | None = attrs.field(default=None, kw_only=True)
    moved: Callable[[int], object] = attrs.field(default=lambda _: None, kw_only=True)
    counts: list[Counts] = attrs.field(factory=list, init=False)
    _behind: int = attrs.field(default=0, init=False)
    _told: int = attrs.field(default=0, init=False)

    def run(self) -> None:
        """Check the files, and write nothing."""
        self._each(None)

    def write(self, target: str, *, resume: bool = False, force: bool = False) -> None:
        """
        Check the files and write the findings into one, with the columns of ``FrameCheck``.

        A file that cannot be read to its end has a row of its own, without a number and with the
        code of the problem as ``rule``. Where no file gave a row or line, nothing is written.
        *resume* and *force* are as for ``resuming.begun``.
        Raises: UnreadableFile if the target cannot be written; MissingLibrary.
        """
        ending = Path(target).suffix.lower()
        if ending not in SUFFIXES:
            raise unreadable(target, "suffix", suffix=ending, suffixes=" ".join(SUFFIXES))
        if ending == ".parquet":
            library("pyarrow.parquet", "bulk")
        with begun(
            target, self.paths, resume=resume, force=force, blanks=self.blanks, chunks=CHUNKS
        ) as parts:
            self._each(parts)
            if not any(each.lines for each in self.counts):
                parts.discard()
                return
            with parts.placed() as beside:
                _WRITERS[ending](self._frames(parts), beside)

    def _frames(self, parts: Parts) -> Iterator[DataFrame]:
        """Yield the findings of all files, part by part."""
        numbers = count()
        for each in self.counts:
            for number in islice(numbers, each.parts):
                yield _frame_of(parts.read(number, _FRAME))
            if each.problem is not None:
                yield _row_of(each.path, each.problem)

    def _each(self, parts: Parts | None) -> None:
        """Check each file, and keep what is found."""
        done = 0
        for path in self.paths:
            counts = Counts(path=path)
            self.counts.append(counts)
            file = _File(counts, self.blanks, self.processes, self._moved, parts, done)
            counts.parts = file.check()
            done += counts.parts
            if not counts.problem and not counts.levels:
                counts.problem = problem("no_rows")
            self._behind += size_of(path)
            self._moved(0)

    def _moved(self, position: int) -> None:
        self.moved(self._behind + position - self._told)
        self._told = self._behind + position


@attrs.define
class _File:
    """
    A file that is being checked: *begin* is the number of its first part, and for each part *whole*
    says whether it was done before.
    """

    counts: Counts
    blanks: Blanks
    processes: int | None
    moved: Callable[[int], object]
    parts: Parts | None
    begin: int
    whole: list[bool] = attrs.field(factory=list)
    numbers: deque[int] = attrs.field(factory=deque)
    names: tuple[str, ...] = ()

    def check(self) -> int:
        """Check what is not yet done, count all, and return how many parts there are."""
        done = 0
        numbered = ((self.numbers.popleft(), block) for block in self._blocks())
        for number, group in groupby(numbered, key=lambda pair: pair[0]):
            self._recall(done, number)
            self._keep(number, [block for _, block in group])
            done = number + 1
        self._recall(done, len(self.whole))
        if self.names:
            self.counts.told += [each.label for each in notices_of(self.names, self.counts.forms)]
        if self.counts.ended:
            facts = {"lines": self.counts.lines, "problem": self.counts.ended}
            self.counts.problem = problem("cut_short_lines", **facts)
        return len(self.whole)

    def _blocks(self) -> Iterator[Block | CheckedRows]:
        """Check the chunks of parts that are not done; what goes wrong is the *problem*."""
        path, counts = self.counts.path, self.counts
        try:
            if _is_lines(path):
                with source_of(path) as source:
                    chunks = self._lacking(self._watched(source), CHUNKS)
                    yield from checked(chunks, path, self.blanks, self.processes)
                    counts.ended = source.problem
                return
            if (parts := files.columns_of(path, ROWS * CHUNKS, (*looked_at(), LEVEL))) is not None:
                for rows, table in self._lacking(self._opened(parts), 1):
                    yield check_rows(rows, table, path, self.blanks)
                return
            reports = self._lacking(_gathered(files.rows_of(path), counts), CHUNKS)
            yield from map(self._reports, reports)
        except (UnreadableFile, MissingLibrary, Incompatible) as error:
            counts.problem = error.problem

    def _opened(self, parts: Iterator[Rows]) -> Iterator[tuple[Rows, DataFrame]]:
        """
        Give rows of a table with the frame of them, and keep the names of its columns.

        Raises: Incompatible where these are none of reports.
        """
        for rows in parts:
            table = frame_of(rows)
            check_figures(table)
            self.names = rows.names
            yield rows, table

    def _watched(self, source: Source) -> Iterator[Chunk]:
        for chunk in cut(source):
            self.moved(source.position() or 0)
            yield chunk

    def _lacking(self, chunks: Iterable[T], together: int) -> Iterator[T]:
        """
        Give the chunks of the parts that are not done, and note of which part each is; a part has
        so many chunks *together*.
        """
        for place, chunk in enumerate(chunks):
            number = place // together
            if number == len(self.whole):
                self.whole.append(self.parts is not None and self.begin + number in self.parts)
            if not self.whole[number]:
                self.numbers.append(number)
                yield chunk

    def _recall(self, begin: int, end: int) -> None:
        """Add up parts that were done before."""
        for number in range(begin, end):
            if self.parts is not None:
                self.counts.add(Counts.loaded(self.parts.read(self.begin + number, _COUNTS)))

    def _keep(self, number: int, blocks: Sequence[Block | CheckedRows]) -> None:
        """Add up the blocks of a part, and keep what was found."""
        path, own, frames = self.counts.path, Counts(), []
        for block in blocks:
            first = self.counts.lines + own.lines
            if isinstance(block, CheckedRows):
                frames.append(block.findings_from(first))
                own.add(block.counts_from(first))
                continue
            if self.parts is not None:
                frames.append(findings_of(block, first, path, self.blanks))
            own.add(_counts_of(block, first, is_text=_is_lines(path)))
        if self.parts is not None:
            kept = {_FRAME: _as_bytes(frames), _COUNTS: own.dumped()}
            self.parts.keep(self.begin + number, kept)
        self.counts.add(own)

    def _reports(self, rows: Sequence[Item | Finding]) -> Block:
        """Check some reports of a table."""
        block = Block(lines=len(rows))
        for at, row in enumerate(rows):
            if isinstance(row, Finding):
                faults = faults_of(row)
                block.refuse(at, faults)
                block.refused[-1] = (at, row, len(faults))
                block.files.append(None)
            else:
                report, file = taken_apart(row)
                block.take(at, form_of(report), report, self.blanks)
                block.files.append(file)
        return block


def size_of(path: str) -> int:
    """Return how many bytes a file has; 0 for what is none."""
    return Path(path).stat().st_size if Path(path).is_file() else 0


def _is_lines(path: str) -> bool:
    """Whether a file is JSON lines, compressed ones by its name."""
    return jsonl.is_packed(path) or path == "-" or files.format_of(path) is jsonl.FORMAT


def _gathered(rows: Iterable[Item | Finding], counts: Counts) -> Iterator[list[Item | Finding]]:
    """
    Gather the rows of a table into chunks; what is said of the whole table is told in *counts*.

    If the table ends too early, the rows before that are given all the same.
    """
    chunk: list[Item | Finding] = []
    try:
        for row in rows:
            if isinstance(row, Finding) and row.code != "R-RECORD":
                counts.told.append(row.label)
                continue
            chunk.append(row)
            if len(chunk) == ROWS:
                yield chunk
                chunk = []
    except (UnreadableFile, MissingLibrary) as error:
        counts.problem = error.problem
    if chunk:
        yield chunk


def _counts_of(block: Block, first: int, *, is_text: bool) -> Counts:
    """Count what was found in a block; *first* is the number of its first line."""
    told: list[Label] = []
    for at, fault, _ in block.refused[:SHOWN]:
        number = first + at + 1
        own = faulty(number, jsonl.at_line([fault], number), number) if is_text else fault
        told.append(_numbered(own))
    return Counts(block.lines, block.levels, block.rules, told)


def _numbered(fault: Finding) -> Label:
    """Say what is wrong with a line or row, with the number that it has among the findings too."""
    facts = {"place": fault.operands["place"], "report": fault.operands["number"] - 1}
    place = spoken("place.findings", **facts)
    return attrs.evolve(fault, operands={**fault.operands, "place": place}).label


# ---- tables, column by column -------------------------------------------------------------------


@attrs.frozen
class CheckedRows:
    """
    What was found in some *rows* of a table, whose numbers begin with 0: the frames of a
    ``FrameCheck``, and the numbers of their *forms*. *table* has the columns that were looked at.
    """

    rows: Rows
    table: DataFrame
    findings: DataFrame
    verdicts: DataFrame
    forms: frozenset[int]

    def findings_from(self, first: int) -> DataFrame:
        """Return the findings; *first* is the number of the first row."""
        polars = library("polars", "frames")
        return self.findings.with_columns(polars.col("report") + first)

    def counts_from(self, first: int) -> Counts:
        """Count what was found, and tell of the first rows that are no reports."""
        polars = library("polars", "frames")
        verdict = self.verdicts["verdict"]
        level = polars.lit(None, polars.String)
        if LEVEL in self.table.columns:
            level = simplified(self.table[LEVEL], "text").cast(polars.String, strict=False)
        own = self.verdicts.select("verdict", level=level)
        known = polars.col("level").is_in(get_args(get_args(BodyLevel)[0]))
        known &= polars.col("verdict") != "invalid"
        levels = own.with_columns(polars.when(known).then("level")).group_by("level", "verdict")
        invalid = polars.lit(verdict == "invalid").gather(polars.col("report"))
        broken = polars.col("difference").is_not_null()
        kind = polars.when(invalid).then(polars.lit("invalid"))
        kind = kind.when(broken).then(polars.lit("broken")).otherwise(polars.lit("unknown"))
        rules = self.findings.select("rule", kind=kind).group_by("rule", "kind")
        places = (verdict == "invalid").arg_true()[:SHOWN]
        told = [_numbered(self._told(place, first)) for place in places]
        return Counts(self.rows.count, _counter(levels), _counter(rules), told, self.forms)

    def _told(self, place: int, first: int) -> Finding:
        """Say what is wrong with a row, and which it is."""
        if place in self.rows.faults:
            return self.rows.faults[place]
        line = self.rows.lines[place] if self.rows.lines else None
        return faulty(first + place + 1, row_faults(self.table[place]), line)


def _counter(groups: Any) -> Counter[Any]:
    """Count the rows of the groups of two columns."""
    return Counter({(first, second): number for first, second, number in groups.len().rows()})


def check_rows(rows: Rows, table: DataFrame, path: str, blanks: Blanks) -> CheckedRows:
    """Check some rows of the file at *path*, column by column; *table* is the frame of them."""
    polars = library("polars", "frames")
    findings, verdicts, shapes = check_table(table, Options(blanks, plausible=False))
    if rows.faults:
        # What cannot be read has no edition either; what is wrong with it is said instead.
        numbers = [*rows.faults]
        own = polars.DataFrame(
            {"report": numbers, "rule": [each.code for each in rows.faults.values()]},
            schema_overrides={"report": polars.Int64},
        ).with_columns(polars.lit([], polars.List(polars.String)).alias("blanks"))
        kept = findings.filter(~polars.col("report").is_in(numbers))
        findings = polars.concat([kept, own], how="diagonal").sort("report", maintain_order=True)
    file = polars.col(FILE).fill_null(polars.lit(path))
    return CheckedRows(rows, table, findings.with_columns(file), verdicts, shapes)


# ---- files of findings --------------------------------------------------------------------------


def _as_bytes(frames: Sequence[DataFrame]) -> bytes:
    polars = library("polars", "frames")
    buffer = io.BytesIO()
    empty = polars.DataFrame(schema=schema_of(FINDINGS))
    polars.concat([empty, *frames]).write_ipc(buffer, compression="zstd")
    return buffer.getvalue()


def _frame_of(data: bytes) -> DataFrame:
    frame: DataFrame = library("polars", "frames").read_ipc(io.BytesIO(data))
    return frame


def _row_of(path: str, why: Problem) -> DataFrame:
    """Make the finding that a file, or the rest of it, cannot be read."""
    values: dict[str, list[Any]] = {FILE: [path], "rule": [why.code], "blanks": [[]]}
    columns = {name: values.get(name, [None]) for name in FINDINGS}
    frame: DataFrame = library("polars", "frames").DataFrame(columns, schema_of(FINDINGS))
    return frame


def _write_parquet(frames: Iterable[DataFrame], path: Path) -> None:
    """Write one row group for each part that has findings."""
    schema = arrow_schema(FINDINGS)
    with writer_of(path, schema) as writer:
        for frame in frames:
            if frame.height:
                writer.write_table(frame.to_arrow().cast(schema))


def _write_csv(frames: Iterable[DataFrame], path: Path) -> None:
    """
    Write CSV as tables of reports are; the blank cells of a finding stand in one field, with spaces
    between them.
    """
    polars = library("polars", "frames")
    signs = "".join(rf"\x{{{ord(sign):x}}}" for sign in RISKY)
    text, blanks = polars.col(polars.String), polars.col("blanks").list
    columns = (
        text.str.replace(f"^([{signs}])", "'${1}"),
        polars.when(blanks.len() > 0).then(blanks.join(" ")),
    )
    with path.open("wb") as file:
        file.write(BOM_UTF8 + f"{','.join(FINDINGS)}{END}".encode())
        for frame in frames:
            own = frame.with_columns(columns)
            own.write_csv(file, include_header=False, line_terminator=END)


def _write_jsonl(frames: Iterable[DataFrame], path: Path) -> None:
    """Write one finding a line."""
    with path.open("wb") as file:
        for frame in frames:
            frame.write_ndjson(file)


_WRITERS: Final[dict[str, Callable[[Iterable[DataFrame], Path], None]]] = dict(
    zip(SUFFIXES, (_write_parquet, _write_csv, _write_jsonl), strict=True)
)
