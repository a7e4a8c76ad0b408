"""The process that a command runs in: standard streams that may be closed, and signals."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, Final

STREAMS: Final = {"stdin": os.O_WRONLY, "stdout": os.O_RDONLY, "stderr": os.O_WRONLY}
"""
How the null device is opened in the place of a stream that is closed: reading and printing fail, a
message goes nowhere.
"""
SIGNALS: Final = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK")
"""What asks a process to end; no system has all."""


class Stopped(SystemExit):
    """A signal asked the command to end; *code* is 128 and its number."""


@contextmanager
def signals() -> Iterator[None]:
    """
    Let a signal raise ``Stopped``, so that temporary files and other processes are removed.

    A second signal does not interrupt the clean-up.

    A signal that is ignored, as in the background or under nohup, stays so.
    """
    handlers: dict[int, Any] = {}
    stopped = False

    def stop(number: int, _: FrameType | None) -> None:
        nonlocal stopped
        stopped = True
        for each in handlers:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(128 + number)

    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in SIGNALS if hasattr(signal, name)):
            if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
                handlers[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        if not stopped:
            for number, handler in handlers.items():
                signal.signal(number, handler)


def open_streams() -> None:
    """Replace standard streams that are closed, and escape characters that cannot be printed."""
    for name, flags in STREAMS.items():
        if getattr(sys, name) is None:
            number = os.open(os.devnull, flags)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w", encoding="utf-8"))
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def flush(stream: Any) -> None:
    """Flush a stream; where that fails, let all that it still holds go nowhere."""
    try:
        stream.flush()
    except (OSError, ValueError):
        silence(stream)


def silence(stream: Any) -> None:
    """Let what is still written to a stream go nowhere, so that nothing fails at exit."""
    with suppress(OSError, ValueError):  # one that is no file, or closed
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
