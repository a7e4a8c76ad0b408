"""
The equations of the form over whole data frames: ``check_frame``, ``check_batch``.

The equations of all Forms become expressions of Polars, those that Forms share once. A frame is
checked block by block. In a block every difference is one column; what is not 0 and what is blank
is then looked up by its places alone, so that a frame costs little more than its additions.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, TypeVar, overload

import attrs

from govinfo_schema.bulk.columns import (
    are_amounts,
    check_columns,
    is_hashed,
    reader_of,
    schema_of,
    simplified,
    table_of,
    unreadable_frame,
    whole_numbers,
    with_dots,
)
from govinfo_schema.bulk.frames import FINDINGS as ALL_FINDINGS
from govinfo_schema.bulk.frames import VERDICT
from govinfo_schema.checks.entries import Inequality, inequalities
from govinfo_schema.checks.one_report import Blanks, check_blanks
from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library
from govinfo_schema.errors import Incompatible, InvalidReport
from govinfo_schema.findings import Equation, Finding
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import SHAPE, forms
from govinfo_schema.messages import spoken
from govinfo_schema.report.access import form_of
from govinfo_schema.report.record import RowReader, Type
from govinfo_schema.report.values import FIRST_YEAR, MAX_COUNT
from govinfo_schema.tables.parquet import arrow_schema
from govinfo_schema.tables.rows import FILE, absent, dotted, extra, stored_types

if TYPE_CHECKING:
    from govinfo_schema.bulk.columns import DataFrame, Expr, LazyFrame, Series

BLOCK: Final = 131_072
"""So many reports are added up at once: fewer cost more calls, more cost more memory."""
FINDINGS: Final[Mapping[str, Type | tuple[Type]]] = {
    name: "whole" if name in ("left", "right", "difference") else ALL_FINDINGS[name]
    for name in ("report", FILE, "rule", "equation", "left", "right", "difference", "blanks")
}
"""The columns of ``FrameCheck.findings``; of a type in brackets a value is a list."""
VERDICTS: Final[Mapping[str, Type]] = {
    "report": "whole",
    FILE: "text",
    "edition": "text",
    "verdict": "text",
    "held": "whole",
    "broken": "whole",
    "unknown": "whole",
}
"""The columns of ``FrameCheck.verdicts``."""
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


# ---- what is checked ----------------------------------------------------------------------------


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
        if name in {*FINDINGS, *VERDICTS} - {FILE, *_KEY}:
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


@attrs.frozen
class Options:
    """How a frame is checked."""

    blanks: Blanks
    plausible: bool = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_blanks(self.blanks)


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
    check_columns(schema, _homes())
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
    keys = frame.select(name for name in names if dotted(name) in _KEY)
    try:
        shapes = _shapes_of(with_dots(keys.unique().collect(engine="streaming")))
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
        block = _Block(table.slice(begin, BLOCK), first + begin, options)
        findings.append(block.findings())
        verdicts.append(block.verdicts())
        present.update(block.present)
    return polars.concat(findings), polars.concat(verdicts), frozenset(present)


def check_figures(table: DataFrame) -> None:
    """
    Make sure that a frame has one row a report, and a column of figures.

    Raises: Incompatible.
    """
    check_columns(table.schema, _homes())


def looked_at() -> tuple[str, ...]:
    """Return the names of the columns that are looked at."""
    return (FILE, *_KEY, *_homes())


def row_faults(table: DataFrame) -> Sequence[Finding]:
    """
    Return the faults of the only row of a frame that is no report, as a report with these columns
    is refused.
    """
    names = [name for name in table.columns if name in (*_KEY, *_homes())]
    columns = [simplified(table[name], stored_types()[name]) for name in names]
    readers = [reader_of(column, stored_types()[column.name]) for column in columns]
    row = [
        read(column.item()) if read else column.item()
        for read, column in zip(readers, columns, strict=True)
    ]
    try:
        _key_reader(tuple(names)).report((*row, FIRST_YEAR, "-"))
    except InvalidReport as error:
        return error.findings
    return ()


# ---- the sums of all forms ----------------------------------------------------------------------

_KEY: Final = ("edition", SHAPE)
"""The columns that say which form a row is on."""


@attrs.frozen
class _Sum:
    """
    An equation or an inequality, with the place that it has in each form, by the form's number.

    *is_equation*: whether left and right should be equal; otherwise left should not be less.
    """

    rule: str
    equation: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    is_equation: bool
    places: dict[int, int] = attrs.field(factory=dict, eq=False)


def differences(figures: DataFrame, sums: Iterable[Equation | _Sum]) -> DataFrame:
    """
    Return left − right of each sum as a column, named by its number, of columns of whole numbers.

    Blank: null where a cell is.
    """
    polars = library("polars", "frames")
    columns = (
        reduce(
            operator.sub,
            map(polars.col, each.right),
            reduce(operator.add, map(polars.col, each.left)),
        )
        for each in sums
    )
    # Lazily, so that what several sums begin with is added up once.
    made: DataFrame = (
        figures.lazy()
        .select(each.alias(str(number)) for number, each in enumerate(columns))
        .collect(engine="in-memory")
    )
    return made


@once
def _sums() -> tuple[_Sum, ...]:
    """Return the sums of all forms, those that several have in common once."""
    sums: dict[_Sum, _Sum] = {}
    for number, of in enumerate(forms()):
        own = (*map(_equation, of.equations), *map(_inequality, inequalities(of)))
        for place, each in enumerate(own):
            sums.setdefault(each, each).places[number] = place
    return tuple(sums)


def _equation(each: Equation) -> _Sum:
    return _Sum(each.rule.code, equation_name(each), each.left, each.right, is_equation=True)


def _inequality(each: Inequality) -> _Sum:
    """Put what an inequality takes off on the right; if that is nothing, the left names it."""
    terms = each.coefficients
    left, right = (tuple(cell for cell in terms if terms[cell] == sign) for sign in (1, -1))
    return _Sum(each.rule.code, " + ".join(right or left), left, right, is_equation=False)


@once
def _kinds() -> Mapping[str, str]:
    """Give the kind of each figure that is a count, in the order of a table's columns."""
    cells = {cell.id: cell.kind for of in forms() for cell in of.cells.values()}
    return {name: cells[name] for name in stored_types() if cells.get(name, "amount") != "amount"}


@once
def _homes() -> Mapping[str, frozenset[int]]:
    """Give the numbers of the forms that have a cell, in the order of a table's columns."""
    homes = {
        name: frozenset(number for number, of in enumerate(forms()) if name in of.cells)
        for name in stored_types()
    }
    return {name: own for name, own in homes.items() if own}


@once
def _amounts() -> tuple[str, ...]:
    """Give the figures that are amounts."""
    return tuple(cell for cell in _homes() if cell not in _kinds())


@once
def _equation_cells() -> frozenset[str]:
    """Give the cells of all equations."""
    return frozenset(
        cell for each in _sums() if each.is_equation for cell in (*each.left, *each.right)
    )


@once
def _places() -> Series:
    """Tabulate the place of each sum in each form, null where the form does not have it."""
    polars = library("polars", "frames")
    places = [each.places.get(number) for number, _ in enumerate(forms()) for each in _sums()]
    series: Series = polars.Series(places, dtype=polars.Int64)
    return series


@once
def _members() -> DataFrame:
    """
    Tabulate which cells stand in which equations: *key* is the form and the cell, *at* the place of
    the equation in the form, *order* that and the place of the cell in the equation.
    """
    polars = library("polars", "frames")
    numbers = {cell: number for number, cell in enumerate(_kinds())}
    rows = [
        (form * _WIDTH + numbers[cell], number, at, at * _WIDTH + place)
        for number, each in enumerate(_sums())
        if each.is_equation
        for form, at in each.places.items()
        for place, cell in enumerate((*each.left, *each.right))
    ]
    frame: DataFrame = polars.DataFrame(rows, ["key", "sum", "at", "order"], orient="row")
    return frame


_WIDTH: Final = 1024
"""More than there are cells, equations, or columns: two small numbers make one."""


# ---- one block ----------------------------------------------------------------------------------

_FAULTS: Final[Mapping[str, Type]] = {
    "row": "whole",
    "at": "whole",
    "rule": "text",
    "equation": "text",
}
"""The columns of a frame of faults: of which row, and in which order within the row."""


@attrs.frozen(slots=False, eq=False)
class _Block:
    """
    Some rows of a frame; *begin* is the number of the first.

    A frame of pairs has a row for each *row* of the block and *sum* that are told of, and *at*, the
    place of the sum in its form.
    """

    table: DataFrame
    begin: int
    options: Options

    def findings(self) -> DataFrame:
        """Return the findings of the block."""
        polars = library("polars", "frames")
        col, lit = polars.col, polars.lit
        sums, faults = self._broken, self._faults
        if self.options.blanks == "unknown":
            sums = polars.concat([sums, self._blank], how="diagonal")
        else:
            sums = sums.join(self._blank.drop("sum"), on=["row", "at"], how="left")
        names = polars.DataFrame([(each.rule, each.equation) for each in _sums()], orient="row")
        rule, equation = (lit(each).gather(col("sum")) for each in names)
        sums = sums.with_columns(rule=rule, equation=equation)
        if faults.height:
            sums = sums.join(faults, on="row", how="anti")
            sums = polars.concat([sums, faults], how="diagonal")
        findings: DataFrame = (
            sums.sort(col("row") * _WIDTH + col("at"))
            .with_columns(
                lit(self._numbers).gather(col("row")).alias("report"),
                lit(self._files).gather(col("row")).alias(FILE),
                col("blanks").fill_null(lit([], dtype=polars.List(polars.String))),
            )
            .select(*FINDINGS)
            .cast(schema_of(FINDINGS))
        )
        return findings

    def verdicts(self) -> DataFrame:
        """Return the verdicts of the block."""
        polars = library("polars", "frames")
        col, lit, when = polars.col, polars.lit, polars.when
        equations = [number for number, each in enumerate(_sums()) if each.is_equation]
        sizes = polars.Series([len(of.equations) for of in forms()], dtype=polars.Int64)
        counted = self._shapes.select(
            edition="named",
            form=when(~self._counted(self._faults).cast(polars.Boolean)).then("form"),
            report=self._numbers,
            file=self._files,
            broken=self._counted(self._broken.filter(col("sum").is_in(equations))),
            unknown=self._counted(self._blank if self.options.blanks == "unknown" else None),
        )
        valid = col("form").is_not_null()
        verdict = (
            when(~valid)
            .then(lit("invalid"))
            .when(col("broken") > 0)
            .then(lit("broken"))
            .when(col("unknown") > 0)
            .then(lit("unknown"))
            .otherwise(lit("held"))
        )
        verdicts: DataFrame = (
            counted.with_columns(
                verdict=verdict,
                held=lit(sizes).gather(col("form")) - col("broken") - col("unknown"),
                broken=when(valid).then("broken"),
                unknown=when(valid).then("unknown"),
            )
            .select(*VERDICTS)
            .cast(schema_of(VERDICTS))
        )
        return verdicts

    def _counted(self, rows: DataFrame | None) -> Series:
        """Count for each row of the block how often it stands in a frame."""
        polars = library("polars", "frames")
        counts: Series = polars.zeros(self.table.height, dtype=polars.Int64, eager=True)
        if rows is None or not rows.height:
            return counts
        groups = rows.group_by("row").len()
        counts.scatter(groups["row"], groups["len"])
        return counts

    @cached_property
    def _numbers(self) -> Series:
        """The numbers of the reports."""
        polars = library("polars", "frames")
        end = self.begin + self.table.height
        numbers: Series = polars.int_range(self.begin, end, dtype=polars.Int64, eager=True)
        return numbers

    @cached_property
    def _files(self) -> Series:
        """The files of the reports."""
        polars = library("polars", "frames")
        none: Series = polars.Series([None], dtype=polars.String)
        if FILE not in self.table.columns:
            return none.new_from_index(0, self.table.height)
        files = simplified(self.table[FILE], "text").cast(polars.String)
        return files.zip_with(files != "", none)

    @cached_property
    def _shapes(self) -> DataFrame:
        """
        The number of the *form* of each row and how its edition is *named*; where it has no form,
        *rule* and *equation* say why.
        """
        keys = [name for name in _KEY if name in self.table.columns]
        own = self.table.select(keys)
        if not all(map(is_hashed, own)):
            return _shapes_of(own).select(_SHAPES)
        distinct = own.unique()
        shapes = distinct.hstack(_shapes_of(distinct))
        if distinct.height == 1:
            return shapes.select(_SHAPES).select(
                shapes[name].new_from_index(0, own.height) for name in _SHAPES
            )
        shapes = own.join(shapes, on=keys, how="left", nulls_equal=True, maintain_order="left")
        return shapes.select(_SHAPES)

    @cached_property
    def present(self) -> tuple[int, ...]:
        """The numbers of the forms that rows are on."""
        return tuple(sorted(self._shapes["form"].drop_nulls().unique()))

    @cached_property
    def _on(self) -> Mapping[frozenset[int], Series]:
        """Which rows are on one of some forms, for the forms that have a cell."""
        form = self._shapes["form"]
        return {own: form.is_in([*own]) for own in set(_homes().values())}

    @cached_property
    def _sums(self) -> Sequence[tuple[int, _Sum]]:
        """The sums of these forms that are asked for, with their numbers."""
        return [
            (number, each)
            for number, each in enumerate(_sums())
            if not each.places.keys().isdisjoint(self.present)
            and (each.is_equation or self.options.plausible)
        ]

    # The figures as whole numbers, and what is none.

    @cached_property
    def _columns(self) -> tuple[Sequence[Series], Sequence[DataFrame]]:
        """The columns of figures, null where a value is none that a form may hold, and those."""
        columns, faults = [], []
        for name in (name for name in _kinds() if name in self.table.columns):
            column, wrong = whole_numbers(simplified(self.table[name], "whole"))
            columns.append(column)
            faults += [_fault_rows(code, name, rows) for code, rows in wrong.items()]
        return columns, faults

    @cached_property
    def _values(self) -> tuple[DataFrame, Sequence[DataFrame]]:
        """
        The form and the figures of the rows, those without a column null, and what is no figure of
        the form of its row.
        """
        polars = library("polars", "frames")
        form = self._shapes["form"]
        columns, faults = self._columns
        frame, furthest = polars.DataFrame([form, *columns]), 0
        for name, (low, high) in _bounds(frame.drop("form")).items():
            column, wrong = frame[name], {}
            least = -MAX_COUNT if _kinds()[name] == "signed_count" else 0
            if low < least:
                wrong["S-NEGATIVE"] = column < least
            if high > MAX_COUNT:
                wrong["S-MAXIMUM"] = column > MAX_COUNT
            if not _homes()[name].issuperset(self.present):
                wrong["S-UNKNOWN"] = column.is_not_null() & ~self._on[_homes()[name]]
            for code, places in wrong.items():
                rows = places.arg_true()
                if rows.len():
                    faults = [*faults, _fault_rows(code, name, rows)]
                    frame = frame.with_columns(polars.when(~places).then(name))
            furthest = max(furthest, -low, high)
        kind = polars.Int32 if _fits_32_bits(columns, furthest) else polars.Int64
        used = {cell for _, each in self._sums for cell in (*each.left, *each.right)}
        frame = frame.with_columns(
            polars.exclude("form").cast(kind),
            *(polars.lit(None, kind).alias(cell) for cell in used.difference(frame.columns)),
        )
        return frame, faults

    @cached_property
    def _faults(self) -> DataFrame:
        """What makes rows no reports."""
        polars = library("polars", "frames")
        shapes = self._shapes.select("rule", "equation").with_row_index("row")
        shapes = shapes.filter(polars.col("rule").is_not_null()).with_columns(at=0)
        kinds = schema_of(_FAULTS)
        wrong = (shapes, *self._values[1], *self._wrong_amounts())
        frames = [each.select(*_FAULTS).cast(kinds) for each in wrong]
        faults: DataFrame = polars.concat(frames)
        return faults

    def _wrong_amounts(self) -> Iterator[DataFrame]:
        """Yield what is no amount of the form of its row."""
        for name in (name for name in _amounts() if name in self.table.columns):
            column, own = simplified(self.table[name], "amount"), self._on[_homes()[name]]
            codes = None if are_amounts(column) else _amount_codes(column)
            if not _homes()[name].issuperset(self.present):
                given = (column if codes is None else codes).is_not_null()
                yield _fault_rows("S-UNKNOWN", name, (given & ~own).arg_true())
            if codes is not None:
                for code in codes.filter(codes != "").unique():
                    yield _fault_rows(code, name, ((codes == code) & own).arg_true())

    # What is broken, and what is blank.

    @cached_property
    def _filled(self) -> DataFrame:
        """The figures that the equations add up."""
        polars = library("polars", "frames")
        values, _ = self._values
        if self.options.blanks == "unknown":
            return values
        return values.with_columns(
            polars.col(cell).fill_null(0)
            if _homes()[cell].issuperset(self.present)
            else polars.when(self._on[_homes()[cell]]).then(polars.col(cell).fill_null(0))
            for cell in values.columns[1:]
        )

    @cached_property
    def _broken(self) -> DataFrame:
        """The pairs of a row and a sum that does not hold, with both sides and their difference."""
        polars = library("polars", "frames")
        equations = [pair for pair in self._sums if pair[1].is_equation]
        others = [pair for pair in self._sums if not pair[1].is_equation]
        parts = [
            polars.DataFrame(schema=schema_of(_BROKEN)),
            *_failing(self._filled, equations, polars.all().ne(0)),
            *_failing(self._values[0], others, polars.all().lt(0)),
        ]
        pairs = polars.concat(parts).with_columns(
            left=polars.col("right") + polars.col("difference")
        )
        form = self._shapes["form"].gather(pairs["row"])
        at = _places().gather(form * len(_sums()) + pairs["sum"])
        broken: DataFrame = pairs.with_columns(at=at).filter(polars.col("at").is_not_null())
        return broken

    @cached_property
    def _blank(self) -> DataFrame:
        """The pairs of a row and an equation that has blank cells, with these cells as *blanks*."""
        polars = library("polars", "frames")
        values, _ = self._values
        cells = {
            cell: number
            for number, cell in enumerate(_kinds())
            if cell in _equation_cells() and cell in values.columns and values[cell].null_count()
        }
        own = {cell: _homes()[cell] for cell in cells}
        blank = {
            cell: polars.col(cell).is_null()
            if own[cell].issuperset(self.present)
            else polars.col(cell).is_null() & self._on[own[cell]]
            for cell in cells
        }
        places = values.select(each.arg_true().implode() for each in blank.values())
        frames = [polars.DataFrame(schema=dict.fromkeys(("row", "cell"), polars.Int64))]
        for cell, number in cells.items():
            rows = places[cell][0].cast(polars.Int64)
            numbers = polars.Series([number]).new_from_index(0, rows.len())
            frames.append(polars.DataFrame({"row": rows, "cell": numbers}))
        blanks = polars.concat(frames)
        key = self._shapes["form"].gather(blanks["row"]) * _WIDTH + blanks["cell"]
        names = polars.Series(list(_kinds()), dtype=polars.String)
        pair = polars.col("place") // _WIDTH
        pairs: DataFrame = (
            blanks.with_columns(key=key)
            .join(_members(), on="key")
            .select("cell", "sum", place=polars.col("row") * _WIDTH**2 + polars.col("order"))
            .sort("place")
            .select("sum", pair, blanks=polars.lit(names).gather(polars.col("cell")))
            .group_by(polars.col("place").set_sorted(), maintain_order=True)
            .agg("blanks", polars.col("sum").first())
            .select("sum", "blanks", row=pair, at=polars.col("place") % _WIDTH)
        )
        return pairs


_SHAPES: Final = ("form", "named", "rule", "equation")
"""What is known of the shape of a row."""
_BROKEN: Final[Mapping[str, Type]] = dict.fromkeys(("row", "sum", "difference", "right"), "whole")
"""The columns of a frame of sums that do not hold, before its left sides."""


def _failing(
    values: DataFrame, sums: Sequence[tuple[int, _Sum]], fails: Expr
) -> Iterator[DataFrame]:
    """Yield where the differences of sums fail a test."""
    polars = library("polars", "frames")
    made = differences(values, (each for _, each in sums))
    places = made.select(fails.arg_true().implode())
    parts: list[tuple[Series, ...]] = []
    for (number, each), difference, place in zip(sums, made, places, strict=True):
        rows = place.item()
        if rows.len():
            numbers = polars.Series([number, 0]).new_from_index(0, rows.len())
            right = (values[cell].gather(rows) for cell in each.right)
            parts.append(
                (rows, numbers, difference.gather(rows), reduce(operator.add, right, numbers * 0))
            )
    if parts:
        columns = map(polars.concat, zip(*parts, strict=True))
        yield polars.DataFrame(
            [column.cast(polars.Int64) for column in columns], schema=list(_BROKEN)
        )


def _shapes_of(keys: DataFrame) -> DataFrame:
    """Tell the form of rows by the columns that say it, as a report with them is read."""
    polars = library("polars", "frames")
    columns = [simplified(column, stored_types()[column.name]) for column in keys]
    readers = [reader_of(column, stored_types()[column.name]) for column in columns]
    values = zip(
        *(
            [read(value) for value in column.to_list()] if read else column.to_list()
            for read, column in zip(readers, columns, strict=True)
        ),
        strict=True,
    )
    reader = _key_reader(tuple(keys.columns))
    rows = [(*_shape_of(reader, row), None if row[0] is None else str(row[0])) for row in values]
    types = (polars.Int64, polars.String, polars.String, polars.String)
    shapes: DataFrame = polars.DataFrame(
        rows,
        dict(zip(("form", "rule", "equation", "named"), types, strict=True)),
        orient="row",
    )
    return shapes


@once
def _key_reader(names: tuple[str, ...]) -> RowReader:
    return RowReader((*names, "year", "body.name"))


def _shape_of(reader: RowReader, key: Sequence[Any]) -> tuple[int | None, str | None, str | None]:
    """Return the number of a form, or the code and the column of what tells of none."""
    try:
        report = reader.report((*key, FIRST_YEAR, "-"))
    except InvalidReport as error:
        fault = error.findings[0]
        # What no JSON holds has no cell: only an edition that is NaN or infinite gets as far.
        return None, fault.code, fault.cells[0] if fault.cells else _KEY[0]
    return list(forms()).index(form_of(report)), None, None


def _amount_codes(column: Series) -> Series:
    """Return for each value the code of what makes it no amount: "" for none, null for a blank."""
    polars = library("polars", "frames")
    reader, read = _amount_readers()[column.name], reader_of(column, "amount")
    edition = tuple(forms())[min(_homes()[column.name])].name

    def code(value: Any) -> str | None:
        number = read(value) if read else value
        try:
            reader.report((edition, FIRST_YEAR, "-", number))
        except InvalidReport as error:
            return error.findings[0].code
        return None if number is None else ""

    distinct = column.unique() if is_hashed(column) else column
    codes: Series = polars.Series(
        [code(value) for value in distinct.to_list()], dtype=polars.String
    )
    if distinct is column:
        return codes
    table = polars.DataFrame({"value": distinct, "code": codes})
    values = polars.DataFrame({"value": column})
    found: DataFrame = values.join(
        table, on="value", how="left", nulls_equal=True, maintain_order="left"
    )
    return found["code"]


@once
def _amount_readers() -> Mapping[str, RowReader]:
    return {name: RowReader(("edition", "year", "body.name", name)) for name in _amounts()}


def _fault_rows(code: str, name: str, rows: Series) -> DataFrame:
    """Say that some rows hold in a column what no report holds."""
    polars = library("polars", "frames")
    faults: DataFrame = polars.DataFrame({"row": rows}).with_columns(
        at=polars.lit(list(_homes()).index(name)), rule=polars.lit(code), equation=polars.lit(name)
    )
    return faults


def _bounds(figures: DataFrame) -> Mapping[str, tuple[int, int]]:
    """
    Return the lowest and the highest value of each column of figures that has one.

    Of columns of 64 bits the lowest is looked for only where one is negative: as numbers without a
    sign the negative ones are the highest, so that one pass finds them.
    """
    polars = library("polars", "frames")
    if not figures.width:
        return {}
    highs = figures.select(
        polars.col(polars.Int64).reinterpret(signed=False).max(),
        polars.exclude(polars.Int64).max(),
    ).select(figures.columns)
    bounds: dict[str, tuple[Any, Any]] = {}
    for column, high in zip(figures, highs.row(0), strict=True):
        if high is not None:
            signed = high >= 2**63 or column.dtype in (polars.Int8, polars.Int16, polars.Int32)
            bounds[column.name] = (column.min(), column.max()) if signed else (0, high)
    return bounds


def _fits_32_bits(columns: Sequence[Series], furthest: int) -> bool:
    """Whether columns of figures, none *furthest* from 0 than that, add up within 32 bits."""
    polars = library("polars", "frames")
    longest = max(len(each.left) + len(each.right) for each in _sums())
    small = {polars.Int8, polars.Int16, polars.Int32, polars.UInt8, polars.UInt16, polars.UInt32}
    return small.issuperset(column.dtype for column in columns) and furthest * longest < 2**31
