"""
Workbooks mended in place: only the figures change that shall, and what formulas make of them.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import convert
from programs import needs_office
from reports import as_any
from workbooks import report_book, summed

import govinfo_schema as gs
from govinfo_schema.documents.document import Place
from govinfo_schema.documents.formats import xlsx
from govinfo_schema.documents.formats.format import Amendment
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.report.access import form_of

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
SHEET = "xl/worksheets/sheet1.xml"
RECEIVED = "applications.received"
_CELL = re.compile(rb"<c [^>]*?(?:/>|>.*?</c>)", re.DOTALL)


def book(sheets: Mapping[str, str], *, book: str = "", prefix: str = "", **others: str) -> bytes:
    """Make a workbook with the least around the rows of some sheets, by their names."""
    out = io.BytesIO()
    space = f'xmlns:{prefix[:-1]}="{MAIN}"' if prefix else f'xmlns="{MAIN}"'
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        tabs = "".join(
            f'<{prefix}sheet name="{name}" sheetId="{at}" r:id="rId{at}"/>'
            for at, name in enumerate(sheets, 1)
        )
        root = f"<{prefix}sheets>{tabs}</{prefix}sheets>{book}"
        file.writestr(
            "xl/workbook.xml",
            f'<{prefix}workbook {space} xmlns:r="{OFFICE}">{root}</{prefix}workbook>',
        )
        relations = "".join(
            f'<Relationship Id="rId{at}" Type="{OFFICE}/worksheet" '
            f'Target="worksheets/sheet{at}.xml"/>'
            for at in range(1, len(sheets) + 1)
        )
        file.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        for name, content in others.items():
            file.writestr(f"xl/{name}.xml", content)
        for at, rows in enumerate(sheets.values(), 1):
            data = f"<{prefix}sheetData>{rows}</{prefix}sheetData>"
            file.writestr(
                f"xl/worksheets/sheet{at}.xml",
                f"<{prefix}worksheet {space}>{data}</{prefix}worksheet>",
            )
    return out.getvalue()


def ods(tables: str) -> bytes:
    """Make a workbook of OpenDocument."""
    spaces = " ".join(f'xmlns:{n}="{ODF}:{n}:1.0"' for n in ("office", "table", "text"))
    inner = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        file.writestr("mimetype", kind, zipfile.ZIP_STORED)
        content = f"<office:document-content {spaces}>{inner}</office:document-content>"
        file.writestr("content.xml", content)
    return out.getvalue()


def amended(data: bytes, *changes: tuple[str, str, str]) -> bytes:
    """Change texts of a workbook: place, what stands there, what shall stand there."""
    return xlsx.mend(data, [Amendment(Place(locator=at), old, new) for at, old, new in changes])


def part(data: bytes, name: str = SHEET) -> str:
    """Give the text of a part."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.read(name).decode()


def entries(data: bytes) -> dict[str, tuple[Any, ...]]:
    """Give what a zip says of each part, and what it holds."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        facts = ("date_time", "compress_type", "external_attr", "extra", "comment")
        return {
            each.filename: (*(getattr(each, fact) for fact in facts), file.read(each))
            for each in file.infolist()
        }


def wrong_cells(report: gs.Report, dice: random.Random) -> list[str]:
    """Choose one, two or three figures that nobody works out."""
    totals = form_of(report).totals
    cells = [cell for cell, value in gs.walk(report) if value is not None and cell not in totals]
    return dice.sample(cells, dice.randint(1, 3))


def spoilt(report: gs.Report, cells: Iterable[str], *, adds_up: bool) -> gs.Report:
    """Make figures wrong, and the totals with them where formulas work them out."""
    wrong = gs.replace(report, {cell: as_any(gs.get(report, cell)) + 7 for cell in cells})
    return summed(wrong) if adds_up else wrong


# ---- whole reports ------------------------------------------------------------------------------


@pytest.mark.parametrize("adds_up", [False, True], ids=["typed", "formulas"])
@pytest.mark.parametrize("seed", range(8))
def test_copy_reads_as_the_mended_report(seed: int, adds_up: bool, tmp_path: Path) -> None:
    """
    The copy of a workbook reads as the mended report; nothing in its zip changes but the part of
    the sheet, and there nothing but the cells of these figures and of the formulas above them.
    """
    dice = random.Random(seed)
    right = summed(gs.generate(seed, dice.choice(gs.editions)))
    cells = wrong_cells(right, dice)
    wrong = spoilt(right, cells, adds_up=adds_up)
    source = report_book(wrong, tmp_path / "report.xlsx", dice, adds_up=adds_up)
    target = tmp_path / "report.fixed.xlsx"
    assert gs.mend(source, {cell: gs.get(right, cell) for cell in cells}, target) == ()
    assert [*gs.walk(gs.read(target).report)] == [*gs.walk(right)]
    before, after = entries(source.read_bytes()), entries(target.read_bytes())
    assert [*before] == [*after]
    assert [name for name in before if before[name] != after[name]] == [SHEET]
    assert all(
        one[:-1] == other[:-1] for one, other in zip(before.values(), after.values(), strict=True)
    )
    old, new = (_CELL.split(each[SHEET][-1]) for each in (before, after))
    assert old == new
    pairs = zip(*(_CELL.findall(each[SHEET][-1]) for each in (before, after)), strict=True)
    changed = sum(one != other for one, other in pairs)
    differing = sum(one != other for one, other in zip(gs.walk(wrong), gs.walk(right), strict=True))
    assert changed == differing
    openpyxl.load_workbook(target)


@needs_office
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_copy_of_a_workbook_of_another_program(kind: str, tmp_path: Path) -> None:
    """
    Workbooks that LibreOffice saved are mended too; it opens the copies, and works out of them the
    values that were stored.
    """
    truths: dict[str, gs.Report] = {}
    changes: dict[str, dict[str, Any]] = {}
    for seed in range(20):
        dice = random.Random(seed)
        right = summed(gs.generate(seed, dice.choice(gs.editions)))
        cells = wrong_cells(right, dice)
        wrong = spoilt(right, cells, adds_up=seed % 2 == 1)
        name = f"report{seed}"
        report_book(wrong, tmp_path / f"{name}.xlsx", dice, adds_up=seed % 2 == 1)
        truths[name], changes[name] = right, {cell: gs.get(right, cell) for cell in cells}
    saved = convert(sorted(tmp_path.glob("*.xlsx")), kind, tmp_path)
    fixed = tmp_path / "fixed"
    fixed.mkdir()
    for name, path in saved.items():
        target = fixed / path.name
        assert gs.mend(path, changes[name], target) == ()
        assert [*gs.walk(gs.read(target).report)] == [*gs.walk(truths[name])]
        before, after = entries(path.read_bytes()), entries(target.read_bytes())
        assert [*before] == [*after]
        assert sum(before[name] != after[name] for name in before) == 1
    opened = convert(sorted(fixed.iterdir()), "xlsx" if kind == "ods" else "ods", fixed)
    assert opened.keys() == truths.keys()
    for name, path in opened.items():
        assert [*gs.walk(gs.read(path).report)] == [*gs.walk(truths[name])]


def test_locate_passes_over_totals_that_are_formulas(tmp_path: Path) -> None:
    """
    Where all totals are formulas, a wrong figure is among the explanations, alone, and the totals
    follow; without that knowledge it takes as many changes as there are totals above it.
    """
    right = summed(gs.generate(3, "2021"))
    cell = "applications.outcomes.granted.natural_person"
    wrong = spoilt(right, [cell], adds_up=True)
    path = report_book(wrong, tmp_path / "report.xlsx", random.Random(3), adds_up=True)
    reading = gs.read(path)
    assert reading.computed == form_of(right).totals.keys()
    explanations = gs.locate(reading.report, computed=reading.computed)
    (found,) = (each for each in explanations if each.apply(wrong) == right)
    assert found.causes == 1
    assert {each.cell for each in found.changes} - found.following == {cell}
    assert "用公式的合计" in found.message("2021")
    assert all(gs.check(each.apply(wrong)).ok for each in explanations)
    assert right not in [each.apply(wrong) for each in gs.locate(wrong)]


def test_formula_that_adds_up_wrongly_counts_as_typed() -> None:
    """A total that is a formula and no sum of its parts is what is wrong."""
    right = summed(gs.generate(3, "2021"))
    total = "applications.received.total"
    wrong = gs.replace(right, {total: as_any(gs.get(right, total)) + 1})
    explanation = gs.locate(wrong, computed=form_of(right).totals.keys())[0]
    assert [each.cell for each in explanation.changes] == [total]
    assert not explanation.following


# ---- cells --------------------------------------------------------------------------------------


def test_kinds_of_cells() -> None:
    """
    A number stays a number, with its style; a text that is a number stays a text; one in the shared
    table gets its own, with its runs; what formats put beside a number is none of it; cells and
    rows that are not there are put in their places.
    """
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>5</t></si><si><r><rPr><b/></rPr><t>12</t></r><r><t>（其中3）'
        "</t></r><rPh><t>5</t></rPh></si></sst>"
    )
    rows = (
        '<row r="1"><c r="A1" s="3"><v>5</v></c><c r="B1" t="s"><v>0</v></c>'
        '<c r="C1" s="1" t="s"><v>1</v></c><c r="D1" t="inlineStr"><is><t>5</t></is></c>'
        '<c r="F1" t="str"><v>5</v></c></row><row r="3"><c r="A3" s="2"/></row>'
    )
    data = book({"表": rows}, sharedStrings=strings)
    at = f"{SHEET}#".__add__
    copy = amended(
        data,
        *((at(name), "5", "7") for name in ("A1", "B1", "D1", "F1")),
        (at("C1"), "12（其中3）", "13（其中3）"),
        (at("E1"), "", "8"),
        (at("B2"), "", "9"),
        (at("A3"), "", "1"),
        (at("A4"), "", "无"),
    )
    assert part(copy) == part(data).replace(
        rows,
        '<row r="1"><c r="A1" s="3"><v>7</v></c><c r="B1" t="inlineStr"><is><t>7</t></is></c>'
        '<c r="C1" s="1" t="inlineStr"><is><r><rPr><b/></rPr><t>13</t></r><r><t>（其中3）</t></r>'
        '<rPh><t>5</t></rPh></is></c><c r="D1" t="inlineStr"><is><t>7</t></is></c>'
        '<c r="E1"><v>8</v></c><c r="F1" t="inlineStr"><is><t>7</t></is></c></row>'
        '<row r="2"><c r="B2"><v>9</v></c></row><row r="3"><c r="A3" s="2"><v>1</v></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>无</t></is></c></row>',
    )
    assert part(copy, "xl/sharedStrings.xml") == strings


def test_prefixed_names() -> None:
    """A part whose elements have a prefix keeps it."""
    rows = '<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c><x:v>5</x:v></x:c></x:row>'
    texts = f'<sst xmlns="{MAIN}"><si><t>5</t></si></sst>'
    copy = amended(
        book({"表": rows}, prefix="x:", sharedStrings=texts),
        (f"{SHEET}#A1", "5", "7"),
        (f"{SHEET}#B1", "5", "6"),
    )
    assert (
        '<x:c r="A1" t="inlineStr"><x:is><x:t>7</x:t></x:is></x:c><x:c><x:v>6</x:v></x:c>'
    ) in part(copy)


def test_text_that_is_not_there_is_refused() -> None:
    """Nothing is changed where another text stands."""
    data = book({"表": '<row r="1"><c r="A1"><v>5</v></c></row>'})
    for place, found in ((f"{SHEET}#A1", "6"), ("xl/other.xml#A1", "5"), (f"{SHEET}#?", "5")):
        with pytest.raises(UnreadableFile):
            amended(data, (place, found, "7"))


# ---- formulas -----------------------------------------------------------------------------------


def test_what_formulas_make_of_a_changed_cell() -> None:
    """
    Formulas that depend on a changed cell, also by others, by names, shared ones and on other
    sheets, get their new values; all others stay as they are.
    """
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><f>SUM(A1:B1)</f><v>3</v>'
        '</c><c r="D1"><f>VLOOKUP(9,E1:F9,2)</f><v>4</v></c></row>'
        '<row r="2"><c r="A2"><v>10</v></c><c r="B2"><v>20</v></c>'
        '<c r="C2"><f t="shared" ref="C2:C3" si="0">A2+B2</f><v>30</v></c></row>'
        '<row r="3"><c r="A3"><v>100</v></c><c r="B3"><v>200</v></c>'
        '<c r="C3" s="4"><f t="shared" si="0"/><v>300</v></c></row>'
    )
    other = (
        '<row r="1"><c r="A1"><f>\'一 表\'!C3*2</f><v>600</v></c><c r="B1" t="str">'
        '<f>IF(A1=600,"","差 "&amp;(A1-600))</f><v></v></c>'
        '<c r="C1"><f>甲+0.5</f><v>1.5</v></c></row>'
    )
    names = "<definedNames><definedName name=\"甲\">'一 表'!$A$1</definedName></definedNames>"
    data = book({"一 表": rows, "二": other}, book=names)
    copy = amended(data, (f"{SHEET}#A3", "100", "107"), (f"{SHEET}#A1", "1", "5"))
    assert part(copy) == part(data).replace("<v>100</v>", "<v>107</v>").replace(
        "<v>300</v>", "<v>307</v>"
    ).replace("<v>1</v>", "<v>5</v>").replace("<v>3</v>", "<v>7</v>")
    second = part(copy, "xl/worksheets/sheet2.xml")
    assert "<v>614</v>" in second
    assert "<v>差 14</v>" in second
    assert "<v>5.5</v>" in second
    assert part(copy, "xl/workbook.xml") == part(data, "xl/workbook.xml")


@pytest.mark.parametrize("settings", ["", '<calcPr calcId="1"/>', "<extLst/>"])
def test_value_that_cannot_be_worked_out_is_left_out(settings: str) -> None:
    """
    The value of a formula that nobody here knows goes, and the workbook is calculated when it is
    opened; one that depends on nothing that changes stays.
    """
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f>A1^2</f><v>1</v></c>'
        '<c r="C1"><f>B1+1</f><v>2</v></c><c r="D1"><f>NOW()</f><v>45000</v></c></row>'
    )
    copy = amended(book({"表": rows}, book=settings), (f"{SHEET}#A1", "1", "3"))
    assert '<c r="B1"><f>A1^2</f></c><c r="C1"><f>B1+1</f></c>' in part(copy)
    assert "<f>NOW()</f><v>45000</v>" in part(copy)
    assert part(copy, "xl/workbook.xml").count('fullCalcOnLoad="1"') == 1
    assert (
        "calcPr" in part(copy, "xl/workbook.xml").partition("</sheets>")[2].partition("<extLst")[0]
    )


def test_formula_stays_and_is_named(tmp_path: Path) -> None:
    """A figure that a formula works out is named and not overwritten; the file is the same."""
    report = summed(gs.generate(5, "2021"))
    path = report_book(report, tmp_path / "report.xlsx", random.Random(5), adds_up=True)
    total = "applications.received.total"
    (finding,) = gs.mend(path, {total: as_any(gs.get(report, total)) + 1}, tmp_path / "copy.xlsx")
    assert (finding.code, finding.cells) == ("R-FORMULA", (total,))
    assert (tmp_path / "copy.xlsx").read_bytes() == path.read_bytes()


# ---- OpenDocument -------------------------------------------------------------------------------


def test_total_that_no_program_calculated_is_named(tmp_path: Path) -> None:
    """A total that was worked out in reading is named as any other formula."""
    gs.write_form(tmp_path / "form.xlsx", "2021", year=2024, body="某市人民政府")
    filled = openpyxl.load_workbook(tmp_path / "form.xlsx")
    row = [cell for cell in form_of(gs.generate(1)).cells if cell.startswith(f"{RECEIVED}.")]
    for cell in row[:-1]:
        sheet, place = next(iter(filled.defined_names[f"govinfo.{cell}"].destinations))
        filled[sheet][place] = 2
    filled.save(tmp_path / "filled.xlsx")
    for values, total, named in (({row[-1]: 7}, 12, (row[-1],)), ({row[0]: 5}, 15, ())):
        findings = gs.mend(tmp_path / "filled.xlsx", values, tmp_path / "copy.xlsx")
        assert gs.get(gs.read(tmp_path / "copy.xlsx").report, row[-1]) == total
        assert [(each.code, each.cells) for each in findings] == (
            [("R-FORMULA", named)] if named else []
        )


@needs_office
@pytest.mark.full
@pytest.mark.parametrize("suffix", [".xls", ".et", ".bak"])
def test_old_workbook_is_refused(suffix: str, tmp_path: Path) -> None:
    """A workbook of the old kind cannot be changed in place, whatever its name, and says so."""
    gs.write(gs.generate(1), tmp_path / "report.xlsx")
    old = convert([tmp_path / "report.xlsx"], "xls", tmp_path)["report"].read_bytes()
    (tmp_path / f"report{suffix}").write_bytes(old)
    with pytest.raises(UnreadableFile, match=f"a {suffix} file cannot be changed in place"):
        gs.mend(tmp_path / f"report{suffix}", {f"{RECEIVED}.total": 7}, tmp_path / "copy.xls")
    assert not (tmp_path / "copy.xls").exists()


def test_cells_that_stand_for_several_are_split() -> None:
    """
    Of repeated rows and cells only the one changes that shall; formulas below it follow, the type
    of the file stays the first part, stored.
    """
    five = "<text:p>5</text:p></table:table-cell>"
    cell = 'office:value-type="float" office:value="5"'
    data = ods(
        '<table:table table:name="表"><table:table-row table:number-rows-repeated="4" table:x="1">'
        f'<table:table-cell table:number-columns-repeated="3" {cell}>{five}</table:table-row>'
        '<table:table-row><table:table-cell table:formula="of:=SUM([.A1:.C4])" '
        'office:value-type="float" office:value="60"><text:p>60</text:p></table:table-cell>'
        "</table:table-row></table:table>"
    )
    copy = amended(data, ("content.xml#表!B2", "5", "7"), ("content.xml#表!E2", "", "9"))
    whole = f'<table:table-cell table:number-columns-repeated="3" {cell}>{five}'
    rows = (
        f'<table:table-row table:x="1">{whole}</table:table-row>'
        f'<table:table-row table:x="1"><table:table-cell {cell}>{five}'
        '<table:table-cell office:value-type="float" office:value="7"><text:p>7</text:p>'
        f"</table:table-cell><table:table-cell {cell}>{five}<table:table-cell "
        'table:number-columns-repeated="1"/><table:table-cell office:value-type="float" '
        'office:value="9"><text:p>9</text:p></table:table-cell></table:table-row>'
        f'<table:table-row table:number-rows-repeated="2" table:x="1">{whole}</table:table-row>'
    )
    assert rows in part(copy, "content.xml")
    assert 'office:value="62"><text:p>62</text:p>' in part(copy, "content.xml")
    with zipfile.ZipFile(io.BytesIO(copy)) as file:
        first = file.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_texts_of_opendocument() -> None:
    """A text keeps its spans and comments; a formula that nobody here knows loses its value."""
    data = ods(
        '<table:table table:name="表"><table:table-row>'
        '<table:table-cell office:value-type="string"><office:annotation><text:p>5</text:p>'
        "</office:annotation><text:p>5<text:span>（其中3）</text:span></text:p></table:table-cell>"
        '<table:table-cell table:formula="of:=LEFT([.A1];1)" office:value-type="string">'
        "<text:p>5</text:p></table:table-cell></table:table-row></table:table>"
    )
    copy = part(amended(data, ("content.xml#表!A1", "5（其中3）", "6（其中3）")), "content.xml")
    assert "<text:p>5</text:p></office:annotation><text:p>6<text:span>（其中3）</text:span>" in copy
    assert '<table:table-cell table:formula="of:=LEFT([.A1];1)"></table:table-cell>' in copy
