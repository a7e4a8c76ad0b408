"""
What pydantic asks of a class of reports: how to validate, how to write, and its JSON Schema.

Only pydantic calls this module, through the hooks of ``Embeddable``. The verdict is that of
``loads`` and ``from_dict``; each finding is an error of pydantic's own, at the place of its cell.
The JSON Schema is the published one, with its definitions moved to where pydantic collects them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import reduce
from typing import Any, Final, NoReturn, cast

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.errors import InvalidReport, InvalidValue
from govinfo_schema.findings import Finding
from govinfo_schema.form import ids
from govinfo_schema.form.parts import EditionName
from govinfo_schema.messages import shown
from govinfo_schema.report.model import REPORTS, Report
from govinfo_schema.report.schema import schema_of
from govinfo_schema.report.structuring import Target, structure, target_of, with_amounts
from govinfo_schema.report.values import half_character

_DEFINITIONS: Final = "#/$defs/"
_TARGET: Final = "govinfo_schema"
"""The key of a core schema's metadata under which the target stands."""


def core_schema(source: Any, handler: Any) -> Any:
    """
    Return the core schema of a class of reports, for ``__get_pydantic_core_schema__``.

    Within the function that validates stands a typed dict that validates nothing. It shows pydantic
    the ``edition``, by which a field can tell the reports of a union apart, and the definitions of
    the JSON Schema.
    """
    from pydantic_core import core_schema as schemas  # noqa: PLC0415 (only for pydantic)

    target = cast("Target", target_of(source))
    edition = target.edition
    return schemas.no_info_wrap_validator_function(
        _validator(target),
        schemas.typed_dict_schema(
            {
                "edition": schemas.typed_dict_field(schemas.literal_schema([edition])),
                **_inner(_published(target), edition, handler),
            }
        ),
        ref=f"{__name__}.{target.name}",
        metadata={_TARGET: target},
        serialization=schemas.plain_serializer_function_ser_schema(_serialize, info_arg=True),
    )


def json_schema(core: Any, handler: Any) -> dict[str, Any]:
    """Return the JSON Schema of a class of reports, for ``__get_pydantic_json_schema__``."""
    return _rebased(_published(core["metadata"][_TARGET]), core, handler)


# ---- validation ---------------------------------------------------------------------------------


def _validator(target: Target) -> Callable[[Any, Any], Report]:
    def validate(value: Any, _: Any) -> Report:
        try:
            return structure(value, target)
        except InvalidReport as error:
            _raise(error.findings, value, target)

    # In the errors of a union, pydantic names its members so.
    validate.__name__ = validate.__qualname__ = target.name
    return validate


def _raise(findings: tuple[Finding, ...], data: Any, target: Target) -> NoReturn:
    """
    Raise an error of pydantic with one line for each finding.

    Each line has the code as its type, the steps of the cell id as its place, the English message,
    and the cells and both messages as its context.
    """
    from pydantic_core import (  # noqa: PLC0415 (only for pydantic)
        InitErrorDetails,
        PydanticCustomError,
        ValidationError,
    )

    lines: list[InitErrorDetails] = []
    for finding in findings:
        context = {
            "cells": list(finding.cells),
            "zh": finding.message("zh"),
            "en": finding.message("en"),
        }
        place, value = _place(data, finding.cells[0] if finding.cells else "")
        lines.append(
            InitErrorDetails(
                type=PydanticCustomError(cast("Any", finding.code), "{en}", context),
                loc=place,
                input=value,
            )
        )
    raise ValidationError.from_exception_data(target.name, lines)


def _place(data: Any, cell: str) -> tuple[tuple[int | str, ...], Any]:
    """
    Return the steps to a cell, those into a list as numbers, and the value there.

    Blank: None where nothing stands there, or where the finding is of the whole report.
    """
    steps: list[int | str] = []
    node = data
    for step in ids.split(cell) if cell else ():
        into_list = is_a(node, (list, tuple)) and step.isdecimal()
        steps.append(int(step) if into_list else step)
        try:
            node = node[steps[-1]]
        except Exception:  # noqa: BLE001 (whatever a mapping of others raises)
            node = None
    return tuple(steps), _plain_input(node) if cell else None


def _plain_input(value: Any) -> Any:
    """
    Return a value that every JSON writer can show beside its error.

    Scalars that JSON holds stay; anything else, or longer than a line, is its short ``repr``.
    """
    if value is None or is_a(value, bool):
        return value
    if is_a(value, str):
        return value if len(value) <= 60 and not half_character(value) else shown(value)
    if is_a(value, int):
        return value if value.bit_length() <= 64 else shown(value)
    if is_a(value, float):
        return value if math.isfinite(value) else shown(value)
    return shown(value)


# ---- writing ------------------------------------------------------------------------------------


def _serialize(report: Report, info: Any) -> dict[str, Any]:
    """
    Write a report as plain data; for JSON each amount as a number that JSON shows exactly.

    Raises: InvalidValue.
    """
    return with_amounts(report, _number if info.mode_is_json() else lambda amount, _: amount)


def _number(amount: Decimal, cell: str) -> int | float:
    """
    Return the int or float that JSON writes with the very digits of an amount.

    Raises: InvalidValue if no float has them.
    """
    if amount == amount.to_integral_value():
        return int(amount)
    number = float(amount)
    if Decimal(repr(number)) != amount:
        raise InvalidValue(
            cell,
            f"{amount:f} has more digits than pydantic can write; put gs.dumps(report) into the "
            "JSON, as docs/frameworks.md shows",
        )
    return number


# ---- the JSON Schema ----------------------------------------------------------------------------


@once
def _definition(name: str, edition: EditionName) -> type:
    """Make a class that pydantic describes by a definition of a published schema."""
    content = schema_of(edition)["$defs"][name]
    title = f"{name}{edition}"

    def core_schema(_: Any, handler: Any) -> Any:
        from pydantic_core import core_schema as schemas  # noqa: PLC0415 (only for pydantic)

        inner = _inner(content, edition, handler)
        return schemas.typed_dict_schema(inner, ref=f"{__name__}.{title}")

    def json_schema(core: Any, handler: Any) -> dict[str, Any]:
        return _rebased(content, core, handler)

    hooks = {
        "__get_pydantic_core_schema__": staticmethod(core_schema),
        "__get_pydantic_json_schema__": staticmethod(json_schema),
    }
    return type(title, (), hooks)


def _published(target: Target) -> dict[str, Any]:
    """
    Return the published schema of a target without its definitions and its place.

    Of one shape: the schema of the edition and, beside it, the one form of the divisible row.
    """
    schema = schema_of(target.edition)
    if target.shape is None:
        place = {"$comment": schema["$id"]}
        return place | {
            key: part for key, part in schema.items() if key not in ("$schema", "$id", "$defs")
        }
    whole = target.shape is target.shape.coarse
    steps = ids.split(cast("str", target.shape.edition.divisible))
    row = reduce(lambda node, step: _behind(node, schema)["properties"][step], steps, schema)
    narrowed = reduce(
        lambda inner, step: {"properties": {step: inner}}, reversed(steps), row["anyOf"][whole]
    )
    return {"allOf": [{"$ref": f"{_DEFINITIONS}{schema['title']}"}, narrowed]}


def _behind(node: Any, schema: Any) -> Any:
    """Return the definition that a property leads to; the node itself if it is an object."""
    (reference, *_) = [*_references(node), None]
    return node if "properties" in node else schema["$defs"][reference]


def _references(node: Any) -> Iterator[str]:
    """Yield the names of the definitions that a schema refers to."""
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].removeprefix(_DEFINITIONS)
        for part in node.values():
            yield from _references(part)
    elif isinstance(node, list):
        for part in node:
            yield from _references(part)


def _inner(content: Any, edition: EditionName, handler: Any) -> dict[str, Any]:
    """Return what a schema refers to as the fields of a typed dict, by name."""
    from pydantic_core import core_schema as schemas  # noqa: PLC0415 (only for pydantic)

    report = REPORTS[edition]
    return {
        name: schemas.typed_dict_field(
            handler.generate_schema(
                report if name == report.__name__ else _definition(name, edition)
            )
        )
        for name in dict.fromkeys(_references(content))
    }


def _rebased(content: Any, core: Any, handler: Any) -> dict[str, Any]:
    """Return a schema that refers to its definitions where pydantic has put them."""
    places = handler.resolve_ref_schema(handler(core))["properties"]

    def rebase(node: Any) -> Any:
        if isinstance(node, list):
            return [rebase(part) for part in node]
        if not isinstance(node, dict):
            return node
        return {
            key: places[part.removeprefix(_DEFINITIONS)]["$ref"] if key == "$ref" else rebase(part)
            for key, part in node.items()
        }

    return cast("dict[str, Any]", rebase(content))
