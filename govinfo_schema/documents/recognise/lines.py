"""
A document as one sequence of lines: headings of the six sections, texts, and rows of tables.

Text is cut where a heading begins in it, and, where a table has lost its borders, at every change
from label to figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.document import NOWHERE, Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.recognise.figures import is_figure, plain_digits
from govinfo_schema.form.forms import form
from govinfo_schema.form.labels import fold, keys, wordings
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS

_ORDINAL: Final = r"(?:第?[一二三四五六七八][、.,:]|\([一二三四五六]\)|[1-6][、.])"
_PAGE_NUMBER: Final = re.compile(
    r"^(?:[-—–―]+[0-9]{1,3}[-—–―]+|第[0-9]{1,3}页(?:[共/,]*[0-9]*页?)?|Page[0-9]+.*|P\.[0-9]+)$"
)
_SENTENCE: Final = re.compile(r"。|^注[:：]")
_TABULAR: Final = re.compile("信息内容|申请人情况|结果维持|行政许可|本年新收政府信息公开申请数量")
_MARKS: Final = "①-⓿❶-➓⁰¹²³⁴-⁹₀-₉*#★☆※†‡△▲\\[\\]〔〕【】"
"""The marks of notes that may stand beside figures."""
_RUN: Final = re.compile(
    r"(?<![0-9.])(?![1-9][.、．]\s*[^0-9\s])(?:[+\-]?[0-9]|[/—-](?=\s))"
    rf"[0-9 \t\n,.+\-元万/—{_MARKS}]*?"
    rf"(?=\s*(?:[1-9][.、．]\s*)?[^0-9\s.,+\-元万/—{_MARKS}]|\s*$)"
)

_DATED: Final = re.compile("[ \t]*[年月日]")
_FIGURED: Final = re.compile(r"(?!\(?[0-9]+[).、])(?=.*[0-9]).{1,12}$")
"""What is no figure, and no label either where it stands behind a figure: 约95, 3起."""
_DIGITS: Final = re.compile(r"\s*[0-9０-９]+\s*$")
_ODD: Final = 8
"""So short is what stands in the place of a figure."""


def table_ids() -> tuple[str, ...]:
    """Give the sections that are tables."""
    return form(CURRENT).table_ids


@attrs.frozen(kw_only=True)
class Line:
    """
    A row of a table: the texts before its figures, and its figures.

    *grid* numbers the table that it stands in, −1 for text; *above* are labels merged over it from
    rows before. Of text *run* is what stands behind the label, borders lost or not.
    """

    labels: tuple[Span, ...]
    figures: tuple[Span, ...] = ()
    above: tuple[Span, ...] = ()
    grid: int = -1
    run: str = ""
    section: str = ""
    place: Place = NOWHERE

    @property
    def label(self) -> str:
        """The texts of the labels that begin in this row, joined."""
        return "".join(span.text for span in self.labels)

    @property
    def printed(self) -> str:
        """The texts of its figures as they stand."""
        return self.run or " | ".join(span.text.strip() for span in self.figures)

    @property
    def text(self) -> str:
        """All that is printed in this row."""
        return "".join(span.text for span in (*self.labels, *self.figures)) + self.run


@attrs.frozen(kw_only=True)
class Text:
    """A paragraph, or the part of one, under a section; *heading* if it is the section's title."""

    text: str
    section: str = ""
    heading: bool = False
    place: Place = NOWHERE


Item = Line | Text


def items(document: Document) -> list[Item]:
    """
    Give the lines and texts of a document in reading order, each with the section that it stands
    under.
    """
    found: list[Item] = []
    section = ""
    for number, block in enumerate(document.blocks):
        for item in (
            _grid_items(block, number) if isinstance(block, Grid) else _paragraph_items(block)
        ):
            if isinstance(item, Text) and item.heading:
                section = item.section
            found.append(attrs.evolve(item, section=section))
    return [*_streamed(found)]


def _grid_items(grid: Grid, number: int) -> Iterator[Item]:
    if grid.width == 1 and sum(bool(_DIGITS.match(span.text)) for span in grid.spans) > 1:
        yield from _cell_items(grid, number)
        return
    covering: list[Span] = []
    for index, row in enumerate(grid.rows()):
        above = [span for span in covering if span.row + span.rows > index]
        covering = [*above, *row]
        printed = [span for span in row if span.text.strip()]
        if len(printed) == 1 and not above and (heading := _heading(printed[0].text)):
            yield Text(text=printed[0].text, section=heading, heading=True, place=printed[0].place)
        elif (
            len(printed) == 1
            and len(row) == len(printed)
            and not is_figure(printed[0].text)
            and len(fold(printed[0].text)) > 60
        ):
            yield from _paragraph_items(Paragraph(text=printed[0].text, place=printed[0].place))
        else:
            yield _line(row, above, number)


def _cell_items(grid: Grid, number: int) -> Iterator[Item]:
    """
    Put cells that stand one below the other into rows: figures go with the label before them,
    unless it is no label of a row, or they are more than any row with a label has.
    """
    most = _most_columns()
    cells = [span for row in grid.rows() for span in row]
    at = 0
    while at < len(cells):
        label = cells[at : at + (not is_figure(cells[at].text))]
        end = at + len(label)
        while end < len(cells) and is_figure(cells[end].text):
            end += 1
        figures = tuple(
            attrs.evolve(span, column=column)
            for column, span in enumerate(cells[at + len(label) : end], 1)
        )
        text = label[0].text if label else ""
        if heading := _heading(text):
            yield Text(text=text, section=heading, heading=True, place=label[0].place)
            label = []
        apart = len(figures) > most or not any(known in _row_labels() for known in keys(text))
        if label and (apart or not figures):
            yield Line(labels=tuple(label), grid=number, place=label[0].place)
            label = []
        if figures:
            place = (label or figures)[0].place
            yield Line(labels=tuple(label), figures=figures, grid=number, place=place)
        at = end


def _line(row: tuple[Span, ...], above: list[Span], number: int) -> Line:
    first = next(
        (at for at, span in enumerate(row) if span.text.strip() and is_figure(span.text)), len(row)
    )
    last = max(
        (
            at
            for at, span in enumerate(row)
            if not is_figure(span.text) and not (at > first and _is_odd(span.text))
        ),
        default=-1,
    )
    place = row[0].place if row else NOWHERE
    return Line(
        labels=row[: last + 1],
        figures=row[last + 1 :],
        above=tuple(above),
        grid=number,
        place=place,
    )


def _is_odd(text: str) -> bool:
    """Tell whether a text behind figures stands for one: 约95, 3起, 未统计; not a row's label."""
    folded = fold(text)
    if _FIGURED.match(folded):
        return True
    return len(folded) <= _ODD and not any(known in _row_labels() for known in keys(text))


@once
def _most_columns() -> int:
    """Count the columns of the widest table with a row for each row of the form."""
    return max(
        len(block.columns)
        for table in form(CURRENT).tables
        for block in table.blocks
        if not table.across
    )


@once
def _row_labels() -> frozenset[str]:
    return frozenset(
        known
        for name in EDITIONS
        for row in edition(name).rows
        for wording in wordings(name, row)
        for known in keys(wording)
    )


def _paragraph_items(paragraph: Paragraph) -> Iterator[Item]:
    """Cut a paragraph where the heading of a section stands in it."""
    text = paragraph.text
    folded, places = _folded(text)
    if is_page_number(text):
        return
    cuts = [
        (places[match.start()], places[match.end() - 1] + 1, name)
        for match, name in _headings(folded)
    ]
    whole = _heading(text)
    if whole:
        yield Text(text=text, section=whole, heading=True, place=paragraph.place)
        return
    at = 0
    for start, end, name in cuts:
        if text[at:start].strip():
            yield Text(text=text[at:start].strip(), place=paragraph.place)
        yield Text(text=text[start:end], section=name, heading=True, place=paragraph.place)
        at = end
    if text[at:].strip():
        yield Text(text=text[at:].strip(), place=paragraph.place)


def is_page_number(text: str) -> bool:
    """Tell whether a line is only the number of its page."""
    return _PAGE_NUMBER.match(fold(text)) is not None


def _folded(text: str) -> tuple[str, list[int]]:
    """Fold a text, and give for each of its characters where it came from."""
    folded, places = [], []
    for index, character in enumerate(text):
        for each in fold(character):
            folded.append(each)
            places.append(index)
    return "".join(folded), places


def _heading(text: str) -> str:
    """Name the section whose title a text is; a title is short."""
    folded = fold(text)
    if len(folded) > 40:
        return ""
    for name, pattern in _patterns().items():
        if re.fullmatch(rf"{_ORDINAL}?(?:{pattern})[。:]?", folded):
            return name
    return ""


def _headings(folded: str) -> Iterator[tuple[re.Match[str], str]]:
    """
    Find the titles of sections inside a text, in printed order: each with its own ordinal before
    it.
    """
    at = 0
    for number, (name, pattern) in enumerate(_patterns().items()):
        own = "一二三四五六"[number]
        match = re.compile(rf"(?:^|(?<=[^一二三四五六七八九十])){own}[、.](?:{pattern})").search(
            folded, at
        )
        if match:
            yield match, name
            at = match.end()


@once
def _patterns() -> dict[str, str]:
    sections: dict[str, str] = read_data("readings")["sections"]
    return sections


# ---- tables without borders ---------------------------------------------------------------------


def _streamed(found: Iterable[Item]) -> Iterator[Item]:
    """Turn the texts under a section that is a table into lines: label, figures, label, figures."""
    stream: list[Text] = []
    for item in found:
        tabular = isinstance(item, Text) and not item.heading and item.section in table_ids()
        if (
            isinstance(item, Text)
            and tabular
            and not (_SENTENCE.search(item.text) and not _TABULAR.search(fold(item.text)))
        ):
            stream.append(item)
        else:
            yield from _stream_lines(stream)
            stream = []
            yield item
    yield from _stream_lines(stream)


def _stream_lines(stream: list[Text]) -> Iterator[Line]:
    if not stream:
        return
    text = plain_digits("\n".join(item.text for item in stream))
    starts = [0]
    for item in stream:
        starts.append(starts[-1] + len(item.text) + 1)
    at = 0
    for match in _RUN.finditer(text):
        owner = next(
            item for item, end in zip(stream, starts[1:], strict=True) if match.start() < end
        )
        end = match.end()
        if _DATED.match(text, end):
            # The last number is part of a date.
            end = match.start() + len(match[0].rstrip()) - len(match[0].split()[-1])
        if end > match.start():
            yield _stream_line(text[at : match.start()], text[match.start() : end], owner)
            at = end
    if text[at:].strip():
        yield _stream_line(text[at:], "", stream[-1])


def _stream_line(label: str, run: str, owner: Text) -> Line:
    span = Span(text=label, row=0, column=0, place=owner.place)
    return Line(labels=(span,), run=run.strip(), section=owner.section, place=owner.place)
