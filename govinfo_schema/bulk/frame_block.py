"""
One block of a data frame: every difference is one column, and what is not 0 and what is blank is
then looked up by its places alone.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any, Final

import attrs

from govinfo_schema.bulk.columns import (
    are_amounts,
    is_hashed,
    reader_of,
    schema_of,
    simplified,
    whole_numbers,
)
from govinfo_schema.bulk.frames import FINDINGS as ALL_FINDINGS
from govinfo_schema.bulk.sums import (
    KEY,
    WIDTH,
    Sum,
    all_sums,
    amount_cells,
    cells_of_sums,
    differences,
    equation_cells,
    forms_by_cell,
    kinds_of_counts,
    places_of_sums,
)
from govinfo_schema.checks.one_report import Blanks, check_blanks
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library
from govinfo_schema.errors import InvalidReport
from govinfo_schema.form.forms import forms
from govinfo_schema.report.access import form_of
from govinfo_schema.report.record import RowReader, Type
from govinfo_schema.report.values import FIRST_YEAR, MAX_COUNT
from govinfo_schema.tables.rows import FILE, stored_types

if TYPE_CHECKING:
    from govinfo_schema.bulk.columns import DataFrame, Expr, Series

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


@attrs.frozen
class Options:
    """How a frame is checked."""

    blanks: Blanks
    plausible: bool = attrs.field(kw_only=True)

    def __attrs_post_init__(self) -> None:
        check_blanks(self.blanks)


_FAULTS: Final[Mapping[str, Type]] = {
    "row": "whole",
    "at": "whole",
    "rule": "text",
    "equation": "text",
}
"""The columns of a frame of faults: of which row, and in which order within the row."""


@attrs.frozen(slots=False, eq=False)
class FrameBlock:
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
        names = polars.DataFrame([(each.rule, each.equation) for each in all_sums()], orient="row")
        rule, equation = (lit(each).gather(col("sum")) for each in names)
        sums = sums.with_columns(rule=rule, equation=equation)
        if faults.height:
            sums = sums.join(faults, on="row", how="anti")
            sums = polars.concat([sums, faults], how="diagonal")
        findings: DataFrame = (
            sums.sort(col("row") * WIDTH + col("at"))
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
        equations = [number for number, each in enumerate(all_sums()) if each.is_equation]
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
        keys = [name for name in KEY if name in self.table.columns]
        own = self.table.select(keys)
        if not all(map(is_hashed, own)):
            return shapes_of(own).select(_SHAPES)
        distinct = own.unique()
        shapes = distinct.hstack(shapes_of(distinct))
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
        return {own: form.is_in([*own]) for own in set(forms_by_cell().values())}

    @cached_property
    def _sums(self) -> Sequence[tuple[int, Sum]]:
        """The sums of these forms that are asked for, with their numbers."""
        return [
            (number, each)
            for number, each in enumerate(all_sums())
            if not each.places.keys().isdisjoint(self.present)
            and (each.is_equation or self.options.plausible)
        ]

    # The figures as whole numbers, and what is none.

    @cached_property
    def _columns(self) -> tuple[Sequence[Series], Sequence[DataFrame]]:
        """The columns of figures, null where a value is none that a form may hold, and those."""
        columns, faults = [], []
        for name in (name for name in kinds_of_counts() if name in self.table.columns):
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
            least = -MAX_COUNT if kinds_of_counts()[name] == "signed_count" else 0
            if low < least:
                wrong["S-NEGATIVE"] = column < least
            if high > MAX_COUNT:
                wrong["S-MAXIMUM"] = column > MAX_COUNT
            if not forms_by_cell()[name].issuperset(self.present):
                wrong["S-UNKNOWN"] = column.is_not_null() & ~self._on[forms_by_cell()[name]]
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
        for name in (name for name in amount_cells() if name in self.table.columns):
            column, own = simplified(self.table[name], "amount"), self._on[forms_by_cell()[name]]
            codes = None if are_amounts(column) else _amount_codes(column)
            if not forms_by_cell()[name].issuperset(self.present):
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
            if forms_by_cell()[cell].issuperset(self.present)
            else polars.when(self._on[forms_by_cell()[cell]]).then(polars.col(cell).fill_null(0))
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
        at = places_of_sums().gather(form * len(all_sums()) + pairs["sum"])
        broken: DataFrame = pairs.with_columns(at=at).filter(polars.col("at").is_not_null())
        return broken

    @cached_property
    def _blank(self) -> DataFrame:
        """The pairs of a row and an equation that has blank cells, with these cells as *blanks*."""
        polars = library("polars", "frames")
        values, _ = self._values
        cells = {
            cell: number
            for number, cell in enumerate(kinds_of_counts())
            if cell in equation_cells() and cell in values.columns and values[cell].null_count()
        }
        own = {cell: forms_by_cell()[cell] for cell in cells}
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
        key = self._shapes["form"].gather(blanks["row"]) * WIDTH + blanks["cell"]
        names = polars.Series(list(kinds_of_counts()), dtype=polars.String)
        pair = polars.col("place") // WIDTH
        pairs: DataFrame = (
            blanks.with_columns(key=key)
            .join(cells_of_sums(), on="key")
            .select("cell", "sum", place=polars.col("row") * WIDTH**2 + polars.col("order"))
            .sort("place")
            .select("sum", pair, blanks=polars.lit(names).gather(polars.col("cell")))
            .group_by(polars.col("place").set_sorted(), maintain_order=True)
            .agg("blanks", polars.col("sum").first())
            .select("sum", "blanks", row=pair, at=polars.col("place") % WIDTH)
        )
        return pairs


_SHAPES: Final = ("form", "named", "rule", "equation")
"""What is known of the shape of a row."""
_BROKEN: Final[Mapping[str, Type]] = dict.fromkeys(("row", "sum", "difference", "right"), "whole")
"""The columns of a frame of sums that do not hold, before its left sides."""


def _failing(
    values: DataFrame, sums: Sequence[tuple[int, Sum]], fails: Expr
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


def shapes_of(keys: DataFrame) -> DataFrame:
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
    reader = key_reader(tuple(keys.columns))
    rows = [(*_shape_of(reader, row), None if row[0] is None else str(row[0])) for row in values]
    types = (polars.Int64, polars.String, polars.String, polars.String)
    shapes: DataFrame = polars.DataFrame(
        rows,
        dict(zip(("form", "rule", "equation", "named"), types, strict=True)),
        orient="row",
    )
    return shapes


@once
def key_reader(names: tuple[str, ...]) -> RowReader:
    """Give a reader of rows with these columns, a year and the name of a body."""
    return RowReader((*names, "year", "body.name"))


def _shape_of(reader: RowReader, key: Sequence[Any]) -> tuple[int | None, str | None, str | None]:
    """Return the number of a form, or the code and the column of what tells of none."""
    try:
        report = reader.report((*key, FIRST_YEAR, "-"))
    except InvalidReport as error:
        fault = error.findings[0]
        # What no JSON holds has no cell: only an edition that is NaN or infinite gets as far.
        return None, fault.code, fault.cells[0] if fault.cells else KEY[0]
    return list(forms()).index(form_of(report)), None, None


def _amount_codes(column: Series) -> Series:
    """Return for each value the code of what makes it no amount: "" for none, null for a blank."""
    polars = library("polars", "frames")
    reader, read = _amount_readers()[column.name], reader_of(column, "amount")
    edition = tuple(forms())[min(forms_by_cell()[column.name])].name

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
    return {name: RowReader(("edition", "year", "body.name", name)) for name in amount_cells()}


def _fault_rows(code: str, name: str, rows: Series) -> DataFrame:
    """Say that some rows hold in a column what no report holds."""
    polars = library("polars", "frames")
    faults: DataFrame = polars.DataFrame({"row": rows}).with_columns(
        at=polars.lit(list(forms_by_cell()).index(name)),
        rule=polars.lit(code),
        equation=polars.lit(name),
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
    longest = max(len(each.left) + len(each.right) for each in all_sums())
    small = {polars.Int8, polars.Int16, polars.Int32, polars.UInt8, polars.UInt16, polars.UInt32}
    return small.issuperset(column.dtype for column in columns) and furthest * longest < 2**31
