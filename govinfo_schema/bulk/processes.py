"""
Many files at once: folders expanded, the work shared among all cores.

Results come in order, and one bad file never stops the rest.
"""

from __future__ import annotations

import os
import re
import signal
import stat
import sys
import threading
import time
from _thread import interrupt_main
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from itertools import chain
from multiprocessing import current_process, get_context, resource_tracker, spawn
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, TypeVar

from govinfo_schema import files
from govinfo_schema.bulk.resuming import is_of_parts
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import DESCRIPTOR, HIDDEN, PASSED_OVER
from govinfo_schema.tables.compression import ENDINGS

S = TypeVar("S")
T = TypeVar("T")

ENOUGH: Final = 24
"""From so many files on, more than one process is worth its start."""
SLOW: Final = 6
"""A file of a format that takes long to open counts as so many."""
WINDOW: Final = 8
"""So many files are under way for each process; the results of no more are held."""
UNSURE: Final = ("", *ENDINGS)
"""The suffixes of files of which only the content says what they are."""
GRACE: Final = 1.0
"""Seconds that a process has to end what it began, once its parent is gone or wants no more."""
_THREAD: Final = threading.local()
"""Whether this thread *starts* processes that need no main script."""


def expand(
    path: str,
    suffixes: Collection[str],
    is_known: Callable[[str], bool] = lambda _: False,
    passed: Counter[str] | None = None,
) -> list[str] | None:
    """
    Return the files below a folder that end in one of the suffixes, sorted, and the files in an
    archive, in its order: ``reports.zip/2024/report.docx``. An archive in a folder is one of its
    folders.

    None if the path is neither a folder nor an archive.

    A file without a suffix, or a compressed one, is among them if *is_known* says so by its
    content. *passed* counts the other files by their suffixes, and the links to folders, which are
    not followed, as ``/``.
    Folders below it that cannot be listed and links that lead nowhere are among them, so that each
    is said to be unreadable. Hidden files and folders, what office programs and operating systems
    leave behind, the descriptors beside tables and the parts of work that is not finished are left
    out.
    """
    try:
        if path in ("", "-"):
            return None
        if not Path(path).is_dir():
            return files.members(path, passed)
    except (OSError, ValueError):  # a null byte in it, or a name that is too long
        return None
    closed: list[str] = []
    found: list[str] = []
    for folder, folders, names in os.walk(
        path, onerror=lambda error: closed.append(error.filename)
    ):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(HIDDEN) and not is_of_parts(Path(folder, name))
        ]
        others = ["/" for name in folders if os.path.islink(os.path.join(folder, name))]  # noqa: PTH114, PTH118 (no error where it may not be seen)
        for file in (Path(folder, name) for name in names if not name.startswith(HIDDEN)):
            if file.name.endswith(DESCRIPTOR) or file.name.lower() in PASSED_OVER:
                continue
            suffix = file.suffix.lower()
            is_wanted = suffix in suffixes or (suffix in UNSURE and is_known(str(file)))
            if is_wanted and _is_file_or_lost(file):
                found.append(str(file))
            else:
                others.append(suffix)
        if passed is not None:
            passed.update(others)
    return [
        each
        for file in sorted(closed + found)
        for each in (
            (files.members(file, passed) or [file]) if files.is_archive_named(file) else [file]
        )
    ]


def _is_file_or_lost(path: Path) -> bool:
    """Tell whether a path is a file, or nobody can tell, as for a link that leads nowhere."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return True


def results(job: Callable[[str], T], paths: Sequence[str], lost: Callable[[str], T]) -> Iterator[T]:
    """
    Do a job for each path and give what it comes to, in order.

    *job* is pickled, and raises nothing of its own; *lost* is what a file comes to that ends the
    process which reads it.
    """
    yield from shared(job, paths, lost, processes=None if are_many(paths) else 1)


def are_many(paths: Sequence[str], enough: int = ENOUGH) -> bool:
    """Are files so many, or take so long to open, that several processes are worth their start?"""
    slow = tuple(suffix for own in files.formats() if own.slow for suffix in own.suffixes)
    return sum(SLOW if path.lower().endswith(slow) else 1 for path in paths) >= enough


def shared(
    job: Callable[[S], T],
    tasks: Iterable[S],
    lost: Callable[[S], T],
    *,
    processes: int | None = None,
    window: int = WINDOW,
) -> Iterator[T]:
    """
    Do a job for each task, as they come, and give what it comes to, in order.

    *processes*: how many work, as many as there are cores if None; a single one is this process.
    *window*: how many tasks are under way for each; no more are held. Job and tasks are pickled.
    *lost* is what a task comes to that ends its process twice.
    """
    workers = cores() if processes is None else processes
    if workers == 1 or current_process().daemon:  # such a process may start no others
        yield from map(job, tasks)
        return
    held: deque[S] = deque()

    def coming() -> Iterator[S]:
        for task in tasks:
            held.append(task)
            yield task

    source = coming()
    while True:
        for result in _shared(job, chain(tuple(held), source), workers, window):
            held.popleft()
            yield result
        if not held:
            return
        # A process has died: of the task whose turn it is, or of one behind it. It gets a process
        # of its own.
        alone = next(_shared(job, (held[0],), 1, 1), None)
        task = held.popleft()
        yield lost(task) if alone is None else alone


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _shared(job: Callable[[S], T], tasks: Iterable[S], workers: int, window: int) -> Iterator[T]:
    """
    Run the job in several processes; end early if one of them dies.

    They end with this process, and with the iteration.
    """
    context = get_context("spawn")
    leash, end = context.Pipe(duplex=False)
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()
    with (
        leash,
        end,
        ProcessPoolExecutor(workers, context, initializer=_follow, initargs=(leash,)) as pool,
    ):
        ahead: deque[Future[T]] = deque()
        try:
            for task in tasks:
                with _uninterrupted(), _without_main():
                    ahead.append(pool.submit(_work, job, task))
                if len(ahead) > window * workers:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        except BrokenProcessPool:
            return
        except BaseException:
            # Nothing is cancelled: a pool that has lost its processes trips over cancelled futures.
            end.close()
            raise


@contextmanager
def _without_main() -> Iterator[None]:
    """
    Let the processes that this thread starts not run the script of the user again, as spawned ones
    do: nothing of it is needed, and a script without ``if __name__ == "__main__"`` would start more
    and more. Other threads, and processes that they start, notice nothing.
    """
    _prepare_without_main()
    _THREAD.starts = True
    try:
        yield
    finally:
        _THREAD.starts = False


@once
def _prepare_without_main() -> None:
    """Leave the main script out of what a spawned process is told, in threads that want that."""
    told = spawn.get_preparation_data

    def prepared(name: str) -> dict[str, Any]:
        data = told(name)
        if getattr(_THREAD, "starts", False):
            return {key: value for key, value in data.items() if not key.startswith("init_main_")}
        return data

    spawn.get_preparation_data = prepared


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """
    Block Ctrl-C while a process is started, so that the new process ignores it from the start.

    On Windows this does nothing.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _follow(leash: Connection) -> None:
    """
    Initialise a process of the pool.

    It leaves Ctrl-C to the parent, and ends when the parent closes its end of the pipe or is gone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(leash,), daemon=True).start()


def _watch(leash: Connection) -> None:
    with suppress(EOFError, OSError):
        leash.recv_bytes()
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    else:
        interrupt_main(signal.SIGTERM)
    time.sleep(GRACE)
    os._exit(1)


def _work(job: Callable[[S], T], task: S) -> T:
    """Do the job for one task; if told to end meanwhile, end the programs that it started first."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        return job(task)
    except SystemExit:
        os._exit(1)
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _leave(*_: object) -> None:
    raise SystemExit


def as_worker() -> None:
    """
    In a frozen program, run as the worker process that multiprocessing started, if it is one.

    A process of the pool or its resource tracker never returns from here.
    """
    spawn.freeze_support()
    if getattr(sys, "frozen", False) and sys.argv[-2:-1] == ["-c"]:
        tracked = re.fullmatch(
            r"from multiprocessing\.resource_tracker import main;main\(([0-9]+)\)", sys.argv[-1]
        )
        if tracked:
            resource_tracker.main(int(tracked[1]))
            raise SystemExit(0)
