"""
What is published: every file is generated, described and frozen, and a program in another language
gives the same answers.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import damage
import jsonschema
import pytest
from engines import expected, varied
from programs import NODE, needs_node, needs_plain_node
from reports import SHAPES

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.form.load import detect
from tools.publish.schemas import files

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas"
RUNNER = ROOT / "tests" / "conformance" / "run.mjs"
RELEASED = ROOT / "tests" / "conformance" / "released.json"
CASES = sorted(SCHEMAS.glob("*/cases/*.json"))


def case(path: Path) -> dict[str, Any]:
    """Read one case of the suite."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def node(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program of Node where its modules are."""
    return subprocess.run(
        [shutil.which("node") or "node", *arguments],
        input=given,
        capture_output=True,
        check=False,
        cwd=NODE or None,
        text=True,
        encoding="utf-8",
    )


def answers(lines: list[str]) -> list[dict[str, Any]]:
    """Let the runner answer for reports, one a line."""
    done = node(str(RUNNER), str(SCHEMAS), "--answer", given="".join(f"{line}\n" for line in lines))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.split("\n") if line]


# ---- the files ----------------------------------------------------------------------------------


@functools.cache
def _generated() -> Mapping[str, bytes]:
    return files()


def test_published_files_are_generated() -> None:
    """
    Every file of ``schemas/`` (but its README) and of ``docs/reference/``, and the module of the
    classes, is what the data give, byte for byte.

    After a change of the data: ``python -m tools.publish .``
    """
    generated = _generated()
    there = {
        path
        for folder in ("schemas", "docs/reference")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    names = {path.relative_to(ROOT).as_posix() for path in there} - {"schemas/README.md"}
    assert {*names, "govinfo_schema/report/model.py"} == set(generated)
    assert [
        path for path, content in generated.items() if (ROOT / path).read_bytes() != content
    ] == []


def test_released_files_never_change() -> None:
    """
    A released file keeps its bytes for ever.

    Where this fails a published schema, rule or case has changed: give it a new version
    (``SCHEMA_VERSION``, ``rule_set``) and a new folder or name, and leave the released one. Only
    before a release is a digest replaced.
    """
    released = json.loads(RELEASED.read_text(encoding="utf-8"))
    own = {
        path: hashlib.sha256(content).hexdigest()
        for path, content in _generated().items()
        if path.startswith("schemas/")
    }
    assert own == released


def test_published_schemas_describe_the_files() -> None:
    """
    The schemas are valid, ``edition.json`` conforms to its own, and so do the schemas to the
    dialect.
    """
    for path in SCHEMAS.rglob("*.schema.json"):
        jsonschema.Draft202012Validator.check_schema(case(path))
    described = jsonschema.Draft202012Validator(case(SCHEMAS / "edition.schema.json"))
    for name in ("2019", "2021"):
        assert list(described.iter_errors(case(SCHEMAS / name / "edition.json"))) == []


@pytest.mark.parametrize("name", ["2019", "2021"])
def test_nothing_lacks_its_words(name: str) -> None:
    """
    Every cell and every rule has a Chinese and an English label, a unit and a source that cites a
    document.
    """
    data = case(SCHEMAS / name / "edition.json")
    lacking = [
        each["id"]
        for each in data["cells"]
        if not (each["zh"] and each["en"] and each["unit"] and each["sources"])
    ]
    lacking += [
        each["code"]
        for each in data["rules"]
        if not (each["label"]["zh"] and each["label"]["en"] and each["sources"])
    ]
    assert lacking == []
    pointers = {each["pointer"] for each in data["cells"]}
    used = {
        pointer
        for rule in data["rules"]
        for each in rule["equations"]
        for _, pointer in each["terms"]
    }
    assert used <= pointers
    assert sum(len(rule["equations"]) for rule in data["rules"]) >= (42 if name == "2021" else 40)


def test_what_check_prints_conforms(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What ``check --format json`` prints conforms to ``findings.schema.json``: sums, blanks,
    oddities, faults, unreadable files.
    """
    described = jsonschema.Draft202012Validator(case(SCHEMAS / "findings.schema.json"))
    bad, worse = tmp_path / "bad.json", tmp_path / "worse.json"
    bad.write_text('{"edition": "2021", "year": 1}', encoding="utf-8")
    worse.write_text("{", encoding="utf-8")
    text = tmp_path / "text.json"
    text.write_bytes(
        gs.dumps(
            gs.replace(gs.generate(3), {"overview": "全年收到政府信息公开申请9件。", "year": 2019})
        )
    )
    examples = str(ROOT / "docs" / "examples")
    assert (
        main(
            [
                "check",
                "--format",
                "json",
                examples,
                str(bad),
                str(worse),
                str(text),
                str(tmp_path / "none.json"),
            ]
        )
        == 2
    )
    found = json.loads(capsys.readouterr().out)
    assert [error.message for error in described.iter_errors(found)] == []
    assert found["summary"]["unreadable"] == 2
    assert [each["code"] for each in found["results"] if each["problem"]] == ["F-MISSING"]


# ---- the conformance suite ----------------------------------------------------------------------


def test_suite_covers_every_rule_and_fault() -> None:
    """
    Each rule of each edition has a case that holds, breaks and is unknown; each kind of fault has a
    refused document.
    """
    for name in ("2019", "2021"):
        own = {path.stem for path in CASES if path.parts[-3] == name}
        for rule in case(SCHEMAS / name / "edition.json")["rules"]:
            assert {f"breaks-{rule['code']}", f"unknown-{rule['code']}", "holds"} <= own
        faults = {stem.split("-")[2] for stem in own if stem.startswith("refused-")}
        assert faults == {"MISSING", "UNKNOWN", "TYPE", "NEGATIVE", "MAXIMUM", "VALUE", "FORM"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_case(path: Path) -> None:
    """A validator of the shelf and we give what a case says; a rule's case breaks that rule."""
    data = case(path)
    document, expected = data["document"], data["expected"]
    schema = case(SCHEMAS / path.parts[-3] / "report.schema.json")
    assert jsonschema.Draft202012Validator(schema).is_valid(document) == expected["conforms"]
    assert (gs.conforms(document) == ()) == expected["conforms"]
    if expected["conforms"]:
        found = gs.check(gs.from_dict(document))
        assert (found.held, len(found.broken), len(found.unknown)) == (
            expected["held"],
            len(expected["broken"]),
            len(expected["unknown"]),
        )
        kind, _, code = path.stem.removesuffix("-undivided").partition("-")
        assert kind == "holds" or code in {
            each["rule"] for each in expected["broken" if kind == "breaks" else "unknown"]
        }


@pytest.mark.thorough
def test_validator_in_rust_passes_the_suite() -> None:
    """
    The validator jsonschema-rs accepts and refuses the documents of the suite as each case says.
    """
    import jsonschema_rs

    validators = {
        name: jsonschema_rs.validator_for(gs.json_schema(name)) for name in ("2019", "2021")
    }
    for path in CASES:
        data = case(path)
        assert (
            validators[path.parts[-3]].is_valid(data["document"]) == data["expected"]["conforms"]
        ), path.name


def test_ten_lines_of_the_readme() -> None:
    """
    The lines that the README of the schemas gives for any language find what every case of the
    suite says.
    """
    (code,) = re.findall(
        r"```python\n(.+?)```", (SCHEMAS / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    scope: dict[str, Any] = {}
    exec(code, scope)  # noqa: S102
    for path in CASES:
        data = case(path)
        if data["expected"]["conforms"]:
            found = list(
                scope["assess"](case(SCHEMAS / path.parts[-3] / "edition.json"), data["document"])
            )
            assert sum(difference == 0 for *_, difference in found) == data["expected"]["held"]
            assert [difference for *_, difference in found if difference] == [
                each["difference"] for each in data["expected"]["broken"]
            ]


@needs_node
def test_another_language_passes_the_suite() -> None:
    """A runner in JavaScript that reads ``schemas/`` alone passes every case."""
    done = node(str(RUNNER), str(SCHEMAS))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        f"{len(CASES)} passed, 0 failed",
    ), done.stdout + done.stderr


@needs_node
@pytest.mark.parametrize(
    "stem",
    [
        "holds",
        "breaks-B-BAL",
        "unknown-C-SUM",
        "refused-S-NEGATIVE-disputes-reconsideration-upheld",
    ],
)
def test_the_runner_notices_a_wrong_expectation(stem: str, tmp_path: Path) -> None:
    """A test of the test: with one expected result spoilt the runner fails, and names the case."""
    shutil.copytree(SCHEMAS, tmp_path / "schemas")
    path = tmp_path / "schemas" / "2021" / "cases" / f"{stem}.json"
    data = case(path)
    if stem == "holds":
        data["expected"]["held"] -= 1
    elif stem.startswith("breaks"):
        data["expected"]["broken"][0]["difference"] += 1
    elif stem.startswith("unknown"):
        data["expected"]["unknown"].pop()
    else:
        data["expected"]["faults"][0]["pointer"] = "/year"
    path.write_text(json.dumps(data), encoding="utf-8")
    done = node(str(RUNNER), str(tmp_path / "schemas"))
    assert done.returncode == 1
    assert f"2021/{stem}.json" in done.stdout


@needs_node
def test_validators_agree_on_damaged_documents() -> None:
    """Python (``loads``), jsonschema-rs and ajv accept and refuse the same damaged documents."""
    import jsonschema_rs

    rust = {name: jsonschema_rs.validator_for(gs.json_schema(name)) for name in ("2019", "2021")}
    numbers, lines, own = [], [], []
    for number in range(3_000):
        text = damage.document(number).text
        try:
            gs.loads(text)
            accepted = True
        except gs.InvalidReport as error:
            if not error.is_report:
                continue
            accepted = False
        numbers.append(number)
        lines.append(json.dumps(json.loads(text), ensure_ascii=True))
        own.append(accepted)
        data = json.loads(text)
        assert rust[detect(data)].is_valid(data) == accepted, number
    assert [
        number
        for number, accepted, found in zip(numbers, own, answers(lines), strict=True)
        if found["conforms"] != accepted
    ] == []
    assert len(numbers) > 1_000


@needs_node
def test_equation_engines_agree() -> None:
    """
    The engines in Python and in JavaScript give equal answers on random reports with blanks and
    damage.
    """
    own = [damage.blanked(number) for number in range(600)]
    for report, found in zip(own, answers([gs.dumps(each).decode() for each in own]), strict=True):
        assessment = gs.check(report)
        assert found["held"] == assessment.held
        for kind in ("broken", "unknown"):
            theirs = sorted(
                (each["rule"], each["terms"][0][1], str(each.get("difference")))
                for each in found[kind]
            )
            ours = [
                (each.rule.code, f"/{each.left[0].replace('.', '/')}", str(each.difference))
                for each in getattr(assessment, kind)
            ]
            assert theirs == sorted(ours)


@needs_plain_node
@pytest.mark.parametrize("count", [1_000, pytest.param(100_000, marks=pytest.mark.full)])
def test_findings_in_javascript(count: int) -> None:
    """
    Thirty lines of JavaScript that read ``edition.json`` give the rows of ``check``, with sums and
    blanks, on random reports of all shapes with blanks and damage.
    """
    own = [varied(seed) for seed in range(count)]
    given = b"".join(gs.dumps(report) + b"\n" for report in own).decode()
    done = node(str(RUNNER.with_name("findings.mjs")), str(SCHEMAS), given=given)
    assert done.returncode == 0, done.stderr
    found = [
        (
            number,
            None,
            rule,
            equation,
            *(None if each is None else int(each) for each in sums),
            blanks,
        )
        for number, rule, equation, *sums, blanks in map(json.loads, done.stdout.splitlines())
    ]
    wanted = expected(own, files=False)
    assert len(found) == len(wanted) > count

    def place(row: tuple[Any, ...]) -> tuple[Any, ...]:
        return row[0], row[2], row[3]

    assert sorted(found, key=place) == sorted(wanted, key=place)


# ---- tools of others ----------------------------------------------------------------------------


@pytest.mark.thorough
def test_check_jsonschema_agrees(tmp_path: Path) -> None:
    """
    The tool check-jsonschema accepts and refuses the documents of the suite as it should, without
    the network.
    """
    for conforms in (True, False):
        chosen = [
            path
            for path in CASES
            if path.parts[-3] == "2021" and case(path)["expected"]["conforms"] == conforms
        ]
        for number, path in enumerate(chosen if conforms else chosen[:3]):
            target = tmp_path / f"{conforms}{number}.json"
            target.write_text(json.dumps(case(path)["document"]), encoding="utf-8")
            if not conforms:
                assert _check_jsonschema([target]) != 0, path
    assert _check_jsonschema(sorted(tmp_path.glob("True*.json"))) == 0


def _check_jsonschema(paths: list[Path]) -> int:
    command = [
        sys.executable,
        "-m",
        "check_jsonschema",
        "--schemafile",
        str(SCHEMAS / "2021" / "report.schema.json"),
        *map(str, paths),
    ]
    return subprocess.run(command, check=False, capture_output=True).returncode


@needs_node
@pytest.mark.parametrize("name", ["2019", "2021"])
def test_types_for_typescript(name: str, tmp_path: Path) -> None:
    """
    Types that json-schema-to-typescript makes of the schema compile, and have the names of the
    form.
    """
    target = tmp_path / "report.d.ts"
    done = node(
        f"{NODE}/node_modules/json-schema-to-typescript/dist/src/cli.js",
        str(SCHEMAS / name / "report.schema.json"),
        str(target),
    )
    assert done.returncode == 0, done.stderr
    text = target.read_text(encoding="utf-8")
    names = set(re.findall(r"export (?:interface|type) (\w+)", text))
    assert {"Applicants", "Outcomes", "Withheld", "Disputes", "ProcessingFee"} <= names
    assert [each for each in names - {f"Report{name}"} if re.search("[0-9]$", each)] == []
    done = node(
        f"{NODE}/node_modules/typescript/bin/tsc",
        "--noEmit",
        "--strict",
        "--target",
        "es2020",
        str(target),
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["2019", "2021"])
def test_types_for_python(name: str, tmp_path: Path) -> None:
    """
    Classes that datamodel-code-generator makes of the schema can be imported, have sensible names,
    and take a report.
    """
    target = tmp_path / "report.py"
    source = SCHEMAS / name / "report.schema.json"
    command = [
        sys.executable,
        "-m",
        "datamodel_code_generator",
        "--input",
        str(source),
        "--output",
        str(target),
    ]
    options = [
        "--input-file-type",
        "jsonschema",
        "--output-model-type",
        "dataclasses.dataclass",
        "--class-name",
        "Report",
    ]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=120)
    text = target.read_text(encoding="utf-8")
    names = re.findall(r"^class (\w+)", text, re.MULTILINE)
    assert {"Applicants", "Outcomes", "Withheld", "Disputes", "ProcessingFee", "Report"} <= set(
        names
    )
    assert [each for each in names if re.search("Model|[0-9]$", each)] == []
    compile(text, str(target), "exec")


# ---- where people meet it -----------------------------------------------------------------------


def test_junit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    ``check --format junit`` is a suite with a case for each path: a failure where it is wrong, an
    error where it cannot be read.
    """
    assert (
        main(
            [
                "check",
                "--format",
                "junit",
                str(ROOT / "docs" / "examples"),
                str(tmp_path / "none.json"),
            ]
        )
        == 2
    )
    root = ET.fromstring(capsys.readouterr().out)  # noqa: S314 (our own)
    assert (root.tag, root.get("tests"), root.get("failures"), root.get("errors")) == (
        "testsuite",
        "6",
        "2",
        "1",
    )
    assert "若改为 0" in "".join(root.itertext())


def test_github(capsys: pytest.CaptureFixture[str]) -> None:
    """``check --format github`` is one annotation a finding, each on a line of its own."""
    path = str(ROOT / "docs" / "examples" / "2021-pingtan-haitanpianqu.json")
    assert main(["check", "--format", "github", "--lang", "en", path]) == 1
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(
        f"::error file={path},title=CELL::“(7) total · natural persons” says 1; make it 0"
    )
    assert second.startswith("::warning ")


def test_hook_of_pre_commit() -> None:
    """The hook for pre-commit runs the command that exists, on JSON files."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    assert "entry: govinfo-schema check" in text
    assert "types: [json]" in text


# ---- from edition to edition --------------------------------------------------------------------


@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
@pytest.mark.parametrize("to", ["2019", "2021"])
def test_conversion_accounts_for_every_figure(edition: Any, undivided: bool, to: Any) -> None:
    """
    Every figure of the one form has a step, every blank of the other is told, and what is carried
    is what it was.
    """
    report = gs.generate(3, edition, undivided=undivided)
    made = gs.to_edition(report, to)
    assert made.report.edition == to
    assert [step.cell for step in made.steps if step.fate != "unknown"] == [
        cell for cell, _ in gs.walk(report)
    ]
    values = dict(gs.walk(made.report))
    assert {step.cell for step in made.of("unknown")} | {
        step.to for step in made.steps if step.to
    } == set(values)
    assert all(
        values[step.to] == step.value
        for step in made.steps
        if step.fate in ("carried", "moved") and step.to
    )
    assert all(values[step.cell] is None for step in made.of("unknown"))
    assert (len(made.of("summed")) > 0) == (edition == "2021" and not undivided and to == "2019")
    assert gs.check(made.report).broken == ()
    assert all(step.why.zh and step.why.en for step in made.steps)


def test_conversion_keeps_what_is_around_the_figures() -> None:
    """
    Texts, date, scope and notes are kept; a note at a figure that is dropped stands at its section.
    """
    old = gs.read(ROOT / "docs" / "examples" / "2021-pingtan-haitanpianqu.json").report
    made = gs.to_edition(old, "2021").report
    assert (made.overview, made.body, made.title, made.scope) == (
        old.overview,
        old.body,
        old.title,
        old.scope,
    )
    assert [note.at for note in old.notes] == ["proactive.centralized_procurement.amount"]
    assert [note.at for note in made.notes] == ["proactive"]
    assert gs.loads(gs.dumps(made)) == made
    with pytest.raises(gs.UnknownEdition):
        gs.to_edition(old, "2008")  # type: ignore[arg-type]
