"""
How much work the checker in one file is for a browser, beside the same work in Python: ``python
benchmarks/browser.py checker.html``.

It measures the CPU time of all processes of Chromium that show the page, until it is ready and
until it has checked a first Word file, and that of a new Python that imports the package and does
the same.
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from chromium import Browser  # noqa: E402 (it stands beside the tests)

import govinfo_schema as gs  # noqa: E402 (as well)

ROUNDS: Final = 5
NATIVE: Final = """
import sys
from govinfo_schema.cli.results import Job
from govinfo_schema.pages.page import page
from govinfo_schema.repair.explanations import locate

result = Job(whole=True)(sys.argv[1])
locate(result.report)
page([result])
"""
"""Import the package, and do what the page does with a file."""


def native(path: Path) -> float:
    """Return the CPU seconds of a new Python that checks a file."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", NATIVE, str(path)], cwd=ROOT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def page(checker: Path, path: Path, folder: Path) -> tuple[float, float]:
    """Return the CPU seconds of a browser until the page is ready, and has checked a file."""
    with Browser(folder) as browser:
        before = browser.cpu_time()
        browser.open(checker)
        browser.until("document.documentElement.dataset.ready", 120)
        ready = browser.cpu_time() - before
        browser.choose("#files", [path])
        browser.until("[...files.values()].some(one => one.said)")
        return ready, browser.cpu_time() - before


def main(checker: Path) -> None:
    """Measure in turn, and print the medians and their ratios."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        gs.write(gs.damage(gs.generate(1, "2021"), "single", 1).report, path)
        native(path)
        rounds = [
            (native(path), *page(checker.resolve(), path, Path(folder) / str(number)))
            for number in range(ROUNDS)
        ]
    here, ready, first = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"{checker.name}: {checker.stat().st_size:,} bytes, median of {ROUNDS} rounds")
    print(f"Python: import and first check      {here:5.2f} s of CPU time")
    print(f"page: ready                         {ready:5.2f} s  {ready / here:5.1f} ×")
    print(f"page: ready and first file checked  {first:5.2f} s  {first / here:5.1f} ×")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
