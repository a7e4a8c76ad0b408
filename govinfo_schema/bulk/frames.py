"""
Reports as data frames of Polars, and back: ``to_frame``, ``from_frame``, ``findings_frame``.

A frame has the columns of the stored tables (``tables.rows.stored_columns``), one row a report. Any
frame with the Arrow C stream is read: Polars, pandas, pyarrow, DuckDB. What a column holds is
brought to the types of a report here; what a row means is decided where tables are read.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final

from govinfo_schema.bulk.columns import (
    DIGITS,
    TEXTS,
    frame_types,
    is_plain,
    reader_of,
    simplified,
    table_of,
    unreadable_frame,
)
from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.checks.one_report import check
from govinfo_schema.data.classes import is_a
from govinfo_schema.documents.formats import library
from govinfo_schema.documents.recognise.reading import Reading
from govinfo_schema.errors import Incompatible
from govinfo_schema.files import Readings
from govinfo_schema.findings import Finding
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import Form, forms
from govinfo_schema.messages import spoken
from govinfo_schema.report.given import several
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import Rounded, RowReader, Type, settled, to_row
from govinfo_schema.tables.csv.tidy import TIDY, is_tidy, tidy_reports
from govinfo_schema.tables.parquet import DECIMALS
from govinfo_schema.tables.rows import (
    FILE,
    Item,
    extra,
    read_rows,
    stored_types,
    taken_apart,
    with_absent,
)

if TYPE_CHECKING:
    from govinfo_schema.bulk.columns import DataFrame, Series

BATCH: Final = 4096
"""So many reports are between two forms at once."""
VERDICT: Final = ("held", "broken", "unknown", "doubts")
"""The columns that ``to_frame`` adds for the verdict, and ``from_frame`` passes over."""
_LABELS: Final = {"zh": "label_zh", "en": "label_en"}
"""What two columns of the tidy shape are called in a frame."""
_NEAR: Final = 256
"""So many reports are turned from rows into columns at once: they fit into a processor's cache."""


# ---- from reports to frames ---------------------------------------------------------------------


def to_frame(
    reports: Iterable[Report | Reading], *, tidy: bool = False, verdict: bool = False
) -> DataFrame:
    """
    Return reports as a data frame of Polars: one row a report, one column a cell, with its id.

    Shape: first the column ``file`` (the file that a ``Reading`` was read from), then the fields of
    a report, then the figures of all editions. Counts are Int64, amounts Decimal, dates Date, flags
    Boolean, all else String; notes are JSON text. *verdict* adds how many equations ``held``, are
    ``broken`` and ``unknown``, and ``doubts``, the findings of a reading that are more than
    information. *tidy* makes one row a figure instead: ``report`` (its number), ``file``, ``body``,
    ``year``, ``edition``, ``cell``, ``label_zh``, ``label_en``, ``unit``, ``value``.
    Blank: null, as is what an edition does not have; a tidy frame has no row for that.
    Raises: MissingLibrary without polars; TypeError for what is no report; ValueError for both
    *tidy* and *verdict*; Incompatible if an amount has more digits than a column holds.

    >>> import govinfo_schema as gs
    >>> frame = gs.to_frame([gs.generate(1), gs.generate(2, "2019")], verdict=True)
    >>> frame.select("edition", "applications.received.total", "held", "broken").rows()
    [('2021', 266, 42, 0), ('2019', 0, 40, 0)]
    """
    if tidy and verdict:
        raise ValueError("to_frame makes either tidy=True or verdict=True; a figure has no verdict")
    polars = library("polars", "frames")
    waiting, blocks = several(reports, "to_frame"), [_block((), verdict=verdict)]
    while items := tuple(islice(waiting, BATCH)):
        blocks.append(_block(items, verdict=verdict))
    dtypes = zip(*(block.dtypes for block in blocks), strict=True)
    differing = [
        name for name, own in zip(blocks[0].columns, dtypes, strict=True) if len({*own}) > 1
    ]
    with _exact_amounts(", ".join(differing)):
        frame: DataFrame = polars.concat(blocks, how="vertical_relaxed")
    with _exact_amounts("value"):
        return _tidy(frame) if tidy else frame


@contextmanager
def _exact_amounts(column: str) -> Iterator[None]:
    """
    Say which *column* is to hold amounts that together have more digits than one holds.

    Raises: Incompatible.
    """
    polars = library("polars", "frames")
    try:
        yield
    except polars.exceptions.InvalidOperationError as error:
        raise Incompatible(spoken("amount_digits", column=column, digits=DIGITS)) from error


def _block(items: Sequence[Item], *, verdict: bool) -> DataFrame:
    """Make the frame of some reports; without any its columns are empty."""
    polars = library("polars", "frames")
    kinds: dict[str, Type] = {**stored_types()}
    kinds |= dict.fromkeys(VERDICT if verdict else (), "whole")
    columns: tuple[list[Any], ...] = tuple([] for _ in kinds)
    for begin in range(0, len(items), _NEAR):
        near = items[begin : begin + _NEAR]
        reports, files = zip(*map(taken_apart, near), strict=True)
        columns[0].extend(files)
        parts = [zip(*map(to_row, reports), strict=True)]
        parts += [zip(*map(_verdict, near), strict=True)] if verdict else []
        for column, values in zip(columns[1:], chain(*parts), strict=True):
            column.extend(values)
    named = zip(kinds.items(), columns, strict=True)
    block: DataFrame = polars.DataFrame(
        [_series(name, values, kind) for (name, kind), values in named]
    )
    return block


def _verdict(item: Item) -> tuple[int | None, ...]:
    """Count the equations of a report by their answers, and the doubts of a reading."""
    assessment = check(taken_apart(item)[0])
    findings = getattr(item, "findings", None)
    doubts = None if findings is None else sum(each.level != "info" for each in findings)
    return assessment.held, len(assessment.broken), len(assessment.unknown), doubts


def _series(name: str, values: Sequence[Any], kind: Type) -> Series:
    """
    Make a column. One of amounts has as many decimals as keep each of them exactly, at least those
    of a stored table.

    Raises: Incompatible where no column can hold them.
    """
    polars = library("polars", "frames")
    dtype = frame_types()[kind]
    if kind == "amount":
        amounts = [value for value in values if value is not None]
        scale = max((decimals_of(value) for value in amounts), default=0)
        if scale > DECIMALS:
            widest = max(Decimal(value).adjusted() for value in amounts if value)
            if scale > DIGITS or widest + scale >= DIGITS:
                raise Incompatible(spoken("amount_digits", column=name, digits=DIGITS))
            dtype = polars.Decimal(DIGITS, scale)
    series: Series = polars.Series(name, values, dtype=dtype)
    return series


def decimals_of(value: Any) -> int:
    """Return how many decimals an amount has."""
    return max(0, -value.as_tuple().exponent) if is_a(value, Decimal) else 0


def _tidy(frame: DataFrame) -> DataFrame:
    """Turn a frame of reports into one row a figure, in printed order."""
    polars = library("polars", "frames")
    numbered = frame.with_row_index("report", offset=1).rename({"body.name": "body"})
    scales = [each.scale for each in frame.dtypes if isinstance(each, polars.Decimal)]
    exact = polars.Decimal(DIGITS, max(scales))
    parts = []
    for of in forms():
        own = numbered.filter([polars.col(name) == value for name, value in of.key.items()])
        units = {
            cell.id: cell.column.unit_field.id
            for cell in of.cells.values()
            if cell.column.unit_field
        }
        head = ("report", FILE, "body", "year", "edition", *units.values())
        figures = own.select(*head, polars.col(*of.cells).cast(exact)).unpivot(
            [*of.cells], index=[*head], variable_name="cell", value_name="value"
        )
        unit = polars.col("unit")
        for cell, field in units.items():
            unit = polars.when(polars.col("cell") == cell).then(polars.col(field)).otherwise(unit)
        joined = figures.join(_labels(of), on="cell", maintain_order="left")
        parts.append(joined.with_columns(unit.alias("unit")).select(*tidy_types(), "place"))
    whole = polars.concat(parts, how="vertical_relaxed").sort("report", "place")
    kinds = frame_types()
    tidy: DataFrame = whole.select(
        polars.col(name) if kind == "amount" else polars.col(name).cast(kinds[kind])
        for name, kind in tidy_types().items()
    )
    return tidy


def tidy_types() -> Mapping[str, Type]:
    """Give the columns of a tidy frame and their types."""
    return {_LABELS.get(name, name): kind for name, kind in TIDY.items()}


def _labels(of: Form) -> DataFrame:
    """Give place, labels and unit of each cell of a form."""
    polars = library("polars", "frames")
    cells = of.cells.values()
    labels: DataFrame = polars.DataFrame(
        {
            "cell": [cell.id for cell in cells],
            "place": range(len(cells)),
            "label_zh": [cell.zh for cell in cells],
            "label_en": [cell.en for cell in cells],
            "unit": [cell.unit for cell in cells],
        }
    )
    return labels


# ---- from frames to reports ---------------------------------------------------------------------


def from_frame(frame: Any) -> Readings:
    """
    Return the reports of a data frame that has one row a report, or of a tidy one, as readings.

    *frame* is any object with the Arrow C stream (Polars, pandas, pyarrow, DuckDB), or a LazyFrame;
    its columns stand in any order, and the dots of their names may be written as ``__``. A whole
    number may be a float or a decimal (3.0), a code a number, a date a text or a time at midnight;
    texts are read as in a table of text. NaN is blank.
    A float that may have lost digits is a fault of its row (``S-DIGITS``): more than 15 of an
    amount, more than 6 of a Float32 (of which whole numbers are exact below 2^24).
    ``Reading.file`` is the value of the column ``file``.
    Blank: null.
    Returns: Readings. As with ``read_many`` a row that is no report is one of its findings
    (``R-RECORD``), and so are columns that the form does not have (``R-EXTRA``) and figures without
    a column (``R-ABSENT``). The columns of a verdict are passed over.
    Raises: TypeError for what is no frame; Incompatible for a frame without the column
    ``edition``, or that cannot be read; MissingLibrary without polars.

    >>> import govinfo_schema as gs
    >>> frame = gs.to_frame([gs.generate(1), gs.generate(2)])
    >>> gs.from_frame(frame).reports == (gs.generate(1), gs.generate(2))
    True
    """
    table = table_of(frame, "from_frame")
    if "edition" not in table.columns:
        raise Incompatible(spoken("no_edition_column"))
    items = tuple(_tidy_items(table) if is_tidy(table.columns) else _items(table))
    return Readings(
        tuple(_reading(item) for item in items if not isinstance(item, Finding)),
        tuple(item for item in items if isinstance(item, Finding)),
    )


def _reading(item: Item) -> Reading:
    return item if isinstance(item, Reading) else Reading(report=item, sources={}, findings=())


def _items(table: DataFrame) -> Iterator[Item | Finding]:
    """Make reports of the rows of a frame."""
    yield from extra((name for name in table.columns if name not in VERDICT), stored_types())
    columns = [
        simplified(table[name], stored_types()[name])
        for name in table.columns
        if name in stored_types()
    ]
    names = [column.name for column in columns]
    reader = RowReader(names, plain=all(map(is_plain, columns)), beside=(FILE,))
    readers = [reader_of(column, stored_types()[column.name]) for column in columns]

    def rows() -> Iterator[tuple[Any, ...]]:
        for begin in range(0, len(columns[0]), BATCH):
            values = [
                [read(value) for value in part.to_list()] if read else part.to_list()
                for read, part in zip(
                    readers, (each.slice(begin, BATCH) for each in columns), strict=True
                )
            ]
            yield from zip(*values, strict=True)

    yield from with_absent(names, read_rows(reader, rows()))


def _tidy_items(table: DataFrame) -> Iterator[Item | Finding]:
    """Make reports of the rows of a tidy frame, by the texts that a tidy file would hold."""
    polars = library("polars", "frames")
    yield from extra(table.columns, {*TIDY, *tidy_types()})
    kinds = polars.selectors
    wrong = table.select(kinds.nested() | kinds.object())
    if wrong.width:
        raise unreadable_frame(", ".join(wrong.columns))
    floats = [_float_texts(column) for column in table.select(kinds.float())]
    # A decimal is exact: 12.000 is 12, however many digits it has.
    whole = kinds.decimal().cast(polars.String).str.replace(r"\.0+$", "")
    texts = table.with_columns(*floats, whole).select(
        polars.all().cast(polars.String, strict=False).fill_null("")
    )
    records = ((number, row) for number, *row in _gathered(texts).iter_rows())
    yield from tidy_reports(table.columns, records, TEXTS)


def _gathered(texts: DataFrame) -> DataFrame:
    """
    Number the rows of a tidy frame from 1 on, and put those of one report together where they stand
    in another order; not where a cell stands in two of them.
    """
    polars = library("polars", "frames")
    number = "number of the row"
    numbered = texts.with_row_index(number, offset=1)
    key = [name for name in ("report", FILE, "body", "year", "edition") if name in texts.columns]
    if texts.select(*key, "cell").is_duplicated().any():
        return numbered
    return numbered.sort(polars.col(number).min().over(key), maintain_order=True)


def _float_texts(column: Series) -> Series:
    """Return the texts of floats; of one that may have lost digits with an exponent, to refuse."""
    polars = library("polars", "frames")
    size = {polars.Float64: 8, polars.Float32: 4}.get(type(column.dtype), 2)

    def text(value: float | None) -> str | None:
        number = None if value is None or math.isnan(value) else settled(value, size)
        if number is None:
            return None
        is_exact = math.isfinite(number) and not is_a(number, Rounded)
        return f"{Decimal(repr(number)):f}" if is_exact else f"{value:.16e}"

    texts: Series = polars.Series(column.name, map(text, column.to_list()), dtype=polars.String)
    return texts


# ---- findings -----------------------------------------------------------------------------------


FINDINGS: Final[Mapping[str, Type | tuple[Type]]] = {
    "report": "whole",
    FILE: "text",
    "rule": "text",
    "equation": "text",
    "left": "amount",
    "right": "amount",
    "difference": "amount",
    "blanks": ("text",),
    "code": "text",
    "level": "text",
    "about": "text",
    "cells": ("text",),
    "message_zh": "text",
    "message_en": "text",
}
"""
The columns of a frame of findings; of a type in brackets a value is a list.

*report* is the number of the report, from 0 on; *rule* the code of a rule; *equation* names one of
its equations by the cells of the right side.
"""


def findings_frame(
    found: Assessment | Reading | Readings | Iterable[Any],
) -> DataFrame:
    """
    Return findings as a data frame of Polars, one row a finding.

    *found* is what holds the findings of one report (an ``Assessment``, a ``Reading``, a sequence
    of findings such as ``plausible`` returns), or any number of those, such as ``Readings``.
    Shape: ``report``, the number of the report from 0 on, and the ``file`` of a reading; the
    ``rule`` and the ``equation``, which is named by the cells of its right side; its sums ``left``
    and ``right`` and their ``difference``, exact decimals; its ``blanks``, a list of cells; then
    ``code``, ``level``, ``about``, ``cells``, ``message_zh``, ``message_en``. If one figure
    explains several equations, they are named together, and *left* is the figure as published.
    Blank: null. What is found in a table and in none of its reports has no *report*.
    Raises: MissingLibrary without polars; TypeError for what holds no findings.

    >>> import govinfo_schema as gs
    >>> reports = [gs.generate(1), gs.damage(gs.generate(7), "single", 1).report]
    >>> frame = gs.findings_frame(map(gs.check, reports))
    >>> frame.select("report", "rule", "code", "difference").rows()
    [(1, 'B-DISP', 'CELL', Decimal('25.000000000000000000'))]
    """
    polars = library("polars", "frames")
    rows = [
        finding_row(number, file, finding)
        for number, file, findings in _sources(found)
        for finding in findings
    ]
    columns = zip(*rows, strict=True) if rows else [()] * len(FINDINGS)
    frame: DataFrame = polars.DataFrame(
        [
            _series(name, values, kind)
            if isinstance(kind, str)
            else polars.Series(name, values, dtype=polars.List(frame_types()[kind[0]]))
            for (name, kind), values in zip(FINDINGS.items(), columns, strict=True)
        ]
    )
    return frame


def _sources(found: Any) -> Iterator[tuple[int | None, str | None, Iterable[Finding]]]:
    """
    Yield the findings of each report, with its number and its file.

    Raises: TypeError.
    """
    if is_a(found, (Assessment, Reading)):
        found = [found]
    elif is_a(found, Readings):
        yield None, None, found.findings
    elif not is_a(found, Iterable):
        raise TypeError(_no_findings(found))
    each = list(found)
    if each and all(is_a(one, Finding) for one in each):
        each = [each]
    for number, one in enumerate(each):
        findings = getattr(one, "findings", one)
        if not is_a(findings, Sequence) or not all(is_a(inner, Finding) for inner in findings):
            raise TypeError(_no_findings(one))
        yield number, taken_apart(one)[1], findings


def _no_findings(value: object) -> str:
    return (
        "findings_frame takes what check, read or read_many returns, or findings, not "
        f"{type(value).__name__}"
    )


def finding_row(number: int | None, file: str | None, finding: Finding) -> tuple[Any, ...]:
    """Return the values of a finding in the order of *FINDINGS*."""
    return (
        number,
        file,
        finding.rule.code if finding.rule else None,
        "; ".join(map(equation_name, finding.symptoms)) or None,
        finding.left,
        finding.right,
        finding.difference,
        [cell for each in finding.symptoms for cell in each.blanks],
        finding.code,
        finding.level,
        finding.about,
        list(finding.cells),
        finding.message("zh"),
        finding.message("en"),
    )
