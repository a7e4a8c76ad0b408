"""
Measure how long ``check_lines`` takes for a file of JSON lines, beside ``orjson.loads`` of each
line and DuckDB's reader of JSON, which only parse, and how much memory it needs.

``python benchmarks/lines.py [COUNT] [LARGE]``, in an environment with ``--group bench``. 28 of 100
lines break an equation or have blanks. The contenders take turns; CPU time is compared, and for one
process and two the time that passes, the best of some rounds each. LARGE is the number of lines of
a file that is checked once, for the peak of memory of all processes: a million are 6 GB.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import govinfo_schema as gs

orjson: Any = import_module("orjson")
duckdb: Any = import_module("duckdb")
COUNT: Final = 40_000
DIFFERENT: Final = 2_000
"""So many reports are made; lines are drawn of them."""
LARGE: Final = 1_000_000
ROUNDS: Final = 5
CODE: Final = """
import sys
import govinfo_schema as gs
checked = gs.check_lines(sys.argv[1])
print(checked.findings.height, checked.verdicts.height)
"""


def main() -> None:
    """Make the file, run all contenders in turns and print times and ratios."""
    count, large = (
        int(sys.argv[place]) if len(sys.argv) > place else default
        for place, default in ((1, COUNT), (2, 0))
    )
    lines = made()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reports.jsonl"
        write(path, lines, count)
        size = path.stat().st_size
        print(f"{count:,} lines, {size / 1e6:,.0f} MB, {os.cpu_count()} cores")
        compare(str(path))
        if large:
            write(path, lines, large)
            peak, told = memory(str(path))
            size = path.stat().st_size
            print(f"{large:,} lines, {size / 1e9:.1f} GB: {peak / 1e6:,.0f} MB at most ({told})")
            say("peak of memory in units of 300 MB", peak / 300e6, 1.0, at_most=True)


def made() -> list[bytes]:
    """Make the lines, 28 of 100 with damage or with blanks."""
    lines = []
    for seed in range(DIFFERENT):
        dice = random.Random(seed)
        report = gs.generate(seed, gs.editions[seed % 4 > 0], undivided=seed % 12 == 1)
        if seed % 100 < 14:
            report = gs.damage(report, "single", seed).report
        elif seed % 100 < 28:
            cells = [cell for cell, value in gs.walk(report) if value is not None]
            report = gs.replace(report, dict.fromkeys(dice.sample(cells, dice.randint(1, 4))))
        lines.append(gs.dumps(report) + b"\n")
    return lines


def write(path: Path, lines: list[bytes], count: int) -> None:
    """Write so many lines, drawn at random."""
    dice = random.Random(0)
    with path.open("wb") as file:
        for begin in range(0, count, 10_000):
            file.write(b"".join(dice.choices(lines, k=min(10_000, count - begin))))


def parse(path: str) -> None:
    """Parse each line, and do nothing with it."""
    with Path(path).open("rb") as file:
        for line in file:
            orjson.loads(line)


def duck(path: str) -> None:
    """Let DuckDB read the file into a table, of the types that it finds."""
    with duckdb.connect() as base:
        base.execute(
            "CREATE TABLE t AS SELECT * FROM read_json(?, format='newline_delimited')", [path]
        )


def ours(path: str, processes: int) -> None:
    """Check the file, and make both frames."""
    checked = gs.check_lines(path, processes=processes)
    if not checked.verdicts.height >= checked.findings["report"].n_unique():
        raise SystemExit("there are findings without a verdict")


def compare(path: str) -> None:
    """Run the contenders in turns, and print the best time of each and the ratios."""
    contenders: dict[str, Callable[[], object]] = {
        "orjson.loads": lambda: parse(path),
        "DuckDB's reader": lambda: duck(path),
        "check_lines, 1 process": lambda: ours(path, 1),
        "check_lines, 2 processes": lambda: ours(path, 2),
    }
    cpu: dict[str, list[float]] = {name: [] for name in contenders}
    wall: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            begin, used = time.perf_counter(), seconds()
            work()
            wall[name].append(time.perf_counter() - begin)
            cpu[name].append(seconds() - used)
    least = {name: min(own) for name, own in cpu.items()}
    soonest = {name: min(own) for name, own in wall.items()}
    for name in contenders:
        print(f"{name:<26} {least[name]:7.2f} s of CPU {soonest[name]:7.2f} s passed")
    one, two = "check_lines, 1 process", "check_lines, 2 processes"
    say("rate of orjson.loads, CPU", least["orjson.loads"] / least[one], 0.35)
    say("rate of DuckDB's reader, CPU", least["DuckDB's reader"] / least[one], 1.4)
    say("rate of DuckDB's reader, passed", soonest["DuckDB's reader"] / soonest[two], 1.4)
    say("two processes in units of one, passed", soonest[one] / soonest[two], 1.8)


def say(what: str, ratio: float, target: float, *, at_most: bool = False) -> None:
    """Print a ratio, and whether the target is reached."""
    reached = ratio <= target if at_most else ratio >= target
    sign = "<=" if at_most else ">="
    print(f"{what:<40} {ratio:5.2f} {sign} {target} {'reached' if reached else 'NOT reached'}")


def seconds() -> float:
    """Return the CPU time of this process and of those that it started and that ended."""
    return sum(
        own.ru_utime + own.ru_stime
        for own in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def memory(path: str) -> tuple[int, str]:
    """Check a file in a process of its own; return the peak of it and all that it starts."""
    process = subprocess.Popen(
        [sys.executable, "-c", CODE, path], stdout=subprocess.PIPE, text=True
    )
    peak = 0

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, sum(map(resident, family(process.pid))))
            time.sleep(0.1)

    watcher = threading.Thread(target=watch)
    watcher.start()
    told, _ = process.communicate()
    watcher.join()
    return peak, told.strip()


def family(pid: int) -> list[int]:
    """Return a process and all below it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return [pid]
    return [pid, *(each for child in children for each in family(int(child)))]


def resident(pid: int) -> int:
    """Return the memory of a process, what it shares with others counted in part."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    main()
