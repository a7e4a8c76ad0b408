"""
Tables: a faulty row hides no other, what a spreadsheet saved is read, and a database keeps what is
not ours.
"""

from __future__ import annotations

import copy
import csv
import functools
import io
import json
import operator
import pickle
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, cast

import attrs
import pytest

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.errors import NoReport
from govinfo_schema.form.forms import forms
from govinfo_schema.messages import Label
from govinfo_schema.report.json import from_dict
from govinfo_schema.report.model import Note, ProcessingFee
from govinfo_schema.report.record import FIELDS, RowReader, columns, from_record, to_record
from govinfo_schema.report.values import MAX_BYTES

EXAMPLES = sorted((Path(__file__).parents[1] / "docs" / "examples").glob("*.json"))
SAMPLE = tuple(gs.loads(path.read_bytes()) for path in EXAMPLES)
DATABASES = ("sqlite", "duckdb")
CELL = "applications.received.total"


def needed(suffix: str) -> None:
    """Skip where the library of a format is not installed."""
    if suffix in ("duckdb", "parquet"):
        pytest.importorskip("pyarrow")
        pytest.importorskip("duckdb" if suffix == "duckdb" else "pyarrow")


def rows_of(path: Path) -> list[list[str]]:
    """Give the rows of a CSV file as they stand."""
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def saved(
    rows: list[list[str]], path: Path, encoding: str = "utf-8-sig", delimiter: str = ","
) -> Path:
    """Write rows as a spreadsheet does."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def wide(path: Path, *reports: gs.Report) -> tuple[list[list[str]], Callable[[int, str], str]]:
    """Give the rows of a wide table, and a function that looks a field up."""
    gs.write_many(reports, path)
    rows = rows_of(path)
    return rows, lambda row, name: rows[row][rows[0].index(name)]


# ---- records ------------------------------------------------------------------------------------


SPOILT: tuple[tuple[str, Any], ...] = (
    (CELL, 12.5),
    (CELL, "12"),
    (CELL, True),
    (CELL, -1),
    (CELL, 2**53),
    (CELL, 2**70),
    (CELL, b"12"),
    (CELL, Decimal("12.5")),
    ("title", b"YWJj"),
    ("title", 5),
    ("title", "\ud800"),
    ("year", "2024"),
    ("year", None),
    ("edition", 2021),
    ("edition", "2020"),
    ("edition", None),
    ("body.name", None),
    ("body.name", ""),
    ("body.division_code", "12345"),
    ("body.level", "nation"),
    ("published_on", "2025-02-30"),
    ("published_on", "2025-1-6"),
    ("undivided", "maybe"),
    ("other_matters.processing_fee.amount", "12.5"),
    ("other_matters.processing_fee.amount", Decimal("NaN")),
    ("other_matters.processing_fee.amount", Decimal("1E+999999")),
    ("other_matters.processing_fee.status", "charged"),
    ("proactive.administrative_fees.amount", Decimal(-1)),
    ("proactive.penalties.items_change", 4),
    ("notes", "[{]"),
    ("notes", "5"),
    ("notes", '"ab"'),
    ("notes", "null"),
    ("notes", 5),
    ("notes", "[" * 100_000),
    ("notes", '[{"at":"nowhere","kind":"text","text":"x"}]'),
    ("title.x", "1"),
    ("body", "x"),
    ("no.such.column", 1),
)


@pytest.mark.parametrize(("name", "value"), SPOILT)
def test_record_refuses_what_plain_data_refuse(name: str, value: Any) -> None:
    """A value that the schema refuses is refused in a record, and the finding names it."""
    with pytest.raises(gs.InvalidReport) as caught:
        from_record(to_record(gs.generate(3)) | {name: value})
    assert caught.value.findings
    assert caught.value.findings[0].message("zh")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (CELL, 12.0, 12),
        (CELL, Decimal("12.00"), 12),
        ("proactive.administrative_fees.amount", Decimal("12.500000000000000000"), Decimal("12.5")),
        ("proactive.administrative_fees.amount", Decimal("0E-18"), Decimal(0)),
        ("proactive.administrative_fees.amount", 12.5, Decimal("12.5")),
        (
            "proactive.administrative_fees.amount",
            Decimal("0.00000000000012345678901234567"),
            Decimal("0.00000000000012345678901234567"),
        ),
        ("proactive.administrative_fees.amount", 10**12, Decimal(10**12)),
        ("title", "a:b \\u003a", "a:b \\u003a"),
        ("title", "\0", "\0"),
    ],
)
def test_record_reads_by_value(name: str, value: Any, expected: Any) -> None:
    """A value is read as plain data read it, exactly."""
    assert gs.get(from_record(to_record(gs.generate(3)) | {name: value}), name) == expected


def test_record_agrees_with_plain_data() -> None:
    """
    What a row becomes is what ``from_dict`` makes of the same data, for every field, many cells and
    each kind of value.
    """
    base = to_record(gs.generate(3))
    for column in (*columns()[: len(FIELDS)], *columns()[len(FIELDS) :: 20]):
        for value in (None, 3, "x", Decimal("2.50"), False):
            record = base | {column.name: value}
            data = gs.to_dict(gs.generate(3))
            if column.name in ("undivided", "notes") or column.name not in readable():
                continue
            node = data
            *above, last = column.name.split(".")
            for step in above:
                node = node[step]
            node[last] = "not_stated" if value is None and last == "status" else value
            of_record, of_data = (
                tried(partial(from_record, record)),
                tried(partial(from_dict, data)),
            )
            assert of_record == of_data, (column.name, value)


def readable() -> set[str]:
    """Name the columns that a 2021 report in three rows has."""
    return {
        *gs.edition("2021").cells,
        *(column.name for column in columns() if column.name in gs.edition("2021").fields),
    } - {column.name for column in columns() if column.name.endswith(".unit")}


def tried(make: Callable[[], gs.Report]) -> Any:
    """Give the report, or the codes and cells of what is wrong."""
    try:
        return make()
    except gs.InvalidReport as error:
        return [(finding.code, finding.cells) for finding in error.findings]


def test_rows_may_have_their_columns_in_any_order() -> None:
    """
    A reader of rows goes by the names of the columns, not by their order, and reads rows of every
    shape.
    """
    names = [column.name for column in columns()][::-1]
    reader = RowReader(names)
    for report in SAMPLE:
        record = to_record(report)
        assert reader.report([record[name] for name in names]) == report


# ---- faulty rows --------------------------------------------------------------------------------


def spoil_csv(path: Path) -> None:
    """Spoil the second of three reports, behind one whose text has line breaks."""
    rows = rows_of(path)
    rows[2][rows[0].index(CELL)] = "12abc"
    saved(rows, path)


def spoil_jsonl(path: Path) -> None:
    """Spoil the second of three lines, and put an empty one before it."""
    first, second, third = path.read_bytes().splitlines()
    path.write_bytes(
        b"\n".join((first, b"", second.replace(b'"total":', b'"total":"12abc",', 1), third, b""))
    )


def spoil_database(path: Path) -> None:
    """Spoil the second of three rows."""
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"UPDATE reports SET \"{CELL}\" = '12abc' WHERE rowid = 2")  # noqa: S608


@pytest.mark.parametrize(
    ("suffix", "spoil", "line"),
    [("csv", spoil_csv, 4), ("jsonl", spoil_jsonl, 3), ("sqlite", spoil_database, None)],
)
def test_faulty_row_is_named_and_the_others_are_read(
    suffix: str,
    spoil: Callable[[Path], None],
    line: int | None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    Of three reports with a faulty one two are read; the finding has its number, its line and its
    cell; the commands end with 2.
    """
    own = [gs.replace(gs.generate(1), {"overview": "一\r\n二"}), gs.generate(2), gs.generate(3)]
    path = tmp_path / f"three.{suffix}"
    gs.write_many(own, path)
    spoil(path)
    readings = gs.read_many(path)
    assert readings.reports == (own[0], own[2])
    (finding,) = readings.findings
    assert (finding.code, finding.level, finding.operands["number"], finding.operands["line"]) == (
        "R-RECORD",
        "error",
        2,
        line,
    )
    if suffix != "jsonl":
        assert finding.cells == (CELL,)
        assert "12abc" in finding.message("zh")
    with pytest.raises(gs.UnreadableFile, match="report 2 is faulty"):
        gs.read(path)
    for arguments in (["check"], ["read"], ["years"], ["parts", str(EXAMPLES[0])], ["add-up"]):
        assert main([*arguments, str(path)]) == 2, arguments
    assert main(["convert", str(path), str(tmp_path / "out.jsonl")]) == 2
    assert gs.read_many(tmp_path / "out.jsonl").reports == (own[0], own[2])
    capsys.readouterr()
    main(["check", "--lang", "en", str(path)])
    out = capsys.readouterr().out
    assert out.count("report 2 is faulty") == 1
    assert f"{path}#3: " in out


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{", "T-JSON"),
        (b"[1]", "T-REPORT"),
        (b'{"edition": "2021", "title": "\xff"}', "T-UTF8"),
        (b'{"edition": "2021"}', ""),
        (b" " * 16_000_010, "T-SIZE"),
        (b"[" * 1000, "T-DEPTH"),
        (b"\0", "T-JSON"),
    ],
)
def test_faulty_line_of_json(line: bytes, code: str, tmp_path: Path) -> None:
    """
    A line that is no report is one finding that names it, whatever is wrong with it; those before
    and behind it are read.
    """
    one = gs.dumps(gs.generate(1))
    path = tmp_path / "lines.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + one
        + b"\r\n\r\n"
        + (line if code != "T-SIZE" else b'"' + line)
        + b"\n"
        + one
    )
    readings = gs.read_many(path)
    assert readings.reports == (gs.generate(1), gs.generate(1))
    (finding,) = readings.findings
    assert (finding.operands["number"], finding.operands["line"]) == (2, 3)
    assert code != "T-JSON" or finding.message("en").count("3") >= 2


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda row: row[:9], "9 fields"),
        (lambda row: [*row, "7"], "no column is named"),
        (lambda row: [row[0], "2020", *row[2:]], '"2020"'),
        (lambda row: [*row[:2], "12\0", *row[3:]], "12"),
        (lambda row: [*row[:2], "二零二四", *row[3:]], "二零二四"),
        (lambda row: [*row[:2], "2.024E+03", *row[3:]], "2.024E"),
    ],
)
def test_faulty_row_of_csv(
    spoil: Callable[[list[str]], list[str]], message: str, tmp_path: Path
) -> None:
    """A row with a field too few or too many, or a wrong value, is one finding with its line."""
    rows, _ = wide(tmp_path / "rows.csv", *SAMPLE[:3])
    rows[2] = spoil(rows[2])
    readings = gs.read_many(saved(rows, tmp_path / "rows.csv"))
    assert readings.reports == (SAMPLE[0], SAMPLE[2])
    (finding,) = readings.findings
    assert message in finding.message("en")


def spoil_cells(path: Path, cells: Sequence[str]) -> None:
    """Write -7 into these cells of a file that holds one report."""
    if path.suffix == ".jsonl":
        data = json.loads(path.read_bytes())
        for cell in cells:
            *above, last = cell.split(".")
            functools.reduce(operator.getitem, above, data)[last] = -7
        path.write_text(json.dumps(data), encoding="utf-8")
    elif path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as base, base:
            for cell in cells:
                base.execute(f'UPDATE reports SET "{cell}" = -7')  # noqa: S608
    else:
        (names, *rows), tidy = rows_of(path), path.name.endswith(".tidy.csv")
        for row in rows:
            for at, name in enumerate(names):
                if (
                    (row[names.index("cell")] in cells and name == "value")
                    if tidy
                    else name in cells
                ):
                    row[at] = "-7"
        saved([names, *rows], path)


@pytest.mark.parametrize("suffix", ["csv", "tidy.csv", "jsonl", "sqlite"])
@pytest.mark.parametrize("count", [2, 15])
def test_row_with_several_faults(suffix: str, count: int, tmp_path: Path) -> None:
    """
    The finding of a faulty row has the cells of all its faults and the sentences of the first ten,
    and says how many more there are.
    """
    path = tmp_path / f"faults.{suffix}"
    gs.write_many([gs.generate(1, "2021")], path)
    counts = [cell.id for cell in gs.edition("2021").cells.values() if cell.kind == "count"]
    spoil_cells(path, counts[:count])
    (finding,) = gs.read_many(path).findings
    assert finding.cells == tuple(counts[:count])
    assert finding.message("en").count("cannot be below 0") == min(count, 10)
    assert ("And 5 more faults." in finding.message("en")) == (count > 10)


def test_tidy_report_with_cells_that_stand_twice(tmp_path: Path) -> None:
    """Every cell that stands twice in a report of a tidy table is named."""
    path = tmp_path / "twice.tidy.csv"
    gs.write_many(SAMPLE[:1], path)
    names, *rows = rows_of(path)
    (finding,) = gs.read_many(saved([names, *rows, *rows[2:4]], path)).findings
    assert finding.cells == tuple(row[names.index("cell")] for row in rows[2:4])


def without(rows: list[list[str]], *names: str) -> list[list[str]]:
    """Leave columns out of a wide table."""
    left = [at for at, name in enumerate(rows[0]) if name not in names]
    return [[row[at] for at in left] for row in rows]


def test_figures_without_a_column_are_named(tmp_path: Path) -> None:
    """
    A wide table without the columns of figures reads them as blank, and one warning names them;
    figures that only other editions have are none of them.
    """
    cells = ["proactive.penalties.decisions", "disputes.reconsideration.upheld"]
    other = [cell for cell in gs.edition("2019").cells if cell not in gs.edition("2021").cells]
    rows, _ = wide(tmp_path / "rows.csv", *(gs.generate(seed, "2021") for seed in range(3)))
    readings = gs.read_many(saved(without(rows, *cells, *other), tmp_path / "rows.csv"))
    assert [gs.get(report, cell) for report in readings.reports for cell in cells] == [None] * 6
    (finding,) = readings.findings
    assert (finding.code, finding.level, finding.cells) == ("R-ABSENT", "warning", tuple(cells))
    assert all(cell in finding.message("en") for cell in cells)
    assert all(f"“{gs.edition('2021').cells[cell].zh}”" in finding.message("zh") for cell in cells)
    readings = gs.read_many(saved(without(rows, *other), tmp_path / "rows.csv"))
    assert (len(readings), readings.findings) == (3, ())


def test_figures_without_a_line_are_named(tmp_path: Path) -> None:
    """A report of a tidy table that lacks lines has blank figures, and one warning names them."""
    path = tmp_path / "lines.tidy.csv"
    gs.write_many([gs.generate(1), gs.generate(2)], path)
    lines = rows_of(path)
    number, cell = next(
        (at, row[5])
        for at, row in enumerate(lines)
        if at > 1 and row[0] == "2" and "upheld" in row[5]
    )
    readings = gs.read_many(saved([*lines[:number], *lines[number + 1 :]], path))
    assert [gs.get(report, cell) is None for report in readings.reports] == [False, True]
    (finding,) = readings.findings
    assert (finding.code, finding.level, finding.cells) == ("R-ABSENT", "warning", (cell,))


@pytest.mark.parametrize(
    ("cell", "unit", "value", "code"),
    [
        ("proactive.administrative_fees.amount", "元", Decimal(5), "R-SCALED"),
        ("proactive.administrative_fees.amount", "千元", Decimal(5000), "R-SCALED"),
        ("proactive.administrative_fees.amount", "人民币万元", Decimal(50000), ""),
        ("proactive.administrative_fees.amount", "万元", Decimal(50000), ""),
        ("proactive.administrative_fees.amount", "", Decimal(50000), ""),
        ("proactive.administrative_fees.amount", "万美元", None, "R-UNIT"),
        ("proactive.administrative_fees.amount", "件", None, "R-UNIT"),
        ("proactive.penalties.decisions", "项", 50000, ""),
        ("proactive.penalties.decisions", "万件", None, "R-UNIT"),
        ("proactive.penalties.decisions", "元", None, "R-UNIT"),
    ],
)
def test_unit_of_a_tidy_line(
    cell: str, unit: str, value: int | Decimal | None, code: str, tmp_path: Path
) -> None:
    """A figure is converted from the unit of its line, or blank where that cannot be."""
    path = tmp_path / "lines.tidy.csv"
    gs.write(gs.generate(1, "2021"), path)
    lines = [[*row[:8], unit, "50000"] if row[5] == cell else row for row in rows_of(path)]
    (report,), findings = (found := gs.read_many(saved(lines, path))).reports, found.findings
    assert gs.get(report, cell) == value
    assert [each.code for each in findings] == ([code] if code else [])
    assert all(each.cells == (cell,) and each.message("zh") for each in findings)


def test_figures_without_a_column_of_a_database(tmp_path: Path) -> None:
    """The same holds for the table of a database."""
    path = tmp_path / "reports.sqlite"
    gs.write_many(SAMPLE, path)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute('ALTER TABLE reports DROP COLUMN "disputes.reconsideration.upheld"')
    (finding,) = gs.read_many(path).findings
    assert (finding.code, finding.cells) == ("R-ABSENT", ("disputes.reconsideration.upheld",))


@pytest.mark.parametrize("shape", ["csv", "tidy.csv"])
def test_quote_that_is_not_closed(shape: str, tmp_path: Path) -> None:
    """A quote that is opened and not closed spoils the report that it stands in, and no other."""
    own = [gs.generate(seed) for seed in range(4)]
    path = tmp_path / f"quote.{shape}"
    gs.write_many(
        [
            attrs.evolve(report, body=gs.Body.named(f"单位{number}"))
            for number, report in enumerate(own)
        ],
        path,
    )
    lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if "单位1" in line) + (
        5 if shape == "tidy.csv" else 0
    )
    lines[at] = lines[at].replace("单位1", '"单位1', 1)
    path.write_text("".join(lines), encoding="utf-8", newline="")
    readings = gs.read_many(path)
    assert [report.body.name for report in readings.reports] == ["单位0", "单位2", "单位3"]
    assert [finding.operands["line"] for finding in readings.findings] == [at + 1]


def test_spoilt_bytes_in_one_row(tmp_path: Path) -> None:
    """
    Bytes that are not UTF-8 spoil the row that they stand in; the file is not taken for one in
    GB18030.
    """
    path = tmp_path / "bytes.csv"
    gs.write_many(SAMPLE[:3], path)
    data = path.read_bytes()
    at = data.index("年".encode(), data.index(SAMPLE[1].body.name.encode()))
    path.write_bytes(data[:at] + data[at + 1 :])
    readings = gs.read_many(path)
    assert readings.reports == (SAMPLE[0], SAMPLE[2])
    assert [finding.operands["number"] for finding in readings.findings] == [2]


@pytest.mark.parametrize(
    ("spoil", "line"),
    [
        (lambda rows: [*rows[:10], *rows[9:]], 11),
        (
            lambda rows: [*rows[:20], [*rows[20][:5], "nowhere.at.all", *rows[20][6:]], *rows[21:]],
            21,
        ),
        (lambda rows: [*rows[:20], [*rows[20][:9], "5.5"], *rows[21:]], 21),
        (lambda rows: [*rows[:20], rows[20][:7], *rows[21:]], 21),
        (lambda rows: [*rows[:3], *rows[4:], rows[3]], 601),
        (lambda rows: [*rows[:3], [*rows[3][:2], "另一单位", *rows[3][3:]], *rows[4:]], 4),
    ],
)
def test_tidy_lines_that_do_not_fit(
    spoil: Callable[[list[list[str]]], list[list[str]]], line: int, tmp_path: Path
) -> None:
    """
    A cell that stands twice, an unknown cell, and lines that do not stand together make their
    report faulty, with the line.
    """
    path = tmp_path / "lines.tidy.csv"
    gs.write_many([gs.generate(1), gs.generate(2), gs.generate(4)], path)
    readings = gs.read_many(saved(spoil(rows_of(path)), tmp_path / "spoilt.tidy.csv"))
    faults = [finding for finding in readings.findings if finding.code == "R-RECORD"]
    assert [finding.operands["line"] for finding in faults] == [line]


def test_column_that_the_form_does_not_have(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Columns of others are named once and passed over; one that looks like a name of the form is a
    warning.
    """
    rows, _ = wide(tmp_path / "more.csv", *SAMPLE)
    for row, name in zip(rows, ("备注", *"abcde"), strict=True):
        row.append(name)
    readings = gs.read_many(saved(rows, tmp_path / "more.csv"))
    assert readings.reports == SAMPLE
    assert [(finding.code, finding.level) for finding in readings.findings] == [("R-EXTRA", "info")]
    assert "备注" in readings.findings[0].message("zh")
    main(["check", str(tmp_path / "more.csv")])
    assert capsys.readouterr().out.count("备注") == 1
    rows[0][rows[0].index(CELL)] = "applications.recieved.total"
    readings = gs.read_many(saved(rows, tmp_path / "more.csv"))
    assert readings.findings[0].level == "warning"
    assert CELL in readings.findings[0].message("en")


# ---- as a spreadsheet saves it ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("gb18030", ","), ("gbk", ";"), ("utf-16", "\t"), ("utf-8-sig", ";"), ("utf-8", "\t")],
)
@pytest.mark.parametrize("shape", ["csv", "tidy.csv"])
def test_encodings_and_delimiters(
    shape: str, encoding: str, delimiter: str, tmp_path: Path
) -> None:
    """
    A table is read in the encodings and with the delimiters that spreadsheets write, with empty
    rows and columns at the end.
    """
    gs.write_many(SAMPLE, tmp_path / f"one.{shape}")
    expected = gs.read_many(tmp_path / f"one.{shape}").reports
    rows = [
        [field.replace("•", "·").replace("\xa0", " ") for field in row] + ["", ""]
        for row in rows_of(tmp_path / f"one.{shape}")
    ]
    rows += [[""] * len(rows[0])] * 3
    readings = gs.read_many(saved(rows, tmp_path / f"two.{shape}", encoding, delimiter))
    assert readings.findings == ()
    assert [list(gs.walk(report)) for report in readings.reports] == [
        list(gs.walk(report)) for report in expected
    ]
    assert [report.body for report in readings.reports] == [report.body for report in expected]


WRITTEN: tuple[tuple[str, str, Any], ...] = (
    (CELL, "3,525", 3525),
    (CELL, "1,234,567", 1234567),
    (CELL, "3525.0", 3525),
    (CELL, "3525.00", 3525),
    (CELL, "１２", 12),
    (CELL, " 12 ", 12),
    (CELL, "'12", 12),
    (CELL, '="12"', 12),
    ("year", "2024.0", 2024),
    ("published_on", "2025/1/6", "2025-01-06"),
    ("published_on", "2025-1-6", "2025-01-06"),
    ("published_on", "2025/01/06 0:00:00", "2025-01-06"),
    ("published_on", "2025年1月6日", "2025-01-06"),
    ("body.division_code", "350128.0", "350128"),
    ("body.division_code", '="350128"', "350128"),
    ("body.division_code", "'350128", "350128"),
    ("undivided", "FALSE", False),
    ("proactive.administrative_fees.amount", "72,701.2578", Decimal("72701.2578")),
    ("title", '="a""b"', 'a"b'),
    ("title", "5", "5"),
)
REFUSED: tuple[tuple[str, str], ...] = (
    (CELL, "1.23457E+11"),
    (CELL, "1.23E+05"),
    (CELL, "12abc"),
    (CELL, "3,52"),
    (CELL, "3 525"),
    (CELL, "12.5"),
    (CELL, "①"),
    (CELL, "½"),
    (CELL, "3²"),
    (CELL, "-"),
    (CELL, "#REF!"),
    (CELL, "########"),
    (CELL, "12%"),
    ("year", "24"),
    ("published_on", "1/6/2025"),
    ("published_on", "45663"),
    ("published_on", "2025/2/30"),
    ("published_on", "2025/1/6 9:30"),
    ("body.division_code", "12345"),
    ("body.social_credit_code", "1.1010E+17"),
    ("body.social_credit_code", "1.1321300014319829E17"),
    ("undivided", "perhaps"),
    ("proactive.administrative_fees.amount", "1E+5"),
    ("proactive.administrative_fees.amount", "¥5"),
)


@pytest.mark.parametrize(("name", "text", "expected"), WRITTEN)
def test_values_as_a_spreadsheet_writes_them(
    name: str, text: str, expected: Any, tmp_path: Path
) -> None:
    """Dates, thousands, whole numbers with a fraction of zero, codes as formulas: read by value."""
    rows, _ = wide(tmp_path / "one.csv", gs.generate(3))
    rows[1][rows[0].index(name)] = text
    report = gs.read(saved(rows, tmp_path / "one.csv")).report
    found = to_record(report)[name]
    assert (found.isoformat() if name == "published_on" else found) == expected


@pytest.mark.parametrize(("name", "text"), REFUSED)
def test_values_that_may_be_wrong_are_refused(name: str, text: str, tmp_path: Path) -> None:
    """
    What may have lost digits, or can be read in two ways, is a finding that names cell and text,
    never another figure.
    """
    rows, _ = wide(tmp_path / "one.csv", gs.generate(3))
    rows[1][rows[0].index(name)] = text
    readings = gs.read_many(saved(rows, tmp_path / "one.csv"))
    assert readings.reports == ()
    (finding,) = readings.findings
    assert finding.cells == (name,)
    assert text in finding.message("en") or name == "published_on" or finding.operands["fault"].en


def test_comma_of_a_file_with_semicolons(tmp_path: Path) -> None:
    """
    Where semicolons stand between the fields a comma in an amount may be that of the decimals:
    refused.
    """
    rows, _ = wide(tmp_path / "one.csv", gs.generate(3))
    rows[1][rows[0].index("proactive.administrative_fees.amount")] = "3,525"
    assert (
        gs.get(
            gs.read(saved(rows, tmp_path / "one.csv")).report,
            "proactive.administrative_fees.amount",
        )
        == 3525
    )
    assert len(gs.read_many(saved(rows, tmp_path / "one.csv", delimiter=";")).findings) == 1


def test_delimiters_that_a_spreadsheet_leaves_away(tmp_path: Path) -> None:
    """
    A row may lack the columns at its end that its report does not have; a sep= line names the
    delimiter and is no row.
    """
    rows, _ = wide(tmp_path / "one.csv", gs.generate(3))
    own = [index for index, name in enumerate(rows[0]) if name in gs.edition("2021").cells]
    rows[1] = rows[1][: max(own) + 1]
    path = saved(rows, tmp_path / "one.csv", delimiter=";")
    path.write_text(
        "sep=;\r\n" + path.read_text(encoding="utf-8-sig"), encoding="utf-8", newline=""
    )
    assert gs.read(path).report == gs.generate(3)


def test_reading_csv_needs_the_core_only(tmp_path: Path) -> None:
    """GB18030 is read without a library that guesses encodings."""
    rows, _ = wide(tmp_path / "one.csv", *SAMPLE)
    path = saved(
        [[field.replace("•", "·") for field in row] for row in rows],
        tmp_path / "one.csv",
        "gb18030",
    )
    code = (
        "import sys; sys.modules['charset_normalizer'] = sys.modules['lxml'] = None; import "
        "govinfo_schema as gs; "
        f"print(len(gs.read_many({str(path)!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "5"


# ---- databases ----------------------------------------------------------------------------------


def ask(path: Path, question: str) -> list[tuple[Any, ...]]:
    """Put a question to a database, which may change it."""
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as base, base:
            return base.execute(question).fetchall()
    duckdb = pytest.importorskip("duckdb")
    with duckdb.connect(str(path)) as base:
        found: list[tuple[Any, ...]] = base.execute(question).fetchall()
        return found


def occupied(path: Path) -> None:
    """
    Make a database of the user's: a table, an index on it, a view, and a table named ``columns``.
    """
    for order in (
        "CREATE TABLE mine (a INTEGER, b TEXT)",
        "INSERT INTO mine VALUES (1, '一')",
        "CREATE INDEX mine_a ON mine (a)",
        "CREATE VIEW shown AS SELECT a FROM mine",
        "CREATE TABLE columns (x TEXT)",
    ):
        ask(path, order)


@pytest.mark.parametrize("suffix", DATABASES)
def test_database_keeps_what_is_not_ours(suffix: str, tmp_path: Path) -> None:
    """
    The table of reports goes into a database that is there; fail, append and replace do what pandas
    does; nothing else changes.
    """
    needed(suffix)
    path = tmp_path / f"mine.{suffix}"
    occupied(path)
    own = [gs.generate(seed) for seed in range(3)]
    gs.write_many(own[:1], path)
    with pytest.raises(gs.UnreadableFile, match="if_exists='append'"):
        gs.write_many(own, path)
    with pytest.raises(gs.UnreadableFile, match="has a table named reports already"):
        gs.write(own[0], path, if_exists="fail")
    assert list(gs.read_many(path).reports) == own[:1]
    gs.write_many(own[1:], path, if_exists="append")
    assert list(gs.read_many(path).reports) == own
    gs.write(own[2], path, if_exists="replace")
    assert list(gs.read_many(path).reports) == own[2:]
    assert ask(path, "SELECT * FROM mine") == [(1, "一")]
    assert ask(path, "SELECT * FROM shown") == [(1,)]
    assert ask(path, "SELECT * FROM columns") == []
    if suffix == "sqlite":
        assert {name for (name,) in ask(path, "SELECT name FROM sqlite_master")} == {
            "mine",
            "mine_a",
            "shown",
            "columns",
            "reports",
        }
    with pytest.raises(ValueError, match="if_exists"):
        gs.write_many(own, path, if_exists="upsert")  # type: ignore[arg-type]


@pytest.mark.parametrize("suffix", DATABASES)
def test_database_with_another_table_of_that_name(suffix: str, tmp_path: Path) -> None:
    """
    A view of that name is always refused; a table of other columns is not added to, and the line
    names the first that is missing.
    """
    needed(suffix)
    path = tmp_path / f"view.{suffix}"
    ask(path, "CREATE VIEW reports AS SELECT 1 AS a")
    for if_exists in ("fail", "append", "replace"):
        with pytest.raises(gs.UnreadableFile, match="no plain table"):
            gs.write(gs.generate(1), path, if_exists=if_exists)
    other = tmp_path / f"other.{suffix}"
    ask(
        other,
        "CREATE TABLE reports (edition VARCHAR)"
        if suffix == "duckdb"
        else "CREATE TABLE reports (edition TEXT)",
    )
    with pytest.raises(gs.UnreadableFile, match="no column undivided"):
        gs.write(gs.generate(1), other, if_exists="append")
    gs.write(gs.generate(1), other, if_exists="replace")
    assert gs.read(other).report == gs.generate(1)
    ask(other, "ALTER TABLE reports ADD COLUMN mine INTEGER")
    gs.write(gs.generate(2), other, if_exists="append")
    assert gs.read_many(other).reports == (gs.generate(1), gs.generate(2))


@pytest.mark.parametrize("suffix", DATABASES)
@pytest.mark.parametrize(
    "content", [b"not a database at all", b'{"edition": "2021"}', b"PK\x03\x04"]
)
def test_file_that_is_no_database(suffix: str, content: bytes, tmp_path: Path) -> None:
    """
    A file that is no database is never touched, whatever is asked for; an empty one is filled.
    """
    needed(suffix)
    path = tmp_path / f"text.{suffix}"
    path.write_bytes(content)
    for if_exists in (None, "fail", "append", "replace"):
        with pytest.raises(gs.UnreadableFile, match="is no database of this kind"):
            gs.write(gs.generate(1), path, if_exists=if_exists)
    assert path.read_bytes() == content
    path.write_bytes(b"")
    gs.write(gs.generate(1), path)
    assert gs.read(path).report == gs.generate(1)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("suffix", DATABASES)
def test_database_that_is_locked_or_cut_short(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A database that another program writes to, or that is cut short, is refused in one line, and is
    as it was.
    """
    needed(suffix)
    monkeypatch.setattr("govinfo_schema.tables.sqlite.WAIT", 0.1)
    path = tmp_path / f"locked.{suffix}"
    occupied(path)
    gs.write_many([gs.generate(seed) for seed in range(20)], path)
    code = (
        f"import sqlite3, time; base = sqlite3.connect({str(path)!r}); base.execute('BEGIN "
        "EXCLUSIVE'); "
        if suffix == "sqlite"
        else f"import duckdb, time; base = duckdb.connect({str(path)!r}); "
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"{code}print('held', flush=True); time.sleep(60)"],
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(gs.UnreadableFile) as caught:
            gs.write(gs.generate(1), path, if_exists="append")
        with pytest.raises(gs.UnreadableFile, match="another program"):
            gs.read_many(path)
        other.kill()
    assert "\n" not in str(caught.value)
    assert len(gs.read_many(path)) == 20
    data = path.read_bytes()
    for length in (50, len(data) // 3):
        path.write_bytes(data[:length])
        with pytest.raises(gs.UnreadableFile) as caught:
            gs.write(gs.generate(1), path, if_exists="append")
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("suffix", DATABASES)
@pytest.mark.parametrize("if_exists", ["append", "replace"])
def test_interrupted_writing_leaves_the_database(
    suffix: str, if_exists: Any, tmp_path: Path
) -> None:
    """An error or a kill in the middle leaves all tables as they were."""
    needed(suffix)
    path = tmp_path / f"kept.{suffix}"
    occupied(path)
    gs.write(gs.generate(1), path)

    def broken() -> Any:
        yield from (gs.generate(seed) for seed in range(600))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gs.write_many(broken(), path, if_exists=if_exists)
    assert gs.read(path).report == gs.generate(1)
    code = (
        "import govinfo_schema as gs, itertools; one = gs.generate(2); print('begun', flush=True); "
        f"gs.write_many(itertools.repeat(one), {str(path)!r}, if_exists={if_exists!r})"
    )
    for wait in (0.05, 0.6):
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as other:
            assert other.stdout
            other.stdout.readline()
            time.sleep(wait)
            other.kill()
        assert gs.read(path).report == gs.generate(1)
        assert ask(path, "SELECT * FROM mine") == [(1, "一")]


def test_other_files_and_if_exists(tmp_path: Path) -> None:
    """
    A file that is no database is replaced by default; fail refuses it, append says that only
    databases can.
    """
    for suffix in ("csv", "json", "html", "jsonl"):
        path = tmp_path / f"one.{suffix}"
        gs.write(gs.generate(1), path, if_exists="fail")
        gs.write(gs.generate(2), path)
        gs.write(gs.generate(1), path, if_exists="replace")
        before = path.read_bytes()
        with pytest.raises(gs.UnreadableFile, match="is there already"):
            gs.write(gs.generate(2), path, if_exists="fail")
        with pytest.raises(gs.UnreadableFile, match="only databases"):
            gs.write(gs.generate(2), path, if_exists="append")
        assert path.read_bytes() == before


def test_text_that_is_no_utf8_in_sqlite(tmp_path: Path) -> None:
    """
    A text of bytes that are no UTF-8, or a blob, spoils its row only; NUL and any other character
    read back.
    """
    own = [gs.replace(gs.generate(1), {"title": "a\0b\U0010ffff"}), gs.generate(2), gs.generate(3)]
    path = tmp_path / "bytes.sqlite"
    gs.write_many(own, path)
    assert list(gs.read_many(path).reports) == own
    ask(path, "UPDATE reports SET title = CAST(X'ff41' AS TEXT) WHERE rowid = 2")
    ask(path, "UPDATE reports SET title = X'4142' WHERE rowid = 3")
    readings = gs.read_many(path)
    assert list(readings.reports) == own[:1]
    assert [finding.operands["number"] for finding in readings.findings] == [2, 3]


# ---- pickles and copies -------------------------------------------------------------------------


def instances() -> dict[str, Any]:
    """Make an instance of every public class."""
    document = Path(__file__).parents[1] / "docs" / "examples" / "2021-pingtan-haitanpianqu.json"
    report = gs.loads(document.read_bytes())
    old = next(each for each in SAMPLE if each.edition == "2019")
    assessment, explanations, damaged = (
        gs.check(report),
        gs.locate(report),
        gs.damage(gs.generate(3), "single", 1),
    )
    reading, difference = read_document(), gs.compare(old, report)
    row = gs.replace(gs.blank("2021", year=2024, body="某市"), dict.fromkeys(ROW, 2))
    pyarrow = pytest.importorskip("pyarrow")
    found: list[Any] = [
        assessment,
        assessment.broken[0],
        assessment.findings[0],
        assessment.rule_set,
        explanations,
        explanations[0],
        explanations[0].changes[0],
        gs.problems(report),
        gs.problems(report)[0],
        damaged,
        gs.complete(row),
        gs.to_edition(old, "2021"),
        gs.to_edition(old, "2021").steps[0],
        gs.edition("2021"),
        gs.edition("2021").cells[CELL],
        reading,
        next(iter(reading.sources.values())),
        gs.Readings((reading,), assessment.findings),
        gs.read_batch(pyarrow.record_batch({"name": ["a"], "bytes": [document.read_bytes()]})),
        next(finding.quote for finding in gs.plausible(SAMPLE[2]) + quoted() if finding.quote),
        gs.check_lines(gs.dumps(report)),
        gs.check_frame(gs.to_frame([report])),
        gs.Note(at=None, kind="text", text="x"),
        gs.Error("x"),
        gs.Incompatible(Label("某", "x")),
        gs.InvalidReport(assessment.findings),
        gs.InvalidValue("a", "b"),
        gs.MissingLibrary("lxml", "html"),
        gs.UnknownCell("x"),
        gs.UnknownEdition("x"),
        gs.UnreadableFile("a", Label("一", "one")),
        NoReport(Label("一", "one")),
        difference,
        *difference.changes[:1],
        *difference.texts[:1],
        *parts_of(gs.generate(3)),
        *parts_of(old),
        *parts_of(report),
    ]
    return {type(each).__name__: each for each in found}


ROW = [f"disputes.reconsideration.{name}" for name in ("upheld", "corrected", "other", "pending")]


def parts_of(node: Any) -> list[Any]:
    """Give a report and the objects that it is made of."""
    inner = [getattr(node, field.name) for field in attrs.fields(type(node))]
    return [node, *(part for each in inner if attrs.has(type(each)) for part in parts_of(each))]


def quoted() -> tuple[gs.Finding, ...]:
    """Give findings about the text of a report, which quote it."""
    report = gs.replace(gs.generate(3), {"overview": "本年新收政府信息公开申请 999999 件。"})
    return tuple(gs.plausible(report))


def read_document() -> gs.Reading:
    """Read a document, which tells where each figure stood."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        gs.write(SAMPLE[1], Path(folder, "one.docx"))
        return gs.read(Path(folder, "one.docx"), year=2021)


def operands(value: Any) -> Any:
    """
    Give what makes a value what it is: of an error its class, operands and attributes, of another
    all fields, those that do not count for equality too.
    """
    if isinstance(value, Exception):
        return type(value), value.args, str(value), vars(value)
    fields = attrs.fields(type(value)) if attrs.has(type(value)) else ()
    parts = [getattr(value, field.name) for field in fields]
    # Two frames are compared by what they hold.
    return value, [part.to_dicts() if hasattr(part, "to_dicts") else part for part in parts]


def test_every_public_class_pickles_and_copies() -> None:
    """
    An instance of every public class pickles and copies, and is equal after it, whichever protocol
    is used.
    """
    made = instances()
    missing = {
        name for name in gs.__all__ if isinstance(getattr(gs, name), type) and name not in made
    }
    assert missing == set()
    for name, value in made.items():
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert operands(pickle.loads(pickle.dumps(value, protocol))) == operands(value), name  # noqa: S301
        assert operands(copy.copy(value)) == operands(value), name
        assert operands(copy.deepcopy(value)) == operands(value), name
        if attrs.has(type(value)) and name != "Edition":
            assert repr(pickle.loads(pickle.dumps(value))) == repr(value), name  # noqa: S301


def test_shapes_of_the_form_pickle_and_copy() -> None:
    """A shape of the form is that very one in every process and in every copy."""
    for form in forms():
        for again in (pickle.loads(pickle.dumps(form)), copy.copy(form), copy.deepcopy(form)):  # noqa: S301
            assert again is form


def pickled(value: gs.Reading) -> gs.Reading:
    """Send a reading through pickle."""
    return cast("gs.Reading", pickle.loads(pickle.dumps(value)))  # noqa: S301


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickled])
def test_reading_cannot_be_changed(again: Callable[[gs.Reading], gs.Reading]) -> None:
    """
    What was read cannot be changed, nor can a copy of it; the mapping that it was made of may be.
    """
    reading = again(read_document())
    sources: Any = reading.sources
    cell = next(iter(sources))
    for change in (
        lambda: sources.__setitem__(cell, 1),
        lambda: sources.__delitem__(cell),
        lambda: sources.update({}),
        sources.clear,
        lambda: sources.pop(cell),
        sources.popitem,
        lambda: sources.setdefault(cell),
        lambda: sources.__ior__({}),
    ):
        with pytest.raises(TypeError, match="cannot be changed"):
            change()
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        reading.report = SAMPLE[0]  # type: ignore[misc]
    mine = dict(sources)
    other = attrs.evolve(reading, sources=mine)
    mine.clear()
    assert other == reading


def test_process_pool_returns_readings(tmp_path: Path) -> None:
    """A pool of processes returns what was read."""
    paths = []
    for number, report in enumerate(SAMPLE[:2]):
        paths.append(tmp_path / f"{number}.docx")
        gs.write(report, paths[-1])
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(gs.read, paths)) == [gs.read(path) for path in paths]


def test_findings_of_rows_are_plain_data(tmp_path: Path) -> None:
    """The finding of a faulty row is plain data and JSON like any other."""
    (tmp_path / "bad.jsonl").write_text("{}\n{\n", encoding="utf-8")
    findings = gs.read_many(tmp_path / "bad.jsonl").findings
    assert [
        each["code"] for each in json.loads(json.dumps([finding.to_dict() for finding in findings]))
    ] == ["R-RECORD", "R-RECORD"]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".sqlite"])
@pytest.mark.parametrize(
    "amount",
    ["1E-40", "1.2345678901234567E-300", "2.4703282292062328E-324", "999999999999.12345", "1E+12"],
)
def test_amounts_of_any_length(suffix: str, amount: str, tmp_path: Path) -> None:
    """Every amount that a report may hold is read back as it was written."""
    exact = Decimal(amount)
    fee = ProcessingFee(status="charged", requests=1, amount=exact)
    report = gs.replace(gs.generate(1, "2021"), {"proactive.administrative_fees.amount": exact})
    report = attrs.evolve(
        report, other_matters=attrs.evolve(report.other_matters, processing_fee=fee)
    )
    path = tmp_path / f"reports{suffix}"
    gs.write_many([report], path)
    assert [one.report for one in gs.read_many(path)] == [report]


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".sqlite"])
@pytest.mark.parametrize(("sign", "size"), [('"', 2), ("x", 1), ("\n", 2)])
def test_reports_of_the_greatest_length(suffix: str, sign: str, size: int, tmp_path: Path) -> None:
    """The longest report is read back from every file, whatever its writing makes of its signs."""
    report = gs.generate(1, "2021")
    note = Note(kind="text", at=None, text="")
    report = attrs.evolve(report, notes=(note,))
    room = (MAX_BYTES - len(gs.dumps(report))) // size
    longest = [
        attrs.evolve(report, notes=(attrs.evolve(note, text=sign * room),)),
        gs.replace(report, {"overview": sign * (room - len(report.overview or "") - 10)}),
    ]
    for each in longest:
        path = tmp_path / f"reports{suffix}"
        path.unlink(missing_ok=True)
        gs.write_many([each], path)
        assert [one.report == each for one in gs.read_many(path)] == [True]


# ---- files --------------------------------------------------------------------------------------

TABLES = ("csv", "tidy.csv", "parquet", "sqlite", "duckdb")


@pytest.mark.parametrize("suffix", TABLES)
def test_a_row_says_which_file_it_is_from(suffix: str, tmp_path: Path) -> None:
    """
    Readings are written with the file of each; a table read back says it, and for a report without
    one its own path; read and written again it stays.
    """
    needed(suffix)
    readings = [gs.read(path) for path in EXAMPLES]
    odd = attrs.evolve(readings[0], report=gs.generate(1), file="=a,'\"甲\n.html")
    path, again = tmp_path / f"all.{suffix}", tmp_path / f"again.{suffix}"
    gs.write_many(iter([*readings, gs.generate(2), odd]), path)
    found = gs.read_many(path)
    files = [str(example) for example in EXAMPLES]
    assert found.findings == ()
    assert [each.file for each in found] == [*files, str(path), odd.file]
    gs.write_many(found, again)
    assert [each.file for each in gs.read_many(again)] == [*files, str(path), odd.file]
    gs.write(readings[0], tmp_path / f"one.{suffix}")
    assert gs.read(tmp_path / f"one.{suffix}").file == files[0]


def test_formats_of_reports_alone_take_readings(tmp_path: Path) -> None:
    """JSON, JSON lines and documents take a reading, and hold its report alone."""
    reading = gs.read(EXAMPLES[0])
    for suffix in ("json", "jsonl", "md"):
        path = tmp_path / f"own.{suffix}"
        gs.write(reading, path)
        assert gs.read(path).file == str(path)
        assert str(EXAMPLES[0]) not in path.read_text(encoding="utf-8")
        other = tmp_path / f"report.{suffix}"
        gs.write(reading.report, other)
        assert path.read_bytes() == other.read_bytes()


def without_file(path: Path) -> Path:
    """Take the column of files away from a table, as older releases wrote it."""
    if path.suffix == ".csv":
        rows = rows_of(path)
        at = rows[0].index("file")
        return saved([[*row[:at], *row[at + 1 :]] for row in rows], path)
    if path.suffix == ".parquet":
        parquet = pytest.importorskip("pyarrow.parquet")
        parquet.write_table(parquet.read_table(path).drop_columns(["file"]), path)
        return path
    ask(path, "ALTER TABLE reports DROP COLUMN file")
    return path


@pytest.mark.parametrize("suffix", TABLES)
def test_tables_without_the_column_are_read(suffix: str, tmp_path: Path) -> None:
    """A table of an older release has no column for files: that is no finding."""
    needed(suffix)
    path = tmp_path / f"old.{suffix}"
    gs.write_many([gs.read(each) for each in EXAMPLES], path)
    found = gs.read_many(without_file(path))
    assert found.findings == ()
    assert {each.file for each in found} == {str(path)}


@pytest.mark.parametrize("suffix", DATABASES)
def test_a_database_without_the_column_gets_it(suffix: str, tmp_path: Path) -> None:
    """
    Reports are appended to a table that lacks only the column for files; it gets the column, and no
    file is lost. One that lacks a figure too is left as it is.
    """
    needed(suffix)
    path = tmp_path / f"old.{suffix}"
    gs.write_many([gs.generate(1)], path)
    without_file(path)
    gs.write_many([gs.read(EXAMPLES[0]), gs.generate(2)], path, if_exists="append")
    found = gs.read_many(path)
    assert [each.file for each in found] == [str(path), str(EXAMPLES[0]), str(path)]
    assert found.reports == (gs.generate(1), gs.read(EXAMPLES[0]).report, gs.generate(2))
    without_file(path)
    ask(path, f'ALTER TABLE reports DROP COLUMN "{CELL}"')
    with pytest.raises(gs.UnreadableFile, match=CELL):
        gs.write_many([gs.read(EXAMPLES[0])], path, if_exists="append")
    assert "file" not in [row[1] for row in ask(path, "PRAGMA table_info('reports')")]
    gs.write_many([gs.read(EXAMPLES[0])], path, if_exists="replace")
    assert [each.file for each in gs.read_many(path)] == [str(EXAMPLES[0])]


@pytest.mark.parametrize("suffix", DATABASES)
def test_a_table_with_an_index_is_appended_to(suffix: str, tmp_path: Path) -> None:
    """An index of the user on a table without the column for files is no hindrance."""
    needed(suffix)
    path = tmp_path / f"old.{suffix}"
    gs.write_many([gs.generate(1)], path)
    without_file(path)
    ask(path, "CREATE INDEX mine ON reports (year)")
    gs.write_many([gs.read(EXAMPLES[0])], path, if_exists="append")
    assert [each.file for each in gs.read_many(path)] == [str(path), str(EXAMPLES[0])]


@pytest.mark.parametrize("suffix", TABLES)
def test_convert_keeps_the_names_of_files(suffix: str, tmp_path: Path) -> None:
    """The command writes the path of each document, also from table to table."""
    needed(suffix)
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in (1, 2):
        gs.write(gs.generate(number), folder / f"{number}.md")
    path, again = tmp_path / f"all.{suffix}", tmp_path / "again.csv"
    assert main(["convert", str(folder), str(path)]) == 0
    assert main(["convert", str(path), str(again)]) == 0
    files = [str(folder / f"{number}.md") for number in (1, 2)]
    assert [each.file for each in gs.read_many(path)] == files
    assert [each.file for each in gs.read_many(again)] == files
