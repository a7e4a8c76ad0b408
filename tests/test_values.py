"""Errors are values that keep what they hold, and classes show in ``help`` what they are."""

from __future__ import annotations

import copy
import inspect
import pickle
import pydoc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from reports import empty, example

import govinfo_schema as gs
from govinfo_schema.errors import NoReport
from govinfo_schema.messages import Label

COPIES: tuple[Callable[[Any], Any], ...] = (
    copy.copy,
    copy.deepcopy,
    *(
        lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol))  # noqa: S301
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
    ),
)


def raised(call: Callable[[], Any]) -> gs.Error:
    """Give the error of a call."""
    with pytest.raises(gs.Error) as error:
        call()
    return error.value


def errors(folder: Path) -> list[Exception]:
    """Give errors as the library raises them."""
    page = folder / "page.md"
    gs.write(gs.generate(1), page)
    page.write_text(page.read_text(encoding="utf-8").replace("2024", ""), encoding="utf-8")
    (open_year,) = [raised(lambda: gs.read(page))]
    assert isinstance(open_year, gs.UnreadableFile)
    assert open_year.candidates["body"]
    return [
        gs.Error("…"),
        open_year,
        raised(lambda: gs.read(folder / "none.docx")),
        raised(lambda: gs.loads("{}")),
        raised(lambda: gs.check(example("2024-pingtan-haitanpianqu")).raise_for_errors()),
        raised(lambda: gs.replace(empty(), {"year": 1})),
        raised(lambda: gs.get(empty(), "nowhere")),
        raised(lambda: gs.edition("1999")),
        raised(lambda: gs.check_years([])),
        gs.MissingLibrary("lxml", "html"),
        NoReport(Label("没有", "none"), open_year.candidates),
    ]


def test_every_error_pickles_and_copies(tmp_path: Path) -> None:
    """
    An error keeps its attributes, findings and candidates included, its code and its message when
    it is copied or comes out of another process.
    """
    for error in errors(tmp_path):
        for copied in COPIES:
            twin = copied(error)
            assert type(twin) is type(error)
            assert vars(twin) == vars(error)
            assert (str(twin), twin.args) == (str(error), error.args)
            assert getattr(twin, "code", None) == getattr(error, "code", None)


def test_help_shows_types_and_labels() -> None:
    """``help`` of a class of the report shows the type, the default and the label of each field."""
    for cls in (gs.Report2019, gs.Report2021, gs.Applicants, gs.Body):
        page = pydoc.render_doc(cls, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
        for field in attrs.fields(cls):
            label = inspect.getdoc(getattr(cls, field.name))
            assert label, field.name
            assert f"|  {field.name}\n |      {label}" in page
        assert "Any" not in page.partition(") -> None")[0]
    page = pydoc.render_doc(gs.Report2021, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    assert "published_on: datetime.date | None = None" in page
    assert " |  year\n |      报告年度。依据：《政府信息公开条例》第四十九条" in page
    page = pydoc.render_doc(gs.Applicants, renderer=pydoc.plaintext)  # type: ignore[attr-defined]
    assert "自然人，单位：件" in page
