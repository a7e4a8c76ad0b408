"""Reports that come one by one are let go one by one: no call gathers what it only goes through."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

import govinfo_schema as gs

TABLES = ("jsonl", "csv", "tidy.csv", "parquet", "sqlite", "duckdb")


@attrs.define
class Stream:
    """A generator of so many reports, and the most of them that were held at a time."""

    count: int
    most: int = 0

    def __iter__(self) -> Iterator[gs.Report]:
        pattern = gs.generate(1)
        given: list[weakref.ref[gs.Report]] = []
        for number in range(self.count):
            report = attrs.evolve(pattern, overview=f"第{number}份")
            given.append(weakref.ref(report))
            yield report
            del report
            if number % 50 == 0:
                given = [each for each in given if each() is not None]
                self.most = max(self.most, len(given))


def peak(call: Callable[[Stream], object], count: int) -> int:
    """Give the most memory that a call takes of Python for so many reports, in bytes."""
    gc.collect()
    tracemalloc.start()
    try:
        call(Stream(count))
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("suffix", TABLES)
def test_tables_are_written_one_report_at_a_time(suffix: str, tmp_path: Path) -> None:
    """However many reports a generator gives, only the last few of them are held."""
    stream = Stream(1_000)
    path = tmp_path / f"reports.{suffix}"
    gs.write_many(stream, path)
    assert stream.most <= 60  # the last fifty are counted with the one that is held
    assert len(gs.read_many(path)) == stream.count


def test_reports_are_added_up_one_at_a_time() -> None:
    """`add_up` keeps sums of the reports of a generator, and none of them."""
    stream = Stream(1_000)
    whole = gs.add_up(stream, "全省")
    assert stream.most <= 60
    once = gs.generate(1).applications.received.total
    assert once is not None
    assert whole.applications.received.total == 1_000 * once


@pytest.mark.thorough
@pytest.mark.parametrize("suffix", [*TABLES, "sum"])
def test_memory_does_not_grow(suffix: str, tmp_path: Path) -> None:
    """Ten times as many reports take no more memory."""

    def call(stream: Stream) -> None:
        if suffix == "sum":
            gs.add_up(stream)
        else:
            gs.write_many(stream, tmp_path / f"reports.{suffix}", if_exists="replace")

    call(Stream(10))  # what is built on first use is built
    few, many = (peak(call, count) for count in (1_100, 11_000))
    assert many < few * 1.2 + 500_000


@pytest.mark.parametrize("suffix", TABLES)
def test_no_reports_are_a_table_without_rows(suffix: str, tmp_path: Path) -> None:
    """A year in which nobody reports is a table without rows, which reads back as no reports."""
    path = tmp_path / f"reports.{suffix}"
    gs.write_many(iter(()), path)
    readings = gs.read_many(path)
    assert (readings.reports, readings.findings) == ((), ())
    with pytest.raises(gs.UnreadableFile, match="holds no report"):
        gs.read(path)


@pytest.mark.parametrize(
    "call",
    [
        lambda: gs.add_up(iter(())),
        lambda: gs.check_years(iter(())),
        lambda: gs.check_parts(gs.generate(1), iter(())),
    ],
)
def test_nothing_to_compare_is_said(call: Callable[[], object]) -> None:
    """Where there is nothing to add up or compare, an error says so; it is not taken for zero."""
    with pytest.raises(gs.Incompatible):
        call()
