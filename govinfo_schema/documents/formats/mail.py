"""
Mails (.eml), mailboxes (.mbox) and pages that a browser saved as one file (.mht, .mhtml), which are
mails too: the page or the text that is their body, and what is attached.

A page gets back the style sheets and the frames that stand in parts of their own; nothing is
fetched. A part that has one of its own, as a text beside a page, is given once, as the page.
Source: RFC 2045-2047, RFC 2231, RFC 2557, RFC 4155.
"""

from __future__ import annotations

import base64
import email
import html
import itertools
import os
import quopri
import re
from collections import Counter
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import cache, partial
from typing import Final

import attrs

from govinfo_schema.documents.formats import HEAD, bounded, unreadable
from govinfo_schema.documents.formats.archive import decoded_name, once_only, safe_name
from govinfo_schema.documents.formats.encodings import decoded_of, wider
from govinfo_schema.documents.formats.format import FilePath, Format, Member
from govinfo_schema.documents.formats.package import LIMIT

MAX_PARTS: Final = 500
"""So many parts may a mail have, and so often may it name what parts them."""
MAX_NESTING: Final = 20
PAGE: Final = "page.html"
TEXT: Final = "text.txt"
"""What the bodies of a mail are called, which have no names."""
_HEADER: Final = re.compile(
    rb"(?i)(?:from|to|subject|date|mime-version|content-type|message-id|received|return-path|"
    rb"delivered-to|content-location|snapshot-content-location|x-[a-z-]+|reply-to|sender|"
    rb"dkim-signature|content-transfer-encoding):"
)
_LINE: Final = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]*:|[ \t]|From )[^\r\n]*\r?\n")
_LINK: Final = re.compile(r"(?i)<(link|iframe|frame)\b([^<>]*+)>")
"""What may be a style sheet or a frame of a page."""
_HREF, _SRC = (
    re.compile(rf"""(?i)(?<![\w-]){name}\s*=\s*["']?([^"'\s]+)["']?""") for name in ("href", "src")
)
_LATIN: Final = re.compile(r"(?i)(?:iso-?8859-?1|latin-?1|windows-?1252|cp-?1252)5?$")
_OTHER: Final = re.sub(rb"[A-Za-z0-9+/]", b"", bytes(range(256)))
"""What is no sign of base64; its end stands where it ends."""
_SOFT: Final = re.compile(rb"=[ \t]+(?=\r?\n)")
_MAILS: Final = re.compile(rb"(?m)^From \S+.*[0-9]:[0-9][0-9].*\r?\n(?=[A-Za-z-]+:)")
"""The line before each mail of a mailbox (mbox)."""
_MAIL: Final = "message/rfc822"
_BODIES: Final = ("text/html", "text/plain", "application/xhtml+xml")
_NAMES: Final = {"text/html": ".html", "text/plain": ".txt", _MAIL: ".eml"}
"""The suffixes of attachments without a name."""
_FAULTS: Final = (MessageError, ValueError, LookupError, RecursionError, TypeError, AttributeError)
"""What the library raises for a mail that is damaged."""


def detect(head: bytes) -> bool:
    """Tell by its first lines whether it is a mail: headers, two of them known, nothing else."""
    at, known = 0, 0
    head = head.lstrip(b"\xef\xbb\xbf\r\n")
    while line := _LINE.match(head, at):
        known += _HEADER.match(head, at) is not None
        at = line.end()
    is_cut = len(head) >= HEAD - 3 and b"\n" not in head[at:]
    return known > 1 and (at >= len(head) or is_cut or head[at : at + 1] in (b"\r", b"\n"))


@attrs.frozen
class _Part:
    """
    A part of a mail that may be a report. *root* is what holds the parts that a page refers to; a
    body has no *name* of its own.
    """

    name: str
    message: Message
    root: Message

    @property
    def is_page(self) -> bool:
        """Whether it is the body, and a page."""
        return not self.name and self.message.get_content_type() != "text/plain"


def members(path: FilePath) -> Iterator[Member]:
    """
    Give the bodies of a mail, pages before texts, and then what is attached to it; of a mailbox its
    mails.

    Raises: UnreadableFile where it is damaged, too long or has too many parts.
    """
    data, name = bounded(path, LIMIT), os.fspath(path)
    seen: Counter[str] = Counter()
    mails = _MAILS.split(data) if data.startswith(b"From ") else []
    if len(mails) > 2:
        if len(mails) > MAX_PARTS:
            raise unreadable(name, "too_many_members", limit=MAX_PARTS)
        for number, own in enumerate(mails[1:], 1):
            yield Member(f"{number}.eml", partial(bytes, own))
        return
    parts = _parts(data, name)
    for part in sorted(parts, key=lambda each: (bool(each.name), not each.is_page)):
        name = part.name or (PAGE if part.is_page else TEXT)
        yield Member(once_only(name, seen), partial(_content, part), is_body=not part.name)


def page_of(data: bytes) -> bytes:
    """
    Give the page that a mail holds, its frames in it; empty where there is none.

    Raises: UnreadableFile, without a path, as ``members``.
    """
    return next((_content(part) for part in _parts(data, "") if part.is_page), b"")


def _parts(data: bytes, name: str) -> list[_Part]:
    """
    List the parts that may be a report, in their order; *name* is that of the mail.

    Raises: UnreadableFile.
    """
    if data.lower().count(b"boundary=") > MAX_PARTS:
        raise unreadable(name, "too_many_members", limit=MAX_PARTS)
    try:
        message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"))
        parts = list(_walk(message, message, 0))
    except _FAULTS as error:
        raise unreadable(name, "damaged_mail") from error
    if len(parts) > MAX_PARTS:
        raise unreadable(name, "too_many_members", limit=MAX_PARTS)
    if not parts:
        is_parted = message.get_content_maintype() == "multipart"
        raise unreadable(name, "damaged_mail" if is_parted else "empty_mail")
    return parts


def _walk(message: Message, root: Message, nesting: int) -> Iterator[_Part]:
    """Give the parts of a mail that may be a report, in their order."""
    kind, inner = message.get_content_type(), _inner(message)
    if nesting > MAX_NESTING:
        return
    if not inner or (kind == _MAIL and nesting):
        name = _leaf_name(message)
        if name is not None:
            yield _Part(name, message, root)
    elif kind == "multipart/related":
        start = _start(message, inner)
        yield from _walk(start, message, nesting + 1)
        # A picture or a frame is part of the page; what is there to be saved is not.
        for own in inner:
            if own is not start and own.get_content_disposition() == "attachment":
                yield from _walk(own, message, nesting + 1)
    elif kind == "multipart/alternative":
        several = [list(_walk(own, root, nesting + 1)) for own in inner]
        richer = (
            each
            for each in reversed(several)
            if any(part.message.get_content_type() != "text/plain" for part in each)
        )
        yield from next(richer, several[-1])
    else:
        for own in inner:
            yield from _walk(own, root, nesting + 1)


def _inner(message: Message) -> list[Message]:
    """Give the parts of a part."""
    payload = message.get_payload()
    return (
        [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []
    )


def _leaf_name(part: Message) -> str | None:
    """
    Give the name of a part that holds no others: that of its file, empty for a body, None for what
    is neither, as a picture in a text.
    """
    kind, name = part.get_content_type(), _file_name(part)
    attached = part.get_content_disposition() == "attachment"
    if kind in _BODIES and not attached:
        return ""
    if name or attached or kind == _MAIL:
        return name or f"attachment{_NAMES.get(kind, '')}"
    return None


def _start(related: Message, parts: list[Message]) -> Message:
    """Give the part that the others belong to: the one that is named, or the first."""
    start = related.get_param("start")
    named = [part for part in parts if start and part.get("Content-ID", "").strip() == start]
    return (named or parts or [related])[0]


def _content(part: _Part) -> bytes:
    """
    Give the bytes of a part; a page gets its style sheets and frames, and text is UTF-8 where its
    encoding is stated.

    Raises: UnreadableFile, without a path, where it is damaged.
    """
    message = part.message
    try:
        if message.get_content_type() == _MAIL:
            return b"".join(own.as_bytes() for own in _inner(message))
        data = _decoded(message)
        if not part.is_page:
            return data
        return _framed(data, _related(part.root), {id(message)})
    except _FAULTS as error:
        raise unreadable("", "damaged_mail") from error


def _decoded(part: Message) -> bytes:
    """Take off the transfer encoding, and the encoding of a text where the mail states it."""
    data = _unpacked(part)
    stated = (
        wider(part.get_content_charset() or "") if part.get_content_maintype() == "text" else ""
    )
    # Any bytes are text in these, and programs name them that know of no other.
    stated = "" if _LATIN.match(stated) else stated
    if stated and not data.startswith(b"\xef\xbb\xbf"):
        try:
            return b"\xef\xbb\xbf" + data.decode(stated).encode()
        except (UnicodeDecodeError, LookupError):
            return data
    return data


def _unpacked(part: Message) -> bytes:
    """
    Take off the transfer encoding as far as it goes, also where a program on the way has put spaces
    at the ends of lines, or lost the end.
    """
    data = part.get_payload(decode=False)
    packed = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else b""
    kind = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
    if kind == "base64":
        signs = packed.translate(None, _OTHER)
        return base64.b64decode(signs[: len(signs) - (len(signs) % 4 == 1)] + b"==")
    if kind == "quoted-printable":
        return quopri.decodestring(_SOFT.sub(b"=", packed))
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _related(root: Message) -> dict[str, Message]:
    """Find the parts that a page may refer to, by address and by id."""
    parts: dict[str, Message] = {}
    for part in root.walk():
        if part.get_content_maintype() == "text":
            location, own = part.get("Content-Location"), part.get("Content-ID")
            if location:
                parts.setdefault("".join(str(location).split()), part)
            if own:
                parts.setdefault(f"cid:{str(own).strip().strip('<>')}", part)
    return parts


def _framed(page: bytes, parts: dict[str, Message], used: set[int]) -> bytes:
    """Put the style sheets and frames that a page refers to into it; each of *parts* once."""
    mark, encoding = (b"\xef\xbb\xbf", "utf-8") if page[:3] == b"\xef\xbb\xbf" else (b"", "latin-1")

    @cache
    def part_of(target: str) -> Message | None:
        end = f"/{target.lstrip('./')}"
        return parts.get(target) or next(
            (own for name, own in parts.items() if name.endswith(end)), None
        )

    def put(link: re.Match[str]) -> str:
        tag, inner = link[1].lower(), link[2]
        found = (_HREF if tag == "link" else _SRC).search(inner)
        part = part_of(html.unescape(found[1])) if found else None
        if found is None or part is None or id(part) in used:
            return link[0]
        used.add(id(part))
        kind, data = part.get_content_type(), _decoded(part)
        if tag == "link":
            if kind != "text/css":
                return link[0]
            return "<style>" + decoded_of(data).text.replace("</", "<\\/") + "</style>"
        if kind != "text/html":
            return link[0]
        text = html.escape(decoded_of(_framed(data, parts, used)).text)
        text = text if encoding == "utf-8" else text.encode("ascii", "xmlcharrefreplace").decode()
        # A set of frames is no body: each frame becomes one, which has an end of its own.
        others = f"{inner[: found.start()]}{inner[found.end() :].rstrip('/')}"
        end = "</iframe>" if tag == "frame" else ""
        return f'<iframe srcdoc="{text}"{others}>{end}'

    text = page.removeprefix(mark).decode(encoding)
    return mark + _LINK.sub(put, text).encode(encoding, "xmlcharrefreplace")


def _file_name(part: Message) -> str:
    """Give the name of an attachment, in whatever way it is encoded; empty where it has none."""
    for key, value in part.raw_items():
        # The library keeps bytes that are no ASCII as halves of pairs, and takes none in a name.
        raw = str(value).encode("utf-8", "surrogateescape")
        if key.lower() in ("content-disposition", "content-type") and not raw.isascii():
            part.replace_header(key, decoded_name(raw))
    given = part.get_param("filename", None, "content-disposition") or part.get_param("name")
    if given is None:
        return ""
    pieces = decode_header(collapse_rfc2231_value(given))
    return safe_name("".join(itertools.starmap(_piece, pieces)).strip())


def _piece(piece: str | bytes, charset: str | None) -> str:
    """Decode a piece of a name, one of no known encoding as ``decoded_name`` does."""
    if isinstance(piece, str):
        return piece
    try:
        return piece.decode(wider(charset or ""))
    except (LookupError, UnicodeDecodeError):
        return decoded_name(piece)


FORMAT = Format(suffixes=(".eml", ".mht", ".mhtml", ".mbox"), detect=detect, members=members)
