"""A report as a field of a pydantic model, as the body of a FastAPI route, and in other JSON."""

from __future__ import annotations

import json
import random
import re
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Optional

import damage
import fastapi
import jsonschema
import msgspec
import pydantic
import pydantic_core
import pytest
import reports
from services import Client

import govinfo_schema as gs

pytestmark = pytest.mark.thorough

ROOT: Final = Path(__file__).parents[1]
CASES: Final = sorted((ROOT / "schemas").glob("*/cases/*.json"))
AMOUNT: Final = "proactive.administrative_fees.amount"
PAGES: Final = [ROOT / "docs" / "frameworks.md", ROOT / "docs" / "frameworks.zh-CN.md"]


class Filing(pydantic.BaseModel):
    """A model with a report in it."""

    report: gs.Report2021


class Archive(pydantic.BaseModel):
    """A model with every type that stands for reports."""

    current: gs.Report2021
    older: Optional[gs.Report2019] = None  # noqa: UP045 (users write it so)
    either: gs.Report
    told: Annotated[gs.Report, pydantic.Field(discriminator="edition")]
    whole: gs.Report2021[gs.Applicants] | None = None
    divided: dict[str, gs.Report2021[gs.OtherHandling]] = {}
    many: list[gs.Report] = []


def archive() -> Archive:
    """Make a model with reports of all kinds in it."""
    older = gs.generate(1, "2019")
    return Archive.model_validate(
        {
            "current": gs.replace(gs.generate(2), {AMOUNT: Decimal("72701.2578")}),
            "older": older,
            "either": older,
            "told": gs.to_dict(older),
            "whole": gs.generate(3, undivided=True),
            "divided": {"a": gs.to_dict(gs.generate(4))},
            "many": [*reports.REPORTS.values()],
        }
    )


def errors(data: object) -> list[Any]:
    """Return the lines of the error that pydantic raises for the report of a filing."""
    with pytest.raises(pydantic.ValidationError) as error:
        Filing.model_validate({"report": data})
    return error.value.errors()


def spoilt(**fields: Any) -> dict[str, Any]:
    """Return the plain data of a report with other values in some fields."""
    return {**gs.to_dict(gs.generate(1)), **fields}


# ---- pydantic -----------------------------------------------------------------------------------


def test_a_report_passes_unchanged() -> None:
    """A report that is given as such is the very same object in the model."""
    report = gs.generate(1)
    assert Filing.model_validate({"report": report}).report is report
    assert pydantic.TypeAdapter(gs.Report).validate_python(report) is report


def test_python_dicts_are_read_by_from_dict() -> None:
    """Plain data give the report and the faults that ``from_dict`` gives."""
    for number in range(300):
        data = gs.to_dict(gs.generate(number))
        dice = random.Random(number)
        table = dice.choice(["disputes", "applications", "proactive", "scope", "body"])
        data[table][dice.choice(list(data[table]))] = dice.choice([None, 1, "x", {}, [], -1, True])
        try:
            expected: Any = gs.from_dict(data, edition="2021")
        except gs.InvalidReport as error:
            expected = error
        if isinstance(expected, gs.InvalidReport):
            lines, found = errors(data), expected.findings
            assert [line["type"] for line in lines] == [each.code for each in found]
            assert [".".join(map(str, line["loc"])) for line in lines] == [
                f"report.{each.cells[0]}" for each in found
            ]
            assert [line["msg"] for line in lines] == [each.message("en") for each in found]
            assert [line["ctx"]["zh"] for line in lines] == [each.message("zh") for each in found]
        else:
            assert Filing.model_validate({"report": data}).report == expected


def test_models_come_back_equal() -> None:
    """
    ``model_dump`` gives ``to_dict``'s data with Decimals, ``model_dump_json`` the bytes of
    ``dumps`` for each report; both are read back equal, with equal bytes.
    """
    model = archive()
    plain = model.model_dump()
    assert plain["current"] == gs.to_dict(model.current)
    assert type(plain["current"]["proactive"]["administrative_fees"]["amount"]) is Decimal
    text = model.model_dump_json(exclude_none=True).encode()
    for report in (model.current, model.older, model.whole, *model.many):
        assert report is not None
        assert gs.dumps(report) in text
    for again in (
        Archive.model_validate(plain),
        Archive.model_validate_json(text),
        Archive.model_validate(model.model_dump(mode="json")),
        Archive.model_validate_json(json.dumps(model.model_dump(mode="json"))),
    ):
        assert again == model
        assert [gs.dumps(each) for each in again.many] == [gs.dumps(each) for each in model.many]


def written(filing: Filing) -> str:
    """Write a filing as JSON; nothing where pydantic refuses to, which it does for one reason."""
    try:
        return filing.model_dump_json()
    except pydantic_core.PydanticSerializationError as error:
        return "" if f"{AMOUNT}: " in str(error) else str(error)


def read(text: str | bytes) -> tuple[gs.Report2021 | None, list[str]]:
    """Read a filing from JSON: its report, or the codes of its faults."""
    try:
        return Filing.model_validate_json(text).report, []
    except pydantic.ValidationError as error:
        return None, [line["type"] for line in error.errors()]


def test_amounts_in_json_are_exact_or_refused() -> None:
    """
    Every amount is written with its very digits, as a number, or pydantic refuses to write it; one
    of at most 15 digits is read back, and of a longer one pydantic reads what a float keeps of it,
    or refuses it.
    """
    dice = random.Random(1)
    counted = {True: 0, False: 0}
    for _ in range(600):
        amount = Decimal(dice.randrange(10 ** dice.randrange(1, 18))).scaleb(-dice.randrange(12))
        if amount > 10**12:
            continue
        report = gs.replace(gs.generate(1), {AMOUNT: amount})
        text = written(Filing.model_validate({"report": report}))
        (digits,) = re.findall(r'"administrative_fees":\{"amount":([0-9.e-]+)\}', text) or [""]
        assert (Decimal(digits) == amount) if text else Decimal(repr(float(amount))) != amount
        counted[bool(text)] += 1
        short = len(str(amount.normalize().as_tuple().digits)) <= 3 * 15
        raw = b'{"report":%s}' % gs.dumps(report)
        again, codes = read(raw)
        if again is None:
            assert (short, codes) == (False, ["S-DIGITS"])
        else:
            found = gs.get(again, AMOUNT)
            assert isinstance(found, Decimal)
            assert found == amount or (not short and float(found) == float(amount))
        exact = json.loads(raw, parse_float=Decimal)
        assert Filing.model_validate(exact).report == report
    assert min(counted.values()) > 10


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_json_schema_of_a_model_agrees_with_the_published_one(mode: Any) -> None:
    """
    The schema that pydantic makes of a model accepts and refuses every document of the conformance
    suite as the published schema does, under each type that stands for reports.
    """
    schema = Archive.model_json_schema(mode=mode)
    jsonschema.Draft202012Validator.check_schema(schema)
    own = jsonschema.Draft202012Validator(schema)
    hints = {
        "current": ["2021"],
        "older": ["2019"],
        "either": ["2019", "2021"],
        "told": ["2019", "2021"],
    }
    verdicts = {True: 0, False: 0}
    for path in CASES:
        case = json.loads(path.read_text(encoding="utf-8"))
        expected, edition = case["expected"]["conforms"], path.parts[-3]
        verdicts[expected] += 1
        for name, editions in hints.items():
            part = own.evolve(schema={**schema["properties"][name], **_defs(schema)})
            assert part.is_valid(case["document"]) == (expected and edition in editions), path
        if edition == "2021" and expected:
            row = case["document"]["applications"]["outcomes"]["other_handling"]
            for name in ("whole", "divided"):
                inner = schema["properties"][name]
                inner = inner.get("additionalProperties", inner)
                part = own.evolve(schema={**inner, **_defs(schema)})
                assert part.is_valid(case["document"]) == ((name == "whole") == ("total" in row)), (
                    path
                )
    assert min(verdicts.values()) > 10


def _defs(schema: dict[str, Any]) -> dict[str, Any]:
    return {"$defs": schema["$defs"]}


def test_json_schema_of_a_model_has_no_trace_of_the_document() -> None:
    """
    The embedded schema has no ``$id`` and no ``$schema`` of its own, which would move its
    references, and names the published schema in a comment.
    """
    schema = Filing.model_json_schema()
    report = schema["$defs"]["Report2021"]
    assert report["$comment"] == gs.json_schema("2021")["$id"]
    assert "$id" not in json.dumps(schema)
    assert '"$schema": "' not in json.dumps(schema)


HOSTILE: Final[dict[str, tuple[Any, str, int]]] = {
    "one unknown key": (spoilt(zz=1), "S-UNKNOWN", 1),
    "a key like a template": (spoilt(**{"{zh}{en}": 1}), "S-UNKNOWN", 1),
    "NaN": (spoilt(year=float("nan")), "T-NAN", 1),
    "a huge int": (spoilt(year=10**400), "T-NUMBER", 1),
    "another edition": (gs.to_dict(gs.generate(1, "2019")), "S-EDITION", 1),
    "a report of another edition": (gs.generate(1, "2019"), "S-EDITION", 1),
    "text": (gs.dumps(gs.generate(1)).decode(), "T-REPORT", 1),
    "bytes": (gs.dumps(gs.generate(1)), "T-REPORT", 1),
    "nothing": (None, "T-REPORT", 1),
    "an array where an object is": (spoilt(body=[1]), "S-TYPE", 1),
    "text where an object is": (spoilt(disputes="x"), "S-TYPE", 1),
    "1,000 faults": (
        spoilt(**{f"k{number}": number for number in range(1_000)}),
        "S-UNKNOWN",
        1000,
    ),
    "a lone surrogate": (spoilt(overview="\ud800"), "T-SURROGATE", 1),
    "a lone surrogate in a key": (spoilt(**{"\ud800": 1}), "T-SURROGATE", 1),
    "a long float": (
        spoilt(
            proactive=gs.to_dict(gs.generate(1))["proactive"]
            | {"administrative_fees": {"amount": 0.1 + 0.2}}
        ),
        "S-DIGITS",
        1,
    ),
}


def deep(levels: int) -> list[Any]:
    """Nest lists."""
    nested: list[Any] = []
    for _ in range(levels):
        nested = [nested]
    return nested


@pytest.mark.parametrize("name", [*HOSTILE, "nested 100 deep"])
def test_hostile_data_give_findings(name: str) -> None:
    """Whatever stands in place of a report, each line of the error is a finding of ours."""
    data, code, count = HOSTILE.get(name, (spoilt(overview=deep(100)), "T-DEPTH", 1))
    lines = errors(data)
    assert [line["type"] for line in lines] == [code] * count
    assert all(line["loc"][0] == "report" for line in lines)
    json.dumps(lines, allow_nan=False, ensure_ascii=False).encode()


def test_places_are_those_of_pydantic() -> None:
    """In the place of an error, a step into a list is a number, and any other a text."""
    data = spoilt(notes=[{"at": None, "kind": "x", "text": "a"}], **{"5": 1})
    assert [line["loc"] for line in errors(data)] == [
        ("report", "5"),
        ("report", "notes", 0, "kind"),
    ]
    assert [line["input"] for line in errors(data)] == [1, "x"]


def test_a_key_is_no_template() -> None:
    """A key in braces stands in the message as it is."""
    (line,) = errors(spoilt(**{"{zh}{en}": 1}))
    assert line["msg"] == 'The form has no "{zh}{en}".'


def test_members_of_a_union_are_named() -> None:
    """A plain union lists the faults of each member, ``discriminator`` those of one edition."""
    data = archive().model_dump() | {"either": spoilt(year=1), "told": spoilt(year=1)}
    with pytest.raises(pydantic.ValidationError) as error:
        Archive.model_validate(data)
    assert [(line["loc"][0], line["loc"][-1], line["type"]) for line in error.value.errors()] == [
        ("either", "edition", "S-EDITION"),
        ("either", "year", "S-NEGATIVE"),
        ("told", "year", "S-NEGATIVE"),
    ]


def test_pydantic_and_loads_agree_on_damaged_documents() -> None:
    """
    JSON that pydantic reads gives the report or the faults that ``loads`` gives. An amount of more
    than 15 digits is refused for that, or is what a float keeps of it.
    """
    compared = 0
    for number in range(1_500):
        text = damage.document(number).text
        expected: gs.Report2021 | None = None
        faults: list[str] = []
        try:
            expected = gs.loads(text, edition="2021")
        except gs.InvalidReport as error:
            faults = [finding.code for finding in error.findings]
            if not error.is_report:
                continue
        found, codes = read(f'{{"report":{text}}}')
        if (found, codes) == (expected, faults):
            compared += 1
        else:
            assert found == gs.from_dict(json.loads(text)) if found else "S-DIGITS" in codes, number
    assert compared > 500


# ---- FastAPI ------------------------------------------------------------------------------------


def service() -> Any:
    """Make an application whose routes take and give reports."""
    app = fastapi.FastAPI()

    @app.post("/report")
    def report(report: Annotated[gs.Report2021, fastapi.Body()]) -> gs.Report2021:
        return report

    @app.post("/either")
    def either(report: Annotated[gs.Report, fastapi.Body(discriminator="edition")]) -> gs.Report:
        return report

    @app.post("/filing", response_model_exclude_none=True)
    def filing(filing: Filing) -> Filing:
        return filing

    return app


@pytest.fixture(scope="module")
def client() -> Client:
    """Return a client of the service."""
    return Client(service())


def test_fastapi_takes_and_gives_reports(client: Client) -> None:
    """The body of a route may be a report, and so may be the answer: the bytes of ``dumps``."""
    for report in reports.REPORTS.values():
        answer = client.post("/either", gs.dumps(report))
        assert (answer.status_code, answer.content) == (200, gs.dumps(report))
    text = gs.dumps(gs.generate(1))
    assert client.post("/report", text).content == text
    assert client.post("/filing", b'{"report":%s}' % text).content == (b'{"report":%s}' % text)


@pytest.mark.parametrize("name", [*HOSTILE, "nested 100 deep"])
def test_fastapi_answers_422_with_every_finding(name: str, client: Client) -> None:
    """A report with faults is answered with 422 and a line for each finding, never with 500."""
    data, code, count = HOSTILE.get(name, (spoilt(overview=deep(100)), "T-DEPTH", 1))
    if isinstance(data, bytes):
        data = data.decode()
    if isinstance(data, gs.Report):
        data = gs.to_dict(data)
    answer = client.post("/report", json.dumps(data, default=float))
    assert answer.status_code == 422
    assert [line["type"] for line in answer.json()["detail"]] == [code] * count
    assert answer.json()["detail"][0]["loc"][0] == "body"
    assert all(line["ctx"]["zh"] for line in answer.json()["detail"])


def test_openapi_agrees_with_the_published_schema(client: Client) -> None:
    """The schemas of the OpenAPI document give the verdicts of the conformance suite."""
    document = client.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path in CASES:
        case = json.loads(path.read_text(encoding="utf-8"))
        named = f"#/components/schemas/Report{path.parts[-3]}"
        own = jsonschema.Draft202012Validator({"$ref": named, "components": document["components"]})
        assert own.is_valid(case["document"]) == case["expected"]["conforms"], path
    (body,) = document["paths"]["/report"]["post"]["requestBody"]["content"].values()
    assert body["schema"]["$ref"] == "#/components/schemas/Report2021"


# ---- other JSON ---------------------------------------------------------------------------------


def test_reports_go_into_other_json_unchanged() -> None:
    """orjson, msgspec and a join of texts embed the very bytes of ``dumps``, with all digits."""
    import orjson

    report = gs.replace(gs.generate(1), {AMOUNT: Decimal("12345678901.123456")})
    expected = b'{"id":7,"report":%s}' % gs.dumps(report)
    assert orjson.dumps({"id": 7, "report": orjson.Fragment(gs.dumps(report))}) == expected
    assert msgspec.json.encode({"id": 7, "report": msgspec.Raw(gs.dumps(report))}) == expected

    class Envelope(msgspec.Struct):
        id: int
        report: msgspec.Raw

    assert gs.loads(bytes(msgspec.json.decode(expected, type=Envelope).report)) == report


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_examples_of_the_page_run(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The examples of the page run, one after the other, and print what stands behind ``#``."""
    monkeypatch.chdir(ROOT)
    scope: dict[str, Any] = {"__name__": "examples"}
    monkeypatch.setitem(sys.modules, "examples", type(sys)("examples"))
    blocks = re.findall(r"```python\n(.+?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    own = [block for block in blocks if ">>>" not in block]
    assert len(own) >= 3
    for block in own:
        exec(compile(block, page.name, "exec"), scope)  # noqa: S102
        shown = [line.partition("  # ")[2] for line in block.splitlines() if "print(" in line]
        assert capsys.readouterr().out.splitlines() == shown
