"""
Recognise lines of text, and how sure each is. What may be a figure is recognised twice, at two
sizes; a text on which the two do not agree is not sure at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import attrs

from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import library
from govinfo_schema.documents.formats.scans.pixels import PixelBox, Pixels

_LOWEST: Final = 0.1
"""What is lower, in inches, as a dash is, is recognised with so much around it."""
_SIGNS: Final = 60
"""Nor has a line more signs, each as wide as it is high."""
_NARROW: Final = (3, 48, 96)
"""The least size at which a text is recognised: depth, height, width."""
_WAYS: Final = ((0.15, 1.0), (0.35, 2.0))
"""How a text is recognised: the paper around it, in heights, and how wide it is at least."""
_LONG: Final = 24
"""No figure has so many signs."""
_SAMPLE: Final = 12
"""So many lines tell how legible a page is."""
_WORD: Final = re.compile("[\u4e00-\u9fff]{2}")


@attrs.frozen
class Text:
    """A text that was recognised, and how sure that is, from 0 to 1."""

    text: str
    confidence: float


def recognised(grey: Pixels, boxes: Sequence[PixelBox], dpi: float) -> list[Text]:
    """Recognise the lines of text in boxes of a page."""
    found = _read([_cut(grey, box, dpi, *_WAYS[0]) for box in boxes])
    doubtful = [at for at, each in enumerate(found) if _may_be_figure(each.text)]
    again = _read([_cut(grey, boxes[at], dpi, *_WAYS[1]) for at in doubtful])
    for at, second in zip(doubtful, again, strict=True):
        first = found[at]
        is_same = "".join(first.text.split()) == "".join(second.text.split())
        sure = min(first.confidence, second.confidence) if is_same else 0.0
        found[at] = attrs.evolve(first, confidence=sure)
    return found


def legibility(grey: Pixels, boxes: Sequence[PixelBox], dpi: float) -> float:
    """Say how well the longest lines of a page can be read, from 0 to 1."""
    longest = sorted(boxes, key=lambda box: box[0] - box[2])[:_SAMPLE]
    found = _read([_cut(grey, box, dpi, *_WAYS[0]) for box in longest])
    sure = [each.confidence for each in found if _WORD.search(each.text)]
    return sum(sure) / max(len(longest), 1)


def _may_be_figure(text: str) -> bool:
    return len(text) < _LONG and not _WORD.search(text)


def _cut(grey: Pixels, box: PixelBox, dpi: float, around: float, width: float) -> Pixels:
    """Cut a line of text out of a page, with paper around it."""
    cv2 = library("cv2", "ocr")
    left, top, right, bottom = box
    high = max(round(dpi * _LOWEST), (right - left) // _SIGNS)
    low = max(high - (bottom - top), 0)
    top, bottom = top - low // 2, bottom + low - low // 2
    edge = max(1, round((bottom - top) * around))
    own = grey[max(top - edge, 0) : bottom + edge, max(left - edge, 0) : right + edge]
    more = max(round(own.shape[0] * width) - own.shape[1], 0)
    wide = cv2.copyMakeBorder(own, 0, 0, more // 2, more - more // 2, cv2.BORDER_REPLICATE)
    return cv2.cvtColor(wide, cv2.COLOR_GRAY2BGR)


def _read(cuts: list[Pixels]) -> list[Text]:
    if not cuts:
        return []
    found = _engine().recognize_txt(cuts)
    return [Text(text, float(score)) for text, score in zip(found.txts, found.scores, strict=True)]


@once
def _engine() -> Any:
    """
    Make the one engine. It only recognises, so nothing that a call leaves set matters; it takes one
    core, as a process is run for each where files are many.
    """
    return library("rapidocr", "ocr").RapidOCR(
        params={
            "Global.log_level": "error",
            "Global.use_det": False,
            "Global.use_cls": False,
            "Rec.rec_img_shape": [*_NARROW],
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
    )
