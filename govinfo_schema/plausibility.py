"""
What may be wrong with a report and is no sum: one small function for each heuristic, none of them an error.

Label, level, standing and source of each stand in ``data/plausible.toml``, its sentence in ``data/messages.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

import attrs

from govinfo_schema.between import check_years
from govinfo_schema.cells import get, walk
from govinfo_schema.completion import complete
from govinfo_schema.edition import CURRENT, EDITIONS, edition
from govinfo_schema.findings import Cited, Finding, Label, Quote, joined, read_data, spoken
from govinfo_schema.model import Report, is_undivided
from govinfo_schema.narrative import SECTIONS, expand, stated
from govinfo_schema.once import once
from govinfo_schema.recognise.fold import fold

NOTHING: Final = Label("", "")


@attrs.frozen
class Doubt:
    """One thing that a heuristic finds odd: the cells, what its sentence is filled with, and the passage of the text."""

    cells: tuple[str, ...] = ()
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    quote: Quote | None = None


def plausible(report: Report, previous: Report | None = None) -> tuple[Finding, ...]:
    """
    Look for what is odd about a report: its figures, its text against its tables, its date and form, and last year's report.

    Blank: what needs a blank figure or a text that is not there is not looked at.
    Returns: warnings and infos, never errors, each with its source; with *previous* those of ``check_years`` too.
    Raises: TypeError if it is no report.
    Source: ``data/plausible.toml``.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2019", year=2022, body="某镇人民政府")
    >>> [(finding.code, finding.level) for finding in gs.plausible(report)]
    [('X-TPL', 'warning')]
    """
    if not isinstance(report, Report):
        raise TypeError(f"plausible takes a report, not {type(report).__name__}; make one with loads, from_dict or read")
    found = [_finding(cited, doubt) for cited in heuristics() for doubt in HEURISTICS[cited.code](report)]
    return (*found, *(check_years([previous, report]) if previous is not None else ()))


@once
def heuristics() -> tuple[Cited, ...]:
    """Read the heuristics in the order in which they are told."""
    data = read_data("plausible")
    return tuple(
        Cited(
            code=entry["code"],
            label=Label(entry["zh"], entry["en"]),
            level=entry["level"],
            standing=entry["standing"],
            sources=tuple(Label(**data["sources"][key]) for key in entry["sources"]),
            left_label=NOTHING,
            right_label=NOTHING,
        )
        for entry in data["heuristics"]
    )


def _finding(cited: Cited, doubt: Doubt) -> Finding:
    return Finding(code=cited.code, level=cited.level, cells=doubt.cells, quote=doubt.quote, rule=cited, operands=doubt.facts)


@once
def _data(part: str) -> Any:
    return read_data("plausible")[part]


# ---- the report as a whole ------------------------------------------------------------------------------------------


def _edition_fits_year(report: Report) -> Iterator[Doubt]:
    """From 2021 on reports are on edition 2021, those on 2019 and 2020 on edition 2019."""
    expected = max((name for name in EDITIONS if edition(name).first_year <= report.year), default=None)
    if expected and expected != report.edition:
        forms = {"found": edition(report.edition), "expected": edition(expected)}
        yield Doubt(("edition",), {"year": report.year} | {key: Label(form.zh, form.en) for key, form in forms.items()})


def _published_in_time(report: Report) -> Iterator[Doubt]:
    """Departments publish by 31 January, governments by 31 March of the year after; bodies of other kinds have no date in the law."""
    kind = report.body.kind or _named(report, "government", "department")
    due = {"government": date(report.year + 1, 3, 31), "department": date(report.year + 1, 1, 31)} if report.year < date.max.year else {}
    if report.published_on and report.body.level != "township" and kind in due and report.published_on > due[kind]:
        facts = {"date": report.published_on, "deadline": due[kind], "kind": spoken(f"kind.{kind}")}
        yield Doubt(("published_on",), facts)


def _all_sections(report: Report) -> Iterator[Doubt]:
    """A report with a title, a date and the text of one section should have the text of all three; figures alone say nothing."""
    texts = {section: get(report, path) for section, path in SECTIONS.items()}
    for section, text in texts.items() if report.title and report.published_on and any(texts.values()) else ():
        if text is None:
            yield Doubt((section,), {"section": edition(report.edition).label(section)})


def _named(report: Report, *kinds: str) -> str | None:
    """Tell level or kind of a body by its name, where the name tells."""
    name = fold(report.body.name)
    return next((kind for kind in kinds if re.search(_data("names")[kind], name)), None)


# ---- section 2 ------------------------------------------------------------------------------------------------------


def _in_force(report: Report) -> Iterator[Doubt]:
    """What is in force is at least what was issued this year and not repealed."""
    for row in ("proactive.administrative_rules", "proactive.normative_documents"):
        figures = _row(report, row, "issued", "repealed", "in_force")
        if figures and figures["in_force"] < figures["issued"] - figures["repealed"]:
            yield _of_row(report, row, figures)


def _rule_making(report: Report) -> Iterator[Doubt]:
    """Counties and townships cannot make administrative rules (规章)."""
    row = "proactive.administrative_rules"
    level = report.body.level or _named(report, "township", "county")
    figures = {cell: value for cell, value in walk(report) if cell.startswith(f"{row}.") and value}
    if figures and level in ("county", "township"):
        yield Doubt(tuple(figures), {"row": edition(report.edition).rows[row].path})


def _fees_in_yuan(report: Report) -> Iterator[Doubt]:
    """Fees beyond what a body of its level takes are more likely in 元 than in 万元."""
    cell = "proactive.administrative_fees.amount"
    amount = dict(walk(report)).get(cell)
    level = report.body.level or _named(report, "township", "county") or "unknown"
    if amount is not None and amount >= _data("fees")[level]:
        yield Doubt((cell,), {"name": edition(report.edition).label(cell), "amount": f"{amount:f}"})


def _decimals(report: Report) -> Iterator[Doubt]:
    """Six decimals of 万元 are one 分, and money has no smaller part."""
    cell = "proactive.administrative_fees.amount"
    amount = dict(walk(report)).get(cell)
    if amount is not None and amount != round(amount, 6):
        yield Doubt((cell,), {"name": edition(report.edition).label(cell), "amount": f"{amount:f}"})


def _newly_disclosed(report: Report) -> Iterator[Doubt]:
    """What was newly disclosed is part of all that is disclosed."""
    for row in ("proactive.administrative_rules", "proactive.normative_documents"):
        figures = _row(report, row, "disclosed", "total_disclosed")
        if figures and figures["disclosed"] > figures["total_disclosed"]:
            yield _of_row(report, row, figures, total=figures["total_disclosed"])


def _items_left(report: Report) -> Iterator[Doubt]:
    """Items of last year and their change cannot come to less than none."""
    for row in dict.fromkeys(cell.row.id for cell in edition(report.edition).cells.values()):
        figures = _row(report, row, "items_prior_year", "items_change")
        if figures and sum(figures.values()) < 0:
            yield _of_row(report, row, figures, items=figures["items_prior_year"], change=figures["items_change"])


def _procurement(report: Report) -> Iterator[Doubt]:
    """Projects cost money, and money is spent on projects."""
    row = "proactive.centralized_procurement"
    figures = _row(report, row, "projects", "amount")
    if figures and bool(figures["projects"]) != bool(figures["amount"]):
        yield _of_row(report, row, figures)


def _no_power_used(report: Report) -> Iterator[Doubt]:
    """A government at county level or above licenses, punishes or compels at least once a year."""
    values = dict(walk(report))
    cells = tuple(f"proactive.{row}.decisions" for row in ("licensing", "penalties", "compulsion"))
    powerful = report.body.kind == "government" and report.body.level in ("province", "prefecture", "county")
    if powerful and all(values[cell] == 0 for cell in cells):
        yield Doubt(cells)


def _row(report: Report, row: str, *columns: str) -> dict[str, Any] | None:
    """Give figures of one row; None where the form has no such figures or one is blank."""
    values = dict(walk(report))
    figures = {column: values.get(f"{row}.{column}") for column in columns}
    return None if None in figures.values() else figures


def _of_row(report: Report, row: str, figures: Mapping[str, Any], **facts: Any) -> Doubt:
    return Doubt(tuple(f"{row}.{column}" for column in figures), {"row": edition(report.edition).rows[row].path, **figures, **facts})


# ---- across the tables ----------------------------------------------------------------------------------------------


def _nothing_at_all(report: Report) -> Iterator[Doubt]:
    """A report of which every figure is 0 is legal; a form sent in unfilled looks the same."""
    values = [value for _, value in walk(report)]
    if None not in values and not any(values):
        yield Doubt()


def _after_reconsideration(report: Report) -> Iterator[Doubt]:
    """A lawsuit after reconsideration had a reconsideration, if not in the same year."""
    cells = ("disputes.litigation.after_reconsideration.total", "disputes.reconsideration.total")
    after, reconsidered = (get(report, cell) for cell in cells)
    if after and reconsidered == 0:
        yield Doubt(cells, {"after": after})


def _disputes_without_requests(report: Report) -> Iterator[Doubt]:
    """A dispute is about a request, if not of the same year."""
    values = dict(walk(report))
    requests = tuple(cell for cell in values if cell.startswith(("applications.received.", "applications.brought_forward.")))
    disputes = tuple(cell for cell, value in values.items() if cell.startswith("disputes.") and cell.endswith(".total") and value)
    if disputes and all(values[cell] == 0 for cell in requests):
        yield Doubt((*disputes, *requests), {"count": sum(get(report, cell) for cell in disputes)})


# ---- the text -------------------------------------------------------------------------------------------------------


def _five_aspects(report: Report) -> Iterator[Doubt]:
    """Section 1 speaks of five aspects; a text too short to speak of anything is not measured."""
    words = _data("words")
    text = fold(report.overview or "")
    missing = [Label(each["zh"], each["en"]) for each in _data("aspects") if not re.search(each["pattern"], text)]
    if len(text) >= words["aspects_length"] and missing:
        names = joined("and", missing)
        yield Doubt(("overview",), {"section": edition(report.edition).label("overview"), "missing": names})


def _problems_told(report: Report) -> Iterator[Doubt]:
    """Section 5 names problems and improvements."""
    if report.problems is not None and re.search(_data("words")["nothing"], fold(report.problems)):
        yield Doubt(("problems",), {"section": edition(report.edition).label("problems")})


def _fee_told(report: Report) -> Iterator[Doubt]:
    """Section 6 of edition 2021 says whether a processing fee was charged."""
    text = report.other_matters.text
    if (
        report.edition == CURRENT
        and text is not None
        and report.other_matters.processing_fee.status == "not_stated"
        and not _speaks_of_fee(report)
    ):
        yield Doubt(("other_matters",), {"section": edition(report.edition).label("other_matters")})


def _fee_not_paid(report: Report) -> Iterator[Doubt]:
    """Requests closed for an unpaid fee mean that fees were asked for, so section 6 should speak of them."""
    cell = "applications.outcomes.other_handling.fee_not_paid_in_time.total"
    count = dict(walk(report)).get(cell)
    if count and report.other_matters.text is not None and not _speaks_of_fee(report):
        yield Doubt((cell, "other_matters"), {"count": count, "section": edition(report.edition).label("other_matters")})


def _speaks_of_fee(report: Report) -> bool:
    return bool(re.search(_data("words")["fee"], fold(report.other_matters.text or "")))


def _fee_parts(report: Report) -> Iterator[Doubt]:
    """The parts of the fee, body by body, come to its whole."""
    text = report.other_matters.text or ""
    for sentence in re.finditer(r"[^。；;\n]+", text):
        folded = fold(sentence[0])
        whole = re.search(r"处理费[^0-9]{0,8}([0-9]+(?:\.[0-9]+)?)元", folded)
        amounts = re.findall(r"([0-9]+(?:\.[0-9]+)?)元(?![/每])", folded[whole.end() :]) if whole else []
        total, parts = Decimal(whole[1]) if whole else Decimal(0), [Decimal(each) for each in amounts]
        if len(parts) > 1 and sum(parts) != total and re.search("其中|分别|[:(]", folded):
            quote = Quote(section="other_matters", start=sentence.start(), end=sentence.end(), text=sentence[0])
            shown = "+".join(f"{each:f}" for each in parts)
            facts = {"quote": sentence[0].strip(), "parts": shown, "sum": f"{sum(parts):f}", "total": f"{total:f}"}
            yield Doubt(("other_matters.processing_fee.amount",), facts, quote)


def _numbers(report: Report) -> Iterator[Doubt]:
    """A number of the text is one of the figures that it may speak of; where the text may speak of a part only, it may be smaller."""
    values = _filled(report)
    for claim in stated(report):
        sums = {cells: [values[cell] for cell in cells] for cells in claim.any}
        known = {cells: sum(own) for cells, own in sums.items() if None not in own}
        if len(known) < len(sums) or claim.value in known.values() or (claim.partly and claim.value < max(known.values())):
            continue
        distinct = {total: cells for cells, total in reversed(known.items())}
        said = [spoken("plausible.is", names=_sum_name(report, cells), sum=total) for total, cells in reversed(distinct.items())]
        facts = {"section": edition(report.edition).label(claim.quote.section), "quote": _one_line(claim.quote.text)}
        yield Doubt(tuple(dict.fromkeys(cell for cells in known for cell in cells)), facts | {"figures": joined("and", said)}, claim.quote)


def _percentages(report: Report) -> Iterator[Doubt]:
    """A percentage is the share of its number in the requests answered or received, to the last digit printed."""
    values = _filled(report)
    undivided = is_undivided(report)
    totals = (
        "applications.outcomes.total.total",
        "applications.received.total",
        "applications.received.total + applications.brought_forward.total",
    )
    bases = [[values[cell] for cell in expand(report.edition, undivided, text)] for text in totals]
    known = [total for own in bases if None not in own and (total := sum(own))]
    for claim in stated(report):
        if claim.share is None or not known or any(None in own for own in bases):
            continue
        step = Decimal(1).scaleb(-len(claim.share.partition(".")[2]))
        shares = [claim.value * 100 / base for base in known]
        if all(abs(share - Decimal(claim.share)) >= step for share in shares):
            facts = {
                "section": edition(report.edition).label(claim.quote.section),
                "quote": _one_line(claim.quote.text),
                "share": claim.share,
            }
            facts |= {"value": f"{claim.value:f}", "base": known[0], "right": f"{shares[0]:.2f}"}
            yield Doubt(("applications.outcomes.total.total",), facts, claim.quote)


def _filled(report: Report) -> Mapping[str, Any]:
    """Give the figures, with the blanks that the sums leave no choice about filled."""
    values = dict(walk(report))
    return dict(walk(complete(report).report)) if None in values.values() else values


def _sum_name(report: Report, cells: tuple[str, ...]) -> Label:
    """Name a sum of cells by its one cell, or by the rows that it adds up."""
    form = edition(report.edition)
    rows = [form.cell(cell).row for cell in cells]
    group = {row.id.rpartition(".")[0] for row in rows}
    if len(cells) > 2 and len(group) == 1:
        return form.rows[group.pop()].path
    names = [form.cell(cell) for cell in cells]
    return joined("plausible.plus", [Label(cell.zh, cell.en) for cell in names])


def _one_line(text: str) -> str:
    return re.sub(r"\s+", "", text)


HEURISTICS: Final[Mapping[str, Callable[[Report], Iterator[Doubt]]]] = {
    "X-TPL": _edition_fits_year,
    "X-PUB": _published_in_time,
    "N-SEC": _all_sections,
    "A-VALID1": _in_force,
    "A-GZ": _rule_making,
    "A-UNIT": _fees_in_yuan,
    "P-PUB": _newly_disclosed,
    "P-NEG": _items_left,
    "P-AMT": _procurement,
    "A-DEC": _decimals,
    "A-POWER": _no_power_used,
    "A-ZERO": _nothing_at_all,
    "C-AFTER": _after_reconsideration,
    "C-NOREQ": _disputes_without_requests,
    "N-S1": _five_aspects,
    "N-S5": _problems_told,
    "N-S6": _fee_told,
    "N-S6b": _fee_not_paid,
    "N-FEE": _fee_parts,
    "N-NUM": _numbers,
    "N-PCT": _percentages,
}
"""The function of each heuristic by its code; ``data/plausible.toml`` has the same codes in the same order."""
