"""Texts in the cells of a workbook: a text stays a text, whatever it begins with."""

from __future__ import annotations

from typing import Any, Final

from govinfo_schema.documents.formats import printable

FORMULAS: Final = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""


def put_text(cell: Any, text: str) -> None:
    """
    Put a text in a cell of openpyxl: never as a formula, not even after somebody has edited it.

    >>> import openpyxl
    >>> cell = openpyxl.Workbook().active.cell(1, 1)
    >>> put_text(cell, "=1+1")
    >>> cell.value, cell.data_type, cell.quotePrefix
    ('=1+1', 's', True)
    """
    cell.value = printable(text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULAS)
