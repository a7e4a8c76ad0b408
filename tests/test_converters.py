"""``register``: what a converter of cattrs reads and writes once it knows reports."""

from __future__ import annotations

import pickle
import random
from decimal import Decimal
from importlib import import_module
from typing import Any, Final, cast

import attrs
import cattrs
import pytest
import reports
from cattrs.preconf.json import configure_converter
from cattrs.preconf.json import make_converter as make_json
from reports import as_any

import govinfo_schema as gs

PRECONF: Final = [
    "json",
    "msgspec",
    *(pytest.param(name, marks=pytest.mark.thorough) for name in ("orjson", "pyyaml", "msgpack")),
]
"""The formats of cattrs; the libraries of the marked ones are in the group interop."""
LONGEST: Final = Decimal("12345678901.123456")
"""An amount that no float has."""
AMOUNT: Final = "proactive.administrative_fees.amount"


@attrs.frozen
class Filing:
    """A class of a user's own."""

    report: gs.Report
    current: gs.Report2021
    divided: list[gs.Report2021[gs.OtherHandling]]
    last: gs.Report2019 | None
    costs: Decimal
    paid: Decimal | None = None


def filing() -> Filing:
    """Make an object with a report of every kind, and an amount of 17 digits."""
    report = gs.replace(gs.generate(1), {AMOUNT: LONGEST})
    return Filing(
        report=gs.blank("2019", year=2020, body="某市人民政府"),
        current=cast("gs.Report2021", gs.generate(2, undivided=True)),
        divided=[cast("gs.Report2021[gs.OtherHandling]", report)],
        last=None,
        costs=Decimal("-0.00000001"),
        paid=LONGEST,
    )


def taught(converter: Any, **options: Any) -> Any:
    """Teach a converter, and hand it back."""
    gs.register(converter, **options)
    return converter


def spoilt(**fields: Any) -> dict[str, Any]:
    """Return the plain data of a report with other values in some fields."""
    return {**gs.to_dict(gs.generate(1)), **fields}


@pytest.mark.parametrize("detailed", [True, False])
@pytest.mark.parametrize("make", [cattrs.Converter, cattrs.BaseConverter])
def test_plain_converters_keep_decimals(make: Any, detailed: bool) -> None:
    """A plain converter writes ``to_dict``'s data with Decimals, and reads an equal object."""
    converter = taught(make(detailed_validation=detailed))
    plain = converter.unstructure(filing())
    assert plain["current"] == gs.to_dict(filing().current)
    assert plain["divided"][0]["proactive"]["administrative_fees"]["amount"] == LONGEST
    assert type(plain["costs"]) is Decimal
    assert converter.structure(plain, Filing) == filing()


@pytest.mark.parametrize("name", PRECONF)
def test_formats_read_back_exactly(name: str) -> None:
    """What a converter of a format writes, it reads back equal, amounts of 17 digits included."""
    converter = taught(import_module(f"cattrs.preconf.{name}").make_converter())
    text = converter.dumps(filing())
    assert converter.loads(text, Filing) == filing()
    assert converter.loads(converter.dumps(filing().current), gs.Report2021) == filing().current
    fees = converter.unstructure(filing())["divided"][0]["proactive"]["administrative_fees"]
    assert fees == {"amount": str(LONGEST)}


def test_a_converter_configured_by_hand_is_told() -> None:
    """``texts`` decides for a plain converter that writes JSON all the same."""
    converter = taught(make_json())
    by_hand = cattrs.Converter()
    configure_converter(by_hand)
    taught(by_hand, texts=True)
    assert by_hand.unstructure(filing()) == converter.unstructure(filing())
    own = cattrs.Converter()
    own.register_unstructure_hook(Decimal, str)
    assert taught(own).unstructure(LONGEST) == str(LONGEST)


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda: gs.register(as_any(None)), TypeError, "takes a converter of cattrs, not None"),
        (lambda: gs.register(as_any(5)), TypeError, "takes a converter of cattrs, not 5; make one"),
        (lambda: gs.register(as_any(gs.loads)), TypeError, "takes a converter of cattrs, not "),
        (lambda: gs.register(as_any(cattrs)), TypeError, "takes a converter of cattrs, not "),
        (lambda: gs.register(as_any(cattrs.Converter)), TypeError, "takes a converter of cattrs"),
        (
            lambda: gs.register(cattrs.Converter(), texts=as_any("yes")),
            ValueError,
            "texts is True, False or None, not 'yes'",
        ),
    ],
)
def test_what_is_no_converter(call: Any, error: type[Exception], said: str) -> None:
    """What cannot be taught is refused in one line, before anything else is."""
    with pytest.raises(error, match=said):
        call()


def test_ways_of_its_own_stay() -> None:
    """A hook for Decimal that the converter has already stays; teaching twice changes nothing."""
    converter = cattrs.Converter()
    converter.register_structure_hook(Decimal, lambda value, _: Decimal(value) / 100)
    taught(taught(converter))
    assert converter.structure("1250", Decimal) == Decimal("12.5")
    report = gs.generate(1)
    assert converter.structure(converter.unstructure(report), gs.Report2021) == report


def test_faults_have_their_cells() -> None:
    """``transform_error`` names the cell of every fault, with its code and message."""
    converter = taught(cattrs.Converter())
    data = converter.unstructure(filing())
    data["current"]["disputes"]["reconsideration"]["upheld"] = -1
    data["divided"][0]["notes"] = [{"at": None, "kind": "x", "text": ""}]
    data["report"]["year"] = "2020"
    with pytest.raises(cattrs.ClassValidationError) as error:
        converter.structure(data, Filing)
    told = cattrs.transform_error(error.value)
    assert [each.rpartition(" @ ")[2] for each in told] == [
        "$.report.year",
        "$.current.disputes.reconsideration.upheld",
        "$.divided[0].notes.0.kind",
    ]
    assert all("S-" in each for each in told)
    assert error.value.split(gs.InvalidReport)[0] is not None


def test_a_report_alone_raises_what_from_dict_raises() -> None:
    """``structure`` of a report raises InvalidReport with the findings of ``from_dict``."""
    for detailed in (True, False):
        converter = taught(cattrs.Converter(detailed_validation=detailed))
        for data in ({}, "text", spoilt(year=1, zz=2), {"edition": "2021"}):
            with pytest.raises(gs.InvalidReport) as expected:
                gs.from_dict(cast("Any", data))
            with pytest.raises(gs.InvalidReport) as error:
                converter.structure(data, gs.Report2021)
            assert error.value.findings == expected.value.findings
            assert pickle.loads(pickle.dumps(error.value)).findings == expected.value.findings  # noqa: S301


def test_the_type_decides_edition_and_shape() -> None:
    """A report of another edition, or with （六） in another shape, is refused with its cell."""
    converter = taught(cattrs.Converter())
    divided, whole = gs.generate(1), gs.generate(1, undivided=True)
    older = gs.generate(1, "2019")
    row = "applications.outcomes.other_handling"
    for report, hint, cells in (
        (divided, gs.Report2021[gs.Applicants], (row,)),
        (whole, gs.Report2021[gs.OtherHandling], (row,)),
        (older, gs.Report2021, ("edition",)),
        (divided, gs.Report2019, ("edition",)),
        (divided, gs.Report2019 | gs.Report2021[gs.Applicants], (row,)),
    ):
        for data in (report, gs.to_dict(report)):
            with pytest.raises(gs.InvalidReport) as error:
                converter.structure(data, hint)
            assert [finding.cells for finding in error.value.findings] == [cells]
    both = gs.Report2021[gs.Applicants] | gs.Report2021[gs.OtherHandling] | None
    for each, hint in ((divided, both), (whole, both), (older, gs.Report), (None, both)):
        assert converter.structure(each and gs.to_dict(each), hint) == each
    assert converter.structure(divided, gs.Report) is divided


def test_a_float_is_exact_or_refused() -> None:
    """
    An amount that is a float is taken if it has at most 15 digits, which a float keeps; with more
    it is refused (``S-DIGITS``), as are all other faults beside it.
    """
    converter = taught(cattrs.Converter())
    dice = random.Random(1)
    taken = refused = 0
    for _ in range(500):
        amount = Decimal(dice.randrange(10 ** dice.randrange(1, 18))).scaleb(-dice.randrange(9))
        data = spoilt(proactive=gs.to_dict(gs.generate(1))["proactive"])
        data["proactive"]["administrative_fees"]["amount"] = float(amount)
        try:
            read = gs.get(converter.structure(data, gs.Report2021), AMOUNT)
        except gs.InvalidReport as error:
            (finding,) = error.findings
            assert finding.code in ("S-DIGITS", "S-MAXIMUM")
            assert finding.cells == (AMOUNT,)
            refused += finding.code == "S-DIGITS"
        else:
            assert len(str(amount).strip("0.")) > 15 or read == amount
            taken += 1
    assert taken > 100
    assert refused > 10
    both = spoilt(year=1)
    both["other_matters"]["processing_fee"] = {
        "status": "charged",
        "requests": None,
        "amount": 0.1 + 0.2,
    }
    with pytest.raises(gs.InvalidReport) as found:
        converter.structure(both, gs.Report)
    assert [finding.code for finding in found.value.findings] == ["S-NEGATIVE", "S-DIGITS"]
    assert "0.30000000000000004" in found.value.findings[1].message("zh")


@pytest.mark.parametrize("text", ["1e2", "12.50", "NaN", "-1", "1_0", " 1", "", "1000000000001"])
def test_only_texts_that_are_written_are_amounts(text: str) -> None:
    """A text that no converter writes for an amount is a fault; a plain converter takes none."""
    data = spoilt()
    for amount, converters in (
        (text, (make_json(), cattrs.Converter())),
        ("12.5", (cattrs.Converter(),)),
    ):
        data["proactive"]["administrative_fees"]["amount"] = amount
        for converter in converters:
            with pytest.raises(gs.InvalidReport) as error:
                taught(converter).structure(data, gs.Report2021)
            assert [finding.code for finding in error.value.findings] == ["S-TYPE"]


@pytest.mark.parametrize("value", ["NaN", float("inf"), 0.1 + 0.2, "x", None, True, [], b"1"])
def test_decimals_of_other_classes_are_exact(value: Any) -> None:
    """A Decimal of a class of the user's own is read exactly, and anything else is refused."""
    converter = taught(cattrs.Converter())
    assert converter.structure("1e2", Decimal) == 100
    assert converter.structure(0.1, Decimal) == Decimal("0.1")
    with pytest.raises(ValueError, match=r"should be|may have lost"):
        converter.structure(value, Decimal)


def test_every_report_survives() -> None:
    """Reports of all shapes come back equal, with equal bytes, from every plain converter."""
    converter, text = taught(cattrs.Converter()), taught(make_json())
    for report in reports.REPORTS.values():
        assert gs.dumps(converter.structure(converter.unstructure(report), gs.Report)) == gs.dumps(
            report
        )
        assert text.loads(text.dumps(report), gs.Report) == report
