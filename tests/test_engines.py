"""
Engines that spread work over processes and computers: Dask and Spark, on clusters of their own,
find in reports and in documents what is found one by one, also where a worker is killed.

SQL and JavaScript find the same in the same reports: see ``test_sql`` and ``test_published``.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import attrs
import polars as pl
import pytest
from engines import (
    dask_cluster,
    documents,
    expected,
    files_of,
    needs_dask,
    needs_spark,
    spark,
    varied,
    verdicts,
)

import govinfo_schema as gs

pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas:FutureWarning",
    "ignore::DeprecationWarning:dask",
)
pa: Any = pytest.importorskip("pyarrow")
ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "docs" / "engines.md", ROOT / "docs" / "engines.zh-CN.md"]
FEW, MANY, ALL = 300, 1_000, 100_000
CELL = "applications.received.total"
Rows = list[tuple[Any, ...]]


# ---- reports ------------------------------------------------------------------------------------


@attrs.frozen
class Answers:
    """What ``check`` says of reports, one by one."""

    reports: tuple[gs.Report, ...]
    findings: Rows
    verdicts: Rows

    def write(self, folder: Path) -> str:
        """Write the reports into a Parquet file, each with the name of a file of its own."""
        path = folder / "reports.parquet"
        gs.write_many(files_of(self.reports), path)
        return str(path)


@cache
def answers(count: int) -> Answers:
    """Take the reports of the seeds 0 to *count* - 1: all shapes, with blanks and damage."""
    own = tuple(map(varied, range(count)))
    return Answers(own, expected(own), verdicts(own))


def of_batches(rows: Iterable[tuple[Any, ...]]) -> Rows:
    """Number the rows of batches by the name of the file, as a batch numbers its own from 0 on."""
    numbered = ((int(row[1].partition(".")[0]), *row[1:]) for row in rows)
    return sorted(numbered, key=lambda row: row[0])


COUNTS = [FEW, pytest.param(ALL, marks=pytest.mark.full)]


@pytest.mark.parametrize("count", COUNTS)
def test_frames_and_lines_find_what_check_finds(count: int, tmp_path: Path) -> None:
    """A frame and a file of JSON lines give exactly the rows of ``check``."""
    known = answers(count)
    assert len(known.findings) > count
    checked = gs.check_frame(gs.to_frame(files_of(known.reports)))
    assert checked.findings.rows() == known.findings
    assert checked.verdicts.rows() == known.verdicts
    gs.write_many(known.reports, tmp_path / "reports.jsonl")
    lines = gs.check_lines(tmp_path / "reports.jsonl")
    for frame, rows in ((lines.findings, known.findings), (lines.verdicts, known.verdicts)):
        assert frame.drop("file").rows() == [(number, *rest) for number, _, *rest in rows]


@needs_dask
@pytest.mark.parametrize("count", [MANY, pytest.param(ALL, marks=pytest.mark.full)])
def test_dask_finds_what_check_finds(count: int, tmp_path: Path) -> None:
    """On a cluster of two processes Dask gives exactly the rows of ``check``."""
    frames: Any = import_module("dask.dataframe")
    pandas: Any = import_module("pandas")
    known = answers(count)
    path = known.write(tmp_path)

    def checked(part: Any, name: str) -> Any:
        return getattr(gs.check_batch(part), name).to_pandas(types_mapper=pandas.ArrowDtype)

    with dask_cluster() as client:
        assert len(client.ncores()) == 2
        frame = frames.read_parquet(path, dtype_backend="pyarrow").repartition(npartitions=7)
        for name in ("findings", "verdicts"):
            result = frame.map_partitions(checked, name)
            table = pa.Table.from_pandas(result.compute(), preserve_index=False)
            assert of_batches(pl.DataFrame(table).rows()) == getattr(known, name)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Start Spark with two executors, each a process of its own."""
    with spark("local-cluster[2,1,1024]") as started:
        yield started


@needs_spark
@pytest.mark.parametrize("large", ["false", "true"])
def test_spark_finds_what_check_finds(session: Any, large: str, tmp_path: Path) -> None:
    """
    On a cluster of two executors ``mapInArrow`` gives exactly the rows of ``check``, with Arrow's
    small types and with its large ones, from batches of any length.
    """
    known = answers(ALL)
    frame = session.read.parquet(known.write(tmp_path)).repartition(5)
    session.conf.set("spark.sql.execution.arrow.useLargeVarTypes", large)
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "4321")
    reports = frame.selectExpr("struct(*) AS report")

    def findings(batches: Iterable[Any]) -> Iterator[Any]:
        return (gs.check_batch(batch).findings for batch in batches)

    def told(batches: Iterable[Any]) -> Iterator[Any]:
        return (gs.check_batch(batch, keep=["year"]).verdicts for batch in batches)

    rows = map(tuple, reports.mapInArrow(findings, gs.FrameCheck.FINDINGS_DDL).collect())
    assert of_batches(rows) == known.findings
    kept = reports.mapInArrow(told, f"{gs.FrameCheck.VERDICTS_DDL}, year BIGINT").collect()
    years = [report.year for report in known.reports]
    assert of_batches(map(tuple, kept)) == [
        (*row, year) for row, year in zip(known.verdicts, years, strict=True)
    ]


@needs_spark
def test_columns_with_dots_in_spark(session: Any, tmp_path: Path) -> None:
    """
    Columns with dots are asked for between backticks, or renamed by one line; ``mapInArrow`` takes
    none of them, but takes them as one struct.
    """
    known = answers(FEW)
    frame = session.read.parquet(known.write(tmp_path))
    values = [gs.get(report, CELL) for report in known.reports]
    errors = import_module("pyspark.errors")
    calls: tuple[Callable[[], Any], ...] = (
        lambda: frame.select(CELL),
        lambda: frame.mapInArrow(lambda batches: batches, frame.schema),
    )
    for wrong in calls:
        with pytest.raises(errors.AnalysisException, match="UNRESOLVED_COLUMN"):
            wrong()
    renamed = frame.toDF(*[name.replace(".", "__") for name in frame.columns])
    opened = frame.selectExpr("struct(*) AS report").select("report.*")
    assert opened.columns == frame.columns
    for rows in (
        frame.select(f"`{CELL}`"),
        renamed.select(CELL.replace(".", "__")),
        opened.select(f"`{CELL}`"),
    ):
        assert sorted(row[0] for row in rows.collect() if row[0] is not None) == sorted(
            value for value in values if value is not None
        )


# ---- documents ----------------------------------------------------------------------------------


@attrs.frozen
class Killer:
    """
    Kill a worker in the middle of its work.

    Each batch that a worker begins leaves a file with the number of its process; the worker that
    begins the *after*-th is killed at once, or the *generations*-th of its parents.
    """

    folder: Path
    after: int
    generations: int = 0
    killed: list[int] = attrs.field(factory=list, init=False)

    def noted(self) -> Callable[[], None]:
        """Return what a worker calls when it begins a batch."""
        folder = str(self.folder)

        def note() -> None:
            path = Path(folder, uuid4().hex)
            path.write_text(str(os.getpid()), encoding="utf-8")
            path.rename(path.with_suffix(".begun"))

        return note

    def start(self) -> Thread:
        """Wait for the moment and kill, in a thread of its own."""
        thread = Thread(target=self._kill, daemon=True)
        thread.start()
        return thread

    def _kill(self) -> None:
        limit = time.monotonic() + 600
        while time.monotonic() < limit:
            begun = sorted(self.folder.glob("*.begun"), key=lambda path: path.stat().st_mtime_ns)
            if len(begun) >= self.after:
                process = int(begun[-1].read_text(encoding="utf-8"))
                for _ in range(self.generations):
                    told = ["ps", "-o", "ppid=", "-p", str(process)]
                    process = int(subprocess.run(told, check=True, capture_output=True).stdout)
                os.kill(process, signal.SIGKILL)
                self.killed.append(process)
                return
            time.sleep(0.005)


def in_files(count: int, folder: Path) -> list[Path]:
    """Write documents into a folder of their own."""
    source = folder / "source"
    source.mkdir()
    for name, data in documents(count).items():
        (source / name).write_bytes(data)
    return sorted(source.iterdir())


@attrs.frozen
class OneByOne:
    """What ``read`` says of documents, one by one: by name the report, the doubts, the code."""

    reports: dict[str, gs.Report]
    doubts: list[dict[str, Any]]
    refusals: dict[str, str]


@cache
def one_by_one(count: int) -> OneByOne:
    """Read documents one by one."""
    readings: dict[str, gs.Reading] = {}
    refusals: dict[str, str] = {}
    for name, data in documents(count).items():
        try:
            readings[name] = gs.read(data, name=name)
        except gs.Error as error:
            refusals[name] = error.code
    doubts = gs.findings_frame(readings.values()).filter(pl.col("level") != "info")
    return OneByOne(
        {name: reading.report for name, reading in readings.items()},
        in_order(doubts.drop("report").to_dicts()),
        refusals,
    )


def in_order(doubts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put doubts into the order of their files; those of a file stay as they are."""
    return sorted(doubts, key=lambda doubt: doubt["file"])


def assert_equal(count: int, reports: Any, doubts: Any, refusals: Any) -> None:
    """Every document is a report or refused, once, and nothing differs from ``read``."""
    known, read = one_by_one(count), gs.from_frame(reports)
    files = [*reports["file"].to_pylist(), *refusals["file"].to_pylist()]
    assert Counter(files) == Counter(documents(count).keys())
    assert dict(zip(reports["file"].to_pylist(), read.reports, strict=True)) == known.reports
    codes = zip(refusals["file"].to_pylist(), refusals["code"].to_pylist(), strict=True)
    assert dict(codes) == known.refusals
    assert len(known.refusals) >= count // 40
    assert in_order(doubts.drop_columns("report").to_pylist()) == known.doubts
    assert known.doubts


@needs_dask
@pytest.mark.parametrize("count", [60, pytest.param(2_000, marks=pytest.mark.full)])
def test_dask_reads_every_document_once(count: int, tmp_path: Path) -> None:
    """
    On a cluster of two processes, one of which is killed in the middle, each document becomes a
    report or a refusal, once, as if ``read`` had read it.
    """
    bags: Any = import_module("dask.bag")
    paths = in_files(count, tmp_path)
    killer = Killer(tmp_path, after=count // 10)
    note = killer.noted()

    def read(part: Iterable[Path]) -> list[gs.BatchReadings]:
        note()
        files = [(path.name, path.read_bytes()) for path in part]
        names, contents = zip(*files, strict=True)
        return [gs.read_batch(pa.record_batch({"name": names, "bytes": contents}))]

    with dask_cluster() as client:
        before = set(client.run(os.getpid).values())
        thread = killer.start()
        found = bags.from_sequence(paths, partition_size=5).map_partitions(read).compute()
        thread.join(600)
        assert len(list(tmp_path.glob("*.begun"))) > len(found)
        assert {*killer.killed} <= before
        assert len(killer.killed) == 1
    parts = (
        pa.Table.from_batches([getattr(each, name) for each in found])
        for name in ("reports", "doubts", "refusals")
    )
    assert_equal(count, *parts)


@needs_spark
@pytest.mark.parametrize("generations", [0, 2], ids=["python", "executor"])
def test_spark_reads_every_document_once(session: Any, generations: int, tmp_path: Path) -> None:
    """
    On a cluster of two executors, where a process of Python or a whole executor is killed in the
    middle, each document becomes a report or a refusal, once, as if ``read`` had read it.
    """
    count = 2_000
    paths = in_files(count, tmp_path)
    killer = Killer(tmp_path, after=count // 40, generations=generations)
    note = killer.noted()

    def read(batches: Iterable[Any]) -> Iterator[Any]:
        for batch in batches:
            note()
            yield gs.read_batch(batch).rows

    session.conf.set("spark.sql.execution.arrow.useLargeVarTypes", "false")
    session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", "20")
    schema = session.createDataFrame(gs.BatchReadings.schemas()["rows"].empty_table()).schema
    folder = session.read.format("binaryFile").load(str(paths[0].parent))
    given = folder.selectExpr("regexp_extract(path, '[^/]+$', 0) AS name", "content AS bytes")
    # Spark passes over empty files.
    empty = [(path.name, b"") for path in paths if not path.stat().st_size]
    assert given.count() == count - len(empty)
    given = given.union(session.createDataFrame(empty, "name STRING, bytes BINARY"))
    thread = killer.start()
    given.mapInArrow(read, schema).write.parquet(str(tmp_path / "rows"))
    thread.join(600)
    assert len(killer.killed) == 1
    rows = session.read.parquet(str(tmp_path / "rows"))
    parts = (
        rows.where(f"{name} IS NOT NULL").select(f"{name}.*").toArrow()
        for name in ("report", "doubt", "refusal")
    )
    assert_equal(count, *parts)


# ---- the page -----------------------------------------------------------------------------------


def examples(page: Path, engine: str) -> list[str]:
    """Return the programs below a heading of the page."""
    section = (
        page.read_text(encoding="utf-8").partition(f"\n## {engine}\n")[2].partition("\n## ")[0]
    )
    return re.findall(r"```python\n(.+?)```", section, re.DOTALL)


def test_both_languages_have_the_same_examples() -> None:
    """The page in Chinese has the examples of the page in English."""
    zh, en = (
        re.findall(r"^```.+?^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        for page in PAGES
    )
    assert zh == en


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("Dask", marks=needs_dask.marks),
        pytest.param("pandas", marks=needs_dask.marks),
        pytest.param("Spark", marks=needs_spark.marks),
    ],
)
def test_example_of_the_page_runs(engine: str, tmp_path: Path) -> None:
    """The example is a program that runs as it is, and prints what stands behind ``#``."""
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    (program,) = examples(PAGES[0], engine)
    (tmp_path / "example.py").write_text(program, encoding="utf-8")
    settings = {"PYTHONPATH": str(ROOT), "PYSPARK_PYTHON": sys.executable}
    done = subprocess.run(
        [sys.executable, "example.py"],
        cwd=tmp_path,
        env={**os.environ, **settings, "SPARK_LOCAL_IP": "127.0.0.1"},
        capture_output=True,
        text=True,
        check=False,
    )
    shown = [line.partition("  # ")[2] for line in program.splitlines() if "print(" in line]
    assert (done.returncode, done.stdout.splitlines()) == (0, shown), done.stderr
