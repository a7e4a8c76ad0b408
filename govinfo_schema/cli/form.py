"""Commands about the form itself: the form to be filled in, its schema, its cells."""

from __future__ import annotations

import json
import sys
from typing import Any

import attrs

from govinfo_schema.cli import options as add
from govinfo_schema.cli import targets
from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import Said, last_year, lines, show
from govinfo_schema.cli.results import EXIT, Job
from govinfo_schema.cli.targets import told
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS
from govinfo_schema.messages import Label, phrase
from govinfo_schema.report.model import Report
from govinfo_schema.report.schema import published
from govinfo_schema.report.values import FIRST_YEAR, LAST_YEAR
from govinfo_schema.workbook.writing import write_form


def commands(parsers: Any) -> None:
    """Add form, schema and cells."""
    command = add.command(
        parsers,
        _form,
        "form",
        "生成填报工作簿 · write the form to be filled in, a workbook that adds itself up",
    )
    command.add_argument("edition", choices=EDITIONS, help="格式版本 · edition of the form")
    command.add_argument(
        "target", metavar="OUT", help="工作簿，后缀 .xlsx · the workbook, with the suffix .xlsx"
    )
    command.add_argument(
        "--from",
        dest="source",
        metavar="PATH",
        help="用这份报告的数字填好 · fill it with the figures of this report",
    )
    command.add_argument(
        "--undivided",
        action="store_true",
        help="（六）其他处理只印一行 · print (6) other handling as one row",
    )
    add.previous(command)
    add.force(command)
    add.supplied(command)

    command = add.command(parsers, _schema, "schema", "输出 JSON Schema · print the JSON Schema")
    command.add_argument(
        "edition",
        nargs="?",
        choices=EDITIONS,
        default=CURRENT,
        help="格式版本 · edition of the form",
    )

    command = add.command(
        parsers, _cells, "cells", "列出全部数字项 · print the vocabulary: every figure of the form"
    )
    command.add_argument(
        "edition",
        nargs="?",
        choices=EDITIONS,
        default=CURRENT,
        help="格式版本 · edition of the form",
    )
    add.output(command)
    add.language(command)


def _form(options: Namespace) -> int:
    target = targets.claim(
        options,
        options.target,
        [path for path in (options.source, options.previous) if path],
        (".xlsx",),
    )
    previous = last_year(options)
    if isinstance(previous, int):
        return previous
    report = None
    if options.source:
        result = Job(year=options.year, body=options.body)(options.source)
        report = result.report
        if report is None:
            show(lines(result, options.lang, everything=True), sys.stderr)
            return EXIT[result.verdict]
    given = {"year": options.year, "body": options.body, "undivided": options.undivided}
    problem = _misfit(options, report)
    if problem:
        show([Said(problem)], sys.stderr)
        return 2
    with target.placed() as place:
        write_form(place, options.edition, report=report, previous=previous, **given)
    told(target, options.lang)
    return 0


def _misfit(options: Namespace, report: Report | None) -> str | None:
    """Say what of the request does not fit: the year, a report of the other edition."""
    if options.year is not None and not FIRST_YEAR <= options.year <= LAST_YEAR:
        return phrase("wrong_year", options.lang, year=options.year)
    if report is not None and report.edition != options.edition:
        found, expected = (edition(name) for name in (report.edition, options.edition))
        return phrase(
            "S-EDITION",
            options.lang,
            found=Label(found.zh, found.en),
            expected=Label(expected.zh, expected.en),
        )
    return None


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
