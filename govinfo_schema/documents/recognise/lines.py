"""
A document as one sequence of lines: headings of the six sections, texts, and rows of tables.

Text is cut where a heading begins in it, and, where a table has lost its borders, at every change
from label to figures.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Final

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.document import (
    NOWHERE,
    Block,
    Document,
    Grid,
    Paragraph,
    Place,
    Span,
)
from govinfo_schema.documents.recognise.figures import is_figure, plain_digits
from govinfo_schema.documents.recognise.sections import (
    SectionHeading,
    folded,
    headings_in,
    is_page_number,
    numbered,
    section_heading,
    section_patterns,
)
from govinfo_schema.form import ids
from govinfo_schema.form.forms import form
from govinfo_schema.form.labels import fold, key, keys, wordings
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS

_ENOUGH: Final = 3
"""So many sections with a title tell how titles are numbered."""
_SENTENCE: Final = re.compile(r"。|^注[:：]")
_HEAD: Final = re.compile("信息内容|申请人情况|结果维持")
"""What only the head of a table of the form says."""
_TABULAR: Final = re.compile(rf"{_HEAD.pattern}|行政许可|本年新收政府信息公开申请数量")
_MARKS: Final = "①-⓿❶-➓⁰¹²³⁴-⁹₀-₉*#★☆※†‡△▲\\[\\]〔〕【】"
"""The marks of notes that may stand beside figures."""
_IN_RUN: Final = rf"0-9.,+\-元万/—{_MARKS}"
_BEGINS: Final = r"(?<![0-9.])(?![1-9][.、．]\s*[^0-9\s])(?:[+\-]?[0-9]|(?<!\S)[/—-](?=\s))"
_RUN: Final = re.compile(
    rf"{_BEGINS}(?:(?P<run>(?:[ \t\n]++|[{_IN_RUN}])*?"
    rf"(?=\s*+(?:[1-9][.、．]\s*+)?[^\s{_IN_RUN}]|\s*+\Z))|[ \t\n{_IN_RUN}]*+)"
)
"""
Figures, one behind the other: *run* is not None. The other alternative takes what is none at once:
no part of it would be figures, and the search would go through it from each of its signs.
"""
WIDE: Final = 300
"""No line that keeps its places has more signs."""
_WIDE: Final = ("F", "W")
"""The widths of Chinese characters (Unicode, East Asian Width)."""
_PRINTED: Final = re.compile(r"\S")
_GAP: Final = re.compile(r"[ \t\n\u3000]")
CLINGING: Final = 4
"""What clings to a figure is so short."""
_MARK: Final = re.compile(r"[:：、，。,;；()（）|]+")
_YEAR: Final = re.compile("20[0-9]{2}")
_DATED: Final = re.compile("[ \t]*[年月日]")
_FIGURED: Final = re.compile(r"(?!\(?[0-9]+[).、])(?=.*[0-9]).{1,12}$")
"""What is no figure, and no label either where it stands behind a figure: 约95, 3起."""
_REMARK: Final = 5
"""A text beside a table has at least so many letters."""
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
    rows before. Of text *run* is what stands behind the label, borders lost or not, and *remarks*
    are those of the texts from here on that are no part of a table.
    """

    labels: tuple[Span, ...]
    figures: tuple[Span, ...] = ()
    above: tuple[Span, ...] = ()
    grid: int = -1
    run: str = ""
    section: str = ""
    place: Place = NOWHERE
    remarks: tuple[Text, ...] = ()

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
    """
    A paragraph, or the part of one, under a section; *heading* if it is the section's title,
    *indent* as that of the paragraph.
    """

    text: str
    indent: int = 0
    section: str = ""
    heading: bool = False
    place: Place = NOWHERE


Item = Line | Text


def items(document: Document) -> list[Item]:
    """
    Give the lines and texts of a document in reading order, each with the section that it stands
    under.
    """
    begun = _Begun(set(_titled(document)))
    parts: list[tuple[Block, list[Item]]] = [
        (
            block,
            [
                *(
                    _grid_items(block, number, begun)
                    if isinstance(block, Grid)
                    else _texts(block, begun)
                )
            ],
        )
        for number, block in enumerate(document.blocks)
    ]
    headed = _labels_below_heads(document)
    settled = iter(_settled([item for _, own in parts for item in own]))
    found: list[Item] = []
    section, sheet = "", None
    for block, own in parts:
        if (its := _sheet(block)) != sheet:
            # A text does not go on in another sheet of a workbook.
            section, sheet = "" if section in form(CURRENT).texts else section, its
        these = [next(settled) for _ in own]
        if (
            isinstance(block, Grid)
            and section in form(CURRENT).texts
            and not _is_of_form(block, headed)
        ):
            these = [*_rows_as_text(block)]
        for item in these:
            if isinstance(item, Text) and item.heading:
                section = item.section
            found.append(attrs.evolve(item, section=section))
    return [*_streamed(found)]


@attrs.frozen
class _Begun:
    """The sections that nothing inside a paragraph begins: titled on a line, or past."""

    sections: set[str]

    def begin(self, section: str) -> bool:
        """Begin a section inside a paragraph, if it may; those before it are past then."""
        if section in self.sections:
            return False
        order = [*section_patterns()]
        self.sections.update(order[: order.index(section) + 1])
        return True


def _titled(document: Document) -> Iterator[str]:
    """Go through the sections whose title stands on a line of its own, as the form numbers them."""
    texts = [
        text
        for block in document.blocks
        for text in (
            [span.text for span in block.spans] if isinstance(block, Grid) else [block.text]
        )
    ]
    headings = [heading for heading in map(section_heading, texts) if heading]
    for style in {heading.style for heading in headings}:
        sections = {each.section for each in headings if each.style == style}
        if style == 0 or len(sections) >= _ENOUGH:
            yield from sections


def _sheet(block: Block) -> str | None:
    places = block.spans if isinstance(block, Grid) else (block,)
    return places[0].place.sheet if places else None


def first_heading(texts: Sequence[str]) -> int | None:
    """Give the place of the first title of a section among lines, if there is any."""
    headings = [numbered(text) for text in texts]
    style = _style(headings)
    return next(
        (
            at
            for at, heading in enumerate(headings)
            if heading and heading.section and heading.style == style
        ),
        None,
    )


def is_tabular(text: str) -> bool:
    """Tell whether a text is of a table of the form."""
    return _TABULAR.search(fold(text)) is not None


def unknown_headings(found: Iterable[Item]) -> Iterator[Text]:
    """
    Go through the headings that are no title of a section: numbered as those are, but taken for one
    by their number alone, or numbered beyond the last.
    """
    texts = [item for item in found if isinstance(item, Text)]
    style = _style(numbered(item.text) for item in texts if item.heading)
    for item in texts:
        own = numbered(item.text)
        if own and not own.section and (item.heading or _is_beyond(own, style, item.text)):
            yield item


def _is_beyond(heading: SectionHeading, style: int, text: str) -> bool:
    """Tell whether a text is a heading behind those of the six sections, numbered like them."""
    return (
        heading.style == style >= 0
        and heading.number > len(section_patterns())
        and "。" not in text
    )


def _style(headings: Iterable[SectionHeading | None]) -> int:
    """Give the style in which most sections are numbered."""
    sections: dict[int, set[str]] = {}
    for heading in headings:
        if heading and heading.section:
            sections.setdefault(heading.style, set()).add(heading.section)
    return max(sections, key=lambda style: (len(sections[style]), style == 0), default=-1)


def _settled(found: Sequence[Item]) -> Iterator[Item]:
    """
    Decide which headings begin a section: those that are numbered as most are. Another one does if
    none of these names its section and it stands where that is missing; a heading that is not known
    does so by its number. Else it is a heading inside a section, and text.
    """
    headings = [numbered(item.text) if isinstance(item, Text) else None for item in found]
    style = _style(headings)
    order = [*section_patterns()]
    certain = _in_order(
        {
            at: order.index(heading.section)
            for at, heading in enumerate(headings)
            if heading and heading.section and heading.style == style
        }
    )
    places, missing = [*certain], {*range(len(order))} - {*certain.values()}
    enough = len(order) - len(missing) >= _ENOUGH
    last = -1
    for at, (item, heading) in enumerate(zip(found, headings, strict=True)):
        if at in certain:
            last = certain[at]
        elif heading and isinstance(item, Text):
            following = bisect(places, at)
            end = certain[places[following]] if following < len(places) else len(order)
            named = order.index(heading.section) if heading.section else -1
            if named < 0 and heading.style == style >= 0 and enough and _may_head(item.text):
                named = heading.number - 1
            begins = named in missing and last < named < end
            if begins:
                last = named
                missing.remove(named)
            section = order[named] if begins else ""
            yield attrs.evolve(item, section=section, heading=begins)
            continue
        yield item


def _in_order(headings: dict[int, int]) -> dict[int, int]:
    """
    Drop the titles of sections that had begun before, but where most sections begin anew, as behind
    a table of contents.
    """
    kept: dict[int, int] = {}
    for at, section in headings.items():
        following = {other for place, other in headings.items() if place >= at}
        if section not in kept.values() or len(following) >= _ENOUGH:
            kept[at] = section
    return kept


def _may_head(text: str) -> bool:
    """
    Tell whether a numbered text may be the title of a section that is not known by its words: it is
    no sentence and no row of a table.
    """
    own = key(text)
    return not re.search("[。;0-9]", fold(text)[2:]) and not any(
        label.startswith(own) or own.startswith(label) for label in _labels()
    )


def _is_of_form(grid: Grid, headed: frozenset[str]) -> bool:
    """
    Tell whether a table is one of the form, or a part of one: by its head, or by its labels, if
    these are not among the *headed*.
    """
    labels = _labels_of(grid)
    if _HEAD.search("".join(labels)):
        return True
    own = [key(text) for text in labels if key(text) in _labels()]
    if own and headed.issuperset(own):
        return False
    return bool(_TABULAR.search("".join(labels))) or 2 * len(own) >= len(labels)


def _labels_of(grid: Grid) -> list[str]:
    texts = [fold(span.text) for span in grid.spans]
    return [text for text in texts if text and not is_figure(text)]


def _labels_below_heads(document: Document) -> frozenset[str]:
    """Give the labels of all tables that have a head of the form."""
    grids = [_labels_of(block) for block in document.blocks if isinstance(block, Grid)]
    return frozenset(
        key(text) for labels in grids if _HEAD.search("".join(labels)) for text in labels
    )


@once
def _labels() -> frozenset[str]:
    tables = [table for name in EDITIONS for table in edition(name).tables]
    blocks = [block for table in tables for block in table.blocks]
    labels = [row.zh for block in blocks for row in block.rows]
    labels += [column.zh for block in blocks for column in block.columns]
    return frozenset(map(key, labels))


def _rows_as_text(grid: Grid) -> Iterator[Text]:
    """Give the rows of a table that stands in a text: a line for each, its cells apart by tabs."""
    for row in grid.rows():
        line = "\t".join(" ".join(span.text.split()) for span in row)
        if line.strip():
            yield Text(text=line, place=row[0].place)


def _texts(paragraph: Paragraph, begun: _Begun) -> Iterator[Item]:
    """Give a paragraph of the report; menus that stand beside it are none."""
    if paragraph.role != "navigation":
        yield from _paragraph_items(paragraph, begun)


def _grid_items(grid: Grid, number: int, begun: _Begun) -> Iterator[Item]:
    if grid.width == 1 and sum(bool(_DIGITS.match(span.text)) for span in grid.spans) > 1:
        yield from _cell_items(grid, number)
        return
    covering: list[Span] = []
    for index, row in enumerate(grid.rows()):
        above = [span for span in covering if span.row + span.rows > index]
        covering = [*above, *row]
        printed = [span for span in row if span.text.strip()]
        if len(printed) == 1 and is_page_number(printed[0].text):
            continue
        if (len(printed) == 1 and not above and section_heading(printed[0].text)) or (
            len(printed) == 1
            and len(row) == len(printed)
            and not is_figure(printed[0].text)
            and len(fold(printed[0].text)) > 60
        ):
            only = Paragraph(text=printed[0].text, place=printed[0].place)
            yield from _paragraph_items(only, begun)
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
        heading = section_heading(text)
        if heading and heading.section:
            yield Text(text=text, section=heading.section, heading=True, place=label[0].place)
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
    printed = [at for at, span in enumerate(row) if span.text.strip() and is_figure(span.text)]
    known = _label_of_row(row, len(printed))
    first = printed[0] if printed else known
    last = max(
        (
            at
            for at, span in enumerate(row)
            if not is_figure(span.text)
            and not (at > first and _is_odd(span.text))
            and not (at > known and _FIGURED.match(fold(span.text)))
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


def _label_of_row(row: tuple[Span, ...], figures: int) -> int:
    """
    Give the place of the label of a row that begins a line; behind the line where there is none,
    and before it where it has more figures than a row with a label.
    """
    filled = [at for at, span in enumerate(row) if span.text.strip()]
    if figures > _most_columns() and filled and not _YEAR.search(row[filled[0]].text):
        return -1
    known = [
        *takewhile(
            lambda at: any(_row_labels().get(each) for each in keys(row[at].text)),
            filled,
        )
    ]
    if any(key(row[at].text) in _labels() for at in filled[len(known) :]):
        return len(row)  # the head of columns
    return max((at for at in known if not _is_group(row[at].text)), default=len(row))


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
def _group_labels() -> frozenset[str]:
    rows = (row for name in EDITIONS for row in edition(name).rows.values() if row.group)
    return frozenset(known for row in rows for known in keys(row.zh))


def _is_group(text: str) -> bool:
    return any(known in _group_labels() for known in keys(text))


@once
def _row_labels() -> dict[str, bool]:
    """Give the labels of rows, each with whether its table has a line for each row."""
    return {
        known: not any(
            table.across and ids.is_below(row, table.id) for table in edition(name).tables
        )
        for name in EDITIONS
        for row in edition(name).rows
        for wording in wordings(name, row)
        for known in keys(wording)
    }


def _paragraph_items(paragraph: Paragraph, begun: _Begun) -> Iterator[Item]:
    """Cut a paragraph where the heading of a section that has not begun stands in it."""
    text = paragraph.text
    if is_page_number(text):
        return
    heading = section_heading(text)
    if heading:
        yield Text(text=text, section=heading.section, heading=True, place=paragraph.place)
        return
    line, places = folded(text)
    at = 0
    for match, name in headings_in(line):
        if not begun.begin(name):
            continue
        start, end = places[match.start()], places[match.end() - 1] + 1
        if text[at:start].strip():
            yield Text(text=text[at:start].strip(), place=paragraph.place)
        yield Text(text=text[start:end], section=name, heading=True, place=paragraph.place)
        at = end
    if text[at:].strip():
        indent = 0 if at else paragraph.indent
        yield Text(text=text[at:].strip(), indent=indent, place=paragraph.place)


# ---- tables without borders ---------------------------------------------------------------------


def _streamed(found: Sequence[Item]) -> Iterator[Item]:
    """Turn the texts under a section that is a table into lines: label, figures, label, figures."""
    ruled = {item.section for item in found if isinstance(item, Line) and item.grid >= 0}
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
            yield from _with_remarks(stream, ruled)
            stream = []
            yield item
    yield from _with_remarks(stream, ruled)


def _with_remarks(stream: list[Text], ruled: Container[str]) -> Iterator[Line]:
    """Give the lines of texts, with their remarks where the section has a table with cells."""
    remarks = tuple(text for text in stream if text.section in ruled and _is_remark(text.text))
    for line in _stream_lines(stream):
        yield attrs.evolve(line, remarks=remarks) if remarks else line
        remarks = ()


def _is_remark(text: str) -> bool:
    """Tell whether a text beside a table is more than its caption, its unit or its labels."""
    return len(_printed_beside().sub("", key(text))) >= _REMARK


@once
def _printed_beside() -> re.Pattern[str]:
    """Match what is printed beside the figures of a table, in the form of ``key``."""
    data = read_data("readings")
    words = {*map(key, (*data["captions"], *data["plain"])), *_labels(), *_row_labels()}
    return re.compile("|".join([*map(re.escape, sorted(words, key=len, reverse=True)), "[0-9]+"]))


def _stream_lines(stream: list[Text]) -> Iterator[Line]:
    if not stream:
        return
    lines = [" " * item.indent + item.text for item in stream]
    printed = "\n".join(["", *lines])
    text = plain_digits(printed).replace("\u3000", " ")
    starts = [1]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    at = 0
    for begin, end in _runs(text):
        owner = stream[bisect(starts, begin) - 1]
        yield _stream_line(_in_place(printed, at, begin), text[begin:end], owner)
        at = end
    if text[at:].strip():
        yield _stream_line(_in_place(printed, at, len(printed)), "", stream[-1])


def _runs(text: str) -> Iterator[tuple[int, int]]:
    """Find the runs of figures in a text, with what clings to them: 约95, 100余, 12件 3件."""
    last: tuple[int, int] | None = None
    for match in _RUN.finditer(text):
        if match["run"] is None:
            continue
        begin = match.start()
        end = begin + len(match[0].rstrip(" \t\n,.+"))
        if _DATED.match(text, match.end()):
            # The last number is part of a date.
            end -= len(text[begin:end].rsplit(maxsplit=1)[-1])
        if end <= begin or (last and end <= last[1]):
            continue
        before = _GAP.split(text[max(0, begin - CLINGING) : begin])[-1]
        behind = _GAP.split(text[end : end + CLINGING + 1])[0]
        begin -= len(before) if 0 < len(before) < CLINGING and _clings(before) else 0
        end += len(behind) if 0 < len(behind) <= CLINGING and _clings(behind) else 0
        if last and not text[last[1] : begin].strip(" \t\u3000") and begin >= last[1]:
            last = (last[0], end)
            continue
        if last:
            yield last
        last = (begin, end)
    if last:
        yield last


def _clings(text: str) -> bool:
    """Tell whether a short text beside a figure is no part of a label, and no mark beside one."""
    own = key(text)
    labels = (*_labels(), *_row_labels())
    return not _MARK.fullmatch(text) and (len(own) < 2 or not any(own in label for label in labels))


def _in_place(text: str, begin: int, end: int) -> str:
    """
    Give a part of a text, its first line as far from the left as it stands there; in a line that is
    longer than any that keeps its places, as it is.
    """
    start = text.rfind("\n", 0, begin) + 1
    before = text[start:begin] if begin - start <= WIDE else ""
    return _PRINTED.sub(_blank, before) + text[begin:end]


def _blank(match: re.Match[str]) -> str:
    return " " if room_of(match[0]) == 1 else "\u3000"


def room_of(sign: str) -> int:
    """Tell in how many places a character stands where letters stand in one."""
    return 2 if unicodedata.east_asian_width(sign) in _WIDE else 1


def _stream_line(label: str, run: str, owner: Text) -> Line:
    span = Span(text=label, row=0, column=0, place=owner.place)
    return Line(labels=(span,), run=run.strip(), section=owner.section, place=owner.place)
