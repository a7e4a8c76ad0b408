"""
The JSON Schema of an edition, generated from the model and the edition's data; and ``conforms``, which holds plain data to it.

Draft 2020-12. Closed: no key is optional but ``$schema``. No decision rests on ``format``, and every pattern is written so that
Python, Rust and JavaScript read it alike.
"""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final, Literal, TypeVar, cast, get_args, get_origin

import attrs
from msgspec import Meta

from govinfo_schema.cells import TABLES, closest
from govinfo_schema.edition import EDITIONS, Edition, EditionName, detect, edition, edition_name
from govinfo_schema.findings import Finding, Label, Lang, phrase, spoken
from govinfo_schema.model import (
    FEE_AMOUNTS,
    Amount,
    AmountState,
    AmountUnit,
    Applicants,
    BodyKind,
    BodyLevel,
    FeeStatus,
    NoteKind,
    OtherHandling,
    ProcessingFee,
    Report2019,
    Report2021,
    TableScope,
)
from govinfo_schema.once import once
from govinfo_schema.values import MAX_AMOUNT, MAX_DIGITS, half_character, plain_text, shown, significant_digits, whole_number

SCHEMA_VERSION: Final = "1.0.0"
"""The version of the published schemas. It is not that of the package: a release may leave the schemas as they are."""
SCHEMA_ID: Final = "urn:govinfo-schema:{version}:{edition}:report"
"""The one place that names a schema. A URN until the project has a public home."""
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

MAX_DEPTH: Final = 64
MAX_EXPONENT: Final = 15
MAX_FAULTS: Final = 10_000
"""No report has so many cells: beyond this a text is hostile, and its faults are counted no further."""

_YEAR = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_LONG = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
_SHORT = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_FEBRUARY = "02-(0[1-9]|1[0-9]|2[0-8])"
DATE_PATTERN: Final = f"^({_YEAR}-({_LONG}|{_SHORT}|{_FEBRUARY})|{_LEAP}-02-29)$"
"""The dates of the calendar from 0001-01-01 to 9999-12-31, leap years included. Used with a length of exactly 10."""

_EXAMPLES: Final[Mapping[str, list[Any]]] = {
    "count": [0, 12],
    "signed_count": [0, -8, 1036],
    "amount": [0, 72701.2578],
    "year": [2024],
    "title": ["某市人民政府2024年政府信息公开工作年度报告"],
    "body.name": ["某市人民政府"],
    "body.division_code": ["321300"],
    "published_on": ["2025-01-31"],
    "other_matters.processing_fee.requests": [3],
    "other_matters.processing_fee.amount": [2230],
    "notes.at": ["proactive.licensing.decisions"],
    "notes.text": ["22（其中修订16件）"],
}


# ---- the schema ---------------------------------------------------------------------------------------------------


def json_schema(name: str) -> dict[str, Any]:
    """
    Give the JSON Schema of an edition as a dict of your own, the same that ``schemas/<edition>/report.schema.json`` holds.

    Raises: UnknownEdition.

    >>> json_schema("2021")["$id"]
    'urn:govinfo-schema:1.0.0:2021:report'
    """
    return copy.deepcopy(_schema(edition(name).name))


def published(name: str) -> bytes:
    """Give the published file of an edition's schema, byte for byte."""
    return (json.dumps(json_schema(name), ensure_ascii=False, indent=2) + "\n").encode()


@once
def _schema(name: EditionName) -> dict[str, Any]:
    form = edition(name)
    definitions: dict[str, Any] = {}
    root = _object(form, Report2019 if name == "2019" else Report2021, "", definitions)
    properties = {"$schema": {"type": "string", "description": "JSON Schema"}} | root.pop("properties")
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID.format(version=SCHEMA_VERSION, edition=name),
        "title": f"Report{name}",
        "description": f"政府信息公开工作年度报告（{form.zh}）：{form.document}。\n"
        f"Annual report on open government information, {form.en}: {form.document}.",
        **root,
        "properties": properties,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(form: Edition, cls: type, path: str, definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {}
    for field in attrs.fields(cast("Any", cls)):
        below = f"{path}.{field.name}".lstrip(".")
        properties[field.name] = _described(form, below, _typed(form, field.type, below, definitions))
    made = {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}
    return made | {"allOf": _FEE_CONDITIONS} if cls is ProcessingFee else made


def _described(form: Edition, path: str, made: dict[str, Any]) -> dict[str, Any]:
    """Put label, unit, source and example before what validates; not as a title, which generators of types would take for a name."""
    cell = form.cells.get(path) or form.undivided.get(path)
    row = form.rows.get(path)
    if cell:
        siblings = [other for other in (*form.cells.values(), *form.undivided.values()) if other.column == cell.column]
        shared = [source for source in cell.sources if all(source in other.sources for other in siblings)]
        title, unit, sources = Label(cell.column.zh, cell.column.en), cell.unit, shared
    elif row:
        table = next(table for table in form.tables if path.startswith(f"{table.id}."))
        block = next(block for block in table.blocks if row in block.rows)
        title, unit, sources = row.path, "", [*table.sources, *block.sources, *row.sources]
    else:
        field = form.fields[path]
        title, unit, sources = Label(field.zh, field.en), field.unit, list(field.sources)
    examples = _EXAMPLES.get(path, _EXAMPLES.get(cell.kind if cell else "", []))
    zh = f"{title.zh}{f'，单位：{unit}' if unit else ''}。依据：{'；'.join(source.zh for source in sources)}。"
    en = f"{title.en}{f' (unit: {unit})' if unit else ''}. Source: {'; '.join(source.en for source in sources)}."
    if "$ref" in made:
        # With words of its own beside it a reference would become a type of its own in generated code.
        made = {"allOf": [made]}
    return {"description": f"{zh}\n{en}", **made, **({"examples": examples} if examples else {})}


def _typed(form: Edition, hint: Any, path: str, definitions: dict[str, Any]) -> dict[str, Any]:
    if isinstance(hint, TypeVar):
        if form.rows[path].undivided:
            return {"anyOf": [_reference(form, cls, path, definitions) for cls in get_args(hint.__bound__)]}
        hint = Applicants
    cls = get_origin(hint) or hint
    if attrs.has(cls):
        return _reference(form, cls, path, definitions)
    if cls is tuple:
        return {"type": "array", "items": _reference(form, get_args(hint)[0], path, definitions)}
    if path == "notes.at":
        return {"type": ["string", "null"], "enum": [*form.places, None]}
    named = next((alias for alias, own in _NAMED.items() if own == hint), None)
    if named:
        definitions[named] = {"description": phrase(f"list.{named}", "en"), **_nullable(hint)}
        return {"$ref": f"#/$defs/{named}"}
    return _nullable(hint)


def _nullable(hint: Any) -> dict[str, Any]:
    nullable = type(None) in get_args(hint)
    (inner,) = [part for part in get_args(hint) if part is not type(None)] if nullable and get_origin(hint) is not Literal else [hint]
    made = _scalar(inner, hint)
    return made | {"type": [made["type"], "null"]} | ({"enum": [*made["enum"], None]} if "enum" in made else {}) if nullable else made


def _reference(form: Edition, cls: type, path: str, definitions: dict[str, Any]) -> dict[str, Any]:
    name = cls.__name__.removesuffix(form.name)
    if name not in definitions:
        definitions[name] = {}
        definitions[name] |= {"description": (cls.__doc__ or "").strip()} | _object(form, cls, path, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _scalar(inner: Any, hint: Any) -> dict[str, Any]:
    if hint == Amount:
        return {"type": "number", "minimum": 0, "maximum": MAX_AMOUNT}
    if inner is date:
        return {"type": "string", "pattern": DATE_PATTERN, "minLength": 10, "maxLength": 10}
    if get_origin(inner) is Literal:
        values = get_args(inner)
        return {"type": "string", "const": values[0]} if len(values) == 1 else {"type": "string", "enum": list(values)}
    base, *metas = get_args(inner) or (inner,)
    made: dict[str, Any] = {"type": "integer" if base is int else "string"}
    for meta in metas:
        made |= _bounds(meta)
    return made


def _bounds(meta: Meta) -> dict[str, Any]:
    names = {"ge": "minimum", "le": "maximum", "pattern": "pattern", "min_length": "minLength", "max_length": "maxLength"}
    found = {schema: getattr(meta, name) for name, schema in names.items() if getattr(meta, name) is not None}
    if "pattern" in found and found.get("minLength") != found["maxLength"]:
        # `$` matches before a final line break in Python and not elsewhere; only a fixed length keeps that out by itself.
        found["not"] = {"type": "string", "pattern": "[^0-9A-Z]"}
    return found


_NAMED: Final = {
    "AmountUnit": AmountUnit,
    "BodyKind": BodyKind,
    "BodyLevel": BodyLevel,
    "FeeStatus": FeeStatus,
    "NoteKind": NoteKind,
    "TableScope": TableScope,
}
"""The lists of words that have a name of their own, so that generated types have it too."""


def _fee_amount(states: tuple[AmountState, ...]) -> dict[str, Any]:
    """Say what the amount of a processing fee may be, given the states that it may be in."""
    if states == ("blank",):
        return {"type": "null"}
    kinds = {"type": ["number", "null"] if "blank" in states else "number"}
    return kinds | ({} if "zero" in states else {"exclusiveMinimum": 0}) | ({} if "positive" in states else {"maximum": 0})


_FEE_CONDITIONS: Final = [
    {"if": {"properties": {"status": {"const": status}}}, "then": {"properties": {"amount": _fee_amount(states)}}}
    for status, states in FEE_AMOUNTS.items()
]


# ---- conforms -----------------------------------------------------------------------------------------------------


def conforms(data: object, edition: EditionName | None = None) -> tuple[Finding, ...]:
    """
    Hold plain data (dicts, lists, text, numbers) to the JSON Schema of their edition, offline.

    Returns: one finding for every fault, each with its cell id, in printed order; none if the data conform.
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
    Give data as what JSON knows (dicts, lists, text, numbers), read by their value.

    Whole numbers and texts of other libraries, dicts and lists of any class become plain ones; what JSON does not know becomes
    ``Foreign``. A Finding instead names what would make a validator fail rather than answer.
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
    """Hold plain data to the schema of the edition *asked* for, or of the one that they say, and name every fault."""
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
    found: dict[tuple[str, ...], Finding] = {}
    for path, fault in (fault for error in _validator(name).iter_errors(data) for fault in _translate(name, error)):
        found.setdefault(path, fault)
        if len(found) == MAX_FAULTS:
            break
    listed = [found[path] for path in sorted(found, key=lambda path: _position(order, path))]
    return (*listed, _fault("S-FLOOD", limit=MAX_FAULTS)) if len(listed) == MAX_FAULTS else tuple(listed)


class _TooDeepError(Exception):
    """Data that nest deeper than any report, or without end."""


def _plain(node: object, depth: int, known: dict[int, tuple[object, Any]]) -> Any:
    """
    Give data as JSON knows them.

    *known* are the lists and dicts that were met before: data may hold one of them many times over.
    Raises: _TooDeepError.
    """
    if not isinstance(node, (list, tuple, Mapping)):
        return _plain_value(node)
    if depth > MAX_DEPTH:
        raise _TooDeepError
    if id(node) not in known:
        if isinstance(node, Mapping):
            values: Any = {_plain_key(key): _plain(value, depth + 1, known) for key, value in node.items()}
        else:
            values = [_plain(part, depth + 1, known) for part in node]
        known[id(node)] = (node, values)
    return known[id(node)][1]


def _plain_value(value: object) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return plain_text(value)
    if isinstance(value, (float, Decimal)):
        return float(value) if isinstance(value, float) else Decimal(value)
    number = whole_number(value)
    return Foreign(type(value).__name__) if number is None else number


def _plain_key(key: object) -> str:
    """Give a key as text; one that is no text becomes the name of no part of a report."""
    return plain_text(key) if isinstance(key, str) else f"{shown(key)} ({type(key).__name__})"


def _hazard(data: object) -> Finding | None:
    """Find what would make a validator fail rather than answer: depth, numbers out of all bounds, half characters."""
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
        return number_fault(f"{float(2) ** min(node.bit_length(), 1000):.0e}…") if node.bit_length() > 64 else None
    if isinstance(node, (float, Decimal)) and not (node.is_finite() if isinstance(node, Decimal) else math.isfinite(node)):
        return _fault("T-NAN", number=str(node))
    if isinstance(node, Decimal) and node:
        value = float(node)
        return number_fault(node) if significant_digits(node) > MAX_DIGITS or not value or math.isinf(value) else None
    return None


def number_fault(number: object) -> Finding:
    """Make the finding of a number that is longer than any figure of a report."""
    text = str(number)
    return _fault("T-NUMBER", number=text if len(text) <= 40 else f"{text[:40]}…", digits=MAX_DIGITS, exponent=MAX_EXPONENT)


def _foreign(data: object) -> Finding | None:
    """Tell data that are no report at all from a report with faults."""
    if isinstance(data, dict) and any(key in data for key in ("edition", *TABLES)):
        return None
    return _fault("T-REPORT", found=_found(data))


def _fault(code: str, *cells: str, **operands: Any) -> Finding:
    return Finding(code=code, level="error", cells=cells, operands=operands)


@once
def _validator(name: EditionName) -> Any:
    import jsonschema  # noqa: PLC0415 (this is its one door; it takes as long to import as all the rest)

    def integer(_: Any, value: object) -> bool:
        # A count written 1.0 is 1 to every validator, which sees a double; a Decimal stands for the text of such a number,
        # and its bounds are those of its double too. An amount of 17 digits lies within its bounds if its double does.
        if isinstance(value, (float, Decimal)):
            return float(value).is_integer()
        return isinstance(value, int) and not isinstance(value, bool)

    def bounded(keyword: str) -> Any:
        def compare(validator: Any, limit: Any, value: Any, schema: Any) -> Any:
            return dialect.VALIDATORS[keyword](validator, limit, float(value) if isinstance(value, Decimal) else value, schema)

        return compare

    def number(_: Any, value: object) -> bool:
        return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)

    dialect: Any = jsonschema.Draft202012Validator
    extend: Any = jsonschema.validators.extend
    bounds = {keyword: bounded(keyword) for keyword in ("minimum", "exclusiveMinimum", "maximum")}
    exact: Any = extend(dialect, bounds, type_checker=dialect.TYPE_CHECKER.redefine("integer", integer).redefine("number", number))
    return exact(_schema(name))


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
            yield (*path, key), _unknown_key(path, key, known if len(extras) <= len(known) else ())
    else:
        yield path, _misfit(name, path, error)


def _translate_branch(name: EditionName, error: Any) -> Iterator[tuple[tuple[str, ...], Finding]]:
    """A fault inside （六） is a fault of the branch whose keys fit best: three rows, or one row of applicants."""
    keys = set(error.instance) if isinstance(error.instance, dict) else set()
    fits = [len(keys & {field.name for field in attrs.fields(cast("Any", cls))}) for cls in (OtherHandling, Applicants)]
    branch = fits.index(max(fits))
    for inner in error.context:
        if inner.schema_path[0] == branch:
            yield from _translate(name, inner)


_CODES: Final[Mapping[str, str]] = {
    "type": "S-TYPE",
    "minimum": "S-NEGATIVE",
    "exclusiveMinimum": "S-NEGATIVE",
    "maximum": "S-MAXIMUM",
    "enum": "S-VALUE",
    "const": "S-VALUE",
}


def _misfit(name: EditionName, path: tuple[str, ...], error: Any) -> Finding:
    """Say of a value that does not fit what would, and what it is."""
    expected: Label | str = ""
    if error.validator == "type":
        kinds = [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
        expected = _either(spoken(f"type.{kind}") for kind in kinds)
    elif error.validator == "enum" and len(error.validator_value) > 10:
        expected = spoken("form.place")
    elif error.validator in ("enum", "const"):
        values = error.validator_value if error.validator == "enum" else EDITIONS if path == ("edition",) else [error.validator_value]
        expected = _either(Label(shown, shown) for shown in (json.dumps(value, ensure_ascii=False) for value in values))
    elif error.validator not in _CODES:
        expected = spoken(f"form.{path[-1]}")
    code = _CODES.get(error.validator, "S-FORM")
    return _named(name, code, path, expected=expected, limit=error.validator_value, found=_found(error.instance))


def _named(name: EditionName, code: str, path: tuple[str, ...], **operands: Any) -> Finding:
    cell = ".".join(path)
    label = edition(name).label(".".join(step for step in path if not step.isdigit())) or Label(cell, cell)
    return _fault(code, cell, label=label, cell=cell, **operands)


def _unknown_key(path: tuple[str, ...], key: str, known: Iterable[str]) -> Finding:
    cell = ".".join((*path, key))
    close = closest(key, known)
    hint = spoken("hint", close=".".join((*path, close))) if close else ""
    shown = short(key) if key.isidentifier() else quoted(key)
    return _fault("S-UNKNOWN", cell, cell=".".join((*path, shown)), hint=hint)


def _either(labels: Iterable[Label]) -> Label:
    spelled = list(labels)
    return Label(*(phrase("either", lang).join(getattr(label, lang) for label in spelled) for lang in get_args(Lang)))


def _name(name: str) -> Label:
    return Label(edition(name).zh, edition(name).en)


def _found(value: object) -> Label:
    """Show a value as it stands in the data, cut where it is long."""
    if value is None:
        return spoken("found.null")
    if isinstance(value, bool):
        return spoken("found.true", value=str(value).lower())
    if isinstance(value, str):
        return spoken("found.text", value=quoted(value))
    if isinstance(value, (int, float, Decimal)):
        return spoken("found.number", value=str(value))
    kind = value.kind if isinstance(value, Foreign) else type(value).__name__
    return spoken({"dict": "found.object", "list": "found.array"}.get(kind, "found.other"), value=kind)


def short(text: str) -> str:
    """Cut a long text for a message."""
    return text if len(text) <= 40 else f"{text[:40]}…"


def quoted(text: str) -> str:
    """Show a text in quotes and on one line, cut where it is long."""
    shown = json.dumps(short(text), ensure_ascii=False)
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in shown)


@once
def _order(name: EditionName) -> Mapping[tuple[str, ...], int]:
    """Give every path of the form its place in printed order."""
    report = Report2019 if name == "2019" else Report2021
    return {path: index for index, path in enumerate(_paths(report, ()))}


def _paths(hint: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield path
    for cls in get_args(hint.__bound__) if isinstance(hint, TypeVar) else [get_origin(hint) or hint]:
        inner = get_args(hint)[0] if cls is tuple else cls
        for field in attrs.fields(inner) if attrs.has(inner) else ():
            yield from _paths(field.type, (*path, field.name))


def _position(order: Mapping[tuple[str, ...], int], path: tuple[str, ...]) -> tuple[int, bool, tuple[tuple[int, str], ...]]:
    """Sort an unknown key right behind the last known part above it, and the entries of a list by their number."""
    known = tuple(step for step in path if not step.isdigit())
    while known not in order:
        known = known[:-1]
    steps = tuple((int(step) if step.isdecimal() and len(step) < 9 else 0, step) for step in path)
    return order[known], len(known) < len(path), steps
