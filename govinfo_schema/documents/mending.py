"""
Which texts of a document have to change so that it says other figures: what ``gs.mend`` tells the
module of a format, and the proof that the copy reads as it should.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from itertools import groupby
from typing import Any, Final

import attrs

from govinfo_schema.documents.document import Place
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.format import Amendment
from govinfo_schema.documents.formats.package import is_signed
from govinfo_schema.documents.recognise.figures import figure, plain_digits
from govinfo_schema.documents.recognise.reading import Reading
from govinfo_schema.findings import Finding
from govinfo_schema.form import ids
from govinfo_schema.form.parts import Cell
from govinfo_schema.messages import Label
from govinfo_schema.report.access import form_of, get, replace, walk
from govinfo_schema.report.model import Report

SHOWN: Final = 3
"""So many cells are named in an error."""
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9](?:[0-9,.\u200b-\u200f\u2060\ufeff]*[0-9])?|\.[0-9]+)")
_BESIDE: Final = re.compile(r"[^\s元万亿件项条个次份宗起]")
"""What stands beside a figure and is more than its unit."""
_WIDE: Final = str.maketrans("0123456789.,+-", "０１２３４５６７８９．，＋－")
_EXACT: Final = Context(prec=80, rounding=ROUND_HALF_UP)


def amendments(reading: Reading, values: Mapping[str, Any], *, by_cell: bool) -> list[Amendment]:
    """
    List the texts that have to change so that the document says these figures.

    *by_cell*: the file holds the report itself, and each place is a cell id.
    Raises: UnreadableFile where a figure has no place of its own in the file.
    """
    cells = form_of(reading.report).cells
    if by_cell:
        return [
            Amendment(Place(locator=cell), _plain(get(reading.report, cell)), _plain(value))
            for cell, value in values.items()
        ]
    shared: dict[str, list[str]] = {}
    for cell in cells:
        if cell in reading.sources:
            shared.setdefault(reading.sources[cell].locator, []).append(cell)
    lost = [cell for cell in values if not _has_place(reading, cell, shared)]
    if lost:
        raise unreadable(reading.file, "no_place", names=_names(reading.report, lost))
    made = []
    for cell, value in values.items():
        source = reading.sources[cell]
        beside = shared[source.locator]
        text = restated(source.text, cells[cell], get(reading.report, cell), value)
        amendment = Amendment(source.place, source.text, text)
        if len(beside) > 1:
            rows = [[*own] for _, own in groupby(beside, ids.row_of)]
            at = next(number for number, own in enumerate(rows) if cell in own)
            amendment = attrs.evolve(
                amendment,
                rows=tuple(_texts(reading, row) for row in rows),
                at=(at, rows[at].index(cell)),
            )
        made.append(amendment)
    return made


def _texts(reading: Reading, row: Sequence[str]) -> tuple[str, ...]:
    """List the figures of a row; nothing where it is not known which is which."""
    sources = [reading.sources[cell] for cell in row]
    return tuple(own.text for own in sources) if all(own.proof for own in sources) else ()


def _has_place(reading: Reading, cell: str, shared: Mapping[str, list[str]]) -> bool:
    """
    Whether a figure has a place of its own in the file; a blank one that shares its place with
    others has none, nor has one of a row that nothing cuts into figures.
    """
    source = reading.sources.get(cell)
    if source is None or not source.locator:
        return False
    beside = shared[source.locator]
    return len(beside) == 1 or (bool(source.text.strip()) and bool(source.proof))


def _plain(value: Any) -> str:
    """Write a figure as data has it; nothing for a blank."""
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def restated(text: str, cell: Cell, before: Any, after: Any) -> str:
    """
    Write what a cell says with another figure: its remark, its unit and the way in which it writes
    numbers stay.

    *before* is the figure as it was read, perhaps converted from the unit that the table names.

    >>> import govinfo_schema as gs
    >>> cell = gs.edition("2021").cell("proactive.normative_documents.issued")
    >>> [restated(text, cell, 22, 1023) for text in ("22（其中修订16件）", "２２件", "22*", "—")]
    ['1023（其中修订16件）', '１０２３件', '1023*', '1023']
    >>> restated("1,022", cell, 1022, 2023), restated("22 件", cell, 22, None)
    ('2,023', '')
    >>> restated("22（其中修订16件）", cell, 22, None), restated("（其中修订16件）", cell, None, 22)
    ('（其中修订16件）', '22（其中修订16件）')
    """
    printed = _says(text, cell)
    wanted = after
    if before and printed and after is not None and before != printed:
        scale = _EXACT.divide(Decimal(printed), Decimal(before))
        wanted = _EXACT.multiply(Decimal(after), scale)
        wanted = wanted if cell.kind == "amount" else int(wanted)
    plain = _number("", wanted)
    if wanted is None:
        probe = _restated(text, 7 if printed != 7 else 8)
        rests = zip(_restated(text, None), probe, strict=True)
        rest = next((own for own, other in rests if _says(other, cell) != printed), "")
        return rest if _BESIDE.search(rest) else ""
    candidates = (*_restated(text, wanted), plain + text)
    return next((own for own in candidates if _says(own, cell) == wanted), plain)


def _says(text: str, cell: Cell) -> Any:
    return figure(text, cell.kind, cell.unit).value


def _restated(text: str, value: Any) -> Iterator[str]:
    """Write a text with another number, in turn for each number in it."""
    for match in _NUMBER.finditer(plain_digits(text)):
        begin, end = match.span()
        yield text[:begin] + _number(text[begin:end], value) + text[end:]


def _number(printed: str, value: Any) -> str:
    """Write a number in the way in which another one is printed."""
    if value is None:
        return ""
    plain = plain_digits(printed)
    digits = _plain(abs(value))
    decimals = plain.partition(".")[2]  # no cell id
    if decimals:
        whole, _, own = digits.partition(".")  # no cell id
        digits = f"{whole}.{own:0<{len(decimals)}}"
    if "," in plain:
        digits = f"{Decimal(digits):,f}"
    wide = printed != plain and any("０" <= sign <= "９" for sign in printed)
    sign = "-" if value < 0 else "+" if plain.startswith("+") and value > 0 else ""
    if sign and plain.startswith(sign):
        sign = printed[0]
    elif wide:
        sign = sign.translate(_WIDE)
    return sign + (digits.translate(_WIDE) if wide else digits)


def checked(before: Reading, after: Reading, values: Mapping[str, Any]) -> tuple[Finding, ...]:
    """
    Make sure that a copy reads as the mended report and that nothing else changed, and name the
    formulas that do not come to what was asked for.

    Raises: UnreadableFile, which names the figures that are otherwise.
    """
    figures = dict(walk(after.report))
    formulas = {cell: figures.get(cell) for cell in before.computed}
    wanted = replace(before.report, {**values, **formulas})
    free = {*values, *formulas}
    if _without(after.report, free) != _without(wanted, free):
        wrong = [cell for cell, value in walk(wanted) if figures.get(cell, value) != value]
        raise unreadable(before.file, "not_mended", names=_names(wanted, wrong))
    other = [
        cell
        for cell, value in formulas.items()
        if (value != values[cell] if cell in values else _is_lost(before.report, cell, value))
    ]
    return (
        (
            Finding(
                code="R-FORMULA",
                level="warning",
                cells=tuple(other),
                operands={"names": _names(wanted, other)},
            ),
        )
        if other
        else ()
    )


def formulas(report: Report, cells: Sequence[str]) -> tuple[Finding, ...]:
    """Name the figures that formulas stand behind which stay and come to what they did."""
    if not cells:
        return ()
    names = _names(report, [*cells])
    return (Finding(code="R-FORMULA", level="info", cells=tuple(cells), operands={"names": names}),)


def signatures(data: bytes) -> tuple[Finding, ...]:
    """Say of a file that is signed that the signatures of its copy are not valid."""
    return (Finding(code="R-SIGNED", level="warning"),) if is_signed(data) else ()


def _is_lost(before: Report, cell: str, value: Any) -> bool:
    """Whether a figure is blank that was none before."""
    return value is None and get(before, cell) is not None


def _without(report: Report, values: Container[str]) -> Report:
    """Leave the notes of cells out that change: a remark repeats the figure beside it."""
    kept = tuple(note for note in report.notes if note.at not in values)
    return attrs.evolve(report, notes=kept)


def _names(report: Report, cells: list[str]) -> Label:
    """Name some cells as they are printed."""
    form = form_of(report).edition
    labels = [form.label(cell) or Label(cell, cell) for cell in cells[:SHOWN]]
    more = len(cells) > SHOWN
    return Label(
        "、".join(f"“{each.zh}”" for each in labels) + ("等" if more else "") or "其他内容",
        ", ".join(f"“{each.en}”" for each in labels) + (" and more" if more else "")
        or "something else",
    )
