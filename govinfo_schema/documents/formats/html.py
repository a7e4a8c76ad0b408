"""
HTML, as pages are published and as word processors save it. Nothing is fetched, no script is run,
no entity is expanded.

What a page shows is told in ``pages``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import Final

from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Span
from govinfo_schema.documents.formats import printable, put, unreadable
from govinfo_schema.documents.formats.amending import Edit, edited, misplaced
from govinfo_schema.documents.formats.encodings import LOST, is_binary, rewritten, text_of
from govinfo_schema.documents.formats.format import Amendment, FilePath, Format
from govinfo_schema.documents.formats.page_mending import Page
from govinfo_schema.documents.formats.pages import read_page
from govinfo_schema.documents.formats.printed_tables import repeated_rows, shares
from govinfo_schema.documents.grids import limited

_TAGS: Final = re.compile(
    rb"(?i)<(?:!doctype html|html|head|body|table|tbody|tr|div|p|span|font|meta|article|section)"
    rb"[\s>]"
)

STYLE: Final = """
body { font-family: "FangSong", "STFangsong", "仿宋_GB2312", "Noto Serif CJK SC", serif; \
line-height: 1.75; max-width: 60rem; margin: auto; padding: 1rem; }
h1, h2, h3 { font-weight: normal; break-after: avoid; }
h1 { font-family: "方正小标宋简体", "FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "SimSun", \
"STSong", serif; text-align: center; line-height: 1.45; }
h2 { font-family: "SimHei", "STHeiti", "Noto Sans CJK SC", sans-serif; text-indent: 2em; \
font-size: 1.2rem; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0 1rem; line-height: 1.3; \
font-family: "SimSun", "STSong", "Noto Serif CJK SC", serif; break-inside: avoid; }
th, td { border: 1px solid; padding: 0.25rem; text-align: center; font-weight: normal; }
th:only-child { background: #c6d9f1; color: #000; print-color-adjust: exact; }
tr { break-inside: avoid; }
p { text-indent: 2em; margin: 0; white-space: pre-wrap; }
.left { text-align: left; }
.right { text-align: right; margin-right: 2em; }
.suspect { background: #ffe0e0; border: 2px solid #a00000; }
.bystander { background: #fbf6e3; font-style: italic; }
mark { background: none; color: #a00000; font-weight: bold; }
@page { size: A4; margin: 37mm 26mm 35mm 28mm; }
@page :right { @bottom-right { content: "— " counter(page) " —"; font: 14pt "SimSun", serif; } }
@page :left { @bottom-left { content: "— " counter(page) " —"; font: 14pt "SimSun", serif; } }
@media print { body { max-width: none; padding: 0; font-size: 16pt; line-height: 28pt; }
h1 { font-size: 22pt; line-height: 32pt; margin: 0 0 24pt; } h2 { font-size: 16pt; margin: 6pt 0; }
table { font-size: 10pt; line-height: 13pt; margin: 0; } th, td { padding: 1pt 2pt; \
border: 1pt solid; } }
"""
"""On paper: page, fonts and page numbers as official documents have them (GB/T 9704-2012)."""
_TABLE: Final = 44.2
"""The width of a table on paper, in characters."""


def detect(head: bytes) -> bool:
    """Tell by its tags whether a text is HTML, in whatever encoding."""
    return _TAGS.search(head.replace(b"\x00", b"")) is not None and not is_binary(head)


# ---- reading ------------------------------------------------------------------------------------


@limited
def read(path: FilePath) -> Document:
    """
    Read a page.

    Raises: UnreadableFile where it is too long, of no known encoding, empty, or has too many cells;
    MissingLibrary without lxml.
    """
    text = text_of(path).rstrip()
    # A page that breaks off within a figure does not say what the figure is.
    document = read_page(f"{text}{LOST}" if text[-1:].isdigit() else text)
    if document is None:
        raise unreadable(path, "not_html")
    return document


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
        text = html.escape(block.text)
        aside = f' class="{block.align}"' if block.align else ""
        return f"<{tag}{aside}>{text.replace(chr(10), '<br>') if block.level else text}</{tag}>"
    return table(block, printed=True)


def table(block: Grid, name: str = "id", *, printed: bool = False, repeated: bool = False) -> str:
    """
    Write a grid as a table; *name* is the attribute that has the name of a cell. *repeated*: say
    which rows are printed again on the next page; *printed*: and how wide the columns are.
    """
    rows = [f"<tr>{''.join(_cell(span, row, name) for span in row)}</tr>" for row in block.rows()]
    caption = f' aria-label="{html.escape(block.caption)}"' if block.caption else ""
    if printed or repeated:
        head = repeated_rows(block)
        body = ["<tbody>", *rows[head:], "</tbody>"]
        rows = ["<thead>", *rows[:head], "</thead>", *body] if head else body
    if printed:
        columns = [f'<col style="width:{share:.1%}">' for share in shares(block, _TABLE)]
        rows.insert(0, f"<colgroup>{''.join(columns)}</colgroup>")
    return "\n".join((f"<table{caption}>", *rows, "</table>"))


def _cell(span: Span, row: tuple[Span, ...], attribute: str) -> str:
    sizes = "".join(
        f' {name}="{size}"'
        for name, size in (("rowspan", span.rows), ("colspan", span.columns))
        if size > 1
    )
    name = f' {attribute}="{html.escape(span.name)}"' if span.name else ""
    text = html.escape(span.printed).replace("\n", "<br>")
    classes = " ".join(filter(None, (span.mark, span.align)))
    aside = f' class="{classes}"' if classes else ""
    if not span.header:
        shown = f"<mark>{text}</mark>" if span.mark == "suspect" else text
        return f"<td{name}{sizes}{aside}>{shown}</td>"
    across, along = (
        ("rowgroup", "row") if any(not each.header for each in row) else ("colgroup", "col")
    )
    merged = span.rows if across == "rowgroup" else span.columns
    return f'<th{name}{sizes}{aside} scope="{across if merged > 1 else along}">{text}</th>'


# ---- changing in place --------------------------------------------------------------------------


def mend(data: bytes, amendments: Sequence[Amendment]) -> bytes:
    """
    Give the bytes of the same page with these texts changed.

    Raises: UnreadableFile where a text does not stand at its place; MissingLibrary without lxml.
    """

    def rewrite(text: str) -> str:
        page = Page(text)
        made: list[Edit] = []
        for each in amendments:
            own = page.edits(each.place.locator, each)
            if own is None:
                raise misplaced(each.found)
            made += own
        return edited(text, made)

    return rewritten(data, rewrite)


FORMAT = Format(
    suffixes=(".html", ".htm", ".xhtml", ".shtml"),
    place=2,
    detect=detect,
    read_document=read,
    write_document=write,
    mend=mend,
)
