"""
Ctrl-C while the command is still loading: exit code 130 without a traceback, as later.

Python loads the whole package before ``__main__`` or the script ``govinfo-schema`` can catch
anything. The package therefore imports this module first; in any other process it does nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from types import TracebackType

INTERRUPTED = 130
"""128 + SIGINT."""


def is_command(arguments: Sequence[str], original: Sequence[str]) -> bool:
    """
    Whether these arguments of a process (``sys.argv``, ``sys.orig_argv``) run the command.

    >>> is_command(["-m", "check"], ["python", "-m", "govinfo_schema", "check"])
    True
    >>> is_command(["/usr/bin/govinfo-schema"], ["python", "/usr/bin/govinfo-schema"])
    True
    >>> is_command(["-m"], ["python", "-m", "pytest"])
    False
    """
    program = os.path.basename(arguments[0]) if arguments else ""  # noqa: PTH119 (pathlib loads slowly)
    if program == "-m":  # a module that Python is still searching for
        return ("-m", "govinfo_schema") in pairwise(original)
    return program in ("govinfo-schema", "govinfo-schema.exe")


def end_quietly(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """End the process if the exception that nothing caught is an interruption."""
    if issubclass(kind, KeyboardInterrupt):
        os._exit(INTERRUPTED)
    sys.__excepthook__(kind, error, traceback)


if is_command(sys.argv, sys.orig_argv):
    sys.excepthook = end_quietly
