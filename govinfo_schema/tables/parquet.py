"""
Parquet, by way of Arrow: one row a report, one typed column a cell id, with labels and unit as
metadata of the column.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library, placed, readable, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.errors import Error
from govinfo_schema.findings import Finding
from govinfo_schema.report.record import Type, settled
from govinfo_schema.tables.rows import (
    Item,
    Rows,
    batches_together,
    check_names,
    dotted,
    reports_of,
    stored_columns,
    stored_row,
    stored_types,
)

BATCH: Final = 500
"""So many reports are held at once."""
GROUP: Final = 8
"""
So many batches are one row group: fewer would make reading slow, as each of its columns is opened
anew.
"""
DECIMALS: Final = 18
"""The decimals that a column of amounts keeps."""


def detect(head: bytes) -> bool:
    """Tell by its first bytes whether it is Parquet."""
    return head.startswith(b"PAR1")


def read_many(path: FilePath) -> Iterator[Item | Finding]:
    """
    Read the reports of a file; columns that are none of the form are passed over, a row that is no
    report gives a finding.

    Raises: UnreadableFile where the file is damaged; MissingLibrary without pyarrow.
    """
    with _opened(path) as file:
        known = [field for field in file.schema_arrow if field.name in stored_types()]
        names, plain = [field.name for field in known], are_plain(field.type for field in known)
        yield from reports_of(
            path, names, rows_of(file.iter_batches(BATCH, columns=names)), plain=plain
        )


def read_columns(path: FilePath, size: int, wanted: Collection[str]) -> Iterator[Rows]:
    """
    Read the *wanted* columns of a file, *size* rows at a time.

    Raises: as ``read_many``.
    """
    with _opened(path) as file:
        names = file.schema_arrow.names
        check_names(path, [*map(dotted, names)])
        own = [name for name in names if dotted(name) in wanted]
        yield from batches_together(names, file.iter_batches(GROUP * BATCH, columns=own), size)


@contextmanager
def _opened(path: FilePath) -> Iterator[Any]:
    """
    Open a file, and say what is wrong with it where it is damaged.

    Raises: UnreadableFile, MissingLibrary.
    """
    pyarrow, parquet = library("pyarrow", "bulk"), library("pyarrow.parquet", "bulk")
    readable(path)
    try:
        with parquet.ParquetFile(os.fspath(path), page_checksum_verification=True) as file:
            yield file
    except (pyarrow.ArrowException, OSError) as error:
        if isinstance(error, Error):
            raise
        raise unreadable(
            path, "bad_table", problem=str(error).partition("\n")[0].removesuffix("\\n")
        ) from error


def write_many(reports: Iterable[Item], path: FilePath) -> None:
    """
    Write reports as they come, some hundreds at a time; the file is put in its place when it is
    whole.

    Raises: UnreadableFile if the path cannot be written or an amount has more decimals than a
    column keeps; MissingLibrary.
    """
    pyarrow = library("pyarrow", "bulk")
    with placed(path) as beside, writer_of(beside, schema()) as writer:
        waiting = batches(reports, path)
        while group := list(islice(waiting, GROUP)):
            writer.write_table(pyarrow.Table.from_batches(group), row_group_size=GROUP * BATCH)


def writer_of(path: FilePath, columns: Any) -> Any:
    """
    Return a writer of a Parquet file with the columns of an Arrow schema.

    Each page has a checksum, without which bytes that went wrong may be read as other figures.
    """
    parquet = library("pyarrow.parquet", "bulk")
    return parquet.ParquetWriter(path, columns, compression="zstd", write_page_checksum=True)


def batches(reports: Iterable[Item], path: FilePath) -> Iterator[Any]:
    """Give reports as Arrow record batches, some hundreds at a time."""
    pyarrow = library("pyarrow", "bulk")
    waiting = iter(reports)
    while rows := [stored_row(report) for report in islice(waiting, BATCH)]:
        try:
            values = map(pyarrow.array, zip(*rows, strict=True), schema().types)
            yield pyarrow.RecordBatch.from_arrays(list(values), schema=schema())
        except pyarrow.ArrowInvalid as error:
            raise unreadable(path, "bad_amount", decimals=DECIMALS) from error


def are_plain(types: Iterable[Any]) -> bool:
    """
    Tell whether the types of Arrow columns are those that are written, so that their values need
    not be looked at.
    """
    return set(types) <= set(arrow_types().values())


def rows_of(batches: Iterable[Any]) -> Iterator[Sequence[Any]]:
    """
    Give the rows of Arrow record batches, column by column at a time: many times as fast as row by
    row.
    """
    for batch in batches:
        yield from zip(*map(_values, batch.columns), strict=True)


def _values(column: Any) -> list[Any]:
    """Give the values of an Arrow column, floats of fewer than eight bytes as people wrote them."""
    values: list[Any] = column.to_pylist()
    size = {"halffloat": 2, "float": 4}.get(str(column.type))
    if size is None:
        return values
    return [value if value is None else settled(value, size) for value in values]


@once
def arrow_types() -> dict[Type, Any]:
    """Give the Arrow types of the columns of a table."""
    pyarrow = library("pyarrow", "bulk")
    return {
        "text": pyarrow.string(),
        "whole": pyarrow.int64(),
        "amount": pyarrow.decimal128(38, DECIMALS),
        "date": pyarrow.date32(),
        "flag": pyarrow.bool_(),
    }


def arrow_schema(columns: Mapping[str, Any]) -> Any:
    """Give the Arrow schema of columns and their types; of a type in brackets a value is a list."""
    pyarrow, kinds = library("pyarrow", "bulk"), arrow_types()
    return pyarrow.schema(
        [
            (name, kinds[kind] if is_a(kind, str) else pyarrow.list_(kinds[kind[0]]))
            for name, kind in columns.items()
        ]
    )


@once
def schema() -> Any:
    """Give the Arrow schema of a table of reports."""
    pyarrow = library("pyarrow", "bulk")
    facts = [
        (each, {"zh": each.label.zh, "en": each.label.en, "unit": each.unit})
        for each in stored_columns()
    ]
    return pyarrow.schema(
        [pyarrow.field(each.name, arrow_types()[each.type], metadata=own) for each, own in facts]
    )


FORMAT = Format(
    suffixes=(".parquet",),
    detect=detect,
    read_many=read_many,
    read_columns=read_columns,
    write_many=write_many,
)
