"""What came of each file that was checked: its report and what is said of it, or a refusal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import attrs

from govinfo_schema.bulk.outcomes import told
from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.data.frozen import frozen
from govinfo_schema.documents.recognise.reading import Reading, Source
from govinfo_schema.errors import InvalidReport, MissingLibrary, UnreadableFile
from govinfo_schema.findings import Finding
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, Lang, phrase, spoken
from govinfo_schema.messages import Problem as Sentence
from govinfo_schema.report.access import get, walk
from govinfo_schema.report.model import Report

if TYPE_CHECKING:
    from govinfo_schema.documents.document import Place
    from govinfo_schema.repair.changes import Change
    from govinfo_schema.repair.problems import Problem

Entry: TypeAlias = "Finding | Problem"
"""What one line tells."""
PLACES: Final = 3
"""Of a finding about more figures than these it is not said where each stands."""
FIGURES: Final = 6
"""So many figures of one problem are printed below it."""

Verdict = Literal["held", "unknown", "broken", "invalid", "unreadable"]


@attrs.frozen(kw_only=True)
class Result:
    """
    What came of one path: a report, its assessment and its doubts, or why there is none.

    *is_document*: whether the report was read from a document, so that a figure may be unread.
    *file*: the file that the report was read from, where a table says so. *problems*: what is
    wrong, where it was looked for. *sources*: where the figures stood that anything is said of.
    *computed*: the cells that a workbook works out.
    """

    path: str
    verdict: Verdict
    report: Report | None = None
    assessment: Assessment | None = None
    findings: tuple[Finding, ...] = ()
    problem: Sentence | None = None
    is_document: bool = False
    file: str = ""
    problems: Sequence[Problem] = ()
    computed: frozenset[str] = frozenset()
    sources: Mapping[str, Source] = attrs.field(factory=dict, converter=frozen, hash=False)

    @classmethod
    def of(
        cls,
        path: str,
        reading: Reading,
        assessment: Assessment,
        odd: Iterable[Finding] = (),
        problems: Sequence[Problem] = (),
    ) -> Result:
        """
        Return the result of a report that was read and checked; *odd*: what else is said of it.

        >>> import govinfo_schema as gs
        >>> reading = gs.Reading(report=gs.generate(1), sources={}, findings=())
        >>> Result.of("report.docx", reading, gs.check(reading.report)).said("en")
        'OK: all 42 equations hold'
        """
        verdict: Verdict = (
            "broken" if not assessment.ok else "unknown" if assessment.unknown else "held"
        )
        findings = (*reading.findings, *assessment.findings, *odd)
        entries: tuple[Entry, ...] = (*findings, *problems)
        said = {cell for each in entries for cell in each.cells}
        return cls(
            path=path,
            verdict=verdict,
            report=reading.report,
            assessment=assessment,
            findings=findings,
            is_document=bool(reading.sources),
            file=reading.file,
            computed=reading.computed,
            problems=problems,
            sources={cell: each for cell, each in reading.sources.items() if cell in said},
        )

    @classmethod
    def failed(cls, path: str, error: Exception) -> Result:
        """Return the result of a path that could not be read."""
        match error:
            case UnreadableFile(problem=said) | MissingLibrary(problem=said):
                return cls(path=path, verdict="unreadable", problem=said)
            case InvalidReport():
                verdict: Verdict = "invalid" if error.is_report else "unreadable"
                return cls(path=path, verdict=verdict, findings=error.findings)
            case _:
                return cls(path=path, verdict="unreadable", problem=sentence(error))

    @property
    def entries(self) -> Iterator[Entry]:
        """The findings, in their order, with each problem in the place of its findings."""
        problem_of = {finding: each for each in self.problems for finding in each.findings}
        told_of: set[int] = set()
        for finding in self.findings:
            entry = problem_of.get(finding, finding)
            if id(entry) not in told_of:
                told_of.add(id(entry))
                yield entry

    def text(self, cell: str) -> str:
        """What stands in the document where a cell of the report is blank; empty if nothing."""
        if self.report is None or cell not in self.sources or get(self.report, cell) is not None:
            return ""
        return self.sources[cell].text.strip()

    def message(self, entry: Entry, lang: Lang) -> str:
        """Return the sentence of a problem or a finding; a cell that is unread is not blank."""
        if not isinstance(entry, Finding) or entry.code != "BLANK":
            return entry.message(lang)
        is_unread = any(map(self.text, entry.cells))
        return phrase("unread", lang, **entry.operands) if is_unread else entry.message(lang)

    def places(self, cells: Iterable[str]) -> dict[str, Place]:
        """Where cells stood in the document, those whose place is known."""
        return {cell: self.sources[cell].place for cell in cells if cell in self.sources}

    @property
    def unchecked(self) -> tuple[Finding, ...]:
        """The findings about equations that blanks leave unknown."""
        return tuple(each for each in self.findings if each.code == "BLANK")

    @property
    def doubtful(self) -> bool:
        """Whether anything that was read is in doubt."""
        return any(
            finding.level != "info" and finding.about == "reading" for finding in self.findings
        )

    @property
    def others(self) -> tuple[Finding, ...]:
        """The findings about the report that are no part of its problems."""
        if self.report is None:
            return ()
        return tuple(
            each for each in self.findings if not any(one.difference for one in each.symptoms)
        )

    @property
    def figures(self) -> Mapping[str, Any]:
        """The figures of the report by cell id."""
        return dict(walk(self.report)) if self.report else {}

    @property
    def unread(self) -> frozenset[str]:
        """
        The figures of a document that could not be read.

        Those in doubt; if most figures are blank, all that are blank.

        A cell that is empty in a report that is filled in is not unread: it is blank, and so it was
        read.
        """
        blank = {cell for cell, value in self.figures.items() if value is None}
        if self.is_document and 2 * len(blank) > len(self.figures):
            return frozenset(blank)
        doubts = [
            each for each in self.findings if each.level != "info" and each.about == "reading"
        ]
        return frozenset(blank & {cell for each in doubts for cell in each.cells})

    @property
    def refusal(self) -> Sentence | None:
        """Why there is no report, where the file could not be read; None otherwise."""
        if self.verdict != "unreadable":
            return None
        return self.problem or self.findings[0].label

    def name(self, lang: Lang) -> str:
        """Return body, year and edition of the report; empty where there is none."""
        if self.report is None:
            return ""
        form = edition(self.report.edition)
        body, year = self.report.body.name, self.report.year
        return phrase("report", lang, body=body, year=year, edition=Label(form.zh, form.en))

    def said(self, lang: Lang) -> str:
        """Return the verdict as one sentence."""
        if self.verdict == "unreadable":
            return phrase("unreadable", lang, problem=self.refusal)
        if self.assessment is None:
            return phrase("invalid", lang, count=len(self.findings))
        counts = {kind: len(getattr(self.assessment, kind)) for kind in ("broken", "unknown")}
        count, unread = len(self.figures), len(self.unread)
        return phrase(
            f"read.{self.verdict}" if unread else self.verdict,
            lang,
            held=self.assessment.held,
            read=count - unread,
            count=count,
            **counts,
        )


def sentence(error: Exception) -> Sentence:
    """Return the sentence of an error, with the path of the file that it is about."""
    match error:
        case UnreadableFile(path=path, problem=said):
            return Sentence(f"{path}: {said.zh}", f"{path}: {said.en}", said.code)
        case InvalidReport(findings=(first, *_)):
            return first.label
        case _:
            return told(error)


# ---- what is said of a problem ------------------------------------------------------------------


def change_line(problem: Problem, change: Change, lang: Lang) -> str:
    """Return one figure: what it says, and what it should be, with ``？`` if that is open."""
    found = spoken("excerpt.blank") if change.found is None else change.found
    name = edition(problem.edition).label(change.cell)
    after = expected(problem, change, lang)
    return phrase("problem.change", lang, name=name, before=found, after=after)


def expected(problem: Problem, change: Change, lang: Lang) -> int | str:
    """Return what a figure should be: a number if that is sure, else a text with ``？``."""
    if problem.is_sure(change):
        return change.should_be
    return phrase("problem.perhaps", lang, figure=change.should_be)


def figures(result: Result, entry: Entry, lang: Lang) -> Iterator[str]:
    """
    Yield the figures of a problem that are wrong, if there are several: what each says, what it
    should be and where it stands; the first of many.
    """
    if isinstance(entry, Finding) or len(entry.shown) < 2:
        return
    for each in entry.shown[:FIGURES]:
        yield located(result, each.cell, change_line(entry, each, lang), lang)
    if len(entry.shown) > FIGURES:
        yield phrase("problem.more", lang, count=len(entry.shown))


def located(result: Result, cell: str, said: str, lang: Lang) -> str:
    """Return what is said of a figure with where it stands, if that is known."""
    place = result.places([cell]).get(cell)
    told = place.message(lang) if place else ""
    return phrase("at.told", lang, said=said, places=told) if told else said


def with_places(result: Result, entry: Entry, lang: Lang) -> str:
    """Return the sentence of a problem or a finding, with where its figures stand."""
    said = result.message(entry, lang)
    cells = () if any(figures(result, entry, lang)) else entry.cells
    places = result.places(cells).values() if len(cells) <= PLACES else ()
    told = dict.fromkeys(filter(None, (place.message(lang) for place in places)))
    if not told:
        return said
    return phrase("at.told", lang, said=said, places=phrase("and", lang).join(told))
