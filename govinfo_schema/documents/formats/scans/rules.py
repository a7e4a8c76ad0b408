"""
The ruling lines on a picture of a page that lies straight.

A ruling line is a long dark ridge: darker than what is above and below it, equally dark from end to
end, and with paper beside it. Taking the mean along its direction brings out lines that are faint,
dotted, or no wider than a pixel; strokes of bold type in a row are dark in places only, and have
other strokes beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from govinfo_schema.documents.formats import library
from govinfo_schema.documents.formats.drawn.drawing import Rule
from govinfo_schema.documents.formats.scans.pixels import Pixels, runs

_LEVEL: Final = 0.3
_UPRIGHT: Final = 0.2
"""No line of a table is shorter, in inches."""
_THICK: Final = 0.06
"""No line of a table is thicker, in inches,"""
_STROKE: Final = 0.25
"""and no stroke of a sign in a table longer."""
_MEAN: Final = 0.12
"""The mean is taken over so much of a line, in inches."""
_FAINT: Final = 6.0
"""A line is so much darker than the paper, of 255, in the mean,"""
_NOISE: Final = 8.0
"""and so many times as much as the paper is uneven."""
_APART: Final = 0.025
"""Two lines are so far from each other, in inches; a double one is one."""
_WAVER: Final = 0.1
"""From one end to the other a line that is not quite level rises no more, in inches."""
_LIKE_LINES: Final = ((0.85, 0.0, 0.6), (0.7, 0.85, 0.85))
"""
Of a line such a share is at least half as dark as most of it, and beside it such shares are paper,
on the side that has less and on the other.
"""
_LONG: Final = 72.0
"""A line that is no shorter, in points, may end anywhere."""
_JOINT: Final = 4.0
"""Where two lines meet, one is no farther from the other, in points."""
_BESIDE: Final = 0.02
"""The paper beside a line that is looked at begins so far from it and is so wide, in inches."""
_SPREAD: Final = 12.0
"""What is no darker than the paper by more, of 255, is paper."""


@attrs.frozen(eq=False)
class Ruling:
    """The ruling lines of a page, in points, and which pixels they take."""

    level: tuple[Rule, ...]
    upright: tuple[Rule, ...]
    pixels: Pixels


def ruling(grey: Pixels, dpi: float) -> Ruling:
    """Find the level and the upright lines of a page."""
    cv2, np = library("cv2", "ocr"), library("numpy", "ocr")
    smooth = cv2.GaussianBlur(grey, (3, 3), 0)
    level = _lines(smooth, _LEVEL, dpi)
    upright = _lines(np.ascontiguousarray(smooth.T), _UPRIGHT, dpi)
    count = -1
    while count != len(level) + len(upright):
        count = len(level) + len(upright)
        level, upright = _held(level, upright), _held(upright, level)
    level, upright = _closed(level, upright), _closed(upright, level)
    pixels = np.zeros(grey.shape, np.uint8)
    for lines, own in ((level, pixels), (upright, pixels.T)):
        for line in lines:
            line.mark(own)
    # A line is blurred at its sides and its ends.
    blurred = cv2.dilate(pixels, np.ones((3, 3), np.uint8))
    return Ruling(tuple(line.rule for line in level), tuple(line.rule for line in upright), blurred)


@attrs.frozen(eq=False)
class _Line:
    """
    A line that is level: its rule in points, the row of each of its columns, and how many rows it
    takes above and below that.
    """

    rule: Rule
    rows: Pixels
    columns: Pixels
    above: int
    below: int

    def mark(self, pixels: Pixels) -> None:
        """Mark the pixels that it takes."""
        for off in range(-self.above, self.below + 1):
            pixels[(self.rows + off).clip(0, pixels.shape[0] - 1), self.columns] = 255


def _meets(place: float, end: float, across: Iterable[_Line]) -> bool:
    """Does a line at a place end at a line across?"""
    return any(
        abs(other.rule.place - end) <= _JOINT
        and other.rule.begin - _JOINT <= place <= other.rule.end + _JOINT
        for other in across
    )


def _held(lines: list[_Line], across: list[_Line]) -> list[_Line]:
    """
    Leave out the short lines that do not end at lines across: a stroke of a sign may look like one.
    """
    return [
        line
        for line in lines
        if line.rule.end - line.rule.begin >= _LONG
        or (
            _meets(line.rule.place, line.rule.begin, across)
            and _meets(line.rule.place, line.rule.end, across)
        )
    ]


def _closed(lines: list[_Line], across: list[_Line]) -> list[_Line]:
    """Draw the lines that end where nothing is, as a broken one does, on to the next across."""
    found = []
    for line in lines:
        place, begin, end = line.rule.place, line.rule.begin, line.rule.end
        crossing = [
            other.rule.place
            for other in across
            if other.rule.begin - _JOINT <= place <= other.rule.end + _JOINT
        ]
        if not _meets(place, begin, across):
            begin = max((each for each in crossing if each < begin), default=begin)
        if not _meets(place, end, across):
            end = min((each for each in crossing if each > end), default=end)
        found.append(attrs.evolve(line, rule=Rule(place, begin, end)))
    return found


def _lines(grey: Pixels, length: float, dpi: float) -> list[_Line]:
    """Find the level lines of at least a length, in inches."""
    page = _Page(grey, dpi, round(length * dpi))
    scale = 72 / dpi
    found = []
    for rows, columns in page.ridges():
        for first, last, above, below in page.lines(rows, columns):
            own, along = rows[first:last], columns[first:last]
            place = float(own.mean()) + (below - above) / 2 + 0.5
            rule = Rule(place * scale, int(along[0]) * scale, (int(along[-1]) + 1) * scale)
            found.append(_Line(rule, own, along, above, below))
    return found


class _Page:
    """A page on which level lines are looked for."""

    def __init__(self, grey: Pixels, dpi: float, length: int) -> None:
        cv2, np = library("cv2", "ocr"), library("numpy", "ocr")
        self.dpi = dpi
        self.length = length
        self.mean = _odd(dpi * _MEAN)
        # How much darker each pixel is than what is above and below: in a thin line, in a stroke.
        self.thin = self._darker(grey, _THICK)
        self.dark = self._darker(grey, _STROKE)
        self.ridge = cv2.blur(self.thin.astype(np.float32), (self.mean, 1))
        self.paper = float(np.median(self.ridge))
        uneven = float(np.median(np.abs(self.ridge - self.paper)))
        self.least = self.paper + max(_FAINT, _NOISE * uneven)

    def _darker(self, grey: Pixels, size: float) -> Pixels:
        cv2, np = library("cv2", "ocr"), library("numpy", "ocr")
        column = np.ones((_odd(max(5, self.dpi * size)), 1), np.uint8)
        return cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, column)

    def ridges(self) -> Iterator[tuple[Pixels, Pixels]]:
        """Give the ridges that are long enough, each as the row of each of its columns."""
        cv2, np = library("cv2", "ocr"), library("numpy", "ocr")
        near = np.ones((_odd(self.dpi * _APART), 1), np.uint8)
        crest = (self.ridge >= self.least) & (self.ridge >= cv2.dilate(self.ridge, near))
        wavering = cv2.dilate(crest.astype(np.uint8), np.ones((3, 1), np.uint8))
        opened = cv2.morphologyEx(wavering, cv2.MORPH_OPEN, np.ones((1, self.length), np.uint8))
        _, labels, boxes, _ = cv2.connectedComponentsWithStats(opened)
        for label, (x, y, width, height, _) in enumerate(boxes.tolist()):
            if label and height <= self.dpi * _WAVER + 2:
                own = labels[y : y + height, x : x + width] == label
                weights = own * np.arange(height)[:, None]
                rows = y + np.round(weights.sum(axis=0) / own.sum(axis=0)).astype(int)
                yield rows, np.arange(x, x + width)

    def lines(self, rows: Pixels, columns: Pixels) -> Iterator[tuple[int, int, int, int]]:
        """
        Say from where to where a ridge is a ruling line, and how many pixels that reaches above and
        below.
        """
        np = library("numpy", "ocr")
        waver = max(1, round(self.dpi * _WAVER / 16))
        off = range(-waver, waver + 1)
        dark = np.max([self._at(self.thin, rows + each, columns) for each in off], axis=0)
        inked = dark[dark > self.paper + _FAINT]
        half = float(np.median(inked)) / 2 if inked.size else 255.0
        ink = max(half, self.paper + _SPREAD)
        for share, *least in _LIKE_LINES:
            found = False
            for first, last in self._whole(dark >= half, share):
                own, along = rows[first:last], columns[first:last]
                above, below = (self._reach(own, along, side, half) for side in (-1, 1))
                empty = (
                    self._share_of_paper(own, along, side, reach, ink)
                    for side, reach in ((-1, above), (1, below))
                )
                if all(map(float.__ge__, sorted(empty), least)):
                    found = True
                    yield first, last, above, below
            if found:
                return

    def _whole(self, dark: Pixels, share: float) -> Iterator[tuple[int, int]]:
        """Give the parts of a ridge of which such a share is dark, wherever one looks."""
        cv2, np = library("cv2", "ocr"), library("numpy", "ocr")
        near = cv2.blur(
            dark.astype(np.float32)[None], (self.length, 1), borderType=cv2.BORDER_CONSTANT
        )
        whole = (near >= share - 1e-3).astype(np.uint8)
        window = np.ones((1, self.length), np.uint8)
        for first, last in runs(cv2.dilate(whole, window)[0] > 0):
            there = np.flatnonzero(dark[first:last])
            if there.size and there[-1] - there[0] + 1 >= self.length * share:
                yield first + int(there[0]), first + int(there[-1]) + 1

    def _reach(self, rows: Pixels, columns: Pixels, side: int, half: float) -> int:
        """Count the rows that the line is thick on one side, with those where it is blurred."""
        np = library("numpy", "ocr")
        most = round(self.dpi * _THICK)
        return next(
            off
            for off in range(1, most + 2)
            if off > most
            or float(np.median(self._at(self.thin, rows + side * off, columns))) < half / 2
        )

    def _share_of_paper(
        self, rows: Pixels, columns: Pixels, side: int, reach: int, ink: float
    ) -> float:
        np = library("numpy", "ocr")
        first = reach + round(self.dpi * _BESIDE / 2)
        beside = range(first, first + round(self.dpi * _BESIDE) + 1)
        dark = [self._at(self.dark, rows + side * off, columns) for off in beside]
        return 1 - float((np.max(dark, axis=0) >= ink).mean())

    @staticmethod
    def _at(pixels: Pixels, rows: Pixels, columns: Pixels) -> Pixels:
        np = library("numpy", "ocr")
        return pixels[np.clip(rows, 0, pixels.shape[0] - 1), columns]


def _odd(size: float) -> int:
    return 2 * (round(size) // 2) + 1
