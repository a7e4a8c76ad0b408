"""Commands between reports: compare, years, parts, add-up."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Final

import attrs
import msgspec

from govinfo_schema.checks.parts import add_up, check_parts, named_twice
from govinfo_schema.checks.years import check_years
from govinfo_schema.cli import targets
from govinfo_schema.cli.options import (
    ALL,
    FORCE,
    LANGUAGE,
    PATHS,
    SUPPLIED,
    Command,
    Namespace,
    argument,
    output,
)
from govinfo_schema.cli.output import Said, capped, dumped, escaped, finding_line, lines, show
from govinfo_schema.cli.results import EXIT, Job, results
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.report.comparison import compare
from govinfo_schema.report.making import ENCODER
from govinfo_schema.report.model import Report


def _years(options: Namespace) -> int:
    reports, status = _gathered(options.paths, options.lang)
    if len(reports) < 2:
        show([Said(phrase("years.few", options.lang, count=len(reports)))], sys.stderr)
        return 2
    findings = check_years(reports)
    _tell(options, "years.none", findings, len(reports))
    return status


def _parts(options: Namespace) -> int:
    whole, status = _gathered([options.whole], options.lang)
    parts, other = _gathered(options.paths, options.lang)
    status = max(status, other)
    if len(whole) != 1 or not parts:
        show(
            [Said(phrase("parts.few", options.lang, whole=len(whole), count=len(parts)))],
            sys.stderr,
        )
        return 2
    findings = check_parts(whole[0], parts, complete=options.complete if status == 0 else False)
    _tell(options, "parts.none", findings, len(parts))
    return max(status, int(any(finding.level == "error" for finding in findings)))


def _add_up(options: Namespace) -> int:
    target = targets.claim(options, options.out, options.paths)
    parts, status = _gathered(options.paths, options.lang)
    if status:
        show([Said(phrase("add_up.missing", options.lang))], sys.stderr)
        return status
    whole = add_up(parts, options.body)
    show((finding_line(twice, options.lang) for twice in named_twice(parts)), sys.stderr)
    target.write(whole)
    targets.told(target, options.lang)
    return 0


def _compare(options: Namespace) -> int:
    job = Job(year=options.year, body=options.body)
    both = [job(path) for path in (options.before, options.after)]
    for result in both:
        if result.report is None:
            show(lines(result, options.lang, everything=False), sys.stderr)
        elif result.doubtful:
            doubts = tuple(each for each in result.findings if each.about == "reading")
            told = lines(attrs.evolve(result, findings=doubts), options.lang, everything=False)
            show(told, sys.stderr)
    before, after = (result.report for result in both)
    if before is None or after is None:
        return 2
    comparison = compare(before, after)
    if options.format == "json":
        facts = {
            "before": options.before,
            "after": options.after,
            **comparison.to_dict(),
            "patch": comparison.patch,
        }
        print(escaped(msgspec.json.format(ENCODER.encode(facts), indent=2).decode()))
        return int(bool(comparison))
    counts = {"changes": len(comparison.changes), "texts": len(comparison.texts)}
    head = [Said(phrase("compare.count", options.lang, **counts), "bold")] if comparison else []
    show([*head, *map(Said, comparison.message(options.lang).splitlines())])
    return int(bool(comparison))


def _gathered(paths: Sequence[str], lang: Lang) -> tuple[list[Report], int]:
    """Read all reports; say which cannot be read."""
    reports, status = [], 0
    for result in results(paths, Job()):
        if result.report is None:
            status = max(status, EXIT[result.verdict])
            show(lines(result, lang, everything=True), sys.stderr)
        else:
            reports.append(result.report)
    return reports, status


def _tell(options: Namespace, nothing: str, findings: Sequence[Finding], count: int) -> None:
    if options.format == "json":
        print(dumped([finding.to_dict() for finding in findings]))
        return
    shown = findings if options.all else capped(findings)
    show(finding_line(each, options.lang) for each in shown)
    if not findings:
        show([Said(phrase(nothing, options.lang, count=count))])
    if len(shown) < len(findings):
        show([Said(phrase("omitted", options.lang, count=len(findings) - len(shown)))])


REPORTED: Final = (output(), ALL, LANGUAGE)
COMMANDS: Final = (
    Command(
        "compare",
        _compare,
        (
            argument("help.compare.before", "before", metavar="BEFORE"),
            argument("help.compare.after", "after", metavar="AFTER"),
            output(),
            *SUPPLIED,
        ),
    ),
    Command("years", _years, (PATHS, *REPORTED)),
    Command(
        "parts",
        _parts,
        (
            argument("help.whole", "whole", metavar="WHOLE"),
            argument("help.parts.paths", "paths", nargs="+", metavar="PART"),
            (
                argument("help.complete", "--complete", action="store_true", default=None),
                argument("help.incomplete", "--incomplete", dest="complete", action="store_false"),
            ),
            *REPORTED,
        ),
    ),
    Command(
        "add-up",
        _add_up,
        (
            argument("help.paths", "paths", nargs="+", metavar="PART"),
            argument("help.add-up.body", "--body"),
            argument("help.add-up.out", "--out", metavar="OUT", default="-"),
            FORCE,
            LANGUAGE,
        ),
    ),
)
