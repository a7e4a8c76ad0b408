"""
How the cells of the workbook look, how its pages are printed, and how cells are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from govinfo_schema.documents.formats import library
from govinfo_schema.documents.recognise.named import PREFIX
from govinfo_schema.workbook.places import Slot

COLUMN: Final = 6.3
"""The width of a column, in digits of the usual size: as many as WIDTH fill a page of A4."""
MARGINS: Final = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.8, "footer": 0.4}
"""The margins of a page, in inches."""


def letter_of(column: int) -> str:
    """Return the letters of a column."""
    letter: str = library("openpyxl.utils", "xlsx").get_column_letter(column)
    return letter


def areas(addresses: Sequence[str]) -> Iterator[str]:
    """Return the cells to colour, in ranges as few as fit in one rule each."""
    for start in range(0, len(addresses), 30):
        yield " ".join(addresses[start : start + 30])


def ranges(slots: Sequence[Slot]) -> Iterator[str]:
    """Name cells, those side by side or one below the other as a range."""
    left = list(slots)
    while left:
        row, column = left.pop(0)
        for step in ((0, 1), (1, 0)):
            count = 0
            while (row + step[0] * (count + 1), column + step[1] * (count + 1)) in left:
                count += 1
                left.remove((row + step[0] * count, column + step[1] * count))
            if count:
                last = f"{letter_of(column + step[1] * count)}{row + step[0] * count}"
                yield f"{letter_of(column)}{row}:{last}"
                break
        else:
            yield f"{letter_of(column)}{row}"


def set_page(sheet: Any, width: int) -> None:
    """Set the page: A4, as wide as the columns are, numbered, with nothing behind them printed."""
    sheet.protection.sheet = True
    sheet.page_setup.orientation = "portrait"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    # As wide as a page whatever font the width of columns is measured by on a machine.
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = library(
        "openpyxl.worksheet.properties", "xlsx"
    ).PageSetupProperties(fitToPage=True)
    for side, inches in MARGINS.items():
        setattr(sheet.page_margins, side, inches)
    sheet.print_options.horizontalCentered = True
    sheet.print_area = f"A1:{letter_of(width)}{sheet.max_row}"
    sheet.oddFooter.center.text = "&P / &N"
    for column in range(1, width + 1):
        sheet.column_dimensions[letter_of(column)].width = COLUMN


def fill_of(colour: str) -> Any:
    """Make the ground of a cell in one colour."""
    return library("openpyxl.styles", "xlsx").PatternFill(
        bgColor=colour, fgColor=colour, fill_type="solid"
    )


def dress(cell: Any, look: str) -> None:
    """Return a cell its look, a named style of its workbook."""
    book = cell.parent.parent
    name = f"{PREFIX}{look}"
    if name not in book.named_styles:
        book.add_named_style(_look(name, look))
    cell.style = name


def _look(name: str, look: str) -> Any:
    """Make a named style; only what is filled in is not locked."""
    styles = library("openpyxl.styles", "xlsx")
    side = styles.Side(style="thin")
    made = styles.NamedStyle(name=name)
    made.font = styles.Font(
        name="宋体",
        size={"section": 14, "note": 8}.get(look, 10),
        bold=look in ("section", "total"),
        color={"check": "9C0006", "note": "7F7F7F"}.get(look),
    )
    left = look in ("section", "text", "narrative", "label", "check", "summary")
    is_figure = look in ("figure", "total")
    made.alignment = styles.Alignment(
        horizontal="left" if left else "center",
        vertical="top" if look == "narrative" else "center",
        wrap_text=not is_figure,
        shrink_to_fit=is_figure,
    )
    if look not in ("section", "note", "check", "summary"):
        made.border = styles.Border(left=side, right=side, top=side, bottom=side)
    if look in ("head", "total", "label"):
        made.fill = styles.PatternFill(fgColor="F2F2F2", fill_type="solid")
    made.protection = styles.Protection(locked=look not in ("figure", "text", "narrative"))
    return made
