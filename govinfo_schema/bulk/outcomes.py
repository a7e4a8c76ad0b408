"""
What one document of many comes to: its reports, or what was raised, told in one sentence.

No frame and no table is needed for that, so that a command which reads one file starts soon.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from govinfo_schema.documents.formats import reason, unreadable
from govinfo_schema.errors import Error, Incompatible, InvalidReport, MissingLibrary, UnreadableFile
from govinfo_schema.files import Readings, read_many
from govinfo_schema.messages import Problem, problem
from govinfo_schema.tables.rows import sentences


class Row(NamedTuple):
    """One document: its name, where its content is, and what the caller knows of it."""

    name: str | None
    source: Any
    year: int | None = None
    body: str | None = None


def outcome(row: Row) -> Readings | Exception:
    """Read a document: its reports, or what was raised."""
    try:
        if not row.name or row.source is None:
            raise unreadable(row.name or "", "no_bytes" if row.name else "no_document_name")  # noqa: TRY301 (as whatever reading raises)
        return read_many(row.source, year=row.year, body=row.body, name=row.name)
    except Exception as error:  # noqa: BLE001 (no document stops the others)
        return error


def told(error: Exception) -> Problem:
    """Return the sentence and the code of an error; an unexpected error is named by its type."""
    said = (str(error).strip() or "-").splitlines()[0]
    match error:
        case UnreadableFile() | MissingLibrary() | Incompatible():
            return error.problem
        case InvalidReport(findings=(_, *_)):
            label = sentences(error.findings)
            return Problem(label.zh, label.en, error.code)
        case Error():
            return Problem(said, said, error.code)
        case OSError(filename=None):
            return problem("no_output", problem=reason(error))
        case MemoryError():
            return problem("no_memory")
        case _:
            return problem("unexpected", kind=type(error).__name__, problem=said)
