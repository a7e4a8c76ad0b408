"""
What is read of the pages of an OFD (GB/T 33190): the figures of a report in whatever way a producer
writes them, what a person sees in a cell, and nothing else.

The files are made here: reports as our PDF of the same page shows them, and pages of one table
whose middle cell holds 29351, and something beside it.
"""

from __future__ import annotations

import io
import random
import subprocess
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import attrs
import pytest
from layouts import laid_out
from ofds import Style, layer, lines, ofd_of, packed_ofd, path, pdf_pages, some_style, text
from page_files import html_page
from pages import score
from pdfs import drawn_pdf
from programs import CHROMIUM, needs_chromium
from readings import middle

import govinfo_schema as gs
from govinfo_schema import files
from govinfo_schema.documents.document import Document, Paragraph
from govinfo_schema.documents.formats import ofd
from govinfo_schema.documents.formats.pdf.interpreter import File
from govinfo_schema.documents.layout import layout
from govinfo_schema.errors import UnreadableFile

LINES = lines([30, 60, 90, 120], [50, 57, 64, 71])
TABLE = "".join(
    text(content, x + 2, base)
    for base, row in ((55, ("甲", "乙", "丙")), (69, ("规章", "818", "727")))
    for x, content in zip((30, 60, 90), row, strict=True)
)
FIGURE = text("29351", 70, 62)
PLAIN = f"{LINES}{TABLE}{FIGURE}"
WHITE = '<ofd:FillColor Value="255 255 255"/>'
COVER = path("M 66 58 L 70 58 L 70 63 L 66 63 C", 'Stroke="false" Fill="true"', WHITE)


def texts(document: Document) -> list[str]:
    """Give the texts outside tables."""
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def drawn(path: Path, *objects: str, resources: str = "", annotations: str = "") -> Document:
    """Read an OFD of one page with one layer of objects."""
    packed_ofd(path, layer(*objects), resources=resources, annotations=annotations)
    return ofd.read(path)


@pytest.mark.parametrize("seed", range(40))
def test_figures_are_those_of_the_pdf_of_the_same_page(seed: int, tmp_path: Path) -> None:
    """
    Whatever its producer does, an OFD gives every figure of the report, as the PDF of the same page
    does.
    """
    dice = random.Random(seed)
    report = gs.generate(seed, dice.choice(gs.editions))
    printed = drawn_pdf(tmp_path / "report.pdf", *pdf_pages(layout(report)))
    file = File(printed.read_bytes())
    drawings = [file.draw(page) for page in file.pages()]
    copy = ofd_of(tmp_path / "report.ofd", drawings, some_style(dice), dice)
    year, body = report.year, report.body.name
    figures = dict(gs.walk(report))
    for found in (printed, copy):
        assert dict(gs.walk(gs.read(found, year=year, body=body).report)) == figures


@needs_chromium
@pytest.mark.full
@pytest.mark.parametrize("border", [True, False], ids=["ruled", "unruled"])
@pytest.mark.parametrize("name", ["as printed", "labels of two lines", "over pages"])
def test_pages_that_chromium_prints(name: str, border: bool, tmp_path: Path) -> None:
    """
    A page that a browser prints gives as OFD what it gives as PDF; without the rules of its tables
    no figure is wrong, and what is not read is named.
    """
    for seed in range(3000, 3003):
        page = laid_out(name, seed)
        source, printed = tmp_path / "page.html", tmp_path / "page.pdf"
        source.write_bytes(html_page(page, border=border))
        options = ("--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
        command = [str(CHROMIUM), *options, f"--print-to-pdf={printed}", source.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=100)
        file = File(printed.read_bytes())
        drawings = [file.draw(each) for each in file.pages()]
        dice = random.Random(seed)
        copy = ofd_of(tmp_path / "page.ofd", drawings, some_style(dice), dice)
        found = score(page, copy)
        assert (found.faults, found.accused) == ([], [])
        if border:
            one, other = (
                dict(gs.walk(gs.read(each, year=2024, body="某市人民政府").report))
                for each in (printed, copy)
            )
            assert one == other


LEFT_OUT = {
    "struck by a line": ("struck", text("33", 66, 62) + path("M 66 60.8 L 69.5 60.8")),
    "raised": ("note_mark", text("33", 78.9, 60.5, 2.1, "1.05")),
    "white": ("hidden", text("33", 66, 62, inside=WHITE)),
    "white in four inks": (
        "hidden",
        text("33", 66, 62, inside='<ofd:FillColor Value="0 0 0 0"/>'),
    ),
    "painted over": ("hidden", text("33", 66, 62) + COVER),
    "transparent": ("hidden", text("33", 66, 62, more='Alpha="0"')),
    "of a transparent colour": (
        "hidden",
        text("33", 66, 62, inside='<ofd:FillColor Value="0 0 0" Alpha="0"/>'),
    ),
    "neither filled nor outlined": ("hidden", text("33", 66, 62, more='Fill="false"')),
    "not visible": ("hidden", text("33", 66, 62, more='Visible="false"')),
    "in a group that is not visible": (
        "hidden",
        f'<ofd:PageBlock Visible="false">{text("33", 66, 62)}</ofd:PageBlock>',
    ),
    "clipped": (
        "hidden",
        text(
            "33",
            66,
            62,
            inside="<ofd:Clips><ofd:Clip><ofd:Area>"
            + path("M 20 20 L 30 20 L 30 30 C").replace("PathObject", "Path")
            + "</ofd:Area></ofd:Clip></ofd:Clips>",
        ),
    ),
    "outside its box": (
        "hidden",
        text("33", 66, 62)
        .replace('Boundary="66 58.5', 'Boundary="36 8.5')
        .replace('X="0" Y="3.5"', 'X="30" Y="53.5"'),
    ),
    "smaller than a point": ("hidden", text("33", 66, 62, 0.14)),
    "aslant": ("watermark", text("33", 66, 61, more='CTM="0.87 0.5 -0.5 0.87 0 0"')),
}


@pytest.mark.parametrize("kind", LEFT_OUT)
def test_what_is_no_text_is_left_out(kind: str, tmp_path: Path) -> None:
    """What a person does not see, or sees as no text, is left out of the figure, and named."""
    aside, objects = LEFT_OUT[kind]
    span = middle(drawn(tmp_path / "a.ofd", PLAIN, objects))
    assert span.text == "29351"
    assert [(each.kind, each.text) for each in span.asides] == [(aside, "33")]


SHARED = (
    '<ofd:DrawParams><ofd:DrawParam ID="7"><ofd:FillColor Value="#FF #0 #0"/></ofd:DrawParam>'
    '<ofd:DrawParam ID="8" Relative="7" LineWidth="1"/></ofd:DrawParams><ofd:ColorSpaces>'
    '<ofd:ColorSpace ID="9" Type="RGB"><ofd:Palette><ofd:CV>255 255 255</ofd:CV><ofd:CV>9 9 9'
    "</ofd:CV></ofd:Palette></ofd:ColorSpace></ofd:ColorSpaces><ofd:CompositeGraphicUnits>"
    f'<ofd:CompositeGraphicUnit ID="5"><ofd:Content>{text("29351", 0, 3.5)}</ofd:Content>'
    "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
)
SEEN = {
    "by runs": text("29351", 70, 62, deltas="g 4 1.75"),
    "by runs and single steps": text("29351", 70, 62, deltas="1.75 g 2 1.75 1.75"),
    "by more steps than signs": text("29351", 70, 62, deltas="g 9 1.75 -20"),
    "by fewer steps than signs": text("29351", 70, 62, deltas="1.75"),
    "without steps": text("29351", 70, 62, deltas=""),
    "by steps of nothing": text("29351", 70, 62, deltas="0 0 0 0"),
    "by codes one after the other": text("29", 70, 62).replace(
        "</ofd:TextObject>",
        '<ofd:TextCode X="3.5" DeltaX="1.75 1.75">351</ofd:TextCode></ofd:TextObject>',
    ),
    "in lines of the XML": text("\n  29351\n  ", 70, 62, deltas="g 4 1.75"),
    "sign by sign": "".join(
        text(sign, 70 + 1.75 * at, 62, deltas="") for at, sign in enumerate("29351")
    ),
    "twice, as bold type is faked": FIGURE + FIGURE.replace('"70 ', '"70.1 '),
    "with glyphs": text(
        "29351",
        70,
        62,
        inside='<ofd:CGTransform CodePosition="0" CodeCount="5" GlyphCount="5">'
        "<ofd:Glyphs>1 2 3 4 5</ofd:Glyphs></ofd:CGTransform>",
    ),
    "outlined": text(
        "29351", 70, 62, more='Stroke="true" Fill="false"', inside='<ofd:StrokeColor Value="0"/>'
    ),
    "in a colour of a palette": text(
        "29351", 70, 62, inside='<ofd:FillColor ColorSpace="9" Index="1"/>'
    ),
    "in a colour of parameters": text("29351", 70, 62, more='DrawParam="8"'),
    "in a box of no size": FIGURE.replace('Boundary="70 58.5 21 4.9', 'Boundary="70 58.5 0 0'),
    "in a box that is turned about": FIGURE.replace("21 4.9", "-21 4.9"),
    "over a picture": '<ofd:ImageObject Boundary="66 58 20 5" CTM="20 0 0 5 0 0"/>' + FIGURE,
    "in a drawing": '<ofd:CompositeObject Boundary="70 58.5 20 5" ResourceID="5"/>',
    "in a drawing that is scaled": '<ofd:CompositeObject Boundary="70 58.5 20 5" CTM="0.8 0 0 0.8'
    ' 0 0" ResourceID="5"/>',
    "in a group": f"<ofd:PageBlock><ofd:PageBlock>{FIGURE}</ofd:PageBlock></ofd:PageBlock>",
    "over white": COVER + FIGURE,
    "under an area without colour": FIGURE
    + path("M 66 58 L 90 58 L 90 63 L 66 63 C", 'Stroke="false" Fill="true"'),
    "under a faint area": FIGURE
    + path("M 66 58 L 90 58 L 90 63 L 66 63 C", 'Stroke="false" Fill="true" Alpha="40"', WHITE),
}


@pytest.mark.parametrize("kind", SEEN)
def test_what_is_seen_is_text(kind: str, tmp_path: Path) -> None:
    """A figure that a person sees is the text of its cell, however it is written."""
    span = middle(drawn(tmp_path / "a.ofd", LINES, TABLE, SEEN[kind], resources=SHARED))
    assert (span.text, [each for each in span.asides if each.kind != "picture"]) == ("29351", [])


BORDERS = {
    "thin areas": "".join(
        path(f"M {x} {y} L {u} {y} L {u} {v} L {x} {v} C", 'Stroke="false" Fill="true"', black)
        for x, y, u, v in (
            *((30, each, 120, each + 0.2) for each in (50, 57, 64, 71)),
            *((each, 50, each + 0.2, 71) for each in (30, 60, 90, 120)),
        )
        for black in ('<ofd:FillColor Value="0 0 0"/>',)
    ),
    "boxes of cells": "".join(
        path(f"M{x} {y}L{x + 30} {y}L{x + 30} {y + 7}L{x} {y + 7}C")
        for x in (30, 60, 90)
        for y in (50, 57, 64)
    ),
    "in points": path(
        "M 0 0 L 255 0 M 0 20 L 255 20 M 0 40 L 255 40 M 0 60 L 255 60"
        " M 0 0 L 0 60 M 85 0 L 85 60 M 170 0 L 170 60 M 255 0 L 255 60",
        'CTM="0.352778 0 0 0.352778 30 50" LineWidth="0.5"',
    ),
}


@pytest.mark.parametrize("kind", BORDERS)
def test_borders_of_all_kinds(kind: str, tmp_path: Path) -> None:
    """A table is found by its borders, however they are drawn."""
    assert middle(drawn(tmp_path / "a.ofd", BORDERS[kind], TABLE, FIGURE)).text == "29351"


@pytest.mark.parametrize("order", ["Background", "Foreground"])
def test_templates(order: str, tmp_path: Path) -> None:
    """What a template draws is on each page that has it, below its content or over it."""
    packed_ofd(
        tmp_path / "a.ofd",
        layer(text("33", 66, 62), FIGURE, kind="Background"),
        templates={order: layer(COVER, LINES, TABLE)},
    )
    span = middle(ofd.read(tmp_path / "a.ofd"))
    hidden = [("hidden", "33")] if order == "Foreground" else []
    assert span.text == ("29351" if hidden else "3329351")
    assert [(each.kind, each.text) for each in span.asides] == hidden


def test_annotations(tmp_path: Path) -> None:
    """
    Text that is put on a page is of it; that of stamps and watermarks is named, and what is not
    shown is not there.
    """
    annotations = "".join(
        f'<ofd:Annot Type="{kind}" {more}><ofd:Appearance Boundary="50 {top}0 60 9">'
        f"{text(content, 0, 5)}</ofd:Appearance></ofd:Annot>"
        for top, (kind, content, more) in enumerate(
            (
                ("Path", "2024", 'Subtype="Typewriter"'),
                ("Stamp", "2023", ""),
                ("Watermark", "2022", ""),
                ("Path", "2021", 'Visible="false"'),
            ),
            8,
        )
    )
    document = drawn(tmp_path / "a.ofd", PLAIN, annotations=annotations)
    assert texts(document) == ["2024"]
    assert [(each.kind, each.text) for each in document.asides] == [
        ("watermark", "2023"),
        ("watermark", "2022"),
    ]


@pytest.mark.parametrize(
    "style",
    [
        *(Style(paths=each) for each in ("absolute", "root", "dotted", "backslashes", "letters")),
        *(Style(encoding=each) for each in ("GBK", "GB2312", "UTF-16")),
        *(Style(prefix=each, namespace="") for each in ("ofd:", "")),
        Style(prefix="", namespace="urn:other"),
        Style(prefix="ofd:", namespace="", encoding="UTF-16"),
    ],
    ids=str,
)
def test_parts_are_found(style: Style, tmp_path: Path) -> None:
    """Parts are found and read under whatever location, namespace and encoding."""
    file = packed_ofd(
        tmp_path / "a.ofd", layer(FIGURE), style=style, templates={"": layer(LINES, TABLE)}
    )
    assert middle(ofd.read(file)).text == "29351"


def test_places_and_properties(tmp_path: Path) -> None:
    """A cell has its page and its place in points; of the properties no person is taken over."""
    document = drawn(tmp_path / "a.ofd", PLAIN)
    place = middle(document).place
    assert (place.page, place.table, place.row, place.column) == (1, 1, 2, 2)
    assert place.box == (170.1, 161.6, 255.1, 181.4)
    assert document.properties == (("Title", "Report"),)


def test_it_is_told_by_its_content(tmp_path: Path) -> None:
    """An OFD is one under any name, or none, and no other zip is taken for one."""
    file = packed_ofd(tmp_path / "a.docx", layer(PLAIN))
    assert files.format_of(file).suffixes == (".ofd",)
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as other:
        other.writestr("Doc_2024/report.html", "<p>")
    assert not ofd.detect((tmp_path / "b.zip").read_bytes())


# ---- what is refused ----------------------------------------------------------------------------


def refused(path: Path) -> str:
    """Give the code of the error with which a file is refused, within seconds."""
    start = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        gs.read(path, year=2024, body="某市人民政府")
    assert time.process_time() - start < 20
    return caught.value.code


def nested(count: int, within: str) -> str:
    """Make drawings that each draw the next one several times."""
    return (
        "<ofd:CompositeGraphicUnits>"
        + "".join(
            f'<ofd:CompositeGraphicUnit ID="{at}"><ofd:Content>'
            + within.format(f'<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="{at + 1}"/>' * 20)
            + "</ofd:Content></ofd:CompositeGraphicUnit>"
            for at in range(count)
        )
        + "</ofd:CompositeGraphicUnits>"
    )


CIRCLE = path("M 60 50 B 60 60 70 60 70 50 C", 'Stroke="false" Fill="true"', WHITE)
CONTENTS = {
    "a picture": ('<ofd:ImageObject Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>', "F-SCAN"),
    "outlines": (CIRCLE * 9, "F-SCAN"),
    "nothing": ("", "F-SCAN"),
    "noise": (text("\ue001\ue002\ue003\ue004", 9, 9), "F-BROKEN-FONT"),
    "a number that is none": (
        text("1", 9, 9, deltas="").replace("3.5", "NaN"),
        "F-DAMAGED-DOCUMENT",
    ),
    "a place that is nowhere": (text("12", 9, 9, deltas="1e999"), "F-DAMAGED-DOCUMENT"),
    "half a box": ('<ofd:TextObject Boundary="1 2" Size="3"/>', "F-DAMAGED-DOCUMENT"),
    "groups in groups": (
        "<ofd:PageBlock>" * 5_000 + FIGURE + "</ofd:PageBlock>" * 5_000,
        "F-PART-TOO-LONG",
    ),
    "more signs than any report": (
        text("1", 9, 9, deltas="g 999999999 0").replace(">1<", f">{'1' * 1_100_000}<"),
        "F-PART-TOO-LONG",
    ),
    "a path without end": (path("M 0 0" + " L 1 1" * 1_100_000), "F-PART-TOO-LONG"),
    "too many elements": ("<ofd:TextObject/>" * 2_100_000, "F-PART-TOO-LONG"),
}


@pytest.mark.parametrize("kind", CONTENTS)
def test_pages_that_are_refused(kind: str, tmp_path: Path) -> None:
    """What cannot be read, or is more than a report, is refused with its reason, in seconds."""
    content, code = CONTENTS[kind]
    assert refused(packed_ofd(tmp_path / "a.ofd", layer(content))) == code


def test_drawings_that_draw_each_other(tmp_path: Path) -> None:
    """Drawings within drawings, each drawn many times, are refused in seconds."""
    use = '<ofd:CompositeObject Boundary="0 0 9 9" ResourceID="0"/>'
    file = packed_ofd(tmp_path / "a.ofd", layer(use), resources=nested(12, "{}"))
    assert refused(file) == "F-PART-TOO-LONG"


def test_a_drawing_within_itself(tmp_path: Path) -> None:
    """A drawing that draws itself is drawn once."""
    own = (
        '<ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID="5"><ofd:Content>'
        f'{FIGURE}<ofd:CompositeObject Boundary="9 9 9 9" ResourceID="5"/></ofd:Content>'
        "</ofd:CompositeGraphicUnit></ofd:CompositeGraphicUnits>"
    )
    use = '<ofd:CompositeObject Boundary="0 0 210 297" ResourceID="5"/>'
    assert middle(drawn(tmp_path / "a.ofd", LINES, TABLE, use, resources=own)).text == "29351"


def without(file: Path, name: str, data: bytes | None = None) -> Path:
    """Take a part out of a file, or put something else in its place."""
    with zipfile.ZipFile(file) as whole:
        parts = {each: whole.read(each) for each in whole.namelist()}
    del parts[name]
    parts |= {name: data} if data is not None else {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as rest:
        for each, content in parts.items():
            rest.writestr(each, content)
    return file


PAGE = "Doc_0/Pages/Page_0/Content.xml"
ENTITIES = b'<!DOCTYPE a [<!ENTITY b "c">]><Page/>'
PARTS = {
    "no root": ("OFD.xml", None, "F-DAMAGED-DOCUMENT"),
    "no document": ("Doc_0/Document.xml", None, "F-DAMAGED-DOCUMENT"),
    "no page": (PAGE, None, "F-DAMAGED-DOCUMENT"),
    "no XML": (PAGE, b"\x00\x01", "F-DAMAGED-DOCUMENT"),
    "half a page": (PAGE, b"<Page><Content>", "F-DAMAGED-DOCUMENT"),
    "entities": (PAGE, ENTITIES, "F-ENTITIES"),
    "a bomb": (PAGE, b"<Page>" + b" " * 40_000_000, "F-PART-TOO-LONG"),
    "no pages": ("Doc_0/Document.xml", b"<Document/>", "F-DAMAGED-DOCUMENT"),
    "far too many pages": (
        "Doc_0/Document.xml",
        b"<Document><Pages>" + b'<Page BaseLoc="a"/>' * 201 + b"</Pages></Document>",
        "F-TOO-MANY-PAGES",
    ),
}


@pytest.mark.parametrize("kind", PARTS)
def test_parts_that_are_refused(kind: str, tmp_path: Path) -> None:
    """A file whose parts are missing, damaged or hostile is refused with its reason."""
    name, data, code = PARTS[kind]
    assert refused(without(packed_ofd(tmp_path / "a.ofd", layer(PLAIN)), name, data)) == code


def test_encrypted_files(tmp_path: Path) -> None:
    """An encrypted file is named as one, be it by OFD itself or by the zip."""
    more = {"Encryptions.xml": b"<Encryptions/>", "Doc_0/Pages/Page_0/Content.dat": b"\x81"}
    assert refused(packed_ofd(tmp_path / "a.ofd", layer(PLAIN), more=more)) == "F-ENCRYPTED"
    data = bytearray(packed_ofd(tmp_path / "b.ofd", layer(PLAIN)).read_bytes())
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(sign)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(sign, at + 1)
    (tmp_path / "b.ofd").write_bytes(data)
    assert refused(tmp_path / "b.ofd") == "F-ENCRYPTED"


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_files_that_are_cut_short(share: float, tmp_path: Path) -> None:
    """A file that was cut short is named as damaged."""
    data = packed_ofd(tmp_path / "a.ofd", layer(PLAIN)).read_bytes()
    (tmp_path / "a.ofd").write_bytes(data[: int(len(data) * share)])
    assert refused(tmp_path / "a.ofd") == "F-DAMAGED-DOCUMENT"


def test_damaged_bytes_raise_nothing_else(tmp_path: Path) -> None:
    """Whatever bytes of a page are changed, it is read or refused."""
    dice = random.Random(7)
    file = packed_ofd(tmp_path / "a.ofd", layer(PLAIN), resources=SHARED, annotations="<a/>")
    with zipfile.ZipFile(file) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    for _ in range(300):
        name = dice.choice([*parts])
        data = bytearray(parts[name])
        for _ in range(dice.choice((1, 2, 5))):
            data[dice.randrange(len(data))] = dice.choice(b'0129 .-eCMLgB"<>/aE')
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as changed:
            for each, content in {**parts, name: bytes(data)}.items():
                changed.writestr(each, content)
        with suppress(UnreadableFile):
            gs.read(packed.getvalue(), format="ofd")


def test_styles_differ_in_every_way() -> None:
    """The random styles draw lots for every way that there is."""
    lots = {attrs.astuple(some_style(random.Random(seed))) for seed in range(200)}
    assert all(len(set(way)) > 1 for way in zip(*lots, strict=True))
