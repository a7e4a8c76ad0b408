"""
The arguments of the commands, as values, and the only module that imports argparse.

A command is a row of the table ``COMMANDS`` of its module: its name, its function, its arguments.
Arguments that several commands share stand here. The help of each is a key of the group ``help`` in
``data/messages.toml``; ``--help`` prints both languages.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from typing import Any, Final, NoReturn

import attrs

from govinfo_schema import __version__
from govinfo_schema.messages import spoken

__all__ = [
    "ALL",
    "BLANKS",
    "FORCE",
    "LANGUAGE",
    "PATHS",
    "PREVIOUS",
    "SUPPLIED",
    "VERBOSE",
    "Argument",
    "ArgumentParser",
    "Command",
    "Namespace",
    "argument",
    "output",
    "parser",
]


@attrs.frozen
class Argument:
    """One argument of a command: the key of its help, its names, and what argparse is told."""

    help: str | None
    names: tuple[str, ...]
    settings: dict[str, Any]

    def add_to(self, target: Any) -> None:
        """Add the argument to a parser, or to a group of a parser."""
        target.add_argument(*self.names, help=self.help and _help(self.help), **self.settings)


def argument(key: str | None, *names: str, **settings: Any) -> Argument:
    """Return an argument; *key* is the key of its help, *settings* go to ``add_argument``."""
    return Argument(key, names, settings)


@attrs.frozen
class Command:
    """
    One command: its name, the function that runs it, its arguments in the order of its help.

    A tuple of arguments is a group of which a call may use only one. The help of the command itself
    is the key ``help.`` and its name.
    """

    name: str
    run: Callable[[Namespace], int]
    arguments: tuple[Argument | tuple[Argument, ...], ...]

    def add_to(self, commands: Any) -> None:
        """Add the command to the subparsers of the program."""
        added: ArgumentParser = commands.add_parser(self.name, help=_help(f"help.{self.name}"))
        added.set_defaults(run=self.run)
        for entry in self.arguments:
            if isinstance(entry, Argument):
                entry.add_to(added)
            else:
                group = added.add_mutually_exclusive_group()
                for alternative in entry:
                    alternative.add_to(group)


class _Parser(ArgumentParser):
    """A parser that raises where its help cannot be printed; argparse ignores that."""

    def error(self, message: str) -> NoReturn:
        """End with one line that says what is wrong with the call, and exit code 2."""
        print(_help("usage", program=self.prog, problem=message), file=sys.stderr)
        raise SystemExit(2)

    def _print_message(self, message: str, file: Any = None) -> None:
        (file or sys.stderr).write(message)


def parser(commands: Iterable[Command]) -> ArgumentParser:
    """Return the parser of the program with all its commands."""
    description = spoken("help.program")
    program = _Parser(prog="govinfo-schema", description=f"{description.zh} {description.en}")
    program.add_argument("--version", action="version", version=f"govinfo-schema {__version__}")
    subparsers = program.add_subparsers(required=True, metavar="COMMAND")
    for command in commands:
        command.add_to(subparsers)
    return program


def _help(key: str, **facts: str) -> str:
    """Return a help text in both languages."""
    label = spoken(key, **facts)
    return f"{label.zh} · {label.en}"


def output(*more: str, key: str = "help.format") -> Argument:
    """Return the choice between lines for people and data for programs; *key*: of its help."""
    choices = ("text", "json", *more)
    return argument(key, "--format", choices=choices, default="text")


PATHS: Final = argument("help.paths", "paths", nargs="+", metavar="PATH")
LANGUAGE: Final = argument("help.lang", "--lang", choices=("zh", "en"), default="zh")
SUPPLIED: Final = (
    argument("help.year", "--year", type=int),
    argument("help.body", "--body"),
    LANGUAGE,
)
"""What a document may not say of itself, and the language."""
ALL: Final = argument("help.all", "--all", action="store_true")
VERBOSE: Final = argument("help.verbose", "--verbose", action="store_true")
BLANKS: Final = argument("help.blanks", "--blanks", choices=("unknown", "zero"), default="unknown")
PREVIOUS: Final = argument("help.previous", "--previous", metavar="PATH")
FORCE: Final = argument("help.force", "--force", action="store_true")
