"""
JSON, the format that the schema describes: UTF-8, one report a file.

A file is read only as far as one report can be long, so that a hostile one costs no more than an
honest one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from json import JSONDecoder
from typing import Final

import msgspec

from govinfo_schema.documents.formats import content, put, unreadable
from govinfo_schema.documents.formats.amending import Edit, edited, misplaced
from govinfo_schema.documents.formats.format import Amendment, FilePath, Format
from govinfo_schema.form import ids
from govinfo_schema.report.json import dumps, loads
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import MAX_BYTES
from govinfo_schema.tables.compression import is_compressed

_BINARY: Final = (b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0")
"""How documents and archives begin that somebody gives as standard input."""
_BEGINNING: Final = re.compile(
    rb"""\s*(?:(?:\[\s*){0,64}\{\s*(?:["}]|\Z)"""
    rb"""|(?:\[\s*){1,64}(?:"|\Z|\]\s*\Z|(?:-?[0-9][0-9.eE+-]*|true|false|null)\s*(?:,|\]\s*\Z)))"""
)
"""
An object, or an array of one or of simple values: a text may begin with a bracket too, as that of a
link or of a note.
"""


def detect(head: bytes) -> bool:
    """Tell by its beginning whether a text is JSON, and nothing else behind it."""
    own = head.removeprefix(b"\xef\xbb\xbf")
    return _BEGINNING.match(own) is not None and not _goes_on(own.decode("utf-8", "replace"))


def _goes_on(text: str) -> bool:
    """
    Whether a text goes on behind JSON that is whole.

    >>> _goes_on('{"a": 1} 总体情况'), _goes_on('{"a": 1} '), _goes_on('{"a": ')
    (True, False, False)
    """
    text = text.strip()
    try:
        return JSONDecoder().raw_decode(text)[1] < len(text)
    except (ValueError, RecursionError):
        return False


def read(path: FilePath) -> Report:
    """
    Read the report of one file; ``-`` is standard input.

    Raises: UnreadableFile if the path cannot be read, InvalidReport if it holds no report.
    """
    text = content(path, MAX_BYTES)
    if not text:
        raise unreadable(path, "empty_file")
    if is_compressed(text):
        raise unreadable(path, "packed_input")
    if text.startswith(_BINARY):
        raise unreadable(path, "binary_input")
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


# ---- changing in place --------------------------------------------------------------------------

_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')


def mend(data: bytes, amendments: Sequence[Amendment]) -> bytes:
    """
    Give the bytes of the same JSON with these figures changed; its layout stays.

    Raises: UnreadableFile where a figure does not stand at its place.
    """
    text = data.decode("utf-8")
    places = dict(_values(text))
    changes = []
    for each in amendments:
        at = places.get(ids.split(each.place.locator))
        if at is None:
            raise misplaced(each.place.locator)
        changes.append(Edit(*at, each.text or "null"))
    return edited(text, changes).encode()


def _values(text: str) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    """
    Give the keys that lead to each value that is neither object nor array nor in an array, and
    where it stands.

    >>> [*_values('{"a": {"b": 12, "c": ["d", {"e": 1}]}, "f": null}')]
    [(('a', 'b'), (12, 14)), (('f',), (44, 48))]
    """
    path: list[str | None] = []
    tokens = [*_TOKEN.finditer(text)]
    for token, after in zip_longest(tokens, tokens[1:]):
        sign = token[0]
        if sign in ("{", "["):
            path.append("" if sign == "{" else None)
        elif sign in ("}", "]"):
            path.pop()
        elif after is not None and after[0] == ":":
            path[-1] = msgspec.json.decode(sign)
        elif sign not in (",", ":") and path:
            keys = tuple(key for key in path if key is not None)
            if len(keys) == len(path):
                yield keys, token.span()


FORMAT = Format(
    suffixes=(".json",),
    place=1,
    detect=detect,
    is_standard=True,
    certainty=1,
    claim=1,
    read_report=read,
    write_report=write,
    mend=mend,
)
