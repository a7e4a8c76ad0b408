"""
The cell id, and the only module that takes one apart.

An id such as ``applications.outcomes.total.natural_person`` is the attribute path in the model, the
path in the JSON and the name in a rule: table, row and column. This module knows no edition.

In the data files a pattern is an id in which ``*`` stands for one step and ``**`` for any number of
them; a sum is patterns joined by ``+``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

OTHER_REPORT = ":"
"""Separates the name of another report from a cell of it: ``last:applications.received.total``."""


def join(*parts: str) -> str:
    """
    Join parts of a path, empty ones left out.

    >>> join("applications.received", "total"), join("", "year")
    ('applications.received.total', 'year')
    """
    return ".".join(filter(None, parts))


def split(path: str) -> tuple[str, ...]:
    """Return the steps of a path."""
    return tuple(path.split("."))


def table_of(path: str) -> str:
    """
    Return the first step of a path: the table of a cell, the section of a field.

    >>> table_of("disputes.reconsideration.upheld"), table_of("other_matters")
    ('disputes', 'other_matters')
    """
    return path.partition(".")[0]


def row_of(cell: str) -> str:
    """
    Return the id of the row that a cell stands in: all but the last step.

    >>> row_of("disputes.reconsideration.upheld")
    'disputes.reconsideration'
    """
    return cell.rpartition(".")[0]


def column_of(cell: str) -> str:
    """
    Return the id of the column that a cell stands in: the last step.

    >>> column_of("disputes.reconsideration.upheld")
    'upheld'
    """
    return cell.rpartition(".")[2]


def is_below(path: str, parent: str) -> bool:
    """
    Whether a path leads to a part of *parent*, at any depth.

    >>> is_below("disputes.litigation.direct", "disputes"), is_below("disputes", "disputes")
    (True, False)
    """
    return path.startswith(f"{parent}.")


def inside(path: str, parent: str) -> str:
    """
    Return the rest of a path below *parent*; the path itself where it leads elsewhere.

    >>> inside("disputes.litigation.direct", "disputes")
    'litigation.direct'
    """
    return path.removeprefix(f"{parent}.")


def ends_with(path: str, ending: str) -> bool:
    """Whether the last steps of a path are those of *ending*."""
    return path == ending or path.endswith(f".{ending}")


def depth(path: str) -> int:
    """Count the steps of a path."""
    return path.count(".") + 1


def of_other(report: str, cell: str) -> str:
    """
    Name a cell of another report.

    >>> of_other("last", "disputes.reconsideration.upheld")
    'last:disputes.reconsideration.upheld'
    """
    return f"{report}{OTHER_REPORT}{cell}"


def own(cell: str) -> str:
    """Return a cell id without the name of the other report."""
    return cell.rpartition(OTHER_REPORT)[2]


def other_of(cell: str) -> str:
    """Return the name of the other report that a cell is of; empty for the report itself."""
    return cell.rpartition(OTHER_REPORT)[0]


def matching(pattern: str, ids: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the ids that a pattern names, out of ids and their steps."""
    if "*" in pattern:
        wanted = split(pattern)
        yield from (cell for cell, steps in ids.items() if _fits(wanted, steps))
    elif pattern in ids:
        yield pattern


def terms(text: str) -> list[str]:
    """Return the patterns of a sum."""
    return text.split(" + ")


def with_steps(ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return ids with their steps, as ``matching`` takes them."""
    return {cell: split(cell) for cell in ids}


def _fits(pattern: tuple[str, ...], steps: tuple[str, ...]) -> bool:
    if "**" in pattern:
        at = pattern.index("**")
        tail = len(pattern) - at - 1
        if len(steps) < at + tail:
            return False
        pattern, steps = pattern[:at] + pattern[at + 1 :], steps[:at] + steps[len(steps) - tail :]
    return len(pattern) == len(steps) and all(
        part in ("*", step) for part, step in zip(pattern, steps, strict=True)
    )
