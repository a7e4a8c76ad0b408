"""
The house: which module may import which, what is public, and that the docs say what the code does.
"""

from __future__ import annotations

import ast
import inspect
import pydoc
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

import govinfo_schema as gs
from govinfo_schema import files
from govinfo_schema.checks import between
from govinfo_schema.checks.entries import heuristics
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.files import registry
from govinfo_schema.form.forms import forms
from govinfo_schema.messages import catalogue, code_of
from tools.publish import api
from tools.publish.codes import codes, error_codes

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "govinfo_schema"
LAYERS: tuple[tuple[str, ...], ...] = (
    ("data",),
    ("messages", "errors", "findings"),
    ("form",),
    ("report",),
    ("checks",),
    ("repair",),
    ("documents",),
    ("workbook", "tables"),
    ("files",),
    ("bulk", "charts", "testing"),
    ("pages",),
    ("cli",),
    ("__init__", "__main__"),
)
"""
A module imports only from its own room or from a layer before it; the modules of the second layer
import each other.
"""
ROOMS = {name for layer in LAYERS for name in layer if (PACKAGE / name).is_dir()}
CODE = re.compile(r"[A-Z]-[A-Z0-9]+b?|CELL|BLANK")
COMMAND = re.compile(r"^```sh\n(.+)\n```$", re.MULTILINE)


@cache
def modules() -> dict[str, ast.Module]:
    """
    Read every module of the package, by its path from there with dots; a room is the module of its
    ``__init__``.
    """
    files = {
        ".".join(path.relative_to(PACKAGE).with_suffix("").parts): path
        for path in PACKAGE.rglob("*.py")
    }
    return {
        name.removesuffix(".__init__"): ast.parse(path.read_text(encoding="utf-8"))
        for name, path in files.items()
    }


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
    """
    What tests share stands in a plain module beside them: no test module is imported by another.
    """
    trees = {
        path.stem: ast.parse(path.read_text(encoding="utf-8"))
        for path in Path(__file__).parent.glob("*.py")
    }
    tests = {name for name in trees if name.startswith("test_")}
    assert {
        name: found
        for name, tree in trees.items()
        if (found := {each.split(".")[0] for each in imported(tree)} & tests)
    } == {}


def room_of(module: str) -> str:
    """Give the room or the module of the top level that a module belongs to."""
    return module.partition(".")[0]


def layer_of(module: str) -> int:
    """Give the number of the layer that a module stands in."""
    return next(number for number, layer in enumerate(LAYERS) if room_of(module) in layer)


def own_imports(name: str) -> set[str]:
    """Name the modules of the package that a module imports."""
    known = modules()
    found = {
        each.removeprefix("govinfo_schema.")
        for each in imported(known[name])
        if each.startswith("govinfo_schema")
    }
    return {each for each in found if each in known and each != name}


def test_the_house_has_few_doors() -> None:
    """
    At the top of the package stand at most 8 modules and 12 rooms, each with its layer, and each
    room says what it is for.
    """
    top = {name for name in modules() if "." not in name}
    assert top == {name for layer in LAYERS for name in layer if name in top}
    assert len(top - ROOMS) <= 8
    assert len(ROOMS) <= 12
    for room in ROOMS:
        assert len((ast.get_docstring(modules()[room]) or "").splitlines()) >= 3, room


@pytest.mark.parametrize("name", sorted(modules()))
def test_imports_point_down(name: str) -> None:
    """A module imports only from its own room or from a layer before it."""
    if layer_of(name) == len(LAYERS) - 1:
        return
    for other in own_imports(name):
        same = room_of(other) == room_of(name) or layer_of(other) == layer_of(name) == 1
        assert same or layer_of(other) < layer_of(name), f"{name} imports {other}"


def test_no_cycles() -> None:
    """Modules import each other in one direction only."""
    left = {name: own_imports(name) - {room_of(name)} for name in modules()}
    while free := [name for name, needs in left.items() if not needs & left.keys()]:
        for name in free:
            del left[name]
    assert left == {}


def test_formats_know_no_law() -> None:
    """A format module imports documents and what formats share, never the form or the report."""
    allowed = (
        "messages",
        "errors",
        "documents.document",
        "documents.grids",
        "documents.formats",
        "data",
    )
    for name in modules():
        if name.startswith("documents.formats"):
            for other in own_imports(name):
                assert other.startswith(allowed) or other in ("findings", "documents"), (
                    f"{name} imports {other}"
                )


CELL_ID = re.compile(
    r"""(?:partition|split)\(["']\.["']\)|(?:starts|ends)with\(f?["'](?:\.|\{[a-z_.]+\}\.["'])|["']\.total["']|count\(["']\.["']\)"""
)


def test_ids_are_taken_apart_in_one_module() -> None:
    """
    Only ``form/ids.py`` knows the dots of a cell id; paths of files and numbers are other things.
    """
    known = {"form.ids"}
    for path in PACKAGE.rglob("*.py"):
        name = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
        if name in known or name.startswith(("documents.formats", "cli", "bulk")):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not CELL_ID.search(line) or "# no cell id" in line, (
                f"{name}:{number}: {line.strip()}"
            )


def test_no_module_names_an_edition() -> None:
    """
    No edition is named outside ``form/`` and the generated model, and nobody asks whether （六） is
    one row.

    A Form is asked instead. Docstrings may show examples; the public parameters ``undivided`` of
    ``blank``, ``generate``, ``write_form`` and of ``form`` on the command line exist.
    """
    allowed = {
        "report/empty.py": 3,
        "testing.py": 3,
        "workbook/writing.py": 3,
        "cli/form.py": 3,
    }
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith("form/") or place == "report/model.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        texts = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in docs
        ]
        assert [text for text in texts if text in gs.editions] == [], place
        names = [
            getattr(node, field)
            for node in ast.walk(tree)
            for field in ("id", "attr", "arg")
            if hasattr(node, field)
        ]
        assert sum("undivided" in str(name) for name in [*names, *texts]) <= allowed.get(
            place, 0
        ), place


def test_a_finding_says_where_it_comes_from() -> None:
    """
    A finding is about what the page of codes says, whoever makes it; a blank between reports is
    about the years.
    """
    for code in codes().values():
        finding = gs.Finding(code=code.code, level=cast("Any", code.levels[0]))
        assert finding.about == code.about, code.code
    last = gs.blank("2021", year=2023, body="某市人民政府")
    this = attrs.evolve(last, year=2024)
    blanks = [each.about for each in gs.check_years([last, this]) if each.code == "BLANK"]
    assert set(blanks) == {"years"}
    assert {each.to_dict()["about"] for each in gs.check(last).findings} == {"sum"}


def test_nobody_looks_at_how_a_code_begins() -> None:
    """Where a finding comes from is asked of the finding, not guessed from its code."""
    for path in PACKAGE.rglob("*.py"):
        assert "code.startswith" not in path.read_text(encoding="utf-8"), path


def test_codes_of_errors_are_documented() -> None:
    """
    Every error has a code, every sentence that is raised is on the page of codes, and every code on
    the page can be raised.
    """
    page = (ROOT / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")
    errors = error_codes()
    documented = re.findall(r"^\| `(.+?)` \|", page.partition("\n# ")[2], re.MULTILINE)
    assert documented == list(errors)
    assert not errors.keys() & codes().keys()
    raised = {
        code_of(str(part.value))
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("unreadable", "problem")
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and part.value in catalogue()
    }
    sentences = {code for code, each in errors.items() if each.raised == "UnreadableFile"}
    assert {code for code in raised if code.startswith("F-")} == sentences
    assert {
        vars(getattr(gs, each.raised))["_code"]
        for each in errors.values()
        if each.raised not in ("UnreadableFile", "MissingLibrary")
    } == {code for code in errors if code.startswith("E-")}
    with pytest.raises(gs.UnreadableFile) as error:
        gs.read("nowhere.docx")
    assert error.value.code == error.value.problem.code == "F-MISSING"
    assert gs.MissingLibrary("lxml", "html").code == "F-LIBRARY"
    with pytest.raises(gs.InvalidReport) as invalid:
        gs.loads("{")
    assert invalid.value.code == "T-JSON"


def test_a_format_is_asked_and_not_named() -> None:
    """
    No module asks a format for its name, and each format of the registry says what it can do.
    """
    asked = re.compile(r"hasattr\((?:module|own)\b|\.NAME\b|\bFORMAT\.name\b|suffix == ")
    for path in PACKAGE.rglob("*.py"):
        if path.stem != "charts":  # a picture is no format of reports
            assert not asked.search(path.read_text(encoding="utf-8")), path
    assert len(set(files.formats())) == len(files.formats())
    for each in files.formats():
        assert each.is_readable or each.is_writable, each.suffixes
    assert files.formats()[-1].detect(b"")


def test_a_new_format_is_one_object(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A format that is one object in the registry is read, written and listed like any other."""
    sign = b"REPORT\n"

    def write(report: gs.Report, path: FilePath) -> None:
        Path(path).write_bytes(sign + gs.dumps(report))

    new = Format(
        suffixes=(".report",),
        detect=lambda head: head.startswith(sign),
        read_report=lambda path: gs.loads(Path(path).read_bytes().removeprefix(sign)),
        write_report=write,
    )
    known = files.formats()
    monkeypatch.setattr(registry, "formats", lambda: (new, *known))
    report = gs.generate(1)
    gs.write(report, tmp_path / "one.report")
    (tmp_path / "one.report").rename(tmp_path / "one.txt")
    assert gs.read(tmp_path / "one.txt").report == report
    assert ".report" in files.suffixes()
    assert ".report" in files.writable()
    assert files.format_of(tmp_path / "one.txt") is new
    assert not files.is_table(tmp_path / "one.txt")


@pytest.mark.parametrize(
    ("library", "door"),
    [
        ("cattrs", "report.json"),
        ("jsonschema", "report.conformance"),
        ("pydantic_core", "report.pydantic"),
        ("argparse", "cli.options"),
        ("tomllib", "data"),
        ("multiprocessing", "bulk.processes"),
        ("polars", "bulk.columns"),
    ],
)
def test_library_enters_by_one_door(library: str, door: str) -> None:
    """
    A library that not every user needs is imported in one module, and where it is heavy on first
    use.
    """
    assert [name for name, tree in modules().items() if library in imported(tree)] == [door]
    if library not in ("argparse", "multiprocessing"):
        top = {
            each
            for node in modules()[door].body
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for each in imported(node)
        }
        assert library not in top


def test_functions_fit_on_a_screen() -> None:
    """No function is longer than a screen, its docstring aside."""
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                first = (
                    node.body[1] if ast.get_docstring(node) and len(node.body) > 1 else node.body[0]
                )
                length = (node.end_lineno or 0) - first.lineno + 1
                assert length <= 45, f"{name}.{node.name} has {length} lines"


@pytest.mark.parametrize("name", gs.__all__)
def test_public_name_is_documented(name: str) -> None:
    """
    Every public name exists and says in its docstring, or below its definition, what it is.
    """
    assert hasattr(gs, name)
    assert api.names()[name].doc


def test_public_names_are_all_that_dir_and_help_show() -> None:
    """
    ``dir`` gives the public names and what begins with two underscores, names of the first use
    included; ``help`` shows them.
    """
    command = "import govinfo_schema as gs; print(*dir(gs)); import sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=True
    )
    shown, loaded = (line.split() for line in done.stdout.splitlines())
    assert sorted(name for name in shown if not name.startswith("__")) == sorted(gs.__all__)
    assert "govinfo_schema.repair.explanations" not in loaded
    page = pydoc.render_doc(gs, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    assert [
        name
        for name in gs.__all__
        if not re.search(rf"^    (?:class )?{name}\b", page, re.MULTILINE)
    ] == []


def test_import_loads_what_every_user_needs() -> None:
    """
    ``import govinfo_schema`` loads no format of files, and no module of Python that only they and
    messages need.
    """
    command = "import sys, govinfo_schema; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {command}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "govinfo_schema.report.json" in loaded
    later = {"govinfo_schema.files", "govinfo_schema.documents", "pathlib", "json", "cattrs"}
    later |= {"pydantic", "pydantic_core", "govinfo_schema.report.converters"}
    assert not loaded & later


def test_page_of_public_names_has_them_all() -> None:
    """
    The reference has a heading for every public name, each with an anchor that the table at its
    head leads to.
    """
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    headings = re.findall(r"^### `(\w+)`$", page, re.MULTILINE)
    assert sorted(headings) == sorted(gs.__all__)
    lower = [name.lower() for name in headings]
    before = [lower[:place].count(name) for place, name in enumerate(lower)]
    anchors = [
        f"{name}-{count}" if count else name for name, count in zip(lower, before, strict=True)
    ]
    assert re.findall(r"\[`(\w+)`\]\(#([\w-]+)\)", page) == list(
        zip(headings, anchors, strict=True)
    )


def test_public_functions_have_examples() -> None:
    """Every public function has an example that runs."""
    functions = [name for name in gs.__all__ if inspect.isfunction(getattr(gs, name))]
    assert [
        name for name in functions if ">>>" not in (inspect.getdoc(getattr(gs, name)) or "")
    ] == []


def test_codes_are_documented() -> None:
    """
    Every code of a finding is on the page of codes and is used; every code that the package uses is
    on the page.

    At which level a finding is told is held by ``conftest.py`` against every finding that a test
    makes.
    """
    page = (ROOT / "docs" / "reference" / "codes.md").read_text(encoding="utf-8")
    nodes = [
        node
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
    ]
    named = {str(node.value) for node in nodes}
    sums = {equation.rule.code for form in forms() for equation in form.equations}
    others = {rule.code for kind in ("years", "parts") for rule in between.rules(kind)} | {
        each.rule.code for each in heuristics()
    }
    documented = re.findall(r"^\| `(.+?)` \|", page.partition("\n# ")[0], re.MULTILINE)
    assert documented == list(codes())
    named -= set(error_codes())
    assert set(documented) == set(filter(CODE.fullmatch, named)) | sums | others
    assert set(documented) == set(filter(CODE.fullmatch, catalogue())) | sums


def test_evidence_of_a_finding_is_published() -> None:
    """
    The fields of a finding are published evidence: a new one is a line here and in the changelog.
    """
    assert [field.name for field in attrs.fields(gs.Finding)] == [
        *(
            "code",
            "level",
            "about",
            "cells",
            "reports",
            "quote",
            "left",
            "right",
            "difference",
            "rule",
            "symptoms",
            "operands",
        ),
    ]


@pytest.mark.parametrize(("file", "lang"), [("README.md", " --lang en"), ("README.zh-CN.md", "")])
def test_readme_has_two_commands(file: str, lang: str) -> None:
    """
    Both languages of the README have two commands, each alone in its block and making its own
    environment.
    """
    check, test = COMMAND.findall((ROOT / file).read_text(encoding="utf-8"))
    assert check.startswith("python3 -m venv .venv && ")
    assert check.endswith(
        f".venv/bin/govinfo-schema check{lang} docs/examples/2021-pingtan-haitanpianqu.json"
    )
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
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"][
        "dynamic"
    ] == ["version"]
