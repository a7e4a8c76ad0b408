"""
Workbooks as offices keep them, made with openpyxl: a report among styles, a chart, a picture,
comments, other sheets, names and conditional formats, its totals typed or worked out by formulas.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.workbook.defined_name import DefinedName
from reports import as_any

import govinfo_schema as gs
from govinfo_schema.documents.document import Paragraph
from govinfo_schema.documents.layout import layout
from govinfo_schema.report.access import form_of

SIDE = Side(style="thin")
WAYS = ("text", "unit", "bold", "number", "number")
"""How people put a figure into a cell; a sum passes over the first."""
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(64)
THIN = Border(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)><f>([^<]*)</f><v ?/?>(?:</v>)?</c>')


def report_book(
    report: gs.Report, path: Path, dice: random.Random, *, adds_up: bool = False
) -> Path:
    """
    Save a report as a workbook with all that an office puts around it.

    *adds_up*: its totals are formulas, with the values that were shown last. Of the other figures
    some are numbers, some texts, some numbers with a unit in their format.
    """
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = dice.choice(["年度报告", "Sheet1", "表 一", "it's"])
    places: dict[str, str] = {}
    shown: dict[str, Any] = {}
    at = 1 + dice.randrange(3)
    for block in layout(report).blocks:
        if isinstance(block, Paragraph):
            sheet.cell(at, 1, block.text)
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=10)
            at += 1
            continue
        for span in block.spans:
            cell = sheet.cell(at + span.row, 1 + span.column)
            places[span.name] = cell.coordinate
            _fill(cell, span.text, dice.choice(WAYS[adds_up:]))
            if span.rows * span.columns > 1:
                sheet.merge_cells(
                    start_row=at + span.row,
                    end_row=at + span.row + span.rows - 1,
                    start_column=1 + span.column,
                    end_column=span.column + span.columns,
                )
        at += block.height + 1
    if adds_up:
        for total, equation in form_of(report).totals.items():
            cell = sheet[places[total]]
            shown[cell.coordinate] = gs.get(report, total)
            parts = [places[part] for part in equation.left]
            cell.value = (
                f"={'+'.join(parts)}" if dice.random() < 0.5 else f"=SUM({','.join(parts)})"
            )
            cell.number_format = "General"
    _surround(book, sheet, dice, at)
    book.calculation.fullCalcOnLoad = False
    book.save(path)
    path.write_bytes(_with_values(path.read_bytes(), shown))
    return path


def _fill(cell: Any, text: str, way: str) -> None:
    """Put a text or a figure into a cell, in one of the ways that people do."""
    cell.border = THIN
    if not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        cell.value = text or None
        return
    number = float(text) if "." in text else int(text)
    match way:
        case "text":
            cell.value, cell.data_type = text, "s"
        case "unit" if isinstance(number, int):
            cell.value, cell.number_format = number, '0"件"'
        case "bold":
            cell.value, cell.font = number, Font(bold=True, color="FF0000")
        case _:
            cell.value = number


def _surround(book: Any, sheet: Any, dice: random.Random, below: int) -> None:
    """Put a chart, a comment, a name, a conditional format and another sheet around a report."""
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=3, min_row=1, max_row=9))
    sheet.add_chart(chart, f"N{below}")
    sheet["M1"].comment = Comment("请核对", "办公室")
    sheet["L1"].fill = PatternFill("solid", fgColor="FFFF00")
    sheet.conditional_formatting.add(
        "A1:K80",
        Rule(
            "cellIs",
            operator="lessThan",
            formula=["0"],
            dxf=DifferentialStyle(Font(color="9C0006")),
        ),
    )
    title = sheet.title.replace("'", "''")
    book.defined_names["甲"] = DefinedName("甲", attr_text=f"'{title}'!$A$1")
    other = book.create_sheet("备注")
    other.sheet_state = dice.choice(["visible", "hidden"])
    other["A1"], other["B2"] = "内部", dice.randrange(100)
    other["B3"] = "=B2*2"


def _with_values(data: bytes, shown: Mapping[str, Any]) -> bytes:
    """Put the values that were shown last beside the formulas, and a picture into the zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet1.xml":
                content = _FORMULA.sub(
                    lambda match: (
                        b'<c r="%b"%b><f>%b</f>' % match.groups()
                        + f"<v>{shown[match[1].decode()]}</v></c>".encode()
                    ),
                    content,
                )
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
        target.writestr("xl/media/image1.png", PICTURE, zipfile.ZIP_STORED)
    return out.getvalue()


def summed(report: gs.Report) -> gs.Report:
    """Work the totals of a report out anew, from the smallest to the largest."""
    totals = form_of(report).totals
    while True:
        values = {
            total: sum(parts)
            for total, equation in totals.items()
            if None not in (parts := [as_any(gs.get(report, cell)) for cell in equation.left])
        }
        again = gs.replace(report, values)
        if again == report:
            return report
        report = again
