"""
Who reports, on which year: title, year, body and date of publication of a document.

Many places say it: the title, the sentence that opens the report, the period, the signature,
labels, metadata, the name of the file. Each gives candidates. What they agree on is taken, a
disagreement is a finding that names both, and what no place says for sure is left open, for the
caller to supply.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, Literal, get_args

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.documents.document import NOWHERE, Block, Document, Grid, Place
from govinfo_schema.documents.logger import LOGGER, is_logged
from govinfo_schema.documents.recognise.items import first_heading
from govinfo_schema.documents.recognise.lines import is_tabular
from govinfo_schema.documents.recognise.names import (
    Title,
    compilers,
    days_in,
    fuller,
    goes_on,
    is_closing,
    is_footer,
    is_furniture,
    is_relative,
    label_kinds,
    labelled,
    may_be_body,
    mentioned,
    named_body,
    of_site,
    one_body,
    property_kind,
    publishes,
    title_in,
    years_in,
)
from govinfo_schema.documents.recognise.sections import is_page_number
from govinfo_schema.errors import NoReport
from govinfo_schema.findings import Finding
from govinfo_schema.form.labels import fold
from govinfo_schema.messages import Label, problem, spoken
from govinfo_schema.report.model import Report

Origin = Literal[
    "label",
    "title",
    "preamble",
    "period",
    "signature",
    "metadata",
    "compiler",
    "link",
    "publisher",
    "site",
    "sheet",
    "file",
]
"""The kinds of places that say something, the one that is believed most first."""
_ORIGINS: Final[tuple[str, ...]] = get_args(Origin)
_SAID: Final = _ORIGINS[: _ORIGINS.index("publisher")]
"""Where the report speaks of itself; what only the others say is taken with a finding."""

OPENING: Final = 400
"""What opens a report stands in so many lines before its first section at most."""
HEADLESS: Final = 60
"""What opens one in which no section has a title."""
_TAIL: Final = 8
"""A signature stands in so many lines at the end,"""
_UNDER: Final = 3
"""The name of the body stands in so many lines below a title without it."""
_NAME: Final = 30
"""and the name in it has so many signs at most,"""
_FOOT: Final = 80
"""and below it so many lines of the page at most."""
_JOINED: Final = 4
"""A title is printed on so many lines at most."""
_FOUR: Final = "(20[0-9]{2}|二[〇○零][〇○零一二三四五六七八九]{2})"
_PERIOD: Final = re.compile(
    rf"{_FOUR}[年./-]0?[1一][月./-]0?[1一](?:日|起|开始)*(?:至|到|-|—|~|–)+"
    rf"(?:{_FOUR}[年./-])?(?:12|十二)[月./-]"
)
_REPORTS: Final = ("报告", "年报", ")")
"""How the last line of a title ends, folded."""
_LAST: Final = "告"
"""What of a title may stand on a line of its own, as the last sign of 报告."""
_YEARLY: Final = 8
"""A line that says the year of a title is no longer."""


@attrs.frozen(kw_only=True)
class Candidate:
    """
    What one place of a document says of the year or of the body, and in which words.

    *sure*: the name ends as the names of bodies do, or is a heading; another one is taken only if
    two kinds of places agree on it.
    """

    value: int | str
    text: str
    origin: Origin
    place: Place = NOWHERE
    sure: bool = True


@attrs.frozen(kw_only=True)
class Who:
    """
    Year and body; None is open. *years* and *bodies* are their candidates, the ones that are
    believed most first, *findings* what is in doubt. *left*: what says that year or body was never
    written where it belongs.
    """

    year: int | None
    body: str | None
    years: tuple[Candidate, ...]
    bodies: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    left: tuple[Label, ...] = ()

    def settled(self) -> tuple[int, str]:
        """
        Give year and body.

        Raises: NoReport, which names what is open and all candidates.
        """
        if self.year is not None and self.body is not None:
            return self.year, self.body
        shown = [
            *(self.years if self.year is None else ()),
            *(self.bodies if self.body is None else ()),
        ]
        values = tuple(dict.fromkeys(str(each.value) for each in shown))[:6]
        notes = [spoken("seen", values=values)] if values else []
        notes += [spoken("left_open", said=each) for each in self.left]
        seen = Label("".join(each.zh for each in notes), "".join(each.en for each in notes))
        if self.year is not None:
            told = problem("no_body", seen=seen)
        elif self.body is not None:
            told = problem("no_year", seen=seen)
        else:
            told = problem("no_year_no_body", seen=seen)
        raise NoReport(told, {"year": self.years, "body": self.bodies})


@attrs.frozen(kw_only=True)
class Particulars:
    """
    What was found around the tables; None is not found. *signature*: the last lines, if they say no
    more than body and date.
    """

    title: str | None
    who: Who
    published_on: date | None
    signature: tuple[str, ...]


@attrs.frozen
class _Line:
    """A line outside the tables of the form; *level* and *role* are those of its paragraph."""

    text: str
    level: int = 0
    role: str = ""
    place: Place = NOWHERE


@attrs.frozen
class _Printed:
    """A title of a report: the lines that it stands on, up to *at*, and where it comes from."""

    title: Title
    line: _Line
    at: int
    origin: Origin = "title"


@attrs.frozen
class _Signature:
    """Body and date below a report: the name may be empty."""

    name: str
    day: date
    lines: tuple[_Line, ...]


def particulars(
    document: Document, name: str = "", *, year: int | None = None, body: str | None = None
) -> Particulars:
    """
    Find title, year, body and date of publication.

    *name* is that of the file. *year* and *body* are the caller's and go before what is found.
    """
    lines = [*_lines(document.blocks)]
    start = first_heading([line.text for line in lines])
    opening = lines[max(0, (start or 0) - OPENING) : HEADLESS if start is None else start]
    rest = lines[-_TAIL:] if start is None else lines[start:]
    told = [*_told(document, opening)]
    titles = [*_titles(document, opening)]
    after = max((each.at for each in titles), default=len(opening)) + 1
    signature = _signature(rest) or _signature(opening[after:])
    author = _author(opening[after : after + _UNDER])
    said = [*_stated(opening, rest, told), *_signed(signature)]
    if not signature and not any(each.title.body for each in titles if each.origin == "title"):
        said += author
    dated = [*_days(told), *([signature.day] if signature else [])]
    alone = [day for line in opening if (day := _day_alone(line.text))]
    days = [*dated, *_last_days(rest), *alone]
    best, rivals = _best(titles, said, days)
    others = [*said, *_of_titles([each for each in titles if each.origin == "metadata"])]
    links = [attrs.evolve(each, origin="link") for each in rivals]
    known = [*_of_titles([*best, *links]), *others, *_elsewhere(document, told, name)]
    known.sort(key=lambda each: _ORIGINS.index(each.origin))
    years = tuple(each for each in known if isinstance(each.value, int))
    bodies = tuple(each for each in known if isinstance(each.value, str))
    who = agreed(years, bodies, days, year=year, body=body)
    if is_logged():
        seen = [f"{each.origin} {each.value!r}" for each in (*who.years, *who.bodies)]
        LOGGER.debug("year %s, body %r, of: %s", who.year, who.body, "; ".join(seen))
    if year is None:
        who = attrs.evolve(who, findings=(*who.findings, *_too_early(who, [*dated, *alone])))
    published = next((day for day in days if who.year is None or day.year > who.year), None)
    who = attrs.evolve(who, left=tuple(_left(document, who)))
    return Particulars(
        title=best[0].title.text if best else None,
        who=who,
        published_on=published,
        signature=_below(rest, signature, who.body, published),
    )


def _left(document: Document, who: Who) -> Iterator[Label]:
    """Name the hints of an empty form that stand where year or body should."""
    texts = "".join(each.text for each in document.asides if each.kind == "placeholder")
    for field in ("body", "year"):
        hint = read_data("readings")["hints"][field]
        if getattr(who, field) is None and hint in texts:
            yield spoken(f"left_open.{field}", hint=hint)


# ---- the lines around the tables ----------------------------------------------------------------


def _lines(blocks: Iterable[Block]) -> Iterator[_Line]:
    """Give the lines of a document; of its tables the rows that are no row of the form."""
    for block in blocks:
        if isinstance(block, Grid):
            yield from () if block.hidden else _rows(block)
        elif not is_page_number(block.text):
            for text in block.text.splitlines():
                if text.strip():
                    yield _Line(text.strip(), block.level, block.role, block.place)


def _rows(grid: Grid) -> Iterator[_Line]:
    """Give each row with one text, and of a table that is none of the form the others too."""
    form = is_tabular("".join(span.text for span in grid.spans))
    labels = label_kinds()
    for row in grid.rows():
        printed = [span for span in row if span.text.strip()]
        if printed and (len(printed) == 1 or not form):
            texts = [" ".join(span.text.split()) for span in printed]
            marked = [f"{text}：" if fold(text) in labels else text for text in texts]
            yield _Line("　".join(marked), place=printed[0].place)


def _own(line: _Line) -> bool:
    """Tell whether a line may belong to the report: no menu, no button, no other page."""
    return not line.role and not is_furniture(line.text)


# ---- titles -------------------------------------------------------------------------------------


def _titles(document: Document, opening: Sequence[_Line]) -> Iterator[_Printed]:
    """Find the titles that a document prints, and those of its metadata."""
    lines = [_unlabelled(line) for line in opening]
    found = [*_printed_titles([line if _may_entitle(line) else _Line("") for line in lines])]
    yield from found or _printed_titles(lines)
    named = [value for key, value in document.properties if property_kind(key) == "title"]
    for text in dict.fromkeys((document.title, *named)):
        if title := title_in(text):
            yield _Printed(title, _Line(text), -1, "metadata")


def _may_entitle(line: _Line) -> bool:
    """Tell whether a line may be a part of a title; 政府信息公开年报 is one and a menu too."""
    return _own(line) or (not line.role and fold(line.text).endswith(_REPORTS))


def _unlabelled(line: _Line) -> _Line:
    """Take the labels from a line that tells the title too."""
    for kind, value in labelled(line.text):
        text = value if kind == "title" else value.partition(" ")[2]
        if (kind == "title" and text) or title_in(text):
            return attrs.evolve(line, text=text)
    return line


def _printed_titles(lines: Sequence[_Line]) -> Iterator[_Printed]:
    """
    Find the lines that are the title of a report; lines are joined where only that makes it whole.
    """
    for at, line in enumerate(lines):
        title = title_in(line.text)
        is_rest = fold(line.text) == _LAST and at > 0
        if title is None and not is_rest and not fold(line.text).endswith(_REPORTS):
            continue
        joined = [*_joined(lines, at)]
        if title and title.complete:
            # A name that may go on from the line before is not sure.
            torn = bool(joined) and (
                is_relative(title.body) or goes_on(joined[0][1].text, title.body) is None
            )
            longest = _longest([(title, line), *joined], line.level) or title
            yield _Printed(attrs.evolve(longest, sure=not torn), line, at)
        elif whole := _longest(joined, line.level) or (title and _dated(title, lines, at)):
            first = lines[at - 1] if at and not line.level else line
            yield _Printed(whole, first if first.level else line, at)


def _dated(title: Title, lines: Sequence[_Line], at: int) -> Title | None:
    """Give a title that names no year that of the line before or behind it, if it is one."""
    for line in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]):
        years = (
            years_in(fold(line.text)) if title.year is None and len(line.text) <= _YEARLY else []
        )
        if years and not re.search(
            "[^0-9〇○零一二三四五六七八九年度()\\[\\]〔〕]", fold(line.text)
        ):
            return attrs.evolve(title, year=years[0])
    return title if title.year is not None or title.several or title.body else None


def _joined(lines: Sequence[_Line], at: int) -> Iterator[tuple[Title, _Line]]:
    """
    Join a line with those before it, the fewest first, where they make one whole title; give also
    the first of them.
    """
    for count in range(2, _JOINED + 1):
        parts = [line.text for line in lines[max(0, at - count + 1) : at + 1]]
        first = title_in(parts[0]) if len(parts) == count else None
        if len(parts) < count or not parts[0] or (first and first.year):
            return
        text = "".join(parts)
        title = title_in(text)
        if title and title.complete and fold(title.text) == fold(text):
            yield title, lines[at - count + 1]


def _longest(joined: Iterable[tuple[Title, _Line]], level: int) -> Title | None:
    """Choose the title on the fewest lines, or on more if its name begins on the line before."""
    longest: Title | None = None
    for title, first in joined:
        if longest and not (first.level == level and goes_on(first.text, longest.body)):
            break
        longest = title
    return longest


def _best(
    titles: Sequence[_Printed], said: Sequence[Candidate], days: Sequence[date]
) -> tuple[list[_Printed], list[_Printed]]:
    """
    Choose the title that most speaks for: headings, metadata, what the report says of itself; of
    equals the one nearest to the first section.

    Returns: that one, if there is any; and its equals that say another thing. None that the first
    sentences of the report contradict is chosen, if nothing else speaks for it.
    """
    metadata = [each.title for each in titles if each.origin == "metadata"]
    years = {each.value for each in said if isinstance(each.value, int)}
    names = {each.origin: str(each.value) for each in said if isinstance(each.value, str)}
    opened = [name for origin, name in names.items() if origin in ("label", "preamble")]

    def weight(each: _Printed) -> int:
        title, printed = each.title, each.origin == "title"
        named = title.sure and [one_body(title.body, name) for name in names.values()]
        support = sum(
            (
                4 * (each.line.level == 1),
                3 * (printed and any(_agree(title, other) for other in metadata)),
                2 * (title.year in years or (title.year is None and bool(years))),
                2 * any(named or ()),
                any(title.year in (None, day.year - 1) for day in days),
            )
        )
        foreign = title.sure and opened and not any(one_body(title.body, name) for name in opened)
        return support - 6 * bool(foreign) + printed

    weights = [weight(each) for each in titles]
    heaviest = [each for each, own in zip(titles, weights, strict=True) if own == max(weights)]
    best = [max(heaviest, key=lambda each: each.at)] if heaviest and max(weights) >= 0 else []
    rivals = [each for each in heaviest if not best or not _agree(each.title, best[0].title)]
    nameless = {each.title.year for each in heaviest if not each.title.body}
    if best and not best[0].title.body and len(nameless) > 1:
        return [], heaviest
    return best, rivals


def _agree(one: Title, other: Title) -> bool:
    """Tell whether two titles name the same year and the same body."""
    return one.year == other.year and (
        one_body(one.body, other.body) if one.body and other.body else one.body == other.body
    )


def _of_titles(titles: Iterable[_Printed]) -> Iterator[Candidate]:
    """Give what titles say."""
    for each in titles:
        title = each.title
        said: list[int | str] = [title.year] if title.year is not None else []
        for value in [*said, *filter(None, [title.body])]:
            yield Candidate(
                value=value,
                text=title.text,
                origin=each.origin,
                place=each.line.place,
                sure=isinstance(value, int) or title.sure or each.line.level == 1,
            )
        for year in title.several:
            yield Candidate(
                value=year, text=title.text, origin=each.origin, place=each.line.place, sure=False
            )


# ---- what else says it --------------------------------------------------------------------------


def _told(document: Document, opening: Sequence[_Line]) -> Iterator[tuple[str, str, _Line]]:
    """Go through what labels and metadata tell: the kind, the value, and the line."""
    for line in opening:
        for kind, value in labelled(line.text) if line.role != "link" else ():
            yield kind, value, line
    for key, value in document.properties:
        yield property_kind(key), value, _Line(value)


def _stated(
    opening: Sequence[_Line], rest: Sequence[_Line], told: Sequence[tuple[str, str, _Line]]
) -> Iterator[Candidate]:
    """Go through what a report says of itself: by labels, in its first sentences, as its period."""
    for kind, value, line in told:
        years = years_in(fold(value)) if kind == "year" else []
        if kind in ("body", "compiler") and value and "\ufffd" not in value:
            name = named_body(value) or value
            origin: Origin = "label" if kind == "body" else "compiler"
            yield Candidate(value=name, text=line.text, origin=origin, place=line.place)
        if years:
            yield Candidate(value=years[0], text=line.text, origin="label", place=line.place)
    for line in [line for line in opening if _own(line)] + [*rest[1:2]]:
        if re.search("[。，,：:]", line.text):
            yield from _opened(line)
    for line in (*opening, *rest):
        match = _PERIOD.search(fold(line.text)) if "月" in line.text or "期" in line.text else None
        if match and match[2] in (None, match[1]):
            (year,) = years_in(f"{match[1]}年")
            yield Candidate(value=year, text=line.text, origin="period", place=line.place)
            return


def _opened(line: _Line) -> Iterator[Candidate]:
    """Go through what a sentence says of the report that it opens."""
    for said in mentioned(line.text):
        values: list[int | str] = [said.year] if said.year else []
        for own in [*values, *filter(None, [said.body])]:
            yield Candidate(value=own, text=line.text, origin="preamble", place=line.place)
    for name, sure in compilers(line.text):
        yield Candidate(value=name, text=line.text, origin="compiler", place=line.place, sure=sure)


def _elsewhere(
    document: Document, told: Sequence[tuple[str, str, _Line]], name: str
) -> Iterator[Candidate]:
    """Go through what is said beside the report: who publishes it, its site, sheets and file."""
    for kind, value, line in told:
        if kind in ("publisher", "source") and publishes(value):
            yield Candidate(
                value=named_body(value),
                text=line.text,
                origin="publisher",
                place=line.place,
                sure=kind == "publisher",
            )
        if kind == "site" and (named := of_site(value)):
            yield Candidate(value=named, text=value, origin="site", place=line.place)
    places = [
        block.spans[0].place if isinstance(block, Grid) else block.place
        for block in document.blocks
        if not isinstance(block, Grid) or block.spans
    ]
    for sheet in dict.fromkeys(place.sheet for place in places if place.sheet):
        yield from _in_name(sheet, "sheet", Place(sheet=sheet))
    yield from _in_name(name, "file", NOWHERE)


def _in_name(name: str, origin: Origin, place: Place) -> Iterator[Candidate]:
    """Find year and body in the name of a file or a sheet."""
    title = title_in(name)
    parts = [part for part in re.split(r"[-_.\s()（）\[\]【】、,，+]+", name) if part]
    years = [title.year] if title and title.year else years_in(" ".join(map(fold, parts)))
    bodies = [title.body] if title and title.sure else [*filter(None, map(named_body, parts))]
    values: list[int | str] = [*years, *bodies]
    for value in dict.fromkeys(values):
        yield Candidate(value=value, text=name, origin=origin, place=place)


# ---- the end of a report ------------------------------------------------------------------------


def _signature(lines: Sequence[_Line]) -> _Signature | None:
    """Find body and date at the end: on one line, or on the last two."""
    own = [line for line in lines[-_FOOT:] if _own(line) and not is_footer(line.text)][-_TAIL:]
    for at in range(len(own) - 1, -1, -1):
        line = own[at]
        text = fold(line.text)
        day, start, end = next(iter([*days_in(text)][-1:]), (None, 0, 0))
        if day is None or text[end:] not in ("", ")"):
            continue
        if start <= 1 and at:
            name, stands = own[at - 1].text, own[at - 1 : at + 1]
        else:
            name = re.split("20[0-9]{2}|二[〇○零]", line.text)[-2].split("。")[-1]
            stands = [line] if line.text.startswith(name) else []
        name = "".join(name.strip("（）() \u3000").split())
        if may_be_body(fold(name)) and len(name) <= _NAME and not re.match("年|[月日][0-9]", name):
            return _Signature(name, day, tuple(stands))
    return None


def _author(lines: Sequence[_Line]) -> Iterator[Candidate]:
    """Find the name of a body right below a title that has none, alone on its line."""
    for line in lines:
        name = named_body(line.text.strip("（）()")) if _own(line) else ""
        if name:
            yield Candidate(value=name, text=line.text, origin="signature", place=line.place)
            return


def _signed(signature: _Signature | None) -> Iterator[Candidate]:
    if signature:
        yield Candidate(
            value=signature.name,
            text=signature.name,
            origin="signature",
            place=signature.lines[0].place if signature.lines else NOWHERE,
            sure=bool(named_body(signature.name)),
        )


def _days(told: Iterable[tuple[str, str, _Line]]) -> Iterator[date]:
    """Give the dates of publication that labels and metadata tell."""
    for kind, value, _ in told:
        if kind == "published":
            yield from (day for day, _, _ in [*days_in(fold(value))][:1])


def _day_alone(text: str) -> date | None:
    """Give the date that a line says and nothing else but a time."""
    line = fold(text)
    for day, start, end in days_in(line) if len(line) <= 20 else ():
        if not re.search("[^0-9:()]", line[:start] + line[end:]):
            return day
    return None


def _last_days(lines: Sequence[_Line]) -> Iterator[date]:
    """Give the dates that end one of the last lines."""
    for line in reversed([line for line in lines[-_FOOT:] if _own(line)][-_TAIL:]):
        text = fold(line.text)
        yield from (day for day, _, end in [*days_in(text)][-1:] if end >= len(text) - 1)


def _below(
    rest: Sequence[_Line], signature: _Signature | None, body: object, published: date | None
) -> tuple[str, ...]:
    """Give the lines of a signature that says nothing that the report does not hold."""
    own = [line for line in rest[-_FOOT:] if not is_footer(line.text)]
    while own and is_closing(own[-1].text):
        own.pop()
    own = own[-len(signature.lines) :] if signature else []
    if not signature or tuple(own) != signature.lines:
        return ()
    same = signature.day == published and isinstance(body, str) and one_body(signature.name, body)
    return (
        tuple(line.text for line in own) if same and len(signature.name) <= len(str(body)) else ()
    )


# ---- what they agree on -------------------------------------------------------------------------


def agreed(
    years: Sequence[Candidate],
    bodies: Sequence[Candidate],
    days: Sequence[date] = (),
    *,
    year: int | None = None,
    body: str | None = None,
) -> Who:
    """
    Settle year and body by their candidates, which come in the order in which they are believed.

    *days* are those at which the report may have been published. What the caller gives is settled;
    where the document is sure of another, a finding names both.
    """
    findings: list[Finding] = []
    possible = [*_possible(years, days)]
    own = [each for each in bodies if each.origin != "site"]
    names = [str(each.value) for each in bodies if each.origin != "link"]
    if year is not None:
        findings += _given("year", year, possible)
    else:
        first, doubts = _agreed("year", possible)
        year = first if isinstance(first, int) else None
        findings += doubts
    if body is not None:
        findings += _given("body", body, own, names)
    else:
        named, doubts = _agreed("body", own, names)
        body = named if isinstance(named, str) else None
        findings += doubts
    return Who(
        year=year, body=body, years=tuple(years), bodies=tuple(bodies), findings=tuple(findings)
    )


def said_in_title(text: str, origin: Origin, place: Place) -> Iterator[Candidate]:
    """Give what a title says of year and body."""
    title = title_in(text)
    if title:
        yield from _of_titles([_Printed(title, _Line(text, place=place), 0, origin)])


def _possible(years: Iterable[Candidate], days: Sequence[date]) -> Iterator[Candidate]:
    """Pass over the years of names of files and sheets in which the report was published."""
    for each in years:
        if each.origin in _SAID or not any(day.year <= int(each.value) for day in days):
            yield each


def _agreed(
    field: Literal["year", "body"], candidates: Sequence[Candidate], names: Sequence[str] = ()
) -> tuple[int | str | None, list[Finding]]:
    """
    Take what the candidates agree on: the one that is believed most, with a finding for the first
    that contradicts it. What is only said beside the report is taken if all of one kind say it.
    A body is called by the fullest of *names*.
    """
    sure = [each for each in candidates if each.sure or _is_confirmed(each, candidates)]
    for origin in _ORIGINS:
        own = [each for each in sure if each.origin == origin]
        if not own or origin == "link":
            continue
        first = own[0]
        if isinstance(first.value, str):
            first = attrs.evolve(first, value=fuller(first.value, names))
        others = [each for each in candidates if not _same(first, each)]
        if origin in _SAID:
            other = next((each for each in others if each.sure and each.origin in _SAID), None)
            return first.value, [_disagreement(field, _said(first), _said(other))] if other else []
        if all(each.origin not in (*_SAID, origin) for each in others):
            return first.value, [_taken(field, first)]
        return None, []
    return None, []


def _too_early(who: Who, days: Sequence[date]) -> Iterator[Finding]:
    """Name a date of publication before the end of the year, if there is no later one."""
    year = who.year
    first = next((each for each in who.years if each.value == year), None)
    if year and first and days and max(days) < date(year, 12, 31):
        yield Finding(
            code="R-YEAR",
            level="warning",
            operands={
                "one": spoken(f"origin.{first.origin}"),
                "first": year,
                "other": spoken("origin.published"),
                "second": max(days).isoformat(),
            },
        )


def _is_confirmed(candidate: Candidate, candidates: Iterable[Candidate]) -> bool:
    """Tell whether another kind of place says the same."""
    return any(
        each.origin != candidate.origin and _same(candidate, each)
        for each in candidates
        if each.origin != "file"
    )


def _same(one: Candidate, other: Candidate) -> bool:
    return _equal(one.value, other.value)


def _equal(one: int | str, other: int | str) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one_body(one, other)
    return one == other


def _given(
    field: Literal["year", "body"],
    value: int | str,
    candidates: Sequence[Candidate],
    names: Sequence[str] = (),
) -> Iterator[Finding]:
    """Name what a document surely says where the caller gives another."""
    said, doubts = _agreed(field, candidates, names)
    first = next((each for each in candidates if each.value == said and not doubts), None)
    if first and not _equal(first.value, value):
        yield _disagreement(field, (spoken("origin.given"), value), _said(first))


def stated_otherwise(report: Report, year: int | None, body: str | None) -> Iterator[Finding]:
    """
    Name year and body that a caller gives for a file which states others; those of the file are
    taken.
    """
    for field, stated, given in (("year", report.year, year), ("body", report.body.name, body)):
        if given is not None and not _equal(stated, given):
            file = (spoken("origin.report"), stated)
            yield _disagreement(field, file, (spoken("origin.given"), given))


def _said(candidate: Candidate) -> tuple[Label, int | str]:
    return spoken(f"origin.{candidate.origin}"), candidate.value


def _disagreement(
    field: str, first: tuple[Label, int | str], second: tuple[Label, int | str]
) -> Finding:
    operands = dict(zip(("one", "first", "other", "second"), (*first, *second), strict=True))
    code = "R-YEAR" if field == "year" else "R-BODY"
    return Finding(code=code, level="warning", operands=operands)


def _taken(field: str, candidate: Candidate) -> Finding:
    return Finding(
        code="R-NAMED",
        level="info",
        operands={
            "field": spoken(f"particular.{field}"),
            "one": spoken(f"origin.{candidate.origin}"),
            "text": candidate.text,
            "value": candidate.value,
        },
    )
