"""Commands that print the form itself: schema, cells."""

from __future__ import annotations

import json
import sys
from typing import Any

import attrs

from govinfo_schema.cli import options as add
from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import Said, show
from govinfo_schema.edition import CURRENT, EDITIONS, edition
from govinfo_schema.findings import Label
from govinfo_schema.schema import published


def commands(parsers: Any) -> None:
    """Add schema and cells."""
    command = add.command(parsers, _schema, "schema", "输出 JSON Schema · print the JSON Schema")
    command.add_argument("edition", nargs="?", choices=EDITIONS, default=CURRENT, help="格式版本 · edition of the form")

    command = add.command(parsers, _cells, "cells", "列出全部数字项 · print the vocabulary: every figure of the form")
    command.add_argument("edition", nargs="?", choices=EDITIONS, default=CURRENT, help="格式版本 · edition of the form")
    add.output(command)
    add.language(command)


def _schema(options: Namespace) -> int:
    sys.stdout.buffer.write(published(options.edition))
    return 0


def _cells(options: Namespace) -> int:
    cells = edition(options.edition).cells.values()
    if options.format == "json":
        facts = [
            {
                "id": cell.id,
                "zh": cell.zh,
                "en": cell.en,
                "unit": cell.unit,
                "kind": cell.kind,
                "sources": [attrs.asdict(source) for source in cell.sources],
            }
            for cell in cells
        ]
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        for cell in cells:
            label = Label(cell.zh, cell.en)
            show([Said(f"{cell.id}\t{getattr(label, options.lang)}\t{cell.unit}\t{cell.kind}")])
    return 0
