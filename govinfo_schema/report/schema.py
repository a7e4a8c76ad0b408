"""
The JSON Schema of an edition, generated from the model and the edition's data.

Draft 2020-12. Closed: no key is optional but ``$schema``. No decision rests on ``format``, and
every pattern is written so that Python, Rust and JavaScript read it alike. ``conformance`` holds
data to it.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, Literal, TypeVar, cast, get_args, get_origin

import attrs
from msgspec import Meta

from govinfo_schema.data.once import once
from govinfo_schema.form import ids
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import EDITIONS, Edition, EditionName
from govinfo_schema.messages import Label, phrase
from govinfo_schema.report.making import FEE_AMOUNTS, AmountState
from govinfo_schema.report.model import REPORTS, ProcessingFee
from govinfo_schema.report.values import (
    MAX_AMOUNT,
    Amount,
    AmountUnit,
    BodyKind,
    BodyLevel,
    FeeStatus,
    NoteKind,
    TableScope,
)

SCHEMA_VERSION: Final = "1.0.0"
"""
The version of the published schemas. It is not that of the package: a release may leave the schemas
as they are.
"""
SCHEMA_ID: Final = "urn:govinfo-schema:{version}:{edition}:report"
"""The one place that names a schema. A URN until the project has a public home."""
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_YEAR = "(000[1-9]|00[1-9][0-9]|0[1-9][0-9]{2}|[1-9][0-9]{3})"
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)"
_LONG = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
_SHORT = "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_FEBRUARY = "02-(0[1-9]|1[0-9]|2[0-8])"
DATE_PATTERN: Final = f"^({_YEAR}-({_LONG}|{_SHORT}|{_FEBRUARY})|{_LEAP}-02-29)$"
"""
The dates of the calendar from 0001-01-01 to 9999-12-31, leap years included. Used with a length of
exactly 10.
"""

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


# ---- the schema ---------------------------------------------------------------------------------


def json_schema(name: str) -> dict[str, Any]:
    """
    Return the JSON Schema of an edition as a new dict.

    It equals ``schemas/<edition>/report.schema.json``.

    Raises: UnknownEdition.

    >>> json_schema("2021")["$id"]
    'urn:govinfo-schema:1.0.0:2021:report'
    """
    return copy.deepcopy(schema_of(edition(name).name))


def published(name: str) -> bytes:
    """Return the published file of an edition's schema, byte for byte."""
    import json  # noqa: PLC0415 (only for those who want the file)

    return (json.dumps(json_schema(name), ensure_ascii=False, indent=2) + "\n").encode()


@once
def schema_of(name: EditionName) -> dict[str, Any]:
    """Return the JSON Schema of an edition, which nobody may change."""
    of = edition(name)
    definitions: dict[str, Any] = {}
    root = _object(of, REPORTS[name], "", definitions)
    properties = {"$schema": {"type": "string", "description": "JSON Schema"}} | root.pop(
        "properties"
    )
    return {
        "$schema": DIALECT,
        "$id": SCHEMA_ID.format(version=SCHEMA_VERSION, edition=name),
        "title": f"Report{name}",
        "description": f"政府信息公开工作年度报告（{of.zh}）：{of.document}。\n"
        f"Annual report on open government information, {of.en}: {of.document}.",
        **root,
        "properties": properties,
        "$defs": dict(sorted(definitions.items())),
    }


def _object(of: Edition, cls: type, path: str, definitions: dict[str, Any]) -> dict[str, Any]:
    properties = {}
    for field in attrs.fields(cast("Any", cls)):
        below = ids.join(path, field.name)
        properties[field.name] = _described(of, below, _typed(of, field.type, below, definitions))
    schema = {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }
    return schema | {"allOf": _FEE_CONDITIONS} if cls is ProcessingFee else schema


def _described(of: Edition, path: str, schema: dict[str, Any]) -> dict[str, Any]:
    """
    Put label, unit, source and example before the keywords that validate.

    Not as a title, which generators of types would take for a name.
    """
    cell = of.all_cells.get(path)
    row = of.rows.get(path)
    if cell:
        siblings = [other for other in of.all_cells.values() if other.column == cell.column]
        shared = [
            source for source in cell.sources if all(source in other.sources for other in siblings)
        ]
        title, unit, sources = Label(cell.column.zh, cell.column.en), cell.unit, shared
    elif row:
        table = next(table for table in of.tables if ids.is_below(path, table.id))
        block = next(block for block in table.blocks if row in block.rows)
        title, unit, sources = row.path, "", [*table.sources, *block.sources, *row.sources]
    else:
        field = of.fields[path]
        title, unit, sources = Label(field.zh, field.en), field.unit, list(field.sources)
    examples = _EXAMPLES.get(path, _EXAMPLES.get(cell.kind if cell else "", []))
    zh = (
        f"{title.zh}{f'，单位：{unit}' if unit else ''}。"
        f"依据：{'；'.join(source.zh for source in sources)}。"
    )
    en = (
        f"{title.en}{f' (unit: {unit})' if unit else ''}. Source: "
        f"{'; '.join(source.en for source in sources)}."
    )
    if "$ref" in schema:
        # With words of its own beside it a reference would become a type of its own in generated
        # code.
        schema = {"allOf": [schema]}
    return {"description": f"{zh}\n{en}", **schema, **({"examples": examples} if examples else {})}


def _typed(of: Edition, hint: Any, path: str, definitions: dict[str, Any]) -> dict[str, Any]:
    if isinstance(hint, TypeVar):
        shapes = get_args(hint.__bound__)
        if path == of.divisible:
            return {"anyOf": [_reference(of, cls, path, definitions) for cls in shapes]}
        hint = shapes[-1]
    cls = get_origin(hint) or hint
    if attrs.has(cls):
        return _reference(of, cls, path, definitions)
    if cls is tuple:
        return {"type": "array", "items": _reference(of, get_args(hint)[0], path, definitions)}
    if path == "notes.at":
        return {"type": ["string", "null"], "enum": [*of.places, None]}
    named = next((alias for alias, own in _NAMED.items() if own == hint), None)
    if named:
        definitions[named] = {"description": phrase(f"list.{named}", "en"), **_nullable(hint)}
        return {"$ref": f"#/$defs/{named}"}
    return _nullable(hint)


def _nullable(hint: Any) -> dict[str, Any]:
    nullable = type(None) in get_args(hint)
    (inner,) = (
        [part for part in get_args(hint) if part is not type(None)]
        if nullable and get_origin(hint) is not Literal
        else [hint]
    )
    schema = _scalar(inner, hint)
    return (
        schema
        | {"type": [schema["type"], "null"]}
        | ({"enum": [*schema["enum"], None]} if "enum" in schema else {})
        if nullable
        else schema
    )


def _reference(of: Edition, cls: type, path: str, definitions: dict[str, Any]) -> dict[str, Any]:
    name = cls.__name__
    for edition_name in EDITIONS:
        name = name.removesuffix(edition_name)
    if name not in definitions:
        definitions[name] = {}
        summary = (cls.__doc__ or "").strip().partition("\n")[0]
        definitions[name] |= {"description": summary} | _object(of, cls, path, definitions)
    return {"$ref": f"#/$defs/{name}"}


def _scalar(inner: Any, hint: Any) -> dict[str, Any]:
    if hint == Amount:
        return {"type": "number", "minimum": 0, "maximum": MAX_AMOUNT}
    if inner is date:
        return {"type": "string", "pattern": DATE_PATTERN, "minLength": 10, "maxLength": 10}
    if get_origin(inner) is Literal:
        values = get_args(inner)
        return (
            {"type": "string", "const": values[0]}
            if len(values) == 1
            else {"type": "string", "enum": list(values)}
        )
    base, *metas = get_args(inner) or (inner,)
    schema: dict[str, Any] = {"type": "integer" if base is int else "string"}
    for meta in metas:
        schema |= _bounds(meta)
    return schema


def _bounds(meta: Meta) -> dict[str, Any]:
    names = {
        "ge": "minimum",
        "le": "maximum",
        "pattern": "pattern",
        "min_length": "minLength",
        "max_length": "maxLength",
    }
    bounds = {
        schema: getattr(meta, name)
        for name, schema in names.items()
        if getattr(meta, name) is not None
    }
    if "pattern" in bounds and bounds.get("minLength") != bounds["maxLength"]:
        # `$` matches before a final line break in Python and not elsewhere; only a fixed length
        # keeps that out by itself.
        bounds["not"] = {"type": "string", "pattern": "[^0-9A-Z]"}
    return bounds


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
    """Return what the amount of a processing fee may be, for some of its states."""
    if states == ("blank",):
        return {"type": "null"}
    kinds = {"type": ["number", "null"] if "blank" in states else "number"}
    return (
        kinds
        | ({} if "zero" in states else {"exclusiveMinimum": 0})
        | ({} if "positive" in states else {"maximum": 0})
    )


_FEE_CONDITIONS: Final = [
    {
        "if": {"properties": {"status": {"const": status}}},
        "then": {"properties": {"amount": _fee_amount(states)}},
    }
    for status, states in FEE_AMOUNTS.items()
]
