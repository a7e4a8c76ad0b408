"""
Measure how long it takes to read one report out of each kind of file, beside the library that only
parses it, a folder of many, and tables of many reports beside the same in JSON lines.

``python benchmarks/reading.py tables [COUNT]`` measures the tables alone. Run it in an environment
with ``--group bench``. A PDF and a .doc are measured where LibreOffice is installed.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import docx
import lxml.html
import openpyxl
import pdfplumber

import govinfo_schema as gs
from govinfo_schema.bulk.processes import results
from govinfo_schema.documents.document import Grid, Paragraph
from govinfo_schema.documents.layout import layout

EXAMPLE: Final = Path(__file__).parents[1] / "docs" / "examples" / "2024-suqian-shizhengfu.json"
ROUNDS: Final = 15
MANY: Final = 1000
TABLE: Final = 1000
RATIO: Final = 3
"""
A table takes at most so many times as long as JSON lines; the tidy one, ten times as long in bytes,
is shown only.
"""
TARGETS: Final = {".html": 0.1, ".docx": 0.1, ".xlsx": 0.1, ".md": 0.1, ".txt": 0.1, ".pdf": 2.0}
"""Seconds that one report may take, on one core."""


def main() -> None:
    """Write the example in every format, read it back and print the times."""
    report = gs.loads(EXAMPLE.read_bytes())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"{'':8}{'ms':>9}{'parsing':>10}{'ratio':>8}   at most")
        for path in written(report, folder):
            if list(gs.walk(gs.read(path).report)) != list(gs.walk(report)):
                raise SystemExit(f"{path.name} is not read right: there is nothing to measure")
            seconds = fastest(lambda path=path: gs.read(path))  # type: ignore[misc]
            parsing = fastest(lambda path=path: PARSE[path.suffix](path))  # type: ignore[misc]
            target = TARGETS[path.suffix]
            verdict = "reached" if seconds <= target else "NOT reached"
            figures = f"{seconds * 1e3:9.1f}{parsing * 1e3:10.1f}{seconds / parsing:8.1f}"
            print(f"{path.suffix:8}{figures}   {target * 1e3:.0f} ms, {verdict}")
        many(folder)
        tables(folder, TABLE)


def tables(folder: Path, count: int) -> None:
    """
    Read a table of so many reports in each format, in turns, and print the times as ratios to JSON
    lines.
    """
    examples = [gs.loads(path.read_bytes()) for path in sorted(EXAMPLE.parent.glob("*.json"))]
    reports = [examples[number % len(examples)] for number in range(count)]
    times: dict[str, list[float]] = {
        suffix: [] for suffix in ("jsonl", "csv", "parquet", "sqlite", "duckdb", "tidy.csv")
    }
    for suffix in times:
        gs.write_many(reports, folder / f"many.{suffix}")
    for _ in range(ROUNDS // 3):
        for suffix, taken in times.items():
            begin = time.process_time()
            if len(gs.read_many(folder / f"many.{suffix}")) != count:
                raise SystemExit(f"many.{suffix} is not read whole: there is nothing to measure")
            taken.append(time.process_time() - begin)
    best = {suffix: min(taken) for suffix, taken in times.items()}
    print(
        f"\n{count} reports{'µs each':>10}{'ratio':>8}   at most (processor time, the best of "
        f"{ROUNDS // 3})"
    )
    for suffix, seconds in best.items():
        ratio = seconds / best["jsonl"]
        target = (
            ""
            if suffix in ("jsonl", "tidy.csv")
            else f"   {RATIO:.0f}, {'reached' if ratio <= RATIO else 'NOT reached'}"
        )
        print(f"{suffix:12}{seconds / count * 1e6:10.0f}{ratio:8.2f}{target}")


def written(report: gs.Report, folder: Path) -> list[Path]:
    """Write a report in every format that can be made here."""
    paths = [folder / f"report{suffix}" for suffix in (".html", ".docx", ".md")]
    for path in paths:
        gs.write(report, path)
    document = layout(report)
    text = folder / "report.txt"
    rows = (
        row
        for block in document.blocks
        for row in (block.rows() if isinstance(block, Grid) else [(block,)])
    )
    text.write_text(
        "\n".join(" ".join(part.text for part in row) for row in rows), encoding="utf-8"
    )
    book = openpyxl.Workbook()
    sheet: Any = book.active
    at = 1
    for block in document.blocks:
        for part in [block] if isinstance(block, Paragraph) else block.spans:
            row, column = (0, 0) if isinstance(part, Paragraph) else (part.row, part.column)
            sheet.cell(
                at + row, 1 + column, int(part.text) if part.text.isdigit() else part.text or None
            )
            if not isinstance(part, Paragraph):
                last = (at + row + part.rows - 1, column + part.columns)
                sheet.merge_cells(
                    start_row=at + row, start_column=1 + column, end_row=last[0], end_column=last[1]
                )
        at += 1 if isinstance(block, Paragraph) else block.height
    book.save(folder / "report.xlsx")
    found = [*paths, text, folder / "report.xlsx"]
    if office := shutil.which("soffice"):
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = [
            office,
            "--headless",
            profile,
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(folder / "report.docx"),
        ]
        subprocess.run(command, check=True, capture_output=True)
        found.append(folder / "report.pdf")
    return found


def parsed_pdf(path: Path) -> None:
    """Find the tables and the text of each page, no more."""
    with pdfplumber.open(path) as opened:
        for page in opened.pages:
            page.extract_tables()
            page.extract_text()


PARSE: Final[dict[str, Callable[[Path], object]]] = {
    ".html": lambda path: lxml.html.parse(str(path)),
    ".docx": lambda path: docx.Document(str(path)),
    ".xlsx": openpyxl.load_workbook,
    ".md": Path.read_text,
    ".txt": Path.read_text,
    ".pdf": parsed_pdf,
}
"""What the library for a format takes only to open a file."""


def fastest(work: Callable[[], object]) -> float:
    """Time some work in seconds of processor time, the best of some rounds after one to warm up."""
    work()
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def figures(path: str) -> int:
    """Read one report and count its figures."""
    return sum(value is not None for _, value in gs.walk(gs.read(path).report))


def many(folder: Path) -> None:
    """Read a folder of many pages on one core and on all, and watch the memory of the processes."""
    paths = [str(folder / f"{number}.html") for number in range(MANY)]
    for path in paths:
        shutil.copyfile(folder / "report.html", path)
    begin = time.perf_counter()
    alone = sum(map(figures, paths))
    one = time.perf_counter() - begin
    begin = time.perf_counter()
    # Another process finds the function by the name of this module, not as that of the program.
    job = import_module(Path(__file__).stem).figures
    if sum(results(job, paths, len)) != alone:
        raise SystemExit("the folder is not read alike on one core and on all")
    shared = time.perf_counter() - begin
    print(
        f"\n{MANY} pages: {one:.1f} s on one core, {shared:.1f} s on {os.cpu_count()}: "
        f"{one / shared:.2f} times as fast"
    )
    unit = 1 if sys.platform == "darwin" else 1024
    own, others = (
        resource.getrusage(who).ru_maxrss * unit / 1e6
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(
        f"memory at most: {own:.0f} MB, and {others:.0f} MB in the largest of the processes "
        "beside it"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["tables"]:
        with tempfile.TemporaryDirectory() as name:
            tables(Path(name), int(sys.argv[2]) if len(sys.argv) > 2 else TABLE)
    else:
        main()
