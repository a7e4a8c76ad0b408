"""``check``: which equations of one report hold, which are broken, which are unknown for blanks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import attrs

from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.data.once import once
from govinfo_schema.findings import Equation, Finding, RuleSet, gap, side
from govinfo_schema.form import ids
from govinfo_schema.form.equations import evaluate
from govinfo_schema.form.forms import Form
from govinfo_schema.messages import Label, joined, spoken
from govinfo_schema.report.access import figures, form_of
from govinfo_schema.report.given import check_report
from govinfo_schema.report.model import Report

Blanks = Literal["unknown", "zero"]
"""
What a blank cell makes of its equations: *unknown*, or sums in which it counts as 0.

>>> import govinfo_schema as gs
>>> blanks: gs.Blanks = "zero"
>>> gs.check(gs.blank("2021", year=2024, body="某市人民政府"), blanks=blanks).held
42
"""


def check(report: Report, blanks: Blanks = "unknown") -> Assessment:
    """
    Check the reconciliation rules (勾稽关系) of a report, and nothing else.

    Blank: an equation with a blank cell is *unknown*, not broken; with ``blanks="zero"`` a blank
    counts as 0.
    Returns: an Assessment; broken equations that one wrong figure explains are one finding.
    Raises: TypeError if *report* is no report, ValueError if *blanks* is neither of the two.

    >>> import govinfo_schema as gs
    >>> empty = gs.blank("2021", year=2024, body="某市人民政府")
    >>> [len(gs.check(empty).unknown), gs.check(empty, blanks="zero").held]
    [42, 42]
    """
    check_blanks(blanks)
    check_report(report, "check")
    form = form_of(report)
    try:
        if not any(form.differences(report)):
            count, rules = _clean(form)
            return Assessment(
                findings=(), held=count, broken=(), unknown=(), rule_set=rules, report=report
            )
    except TypeError:
        pass
    return _assess(report, form, blanks)


def check_blanks(blanks: str) -> None:
    """
    Check what a caller says that blanks make of equations.

    Raises: ValueError.
    """
    if blanks not in ("unknown", "zero"):
        raise ValueError(f"blanks is 'unknown' or 'zero', not {blanks!r}")


@once
def _clean(form: Form) -> tuple[int, RuleSet]:
    """Return how many equations a report without a fault holds, and the rules."""
    return len(form.equations), form.rule_set


def _assess(report: Report, form: Form, blanks: Blanks) -> Assessment:
    values = figures(report)
    known = {cell: value or 0 for cell, value in values.items()}
    outcomes = [_evaluated(equation, values, known, blanks) for equation in form.equations]
    broken = tuple(equation for equation in outcomes if equation.difference)
    unknown = tuple(equation for equation in outcomes if equation.difference is None)
    position = {equation: index for index, equation in enumerate(outcomes)}
    problems = [
        *_problems(
            form, values, [equation for equation in outcomes if equation.difference is not None]
        )
    ]
    problems += [((equation,), _blank_finding(form, equation)) for equation in unknown]
    problems.sort(key=lambda problem: position[problem[0][0]])
    return Assessment(
        findings=tuple(finding for _, finding in problems),
        held=len(outcomes) - len(broken) - len(unknown),
        broken=broken,
        unknown=unknown,
        rule_set=form.rule_set,
        report=report,
    )


def _evaluated(
    each: Equation, values: Mapping[str, int | None], known: Mapping[str, int], blanks: Blanks
) -> Equation:
    empty = tuple(cell for cell in (*each.left, *each.right) if values[cell] is None)
    if empty and blanks == "unknown":
        return attrs.evolve(each, blanks=empty)
    (difference,) = evaluate([each], known)
    left = sum([known[cell] for cell in each.left])
    # Written out: attrs.evolve takes five times as long, and this runs 42 times a report.
    return Equation(
        rule=each.rule,
        where=each.where,
        left=each.left,
        right=each.right,
        left_sum=left,
        right_sum=left - difference,
        difference=difference,
        blanks=empty,
    )


def _problems(
    form: Form, values: Mapping[str, int | None], known: Sequence[Equation]
) -> Iterable[tuple[tuple[Equation, ...], Finding]]:
    """
    Group broken equations: those that one figure explains are one problem with its symptoms.

    If two figures explain the same equation equally well, neither gets it: the equations then stand
    alone.
    """
    left = {each for each in known if each.difference}
    suspects = _suspects(values, known)
    for size in sorted({len(symptoms) for _, symptoms in suspects}, reverse=True):
        rivals = [pair for pair in suspects if len(pair[1]) == size and left.issuperset(pair[1])]
        claims = Counter(each for _, symptoms in rivals for each in symptoms)
        for cells, symptoms in rivals:
            if all(claims[each] == 1 for each in symptoms):
                left.difference_update(symptoms)
                yield symptoms, _figure_finding(form, values, cells, symptoms)
    for each in left:
        yield (each,), _sum_finding(form, values, each)


def _suspects(
    values: Mapping[str, int | None], known: Sequence[Equation]
) -> list[tuple[tuple[tuple[str, int], ...], tuple[Equation, ...]]]:
    """
    Return the figures that alone, wrong by one number, explain all their broken equations.

    They are in printed order. Figures that, because of blanks, are left with the same equations and
    the same coefficients are listed together: arithmetic cannot distinguish them.
    """
    counts = Counter(
        cell for each in known if each.difference for cell in (*each.left, *each.right)
    )
    containing: dict[str, list[tuple[Equation, int]]] = {
        cell: [] for cell in values if counts[cell] > 1
    }
    for each in known:
        for side_of, coefficient in ((each.left, 1), (each.right, -1)):
            for cell in containing.keys() & side_of:
                containing[cell].append((each, coefficient))
    groups: dict[tuple[Equation, ...], list[tuple[str, int]]] = {}
    for cell, terms in containing.items():
        errors = {(each.difference or 0) * coefficient for each, coefficient in terms}
        if len(errors) != 1:
            continue
        (error,) = errors
        should_be = (values[cell] or 0) - error
        if error and should_be >= 0:
            groups.setdefault(tuple(each for each, _ in terms), []).append((cell, should_be))
    return [(tuple(cells), symptoms) for symptoms, cells in groups.items()]


def _figure_finding(
    form: Form,
    values: Mapping[str, int | None],
    suspects: tuple[tuple[str, int], ...],
    symptoms: tuple[Equation, ...],
) -> Finding:
    figures = [
        spoken(
            "figure" if values[cell] is not None else "figure.blank",
            name=form.edition.label(cell),
            found=values[cell],
            should_be=should_be,
        )
        for cell, should_be in suspects
    ]
    sums = [
        spoken(
            "symptom",
            where=each.where,
            rule_label=each.rule.label,
            left=each.left_sum,
            right=each.right_sum,
        )
        for each in symptoms
    ]
    only, should_be = suspects[0]
    value = values[only] or 0
    single = len(suspects) == 1
    return Finding(
        code="CELL",
        level=symptoms[0].rule.level,
        cells=tuple(cell for cell, _ in suspects),
        left=value if single else None,
        right=should_be if single else None,
        difference=value - should_be if single else None,
        rule=symptoms[0].rule,
        symptoms=symptoms,
        operands={
            "figures": joined("or", figures),
            "count": len(symptoms),
            "sums": joined("semicolon", sums),
        },
    )


def _sum_finding(form: Form, values: Mapping[str, int | None], each: Equation) -> Finding:
    difference = each.difference or 0
    return Finding(
        code=each.rule.code,
        level=each.rule.level,
        cells=(*each.left, *each.right),
        left=each.left_sum,
        right=each.right_sum,
        difference=each.difference,
        rule=each.rule,
        symptoms=(each,),
        operands={
            "where": each.where,
            "left_side": _side(form, values, each, each.left, each.rule.left_label),
            "right_side": _side(form, values, each, each.right, each.rule.right_label),
            "gap": gap(difference),
        },
    )


def _side(
    form: Form,
    values: Mapping[str, int | None],
    each: Equation,
    cells: tuple[str, ...],
    label: Label,
) -> Label:
    return side(label, [(_short(form, each, cell), values[cell]) for cell in cells])


def _blank_finding(form: Form, each: Equation) -> Finding:
    names = joined("and", [_short(form, each, cell) for cell in each.blanks])
    return Finding(
        code="BLANK",
        level="info",
        cells=each.blanks,
        rule=each.rule,
        symptoms=(each,),
        operands={"where": each.where, "rule_label": each.rule.label, "names": names},
    )


def _short(form: Form, each: Equation, cell_id: str) -> Label:
    """
    Return the short name of a cell in its equation.

    The name of its row in an equation over a column, that of its column in an equation over a row.
    """
    cell = form.cells[cell_id]
    return cell.row.path if _runs_down(each.left) else Label(cell.column.zh, cell.column.en)


def _runs_down(cells: tuple[str, ...]) -> bool:
    return len({ids.column_of(cell) for cell in cells}) == 1
