"""Check one report: do the sums of the form hold, which do not, and which cannot be known for blanks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import attrs

from govinfo_schema.cells import walk
from govinfo_schema.edition import EditionName, edition
from govinfo_schema.findings import Assessment, Equation, Finding, Label, gap, joined, side, spoken
from govinfo_schema.model import Report, Report2019, Report2021, is_undivided
from govinfo_schema.once import once
from govinfo_schema.rules import compiled, equations, evaluate, rule_set

Blanks = Literal["unknown", "zero"]


def check(report: Report, blanks: Blanks = "unknown") -> Assessment:
    """
    Check the reconciliation rules (勾稽关系) of a report, and nothing else.

    Blank: an equation with a blank cell is *unknown*, not broken; with ``blanks="zero"`` a blank counts as 0.
    Returns: an Assessment; broken equations that one wrong figure explains are one finding.
    Raises: TypeError if *report* is no report, ValueError if *blanks* is neither of the two.

    >>> import govinfo_schema as gs
    >>> empty = gs.blank("2021", year=2024, body="某市人民政府")
    >>> [len(gs.check(empty).unknown), gs.check(empty, blanks="zero").held]
    [42, 42]
    """
    if blanks not in ("unknown", "zero"):
        raise ValueError(f"blanks is 'unknown' or 'zero', not {blanks!r}")
    if not isinstance(report, (Report2019, Report2021)):
        raise TypeError(f"check takes a report, not {type(report).__name__}; make one with loads or from_dict")
    undivided = is_undivided(report)
    try:
        if not any(compiled(report.edition, undivided)(report)):
            return _clean(report.edition, undivided)
    except TypeError:
        pass
    return _assess(report.edition, dict(walk(report)), equations(report.edition, undivided), blanks)


@once
def _clean(name: EditionName, undivided: bool) -> Assessment:
    return Assessment(findings=(), held=len(equations(name, undivided)), broken=(), unknown=(), rule_set=rule_set(name))


def _assess(name: EditionName, values: Mapping[str, int | None], sums: Sequence[Equation], blanks: Blanks) -> Assessment:
    known = {cell: value or 0 for cell, value in values.items()}
    outcomes = [_evaluated(each, values, known, blanks) for each in sums]
    broken = tuple(each for each in outcomes if each.difference)
    unknown = tuple(each for each in outcomes if each.difference is None)
    position = {each: index for index, each in enumerate(outcomes)}
    found = [*_problems(name, values, [each for each in outcomes if each.difference is not None])]
    found += [((each,), _blank_finding(name, each)) for each in unknown]
    found.sort(key=lambda pair: position[pair[0][0]])
    return Assessment(
        findings=tuple(finding for _, finding in found),
        held=len(outcomes) - len(broken) - len(unknown),
        broken=broken,
        unknown=unknown,
        rule_set=rule_set(name),
    )


def _evaluated(each: Equation, values: Mapping[str, int | None], known: Mapping[str, int], blanks: Blanks) -> Equation:
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
    name: EditionName, values: Mapping[str, int | None], known: Sequence[Equation]
) -> Iterable[tuple[tuple[Equation, ...], Finding]]:
    """
    Group broken equations: where one figure explains two or more of them, they are one problem with its symptoms.

    Where two figures lay claim to one equation with equal right, neither gets it: the equations then stand alone.
    """
    left = {each for each in known if each.difference}
    suspects = _suspects(values, known)
    for size in sorted({len(symptoms) for _, symptoms in suspects}, reverse=True):
        rivals = [pair for pair in suspects if len(pair[1]) == size and left.issuperset(pair[1])]
        claims = Counter(each for _, symptoms in rivals for each in symptoms)
        for figures, symptoms in rivals:
            if all(claims[each] == 1 for each in symptoms):
                left.difference_update(symptoms)
                yield symptoms, _figure_finding(name, values, figures, symptoms)
    for each in left:
        yield (each,), _sum_finding(name, values, each)


def _suspects(
    values: Mapping[str, int | None], known: Sequence[Equation]
) -> list[tuple[tuple[tuple[str, int], ...], tuple[Equation, ...]]]:
    """
    Find the figures that, wrong by one number, explain every one of their equations, in printed order.

    Figures that blanks leave with the same equations and the same coefficients stand together: arithmetic cannot tell them apart.
    """
    counts = Counter(cell for each in known if each.difference for cell in (*each.left, *each.right))
    containing: dict[str, list[tuple[Equation, int]]] = {cell: [] for cell in values if counts[cell] > 1}
    for each in known:
        for side_of, coefficient in ((each.left, 1), (each.right, -1)):
            for cell in containing.keys() & side_of:
                containing[cell].append((each, coefficient))
    groups: dict[tuple[Equation, ...], list[tuple[str, int]]] = {}
    for cell, own in containing.items():
        errors = {(each.difference or 0) * coefficient for each, coefficient in own}
        if len(errors) != 1:
            continue
        (error,) = errors
        should_be = (values[cell] or 0) - error
        if error and should_be >= 0:
            groups.setdefault(tuple(each for each, _ in own), []).append((cell, should_be))
    return [(tuple(cells), symptoms) for symptoms, cells in groups.items()]


def _figure_finding(
    name: EditionName,
    values: Mapping[str, int | None],
    suspects: tuple[tuple[str, int], ...],
    symptoms: tuple[Equation, ...],
) -> Finding:
    form = edition(name)
    figures = [spoken("figure", name=form.label(cell), found=_shown(values[cell]), should_be=should_be) for cell, should_be in suspects]
    sums = [spoken("symptom", where=each.where, rule_label=each.rule.label, left=each.left_sum, right=each.right_sum) for each in symptoms]
    only, should_be = suspects[0]
    found = values[only] or 0
    single = len(suspects) == 1
    return Finding(
        code="CELL",
        level=symptoms[0].rule.level,
        cells=tuple(cell for cell, _ in suspects),
        left=found if single else None,
        right=should_be if single else None,
        difference=found - should_be if single else None,
        rule=symptoms[0].rule,
        symptoms=symptoms,
        operands={"figures": joined("or", figures), "count": len(symptoms), "sums": joined("semicolon", sums)},
    )


def _sum_finding(name: EditionName, values: Mapping[str, int | None], each: Equation) -> Finding:
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
            "left_side": _side(name, values, each, each.left, each.rule.left_label),
            "right_side": _side(name, values, each, each.right, each.rule.right_label),
            "gap": gap(difference),
        },
    )


def _side(name: EditionName, values: Mapping[str, int | None], each: Equation, cells: tuple[str, ...], label: Label) -> Label:
    return side(label, [(_short(name, each, cell), values[cell]) for cell in cells])


def _blank_finding(name: EditionName, each: Equation) -> Finding:
    names = joined("and", [_short(name, each, cell) for cell in each.blanks])
    return Finding(
        code="BLANK",
        level="info",
        cells=each.blanks,
        rule=each.rule,
        symptoms=(each,),
        operands={"where": each.where, "rule_label": each.rule.label, "names": names},
    )


def _short(name: EditionName, each: Equation, cell_id: str) -> Label:
    """Name a cell inside its equation: by its row where the equation runs down a column, by its column where it runs along a row."""
    cell = edition(name).cell(cell_id)
    return cell.row.path if _runs_down(each.left) else Label(cell.column.zh, cell.column.en)


def _runs_down(cells: tuple[str, ...]) -> bool:
    return len({cell.rpartition(".")[2] for cell in cells}) == 1


def _shown(value: int | None) -> Label:
    return spoken("found.null") if value is None else Label(str(value), str(value))
