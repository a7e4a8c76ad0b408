"""
The Data Package descriptor beside a table, which says what each column is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from govinfo_schema.messages import spoken
from govinfo_schema.report.record import Column, Type
from govinfo_schema.tables.csv.kinds import END
from govinfo_schema.tables.csv.tidy import TIDY
from govinfo_schema.tables.rows import stored_columns

_TYPES: Final[Mapping[Type, str]] = {
    "text": "string",
    "whole": "integer",
    "amount": "number",
    "date": "date",
    "flag": "boolean",
}
"""The types of columns as a Data Package names them."""


def descriptor_of(path: Path, *, tidy: bool) -> bytes:
    """
    Write the Data Package descriptor of a file: every column with its type, its labels and its
    unit.
    """
    told = (
        [Column(name, spoken(f"column.{name}"), "", kind) for name, kind in TIDY.items()]
        if tidy
        else stored_columns()
    )
    fields = [_field(column, tidy=tidy) for column in told]
    name = (
        "".join(
            sign if sign.isascii() and sign.isalnum() else "-" for sign in path.stem.lower()
        ).strip("-")
        or "reports"
    )
    resource = {
        "name": name,
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": END,
            "quoteChar": '"',
            "doubleQuote": True,
            "header": True,
        },
        "schema": {"fields": fields, "missingValues": [""]},
    }
    title = spoken("package.title")
    package = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title.zh,
        "description": title.en,
        "resources": [resource],
    }
    return json.dumps(package, ensure_ascii=False, indent=2).encode() + b"\n"


def _field(column: Column, *, tidy: bool) -> dict[str, Any]:
    kind = _TYPES[column.type]
    labels = {"title": column.label.zh, "description": column.label.en}
    made: dict[str, Any] = {"name": column.name, "type": kind, **labels}
    if column.unit:
        made["unit"] = column.unit
    if kind in ("integer", "number") and not column.signed and not tidy:
        made["constraints"] = {"minimum": 0}
    return made
