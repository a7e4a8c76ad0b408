"""Read and check what the command line is given: one result for each path."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Final, Literal

import attrs

from govinfo_schema import files
from govinfo_schema.bulk.outcomes import Row, outcome
from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.checks.heuristics import plausible
from govinfo_schema.checks.one_report import check
from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.recognise import Reading
from govinfo_schema.messages import problem
from govinfo_schema.pages.results import Result, Verdict
from govinfo_schema.report.model import Report

if TYPE_CHECKING:
    from govinfo_schema.repair.problems import Problems

EXIT: Final[dict[Verdict, int]] = {
    "held": 0,
    "unknown": 0,
    "broken": 1,
    "invalid": 1,
    "unreadable": 2,
}
BAR: Final = 10
"""From so many files on a bar shows how far the work is."""


@attrs.frozen
class Job:
    """
    What to do for each path: read it, and check the report. *year* and *body* are the caller's.

    *whole*: look for suspicious values too, compared with last year's report (*previous*) if given.
    *placed*: keep where every figure stood, not only those that anything is said of.
    """

    blanks: Literal["unknown", "zero"] = "unknown"
    year: int | None = None
    body: str | None = None
    whole: bool = attrs.field(default=False, kw_only=True)
    placed: bool = attrs.field(default=False, kw_only=True)
    previous: Report | None = attrs.field(default=None, kw_only=True)

    def __call__(self, path: str) -> Result:
        """Read and check one report; whatever is wrong with it is part of the result."""
        try:
            reading = files.read(path, year=self.year, body=self.body)
        except Exception as error:  # noqa: BLE001 - no path stops the others
            return Result.failed(path, error)
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
            yield Result.failed(path, read)
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
        odd = plausible(reading.report, self.previous) if self.whole else ()
        result = Result.of(path, reading, assessment, odd, self._problems(assessment, reading))
        return attrs.evolve(result, sources=reading.sources) if self.placed else result

    def _problems(self, assessment: Assessment, reading: Reading) -> Problems | tuple[()]:
        """Look for what is wrong with a report whose sums do not all hold."""
        if not self.whole or not assessment.broken:
            return ()
        with LOCK:
            from govinfo_schema.repair.problems import problems_of  # noqa: PLC0415 (on first use)

        return problems_of(assessment, self.previous, computed=reading.computed)


def expanded_from(path: str, passed: Counter[str] | None = None) -> list[str] | None:
    """
    Return the files of a folder that are read, None if the path is no folder.

    *passed* counts the others by their suffixes.
    """
    from govinfo_schema.bulk.processes import expand  # noqa: PLC0415 (a browser has no processes)

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
    from govinfo_schema.bulk.processes import results as worked  # noqa: PLC0415 (as above)

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
