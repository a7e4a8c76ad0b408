"""
HTML, as pages are published and as word processors save it. Nothing is fetched, no script is run,
no entity is expanded.

A cell may be merged from rows and columns; a table that only holds other tables is taken apart;
what is hidden is left out.
"""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

from govinfo_schema.documents.document import (
    MAX_CELLS,
    Block,
    Document,
    Grid,
    Paragraph,
    Place,
    Span,
)
from govinfo_schema.documents.formats import library, printable, put, unreadable
from govinfo_schema.documents.formats.encodings import text_of

NAME = "html"
SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")

_TAGS: Final = re.compile(
    rb"(?i)<(?:!doctype html|html|head|body|table|tbody|tr|div|p|span|font|meta|article|section)[\s>]"
)
_SKIPPED: Final = frozenset(
    "script style template noscript select textarea button svg math iframe object head".split()
)  # noqa: SIM905
_BLOCKS: Final = frozenset(
    "html body main article section nav aside header footer div p h1 h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre form fieldset legend "  # noqa: SIM905
    "hr center address caption figure figcaption table thead tbody tfoot tr td th details summary".split()
)
_HIDDEN: Final = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_BREAK: Final = re.compile(r"(?<=[^\x00-\x7f])[ \t\r]*\n\s*(?=[^\x00-\x7f])")
MAX_SPAN: Final = 1_000
"""A cell is over no more columns than browsers allow."""
MAX_NESTING: Final = 40
"""So deep tables may stand in each other."""

STYLE: Final = """
body { font-family: "FangSong", "STFangsong", "Noto Serif CJK SC", serif; line-height: 1.6; max-width: 60rem; margin: auto; padding: 1rem; }
h1 { text-align: center; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
th, td { border: 1px solid; padding: 0.25rem; text-align: center; font-weight: normal; }
th { background: #f2f2f2; }
p { text-indent: 2em; margin: 0; white-space: pre-wrap; }
.mark { background: #ffe0e0; border: 2px solid #a00000; }
mark { background: none; color: #a00000; font-weight: bold; }
@media print { body { max-width: none; } tr { break-inside: avoid; } th { background: none; } }
"""


def detect(head: bytes) -> bool:
    """Tell by its tags whether a text is HTML, in whatever encoding."""
    return _TAGS.search(head.replace(b"\x00", b"")) is not None


# ---- reading ------------------------------------------------------------------------------------


def read(path: str | os.PathLike[str]) -> Document:
    """
    Read a page.

    Raises: UnreadableFile where it is too long, of no known encoding, empty, or has too many cells;
    MissingLibrary without lxml.
    """
    etree = library("lxml.etree", "html")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text_of(path).encode("utf-8", "replace"), parser)
    if root is None:
        raise unreadable(path, "not_html")
    try:
        blocks = tuple(_Reader(etree).blocks(root))
    except _TooManyCells as error:
        raise unreadable(path, "too_many_cells", limit=MAX_CELLS) from error
    return Document(blocks=blocks, title=_title(root))


def _title(root: Any) -> str:
    """Give the name of the article where the page states one, else the page's own title."""
    stated = root.xpath(
        "//meta[translate(@name, 'ARTICLETITLE', 'articletitle') = 'articletitle']/@content"
    )
    own = root.xpath("//title/text()")
    return next((text.strip() for text in (*stated, *own) if text.strip()), "")


class _TooManyCells(Exception):
    """The tables have more cells than a report can have."""


@attrs.define
class _Cell:
    """A cell of a table: its own text, or the tables that stand in it."""

    node: Any
    blocks: list[Block]

    @property
    def text(self) -> str:
        return "\n".join(block.text for block in self.blocks if isinstance(block, Paragraph))

    @property
    def nests(self) -> bool:
        return any(isinstance(block, Grid) for block in self.blocks)

    def size(self, name: str, most: int) -> int:
        """Over how many rows or columns it is merged; 0 rows is all that are left."""
        digits = re.match(r"\s*([0-9]{1,9})", self.node.get(name) or "1")
        size = int(digits[1]) if digits else 1
        return min(most if size == 0 and name == "rowspan" else max(size, 1), most)


@attrs.define
class _Reader:
    """
    Reads blocks out of a tree without recursion but for tables in tables, and counts tables and
    cells.
    """

    etree: Any
    tables: int = 0
    cells: int = 0

    def blocks(self, root: Any, nesting: int = 0) -> Iterator[Block]:
        """Give the blocks below an element in reading order."""
        parts: list[str] = []
        walk = self.etree.iterwalk(root, events=("start", "end"))
        for event, node in walk:
            tag = node.tag
            if event == "start":
                if tag in _BLOCKS or tag == "br":
                    yield from _paragraphs(parts, node)
                if node is not root and (tag in _SKIPPED or tag == "table" or _is_hidden(node)):
                    if tag == "table" and not _is_hidden(node):
                        yield from self.table(node, nesting + 1)
                    walk.skip_subtree()
                elif node.text:
                    parts.append(_text(node.text, node))
            else:
                if tag in _BLOCKS:
                    yield from _paragraphs(parts, node)
                if node is not root and node.tail:
                    parts.append(_text(node.tail, node.getparent()))
        yield from _paragraphs(parts, root)

    def table(self, node: Any, nesting: int) -> Iterator[Block]:
        """
        Give a table as a grid; rows that hold tables are taken apart, and the rows between them are
        grids of their own.
        """
        if nesting > MAX_NESTING:
            raise _TooManyCells
        rows: list[list[_Cell]] = []
        for row in self.rows(node, nesting):
            if not any(cell.nests for cell in row):
                rows.append(row)
                continue
            yield from self.grid(rows)
            rows = []
            for cell in row:
                yield from cell.blocks
        yield from self.grid(rows)

    def rows(self, table: Any, nesting: int) -> Iterator[list[_Cell]]:
        """
        Go through the rows of a table, those of tables in it aside; a cell outside any row begins
        one.
        """
        row: list[_Cell] | None = None
        walk = self.etree.iterwalk(table, events=("start", "end"))
        for event, node in walk:
            if event == "start" and node is not table:
                if node.tag == "tr":
                    if row:
                        yield row
                    row = None if _is_hidden(node) else []
                    if row is None:
                        walk.skip_subtree()
                elif node.tag in ("td", "th"):
                    self.cells += 1
                    if self.cells > MAX_CELLS:
                        raise _TooManyCells
                    row = [] if row is None else row
                    row.append(_Cell(node, [*self.blocks(node, nesting)]))
                    walk.skip_subtree()
            elif event == "end" and node.tag == "tr" and row is not None:
                yield row
                row = None
        if row:
            yield row

    def grid(self, rows: list[list[_Cell]]) -> Iterator[Grid]:
        """Place the cells of rows: each in the first column that nothing above takes."""
        if not any(rows):
            return
        self.tables += 1
        spans: list[Span] = []
        taken: dict[int, int] = {}
        slots = 0
        for at, row in enumerate(rows):
            column = 0
            for cell in row:
                while taken.get(column, 0) > at:
                    column += 1
                height, width = cell.size("rowspan", len(rows) - at), cell.size("colspan", MAX_SPAN)
                slots += width
                if slots > MAX_CELLS:
                    raise _TooManyCells
                taken |= dict.fromkeys(range(column, column + width), at + height)
                place = Place(
                    table=self.tables, row=at + 1, column=column + 1, line=cell.node.sourceline
                )
                spans.append(
                    Span(
                        text=cell.text,
                        row=at,
                        column=column,
                        rows=height,
                        columns=width,
                        header=cell.node.tag == "th",
                        name=cell.node.get("id") or "",
                        place=place,
                    )
                )
                column += width
        yield Grid(spans=tuple(spans))


def _paragraphs(parts: list[str], node: Any) -> Iterator[Paragraph]:
    """Give the text gathered so far, line by line, and begin anew."""
    text = "".join(parts)
    parts.clear()
    for line in text.split("\x0b"):
        if line.strip():
            tag = str(node.tag)
            level = int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit() else 0
            yield Paragraph(text=line.strip(), level=level, place=Place(line=node.sourceline))


def _text(text: str, holder: Any) -> str:
    """
    Take white space for what it looks like: nothing between Chinese characters, a line only where
    the text is set as it stands.
    """
    if holder is not None and holder.tag == "pre":
        return text.replace("\n", "\x0b")
    return re.sub(r"[ \t\r\n]+", " ", _BREAK.sub("", text))


def _is_hidden(node: Any) -> bool:
    return node.get("hidden") is not None or _HIDDEN.search(node.get("style") or "") is not None


# ---- writing ------------------------------------------------------------------------------------


def write(document: Document, path: str | os.PathLike[str]) -> None:
    """
    Write a document as one page that needs nothing else; every text is escaped, and a cell's name
    is its ``id``.

    Raises: UnreadableFile if the path cannot be written.
    """
    body = "\n".join(_block(block) for block in document.blocks)
    title = html.escape(document.title)
    page = f"""<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""
    put(printable(page).encode(), path)


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        tag = f"h{block.level}" if block.level else "p"
        return f"<{tag}>{html.escape(block.text)}</{tag}>"
    return table(block)


def table(block: Grid) -> str:
    """Write a grid as a table."""
    rows = "\n".join(
        f"<tr>{''.join(_cell(span, row) for span in row)}</tr>" for row in block.rows()
    )
    caption = f' aria-label="{html.escape(block.caption)}"' if block.caption else ""
    return f"<table{caption}>\n{rows}\n</table>"


def _cell(span: Span, row: tuple[Span, ...]) -> str:
    sizes = "".join(
        f' {name}="{size}"'
        for name, size in (("rowspan", span.rows), ("colspan", span.columns))
        if size > 1
    )
    name = f' id="{html.escape(span.name)}"' if span.name else ""
    text = html.escape(span.text).replace("\n", "<br>")
    if not span.header:
        mark = ' class="mark"' if span.mark else ""
        return f"<td{name}{sizes}{mark}>{f'<mark>{text}</mark>' if span.mark else text}</td>"
    across, along = (
        ("rowgroup", "row") if any(not each.header for each in row) else ("colgroup", "col")
    )
    merged = span.rows if across == "rowgroup" else span.columns
    return f'<th{name}{sizes} scope="{across if merged > 1 else along}">{text}</th>'
