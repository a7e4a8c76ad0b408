"""A DuckDB database: the table ``reports`` has one row a report and one typed column a cell id, its labels as comments."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, Final

from govinfo_schema.formats import library, placed, readable, unreadable
from govinfo_schema.formats.parquet import BATCH, batches, reports_of, schema
from govinfo_schema.model import Report
from govinfo_schema.records import columns

NAME = "duckdb"
SUFFIXES = (".duckdb",)
_CLOSED: Final = {"enable_external_access": "false", "autoload_known_extensions": "false", "autoinstall_known_extensions": "false"}
"""A database from elsewhere reads no other file and loads nothing."""


def detect(head: bytes) -> bool:
    """Tell by its first bytes whether it is a DuckDB database."""
    return head[8:12] == b"DUCK"


def read_many(path: str | os.PathLike[str]) -> Iterator[Report]:
    """
    Read the reports of the table ``reports``.

    Raises: UnreadableFile where the file is damaged, has no such table, or a row is no report; MissingLibrary without duckdb.
    """
    duckdb = library("duckdb", "duckdb")
    readable(path)
    try:
        with duckdb.connect(os.fspath(path), read_only=True, config=_CLOSED) as database:
            found = database.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = 'reports'").fetchall()
            own = [column.name for column in columns() if (column.name,) in found]
            if not own:
                raise unreadable(path, "no_table", table="reports")
            cursor = database.execute(f"SELECT {', '.join(map(_quoted, own))} FROM reports ORDER BY rowid")  # noqa: S608 (names of our own)
            yield from reports_of(
                path, (dict(zip(own, row, strict=True)) for rows in iter(lambda: cursor.fetchmany(BATCH), []) for row in rows)
            )
    except duckdb.Error as error:
        raise unreadable(path, "bad_table", problem=str(error).partition("\n")[0]) from error


def write_many(reports: Iterable[Report], path: str | os.PathLike[str]) -> None:
    """
    Write reports as they come into a new database, which is put in its place when it is whole.

    Raises: UnreadableFile if the path cannot be written; MissingLibrary without duckdb or pyarrow.
    """
    duckdb = library("duckdb", "duckdb")
    with placed(path) as beside, duckdb.connect(str(beside)) as database:
        batch: Any = schema().empty_table()
        database.register("batch", batch)
        database.execute("CREATE TABLE reports AS SELECT * FROM batch")
        for column in columns():
            comment = f"{column.label.zh} / {column.label.en}" + (f" ({column.unit})" if column.unit else "")
            database.execute(f"COMMENT ON COLUMN reports.{_quoted(column.name)} IS '{comment.replace(chr(39), chr(39) * 2)}'")
        for batch in batches(reports, path):
            database.register("batch", batch)
            database.execute("INSERT INTO reports SELECT * FROM batch")


def _quoted(name: str) -> str:
    return f'"{name}"'
