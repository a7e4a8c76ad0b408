"""
The lines of a table as records: its encoding, its delimiter, the names of its columns.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from typing import BinaryIO, Final

from govinfo_schema.documents.formats import HEAD, content, opened, unreadable
from govinfo_schema.documents.formats.encodings import MARKS
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.conformance import quoted
from govinfo_schema.report.values import MAX_BYTES
from govinfo_schema.tables.csv.kinds import Kinds

MAX_RECORD: Final = 2 * MAX_BYTES
"""No report has more characters as a record: those of its JSON, the quotes doubled."""
_SPOILT: Final = "govinfo_schema.spoilt"
_SPOILT_SIGN: Final = "\udcff"
"""What bytes become that cannot be decoded: half a character, which no report may hold."""
codecs.register_error(_SPOILT, lambda error: (_SPOILT_SIGN, getattr(error, "end", 0)))


@contextmanager
def table(
    path: FilePath,
) -> Iterator[tuple[list[str], Iterator[tuple[int, list[str] | Label]], Kinds]]:
    """
    Open a table, and give the names of its columns, its records, and how their values are read.

    Raises: UnreadableFile.
    """
    csv.field_size_limit(max(csv.field_size_limit(), MAX_RECORD))
    with (
        opened(path) as raw,
        io.TextIOWrapper(raw, encoding=_encoding(path), errors=_SPOILT, newline="") as file,
    ):
        lines = iter(partial(file.readline, MAX_RECORD), "")
        delimiter, start, first = first_line(lines)
        records = _records(chain([first] if first else [], lines), delimiter, start)
        _, header = next(records, (1, []))
        if isinstance(header, Label):
            raise unreadable(path, "bad_table", problem=header)
        names = names_of(header)
        if not any(names):
            raise unreadable(path, "empty_document")
        if "edition" not in names:
            raise unreadable(path, "no_edition")
        yield names, records, Kinds(grouped=delimiter != ";")


def marked_encoding(head: bytes) -> str | None:
    """
    Tell the encoding that the first bytes give away: a mark, or the zeros of UTF-16; None where
    they do not.
    """
    if marked := next((name for mark, name, _ in MARKS if head.startswith(mark)), None):
        return marked
    first = head.partition(b"\n")[0]
    if b"\0" not in first:
        return None
    return "utf-16-le" if first[1::2].count(0) > first[::2].count(0) else "utf-16-be"


def _encoding(path: FilePath) -> str:
    """Tell the encoding of a file."""
    with opened(path) as file:
        return encoding_of(file, content(path, HEAD))


def encoding_of(file: BinaryIO, head: bytes) -> str:
    """
    Tell the encoding of a file: the one it is marked with, else UTF-8, else GB18030 where most of
    what is not ASCII is no UTF-8.
    """
    if marked := marked_encoding(head):
        return marked
    decoder = codecs.getincrementaldecoder("utf-8")(_SPOILT)
    spoilt = sound = 0
    for chunk in iter(lambda: file.read(1 << 20), b""):
        text = decoder.decode(chunk)
        spoilt += text.count(_SPOILT_SIGN)
        # A character that is not ASCII has more than one byte.
        sound += len(chunk) - len(text)
    return "gb18030" if spoilt > sound else "utf-8"


def first_line(lines: Iterator[str]) -> tuple[str, int, str]:
    """
    Give the delimiter, and the number and the text of the first line that is not empty and no
    ``sep=`` of a spreadsheet.
    """
    for number, line in enumerate(lines, 1):
        plain = line.strip(" \r\n\ufeff")
        if plain.strip(",;\t") and not plain.lower().startswith("sep="):
            counts = {
                delimiter: len(re.findall(f'(?:^|{delimiter})"?edition"?(?={delimiter}|$)', plain))
                for delimiter in ",;\t"
            }
            return max(counts, key=counts.__getitem__), number, line.removeprefix("\ufeff")
    return ",", 1, ""


def _records(
    lines: Iterable[str], delimiter: str, start: int
) -> Iterator[tuple[int, list[str] | Label]]:
    """
    Give each record with the number of the line that it begins at.

    Where quotes do not match, the record is what is wrong with it, and reading goes on in the line
    after that it began at.
    """
    waiting, again, taken = iter(lines), deque[str](), list[str]()

    def fed() -> Iterator[str]:
        length = 0
        while line := again.popleft() if again else next(waiting, ""):
            length = length + len(line) if taken else len(line)
            taken.append(line)
            if length >= MAX_RECORD:
                raise csv.Error(f"a record of more than {MAX_RECORD:,} characters")
            yield line

    while True:
        try:
            for row in csv.reader(fed(), delimiter=delimiter, strict=True):
                yield start, row
                start += len(taken)
                taken.clear()
        except csv.Error as error:
            yield start, spoken("bad_quotes", problem=error)
            again.extendleft(reversed(taken[1:]))
            start += 1
            taken.clear()
        else:
            return


def names_of(header: Iterable[str]) -> list[str]:
    """Give the names of the columns, without what spreadsheets put around them."""
    return [name.strip().lstrip("'") for name in header]


def is_empty(row: Sequence[str]) -> bool:
    """Whether all fields of a record are empty."""
    return not "".join(row).strip()


def surplus(names: Sequence[str], row: Sequence[str]) -> Label | None:
    """Say of a row that it has a value where no column has a name."""
    if len(row) <= len(names) and "" not in names:
        return None
    at = next(
        (at for at, text in enumerate(row) if text.strip() and (at >= len(names) or not names[at])),
        None,
    )
    return None if at is None else spoken("too_many_fields", field=at + 1, text=quoted(row[at]))
