"""
The text of a file whose encoding nobody states, or states wrongly: UTF-8, UTF-16, GB18030, Big5.

A page says GB2312 and is written in GB18030, or says nothing at all; bytes that are not of any
encoding make the file unreadable rather than put strange characters in the place of figures.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.paths import FilePath

LIMIT: Final = 16_000_000
"""No report as text or as a page has more bytes, pictures inside it included."""
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_STATED: Final = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_-]{3,20})""")
_WIDER: Final = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
"""What pages state, and what they are written in."""
_LEGACY: Final = ("gb18030", "big5hkscs")
_ZIP: Final = b"PK\x03\x04"
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
SPOILT: Final = 0.002
"""
So great a share of the characters may be cut in half, as where a page was cut at a byte, and the
rest is still what it says.
"""


def text_of(path: FilePath, *, limit: int = LIMIT) -> str:
    """
    Read a file of text whole.

    Raises: UnreadableFile where it is too long, or of no encoding that can be told.
    """
    data = bounded(path, limit)
    for mark, name in MARKS:
        if data.startswith(mark):
            return _decoded(data, name) or _unknown(path)
    text = _wide(data) if b"\x00" in data else _plain(data)
    return text if text is not None else _unknown(path)


def is_text(head: bytes) -> bool:
    """
    Tell by the beginning of a file whether it is text in any encoding: no zip, and without control
    characters, or UTF-16.
    """
    if head.startswith(_ZIP):
        return False
    if any(head.startswith(mark) for mark, _ in MARKS):
        return True
    return (
        _wide(head[: len(head) // 2 * 2]) is not None
        if b"\x00" in head
        else not _CONTROLS.search(head.decode("latin-1"))
    )


def _wide(data: bytes) -> str | None:
    """
    Read UTF-16 without a mark: it is the one encoding of text that has zeros, in the upper halves
    of Latin letters and line ends.
    """
    upper, lower = data[1::2].count(0), data[::2].count(0)
    return _decoded(data, "utf-16-le" if upper > lower else "utf-16-be") if upper != lower else None


def _plain(data: bytes) -> str | None:
    text = data.decode("utf-8", errors="replace")
    # A replacement character that the file itself holds is no sign of another encoding.
    lost = text.count("\ufffd") - data.count("\ufffd".encode())
    if lost <= SPOILT * sum(character > "\x7f" for character in text):
        return None if _CONTROLS.search(text) else text
    stated = _STATED.search(data[:4096])
    own = stated[1].decode("ascii").lower() if stated else ""
    if own and (found := _decoded(data, _WIDER.get(own, own))) is not None:
        return found
    return _guessed(data)


def _guessed(data: bytes) -> str | None:
    """Ask the library which of the encodings that Chinese offices write in reads as a language."""
    names = [name for name in _LEGACY if _decoded(data, name) is not None]
    if len(names) < 2:
        return _decoded(data, names[0]) if names else None
    best = (
        library("charset_normalizer", "html")
        .from_bytes(data[:65_536].rpartition(b"\n")[0] or data, cp_isolation=list(names))
        .best()
    )
    return _decoded(data, best.encoding if best and best.encoding in names else names[0])


def _decoded(data: bytes, name: str) -> str | None:
    try:
        text = data.decode(name)
    except (UnicodeError, LookupError):
        return None
    return None if _CONTROLS.search(text) else text


def _unknown(path: FilePath) -> str:
    raise unreadable(path, "encoding")
