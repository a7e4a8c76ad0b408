"""
The editions of the form, built from ``data/<edition>.toml`` on first use.

Two editions exist: 2019 (国办公开办函〔2019〕60号, on trial) and 2021 (国办公开办函〔2021〕30号, in
force).
"""

from __future__ import annotations

import copyreg
from collections.abc import Callable, Mapping
from typing import Any, cast

from govinfo_schema.data import read_data
from govinfo_schema.data.classes import is_a
from govinfo_schema.data.frozen import Frozen
from govinfo_schema.data.once import once
from govinfo_schema.errors import UnknownEdition
from govinfo_schema.form import ids
from govinfo_schema.form.parts import (
    CURRENT,
    EDITIONS,
    Block,
    Column,
    Edition,
    EditionName,
    Field,
    Row,
    Rule,
    Table,
)
from govinfo_schema.messages import Label, shown

_Sources = Callable[[Mapping[str, Any]], tuple[Label, ...]]
"""Gives the sources that an entry of a data file names."""


def edition_name(name: object) -> EditionName:
    """
    Return the name of an edition, if it is one.

    Raises: UnknownEdition, which says what would be.
    """
    known_name = next((known for known in EDITIONS if is_a(name, str) and name == known), None)
    if known_name is None:
        said = shown(name)
        hint = f'; a name is text: write "{said}"' if said in EDITIONS else ""
        there = f"{', '.join(EDITIONS[:-1])} and {EDITIONS[-1]}"
        raise UnknownEdition(f"no edition {said} of the form; there are {there}{hint}")
    return known_name


def edition(name: str) -> Edition:
    """
    Return an edition of the form by its name, ``"2019"`` or ``"2021"``.

    Raises: UnknownEdition, also for a number: the name is text.

    >>> import govinfo_schema as gs
    >>> gs.edition("2021").cells["disputes.reconsideration.upheld"].zh
    '行政复议 · 结果维持'
    """
    return _load(edition_name(name))


# A copy of an edition is the edition: an edition is one value for each name.
copyreg.pickle(Edition, lambda copied: (edition, (copied.name,)))


def in_force(year: int) -> EditionName:
    """
    Return the edition that reports on a year should be on; the oldest for years before any.

    >>> in_force(2020), in_force(2024)
    ('2019', '2021')
    """
    return max((name for name in EDITIONS if edition(name).first_year <= year), default=EDITIONS[0])


def detect(data: object) -> EditionName:
    """
    Return the edition of plain data: the one they name, or the one that has their parts.

    The edition in force if neither decides.

    >>> detect({"proactive": {"centralized_procurement": {}}})
    '2019'
    """
    if not isinstance(data, dict):
        return CURRENT
    if data.get("edition") in EDITIONS:
        return cast("EditionName", data["edition"])
    return max(reversed(EDITIONS), key=lambda name: (_own_rows(data, name), -_missing(data, name)))


def _own_rows(data: dict[str, Any], name: EditionName) -> int:
    """Return how many of the rows that only one edition has are in plain data."""
    return sum(_holds(data, row) for row in _only_of(name))


def _missing(data: dict[str, Any], name: EditionName) -> int:
    """Return how many rows are missing where the part that they belong to is there."""
    edition = _load(name)
    rows = [
        row
        for row in edition.rows
        if edition.divisible is None or not ids.is_below(row, edition.divisible)
    ]
    return sum(not _holds(data, row) and _holds(data, ids.row_of(row)) for row in rows)


def _holds(data: Any, path: str) -> bool:
    for step in ids.split(path):
        if not isinstance(data, dict) or step not in data:
            return False
        data = data[step]
    return True


@once
def _only_of(name: EditionName) -> frozenset[str]:
    """Return the rows that no other edition has."""
    return frozenset(_load(name).rows).difference(
        *(_load(other).rows for other in EDITIONS if other != name)
    )


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

    sections = fields(data["sections"])
    tables = tuple(_table(entry, sources) for entry in data["tables"])
    columns = [column for table in tables for block in table.blocks for column in block.columns]
    units = [column.unit_field for column in columns if column.unit_field]
    parsed = Edition(
        name=name,
        zh=data["zh"],
        en=data["en"],
        document=data["document"],
        first_year=data["first_year"],
        example_year=data["example_year"],
        rule_set=data["rule_set"],
        summary=data["summary"],
        sections=sections,
        tables=tables,
        rules=tuple(Rule(**of_rule(entry, sources(entry))) for entry in data["rules"]),
        fields=Frozen({field.id: field for field in (*fields(frame["fields"]), *sections, *units)}),
    )
    for rule in parsed.rules:
        for shape in (parsed.cells, parsed.undivided):
            for _ in rule.expand(shape):
                pass
    # Worked out here, under the lock of the caller: a cached property alone is worked out once a
    # thread.
    _ = parsed.rows, parsed.places
    return parsed


def _table(entry: dict[str, Any], sources: _Sources) -> Table:
    blocks = tuple(_block(entry["id"], block, sources) for block in entry["blocks"])
    return Table(**(entry | {"sources": sources(entry), "blocks": blocks}))


def _block(table: str, entry: dict[str, Any], sources: _Sources) -> Block:
    rows = tuple(
        Row(
            **row
            | {
                "id": ids.join(table, row["id"]),
                "sources": sources(row),
                "path": _path(row, entry["rows"]),
            }
        )
        for row in entry["rows"]
    )
    columns = tuple(_column(column, list(rows), sources(entry)) for column in entry["columns"])
    return Block(**entry | {"sources": sources(entry), "columns": columns, "rows": rows})


def _path(row: dict[str, Any], rows: list[dict[str, Any]]) -> Label:
    above = [
        each for each in rows if ids.is_below(row["id"], each["id"]) and not each.get("silent")
    ]
    return Label(
        " · ".join(each["zh"] for each in (*above, row)),
        " · ".join(each["en"] for each in (*above, row)),
    )


def _column(entry: dict[str, Any], rows: list[Row], sources: tuple[Label, ...]) -> Column:
    unit = entry.get("unit_field")
    if unit is None:
        return Column(**entry)
    (row,) = rows
    return Column(
        **(
            entry
            | {
                "unit_field": Field(
                    **(unit | {"id": ids.join(row.id, unit["id"]), "sources": sources})
                )
            }
        )
    )


def of_rule(entry: dict[str, Any], sources: tuple[Label, ...]) -> dict[str, Any]:
    """Return the facts of a rule as its class takes them, from an entry of a data file."""
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
