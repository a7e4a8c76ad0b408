"""
A document as paragraphs and grids, each text with the place where it stood. It knows no law and no
file format.

It is the waist between the two: a format module turns a file into a ``Document`` or back,
``recognise`` turns a ``Document`` into a report, and ``layout`` turns a report into a ``Document``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, reduce
from operator import attrgetter
from typing import Any, Final, Literal

import attrs
import msgspec

from govinfo_schema.messages import Lang, phrase


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """
    Where a text stood, counted from 1; None where the format has no such thing.

    *box* is left, top, right, bottom in points on its page. *locator* says where exactly, so that
    it can be changed there: the part of the package and the path of the element
    (``word/document.xml#/w:document/w:body/w:tbl[2]/w:tr[4]/w:tc[5]``,
    ``xl/worksheets/sheet1.xml#D5``), or the range of bytes (``bytes=1204-1207``).
    """

    page: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    line: int | None = None
    box: tuple[float, float, float, float] | None = None
    locator: str = ""

    def at(self, row: int, column: int) -> Place:
        """Give the place of a cell in this table; *row* and *column* are counted from 0."""
        return msgspec.structs.replace(self, row=row + 1, column=column + 1)

    @property
    def is_line_of_text(self) -> bool:
        """Whether *line* is that of a text file: not of a part of a package."""
        return self.line is not None and "#" not in self.locator

    def message(self, lang: Lang = "zh") -> str:
        """
        Return the place as people look for it; empty if nothing is known.

        >>> Place(table=2, row=24, column=4).message(), Place(page=3, line=7).message("en")
        ('第 2 个表第 24 行', 'page 3, line 7')
        >>> Place(sheet="Report", row=50, column=4, locator="xl/sheet1.xml#D50").message("en")
        'sheet “Report”, D50'
        """
        slot = self.locator.rpartition("#")[2]
        if re.fullmatch("[A-Z]{1,3}[0-9]+", slot):
            names = ["sheet"]
        else:
            slot = ""
            # A document has no names for its columns, and merged cells make them hard to count.
            in_grid = ["sheet", "table", "row", *(["column"] if self.table is None else [])]
            names = ["page", *(["line"] if self.row is None else in_grid)]
        known = [(name, value) for name in names if (value := getattr(self, name)) is not None]
        parts = [phrase(f"at.{name}", lang, value=value) for name, value in known]
        told = parts + ([slot] if slot else [])
        return reduce(lambda one, two: phrase("at.then", lang, first=one, second=two), told or [""])

    def to_dict(self) -> dict[str, Any]:
        """Return what is known of the place as plain data."""
        known = msgspec.to_builtins(self).items()
        return {name: value for name, value in known if value not in (None, "")}


REMARK: Final = "【核对】"
"""
How a paragraph begins that was put below a table to say what does not add up; it is no part of the
report.
"""
RESULTS: Final = ("generator", "govinfo-schema check")
"""
The property of a page that tells what does not add up: it shows a report, with marks, and is none.
"""
HINT: Final = "→"
"""How the hint begins that is printed beside a figure: what it should be."""
Mark = Literal["", "suspect", "bystander"]
"""
What a cell is in a sum that does not add up: a figure that is likely wrong, or one that is only
part of the sum; empty where nothing is to be said.
"""
NOWHERE: Final = Place()
"""The place of a text that stood in no file."""


AsideKind = Literal[
    "struck",
    "hidden",
    "stored",
    "note_mark",
    "placeholder",
    "watermark",
    "field",
    "style",
    "picture",
    "equation",
    "formula",
    "between",
]
"""
Why a text was left out. The first seven are seen as no part of the text: struck out, not shown, the
number that is stored where another one is shown, the mark of a note, a hint where to write, a
watermark, the code of a field. The others may be a figure that is not text: what a style may show
otherwise than it stands, a picture, an equation, a formula that was never calculated; or the text
of another cell, which may be merged with this one in a table without rules.
"""


Align = Literal["", "left", "right"]


class Aside(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in a document beside its text and was left out of it; *text* as it stands."""

    kind: AsideKind
    text: str = ""
    place: Place = NOWHERE


class Paragraph(msgspec.Struct, frozen=True, kw_only=True):
    """
    A run of text outside any grid. *level* is that of a heading, from 1 for the title; 0 is plain
    text.

    *role*: what the format says the text is for: ``navigation`` (menus, breadcrumbs, links to other
    pages, headers and footers of a site), ``link`` where all of it is a link; else empty. *indent*:
    so many spaces stand before it on its line, in a format that keeps them. *align*: where on its
    line a text that is written stands, if not where such texts usually do.
    """

    text: str
    level: int = 0
    align: Align = ""
    indent: int = 0
    role: Literal["", "navigation", "link"] = ""
    place: Place = NOWHERE


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """
    One cell of a grid, at a row and column counted from 0, over as many rows and columns as it is
    merged from.

    *header* marks a label, *name* is an identifier that the format may keep (an ``id`` in HTML, a
    name in a workbook), *mark* sets a figure off that something is to be said of, and *hint* is
    printed beside such a figure: what it should be. *align*: where in a cell that is written the
    text stands, if not in the middle. *asides* stand in the cell and are no part of *text*.
    *formula* works the text out, as the file writes it; empty where the text was typed.
    *confidence*: how sure the text is, from 0 to 1, where it was recognised in a picture; 0 where
    two recognitions do not agree.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    header: bool = False
    name: str = ""
    mark: Mark = ""
    hint: str = ""
    align: Align = ""
    asides: tuple[Aside, ...] = ()
    place: Place = NOWHERE
    formula: str = ""
    confidence: float | None = None

    @property
    def printed(self) -> str:
        """The text with the hint beside it."""
        return f"{self.text} {self.hint}".lstrip(" ") if self.hint else self.text

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it, no picture either."""
        return not self.text.strip() and all(each.kind == "between" for each in self.asides)


@attrs.frozen(kw_only=True, slots=False)
class Grid:
    """
    A table: its cells from top to bottom and from left to right, each once; *caption* is a name for
    it that is not printed. *hidden*: it is in the file and not shown.

    *stub*: it has no rules, and its columns are where its texts stand: so many of them are those of
    labels, and what stands over several of the others is not known to be merged over just these.
    """

    spans: tuple[Span, ...]
    caption: str = ""
    hidden: bool = False
    stub: int | None = None

    @cached_property
    def height(self) -> int:
        """The number of rows."""
        return max((span.row + span.rows for span in self.spans), default=0)

    @cached_property
    def width(self) -> int:
        """The number of columns."""
        return max((span.column + span.columns for span in self.spans), default=0)

    def rows(self) -> Iterator[tuple[Span, ...]]:
        """Go through the rows; each has the cells that begin in it, from left to right."""
        yield from self._lines

    @cached_property
    def _lines(self) -> tuple[tuple[Span, ...], ...]:
        lines: list[list[Span]] = [[] for _ in range(self.height)]
        for span in self.spans:
            lines[span.row].append(span)
        return tuple(tuple(sorted(line, key=attrgetter("column"))) for line in lines)


Block = Paragraph | Grid


@attrs.frozen(kw_only=True)
class Document:
    """
    The blocks of a document in reading order; *title* is what its metadata call it.

    *named*: the cells that the document itself gives names, wherever they stand (the names of a
    workbook). *properties*: what else its metadata say, by the names that they use there
    (``ArticleTitle``, ``PubDate``, ``ContentSource``). *asides*: what was left out of its text
    outside the cells of tables. *is_recognised*: its text was recognised in pictures, so that any
    sign may be wrong: a figure needs more proof.
    """

    blocks: tuple[Block, ...]
    title: str = ""
    named: tuple[Span, ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    asides: tuple[Aside, ...] = ()
    is_recognised: bool = False
