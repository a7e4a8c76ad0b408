"""The log of the readers: it says what they decided, changes nothing, and is silent by default."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import govinfo_schema as gs

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path for path in (ROOT / "tests" / "documents").iterdir() if path.suffix != ".json"
)
STAGES = (
    r"format \('\.\w+'",
    r"document: [0-9]+ paragraphs, [0-9]+ tables, [0-9]+ asides",
    r"year 20[0-9]{2}, body '.+', of: .*title 20[0-9]{2}",
    r"table applications: 1 copies, .*taken: .*[0-9]+ lines",
    r"form <Form 20[0-9]{2}.*>, by the tables",
    r"table applications: [0-9]+ lines, figures proved by \{.*'(head|sums|order)': [0-9]+",
    r"[0-9]+ of [0-9]+ cells left blank: ",
)
"""What the log says of a document, in this order."""


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_log_tells_what_was_decided(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """
    At the level DEBUG the logger ``govinfo_schema`` tells of each stage what was decided; the
    reading is the same as without, and no sentence of a finding is repeated.
    """
    silent = gs.read(path)
    assert caplog.messages == []
    with caplog.at_level(logging.DEBUG, "govinfo_schema"):
        assert gs.read(path) == silent
    assert {(each.name, each.levelname) for each in caplog.records} == {("govinfo_schema", "DEBUG")}
    messages = iter(caplog.messages)
    for stage in STAGES:
        assert any(re.search(stage, message) for message in messages), stage
    blank = [cell for cell, value in gs.walk(silent.report) if value is None]
    assert caplog.messages[-1].split(": ")[1].split() == blank
    sentences = {finding.message("en") for finding in silent.findings}
    assert not [each for each in caplog.messages if any(said in each for said in sentences)]


def test_log_tells_of_copies(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Of several copies of a table the log says which was taken, and what is against each."""
    gs.write(gs.generate(4), tmp_path / "page.md")
    text = (tmp_path / "page.md").read_text(encoding="utf-8")
    tables = re.search(r"\n\|.*?\n\n", text, re.DOTALL)
    assert tables is not None
    twice = text.replace(tables[0], f"{tables[0]}上年情况\n{tables[0].replace('0', '1')}", 1)
    (tmp_path / "twice.md").write_text(twice, encoding="utf-8")
    with caplog.at_level(logging.DEBUG, "govinfo_schema"):
        gs.read(tmp_path / "twice.md")
    assert "table proactive: 2 copies, with so much against each: [0, 4]" in caplog.text


@pytest.mark.parametrize("level", ["DEBUG", "WARNING"])
def test_nothing_is_printed_without_a_handler(level: str) -> None:
    """A program without a handler prints nothing, whatever the level of the logger."""
    program = (
        "import logging, sys, govinfo_schema as gs\n"
        f"logging.getLogger('govinfo_schema').setLevel(logging.{level})\n"
        "gs.read(sys.argv[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(DOCUMENTS[0])],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert (done.stdout, done.stderr) == ("", "")
