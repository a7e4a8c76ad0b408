"""
Plain text: what is left when a document is copied, or its text is taken out of a PDF.

Lines with tabs, or with bars between their cells, are rows of a table; lines with a bar before or
behind one text are its cells, one a line, and make a table of one column. Every other line is a
paragraph, its inner spaces kept, since they may be all that is left of a border.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from typing import ClassVar, Final

import attrs
import msgspec

from govinfo_schema.documents.document import (
    Aside,
    Block,
    Document,
    Grid,
    Paragraph,
    Place,
    Span,
)
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.amending import (
    Edit,
    Run,
    byte_range,
    edited,
    edits,
    misplaced,
)
from govinfo_schema.documents.formats.encodings import Decoded, decoded, decoded_of
from govinfo_schema.documents.formats.format import Amendment, FilePath, Format
from govinfo_schema.documents.grids import check_count, limited

MAX_LINES: Final = 100_000
"""No report has more lines, empty ones that follow each other aside."""
_END: Final = re.compile(r"\r\n|[\n\r\x0b\x85\u2028\u2029]|\Z")
_FRAME: Final = re.compile(r"^[\s|:+\-=─━┌┐└┘├┤┬┴┼│┃╋]+$")
FRAMED: Final = 4
"""Of a table that bars frame, one line in so many has them at least."""
_RULE: Final = re.compile(r":?[-=─━┼╋]{3,}:?|:-+:?|-+:")


Cells = list[tuple[int, int]]
"""Where the cells of a line begin and end in it."""


def detect(head: bytes) -> bool:  # noqa: ARG001 (all formats are asked alike)
    """Take any file for text that nothing else claims."""
    return True


@attrs.frozen
class Line:
    """
    A line of a text: its number, and the byte of the file that it begins at. *encoding* is that of
    the file, empty where bytes and characters do not agree.
    """

    text: str
    number: int
    start: int
    encoding: str

    def byte(self, at: int) -> int:
        """Give the byte of the file that a character of the line begins at."""
        return self.start + len(self.text[:at].encode(self.encoding))

    def part(self, begin: int, end: int) -> Line:
        """Give a part of it as a line."""
        start = self.byte(begin) if self.encoding else 0
        return attrs.evolve(self, text=self.text[begin:end], start=start)

    def locator(self, begin: int, end: int) -> str:
        """Say which bytes of the file hold the characters from *begin* to before *end*."""
        return next(self.locators([(begin, end)]))

    def locators(self, parts: Cells) -> Iterator[str]:
        """Say which bytes of the file hold each of some parts, from left to right."""
        at, byte = 0, self.start
        for begin, end in parts:
            if not self.encoding:
                yield ""
                continue
            first = byte + len(self.text[at:begin].encode(self.encoding))
            at, byte = end, first + len(self.text[begin:end].encode(self.encoding))
            yield f"bytes={first}-{byte}"


def lines_of(file: Decoded) -> Iterator[Line]:
    r"""
    Go through the lines of a text; of empty ones that follow each other, the first stands for all.

    >>> [line.locator(0, 2) for line in lines_of(Decoded(text="规章\n12", encoding="utf-8"))]
    ['bytes=0-6', 'bytes=7-9']
    """
    begin, start = 0, file.start
    empty = False
    for number, end in enumerate(_END.finditer(file.text), 1):
        text = file.text[begin : end.start()]
        if text or not empty:
            yield Line(text, number, start, file.encoding)
        empty = not text
        if file.encoding:
            start += len(file.text[begin : end.end()].encode(file.encoding))
        begin = end.end()


def bounded_lines(path: FilePath) -> Iterator[Line]:
    """
    Read the lines of a file of text.

    Raises: UnreadableFile where it is too long, of no known encoding, or has more lines than any
    report; TooManyCells where it has more borders.
    """
    file = decoded(path)
    check_count(file.text.count("|"))
    for number, line in enumerate(lines_of(file)):
        if number == MAX_LINES:
            raise unreadable(path, "too_many_lines", limit=MAX_LINES)
        yield line


@attrs.define(kw_only=True)
class TextReader:
    """
    Reads blocks out of lines; what another format of text has otherwise, it overrides.

    A run is lines with borders, with nothing but empty lines between them.
    """

    BORDERS: ClassVar[str] = "|｜│┃"
    page: int | None = 1
    tables: int = 0
    cells: int = 0
    _run: list[tuple[Line, Cells]] = attrs.field(factory=list)

    def cell(self, text: str) -> tuple[str, tuple[Aside, ...]]:
        """Give what a cell says, and what stands in it beside its text."""
        return text, ()

    def paragraphs(self, line: Line, begin: int, end: int) -> Iterator[Paragraph]:
        """Give a part of a line that is no part of a table."""
        text, place = line.text[begin:end], self.place(line, begin, end)
        yield Paragraph(text=text, indent=begin, place=place)

    def place(self, line: Line, begin: int, end: int) -> Place:
        """Say where a part of a line stands."""
        return Place(page=self.page, line=line.number, locator=line.locator(begin, end))

    def blocks(self, lines: Iterable[Line]) -> Iterator[Block]:
        """
        Give the blocks of a text in their order.

        Raises: TooManyCells.
        """
        every = list(lines)
        for line, after in zip_longest(every, every[1:]):
            if self.page is not None:
                self.page += line.text.count("\f")
            cells = self.split(line, 2)
            # Two cells make a row only beside other rows.
            if len(cells) == 2 and not self._run and not (after and self.split(after)):
                cells = self.split(line)
            self.cells += len(cells)
            check_count(self.cells)
            if cells:
                self._run.append((line, cells))
            elif not line.text.strip():
                yield from self.parted()
            elif not _FRAME.match(line.text):
                yield from self.finished()
                yield from self.paragraphs(line, *_trimmed(line.text, 0, len(line.text)))
        yield from self.finished()

    def split(self, line: Line, least: int = 3) -> Cells:
        """
        Cut a line at its tabs, or at bars: into *least* cells or more, or one with a bar before or
        behind it. Where it has none, it is no part of a table.
        """
        text = line.text.rstrip()
        if not text:
            return []
        if "\t" in text:
            return _between(line.text, "\t")
        cells = _between(text, self.BORDERS)
        if len(cells) < 2 or _is_rule(text, cells):
            return []
        if len(cells) < least and not _is_empty(cells[0]) and not _is_empty(cells[-1]):
            return []
        return cells

    def parted(self) -> Iterator[Block]:
        """Give what ends where a line is empty."""
        yield from ()

    def is_table(self) -> bool:
        """Whether a line of the run has several cells with a text."""
        return any(
            "\t" in line.text.rstrip() or sum(begin < end for begin, end in cells) > 1
            for line, cells in self._run
        )

    def finished(self) -> Iterator[Block]:
        """Give the run so far as a table, its lines as rows or as cells, and begin anew."""
        rows = self.is_table()
        run, self._run = _unframed(self._run), []
        if not rows:
            run = [(line, [max(cells, key=lambda cell: cell[1] - cell[0])]) for line, cells in run]
        filled = [each for each in run if any(begin < end for begin, end in each[1])]
        if not rows and len(filled) < 2:
            for line, cells in filled:
                yield from self.paragraphs(line, *cells[0])
        elif filled:
            self.tables += 1
            kept = [each for each in run if not rows or len(each[1]) > 1 or each in filled]
            yield Grid(spans=tuple(self._spans(kept)))

    def _spans(self, run: Iterable[tuple[Line, Cells]]) -> Iterator[Span]:
        for row, (line, cells) in enumerate(run):
            for column, ((begin, end), locator) in enumerate(
                zip(cells, line.locators(cells), strict=True)
            ):
                text, asides = self.cell(line.text[begin:end])
                place = Place(
                    page=self.page,
                    table=self.tables,
                    row=row + 1,
                    column=column + 1,
                    line=line.number,
                    locator=locator,
                )
                if asides:
                    asides = tuple(msgspec.structs.replace(aside, place=place) for aside in asides)
                yield Span(text=text, row=row, column=column, asides=asides, place=place)


def _between(text: str, borders: str) -> Cells:
    """Find the texts between the borders of a line, white space aside."""
    ends = [border.start() for border in _border(borders).finditer(text)]
    begins = [0, *[at + 1 for at in ends]]
    return [_trimmed(text, *part) for part in zip(begins, [*ends, len(text)], strict=True)]


@lru_cache(maxsize=8)
def _border(signs: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\\)[{re.escape(signs)}]")


def _trimmed(text: str, begin: int, end: int) -> tuple[int, int]:
    """Leave the white space at both ends out of a part of a text."""
    part = text[begin:end]
    begin += len(part) - len(part.lstrip())
    return begin, begin + len(part.strip())


def _is_empty(cell: tuple[int, int]) -> bool:
    return cell[0] == cell[1]


def _unframed(run: list[tuple[Line, Cells]]) -> list[tuple[Line, Cells]]:
    """
    Leave out the empty cells before the first and behind the last bar of lines, where bars frame
    the table: where all lines with the most cells have them, and one in four of all lines. Else an
    empty cell stands there.
    """
    barred = [cells for line, cells in run if "\t" not in line.text.rstrip()]
    most = max(map(len, barred), default=0)
    widest = [cells for cells in barred if len(cells) == most]
    first, last = (
        all(_is_empty(cells[at]) for cells in widest)
        and sum(_is_empty(cells[at]) for cells in barred) * FRAMED > len(barred)
        for at in (0, -1)
    )
    return [
        (line, cells if "\t" in line.text.rstrip() else _inside(cells, first=first, last=last))
        for line, cells in run
    ]


def _inside(cells: Cells, *, first: bool, last: bool) -> Cells:
    begin, end = first and _is_empty(cells[0]), last and _is_empty(cells[-1])
    return cells[begin : len(cells) - end] or cells[:1]


def _is_rule(text: str, cells: Cells) -> bool:
    """Whether a line only parts rows from each other."""
    parts = [text[begin:end] for begin, end in cells if begin < end]
    return bool(parts) and all(_RULE.fullmatch(part) for part in parts)


@limited
def read(path: FilePath) -> Document:
    """
    Read a text line by line; a form feed begins a page.

    Raises: UnreadableFile where it is too long, of no known encoding, or has too many cells.
    """
    return Document(blocks=tuple(TextReader().blocks(bounded_lines(path))))


def mend(data: bytes, amendments: Sequence[Amendment]) -> bytes:
    """
    Give the bytes of the same text with these texts changed.

    Raises: UnreadableFile where a text does not stand at its place.
    """
    return mended(data, amendments, _part_edits)


def mended(
    data: bytes,
    amendments: Sequence[Amendment],
    part_edits: Callable[[str, Amendment], list[Edit] | None],
) -> bytes:
    """
    Change texts whose places are ranges of bytes; *part_edits* gives the edits of the text in such
    a range.

    Raises: UnreadableFile where a text does not stand at its place.
    """
    encoding = decoded_of(data).encoding
    changes: list[Edit] = []
    for each in amendments:
        begin, end = byte_range(each.place.locator) or (0, 0)
        # Figures of a text without borders may stand in the lines behind the one that is named.
        end = len(data) if each.rows else end
        part = data[begin:end].decode(encoding) if encoding and end else ""
        made = part_edits(part, each) if end else None
        if made is None:
            raise misplaced(each.found)
        changes += [
            Edit(
                begin + len(part[: edit.begin].encode(encoding)),
                begin + len(part[: edit.end].encode(encoding)),
                edit.text,
            )
            for edit in made
        ]
    # Each byte is a character here, as it stands in the file.
    text = edited(
        data.decode("latin-1"),
        [attrs.evolve(edit, text=edit.text.encode(encoding).decode("latin-1")) for edit in changes],
    )
    return text.encode("latin-1")


def _part_edits(part: str, amendment: Amendment) -> list[Edit] | None:
    if not amendment.found.strip():
        return [Edit(len(part), len(part), amendment.text)] if not part.strip() else None
    run = Run(part, range(len(part) + 1))
    return edits([run], amendment)


FORMAT = Format(
    suffixes=(".txt", ".text"),
    detect=detect,
    certainty=0,
    claim=1,
    read_document=read,
    mend=mend,
)
