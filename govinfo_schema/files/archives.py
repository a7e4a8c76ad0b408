"""
Read the reports in an archive or a mail. How one of its files is read is up to the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs

from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.memory import Located, on_disk
from govinfo_schema.errors import InvalidReport, UnreadableFile
from govinfo_schema.files.nested import content_of, files_in
from govinfo_schema.files.readings import Readings
from govinfo_schema.files.registry import detected, suffixes
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Label, code_of
from govinfo_schema.report.access import walk
from govinfo_schema.report.model import Report
from govinfo_schema.tables.rows import faulty, sentences

if TYPE_CHECKING:
    from govinfo_schema.documents.recognise import Reading

NAMED: Final = 5
"""So many files of an archive are named in a sentence."""
_NO_REPORTS: Final = frozenset(
    map(
        code_of,
        ("no_report", "no_tables", "no_page", "not_read", "empty_document", "no_text_in_picture"),
    )
)
"""The codes of what is surely no report."""
_NOT_READ: Final = code_of("not_read")
_MEMBERS: Final = "R-MEMBERS"
_MORE: Final = "…"
Read = Callable[[Located], Readings]
"""Reads all reports in a file; it may raise UnreadableFile, InvalidReport and MissingLibrary."""
_Unread = UnreadableFile | InvalidReport
"""Why a file in a file cannot be read."""


def read_member(file: Located, read: Read) -> Reading:
    """
    Read the one report in an archive or a mail, which may stand there in several formats.

    Raises: UnreadableFile where there is none or several; MissingLibrary.
    """
    chosen: Reading | None = None
    place, others = "", []
    refused: list[tuple[str, _Unread]] = []
    for path, outcome in _outcomes(file, read):
        if isinstance(outcome, Exception):
            refused.append((path, outcome))
            continue
        for reading in outcome:
            if chosen is not None and not _agree(chosen.report, reading.report):
                places = tuple(name.removeprefix(f"{file.name}/") for name in (place, path))
                raise unreadable(file.name, "several_members", members=places, path=place)
            if chosen is None or _blanks(reading.report) < _blanks(chosen.report):
                others += [place] if chosen is not None else []
                chosen, place = reading, path
            else:
                others.append(path)
    if chosen is None:
        raise _none_of(file, refused)
    inner = [each for each in chosen.findings if each.code == _MEMBERS]
    own = [each for each in chosen.findings if each.code != _MEMBERS]
    findings = _left_over(file, others, refused, place, inner)
    return attrs.evolve(chosen, findings=(*own, *findings))


def read_members(file: Located, read: Read) -> Readings:
    """
    Read all reports in an archive or a mail. A file of an archive that cannot be read is a finding
    as a row that is none.

    Raises: UnreadableFile where no file is a report; MissingLibrary.
    """
    own = detected(file)
    if not own.is_folder:
        with suppress(UnreadableFile):
            return Readings((read_member(file, read),))
    readings: list[Reading] = []
    findings: list[Finding] = []
    refused: list[tuple[str, _Unread]] = []
    count = 0
    for path, outcome in _outcomes(file, read):
        if not isinstance(outcome, Exception):
            readings += outcome
            findings += (_moved(each, count) for each in outcome.findings)
            count += len(outcome) + sum(each.code == "R-RECORD" for each in outcome.findings)
        elif own.is_folder:
            count += 1
            findings.append(faulty(count, _told(outcome), place=Label(path, path)))
        else:
            refused.append((path, outcome))
    if not readings and not findings:
        raise _none_of(file, refused)
    return Readings(tuple(readings), (*findings, *_left_over(file, (), refused)))


def _outcomes(file: Located, read: Read) -> Iterator[tuple[str, Readings | _Unread]]:
    """
    Read the files in a file one after the other, those of archives in it too: the path of each, and
    what it holds or why it cannot be read.

    Raises: UnreadableFile where the file itself cannot be read; MissingLibrary.
    """
    for member in files_in(file):
        path = f"{file.name}/{member.name}"
        name, kind = path, None
        if member.is_body:
            name, kind = file.name, Path(path).suffix[1:]
        try:
            with on_disk(content_of(file, member), name, kind) as copy:
                inner = attrs.evolve(copy, depth=file.depth + 1)
                if detected(inner).is_folder:
                    yield from _outcomes(inner, read)
                else:
                    yield path, read(inner)
        except (UnreadableFile, InvalidReport) as error:
            yield path, error


def _moved(finding: Finding, count: int) -> Finding:
    """Give a finding of a table with its row counted behind so many others."""
    if finding.code != "R-RECORD":
        return finding
    number = finding.operands["number"] + count
    return attrs.evolve(finding, operands={**finding.operands, "number": number})


def _told(error: _Unread) -> Label | Sequence[Finding]:
    return error.problem if isinstance(error, UnreadableFile) else error.findings


def _agree(one: Report, other: Report) -> bool:
    """Whether two reports are one, as far as both have figures."""
    if (one.edition, one.year, one.body.name) != (other.edition, other.year, other.body.name):
        return False
    figures = dict(walk(other))
    return all(
        None in (value, figures.get(cell)) or value == figures[cell] for cell, value in walk(one)
    )


def _blanks(report: Report) -> int:
    return sum(value is None for _, value in walk(report))


def _left_over(
    file: Located,
    others: Sequence[str],
    refused: Sequence[tuple[str, _Unread]],
    place: str = "",
    inner: Sequence[Finding] = (),
) -> Iterator[Finding]:
    """
    Name the files in a file that were not used; one that could not be read is a warning. *inner* is
    what was said of the file in it, at *place*, that was.
    """
    names = [*others, *(path for path, _ in refused)]
    count = len(names) + sum(each.operands["count"] for each in inner)
    names += [
        name if name == _MORE else f"{place}/{name}"
        for each in inner
        for name in each.operands["members"]
    ]
    if names:
        unread = any(error.code not in _NO_REPORTS for _, error in refused)
        warned = unread or any(each.level == "warning" for each in inner)
        yield Finding(
            code=_MEMBERS,
            level="warning" if warned else "info",
            operands={"count": count, "members": _first(file, names)},
        )


def _none_of(file: Located, refused: Sequence[tuple[str, _Unread]]) -> UnreadableFile:
    """
    Make the error of an archive or a mail that holds no report: that of the one file in it that may
    be one, or else is of a kind that is not read.
    """
    telling = (
        [each for each in refused if each[1].code not in _NO_REPORTS]
        or [each for each in refused if each[1].code == _NOT_READ]
        or refused
    )
    if len(telling) == 1:
        ((path, error),) = telling
        if isinstance(error, UnreadableFile):
            return error
        return UnreadableFile(path, sentences(error.findings))
    if not refused:
        return unreadable(file.name, "no_reports", suffixes=" ".join(suffixes()))
    return unreadable(file.name, "no_member", members=_first(file, [path for path, _ in refused]))


def _first(file: Located, names: Sequence[str]) -> tuple[str, ...]:
    """Give the first names of files in a file, and a sign that there are more."""
    shown = tuple(name.removeprefix(f"{file.name}/") for name in names[:NAMED])
    return (*shown, _MORE) if len(names) > NAMED else shown
