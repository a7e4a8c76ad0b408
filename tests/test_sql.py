"""
The equations as SQL: on real engines the query finds what ``check`` finds, value by value and in
the same order; whatever is no figure counts as blank; and the published files are these queries.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import duckdb
import polars as pl
import pytest
from engines import (
    Postgres,
    expected,
    files_of,
    needs_postgres,
    needs_spark,
    postgres,
    spark,
    varied,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import reports

import govinfo_schema as gs
from govinfo_schema.bulk.queries import Dialect
from govinfo_schema.cli import main
from govinfo_schema.form.parts import EditionName

ROOT = Path(__file__).parents[1]
FEW, MANY, ALL = 300, 3_000, 100_000
CELL, TOTAL = "disputes.reconsideration.upheld", "disputes.reconsideration.total"
COLUMNS = ["report", "file", "rule", "equation", "left", "right", "difference", "blanks"]
Rows = list[tuple[Any, ...]]


@cache
def varied_reports(count: int) -> tuple[gs.Report, ...]:
    """Make reports of all shapes with blanks, damage and large counts: seeds 0 to *count* - 1."""
    return tuple(map(varied, range(count)))


@cache
def answers(count: int, edition: EditionName, *, files: bool = True) -> Rows:
    """Return what ``check`` finds in the first reports."""
    return expected(varied_reports(count), edition, files=files)


def in_duckdb(frame: Any, query: str) -> Rows:
    """Run a query over a frame under the name ``reports``."""
    with duckdb.connect() as base:
        base.register("reports", frame)
        return base.execute(query).fetchall()


def in_sqlite(base: sqlite3.Connection, edition: EditionName, **names: str) -> Rows:
    """Run the query of an edition, and read the JSON of its last column."""
    rows = base.execute(gs.sql(edition, "sqlite", **names))
    return [(*row[:-1], json.loads(row[-1])) for row in rows]


def with_sqlite(own: list[gs.Reading], folder: Path, edition: EditionName) -> Rows:
    """Write reports into a database, and run the query there."""
    path = folder / "reports.sqlite"
    if not path.exists():
        gs.write_many(own, path)
    base = sqlite3.connect(path)
    try:
        return in_sqlite(base, edition)
    finally:
        base.close()


def with_duckdb(own: list[gs.Reading], folder: Path, edition: EditionName) -> Rows:
    """Write reports into a database, and run the query there."""
    path = folder / "reports.duckdb"
    if not path.exists():
        gs.write_many(own, path)
    with duckdb.connect(str(path), read_only=True) as base:
        return base.execute(gs.sql(edition)).fetchall()


EMBEDDED: dict[str, Callable[[list[gs.Reading], Path, EditionName], Rows]] = {
    "duckdb": with_duckdb,
    "sqlite": with_sqlite,
}
COUNTS = [
    FEW,
    pytest.param(MANY, marks=pytest.mark.thorough),
    pytest.param(ALL, marks=pytest.mark.full),
]


# ---- the engines --------------------------------------------------------------------------------


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("dialect", EMBEDDED)
def test_embedded_database_finds_what_check_finds(dialect: str, count: int, tmp_path: Path) -> None:
    """
    In a database that ``write_many`` wrote, of both editions and all shapes, the query of each
    edition gives exactly the rows of ``check``.
    """
    own = varied_reports(count)
    for edition in gs.editions:
        rows = EMBEDDED[dialect](files_of(own), tmp_path, edition)
        assert len(rows) > count
        assert rows == answers(count, edition)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Postgres]:
    """Start a PostgreSQL cluster for the tests of this module."""
    with postgres() as started:
        yield started


@needs_postgres
@pytest.mark.parametrize("count", [MANY, pytest.param(ALL, marks=pytest.mark.full)])
def test_postgresql_finds_what_check_finds(cluster: Postgres, count: int) -> None:
    """Over one column of JSON in PostgreSQL the query gives exactly the rows of ``check``."""
    own = varied_reports(count)
    cluster.load(f"reports_{count}", map(gs.dumps, own))
    for edition in gs.editions:
        query = gs.sql(edition, "postgresql", table=f"reports_{count}", report="id")
        assert cluster.rows(query) == answers(count, edition, files=False)


@needs_postgres
def test_postgresql_loads_lines_as_the_pages_say(cluster: Postgres, tmp_path: Path) -> None:
    """The command of both pages loads JSON lines whole, with line breaks and quotes in texts."""
    texts = {"overview": 'first\nsecond "quoted"\tand \\\\ more', "title": "a,b\r\n'c'"}
    own = [gs.replace(each, texts) for each in varied_reports(12)]
    path = tmp_path / "reports.jsonl"
    gs.write_many(own, path)
    for number, page in enumerate(("docs/sql.md", "docs/sql.zh-CN.md")):
        [commands] = re.findall(
            r"^```text\n(CREATE .+?)^```$", Path(page).read_text("utf-8"), re.MULTILINE | re.DOTALL
        )
        named = commands.replace("'reports.jsonl'", f"'{path}'")
        cluster.run(named.replace("reports (", f"loaded_{number} ("))
        rows = cluster.rows(f"SELECT report::text FROM loaded_{number} ORDER BY id")  # noqa: S608
        assert [gs.loads(text) for (text,) in rows] == own


@needs_postgres
def test_postgresql_takes_what_is_no_report(cluster: Postgres) -> None:
    """
    A document that is no report stops nothing: texts, fractions, huge numbers, parts that are
    missing or of another kind count as blank, and each row is found again by its ``ctid``.
    """
    report = json.loads(gs.dumps(gs.generate(1)))
    odd: dict[str, Any] = {"right": 0, "text": "5", "fraction": 1.5, "huge": 10**30, "list": [1]}
    documents: list[Any] = [5, [], None, {"edition": "2019"}, {"edition": "2021", "disputes": 3}]
    for name, value in odd.items():
        document = json.loads(json.dumps(report | {"title": name}))
        if name != "right":
            document["disputes"]["reconsideration"]["upheld"] = value
        documents.append(document)
    cluster.load("odd", (json.dumps(document).encode() for document in documents))
    rows = cluster.rows(gs.sql("2021", "postgresql", table="odd", file="report ->> 'title'"))
    assert [(row[1], row[3], row[6], row[7]) for row in rows if row[1] in odd] == [
        (name, TOTAL, None, [CELL]) for name in odd if name != "right"
    ]
    assert len([row for row in rows if row[1] is None]) == 42
    for place, title in {(row[0], row[1]) for row in rows}:
        (traced,) = cluster.rows(f"SELECT report ->> 'title' FROM odd WHERE ctid = '{place}'")  # noqa: S608
        assert traced == (title,)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Start a Spark session for the tests of this module."""
    with spark() as started:
        yield started


@needs_spark
def test_spark_finds_what_check_finds(session: Any, tmp_path: Path) -> None:
    """
    Over a Parquet file in Spark, whose columns have dots in their names, the query gives exactly
    the rows of ``check``, in order.
    """
    own = varied_reports(ALL)
    gs.write_many(files_of(own), tmp_path / "reports.parquet")
    frame = session.read.parquet(str(tmp_path / "reports.parquet"))
    frame.createOrReplaceTempView("reports")
    for edition in gs.editions:
        number = "CAST(substring_index(`file`, '.', 1) AS BIGINT)"
        answer = session.sql(gs.sql(edition, "spark", report=number))
        assert answer.columns == COLUMNS
        assert [tuple(row) for row in answer.collect()] == answers(ALL, edition)
    row = frame.select(f"`{CELL}`").first()
    renamed = frame.toDF(*[name.replace(".", "__") for name in frame.columns])
    assert row[0] == renamed.select(CELL.replace(".", "__")).first()[0] == gs.get(own[0], CELL)


# ---- what the query says ------------------------------------------------------------------------


@given(st.lists(reports(), min_size=1, max_size=9))
@settings(max_examples=5)
def test_any_report(own: list[gs.Report]) -> None:
    """Any report that can exist has in DuckDB the findings of ``check``."""
    for edition in gs.editions:
        rows = in_duckdb(gs.to_frame(own), gs.sql(edition))
        assert rows == expected(own, edition, files=False)


@pytest.mark.parametrize("edition", gs.editions)
def test_columns_and_order(edition: EditionName, tmp_path: Path) -> None:
    """
    The answer has the columns of the contract; *report* is the number of the row among those of all
    editions; a frame in any order of columns gives the same.
    """
    own = varied_reports(FEW)
    frame = gs.to_frame(files_of(own))
    names = sorted(frame.columns, key=lambda _: random.Random(1).random())
    with duckdb.connect() as base:
        base.register("reports", frame.select(names))
        answer = base.execute(gs.sql(edition))
        assert [name for name, *_ in answer.description] == COLUMNS
        assert answer.fetchall() == expected(own, edition)
    gs.write_many(own, tmp_path / "reports.sqlite")
    lite = sqlite3.connect(tmp_path / "reports.sqlite")
    assert [name for name, *_ in lite.execute(gs.sql(edition, "sqlite")).description] == COLUMNS
    lite.close()


def test_table_and_identity_are_chosen(tmp_path: Path) -> None:
    """The caller names the table, and says which expressions identify a row."""
    own = varied_reports(FEW)
    path = tmp_path / "own.parquet"
    gs.write_many(own, path)
    query = gs.sql(
        "2021",
        table=f"read_parquet('{path}', file_row_number = true)",
        report="file_row_number",
        file='"body.name" || CAST(year AS VARCHAR)',
    )
    wanted = [
        (*row[:1], f"某市人民政府{own[row[0]].year}", *row[2:])
        for row in expected(own, "2021", files=False)
    ]
    assert in_duckdb(gs.to_frame([]), query) == wanted


def test_null_shape_is_the_shape_with_most_rows() -> None:
    """As in every table, a report that does not say whether （六） is one row has three rows."""
    report = gs.generate(3)
    frame = gs.to_frame([report]).with_columns(pl.lit(None, pl.Boolean).alias("undivided"))
    assert in_duckdb(frame, gs.sql("2021")) == []
    assert gs.from_frame(frame).reports == (report,)


def of_values(row: dict[str, Any]) -> Rows:
    """Put one row into a table of SQLite without types, and run the query."""
    base = sqlite3.connect(":memory:")
    base.execute(f"CREATE TABLE reports ({', '.join(map(json.dumps, row))})")
    marks = ", ".join("?" * len(row))
    base.execute(f"INSERT INTO reports VALUES ({marks})", list(row.values()))  # noqa: S608
    rows = in_sqlite(base, "2021")
    base.close()
    return rows


LARGE = 2**53 - 1
ODD = [2**53, -(2**53), 2**62, 2**63 - 1, -(2**63)]


@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("dialect", EMBEDDED)
def test_no_sum_overflows(dialect: str, value: int) -> None:
    """
    A whole number that no report can hold is not added up to a wrong sum: its equations are unknown
    and name it. The largest that a report can hold is added up exactly.
    """
    frame = gs.to_frame([gs.generate(1)])
    for figure in (value, LARGE):
        cells = (CELL, "disputes.reconsideration.corrected", TOTAL)
        changed = frame.with_columns(*[pl.lit(figure).alias(cell) for cell in cells])
        if dialect == "duckdb":
            rows = in_duckdb(changed, gs.sql("2021"))
        else:
            rows = of_values(changed.row(0, named=True))
        (row,) = rows
        rest = frame.select(
            pl.sum_horizontal("disputes.reconsideration.other", "disputes.reconsideration.pending")
        ).item()
        assert row[4:] == (
            (2 * LARGE + rest, LARGE, LARGE + rest, [])
            if figure == LARGE
            else (None, None, None, [*cells])
        )


@pytest.mark.parametrize("value", ["x", "", "5", 1.5, float("inf"), b"5"])
def test_sqlite_takes_what_is_no_figure_as_blank(value: object) -> None:
    """SQLite holds anything in any column: what is no whole number is neither 0 nor rounded."""
    row = gs.to_frame([gs.generate(1)]).row(0, named=True)
    assert [(each[3], each[6], each[7]) for each in of_values(row | {CELL: value})] == [
        (TOTAL, None, [CELL])
    ]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("VARCHAR", value) for value in ("5", "x", "", "1.5")),
        *(("JSON", value) for value in ("5", "{}", '"x"')),
        *(("ENUM('x')", value) for value in ("x",)),
        *((kind, "2024-01-01") for kind in ("DATE", "TIMESTAMP")),
        *(("BOOLEAN", True), ("BLOB", b"5"), ("INTEGER[]", [5]), ("STRUCT(a INTEGER)", {"a": 5})),
        *(("DECIMAL(38, 18)", value) for value in ("5.000000000000000001", "1" + 19 * "0")),
        *(("HUGEINT", 2**100), ("FLOAT", 1e30), ("DOUBLE", 1e300), ("UBIGINT", 2**64 - 1)),
    ],
)
def test_duckdb_takes_what_is_no_figure_as_blank(kind: str, value: object) -> None:
    """So does DuckDB, of whatever type a column is; the query never fails."""
    with duckdb.connect() as base:
        frame = gs.to_frame([gs.generate(1)])
        base.register("frame", frame)
        base.execute(f'CREATE TABLE reports AS SELECT * EXCLUDE "{CELL}" FROM frame')  # noqa: S608 (our own names)
        base.execute(f'ALTER TABLE reports ADD COLUMN "{CELL}" {kind}')
        base.execute(f'UPDATE reports SET "{CELL}" = CAST(? AS {kind})', [value])  # noqa: S608 (our own names)
        rows = base.execute(gs.sql("2021")).fetchall()
    assert [(each[3], each[6], each[7]) for each in rows] == [(TOTAL, None, [CELL])]


def test_floats_of_whole_numbers_are_counts() -> None:
    """Counts that pandas made floats of are the same counts; NaN and fractions are blank."""
    own = [gs.generate(1), gs.generate(1), gs.generate(1)]
    frame = gs.to_frame(own)
    right = float(frame[CELL][0])
    frame = frame.with_columns(pl.Series(CELL, [right, float("nan"), right + 0.5]))
    rows = in_duckdb(frame, gs.sql("2021"))
    assert [(row[0], row[3], row[7]) for row in rows] == [(1, TOTAL, [CELL]), (2, TOTAL, [CELL])]


# ---- calls and files ----------------------------------------------------------------------------


def test_wrong_calls_say_what_there_is() -> None:
    """An unknown dialect or edition is refused in one line that names the known ones."""
    wrong: Any
    for wrong in ("mysql", "DuckDB", None, ["duckdb"]):
        with pytest.raises(ValueError, match="there are duckdb, sqlite, spark, postgresql") as told:
            gs.sql("2021", wrong)
        assert "\n" not in str(told.value)
    for wrong in (2021, "2020", None):
        with pytest.raises(gs.UnknownEdition, match="2019 and 2021"):
            gs.sql(wrong)


@pytest.mark.parametrize("dialect", get_args(Dialect))
@pytest.mark.parametrize("edition", gs.editions)
def test_published_query_is_the_same(
    edition: EditionName, dialect: Dialect, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The published file and the command give the query of ``sql``; PostgreSQL cuts no name off; no
    driver takes a part of it for a parameter.
    """
    query = gs.sql(edition, dialect)
    file = (ROOT / "schemas" / edition / f"equations.{dialect}.sql").read_text(encoding="utf-8")
    lines = [line for line in file.splitlines() if not line.startswith("--")]
    assert "\n".join(lines).strip() == f"{query};"
    assert main(["sql", edition, "--dialect", dialect]) == 0
    assert capsys.readouterr().out == f"{query};\n"
    assert not {"?", "%"} & set(query)
    if dialect == "postgresql":
        names = [word for part in query.split("'")[::2] for word in part.split()]
        assert max(len(name.encode()) for name in names) < 63


@pytest.mark.parametrize("dialect", EMBEDDED)
def test_published_file_runs(dialect: str, tmp_path: Path) -> None:
    """The published file runs as it is, comments and all."""
    own = varied_reports(60)
    text = (ROOT / "schemas" / "2021" / f"equations.{dialect}.sql").read_text(encoding="utf-8")
    if dialect == "duckdb":
        rows = in_duckdb(gs.to_frame(own), text)
    else:
        gs.write_many(own, tmp_path / "reports.sqlite")
        base = sqlite3.connect(tmp_path / "reports.sqlite")
        rows = [(*row[:-1], json.loads(row[-1])) for row in base.execute(text)]
        base.close()
    assert rows == expected(own, "2021", files=False)
