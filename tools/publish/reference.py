"""
The reference for readers, as Markdown: the form of each edition, the rules, and what changed
between the editions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import attrs
import msgspec

from govinfo_schema.checks.one_report import check
from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.formats.html import table
from govinfo_schema.documents.layout import layout
from govinfo_schema.form.forms import Form, adds_up_a_row, form
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import EDITIONS, Cell, Edition, EditionName, Rule
from govinfo_schema.messages import Label, Lang, phrase
from govinfo_schema.repair.explanations import locate
from govinfo_schema.report.access import figures, replace
from govinfo_schema.report.conversion import to_edition
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.model import Report

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


def example(of: Form) -> Report:
    """
    Make the small report that the reference and the conformance suite show: every figure filled in,
    every sum holds.

    >>> from govinfo_schema.form.forms import forms
    >>> [check(example(each)).held for each in forms()]
    [40, 42, 40]
    """
    report = blank_on(of, year=of.edition.example_year, body="某市人民政府")
    values = dict.fromkeys(of.cells, 0) | FIGURES
    for equation in sorted(of.equations, key=adds_up_a_row):
        if len(equation.right) == 1:
            values[equation.right[0]] = sum(values[cell] for cell in equation.left)
    return replace(report, values)


def spoilt(of: Form, code: str) -> Report:
    """Give the example with one figure wrong, so that a rule is broken."""
    report = example(of)
    cell = next(equation.right[0] for equation in of.equations if equation.rule.code == code)
    return replace(report, {cell: figures(report)[cell] + 3})


def pages() -> dict[str, str]:
    """Give the pages by their file names."""
    made = {f"{name}.md": "\n".join(_form(name)) for name in EDITIONS}
    return made | {"rules.md": "\n".join(_rules()), "changes.md": "\n".join(_changes())}


def _form(name: EditionName) -> Iterator[str]:
    of = edition(name)
    yield from (f"# {of.zh} · {of.en}", "", f"{of.document}", "")
    yield from (
        "表中的序号对应下面的清单。 The numbers in a table are those of the list below it.",
        "",
    )
    blocks = layout(blank_on(form(name), year=of.first_year, body="-")).blocks
    grids = {block.caption: block for block in blocks if isinstance(block, Grid)}
    for section in of.sections:
        yield from (f"## {section.zh} · {section.en}", "", _cited(section.sources), "")
        if section.zh in grids:
            cells = [of.cells[span.name] for span in grids[section.zh].spans if span.name]
            order = {
                cell.id: number
                for number, cell in enumerate(
                    sorted(cells, key=lambda cell: list(of.cells).index(cell.id)), 1
                )
            }
            spans = [
                msgspec.structs.replace(span, text=str(order[span.name])) if span.name else span
                for span in grids[section.zh].spans
            ]
            yield from (table(attrs.evolve(grids[section.zh], spans=tuple(spans))), "")
            yield from _listed([of.cells[cell] for cell in order])
    if of.undivided != of.cells:
        yield from ("## （六）其他处理只印一行 · (6) other handling as one row", "")
        yield from _listed([cell for cell in of.all_cells.values() if cell.id not in of.cells])


def _listed(cells: Sequence[Cell]) -> Iterator[str]:
    yield from (
        "| 序号 no. | id | 名称 | label | 单位 unit | 依据 source |",
        "|---|---|---|---|---|---|",
    )
    for number, cell in enumerate(cells, 1):
        yield (
            f"| {number} | `{cell.id}` | {cell.zh} | {cell.en} | {cell.unit} | "
            f"{_cited(cell.sources)} |"
        )
    yield ""


def _cited(sources: Sequence[Label]) -> str:
    return "；".join(source.zh for source in sources)


def _rules() -> Iterator[str]:
    yield from ("# 勾稽关系 · Reconciliation rules", "")
    if len({tuple(rule.code for rule in edition(name).rules) for name in EDITIONS}) == 1:
        yield (
            "两版格式的勾稽关系相同，各引其文件。 Both editions have the same rules, each from "
            "its own document."
        )
    else:
        yield (
            "各版格式的勾稽关系，各引其文件。 The rules of all editions, each from its own "
            "document."
        )
    yield ""
    newest = {rule.code: (form(name), rule) for name in EDITIONS for rule in edition(name).rules}
    for current, rule in newest.values():
        own = [equation for equation in current.equations if equation.rule == rule]
        yield from (f"## {rule.code} {rule.label.zh} · {rule.label.en}", "")
        yield from (
            f"{rule.left_label.zh} = {rule.right_label.zh}",
            "",
            f"{rule.left_label.en} = {rule.right_label.en}",
            "",
        )
        yield from ("| 项目 item | 内容 text |", "|---|---|")
        yield (
            "| 条数 equations | "
            f"{', '.join(f'{name}: {_count(name, rule)}' for name in EDITIONS)} |"
        )
        yield f"| 性质 standing | {phrase(f'standing.{rule.standing}', 'zh')} · {rule.standing} |"
        yield from (
            f"| 依据 source | {source.zh}<br>{source.en} |" for source in _sources(rule.code)
        )
        yield from (
            f"| 第一条 first equation | {_written(own[0].left)} = {_written(own[0].right)} |",
            "",
        )
        report = spoilt(current, rule.code)
        yield from ("不成立的例子 an example that breaks it:", "")
        for lang in LANGS:
            yield from (f"> {finding.message(lang)}" for finding in check(report).findings)
            yield ""
        yield from ("怎样改 how to mend it:", "")
        for lang in LANGS:
            yield from (f"> {locate(report)[0].message(current.name, lang)}", "")


def _count(name: EditionName, rule: Rule) -> int:
    return sum(equation.rule.code == rule.code for equation in form(name).equations)


def _sources(code: str) -> list[Label]:
    return [
        source
        for name in EDITIONS
        for rule in edition(name).rules
        if rule.code == code
        for source in rule.sources
    ]


def _written(cells: Sequence[str]) -> str:
    return " + ".join(f"`{cell}`" for cell in cells)


def _changes() -> Iterator[str]:
    for old, new in pairwise(map(edition, EDITIONS)):
        yield from _changes_between(old, new)


def _changes_between(old: Edition, new: Edition) -> Iterator[str]:
    steps = to_edition(blank_on(form(old.name), year=old.example_year, body="-"), new.name).steps
    yield from (f"# {old.zh} → {new.zh}", "", f"{old.document} → {new.document}", "")
    call = f'`gs.to_edition(report, "{new.name}")`'
    yield (
        f"{call} 按此转换，逐项说明去向，不添造数字。 "
        "It converts by this table and invents nothing."
    )
    yield ""
    for fate in ("moved", "dropped", "unknown"):
        yield from (f"## {phrase(f'fate.{fate}', 'zh')} · {phrase(f'fate.{fate}', 'en')}", "")
        yield from (f"| {old.name} | {new.name} | 说明 | why |", "|---|---|---|---|")
        for step in (step for step in steps if step.fate == fate):
            before, after = (None, step.cell) if fate == "unknown" else (step.cell, step.to)
            yield f"| {_side(old, before)} | {_side(new, after)} | {step.why.zh} | {step.why.en} |"
        yield ""
    carried = sum(step.fate == "carried" for step in steps)
    yield from (f"## {phrase('fate.carried', 'zh')} · {phrase('fate.carried', 'en')}", "")
    yield (
        f"{carried} 项两版相同；（六）其他处理仍为一行。 "
        f"{carried} figures are the same in both; (6) other handling stays one row."
        if form(old.name) is form(old.name).coarse
        else f"{carried} 项两版相同。 {carried} figures are the same in both."
    )
    yield ""


def _side(of: Edition, cell: str | None) -> str:
    return f"`{cell}`<br>{of.cell(cell).zh}" if cell else ""
