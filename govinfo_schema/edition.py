"""
An edition of the form is a value, read from ``data/<year>.toml`` on first use: tables, rows, columns, labels, units, rules, sources.

Two editions exist: 2019 (国办公开办函〔2019〕60号, on trial) and 2021 (国办公开办函〔2021〕30号, in force).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Literal, cast

import attrs

from govinfo_schema.errors import UnknownCell, UnknownEdition
from govinfo_schema.findings import Cited, Frozen, Label, read_data
from govinfo_schema.once import once
from govinfo_schema.values import shown, whole_number

EditionName = Literal["2019", "2021"]
Kind = Literal["count", "signed_count", "amount"]

EDITIONS: Final[tuple[EditionName, ...]] = ("2019", "2021")
CURRENT: Final[EditionName] = "2021"


@attrs.frozen(kw_only=True)
class Field:
    """A part of a report with a name of its own: a section, or a field outside the tables. *unit* is empty where there is none."""

    id: str
    zh: str
    en: str
    unit: str = ""
    sources: tuple[Label, ...]


@attrs.frozen(kw_only=True)
class Cell:
    """
    One figure of the form.

    Unit: 件, 项, 元 or 万元 (*unit*), as the form prints it or, where it prints none, as the count is kept.
    """

    id: str
    zh: str
    en: str
    unit: str
    kind: Kind
    sources: tuple[Label, ...]
    row: Row
    column: Column


@attrs.frozen(kw_only=True)
class Column:
    """A column of a block; *group* is the label printed over several columns; *unit_field* a field beside the figure for its unit."""

    id: str
    zh: str
    en: str
    unit: str
    kind: Kind
    group: str = ""
    unit_field: Field | None = None


@attrs.frozen(kw_only=True)
class Row:
    """
    A row of a block as printed; *id* is its path below the report.

    A *group* is a label over the rows below it and has no figures, unless it is *undivided*: then some bodies print it as one row.
    A *silent* group is left out where the label of a row below it is written in full. *path* is that full label.
    """

    id: str
    zh: str
    en: str
    group: bool = False
    undivided: bool = False
    silent: bool = False
    sources: tuple[Label, ...] = ()
    path: Label


@attrs.frozen(kw_only=True)
class Block:
    """A run of rows under one header of columns; *corner* is the text in the header's first cell."""

    zh: str
    en: str
    sources: tuple[Label, ...]
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    corner: str = ""


@attrs.frozen(kw_only=True)
class Table:
    """
    A table of the form.

    *across*: the rows stand side by side in one printed line (section 4). *width*: the columns of figures as they are printed, where that
    is more than the widest block has (section 2 of edition 2019, whose blocks share none of their borders).
    """

    id: str
    sources: tuple[Label, ...]
    blocks: tuple[Block, ...]
    across: bool = False
    width: int = 0


@attrs.frozen(kw_only=True)
class Rule(Cited):
    """
    A reconciliation rule (勾稽关系): for each row, column or cell of a table, the cells of *left* add up to the cells of *right*.

    *at*: the only rows, columns or cells that it speaks of; all of them where it is empty. A pattern such as ``last:received.total``
    names a cell of another report.
    """

    table: str
    each: Literal["row", "column", "cell"]
    at: tuple[str, ...] = ()
    left: tuple[str, ...]
    right: tuple[str, ...]

    def expand(
        self, cells: Mapping[str, Cell], others: Mapping[str, Cell] = Frozen()
    ) -> Iterator[tuple[Row | Column | Cell, tuple[str, ...], tuple[str, ...]]]:
        """
        Yield one equation for each row, column or cell of the table: what it stands at, and the ids of its two sides.

        *others* are the cells of the other report, for rules between reports.
        Raises: ValueError if a pattern of the rule names no cell.
        """
        prefix = f"{self.table}."
        own = [cell for cell_id, cell in cells.items() if cell_id.startswith(prefix)]
        places: dict[str, Row | Column | Cell] = {}
        for cell in own:
            place: Row | Column | Cell = cell if self.each == "cell" else getattr(cell, self.each)
            if not self.at or place.id.removeprefix(prefix) in self.at:
                places[place.id] = place
        steps = {cell.id: cell.id.split(".") for cell in own}
        there = {cell_id: cell_id.split(".") for cell_id in others if cell_id.startswith(prefix)}
        for place in places.values():
            yield place, self._match(self.left, place, steps, there), self._match(self.right, place, steps, there)

    def _match(
        self, patterns: tuple[str, ...], place: Row | Column | Cell, steps: Mapping[str, list[str]], there: Mapping[str, list[str]]
    ) -> tuple[str, ...]:
        found: list[str] = []
        for pattern in patterns:
            report, colon, path = pattern.rpartition(":")
            concrete = path.replace(f"<{self.each}>", place.id.removeprefix(f"{self.table}."))
            matches = list(matching(f"{self.table}.{concrete}", there if colon else steps))
            if not matches:
                raise ValueError(f"rule {self.code}: {concrete!r} names no cell of table {self.table!r}; mend the rule in data/")
            found += [f"{report}{colon}{match}" for match in matches]
        return tuple(found)


@attrs.frozen(kw_only=True, slots=False, eq=False)
class Edition:
    """
    An edition of the official form.

    *cells* are its figures in printed order; *fields* everything else that a report has, by id.
    """

    name: EditionName
    zh: str
    en: str
    document: str
    first_year: int
    rule_set: str
    sections: tuple[Field, ...]
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...]
    fields: Mapping[str, Field]

    def __reduce__(self) -> tuple[Any, ...]:
        return edition, (self.name,)

    @cached_property
    def cells(self) -> Mapping[str, Cell]:
        """
        The figures of the form in printed order, by id.

        >>> import govinfo_schema as gs
        >>> len(gs.edition("2021").cells), len(gs.edition("2019").cells)
        (200, 198)
        """
        return Frozen({cell.id: cell for cell in self._cells(undivided=False)})

    @cached_property
    def undivided(self) -> Mapping[str, Cell]:
        """The figures of the form with （六）其他处理 printed as one row: 186 for edition 2021; for 2019 the form has no other."""
        return Frozen({cell.id: cell for cell in self._cells(undivided=True)})

    def cell(self, cell_id: str) -> Cell:
        """
        Look a cell up, those of the undivided row （六） included.

        Raises: UnknownCell.
        """
        found = self.cells.get(cell_id) or self.undivided.get(cell_id)
        if found is None:
            raise UnknownCell(f"edition {self.name} has no cell {cell_id!r}; `govinfo-schema cells {self.name}` lists them")
        return found

    def label(self, path: str) -> Label | None:
        """Give the label of a cell, a row, a section or a field by its path; None if the edition has no such part."""
        part = self.cells.get(path) or self.undivided.get(path) or self.fields.get(path) or self.rows.get(path)
        return Label(part.zh, part.en) if part else None

    @cached_property
    def places(self) -> Mapping[str, None]:
        """Where a note of a report may stand: at a section or at a cell, those of the undivided row included."""
        return dict.fromkeys([*(section.id for section in self.sections), *self.cells, *self.undivided])

    @cached_property
    def rows(self) -> Mapping[str, Row]:
        """The printed rows of all tables by id, groups included."""
        return {row.id: row for table in self.tables for block in table.blocks for row in block.rows}

    def _cells(self, *, undivided: bool) -> Iterator[Cell]:
        for table in self.tables:
            for block in table.blocks:
                for row in block.rows:
                    inside = any(other.undivided for other in block.rows if row.id.startswith(f"{other.id}."))
                    if (row.group and not (undivided and row.undivided)) or (undivided and inside):
                        continue
                    for column in block.columns:
                        yield Cell(
                            id=f"{row.id}.{column.id}",
                            zh=f"{row.path.zh} · {column.zh}",
                            en=f"{row.path.en} · {column.en}",
                            unit=column.unit,
                            kind=column.kind,
                            sources=_distinct(table.sources, block.sources, row.sources),
                            row=row,
                            column=column,
                        )


def edition_name(name: object) -> EditionName:
    """
    Give the name of an edition, if it is one.

    Raises: UnknownEdition, which says what would be.
    """
    found = next((known for known in EDITIONS if isinstance(name, str) and name == known), None)
    if found is None:
        number = str(whole_number(name))
        hint = f'; a name is text: write "{number}"' if number in EDITIONS else ""
        raise UnknownEdition(f"no edition {shown(name)} of the form; there are {' and '.join(EDITIONS)}{hint}")
    return found


def edition(name: str) -> Edition:
    """
    Give an edition of the form by its name, ``"2019"`` or ``"2021"``.

    Raises: UnknownEdition, also for a number: the name is text.

    >>> import govinfo_schema as gs
    >>> gs.edition("2021").cells["disputes.reconsideration.upheld"].zh
    '行政复议 · 结果维持'
    """
    return _load(edition_name(name))


def detect(data: object) -> EditionName:
    """
    Tell which edition plain data are of: by their ``edition``, else by the parts that only one edition has; the current one in doubt.

    >>> detect({"proactive": {"centralized_procurement": {}}})
    '2019'
    """
    if not isinstance(data, dict):
        return CURRENT
    if data.get("edition") in EDITIONS:
        return cast("EditionName", data["edition"])
    proactive = data.get("proactive")
    return "2019" if isinstance(proactive, dict) and "centralized_procurement" in proactive else CURRENT


@once
def _load(name: EditionName) -> Edition:
    return parse(name, read_data(name), read_data("frame"))


def parse(name: EditionName, data: Mapping[str, Any], frame: Mapping[str, Any]) -> Edition:
    """
    Make an edition of the content of its data file and of ``frame.toml``.

    Raises: ValueError if a rule names no cell, KeyError if a source is not defined.
    """
    library = {key: Label(**text) for key, text in (frame["sources"] | data["sources"]).items()}

    def sources(entry: Mapping[str, Any]) -> tuple[Label, ...]:
        return tuple(library[key] for key in entry.get("sources", ()))

    def fields(entries: list[dict[str, Any]]) -> tuple[Field, ...]:
        return tuple(Field(**(entry | {"sources": sources(entry)})) for entry in entries)

    def row_of(table: str, entry: dict[str, Any], rows: list[dict[str, Any]]) -> Row:
        return Row(**(entry | {"id": f"{table}.{entry['id']}", "sources": sources(entry), "path": _path(entry, rows)}))

    def block(table: str, entry: dict[str, Any]) -> Block:
        rows = [row_of(table, each, entry["rows"]) for each in entry["rows"]]
        columns = [_column(column, rows, sources(entry)) for column in entry["columns"]]
        return Block(**(entry | {"sources": sources(entry), "columns": tuple(columns), "rows": tuple(rows)}))

    def table(entry: dict[str, Any]) -> Table:
        blocks = tuple(block(entry["id"], each) for each in entry["blocks"])
        return Table(**(entry | {"sources": sources(entry), "blocks": blocks}))

    sections, tables = fields(data["sections"]), tuple(table(entry) for entry in data["tables"])
    units = [column.unit_field for each in tables for part in each.blocks for column in part.columns if column.unit_field]
    made = Edition(
        name=name,
        zh=data["zh"],
        en=data["en"],
        document=data["document"],
        first_year=data["first_year"],
        rule_set=data["rule_set"],
        sections=sections,
        tables=tables,
        rules=tuple(Rule(**of_rule(entry, sources(entry))) for entry in data["rules"]),
        fields=Frozen({field.id: field for field in (*fields(frame["fields"]), *sections, *units)}),
    )
    for rule in made.rules:
        for shape in (made.cells, made.undivided):
            for _ in rule.expand(shape):
                pass
    # Worked out here, under the lock of the caller: a cached property alone is worked out once a thread.
    _ = made.rows, made.places
    return made


def matching(pattern: str, steps: Mapping[str, list[str]]) -> Iterator[str]:
    """Give the ids that a pattern of the data files names, out of ids and their steps: ``*`` is one step, ``**`` any number of them."""
    if "*" in pattern:
        wanted = pattern.split(".")
        yield from (cell_id for cell_id, own in steps.items() if _fits(wanted, own))
    elif pattern in steps:
        yield pattern


def _fits(pattern: list[str], steps: list[str]) -> bool:
    if "**" in pattern:
        at = pattern.index("**")
        tail = len(pattern) - at - 1
        pattern, steps = pattern[:at] + pattern[at + 1 :], steps[:at] + steps[len(steps) - tail :] if len(steps) >= at + tail else []
    return len(pattern) == len(steps) and all(part in ("*", step) for part, step in zip(pattern, steps, strict=True))


def _path(row: dict[str, Any], rows: list[dict[str, Any]]) -> Label:
    above = [each for each in rows if row["id"].startswith(f"{each['id']}.") and not each.get("silent")]
    return Label(" · ".join(each["zh"] for each in (*above, row)), " · ".join(each["en"] for each in (*above, row)))


def _column(entry: dict[str, Any], rows: list[Row], sources: tuple[Label, ...]) -> Column:
    unit = entry.get("unit_field")
    if unit is None:
        return Column(**entry)
    (row,) = rows
    return Column(**(entry | {"unit_field": Field(**(unit | {"id": f"{row.id}.{unit['id']}", "sources": sources}))}))


def of_rule(entry: dict[str, Any], sources: tuple[Label, ...]) -> dict[str, Any]:
    """Give the facts of a rule as its class takes them, from an entry of a data file."""
    left, right = entry["left"], entry["right"]
    return {
        "code": entry["code"],
        "table": entry["table"],
        "each": entry["each"],
        "at": tuple(entry.get("at", ())),
        "label": Label(entry["zh"], entry["en"]),
        "level": entry["level"],
        "standing": entry["standing"],
        "sources": sources,
        "left_label": Label(left["zh"], left["en"]),
        "right_label": Label(right["zh"], right["en"]),
        "left": tuple(left["cells"]),
        "right": tuple(right["cells"]),
    }


def _distinct(*groups: tuple[Label, ...]) -> tuple[Label, ...]:
    return tuple(dict.fromkeys(source for group in groups for source in group))
