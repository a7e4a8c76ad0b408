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
from govinfo_schema.cli.output import (
    Said,
    dumped,
    is_utf8,
    last_year,
    lines,
    passed_over,
    plain,
    show,
    total,
)
from govinfo_schema.cli.results import EXIT, Job, results
from govinfo_schema.cli.targets import told
from govinfo_schema.documents.formats import put
from govinfo_schema.messages import phrase
from govinfo_schema.pages.results import Verdict
from govinfo_schema.report.json import dumps
from govinfo_schema.tables import json as json_format

if TYPE_CHECKING:
    from govinfo_schema.bulk.checking import Counts


@attrs.define
class _Checked:
    """
    What ``check`` has found: how many results have each verdict, those that are to be printed at
    the end, tables that were *counted*, and how many files of folders were *passed* over.
    """

    verdicts: Counter[Verdict] = attrs.field(factory=lambda: Counter(dict.fromkeys(EXIT, 0)))
    printed: list[dict[str, Any]] = attrs.field(factory=list)
    suite: list[ET.Element] = attrs.field(factory=list)
    counted: Sequence[Counts] = ()
    passed: Counter[str] = attrs.field(factory=Counter)


def _check(options: Namespace) -> int:
    if options.format in sending.MADE:
        return sending.send(options)
    previous = last_year(options)
    own = _Checked()
    whole, paths = tables.taken(options, own.passed)
    own.counted = tables.count(options, whole) if whole else []
    for counts in own.counted:
        own.verdicts.update(tables.verdicts_of(counts))
        if options.format != "json":
            show(tables.summary(counts, options.lang))
    for result in results(
        paths,
        Job(options.blanks, options.year, options.body, whole=True, previous=previous),
        own.passed,
    ):
        own.verdicts[result.verdict] += 1
        if options.format == "json":
            own.printed.append(plain(result))
        elif options.format == "junit":
            own.suite.append(case_of(result, options.lang))
        elif options.format == "github":
            show(noted(result, options.lang))
        else:
            told_of = lines(result, options.lang, everything=options.all, verbose=options.verbose)
            show(told_of)
    _finish(options, own)
    if options.out and any(counts.lines for counts in own.counted):
        told(targets.Target(options.out), options.lang)
    return max(EXIT[verdict] for verdict, count in own.verdicts.items() if count)


def _finish(options: Namespace, own: _Checked) -> None:
    """Print what stands behind all results."""
    if options.format == "junit":
        print(suite_of(own.suite, "utf-8" if is_utf8(sys.stdout) else "us-ascii"))
    elif options.format == "json":
        more: dict[str, Any] = {"passed_over": dict(own.passed)} if own.passed else {}
        if own.counted:
            more["tables"] = [tables.plain(counts) for counts in own.counted]
        print(dumped({"results": own.printed, "summary": dict(own.verdicts), **more}))
    elif options.format == "text" and (own.verdicts.total() > 1 or own.passed):
        said = total(own.verdicts, options.lang)
        show([Said(said.text + passed_over(own.passed, options.lang), said.style)])


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
