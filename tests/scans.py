"""
Scans made in the tests: the pages of a printed report as a scanner gives them, and what was read of
them against the truth.
"""

from __future__ import annotations

import io
import random
from collections import Counter
from decimal import Decimal
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import attrs

import govinfo_schema as gs

HAS_LIBRARIES = all(map(find_spec, ("rapidocr", "onnxruntime", "pypdfium2")))


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
