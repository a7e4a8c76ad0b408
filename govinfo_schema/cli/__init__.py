"""The command line, thin: parse, call, print. It says everything in Chinese (``--lang zh``, the default) or in English."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from govinfo_schema.cli import checking, comparing, explaining, form, writing
from govinfo_schema.cli.options import parser


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command with these arguments, or with those of the process.

    Returns: 0 nothing wrong, 1 a report does not conform or has an error, 2 something cannot be read; the highest applies.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    made, parsers = parser()
    for module in (checking, explaining, comparing, writing, form):
        module.commands(parsers)
    options = made.parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has enough; nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return status
