"""Commands that read reports: check, read."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from govinfo_schema import files
from govinfo_schema.bulk.processes import expand
from govinfo_schema.cli import sending, tables, targets
from govinfo_schema.cli.machines import case_of, noted, suite_of
from govinfo_schema.cli.options import (
    ALL,
    BLANKS,
    FORCE,
    PREVIOUS,
    SUPPLIED,
    VERBOSE,
    Command,
    Namespace,
    argument,
    output,
)
from govinfo_schema.cli.output import Said, dumped, is_utf8, last_year, lines, plain, show, total
from govinfo_schema.cli.results import EXIT, Job, results
from govinfo_schema.cli.targets import told
from govinfo_schema.documents.formats import put
from govinfo_schema.messages import phrase
from govinfo_schema.pages.results import Verdict
from govinfo_schema.report.json import dumps
from govinfo_schema.tables import json as json_format

if TYPE_CHECKING:
    from govinfo_schema.bulk.checking import Counts


def _check(options: Namespace) -> int:
    if options.format in sending.MADE:
        return sending.send(options)
    previous = last_year(options)
    verdicts: Counter[Verdict] = Counter(dict.fromkeys(EXIT, 0))
    printed: list[dict[str, Any]] = []
    suite: list[ET.Element] = []
    whole, paths = tables.taken(options)
    counted = tables.count(options, whole) if whole else []
    for counts in counted:
        verdicts.update(tables.verdicts_of(counts))
        if options.format != "json":
            show(tables.summary(counts, options.lang))
    for result in results(
        paths,
        Job(options.blanks, options.year, options.body, whole=True, previous=previous),
    ):
        verdicts[result.verdict] += 1
        if options.format == "json":
            printed.append(plain(result))
        elif options.format == "junit":
            suite.append(case_of(result, options.lang))
        elif options.format == "github":
            show(noted(result, options.lang))
        else:
            told_of = lines(result, options.lang, everything=options.all, verbose=options.verbose)
            show(told_of)
    _finish(options, verdicts, printed, suite, counted)
    if options.out and any(counts.lines for counts in counted):
        told(targets.Target(options.out), options.lang)
    return max(EXIT[verdict] for verdict, count in verdicts.items() if count)


def _finish(
    options: Namespace,
    verdicts: Counter[Verdict],
    printed: list[dict[str, Any]],
    suite: list[ET.Element],
    counted: Sequence[Counts],
) -> None:
    """Print what stands behind all results."""
    if options.format == "junit":
        print(suite_of(suite, "utf-8" if is_utf8(sys.stdout) else "us-ascii"))
    elif options.format == "json":
        more = {"tables": [tables.plain(counts) for counts in counted]} if counted else {}
        print(dumped({"results": printed, "summary": dict(verdicts), **more}))
    elif options.format == "text" and verdicts.total() > 1:
        show([total(verdicts, options.lang)])


def _read(options: Namespace) -> int:
    counts = Counter({"sure": 0, "doubtful": 0, "refused": 0})
    status = 0
    first = options.paths[0]
    several = (
        len(options.paths) > 1
        or expand(first, files.suffixes()) is not None
        or files.is_table(first)
    )
    for result in results(options.paths, Job(year=options.year, body=options.body)):
        if result.report is None:
            counts["refused"] += 1
            status = max(status, EXIT[result.verdict])
            said = lines(result, options.lang, everything=options.all, verbose=options.verbose)
            show(said, sys.stderr)
            continue
        counts["doubtful" if result.doubtful else "sure"] += 1
        if several:
            put(dumps(result.report) + b"\n", "-")
        else:
            json_format.write(result.report, "-")
        doubts = attrs.evolve(
            result, findings=tuple(each for each in result.findings if each.about == "reading")
        )
        if doubts.findings:
            said = lines(doubts, options.lang, everything=options.all, verbose=options.verbose)
            show(said, sys.stderr)
    if several:
        width = len(str(counts.total()))
        show(
            [
                Said(f"{count:>{width}}  {phrase(name, options.lang)}")
                for name, count in counts.items()
            ],
            sys.stderr,
        )
    return status


COMMANDS: Final = (
    Command(
        "check",
        _check,
        (
            argument("help.check.paths", "paths", nargs="+", metavar="PATH"),
            output("junit", "github", *sending.MADE, key="help.check.format"),
            BLANKS,
            PREVIOUS,
            ALL,
            VERBOSE,
            argument("help.check.out", "--out", metavar="FILE"),
            argument("help.resume", "--resume", action="store_true"),
            FORCE,
            *SUPPLIED,
        ),
    ),
    Command(
        "read",
        _read,
        (argument("help.read.paths", "paths", nargs="+", metavar="PATH"), ALL, VERBOSE, *SUPPLIED),
    ),
)
