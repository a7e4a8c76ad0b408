"""
Documents in bulk, Arrow in and Arrow out: ``read_batch``.

``Tables`` gathers what many documents come to: a report, its doubts, or why there is none. Engines
such as Spark and Dask hand over batches of bytes, the command line hands over paths. No document
stops the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from govinfo_schema.bulk.frames import FINDINGS, decimals_of, finding_row
from govinfo_schema.bulk.outcomes import Row, outcome, told
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library
from govinfo_schema.documents.recognise.reading import Reading
from govinfo_schema.errors import Incompatible
from govinfo_schema.files import Readings
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Problem, problem, spoken
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import to_row
from govinfo_schema.tables.parquet import DECIMALS, arrow_schema, arrow_types, schema
from govinfo_schema.tables.rows import FILE, stored_row, stored_types

REFUSALS: Final = (FILE, "row", "code", "message_zh", "message_en", "candidates")
"""The columns of the refusals; *row* is the number of a report in a file that holds several."""
_CANDIDATE: Final = ("field", "value", "text", "origin")
"""What is said of a candidate for the year or the body."""
_FAULTY: Final = "R-RECORD"
"""The code of a finding that stands for a row that is no report."""


@attrs.frozen(repr=False)
class BatchReadings:
    """
    What a batch of documents comes to, as three batches of pyarrow.

    *reports*: one row a report, with the columns of ``to_frame``. *doubts*: one row a finding above
    information, with the columns of ``findings_frame``; ``report`` is the number of the row in
    *reports*, null for what is said of a whole file of several reports, and ``file`` the document.
    *refusals*: one row for each document, and for each row of a file of several reports, that gave
    no report: ``file``, ``row`` (its number there, from 1 on), ``code``, ``message_zh``,
    ``message_en``, and the ``candidates`` where the year or the body is open.

    >>> import govinfo_schema as gs
    >>> gs.BatchReadings.schemas()["refusals"].names
    ['file', 'row', 'code', 'message_zh', 'message_en', 'candidates']
    """

    reports: Any
    doubts: Any
    refusals: Any

    def __repr__(self) -> str:
        counts = (
            f"{part.num_rows} {name}" for name, part in attrs.asdict(self, recurse=False).items()
        )
        return f"<BatchReadings: {', '.join(counts)}>"

    @staticmethod
    def schemas() -> Mapping[str, Any]:
        """
        Return the Arrow schemas of ``reports``, ``doubts``, ``refusals`` and ``rows``, which never
        depend on the data: engines want them before the first document is read.

        Raises: MissingLibrary without pyarrow.
        """
        return _schemas()

    @property
    def rows(self) -> Any:
        """
        All three as one batch, for engines whose tasks give one table: its columns ``report``,
        ``doubt`` and ``refusal`` are structs, of which each row has one.
        """
        pyarrow = library("pyarrow", "bulk")
        parts = (self.reports, self.doubts, self.refusals)
        columns = []
        for place, part in enumerate(parts):
            before, after = (
                sum(each.num_rows for each in others)
                for others in (parts[:place], parts[place + 1 :])
            )
            kind = _schemas()["rows"].field(place).type
            own = pyarrow.StructArray.from_arrays(part.columns, fields=list(kind))
            blanks = (pyarrow.nulls(count, kind) for count in (before, after))
            columns.append(pyarrow.concat_arrays([next(blanks), own, next(blanks)]))
        return pyarrow.RecordBatch.from_arrays(columns, schema=_schemas()["rows"])


def read_batch(record_batch: Any) -> BatchReadings:
    """
    Read a batch of documents; each is a row of the reports or of the refusals.

    *record_batch*: a record batch of pyarrow, or what has the Arrow C interface (a frame of Polars
    or pandas), with the columns ``name`` (what the file is called, as for ``read``) and ``bytes``
    (its content). Columns ``year`` and ``body`` are optional, and as for ``read``; other columns
    are passed over. A file of several reports is read as by ``read_many``, each a row. The column
    ``file`` is ``Reading.file``: the name, or what a table says that a report was read from.
    Shape: see ``BatchReadings``; rows come in the order of the documents, and are what
    ``read_many`` gives of one document after the other.
    Blank: a document without name or bytes is refused.
    Raises: TypeError for what is no Arrow data; Incompatible where a column is missing or cannot be
    read; MissingLibrary without pyarrow. A document never raises: whatever is wrong with it is its
    refusal.

    >>> import govinfo_schema as gs, io, pyarrow
    >>> page = io.BytesIO()
    >>> gs.write(gs.generate(1), page, format="html")
    >>> batch = pyarrow.record_batch(
    ...     {"name": ["a.html", "b.pdf"], "bytes": [page.getvalue(), b"%PDF-1.7"]}
    ... )
    >>> read = gs.read_batch(batch)
    >>> read.reports.num_rows, read.refusals.column("file").to_pylist()
    (1, ['b.pdf'])
    """
    tables = Tables()
    for batch in _batches(record_batch):
        for row in _documents(batch):
            tables.add(row.name, outcome(row))
    return tables.readings()


@attrs.define
class Tables:
    """
    The rows of reports, doubts and refusals, as documents are added one by one.

    *reports*: each report and its file. *doubts*, *refusals*: the values of the columns. A report
    with an amount of more than *decimals* decimals, where that is given, is refused.
    """

    decimals: int | None = DECIMALS
    reports: list[tuple[str | None, Report]] = attrs.field(factory=list, init=False)
    doubts: list[tuple[Any, ...]] = attrs.field(factory=list, init=False)
    refusals: list[tuple[Any, ...]] = attrs.field(factory=list, init=False)

    def add(self, name: str | None, result: Readings | Exception) -> None:
        """Add what a document came to."""
        if isinstance(result, Exception):
            self._refuse(name, told(result), candidates=_candidates(result))
            return
        faulty = {each.operands["number"]: each for each in result.findings if _is_faulty(each)}
        count, waiting = len(result) + len(faulty), iter(result)
        if not count:
            self._refuse(name, problem("no_rows"))
        only = len(self.reports) if result and count == 1 else None
        self._doubt(only, name, (each for each in result.findings if not _is_faulty(each)))
        for number in range(1, count + 1):
            row = number if count > 1 else None
            if number in faulty:
                self._refuse(name, faulty[number].label, row)
                continue
            reading = next(waiting)
            if self.decimals is not None and _mostdecimals_of(reading) > self.decimals:
                self._refuse(name, problem("bad_amount", decimals=self.decimals), row)
                continue
            self._doubt(len(self.reports), name, reading.findings)
            self.reports.append((reading.file or None, reading.report))

    def _refuse(
        self,
        name: str | None,
        why: Problem,
        row: int | None = None,
        candidates: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.refusals.append((name, row, why.code, why.zh, why.en, candidates))

    def _doubt(self, report: int | None, name: str | None, findings: Iterable[Finding]) -> None:
        self.doubts += (
            finding_row(report, name, finding) for finding in findings if finding.level != "info"
        )

    def extend(self, other: Tables) -> None:
        """Add all rows of others, behind the own."""
        self.doubts += numbered_from(len(self.reports), other.doubts)
        self.reports += other.reports
        self.refusals += other.refusals

    def readings(self) -> BatchReadings:
        """Return all rows as batches of pyarrow."""
        rows = [(file, *to_row(report)) for file, report in self.reports]
        return BatchReadings(
            _batch("reports", rows),
            _batch("doubts", self.doubts),
            _batch("refusals", self.refusals),
        )


def numbered_from(first: int, doubts: Iterable[Sequence[Any]]) -> Iterator[tuple[Any, ...]]:
    """Give doubts whose reports are counted from another number on."""
    for report, *rest in doubts:
        yield (None if report is None else first + report, *rest)


def _is_faulty(finding: Finding) -> bool:
    return finding.code == _FAULTY


def _mostdecimals_of(reading: Reading) -> int:
    """Return the decimals of the amount of a report that has most."""
    values = stored_row(reading)
    return max(decimals_of(values[place]) for place in _amounts())


@once
def _amounts() -> tuple[int, ...]:
    return tuple(place for place, kind in enumerate(stored_types().values()) if kind == "amount")


def _candidates(error: Exception) -> list[dict[str, Any]]:
    found: Mapping[str, tuple[Any, ...]] = getattr(error, "candidates", {})
    return [
        {
            "field": field,
            "value": str(each.value),
            "text": each.text,
            "origin": each.origin,
        }
        for field, candidates in found.items()
        for each in candidates
    ]


# ---- Arrow --------------------------------------------------------------------------------------


@once
def _schemas() -> Mapping[str, Any]:
    pyarrow, kinds = library("pyarrow", "bulk"), arrow_types()
    candidate = pyarrow.struct([(name, kinds["text"]) for name in _CANDIDATE])
    refusals = dict.fromkeys(REFUSALS, kinds["text"])
    refusals |= {"row": kinds["whole"], "candidates": pyarrow.list_(candidate)}
    three = {
        "reports": schema(),
        "doubts": arrow_schema(FINDINGS),
        "refusals": pyarrow.schema(list(refusals.items())),
    }
    structs = [(name.removesuffix("s"), pyarrow.struct(list(own))) for name, own in three.items()]
    return {**three, "rows": pyarrow.schema(structs)}


def _batch(name: str, rows: Sequence[tuple[Any, ...]]) -> Any:
    pyarrow = library("pyarrow", "bulk")
    own = _schemas()[name]
    columns = zip(*rows, strict=True) if rows else [()] * len(own)
    return pyarrow.RecordBatch.from_arrays(list(map(_array, columns, own.types)), schema=own)


def _array(values: Sequence[Any], kind: Any) -> Any:
    """Make a column; half a character, which a file name or a message may hold, is escaped."""
    pyarrow = library("pyarrow", "bulk")
    try:
        return pyarrow.array(values, kind)
    except UnicodeEncodeError:
        return pyarrow.array(list(map(escaped, values)), kind)


def escaped(value: Any) -> Any:
    """Return plain data in which every half of a character is escaped."""
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(value, Mapping):
        return {name: escaped(each) for name, each in value.items()}
    return list(map(escaped, value)) if isinstance(value, (list, tuple)) else value


def _batches(data: Any) -> Iterator[Any]:
    """
    Give the record batches of any Arrow data.

    Raises: TypeError, Incompatible.
    """
    pyarrow = library("pyarrow", "bulk")
    try:
        if hasattr(data, "__arrow_c_array__"):
            yield pyarrow.record_batch(data)
        elif hasattr(data, "__arrow_c_stream__"):
            yield from pyarrow.RecordBatchReader.from_stream(data)
        else:
            raise TypeError(
                "read_batch takes Arrow data with the columns name and bytes, such as "
                f"pyarrow.record_batch, not {type(data).__name__}; read takes one document"
            )
    except pyarrow.ArrowException as error:
        raise Incompatible(spoken("bad_frame", problem=str(error).partition("\n")[0])) from error


def _documents(batch: Any) -> Iterator[Row]:
    """
    Yield the documents of a record batch; their bytes are not copied.

    Raises: Incompatible.
    """
    pyarrow = library("pyarrow", "bulk")
    names = _column(batch, "name", pyarrow.string())
    contents = _column(batch, "bytes", pyarrow.large_binary())
    more = {"year": pyarrow.int64(), "body": pyarrow.string()}
    known = {
        name: _column(batch, name, kind)
        for name, kind in more.items()
        if name in batch.schema.names
    }
    for place in range(batch.num_rows):
        yield Row(
            names[place].as_py(),
            contents[place].as_buffer(),
            **{name: column[place].as_py() for name, column in known.items()},
        )


def _column(batch: Any, name: str, kind: Any) -> Any:
    """
    Return a column with the values of a type.

    Raises: Incompatible where the batch has no such column, or several, or other values.
    """
    pyarrow = library("pyarrow", "bulk")
    if batch.schema.names.count(name) != 1:
        raise Incompatible(
            spoken("no_batch_column", column=name, columns=", ".join(batch.schema.names) or "-")
        )
    try:
        return batch.column(name).cast(kind)
    except pyarrow.ArrowException as error:
        told = str(error).partition("\n")[0]
        raise Incompatible(spoken("batch_column", column=name, problem=told)) from error
