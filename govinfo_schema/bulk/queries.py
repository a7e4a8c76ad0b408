"""
The equations of an edition as one SQL query: ``sql``.

The query is generated from the equations of the forms; how an engine writes its parts stands in
``data/dialects.toml``. Nothing is run here, and no library is needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, Literal, TypeAlias, cast

import attrs

from govinfo_schema.data import read_data
from govinfo_schema.data.classes import is_a
from govinfo_schema.findings import Equation
from govinfo_schema.form import ids
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import SHAPE, Form, forms
from govinfo_schema.form.load import edition_name
from govinfo_schema.messages import shown
from govinfo_schema.report.values import MAX_COUNT
from govinfo_schema.tables.rows import TABLE

Dialect: TypeAlias = Literal["duckdb", "postgresql", "spark", "sqlite"]
"""The engines that ``sql`` writes for."""
DOCUMENT: Final = "report"
"""The column of JSON documents, unless the caller says it."""


def sql(  # noqa: PLR0913 (what names the row is the caller's to say)
    edition: str,
    dialect: Dialect = "duckdb",
    *,
    table: str = TABLE,
    report: str | None = None,
    file: str | None = None,
    document: str = DOCUMENT,
) -> str:
    """
    Return the equations of an edition as one SQL query, whose rows are those that are broken or
    unknown.

    *dialect*: ``"duckdb"``, ``"sqlite"`` and ``"spark"`` read a table with one row a report and one
    column a cell, as ``write_many`` and ``to_frame`` make it; ``"postgresql"`` reads a table with
    a column of reports of type ``jsonb``, *document*. *table* is what follows FROM. *report* and
    *file* are expressions over its columns that identify a row in the answer. By default *report*
    is the number of the row, from 0 on, in Spark ``monotonically_increasing_id()`` and in
    PostgreSQL ``ctid``; *file* is the column ``file``, in PostgreSQL null. These four arguments are
    SQL and become part of the query as they are: never take them from untrusted input.
    Shape: the columns ``report``, ``file``, ``rule``, ``equation`` (named by the cells of its right
    side), ``left`` and ``right`` (its two sums), ``difference`` (left − right) and ``blanks``, in
    the order of the rows and of the form, with the values that ``check`` gives. ``blanks`` is a
    list of cells, in SQLite JSON text. Reports of other editions are left out; those of edition
    2021 may have （六） as one row or as three.
    Blank: an equation with a null is unknown, and its sums are null. A value that is no whole
    number, or larger than the schema allows, counts as blank, so that no sum overflows.
    Raises: UnknownEdition; ValueError for an unknown dialect.

    >>> import duckdb, govinfo_schema as gs
    >>> reports = gs.to_frame([gs.generate(1), gs.damage(gs.generate(7), "single", 1).report])
    >>> query = f"SELECT report, rule, difference FROM ({gs.sql('2021')})"
    >>> duckdb.sql(query).fetchall()
    [(1, 'B-DISP', 25), (1, 'B-ROW', 25)]
    """
    words = _words(dialect)
    shapes = tuple(forms(edition_name(edition)))
    equations = _merged(shapes)
    cells = dict.fromkeys(cell for each in equations for cell in (*each.left, *each.right))
    query = _Query(words, shapes, {cell: f"c{number}" for number, cell in enumerate(cells, 1)})
    row = f"{report or words['report']} AS report, {file or words['file']} AS file"
    read = (
        query.from_documents(f"{row}, {document} AS document", table)
        if words["source"] == "documents"
        else query.from_columns(row, table)
    )
    steps = ",\n".join(
        f"{name} AS (\n{step.rstrip()}\n)" for name, step in (*read, *query.answers(equations))
    )
    left, right = (f"{words['quote']}{side}{words['quote']}" for side in ("left", "right"))
    # S608: the cells and rules are our own; the rest is documented to be SQL.
    return f"""WITH {steps}
SELECT report, file, rule, equation, CASE WHEN r IS NOT NULL THEN l END AS {left},
CASE WHEN l IS NOT NULL THEN r END AS {right}, l - r AS difference, blanks
FROM found {words["order"]}""".rstrip()  # noqa: S608


def _words(dialect: object) -> Mapping[str, str]:
    """
    Return how an engine writes what a query needs.

    Raises: ValueError.
    """
    dialects: Mapping[str, Mapping[str, str]] = read_data("dialects")
    if not is_a(dialect, str) or dialect not in dialects:
        raise ValueError(f"no dialect {shown(dialect)} of SQL; there are {', '.join(dialects)}")
    return dialects[cast("str", dialect)]


def _merged(shapes: Iterable[Form]) -> list[Equation]:
    """Return the equations of all shapes, each once, those of each shape in its order."""
    merged: list[Equation] = []
    for shape in shapes:
        place = 0
        for equation in shape.equations:
            if equation not in merged:
                merged.insert(place, equation)
            place = merged.index(equation) + 1
    return merged


@attrs.frozen
class _Query:
    """
    What the steps of a query share: the *words* of its dialect, the *shapes* of the edition, and
    for each cell the short name of its *figure*, as PostgreSQL cuts long names off.

    A step is a name and the text of a subquery, which reads a step before it.
    """

    words: Mapping[str, str]
    shapes: Sequence[Form]
    figure: Mapping[str, str]

    def from_columns(self, row: str, table: str) -> Iterator[tuple[str, str]]:
        """Yield the steps that read a table with one column a cell."""
        quote = self.words["quote"]
        cells = [f"{quote}{cell}{quote} AS {name}" for cell, name in self.figure.items()]
        shape = [SHAPE] if len(self.shapes) > 1 else []
        yield "numbered", self._select([row, "edition", *shape, *cells], table)
        yield "figures", self._counts(shape, f"numbered WHERE edition = '{self.shapes[0].name}'")

    def from_documents(self, row: str, table: str) -> Iterator[tuple[str, str]]:
        """
        Yield the steps that read a column of JSON: one step for each level of the documents, so
        that no part is looked up twice.
        """
        yield "numbered", self._select([row], table)
        above = f"numbered WHERE document ->> 'edition' = '{self.shapes[0].name}'"
        names = {"": "document"}
        parts = [ids.split(cell) for cell in self.figure]
        for depth in range(1, max(map(len, parts)) + 1):
            paths = dict.fromkeys(ids.join(*part[:depth]) for part in parts if len(part) >= depth)
            columns = ["report, file"] if depth == 1 else ["*"]
            for path in paths:
                names[path] = self.figure.get(path, f"p{len(names)}")
                whole = names[ids.row_of(path)]
                columns.append(f"{whole} -> '{ids.column_of(path)}' AS {names[path]}")
            yield f"level{depth}", self._select(columns, above)
            above = f"level{depth}"
        # A report is of a later shape if it has any cell that the shapes before it do not have.
        shape = [
            f"coalesce({', '.join(self.figure[cell] for cell in self._only(one))}) IS NOT NULL "
            f"AS {SHAPE}"
            for one in self.shapes[1:]
        ]
        yield "figures", self._counts(shape, above)

    def answers(self, equations: Sequence[Equation]) -> Iterator[tuple[str, str]]:
        """Yield the steps that add both sides up, and list the equations that do not hold."""
        sums = [
            f"{self._sum(equation, side)} AS {name}{number}"
            for number, equation in enumerate(equations, 1)
            for name, side in (("l", equation.left), ("r", equation.right))
        ]
        yield "sums", self._select(["*", *sums], "figures")
        entries = [
            self.words["entry"].format(
                number=number,
                rule=equation.rule.code,
                equation=equation_name(equation),
                differs=f"coalesce(l{number} - r{number}, 1) <> 0",
                blanks=self._blanks(equation, number),
            )
            for number, equation in enumerate(equations, 1)
        ]
        yield "found", self.words["found"].strip().format(entries=",\n".join(entries))

    def _select(self, columns: Iterable[str], source: str) -> str:
        return f"SELECT {(',' + chr(10)).join(columns)}\nFROM {source} {self.words['fence']}"

    def _counts(self, shape: Iterable[str], source: str) -> str:
        """Select the figures as counts, of which no sum overflows."""
        counts = (
            f"{self.words['figure'].format(value=name, limit=MAX_COUNT)} AS {name}"
            for name in self.figure.values()
        )
        return self._select(["report, file", *shape, *counts], source)

    def _only(self, shape: Form) -> Iterator[str]:
        return (
            cell for cell in self.figure if cell in shape.cells and cell not in self.shapes[0].cells
        )

    def _sum(self, equation: Equation, side: Sequence[str]) -> str:
        """Add up one side of an equation; both sides are 0 where the shape does not have it."""
        added = " + ".join(self.figure[cell] for cell in side)
        first, later = (equation in self.shapes[at].equations for at in (0, -1))
        if first == later:
            return added
        return f"CASE WHEN {SHAPE} THEN {added if later else 0} ELSE {added if first else 0} END"

    def _blanks(self, equation: Equation, number: int) -> str:
        """List the blank cells of an equation, none where it is broken."""
        each = (
            self.words["blank"].format(figure=self.figure[cell], cell=cell)
            for cell in (*equation.left, *equation.right)
        )
        listed = self.words["blanks"].format(blanks=self.words["join"].join(each))
        return (
            f"CASE WHEN l{number} - r{number} IS NULL THEN {listed} ELSE {self.words['none']} END"
        )
