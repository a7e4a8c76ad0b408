"""
HTML, as pages are published and as word processors save it. Nothing is fetched, no script is run,
no entity is expanded.

A cell may be merged from rows and columns; a table that only holds other tables is taken apart;
what is hidden is left out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final

import attrs

from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.formats import library, printable, put, unreadable
from govinfo_schema.documents.formats.encodings import text_of
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.grids import (
    MAX_SPAN,
    Cell,
    Row,
    Tables,
    check_count,
    limited,
    span_at,
)

_TAGS: Final = re.compile(
    rb"(?i)<(?:!doctype html|html|head|body|table|tbody|tr|div|p|span|font|meta|article|section)"
    rb"[\s>]"
)
_SKIPPED: Final = frozenset(
    "script style template noscript select textarea button svg math iframe "  # noqa: SIM905
    "object head".split()
)
_BLOCKS: Final = frozenset(
    "html body main article section nav aside header footer div p h1 h2 h3 h4 "  # noqa: SIM905
    "h5 h6 ul ol li dl dt dd blockquote pre form fieldset legend hr center "
    "address caption figure figcaption table thead tbody tfoot tr td th "
    "details summary".split()
)
_HIDDEN: Final = re.compile(r"(?i)display\s*:\s*none|visibility\s*:\s*hidden")
_BREAK: Final = re.compile(r"(?<=[^\x00-\x7f])[ \t\r]*\n\s*(?=[^\x00-\x7f])")

STYLE: Final = """
body { font-family: "FangSong", "STFangsong", "Noto Serif CJK SC", serif; line-height: 1.6; \
max-width: 60rem; margin: auto; padding: 1rem; }
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


@limited
def read(path: FilePath) -> Document:
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
    return Document(blocks=tuple(_Reader(etree=etree).blocks(root)), title=_title(root))


def _title(root: Any) -> str:
    """Give the name of the article where the page states one, else the page's own title."""
    stated = root.xpath(
        "//meta[translate(@name, 'ARTICLETITLE', 'articletitle') = 'articletitle']/@content"
    )
    own = root.xpath("//title/text()")
    return next((text.strip() for text in (*stated, *own) if text.strip()), "")


@attrs.define
class _Cell(Cell):
    """A cell of a table and the element that it is read from."""

    node: Any

    def size(self, name: str, most: int) -> int:
        """Over how many rows or columns it is merged; 0 rows is all that are left."""
        digits = re.match(r"\s*([0-9]{1,9})", self.node.get(name) or "1")
        size = int(digits[1]) if digits else 1
        return min(most if size == 0 and name == "rowspan" else max(size, 1), most)


@attrs.define(kw_only=True)
class _Reader(Tables[_Cell]):
    """Reads blocks out of a tree without recursion but for tables in tables."""

    etree: Any

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

    def rows(self, table: Any, nesting: int) -> Iterator[Row[_Cell]]:
        """
        Go through the rows of a table, those of tables in it aside; a cell outside any row begins
        one.
        """
        row: Row[_Cell] | None = None
        walk = self.etree.iterwalk(table, events=("start", "end"))
        for event, inner in walk:
            if event == "start" and inner is not table:
                if inner.tag == "tr":
                    if row and row.cells:
                        yield row
                    row = None if _is_hidden(inner) else Row([])
                    if row is None:
                        walk.skip_subtree()
                elif inner.tag in ("td", "th"):
                    self.count_cell()
                    row = Row([]) if row is None else row
                    row.cells.append(_Cell([*self.blocks(inner, nesting)], inner))
                    walk.skip_subtree()
            elif event == "end" and inner.tag == "tr" and row is not None:
                yield row
                row = None
        if row and row.cells:
            yield row

    def spans(self, rows: list[Row[_Cell]]) -> list[Span]:
        """Place the cells of rows: each in the first column that nothing above takes."""
        spans: list[Span] = []
        taken: dict[int, int] = {}
        slots = 0
        for at, row in enumerate(rows):
            column = 0
            for cell in row.cells:
                while taken.get(column, 0) > at:
                    column += 1
                height, width = cell.size("rowspan", len(rows) - at), cell.size("colspan", MAX_SPAN)
                slots += width
                check_count(slots)
                taken |= dict.fromkeys(range(column, column + width), at + height)
                place = Place(table=self.tables, line=cell.node.sourceline)
                header, name = cell.node.tag == "th", cell.node.get("id") or ""
                facts = {"rows": height, "columns": width, "header": header, "name": name}
                spans.append(span_at(cell.text, at, column, place, **facts))
                column += width
        return spans


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


def write(document: Document, path: FilePath) -> None:
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


FORMAT = Format(
    suffixes=(".html", ".htm", ".xhtml", ".shtml"),
    place=2,
    detect=detect,
    read_document=read,
    write_document=write,
)
