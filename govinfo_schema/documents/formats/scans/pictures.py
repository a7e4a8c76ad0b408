"""
The pages of a picture file or of a PDF, as grey pixels of no more than 200 an inch.

A page is taken for one as high as A4, whatever its file says: what scanners write is often wrong.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

import attrs

from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.formats import library, unreadable
from govinfo_schema.documents.formats.format import FilePath
from govinfo_schema.documents.formats.scans.pixels import Pixels
from govinfo_schema.errors import UnreadableFile

MAX_PAGES: Final = 40
"""No scan of a report has more pages; each takes seconds."""
MAX_PIXELS: Final = 40_000_000
"""No page has more pixels: A4 at 600 an inch has 35 millions. They take 500 MB at most."""
_LONG: Final = 11.69
"""The long side of a page, in inches."""
_DPI: Final = 200
"""More pixels an inch tell no more."""
_SLIM: Final = 8
"""No page is so many times as high as it is wide."""
_LEAST: Final = 400
"""A picture whose long side has fewer pixels is no page."""


@attrs.frozen(eq=False)
class Picture:
    """A page as grey pixels, and how many of them an inch has."""

    grey: Pixels
    dpi: float


def of_file(path: FilePath, data: bytes) -> Iterator[Picture]:
    """
    Give the pages of a picture file.

    Raises: UnreadableFile where it is damaged or too large; MissingLibrary without Pillow.
    """
    module = library("PIL.Image", "ocr")
    too_large = (module.DecompressionBombError, module.DecompressionBombWarning)
    try:
        with module.open(io.BytesIO(data)) as image:
            count = getattr(image, "n_frames", 1)
            if count > MAX_PAGES:
                raise unreadable(path, "too_many_pages", limit=MAX_PAGES)
            for at in range(count):
                image.seek(at)
                _check_size(path, *image.size)
                if max(image.size) > _SLIM * min(image.size):
                    raise unreadable(path, "no_text_in_picture")
                yield _picture(_grey(image))
    except UnreadableFile:
        raise
    except too_large as error:
        raise unreadable(path, "picture_too_large", limit=MAX_PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise unreadable(path, "damaged_picture") from error


def of_pdf(path: FilePath, data: bytes) -> Iterator[Picture]:
    """
    Give the pages of a PDF.

    Raises: UnreadableFile where it is damaged, encrypted or too large; MissingLibrary without
    pypdfium2.
    """
    module = library("pypdfium2", "ocr")
    with LOCK:  # PDFium is one for all threads
        try:
            file = module.PdfDocument(data)
            count = len(file)
        except module.PdfiumError as error:
            raise unreadable(path, "damaged_pdf") from error
    if count > MAX_PAGES:
        raise unreadable(path, "too_many_pages", limit=MAX_PAGES)
    for at in range(count):
        with LOCK:
            try:
                image = _drawn(path, file[at])
            except module.PdfiumError as error:
                raise unreadable(path, "damaged_pdf") from error
        yield _picture(_grey(image))


def _drawn(path: FilePath, page: Any) -> Any:
    """
    Draw a page as fine as its finest picture is: enlarged, the grain of paper looks like ink.
    """
    finest = 0.0
    for drawn in page.get_objects(max_depth=3):
        if hasattr(drawn, "get_px_size"):
            width, height = drawn.get_px_size()
            _check_size(path, width, height)
            left, bottom, right, top = drawn.get_bounds()
            size = max(right - left, top - bottom, 1)
            finest = max(finest, max(width, height) / size)
    most = _DPI * _LONG / max(*page.get_size(), 1)
    scale = min(most, finest or most)
    return page.render(scale=scale, grayscale=True).to_pil()


def _check_size(path: FilePath, width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise unreadable(path, "picture_too_large", limit=MAX_PIXELS)


def _grey(image: Any) -> Any:
    """Make a picture grey, upright as its camera says, on white where nothing is."""
    module, np = library("PIL.Image", "ocr"), library("numpy", "ocr")
    upright = library("PIL.ImageOps", "ocr").exif_transpose(image)
    if upright.mode[0] in "IF":  # 16 bits or more a pixel
        deep = np.asarray(upright, np.float32)
        return module.fromarray((deep * (255 / max(float(deep.max()), 1))).astype(np.uint8))
    if "A" in upright.getbands() or "transparency" in upright.info:
        paper = module.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright.convert("RGBA"))
        upright = paper
    return upright.convert("L")


def _picture(image: Any) -> Picture:
    cv2, np = library("cv2", "ocr"), library("numpy", "ocr")
    grey = np.asarray(image)
    long = max(grey.shape)
    if long < _LEAST:
        grey = cv2.resize(grey, None, fx=_LEAST / long, fy=_LEAST / long)
    elif long > _DPI * _LONG:
        scale = _DPI * _LONG / long
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return Picture(grey, max(grey.shape) / _LONG)
