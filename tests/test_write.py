"""
Writing: what is written reads back, adds itself up, runs nothing, breaks nothing, and is what other
tools take.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
import subprocess
import tracemalloc
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import office
import pytest
from corpus import POOLS, needs_corpus, pool, real_reports
from hypothesis import HealthCheck, given, settings
from programs import AXE, CHROMIUM, needs_axe, needs_bridge, needs_chromium, needs_office
from reports import EXAMPLE_FOLDER, EXAMPLES, SHAPES, as_any, example
from strategies import made, reports

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.documents.formats import printing
from govinfo_schema.form.forms import form
from govinfo_schema.report.access import figures
from govinfo_schema.report.record import FIELDS, columns, from_record, to_record
from govinfo_schema.tables.parquet import schema

DATA = ("json", "jsonl", "csv", "parquet", "sqlite", "duckdb", "xlsx")
"""The formats that keep a whole report; the others keep its figures."""
MANY = ("jsonl", "csv", "tidy.csv", "parquet", "sqlite", "duckdb")
DOCUMENTS = ("docx", "html", "md")
WRONG = gs.replace(gs.generate(3), {"applications.outcomes.total.natural_person": 1})
"""A report that does not add up."""
HOSTILE = (
    "=1+1",
    "+A1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "'quoted",
    "",
    "<script>alert(1)</script>",
    'a,b"c\r\nd',
    "=cmd|' /C calc'!A0",
)


def again(report: gs.Report, path: Path) -> gs.Report:
    """Write a report and read it."""
    path.unlink(missing_ok=True)
    gs.write(report, path)
    return gs.read(path, year=report.year, body=report.body.name).report


def rows_of(path: Path) -> list[list[str]]:
    """Give the rows of a CSV file as they stand."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


# ---- what is written reads back -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda path: gs.read(path, year=as_any("2024")), gs.InvalidValue, "year: "),
        (lambda path: gs.read(path, body=as_any(5)), gs.InvalidValue, "body: "),
        (lambda path: gs.read(path, body=""), gs.UnreadableFile, "name of the body is empty"),
        (lambda path: gs.read(path, body=" \u3000"), gs.UnreadableFile, "name of the body"),
        (lambda _: gs.blank("2021", year=2024, body="   "), gs.InvalidValue, "body.name: "),
        (
            lambda path: gs.write_form(f"{path}.xlsx", previous=as_any({})),
            TypeError,
            "previous takes",
        ),
        (lambda path: gs.write_form(f"{path}.xlsx", report=as_any(5)), TypeError, "report takes"),
        (
            lambda path: gs.write_form(f"{path}.xlsx", "2019", report=gs.generate(1, "2021")),
            gs.Incompatible,
            "2019",
        ),
        (
            lambda path: gs.write(gs.generate(1), path, assessment=as_any(5)),
            TypeError,
            "assessment takes",
        ),
        (
            lambda path: gs.write(gs.generate(1), path, assessment=gs.check(WRONG)),
            gs.Incompatible,
            "another report",
        ),
        (lambda _: [*gs.walk(as_any(5))], TypeError, "walk takes a report"),
        (lambda _: gs.locate(as_any(5)), TypeError, "locate takes a report"),
        (lambda _: gs.locate(WRONG, previous=as_any(5)), TypeError, "previous takes a report"),
        (lambda _: gs.locate(WRONG, parts=[as_any(5)]), TypeError, "parts takes reports"),
        (
            lambda _: gs.check_parts(WRONG, [WRONG], complete=as_any("yes")),
            ValueError,
            "complete is True",
        ),
    ],
)
def test_wrong_call_names_the_argument(
    call: Callable[[Any], Any], kind: type[Exception], said: str, tmp_path: Path
) -> None:
    """A wrong argument is refused in one line that names it, and nothing is written."""
    path = tmp_path / "report.html"
    gs.write(WRONG, path)
    before = path.read_bytes()
    with pytest.raises(kind) as error:
        call(path)
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert (path.read_bytes(), len([*tmp_path.iterdir()])) == (before, 1)


def test_form_has_the_edition_of_its_report(tmp_path: Path) -> None:
    """A form that is filled in is of the edition of its report."""
    report = gs.generate(2, "2019")
    gs.write_form(tmp_path / "form.xlsx", report=report)
    assert gs.read(tmp_path / "form.xlsx").report.edition == "2019"


@needs_corpus
@pytest.mark.parametrize("suffix", [*DATA, "tidy.csv", *DOCUMENTS])
def test_real_reports_read_back(suffix: str, tmp_path: Path) -> None:
    """
    Every real report reads back from every format, figure by figure; from the formats of data it
    reads back whole.
    """
    for stem, report in real_reports().items():
        back = again(report, tmp_path / f"{stem}.{suffix}")
        assert figures(back) == figures(report), stem
        assert suffix not in DATA or back == report


@pytest.mark.parametrize("suffix", [*DATA, "tidy.csv", *DOCUMENTS])
@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
def test_empty_form_reads_back(suffix: str, edition: Any, undivided: bool, tmp_path: Path) -> None:
    """The empty form of every shape reads back from every format, all blank."""
    report = gs.blank(edition, year=2024, body="某市人民政府", undivided=undivided)
    back = again(report, tmp_path / f"form.{suffix}")
    assert figures(back) == figures(report)
    assert suffix not in DATA or back == report


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(report=reports())
@pytest.mark.parametrize("suffix", [*DATA, "tidy.csv", *DOCUMENTS])
def test_any_report_reads_back(suffix: str, report: gs.Report, tmp_path: Path) -> None:
    """Any report reads back: figures up to the largest, blanks, texts of any signs, notes."""
    report = attrs.evolve(report, published_on=None) if suffix in DOCUMENTS else report
    back = again(report, tmp_path / f"any.{suffix}")
    assert figures(back) == figures(report)
    if suffix in DATA and suffix != "xlsx":
        assert back == report


@pytest.mark.parametrize("suffix", MANY)
def test_many_reports_read_back(suffix: str, tmp_path: Path) -> None:
    """
    Many reports of both editions read back in their order, and one more of the same body and year
    is one of its own.
    """
    own = [*(gs.generate(seed) for seed in range(20)), *(example(path.stem) for path in EXAMPLES)]
    own += own[-1:]
    path = tmp_path / f"many.{suffix}"
    gs.write_many(iter(own), path)
    back = gs.read_many(path)
    assert len(back) == len(back.reports) == len(own)
    assert [figures(each) for each in back.reports] == [figures(each) for each in own]
    assert back[0].report == back[:1][0].report
    if suffix != "tidy.csv":
        assert list(back.reports) == own
    with pytest.raises(gs.UnreadableFile, match=f"holds {len(own)} reports"):
        gs.read(path)


@settings(max_examples=60)
@given(reports())
def test_record_keeps_everything(report: gs.Report) -> None:
    """A flat record keeps the whole report."""
    assert from_record(to_record(report)) == report


def test_record_with_a_figure_of_another_edition() -> None:
    """A figure that the edition does not have is a fault that names it, not lost."""
    record = to_record(gs.generate(3, "2021")) | {"proactive.penalties.items_change": 4}
    with pytest.raises(gs.InvalidReport, match=r"proactive\.penalties\.items_change"):
        from_record(record)
    with pytest.raises(gs.InvalidReport):
        from_record({**record, "notes": "[{]"})


def test_long_text_in_a_field(tmp_path: Path) -> None:
    """A text longer than most readers of CSV expect reads back."""
    report = gs.replace(gs.generate(3), {"overview": "长" * 300_000})
    assert again(report, tmp_path / "long.csv") == report


def test_one_report_from_a_file_of_many(tmp_path: Path) -> None:
    """
    A file of one is read by ``read`` too, and an empty table says so; ``read_many`` takes a
    document.
    """
    gs.write(gs.generate(3), tmp_path / "one.parquet")
    assert gs.read(tmp_path / "one.parquet").report == gs.generate(3)
    gs.write(gs.generate(3), tmp_path / "one.docx")
    assert len(gs.read_many(tmp_path / "one.docx")) == 1
    gs.write_many([], tmp_path / "none.csv")
    with pytest.raises(gs.UnreadableFile, match="holds no report"):
        gs.read(tmp_path / "none.csv")


@pytest.mark.parametrize("suffix", ["docx", "json", "xlsx", "html"])
def test_file_of_one_report_refuses_many(suffix: str, tmp_path: Path) -> None:
    """A file that holds one report refuses several in one line, and is not written."""
    with pytest.raises(gs.UnreadableFile, match="holds one report"):
        gs.write_many([gs.generate(1), gs.generate(2)], tmp_path / f"two.{suffix}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("quote.csv", '"edition,applications.received.total\r\n2021,3\r\n', "damaged table"),
        (
            "bare.csv",
            "year,applications.received.total\r\n2021,3\r\n",
            "no column is named edition",
        ),
        ("twice.csv", "edition,year,year\r\n2021,2024,2023\r\n", "two columns named year"),
        ("bad.parquet", "PAR1 and no more", "damaged table"),
        ("bad.sqlite", "SQLite format 3\0 and no more", "damaged table|no table"),
        ("bad.duckdb", "12345678DUCK and no more", "damaged table"),
    ],
)
def test_damaged_table(name: str, content: str, message: str, tmp_path: Path) -> None:
    """A damaged table is refused in one line that says where."""
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    with pytest.raises(gs.UnreadableFile, match=message) as caught:
        gs.read_many(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_database_without_the_table(tmp_path: Path) -> None:
    """A database without the table ``reports``, or with a view of that name, is refused."""
    with sqlite3.connect(tmp_path / "other.sqlite") as database:
        database.execute("CREATE VIEW reports AS SELECT 1 AS edition")
    database.close()
    with pytest.raises(gs.UnreadableFile, match="no table named reports"):
        gs.read_many(tmp_path / "other.sqlite")


def test_amount_with_more_decimals_than_a_column_keeps(tmp_path: Path) -> None:
    """An amount that a column cannot keep is refused, never rounded."""
    report = gs.replace(
        gs.generate(3, "2021"),
        {"proactive.administrative_fees.amount": Decimal("0.0000000000000000001")},
    )
    with pytest.raises(gs.UnreadableFile, match="more than 18 decimals"):
        gs.write(report, tmp_path / "fine.parquet")
    assert list(tmp_path.iterdir()) == []


# ---- what other tools see -----------------------------------------------------------------------


def test_columns_are_typed_and_told() -> None:
    """A column of Arrow has its type, and labels and unit as metadata."""
    field = schema().field("applications.received.total")
    assert str(field.type) == "int64"
    assert field.metadata == {
        b"zh": "一、本年新收政府信息公开申请数量 · 总计".encode(),
        b"en": b"1. new requests received this year \xc2\xb7 total",
        b"unit": "件".encode(),
    }
    assert str(schema().field("published_on").type) == "date32[day]"
    assert set(FIELDS) < {column.name for column in columns()}
    assert len({column.name for column in columns()}) == len(columns())


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["reports.csv", "reports.tidy.csv"])
def test_frictionless_accepts_the_package(name: str, tmp_path: Path) -> None:
    """The Data Package descriptor beside a CSV file is valid, and so are the data by it."""
    import frictionless

    own = [example(path.stem) for path in EXAMPLES]
    gs.write_many([*own, gs.replace(own[0], {"title": HOSTILE[0]})], tmp_path / name)
    found = frictionless.validate(str(tmp_path / name.replace(".csv", ".datapackage.json")))
    assert found.valid, found.flatten(["rowNumber", "fieldName", "message"])[:5]


def test_databases_are_asked_in_sql(tmp_path: Path) -> None:
    """Both databases answer plain SQL, with the cell id as the name of the column."""
    import duckdb

    question = (
        'SELECT "body.name", "applications.received.total" FROM reports WHERE year = 2024 AND '
        "edition = '2021' ORDER BY 2 DESC LIMIT 1"
    )
    own = [example(path.stem) for path in EXAMPLES]
    gs.write_many(own, tmp_path / "all.sqlite")
    gs.write_many(own, tmp_path / "all.duckdb")
    with sqlite3.connect(tmp_path / "all.sqlite") as database:
        assert database.execute(question).fetchall() == [("宿迁市人民政府", 3525)]
        assert database.execute("SELECT zh FROM columns WHERE name = 'year'").fetchall() == [
            ("报告年度",)
        ]
    database.close()
    with duckdb.connect(str(tmp_path / "all.duckdb")) as other:
        assert other.execute(question).fetchall() == [("宿迁市人民政府", 3525)]
        (comment,) = other.execute(
            "SELECT comment FROM duckdb_columns() WHERE column_name = 'year'"
        ).fetchone() or ("",)
        assert comment.startswith("报告年度")


def test_tidy_names_every_figure(tmp_path: Path) -> None:
    """
    A tidy table has a line for each figure, with labels and unit; the unit of procurement is the
    one printed.
    """
    gs.write(example("2019-shanghai-zhengfubangongting"), tmp_path / "one.tidy.csv")
    head, *lines = rows_of(tmp_path / "one.tidy.csv")
    rows = [dict(zip(head, line, strict=True)) for line in lines]
    assert len(rows) == 198
    (money,) = [row for row in rows if row["cell"] == "proactive.centralized_procurement.amount"]
    assert (money["unit"], money["value"], money["zh"]) == (
        "元",
        "251000",
        "政府集中采购 · 采购总金额",
    )


# ---- nothing runs -------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("suffix", ["csv", "tidy.csv", "xlsx", "html", "docx", "md"])
def test_text_runs_nothing(text: str, suffix: str, tmp_path: Path) -> None:
    """
    A text that begins like a formula or holds a tag stays text, in a browser and in a spreadsheet.
    """
    report = gs.replace(
        example("2024-suqian-shizhengfu"),
        {"body.name": f"{text}x", "title": text, "overview": text},
    )
    path = tmp_path / f"hostile.{suffix}"
    gs.write(report, path)
    if suffix.endswith("csv"):
        for row in rows_of(path):
            assert not any(cell.startswith(("=", "+", "@", "\t", "\r")) for cell in row)
            assert not any(cell.startswith("-") and not cell[1:].isdigit() for cell in row)
    elif suffix == "xlsx":
        import openpyxl

        sheet = openpyxl.load_workbook(path).worksheets[0]
        typed = {
            cell.data_type
            for row in sheet.iter_rows()
            for cell in row
            if cell.value in (text, f"{text}x")
        }
        assert typed <= {"s"}
    elif suffix in ("html", "md"):
        assert "<script>" not in path.read_text(encoding="utf-8")
    assert figures(gs.read(path, year=2024, body="x").report) == figures(report)


@needs_axe
@pytest.mark.parametrize(
    "stem",
    ["2024-suqian-shizhengfu", "2024-pingtan-haitanpianqu", "2019-shanghai-zhengfubangongting"],
)
def test_page_is_accessible(stem: str, tmp_path: Path) -> None:
    """
    A page passes axe without a violation, marked figures included, and a script in a text does not
    run.
    """
    report = gs.replace(example(stem), {"overview": "<script>document.title='run'</script>正文"})
    path = tmp_path / "page.html"
    gs.write(report, path, assessment=gs.check(report))
    run = (
        "axe.run().then(r => { document.body.innerHTML = '<pre>' + JSON.stringify("
        "[document.title, r.violations.map(v => v.id), r.passes.length]) + '</pre>'; })"
    )
    page = path.read_text(encoding="utf-8").replace(
        "</body>",
        f"<script>{Path(AXE).read_text(encoding='utf-8')}</script><script>{run}</script></body>",
    )
    path.write_text(page, encoding="utf-8")
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}/profile",
        "--virtual-time-budget=20000",
        "--dump-dom",
    ]
    done = subprocess.run(
        [str(CHROMIUM), *options, path.as_uri()], capture_output=True, check=True, timeout=120
    )
    title, violations, passes = json.loads(
        done.stdout.decode().partition("<pre>")[2].partition("</pre>")[0]
    )
    assert (violations, title == "run") == ([], False)
    assert passes > 10


# ---- whole or not at all ------------------------------------------------------------------------


@cache
def generated(count: int) -> list[gs.Report]:
    """Generate so many reports, once."""
    return [gs.generate(seed) for seed in range(count)]


@pytest.mark.parametrize("suffix", MANY)
def test_interrupted_writing_leaves_the_old_file(suffix: str, tmp_path: Path) -> None:
    """Where writing ends early the old file is as it was, and nothing is left beside it."""
    path = tmp_path / f"reports.{suffix}"
    gs.write_many([gs.generate(1)], path)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}

    def broken() -> Any:
        yield from generated(700)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        gs.write_many(broken(), path, if_exists="replace")
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before
    with pytest.raises(gs.UnreadableFile):
        gs.write_many([gs.generate(1)], tmp_path / "nowhere" / f"reports.{suffix}")


@pytest.mark.thorough
@pytest.mark.parametrize("suffix", ["parquet", "tidy.csv"])
def test_thousands_of_reports_stream(suffix: str, tmp_path: Path) -> None:
    """Twice as many reports take no more memory: they are written as they come."""
    one = gs.generate(3)
    peaks = []
    for count in (1000, 2000):
        gs.write_many([one], tmp_path / f"warm.{suffix}")
        tracemalloc.start()
        gs.write_many((one for _ in range(count)), tmp_path / f"many.{suffix}")
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0]


# ---- documents ----------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", DOCUMENTS)
def test_marked_document_says_what_is_wrong(suffix: str, tmp_path: Path) -> None:
    """
    With its assessment a document marks the figures and says why below the table, and still reads
    back the same.
    """
    report = example("2021-pingtan-haitanpianqu")
    path = tmp_path / f"marked.{suffix}"
    gs.write(report, path, assessment=gs.check(report))
    reading = gs.read(path)
    assert figures(reading.report) == figures(report)
    assert [finding.code for finding in reading.findings if finding.code == "R-LEFT"] == []
    if suffix != "docx":
        text = path.read_text(encoding="utf-8")
        assert "若改为 0" in text
        assert ('class="suspect"><mark>1 → 0</mark>' if suffix == "html" else "**1 → 0**") in text


@needs_office
def test_pdf_is_printed(tmp_path: Path) -> None:
    """
    A PDF is printed by LibreOffice and reads back, with the three tables and six sections of the
    form.
    """
    report = example("2024-suqian-shizhengfu")
    gs.write(report, tmp_path / "report.pdf")
    reading = gs.read(tmp_path / "report.pdf")
    assert figures(reading.report) == figures(report)
    assert not [finding for finding in reading.findings if finding.code in ("R-SECTION", "R-ROW")]


@needs_chromium
def test_pdf_is_printed_by_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LibreOffice a browser prints it; without either the error says what to do."""
    monkeypatch.setattr("govinfo_schema.documents.formats.office.find", lambda: None)
    gs.write(example("2024-suqian-shizhengfu"), tmp_path / "report.pdf")
    assert figures(gs.read(tmp_path / "report.pdf").report) == figures(
        example("2024-suqian-shizhengfu")
    )
    monkeypatch.setattr(printing, "_BROWSERS", ())
    with pytest.raises(gs.UnreadableFile, match=r"write a \.docx"):
        gs.write(example("2024-suqian-shizhengfu"), tmp_path / "other.pdf")


# ---- the workbook -------------------------------------------------------------------------------


def checks(path: Path) -> set[int]:
    """Give the numbers of the sums that a workbook, worked out, says do not hold."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    places = {
        name: book.defined_names[name].attr_text.rpartition("!")
        for name in book.defined_names
        if name.startswith("govinfo.check.")
    }
    values = {
        int(name.rpartition(".")[2]): book[sheet.strip("'$")][place.replace("$", "")].value
        for name, (sheet, _, place) in places.items()
    }
    assert len(values) in (40, 42)
    return {number for number, value in values.items() if value}


def violated(report: gs.Report) -> set[int]:
    """Give the numbers of the sums that do not hold."""
    undivided = isinstance(report.applications.outcomes.other_handling, gs.Applicants)
    broken = {(each.left, each.right) for each in gs.check(report).broken}
    return {
        number
        for number, each in enumerate(form(report.edition, undivided=undivided).equations, 1)
        if (each.left, each.right) in broken
    }


def places(path: Path) -> dict[str, str]:
    """Tell where the named cells stand."""
    import openpyxl

    names = openpyxl.load_workbook(path).defined_names
    return {
        name.removeprefix("govinfo."): names[name].attr_text.rpartition("!")[2].replace("$", "")
        for name in names
    }


def place(path: Path, name: str) -> str:
    """Tell where a named cell stands."""
    return places(path)[name]


@needs_office
@pytest.mark.parametrize("name", POOLS)
def test_workbook_checks_itself(name: str, tmp_path: Path) -> None:
    """
    Worked out by LibreOffice, a workbook shows exactly the sums that do not hold, and reads back
    the same.
    """
    own = pool(name)
    for stem, report in own.items():
        gs.write(report, tmp_path / f"{stem}.xlsx")
    for path in office.convert(
        [tmp_path / f"{stem}.xlsx" for stem in own], "xlsx", tmp_path / "out"
    ).values():
        assert checks(path) == violated(own[path.stem]), path.stem
        assert gs.read(path).report == own[path.stem]


@needs_office
def test_workbook_saved_as_another_kind(tmp_path: Path) -> None:
    """
    Saved as .ods the workbook reads back by its names, whole; as .xls, which keeps no names we
    read, by its labels.
    """
    report = example("2024-suqian-shizhengfu")
    gs.write(report, tmp_path / "report.xlsx")
    (ods,) = office.convert([tmp_path / "report.xlsx"], "ods", tmp_path / "out").values()
    assert gs.read(ods).report == report
    (xls,) = office.convert([tmp_path / "report.xlsx"], "xls", tmp_path / "out").values()
    assert figures(gs.read(xls, year=2024, body="某市").report) == figures(report)


@needs_bridge
def test_workbook_after_edits_in_libreoffice(tmp_path: Path) -> None:
    """
    A figure changed and rows put in through LibreOffice: the right checks turn red, and every
    figure reads back where it went.
    """
    report = example("2024-suqian-shizhengfu")
    cell = "applications.received.natural_person"
    gs.write(report, tmp_path / "report.xlsx")
    edits: dict[str, float | None] = {place(tmp_path / "report.xlsx", cell): 3441}
    path = office.edited(tmp_path / "report.xlsx", tmp_path / "edited.xlsx", edits, insert=3)
    expected = gs.replace(report, {cell: 3441})
    assert gs.read(path).report == expected
    assert checks(path) == violated(expected) != set()


@needs_bridge
def test_form_filled_in_libreoffice(tmp_path: Path) -> None:
    """
    An empty form, filled in through LibreOffice, works its totals out itself and reads back as the
    report.
    """
    wanted = gs.replace(gs.generate(3, "2021"), {"proactive.licensing.decisions": 5})
    gs.write_form(tmp_path / "form.xlsx", "2021", year=wanted.year, body=wanted.body.name)
    totals = {each.right[0] for each in form("2021").equations if len(each.right) == 1}
    slots = places(tmp_path / "form.xlsx")
    edits = {
        slots[cell]: value
        for cell, value in figures(wanted).items()
        if value is not None and cell not in totals
    }
    path = office.edited(tmp_path / "form.xlsx", tmp_path / "filled.xlsx", edits)
    assert figures(gs.read(path).report) == figures(wanted)
    assert checks(path) == set()


def test_form_takes_over_last_year(tmp_path: Path) -> None:
    """
    With last year's report 上年结转 is filled in, and body and year are told; what is filled in
    already stays.
    """
    last = example("2024-suqian-shizhengfu")
    gs.write_form(tmp_path / "form.xlsx", "2021", previous=last)
    report = gs.read(tmp_path / "form.xlsx").report
    assert (report.body.name, report.year, report.applications.brought_forward) == (
        last.body.name,
        2025,
        last.applications.carried_forward,
    )
    this = gs.replace(
        gs.blank("2021", year=2025, body="某市"), {"applications.brought_forward.total": 7}
    )
    gs.write_form(tmp_path / "other.xlsx", "2021", report=this, previous=last)
    assert gs.read(tmp_path / "other.xlsx").report.applications.brought_forward.total == 7


def test_form_is_limited_and_locked(tmp_path: Path) -> None:
    """
    Only inputs can be changed, counts take whole numbers from 0, and there is no password; the
    names of cells are hidden.
    """
    import openpyxl

    gs.write_form(tmp_path / "form.xlsx", "2021")
    book = openpyxl.load_workbook(tmp_path / "form.xlsx")
    sheet = book.worksheets[0]
    received, total = (
        sheet[place(tmp_path / "form.xlsx", f"applications.received.{column}")]
        for column in ("natural_person", "total")
    )
    assert (
        received.protection.locked,
        total.protection.locked,
        sheet.protection.sheet,
        sheet.protection.password,
    ) == (
        False,
        True,
        True,
        None,
    )
    assert total.value.startswith("=IF(COUNT(")
    limits = [
        each for each in sheet.data_validations.dataValidation if received.coordinate in each.sqref
    ]
    assert [(each.type, each.formula1) for each in limits] == [("whole", "0")]
    assert all(name.hidden for name in book.defined_names.values())
    assert len(sheet.conditional_formatting) >= 42
    with pytest.raises(gs.UnreadableFile, match="--year"):
        gs.read(tmp_path / "form.xlsx")


def test_what_is_typed_wrongly_is_a_doubt(tmp_path: Path) -> None:
    """
    A text or a negative number where a figure should be is blank with a finding; a date is read as
    people write it.
    """
    import openpyxl

    gs.write(example("2024-suqian-shizhengfu"), tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    sheet = book.worksheets[0]
    for name, value in (
        ("applications.received.total", "三千"),
        ("applications.brought_forward.total", -1),
        ("published_on", "2025年1月20日"),
    ):
        sheet[place(tmp_path / "report.xlsx", name)] = value
    book.save(tmp_path / "typed.xlsx")
    reading = gs.read(tmp_path / "typed.xlsx")
    assert [finding.code for finding in reading.findings] == ["R-TEXT", "R-NEGATIVE"]
    assert reading.report.published_on == date(2025, 1, 20)
    assert reading.sources["applications.received.total"].place.sheet == "年度报告"


@pytest.mark.parametrize(
    "spoil", ["edition", "year", "body.name", "body.level", "applications.received.total"]
)
def test_spoilt_names_of_a_workbook(spoil: str, tmp_path: Path) -> None:
    """
    A workbook with a name taken away or a field spoilt is read as far as it tells, or refused in
    one line.
    """
    import openpyxl

    gs.write(example("2024-suqian-shizhengfu"), tmp_path / "report.xlsx")
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    sheet, _, slot = book.defined_names[f"govinfo.{spoil}"].attr_text.rpartition("!")
    book[sheet.strip("'")][slot.replace("$", "")] = "无此值"
    book.save(tmp_path / "spoilt.xlsx")
    del book.defined_names[f"govinfo.{spoil}"]
    book.save(tmp_path / "less.xlsx")
    for name in ("spoilt.xlsx", "less.xlsx"):
        found = tried(tmp_path / name)
        assert (
            "\n" not in found
            if isinstance(found, str)
            else found.applications.received.natural_person in (3440, None)
        )


def tried(path: Path) -> gs.Report | str:
    """Give the report of a file, or why it is refused."""
    try:
        return gs.read(path).report
    except gs.UnreadableFile as error:
        return str(error)


# ---- pictures -----------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_pictures(suffix: str, tmp_path: Path) -> None:
    """
    One report, the years of one body, several bodies: each is drawn, blanks included, and the same
    every time.
    """
    own = [example(path.stem) for path in EXAMPLES]
    years = [attrs.evolve(own[-1], year=year) for year in (2022, 2024)]
    for number, case in enumerate(([own[-1]], years, own)):
        gs.chart(case, tmp_path / f"{number}.{suffix}")
        first = (tmp_path / f"{number}.{suffix}").read_bytes()
        assert len(first) > 5000
        gs.chart(case, tmp_path / f"{number}.{suffix}")
        assert (tmp_path / f"{number}.{suffix}").read_bytes() == first


@pytest.mark.thorough
def test_picture_without_a_chinese_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without a font for the labels the error names the line that installs one, instead of boxes.
    """
    monkeypatch.setattr("govinfo_schema.charts.FONTS", ())
    with pytest.raises(gs.UnreadableFile, match="apt-get install fonts-noto-cjk"):
        gs.chart(gs.generate(1), tmp_path / "one.svg")
    with pytest.raises(gs.UnreadableFile, match=r"cannot write '\.gif'"):
        gs.chart(gs.generate(1), tmp_path / "one.gif")


# ---- the command line ---------------------------------------------------------------------------


def test_convert_between_formats(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    ``convert`` goes from a folder to a table, from table to table, and refuses what does not fit in
    one line.
    """
    assert main(["convert", str(EXAMPLE_FOLDER), str(tmp_path / "all.csv")]) == 0
    for suffix in ("parquet", "sqlite", "jsonl", "tidy.csv"):
        assert main(["convert", str(tmp_path / "all.csv"), str(tmp_path / f"all.{suffix}")]) == 0
        assert len(gs.read_many(tmp_path / f"all.{suffix}")) == 5
    assert main(["check", str(tmp_path / "all.csv")]) == 1
    assert "all.csv#2: " in capsys.readouterr().out
    assert main(["years", str(tmp_path), "--format", "json"]) == 0, (
        "the descriptor beside a table is no report"
    )
    capsys.readouterr()
    assert (
        main(["convert", str(tmp_path / "all.csv"), str(tmp_path / "all.docx"), "--lang", "en"])
        == 2
    )
    assert "holds one report" in capsys.readouterr().err
    source = str(EXAMPLE_FOLDER / "2021-pingtan-haitanpianqu.json")
    assert main(["convert", "--mark", source, str(tmp_path / "marked.html")]) == 0
    assert "若改为 0" in (tmp_path / "marked.html").read_text(encoding="utf-8")
    assert main(["convert", str(tmp_path / "none.csv"), str(tmp_path / "all.parquet")]) == 2


@pytest.mark.thorough
def test_form_and_chart_on_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    ``form`` writes the workbook, empty or filled; ``chart`` draws; what cannot be done ends with 2
    and one line.
    """
    source = str(EXAMPLE_FOLDER / "2024-suqian-shizhengfu.json")
    target, other = str(tmp_path / "form.xlsx"), str(tmp_path / "other.xlsx")
    assert (
        main(["form", "2021", target, "--year", "2025", "--body", "某市", "--previous", source])
        == 0
    )
    assert gs.read(target).report.applications.brought_forward.total == 125
    assert main(["form", "2021", target, "--from", source, "--force"]) == 0
    assert gs.read(target).report == example("2024-suqian-shizhengfu")
    assert main(["chart", source, str(tmp_path / "one.svg")]) == 0
    capsys.readouterr()
    for arguments in (
        ["form", "2021", str(tmp_path / "form.doc")],
        ["form", "2021", other, "--year", "1"],
        ["form", "2019", other, "--from", source],
        ["form", "2021", other, "--from", str(tmp_path / "none.json")],
        ["form", "2021", other, "--previous", str(tmp_path / "none.json")],
        ["chart", source, str(tmp_path / "one.gif")],
        ["chart", str(tmp_path / "none.json"), str(tmp_path / "one.svg")],
    ):
        assert main(arguments) == 2
        assert 1 <= len(capsys.readouterr().err.splitlines()) <= 2


def test_report_of_another_shape_keeps_it(tmp_path: Path) -> None:
    """A 2021 report with （六） as one row is one in every format of data."""
    report = made("2021", True, {"applications.outcomes.other_handling.total": 3})
    for suffix in DATA:
        assert again(report, tmp_path / f"one.{suffix}") == report


# ---- the workbook to be filled in ---------------------------------------------------------------


def typed_into(source: Path, target: Path, values: Mapping[str, Any]) -> Path:
    """Type values into the named cells of a workbook, as a program does that calculates nothing."""
    import openpyxl

    book = openpyxl.load_workbook(source)
    for name, value in values.items():
        sheet, _, place = book.defined_names[f"govinfo.{name}"].attr_text.rpartition("!")
        book[sheet.strip("'")][place.replace("$", "")] = value
    book.save(target)
    return target


def details(report: gs.Report) -> dict[str, Any]:
    """Give the figures of a report that are no totals."""
    totals = form(report.edition).totals
    return {
        cell: value
        for cell, value in figures(report).items()
        if value is not None and cell not in totals
    }


def test_form_that_no_program_calculated(tmp_path: Path) -> None:
    """
    The totals of a form whose formulas were never calculated are worked out in reading, which says
    so; one with a blank part stays blank.
    """
    wanted = gs.generate(3, "2021")
    gs.write_form(tmp_path / "form.xlsx", "2021", year=wanted.year, body=wanted.body.name)
    given = details(wanted)
    reading = gs.read(typed_into(tmp_path / "form.xlsx", tmp_path / "filled.xlsx", given))
    assert figures(reading.report) == figures(wanted)
    assert [(each.code, len(each.cells)) for each in reading.findings] == [("R-CALCULATED", 34)]
    assert "34 个合计" in reading.findings[0].message("zh")
    del given["applications.received.natural_person"]
    path = typed_into(tmp_path / "form.xlsx", tmp_path / "part.xlsx", given)
    assert gs.get(gs.read(path).report, "applications.received.total") is None
    own = {**given, "applications.received.total": "=1+2"}
    path = typed_into(tmp_path / "form.xlsx", tmp_path / "own.xlsx", own)
    assert gs.get(gs.read(path).report, "applications.received.total") == 3
    own = {**given, "applications.received.total": "=SUM(Z1:Z9)"}
    reading = gs.read(typed_into(tmp_path / "form.xlsx", tmp_path / "other.xlsx", own))
    assert gs.get(reading.report, "applications.received.total") is None
    assert "R-UNSEEN" in [each.code for each in reading.findings]


@pytest.mark.parametrize(
    ("values", "spoilt"),
    [
        ({"other_matters.processing_fee.status": "收取"}, 1),
        ({"other_matters.processing_fee.status": "charged"}, 1),
        ({"other_matters.processing_fee.amount": 5}, 1),
        ({"other_matters.processing_fee.amount": "123456789012345678901.5"}, 1),
        ({"notes": "[1]"}, 1),
        ({"notes": "见附件", "body.level": "村级", "body.kind": "政府"}, 2),
        ({"body.division_code": 12, "body.social_credit_code": "无", "published_on": "待定"}, 3),
    ],
    ids=str,
)
def test_particular_that_does_not_fit(values: dict[str, Any], spoilt: int, tmp_path: Path) -> None:
    """A particular that does not fit is named and blank; it costs no figure and no other one."""
    wanted = gs.generate(3, "2021")
    gs.write(wanted, tmp_path / "report.xlsx")
    path = typed_into(tmp_path / "report.xlsx", tmp_path / "typed.xlsx", values)
    reading = gs.read(path)
    assert [each.code for each in reading.findings] == ["R-FIELD"] * spoilt
    assert figures(reading.report) == figures(wanted)
    if values.get("body.kind"):
        assert reading.report.body.kind == "government"


def test_particulars_are_chosen_from_lists_in_chinese(tmp_path: Path) -> None:
    """
    Each particular with a list of values has a drop-down in Chinese; each of its words reads as the
    value that it stands for, and so do the English ones.
    """
    import openpyxl

    gs.write_form(tmp_path / "form.xlsx", "2021", year=2025, body="某市人民政府")
    sheet = openpyxl.load_workbook(tmp_path / "form.xlsx").worksheets[1]
    lists = {
        str(each.sqref): each.formula1.strip('"').split(",")
        for each in sheet.data_validations.dataValidation
        if each.type == "list"
    }
    wanted = {
        "body.level": ("central", "province", "prefecture", "county", "township"),
        "body.kind": ("government", "department", "dispatched_office", "organization"),
        "scope.applications": ("own", "region", "system"),
        "other_matters.processing_fee.status": ("charged", "none", "not_stated"),
    }
    for name, values in wanted.items():
        words = lists[place(tmp_path / "form.xlsx", name)]
        assert len(words) == len(values)
        for word, value in (*zip(words, values, strict=True), *zip(values, values, strict=True)):
            assert not word.isascii() or word == value
            given = {name: word}
            if value == "charged":
                given["other_matters.processing_fee.amount"] = "20元"
            path = typed_into(tmp_path / "form.xlsx", tmp_path / "typed.xlsx", given)
            record = to_record(gs.read(path).report)
            assert record[name] == value


def test_workbook_prints_on_a4(tmp_path: Path) -> None:
    """
    All that is printed is as wide as the columns of a page, at about its own size: no check beside
    the tables, no sheet of names; the pages are numbered and the tables begin new ones.
    """
    import openpyxl

    for edition in gs.editions:
        gs.write_form(tmp_path / "form.xlsx", edition, year=2025, body="某市", overwrite=True)
        book = openpyxl.load_workbook(tmp_path / "form.xlsx")
        assert [each.sheet_state for each in book] == ["visible", "visible", "hidden"]
        for sheet in map(as_any, book.worksheets[:2]):
            assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "portrait")
            assert sheet.print_area.startswith(f"'{sheet.title}'!$A$1:$O$")
            width = sum(
                each.width * (min(each.max, 15) - each.min + 1)
                for each in sheet.column_dimensions.values()
                if each.min <= 15
            )
            assert 80 < width < 105
            assert "&P" in sheet.oddFooter.center.text
        slots = places(tmp_path / "form.xlsx")
        breaks = [each.id for each in book.worksheets[0].row_breaks.brk]
        rows = [
            int(re.sub("[A-Z]+", "", slots[name]))
            for name in ("applications.received.total", "problems")
        ]
        assert [sum(at < row for at in breaks) for row in rows] == [1, 2]


@needs_office
def test_form_says_what_nobody_can_check_yet(tmp_path: Path) -> None:
    """
    Worked out by LibreOffice an empty form says 未核对 42 条, and a report with a wrong figure how
    many sums do not hold; it is printed on four pages.
    """
    import openpyxl

    gs.write_form(tmp_path / "empty.xlsx", "2021", year=2025, body="某市人民政府")
    report = gs.generate(3, "2021")
    total = "applications.received.total"
    wrong = gs.replace(report, {total: as_any(gs.get(report, total)) + 1})
    gs.write(wrong, tmp_path / "wrong.xlsx")
    gs.write(report, tmp_path / "right.xlsx")
    paths = [tmp_path / f"{name}.xlsx" for name in ("empty", "wrong", "right")]
    said = {
        name: openpyxl.load_workbook(path, data_only=True).worksheets[0]["A5"].value
        for name, path in office.convert(paths, "xlsx", tmp_path / "out").items()
    }
    assert said == {
        "empty": "未核对 42 条；成立 0 条",
        "wrong": "不成立 2 条；成立 40 条",
        "right": "成立 42 条",
    }
    for path in office.convert(paths, "pdf", tmp_path / "out").values():
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", path.read_bytes())) == 4
