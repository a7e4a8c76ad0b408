"""
What is read of the pages of a PDF: what a person sees in a cell is its text, and nothing else is.

The files are made here, each of one table whose middle cell holds 29351, and something beside it.
"""

from __future__ import annotations

import io
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfs import LINES, TABLE, drawn_pdf, packed_pdf, ruled, stream, write
from readings import middle

from govinfo_schema.documents.document import Document, Grid, Paragraph
from govinfo_schema.documents.formats import pdf
from govinfo_schema.documents.formats.pdf.instructions import instructions
from govinfo_schema.documents.formats.pdf.objects import Objects
from govinfo_schema.errors import UnreadableFile

FIGURE = write("29351", 230, 626)
PLAIN = f"{LINES}{TABLE}{FIGURE}"


def texts(document: Document) -> list[list[str]]:
    """Give the texts of the cells of all tables, row by row, without blank ones."""
    grids = (block for block in document.blocks if isinstance(block, Grid))
    return [[span.text for span in row if span.text] for grid in grids for row in grid.rows()]


LEFT_OUT = {
    "struck by a line": ("struck", f"{write('33', 220, 626)}220 629.5 m 230 629.5 l S "),
    "struck by a thin box": ("struck", f"{write('33', 220, 626)}220 629 10 1 re f "),
    "struck by dashes": (
        "struck",
        f"{write('33', 220, 626)}219 629 3 1 re 224 629 3 1 re 229 629 2 1 re f ",
    ),
    "raised": ("note_mark", write("33", 255, 630, 6)),
    "lowered": ("note_mark", write("33", 255, 624, 7)),
    "tiny": ("note_mark", write("33", 255, 626, 5)),
    "raised before": ("note_mark", write("33", 224, 630, 6)),
    "white": ("hidden", f"1 g {write('33', 220, 626)} 0 g "),
    "white in four inks": ("hidden", f"0 0 0 0 k {write('33', 220, 626)} 0 g "),
    "coloured as its ground": (
        "hidden",
        f".2 .2 .4 rg 215 621 14 18 re f {write('33', 218, 626)} 0 g ",
    ),
    "painted over": ("hidden", f"{write('33', 215, 626)} 1 g 212 621 14 18 re f 0 g "),
    "invisible": ("hidden", f"3 Tr {write('33', 220, 626)} 0 Tr "),
    "transparent": ("hidden", f"/Clear gs {write('33', 220, 626)} /Solid gs "),
    "clipped": ("hidden", f"q 0 0 9 9 re W n {write('33', 220, 626)} Q "),
    "smaller than a point": ("hidden", write("33", 220, 626, 0.4)),
    "of a layer that is off": ("hidden", f"/OC /Off BDC {write('33', 220, 626)} EMC "),
    "aslant": ("watermark", write("33", 222, 622, 12, ".87 .5 -.5 .87")),
    "marked as watermark": (
        "watermark",
        f"/Artifact <</Subtype/Watermark>> BDC {write('33', 220, 626)} EMC ",
    ),
    "large and faint": ("watermark", f"/Faint gs {write('20243', 215, 615, 30)} /Solid gs "),
    "grey over the text": ("watermark", f".8 g {write('2024', 233, 627)} 0 g "),
}


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_is_no_text_is_left_out(kind: str, tmp_path: Path) -> None:
    """What is struck out, hidden, the mark of a note or a watermark never joins a figure."""
    why, orders = LEFT_OUT[kind]
    span = middle(pdf.read(drawn_pdf(tmp_path / "a.pdf", PLAIN + orders)))
    assert (span.text, {aside.kind for aside in span.asides}) == ("29351", {why})
    assert span.asides[0].place == span.place


def test_a_watermark_is_known_by_its_looks_on_every_page(tmp_path: Path) -> None:
    """Where a watermark lies over text on one page it is no text on another where it does not."""
    mark = f".8 g {write('2024', 215, 615, 30)} 0 g "
    blank = f"{LINES}{TABLE}"
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", PLAIN + mark, blank + mark))
    assert texts(read)[1::3] == [["29351"], []]


@pytest.mark.parametrize(
    "orders",
    [
        f"{LINES}{TABLE}.1 g 201 621 98 18 re f 1 g {FIGURE} 0 g ",
        PLAIN + write("9", 205, 626) + write("2", 212, 640, 7),
        f"{LINES}{TABLE}{write('29', 230, 626)}{write('351', 240, 626)}",
        f"{PLAIN}{FIGURE}",
        f"{PLAIN}200 629 m 300 629 l S ",
    ],
    ids=["white on dark", "another line", "two text objects", "twice", "a line of the table"],
)
def test_what_is_seen_is_text(orders: str, tmp_path: Path) -> None:
    """White text on dark ground, bold text drawn twice and text that a border crosses is text."""
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", orders))
    assert "29351" in "".join(text for row in texts(read) for text in row)
    assert not [aside for aside in read.asides if aside.text in "29351"]


def test_units_keep_their_exponents(tmp_path: Path) -> None:
    """A small raised sign behind a Latin letter is no mark of a note, and stands on its line."""
    title = write("年度报告", 90, 760, 22)
    lines = write("政府信息公开", 90, 716) + write("900m", 90, 700) + write("2", 110, 704, 6)
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", title + lines))
    assert [block.text for block in read.blocks if isinstance(block, Paragraph)] == [
        "年度报告",
        "政府信息公开900m2",
    ]


def test_a_scan_has_its_text_in_a_hidden_layer(tmp_path: Path) -> None:
    """The invisible text over a picture of the whole page is its text."""
    picture = "q 595 0 0 842 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q "
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", f"{picture}{LINES}3 Tr {TABLE}{FIGURE}"))
    assert middle(read).text == "29351"


BORDERS = {
    "dots": "".join(
        f"{100 + step} {y} 1 1 re " for y in (600, 620, 640, 660) for step in range(0, 301, 3)
    )
    + "".join(f"{x} {600 + step} 1 1 re " for x in (100, 200, 300, 400) for step in range(0, 61, 3))
    + "f ",
    "dashes": "".join(
        f"{100 + step} {y} 4 1 re " for y in (600, 620, 640, 660) for step in range(0, 300, 8)
    )
    + "".join(f"{x} {600 + step} 1 4 re " for x in (100, 200, 300, 400) for step in range(0, 60, 8))
    + "f ",
    "frames": "".join(
        f"{x} {y} 100 20 re {x + 1} {y + 1} 98 18 re f* "
        for x in (100, 200, 300)
        for y in (600, 620, 640)
    ),
    "double": LINES + LINES.replace(" m ", ".9 m ").replace(" l ", ".9 l "),
    "open at the left": "".join(f"100 {y} m 400 {y} l S " for y in (600, 620, 640, 660))
    + "".join(f"{x} 600 m {x} 660 l S " for x in (200, 300, 400)),
}


@pytest.mark.parametrize("kind", BORDERS)
def test_borders_of_all_kinds(kind: str, tmp_path: Path) -> None:
    """A table may be ruled with dots, dashes, double lines or frames, or be open at a side."""
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", BORDERS[kind] + TABLE + FIGURE))
    assert texts(read) == [["甲", "乙", "丙"], ["29351"], ["规章", "818", "727"]]


def test_lines_of_another_table_move_none(tmp_path: Path) -> None:
    """A table is ruled where it is ruled, whatever stands near that place in another table."""
    others = ruled([104.2, 204.2, 304.2, 404.2], [400, 430]) + ruled([108, 308, 408], [200, 230])
    orders = LINES + others + write("818", 230, 606) + write("7", 301, 606)
    found = texts(pdf.read(drawn_pdf(tmp_path / "a.pdf", orders)))
    assert found[2] == ["818", "7"]


def test_text_that_is_longer_than_its_cell(tmp_path: Path) -> None:
    """Text that runs over other cells belongs to its own; the figures there keep theirs."""
    long = write("要求行政机关确认或重新出具已获取信息", 105, 626)
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", PLAIN + long))
    assert texts(read)[1] == ["要求行政机关确认或重新出具已获取信息", "29351"]


def test_a_page_put_down_sideways(tmp_path: Path) -> None:
    """A page whose text runs up is read as if it were turned."""
    assert texts(pdf.read(drawn_pdf(tmp_path / "a.pdf", f"0 1 -1 0 700 0 cm {PLAIN}"))) == [
        ["甲", "乙", "丙"],
        ["29351"],
        ["规章", "818", "727"],
    ]


@pytest.mark.parametrize(
    ("middle", "size", "whole"), [(300, 22, True), (300, 10, False), (240, 22, False)]
)
def test_a_title_of_two_lines(middle: float, size: float, whole: bool, tmp_path: Path) -> None:
    """A title that fills its line goes on in the next, centred below it; a heading does not."""
    title = "某某市人民政府办公室二〇二四年政府"
    half = len(title) * size / 2
    orders = write(title, 300 - half, 700, size)
    orders += write("告", middle - size / 2, 700 - 1.4 * size, size)
    orders += write("正" * round((half + 250) / 10), 50, 600, 10)
    first, *_ = pdf.read(drawn_pdf(tmp_path / "a.pdf", orders)).blocks
    assert isinstance(first, Paragraph)
    assert (first.text == f"{title}告") is whole


def test_radicals_become_ideographs(tmp_path: Path) -> None:
    """Radicals that a font gives are the signs they look like; circled digits stay as they are."""
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", write("⻘川市⼈⺠政府２²", 90, 700)))
    assert [block.text for block in read.blocks if isinstance(block, Paragraph)] == [
        "青川市人民政府２²"
    ]


def test_places_and_properties(tmp_path: Path) -> None:
    """A cell has a locator, a file says its title, subject and date, and no person is named."""
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", PLAIN))
    assert middle(read).place.locator == "page=1;box=200.0,202.0,300.0,222.0"
    assert read.title == "Report"
    assert dict(read.properties) == {
        "Title": "Report",
        "Subject": "Yearly",
        "created": "D:20250120",
    }


def test_pictures_in_cells(tmp_path: Path) -> None:
    """A picture in a cell without text may be a figure."""
    picture = "q 40 0 0 12 220 624 cm BI /W 1 /H 1 /BPC 8 /CS /G ID 0 EI Q "
    span = middle(pdf.read(drawn_pdf(tmp_path / "a.pdf", LINES + TABLE + picture)))
    assert (span.text, [aside.kind for aside in span.asides]) == ("", ["picture"])


FIELD = "/Type/Annot/Subtype/Widget/FT/Tx/Rect[210 622 290 638]"
ANNOTATIONS = {
    "a field that looks": (f"<<{FIELD}/V(1)/AP<</N 10 0 R>>>>", ["29351"]),
    "a field that only has a value": (f"<<{FIELD}/V(727)>>", ["727"]),
    "a field that is hidden": (f"<<{FIELD}/V(727)/F 2>>", []),
    "a striking out": (
        "<</Type/Annot/Subtype/StrikeOut/QuadPoints[304 616 330 616 304 604 330 604]>>",
        [],
    ),
}


@pytest.mark.parametrize("kind", ANNOTATIONS)
def test_annotations(kind: str, tmp_path: Path) -> None:
    """Fields that are filled in are text, and what an annotation strikes out is none."""
    annotation, expected = ANNOTATIONS[kind]
    resources = "/Type/XObject/Subtype/Form/BBox[0 0 80 16]/Resources<</Font<</F 3 0 R>>>>"
    look = stream(write("29351", 5, 4).encode(), resources)
    path = drawn_pdf(
        tmp_path / "a.pdf", LINES + TABLE, more=f"/Annots[{annotation}]", others=(look,)
    )
    rows = texts(pdf.read(path))
    assert rows[1] == expected
    assert rows[2] == (["规章", "818"] if "striking" in kind else ["规章", "818", "727"])


# ---- content streams ----------------------------------------------------------------------------

STREAMS: dict[bytes, list[tuple[bytes, list[Any]]]] = {
    b"q 1 0 0 1 5-6 cm/F1 9.5 Tf BT": [
        (b"q", []),
        (b"cm", [1, 0, 0, 1, 5, -6]),
        (b"/Tf", ["F1", 9.5]),
        (b"BT", []),
    ],
    b"(a(b)\\)\\101\\12c)Tj <4 1 4>Tj": [
        (b"(TJ", [[b"a(b))A\nc"]]),
        (b"(TJ", [[b"A@"]]),
    ],
    b"[(a) -.5<42>3]TJ 1 2 (c)\" (d)' <64> '": [
        (b"(TJ", [[b"a", -0.5, b"B", 3]]),
        (b'("', [1, 2, [b"c"]]),
        (b"('", [[b"d"]]),
        (b"('", [[b"d"]]),
    ],
    b"0 0 5 5 re f 0 0 5 5 re\nf*\n1 1 2 2 re": [
        (b"re f", [0, 0, 5, 5]),
        (b"re\nf*", [0, 0, 5, 5]),
        (b"re", [1, 1, 2, 2]),
    ],
    b"BI /W 1 /H 1 ID \x00(Q<EIx EI Q": [(b"(EI", [b" /W 1 /H 1 "]), (b"Q", [])],
    b"% Q (\nS": [(b"S", [])],
    b"/P <</A[<</Q(>>)>>]/S/f>> BDC /OC /L#31 BDC .5 /P1 scn": [
        (b"/BDC", ["P", b"<</A[<</Q(>>)>>]/S/f>>"]),
        (b"/BDC", ["OC", "L1"]),
        (b"/scn", [0.5, "P1"]),
    ],
    b"[3 2] 0 d S (never closed S": [(b"d", [0]), (b"S", [])],
}


@pytest.mark.parametrize("data", STREAMS)
def test_instructions(data: bytes) -> None:
    """Each operator comes with its own operands, however they are written."""
    assert [*instructions(data)] == STREAMS[data]


@pytest.mark.parametrize(
    "part",
    [b"(", b"(\\(", b"((a)", b"[", b"[(a)", b"<", b"<<", b"<</A(", b"BI ", b"7", b"/a", b"re "],
)
def test_no_stream_takes_long(part: bytes) -> None:
    """A million signs of anything are passed over at once."""
    began = time.process_time()
    assert sum(1 for _ in instructions(part * (1_000_000 // len(part)))) <= 1_000_000
    assert time.process_time() - began < 20


def form_of(orders: str, more: str = "/BBox[0 0 595 842]") -> bytes:
    """Make a form that draws some orders in the font F."""
    kind = f"/Type/XObject/Subtype/Form{more}/Resources<</Font<</F 3 0 R>>>>"
    return stream(orders.encode(), kind)


FORMS = {
    "moved twice": (
        ("1 0 0 1 100 0 cm /A Do", "1 0 0 1 30 20 cm /B Do", write("29351", 100, 606)),
        ["29351"],
    ),
    "cut off by its box": (
        ("/B Do", "", f"{write('29351', 230, 626)}{write('7', 280, 626)}"),
        ["29351"],
    ),
    "in the colour of the page": (("1 g /B Do", "", write("29351", 230, 626)), []),
    "restored behind it": (("q /B Do Q " + FIGURE, "", "1 g 0 0 9 9 re W n"), ["29351"]),
}


@pytest.mark.parametrize("kind", FORMS)
def test_forms(kind: str, tmp_path: Path) -> None:
    """What a form draws stands where it is drawn, in the state of the page, and changes nothing."""
    (page, outer, inner), expected = FORMS[kind]
    box = "/BBox[0 0 270 842]" if "cut" in kind else "/BBox[0 0 595 842]"
    forms = (
        form_of(inner, box),
        form_of(outer).replace(b"/Font<<", b"/XObject<</B 10 0 R>>/Font<<"),
    )
    path = drawn_pdf(tmp_path / "a.pdf", f"{LINES}{TABLE}{page}", others=forms)
    data = path.read_bytes().replace(
        b"/Font<</F 3 0 R>>/Prop", b"/Font<</F 3 0 R>>/XObject<</A 11 0 R/B 10 0 R>>/Prop"
    )
    path.write_bytes(data)
    assert texts(pdf.read(path))[1] == expected


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pages_that_are_turned_and_cut(turn: int, tmp_path: Path) -> None:
    """A page is read as it is shown: turned by its own angle, without what its box cuts off."""
    orders = f"{PLAIN}{write('9', 30, 626)}"
    path = drawn_pdf(tmp_path / "a.pdf", orders, more=f"/Rotate {turn}/CropBox[90 500 590 800]")
    read = pdf.read(path)
    assert texts(read) == [["甲", "乙", "丙"], ["29351"], ["规章", "818", "727"]]
    assert "9" not in [block.text for block in read.blocks if isinstance(block, Paragraph)]


@pytest.mark.parametrize("space", ["/Separation /Black", "/DeviceN [/Black]"])
def test_colours_of_one_ink(space: str, tmp_path: Path) -> None:
    """Of an ink that is named, all of it is dark and none of it is white."""
    path = drawn_pdf(
        tmp_path / "a.pdf", f"{LINES}{TABLE}/S cs 1 scn {FIGURE} 0 scn {write('3', 280, 626)}"
    )
    data = path.read_bytes().replace(
        b"/Properties<<", b"/ColorSpace<</S[%b/DeviceCMYK 9 0 R]>>/Properties<<" % space.encode()
    )
    path.write_bytes(data)
    assert texts(pdf.read(path))[1] == ["29351"]


# ---- fonts and objects --------------------------------------------------------------------------

MAPS = {
    "one by one": "1 beginbfchar <4E59> <0032> endbfchar",
    "a row": "1 beginbfrange <4E58> <4E5A> <0031> endbfrange",
    "a list": "1 beginbfrange <4E58> <4E59> [<0031> <0032>] endbfrange",
    "written oddly": "1 beginbfrange\n<4E58> <4E59> [/one /two] endbfrange",
}


@pytest.mark.parametrize("kind", MAPS)
def test_maps_of_codes(kind: str, tmp_path: Path) -> None:
    """A font may name its characters one by one, in rows and in lists."""
    path = drawn_pdf(
        tmp_path / "a.pdf", write("乙", 90, 700), others=(stream(MAPS[kind].encode()),)
    )
    path.write_bytes(path.read_bytes().replace(b"/ToUnicode 4 0 R", b"/ToUnicode 10 0 R"))
    assert [block.text for block in pdf.read(path).blocks if isinstance(block, Paragraph)] == ["2"]


def test_codes_that_the_map_lacks(tmp_path: Path) -> None:
    """A code that is not in the map of a font is the character of its encoding."""
    font = (
        b"<</Type/Font/Subtype/Type1/BaseFont/Test/ToUnicode 11 0 R/FirstChar 32/Widths[%b]"
        b"/Encoding<</Differences[65/two/one]>>>>" % (b"500 " * 90)
    )
    table = stream(b"1 beginbfchar <41> <0039> endbfchar")
    path = drawn_pdf(tmp_path / "a.pdf", "BT /F 10 Tf 90 700 Td (ABC) Tj ET", others=(font, table))
    path.write_bytes(path.read_bytes().replace(b"/Font<</F 3 0 R>>", b"/Font<</F 10 0 R>>"))
    assert [block.text for block in pdf.read(path).blocks if isinstance(block, Paragraph)] == [
        "91C"
    ]


OBJECTS = (
    b"<</A#42 1/C[1 -2 .5 -.5 +3 4.]/D null/E[null true false]/F(a\\)b(c)\\101)/G<4 142>/H 1 0 R>>",
    b"[1 0 R 2 0 R 3 4 [5 6] [-7 8] []]",
    b"<</A<</B<</C/D>>>>% a remark\n/E(\\\n x)>>",
    b"<</Length 3>>stream\nabcdef\nendstream",
    b"<</Length 12 0 R>>\nstream\r\nabc\nendstream",
    b"3",
    b"(never closed",
    b"<</A 1 2>>",
    b"<</\xc3\xa9/\xff>>",
)


def plain(value: object) -> object:
    """Give an object with what is in it as values that compare."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, PDFStream):
        return plain(value.attrs), value.get_data()
    return value.objid if isinstance(value, PDFObjRef) else repr(value)


def objects(file: PDFDocument) -> list[object]:
    """Give the objects of a file, or how they are refused."""
    found: list[object] = []
    for number in range(1, 30):
        try:
            found.append(plain(file.getobj(number)))
        except Exception as error:  # noqa: BLE001 (of a damaged object both say the same)
            found.append(type(error))
    return found


@pytest.mark.parametrize("packed", [False, True])
def test_objects_are_those_of_pdfminer(packed: bool, tmp_path: Path) -> None:
    """What is parsed here is what pdfminer makes of it, in the file and in a stream of objects."""
    path = tmp_path / "a.pdf"
    if packed:
        catalogue = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>")
        packed_pdf(path, *catalogue, *(each for each in OBJECTS if b"stream" not in each))
    else:
        drawn_pdf(path, PLAIN, others=OBJECTS)
    data = path.read_bytes()
    found = objects(Objects(data))
    assert found == objects(PDFDocument(PDFParser(io.BytesIO(data))))
    assert sum(not isinstance(each, type) for each in found) > 6


def test_streams_that_are_not_measured_at_first(tmp_path: Path) -> None:
    """A map of codes that fills the memory is refused when it is asked for."""
    table = stream(b" " * 100_000_000)
    path = drawn_pdf(tmp_path / "a.pdf", PLAIN, others=(table,))
    assert middle(pdf.read(path)).text == "29351"
    path.write_bytes(path.read_bytes().replace(b"/ToUnicode 4 0 R", b"/ToUnicode 10 0 R"))
    with pytest.raises(UnreadableFile, match="too large when unpacked"):
        pdf.read(path)


def test_files_are_read_in_threads(tmp_path: Path) -> None:
    """Threads that read at once read what one reads."""
    path = drawn_pdf(tmp_path / "a.pdf", *(PLAIN + each for _, each in LEFT_OUT.values()))
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(pdf.read, [path] * 8)]
    assert found == [pdf.read(path)] * 8


# ---- tables without rules -----------------------------------------------------------------------

LABELS = (
    ("本年新收申请", "数量"),
    ("予以公开",),
    ("其他法律行政", "法规禁止公开", "的"),
    ("总计",),
)


def borderless(at: str, step: float = 14, gap: float = 14) -> str:
    """Write a table without rules, its figures at the first, the middle or the last line."""
    orders, y = "", 700.0
    for number, lines in enumerate(LABELS, 1):
        last = len(lines) - 1
        line = {"first": 0.0, "middle": last / 2, "last": float(last)}[at]
        orders += "".join(write(text, 90, y - step * i) for i, text in enumerate(lines))
        orders += "".join(
            write(str(number * 111 + column), 200 + 50 * column, y - step * line)
            for column in range(4)
        )
        y -= step * last + gap
    return orders


@pytest.mark.parametrize("gap", [14, 18])
@pytest.mark.parametrize("at", ["first", "middle", "last"])
def test_labels_of_several_lines(at: str, gap: float, tmp_path: Path) -> None:
    """
    Each row of a table without rules has its own figures, wherever beside its label they stand; or
    it has none.
    """
    rows = texts(pdf.read(drawn_pdf(tmp_path / "a.pdf", borderless(at, gap=gap))))
    figures = [[str(row * 111 + column) for column in range(4)] for row in range(1, 5)]
    labels = ["".join(lines) for lines in LABELS]
    assert rows == [[label, *row] for label, row in zip(labels, figures, strict=True)]


def test_labels_that_nothing_tells_apart(tmp_path: Path) -> None:
    """Where lines may belong to the row above or below, the figures stand without labels."""
    orders = "".join(
        write("甲乙丙丁戊己", 90, 700 - 14 * line)
        + (
            "".join(write(f"{line}{x}", 200 + 50 * x, 700 - 14 * line) for x in range(4))
            * (line % 2)
        )
        for line in range(7)
    )
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", orders))
    assert [row for row in texts(read) if row] == [
        [f"{line}{x}" for x in range(4)] for line in (1, 3, 5)
    ]
    assert sum(isinstance(block, Paragraph) for block in read.blocks) >= 1


@pytest.mark.parametrize("number", range(len(LABELS)))
@pytest.mark.parametrize("mark", ["①", "²", "※", "[1]", "【2】", "[注1]", "件"])
def test_marks_beside_figures_without_rules(mark: str, number: int, tmp_path: Path) -> None:
    """A figure with the mark of a note or a unit is one of its row, and no part of a label."""
    figures = [[str(row * 111 + column) for column in range(4)] for row in range(1, 5)]
    orders = borderless("middle")
    for column in (0, 2):
        plain = figures[number][column]
        figures[number][column] += mark
        orders = orders.replace(
            f"<{plain.encode('utf-16-be').hex()}>",
            f"<{figures[number][column].encode('utf-16-be').hex()}>",
        )
    labels = ["".join(lines) for lines in LABELS]
    assert texts(pdf.read(drawn_pdf(tmp_path / "a.pdf", orders))) == [
        [label, *row] for label, row in zip(labels, figures, strict=True)
    ]


@pytest.mark.parametrize("column", range(4))
def test_figures_that_stand_off_their_line(column: int, tmp_path: Path) -> None:
    """A figure broken before its mark stands above its line: it is no label, and moves no other."""
    orders = borderless("middle")
    text = str(333 + column)
    drawn = next(order for order in orders.split("\n") if text.encode("utf-16-be").hex() in order)
    x, y = map(float, drawn.split(" Tm")[0].split()[-2:])
    broken = write(text, x, y + 7) + write("【2】", x, y - 7)
    read = pdf.read(drawn_pdf(tmp_path / "a.pdf", orders.replace(drawn, broken)))
    grids = [block for block in read.blocks if isinstance(block, Grid)]
    assert not any(text in span.text for grid in grids for span in grid.spans)
    assert any(isinstance(block, Paragraph) and text in block.text for block in read.blocks)


# ---- large and hostile files --------------------------------------------------------------------


def test_long_files_are_read_in_seconds(tmp_path: Path) -> None:
    """Two hundred pages of text with a table in the middle take no longer than a few seconds."""
    page = "".join(
        write("完成各项工作任务并推动落实" * 3, 60, 780 - 80 * line) for line in range(9)
    )
    pages = [page] * 199
    path = drawn_pdf(tmp_path / "a.pdf", *pages[:99], PLAIN, *pages[99:])
    began = time.process_time()
    read = pdf.read(path)
    assert time.process_time() - began < 30
    assert middle(read).place.page == 100


def test_marks_without_number(tmp_path: Path) -> None:
    """Thirty thousand dots are read at once, and too many lines or areas are refused."""
    dots = "".join(f"{at % 590} {at // 590 * 4} 1 1 re " for at in range(30_000)) + "f "
    began = time.process_time()
    assert pdf.read(drawn_pdf(tmp_path / "b.pdf", write("题", 90, 700) + dots)).blocks
    assert time.process_time() - began < 30
    areas = "".join(f"{at % 590} {at % 830} 5 5 re f " for at in range(5_000))
    for orders in (areas, ruled([x * 0.2 for x in range(2_900)], [y * 0.3 for y in range(2_700)])):
        with pytest.raises(UnreadableFile, match="100,000 cells"):
            pdf.read(drawn_pdf(tmp_path / "c.pdf", write("题", 90, 700) + orders))
