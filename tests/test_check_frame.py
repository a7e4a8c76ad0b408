"""
Frames are checked as reports are, one by one: the same findings and verdicts, whatever the frame is
of; what is no report is said, and nothing overflows unseen.
"""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import duckdb
import polars as pl
import pytest
from engines import needs_dask
from reports import SHAPES

import govinfo_schema as gs
from govinfo_schema.bulk import equations, frame_block
from govinfo_schema.bulk.frames import FINDINGS
from govinfo_schema.checks.entries import inequalities
from govinfo_schema.form.equations import equation_name
from govinfo_schema.form.forms import forms
from govinfo_schema.report.access import form_of
from govinfo_schema.report.values import MAX_COUNT
from govinfo_schema.testing import KINDS

pa: Any = pytest.importorskip("pyarrow")
CELL = "applications.received.total"
NATURAL = "applications.received.natural_person"
FEES = "proactive.administrative_fees.amount"


def one(seed: int) -> gs.Report:
    """Make a report of any shape; half of them have blanks, damage or very large figures."""
    dice = random.Random(seed)
    name, undivided = SHAPES[seed % len(SHAPES)]
    report = gs.generate(seed, name, undivided=undivided and name == "2021")
    if dice.random() < 0.3:
        with suppress(ValueError):  # some reports have no figure to be spoilt in this way
            report = gs.damage(report, dice.choice(KINDS), seed).report
    cells = [cell for cell, _ in gs.walk(report)]
    values: dict[str, Any] = {}
    for cell in (cell for cell in cells if cell.startswith("proactive.")):
        kind = form_of(report).cells[cell].kind
        if dice.random() < 0.7:
            low = -9 if kind == "signed_count" else 0
            values[cell] = dice.randint(low, 9) if kind != "amount" else Decimal("1.5")
    if dice.random() < 0.3:
        values |= dict.fromkeys(dice.sample(cells, dice.choice((1, 2, 5, 40))))
    if dice.random() < 0.1:
        wide = [cell for cell in cells if not cell.startswith("proactive.")]
        values |= dict.fromkeys(dice.sample(wide, 4), MAX_COUNT)
    return gs.replace(report, values)


@cache
def some(count: int = 900) -> tuple[gs.Report, ...]:
    """Make reports by their seeds."""
    return tuple(map(one, range(count)))


@cache
def frame_of_some() -> pl.DataFrame:
    """Make the frame of these reports, with a file for some."""
    files = [None if seed % 5 else f"{seed}.docx" for seed in range(len(some()))]
    return gs.to_frame(some()).with_columns(pl.Series("file", files, dtype=pl.String))


def expected(
    reports: Iterable[gs.Report], blanks: gs.Blanks = "unknown"
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Say by ``check`` what the two frames hold, without files."""
    findings, verdicts = [], []
    for number, report in enumerate(reports):
        assessment = gs.check(report, blanks)
        order = {(e.rule.code, e.right): n for n, e in enumerate(form_of(report).equations)}
        wrong = (*assessment.broken, *assessment.unknown)
        findings += [
            (
                *(number, each.rule.code, equation_name(each)),
                *(each.left_sum, each.right_sum, each.difference, list(each.blanks)),
            )
            for each in sorted(wrong, key=lambda e: order[e.rule.code, e.right])
        ]
        verdict = "broken" if assessment.broken else "unknown" if assessment.unknown else "held"
        counts = (assessment.held, len(assessment.broken), len(assessment.unknown))
        verdicts.append((number, report.edition, verdict, *counts))
    return findings, verdicts


def rows(checked: gs.FrameCheck[Any]) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """Take the rows of the two frames, without files."""
    lazy = (checked.findings.lazy(), checked.verdicts.lazy())
    findings, verdicts = (each.drop("file").collect().rows() for each in lazy)
    return findings, verdicts


def with_ids(name: str, kind: Any) -> pl.DataFrame:
    """Add a column of numbers to the frame of these reports."""
    return frame_of_some().with_columns(pl.int_range(pl.len()).cast(kind).alias(name))


@pytest.mark.parametrize("blanks", ["unknown", "zero"])
def test_a_frame_is_checked_as_its_reports_are(blanks: gs.Blanks) -> None:
    """
    Of reports of all shapes, with blanks and damage, the frames say what ``check`` says of each.
    """
    assert rows(gs.check_frame(frame_of_some(), blanks=blanks)) == expected(some(), blanks)


def test_one_shape_alone_is_checked_likewise() -> None:
    """So does a frame whose rows are all of one shape, without the columns of the others."""
    for number, of in enumerate(forms()):
        own = [report for report in some() if form_of(report) is of]
        frame = gs.to_frame(own)
        foreign = {cell for other in forms() for cell in other.cells} - of.cells.keys()
        for each in (frame, frame.drop(foreign)):
            assert rows(gs.check_frame(each)) == expected(own), number


@pytest.mark.full
def test_a_hundred_thousand_reports_are_checked_alike() -> None:
    """The same of 100,000 reports: seeds 1,000,000 to 1,099,999."""
    for begin in range(1_000_000, 1_100_000, 5_000):
        reports = [one(seed) for seed in range(begin, begin + 5_000)]
        for blanks in ("unknown", "zero"):
            checked = gs.check_frame(gs.to_frame(reports), blanks=blanks)
            assert rows(checked) == expected(reports, blanks)


def test_blocks_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small the blocks are, the result is the same."""
    whole = gs.check_frame(frame_of_some())
    monkeypatch.setattr(equations, "BLOCK", 101)
    small = gs.check_frame(frame_of_some())
    assert small.findings.equals(whole.findings)
    assert small.verdicts.equals(whole.verdicts)


WAYS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "lazy": lambda frame: frame.lazy(),
    "other order": lambda frame: frame.select(frame.columns[::-1]),
    "arrow": lambda frame: frame.to_arrow(),
    "batches": lambda frame: pa.RecordBatchReader.from_batches(
        frame.to_arrow().schema, frame.to_arrow().to_batches(100)
    ),
    "duckdb": lambda frame: duckdb.connect().from_arrow(frame.to_arrow()),
    "chunks": lambda frame: pl.concat([frame.head(10), frame[10:]], rechunk=False),
    "categories": lambda frame: frame.cast({pl.String: pl.Categorical}),
    "floats": lambda frame: frame.with_columns(
        pl.col(pl.Int64).cast(pl.Float64).fill_null(float("nan"))
    ),
    "decimals": lambda frame: frame.with_columns(pl.col(pl.Int64).cast(pl.Decimal(20, 2))),
    "texts": lambda frame: frame.cast(pl.String).fill_null(""),
    "wide integers": lambda frame: frame.with_columns(pl.col(pl.Int64).cast(pl.Int128)),
    "codes as numbers": lambda frame: frame.cast({"edition": pl.Float64, "undivided": pl.Int8}),
    "only what is needed": lambda frame: frame.select(
        "edition", "undivided", "file", *dict.fromkeys(c for of in forms() for c in of.cells)
    ),
    "columns of others": lambda frame: frame.with_columns(report=pl.lit("x"), row=1, form=None),
}


@pytest.mark.parametrize("way", WAYS)
def test_any_frame_is_taken(way: str) -> None:
    """Frames of every library, with columns of any order and type, give the same."""
    checked = gs.check_frame(WAYS[way](frame_of_some()))
    whole = gs.check_frame(frame_of_some())
    assert checked.findings.lazy().collect().equals(whole.findings)
    assert checked.verdicts.lazy().collect().equals(whole.verdicts)


@pytest.mark.thorough
def test_pandas_is_taken() -> None:
    """A frame of pandas, whose figures with blanks are floats, gives the same."""
    pytest.importorskip("pandas")
    checked = gs.check_frame(frame_of_some().to_pandas())
    assert checked.findings.equals(gs.check_frame(frame_of_some()).findings)


def test_the_columns_are_those_of_findings_frame() -> None:
    """The columns that both have are named alike and hold the same names of rules and equations."""
    found, all_found = frame_block.FINDINGS, FINDINGS
    assert [*found] == [name for name in all_found if name in found]
    report = gs.damage(gs.generate(7), "stale_total", 1).report
    checked = gs.check_frame(gs.to_frame([report])).findings
    parts = gs.findings_frame(gs.check(report))["equation"].str.split("; ").explode()
    assert set(parts) == set(checked["equation"])


# ---- lazily -------------------------------------------------------------------------------------


def test_a_parquet_file_is_streamed(tmp_path: Path) -> None:
    """A scan stays lazy, and both frames can be written to files as they come."""
    source, target = tmp_path / "reports.parquet", tmp_path / "findings.parquet"
    frame_of_some().write_parquet(source, row_group_size=100)
    checked = gs.check_frame(pl.scan_parquet(source))
    assert isinstance(checked.findings, pl.LazyFrame)
    checked.findings.sink_parquet(target)
    whole = gs.check_frame(frame_of_some())
    assert pl.read_parquet(target).equals(whole.findings)
    assert checked.verdicts.collect(engine="streaming").equals(whole.verdicts)


def test_any_plan_is_read_block_by_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one file, of several, filtered or sorted, all blocks are read, and none twice."""
    parts = frame_of_some()[:500], frame_of_some()[500:]
    for number, part in enumerate(parts):
        part.write_parquet(tmp_path / f"{number}.parquet", row_group_size=70)
    monkeypatch.setattr(equations, "BLOCK", 101)
    scan = pl.scan_parquet(tmp_path / "*.parquet")
    on_2021 = pl.col("edition") == "2021"
    for plan in (scan, scan.filter(on_2021), scan.sort(CELL, maintain_order=True), scan.head(333)):
        whole = gs.check_frame(plan.collect())
        assert gs.check_frame(plan).findings.collect().equals(whole.findings)
        assert gs.check_frame(plan).verdicts.collect().equals(whole.verdicts)


def test_a_lazy_result_can_be_asked_further() -> None:
    """Filters, columns and limits on a lazy result give what they give on the whole."""
    lazy, whole = gs.check_frame(frame_of_some().lazy()), gs.check_frame(frame_of_some())
    rule = pl.col("rule") == "B-ROW"
    assert lazy.findings.filter(rule).collect().equals(whole.findings.filter(rule))
    assert lazy.verdicts.select("held").head(3).collect().equals(whole.verdicts[:3, ["held"]])
    assert lazy.verdicts.select(pl.len()).collect().item() == len(some())
    assert lazy.findings.collect_schema() == whole.findings.schema


def test_a_frame_without_rows_gives_frames_without_rows() -> None:
    """Without rows there are the columns alone."""
    empty = frame_of_some().clear()
    for frame in (empty, empty.lazy(), empty.to_arrow()):
        checked = gs.check_frame(frame)
        assert [*checked.findings.collect_schema()] == [*frame_block.FINDINGS]
        assert [*checked.verdicts.collect_schema()] == [*frame_block.VERDICTS]
        assert rows(checked) == ([], [])


# ---- what is no report --------------------------------------------------------------------------


def spoilt(cell: str, value: Any, kind: Any = None) -> pl.DataFrame:
    """Put a value into the second of three rows that hold; others of its column become its type."""
    frame = gs.to_frame([gs.generate(1), gs.generate(2), gs.generate(3)])
    values = frame[cell].to_list()
    values[1] = value
    return frame.with_columns(pl.Series(cell, values, dtype=kind, strict=False))


@pytest.mark.parametrize(
    ("cell", "value", "kind", "code"),
    [
        (CELL, -1, pl.Int64, "S-NEGATIVE"),
        (CELL, -1, pl.Int32, "S-NEGATIVE"),
        (CELL, -(2**63), pl.Int64, "S-NEGATIVE"),
        (CELL, MAX_COUNT + 1, pl.Int64, "S-MAXIMUM"),
        (CELL, 2**63 - 1, pl.Int64, "S-MAXIMUM"),
        (CELL, 2**63, pl.UInt64, "S-MAXIMUM"),
        (CELL, 2**64, pl.Int128, "S-MAXIMUM"),
        (CELL, -(2**64), pl.Int128, "S-NEGATIVE"),
        (CELL, 1.5, pl.Float64, "S-TYPE"),
        (CELL, 1e300, pl.Float64, "S-MAXIMUM"),
        (CELL, Decimal("0.5"), pl.Decimal(38, 2), "S-TYPE"),
        (CELL, "twelve", pl.String, "S-TYPE"),
        (CELL, 2.0**24, pl.Float32, "S-DIGITS"),
        (CELL, 2.0**30 + 2**7, pl.Float32, "S-DIGITS"),
        (CELL, 2.0**53, pl.Float64, "S-MAXIMUM"),
        (CELL, 2.0**53 + 2, pl.Float64, "S-MAXIMUM"),
        (FEES, Decimal("-0.01"), pl.Decimal(38, 18), "S-NEGATIVE"),
        (FEES, 10**12 + 1, pl.Int64, "S-MAXIMUM"),
        (FEES, 0.1 + 0.2, pl.Float64, "S-DIGITS"),
        (FEES, "much", pl.String, "S-TYPE"),
        ("proactive.centralized_procurement.amount", Decimal(1), pl.Decimal(38, 18), "S-UNKNOWN"),
        ("edition", "2022", pl.String, "S-VALUE"),
        ("edition", None, pl.String, "S-TYPE"),
        ("undivided", "perhaps", pl.String, "S-TYPE"),
        ("applications.outcomes.other_handling.total", 3, pl.Int64, "S-UNKNOWN"),
        ("proactive.licensing.items_prior_year", 3, pl.Int64, "S-UNKNOWN"),
    ],
)
def test_a_row_that_is_no_report_is_invalid(cell: str, value: Any, kind: Any, code: str) -> None:
    """
    What no report can hold makes its row invalid, and the finding names the column and the code
    that the schema has for it; the other rows are checked, and none is lost.
    """
    frame = spoilt(cell, value, kind)
    assert len(gs.from_frame(frame).reports) == 2
    for each in (frame, frame.lazy()):
        checked = gs.check_frame(each)
        findings, verdicts = checked.findings.lazy().collect(), checked.verdicts.lazy().collect()
        assert verdicts["verdict"].to_list() == ["held", "invalid", "held"]
        assert verdicts.row(1)[4:] == (None, None, None)
        assert findings.select("report", "rule", "equation").rows() == [(1, code, cell)]


INFINITE = float("inf")
VALUES: dict[Any, list[Any]] = {
    pl.Float64: [float("nan"), INFINITE, 1.0, -0.0, 1.5, 0.07, 1e300, 2.0**53 - 1, 2.0**53, 1e12],
    pl.Float32: [float("nan"), INFINITE, 1.0, 0.1, 2.0**24 - 1, 2.0**24, 3e38, -1.0],
    pl.Float16: [1.0, 0.1, 2.0**11 - 1, 2.0**11],
    pl.Int8: [-1, 127],
    pl.UInt64: [2**53 - 1, 2**53, 2**63, 2**64 - 1, 10**12],
    pl.Int128: [2**100, -(2**100), 5],
    pl.Decimal(38, 0): [Decimal(10**30), Decimal(7)],
    pl.Decimal(38, 18): [
        Decimal(text) for text in ("7", "7.5", "-1", "1E-18", "7.123456789012345678")
    ],
    pl.String: ["", "7", " 7 ", "1,234", "７", "-", "/", "-1", "1e3", "1.5", "0.30000000000000004"],
    pl.Categorical: ["", "7", "x"],
    pl.Boolean: [True, False],
    pl.Null: [],
    pl.Date: [date(2024, 1, 1)],
    pl.Duration: [timedelta(days=1)],
    pl.Binary: [b"7", b"\xff"],
    pl.List(pl.Int64): [[7], []],
    pl.Struct({"a": pl.Int64}): [{"a": 7}],
    pl.Object: [7, 7.0, 7.5, "7", True, 2**53, 2**200, -(2**200)],
}
"""Values of columns of every type; a blank is added to each."""


@pytest.mark.parametrize("name", [CELL, FEES, "edition", "undivided", "file"])
@pytest.mark.parametrize("kind", VALUES, ids=str)
def test_columns_of_every_type_are_read_as_from_frame_reads_them(kind: Any, name: str) -> None:
    """
    Whatever a column holds, the same rows are invalid as are none for ``from_frame``, and the
    others have the verdicts and files of the reports that it makes of them.
    """
    values = [*VALUES[kind], None]
    frame = pl.concat([gs.to_frame([gs.generate(1)])] * len(values))
    frame = frame.with_columns(pl.Series(name, values, dtype=kind))
    readings = gs.from_frame(frame)
    faulty = {each.operands["number"] - 1 for each in readings.findings if each.code == "R-RECORD"}
    checked = gs.check_frame(frame)
    verdicts = checked.verdicts.rows(named=True)
    assert {row["report"] for row in verdicts if row["verdict"] == "invalid"} == faulty
    valid = [row for row in verdicts if row["verdict"] != "invalid"]
    assert [row["file"] or "" for row in valid] == [each.file for each in readings]
    for row, reading in zip(valid, readings, strict=True):
        assessment = gs.check(reading.report)
        counts = (assessment.held, len(assessment.broken), len(assessment.unknown))
        assert (row["held"], row["broken"], row["unknown"]) == counts


def test_every_value_of_a_column_may_be_wrong() -> None:
    """Truth values are no counts: each row says so."""
    frame = gs.to_frame([gs.generate(1)] * 3).with_columns(pl.lit(value=True).alias(CELL))
    assert gs.check_frame(frame).findings["rule"].to_list() == ["S-TYPE"] * 3


@pytest.mark.parametrize("value", [2**31 - 1, 2**31 // 24 + 1, 2**31 // 24 - 1])
def test_sums_beyond_32_bits_are_exact(value: int) -> None:
    """Columns of 32 bits add up to what Python adds up, however large."""
    report = gs.generate(1)
    cells = [cell for cell, _ in gs.walk(report) if not cell.startswith("proactive.")]
    report = gs.replace(report, dict.fromkeys(cells, value))
    narrow = gs.to_frame([report]).with_columns(pl.col(pl.Int64).cast(pl.Int32))
    assert rows(gs.check_frame(narrow)) == expected([report])


def test_a_difference_of_a_power_of_two_is_seen() -> None:
    """A difference of 2^32, which 32 bits cannot tell from 0, is found in columns of 32 bits."""
    cells = (NATURAL, "applications.brought_forward.natural_person")
    report = gs.replace(gs.blank("2021", year=2024, body="某市"), dict.fromkeys(cells, 2**31))
    zero = [c for c, v in gs.walk(report) if v is None and not c.startswith("proactive.")]
    report = gs.replace(report, dict.fromkeys(zero, 0))
    frame = gs.to_frame([report]).with_columns(pl.col(pl.Int64).cast(pl.UInt32))
    checked = gs.check_frame(frame)
    assert rows(checked) == expected([report])
    assert 2**32 in checked.findings["difference"]


def test_the_largest_figures_do_not_overflow() -> None:
    """All cells at the largest count that a report may hold add up exactly."""
    report = gs.generate(1)
    cells = [cell for cell, _ in gs.walk(report) if not cell.startswith("proactive.")]
    report = gs.replace(report, dict.fromkeys(cells, MAX_COUNT))
    assert rows(gs.check_frame(gs.to_frame([report]))) == expected([report])


def test_no_sum_can_overflow() -> None:
    """Even the longest sum of the largest figures has less than 63 bits, and none adds money."""
    for of in forms():
        sums = [each.coefficients() for each in of.equations]
        sums += [dict(each.coefficients) for each in inequalities(of)]
        for cells in sums:
            assert len(cells) * MAX_COUNT < 2**63
            assert {of.cells[cell].kind for cell in cells} <= {"count", "signed_count"}


def test_a_missing_figure_is_unknown_and_never_zero() -> None:
    """A column that is not there leaves its equations unknown, and names the cell."""
    checked = gs.check_frame(gs.to_frame([gs.generate(1)]).drop(NATURAL))
    assert checked.verdicts.row(0)[3:] == ("unknown", 40, 0, 2)
    assert checked.findings["blanks"].to_list() == [[NATURAL], [NATURAL]]
    assert checked.findings["difference"].to_list() == [None, None]


def underscored(frame: pl.DataFrame) -> pl.DataFrame:
    """Name the columns as engines do that take no dots."""
    return frame.rename({name: name.replace(".", "__") for name in frame.columns})


NO_FIGURES: dict[str, tuple[Callable[[pl.DataFrame], Any], str]] = {
    "edition": (lambda frame: frame.select("edition"), "cells"),
    "fields": (lambda frame: frame.select("edition", "year", "body.name").lazy(), "cells"),
    "spaces": (lambda frame: frame.rename({CELL: f" {CELL}"}).select("edition", f" {CELL}"), CELL),
    "capitals": (lambda frame: frame.select("edition", pl.col(CELL).alias(CELL.upper())), CELL),
    "misspelt": (lambda frame: frame.select("edition", pl.col(CELL).alias(CELL[:-1])), CELL),
    "structs": (
        lambda frame: pl.read_ndjson(b"\n".join(map(gs.dumps, gs.from_frame(frame).reports))),
        "check_lines",
    ),
}
"""Frames in which no column is a figure, and a word of what is said of each."""


@pytest.mark.parametrize("way", NO_FIGURES)
@pytest.mark.parametrize("check", [gs.check_frame, gs.check_batch])
def test_a_frame_without_figures_is_refused(check: Callable[[Any], Any], way: str) -> None:
    """
    A frame of which no column is a figure is no frame of unknown answers: one line says how it is
    to be named or opened.
    """
    make, word = NO_FIGURES[way]
    with pytest.raises(gs.Incompatible) as told:
        check(make(frame_of_some().head(3)))
    assert word in str(told.value)
    assert "\n" not in str(told.value)


def test_dots_may_be_underscores() -> None:
    """
    Columns may have ``__`` for the dots, as Spark likes them: the results are the same, with the
    cells by their ids, and columns are kept in either spelling.
    """
    frame = frame_of_some()
    whole, under = gs.check_frame(frame), underscored(frame)
    assert gs.check_frame(under) == whole
    lazy = gs.check_frame(under.lazy())
    assert lazy.findings.collect().equals(whole.findings)
    assert lazy.verdicts.collect().equals(whole.verdicts)
    assert gs.from_frame(under).reports == some()
    structs = under.select(pl.struct(pl.all()).alias("report"))
    for each in (under, structs):
        batch = gs.check_batch(each, keep=["body__name", "body.name"])
        assert batch.findings.drop_columns(["body__name", "body.name"]).to_pylist() == (
            whole.findings.to_dicts()
        )
        assert batch.verdicts["body__name"].to_pylist() == frame["body.name"].to_list()
        assert batch.verdicts["body.name"].equals(batch.verdicts["body__name"])


@pytest.mark.parametrize(
    "way",
    ["polars", "lazy", pytest.param("pandas", marks=pytest.mark.thorough), "pyarrow", "both"],
)
def test_a_column_that_stands_twice_is_named(way: str) -> None:
    """Of two columns of one name, or of one in both spellings, none is taken; it is named."""
    frame = frame_of_some().head(2)
    both = frame.with_columns(pl.col(CELL).alias(CELL.replace(".", "__")))
    table = frame.to_arrow()
    table = table.append_column(CELL, table[CELL])
    ways: dict[str, Callable[[], Any]] = {
        "polars": lambda: both,
        "lazy": both.lazy,
        "pandas": table.to_pandas,
        "pyarrow": lambda: table,
        "both": lambda: both.select(pl.struct(pl.all()).alias("report")),
    }
    check = gs.check_batch if way == "both" else gs.check_frame
    with pytest.raises(gs.Incompatible) as told:
        check(ways[way]())
    assert CELL in str(told.value)
    assert len(str(told.value)) < 200


def test_notices_are_those_of_read_many() -> None:
    """
    What the frame does not have, and what the form does not have, is told as ``read_many`` tells
    it, with the name that is meant; the columns of a verdict and those that are kept are known.
    """
    frame = gs.to_frame(some()[:40], verdict=True)
    assert gs.check_frame(frame).notices == ()
    spoilt = frame.rename({CELL: "applications.recieved.total"}).drop("broken")
    own = spoilt.with_columns(mine=1).drop(NATURAL)
    read = {each.code: each for each in gs.from_frame(own).findings}
    for each in (own, own.lazy(), underscored(own)):
        extra, absent = gs.check_frame(each).notices
        assert (extra.code, absent.code) == ("R-EXTRA", "R-ABSENT")
        assert extra.level == "warning"
        assert CELL in extra.message("en")
        assert {*absent.cells} == {CELL, NATURAL} == {*read["R-ABSENT"].cells}
    assert gs.check_frame(own).notices[0].message("zh") == read["R-EXTRA"].message("zh")
    batch = gs.check_batch(own, keep=["mine", "applications.recieved.total"])
    assert [each.code for each in batch.notices] == ["R-ABSENT"]
    others = own.filter(pl.col("edition") == "2019")
    for checked in (gs.check_frame(others), gs.check_frame(others.lazy())):
        shapes = {each for each in forms() if each.name == "2019"}
        known = {cell for each in shapes for cell in each.cells}
        assert {*checked.notices[1].cells} <= known
    copied = pickle.loads(pickle.dumps(gs.check_frame(own)))  # noqa: S301 (our own)
    assert copied.notices == gs.check_frame(own).notices


@needs_dask
def test_a_frame_of_an_engine_is_told_the_way() -> None:
    """A frame of Dask, which is in parts, is refused in a line that names what works."""
    frame = frame_of_some().head(2).to_pandas()
    with pytest.raises(TypeError, match="map_partitions"):
        gs.check_frame(import_module("dask.dataframe").from_pandas(frame, npartitions=1))


def test_what_is_no_frame_is_told_the_way() -> None:
    """A path and a data set are refused in a line that names what works."""
    sets = pytest.importorskip("pyarrow.dataset")
    table = frame_of_some().head(2).to_arrow()
    given = {
        "scan_parquet": "reports.parquet",
        "check_lines": Path("reports.jsonl"),
        "to_table": sets.dataset(table),
    }
    for word, each in given.items():
        with pytest.raises(TypeError, match=word) as told:
            gs.check_frame(each)
        assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda: gs.check_frame([gs.generate(1)]), TypeError),
        (lambda: gs.check_frame(pl.DataFrame({"year": [1]})), gs.Incompatible),
        (lambda: gs.check_frame(pl.LazyFrame({"year": [1]})), gs.Incompatible),
        (lambda: gs.check_frame(gs.to_frame([gs.generate(1)], tidy=True)), gs.Incompatible),
        (lambda: gs.check_frame(frame_of_some(), blanks=cast("Any", "none")), ValueError),
        (lambda: gs.check_batch(frame_of_some(), keep=["nosuch"]), gs.Incompatible),
        (lambda: gs.check_batch(frame_of_some(), keep="year"), TypeError),
        (lambda: gs.check_batch(with_ids("report", pl.Int64), keep=["report"]), gs.Incompatible),
        (lambda: gs.check_batch(with_ids("id", pl.Int128), keep=["id"]), gs.Incompatible),
    ],
)
def test_wrong_calls_are_one_line(call: Callable[[], Any], error: type[Exception]) -> None:
    """What is no frame of reports is refused in one line."""
    with pytest.raises(error) as told:
        call()
    assert "\n" not in str(told.value)


# ---- heuristics, batches ------------------------------------------------------------------------


def test_inequalities_are_those_of_plausible() -> None:
    """With *plausible* the inequalities that fail are those that ``plausible`` tells."""
    codes = {each.rule.code for of in forms() for each in inequalities(of)}
    checked = gs.check_frame(frame_of_some(), plausible=True)
    plain = gs.check_frame(frame_of_some())
    found = checked.findings.filter(pl.col("rule").is_in(codes))
    told = [
        (number, finding.code)
        for number, report in enumerate(some())
        for finding in gs.plausible(report)
        if finding.code in codes
    ]
    assert len({code for _, code in told}) == len(codes)
    assert found.select("report", "rule").rows() == told
    assert found.filter(pl.col("difference") >= 0).height == 0
    assert checked.verdicts.equals(plain.verdicts)
    assert checked.findings.filter(~pl.col("rule").is_in(codes)).equals(plain.findings)


def test_a_batch_gives_batches() -> None:
    """An Arrow batch gives the same rows as batches of types that Spark takes."""
    table = frame_of_some().to_arrow(compat_level=pl.CompatLevel.oldest()).combine_chunks()
    (batch,) = table.to_batches()
    checked, whole = gs.check_batch(batch), gs.check_frame(frame_of_some())
    assert checked.findings.to_pylist() == whole.findings.to_dicts()
    assert checked.verdicts.to_pylist() == whole.verdicts.to_dicts()
    for part, ddl in (
        (checked.findings, gs.FrameCheck.FINDINGS_DDL),
        (checked.verdicts, gs.FrameCheck.VERDICTS_DDL),
    ):
        types = {
            pa.int64(): "BIGINT",
            pa.string(): "STRING",
            pa.list_(pa.string()): "ARRAY<STRING>",
        }
        assert isinstance(part, pa.RecordBatch)
        assert ddl == ", ".join(f"`{each.name}` {types[each.type]}" for each in part.schema)


def test_a_batch_keeps_columns_and_its_schema() -> None:
    """Columns that are kept stand at the end of their rows; a batch without rows has the schema."""
    frame = frame_of_some().head(40)
    keep: Sequence[str] = ("year", "body.name")
    (batch,) = frame.to_arrow().combine_chunks().to_batches()
    checked = gs.check_batch(batch, keep=keep)
    numbers = checked.findings["report"].to_pylist()
    assert numbers
    assert checked.findings["year"].to_pylist() == frame["year"].gather(numbers).to_list()
    assert checked.verdicts["body.name"].to_pylist() == frame["body.name"].to_list()
    empty = gs.check_batch(batch.slice(0, 0), keep=keep)
    assert empty.findings.schema == checked.findings.schema
    assert empty.verdicts.num_rows == 0


def test_no_column_of_a_batch_stands_twice() -> None:
    """A column to keep that is named twice, or that a result has itself, stands there once."""
    checked = gs.check_batch(with_ids("id", pl.Int64), keep=["edition", "id", "file", "id"])
    assert checked.findings.schema.names == [*frame_block.FINDINGS, "edition", "id"]
    assert checked.verdicts.schema.names == [*frame_block.VERDICTS, "id"]
    for frame in (checked.findings, checked.verdicts):
        assert frame["id"].equals(frame["report"])


def test_a_batch_may_hold_reports_as_structs() -> None:
    """
    Reports in one column of structs, whose fields have dots in their names, give the same rows;
    rows without a report are passed over, and columns inside and outside can be kept.
    """
    frame = frame_of_some().head(60)
    plain = gs.check_batch(frame, keep=["year"])
    structs = frame.select(pl.struct(pl.all()).alias("report"), year=pl.lit("x"), id=1)
    checked = gs.check_batch(structs, keep=["year", "id"])
    for ours, theirs in zip(
        (plain.findings, plain.verdicts), (checked.findings, checked.verdicts), strict=True
    ):
        assert ours.num_rows
        assert theirs.drop_columns("id").equals(ours)
        assert set(theirs["id"].to_pylist()) == {1}
    gaps = pl.concat([structs.clear(1), structs[:30], structs.clear(2), structs[30:]])
    assert gs.check_batch(gaps, keep=["year"]).findings.equals(plain.findings)
    assert gs.check_batch(gaps.clear(), keep=["year"]).verdicts.schema == plain.verdicts.schema
    with pytest.raises(gs.Incompatible):
        gs.check_batch(structs.select(report="id"))
    with pytest.raises(gs.Incompatible):
        gs.check_batch(pl.DataFrame({"report": [{"year": 1}]}))
