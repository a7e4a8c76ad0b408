"""
The page of one report: the verdict, each problem with where it stands and how to mend it, the form
as printed with its marks, and what else is said of the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import Final

from govinfo_schema.documents.document import REMARK, Block, Grid, Paragraph
from govinfo_schema.documents.formats.html import table as printed
from govinfo_schema.documents.layout import layout
from govinfo_schema.findings import Equation, Finding
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.pages.markup import (
    TAGS,
    chinese,
    facts,
    isolated,
    listed,
    page,
    said,
    scrolled,
    section,
    shown,
    table,
)
from govinfo_schema.pages.results import Result, expected
from govinfo_schema.pages.telling import headline, mending, sources_of
from govinfo_schema.repair.problems import Problem

FEW: Final = 6
"""More broken equations of one problem stand behind a line that opens."""


def single(result: Result, lang: Lang, on: date | None = None) -> str:
    """Return the page of one result."""
    kicker = phrase("page.title.one", lang)
    report = result.report
    title = report.body.name if report is not None else result.path
    parts = [
        _verdict(result, lang),
        _problems(result, lang),
        _form(result, lang),
        *_others(result, lang),
    ]
    return page(
        f"{title} · {kicker}",
        [
            f'<header class="top">\n<p>{shown(kicker)}</p>\n<h1>{chinese(title, lang)}</h1>',
            _particulars(result, lang, on),
            "</header>\n<main>",
            *filter(None, parts),
            f"</main>\n<footer><p>{said('page.footer', lang)}</p></footer>",
        ],
        lang,
    )


def _particulars(result: Result, lang: Lang, on: date | None) -> str:
    report, assessment = result.report, result.assessment
    form = edition(report.edition) if report is not None else None
    rules = assessment.rule_set.version if assessment is not None else ""
    return facts(
        (said(f"page.{name}", lang), value)
        for name, value in (
            ("years", shown(report.year) if report is not None else ""),
            ("edition", shown(getattr(form, lang)) if form is not None else ""),
            ("file", isolated(result.path)),
            ("checked_on", shown(on.isoformat()) if on else ""),
            ("rule_sets", shown(rules)),
        )
    )


def _verdict(result: Result, lang: Lang) -> str:
    return (
        f'<div class="verdict {result.verdict}"><p class="v">{shown(result.said(lang))}</p></div>'
    )


# ---- problems -----------------------------------------------------------------------------------


def _problems(result: Result, lang: Lang) -> str:
    """Return what must be mended: the problems of a report, or the faults of what is none."""
    title = said("page.problems", lang)
    if result.assessment is None:
        faults = [shown(each.message(lang)) for each in result.findings]
        return section("problems", title, listed(faults)) if faults else ""
    if not result.problems:
        return ""
    items = (_problem(each, result, lang) for each in result.problems)
    return section("problems", title, listed(items, "ol"))


def _problem(problem: Problem, result: Result, lang: Lang) -> str:
    changes = [
        "<tr>"
        f'<th scope="row"><a href="#{each.cell}">{_label(each.cell, problem, lang)}</a></th>'
        f"<td>{_where(each.cell, result, lang)}</td>"
        f'<td class="n">{_figure(each.found, lang)}</td>'
        f'<td class="n"><b>{expected(problem, each, lang)}</b></td></tr>'
        for each in problem.changes
    ]
    heads = [
        said(f"page.column.{name}", lang) for name in ("figure", "where", "found", "should_be")
    ]
    sums = listed(shown(_equation(each, lang)) for each in problem.equations)
    if len(problem.equations) > FEW:
        count = said("page.sums", lang, count=len(problem.equations))
        sums = f"<details><summary>{count}</summary>{sums}</details>"
    told = shown(headline(problem, lang))
    return (
        f"<h3>{told}</h3>"
        + (table(told, heads, changes, (2, 3)) if changes else "")
        + facts(
            (
                (said("page.mending", lang), shown(mending(problem, lang))),
                (said("page.broken_sums", lang), sums),
                (said("page.column.sources", lang), _lines(sources_of(problem.findings), lang)),
            )
        )
    )


def _label(cell: str, problem: Problem, lang: Lang) -> str:
    return shown(getattr(edition(problem.edition).label(cell), lang))


def _figure(value: int | None, lang: Lang) -> str:
    return said("excerpt.blank", lang) if value is None else str(value)


def _where(cell: str, result: Result, lang: Lang) -> str:
    """Say where a figure stands; in a file of data by its id."""
    source = result.sources.get(cell)
    return shown(source.place.message(lang)) if source else f"<code>{cell}</code>"


def _equation(each: Equation, lang: Lang) -> str:
    facts_of = {"left": each.left_sum, "right": each.right_sum}
    return phrase("symptom", lang, where=each.where, rule_label=each.rule.label, **facts_of)


def _lines(labels: Iterable[Label], lang: Lang) -> str:
    return "<br>".join(shown(getattr(each, lang)) for each in labels)


# ---- the form as it is printed ------------------------------------------------------------------


def _form(result: Result, lang: Lang) -> str:
    if result.report is None:
        return ""
    document = layout(result.report, result.problems)
    blocks = "\n".join(_block(each) for each in document.blocks if not _is_remark(each))
    return section(
        "form",
        said("page.form", lang),
        f"<p>{said('page.marks', lang)}</p>" if result.problems else "",
        f'<div class="form" lang="{TAGS["zh"]}">\n{blocks}\n</div>',
    )


def _is_remark(block: Block) -> bool:
    """Whether a paragraph says what does not add up, which stands above the form here."""
    return isinstance(block, Paragraph) and block.text.startswith(REMARK)


def _block(block: Block) -> str:
    if isinstance(block, Grid):
        return scrolled(shown(block.caption), printed(block, repeated=True))
    text = shown(block.text)
    return f"<h{block.level + 2}>{text}</h{block.level + 2}>" if block.level else f"<p>{text}</p>"


# ---- what else is said --------------------------------------------------------------------------


def _others(result: Result, lang: Lang) -> Iterator[str]:
    """Yield a section for each kind of findings beside the problems."""
    kinds: dict[str, Callable[[Finding], bool]] = {
        "doubts": lambda each: each.about == "reading" and each.level != "info",
        "notices": lambda each: each.about not in ("reading", "sum"),
        "unchecked": lambda each: each.about == "sum",
        "notes": lambda each: each.about == "reading" and each.level == "info",
    }
    for name, belongs in kinds.items():
        own = [each for each in result.others if belongs(each)]
        if own:
            items = (_finding(each, result, lang) for each in own)
            yield section(name, said(f"page.{name}", lang), listed(items))


def _finding(finding: Finding, result: Result, lang: Lang) -> str:
    """Return one finding: its level, its sentence, its place and its legal source."""
    places = dict.fromkeys(each.message(lang) for each in result.places(finding.cells).values())
    if finding.about == "sum":
        return f"{shown(result.message(finding, lang))} <small>{finding.code}</small>"
    pairs = [
        (said("page.column.where", lang), shown(next(iter(places), ""))),
        (said("page.column.sources", lang), _lines(sources_of([finding]), lang)),
    ]
    return (
        f'<span class="level {finding.level}">{said(finding.level, lang)}</span> '
        f"{shown(finding.message(lang))} <small>{finding.code}</small>{facts(pairs)}"
    )
