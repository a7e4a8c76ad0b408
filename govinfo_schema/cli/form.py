"""Commands about the form itself: the form to be filled in, its schema, its cells, its rules."""

from __future__ import annotations

import sys
from typing import Final, get_args

import attrs

from govinfo_schema.bulk.queries import Dialect, sql
from govinfo_schema.cli import targets
from govinfo_schema.cli.options import (
    FORCE,
    LANGUAGE,
    PREVIOUS,
    SUPPLIED,
    Command,
    Namespace,
    argument,
    output,
)
from govinfo_schema.cli.output import Said, dumped, last_year, needed, show
from govinfo_schema.cli.results import Job
from govinfo_schema.cli.targets import told
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import CURRENT, EDITIONS
from govinfo_schema.messages import Label, phrase
from govinfo_schema.report.model import Report
from govinfo_schema.report.schema import published
from govinfo_schema.report.values import FIRST_YEAR, LAST_YEAR
from govinfo_schema.workbook.writing import FORMS, write_form


def _form(options: Namespace) -> int:
    target = targets.claim(
        options,
        options.target,
        [path for path in (options.source, options.previous) if path],
        FORMS,
    )
    previous = last_year(options)
    job = Job(year=options.year, body=options.body)
    report = needed(options.source, job) if options.source else None
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
    """Return what of the request does not fit (year, edition), or None."""
    if options.year is not None and not FIRST_YEAR <= options.year <= LAST_YEAR:
        return phrase("wrong_year", options.lang, year=options.year)
    if report is not None and report.edition != options.edition:
        given, expected = (edition(name) for name in (report.edition, options.edition))
        return phrase(
            "S-EDITION",
            options.lang,
            found=Label(given.zh, given.en),
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
        print(dumped(facts))
    else:
        for cell in cells:
            label = Label(cell.zh, cell.en)
            show([Said(f"{cell.id}\t{getattr(label, options.lang)}\t{cell.unit}\t{cell.kind}")])
    return 0


def _sql(options: Namespace) -> int:
    print(f"{sql(options.edition, options.dialect)};")
    return 0


EDITION: Final = argument("help.edition", "edition", nargs="?", choices=EDITIONS, default=CURRENT)
COMMANDS: Final = (
    Command(
        "form",
        _form,
        (
            argument("help.edition", "edition", choices=EDITIONS),
            argument("help.form.target", "target", metavar="OUT"),
            argument("help.from", "--from", dest="source", metavar="PATH"),
            argument("help.one_row", "--undivided", action="store_true"),
            PREVIOUS,
            FORCE,
            *SUPPLIED,
        ),
    ),
    Command("schema", _schema, (EDITION,)),
    Command("cells", _cells, (EDITION, output(), LANGUAGE)),
    Command(
        "sql",
        _sql,
        (
            EDITION,
            argument("help.dialect", "--dialect", choices=get_args(Dialect), default="duckdb"),
        ),
    ),
)
