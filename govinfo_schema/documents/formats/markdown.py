"""
Markdown: headings, paragraphs, pipe tables, and tables in HTML, as programs write that make
Markdown out of other documents.

A line of dashes between pipes only rules a table off, wherever it stands. These programs put it
above rows that are no head.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import ClassVar, Final

import attrs
import msgspec

from govinfo_schema.documents.document import Aside, Block, Document, Grid, Mark, Paragraph, Span
from govinfo_schema.documents.formats import printable, put
from govinfo_schema.documents.formats.amending import Edit, Run, edits, run_of
from govinfo_schema.documents.formats.encodings import is_binary
from govinfo_schema.documents.formats.format import Amendment, FilePath, Format
from govinfo_schema.documents.formats.page_mending import Page
from govinfo_schema.documents.formats.pages import Reader
from govinfo_schema.documents.formats.text import (
    Cells,
    Line,
    TextReader,
    bounded_lines,
    mended,
)
from govinfo_schema.documents.grids import limited

_MARKED: Final[dict[Mark, tuple[str, str]]] = {
    "": ("", ""),
    "suspect": ("**", "**"),
    "bystander": ("<em>", "</em>"),
}
"""What stands before and behind a figure that is marked."""
_RULE: Final = re.compile(
    rb"(?m)^[ \t]*(?:\|[ \t]*)?:?-{3,}:?(?:[ \t]*\|[ \t]*:?-{3,}:?)*[ \t]*(?:\|[ \t]*)?\r*$"
)
_RULED: Final = re.compile(r"[\s|:]*-[\s|:-]*")
_HEADING: Final = re.compile(r"^ {0,3}(#{1,6})\s+(.*)")
_FENCE: Final = re.compile(r"^ {0,3}(?:```|~~~)")
_TABLE: Final = re.compile(
    r"(?i)(?:<html[^>]{0,99}>\s*)?(?:<body[^>]{0,99}>\s*)?(?:<(?:div|center)[^>]{0,99}>\s*){0,9}<table\b"
)
_TABLES: Final = re.compile(r"(?i)<(/?)table\b[^<>]*>?")
_AFTER: Final = re.compile(r"(?i)(?:\s*</(?:div|center|body|html)>)*")
_INLINE: Final = (
    (re.compile(r"\\([\\|`*_{}\[\]()<>#+.!~$-])"), lambda match: f"&#{ord(match[1])};"),
    (re.compile(r"(\*\*|__)(?=\S)(.{1,500}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"~~(?=\S)(.{1,500}?)(?<=\S)~~"), r"<del>\1</del>"),
    (re.compile(r"\[\^([^\]\s]{1,20})\]"), r"<sup>[\1]</sup>"),
    (re.compile(r"!\[([^\]]{0,500})\]\([^()]{0,500}\)"), r'<img alt="\1">'),
    (
        re.compile(r"\[((?:[^\[\]]|\[[^\[\]]{0,99}\]){1,500})\]\(([^()\s]{0,500})[^()]{0,99}\)"),
        r'<a href="\2">\1</a>',
    ),
    (re.compile(r"<((?:https?|mailto):[^<>\s]+)>"), r"\1"),
)
"""What stands for something else in a line, and the HTML that it is."""
_SIGN: Final = re.compile(r"[\\*_~\[<$]")
"""What a line has where anything in it stands for something else."""
_SPECIAL: Final = re.compile(r"[\\*_~\[<$&]")
"""What a line has that shows anything but its own signs."""
_FORMULA: Final = re.compile(r"\$([\x21-\x7e](?:[\x20-\x7e]{0,100}[\x21-\x7e])??)\$")


def detect(head: bytes) -> bool:
    """Tell by a heading or a pipe table that a text is Markdown."""
    is_marked = re.search(rb"(?m)^#{1,6} \S", head) or (
        _RULE.search(head) and re.search(rb"(?m)^[ \t]*\|.*\|", head)
    )
    return bool(is_marked) and not is_binary(head)


# ---- reading ------------------------------------------------------------------------------------


@limited
def read(path: FilePath) -> Document:
    """
    Read a text in Markdown: each run of pipe rows is a grid, and so is each table in HTML.

    Raises: UnreadableFile where it is too long, of no known encoding, or has too many cells.
    """
    reader = _MarkdownReader(page=None)
    blocks = [*reader.parts([*bounded_lines(path)])]
    return Document(
        blocks=(*blocks, *reader.pages.unseen),
        title=next(
            (each.text for each in blocks if isinstance(each, Paragraph) and each.level == 1), ""
        ),
        asides=tuple(reader.pages.asides),
    )


@attrs.define(kw_only=True)
class _MarkdownReader(TextReader):
    """Reads Markdown as text, but for its signs, and what is HTML in it as a page."""

    BORDERS: ClassVar[str] = "|"
    pages: Reader = attrs.field(factory=Reader)
    _tabular: set[int] = attrs.field(factory=set)

    def parts(self, lines: list[Line]) -> Iterator[Block]:
        """
        Give the blocks of a text, those of tables in HTML too.

        Raises: TooManyCells.
        """
        self._tabular = _tabular(lines)
        own: list[Line] = []
        at = 0
        while at < len(lines):
            opening = _TABLE.search(lines[at].text)
            if opening is None:
                own.append(lines[at])
                at += 1
                continue
            begin = opening.start()
            yield from self.blocks([*own, lines[at].part(0, begin)])
            last, end = _end(lines, at, begin)
            yield from self._page(lines[at : last + 1], begin, end)
            own = [lines[last].part(end, len(lines[last].text))]
            at = last + 1
        yield from self.blocks(own)

    def _page(self, lines: list[Line], begin: int, end: int) -> Iterator[Block]:
        """Give the tables from a sign of the first line to one of the last."""
        self.pages.count_cell()
        text = "\n".join(line.text for line in lines)
        stop = len(text) - len(lines[-1].text) + end
        part = f"bytes={lines[0].byte(begin)}-{lines[-1].byte(end)}" if lines[0].encoding else ""
        self.pages.tables = self.tables
        yield from self.pages.page(text[begin:stop], part)
        self.tables = self.pages.tables

    def split(self, line: Line, least: int = 3) -> Cells:
        """Cut a line as that of a text; in a table that is ruled off, two cells are enough."""
        ruled = len(self._run) == 1 and _RULED.fullmatch(line.text)
        if ruled or _FENCE.match(line.text):
            return []
        return super().split(line, 2 if line.number in self._tabular else least)

    def parted(self) -> Iterator[Block]:
        """An empty line ends a table of rows."""
        if self.is_table():
            yield from self.finished()

    def cell(self, text: str) -> tuple[str, tuple[Aside, ...]]:
        """Give what a cell shows."""
        if not _SPECIAL.search(text):
            return text.strip(), ()
        blocks, asides = self._shown(text, in_cell=True)
        return "\n".join(block.text for block in blocks), asides

    def paragraphs(self, line: Line, begin: int, end: int) -> Iterator[Paragraph]:
        """Give what a line shows."""
        text = line.text[begin:end]
        if _FENCE.match(text):
            return
        heading = _HEADING.match(text)
        level = len(heading[1]) if heading else 0
        place = self.place(line, begin, end)
        shown, asides = self._shown(
            heading[2].rstrip().rstrip("#").rstrip() if heading else text, in_cell=False
        )
        self.pages.asides += [msgspec.structs.replace(aside, place=place) for aside in asides]
        for paragraph in shown:
            yield msgspec.structs.replace(paragraph, level=level, place=place)

    def _shown(self, text: str, *, in_cell: bool) -> tuple[list[Paragraph], tuple[Aside, ...]]:
        """Give what a line of Markdown shows, and what stands beside it."""
        if _SIGN.search(text):
            for pattern, other in _INLINE:
                text = pattern.sub(other, text)
            text = _FORMULA.sub(_formula, text) if in_cell else text
        if "<" not in text and "&" not in text:
            return [Paragraph(text=text.strip())] if text.strip() else [], ()
        self.pages.count_cell()
        return self.pages.inline(text, in_cell=in_cell)


def _end(lines: Sequence[Line], first: int, begin: int) -> tuple[int, int]:
    """Find the line, and the sign of it, before which the tables end that begin there."""
    depth = 0
    for at in range(first, len(lines)):
        end = -1
        for tag in _TABLES.finditer(lines[at].text, begin if at == first else 0):
            depth += -1 if tag[1] else 1
            end = tag.end()
        if depth <= 0 and end >= 0:
            after = _AFTER.match(lines[at].text, end)
            return at, after.end() if after else end
    return len(lines) - 1, len(lines[-1].text)


def _tabular(lines: Sequence[Line]) -> set[int]:
    """Number the lines of tables whose head a line of dashes rules off."""
    found: set[int] = set()
    for above, line in pairwise(lines):
        ruled = "|" in line.text and _RULED.fullmatch(line.text) and "|" in above.text
        if ruled or (above.number in found and "|" in line.text):
            found |= {above.number, line.number}
    return found


def _formula(match: re.Match[str]) -> str:
    r"""
    Give the HTML of a formula: that of a number alone is the number.

    >>> [_formula(_FORMULA.fullmatch(text)) for text in ("$12.5$", "$3^{1}$")]
    ['12.5', '<math><mtext>3^{1}</mtext><msup/></math>']
    """
    number = re.fullmatch(r"[\s{}]*([+-]?[0-9][0-9.,]*)[\s{}]*", match[1])
    return number[1] if number else f"<math><mtext>{html.escape(match[1])}</mtext><msup/></math>"


# ---- writing ------------------------------------------------------------------------------------


def write(document: Document, path: FilePath) -> None:
    """
    Write a document as Markdown; a merged cell stands in the first of its columns and rows, and the
    others are empty.

    Raises: UnreadableFile if the path cannot be written.
    """
    parts = [
        "\n".join(_table(block)) if isinstance(block, Grid) else _line(block)
        for block in document.blocks
    ]
    put((printable("\n\n".join(parts)) + "\n").encode(), path)


def _line(paragraph: Paragraph) -> str:
    text = _escaped(("" if paragraph.level else " ").join(paragraph.text.split("\n")))
    return (
        f"{'#' * paragraph.level} {text}"
        if paragraph.level
        else re.sub(r"^(\s*)(#{1,6}(?=\s)|[-+>](?=\s))", r"\1\\\2", text)
    )


def _table(grid: Grid) -> Iterator[str]:
    for number, row in enumerate(grid.rows()):
        texts = {span.column: _shown(span) for span in row}
        yield f"| {' | '.join(texts.get(column, '') for column in range(grid.width))} |"
        if number == 0:
            yield f"|{' --- |' * grid.width}"


def _shown(span: Span) -> str:
    text = _escaped(span.printed.strip()).replace("\n", "<br>")
    begin, end = _MARKED[span.mark]
    return f"{begin}{text}{end}" if text else text


def _escaped(text: str) -> str:
    return re.sub(r"([\\|`*_<>])", r"\\\1", text)


# ---- changing in place --------------------------------------------------------------------------

_MARKUP: Final = re.compile(r"\*\*|__|~~|<[^<>]*>|\$")
"""What stands in a cell and is seen by nobody."""
_CHARACTER: Final = re.compile(r"(?s)\\[!-/:-@\[-`{-~]|&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z]+);|.")


def mend(data: bytes, amendments: Sequence[Amendment]) -> bytes:
    """
    Give the bytes of the same text with these texts changed.

    Raises: UnreadableFile where a text does not stand at its place.
    """
    return mended(data, amendments, _part_edits)


def _part_edits(part: str, amendment: Amendment) -> list[Edit] | None:
    _, inner, path = amendment.place.locator.partition("#")
    if inner:
        return Page(part).edits(path, amendment)
    shown = "".join(run.text for run in _runs(part))
    if not amendment.found.strip():
        return [Edit(0, len(part), amendment.text)] if not shown.strip() else None
    if not amendment.text.strip() and shown.split() == amendment.found.split():
        return [Edit(0, len(part), "")]
    return edits([*_runs(part)], amendment)


def _runs(part: str) -> Iterator[Run]:
    r"""
    Go through the texts of a cell between its markup.

    >>> [(run.text, run.seen) for run in _runs("**1** ~~2~~")]
    [('1', True), (' ', True), ('2', False)]
    """
    at, struck = 0, False
    for mark in [*_MARKUP.finditer(part), None]:
        end = mark.start() if mark else len(part)
        if end > at:
            yield run_of(part[at:end], at, seen=not struck, pattern=_CHARACTER)
        if mark:
            struck, at = struck ^ (mark[0] == "~~"), mark.end()


FORMAT = Format(
    suffixes=(".md", ".markdown"),
    place=4,
    detect=detect,
    certainty=0,
    claim=1,
    read_document=read,
    write_document=write,
    mend=mend,
)
