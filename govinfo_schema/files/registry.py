"""
The registry of file formats, and which of them a file has: its content decides, its suffix only
where that says nothing.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govinfo_schema.data.classes import is_a
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import HEAD, LOCKS, PASSED_OVER, content, unreadable
from govinfo_schema.documents.formats.encodings import is_text
from govinfo_schema.documents.formats.kinds import kind_named, kind_of
from govinfo_schema.documents.formats.memory import Located, name_of
from govinfo_schema.documents.formats.package import ZIP, directory
from govinfo_schema.documents.formats.paths import FilePath
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.messages import Label, shown
from govinfo_schema.report.conformance import quoted
from govinfo_schema.tables.compression import is_compressed

if TYPE_CHECKING:
    from govinfo_schema.documents.formats.format import Format

FORMATS: Final = (
    *("documents.formats.archive", "documents.formats.mail"),
    *("tables.parquet", "tables.sqlite", "tables.duckdb"),
    *("tables.jsonl", "tables.json"),
    *("documents.formats.pdf", "documents.formats.docx", "documents.formats.xlsx"),
    *("documents.formats.scans", "documents.formats.spreadsheetml", "documents.formats.ofd"),
    *("documents.formats.office", "tables.csv.format", "documents.formats.printing"),
    *("workbook.format", "documents.formats.html", "documents.formats.markdown"),
    "documents.formats.text",
)
"""
The format modules, in the order of detection. Plain text is last: it accepts every file.
"""


@once
def formats() -> tuple[Format, ...]:
    """Return all formats, in the order of detection."""
    return tuple(import_module(f"govinfo_schema.{module}").FORMAT for module in FORMATS)


def suffixes() -> tuple[str, ...]:
    """Return the suffixes of all readable formats."""
    return tuple(
        dict.fromkeys(suffix for own in formats() if own.is_readable for suffix in own.suffixes)
    )


def writable() -> tuple[str, ...]:
    """Return the suffixes of all writable formats, those for a single report first."""
    own = [each for each in formats() if each.is_writable]
    own.sort(key=lambda each: (each.holds_many, each.place))
    return tuple(ending for each in own for ending in (each.suffixes[0], *each.variants))


def of_suffix(path: FilePath) -> list[Format]:
    """Return the formats that have the suffix of a path."""
    name = Path(path).name.lower()
    suffix = Path(name).suffix
    return [own for own in formats() if suffix in own.suffixes or name.endswith(own.variants)]


def is_archive_named(path: FilePath) -> bool:
    """Whether the suffix of a path is that of an archive."""
    return any(own.is_folder for own in of_suffix(path))


def is_database(path: FilePath) -> bool:
    """Whether the suffix is that of a database, which may hold other tables beside the reports."""
    return any(own.write_into for own in of_suffix(path))


def holds_many(path: FilePath) -> bool:
    """Whether a file of this suffix may be written with any number of reports."""
    fitting = next((own for own in of_suffix(path) if own.is_writable), None)
    return fitting is not None and fitting.holds_many


def readable_kind(source: Any, kind: str | None) -> str | None:
    """
    Return the suffix, without its dot, of a format that *source* is said to have; None of none.

    Raises: UnreadableFile where no such format is read.
    """
    variants = (ending for own in formats() if own.is_readable for ending in own.variants)
    return None if kind is None else known_suffix(name_of(source), kind, (*suffixes(), *variants))


def known_suffix(name: str, kind: Any, known: Iterable[str]) -> str:
    """
    Return the suffix of a format without its dot.

    Raises: UnreadableFile where there is none.
    """
    suffix = kind.lower().removeprefix(".") if is_a(kind, str) else ""
    if f".{suffix}" not in known:
        said = Label(quoted(kind).zh if is_a(kind, str) else shown(kind), shown(kind))
        raise unreadable(name, "no_format", format=said, formats=" ".join(known))
    return suffix


def detected(file: Located) -> Format:
    """
    Detect the format of a file from its first bytes. The suffix decides only between formats that
    are plain text, and if the first bytes are damaged.

    Raises: UnreadableFile if the file cannot be opened, is empty, or was created by the operating
    system (such as ``Thumbs.db``).
    """
    if file.path == "-":
        return next(own for own in formats() if own.is_standard)
    head = content(file.path, HEAD)
    names = _directory(file.path, head, file.name)
    head += names
    name = Path(file.name).name
    if name.lower() in PASSED_OVER:
        raise unreadable(file.name, "system_file", name=name)
    suffixed = f"source.{file.kind}" if file.kind else file.name
    own = [each for each in of_suffix(suffixed) if each.is_readable]
    if not head and not any(each.may_be_empty for each in own):
        raise unreadable(file.name, "empty_file")
    if head and not head.strip(b"\0"):
        raise unreadable(file.name, "zeros")
    # A damaged document is a zip in which nothing says more than its name.
    is_named = bool(own) and not names
    found = next(
        each
        for each in formats()
        if each.detect(head) and not (each.is_folder and is_named and each not in own)
    )
    if is_compressed(head) and not found.read_many:
        raise unreadable(file.name, "packed_file")
    if found is formats()[-1]:
        if name.startswith(LOCKS):
            raise unreadable(file.name, "lock_file", name=name)
        plain = is_text(head)
        # A text may begin with letters that another kind begins with, and its name says so.
        named = plain and own and head[:1].isascii()
        kind = None if named else kind_of(head, suffixes())
        if kind:
            raise kind.refused(file.name)
        if not plain:
            return _named(file, own)
    return next((each for each in own if each.claim > found.certainty), found)


def _named(file: Located, own: Sequence[Format]) -> Format:
    """
    Return the format that the name of a file says, whose content says nothing.

    Raises: UnreadableFile, which names what it is.
    """
    if own:
        return own[0]
    kind = kind_named(file.name, suffixes())
    if kind:
        raise kind.refused(file.name)
    raise unreadable(file.name, "unknown_kind", suffixes=" ".join(suffixes()))


def is_recognised(path: FilePath) -> bool:
    """Whether the first bytes of a file are those of a format that is read, whatever its name."""
    try:
        head = content(path, HEAD) if Path(path).is_file() else b""
        head += _directory(path, head, path)
    except (OSError, ValueError, UnreadableFile):
        return False
    return _is_any(head)


def is_content(data: bytes) -> bool:
    """Whether the content of a file is that of a format that is read."""
    return _is_any(data[:HEAD] + (directory(io.BytesIO(data)) if data.startswith(ZIP) else b""))


def _directory(path: FilePath, head: bytes, name: FilePath) -> bytes:
    """
    Give the names in the directory of a zip, whose first members may not tell what it is; one that
    is called an archive may begin with a program that unpacks it.
    """
    if not head.startswith(ZIP) and not is_archive_named(name):
        return b""
    with Path(path).open("rb") as file:
        return directory(file)


def _is_any(head: bytes) -> bool:
    return any(each.is_readable and each.detect(head) for each in formats()[:-1])
