"""Workbooks that are one XML file: reports in them, what a person sees, and what is hostile."""

from __future__ import annotations

import html
import random
import re
from pathlib import Path

import pytest
from readings import agrees, left, seen
from reports import REPORTS

import govinfo_schema as gs
from govinfo_schema.documents.document import Grid, Paragraph
from govinfo_schema.documents.formats import spreadsheetml
from govinfo_schema.documents.layout import layout
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.files import format_of

MICROSOFT = "urn:schemas-microsoft-com:office"
HTML = "http://www.w3.org/TR/REC-html40"


def xml_book(inner: str, *, encoding: str = "utf-8", about: str = "") -> bytes:
    """Make a workbook that is one XML file."""
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<?mso-application progid="Excel.Sheet"?>\n'
        f'<Workbook xmlns="{MICROSOFT}:spreadsheet" xmlns:ss="{MICROSOFT}:spreadsheet" '
        f'xmlns:x="{MICROSOFT}:excel" xmlns:o="{MICROSOFT}:office" xmlns:html="{HTML}">{about}'
        f"{inner}</Workbook>"
    )
    return text.encode(encoding)


def xml_cell(text: str, kind: str = "Number", **attributes: object) -> str:
    """Make a cell of such a workbook."""
    given = " ".join(f'ss:{name}="{value}"' for name, value in attributes.items())
    return f'<Cell {given}><Data ss:Type="{kind}">{text}</Data></Cell>'


def xml_sheet(*lines: str, name: str = "表", before: str = "", after: str = "") -> str:
    """Make a sheet of such a workbook."""
    inner = "".join(f"<Row>{line}</Row>" for line in lines)
    return f'<Worksheet ss:Name="{name}"><Table>{before}{inner}</Table>{after}</Worksheet>'


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
@pytest.mark.parametrize("name", REPORTS)
def test_report_in_one_xml_file(name: str, encoding: str, tmp_path: Path) -> None:
    """A report is read out of such a workbook, whatever its encoding and the end of its name."""
    lines = []
    for block in layout(REPORTS[name]).blocks:
        if isinstance(block, Paragraph):
            lines.append(xml_cell(html.escape(block.text), "String"))
            continue
        lines += [
            "".join(
                xml_cell(
                    html.escape(span.text),
                    "Number" if span.text.isdigit() else "String",
                    Index=span.column + 1,
                    MergeDown=span.rows - 1,
                    MergeAcross=span.columns - 1,
                    StyleID="B",
                )
                for span in row
            )
            for row in block.rows()
        ]
    border = (
        '<Styles><Style ss:ID="B"><Borders><Border ss:LineStyle="Continuous"/></Borders></Style>'
        "</Styles>"
    )
    path = tmp_path / "report.xls"
    path.write_bytes(xml_book(border + xml_sheet(*lines), encoding=encoding))
    read = format_of(path).read_document
    assert read is spreadsheetml.read
    agrees(read(path), REPORTS[name])


@pytest.mark.parametrize("edition", gs.editions)
@pytest.mark.parametrize("seed", range(20))
def test_any_report_in_one_xml_file(seed: int, edition: gs.EditionName, tmp_path: Path) -> None:
    """Every figure is read, whatever a program leaves out or writes in another way."""
    dice = random.Random(seed)
    report = gs.generate(seed, edition)
    named = dice.choice((True, False))
    typed = dice.choice((["Number"], ["String"], ["Number", "String"]))
    empty = dice.choice(("left out", "without data", "with empty data"))
    sheets: list[list[str]] = [[]]
    for block in layout(report).blocks:
        if isinstance(block, Paragraph):
            sheets[-1].append(xml_cell(html.escape(block.text), "String"))
            continue
        for row in block.rows():
            line, column = "", 0
            for span in row:
                place: dict[str, object] = {"StyleID": "N" if is_figure(span.text) else "B"}
                if named or span.column != column:
                    place["Index"] = span.column + 1
                if span.rows > 1 or span.columns > 1:
                    place |= {"MergeDown": span.rows - 1, "MergeAcross": span.columns - 1}
                elif not span.text and empty == "left out":
                    continue
                kind = dice.choice(typed) if is_figure(span.text) else "String"
                cell = xml_cell(html.escape(span.text), kind, **place)
                if not span.text and empty == "without data":
                    cell = cell.replace('<Data ss:Type="String"></Data>', "")
                line += cell
                column = span.column + span.columns
            sheets[-1].append(line)
        if dice.random() < 0.5:
            sheets.append([])
    code = dice.choice(("General", "#,##0", "0_ ", "@", "#,##0;[Red]-#,##0"))
    edge = '<Borders><Border ss:LineStyle="Continuous"/></Borders>'
    styles = (
        f'<Styles><Style ss:ID="B">{edge}</Style><Style ss:ID="N">{edge}'
        f'<NumberFormat ss:Format="{code}"/></Style></Styles>'
    )
    inner = "".join(xml_sheet(*sheet, name=f"表{at}") for at, sheet in enumerate(sheets))
    path = tmp_path / dice.choice(("report.xml", "report.xls"))
    path.write_bytes(xml_book(styles + inner, encoding=dice.choice(("utf-8", "gb18030", "utf-16"))))
    reading = gs.read(path, year=report.year, body=report.body.name)
    assert dict(gs.walk(reading.report)) == dict(gs.walk(report))


def is_figure(text: str) -> bool:
    """Whether a text is a whole number."""
    return re.fullmatch("-?[0-9]+", text) is not None


def test_looks_of_cells_in_one_xml_file(tmp_path: Path) -> None:
    """
    Marks within a text, styles with their parents, columns and sheets that are hidden: all is seen
    as Excel shows it.
    """
    styles = (
        '<Style ss:ID="S"><Font ss:StrikeThrough="1"/></Style>'
        '<Style ss:ID="C" ss:Parent="S"><Interior/></Style>'
        '<Style ss:ID="W"><Font ss:Color="#FFFFFF"/></Style>'
        '<Style ss:ID="D" ss:Parent="W"><Interior ss:Color="#003366" ss:Pattern="Solid"/></Style>'
        '<Style ss:ID="P"><NumberFormat ss:Format="Percent"/></Style>'
        '<Style ss:ID="T"><NumberFormat ss:Format="Short Date"/></Style>'
    )
    rich = (
        '<Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><S>3</S><B>293'
        '<Font html:Color="#FFFFFF">7</Font></B>51<Sup>1</Sup></ss:Data><Comment><ss:Data>批注8'
        "</ss:Data></Comment></Cell>"
    )
    line = (
        rich
        + xml_cell("41", StyleID="C")
        + xml_cell("42", StyleID="W")
        + xml_cell("43", StyleID="D")
        + xml_cell("0.05", StyleID="P")
        + xml_cell("2025-01-20T00:00:00.000", "DateTime", StyleID="T")
        + '<Cell ss:Formula="=RC[-1]+1"/>'
        + xml_cell("#REF!", "Error")
        + xml_cell("58")
    )
    columns = '<Column ss:Index="9" ss:Hidden="1"/>'
    options = "<x:WorksheetOptions><x:Visible>SheetVeryHidden</x:Visible></x:WorksheetOptions>"
    names = '<Names><NamedRange ss:Name="n" ss:RefersTo="=表!R2C2"/></Names>'
    about = "<o:DocumentProperties><o:Title>年报</o:Title></o:DocumentProperties>"
    whole = xml_book(
        f"<Styles>{styles}</Styles>{names}"
        + xml_sheet(line, xml_cell("6") * 8, before=columns)
        + xml_sheet(xml_cell("7") * 2, name="藏", after=options),
        about=about,
    )
    path = tmp_path / "looks.xml"
    path.write_bytes(whole)
    document = spreadsheetml.read(path)
    assert seen(document) == [
        ("29351", ("struck", "3"), ("hidden", "7"), ("note_mark", "1")),
        *(("", ("struck", "41")), ("", ("hidden", "42")), ("43",), ("5.00%", ("stored", "0.05"))),
        *(("2025-01-20",), ("", ("formula", "=RC[-1]+1")), ("#REF!",), *[("6",)] * 8),
        *(("7",), ("7",)),
    ]
    assert [block.hidden for block in document.blocks if isinstance(block, Grid)] == [False, True]
    assert left(document) == [("hidden", "58", "表!I1")]
    assert (document.title, document.named[0].text) == ("年报", "6")


@pytest.mark.parametrize(
    ("whole", "reason"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + xml_book("&b;"), "declares XML entities"),
        (xml_book("")[:-20], "is damaged"),
        (xml_book("<a/>" * 2_000_000), "too large when unpacked"),
        (xml_book(xml_sheet(*[xml_cell("1") * 1000] * 101)), "more than 100,000 cells"),
        (
            xml_book(xml_sheet(xml_cell("<html:B>" * 10**4 + "</html:B>" * 10**4, "String"))),
            "cells",
        ),
    ],
    ids=["entities", "cut short", "pieces", "cells", "nested"],
)
def test_hostile_xml_file_is_refused(whole: bytes, reason: str, tmp_path: Path) -> None:
    """Such a workbook is as safe to read as any other."""
    (tmp_path / "hostile.xml").write_bytes(whole)
    with pytest.raises(UnreadableFile, match=reason):
        spreadsheetml.read(tmp_path / "hostile.xml")
