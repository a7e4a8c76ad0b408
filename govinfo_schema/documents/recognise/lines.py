"""
What a document is read as: lines, the rows of tables, and texts, each under a section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final

import attrs

from govinfo_schema.data.once import once
from govinfo_schema.documents.document import NOWHERE, Place, Span
from govinfo_schema.form import ids
from govinfo_schema.form.forms import form
from govinfo_schema.form.labels import fold, key, keys, wordings
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS

HEAD: Final = re.compile("信息内容|申请人情况|结果维持")
"""What only the head of a table of the form says."""
TABULAR: Final = re.compile(rf"{HEAD.pattern}|行政许可|本年新收政府信息公开申请数量")
"""What a table of the form says."""

LONG: Final = 4_000
"""The labels of a table of the form have fewer characters."""


def table_ids() -> tuple[str, ...]:
    """Give the sections that are tables."""
    return form(CURRENT).table_ids


@attrs.frozen(kw_only=True, slots=False)
class Line:
    """
    A row of a table: the texts before its figures, and its figures.

    *grid* numbers the table that it stands in, −1 for text, and *stub* is that of the table;
    *above* are labels merged over it from rows before. Of text *run* is what stands behind the
    label, borders lost or not, and *remarks* are those of the texts from here on that are no part
    of a table.
    """

    labels: tuple[Span, ...]
    figures: tuple[Span, ...] = ()
    above: tuple[Span, ...] = ()
    grid: int = -1
    stub: int | None = None
    run: str = ""
    section: str = ""
    place: Place = NOWHERE
    remarks: tuple[Text, ...] = ()

    @cached_property
    def label(self) -> str:
        """The texts of the labels that begin in this row, joined."""
        return "".join([span.text for span in self.labels])

    @cached_property
    def printed(self) -> str:
        """The texts of its figures as they stand."""
        return self.run or " | ".join([span.text.strip() for span in self.figures])

    @cached_property
    def text(self) -> str:
        """All that is printed in this row."""
        return "".join([span.text for span in (*self.labels, *self.figures)]) + self.run

    @cached_property
    def is_printed(self) -> bool:
        """Whether it has a figure that is not blank."""
        return bool(self.run) or not all(span.is_empty for span in self.figures)

    @property
    def is_plain(self) -> bool:
        """Whether its figures are digits and other plain signs, no words."""
        return self.run.isascii() and all(span.text.isascii() for span in self.figures)

    @property
    def has_figures(self) -> bool:
        """Whether it has figures, blank ones of a table included."""
        return bool(self.figures or self.run)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The texts of its cells that are not empty, from left to right."""
        return tuple([s.text for s in (*self.labels, *self.figures) if s.text.strip()])

    @cached_property
    def leaf(self) -> str:
        """The last of its labels that is not empty."""
        return next((span.text for span in reversed(self.labels) if span.text.strip()), "")

    @cached_property
    def told(self) -> tuple[object, ...] | None:
        """
        All that tells which row of the form it is, to remember what was found: most documents print
        the same labels. None where it has more labels than a table of the form.
        """
        texts = tuple([span.text for span in self.labels])
        above = self.above[-1].text if self.above else ""
        if len(texts) + len(self.label) + len(above) > LONG:
            return None
        return texts, above, self.has_figures, self.is_printed, bool(self.run), self.grid >= 0

    def under(self, section: str) -> Line:
        """Give the line as one under a section."""
        # Each line is put so: ``attrs.evolve`` takes three times as long.
        return Line(
            labels=self.labels,
            figures=self.figures,
            above=self.above,
            grid=self.grid,
            stub=self.stub,
            run=self.run,
            section=section,
            place=self.place,
            remarks=self.remarks,
        )


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

    def under(self, section: str) -> Text:
        """Give the text as one under a section."""
        return self if self.section == section else attrs.evolve(self, section=section)


Item = Line | Text


def told(lines: Sequence[Line]) -> tuple[object, ...] | None:
    """Give all that tells which rows lines are; None where they are no table of the form."""
    if sum([len(line.label) + len(line.labels) + 1 for line in lines]) > LONG:
        return None
    own = tuple([line.told for line in lines])
    return None if None in own else own


def shown(lines: Sequence[Line]) -> tuple[object, ...] | None:
    """
    Give all that tells what the lines of a head name, to remember what was found. None where they
    are longer than a head of the form.
    """
    parts = [part for line in lines for part in (line.labels, line.figures, line.above)]
    spans = [span for part in parts for span in part]
    if len(spans) + len(lines) + sum([len(span.text) for span in spans]) > LONG:
        return None
    grids = tuple([(line.grid, line.stub) for line in lines])
    lengths = tuple(map(len, parts))
    return grids, lengths, tuple([(s.text, s.row, s.column, s.rows, s.columns) for s in spans])


def is_tabular(text: str) -> bool:
    """Tell whether a text is of a table of the form."""
    # To fold a text takes much longer than to search it as it stands.
    return TABULAR.search(text) is not None or TABULAR.search(fold(text)) is not None


@once
def form_labels() -> frozenset[str]:
    """Give the labels of rows and columns of all editions, without ordinals."""
    tables = [table for name in EDITIONS for table in edition(name).tables]
    blocks = [block for table in tables for block in table.blocks]
    labels = [row.zh for block in blocks for row in block.rows]
    labels += [column.zh for block in blocks for column in block.columns]
    return frozenset(map(key, labels))


@once
def row_labels() -> dict[str, bool]:
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
