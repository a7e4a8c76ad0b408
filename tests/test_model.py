"""The typed model: it agrees with the data of its edition, and its objects are values."""

from __future__ import annotations

import ast
import copy
import inspect
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar, cast, get_args, get_origin

import attrs
import pytest
from reports import SHAPES, empty

import govinfo_schema as gs
from govinfo_schema.form.parts import EditionName
from govinfo_schema.report import model as classes
from govinfo_schema.report.model import (
    Applicants,
    Body,
    DisputeResults,
    NotProcessed,
    OtherHandling,
    Outcomes,
    ProcessingFee,
    UnableToProvide,
    Withheld,
)

ROOT = Path(gs.__file__).parents[1]
CLASSES = [cls for cls in vars(classes).values() if isinstance(cls, type) and attrs.has(cls)]


def documented(hint: Any, path: str, other: type) -> Iterator[tuple[str, str]]:
    """
    Go through the fields below a class: their path, and the docstring written under each in
    ``model.py``.
    """
    cls = other if isinstance(hint, TypeVar) else get_origin(hint) or hint
    if Applicants in get_args(hint):
        other = Applicants
    tree = ast.parse(inspect.getsource(cls)).body[0]
    assert isinstance(tree, ast.ClassDef)
    for field, text in zip(tree.body, tree.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name):
            assert isinstance(text, ast.Expr), f"{cls.__name__}.{field.target.id} has no docstring"
            assert isinstance(text.value, ast.Constant)
            below = f"{path}.{field.target.id}".lstrip(".")
            yield below, str(text.value.value)
            inner = next(each.type for each in attrs.fields(cls) if each.name == field.target.id)
            inner = get_args(inner)[0] if get_origin(inner) is tuple else inner
            if isinstance(inner, TypeVar) or attrs.has(get_origin(inner) or inner):
                yield from documented(inner, below, other)


@pytest.mark.parametrize(("name", "undivided"), SHAPES)
def test_cells_are_those_of_the_edition_in_printed_order(
    name: EditionName, undivided: bool
) -> None:
    """The model has the figures of the form, no others, in the order in which they are printed."""
    form = gs.edition(name)
    cells = form.undivided if undivided else form.cells
    assert [cell for cell, _ in gs.walk(empty(name, undivided=undivided))] == list(cells)


def sources_elsewhere(name: EditionName, path: str) -> set[str]:
    """Name the sources of the same part or column of the other editions, which share classes."""
    column = path.rpartition(".")[2]
    others = [gs.edition(other) for other in gs.editions if other != name]
    parts: list[Any] = [form.rows.get(path) or form.fields.get(path) for form in others]
    parts += [cell for form in others for cell in form.cells.values() if cell.column.id == column]
    return {source.zh for part in parts if part for source in part.sources}


@pytest.mark.parametrize(("name", "undivided"), SHAPES)
def test_docstrings_carry_the_labels(name: EditionName, undivided: bool) -> None:
    """
    Every field of the model has the label of the form, its unit and its source as its docstring: an
    editor shows it.
    """
    form = gs.edition(name)
    report = type(empty(name, undivided=undivided))
    for path, docstring in documented(report, "", Applicants if undivided else OtherHandling):
        cell = form.cells.get(path) or form.undivided.get(path)
        part: Any = cell.column if cell else form.rows.get(path) or form.fields[path]
        head, _, cited = docstring.partition("。依据：")
        label, _, unit = head.partition("，单位：")
        assert (label, unit) == (part.zh, getattr(part, "unit", "")), path
        own = {source.zh for source in (cell or part).sources}
        named = set(filter(None, cited.split("；")))
        assert named & own or not own, path
        assert named <= {*own, *sources_elsewhere(name, path)}, path


@pytest.mark.parametrize("name", ["2019", "2021"])
def test_kinds_are_those_of_the_edition(name: EditionName) -> None:
    """
    A figure is a count, a signed count or an amount in the model exactly where the edition says so.
    """
    report = empty(name)
    for cell in gs.edition(name).cells.values():
        row: Any = report
        for step in cell.row.id.split("."):
            row = getattr(row, step)
        assert (
            next(
                field for field in attrs.fields(type(row)) if field.name == cell.column.id
            ).metadata["kind"]
            == cell.kind
        ), cell.id


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_classes_are_frozen_slotted_and_keyword_only(cls: Any) -> None:
    """Every class of the model is frozen, slotted and keyword-only, without defaults."""
    assert "__slots__" in vars(cls)
    assert all(field.kw_only and field.default is attrs.NOTHING for field in attrs.fields(cls))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(object.__new__(cls), attrs.fields(cls)[0].name, 1)


def test_report_is_a_value() -> None:
    """Reports compare, hash, pickle and copy; their repr is one line."""
    report = gs.replace(
        empty(),
        {
            "disputes.reconsideration.upheld": 3,
            "proactive.administrative_fees.amount": Decimal("1.5"),
            "title": "甲\n乙",
        },
    )
    assert report == gs.replace(report, {})
    assert report != empty()
    assert len({report, gs.replace(report, {}), empty()}) == 2
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(report, protocol)) == report  # noqa: S301
    assert copy.copy(report) == copy.deepcopy(report) == report
    assert repr(report) == "<Report2021 某市人民政府 2024: 200 cells, 198 blank>"
    assert "\n" not in repr(gs.replace(report, {"body.name": "某市\n人民政府"}))


@pytest.mark.parametrize(("name", "undivided"), SHAPES)
def test_blank_is_blank(name: EditionName, undivided: bool) -> None:
    """The empty form has every figure None, and both tables of shapes of （六）."""
    report = empty(name, undivided=undivided)
    assert {value for _, value in gs.walk(report)} == {None}
    assert isinstance(report.applications.outcomes.other_handling, Applicants) == undivided
    assert (report.edition, report.year, report.body.name, report.notes) == (
        name,
        2024,
        "某市人民政府",
        (),
    )
    assert report.other_matters.processing_fee.status == "not_stated"


def test_blank_takes_a_body() -> None:
    """The empty form can be made for a body of which more than the name is known."""
    body = Body(
        name="某县人民政府",
        level="county",
        kind="government",
        division_code="320813",
        social_credit_code=None,
    )
    assert gs.blank("2021", year=2024, body=body).body is body


def test_blank_refuses() -> None:
    """An edition that does not exist and a year that is none are refused."""
    with pytest.raises(gs.UnknownEdition, match="2019 and 2021"):
        gs.blank("2008", year=2024, body="某市")  # type: ignore[arg-type]
    with pytest.raises(
        gs.InvalidValue, match=r"year: a year is a whole number from 2008 to 9999, not 24"
    ):
        gs.blank("2021", year=24, body="某市")


# ---- figures ------------------------------------------------------------------------------------

COUNT = "disputes.reconsideration.upheld"
SIGNED = "proactive.licensing.items_change"
AMOUNT = "proactive.administrative_fees.amount"


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        *(("2021", COUNT, value) for value in (0, 1, 2**53 - 1, None)),
        *(("2019", SIGNED, value) for value in (-(2**53) + 1, -8, 0, 1036, 2**53 - 1, None)),
    ],
)
def test_figures_that_fit(name: EditionName, cell: str, value: object) -> None:
    """A count is a whole number from 0 to 2^53−1 or blank; a signed count may be below 0."""
    assert gs.get(gs.replace(empty(name), {cell: value}), cell) == value


@pytest.mark.parametrize(
    ("name", "cell", "value"),
    [
        *(("2021", COUNT, value) for value in (-1, 2**53, 1.0, "5", True, Decimal(5))),
        *(("2019", SIGNED, value) for value in (-(2**53), 2**53, "+5", False)),
        *(
            ("2021", AMOUNT, value)
            for value in (-1, Decimal("-0.01"), 10**12 + 1, 1.5, "1.5", True)
        ),
        *(
            ("2021", AMOUNT, Decimal(value))
            for value in (
                "NaN",
                "sNaN",
                "Infinity",
                "1E-999999999",
                "1E+999999999",
                "1.23456789012345678",
            )
        ),
        ("2021", "year", None),
    ],
)
def test_figures_that_do_not_fit(name: EditionName, cell: str, value: object) -> None:
    """
    What does not fit a cell is refused with the whole id of the cell; nothing is turned into
    something else.
    """
    with pytest.raises(gs.InvalidValue, match=rf"^{cell}: "):
        gs.replace(empty(name), {cell: value})


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (5, "5"),
        (10**12, "1000000000000"),
        (Decimal("1E+3"), "1000"),
        (Decimal("12.50"), "12.5"),
        (Decimal("-0.00"), "0"),
        (Decimal("0E-9"), "0"),
    ],
)
def test_amount_is_kept_in_one_form(value: object, kept: str) -> None:
    """An amount is kept without exponent, trailing zero or minus zero."""
    assert str(gs.get(gs.replace(empty(), {AMOUNT: value}), AMOUNT)) == kept


@pytest.mark.parametrize(
    ("status", "amount", "fits"),
    [
        *(
            ("charged", amount, fits)
            for amount, fits in ((Decimal(1), True), (Decimal(0), False), (None, False))
        ),
        *(
            ("none", amount, fits)
            for amount, fits in ((Decimal(1), False), (Decimal(0), True), (None, True))
        ),
        *(
            ("not_stated", amount, fits)
            for amount, fits in ((Decimal(1), False), (Decimal(0), False), (None, True))
        ),
    ],
)
def test_processing_fee_fits_its_status(status: Any, amount: Decimal | None, fits: bool) -> None:
    """
    A fee that was charged is above 0, one that was not is 0 or blank, and of one not stated nothing
    is known.
    """
    if fits:
        assert ProcessingFee(status=status, requests=None, amount=amount).amount == amount
    else:
        with pytest.raises(gs.InvalidValue, match="a processing fee"):
            ProcessingFee(status=status, requests=None, amount=amount)


# ---- cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "",
        ".",
        "disputes",
        "disputes.reconsideration",
        "notes",
        "body",
        "disputes.reconsideration.upheld.real",
        "__class__",
        "year.real",
    ],
)
def test_what_is_no_cell(cell: str) -> None:
    """A path that leads to no single value is no cell, neither to get nor to replace."""
    with pytest.raises(gs.UnknownCell):
        gs.get(empty(), cell)
    with pytest.raises(gs.UnknownCell):
        gs.replace(empty(), {cell: 1})


def test_unknown_cell_names_the_nearest() -> None:
    """A cell id that is misspelt is answered with the one most likely meant."""
    with pytest.raises(gs.UnknownCell, match=r"do you mean 'disputes.reconsideration.upheld'"):
        gs.get(empty(), "disputes.reconsideration.uphold")


def test_replace_changes_nothing_else() -> None:
    """
    ``replace`` gives a new report with these cells changed; the old one and all other cells stay.
    """
    before = empty()
    values = {
        COUNT: 1,
        "applications.outcomes.withheld.state_secret.natural_person": 2,
        "year": 2023,
    }
    after = gs.replace(before, values)
    changed = {
        cell: value
        for (cell, value), (_, old) in zip(gs.walk(after), gs.walk(before), strict=True)
        if value != old
    }
    assert changed | {"year": after.year} == values
    assert before == empty()


# ---- constructors -------------------------------------------------------------------------------


def test_what_is_no_figure_may_be_left_out() -> None:
    """
    A constructor needs what is never blank and every figure; a text, a date, a scope and the like
    that is left out is blank.
    """
    assert Body(name="某市人民政府") == Body.named("某市人民政府") == empty().body
    assert gs.Scope() == gs.Scope(proactive=None, applications=None, disputes=None)
    tables = ("proactive", "applications", "disputes", "other_matters")
    for name in gs.editions:
        report = empty(name)
        given = {table: getattr(report, table) for table in tables}
        assert type(report)(year=2024, body=Body(name="某市人民政府"), **given) == report


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_figure_has_no_default(cls: Any) -> None:
    """
    No constructor takes a figure for blank that its caller forgot, and no field has a default that
    a reader of JSON would take for a missing key.
    """
    parameters = inspect.signature(cls).parameters
    for field in attrs.fields(cls):
        assert field.default is attrs.NOTHING, field.name
        given = parameters[field.name].default is not inspect.Parameter.empty
        assert not (given and "kind" in field.metadata), field.name


@pytest.mark.parametrize(
    "path", ["edition", "title", "scope", "notes", "body.level", "scope.proactive"]
)
@pytest.mark.parametrize("other", [{}, {"other": None}], ids=["missing", "another key"])
def test_key_stays_required(path: str, other: dict[str, Any]) -> None:
    """What a constructor lets its caller leave out stays required in JSON and in plain data."""
    data = gs.to_dict(empty())
    *above, name = path.split(".")
    part = data[above[0]] if above else data
    del part[name]
    part |= other
    codes = {"S-MISSING", "S-UNKNOWN"} if other else {"S-MISSING"}
    for read, given in ((gs.from_dict, data), (gs.loads, json.dumps(data))):
        with pytest.raises(gs.InvalidReport) as error:
            cast("Any", read)(given)
        assert {finding.code for finding in error.value.findings} == codes


# ---- builders -----------------------------------------------------------------------------------


def test_row_total_is_worked_out() -> None:
    """
    A row made from its six parts has their sum as total; with a blank part the total is blank.
    """
    assert Applicants.from_parts(1, 2, 3, 4, 5, 6).total == 21
    assert Applicants.from_parts(1, 2, 3, 4, 5, None).total is None
    assert DisputeResults.from_parts(1, 2, 3, 4).total == 10
    assert DisputeResults.from_parts(None, 2, 3, 4).total is None


@pytest.mark.parametrize(("undivided", "count"), [(False, 21), (True, 19)])
def test_outcomes_total_is_worked_out(undivided: bool, count: int) -> None:
    """
    Outcomes made from their rows have the sum of each column as （七）总计, and satisfy the rule
    for it.
    """
    row = Applicants.from_parts(1, 0, 2, 0, 0, None)
    outcomes = Outcomes.from_parts(
        granted=row,
        partially_granted=row,
        withheld=Withheld(**{field.name: row for field in attrs.fields(Withheld)}),
        unable_to_provide=UnableToProvide(
            **{field.name: row for field in attrs.fields(UnableToProvide)}
        ),
        not_processed=NotProcessed(**{field.name: row for field in attrs.fields(NotProcessed)}),
        other_handling=row
        if undivided
        else OtherHandling(not_supplemented_in_time=row, fee_not_paid_in_time=row, other=row),
    )
    assert outcomes.total.natural_person == count
    assert outcomes.total.research_institution == 2 * outcomes.total.natural_person
    assert outcomes.total.other_organization is None
    assert outcomes.total.total is None


@pytest.mark.thorough
def test_fields_are_typed(tmp_path: Path) -> None:
    """
    A type checker follows the path of a cell from ``loads``, as a union and with an edition named,
    and knows its type.
    """
    file = tmp_path / "typed.py"
    file.write_text(
        "import govinfo_schema as gs\n"
        "either = gs.loads(b'')\n"
        "reveal_type(either.applications.outcomes.withheld.state_secret.natural_person)\n"
        "one = gs.loads(b'', edition='2021')\n"
        "reveal_type(one.applications.outcomes.withheld.state_secret.natural_person)\n"
        "reveal_type(one.proactive.administrative_fees.amount)\n"
        "reveal_type(gs.from_dict({}, edition='2019').proactive.licensing.items_change)\n"
        "reveal_type(gs.replace(one, {}).disputes.reconsideration.upheld)\n"
        "if isinstance(one.applications.outcomes.other_handling, gs.Applicants):\n"
        "    reveal_type(one.applications.outcomes.other_handling.total)\n"
        "one.applications.outcomes.withheld.state_secret.nobody\n",
        encoding="utf-8",
    )
    mypy = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--no-error-summary",
        "--hide-error-context",
        "--cache-dir",
        str(tmp_path),
        str(file),
    ]
    printed = subprocess.run(
        mypy, capture_output=True, text=True, check=False, cwd=Path(gs.__file__).parents[1]
    ).stdout.splitlines()
    assert [line.split(": ", 2)[2].replace("builtins.", "") for line in printed] == [
        'Revealed type is "int | None"',
        'Revealed type is "int | None"',
        'Revealed type is "decimal.Decimal | None"',
        'Revealed type is "int | None"',
        'Revealed type is "int | None"',
        'Revealed type is "int | None"',
        '"Applicants" has no attribute "nobody"  [attr-defined]',
    ]


@pytest.mark.thorough
@pytest.mark.parametrize(
    "checker",
    [("mypy", "--strict", "--no-error-summary"), ("pyright", "--pythonpath", sys.executable)],
    ids=lambda checker: checker[0],
)
def test_type_checkers_agree_with_the_docs(checker: tuple[str, ...], tmp_path: Path) -> None:
    """
    ``walk``, ``get``, the constructors and the public types are to mypy and pyright what they are
    to the reader of the docs; a program that takes them for something else is refused.
    """
    program = Path(__file__).with_name("typed.py")
    spoilt = tmp_path / "spoilt.py"
    text = program.read_text(encoding="utf-8").replace("gs.Figure", "int").replace("type: ", "")
    spoilt.write_text(text, encoding="utf-8")

    def faults(path: Path) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-m", *checker, str(path)],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        return set(re.findall(rf"{path.name}:([0-9]+):.* error: ", done.stdout))

    assert faults(program) == set()
    assert len(faults(spoilt)) == 4


def test_program_of_the_type_checkers_runs() -> None:
    """What the type checkers are shown runs as it stands."""
    subprocess.run(
        [sys.executable, Path(__file__).with_name("typed.py")],
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
