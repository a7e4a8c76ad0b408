"""What is public is a value: it pickles and copies with all that it holds, and shows what it is."""

from __future__ import annotations

import copy
import inspect
import pickle
import pydoc
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest
from reports import EXAMPLE_FOLDER, empty, example, filled

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


def roots() -> list[Any]:
    """Give what the calls of the library return; all other public classes are parts of these."""
    wrong = example("2024-pingtan-haitanpianqu")
    quoting = filled({"overview": "全年收到政府信息公开申请三十四件。"})
    noted = attrs.evolve(wrong, notes=(gs.Note(kind="text", text="…"),))
    document = gs.read(Path(__file__).parent / "documents" / "borderless.txt")
    return [
        wrong,
        noted,
        gs.generate(1),
        gs.generate(1, "2019"),
        gs.generate(1, "2021", undivided=True),
        gs.check(wrong),
        gs.check(empty()),
        gs.plausible(quoting),
        gs.locate(wrong),
        gs.complete(wrong),
        gs.compare(wrong, noted),
        gs.compare(wrong, gs.replace(wrong, {"disputes.reconsideration.upheld": 99})),
        gs.to_edition(wrong, "2019"),
        gs.damage(gs.generate(1), "pair", 1),
        gs.edition("2021"),
        document,
        gs.read_many(EXAMPLE_FOLDER / "2021-pingtan-haitanpianqu.json"),
    ]


def parts(value: Any, seen: dict[int, Any]) -> Iterator[Any]:
    """Go through a value and all values in it, each once."""
    if id(value) in seen:
        return
    seen[id(value)] = value
    if attrs.has(type(value)):
        yield value
        inner = [getattr(value, field.name) for field in attrs.fields(type(value))]
        inner += [value.cells] if isinstance(value, gs.Edition) else []
    else:
        inner = list(value.values()) if isinstance(value, Mapping) else value
    for each in inner if isinstance(inner, list | tuple) else ():
        yield from parts(each, seen)


def raised(call: Callable[[], Any]) -> gs.Error:
    """Give the error of a call."""
    with pytest.raises(gs.Error) as error:
        call()
    return error.value


def errors(folder: Path) -> list[Exception]:
    """Give an error of each public class, as the library raises it."""
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


def public(of: type) -> set[str]:
    """Name the public classes of a kind."""
    classes = {name: getattr(gs, name) for name in gs.__all__}
    return {name for name, cls in classes.items() if inspect.isclass(cls) and issubclass(cls, of)}


def test_everything_public_pickles_and_copies() -> None:
    """
    An instance of every public class is equal to its copies and to what is unpickled, in any
    protocol, and so is each of its fields, those that do not count for equality too.
    """
    seen: dict[int, Any] = {}
    kinds: dict[type, list[Any]] = {}
    for value in (part for root in roots() for part in parts(root, seen)):
        kinds.setdefault(type(value), []).append(value)
    assert {cls.__name__ for cls in kinds} >= public(object) - public(Exception)
    for value in (value for values in kinds.values() for value in values[:5]):
        for copied in COPIES:
            twin = copied(value)
            assert type(twin) is type(value)
            assert twin == value
            assert repr(twin) == repr(value)
            for field in attrs.fields(type(value)):
                assert getattr(twin, field.name) == getattr(value, field.name), field.name


def test_every_error_pickles_and_copies(tmp_path: Path) -> None:
    """
    An error keeps its attributes, findings and candidates included, its code and its message when
    it is copied or comes out of another process.
    """
    given = errors(tmp_path)
    assert {type(error).__name__ for error in given} >= public(Exception)
    for error in given:
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
