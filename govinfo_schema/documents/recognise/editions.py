"""
Which edition of the form the tables of a document are printed on: their own labels tell, not the
year.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from govinfo_schema.data.once import once
from govinfo_schema.documents.recognise.lines import Line
from govinfo_schema.documents.recognise.rows import align
from govinfo_schema.form import ids
from govinfo_schema.form.labels import key, likeness
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import EDITIONS, Edition, EditionName


def edition_of(lines: Mapping[str, Sequence[Line]]) -> EditionName | None:
    """
    Find the edition: by the heads of table 2 that not all editions share, then by the rows of table
    3 that only one has.

    None where neither tells.
    """
    texts = {text: key(text) for line in lines["proactive"] for text in line.texts}
    votes = {
        name: sum(_says(texts, label) for label in _heads_not_shared(name)) for name in EDITIONS
    }
    likely = [name for name in EDITIONS if votes[name] == max(votes.values())]
    if len(likely) == 1:
        return likely[0]
    own = {name: _rows_not_shared(name, tuple(likely)) for name in likely}
    printed = {
        name: {match.row for match in align(lines["applications"], edition(name), "applications")}
        for name in likely
    }
    found = [name for name in likely if own[name] & printed[name]]
    if not found and any(votes.values()):
        same = all(_prints_whole(edition(name), printed[name]) for name in likely)
        found = [
            name
            for name in likely
            if not {row for row in own[name] if not (same and _is_part(edition(name), row))}
        ]
    return found[0] if len(found) == 1 else None


def _is_part(of: Edition, row: str) -> bool:
    """Say whether a row is one of those that may be printed as one."""
    return of.divisible is not None and ids.is_below(row, of.divisible)


def _prints_whole(of: Edition, printed: Collection[str]) -> bool:
    """
    Say whether the row that may be printed whole is: then its parts, which a later edition may
    have changed, tell nothing.
    """
    return of.divisible is not None and not any(_is_part(of, row) for row in printed)


@once
def _heads_not_shared(name: EditionName) -> tuple[str, ...]:
    """Give the heads of table 2 that some other edition lacks."""
    others = [_heads_of(other) for other in EDITIONS if other != name]
    return tuple(
        label
        for label in _heads_of(name)
        if any(max(likeness(label, known) for known in labels) < 0.8 for labels in others)
    )


def _heads_of(name: EditionName) -> tuple[str, ...]:
    (table, *_) = edition(name).tables
    return tuple(dict.fromkeys(column.zh for block in table.blocks for column in block.columns))


def _rows_not_shared(name: EditionName, among: tuple[EditionName, ...]) -> set[str]:
    others = [edition(other).rows_with_figures("applications") for other in among if other != name]
    return {
        row
        for row in edition(name).rows_with_figures("applications")
        if all(row not in rows for rows in others)
    }


def _says(texts: Mapping[str, str], label: str) -> bool:
    """Tell whether some of the texts, each with its key, says a label."""
    wanted = key(label)
    return any(
        wanted in own if len(own) > len(wanted) + 2 else likeness(text, label) > 0.7
        for text, own in texts.items()
    )
