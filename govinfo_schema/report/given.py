"""
Check that a function that takes a report, or several, was given that.

A wrong argument is refused in one line that says what to give instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from govinfo_schema.data.classes import is_a
from govinfo_schema.report.access import no_report, what_to_give
from govinfo_schema.report.model import Report

T = TypeVar("T")


def check_report(value: object, what: str) -> None:
    """
    Check that a value is a report; *what* is the function or the argument that takes one.

    Raises: TypeError.

    >>> import govinfo_schema as gs
    >>> check_report(gs.damage(gs.generate(1), "single", 1), "check")
    Traceback (most recent call last):
    TypeError: check takes a report, not Damaged; give its .report
    """
    if not is_a(value, Report):
        raise no_report(value, what)


def check_several(values: Iterable[T], what: str) -> Iterable[T]:
    """
    Return what a function was given for several reports, unless it is a single one or none at all.

    Raises: TypeError.

    >>> import govinfo_schema as gs
    >>> check_several(gs.generate(1), "add_up")
    Traceback (most recent call last):
    TypeError: add_up takes several reports; put a single one into a list: [report]
    """
    if hasattr(type(values), "__iter__") or hasattr(type(values), "__getitem__"):
        return values
    if is_a(values, Report) or hasattr(values, "report"):
        raise TypeError(f"{what} takes several reports; put a single one into a list: [report]")
    raise _no_reports(values, what)


def reports_in(values: Iterable[Report], what: str) -> Iterator[Report]:
    """
    Yield the reports that a function was given, each checked when its turn comes.

    Raises: TypeError.

    >>> list(reports_in([1], "add_up"))
    Traceback (most recent call last):
    TypeError: add_up takes reports, not int; make them with loads or from_dict, or take the ...
    """
    for value in check_several(values, what):
        if not is_a(value, Report):
            raise _no_reports(value, what)
        yield value


def _no_reports(value: object, what: str) -> TypeError:
    return TypeError(
        f"{what} takes reports, not {type(value).__name__}; {what_to_give(value, 'them')}"
    )
