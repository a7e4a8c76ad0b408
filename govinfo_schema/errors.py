"""
What can go wrong with files and calls. These are raised, and each text ends with what to do next.

What is wrong with a *report* is a finding, and returned; only a text that is no report at all
raises ``InvalidReport``.
"""

from __future__ import annotations

from collections.abc import Sequence

from govinfo_schema.data import read_data
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Label, spoken


class Error(Exception):
    """The root of everything that this library raises on purpose."""


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
    def is_report(self) -> bool:
        """
        Whether the text was JSON and meant as a report: its faults are of the report, not of the
        file.
        """
        return not any(finding.code.startswith("T-") for finding in self.findings)


class InvalidValue(Error, ValueError):
    """
    A value does not fit its field: a fraction or a negative number as a count, text for a number.

    *field* is the name of the field, or the whole cell id where it is known; *problem* says what
    would fit.
    """

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(field, problem)
        self.field = field
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}"


class UnknownCell(Error, LookupError):
    """A cell id that the edition does not have."""


class UnknownEdition(Error, LookupError):
    """An edition of the form that does not exist."""


class Incompatible(Error, ValueError):
    """
    Reports that cannot be added up: of several years, editions or scopes, or so large that no cell
    holds the sum.
    """


class UnreadableFile(Error, OSError):
    """
    A path that is missing, that cannot be read or written, or whose suffix no format has; *problem*
    says it in both languages.
    """

    def __init__(self, path: str, problem: Label) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem.en}"


class NoReport(Error, ValueError):
    """
    A document that is no annual report of a form that we know, or more than one; *problem* says it
    in both languages.
    """

    def __init__(self, problem: Label) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return self.problem.en


class MissingLibrary(Error, ImportError):
    """
    A library that only some users need is not installed; the text says for what, and ends with the
    line that installs it.
    """

    def __init__(self, module: str, extra: str) -> None:
        super().__init__(module, extra)
        self.module = module
        self.extra = extra

    @property
    def problem(self) -> Label:
        """What to say of it in both languages."""
        name = self.module.partition(".")[0]
        needed = read_data("libraries")[name]
        return spoken(
            f"needs.{needed['purpose']}", module=name, packages=" ".join(needed["packages"])
        )

    def __str__(self) -> str:
        return self.problem.en
