"""
What a Word document shows and what it only holds: marks beside figures, hidden text, fields,
pictures, cells told by their widths, parts of other formats.
"""

from __future__ import annotations

import base64
import io
import random
import re
import zipfile
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import pytest
from office import convert
from programs import needs_office
from readings import all_right, shape
from word_files import MAIN, lists, numbered, p, tc, texts, w, with_parts, word

import govinfo_schema as gs
from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.formats import docx, office
from govinfo_schema.documents.formats.word_parts import MAX_PARTS
from govinfo_schema.documents.layout import layout

# ---- what stands in a cell and is no text -------------------------------------------------------


def r(text: str, properties: str = "") -> str:
    """Make a run of characters."""
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{escape(text)}</w:t></w:r>"


def field(code: str, result: str | None = None, form: str = "") -> str:
    """Make a field, with a result or without."""
    separate = "" if result is None else f"{char('separate')}{result}"
    return (
        f"{char('begin', form)}<w:r><w:instrText>{escape(code)}</w:instrText></w:r>{separate}"
        + (char("end"))
    )


def char(kind: str, inner: str = "") -> str:
    """Make the sign that begins a field, begins its result or ends it."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar></w:r>'


def drawing(inner: str, facts: str = "", *, behind: bool = False) -> str:
    """Make a drawing with what it says of itself."""
    return (
        f'<w:r><w:drawing><wp:anchor behindDoc="{int(behind)}"><wp:docPr id="1" {facts}/>{inner}'
        "</wp:anchor></w:drawing></w:r>"
    )


MARKED_STYLES = (
    f'<w:style w:type="paragraph" w:styleId="out"><w:rPr>{w("strike")}</w:rPr></w:style>'
    f'<w:style w:type="character" w:styleId="cut"><w:rPr>{w("strike")}</w:rPr></w:style>'
    f'<w:style w:type="character" w:styleId="cut2">{w("basedOn", "cut")}</w:style>'
    f'<w:style w:type="character" w:styleId="note"><w:rPr>{w("vertAlign", "superscript")}</w:rPr>'
    "</w:style>"
    '<w:style w:type="table" w:styleId="dark"><w:tblStylePr w:type="firstRow"><w:tcPr>'
    '<w:shd w:val="clear" w:fill="1F3864"/></w:tcPr></w:tblStylePr></w:style>'
    f'<w:style w:type="table" w:styleId="gone"><w:rPr>{w("vanish")}</w:rPr></w:style>'
)
LIGHT = '<w:color w:val="000000" w:themeColor="background1"/>'
ALTERNATIVES = (
    '<mc:AlternateContent><mc:Choice Requires="{}">{}</mc:Choice><mc:Fallback>{}</mc:Fallback>'
    "</mc:AlternateContent>"
)
WHITE = w("color", "FFFFFF")
PICTURE = "<a:graphic><pic:pic/></a:graphic>"
BOXED = f"<wps:txbx><w:txbxContent>{p('8')}</w:txbxContent></wps:txbx>"
FORM = "<w:ffData>{}</w:ffData>"
HINT = f"<w:sdt><w:sdtPr>{w('showingPlcHdr')}</w:sdtPr><w:sdtContent>{{}}</w:sdtContent></w:sdt>"
FRACTION = (
    "<m:oMathPara><m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t>"
    "</m:r></m:den></m:f></m:oMath></m:oMathPara>"
)
LETTERING = (
    '<w:r><w:pict><v:shape style="position:absolute; z-index:-2"><v:textpath string="2024"/>'
    "</v:shape></w:pict></w:r>"
)


@pytest.mark.parametrize(
    ("inner", "text", "asides"),
    [
        # struck out
        (r("3", w("strike")) + r("29351"), "29351", [("struck", "3")]),
        (r("3", w("dstrike", "true")) + r("29351"), "29351", [("struck", "3")]),
        (r("3", w("strike", "0")) + r("29351"), "329351", []),
        (r("3", w("rStyle", "cut")) + r("29351"), "29351", [("struck", "3")]),
        (r("3", w("rStyle", "cut2")) + r("4", w("strike")), "", [("struck", "34")]),
        (r("3", w("rStyle", "cut") + w("strike", "false")) + r("5"), "35", []),
        (f"<w:pPr>{w('pStyle', 'out')}</w:pPr>{r('3')}", "", [("struck", "3")]),
        (f"<w:pPr>{w('pStyle', 'out')}</w:pPr>{r('3', w('rStyle', 'cut'))}", "3", []),
        (f"<w:del><w:r><w:delText>3</w:delText></w:r></w:del>{r('7')}", "7", [("struck", "3")]),
        (f"<w:moveFrom>{r('3')}</w:moveFrom><w:ins>{r('7')}</w:ins>", "7", [("struck", "3")]),
        # marks of notes
        (r("29351") + r("2", w("vertAlign", "superscript")), "29351", [("note_mark", "2")]),
        (r("29351") + r("2", w("rStyle", "note")), "29351", [("note_mark", "2")]),
        (r("7", w("vertAlign", "subscript")), "", [("note_mark", "7")]),
        (r("7", w("vertAlign", "baseline")), "7", []),
        (r("29351") + r("2", w("position", 8)), "29351", [("note_mark", "2")]),
        (r("29351") + r("2", w("position", 3) + w("sz", 12)), "29351", [("note_mark", "2")]),
        (r("29", w("position", 8)) + r("351", w("position", 8)), "29351", []),
        (r("29351") + "<w:r><w:footnoteReference w:id='2'/></w:r>", "29351", [("note_mark", "1")]),
        (r("29351") + "<w:r><w:endnoteReference w:id='2'/></w:r>", "29351", [("note_mark", "i")]),
        (
            r("29351") + "<w:r><w:footnoteReference w:customMarkFollows='1'/><w:t>3</w:t></w:r>",
            "29351",
            [("note_mark", "3")],
        ),
        (r("面积5m") + r("2", w("vertAlign", "superscript")), "面积5m2", []),
        # hidden
        (r("3", w("vanish")) + r("5"), "5", [("hidden", "3")]),
        (r("3", w("webHidden")) + r("5"), "35", []),
        (r("3", w("specVanish")) + r("5"), "5", [("hidden", "3")]),
        (r("3", WHITE) + r("5"), "5", [("hidden", "3")]),
        (r("3", w("color", "FEFDFE")) + r("5"), "5", [("hidden", "3")]),
        (r("3", WHITE + '<w:shd w:val="clear" w:fill="C00000"/>'), "3", []),
        (r("3", WHITE + w("highlight", "red")), "3", []),
        (r("3", LIGHT) + r("5"), "5", [("hidden", "3")]),
        (r("3", LIGHT.replace("/>", ' w:themeShade="80"/>')) + r("5"), "35", []),
        (r("3", LIGHT + '<w:shd w:val="clear" w:fill="auto" w:themeFill="accent1"/>'), "3", []),
        (
            r("3", '<w:shd w:val="clear" w:fill="C00000" w:themeFill="light1"/>' + LIGHT),
            "",
            ["hidden"],
        ),
        (ALTERNATIVES.format("xyz", r("3"), r("5")), "5", []),
        (ALTERNATIVES.format("wps w14", r("3"), r("5")), "3", []),
        (r("3", '<w:color w:val="C00000"/><w:shd w:val="clear" w:fill="C00000"/>'), "", ["hidden"]),
        (f'<w:pPr><w:shd w:val="solid" w:color="000000"/></w:pPr>{r("3", WHITE)}', "3", []),
        (r("3", w("sz", 2)) + r("5", w("sz", 21)), "5", [("hidden", "3")]),
        # hints, fields, forms
        (
            HINT.format(r("0")),
            "",
            [("placeholder", "0")],
        ),
        (field("MACROBUTTON NoMacro 填1个数"), "", [("placeholder", "填1个数")]),
        (field("=SUM(ABOVE)", r("42")), "42", []),
        (field("=SUM(ABOVE)"), "", [("formula", "=SUM(ABOVE)")]),
        (field("=SUM(ABOVE)", r("!语法错误")), "", [("formula", "=SUM(ABOVE)")]),
        (f"<w:fldSimple w:instr=' =A1 '>{r('42')}</w:fldSimple>", "42", []),
        ("<w:fldSimple w:instr=' =A1 '/>", "", [("formula", "=A1")]),
        (field("IF 1=1 3", r("3")), "3", []),
        (
            char("begin") + field("REF A", r("6")) + char("separate") + r("7") + char("end"),
            "7",
            [("field", "6")],
        ),
        (char("begin") + r("5"), "", [("field", "5")]),
        (field("EQ \\o\\ac(○,1)") + r("5"), "5", [("note_mark", "\\o\\ac(○,1)")]),
        (field("EQ \\f(1,2)"), "", [("equation", "\\f(1,2)")]),
        (
            field(
                "FORMDROPDOWN",
                None,
                FORM.format(
                    f"<w:ddList>{w('result', 1)}{w('listEntry', 4)}{w('listEntry', 9)}</w:ddList>"
                ),
            ),
            "9",
            [],
        ),
        (
            field(
                "FORMTEXT",
                r("\u2002"),
                FORM.format(f"<w:textInput>{w('default', 6)}</w:textInput>"),
            ),
            "6",
            [],
        ),
        (
            field("FORMCHECKBOX", None, FORM.format(f"<w:checkBox>{w('checked')}</w:checkBox>")),
            "☑",
            [],
        ),
        # what may be a figure and is no text
        ("<m:oMath><m:r><m:rPr/><m:t>6</m:t></m:r></m:oMath>", "6", []),
        (f"<m:oMath><m:r><w:rPr>{w('strike')}</w:rPr><m:t>6</m:t></m:r></m:oMath>", "", ["struck"]),
        (
            FRACTION,
            "",
            [("equation", "12")],
        ),
        (drawing(PICTURE, 'descr="六"'), "", [("picture", "六")]),
        (drawing(PICTURE), "", [("picture", "")]),
        (drawing("<wps:wsp><wps:cNvCnPr/></wps:wsp>"), "", []),
        (drawing(BOXED), "8", []),
        (drawing(BOXED, 'hidden="1"'), "", [("hidden", "8")]),
        (f"<w:r><w:rPr>{w('vanish')}</w:rPr>{drawing(BOXED)[5:-6]}</w:r>", "", [("hidden", "8")]),
        (
            drawing(f'<a:bodyPr><a:prstTxWarp prst="textPlain"/></a:bodyPr>{BOXED}', behind=True),
            "",
            [("watermark", "8")],
        ),
        (
            LETTERING,
            "",
            [("watermark", "2024")],
        ),
        (
            "<w:r><w:object><o:OLEObject ProgID='Equation.DSMT4'/></w:object></w:r>",
            "",
            ["equation"],
        ),
        ("<w:r><w:sym w:font='Wingdings' w:char='F081'/></w:r>", "①", []),
        ("<w:r><w:sym w:font='Symbol' w:char='F036'/></w:r>", "6", []),
        ("<w:r><w:sym w:font='Logos' w:char='F036'/></w:r>", "", [("picture", "Logos F036")]),
    ],
)
def test_what_is_no_text_stands_beside_it(
    inner: str, text: str, asides: list[Any], tmp_path: Path
) -> None:
    """
    What is struck out, hidden, the mark of a note or a hint is not in the text of a cell but among
    its asides, as is what may be a figure and is no text.
    """
    table = f"<w:tbl><w:tr><w:tc><w:p>{inner}</w:p></w:tc>{tc('1')}</w:tr></w:tbl>"
    document = docx.read(word(tmp_path / "asides.docx", table, styles=MARKED_STYLES))
    span = document.blocks[0].spans[0]  # type: ignore[union-attr]
    found = [(aside.kind, aside.text) for aside in span.asides]
    assert span.text == text
    assert [kind if kind in asides else (kind, words) for kind, words in found] == asides
    assert all(aside.place == span.place for aside in span.asides)


MARKS = {
    "struck": (r("3", w("strike")), ""),
    "note_mark": ("", r("2", w("vertAlign", "superscript"))),
    "hidden": (r("4", w("vanish")), r("5", WHITE)),
}


@needs_office
@pytest.mark.parametrize("kind", ["docx:MS Word 2007 XML", "odt", "doc", "rtf"])
def test_marks_survive_another_program(kind: str, tmp_path: Path) -> None:
    """Marks beside figures are none of their digits in what LibreOffice makes of the document."""
    report = gs.replace(gs.generate(3), {"applications.received.natural_person": 29351})
    path = tmp_path / "marked.docx"
    docx.write(layout(report), path)
    figure = '<w:r><w:t xml:space="preserve">29351</w:t></w:r>'
    around = ["".join(each) for each in zip(*MARKS.values(), strict=True)]
    rewritten(path, lambda text: text.replace(figure, figure.join(around)))
    (made,) = convert([path], kind, tmp_path).values()
    document = (office if kind in ("odt", "doc", "rtf") else docx).read(made)
    (span,) = [
        span
        for block in document.blocks
        if isinstance(block, Grid)
        for span in block.spans
        if span.text == "29351"
    ]
    assert {aside.kind for aside in span.asides} == MARKS.keys()


def rewritten(path: Path, change: Callable[[str], str]) -> None:
    """Change the main part of a document."""
    with zipfile.ZipFile(path) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    parts["word/document.xml"] = change(parts["word/document.xml"].decode()).encode()
    with zipfile.ZipFile(path, "w") as file:
        for name, data in parts.items():
            file.writestr(name, data)


def test_background_of_cell_and_table_counts(tmp_path: Path) -> None:
    """White characters are read where a cell, a table or its style may put a colour behind them."""
    fill = '<w:shd w:val="clear" w:fill="{}"/>'
    cell = "<w:tr><w:tc><w:tcPr>{}</w:tcPr><w:p>{}</w:p></w:tc></w:tr>"
    white, six = r("5", WHITE), cell.format("", r("6"))
    body = "".join(
        f"<w:tbl><w:tblPr>{table}</w:tblPr>{cell.format(own, white)}{six}</w:tbl>"
        for table, own in (
            ("", fill.format("C00000")),
            (fill.format("C00000"), ""),
            (w("tblStyle", "dark"), ""),
            (fill.format("C00000"), fill.format("FFFFFF")),
            (w("tblStyle", "gone"), ""),
        )
    )
    document = docx.read(word(tmp_path / "white.docx", body, styles=MARKED_STYLES))
    assert [[span.text for span in grid.spans] for grid in document.blocks] == [  # type: ignore[union-attr]
        *(["5", "6"] for _ in range(3)),
        ["6"],
    ]
    assert [(aside.kind, aside.text) for aside in document.asides] == [
        *[("hidden", "5"), ("hidden", "5"), ("hidden", "6")],
    ]


def test_what_is_left_out_of_paragraphs_and_rows(tmp_path: Path) -> None:
    """Outside of cells, and of rows and cells that are not read, the document has the asides."""
    low = '<w:trPr><w:trHeight w:val="15" w:hRule="exact"/></w:trPr>'
    hidden = f"<w:tc><w:p>{r('去年', w('vanish'))}</w:p></w:tc>"
    body = (
        f"<w:p>{r('全年')}{r('35', w('strike'))}{r('53件')}{r('2', w('rStyle', 'note'))}</w:p>"
        f"{HINT.format(p('此处填写'))}"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{tc('删')}<w:tc>{numbered('4')}</w:tc></w:tr>"
        f"<w:tr>{low}{tc('低')}{tc('5')}</w:tr><w:tr>{hidden}{hidden}</w:tr>"
        f"<w:tr>{tc('甲')}{tc('9', '<w:cellDel/>')}{tc('6')}</w:tr>"
        f"<w:tr><w:tc>{numbered('乙')}</w:tc>{HINT.format(tc('7'))}</w:tr></w:tbl>"
    )
    numbering = lists(("decimal", "%1."))
    path = word(tmp_path / "left.docx", body, styles=MARKED_STYLES, numbering=numbering)
    document = docx.read(path)
    assert [shape(block) for block in document.blocks] == [
        "全年53件",
        [*[("甲", 0, 0, 1, 1), ("6", 0, 1, 1, 1)], ("1.乙", 1, 0, 1, 1), ("", 1, 1, 1, 1)],
    ]
    assert [(aside.kind, aside.text) for aside in document.asides] == [
        *[("struck", "35"), ("note_mark", "2"), ("placeholder", "此处填写")],
        *[("struck", "删\t4"), ("hidden", "低\t5"), ("hidden", "去年\t去年"), ("struck", "9")],
    ]
    assert document.asides[3].place.locator.endswith("/w:tbl[1]/w:tr[1]")
    last = document.blocks[1].spans[3]  # type: ignore[union-attr]
    assert [(aside.kind, aside.text) for aside in last.asides] == [("placeholder", "7")]


def test_text_of_a_cell_that_goes_on_is_hidden(tmp_path: Path) -> None:
    """What stands in a cell that continues another is not shown, and so becomes its aside."""
    body = (
        f"<w:tbl><w:tr>{tc('7', w('vMerge', 'restart'))}{tc('1')}</w:tr>"
        f"<w:tr>{tc('8', w('vMerge'))}{tc('2')}</w:tr></w:tbl>"
    )
    span = docx.read(word(tmp_path / "on.docx", body)).blocks[0].spans[0]  # type: ignore[union-attr]
    assert (span.text, span.rows) == ("7", 2)
    assert [(aside.kind, aside.text) for aside in span.asides] == [("hidden", "8")]


def test_number_of_a_list_is_no_digit_of_a_figure(tmp_path: Path) -> None:
    """
    In a cell the number that Word puts before a figure is an aside; before a label it stays, and so
    it does outside of tables.
    """
    cells = "".join(f"<w:tc>{numbered(text)}</w:tc>" for text in ("国家秘密", "5", "1,205件", ""))
    path = word(
        tmp_path / "numbers.docx",
        f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>{numbered('2024')}",
        numbering=lists(("decimal", "%1.")),
    )
    grid, paragraph = docx.read(path).blocks
    spans = grid.spans  # type: ignore[union-attr]
    assert [span.text for span in spans] == ["1.国家秘密", "5", "1,205件", ""]
    assert [[aside.text for aside in span.asides] for span in spans] == [[], ["2."], ["3."], ["4."]]
    assert shape(paragraph) == "5. 2024"


def test_fields_go_on_from_paragraph_to_paragraph(tmp_path: Path) -> None:
    """The code of a field is no text in the paragraphs that it goes on over either."""
    body = (
        f"<w:p>{char('begin')}<w:r><w:instrText>IF 1=1 </w:instrText></w:r>{r('甲')}</w:p>"
        f"{p('乙')}<w:p>{char('separate')}{r('丙')}</w:p><w:p>{r('丁')}{char('end')}{r('戊')}</w:p>"
    )
    assert texts(word(tmp_path / "fields.docx", body)) == ["丙", "丁戊"]
    broken = f"<w:p>{char('begin')}{r('甲')}</w:p>{p('乙')}"
    assert texts(word(tmp_path / "broken.docx", broken)) == ["乙"]


# ---- tables that are built in other ways --------------------------------------------------------


def test_table_of_one_cell_in_a_cell_is_that_cell(tmp_path: Path) -> None:
    """A figure in a table of its own, however deep, is the figure of the cell that holds it."""
    inner = "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl><w:p/>"
    struck = f"<w:p>{r('3', w('strike'))}{r('52')}</w:p>"
    cell = f"<w:tc>{inner.format(inner.format(struck))}</w:tc>"
    body = f"<w:tbl><w:tr>{tc('甲')}{cell}</w:tr><w:tr>{tc('乙')}{tc('64')}</w:tr></w:tbl>"
    (grid,) = docx.read(word(tmp_path / "nested.docx", body)).blocks
    spans = grid.spans  # type: ignore[union-attr]
    assert [span.text for span in spans] == ["甲", "52", "乙", "64"]
    assert [aside.text for aside in spans[1].asides] == ["3"]
    assert [span.place.table for span in spans] == [1] * 4


def wide(text: str, width: object, properties: str = "", unit: str = "dxa") -> str:
    """Make a cell of a width."""
    return tc(text, f'<w:tcW w:w="{width}" w:type="{unit}"/>{properties}')


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        # no spans: the widths say what is over what
        ([[("甲", 3600)], [("1", 900), ("2", 900), ("3", 900), ("4", 900)]], [[0], [0, 1, 2, 3]]),
        ([[("甲", 900), ("乙", 2710)], [("1", 895), ("2", 1800), ("3", 900)]], [[0, 1], [0, 1, 2]]),
        ([[("甲", 1800), ("乙", 900)], [("1", 900), ("2", 900), ("3", 900)]], [[0, 2], [0, 1, 2]]),
        # widths that say nothing: one after the other
        ([[("甲", 900), ("乙", 900)], [("1", 900), ("2", 900), ("3", 900)]], [[0, 1], [0, 1, 2]]),
        ([[("甲", 0), ("乙", 900)], [("1", 300), ("2", 300), ("3", 300)]], [[0, 1], [0, 1, 2]]),
    ],
)
def test_columns_are_told_by_widths(
    rows: list[list[tuple[str, int]]], columns: list[list[int]], tmp_path: Path
) -> None:
    """Where the spans of the rows do not agree, the widths of the cells tell the columns."""
    body = "".join(f"<w:tr>{''.join(wide(*cell) for cell in row)}</w:tr>" for row in rows)
    (grid,) = docx.read(word(tmp_path / "wide.docx", f"<w:tbl>{body}</w:tbl>")).blocks
    assert [[span.column for span in row] for row in grid.rows()] == columns  # type: ignore[union-attr]


def test_spans_that_agree_count_more_than_widths(tmp_path: Path) -> None:
    """Where all rows are over equally many columns, widths that contradict them change nothing."""
    body = (
        f"<w:tbl><w:tr>{wide('甲', 900, w('gridSpan', 2))}{wide('乙', 1800)}</w:tr>"
        f"<w:tr>{wide('1', 900)}{wide('2', 900)}{wide('3', 900)}</w:tr></w:tbl>"
    )
    (grid,) = docx.read(word(tmp_path / "agree.docx", body)).blocks
    assert [span.column for span in grid.spans] == [0, 2, 0, 1, 2]  # type: ignore[union-attr]


@pytest.mark.parametrize("spoil", ["gridSpan", "gridSpan vMerge"])
def test_report_without_spans_is_read_by_widths(spoil: str, tmp_path: Path) -> None:
    """A report whose file lost what says how cells are merged is read right all the same."""
    path = tmp_path / "report.docx"
    report = gs.generate(7)
    docx.write(layout(report), path)
    pattern = "|".join(f"<w:{name}[^>]*/>" for name in spoil.split())
    rewritten(path, lambda text: re.sub(pattern, "", text))
    all_right(path, report)


# ---- parts of other formats ---------------------------------------------------------------------


def test_parts_of_other_formats_are_read_in_their_place(tmp_path: Path) -> None:
    """
    A page, a page packed as mail, a text and another Word document are read where they stand, each
    table with a number and a place of its own.
    """
    page = "<html><meta charset=utf-8><p>{}<table><tr><td>{}<td>2</table></html>"
    mail = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        f"{page.format('乙', 5)}\n--x--\n"
    )
    inner = f"{p('丁')}<w:tbl><w:tr>{tc('7')}{tc('8')}</w:tr></w:tbl>"
    parts = {
        "a.html": page.format("甲", 3).encode(),
        "b.mht": mail.encode(),
        "c.txt": "丙".encode(),
        "d.docx": word(tmp_path / "inner.docx", inner).read_bytes(),
    }
    refer = '<w:altChunk r:id="r{}"/>'
    path = with_parts(
        tmp_path / "outer.docx",
        f"{p('始')}{''.join(refer.format(at) for at in (1, 2, 3, 4))}"
        f"<w:tbl><w:tr>{tc('9')}</w:tr></w:tbl>",
        parts,
    )
    document = docx.read(path)
    words = [shape(block) for block in document.blocks]
    assert [each for each in words if isinstance(each, str)] == ["始", "甲", "乙", "丙", "丁"]
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert [[span.text for span in grid.spans] for grid in grids] == [
        *[["3", "2"], ["5", "2"], ["7", "8"], ["9"]],
    ]
    assert [grid.spans[0].place.table for grid in grids] == [1, 2, 3, 4]
    inner_path = "word/document.xml#/w:document/w:body/w:tbl[1]/w:tr[1]/w:tc[1]"
    assert grids[2].spans[0].place.locator == f"word/d.docx!{inner_path}"
    assert document.asides == ()


def test_parts_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    """
    What is of another format, damaged, missing, in a part itself, or one too many is named, and the
    rest is read.
    """
    refer = '<w:altChunk r:id="r{}"/>'
    inner = with_parts(tmp_path / "inner.docx", p("内") + refer.format(1), {"x.txt": b"x"})
    parts = {"a.rtf": b"{\\rtf1 3}", "b.docx": b"PK\x03\x04", "c.docx": inner.read_bytes()}
    body = "".join(map(refer.format, (1, 2, 3, 9))) + '<w:subDoc r:id="r8"/>' + p("文")
    table = f"<w:tbl><w:tr>{tc('9')}</w:tr></w:tbl>"
    document = docx.read(with_parts(tmp_path / "outer.docx", body + table, parts))
    assert [shape(block) for block in document.blocks[:2]] == ["内", "文"]
    assert [(aside.kind, aside.text) for aside in document.asides] == [
        ("picture", name) for name in ("word/a.rtf", "word/b.docx", "word/x.txt", "r9", "r8")
    ]
    many = refer.format(1) * 50 + table
    document = docx.read(with_parts(tmp_path / "many.docx", many, {"a.txt": "文".encode()}))
    assert (len(document.blocks), len(document.asides)) == (MAX_PARTS + 1, 50 - MAX_PARTS)


def test_part_that_may_hold_the_tables(tmp_path: Path) -> None:
    """A document whose tables may stand in a part that is not read is refused with that."""
    path = with_parts(
        tmp_path / "a.docx", p("文") + '<w:altChunk r:id="r1"/>', {"a.rtf": b"{\\rtf1}"}
    )
    with pytest.raises(gs.UnreadableFile, match=r"word/a\.rtf.* save it anew as \.docx"):
        gs.read(path)


PARTS: dict[str, Callable[[gs.Report], bytes]] = {
    "a.html": lambda report: written(report, "html"),
    "gbk.htm": lambda report: (
        written(report, "html").decode().replace("utf-8", "gb2312").encode("gb18030")
    ),
    "wide.htm": lambda report: written(report, "html").decode().encode("utf-16"),
    "a.mht": lambda report: (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\n"
        b"Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(written(report, "html"))
        + b"\r\n--x--\r\n"
    ),
    "a.docx": lambda report: written(report, "docx"),
    "a.txt": lambda report: written(report, "md"),
}


def written(report: gs.Report, kind: str) -> bytes:
    """Write a report as a document."""
    target = io.BytesIO()
    gs.write(report, target, format=kind)
    return target.getvalue()


@pytest.mark.parametrize("edition", gs.editions)
@pytest.mark.parametrize("seed", range(20))
def test_report_in_a_part_of_another_format(
    seed: int, edition: gs.EditionName, tmp_path: Path
) -> None:
    """A report that stands in a part of its own is read whole, whatever the format of the part."""
    dice = random.Random(seed)
    report = gs.generate(seed, edition)
    name = [*PARTS][seed % len(PARTS)]
    around = ("", p("某机关办公室")), (p("（此页无正文）"), "")
    before, after = dice.choice(around)
    body = f'{before}<w:altChunk r:id="r1"/>{after}'
    path = with_parts(tmp_path / "a.docx", body, {name: PARTS[name](report)})
    reading = gs.read(path, year=report.year, body=report.body.name)
    assert dict(gs.walk(reading.report)) == dict(gs.walk(report))


def test_properties_name_no_persons(tmp_path: Path) -> None:
    """What a document says of itself is handed over, but not who wrote it."""
    import docx as python_docx

    made = python_docx.Document()
    core = made.core_properties
    core.title, core.subject, core.author, core.last_modified_by = "题", "年报", "某人", "某人"
    made.save(str(tmp_path / "made.docx"))
    properties = dict(docx.read(tmp_path / "made.docx").properties)
    assert properties["title"] == "题"
    assert properties["subject"] == "年报"
    assert properties["created"].startswith("20")
    assert "某人" not in properties.values()


def test_locators_find_their_cells(tmp_path: Path) -> None:
    """The locator of each cell leads to its element, in controls and in boxes too."""
    from lxml import etree

    table = f"<w:tbl><w:tr>{tc('{}')}</w:tr></w:tbl>"
    box = f"<wps:txbx><w:txbxContent>{p('')}{table.format('框')}</w:txbxContent></wps:txbx>"
    body = (
        f"{table.format('甲')}{p('')}<w:sdt><w:sdtContent>{p('')}{table.format('乙')}</w:sdtContent>"
        f"</w:sdt><w:p>{drawing('<wps:wsp/>')}{drawing(box)}</w:p>"
        f"<w:tbl><w:sdt><w:sdtContent><w:tr>{tc('丙')}<w:sdt><w:sdtContent>{tc('丁')}</w:sdtContent>"
        "</w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>"
    )
    path = word(tmp_path / "places.docx", body)
    spans = [
        span for block in docx.read(path).blocks if isinstance(block, Grid) for span in block.spans
    ]
    assert [span.text for span in spans] == ["甲", "乙", "框", "丙", "丁"]
    for span in spans:
        part, _, xpath = span.place.locator.partition("#")
        root = etree.fromstring(zipfile.ZipFile(path).read(part))
        cells: Any = root.xpath(xpath, namespaces={"w": MAIN})
        assert ["".join(cell.itertext()) for cell in cells] == [span.text]
