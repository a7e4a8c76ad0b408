"""Commands between reports: years, parts, add-up."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from govinfo_schema.checks.parts import add_up, check_parts
from govinfo_schema.checks.years import check_years
from govinfo_schema.cli import options as add
from govinfo_schema.cli import targets
from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import Said, capped, finding_line, lines, show
from govinfo_schema.cli.results import EXIT, Job, results
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.report.model import Report


def commands(parsers: Any) -> None:
    """Add years, parts and add-up."""
    command = add.command(
        parsers,
        _years,
        "years",
        "核对同一单位历年的报告 · check a body's reports of several years against each other",
    )
    command.add_argument("paths", nargs="+", metavar="PATH", help="文件、文件夹 · files, folders")
    _reported(command)

    command = add.command(
        parsers,
        _parts,
        "parts",
        "核对汇总报告与各部分的报告 · check a report against those of its parts",
    )
    command.add_argument(
        "whole", metavar="WHOLE", help="汇总报告 · the report that should be the sum"
    )
    command.add_argument(
        "paths",
        nargs="+",
        metavar="PART",
        help="各部分的报告，文件或文件夹 · the reports of its parts: files, folders",
    )
    known = command.add_mutually_exclusive_group()
    known.add_argument(
        "--complete",
        action="store_true",
        default=None,
        help="各部分已齐全：不等即为错误 · no part is missing: a difference is an error",
    )
    known.add_argument(
        "--incomplete",
        dest="complete",
        action="store_false",
        help="尚缺部分：只核对下限 · a part is missing: only bounds are checked",
    )
    _reported(command)

    command = add.command(
        parsers,
        _add_up,
        "add-up",
        "把几个单位的报告加成一份 · add the reports of several bodies up to one",
    )
    command.add_argument("paths", nargs="+", metavar="PART", help="文件、文件夹 · files, folders")
    command.add_argument("--body", help="汇总报告的单位名称 · the body of the sum")
    command.add_argument(
        "--out",
        metavar="OUT",
        default="-",
        help="写入文件，按后缀；不写则输出 JSON · a file, by suffix; else JSON on standard output",
    )
    add.force(command)
    add.language(command)


def _reported(command: Any) -> None:
    add.output(command)
    add.everything(command)
    add.language(command)


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
    target.write(add_up(parts, options.body))
    return 0


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
        print(json.dumps([finding.to_dict() for finding in findings], ensure_ascii=False, indent=2))
        return
    shown = findings if options.all else capped(findings)
    show(finding_line(each, options.lang) for each in shown)
    if not findings:
        show([Said(phrase(nothing, options.lang, count=count))])
    if len(shown) < len(findings):
        show([Said(phrase("omitted", options.lang, count=len(findings) - len(shown)))])
