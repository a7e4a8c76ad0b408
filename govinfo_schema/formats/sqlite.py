"""
An SQLite database: the table ``reports`` has one row a report and one column a cell id; ``columns`` says what each is.

Amounts are text, as SQLite has no decimal numbers and would round them.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from govinfo_schema.formats import placed, readable, unreadable
from govinfo_schema.formats.parquet import reports_of
from govinfo_schema.model import Report
from govinfo_schema.records import Type, columns, to_record, typed

NAME = "sqlite"
SUFFIXES = (".sqlite", ".sqlite3", ".db")
_TYPES: Final[dict[Type, str]] = {"text": "TEXT", "whole": "INTEGER", "amount": "TEXT", "date": "TEXT", "flag": "INTEGER"}


def detect(head: bytes) -> bool:
    """Tell by its first bytes whether it is an SQLite database."""
    return head.startswith(b"SQLite format 3\x00")


def read_many(path: str | os.PathLike[str]) -> Iterator[Report]:
    """
    Read the reports of the table ``reports``.

    Raises: UnreadableFile where the file is damaged, has no such table, or a row is no report.
    """
    readable(path)
    kinds = {column.name: column.type for column in columns()}
    try:
        with closing(sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)) as database:
            database.execute("PRAGMA trusted_schema = OFF")
            if not database.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'reports'").fetchone():
                raise unreadable(path, "no_table", table="reports")
            cursor = database.execute("SELECT * FROM reports ORDER BY rowid")
            names = [each[0] for each in cursor.description]
            rows = ({name: _value(value, kinds[name]) for name, value in zip(names, row, strict=True) if name in kinds} for row in cursor)
            yield from reports_of(path, rows)
    except sqlite3.Error as error:
        raise unreadable(path, "bad_table", problem=error) from error


def write_many(reports: Iterable[Report], path: str | os.PathLike[str]) -> None:
    """
    Write reports as they come into a new database, which is put in its place when it is whole.

    Raises: UnreadableFile if the path cannot be written.
    """
    with placed(path) as beside, closing(sqlite3.connect(beside)) as database:
        kinds = ", ".join(f'"{column.name}" {_TYPES[column.type]}' for column in columns())
        database.execute(f"CREATE TABLE reports ({kinds})")
        database.execute("CREATE TABLE columns (name TEXT PRIMARY KEY, zh TEXT, en TEXT, unit TEXT)")
        told = [(column.name, column.label.zh, column.label.en, column.unit) for column in columns()]
        database.executemany("INSERT INTO columns VALUES (?, ?, ?, ?)", told)
        marks = ", ".join("?" * len(columns()))
        database.executemany(f"INSERT INTO reports VALUES ({marks})", map(_row, reports))  # noqa: S608 (question marks only)
        database.commit()


def _row(report: Report) -> list[Any]:
    record = to_record(report)
    return [_stored(record[column.name], column.type) for column in columns()]


def _stored(value: Any, kind: Type) -> Any:
    if value is None or kind in ("text", "whole"):
        return value
    return int(value) if kind == "flag" else f"{value:f}" if kind == "amount" else value.isoformat()


def _value(value: Any, kind: Type) -> Any:
    if kind == "flag":
        return {0: False, 1: True}.get(value, value)
    return typed(value, kind) if kind == "amount" and isinstance(value, str) else value
