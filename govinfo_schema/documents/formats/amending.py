"""
Change texts of a file where they stand and nothing else: what the format modules share to do so.

A text that is read may stand in several pieces (the runs of a Word document, the tags of a page),
with others between them that are not shown. ``edits`` finds the characters that have to change.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile
from typing import Final

import attrs

from govinfo_schema.documents.formats import unreadable
from govinfo_schema.documents.formats.format import Amendment
from govinfo_schema.errors import UnreadableFile

_ENTITY: Final = re.compile(r"(?s)&(?:#[0-9]+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);?|.")
_ENDS: Final = r"(?=[1-9][.、．][^0-9\s]|(?![0-9]|[.,、．]\S))"
"""What a row of figures ends before: no figure, unless it is the number of the next label."""
_RANGE: Final = re.compile(r"bytes=([0-9]+)-([0-9]+)")


@attrs.frozen
class Run:
    """
    Characters that stand in one piece: *starts* has the offset in the file at which each begins,
    and that of their end. *seen*: whether nothing says that they are not shown.
    """

    text: str
    starts: Sequence[int]
    seen: bool = True


@attrs.frozen
class Edit:
    """What stands from *begin* to before *end* becomes *text*."""

    begin: int
    end: int
    text: str


def run_of(
    raw: str, begin: int = 0, *, seen: bool = True, pattern: re.Pattern[str] = _ENTITY
) -> Run:
    """
    Make a run of text that stands in markup at an offset; an entity is one character.

    >>> run_of("2&#50;件", 10)
    Run(text='22件', starts=[10, 11, 16, 17], seen=True)
    """
    signs, starts = "", []
    for match in pattern.finditer(raw):
        sign = match[0][1:] if match[0][0] == "\\" and match[0][1:] else html.unescape(match[0])
        signs += sign
        starts += [begin + match.start()] * len(sign)
    return Run(signs, [*starts, begin + len(raw)], seen)


def edits(
    runs: Sequence[Run], amendment: Amendment, escape: Callable[[str], str] = str
) -> list[Edit] | None:
    """
    Find the edits of *runs* that an amendment asks for; None where they do not say what was found,
    which is not empty. White space counts for nothing.

    Only what differs is changed, in the first run that holds a character of it.

    >>> from govinfo_schema.documents.document import NOWHERE
    >>> runs = [run_of("1", 0), run_of("2（其中", 10), run_of("3）", 20)]
    >>> edits(runs, Amendment(NOWHERE, "12（其中3）", "145（其中3）"))
    [Edit(begin=10, end=11, text='45')]
    >>> edits(runs, Amendment(NOWHERE, "12（其中3）", "9（其中3）"))
    [Edit(begin=0, end=1, text='9'), Edit(begin=10, end=11, text='')]
    """
    found, text = amendment.found, amendment.text
    places = _among(runs, amendment) if amendment.rows else _places(runs, _dense(found))
    if places is None:
        return None
    old, new = _dense(found), _dense(text)
    before = _alike(old, new)
    behind = _alike(old[before:][::-1], new[before:][::-1])
    middle = escape(new[before : len(new) - behind])
    changed = places[before : len(old) - behind]
    if not changed:
        # Nothing goes: the new characters join those before them, or else those behind them.
        at = places[before - 1][1] if before else places[0][0]
        return [Edit(at, at, middle)] if middle else []
    (begin, end), *others = changed
    made = [Edit(begin, end, middle)]
    for begin, end in others:
        last = made[-1]
        if begin == last.end:
            made[-1] = attrs.evolve(last, end=end)
        else:
            made.append(Edit(begin, end, ""))
    return made


def _dense(text: str) -> str:
    return "".join(text.split())


def _alike(one: str, other: str) -> int:
    """Count the characters that two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _places(runs: Sequence[Run], found: str) -> list[tuple[int, int]] | None:
    """
    Give the range of each character of a text without white space.

    The text is all of some runs; of several choices, the one that best fits what is known to be
    seen. Where there is none, it stands once within what the runs that are seen say together.
    """
    signs = [
        [
            (sign, (run.starts[at], run.starts[at + 1]))
            for at, sign in enumerate(run.text)
            if not sign.isspace()
        ]
        for run in runs
    ]
    chosen = _chosen(runs, ["".join(sign for sign, _ in own) for own in signs], found)
    if chosen is not None:
        return [place for at in chosen for _, place in signs[at]]
    seen = [pair for run, own in zip(runs, signs, strict=True) if run.seen for pair in own]
    text = "".join(sign for sign, _ in seen)
    if text.count(found) != 1:
        return None
    begin = text.index(found)
    return [place for _, place in seen[begin : begin + len(found)]]


def _among(runs: Sequence[Run], amendment: Amendment) -> list[tuple[int, int]] | None:
    """
    Give the range of each character of one of several figures that stand at one place: the rows
    follow one another, with labels between them.
    """
    signs: list[tuple[str, tuple[int, int]]] = []
    for run in runs:
        if run.seen:
            signs += [
                (sign, (run.starts[at], run.starts[at + 1])) for at, sign in enumerate(run.text)
            ]
    text = "".join(sign for sign, _ in signs)
    row, column = amendment.at
    begin = 0
    for number, texts in enumerate(amendment.rows[: row + 1]):
        if not texts:
            continue
        figures = r"\s*".join(f"({re.escape(each.strip())})" for each in texts)
        match = re.compile(rf"(?<![0-9.,]){figures}{_ENDS}").search(text, begin)
        span = match.span(column + 1) if match and number == row else None
        if match is None and number == row:
            span = _only(text, begin, texts, column)
        if span:
            return [place for sign, place in signs[slice(*span)] if sign.strip()]
        if match is None:
            return None
        begin = match.end()
    return None


def _only(text: str, begin: int, texts: Sequence[str], column: int) -> tuple[int, int] | None:
    """
    Say where a figure stands in a row whose columns are printed in another order: if no other
    figure of the row is equal.
    """
    wanted = sorted(texts)
    words = [*re.compile(r"\S+").finditer(text, begin)]
    for at in range(len(words) - len(texts) + 1):
        own = words[at : at + len(texts)]
        if sorted(word[0] for word in own) == wanted:
            same = [word.span() for word in own if word[0] == texts[column]]
            return same[0] if len(same) == 1 else None
    return None


def _chosen(runs: Sequence[Run], texts: Sequence[str], found: str) -> tuple[int, ...] | None:
    """Choose the runs that together are the text, against as little as can be of what is known."""
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for at, (run, text) in enumerate(zip(runs, texts, strict=True)):
        if not text:
            continue
        after: dict[int, tuple[int, tuple[int, ...]]] = {}
        for length, (cost, own) in best.items():
            left = (cost + run.seen, own)
            after[length] = min(after.get(length, left), left)
            if found.startswith(text, length):
                taken = (cost + (not run.seen), (*own, at))
                end = length + len(text)
                after[end] = min(after.get(end, taken), taken)
        best = after
    return best[len(found)][1] if len(found) in best else None


def edited(text: str, changes: Iterable[Edit]) -> str:
    """
    Make edits, which do not overlap, in a text.

    >>> edited("规章 12 件", [Edit(3, 5, "7"), Edit(6, 6, "多")])
    '规章 7 多件'
    """
    for edit in sorted(changes, key=lambda each: (each.begin, each.end), reverse=True):
        text = text[: edit.begin] + edit.text + text[edit.end :]
    return text


def byte_range(locator: str) -> tuple[int, int] | None:
    """
    Take the range of bytes out of a locator; None where it begins with something else.

    >>> byte_range("bytes=12-15"), byte_range("word/document.xml#/w:document")
    ((12, 15), None)
    """
    match = _RANGE.match(locator)
    return (int(match[1]), int(match[2])) if match else None


def misplaced(found: str) -> UnreadableFile:
    """Make the error of a text that does not stand where it should; the caller names the file."""
    return unreadable("", "misplaced", text=found)


# ---- XML ----------------------------------------------------------------------------------------

_MARKUP: Final = re.compile(
    r"(?s)<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<![^>]*>"
    r"""|<(?P<close>/?)(?P<name>[^\s/>]+)(?:[^"'/>]|"[^"]*"|'[^']*'|/(?!>))*(?P<empty>/?)>"""
)
_DECLARED: Final = re.compile(rb"""^<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)""")


@attrs.frozen
class Element:
    """
    Where an element stands in the text of its file: its start tag, and its end tag; where it has
    none, both are one. *name* as it is written there.
    """

    name: str
    begin: int
    inner: int
    close: int
    end: int

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is one tag only, ``<w:t/>``."""
        return self.close < self.inner


def elements_of(text: str) -> list[Element]:
    """
    List the elements of well-formed XML in document order, as ``Element.iter`` of a tree does.

    >>> text = "<a><b/>12<!-- > --><c x='>'>3</c></a>"
    >>> [(each.name, text[each.inner : each.close]) for each in elements_of(text)]
    [('a', "<b/>12<!-- > --><c x='>'>3</c>"), ('b', ''), ('c', '3')]
    """
    made: list[Element] = []
    open_at: list[int] = []
    for tag in _MARKUP.finditer(text):
        if tag["name"] is None:
            continue
        if tag["close"]:
            at = open_at.pop()
            made[at] = attrs.evolve(made[at], close=tag.start(), end=tag.end())
            continue
        close = tag.start() if tag["empty"] else tag.end()
        made.append(Element(tag["name"], tag.start(), tag.end(), close, tag.end()))
        if not tag["empty"]:
            open_at.append(len(made) - 1)
    return made


def xml_text(data: bytes) -> tuple[str, str]:
    """
    Decode XML, a mark at its beginning included, and name its encoding.

    Raises: UnreadableFile where it cannot be encoded again as it was.
    """
    declared = _DECLARED.match(data)
    wide = next(
        (
            name
            for mark, name in (
                (b"\xff\xfe", "utf-16-le"),
                (b"\xfe\xff", "utf-16-be"),
                (b"<\0", "utf-16-le"),
                (b"\0<", "utf-16-be"),
            )
            if data.startswith(mark)
        ),
        "",
    )
    name = wide or (declared[1].decode("ascii") if declared else "utf-8")
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError) as error:
        raise unreadable("", "damaged_document") from error
    return text, name
