"""
What the library says, as plain lines: codes, levels, cells, values and places; no sentence and no
label.

A case says several things (``Facts``): the findings, the report, where each figure was read. Each
is some lines, kept as a digest of its own, so that a change shows in which of them it is.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import msgspec

import govinfo_schema as gs

Facts = dict[str, list[str]]
"""The name of what was said -> its lines."""


# ---- lines --------------------------------------------------------------------------------------


def line(**facts: Any) -> str:
    """Write facts as one line of JSON, without those that are empty."""
    told = {name: fact for name, fact in facts.items() if fact not in (None, (), [], {}, "")}
    return json.dumps(told, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{value!r} is no plain value")


def number(value: Any) -> str | None:
    """Write a figure as it is printed, whether it is a count or an amount."""
    return None if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


# ---- what each answer of the library says -------------------------------------------------------


def finding_facts(findings: Iterable[gs.Finding]) -> Facts:
    """
    Give the findings in their order, and apart from them the operands that are in no language.
    """
    told = tuple(findings)
    return {
        "findings": [_finding(each) for each in told],
        "operands": [line(code=each.code, **_operands(each)) for each in told if _operands(each)],
    }


def _finding(finding: gs.Finding) -> str:
    return line(
        code=finding.code,
        level=finding.level,
        rule=finding.rule.code if finding.rule else None,
        standing=finding.rule.standing if finding.rule else None,
        cells=finding.cells,
        reports=finding.reports,
        quote=attrs.asdict(finding.quote) if finding.quote else None,
        left=number(finding.left),
        right=number(finding.right),
        difference=number(finding.difference),
        symptoms=[_equation(each) for each in finding.symptoms],
    )


def _operands(finding: gs.Finding) -> dict[str, Any]:
    """
    Keep numbers, dates and what stood in a document; what is said in both languages is a label.
    """
    plain = (int, str, Decimal, date)
    return {
        f"operand {name}": fact
        for name, fact in sorted(finding.operands.items())
        if isinstance(fact, plain)
        or (isinstance(fact, tuple) and all(isinstance(each, plain) for each in fact))
    }


def _equation(equation: gs.Equation) -> list[Any]:
    sums = (equation.left_sum, equation.right_sum, equation.difference)
    sides = (equation.left, equation.right, equation.blanks)
    return [equation.rule.code, *sides, *map(number, sums)]


def equation_lines(equations: Iterable[gs.Equation]) -> list[str]:
    """Give a line for each equation: its rule, its sides, its blanks and its sums."""
    return [line(equation=_equation(each)) for each in equations]


def assessment_facts(assessment: gs.Assessment) -> Facts:
    """Give what ``check`` says."""
    rules = attrs.asdict(assessment.rule_set)
    return {
        **finding_facts(assessment.findings),
        "broken": equation_lines(assessment.broken),
        "unknown": equation_lines(assessment.unknown),
        "verdict": [line(ok=assessment.ok, held=assessment.held, rules=rules)],
    }


def explanation_facts(explanations: gs.Explanations) -> Facts:
    """Give what ``locate`` says: each explanation with its changes, its patch and why."""
    whole = line(exhaustive=explanations.exhaustive, decided=explanations.decided)
    return {
        "search": [whole],
        "mends": equation_lines(explanations[0].mends) if explanations else [],
        "explanations": [
            line(
                causes=each.causes,
                support=each.support,
                reason=each.reason.code if each.reason else None,
                changes=[[change.cell, change.found, change.should_be] for change in each.changes],
                mends=[[equation.rule.code, *equation.right] for equation in each.mends],
                patch=each.patch,
            )
            for each in explanations
        ],
    }


def completion_facts(completion: gs.Completion) -> Facts:
    """Give what ``complete`` says."""
    derived = [line(cell=cell, value=value) for cell, value in completion.derived.items()]
    return {
        "derived": derived,
        "left": list(completion.left),
        "report": report_lines(completion.report),
    }


def conversion_facts(conversion: gs.Conversion) -> Facts:
    """Give what ``to_edition`` says."""
    steps = [
        line(cell=each.cell, fate=each.fate, to=each.to, value=number(each.value))
        for each in conversion.steps
    ]
    return {"steps": steps, "report": report_lines(conversion.report)}


def reading_facts(reading: gs.Reading) -> Facts:
    """Give what was read: the report, where each figure stood, and what is doubtful."""
    sources = [
        line(cell=cell, text=source.text, place=_place(source.place))
        for cell, source in sorted(reading.sources.items())
    ]
    return {
        **finding_facts(reading.findings),
        "report": report_lines(reading.report),
        "sources": sources,
    }


def _place(place: Any) -> dict[str, Any]:
    facts = msgspec.structs.asdict(place)
    facts.pop("locator", None)  # where to mend a figure says nothing of how it was read
    return {name: value for name, value in facts.items() if value is not None}


def report_lines(report: gs.Report) -> list[str]:
    """Give a report as one line for each of its values, in the order of its JSON."""
    return [
        f"{path} = {value}"
        for path, value in _values(json.loads(gs.dumps(report), parse_float=str))
    ]


def _values(node: Any, above: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, dict) and node:
        for key, value in node.items():
            yield from _values(value, f"{above}.{key}" if above else key)
    elif isinstance(node, list) and node:
        for at, value in enumerate(node):
            yield from _values(value, f"{above}.{at}")
    else:
        yield above, json.dumps(node, ensure_ascii=False)


def or_refusal(answer: Callable[[], Facts]) -> Facts:
    """
    Give what the library says, or what it refuses: the findings of data, the kind of any other
    error.
    """
    try:
        return answer()
    except gs.InvalidReport as error:
        return {"refused": [line(error="InvalidReport")], **finding_facts(error.findings)}
    except gs.InvalidValue as error:
        return {"refused": [line(error="InvalidValue", field=error.field)]}
    except gs.Error as error:
        public = [each.__name__ for each in type(error).__mro__ if each.__name__ in gs.__all__]
        return {"refused": [line(error=public[0])]}


# ---- digests ------------------------------------------------------------------------------------


def digests(facts: Facts) -> dict[str, str]:
    """Give a short digest of each thing that was said, and ``says``: the codes, counted."""
    told = {
        name: hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]
        for name, lines in sorted(facts.items())
        if lines
    }
    return {**told, "says": says(facts)}


def says(facts: Facts) -> str:
    """Count what a case says in words short enough to read in a list of changes."""
    told = [json.loads(each) for each in facts.get("findings", ())]
    codes = Counter(f"{each['code']} {each['level']}" for each in told)
    named = Counter[str]()
    for each in told:
        named[f"{each['code']} {each['level']}"] += len(each.get("cells", ()))
    parts = [f"{code}×{count}/{named[code]}" for code, count in sorted(codes.items())]
    refused = Counter(json.loads(each)["error"] for each in facts.get("refused", ()))
    parts += [f"{error}×{count}" for error, count in sorted(refused.items())]
    counted = ("broken", "unknown", "derived", "left", "steps", "explanations")
    parts += [f"{len(facts[name])} {name}" for name in counted if facts.get(name)]
    return ", ".join(parts)
