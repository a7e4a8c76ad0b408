"""
How well, and how fast, wrong figures are found: recall and precision by kind of damage, and the
time beside HiGHS alone.

Recall: the true explanation is among the answers. First: it is the best of them. Decided: it is the
only one. Every answer is applied and checked. Then the slowest of many reports of each shape with 1
to 40 wrong figures, beside ``loads`` of the same report.

``python benchmarks/localisation.py 300`` takes 300 damaged reports for each kind and each shape;
without a number it takes 40.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import highspy

import govinfo_schema as gs
from govinfo_schema.form.parts import EditionName
from govinfo_schema.repair.plans import plans
from govinfo_schema.report.access import figures
from govinfo_schema.report.values import MAX_COUNT
from govinfo_schema.testing import KINDS

REPORTS = int(sys.argv[1]) if len(sys.argv) > 1 else 40
"""Damaged reports for each kind and each shape."""
SHAPES: tuple[tuple[EditionName, bool], ...] = (("2019", False), ("2021", False), ("2021", True))
"""The editions of the form, and whether （六） is one row."""
MOST = {1: 1.0, 2: 5.0, 3: 50.0}
"""The median that so many wrong figures may take, in milliseconds."""
LONGEST = 2.0
"""What any report with up to 40 wrong figures may take, in seconds."""


def main() -> None:
    """Print the three tables."""
    print(
        f"{'damage':<14}{'reports':>8}{'recall':>8}{'first':>8}{'decided':>8}{'clean':>7}{'ms':>8}"
    )
    for kind in KINDS:
        spoilt = []
        for seed in range(REPORTS):
            try:
                spoilt.append(gs.damage(gs.generate(seed), kind, seed))
            except ValueError:
                continue
        measure(kind, [(each.report, dict(each.right)) for each in spoilt])
    print(f"\n{'wrong figures':<14}{'ms':>8}{'at most':>9}{'HiGHS ms':>10}{'ratio':>8}")
    for count in (1, 2, 3):
        several = [replaced(seed, count) for seed in range(60)]
        own, solver = (
            statistics.median(timed(work, each) for each in several) * 1000
            for work in (gs.locate, by_solver)
        )
        print(f"{count:<14}{own:>8.2f}{MOST[count]:>9.0f}{solver:>10.1f}{own / solver:>8.3f}")
    print(
        f"\n{'1 to 40 wrong':<16}{'reports':>8}{'slowest ms':>12}"
        f"{'at most':>9}{'figures':>9}{'loads ms':>10}{'ratio':>8}"
    )
    for name, undivided in SHAPES:
        slowest, count, loading = max(slowness(seed, name, undivided) for seed in range(REPORTS))
        shape = f"{name}{', undivided' if undivided else ''}"
        times = f"{slowest * 1000:>12.0f}{LONGEST * 1000:>9.0f}{count:>9}{loading * 1000:>10.3f}"
        print(f"{shape:<16}{REPORTS:>8}{times}{slowest / loading:>8.0f}")


def measure(kind: str, spoilt: list[tuple[gs.Report, dict[str, int]]]) -> None:
    """Print one line: what was found of one kind of damage."""
    found = first = decided = clean = 0
    taken = []
    for report, right in spoilt:
        taken.append(timed(gs.locate, report))
        answers = gs.locate(report)
        sets = [{change.cell: change.should_be for change in each.changes} for each in answers]
        found += right in sets
        first += sets[:1] == [right]
        decided += answers.decided
        clean += all(not gs.check(each.apply(report)).broken for each in answers)
    share = [
        f"{count / len(spoilt):>{width}.3f}"
        for count, width in ((found, 8), (first, 8), (decided, 8), (clean, 7))
    ]
    print(f"{kind:<14}{len(spoilt):>8}{''.join(share)}{statistics.median(taken) * 1000:>8.2f}")


def replaced(seed: int, count: int) -> gs.Report:
    """Give a random report with so many figures of table 3 replaced."""
    dice = random.Random(seed)
    good = gs.generate(seed)
    cells = dice.sample(
        [cell for cell, _ in gs.walk(good) if cell.startswith("applications.")], count
    )
    return gs.replace(
        good, {cell: (figures(good)[cell] or 0) + dice.randint(1, 99) for cell in cells}
    )


def slowness(seed: int, name: EditionName, undivided: bool) -> tuple[float, int, float]:
    """
    Give the seconds that ``locate`` takes, how many figures are wrong, and the seconds that
    ``loads`` takes for the same report.

    The figures are any of tables 3 and 4: too high, all by one, anything, left at zero, or far too
    large.
    """
    dice = random.Random(seed)
    good = gs.generate(seed, name, undivided=undivided)
    cells = [cell for cell, _ in gs.walk(good) if not cell.startswith("proactive.")]
    count = 1 + seed % 40
    wrong: Callable[[int], int] = dice.choice(
        (
            lambda figure: figure + dice.randint(1, 99),
            lambda figure: figure + 1,
            lambda _: dice.randint(0, 999),
            lambda _: 0,
            lambda _: MAX_COUNT - dice.randint(0, 9),
        )
    )
    report = gs.replace(
        good, {cell: wrong(figures(good)[cell]) for cell in dice.sample(cells, count)}
    )
    text = gs.dumps(report)
    return timed(gs.locate, report), count, min(timed(gs.loads, text) for _ in range(5))


def by_solver(report: gs.Report) -> None:
    """
    Find one smallest set of figures with HiGHS alone: table 3 as one integer program, a switch for
    each figure.
    """
    table, _ = plans("2021", undivided=False)
    system, values = table[0].system, {cell: value or 0 for cell, value in figures(report).items()}
    broken = system.residuals(values)
    most = 2 * max(map(abs, broken.values()))
    model = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    amounts, changed = {}, {}
    for cell in system.entries:
        amounts[cell], changed[cell] = model.addIntegral(lb=-most, ub=most), model.addBinary()
        model.addConstr(amounts[cell] <= most * changed[cell])
        model.addConstr(amounts[cell] >= max(-most, -values[cell]) * changed[cell])
    for number, each in enumerate(system.sums):
        model.addConstr(
            sum(coefficient * amounts[cell] for cell, coefficient in each.items())
            == -broken.get(number, 0)
        )
    model.minimize(sum(changed.values()))


def timed(work: Callable[[Any], object], argument: Any) -> float:
    """Give the seconds of processor time that one call takes, whatever else the machine does."""
    start = time.process_time()
    work(argument)
    return time.process_time() - start


if __name__ == "__main__":
    main()
