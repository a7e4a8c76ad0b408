"""
The annual report on open government information (政府信息公开工作年度报告) as software.

Typed classes and a JSON Schema for the official form, its reconciliation rules (勾稽关系) as data,
and a checker. Everything public is named here; what a module holds besides is its own.
"""

from govinfo_schema.cli import interruption as _interruption  # noqa: F401 (before all that takes long)

# isort: split
from typing import TYPE_CHECKING, Any

from govinfo_schema.checks.assessment import Assessment
from govinfo_schema.checks.one_report import Blanks, check
from govinfo_schema.data.once import LOCK
from govinfo_schema.errors import (
    Error,
    Incompatible,
    InvalidReport,
    InvalidValue,
    MissingLibrary,
    UnknownCell,
    UnknownEdition,
    UnreadableFile,
)
from govinfo_schema.findings import Equation, Finding, Quote, RuleSet
from govinfo_schema.form.load import edition
from govinfo_schema.form.parts import EDITIONS as editions  # noqa: N811 (its public name)
from govinfo_schema.form.parts import Cell, Edition, EditionName
from govinfo_schema.messages import Lang
from govinfo_schema.report import model as _model
from govinfo_schema.report import notebook as _notebook
from govinfo_schema.report.access import get, replace, walk
from govinfo_schema.report.conformance import conforms
from govinfo_schema.report.empty import blank
from govinfo_schema.report.json import dumps, from_dict, loads, to_dict
from govinfo_schema.report.model import *  # noqa: F403 (a new edition has classes of its own)
from govinfo_schema.report.schema import json_schema
from govinfo_schema.report.values import Figure, Value

if TYPE_CHECKING:
    from govinfo_schema.bulk.documents import BatchReadings, read_batch
    from govinfo_schema.bulk.equations import FrameCheck, check_batch, check_frame
    from govinfo_schema.bulk.frames import findings_frame, from_frame, to_frame
    from govinfo_schema.bulk.lines import LineCheck, check_lines
    from govinfo_schema.bulk.queries import sql
    from govinfo_schema.charts import chart
    from govinfo_schema.checks.completion import Completion, complete
    from govinfo_schema.checks.heuristics import plausible
    from govinfo_schema.checks.parts import add_up, check_parts
    from govinfo_schema.checks.years import check_years
    from govinfo_schema.documents.recognise.reading import Reading, Source
    from govinfo_schema.files.mending import mend
    from govinfo_schema.files.reading import read, read_many
    from govinfo_schema.files.readings import Readings
    from govinfo_schema.files.writing import write, write_many
    from govinfo_schema.repair.changes import Change
    from govinfo_schema.repair.explanations import Explanation, Explanations, locate
    from govinfo_schema.repair.problems import Problem, Problems, problems
    from govinfo_schema.report.comparison import Comparison, Difference, TextDifference, compare
    from govinfo_schema.report.conversion import Conversion, Step, to_edition
    from govinfo_schema.report.converters import register
    from govinfo_schema.testing import Damaged, damage, generate
    from govinfo_schema.workbook.writing import write_form

__version__ = "2.0.0"

__all__ = [
    "Assessment",
    "BatchReadings",
    "Blanks",
    "Cell",
    "Change",
    "Comparison",
    "Completion",
    "Conversion",
    "Damaged",
    "Difference",
    "Edition",
    "EditionName",
    "Equation",
    "Error",
    "Explanation",
    "Explanations",
    "Figure",
    "Finding",
    "FrameCheck",
    "Incompatible",
    "InvalidReport",
    "InvalidValue",
    "Lang",
    "LineCheck",
    "MissingLibrary",
    "Problem",
    "Problems",
    "Quote",
    "Reading",
    "Readings",
    "RuleSet",
    "Source",
    "Step",
    "TextDifference",
    "UnknownCell",
    "UnknownEdition",
    "UnreadableFile",
    "Value",
    "add_up",
    "blank",
    "chart",
    "check",
    "check_batch",
    "check_frame",
    "check_lines",
    "check_parts",
    "check_years",
    "compare",
    "complete",
    "conforms",
    "damage",
    "dumps",
    "edition",
    "editions",
    "findings_frame",
    "from_dict",
    "from_frame",
    "generate",
    "get",
    "json_schema",
    "loads",
    "locate",
    "mend",
    "plausible",
    "problems",
    "read",
    "read_batch",
    "read_many",
    "register",
    "replace",
    "sql",
    "to_dict",
    "to_edition",
    "to_frame",
    "walk",
    "write",
    "write_form",
    "write_many",
]
__all__ += _model.__all__


_ON_FIRST_USE = {
    "Reading": "documents.recognise.reading",
    "Source": "documents.recognise.reading",
    **dict.fromkeys(("Readings", "mend", "read", "read_many", "write", "write_many"), "files"),
    "Change": "repair.changes",
    **dict.fromkeys(("Explanation", "Explanations", "locate"), "repair.explanations"),
    **dict.fromkeys(("Problem", "Problems", "problems"), "repair.problems"),
    **dict.fromkeys(("add_up", "check_parts"), "checks.parts"),
    "check_years": "checks.years",
    **dict.fromkeys(("Comparison", "Difference", "TextDifference", "compare"), "report.comparison"),
    **dict.fromkeys(("Conversion", "Step", "to_edition"), "report.conversion"),
    "register": "report.converters",
    "plausible": "checks.heuristics",
    "write_form": "workbook.writing",
    "chart": "charts",
    **dict.fromkeys(("BatchReadings", "read_batch"), "bulk.documents"),
    **dict.fromkeys(("FrameCheck", "check_batch", "check_frame"), "bulk.equations"),
    **dict.fromkeys(("LineCheck", "check_lines"), "bulk.lines"),
    **dict.fromkeys(("findings_frame", "from_frame", "to_frame"), "bulk.frames"),
    "sql": "bulk.queries",
    **dict.fromkeys(("Completion", "complete"), "checks.completion"),
    **dict.fromkeys(("Damaged", "damage", "generate"), "testing"),
}
"""What not every user needs, and the module that holds it."""


def _page(value: Any) -> str | None:
    """Return what a notebook shows of a value; the room that lays it out loads on first use."""
    with LOCK:
        from govinfo_schema.documents.notebook import page  # noqa: PLC0415

    return page(value)


_notebook.register(_page)


def __getattr__(name: str) -> Any:
    """Import on first use what not every user needs."""
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    with LOCK:
        value = getattr(import_module(f"govinfo_schema.{_ON_FIRST_USE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Name what is public, also what is imported on first use."""
    return sorted([*__all__, *(name for name in globals() if name.startswith("__"))])
