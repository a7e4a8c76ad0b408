"""
Measure how long a page of a scan takes to be read, beside the bare recognition of the same page by
rapidocr, which finds lines of text and recognises them, but no tables.

``python benchmarks/scans.py``, in an environment with ``--group scans --group test``, where
LibreOffice or Chromium is installed to print the report.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import govinfo_schema as gs

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from scans import Scanner, fates, saved, six_reports

ROUNDS: Final = 3


def seconds(work: Callable[[], Any]) -> float:
    """Give the best time of several runs, in seconds of the processor."""
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def _recognised(engine: Any, pages: list[Any]) -> list[Any]:
    return [*map(engine, pages)]


def main() -> None:
    """Print the seconds a page, ours and bare, and what became of the figures."""
    report = six_reports()["dense"]
    one_core = {"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "error"}
    engine = import_module("rapidocr").RapidOCR(params=one_core)
    with tempfile.TemporaryDirectory() as folder:
        printed = Path(folder) / "printed.pdf"
        gs.write(report, printed)
        for dpi in (200, 150, 100):
            pages = Scanner(dpi=dpi, turn=1, noise=12, quality=60).scan(printed)
            scan = saved(pages, Path(folder) / "scan.tif")
            reading = gs.read(scan, year=report.year, body=report.body.name)
            ours = seconds(partial(gs.read, scan, year=report.year, body=report.body.name))
            arrays = [import_module("numpy").asarray(page.convert("RGB")) for page in pages]
            bare = seconds(partial(_recognised, engine, arrays))
            count = len(pages)
            print(
                f"{dpi} dpi: {ours / count:.1f} s a page, bare recognition {bare / count:.1f} s "
                f"({ours / bare:.2f} x); {dict(fates(reading, report))}"
            )


if __name__ == "__main__":
    main()
