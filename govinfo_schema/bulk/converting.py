"""
Many documents into one table: on all cores, in parts that survive an interruption.

``Conversion.run`` does the parts that are not there yet; then ``readings`` gives all reports in the
order of the documents, ``doubts`` the table of doubts and refusals, ``summary`` how many of how
many there are and which bodies and years were found twice. A part is so many documents and holds
the three batches of ``bulk.documents``; where it is kept is the affair of ``bulk.resuming``.
"""

from __future__ import annotations

import csv
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import attrs
import msgspec

from govinfo_schema.bulk.documents import (
    REFUSALS,
    BatchReadings,
    Tables,
    escaped,
    numbered_from,
)
from govinfo_schema.bulk.frames import FINDINGS, finding_row
from govinfo_schema.bulk.outcomes import Row, outcome
from govinfo_schema.bulk.processes import ENOUGH, are_many, cores, shared
from govinfo_schema.bulk.resuming import Parts
from govinfo_schema.documents.formats import library, unreadable
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.files import Readings
from govinfo_schema.findings import Finding
from govinfo_schema.form.labels import fold
from govinfo_schema.report.json import dumps, loads
from govinfo_schema.tables.csv.kinds import END, value_text
from govinfo_schema.tables.parquet import writer_of
from govinfo_schema.tables.rows import SHOWN, Item, with_file

LARGEST: Final = 64
"""A part has at most so many documents."""
FEWEST: Final = 64
"""There are about so many parts where there are enough documents."""
COLUMNS: Final = ("kind", *dict.fromkeys((*FINDINGS, *REFUSALS)))
"""The columns of the table of doubts and refusals."""
BATCH: Final = 4096
"""So many rows of it are written to Parquet at once."""
_AMOUNTS: Final = tuple(name for name, kind in FINDINGS.items() if kind == "amount")
_CONTENT: Final = "content"
"""The file of a part."""

Describe = Callable[[str, "Readings | Exception"], list[Any]]
"""What is to be said of a document, as plain data."""


@attrs.frozen
class Twice:
    """A body and a year of which there are several reports, and their files."""

    body: str
    year: int
    files: tuple[str, ...]


@attrs.frozen
class Summary:
    """
    How many of how many reports were *written*; the others were *refused*.

    *doubtful*: so many of those written have doubts.
    """

    count: int
    written: int
    refused: int
    doubtful: int
    twice: tuple[Twice, ...]


@attrs.frozen
class Conversion:
    """
    The work: which documents become which parts.

    *year* and *body* are the caller's, *decimals* those that an amount may have; *describe*, which
    is pickled, is asked what to say of each document. What a part holds depends on these alone.
    """

    parts: Parts
    documents: Sequence[str]
    describe: Describe
    year: int | None = None
    body: str | None = None
    decimals: int | None = None

    @property
    def size(self) -> int:
        """The number of documents of a part."""
        return max(1, min(LARGEST, len(self.documents) // FEWEST))

    @property
    def numbers(self) -> range:
        """The numbers of the parts."""
        return range(-(-len(self.documents) // self.size))

    def _of(self, number: int) -> Sequence[str]:
        return self.documents[number * self.size : (number + 1) * self.size]

    def run(self) -> Iterator[tuple[int, list[Any]]]:
        """
        Do the parts that are not there, and yield of each part in order how many documents it has
        and what is to be said of them.

        Raises: UnreadableFile if a part cannot be kept.
        """
        missing = [number for number in self.numbers if number not in self.parts]
        job = _PartJob(self.parts, _DocumentJob(self.describe, self.year, self.body, self.decimals))
        todo = [(number, tuple(self._of(number))) for number in missing]
        # Never one process of many: this one would end with a document that ends its process.
        processes = max(2, cores()) if are_many(self.documents, ENOUGH) else 1
        done = shared(job, todo, job.one_by_one, processes=processes)
        for number in self.numbers:
            if missing and number == missing[0]:
                missing.pop(0)
                next(done)
            yield len(self._of(number)), self._part(number).said
        for _ in done:  # the processes end
            pass

    # ---- what came of it

    def readings(self) -> Iterator[Item]:
        """Yield all reports, each with its file."""
        for part in map(self._part, self.numbers):
            for file, _, _, text in part.reports:
                yield with_file(loads(text), file)

    def summary(self) -> Summary:
        """Count what came of the documents."""
        written = refused = doubtful = 0
        found: dict[tuple[str, int], list[tuple[str, str]]] = {}
        for part in map(self._part, self.numbers):
            written += len(part.reports)
            refused += len(part.refusals)
            doubtful += len({number for number, *_ in part.doubts if number is not None})
            for file, body, year, _ in part.reports:
                found.setdefault((fold(body), year), []).append((body, file or ""))
        twice = tuple(
            Twice(own[0][0], year, tuple(file for _, file in own))
            for (_, year), own in found.items()
            if len(own) > 1
        )
        return Summary(written + refused, written, refused, doubtful, twice)

    def write_doubts(self, path: FilePath, summary: Summary) -> None:
        """
        Write the table of doubts and refusals: a row for each, in the order of the documents, then
        a row for each report of a body and year that was found several times.

        *kind* is ``doubt``, ``refusal`` or ``twice``; *report* the number of the row in the
        converted table, from 0 on; all else is as in ``BatchReadings``.
        """
        write_rows(path, self._doubts(summary))

    def _doubts(self, summary: Summary) -> Iterator[dict[str, Any]]:
        """Yield the rows of the table by the names of their columns."""
        twice = {(fold(each.body), each.year): each for each in summary.twice}
        again: list[dict[str, Any]] = []
        first = 0
        for part in map(self._part, self.numbers):
            for values in numbered_from(first, part.doubts):
                yield _row("doubt", dict(zip(FINDINGS, values, strict=True)))
            for refusal in part.refusals:
                own = dict(zip(REFUSALS, refusal, strict=True))
                yield _row("refusal", {"level": "error", **own})
            for number, (file, body, year, _) in enumerate(part.reports, first):
                if several := twice.get((fold(body), year)):
                    again.append(_twice_row(number, file, several))
            first += len(part.reports)
        yield from again

    def _part(self, number: int) -> _Part:
        return _DECODER.decode(zlib.decompress(self.parts.read(number, _CONTENT)))


class _Part(NamedTuple):
    """
    What is kept of a part: of each report its file, body, year and JSON text; the rows of doubts
    and refusals; what is to be said.
    """

    reports: list[tuple[str | None, str, int, bytes]]
    doubts: list[tuple[Any, ...]]
    refusals: list[tuple[Any, ...]]
    said: list[Any]


_DECODER: Final = msgspec.msgpack.Decoder(_Part)


@attrs.frozen
class _DocumentJob:
    """Read one document: its rows, and what is to be said of it."""

    describe: Describe
    year: int | None
    body: str | None
    decimals: int | None

    def __call__(self, path: str) -> tuple[Tables, list[Any]]:
        # A name that is no UTF-8 has its other bytes escaped.
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        return self.of(name, outcome(Row(name, path, self.year, self.body)))

    def lost(self, path: str) -> tuple[Tables, list[Any]]:
        """Refuse a document that ended the process which read it."""
        name = os.fsencode(path).decode("utf-8", "backslashreplace")
        return self.of(name, unreadable(name, "lost"))

    def of(self, name: str, result: Readings | Exception) -> tuple[Tables, list[Any]]:
        """Return the rows of a document, and what is to be said of it."""
        tables = Tables(self.decimals)
        tables.add(name, result)
        return tables, self.describe(name, result)


@attrs.frozen
class _PartJob:
    """Read the documents of one part, and keep it."""

    parts: Parts
    read: _DocumentJob

    def __call__(self, part: tuple[int, tuple[str, ...]]) -> int:
        number, documents = part
        if number not in self.parts:
            self._keep(number, map(self.read, documents))
        return number

    def one_by_one(self, part: tuple[int, tuple[str, ...]]) -> int:
        """Read the documents of a part that ended its process, so that one of them is refused."""
        number, documents = part
        self._keep(number, shared(self.read, documents, self.read.lost, processes=2))
        return number

    def _keep(self, number: int, read: Iterator[tuple[Tables, list[Any]]]) -> None:
        tables, said = Tables(), []
        for own, lines in read:
            tables.extend(own)
            said += lines
        reports = [
            (file, report.body.name, report.year, dumps(report)) for file, report in tables.reports
        ]
        part = _Part(reports, tables.doubts, tables.refusals, said)
        try:
            content = msgspec.msgpack.encode(part)
        except UnicodeEncodeError:
            content = msgspec.msgpack.encode(escaped(list(part)))
        self.parts.keep(number, {_CONTENT: zlib.compress(content, 1)})


# ---- the table of doubts and refusals -----------------------------------------------------------


def write_rows(path: FilePath, rows: Iterator[dict[str, Any]]) -> None:
    """
    Write rows of a table of doubts in the format of its suffix.

    Raises: MissingLibrary.
    """
    _WRITERS[Path(path).suffix.lower()](path, rows)


def _row(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: values.get(name) for name in COLUMNS} | {"kind": kind}


def _twice_row(report: int, file: str | None, several: Twice) -> dict[str, Any]:
    operands = {
        "body": several.body,
        "year": several.year,
        "count": len(several.files),
        "files": several.files[:SHOWN],
    }
    finding = Finding(code="R-DUPLICATE", level="warning", operands=operands)
    return _row("twice", dict(zip(FINDINGS, finding_row(report, file, finding), strict=True)))


def _write_parquet(path: FilePath, rows: Iterator[dict[str, Any]]) -> None:
    pyarrow = library("pyarrow", "bulk")
    own = BatchReadings.schemas()
    fields = {field.name: field for name in ("refusals", "doubts") for field in own[name]}
    fields["kind"] = pyarrow.field("kind", pyarrow.string())
    schema = pyarrow.schema([fields[name] for name in COLUMNS])
    with writer_of(path, schema) as writer:
        while some := list(islice(rows, BATCH)):
            exact = [row | {name: _exact(row[name]) for name in _AMOUNTS} for row in some]
            writer.write_batch(pyarrow.RecordBatch.from_pylist(exact, schema=schema))


def _write_csv(path: FilePath, rows: Iterator[dict[str, Any]]) -> None:
    """Write CSV as tables of reports are: a list is a text, its values behind each other."""
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator=END)
        writer.writerow(COLUMNS)
        for row in rows:
            writer.writerow(map(_text, row.values()))


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        is_plain = all(isinstance(each, str) for each in value)
        value = " ".join(value) if is_plain else json.dumps(value, ensure_ascii=False)
        value = value or None
    return value_text(value, "text" if isinstance(value, str) else "whole")


def _write_lines(path: FilePath, rows: Iterator[dict[str, Any]]) -> None:
    with Path(path).open("wb") as file:
        file.writelines(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def _exact(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)


_WRITERS: Final[Mapping[str, Callable[[FilePath, Iterator[dict[str, Any]]], None]]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".jsonl": _write_lines,
}
SUFFIXES: Final = tuple(_WRITERS)
"""How the name of a table of doubts and refusals may end."""
