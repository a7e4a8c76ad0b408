"""Applications that use the library as others would: they run, and type checkers accept them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
import reports
from programs import needs_pyright

import govinfo_schema as gs

pytestmark = pytest.mark.thorough

ROOT: Final = Path(__file__).parents[1]
APPLICATIONS: Final = ROOT / "tests" / "applications"
DOCUMENTS: Final = ROOT / "tests" / "documents"


def run(*arguments: str | Path) -> str:
    """Run Python from the root, and return what it prints."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


# ---- they run -----------------------------------------------------------------------------------


def test_a_filing_is_kept_and_read_back(tmp_path: Path) -> None:
    """The model is read back equal, and a spoilt one is refused with the place of its fault."""
    assert run(APPLICATIONS / "filing.py", tmp_path).splitlines() == [
        "True True",
        "earlier.0.2021.year: year reported on (year) cannot be below 2008, and is 1923.",
    ]
    text = json.loads((tmp_path / "filing.json").read_text(encoding="utf-8"))
    assert gs.from_dict(text["report"]) == gs.generate(1)


def test_an_archive_goes_through_a_converter(tmp_path: Path) -> None:
    """The archive is read back equal, and the fault of a spoilt one is named with its cell."""
    equal, fault = run(APPLICATIONS / "own_converter.py", tmp_path).splitlines()
    assert equal == "True"
    assert "S-NEGATIVE" in fault
    assert fault.endswith("$.entries[1].report.disputes.reconsideration.upheld")


def test_pools_of_processes_and_threads_agree(tmp_path: Path) -> None:
    """200 documents, some of them no reports, give the same results in both kinds of pool."""
    suffixes = (".json", ".html", ".docx", ".xlsx", ".md")
    for number in range(180):
        report = gs.generate(number, "2019" if number % 5 == 0 else "2021")
        if number % 3 == 0:
            report = gs.damage(report, "single", number).report
        gs.write(report, tmp_path / f"{number:03}{suffixes[number % len(suffixes)]}")
    for number, path in enumerate(sorted(path for path in DOCUMENTS.iterdir() if path.is_file())):
        shutil.copy(path, tmp_path / f"of-others-{number:02}{path.suffix}")
    while len(list(tmp_path.iterdir())) < 200:
        (tmp_path / f"none-{len(list(tmp_path.iterdir()))}.docx").write_bytes(b"no document")
    same, count, read, wrong = run(APPLICATIONS / "pools.py", tmp_path).split()
    assert (same, count) == ("True", "200")
    assert int(read) >= 180
    assert int(wrong) >= 30


@pytest.fixture
def client() -> Any:
    """Return a client of the upload service."""
    pytest.importorskip("fastapi", reason="needs the group interop")
    from applications.upload_service import app
    from services import Client

    return Client(app)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html", ".md", ".json"])
def test_an_uploaded_document_is_checked(suffix: str, client: Any, tmp_path: Path) -> None:
    """The service reads a document of any format, and names the figure that is wrong."""
    report = reports.example("2021-pingtan-haitanpianqu")
    path = tmp_path / f"report{suffix}"
    gs.write(report, path)
    answer = client.post("/documents", files={"file": (path.name, path.read_bytes())})
    assert answer.status_code == 200
    verdict = answer.json()
    assert verdict["ok"] is False
    assert [each["cells"] for each in verdict["problems"] if each["level"] == "error"] == [
        ["applications.outcomes.total.natural_person"]
    ]
    read = gs.from_dict(verdict["report"])
    assert dict(gs.walk(read)) == dict(gs.walk(report))


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("report.docx", b"no document", "F-"),
        ("report.pdf", b"", "F-"),
        ("../../report.json", b"{", "T-JSON"),
        ("", b'{"edition": "2021"}', "S-MISSING"),
        ("report.json", b'{"edition": "2021", "edition": "2021"}', "T-DUPLICATE"),
    ],
)
def test_an_upload_that_is_no_report_is_answered(
    name: str, data: bytes, code: str, client: Any
) -> None:
    """A file that cannot be read, or is no report, is answered with 422 and a code."""
    answer = client.post("/documents", files={"file": (name or "upload", data)})
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["code"].startswith(code)


def test_a_report_that_is_sent_as_json_is_checked(client: Any) -> None:
    """The service takes a report of either edition as JSON, and answers 422 for any other."""
    for report in reports.REPORTS.values():
        answer = client.post("/reports", gs.dumps(report))
        assert answer.status_code == 200
        assert answer.json()["ok"] == gs.check(report).ok
        assert gs.dumps(report) in answer.content
    assert client.post("/reports", b'{"edition": "2020"}').status_code == 422


# ---- they are typed -----------------------------------------------------------------------------


def test_mypy_accepts_them() -> None:
    """The applications are typed, to the strict rules of mypy."""
    assert "no issues found" in run("-m", "mypy", "--strict", *APPLICATIONS.glob("*.py"))


@needs_pyright
def test_pyright_accepts_them() -> None:
    """The applications are typed, to the strict rules of pyright."""
    printed = run("-m", "pyright", "--pythonpath", sys.executable, APPLICATIONS)
    assert "0 errors, 0 warnings" in printed
