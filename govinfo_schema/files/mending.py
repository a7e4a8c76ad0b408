"""
``mend``: a copy of the very document with some figures changed where they stand.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import LOCK
from govinfo_schema.documents.formats import HEAD, bounded, content, put, unreadable
from govinfo_schema.documents.formats.memory import (
    Located,
    check_path,
    check_target,
    into,
    is_path,
    name_of,
    on_disk,
)
from govinfo_schema.documents.formats.paths import FilePath, IfExists, Readable, Target
from govinfo_schema.errors import Incompatible, UnknownCell, UnreadableFile
from govinfo_schema.files.nested import located
from govinfo_schema.files.reading import check_given, read_located, recognised
from govinfo_schema.files.registry import detected, of_suffix, readable_kind
from govinfo_schema.files.writing import check_if_exists, check_replaceable
from govinfo_schema.findings import Finding
from govinfo_schema.messages import shown, spoken
from govinfo_schema.report.access import form_of, get, replace, walk
from govinfo_schema.report.model import Report

if TYPE_CHECKING:
    from govinfo_schema.documents.formats.format import Format
    from govinfo_schema.documents.recognise import Reading
    from govinfo_schema.repair.changes import Change
    from govinfo_schema.repair.explanations import Explanation

LARGEST_FILE: Final = 50_000_000
"""No file that is changed in place has more bytes; no format reads one that has."""


def mend(  # noqa: PLR0913 (what read takes, and what write takes)
    source: Readable,
    changes: Mapping[str, Any] | Explanation | Iterable[Change],
    target: Target,
    *,
    year: int | None = None,
    body: str | None = None,
    name: str | None = None,
    format: str | None = None,  # noqa: A002 (its public name)
    if_exists: IfExists | None = None,
) -> tuple[Finding, ...]:
    """
    Write a copy of the very document with some figures changed where they stand, and return what
    must be said of it; all else stays as it was, its formatting and its other contents too.

    *source*, *year*, *body*, *name* and *format* are as for ``read``. *changes* are the new figures
    by cell id (None: blank), or an explanation of ``locate``, or some of its changes. *target* is a
    path, or an open binary file, and never the source itself; the copy has the format of the
    source, and a suffix that fits. *if_exists*: ``"fail"`` raises if the file exists, by default it
    is replaced.

    The copy is read again before it is written: it says the new figures, and no other changed.
    Figures that formulas of a workbook work out follow: the formulas stay. ``R-FORMULA`` (a
    warning) names those that come to another figure than was asked for, or are worked out only when
    the workbook is opened, and (as information) formulas of Word behind figures that changed;
    ``R-SIGNED`` (a warning) says that the document is signed, and the signature of the copy is not
    valid.
    Raises: UnreadableFile if the document cannot be read, cannot be changed in place (PDF, scans,
    .doc), is a copy that is marked with what does not add up, or has no place for a figure, and
    nothing is written; UnknownCell and InvalidValue for changes that the report cannot have,
    Incompatible for those of another report.

    >>> import govinfo_schema as gs
    >>> import tempfile
    >>> report = gs.generate(1, "2021")
    >>> cell = "applications.received.total"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     gs.write(gs.replace(report, {cell: 7}), f"{folder}/报告.docx")
    ...     explanation = gs.locate(gs.read(f"{folder}/报告.docx").report)[0]
    ...     findings = gs.mend(f"{folder}/报告.docx", explanation, f"{folder}/报告.fixed.docx")
    ...     mended = gs.read(f"{folder}/报告.fixed.docx").report
    >>> gs.get(mended, cell) == gs.get(report, cell), findings
    (True, ())
    """
    check_given(name or name_of(source), year, body)
    if _is_same_file(source, target):
        raise unreadable(name_of(target), "original")
    kind = readable_kind(source, format)
    if source == "-":
        # It can be read but once, and a file is read to recognise it and to copy it.
        source, name = bounded("-", LARGEST_FILE), name or "-"
    with located(source, name, kind) as file:
        own = detected(file)
        fitting = _suffixes_of_copy(file, own)
        if not fitting:
            if own.read_document:
                # An encrypted or damaged file says so.
                read_located(file, year, body)
            raise _not_mendable(file, own)
        if is_path(target):
            _check_fits(target, fitting)
        reading = _read_to_mend(file, own, year, body)
        values = _new_values(reading.report, changes)
        data, stays = _mended(file, own, reading, values)
        with on_disk(data, file.name, file.kind or own.suffixes[0][1:]) as copy:
            again = read_located(copy, year, body)
        with LOCK:
            from govinfo_schema.documents.mending import checked  # noqa: PLC0415 (only here)

        findings = checked(attrs.evolve(reading, file=file.name), again, values)
    _put(data, target, own, if_exists)
    return (*findings, *stays)


def _read_to_mend(file: Located, own: Format, year: int | None, body: str | None) -> Reading:
    """
    Read a report that is to be changed where it stands.

    Raises: UnreadableFile, also where its marks and remarks would stay and be wrong.
    """
    with LOCK:
        from govinfo_schema.documents.recognise import is_marked  # noqa: PLC0415 (only for those who mend)

    if own.read_document is None:
        return read_located(file, year, body)
    document = own.read_document(file.path)
    if is_marked(document):
        raise unreadable(file.name, "marked")
    return recognised(file, document, year, body)


def mendable(path: FilePath) -> tuple[str, ...]:
    """
    Return the suffixes that a copy of a file may have in which figures are changed in place; none
    where that cannot be done.

    Raises: UnreadableFile where the file cannot be opened.
    """
    with located(path, None, None) as file:
        return _suffixes_of_copy(file, detected(file))


def _suffixes_of_copy(file: Located, own: Format) -> tuple[str, ...]:
    """
    Return the suffixes that a changed copy may have: its own, and those of its format, unless it is
    a zip, in which stands what its suffix has to be.
    """
    with LOCK:
        from govinfo_schema.documents.formats.package import ZIP  # noqa: PLC0415 (only for those who mend)

    head = content(file.path, HEAD)
    if own.mend is None or not own.mends(head):
        return ()
    suffix = Path(file.name).suffix.lower()
    if head.startswith(ZIP) and suffix in own.suffixes:
        return (suffix,)
    return tuple(dict.fromkeys((suffix, *own.suffixes)))


def _check_fits(target: Any, fitting: Sequence[str]) -> None:
    """
    Check that a copy does not get the suffix of another format.

    Raises: UnreadableFile.
    """
    path = name_of(target)
    suffix = Path(path).suffix.lower()
    if suffix not in fitting and of_suffix(path):
        raise unreadable(path, "suffix", suffix=suffix, suffixes=" ".join(filter(None, fitting)))


def _is_same_file(source: Any, target: Any) -> bool:
    """Whether two are one file, under whatever name, or one open file."""
    facts = [_facts_of(file) for file in (source, target)]
    return source is target or (None not in facts and os.path.samestat(*facts))  # type: ignore[arg-type]


def _facts_of(file: Any) -> os.stat_result | None:
    """Return the status of a regular file, by its path or open; None of anything else."""
    try:
        facts = Path(name_of(file)).stat() if is_path(file) else os.fstat(file.fileno())
    except (OSError, ValueError, AttributeError, TypeError):
        return None
    return facts if stat.S_ISREG(facts.st_mode) else None


def _mended(
    file: Located, own: Format, reading: Reading, values: Mapping[str, Any]
) -> tuple[bytes, tuple[Finding, ...]]:
    """
    Give the bytes of a file with other figures, and what stays in it: formulas behind them, and
    signatures, which no longer hold.

    Raises: UnreadableFile.
    """
    with LOCK:
        from govinfo_schema.documents import mending  # noqa: PLC0415 (only for those who mend)

    data = bounded(file.path, LARGEST_FILE)
    reading = attrs.evolve(reading, file=file.name)
    texts = mending.amendments(reading, values, by_cell=own.read_document is None)
    if own.mend is None or not texts:
        return data, ()
    try:
        mended = own.mend(data, texts)
        stays = own.formulas(data, texts) if own.formulas else ()
    except UnreadableFile as error:
        raise error if error.path else UnreadableFile(file.name, error.problem) from error
    cells = [cell for cell, text in zip(values, texts, strict=True) if text in stays]
    return mended, (*mending.formulas(reading.report, cells), *mending.signatures(data))


def _new_values(report: Report, changes: Any) -> dict[str, Any]:
    """
    Give the figures that change, by cell id in printed order.

    Raises: UnknownCell, InvalidValue; Incompatible where a change found another figure than stands
    in the report; TypeError for what is no change.
    """
    if is_a(changes, Mapping):
        values = dict(changes)
    else:
        try:
            several = [*getattr(changes, "changes", changes)]
            values = {each.cell: each.should_be for each in several}
        except (AttributeError, TypeError):
            raise TypeError(
                "changes are a dict of cell ids and figures, an explanation of locate or its "
                f"changes, not {shown(changes)}"
            ) from None
        for each in several:
            if each.found != get(report, each.cell):
                raise Incompatible(spoken("other_changes"))
    cells = form_of(report).cells
    for cell in values:
        if cell not in cells:
            raise UnknownCell(f"{shown(cell)} is no figure of the report")
    mended = replace(report, values)
    return {cell: new for cell, new in walk(mended) if new != get(report, cell)}


def _not_mendable(file: Located, own: Format) -> UnreadableFile:
    kind = Path(file.name).suffix.lower() or own.suffixes[0]
    if own.holds_many:
        return unreadable(file.name, "not_mendable.table", suffix=kind)
    return unreadable(file.name, "not_mendable", suffix=kind)


def _put(data: bytes, target: Target, own: Format, if_exists: IfExists | None) -> None:
    """
    Write bytes to a path or into an open file.

    Raises: UnreadableFile; ValueError if *if_exists* has an unknown value.
    """
    check_if_exists(if_exists)
    path = name_of(target)
    if is_path(target):
        check_path(path)
        check_replaceable(path, if_exists)
        put(data, path, overwrite=if_exists != "fail")
        return
    check_target(target)
    if if_exists == "append":
        raise unreadable(path, "no_append")
    with into(target, own.suffixes[0][1:]) as file:
        file.write_bytes(data)
