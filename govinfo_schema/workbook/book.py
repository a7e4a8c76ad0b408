"""
The workbook in the making, put together with openpyxl.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.formats import library
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise.named import PREFIX
from govinfo_schema.findings import Equation
from govinfo_schema.form import ids
from govinfo_schema.form.forms import SHAPE, Form, adds_up_a_row
from govinfo_schema.form.parts import Cell
from govinfo_schema.messages import Label, phrase
from govinfo_schema.report.access import form_of
from govinfo_schema.report.model import Report
from govinfo_schema.report.record import FIELDS
from govinfo_schema.report.values import MAX_COUNT, words_of
from govinfo_schema.workbook.looks import COLUMN, areas, dress, fill_of, letter_of, ranges, set_page
from govinfo_schema.workbook.places import CARRIED, HEAD, WIDTH, Plan, Slot, columns_of, planned
from govinfo_schema.workbook.texts import put_text

LONGEST: Final = 900
"""The most characters of a text in a row, which is 409 points high at most; more go on below."""
CHARACTERS: Final = 40
"""So many characters of a text stand on one line of it at least."""
LINE: Final = 14
LEAST: Final = 8
"""The height of a line of text in points, and how many there is room for in an empty form."""
VALUES: Final = 5
"""The first column of the value of a field; its label stands before it."""
DAY: Final = 'yyyy"年"m"月"d"日"'
"""How a date is shown that somebody types."""


@attrs.define
class Book:
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
    plan: Plan = attrs.field(init=False)
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
        texts = {section: pieces_of(self.record[name]) for section, name in self.form.texts.items()}
        self.plan = planned(self.report, grids, self.sums, texts)
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
        dress(cell, look)
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
                dress(sheet.cell(row, column), look)
        if first != last:
            sheet.merge_cells(
                start_row=first[0], start_column=first[1], end_row=last[0], end_column=last[1]
            )

    def named(self, sheet: Any, slot: Slot, name: str) -> None:
        """Return a cell its hidden name."""
        place = f"'{sheet.title}'!${letter_of(slot[1])}${slot[0]}"
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
            columns = columns_of(self.form, section, grid)
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
        return f"{letter_of(column)}{row}"

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
                formula=[f"LEN(${letter_of(slot[1])}${slot[0]})>0"],
                fill=fill_of("FFC7CE"),
                stopIfTrue=False,
            )
            for area in areas([*left, *right]):
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
                f"(COUNT({','.join(ranges(cells))})<{len(cells)})"
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
        wrong_at = f"${letter_of(WIDTH + 1)}${row}"
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
                formula=[f"AND(COUNT({own},{before})=2,{own}<>{before})"], fill=fill_of("FFEB9C")
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
        set_page(sheet, WIDTH)

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
        set_page(self.sheet, WIDTH)
        self.break_pages()
        for column in range(WIDTH + 1, WIDTH + 4):
            self.sheet.column_dimensions[letter_of(column)].width = 2 * COLUMN
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


def pieces_of(text: str | None) -> list[str]:
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
