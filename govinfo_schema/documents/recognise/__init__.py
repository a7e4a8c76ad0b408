"""
A document becomes a report: the six sections, the three tables by their labels, and every doubt as
a finding.

It finds the edition by the tables, not by the year, and matches rows and columns by their labels,
never by counting alone. A figure that is not sure is blank, with a finding that names its cell and
what stood there; nothing is taken for zero.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from govinfo_schema.data.frozen import frozen
from govinfo_schema.documents.document import REMARK, Block, Document, Grid, Paragraph
from govinfo_schema.documents.recognise.lines import (
    Item,
    Line,
    Text,
    items,
    table_ids,
    unknown_headings,
)
from govinfo_schema.documents.recognise.named import names_of, read_named
from govinfo_schema.documents.recognise.narratives import narratives, preamble, processing_fee
from govinfo_schema.documents.recognise.particulars import Particulars, particulars
from govinfo_schema.documents.recognise.tables import (
    Found,
    Source,
    edition_of,
    is_glued,
    read_applications,
    read_disputes,
    read_proactive,
    regions,
)
from govinfo_schema.errors import InvalidValue, NoReport
from govinfo_schema.findings import Finding
from govinfo_schema.form import ids
from govinfo_schema.form.forms import form
from govinfo_schema.form.labels import fold, likeness
from govinfo_schema.form.load import edition, in_force
from govinfo_schema.form.parts import CURRENT, EDITIONS
from govinfo_schema.messages import Label, problem
from govinfo_schema.report.access import replace, walk
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.model import Note, Report
from govinfo_schema.report.values import half_character


@attrs.frozen(kw_only=True)
class Reading:
    """
    What was read of a document: the report, where each figure was read, and every doubt.

    *sources* names place and text of each cell that was found, blank ones too.
    """

    report: Report
    sources: Mapping[str, Source] = attrs.field(hash=False, converter=frozen)
    findings: tuple[Finding, ...]

    @property
    def sure(self) -> bool:
        """Whether nothing is in doubt: no finding is more than information."""
        return all(finding.level == "info" for finding in self.findings)


def recognise(
    document: Document, *, year: int | None = None, body: str | None = None, name: str = ""
) -> Reading:
    """
    Recognise the annual report in a document.

    *year* and *body* go before what the document says of itself; *name* is that of the file, the
    last place where they are looked for.
    Blank: a cell that is blank in the document, or in doubt; then a finding names it.
    Raises: NoReport, with the reason, where the document is none, or is several.
    """
    named = names_of(document)
    if named:
        report, tables = read_named(named, year, body)
        return Reading(report=report, sources=tables.sources, findings=tuple(tables.findings))
    document = attrs.evolve(
        document, blocks=tuple(block for block in document.blocks if not _is_remark(block))
    )
    found = items(document)
    around = particulars(document, name, year=year, body=body)
    lines = regions(found)
    _refuse(document, found, lines, around)
    own = edition_of(lines)
    supposed = in_force(around.who.year) if around.who.year else CURRENT
    tables = Found(form=form(own or supposed))
    tables.glued = any(is_glued(line.run) for own_lines in lines.values() for line in own_lines)
    if own is None:
        tables.report("R-EDITION", edition=tables.form.label)
    read_applications(tables, lines["applications"])
    read_proactive(tables, lines["proactive"])
    read_disputes(tables, lines["disputes"])
    report = _report(tables, found, around)
    _missing(tables, report, found)
    tables.findings += [*around.who.findings, *_headings(found)]
    order = {
        cell: number
        for number, cell in enumerate((*tables.form.fine.cells, *tables.form.coarse.cells))
    }
    findings = sorted(
        tables.findings, key=lambda each: order.get(each.cells[0], -1) if each.cells else -1
    )
    return Reading(report=report, sources=tables.sources, findings=tuple(findings))


def _report(tables: Found, found: Sequence[Item], around: Particulars) -> Report:
    year, body = around.who.settled()
    texts = narratives(found, around.signature)
    status, requests, amount = processing_fee(texts.get("other_matters"))
    fee = {"status": status, "requests": requests, "amount": amount}
    try:
        report = blank_on(tables.form, year=year, body=body)
    except InvalidValue as error:
        half = half_character(body)
        raise NoReport(
            problem("T-SURROGATE", character=half) if half else problem("wrong_year", year=year)
        ) from error
    values: dict[str, Any] = {
        **tables.values,
        **{f"other_matters.processing_fee.{name}": value for name, value in fee.items()},
        "title": around.title,
        "published_on": around.published_on,
        "overview": texts.get("overview"),
        "problems": texts.get("problems"),
        "other_matters.text": texts.get("other_matters"),
    }
    opening = preamble(found, around.title)
    own = [Note(at=None, kind="text", text=opening)] if opening else []
    notes = [*own, *tables.notes, *_section_notes(found)]
    return attrs.evolve(replace(report, values), notes=tuple(notes))


def _section_notes(found: Sequence[Item]) -> list[Note]:
    """Keep the texts that stand in a section which is a table."""
    notes = []
    for item in found:
        if isinstance(item, Text) and not item.heading and item.section in table_ids():
            kind = "footnote" if fold(item.text).startswith("注") else "text"
            notes.append(Note(at=item.section, kind=kind, text=item.text))  # type: ignore[arg-type]
    return notes


def _is_remark(block: Block) -> bool:
    """Tell whether a paragraph says what does not add up, and is no part of the report."""
    return isinstance(block, Paragraph) and block.text.startswith(REMARK)


def _missing(tables: Found, report: Report, found: Sequence[Item]) -> None:
    """
    Name every row that was not found and every section without a title: their cells are blank for
    that.
    """
    named = {cell for finding in tables.findings for cell in finding.cells}
    rows: dict[str, list[str]] = {}
    for cell, _ in walk(report):
        if cell not in tables.sources and cell not in named:
            rows.setdefault(ids.row_of(cell), []).append(cell)
    parts = tables.form.whole
    if parts and all(cell in named or cell not in tables.sources for cell in parts):
        # Nothing tells in which of its two shapes the row was printed.
        for cell in dict.fromkeys(parts.values()):
            rows.setdefault(ids.row_of(cell), []).append(cell)
    for row, cells in rows.items():
        path = tables.form.edition.rows[row].path
        tables.report("R-ROW", *cells, row=path)
    titled = {item.section for item in found if isinstance(item, Text) and item.heading}
    for section in tables.form.sections:
        if section.id not in titled:
            tables.findings.append(
                Finding(
                    code="R-SECTION",
                    level="info",
                    operands={"section": Label(section.zh, section.en), "at": section.id},
                )
            )


def _headings(found: Sequence[Item]) -> Iterator[Finding]:
    """Name every heading that is none of the form; its text is kept where it stands."""
    sections = {section.id: section for section in edition(CURRENT).sections}
    for heading in unknown_headings(found):
        section = sections[heading.section]
        yield Finding(
            code="R-HEADING",
            level="info",
            operands={
                "heading": heading.text,
                "section": Label(section.zh, section.en),
                "at": section.id,
            },
        )


# ---- what is no report --------------------------------------------------------------------------


def _refuse(
    document: Document,
    found: Sequence[Item],
    lines: Mapping[str, Sequence[Line]],
    around: Particulars,
) -> None:
    """
    Refuse what is no annual report of a form that we know, or is more than one.

    Raises: NoReport.
    """
    whole = fold(
        "".join(
            block.text if not isinstance(block, Grid) else "".join(s.text for s in block.spans)
            for block in document.blocks
        )
    )
    if not whole:
        raise NoReport(problem("empty_document"))
    first = edition(CURRENT).rows[edition(CURRENT).rows_with_figures("applications")[0]]
    begun = [line for line in lines["applications"] if likeness(line.label, first.zh) == 1.0]
    titles = [
        item
        for item in found
        if isinstance(item, Text) and item.heading and item.section == "disputes"
    ]
    if len(begun) > 1 and len(titles) > 1:
        raise NoReport(problem("several_reports", count=len(begun)))
    if any(lines.values()) and (
        "信息内容" in whole or "申请人情况" in whole or "结果维持" in whole
    ):
        return
    said = around.who.year or _spoken_of(whole)
    if said is not None and said < edition(EDITIONS[0]).first_year:
        raise NoReport(problem("old_report", year=said))
    raise NoReport(
        problem("no_tables" if "年度报告" in whole or "信息公开" in whole else "no_report")
    )


def _spoken_of(text: str) -> int | None:
    """Give the year that a folded text names most often."""
    years = Counter(map(int, re.findall("(?<![0-9])(20[0-9]{2})年", text)))
    return max(years, key=lambda year: years[year], default=None)
