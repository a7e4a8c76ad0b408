"""
The law as data: the files of ``data/`` keep to their own schema, to the form, and to one another.
"""

from __future__ import annotations

import ast
import copy
import json
import re
import tomllib
from collections.abc import Iterable
from functools import cache
from string import Formatter
from typing import Any

import jsonschema
import pytest
from data_files import DATA, read

import govinfo_schema as gs
from govinfo_schema.cli.command import COMMANDS
from govinfo_schema.form.load import parse
from govinfo_schema.form.parts import EditionName
from govinfo_schema.messages import catalogue, phrase

KINDS = {
    "2019": "edition.toml",
    "2021": "edition.toml",
    "frame": "frame.toml",
    "messages": "messages.toml",
    "readings": "readings.toml",
}
KINDS |= {
    name: f"{name}.toml"
    for name in (
        "between",
        "codes",
        "heuristics",
        "narrative",
        "conversion",
        "dialects",
        "kinds",
        "libraries",
        "pages",
    )
}
EDITIONS = ("2019", "2021")


def faults(stem: str, data: dict[str, Any]) -> list[str]:
    """Hold data to the schema of their kind of file."""
    meta = json.loads((DATA / "meta.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(meta)
    return [
        error.json_path
        for error in jsonschema.Draft202012Validator(
            {**meta, "$ref": f"#/$defs/{KINDS[stem]}"}
        ).iter_errors(data)
    ]


def test_packages_of_libraries_are_those_of_the_extras() -> None:
    """
    The line that installs what is missing names the packages of its extra in pyproject.toml, all of
    them between them.
    """
    project = tomllib.loads((DATA.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    extras = {
        name: {each.partition(">")[0] for each in needs}
        for name, needs in project["optional-dependencies"].items()
    }
    named: dict[str, set[str]] = {}
    for library in read("libraries").values():
        named.setdefault(library["extra"], set()).update(library["packages"])
    assert named == {name: extras[name] for name in named}
    assert {
        name for name, needs in extras.items() if needs and not any("[" in each for each in needs)
    } == {*named, "cli"}


def test_every_data_file_has_a_schema() -> None:
    """No data file stands outside the schema of the data files."""
    assert {path.stem for path in DATA.glob("*.toml")} == set(KINDS)


@pytest.mark.parametrize("stem", KINDS)
def test_data_file_conforms(stem: str) -> None:
    """Every data file conforms to the schema of its kind."""
    assert faults(stem, read(stem)) == []


@pytest.mark.parametrize(
    ("stem", "path", "value"),
    [
        ("2021", ("tables", 0, "blocks", 0, "columns", 0, "kind"), "money"),
        ("2021", ("tables", 1, "blocks", 0, "rows", 0, "id"), "Received"),
        ("2021", ("tables", 1, "blocks", 0, "columns", 0, "en"), "自然人"),
        ("2019", ("rules", 0, "standing"), "certain"),
        ("2019", ("rules", 0, "left", "cells"), ["sum(received)"]),
        ("frame", ("fields", 0, "zh"), ""),
        ("messages", ("sums", "CELL"), {"zh": "只有中文"}),
        ("codes", ("text", "T-JSON", "levels"), []),
        (
            "codes",
            ("years", "Y-COPY"),
            {"levels": ["warning", "info"], "zh": "相同", "en": "copied"},
        ),
        ("codes", ("about", "sum"), {"zh": "勾稽关系", "en": "sums"}),
        ("readings", ("radicals",), "⺠ 民"),
        ("readings", ("aliases", "received"), []),
        ("between", ("years", 0, "left", "cells"), ["next:received.<column>"]),
        ("between", ("parts", 0, "this"), ["newest"]),
        ("between", ("limits", "jump"), 0),
        ("heuristics", ("heuristics", 0, "level"), "error"),
        ("heuristics", ("heuristics", 0, "message"), {"zh": "只有中文"}),
        ("heuristics", ("heuristics", 0, "odd"), {"Year": 2021}),
        ("heuristics", ("heuristics", 0, "relation"), ">="),
        ("heuristics", ("heuristics", 3, "relation"), "=="),
        ("heuristics", ("heuristics", 3, "left"), ["<row>.*.in_force"]),
        ("heuristics", ("names", "level", "county"), ""),
        ("kinds", ("kinds", "rar", "advice"), "burn"),
        ("kinds", ("kinds", "rar", "suffixes"), ["rar"]),
        ("narrative", ("claims", 0, "any"), ["applications.received.total+1"]),
        ("narrative", ("claims", 0, "patterns"), ["收到申请"]),
    ],
)
def test_the_schema_of_the_data_refuses(stem: str, path: tuple[Any, ...], value: object) -> None:
    """The schema of the data files is no formality: it refuses what it should."""
    data = read(stem)
    node: Any = data
    for step in path[:-1]:
        node = node[step]
    node[path[-1]] = value
    assert faults(stem, data)


def test_editions_that_the_data_name_exist() -> None:
    """A rule between reports, a heuristic and a conversion name editions that there are."""
    entries = [
        *(entry for kind in ("years", "parts") for entry in read("between")[kind]),
        *read("heuristics")["heuristics"],
        *read("conversion")["pairs"],
    ]
    keys = ("this", "other", "editions")
    named = {name for entry in entries for key in keys for name in entry.get(key, ())}
    named |= {entry[key] for entry in entries for key in ("older", "newer") if key in entry}
    assert named <= set(EDITIONS)
    assert named


@pytest.mark.parametrize("name", EDITIONS)
def test_data_file_begins_with_its_source(name: str) -> None:
    """A data file of law says at its head what it was taken from, and when that was read."""
    head = (DATA / f"{name}.toml").read_text(encoding="utf-8").splitlines()[:4]
    assert any("Source: " in line and "国办公开办函" in line for line in head)
    assert any("Read: " in line for line in head)


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize(
    "pattern", ["received.<columns>", "outcomes.granted.<column>.x", "outcomes.**.nobody", ""]
)
def test_rule_that_names_no_cell_fails_on_load(name: EditionName, pattern: str) -> None:
    """A rule that names no cell fails when it is loaded, and says which rule and which name."""
    data = read(name)
    data["rules"][0]["left"]["cells"].append(pattern)
    with pytest.raises(ValueError, match=r"rule B-BAL: .* names no cell of table 'applications'"):
        parse(name, data, read("frame"))


def test_rule_must_name_cells_of_the_undivided_row_too() -> None:
    """A rule that fits only one of the two shapes of edition 2021 fails when it is loaded."""
    data = read("2021")
    data["rules"][1]["left"]["cells"][-1] = "outcomes.other_handling.*.<column>"
    with pytest.raises(ValueError, match="rule B-DISP"):
        parse("2021", data, read("frame"))


@pytest.mark.parametrize("part", ["tables", "rules", "sections"])
def test_source_that_is_not_defined_fails_on_load(part: str) -> None:
    """A source that no file defines fails when it is loaded."""
    data = copy.deepcopy(read("2021"))
    data[part][0]["sources"] = ["hearsay"]
    with pytest.raises(KeyError, match="hearsay"):
        parse("2021", data, read("frame"))


@pytest.mark.parametrize(("name", "cells", "undivided"), [("2021", 200, 186), ("2019", 198, 198)])
def test_number_of_cells(name: str, cells: int, undivided: int) -> None:
    """Edition 2021 has 200 figures, 186 with （六） as one row; edition 2019 has 198."""
    form = gs.edition(name)
    assert (len(form.cells), len(form.undivided)) == (cells, undivided)


@pytest.mark.parametrize(
    ("name", "table", "count"),
    [
        ("2021", "proactive", 10),
        ("2021", "applications", 175),
        ("2021", "disputes", 15),
        ("2019", "proactive", 22),
        ("2019", "applications", 161),
        ("2019", "disputes", 15),
    ],
)
def test_number_of_cells_of_a_table(name: str, table: str, count: int) -> None:
    """Each table has the number of figures that the official form prints."""
    assert sum(cell.startswith(f"{table}.") for cell in gs.edition(name).cells) == count


@pytest.mark.parametrize("name", EDITIONS)
def test_every_cell_is_complete(name: str) -> None:
    """Every figure has both labels, a unit, a kind and a source that cites a document."""
    form = gs.edition(name)
    for cell in {**form.cells, **form.undivided}.values():
        assert cell.zh, cell.id
        assert cell.en, cell.id
        assert cell.unit, cell.id
        assert any(form.document in source.zh for source in cell.sources), cell.id


@pytest.mark.parametrize("name", EDITIONS)
def test_labels_of_cells_are_distinct(name: str) -> None:
    """No two figures of a table carry the same full label, in either language."""
    cells = gs.edition(name).cells
    for table in gs.edition(name).tables:
        own = [cell for cell in cells.values() if cell.id.startswith(f"{table.id}.")]
        assert len({cell.zh for cell in own}) == len({cell.en for cell in own}) == len(own)


def test_the_editions_share_their_rules() -> None:
    """The rules of both editions are the same, but for the document that each cites."""
    old, new = (read(name)["rules"] for name in EDITIONS)
    assert old == new


def test_every_source_of_a_heuristic_is_defined_and_cited() -> None:
    """The heuristics cite the sources that their file defines, and all of them."""
    data = read("heuristics")
    assert {key for entry in data["heuristics"] for key in entry["sources"]} == set(data["sources"])


def test_every_source_is_cited() -> None:
    """No source is defined that nothing cites."""
    defined = {key for stem in ("frame", *EDITIONS) for key in read(stem)["sources"]}
    text = "".join(
        (DATA / f"{stem}.toml").read_text(encoding="utf-8") for stem in ("frame", *EDITIONS)
    )
    assert {key for key in defined if f'"{key}"' not in text} == set()


def test_unknown_edition() -> None:
    """An edition that does not exist is an error that names those that do."""
    with pytest.raises(gs.UnknownEdition, match="2019 and 2021"):
        gs.edition("2008")


def test_unknown_cell() -> None:
    """A cell that an edition does not have is an error that says where they are listed."""
    with pytest.raises(gs.UnknownCell, match="govinfo-schema cells 2021"):
        gs.edition("2021").cell("proactive.licensing.items_change")


def test_cell_knows_the_undivided_row() -> None:
    """``cell`` finds the figures of （六） as one row, which ``cells`` does not list."""
    form = gs.edition("2021")
    assert form.cell("applications.outcomes.other_handling.total").zh == "（六）其他处理 · 总计"
    assert "applications.outcomes.other_handling.total" not in form.cells


# ---- the catalogue of messages ------------------------------------------------------------------


def placeholders(text: str) -> set[str]:
    """Name the facts that a message is filled with."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("group", read("messages"))
def test_messages_say_the_same_in_both_languages(group: str) -> None:
    """Both languages of a message are filled with the same facts."""
    for name, entry in read("messages")[group].items():
        assert placeholders(entry["zh"]) == placeholders(entry["en"]), name


def test_heuristics_say_the_same_in_both_languages() -> None:
    """Both languages of the sentence of a heuristic are filled with the same facts."""
    for entry in read("heuristics")["heuristics"]:
        zh, en = entry["message"]["zh"], entry["message"]["en"]
        assert placeholders(zh) == placeholders(en), entry["code"]


def test_codes_are_a_closed_list() -> None:
    """
    The codes of findings are published: a new one is a line here, in codes.toml and in the
    changelog.

    A rule has its code from the edition; every other code has a message of its own.
    """
    catalogue = read("messages")
    codes = [*catalogue["text_faults"], *catalogue["schema_faults"], "CELL", "BLANK"]
    codes += [rule["code"] for rule in read("2021")["rules"]]
    codes += [*catalogue["between"], *(entry["code"] for entry in read("heuristics")["heuristics"])]
    assert codes == [
        *(
            "T-UTF8",
            "T-JSON",
            "T-NAN",
            "T-DUPLICATE",
            "T-SURROGATE",
            "T-DEPTH",
            "T-NUMBER",
            "T-SIZE",
            "T-REPORT",
        ),
        *(
            "S-EDITION",
            "S-MISSING",
            "S-UNKNOWN",
            "S-TYPE",
            "S-NEGATIVE",
            "S-MAXIMUM",
            "S-VALUE",
            "S-FORM",
            "S-DIGITS",
            "S-FLOOD",
        ),
        *("CELL", "BLANK"),
        *("B-BAL", "B-DISP", "B-ROW", "C-SUM"),
        *(
            "Y-CARRY",
            "Y-VALID",
            "P-PROJ",
            "Y-JUMP",
            "Y-UNIT",
            "Y-COPY",
            "Y-GAP",
            "Y-SAME",
            "Y-BODY",
            "Y-EDITION",
            "Y-SCOPE",
        ),
        *(
            "R-SUM",
            "R-BOUND",
            "R-LEFTOUT",
            "R-TWICE",
            "R-REST",
            "R-BLANK",
            "R-SAME",
            "R-FORM",
            "R-SCOPE",
        ),
        *(
            "X-TPL",
            "X-PUB",
            "N-SEC",
            "A-VALID1",
            "A-GZ",
            "A-UNIT",
            "P-PUB",
            "P-NEG",
            "P-AMT",
            "A-DEC",
            "A-POWER",
            "A-ZERO",
        ),
        *("C-AFTER", "C-NOREQ", "N-S1", "N-S5", "N-S6", "N-S6b", "N-FEE", "N-NUM", "N-PCT"),
    ]


def test_no_two_messages_share_a_name() -> None:
    """The groups of the catalogue are for its readers; a name stands in one of them only."""
    names = [name for group in read("messages").values() for name in group]
    names += [entry["code"] for entry in read("heuristics")["heuristics"]]
    assert len(names) == len(set(names)) == len(catalogue())


KEYED = {"phrase": 0, "spoken": 0, "joined": 0, "argument": 0, "unreadable": 1}
"""The functions that are called with the key of a sentence, and the place of that argument."""


@cache
def modules() -> tuple[ast.Module, ...]:
    """Parse every module of the package and of its generator."""
    folders = (DATA.parent, DATA.parents[1] / "tools")
    files = (path for folder in folders for path in sorted(folder.rglob("*.py")))
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in files)


def texts(node: ast.AST) -> set[str]:
    """Return the texts in a syntax tree as regular expressions; an f-string may hold anything."""
    patterns = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            patterns.add(re.escape(part.value))
        elif isinstance(part, ast.JoinedStr) and isinstance(part.values[0], ast.Constant):
            parts = (getattr(piece, "value", None) for piece in part.values)
            patterns.add(
                "".join(re.escape(text) if isinstance(text, str) else ".+" for text in parts)
            )
    return patterns


def unused(keys: Iterable[str]) -> list[str]:
    """Return the keys that no text of a module, no rule and no command is."""
    whole = {text for tree in modules() for text in texts(tree)}
    # The help of commands has its own list, so that the key of one that is gone is found.
    starts = {text for text in whole if re.match(r"(?!help)[a-z_]+\\\..*\.\+", text)}
    codes = {rule["code"] for kind in ("years", "parts") for rule in read("between")[kind]}
    codes |= {f"help.{command.name}" for command in COMMANDS}
    return [
        key
        for key in keys
        if re.escape(key) not in whole
        and key not in codes
        and not any(re.fullmatch(start, key) for start in starts)
    ]


def test_every_sentence_is_used() -> None:
    """A sentence of the catalogue is used: by a module, a rule, or the help of a command."""
    assert unused(key for group in read("messages").values() for key in group) == []
    assert unused(["no_such_sentence", "help.no-such-command"]) == [
        "no_such_sentence",
        "help.no-such-command",
    ]


def test_every_sentence_that_is_named_exists() -> None:
    """The key that a module calls ``phrase`` and the like with stands in the catalogue."""
    keys = catalogue()
    named = {
        pattern
        for tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and len(node.args) > KEYED.get(node.func.id, len(node.args))
        and isinstance(node.args[KEYED[node.func.id]], (ast.Constant, ast.JoinedStr, ast.IfExp))
        for pattern in key_patterns(node.args[KEYED[node.func.id]])
    }
    assert len(named) > 100
    assert [name for name in named if not any(re.fullmatch(name, key) for key in keys)] == []
    assert {f"help.{command.name}" for command in COMMANDS} <= set(keys)


def key_patterns(argument: ast.AST) -> set[str]:
    """Return the keys that an argument may be: of ``a if test else b`` both."""
    if isinstance(argument, ast.IfExp):
        return key_patterns(argument.body) | key_patterns(argument.orelse)
    if isinstance(argument, ast.JoinedStr):
        return {text for text in texts(argument) if ".+" in text}
    return texts(argument)


def test_every_fault_of_the_json_reader_is_translated() -> None:
    """
    What the standard library says of a text that is not JSON has its own sentence in both
    languages.
    """
    broken = [
        "",
        "[1 2]",
        '{"a" 1}',
        "{a: 1}",
        '["',
        '["\n"]',
        '["\\x"]',
        '["\\u12"]',
        "[1],",
        "[1,]",
        '{"a": 1,}',
    ]
    for text in broken:
        with pytest.raises(gs.InvalidReport) as caught:
            gs.loads(text)
        (finding,) = caught.value.findings
        assert finding.code == "T-JSON"
        assert phrase("json.other", "en") not in finding.message("en"), text


def test_unknown_language() -> None:
    """A language that the catalogue does not have is an error that names those it has."""
    with pytest.raises(ValueError, match="say 'zh' or 'en'"):
        phrase("T-DEPTH", "fr", limit=1)  # type: ignore[arg-type]
