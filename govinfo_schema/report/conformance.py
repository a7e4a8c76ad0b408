"""
``conforms``: validate plain data against the JSON Schema of their edition.

Every fault is a finding with its cell id. What would crash a validator is found before it is
called. ``loads`` and ``from_dict`` return the same findings.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar, cast, get_args, get_origin

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.findings import Finding
from govinfo_schema.form.forms import form
from govinfo_schema.form.load import detect, edition, edition_name
from govinfo_schema.form.parts import CURRENT, EDITIONS, EditionName
from govinfo_schema.messages import Label, joined, shown, spoken
from govinfo_schema.report.access import closest
from govinfo_schema.report.empty import variants
from govinfo_schema.report.model import REPORTS
from govinfo_schema.report.schema import schema_of
from govinfo_schema.report.values import (
    MAX_DIGITS,
    half_character,
    plain_text,
    significant_digits,
    whole_number,
    words_of,
)

MAX_DEPTH: Final = 64
MAX_EXPONENT: Final = 15
MAX_FAULTS: Final = 10_000
"""
No report has so many cells: beyond this a text is hostile, and its faults are counted no further.
"""


# ---- conforms -----------------------------------------------------------------------------------


def conforms(data: object, edition: EditionName | None = None) -> tuple[Finding, ...]:
    """
    Validate plain data (dicts, lists, text, numbers) against the JSON Schema of their edition.

    Nothing is read from the network.

    Returns: one finding for every fault, each with its cell id, in printed order; none if the data
    conform.
    Raises: UnknownEdition if *edition* is none. Without it the data say their own.

    >>> import govinfo_schema as gs
    >>> data = gs.to_dict(gs.blank("2021", year=2024, body="某市人民政府"))
    >>> data["disputes"]["reconsideration"]["upheld"] = "5"
    >>> [(finding.code, finding.cells) for finding in conforms(data)]
    [('S-TYPE', ('disputes.reconsideration.upheld',))]
    """
    return faults(plain(data), None if edition is None else edition_name(edition))


def plain(data: object) -> Plain | Finding:
    """
    Return data as what JSON knows (dicts, lists, text, numbers), read by their value.

    Whole numbers and texts of other libraries, dicts and lists of any class become plain ones; what
    JSON does not know becomes ``Foreign``. A Finding instead names what would make a validator fail
    rather than answer.
    """
    try:
        values = _plain(data, 1, {})
    except _TooDeepError:
        return _fault("T-DEPTH", limit=MAX_DEPTH)
    return _hazard(values) or Plain(values)


class Plain:
    """Data that may be held to the schema."""

    def __init__(self, data: Any) -> None:
        self.data = data


class Foreign:
    """Stands for a value that JSON does not know."""

    def __init__(self, kind: str) -> None:
        self.kind = kind


def faults(checkable: Plain | Finding, asked: EditionName | None) -> tuple[Finding, ...]:
    """
    Validate plain data against the schema of an edition, and return every fault.

    The edition is the one *asked* for, or the one that the data name.
    """
    if isinstance(checkable, Finding):
        return (checkable,)
    data = checkable.data
    foreign = _foreign(data)
    if foreign:
        return (foreign,)
    said = detect(data)
    if asked is not None and said != asked and data.get("edition") == said:
        return (_fault("S-EDITION", "edition", found=_name(said), expected=_name(asked)),)
    name = asked or said
    order = _order(name)
    by_path: dict[tuple[str, ...], Finding] = {}
    for path, fault in (
        fault for error in _validator(name).iter_errors(data) for fault in _translate(name, error)
    ):
        by_path.setdefault(path, fault)
        if len(by_path) == MAX_FAULTS:
            break
    listed = [by_path[path] for path in sorted(by_path, key=lambda path: _position(order, path))]
    return (
        (*listed, _fault("S-FLOOD", limit=MAX_FAULTS))
        if len(listed) == MAX_FAULTS
        else tuple(listed)
    )


class _TooDeepError(Exception):
    """Data that nest deeper than any report, or without end."""


def _plain(node: Any, depth: int, known: dict[int, tuple[object, Any]]) -> Any:
    """
    Return data as JSON knows them.

    *known* are the lists and dicts that were met before: data may hold one of them many times over.
    Raises: _TooDeepError.
    """
    if not is_a(node, (list, tuple, Mapping)):
        return _plain_value(node)
    if depth > MAX_DEPTH:
        raise _TooDeepError
    if id(node) not in known:
        if is_a(node, Mapping):
            values: Any = {
                _plain_key(key): _plain(value, depth + 1, known) for key, value in node.items()
            }
        else:
            values = [_plain(part, depth + 1, known) for part in node]
        known[id(node)] = (node, values)
    return known[id(node)][1]


def _plain_value(value: Any) -> Any:
    if value is None or is_a(value, bool):
        return value
    if is_a(value, str):
        return plain_text(value)
    if is_a(value, (float, Decimal)):
        return float(value) if is_a(value, float) else Decimal(value)
    number = whole_number(value)
    return Foreign(type(value).__name__) if number is None else number


def _plain_key(key: Any) -> str:
    """Return a key as text; one that is no text becomes the name of no part of a report."""
    return plain_text(key) if is_a(key, str) else f"{shown(key)} ({type(key).__name__})"


def _hazard(data: object) -> Finding | None:
    """Return what would crash a validator: depth, numbers out of bounds, lone surrogates."""
    todo: list[tuple[object, int]] = [(data, 1)]
    seen: dict[int, int] = {}
    while todo:
        node, depth = todo.pop()
        if isinstance(node, (dict, list)):
            if depth > MAX_DEPTH:
                return _fault("T-DEPTH", limit=MAX_DEPTH)
            if seen.get(id(node), 0) < depth:
                seen[id(node)] = depth
                parts = [*node, *node.values()] if isinstance(node, dict) else node
                todo.extend((part, depth + 1) for part in parts)
        elif isinstance(node, str):
            half = half_character(node)
            if half:
                return _fault("T-SURROGATE", character=half)
        elif fault := _number_fault(node):
            return fault
    return None


def _number_fault(node: object) -> Finding | None:
    if isinstance(node, int):
        return (
            number_fault(f"{float(2) ** min(node.bit_length(), 1000):.0e}…")
            if node.bit_length() > 64
            else None
        )
    if isinstance(node, (float, Decimal)) and not (
        node.is_finite() if isinstance(node, Decimal) else math.isfinite(node)
    ):
        return _fault("T-NAN", number=str(node))
    if isinstance(node, Decimal) and node:
        value = float(node)
        return (
            number_fault(node)
            if significant_digits(node) > MAX_DIGITS or not value or math.isinf(value)
            else None
        )
    return None


def number_fault(number: object) -> Finding:
    """Make the finding of a number that is longer than any figure of a report."""
    text = str(number)
    return _fault(
        "T-NUMBER",
        number=text if len(text) <= 40 else f"{text[:40]}…",
        digits=MAX_DIGITS,
        exponent=MAX_EXPONENT,
    )


def _foreign(data: object) -> Finding | None:
    """Return a finding if data are no report at all, rather than a report with faults."""
    if isinstance(data, dict) and any(key in data for key in ("edition", *form(CURRENT).table_ids)):
        return None
    return _fault("T-REPORT", found=_found(data))


def _fault(code: str, *cells: str, **operands: Any) -> Finding:
    return Finding(code=code, level="error", cells=cells, operands=operands)


@once
def _validator(name: EditionName) -> Any:
    import jsonschema  # noqa: PLC0415 (imported here only; it takes as long to import as all the rest)

    def integer(_: Any, value: object) -> bool:
        # A count written 1.0 is 1 to every validator, which sees a double; a Decimal stands for the
        # text of such a number,
        # and its bounds are those of its double too. An amount of 17 digits lies within its bounds
        # if its double does.
        if isinstance(value, (float, Decimal)):
            return float(value).is_integer()
        return isinstance(value, int) and not isinstance(value, bool)

    def bounded(keyword: str) -> Any:
        def compare(validator: Any, limit: Any, value: Any, schema: Any) -> Any:
            return dialect.VALIDATORS[keyword](
                validator, limit, float(value) if isinstance(value, Decimal) else value, schema
            )

        return compare

    def number(_: Any, value: object) -> bool:
        return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)

    dialect: Any = jsonschema.Draft202012Validator
    extend: Any = jsonschema.validators.extend
    bounds = {keyword: bounded(keyword) for keyword in ("minimum", "exclusiveMinimum", "maximum")}
    exact: Any = extend(
        dialect,
        bounds,
        type_checker=dialect.TYPE_CHECKER.redefine("integer", integer).redefine("number", number),
    )
    return exact(schema_of(name))


def _translate(name: EditionName, error: Any) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """Turn one error of the validator into findings of ours, each with its path."""
    path = tuple(str(step) for step in error.absolute_path)
    if error.validator == "anyOf":
        yield from _translate_branch(name, error)
    elif error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                yield (*path, key), _named(name, "S-MISSING", (*path, key))
    elif error.validator == "additionalProperties":
        known = error.schema["properties"]
        extras = [str(key) for key in error.instance if key not in known]
        for key in extras:
            yield (
                (*path, key),
                _unknown_key(name, path, key, known if len(extras) <= len(known) else ()),
            )
    else:
        yield path, _misfit(name, path, error)


def _translate_branch(name: EditionName, error: Any) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """Yield the faults inside （六） by the branch whose keys fit best: three rows, or one row."""
    keys = set(error.instance) if isinstance(error.instance, dict) else set()
    fits = [
        len(keys & {field.name for field in attrs.fields(cast("Any", cls))})
        for cls in _shapes(name)
    ]
    branch = fits.index(max(fits))
    for inner in error.context:
        if inner.schema_path[0] == branch:
            yield from _translate(name, inner)


def _shapes(name: EditionName) -> tuple[Any, ...]:
    """Return the classes of the row that a report prints in parts or whole."""
    return variants(REPORTS[name])


_CODES: Final[Mapping[str, str]] = {
    "type": "S-TYPE",
    "minimum": "S-NEGATIVE",
    "exclusiveMinimum": "S-NEGATIVE",
    "maximum": "S-MAXIMUM",
    "enum": "S-VALUE",
    "const": "S-VALUE",
}


def _misfit(name: EditionName, path: tuple[str, ...], error: Any) -> Finding:
    """Return the finding of a value that does not fit: what would, and what it is."""
    expected: Label | str = ""
    if error.validator == "type":
        kinds = (
            [error.validator_value]
            if isinstance(error.validator_value, str)
            else error.validator_value
        )
        expected = _either(spoken(f"type.{kind}") for kind in kinds)
    elif error.validator == "enum" and len(error.validator_value) > 10:
        expected = spoken("form.place")
    elif error.validator in ("enum", "const"):
        values = (
            error.validator_value
            if error.validator == "enum"
            else EDITIONS
            if path == ("edition",)
            else [error.validator_value]
        )
        expected = _listed(path, values)
    elif error.validator not in _CODES:
        expected = spoken(f"form.{path[-1]}")
    code = _CODES.get(error.validator, "S-FORM")
    return _named(
        name,
        code,
        path,
        expected=expected,
        limit=error.validator_value,
        bound=spoken(f"bound.{error.validator}", limit=error.validator_value)
        if code == "S-NEGATIVE"
        else "",
        found=_found(error.instance),
    )


def _named(name: EditionName, code: str, path: tuple[str, ...], **operands: Any) -> Finding:
    cell = ".".join(path)
    return _fault(code, cell, label=with_id(_label(name, path), cell), cell=cell, **operands)


def with_id(label: Label | None, path: str) -> Label:
    """Return what a message calls a part of the data: its label, and in English its id too."""
    return Label(label.zh, f"{label.en} ({path})") if label else Label(path, path)


def _label(name: EditionName, path: tuple[str, ...]) -> Label | None:
    """Return the label of a part of a report; that of a note has its number."""
    label = edition(name).label(".".join(step for step in path if not step.isdigit()))
    number = next((int(step) + 1 for step in path if step.isdecimal() and len(step) < 9), None)
    if label is None or number is None:
        return label
    return spoken("found.numbered", label=label, number=number)


def _unknown_key(
    name: EditionName, path: tuple[str, ...], key: str, known: Iterable[str]
) -> Finding:
    cell = ".".join((*path, key))
    close = closest(key, known)
    hint = spoken("hint", close=Label(quoted(close).zh, ".".join((*path, close)))) if close else ""
    told = ".".join((*path, short(key) if key.isidentifier() else quoted(key).en))
    inside = _label(name, path)
    named = spoken("found.inside", label=inside, key=quoted(key)) if inside else quoted(key)
    return _fault("S-UNKNOWN", cell, cell=told, named=Label(named.zh, told), hint=hint)


def _listed(path: tuple[str, ...], values: Sequence[Any]) -> Label:
    """Say which values there are: in Chinese by their words, in English as JSON has them."""
    words = words_of(".".join(path))

    def label(value: object) -> Label:
        if not isinstance(value, str):
            return Label(_found(value).zh, _json(value))
        return Label(quoted(words.get(value, value)).zh, _json(value))

    listed = _either(map(label, values))
    return spoken("found.words", listed=listed) if words else listed


def _either(labels: Iterable[Label]) -> Label:
    *others, last = labels
    return joined("either", [*([joined("choices", others)] if others else []), last])


def _name(name: str) -> Label:
    return Label(edition(name).zh, edition(name).en)


def _found(value: object) -> Label:
    """Show a value as it stands in the data, cut where it is long."""
    if value is None:
        return spoken("found.null")
    if isinstance(value, bool):
        return spoken("found.true", value=spoken("found.yes" if value else "found.no"))
    if isinstance(value, str):
        return spoken("found.text", value=quoted(value))
    if isinstance(value, (int, float, Decimal)):
        return spoken("found.number", value=str(value))
    kind = value.kind if isinstance(value, Foreign) else type(value).__name__
    return spoken(
        {"dict": "found.object", "list": "found.array"}.get(kind, "found.other"), value=kind
    )


def short(text: str) -> str:
    """Cut a long text for a message."""
    return text if len(text) <= 40 else f"{text[:40]}…"


def quoted(text: str) -> Label:
    """Show a text in quotes and on one line, cut where it is long."""
    zh, en = (
        "".join(
            character if character.isprintable() else f"\\u{ord(character):04x}"
            for character in shown
        )
        for shown in (f"“{short(text)}”", _json(short(text)))
    )
    return Label(zh, en)


def _json(value: object) -> str:
    import json  # noqa: PLC0415 (only for messages)

    return json.dumps(value, ensure_ascii=False)


@once
def _order(name: EditionName) -> Mapping[tuple[str, ...], int]:
    """Return every path of the form its place in printed order."""
    return {path: index for index, path in enumerate(_paths(REPORTS[name], ()))}


def _paths(hint: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    for cls in (
        get_args(hint.__bound__) if isinstance(hint, TypeVar) else [get_origin(hint) or hint]
    ):
        inner = get_args(hint)[0] if cls is tuple else cls
        for field in attrs.fields(inner) if attrs.has(inner) else ():
            yield from _paths(field.type, (*path, field.name))


def _position(
    order: Mapping[tuple[str, ...], int], path: tuple[str, ...]
) -> tuple[int, bool, tuple[tuple[int, str], ...]]:
    """
    Return a sort key: an unknown key comes after the last known part above it.

    Entries of a list are in the order of their numbers.
    """
    known = tuple(step for step in path if not step.isdigit())
    while known not in order:
        known = known[:-1]
    steps = tuple((int(step) if step.isdecimal() and len(step) < 9 else 0, step) for step in path)
    return order[known], len(known) < len(path), steps
