"""
What all tests share: what is skipped, and which findings are made.

Every finding that a test makes is held against the page of codes: its code is there, with its
level. With ``GOVINFO_SCHEMA_TESTS=strict`` a skipped test is a failure, but for a missing
``../shared``, and so is a level of a code that no test makes.
"""

from __future__ import annotations

import functools
import os
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import settings

from govinfo_schema.findings import Finding
from tools.publish.codes import codes

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

collect_ignore = ["new_edition", "applications"]
"""Programs that tests run, which are no modules of tests."""
if find_spec("fastapi") is None:
    # All in them is thorough and needs the group interop.
    collect_ignore += ["services.py", "test_frameworks.py"]

_STRICT = os.environ.get("GOVINFO_SCHEMA_TESTS") == "strict"
_LEVELS = {f"{code.code} {level}" for code in codes().values() for level in code.levels}
_made: set[str] = set()
"""The code and level of each finding that the running test makes."""
_seen: set[str] = set()
_skipped: list[str] = []


def _record_findings() -> None:
    make = Finding.__init__

    @functools.wraps(make)
    def made(self: Finding, *args: Any, **facts: Any) -> None:
        make(self, *args, **facts)
        _made.add(f"{self.code} {self.level}")

    Finding.__init__ = made  # type: ignore[method-assign]


_record_findings()


def pytest_runtest_teardown(item: pytest.Item) -> None:
    """
    Hold the findings of a test against the page of codes, and hand them on to the process that
    reports.
    """
    made = sorted(_made)
    _made.clear()
    item.user_properties.append(("findings", ", ".join(made)))
    assert not set(made) - _LEVELS, (
        "a finding has a code or a level that govinfo_schema/data/ does not state"
    )


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the findings of a test, and every skipped test that does not want the missing corpus."""
    if report.when == "teardown":
        _seen.update(
            finding
            for name, made in report.user_properties
            if name == "findings"
            for finding in str(made).split(", ")
        )
    if report.skipped and "needs ../shared" not in str(report.longrepr):
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where a test was skipped that should run, or a level of a code was never made."""
    chosen = session.config.option.markexpr
    # The light tests make them all by themselves; the thorough ones alone do not.
    every = chosen in ("not thorough and not full", "not full") and not hasattr(
        session.config, "workerinput"
    )
    never = sorted(_LEVELS - _seen) if every else []
    for problem, found in (
        ("skipped, and should not be:", _skipped),
        ("findings that no test makes:", never),
    ):
        if found and _STRICT:
            print(f"\n{problem}", *found, sep="\n  ")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
