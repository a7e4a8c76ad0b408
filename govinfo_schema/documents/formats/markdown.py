"""
Markdown: headings, paragraphs and pipe tables.

A line of dashes between pipes only rules a table off, wherever it stands. Programs that make
Markdown out of other documents put it above rows that are no head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from govinfo_schema.documents.document import Block, Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.formats import printable, put
from govinfo_schema.documents.formats.encodings import text_of
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.grids import check_count, limited, plain_grid

_RULE: Final = re.compile(
    rb"(?m)^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)*\|?[ \t\r]*$"
)
_HEADING: Final = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_BORDER: Final = re.compile(r"(?<!\\)\|")
_EMPHASIS: Final = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_ESCAPED: Final = re.compile(r"\\([\\|`*_{}\[\]()<>#+.!~-])")
_LINE: Final = re.compile(r"(?i)<br\s*/?>")


def detect(head: bytes) -> bool:
    """Tell by a heading or a pipe table that a text is Markdown."""
    return bool(
        re.search(rb"(?m)^#{1,6} \S", head)
        or (_RULE.search(head) and re.search(rb"(?m)^[ \t]*\|.*\|", head))
    )


# ---- reading ------------------------------------------------------------------------------------


@limited
def read(path: FilePath) -> Document:
    """
    Read a text in Markdown: each run of pipe rows is a grid.

    Raises: UnreadableFile where it is too long, of no known encoding, or has too many cells.
    """
    blocks: list[Block] = []
    rows: list[tuple[Place, list[str]]] = []
    tables = cells = 0
    for number, line in enumerate((*text_of(path).splitlines(), ""), 1):
        if line.lstrip().startswith("|"):
            cells += line.count("|")
            check_count(cells)
            row = _cells(line)
            if not _is_rule(row):
                rows.append((Place(table=tables + 1, line=number), row))
            continue
        if rows:
            tables += 1
            blocks.append(plain_grid(rows))
            rows = []
        blocks += _paragraph(line, number)
    return Document(
        blocks=tuple(blocks),
        title=next(
            (each.text for each in blocks if isinstance(each, Paragraph) and each.level == 1), ""
        ),
    )


def _cells(line: str) -> list[str]:
    line = line.strip().removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    return [_plain(_LINE.sub("\n", cell)) for cell in _BORDER.split(line)]


def _is_rule(row: list[str]) -> bool:
    return all(re.fullmatch(r":-+:?|-+:|-{3,}", cell) for cell in row)


def _paragraph(line: str, number: int) -> Iterator[Paragraph]:
    heading = _HEADING.match(line)
    text = _plain(heading[2] if heading else line)
    if text:
        yield Paragraph(
            text=text, level=len(heading[1]) if heading else 0, place=Place(line=number)
        )


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", text)).strip()


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
    text = _escaped(" ".join(paragraph.text.split("\n")))
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
    text = _escaped(span.text.strip()).replace("\n", "<br>")
    return f"**{text or '　'}**" if span.mark else text


def _escaped(text: str) -> str:
    return re.sub(r"([\\|`*_<>])", r"\\\1", text)


FORMAT = Format(
    suffixes=(".md", ".markdown"),
    place=4,
    detect=detect,
    certainty=0,
    claim=1,
    read_document=read,
    write_document=write,
)
