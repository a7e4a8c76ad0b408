"""The reference for readers, as Markdown: the form of each edition, the rules, and what changed between the editions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from govinfo_schema.cells import replace, walk
from govinfo_schema.check import check
from govinfo_schema.conversion import Step, to_edition
from govinfo_schema.document import Grid
from govinfo_schema.edition import EDITIONS, Cell, EditionName, Rule, edition
from govinfo_schema.explanations import locate
from govinfo_schema.findings import Label, Lang, phrase
from govinfo_schema.formats.html import table
from govinfo_schema.layout import layout
from govinfo_schema.model import Report, blank
from govinfo_schema.rules import equations

FIGURES: dict[str, int] = {
    "applications.received.natural_person": 3,
    "applications.received.commercial_enterprise": 1,
    "applications.brought_forward.natural_person": 1,
    "applications.outcomes.granted.natural_person": 2,
    "applications.outcomes.unable_to_provide.not_held.natural_person": 1,
    "applications.outcomes.withheld.state_secret.commercial_enterprise": 1,
    "applications.carried_forward.natural_person": 1,
    "disputes.reconsideration.upheld": 2,
    "disputes.reconsideration.pending": 1,
    "disputes.litigation.direct.other": 1,
}
"""The figures of the example that are not zero, but for the totals."""
LANGS: tuple[Lang, Lang] = ("zh", "en")


def example(name: EditionName, *, undivided: bool = False) -> Report:
    """
    Make the small report that the reference and the conformance suite show: every figure filled in, every sum holds.

    >>> check(example("2019")).held, check(example("2021", undivided=True)).held
    (40, 40)
    """
    report = blank(name, year=2024 if name == "2021" else 2020, body="某市人民政府", undivided=undivided)
    values = dict.fromkeys(dict(walk(report)), 0) | FIGURES
    for each in sorted(equations(name, undivided or name == "2019"), key=lambda each: each.rule.code == "B-ROW"):
        if len(each.right) == 1:
            values[each.right[0]] = sum(values[cell] for cell in each.left)
    return replace(report, values)


def spoilt(name: EditionName, code: str, *, undivided: bool = False) -> Report:
    """Give the example with one figure wrong, so that a rule is broken."""
    report = example(name, undivided=undivided)
    each = next(each for each in equations(name, undivided or name == "2019") if each.rule.code == code)
    return replace(report, {each.right[0]: dict(walk(report))[each.right[0]] + 3})


def pages() -> dict[str, str]:
    """Give the pages by their file names."""
    made = {f"{name}.md": "\n".join(_form(name)) for name in EDITIONS}
    return made | {"rules.md": "\n".join(_rules()), "changes.md": "\n".join(_changes())}


def _form(name: EditionName) -> Iterator[str]:
    form = edition(name)
    yield from (f"# {form.zh} · {form.en}", "", f"{form.document}", "")
    yield from ("表中的序号对应下面的清单。 The numbers in a table are those of the list below it.", "")
    blocks = layout(blank(name, year=form.first_year, body="-")).blocks
    grids = {block.caption: block for block in blocks if isinstance(block, Grid)}
    for section in form.sections:
        yield from (f"## {section.zh} · {section.en}", "", _cited(section.sources), "")
        if section.zh in grids:
            cells = [form.cells[span.name] for span in grids[section.zh].spans if span.name]
            order = {cell.id: number for number, cell in enumerate(sorted(cells, key=lambda cell: list(form.cells).index(cell.id)), 1)}
            spans = [attrs.evolve(span, text=str(order[span.name])) if span.name else span for span in grids[section.zh].spans]
            yield from (table(attrs.evolve(grids[section.zh], spans=tuple(spans))), "")
            yield from _listed([form.cells[cell] for cell in order])
    if form.undivided != form.cells:
        yield from ("## （六）其他处理只印一行 · (6) other handling as one row", "")
        yield from _listed([cell for cell in form.undivided.values() if cell.id not in form.cells])


def _listed(cells: Sequence[Cell]) -> Iterator[str]:
    yield from ("| | id | 名称 | label | 单位 unit | 依据 source |", "|---|---|---|---|---|---|")
    for number, cell in enumerate(cells, 1):
        yield f"| {number} | `{cell.id}` | {cell.zh} | {cell.en} | {cell.unit} | {_cited(cell.sources)} |"
    yield ""


def _cited(sources: Sequence[Label]) -> str:
    return "；".join(source.zh for source in sources)


def _rules() -> Iterator[str]:
    yield from ("# 勾稽关系 · Reconciliation rules", "")
    yield from ("两版格式的勾稽关系相同，各引其文件。 Both editions have the same rules, each from its own document.", "")
    for rule in edition("2021").rules:
        own = [each for each in equations("2021") if each.rule == rule]
        yield from (f"## {rule.code} {rule.label.zh} · {rule.label.en}", "")
        yield from (f"{rule.left_label.zh} = {rule.right_label.zh}", "", f"{rule.left_label.en} = {rule.right_label.en}", "")
        yield from ("| | |", "|---|---|")
        yield f"| 条数 equations | {', '.join(f'{name}: {_count(name, rule)}' for name in EDITIONS)} |"
        yield f"| 性质 standing | {phrase(f'standing.{rule.standing}', 'zh')} · {rule.standing} |"
        yield from (f"| 依据 source | {source.zh}<br>{source.en} |" for source in _sources(rule.code))
        yield from (f"| 第一条 first equation | {_written(own[0].left)} = {_written(own[0].right)} |", "")
        report = spoilt("2021", rule.code)
        yield from ("不成立的例子 an example that breaks it:", "")
        for lang in LANGS:
            yield from (f"> {finding.message(lang)}" for finding in check(report).findings)
            yield ""
        yield from ("怎样改 how to mend it:", "")
        for lang in LANGS:
            yield from (f"> {locate(report)[0].message('2021', lang)}", "")


def _count(name: EditionName, rule: Rule) -> int:
    return sum(each.rule.code == rule.code for each in equations(name))


def _sources(code: str) -> list[Label]:
    return [source for name in EDITIONS for rule in edition(name).rules if rule.code == code for source in rule.sources]


def _written(cells: Sequence[str]) -> str:
    return " + ".join(f"`{cell}`" for cell in cells)


def _changes() -> Iterator[str]:
    old, new = (edition(name) for name in EDITIONS)
    steps = to_edition(blank("2019", year=2020, body="-"), "2021").steps
    yield from (f"# {old.zh} → {new.zh}", "", f"{old.document} → {new.document}", "")
    yield from ('`gs.to_edition(report, "2021")` 按此转换，逐项说明去向，不添造数字。 It converts by this table and invents nothing.', "")
    for fate in ("moved", "dropped", "unknown"):
        yield from (f"## {phrase(f'fate.{fate}', 'zh')} · {phrase(f'fate.{fate}', 'en')}", "")
        yield from ("| 2019 | 2021 | 说明 | why |", "|---|---|---|---|")
        for step in (each for each in steps if each.fate == fate):
            yield f"| {_side(step, fate, old=True)} | {_side(step, fate, old=False)} | {step.why.zh} | {step.why.en} |"
        yield ""
    carried = sum(step.fate == "carried" for step in steps)
    yield from (f"## {phrase('fate.carried', 'zh')} · {phrase('fate.carried', 'en')}", "")
    yield f"{carried} 项两版相同；（六）其他处理仍为一行。 {carried} figures are the same in both; (6) other handling stays one row."
    yield ""


def _side(step: Step, fate: str, *, old: bool) -> str:
    cell = (step.cell if fate != "unknown" else None) if old else (step.to if fate != "unknown" else step.cell)
    return f"`{cell}`<br>{edition('2019' if old else '2021').cell(cell).zh}" if cell else ""
