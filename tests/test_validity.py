"""
A report that exists is a report that the schema accepts, that every data format gives back, and
that documents keep the figures of.
"""

from __future__ import annotations

import contextlib
import copy
import enum
import inspect
import operator
import pickle
import random
import re
import traceback
from array import array
from collections import OrderedDict, UserDict
from collections.abc import Callable, Hashable, Iterator
from datetime import UTC, date, datetime
from decimal import Context, Decimal, Inexact, localcontext
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from unittest.mock import Mock

import attrs
import pytest
from programs import needs_office
from reports import as_any

import govinfo_schema as gs
from govinfo_schema.documents.document import Paragraph
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise.figures import figure
from govinfo_schema.form.parts import EditionName
from govinfo_schema.report.model import (
    Applicants,
    Applications,
    Body,
    DisputeResults,
    Note,
    Outcomes,
)
from govinfo_schema.report.values import MAX_BYTES

CHANGES: Final = 20_000
"""So many random changes are tried; the first batch in every run, others among the thorough and
the full tests."""
BATCH: Final = 500
BATCHES: Final = [
    0,
    *(pytest.param(start, marks=pytest.mark.thorough) for start in range(BATCH, 3_000, BATCH)),
    *(pytest.param(start, marks=pytest.mark.full) for start in range(3_000, CHANGES, BATCH)),
]
DATA: Final = (".jsonl", ".csv", ".parquet", ".sqlite", ".duckdb")
DOCUMENTS: Final = (".html", ".docx", ".md", ".xlsx")


class Word(str):
    """A text that is more than a text."""

    __slots__ = ()

    def __str__(self) -> str:
        return "something else"


class Scope(enum.StrEnum):
    """Words as an enumeration."""

    OWN = "own"


class Number(enum.IntEnum):
    """Numbers as an enumeration."""

    SEVEN = 7


class Answer(enum.Enum):
    """Numbers that only an enumeration knows."""

    NO = 3


class Money(Decimal):
    """A decimal number that is more than one."""


class Day(date):
    """A date that is more than one."""


class Office(Body):
    """A body of another class, which compares unequal to a plain one."""


class Index:
    """A whole number of another library."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __index__(self) -> Any:
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


class Hostile:
    """An object of which nothing is to be had."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    def __repr__(self) -> str:
        raise RuntimeError


def others() -> list[Any]:
    """Give values of NumPy and pandas, where they are installed."""
    found: list[Any] = []
    with contextlib.suppress(ImportError):
        np = import_module("numpy")
        found += [np.int64(3), np.uint8(250), np.int32(-3), np.bool_(True), np.array(4)]
        found += [np.float64(12.0), np.float64(1.5), np.float64("nan"), np.float32(1.1)]
        found += [np.str_("own"), np.str_("321300"), np.array([1, 2]), np.datetime64("2025-01-31")]
    with contextlib.suppress(ImportError):
        pd = import_module("pandas")
        found += [pd.NA, pd.NaT, pd.Timestamp("2025-01-31"), pd.Series([1]), pd.DataFrame()]
    return found


PLAIN_TEXTS: Final = (
    *("", " ", "无", "2023年", "表\t一", "一\n二", "一\r\n二", "一\r二", "\n", "\r", "\t"),
    *("=1+1", "+1", "-1", "@x", "'", '"', ",", ";", "a,b\n", ":", "a:b", "\\", "\\u003a", "|"),
    *("null", "NULL", "nan", "[]", "{}", "<b>甲</b>", "&amp;", "# 一、", "$1$", "％s"),
    *("\0", "a\0b", "\x1f", "\x7f", "\x85", "\u2028", "\ufffe", "\ufeff甲", "𠮷", "e\u0301"),
    *("2024-02-30", "2025-01-31", "321300", "321300\n", "9132130012345678AB", "甲" * 5000),
)
HALVES: Final = ("\ud800", "甲\udfff", "\udce4")
COUNTS: Final = (0, 1, 7, -1, -8, 2**31, 2**53 - 1, 2**53, -(2**53) + 1, 10**12, 10**5000)
YEARS: Final = (2007, 2008, 2024, 9999, 10_000)
FLOATS: Final = (0.0, -0.0, 1.0, 12.5, 0.1, 1e300, 1e-300, float("nan"), float("inf"))
DECIMALS: Final = tuple(
    map(
        Decimal,
        (
            *("0", "-0", "-0.00", "0E-30", "0E+30", "12.50", "1E+3", "72701.2578", "1000000000000"),
            *("0.000000000000000001", "1234567890.1234567", "1000000000000.1", "-0.01"),
            *("0.123456789012345678", "1E+999999", "1E-999999", "0E-999999999"),
            *("NaN", "sNaN", "Infinity"),
        ),
    )
)
WORDS: Final = (
    *("2019", "2021", "own", "region", "city", "county", "government", "元", "万元"),
    *("charged", "none", "not_stated", "remark", "text"),
)
PLACES: Final = (
    *("overview", "proactive", "proactive.licensing.decisions", "nowhere"),
    "proactive.centralized_procurement.amount",
)
DAYS: Final = (date(2025, 1, 31), date(1, 1, 1), date(9999, 12, 31), Day(2024, 2, 29))
NOTES: Final = (
    [Note(at=None, kind="text", text="\r\n")],
    (Note(at="nowhere", kind="text", text=""),),
    (Note(at="overview", kind="remark", text=""), Note(at="proactive", kind="text", text="=1")),
)
ODD: Final = (
    *(None, True, False, *COUNTS, *YEARS, *FLOATS, *DECIMALS, *PLAIN_TEXTS, *HALVES, *WORDS),
    *(*PLACES, *DAYS, *NOTES, Word("own"), Word("甲"), Scope.OWN, Number.SEVEN, Money("12.50")),
    *(Money("NaN"), datetime(2025, 1, 31, 9, tzinfo=UTC), Fraction(1, 2), Fraction(3), 1j, b"own"),
    *(
        object(),
        Hostile(),
        Index(5),
        Index("x"),
        Index(ValueError()),
        str,
        Body,
        iter([]),
        range(3),
    ),
    *([], (), {}, [[]], [None], ({},), {5: 1}, Body.named("某县"), Office.named("某县")),
    *others(),
)
FITTING: Final[dict[str, tuple[Any, ...]]] = {
    "amount": (None, 0, *DECIMALS, Money("12.50"), Index(5)),
    "published_on": (None, *DAYS),
    "notes": ((), *NOTES),
    "division_code": (None, "321300", "321300001", "321300\n"),
    "at": (None, *PLACES, Word("overview")),
    **dict.fromkeys(("title", "name", "overview", "problems", "text"), PLAIN_TEXTS),
}
"""Values that may well fit, for the fields that hardly anything else fits."""


def bases() -> list[gs.Report]:
    """Give reports of every shape, empty ones and full ones."""
    name = "某市人民政府"
    shapes: list[tuple[EditionName, bool]] = [("2019", True), ("2021", False), ("2021", True)]
    return [
        report
        for seed in range(3)
        for edition, undivided in shapes
        for report in (
            gs.blank(edition, year=2022, body=name, undivided=undivided),
            gs.generate(seed, edition, undivided=undivided),
        )
    ]


def parts(report: gs.Report) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Go through all objects of a report, each with its path."""
    todo: list[tuple[tuple[str, ...], Any]] = [((), report)]
    while todo:
        path, part = todo.pop()
        yield path, part
        todo += [
            ((*path, field.name), value)
            for field in attrs.fields(type(part))
            if attrs.has(type(value := getattr(part, field.name)))
        ]


def likely(rng: random.Random, name: str, old: Any) -> Any:
    """Choose a value for a field: often one that may well fit, sometimes anything."""
    if rng.random() < 0.4:
        return rng.choice(ODD)
    if name in FITTING:
        return rng.choice(FITTING[name])
    if isinstance(old, (int, type(None))):
        return rng.choice((None, *COUNTS, *YEARS, Number.SEVEN, Index(5)))
    return rng.choice(WORDS) if isinstance(old, str) else rng.choice(ODD)


def by_replace(rng: random.Random, report: gs.Report) -> gs.Report:
    """Change up to three cells or fields by their ids."""
    found = [
        (path, field.name) for path, part in parts(report) for field in attrs.fields(type(part))
    ]
    ids = [".".join((*path, name)) for path, name in found]
    fields = [cell for cell in ids if cell.count(".") < 2]
    chosen = [rng.choice(rng.choice((ids, fields))) for _ in range(rng.randint(1, 3))]
    with contextlib.suppress(gs.UnknownCell):
        old = {cell: gs.get(report, cell) for cell in chosen}
        return gs.replace(
            report, {cell: likely(rng, cell.rpartition(".")[2], old[cell]) for cell in old}
        )
    return report


def by_evolve(rng: random.Random, report: gs.Report) -> gs.Report:
    """
    Change one field of one object with ``attrs.evolve``, and put the object back step by step.
    """
    path, part = rng.choice(list(parts(report)))
    field = rng.choice(attrs.fields(type(part)))
    made = attrs.evolve(part, **{field.name: likely(rng, field.name, getattr(part, field.name))})
    for depth in range(len(path) - 1, -1, -1):
        holder: Any = report
        for step in path[:depth]:
            holder = getattr(holder, step)
        made = attrs.evolve(holder, **{path[depth]: made})
    return made  # type: ignore[no-any-return]


def by_constructor(rng: random.Random, report: gs.Report) -> gs.Report:
    """Make every object of a report anew, one of them with another value or a whole other part."""
    spoilt = rng.choice([path for path, _ in parts(report)])
    pool = [part for _, part in parts(rng.choice(BASES))]

    def make(part: Any, path: tuple[str, ...]) -> Any:
        fields = {field.name: getattr(part, field.name) for field in attrs.fields(type(part))}
        made = {
            name: make(value, (*path, name)) if attrs.has(type(value)) else value
            for name, value in fields.items()
        }
        if path == spoilt:
            name = rng.choice(list(made))
            made[name] = (
                rng.choice(pool)
                if attrs.has(type(made[name])) and rng.random() < 0.7
                else likely(rng, name, made[name])
            )
        return type(part)(**made)

    return make(report, ())  # type: ignore[no-any-return]


def by_dict(rng: random.Random, report: gs.Report) -> gs.Report:
    """Change values, keys and the kinds of containers of plain data."""
    data = gs.to_dict(report)
    for _ in range(rng.randint(1, 3)):
        node: Any = data
        while True:
            key = rng.choice(list(node))
            if not isinstance(node[key], dict) or not node[key] or rng.random() < 0.1:
                break
            node = node[key]
        odd = rng.choice((*ODD, UserDict(), OrderedDict(), MappingProxyType({"a": 1})))
        node[key] = likely(rng, key, node[key]) if rng.random() < 0.6 else odd
        if rng.random() < 0.05:
            node[rng.choice((5, None, Word("x"), ("a",), 1.5, b"x"))] = 1
    if rng.random() < 0.3:
        note = {"at": likely(rng, "at", None), "kind": "text", "text": likely(rng, "text", "")}
        data["notes"] = [note]
    wrapped: Any = rng.choice((dict, OrderedDict, UserDict, MappingProxyType))(data)
    return gs.from_dict(wrapped)


BASES: Final = bases()
WAYS: Final[tuple[Callable[[random.Random, gs.Report], gs.Report], ...]] = (
    by_replace,
    by_replace,
    by_evolve,
    by_constructor,
    by_dict,
)


def changed(seed: int) -> gs.Report | None:
    """Make some random changes; None where one is refused as it should be."""
    rng = random.Random(seed)
    report = rng.choice(BASES)
    with contextlib.suppress(gs.InvalidValue, gs.InvalidReport):
        for _ in range(rng.randint(1, 3)):
            report = rng.choice(WAYS)(rng, report)
        return report
    return None


def leaves(part: Any) -> Iterator[Any]:
    """Go through all values of a report."""
    if isinstance(part, tuple):
        for item in part:
            yield from leaves(item)
    elif attrs.has(type(part)):
        for field in attrs.fields(type(part)):
            yield from leaves(getattr(part, field.name))
    else:
        yield part


@pytest.mark.parametrize("start", BATCHES)
def test_random_changes(start: int, tmp_path: Path) -> None:
    """
    A random change ends in ``InvalidValue`` or ``InvalidReport``, or in a report that JSON and
    every table give back equal.
    """
    reports = [
        report for seed in range(start, start + BATCH) if (report := changed(seed)) is not None
    ]
    assert BATCH / 10 < len(reports) < BATCH * 9 / 10
    for report in reports:
        assert gs.loads(gs.dumps(report)) == report
        assert gs.from_dict(gs.to_dict(report)) == report
        assert pickle.loads(pickle.dumps(report)) == copy.deepcopy(report) == report  # noqa: S301
        assert {type(value) for value in leaves(report)} <= {int, str, Decimal, date, type(None)}
    for suffix in DATA:
        path = tmp_path / f"reports{suffix}"
        gs.write_many(reports, path)
        assert list(gs.read_many(path).reports) == reports, suffix
    path = tmp_path / "report.json"
    gs.write(reports[0], path)
    assert gs.read(path).report == reports[0]


def documented(start: int, count: int) -> list[gs.Report]:
    """Give reports after random changes, for documents."""
    seeds = range(10**6 + 10 * start, 10**6 + 10 * (start + count))
    return [report for seed in seeds if (report := changed(seed)) is not None][:count]


DOCUMENT_BATCHES: Final = [
    *((suffix, 0, 20) for suffix in DOCUMENTS),
    *(pytest.param(suffix, 20, 280, marks=pytest.mark.full) for suffix in DOCUMENTS),
    *(pytest.param(".pdf", start, 60, marks=needs_office.marks) for start in range(0, 300, 60)),
]


@pytest.mark.parametrize(("suffix", "start", "count"), DOCUMENT_BATCHES)
def test_documents_keep_the_figures(suffix: str, start: int, count: int, tmp_path: Path) -> None:
    """
    Whatever the texts of a report hold, a document of it can be written, and read again it has the
    same figures and the same year.
    """
    reports = documented(start, count)
    assert len(reports) == count
    path = tmp_path / f"report{suffix}"
    for report in reports:
        gs.write(report, path)
        read = gs.read(path, body=report.body.name).report
        assert (read.year, dict(gs.walk(read))) == (report.year, dict(gs.walk(report)))


@pytest.mark.parametrize("name", ["甲", "\ufeff甲", "\ufffe", " 甲\u200b"])
def test_name_of_one_sign_stands_below_the_title(name: str) -> None:
    """A name of which a title keeps one sign or none is printed once more, where it is found."""
    blocks = layout(gs.replace(gs.generate(1), {"body.name": name})).blocks
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    told = [text for text in texts if text.startswith("报告单位：")]
    assert len(told) == 1
    assert len(told[0].strip()) > len("报告单位：")


# ---- field by field ------------------------------------------------------------------------------


def full(edition: EditionName = "2021", *, undivided: bool = False) -> Any:
    """Make a report with figures."""
    return gs.generate(1, edition, undivided=undivided)


def named(value: object) -> str:
    """Name a case by its texts; a number may have more digits than Python prints."""
    return (
        value
        if type(value) is str and value.isascii() and len(value) < 40
        else type(value).__name__
    )


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("published_on", "2025-13-45", "a datetime.date"),
        ("published_on", "2025-01-31", "date.fromisoformat"),
        ("published_on", datetime(2025, 1, 31, tzinfo=UTC), r"take its \.date\(\)"),
        ("body.name", None, "text"),
        ("body.name", "", "not empty"),
        ("body.division_code", "abc", "6 or 9 digits"),
        ("body.division_code", "321300\n", "6 or 9 digits"),
        ("body.social_credit_code", "1" * 17, "18 characters"),
        ("body.level", "city", "'township'"),
        ("scope.proactive", "world", "'own' or 'region' or 'system'"),
        ("overview", 5, "text, not 5"),
        ("overview", "\ud800", r"U\+D800"),
        ("edition", "2019", "'2021'"),
        ("year", 10**5000, "not a value of type int"),
        ("other_matters.processing_fee.status", [], "'charged' or 'none'"),
        ("disputes.reconsideration.upheld", Hostile(), "not a value of type Hostile"),
        ("overview", "甲" * (MAX_BYTES // 3), r"16,000,000 bytes as JSON, not"),
    ],
    ids=named,
)
def test_replace_names_the_field(field: str, value: object, says: str) -> None:
    """
    A value that does not fit its field is refused with the whole path of the field and what would
    fit.
    """
    with pytest.raises(gs.InvalidValue, match=rf"^{field}: .*{says}") as caught:
        gs.replace(full(), {field: value})
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("body", {"body": "某市"}),
        ("body", {"body": Office.named("某市")}),
        ("body", {"body": full().scope}),
        ("notes", {"notes": None}),
        ("notes.0", {"notes": [full().body]}),
        (
            "notes.1.at",
            {
                "notes": [
                    Note(at=None, kind="text", text=""),
                    Note(at="nowhere", kind="text", text=""),
                ]
            },
        ),
        ("proactive", {"proactive": full("2019").proactive}),
        ("edition", {"edition": "2019"}),
        ("published_on", {"published_on": "2025-01-31"}),
    ],
)
def test_evolve_names_the_field(field: str, values: dict[str, Any]) -> None:
    """Another object, or one of another class, is refused where the report is made."""
    with pytest.raises(gs.InvalidValue) as caught:
        attrs.evolve(full(), **values)
    assert caught.value.field == field


def test_shape_of_edition_2019() -> None:
    """（六） is three rows or one row on the form of 2021, and one row on that of 2019."""
    assert attrs.evolve(full(), applications=full(undivided=True).applications) == attrs.evolve(
        full(undivided=True), proactive=full().proactive, disputes=full().disputes
    )
    with pytest.raises(
        gs.InvalidValue, match=r"^applications\.outcomes\.other_handling: .*Applicants"
    ):
        attrs.evolve(full("2019"), applications=full().applications)
    outcomes = full().applications.outcomes
    with pytest.raises(gs.InvalidValue, match=r"^other_handling: .*OtherHandling or Applicants"):
        attrs.evolve(outcomes, other_handling=outcomes.withheld)
    made = gs.Report2021[Applicants](
        **{
            field.name: getattr(full(undivided=True), field.name)
            for field in attrs.fields(gs.Report2021)
        }
    )
    assert made == full(undivided=True)
    assert isinstance(made.applications, Applications)
    assert isinstance(made.applications.outcomes, Outcomes)


def test_values_of_other_classes_are_read_by_value() -> None:
    """
    Texts, whole numbers, dates and decimals of other classes become plain ones; a list of notes
    becomes a tuple.
    """
    note = Note(at=Word("overview"), kind=Word("text"), text=Word("甲"))  # type: ignore[arg-type]
    values = {
        "title": Word("甲"),
        "scope.proactive": Scope.OWN,
        "year": Index(2024),
        "disputes.reconsideration.upheld": Number.SEVEN,
        "proactive.administrative_fees.amount": Money("12.50"),
        "published_on": Day(2025, 1, 31),
    }
    report = attrs.evolve(gs.replace(full(), values), notes=[note])
    assert gs.loads(gs.dumps(report)) == report
    assert (report.title, report.year, report.published_on, report.notes[0].text) == (
        "甲",
        2024,
        date(2025, 1, 31),
        "甲",
    )
    assert {type(value) for value in leaves(report)} == {int, str, Decimal, date, type(None)}


@pytest.mark.thorough
def test_whole_numbers_of_numpy() -> None:
    """
    Integers of NumPy are integers, read by value, in a report and in plain data; other numbers of
    it are no counts.
    """
    np = pytest.importorskip("numpy")
    cell, fee = "disputes.reconsideration.upheld", "proactive.administrative_fees.amount"
    for kind in (np.int8, np.uint16, np.int32, np.int64, np.uint64):
        report = gs.replace(full(), {cell: kind(3), fee: kind(5), "year": np.int64(2024)})
        assert [type(gs.get(report, name)) for name in (cell, fee, "year")] == [int, Decimal, int]
        data = gs.to_dict(report)
        data["disputes"]["reconsideration"]["upheld"], data["year"] = kind(3), np.int64(2024)
        assert gs.from_dict(data) == report
        data["proactive"]["administrative_fees"]["amount"] = np.float64(5)
        assert gs.from_dict(data) == report
    assert Applicants.from_parts(*[np.int8(95)] * 6).total == 570
    with pytest.raises(TypeError, match="undivided is True or False"):
        gs.blank("2021", year=2024, body="某市", undivided=np.array([1, 2]))
    for value in (np.float64(3), np.bool_(True), np.array([3, 4])):
        with pytest.raises(gs.InvalidValue, match=f"^{cell}: "):
            gs.replace(full(), {cell: value})


@pytest.mark.parametrize(
    ("value", "code", "says"),
    [
        (Fraction(3), "S-TYPE", "a value of type Fraction"),
        (1j, "S-TYPE", "a value of type complex"),
        (Hostile(), "S-TYPE", "a value of type Hostile"),
        (Index(ValueError()), "S-TYPE", "a value of type Index"),
        (date(2025, 1, 31), "S-TYPE", "a value of type date"),
        (Money("NaN"), "T-NAN", "NaN"),
    ],
)
def test_plain_data_of_other_libraries(value: object, code: str, says: str) -> None:
    """
    What JSON does not know is a fault of its cell, never an error of the library that it is of.
    """
    data = gs.to_dict(full())
    data["disputes"]["reconsideration"]["upheld"] = value
    with pytest.raises(gs.InvalidReport, match=says) as caught:
        gs.from_dict(data)
    assert [finding.code for finding in caught.value.findings] == [code]


def test_containers_and_keys_of_other_classes() -> None:
    """
    Any mapping is an object and any list or tuple an array; a key that is no text is no key of the
    form.
    """
    data = gs.to_dict(full())
    data["disputes"] = MappingProxyType(dict(data["disputes"]))
    data["notes"] = ()
    assert gs.from_dict(UserDict({Word(key): value for key, value in data.items()})) == full()
    data[5] = data[None] = data[Scope] = 1  # type: ignore[index]
    assert [finding.code for finding in gs.conforms(data)] == ["S-UNKNOWN"] * 3
    data["title"] = data
    assert [finding.code for finding in gs.conforms(data)] == ["T-DEPTH"]


def test_report_is_no_longer_than_its_file_may_be() -> None:
    """
    The longest report has as many bytes as ``loads`` takes, and one more is refused however it is
    made.
    """
    report = gs.replace(full(), {"proactive.administrative_fees.amount": Decimal("0.00000000001")})
    room = MAX_BYTES - len(gs.dumps(gs.replace(report, {"overview": ""})))
    longest = gs.replace(report, {"overview": "\x01" * (room // 6) + "a" * (room % 6)})
    assert len(gs.dumps(longest)) == MAX_BYTES
    assert gs.loads(gs.dumps(longest)) == longest
    with pytest.raises(gs.InvalidValue, match=r"^overview: .*not 16,000,001"):
        gs.replace(longest, {"overview": f"{longest.overview}a"})
    with pytest.raises(gs.InvalidReport) as caught:
        gs.from_dict(gs.to_dict(longest) | {"title": "abc"})
    assert [finding.code for finding in caught.value.findings] == ["T-SIZE"]


def test_amount_does_not_follow_the_context_of_its_caller() -> None:
    """An amount is kept whole whatever precision the caller has set for decimal numbers."""
    with localcontext() as context:
        context.prec = 3
        report = gs.replace(full(), {"proactive.administrative_fees.amount": Decimal("72701.2578")})
        assert gs.loads(gs.dumps(report)) == report
    assert gs.get(report, "proactive.administrative_fees.amount") == Decimal("72701.2578")


@pytest.mark.parametrize("context", [Context(prec=3), Context(prec=1, traps=[Inexact])])
def test_sums_do_not_follow_the_context_of_their_caller(context: Context) -> None:
    """
    Amounts are added up and compared, and numbers are read, alike whatever the caller has set for
    decimal numbers: nothing is rounded, and nothing ends in an error.
    """
    cell = "proactive.administrative_fees.amount"
    parts = [
        gs.replace(gs.generate(seed, "2021"), {cell: amount})
        for seed, amount in enumerate(
            [Decimal("72701.2578"), Decimal("500000.5"), Decimal("0.000001")]
        )
    ]
    text = (
        "收到信息公开申请1234件，予以公开567件，占45.95%。"
        "共收费1234.56元，其中甲局1000元、乙局234.56元。"
    )
    parts[0] = gs.replace(parts[0], {"overview": text, "other_matters.text": text})
    years = [gs.replace(part, {"year": 2021 + at}) for at, part in enumerate(parts)]

    def worked_out() -> list[Any]:
        whole = gs.add_up(parts)
        return [
            whole,
            gs.check_parts(gs.replace(whole, {cell: Decimal("572701.75")}), parts),
            gs.check_years(years),
            *(gs.plausible(part) for part in parts),
            figure("-123456", "signed_count"),
        ]

    plain = worked_out()
    with localcontext(context):
        assert worked_out() == plain
    assert f"{gs.get(plain[0], cell):f}" == "572701.757801"
    assert plain[-1].value == -123456


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"body": ""}, "body.name"),
        ({"body": "\ud800"}, "body.name"),
        ({"body": None}, "body"),
        ({"body": 5}, "body"),
        ({"year": "2024"}, "year"),
    ],
)
def test_blank_refuses_what_no_report_may_hold(given: dict[str, Any], field: str) -> None:
    """The empty form refuses a year that is none and a body without a name, and names the field."""
    with pytest.raises(gs.InvalidValue) as caught:
        gs.blank("2021", **{"year": 2024, "body": "某市", **given})
    assert caught.value.field == field
    if field == "body":
        assert "should be a name or a Body, not " in str(caught.value)


@pytest.mark.parametrize(
    "call",
    [
        gs.edition,
        gs.json_schema,
        lambda name: gs.blank(name, year=2024, body="某市"),
        lambda name: gs.loads(gs.dumps(full()), edition=name),
        lambda name: gs.from_dict(gs.to_dict(full()), edition=name),
        lambda name: gs.conforms(gs.to_dict(full()), name),
        lambda name: gs.to_edition(full(), name),
        gs.generate.__get__(3),
    ],
)
def test_edition_is_named_by_a_text(call: Callable[[Any], object]) -> None:
    """
    The name of an edition is text: a number is refused with the text that is meant, anything else
    with the names there are.
    """
    with pytest.raises(gs.UnknownEdition, match=r'a name is text: write "2021"'):
        call(2021)
    with pytest.raises(gs.UnknownEdition, match=r"there are 2019 and 2021$"):
        call(["2021"])


def test_assessment_is_no_condition() -> None:
    """
    An assessment is neither true nor false: ``if gs.check(report)`` would be true for a wrong
    report.
    """
    with pytest.raises(TypeError, match=r"\.ok .*\.findings"):
        bool(gs.check(full()))


def test_report_classes_are_closed() -> None:
    """No class is derived from a report: what is read back would be unequal to its reports."""
    for cls in (gs.Report2019, gs.Report2021):
        with pytest.raises(TypeError, match="hold the report in a field"):
            type("Own", (cls,), {})


def test_cell_id_is_a_text() -> None:
    """What is no text is no cell id."""
    with pytest.raises(gs.UnknownCell):
        gs.get(full(), 5)  # type: ignore[arg-type]
    with pytest.raises(gs.UnknownCell):
        gs.replace(full(), {None: 5})  # type: ignore[dict-item]


@pytest.mark.parametrize(
    "key",
    [5, None, [], {}, {1}, b"year", ("year",), 10**5000, "x" * 10**6, Mock(spec=str), Hostile()],
    ids=named,
)
def test_unknown_cell_is_one_short_line(key: Any) -> None:
    """Whatever is asked for that is no cell, the error says so on one short line."""
    values: Any = UserDict()
    if isinstance(key, Hashable):
        values[key] = 1
    asked: tuple[Callable[[], object], ...] = (
        lambda: gs.get(full(), key),
        lambda: gs.edition("2021").cell(key),
        *([lambda: gs.replace(full(), values)] if values else []),
    )
    for ask in asked:
        with pytest.raises(gs.UnknownCell, match=r"has no cell .*lists them$") as caught:
            ask()
        assert len(str(caught.value)) < 200


@pytest.mark.parametrize("values", [5, None, "year", ["year"], [("year", 2024)]])
def test_replace_takes_a_dict(values: Any) -> None:
    """What is no dict of values is refused before anything is looked up in it."""
    with pytest.raises(TypeError, match="a dict of cell ids and values, not"):
        gs.replace(full(), values)


@pytest.mark.parametrize("cls", [str, Decimal, date, int, bool, float, dict, list, tuple, Body])
def test_what_claims_to_be_of_a_class_is_none(cls: type) -> None:
    """A value is judged by its type and not by what it claims, as a stand-in of a test does."""
    stand_in: Any = Mock(spec=cls)
    assert issubclass(stand_in.__class__, cls)
    report = full()
    for field in (
        *("year", "body.name", "published_on", "overview", "scope.proactive"),
        *("other_matters.processing_fee.status", "other_matters.processing_fee.amount"),
        *("applications.received.total", "proactive.administrative_fees.amount"),
    ):
        with pytest.raises(gs.InvalidValue) as caught:
            gs.replace(report, {field: stand_in})
        assert caught.value.field == field
    data = gs.to_dict(report)
    for key in data:
        assert gs.conforms(data | {key: stand_in})[0].code == "S-TYPE"
        with pytest.raises(gs.InvalidReport):
            gs.from_dict(data | {key: stand_in})
    with pytest.raises(gs.InvalidReport):
        gs.from_dict(stand_in)
    with pytest.raises(gs.InvalidReport):
        gs.loads(stand_in)
    with pytest.raises(gs.UnknownEdition):
        gs.edition(stand_in)
    with pytest.raises(gs.InvalidValue, match=r"^body: "):
        gs.blank("2021", year=2024, body=stand_in)
    with pytest.raises(gs.InvalidValue, match=r"^notes: "):
        attrs.evolve(report, notes=stand_in)


def test_what_claims_to_be_a_report_is_none() -> None:
    """Every function that takes reports refuses what only claims to be one, and says its class."""
    stand_in: Any = Mock(spec=gs.Report2021)
    assert issubclass(stand_in.__class__, gs.Report2021)
    for call in (
        *(gs.check, gs.plausible, gs.complete, gs.dumps, gs.to_dict),
        *(lambda it: gs.add_up([it]), lambda it: gs.check_years([it])),
    ):
        with pytest.raises(TypeError, match=r"takes (a report|reports), not Mock"):
            call(stand_in)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            gs.check_years,
            "check_years takes several reports, such as a list, not Report2021; put a",
        ),
        (gs.add_up, "add_up takes several reports, such as a list, not Report2021; put a"),
        (lambda it: gs.check_parts(it, it), "check_parts takes several reports, such as a"),
        (lambda it: gs.locate(it, parts=it), "parts takes several reports, such as a list"),
        (lambda it: gs.write_many(it, "x.csv"), "not Report2021; put a single one into a"),
        (
            lambda it: gs.write_many(reading(it), "x.csv"),
            "not Reading; put a single one into a",
        ),
        (lambda _: gs.write_many(as_any(5), "x.csv"), "such as a list, not int; make them with"),
        (lambda _: gs.add_up(as_any(5)), "such as a list, not int; make them with loads"),
        (lambda it: gs.check(reading(it)), "check takes a report, not Reading; give its .report"),
        (lambda it: gs.check(readings(it)), "not Readings; give each of its .reports"),
        (lambda it: gs.check(as_any([it])), "check takes a report, not list; make one with loads"),
        (lambda it: gs.plausible(reading(it)), "plausible takes a report, not Reading; give its"),
        (lambda it: gs.plausible(it, reading(it)), "previous takes a report, not Reading; give"),
        (
            lambda it: gs.complete(as_any(gs.to_edition(it, "2019"))),
            "not Conversion; give its .report",
        ),
        (lambda it: gs.dumps(reading(it)), "this takes a report, not Reading; give its .report"),
        (lambda it: gs.get(reading(it), "year"), "get takes a report, not Reading; give its"),
        (lambda it: gs.replace(reading(it), {}), "takes a report, not Reading; give its .report"),
        (lambda it: [*gs.walk(reading(it))], "walk takes a report, not Reading; give its .report"),
        (lambda it: gs.compare(it, reading(it)), "after is of type Reading; give its .report"),
        (lambda it: gs.check_years([it, reading(it)]), "takes reports, not Reading; give its"),
        (lambda it: gs.chart([reading(it)], "x.svg"), "takes reports, not Reading; give its"),
        (lambda it: gs.damage(reading(it), "single", 1), "damage takes a report, not Reading"),
        (lambda it: gs.damage(it, "single", as_any(None)), "seed is a whole number, not None"),
        (lambda _: gs.generate(as_any(None)), "seed is a whole number, not None"),
        (lambda _: gs.generate(as_any(1.5)), "seed is a whole number, not 1.5"),
    ],
)
def test_what_to_give_instead_of_a_report(call: Any, said: str) -> None:
    """A call without a report says in one line what to give: a list, or what a reading holds."""
    with pytest.raises(TypeError, match=re.escape(said)) as caught:
        call(gs.generate(1))
    assert "\n" not in str(caught.value)


def readings(report: gs.Report) -> Any:
    """Return what ``read_many`` does for a report."""
    return gs.read_many(gs.dumps(report))


def reading(report: gs.Report) -> Any:
    """Return what ``read`` does for a report."""
    return gs.read(gs.dumps(report))


FUNCTIONS = [
    name
    for name in gs.__all__
    if inspect.isfunction(getattr(gs, name)) and name not in ("chart", "write_form")
]
STRANGE: Any = (
    *(None, 5, -1, True, 2.5, float("nan"), "x", "", "\ud800", b"x", [], [None], {}, {"a": 1}),
    *(object(), gs.Report2021, gs.check, gs.check(gs.generate(1)), gs.edition("2021")),
)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_is_given_by_mistake_is_said_in_one_line(name: str) -> None:
    """
    A public function that is given anything else than it takes, in any place, works or says so in
    one line of its own words; no error comes from within.
    """
    function: Any = getattr(gs, name)
    right = gs.generate(1)
    named = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is not parameter.empty
    ]
    unclear: list[Any] = []
    begins: list[list[Any]] = [[right], [[right, right]], ["2021"], [gs.dumps(right)]]
    for strange in STRANGE:
        calls: list[Any] = [([strange], {}), *(([*begin, strange], {}) for begin in begins)]
        calls += [([strange, right], {})]
        calls += [(begin, {word: strange}) for begin in begins for word in named]
        for given, words in calls:
            try:
                inspect.signature(function).bind(*given, **words)
            except TypeError:
                continue
            try:
                found = function(*given, **words)
                if inspect.isgenerator(found):
                    next(found)
            except (gs.Error, TypeError, ValueError) as error:
                (*_, last) = traceback.extract_tb(error.__traceback__)
                is_own = isinstance(error, gs.Error) or (last.line or "").startswith("raise")
                if "\n" in str(error) or not is_own:
                    unclear.append((given, words, error))
    assert unclear == []


class Missing:
    """Neither true nor false, as a missing value of a table is."""

    def __bool__(self) -> bool:
        raise TypeError("boolean value of NA is ambiguous")


def test_shape_is_true_or_false() -> None:
    """What is neither true nor false does not say how （六） is printed."""
    with pytest.raises(TypeError, match=r"^undivided is True or False, not "):
        gs.blank("2021", year=2024, body="某市", undivided=Missing())  # type: ignore[arg-type]


@pytest.mark.parametrize("cls", [Applicants, DisputeResults])
@pytest.mark.parametrize("number", [95, Index(95), Number.SEVEN])
def test_parts_are_added_up_by_value(cls: Any, number: Any) -> None:
    """The total of parts is that of plain whole numbers, of whatever library they are."""
    count = len(attrs.fields(cls)) - 1
    assert cls.from_parts(*[number] * count).total == count * operator.index(number)


def test_outcomes_name_the_row_that_is_none() -> None:
    """The total of the outcomes is that of its rows; a row that is none is refused by its name."""
    outcomes = full().applications.outcomes
    rows = {
        field.name: getattr(outcomes, field.name)
        for field in attrs.fields(Outcomes)
        if field.name != "total"
    }
    assert Outcomes.from_parts(**rows) == outcomes
    for name, row in rows.items():
        for wrong in (None, "3", 3, [row], Mock(spec=type(row)), Body.named("某市")):
            with pytest.raises(gs.InvalidValue) as caught:
                Outcomes.from_parts(**rows | {name: wrong})
            assert caught.value.field == name


@pytest.mark.parametrize("cls", [Applicants, DisputeResults])
@pytest.mark.parametrize(
    "part",
    ["3", b"3", 1.0, True, array("i", [3, 4]), Decimal(3), Decimal("sNaN"), [1], Answer.NO],
    ids=named,
)
def test_parts_name_what_is_no_number(cls: Any, part: Any) -> None:
    """A part that is no whole number is refused by the name of its field."""
    first, *others = attrs.fields(cls)
    with pytest.raises(gs.InvalidValue) as caught:
        cls.from_parts(part, *[1] * (len(others) - 1))
    assert caught.value.field == first.name


@pytest.mark.parametrize(
    "name", ["\x7f", " ", "\0", "\u2028", "无", "\\", "2023年", "某市2019年办公室"]
)
@pytest.mark.parametrize("suffix", DOCUMENTS)
def test_documents_of_a_body_with_any_name(name: str, suffix: str, tmp_path: Path) -> None:
    """
    A document of a body whose name cannot be printed, or names another year, is read with the right
    year.
    """
    report = gs.replace(full(), {"body.name": name})
    gs.write(report, tmp_path / f"report{suffix}")
    assert gs.read(tmp_path / f"report{suffix}").report.year == report.year
