"""Parquet, by way of Arrow: one row a report, one typed column a cell id, with labels and unit as metadata of the column."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from govinfo_schema.errors import InvalidReport
from govinfo_schema.formats import library, placed, readable, unreadable
from govinfo_schema.model import Report
from govinfo_schema.once import once
from govinfo_schema.records import columns, from_record, to_record

NAME = "parquet"
SUFFIXES = (".parquet",)
BATCH: Final = 500
"""So many reports are held at once."""
DECIMALS: Final = 18
"""The decimals that a column of amounts keeps."""


def detect(head: bytes) -> bool:
    """Tell by its first bytes whether it is Parquet."""
    return head.startswith(b"PAR1")


def read_many(path: str | os.PathLike[str]) -> Iterator[Report]:
    """
    Read the reports of a file; columns that are none of the form are passed over.

    Raises: UnreadableFile where the file is damaged or a row is no report; MissingLibrary without pyarrow.
    """
    pyarrow, parquet = library("pyarrow", "bulk"), library("pyarrow.parquet", "bulk")
    readable(path)
    known = {column.name for column in columns()}
    try:
        with parquet.ParquetFile(os.fspath(path)) as file:
            names = [name for name in file.schema_arrow.names if name in known]
            rows = (row for batch in file.iter_batches(BATCH, columns=names) for row in batch.to_pylist())
            yield from reports_of(path, rows)
    except (pyarrow.ArrowException, OSError) as error:
        raise unreadable(path, "bad_table", problem=str(error).partition("\n")[0].removesuffix("\\n")) from error


def write_many(reports: Iterable[Report], path: str | os.PathLike[str]) -> None:
    """
    Write reports as they come, some hundreds at a time; the file is put in its place when it is whole.

    Raises: UnreadableFile if the path cannot be written or an amount has more decimals than a column keeps; MissingLibrary.
    """
    parquet = library("pyarrow.parquet", "bulk")
    with placed(path) as beside, parquet.ParquetWriter(beside, schema(), compression="zstd") as writer:
        for batch in batches(reports, path):
            writer.write_batch(batch)


def batches(reports: Iterable[Report], path: str | os.PathLike[str]) -> Iterator[Any]:
    """Give reports as Arrow record batches, some hundreds at a time."""
    pyarrow = library("pyarrow", "bulk")
    waiting = iter(reports)
    while records := [to_record(report) for report in islice(waiting, BATCH)]:
        try:
            yield pyarrow.RecordBatch.from_pylist(records, schema=schema())
        except pyarrow.ArrowInvalid as error:
            raise unreadable(path, "bad_amount", decimals=DECIMALS) from error


@once
def schema() -> Any:
    """Give the Arrow schema of a table of reports."""
    pyarrow = library("pyarrow", "bulk")
    types = {
        "text": pyarrow.string(),
        "whole": pyarrow.int64(),
        "amount": pyarrow.decimal128(38, DECIMALS),
        "date": pyarrow.date32(),
        "flag": pyarrow.bool_(),
    }
    facts = [(each, {"zh": each.label.zh, "en": each.label.en, "unit": each.unit}) for each in columns()]
    return pyarrow.schema([pyarrow.field(each.name, types[each.type], metadata=own) for each, own in facts])


def reports_of(path: str | os.PathLike[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[Report]:
    """
    Make reports of rows.

    Raises: UnreadableFile for a row that is no report, with its number and its first fault.
    """
    for number, row in enumerate(rows, 1):
        try:
            yield from_record(row)
        except InvalidReport as error:
            raise unreadable(path, "bad_record", number=number, fault=error.findings[0].label) from error
