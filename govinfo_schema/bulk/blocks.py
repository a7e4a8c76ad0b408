"""
What is found in some lines of reports, in a few bytes for each: ``Block``, and the ``Job`` of the
processes that check chunks of lines.

No frame and no sentence is made here, so that such a process starts soon and stays small.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Final

import attrs

from govinfo_schema.bulk.chunks import Chunk
from govinfo_schema.checks.one_report import Blanks
from govinfo_schema.data.once import once
from govinfo_schema.errors import InvalidReport
from govinfo_schema.findings import Equation, Finding
from govinfo_schema.form.equations import adding, cells_of, fetching
from govinfo_schema.form.forms import Form, forms
from govinfo_schema.report.access import form_of
from govinfo_schema.report.json import glance, loads
from govinfo_schema.tables.jsonl import is_empty

INVALID: Final = 255
"""What stands for the number of a form where a line is no report."""


@attrs.define
class Block:
    """
    What was found in some lines, as small as it can be.

    *lines*: how many there are. For each that is not empty: *at*, its number among them; *shapes*,
    the number of its form; how many equations are *broken* and *unknown*. For each finding: *rows*,
    the number of its line; *names*, the number of its equation in ``equations``, or behind those
    that of its rule and place in *faults*; the sums *left* and *right*; *counts*, how many of
    *blanks*, which are numbers of cells, are its. *refused*: the lines that are no reports, the
    first fault of each and how many it has. *levels* and *rules* count the verdicts of each level
    of bodies, and the findings of each rule. *files*: the file that the report of each row was read
    from, where a table says so.
    """

    lines: int = 0
    at: array[int] = attrs.field(factory=partial(array, "I"))
    shapes: bytearray = attrs.field(factory=bytearray)
    broken: bytearray = attrs.field(factory=bytearray)
    unknown: bytearray = attrs.field(factory=bytearray)
    rows: array[int] = attrs.field(factory=partial(array, "I"))
    names: array[int] = attrs.field(factory=partial(array, "I"))
    left: array[int] = attrs.field(factory=partial(array, "q"))
    right: array[int] = attrs.field(factory=partial(array, "q"))
    counts: array[int] = attrs.field(factory=partial(array, "H"))
    blanks: array[int] = attrs.field(factory=partial(array, "H"))
    faults: dict[tuple[str, str | None], int] = attrs.field(factory=dict)
    refused: list[tuple[int, Finding, int]] = attrs.field(factory=list)
    levels: Counter[tuple[str | None, str]] = attrs.field(factory=Counter)
    rules: Counter[tuple[str, str]] = attrs.field(factory=Counter)
    files: list[str | None] = attrs.field(factory=list)

    def take(self, at: int, form: Form, report: Any, blanks: Blanks) -> None:
        """Check the report of a line, which is on *form*."""
        lane = _lanes()[form]
        try:
            differences = form.differences(report)
            wrong = any(differences)
        except TypeError:
            differences, wrong = None, True
        broken, unknown = self._look(at, lane, report, differences, blanks) if wrong else (0, 0)
        self.at.append(at)
        self.shapes.append(lane.number)
        self.broken.append(broken)
        self.unknown.append(unknown)
        verdict = "broken" if broken else "unknown" if unknown else "held"
        self.levels[report.body.level, verdict] += 1

    def _look(
        self,
        at: int,
        lane: _Lane,
        report: Any,
        differences: Sequence[int] | None,
        blanks: Blanks,
    ) -> tuple[int, int]:
        """Note which equations are broken and unknown, and count them."""
        values = lane.fetch(report)
        affected: set[int] = set()
        if differences is None:
            for number, value in enumerate(values):
                if value is None:
                    affected.update(lane.containing[number])
            differences = lane.add([value or 0 for value in values])
        broken = unknown = 0
        for number, difference in enumerate(differences):
            if not difference and number not in affected:
                continue
            left, cells = lane.terms[number]
            empty = [cell for cell in cells if values[cell] is None] if number in affected else ()
            if empty and blanks == "unknown":
                unknown += 1
                self._note(at, lane.first + number, 0, 0)
                self.rules[lane.codes[number], "unknown"] += 1
            elif difference:
                broken += 1
                total = sum([values[cell] or 0 for cell in left])
                self._note(at, lane.first + number, total, total - difference)
                self.rules[lane.codes[number], "broken"] += 1
            else:
                continue
            self.counts.append(len(empty))
            self.blanks.extend([lane.cells[cell] for cell in empty])
        return broken, unknown

    def _note(self, at: int, name: int, left: int, right: int) -> None:
        self.rows.append(at)
        self.names.append(name)
        self.left.append(left)
        self.right.append(right)

    def extend(self, other: Block) -> None:
        """Add what was found in the next lines, whose files are those of their table."""
        known = len(equations())
        self.at.extend([self.lines + at for at in other.at])
        self.rows.extend([self.lines + row for row in other.rows])
        numbers = [
            self.faults.setdefault(fault, len(self.faults)) + known for fault in other.faults
        ]
        self.names.extend(
            [name if name < known else numbers[name - known] for name in other.names]
            if numbers
            else other.names
        )
        for name in ("shapes", "broken", "unknown", "left", "right", "counts", "blanks"):
            getattr(self, name).extend(getattr(other, name))
        self.lines += other.lines

    def refuse(self, at: int, faults: Sequence[Finding]) -> None:
        """Note the faults of a line that is no report."""
        self.at.append(at)
        self.shapes.append(INVALID)
        self.broken.append(0)
        self.unknown.append(0)
        self.refused.append((at, faults[0], len(faults)))
        self.levels[None, "invalid"] += 1
        for fault in faults:
            own = (fault.code, fault.cells[0] if fault.cells else None)
            number = self.faults.setdefault(own, len(self.faults))
            self._note(at, len(equations()) + number, 0, 0)
            self.counts.append(0)
            self.rules[fault.code, "invalid"] += 1


def by_verdict(levels: Mapping[tuple[str | None, str], int]) -> Counter[str]:
    """Count the verdicts of all levels of bodies together."""
    counts: Counter[str] = Counter()
    for (_, verdict), count in levels.items():
        counts[verdict] += count
    return counts


@attrs.frozen
class _Lane:
    """
    How the reports of one form are checked: the *number* of the form, and that of the *first* of
    its equations in ``equations``.

    *fetch* and *add* are as in ``form.equations``, over its cells. For each cell its number among
    the *cells* of all forms, and the equations *containing* it; for each equation the code of its
    rule, and the places of the cells of its left side and of both (*terms*).
    """

    number: int
    first: int
    fetch: Callable[[Any], tuple[int | None, ...]]
    add: Callable[[Sequence[int]], tuple[int, ...]]
    cells: tuple[int, ...]
    containing: tuple[tuple[int, ...], ...]
    codes: tuple[str, ...]
    terms: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


@once
def _lanes() -> Mapping[Form, _Lane]:
    lanes, first = {}, 0
    for number, of in enumerate(forms()):
        cells = cells_of(of.equations)
        place = {cell: at for at, cell in enumerate(cells)}
        lanes[of] = _Lane(
            number=number,
            first=first,
            fetch=fetching(cells),
            add=adding(of.equations, cells),
            cells=tuple(cell_numbers()[cell] for cell in cells),
            containing=tuple(
                tuple(
                    at
                    for at, each in enumerate(of.equations)
                    if cell in each.left or cell in each.right
                )
                for cell in cells
            ),
            codes=tuple(each.rule.code for each in of.equations),
            terms=tuple(
                (
                    tuple(place[cell] for cell in each.left),
                    tuple(place[cell] for cell in (*each.left, *each.right)),
                )
                for each in of.equations
            ),
        )
        first += len(of.equations)
    return lanes


@once
def equations() -> tuple[Equation, ...]:
    """Return the equations of all forms."""
    return tuple(each for of in forms() for each in of.equations)


@once
def cell_numbers() -> Mapping[str, int]:
    """Number the cells of all forms."""
    return {
        cell: number
        for number, cell in enumerate(dict.fromkeys(cell for of in forms() for cell in of.cells))
    }


@attrs.frozen
class Job:
    """What a process does with a chunk."""

    blanks: Blanks

    def __call__(self, chunk: Chunk) -> Block:
        """Check the lines of a chunk."""
        block = Block()
        lines = chunk.content().split(b"\n")
        if not lines[-1]:
            lines.pop()
        block.lines = len(lines)
        for at, line in enumerate(lines):
            found = glance(line)
            if found is not None:
                block.take(at, *found, self.blanks)
                continue
            try:
                report = loads(line.rstrip(b"\r"))
            except InvalidReport as error:
                if not is_empty(line):
                    block.refuse(at, error.findings)
            else:
                block.take(at, form_of(report), report, self.blanks)
        return block
