"""The options that commands share, and the one door to argparse."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any

from govinfo_schema import __version__

__all__ = [
    "ArgumentParser",
    "Namespace",
    "blanks",
    "command",
    "everything",
    "force",
    "language",
    "output",
    "parser",
    "previous",
    "supplied",
]


class _Parser(ArgumentParser):
    """A parser whose help does not pass over that it cannot be printed."""

    def _print_message(self, message: str, file: Any = None) -> None:
        (file or sys.stderr).write(message)


def parser() -> tuple[ArgumentParser, Any]:
    """Make the parser of the whole command, and what its commands are added to."""
    made = _Parser(
        prog="govinfo-schema",
        description="政府信息公开工作年度报告：核对、转换。 Check and convert annual reports on open government information.",
    )
    made.add_argument("--version", action="version", version=f"govinfo-schema {__version__}")
    return made, made.add_subparsers(required=True, metavar="COMMAND")


def command(
    commands: Any, run: Callable[[Namespace], int], name: str, summary: str
) -> ArgumentParser:
    """Add one command, which *run* carries out."""
    made: ArgumentParser = commands.add_parser(name, help=summary)
    made.set_defaults(run=run)
    return made


def supplied(made: ArgumentParser) -> None:
    """Add what a document may not say of itself."""
    made.add_argument(
        "--year",
        type=int,
        help="报告年度，文件里没写时用 · the year, where the document does not say it",
    )
    made.add_argument(
        "--body", help="单位名称，文件里没写时用 · the body, where the document does not say it"
    )
    language(made)


def language(made: ArgumentParser) -> None:
    """Add the choice of language."""
    made.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 · language")


def output(made: ArgumentParser, *more: str) -> None:
    """Add the choice between lines for people and data for programs."""
    made.add_argument(
        "--format", choices=("text", "json", *more), default="text", help="输出格式 · output format"
    )


def everything(made: ArgumentParser) -> None:
    """Add the wish to see all that would be capped."""
    made.add_argument("--all", action="store_true", help="列出全部提示 · print every notice")


def blanks(made: ArgumentParser) -> None:
    """Add what a blank counts as."""
    made.add_argument(
        "--blanks",
        choices=("unknown", "zero"),
        default="unknown",
        help="空白如何看待 · what a blank counts as",
    )


def previous(made: ArgumentParser) -> None:
    """Add last year's report."""
    made.add_argument(
        "--previous",
        metavar="PATH",
        help="同一单位上一年的报告 · last year's report of the same body",
    )


def force(made: Any) -> None:
    """Add the wish to replace a file that exists."""
    made.add_argument(
        "--force", action="store_true", help="替换已有的文件 · replace a file that exists"
    )
