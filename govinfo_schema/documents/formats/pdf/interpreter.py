"""
Runs the drawing orders of a page, and takes down what they draw.

pdfminer parses the file and decodes its fonts; here is what it leaves out: clipping, transparency,
layers that are off, invisible text, and the fields and texts that annotations put on a page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import attrs
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream, resolve1
from pdfminer.psparser import PSLiteral, literal_name
from pdfminer.utils import Matrix, apply_matrix_pt, apply_matrix_rect, decode_text, mult_matrix

from govinfo_schema.documents.document import AsideKind
from govinfo_schema.documents.formats.pdf.device import Device, State, around_points, shared
from govinfo_schema.documents.formats.pdf.drawing import Box, Drawing
from govinfo_schema.documents.formats.pdf.streams import appearance, field_value

_MOST: Final = 0.7
"""A page of which such a share of the text is written sideways was put down sideways."""
_NOT_SHOWN: Final = 0x02 | 0x20
"""The flags of an annotation that is hidden or not viewed."""


class File:
    """A file, opened: its pages, and what it says of itself."""

    def __init__(self, stream: BinaryIO) -> None:
        """
        Read the catalogue.

        Raises: whatever pdfminer does where a file is damaged, or asks for a password.
        """
        self._file = PDFDocument(PDFParser(stream))
        self._manager = PDFResourceManager()
        self._off = _layers_off(self._file.catalog)

    @property
    def information(self) -> dict[str, str]:
        """The texts under the names that the file gives them, such as ``Title``."""
        return {
            name: decode_text(text)
            for facts in self._file.info
            for name, value in facts.items()
            if isinstance(text := resolve1(value), bytes)
        }

    def pages(self) -> Iterator[PDFPage]:
        """Go through the pages."""
        return PDFPage.create_pages(self._file)

    def draw(self, page: PDFPage) -> Drawing:
        """Run the orders of a page; one that was put down sideways is turned upright."""
        device = Device(self._manager, self._off)
        _Interpreter(self._manager, device).process_page(page)
        device.join_dots()
        turns = Counter(sign.turn for sign in device.drawing.signs)
        turn, count = max(turns.items(), key=lambda pair: pair[1], default=(0, 0))
        sideways = turn in (90, 180, 270) and count > _MOST * turns.total()
        return device.drawing.turned(turn) if sideways else device.drawing


def _layers_off(catalog: dict[str, Any]) -> frozenset[int]:
    """Give the object numbers of the layers that are not shown when the file is opened."""
    properties = resolve1(catalog.get("OCProperties"))
    if not isinstance(properties, dict):
        return frozenset()
    shown = resolve1(properties.get("D")) or {}
    off = {ref.objid for ref in _list(shown.get("OFF")) if isinstance(ref, PDFObjRef)}
    if getattr(resolve1(shown.get("BaseState")), "name", "") == "OFF":
        on = {ref.objid for ref in _list(shown.get("ON")) if isinstance(ref, PDFObjRef)}
        every = _list(properties.get("OCGs"))
        off |= {ref.objid for ref in every if isinstance(ref, PDFObjRef)} - on
    return frozenset(off)


class _Interpreter(PDFPageInterpreter):
    """Runs orders as pdfminer does, with clipping, transparency, layers and annotations."""

    device: Device

    def process_page(self, page: PDFPage) -> None:
        """Run the orders of a page and of its annotations, its upper left corner at 0, 0."""
        x0, y0, x1, y1 = page.mediabox
        matrix: Matrix = {
            90: (0, 1, 1, 0, -y0, -x0),
            180: (-1, 0, 0, 1, x1, -y0),
            270: (0, -1, -1, 0, y1, x1),
        }.get(page.rotate, (1, 0, 0, -1, -x0, y1))
        _, _, width, height = apply_matrix_rect(matrix, page.mediabox)
        shown = apply_matrix_rect(matrix, page.cropbox)
        self.device.open(width, height, shared((0, 0, width, height), shown))
        self.render_contents(page.resources, page.contents, ctm=matrix)
        for annotation in map(resolve1, _list(page.annots)):
            if isinstance(annotation, dict):
                self.device.state = State(self.device.state.clip)
                self._annotation(annotation, matrix)

    def _annotation(self, annotation: dict[str, Any], matrix: Matrix) -> None:
        """Draw a field or a text that stands over the page, or take a striking out down."""
        kind = getattr(resolve1(annotation.get("Subtype")), "name", "")
        if int(resolve1(annotation.get("F")) or 0) & _NOT_SHOWN:
            return
        if kind == "StrikeOut":
            corners = [float(resolve1(each)) for each in _list(annotation.get("QuadPoints"))]
            for at in range(0, len(corners) - 7, 8):
                pairs = zip(corners[at : at + 8 : 2], corners[at + 1 : at + 8 : 2], strict=True)
                points = [apply_matrix_pt(matrix, pair) for pair in pairs]
                self.device.drawing.struck.append(around_points(points))
        place = apply_matrix_rect(matrix, _box(annotation.get("Rect")))
        stream = appearance(annotation)
        if stream is None:
            self.device.value(field_value(annotation), place)
            return
        own = _matrix(stream.get("Matrix"))
        box = apply_matrix_rect(mult_matrix(own, matrix), _box(stream.get("BBox")))
        if box[2] > box[0] and box[3] > box[1]:
            x = (place[2] - place[0]) / (box[2] - box[0])
            y = (place[3] - place[1]) / (box[3] - box[1])
            fitted: Matrix = (x, 0, 0, y, place[0] - x * box[0], place[1] - y * box[1])
            self.device.narrow(place)
            ctm = mult_matrix(mult_matrix(own, matrix), fitted)
            self.subinterp().render_contents(
                resolve1(stream.get("Resources")) or {}, [stream], ctm=ctm
            )

    def get_current_state(self) -> Any:
        """Keep what the device adds to the graphics state with it."""
        return (*super().get_current_state(), self.device.state)

    def set_current_state(self, state: Any) -> None:
        """Restore what the device adds to the graphics state with it."""
        *known, self.device.state = state
        super().set_current_state(tuple(known))

    def do_W(self) -> None:  # noqa: N802 (orders are named as in the file)
        """Clip by the path, once it is painted: by its box, which is no less than it."""
        path: Any = self.curpath
        points = [apply_matrix_pt(self.ctm, each[-2:]) for each in path if each[0] != "h"]
        if points:
            self.device.narrow(around_points(points))

    def do_W_a(self) -> None:  # noqa: N802 (as above)
        """Clip by the path, with the other rule for what is inside it."""
        self.do_W()

    def do_gs(self, name: Any) -> None:
        """Take over how opaque fillings are, and whether they mix with what is below."""
        own = resolve1(_dict(self.resources.get("ExtGState")).get(literal_name(name)))
        if not isinstance(own, dict):
            return
        opacity = resolve1(own.get("ca", self.device.state.opacity))
        modes = [getattr(resolve1(each), "name", "") for each in _list(own.get("BM"))]
        blended = bool(modes) and modes[0] not in ("Normal", "Compatible")
        if isinstance(opacity, (int, float)):
            self.device.state = attrs.evolve(
                self.device.state,
                opacity=float(opacity),
                blended=blended if "BM" in own else self.device.state.blended,
            )

    def do_BT(self) -> None:  # noqa: N802 (as above)
        """Begin a text object."""
        super().do_BT()
        self.device.block += 1

    def do_BMC(self, tag: Any) -> None:  # noqa: ARG002, N802 (as above)
        """Begin content that is marked."""
        self.device.marks.append(None)

    def do_BDC(self, tag: Any, props: Any) -> None:  # noqa: N802 (as above)
        """Begin content that is marked, perhaps as one of a layer or as a watermark."""
        if isinstance(props, PSLiteral):
            props = _dict(self.resources.get("Properties")).get(literal_name(props))
        name = getattr(tag, "name", "")
        mark: AsideKind | None = None
        if name == "OC" and self._is_off(props):
            mark = "hidden"
        elif name == "Artifact":
            kind = resolve1(_dict(props).get("Subtype"))
            mark = "watermark" if getattr(kind, "name", "") == "Watermark" else None
        self.device.marks.append(mark)

    def do_EMC(self) -> None:  # noqa: N802 (as above)
        """End content that is marked."""
        if self.device.marks:
            self.device.marks.pop()

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802 (as above)
        """Draw a form or a picture, if its layer is on, and restore what it changes."""
        form = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        if not isinstance(form, PDFStream):
            return
        kept, marks = self.device.state, len(self.device.marks)
        if form.get("OC") and self._is_off(form["OC"]):
            self.device.marks.append("hidden")
        super().do_Do(xobjid_arg)
        self.device.state = kept
        self.device.set_ctm(self.ctm)
        del self.device.marks[marks:]

    def do_EI(self, obj: Any) -> None:  # noqa: N802 (as above)
        """Draw a picture that stands between the orders."""
        kept = self.device.state
        super().do_EI(obj)
        self.device.state = kept

    def _is_off(self, layer: Any) -> bool:
        """Whether a layer, or what a membership says of several, is not shown."""
        if isinstance(layer, PDFObjRef) and layer.objid in self.device.off:
            return True
        members = _dict(layer).get("OCGs")
        several = resolve1(members)
        states = [
            each.objid in self.device.off
            for each in (several if isinstance(several, list) else [members])
            if isinstance(each, PDFObjRef)
        ]
        policy = getattr(resolve1(_dict(layer).get("P")), "name", "AnyOn")
        shown = {
            "AllOn": not any(states),
            "AnyOff": any(states),
            "AllOff": all(states),
        }.get(policy, not all(states))
        return bool(states) and not shown


# ---- values -------------------------------------------------------------------------------------


def _list(value: Any) -> list[Any]:
    """Give a list as it is, and any other value but null as the only one of a list."""
    value = resolve1(value)
    return value if isinstance(value, list) else [] if value is None else [value]


def _dict(value: Any) -> dict[str, Any]:
    value = resolve1(value)
    return value if isinstance(value, dict) else {}


def _box(value: Any) -> Box:
    numbers = [float(resolve1(each)) for each in _list(value)]
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else (0, 0, 0, 0)


def _matrix(value: Any) -> Matrix:
    numbers = [float(resolve1(each)) for each in _list(value)]
    return tuple(numbers) if len(numbers) == 6 else (1, 0, 0, 1, 0, 0)  # type: ignore[return-value]
