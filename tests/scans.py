"""
Scans made in the tests: the pages of a printed report as a scanner gives them, and what was read of
them against the truth.
"""

from __future__ import annotations

import io
import random
import subprocess
from collections import Counter
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import attrs
from programs import CHROMIUM

import govinfo_schema as gs

HAS_LIBRARIES = all(map(find_spec, ("rapidocr", "onnxruntime", "pypdfium2")))
LOOKS: Final = {
    "grey lines": "td,th{border:1px solid #999 !important;padding:3px}table{width:100%}",
    "dots and frames": "table{border:4px double #000 !important}"
    "td,th{border:1px dotted #000 !important;padding:2px}",
    "bold between hairlines": "td,th{border:.5px solid #ccc !important;padding:1px 2px;"
    "font-weight:bold}",
}
"""Styles of a page, by what they look like."""
DAMAGES: Final = (
    *("level line", "part of a level line", "upright line", "part of an upright line"),
    *("blackened", "erased", "half erased", "exchanged"),
)
"""What happens to a printed page: to a ruling line, or to a digit."""


@attrs.frozen(kw_only=True)
class Scanner:
    """How pages are scanned: pixels an inch, degrees askew, noise, and the quality of JPEG."""

    dpi: int
    turn: float = 0.0
    noise: float = 0.0
    quality: int = 95

    def scan(self, printed: Path) -> list[Any]:
        """Scan the pages of a PDF."""
        np, pypdfium2, Image = map(import_module, ("numpy", "pypdfium2", "PIL.Image"))  # noqa: N806

        dice = np.random.default_rng(self.dpi)
        pages = []
        for page in pypdfium2.PdfDocument(printed):
            image = page.render(scale=self.dpi / 72, grayscale=True).to_pil().convert("L")
            image = image.rotate(self.turn, Image.Resampling.BICUBIC, fillcolor=255)
            noisy = np.asarray(image) + dice.normal(0, self.noise, (image.height, image.width))
            buffer = io.BytesIO()
            Image.fromarray(noisy.clip(0, 255).astype("uint8")).save(
                buffer, "JPEG", quality=self.quality
            )
            pages.append(Image.open(buffer))
        return pages


def print_page(report: gs.Report, look: str, path: Path) -> None:
    """Print a report as a browser does, in one of the looks."""
    source = path.with_suffix(".html")
    gs.write(report, source)
    page = source.read_text(encoding="utf-8")
    style = f"<style>body{{font-size:13px}}table{{border-collapse:collapse}}{LOOKS[look]}</style>"
    source.write_text(page.replace("</head>", f"{style}</head>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    profile = f"--user-data-dir={path.parent / 'profile'}"
    command = [str(CHROMIUM), *options, profile, f"--print-to-pdf={path}", source.as_uri()]
    subprocess.run(command, capture_output=True, check=True, timeout=120)


def damaged(page: Any, damage: str, dice: random.Random) -> Any:
    """Damage a scanned page at random; one that lies straight."""
    np, image = import_module("numpy"), import_module("PIL.Image")
    grey = np.array(page.convert("L"))
    if damage.endswith("line"):
        own = grey.T if "upright" in damage else grey
        rows = np.flatnonzero((own < 160).mean(axis=1) > 0.2)
        row = int(dice.choice(rows.tolist()))
        columns = np.flatnonzero(own[row] < 160)
        first, last = int(columns[0]), int(columns[-1])
        if damage.startswith("part"):
            length = dice.randint((last - first) // 20, (last - first) // 2)
            first = dice.randint(first, last - length)
            last = first + length
        own[max(row - 5, 0) : row + 6, first : last + 1] = 255
        return image.fromarray(grey)
    one, other = _digit(grey, dice), _digit(grey, dice)
    if damage == "exchanged":
        height, width = (
            min(a.stop - a.start, b.stop - b.start) for a, b in zip(one, other, strict=True)
        )
        one, other = (
            (slice(rows.start, rows.start + height), slice(columns.start, columns.start + width))
            for rows, columns in (one, other)
        )
        grey[one], grey[other] = grey[other].copy(), grey[one].copy()
    elif damage == "half erased":
        grey[slice(one[0].start, (one[0].start + one[0].stop) // 2), one[1]] = 255
    else:
        grey[one] = 0 if damage == "blackened" else 255
    return image.fromarray(grey)


def _digit(grey: Any, dice: random.Random) -> tuple[slice, slice]:
    """Choose what may be a digit in the right half of a page."""
    cv2 = import_module("cv2")
    inch = grey.shape[0] / 11.69
    _, _, boxes, _ = cv2.connectedComponentsWithStats((grey < 140).astype("uint8"))
    x, y, width, height = dice.choice(
        [
            box[:4]
            for box in boxes[1:].tolist()
            if 0.05 < box[3] / inch < 0.14 and 0.015 < box[2] / inch < 0.12
            if box[0] > 0.4 * grey.shape[1]
        ]
    )
    return slice(y - 1, y + height + 1), slice(x - 1, x + width + 1)


def saved(pages: list[Any], path: Path) -> Path:
    """Save scanned pages in one file, a PDF or a TIFF."""
    first, *others = pages
    first.save(path, save_all=True, append_images=others)
    return path


def six_reports() -> dict[str, gs.Report]:
    """Make reports dense and sparse, of both editions, and one that does not add up."""
    reports = {
        "dense": _filled(gs.generate(3, "2021")),
        "sparse": _filled(gs.generate(12, "2021")),
        "dense of 2019": _filled(gs.generate(5, "2019")),
        "sparse of 2019": _filled(gs.generate(2, "2019")),
        "undivided": _filled(gs.generate(8, "2021", undivided=True)),
    }
    return {**reports, "broken": gs.damage(reports["dense"], "single", 4).report}


def _filled(report: gs.Report) -> gs.Report:
    """Fill table 2, which random reports leave blank."""
    dice = random.Random(report.year)
    cells = gs.edition(report.edition).cells
    return gs.replace(
        report,
        {
            cell: Decimal(dice.choice(("0", "12.5", "3480.25")))
            if cells[cell].kind == "amount"
            else dice.choice((0, 0, 3, 17, 128, 2540))
            for cell, value in gs.walk(report)
            if value is None
        },
    )


def fates(reading: gs.Reading, truth: gs.Report) -> Counter[str]:
    """
    Count the figures that are right, blank and named, wrong and named, and wrong or blank in
    silence.
    """
    named = {cell for finding in reading.findings for cell in finding.cells}
    found = dict(gs.walk(reading.report))
    return Counter(
        "right"
        if found.get(cell) == value
        else "silent"
        if cell not in named
        else "blank"
        if found.get(cell) is None
        else "wrong and named"
        for cell, value in gs.walk(truth)
    )
