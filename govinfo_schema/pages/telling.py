"""What pages and lists say of a problem or a finding: in short, by what law, and how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from govinfo_schema.data import read_data
from govinfo_schema.findings import Finding
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.pages.results import Result
from govinfo_schema.repair.problems import Problem


def headline(problem: Problem, lang: Lang) -> str:
    """Return what should be which figure; where nothing tells that, what is broken."""
    if not problem.changes:
        return problem.message(lang)
    return problem.headline(lang)


def line(problem: Problem, lang: Lang) -> str:
    """Return a problem as one line; where it is sure what is wrong, without the sums."""
    if not problem.changes or not problem.decided:
        return problem.message(lang)
    count = len(problem.equations)
    return phrase("problem.decided", lang, changes=headline(problem, lang), count=count)


def mending(problem: Problem, lang: Lang) -> str:
    """Say how sure the change is, and what to do."""
    if not problem.changes:
        return phrase("page.mend.open", lang)
    name = "decided" if problem.decided else "likely" if problem.exhaustive else "limited"
    return phrase(f"page.mend.{name}", lang, count=len(problem.equations), ways=problem.ways)


def unchecked(result: Result, lang: Lang) -> str:
    """Say how many equations could not be checked, and what to do; empty if there are none."""
    unknown = result.unchecked
    texts = [result.text(cell) for each in unknown for cell in each.cells]
    if not unknown:
        return ""
    name = "unknown" if not any(texts) else "unread" if all(texts) else "mixed"
    return phrase(f"list.{name}", lang, count=len(unknown))


def short(finding: Finding, lang: Lang) -> str:
    """Return the sentence of a finding; of an equation that is unknown, which one it is."""
    if finding.code == "BLANK":
        return phrase("page.blank", lang, **finding.operands)
    return finding.message(lang)


def meaning(finding: Finding) -> Label:
    """Return in a few words what the code of a finding means."""
    if finding.rule is not None and finding.about != "sum":
        return finding.rule.label
    entry = read_data("codes")[finding.about][finding.code]
    return Label(entry["zh"], entry["en"])


def sources_of(findings: Iterable[Finding]) -> list[Label]:
    """Return the legal sources of findings and of the equations in them, each once."""
    rules = [
        rule
        for each in findings
        for rule in (each.rule, *(symptom.rule for symptom in each.symptoms))
        if rule is not None
    ]
    return list(dict.fromkeys(source for rule in rules for source in rule.sources))


def within(paths: Sequence[str]) -> tuple[str, list[str]]:
    """
    Return the folder that paths have in common, empty if there is none, and each path within it.

    >>> within(["年报/东区/1.docx", "年报/西区/1.docx"])
    ('年报/', ['东区/1.docx', '西区/1.docx'])
    >>> within(["report.docx"])
    ('', ['report.docx'])
    """
    first, last = min(paths, default=""), max(paths, default="")
    alike = 0
    while alike < len(first) and first[alike] == last[alike]:
        alike += 1
    end = max(first.rfind(sign, 0, alike) for sign in "/\\") + 1
    return first[:end], [path[end:] for path in paths]
