"""
Read and write tables in CSV, wide and tidy.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Collection, Iterable, Iterator

from govinfo_schema.documents.formats import DESCRIPTOR, placed
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.findings import Finding
from govinfo_schema.tables.csv.descriptor import descriptor_of
from govinfo_schema.tables.csv.kinds import END
from govinfo_schema.tables.csv.mending import mend
from govinfo_schema.tables.csv.records import first_line, marked_encoding, names_of, table
from govinfo_schema.tables.csv.tidy import TIDY, is_tidy, tidy_reports, tidy_rows
from govinfo_schema.tables.csv.wide import wide_columns, wide_reports, wide_row
from govinfo_schema.tables.rows import Item, Rows, extra, stored_types, with_absent


def detect(head: bytes) -> bool:
    """Tell by the names in the first line whether it is a table of reports."""
    if b"edition" not in head.replace(b"\0", b""):
        return False
    lines = head.decode(marked_encoding(head) or "utf-8", errors="replace").splitlines(
        keepends=True
    )
    delimiter, _, line = first_line(iter(lines))
    try:
        names = set(names_of(next(csv.reader([line], delimiter=delimiter), [])))
    except csv.Error:
        return False
    return "edition" in names and ("applications.received.total" in names or is_tidy(names))


def read_many(path: FilePath) -> Iterator[Item | Finding]:
    """
    Read the reports of a table, wide or tidy, as it was written here or as a spreadsheet saved it.

    The order of the columns does not matter; those that the form does not have are named in one
    finding and passed over. Figures without a column, or without a line of a tidy table, are blank
    and named; an amount is converted from the unit that its line names. A row that is no report
    gives a finding with its line; an empty row is none.
    Raises: UnreadableFile where the file cannot be read, or its first line does not name the
    columns.
    """
    with table(path) as (names, records, kinds):
        tidy = is_tidy(names)
        yield from extra(names, TIDY if tidy else stored_types())
        yield from (
            tidy_reports(names, records, kinds)
            if tidy
            else with_absent(names, wide_reports(path, names, records, kinds))
        )


def read_columns(path: FilePath, size: int, wanted: Collection[str]) -> Iterator[Rows] | None:
    """
    Read the *wanted* columns of a wide table, *size* rows at a time; None for a tidy one.

    Raises: as ``read_many``.
    """
    with table(path) as (names, _, _):
        return None if is_tidy(names) else wide_columns(path, size, wanted)


def write_many(reports: Iterable[Item], path: FilePath) -> None:
    """
    Write reports as they come, tidy where the name ends in ``.tidy.csv``, else wide; and the Data
    Package descriptor beside them.

    Raises: UnreadableFile if the path cannot be written.
    """
    tidy = os.fspath(path).lower().endswith(FORMAT.variants)
    with placed(path) as beside:
        with beside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file, lineterminator=END)
            writer.writerow(TIDY if tidy else stored_types())
            for number, report in enumerate(reports, 1):
                writer.writerows(tidy_rows(number, report) if tidy else [wide_row(report)])
        beside.with_suffix(DESCRIPTOR).write_bytes(descriptor_of(beside, tidy=tidy))


FORMAT = Format(
    suffixes=(".csv",),
    place=1,
    variants=(".tidy.csv",),
    detect=detect,
    claim=1,
    read_many=read_many,
    read_columns=read_columns,
    write_many=write_many,
    mend=mend,
)
