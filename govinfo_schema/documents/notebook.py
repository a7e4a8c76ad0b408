"""
Pages for notebooks: the form as printed, with marks where figures do not add up, and above it what
is said of the report.

A page is a fragment of HTML of bounded size that needs nothing else and styles nothing else; every
text in it is escaped. It has the colours of the notebook, be it light or dark.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import singledispatch
from html import escape
from typing import Any, Final

from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.checks.one_report import check
from govinfo_schema.documents.document import Block, Document, Grid, Paragraph
from govinfo_schema.documents.formats.html import table
from govinfo_schema.documents.layout import layout
from govinfo_schema.documents.recognise.reading import Reading
from govinfo_schema.findings import Finding
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, phrase
from govinfo_schema.repair.explanations import Explanations
from govinfo_schema.repair.problems import problems, problems_of
from govinfo_schema.report.comparison import Comparison
from govinfo_schema.report.model import REPORTS, Report

STYLE: Final = """
.govinfo-schema { font-size: 0.85em; overflow-x: auto; }
.govinfo-schema table { border-collapse: collapse; margin: 0.5em 0; }
.govinfo-schema th, .govinfo-schema td { border: 1px solid rgba(128, 128, 128, 0.6); \
padding: 0.2em 0.4em; text-align: center; font-weight: normal; color: inherit; }
.govinfo-schema th { background: rgba(128, 128, 128, 0.15); }
.govinfo-schema .left { text-align: left; }
.govinfo-schema p { margin: 0.2em 0; }
.govinfo-schema td.suspect { border: 2px solid #d03030; background: rgba(208, 48, 48, 0.2); }
.govinfo-schema td.bystander { background: rgba(208, 160, 48, 0.15); font-style: italic; }
.govinfo-schema mark { background: none; color: inherit; font-weight: bold; }
"""
SIGNS: Final = 300
"""So many characters of a text are shown,"""
PARAGRAPHS: Final = 80
"""so many paragraphs of a report,"""
LISTED: Final = 20
"""and so many findings, explanations or reports;"""
ROWS: Final = 250
"""and so many differences: more than the form has figures."""


@singledispatch
def page(value: Any) -> str | None:
    """
    Return a value as a fragment of HTML for a notebook; None if there is nothing to show but its
    repr.

    >>> import govinfo_schema as gs
    >>> page(gs.blank("2021", year=2024, body="某市")).count("<td")
    200
    """
    del value
    return None


def _report(report: Report) -> str:
    return _assessed(check(report))


for _cls in REPORTS.values():
    page.register(_cls, _report)


@page.register
def _(assessment: Assessment) -> str:
    return _assessed(assessment)


def _assessed(assessment: Assessment, doubts: Sequence[Finding] = ()) -> str:
    verdict = _verdict(assessment)
    if assessment.report is None:
        return _framed(verdict, *_findings(assessment.findings))
    blocks = _blocks(layout(assessment.report, problems_of(assessment)))
    return _framed(verdict, *_findings(doubts), *blocks)


@page.register
def _(explanations: Explanations) -> str | None:
    report = explanations.report
    if report is None:
        return None
    document = layout(report, problems(report, explanations.blanks, explanations=explanations))
    if not explanations:
        return _framed(_paragraph(phrase("locate.none", "zh")), *_blocks(document))
    head = "locate.decided" if explanations.decided else "locate.several"
    told = [phrase(head, "zh", broken=len(explanations[0].mends), count=len(explanations))]
    told += filter(None, [explanations.shared_message("zh")])
    told += [
        f"{number}. {each.message(report.edition, 'zh', explanations.told_once)}"
        for number, each in enumerate(explanations[:LISTED], 1)
    ]
    rest = _more(len(explanations) - LISTED)
    return _framed(*map(_paragraph, told), *rest, *_blocks(document))


@page.register
def _(reading: Reading) -> str:
    doubts = [each for each in reading.findings if each.level != "info"]
    return _assessed(check(reading.report), doubts)


@page.register
def _(comparison: Comparison) -> str:
    rows = [
        "".join(f"<td>{escape(_cut(each.zh))}</td>" for each in row) for row in comparison.rows()
    ]
    lines = "\n".join(f"<tr>{row}</tr>" for row in rows[:ROWS])
    nothing = [] if comparison else [_paragraph(comparison.message("zh"))]
    return _framed(*nothing, f"<table>\n{lines}\n</table>", *_more(len(rows) - ROWS))


def listing(readings: Sequence[Reading], findings: Sequence[Finding]) -> str:
    """Return many readings as a fragment of HTML: a row for each of the first, and the findings."""
    rows = []
    for reading in readings[:LISTED]:
        report = reading.report
        form = edition(report.edition)
        facts = {"body": _cut(report.body.name), "year": report.year}
        name = phrase("report", "zh", **facts, edition=Label(form.zh, form.en))
        rows.append(f"<tr><td>{escape(name)}</td><td>{_verdict(check(report))}</td></tr>")
    lines = "\n".join(rows)
    rest = _more(len(readings) - LISTED)
    return _framed(f"<table>\n{lines}\n</table>", *rest, *_findings(findings))


# ---- pieces -------------------------------------------------------------------------------------


def _framed(*pieces: str) -> str:
    body = "\n".join(pieces)
    return f'<div class="govinfo-schema" lang="zh-CN"><style>{STYLE}</style>\n{body}\n</div>'


def _blocks(document: Document) -> Iterator[str]:
    paragraphs = 0
    for block in document.blocks:
        paragraphs += isinstance(block, Paragraph)
        if isinstance(block, Grid) or paragraphs <= PARAGRAPHS or block.level:
            yield _block(block)
    yield from _more(paragraphs - PARAGRAPHS)


def _block(block: Block) -> str:
    # The name of a cell stands where the pointer rests on it, as a page may be there twice.
    if isinstance(block, Grid):
        return table(block, name="title")
    text = _paragraph(block.text)
    return f"<b>{text}</b>" if block.level else text


def _paragraph(text: str) -> str:
    return f"<p>{escape(_cut(text))}</p>"


def _cut(text: str) -> str:
    return text if len(text) <= SIGNS else f"{text[:SIGNS]}…"


def _more(count: int) -> list[str]:
    return [_paragraph(phrase("notebook.more", "zh", count=count))] if count > 0 else []


def _findings(findings: Sequence[Finding]) -> Iterator[str]:
    for each in findings[:LISTED]:
        yield _paragraph(f"{phrase(each.level, 'zh')} {each.code}  {each.message('zh')}")
    yield from _more(len(findings) - LISTED)


def _verdict(assessment: Assessment) -> str:
    name = "broken" if not assessment.ok else "unknown" if assessment.unknown else "held"
    counts = {kind: len(getattr(assessment, kind)) for kind in ("broken", "unknown")}
    return _paragraph(phrase(name, "zh", held=assessment.held, **counts))
