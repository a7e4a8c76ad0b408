"""JSON lines in bulk: the same answers as ``loads`` and ``check`` give line by line."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import zstandard

import govinfo_schema as gs
from govinfo_schema.bulk import checking, chunks, resuming
from govinfo_schema.bulk.resuming import Parts
from govinfo_schema.checks.one_report import Blanks
from govinfo_schema.cli import main
from govinfo_schema.form.equations import equation_name
from govinfo_schema.report.access import form_of
from govinfo_schema.report.values import MAX_BYTES
from govinfo_schema.tables import jsonl

pq: Any = pytest.importorskip("pyarrow.parquet")

FEES = "proactive.administrative_fees.amount"
BAD: tuple[tuple[bytes, str], ...] = (
    (b"\xff{}", "T-UTF8"),
    (b"{bad", "T-JSON"),
    (b'{"a": NaN}', "T-NAN"),
    (b'{"a": 1, "a": 2}', "T-DUPLICATE"),
    (b'{"a": "\\ud800"}', "T-SURROGATE"),
    (b"[" * 5000 + b"]" * 5000, "T-DEPTH"),
    (b'{"a": 123456789012345678901234567890}', "T-NUMBER"),
    (b"[]", "T-REPORT"),
    (b"{}", "T-REPORT"),
    (b'{"edition": "2021"}', "S-MISSING"),
)
"""Lines that are no reports, each with the code of its fault."""


@cache
def reports(count: int, seed: int = 0) -> tuple[Any, ...]:
    """Return random reports of both editions and all shapes, some with damage, some with blanks."""
    chance = random.Random(seed)
    made = []
    for number in range(count):
        report = gs.generate(chance.randrange(10**6), gs.editions[number % 2])
        kind = chance.randrange(6)
        if kind in (0, 2):
            report = gs.damage(report, "single", chance.randrange(10**6)).report
        if kind in (1, 2):
            cells = [cell for cell, _ in gs.walk(report)]
            report = gs.replace(report, dict.fromkeys(chance.sample(cells, 5 * kind)))
        if kind == 3 and number % 3 == 0:
            report = gs.blank(report.edition, year=2024, body="某县")
        made.append(report)
    return tuple(made)


def expected(lines: Sequence[bytes], blanks: Blanks = "unknown") -> tuple[list[Any], list[Any]]:
    """Return the rows of the findings and of the verdicts, by ``loads`` and ``check``."""
    findings: list[Any] = []
    verdicts: list[Any] = []
    for number, line in enumerate(lines):
        if not line.removeprefix(b"\xef\xbb\xbf").strip():
            continue
        try:
            report = gs.loads(line.rstrip(b"\r\n"))
        except gs.InvalidReport as error:
            findings += [
                (number, each.code, each.cells[0] if each.cells else None, None, None, None, [])
                for each in error.findings
            ]
            verdicts.append((number, None, "invalid", None, None, None))
            continue
        checked = gs.check(report, blanks)
        broken, unknown = len(checked.broken), len(checked.unknown)
        own = [*checked.broken, *checked.unknown]
        order = {
            (each.rule.code, each.left): at for at, each in enumerate(form_of(report).equations)
        }
        own.sort(key=lambda each: order[each.rule.code, each.left])
        findings += [
            (
                *(number, each.rule.code, equation_name(each)),
                *(each.left_sum, each.right_sum, each.difference, list(each.blanks)),
            )
            for each in own
        ]
        verdict = "broken" if broken else "unknown" if unknown else "held"
        verdicts.append((number, report.edition, verdict, checked.held, broken, unknown))
    return findings, verdicts


def assert_equal(checked: gs.LineCheck, lines: Sequence[bytes], blanks: Blanks = "unknown") -> None:
    """Compare both frames with what is expected."""
    findings, verdicts = expected(lines, blanks)
    assert checked.findings.drop("file").rows() == findings
    assert checked.verdicts.drop("file").rows() == verdicts
    assert checked.lines == len(lines)


def checksummed(data: bytes) -> bytes:
    """Compress as the program zstd does, with a checksum."""
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def mixed(count: int, seed: int = 0) -> list[bytes]:
    """Return the lines of random reports, with bad and empty ones among them."""
    lines = [gs.dumps(report) for report in reports(count, seed)]
    chance = random.Random(seed)
    for line, _ in BAD:
        lines.insert(chance.randrange(len(lines)), line)
    for empty in (b"", b"  ", b"\xef\xbb\xbf", b"\r"):
        lines.insert(chance.randrange(len(lines)), empty)
    return lines


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files into chunks of a few lines, so that small ones are long."""
    monkeypatch.setattr(chunks, "CHUNK", 20_000)


@pytest.mark.parametrize("blanks", ["unknown", "zero"])
def test_equal_to_check_line_by_line(blanks: Blanks) -> None:
    """Findings and verdicts are those of ``loads`` and ``check``, whatever the line holds."""
    lines = mixed(300)
    assert_equal(gs.check_lines(b"\n".join(lines), blanks=blanks), lines, blanks)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("processes", [1, 2])
def test_any_number_of_processes(tmp_path: Path, processes: int) -> None:
    """A file is checked in order by one process or several, with the numbers of all its lines."""
    lines = mixed(200, 1)
    path = tmp_path / "reports.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    checked = gs.check_lines(path, processes=processes)
    assert_equal(checked, lines)
    assert set(checked.findings["file"]) == set(checked.verdicts["file"]) == {str(path)}


@pytest.mark.thorough
def test_equal_on_many_reports(tmp_path: Path) -> None:
    """As above, on 20,000 random reports, seeds 100 to 109."""
    for seed in range(100, 110):
        lines = mixed(2_000, seed)
        path = tmp_path / "reports.jsonl"
        path.write_bytes(b"\n".join(lines))
        assert_equal(gs.check_lines(path), lines)


@pytest.mark.parametrize("pack", [bytes, gzip.compress, zstandard.compress])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_of_any_kind(
    tmp_path: Path, pack: Callable[[bytes], bytes], end: bytes, mark: bytes
) -> None:
    """
    Plain or compressed, from a path, bytes or an open file, with a mark, any ends of lines, and
    without the last.
    """
    lines = [gs.dumps(report) for report in reports(12)]
    data = pack(mark + (end or b"\n").join(lines) + end)
    path = tmp_path / "reports"
    path.write_bytes(data)
    with path.open("rb") as file:
        for source in (path, str(path), data, bytearray(data), io.BytesIO(data), file):
            assert_equal(gs.check_lines(source), lines)


def test_several_compressed_members() -> None:
    """Data compressed piece by piece, as logs are, are read to their end."""
    lines = [gs.dumps(report) for report in reports(9)]
    texts = [line + b"\n" for line in lines]
    for pack in (gzip.compress, zstandard.compress):
        assert_equal(gs.check_lines(b"".join(map(pack, texts))), lines)
    skippable = b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"
    assert_equal(gs.check_lines(skippable + zstandard.compress(b"".join(texts))), lines)
    assert_equal(gs.check_lines(gzip.compress(b"".join(texts)) + b"\0" * 512), lines)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
@pytest.mark.parametrize("kept", [0.3, 0.7, 0.99])
def test_compressed_data_that_are_cut_off(pack: Callable[[bytes], bytes], kept: float) -> None:
    """The error says after how many lines, and all findings of these are kept."""
    lines = [gs.dumps(report) for report in reports(120)]
    packed = pack(b"\n".join(lines) + b"\n")
    with pytest.raises(gs.UnreadableFile) as caught:
        gs.check_lines(packed[: int(len(packed) * kept)])
    partial = caught.value.partial
    assert caught.value.code == "F-CUT-SHORT-LINES"
    assert f"after line {partial.lines} " in str(caught.value)
    assert_equal(partial, lines[: partial.lines])


@pytest.mark.parametrize("pack", [gzip.compress, checksummed])
def test_compressed_data_that_are_damaged(pack: Callable[[bytes], bytes]) -> None:
    """Damage is an error that says so, never another finding."""
    data = pack(b"\n".join(gs.dumps(report) for report in reports(40)))
    chance = random.Random(3)
    for _ in range(20):
        spoilt = bytearray(data)
        spoilt[chance.randrange(10, len(data))] ^= 1 << chance.randrange(8)
        code, lines = "", 40
        try:
            lines = gs.check_lines(bytes(spoilt)).lines
        except gs.UnreadableFile as error:
            code = error.code
        # A bit may say nothing, such as the time in a head.
        assert code == "F-CUT-SHORT-LINES" or lines == 40


def test_bad_lines_are_named() -> None:
    """Each bad line has its number, its code and sentences in both languages; no other suffers."""
    good = gs.dumps(gs.generate(1))
    lines = [part for bad, _ in BAD for part in (good, bad)]
    checked = gs.check_lines(b"\n".join(lines))
    assert checked.refused.select("report", "line", "code").rows() == [
        (2 * at + 1, 2 * at + 2, code) for at, (_, code) in enumerate(BAD)
    ]
    assert checked.verdicts["verdict"].to_list() == ["held", "invalid"] * len(BAD)
    for row in checked.refused.to_dicts():
        with pytest.raises(gs.InvalidReport) as caught:
            gs.loads(lines[row["report"]])
        assert row["faults"] == len(caught.value.findings)
        if row["code"] != "T-JSON":
            assert row["message_en"] == caught.value.findings[0].message("en")
        else:
            assert row["message_zh"].startswith(f"第 {row['line']} 行")


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_line_that_is_too_long(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    """A line of more than 16 MB is bad, and those around it are read as they are."""
    good = gs.dumps(gs.generate(1))
    path = tmp_path / "reports.jsonl"
    for length in (
        MAX_BYTES - 100_000,
        MAX_BYTES,
        MAX_BYTES + 1,
        MAX_BYTES + 21_000,
        2 * MAX_BYTES + 50,
    ):
        long = b'"' + b"x" * (length - 2) + b'"'
        path.write_bytes(pack(b"\n".join((good, long, good, b"", good))))
        checked = gs.check_lines(path)
        code = "T-SIZE" if length > MAX_BYTES else "T-REPORT"
        assert checked.refused.select("line", "code").rows() == [(2, code)]
        assert checked.verdicts["report"].to_list() == [0, 1, 2, 4]


def test_a_hostile_file_expands_in_small_steps() -> None:
    """Of data that expand a thousandfold only as much is held as one chunk and one line have."""
    packed = zstandard.compress(b" " * 200_000_000)
    steps = []
    with chunks.source_of(packed) as source:
        steps += [len(chunk.data) for chunk in chunks.cut(source)]
    assert max(steps) <= chunks.CHUNK + jsonl.LONGEST


def test_empty_files() -> None:
    """A file without reports gives frames without rows, with all their columns."""
    for data in (b"", b"\n", gzip.compress(b"")):
        checked = gs.check_lines(data)
        frame = gs.check_frame(gs.to_frame([]))
        assert checked.findings.schema == frame.findings.schema
        assert checked.verdicts.schema == frame.verdicts.schema
        assert checked.findings.height == checked.verdicts.height == checked.refused.height == 0


def test_equal_to_a_frame() -> None:
    """JSON lines and a frame of the same reports give equal frames."""
    own = reports(150, 5)
    lines = gs.check_lines(b"\n".join(map(gs.dumps, own)))
    frame = gs.check_frame(gs.to_frame(own))
    assert lines.findings.drop("file").equals(frame.findings.drop("file"))
    assert lines.verdicts.drop("file").equals(frame.verdicts.drop("file"))


def test_wrong_calls(tmp_path: Path) -> None:
    """What is no source, no file or no choice is said in one line."""
    with pytest.raises(ValueError, match="blanks is"):
        gs.check_lines(b"", blanks="no")  # type: ignore[arg-type]
    processes: Any
    for processes in (0, -1, 1.5, "2", True):
        with pytest.raises(ValueError, match="whole number from 1 on"):
            gs.check_lines(b"", processes=processes)
    with pytest.raises(gs.UnreadableFile):
        gs.check_lines(tmp_path / "missing.jsonl")
    with pytest.raises(TypeError, match="a source is"):
        gs.check_lines(5)  # type: ignore[arg-type]


class Uneven(io.BytesIO):
    """A stream that gives more than it is asked for, and then what *last* says."""

    def __init__(self, data: bytes, last: Any = b"") -> None:
        super().__init__(data)
        self.last = last

    def read(self, size: int | None = -1) -> Any:
        """Give a little more than *size* bytes, and at the end what was said."""
        data = super().read((size or 0) + 7)
        if data:
            return data
        if isinstance(self.last, Exception):
            raise self.last
        return self.last


def test_streams_lose_nothing() -> None:
    """
    All lines of a stream are checked, however much it gives at once; one that pauses or fails is
    an error, never the end of the lines.
    """
    data = b"\n".join(map(gs.dumps, map(gs.generate, range(40))))
    assert gs.check_lines(Uneven(data), processes=1).lines == 40
    with pytest.raises(gs.UnreadableFile, match="open it in blocking mode"):
        gs.check_lines(Uneven(data, None), processes=1)
    with pytest.raises(gs.UnreadableFile, match="the open file cannot be used"):
        gs.check_lines(Uneven(data, KeyError("k")), processes=1)


def test_a_script_without_a_guard(tmp_path: Path) -> None:
    """A script that calls it at its top level is not run again by the processes that it starts."""
    data = tmp_path / "reports.jsonl"
    data.write_bytes(b"\n".join(gs.dumps(report) for report in reports(120)))
    script = tmp_path / "script.py"
    script.write_text(
        "import govinfo_schema as gs\n"
        "from govinfo_schema.bulk import chunks\n"
        "print('run')\n"
        "chunks.CHUNK = 20_000\n"
        f"print(gs.check_lines({str(data)!r}, processes=2).lines)\n",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, env=environment()
    )
    assert run.stdout.split() == ["run", "120"]


def test_threads_start_processes_at_once(tmp_path: Path) -> None:
    """
    Threads may start processes at the same time, of the package and of their own: nobody sees
    another ``__main__`` meanwhile, and processes of the script's own still import it.
    """
    path, script = tmp_path / "reports.jsonl", tmp_path / "script.py"
    path.write_bytes(b"\n".join(map(gs.dumps, reports(40))))
    script.write_text(
        f"""
import pickle, sys, threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
import govinfo_schema as gs
from govinfo_schema.bulk import chunks

class Own:
    pass

def double(number):
    return 2 * number

def own():
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(double, 21).result()

def check(_):
    return gs.check_lines({str(path)!r}, processes=2).lines

def broken():
    for line in (b"1", b"2", b"3", b"4", None):
        yield line.strip()

def watch():
    seen = 0
    while not done.is_set():
        pickle.dumps(Own())
        seen += sys.modules["__main__"] is not main
    return seen

if __name__ == "__main__":
    from govinfo_schema.bulk.processes import shared

    chunks.CHUNK = 20_000
    main, done = sys.modules["__main__"], threading.Event()
    with ThreadPoolExecutor(6) as threads:
        watched = threads.submit(watch)
        lines, doubled = [threads.submit(check, n) for n in range(3)], threads.submit(own)
        try:
            list(shared(bytes.strip, broken(), bytes.strip, processes=2))
        except AttributeError:
            print("raised")
        print(*[each.result() for each in lines], doubled.result())
        done.set()
        print(watched.result(), own(), main is sys.modules["__main__"])
""",
        encoding="utf-8",
    )
    run = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, env=environment()
    )
    expected = ["raised", "40", "40", "40", "42", "0", "42", "True"]
    assert (run.stdout.split(), run.stderr) == (expected, "")


# ---- the command --------------------------------------------------------------------------------


def environment() -> dict[str, str]:
    """Return the environment of a process that finds the package."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a file of many parts of a few lines each."""
    monkeypatch.setattr(chunks, "CHUNK", 20_000)
    monkeypatch.setattr(checking, "CHUNKS", 2)
    monkeypatch.setattr("govinfo_schema.bulk.processes.cores", lambda: 1)
    path = tmp_path / "reports.jsonl"
    path.write_bytes(b"\n".join(mixed(100, 7)))
    return path


@pytest.mark.parametrize("suffix", checking.SUFFIXES)
def test_out_has_all_findings(data: Path, tmp_path: Path, suffix: str) -> None:
    """``--out`` writes the findings of ``check_lines``, in the format of its suffix."""
    out = tmp_path / f"findings{suffix}"
    assert main(["check", str(data), "--out", str(out)]) == 2
    frame = gs.check_lines(data).findings
    if suffix == ".parquet":
        assert pl.read_parquet(out).equals(frame)
    elif suffix == ".jsonl":
        assert [
            json.loads(line) for line in out.read_text("utf-8").splitlines()
        ] == frame.to_dicts()
    else:
        joined = frame.with_columns(pl.col("blanks").list.join(" "))
        read = pl.read_csv(out, schema=joined.schema).with_columns(pl.col("blanks").fill_null(""))
        assert read.equals(joined)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([data.name, out.name])


def test_csv_of_findings_is_that_of_all_tables(tmp_path: Path) -> None:
    """
    Spreadsheets read it: UTF-8 with a mark, lines that end as theirs do, and no text that they
    would run, be it the name of a file or a key that no report has.
    """
    plain = gs.to_dict(gs.blank("2021", year=2024, body="某市")) | {"=1+1": 1}
    path, out = tmp_path / "年报.jsonl", tmp_path / "findings.csv"
    path.write_text(json.dumps(plain) + "\n" + json.dumps(plain | {'\u4e00,"二': 1}), "utf-8")
    assert main(["check", str(path), "--out", str(out)]) == 2
    data = out.read_bytes()
    assert data.startswith(codecs.BOM_UTF8)
    assert data.count(b"\n") == data.count(b"\r\n") == 4
    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))
    assert [row["equation"] for row in rows] == ["'=1+1", "'=1+1", '一,"二']
    assert {row["file"] for row in rows} == {str(path)}


def test_summary_counts_all(data: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The summary counts reports by verdict, by rule and by level; JSON has the same numbers."""
    out = tmp_path / "findings.parquet"
    assert main(["check", str(data), "--out", str(out), "--format", "json"]) == 2
    told = json.loads(capsys.readouterr().out)
    checked = gs.check_lines(data)
    (table,) = told["tables"]
    verdicts = checked.verdicts.group_by("verdict").len()
    assert table["verdicts"] == dict(verdicts.rows())
    assert table["lines"] == checked.lines
    counts = checked.findings.group_by("rule").len()
    assert {code: sum(own.values()) for code, own in table["rules"].items()} == dict(counts.rows())
    assert told["summary"]["broken"] == table["verdicts"]["broken"]
    assert told["summary"]["unreadable"] == table["verdicts"]["invalid"]
    assert main(["check", str(data), "--out", str(out), "--force", "--lang", "en"]) == 2
    printed = capsys.readouterr().out
    assert re.search(r"sum of the applicants: .* \[B-ROW\]", printed)
    assert "level not stated" in printed


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".sqlite", ".duckdb"])
def test_tables_are_checked_alike(tmp_path: Path, suffix: str) -> None:
    """``--out`` of a table has the findings of its frame, with the files that it names."""
    path, out = tmp_path / f"reports{suffix}", tmp_path / "findings.parquet"
    own = reports(60, 4)
    gs.write_many(own, path)
    gs.write_many(own, tmp_path / "reports.jsonl")
    status = main(["check", str(path), "--out", str(out)])
    findings = gs.check_frame(gs.to_frame(own)).findings
    assert status == 1
    assert pl.read_parquet(out).drop("file").equals(findings.drop("file"))
    assert set(pl.read_parquet(out)["file"]) == {str(path)}


NATURAL = "applications.received.natural_person"
TOTAL = "applications.received.total"
TABLES = (".parquet", ".csv", ".sqlite", ".duckdb")


def spoilt_table(path: Path) -> pl.DataFrame:
    """Write a table of which some rows are no reports, and return the frame of it."""
    own = gs.to_frame(reports(40, 4)).with_row_index("n")
    wrong = {3: -1, 17: 2**54, 18: -5}
    figures = [wrong.get(n, value) for n, value in enumerate(own[TOTAL])]
    editions = ["2077" if n == 30 else name for n, name in enumerate(own["edition"])]
    frame = own.with_columns(
        pl.Series(TOTAL, figures), edition=pl.Series(editions), file=pl.lit(None, pl.String)
    ).drop("n")
    if path.suffix == ".parquet":
        frame.write_parquet(path)
    elif path.suffix == ".csv":
        frame.write_csv(path)
    elif path.suffix == ".sqlite":
        gs.write_many([], path)
        with closing(sqlite3.connect(path)) as base, base:
            texts = frame.cast({pl.Decimal: pl.String, pl.Date: pl.String})
            names = ", ".join(f'"{name}"' for name in texts.columns)
            marks = ", ".join("?" * texts.width)
            insert = f"INSERT INTO reports ({names}) VALUES ({marks})"  # noqa: S608 (our own names)
            base.executemany(insert, texts.iter_rows())
    else:
        gs.write_many([], path)
        with duckdb.connect(str(path)) as filled:
            filled.execute("INSERT INTO reports BY NAME SELECT * FROM frame")
    return frame


@pytest.mark.parametrize("suffix", TABLES)
def test_a_table_is_checked_as_its_frame(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    """
    What is found in a table has the codes, cells and numbers that ``check_frame`` gives its frame,
    rows that are no reports too; each of these is told of with its row and with that number.
    """
    path, out = tmp_path / f"reports{suffix}", tmp_path / "findings.parquet"
    checked = gs.check_frame(spoilt_table(path))
    arguments = ["check", str(path), "--out", str(out), "--force", "--lang", "en"]
    assert main([*arguments, "--format", "json"]) == 2
    (told,) = json.loads(capsys.readouterr().out)["tables"]
    assert pl.read_parquet(out).drop("file").equals(checked.findings.drop("file"))
    counts = {name: number for name, number in told["verdicts"].items() if number}
    assert counts == dict(checked.verdicts.group_by("verdict").len().rows())
    rules = {code: sum(own.values()) for code, own in told["rules"].items()}
    assert rules == dict(checked.findings.group_by("rule").len().rows())
    assert {"S-NEGATIVE", "S-MAXIMUM", "S-VALUE"} < set(rules)
    assert sum(sum(own.values()) for own in told["levels"].values()) == told["lines"] == 40
    assert len(told["refused"]) == 4
    assert main(arguments) == 2
    printed = capsys.readouterr().out
    for number in (3, 17, 18, 30):
        assert f"report {number + 1} is faulty" in printed
        assert f"in the findings its report is {number})" in printed
    assert "2 faults [S-NEGATIVE]" in printed
    assert "1 fault [S-MAXIMUM]\n" in printed


def test_rows_that_cannot_be_read_stand_among_the_others(tmp_path: Path) -> None:
    """A line of CSV that is no row is a finding at its place; the numbers of the others stay."""
    path, out = tmp_path / "reports.csv", tmp_path / "findings.parquet"
    frame = spoilt_table(path)
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([*lines[:11], "2021,5", "", *lines[11:], f"{lines[1]},9"]), "utf-8")
    assert main(["check", str(path), "--out", str(out)]) == 2
    found = pl.read_parquet(out).drop("file")
    assert found.filter(rule="R-RECORD")["report"].to_list() == [10, 41]
    whole = gs.check_frame(frame).findings.drop("file")
    number = pl.col("report")
    moved = whole.with_columns(number + (number >= 10).cast(pl.Int64))
    assert found.filter(pl.col("rule") != "R-RECORD").equals(moved)


def test_columns_of_a_table_are_told_of(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Columns that are not there or not of the form are named; without the year the figures are
    checked all the same, and without any figure the file is refused.
    """
    path, out = tmp_path / "reports.parquet", tmp_path / "findings.parquet"
    frame = spoilt_table(path)
    arguments = ["check", str(path), "--out", str(out), "--force", "--lang", "en"]
    whole = gs.check_frame(frame).findings.drop("file")
    underscored = frame.rename({name: name.replace(".", "__") for name in frame.columns})
    for each in (frame.drop("year", "body.name"), underscored):
        each.write_parquet(path)
        assert main(arguments) == 2
        assert pl.read_parquet(out).drop("file").equals(whole)
        assert "no such columns" not in capsys.readouterr().out
    frame.rename({TOTAL: f"{TOTAL[:-1]}1"}).with_columns(mine=1).write_parquet(path)
    assert main(arguments) == 2
    printed = capsys.readouterr().out
    assert f"do you mean {TOTAL}" in printed
    assert "does not have these figures" in printed
    frame.select("edition", "year").write_parquet(path)
    out.unlink()
    assert main(arguments) == 2
    assert "no column is a figure" in capsys.readouterr().out
    assert not out.exists()


@pytest.mark.parametrize("suffix", TABLES)
def test_a_table_is_resumed_at_its_next_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """Interrupted after any part of a table, ``--resume`` writes the bytes of a whole run."""
    monkeypatch.setattr(checking, "ROWS", 6)
    monkeypatch.setattr(checking, "CHUNKS", 2)
    monkeypatch.setattr("govinfo_schema.tables.parquet.BATCH", 3)
    monkeypatch.setattr("govinfo_schema.tables.parquet.GROUP", 1)
    monkeypatch.setattr("govinfo_schema.tables.duckdb.BATCH", 3)
    path, out = tmp_path / f"reports{suffix}", tmp_path / "findings.parquet"
    spoilt_table(path)
    arguments = ["check", str(path), "--out", str(out)]
    assert main(arguments) == 2
    whole = out.read_bytes()
    keep = Parts.keep
    for stop in (1, 2, 3):
        out.unlink()

        def kept(parts: Parts, number: int, files: Any, stop: int = stop) -> None:
            if number == stop:
                raise KeyboardInterrupt
            keep(parts, number, files)

        monkeypatch.setattr(Parts, "keep", kept)
        with suppress(KeyboardInterrupt):
            main(arguments)
        monkeypatch.setattr(Parts, "keep", keep)
        assert not out.exists()
        assert main([*arguments, "--resume"]) == 2
        assert out.read_bytes() == whole


def test_faults_of_rows_are_those_of_a_frame(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--out`` names every fault of a row that is no report, by its own code and cell."""
    path, out = tmp_path / "reports.parquet", tmp_path / "findings.parquet"
    cells = ("applications.received.total", "disputes.litigation.direct.other")
    frame = gs.to_frame([gs.generate(1), gs.generate(2)])
    frame = frame.with_columns(pl.Series(cell, [0, -1]) for cell in cells)
    frame = frame.with_columns(pl.lit(-0.5).cast(pl.Decimal(38, 18)).alias(FEES))
    frame.write_parquet(path)
    assert main(["check", str(path), "--out", str(out), "--lang", "en"]) == 2
    found, expected = pl.read_parquet(out).drop("file"), gs.check_frame(frame).findings.drop("file")
    assert found.sort("report", "equation").equals(expected.sort("report", "equation"))
    assert found.filter(pl.col("report") == 1).height == 3
    assert "report 2 is faulty (row 2" in capsys.readouterr().out


def page_of(path: Path, column: str, group: int) -> int:
    """Say where in a Parquet file the data of a column of a row group begin."""
    facts = pq.ParquetFile(path).metadata.row_group(group)
    own = [facts.column(at) for at in range(facts.num_columns)]
    (chunk,) = [each for each in own if each.path_in_schema == column]
    return int(chunk.data_page_offset + chunk.total_compressed_size // 2)


@pytest.fixture
def parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a Parquet file of three row groups of eighty reports."""
    monkeypatch.setattr("govinfo_schema.tables.parquet.BATCH", 10)
    path = tmp_path / "reports.parquet"
    gs.write_many(reports(240, 4), path)
    return path


DAMAGES: dict[str, Callable[[Path], tuple[int, int]]] = {
    "first": lambda path: (page_of(path, "applications.received.total", 0), 4),
    "last": lambda path: (page_of(path, "applications.outcomes.total.total", 2), 1),
    "head": lambda path: (page_of(path, "disputes.litigation.direct.total", 1) - 40, 30),
    "foot": lambda path: (path.stat().st_size - 2000, 64),
    "magic": lambda path: (path.stat().st_size - 4, 4),
}
"""Where bytes of a Parquet file are spoilt, and how many."""


@pytest.mark.parametrize("damage", [*DAMAGES, "cut", "half"])
@pytest.mark.parametrize("suffix", [None, *checking.SUFFIXES])
def test_damaged_parquet_is_one_line(
    parquet: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    damage: str,
    suffix: str | None,
) -> None:
    """
    A Parquet file with a spoilt page, or that is cut off, is unreadable: one line says so, no
    figure of it is taken for another, and the findings of the rows before it are as they were.
    """
    whole = gs.check_frame(pl.read_parquet(parquet)).findings
    spoilt = bytearray(parquet.read_bytes())
    if damage in DAMAGES:
        begin, count = DAMAGES[damage](parquet)
        spoilt[begin : begin + count] = (byte ^ 0xFF for byte in spoilt[begin : begin + count])
    else:
        del spoilt[-1 if damage == "cut" else len(spoilt) // 2 :]
    parquet.write_bytes(spoilt)
    out = tmp_path / f"findings{suffix}"
    status = main(["check", str(parquet), "--lang", "en", *(["--out", str(out)] if suffix else [])])
    printed = capsys.readouterr()
    told = [line for line in (printed.out + printed.err).splitlines() if "CANNOT BE READ" in line]
    assert status == 2
    assert len(told) == 1
    assert "Traceback" not in printed.err
    names = {each.name for each in tmp_path.iterdir()} - {parquet.name}
    assert names <= {out.name}
    if suffix == ".parquet" and names:
        *before, last = pl.read_parquet(out).rows(named=True)
        assert (last["report"], last["file"]) == (None, str(parquet))
        assert last["rule"] == "F-BAD-TABLE"
        rows = [tuple(row[name] for name in whole.columns if name != "file") for row in before]
        assert rows == whole.drop("file").rows()[: len(rows)]


def test_a_file_that_cannot_be_read_has_a_row(data: Path, tmp_path: Path) -> None:
    """
    The findings name each file of which a part, or all, was not read, so that none looks as if
    nothing were wrong in it; where nothing was read at all there are none to write.
    """
    names = ("cut.jsonl.gz", "empty.jsonl", "empty.parquet", "missing.csv", "all.parquet")
    cut, empty, nothing, missing, out = (tmp_path / name for name in names)
    packed = gzip.compress(data.read_bytes())
    cut.write_bytes(packed[: len(packed) // 2])
    empty.touch()
    nothing.touch()
    assert main(["check", str(empty), "--out", str(out)]) == 2
    assert not out.exists()
    paths = [str(path) for path in (cut, empty, nothing, missing, data)]
    assert main(["check", *paths, "--out", str(out)]) == 2
    found = pl.read_parquet(out)
    rows = found.filter(pl.col("report").is_null()).select("file", "rule").rows()
    codes = ("F-CUT-SHORT-LINES", "F-NO-ROWS", "F-EMPTY-FILE", "F-MISSING")
    assert rows == list(zip(paths, codes, strict=False))
    with pytest.raises(gs.UnreadableFile) as told:
        gs.check_lines(cut)
    parts = [told.value.partial.findings, gs.check_lines(data).findings]
    assert found.filter(pl.col("report").is_not_null()).equals(pl.concat(parts))


def test_nothing_is_overwritten(data: Path, tmp_path: Path) -> None:
    """A file that is there stays, without ``--force``; the source is never written to."""
    out = tmp_path / "findings.jsonl"
    out.write_bytes(b"mine")
    assert main(["check", str(data), "--out", str(out)]) == 2
    assert out.read_bytes() == b"mine"
    before = data.read_bytes()
    assert main(["check", str(data), "--out", str(data), "--force"]) == 2
    assert data.read_bytes() == before
    assert main(["check", str(data), "--out", str(tmp_path / "f.docx")]) == 2
    assert main(["check", str(data), "--resume"]) == 2
    assert main(["check", str(data), "--out", str(out), "--format", "junit", "--force"]) == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([data.name, out.name])


def test_packed_lines_need_no_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Compressed JSON lines are counted as a whole; cut off, that is an error."""
    lines = [gs.dumps(gs.generate(seed)) for seed in range(20)]
    path = tmp_path / "reports.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n".join(lines)))
    assert main(["check", str(path), "--lang", "en"]) == 0
    assert "20 lines or rows, 20 reports" in capsys.readouterr().out
    path.write_bytes(path.read_bytes()[:-200])
    assert main(["check", str(path), "--lang", "en", "--out", str(tmp_path / "f.csv")]) == 2
    assert "cut off" in capsys.readouterr().out
    assert (tmp_path / "f.csv").exists()


@pytest.mark.parametrize("suffix", [".jsonl", *jsonl.PACKED])
def test_compressed_lines_are_written_and_read(tmp_path: Path, suffix: str) -> None:
    """
    JSON lines are written compressed where the name says so, the same bytes each time, and read by
    their content; cut off, or of something else, that is one line.
    """
    path, own = tmp_path / f"reports{suffix}", reports(30, 5)
    gs.write_many(own, path)
    data = path.read_bytes()
    gs.write_many(own, path)
    assert path.read_bytes() == data
    plain = b"".join(gs.dumps(each) + b"\n" for each in own)
    assert (data == plain) == (suffix == ".jsonl")
    target = io.BytesIO()
    gs.write_many(own, target, format=suffix)
    assert target.getvalue() == data
    (tmp_path / "download").write_bytes(data)
    for source in (path, data, io.BytesIO(data), tmp_path / "download"):
        assert gs.read_many(source).reports == own
    assert main(["convert", str(path), str(tmp_path / "all.csv")]) == 0
    assert gs.read_many(tmp_path / "all.csv").reports == own
    if data != plain:
        with pytest.raises(gs.UnreadableFile, match="cut off"):
            gs.read_many(data[:-9])


@pytest.mark.parametrize("suffix", [".parquet", ".sqlite", ".duckdb"])
def test_tables_are_no_lines(tmp_path: Path, suffix: str) -> None:
    """A table that is given to ``check_lines`` is refused in a line that says what takes it."""
    path = tmp_path / f"reports{suffix}"
    gs.write_many(reports(2), path)
    for source in (path, path.read_bytes()):
        with pytest.raises(gs.UnreadableFile, match="check_frame") as told:
            gs.check_lines(source)
        assert told.value.code == "F-NOT-LINES"


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_other_compressed_data_are_named(
    pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is compressed and no JSON lines, or comes in on standard input, says what to do."""
    with pytest.raises(gs.UnreadableFile, match="decompress"):
        gs.read(pack("政府信息公开工作年度报告".encode()))
    stream = io.TextIOWrapper(io.BytesIO(pack(gs.dumps(gs.generate(1)))))
    monkeypatch.setattr(sys, "stdin", stream)
    with pytest.raises(gs.UnreadableFile, match="decompress"):
        gs.read("-")


KILLABLE = """
import sys
from govinfo_schema.bulk import checking, chunks, resuming
from govinfo_schema.cli import main
chunks.CHUNK, checking.CHUNKS = 20_000, 2
sys.exit(main(sys.argv[1:]))
"""
"""The command, with parts as small as those of the fixture *data*."""


def kill_and_resume(data: Path, out: Path, moments: Sequence[float], whole: bytes) -> int:
    """Kill the command at each moment, resume it, and let the last end; count the kills."""
    killed, parts = 0, Path(f"{out}.parts")
    for moment in [*moments, None]:
        flags = ["--resume"] if parts.exists() else []
        process = subprocess.Popen(
            [sys.executable, "-c", KILLABLE, "check", data, "--out", out, *flags],
            stdout=subprocess.DEVNULL,
            env=environment(),
        )
        if moment is None:
            assert process.wait() == 2
        else:
            time.sleep(moment)
            process.kill()
            killed += process.wait() < 0
        if out.exists() and not parts.exists():
            break
    assert out.read_bytes() == whole
    assert not parts.exists()
    return killed


def test_killed_and_resumed_it_writes_the_same_bytes(data: Path, tmp_path: Path) -> None:
    """What is killed and resumed has the bytes of an uninterrupted run."""
    assert main(["check", str(data), "--out", str(tmp_path / "whole.parquet")]) == 2
    whole = (tmp_path / "whole.parquet").read_bytes()
    kill_and_resume(data, tmp_path / "out.parquet", [1.2], whole)


@pytest.mark.full
@pytest.mark.parametrize("suffix", checking.SUFFIXES)
def test_killed_twenty_times(data: Path, tmp_path: Path, suffix: str) -> None:
    """As above, killed at 20 random moments."""
    assert main(["check", str(data), "--out", str(tmp_path / f"whole{suffix}")]) == 2
    whole = (tmp_path / f"whole{suffix}").read_bytes()
    chance, killed, out = random.Random(21), 0, tmp_path / f"out{suffix}"
    while killed < 20:
        out.unlink(missing_ok=True)
        moments = [chance.uniform(0.4, 1.6) for _ in range(20 - killed)]
        killed += kill_and_resume(data, out, moments, whole)


def test_interrupted_it_says_how_to_go_on(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Ctrl-C leaves whole parts, says how many, and ends with 130; a damaged part is made again."""
    out, calls = tmp_path / "out.parquet", 0
    keep = resuming.Parts.keep

    def interrupted(self: Any, number: int, files: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 4:
            raise KeyboardInterrupt
        keep(self, number, files)

    with monkeypatch.context() as patched:
        patched.setattr(resuming.Parts, "keep", interrupted)
        assert main(["check", str(data), "--out", str(out), "--lang", "en"]) == 130
    told = capsys.readouterr().err
    assert "stopped: 3 parts are done" in told
    assert "--resume" in told
    assert not out.exists()
    assert main(["check", str(data), "--out", str(out), "--lang", "en"]) == 2
    assert "--resume goes on, --force starts again" in capsys.readouterr().err
    (tmp_path / "out.parquet.parts" / "00000001.findings.arrow").write_bytes(b"damaged")
    assert main(["check", str(data), "--out", str(out), "--resume"]) == 2
    assert pl.read_parquet(out).equals(gs.check_lines(data).findings)


def test_a_full_disk_is_one_line(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the result cannot be written whole, one line says why and the parts stay."""
    resource = pytest.importorskip("resource", reason="Windows has no such limits")
    out = tmp_path / "out.csv"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        assert main(["check", str(data), "--out", str(out), "--lang", "en"]) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    told = capsys.readouterr().err
    assert "File too large" in told
    assert "stopped" in told
    assert not out.exists()
    assert main(["check", str(data), "--out", str(out), "--resume"]) == 2
    assert out.read_bytes().count(b"\n") == gs.check_lines(data).findings.height + 1
