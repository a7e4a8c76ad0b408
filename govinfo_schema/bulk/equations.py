"""
The equations of the form over whole data frames: ``check_frame``, ``check_batch``.

The equations of all Forms become expressions of Polars (``sums``). A frame is checked block by
block (``frame_block``), so that it costs little more than its additions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, overload

import attrs

from govinfo_schema.bulk.columns import (
    check_columns,
    reader_of,
    schema_of,
    simplified,
    table_of,
    unreadable_frame,
    with_dots,
)
from govinfo_schema.bulk.frame_block import (
    FINDINGS,
    VERDICTS,
    FrameBlock,
    Options,
    key_reader,
    shapes_of,
)
from govinfo_schema.bulk.frames import VERDICT
from govinfo_schema.bulk.sums import KEY, forms_by_cell
from govinfo_schema.checks.one_report import Blanks
from govinfo_schema.data.classes import is_a
from govinfo_schema.documents.formats import library
from govinfo_schema.errors import Incompatible, InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.form.forms import forms
from govinfo_schema.messages import spoken
from govinfo_schema.report.values import FIRST_YEAR
from govinfo_schema.tables.parquet import arrow_schema
from govinfo_schema.tables.rows import FILE, absent, dotted, extra, stored_types

if TYPE_CHECKING:
    from govinfo_schema.bulk.columns import DataFrame, Expr, LazyFrame

BLOCK: Final = 131_072
"""So many reports are added up at once: fewer cost more calls, more cost more memory."""
_SQL: Final = {"whole": "BIGINT", "text": "STRING", ("text",): "ARRAY<STRING>"}


def _ddl(columns: Mapping[str, Any]) -> str:
    return ", ".join(f"`{name}` {_SQL[kind]}" for name, kind in columns.items())


FrameT = TypeVar("FrameT")


def _are_equal(frame: Any, other: Any) -> bool:
    """Whether two frames hold the same; a lazy one is equal to itself alone."""
    return bool(frame.equals(other)) if hasattr(frame, "equals") else frame is other


_SAME: Final = attrs.cmp_using(eq=_are_equal)


@attrs.frozen
class _Columns:
    """
    The *names* of the columns of a frame, and the numbers of the forms that its rows are *on*, or
    the lazy *frame* that says them; *beside* are columns that are known to be none of the form.
    """

    names: Sequence[str]
    on: frozenset[int] = frozenset()
    beside: frozenset[str] = frozenset()
    frame: Any = attrs.field(default=None, eq=_SAME)

    def notices(self) -> tuple[Finding, ...]:
        """
        Say what is odd in the columns.

        Raises: Incompatible where a lazy frame cannot be read.
        """
        on = self.on if self.frame is None else _forms_of(self.frame)
        return notices_of(self.names, on, self.beside)


@attrs.frozen(unsafe_hash=False)
class FrameCheck(Generic[FrameT]):
    """
    The result of checking a frame of reports: two frames.

    *findings*: one row for each equation that is broken or unknown, in the order of the reports and
    of the form. ``report`` is the number of the row from 0 on and ``file`` its file; ``rule`` and
    ``equation`` are named as in ``findings_frame``; ``left``, ``right`` and ``difference`` are the
    sums of a broken equation, ``blanks`` the blank cells that it has.
    *verdicts*: one row for each report: ``report``, ``file``, ``edition``, ``verdict``, and how
    many equations ``held``, are ``broken`` and ``unknown``. The verdict is ``held``, ``unknown``
    (nothing is broken), ``broken``, or ``invalid``: the row is no report, as its edition is
    unknown or a figure is none that the form may hold. An invalid row has no counts; its findings
    are the faults, with the code of the schema as ``rule`` and the column as ``equation``.

    *notices*: what is odd in the columns, as findings: ``R-EXTRA`` names those that the form does
    not have, with the name that is meant where one is near (a warning), and ``R-ABSENT`` the
    figures that have no column, so that their equations are unknown. Of a lazy frame the columns
    that say the editions are read when *notices* are asked for.

    Both are Polars frames: lazy ones for a lazy frame, Arrow record batches for ``check_batch``.
    *FINDINGS_DDL* and *VERDICTS_DDL* are their columns as Spark's ``mapInArrow`` wants to know
    them.

    >>> import govinfo_schema as gs
    >>> checked = gs.check_frame(gs.to_frame([gs.generate(1), gs.generate(2, "2019")]))
    >>> checked.verdicts.select("edition", "verdict", "held").rows()
    [('2021', 'held', 42), ('2019', 'held', 40)]
    """

    findings: FrameT = attrs.field(eq=_SAME)
    verdicts: FrameT = attrs.field(eq=_SAME)
    _columns: _Columns = attrs.field(factory=lambda: _Columns(()), eq=False, repr=False)
    FINDINGS_DDL: ClassVar[str] = _ddl(FINDINGS)
    VERDICTS_DDL: ClassVar[str] = _ddl(VERDICTS)

    @property
    def notices(self) -> tuple[Finding, ...]:
        """What is odd in the columns of the frame."""
        return self._columns.notices()


@overload
def check_frame(
    frame: LazyFrame, *, blanks: Blanks = ..., plausible: bool = ...
) -> FrameCheck[LazyFrame]: ...


@overload
def check_frame(
    frame: Any, *, blanks: Blanks = ..., plausible: bool = ...
) -> FrameCheck[DataFrame]: ...


def check_frame(
    frame: Any, *, blanks: Blanks = "unknown", plausible: bool = False
) -> FrameCheck[Any]:
    """
    Check the equations of all reports of a data frame at once, as ``check`` does one by one.

    *frame* has one row a report, as ``to_frame`` makes it: a frame of Polars, pandas, pyarrow or
    DuckDB, or a LazyFrame. Its columns stand in any order and hold what ``from_frame`` reads; the
    dots of their names may be written as ``__``. Besides ``edition`` and the figures only
    ``undivided`` and ``file`` are looked at; ``FrameCheck.notices`` names the other columns. With
    *plausible* the findings also have a row for each inequality of ``plausible`` that does not
    hold; it changes no verdict.
    Blank: null, and a figure without a column. An equation with a blank is *unknown*; with
    ``blanks="zero"`` a blank counts as 0.
    Returns: a FrameCheck; of a LazyFrame two LazyFrames, each of which reads the source block by
    block, so that a file may be larger than the memory. A row that is no report is one of its
    verdicts, ``invalid``; no other row suffers.
    Raises: TypeError for what is no frame; Incompatible for a frame without the column ``edition``
    or without any figure of the form, for a tidy one, and for one that cannot be read; ValueError
    if *blanks* is neither of the two; MissingLibrary without polars.

    >>> import govinfo_schema as gs
    >>> reports = [gs.generate(1), gs.damage(gs.generate(7), "single", 1).report]
    >>> checked = gs.check_frame(gs.to_frame(reports))
    >>> checked.verdicts["verdict"].to_list()
    ['held', 'broken']
    >>> checked.findings.select("report", "rule", "left", "right", "difference").rows()[0]
    (1, 'B-DISP', 27, 2, 25)
    """
    polars = library("polars", "frames")
    options = Options(blanks, plausible=plausible)
    if not is_a(frame, polars.LazyFrame):
        return _checked(table_of(frame, "check_frame"), options)
    columns = _looked_at(frame)
    return FrameCheck(
        _lazily(columns, options, "findings", FINDINGS),
        _lazily(columns, options, "verdicts", VERDICTS),
        _Columns(tuple(frame.collect_schema().names()), frame=columns),
    )


def check_batch(
    record_batch: Any,
    *,
    blanks: Blanks = "unknown",
    plausible: bool = False,
    keep: Sequence[str] = (),
) -> FrameCheck[Any]:
    """
    Check the reports of an Arrow record batch, for engines that hand out batches: Spark, Dask, Ray.

    *record_batch* is one of pyarrow, or anything with the Arrow C interface, with the columns that
    ``check_frame`` takes, or with these columns as one struct ``report``: so ``read_batch`` gives
    them in its ``rows``, and so Spark hands them over, which takes no column with dots in its name.
    Where this struct is null the row is passed over. *keep* names columns that both results have at
    their end, such as an id by which a row is found again: ``report`` is the number within the
    batch. Where a result has ``file`` or ``edition`` itself, it is not added again.
    Returns: a FrameCheck of two record batches. Their types are int64, string and list of string,
    which every engine takes; ``FrameCheck.FINDINGS_DDL`` and ``VERDICTS_DDL`` say the same to
    Spark. A batch without rows gives batches without rows.
    Raises: as ``check_frame``; Incompatible for a column to keep that is not there, that has the
    name of a column of the results, or that Arrow has no type for; MissingLibrary without pyarrow.

    >>> import govinfo_schema as gs
    >>> (batch,) = gs.to_frame([gs.generate(1), gs.generate(2)]).to_arrow().to_batches()
    >>> checked = gs.check_batch(batch, keep=["year"])
    >>> checked.verdicts.column_names[-3:], checked.verdicts["year"].to_pylist()
    (['broken', 'unknown', 'year'], [2024, 2024])
    """
    table = _opened(table_of(record_batch, "check_batch"))
    keep = _kept(keep, table.columns)
    checked = _checked(table, Options(blanks, plausible=plausible), beside=keep)
    kept = table.select(_column_of(name, table.columns).alias(name) for name in keep)
    return FrameCheck(
        _to_batch(checked.findings, FINDINGS, kept),
        _to_batch(checked.verdicts, VERDICTS, kept),
        checked._columns,  # noqa: SLF001 (of the same class)
    )


def _kept(keep: Sequence[str], names: Sequence[str]) -> list[str]:
    """
    Return the names of columns to keep, each once.

    Raises: TypeError, Incompatible.
    """
    if is_a(keep, str):
        raise TypeError(f"keep takes the names of columns, such as [{keep!r}], not one text")
    for name in keep:
        if name not in names and dotted(name) not in names:
            raise Incompatible(spoken("no_column", column=name))
        if name in {*FINDINGS, *VERDICTS} - {FILE, *KEY}:
            raise Incompatible(spoken("kept_column", column=name))
    return [*dict.fromkeys(keep)]


def _column_of(name: str, names: Sequence[str]) -> Expr:
    """Return a column to keep, whichever way its dots are written."""
    column: Expr = library("polars", "frames").col(name if name in names else dotted(name))
    return column


def _opened(table: DataFrame) -> DataFrame:
    """Make columns of the struct ``report``, where reports are given as one."""
    polars = library("polars", "frames")
    if "edition" in table.columns or not is_a(table.schema.get("report"), polars.Struct):
        return table
    given = table.filter(polars.col("report").is_not_null())
    reports = with_dots(given["report"].struct.unnest())
    return reports.hstack(given.drop("report", *reports.columns, strict=False))


def _to_batch(frame: DataFrame, columns: Mapping[str, Any], kept: DataFrame) -> Any:
    """Turn a result into one record batch of types that every engine takes."""
    polars, pyarrow = library("polars", "frames"), library("pyarrow", "bulk")
    oldest = polars.CompatLevel.oldest()
    kept = kept.drop(columns, strict=False)
    try:
        beside = kept.select(polars.all().gather(frame["report"])).to_arrow(compat_level=oldest)
    except pyarrow.ArrowException as error:  # Polars has types that Arrow does not have
        raise unreadable_frame(", ".join(kept.columns)) from error
    schema = arrow_schema(columns)
    for each in beside.schema:
        schema = schema.append(pyarrow.field(each.name, _small(each.type)))
    table = frame.to_arrow(compat_level=oldest)
    for each in beside.schema:
        table = table.append_column(each, beside[each.name])
    table = table.cast(schema).combine_chunks()
    batches = table.to_batches()
    return batches[0] if batches else pyarrow.RecordBatch.from_pylist([], schema=schema)


def _small(kind: Any) -> Any:
    """Return the type of Arrow that engines without large types take for a text."""
    pyarrow = library("pyarrow", "bulk")
    return pyarrow.string() if kind == pyarrow.large_string() else kind


def _looked_at(frame: LazyFrame) -> LazyFrame:
    """
    Leave a lazy frame the columns that are looked at.

    Raises: Incompatible.
    """
    polars = library("polars", "frames")
    try:
        schema = frame.collect_schema()
    except (polars.exceptions.PolarsError, OSError) as error:
        raise Incompatible(spoken("bad_frame", problem=str(error).partition("\n")[0])) from error
    check_columns(schema, forms_by_cell())
    return frame.select(name for name in schema if dotted(name) in looked_at())


def _lazily(frame: LazyFrame, options: Options, part: str, columns: Mapping[str, Any]) -> Any:
    """Return one of the two results of a lazy frame, which is checked block by block when asked."""

    def blocks(
        names: list[str] | None, predicate: Expr | None, most: int | None, _: int | None
    ) -> Iterator[DataFrame]:
        begin, left = 0, most
        for table in _batches(frame):
            block: DataFrame = getattr(_checked(with_dots(table), options, begin), part)
            begin += table.height
            if left is not None:
                block = block.head(left)
                left -= block.height
            if predicate is not None:
                block = block.filter(predicate)
            yield block if names is None else block.select(names)
            if left == 0:
                return

    register = library("polars.io.plugins", "frames").register_io_source
    return register(blocks, schema=schema_of(columns))


def _batches(frame: LazyFrame) -> Iterator[DataFrame]:
    """
    Read a lazy frame some blocks at a time.

    A Parquet file is read slice by slice: of a stream Polars would read a gigabyte or two ahead.
    """
    plan = frame.explain().lstrip()
    if not plan.startswith("Parquet SCAN") or "SELECTION" in plan:
        yield from frame.collect_batches(chunk_size=BLOCK, maintain_order=True)
        return
    begin = 0
    while (table := frame.slice(begin, BLOCK).collect(engine="in-memory")).height:
        yield table
        begin += table.height


def notices_of(
    names: Sequence[str], present: Collection[int], beside: Collection[str] = ()
) -> tuple[Finding, ...]:
    """
    Say what is odd in columns of these names; *present* are the numbers of the forms that the rows
    are on, *beside* columns that are known to be none of the form.
    """
    own = [*map(dotted, names)]
    known = {*VERDICT, *beside}
    shapes = [form for number, form in enumerate(forms()) if number in present]
    cells = (cell for form in shapes for cell in form.cells)
    return (
        *extra((name for name in own if name not in known), stored_types()),
        *absent(cells, frozenset(own), spoken("place.table")),
    )


def _forms_of(frame: LazyFrame) -> frozenset[int]:
    """Return the numbers of the forms that the rows of a lazy frame are on."""
    polars = library("polars", "frames")
    names = frame.collect_schema().names()
    keys = frame.select(name for name in names if dotted(name) in KEY)
    try:
        shapes = shapes_of(with_dots(keys.unique().collect(engine="streaming")))
    except (polars.exceptions.PolarsError, OSError) as error:
        raise unreadable_frame(str(error)) from error
    return frozenset(shapes["form"].drop_nulls())


def _checked(
    table: DataFrame, options: Options, first: int = 0, beside: Collection[str] = ()
) -> FrameCheck[DataFrame]:
    """
    Check a frame in memory; *first* is the number of its first row, *beside* are columns that are
    known to be none of the form.
    """
    findings, verdicts, present = check_table(table, options, first)
    columns = _Columns(tuple(table.columns), present, frozenset(beside))
    return FrameCheck(findings, verdicts, columns)


def check_table(
    table: DataFrame, options: Options, first: int = 0
) -> tuple[DataFrame, DataFrame, frozenset[int]]:
    """
    Check a frame in memory block by block, and return findings, verdicts, and the numbers of the
    forms that its rows are on; *first* is the number of its first row.

    Raises: Incompatible.
    """
    polars = library("polars", "frames")
    check_figures(table)
    findings = [polars.DataFrame(schema=schema_of(FINDINGS))]
    verdicts = [polars.DataFrame(schema=schema_of(VERDICTS))]
    present = set[int]()
    for begin in range(0, table.height, BLOCK):
        block = FrameBlock(table.slice(begin, BLOCK), first + begin, options)
        findings.append(block.findings())
        verdicts.append(block.verdicts())
        present.update(block.present)
    return polars.concat(findings), polars.concat(verdicts), frozenset(present)


def check_figures(table: DataFrame) -> None:
    """
    Make sure that a frame has one row a report, and a column of figures.

    Raises: Incompatible.
    """
    check_columns(table.schema, forms_by_cell())


def looked_at() -> tuple[str, ...]:
    """Return the names of the columns that are looked at."""
    return (FILE, *KEY, *forms_by_cell())


def row_faults(table: DataFrame) -> Sequence[Finding]:
    """
    Return the faults of the only row of a frame that is no report, as a report with these columns
    is refused.
    """
    names = [name for name in table.columns if name in (*KEY, *forms_by_cell())]
    columns = [simplified(table[name], stored_types()[name]) for name in names]
    readers = [reader_of(column, stored_types()[column.name]) for column in columns]
    row = [
        read(column.item()) if read else column.item()
        for read, column in zip(readers, columns, strict=True)
    ]
    try:
        key_reader(tuple(names)).report((*row, FIRST_YEAR, "-"))
    except InvalidReport as error:
        return error.findings
    return ()
