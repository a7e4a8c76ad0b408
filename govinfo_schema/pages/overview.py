"""
The page of many reports: how many have which verdict, what is wrong with each, and what they have
in common.

A sentence that is said of several reports stands there once, with the reports that it is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Final

import attrs

from govinfo_schema.findings import Cited, Level
from govinfo_schema.form.load import edition
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.pages.markup import (
    chinese,
    facts,
    isolated,
    listed,
    page,
    said,
    section,
    shown,
    table,
)
from govinfo_schema.pages.results import PLACES, Result, Verdict, figures, with_places
from govinfo_schema.pages.telling import line, meaning, short, unchecked, within
from govinfo_schema.repair.problems import Problem

ORDER: Final[tuple[Verdict, ...]] = ("broken", "invalid", "unreadable", "unknown", "held")
"""The verdicts, the one that asks for most work first."""
TILES: Final[tuple[Verdict, ...]] = ("broken", "unknown", "held", "invalid", "unreadable")
LEVELS: Final[tuple[Level, ...]] = ("error", "warning", "info")
FAULTS: Final = 5
"""So many faults of a report that does not conform are listed."""
FIGURES: Final = 20
"""So many of the figures that are wrong most often are listed."""
NAMED: Final = 12
"""More reports than these are named behind a line that opens."""


@attrs.frozen(eq=False)
class Row:
    """One result, and its place in the table of reports, counted from 1."""

    number: int
    result: Result
    file: str

    def called(self, lang: Lang) -> str:
        """Return what the report is called: its body, or else its file."""
        report = self.result.report
        if report is not None:
            return chinese(report.body.name, lang)
        return isolated(self.file)

    def link(self, lang: Lang) -> str:
        """Return its name as a link to its row, with the name of its file behind it."""
        link = f'<a href="#r{self.number}">{self.called(lang)}</a>'
        named = self.result.report is not None
        return f"{link} <small>{isolated(self.file)}</small>" if named else link


def overview(results: Sequence[Result], lang: Lang, on: date | None = None) -> str:
    """Return the page of many results, those with the most broken equations first."""
    folder, files = within([each.path for each in results])
    ranked = sorted(zip(results, files, strict=True), key=lambda pair: _rank(pair[0]))
    rows = [Row(number, *pair) for number, pair in enumerate(ranked, 1)]
    title = phrase("page.title.many", lang)
    parts = {
        "reports": _reports(rows, lang),
        "rules": _rules(results, lang),
        "figures": _figures(results, lang),
        "findings": _findings(rows, lang),
        "refused": _refusals(rows, lang),
    }
    there = {name: part for name, part in parts.items() if part}
    return page(
        title,
        [
            f'<header class="top">\n<h1>{shown(title)}</h1>',
            _particulars(results, folder, lang, on),
            "</header>\n<main>",
            _tiles(results, lang),
            _contents(there, lang),
            *there.values(),
            f"</main>\n<footer><p>{said('page.footer', lang)}</p></footer>",
        ],
        lang,
    )


def _contents(parts: Iterable[str], lang: Lang) -> str:
    """Return links to the parts of the page, as the reports stand in between."""
    links = (f'<a href="#{name}">{said(f"page.{name}", lang)}</a>' for name in parts)
    return f'<nav aria-label="{said("page.contents", lang)}">{listed(links)}</nav>'


def _rank(result: Result) -> tuple[int, int, int]:
    broken, unknown = _equations(result)
    return -broken, ORDER.index(result.verdict), -unknown


def _equations(result: Result) -> tuple[int, int]:
    """Return how many equations are broken, and how many unknown."""
    own = result.assessment
    return (len(own.broken), len(own.unknown)) if own is not None else (0, 0)


def _particulars(results: Sequence[Result], folder: str, lang: Lang, on: date | None) -> str:
    """Say which reports these are: years, where from, when checked, by which rules."""
    years = sorted({each.report.year for each in results if each.report is not None})
    rules = dict.fromkeys(
        each.assessment.rule_set for each in results if each.assessment is not None
    )
    names = [
        f"{getattr(edition(each.edition), lang)} {each.version}"
        for each in sorted(rules, key=lambda each: each.edition)
    ]
    return facts(
        (said(f"page.{name}", lang), value)
        for name, value in (
            ("years", shown(phrase("and", lang).join(map(str, years)))),
            ("folder", isolated(folder) if folder else ""),
            ("checked_on", shown(on.isoformat()) if on else ""),
            ("rule_sets", shown(phrase("and", lang).join(names))),
        )
    )


# ---- the tiles ----------------------------------------------------------------------------------


def _tiles(results: Sequence[Result], lang: Lang) -> str:
    """Return the counts of the verdicts; each filters the reports, with the keyboard too."""
    counts = Counter(each.verdict for each in results)
    tiles = [_tile("all", len(results), lang)]
    tiles += [_tile(verdict, counts[verdict], lang) for verdict in TILES]
    body = "\n".join(tiles)
    return (
        f'<fieldset class="tiles"><legend>{said("page.filter", lang)}</legend>\n{body}\n</fieldset>'
    )


def _tile(name: str, count: int, lang: Lang) -> str:
    state = " checked" if name == "all" else "" if count else " disabled"
    return (
        f'<label class="tile {name}"><input type="radio" name="v" id="v-{name}"{state}>'
        f"<span>{said(f'page.{name}', lang)}</span> <b>{count}</b></label>"
    )


# ---- the reports --------------------------------------------------------------------------------


def _reports(rows: Sequence[Row], lang: Lang) -> str:
    title = said("page.reports", lang)
    heads = [said(f"page.column.{name}", lang) for name in COLUMNS]
    # On a narrow page the style puts the names of the columns before the numbers.
    names = "".join(f"--c{at + 1}:'{heads[at]}';" for at in NUMBERS[1:])
    return section(
        "reports",
        title,
        f"<p>{said('page.reports.note', lang)}</p>",
        f'<div style="{names}">',
        table(title, heads, (_report(row, lang) for row in rows), NUMBERS),
        "</div>",
    )


COLUMNS: Final = ("number", "report", "verdict", "broken", "unknown", "doubts", "problems")
NUMBERS: Final = (0, 3, 4, 5)


def _report(row: Row, lang: Lang) -> str:
    result = row.result
    report = result.report
    file = isolated(row.file)
    known = f"<small>{report.year} · {file}</small>" if report is not None else ""
    numbers = [*_equations(result), sum(each.level == "warning" for each in result.findings)]
    cells = [
        f'<td class="n">{row.number}</td>',
        f'<th scope="row">{row.called(lang)}{known}</th>',
        f'<td><span class="v">{said(f"page.{result.verdict}", lang)}</span></td>',
        *(f'<td class="n">{number if report is not None else ""}</td>' for number in numbers),
        f"<td>{_problems(result, lang)}</td>",
    ]
    return f'<tr id="r{row.number}" class="{result.verdict}">{"".join(cells)}</tr>'


def _problems(result: Result, lang: Lang) -> str:
    """Return what is wrong with a report, one line a problem."""
    if result.verdict == "unreadable":
        return f'<a href="#refused">{said("page.see_refused", lang)}</a>'
    if result.assessment is None:
        told = [shown(each.message(lang)) for each in result.findings[:FAULTS]]
        rest = len(result.findings) - FAULTS
        more = [said("more_faults", lang, count=rest)] if rest > 0 else []
        return listed([*told, *more])
    told = [_placed(each, result, lang) for each in result.problems]
    unread = [each for each in result.findings if any(map(result.text, each.cells))]
    doubts = [each for each in unread if each.about == "reading" and each.level != "info"]
    told += [shown(with_places(result, each, lang)) for each in doubts[:FAULTS]]
    if len(doubts) > FAULTS:
        told.append(said("more_faults", lang, count=len(doubts) - FAULTS))
    told += [shown(text)] if (text := unchecked(result, lang)) else []
    return listed(told) if told else ""


def _placed(problem: Problem, result: Result, lang: Lang) -> str:
    """Return a problem as one line, and its figures and where they stand, if they are few."""
    told = shown(line(problem, lang))
    if 1 < len(problem.shown) <= PLACES:
        return "<br>".join((told, *map(shown, figures(result, problem, lang))))
    places = result.places(each.cell for each in problem.shown).values()
    known = dict.fromkeys(filter(None, (each.message(lang) for each in places)))
    if not 0 < len(known) <= PLACES:
        return told
    return f"{told} <small>{shown(phrase('and', lang).join(known))}</small>"


# ---- what they have in common -------------------------------------------------------------------


def _rules(results: Iterable[Result], lang: Lang) -> str:
    """Return the table of the rules that some report breaks or leaves open."""
    broken: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    reports: Counter[str] = Counter()
    rules: dict[str, dict[Cited, None]] = {}
    for assessment in (each.assessment for each in results if each.assessment is not None):
        broken.update(each.rule.code for each in assessment.broken)
        unknown.update(each.rule.code for each in assessment.unknown)
        reports.update({each.rule.code for each in assessment.broken})
        for each in (*assessment.broken, *assessment.unknown):
            rules.setdefault(each.rule.code, {})[each.rule] = None
    if not rules:
        return ""
    lines = [
        f'<tr><th scope="row">{shown(getattr(next(iter(own)).label, lang))}'
        f" <small>{code}</small></th>"
        f'<td class="n">{broken[code]}</td><td class="n">{reports[code]}</td>'
        f'<td class="n">{unknown[code]}</td><td>{sources(own, lang)}</td></tr>'
        for code, own in sorted(rules.items(), key=lambda pair: (-broken[pair[0]], pair[0]))
    ]
    title = said("page.rules", lang)
    names = ("rule", "broken_equations", "broken_reports", "unknown_equations", "sources")
    heads = [said(f"page.column.{name}", lang) for name in names]
    return section("rules", title, table(title, heads, lines, (1, 2, 3)))


def sources(rules: Iterable[Cited], lang: Lang) -> str:
    """Return the legal sources of rules, each once."""
    found = dict.fromkeys(chain.from_iterable(each.sources for each in rules))
    return "<br>".join(shown(getattr(each, lang)) for each in found)


def _figures(results: Iterable[Result], lang: Lang) -> str:
    """Return the table of the figures that most reports have wrong, by the best explanations."""
    counts: Counter[str] = Counter()
    decided: Counter[str] = Counter()
    labels: dict[str, Label | None] = {}
    for result in results:
        for problem in result.problems:
            cells = [each.cell for each in problem.changes]
            counts.update(cells)
            decided.update(cells if problem.decided else ())
            labels |= {cell: edition(problem.edition).label(cell) for cell in cells}
    if not counts:
        return ""
    most = sorted(counts, key=lambda cell: -counts[cell])[:FIGURES]
    lines = [
        f'<tr><th scope="row">{shown(getattr(labels[cell], lang, cell))}</th>'
        f'<td class="n">{counts[cell]}</td><td class="n">{decided[cell]}</td></tr>'
        for cell in most
    ]
    title = said("page.figures", lang)
    heads = [said(f"page.column.{name}", lang) for name in ("figure", "wrong", "decided")]
    note = said("page.figures.note", lang, count=len(counts), shown=len(most))
    return section("figures", title, f"<p>{note}</p>", table(title, heads, lines, (1, 2)))


# ---- findings, each told once -------------------------------------------------------------------


def _findings(rows: Sequence[Row], lang: Lang) -> str:
    """Return what is said beside the problems: by code, each sentence once."""
    by_code: dict[tuple[Level, str], dict[str, dict[Row, None]]] = {}
    rules: dict[str, Label] = {}
    for row in rows:
        for finding in row.result.others:
            own = by_code.setdefault((finding.level, finding.code), {})
            own.setdefault(short(finding, lang), {})[row] = None
            rules.setdefault(finding.code, meaning(finding))
    if not by_code:
        return ""
    order = sorted(by_code, key=lambda key: (LEVELS.index(key[0]), -_concerned(by_code[key])))
    pieces = [_of_code(*key, rules[key[1]], by_code[key], lang) for key in order]
    return section("findings", said("page.findings", lang), *pieces)


def _concerned(sentences: Mapping[str, Mapping[Row, None]]) -> int:
    return len({row for rows in sentences.values() for row in rows})


def _of_code(
    level: Level,
    code: str,
    label: Label,
    sentences: Mapping[str, Mapping[Row, None]],
    lang: Lang,
) -> str:
    """Return the sentences of one code; those of the same reports stand together."""
    together: dict[tuple[Row, ...], list[str]] = {}
    for sentence, rows in sentences.items():
        together.setdefault(tuple(rows), []).append(sentence)
    items = [
        f"{'<br>'.join(map(shown, group))}{_named(rows, lang)}" for rows, group in together.items()
    ]
    count = said("page.count", lang, count=_concerned(sentences))
    head = (
        f'<h3><span class="level {level}">{said(level, lang)}</span> '
        f"{shown(getattr(label, lang))} <small>{code} · {count}</small></h3>"
    )
    return f'<div class="code">{head}{listed(items)}</div>'


def _named(rows: Sequence[Row], lang: Lang) -> str:
    """Return the reports that a sentence is about."""
    names = phrase("and", lang).join(row.link(lang) for row in rows)
    if len(rows) <= NAMED:
        return f'<p class="of">{names}</p>'
    count = said("page.count", lang, count=len(rows))
    return f'<details><summary>{count}</summary><p class="of">{names}</p></details>'


def _refusals(rows: Iterable[Row], lang: Lang) -> str:
    """Return the files that could not be read, by the reason."""
    reasons: dict[str, list[Row]] = {}
    for row in rows:
        if row.result.refusal is not None:
            reasons.setdefault(getattr(row.result.refusal, lang), []).append(row)
    if not reasons:
        return ""
    items = [f"{shown(reason)}{_named(own, lang)}" for reason, own in reasons.items()]
    return section("refused", said("page.refused", lang), listed(items))
