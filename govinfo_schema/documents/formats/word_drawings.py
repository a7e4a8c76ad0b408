"""
What a drawing in a Word document shows: boxes of text, or a picture that is no text.

``word_text`` asks it for each drawing that hangs on a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.etree import ElementTree as ET

import attrs

from govinfo_schema.documents.document import AsideKind
from govinfo_schema.documents.formats.word_styles import W

_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_SHAPE: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_VML: Final = "{urn:schemas-microsoft-com:vml}"
_OLE: Final = "{urn:schemas-microsoft-com:office:office}OLEObject"

BOX: Final = f"{W}txbxContent"
ALTERNATE: Final = f"{_MC}AlternateContent"
_IMAGES: Final = frozenset(
    (
        *(_OLE, f"{_VML}imagedata", f"{W}control"),
        "{http://schemas.openxmlformats.org/drawingml/2006/picture}pic",
        "{http://schemas.openxmlformats.org/drawingml/2006/chart}chart",
        "{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds",
    )
)
_YES: Final = ("1", "true", "on")
_KNOWN: Final = re.compile(
    r"w1[0-9]\w*|wp14|wp[sgci]|wpsCustomData|wne|[acpx]1[0-9]\w*|cx[0-9]*|am3d|aink|[mvow]|pic|dgm"
)
"""The names that Word and WPS have for what a choice asks of the program that reads it."""


@attrs.frozen
class Drawing:
    """
    A drawing: the boxes of text in it, to be read; or *kind* and *text* of what is none. *kind* is
    None for lines and frames.
    """

    boxes: tuple[ET.Element, ...] = ()
    kind: AsideKind | None = None
    text: str = ""


def drawing_of(node: ET.Element) -> Drawing:
    """
    Say what a drawing shows. The text of one that is not shown, or is lettering behind the text, is
    not read.
    """
    inner = [*_outside_boxes(node)]
    boxes = tuple(each for each in inner if each.tag == BOX)
    lettering = "".join(each.get("string", "") for each in inner if each.tag == f"{_VML}textpath")
    kind = _unread(inner, lettering)
    if kind:
        texts = "".join(each.text or "" for box in boxes for each in box.iter(f"{W}t"))
        return Drawing((), kind, texts or lettering)
    if not lettering and not any(each.tag in _IMAGES for each in inner):
        return Drawing(boxes)
    program = next((each.get("ProgID", "") for each in inner if each.tag == _OLE), "")
    is_equation = program.startswith(("Equation", "MathType"))
    text = lettering or _alternative(inner)
    return Drawing(boxes, "equation" if is_equation else "picture", text)


def chosen(node: ET.Element) -> ET.Element:
    """
    Of alternatives that say the same take the first one that Word can read; the last asks nothing.
    """
    readable = (each for each in node if all(map(_KNOWN.fullmatch, _required(each))))
    return next(readable, next(iter(node), node))


def _required(choice: ET.Element) -> list[str]:
    return choice.get("Requires", "").split()


def _outside_boxes(node: ET.Element) -> Iterator[ET.Element]:
    """Go through a drawing: boxes of text but not what is in them, one of alternatives."""
    waiting = [node]
    while waiting:
        each = waiting.pop()
        yield each
        if each.tag != BOX:
            waiting += reversed(chosen(each) if each.tag == ALTERNATE else each)


def _unread(inner: Sequence[ET.Element], lettering: str) -> AsideKind | None:
    """
    Say why the text of a drawing is not read: it is not shown, or it is lettering that is warped or
    turned and stands behind the text.
    """
    style = ";".join(re.sub(r"\s", "", each.get("style", "")) for each in inner).lower()
    names = {(each.tag, name, text) for each in inner for name, text in each.items()}
    if "visibility:hidden" in style or "display:none" in style:
        return "hidden"
    if any((f"{_DRAWING}docPr", "hidden", yes) in names for yes in _YES):
        return "hidden"
    if lettering:
        return "watermark" if "z-index:-" in style else None
    behind = any((f"{_DRAWING}anchor", "behindDoc", yes) in names for yes in _YES)
    warped = any(
        (tag == f"{_SHAPE}prstTxWarp" and name == "prst" and text != "textNoShape")
        or (tag == f"{_SHAPE}xfrm" and name == "rot" and text != "0")
        for tag, name, text in names
    )
    return "watermark" if behind and warped else None


def _alternative(inner: Sequence[ET.Element]) -> str:
    """Give the text that a drawing has for those who cannot see it."""
    texts = (each.get(name, "") for each in inner for name in ("descr", "alt", "title"))
    return next(filter(None, texts), "")
