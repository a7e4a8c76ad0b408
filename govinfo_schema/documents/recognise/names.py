"""
The titles of reports and the names of bodies in a line of text.

``particulars`` asks here what a line says of year and body, and weighs what several lines say. The
words stand in ``data/readings.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, Final, Literal

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.recognise.sections import folded
from govinfo_schema.form.labels import fold

_CHINESE: Final = str.maketrans(
    "〇○◯零Oo一二三四五六七八九壹贰叁肆伍陆柒捌玖", "000000123456789123456789"
)
_DIGITS: Final = "[〇○◯零Oo0一二三四五六七八九壹贰叁肆伍陆柒捌玖]"
_YEAR: Final = re.compile(
    rf"[(\[〔【]?(?:(?<![0-9])(20[0-9]{{2}})(?![0-9])|([二贰][〇○◯零Oo0]{_DIGITS}{{2}}))"
    r"(?![-./][0-9]|年[0-9一二三四五六七八九十]{1,2}月|[)\]〕】](?:第)?[0-9]+号)"
    r"(?:年度|年|度)?[)\]〕】]?"
)
_SHORT_YEAR: Final = re.compile("(?<![0-9])([12][0-9])年度?(?![0-9])")
"""A year by its last two digits; only a title without another one is asked for it."""
_SEVERAL: Final = re.compile(
    rf"(20[0-9]{{2}}|[二贰][〇○◯零Oo0]{_DIGITS}{{2}})年?度?[-—–~、,/和与及至到暨]{{1,2}}"
    rf"(20[0-9]{{2}}|[二贰][〇○◯零Oo0]{_DIGITS}{{2}})(?![0-9])年?度?"
)
"""Two years that a title names as its own."""
_DAY: Final = re.compile(
    r"(20[0-9]{2})[年./-]([0-9]{1,2})[月./-]([0-9]{1,2})日?|"
    rf"([二贰][〇○◯零Oo0]{_DIGITS}{{2}})年([一二三四五六七八九十]{{1,2}})月([一二三四五六七八九十]{{1,3}})日"
)
_REPORT: Final = re.compile(
    r"(?:政府|政务)?(?:信息公开|政务公开|信息主动公开|主动公开信息)"
    r"(?!(?:工作)?(?:办(?![理结法])|中心|科|处(?!理)|股|领导小组))"
    r"(?:[^,。;:>|《》]{0,12}?(?:年度报告|报告|年报|报表)|[^,。;:>|《》]{0,12}?年度(?:工作)?总结)"
    r"(?:[(\[〔【](?:20[0-9]{2}|二[^)]{3})年?度?[)\]〕】])?"
    r"|年度(?:工作)?(?:报告|年报)|年报"
)
_SUBJECT: Final = re.compile("信息公开|政务公开|信息主动公开|主动公开信息")
_LEAD: Final = re.compile(
    r"附[件表录][0-9一二三四五六七八九十]{0,2}[:.、]?|"
    r"20[0-9]{2}[年./-][0-9]{1,2}[月./-][0-9]{1,2}日?(?:[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?|"
    r"[^\s,。:《》>]{1,12}?[〔\[(【]20[0-9]{2}[〕\])】](?:第)?[0-9]+号|"
    r"[\[【(]?字[体号][:]?[【\[(]?[大中小]{0,3}[\]】)]*|\[[^\]0-9二]{0,8}\]|【[^】0-9二]{0,8}】|[#*•·◆■●★☆>]+|"
    r"第?[一二三四五六七八九十][、.]|[0-9]{1,2}[、.)](?![0-9])|\([0-9]{1,2}\)"
)
_EDGE: Final = re.compile(r"[>»›→|_/《“\"\\]|(?<![0-9]):|:(?![0-9])|-{2,}")
_QUOTES: Final = ':“"《'
_NOTICE: Final = re.compile(r"关于(?:印发|公布|发布|公开|报送|转发|做好|编制)|转发|批转|印发")
_FORWARDED: Final = ("转发", "批转")
"""The last words of a notice of another body's report."""
_GLUED: Final = re.compile(r"(.+?[省市县区州盟旗镇乡])(?:人民政府|政府)?(?=\1.)")
"""The name of a site or a place, and behind it that of a body of the same place."""
_BEHIND: Final = re.compile(r"(?:[—–]{2,}|-{2,})([^-—–()]{2,40})$")
"""A name behind a title and a dash."""
_ENDED: Final = re.compile(
    r"[\s(（\[【〔《》<>|_/\-—–“”\"★☆*#]|[一1][、.]|20[0-9]{2}[-./年]|的?(?:通知|公告|公示|函)|"
    r"(?:正式|已)?(?:发布|公布|公开|出炉)\s*$|\.[a-zA-Z]{3,4}$"
)
_SEAL: Final = re.compile(r"[(（][^()（）]{0,3}章[^()（）]{0,2}[)）]\s*$")
_DATED: Final = re.compile(rf"[0-9]{{4}}|{_DIGITS}{{2,}}年")
_CUT: Final = re.compile('[,。;:!?《》<>“”"、]')
_BOUND: Final = re.compile(r"[\s:：|｜>＞》】\])）]")
"""What parts the name of something on a page from what follows it."""
_ATTACHED: Final = re.compile(
    r"附件[0-9一二三四五]?[:.、].*\.(?i:docx?|wps|pdf|ofd|xlsx?|et|zip|rar)"
)
"""A file that a page leads to."""
_TORN: Final = 2
"""The end of a name that was torn is no longer, if nothing else tells that it was."""
_FOOTER: Final = 80
"""A line below an article has so many signs at most."""
_PAUSE: Final = re.compile("[,。;:!?]")
_LONGEST: Final = 70
"""A title has so many signs at most,"""
_MOST: Final = 40
"""and so many names of reports are looked at on a line."""
_BRACKET: Final = re.compile(r"[(\[〔【]([^()\[\]〔〕【】]{2,40})[)\]〕】]")
_PLACE: Final = re.compile("[省市县区州盟旗镇乡]")
_REGION: Final = re.compile("(?<=[省市县区州盟旗镇乡])(?:人民政府|政府)?$")
"""How the name of a place or its government ends."""
_SIGNS: Final = re.compile(r"[^\w()·\-—]|[\ufffd\ue000-\uf8ff□_]")

LabelKind = Literal[
    "title", "body", "compiler", "publisher", "source", "year", "published", "other"
]


@attrs.frozen
class Title:
    """
    The title of a report in a line: the *text* as printed, the year and the body that it names.

    *body* is empty if none is named; *sure* if it ends as the names of bodies do. *several* are
    the years of a title that names more than one as its own.
    """

    text: str
    year: int | None = None
    body: str = ""
    sure: bool = False
    several: tuple[int, ...] = attrs.field(default=(), repr=False)

    @property
    def complete(self) -> bool:
        """Whether it names both year and body, and the body for sure."""
        return self.year is not None and self.sure


def title_in(text: str) -> Title | None:
    """
    Find the title of a report in a line that is no sentence.

    >>> title_in("首页 > 政务公开 > 某市某局2024年政府信息公开工作年度报告")
    Title(text='某市某局2024年政府信息公开工作年度报告', year=2024, body='某市某局', sure=True)
    >>> title_in("二〇二四年度某镇人民政府信息公开年报").body
    '某镇人民政府'
    >>> title_in("某局2024年政府信息公开年报由六个部分组成。") is None
    True
    """
    line = fold(text)
    matches = [*islice(_REPORT.finditer(line), _MOST)]
    if not matches:
        return None
    places = folded(text)[1]
    titles = [title for match in matches if (title := _title(text, line, places, match))]
    return max(reversed(titles), key=_completeness, default=None)


def years_in(text: str) -> list[int]:
    """Name the years of a folded text that are no part of a date or of the number of a document."""
    return [_year(match) for match in _YEAR.finditer(text)]


def days_in(text: str) -> Iterator[tuple[date, int, int]]:
    """Go through the dates of a folded text: each with its start and end."""
    for match in _DAY.finditer(text):
        year, month, day = (
            match.groups()[:3] if match[1] else [_number(part) for part in match.groups()[3:]]
        )
        try:
            yield date(int(year), int(month), int(day)), match.start(), match.end()
        except ValueError:
            continue


def is_body(name: str) -> bool:
    """
    Tell whether a folded text is the name of a body: it ends as such names do, and holds nothing of
    what stands around titles.

    >>> [is_body(name) for name in ("某市人民政府", "导航", "首页>某市", "附件2", "现将我局")]
    [True, False, False, False, False]
    """
    words = _words()
    plain = re.sub(r"\([^()]*\)$", "", name)
    return may_be_body(name) and bool(words.ending.search(plain)) and plain not in words.whole


def may_be_body(name: str) -> bool:
    """Tell whether nothing in a folded text speaks against its being the name of a body."""
    words = _words()
    return (
        2 <= len(name) <= 50
        and not _SIGNS.search(name)
        and name.count("(") == name.count(")")
        and not words.foreign.search(name)
        and not words.pronoun.match(name)
        and not _DATED.search(name)
        and name not in words.navigation
    )


def one_body(one: str, other: str) -> bool:
    """
    Tell whether two names are of one body: 某县 and 某县人民政府, a government and its office, a
    name with its place before it and without, a name and its abbreviation.

    >>> one_body("某县", "某县人民政府"), one_body("某局", "某市某局"), one_body("甲局", "乙局")
    (True, True, False)
    """
    first, second = sorted((_key(one), _key(other)), key=len)
    if first == second:
        return True
    if second.startswith(first) and _words().office.fullmatch(second[len(first) :]):
        return True
    if second.endswith(first) and _PLACE.search(second[: -len(first)]):
        return True
    left = [*first]
    dropped = [sign for sign in second if not (left and sign == left[0] and left.pop(0))]
    return (
        not left
        and len(first) >= 3
        and first[-1] == second[-1]
        and not _PLACE.search("".join(dropped))
    )


def fuller(name: str, names: Sequence[str]) -> str:
    """
    Give the fullest of the names that some places give to one body, the ones that are believed most
    first: 某县人民政府 for 某县, and with its place a name that begins without one.

    >>> fuller("某县", ["某县人民政府", "某县人民政府办公室"]), fuller("市某局", ["某市某局"])
    ('某县人民政府', '某市某局')
    >>> fuller("教育局", ["教育局", "某县教育局"]), fuller("某县教育局", ["某市某县教育局"])
    ('某县教育局', '某县教育局')
    """
    name = max((name, *(other for other in names if _key(other) == _key(name))), key=len)
    bare = fold(name)
    relative = is_relative(bare)
    if has_place(bare) and not relative:
        return name
    longer = [other for other in names if fold(other).endswith(bare) and fold(other) != bare]
    placed = [other for other in longer if relative or _PLACE.search(fold(other)[: -len(bare)])]
    return max((other for other in placed if one_body(other, placed[0])), key=len, default=name)


def has_place(name: str) -> bool:
    """Tell whether a name says of which place its body is."""
    return bool(_PLACE.search(fold(name)[:-1]))


def goes_on(text: str, name: str) -> bool | None:
    """
    Tell whether a name of a body goes on from the text before it: from that of its place, or from
    one that has its place and is no name; None if that may be, but the name may also be whole.

    >>> goes_on("某县", "教育局"), goes_on("某县教", "育局"), goes_on("通知", "教育局")
    (True, True, False)
    >>> goes_on("某县概况", "教育局") is None
    True
    """
    line = fold(text)
    if has_place(name) or not may_be_body(line) or _words().menu.search(line):
        return False
    if _PLACE.search(line[-1]):
        return True
    torn = has_place(line) and not is_body(line)
    return (len(fold(name)) <= _TORN or None) if torn else False


def mentioned(text: str) -> Iterator[Title]:
    """
    Find the reports, with year and body, that a sentence says to be the one that it opens.

    >>> [(each.year, each.body) for each in mentioned("现公布某区某局2024年政府信息公开年报。")]
    [(2024, '某区某局')]
    >>> [*mentioned("参照某区某局2022年政府信息公开年报的格式编制本报告。")]
    []
    """
    line, places = folded(text)
    words = _words()
    for match in islice(_REPORT.finditer(line), _MOST):
        if not _SUBJECT.search(match[0]) or _is_another(line, match):
            continue
        first = max(0, match.start() - _LONGEST)
        start = max((cut.end() for cut in _CUT.finditer(line, first, match.start())), default=first)
        start = max((start, *(v.end() for v in words.verb.finditer(line, start, match.start()))))
        said = _said(line, start, match)
        if said:
            pieces = said.pieces if said.sure else []
            body = "".join(_printed(text, places, piece) for piece in pieces)
            if body or said.year:
                yield Title("", said.year, body, bool(body))


def compilers(text: str) -> Iterator[tuple[str, bool]]:
    """
    Find the bodies that a sentence says to have compiled the report, and whether it is theirs: an
    office compiles that of its body.

    >>> [*compilers("根据《条例》，本报告由某市某局编制。")]
    [('某市某局', True)]
    >>> [*compilers("本报告由某局办公室编制。")]
    [('某局办公室', False)]
    """
    line, places = folded(text)
    for match in islice(_words().maker.finditer(line), _MOST):
        piece = _trimmed(line, match.start("body"), match.end("body"))
        name = line[slice(*piece)] if piece else ""
        if piece and is_body(name) and not is_relative(name):
            yield _printed(text, places, piece), not is_office(name)


def is_office(name: str) -> bool:
    """Tell whether a name is that of a body and of an office in it."""
    line = fold(name)
    return not line.endswith("政府") and any(
        _words().office.fullmatch(line, at) and is_body(line[:at]) for at in range(2, len(line))
    )


def labelled(text: str) -> Iterator[tuple[LabelKind, str]]:
    """
    Go through what a line tells by labels: 发布机构：某局 发布时间：2025-01-26.

    >>> [*labelled("发布机构：某局 发布时间：2025-01-26")]
    [('publisher', '某局'), ('published', '2025-01-26')]
    """
    if ":" not in text and "：" not in text:
        return
    found = [*_words().label.finditer(text)]
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):
        value = text[match.end() : end].strip(" \t\u3000|【】[]")
        yield _words().kinds[fold(match[1])], value


def is_furniture(text: str) -> bool:
    """
    Tell whether a line belongs to the page and not to the report: menus, buttons, other pages.
    """
    line = fold(text)
    return line in _words().navigation or bool(
        len(line) <= 60 and "。" not in line and _words().furniture.match(line)
    )


def is_footer(text: str) -> bool:
    """
    Tell whether a line is one that stands below an article, and no sentence that begins like one.

    >>> [is_footer(line) for line in ("上一篇：某局年报", "打印", "附件：某局年报.docx")]
    [True, True, True]
    >>> is_footer("友情链接更新二十条"), is_footer("联系我们栏目收到来信12件")
    (False, False)
    """
    line, places = folded(text)
    words = _words()
    if line in words.buttons or _ATTACHED.fullmatch(line):
        return True
    if len(line) > _FOOTER or re.search("[。;]", line):
        return False
    if words.imprint.match(line):
        return True
    match = words.footer.match(line)
    end = match.end() if match else 0
    behind = text[places[end - 1] + 1 :] if match else "-"
    return not behind or bool(_BOUND.match(behind)) or bool(_BOUND.match(line[end - 1 :]))


def is_closing(text: str) -> bool:
    """Tell whether a line is one that stands below the signature: 抄送, 联系电话."""
    return bool(_words().closing.match(fold(text)))


def label_kinds() -> Mapping[str, LabelKind]:
    """Give the labels of a page, folded, and what each tells."""
    return _words().kinds


def property_kind(name: str) -> str:
    """Tell what a property of the metadata says, by its name; "" if nothing that counts here."""
    kinds = read_data("readings")["page"]["properties"]
    return next((kind for kind, names in kinds.items() if name.lower() in names), "")


def publishes(text: str) -> bool:
    """Tell whether a text names a body that may publish its report itself, and is no medium."""
    foreign = read_data("readings")["page"]["labels"]["not_body"]
    return bool(named_body(text)) and not any(word in fold(text) for word in foreign)


def of_site(text: str) -> str:
    """Give the name of the body that a site is called by, if it is one."""
    return named_body(re.sub("(?:门户)?网站?$|政府信息公开(?:平台)?$", "", text.strip()))


def is_relative(name: str) -> bool:
    """
    Tell whether a name begins with the kind of its place, as 区管理委员会 does; 镇江市 does not.
    """
    return bool(_words().relative.match(fold(name)))


def named_body(text: str) -> str:
    """
    Give the name of a body that a whole text is, as printed, or nothing.

    >>> named_body("某市 教育局（盖章）"), named_body("附件2")
    ('某市教育局', '')
    """
    text = _SEAL.sub("", text)
    line, places = folded(text)
    return _printed(text, places, (0, len(line))) if is_body(line) else ""


def _is_another(line: str, match: re.Match[str]) -> bool:
    """Tell whether a sentence speaks of a report as of another one, by what is around its name."""
    start = max((cut.end() for cut in _PAUSE.finditer(line, 0, match.start())), default=0)
    words = _words()
    return bool(
        words.model.search(line, start, match.start()) or words.after.match(line, match.end())
    )


# ---- the parts of a title -----------------------------------------------------------------------


def _completeness(title: Title) -> tuple[bool, bool, bool]:
    return title.complete, title.year is not None, bool(title.body)


def _title(text: str, line: str, places: Sequence[int], match: re.Match[str]) -> Title | None:
    """Give the title that ends with the name of a report in a line, if it is one."""
    rest = text[places[match.end() - 1] + 1 :][:_LONGEST]
    first = max(0, match.start() - _LONGEST)
    edges = [*_EDGE.finditer(line, first, match.start())]
    start = edges[-1].end() if edges else first
    whole = line[start : match.end()]
    if (rest and not _ENDED.match(rest)) or re.search("[。,;!?]", whole) or len(whole) > _LONGEST:
        return None
    said = _said(line, start, match)
    if said is None:
        return None
    begin, years, sure = said.begin, said.years, said.sure
    pieces = _behind_blank(line, places, said.pieces)
    end = match.end()
    if not years and (behind := _YEAR.fullmatch(line, end)):
        years, end = (_year(behind),), behind.end()
    if bracket := _BRACKET.match(line, end):
        pieces, sure = _with_bracket(line, pieces, bracket, sure=sure)
        end = bracket.end() if pieces and pieces[-1][1] == bracket.end(1) else end
    elif (dashed := _BEHIND.match(line, end)) and not pieces and is_body(dashed[1]):
        pieces, sure, end = [dashed.span(1)], True, dashed.end()
    if edges and not pieces and edges[-1][0] in _QUOTES:
        before = (edges[-2].end() if len(edges) > 1 else first, edges[-1].start())
        if is_body(line[slice(*before)]):
            pieces, sure, begin = [before], True, before[0]
    shown = re.sub(r"\s+", " ", text[places[begin] : places[end - 1] + 1]).strip()
    body = "".join(_printed(text, places, piece) for piece in pieces)
    year = years[0] if len(years) == 1 else None
    return Title(shown, year, body, sure, years if len(years) > 1 else ())


def _behind_blank(
    line: str, places: Sequence[int], pieces: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Leave out what stands before a blank and a whole name, unless it is a part of that."""
    if len(pieces) != 1:
        return pieces
    start, end = pieces[0]
    blanks = [at for at in range(start + 1, end) if places[at] > places[at - 1] + 1]
    at = blanks[-1] if blanks else start
    before, name = line[start:at], line[at:end]
    whole = is_body(name) and has_place(name) and not is_relative(name)
    foreign = len(before) > 1 and not (_PLACE.search(before[-1]) or is_body(before))
    return [(at, end)] if whole and foreign else pieces


def _with_bracket(
    line: str, pieces: list[tuple[int, int]], bracket: re.Match[str], *, sure: bool
) -> tuple[list[tuple[int, int]], bool]:
    """
    Take the name in the bracket behind a title: all of it, or what follows that of its place; none
    if it is of another place.
    """
    inner, at = bracket[1], bracket.span(1)
    own = "".join(line[slice(*piece)] for piece in pieces)
    region = _REGION.search(own)
    if not is_body(inner) or (own and not region) or (one_body(own, inner) and own.endswith(inner)):
        return pieces, sure
    place = own[: region.start()] if region else ""
    if not pieces or inner.startswith(place):
        return [at], True
    cut = is_relative(inner) and place.endswith(inner[0])
    if _PLACE.search(inner[cut:-1]):
        return [], False
    start, end = pieces[-1]
    return [*pieces[:-1], (start, end - len(own) + len(place)), (at[0] + cut, at[1])], True


@attrs.frozen
class _Said:
    """
    What stands before the name of a report: where the title begins, its years (more than one if it
    is on several), the places of the body's name, and whether they are one for sure.
    """

    begin: int
    years: tuple[int, ...]
    pieces: list[tuple[int, int]]
    sure: bool

    @property
    def year(self) -> int | None:
        return self.years[0] if len(self.years) == 1 else None


def _said(line: str, start: int, match: re.Match[str]) -> _Said | None:
    """Take apart what stands before the name of a report."""
    subject = match.start()
    while lead := _LEAD.match(line, start, subject):
        start = lead.end()
    start = _behind_site(line, _behind_navigation(line, start, subject), subject)
    begin = start
    before = (start, start)
    if notice := [*_NOTICE.finditer(line, start, subject)]:
        if not notice[-1][0].endswith(_FORWARDED):
            before = (start, notice[-1].start())
        begin = start = notice[-1].end()
    ours, years = _years(line, start, match)
    pieces, at = [], start
    for first, end in ours:
        pieces.append((at, first))
        at = end
    pieces.append((at, subject))
    named = [piece for each in pieces if (piece := _trimmed(line, *each, inner=each[0] > start))]
    if not named and (piece := _trimmed(line, *before)):
        named, begin = [piece], piece[0]
    named = _with_government(line, named, match)
    chosen, sure = _chosen(line, named)
    if not _SUBJECT.search(match[0]) and not (years and sure and chosen == named):
        return None
    return _Said(begin, years, chosen, sure)


def _years(
    line: str, start: int, match: re.Match[str]
) -> tuple[list[tuple[int, int]], tuple[int, ...]]:
    """Find where years stand before the name of a report, and the years that it is on."""
    subject = match.start()
    if several := _SEVERAL.search(line, start, subject):
        both = sorted({int(year.translate(_CHINESE)) for year in several.groups()})
        return [several.span()], tuple(both)
    found = [*_YEAR.finditer(line, start, match.end())]
    found = found or [*_SHORT_YEAR.finditer(line, start, subject)]
    ours = [each for each in found if each.start() < subject]
    years = dict.fromkeys(_year(each) for each in found)
    if len(years) > 1:
        years = dict.fromkeys(_year(each) for each in ours[-1:])
    return [each.span() for each in ours], tuple(years)[:1]


def _chosen(line: str, named: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], bool]:
    """Choose those of the pieces before and behind a year that make up the name of a body."""
    whole = "".join(line[slice(*piece)] for piece in named)
    bodies = [piece for piece in named if is_body(line[slice(*piece)])]
    if len(bodies) > 1 and _GLUED.match(whole):
        return bodies[-1:], True
    if len(bodies) == len(named):
        return named, bool(named) and is_body(whole)
    if bodies:
        return bodies[:1], True
    return (named, False) if may_be_body(whole) else ([], False)


def _with_government(
    line: str, named: list[tuple[int, int]], match: re.Match[str]
) -> list[tuple[int, int]]:
    """Give 政府 back to a name that it was cut from: 某镇人民|政府信息公开年报."""
    if named and match[0].startswith("政府") and named[-1][1] == match.start():
        start, end = named[-1]
        if line[start:end].endswith("人民"):
            return [*named[:-1], (start, end + 2)]
    return named


def _behind_navigation(line: str, start: int, end: int) -> int:
    """Pass over the words of menus that run into a title, if the name of a body is left."""
    at = start
    while word := _words().menu.match(line, at, end):
        at = word.end()
    rest = _YEAR.sub("", line[at:end])
    return at if at > start and (is_body(rest) or not rest) else start


def _behind_site(line: str, start: int, end: int) -> int:
    """Pass over the name of a site that runs into a title: 某市政府网站|某市某局2024年."""
    site = max((word.end() for word in _words().site.finditer(line, start, end)), default=start)
    rest = _YEAR.sub("", line[site:end])
    if is_body(rest) and _PLACE.search(rest):
        start = site
    glued = _GLUED.match(line, start, end)
    return glued.end() if glued and is_body(_YEAR.sub("", line[glued.end() : end])) else start


def _trimmed(line: str, start: int, end: int, *, inner: bool = False) -> tuple[int, int] | None:
    """
    Take from both ends of a piece of a title what is no part of a name; *inner* if it follows a
    year.
    """
    opening = re.compile(r"[-—–\s·:、(\[〔【]|年度|的|关于" + "|年" * inner)
    while start < end and (first := opening.match(line, start, end)):
        start += len(first[0])
    while start < end and (
        last := re.search(r"(?:[-—–\s·:、\[〔【(]|年度|年|的|关于)$", line[start:end])
    ):
        end -= len(last[0])
    if line[start - 1 : start] in ("(", "[", "〔", "【") and line[end - 1 : end] in (*")]〕】",):
        end -= 1
    return (start, end) if start < end else None


def _printed(text: str, places: Sequence[int], piece: tuple[int, int]) -> str:
    """Give a piece of a folded text as it is printed, without blanks."""
    own = dict.fromkeys(places[piece[0] : piece[1]])
    return "".join(text[place] for place in own)


def _year(match: re.Match[str]) -> int:
    year = match[1] or match[2].translate(_CHINESE)
    return int(year if len(year) > 2 else f"20{year}")


def _number(chinese: str) -> int:
    """Read a Chinese number below 100, or the signs of a year."""
    if "十" not in chinese:
        return int(chinese.translate(_CHINESE))
    tens, ones = chinese.split("十")
    return int(tens.translate(_CHINESE) or 1) * 10 + int(ones.translate(_CHINESE) or 0)


def _key(name: str) -> str:
    key = fold(name)
    for end, short in read_data("readings")["bodies"]["abbreviated"].items():
        if key.endswith(end):
            key = key.removesuffix(end) + short
    return key


# ---- the words ----------------------------------------------------------------------------------


@attrs.frozen
class _Words:
    """The words of ``data/readings.toml``, folded, as patterns."""

    ending: re.Pattern[str]
    whole: frozenset[str]
    foreign: re.Pattern[str]
    pronoun: re.Pattern[str]
    relative: re.Pattern[str]
    office: re.Pattern[str]
    navigation: frozenset[str]
    menu: re.Pattern[str]
    site: re.Pattern[str]
    furniture: re.Pattern[str]
    footer: re.Pattern[str]
    imprint: re.Pattern[str]
    closing: re.Pattern[str]
    buttons: frozenset[str]
    verb: re.Pattern[str]
    maker: re.Pattern[str]
    model: re.Pattern[str]
    after: re.Pattern[str]
    label: re.Pattern[str]
    kinds: dict[str, LabelKind]


@once
def _words() -> _Words:
    data = read_data("readings")
    bodies, page, preamble = data["bodies"], data["page"], data["preamble"]
    labels, proper = page["labels"], _any(bodies["proper"])
    kinds: dict[str, LabelKind] = {
        fold(word): kind for kind in labels if kind != "not_body" for word in labels[kind]
    }
    spaced = "|".join(
        r"[\s\u3000]*".join(map(re.escape, word)) for word in sorted(kinds, key=len, reverse=True)
    )
    return _Words(
        ending=re.compile(f"(?:{_any(bodies['endings'])})$"),
        whole=frozenset(map(fold, bodies["whole"])),
        foreign=re.compile(_any(bodies["foreign"])),
        pronoun=re.compile(f"(?!{proper})(?:{_any(bodies['pronouns'])})"),
        relative=re.compile(f"(?!{proper})[省市县区州盟旗镇乡局厅处会院所队站委]"),
        office=re.compile(f"(?:{_any(bodies['offices'])})+"),
        navigation=frozenset(map(fold, page["navigation"])),
        menu=re.compile(_any(word for word in page["navigation"] if len(word) > 1)),
        site=re.compile(_any(page["sites"])),
        furniture=re.compile(_any(page["furniture"])),
        footer=re.compile(_any(page["footer"])),
        imprint=re.compile(rf".?(?:{_any(page['imprint'])})(?!.*,)"),
        closing=re.compile(_any(page["closing"])),
        buttons=frozenset(map(fold, page["buttons"])),
        verb=re.compile(f"(?!{proper})(?:{_any(preamble['verbs'])})"),
        maker=re.compile(
            rf"(?:^|[,。;:]|由)(?P<body>[^,。;:《》“”\"由]{{2,40}}?)(?:{_any(preamble['makers'])})"
        ),
        model=re.compile(_any(preamble["models"])),
        after=re.compile(rf"[》”\"]?的?(?:{_any(preamble['after'])})"),
        label=re.compile(rf"(?<![\u4e00-\u9fff])({spaced})[\s\u3000]*[:：]"),
        kinds=kinds,
    )


def _any(words: Iterable[Any]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=len, reverse=True))
