"""
What is drawn on a picture of a page, found by its pixels: the angle at which it lies, its ink, and
the boxes that its lines of text fill.

Arrays are grey or black and white, one byte a pixel, from the upper left corner; *dpi* is how many
pixels an inch has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from govinfo_schema.documents.formats import library

Pixels = Any
"""An array of NumPy."""
PixelBox = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""

_MAX_TURN: Final = 5.0
"""A page lies no more degrees askew."""
_COARSE: Final = 800
"""So many pixels of width are enough to find that angle."""
_CONTRAST: Final = 14
"""Paper is no more darker than what is around it, of 255."""
_DARK: Final = 45
"""Ink is so much darker than the paper around it."""
_UNEVEN: Final = 8
"""So many times as much as most of the paper differs from what is around it, if that is more."""
_AROUND: Final = 0.22
"""What is around a pixel, in inches."""
_SPECK: Final = 0.012
"""What is neither wider nor higher, in inches, is a speck."""
_LEAST: Final = 0.04
"""Nor is what stands alone and is neither wider nor higher."""
_DASH: Final = 0.5
"""What is no higher and is as wide, in inches, is no sign either."""
_EDGE: Final = 0.03
"""A sign that is no higher is no nearer to the edge of its cell, in inches."""
_PART: Final = 0.04
"""The strokes of one sign are no farther from each other, in inches."""
_SIGN: Final = 0.07
"""What is not as high, in inches, is a part of a sign."""
_PIECE: Final = 0.45
"""Nor is what has no such share of the height of the highest line."""
_PIECES: Final = 1.2
"""The parts of a sign together are no higher, in heights of the highest line."""
_BETWEEN: Final = 0.4
"""Between two lines that touch there is less ink than such a share of what is in a row of them."""
_TALL: Final = 0.22
"""What is higher, in inches, may be two lines of text."""


def straightened(grey: Pixels, dpi: float) -> Pixels:
    """Turn a page so that its lines are level."""
    cv2 = library("cv2", "ocr")
    scale = min(1.0, _COARSE / grey.shape[1])
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    small = inked(small, dpi * scale)
    angle, step = 0.0, 0.5
    reach = _MAX_TURN
    while step > 0.01:
        steps = round(reach / step)
        tried = [angle + step * at for at in range(-steps, steps + 1)]
        angle = max(tried, key=lambda each: _levelness(small, each))
        reach, step = step, step / 5
    return _turned(grey, angle, 255) if abs(angle) > 0.01 else grey


def _levelness(ink: Pixels, angle: float) -> float:
    """Say how level the ink of a page lies when it is turned by an angle."""
    rows = _turned(ink, angle, 0).sum(axis=1, dtype=float)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())


def _turned(pixels: Pixels, angle: float, border: int) -> Pixels:
    cv2 = library("cv2", "ocr")
    height, width = pixels.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return cv2.warpAffine(
        pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=border
    )


def inked(grey: Pixels, dpi: float) -> Pixels:
    """
    Tell ink from paper: 255 where a pixel is darker than what is around it, by more than the paper
    is uneven.
    """
    cv2, np = library("cv2", "ocr"), library("numpy", "ocr")
    around = 2 * round(dpi * _AROUND / 2) + 1
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    mean = cv2.blur(smooth, (around, around))
    # Beside bold type a thin line is no darker than the mean, but than the paper between.
    paper = (smooth.astype(np.int16) > mean.astype(np.int16) - _CONTRAST).astype(np.float32)
    light = cv2.blur(smooth * paper, (around, around))
    mean = light / np.maximum(cv2.blur(paper, (around, around)), 0.01)
    darker = mean - smooth
    uneven = float(np.median(cv2.absdiff(cv2.medianBlur(smooth, 5), smooth)))
    least = max(_DARK, _UNEVEN * uneven)
    return np.where(darker > least, np.uint8(255), np.uint8(0))


def runs(there: Pixels) -> Iterator[tuple[int, int]]:
    """Give the runs of an array of truth: where each begins, and where it is over."""
    np = library("numpy", "ocr")
    edges = np.flatnonzero(np.diff(np.concatenate(([0], there.astype(np.int8), [0]))))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)


def without_specks(ink: Pixels, dpi: float) -> Pixels:
    """Leave out of the ink of a page what is too small to be a sign."""
    cv2 = library("cv2", "ocr")
    np = library("numpy", "ocr")
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink)
    least = max(2, round(dpi * _SPECK))
    kept = (boxes[:, cv2.CC_STAT_WIDTH] > least) | (boxes[:, cv2.CC_STAT_HEIGHT] > least)
    kept[0] = False
    return np.where(kept[labels], np.uint8(255), np.uint8(0))


def text_boxes(ink: Pixels, box: PixelBox, dpi: float) -> list[PixelBox]:
    """Give the boxes of the lines of text within a box, from top to bottom."""
    left, top, right, bottom = box
    own = ink[max(top, 0) : bottom, max(left, 0) : right]
    found = []
    for first, last in _lines(own, dpi):
        columns = own[first:last].any(axis=0).nonzero()[0]
        x0, x1 = int(columns[0]), int(columns[-1]) + 1
        # No sign stands alone that is so small, no dash is so long, or so near to the edge of a
        # cell: it is left of a ruling line.
        edge = min(first, own.shape[0] - last)
        is_dash = dpi * _LEAST < x1 - x0 < dpi * _DASH and edge > dpi * _EDGE
        if last - first > dpi * _LEAST or is_dash:
            found.append((left + x0, top + first, left + x1, top + last))
    return found


def _lines(ink: Pixels, dpi: float) -> Iterator[tuple[int, int]]:
    """Give the first row of each line of text and the one behind its last."""
    counts = (ink > 0).sum(axis=1)
    found = _joined([*runs(counts > 0)], dpi)
    heights = sorted(last - first for first, last in found)
    most = max(_TALL * dpi, 1.7 * heights[len(heights) // 2]) if found else 0.0
    for first, last in found:
        yield from _parted(counts, first, last, most, dpi)


def _parted(
    counts: Pixels, first: int, last: int, most: float, dpi: float
) -> Iterator[tuple[int, int]]:
    """Part lines of text that touch, where there is the least ink between them."""
    if last - first <= most:
        yield first, last
        return
    least = round(dpi * _SIGN)
    middle = first + least + int(counts[first + least : last - least].argmin())
    if counts[middle] > _BETWEEN * counts[first:last].mean():
        yield first, last
        return
    yield from _parted(counts, first, middle, most, dpi)
    yield from _parted(counts, middle, last, most, dpi)


def _joined(parts: Sequence[tuple[int, int]], dpi: float) -> list[tuple[int, int]]:
    """Join what is too low to be a line of text with the line beside it, as the strokes of 三."""
    tallest = max((last - first for first, last in parts), default=0)
    low, high = max(dpi * _SIGN, _PIECE * tallest), max(dpi * _TALL, _PIECES * tallest)
    found: list[tuple[int, int]] = []
    for first, last in parts:
        if (
            found
            and first - found[-1][1] <= dpi * _PART
            and min(last - first, found[-1][1] - found[-1][0]) < low
            and last - found[-1][0] < high
        ):
            found[-1] = found[-1][0], last
        else:
            found.append((first, last))
    return found
