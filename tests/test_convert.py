"""
Reports to and from JSON and plain data: what is kept, how it is written, and which faults have
which code.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from reports import SHAPES
from strategies import made, reports

import govinfo_schema as gs
from govinfo_schema.form.parts import EditionName
from govinfo_schema.report.json import _decode

AMOUNT = "proactive.administrative_fees.amount"


def empty(**values: Any) -> gs.Report:
    """Make an empty report of edition 2021 with these fields."""
    return made("2021", False, values)


def with_amount(literal: str) -> str:
    """Write an empty report with this text as an amount."""
    text = gs.dumps(gs.replace(empty(), {AMOUNT: 777})).decode()
    assert text.count("777") == 1
    return text.replace("777", literal)


@given(reports())
@settings(max_examples=150)
def test_json_is_the_identity(report: gs.Report) -> None:
    """
    A report written and read again is the same report: through JSON, through plain data, and
    through any JSON library.
    """
    text = gs.dumps(report)
    assert gs.loads(text) == report
    assert gs.loads(text.decode()) == report
    assert gs.from_dict(gs.to_dict(report)) == report
    assert gs.from_dict(json.loads(text, parse_float=Decimal)) == report
    assert (
        gs.loads(json.dumps(json.loads(text, parse_float=Decimal), default=float, indent=4))
        == report
    )
    assert gs.conforms(json.loads(text)) == ()


@given(reports())
@settings(max_examples=50)
def test_dumps_is_canonical(report: gs.Report) -> None:
    """Equal reports give equal bytes, in the order of the form."""
    again = gs.from_dict(gs.to_dict(report))
    assert gs.dumps(again) == gs.dumps(report)
    assert list(json.loads(gs.dumps(report))) == list(gs.json_schema(report.edition)["required"])


@pytest.mark.parametrize(("name", "undivided"), SHAPES)
def test_to_dict_has_every_key_in_printed_order(name: EditionName, undivided: bool) -> None:
    """Plain data have every key, in the order in which the form is printed; blank is None."""
    data = gs.to_dict(gs.blank(name, year=2022, body="某市", undivided=undivided))
    paths: list[str] = []

    def go(node: Any, path: str) -> None:
        for key, value in node.items():
            if isinstance(value, dict):
                go(value, f"{path}{key}.")
            else:
                paths.append(f"{path}{key}")

    go(data, "")
    form = gs.edition(name)
    figures = [path for path in paths if path in {**form.cells, **form.undivided}]
    assert figures == list(form.undivided if undivided else form.cells)
    assert json.loads(gs.dumps(gs.from_dict(data))) == data


@pytest.mark.parametrize(
    ("literal", "kept", "written"),
    [
        ("0", "0", "0"),
        ("-0", "0", "0"),
        ("-0.00", "0", "0"),
        ("1e3", "1000", "1000"),
        ("1E+2", "100", "100"),
        ("12.50", "12.5", "12.5"),
        ("100.00", "100", "100"),
        ("0.0000000000", "0", "0"),
        ("0.0000000010", "1E-9", "0.000000001"),
        ("72701.2578", "72701.2578", "72701.2578"),
        ("1000000000000", "1000000000000", "1000000000000"),
        ("999999999999.99999", "999999999999.99999", "999999999999.99999"),
        ("1e-10", "1E-10", "0.0000000001"),
        ("0.1", "0.1", "0.1"),
        ("0.30000000000000004", "0.30000000000000004", "0.30000000000000004"),
    ],
)
def test_amount_never_passes_through_a_float(literal: str, kept: str, written: str) -> None:
    """
    An amount is kept exactly, in normal form, and written without exponent, trailing zero or minus
    zero.
    """
    report = gs.loads(with_amount(literal))
    assert str(gs.get(report, AMOUNT)) == str(Decimal(kept))
    assert f'"amount":{written}}}'.encode() in gs.dumps(report)
    assert gs.loads(gs.dumps(report)) == report


@pytest.mark.parametrize("literal", ["12.50", '"12.50"', "12.500000000000000001"])
@pytest.mark.parametrize("text", ["amount", '"amount', '"amount": 5', '"amount":5,', ':"amount":'])
@pytest.mark.parametrize("field", ["title", "body.name", "overview", "other_matters.text"])
@pytest.mark.parametrize("last", [False, True])
def test_text_is_not_taken_for_an_amount(field: str, text: str, literal: str, last: bool) -> None:
    """
    Texts that look like an amount change nothing, wherever they stand: the amount is read, or
    refused if it is text or has too many digits.
    """
    report = gs.replace(empty(), {AMOUNT: 777, field: text})
    data = json.loads(gs.dumps(report))
    if last:
        for key in ("other_matters", *field.split(".")[:1]):
            data[key] = data.pop(key)
    written = json.dumps(data).replace("777", literal)
    if literal == "12.50":
        assert gs.loads(written) == gs.replace(report, {AMOUNT: Decimal("12.5")})
        return
    with pytest.raises(gs.InvalidReport) as caught:
        gs.loads(written)
    assert [finding.code for finding in caught.value.findings] == [
        "S-TYPE" if literal.startswith('"') else "T-NUMBER"
    ]


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),
        (72701.2578, "72701.2578"),
        (1e3, "1000"),
        (5, "5"),
        (Decimal("1.50"), "1.5"),
        (-0.0, "0"),
        (1e-7, "1E-7"),
    ],
)
def test_float_of_plain_data_is_read_by_its_repr(value: object, kept: str) -> None:
    """A float given to ``from_dict`` as an amount means the number that it is printed as."""
    data = gs.to_dict(empty())
    data["proactive"]["administrative_fees"]["amount"] = value
    assert str(gs.get(gs.from_dict(data), AMOUNT)) == kept


@pytest.mark.parametrize(
    "literal",
    [
        '"12.5"',
        '"NaN"',
        '"1_0"',
        "true",
        "-0.01",
        "1000000000000.0001",
        "1e13",
        "[]",
        "1000000000001",
    ],
)
def test_amount_that_is_refused(literal: str) -> None:
    """Text for an amount, a negative one and one above 10^12 are refused by name."""
    with pytest.raises(gs.InvalidReport) as caught:
        gs.loads(with_amount(literal))
    assert [finding.cells for finding in caught.value.findings] == [(AMOUNT,)]


@pytest.mark.parametrize(
    ("literal", "kept"),
    [
        ("1.0", 1),
        ("1e2", 100),
        ("-0", 0),
        ("-0.0", 0),
        ("9007199254740991", 2**53 - 1),
        ("9007199254740991.0", 2**53 - 1),
    ],
)
def test_count_may_be_written_with_a_fraction_of_zero(literal: str, kept: int) -> None:
    """A count written 1.0 is 1, as it is to every validator; it is an int, and written as one."""
    text = (
        gs.dumps(gs.replace(empty(), {"disputes.reconsideration.upheld": 777}))
        .decode()
        .replace("777", literal)
    )
    value = gs.get(gs.loads(text), "disputes.reconsideration.upheld")
    assert (value, type(value)) == (kept, int)
    assert f'"upheld":{kept},'.encode() in gs.dumps(gs.loads(text))


def test_text_is_kept_as_it_is() -> None:
    """
    No text is changed: line breaks, quotes, colons, spaces, characters of every plane, none
    stripped.
    """
    text = ' "甲"：a:b\n\t\\ \u2028𠮷🙂 '
    report = empty(title=text, overview=text, published_on=date(2025, 1, 31))
    assert gs.loads(gs.dumps(report)) == report
    assert gs.to_dict(report)["published_on"] == "2025-01-31"


def test_byte_order_mark_is_dropped() -> None:
    """One leading byte-order mark is no fault, in bytes and in text."""
    text = gs.dumps(empty())
    assert gs.loads(b"\xef\xbb\xbf" + text) == gs.loads("\ufeff" + text.decode()) == empty()


def test_dollar_schema_is_dropped() -> None:
    """``$schema`` is for the editor: it is read over and not written."""
    assert gs.loads(b'{"$schema":"report.schema.json",' + gs.dumps(empty())[1:]) == empty()


@pytest.mark.parametrize(("asked", "given_as"), [("2019", "2021"), ("2021", "2019")])
def test_edition_that_was_not_asked_for(asked: Any, given_as: EditionName) -> None:
    """``loads`` with an edition refuses a report of the other, in one finding."""
    text = gs.dumps(gs.blank(given_as, year=2021, body="某市"))
    assert gs.loads(text, edition=given_as).edition == given_as
    with pytest.raises(gs.InvalidReport) as caught:
        gs.loads(text, edition=asked)
    assert [finding.code for finding in caught.value.findings] == ["S-EDITION"]


@pytest.mark.parametrize("call", [gs.loads, gs.from_dict])
def test_edition_that_does_not_exist(call: Any) -> None:
    """To ask for an edition that does not exist is a mistake of the call."""
    with pytest.raises(gs.UnknownEdition):
        call(gs.dumps(empty()), edition="2008")


@pytest.mark.parametrize("call", [gs.dumps, gs.to_dict])
def test_what_is_no_report_is_not_written(call: Any) -> None:
    """What is no report is a mistake of the call."""
    with pytest.raises(TypeError, match="make one with loads or from_dict"):
        call({"edition": "2021"})


def test_half_a_character_is_refused() -> None:
    """
    A lone surrogate has no place in UTF-8: no report holds one, and plain data with one are refused
    with its code.
    """
    with pytest.raises(gs.InvalidValue, match=r"^title: .*U\+D800"):
        empty(title="\ud800")
    with pytest.raises(gs.InvalidReport) as caught:
        gs.from_dict(gs.to_dict(empty()) | {"title": "\ud800"})
    assert [finding.code for finding in caught.value.findings] == ["T-SURROGATE"]


def test_invalid_report_is_a_value_error_that_lists_its_findings() -> None:
    """
    ``InvalidReport`` is a ``ValueError`` whose text shows the first faults and counts the rest.
    """
    data = gs.to_dict(empty())
    data["disputes"]["reconsideration"] = dict.fromkeys(data["disputes"]["reconsideration"], "?")
    with pytest.raises(
        ValueError, match=r"5 faults\. S-TYPE: .* \(and 2 more: see \.findings\)"
    ) as caught:
        gs.from_dict(data)
    assert isinstance(caught.value, gs.InvalidReport)
    assert caught.value.is_report
    assert caught.value.findings == gs.conforms(data)


def test_editor_key_costs_nothing() -> None:
    """
    A text that begins with ``$schema``, as the README tells people to write, is read as fast as one
    without it.
    """
    text = b'{ "$schema": "schemas/2021/report.schema.json", ' + gs.dumps(empty())[1:]
    assert _decode(text) == empty()
    assert _decode(text.replace(b'"edition"', b'"$schema": "twice", "edition"')) is None
