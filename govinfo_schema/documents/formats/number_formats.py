"""
What a spreadsheet shows of a number: the number formats of Excel, as far as figures need them.

``figure_shown`` and ``text_shown`` are called for the cells of Excel workbooks of every kind; an
OpenDocument workbook says itself what it shows. Nothing is guessed: where a format prints fractions
or Chinese numerals, or is not understood, the number stays as it is stored, and the format is
handed over beside it.

Source: ECMA-376 part 1, 18.8.30 and 18.8.31. ``!`` before a sign means the sign itself, as in the
Excel of East Asia.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

import attrs

from govinfo_schema.documents.document import Aside
from govinfo_schema.documents.formats.sheet import Shown, day, number

GENERAL: Final = "General"
DAY: Final = "yyyy-mm-dd"
BUILT_IN: Final = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    **dict.fromkeys((5, 6), "¥#,##0;¥-#,##0"),
    **dict.fromkeys((7, 8), "¥#,##0.00;¥-#,##0.00"),
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    **dict.fromkeys((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)), DAY),
    **dict.fromkeys((37, 38), "#,##0;-#,##0"),
    **dict.fromkeys((39, 40), "#,##0.00;-#,##0.00"),
    41: '#,##0;-#,##0;"-"',
    42: '¥#,##0;¥-#,##0;¥"-"',
    43: '#,##0.00;-#,##0.00;"-"',
    44: '¥#,##0.00;¥-#,##0.00;¥"-"',
    48: "##0.0E+0",
    49: "@",
}
"""The formats that every workbook has by number, as a Chinese Excel has them, without spaces."""

_TOKEN: Final = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<space>[_*].)|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<exponent>E[+-])|(?P<digit>[0#?])|(?P<point>\.)"
    r"|(?P<comma>,)|(?P<percent>%)|(?P<slash>/)|(?P<at>@)|(?P<end>;)|(?P<letter>[A-Za-z])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION: Final = re.compile(r"(<=|>=|<>|<|>|=)(-?[0-9]+(?:\.[0-9]+)?)")
_COMPARE: Final[dict[str, Callable[[Decimal, Decimal], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
_COLOUR: Final = re.compile(
    "black|blue|cyan|green|magenta|red|yellow|color *[0-9]+|[黑蓝青绿红黄]色?|洋红色?",
    re.IGNORECASE,
)
_WHITE: Final = re.compile("white|color *2|白色?", re.IGNORECASE)
_ELAPSED: Final = re.compile("h+|m+|s+", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"-?(?:(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)"
)
_STORED: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_EXACT: Final = Context(prec=80, rounding=ROUND_HALF_UP)
_LONGEST: Final = 255
"""No format is longer, and of one that is, no more is handed over."""
_MOST_DIGITS: Final = 30
_LAST_DAY: Final = 2_958_466
"""The day after the last one that a workbook knows."""

Condition = tuple[str, Decimal]
_ALWAYS: Final[Condition] = (">=", Decimal("-Infinity"))
_ZERO: Final = Decimal()
_DEFAULTS: Final[dict[int, tuple[Condition, ...]]] = {
    1: (_ALWAYS,),
    2: ((">=", _ZERO), _ALWAYS),
    3: ((">", _ZERO), ("<", _ZERO), _ALWAYS),
}
"""What numbers the sections of a format are for, by how many there are."""


class _Unsure(Exception):
    """Nothing tells surely what a format shows."""


@attrs.frozen
class _Section:
    """
    A section of a format: its tokens, each a kind and a text, without colours and conditions.

    *white* is not seen on a page; *unsure* prints something that is not rendered.
    """

    tokens: tuple[tuple[str, str], ...]
    condition: Condition | None = None
    white: bool = False
    unsure: bool = False

    def at(self, *kinds: str) -> list[int]:
        """Give the places of the tokens of some kinds."""
        return [place for place, (kind, _) in enumerate(self.tokens) if kind in kinds]

    @property
    def is_day(self) -> bool:
        """Whether it prints a day or a time."""
        letters = "".join(text for kind, text in self.tokens if kind == "letter")
        return not self.at("general") and re.search("[ymdhs]", letters.lower()) is not None


def figure_shown(stored: str, code: str, *, since_1904: bool = False) -> Shown:
    """
    Give what a cell with a number shows, and what is stored where that is another number.

    A number that is shown as it is, but for separators and zeros at its end, is given as stored.

    >>> figure_shown("22", '0"件"'), figure_shown("1234.5", "#,##0.00"), figure_shown("45677", DAY)
    (('22件', ()), ('1234.5', ()), ('2025-01-20', ()))
    >>> for stored, code in ("91008257", '0!.0,"万"'), ("0.05", "0%"), ("0", "0;-0;"), ("1", "?/?"):
    ...     text, (aside,) = figure_shown(stored, code)
    ...     print(text, aside.kind, aside.text)
    9100.8万 stored 91008257
    5% stored 0.05
     hidden 0
    1 field ?/?
    """
    stored = number(stored)
    if code == GENERAL or not _STORED.fullmatch(stored):
        return stored, ()
    value = Decimal(stored)
    try:
        section, minus = _chosen(value, _sections(code)[0])
        if section.is_day and _ZERO <= value < _LAST_DAY:
            return day(float(value), since_1904=since_1904), ()
        digits = _rendered(abs(value), section)
    except (_Unsure, InvalidOperation):
        return stored, (Aside(kind="field", text=code[:_LONGEST]),)
    # A minus before nothing but zeros is not shown.
    shown = digits if re.fullmatch(r"[^1-9]*0[^1-9]*", digits) else minus + digits
    return compared("" if section.white else shown, stored)


def compared(shown: str, stored: str) -> Shown:
    """
    Give what a cell shows of a number, and the number if what is shown is another one.

    >>> compared("22件", "22"), compared("1,234.50", "1234.5")
    (('22件', ()), ('1234.5', ()))
    """
    if not _STORED.fullmatch(stored):
        return shown, ()
    if not shown:
        return "", (Aside(kind="hidden", text=stored),)
    found = _NUMBER.findall(shown)
    value = Decimal(stored)
    if [Decimal(each.replace(",", "")) for each in found] != [value]:
        return shown, (Aside(kind="stored", text=stored),)
    return (stored if found == [shown] else shown), ()


def text_shown(text: str, code: str) -> Shown:
    """
    Give what a cell with a text shows of it.

    >>> text_shown("无", "0;-0;;@"), text_shown("无", "0"), text_shown("三", '@"件"')
    (('无', ()), ('无', ()), ('三件', ()))
    >>> text_shown("无", ";;;")[1][0].text
    '无'
    """
    section = None if code in (GENERAL, "@") else _sections(code)[1]
    if section is None or section.unsure or not text:
        return text, ()
    shown = "".join(
        text if kind == "at" else _literal(kind, own) for kind, own in section.tokens
    ).strip()
    if shown and not section.white:
        return shown, ()
    return "", (Aside(kind="hidden", text=text),)


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[tuple[_Section, ...], _Section | None]:
    """Take a format apart: the sections for numbers, and the one for texts if there is one."""
    if len(code) > _LONGEST:
        return (_Section((), unsure=True),), None
    parts: list[list[tuple[str, str]]] = [[]]
    for match in _TOKEN.finditer(code):
        kind = match.lastgroup or "other"
        if kind == "end":
            parts.append([])
        else:
            parts[-1].append((kind, match[kind]))
    sections = [_section(tokens) for tokens in parts[:4]]
    has_text = len(sections) == 4 or bool(sections[-1].at("at"))
    numbers = sections[:-1] if has_text else sections
    return tuple(numbers) or (_Section((("general", ""),)),), sections[-1] if has_text else None


def _section(tokens: Sequence[tuple[str, str]]) -> _Section:
    """Make a section of its tokens; what prints itself is a literal."""
    kept: list[tuple[str, str]] = []
    condition: Condition | None = None
    white = unsure = False
    for kind, text in tokens:
        if kind in ("quoted", "escaped", "other"):
            kept.append(("literal", text))
        elif kind != "bracket":
            kept += [] if kind == "space" else [(kind, text)]
        elif match := _CONDITION.fullmatch(text):
            condition = (match[1], Decimal(match[2]))
        elif text.startswith("$"):
            kept.append(("literal", text[1:].partition("-")[0]))
        elif _ELAPSED.fullmatch(text):
            kept.append(("letter", text))
        elif _WHITE.fullmatch(text):
            white = True
        else:
            unsure |= not _COLOUR.fullmatch(text)
    section = _Section(tuple(kept), condition, white, unsure)
    # Letters that print no day print something that is not known here.
    unsure |= bool(section.at("letter")) and not section.is_day
    return attrs.evolve(section, unsure=unsure)


def _literal(kind: str, text: str) -> str:
    """Give what a token prints whatever stands in the cell."""
    return text if kind in ("literal", "percent") else ""


def _chosen(value: Decimal, sections: Sequence[_Section]) -> tuple[_Section, str]:
    """
    Choose the section that shows a number, and the sign that is put before it.

    Raises: _Unsure.
    """
    minus = "-" if value < 0 and len(sections) == 1 else ""
    if value < 0 and any(section.condition for section in sections):
        raise _Unsure
    for section, default in zip(sections, _DEFAULTS[len(sections)], strict=True):
        sign, other = section.condition or default
        if _COMPARE[sign](value, other):
            return section, minus
    if len(sections) > 1:
        raise _Unsure
    return _Section((("general", ""),)), minus


def _rendered(value: Decimal, section: _Section) -> str:
    """
    Render a number without its sign.

    Raises: _Unsure.
    """
    places = section.at("digit")
    if section.unsure or section.is_day or (places and section.at("slash", "general", "at")):
        raise _Unsure
    if section.at("exponent"):
        return _scientific(value, section)
    point = next(iter(section.at("point")), len(section.tokens))
    whole, decimals = [at for at in places if at < point], [at for at in places if at > point]
    grouped, divided = _commas(section, whole, decimals)
    percent = len(section.at("percent"))
    if len(places) > _MOST_DIGITS or percent + divided > _MOST_DIGITS:
        raise _Unsure
    scaled = value.scaleb(2 * percent - 3 * divided, _EXACT)
    rounded = scaled.quantize(Decimal(1).scaleb(-len(decimals)), context=_EXACT)
    integer, _, fraction = f"{rounded:f}".partition(".")
    integer = integer.lstrip("0")
    printed = _integer(integer, whole, section, grouped) | _fraction(fraction, decimals, section)
    printed[point] = "." if whole else f"{integer}."
    printed |= dict.fromkeys(section.at("general", "at"), f"{value:f}")
    return "".join(
        printed.get(at, _literal(*token)) for at, token in enumerate(section.tokens)
    ).strip()


def _commas(section: _Section, whole: list[int], decimals: list[int]) -> tuple[bool, int]:
    """
    Tell whether commas part the thousands, and how many divide by a thousand: those behind the last
    digit before or after the point.

    Raises: _Unsure where one stands elsewhere.
    """
    commas = section.at("comma")
    grouping = [at for at in commas if whole and whole[0] < at < whole[-1]]
    dividing = [
        at
        for at in commas
        if (whole and whole[-1] < at and not (decimals and decimals[0] < at < decimals[-1]))
        or (decimals and decimals[-1] < at)
    ]
    if len(grouping) + len(dividing) < len(commas):
        raise _Unsure
    return bool(grouping), len(dividing)


def _integer(digits: str, places: list[int], section: _Section, grouped: bool) -> dict[int, str]:
    """
    Print the digits before the point at their places, from the last one; the first takes the rest.

    Raises: _Unsure where thousands are parted and something stands between them.
    """
    if not places:
        return {}
    rest = max(len(digits) - len(places), 0)
    texts = [digits[: rest + 1], *digits[rest + 1 :]] if digits else []
    blank = {"0": "0", "?": " ", "#": ""}
    lacking = places[: len(places) - len(texts)]
    texts = [*(blank[section.tokens[at][1]] for at in lacking), *texts]
    if not grouped:
        return dict(zip(places, texts, strict=True))
    if any(section.tokens[at][0] not in ("digit", "comma") for at in range(places[0], places[-1])):
        raise _Unsure
    parted = re.sub(r"(?<=[0-9])(?=(?:[0-9]{3})+$)", ",", "".join(texts))
    return {**dict.fromkeys(places, ""), places[0]: parted}


def _fraction(digits: str, places: list[int], section: _Section) -> dict[int, str]:
    """Print the digits behind the point at their places, zeros at the end only where they must."""
    signs = [section.tokens[at][1] for at in places]
    needed = max(len(digits.rstrip("0")), "".join(signs).rfind("0") + 1)
    return {
        at: digits[nth] if nth < needed else {"?": " "}.get(sign, "")
        for nth, (at, sign) in enumerate(zip(places, signs, strict=True))
    }


def _scientific(value: Decimal, section: _Section) -> str:
    """
    Render a number with its exponent.

    Raises: _Unsure for all but one digit before the point and two in the exponent.
    """
    code = "".join(text for kind, text in section.tokens if kind != "literal")
    match = re.fullmatch(r"0(?:\.(0+))?[Ee]\+00", code)
    if not match or len(code) < len(section.tokens):
        raise _Unsure
    return f"{float(value):.{len(match[1] or '')}E}"
