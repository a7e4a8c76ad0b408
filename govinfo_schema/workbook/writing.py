"""
The form as a workbook that adds itself up: figures to fill in, a live check beside each sum, and
what does not balance in red.

Every figure and field has a hidden name (``govinfo.<cell id>``), so that the workbook reads back
wherever the user has moved it.
"""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.formats import library, put, unreadable
from govinfo_schema.documents.formats.docx_writing import packed
from govinfo_schema.documents.layout import layout, visible
from govinfo_schema.documents.recognise.named import PREFIX
from govinfo_schema.errors import Incompatible
from govinfo_schema.findings import Equation
from govinfo_schema.form import ids
from govinfo_schema.form.forms import SHAPE, Form, adds_up_a_row, form
from govinfo_schema.form.parts import CURRENT, Cell, EditionName
from govinfo_schema.messages import Label, phrase, spoken
from govinfo_schema.report.access import form_of, replace, walk
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.given import check_report
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import FIELDS, to_record
from govinfo_schema.report.values import FIRST_YEAR, MAX_COUNT, words_of
from govinfo_schema.workbook.texts import put_text

FORMS: Final = (".xlsx", ".docx")
"""What a form to be filled in may be."""
HEAD: Final = ("title", "body.name", "year", "published_on")
"""
The fields in the head of the form; those that are no text of a section either stand on a sheet of
their own.
"""
LONGEST: Final = 900
"""The most characters of a text in a row, which is 409 points high at most; more go on below."""
CHARACTERS: Final = 40
"""So many characters of a text stand on one line of it at least."""
LINE: Final = 14
LEAST: Final = 8
"""The height of a line of text in points, and how many there is room for in an empty form."""
WIDTH: Final = 15
"""
The columns of the sheet, all of one width, that a page has room for: as many as the widest table
has figures side by side.
"""
LABELS: Final = {1: (6,), 2: (3, 5), 3: (1, 2, 5)}
"""So many columns of the sheet have the labels of a table, by how many columns of labels it has."""
VALUES: Final = 5
"""The first column of the value of a field; its label stands before it."""
CARRIED: Final = "applications.carried_forward"
BROUGHT: Final = "applications.brought_forward"
"""What one year carries forward, the next brings forward."""
COLUMN: Final = 6.3
"""The width of a column, in digits of the usual size: as many as WIDTH fill a page of A4."""
DAY: Final = 'yyyy"年"m"月"d"日"'
"""How a date is shown that somebody types."""
MARGINS: Final = {"left": 0.4, "right": 0.4, "top": 0.6, "bottom": 0.8, "footer": 0.4}
"""The margins of a page, in inches."""

Slot = tuple[int, int]


def write(report: Report, path: str | os.PathLike[str]) -> None:
    """
    Write a report as a workbook: its figures as they are, with a live check beside each sum.

    Raises: UnreadableFile if the path cannot be written; MissingLibrary without openpyxl.
    """
    record = to_record(report) | {"body.name": visible(report.body.name)}
    put(_Book(report, record).saved(), path)


def write_form(  # noqa: PLR0913 (what a form may be filled with)
    path: str | os.PathLike[str],
    edition: EditionName | None = None,
    *,
    report: Report | None = None,
    previous: Report | None = None,
    year: int | None = None,
    body: str | None = None,
    undivided: bool = False,
    overwrite: bool = False,
) -> None:
    """
    Write the form to be filled in, empty or with the figures of *report*: a workbook (``.xlsx``),
    or a Word document (``.docx``) as the official form is printed, with hints where a text is to be
    written.

    *edition*: that of *report* if it is not given, of an empty form the current one.
    An empty workbook works its totals out itself; a filled one keeps the totals as they are and
    checks them. With last year's report (*previous*) 上年结转 is filled in where it is blank,
    and in a workbook checked against it; an empty form takes over body and edition.
    Blank: a total is worked out where all its figures are filled in; nothing is taken for zero.
    *overwrite*: replace a file that exists. It may be a form that somebody has filled in, so
    otherwise it is left as it is.
    Raises: UnreadableFile if the path exists (without *overwrite*), has neither suffix or cannot
    be written; UnknownEdition; Incompatible if *report* is of another *edition*; TypeError
    if it, or *previous*, is no report; MissingLibrary without openpyxl.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "form.xlsx"
    ...     gs.write_form(path, "2021", year=2025, body="某市人民政府")
    ...     gs.read(path).report
    <Report2021 某市人民政府 2025: 200 cells, 200 blank>
    """
    suffix = Path(path).suffix
    if suffix.lower() not in FORMS:
        raise unreadable(path, "suffix", suffix=suffix, suffixes=" ".join(FORMS))
    if not overwrite and os.path.lexists(path):
        raise unreadable(path, "exists.form")
    for what, value in (("report", report), ("previous", previous)):
        if value is not None:
            check_report(value, what)
    shape = form(edition or (report.edition if report else CURRENT), undivided=undivided)
    if report is not None and report.edition != shape.name:
        found, expected = form_of(report).label, shape.label
        raise Incompatible(spoken("S-EDITION", found=found, expected=expected))
    carried = _carried(previous) if previous else {}
    own = report or blank_on(
        shape, year=year or FIRST_YEAR, body=body or (previous.body if previous else "-")
    )
    filled = replace(
        own, {cell: value for cell, value in carried.items() if dict(walk(own)).get(cell) is None}
    )
    record = to_record(filled)
    if report is None:
        record["year"] = year or (previous.year + 1 if previous else None)
        record["body.name"] = body or (previous.body.name if previous else None)
    if suffix.lower() == ".docx":
        data = _word_form(filled, record)
    else:
        data = _Book(filled, record, adding=report is None, carried=carried).saved()
    put(data, path, overwrite=overwrite)


def _word_form(report: Report, record: Mapping[str, Any]) -> bytes:
    """Give the form as a Word document; what the record leaves open is to be filled in."""
    if record["year"]:
        report = replace(report, {"year": record["year"]})
    fields: dict[Literal["body", "year"], str] = {"body": "body.name", "year": "year"}
    left = [field for field, name in fields.items() if record[name] is None]
    return packed(layout(report, to_fill_in=left))


def _carried(previous: Report) -> dict[str, Any]:
    """Return what last year carries forward, as what this year brings forward."""
    cells = {cell: value for cell, value in walk(previous) if ids.row_of(cell) == CARRIED}
    return {ids.join(BROUGHT, ids.column_of(cell)): value for cell, value in cells.items()}


# ---- where everything stands --------------------------------------------------------------------


@attrs.define(kw_only=True)
class _Plan:
    """
    Where everything stands: the first row of each section, the slot of each cell, the slot of the
    check of each equation.
    """

    tops: dict[str, int] = attrs.field(factory=dict)
    cells: dict[str, Slot] = attrs.field(factory=dict)
    checks: dict[int, Slot] = attrs.field(factory=dict)
    summary: int = 0
    carried: int = 0


def _plan(
    report: Report,
    grids: Mapping[str, Grid],
    sums: Sequence[Equation],
    texts: Mapping[str, Sequence[str]],
) -> _Plan:
    form = form_of(report)
    plan, row = _Plan(summary=len(HEAD) + 1), len(HEAD) + 3
    for section in form.sections:
        plan.tops[section.id] = row + 1
        if section.id in form.texts:
            row += 2 + len(texts[section.id])
            continue
        grid = grids[section.zh]
        for span in grid.spans:
            if span.name:
                column = _columns(form, section.id, grid)[span.column]
                plan.cells[span.name] = (row + 1 + span.row, column)
        row += 1 + grid.height
        below = list(
            dict.fromkeys(each.rule.code for each in sums if _stands_below(form, section.id, each))
        )
        beside: Counter[int] = Counter()
        for number, each in enumerate(sums):
            if ids.is_below(each.left[0], section.id):
                line, column = plan.cells[each.right[0]]
                if each.rule.code in below:
                    plan.checks[number] = (row + below.index(each.rule.code), column)
                else:
                    beside[line] += 1
                    plan.checks[number] = (line, WIDTH + beside[line])
        row += len(below) + 1
        if section.id == ids.table_of(CARRIED):
            plan.carried, row = row - 1, row + 1
    return plan


def _stands_below(form: Form, section: str, equation: Equation) -> bool:
    """
    Whether the check of a sum stands below its table: of one that runs down a column, and where
    the rows stand side by side.
    """
    table = next(table for table in form.tables if table.id == section)
    return ids.is_below(equation.left[0], section) and (table.across or not adds_up_a_row(equation))


def _columns(form: Form, section: str, grid: Grid) -> tuple[int, ...]:
    """
    Return the columns of the sheet in which the columns of a table begin, and the one behind it:
    narrow ones where figures stand side by side, wide ones where there are few.
    """
    table = next(table for table in form.tables if table.id == section)
    if table.across:
        return tuple(range(1, grid.width + 2))
    labels = max(ids.depth(row.id) for block in table.blocks for row in block.rows) - 1
    figures = grid.width - len(LABELS[labels])
    widths = [*LABELS[labels], *[max(1, (WIDTH - sum(LABELS[labels])) // figures)] * figures]
    return tuple(accumulate(widths, initial=1))


# ---- writing it ---------------------------------------------------------------------------------


@attrs.define
class _Book:
    """
    A workbook in the making.

    *adding*: totals are sums that the workbook works out itself. *carried*: last year's figures
    that 上年结转 is checked against.
    """

    report: Report
    record: dict[str, Any]
    adding: bool = False
    carried: Mapping[str, Any] = attrs.field(factory=dict)
    book: Any = attrs.field(init=False)
    sheet: Any = attrs.field(init=False)
    plan: _Plan = attrs.field(init=False)
    sums: tuple[Equation, ...] = attrs.field(init=False)
    inputs: dict[str, list[str]] = attrs.field(init=False, factory=dict)

    @property
    def form(self) -> Form:
        """The form of the report."""
        return form_of(self.report)

    def saved(self) -> bytes:
        """Lay the workbook out and give its bytes."""
        self.book = library("openpyxl", "xlsx").Workbook()
        self.sheet = self.book.active
        self.sheet.title = phrase("sheet.form", "zh")
        self.sums = self.form.equations
        grids = {
            block.caption: block for block in layout(self.report).blocks if isinstance(block, Grid)
        }
        texts = {section: _pieces(self.record[name]) for section, name in self.form.texts.items()}
        self.plan = _plan(self.report, grids, self.sums, texts)
        for number, name in enumerate(HEAD, 1):
            self.field(self.sheet, number, name, self.form.edition.label(name))
        for section in self.form.sections:
            top = self.plan.tops[section.id]
            self.label(self.sheet, (top - 1, 1), (top - 1, WIDTH), section.zh, "section")
            self.sheet.row_dimensions[top - 1].height = 26
            if section.id in self.form.texts:
                self.narrative(top, self.form.texts[section.id], texts[section.id])
            else:
                self.table(top, section.id, grids[section.zh])
        self.check()
        self.last_year()
        self.others()
        self.english(grids)
        self.finish()
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def value(self, sheet: Any, slot: Slot, value: Any, look: str) -> Any:
        """Put a value in a cell; a text stays a text, whatever it begins with."""
        cell = sheet.cell(*slot)
        _dress(cell, look)
        if isinstance(value, str):
            put_text(cell, value)
        else:
            cell.value = value
        return cell

    def label(self, sheet: Any, first: Slot, last: Slot, text: str, look: str) -> None:
        """Put a label over some rows and columns."""
        self.value(sheet, first, text, look)
        for row in range(first[0], last[0] + 1):
            for column in range(first[1], last[1] + 1):
                _dress(sheet.cell(row, column), look)
        if first != last:
            sheet.merge_cells(
                start_row=first[0], start_column=first[1], end_row=last[0], end_column=last[1]
            )

    def named(self, sheet: Any, slot: Slot, name: str) -> None:
        """Return a cell its hidden name."""
        place = f"'{sheet.title}'!${_letter(slot[1])}${slot[0]}"
        defined = library("openpyxl.workbook.defined_name", "xlsx").DefinedName(
            f"{PREFIX}{name}", attr_text=place, hidden=True
        )
        self.book.defined_names[f"{PREFIX}{name}"] = defined

    def field(self, sheet: Any, row: int, name: str, label: Label | None) -> None:
        """Put a field beside its label."""
        self.label(sheet, (row, 1), (row, VALUES - 1), label.zh if label else name, "label")
        value = self.record[name]
        if choices := words_of(name):
            value = choices.get(value, value)
        shown = (
            value
            if value is None or isinstance(value, (str, int))
            else f"{value:f}"
            if FIELDS[name] == "amount"
            else value.isoformat()
        )
        look = "label" if name == "edition" else "text"
        self.label(sheet, (row, VALUES), (row, WIDTH), "", look)
        made = self.value(sheet, (row, VALUES), shown, look)
        self.named(sheet, (row, VALUES), name)
        sheet.row_dimensions[row].height = 18
        if FIELDS[name] == "date":
            made.number_format = DAY
        if limit := _limit_of(name, choices):
            self.limit(sheet, limit, [made.coordinate])

    def limit(self, sheet: Any, limit: Mapping[str, str], places: Sequence[str]) -> None:
        """Say what may be typed into some cells; another value is refused with a sentence."""
        make = library("openpyxl.worksheet.datavalidation", "xlsx").DataValidation
        validation = make(allow_blank=True, showErrorMessage=True, **limit)
        sheet.add_data_validation(validation)
        for place in places:
            validation.add(place)

    def narrative(self, top: int, name: str, pieces: Sequence[str]) -> None:
        """Return a text a row of its own, or several where it is long."""
        for number, piece in enumerate(pieces):
            self.label(self.sheet, (top + number, 1), (top + number, WIDTH), piece, "narrative")
            self.named(
                self.sheet,
                (top + number, 1),
                name if number == 0 else ids.join(name, f"part{number + 1}"),
            )
            lines = sum(1 + len(line) // CHARACTERS for line in piece.split("\n"))
            height = LINE * max(LEAST, lines + 1)
            self.sheet.row_dimensions[top + number].height = min(409, height)

    def table(self, top: int, section: str, grid: Grid) -> None:
        """Put a table: its labels and its figures."""
        rows = {span.row for span in grid.spans if span.name}
        for span in grid.spans:
            columns = _columns(self.form, section, grid)
            first = (top + span.row, columns[span.column])
            last = (first[0] + span.rows - 1, columns[span.column + span.columns] - 1)
            if span.name:
                self.figure(self.form.cells[span.name], first, last)
            else:
                is_row = span.row in rows and span.rows == 1
                self.label(self.sheet, first, last, span.text, "label" if is_row else "head")
                self.heighten(first, last, span.text)

    def heighten(self, first: Slot, last: Slot, text: str) -> None:
        """Make a row high enough for a label that is longer than its cell is wide."""
        characters = max(1, int((last[1] - first[1] + 1) * COLUMN / 2))
        height = 6 + 13 * -(-len(text) // characters) / (last[0] - first[0] + 1)
        for number in range(first[0], last[0] + 1):
            row = self.sheet.row_dimensions[number]
            row.height = max(row.height or 19, height)

    def figure(self, cell: Cell, first: Slot, last: Slot) -> None:
        """Put a figure: its value, or the sum that it is in an empty form."""
        total = self.total(cell.id) if self.adding and self.record[cell.id] is None else None
        self.label(self.sheet, first, last, "", "total" if total else "figure")
        value = self.record[cell.id]
        made = self.value(
            self.sheet, first, None if total else value, "total" if total else "figure"
        )
        if total:
            made.value = total
        else:
            self.inputs.setdefault(cell.kind, []).append(made.coordinate)
        self.named(self.sheet, first, cell.id)
        if cell.column.unit_field:
            field, slot = cell.column.unit_field.id, (first[0], last[1] + 1)
            made = self.value(self.sheet, slot, self.record[field], "text")
            self.inputs.setdefault("unit", []).append(made.coordinate)
            self.named(self.sheet, slot, field)

    def total(self, cell: str) -> str | None:
        """Return the sum that a cell is; of several the one along its row with the most figures."""
        own = [each for each in self.sums if each.right == (cell,)]
        if not own:
            return None
        chosen = max(own, key=lambda equation: (adds_up_a_row(equation), len(equation.left)))
        addends = [self.address(each) for each in chosen.left]
        return f'=IF(COUNT({",".join(addends)})={len(addends)},{"+".join(addends)},"")'

    def address(self, cell: str) -> str:
        """Return the address of a cell by its id."""
        row, column = self.plan.cells[cell]
        return f"{_letter(column)}{row}"

    # ---- what is checked ----

    def check(self) -> None:
        """
        Put a live check beside each sum, and the number of those that fail on top; a blank leaves a
        sum unchecked.
        """
        rule = library("openpyxl.formatting.rule", "xlsx").FormulaRule
        places = []
        for number, each in enumerate(self.sums):
            left, right = (
                [self.address(cell) for cell in side] for side in (each.left, each.right)
            )
            gap = f"({'+'.join(left)})-({'+'.join(right)})"
            slot = self.plan.checks[number]
            filled = f"COUNT({','.join([*left, *right])})"
            told = f'IF({gap}=0,"","{phrase("sheet.gap", "zh")}"&({gap}))'
            made = self.value(self.sheet, slot, None, "check")
            made.value = f'=IF({filled}<{len(left) + len(right)},"",{told})'
            self.named(self.sheet, slot, f"check.{number + 1}")
            places.append(made.coordinate)
            red = rule(
                formula=[f"LEN(${_letter(slot[1])}${slot[0]})>0"],
                fill=_fill("FFC7CE"),
                stopIfTrue=False,
            )
            for area in _areas([*left, *right]):
                self.sheet.conditional_formatting.add(area, red)
            begin, end = self.before(each, slot)
            if slot[1] <= WIDTH and not self.sheet.cell(slot[0], begin).value:
                name = each.rule.label.zh
                self.label(self.sheet, (slot[0], begin), (slot[0], end), name, "note")
                self.heighten((slot[0], begin), (slot[0], end), name)
        self.summary(places)

    def before(self, equation: Equation, slot: Slot) -> Slot:
        """Give the first and the last column of the name of a check below a table."""
        columns = [self.plan.cells[cell][1] for cell in equation.left]
        table = ids.table_of(equation.left[0])
        figures = [at[1] for cell, at in self.plan.cells.items() if ids.table_of(cell) == table]
        return (min(columns), slot[1] - 1) if adds_up_a_row(equation) else (1, min(figures) - 1)

    def summary(self, places: Sequence[str]) -> None:
        """
        Say on top how many sums do not hold, how many nobody can check yet because a figure is
        blank, and how many hold; the numbers themselves stand behind the page.
        """
        row = self.plan.summary
        counts = {
            "broken": "+".join(f"(LEN({place})>0)" for place in places),
            "unknown": "+".join(
                f"(COUNT({','.join(_ranges(cells))})<{len(cells)})"
                for cells in map(self.slots, self.sums)
            ),
        }
        parts = []
        for column, (name, count) in enumerate(counts.items(), WIDTH + 1):
            made = self.value(self.sheet, (row, column), None, "note")
            made.value = f"={count}"
            told = phrase(f"sheet.{name}", "zh")
            made.number_format = f'"{told} "0'
            parts.append((told, made.coordinate))
        (broken, wrong), (unknown, blank) = parts
        held, unit = phrase("sheet.held", "zh"), phrase("sheet.sums", "zh")
        self.label(self.sheet, (row, 1), (row, WIDTH), "", "summary")
        formatting = library("openpyxl.formatting.rule", "xlsx").FormulaRule
        red = library("openpyxl.styles", "xlsx").Font(color="9C0006")
        wrong_at = f"${_letter(WIDTH + 1)}${row}"
        self.sheet.conditional_formatting.add(
            f"A{row}", formatting(formula=[f"{wrong_at}>0"], font=red)
        )
        self.sheet.cell(row, 1).value = (
            f'=IF({wrong}>0,"{broken} "&{wrong}&"{unit}；","")'
            f'&IF({blank}>0,"{unknown} "&{blank}&"{unit}；","")'
            f'&"{held} "&({len(self.sums)}-{wrong}-{blank})&"{unit}"'
        )
        self.sheet.row_dimensions[row].height = 18

    def slots(self, equation: Equation) -> list[Slot]:
        """Give the places of all figures of a sum."""
        return [self.plan.cells[cell] for cell in (*equation.left, *equation.right)]

    def last_year(self) -> None:
        """Put what last year carried forward below the table, and check 上年结转 against it."""
        if not self.carried:
            return
        row = self.plan.carried
        before = min(self.plan.cells[cell][1] for cell in self.carried) - 1
        self.label(self.sheet, (row, 1), (row, before), phrase("sheet.carried", "zh"), "note")
        rule = library("openpyxl.formatting.rule", "xlsx").FormulaRule
        for cell, value in self.carried.items():
            column = self.plan.cells[cell][1]
            made = self.value(self.sheet, (row, column), value, "note")
            own, before = self.address(cell), made.coordinate
            differs = rule(
                formula=[f"AND(COUNT({own},{before})=2,{own}<>{before})"], fill=_fill("FFEB9C")
            )
            self.sheet.conditional_formatting.add(own, differs)
            self.sheet.conditional_formatting.add(before, differs)

    # ---- the other sheets ----

    def others(self) -> None:
        """Put the fields that the form does not print on a sheet of their own."""
        sheet = self.book.create_sheet(phrase("sheet.fields", "zh"))
        left = [
            name
            for name in FIELDS
            if name not in (*HEAD, *self.form.texts.values(), "edition", SHAPE)
        ]
        self.field(sheet, 1, "edition", self.form.edition.label("edition"))
        for row, name in enumerate(left, 2):
            self.field(sheet, row, name, self.form.edition.label(name))
        _page(sheet, WIDTH)

    def english(self, grids: Mapping[str, Grid]) -> None:
        """
        Put the figures on a sheet with English labels; they follow those of the form. It is hidden,
        so that nobody prints it.
        """
        sheet = self.book.create_sheet(phrase("sheet.english", "en"))
        row = 1
        for section in self.form.sections:
            if section.id in self.form.texts:
                continue
            self.label(sheet, (row, 1), (row, 3), section.en, "section")
            for span in grids[section.zh].spans:
                if span.name:
                    row += 1
                    cell = self.form.cells[span.name]
                    self.value(sheet, (row, 1), cell.row.path.en, "label")
                    self.value(sheet, (row, 2), cell.column.en, "label")
                    place = f"'{self.sheet.title}'!{self.address(cell.id)}"
                    made = self.value(sheet, (row, 3), None, "note")
                    made.value = f'=IF({place}="","",{place})'
            row += 2
        sheet.protection.sheet = True
        sheet.sheet_state = "hidden"
        for letter, width in (("A", 70), ("B", 40), ("C", 16)):
            sheet.column_dimensions[letter].width = width

    def finish(self) -> None:
        """
        Limit what may be typed, lock all but the inputs (without a password), and set the page.
        """
        whole = {"type": "whole", "operator": "between", "formula2": str(MAX_COUNT)}
        kinds = {
            "count": {**whole, "formula1": "0"},
            "signed_count": {**whole, "formula1": str(-MAX_COUNT)},
            "amount": {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0"},
            "unit": {"type": "list", "formula1": '"元,万元"'},
        }
        for kind, places in self.inputs.items():
            error = phrase(f"sheet.{kind}", "zh")
            self.limit(self.sheet, {"error": error, **kinds[kind]}, places)
        _page(self.sheet, WIDTH)
        self.break_pages()
        for column in range(WIDTH + 1, WIDTH + 4):
            self.sheet.column_dimensions[_letter(column)].width = 2 * COLUMN
        self.book.calculation.fullCalcOnLoad = True

    def break_pages(self) -> None:
        """
        Begin a page before the table of applications, which nearly fills one, and before the texts
        behind it.
        """
        make = library("openpyxl.worksheet.pagebreak", "xlsx").Break
        applications = self.plan.tops[ids.table_of(CARRIED)]
        texts = [top for section, top in self.plan.tops.items() if section in self.form.texts]
        behind = min((top for top in texts if top > applications), default=applications)
        for top in {applications, behind}:
            self.sheet.row_breaks.append(make(id=top - 2))


def _letter(column: int) -> str:
    letter: str = library("openpyxl.utils", "xlsx").get_column_letter(column)
    return letter


def _pieces(text: str | None) -> list[str]:
    """Cut a text into what a row has room for: behind a sentence, and never at a space."""
    left = text or ""
    pieces = []
    while len(left) > LONGEST:
        ends = [
            match.end()
            for pattern in (r"[。；](?=\S)", r"\S(?=\S)")
            for match in re.finditer(pattern, left[: LONGEST + 1])
        ]
        sentences = [at for at in ends if left[at - 1] in "。；"]
        cut = max(sentences or ends, default=LONGEST)
        pieces.append(left[:cut])
        left = left[cut:]
    return [*pieces, left]


def _areas(addresses: Sequence[str]) -> Iterator[str]:
    """Return the cells to colour, in ranges as few as fit in one rule each."""
    for start in range(0, len(addresses), 30):
        yield " ".join(addresses[start : start + 30])


def _limit_of(field: str, choices: Mapping[str, str]) -> Mapping[str, str] | None:
    """Say what may be typed into a field; None for a text of any kind."""
    if choices:
        words = ",".join(choices.values())
        return {"type": "list", "formula1": f'"{words}"', "error": phrase("sheet.choice", "zh")}
    if field == "year":
        return None
    at_least = {"operator": "greaterThanOrEqual", "formula1": "0"}
    match FIELDS[field]:
        case "whole":
            return {"type": "whole", **at_least, "error": phrase("sheet.count", "zh")}
        case "amount":
            return {"type": "decimal", **at_least, "error": phrase("sheet.amount", "zh")}
        case _:
            return None


def _ranges(slots: Sequence[Slot]) -> Iterator[str]:
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
                last = f"{_letter(column + step[1] * count)}{row + step[0] * count}"
                yield f"{_letter(column)}{row}:{last}"
                break
        else:
            yield f"{_letter(column)}{row}"


def _page(sheet: Any, width: int) -> None:
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
    sheet.print_area = f"A1:{_letter(width)}{sheet.max_row}"
    sheet.oddFooter.center.text = "&P / &N"
    for column in range(1, width + 1):
        sheet.column_dimensions[_letter(column)].width = COLUMN


def _fill(colour: str) -> Any:
    return library("openpyxl.styles", "xlsx").PatternFill(
        bgColor=colour, fgColor=colour, fill_type="solid"
    )


def _dress(cell: Any, look: str) -> None:
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
