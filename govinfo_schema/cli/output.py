"""Results as output: lines for people, plain data for programs."""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.results import EXIT, Job, Result, Verdict
from govinfo_schema.findings import Finding, Level
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.report.model import Report

SHOWN: Final[dict[Level, int]] = {"error": 20, "warning": 20, "info": 5}
"""How many findings of one report are printed unless all are asked for."""
KINDS: Final = 8
"""So many suffixes of files that were passed over are named."""
STYLES: Final[dict[Verdict, str]] = {
    "held": "green",
    "unknown": "yellow",
    "broken": "red",
    "invalid": "red",
    "unreadable": "magenta",
}


@attrs.frozen
class Said:
    """A line of output, and its style on a terminal that has one."""

    text: str
    style: str = ""


def lines(result: Result, lang: Lang, *, everything: bool) -> Iterator[Said]:
    """Yield the lines of a result: path, verdict, and the findings, at most as ``SHOWN`` says."""
    style = STYLES[result.verdict]
    if result.verdict == "unreadable":
        problem = result.problem or Label(
            *(result.findings[0].message(each) for each in ("zh", "en"))
        )
        yield Said(f"{result.path}: {phrase('unreadable', lang, problem=problem)}", style)
        return
    yield Said(f"{result.path}: {_name(result, lang)}".rstrip(), "bold")
    yield Said(f"  {_verdict(result, lang)}", style)
    shown = result.findings if everything else capped(result.findings)
    for finding in shown:
        yield Said(f"  {finding_line(finding, lang).text}")
    if len(shown) < len(result.findings):
        yield Said(f"  {phrase('omitted', lang, count=len(result.findings) - len(shown))}")


def finding_line(finding: Finding, lang: Lang) -> Said:
    """Return the line of one finding: its level, its code, its sentence."""
    return Said(f"{phrase(finding.level, lang)} {finding.code}  {finding.message(lang)}")


def capped(findings: Sequence[Finding]) -> list[Finding]:
    """
    Return the findings to print: as many of each level as ``SHOWN`` says.

    A broken equation is always among them: there are 42 at the most.
    """
    counts: Counter[str] = Counter()
    shown = []
    for finding in findings:
        counts[finding.level] += 1
        if counts[finding.level] <= SHOWN[finding.level] or (
            finding.level == "error" and finding.rule
        ):
            shown.append(finding)
    return shown


def _name(result: Result, lang: Lang) -> str:
    if result.report is None:
        return ""
    form = edition(result.report.edition)
    body, year = result.report.body.name, result.report.year
    return phrase("report", lang, body=body, year=year, edition=Label(form.zh, form.en))


def _verdict(result: Result, lang: Lang) -> str:
    if result.assessment is None:
        return phrase("invalid", lang, count=len(result.findings))
    counts = {kind: len(getattr(result.assessment, kind)) for kind in ("broken", "unknown")}
    count, unread = len(result.figures), len(result.unread)
    name = f"read.{result.verdict}" if unread else result.verdict
    return phrase(
        name, lang, held=result.assessment.held, read=count - unread, count=count, **counts
    )


def plain(result: Result) -> dict[str, Any]:
    """Return a result as plain data, as ``check --format json`` prints it."""
    report, assessment, told = result.report, result.assessment, result.problem
    return {
        "path": result.path,
        "verdict": result.verdict,
        "edition": report.edition if report else None,
        "year": report.year if report else None,
        "body": report.body.name if report else None,
        "problem": {"zh": told.zh, "en": told.en} if told else None,
        "code": told.code if told else None,
        "findings": [finding.to_dict() for finding in result.findings],
        "held": assessment.held if assessment is not None else None,
        "broken": len(assessment.broken) if assessment is not None else None,
        "unknown": len(assessment.unknown) if assessment is not None else None,
        "rule_set": attrs.asdict(assessment.rule_set) if assessment is not None else None,
    }


def show(lines: Iterable[Said], stream: Any = None) -> None:
    """Print lines; control characters of a report or a file name are escaped."""
    file = stream or sys.stdout
    line_out = _styled(file)
    for line in lines:
        line_out(
            "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in line.text),
            line.style,
        )


def dumped(data: Any, stream: Any = None) -> str:
    """Return data as JSON text that a stream can print."""
    return escaped(json.dumps(data, ensure_ascii=False, indent=2), stream)


def escaped(text: str, stream: Any = None) -> str:
    """Return JSON text that a stream can print: where it is not UTF-8, all in ASCII."""
    if is_utf8(stream or sys.stdout):
        return text
    # In JSON all characters that are not ASCII are inside strings.
    return re.sub(r"[^\x00-\x7f]+", lambda found: json.dumps(found[0])[1:-1], text)


def is_utf8(stream: Any) -> bool:
    """Tell whether a stream prints UTF-8, or keeps the text as it is."""
    name = getattr(stream, "encoding", None)
    return name is None or codecs.lookup(name).name in ("utf-8", "utf-8-sig")


def _styled(file: Any) -> Callable[[str, str], None]:
    """
    Return the function that prints a line.

    It prints in colour if rich (the extra ``cli``) is installed and the stream is a terminal.
    """
    try:
        from rich.console import Console  # noqa: PLC0415 (optional, and slow to import)
        from rich.text import Text  # noqa: PLC0415
    except ImportError:
        return lambda text, _: print(text, file=file)
    if not file.isatty():
        return lambda text, _: print(text, file=file)
    console = Console(file=file, highlight=False, soft_wrap=True)
    return lambda text, style: console.print(Text(text, style=style))


class NotRead(Exception):
    """The report that a command is about, or last year's, cannot be read."""

    def __init__(self, result: Result, *, everything: bool) -> None:
        super().__init__(result.path)
        self.result = result
        self.everything = everything

    def show(self, lang: Lang) -> int:
        """Say on standard error why, and give the exit code."""
        show(lines(self.result, lang, everything=self.everything), sys.stderr)
        return EXIT[self.result.verdict]


def needed(path: str, job: Job, *, everything: bool = True) -> Report:
    """
    Read a report without which a command has nothing to do.

    Raises: NotRead, which shows *everything* that is wrong with it, or as much as is no flood.
    """
    result = job(path)
    if result.report is None:
        raise NotRead(result, everything=everything)
    return result.report


def last_year(options: Namespace) -> Report | None:
    """
    Read the report that ``--previous`` names; None where none is named.

    Raises: NotRead.
    """
    return needed(options.previous, Job()) if options.previous else None


def passed_over(passed: Mapping[str, int], lang: Lang) -> str:
    """Say how many files of folders were passed over, and their suffixes; nothing if none were."""
    if not passed:
        return ""
    order = sorted(passed, key=lambda suffix: (-passed[suffix], suffix))
    names = {"": phrase("no_suffix", lang), "/": phrase("linked_folder", lang)}
    told = tuple(f"{names.get(suffix, suffix)} {passed[suffix]}" for suffix in order[:KINDS])
    more = "…" if len(order) > KINDS else ""
    return phrase("passed_over", lang, count=sum(passed.values()), kinds=told) + more
