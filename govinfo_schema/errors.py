"""
What can go wrong with files and calls. These are raised, and each text ends with what to do next.

What is wrong with a *report* is a finding, and returned; only a text that is no report at all
raises ``InvalidReport``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from govinfo_schema.data import read_data
from govinfo_schema.data.frozen import frozen
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Label, Problem, spoken

NONE: Final[Mapping[str, tuple[Any, ...]]] = frozen({"year": (), "body": ()})
"""No candidates."""


class Error(Exception):
    """
    The root of all that this library raises on purpose; ``docs/reference/codes.md`` says what
    each *code* means.
    """

    _code: ClassVar[str] = "E-ERROR"

    @property
    def code(self) -> str:
        """What is wrong, in one word for programs."""
        return self._code


class InvalidReport(Error, ValueError):
    """
    The data are not a report of the form; *findings* names every fault, each with its cell.

    >>> import govinfo_schema as gs
    >>> try:
    ...     gs.loads('{"edition": "2021", "edition": "2021"}')
    ... except gs.InvalidReport as error:
    ...     print(error)
    1 fault. T-DUPLICATE: The key "edition" stands twice in one object; keep one.
    """

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(tuple(findings))
        self.findings: tuple[Finding, ...] = tuple(findings)

    def __str__(self) -> str:
        shown = " ".join(
            f"{finding.code}: {finding.message('en')}" for finding in self.findings[:3]
        )
        count = len(self.findings)
        rest = f" (and {count - 3} more: see .findings)" if count > 3 else ""
        return f"{count} fault{'s' if count != 1 else ''}. {shown}{rest}"

    @property
    def code(self) -> str:
        """The code of the first fault."""
        return self.findings[0].code if self.findings else self._code

    @property
    def is_report(self) -> bool:
        """
        Whether the text was JSON and meant as a report: its faults are of the report, not of the
        file.
        """
        return not any(finding.about == "text" for finding in self.findings)


class InvalidValue(Error, ValueError):
    """
    A value does not fit its field: a fraction or a negative number as a count, text for a number.

    *field* is the name of the field, or the whole cell id where it is known; *problem* says what
    would fit.
    """

    _code = "E-VALUE"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem)
        self.field = field
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}"


class UnknownCell(Error, LookupError):
    """A cell id that the edition does not have."""

    _code = "E-CELL"


class UnknownEdition(Error, LookupError):
    """An edition of the form that does not exist."""

    _code = "E-EDITION"


class _Told(Error):
    """An error with a *problem*, which says in both languages what is wrong and what to do."""

    problem: Problem

    @property
    def code(self) -> str:
        """The code of the problem."""
        return self.problem.code

    def __str__(self) -> str:
        return self.problem.en


class UnreadableFile(_Told, OSError):
    """
    A path that is missing, that cannot be read or written, or whose suffix no format has; *problem*
    says it in both languages.

    *candidates*: where year or body of a report is open, what the document says of each, under
    ``year`` and ``body``; each candidate has a ``value``, the ``text`` that names it, its
    ``origin`` and its ``place``.
    """

    def __init__(
        self, path: str, problem: Label, candidates: Mapping[str, tuple[Any, ...]] = NONE
    ) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = _coded(problem, self._code)
        self.candidates = candidates

    def __str__(self) -> str:
        return f"{self.path}: {self.problem.en}"


class NoReport(_Told, ValueError):
    """
    A document that is no annual report of a form that we know, or more than one, or one whose year
    or body is open; *problem* says it in both languages, *candidates* as for ``UnreadableFile``.
    """

    def __init__(self, problem: Label, candidates: Mapping[str, tuple[Any, ...]] = NONE) -> None:
        super().__init__(problem)
        self.problem = _coded(problem, self._code)
        self.candidates = candidates


class Incompatible(_Told, ValueError):
    """
    Reports that cannot be added up, or converted; *problem* says why in both languages.

    They are of several years, editions or scopes, or so large that no cell holds the sum.
    """

    _code = "E-INCOMPATIBLE"

    def __init__(self, problem: Label) -> None:
        super().__init__(problem)
        self.problem = _coded(problem, self._code)


class MissingLibrary(_Told, ImportError):
    """
    A library that only some users need is not installed; the text says for what, and ends with the
    line that installs it.
    """

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(module, extra)
        self.module = module
        self.extra = extra
        name = module.partition(".")[0]  # no cell id
        needed = read_data("libraries")[name]
        told = spoken(
            f"needs.{needed['purpose']}", module=name, packages=" ".join(needed["packages"])
        )
        self.problem = _coded(told, "F-LIBRARY")


def _coded(told: Label, code: str) -> Problem:
    return told if isinstance(told, Problem) else Problem(told.zh, told.en, code)
