"""
Damaged documents, each known by its number: ``document(4711)`` and ``raw(4711)`` are the same on
every machine.

``document`` spoils values, keys and sections, and its text stays JSON without a fault of the text;
``raw`` spoils the text itself.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from typing import Any, Final

import attrs
from reports import EXAMPLES as EXAMPLE_FILES
from reports import SHAPES

import govinfo_schema as gs

EXAMPLES: Final = [path.read_text(encoding="utf-8") for path in EXAMPLE_FILES]


@attrs.frozen
class Literal:
    """A number as it shall stand in the text."""

    text: str


@attrs.frozen
class Damaged:
    """A text, the kinds of damage done to it, and the cells, rows or sections where it was done."""

    text: str
    kinds: tuple[str, ...]
    touched: tuple[str, ...]


Damage = Callable[[random.Random, Any], list[str]]
"""Spoils plain data and says where."""


# ---- values -------------------------------------------------------------------------------------


def _table(text: str) -> list[Any]:
    """Read JSON values that stand one behind the other, each number as it is written."""
    reader = json.JSONDecoder(parse_int=Literal, parse_float=Literal)
    values: list[Any] = []
    while text := text.strip():
        value, end = reader.raw_decode(text)
        values.append(value)
        text = text[end:]
    return values


_WRONG: Final = r"""true false "" "1" "0" "1.0" "NaN" "null" [] [1] {} {"value": 1}"""
COUNTS: Final = _table(
    r"""
    0 1 12 -0 -0.0 0.0 1.0 12.000 1e3 1E+2 100e-2 0e5 0E-15 1e15 9007199254740990
    9007199254740991 9007199254740991.0
    9007199254740991e0 4503599627370497.5 1.0000000000000001 0.99999999999999999 9007199254740991.4
    -1 -1.0 -12 1.5 0.5 1e-1 -1e-15 1e-15 9.1e15 9007199254740992 9007199254740992.0
    9007199254740993 9007199254740991.5
    12345678901234567 -9007199254740991 -9007199254740992 -9007199254740991.4 -0.99999999999999999
    null null null null null null null null null null null null
    """
    + _WRONG
)
AMOUNTS: Final = _table(
    r"""
    0 0 -0 -0.0 0.00 12.50 12.5 1E2 1e+2 1e-15 1e-10 72701.2578 72701.25780000 0.1 0.2
    0.30000000000000004 0.0000001 1 100
    1e12 1.0e12 1000000000000 1000000000000.0 999999999999.99999 10000000000000000e-4
    12345678901234567e-5 7545.000000
    0.12345678901234567 1234567.8901234567 123456789012.12345 0.000000000000000000000000000000012
    1000000000000.0001 1000000000001 1e13 1e15 -1 -0.01 -1e-15 12345678901234567 "12.5" "1_0"
    "1e2" "１２"
    null null null null null null null null
    """
    + _WRONG
)
YEARS: Final = _table(
    r"""
    2008 2009 2019 2024 9998 9999 2024.0 2.024e3 20240e-1 2007.9999999999999 9999.0000000000001
    2007 10000 0 -2024 2024.5 20240 2007.5 9999.5 2008.0000000001 null true "2024" "二〇二四" [] {}
    """
)
DATES: Final = _table(
    r"""
    "2024-02-29" "2000-02-29" "2400-02-29" "0004-02-29" "2025-01-31" "2025-12-31" "2024-06-30"
    "0001-01-01" "9999-12-31"
    "1900-02-29" "2023-02-29" "2100-02-29" "0000-02-29" "0000-01-01" "2024-02-30" "2024-04-31"
    "2024-06-31" "2024-01-32"
    "2024-13-01" "2024-00-01" "2024-01-00" "2024-1-31" "24-01-31" "20240131" "2024-01-31 "
    " 2024-01-31" "2024-01-31\n" "\n"
    "2024-01-3\n" "2024-01-31T00:00:00" "2024-01-31Z" "2024/01/31" "2024.01.31" "2024年1月31日"
    "2024-W05-3" "2024-031" ""
    "２０２４-01-31" "٢٠٢٤-01-31" "2024-0١-31" "2024-01-3１" "2024－01－31" "10000-01-01"
    "-001-01-01" "+024-01-01" "2024-01-31\u0000"
    null null null true 20240131 2024.0131 0 [] {}
    """
)
CODES: Final = _table(
    r"""
    "321300" "320813" "350128001" "000000" "999999999" "32130" "3213000" "32130000" "3213000000"
    "321300\n" "35012800\n"
    "350128001\n" "321300 " " 321300" "32130０" "３２１３００" "32130a" "321-300" "" "\n" "٣٢١٣٠٠"
    "11321300014313453N" "113213000143134539" "91320000MA1ABCDE7X" "11321300014313453n"
    "91320000ma1abcde7x" "1132130001431345"
    "11321300014313453N\n" "11321300014313453\n" "1132130001431345I3" "1132130001431345O3"
    "1132130A014313453N" "１1321300014313453"
    null null null 321300 113213000143134 true [] {}
    """
)
WORDS: Final = _table(
    r"""
    "central" "province" "prefecture" "county" "township" "government" "department"
    "dispatched_office" "organization"
    "own" "region" "system" "元" "万元" "charged" "none" "not_stated" "remark" "footnote"
    "not_applicable" "not_printed" "text"
    "2019" "2021" "2008" "County" "county " "county\n" "" "万" "null" null null null null true 1
    [] {}
    """
)
TEXTS: Final = _table(
    r"""
    "" " " "甲：乙" "a:b" "::::" "\"amount\":" "\"amount\": 5" "amount"
    "not_supplemented_in_time" "total_disclosed" "edition"
    "\\u003a" "\\" "\\\\u003A" "\"" "a\nb\tc\r" "\u2028" "\u007f" "\u0000" "𠮷🙂" "\ufeff"
    "\ufffd" "null" "{" "%s {0}"
    null null null 5 true [] {} ["a"]
    """
)
FEES: Final = _table(
    "null null 0 -0.0 0.00 0e3 1 12.50 1e-15 1e12 1000000000000.0001 -1 " + '"0" true'
)
ONE, ZERO, HALF = _table("1 0 0.5")
KEYS: Final = _table(
    r"""
    "surprise" "Total" "total " "edition" "year" "amount" "amount:" "natural_person" "other" ""
    " " "." "a.b" "a\nb" "a:b" "0" "00" "7"
    "²" "①" "٣" "-1" "键" "\u2028" "$schema" "$ref" "$id" "__class__" "{0}" "{cell}" "%s" "notes.0"
    "01234567890123456789012345678901234567890123456789"
    """
)
TABLES: Final = ("proactive", "applications", "disputes")


# ---- where --------------------------------------------------------------------------------------

Place = tuple[Any, Any, str]
"""Where a value stands: what holds it, under which key, and its path."""


def _walk(node: Any, above: str = "") -> list[Place]:
    """List every value of plain data."""
    found: list[Place] = []
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        found.append((node, key, f"{above}{key}"))
        if isinstance(value, (dict, list)):
            found += _walk(value, f"{above}{key}.")
    return found


def _pick(rng: random.Random, plain: Any, fits: Callable[[Any, str], bool]) -> Place | None:
    places = [place for place in _walk(plain) if fits(place[0][place[1]], place[2])]
    return rng.choice(places) if places else None


def _value(choices: list[Any], fits: Callable[[str], bool]) -> Damage:
    """Make the damage that puts one of many values at one of the places that fit."""

    def damage(rng: random.Random, plain: Any) -> list[str]:
        place = _pick(
            rng, plain, lambda value, path: not isinstance(value, (dict, list)) and fits(path)
        )
        if place is None:
            return []
        node, key, path = place
        node[key] = rng.choice(choices)
        return [path]

    return damage


def _last(*names: str) -> Callable[[str], bool]:
    return lambda path: path.rpartition(".")[2] in names


def _is_count(path: str) -> bool:
    return path.partition(".")[0] in TABLES and not _last("amount", "unit")(path)


# ---- kinds of damage ----------------------------------------------------------------------------


def _day(rng: random.Random, plain: Any) -> list[str]:
    """
    Put a random day there, at the end of a month more often than not, and sometimes with one wrong
    character.
    """
    year = rng.choice(
        (
            0,
            1,
            4,
            100,
            400,
            1900,
            1999,
            2000,
            2023,
            2024,
            2025,
            2096,
            2100,
            9999,
            rng.randrange(10_000),
        )
    )
    month = rng.randrange(14)
    number = rng.choice((0, 1, 9, 10, 28, 29, 30, 31, 32, rng.randrange(1, 29)))
    day = f"{year:04}-{month:02}-{number:02}"
    if rng.random() < 0.2:
        at = rng.randrange(len(day))
        day = day[:at] + rng.choice(("", "0", "-", "٠", "９", " ", "\n", "x", "19")) + day[at + 1 :]
    plain["published_on"] = day
    return ["published_on"]


def _null(rng: random.Random, plain: Any) -> list[str]:
    """Blank one value, or a whole row or section."""
    deep = rng.random() < 0.7
    place = _pick(rng, plain, lambda value, _: not (deep and isinstance(value, (dict, list))))
    if place is None:
        return []
    place[0][place[1]] = None
    return [place[2]]


def _missing(rng: random.Random, plain: Any) -> list[str]:
    place = _pick(rng, plain, lambda *_: True)
    if place is None:
        return []
    del place[0][place[1]]
    return [place[2]] if isinstance(place[0], dict) else [place[2].rpartition(".")[0]]


def _unknown(rng: random.Random, plain: Any) -> list[str]:
    place = _pick(rng, plain, lambda value, _: isinstance(value, dict))
    node, path = (
        (place[0][place[1]], f"{place[2]}.") if place and rng.random() < 0.7 else (plain, "")
    )
    key = rng.choice(KEYS)
    node[key] = rng.choice((None, ONE, "x", [], {}, {"total": 1}))
    return [f"{path}{key}"]


def _renamed(rng: random.Random, plain: Any) -> list[str]:
    place = _pick(rng, plain, lambda *_: True)
    if place is None or not isinstance(place[0], dict):
        return []
    node, key, path = place
    name = rng.choice(
        (
            f"{key}s",
            f"{key} ",
            key.upper(),
            key[:-1],
            key.replace("_", "-"),
            key.replace("e", "е"),
            rng.choice(KEYS),
        )
    )
    node[name] = node.pop(key)
    return [path, f"{path.removesuffix(key)}{name}"]


def _swapped(rng: random.Random, plain: Any) -> list[str]:
    """Let two rows or sections change places."""
    places = [place for place in _walk(plain) if isinstance(place[0][place[1]], dict)]
    if len(places) < 2:
        return []
    (one, here, first), (two, there, second) = rng.sample(places, 2)
    if first.startswith(f"{second}.") or second.startswith(f"{first}."):
        return []
    one[here], two[there] = two[there], one[here]
    return [first, second]


def _section(rng: random.Random, plain: Any) -> list[str]:
    """Put something else where a row or a section should be."""
    place = _pick(rng, plain, lambda value, _: isinstance(value, (dict, list)))
    if place is None:
        return []
    place[0][place[1]] = rng.choice((None, ZERO, HALF, "无", "", True, [], [{}], {}, {"total": 1}))
    return [place[2]]


def _other_handling(rng: random.Random, plain: Any) -> list[str]:
    """Print （六） in another way: one row for three, three for one, a mixture of both."""
    outcomes = (
        plain.get("applications", {}).get("outcomes")
        if isinstance(plain.get("applications"), dict)
        else None
    )
    if not isinstance(outcomes, dict) or not isinstance(outcomes.get("granted"), dict):
        return []
    row = dict(outcomes["granted"])
    three = {
        key: dict(row) for key in ("not_supplemented_in_time", "fee_not_paid_in_time", "other")
    }
    half = {key: value for key, value in three.items() if key != "other"}
    outcomes["other_handling"] = rng.choice(
        (row, row, row, three, three, three | row, half, half | row, {"other": row}, [row], {})
    )
    return ["applications.outcomes.other_handling"]


def _edition(rng: random.Random, plain: Any) -> list[str]:
    plain["edition"] = rng.choice(
        (
            "2019",
            "2021",
            "2021",
            "2008",
            "2021 ",
            Literal("2021"),
            Literal("2019"),
            None,
            True,
            [],
            {},
        )
    )
    return ["edition"]


def _schema(rng: random.Random, plain: Any) -> list[str]:
    plain["$schema"] = rng.choice(
        ("report.schema.json", "urn:x:y", "", "a:b", None, ONE, True, [], {})
    )
    return ["$schema"]


def _fee(rng: random.Random, plain: Any) -> list[str]:
    """
    Put together a status and an amount of the processing fee that may or may not fit each other.
    """
    fee = {
        "status": rng.choice(("charged", "none", "not_stated")),
        "requests": rng.choice((None, ZERO, ONE)),
        "amount": rng.choice(FEES),
    }
    if isinstance(plain.get("other_matters"), dict):
        plain["other_matters"]["processing_fee"] = fee
    return ["other_matters.processing_fee"]


def _notes(rng: random.Random, plain: Any) -> list[str]:
    plain["notes"] = [_note(rng) for _ in range(rng.randrange(1, 4))]
    return ["notes"]


def _note(rng: random.Random) -> Any:
    if rng.random() < 0.05:
        return rng.choice((None, "remark", ONE, [], {}))
    form = gs.edition(rng.choice(("2021", "2021", "2019")))
    places = [
        "notes",
        "year",
        "body.name",
        "proactive ",
        "applications.outcomes",
        "applications.outcomes.other_handling",
        "",
        "a:b",
    ]
    at = rng.choice(
        (
            None,
            None,
            *[section.id for section in form.sections],
            *rng.sample([*form.places], 8),
            rng.choice(places),
        )
    )
    kinds = [
        *["remark", "footnote", "not_applicable", "not_printed", "text"] * 4,
        "comment",
        "",
        None,
        True,
    ]
    texts: list[Any] = [*["其中修订16件", "a:b", "", '"amount": 1', "\\u003a"] * 4, None, ONE, []]
    note = {"at": at, "kind": rng.choice(kinds), "text": rng.choice(texts)}
    if rng.random() < 0.05:
        note[rng.choice(KEYS)] = None
    if rng.random() < 0.05:
        del note[rng.choice(("at", "kind", "text"))]
    return note


DAMAGES: Final[dict[str, tuple[int, Damage]]] = {
    "count": (18, _value(COUNTS, _is_count)),
    "signed count": (3, _value(COUNTS, _last("items_change"))),
    "amount": (16, _value(AMOUNTS, _last("amount"))),
    "date": (10, _value(DATES, _last("published_on"))),
    "day": (10, _day),
    "null": (11, _null),
    "year": (5, _value(YEARS, _last("year"))),
    "fee": (8, _fee),
    "code": (5, _value(CODES, _last("division_code", "social_credit_code"))),
    "word": (5, _value(WORDS, _last("level", "kind", "unit", "status", *TABLES))),
    "text": (5, _value(TEXTS, _last("title", "name", "overview", "problems", "text"))),
    "notes": (6, _notes),
    "missing": (3, _missing),
    "unknown": (3, _unknown),
    "renamed": (2, _renamed),
    "swapped": (2, _swapped),
    "section": (2, _section),
    "other handling": (4, _other_handling),
    "edition": (2, _edition),
    "$schema": (2, _schema),
}
"""Every kind of damage, with its weight."""


def document(number: int) -> Damaged:
    """
    Give the damaged document of that number: up to three damages, the keys in any order, in any
    style of writing.
    """
    return _document(random.Random(number))


def _document(rng: random.Random) -> Damaged:
    plain = _example(rng)
    many = rng.choice((0, *[1] * 16, *[2] * 5, *[3] * 2))
    kinds = rng.choices(list(DAMAGES), [weight for weight, _ in DAMAGES.values()], k=many)
    touched = [path for kind in kinds for path in DAMAGES[kind][1](rng, plain)]
    return Damaged(written(rng, plain), tuple(kinds), tuple(touched))


def _example(rng: random.Random) -> Any:
    return json.loads(rng.choice(EXAMPLES), parse_float=Literal)


def written(rng: random.Random, plain: Any) -> str:
    """Write plain data as JSON in one of many styles, each literal as it stands."""
    held: list[str] = []

    def hold(value: Literal) -> str:
        held.append(value.text)
        return f"\x00{len(held) - 1}\x00"

    if rng.random() < 0.2:
        plain = _shuffled(rng, plain)
    separators = rng.choice(((",", ":"), (", ", ": "), (",\n  ", ": "), (" ,", "\t:\r\n")))
    text = json.dumps(plain, default=hold, ensure_ascii=rng.random() < 0.2, separators=separators)
    return re.sub(r'"\\u0000([0-9]+)\\u0000"', lambda match: held[int(match[1])], text)


def _shuffled(rng: random.Random, node: Any) -> Any:
    if isinstance(node, list):
        return [_shuffled(rng, each) for each in node]
    if not isinstance(node, dict):
        return node
    return {key: _shuffled(rng, node[key]) for key in rng.sample(list(node), len(node))}


# ---- damage to the text -------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return text.split()


NUMBERS: Final = [
    *_words(
        "NaN Infinity -Infinity -NaN nan inf +1 01 -01 1. .5 1.e2 1e 1e+ 0x10 1_000 1,000 - --1 "
        "1e16 1E-16 1e400 -1e400 1e-400"
    ),
    *_words(
        "1e0000000000000015 0e99 123456789012345678 0.123456789012345678 1.0000000000000000000 "
        "100000000000000000000 -0 1.0 １ ٣"
    ),
    *["9" * 400, "9" * 5000, f"0.{'0' * 400}1", f"1{'0' * 400}.5"],
]
STRINGS: Final = [
    *_words(
        r'"\ud800" "\udfff" "\udc00\ud800" "\ud83d\ude42" "\ud83dx" "\ud83d\u0041" "\x41" "\u12" '
        r'"\u00zz" "\u+041" "\U00000041"'
    ),
    *_words(r'"\/\b\f\n\r\t" "\a" "\u0000" "\u003a" "a\u003Ab" "\\u003a" "\\\u003a" “甲” ""'),
    *[
        r'"\u 041"',
        '"a" "b"',
        '"a" + "b"',
        "'text'",
        '"a\tb"',
        '"a\nb"',
        '"\x00"',
        '"\x1f"',
        '"\x7f"',
        '"\u2028"',
        '"open',
        'close"',
    ],
]
OTHERS: Final = [
    *_words(
        """
        None True undefined nul nulll NULL true false [1,] [,1] {,} {"a":1,} {a:1} {'a':1} {"a"}
        {"a":1,"a":1} [} {] (1) ; [] {}
        """
    ),
    *[
        '{"a":1 "b":2}',
        '{"a":1,"\\u0061":2}',
        "/*1*/ 1",
        "1 // 1",
        "# 1",
        "<b>1</b>",
        "[" * 100_000,
    ],
    *["{" + '"a":{' * depth + "}" * depth + "}" for depth in (60, 64, 1000)],
    *["[" * depth + "]" * depth for depth in (61, 62, 63, 64, 65, 500, 995, 2000, 100_000)],
]
BYTES: Final = [
    *rb"""/**/ # , ,, : " ' \ \u003a { } [ ] null 0 - .""".split(),
    *[
        b" ",
        b"\n",
        b"//\n",
        b"\x00",
        b"\x0b",
        b"\x0c",
        b"\x1b",
        b"\x7f",
        b"\xff",
        b"\xfe",
        b"\x80",
        b"\xc0\x80",
        b"\xc3",
        b"\xe4\xb8",
    ],
    *[
        b"\xed\xa0\x80",
        b"\xed\xbf\xbf",
        b"\xf4\x90\x80\x80",
        b"\xf8\x88\x80\x80\x80",
        b"\xef\xbf\xbf",
        b"\xef\xbb\xbf",
    ],
    *[character.encode() for character in "\x85\xa0\u2028\u3000\u200b"],
]
COLONS: Final = [rb"\u003a", rb"\u003A", rb"\\\u003a", rb"\\u003a", b":"]
_SCALAR: Final = re.compile(rb'(?<=[:\[,\s])(?:null|-?[0-9][0-9.]*|"[^"\\]*")(?=\s*[,}\]])')
_MEMBER: Final = re.compile(rb'"([a-z_]+)"\s*:\s*(?:null|-?[0-9.]+|"[^"\\]*")')
_LETTER: Final = re.compile(rb'(?<=["a-z_])[a-z](?=[a-z_"])')
_CHARACTER: Final = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}")
_STRUCTURE: Final = re.compile(rb'[{}\[\]",:]')
Spoil = Callable[[random.Random, bytes], bytes]
"""Spoils a text."""


def _at(
    pattern: re.Pattern[bytes], change: Callable[[random.Random, re.Match[bytes]], bytes]
) -> Spoil:
    """Make the damage that changes one of the places where a pattern matches."""

    def spoil(rng: random.Random, text: bytes) -> bytes:
        matches = list(pattern.finditer(text))
        if not matches:
            return text
        match = rng.choice(matches)
        return text[: match.start()] + change(rng, match) + text[match.end() :]

    return spoil


def _cut(rng: random.Random, text: bytes) -> bytes:
    at = rng.randrange(len(text) + 1)
    return text[:at] + text[at + rng.choice((1, 1, 1, 2, 5, 40)) :]


def _insert(rng: random.Random, text: bytes) -> bytes:
    at = rng.choice((0, len(text), *[rng.randrange(len(text) + 1) for _ in range(8)]))
    return (
        text[:at] + rng.choice((rng.choice(BYTES), rng.randbytes(1), rng.randbytes(4))) + text[at:]
    )


def _replace(rng: random.Random, text: bytes) -> bytes:
    at = rng.randrange(len(text) + 1)
    return (
        text[:at]
        + rng.choice((rng.choice(BYTES), rng.randbytes(1), b"%c" % rng.randrange(32, 127)))
        + text[at + 1 :]
    )


def _repeat(rng: random.Random, text: bytes) -> bytes:
    at = rng.randrange(len(text) + 1)
    end = at + rng.choice((1, 2, 10, 100, 3000))
    return text[:end] + text[at:end] + text[end:]


def _truncate(rng: random.Random, text: bytes) -> bytes:
    return text[: rng.choice((0, 1, len(text) - 1, len(text) - 2, rng.randrange(len(text) + 1)))]


def _exchange(rng: random.Random, text: bytes) -> bytes:
    """Let two quotes, braces, commas or colons change places."""
    places = [match.start() for match in _STRUCTURE.finditer(text)]
    if len(places) < 2:
        return text
    one, two = rng.sample(places, 2)
    made = bytearray(text)
    made[one], made[two] = made[two], made[one]
    return bytes(made)


def _encode(rng: random.Random, text: bytes) -> bytes:
    name = rng.choice(
        (
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "utf-8-sig",
            "utf-8-sig",
            "gb18030",
            "big5",
            "ascii",
        )
    )
    return text.decode(errors="replace").encode(name, errors="replace")


def _wrap(rng: random.Random, text: bytes) -> bytes:
    around = [
        b"[%s]",
        b'{"report":%s}',
        b" \t\r\n%s\n\n",
        b"\n%s;",
        b"%s\x00",
        b"(%s)",
        b"/* 2024 */ %s",
        b"%s // 2024",
        b"callback(%s)",
    ]
    around += [
        b"\xef\xbb\xbf\xef\xbb\xbf%s",
        b" \xef\xbb\xbf%s",
        b"%s\xef\xbb\xbf",
        b"\xef\xbb\xbf%s",
        b"\xff\xfe%s",
        b"%s,",
        b"%s}",
        b"{%s",
    ]
    made = rng.choice((*around, None, b"%s\n{}"))
    return text + b"\n" + text if made is None else made.replace(b"%s", text)


def _second(rng: random.Random, match: re.Match[bytes]) -> bytes:
    """Write a member twice: alike, with another value, or with its key spelled another way."""
    key, member = match[1], match[0]
    again = (
        member,
        b'"%s":null' % key,
        b'"%s":0' % key,
        b'"\\u%04x%s":1' % (key[0], key[1:]),
        b'"%s":{"a":[1]}' % key,
    )
    pair = [member, rng.choice(again)]
    rng.shuffle(pair)
    return b",".join(pair)


def _smuggle(rng: random.Random, text: bytes) -> bytes:
    """
    Add a key that is unknown or there already, and hide its colon: an escaped one in a text makes
    the number of colons right again.
    """
    member = rng.choice(
        (b'"x":1,', b'"year":2024,', b'"amount":1,', b'"x":"amount",', b'"x":NaN,', b'"\\u0078":1,')
    )
    return _CHARACTER.sub(
        lambda _: rng.choice(COLONS), text.replace(b"{", b"{" + member, 1), count=1
    )


def _value_of(rng: random.Random, _: re.Match[bytes]) -> bytes:
    return rng.choice((rng.choice(NUMBERS), rng.choice(STRINGS), rng.choice(OTHERS))).encode()


def _letter(rng: random.Random, match: re.Match[bytes]) -> bytes:
    return rng.choice((b"\\u%04x", b"\\u%04X", b"\\u%04x")) % match[0][0]


SPOILS: Final[dict[str, tuple[int, Spoil]]] = {
    "value": (12, _at(_SCALAR, _value_of)),
    "escaped letter": (6, _at(_LETTER, _letter)),
    "second member": (5, _at(_MEMBER, _second)),
    "smuggled key": (3, _smuggle),
    "escaped colon": (2, _at(_CHARACTER, lambda rng, _: rng.choice(COLONS))),
    "comma": (2, _at(re.compile(rb"\s*[}\]]"), lambda _, match: b"," + match[0])),
    "quote": (2, _at(_MEMBER, lambda _, match: match[0].replace(b'"', b"'"))),
    "bare key": (1, _at(_MEMBER, lambda _, match: match[0].replace(b'"', b"", 2))),
    "space": (
        2,
        _at(
            re.compile(rb"[,:{}\[\]]"),
            lambda rng, match: (
                match[0] + rng.choice((b" ", b"\n\n", b"\t", b"\r", b"\x0b", b"\xc2\xa0"))
            ),
        ),
    ),
    "cut": (5, _cut),
    "insert": (7, _insert),
    "replace": (7, _replace),
    "repeat": (4, _repeat),
    "truncate": (2, _truncate),
    "exchange": (3, _exchange),
    "encode": (2, _encode),
    "wrap": (4, _wrap),
}
"""Every kind of damage to a text, with its weight."""


def raw(number: int) -> bytes | str:
    """
    Give the damaged text of that number, as bytes or as str: one damage or two to the text of a
    document that is mostly whole.
    """
    rng = random.Random(number)
    text = (_document(rng).text if rng.random() < 0.15 else written(rng, _example(rng))).encode()
    for kind in rng.choices(
        list(SPOILS), [weight for weight, _ in SPOILS.values()], k=rng.choice((1, 1, 1, 2))
    ):
        text = SPOILS[kind][1](rng, text)
    return (
        text.decode(errors=rng.choice(("surrogateescape", "replace")))
        if rng.random() < 0.4
        else text
    )


# ---- reports ------------------------------------------------------------------------------------


def blanked(number: int) -> gs.Report:
    """Make a random report, some of its figures blank and some wrong."""
    dice = random.Random(number)
    edition, undivided = dice.choice(SHAPES)
    report = gs.generate(number, edition, undivided=undivided)
    cells = [cell for cell, value in gs.walk(report) if value is not None]
    return gs.replace(
        report,
        {
            cell: dice.choice((None, 0, 5, 2**53 - 1))
            for cell in dice.sample(cells, dice.randint(0, 6))
        },
    )
