"""
Exceptions for files that cannot be read or written, and for invalid calls. Each message ends with
what to do next.

Faults in a *report* are findings, which are returned. Only data that are no report, or do not
conform to the schema, raise ``InvalidReport``.
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
    Base class of all exceptions of this library. ``docs/reference/codes.md`` explains each *code*.

    >>> import govinfo_schema as gs
    >>> try:
    ...     gs.loads(b"{}")
    ... except gs.Error as error:
    ...     print(type(error).__name__, error.code)
    InvalidReport T-REPORT
    """

    _code: ClassVar[str] = "E-ERROR"

    @property
    def code(self) -> str:
        """The error code, for programs."""
        return self._code


class InvalidReport(Error, ValueError):
    """
    The data are no report, or do not conform to the schema; *findings* has all faults by cell.

    ``Assessment.raise_for_errors`` raises it too, with the errors of the assessment.

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
        Whether the data were JSON for a report, so that the faults are those of the report and not
        of the file.
        """
        return not any(finding.about == "text" for finding in self.findings)


class InvalidValue(Error, ValueError):
    """
    A value is not valid for its field, such as a fraction, a negative number or text for a count.

    *field*: the name of the field, or the cell id if it is known. *problem*: which values are
    valid.

    >>> import govinfo_schema as gs
    >>> gs.replace(gs.generate(1, "2021"), {"applications.received.total": -1})
    Traceback (most recent call last):
    govinfo_schema.errors.InvalidValue: applications.received.total: a count is a whole number ...
    """

    _code = "E-VALUE"

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem)
        self.field = field
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}"


class UnknownCell(Error, LookupError):
    """
    The edition has no cell with this id.

    >>> import govinfo_schema as gs
    >>> gs.get(gs.generate(1, "2021"), "applications.recieved.total")
    Traceback (most recent call last):
    govinfo_schema.errors.UnknownCell: this report of edition 2021 has no cell ...
    """

    _code = "E-CELL"


class UnknownEdition(Error, LookupError):
    """
    There is no such edition of the form.

    >>> import govinfo_schema as gs
    >>> gs.edition("2020")
    Traceback (most recent call last):
    govinfo_schema.errors.UnknownEdition: no edition '2020' of the form; there are 2019 and 2021
    """

    _code = "E-EDITION"


class _Told(Error):
    """An error with a *problem*: the message in both languages, and what to do."""

    problem: Problem

    @property
    def code(self) -> str:
        """The code of the problem."""
        return self.problem.code

    def __str__(self) -> str:
        return self.problem.en


class UnreadableFile(_Told, OSError):
    """
    A file does not exist, cannot be read or written, or has a suffix that no format has; *problem*
    is the message in both languages.

    *candidates*: what the document says of year and body, under ``year`` and ``body``, where one of
    them is open. Each candidate has a ``value``, the ``text`` that names it, its ``origin`` and its
    ``place``. *partial*: what a file had that ends too early, where the call keeps it.

    >>> import govinfo_schema as gs
    >>> try:
    ...     gs.read("nowhere.docx")
    ... except gs.UnreadableFile as error:
    ...     print(error.problem.en)
    there is no such file or folder; check the path
    """

    def __init__(
        self,
        path: str,
        problem: Label,
        candidates: Mapping[str, tuple[Any, ...]] = NONE,
        partial: Any = None,
    ) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = _coded(problem, self._code)
        self.candidates = candidates
        self.partial = partial

    def __str__(self) -> str:
        return f"{self.path}: {self.problem.en}"


class NoReport(_Told, ValueError):
    """
    A document holds no annual report on a known edition of the form, or more than one, or does not
    say its year or its body. *problem* is the message in both languages, *candidates* as for
    ``UnreadableFile``.
    """

    def __init__(self, problem: Label, candidates: Mapping[str, tuple[Any, ...]] = NONE) -> None:
        super().__init__(problem)
        self.problem = _coded(problem, self._code)
        self.candidates = candidates


class Incompatible(_Told, ValueError):
    """
    Reports cannot be added up, compared or converted; *problem* is the message in both languages.

    Examples: too few reports; several years, editions or scopes; a sum that does not fit its cell.

    >>> import govinfo_schema as gs
    >>> gs.check_years([gs.generate(1, "2021")])
    Traceback (most recent call last):
    govinfo_schema.errors.Incompatible: To check years against each other takes two reports or ...
    """

    _code = "E-INCOMPATIBLE"

    def __init__(self, problem: Label) -> None:
        super().__init__(problem)
        self.problem = _coded(problem, self._code)


class MissingLibrary(_Told, ImportError):
    """
    An optional library is not installed. The message says what needs it, and ends with the command
    that installs it.

    >>> import govinfo_schema as gs
    >>> issubclass(gs.MissingLibrary, gs.Error), issubclass(gs.MissingLibrary, ImportError)
    (True, True)
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
