"""Many files at once: folders opened out, the work shared among all cores, results in order, one bad file never stopping the rest."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TypeVar

T = TypeVar("T")

ENOUGH: Final = 24
"""From so many files on, more than one process is worth its start."""
WINDOW: Final = 8
"""So many files are under way for each process; the results of no more are held."""


def expand(path: str, suffixes: Collection[str]) -> list[str] | None:
    """
    List the files of a folder and of those in it that end in one of the suffixes, sorted; None where the path is no folder.

    Hidden files and folders, the locks that office programs leave, and the descriptors beside tables are left out.
    """
    try:
        if path == "-" or not Path(path).is_dir():
            return None
    except ValueError:  # a null byte in it
        return None
    root = Path(path)
    files = (file for file in root.rglob("*") if file.suffix.lower() in suffixes and file.is_file())
    shown = (file for file in files if not any(part.startswith((".", "~$")) for part in file.relative_to(root).parts))
    return sorted(str(file) for file in shown if not file.name.endswith(".datapackage.json"))


def results(job: Callable[[str], T], paths: Sequence[str], lost: Callable[[str], T]) -> Iterator[T]:
    """
    Do a job for each path and give what it comes to, in order.

    *job* is pickled, and raises nothing of its own; *lost* is what a file comes to that ends the process which reads it.
    """
    workers = os.cpu_count() or 1
    if len(paths) < ENOUGH or workers == 1:
        yield from map(job, paths)
        return
    done = 0
    while done < len(paths):
        for result in _shared(job, paths[done:], workers):
            done += 1
            yield result
        if done < len(paths):
            # A process has died: of the file whose turn it is, or of one behind it. It gets a process of its own.
            yield next(_shared(job, paths[done : done + 1], 1), None) or lost(paths[done])
            done += 1


def _shared(job: Callable[[str], T], paths: Sequence[str], workers: int) -> Iterator[T]:
    """Do the job in several processes; end early where one of them dies."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        ahead: deque[Future[T]] = deque()
        try:
            for path in paths:
                ahead.append(pool.submit(job, path))
                if len(ahead) > WINDOW * workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool:
            return
        finally:
            for future in ahead:
                future.cancel()
