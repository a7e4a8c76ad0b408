"""Read and check what the command line is given: one result for each path."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any, Final, Literal

import attrs

from govinfo_schema import files
from govinfo_schema.bulk.outcomes import Row, outcome, told
from govinfo_schema.bulk.processes import expand
from govinfo_schema.bulk.processes import results as worked
from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.checks.heuristics import plausible
from govinfo_schema.checks.one_report import check
from govinfo_schema.documents.recognise import Reading
from govinfo_schema.errors import InvalidReport, MissingLibrary, UnreadableFile
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Problem, problem
from govinfo_schema.report.access import walk
from govinfo_schema.report.model import Report

Verdict = Literal["held", "unknown", "broken", "invalid", "unreadable"]

EXIT: Final[dict[Verdict, int]] = {
    "held": 0,
    "unknown": 0,
    "broken": 1,
    "invalid": 1,
    "unreadable": 2,
}
BAR: Final = 10
"""From so many files on a bar shows how far the work is."""


@attrs.frozen(kw_only=True)
class Result:
    """
    What came of one path: a report, its assessment and its doubts, or why there is none.

    *file*: the file that the report was read from, where a table says so.
    """

    path: str
    verdict: Verdict
    report: Report | None = None
    assessment: Assessment | None = None
    findings: tuple[Finding, ...] = ()
    problem: Problem | None = None
    is_document: bool = False
    file: str = ""

    @property
    def doubtful(self) -> bool:
        """Whether anything that was read is in doubt."""
        return any(
            finding.level != "info" and finding.about == "reading" for finding in self.findings
        )

    @property
    def figures(self) -> Mapping[str, Any]:
        """The figures of the report by cell id."""
        return dict(walk(self.report)) if self.report else {}

    @property
    def unread(self) -> frozenset[str]:
        """
        The figures of a document that could not be read.

        Those in doubt; if most figures are blank, all that are blank.

        A cell that is empty in a report that is filled in is not unread: it is blank, and so it was
        read.
        """
        blank = {cell for cell, value in self.figures.items() if value is None}
        if self.is_document and 2 * len(blank) > len(self.figures):
            return frozenset(blank)
        doubts = [
            each for each in self.findings if each.level != "info" and each.about == "reading"
        ]
        return frozenset(blank & {cell for each in doubts for cell in each.cells})


def sentence(error: Exception) -> Problem:
    """Return the sentence of an error, with the path of the file that it is about."""
    match error:
        case UnreadableFile(path=path, problem=said):
            return Problem(f"{path}: {said.zh}", f"{path}: {said.en}", said.code)
        case InvalidReport(findings=(first, *_)):
            return first.label
        case _:
            return told(error)


@attrs.frozen
class Job:
    """
    What to do for each path: read it, and check the report. *year* and *body* are the caller's.

    *whole*: look for suspicious values too, compared with last year's report (*previous*) if given.
    """

    blanks: Literal["unknown", "zero"] = "unknown"
    year: int | None = None
    body: str | None = None
    whole: bool = attrs.field(default=False, kw_only=True)
    previous: Report | None = attrs.field(default=None, kw_only=True)

    def __call__(self, path: str) -> Result:
        """Read and check one report; whatever is wrong with it is part of the result."""
        try:
            reading = files.read(path, year=self.year, body=self.body)
        except Exception as error:  # noqa: BLE001 - no path stops the others
            return _failed(path, error)
        return self.of(path, reading)

    def table(self, path: str) -> Iterator[Result]:
        """
        Yield a result for every report of a table, under the path and its number.

        A faulty row is a result that cannot be read.
        """
        return self.each(path, outcome(Row(path, path)))

    def each(self, path: str, read: files.Readings | Exception) -> Iterator[Result]:
        """Yield the results of what was read from a path, or of the error that it raised."""
        if isinstance(read, Exception):
            yield _failed(path, read)
            return
        faults = {
            each.operands["number"]: each for each in read.findings if each.code == "R-RECORD"
        }
        other = tuple(each for each in read.findings if each.code != "R-RECORD")
        count, waiting = len(read) + len(faults), iter(read)
        if not count:
            yield Result(path=path, verdict="unreadable", problem=problem("no_rows"))
        for number in range(1, count + 1):
            name = path if count == 1 else f"{path}#{number}"
            if number in faults:
                yield Result(path=name, verdict="unreadable", findings=(faults[number],))
            else:
                # What is said of the whole file is said once, with its first report.
                reading = next(waiting)
                yield self.of(name, attrs.evolve(reading, findings=(*other, *reading.findings)))
                other = ()

    def of(self, path: str, reading: Reading) -> Result:
        """Check one report that was read."""
        assessment = check(reading.report, self.blanks)
        verdict: Verdict = (
            "broken" if not assessment.ok else "unknown" if assessment.unknown else "held"
        )
        odd = plausible(reading.report, self.previous) if self.whole else ()
        findings = (*reading.findings, *assessment.findings, *odd)
        return Result(
            path=path,
            verdict=verdict,
            report=reading.report,
            assessment=assessment,
            findings=findings,
            is_document=bool(reading.sources),
            file=reading.file,
        )


def _failed(path: str, error: Exception) -> Result:
    """Return the result of a path that could not be read."""
    match error:
        case UnreadableFile(problem=said) | MissingLibrary(problem=said):
            return Result(path=path, verdict="unreadable", problem=said)
        case InvalidReport():
            verdict: Verdict = "invalid" if error.is_report else "unreadable"
            return Result(path=path, verdict=verdict, findings=error.findings)
        case _:
            return Result(path=path, verdict="unreadable", problem=sentence(error))


def expanded_from(path: str, passed: Counter[str] | None = None) -> list[str] | None:
    """
    Return the files of a folder that are read, None if the path is no folder.

    *passed* counts the others by their suffixes.
    """
    return expand(path, files.suffixes(), files.is_recognised, passed)


def results(paths: Sequence[str], job: Job, passed: Counter[str] | None = None) -> Iterator[Result]:
    """
    Yield the result of the job for each path, and for each file of a folder.

    A progress bar is shown on a terminal. *passed* is as for ``expanded_from``.
    """
    known, single, empty = files.suffixes(), [], set()
    for path in paths:
        expanded = expanded_from(path, passed)
        single += [path] if expanded is None else expanded or [path]
        empty |= {path} if expanded == [] else set()
    for result in _watched(_each(single, job), len(single)):
        if result.path in empty:
            told = problem("no_reports", suffixes=" ".join(known))
            result = attrs.evolve(result, problem=told)  # noqa: PLW2901 (a folder that holds nothing is no missing file)
        yield result


def _each(paths: Sequence[str], job: Job) -> Iterator[Result]:
    """Do the job for each path in order: a table gives a result for each of its reports."""
    for is_table, group in groupby(paths, key=files.is_table):
        if is_table:
            yield from (result for path in group for result in job.table(path))
        else:
            yield from worked(
                job,
                list(group),
                lambda path: Result(path=path, verdict="unreadable", problem=problem("lost")),
            )


def _watched(done: Iterator[Result], count: int) -> Iterator[Result]:
    """Show a bar while results come."""
    with bar(count) as advance:
        for result in done:
            yield result
            advance(1)


@contextmanager
def bar(count: int) -> Iterator[Callable[[int], None]]:
    """
    Show a bar on long work, and give what moves it on.

    On a terminal only, where rich is installed.
    """
    try:
        from rich.console import Console  # noqa: PLC0415 (optional, and slow to import)
        from rich.progress import Progress  # noqa: PLC0415
    except ImportError:
        yield lambda _: None
        return
    if count < BAR or not sys.stderr.isatty():
        yield lambda _: None
        return
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=count)
        yield lambda steps: progress.advance(task, steps)
