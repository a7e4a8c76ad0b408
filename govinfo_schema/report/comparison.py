"""``compare``: what differs between two reports, such as a report and its correction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import zip_longest
from typing import Any, Final, TypeAlias, get_args

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.form import ids
from govinfo_schema.form.forms import SHAPE, Form
from govinfo_schema.messages import Label, Lang, phrase, spoken
from govinfo_schema.report.access import figures, form_of, get
from govinfo_schema.report.given import what_to_give
from govinfo_schema.report.json import to_dict
from govinfo_schema.report.model import Note, Report
from govinfo_schema.report.notebook import page
from govinfo_schema.report.record import FIELDS
from govinfo_schema.report.values import Figure, Value, words_of

SHOWN: Final = 40
"""So many characters of a text are shown, from shortly before the first that differs."""
LEAD: Final = 8

Operation: TypeAlias = dict[str, Any]
"""One step of a JSON Patch."""


@attrs.frozen(kw_only=True)
class Difference:
    """
    One figure that differs.

    Blank: None, as it is for a cell that only the form of the other report has.

    >>> import govinfo_schema as gs
    >>> before = gs.blank("2021", year=2024, body="某市人民政府")
    >>> after = gs.replace(before, {"applications.received.total": 5})
    >>> (difference,) = gs.compare(before, after).changes
    >>> difference.before, difference.after
    (None, 5)
    """

    cell: str
    before: Figure
    after: Figure


@attrs.frozen(kw_only=True)
class TextDifference:
    """
    A text, a note or another field that differs, by its path; *None* is blank, or no such note.

    A note has its number in the list, such as ``notes.0``. Where one report prints a row whole and
    the other in parts, *path* is that row, *before* and *after* in how many rows it is printed.

    >>> import govinfo_schema as gs
    >>> before = gs.blank("2021", year=2024, body="某市人民政府")
    >>> gs.compare(before, gs.replace(before, {"title": "年度报告"})).texts
    (TextDifference(path='title', before=None, after='年度报告'),)
    """

    path: str
    before: Value | Note
    after: Value | Note


@attrs.frozen(kw_only=True)
class Comparison:
    """
    What differs between two reports: figures (*changes*) in printed order, and *texts*: title,
    year, body, date, scopes, narratives, notes and other fields.

    It is empty, and false as a condition, where the reports are equal.

    >>> import govinfo_schema as gs
    >>> before = gs.blank("2021", year=2024, body="某市人民政府")
    >>> comparison = gs.compare(before, gs.replace(before, {"title": "年度报告"}))
    >>> comparison.patch
    [{'op': 'test', 'path': '/title', 'value': None},
     {'op': 'replace', 'path': '/title', 'value': '年度报告'}]
    """

    before: Report = attrs.field(repr=False)
    after: Report = attrs.field(repr=False)
    changes: tuple[Difference, ...]
    texts: tuple[TextDifference, ...]

    _repr_html_ = page

    def __bool__(self) -> bool:
        return bool(self.changes or self.texts)

    @property
    def patch(self) -> list[Operation]:
        """
        The differences as a JSON Patch (RFC 6902), which tests what it changes: applied to
        ``to_dict(before)`` it gives ``to_dict(after)``. Amounts are Decimal, as they are there.
        """
        pairs = list(_operations(to_dict(self.before), to_dict(self.after), "")) if self else []
        return [*(test for test, _ in pairs if test), *(change for _, change in pairs)]

    def to_dict(self) -> dict[str, Any]:
        """
        Return figures and texts as plain data, as ``compare --format json`` prints them: amounts
        and dates as text.
        """
        return {
            "changes": [_plainly(each) for each in self.changes],
            "texts": [_plainly(each) for each in self.texts],
        }

    def message(self, lang: Lang = "zh") -> str:
        """Return a line for each difference, with the labels printed on the form."""
        if not self:
            return phrase("compare.none", lang)
        return "\n".join(
            phrase("compare.change", lang, name=name, before=before, after=after)
            for name, before, after in self.rows()
        )

    def rows(self) -> Iterator[tuple[Label, Label, Label]]:
        """Yield for each difference its label on the form, and both values as people read them."""
        forms = form_of(self.before), form_of(self.after)
        for change in self.changes:
            before, after = (
                spoken("compare.absent")
                if change.cell not in form.cells
                else _shown(change.cell, value)
                for form, value in zip(forms, (change.before, change.after), strict=True)
            )
            yield _label(forms, change.cell), before, after
        for text in self.texts:
            if text.path in forms[0].edition.rows:
                before, after = (
                    spoken("compare.rows", count=count) for count in (text.before, text.after)
                )
            else:
                before, after = _both(forms, text)
            yield _label(forms, text.path), before, after


def compare(before: Report, after: Report) -> Comparison:
    """
    Say what differs between two reports: figures, texts, notes and other fields.

    Reports of any two forms can be compared. A cell that only one form has counts as blank in the
    other: it is among the differences where it holds a figure. To compare the figures of two
    editions with each other, convert one first (``to_edition``).
    Blank: a blank differs from every figure, also from 0.
    Returns: a Comparison, empty and false where the reports are equal.
    Raises: TypeError if one of them is no report.

    >>> import govinfo_schema as gs
    >>> before = gs.blank("2021", year=2024, body="某市人民政府")
    >>> after = gs.replace(before, {"disputes.reconsideration.upheld": 3, "title": "年度报告"})
    >>> comparison = gs.compare(before, after)
    >>> comparison.changes
    (Difference(cell='disputes.reconsideration.upheld', before=None, after=3),)
    >>> print(comparison.message("en"))
    “administrative reconsideration · upheld”: blank → 3
    “title as printed”: blank → “年度报告”
    >>> bool(gs.compare(before, before))
    False
    """
    for name, report in (("before", before), ("after", after)):
        if not is_a(report, Report):
            raise TypeError(
                f"compare takes two reports, and {name} is of type {type(report).__name__}; "
                f"{what_to_give(report)}"
            )
    if before == after:
        return Comparison(before=before, after=after, changes=(), texts=())
    one, other = figures(before), figures(after)
    pairs = ((cell, one.get(cell), other.get(cell)) for cell in _in_order(one, other))
    return Comparison(
        before=before,
        after=after,
        changes=tuple(
            Difference(cell=cell, before=old, after=new) for cell, old, new in pairs if old != new
        ),
        texts=tuple(_texts(before, after)),
    )


def _in_order(one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    """Yield the cells of both in printed order; what only one has stands before what both have."""
    if one.keys() == other.keys():
        yield from one
        return
    waiting = list(other)
    for cell in one:
        if cell in other:
            while waiting and waiting[0] not in one:
                yield waiting.pop(0)
            waiting.remove(cell)
        yield cell
    yield from waiting


def _texts(before: Report, after: Report) -> Iterator[TextDifference]:
    """Yield what differs besides the figures."""
    forms = form_of(before), form_of(after)
    for path in _paths(*forms):
        old, new = (
            get(report, path) if path in form.edition.fields else None
            for report, form in zip((before, after), forms, strict=True)
        )
        if old != new:
            yield TextDifference(path=path, before=old, after=new)
    row = forms[0].edition.divisible
    if row is not None and before.edition == after.edition and forms[0] is not forms[1]:
        rows = [
            [own for own in form.rows if own == row or ids.is_below(own, row)] for form in forms
        ]
        yield TextDifference(path=row, before=len(rows[0]), after=len(rows[1]))
    start, removed, added = _notes(before.notes, after.notes)
    for at, (gone, came) in enumerate(zip_longest(removed, added), start):
        yield TextDifference(path=ids.join("notes", str(at)), before=gone, after=came)


@once
def _paths(one: Form, other: Form) -> tuple[str, ...]:
    """Return the paths of the fields of two forms that are neither figures nor notes."""
    fields = (path for path in FIELDS if path not in (SHAPE, "notes"))
    return tuple(dict.fromkeys((*fields, *one.edition.unit_fields, *other.edition.unit_fields)))


def _notes(before: Sequence[Any], after: Sequence[Any]) -> tuple[int, Sequence[Any], Sequence[Any]]:
    """Return where two lists begin to differ, and what stands there up to their common end."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    return start, before[start : len(before) - end], after[start : len(after) - end]


def _common(one: Sequence[Any], other: Sequence[Any]) -> int:
    """Count what two sequences begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


# ---- the patch ----------------------------------------------------------------------------------


def _operations(
    before: Any, after: Any, pointer: str
) -> Iterator[tuple[Operation | None, Operation]]:
    """
    Yield what turns one into the other: what is tested before, and the change.

    What has other keys is replaced as a whole.
    """
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for key in before:
            yield from _operations(before[key], after[key], f"{pointer}/{key}")
    elif isinstance(before, list) and isinstance(after, list):
        start, removed, added = _notes(before, after)
        both = min(len(removed), len(added))
        for at, (old, new) in enumerate(zip(removed, added, strict=False), start):
            yield _tested(f"{pointer}/{at}", old), _operation("replace", f"{pointer}/{at}", new)
        # From the end, so that those before keep their places.
        for at in reversed(range(both, len(removed))):
            place = f"{pointer}/{start + at}"
            yield _tested(place, removed[at]), {"op": "remove", "path": place}
        for at in range(both, len(added)):
            yield None, _operation("add", f"{pointer}/{start + at}", added[at])
    else:
        yield _tested(pointer, before), _operation("replace", pointer, after)


def _tested(pointer: str, value: Any) -> Operation:
    return _operation("test", pointer, value)


def _operation(op: str, pointer: str, value: Any) -> Operation:
    return {"op": op, "path": pointer, "value": value}


def _plainly(difference: Difference | TextDifference) -> dict[str, Any]:
    return {
        field.name: _plain(getattr(difference, field.name))
        for field in attrs.fields(type(difference))
    }


def _plain(value: Value | Note) -> Any:
    if isinstance(value, Note):
        return attrs.asdict(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value


# ---- the message --------------------------------------------------------------------------------


def _label(forms: Sequence[Form], path: str) -> Label:
    """Return the label of a cell, field or note of one of the forms."""
    if ids.table_of(path) == "notes":
        return spoken("compare.note", number=int(ids.column_of(path)) + 1)
    labels = (form.edition.label(path) for form in forms)
    return next((label for label in labels if label), Label(path, path))


def _both(forms: Sequence[Form], text: TextDifference) -> tuple[Label, Label]:
    """Show both values; of texts what stands around the first character that differs."""
    zh, en = (
        [
            _note_text(forms, each, lang) if isinstance(each, Note) else each
            for each in (text.before, text.after)
        ]
        for lang in get_args(Lang)
    )
    one, other = (_either(text.path, values) for values in (zh, en))
    before, after = (Label(mine.zh, its.en) for mine, its in zip(one, other, strict=True))
    return before, after


def _either(path: str, values: Sequence[Value]) -> Iterator[Label]:
    first, second = (each if isinstance(each, str) else "" for each in values)
    start = _common(first, second) - LEAD
    return (_shown(path, each, max(start, 0)) for each in values)


def _note_text(forms: Sequence[Form], note: Note, lang: Lang) -> str:
    """Join the parts of a note: in Chinese the label of its place and the word for its kind."""
    if lang == "en":
        return " ".join(filter(None, attrs.astuple(note)))
    place = _label(forms, note.at).zh if note.at else None
    return " ".join(filter(None, (place, words_of("notes.kind")[note.kind], note.text)))


def _shown(path: str, value: Value, start: int = 0) -> Label:
    if value is None:
        return spoken("excerpt.blank")
    if not isinstance(value, str):
        text = str(_plain(value))
        return Label(text, text)
    if word := words_of(path).get(value):
        return Label(word, value)
    piece = value[start : start + SHOWN]
    text = f"{'…' if start else ''}{piece}{'…' if len(value) > start + SHOWN else ''}"
    signs = (sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)
    return spoken("compare.text", text="".join(signs))
