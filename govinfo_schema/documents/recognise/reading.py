"""
What was read of a document: the report, where each figure stood, how it was proved, every doubt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, Final, Literal

import attrs
import msgspec

from govinfo_schema.data.frozen import frozen
from govinfo_schema.documents.document import Place, Span
from govinfo_schema.documents.recognise.figures import Figure, figure
from govinfo_schema.findings import Finding, Level
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form
from govinfo_schema.form.parts import Cell
from govinfo_schema.form.units import converted, units_in, units_stated
from govinfo_schema.messages import Label, spoken
from govinfo_schema.report.model import Note, Report
from govinfo_schema.report.notebook import page

Proof = Literal["head", "sums", "order", ""]
"""
How it is known which cell of the form a figure is: the head and the label over it name it; the sums
leave one way only; all ways that remain agree. Empty for a blank cell.
"""
FIELD_UNITS: Final = ("元", "万元")
"""The units that a field for one may hold."""
NAMED: Final = 3
"""A sentence names so many figures, and counts the others."""
UNREADABLE: Final = frozenset(("style", "picture", "equation", "formula", "between"))
"""The kinds of asides that may be a figure, which nobody can read as text."""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """
    Where a figure was read, the text that stood there, and how it is known whose it is (*proof*);
    *formula* is what works it out in a workbook, empty where it was typed. *confidence*: how sure
    the text is, from 0 to 1, where it was recognised in a picture; 0 where two recognitions do not
    agree.

    >>> import govinfo_schema as gs
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gs.write(gs.generate(1, "2021"), f"{folder}/report.docx")
    ...     reading = gs.read(f"{folder}/report.docx")
    >>> source = reading.sources["applications.received.total"]
    >>> source.text, source.place.row, source.proof
    ('266', 4, 'head')
    """

    place: Place
    text: str
    proof: Proof = ""
    formula: str = ""
    confidence: float | None = None

    @property
    def locator(self) -> str:
        """
        Where exactly it stands in the file, so that it can be changed there: the part and the path
        of the element, or the range of bytes; empty where the format has neither.
        """
        return self.place.locator


@attrs.frozen(kw_only=True)
class Reading:
    """
    What was read of a document: the report, where each figure was read, and every doubt.

    *sources* names place and text of each cell that was found, blank ones too. *proof* says of each
    table how its figures were proved: by the ``head``, by the ``sums``, or, the weakest, because
    all ways to read the ``order`` of its columns agree; a table of which nothing was read has none.
    *file* is the path of the file that was read, empty where it came from none.

    >>> import govinfo_schema as gs
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gs.write(gs.generate(1, "2021"), f"{folder}/report.docx")
    ...     reading = gs.read(f"{folder}/report.docx")
    >>> reading.report, reading.sure, reading.proof["applications"]
    (<Report2021 某市人民政府 2024: 200 cells, 10 blank>, True, 'head')
    """

    report: Report
    sources: Mapping[str, Source] = attrs.field(hash=False, converter=frozen)
    findings: tuple[Finding, ...]
    proof: Mapping[str, Proof] = attrs.field(hash=False, converter=frozen, factory=dict)
    file: str = ""

    _repr_html_ = page

    @property
    def sure(self) -> bool:
        """Whether nothing is in doubt: no finding is more than information."""
        return all(finding.level == "info" for finding in self.findings)

    @property
    def computed(self) -> frozenset[str]:
        """The cells whose figures a workbook works out by formulas: nobody typed them."""
        return frozenset(cell for cell, source in self.sources.items() if source.formula)


@attrs.define
class Found:
    """What was read of the tables, as far as they are read."""

    form: Form
    glued: bool = False
    """
    Whether the borders between figures are lost: some figure begins with 0, as no number does.
    """
    around: dict[str, str] = attrs.field(factory=dict)
    """What stands before, between and behind the rows of a table, which may say the unit."""
    values: dict[str, Any] = attrs.field(factory=dict)
    sources: dict[str, Source] = attrs.field(factory=dict)
    notes: list[Note] = attrs.field(factory=list)
    findings: list[Finding] = attrs.field(factory=list)

    def report(self, code: str, *cells: str, level: Level = "warning", **operands: Any) -> None:
        """Add a finding."""
        labels = [self.form.edition.label(cell) or Label(cell, cell) for cell in cells]
        names = Label(
            "、".join(f"“{each.zh}”" for each in labels[:NAMED]),
            ", ".join(f"“{each.en}”" for each in labels[:NAMED]),
        )
        more = Label(
            f"等 {len(cells)} 项" if len(cells) > NAMED else "",
            f" and {len(cells) - NAMED} more" if len(cells) > NAMED else "",
        )
        self.findings.append(
            Finding(
                code=code,
                level=level,
                cells=cells,
                operands={"names": names, "more": more, **operands},
            )
        )

    def leave(self, code: str, cells: Sequence[str], place: Place, text: str, **more: Any) -> None:
        """Leave cells blank, with a finding that names them and what stood there."""
        self.report(code, *cells, text=text, **more)
        for cell in cells:
            self.sources[cell] = Source(place=place, text=text)

    def proofs(self) -> dict[str, Proof]:
        """Say of each table how its figures were proved, by the weakest proof among them."""
        found: dict[str, Proof] = {}
        pairs = [
            (ids.table_of(cell), source.proof)
            for cell, source in self.sources.items()
            if source.proof and self.values.get(cell) is not None
        ]
        for table, proof in dict.fromkeys(pairs):
            found[table] = max(found.get(table, "head"), proof, key=_WEAKEST.index)
        return found


_WEAKEST: Final = ("head", "sums", "order")
_EXACT: Final = Context(prec=80, rounding=ROUND_HALF_UP)
"""How a workbook rounds what it shows."""


def take(found: Found, cell: Cell, span: Span, *, proof: Proof, head: str = "") -> None:
    """
    Take one cell over: its value, or why it is blank, and what stands beside the figure.

    *head* is what stands over its column and beside it in its row: the unit, where one is printed.
    """
    read = figure(span.text, cell.kind, cell.unit)
    if read.value is not None and span.asides:
        read = _as_stored(found, cell, span, read)
        asides = tuple(each for each in span.asides if each.kind != "stored")
        span = msgspec.structs.replace(span, asides=asides)
    value = read.value
    found.sources[cell.id] = Source(
        place=span.place,
        text=span.text,
        proof=proof if value is not None else "",
        formula=span.formula,
        confidence=span.confidence,
    )
    found.values[cell.id] = value
    if read.doubt:
        _doubted(found, cell, span, read)
    if span.asides:
        _beside(found, cell, span, value)
    if value is None:
        return
    if read.remark or read.stray or read.word:
        _remarked(found, cell, span, read)
    field = cell.column.unit_field
    if field:
        found.values[field.id] = read.unit or None
    if cell.kind == "amount" and not read.unit:
        units = units_in(head) | units_stated(found.around.get(ids.table_of(cell.id), ""))
        _convert(found, cell, Decimal(value), units)


def _remarked(found: Found, cell: Cell, span: Span, read: Figure) -> None:
    """Name what stands beside a figure and is no part of it."""
    text = span.text.strip()
    for code, printed in (
        ("R-REMARK", read.remark),
        ("R-STRAY", read.stray and text),
        ("R-WORD", read.word and text),
    ):
        if printed:
            found.report(code, cell.id, level="info", text=printed, value=read.value)
    if read.remark:
        found.notes.append(Note(at=cell.id, kind="remark", text=read.remark))


def _doubted(found: Found, cell: Cell, span: Span, read: Figure) -> None:
    """Say why a cell is blank, and keep what stands in it."""
    text = span.text.strip()
    if read.doubt == "R-NONE":
        found.notes.append(Note(at=cell.id, kind="not_applicable", text=read.remark))
        found.report("R-NONE", cell.id, level="info", text=read.remark)
        return
    found.notes.append(Note(at=cell.id, kind="remark", text=text))
    if read.doubt != "R-SHOWN":
        found.report(read.doubt, cell.id, text=text, unit=cell.unit)


def _as_stored(found: Found, cell: Cell, span: Span, shown: Figure) -> Figure:
    """
    Settle what a cell shows against the number that is stored in it: what was rounded is taken as
    it is stored; where they differ otherwise, the cell is blank.
    """
    stored = next((aside.text for aside in span.asides if aside.kind == "stored"), None)
    if stored is None or shown.value is None:
        return shown
    decimals = Decimal(1).scaleb(int(Decimal(shown.value).as_tuple().exponent))
    rounded = Decimal(stored).quantize(decimals, context=_EXACT)
    exact = figure(stored, cell.kind, cell.unit)
    text = span.text.strip()
    if rounded == shown.value and exact.value is not None:
        found.report("R-ROUNDED", cell.id, level="info", text=text, value=exact.value)
        return attrs.evolve(shown, value=exact.value)
    found.report("R-SHOWN", cell.id, text=text, stored=stored)
    return Figure(doubt="R-SHOWN")


def _beside(found: Found, cell: Cell, span: Span, value: Any) -> None:
    """Name what was left out of a cell: it is no part of its figure."""
    for aside in span.asides:
        kind = spoken(f"aside.{aside.kind}")
        if value is not None:
            text = f"{span.text.strip()} {aside.text}".strip()
            found.report("R-REMARK", cell.id, level="info", text=text, value=value)
            if aside.text.strip():
                found.notes.append(Note(at=cell.id, kind="remark", text=aside.text.strip()))
        elif aside.kind in UNREADABLE:
            found.report("R-UNSEEN", cell.id, kind=kind, text=aside.text.strip())
        else:
            found.report("R-ASIDE", cell.id, level="info", kind=kind, text=aside.text.strip())


def _convert(found: Found, cell: Cell, value: Decimal, units: AbstractSet[str]) -> None:
    """
    Convert an amount that is in another unit than the form prints; where several are named, or one
    that is no yuan, leave it blank. Nothing is nothing in every unit.
    """
    field = cell.column.unit_field
    unit = "、".join(sorted(units))
    if field and unit in FIELD_UNITS:
        found.values[field.id] = unit
    elif value and unit not in ("", cell.unit):
        own = "元" if field else cell.unit
        amount = converted(value, unit, own)
        doubt = figure(f"{amount:f}", "amount").doubt if amount is not None else "R-UNIT"
        found.values[cell.id] = None if doubt else amount
        text = f"{value}（{unit}）"
        if doubt:
            found.sources[cell.id] = msgspec.structs.replace(found.sources[cell.id], proof="")
            found.report(doubt, cell.id, text=text, unit=cell.unit)
            return
        if field:
            found.values[field.id] = own
        found.report("R-SCALED", cell.id, level="info", text=text, unit=own, value=amount)
