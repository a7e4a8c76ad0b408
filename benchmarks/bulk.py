"""
Measure how long ``check_frame`` takes for many reports with blanks and damage, beside programs that
do the same work by hand.

``python benchmarks/bulk.py [COUNT] [PARQUET_COUNT]``, in an environment with ``--group bench``. The
frame is made of some thousand generated reports of both editions and both shapes, drawn at random.
Each contender runs in turns with the others; CPU time is compared, the best of some rounds. All
have to find the same. With a second number ``check_frame`` also goes over Parquet files of 1,000
reports and ten times as many up to that number, each in a process of its own.
"""

from __future__ import annotations

import operator
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from functools import reduce
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import polars as pl

import govinfo_schema as gs
from govinfo_schema import testing
from govinfo_schema.bulk.sums import differences
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import Form, forms

duckdb: Any = import_module("duckdb")
pa: Any = import_module("pandera.polars")
dataframely: Any = import_module("dataframely")

COUNT: Final = 100_000
DIFFERENT: Final = 6_000
ROUNDS: Final = 3
SLOW_ROUNDS: Final = 1
"""So often the peers run that take many times as long."""
QUICK_ROUNDS: Final = 15
"""So often the differences alone are worked out, which takes a fraction of the time."""
TARGETS: Final = (
    ("check_frame", "Polars by hand, concat", 1.5),
    ("check_frame", "Polars by hand, unpivot", 1.5),
    ("check_frame", "Polars by hand, rows first", 1.5),
    ("check_frame", "DuckDB SQL", 1 / 5),
    ("check_frame", "DuckDB SQL, differences only", 1 / 5),
    ("check_frame", "pandera", 1 / 20),
    ("differences of check_frame", "differences by hand, sums written out", 1.0),
    ("differences of check_frame", "differences by hand, sum_horizontal", 1.0),
)
"""So many times as long as its peer something of ours may take."""


def reports() -> list[gs.Report]:
    """Make the reports: every third of the edition 2019, a third with blanks or damage."""
    made = []
    for seed in range(DIFFERENT):
        dice = random.Random(seed)
        edition = gs.editions[seed % 3 > 0]
        report = gs.generate(seed, edition, undivided=seed % 12 == 1)
        if dice.random() < 0.2:
            with suppress(ValueError):  # some reports have no figure to be spoilt in this way
                report = gs.damage(report, dice.choice(testing.KINDS), seed).report
        if dice.random() < 0.1:
            cells = [cell for cell, value in gs.walk(report) if value is not None]
            report = gs.replace(report, dict.fromkeys(dice.sample(cells, dice.randint(1, 4))))
        made.append(report)
    return made


def drawn(count: int, seed: int = 0) -> pl.DataFrame:
    """Draw rows of the frame of these reports."""
    return gs.to_frame(reports()).sample(count, with_replacement=True, seed=seed)


# ---- by hand ------------------------------------------------------------------------------------


def of_form(frame: pl.LazyFrame, of: Form) -> pl.LazyFrame:
    """Keep the rows of a form."""
    return frame.filter([pl.col(name) == value for name, value in of.key.items()])


def left(each: gs.Equation) -> pl.Expr:
    """Add up the left side."""
    return reduce(operator.add, map(pl.col, each.left))


def right(each: gs.Equation) -> pl.Expr:
    """Add up the right side."""
    return reduce(operator.add, map(pl.col, each.right))


def horizontal(each: gs.Equation) -> pl.Expr:
    """Return the difference by the function for sums."""
    return pl.sum_horizontal(each.left, ignore_nulls=False) - pl.sum_horizontal(
        each.right, ignore_nulls=False
    )


def blanks(each: gs.Equation) -> pl.Expr:
    """List the blank cells of an equation."""
    cells = (*each.left, *each.right)
    named = [pl.when(pl.col(cell).is_null()).then(pl.lit(cell)) for cell in cells]
    return pl.concat_list(named).list.drop_nulls()


def by_concat(frame: pl.DataFrame) -> pl.DataFrame:
    """Filter the frame once for each equation and put the rows together."""
    numbered = frame.lazy().with_row_index("report")
    parts = []
    for of in forms():
        own = of_form(numbered, of)
        for place, each in enumerate(of.equations):
            difference = left(each) - right(each)
            parts.append(
                own.filter(difference.ne_missing(0)).select(
                    "report",
                    "file",
                    pl.lit(place).alias("place"),
                    pl.lit(each.rule.code).alias("rule"),
                    pl.lit(equation_name(each)).alias("equation"),
                    difference.alias("difference"),
                    pl.when(difference.is_not_null()).then(left(each)).alias("left"),
                    pl.when(difference.is_not_null()).then(right(each)).alias("right"),
                    blanks(each).alias("blanks"),
                )
            )
    return pl.concat(parts).sort("report", "place").collect()


def by_unpivot(frame: pl.DataFrame) -> pl.DataFrame:
    """
    Work out all differences, make one row of each, keep those that are not 0: less than the others
    do, as it gives neither sums nor blanks.
    """
    numbered = frame.lazy().with_row_index("report")
    parts = []
    for of in forms():
        names = {
            f"{each.rule.code} {equation_name(each)}": left(each) - right(each)
            for each in of.equations
        }
        parts.append(
            of_form(numbered, of)
            .select("report", "file", **names)
            .unpivot([*names], index=["report", "file"], value_name="difference")
            .filter(pl.col("difference").ne_missing(0))
        )
    return pl.concat(parts).sort("report").collect()


def by_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """
    Work out all differences, keep the rows in which one is not 0, and make one row of each of
    those: likewise less than the others do.
    """
    numbered = frame.lazy().with_row_index("report")
    parts = []
    for of in forms():
        names = {
            f"{each.rule.code} {equation_name(each)}": left(each) - right(each)
            for each in of.equations
        }
        parts.append(
            of_form(numbered, of)
            .select("report", "file", **names)
            .filter(pl.any_horizontal(pl.col(*names).ne_missing(0)))
            .unpivot([*names], index=["report", "file"], value_name="difference")
            .filter(pl.col("difference").ne_missing(0))
        )
    return pl.concat(parts).sort("report").collect()


# ---- other libraries ----------------------------------------------------------------------------


def by_duckdb(frame: pl.DataFrame, *, whole: bool = True) -> Any:
    """
    Ask DuckDB with one query, which lists the equations of each row that do not hold; *whole*: with
    their sums and blanks, not only their differences.
    """
    base = duckdb.connect()
    base.register("reports", frame.with_row_index("report").to_arrow())
    parts = []
    for of in forms():
        where = " AND ".join(f'"{name}" = {value!r}' for name, value in of.key.items())
        entries = ", ".join(_entry(each, whole=whole) for each in of.equations)
        fails = "lambda e: e.d IS DISTINCT FROM 0"
        parts.append(
            f"SELECT report, file, unnest(list_filter([{entries}], {fails}), max_depth := 2) "  # noqa: S608
            f"FROM reports WHERE {where}"
        )
    query = " UNION ALL ".join(parts)
    if whole:
        listed = "list_filter(blanks, lambda b: b IS NOT NULL) AS blanks"
        query = f"SELECT * REPLACE ({listed}) FROM ({query})"  # noqa: S608
    return base.sql(query).to_arrow_table()


def _entry(each: gs.Equation, *, whole: bool) -> str:
    """Write an equation as a struct of SQL."""
    left_sum, right_sum = (
        " + ".join(f'"{cell}"' for cell in side) for side in (each.left, each.right)
    )
    fields = {
        "rule": f"'{each.rule.code}'",
        "equation": f"'{equation_name(each)}'",
        "d": f"{left_sum} - ({right_sum})",
    }
    if whole:
        cells = (
            f"CASE WHEN \"{cell}\" IS NULL THEN '{cell}' END" for cell in each.left + each.right
        )
        fields |= {"l": left_sum, "r": right_sum, "blanks": f"[{', '.join(cells)}]"}
    inner = ", ".join(f"'{name}': {value}" for name, value in fields.items())
    return f"{{{inner}}}"


def by_pandera(frame: pl.DataFrame) -> int:
    """Let pandera check each form by a schema with one check for each equation; count failures."""
    failures = 0
    for of, rows in parts_of(frame):
        checks = [
            pa.Check(
                lambda data, each=each: data.lazyframe.select(
                    (left(each) - right(each)).eq_missing(0)
                )
            )
            for each in of.equations
        ]
        try:
            pa.DataFrameSchema(checks=checks).validate(rows, lazy=True)
        except import_module("pandera.errors").SchemaErrors as error:
            failures += error.failure_cases.height
    return failures


def by_dataframely(frame: pl.DataFrame) -> int:
    """Let dataframely check each form by a schema with one rule for each equation."""
    failures = 0
    for of, rows in parts_of(frame):
        cells = {cell for each in of.equations for cell in (*each.left, *each.right)}
        members: dict[str, Any] = {
            f"c{number}": dataframely.Int64(nullable=True, alias=cell)
            for number, cell in enumerate(cells)
        }
        for number, each in enumerate(of.equations):
            members[f"e{number}"] = dataframely.rule()(
                lambda cls, each=each: (left(each) - right(each)).eq_missing(0)  # noqa: ARG005
            )
        schema: Any = type("Reports", (dataframely.Schema,), members)
        failures += sum(schema.filter(rows.select(cells)).failure.counts().values())
    return failures


def parts_of(frame: pl.DataFrame) -> list[tuple[Form, pl.DataFrame]]:
    """Take the rows of each form apart."""
    return [(of, of_form(frame.lazy(), of).collect()) for of in forms()]


# ---- the measure --------------------------------------------------------------------------------


def contenders(frame: pl.DataFrame) -> dict[str, tuple[int, Callable[[], Any]]]:
    """Give what is measured, and how often."""
    of = next(forms())
    cells = [*dict.fromkeys(cell for each in of.equations for cell in (*each.left, *each.right))]
    figures = frame.select(cells)
    return {
        "check_frame": (ROUNDS, lambda: gs.check_frame(frame)),
        "check_frame, plausible": (ROUNDS, lambda: gs.check_frame(frame, plausible=True)),
        "Polars by hand, concat": (ROUNDS, lambda: by_concat(frame)),
        "Polars by hand, unpivot": (ROUNDS, lambda: by_unpivot(frame)),
        "Polars by hand, rows first": (ROUNDS, lambda: by_rows(frame)),
        "DuckDB SQL": (SLOW_ROUNDS, lambda: by_duckdb(frame)),
        "DuckDB SQL, differences only": (SLOW_ROUNDS, lambda: by_duckdb(frame, whole=False)),
        "pandera": (SLOW_ROUNDS, lambda: by_pandera(frame)),
        "dataframely": (SLOW_ROUNDS, lambda: by_dataframely(frame)),
        "one pass over the columns: their sums": (QUICK_ROUNDS, figures.sum),
        "differences of check_frame": (QUICK_ROUNDS, lambda: differences(figures, of.equations)),
        "differences by hand, sums written out": (
            QUICK_ROUNDS,
            lambda: figures.select((left(e) - right(e)).alias(str(n)) for n, e in numbered(of)),
        ),
        "differences by hand, sum_horizontal": (
            QUICK_ROUNDS,
            lambda: figures.select(horizontal(e).alias(str(n)) for n, e in numbered(of)),
        ),
    }


def numbered(of: Form) -> list[tuple[int, gs.Equation]]:
    """Number the equations of a form."""
    return list(enumerate(of.equations))


def agree(frame: pl.DataFrame) -> None:
    """Make sure that all find the same, or end."""
    found = gs.check_frame(frame).findings
    names = ["report", "rule", "equation", "left", "right", "difference", "blanks"]
    hand = by_concat(frame).select(pl.col(names).name.keep()).cast({"report": pl.Int64})
    if not hand.equals(found.select(names)):
        raise SystemExit("the program by hand finds something else: there is nothing to measure")
    counts = {
        "unpivot": by_unpivot(frame).height,
        "rows first": by_rows(frame).height,
        "DuckDB": by_duckdb(frame).num_rows,
        "DuckDB, differences": by_duckdb(frame, whole=False).num_rows,
        "dataframely": by_dataframely(frame),
    }
    if set(counts.values()) != {found.height}:
        raise SystemExit(f"{found.height} findings, but {counts}: there is nothing to measure")


def scale(count: int) -> None:
    """Check Parquet files of more and more reports, each in a process of its own."""
    print("\n     reports           bytes       s  µs each  MB max      findings")
    with tempfile.TemporaryDirectory() as folder:
        size = 1000
        while size <= count:
            source, target = Path(folder) / "reports.parquet", Path(folder) / "findings.parquet"
            save(size, source)
            command = [sys.executable, __file__, "--one", str(source), str(target)]
            seconds, memory, rows = map(
                float,
                subprocess.run(command, capture_output=True, text=True, check=True).stdout.split(),
            )
            bytes_, each = source.stat().st_size, seconds / size * 1e6
            print(
                f"{size:>12,}{bytes_:>16,}{seconds:8.1f}{each:9.1f}{memory:8.0f}{rows:14,.0f}",
                flush=True,
            )
            size *= 10


def save(count: int, path: Path) -> None:
    """Write a file of so many reports in row groups of 65,536."""
    parquet: Any = import_module("pyarrow.parquet")
    block = drawn(min(count, 262_144)).to_arrow(compat_level=pl.CompatLevel.oldest())
    with parquet.ParquetWriter(path, block.schema, compression="zstd") as writer:
        for begin in range(0, count, block.num_rows):
            writer.write_table(block.slice(0, count - begin), row_group_size=65_536)


def one(source: str, target: str) -> None:
    """Check one file, and print the seconds, the megabytes and the findings."""
    begin = time.process_time()
    checked = gs.check_frame(pl.scan_parquet(source))
    checked.findings.sink_parquet(target)
    checked.verdicts.sink_parquet(Path(target).with_suffix(".verdicts.parquet"))
    seconds = time.process_time() - begin
    rows = pl.scan_parquet(target).select(pl.len()).collect().item()
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, rows)


def main() -> None:
    """Make the frame, run all contenders in turns and print times and ratios."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    agree(drawn(min(count, 20_000)))
    frame = drawn(count)
    verdicts = gs.check_frame(frame).verdicts["verdict"].value_counts(sort=True, name="reports")
    machine = f"{os.cpu_count()} cores, polars {pl.__version__}"
    print(f"{count:,} reports of both editions and shapes, {machine}")
    print(", ".join(f"{reports:,} {verdict}" for verdict, reports in verdicts.rows()))
    ours = contenders(frame)
    taken: dict[str, list[float]] = {name: [] for name in ours}
    for turn in range(QUICK_ROUNDS):
        for name, (rounds, work) in ours.items():
            if turn < rounds:
                begin = time.process_time()
                work()
                taken[name].append(time.process_time() - begin)
    best = {name: min(seconds) for name, seconds in taken.items()}
    print(f"\n{'':40}µs each")
    for name, seconds in best.items():
        print(f"{name:40}{seconds / count * 1e6:7.2f}")
    print(f"\n{'ours / peer':70}ratio")
    for mine, peer, most in TARGETS:
        ratio = best[mine] / best[peer]
        verdict = "reached" if ratio <= most else "NOT reached"
        print(f"{f'{mine} / {peer}':70}{ratio:6.3f}   target <= {most:.3f}  {verdict}")
    if len(sys.argv) > 2:
        scale(int(sys.argv[2]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        one(*sys.argv[2:])
    else:
        main()
