"""
The command line: parse the arguments, call the library, print.

It prints Chinese (``--lang zh``, the default) or English. Each topic is a module, which has its
commands in a table ``COMMANDS``; ``command`` runs the one that was asked for.
"""

from __future__ import annotations

from collections.abc import Sequence

from govinfo_schema.cli.interruption import INTERRUPTED


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command with these arguments, or with those of the process.

    Returns: 0 nothing wrong; 1 a report does not conform or has an error; 2 something cannot be
    read or written, or the call is wrong, the highest applies; 128 + n where signal n ended it (130
    Ctrl-C, 141 a reader that closed the pipe, 143 SIGTERM).
    """
    try:
        from govinfo_schema.cli.command import run  # noqa: PLC0415 (Ctrl-C while all is imported is no traceback either)

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
