"""What all tests share: with ``GOVINFO_SCHEMA_TESTS=strict`` a skipped test is a failure, but for a missing ``../shared``."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note every skipped test that does not want the missing corpus."""
    if report.skipped and "needs ../shared" not in str(report.longrepr):
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where a test was skipped that should run."""
    if _skipped and os.environ.get("GOVINFO_SCHEMA_TESTS") == "strict":
        print("\nskipped, and should not be:", *_skipped, sep="\n  ")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
