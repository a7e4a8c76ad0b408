"""Documents in bulk: ``read_batch``, Arrow in and Arrow out."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import govinfo_schema as gs

pa: Any = pytest.importorskip("pyarrow")

DOCUMENTS = Path(__file__).parent / "documents"
KINDS = {"name": pa.string(), "bytes": pa.binary()}


def batch_of(files: dict[str, bytes], **more: Any) -> Any:
    """Make a batch of documents."""
    columns = {"name": [*files], "bytes": [*files.values()], **more}
    return pa.record_batch(columns)


def written(report: gs.Report, kind: str) -> bytes:
    """Write a report into bytes."""
    file = io.BytesIO()
    gs.write(report, file, format=kind)
    return file.getvalue()


@pytest.fixture(scope="module")
def mixed() -> dict[str, bytes]:
    """Give documents in all formats: as published, and of random reports, some damaged."""
    published = (path for path in sorted(DOCUMENTS.iterdir()) if path.suffix != ".json")
    files = {path.name: path.read_bytes() for path in published}
    for seed in range(12):
        report = gs.generate(seed, ("2021", "2019")[seed % 2])
        if seed % 3 == 0:
            report = gs.damage(report, "single", seed).report
        kind = ("html", "docx", "md", "xlsx", "csv", "tidy.csv", "json", "jsonl")[seed % 8]
        files[f"random-{seed}.{kind}"] = written(report, kind)
    return files


@pytest.fixture(scope="module")
def hostile() -> dict[str, bytes]:
    """Give files that are none: empty, bombs, encrypted, cut short, no report, no text at all."""
    bomb, page = io.BytesIO(), written(gs.generate(1), "docx")
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w>" + b" " * 300_000_000)
    return {
        "empty.pdf": b"",
        "bomb.docx": bomb.getvalue(),
        "encrypted.docx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptedPackage".encode("utf-16-le"),
        "cut.docx": page[: len(page) // 2],
        "letter.html": "<p>关于召开会议的通知</p>".encode(),
        "noise.xls": bytes(range(256)) * 40,
        "deep.json": b"[" * 100_000,
        "nul\0.txt": b"\0",
        "no-body.json": b"{}",
        "../../etc/passwd": b"root:x:0:0",
        "Thumbs.db": b"\xd0\xcf\x11\xe0",
    }


def test_equal_to_one_by_one(mixed: dict[str, bytes]) -> None:
    """Reports and doubts are those of ``read``, one document after the other, in order."""
    found = gs.read_batch(batch_of(mixed))
    readings = [gs.read(data, name=name) for name, data in mixed.items()]
    assert found.refusals.num_rows == 0
    assert pl.DataFrame(found.reports).equals(gs.to_frame(readings))
    assert gs.from_frame(found.reports).reports == tuple(each.report for each in readings)
    doubts = gs.findings_frame(readings).filter(pl.col("level") != "info")
    assert doubts.height
    # What a table says is said of the file that was read, whatever file its row names.
    assert pl.DataFrame(found.doubts).drop("file").equals(doubts.drop("file"))


def test_every_document_is_in_one_place(mixed: dict[str, bytes], hostile: dict[str, bytes]) -> None:
    """
    Among good documents each bad one is one row of the refusals, with its code and its sentence in
    both languages; nobody is lost, nobody is there twice.
    """
    names = [name for pair in zip(mixed, hostile, strict=False) for name in pair]
    names += [name for name in (*mixed, *hostile) if name not in names]
    everything = mixed | hostile
    found = gs.read_batch(batch_of({name: everything[name] for name in names}))
    refused = found.refusals.to_pylist()
    assert [each["file"] for each in refused] == [name for name in names if name in hostile]
    read = found.reports.column("file").to_pylist()
    assert read == [name for name in names if name in mixed]
    for each in refused:
        with pytest.raises(gs.Error) as caught:
            gs.read(everything[each["file"]], name=each["file"])
        assert each["code"] == caught.value.code
        assert each["message_zh"]
        assert each["message_en"]
    assert {each["code"] for each in refused} >= {
        "F-EMPTY-FILE",
        "F-SYSTEM-FILE",
        "F-PART-TOO-LONG",
    }


@pytest.mark.parametrize("kind", [pa.binary(), pa.large_binary(), pa.binary_view()])
def test_columns_of_any_kind(kind: Any) -> None:
    """Bytes and texts come in any layout of Arrow, from any library, in any order of columns."""
    data: list[Any] = [written(gs.generate(1), "html"), None]
    names: Any = pa.array(["a.html", "b.html"])
    expected = gs.read_batch(batch_of(dict(zip(["a.html", "b.html"], data, strict=True))))
    for column in (names, names.dictionary_encode(), names.cast(pa.string_view())):
        batch = pa.record_batch({"length": [1, 2], "bytes": pa.array(data, kind), "name": column})
        assert gs.read_batch(batch) == expected
        assert gs.read_batch(pa.Table.from_batches([batch, batch[:0]])) == expected
        assert gs.read_batch(batch.slice(1)).refusals.equals(expected.refusals)
    assert gs.read_batch(pl.DataFrame({"name": ["a.html", "b.html"], "bytes": data})) == expected


def test_nothing_is_a_document() -> None:
    """Rows without a name or bytes are refused; a batch without rows is three batches without."""
    batch = pa.record_batch(
        [pa.array([None, "", "a.docx"]), pa.array([b"x", b"y", None])],
        schema=pa.schema(list(KINDS.items())),
    )
    found = gs.read_batch(batch)
    assert found.refusals.column("code").to_pylist() == [
        "F-NO-DOCUMENT-NAME",
        "F-NO-DOCUMENT-NAME",
        "F-NO-BYTES",
    ]
    empty = gs.read_batch(batch[:0])
    for name in ("reports", "doubts", "refusals", "rows"):
        part = getattr(empty, name)
        assert part.num_rows == 0
        assert part.schema.equals(gs.BatchReadings.schemas()[name], check_metadata=True)


def test_year_and_body_of_the_caller() -> None:
    """
    Where a document leaves year or body open it is refused with its candidates; columns of the
    batch settle them, and a value that cannot be is the refusal of that document alone.
    """
    page = written(gs.blank("2021", year=2024, body="某市人民政府"), "html").decode()
    data = page.replace("某市人民政府", "").replace("2024", "").encode()
    files = {"a.html": data, "b.html": data, "c.html": data}
    found = gs.read_batch(batch_of(files))
    assert set(found.refusals.column("code").to_pylist()) == {"F-NO-YEAR-NO-BODY"}
    given: dict[str, Any] = {
        "year": [2023, 1066, None],
        "body": ["某县人民政府", "某县人民政府", "某县人民政府"],
    }
    found = gs.read_batch(batch_of(files, **given))
    assert found.reports.select(["file", "year", "body.name"]).to_pylist() == [
        {"file": "a.html", "year": 2023, "body.name": "某县人民政府"}
    ]
    assert found.refusals.column("code").to_pylist() == ["F-WRONG-YEAR", "F-NO-YEAR"]
    two = page.replace("</h1>", "</h1><p>某县人民政府2023年政府信息公开工作年度报告</p>", 1)
    names = {"两份.html": two.encode()}
    (refusal,) = gs.read_batch(batch_of(names)).refusals.to_pylist() or [None]
    if refusal:
        assert {each["field"] for each in refusal["candidates"]} <= {"year", "body"}
        assert refusal["candidates"]


def test_file_of_several_reports() -> None:
    """
    Each report of a table is a row, and a faulty row is a refusal with its number; the names of
    files that the table holds stay, what is said of the table as a whole has no report.
    """
    reports = [gs.generate(seed) for seed in range(3)]
    file = io.BytesIO()
    gs.write_many(reports, file, format="jsonl")
    lines = file.getvalue().splitlines(keepends=True)
    stored = io.BytesIO()
    gs.write_many(
        [gs.Reading(report=reports[0], sources={}, findings=(), file="a.pdf"), reports[1]],
        stored,
        format="csv",
    )
    table = stored.getvalue().replace(b"file,", b"file,", 1)
    head, _, rest = table.partition(b"\r\n")
    extra = b"\r\n".join(
        [head.replace(b"disputes.reconsideration.upheld", b"disputes.reconsideration.uphelt"), rest]
    )
    files = {
        "lines.jsonl": b"".join([lines[0], b"{}\n", *lines[1:]]),
        "table.csv": table,
        "extra.csv": extra,
        "none.jsonl": b"{}\n",
        "nothing.jsonl": b"",
    }
    found = gs.read_batch(batch_of(files))
    assert found.reports.column("file").to_pylist() == [
        *["lines.jsonl"] * 3,
        *["a.pdf", "table.csv"],
        *["a.pdf", "extra.csv"],
    ]
    assert [(each["file"], each["row"], each["code"]) for each in found.refusals.to_pylist()] == [
        ("lines.jsonl", 2, "R-RECORD"),
        ("none.jsonl", None, "R-RECORD"),
        ("nothing.jsonl", None, "F-NO-ROWS"),
    ]
    assert [(each["report"], each["file"], each["code"]) for each in found.doubts.to_pylist()] == [
        (None, "extra.csv", "R-EXTRA"),
        (None, "extra.csv", "R-ABSENT"),
    ]


def test_amount_that_no_column_keeps() -> None:
    """An amount of more decimals than a column has is the refusal of that report, never rounded."""
    cell = "proactive.administrative_fees.amount"
    good, bad = (
        gs.dumps(gs.replace(gs.generate(1), {cell: Decimal(value)}))
        for value in ("0.000000000000001", "0.0000000000000012345678901234567")
    )
    found = gs.read_batch(batch_of({"a.json": good, "b.json": bad, "c.jsonl": bad + b"\n" + good}))
    assert found.reports.column("file").to_pylist() == ["a.json", "c.jsonl"]
    assert [(each["file"], each["row"], each["code"]) for each in found.refusals.to_pylist()] == [
        ("b.json", None, "F-BAD-AMOUNT"),
        ("c.jsonl", 1, "F-BAD-AMOUNT"),
    ]


def test_all_three_in_one(mixed: dict[str, bytes], hostile: dict[str, bytes]) -> None:
    """``rows`` holds the three batches as one, each row in one of three structs."""
    found = gs.read_batch(batch_of(mixed | hostile))
    rows = found.rows
    assert rows.schema.equals(gs.BatchReadings.schemas()["rows"])
    rows.validate(full=True)
    table = pa.Table.from_batches([rows])
    for name in ("report", "doubt", "refusal"):
        own = [each for each in table.column(name).to_pylist() if each is not None]
        assert own == getattr(found, f"{name}s").to_pylist()
    assert rows.num_rows == sum(
        part.num_rows for part in (found.reports, found.doubts, found.refusals)
    )


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        ([b"a"], TypeError, "not list; read takes one document"),
        (pa.record_batch({"path": ["a"], "bytes": [b""]}), gs.Incompatible, "has path, bytes"),
        (pa.record_batch({"name": ["a"], "content": [b""]}), gs.Incompatible, "column bytes"),
        (pa.record_batch({"name": ["a"], "bytes": [1.5]}), gs.Incompatible, "bytes cannot be"),
        (
            pa.record_batch({"name": ["a"], "bytes": [b""], "year": ["MMXX"]}),
            gs.Incompatible,
            "year cannot be read",
        ),
    ],
)
def test_what_is_no_batch(data: Any, error: type[Exception], said: str) -> None:
    """What is no batch of documents is refused in one line that says which columns it has."""
    with pytest.raises(error, match=said):
        gs.read_batch(data)


def test_unexpected_error_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw, and memory that runs out, are refusals of one document too."""
    for error, code in ((MemoryError(), "F-NO-MEMORY"), (ZeroDivisionError("x"), "F-UNEXPECTED")):

        def fail(*_: object, error: Exception = error, **__: object) -> None:
            raise error

        monkeypatch.setattr("govinfo_schema.bulk.outcomes.read_many", fail)
        found = gs.read_batch(batch_of({"a.html": b"<p>"}))
        assert found.refusals.column("code").to_pylist() == [code]
