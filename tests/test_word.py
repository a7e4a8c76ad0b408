"""
Word documents: what is written reads back, what LibreOffice makes of it too, what Word can do to a
text, and what is hostile.
"""

from __future__ import annotations

import random
import struct
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import corpus
import deviations
import pytest
from containers import compound
from hypothesis import given, settings
from office import convert
from programs import needs_office
from readings import agrees, shape
from reports import EXAMPLES, REPORTS
from strategies import reports
from word_files import MAIN, lists, numbered, p, tc, texts, w, word

import govinfo_schema as gs
from govinfo_schema.documents.document import Document, Grid, Paragraph, Place, Span
from govinfo_schema.documents.formats import docx, html, office, package
from govinfo_schema.documents.formats.compound import MAGIC
from govinfo_schema.documents.grids import plain_grid
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise import recognise
from govinfo_schema.errors import UnreadableFile

TEMPLATE = corpus.CORPUS / "templates" / "template-2021-blank.docx"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


# ---- what is written reads back -----------------------------------------------------------------


@pytest.mark.parametrize("name", REPORTS)
def test_report_reads_back(name: str, tmp_path: Path) -> None:
    """
    Every known report, written and read, is the same report; its grids keep every merged cell.
    """
    document = layout(REPORTS[name])
    path = tmp_path / "report.docx"
    docx.write(document, path)
    read = docx.read(path)
    agrees(read, REPORTS[name])
    assert [shape(block) for block in read.blocks if isinstance(block, Grid)] == [
        shape(block) for block in document.blocks if isinstance(block, Grid)
    ]
    assert [(block.text, block.level) for block in read.blocks if isinstance(block, Paragraph)] == [
        (line.strip(), block.level)
        for block in document.blocks
        if isinstance(block, Paragraph)
        for line in block.text.splitlines()
    ]
    assert read.title == document.title
    assert docx.detect(path.read_bytes()[:65_536])


@corpus.needs_corpus
def test_real_reports_read_back(tmp_path: Path) -> None:
    """
    Every real report, written and read, is the same report, and of the same body where its title
    names another one.
    """
    path = tmp_path / "report.docx"
    for report in corpus.real_reports().values():
        untitled = gs.replace(report, {"title": None})
        docx.write(layout(untitled), path)
        agrees(docx.read(path), untitled)
        docx.write(layout(report), path)
        back = recognise(docx.read(path)).report
        assert (back.body.name, list(gs.walk(back))) == (report.body.name, list(gs.walk(report)))


@given(reports())
@settings(max_examples=40)
def test_any_report_reads_back(tmp_path_factory: pytest.TempPathFactory, report: gs.Report) -> None:
    """
    Any report, with blanks and extreme figures and whatever signs in its notes, reads back cell by
    cell.
    """
    plain = gs.replace(
        report, {"title": None, "overview": None, "problems": None, "other_matters.text": None}
    )
    path = tmp_path_factory.getbasetemp() / "any.docx"
    docx.write(layout(plain), path)
    reading = recognise(docx.read(path), year=report.year, body=report.body.name)
    assert list(gs.walk(reading.report)) == list(gs.walk(report))


@pytest.mark.parametrize("change", deviations.HARMLESS, ids=lambda change: change.__name__)
def test_deviation_is_kept(change: deviations.Change, tmp_path: Path) -> None:
    """A document that deviates is read out of Word as it is read itself."""
    report = gs.loads(EXAMPLES[-1].read_bytes())
    document = change(layout(report), random.Random(1))
    docx.write(document, tmp_path / "report.docx")
    reading = recognise(
        docx.read(tmp_path / "report.docx"), year=report.year, body=report.body.name
    )
    assert list(gs.walk(reading.report)) == list(gs.walk(report))


def test_same_document_is_the_same_bytes(tmp_path: Path) -> None:
    """Written twice, a document is the same file."""
    for name in ("one.docx", "two.docx"):
        docx.write(layout(REPORTS["blank"]), tmp_path / name)
    assert (tmp_path / "one.docx").read_bytes() == (tmp_path / "two.docx").read_bytes()


def test_signs_that_xml_has_no_place_for_are_left_out(tmp_path: Path) -> None:
    """Markup is text, control characters are left out, lines and tabs stay what they are."""
    document = Document(
        blocks=(
            Paragraph(text='<w:t>&amp;"一\x00\ufffe\t二'),
            plain_grid([(Place(), texts) for texts in [["1\n2", ' "<3']]]),
            plain_grid([(Place(), texts) for texts in [["4"]]]),
        ),
        title="甲&乙<\x01",
    )
    docx.write(document, tmp_path / "odd.docx")
    read = docx.read(tmp_path / "odd.docx")
    assert [shape(block) for block in read.blocks] == [
        '<w:t>&amp;"一\t二',
        [("1\n2", 0, 0, 1, 1), ('"<3', 0, 1, 1, 1)],
        [("4", 0, 0, 1, 1)],
    ]
    assert read.title == "甲&乙<"


def test_grid_with_holes_is_filled(tmp_path: Path) -> None:
    """Where a grid has no cell, or two on one place, the table still has one for each."""
    spans = (
        Span(text="甲", row=0, column=1, rows=2),
        Span(text="乙", row=1, column=1),
        Span(text="丙", row=2, column=0),
    )
    docx.write(Document(blocks=(Grid(spans=spans), Grid(spans=()))), tmp_path / "holes.docx")
    assert texts(tmp_path / "holes.docx") == [
        [
            ("", 0, 0, 1, 1),
            ("甲", 0, 1, 2, 1),
            ("", 1, 0, 1, 1),
            ("丙", 2, 0, 1, 1),
            ("", 2, 1, 1, 1),
        ]
    ]


def test_other_library_reads_what_is_written(tmp_path: Path) -> None:
    """
    python-docx finds the title, the styles of headings, the texts of all cells, and a head that is
    repeated.
    """
    import docx as python_docx

    document = layout(REPORTS["2024-hongze-quzhengfu"])
    docx.write(document, tmp_path / "report.docx")
    opened = python_docx.Document(str(tmp_path / "report.docx"))
    assert opened.core_properties.title == document.title
    assert [each.style and each.style.name for each in opened.paragraphs[:2]] == [
        "Heading 1",
        "Heading 2",
    ]
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    for table, block in zip(opened.tables, grids, strict=True):
        for span in block.spans:
            assert (
                table.cell(span.row + span.rows - 1, span.column + span.columns - 1).text
                == span.text
            )
    heads = [
        [bool(row._tr.xpath("w:trPr/w:tblHeader")) for row in table.rows].count(True)  # noqa: SLF001
        for table in opened.tables
    ]
    assert heads == [0, 3, 3]


def test_other_library_writes_what_is_read(tmp_path: Path) -> None:
    """Of a table that python-docx merged every cell is read once."""
    import docx as python_docx

    made = python_docx.Document()
    made.core_properties.title = "题"
    made.add_heading("一、总体情况", 2)
    table = made.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "甲"
    table.cell(0, 2).text = "乙"
    made.save(str(tmp_path / "made.docx"))
    read = docx.read(tmp_path / "made.docx")
    assert (read.title, read.blocks[0]) == (
        "题",
        Paragraph(text="一、总体情况", level=2, place=Place(line=1)),
    )
    assert shape(read.blocks[1]) == [
        *[("甲", 0, 0, 2, 2), ("乙", 0, 2, 1, 1), ("", 1, 2, 1, 1)],
        *[("", 2, 0, 1, 1), ("", 2, 1, 1, 1), ("", 2, 2, 1, 1)],
    ]


@corpus.needs_corpus
def test_template_as_wps_saves_it() -> None:
    """In the empty form as an office published it every cell is found, and every cell is blank."""
    reading = recognise(docx.read(TEMPLATE), year=2024, body="某市人民政府")
    assert len(reading.sources) == 200
    assert [cell for cell, value in gs.walk(reading.report) if value is not None] == []
    assert [(each.code, each.level) for each in reading.findings] == [("R-UNREAD", "info")]


# ---- what LibreOffice makes of it ---------------------------------------------------------------


@needs_office
@pytest.mark.parametrize("kind", ["docx:MS Word 2007 XML", "docx:Office Open XML Text"])
@pytest.mark.parametrize("pool", corpus.POOLS)
def test_word_document_of_another_program(pool: str, kind: str, tmp_path: Path) -> None:
    """Every report, opened and saved by LibreOffice, is read as what it is."""
    own = corpus.pool(pool)
    for name, report in own.items():
        docx.write(layout(report), tmp_path / f"{name}.docx")
    found = convert(sorted(tmp_path.glob("*.docx")), kind, tmp_path)
    assert found.keys() == own.keys()
    for name, path in found.items():
        agrees(docx.read(path), own[name])


@needs_office
@pytest.mark.parametrize("pool", corpus.POOLS)
def test_word_document_made_of_a_page(pool: str, tmp_path: Path) -> None:
    """Of a web page saved as .docx every figure is read."""
    own = corpus.pool(pool)
    for name, report in own.items():
        html.write(layout(report), tmp_path / f"{name}.html")
    found = convert(
        sorted(tmp_path.glob("*.html")),
        "docx:MS Word 2007 XML",
        tmp_path,
        "--infilter=HTML (StarWriter)",
    )
    assert found.keys() == own.keys()
    for name, path in found.items():
        agrees(docx.read(path), own[name])


@needs_office
@pytest.mark.parametrize("kind", ["odt", "doc", "rtf", "fodt"])
def test_document_for_an_office_program(kind: str, tmp_path: Path) -> None:
    """Reports of both editions are read out of .odt, .doc, .rtf and .fodt, two at a time."""
    for name in ("2019-shanghai-zhengfubangongting", "2024-hongze-quzhengfu"):
        docx.write(layout(REPORTS[name]), tmp_path / f"{name}.docx")
    found = convert(sorted(tmp_path.glob("*.docx")), kind, tmp_path)
    assert all(
        office.detect(path.read_bytes()[:65_536]) and not docx.detect(path.read_bytes()[:65_536])
        for path in found.values()
    )
    with ThreadPoolExecutor(2) as pool:
        for name, document in zip(found, pool.map(office.read, found.values()), strict=True):
            agrees(document, REPORTS[name])


@needs_office
def test_workbook_with_the_suffix_of_a_document(tmp_path: Path) -> None:
    """An Excel file called .doc is read as what it is."""
    (tmp_path / "table.csv").write_text("规章,2\n行政许可,3\n", encoding="utf-8")
    made = convert([tmp_path / "table.csv"], "xls", tmp_path, "--infilter=CSV:44,34,UTF8")["table"]
    made.rename(tmp_path / "table.doc")
    assert [shape(block) for block in office.read(tmp_path / "table.doc").blocks] == [
        [("规章", 0, 0, 1, 1), ("2", 0, 1, 1, 1), ("行政许可", 1, 0, 1, 1), ("3", 1, 1, 1, 1)]
    ]


# ---- without LibreOffice ------------------------------------------------------------------------


def test_missing_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where LibreOffice is not installed, the error says how to do without."""
    monkeypatch.setattr(office, "find", lambda: None)
    (tmp_path / "report.wps").write_bytes(rb"{\rtf1 }")
    with pytest.raises(
        UnreadableFile,
        match=r"\.wps files are read with the help of "
        r"LibreOffice, .* save it as \.docx, or install",
    ):
        office.read(tmp_path / "report.wps")


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("true", "LibreOffice cannot open it"),
        ("sleep", "longer than 0.1 seconds"),
        ("none", "LibreOffice cannot open it"),
    ],
)
def test_program_that_fails(
    program: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A program that writes nothing, takes too long or cannot be started makes the file unreadable,
    and does not go on running.
    """
    script = tmp_path / "soffice"
    if program != "none":
        script.write_text(
            f"#!/bin/sh\n{'sleep 30' if program == 'sleep' else 'true'}\n", encoding="utf-8"
        )
        script.chmod(0o755)
    monkeypatch.setattr(office, "find", lambda: str(script))
    monkeypatch.setattr(office, "TIMEOUT", 0.1 if program == "sleep" else 20)
    (tmp_path / "report.rtf").write_bytes(rb"{\rtf1 }")
    with pytest.raises(UnreadableFile, match=reason):
        office.read(tmp_path / "report.rtf")


# ---- what Word can do to a text -----------------------------------------------------------------


def test_what_a_person_sees_is_read(tmp_path: Path) -> None:
    """
    Insertions, controls, links, fields, breaks and tabs are text; deletions, hidden text and the
    codes of fields are not.
    """
    body = (
        "<w:p><w:ins><w:r><w:t>甲</w:t></w:r></w:ins><w:del><w:r><w:delText>乙</w:delText></w:r>"
        "</w:del>"
        "<w:moveFrom><w:r><w:t>丙</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>丁</w:t></w:r>"
        "</w:moveTo>"
        "<w:hyperlink><w:r><w:t>戊</w:t><w:tab/><w:t>己</w:t></w:r></w:hyperlink>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>庚</w:t></w:r><w:r><w:rPr><w:vanish w:val='0'/>"
        "</w:rPr><w:t>辛</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r><w:fldSimple><w:r><w:t>壬</w:t></w:r>"
        "</w:fldSimple>"
        "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent><w:r><w:t>癸</w:t></w:r>"
        "</w:sdtContent></w:sdt></w:p>"
        f"<w:sdt><w:sdtContent>{p('子')}<w:sdt><w:sdtContent>{p('丑')}</w:sdtContent></w:sdt>"
        "</w:sdtContent></w:sdt>"
        f"<w:customXml>{p('寅')}</w:customXml>"
        "<w:p><w:r><w:t>卯</w:t><w:br/><w:t>辰</w:t></w:r></w:p>"
        "<w:p><w:r><w:ruby><w:rt><w:r><w:t>sì</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>巳</w:t>"
        "</w:r></w:rubyBase></w:ruby></w:r></w:p>"
    )
    assert texts(word(tmp_path / "seen.docx", body)) == [
        "甲丁戊\t己辛壬癸",
        "子",
        "丑",
        "寅",
        "卯",
        "辰",
        "巳",
    ]


def test_text_boxes_are_read_once(tmp_path: Path) -> None:
    """
    The text of a box that stands in the file for new and for old programs is read once, behind the
    paragraph that it hangs on.
    """
    new = f"<w:drawing><wps:txbx><w:txbxContent>{p('框')}</w:txbxContent></wps:txbx></w:drawing>"
    old = f"<w:pict><v:textbox><w:txbxContent>{p('框')}</w:txbxContent></v:textbox></w:pict>"
    either = (
        f"<mc:AlternateContent><mc:Choice>{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
        "</mc:AlternateContent>"
    )
    body = f"<w:p><w:r>{either}</w:r><w:r><w:t>文</w:t></w:r></w:p><w:p><w:r>{old}</w:r></w:p>"
    assert texts(word(tmp_path / "boxes.docx", body)) == ["文", "框", "框"]


def test_alternative_that_word_cannot_read(tmp_path: Path) -> None:
    """Of alternatives between paragraphs, too, the one is read that asks for nothing unknown."""
    body = "".join(
        f'<mc:AlternateContent><mc:Choice Requires="{required}">{p("新")}</mc:Choice>'
        f"<mc:Fallback>{p('旧')}</mc:Fallback></mc:AlternateContent>"
        for required in ("w14", "xyz")
    )
    assert texts(word(tmp_path / "either.docx", body)) == ["新", "旧"]


def test_tables_are_read_as_they_are_merged(tmp_path: Path) -> None:
    """
    Cells merged in either of the ways that Word knows, cells left out before a row, rows and cells
    in controls, deleted rows.
    """
    body = (
        "<w:tbl><w:tblGrid><w:gridCol/></w:tblGrid>"
        f"<w:tr>{tc('甲', w('gridSpan', 2) + w('vMerge', 'restart'))}{tc('乙')}</w:tr>"
        f"<w:tr>{tc('不见', w('gridSpan', 2) + w('vMerge'))}<w:sdt>"
        f"<w:sdtContent>{tc('丙')}</w:sdtContent></w:sdt></w:tr>"
        "<w:sdt><w:sdtContent><w:tr><w:trPr><w:gridBefore w:val='1'/>"
        f"</w:trPr>{tc('丁', w('hMerge', 'restart'))}"
        f"{tc('', w('hMerge'))}</w:tr></w:sdtContent></w:sdt>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{tc('删')}</w:tr>"
        f"<w:tr>{tc('戊', w('vMerge'))}</w:tr></w:tbl>"
    )
    assert texts(word(tmp_path / "merged.docx", body)) == [
        [
            ("甲", 0, 0, 2, 2),
            ("乙", 0, 2, 1, 1),
            ("丙", 1, 2, 1, 1),
            ("丁", 2, 1, 1, 2),
            ("戊", 3, 0, 1, 1),
        ]
    ]


def test_table_around_a_table_is_taken_apart(tmp_path: Path) -> None:
    """A table that only lays out the page gives the blocks in it, in reading order."""
    inner = f"<w:tbl><w:tr>{tc('1')}{tc('2')}</w:tr></w:tbl>"
    body = (
        f"<w:tbl><w:tr>{tc('外')}</w:tr><w:tr>"
        f"<w:tc>{p('前')}{inner}{p('后')}</w:tc>{tc('旁')}</w:tr></w:tbl>"
    )
    assert texts(word(tmp_path / "nested.docx", body)) == [
        *([("外", 0, 0, 1, 1)], "前", [("1", 0, 0, 1, 1), ("2", 0, 1, 1, 1)], "后", "旁"),
    ]


def test_table_of_contents_is_left_out(tmp_path: Path) -> None:
    """Headings are not read a second time out of the table of contents."""
    entry = "一、总体情况 1"
    gallery = (
        '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
        "</w:sdtPr>"
    )
    body = (
        f"<w:sdt>{gallery}<w:sdtContent>{p(entry)}</w:sdtContent>"
        f"</w:sdt>{p(entry, w('pStyle', 'T'))}{p('文')}"
    )
    styles = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>'
    assert texts(word(tmp_path / "contents.docx", body, styles=styles)) == ["文"]


def test_automatic_numbers_are_read(tmp_path: Path) -> None:
    """
    The numbers that Word puts before paragraphs are read, at every depth, from a style too; a
    number is not joined to a figure.
    """
    styles = (
        '<w:style w:type="paragraph" w:styleId="L"><w:name w:val="list"/><w:pPr><w:numPr>'
        '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="M"><w:name w:val="heading 2"/><w:basedOn '
        'w:val="L"/></w:style>'
    )
    body = "".join(
        [
            *(
                numbered("总体情况"),
                numbered("甲", depth=1),
                numbered("乙", depth=1),
                numbered("丙", depth=2),
            ),
            *(
                p("主动公开", '<w:pStyle w:val="M"/>'),
                numbered("丁", depth=1),
                numbered("戊", depth=2),
                numbered("2024", depth=2),
            ),
            *(
                numbered("己", 2),
                numbered("庚", 3),
                p("辛", '<w:pStyle w:val="M"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
            ),
            *(numbered("壬", depth=3), numbered("癸", depth=5), numbered("子", 9)),
        ]
    )
    numbering = lists(
        ("chineseCounting", "%1、"),
        ("chineseCountingThousand", "（%2）"),
        ("decimal", "%3."),
        ("bullet", "·"),
    )
    found = docx.read(
        word(tmp_path / "lists.docx", body, styles=styles, numbering=numbering)
    ).blocks
    assert [shape(block) for block in found] == [
        *(
            "一、总体情况",
            "（一）甲",
            "（二）乙",
            "1.丙",
            "二、主动公开",
            "（一）丁",
            "1.戊",
            "2. 2024",
        ),
        *("五、己", "三、庚", "辛", "壬", "癸", "子"),
    ]
    assert [block.level for block in found if isinstance(block, Paragraph)][4] == 2


@pytest.mark.parametrize(
    ("kind", "labels"),
    [
        ("chineseCounting", ["一", "十一", "二十"]),
        ("ideographDigital", ["一", "一一", "二〇"]),
        ("decimalFullWidth", ["１", "１１", "２０"]),
        ("decimalEnclosedCircleChinese", ["①", "⑪", "⑳"]),
        ("chineseLegalSimplified", ["壹", "拾壹", "贰拾"]),
        ("ideographTraditional", ["甲", "11", "20"]),
        ("decimalZero", ["01", "11", "20"]),
        ("lowerLetter", ["a", "k", "t"]),
        ("upperRoman", ["I", "XI", "XX"]),
        ("anything else", ["1", "11", "20"]),
    ],
)
def test_numerals(kind: str, labels: list[str], tmp_path: Path) -> None:
    """
    Every kind of numeral that Chinese documents are numbered with is written as Word writes it.
    """
    found = texts(
        word(
            tmp_path / "numerals.docx",
            "".join(numbered("") for _ in range(20)),
            numbering=lists((kind, "%1")),
        )
    )
    assert [found[at] for at in (0, 10, 19)] == labels


def test_strict_document(tmp_path: Path) -> None:
    """A document in the strict form of the standard is read like any other."""
    assert texts(
        word(
            tmp_path / "strict.docx", f"{p('甲')}<w:tbl><w:tr>{tc('1')}</w:tr></w:tbl>", main=STRICT
        )
    ) == [
        "甲",
        [("1", 0, 0, 1, 1)],
    ]


def test_every_text_has_its_place(tmp_path: Path) -> None:
    """A paragraph is counted, a cell has table, row and column."""
    blocks = docx.read(
        word(tmp_path / "places.docx", f"{p('甲')}<w:tbl><w:tr>{tc('1')}{tc('2')}</w:tr></w:tbl>")
    ).blocks
    assert blocks[0].place == Place(line=1)  # type: ignore[union-attr]
    locator = "word/document.xml#/w:document/w:body/w:tbl[1]/w:tr[1]/w:tc[2]"
    place = Place(table=1, row=1, column=2, line=3, locator=locator)
    assert blocks[1].spans[1].place == place  # type: ignore[union-attr]


# ---- what is hostile or damaged -----------------------------------------------------------------


def refused(path: Path, reason: str) -> None:
    """Demand that a document is refused with a reason that ends with what to do."""
    with pytest.raises(UnreadableFile, match=reason) as caught:
        docx.read(path)
    assert caught.value.problem.zh


def test_zip_bomb_is_refused(tmp_path: Path) -> None:
    """
    A part that unpacks to gigabytes is read no further than a report is long, whatever size it
    states.
    """
    path = word(tmp_path / "bomb.docx", f"<w:p><w:r><w:t>{' ' * 40_000_000}</w:t></w:r></w:p>")
    assert path.stat().st_size < 200_000
    refused(path, "too large when unpacked")
    data = path.read_bytes()
    size = struct.pack("<I", zipfile.ZipFile(path).getinfo("word/document.xml").file_size)
    path.write_bytes(data.replace(size, struct.pack("<I", 1000)))
    refused(path, "is damaged|too large")


def test_many_small_pieces_are_refused(tmp_path: Path) -> None:
    """A part of millions of empty elements is not built."""
    refused(word(tmp_path / "pieces.docx", "<w:p/>" * 2_000_001), "too large when unpacked")


def test_entities_are_refused(tmp_path: Path) -> None:
    """
    A document that declares entities is refused, in whatever encoding: none is expanded, no file is
    read, nothing is fetched.
    """
    body = (
        f'<w:document xmlns:w="{MAIN}"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body>'
        "</w:document>"
    )
    for text in (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>',
        f'<!DOCTYPE x [<!ENTITY b SYSTEM "{Path(__file__).as_uri()}">]>',
    ):
        for encoding in ("utf-8", "utf-16"):
            with zipfile.ZipFile(tmp_path / "entities.docx", "w") as file:
                file.writestr(
                    "word/document.xml",
                    f'<?xml version="1.0" encoding="{encoding}"?>{text}{body}'.encode(encoding),
                )
            refused(tmp_path / "entities.docx", "declares XML entities")


def test_too_many_cells_are_refused(tmp_path: Path) -> None:
    """A table of more cells than a report can have is refused."""
    refused(
        word(
            tmp_path / "cells.docx",
            f"<w:tbl>{'<w:tr>' + '<w:tc/>' * 1000 + '</w:tr>'}</w:tbl>" * 101,
        ),
        "more than 100,000 cells",
    )


def test_wide_spans_are_cut(tmp_path: Path) -> None:
    """A cell over a billion columns costs no more than one over a few."""
    wide = '<w:gridSpan w:val="1000000000"/>'
    before = "<w:trPr><w:gridBefore w:val='999999999999'/></w:trPr>"
    body = f"<w:tbl><w:tr>{before}{tc('1', wide)}{tc('2', w('gridSpan', -5))}</w:tr></w:tbl>"
    assert texts(word(tmp_path / "wide.docx", body)) == [
        [("1", 0, 1000, 1, 1000), ("2", 0, 2000, 1, 1)]
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<w:tbl><w:tr><w:tc>" * 60 + "</w:tc></w:tr></w:tbl>" * 60,
        "<w:sdt><w:sdtContent>" * 5000 + "</w:sdtContent></w:sdt>" * 5000,
        "<w:p>" + "<w:ins>" * 5000 + "</w:ins>" * 5000 + "</w:p>",
    ],
)
def test_deep_nesting_is_refused(body: str, tmp_path: Path) -> None:
    """Tables in tables and controls in controls without end are refused."""
    refused(word(tmp_path / "deep.docx", body), "more than 100,000 cells")


def test_styles_and_lists_that_refer_to_themselves(tmp_path: Path) -> None:
    """Styles based on each other and a list linked to itself are read as far as they make sense."""
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="S{number}"><w:basedOn '
        f'w:val="S{(number + 1) % 3000}"/></w:style>'
        for number in range(3000)
    )
    styles += (
        '<w:style w:styleId="L"><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>'
    )
    body = p("甲", '<w:pStyle w:val="S1"/>') + numbered("乙", 3)
    assert texts(
        word(tmp_path / "round.docx", body, styles=styles, numbering=lists(("decimal", "%1.")))
    ) == ["甲", "乙"]


def test_encrypted_document_is_named(tmp_path: Path) -> None:
    """
    A document with a password is told from a damaged one, wherever the name of its stream stands.
    """
    path = tmp_path / "locked.docx"
    path.write_bytes(MAGIC + b"\x00" * 504 + "EncryptedPackage".encode("utf-16-le"))
    assert docx.detect(path.read_bytes())
    refused(path, "protected by a password")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_document_cut_short_is_damaged(kept: float, tmp_path: Path) -> None:
    """A download that broke off is called damaged."""
    docx.write(layout(REPORTS["blank"]), tmp_path / "whole.docx")
    data = (tmp_path / "whole.docx").read_bytes()
    (tmp_path / "cut.docx").write_bytes(data[: int(len(data) * kept)])
    refused(tmp_path / "cut.docx", "is damaged or cut short")


@pytest.mark.parametrize("seed", range(60))
def test_damaged_document_never_ends_in_a_traceback(seed: int, tmp_path: Path) -> None:
    """Whatever bytes of a document are spoilt, it is read or refused."""
    dice = random.Random(seed)
    path = tmp_path / "spoilt.docx"
    docx.write(layout(REPORTS["blank"]), path)
    data = bytearray(path.read_bytes())
    for _ in range(dice.choice([1, 5, 50])):
        data[dice.randrange(len(data))] = dice.randrange(256)
    path.write_bytes(data)
    try:
        docx.read(path)
    except UnreadableFile as error:
        assert error.problem.en  # noqa: PT017


def test_zip_that_is_no_document_is_refused(tmp_path: Path) -> None:
    """A zip without a document in it, or with one that is none, is refused."""
    for name, text in (
        ("notes.txt", "一"),
        ("word/document.xml", "<html/>"),
        ("word/document.xml", "一"),
    ):
        with zipfile.ZipFile(tmp_path / "other.docx", "w") as file:
            file.writestr(name, text)
        refused(tmp_path / "other.docx", "is no Word document|is damaged")


def test_zip_of_many_members_or_rare_methods_is_refused(tmp_path: Path) -> None:
    """
    A zip of tens of thousands of files is not listed, and nothing is unpacked in ways that no
    office program packs.
    """
    with zipfile.ZipFile(tmp_path / "many.docx", "w") as file:
        for number in range(package.MAX_MEMBERS + 1):
            file.writestr(str(number), b"")
    refused(tmp_path / "many.docx", "is damaged")
    with zipfile.ZipFile(tmp_path / "rare.docx", "w", zipfile.ZIP_LZMA) as file:
        file.writestr("word/document.xml", f'<w:document xmlns:w="{MAIN}"><w:body/></w:document>')
    refused(tmp_path / "rare.docx", "is damaged")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (MAGIC + b"\x00" * 2000, "is no Word document"),
        (MAGIC, "is no Word document"),
        (b"PK\x03\x04mimetypeapplication/vnd.oasis.opendocument.text", "is damaged"),
    ],
)
def test_damaged_document_for_an_office_program(data: bytes, reason: str, tmp_path: Path) -> None:
    """A damaged .doc or .odt is refused before LibreOffice sees it."""
    (tmp_path / "damaged.doc").write_bytes(data)
    with pytest.raises(UnreadableFile, match=reason):
        office.read(tmp_path / "damaged.doc")


def test_encrypted_and_large_documents_for_an_office_program(tmp_path: Path) -> None:
    """
    An old document with a password is named, and one that unpacks to too much is refused before
    LibreOffice sees it.
    """
    (tmp_path / "locked.doc").write_bytes(
        compound({"WordDocument": struct.pack("<5HH", 0xA5EC, 0, 0, 0, 0, 0x100) + b"\x00" * 5000})
    )
    with pytest.raises(UnreadableFile, match="protected by a password"):
        office.read(tmp_path / "locked.doc")
    with zipfile.ZipFile(tmp_path / "large.odt", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        file.writestr("content.xml", " " * 40_000_000)
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        office.read(tmp_path / "large.odt")
