"""
What a person sees of a sheet counts, in workbooks of every kind: formats of numbers, what is struck
out, raised, hidden or white, formulas, pictures.
"""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from containers import compound
from office import convert
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color, Font, PatternFill
from programs import needs_office
from readings import Seen, left, seen

from govinfo_schema.documents.document import Aside, Document, Grid
from govinfo_schema.documents.formats import xlsx
from govinfo_schema.documents.formats.number_formats import figure_shown, text_shown
from govinfo_schema.errors import UnreadableFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"
ODF = "urn:oasis:names:tc:opendocument:xmlns"


# ---- formats of numbers -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "code", "text", "aside"),
    [
        ("29351", "General", "29351", None),
        ("29351", "0", "29351", None),
        ("29351", "#,##0", "29351", None),
        ("356.5", "0.00", "356.5", None),
        ("35", "0000", "35", None),
        ("-7", "0;[Red]-0", "-7", None),
        ("-7", "0", "-7", None),
        ("7", "_ * #,##0_ ;_ * -#,##0_ ", "7", None),
        ("22", '0"件"', "22件", None),
        ("22", "General件", "22件", None),
        ("22", 'G/通用格式"人"', "22人", None),
        ("35.6", '0.00"万元"', "35.60万元", None),
        ("1234.5", "[$¥-804]#,##0.00", "¥1,234.50", None),
        ("3.6", "0", "4", ("stored", "3.6")),
        ("-0.4", "0", "0", ("stored", "-0.4")),
        ("0.125", "0.00", "0.13", ("stored", "0.125")),
        ("0.05", "0%", "5%", ("stored", "0.05")),
        ("2.345", "0.0%", "234.5%", ("stored", "2.345")),
        ("91008257", "0!.0,", "9100.8", ("stored", "91008257")),
        ("91008257", "0!.0000", "9100.8257", ("stored", "91008257")),
        ("91008257", '0\\.0,"万"', "9100.8万", ("stored", "91008257")),
        ("35680000", "#,##0,", "35,680", ("stored", "35680000")),
        ("35680000", '0.00,,"百万"', "35.68百万", ("stored", "35680000")),
        ("35", '0"0"', "350", ("stored", "35")),
        ("-5", "0;(0)", "(5)", ("stored", "-5")),
        ("-5", "0;0", "5", ("stored", "-5")),
        ("1573179", "0.00E+00", "1.57E+06", ("stored", "1573179")),
        ("44", ";;;", "", ("hidden", "44")),
        ("0", "0;-0;;@", "", ("hidden", "0")),
        ("0", "#", "", ("hidden", "0")),
        ("0", '0;-0;"-"', "-", ("stored", "0")),
        ("0", '[=0]"无";General', "无", ("stored", "0")),
        ("8", '[=0]"无"', "8", None),
        ("8", '[=0]"无";General', "8", None),
        ("12345", '[>=10000]0!.0,"万";0', "1.2万", ("stored", "12345")),
        ("99", '[>=10000]0!.0,"万";0', "99", None),
        ("44", "[White]0", "", ("hidden", "44")),
        ("44", "[Color2]General", "", ("hidden", "44")),
        ("45677", 'yyyy"年"m"月"d"日"', "2025-01-20", None),
        ("1.5", "# ?/?", "1.5", ("field", "# ?/?")),
        ("123", "[DBNum2]General", "123", ("field", "[DBNum2]General")),
        ("123", "#,##0" * 60, "123", ("field", "#,##0" * 51)),
        ("123", "#" * 300_000, "123", ("field", "#" * 255)),
        ("-3", "[>5]0;0", "-3", ("field", "[>5]0;0")),
        ("-3", "yyyy-mm-dd", "-3", ("field", "yyyy-mm-dd")),
        ("未统计", "0%", "未统计", None),
    ],
)
def test_a_number_is_read_as_it_is_shown(
    stored: str, code: str, text: str, aside: tuple[str, str] | None
) -> None:
    """
    A number that its format shows as another one is what is shown, beside what is stored; a format
    that cannot be rendered is handed over with the number.
    """
    shown, asides = figure_shown(stored, code)
    assert (shown, [(each.kind, each.text) for each in asides]) == (text, [aside] if aside else [])


def test_a_text_is_read_as_it_is_shown() -> None:
    """Only the section for texts changes one."""
    hidden = ("", (Aside(kind="hidden", text="无"),))
    assert [text_shown("无", code) for code in (";;;", "0;0;0;[White]@")] == [hidden] * 2
    assert [text_shown("无", code)[0] for code in ("@", "0%", '"约"@', "General")] == [
        *("无", "无", "约无", "无")
    ]


# ---- Excel --------------------------------------------------------------------------------------

STYLES = f"""<styleSheet xmlns="{MAIN}">
<numFmts><numFmt numFmtId="164" formatCode=";;;"/>
<numFmt numFmtId="165" formatCode="0!.0,&quot;万&quot;"/></numFmts>
<fonts><font><color theme="1"/></font><font><strike/></font><font><vertAlign val="superscript"/>
</font><font><color rgb="FFFEFEFE"/></font><font><color theme="0"/></font>
<font><strike val="0"/><sz val="1"/></font></fonts>
<fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="solid">
<fgColor rgb="FF003366"/></patternFill></fill></fills>
<borders><border/></borders>
<cellXfs><xf/><xf fontId="1"/><xf fontId="2"/><xf fontId="3"/><xf fontId="4" fillId="1"/>
<xf numFmtId="9"/><xf numFmtId="164"/><xf numFmtId="165"/><xf fontId="5"/></cellXfs></styleSheet>"""
RUNS = (
    "<r><rPr><strike/></rPr><t>3</t></r><r><t>293</t></r><r><rPr><sz val='11'/></rPr><t>51</t></r>"
    "<r><rPr><vertAlign val='subscript'/></rPr><t>1</t></r>"
    "<r><rPr><color indexed='9'/></rPr><t>0</t></r>"
)


def book(
    path: Path,
    *sheets: str,
    strings: str = "",
    others: dict[str, str] | None = None,
    states: tuple[str, ...] = (),
    more: str = "",
) -> Path:
    """Make a workbook of sheets, each given as what stands in its root."""
    kinds = {"styles": STYLES, "sharedStrings": f'<sst xmlns="{MAIN}">{strings}</sst>'}
    tabs = "".join(
        f'<sheet name="表{at}" sheetId="{at}" r:id="r{at}" {"".join(states[at - 1 : at])}/>'
        for at in range(1, len(sheets) + 1)
    )
    relations = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{at}.xml"/>'
        for at in range(1, len(sheets) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{tabs}</sheets>{more}</workbook>',
        )
        file.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{relations}</Relationships>")
        for at, inner in enumerate(sheets, 1):
            sheet = f'<worksheet xmlns="{MAIN}">{inner}</worksheet>'
            file.writestr(f"xl/worksheets/sheet{at}.xml", sheet)
        for name, inner in kinds.items():
            file.writestr(f"xl/{name}.xml", inner)
        for name, inner in (others or {}).items():
            file.writestr(name, inner)
    return path


def rows(*lines: str) -> str:
    """Make the rows of a sheet."""
    return f"<sheetData>{''.join(f'<row>{line}</row>' for line in lines)}</sheetData>"


def test_looks_of_cells_in_excel(tmp_path: Path) -> None:
    """
    Runs and cells that are struck out, raised, white on white, too small or hidden by their format
    are no part of the text; white on a dark ground is.
    """
    heads = "".join(f"<c><v>{column}</v></c>" for column in range(9))
    texts = f'<c t="s"><v>0</v></c><c t="inlineStr"><is>{RUNS}</is></c><c t="s" s="1"><v>1</v></c>'
    figures = "".join(f'<c s="{style}"><v>{40 + style}</v></c>' for style in range(9))
    strings = f"<si>{RUNS}</si><si><t>未</t></si>"
    path = book(tmp_path / "looks.xlsx", rows(heads, texts, figures), strings=strings)
    run = ("29351", ("struck", "3"), ("note_mark", "1"), ("hidden", "0"))
    assert seen(xlsx.read(path))[9:] == [
        *(run, run, ("", ("struck", "未")), *[("",)] * 6),
        *(("40",), ("", ("struck", "41")), ("", ("note_mark", "42")), ("", ("hidden", "43"))),
        *(("44",), ("4500%", ("stored", "45")), ("", ("hidden", "46"))),
        *(("0.0万", ("stored", "47")), ("", ("hidden", "48"))),
    ]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("<c><f>A1+1</f><v>8</v></c>", ("8",)),
        ("<c><f>A1+1</f></c>", ("", ("formula", "=A1+1"))),
        ("<c><f>A1+1</f><v></v></c>", ("", ("formula", "=A1+1"))),
        ('<c t="str"><f>A1</f></c>', ("", ("formula", "=A1"))),
        ('<c t="str"><f>A1</f><v>八</v></c>', ("八",)),
        ('<c t="shared"><f t="shared" si="0"/><v/></c>', ("", ("formula", "="))),
        ('<c><f t="array" ref="B1:B2">SUM(A1:A2)</f></c>', ("", ("formula", "=SUM(A1:A2)"))),
        ('<c t="s"><v>99</v></c>', ("", ("field", "99"))),
        ('<c t="inlineStr"><v>92</v></c>', ("92",)),
        ('<c t="e"><f>A1/0</f><v>#DIV/0!</v></c>', ("#DIV/0!",)),
        ('<c t="e" vm="1"><v>#VALUE!</v></c>', ("", ("picture", ""))),
        (
            '<c t="str"><f>_xlfn.DISPIMG("ID_7",1)</f><v>=DISPIMG("ID_7",1)</v></c>',
            ("", ("picture", '=_xlfn.DISPIMG("ID_7",1)')),
        ),
    ],
)
def test_formulas_and_pictures_in_cells(cell: str, shown: Seen, tmp_path: Path) -> None:
    """A formula is what it last showed; one that was never worked out, and a picture, is named."""
    heads = "<c><v>7</v></c><c><v>5</v></c>"
    path = book(tmp_path / "formula.xlsx", rows(heads, f"<c><v>6</v></c>{cell}"))
    assert seen(xlsx.read(path)) == [("7",), ("5",), ("6",), shown]


def test_zero_that_a_program_wrote_for_a_formula(tmp_path: Path) -> None:
    """In a workbook that is to be worked out when it is opened, the zero of a formula is none."""
    cells = "<c><v>0</v></c><c><f>A1+1</f><v>8</v></c><c><f>A1+1</f><v>0</v></c>"
    path = book(
        tmp_path / "zero.xlsx",
        rows("<c><v>7</v></c>" * 3, cells),
        more='<calcPr calcId="124519" fullCalcOnLoad="1"/>',
    )
    assert seen(xlsx.read(path))[3:] == [("0",), ("8",), ("", ("formula", "=A1+1"))]


def test_zeros_that_a_sheet_does_not_show(tmp_path: Path) -> None:
    """Where a sheet shows no zeros, none is read."""
    view = '<sheetViews><sheetView showZeros="0"/></sheetViews>'
    lines = rows("<c><v>7</v></c><c><v>5</v></c>", "<c><v>8</v></c><c><v>0</v></c>")
    path = book(tmp_path / "zeros.xlsx", view + lines)
    assert seen(xlsx.read(path)) == [("7",), ("5",), ("8",), ("", ("hidden", "0"))]


def test_pictures_over_cells(tmp_path: Path) -> None:
    """
    A picture, and what is written in a shape, stands beside the cell in which it begins, whichever
    part of a merged cell that is; a line does not.
    """
    inner = {
        (0, 1): "<x:pic/>",
        (1, 1): "<x:sp><a:t>改为</a:t><a:t>58</a:t></x:sp>",
        (2, 0): "<x:cxnSp/>",
        (9, 9): "<x:pic/>",
    }
    anchors = "".join(
        f"<x:twoCellAnchor><x:from><x:col>{column}</x:col><x:row>{row}</x:row></x:from>{drawn}"
        "</x:twoCellAnchor>"
        for (row, column), drawn in inner.items()
    )
    others = {
        "xl/drawings/drawing1.xml": f'<x:wsDr xmlns:x="{DRAWING}/spreadsheetDrawing" '
        f'xmlns:a="{DRAWING}/main">{anchors}</x:wsDr>',
        "xl/worksheets/_rels/sheet1.xml.rels": f'<Relationships><Relationship Id="r1" '
        f'Type="{OFFICE}/drawing" Target="../drawings/drawing1.xml"/></Relationships>',
    }
    lines = rows("<c><v>7</v></c><c><v>8</v></c>", "<c/>", "<c><v>9</v></c><c><v>6</v></c>")
    merged = '<mergeCells><mergeCell ref="B1:B2"/></mergeCells>'
    document = xlsx.read(book(tmp_path / "drawn.xlsx", lines + merged, others=others))
    assert seen(document) == [
        *(("7",), ("8", ("picture", ""), ("picture", "改为58")), ("",), ("9",), ("6",))
    ]
    assert left(document) == [("picture", "", "xl/worksheets/sheet1.xml#J10")]


def test_rows_and_columns_without_size_are_hidden(tmp_path: Path) -> None:
    """A row without height and a column without width are not shown."""
    columns = '<cols><col min="2" max="2" width="0"/></cols>'
    data = "<c><v>{0}1</v></c><c><v>{0}2</v></c><c><v>{0}3</v></c>"
    lines = f"<row>{data.format(1)}</row><row ht='0'>{data.format(2)}</row>"
    path = book(tmp_path / "flat.xlsx", f"{columns}<sheetData>{lines}</sheetData>")
    (shown, hidden) = (block for block in xlsx.read(path).blocks if isinstance(block, Grid))
    assert [span.text for span in shown.spans] == ["11", "13"]
    assert hidden.hidden
    assert [span.text for span in hidden.spans] == ["21", "22", "23"]


def test_hidden_sheet_that_is_too_large(tmp_path: Path) -> None:
    """A hidden sheet with more cells than a report can have is named; the others are read."""
    pair, many = rows("<c><v>7</v></c><c><v>8</v></c>"), rows(*["<c><v>1</v></c>" * 1000] * 101)
    document = xlsx.read(book(tmp_path / "large.xlsx", pair, many, states=("", 'state="hidden"')))
    assert seen(document) == [("7",), ("8",)]
    assert [(aside.text, aside.place.sheet) for aside in document.asides] == [("表2", "表2")]
    with pytest.raises(UnreadableFile, match="more than 100,000 cells"):
        xlsx.read(book(tmp_path / "large.xlsx", pair, many))


def test_sheets_are_called_by_their_names(tmp_path: Path) -> None:
    """Where several sheets are shown, each table has the name of its sheet for a caption."""
    pair = rows("<c><v>7</v></c><c><v>8</v></c>")
    two = xlsx.read(book(tmp_path / "two.xlsx", pair, pair)).blocks
    assert [block.caption for block in two if isinstance(block, Grid)] == ["表1", "表2"]
    (one,) = xlsx.read(book(tmp_path / "one.xlsx", pair)).blocks
    assert isinstance(one, Grid)
    assert one.caption == ""


def test_properties_of_a_workbook(tmp_path: Path) -> None:
    """Title and company are among the properties; one that is damaged is none."""
    parts = {
        "docProps/core.xml": '<c xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title> 年报 '
        "</dc:title></c>",
        "docProps/app.xml": '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/'
        '2006/extended-properties"><Company>青川县</Company></Properties>',
    }
    path = book(tmp_path / "about.xlsx", rows("<c><v>7</v></c>"), others=parts)
    assert xlsx.read(path).properties == (("title", "年报"), ("Company", "青川县"))
    assert xlsx.read(path).title == "年报"
    parts["docProps/app.xml"] = "<Properties>"
    path = book(tmp_path / "about.xlsx", rows("<c><v>7</v></c>"), others=parts)
    assert xlsx.read(path).properties == (("title", "年报"),)


def test_named_cells_show_what_the_sheet_shows(tmp_path: Path) -> None:
    """A cell with a name shows what it shows in its table, and nothing if it is hidden."""
    names = "".join(f'<definedName name="n{at}">表1!$B${at}</definedName>' for at in range(1, 4))
    lines = (
        "<row><c><v>1</v></c><c t='inlineStr'><is>" + RUNS + "</is></c></row>"
        '<row><c><v>2</v></c><c s="5"><v>0.5</v></c></row>'
        '<row hidden="1"><c><v>3</v></c><c><v>58</v></c></row>'
    )
    path = book(
        tmp_path / "names.xlsx",
        f"<sheetData>{lines}</sheetData>",
        more=f"<definedNames>{names}</definedNames>",
    )
    document = xlsx.read(path)
    spans = {span.place.locator: span for span in grid(document).spans}
    first, second, third = document.named
    for span in (first, second):
        same = spans[span.place.locator]
        assert (span.text, span.asides) == (same.text, same.asides)
    assert (third.text, [(aside.kind, aside.text) for aside in third.asides]) == (
        "",
        [("hidden", "58")],
    )


def grid(document: Document) -> Grid:
    """Give the first grid of a document."""
    return next(block for block in document.blocks if isinstance(block, Grid))


# ---- OpenDocument -------------------------------------------------------------------------------


def opendocument(path: Path, tables: str, automatic: str = "", named: str = "") -> Path:
    """Make a workbook of OpenDocument."""
    names = " ".join(
        f'xmlns:{prefix}="{ODF}:{name}:1.0"'
        for prefix, name in {
            **{name: name for name in ("office", "table", "text", "style")},
            "draw": "drawing",
            "fo": "xsl-fo-compatible",
        }.items()
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        kind = "application/vnd.oasis.opendocument.spreadsheet"
        file.writestr("mimetype", kind, zipfile.ZIP_STORED)
        file.writestr(
            "styles.xml",
            f"<office:document-styles {names}><office:styles>{named}</office:styles>"
            "</office:document-styles>",
        )
        file.writestr(
            "content.xml",
            f"<office:document-content {names}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def style(name: str, *, parent: str = "", **properties: str) -> str:
    """Make a style of OpenDocument; of the names of properties ``_`` is the colon."""
    given = " ".join(
        f'{key.replace("__", ":").replace("_", "-")}="{value}"' for key, value in properties.items()
    )
    return (
        f'<style:style style:name="{name}" style:parent-style-name="{parent}">'
        f"<style:properties {given}/></style:style>"
    )


def number(stored: str, printed: str, of_style: str = "") -> str:
    """Make a cell of OpenDocument with a number."""
    styled = f'table:style-name="{of_style}"' if of_style else ""
    return (
        f'<table:table-cell {styled} office:value-type="float" office:value="{stored}">'
        f"<text:p>{printed}</text:p></table:table-cell>"
    )


def test_looks_of_cells_in_opendocument(tmp_path: Path) -> None:
    """
    What a cell is printed as counts, and what its styles, their parents and those of its column and
    of its text say of it.
    """
    automatic = (
        style("W", fo__color="#fdfdfd")
        + style("D", fo__color="#fdfdfd", fo__background_color="#003366")
        + style("S", parent="Struck")
        + style("T1", style__text_line_through_type="single")
        + style("T2", style__text_position="33% 58%")
        + style("R", style__row_height="0cm")
    )
    named = style("Struck", style__text_line_through_style="solid")
    cells = (
        number("29351", "29,351")
        + number("0.05", "5%")
        + number("44", "")
        + number("45", "45", "W")
        + number("46", "46", "D")
        + number("47", "47", "S")
        + '<table:table-cell office:value-type="string"><text:p><text:span text:style-name="T1">3'
        '</text:span>29351<text:span text:style-name="T2">1</text:span></text:p></table:table-cell>'
        '<table:table-cell table:formula="of:=[.A1]"/><table:table-cell><office:annotation><text:p>'
        "批注7</text:p></office:annotation><draw:frame><draw:image/></draw:frame></table:table-cell>"
        + number("48", "48")
    )
    columns = '<table:table-column table:number-columns-repeated="9"/>'
    columns += '<table:table-column table:default-cell-style-name="Struck"/>'
    flat = number("7", "7") + number("8", "8")
    closed = (
        f'<table:table-row-group table:display="false"><table:table-row>{flat}</table:table-row>'
    )
    table = (
        f'<table:table table:name="表">{columns}<table:table-row>{cells}</table:table-row>'
        f"<table:table-row>{number('6', '6', 'Plain') * 10}</table:table-row>"
        f'<table:table-row table:style-name="R">{flat}</table:table-row>'
        f"{closed}</table:table-row-group></table:table>"
    )
    document = xlsx.read(opendocument(tmp_path / "looks.ods", table, automatic, named))
    assert seen(document) == [
        *(("29351",), ("5%", ("stored", "0.05")), ("", ("hidden", "44"))),
        *(("", ("hidden", "45")), ("46",), ("", ("struck", "47"))),
        ("29351", ("struck", "3"), ("note_mark", "1")),
        *(("", ("formula", "of:=[.A1]")), ("", ("picture", "")), ("", ("struck", "48"))),
        *[("6",)] * 10,
        *(("7",), ("8",), ("7",), ("8",)),
    ]
    assert [block.hidden for block in document.blocks if isinstance(block, Grid)] == [False, True]
    assert grid(document).spans[3].place.locator == "content.xml#表!D1"


# ---- Excel up to 2003 ---------------------------------------------------------------------------


def record(kind: int, fields: str = "", *values: Any) -> bytes:
    """Make a record of an old workbook."""
    body = struct.pack(f"<{fields}", *values)
    return struct.pack("<HH", kind, len(body)) + body


def old(path: Path, first: bytes, cells: bytes) -> Path:
    """Make an old workbook of one sheet, with records before it and in it."""
    begin = record(0x809, "HHHHII", 0x600, 5, 0, 0, 0, 0) + first
    name = "表".encode("utf-16-le")
    start = len(begin) + 4 + 8 + len(name) + 4
    tab = record(0x85, f"IHBB{len(name)}s", start, 0, 1, 1, name) + record(0x0A)
    sheet = record(0x809, "HHHHII", 0x600, 0x10, 0, 0, 0, 0) + cells + record(0x0A)
    path.write_bytes(compound({"Workbook": (begin + tab + sheet).ljust(5000, b"\0")}))
    return path


def old_styles() -> bytes:
    """
    Make the records of looks: plain, struck, white, white on blue, per cent, hidden; and two texts,
    the second with runs, the table of texts cut in two within it.
    """
    fonts = b"".join(
        record(0x31, "HHHHHBBBBBB", 220, flags, colour, 400, position, 0, 0, 0, 0, 0, 0)
        for flags, colour, position in (*((0, 8, 0), (8, 8, 0), (0, 9, 0), (0, 8, 1), (8, 8, 0)),)
    )
    hidden = record(0x41E, "HHB3s", 164, 3, 0, b";;;")
    looks = b"".join(
        record(0xE0, "HHHBBBBIIH", font, code, 0, 0, 0, 0, 0, 0, (1 << 26) * bool(ground), ground)
        for font, code, ground in (
            *((0, 0, 0), (1, 0, 0), (2, 0, 0), (2, 0, 12), (0, 9, 0), (0, 164, 0)),
        )
    )
    plain = struct.pack("<HB2s", 2, 0, b"ok")
    rich = struct.pack("<HBH3s", 7, 8, 3, b"329")
    table = struct.pack("<II", 2, 2) + plain + rich
    rest = b"\1" + "3511".encode("utf-16-le") + struct.pack("<6H", 0, 5, 1, 0, 6, 3)
    return (
        fonts
        + hidden
        + looks
        + record(0xFC, f"{len(table)}s", table)
        + record(0x3C, f"{len(rest)}s", rest)
    )


def test_looks_of_cells_in_an_old_workbook(tmp_path: Path) -> None:
    """The records of an old workbook say how its cells look, and what rows and columns it hides."""
    cells = b"".join(record(0x203, "HHHd", 0, at, at, 40 + at) for at in range(6))
    cells += b"".join(record(0x203, "HHHd", 3, at, 0, 6) for at in range(6))
    cells += record(0xFD, "HHHI", 1, 0, 0, 0) + record(0xFD, "HHHI", 1, 1, 0, 1)
    cells += record(0xBD, "HHHiHiH", 1, 2, 1, (58 << 2) | 2, 0, (59 << 2) | 2, 3)
    cells += record(0x06, "HHHdHIH", 1, 4, 0, 0.0, 2, 0, 0)
    cells += record(0x203, "HHHd", 2, 0, 0, 7) + record(0x203, "HHHd", 2, 1, 0, 8)
    cells += record(0x208, "HHHHHHHH", 2, 0, 2, 300, 0, 0, 0x20, 0)
    cells += record(0x203, "HHHd", 0, 6, 0, 9) + record(0x7D, "HHHHHH", 6, 6, 2000, 0, 1, 0)
    document = xlsx.read(old(tmp_path / "old.xls", old_styles(), cells))
    assert seen(document) == [
        *(("40",), ("", ("struck", "41")), ("", ("hidden", "42")), ("43",)),
        *(("4400%", ("stored", "44")), ("", ("hidden", "45"))),
        *(("ok",), ("29351", ("struck", "3"), ("note_mark", "1")), ("", ("struck", "58"))),
        *(("59",), ("", ("formula", "")), ("",), *[("6",)] * 6, ("7",), ("8",)),
    ]
    assert left(document) == [("hidden", "9", "表!G1")]


@needs_office
@pytest.mark.parametrize("kind", ["xlsx:Calc MS Excel 2007 XML", "ods", "xls"])
def test_looks_saved_by_another_program(kind: str, tmp_path: Path) -> None:
    """What LibreOffice makes of a workbook in each of its formats shows the same."""
    made = openpyxl.Workbook()
    sheet: Any = made.active
    runs = CellRichText(
        TextBlock(InlineFont(strike=True), "3"),
        "29351",
        TextBlock(InlineFont(vertAlign="superscript"), "1"),
        TextBlock(InlineFont(color=Color("FFFFFFFF")), "0"),
    )
    for line in (range(1, 8), [runs, 41, 42, 43, 0.05, 45, "=A1+29350"]):
        sheet.append(list(line))
    sheet["B2"].font = Font(strike=True)
    sheet["C2"].font = Font(color="FFFFFFFF")
    sheet["D2"].font, sheet["D2"].fill = Font(color="FFFFFFFF"), PatternFill("solid", "FF003366")
    sheet["E2"].number_format, sheet["F2"].number_format = "0%", ";;;"
    other: Any = made.create_sheet("藏")
    other.append([7, 8])
    other.sheet_state = "hidden"
    source = tmp_path / "source"
    source.mkdir()
    made.save(source / "looks.xlsx")
    document = xlsx.read(convert([source / "looks.xlsx"], kind, tmp_path)["looks"])
    assert seen(document)[7:] == [
        ("29351", ("struck", "3"), ("note_mark", "1"), ("hidden", "0")),
        *(("", ("struck", "41")), ("", ("hidden", "42")), ("43",), ("5%", ("stored", "0.05"))),
        *(("", ("hidden", "45")), ("29351",), ("7",), ("8",)),
    ]
    assert [block.hidden for block in document.blocks if isinstance(block, Grid)] == [False, True]
