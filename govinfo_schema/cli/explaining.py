"""Commands that tell which figure is wrong: locate, fix."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from govinfo_schema.cli import options as add
from govinfo_schema.cli import targets
from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import SHOWN, STYLES, Said, last_year, lines, show
from govinfo_schema.cli.results import EXIT, Job, Result
from govinfo_schema.cli.targets import told
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.repair.excerpt import excerpt
from govinfo_schema.repair.explanations import Explanations, locate
from govinfo_schema.report.model import Report


def commands(parsers: Any) -> None:
    """Add locate and fix."""
    command = add.command(parsers, _locate, "locate", "查找错在哪一格 · tell which figure is wrong")
    command.add_argument("path", metavar="PATH", help="- 为标准输入 · - for standard input")
    add.output(command)
    _weighed(command)

    command = add.command(
        parsers,
        _fix,
        "fix",
        "按一种改法另存一份 · write a corrected copy; the original is never changed",
    )
    command.add_argument("path", metavar="PATH")
    command.add_argument(
        "--apply", type=int, metavar="N", help="用第几种改法 · which of the ways that locate lists"
    )
    command.add_argument(
        "--out", metavar="OUT", help="另存为 · the copy; PATH with .fixed.json unless given"
    )
    add.force(command)
    _weighed(command)


def _weighed(command: Any) -> None:
    """Add what weighs one explanation against another."""
    add.blanks(command)
    add.previous(command)
    command.add_argument(
        "--all", action="store_true", help="列出全部改法 · print every explanation"
    )
    add.supplied(command)


def _locate(options: Namespace) -> int:
    result, explained, status = _explained(options)
    if result.report is None or explained is None:
        return status
    if options.format == "json":
        facts = {
            "path": result.path,
            "exhaustive": explained.exhaustive,
            "explanations": [each.to_dict() for each in explained],
        }
        # Not the json module, which indents in Python: a thousand explanations are 60 MB, and took
        # it a second and a half.
        print(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode())
    else:
        show(_explanations(result.report, explained, options.lang, everything=options.all))
    return 1 if explained else 0


def _fix(options: Namespace) -> int:
    if options.apply is None:
        return _choose(options)
    if options.path == "-" and not options.out:
        show([Said(phrase("fix.out", options.lang))], sys.stderr)
        return 2
    path = options.out or str(Path(options.path).with_suffix(".fixed.json"))
    target = targets.claim(
        options, path, [options.path, *([options.previous] if options.previous else [])]
    )
    result, explained, status = _explained(options)
    if result.report is None or explained is None:
        return status
    if not explained:
        show(_explanations(result.report, explained, options.lang, everything=options.all))
    elif not 1 <= options.apply <= len(explained):
        show(
            [Said(phrase("fix.range", options.lang, number=options.apply, count=len(explained)))],
            sys.stderr,
        )
        return 2
    else:
        target.write(explained[options.apply - 1].apply(result.report))
        told(target, options.lang)
    return 0


def _choose(options: Namespace) -> int:
    """List the ways to mend a report, and ask for one."""
    result, explained, status = _explained(options)
    if result.report is None or explained is None:
        return status
    show(_explanations(result.report, explained, options.lang, everything=options.all))
    if explained:
        show([Said(phrase("fix.choose", options.lang))], sys.stderr)
    return 1 if explained else 0


def _explained(options: Namespace) -> tuple[Result, Explanations | None, int]:
    """
    Read the report, and last year's where it is given, and explain what does not add up; say what
    cannot be read.
    """
    result = Job(options.blanks, options.year, options.body)(options.path)
    if result.report is None:
        show(lines(result, options.lang, everything=True), sys.stderr)
        return result, None, EXIT[result.verdict]
    previous = last_year(options)
    if isinstance(previous, int):
        return result, None, previous
    return result, locate(result.report, options.blanks, previous=previous), 0


def _explanations(
    report: Report, explained: Explanations, lang: Lang, *, everything: bool
) -> Iterator[Said]:
    if not explained:
        yield Said(phrase("locate.none", lang), STYLES["held"])
        return
    head = "locate.decided" if explained.decided else "locate.several"
    yield Said(
        phrase(head, lang, broken=len(explained[0].mends), count=len(explained)), STYLES["broken"]
    )
    shown = explained[:] if everything else explained[: SHOWN["info"]]
    for number, each in enumerate(shown, 1):
        yield Said(f"{number}. {each.message(report.edition, lang)}", "bold")
        for line in excerpt(report, each, lang):
            yield Said(f"   {line}")
    if len(shown) < len(explained):
        yield Said(phrase("locate.more", lang, count=len(explained) - len(shown)))
    if not explained.exhaustive:
        yield Said(phrase("locate.limited", lang), STYLES["unknown"])
