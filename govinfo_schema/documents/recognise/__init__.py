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
from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs
import msgspec

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.document import (
    HINT,
    REMARK,
    RESULTS,
    Aside,
    Block,
    Document,
    Grid,
    Paragraph,
    Span,
)
from govinfo_schema.documents.logger import LOGGER, is_logged
from govinfo_schema.documents.recognise.confirmation import confirm
from govinfo_schema.documents.recognise.editions import edition_of
from govinfo_schema.documents.recognise.hints import without_hints
from govinfo_schema.documents.recognise.instances import Chosen, Instance, all_instances, choose
from govinfo_schema.documents.recognise.items import items, unknown_headings
from govinfo_schema.documents.recognise.lines import HEAD, Item, Line, Text, table_ids
from govinfo_schema.documents.recognise.named import names_of, read_named
from govinfo_schema.documents.recognise.names import is_footer
from govinfo_schema.documents.recognise.narratives import narratives, preamble, processing_fee
from govinfo_schema.documents.recognise.particulars import Particulars, particulars
from govinfo_schema.documents.recognise.reading import Found, Reading, Source
from govinfo_schema.documents.recognise.runs import is_glued
from govinfo_schema.documents.recognise.tables import read_table
from govinfo_schema.errors import InvalidValue, NoReport
from govinfo_schema.findings import Finding
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, form
from govinfo_schema.form.labels import fold, likeness
from govinfo_schema.form.load import edition, in_force
from govinfo_schema.form.parts import CURRENT, EDITIONS
from govinfo_schema.messages import Label, problem, spoken
from govinfo_schema.report.access import replace, walk
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.model import Note, Report
from govinfo_schema.report.values import half_character

__all__ = ["Reading", "Source", "recognise"]
FEW: Final = 2_000
"""A page that only says that something went wrong has no more characters."""


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
    if is_logged():
        grids = sum(isinstance(block, Grid) for block in document.blocks)
        paragraphs, asides = len(document.blocks) - grids, len(document.asides)
        LOGGER.debug("document: %d paragraphs, %d tables, %d asides", paragraphs, grids, asides)
    if RESULTS in document.properties:
        raise NoReport(problem("page_of_results"))
    named = names_of(document)
    if named:
        LOGGER.debug("a workbook of ours, read by the names of its cells")
        return _reading(*read_named(named, year, body))
    document = _without_marks(document)
    kept = [block for block in document.blocks if not _is_left_out(block)]
    document = without_hints(attrs.evolve(document, blocks=tuple(kept)))
    found = items(document)
    around = particulars(document, name, year=year, body=body)
    copies = all_instances(found)
    _refuse(document, found, copies, around)
    tables = _tables(choose(copies, around.who.year), around.who.year)
    if document.is_recognised:
        confirm(tables)
    _asides(tables, document)
    report = _report(tables, found, around)
    _missing(tables, report, found)
    tables.findings += [*around.who.findings, *_headings(found)]
    return _reading(report, tables)


def _tables(chosen: Chosen, year: int | None) -> Found:
    """Read the tables, the one first that tells the shape of the form."""
    own = edition_of(chosen.lines)
    tables = Found(form=form(own or (in_force(year) if year else CURRENT)))
    LOGGER.debug("form %r, by %s", tables.form, "the tables" if own else f"the year {year}")
    tables.glued = any(is_glued(line.run) for lines in chosen.lines.values() for line in lines)
    if own is None:
        tables.report("R-EDITION", edition=tables.form.label)
    divisible = tables.form.edition.divisible or ""
    for table in sorted(tables.form.tables, key=lambda each: not ids.is_below(divisible, each.id)):
        if table.id not in chosen.undecided:
            around = chosen.around.get(table.id, "")
            read_table(tables, table, chosen.lines[table.id], year, around)
    _copies(tables, chosen)
    return tables


def _reading(report: Report, tables: Found) -> Reading:
    """Put sources and findings in the order of the form."""
    order = _order(tables.form)
    if is_logged():
        values = dict(walk(report))
        blank = [cell for cell, value in values.items() if value is None]
        LOGGER.debug("%d of %d cells left blank: %s", len(blank), len(values), " ".join(blank))
    findings = sorted(
        tables.findings, key=lambda each: order.get(each.cells[0], -1) if each.cells else -1
    )
    return Reading(
        report=report,
        sources=dict(sorted(tables.sources.items(), key=lambda pair: order[pair[0]])),
        findings=tuple(findings),
        proof=tables.proofs(),
    )


@once
def _order(of: Form) -> dict[str, int]:
    """Number the cells of a form in both of its shapes, in printed order."""
    return {cell: at for at, cell in enumerate((*of.fine.cells, *of.coarse.cells))}


def _report(tables: Found, found: Sequence[Item], around: Particulars) -> Report:
    year, body = around.who.settled()
    texts, below = narratives(found, around.signature)
    status, requests, amount = processing_fee(texts.get("other_matters"), year)
    fee = {"status": status, "requests": requests, "amount": amount}
    try:
        report = blank_on(tables.form, year=year, body=body)
    except InvalidValue as error:
        if half := half_character(body):
            raise NoReport(problem("T-SURROGATE", character=half)) from error
        is_year = bool(body.strip())
        raise NoReport(
            problem("wrong_year", year=year) if is_year else problem("wrong_body")
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
    own = [Note(at=None, kind="text", text=text) for text in (opening, "\n".join(below)) if text]
    notes = [*own, *tables.notes, *_section_notes(found)]
    return attrs.evolve(replace(report, values), notes=tuple(notes))


def _section_notes(found: Sequence[Item]) -> list[Note]:
    """Keep the texts that stand in a section which is a table, beside its tables."""
    notes = []
    for item in found:
        own = item.remarks if isinstance(item, Line) else (item,)
        for text in own:
            if not text.heading and text.section in table_ids() and not is_footer(text.text):
                kind = "footnote" if fold(text.text).startswith("注") else "text"
                note = Note(at=text.section, kind=kind, text=text.text)  # type: ignore[arg-type]
                notes.append(note)
    return notes


def _is_left_out(block: Block) -> bool:
    """
    Tell whether a block is no part of the report: a paragraph that says what does not add up, a
    table that is not shown.
    """
    return block.hidden if isinstance(block, Grid) else block.text.startswith(REMARK)


def is_marked(document: Document) -> bool:
    """Whether a document has our remarks: it is a copy that is marked with what does not add up."""
    return any(isinstance(each, Paragraph) and REMARK in each.text for each in document.blocks)


def _without_marks(document: Document) -> Document:
    """Leave out of the cells of a document with our remarks what is printed beside a figure."""
    if not is_marked(document):
        return document
    return attrs.evolve(
        document,
        blocks=tuple(
            attrs.evolve(block, spans=tuple(map(_without_hint, block.spans)))
            if isinstance(block, Grid)
            else block
            for block in document.blocks
        ),
    )


def _without_hint(span: Span) -> Span:
    text, sign, _ = span.text.partition(HINT)
    return msgspec.structs.replace(span, text=text.rstrip()) if sign else span


def _copies(tables: Found, chosen: Chosen) -> None:
    """Name the copies of tables that were not read, and the tables of which none was."""
    for table in chosen.undecided:
        cells = [cell for cell in tables.form.cells if ids.is_below(cell, table)]
        place = next(iter(chosen.lines[table])).place
        row = tables.form.edition.label(table)
        tables.leave("R-COPIES", cells, place, "", row=row)
    for copy in chosen.others:
        if copy.table not in chosen.undecided:
            row = tables.form.edition.label(copy.table)
            told = spoken("copy.named", name=copy.name) if copy.name else ""
            tables.report(
                "R-OTHER", level="info", row=row, text=copy.name, told=told, at=copy.table
            )


def _asides(tables: Found, document: Document) -> None:
    """Name what the format left out of the text, in one finding for each kind."""
    kinds: dict[str, list[Aside]] = {}
    for aside in document.asides:
        if aside.text.strip():
            kinds.setdefault(aside.kind, []).append(aside)
    for kind, asides in kinds.items():
        text = "、".join(aside.text.strip() for aside in asides[:3])
        tables.report(
            "R-UNREAD", level="info", kind=spoken(f"aside.{kind}"), text=text, count=len(asides)
        )


def _missing(tables: Found, report: Report, found: Sequence[Item]) -> None:
    """
    Name every row that was not found and every section without a title: their cells are blank for
    that.
    """
    named = {cell for finding in tables.findings for cell in finding.cells}
    rows: dict[str, list[str]] = {}
    figures = dict(walk(report))
    for cell in figures:
        if cell not in tables.sources and cell not in named:
            rows.setdefault(ids.row_of(cell), []).append(cell)
    parts = tables.form.whole
    if parts and all(
        figures.get(cell) is None and (cell in named or cell not in tables.sources)
        for cell in parts
    ):
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
    """
    Name every heading in a section that is none of the form; its text is kept where it stands.
    """
    sections = {section.id: section for section in edition(CURRENT).sections}
    for heading in unknown_headings(found):
        if not heading.section:
            continue
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
    copies: Sequence[Instance],
    around: Particulars,
) -> None:
    """
    Refuse what is no annual report of a form that we know, or is more than one.

    Raises: NoReport.
    """
    texts = [
        text
        for block in document.blocks
        for text in ([s.text for s in block.spans] if isinstance(block, Grid) else [block.text])
    ]
    # To fold a whole document takes as long as to find its tables.
    is_of_form = bool(copies) and HEAD.search("".join(texts)) is not None
    whole = "" if is_of_form else fold("".join(texts))
    if not whole and not is_of_form:
        raise NoReport(problem("empty_document"))
    titles = [
        item
        for item in found
        if isinstance(item, Text) and item.heading and item.section == "disputes"
    ]
    if len(titles) > 1 and len(begun := _begun(copies)) > 1:
        raise NoReport(problem("several_reports", count=len(begun)))
    if is_of_form or (copies and HEAD.search(whole)):
        return
    said = around.who.year or _spoken_of(whole)
    if said is not None and said < edition(EDITIONS[0]).first_year:
        raise NoReport(problem("old_report", year=said))
    page = None if "年度报告" in whole else _page_instead("\n".join((document.title, *texts)))
    if page:
        raise NoReport(problem("no_page", kind=page))
    raise NoReport(
        problem("no_tables" if "年度报告" in whole or "信息公开" in whole else "no_report")
    )


def _page_instead(text: str) -> Label | None:
    """
    Name the kind of a page that stands where a report should, such as one that says that there is
    no such page: it has few words, and some that tell it.
    """
    if len(text) > FEW:
        return None
    pages = read_data("kinds")["pages"].values()
    return next(
        (Label(each["zh"], each["en"]) for each in pages if re.search(each["words"], text)), None
    )


def _begun(copies: Sequence[Instance]) -> list[Line]:
    """Give the lines that are the first row of table 3."""
    first = edition(CURRENT).rows[edition(CURRENT).rows_with_figures("applications")[0]]
    return [line for copy in copies for line in copy.lines if likeness(line.label, first.zh) == 1.0]


def _spoken_of(text: str) -> int | None:
    """Give the year that a folded text names most often."""
    years = Counter(map(int, re.findall("(?<![0-9])(20[0-9]{2})年", text)))
    return max(years, key=lambda year: years[year], default=None)
