"""
A small work in parts, for the tests of ``bulk.resuming``, as a process of its own that may be
killed: ``python resumable.py TARGET INPUT PARTS [--resume] [--force]``.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from govinfo_schema.bulk.resuming import begun

PAUSE = 0.002
"""Seconds that a part takes, so that a process is killed in the middle of the work."""


def content(number: int) -> dict[str, bytes]:
    """Return the files of a part."""
    return {"odd": b"%d\n" % number * number, "even": b"%d;" % (2 * number)}


def run(target: str, source: str, count: int, *, resume: bool = False, force: bool = False) -> int:
    """Do the work, and return how many parts were made."""
    made = 0
    with begun(target, [source], resume=resume, force=force, count=count) as parts:
        for number in range(count):
            if number not in parts:
                time.sleep(PAUSE)
                parts.keep(number, content(number))
                made += 1
        with parts.placed() as beside, Path(beside).open("wb") as file:
            for name in ("odd", "even"):
                for number in range(count):
                    file.write(parts.read(number, name))
    return made


if __name__ == "__main__":
    target, source, count, *flags = sys.argv[1:]
    run(target, source, int(count), resume="--resume" in flags, force="--force" in flags)
