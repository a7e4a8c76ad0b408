"""
The published JSON Schema: what stands in ``schemas/``, and what ``conforms`` says of data that do
not fit it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import govinfo_schema as gs
from govinfo_schema.form.parts import EditionName
from govinfo_schema.report.schema import DATE_PATTERN, published

ROOT = Path(__file__).parents[1]
EDITIONS: tuple[EditionName, ...] = ("2019", "2021")


def plain(name: EditionName = "2021", *, undivided: bool = False) -> Any:
    """Give the empty form as plain data."""
    return gs.to_dict(gs.blank(name, year=2024, body="某市人民政府", undivided=undivided))


def spoil(data: Any, path: str, value: object) -> Any:
    """Put a value at a place of plain data."""
    *above, last = path.split(".")
    node = data
    for step in above:
        node = node[step]
    node[last] = value
    return data


def subschemas(node: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through every object of a schema."""
    if isinstance(node, dict):
        yield path, node
        for key, below in node.items():
            yield from subschemas(below, f"{path}/{key}")
    elif isinstance(node, list):
        for index, below in enumerate(node):
            yield from subschemas(below, f"{path}/{index}")


# ---- what is published --------------------------------------------------------------------------


@pytest.mark.parametrize("name", EDITIONS)
def test_schema_is_draft_2020_12(name: EditionName) -> None:
    """The schema is a valid one of draft 2020-12, and its ``$id`` is absolute and versioned."""
    schema = gs.json_schema(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert re.fullmatch(rf"urn:govinfo-schema:[0-9.]+:{name}:report", schema["$id"])


@pytest.mark.parametrize("name", EDITIONS)
def test_schema_is_closed(name: EditionName) -> None:
    """
    Every object of the schema is closed and has all its keys; ``$schema`` is the one that may be
    left out.
    """
    for path, node in subschemas(gs.json_schema(name)):
        if node.get("type") == "object" and "properties" in node:
            assert node["additionalProperties"] is False, path
            optional = set(node["properties"]) - set(node["required"])
            assert optional == ({"$schema"} if path == "#" else set()), path


@pytest.mark.parametrize("name", EDITIONS)
def test_no_decision_rests_on_format(name: EditionName) -> None:
    """
    No ``format`` decides anything, every pattern is bounded in length and plain to every language's
    regular expressions.
    """
    for path, node in subschemas(gs.json_schema(name)):
        assert "format" not in node, path
        if isinstance(node.get("pattern"), str) and not path.endswith("/not"):
            assert "maxLength" in node, path
            assert not re.search(r"\\|\(\?", node["pattern"]), path


@pytest.mark.parametrize("name", EDITIONS)
def test_every_cell_is_described(name: EditionName) -> None:
    """
    Every figure has a description that begins with its label, in both languages with the source,
    examples, and bounds.
    """
    schema = gs.json_schema(name)
    for cell in gs.edition(name).cells.values():
        node: Any = schema
        for step in cell.id.split("."):
            node = node["properties"][step] if "properties" in node else node
            if step == "other_handling" and "anyOf" in node:
                node = node["anyOf"][0]
            if "allOf" in node:
                node = node["allOf"][0]
            if "$ref" in node:
                node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        assert node["description"].startswith(cell.column.zh), cell.id
        assert cell.column.en in node["description"], cell.id
        assert cell.unit in node["description"], cell.id
        assert all(word in node["description"] for word in ("依据：", "Source: ")), cell.id
        assert node["type"] == ["number" if cell.kind == "amount" else "integer", "null"], cell.id
        assert {"minimum", "maximum", "examples"} <= set(node), cell.id


@pytest.mark.parametrize("name", EDITIONS)
def test_every_row_cites_its_sources(name: EditionName) -> None:
    """What the data cite for a row stands in the schema where the row does."""
    text = published(name).decode()
    for row in gs.edition(name).rows.values():
        for source in row.sources:
            assert source.zh in text, row.id


def test_examples_conform() -> None:
    """Each example in the schema conforms to the part that it is an example of."""
    for name in EDITIONS:
        for path, node in subschemas(gs.json_schema(name)):
            for example in (
                node.get("examples", []) if isinstance(node.get("examples"), list) else []
            ):
                assert jsonschema.Draft202012Validator(node).is_valid(example), path


def test_schema_is_your_own() -> None:
    """The dict given out belongs to the caller: to change it changes nothing here."""
    gs.json_schema("2021")["properties"].clear()
    assert gs.json_schema("2021")["properties"]


def test_schema_of_no_edition() -> None:
    """An edition that does not exist has no schema."""
    with pytest.raises(gs.UnknownEdition):
        gs.json_schema("2008")


@pytest.mark.parametrize("language", ["Python", pytest.param("Rust", marks=pytest.mark.thorough)])
def test_dates_are_those_of_the_calendar(language: str) -> None:
    """
    The pattern of a date takes every day of the calendar and no other, in Python and in Rust alike.
    """
    schema = {"type": "string", "pattern": DATE_PATTERN, "minLength": 10, "maxLength": 10}
    validator: Any = jsonschema.Draft202012Validator(schema)
    if language == "Rust":
        import jsonschema_rs

        validator = jsonschema_rs.validator_for(schema)
    days = {(date(2000, 1, 1) + timedelta(n)).isoformat() for n in range(366 * 2)}
    days |= {f"{year:04}-02-28" for year in range(1, 10_000)}
    days |= {
        f"{year:04}-02-29"
        for year in range(1, 10_000)
        if year % 4 == 0 and (year % 100 or year % 400 == 0)
    }
    wrong = {f"{year:04}-02-29" for year in range(10_000)} - days | {
        f"2001-{month:02}-{day:02}" for month in range(15) for day in range(34)
    } - days
    wrong |= {
        "0000-01-01",
        "2024-1-1",
        "20240101",
        "2024-01-01\n",
        " 2024-01-01",
        "２０２４-01-01",
        "2024-01-01T00:00:00",
        "+2024-01-1",
        "10000-01-01",
    }
    assert [day for day in sorted(days) if not validator.is_valid(day)] == []
    assert [day for day in sorted(wrong) if validator.is_valid(day)] == []


# ---- conforms -----------------------------------------------------------------------------------

COUNT = "disputes.reconsideration.upheld"


@pytest.mark.parametrize(
    ("path", "value", "code", "english"),
    [
        (
            COUNT,
            -1,
            "S-NEGATIVE",
            "upheld (disputes.reconsideration.upheld) cannot be below 0, and is -1.",
        ),
        (COUNT, 2**53, "S-MAXIMUM", "cannot be above 9007199254740991, and is 9007199254740992."),
        (COUNT, "5", "S-TYPE", 'should be a whole number or null, and is the text "5".'),
        (COUNT, True, "S-TYPE", "should be a whole number or null, and is the truth value true."),
        (COUNT, 1.5, "S-TYPE", "should be a whole number or null, and is 1.5."),
        (COUNT, [], "S-TYPE", "and is an array."),
        ("disputes.reconsideration", None, "S-TYPE", "should be an object, and is blank (null)."),
        (
            "proactive.administrative_fees.amount",
            "12.5",
            "S-TYPE",
            'should be a number or null, and is the text "12.5".',
        ),
        (
            "proactive.administrative_fees.amount",
            10**12 + 1,
            "S-MAXIMUM",
            "cannot be above 1000000000000",
        ),
        (
            "published_on",
            "2023-02-29",
            "S-FORM",
            "it should be a date of the calendar, such as 2025-01-31",
        ),
        ("body.name", "", "S-FORM", "text that is not empty"),
        ("body.name", None, "S-TYPE", "should be text, and is blank (null)."),
        ("body.division_code", "32130", "S-FORM", "6 or 9 digits"),
        (
            "body.level",
            "city",
            "S-VALUE",
            '"central" or "province" or "prefecture" or "county" or "township" or null',
        ),
        ("year", 1999, "S-NEGATIVE", "cannot be below 2008"),
        ("notes", None, "S-TYPE", "should be an array"),
        ("surprise", 1, "S-UNKNOWN", "The form has no surprise."),
        (
            "disputes.reconsideration.uphold",
            1,
            "S-UNKNOWN",
            "do you mean disputes.reconsideration.upheld",
        ),
    ],
)
def test_fault_is_named(path: str, value: object, code: str, english: str) -> None:
    """
    A fault is one finding with its code and its cell, and says what is there and what should be.
    """
    (finding,) = gs.conforms(spoil(plain(), path, value))
    assert (finding.code, finding.cells, finding.level) == (code, (path,), "error")
    assert english in finding.message("en")
    assert path in finding.message("en")
    assert path not in finding.message("zh") or code == "S-UNKNOWN"


def test_missing_key_is_named() -> None:
    """A key that is missing is a fault of that cell, not a blank."""
    data = plain()
    del data["disputes"]["litigation"]["direct"]["pending"]
    (finding,) = gs.conforms(data)
    assert (finding.code, finding.cells) == ("S-MISSING", ("disputes.litigation.direct.pending",))
    assert finding.message("zh") == "缺少“行政诉讼 · 未经复议直接起诉 · 尚未审结”。空白请写 null。"


def test_all_faults_come_at_once_in_printed_order() -> None:
    """Every fault of a report is named in one go, in the order of the form."""
    data = spoil(
        spoil(spoil(plain(), COUNT, -1), "year", "2024"), "applications.received.total", 0.5
    )
    data["notes"] = [
        {"at": None, "kind": "remark", "text": "1"},
        {"at": "nowhere", "kind": "remark", "text": 2},
    ]
    del data["proactive"]["licensing"]
    assert [finding.cells for finding in gs.conforms(data)] == [
        ("year",),
        ("proactive.licensing",),
        ("applications.received.total",),
        (COUNT,),
        ("notes.1.at",),
        ("notes.1.text",),
    ]


@pytest.mark.parametrize(
    ("undivided", "path", "value"),
    [
        (False, "applications.outcomes.other_handling.other.total", -1),
        (False, "applications.outcomes.other_handling.fee_not_paid_in_time", None),
        (True, "applications.outcomes.other_handling.total", "1"),
        (True, "applications.outcomes.other_handling.natural_person", -5),
    ],
)
def test_fault_of_other_handling_is_one_of_its_branch(
    undivided: bool, path: str, value: object
) -> None:
    """A fault inside （六） names the cell of the branch whose keys fit, never both branches."""
    (finding,) = gs.conforms(spoil(plain(undivided=undivided), path, value))
    assert finding.cells == (path,)


def test_other_handling_is_no_mixture() -> None:
    """（六） as three rows with the total of one row is refused for that key alone."""
    data = spoil(plain(), "applications.outcomes.other_handling.total", 3)
    assert [(finding.code, finding.cells) for finding in gs.conforms(data)] == [
        ("S-UNKNOWN", ("applications.outcomes.other_handling.total",))
    ]


@pytest.mark.parametrize("value", [None, 5, "（六）", []])
def test_other_handling_is_an_object(value: object) -> None:
    """（六） that is neither three rows nor one is one finding."""
    (finding,) = gs.conforms(spoil(plain(), "applications.outcomes.other_handling", value))
    assert (finding.code, finding.cells) == ("S-TYPE", ("applications.outcomes.other_handling",))


@pytest.mark.parametrize("data", [None, [], "2021", 5, {}, {"title": "2024"}])
def test_what_is_no_report_is_one_finding(data: object) -> None:
    """Data that are no report at all get one finding, not one for every cell of the form."""
    (finding,) = gs.conforms(data)
    assert finding.code == "T-REPORT"
    assert "edition" in finding.message("en")


def test_conforms_takes_the_edition_asked_for() -> None:
    """A report of another edition than the one asked for is one finding."""
    (finding,) = gs.conforms(plain("2019"), "2021")
    assert (finding.code, finding.cells) == ("S-EDITION", ("edition",))
    assert finding.message("zh") == "这份报告用的是2019版格式（试行），不是2021版格式。"


def test_dollar_schema_is_allowed() -> None:
    """``$schema`` is the one key that may be added, for editors."""
    assert gs.conforms({"$schema": "report.schema.json", **plain()}) == ()
    assert [finding.cells for finding in gs.conforms({"$schema": 5, **plain()})] == [("$schema",)]


def test_flood_is_bounded() -> None:
    """
    A text with more faults than any report has cells is answered with a bounded list that says so.
    """
    findings = gs.conforms({f"key{number}": 1 for number in range(20_000)} | plain())
    assert len(findings) == 10_001
    assert findings[-1].code == "S-FLOOD"


def test_schema_judges_without_us() -> None:
    """
    The published file alone, with a validator of the shelf, accepts the examples and refuses a
    spoilt one.
    """
    for path in sorted((ROOT / "docs" / "examples").glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        schema = json.loads(
            (ROOT / "schemas" / data["edition"] / "report.schema.json").read_text(encoding="utf-8")
        )
        assert jsonschema.Draft202012Validator(schema).is_valid(data), path.stem
        assert not jsonschema.Draft202012Validator(schema).is_valid(spoil(data, COUNT, -1)), (
            path.stem
        )
