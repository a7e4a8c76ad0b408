"""
A DuckDB database: the table ``reports`` has one row a report and one typed column a cell id, its
labels as comments.

In a database that is there already nothing but this table is written, in one transaction.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from govinfo_schema.documents.formats import library, readable, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format, IfExists
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.findings import Finding
from govinfo_schema.tables.parquet import BATCH, are_plain, batches, rows_of, schema
from govinfo_schema.tables.rows import (
    TABLE,
    Item,
    Rows,
    batches_together,
    check_names,
    database,
    prepared,
    quoted,
    reports_of,
    stored_columns,
    stored_types,
)

_CLOSED: Final = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
}
"""A database from elsewhere reads no other file and loads nothing."""


LEFTOVERS: Final = (".wal",)
"""How the name of the file ends that DuckDB keeps beside a database while it is written to."""


def detect(head: bytes) -> bool:
    """Tell by its first bytes whether it is a DuckDB database."""
    return head[8:12] == b"DUCK"


def read_many(path: FilePath) -> Iterator[Item | Finding]:
    """
    Read the reports of the table ``reports``; a row that is no report gives a finding.

    Raises: UnreadableFile where the file is damaged or has no such table; MissingLibrary without
    duckdb or pyarrow.
    """
    with _read(path, stored_types()) as (_, own, batches_read):
        plain = are_plain(batches_read.schema.types)
        yield from reports_of(path, own, rows_of(batches_read), plain=plain)


def read_columns(path: FilePath, size: int, wanted: Collection[str]) -> Iterator[Rows]:
    """
    Read the *wanted* columns of the table ``reports``, *size* rows at a time.

    Raises: as ``read_many``.
    """
    with _read(path, wanted) as (names, _, batches_read):
        check_names(path, names)
        yield from batches_together(names, batches_read, size)


@contextmanager
def _read(
    path: FilePath, wanted: Collection[str]
) -> Iterator[tuple[Sequence[str], Sequence[str], Any]]:
    """
    Give the names of all columns of the table, those of the *wanted* ones, and these as batches.

    Raises: UnreadableFile, MissingLibrary.
    """
    duckdb, _ = library("duckdb", "duckdb"), library("pyarrow", "duckdb")
    readable(path)
    try:
        with duckdb.connect(os.fspath(path), read_only=True, config=_CLOSED) as base:
            names = _names(duckdb, base)
            if not any(name in stored_types() for name in names):
                raise unreadable(path, "no_table", table=TABLE)
            own = [name for name in names if name in wanted]
            listed = ", ".join(map(quoted, own)) or "NULL"
            found = base.sql(f"SELECT {listed} FROM reports")  # noqa: S608 (names of our own, in the order of the rows)
            # DuckDB 1 has the same method under another name.
            in_batches = getattr(found, "to_arrow_reader", None) or found.fetch_arrow_reader
            yield names, own, in_batches(BATCH)
    except duckdb.Error as error:
        raise _refused(path, "bad_table", error) from error


def _names(duckdb: Any, base: Any) -> list[str]:
    """Give the columns of the table, none where there is no such table."""
    try:
        names: list[str] = base.sql("FROM reports").columns
    except duckdb.CatalogException:
        return []
    return names


def write_into(reports: Iterable[Item], path: FilePath, if_exists: IfExists | None = None) -> None:
    """
    Write reports as they come into the table ``reports``, all of them or none; *if_exists* says
    what becomes of one that is there.

    Raises: UnreadableFile if the path cannot be written, is no database, or the table is there and
    cannot be added to; MissingLibrary without duckdb or pyarrow.
    """
    duckdb = library("duckdb", "duckdb")
    try:
        with database(path, detect, LEFTOVERS) as (where, new):
            if not new:
                _refuse_cut_short(duckdb, path)
            with duckdb.connect(str(where), config=_CLOSED) as base:
                base.execute("BEGIN TRANSACTION")
                try:
                    _insert(base, reports, path, if_exists)
                    base.execute("COMMIT")
                except BaseException:
                    base.execute("ROLLBACK")
                    raise
    except duckdb.Error as error:
        raise _refused(path, "unwritable", error) from error


def _refuse_cut_short(duckdb: Any, path: FilePath) -> None:
    """
    Make sure that a database has all its blocks in use: DuckDB itself finds out when it needs one
    that is missing. Free blocks at the end may be gone: it gives them back as it closes.

    Raises: UnreadableFile.
    """
    with duckdb.connect(os.fspath(path), read_only=True, config=_CLOSED) as base:
        ((blocks, size),) = base.execute(
            "SELECT used_blocks, block_size FROM pragma_database_size()"
        ).fetchall()
    if Path(path).stat().st_size < blocks * size:
        raise unreadable(path, "cut_short")


def _insert(base: Any, reports: Iterable[Item], path: FilePath, if_exists: IfExists | None) -> None:
    base.register("govinfo_batch", schema().empty_table())
    own = {name: kind for name, kind, *_ in base.execute("DESCRIBE govinfo_batch").fetchall()}
    if prepared(base, path, if_exists, own, _existing(base, path)):
        base.execute("CREATE TABLE main.reports AS SELECT * FROM govinfo_batch")
        for column in stored_columns():
            comment = f"{column.label.zh} / {column.label.en}" + (
                f" ({column.unit})" if column.unit else ""
            )
            base.execute(
                f"COMMENT ON COLUMN main.reports.{quoted(column.name)} IS "
                f"'{comment.replace(chr(39), chr(39) * 2)}'"
            )
    for batch in batches(reports, path):
        base.register("govinfo_batch", batch)
        base.execute("INSERT INTO main.reports BY NAME SELECT * FROM govinfo_batch")


def _existing(base: Any, path: FilePath) -> dict[str, str] | None:
    """
    Give the columns of the table with their types, None where there is no such table.

    Raises: UnreadableFile where the name is that of a view.
    """
    kinds = base.execute(
        "SELECT table_type FROM information_schema.tables "
        "WHERE table_catalog = current_database() AND table_schema = 'main' AND "
        "lower(table_name) = ?",
        [TABLE],
    ).fetchall()
    if not kinds:
        return None
    if kinds != [("BASE TABLE",)]:
        raise unreadable(path, "no_plain_table", table=TABLE)
    return {name: kind for name, kind, *_ in base.execute("DESCRIBE main.reports").fetchall()}


def _refused(path: FilePath, name: str, error: Exception) -> UnreadableFile:
    """
    Make the error of a database: locked by another program, or with the first line of what DuckDB
    says of it.
    """
    said = str(error).partition("\n")[0]
    return (
        unreadable(path, "locked")
        if "Could not set lock" in said
        else unreadable(path, name, problem=said)
    )


FORMAT = Format(
    suffixes=(".duckdb",),
    slow=True,
    detect=detect,
    read_many=read_many,
    read_columns=read_columns,
    write_into=write_into,
)
