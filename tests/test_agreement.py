"""
Who accepts what: ``loads`` in both its lanes, ``from_dict``, ``conforms`` and two validators of the
shelf on damaged documents.

Each document has a number: ``damage.document(4711)`` gives the one that a failure names.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

import damage
import jsonschema
import msgspec
import pytest

import govinfo_schema as gs
from govinfo_schema.form.load import detect
from govinfo_schema.form.parts import EditionName
from govinfo_schema.report import json as reading
from govinfo_schema.report.json import _decode, _parse, _text
from govinfo_schema.report.values import MAX_BYTES

BATCH = 1_000
BATCHES = [
    0,
    *(pytest.param(first, marks=pytest.mark.thorough) for first in range(BATCH, 3 * BATCH, BATCH)),
    *(pytest.param(first, marks=pytest.mark.full) for first in range(3 * BATCH, 10 * BATCH, BATCH)),
]
"""The number of the first document of each batch."""

REPORT = damage.EXAMPLES[-1]
"""A report without a fault, into which faults of the text are put."""


@cache
def rust(name: EditionName) -> Any:
    """Make the validator in Rust of an edition; the group interop installs it."""
    import jsonschema_rs

    return jsonschema_rs.validator_for(gs.json_schema(name))


@cache
def python(name: EditionName) -> jsonschema.Draft202012Validator:
    """Make the validator in Python of an edition."""
    return jsonschema.Draft202012Validator(gs.json_schema(name))


def tried(read: Any, data: Any) -> gs.Report | tuple[gs.Finding, ...]:
    """Give the report that was read, or the findings with which it was refused."""
    try:
        report: gs.Report = read(data)
    except gs.InvalidReport as error:
        return error.findings
    return report


def named(findings: tuple[gs.Finding, ...]) -> list[tuple[str, tuple[str, ...]]]:
    """Name findings by code and cells."""
    return [(finding.code, finding.cells) for finding in findings]


def strictly(text: bytes) -> Any:
    """
    Read JSON as RFC 8259 has it, with every key once; numbers with a fraction or an exponent as
    Decimal.
    """

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    def never(name: str) -> None:
        raise ValueError(f"{name} is no number")

    return json.loads(
        text.decode(), object_pairs_hook=once, parse_constant=never, parse_float=Decimal
    )


# ---- damaged documents --------------------------------------------------------------------------


@cache
def answer(number: int) -> gs.Report | tuple[gs.Finding, ...]:
    """
    Give what ``loads`` says of a damaged document: the report, or the findings with which it is
    refused.
    """
    return tried(gs.loads, damage.document(number).text)


def assert_agreement(numbers: range, validators: tuple[Callable[[EditionName], Any], ...]) -> None:
    """Demand that our readers and these validators accept the same of these damaged documents."""
    for number in numbers:
        where = f"damage.document({number})"
        text, loaded = damage.document(number).text, answer(number)
        exact, plain = json.loads(text, parse_float=Decimal), json.loads(text)
        assert repr(_parse(text.encode())) == repr(exact), where
        # In its thorough lane `loads` has just asked `from_dict` of the exact data; without a
        # fraction plain data are as exact.
        readings = {repr(data): data for data in (exact, plain)}
        if _decode(text.encode()) is None:
            del readings[repr(exact)]
        answers = [tried(gs.from_dict, data) for data in readings.values()]
        verdicts = [not isinstance(each, tuple) for each in (loaded, *answers)]
        verdicts += [validator(detect(plain)).is_valid(plain) for validator in validators]
        assert len(set(verdicts)) == 1, f"{where}: {verdicts}"
        for each in answers:
            if isinstance(loaded, tuple) and isinstance(each, tuple):
                assert named(each) == named(loaded), where
        if repr(exact) in readings:
            assert answers[0] == loaded, where


def test_readers_and_a_validator_agree() -> None:
    """
    ``loads``, ``from_dict``, ``conforms`` and jsonschema never disagree on accepting a document.
    """
    assert_agreement(range(300), (python,))


@pytest.mark.thorough
def test_readers_and_two_validators_agree() -> None:
    """
    ``loads``, ``from_dict``, ``conforms``, jsonschema and jsonschema-rs never disagree on accepting
    a document.
    """
    assert_agreement(range(BATCH), (python, rust))


@pytest.mark.full
@pytest.mark.parametrize("first", range(BATCH, 10 * BATCH, BATCH))
def test_readers_and_two_validators_agree_on_all(first: int) -> None:
    """They agree on 9,000 documents more."""
    assert_agreement(range(first, first + BATCH), (python, rust))


@pytest.mark.parametrize("first", BATCHES)
def test_accepted_document_is_kept(first: int) -> None:
    """
    What is accepted is the same report in both lanes, comes back from ``dumps`` unchanged, and its
    amounts are written plainly.
    """
    for number in range(first, first + BATCH):
        where = f"damage.document({number})"
        report, fast = answer(number), _decode(damage.document(number).text.encode())
        if isinstance(report, tuple):
            assert fast is None, where
            continue
        assert fast in (None, report), where
        written = gs.dumps(report)
        assert gs.loads(written) == report, where
        assert gs.dumps(gs.loads(written)) == written, where
        amounts = re.findall(rb'(?<!\\)"amount":([^,}]+)', written)
        assert len(amounts) == 2, where
        for amount in amounts:
            assert re.fullmatch(rb"null|(0|[1-9][0-9]*)(\.[0-9]*[1-9])?", amount), (
                f"{where}: {amount!r}"
            )


@pytest.mark.parametrize("first", BATCHES)
def test_findings_name_what_was_damaged(first: int) -> None:
    """
    The findings of a refused document name every fault, once, and nothing that was not damaged,
    each in one line.
    """
    for number in range(first, first + BATCH):
        findings, where = answer(number), f"damage.document({number})"
        if not isinstance(findings, tuple):
            continue
        damaged = damage.document(number)
        assert all(
            finding.code.startswith("S-") and finding.level == "error" for finding in findings
        ), where
        cells = [cell for finding in findings for cell in finding.cells]
        assert len(cells) == len(findings) == len(set(cells)), f"{where}: {cells}"
        for cell in cells:
            assert is_near(cell, damaged.touched), (
                f"{where}: {cell} was not damaged, but {damaged.touched}"
            )
        assert_messages(findings, where)


@pytest.mark.thorough
def test_findings_name_what_a_validator_names() -> None:
    """Wherever jsonschema-rs finds an error, a finding names that place or one inside it."""
    for number in range(2 * BATCH):
        findings = answer(number)
        if isinstance(findings, tuple):
            cells = [cell for finding in findings for cell in finding.cells]
            plain = json.loads(damage.document(number).text)
            for error in rust(detect(plain)).iter_errors(plain):
                place = ".".join(str(step) for step in error.instance_path)
                assert any(
                    cell == place or cell.startswith(f"{place}.") or not place for cell in cells
                ), f"{number}: {place}"


def is_near(cell: str, touched: tuple[str, ...]) -> bool:
    """
    Tell whether a cell is one of those that were damaged or inside; edition and status decide over
    others.
    """
    places = {path.removesuffix(".status") for path in touched}
    return "edition" in places or any(
        cell == place or cell.startswith(f"{place}.") for place in places
    )


def assert_messages(findings: tuple[gs.Finding, ...], where: str) -> None:
    """Hold every message to one line, in a Chinese and an English wording."""
    for finding in findings:
        for message in (finding.message("zh"), finding.message("en")):
            assert message, where
            assert len(message.splitlines()) == 1, f"{where}: {message!r}"
        assert finding.message("zh") != finding.message("en"), where


def test_findings_do_not_depend_on_the_order_of_the_keys() -> None:
    """
    The same faults are listed in the same order, whichever order the keys of the document are in.
    """
    for number in range(600):
        findings = answer(number)
        if isinstance(findings, tuple) and len(findings) > 1:
            turned = backwards(json.loads(damage.document(number).text))
            assert named(gs.conforms(turned)) == named(findings), f"damage.document({number})"


def backwards(node: Any) -> Any:
    """Turn the order of all keys round."""
    if isinstance(node, list):
        return [backwards(each) for each in node]
    return {key: backwards(node[key]) for key in reversed(node)} if isinstance(node, dict) else node


@pytest.mark.thorough
def test_damage_is_of_every_kind() -> None:
    """
    The documents are worth testing: neither nearly all accepted nor nearly all refused, and each
    kind of damage occurs often.
    """
    documents = [damage.document(number) for number in range(2_000)]
    kinds = Counter(kind for each in documents for kind in each.kinds)
    accepted = sum(not isinstance(answer(number), tuple) for number in range(2_000))
    assert 500 < accepted < 900
    assert [kind for kind in damage.DAMAGES if kinds[kind] < 20] == [], kinds


# ---- the fast lane ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "style",
    [
        {"separators": (",", ":")},
        {"indent": 2},
        {"indent": "\t"},
        {},
        {"ensure_ascii": False, "indent": 4},
    ],
)
@pytest.mark.parametrize("text", damage.EXAMPLES)
def test_fast_lane_is_alive(text: str, style: dict[str, Any]) -> None:
    """
    The fast lane reads every report without a fault, compact or pretty-printed, and gives what the
    thorough lane gives.
    """
    written = json.dumps(json.loads(text), **style).encode()
    report = _decode(written)
    assert report is not None
    assert report == gs.from_dict(_parse(written))


ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.0, 12.5, -0.0, 1e-7, 1e16, 0.1 + 0.2, 2**53, 2**64, 10**5000),
    *(float("nan"), float("inf"), "", "5", "\ud800", "a:b", "321300\n", "2024-02-30", b"x", (1,)),
    *map(Decimal, ("1.50", "1E+2", "-0", "NaN", "1E-8", "12345678901.123456", "999999999999.99")),
    *([], {}, {"status": "charged", "requests": 1, "amount": 1e-9}),
)
"""Values that plain data may hold in any place."""


@pytest.mark.parametrize("first", [0, pytest.param(300, marks=pytest.mark.full)])
def test_plain_data_are_read_alike_in_both_lanes(
    first: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``from_dict`` reads or refuses odd data the same with and without its fast lane."""
    read = 0
    for number in range(first, first + 300 + 20 * first):
        dice = random.Random(number)
        edition = dice.choice(gs.editions)
        data = gs.to_dict(gs.generate(number % 50, edition, undivided=dice.random() < 0.5))
        cells = ["year", "overview", "body.division_code", "published_on", "notes"]
        cells += [cell for cell, _ in gs.walk(gs.from_dict(data)) if "amount" in cell]
        cells += ["other_matters.processing_fee", "disputes.reconsideration.total", "edition"]
        *steps, key = dice.choice(cells).split(".")
        node = data
        for step in steps:
            node = node[step]
        node[key] = dice.choice(ODD)
        fast = tried(gs.from_dict, data)
        with monkeypatch.context() as slowly:
            slowly.setattr(reading, "_decode_plain", lambda _: None)
            assert tried(gs.from_dict, data) == fast, number
        read += isinstance(fast, gs.Report)
    assert read > 20


def test_fast_lane_takes_what_programs_write() -> None:
    """
    Of the accepted documents nearly all that hold nothing unusual are read in the fast lane,
    whatever the order of the keys.
    """
    texts = [damaged.text for damaged in map(damage.document, range(2_000)) if not damaged.kinds]
    assert len(texts) > 50
    assert [text for text in texts if _decode(text.encode()) is None] == []


# ---- damaged text -------------------------------------------------------------------------------


@cache
def raw_answer(number: int) -> gs.Report | tuple[gs.Finding, ...]:
    """Give what ``loads`` says of a damaged text."""
    return tried(gs.loads, damage.raw(number))


@pytest.mark.parametrize("first", BATCHES)
def test_damaged_text_is_read_or_refused(first: int) -> None:
    """
    A text damaged in any way is read as every strict reader reads it, or refused with findings: one
    for a fault of the text.
    """
    for number in range(first, first + BATCH):
        data, loaded, where = damage.raw(number), raw_answer(number), f"damage.raw({number})"
        codes = {finding.code for finding in loaded} if isinstance(loaded, tuple) else set()
        if isinstance(loaded, tuple):
            assert len(loaded) == 1 or all(code.startswith("S-") for code in codes), where
            assert_messages(loaded, where)
        if not codes & {"T-DUPLICATE", "T-NUMBER", "T-DEPTH"}:
            assert is_json(data) != bool(codes & {"T-UTF8", "T-JSON", "T-NAN", "T-SURROGATE"}), (
                f"{where}: {codes}"
            )
        if not any(code.startswith("T-") for code in codes):
            text = _text(data)
            assert repr(_parse(text)) == repr(strictly(text)), where
            assert _decode(text) in (None, loaded), where
            if _decode(text):
                assert gs.from_dict(strictly(text)) == loaded, where


def is_json(data: bytes | str) -> bool:
    """Ask another reader whether a text is JSON."""
    try:
        text = data.encode() if isinstance(data, str) else data
        msgspec.json.decode(text.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return False
    return True


@pytest.mark.thorough
def test_damaged_text_is_of_every_kind() -> None:
    """
    The texts are worth testing: some are accepted, and each fault of the text that damage can bring
    about occurs.
    """
    answers = [raw_answer(number) for number in range(2_000)]
    met = Counter(
        code
        for each in answers
        for code in (
            {finding.code for finding in each} if isinstance(each, tuple) else {"accepted"}
        )
    )
    assert met["accepted"] > 200
    faults = (
        "T-UTF8",
        "T-JSON",
        "T-NAN",
        "T-DUPLICATE",
        "T-SURROGATE",
        "T-DEPTH",
        "T-NUMBER",
        "T-REPORT",
        "S-MISSING",
        "S-UNKNOWN",
    )
    assert [code for code in faults if met[code] < 3] == [], met


# ---- faults of the text -------------------------------------------------------------------------

DEEP = "[" * 65 + "]" * 65
BARE: tuple[tuple[str, tuple[bytes | str, ...]], ...] = (
    (
        "T-UTF8",
        (
            b'"\xff"',
            b"\xff",
            b'"\xc0\x80"',
            b'"\xed\xa0\x80"',
            b'"\xe4\xb8"',
            b'{"\x80":1}',
            "甲".encode("gb18030"),
            "{}".encode("utf-16"),
        ),
    ),
    (
        "T-JSON",
        (
            "",
            " ",
            "{",
            "}",
            "{}x",
            "{}{}",
            "[1,]",
            '{"a":1,}',
            "{'a':1}",
            "{a:1}",
            '{"a" 1}',
            '{"a":1 "b":2}',
            "nul",
            "None",
            "True",
        ),
    ),
    (
        "T-JSON",
        (
            "01",
            "+1",
            ".5",
            "1.",
            "1e",
            "0x1",
            "1_0",
            "--1",
            "-",
            "１",
            "// 1\n1",
            "/* 1 */ 1",
            "# 1\n1",
            "undefined",
            ";",
        ),
    ),
    (
        "T-JSON",
        (
            '"',
            '"a',
            '"\t"',
            '"\n"',
            '"\x00"',
            r'"\x41"',
            r'"\u12"',
            r'"\u00zz"',
            r'"\"',
            "'a'",
            "“甲”",
            "\u00a0{}",
            "\x0c{}",
            "{}\x00",
        ),
    ),
    (
        "T-JSON",
        (
            "\ufeff\ufeff{}",
            " \ufeff{}",
            "{}\ufeff",
            "",
            "\ufeff",
            "{}".encode("utf-16-le"),
            "{}".encode("utf-16-be"),
        ),
    ),
    ("T-NAN", ("NaN", "Infinity", "-Infinity", "[NaN]", '{"year": NaN}')),
    (
        "T-DUPLICATE",
        (
            '{"a":1,"a":1}',
            '{"a":1,"b":2,"a":3}',
            r'{"a":1,"\u0061":2}',
            '[{"":1,"":2}]',
            r'{"\ud800":1,"\ud800":2}',
        ),
    ),
    (
        "T-SURROGATE",
        (
            r'"\ud800"',
            r'"\udfff"',
            r'"\udc00\ud800"',
            r'"\ud83dx"',
            r'"\ud83d\ud83d\ude42"',
            r'{"\ud800":1}',
            '"\ud800"',
            "\udfff",
        ),
    ),
    (
        "T-DEPTH",
        (
            DEEP,
            "[" * 2_000 + "]" * 2_000,
            '{"a":' * 65 + "1" + "}" * 65,
            "[" * 100_000,
            '{"a":[' * 50_000,
            '{"notes":' + DEEP[1:-1] + "}",
        ),
    ),
    (
        "T-NUMBER",
        (
            "123456789012345678",
            "-123456789012345678",
            "0.123456789012345678",
            "1.00000000000000000",
            "9" * 5_000,
            "1e16",
            "1E-16",
        ),
    ),
    (
        "T-NUMBER",
        (
            "1e400",
            "-1e-400",
            "0e99",
            "1e99999999999999999999",
            f"0.{'0' * 400}1",
            f"{'9' * 400}.5",
            '{"year": 20240000000000000000}',
        ),
    ),
    (
        "T-SIZE",
        (
            " " * (MAX_BYTES + 1),
            "甲" * (MAX_BYTES // 3 + 1),
            "[" * (MAX_BYTES + 1),
            REPORT + " " * MAX_BYTES,
        ),
    ),
    (
        "T-REPORT",
        (
            "null",
            "true",
            "5",
            "1.5",
            '"2021"',
            "[]",
            "{}",
            '{"a":1}',
            '{"report":{"edition":"2021"}}',
            f"[{REPORT}]",
        ),
    ),
)
"""Each fault of the text by itself."""


@pytest.mark.parametrize(("code", "texts"), BARE)
def test_fault_of_the_text(code: str, texts: tuple[bytes | str, ...]) -> None:
    """
    A text with a fault is refused with exactly one finding, the code of that fault, as bytes and as
    str alike.
    """
    for text in texts:
        for data in alike(text):
            findings = tried(gs.loads, data)
            assert isinstance(findings, tuple), f"{data[:60]!r}"
            assert named(findings) == [(code, ())], f"{data[:60]!r}"
            assert_messages(findings, f"{data[:60]!r}")


def alike(data: bytes | str) -> list[bytes | str]:
    """Give a text as str and as bytes, as far as it can be either."""
    try:
        other = data.decode() if isinstance(data, bytes) else data.encode()
    except UnicodeError:
        return [data]
    return [data, other]


DEEP_LIST: list[Any] = []
DEEP_LIST.append(DEEP_LIST)


@pytest.mark.parametrize(
    ("code", "values"),
    [
        (
            "T-NAN",
            (
                float("nan"),
                float("inf"),
                -float("inf"),
                Decimal("NaN"),
                Decimal("sNaN"),
                Decimal("-Infinity"),
            ),
        ),
        (
            "T-NUMBER",
            (10**20, -(10**400), Decimal(123456789012345678), Decimal("1e400"), Decimal("-1e-400")),
        ),
        ("T-SURROGATE", ("\ud800", ["甲\udfff"], {"\ud800": 1})),
        ("T-DEPTH", (json.loads(DEEP), DEEP_LIST, {"a": DEEP_LIST})),
    ],
)
def test_fault_of_the_text_in_plain_data(code: str, values: tuple[Any, ...]) -> None:
    """What no text can hold has the same code where plain data hold it."""
    for value in values:
        plain = json.loads(REPORT) | {"title": value}
        assert named(gs.conforms(plain)) == [(code, ())], code
        assert_messages(gs.conforms(plain), code)


@pytest.mark.parametrize("data", [None, 5, {}, ["{}"], object()])
def test_what_is_no_text(data: Any) -> None:
    """What is neither bytes nor str is no report."""
    assert [code for code, _ in named(tried(gs.loads, data))] == ["T-REPORT"]  # type: ignore[arg-type]


def test_bytes_of_any_kind_are_read() -> None:
    """A bytearray and a memoryview are read as bytes are."""
    for kind in (bytearray, memoryview):
        assert tried(gs.loads, kind(REPORT.encode())) == gs.loads(REPORT)


AMOUNT, TITLE, YEAR = "72701.2578", '"宿迁市2024年政府信息公开工作年度报告"', '"year":'
FIRST = '"overview": "（'
INSIDE: tuple[tuple[str, str, tuple[bytes | str, ...]], ...] = (
    (
        "T-UTF8",
        TITLE,
        (
            b'"\xff"',
            b'"\xc0\x80"',
            b'"\xed\xa0\x80"',
            b'"\xf4\x90\x80\x80"',
            "宿迁".encode("gb18030").join((b'"', b'"')),
        ),
    ),
    (
        "T-JSON",
        TITLE,
        (
            '"\t"',
            '"\n"',
            '"\x00"',
            '"\x1f"',
            r'"\x41"',
            r'"\u12"',
            r'"\u 041"',
            r'"\a"',
            "'a'",
            '"a" "b"',
            "",
            "/**/ null",
            "None",
        ),
    ),
    (
        "T-JSON",
        AMOUNT,
        (
            "01",
            "+1",
            ".5",
            "1.",
            "1e",
            "1.e1",
            "0x1",
            "1_0",
            "１",
            "1 // 万元",
            "1,",
            "",
            '"1',
            "1 2",
        ),
    ),
    ("T-NAN", AMOUNT, ("NaN", "Infinity", "-Infinity")),
    ("T-NAN", "2024,", ("NaN,", "-Infinity,")),
    (
        "T-DUPLICATE",
        YEAR,
        (
            '"year": 2024, "year":',
            '"year": null, "year":',
            r'"y\u0065ar": 2024, "year":',
            '"surprise": 1, "surprise": 1, "year":',
        ),
    ),
    (
        "T-DUPLICATE",
        AMOUNT,
        ('1, "amount": 1', '"x", "amount": 1', 'null, "amount": null', r'1, "\u0061mount": 1'),
    ),
    ("T-DUPLICATE", FIRST, (rf'"year": 2024, {FIRST}\u003a', rf'"year": 2024, {FIRST}\u003A')),
    (
        "T-SURROGATE",
        TITLE,
        (r'"\ud800"', r'"\uDFFF"', r'"\udc00\ud800"', r'"\ud83dx"', r'"\ud83d\u0041"', '"\ud800"'),
    ),
    ("T-SURROGATE", YEAR, (r'"\ud800": 1, "year":',)),
    ("T-DEPTH", AMOUNT, (DEEP, "[" * 62 + "]" * 62, "[" * 1_500 + "]" * 1_500, "[" * 100_000)),
    ("T-DEPTH", YEAR, (f'"surprise": {DEEP}, "year":',)),
    (
        "T-NUMBER",
        AMOUNT,
        (
            "0.123456789012345678",
            "123456789012345678",
            "1e16",
            "1e-16",
            "1e400",
            "1e-400",
            "72701.2578000000000000",
            "0e16",
        ),
    ),
    ("T-NUMBER", "2024,", ("2024.00000000000000,", "202400000000000000e-14,", "20240e-16,")),
)
"""
Faults of the text inside a report that has no other: code, the text whose place they take, and what
stands there.
"""


@pytest.mark.parametrize(("code", "place", "texts"), INSIDE)
def test_fault_of_the_text_inside_a_report(
    code: str, place: str, texts: tuple[bytes | str, ...]
) -> None:
    """
    A fault of the text is the one finding wherever it stands, and the fast lane does not pass over
    it.
    """
    for text in texts:
        spoilt = put(REPORT, place, text)
        for data in alike(spoilt):
            findings = tried(gs.loads, data)
            assert isinstance(findings, tuple), f"{text!r}"
            assert named(findings) == [(code, ())], f"{text!r}"
            if isinstance(data, bytes):
                assert _decode(data) is None, f"{text!r}"


def put(report: str, place: str, text: bytes | str) -> bytes | str:
    """Put a text where another stands."""
    assert report.count(place) == 1, place
    if isinstance(text, bytes):
        return report.encode().replace(place.encode(), text)
    return report.replace(place, text)
