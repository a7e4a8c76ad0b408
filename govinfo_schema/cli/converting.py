"""
Convert many documents into one table: ``convert FOLDER OUT`` with ``--resume`` and ``--doubts``.
"""

from __future__ import annotations

import filecmp
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, get_args

import attrs

from govinfo_schema import files
from govinfo_schema.bulk.converting import SUFFIXES, Conversion, Summary, write_rows
from govinfo_schema.bulk.resuming import Parts, begun, unfinished
from govinfo_schema.cli import targets
from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import Said, dumped, lines, passed_over, plain, show
from govinfo_schema.cli.results import EXIT, Job, bar
from govinfo_schema.cli.targets import Target
from govinfo_schema.documents.formats import is_stream, placed, unreadable
from govinfo_schema.files import Readings
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.tables.parquet import DECIMALS

FILES: Final = 5
"""So many files of them are named."""
SHOWN: Final = 20
"""So many bodies and years that were found twice are named; the table of doubts has all."""


@attrs.frozen
class Describe:
    """What ``convert`` says of a document: the result as plain data, and its lines."""

    def __call__(self, path: str, read: Readings | Exception) -> list[Any]:
        """Describe each report of a document; lines only where something is in doubt or refused."""
        described = []
        for result in Job().each(path, read):
            doubts = tuple(
                each for each in result.findings if each.about == "reading" or result.report is None
            )
            shown = attrs.evolve(result, findings=doubts)
            refused = result.report is None
            told = {
                lang: [attrs.astuple(each) for each in lines(shown, lang, everything=refused)]
                for lang in get_args(Lang)
                if doubts or refused
            }
            described.append({"plain": plain(shown), "lines": told})
        return described


def convert_many(options: Namespace, documents: Sequence[str], passed: Mapping[str, int]) -> int:
    """
    Convert documents into one table, and give the exit code.

    *passed* counts the files of the folder that are none, by their suffixes.
    """
    resumes = options.resume and unfinished(options.target) is not None
    target = targets.claim(options, options.target, [options.source], resumes=resumes)
    table = None
    if options.doubts:
        sources = [options.source, options.target]
        table = targets.claim(options, options.doubts, sources, SUFFIXES, resumes=resumes)
    _check_libraries(target, table)
    with _kept(options, target, documents) as parts:
        work = Conversion(
            parts, documents, Describe(), options.year, options.body, _decimals(options.target)
        )
        with _told_where_it_stopped(options, work):
            facts, invalid = _run(options, work)
            summary = work.summary()
            _place(work, summary, target, table)
    if table:
        targets.told(table, options.lang)
    _report(options, summary, facts, passed)
    if summary.written == summary.count:
        return 0
    return EXIT["invalid"] if invalid == summary.count == 1 else 2


def _check_libraries(target: Target, table: Target | None) -> None:
    """
    Write tables without a row, so that a library that is missing is told before the work.

    Raises: MissingLibrary.
    """
    with TemporaryDirectory(prefix="govinfo-", ignore_cleanup_errors=True) as folder:
        if not is_stream(target.path):
            files.write_many([], Path(folder, Path(target.path).name))
        if table:
            write_rows(Path(folder, f"doubts{Path(table.path).suffix}"), iter(()))


def _decimals(path: str) -> int | None:
    """Return how many decimals the columns of a file keep, None for all."""
    return DECIMALS if path.lower().endswith((".parquet", ".duckdb")) else None


@contextmanager
def _kept(options: Namespace, target: Target, documents: Sequence[str]) -> Iterator[Parts]:
    """
    Give where the parts are kept: beside the target, or, if that is no new file, in a temporary
    folder, which cannot be resumed.

    Raises: UnreadableFile.
    """
    is_base = target.mode is not None and os.path.lexists(target.path)
    if is_stream(target.path) or (is_base and unfinished(target.path) is None):
        if options.resume:
            raise unreadable(target.path, "bulk.base")
        with TemporaryDirectory(prefix="govinfo-", ignore_cleanup_errors=True) as folder:
            yield Parts(target.path, Path(folder), overwrite=True)
        return
    facts = {"year": options.year, "body": options.body}
    with begun(
        target.path, documents, resume=options.resume, force=options.force, **facts
    ) as parts:
        yield parts


def _run(options: Namespace, work: Conversion) -> tuple[list[Any], int]:
    """
    Do the work; show what is in doubt and what cannot be read, unless a table is to hold that.

    Returns: the results as plain data, if they are to be printed, and how many do not conform.
    """
    facts: list[Any] = []
    invalid = 0
    with bar(len(work.documents)) as advance:
        for count, described in work.run():
            for each in described:
                invalid += each["plain"]["verdict"] == "invalid"
                if options.doubts:
                    continue
                if options.format == "json":
                    facts.append(each["plain"])
                elif told := each["lines"].get(options.lang):
                    show([Said(*line) for line in told], sys.stderr)
            advance(count)
    return facts, invalid


@contextmanager
def _told_where_it_stopped(options: Namespace, work: Conversion) -> Iterator[None]:
    """Say, if the work ends early, how far it is and how to go on."""
    try:
        yield
    except BaseException:
        done = min(len(work.parts) * work.size, len(work.documents))
        if done and work.parts.is_kept:
            said = phrase(
                "converted.stopped",
                options.lang,
                done=done,
                count=len(work.documents),
                folder=work.parts.folder,
            )
            show([Said(said)], sys.stderr)
        raise


def _place(work: Conversion, summary: Summary, target: Target, table: Target | None) -> None:
    """
    Write the tables and put them in their places; without a report there is none of reports.

    The table of doubts comes first: as long as the parts are there, all can be made again.
    Raises: UnreadableFile.
    """
    if table:
        _place_doubts(work, summary, table)
    is_kept = work.parts.is_kept
    if not summary.written:
        if is_kept:
            work.parts.discard()
    elif is_kept:
        with work.parts.placed() as place:
            files.write_many(work.readings(), place)
    else:
        with target.placed() as path:
            files.write_many(work.readings(), path, if_exists=target.mode)


def _place_doubts(work: Conversion, summary: Summary, table: Target) -> None:
    """Write the table of doubts; one that an interrupted run has written is the same."""
    with placed(table.path, overwrite=True) as beside:
        work.write_doubts(beside, summary)
        is_guarded = not table.force and os.path.lexists(table.path)
        if is_guarded and not filecmp.cmp(beside, table.path, shallow=False):
            raise unreadable(table.path, "exists")


def _report(
    options: Namespace, summary: Summary, facts: list[Any], passed: Mapping[str, int]
) -> None:
    """Print how many of how many reports were written, and what was found twice."""
    counts = attrs.asdict(summary) | {"twice": len(summary.twice)}
    if options.format == "json":
        told = {
            "target": options.target,
            "doubts": options.doubts,
            "results": facts,
            "twice": [attrs.asdict(each) for each in summary.twice],
            "summary": counts,
            "passed_over": dict(passed),
        }
        print(dumped(told))
        return
    said = [
        phrase(
            "converted.twice",
            options.lang,
            body=each.body,
            year=each.year,
            count=len(each.files),
            files=tuple(dict.fromkeys(each.files))[:FILES],
        )
        for each in summary.twice[:SHOWN]
    ]
    if len(summary.twice) > SHOWN:
        said.append(phrase("converted.more", options.lang, count=len(summary.twice) - SHOWN))
    is_plain = not (summary.refused or summary.doubtful or summary.twice)
    name = "converted" if is_plain else "converted.many" if summary.written else "converted.none"
    last = phrase(name, options.lang, path=options.target, **counts)
    said.append(last + passed_over(passed, options.lang))
    show(map(Said, said), sys.stderr)
