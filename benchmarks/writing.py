"""
How long writing takes: one report in each format, beside what the library of the format takes to
save an empty file; and thousands.

At most 0.3 s for one Word document or workbook. Memory is that of Python's own objects while a
table of so many reports is written.
"""

from __future__ import annotations

import io
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl

import govinfo_schema as gs

MOST = 0.3
"""The seconds that one document may take."""
REPORT = Path(__file__).parents[1] / "docs" / "examples" / "2024-suqian-shizhengfu.json"


def main() -> None:
    """Print both tables."""
    report = gs.loads(REPORT.read_bytes())
    peers: dict[str, Callable[[], object]] = {
        "docx": lambda: docx.Document().save(io.BytesIO()),
        "xlsx": lambda: openpyxl.Workbook().save(io.BytesIO()),
    }
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'one report':<14}{'ms':>8}{'library ms':>12}{'at most':>9}")
        for suffix in (
            "docx",
            "xlsx",
            "html",
            "md",
            "json",
            "csv",
            "tidy.csv",
            "parquet",
            "sqlite",
            "duckdb",
        ):
            own = timed(lambda suffix=suffix: gs.write(report, Path(folder, f"one.{suffix}")))  # type: ignore[misc]
            peer = f"{timed(peers[suffix]) * 1000:.1f}" if suffix in peers else ""
            most = f"{MOST * 1000:.0f}" if suffix in peers else ""
            print(f"{suffix:<14}{own * 1000:>8.1f}{peer:>12}{most:>9}")
        print(f"\n{'reports':<14}{'format':<10}{'s':>8}{'MB of memory':>14}")
        for suffix in ("parquet", "tidy.csv"):
            for count in (1_000, 3_000):
                tracemalloc.start()
                begin = time.perf_counter()
                gs.write_many((report for _ in range(count)), Path(folder, f"many.{suffix}"))
                taken, peak = time.perf_counter() - begin, tracemalloc.get_traced_memory()[1]
                tracemalloc.stop()
                print(f"{count:<14}{suffix:<10}{taken:>8.1f}{peak / 1e6:>14.1f}")


def timed(work: Callable[[], object]) -> float:
    """Give the median time of some runs, after one to warm up, in seconds."""
    times = []
    for _ in range(8):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
