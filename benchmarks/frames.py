"""
Measure how long reports take to become a data frame and to come back, beside what pandas takes to
flatten the same reports and ``loads`` to read them.

``python benchmarks/frames.py [COUNT]``, in an environment with ``--group bench``. The contenders
take turns, and the best of each is compared.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any, Final

import govinfo_schema as gs

pd: Any = import_module("pandas")
COUNT: Final = 10_000
ROUNDS: Final = 5
TARGETS: Final = (
    ("to_frame", "json_normalize", 1 / 20),
    ("to_frame", "to_dict, json_normalize", 1 / 20),
    ("from_frame", "loads", 3.0),
    ("from_frame of pandas", "loads", 3.0),
)
"""So many times as long as its peer something of ours may take."""


def main() -> None:
    """Make the reports, run all contenders in turns and print times and ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    reports = [gs.generate(seed, gs.editions[seed % 2]) for seed in range(count)]
    texts = [gs.dumps(report) for report in reports]
    dicts = [gs.to_dict(report) for report in reports]
    frame = gs.to_frame(reports)
    pandas = frame.to_pandas()
    if list(gs.from_frame(pandas).reports) != reports:
        raise SystemExit("the frame is not read back as it was: there is nothing to measure")
    contenders: dict[str, Callable[[], object]] = {
        "to_frame": lambda: gs.to_frame(reports),
        "to_frame, verdict": lambda: gs.to_frame(reports, verdict=True),
        "to_frame, tidy": lambda: gs.to_frame(reports, tidy=True),
        "json_normalize": lambda: pd.json_normalize(dicts),
        "to_dict, json_normalize": lambda: pd.json_normalize(
            [gs.to_dict(report) for report in reports]
        ),
        "from_frame": lambda: gs.from_frame(frame),
        "from_frame of pandas": lambda: gs.from_frame(pandas),
        "loads": lambda: [gs.loads(text) for text in texts],
    }
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, work in contenders.items():
            begin = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - begin)
    best = {name: min(seconds) for name, seconds in taken.items()}
    print(f"{count} reports of both editions, {os.cpu_count()} cores\n\n{'':26}µs each")
    for name, seconds in best.items():
        print(f"{name:26}{seconds / count * 1e6:7.1f}")
    print(f"\n{'ours / peer':42}ratio")
    for ours, peer, most in TARGETS:
        ratio = best[ours] / best[peer]
        verdict = "reached" if ratio <= most else "NOT reached"
        print(f"{f'{ours} / {peer}':42}{ratio:5.3f}   target <= {most:.3f}  {verdict}")


if __name__ == "__main__":
    main()
