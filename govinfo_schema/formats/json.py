"""
JSON, the format that the schema describes: UTF-8, one report a file.

A file is read only as far as one report can be long, so that a hostile one costs no more than an honest one; it is written whole
beside its place and then put there, so that a failure leaves the old file as it was.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import msgspec

from govinfo_schema.convert import MAX_BYTES, dumps, loads
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.findings import spoken
from govinfo_schema.model import Report

NAME = "json"
SUFFIXES = (".json",)


def read(path: str | os.PathLike[str]) -> Report:
    """
    Read the report of one file; ``-`` is standard input.

    Raises: UnreadableFile if the path cannot be read, InvalidReport if it holds no report.
    """
    name = os.fspath(path)
    try:
        if name == "-":
            return loads(sys.stdin.buffer.read(MAX_BYTES + 1))
        with Path(name).open("rb") as file:
            return loads(file.read(MAX_BYTES + 1))
    except FileNotFoundError as error:
        raise UnreadableFile(name, spoken("missing")) from error
    except IsADirectoryError as error:
        raise UnreadableFile(name, spoken("folder")) from error
    except OSError as error:
        raise UnreadableFile(name, spoken("denied", problem=error.strerror or error)) from error
    except ValueError as error:
        if "null byte" not in str(error):
            raise
        raise UnreadableFile(name.replace("\0", "\\0"), spoken("missing")) from None


def write(report: Report, path: str | os.PathLike[str], indent: int | None = 2) -> None:
    """
    Write one report to a file; ``-`` is standard output.

    *indent* lays the text out for people; with None it is the canonical text of ``dumps``.
    Raises: UnreadableFile if the path cannot be written.
    """
    text = dumps(report)
    if indent is not None:
        text = msgspec.json.format(text, indent=indent) + b"\n"
    if os.fspath(path) == "-":
        sys.stdout.buffer.write(text)
        return
    target = Path(path)
    try:
        _put(text, target)
    except OSError as error:
        raise UnreadableFile(str(target), spoken("unwritable", problem=error.strerror or error)) from error


def _put(text: bytes, target: Path) -> None:
    if target.exists() and not target.is_file():
        with target.open("wb") as file:
            file.write(text)
        return
    target = target.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}-{time.monotonic_ns()}")
    try:
        with beside.open("xb") as file:
            file.write(text)
        if target.exists():
            beside.chmod(target.stat().st_mode)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
