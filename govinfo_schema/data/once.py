"""
What is built on first use is built once, however many threads ask for it at once.

Everything is built under one re-entrant lock, so that builders can use each other in any order
without a deadlock. The rule that keeps it so: no module builds anything while it is imported. A
thread that holds the lock may then wait for an import, and no thread that imports waits for the
lock. Imports on first use run under the lock too: of two threads that enter a package from both
ends, Python refuses one.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cache, wraps
from threading import Lock, RLock
from typing import Final, ParamSpec, TypeVar, cast

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

LOCK: Final = RLock()
"""Held while anything is built or imported on first use."""


def once(build: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """
    Cache the result of a function for each set of arguments, and never run it twice for the same
    ones.

    ``functools.cache`` alone runs it once a thread where several threads are first. What is cached
    is answered without the lock.
    """
    built = cache(build)

    @wraps(build)
    def locked(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with LOCK:
            return cast("Callable[Arguments, Result]", built)(*args, **kwargs)

    return cast("Callable[Arguments, Result]", cache(locked))


def remembered_by(
    key: Callable[Arguments, Hashable | None], most: int = 256
) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result]]:
    """
    Cache the results of a function by what *key* makes of its arguments: all that the result
    depends on. Where that is None, nothing is remembered.

    Of more than *most* results the oldest is forgotten.

    >>> @remembered_by(lambda texts: tuple(map(len, texts)))
    ... def longest(texts):
    ...     return max(map(len, texts))
    >>> longest(["甲", "乙丙"]), longest(["丁", "戊己"])
    (2, 2)
    """

    def decorated(work_out: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
        known: dict[Hashable, Result] = {}
        lock = Lock()

        @wraps(work_out)
        def result(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
            own = key(*args, **kwargs)
            if own is None:
                return work_out(*args, **kwargs)
            try:
                return known[own]
            except KeyError:
                found = work_out(*args, **kwargs)
            with lock:
                known[own] = found
                if len(known) > most:
                    del known[next(iter(known))]
            return found

        return result

    return decorated
