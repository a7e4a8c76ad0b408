"""
PDF, as word processors and browsers print it. Nothing in it is run, and no image is looked at.

Tables are what is ruled: on each page the cells that its lines enclose, merged ones whole. A table
that goes on overleaf is a grid on each page. All that stands in no cell is text: its lines are
joined to paragraphs, and what is repeated in the margins is left out.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

import attrs

from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Place
from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.package import LIMIT
from govinfo_schema.documents.formats.streams import MAX_DRAWING, drawing, unpacked
from govinfo_schema.documents.grids import TooManyCells, limited, span_at
from govinfo_schema.errors import UnreadableFile

MAX_PAGES: Final = 200
MAX_EDGES: Final = 4_000
"""No page of a report is ruled with more lines."""
_THIN: Final = 3.0
"""A filled box no thicker is a line; a thicker one without a border is a background."""
_NEAR: Final = 3.0
"""So near, in points, two lines are one."""
_COVERED: Final = 0.95
"""Coloured boxes that cover such a share of a table are all its cells."""
_MARGIN: Final = 0.1
"""This share of a page, above and below, is margin."""
_ROOM: Final = 12.0
"""
What a cell leaves free beside its text, in points: where no sign more would fit, a line was broken
for want of room.
"""
_GAP: Final = 2.0
"""A gap as wide as so many signs parts columns, not words."""
_BROKEN: Final = 0.2
"""A text of which such a share cannot be told is no text."""
_UNTOLD: Final = re.compile(
    "\\(cid:[0-9]+\\)|[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00a1-\u00a6\u00a8-\u00af\u00b4-\u00b6\u00b8-\u00d6\u00d8-\u00f6\u00f8-\u024f\ue000-\uf8ff\ufffd]"
)
_FOLIO: Final = re.compile(r"[-—–·\s第]*[0-9]{1,3}(?:\s*[/／]\s*[0-9]{1,3})?[-—–·\s页]*")


def detect(head: bytes) -> bool:
    """Tell by its first bytes, which may stand behind some others, whether it is a PDF."""
    return b"%PDF-" in head[:1024]


@limited
def read(path: FilePath) -> Document:
    """
    Read the pages one after the other.

    Raises: UnreadableFile where it is encrypted, damaged, too long, a scan without text, or its
    fonts do not say which sign is which; MissingLibrary without pdfplumber.
    """
    pdfplumber = library("pdfplumber", "pdf")
    logging.getLogger("pdfminer").addHandler(logging.NullHandler())
    data = bounded(path, LIMIT)
    if not unpacked(data):
        raise unreadable(path, "part_too_long", limit=LIMIT)
    try:
        with pdfplumber.open(io.BytesIO(data), pages=range(1, MAX_PAGES + 2)) as opened:
            return _document(path, opened)
    except (UnreadableFile, TooManyCells):
        raise
    except Exception as error:
        # pdfminer raises whatever its parsing meets: each is a file that it cannot read.
        protected = "Password" in repr(error) or "Encryption" in repr(error)
        raise unreadable(path, "encrypted" if protected else "damaged_pdf") from error


def _document(path: FilePath, opened: Any) -> Document:
    pages = opened.pages
    if not pages:
        raise unreadable(path, "damaged_pdf")
    if len(pages) > MAX_PAGES:
        raise unreadable(path, "too_many_pages", limit=MAX_PAGES)
    if drawing(page.page_obj for page in pages) > MAX_DRAWING:
        raise unreadable(path, "part_too_long", limit=MAX_DRAWING)
    read_pages: list[_Page] = []
    tables = 0
    for page in pages:
        read_page = _page(page, tables)
        tables += len(read_page.grids)
        read_pages.append(read_page)
        page.close()
    text = "".join(read_page.text for read_page in read_pages)
    if not text.strip():
        raise unreadable(path, "scan")
    if sum(1 for _ in _UNTOLD.finditer(text)) > _BROKEN * len(_UNTOLD.sub("?", text)):
        raise unreadable(path, "broken_font")
    title = str(opened.metadata.get("Title") or "")
    return Document(
        blocks=tuple(_blocks(read_pages)), title="" if _UNTOLD.search(title) else title.strip()
    )


# ---- one page -----------------------------------------------------------------------------------


@attrs.frozen
class _Line:
    """
    A line of text outside any table; *wide*: it has a gap that parts columns; *size* is that of its
    signs.
    """

    text: str
    box: tuple[float, float, float, float]
    page: int
    size: float
    wide: bool
    in_margin: bool


@attrs.frozen
class _Page:
    """What stands on a page: lines and grids, each with its upper edge, and all its text."""

    lines: list[_Line]
    grids: list[tuple[float, Grid]]
    text: str


def _page(page: Any, tables: int) -> _Page:
    edges = page.edges
    if len(edges) > MAX_EDGES:
        raise TooManyCells
    page = page.dedupe_chars(tolerance=1)
    chars = page.chars
    grids: list[tuple[float, Grid]] = []
    for table in _tables(page) if edges else ():
        grid, chars = _grid(table, chars, page.page_number, tables + len(grids) + 1)
        grids.append((table.bbox[1], grid))
    lines = list(_lines(chars, page.page_number, page.bbox))
    return _Page(lines, grids, "".join(char["text"] for char in page.chars))


def _tables(page: Any) -> list[Any]:
    """
    Find the tables that lines enclose; where there are none, those that coloured boxes make up.
    """
    ruled = page.filter(_rules)
    found = _several(ruled, _open_sides(ruled.edges))
    return found or [table for table in _several(page, ()) if _is_whole(table)]


def _is_whole(table: Any) -> bool:
    """Tell whether coloured boxes make up a whole table, rather than only its heads."""
    left, top, right, bottom = table.bbox
    filled = sum((cell[2] - cell[0]) * (cell[3] - cell[1]) for cell in table.cells)
    columns, rows = (
        _edges(edge for cell in table.cells for edge in (cell[at], cell[at + 2])) for at in (0, 1)
    )
    return (
        len(columns) > 3 and len(rows) > 4 and filled > _COVERED * (right - left) * (bottom - top)
    )


def _several(page: Any, sides: Iterable[dict[str, Any]]) -> list[Any]:
    """Find tables of more than one column."""
    settings: dict[str, Any] = dict.fromkeys(
        ("snap_tolerance", "join_tolerance", "intersection_tolerance"), _NEAR
    )
    settings["explicit_vertical_lines"] = settings["explicit_horizontal_lines"] = list(sides)
    return [
        table
        for table in page.find_tables(settings)
        if len({round(cell[0]) for cell in table.cells}) > 1
    ]


def _rules(each: dict[str, Any]) -> bool:
    """Tell whether an object may be a line of a table, rather than a background."""
    if each["object_type"] not in ("rect", "curve"):
        return True
    return bool(each.get("stroke")) or min(each["width"], each["height"]) <= _THIN


def _open_sides(edges: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """
    Close the tables that are ruled but left open at a side, or at the end of a page: give the
    missing lines.
    """
    for along, across, begin, end, other in (
        ("h", "v", "x0", "x1", "top"),
        ("v", "h", "top", "bottom", "x0"),
    ):
        lines = [edge for edge in edges if edge["orientation"] == along]
        crossing = [edge for edge in edges if edge["orientation"] == across]
        for side in (begin, end):
            for place, count in Counter(round(edge[side]) for edge in lines).items():
                at = [edge[other] for edge in lines if abs(edge[side] - place) <= 1]
                inside = [
                    edge[begin] for edge in crossing if min(at) - _NEAR <= edge[other] <= max(at)
                ]
                if (
                    count < 3
                    or not inside
                    or any(abs(edge - place) <= 2 * _NEAR for edge in inside)
                ):
                    continue
                if (min if side == begin else max)(place, *inside) == place:
                    box = dict.fromkeys(("x0", "x1") if across == "v" else ("top", "bottom"), place)
                    box |= (
                        {"top": min(at), "bottom": max(at)}
                        if across == "v"
                        else {"x0": min(at), "x1": max(at)}
                    )
                    size = {"height" if across == "v" else "width": max(at) - min(at)}
                    yield {**box, **size, "object_type": "rect_edge", "orientation": across}


def _grid(
    table: Any, chars: list[dict[str, Any]], page: int, number: int
) -> tuple[Grid, list[dict[str, Any]]]:
    """
    Make a grid of the cells of a table and the signs in each; give the signs that stand in none as
    well.
    """
    columns = _edges(edge for cell in table.cells for edge in (cell[0], cell[2]))
    rows = _edges(edge for cell in table.cells for edge in (cell[1], cell[3]))
    held: dict[tuple[float, ...], list[dict[str, Any]]] = {cell: [] for cell in table.cells}
    left, top, right, bottom = table.bbox
    outside: list[dict[str, Any]] = []
    for char in chars:
        x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
        within = left <= x <= right and top <= y <= bottom
        cell = (
            next((each for each in held if each[0] <= x < each[2] and each[1] <= y < each[3]), None)
            if within
            else None
        )
        (held[cell] if cell else outside).append(char)
    spans = []
    for cell, inside in held.items():
        x0, y0, x1, y1 = (
            _index(edges, edge)
            for edges, edge in zip((columns, rows, columns, rows), cell, strict=True)
        )
        place = Place(page=page, table=number, box=_box(*cell))
        text = _cell_text(inside, cell[2] - cell[0], cell[2])
        size = {"rows": max(y1 - y0, 1), "columns": max(x1 - x0, 1)}
        spans.append(span_at(text, y0, x0, place, **size))
    return Grid(spans=tuple(sorted(spans, key=lambda span: (span.row, span.column)))), outside


def _box(left: float, top: float, right: float, bottom: float) -> tuple[float, float, float, float]:
    return round(left, 1), round(top, 1), round(right, 1), round(bottom, 1)


def _edges(found: Iterable[float]) -> list[float]:
    """Give the lines of a table in one direction, those that are one as one."""
    lines: list[float] = []
    for edge in sorted(set(found)):
        if not lines or edge - lines[-1] > _NEAR:
            lines.append(edge)
    return lines


def _index(lines: Sequence[float], edge: float) -> int:
    return min(range(len(lines)), key=lambda at: abs(lines[at] - edge))


def _textlines(chars: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Let pdfplumber make lines of signs; a gap of a third of a sign is a space."""
    if not chars:
        return []
    textmap = library("pdfplumber.utils.text", "pdf").chars_to_textmap
    found: list[dict[str, Any]] = textmap(
        chars, x_tolerance_ratio=0.35, y_tolerance=3
    ).extract_text_lines()
    return found


def _cell_text(chars: list[dict[str, Any]], width: float, right: float) -> str:
    """Give the text of a cell. A line that was broken for want of room goes on in the next one."""
    text = ""
    before: dict[str, Any] | None = None
    for line in _textlines(chars):
        sign = line["chars"][0]["width"]
        full = before and width - (before["x1"] - before["x0"]) < sign + _ROOM
        indented = (
            before and before["x0"] > line["x0"] + _NEAR and right - before["x1"] < sign + _ROOM / 2
        )
        text += line["text"] if full or indented or not before else f"\n{line['text']}"
        before = line
    return text


# ---- text ---------------------------------------------------------------------------------------


def _lines(
    chars: list[dict[str, Any]], page: int, bbox: tuple[float, float, float, float]
) -> Iterator[_Line]:
    height = bbox[3] - bbox[1]
    for line in _textlines(chars):
        signs = [char for char in line["chars"] if char["text"].strip()]
        size = Counter(round(char["size"], 1) for char in signs).most_common(1)[0][0]
        gaps = (after["x0"] - before["x1"] for before, after in pairwise(signs))
        middle = (line["top"] + line["bottom"]) / 2 - bbox[1]
        yield _Line(
            text=line["text"],
            box=_box(line["x0"], line["top"], line["x1"], line["bottom"]),
            page=page,
            size=size,
            wide=any(gap > _GAP * size for gap in gaps),
            in_margin=not height * _MARGIN < middle < height * (1 - _MARGIN),
        )


def _blocks(pages: Sequence[_Page]) -> Iterator[Block]:
    """
    Put text and grids of all pages in order, and join the lines of each paragraph, overleaf too.
    """
    repeated = Counter(
        text
        for page in pages
        for text in {_bare(line.text) for line in page.lines if line.in_margin}
    )
    left = min((line.box[0] for page in pages for line in page.lines), default=0.0)
    right = max(
        (line.box[2] for page in pages for line in page.lines if not line.in_margin), default=0.0
    )
    held: list[_Line] = []
    for page in pages:
        kept = [
            line
            for line in page.lines
            if not (
                line.in_margin and (_FOLIO.fullmatch(line.text) or repeated[_bare(line.text)] > 1)
            )
        ]
        items: list[tuple[float, _Line | Grid]] = [
            *page.grids,
            *((line.box[1], line) for line in kept),
        ]
        for _, item in sorted(items, key=lambda pair: pair[0]):
            if isinstance(item, _Line) and held and _goes_on(held[-1], item, left, right):
                held.append(item)
                continue
            yield from _paragraph(held)
            held = [item] if isinstance(item, _Line) else []
            if isinstance(item, Grid):
                yield item
    yield from _paragraph(held)


def _bare(text: str) -> str:
    """Give the text of a line in the margin without the numbers that differ from page to page."""
    return re.sub("[0-9]+", "#", text)


def _goes_on(before: _Line, line: _Line, left: float, right: float) -> bool:
    """
    Tell whether a line goes on with the paragraph of the one before: that is full, and this begins
    at the left.
    """
    if before.wide or line.wide or abs(before.size - line.size) > 1:
        return False
    return before.box[2] > right - 2 * line.size and line.box[0] < left + line.size


def _paragraph(lines: Sequence[_Line]) -> Iterator[Paragraph]:
    if not lines:
        return
    text = lines[0].text
    for line in lines[1:]:
        apart = (
            text[-1].isascii()
            and text[-1].isalpha()
            and line.text[0].isascii()
            and line.text[0].isalpha()
        )
        text += f" {line.text}" if apart else line.text
    yield Paragraph(text=text, place=Place(page=lines[0].page, box=lines[0].box))


FORMAT = Format(suffixes=(".pdf",), slow=True, detect=detect, read_document=read)
