"""
Check that a function that takes a report, or several, was given that.

A wrong argument is refused in one line that says what to give instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from govinfo_schema.data.classes import is_a
from govinfo_schema.report.embeddable import Embeddable

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
    if not is_a(value, Embeddable):
        raise TypeError(f"{what} takes a report, not {type(value).__name__}; {what_to_give(value)}")


def several(values: Iterable[T], what: str) -> Iterator[T]:
    """
    Return an iterator over what a function was given for several reports.

    Raises: TypeError where that is a single report, or nothing that holds any.

    >>> import govinfo_schema as gs
    >>> several(gs.generate(1), "add_up")
    Traceback (most recent call last):
    TypeError: add_up takes several reports, such as a list, not Report2021; put a single one ...
    """
    try:
        return iter(values)
    except TypeError:
        is_single = is_a(values, Embeddable) or hasattr(type(values), "report")
        hint = (
            "put a single one into a list: [report]" if is_single else what_to_give(values, "them")
        )
        raise TypeError(
            f"{what} takes several reports, such as a list, not {type(values).__name__}; {hint}"
        ) from None


def reports_in(values: Iterable[T], what: str) -> Iterator[T]:
    """
    Yield the reports that a function was given, each checked when its turn comes.

    Raises: TypeError.

    >>> list(reports_in([1], "add_up"))
    Traceback (most recent call last):
    TypeError: add_up takes reports, not int; make them with loads or from_dict, or take the ...
    """
    for value in several(values, what):
        if not is_a(value, Embeddable):
            raise TypeError(
                f"{what} takes reports, not {type(value).__name__}; {what_to_give(value, 'them')}"
            )
        yield value


def what_to_give(value: object, wanted: str = "one") -> str:
    """
    Say what to give instead of a value where a report is wanted (*wanted* is ``one`` or ``them``):
    the report that a reading and the like hold, or a new one.
    """
    if hasattr(type(value), "report"):
        return "give its .report"
    if hasattr(type(value), "reports"):
        return "give each of its .reports"
    return f"make {wanted} with loads or from_dict, or take the .report of what read returns"
