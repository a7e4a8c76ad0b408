"""
An SQLite database: the table ``reports`` has one row a report and one column a cell id; in a new
database ``columns`` says what each is.

Amounts are text, as SQLite has no decimal numbers and would round them. In a database that is there
already nothing but the table ``reports`` is written, in one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from govinfo_schema.documents.formats import readable, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format, IfExists
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.findings import Finding
from govinfo_schema.report.record import Type, typed
from govinfo_schema.tables.rows import (
    TABLE,
    Item,
    Rows,
    check_names,
    database,
    prepared,
    quoted,
    reports_of,
    rows_together,
    stored_columns,
    stored_row,
    stored_types,
)

_TYPES: Final[dict[Type, str]] = {
    "text": "TEXT",
    "whole": "INTEGER",
    "amount": "TEXT",
    "date": "TEXT",
    "flag": "INTEGER",
}
LEFTOVERS: Final = ("-journal", "-wal")
"""How the names of files end that SQLite keeps beside a database while it is written to."""
WAIT: Final = 3.0
"""The seconds to wait for another program that writes into the database."""


def detect(head: bytes) -> bool:
    """Tell by its first bytes whether it is an SQLite database."""
    return head.startswith(b"SQLite format 3\x00")


def read_many(path: FilePath) -> Iterator[Item | Finding]:
    """
    Read the reports of the table ``reports``; a row that is no report gives a finding.

    Raises: UnreadableFile where the file is damaged or has no such table.
    """
    with _read(path, stored_types()) as (_, names, rows):
        yield from reports_of(path, names, rows)


def read_columns(path: FilePath, size: int, wanted: Collection[str]) -> Iterator[Rows]:
    """
    Read the *wanted* columns of the table ``reports``, *size* rows at a time.

    Raises: as ``read_many``.
    """
    with _read(path, wanted) as (there, names, rows):
        check_names(path, there)
        yield from rows_together(there, rows, names, size)


@contextmanager
def _read(
    path: FilePath, wanted: Collection[str]
) -> Iterator[tuple[Sequence[str], Sequence[str], Iterator[Sequence[Any]]]]:
    """
    Give the names of all columns of the table, those of the *wanted* ones, and the rows of these.

    Raises: UnreadableFile.
    """
    readable(path)
    try:
        with closing(_opened(path)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            base.text_factory = _text
            if not base.execute(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND lower(name) = 'reports'"
            ).fetchone():
                raise unreadable(path, "no_table", table=TABLE)
            there = [name for _, name, *_ in base.execute("PRAGMA table_info(reports)")]
            names = [name for name in there if name in wanted]
            kinds = [(index, stored_types()[name]) for index, name in enumerate(names)]
            special = [(index, kind) for index, kind in kinds if kind in ("amount", "flag")]
            listed = ", ".join(map(quoted, names)) or "NULL"
            cursor = base.execute(f"SELECT {listed} FROM reports ORDER BY rowid")  # noqa: S608
            yield there, names, (_values(row, special) for row in cursor)
    except sqlite3.Error as error:
        raise _refused(path, "bad_table", error) from error


def _opened(path: FilePath) -> sqlite3.Connection:
    """
    Open a database to read it.

    What a program that was killed has left half written beside it is rolled back by SQLite, for
    which the database is opened as for writing.
    """
    place = Path(path).resolve()
    is_left = any(place.with_name(place.name + ending).exists() for ending in LEFTOVERS)
    mode = "rw" if is_left else "ro"
    return sqlite3.connect(f"{place.as_uri()}?mode={mode}", uri=True, timeout=WAIT)


def write_into(reports: Iterable[Item], path: FilePath, if_exists: IfExists | None = None) -> None:
    """
    Write reports as they come into the table ``reports``, all of them or none; *if_exists* says
    what becomes of one that is there.

    Raises: UnreadableFile if the path cannot be written, is no database, or the table is there and
    cannot be added to.
    """
    try:
        with (
            database(path, detect, LEFTOVERS, may_be_empty=True) as (where, _),
            closing(sqlite3.connect(where, timeout=WAIT, isolation_level=None)) as base,
        ):
            base.execute("PRAGMA trusted_schema = OFF")
            with base:
                base.execute("BEGIN IMMEDIATE")
                is_empty = not base.execute("SELECT 1 FROM sqlite_master").fetchone()
                _prepare(base, path, if_exists)
                if is_empty:
                    _describe(base)
                names = ", ".join(map(quoted, stored_types()))
                marks = ", ".join("?" * len(stored_types()))
                insert = f"INSERT INTO reports ({names}) VALUES ({marks})"  # noqa: S608
                base.executemany(insert, map(_row, reports))
    except sqlite3.Error as error:
        raise _refused(path, "unwritable", error) from error


def _prepare(base: sqlite3.Connection, path: FilePath, if_exists: IfExists | None) -> None:
    """Make the table ready to be written to."""
    own = {name: _TYPES[kind] for name, kind in stored_types().items()}
    if prepared(base, path, if_exists, own, _existing(base, path)):
        base.execute(
            "CREATE TABLE reports "
            f"({', '.join(f'{quoted(name)} {kind}' for name, kind in own.items())})"
        )


def _existing(base: sqlite3.Connection, path: FilePath) -> Mapping[str, str] | None:
    """
    Give the columns of the table with their types, None where there is no such table.

    Raises: UnreadableFile where the name is that of a view, an index or a virtual table.
    """
    found = base.execute(
        "SELECT type, sql FROM sqlite_master WHERE lower(name) = ? AND type IN ('table', 'view', "
        "'index')",
        (TABLE,),
    ).fetchone()
    if found is None:
        return None
    kind, sql = found
    if kind != "table" or str(sql).upper().startswith("CREATE VIRTUAL"):
        raise unreadable(path, "no_plain_table", table=TABLE)
    return {name: kind for _, name, kind, *_ in base.execute("PRAGMA table_info(reports)")}


def _describe(base: sqlite3.Connection) -> None:
    """Write what each column is into a new database."""
    base.execute("CREATE TABLE columns (name TEXT PRIMARY KEY, zh TEXT, en TEXT, unit TEXT)")
    told = [
        (column.name, column.label.zh, column.label.en, column.unit) for column in stored_columns()
    ]
    base.executemany("INSERT INTO columns VALUES (?, ?, ?, ?)", told)


def _row(report: Item) -> list[Any]:
    return list(map(_stored, stored_row(report), stored_types().values()))


def _stored(value: Any, kind: Type) -> Any:
    if value is None or kind in ("text", "whole"):
        return value
    return int(value) if kind == "flag" else f"{value:f}" if kind == "amount" else value.isoformat()


def _values(row: Sequence[Any], special: Sequence[tuple[int, Type]]) -> Sequence[Any]:
    """Give the values of a row, amounts and flags as what they are."""
    values = list(row)
    for index, kind in special:
        value = values[index]
        if kind == "flag":
            values[index] = bool(value) if value in (0, 1) else value
        elif isinstance(value, str):
            values[index] = typed(value, kind)
    return values


def _refused(path: FilePath, name: str, error: sqlite3.Error) -> UnreadableFile:
    """
    Make the error of a database: locked by another program, not to be opened, or with what SQLite
    says of it.
    """
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return unreadable(path, "locked")
    closed = name == "bad_table" and code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR)
    return unreadable(path, "denied" if closed else name, problem=error)


def _text(data: bytes) -> str:
    """
    Decode a text; bytes that are no UTF-8 become halves of characters, which no report may hold.
    """
    return data.decode("utf-8", errors="surrogateescape")


FORMAT = Format(
    suffixes=(".sqlite", ".sqlite3", ".db"),
    detect=detect,
    read_many=read_many,
    read_columns=read_columns,
    write_into=write_into,
)
