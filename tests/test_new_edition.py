"""
A new edition of the form is data alone: a data file, a name, a pair of editions that can be
converted, a run of the generator.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHECK = Path(__file__).parent / "new_edition" / "use_it.py"
"""What a user does with reports of the new edition, run in the copy."""
YEAR = "2027"
ROW = (
    '    { id = "outcomes.withheld.trade_secret", zh = "9.属于商业秘密", en = "9. trade secret", '
    'sources = ["regulation_15"] },\n'
)
RULE = """
[[rules]]
code = "B-TRADE"
table = "applications"
each = "row"
at = ["outcomes.withheld.trade_secret"]
zh = "商业秘密仅限商业企业"
en = "trade secrets of enterprises"
level = "error"
standing = "official"
sources = ["note"]
left = { zh = "商业企业", en = "enterprises", cells = ["<row>.commercial_enterprise"] }
right = { zh = "总计", en = "total", cells = ["<row>.total"] }
"""
PAIR = """
[[pairs]]
older = "2021"
newer = "2027"
moved = []
only_older = []

[[pairs.only_newer]]
cells = ["applications.outcomes.withheld.trade_secret.*"]
zh = "旧格式没有“属于商业秘密”"
en = "edition 2021 does not ask for trade secrets"
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """
    Make a copy of the project with a third edition in it, by the steps of
    docs/contributing/add-an-edition.md.
    """
    copy = tmp_path_factory.mktemp("project")
    for folder in ("govinfo_schema", "tools", "schemas", "docs"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    data = copy / "govinfo_schema" / "data"
    newest = (data / "2021.toml").read_text(encoding="utf-8")
    for old, new in (
        ('edition = "2021"', f'edition = "{YEAR}"'),
        ("2021版格式", f"{YEAR}版格式"),
        ("edition 2021", f"edition {YEAR}"),
        ("first_year = 2021", f"first_year = {YEAR}"),
        ("example_year = 2024", "example_year = 2028"),
    ):
        newest = newest.replace(old, new, 1)
    eighth = next(
        line for line in newest.splitlines(keepends=True) if "administrative_inquiry" in line
    )
    (data / f"{YEAR}.toml").write_text(
        newest.replace(eighth, eighth + ROW) + RULE, encoding="utf-8"
    )
    parts = copy / "govinfo_schema" / "form" / "parts.py"
    names = parts.read_text(encoding="utf-8")
    parts.write_text(
        re.sub(r'(EditionName = Literal\[.*"2021")\]', rf'\1, "{YEAR}"]', names), encoding="utf-8"
    )
    with (data / "conversion.toml").open("a", encoding="utf-8") as file:
        file.write(PAIR)
    run(copy, "-m", "tools.publish", ".")
    return copy


def run(project: Path, *arguments: str) -> str:
    """Run Python in the copy, with the copy's package."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command,
        cwd=project,
        env={"PYTHONPATH": str(project)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.mark.thorough
def test_a_new_edition_is_data_alone(project: Path) -> None:
    """
    Reports of the new edition go through everything with all their 207 figures, and those of the
    old ones are as they were.
    """
    said = run(project, str(CHECK))
    here = subprocess.run(
        [sys.executable, str(CHECK), "--old"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.partition("== old editions\n")[2] == here.stdout.partition("== old editions\n")[2]


@pytest.mark.thorough
def test_only_published_files_of_the_new_edition_are_new(project: Path) -> None:
    """What is published of the editions that exist keeps its bytes."""
    for file in sorted((ROOT / "schemas").rglob("*")):
        parts = file.relative_to(ROOT).parts
        if file.is_file() and parts[1] in ("2019", "2021"):
            assert (project / Path(*parts)).read_bytes() == file.read_bytes(), file
    assert (project / "schemas" / YEAR / "report.schema.json").exists()
