"""
The list of problems to work through: one problem a row, what was done about it in the last column.

A text that a spreadsheet would take for a formula stays a text, in the workbook and in CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final
from unicodedata import east_asian_width

import attrs

from govinfo_schema.documents.formats import library, printable
from govinfo_schema.findings import Finding
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.pages.results import Result, expected
from govinfo_schema.pages.telling import line, sources_of, unchecked, within
from govinfo_schema.repair.problems import Problem
from govinfo_schema.tables.csv.kinds import value_text
from govinfo_schema.workbook.texts import put_text

WIDTHS: Final = {
    "file": 20,
    "body": 18,
    "year": 7,
    "level": 7,
    "problem": 44,
    "where": 20,
    "figure": 40,
    "found": 9,
    "should_be": 9,
    "rule": 18,
    "sources": 26,
    "handling": 16,
}
"""The columns and their widths, in digits."""
LINE: Final = 13.5
HIGHEST: Final = 400
"""The height of one line of a row, and the most that a row may have, in points."""
LONGEST: Final = 32_000
"""No cell of a workbook holds more characters."""


@attrs.frozen(kw_only=True)
class Line:
    """One problem of one report; *handling* is left to those who work through the list."""

    file: str = ""
    body: str = ""
    year: int | None = None
    level: str
    problem: str
    where: str = ""
    figure: str = ""
    found: int | str | None = None
    should_be: int | str | None = None
    rule: str = ""
    sources: str = ""
    handling: str = ""


def lines(results: Sequence[Result], lang: Lang) -> Iterator[Line]:
    """
    Yield the problems of results in their order, then what else is said of each.

    Equations of one report that are unknown for blanks are one row. A file is named as it stands
    in the folder that all are in.
    """
    _, files = within([each.path for each in results])
    for result, file in zip(results, files, strict=True):
        yield from (attrs.evolve(each, file=file) for each in _lines(result, lang))


def _lines(result: Result, lang: Lang) -> Iterator[Line]:
    if result.refusal is not None:
        yield _line(result, lang, "error", result.said(lang))
        return
    for problem in result.problems:
        yield _problem(result, problem, lang)
    said = result.others if result.report is not None else result.findings
    unknown = [each for each in said if each.code == "BLANK"]
    yield from (_finding(result, each, lang) for each in said if each.code != "BLANK")
    if unknown:
        yield _unknown(result, unknown, lang)


def _line(result: Result, lang: Lang, level: str, problem: str, **more: Any) -> Line:
    report = result.report
    return Line(
        body=report.body.name if report is not None else "",
        year=report.year if report is not None else None,
        level=phrase(level, lang),
        problem=problem,
        **more,
    )


def _problem(result: Result, problem: Problem, lang: Lang) -> Line:
    cells = [each.cell for each in problem.changes]
    return _line(
        result,
        lang,
        problem.findings[0].level,
        line(problem, lang),
        **_cells(result, cells, lang),
        should_be=_one([expected(problem, each, lang) for each in problem.changes]),
        **_law(problem.findings, lang),
    )


def _finding(result: Result, finding: Finding, lang: Lang) -> Line:
    said = finding.message(lang)
    is_unread = finding.level != "info" and any(map(result.text, finding.cells))
    return _line(
        result,
        lang,
        finding.level,
        phrase("list.correct", lang, said=said) if is_unread else said,
        **_cells(result, finding.cells, lang),
        **_law([finding], lang),
    )


def _unknown(result: Result, findings: Sequence[Finding], lang: Lang) -> Line:
    """Return the row of all equations that are unknown, with the cells that are blank."""
    blanks = dict.fromkeys(cell for each in findings for cell in each.cells)
    return _line(
        result,
        lang,
        findings[0].level,
        unchecked(result, lang),
        **_cells(result, list(blanks), lang),
        **_law(findings, lang),
    )


def _cells(result: Result, cells: Sequence[str], lang: Lang) -> dict[str, Any]:
    """Return the labels of cells, where they stand and what stands there, one a line."""
    blank, places = phrase("excerpt.blank", lang), result.places(cells)
    figures = result.figures
    found = [
        result.text(each) or blank if figures.get(each) is None else figures[each] for each in cells
    ]
    form = edition(result.report.edition) if result.report is not None else None
    labels = [(form and form.label(cell)) or Label(cell, cell) for cell in cells]
    return {
        "figure": "\n".join(getattr(each, lang) for each in labels),
        "where": "\n".join(
            places[each].message(lang) if each in places else "" for each in cells
        ).rstrip(),
        "found": _one(found),
    }


def _law(findings: Sequence[Finding], lang: Lang) -> dict[str, str]:
    rules = dict.fromkeys(
        rule
        for each in findings
        for rule in (each.rule, *(symptom.rule for symptom in each.symptoms))
        if rule is not None
    )
    names = dict.fromkeys(f"{getattr(each.label, lang)} ({each.code})" for each in rules)
    return {
        "rule": "\n".join(names),
        "sources": "\n".join(getattr(each, lang) for each in sources_of(findings)),
    }


def _one(values: Sequence[Any]) -> Any:
    """Return a single value, a number if it is one; several as lines of a text; None for none."""
    if len(values) != 1:
        return "\n".join(map(str, values)) or None
    said = str(values[0])
    return int(said) if re.fullmatch("-?[0-9]{1,15}", said) else values[0]


# ---- as a file ----------------------------------------------------------------------------------


def _heads(lang: Lang) -> list[str]:
    return [phrase(f"list.{name}", lang) for name in WIDTHS]


def as_csv(results: Sequence[Result], lang: Lang) -> bytes:
    """Return the list as CSV that spreadsheets open: with a byte order mark, lines end in CRLF."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_heads(lang))
    for each in lines(results, lang):
        writer.writerow(
            value_text(printable(value) or None, "text") if isinstance(value, str) else value
            for value in attrs.astuple(each)
        )
    return text.getvalue().encode("utf-8-sig")


def as_workbook(results: Sequence[Result], lang: Lang) -> bytes:
    """
    Return the list as a workbook: its head stays in view, every column filters.

    Raises: MissingLibrary without openpyxl.
    """
    book = library("openpyxl", "xlsx").Workbook()
    sheet = book.active
    sheet.title = phrase("list.title", lang)
    for number, name in enumerate(_heads(lang), 1):
        put_text(sheet.cell(1, number), name)
    last = 1
    for last, each in enumerate(lines(results, lang), 2):
        for number, value in enumerate(attrs.astuple(each), 1):
            cell = sheet.cell(last, number)
            if isinstance(value, str) and value:
                put_text(cell, value[:LONGEST])
            elif value is not None and value != "":
                cell.value = value
    _finish(sheet, last, lang)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _height(values: Sequence[Any]) -> float:
    """Return how high a row is that shows its texts; a Chinese sign is two digits wide."""
    most = 1
    for value, width in zip(values, WIDTHS.values(), strict=True):
        sizes = [
            sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text)
            for text in str(value or "").splitlines()
        ]
        most = max(most, sum(max(1, -(-size // (width - 1))) for size in sizes))
    return min(HIGHEST, LINE * most + 3)


def _finish(sheet: Any, last: int, lang: Lang) -> None:
    """Set fonts, borders and widths, what stays in view, and how it prints."""
    styles = library("openpyxl.styles", "xlsx")
    letter = library("openpyxl.utils", "xlsx").get_column_letter
    side = styles.Side(style="thin", color="BFBFBF")
    border = styles.Border(left=side, right=side, top=side, bottom=side)
    head = styles.PatternFill(fgColor="E7EBF0", fill_type="solid")
    numbers = {number for number, name in enumerate(WIDTHS) if name in ("found", "should_be")}
    for row in sheet.iter_rows(1, last, 1, len(WIDTHS)):
        for number, cell in enumerate(row):
            cell.font = styles.Font(name="宋体", size=10, bold=cell.row == 1)
            cell.border = border
            cell.alignment = styles.Alignment(
                wrap_text=True,
                vertical="center" if cell.row == 1 else "top",
                horizontal="right" if number in numbers and cell.row > 1 else None,
            )
            if cell.row == 1:
                cell.fill = head
        sheet.row_dimensions[row[0].row].height = _height([cell.value for cell in row])
    for number, width in enumerate(WIDTHS.values(), 1):
        sheet.column_dimensions[letter(number)].width = width
    area = f"A1:{letter(len(WIDTHS))}{last}"
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = area
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = library("openpyxl.worksheet.page", "xlsx").PageMargins(0.4, 0.4, 0.5, 0.5)
    sheet.sheet_properties.pageSetUpPr = library(
        "openpyxl.worksheet.properties", "xlsx"
    ).PageSetupProperties(fitToPage=True)
    choices = library("openpyxl.worksheet.datavalidation", "xlsx").DataValidation(
        type="list",
        formula1=f'"{phrase("list.choices", lang)}"',
        allow_blank=True,
        showErrorMessage=False,
    )
    sheet.add_data_validation(choices)
    choices.add(f"{letter(len(WIDTHS))}2:{letter(len(WIDTHS))}{max(last, 2)}")
