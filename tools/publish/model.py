"""
Write ``govinfo_schema/report/model.py``: the classes of a report, from the data of the form.

A class that two editions share is written once, under the name that their data give it. A new
edition whose part differs gets a class of its own: the name with the edition behind it, and so do
the parts that contain it. Where an edition prints a row whole or in parts, the classes above it are
generic in the type of that row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.form import ids
from govinfo_schema.form.equations import equations_of
from govinfo_schema.form.forms import adds_up_a_row
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import EDITIONS, Column, Edition, Field, Row
from govinfo_schema.messages import Label

PATH = "govinfo_schema/report/model.py"
GENERIC = "Other"
ROWS = "Rows"
"""The type variable of a row that is printed whole or in parts."""
KINDS = {"count": "Count", "signed_count": "SignedCount", "amount": "Amount"}
UNIT = "AmountUnit"
DEFAULTS = {
    **dict.fromkeys(("Text", "Date", "BodyLevel", "BodyKind", "TableScope"), "None"),
    **dict.fromkeys(("DivisionCode", "SocialCreditCode"), "None"),
    "Scope": "Scope()",
    "tuple[Note, ...]": "()",
}
"""
What a field outside the tables is if it is left out, by its type. A figure has no default: one that
is forgotten would be a silent blank.
"""
WIDTH = 100
"""The longest line of code that the formatter leaves as it is."""


@attrs.frozen
class Member:
    """
    A field of a class: its name, its type as written, its label and unit, and the sources that each
    edition has for it.
    """

    name: str
    type: str
    said: str
    sources: Mapping[Any, tuple[Label, ...]] = attrs.field(factory=dict)
    default: str = ""
    """What it is if a caller leaves it out, as written; nothing: it must be named."""

    @property
    def doc(self) -> str:
        """What an editor shows: label, unit and the sources that every use of the class has."""
        cited = dict.fromkeys(label.zh for own in self.sources.values() for label in own)
        return self.said + (f"。依据：{'；'.join(cited)}" if cited else "")

    def shared_with(self, other: Member) -> Member:
        """Keep of each edition the sources that both have."""
        both = {
            name: tuple(each for each in self.sources.get(name, own) if each in own)
            for name, own in other.sources.items()
        }
        kept = {**self.sources, **both}
        return attrs.evolve(self, sources={name: kept[name] for name in EDITIONS if name in kept})


@attrs.frozen
class Part:
    """
    A class to write. *generic*: the type variable of the row below it that is printed whole or in
    parts; empty where there is none. *edition* and *place*: a report that has it, and where.
    """

    name: str
    summary: str
    members: tuple[Member, ...]
    edition: str
    place: str = ""
    methods: str = ""
    generic: str = ""
    bases: tuple[str, ...] = ()

    def source(self) -> str:
        """Write the class down."""
        bases = [*self.bases, *([f"Generic[{self.generic}]"] if self.generic else [])]
        base = f"({', '.join(bases)})" if bases else ""
        lines = [
            "@shows_types",
            "@attrs.frozen(kw_only=True, field_transformer=by_type)",
            f"class {self.name}{base}:",
        ]
        lines += ['    """', f"    {self.summary}", "", *self.example(), '    """', ""]
        for member in self.members:
            given = f" = {member.default}" if member.default else ""
            lines += [f"    {member.name}: {member.type}{given}", f'    """{member.doc}"""', ""]
        return "\n".join(lines).rstrip() + "\n" + (f"\n{self.methods}" if self.methods else "")

    def example(self) -> Iterator[str]:
        """Write an example for the docstring: where an object of the class stands in a report."""
        yield "    >>> import govinfo_schema as gs"
        if self.place == "notes":
            yield f"    >>> gs.{self.name}({_REMARK}).text"
            yield "    '其中修订16件'"
            return
        yield f'    >>> report = gs.blank("{self.edition}", year=2025, body="某市人民政府")'
        yield f"    >>> isinstance({ids.join('report', self.place)}, gs.{self.name})"
        yield "    True"


def model() -> bytes:
    """Give the content of the generated module."""
    writer = _Writer()
    parts = {
        part.name: part
        for part in map(writer.frame_class, _inside_out(read_data("frame")["classes"]))
    }
    reports = []
    # Where a class is generic, the edition that needs it so comes first.
    for name in sorted(EDITIONS, key=lambda name: edition(name).divisible is None):
        *inner, report = writer.edition_classes(edition(name))
        parts |= {part.name: part for part in inner}
        reports.append(report)
    parts |= {report.name: report for report in sorted(reports, key=lambda report: report.name)}
    left = dict(writer.variables)
    blocks = []
    for part in parts.values():
        if part.generic in left:
            rows = " | ".join(left.pop(part.generic))
            blocks.append(_VARIABLES.format(name=part.generic, rows=rows))
        blocks.append(part.source())
    return "\n\n".join([_head(writer.used), *blocks, _tail(EDITIONS, list(parts))]).encode()


def _inside_out(entries: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(entries, key=lambda entry: -ids.depth(entry["id"]))


class _Writer:
    """Makes the parts of all editions, and remembers which name stands for which members."""

    def __init__(self) -> None:
        self.known: dict[str, Part] = {}
        self.frame: dict[str, str] = {}
        self.used: set[str] = set()
        self.variable_of: dict[str, str] = {}
        self.variables: dict[str, tuple[str, str]] = {}

    def frame_class(self, entry: dict[str, str]) -> Part:
        """Make a class of the fields outside the tables, which all editions share."""
        (newest, *_) = reversed(EDITIONS)
        fields = [
            field
            for field in edition(newest).fields.values()
            if ids.row_of(field.id) == entry["id"] and _in_frame(field)
        ]
        kinds = [self.field_type(field) for field in fields]
        members = tuple(
            Member(
                ids.column_of(field.id),
                kind,
                _say(field),
                {newest: field.sources},
                default=DEFAULTS.get(kind, ""),
            )
            for field, kind in zip(fields, kinds, strict=True)
        )
        self.frame[entry["id"]] = entry["model"]
        methods = {
            "body": _NAMED,
            "other_matters.processing_fee": _FEE,
        }
        return Part(
            entry["model"],
            entry["summary"],
            members,
            newest,
            entry["id"],
            methods=methods.get(entry["id"], ""),
        )

    def field_type(self, field: Field) -> str:
        name = self.frame.get(field.id)
        if name:
            return f"tuple[{name}, ...]" if field.id == "notes" else name
        self.used.add(field.type)
        return field.type

    def edition_classes(self, of: Edition) -> Iterator[Part]:
        """Make the classes of the tables of an edition, inner ones first, and its report."""
        tables = {}
        for table in of.tables:
            parts = list(self.table_classes(of, table.id, table.model, table.summary))
            yield from parts
            tables[table.id] = parts[-1]
        members = []
        sections = {section.id: section for section in of.sections}
        top = [
            field
            for field in of.fields.values()
            if ids.depth(field.id) == 1 and field.id not in sections
        ]
        for field in [*top[:-1], *of.sections, top[-1]]:
            if field.id == "edition":
                kind = f'Literal["{of.name}"]'
            elif field.id in tables:
                kind = self.parametrised(tables[field.id], of)
            elif field.id in sections:
                kind = self.frame.get(field.id, "Text")
            else:
                kind = self.field_type(field)
            default = f'"{of.name}"' if field.id == "edition" else DEFAULTS.get(kind, "")
            sources = {of.name: field.sources}
            members.append(Member(field.id, kind, _say(field), sources, default=default))
        generic = self.variable(of) if of.divisible else ""
        yield Part(
            f"Report{of.name}",
            of.summary,
            tuple(members),
            of.name,
            methods=_REPORT,
            generic=generic,
            bases=("Embeddable",),
        )

    def table_classes(self, of: Edition, path: str, name: str, summary: str) -> Iterator[Part]:
        """Make the classes below a path of a table, and the one at it."""
        members = []
        for row in _children(of, path):
            below = _children(of, row.id)
            if below:
                inner = list(self.table_classes(of, row.id, row.model, row.summary))
                kind = inner[-1]
                yield from inner
            else:
                kind = self.row_class(of, row)
                yield kind
            written = self.type_at(of, row, kind)
            sources = {of.name: row.sources}
            members.append(Member(ids.column_of(row.id), written, _say(row), sources))
        divided = of.divisible is not None and ids.is_below(of.divisible, path)
        generic = self.variable(of) if divided else ""
        part = Part(name, summary, tuple(members), of.name, path, generic=generic)
        yield self.settled(of, part)

    def type_at(self, of: Edition, row: Row, kind: Part) -> str:
        if row.id == of.divisible:
            leaf = next(cell for cell in of.undivided.values() if cell.row.id == row.id)
            return self.variable(of, (kind.name, self.row_class(of, leaf.row).name))
        return self.parametrised(kind, of)

    def variable(self, of: Edition, variants: tuple[str, str] | None = None) -> str:
        """
        Give the type variable of the row of an edition that is printed in parts or whole, by the
        classes of both; editions with the same classes share it.
        """
        if variants is None:
            return self.variable_of[of.name]
        known = {classes: name for name, classes in self.variables.items()}
        name = known.get(variants, f"{GENERIC}{of.name}" if known else GENERIC)
        self.variables[name] = variants
        self.variable_of[of.name] = name
        return name

    def parametrised(self, part: Part, of: Edition) -> str:
        """
        Write the type of a part: generic as it is, or with the row of an edition that has one shape
        only.
        """
        if not part.generic:
            return part.name
        given = part.generic if of.divisible else self.variables[part.generic][1]
        return f"{part.name}[{given}]"

    def row_class(self, of: Edition, row: Row) -> Part:
        table, block = next(
            (table, block) for table in of.tables for block in table.blocks if row in block.rows
        )
        members = []
        for column in block.columns:
            sources = {of.name: (*table.sources, *block.sources, *row.sources)}
            members.append(Member(column.id, KINDS[column.kind], _say(column), sources))
            self.used.add(KINDS[column.kind])
            unit = column.unit_field
            if unit:
                sources = {of.name: unit.sources}
                members.append(Member(ids.column_of(unit.id), UNIT, _say(unit), sources))
                self.used.add(UNIT)
        return self.settled(of, Part(block.model, block.summary, tuple(members), of.name, row.id))

    def settled(self, of: Edition, part: Part) -> Part:
        """
        Give a class its final name: its own, or with the edition behind it where that name stands
        for other members.
        """
        methods = _builder(of, part)
        for name in (part.name, f"{part.name}{of.name}"):
            known = self.known.get(name)
            if known is None:
                new = attrs.evolve(
                    part,
                    name=name,
                    methods=methods.replace(f"{part.name}", name) if methods else "",
                )
                self.known[name] = new
                return new
            if _alike(known, part):
                pairs = zip(known.members, part.members, strict=True)
                shared = attrs.evolve(known, members=tuple(a.shared_with(b) for a, b in pairs))
                self.known[name] = shared
                return shared
        raise ValueError(
            f"edition {of.name}: {part.place} needs a class of its own; "
            "give it a name in its data file"
        )


def _alike(known: Part, part: Part) -> bool:
    """
    Say whether two parts have the same members; a generic one fits a part with one of its types.
    """

    def kind(member: Member) -> tuple[str, str]:
        return member.name, member.type.partition("[")[0]

    if known.generic and not part.generic:
        pairs = list(zip(known.members, part.members, strict=False))
        same = len(known.members) == len(part.members)
        return same and all(
            kind(a) == kind(b) or (a.name == b.name and a.type == known.generic) for a, b in pairs
        )
    return list(map(kind, known.members)) == list(map(kind, part.members))


def _children(of: Edition, path: str) -> list[Row]:
    return [row for row in of.rows.values() if ids.row_of(row.id) == path]


def _in_frame(field: Field) -> bool:
    return bool(field.type) or ids.depth(field.id) == 2


def _say(part: Field | Row | Column) -> str:
    unit = "" if isinstance(part, Row) else part.unit
    return f"{part.zh}{f'，单位：{unit}' if unit else ''}"


# ---- methods that make a part of its parts ------------------------------------------------------


def _builder(of: Edition, part: Part) -> str:
    """
    Write ``from_parts`` for a class whose last member is the total of the others, by an equation of
    the form.
    """
    *columns, last = (ids.join(part.place, member.name) for member in part.members)
    if any(
        equation.left == (*columns,) and equation.right == (last,)
        for equation in equations_of(of, of.undivided)
    ):
        return _row_builder(part)
    total = next(
        (
            member.name
            for member in part.members
            if _is_column_total(of, ids.join(part.place, member.name))
        ),
        None,
    )
    if total is None:
        return ""
    parts = [member for member in part.members if member.name != total]
    row = next(member.type for member in part.members if member.name == total)
    return _GROUP.format(
        arguments="".join(
            f"        {m.name}: {f'{m.type}{ROWS}' if m.type == part.generic else m.type},\n"
            for m in parts
        ),
        given="".join(f"            {m.name}={m.name},\n" for m in parts),
        sum_line=_columns_line(total, row, [member.name for member in parts]),
        result=f"{part.name}[{part.generic}{ROWS}]" if part.generic else part.name,
        name=part.name,
        total=total,
        noqa="  # noqa: PLR0913" if len(parts) > 5 else "",
    )


def _row_builder(part: Part) -> str:
    """Write ``from_parts`` for a row of figures whose last is the total."""
    *names, total = (member.name for member in part.members)
    numbers = range(1, len(names) + 1)
    return _ROW.format(
        name=part.name,
        count=_COUNTS[len(names)],
        arguments="".join(f"        {name}: int | None,\n" for name in names),
        given="".join(f"            {name}={name},\n" for name in names),
        total=total,
        sum_line=_call(f"{' ' * 8}{total} = total_of(", names, ")"),
        example=f"{part.name}.from_parts({', '.join(map(str, numbers))}).{total}",
        sum=sum(numbers),
        noqa="  # noqa: PLR0913, PLR0917" if len(names) > 5 else "",
    )


def _call(start: str, arguments: Sequence[str], end: str) -> str:
    """Write a call on one line, or with an argument on each line where one is too long."""
    line = f"{start}{', '.join(arguments)}{end}"
    if len(line) <= WIDTH:
        return line
    indent = " " * (len(start) - len(start.lstrip()))
    inner = "".join(f"{indent}    {argument},\n" for argument in arguments)
    return f"{start}\n{inner}{indent}{end}"


def _columns_line(total: str, row: str, names: Sequence[str]) -> str:
    """Write the line that works out a row of totals from the other rows."""
    return _call(f"{' ' * 8}{total} = column_totals(", (row, *names), ")")


def _is_column_total(of: Edition, row: str) -> bool:
    """Say whether a row adds up, column by column, the other rows of its group."""
    group = ids.row_of(row)
    equations = [
        equation for equation in equations_of(of, of.undivided) if len(equation.right) == 1
    ]
    own = [
        equation
        for equation in equations
        if ids.row_of(equation.right[0]) == row and not adds_up_a_row(equation)
    ]
    return bool(own) and all(
        ids.is_below(cell, group) for equation in own for cell in equation.left
    )


_COUNTS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight"}

_ROW = '''    @classmethod
    def from_parts({noqa}
        cls,
{arguments}    ) -> "{name}":
        """
        Make it from its {count} parts, with the total worked out; where a part is blank the total
        is blank.

        >>> {example}
        {sum}
        """
{sum_line}
        return cls(
{given}            {total}={total},
        )
'''

_GROUP = '''    @staticmethod
    def from_parts({noqa}
        *,
{arguments}    ) -> "{result}":
        """
        Make it from its rows, with the total worked out column by column; a column with a blank has
        a blank total.
        """
{sum_line}
        return {name}(
{given}            {total}={total},
        )
'''

_NAMED = '''    @classmethod
    def named(cls, name: str) -> "Body":
        """Make a body of which only the name is known."""
        return cls(name=name)
'''

_REMARK = 'at="applications.received.total", kind="remark", text="其中修订16件"'

_FEE = """    __attrs_post_init__ = hold_fee
"""

_REPORT = """    __attrs_post_init__ = hold_together
    __repr__ = one_line
    _repr_html_ = page

    def __init_subclass__(cls) -> None:
        refuse_subclass(cls)
"""

_VARIABLES = """if TYPE_CHECKING:
    {name} = TypeVar("{name}", default={rows}, covariant=True)
else:
    # The default is for type checkers; Python has it from 3.13 on.
    {name} = TypeVar("{name}", bound={rows}, covariant=True)
{name}Rows = TypeVar("{name}Rows", bound={rows})
"""


# ---- the module around them ---------------------------------------------------------------------


def _head(used: set[str]) -> str:
    types = "".join(f"    {name},\n" for name in sorted(used - {"str", "Edition"}))
    return f'''# ruff: noqa: E501
"""
The report as frozen attrs classes, in the order in which it is printed. Generated from ``data/``;
do not edit.

``None`` is blank in the source and never zero. A row of figures is one object, so that an editor
completes ``report.applications.outcomes.withheld.state_secret.natural_person``.
``python -m tools.publish .`` writes this module anew.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Generic, Literal, Protocol, TypeAlias, overload

import attrs

from govinfo_schema.form.parts import EditionName
from govinfo_schema.report.embeddable import Embeddable
from govinfo_schema.report.making import (
    by_type,
    column_totals,
    hold_fee,
    hold_together,
    one_line,
    refuse_subclass,
    shows_types,
    total_of,
)
from govinfo_schema.report.notebook import page
from govinfo_schema.report.values import (
{types})

if TYPE_CHECKING:
    from typing_extensions import TypeVar
else:
    from typing import TypeVar
'''


def _tail(editions: Sequence[str], classes: Sequence[str]) -> str:
    reports = [f"Report{name}" for name in editions]
    pairs = "".join(f'    "{name}": Report{name},\n' for name in editions)
    exported = "".join(f'    "{name}",\n' for name in sorted([*classes, "Report"]))
    return f'''Report: TypeAlias = {" | ".join(reports)}
"""
A report of any edition.

>>> import govinfo_schema as gs
>>> isinstance(gs.blank("{editions[-1]}", year=2025, body="某市人民政府"), gs.Report)
True
"""

REPORTS: Final[Mapping[EditionName, Any]] = {{
{pairs}}}
"""The class of the report of each edition."""


{_protocol("Loads", "loads", "data: bytes | str", editions)}

{_protocol("FromDict", "from_dict", "data: Mapping[str, Any]", editions)}

__all__ = [
{exported}]
'''


def _protocol(name: str, function: str, argument: str, editions: Sequence[str]) -> str:
    calls = [(f'Literal["{each}"]', f"Report{each}") for each in editions]
    calls.append(
        (
            f"Literal[{', '.join(chr(34) + each + chr(34) for each in editions)}] | None = None",
            "Report",
        )
    )
    lines = "".join(
        "    @overload\n"
        + _call(
            "    def __call__(", ["self", argument, "*", f"edition: {kind}"], f") -> {result}: ..."
        )
        + "\n"
        for kind, result in calls
    )
    return f'''class {name}(Protocol):
    """The type of ``{function}``: the edition that is asked for decides the class."""

{lines}'''
