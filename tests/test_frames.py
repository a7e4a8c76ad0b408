"""
Frames: what ``to_frame`` makes is read back as it was, from every library of frames; a faulty row
hides no other; findings are a frame too.
"""

from __future__ import annotations

import random
import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import duckdb
import polars as pl
import pytest
from hypothesis import given, settings
from reports import EXAMPLE_FOLDER, EXAMPLES, SHAPES, example
from strategies import reports

import govinfo_schema as gs
from govinfo_schema.bulk.frames import FINDINGS, VERDICT
from govinfo_schema.form.equations import equation_name
from govinfo_schema.report.model import Note
from govinfo_schema.report.record import columns

pa: Any = pytest.importorskip("pyarrow")
CELL = "applications.received.total"
FEES = "proactive.administrative_fees.amount"


@cache
def mixed(count: int = 1000) -> tuple[gs.Report, ...]:
    """Make reports of all shapes with blanks, notes, texts, dates and amounts."""
    return tuple(one(seed) for seed in range(count))


def one(seed: int) -> gs.Report:
    """Make a random report: some figures blank, table 2 and texts filled."""
    dice = random.Random(seed)
    name, undivided = SHAPES[seed % len(SHAPES)]
    report = gs.generate(seed, name, undivided=undivided and name == "2021")
    form = gs.edition(name)
    cells = [cell for cell, _ in gs.walk(report)]
    values: dict[str, Any] = dict.fromkeys(dice.sample(cells, dice.randrange(9)))
    for cell in cells:
        if cell.startswith("proactive.") and dice.random() < 0.7:
            kind = form.cells[cell].kind
            whole = dice.choice((0, 3, 2**53 - 1)) * (-1 if kind == "signed_count" else 1)
            amount = Decimal(dice.choice(("0", "12.5", "999999999999.9999", "0.00000000000000123")))
            values[cell] = amount if kind == "amount" else whole
    values |= {
        "year": 2009 + seed % 15,
        "title": dice.choice((None, "", "'甲", "=1+1", "a:b\n\u2028")),
        "overview": dice.choice((None, "一\r\n二")),
        "body.division_code": dice.choice((None, "320100")),
        "published_on": dice.choice((None, date(2025, 1, 31), date(1, 1, 1), date(9999, 12, 31))),
    }
    notes = (Note(at=None, kind="remark", text="其中修订16件"),) * dice.randrange(3)
    return attrs.evolve(gs.replace(report, values), notes=notes)


def same(found: gs.Readings, expected: tuple[gs.Report, ...]) -> bool:
    """Whether reports were read byte for byte as they were, and nothing was found."""
    assert found.findings == ()
    return [gs.dumps(each) for each in found.reports] == [gs.dumps(each) for each in expected]


# ---- round trips --------------------------------------------------------------------------------


WAYS: dict[str, Callable[[pl.DataFrame], Any]] = {
    "polars": lambda frame: frame,
    "lazy": lambda frame: frame.lazy(),
    "other order": lambda frame: frame.select(frame.columns[::-1]),
    "arrow": lambda frame: frame.to_arrow(),
    "batches": lambda frame: pa.RecordBatchReader.from_batches(
        frame.to_arrow().schema, frame.to_arrow().to_batches(100)
    ),
    "duckdb": lambda frame: duckdb.connect().from_arrow(frame.to_arrow()),
    "categories": lambda frame: frame.cast({pl.String: pl.Categorical}),
    "floats of counts": lambda frame: frame.with_columns(
        pl.col("applications.received.total", "year").cast(pl.Float64).fill_null(float("nan"))
    ),
    "decimals of counts": lambda frame: frame.cast({"year": pl.Decimal(20, 2)}),
    "small integers": lambda frame: frame.cast({"year": pl.UInt16}),
    "codes as numbers": lambda frame: frame.cast(
        {"edition": pl.Int64, "body.division_code": pl.Float64}
    ),
    "flags as numbers": lambda frame: frame.cast({"undivided": pl.Int8}),
    "dates as times": lambda frame: frame.cast({"published_on": pl.Datetime("ms")}),
    "dates as texts": lambda frame: frame.cast({"published_on": pl.String}),
    "all as texts": lambda frame: frame.cast(pl.String),
}


@pytest.mark.parametrize("way", WAYS)
def test_frames_are_read_back(way: str) -> None:
    """
    A thousand reports of all shapes, with blanks, notes, texts and amounts, go through a frame and
    are the same bytes, whatever library and types it has.
    """
    frame = gs.to_frame(mixed())
    assert same(gs.from_frame(WAYS[way](frame)), mixed())


@given(reports())
@settings(max_examples=60)
def test_any_report_goes_through_a_frame(report: gs.Report) -> None:
    """Any report that can exist is the same after a frame, wide and tidy as far as it holds it."""
    assert gs.from_frame(gs.to_frame([report])).reports == (report,)
    (tidy,) = gs.from_frame(gs.to_frame([report], tidy=True)).reports
    assert list(gs.walk(tidy)) == list(gs.walk(report))
    assert (tidy.body.name, tidy.year) == (report.body.name, report.year)


def pandas_ways() -> dict[str, Callable[[pl.DataFrame], Any]]:
    """Name what people make of a frame in pandas."""
    return {
        "default": lambda frame: frame.to_pandas(),
        "arrow types": lambda frame: frame.to_pandas(use_pyarrow_extension_array=True),
        "nullable": lambda frame: frame.to_pandas().convert_dtypes(),
        "filtered": lambda frame: (
            frame.to_pandas().sort_values("year").sort_index(ascending=False)[::-1]
        ),
        "objects": lambda frame: frame.to_pandas().astype(
            {"edition": object, "title": object, "body.name": "category"}
        ),
        "indexed": lambda frame: frame.to_pandas().set_index("edition"),
        "times": lambda frame: frame.to_pandas().astype({"year": float}),
    }


@pytest.mark.thorough
@pytest.mark.parametrize("way", pandas_ways())
def test_pandas_frames_are_read_back(way: str) -> None:
    """The same through pandas: NaN of nullable counts, objects, categories, an index."""
    pytest.importorskip("pandas")
    assert same(gs.from_frame(pandas_ways()[way](gs.to_frame(mixed()))), mixed())


# ---- what a frame holds -------------------------------------------------------------------------


def test_columns_are_those_of_a_record() -> None:
    """
    A frame has the file and then the columns of a record in order, counts as Int64, amounts as
    decimals, also where there is no report.
    """
    kinds: dict[str, Any] = {
        "text": pl.String,
        "whole": pl.Int64,
        "date": pl.Date,
        "flag": pl.Boolean,
    }
    kinds["amount"] = pl.Decimal(38, 18)
    expected = {"file": pl.String} | {each.name: kinds[each.type] for each in columns()}
    for own in ((), mixed(30), (each for each in mixed(30))):
        assert dict(gs.to_frame(own).schema) == expected
    empty = gs.to_frame([], verdict=True)
    assert empty.columns == [*expected, *VERDICT]
    assert gs.to_frame([], tidy=True).schema == gs.to_frame(mixed(9), tidy=True).schema
    assert len(gs.from_frame(gs.to_frame([]))) == len(gs.from_frame(empty)) == 0


def test_frame_says_what_a_report_says() -> None:
    """Each cell of a frame is the figure of the report, and null what its edition lacks."""
    own = mixed(60)
    for row, report in zip(gs.to_frame(own).iter_rows(named=True), own, strict=True):
        figures = dict(gs.walk(report))
        cells = {each.name for each in columns() if each.type in ("whole", "amount")}
        assert {cell: row[cell] for cell in figures} == figures
        assert all(row[cell] is None for cell in cells - {*figures, "year"} if "fee." not in cell)
        assert (row["edition"], row["year"], row["file"]) == (report.edition, report.year, None)


def test_an_amount_is_kept_exactly() -> None:
    """
    An amount of very many decimals widens its column; one that no column holds beside another is
    refused in one line.
    """
    tiny = gs.replace(gs.generate(1), {FEES: Decimal("0.00000000000012345678901234567")})
    huge = gs.replace(gs.generate(2), {FEES: Decimal(10) ** 12})
    small = gs.replace(gs.generate(2), {FEES: Decimal("0.5")})
    for own in ((tiny,), (small, tiny), (huge, small)):
        assert same(gs.from_frame(gs.to_frame(own)), own)
        tidy = gs.to_frame(own, tidy=True).filter(pl.col("cell") == FEES)
        assert tidy["value"].to_list() == [gs.get(report, FEES) for report in own]
    with pytest.raises(gs.Incompatible, match="digits") as caught:
        gs.to_frame([tiny, huge])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("tidy", [False, True])
def test_amounts_that_no_column_holds_together_are_named(*, tidy: bool) -> None:
    """
    Amounts that together have more digits than a column holds are refused in one line, wherever
    they stand; none is rounded.
    """
    large, small = (gs.replace(gs.generate(1), {FEES: Decimal(text)}) for text in ("1e12", "1e-30"))
    bought = {"proactive.centralized_procurement.amount": Decimal("1e12")}
    other = gs.replace(gs.generate(1, "2019"), bought)
    tiny = gs.replace(small, {FEES: Decimal("5e-324")})
    sets = [[large, small], [large] * 4096 + [small], [tiny], *([[small, other]] if tidy else [])]
    for some in sets:
        with pytest.raises(
            gs.Incompatible, match=r"^the amounts of (value|proactive\.\S+) need"
        ) as caught:
            gs.to_frame(some, tidy=tidy)
        assert "\n" not in str(caught.value)


def test_verdict_is_that_of_check() -> None:
    """
    The counts of a verdict are those of ``check``, the doubts those of the reading, and they are
    passed over as the frame is read.
    """
    broken = gs.damage(gs.generate(7), "pair", 3).report
    sure, doubtful = gs.read(EXAMPLES[0]), gs.read(EXAMPLES[1])
    doubt = gs.Finding(code="R-COLUMN", level="warning")
    doubtful = attrs.evolve(doubtful, findings=(doubt, gs.Finding(code="R-EXTRA", level="info")))
    items = [broken, sure, doubtful, *mixed(30)]
    frame = gs.to_frame(items, verdict=True)
    for row, item in zip(frame.iter_rows(named=True), items, strict=True):
        assessment = gs.check(item.report if isinstance(item, gs.Reading) else item)
        counts = (assessment.held, len(assessment.broken), len(assessment.unknown))
        assert (row["held"], row["broken"], row["unknown"]) == counts
    assert frame["doubts"].to_list()[:4] == [None, 0, 1, None]
    found = gs.from_frame(frame)
    assert found.findings == ()
    assert [each.file for each in found][:4] == ["", str(EXAMPLES[0]), str(EXAMPLES[1]), ""]


def test_tidy_frame_is_the_tidy_file(tmp_path: Path) -> None:
    """A tidy frame says line by line what the tidy CSV file says, and both are read alike."""
    own = mixed(12)
    gs.write_many(own, tmp_path / "own.tidy.csv")
    frame = gs.to_frame(own, tidy=True)
    text = pl.read_csv(tmp_path / "own.tidy.csv", infer_schema=False)
    text = text.rename({"zh": "label_zh", "en": "label_en"})
    assert frame.columns == text.columns
    assert (
        frame.drop("value").cast(pl.String).fill_null("").equals(text.drop("value").fill_null(""))
    )
    values = [None if value is None else Decimal(value) for value in text["value"]]
    assert frame["value"].to_list() == values
    for tidy in (frame, text, frame.select(frame.columns[::-1])):
        found = gs.from_frame(tidy)
        assert [dict(gs.walk(each)) for each in found.reports] == [
            dict(gs.walk(each)) for each in own
        ]


def test_tidy_rows_that_do_not_fit_are_named_by_their_row() -> None:
    """A figure twice, or one that is none, spoils its report alone; the finding says the row."""
    frame = gs.to_frame([gs.generate(1), gs.generate(2)], tidy=True)
    texts = frame.with_columns(pl.col("value").cast(pl.String))
    spoilt = texts.with_columns(
        pl.when(pl.int_range(pl.len()) == 30).then(pl.lit("5.5")).otherwise("value").alias("value")
    )
    twice = pl.concat([frame[:12], frame[11:]])
    lacking = pl.concat([frame[:12], frame[13:]])
    for other, row in ((spoilt, "row 31 of the frame"), (twice, "row 1")):
        found = gs.from_frame(other)
        (fault,) = [each for each in found.findings if each.code == "R-RECORD"]
        assert row in fault.message("en")
        assert [dict(gs.walk(each)) for each in found.reports] == [dict(gs.walk(gs.generate(2)))]
    (absent,) = gs.from_frame(lacking).findings
    assert (absent.code, absent.cells) == ("R-ABSENT", (frame["cell"][12],))


def test_wrong_calls_say_what_is_wanted() -> None:
    """A call that cannot be meant is one clear line."""
    with pytest.raises(ValueError, match="tidy=True or verdict=True"):
        gs.to_frame([], tidy=True, verdict=True)
    for single in (gs.generate(1), gs.read(EXAMPLES[0])):
        with pytest.raises(TypeError, match="list"):
            gs.to_frame(single)  # type: ignore[arg-type]
    for no_reports in (None, 5, gs.Report2021):
        with pytest.raises(TypeError, match="to_frame takes several reports"):
            gs.to_frame(no_reports)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="takes a report"):
        gs.to_frame([5])  # type: ignore[list-item]
    column = gs.to_frame([gs.generate(1)])["year"]
    for nothing in (None, 5, "reports.csv", [gs.generate(1)], {"edition": ["2021"]}, column):
        with pytest.raises(TypeError, match="takes a data frame"):
            gs.from_frame(nothing)
    for wrong in (5, [5], gs.generate(1), [gs.Finding(code="CELL", level="error"), 5], ["ab"]):
        with pytest.raises(TypeError, match="findings_frame takes"):
            gs.findings_frame(wrong)  # type: ignore[arg-type]


# ---- hostile frames -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "frame",
    [
        pl.DataFrame(),
        pl.DataFrame({"year": [2024]}),
        pa.table([["2021"], ["2021"]], names=["edition", "edition"]),
        pl.DataFrame({"edition": ["2021"]}).lazy().with_columns(pl.col("x" * 999)),
        pa.table({"edition": pa.UnionArray.from_sparse(pa.array([0], pa.int8()), [pa.nulls(1)])}),
        duckdb.sql("SELECT error('boom\nboom') AS edition"),
        pl.DataFrame({"edition": ["2021"], "cell": [CELL], "value": [[1]]}),
    ],
)
def test_frame_that_is_none_of_reports(frame: Any) -> None:
    """
    A frame without the column edition, with one twice, or that its own library cannot give, is
    refused in one short line.
    """
    with pytest.raises(gs.Incompatible) as caught:
        gs.from_frame(frame)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (CELL, pl.Series([3.5], dtype=pl.Float64)),
        (CELL, pl.Series([INF])),
        (CELL, pl.Series([2.0**53])),
        (CELL, pl.Series([2**53])),
        (CELL, pl.Series([2**64 - 1], dtype=pl.UInt64)),
        (CELL, pl.Series([-1])),
        (CELL, pl.Series(["12abc"])),
        (CELL, pl.Series([True])),
        (CELL, pl.Series([[1]])),
        (CELL, pl.Series([{"x": 1}])),
        (CELL, pl.Series([b"12"])),
        (CELL, pl.Series([Decimal("1.5")])),
        (CELL, pl.Series([date(2024, 1, 1)])),
        (FEES, pl.Series([INF])),
        (FEES, pl.Series([-0.5])),
        (FEES, pl.Series([12345678901.123456])),
        (FEES, pl.Series([72701.25], dtype=pl.Float32)),
        (CELL, pl.Series([123456789], dtype=pl.Float32)),
        ("edition", pl.Series([None], dtype=pl.String)),
        ("edition", pl.Series(["2020"])),
        ("edition", pl.Series([2021.5])),
        ("year", pl.Series([None], dtype=pl.Int64)),
        ("body.name", pl.Series([""])),
        ("published_on", pl.Series([datetime(2024, 1, 1, 5, tzinfo=UTC)])),
        ("published_on", pl.Series(["2024-02-30"])),
        ("undivided", pl.Series([7])),
        ("undivided", pl.Series(["maybe"])),
        ("title", pl.Series([5])),
        ("notes", pl.Series(["[{]"])),
    ],
)
def test_faulty_value_spoils_its_row_alone(name: str, value: pl.Series) -> None:
    """
    A value that no report may hold is the fault of its row, which the finding names; the rows
    around it are read.
    """
    good = gs.to_frame([gs.generate(3)])
    frame = pl.concat([good, good]).drop(name)
    first = {"edition": 2021, "undivided": "false"}.get(name, good[name][0])
    needed = name in ("edition", "year", "body.name")
    right = pl.Series([first if needed or value.dtype == pl.String else None], strict=False)
    neutral = right.cast(value.dtype)
    frame = frame.with_columns(pl.concat([value, neutral]).alias(name))
    found = gs.from_frame(frame)
    (fault,) = found.findings
    assert fault.code == "R-RECORD"
    assert fault.operands["number"] == 1
    assert "row 1" in fault.message("en")
    assert len(found) == 1


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (CELL, pl.Series([3.0]), 3),
        (CELL, pl.Series([NAN]), None),
        (CELL, pl.Series([float(2**53 - 1)]), 2**53 - 1),
        (CELL, pl.Series([7.0], dtype=pl.Float32), 7),
        (CELL, pl.Series([2**24 - 1], dtype=pl.Float32), 2**24 - 1),
        (CELL, pl.Series([Decimal("3.00")]), 3),
        (CELL, pl.Series(["3,525"]), 3525),
        (CELL, pl.Series([" "]), None),
        (CELL, pl.Series([None]), None),
        (FEES, pl.Series([12.1]), Decimal("12.1")),
        (FEES, pl.Series([12.1], dtype=pl.Float32), Decimal("12.1")),
        (FEES, pl.Series([NAN]), None),
        (FEES, pl.Series([12]), Decimal(12)),
        (FEES, pl.Series(["12.50"]), Decimal("12.5")),
        ("title", pl.Series(["'x"]), "'x"),
        ("title", pl.Series([""]), ""),
        ("published_on", pl.Series([datetime(2024, 1, 1, tzinfo=UTC)]), date(2024, 1, 1)),
        (
            "published_on",
            pl.Series([datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai"))]),
            date(2024, 1, 1),
        ),
        ("published_on", pl.Series(["2024/1/6"]), date(2024, 1, 6)),
    ],
)
def test_values_are_read_by_what_they_say(name: str, value: pl.Series, expected: Any) -> None:
    """A value of another type that has only one meaning is read, exactly."""
    frame = gs.to_frame([gs.generate(3)]).with_columns(value.alias(name))
    found = gs.from_frame(frame)
    assert found.findings == ()
    assert gs.get(found[0].report, name) == expected


@pytest.mark.parametrize(
    ("suffix", "dtype"),
    [
        *(
            (suffix, dtype)
            for suffix in ("parquet", "duckdb")
            for dtype in (pl.Float32, pl.Float64)
        ),
        # SQLite has floats of eight bytes alone.
        ("sqlite", pl.Float64),
    ],
)
def test_number_that_lost_digits_is_no_figure(suffix: str, dtype: Any, tmp_path: Path) -> None:
    """
    A number that was a float and may have been another one is never read as a figure: from a
    frame, a tidy frame, or a table that another program wrote. The finding names its cell.
    """
    report = gs.replace(gs.generate(3), {FEES: Decimal("12345678901.123456"), CELL: 123_456_789})
    frame = gs.to_frame([report]).with_columns(pl.col(FEES, CELL).cast(dtype))
    tidy = gs.to_frame([report], tidy=True).with_columns(pl.col("value").cast(dtype))
    path = tmp_path / f"reports.{suffix}"
    if suffix == "parquet":
        frame.write_parquet(path)
    elif suffix == "duckdb":
        with duckdb.connect(str(path)) as base:
            base.register("given", frame.to_arrow())
            base.execute("CREATE TABLE reports AS SELECT * FROM given")
    else:
        with closing(sqlite3.connect(path)) as base:
            base.execute(f"CREATE TABLE reports ({', '.join(map(repr, frame.columns))})")
            base.execute(
                f"INSERT INTO reports VALUES ({', '.join('?' * frame.width)})",  # noqa: S608 (no text of others)
                frame.row(0),
            )
            base.commit()
    for found in (gs.from_frame(frame), gs.from_frame(tidy), gs.read_many(path)):
        assert len(found) == 0
        (fault,) = found.findings
        assert fault.code == "R-RECORD"
        assert FEES in fault.cells


def test_rows_of_a_tidy_frame_stand_in_any_order() -> None:
    """
    A tidy frame that was sorted or shuffled is the same reports, and a fault is named by the row
    where it stands.
    """
    some = mixed(9)
    frame = gs.to_frame(some, tidy=True).with_row_index("row", offset=1)
    shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
    for other in (shuffled, frame.sort("cell"), frame.reverse(), shuffled.drop("report")):
        given = other.drop("row")
        assert sorted(map(gs.dumps, gs.from_frame(given).reports)) == sorted(
            map(gs.dumps, gs.from_frame(frame.drop("row")).reports)
        )
    rows = shuffled.select("report", "cell").rows()
    at = rows.index((3, CELL))
    values = shuffled["value"].to_list()
    values[at] = Decimal("-1.5")
    broken = shuffled.drop("row").with_columns(pl.Series("value", values))
    (fault,) = [each for each in gs.from_frame(broken).findings if each.level == "error"]
    assert f"row {at + 1} " in fault.message("en")


def test_columns_are_named_that_are_too_many_or_too_few() -> None:
    """
    A column that the form does not have is named once, a near miss as a warning; figures without a
    column are blank and named; a column of all kinds is no fault.
    """
    frame = gs.to_frame([gs.generate(1)])
    more = frame.with_columns(mine=1, more=[[2]])
    (extra,) = gs.from_frame(more).findings
    assert (extra.code, extra.level) == ("R-EXTRA", "info")
    assert "mine" in extra.message("en")
    (absent,) = gs.from_frame(frame.drop(CELL)).findings
    assert (absent.code, absent.cells) == ("R-ABSENT", (CELL,))
    near, gone = gs.from_frame(frame.rename({CELL: CELL.replace("received", "recieved")})).findings
    assert [(near.code, near.level), gone.code] == [("R-EXTRA", "warning"), "R-ABSENT"]
    small = gs.from_frame(pl.DataFrame({"edition": ["2021"], "year": [2024], "body.name": ["x"]}))
    assert [each.code for each in small.findings] == ["R-ABSENT"]
    assert small[0].report.body.name == "x"


@pytest.mark.thorough
def test_frame_of_pandas_that_arrow_refuses() -> None:
    """A column of pandas with values of several types is refused in one line that names it."""
    pandas = pytest.importorskip("pandas")
    frame = gs.to_frame([gs.generate(1)] * 2).to_pandas()
    frame[CELL] = pandas.Series([1, "x"], dtype=object)
    with pytest.raises(gs.Incompatible, match=CELL) as caught:
        gs.from_frame(frame)
    assert "\n" not in str(caught.value)
    doubled = pandas.concat([frame[["edition"]], frame[["edition"]]], axis=1)
    with pytest.raises(gs.Incompatible, match="edition"):
        gs.from_frame(doubled)


@pytest.mark.thorough
def test_memory_of_many_rows() -> None:
    """
    A hundred thousand reports out of a generator need no more memory than twice the frame that they
    become.
    """
    report = gs.generate(1)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    frame = gs.to_frame(report for _ in range(100_000))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert len(frame) == 100_000
    assert grown < 2 * frame.estimated_size() + 2**26


# ---- findings -----------------------------------------------------------------------------------


def test_findings_are_a_frame() -> None:
    """
    Each finding of each report is one row with the number and the file of its report, and all that
    the finding says.
    """
    readings = [gs.read(path) for path in EXAMPLES]
    assessments = [gs.check(reading.report) for reading in readings]
    frame = gs.findings_frame(assessments)
    listed = [(number, each) for number, one in enumerate(assessments) for each in one.findings]
    assert len(frame) == len(listed) > 0
    assert frame.columns == [*FINDINGS]
    for row, (number, finding) in zip(frame.iter_rows(named=True), listed, strict=True):
        assert (row["report"], row["file"]) == (number, None)
        assert [
            row[name] for name in ("code", "level", "about", "left", "right", "difference")
        ] == [
            finding.code,
            finding.level,
            finding.about,
            finding.left,
            finding.right,
            finding.difference,
        ]
        assert row["rule"] == (finding.rule.code if finding.rule else None)
        assert row["equation"] == ("; ".join(map(equation_name, finding.symptoms)) or None)
        assert (row["cells"], row["message_zh"]) == (list(finding.cells), finding.message("zh"))
        assert row["blanks"] == [cell for each in finding.symptoms for cell in each.blanks]


def test_findings_come_from_many_places() -> None:
    """
    An assessment, a reading, findings alone, several of them, the readings of a table and none at
    all make frames of one schema.
    """
    report = example(EXAMPLES[0].stem)
    broken = gs.damage(gs.generate(7), "single", 1).report
    frame = gs.to_frame([report, report]).with_columns(pl.Series(CELL, ["x", None]))
    readings = gs.from_frame(frame)
    found = gs.check(broken).findings
    doubtful = attrs.evolve(gs.read(EXAMPLES[0]), findings=found)
    counts = {
        (): gs.findings_frame([]),
        (0,): gs.findings_frame(gs.check(broken)),
        (0, 0): gs.findings_frame(iter([*found, *found])),
        (1,): gs.findings_frame(gs.check(each) for each in (gs.generate(1), broken)),
        (1, 2): gs.findings_frame([(), found, doubtful]),
        (None,): gs.findings_frame(readings),
    }
    for numbers, table in counts.items():
        assert tuple(table["report"]) == numbers
        assert table.schema == counts[()].schema
    assert counts[(1, 2)]["file"].to_list() == [None, str(EXAMPLES[0])]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_name_and_a_rule_are_one_equation(shape: tuple[Any, bool]) -> None:
    """The rule and the name of an equation tell it from all others of a form."""
    name, undivided = shape
    blank = gs.blank(name, year=2024, body="x", undivided=undivided and name == "2021")
    unknown = gs.check(blank).unknown
    assert len({(each.rule.code, equation_name(each)) for each in unknown}) == len(unknown)


# ---- files --------------------------------------------------------------------------------------


def test_file_of_a_reading_is_a_column(tmp_path: Path) -> None:
    """What was read from a file says so in its frame, and in a frame of what read_many gives."""
    readings = [gs.read(path) for path in EXAMPLES]
    assert gs.to_frame(readings)["file"].to_list() == [str(path) for path in EXAMPLES]
    assert gs.to_frame(readings, tidy=True)["file"].unique(maintain_order=True).to_list() == [
        str(path) for path in EXAMPLES
    ]
    again = gs.from_frame(gs.to_frame(readings, tidy=True))
    assert [Path(each.file).parent for each in again] == [EXAMPLE_FOLDER] * len(EXAMPLES)
    path = tmp_path / "all.parquet"
    gs.write_many(readings, path)
    frame = pl.read_parquet(path)
    assert frame.equals(gs.to_frame(gs.read_many(path)))
    assert [each.file for each in gs.from_frame(frame)] == [str(path) for path in EXAMPLES]
