"""
PDF forms (AcroForm) that were filled in: the figures stand in fields over the page, with or without
a stream that says how they look.
Source: ISO 32000-1, 12.5 and 12.7.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import pytest
from ofds import pdf_pages
from pdfs import LINES, TABLE, drawn_pdf, stream, write
from readings import compare, middle

import govinfo_schema as gs
from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.formats import pdf
from govinfo_schema.documents.layout import layout

Box = tuple[float, float, float, float]
FORM: Final = (
    "/Type/XObject/Subtype/Form/Resources<</Font<</F 3 0 R"
    "/Z<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>>>>>"
)
FIGURE: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Fields:
    """The fields of a form; what a field looks like is a further object of the file."""

    def __init__(self) -> None:
        """Have none."""
        self.pages: dict[int, list[str]] = {}
        self.others: list[bytes] = []

    def add(self, page: int, box: Box, entries: str, look: str | None = None) -> None:
        """Put a field on a page, with a stream that draws it."""
        rect = " ".join(f"{each:.2f}" for each in box)
        if look is not None:
            size = f"/BBox[0 0 {box[2] - box[0]:.2f} {box[3] - box[1]:.2f}]"
            self.others.append(stream(look.encode(), FORM + size))
            entries += f"/AP<</N {9 + len(self.others)} 0 R>>"
        self.pages.setdefault(page, []).append(
            f"<</Type/Annot/Subtype/Widget/Rect[{rect}]{entries}>>"
        )

    def refer(self, entries: str) -> str:
        """Put an object into the file, and refer to it."""
        self.others.append(entries.encode())
        return f"{9 + len(self.others)} 0 R"

    def write(self, path: Path, pages: Sequence[str], catalog: str = "") -> Path:
        """Write the form."""
        more = [f"/Annots[{' '.join(self.pages.get(at, []))}]" for at in range(len(pages))]
        return drawn_pdf(path, *pages, more=more, catalog=catalog, others=tuple(self.others))


def utf_16(text: str) -> str:
    """Write a text as PDF strings do that hold more than Latin letters."""
    return f"<FEFF{text.encode('utf-16-be').hex()}>"


def plain(text: str) -> str:
    """Write a text in brackets."""
    return f"({text})"


def drawn(text: str, box: Box) -> str:
    """Draw a text as the programs do that fill in forms."""
    return f"/Tx BMC q {write(text, 2, (box[3] - box[1]) / 2 - 3, 7)} Q EMC"


def comb(text: str, box: Box) -> str:
    """Draw a text with each sign in a box of its own."""
    step = (box[2] - box[0]) / max(8, len(text))
    signs = (
        write(sign, step * at + step / 3, (box[3] - box[1]) / 2 - 3, 7)
        for at, sign in enumerate(text)
    )
    return "".join(signs)


def value_only(fields: Fields, page: int, text: str, box: Box, dice: random.Random) -> None:
    """A field that says nothing of how it looks."""
    fields.add(page, box, f"/FT/Tx/T(f)/V{dice.choice((plain, utf_16))(text)}")


def with_look(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A field with a stream that draws it."""
    fields.add(page, box, f"/FT/Tx/V({text})", drawn(text, box))


def read_only(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A field that nobody may change any more."""
    fields.add(page, box, f"/FT/Tx/Ff 1/F 4/V({text})", drawn(text, box))


def of_parent(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A field that stands in two places, of which this is one: its parent has the value."""
    parent = fields.refer(f"<</FT/Tx/T(a)/V({text})>>")
    fields.add(page, box, f"/Parent {parent}")


def long_value(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A field whose value is a stream, as long ones may be."""
    fields.others.append(stream(text.encode()))
    fields.add(page, box, f"/FT/Tx/V {9 + len(fields.others)} 0 R")


def as_number(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A field whose value is a number, as some programs write it."""
    fields.add(page, box, f"/FT/Tx/V {text}")


def turned_box(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A field whose corners are named the other way round."""
    fields.add(page, (box[2], box[3], box[0], box[1]), f"/FT/Tx/V({text})")


def choice(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A list to choose from, which shows another text than the value."""
    fields.add(page, box, f"/FT/Ch/Opt[[(a)(b)][(x{text})({text})]]/V(x{text})")


def in_boxes(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A field whose signs stand in a box each (a comb)."""
    fields.add(page, box, f"/FT/Tx/Ff 16777216/MaxLen 8/V({text})", comb(text, box))


def stale(fields: Fields, page: int, text: str, box: Box, _: random.Random) -> None:
    """A field that was filled in by a program that left how it looked before."""
    fields.add(page, box, f"/FT/Tx/V({text})", "/Tx BMC EMC")


KINDS: Final[dict[str, Callable[[Fields, int, str, Box, random.Random], None]]] = {
    each.__name__: each
    for each in (
        value_only,
        with_look,
        read_only,
        of_parent,
        long_value,
        as_number,
        turned_box,
        choice,
        in_boxes,
        stale,
    )
}


def filled_in(path: Path, report: gs.Report, kinds: Sequence[str], dice: random.Random) -> Path:
    """Write a report as a form that was filled in, its figures in fields of these kinds."""
    fields = Fields()

    def take(page: int, text: str, box: Box) -> bool:
        if not FIGURE.fullmatch(text):
            return False
        KINDS[dice.choice(kinds)](fields, page, text, box, dice)
        return True

    pages = pdf_pages(layout(report), take=take)
    return fields.write(path, pages, "/AcroForm<</NeedAppearances true/Fields[]>>")


@pytest.mark.parametrize("edition", gs.editions)
@pytest.mark.parametrize("seed", range(20))
def test_form_that_was_filled_in(seed: int, edition: gs.EditionName, tmp_path: Path) -> None:
    """Every figure of a form is read, in whatever way its fields hold them."""
    dice = random.Random(seed)
    report = gs.generate(seed, edition)
    kinds = list(KINDS) if seed % 2 else [[*KINDS][seed // 2 % len(KINDS)]]
    path = filled_in(tmp_path / "form.pdf", report, kinds, dice)
    reading = gs.read(path, year=report.year, body=report.body.name)
    fates = compare(reading, report)
    assert (fates["wrong"], fates["silent"], fates["blank"]) == ([], [], [])


BOX: Final = (201, 621, 299, 639)
"""The cell in the middle of the table of a page."""
TICK: Final = "q BT /Z 12 Tf 2 2 Td (4) Tj ET Q"
TRAPS: Final[dict[str, tuple[str, str | None, str, list[tuple[str, str]]]]] = {
    "a box that is ticked": ("/FT/Btn/V/Yes/AS/Yes", TICK, "✔", []),
    "a layer that is off": ("/FT/Tx/V(15)/OC 5 0 R", drawn("15", BOX), "", [("hidden", "15")]),
    "a value nobody sees": ("/FT/Tx/V(15)", "/Tx BMC EMC", "", [("hidden", "15")]),
    "another look than its value": ("/FT/Tx/V(1500)", drawn("1,500", BOX), "1,500", []),
    "hidden": ("/FT/Tx/F 2/V(15)", drawn("15", BOX), "", []),
    "only a default": ("/FT/Tx/DV(15)", None, "", []),
    "a signature": ("/FT/Sig/V<</Type/Sig/Name(15)>>", None, "", []),
    "marked as UTF-8": ("/FT/Tx/V<EFBBBF3135>", None, "15", []),
    "a comment": ("/Subtype/Text/Contents(15)", None, "", []),
}
"""What a field has, how it looks, the text of its cell, and what is left out of that."""


@pytest.mark.parametrize("kind", TRAPS)
def test_what_a_person_sees_of_a_field(kind: str, tmp_path: Path) -> None:
    """The text of a cell is what a field shows; a tick is no figure, what is hidden is named."""
    entries, look, text, left_out = TRAPS[kind]
    fields = Fields()
    fields.add(0, BOX, entries, look)
    span = middle(pdf.read(fields.write(tmp_path / "form.pdf", [LINES + TABLE])))
    assert span.text == text
    assert [(aside.kind, aside.text) for aside in span.asides] == left_out


def test_field_in_two_places(tmp_path: Path) -> None:
    """A field that stands on two pages is read on both."""
    fields = Fields()
    parent = fields.refer("<</FT/Tx/T(a)/V(15)>>")
    for page in (0, 1):
        fields.add(page, BOX, f"/Parent {parent}")
    grids = [
        block
        for block in pdf.read(fields.write(tmp_path / "a.pdf", [LINES + TABLE] * 2)).blocks
        if isinstance(block, Grid)
    ]
    assert [sum(span.text == "15" for span in grid.spans) for grid in grids] == [1, 1]


def test_form_that_only_one_program_shows(tmp_path: Path) -> None:
    """A dynamic XFA form, of which the page only asks to wait, is named as that."""
    page = write("Please wait... ", 100, 700)
    path = Fields().write(tmp_path / "a.pdf", [page], "/AcroForm<</XFA[(template)5 0 R]>>")
    with pytest.raises(gs.UnreadableFile, match="XFA form"):
        gs.read(path)


@pytest.mark.parametrize(("count", "length"), [(1, 300_000), (300_000, 1), (1_000, 3_000)])
def test_fields_that_hold_too_much(count: int, length: int, tmp_path: Path) -> None:
    """A form with more in its fields than any report has is refused before it is drawn."""
    fields = Fields()
    place = fields.refer(f"<</Subtype/Widget/Rect[0 0 500 500]/FT/Tx/V({'1' * length})>>")
    fields.pages[0] = [place] * count
    with pytest.raises(gs.UnreadableFile, match="too large"):
        gs.read(fields.write(tmp_path / "a.pdf", [LINES + TABLE]))
