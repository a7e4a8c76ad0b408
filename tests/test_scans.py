"""Scans: which figures are taken, and what a scan of a printed report comes to."""

from __future__ import annotations

import io
import random
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pdfs import made_pdf, stream
from programs import Needs, needs_chromium, needs_office
from scans import (
    DAMAGES,
    HAS_LIBRARIES,
    LOOKS,
    Scanner,
    damaged,
    fates,
    print_page,
    saved,
    six_reports,
)

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.data import read_data
from govinfo_schema.documents.document import Document, Grid, Place, Span
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise import recognise

needs_scans = Needs(HAS_LIBRARIES, "the group scans", runs=pytest.mark.full)
REPORT = six_reports()["dense"]
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)


def recognised(
    confidence: Callable[[Span], float], texts: dict[str, str] | None = None
) -> Document:
    """
    Lay a report out as if it had been recognised, some texts otherwise: by the names of cells, or
    by what they are.
    """

    def told(span: Span, table: int) -> Span:
        text = (texts or {}).get(span.name or span.text, span.text)
        place = Place(table=table).at(span.row, span.column)
        return msgspec.structs.replace(
            span, text=text, name="", confidence=confidence(span), place=place
        )

    blocks = [
        Grid(spans=tuple(told(span, number) for span in block.spans))
        if isinstance(block, Grid)
        else block
        for number, block in enumerate(layout(REPORT).blocks)
    ]
    return Document(blocks=tuple(blocks), is_recognised=True)


def table_of(cell: str) -> str:
    """Give the table of a cell."""
    return cell.partition(".")[0]


# ---- which figures are taken --------------------------------------------------------------------


def test_sums_prove_what_two_recognitions_do_not() -> None:
    """
    Where no two recognitions agree, a figure is taken if a sum of its row and one of its column
    hold; the others, which have not both, are blank and named.
    """
    reading = recognise(recognised(lambda _: 0.0))
    blank = {cell for cell, value in gs.walk(reading.report) if value is None}
    assert {table_of(cell) for cell in blank} == {"proactive", "disputes"}
    assert fates(reading, REPORT) == {"right": 175, "blank": 25}
    assert not reading.sure


def test_table_without_sums_needs_two_recognitions() -> None:
    """Figures that no sum proves are taken where two recognitions agree, and are named."""
    reading = recognise(recognised(lambda _: 1.0))
    assert fates(reading, REPORT)["right"] == 200
    (finding,) = [each for each in reading.findings if each.code == "R-LIKELY"]
    assert {table_of(cell) for cell in finding.cells} == {"proactive"}
    assert reading.sources["disputes.litigation.direct.total"].confidence == 1.0


@pytest.mark.parametrize("sure", [0.0, 1.0])
def test_wrong_digit_is_never_silent(sure: float) -> None:
    """
    A digit that was recognised wrongly breaks its sums: it is blank where the two recognitions do
    not agree, and named where they do.
    """
    cell = "applications.outcomes.granted.natural_person"
    wrong = f"{gs.get(REPORT, cell)}5"
    document = recognised(lambda span: sure if span.name == cell else 1.0, {cell: wrong})
    reading = recognise(document)
    assert fates(reading, REPORT)["silent"] == 0
    assert gs.get(reading.report, cell) == (int(wrong) if sure else None)
    assert [f.code for f in reading.findings if cell in f.cells] == [
        "R-LIKELY" if sure else "R-BLURRED"
    ]


def test_two_lines_in_one_cell_are_no_figure() -> None:
    """Where a missed line makes one cell of two, nothing is made of the two figures."""
    cell = "applications.outcomes.granted.natural_person"
    reading = recognise(recognised(lambda _: 1.0, {cell: "3\n2"}))
    assert gs.get(reading.report, cell) is None
    assert cell in {each for finding in reading.findings for each in finding.cells}


@pytest.mark.parametrize(
    ("one", "other"), [("2.重复申请", "3.要求提供公开出版物"), ("自然人", "总计")]
)
def test_exchanged_labels_give_no_figures(one: str, other: str) -> None:
    """
    Where the labels of two rows or columns are exchanged, sums may hold as before: nothing is taken
    of those, nor of those between.
    """
    reading = recognise(recognised(lambda _: 1.0, {one: other, other: one}))
    counts = fates(reading, REPORT)
    assert counts["silent"] == counts["wrong and named"] == 0
    assert counts["blank"] >= 14


def test_empty_cell_of_a_scan_is_named() -> None:
    """What looks empty in a picture is named, as the ink may be too faint."""
    cell = "proactive.licensing.decisions"
    reading = recognise(recognised(lambda _: 1.0, {cell: ""}))
    assert [f.code for f in reading.findings if cell in f.cells] == ["R-EMPTY"]


# ---- without the libraries ----------------------------------------------------------------------


WITHOUT_LIBRARIES = """
import sys
sys.modules["rapidocr"] = None
from govinfo_schema.cli import main
sys.exit(main(sys.argv[1:]))
"""


def check_without_libraries(path: Path) -> tuple[int, str]:
    """Check a path where nothing recognises text: the exit code, and what is said."""
    command = [sys.executable, "-c", WITHOUT_LIBRARIES, "check", "--lang", "en", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout + done.stderr


def test_scan_names_what_installs_its_libraries(tmp_path: Path) -> None:
    """Without the libraries a PDF of pictures is a scan, with the line that installs them."""
    kind = "/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace/DeviceGray"
    path = made_pdf(
        tmp_path / "scan.pdf",
        b"595 0 0 842 0 0 cm /X Do",
        resources="/XObject<</X 5 0 R>>",
        others=(stream(bytes(81), kind),),
    )
    code, said = check_without_libraries(path)
    assert code == 2
    assert "is a scan or a picture" in said
    assert said.strip().endswith("pip install rapidocr onnxruntime pypdfium2")


def test_pictures_are_passed_over_without_libraries(tmp_path: Path) -> None:
    """
    Without the libraries a picture is of a kind that is not read, with what to install; a report
    beside it is checked as if there were none.
    """
    (tmp_path / "cover.png").write_bytes(PICTURE)
    gs.write(REPORT, tmp_path / "report.json")
    code, said = check_without_libraries(tmp_path / "cover.png")
    assert code == 2
    assert "is a PNG picture, and such files are not read; to have its text recognised" in said
    assert all(package in said for package in read_data("libraries")["rapidocr"]["packages"])
    code, said = check_without_libraries(tmp_path)
    assert code == 0
    assert ".png 1" in said


# ---- with them ----------------------------------------------------------------------------------


def _large_png(width: int, height: int) -> bytes:
    """Make the head of a picture that says how large it is, and hardly more."""
    chunks = b""
    for kind, data in (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(1000))),
        (b"IEND", b""),
    ):
        chunks += struct.pack(">I", len(data)) + kind + data
        chunks += struct.pack(">I", zlib.crc32(kind + data))
    return PICTURE[:8] + chunks


@needs_scans
@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (PICTURE, "damaged or cut-short picture"),
        (_large_png(900, 1200), "damaged or cut-short picture"),
        (_large_png(6_500, 6_500), "more than 40,000,000 pixels"),
        (_large_png(12_000, 12_000), "more than 40,000,000 pixels"),
        (_large_png(60_000, 60_000), "more than 40,000,000 pixels"),
        (_large_png(39_000, 1), "no text that could be recognised"),
    ],
)
def test_hostile_pictures_are_refused(data: bytes, reason: str) -> None:
    """A picture that is damaged, or larger than any page, is refused before it fills the memory."""
    with pytest.raises(gs.UnreadableFile, match=reason):
        gs.read(data, name="scan.png")


@needs_scans
def test_library_that_another_needs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where rapidocr is installed without what runs its models, a picture says what to install."""
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(gs.MissingLibrary, match="pip install rapidocr onnxruntime pypdfium2"):
        gs.read(_large_png(420, 594), name="a.png")


@needs_scans
def test_pictures_without_a_report_are_refused() -> None:
    """An empty page is refused with its reason, and so is a file of more pages than any report."""
    image = import_module("PIL.Image")
    for count, reason in ((1, "no text that could be recognised"), (41, "more than 40 pages")):
        buffer = io.BytesIO()
        pages = [image.new("L", (420, 594), 255) for _ in range(count)]
        pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
        with pytest.raises(gs.UnreadableFile, match=reason):
            gs.read(buffer.getvalue(), name="scan.tif")


read = partial(gs.read, year=REPORT.year, body=REPORT.body.name)
WAYS: dict[str, Callable[[Any], tuple[Any, str, dict[str, Any]]]] = {
    "CMYK": lambda page: (page.convert("CMYK"), "JPEG", {}),
    "16 bits": lambda page: (_deep(page), "PNG", {}),
    "1 bit": lambda page: (page.convert("1", dither=0), "TIFF", {"compression": "group4"}),
    "palette": lambda page: (page.convert("P"), "PNG", {"transparency": 255}),
    "transparent": lambda page: (_on_nothing(page), "WEBP", {"lossless": True}),
    "turned by a camera": lambda page: (page.rotate(90, expand=True), "JPEG", {"exif": _turned()}),
    "on its head": lambda page: (page.rotate(180), "BMP", {}),
    "sideways": lambda page: (page.rotate(90, expand=True), "PNG", {}),
    "darker to one side": lambda page: (_shaded(page), "JPEG", {}),
    "askew": lambda page: (page.rotate(-2, fillcolor=255), "JPEG", {}),
    "yellow": lambda page: (_yellow(page), "PNG", {}),
}
"""Ways in which a page may be kept in a file."""


def _deep(page: Any) -> Any:
    """Make a picture of 16 bits a pixel."""
    grey = import_module("numpy").asarray(page, "uint16")
    return import_module("PIL.Image").fromarray(grey * 257)


def _on_nothing(page: Any) -> Any:
    """Make paper transparent."""
    image = import_module("PIL.Image")
    black = image.new("L", page.size, 0)
    return image.merge("RGBA", (black, black, black, page.point(lambda value: 255 - value)))


def _turned() -> Any:
    """Say that the camera was held upright."""
    exif = import_module("PIL.Image").Exif()
    exif[274] = 6
    return exif


def _shaded(page: Any) -> Any:
    """Let the light fall from one side."""
    shade = import_module("PIL.Image").linear_gradient("L").rotate(90).resize(page.size)
    lit = shade.point(lambda value: 90 + value * 165 // 255)
    return import_module("PIL.ImageChops").multiply(page, lit)


def _yellow(page: Any) -> Any:
    """Print on yellow paper."""
    image = import_module("PIL.Image")
    return image.merge("RGB", [page.point(lambda v, k=k: v * k // 100) for k in (100, 93, 75)])


@needs_scans
@needs_chromium
@pytest.mark.parametrize("way", WAYS)
def test_page_however_it_is_kept(way: str, page: Any) -> None:
    """The page of table 3 gives its figures however its picture is made, turned or lit."""
    image, kind, options = WAYS[way](page)
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    data = buffer.getvalue()
    counts = fates(read(data, name=f"scan.{kind.lower()}"), REPORT)
    assert counts == {"right": 175, "blank": 25}


@needs_scans
@needs_chromium
@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_pages_give_no_wrong_figures(damage: str, page: Any, tmp_path: Path) -> None:
    """
    Whatever is missing on a page, a ruling line, a digit or a part of them: no figure is wrong in
    silence. A page is refused at most where a sign of the head is missing, as one of four may be.
    """
    refused = 0
    for seed in range(4):
        spoilt = damaged(page, damage, random.Random(f"{damage} {seed}"))
        scan = saved([spoilt], tmp_path / "scan.pdf")
        try:
            counts = fates(read(scan), REPORT)
        except gs.UnreadableFile:
            refused += 1
        else:
            assert counts["silent"] == 0, (seed, counts)
    assert refused <= 1


@needs_scans
@needs_chromium
def test_scans_are_read_in_threads_and_processes(page: Any, tmp_path: Path) -> None:
    """Threads at once, and the processes that read a folder, find what a single one finds."""
    folder = tmp_path / "scans"
    folder.mkdir()
    for number in range(4):
        saved([page], folder / f"{number}.{'tif' if number % 2 else 'pdf'}")
    import_module("PIL.Image").new("RGB", (90, 60), "red").save(folder / "logo.png")
    expected = read(folder / "0.pdf").report
    paths = sorted(folder.glob("[0-9].*"))
    with ThreadPoolExecutor(2) as pool:
        found = [*pool.map(lambda path: read(path).report, paths)]
    assert found == [expected] * 4
    target = tmp_path / "reports.jsonl"
    options = ("--year", str(REPORT.year), "--body", REPORT.body.name)
    assert main(["convert", str(folder), str(target), *options]) == 2, "the logo is no report"
    assert [*gs.read_many(target).reports] == found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Scan the page of table 3."""
    path = tmp_path_factory.mktemp("page") / "printed.pdf"
    print_page(REPORT, "dots and frames", path)
    return Scanner(dpi=150).scan(path)[1].convert("L")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Print the reports."""
    folder = tmp_path_factory.mktemp("printed")
    paths = {name: folder / f"{name}.pdf" for name in six_reports()}
    for name, report in six_reports().items():
        gs.write(report, paths[name])
    return paths


SCANNERS = [
    (Scanner(dpi=200), 0.98),
    (Scanner(dpi=200, turn=1, noise=12, quality=60), 0.95),
    (Scanner(dpi=150, turn=-1, noise=12, quality=60), 0.9),
    (Scanner(dpi=100, turn=1, noise=12, quality=60), 0.9),
]
"""How pages are scanned, and which share of their figures is right at least."""


def assert_read(pages: list[Any], report: gs.Report, share: float, path: Path) -> None:
    """Read a scan: such a share of its figures is right, none is wrong, or blank in silence."""
    # At 100 dpi a title may be read wrongly.
    reading = gs.read(saved(pages, path), year=report.year, body=report.body.name)
    counts = fates(reading, report)
    assert counts["silent"] == counts["wrong and named"] == 0, counts
    assert counts["right"] >= share * counts.total(), counts


@needs_scans
@needs_office
@pytest.mark.parametrize(("scanner", "share"), SCANNERS)
def test_scans_of_printed_reports(
    printed: dict[str, Path], tmp_path: Path, scanner: Scanner, share: float
) -> None:
    """
    Of clean scans at 200 dpi 98 figures of 100 are right, of those turned, noisy and packed 95; no
    figure is wrong, or blank, in silence, at whatever resolution.
    """
    for name, report in six_reports().items():
        assert_read(scanner.scan(printed[name]), report, share, tmp_path / f"{name}.pdf")


@needs_scans
@needs_chromium
@pytest.mark.parametrize("look", LOOKS)
def test_scans_of_pages_that_a_browser_prints(look: str, tmp_path: Path) -> None:
    """So it is for other fonts and lines; where lines fade at low resolution figures are blank."""
    for name in ("dense", "sparse of 2019"):
        report = six_reports()[name]
        path = tmp_path / "printed.pdf"
        print_page(report, look, path)
        for scanner, share in SCANNERS:
            least = 0 if "hairlines" in look and scanner.dpi < 200 else share
            assert_read(scanner.scan(path), report, least, tmp_path / "scan.pdf")


@needs_scans
@needs_office
def test_pages_of_a_picture_are_read_as_those_of_a_pdf(
    printed: dict[str, Path], tmp_path: Path
) -> None:
    """A TIFF of several pages is read as a PDF of the same is."""
    report = six_reports()["sparse"]
    assert_read(Scanner(dpi=200).scan(printed["sparse"]), report, 0.98, tmp_path / "scan.tif")
