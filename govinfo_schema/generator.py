"""Random reports that hold, and labelled damage: for tests, and for anyone who measures how well errors are found."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Final, Literal, cast, get_args

import attrs

from govinfo_schema.cells import replace, walk
from govinfo_schema.edition import EditionName
from govinfo_schema.findings import frozen
from govinfo_schema.model import Report, blank, is_undivided
from govinfo_schema.rules import equations

Damage = Literal["single", "pair", "swapped", "shifted", "dropped_digit", "stale_total", "zero_column"]
KINDS: Final[tuple[Damage, ...]] = get_args(Damage)

COLUMNS: Final = (
    *("natural_person", "commercial_enterprise", "research_institution"),
    *("public_welfare_organization", "legal_service_institution", "other_organization"),
)


@attrs.frozen(kw_only=True)
class Damaged:
    """A report with labelled damage: its *kind*, and what was in each cell that differs (*right*) and is there now (*wrong*)."""

    report: Report
    kind: Damage
    right: Mapping[str, int] = attrs.field(hash=False, converter=frozen)
    wrong: Mapping[str, int] = attrs.field(hash=False, converter=frozen)


def generate(seed: int, edition: EditionName = "2021", *, undivided: bool = False) -> Report:
    """
    Make a random report without blanks in tables 3 and 4, all of whose sums hold; the same seed gives the same report.

    Shape: most figures are zero and a few are large, as in real reports; table 2 stays blank.

    >>> import govinfo_schema as gs
    >>> gs.check(generate(7)).held
    42
    """
    dice = random.Random(seed)  # noqa: S311 (no secret)
    report = blank(edition, year=2024 if edition == "2021" else 2020, body="某市人民政府", undivided=undivided)
    one_row = undivided or edition == "2019"
    sums = equations(edition, one_row)
    largest = dice.choice((0, 9, 60, 900, 20_000))
    dense = dice.choice((0.1, 0.3, 0.7))
    values = {cell: _figure(dice, largest, dense) for each in sums for cell in (*each.left, *each.right)}
    by_rule = {code: [each for each in sums if each.rule.code == code] for code in ("B-DISP", "B-BAL", "B-ROW", "C-SUM")}
    for code, own in by_rule.items():
        for each in own:
            if code == "B-BAL":
                *_, total, carried = (*each.left, *each.right)
                new, before = each.left
                values[carried] = min(values[carried], values[total])
                known = values[total] + values[carried]
                values[before] = min(values[before], known)
                values[new] = known - values[before]
            else:
                values[each.right[0]] = sum(values[cell] for cell in each.left)
    return replace(report, values)


def damage(report: Report, kind: Damage, seed: int) -> Damaged:
    """
    Spoil figures of table 3 of a report that holds, in one of seven ways, so that some sum does not hold any more.

    *single*: one figure replaced; *pair*: two; *swapped*: two neighbouring digits exchanged; *shifted*: two figures side by side
    exchanged; *dropped_digit*: one digit lost; *stale_total*: a total too low, as if a late figure were not in it; *zero_column*: the 总计
    column never filled in.
    Raises: ValueError if the report has no figure that can be spoilt in this way.

    >>> damage(generate(7), "single", 1).kind
    'single'
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of damage {kind!r}; there are {', '.join(KINDS)}")
    dice = random.Random(seed)  # noqa: S311 (no secret)
    values = {cell: cast("int", value) for cell, value in walk(report) if cell.startswith("applications.")}
    undivided = is_undivided(report)
    for _ in range(200):
        wrong = {cell: value for cell, value in _WAYS[kind](dice, values).items() if value != values[cell]}
        after = values | wrong
        sums = [each for each in equations(report.edition, undivided) if each.left[0] in values]
        if wrong and any(sum(after[c] for c in each.left) != sum(after[c] for c in each.right) for each in sums):
            return Damaged(report=replace(report, wrong), kind=kind, right={cell: values[cell] for cell in wrong}, wrong=wrong)
    raise ValueError(f"no figure of this report can be spoilt by {kind!r}; generate one with more figures")


def _figure(dice: random.Random, largest: int, dense: float) -> int:
    return int(largest ** dice.random()) if largest and dice.random() < dense else 0


def _single(dice: random.Random, values: Mapping[str, int], count: int = 1) -> dict[str, int]:
    cells = dice.sample(sorted(values), count)
    return {cell: dice.choice((values[cell] + dice.randint(1, 40), max(values[cell] - dice.randint(1, 9), 0))) for cell in cells}


def _pair(dice: random.Random, values: Mapping[str, int]) -> dict[str, int]:
    made = _single(dice, values, 2)
    return made if all(made[cell] != values[cell] for cell in made) else {}


def _swapped(dice: random.Random, values: Mapping[str, int]) -> dict[str, int]:
    cell = dice.choice([cell for cell, value in values.items() if value > 11] or [next(iter(values))])
    digits = list(str(values[cell]))
    if len(digits) < 2:
        return {}
    at = dice.randrange(len(digits) - 1)
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    return {cell: int("".join(digits))}


def _shifted(dice: random.Random, values: Mapping[str, int]) -> dict[str, int]:
    cell = dice.choice([cell for cell, value in values.items() if value and not cell.endswith(".total")] or [next(iter(values))])
    row, _, column = cell.rpartition(".")
    if column not in COLUMNS[:-1]:
        return {}
    beside = f"{row}.{COLUMNS[COLUMNS.index(column) + 1]}"
    return {cell: values[beside], beside: values[cell]}


def _dropped_digit(dice: random.Random, values: Mapping[str, int]) -> dict[str, int]:
    cell = dice.choice([cell for cell, value in values.items() if value > 9] or [next(iter(values))])
    digits = str(values[cell])
    at = dice.randrange(len(digits))
    return {cell: int(digits[:at] + digits[at + 1 :])} if len(digits) > 1 else {}


def _stale_total(dice: random.Random, values: Mapping[str, int]) -> dict[str, int]:
    totals = [cell for cell in values if cell.endswith(".total") or ".outcomes.total." in cell]
    cell = dice.choice(totals)
    return {cell: max(0, values[cell] - dice.randint(1, 9))}


def _zero_column(dice: random.Random, values: Mapping[str, int]) -> dict[str, int]:  # noqa: ARG001 (one signature)
    made = {cell: 0 for cell, value in values.items() if cell.endswith(".total") and value}
    return made if len(made) > 1 else {}


_WAYS: Final[Mapping[Damage, Callable[[random.Random, Mapping[str, int]], dict[str, int]]]] = {
    "single": _single,
    "pair": _pair,
    "swapped": _swapped,
    "shifted": _shifted,
    "dropped_digit": _dropped_digit,
    "stale_total": _stale_total,
    "zero_column": _zero_column,
}
