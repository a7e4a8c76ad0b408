"""Commands that write reports: convert, chart."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any, Final

import attrs

from govinfo_schema import files
from govinfo_schema.charts import SUFFIXES, chart
from govinfo_schema.checks.one_report import check
from govinfo_schema.cli import targets
from govinfo_schema.cli.options import (
    FORCE,
    SUPPLIED,
    Command,
    Namespace,
    argument,
    output,
)
from govinfo_schema.cli.output import Said, dumped, lines, plain, show
from govinfo_schema.cli.results import EXIT, Job, expanded_from, results
from govinfo_schema.cli.targets import told
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.format import IfExists
from govinfo_schema.documents.recognise import Reading
from govinfo_schema.messages import phrase
from govinfo_schema.report.model import Report
from govinfo_schema.tables import json as json_format


class _NothingRead(Exception):
    """No report could be read, so nothing is to be written."""


@attrs.define
class _Gathering:
    """
    The reports of some paths, one by one, and how many there were.

    *count* paths and rows gave *written* reports; *plain* is kept only for output as JSON.
    """

    options: Namespace
    count: int = 0
    written: int = 0
    invalid: int = 0
    plain: list[dict[str, Any]] = attrs.field(factory=list)

    @property
    def status(self) -> int:
        """The exit code: 1 if the one report does not conform, 2 if one of several was left out."""
        return (
            0
            if self.written == self.count
            else EXIT["invalid"]
            if self.invalid == self.count == 1
            else 2
        )

    def reports(self, paths: Iterable[str]) -> Iterator[Report]:
        """Read each path as ``readings`` does, and yield the reports alone."""
        return (reading.report for reading in self.readings(paths))

    def readings(self, paths: Iterable[str]) -> Iterator[Reading]:
        """
        Read each path; say what is in doubt, and what cannot be read.

        Raises: _NothingRead at the end where there was no report.
        """
        for result in results(list(paths), Job(year=self.options.year, body=self.options.body)):
            doubts = tuple(
                each for each in result.findings if each.about == "reading" or result.report is None
            )
            shown = attrs.evolve(result, findings=doubts)
            if getattr(self.options, "format", "text") == "json":
                self.plain.append(plain(shown))
            elif doubts or result.report is None:
                show(lines(shown, self.options.lang, everything=result.report is None), sys.stderr)
            self.count += 1
            self.invalid += result.verdict == "invalid"
            if result.report is not None:
                self.written += 1
                yield Reading(report=result.report, sources={}, findings=(), file=result.file)
        if self.count and not self.written:
            raise _NothingRead


def _convert(options: Namespace) -> int:
    passed: Counter[str] = Counter()
    found = expanded_from(options.source, passed)
    wanted = bool(options.resume or options.doubts)
    is_table = files.holds_many(options.target) and not options.mark
    if wanted and not is_table:
        raise unreadable(options.target, "bulk.tables")
    if is_table and (found or wanted):
        from govinfo_schema.cli.converting import convert_many  # noqa: PLC0415 (only for tables)

        return convert_many(options, found or [options.source], passed)
    target = targets.claim(options, options.target, [options.source])
    gathering = _Gathering(options)
    with suppress(_NothingRead), target.placed() as place:
        _write(options, gathering.readings([options.source]), place, target.mode)
    _report(options, gathering)
    return gathering.status


def _write(
    options: Namespace, readings: Iterable[Reading], place: str, mode: IfExists | None
) -> None:
    if mode:
        files.write_many(readings, place, if_exists=mode)
    elif place != "-" and not place.lower().endswith(".json") and not options.mark:
        files.write_many(readings, place)
    elif options.mark:
        single = files.only((reading.report for reading in readings), place)
        files.write(single, place, assessment=check(single))
    else:
        single = files.only((reading.report for reading in readings), place)
        json_format.write(single, place, indent=None if options.compact else 2)


def _report(options: Namespace, gathering: _Gathering) -> None:
    """
    Print how many of how many reports were written.

    For a program on standard output, unless that has the report.
    """
    summary = {"count": gathering.count, "written": gathering.written}
    if options.format == "json":
        facts = {"target": options.target, "results": gathering.plain, "summary": summary}
        stream = sys.stderr if options.target == "-" else sys.stdout
        print(dumped(facts, stream), file=stream)
    elif gathering.count > 1 or (gathering.written and options.target != "-"):
        name = "converted" if gathering.written else "converted.none"
        show(
            [
                Said(
                    phrase(
                        name if gathering.count > 1 else "written",
                        options.lang,
                        path=options.target,
                        **summary,
                    )
                )
            ],
            sys.stderr,
        )


def _chart(options: Namespace) -> int:
    *paths, path = options.paths
    target = targets.claim(options, path, paths, SUFFIXES)
    gathering = _Gathering(options)
    try:
        with target.placed() as place:
            chart(gathering.reports(paths), place, lang=options.lang)
    except _NothingRead:
        return 2
    told(target, options.lang)
    return gathering.status


COMMANDS: Final = (
    Command(
        "convert",
        _convert,
        (
            argument("help.source", "source", metavar="IN"),
            argument("help.target", "target", metavar="OUT"),
            argument("help.compact", "--compact", action="store_true"),
            argument("help.mark", "--mark", action="store_true"),
            (
                FORCE,
                argument("help.append", "--append", action="store_true"),
                argument("help.resume", "--resume", action="store_true"),
            ),
            argument("help.doubts", "--doubts", metavar="TABLE"),
            output(),
            *SUPPLIED,
        ),
    ),
    Command(
        "chart",
        _chart,
        (
            argument("help.chart.paths", "paths", nargs="+", metavar="PATH"),
            FORCE,
            *SUPPLIED,
        ),
    ),
)
