"""
Installing without a network or rights: a folder of wheels, one file, tools of their own, and a
program that needs no Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest
from reports import EXAMPLE_FOLDER

import govinfo_schema as gs

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(find_spec("shiv") is None, reason="needs the group packaging"),
]

ROOT: Final = Path(__file__).parents[1]
NAME: Final = "govinfo-schema[cli,html,xlsx]"
"""What an office installs: the command, and the files that it reads."""
PROGRAM: Final = "from govinfo_schema.cli import main\n\nraise SystemExit(main())\n"
SCRIPTS: Final = "Scripts" if sys.platform == "win32" else "bin"


def run(*command: str | Path, folder: Path, **variables: str) -> str:
    """
    Run a program somewhere else, without this clone and with no registry, and give what it prints.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    offline = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1", "PYTHONUTF8": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [*map(str, command)],
        cwd=folder,
        env={**kept, **offline, **variables},
        check=False,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of wheels, as somebody with a network makes it: ours, and all that it needs."""
    folder = tmp_path_factory.mktemp("wheels")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation"]
    subprocess.run([*build, "--outdir", str(folder), str(ROOT)], check=True, capture_output=True)
    (wheel,) = folder.glob("govinfo_schema-*.whl")
    download = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder)]
    extras = NAME.removeprefix("govinfo-schema")
    subprocess.run([*download, f"{wheel}{extras}", "pyinstaller"], check=True, timeout=600)
    return folder


@pytest.fixture(scope="module")
def environment(wheels: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment that was installed from the folder alone, PyInstaller too."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder / "venv", with_pip=True)
    scripts = folder / "venv" / SCRIPTS
    wanted: list[str | Path] = ["--find-links", wheels, NAME, "pyinstaller"]
    run(scripts / "python", "-m", "pip", "install", "--quiet", *wanted, folder=folder)
    return scripts


def works(folder: Path, *command: str | Path, **variables: str) -> None:
    """
    Check that an installed command reads documents of every kind that an office has, and writes the
    form to be filled in.
    """
    report = gs.loads((EXAMPLE_FOLDER / "2024-hongze-quzhengfu.json").read_bytes())
    for suffix in ("docx", "xlsx", "html", "md", "json"):
        path = folder / f"report.{suffix}"
        gs.write(report, path)
        said = run(*command, "check", path, "--lang", "en", folder=folder, **variables)
        assert "淮安市洪泽区人民政府" in said, suffix
    for suffix in ("docx", "xlsx"):
        path = folder / f"form.{suffix}"
        run(*command, "form", "2021", path, "--force", folder=folder, **variables)
        assert gs.read(path, year=2024, body="某市人民政府").report.edition == "2021"


def test_folder_of_wheels(environment: Path, tmp_path: Path) -> None:
    """``pip install --no-index --find-links`` installs all of it from a folder."""
    works(tmp_path, environment / "govinfo-schema")


def test_one_file(wheels: Path, tmp_path: Path) -> None:
    """``shiv`` makes one file that any Python of the same version runs."""
    program = tmp_path / "govinfo-schema.pyz"
    shiv = [sys.executable, "-m", "shiv", "--console-script", "govinfo-schema"]
    run(*shiv, "--output-file", program, "--find-links", wheels, NAME, folder=tmp_path)
    bare = tmp_path / "bare"
    venv.create(bare, with_pip=False)
    python = bare / SCRIPTS / "python"
    works(tmp_path, python, program, SHIV_ROOT=str(tmp_path / "shiv"))


def test_pipx(wheels: Path, tmp_path: Path) -> None:
    """``pipx`` installs the command for one user, from the folder."""
    own = {"PIPX_HOME": str(tmp_path / "pipx"), "PIPX_BIN_DIR": str(tmp_path / "bin")}
    pipx = [sys.executable, "-m", "pipx"]
    arguments = f"--find-links={wheels}"
    run(*pipx, "install", f"--pip-args={arguments}", NAME, folder=tmp_path, **own)
    works(tmp_path, tmp_path / "bin" / "govinfo-schema")


def test_uv(wheels: Path, tmp_path: Path) -> None:
    """``uv tool install`` does the same, and ``uv tool run`` runs it without installing."""
    own = {
        "UV_TOOL_DIR": str(tmp_path / "tools"),
        "UV_TOOL_BIN_DIR": str(tmp_path / "bin"),
        "UV_CACHE_DIR": str(tmp_path / "cache"),
        "UV_PYTHON": sys.executable,
    }
    uv: list[str | Path] = [sys.executable, "-m", "uv", "tool"]
    sources: list[str | Path] = ["--no-index", "--find-links", wheels]
    run(*uv, "install", *sources, NAME, folder=tmp_path, **own)
    works(tmp_path, tmp_path / "bin" / "govinfo-schema")
    works(tmp_path, *uv, "run", *sources, "--from", NAME, "govinfo-schema", **own)


def test_program_without_python(environment: Path, tmp_path: Path) -> None:
    """PyInstaller with default flags makes a program that has every format and all data."""
    (tmp_path / "checker.py").write_text(PROGRAM, encoding="utf-8")
    run(environment / "pyinstaller", "checker.py", folder=tmp_path)
    # No Python is found where the program runs.
    works(tmp_path, tmp_path / "dist" / "checker" / "checker", PATH=str(tmp_path))
