"""
The text of a file whose encoding nobody states, or states wrongly: UTF-8, UTF-16, GB18030, Big5.

A page says GB2312 and is written in GB18030, or says nothing at all. Bytes that are of no encoding
cost the character that they stood for, which becomes U+FFFD; a file that has many of them is
unreadable rather than put strange characters in the place of figures.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

import attrs

from govinfo_schema.documents.formats import bounded, library, unreadable
from govinfo_schema.documents.formats.paths import FilePath

LIMIT: Final = 16_000_000
"""No report as text or as a page has more bytes, pictures inside it included."""
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16", "utf-16-be"),
)
"""What a file may begin with, and its encoding: with this mark, and behind it."""
_STATED: Final = re.compile(rb"""(?i)(?:charset|encoding)\s*=\s*["']?\s*([a-z0-9_-]{3,20})""")
_LEGACY: Final = ("gb18030", "big5hkscs")
_WIDER: Final = {
    **dict.fromkeys(("gb2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "gb18030"), "gb18030"),
    **dict.fromkeys(("big5", "big5-hkscs", "x-x-big5", "cp950"), "big5hkscs"),
}
"""What pages state, and what they are written in. A page that states any other is asked itself."""
_ZIP: Final = b"PK\x03\x04"
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CODES: Final = bytes(code for code in range(1, 32) if _CONTROLS.match(chr(code)))
"""The control characters but zero, which UTF-16 is full of."""
_UNASSIGNED: Final = re.compile("[\U00032000-\U0010ffff]")
"""No language has a character there: for GB18030 it is two stray bytes, a digit behind each."""
LOST: Final = "\ufffd"
SPOILT: Final = 0.02
"""
So great a share of the characters may be lost, as where a page was cut at a byte or put together
from two encodings, and the rest is still what it says.
"""
ENOUGH: Final = 20
"""So many characters beyond ASCII tell an encoding although one is lost."""
ZEROS: Final = 0.01
"""UTF-16 has a greater share of zeros: in the upper halves of Latin letters, digits, line ends."""


@attrs.frozen(kw_only=True)
class Decoded:
    """
    The text of a file. *encoding* and *start*, its first byte, tell the place of each character in
    the file; the encoding is empty where they do not.
    """

    text: str
    encoding: str = ""
    start: int = 0


def text_of(path: FilePath) -> str:
    """
    Read a file of text whole.

    Raises: UnreadableFile where it is too long, or of no encoding that can be told.
    """
    return _text(bounded(path, LIMIT), path)[0]


def decoded(path: FilePath) -> Decoded:
    """
    Read a file of text whole; a byte that is of no character gives U+FFFD.

    Raises: UnreadableFile where it is too long, or of no encoding that can be told.
    """
    return decoded_of(bounded(path, LIMIT), path)


def decoded_of(data: bytes, path: FilePath = "") -> Decoded:
    """
    Decode the bytes of a file as ``decoded``; *path* is what it is called in an error.

    Raises: UnreadableFile where they are of no encoding that can be told.
    """
    text, name, start = _text(data, path)
    exact = LOST not in text and text.encode(name, "replace") == data[start:]
    return Decoded(text=text, encoding=name if exact else "", start=start)


def rewritten(data: bytes, rewrite: Callable[[str], str]) -> bytes:
    """
    Let a function change the text of a file; its encoding, its mark and the bytes that are of no
    character stay.

    Raises: UnreadableFile where its text cannot be encoded again as it was.
    """
    _, name, start = _text(data, "")
    text = data[start:].decode(name, "surrogateescape")
    if text.encode(name, "surrogateescape") != data[start:]:
        raise unreadable("", "encoding")
    return data[:start] + rewrite(text).encode(name, "surrogateescape")


def _text(data: bytes, path: FilePath) -> tuple[str, str, int]:
    """
    Decode a file, and name its encoding and the first byte of its text.

    Raises: UnreadableFile where it is of no encoding that can be told.
    """
    mark, _, name = next((each for each in MARKS if data.startswith(each[0])), (b"", "", ""))
    body = data.removeprefix(mark)
    name = name or _encoding(body)
    text = _lenient(body, name) if name else None
    if text is None:
        raise unreadable(path, "encoding")
    return text, name, len(mark)


def is_text(head: bytes) -> bool:
    """
    Tell by the beginning of a file whether it is text in any encoding: no zip, and without control
    characters, or UTF-16.
    """
    if head.startswith(_ZIP):
        return False
    if any(head.startswith(mark) for mark, _, _ in MARKS):
        return True
    wide = _wide(head)
    if wide:
        return _lenient(head[: len(head) // 2 * 2], wide) is not None
    return not _CONTROLS.search(head.decode("latin-1"))


def is_binary(head: bytes) -> bool:
    """
    Tell by the beginning of a file whether it is no text at all, whatever looks like tags in it:
    what is packed has many control characters, a text that is spoilt has few.
    """
    controls = len(head) - len(head.translate(None, _CODES))
    return controls > len(head) * SPOILT and not is_text(head)


def wider(name: str) -> str:
    """
    Give the codec that text of a stated encoding is read with, empty where there is none: GB18030
    holds all that GB2312 and GBK hold.

    >>> wider("GB2312"), wider("x-unknown")
    ('gb18030', '')
    """
    try:
        return _WIDER.get(name.lower()) or codecs.lookup(name).name
    except (LookupError, ValueError):
        return ""


def _encoding(data: bytes) -> str:
    """Tell the encoding of bytes that no mark begins; empty where it is none."""
    wide = _wide(data)
    if wide:
        return wide
    stated = _STATED.search(data[:4096])
    own = _WIDER.get(stated[1].decode("ascii").lower(), "") if stated else ""
    return next((name for name in ("utf-8", own) if name and _fits(data, name)), "") or _guessed(
        data
    )


def _wide(data: bytes) -> str:
    """Name UTF-16 without a mark: it is the one encoding of text that has many zeros."""
    upper, lower = data[1::2].count(0), data[::2].count(0)
    if upper == lower or upper + lower <= ZEROS * len(data):
        return ""
    return "utf-16-le" if upper > lower else "utf-16-be"


def _guessed(data: bytes) -> str:
    """Ask the library which of the encodings that Chinese offices write in reads as a language."""
    names = [name for name in _LEGACY if _fits(data, name)]
    if len(names) < 2:
        return names[0] if names else ""
    sample = data[:65_536].rpartition(b"\n")[0] or data
    for name in names:
        # The library takes no encoding that one byte is not of.
        sample = sample.decode(name, "ignore").encode(name)
    best = library("charset_normalizer", "html").from_bytes(sample, cp_isolation=list(names)).best()
    return best.encoding if best and best.encoding in names else names[0]


def _fits(data: bytes, name: str) -> bool:
    return _lenient(data, name) is not None


def _lenient(data: bytes, name: str) -> str | None:
    """
    Decode bytes, what is of no character as U+FFFD; None where more is lost than a text may lose.

    A digit is never lost with the byte before it: GB18030 would make one character of two stray
    bytes and the digits behind them, and drop a digit at the end.
    """
    try:
        text = (data + b"\n\n" if name == "gb18030" else data).decode(name, "replace")
    except LookupError:
        return None
    if name == "gb18030":
        text = _UNASSIGNED.sub(_parted, text[:-2])
    # A replacement character that the file itself holds is no sign of another encoding.
    own = LOST.encode(name, "ignore")
    lost = text.count(LOST) - (data.count(own) if own else 0)
    if not lost and not _CONTROLS.search(text):
        return text
    text, controls = _CONTROLS.subn(LOST, text)
    wide = len(text) - len(text.encode("ascii", "ignore"))
    return text if lost + controls <= max(SPOILT * wide, min(wide // ENOUGH, 1)) else None


def _parted(character: re.Match[str]) -> str:
    first, second = character[0].encode("gb18030")[1::2]
    return f"{LOST}{chr(first)}{LOST}{chr(second)}"
