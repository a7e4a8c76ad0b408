"""JSON lines: one report a line, in the canonical text of JSON."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

import attrs

from govinfo_schema.documents.formats import opened, placed, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Finding
from govinfo_schema.report.json import dumps, loads
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import MAX_BYTES
from govinfo_schema.tables.compression import (
    ENDINGS,
    beginning,
    compressed,
    decompressed,
    is_compressed,
)
from govinfo_schema.tables.rows import Item, faulty, taken_apart

LONGEST: Final = MAX_BYTES + 5
"""No line has more bytes: those of a report, a byte-order mark and the end of the line."""
SUFFIXES: Final = (".jsonl", ".ndjson")
"""The suffixes of files of JSON lines."""
PACKED: Final = tuple(own + end for own in SUFFIXES for end in ENDINGS)
"""How the names of compressed ones end."""
_OBJECT_BEGINS: Final = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*\{")
_OBJECT: Final = re.compile(rb"""\{\s*".*\}""")
"""A line that is an object of JSON, or was meant to be one."""


def detect(head: bytes) -> bool:
    r"""
    Tell by their beginning whether these are several lines with an object of JSON each.

    A single line is JSON.

    >>> detect(b'{"edition": "2021"}\n{"ed'), detect(b'{"edition": "2021"}\n')
    (True, False)
    """
    if is_compressed(head):
        own = beginning(head)
        return not own or _OBJECT_BEGINS.match(own) is not None
    lines = filter(None, map(bytes.strip, head.removeprefix(b"\xef\xbb\xbf").splitlines()))
    first, second = next(lines, b""), next(lines, b"")
    return _OBJECT.fullmatch(first) is not None and second.startswith(b"{")


def read_many(path: FilePath) -> Iterator[Report | Finding]:
    """
    Read the reports one by one; an empty line is none, and a line that is no report gives a
    finding.

    Raises: UnreadableFile where the file cannot be read; MissingLibrary for zstd without zstandard.
    """
    with opened(path) as raw:
        packed = decompressed(raw) if hasattr(raw, "peek") else None
        file: Any = io.BufferedReader(packed, 1 << 20) if packed else raw
        number = 0
        for line_number, line in enumerate(iter(lambda: file.readline(LONGEST), b""), 1):
            if not is_empty(line):
                number += 1
                try:
                    yield loads(line.rstrip(b"\r\n"))
                except InvalidReport as error:
                    faults = at_line(error.findings, line_number)
                    yield faulty(number, faults, line_number)
            if len(line) == LONGEST:
                _pass_over(line, file)
        if packed and packed.problem:
            raise unreadable(path, "bad_table", problem=packed.problem)


def is_empty(line: bytes) -> bool:
    """Whether a line holds nothing, so that it is no report."""
    return not line.removeprefix(b"\xef\xbb\xbf").strip()


def at_line(faults: Iterable[Finding], line: int) -> list[Finding]:
    """Let faults of the text of a report say in which line of the file they are."""
    return [
        attrs.evolve(fault, operands={**fault.operands, "line": line})
        if fault.code == "T-JSON"
        else fault
        for fault in faults
    ]


def _pass_over(begun: bytes, file: BinaryIO) -> None:
    """Read the rest of a line that is too long, and forget it."""
    while begun and not begun.endswith(b"\n"):
        begun = file.readline(MAX_BYTES)


def write_many(reports: Iterable[Item], path: FilePath) -> None:
    """
    Write reports as they come, one a line; the file is put in its place when it is whole.

    Raises: UnreadableFile if the path cannot be written; MissingLibrary for zstd without zstandard.
    """
    with placed(path) as beside, compressed(beside, os.fspath(path)) as file:
        for report in reports:
            file.write(dumps(taken_apart(report)[0]) + b"\n")


FORMAT = Format(
    suffixes=SUFFIXES,
    variants=PACKED,
    place=2,
    detect=detect,
    claim=2,
    may_be_empty=True,
    read_many=read_many,
    write_many=write_many,
)


def is_packed(path: FilePath) -> bool:
    """Whether a file is compressed JSON lines, by its name."""
    return Path(path).name.lower().endswith(PACKED)
