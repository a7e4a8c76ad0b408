"""
Reports by file: any format that is known, told by what a file holds and not by its name alone.

A format module turns a file into a ``Document`` or back; the law in between is that of ``recognise`` and ``layout``. Only JSON holds
a report itself.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from govinfo_schema.errors import NoReport, UnreadableFile
from govinfo_schema.findings import spoken
from govinfo_schema.formats import content
from govinfo_schema.model import Report

if TYPE_CHECKING:
    from govinfo_schema.recognise import Reading

NAMES: Final = ("json", "pdf", "docx", "xlsx", "office", "html", "markdown", "text")
"""The formats, in the order in which a file is tried for them; text is what is left."""
WRITABLE: Final = (".json", ".html", ".docx", ".md")
HEAD: Final = 65_536
"""So much of a file tells its format."""


def read(path: str | os.PathLike[str], *, year: int | None = None, body: str | None = None) -> Reading:
    """
    Read the one report in a file: JSON, or a document as it is published.

    *year* and *body* go before what a document says of itself; a JSON report says both.
    Blank: a figure that is blank in the document or in doubt is None; a doubt is a finding that names the cell.
    Raises: UnreadableFile with the reason, where the file cannot be read or holds no report, or several; InvalidReport for JSON with
    faults; MissingLibrary where a format needs a library that is not installed.

    >>> import govinfo_schema as gs
    >>> gs.read("docs/examples/2024-hongze-quzhengfu.json").report
    <Report2021 淮安市洪泽区人民政府 2024: 186 cells, 0 blank>
    """
    from govinfo_schema.recognise import Reading, recognise  # noqa: PLC0415 (only for those who read documents)

    module = format_of(path)
    if module.NAME == "json":
        return Reading(report=module.read(path), sources=MappingProxyType({}), findings=())
    try:
        return recognise(module.read(path), year=year, body=body)
    except NoReport as error:
        raise UnreadableFile(os.fspath(path), error.problem) from error


def write(report: Report, path: str | os.PathLike[str]) -> None:
    """
    Write a report to a file, as its suffix says: ``.json``, ``.html``, ``.docx`` or ``.md``.

    The file is written whole or not at all.
    Raises: UnreadableFile if the suffix is none of these or the path cannot be written.

    >>> import govinfo_schema as gs, tempfile, pathlib
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "form.html"
    ...     gs.write(gs.blank("2021", year=2025, body="某市人民政府"), path)
    ...     gs.read(path).report
    <Report2021 某市人民政府 2025: 200 cells, 200 blank>
    """
    from govinfo_schema.layout import layout  # noqa: PLC0415 (only for those who write documents)

    suffix = Path(path).suffix.lower()
    module = next((each for each in map(_module, NAMES) if suffix in each.SUFFIXES and hasattr(each, "write")), None)
    if module is None:
        raise UnreadableFile(os.fspath(path), spoken("suffix", suffix=suffix, suffixes=" ".join(WRITABLE)))
    module.write(report if module.NAME == "json" else layout(report), path)


def format_of(path: str | os.PathLike[str]) -> Any:
    """
    Tell the format of a file by its beginning; its suffix decides only between plain texts.

    Raises: UnreadableFile if it cannot be opened.
    """
    if os.fspath(path) == "-":
        return _module("json")
    head = content(path, HEAD)
    suffix = Path(path).suffix.lower()
    modules = [_module(name) for name in NAMES]
    found = next((module for module in modules if module.detect(head)), modules[-1])
    if found.NAME in ("markdown", "text"):
        return next((module for module in modules if suffix in module.SUFFIXES and module.NAME in ("json", "markdown", "text")), found)
    return found


def suffixes() -> tuple[str, ...]:
    """Give the suffixes of all files that may be read."""
    return tuple(dict.fromkeys(suffix for name in NAMES for suffix in _module(name).SUFFIXES))


def _module(name: str) -> Any:
    return import_module(f"govinfo_schema.formats.{name}")
