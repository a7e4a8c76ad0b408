"""
Random reports that hold, and labelled damage: for tests, and for anyone who measures how well
errors are found.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal, cast, get_args

import attrs

from govinfo_schema.data.frozen import frozen
from govinfo_schema.data.once import once
from govinfo_schema.findings import Equation
from govinfo_schema.form import ids
from govinfo_schema.form.forms import Form, adds_up_a_row
from govinfo_schema.form.forms import form as form_named
from govinfo_schema.form.parts import CURRENT, EditionName
from govinfo_schema.messages import shown
from govinfo_schema.report.access import form_of, replace, walk
from govinfo_schema.report.empty import blank_on
from govinfo_schema.report.model import Report
from govinfo_schema.report.values import whole_number

Damage = Literal[
    "single", "pair", "swapped", "shifted", "dropped_digit", "stale_total", "zero_column"
]
KINDS: Final[tuple[Damage, ...]] = get_args(Damage)


@attrs.frozen(kw_only=True)
class Damaged:
    """
    A report with labelled damage: its *kind*, and what was in each cell that differs (*right*) and
    is there now (*wrong*).

    >>> import govinfo_schema as gs
    >>> right = gs.generate(1, "2021")
    >>> damaged = gs.damage(right, "single", 7)
    >>> damaged.kind, gs.replace(damaged.report, damaged.right) == right
    ('single', True)
    """

    report: Report
    kind: Damage
    right: Mapping[str, int] = attrs.field(hash=False, converter=frozen)
    wrong: Mapping[str, int] = attrs.field(hash=False, converter=frozen)


def generate(seed: int, edition: EditionName = CURRENT, *, undivided: bool = False) -> Report:
    """
    Make a random report without blanks in tables 3 and 4, all of whose sums hold; the same seed
    gives the same report.

    Shape: most figures are zero and a few are large, as in real reports; table 2 stays blank.

    >>> import govinfo_schema as gs
    >>> gs.check(generate(7)).held
    42
    """
    dice = _dice(seed)
    form = form_named(edition, undivided=undivided)
    largest = dice.choice((0, 9, 60, 900, 20_000))
    dense = dice.choice((0.1, 0.3, 0.7))
    values = {
        cell: _figure(dice, largest, dense)
        for sums in form.equations
        for cell in (*sums.left, *sums.right)
    }
    values |= dict.fromkeys(_always_zero(form), 0)
    for equation in sorted(form.equations, key=_turn):
        if len(equation.right) == 1:
            values[equation.right[0]] = sum(values[cell] for cell in equation.left)
            continue
        (new, before), (total, carried) = equation.left, equation.right
        values[carried] = min(values[carried], values[total])
        known = values[total] + values[carried]
        values[before] = min(values[before], known)
        values[new] = known - values[before]
    return replace(blank_on(form, year=form.edition.example_year, body="某市人民政府"), values)


def _dice(seed: Any) -> random.Random:
    """
    Return what throws the same numbers for the same seed.

    Raises: TypeError for what is no whole number.
    """
    number = whole_number(seed)
    if number is None:
        raise TypeError(f"a seed is a whole number, not {shown(seed)}")
    return random.Random(number)  # noqa: S311 (no secret)


def _turn(equation: Equation) -> int:
    """Totals of columns come first, then the balance that they enter, then totals of rows."""
    return 1 if len(equation.right) > 1 else 2 if adds_up_a_row(equation) else 0


@once
def _always_zero(form: Form) -> frozenset[str]:
    """
    Give the cells that are zero wherever all sums hold: a total that is the sum of some figures,
    and by another equation of these and of more.
    """
    sums = [equation for equation in form.equations if len(equation.right) == 1]
    return frozenset(
        cell
        for one in sums
        for other in sums
        if one.right == other.right and set(one.left) < set(other.left)
        for cell in other.left
        if cell not in one.left
    )


def damage(report: Report, kind: Damage, seed: int) -> Damaged:
    """
    Spoil figures of table 3 of a report that holds, in one of seven ways, so that some sum does not
    hold any more.

    *single*: one figure replaced; *pair*: two; *swapped*: two neighbouring digits exchanged;
    *shifted*: two figures side by side exchanged; *dropped_digit*: one digit lost; *stale_total*: a
    total too low, as if a late figure were not in it; *zero_column*: the 总计 column never filled
    in.
    Raises: ValueError if the report has no figure that can be spoilt in this way.

    >>> damage(generate(7), "single", 1).kind
    'single'
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of damage {kind!r}; there are {', '.join(KINDS)}")
    dice = _dice(seed)
    values = {
        cell: cast("int", value)
        for cell, value in walk(report)
        if ids.table_of(cell) == "applications"
    }
    form = form_of(report)
    for _ in range(200):
        wrong = {
            cell: value
            for cell, value in _WAYS[kind](dice, values, form).items()
            if value != values[cell]
        }
        after = values | wrong
        sums = [each for each in form.equations if each.left[0] in values]
        if wrong and any(
            sum(after[c] for c in each.left) != sum(after[c] for c in each.right) for each in sums
        ):
            return Damaged(
                report=replace(report, wrong),
                kind=kind,
                right={cell: values[cell] for cell in wrong},
                wrong=wrong,
            )
    raise ValueError(
        f"no figure of this report can be spoilt by {kind!r}; generate one with more figures"
    )


def _figure(dice: random.Random, largest: int, dense: float) -> int:
    return int(largest ** dice.random()) if largest and dice.random() < dense else 0


def _single(
    dice: random.Random,
    values: Mapping[str, int],
    form: Form,  # noqa: ARG001 (one signature)
    count: int = 1,
) -> dict[str, int]:
    cells = dice.sample(sorted(values), count)
    return {
        cell: dice.choice(
            (values[cell] + dice.randint(1, 40), max(values[cell] - dice.randint(1, 9), 0))
        )
        for cell in cells
    }


def _pair(dice: random.Random, values: Mapping[str, int], form: Form) -> dict[str, int]:
    made = _single(dice, values, form, 2)
    return made if all(made[cell] != values[cell] for cell in made) else {}


def _swapped(
    dice: random.Random,
    values: Mapping[str, int],
    form: Form,  # noqa: ARG001 (one signature)
) -> dict[str, int]:
    cell = dice.choice(
        [cell for cell, value in values.items() if value > 11] or [next(iter(values))]
    )
    digits = list(str(values[cell]))
    if len(digits) < 2:
        return {}
    at = dice.randrange(len(digits) - 1)
    digits[at], digits[at + 1] = digits[at + 1], digits[at]
    return {cell: int("".join(digits))}


def _shifted(dice: random.Random, values: Mapping[str, int], form: Form) -> dict[str, int]:
    cell = dice.choice(
        [cell for cell, value in values.items() if value and cell not in form.row_totals]
        or [next(iter(values))]
    )
    kinds = [other for other in form.rows[ids.row_of(cell)] if other not in form.row_totals]
    if cell not in kinds[:-1]:
        return {}
    beside = kinds[kinds.index(cell) + 1]
    return {cell: values[beside], beside: values[cell]}


def _dropped_digit(
    dice: random.Random,
    values: Mapping[str, int],
    form: Form,  # noqa: ARG001 (one signature)
) -> dict[str, int]:
    cell = dice.choice(
        [cell for cell, value in values.items() if value > 9] or [next(iter(values))]
    )
    digits = str(values[cell])
    at = dice.randrange(len(digits))
    return {cell: int(digits[:at] + digits[at + 1 :])} if len(digits) > 1 else {}


def _stale_total(dice: random.Random, values: Mapping[str, int], form: Form) -> dict[str, int]:
    totals = [cell for cell in values if cell in form.totals]
    cell = dice.choice(totals)
    return {cell: max(0, values[cell] - dice.randint(1, 9))}


def _zero_column(
    dice: random.Random,  # noqa: ARG001 (one signature)
    values: Mapping[str, int],
    form: Form,
) -> dict[str, int]:
    made = {cell: 0 for cell, value in values.items() if cell in form.row_totals and value}
    return made if len(made) > 1 else {}


_WAYS: Final[
    Mapping[Damage, Callable[[random.Random, Mapping[str, int], Form], dict[str, int]]]
] = {
    "single": _single,
    "pair": _pair,
    "swapped": _swapped,
    "shifted": _shifted,
    "dropped_digit": _dropped_digit,
    "stale_total": _stale_total,
    "zero_column": _zero_column,
}
