"""The house: which module may import which, what is public, and that the docs say what the code does."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from functools import cache
from pathlib import Path

import attrs
import pytest

import govinfo_schema as gs
from govinfo_schema.findings import catalogue
from govinfo_schema.rules import equations

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "govinfo_schema"
ORDER = [
    "once",
    "findings",
    "errors",
    "values",
    "cells",
    "document",
    "edition",
    "model",
    "rules",
    "schema",
    "convert",
    "records",
    "check",
    "layout",
    *(f"recognise.{name}" for name in ("fold", "figures", "runs", "lines", "match", "tables", "named", "frame", "__init__")),
    "narrative",
    *(f"explanations.{name}" for name in ("search", "plans", "reasons", "__init__", "excerpt")),
    "completion",
    "generator",
    *(f"between.{name}" for name in ("sums", "years", "parts", "__init__")),
    "plausibility",
    "pictures",
    *(
        f"formats.{name}"
        for name in (
            "json",
            "tables",
            "jsonl",
            "csv",
            "parquet",
            "duckdb",
            "sqlite",
            "encodings",
            "html",
            "markdown",
            "text",
            "streams",
            "pdf",
        )
    ),
    *(f"formats.{name}" for name in ("package", "compound", "numbering", "docx", "sheet", "ods", "xls", "xlsx", "office", "printing")),
    "conversion",
    "reference",
    "publishing",
    "workbook",
    "files",
    "batch",
    *(
        f"cli.{name}"
        for name in (
            *("options", "process", "results", "output", "targets", "machines"),
            *("checking", "explaining", "comparing", "writing", "form", "command", "__init__"),
        )
    ),
    "__init__",
    "__main__",
]
"""A module imports only what stands before it; the command line and the package itself stand last."""
TABLES = ("formats.tables", "formats.json", "formats.jsonl", "formats.csv", "formats.parquet", "formats.duckdb", "formats.sqlite")
"""The formats that hold reports themselves."""
COMMAND = re.compile(r"^```sh\n(.+)\n```$", re.MULTILINE)


@cache
def modules() -> dict[str, ast.Module]:
    """Read every module of the package."""
    files = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in files.items() if name != "formats.__init__"}


def test_formats_know_no_law() -> None:
    """A format module imports documents and what formats share, never the form: JSON and the tables alone hold reports themselves."""
    for name, tree in modules().items():
        if name.startswith("formats.") and name not in TABLES:
            own = {each.removeprefix("govinfo_schema.").split(".")[0] for each in imported(tree) if each.startswith("govinfo_schema.")}
            assert own <= {"document", "errors", "findings", "formats"}, name


@cache
def imported(tree: ast.AST) -> set[str]:
    """Name what a module imports, inside functions too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
    return found


def test_tests_import_no_tests() -> None:
    """What tests share stands in a plain module beside them: no test module is imported by another."""
    trees = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in Path(__file__).parent.glob("*.py")}
    tests = {name for name in trees if name.startswith("test_")}
    assert {name: found for name, tree in trees.items() if (found := {each.split(".")[0] for each in imported(tree)} & tests)} == {}


def test_every_module_has_its_place() -> None:
    """A new module gets a place in the order of the house."""
    assert set(modules()) == set(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_imports_point_down(name: str) -> None:
    """A module imports only modules that stand before it."""
    own = {each.removeprefix("govinfo_schema.") for each in imported(modules()[name]) if each.startswith("govinfo_schema.")}
    assert own & set(ORDER) <= set(ORDER[: ORDER.index(name)])


@pytest.mark.parametrize(
    ("library", "door"),
    [("cattrs", "convert"), ("jsonschema", "schema"), ("argparse", "cli.options"), ("tomllib", "findings"), ("multiprocessing", "batch")],
)
def test_library_enters_by_one_door(library: str, door: str) -> None:
    """A library that not every user needs is imported in one module, and where it is heavy on first use."""
    assert [name for name, tree in modules().items() if library in imported(tree)] == [door]
    if library not in ("argparse", "multiprocessing"):
        top = {each for node in modules()[door].body if isinstance(node, (ast.Import, ast.ImportFrom)) for each in imported(node)}
        assert library not in top


def test_functions_fit_on_a_screen() -> None:
    """No function is longer than a screen, its docstring aside."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                first = node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                length = (node.end_lineno or 0) - first.lineno + 1
                assert length <= 45, f"{name}.{node.name} has {length} lines"


@pytest.mark.parametrize("name", gs.__all__)
def test_public_name_is_documented(name: str) -> None:
    """Every public name exists and says in its docstring what it is."""
    value = getattr(gs, name)
    if name != "Report":
        assert inspect.getdoc(value)
        assert not (inspect.getdoc(value) or "").startswith("Method generated by attrs")


def test_public_functions_have_examples() -> None:
    """Every public function has an example that runs."""
    functions = [name for name in gs.__all__ if inspect.isfunction(getattr(gs, name))]
    assert [name for name in functions if ">>>" not in (inspect.getdoc(getattr(gs, name)) or "")] == []


def test_codes_are_documented() -> None:
    """Every code of a finding or a rule stands in docs/stability.md, and no other."""
    table = (ROOT / "docs" / "stability.md").read_text(encoding="utf-8").partition("## Codes")[2]
    documented = re.findall(r"`([A-Z][A-Z0-9-]+b?)`", table)
    codes = {name for name in catalogue() if re.fullmatch(r"[A-Z]-[A-Z0-9]+b?|CELL|BLANK", name)}
    assert sorted(documented) == sorted(codes | {each.rule.code for each in equations("2021")})


def test_evidence_of_a_finding_is_published() -> None:
    """The fields of a finding are published evidence: a new one is a line here and in the changelog."""
    assert [field.name for field in attrs.fields(gs.Finding)] == [
        *("code", "level", "cells", "reports", "quote", "left", "right", "difference", "rule", "symptoms", "operands"),
    ]


@pytest.mark.parametrize(("file", "lang"), [("README.md", " --lang en"), ("README.zh-CN.md", "")])
def test_readme_has_two_commands(file: str, lang: str) -> None:
    """Both languages of the README have two commands, each alone in its block and making its own environment."""
    check, test = COMMAND.findall((ROOT / file).read_text(encoding="utf-8"))
    assert check.startswith("python3 -m venv .venv && ")
    assert check.endswith(f".venv/bin/govinfo-schema check{lang} docs/examples/2021-pingtan-haitanpianqu.json")
    assert test.startswith("python3 -m venv .venv-test && ")
    assert test.endswith(".venv-test/bin/python -m pytest --quiet")


@pytest.mark.parametrize(("file", "lang"), [("README.md", "en"), ("README.zh-CN.md", "zh")])
def test_readme_shows_what_the_command_prints(
    file: str, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The output shown in the README is what its command prints."""
    from govinfo_schema.cli import main

    monkeypatch.chdir(ROOT)
    assert main(["check", "--lang", lang, "docs/examples/2021-pingtan-haitanpianqu.json"]) == 1
    assert f"```text\n{capsys.readouterr().out}```" in (ROOT / file).read_text(encoding="utf-8")


def test_versions_agree() -> None:
    """The version of the package stands in one place, and what repeats it agrees."""
    assert f"\nversion: {gs.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert gs.__version__ in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dynamic"] == ["version"]


@pytest.mark.parametrize("path", sorted((ROOT / "docs").glob("*.md")), ids=lambda path: path.name)
def test_commands_in_the_docs(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that the docs show prints what they show, at least its first lines."""
    from govinfo_schema.cli import main

    monkeypatch.chdir(ROOT)
    for command, shown in re.findall(r"```console\n\$ govinfo-schema (.+)\n((?:.+\n)*)```", path.read_text(encoding="utf-8")):
        main(command.split())
        assert capsys.readouterr().out.startswith(shown)


def test_links_in_the_docs_lead_somewhere() -> None:
    """A link between the pages of the project leads to a file that is there."""
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "schemas" / "README.md", ROOT / "benchmarks" / "README.md"]
    for page in pages:
        for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).exists(), f"{page.name}: {link}"
