"""
Workbooks: reports in every kind of sheet, what stands in cells, what is hidden, and what is
hostile.
"""

from __future__ import annotations

import random
import re
import struct
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import corpus
import openpyxl
import pytest
from containers import compound
from office import convert
from openpyxl.styles import Border, Side
from programs import needs_office
from readings import agrees, shape
from reports import REPORTS

import govinfo_schema as gs
from govinfo_schema.documents.document import Document, Grid, Paragraph, Place
from govinfo_schema.documents.formats import docx, html, office, xls, xlsx
from govinfo_schema.documents.formats.compound import MAGIC, streams
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise import recognise
from govinfo_schema.errors import MissingLibrary, UnreadableFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = "urn:oasis:names:tc:opendocument:xmlns"
SIDE = Side(style="thin")
THIN = Border(left=SIDE, right=SIDE, top=SIDE, bottom=SIDE)
NOON = datetime(2025, 1, 20, 12)  # noqa: DTZ001 (a workbook knows no zones)


def save(document: Document, path: Path, *, bordered: bool, gaps: bool) -> Path:
    """
    Save a document as a workbook: each paragraph in a row merged across, figures as numbers, tables
    with or without borders.
    """
    book = openpyxl.Workbook()
    sheet: Any = book.active
    at = 1
    for block in document.blocks:
        if isinstance(block, Paragraph):
            sheet.cell(at, 1, block.text)
            sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=10)
            at += 1
            continue
        for span in block.spans:
            top, left, bottom, right = (
                at + span.row,
                1 + span.column,
                at + span.row + span.rows - 1,
                span.column + span.columns,
            )
            sheet.cell(top, left, typed(span.text))
            for row in range(top, bottom + 1 if bordered else 0):
                for column in range(left, right + 1):
                    sheet.cell(row, column).border = THIN
            sheet.merge_cells(start_row=top, end_row=bottom, start_column=left, end_column=right)
        at += block.height + gaps
    book.save(path)
    return path


def typed(text: str) -> str | int | float | None:
    """Make a number of a text that is one."""
    return (
        float(text)
        if re.fullmatch(r"-?[0-9]+\.[0-9]+", text)
        else int(text)
        if re.fullmatch("-?[0-9]+", text)
        else text or None
    )


def made(path: Path, cells: dict[str, Any], *, merged: tuple[str, ...] = ()) -> Path:
    """Make a workbook of a few cells."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for name, value in cells.items():
        sheet[name] = value
    for each in merged:
        sheet.merge_cells(each)
    book.save(path)
    return path


def raw(path: Path, rows: str, *, after: str = "", main: str = MAIN, **others: str) -> Path:
    """Make a workbook with the least that is needed around the rows of one sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        book = (
            f'<workbook xmlns="{main}" xmlns:r="{OFFICE}"><sheets><sheet name="表" sheetId="1" '
            'r:id="rId1"/></sheets></workbook>'
        )
        file.writestr("xl/workbook.xml", book)
        relation = (
            f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" '
            'Target="/xl/worksheets/sheet1.xml"/>'
        )
        file.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relation}</Relationships>")
        for name, inner in others.items():
            file.writestr(f"xl/{name}.xml", inner)
        file.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        )
    return path


def ods(path: Path, tables: str, styles: str = "") -> Path:
    """Make a workbook of OpenDocument."""
    names = " ".join(
        f'xmlns:{name}="{ODF}:{name}:1.0"' for name in ("office", "table", "text", "style")
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        body = f"<office:automatic-styles>{styles}</office:automatic-styles>"
        body += f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        file.writestr(
            "content.xml",
            f"<office:document-content {names} "
            f'xmlns:fo="{ODF}:xsl-fo-compatible:1.0">{body}</office:document-content>',
        )
    return path


def texts(path: Path) -> list[Any]:
    """Read a workbook and give what its blocks say."""
    return [shape(block) for block in xlsx.read(path).blocks]


def grids(document: Document) -> list[Any]:
    """Give the grids of a document: caption, whether hidden, and texts."""
    return [
        (block.caption, block.hidden, [span.text for span in block.spans])
        for block in document.blocks
        if isinstance(block, Grid)
    ]


def row(path: Path) -> list[str]:
    """Give the texts of the one grid of a workbook."""
    (block,) = xlsx.read(path).blocks
    assert isinstance(block, Grid)
    return [span.text for span in block.spans]


# ---- reports ------------------------------------------------------------------------------------


@pytest.mark.parametrize("gaps", [True, False], ids=["with empty rows", "without"])
@pytest.mark.parametrize("name", REPORTS)
def test_report_in_a_sheet(name: str, gaps: bool, tmp_path: Path) -> None:
    """
    Every known report in one sheet is read as what it is, empty cells too, whether or not empty
    rows part the tables.
    """
    path = save(layout(REPORTS[name]), tmp_path / "report.xlsx", bordered=True, gaps=gaps)
    assert xlsx.detect(path.read_bytes()[:65_536])
    agrees(xlsx.read(path), REPORTS[name])


@pytest.mark.parametrize("name", REPORTS)
def test_report_in_a_sheet_without_borders(name: str, tmp_path: Path) -> None:
    """Without borders every figure is read all the same."""
    reading = recognise(
        xlsx.read(save(layout(REPORTS[name]), tmp_path / "report.xlsx", bordered=False, gaps=False))
    )
    assert list(gs.walk(reading.report)) == list(gs.walk(REPORTS[name]))


@corpus.needs_corpus
@pytest.mark.parametrize("bordered", [True, False], ids=["with borders", "without"])
def test_real_reports_in_a_sheet(bordered: bool, tmp_path: Path) -> None:
    """Every real report in one sheet is read as what it is."""
    for report in corpus.real_reports().values():
        path = save(layout(report), tmp_path / "report.xlsx", bordered=bordered, gaps=bordered)
        assert list(gs.walk(recognise(xlsx.read(path)).report)) == list(gs.walk(report))


@needs_office
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
@pytest.mark.parametrize("pool", corpus.POOLS)
def test_workbook_of_another_program(pool: str, kind: str, tmp_path: Path) -> None:
    """Every report, opened and saved by LibreOffice, is read as what it is."""
    own = corpus.pool(pool)
    for name, report in own.items():
        save(layout(report), tmp_path / f"{name}.xlsx", bordered=True, gaps=True)
    found = convert(sorted(tmp_path.glob("*.xlsx")), kind, tmp_path)
    assert found.keys() == own.keys()
    for name, path in found.items():
        head = path.read_bytes()[:65_536]
        assert xlsx.detect(head)
        assert not docx.detect(head)
        agrees(xlsx.read(path), own[name])


@needs_office
@pytest.mark.parametrize("kind", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls"])
@pytest.mark.parametrize("pool", corpus.POOLS)
def test_workbook_made_of_a_page(pool: str, kind: str, tmp_path: Path) -> None:
    """Of a web page opened in a spreadsheet every figure is read."""
    own = corpus.pool(pool)
    for name, report in own.items():
        html.write(layout(report), tmp_path / f"{name}.html")
    found = convert(sorted(tmp_path.glob("*.html")), kind, tmp_path, "--infilter=HTML (StarCalc)")
    assert found.keys() == own.keys()
    for name, path in found.items():
        agrees(xlsx.read(path), own[name])


# ---- cells --------------------------------------------------------------------------------------


def test_values_are_read_as_they_are_printed(tmp_path: Path) -> None:
    """
    Whole numbers have no point, fractions no noise, days are written as ISO has them, truth in
    capitals.
    """
    values = [
        5.0,
        12.5,
        72701.2578,
        0.1 + 0.2,
        9007199254740991,
        -3,
        1e-05,
        date(2025, 1, 20),
        NOON,
        time(9, 5),
        True,
    ]
    path = made(
        tmp_path / "values.xlsx", {f"{chr(65 + at)}1": value for at, value in enumerate(values)}
    )
    assert row(path) == [
        *("5", "12.5", "72701.2578", "0.3", "9007199254740991", "-3", "0.00001"),
        *("2025-01-20", "2025-01-20 12:00:00", "09:05:00", "TRUE"),
    ]


@needs_office
@pytest.mark.parametrize("kind", ["xlsx", "ods", "xls"])
def test_values_of_formulas_are_read(kind: str, tmp_path: Path) -> None:
    """Of a formula the value counts; an error is its own text; all three kinds say the same."""
    source = tmp_path / "source"
    source.mkdir()
    cells = {
        "A1": "合计",
        "B1": "=1+2",
        "C1": "=1/0",
        "D1": '="甲"&"乙"',
        "E1": 0.25,
        "F1": "=1/4",
        "G1": date(2025, 1, 20),
        "H1": "一\n二",
    }
    path = convert([made(source / "formulas.xlsx", cells)], kind, tmp_path)["formulas"]
    assert row(path) == ["合计", "3", "#DIV/0!", "甲乙", "0.25", "0.25", "2025-01-20", "一\n二"]


def test_cells_as_programs_write_them(tmp_path: Path) -> None:
    """
    Texts in the cell or in the table of texts, in runs, with their sound; cells and rows without
    names; exponents; no numbers.
    """
    strings = (
        f'<sst xmlns="{MAIN}"><si><t>甲</t></si><si><r><t>乙</t></r><r><t>丙</t></r><rPh>'
        "<t>bing</t></rPh></si></sst>"
    )
    values = [
        ("s", 0),
        ("s", 1),
        ("str", "戊"),
        ("b", 0),
        ("e", "#REF!"),
        ("n", "1.573179E6"),
        ("n", "72701.257800000003"),
        ("d", "2025-01-20"),
    ]
    cells = (
        "".join(f'<c t="{kind}"><v>{value}</v></c>' for kind, value in values)
        + '<c t="inlineStr"><is><t>丁</t></is></c><c t="s"><v>9</v></c>'
    )
    path = raw(
        tmp_path / "cells.xlsx",
        f"<row>{cells}</row><row><c><v>7</v></c><c><v>x</v></c></row>",
        sharedStrings=strings,
    )
    shown = [
        "甲",
        "乙丙",
        "戊",
        "FALSE",
        "#REF!",
        "1573179",
        "72701.2578",
        "2025-01-20",
        "丁",
        "7",
        "x",
        *[""] * 7,
    ]
    assert texts(path) == [
        [(text, number // 9, number % 9, 1, 1) for number, text in enumerate(shown)]
    ]


def test_strict_workbook(tmp_path: Path) -> None:
    """A workbook in the strict form of the standard is read like any other."""
    path = raw(
        tmp_path / "strict.xlsx",
        "<row><c><v>1</v></c><c><v>2</v></c></row>",
        main="http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    with zipfile.ZipFile(path, "w") as file:
        for name, data in parts.items():
            file.writestr(
                name,
                data.replace(
                    OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
                ),
            )
    assert row(path) == ["1", "2"]


def test_what_stands_alone_is_text_and_what_stands_side_by_side_a_table(tmp_path: Path) -> None:
    """
    A text alone in its row is a paragraph with its lines; rows that stand together are a grid;
    every text has its place.
    """
    cells = {
        "B2": "题",
        "B3": "一行\n又一行",
        "B5": "甲",
        "C5": "1",
        "B6": "乙",
        "C6": 2,
        "B8": "尾",
    }
    blocks = xlsx.read(made(tmp_path / "mixed.xlsx", cells)).blocks
    assert [shape(block) for block in blocks] == [
        *("题", "一行", "又一行"),
        *([("甲", 0, 0, 1, 1), ("1", 0, 1, 1, 1), ("乙", 1, 0, 1, 1), ("2", 1, 1, 1, 1)], "尾"),
    ]
    part = "xl/worksheets/sheet1.xml"
    assert blocks[1].place == Place(sheet="Sheet", row=3, column=2, locator=f"{part}#B3")  # type: ignore[union-attr]
    assert blocks[3].spans[3].place == Place(sheet="Sheet", row=6, column=3, locator=f"{part}#C6")  # type: ignore[union-attr]


def test_merged_cells(tmp_path: Path) -> None:
    """A merged range is one cell, wherever it reaches; what it hides is not read."""
    path = raw(
        tmp_path / "merged.xlsx",
        '<row r="1"><c r="A1" t="str"><v>甲</v></c><c r="B1"><v>9</v></c><c r="C1"><v>1</v></c>'
        "</row>"
        '<row r="2"><c r="C2"><v>2</v></c></row>',
        after='<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C2:$XFD$1048576"/><mergeCell '
        'ref="?"/></mergeCells>',
    )
    assert texts(path) == [[("甲", 0, 0, 2, 2), ("1", 0, 2, 1, 1), ("2", 1, 2, 1, 1)]]


def test_what_is_hidden_is_left_out(tmp_path: Path) -> None:
    """
    Hidden sheets, rows and columns are no part of what is shown: what stands side by side in them
    is a hidden table, the rest is named; a cell that is merged out of them is shown.
    """
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for name in ("A1", "B1", "C1", "A2", "B2", "C2", "A3", "B3", "C3"):
        sheet[name] = name
    sheet.merge_cells("A1:A3")
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["C"].hidden = True
    for state in ("hidden", "veryHidden"):
        other: Any = book.create_sheet(state)
        other["A1"], other["B1"], other["A3"], other.sheet_state = "密", 7, "秘", state
    book.save(tmp_path / "hidden.xlsx")
    document = xlsx.read(tmp_path / "hidden.xlsx")
    assert grids(document) == [
        ("", False, ["A1", "B1", "B3"]),
        ("", True, ["B2", "C2"]),
        ("hidden", True, ["密", "7"]),
        ("veryHidden", True, ["密", "7"]),
    ]
    assert [(aside.kind, aside.text) for aside in document.asides] == [
        *(("hidden", "C1"), ("hidden", "C3"), ("hidden", "秘"), ("hidden", "秘"))
    ]


def test_workbook_of_opendocument(tmp_path: Path) -> None:
    """
    Repeated, merged and covered cells, spaces and breaks, borders, hidden sheets, rows and columns
    of .ods.
    """
    styles = (
        '<style:style style:name="H"><style:table-properties table:display="false"/></style:style>'
        '<style:style style:name="B"><style:table-cell-properties fo:border="0.5pt solid #000"/>'
        "</style:style>"
    )
    cell = "table:table-cell"
    runs = '甲<text:s text:c="2"/>乙<text:line-break/>丙<text:span>丁</text:span>'
    cells = (
        f'<{cell} table:number-columns-spanned="2" table:number-rows-spanned="2">'
        f"<text:p>{runs}</text:p></{cell}>"
        "<table:covered-table-cell><text:p>不见</text:p></table:covered-table-cell>"
        f'<{cell} table:number-columns-repeated="2" office:value-type="float" '
        f'office:value="3.50"><text:p>4</text:p></{cell}>'
        f'<{cell} table:style-name="B"/><{cell} table:number-columns-repeated="16000"/>'
    )
    covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    hidden = f"<{cell}><text:p>藏</text:p></{cell}>"
    tables = (
        f"<table:table><table:table-header-rows><table:table-row>{cells}</table:table-row>"
        "</table:table-header-rows>"
        f'<table:table-row>{covered}<{cell} office:value-type="date" '
        'office:date-value="2025-01-20"/></table:table-row>'
        f'<table:table-row table:visibility="collapse">{hidden}</table:table-row>'
        f'<table:table-row table:number-rows-repeated="1048570"><{cell}/></table:table-row>'
        "</table:table>"
        f'<table:table table:style-name="H"><table:table-row>{hidden}</table:table-row>'
        "</table:table>"
    )
    document = xlsx.read(ods(tmp_path / "sheet.ods", tables, styles))
    assert [shape(block) for block in document.blocks] == [
        [
            *(
                ("甲  乙\n丙丁", 0, 0, 2, 2),
                ("4", 0, 2, 1, 1),
                ("4", 0, 3, 1, 1),
                ("", 0, 4, 1, 1),
            ),
            *(("2025-01-20", 1, 2, 1, 1), ("", 1, 3, 1, 1), ("", 1, 4, 1, 1)),
        ]
    ]


# ---- what is hostile or damaged -----------------------------------------------------------------


def refused(path: Path, reason: str) -> None:
    """Demand that a workbook is refused with a reason that ends with what to do."""
    with pytest.raises(UnreadableFile, match=reason) as caught:
        xlsx.read(path)
    assert caught.value.problem.zh


def test_million_cells_are_refused(tmp_path: Path) -> None:
    """A sheet of more cells than a report can have is refused, in either kind of file."""
    line = "<row>" + "<c><v>1</v></c>" * 1000 + "</row>"
    refused(raw(tmp_path / "cells.xlsx", line * 101), "more than 100,000 cells")
    refused(raw(tmp_path / "pieces.xlsx", line * 1000), "too large when unpacked")
    cell = (
        '<table:table-cell table:number-columns-repeated="16384"><text:p>1</text:p>'
        "</table:table-cell>"
    )
    table = (
        "<table:table><table:table-row "
        f'table:number-rows-repeated="1048576">{cell}</table:table-row></table:table>'
    )
    refused(ods(tmp_path / "cells.ods", table), "more than 100,000 cells")


def test_cells_far_apart_cost_nothing(tmp_path: Path) -> None:
    """Two cells at the ends of a sheet are two cells."""
    assert texts(made(tmp_path / "far.xlsx", {"A1": "甲", "XFD1048576": "乙"})) == ["甲", "乙"]


def test_large_merged_ranges(tmp_path: Path) -> None:
    """
    A merged range of billions of cells is cut to what is used, and refused where that is still too
    much.
    """
    everything = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    assert texts(raw(tmp_path / "merged.xlsx", "<row><c><v>1</v></c></row>", after=everything)) == [
        "1"
    ]
    far = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c>'
        "</row>"
    )
    refused(raw(tmp_path / "far.xlsx", far, after=everything), "more than 100,000 cells")
    rows = (
        f'<row r="{at}"><c r="A{at}"><v>1</v></c><c '
        f'r="{chr(65 + at % 26)}{chr(65 + at // 26)}{at}"><v>2</v></c></row>'
        for at in range(1, 600)
    )
    wide = "".join(rows)
    refused(raw(tmp_path / "wide.xlsx", wide), "more than 100,000 cells")


def test_zip_bombs_and_entities_are_refused(tmp_path: Path) -> None:
    """
    No part is unpacked further than a report is long, and none that declares entities is read.
    """
    refused(
        raw(tmp_path / "bomb.xlsx", f"<row><c><v>{'1' * 40_000_000}</v></c></row>"),
        "too large when unpacked",
    )
    refused(
        raw(tmp_path / "texts.xlsx", "", sharedStrings=" " * 40_000_000), "too large when unpacked"
    )
    declared = f'<!DOCTYPE x [<!ENTITY a "ha">]><sst xmlns="{MAIN}"><si><t>&a;</t></si></sst>'
    refused(raw(tmp_path / "entities.xlsx", "", sharedStrings=declared), "declares XML entities")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_workbook_cut_short_is_damaged(kept: float, tmp_path: Path) -> None:
    """A download that broke off is called damaged."""
    data = made(tmp_path / "whole.xlsx", {"A1": "甲"}).read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(data[: int(len(data) * kept)])
    refused(tmp_path / "cut.xlsx", "is damaged or cut short")


def test_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    """A zip without sheets in it is refused."""
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as file:
        file.writestr("xl/notes.txt", "一")
    refused(tmp_path / "other.xlsx", "is no workbook")
    with zipfile.ZipFile(tmp_path / "other.ods", "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    refused(tmp_path / "other.ods", "is no workbook")


# ---- Excel up to 2003 ---------------------------------------------------------------------------


def record(kind: int, body: bytes = b"") -> bytes:
    """Make a record of an old workbook."""
    return struct.pack("<HH", kind, len(body)) + body


def old(path: Path, *cells: bytes, first: bytes = b"") -> Path:
    """Make an old workbook of one sheet with these records."""
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)) + first
    name = "表".encode("utf-16-le")
    start = len(begin) + 4 + 8 + len(name) + 4
    book = begin + record(0x85, struct.pack("<IHBB", start, 0, 1, 1) + name) + record(0x0A)
    book += (
        record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))
        + b"".join(cells)
        + record(0x0A)
    )
    path.write_bytes(compound({"Workbook": book.ljust(5000, b"\x00")}))
    return path


def figure(at: int, column: int, value: float) -> bytes:
    """Make the record of a number."""
    return record(0x203, struct.pack("<HHHd", at, column, 0, value))


def test_old_workbook(tmp_path: Path) -> None:
    """Numbers of an old workbook are read at their places."""
    path = old(tmp_path / "old.xls", figure(0, 0, 5.0), figure(0, 1, 72701.2578))
    assert xlsx.detect(path.read_bytes())
    assert texts(path) == [[("5", 0, 0, 1, 1), ("72701.2578", 0, 1, 1, 1)]]


def test_old_workbook_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    """
    Two cells so far apart that the sheet between them would be laid out are refused before calamine
    sees them.
    """
    refused(
        old(tmp_path / "far.xls", figure(0, 0, 1), figure(65_535, 255, 2)),
        "more than 100,000 cells",
    )


@pytest.mark.parametrize("size", [(9, 2, 0, 2), (0, 1 << 31, 0, 9)], ids=["negative", "huge"])
def test_old_workbook_of_an_impossible_size_is_refused(
    size: tuple[int, ...], tmp_path: Path
) -> None:
    """A size that no sheet has is refused before calamine takes the memory for it."""
    stated = record(0x200, struct.pack("<IIHHH", *size, 0))
    refused(old(tmp_path / "size.xls", stated, figure(0, 0, 5.0)), "more than 100,000 cells")


def test_old_workbook_that_is_encrypted_or_none(tmp_path: Path) -> None:
    """
    An old workbook with a password is named, a new one too; one without sheets is none; one that is
    spoilt is damaged.
    """
    refused(
        old(tmp_path / "locked.xls", first=record(0x2F, b"\x00" * 50)), "protected by a password"
    )
    (tmp_path / "new.xls").write_bytes(compound({"EncryptedPackage": b"\x00" * 5000}))
    refused(tmp_path / "new.xls", "protected by a password")
    with pytest.raises(UnreadableFile, match="protected by a password"):
        office.read(tmp_path / "new.xls")
    (tmp_path / "none.xls").write_bytes(compound({"Pictures": b"\x00" * 5000}))
    refused(tmp_path / "none.xls", "is no workbook")
    (tmp_path / "spoilt.xls").write_bytes(compound({"Workbook": b"\x01" * 5000}))
    refused(tmp_path / "spoilt.xls", "is damaged")


def test_old_workbook_without_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without python-calamine the error says how to install it; a new workbook needs none."""
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)
    with pytest.raises(MissingLibrary, match=r"pip install python-calamine$"):
        xlsx.read(old(tmp_path / "old.xls", figure(0, 0, 5.0)))
    assert texts(made(tmp_path / "new.xlsx", {"A1": 5})) == ["5"]


@pytest.mark.parametrize("seed", range(80))
def test_damaged_workbook_never_ends_in_a_traceback(seed: int, tmp_path: Path) -> None:
    """Whatever bytes of a workbook are spoilt, it is read or refused."""
    dice = random.Random(seed)
    path = tmp_path / "spoilt"
    whole = (
        old(path, figure(0, 0, 5.0), figure(1, 2, 3.0))
        if seed % 2
        else made(path.with_suffix(".xlsx"), {"A1": "甲", "B1": 2})
    )
    data = bytearray(whole.read_bytes())
    for _ in range(dice.choice([1, 5, 50])):
        data[dice.randrange(len(data))] = dice.randrange(256)
    path.write_bytes(data)
    try:
        xlsx.read(path)
    except UnreadableFile as error:
        assert error.problem.en  # noqa: PT017


def test_streams_of_a_damaged_file() -> None:
    """A chain that runs in a circle ends, and what is no compound file has no streams."""
    data = compound({"Workbook": b"\x01" * 5000, "Other": b"\x02" * 4096})
    assert {name: len(stream) for name, stream in streams(data).items()} == {
        "Workbook": 5000,
        "Other": 4096,
    }
    table = len(data) - 512
    circle = data[:table] + struct.pack("<I", 0) + data[table + 4 :]
    assert len(streams(circle)["Workbook"]) == 512
    assert streams(data[:30]) == streams(b"PK") == streams(MAGIC + b"\xff" * 600) == {}
    assert xls.detect(data)
    assert not xls.detect(b"PK")


def test_long_texts_are_seen_whole(tmp_path: Path) -> None:
    """
    A text is cut into rows that are high enough for it and reads back as it was; an empty form has
    room for one, and its verdict is red only where a sum does not hold.
    """
    text = "\n".join("认真贯彻落实条例，" * size + "推进公开。" for size in (3, 29, 1, 64, 8)) * 4
    report = gs.replace(gs.generate(5), {"overview": text})
    gs.write(report, tmp_path / "a.xlsx")
    assert gs.read(tmp_path / "a.xlsx").report == report
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    pieces = [
        (str(cell.value), sheet.row_dimensions[cell.row].height)
        for cell in sheet["A"]
        if "贯彻" in str(cell.value)
    ]
    assert "".join(piece for piece, _ in pieces) == text
    assert len(pieces) > 1
    for piece, height in pieces:
        lines = sum(1 + len(line) // 47 for line in piece.split("\n"))
        assert 13 * lines <= height <= 409
    gs.write_form(tmp_path / "form.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "form.xlsx").worksheets[0]
    texts = {cell.row: str(cell.value) for cell in sheet["A"]}
    (row,) = [at for at, text in texts.items() if text.startswith("=IF(")]
    assert sheet.cell(row, 1).font.color is None
    assert any(f"A{row}" in str(each.sqref) for each in sheet.conditional_formatting)
