"""
Mails (.eml) and pages that a browser saved as one file (.mht, .mhtml), which are mails too: the page
or the text that is their body, and what is attached.

A page gets back the style sheets and the frames that stand in parts of their own; nothing is
fetched. A part that has one of its own, as a text beside a page, is given once, as the page.
Source: RFC 2045-2047, RFC 2231, RFC 2557.
"""

from __future__ import annotations

import email
import html
import os
import re
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import partial
from typing import Final

from govinfo_schema.documents.formats import bounded, unreadable
from govinfo_schema.documents.formats.archive import decoded_name, safe_name
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
_LINK: Final = re.compile(
    r"""(?is)<link\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)["']?[^>]*>"""
    r"""|<(iframe|frame)\b([^>]*?)\bsrc\s*=\s*["']?([^"'\s>]+)["']?"""
)
"""A style sheet or a frame of a page."""
_NAMES: Final = {"text/html": ".html", "text/plain": ".txt", "message/rfc822": ".eml"}
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
    return known > 1 and (at >= len(head) or head[at : at + 1] in (b"\r", b"\n"))


def members(path: FilePath) -> Iterator[Member]:
    """
    Give the bodies of a mail, pages before texts, and then what is attached to it.

    Raises: UnreadableFile where it is damaged, too long or has too many parts.
    """
    name = os.fspath(path)
    for file_name, part, root in _parts(bounded(path, LIMIT), name):
        is_body = part.get_content_disposition() != "attachment" and not _file_name(part)
        yield Member(file_name, partial(_content, part, root), is_body=is_body)


def page_of(data: bytes) -> bytes:
    """
    Give the page that a mail holds, its frames in it; empty where there is none.

    Raises: UnreadableFile, without a path, as ``members``.
    """
    found = (each for each in _parts(data, "") if each[1].get_content_type() == "text/html")
    for _, part, root in found:
        return _content(part, root)
    return b""


def _parts(data: bytes, name: str) -> list[tuple[str, Message, Message]]:
    """
    List the parts that may be a report: the name of each, the part, and what it refers to.

    Raises: UnreadableFile.
    """
    if data.lower().count(b"boundary=") > MAX_PARTS:
        raise unreadable(name, "too_many_members", limit=MAX_PARTS)
    try:
        message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"))
        found = list(_walk(message, message, 0))
    except _FAULTS as error:
        raise unreadable(name, "damaged_mail") from error
    if len(found) > MAX_PARTS:
        raise unreadable(name, "too_many_members", limit=MAX_PARTS)
    bodies = [each for each in found if not each[0]]
    pages = [each for each in bodies if each[1].get_content_type() == "text/html"]
    named = [(PAGE, *each[1:]) for each in pages]
    named += [(TEXT, *each[1:]) for each in bodies if each not in pages]
    named += [each for each in found if each[0]]
    counts: dict[str, int] = {}
    for at, (own, *rest) in enumerate(named):
        counts[own] = counts.get(own, 0) + 1
        stem, suffix = os.path.splitext(own)  # noqa: PTH122 (a name, no path)
        shown = own if counts[own] == 1 else f"{stem} ({counts[own]}){suffix}"
        named[at] = (shown, *rest)
    return named


def _walk(part: Message, root: Message, nesting: int) -> Iterator[tuple[str, Message, Message]]:
    """
    Give the parts of a mail that may be a report, in their order; a body has no name. *root* is
    what holds the parts that a page refers to.
    """
    kind, inner = part.get_content_type(), part.get_payload()
    if nesting > MAX_NESTING:
        return
    if kind == "message/rfc822" and nesting and isinstance(inner, list):
        yield _file_name(part) or f"mail{_NAMES[kind]}", part, root
    elif not isinstance(inner, list):
        name = _file_name(part)
        attached = part.get_content_disposition() == "attachment"
        if name and (attached or kind not in ("text/html", "text/plain")):
            yield name, part, root
        elif kind in ("text/html", "text/plain"):
            yield f"attachment{_NAMES[kind]}" if attached else "", part, root
        elif kind == "application/xhtml+xml":
            yield PAGE, part, root
        elif attached:
            yield "attachment", part, root
    elif kind == "multipart/related":
        start = _start(part, inner)
        yield from _walk(start, part, nesting + 1)
        # A picture or a frame is part of the page; what has a name to be saved under is not.
        yield from (
            each
            for own in inner
            if own is not start and own.get_content_disposition() == "attachment"
            for each in _walk(own, part, nesting + 1)
        )
    elif kind == "multipart/alternative":
        several = [list(_walk(own, root, nesting + 1)) for own in inner]
        yield from next(
            (
                each
                for each in reversed(several)
                if any(own.get_content_type() != "text/plain" for _, own, _ in each)
            ),
            several[-1] if several else [],
        )
    else:
        for own in inner:
            yield from _walk(own, root, nesting + 1)


def _start(related: Message, parts: list[Message]) -> Message:
    """Give the part that the others belong to: the one that is named, or the first."""
    start = related.get_param("start")
    named = [part for part in parts if start and part.get("Content-ID", "").strip() == start]
    return (named or parts or [related])[0]


def _content(part: Message, root: Message) -> bytes:
    """
    Give the bytes of a part; a page gets its style sheets and frames, and text is UTF-8 where its
    encoding is stated.

    Raises: UnreadableFile, without a path, where it is damaged.
    """
    try:
        if part.get_content_type() == "message/rfc822":
            return part.get_payload(0).as_bytes()  # type: ignore[union-attr, call-arg]
        data = _decoded(part)
        if part.get_content_type() != "text/html":
            return data
        return _framed(data, _related(root), 0) if root.is_multipart() else data
    except _FAULTS as error:
        raise unreadable("", "damaged_mail") from error


def _decoded(part: Message) -> bytes:
    """Take off the transfer encoding, and the encoding of a text where the mail states it."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return b""
    stated = wider(part.get_content_charset() or "") if part.get_content_maintype() == "text" else ""
    if stated and not data.startswith(b"\xef\xbb\xbf"):
        try:
            return b"\xef\xbb\xbf" + data.decode(stated).encode()
        except (UnicodeDecodeError, LookupError):
            return data
    return data


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


def _framed(page: bytes, parts: dict[str, Message], nesting: int) -> bytes:
    """Put the style sheets and frames that a page refers to into it."""
    if nesting > 3 or not parts:
        return page
    mark, encoding = (b"\xef\xbb\xbf", "utf-8") if page[:3] == b"\xef\xbb\xbf" else (b"", "latin-1")
    left = [50]

    def put(link: re.Match[str]) -> str:
        target = html.unescape(link[1] or link[4])
        part = parts.get(target) or next(
            (own for name, own in parts.items() if name.endswith(f"/{target.lstrip('./')}")), None
        )
        if part is None or not left[0]:
            return link[0]
        left[0] -= 1
        kind, data = part.get_content_type(), _decoded(part)
        if link[1]:
            if kind != "text/css":
                return link[0]
            return "<style>" + decoded_of(data).text.replace("</", "<\\/") + "</style>"
        if kind != "text/html":
            return link[0]
        text = html.escape(decoded_of(_framed(data, parts, nesting + 1)).text)
        text = text if encoding == "utf-8" else text.encode("ascii", "xmlcharrefreplace").decode()
        # A set of frames is no body: each frame becomes one.
        return f'<iframe{link[3]}srcdoc="{text}"'

    text = page.removeprefix(mark).decode(encoding)
    return mark + _LINK.sub(put, text).encode(encoding, "xmlcharrefreplace")


def _file_name(part: Message) -> str:
    """Give the name of an attachment, in whatever way it is encoded; empty where it has none."""
    raw = part.get_param("filename", None, "content-disposition") or part.get_param("name")
    if raw is None:
        return ""
    name = collapse_rfc2231_value(raw)
    pieces = [
        piece if isinstance(piece, str) else _piece(piece, charset)
        for piece, charset in decode_header(name)
    ]
    return safe_name(_unescaped("".join(pieces)).strip())


def _piece(piece: bytes, charset: str | None) -> str:
    try:
        return piece.decode(wider(charset) or charset) if charset else _unescaped(
            piece.decode("ascii", "surrogateescape")
        )
    except (LookupError, UnicodeDecodeError):
        return decoded_name(piece)


def _unescaped(name: str) -> str:
    """Decode the bytes of a name that the library kept as halves of pairs."""
    try:
        return decoded_name(name.encode("ascii", "surrogateescape"))
    except UnicodeEncodeError:
        return name


FORMAT = Format(suffixes=(".eml", ".mht", ".mhtml"), detect=detect, members=members)
