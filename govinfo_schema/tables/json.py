"""
JSON, the format that the schema describes: UTF-8, one report a file.

A file is read only as far as one report can be long, so that a hostile one costs no more than an
honest one.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from govinfo_schema.documents.formats import content, put, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.report.json import dumps, loads
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import MAX_BYTES

_WORDS: Final = re.compile(
    rb"\[\s*(?:[\x80-\xff]|(?!true|false|null)[A-Za-z]|[0-9]{1,3}\]\s*[^\s,\]])"
)
"""How a text begins that is no JSON: a button, a link, the mark of a note."""


def detect(head: bytes) -> bool:
    """
    Tell by its beginning whether a text is JSON; one whose first bracket holds words is none.

    >>> [detect(head.encode()) for head in ('{"year"', "[1, 2]", "[字体：大]", "[首页](/)")]
    [True, True, False, False]
    """
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return text[:1] in (b"{", b"[") and text[:2] != b"{\\" and not _WORDS.match(text)


def read(path: FilePath) -> Report:
    """
    Read the report of one file; ``-`` is standard input.

    Raises: UnreadableFile if the path cannot be read, InvalidReport if it holds no report.
    """
    text = content(path, MAX_BYTES)
    if not text:
        raise unreadable(path, "empty_file")
    return loads(text)


def write(report: Report, path: FilePath, indent: int | None = 2) -> None:
    """
    Write one report to a file; ``-`` is standard output.

    *indent* lays the text out for people; with None, or where it would be too long to be
    read, it is the canonical text of ``dumps``.
    Raises: UnreadableFile if the path cannot be written.
    """
    text = dumps(report)
    if indent is not None:
        laid_out = msgspec.json.format(text, indent=indent) + b"\n"
        text = laid_out if len(laid_out) <= MAX_BYTES else text
    put(text, path)


FORMAT = Format(
    suffixes=(".json",),
    place=1,
    detect=detect,
    is_standard=True,
    certainty=1,
    claim=1,
    read_report=read,
    write_report=write,
)
