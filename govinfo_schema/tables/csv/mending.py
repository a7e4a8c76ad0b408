"""
A table with other figures in their fields, all else byte for byte.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.formats import HEAD
from govinfo_schema.documents.formats.amending import Edit, edited, misplaced
from govinfo_schema.documents.formats.encodings import MARKS
from govinfo_schema.documents.formats.format import Amendment
from govinfo_schema.tables.csv.kinds import Kinds
from govinfo_schema.tables.csv.records import encoding_of, first_line, names_of
from govinfo_schema.tables.csv.tidy import cell_types, is_tidy
from govinfo_schema.tables.rows import all_cells


def mend(data: bytes, amendments: Sequence[Amendment]) -> bytes:
    """
    Give the bytes of the same table of one report with these figures changed; its encoding, its
    delimiters, its quotes and the order of its columns stay.

    Raises: UnreadableFile where a figure does not stand at its place.
    """
    with LOCK:
        from govinfo_schema.documents.mending import restated  # noqa: PLC0415 (only for those who mend)

    encoding = encoding_of(io.BytesIO(data), data[:HEAD])
    mark = next(
        (mark for mark, name, _ in MARKS if name == encoding and data.startswith(mark)), b""
    )
    plain = next((plain for own, _, plain in MARKS if own == mark), encoding)
    text = data[len(mark) :].decode(plain, "surrogateescape")
    places = _fields_of(text)
    changes = []
    for each in amendments:
        place = places.get(each.place.locator)
        if place is None:
            raise misplaced(each.place.locator)
        begin, end = place
        cell = all_cells()[each.place.locator]
        own = text[begin:end].removeprefix('"').removesuffix('"')
        kinds = Kinds(grouped=True)
        before = kinds.of(cell.id, cell_types()[cell.id])(own)
        after = Decimal(each.text) if each.text else None
        new = restated(own, cell, before, after)
        quoted = text[begin:end].startswith('"') or "," in new
        changes.append(Edit(begin, end, f'"{new}"' if quoted else new))
    return mark + edited(text, changes).encode(plain, "surrogateescape")


_FIELD: Final = r'(?:"(?:[^"]|"")*"|[^{}\r\n]*)'


def _fields_of(text: str) -> dict[str, tuple[int, int]]:
    r"""
    Say where the value of each cell stands in a table of one report.

    >>> _fields_of("edition,disputes.reconsideration.upheld\r\n2021,12\r\n")
    {'edition': (41, 45), 'disputes.reconsideration.upheld': (46, 48)}
    """
    delimiter, _, _ = first_line(iter(io.StringIO(text, newline="")))
    records = [each for each in _places(text, delimiter) if any(begin < end for begin, end in each)]
    texts = [[text[begin:end] for begin, end in record] for record in records]
    while texts and texts[0][0].lower().lstrip("\ufeff").startswith("sep="):
        records, texts = records[1:], texts[1:]
    if len(records) < 2:
        return {}
    names = names_of(
        next(csv.reader([delimiter.join(texts[0]).lstrip("\ufeff")], delimiter=delimiter))
    )
    if not is_tidy(names):
        return dict(zip(names, records[1], strict=False))
    cell, value = names.index("cell"), names.index("value")
    return {
        own[cell].strip('"'): record[value]
        for own, record in zip(texts[1:], records[1:], strict=True)
        if len(record) > max(cell, value)
    }


def _places(text: str, delimiter: str) -> Iterator[list[tuple[int, int]]]:
    """Say where the fields of each record begin and end, their quotes included."""
    field = re.compile(_FIELD.replace("{}", delimiter))
    record: list[tuple[int, int]] = []
    at = 0
    while match := field.match(text, at):
        record.append(match.span())
        at = match.end()
        if text[at : at + 1] != delimiter:
            yield record
            record = []
            end = re.compile(r"\r\n|\r|\n").match(text, at)
            if end is None:
                return
            at = end.end() - 1
        at += 1
