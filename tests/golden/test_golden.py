"""
What the library says of many hundred inputs stays as it is; a change is recorded, and the changelog
says why.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from golden.cases import SUBJECTS, differences, recorded, said

QUICK = ("check", "plausible", "years", "add_up", "form")


@pytest.mark.parametrize(
    "subject",
    [pytest.param(name, marks=() if name in QUICK else pytest.mark.thorough) for name in SUBJECTS],
)
def test_what_is_said_stays(subject: str, tmp_path: Path) -> None:
    """Of every golden case codes, levels, cells, values, places and patches are those recorded."""
    lines = differences(recorded(subject), said(subject, tmp_path))
    advice = f"`python tests/golden {subject}` records this; CONTRIBUTING.md says how to see more"
    assert not lines, "\n".join([f"{len(lines)} cases of {subject} changed; {advice}", *lines[:40]])


def test_every_code_occurs() -> None:
    """Each code of a finding that the documentation names is said in some golden case."""
    page = (Path(__file__).parents[2] / "docs" / "stability.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"`([A-Z][A-Z0-9-]+b?)`", page.partition("## Codes")[2]))
    said_of = (case["says"] for subject in SUBJECTS for case in recorded(subject).values())
    occurring = {
        code for says in said_of for code in re.findall(r"(\S+) (?:error|warning|info)×", says)
    }
    assert documented - occurring == set()
