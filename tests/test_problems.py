"""
One problem is one line: the findings of check that belong together, what they share, and the marks.
"""

from __future__ import annotations

import random
from itertools import combinations

import pytest
from reports import SHAPES

import govinfo_schema as gs
from govinfo_schema.form.parts import EditionName
from govinfo_schema.repair.problems import is_broken
from govinfo_schema.testing import KINDS


def spoilt(seed: int, edition: EditionName, undivided: bool) -> gs.Report | None:
    """Damage a random report in one to three ways, with blanks in every third one."""
    dice = random.Random(seed)
    report: gs.Report = gs.generate(seed, edition, undivided=undivided)
    try:
        for kind in dice.choices(KINDS, k=dice.randint(1, 3)):
            report = gs.damage(report, kind, seed).report
    except ValueError:
        return None
    if seed % 3 == 0:
        cells = [cell for cell, value in gs.walk(report) if value is not None]
        report = gs.replace(report, dict.fromkeys(dice.sample(cells, dice.randint(1, 9))))
    return report


def name(equation: gs.Equation) -> tuple[str, tuple[str, ...]]:
    """Name an equation of a form."""
    return equation.rule.code, equation.right


@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
def test_every_broken_finding_is_in_one_problem(edition: EditionName, undivided: bool) -> None:
    """
    Each finding of check about a broken sum is in exactly one problem; the changes of each problem,
    made alone, mend its sums and no others, and those of all together leave none broken.
    """
    several = 0
    for seed in range(150):
        report = spoilt(seed, edition, undivided)
        if report is None:
            continue
        for blanks in ("unknown", "zero") if seed % 3 == 0 else ("unknown",):
            assessment = gs.check(report, blanks)
            problems = gs.problems(report, blanks)
            several += len(problems) > 1
            findings = [each for each in assessment.findings if is_broken(each)]
            told = [each for problem in problems for each in problem.findings]
            assert sorted(map(findings.index, told)) == list(range(len(findings)))
            after = report
            for each in problems:
                alone = gs.check(gs.replace(report, each.suspects), blanks)
                left = set(map(name, assessment.broken)) - set(map(name, each.equations))
                assert set(map(name, alone.broken)) == left
                after = gs.replace(after, each.suspects)
            assert not gs.check(after, blanks).broken
            for one, other in combinations(problems, 2):
                assert not one.suspects.keys() & other.suspects.keys()
    assert several > 10
