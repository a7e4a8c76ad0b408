"""
The wide shape: one row a report, one column a cell id.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice, repeat
from operator import itemgetter
from typing import Any

from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.record import RowReader
from govinfo_schema.tables.csv.kinds import Kinds, Numbers, value_text
from govinfo_schema.tables.csv.records import is_empty, surplus, table
from govinfo_schema.tables.rows import (
    FILE,
    Item,
    Rows,
    check_names,
    faulty,
    reader_of,
    stored_row,
    stored_types,
    with_file,
)


def wide_row(report: Item) -> list[str]:
    """Give the row of a report, as texts."""
    return list(map(value_text, stored_row(report), stored_types().values()))


def wide_reports(
    path: FilePath,
    names: Sequence[str],
    records: Iterator[tuple[int, list[str] | Label]],
    kinds: Kinds,
) -> Iterator[Item | Finding]:
    """Read the reports of a table; a row that is no report gives a finding with its line."""
    reader, rows = _wide_rows(path, names, records, kinds, stored_types())
    file_at = reader.names.index(FILE) if FILE in reader.names else None
    for number, (line, values) in enumerate(rows, 1):
        if isinstance(values, Label):
            yield faulty(number, values, line)
            continue
        try:
            report = reader.report(values)
            yield report if file_at is None else with_file(report, values[file_at])
        except InvalidReport as error:
            yield faulty(number, error.findings, line)


def wide_columns(path: FilePath, size: int, wanted: Collection[str]) -> Iterator[Rows]:
    """
    Read the *wanted* columns of a table, *size* rows at a time.

    Raises: UnreadableFile.
    """
    with table(path) as (names, records, kinds):
        reader, waiting = _wide_rows(path, names, records, kinds, wanted)
        blank = [None] * len(reader.names)
        number = 0
        while some := list(islice(waiting, size)):
            faults = {
                at: faulty(number + at + 1, values, line)
                for at, (line, values) in enumerate(some)
                if isinstance(values, Label)
            }
            rows = (blank if at in faults else values for at, (_, values) in enumerate(some))
            columns = dict(zip(reader.names, zip(*rows, strict=True), strict=True))
            lines = [line for line, _ in some]
            yield Rows(len(some), tuple(names), columns, faults, lines)
            number += len(some)


def _wide_rows(
    path: FilePath,
    names: Sequence[str],
    records: Iterable[tuple[int, list[str] | Label]],
    kinds: Kinds,
    wanted: Collection[str],
) -> tuple[RowReader, Iterator[tuple[int, list[Any] | Label]]]:
    """
    Give the reader of the rows of a wide table, and each row that is not empty with its line: the
    values of the *wanted* columns in the order of the reader, or what is wrong with it.

    Raises: UnreadableFile.
    """
    kinds_of = stored_types()
    known = [(at, name, kinds_of[name]) for at, name in enumerate(names) if name in kinds_of]
    check_names(path, [name for _, name, _ in known])
    known = [(at, name, kind) for at, name, kind in known if name in wanted]
    figures = [at for at, _, kind in known if kind == "whole"]
    others = [(at, kinds.of(name, kind)) for at, name, kind in known if kind != "whole"]
    reader = reader_of(
        path, [names[at] for at in (*(at for at, _ in others), *figures)], plain=True
    )
    numbers = Numbers(kinds)
    # The first field is taken twice, so that it always gives several.
    pick = itemgetter(0, 0, *figures)

    def read() -> Iterator[tuple[int, list[Any] | Label]]:
        for line, row in records:
            if isinstance(row, Label):
                yield line, row
                continue
            if is_empty(row):
                continue
            if problem := surplus(names, row):
                yield line, problem
                continue
            texts = row if len(row) >= len(names) else [*row, *repeat("", len(names) - len(row))]
            values = [read(texts[at]) for at, read in others]
            values += map(numbers.__getitem__, pick(texts)[2:])
            if len(row) < len(names) and _lacks_own(reader, values, names[len(row) :]):
                yield line, spoken("too_few_fields", count=len(row), columns=len(names))
            else:
                yield line, values

    return reader, read()


def _lacks_own(reader: RowReader, values: Sequence[Any], lacking: Sequence[str]) -> bool:
    """Whether a row lacks columns of its form; not where nothing tells which form that is."""
    try:
        return not reader.plan(values).own.isdisjoint(lacking)
    except InvalidReport:
        return False
