"""
What is built on first use is built once, however many threads ask for it at once.

Everything is built under one re-entrant lock, so that builders can use each other in any order
without a deadlock. The rule that keeps it so: no module builds anything while it is imported. A
thread that holds the lock may then wait for an import, and no thread that imports waits for the
lock. Imports on first use run under the lock too: of two threads that enter a package from both
ends, Python refuses one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from threading import RLock
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
