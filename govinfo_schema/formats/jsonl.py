"""JSON lines: one report a line, in the canonical text of JSON."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Final

from govinfo_schema.convert import dumps, loads
from govinfo_schema.errors import InvalidReport
from govinfo_schema.formats import opened, placed, unreadable
from govinfo_schema.model import Report

NAME = "jsonl"
SUFFIXES = (".jsonl", ".ndjson")
LINE: Final = 16_000_000
"""The most bytes of one report, as for JSON."""


def detect(head: bytes) -> bool:
    """Tell whether a text begins with a whole JSON object on a line of its own and goes on with another."""
    first, _, rest = head.partition(b"\n")
    return first.lstrip(b"\xef\xbb\xbf").startswith(b"{") and first.rstrip().endswith(b"}") and rest.startswith(b"{")


def read_many(path: str | os.PathLike[str]) -> Iterator[Report]:
    """
    Read the reports one by one; an empty line is none.

    Raises: UnreadableFile where the file cannot be read or a line is no report, with its number and its first fault.
    """
    with opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(LINE + 2), b""), 1):
            if line.strip():
                try:
                    yield loads(line)
                except InvalidReport as error:
                    fault = error.findings[0]
                    raise unreadable(path, "bad_record", number=number, fault=fault.label) from error


def write_many(reports: Iterable[Report], path: str | os.PathLike[str]) -> None:
    """
    Write reports as they come, one a line; the file is put in its place when it is whole.

    Raises: UnreadableFile if the path cannot be written.
    """
    with placed(path) as beside, beside.open("wb") as file:
        for report in reports:
            file.write(dumps(report) + b"\n")
