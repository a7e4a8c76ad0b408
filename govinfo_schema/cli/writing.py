"""Commands that write reports: convert, chart."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from govinfo_schema import files
from govinfo_schema.check import check
from govinfo_schema.cli import options as add
from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import Said, lines, show
from govinfo_schema.cli.results import EXIT, Job, results
from govinfo_schema.errors import InvalidReport, MissingLibrary, UnreadableFile
from govinfo_schema.findings import phrase
from govinfo_schema.formats import json as json_format
from govinfo_schema.model import Report
from govinfo_schema.pictures import chart


def commands(parsers: Any) -> None:
    """Add convert and chart."""
    command = add.command(parsers, _convert, "convert", "转换格式 · convert reports, by suffix: documents, workbooks, data, tables")
    command.add_argument("source", metavar="IN", help="文件或文件夹，- 为标准输入 · a file or a folder, - for standard input")
    command.add_argument("target", metavar="OUT", help="- 为标准输出 · - for standard output")
    command.add_argument("--compact", action="store_true", help="不换行的规范写法 · the canonical text, on one line")
    command.add_argument("--mark", action="store_true", help="标出对不上的数字 · mark the figures that do not add up")
    add.supplied(command)

    command = add.command(parsers, _chart, "chart", "画图 · draw reports: outcomes, years of one body, bodies side by side")
    command.add_argument(
        "paths", nargs="+", metavar="PATH", help="报告，最后一个是图（.svg 或 .png） · reports, then the picture (.svg or .png)"
    )
    add.supplied(command)


@attrs.define
class _Gathering:
    """The reports of some paths, one by one, and the exit code of what could not be read."""

    options: Namespace
    status: int = 0

    def reports(self, paths: Iterable[str]) -> Iterator[Report]:
        """Read each path; say what is in doubt, and what cannot be read."""
        for result in results(list(paths), Job(year=self.options.year, body=self.options.body)):
            doubts = tuple(each for each in result.findings if each.code.startswith("R-") or result.report is None)
            if doubts or result.report is None:
                shown = attrs.evolve(result, findings=doubts)
                show(lines(shown, self.options.lang, everything=result.report is None), sys.stderr)
            if result.report is None:
                self.status = max(self.status, EXIT[result.verdict])
            else:
                yield result.report


def _convert(options: Namespace) -> int:
    gathering = _Gathering(options)
    try:
        _written(options, gathering.reports([options.source]))
    except (UnreadableFile, MissingLibrary, InvalidReport) as error:
        if not gathering.status:
            show([Said(_problem(error, options.lang))], sys.stderr)
        return max(gathering.status, 1 if isinstance(error, InvalidReport) else 2)
    if options.target != "-":
        show([Said(phrase("written", options.lang, path=options.target))], sys.stderr)
    return gathering.status


def _written(options: Namespace, reports: Iterable[Report]) -> None:
    target = options.target.lower()
    if target != "-" and not target.endswith(".json") and not options.mark:
        files.write_many(reports, options.target)
        return
    single = files.only(reports, options.target)
    if options.mark:
        files.write(single, options.target, assessment=check(single))
    else:
        json_format.write(single, options.target, indent=None if options.compact else 2)


def _problem(error: UnreadableFile | MissingLibrary | InvalidReport, lang: Any) -> str:
    if isinstance(error, InvalidReport):
        return error.findings[0].message(lang)
    problem: str = getattr(error.problem, lang)
    return f"{error.path}: {problem}" if isinstance(error, UnreadableFile) else problem


def _chart(options: Namespace) -> int:
    gathering = _Gathering(options)
    *paths, target = options.paths
    try:
        chart(gathering.reports(paths), target, lang=options.lang)
    except (UnreadableFile, MissingLibrary) as error:
        show([Said(_problem(error, options.lang))], sys.stderr)
        return 2
    show([Said(phrase("written", options.lang, path=target))], sys.stderr)
    return gathering.status
