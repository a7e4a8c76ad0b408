"""
Run one command; whatever goes wrong is one line on standard error and an exit code.

``GOVINFO_SCHEMA_DEBUG=1`` prints the traceback too.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from govinfo_schema.bulk.processes import as_worker
from govinfo_schema.cli import checking, comparing, explaining, form, writing
from govinfo_schema.cli.interruption import INTERRUPTED
from govinfo_schema.cli.options import parser
from govinfo_schema.cli.output import NotRead, Said, show
from govinfo_schema.cli.process import Stopped, flush, open_streams, signals, silence
from govinfo_schema.messages import Lang
from govinfo_schema.pages.results import sentence

COMMANDS: Final = tuple(
    command
    for module in (checking, explaining, comparing, writing, form)
    for command in module.COMMANDS
)
"""All commands, in the order of the help."""
BROKEN_PIPE: Final = 141
"""128 + SIGPIPE: whoever read the output had enough."""


def run(arguments: Sequence[str] | None) -> int:
    """Run the command with these arguments, and return its exit code."""
    as_worker()
    open_streams()
    lang: Lang = "zh"
    try:
        with signals():
            try:
                options = parser(COMMANDS).parse_args(arguments)
            finally:
                sys.stdout.flush()
            lang = getattr(options, "lang", lang)
            status: int = options.run(options)
            sys.stdout.flush()
            return status
    except KeyboardInterrupt:
        return INTERRUPTED
    except NotRead as error:
        return error.show(lang)
    except Stopped as stop:
        return int(stop.code or 0)
    except BrokenPipeError:
        silence(sys.stdout)
        return BROKEN_PIPE
    except Exception as error:  # noqa: BLE001 - no user is shown a traceback
        _tell(error, lang)
        return 2


def _tell(error: Exception, lang: Lang) -> None:
    """
    Print one line that says what went wrong.

    Both standard streams are left so that nothing fails at exit.
    """
    flush(sys.stdout)
    with suppress(OSError):
        if os.environ.get("GOVINFO_SCHEMA_DEBUG"):
            traceback.print_exception(error)
        show([Said(getattr(sentence(error), lang))], sys.stderr)
    flush(sys.stderr)
