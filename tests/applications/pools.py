# pyright: strict
"""Many documents read and checked in a pool of processes, or of threads."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import attrs

import govinfo_schema as gs


@attrs.frozen
class Result:
    """What became of one document: its reading and its assessment, or why it cannot be read."""

    name: str
    reading: gs.Reading | None = None
    assessment: gs.Assessment | None = None
    problem: str = ""


def work(path: Path) -> Result:
    """Read and check one document."""
    try:
        reading = gs.read(path)
    except gs.Error as error:
        return Result(name=path.name, problem=error.code)
    return Result(name=path.name, reading=reading, assessment=gs.check(reading.report))


def run(pool: Executor, paths: Sequence[Path]) -> list[Result]:
    """Work on all documents in a pool; the results are in the order of the documents."""
    return list(pool.map(work, paths))


def main(folder: Path) -> None:
    """Read the documents of a folder in both kinds of pool, and compare what they found."""
    paths = sorted(path for path in folder.iterdir() if path.is_file())
    with ProcessPoolExecutor(2) as processes:
        first = run(processes, paths)
    with ThreadPoolExecutor(4) as threads:
        second = run(threads, paths)
    verdicts = [each.assessment.ok for each in first if each.assessment is not None]
    print(first == second, len(first), len(verdicts), verdicts.count(False))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
