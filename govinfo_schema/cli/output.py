"""Results as output: lines for people, plain data for programs."""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import attrs

from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.results import EXIT, Job
from govinfo_schema.findings import Finding, Level
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.pages.results import Entry, Result, Verdict, figures, with_places
from govinfo_schema.report.model import Report

SHOWN: Final[dict[Level, int]] = {"error": 20, "warning": 20, "info": 5}
"""How many findings of one report are printed unless all are asked for."""
KINDS: Final = 8
"""So many suffixes of files that were passed over are named."""
EntryT = TypeVar("EntryT", bound="Entry")
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


def lines(
    result: Result,
    lang: Lang,
    *,
    everything: bool,
    symptoms: bool = False,
    verbose: bool = False,
) -> Iterator[Said]:
    """
    Yield the lines of a result: path, verdict, problems and findings, at most as ``SHOWN`` says.

    *everything*: all of them; below a problem that takes several findings together stands each of
    these then, as *symptoms* asks for too. *verbose*: below each line stand its cells and sources.
    """
    style = STYLES[result.verdict]
    if result.verdict == "unreadable":
        yield Said(f"{result.path}: {result.said(lang)}", style)
        return
    yield Said(f"{result.path}: {result.name(lang)}".rstrip(), "bold")
    yield Said(f"  {result.said(lang)}", style)
    entries = list(result.entries)
    shown = entries if everything else capped(entries)
    for entry in shown:
        yield Said(f"  {_told(entry, with_places(result, entry, lang), lang)}")
        yield from (Said(f"    {each}") for each in figures(result, entry, lang))
        if verbose:
            yield from details(entry, lang)
        if everything or symptoms:
            for finding in symptoms_of(entry):
                said = phrase("told.symptom", lang, said=finding.message(lang), code=finding.code)
                yield Said(f"    {said}")
    if len(shown) < len(entries):
        yield Said(f"  {phrase('omitted', lang, count=len(entries) - len(shown))}")


def total(verdicts: Counter[Verdict], lang: Lang) -> Said:
    """Return the line behind all results: how many there are, by verdict."""
    counts = {verdict: verdicts[verdict] for verdict in EXIT}
    return Said(phrase("summary", lang, count=verdicts.total(), **counts))


def finding_line(finding: Finding, lang: Lang) -> Said:
    """Return the line of one finding: its level, its sentence, its code."""
    return Said(_told(finding, finding.message(lang), lang))


def _told(entry: Entry, said: str, lang: Lang) -> str:
    level = phrase(entry.level, lang)
    return phrase("told.line", lang, level=level, said=said, code=entry.code)


def details(entry: Entry, lang: Lang) -> Iterator[Said]:
    """Yield what ``--verbose`` adds below a finding or a problem: legal sources and cell ids."""
    from govinfo_schema.pages.telling import sources_of  # noqa: PLC0415 (only with --verbose)

    findings = (entry,) if isinstance(entry, Finding) else entry.findings
    sources = [getattr(each, lang) for each in sources_of(findings)]
    told = {"sources": ("semicolon", sources), "cells": ("and", entry.cells)}
    for name, (separator, texts) in told.items():
        if texts:
            listed = phrase(separator, lang).join(texts)
            yield Said(f"    {phrase(f'told.{name}', lang, listed=listed)}")


def symptoms_of(entry: Entry) -> tuple[Finding, ...]:
    """Return the findings that a problem takes together, if there are several."""
    findings: tuple[Finding, ...] = () if isinstance(entry, Finding) else entry.findings
    return findings if len(findings) > 1 else ()


def capped(entries: Sequence[EntryT]) -> list[EntryT]:
    """
    Return what is to be printed: as many of each level as ``SHOWN`` says.

    A broken equation is always among them: there are 42 at the most.
    """
    counts: Counter[str] = Counter()
    shown = []
    for entry in entries:
        counts[entry.level] += 1
        is_sum = not isinstance(entry, Finding) or entry.rule is not None
        if counts[entry.level] <= SHOWN[entry.level] or (entry.level == "error" and is_sum):
            shown.append(entry)
    return shown


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
        "findings": [
            finding.to_dict() | {"places": _places(result, finding)} for finding in result.findings
        ],
        "problems": [
            each.to_dict()
            | {
                "findings": [result.findings.index(finding) for finding in each.findings],
                "places": _places(result, each),
            }
            for each in result.problems
        ],
        "held": assessment.held if assessment is not None else None,
        "broken": len(assessment.broken) if assessment is not None else None,
        "unknown": len(assessment.unknown) if assessment is not None else None,
        "rule_set": attrs.asdict(assessment.rule_set) if assessment is not None else None,
    }


def _places(result: Result, entry: Entry) -> dict[str, dict[str, Any]]:
    return {cell: place.to_dict() for cell, place in result.places(entry.cells).items()}


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
    return needed_result(path, job, everything=everything)[0]


def needed_result(path: str, job: Job, *, everything: bool = True) -> tuple[Report, Result]:
    """
    Read a report as ``needed`` does, and return with it all that is known of it.

    Raises: NotRead.
    """
    result = job(path)
    if result.report is None:
        raise NotRead(result, everything=everything)
    return result.report, result


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
