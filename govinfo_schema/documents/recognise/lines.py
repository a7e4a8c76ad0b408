"""
What a document is read as: lines, the rows of tables, and texts, each under a section.
"""

from __future__ import annotations

import re
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


def is_tabular(text: str) -> bool:
    """Tell whether a text is of a table of the form."""
    return TABULAR.search(fold(text)) is not None


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
