"""
The kinds of files that no format reads, from ``data/kinds.toml``: what a file is called when it is
refused, and what to do with it.

``files`` asks when no format takes a file by its content, ``office`` for a compound file that is no
document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.paths import FilePath
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.messages import Label


@attrs.frozen
class Kind:
    """
    A kind of files that is not read: its *name*, what to do, and what tells it: the *suffixes* of
    names, how its files *begin*, and the name of a *stream* of its compound files.
    """

    name: Label
    advice: Label
    suffixes: tuple[str, ...]
    begin: re.Pattern[bytes] | None
    stream: re.Pattern[str] | None

    def refused(self, path: FilePath) -> UnreadableFile:
        """Make the error of a file of this kind."""
        return unreadable(path, "not_read", kind=self.name, advice=self.advice)


@once
def kinds() -> tuple[Kind, ...]:
    """Return all kinds of files that are not read, in the order in which they are told."""
    data = read_data("kinds")
    advice = {name: Label(**each) for name, each in data["advice"].items()}
    return tuple(
        Kind(
            Label(each["zh"], each["en"]),
            advice[each["advice"]],
            tuple(each["suffixes"]) if "suffixes" in each else (),
            re.compile(each["begin"].encode(), re.DOTALL) if "begin" in each else None,
            re.compile(each["stream"]) if "stream" in each else None,
        )
        for each in data["kinds"].values()
    )


def kind_of(head: bytes, read: Collection[str] = ()) -> Kind | None:
    r"""
    Tell what a file is by its beginning; None where that is no kind that is known. Kinds one of
    whose suffixes is among *read* are none of those that are refused.

    >>> kind_of(b"Rar!\x1a\x07\x01\x00").name.en
    'a RAR archive'
    >>> kind_of(b"GIF89a", read=[".gif"]) is None
    True
    """
    return next(
        (kind for kind in _refused(read) if kind.begin is not None and kind.begin.match(head)), None
    )


def kind_named(path: FilePath, read: Collection[str] = ()) -> Kind | None:
    """
    Tell what a file is called by the suffix of its name.

    >>> kind_named("会议录音.MP3").name.zh
    '音频'
    """
    suffix = Path(path).suffix.lower()
    return next((kind for kind in _refused(read) if suffix in kind.suffixes), None)


def kind_of_streams(streams: Iterable[str]) -> Kind | None:
    """Tell what a compound file is by the names of its streams."""
    names = tuple(streams)
    return next(
        (
            kind
            for kind in kinds()
            if kind.stream is not None and any(map(kind.stream.fullmatch, names))
        ),
        None,
    )


def _refused(read: Collection[str]) -> Iterable[Kind]:
    return (kind for kind in kinds() if not any(suffix in read for suffix in kind.suffixes))
