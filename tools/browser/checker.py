"""
What the page of the checker asks of the library: check a file, show what came of it, mend it.

The page runs this in Pyodide, in a worker. A file that is dropped on the page stands in a folder of
its own in the memory of the worker, under its own name, so that it is read as from a disk: with the
jobs of the command line, and with what they say. Each function returns JSON, or the bytes of a
file.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Concatenate, Final, ParamSpec, cast

import attrs

from govinfo_schema import files
from govinfo_schema.cli.results import Job
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.messages import Lang, Problem, phrase
from govinfo_schema.pages.page import page
from govinfo_schema.pages.results import Result
from govinfo_schema.repair.excerpt import excerpt
from govinfo_schema.repair.explanations import Explanations, locate

P = ParamSpec("P")
etree: Final[Any] = import_module("lxml.etree")
"""The stand-in for it, which knows which pages have to be parsed."""
FOLDER: Final = Path("/files")
"""Where files stand, each in a folder of its own with the number that the page gave it."""
WAYS: Final = 5
"""So many ways to mend a report are shown."""


@attrs.frozen
class Checked:
    """A file that was checked, and what came of each report in it."""

    path: Path
    results: Sequence[Result]
    year: int | None
    body: str | None
    explanations: Explanations | None

    @property
    def single(self) -> Result | None:
        """The one result of a file that holds no more."""
        return self.results[0] if len(self.results) == 1 else None


FILES: Final[dict[int, Checked]] = {}


def _complete(
    work: Callable[Concatenate[int, P], Any],
) -> Callable[..., str]:
    """
    Return the result of a function as JSON; ``unparsed`` if the page has to parse texts before the
    function is called once more.
    """

    @wraps(work)
    def complete(number: int, *args: P.args, **kwargs: P.kwargs) -> str:
        etree.UNPARSED.clear()
        try:
            result = work(number, *args, **kwargs)
        except Exception:
            if not etree.UNPARSED:
                raise
            result = None
        if etree.UNPARSED:
            return json.dumps({"unparsed": [*etree.UNPARSED]})
        etree.PARSED.clear()
        return json.dumps({"result": result}, ensure_ascii=False)

    return complete


def parsed(texts: str) -> None:
    """Take what the page has made of all ``unparsed`` texts, in their order."""
    etree.parsed(texts)


@_complete
def check(number: int, year: int | None = None, body: str | None = None) -> None:
    """Check the file that stands in the folder of a number."""
    (path,) = (FOLDER / str(number)).iterdir()
    job = Job(year=year, body=body, whole=True)
    with _inside(path.parent):
        is_table = files.is_table(path.name)
        results = [*job.table(path.name)] if is_table else [job(path.name)]
    report, computed = results[0].report, results[0].computed
    is_broken = len(results) == 1 and results[0].verdict == "broken"
    found = locate(report, computed=computed) if is_broken and report is not None else None
    FILES[number] = Checked(path, [_told_here(each) for each in results], year, body, found)


def show(number: int, lang: Lang, day: str) -> str:
    """Return what is said of a file, as JSON: in a few words, and as a page of its own."""
    own = FILES[number]
    one = own.single
    found = own.explanations
    return json.dumps(
        {
            "verdict": max(
                (each.verdict for each in own.results), key=_ORDER.index, default="unreadable"
            ),
            "said": one.said(lang) if one else _words(lang)["several"].format(len(own.results)),
            "name": one.name(lang) if one else "",
            "asks": [
                part
                for part in ("year", "body")
                if one and one.problem and part.upper() in one.problem.code.split("-")
            ],
            "shared": found.shared_message(lang) if found and found.told_once else "",
            "ways": [*_ways(own, lang)],
            "limited": phrase("locate.limited", lang) if found and not found.exhaustive else "",
            "more": phrase("locate.more", lang, count=len(found) - WAYS)
            if found and len(found) > WAYS
            else "",
            "page": page(own.results, lang, on=date.fromisoformat(day)),
            "page_name": f"{own.path.stem}.html",
        },
        ensure_ascii=False,
    )


def show_all(numbers: Sequence[int], lang: Lang, day: str) -> str:
    """Return the page of several files."""
    results = [each for number in numbers for each in FILES[number].results]
    return page(results, lang, on=date.fromisoformat(day))


def answers(number: int) -> str:
    """Return what ``check`` and ``locate`` of the command line print as JSON."""
    from govinfo_schema.cli.output import plain  # noqa: PLC0415 (no user of the page asks for it)

    own = FILES[number]
    return json.dumps(
        {
            "results": [plain(each) for each in own.results],
            "explanations": [each.to_dict() for each in own.explanations or ()],
        }
    )


@_complete
def mend(number: int, way: int, lang: Lang) -> dict[str, Any]:
    """
    Write a mended copy of a file, and return its path and what must be said of it; where it cannot
    be mended, the sentence that says why.
    """
    own = FILES[number]
    if own.explanations is None:
        return {"problem": ""}
    name = f"{own.path.stem}.fixed{own.path.suffix}"
    try:
        with _inside(own.path.parent):
            target = Path("mended") / name
            target.parent.mkdir(exist_ok=True)
            said = files.mend(
                own.path.name, own.explanations[way], target, year=own.year, body=own.body
            )
    except UnreadableFile as error:
        return {"problem": getattr(error.problem, lang)}
    return {
        "path": str(own.path.parent / target),
        "name": name,
        "said": [each.message(lang) for each in said],
    }


_ORDER: Final = ("held", "unknown", "invalid", "broken", "unreadable")
"""The verdicts; of a file with several reports the last one is that of the file."""


def _ways(own: Checked, lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield what each way to mend a report changes, and the rows around it, as ``locate`` does."""
    if own.explanations is None or own.single is None or own.single.report is None:
        return
    report, found = own.single.report, own.explanations
    common = found.common if len(found) > 1 else ()
    for each in found[:WAYS]:
        changes = [change for change in each.changes if change not in common]
        yield {
            "said": each.message(report.edition, lang, found.told_once),
            "rows": [*excerpt(report, changes, lang)],
        }


def _told_here(result: Result) -> Result:
    """Say what to do about a file that only a Python on the computer itself can read."""
    known = _words("zh")["problems"]
    if result.problem is None or result.problem.code not in known:
        return result
    code = result.problem.code
    told = Problem(known[code], _words("en")["problems"][code], code)
    return attrs.evolve(result, problem=told)


def _words(lang: Lang) -> dict[str, Any]:
    """Give the words of the page that the library does not say."""
    return cast(
        "dict[str, Any]",
        tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))[lang],
    )


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in a folder, so that a file is called what its user calls it."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
