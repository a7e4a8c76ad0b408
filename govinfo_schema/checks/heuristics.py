"""
``plausible``: suspicious values that no equation covers; none of them is an error.

Each heuristic is one entry of ``data/heuristics.toml``. The entry names one of the functions of
this module, which takes the report as a ``Case`` and the entry with its cells, limits and patterns;
an entry with a relation needs no function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, cast

import attrs

from govinfo_schema.checks.case import Case
from govinfo_schema.checks.entries import Heuristic, cells_of, heuristics_of, inequalities
from govinfo_schema.checks.years import check_years
from govinfo_schema.data import read_data
from govinfo_schema.findings import Cited, Finding, Quote
from govinfo_schema.form import ids
from govinfo_schema.form.forms import form
from govinfo_schema.form.labels import fold
from govinfo_schema.form.load import in_force
from govinfo_schema.messages import Label, joined, spoken
from govinfo_schema.report.given import check_report
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import exactly


@attrs.frozen
class Doubt:
    """One suspicious value: its cells, what fills its sentence, its passage of the text."""

    cells: tuple[str, ...] = ()
    facts: Mapping[str, Any] = attrs.field(factory=dict)
    quote: Quote | None = None


Function = Callable[[Case, Mapping[str, Any]], Iterator[Doubt]]
FUNCTIONS: Final[dict[str, Function]] = {}
"""The functions of this module by name, as the entries of the data name them."""


def registered(function: Function) -> Function:
    """Let entries of the data name a function."""
    FUNCTIONS[function.__name__] = function
    return function


@exactly
def plausible(report: Report, previous: Report | None = None) -> tuple[Finding, ...]:
    """
    Return what is suspicious about a report although no equation is broken.

    It looks at figures, text against tables, date and form, and last year.

    Blank: what needs a blank figure or a text that is not there is not looked at.
    Returns: warnings and infos, never errors, each with its source; with *previous* those of
    ``check_years`` too.
    Raises: TypeError if it is no report.
    Source: ``data/heuristics.toml``.

    >>> import govinfo_schema as gs
    >>> report = gs.blank("2019", year=2022, body="某镇人民政府")
    >>> [(finding.code, finding.level) for finding in gs.plausible(report)]
    [('X-TPL', 'warning')]
    """
    check_report(report, "plausible")
    if previous is not None:
        check_report(previous, "previous")
    case = Case(report, previous)
    findings = [
        _finding(heuristic.rule, doubt)
        for heuristic in heuristics_of(case.form)
        for doubt in _doubts(case, heuristic)
    ]
    return (*findings, *(check_years([case.previous, report]) if case.previous is not None else ()))


def _doubts(case: Case, heuristic: Heuristic) -> Iterator[Doubt]:
    if "relation" in heuristic.entry:
        return _unequal(case, heuristic)
    return FUNCTIONS[heuristic.entry["function"]](case, heuristic.entry)


def _finding(rule: Cited, doubt: Doubt) -> Finding:
    return Finding(
        code=rule.code,
        level=rule.level,
        cells=doubt.cells,
        quote=doubt.quote,
        rule=rule,
        operands=doubt.facts,
    )


def _unequal(case: Case, heuristic: Heuristic) -> Iterator[Doubt]:
    """Find the rows in which the inequality of an entry does not hold; none with a blank."""
    for inequality in inequalities(case.form):
        if inequality.rule is not heuristic.rule:
            continue
        values = {cell: case.figures[cell] for cell in inequality.coefficients}
        if None not in values.values() and inequality.difference(values) < 0:
            facts = _by_column(values)
            names = heuristic.entry.get("names", {})
            named = {name: facts[column] for name, column in names.items()}
            yield Doubt(tuple(values), {"row": inequality.where, **facts, **named})


def _figures(case: Case, patterns: Sequence[str]) -> dict[str, Any]:
    """Return the figures that patterns name; none where the form has no such cells."""
    return {cell: case.figures[cell] for cell in cells_of(case.form, patterns)}


def _by_column(values: Mapping[str, Any]) -> dict[str, Any]:
    return {ids.column_of(cell): value for cell, value in values.items()}


def _row_label(case: Case, cell: str) -> Label:
    return case.form.edition.rows[ids.row_of(cell)].path


# ---- the report as a whole -----------------------------------------------------------------------


@registered
def edition_fits_year(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:  # noqa: ARG001
    """A report is on the edition in force for its year; years before any are not looked at."""
    year, expected = case.report.year, form(in_force(case.report.year))
    if expected.name != case.form.name and year >= expected.edition.first_year:
        yield Doubt(
            ("edition",), {"year": year, "found": case.form.label, "expected": expected.label}
        )


@registered
def published_in_time(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """A report is published by the date that the law sets for its kind of body."""
    report, due = case.report, entry["deadlines"].get(case.kind)
    if (
        report.published_on
        and due
        and report.body.level not in entry["exempt_levels"]
        and report.year < date.max.year
    ):
        deadline = date(report.year + 1, **due)
        if report.published_on > deadline:
            facts = {
                "date": report.published_on,
                "deadline": deadline,
                "kind": spoken(f"kind.{case.kind}"),
            }
            yield Doubt(("published_on",), facts)


@registered
def all_sections(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:  # noqa: ARG001
    """A report with a title, a date and the text of one section has the text of all."""
    if case.report.title and case.report.published_on and any(case.texts.values()):
        for section, text in case.texts.items():
            if text is None:
                yield Doubt((section,), {"section": case.label(section)})


# ---- figures -------------------------------------------------------------------------------------


@registered
def no_power_to_issue(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """Bodies of some levels cannot issue what a row counts."""
    cells = tuple(cell for cell, value in _figures(case, entry["cells"]).items() if value)
    if cells and case.level in entry["levels"]:
        yield Doubt(cells, {"row": _row_label(case, cells[0])})


@registered
def too_much_money(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """An amount beyond what a body of its level takes is more likely in 元 than in 万元."""
    for cell, amount in _figures(case, entry["cells"]).items():
        if amount is not None and amount >= entry["limits"][case.level or "unknown"]:
            yield Doubt((cell,), {"name": case.label(cell), "amount": f"{amount:f}"})


@registered
def too_many_decimals(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """Money has no part smaller than one 分."""
    for cell, amount in _figures(case, entry["cells"]).items():
        if amount is not None and amount != round(amount, entry["decimals"]):
            yield Doubt((cell,), {"name": case.label(cell), "amount": f"{amount:f}"})


@registered
def both_or_neither(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """Figures of one row are all 0 or none is: projects cost money, and money buys projects."""
    values = _figures(case, entry["cells"])
    if None not in values.values() and len({bool(value) for value in values.values()}) > 1:
        yield Doubt(
            tuple(values), {"row": _row_label(case, next(iter(values))), **_by_column(values)}
        )


@registered
def no_power_used(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """A body that says it is of these kinds and levels has at least one of the figures."""
    body, values = case.report.body, _figures(case, entry["cells"])
    powerful = body.kind in entry["kinds"] and body.level in entry["levels"]
    if powerful and values and all(value == 0 for value in values.values()):
        yield Doubt(tuple(values))


@registered
def nothing_at_all(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:  # noqa: ARG001
    """A report of which every figure is 0 is legal; a form sent in unfilled looks the same."""
    values = case.figures.values()
    if None not in values and not any(values):
        yield Doubt()


@registered
def without(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """Some figures are above 0 although those that should come before them are all 0."""
    some = {cell: value for cell, value in _figures(case, entry["some"]).items() if value}
    if some:
        none = _figures(case, entry["none"])
        if none and all(value == 0 for value in none.values()):
            yield Doubt((*some, *none), {entry["count"]: sum(some.values())})


# ---- the text ------------------------------------------------------------------------------------


@registered
def aspects_told(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """A section speaks of all its aspects; a text too short for that is not measured."""
    section = entry["section"]
    text = case.folded[section]
    if len(text) >= entry["length"]:
        missing = [
            Label(each["zh"], each["en"])
            for each in entry["aspects"]
            if not re.search(each["pattern"], text)
        ]
        if missing:
            yield Doubt(
                (section,), {"section": case.label(section), "missing": joined("and", missing)}
            )


@registered
def something_told(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """A section says more than that there is nothing to say."""
    section = entry["section"]
    if case.texts[section] is not None and re.search(entry["nothing"], case.folded[section]):
        yield Doubt((section,), {"section": case.label(section)})


@registered
def fee_told(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """A section says whether a processing fee was charged."""
    section, fee = entry["section"], case.report.other_matters.processing_fee
    if (
        fee.status == "not_stated"
        and case.texts[section] is not None
        and not _speaks_of_fee(case, section)
    ):
        yield Doubt((section,), {"section": case.label(section)})


@registered
def unpaid_fee_told(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """Where requests were closed for an unpaid fee the section speaks of fees."""
    section = entry["section"]
    for cell, count in _figures(case, entry["cells"]).items():
        if count and case.texts[section] is not None and not _speaks_of_fee(case, section):
            yield Doubt((cell, section), {"count": count, "section": case.label(section)})


def _speaks_of_fee(case: Case, section: str) -> bool:
    return re.search(read_data("heuristics")["words"]["fee"], case.folded[section]) is not None


@registered
def fee_parts(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """The parts of the fee, body by body, come to its whole."""
    for sentence in re.finditer(r"[^。；;\n]+", case.texts[entry["section"]] or ""):
        folded = fold(sentence[0])
        whole = re.search(entry["whole"], folded)
        if not whole:
            continue
        total = Decimal(whole[1])
        parts = [Decimal(part) for part in re.findall(entry["part"], folded[whole.end() :])]
        if len(parts) > 1 and sum(parts) != total and re.search(entry["parted"], folded):
            facts = {
                "quote": sentence[0].strip(),
                "parts": "+".join(f"{part:f}" for part in parts),
                "sum": f"{sum(parts):f}",
                "total": f"{total:f}",
            }
            start, end = sentence.span()
            quote = Quote(section=entry["section"], start=start, end=end, text=sentence[0])
            yield Doubt((entry["at"],), facts, quote)


@registered
def numbers_told(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:  # noqa: ARG001
    """A number of the text is a figure that it may speak of, or less where it may be a part."""
    for claim in case.claims:
        sums = {cells: case.sum_of(cells) for cells in claim.any}
        if (
            None in sums.values()
            or claim.value in sums.values()
            or (claim.partly and claim.value < max(sums.values()))
        ):
            continue
        distinct = {total: cells for cells, total in reversed(sums.items())}
        said = [
            spoken("plausible.is", names=_sum_name(case, cells), sum=total)
            for total, cells in reversed(distinct.items())
        ]
        cells = dict.fromkeys(cell for cells in sums for cell in cells)
        yield Doubt(
            tuple(cells), {**_place(case, claim.quote), "figures": joined("and", said)}, claim.quote
        )


@registered
def shares_told(case: Case, entry: Mapping[str, Any]) -> Iterator[Doubt]:
    """A percentage is the share of its number in one of the bases, to the last digit printed."""
    claims = [(claim, claim.share) for claim in case.claims if claim.share is not None]
    bases = (
        {cells: case.sum_of(cells) for text in entry["bases"] if (cells := case.form.sum_of(text))}
        if claims
        else {}
    )
    known = [total for total in bases.values() if total]
    for claim, printed in claims if known and None not in bases.values() else ():
        said = Decimal(printed)
        last_digit = Decimal(1).scaleb(cast("int", said.as_tuple().exponent))
        shares = [claim.value * 100 / base for base in known]
        if all(abs(share - said) >= last_digit for share in shares):
            facts = {
                "share": printed,
                "value": f"{claim.value:f}",
                "base": known[0],
                "right": f"{shares[0]:.2f}",
            }
            yield Doubt(next(iter(bases)), {**_place(case, claim.quote), **facts}, claim.quote)


def _place(case: Case, quote: Quote) -> dict[str, Any]:
    """Return where a passage stands and what it says, on one line."""
    return {"section": case.label(quote.section), "quote": re.sub(r"\s+", "", quote.text)}


def _sum_name(case: Case, cells: tuple[str, ...]) -> Label:
    """Name a sum of cells by its one cell, or by the rows that it adds up."""
    edition = case.form.edition
    group = {ids.row_of(ids.row_of(cell)) for cell in cells}
    if len(cells) > 2 and len(group) == 1:
        return edition.rows[group.pop()].path
    named = [edition.cell(cell) for cell in cells]
    return joined("plausible.plus", [Label(cell.zh, cell.en) for cell in named])
