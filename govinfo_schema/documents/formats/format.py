"""
What a file format is: one object of one type for each, so that ``files`` asks it what it can do and
knows none by its name.

A format module describes itself in ``FORMAT``; ``files`` has the list of these modules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from govinfo_schema.documents.formats.paths import FilePath, IfExists

if TYPE_CHECKING:
    from govinfo_schema.documents.document import Document, Place
    from govinfo_schema.findings import Finding

__all__ = ["Amendment", "FilePath", "Format", "IfExists", "Member"]


@attrs.frozen
class Amendment:
    """
    One text of a file that shall change: where it stands, what stands there (*found*), and what
    shall stand there (*text*).

    *rows*: where several figures stand at one place, as in a text without borders, the texts of all
    of them from there on, row by row; *at*: which row and which of its figures it is. A file that
    holds a report itself has the cell id as locator.
    """

    place: Place
    found: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()
    at: tuple[int, int] = (0, 0)


@attrs.frozen
class Member:
    """
    A file in another, such as an archive or a mail: its *name* there, parted by ``/`` and safe to
    show, and what gives its *content*. *is_body*: it is what the other says itself, as the text of
    a mail, and has no name of its own.
    """

    name: str
    content: Callable[[], bytes]
    is_body: bool = attrs.field(default=False, kw_only=True)


def _detect_nothing(_: bytes) -> bool:
    return False


def _mends_all(_: bytes) -> bool:
    return True


@attrs.frozen(kw_only=True)
class Format:
    """
    A file format and what it can do; what it cannot do is None.

    *suffixes*: of the names of its files, the usual one first; *variants*: longer endings that are
    written in another way; *place* orders them where they are listed for people. *detect* tells the
    format by the first bytes of a file; one that is only written detects nothing. *certainty* is
    how much that weighs against the suffix of another format, and *claim* how much a suffix of this
    one weighs against what was detected: between plain texts the suffix decides. *is_standard*:
    what standard input is taken for. *may_be_empty*: a file of no bytes is one of no reports.
    *slow*: to open a file takes long, or another program.

    Readers: *read_document* gives a document to be recognised, *read_report* the one report of a
    file, *read_many* each report (a reading where the table names its file), or the finding of a
    row that is none, *members* the files in it, each as long as the next is not asked for; where it
    *is_folder*, each of them counts as a file of a folder; *read_columns* gives ``Rows`` of so many
    rows with the columns that are asked for, or None if a row is not one report. Writers, of which
    those of tables are given readings as well: *write_document* is given the report as it is laid
    out, *write_report* a report, *write_many* any number; *write_into* adds them to a database,
    which may hold other tables too.

    *mend* gives the bytes of the same file with only these texts changed; it raises UnreadableFile
    where a text does not stand at its place. A formula stays, and what depends on changed texts is
    worked out anew. *mends*: whether it can change a file that begins so. *formulas* tells behind
    which of these texts a formula stays that nothing works out anew.
    """

    suffixes: tuple[str, ...]
    variants: tuple[str, ...] = ()
    place: int = 9
    detect: Callable[[bytes], bool] = _detect_nothing
    certainty: int = 2
    claim: int = 0
    is_standard: bool = False
    may_be_empty: bool = False
    slow: bool = False
    read_document: Callable[[FilePath], Document] | None = None
    read_report: Callable[[FilePath], Any] | None = None
    read_many: Callable[[FilePath], Iterator[Any | Finding]] | None = None
    read_columns: Callable[[FilePath, int, Collection[str]], Iterator[Any] | None] | None = None
    members: Callable[[FilePath], Iterator[Member]] | None = None
    is_folder: bool = False
    write_document: Callable[[Document, FilePath], None] | None = None
    write_report: Callable[[Any, FilePath], None] | None = None
    write_many: Callable[[Iterable[Any], FilePath], None] | None = None
    write_into: Callable[[Iterable[Any], FilePath, IfExists | None], None] | None = None
    mend: Callable[[bytes, Sequence[Amendment]], bytes] | None = None
    mends: Callable[[bytes], bool] = _mends_all
    formulas: Callable[[bytes, Sequence[Amendment]], Sequence[Amendment]] | None = None

    @property
    def is_readable(self) -> bool:
        """Whether files of this format can be read."""
        return bool(self.read_document or self.read_report or self.read_many or self.members)

    @property
    def holds_many(self) -> bool:
        """Whether a file of this format may be written with any number of reports."""
        return bool(self.write_many or self.write_into)

    @property
    def is_writable(self) -> bool:
        """Whether files of this format can be written."""
        return bool(self.write_document or self.write_report or self.holds_many)
