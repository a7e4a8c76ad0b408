"""Tables and JSON lines that ``check`` counts as a whole: which those are, and what is printed."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from govinfo_schema import files
from govinfo_schema.bulk.resuming import unfinished
from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import Said, show
from govinfo_schema.cli.process import Stopped
from govinfo_schema.cli.results import bar, expanded_from
from govinfo_schema.cli.targets import claim
from govinfo_schema.data import read_data
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.errors import MissingLibrary, UnreadableFile
from govinfo_schema.form.forms import forms
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.pages.results import Verdict
from govinfo_schema.tables import jsonl

if TYPE_CHECKING:
    from govinfo_schema.bulk.checking import Checking, Counts

LARGE: Final = 8_000_000
"""A table of more bytes is counted as a whole: nobody reads thousands of reports line by line."""
LEVELS: Final = ("central", "province", "prefecture", "county", "township", None)
"""The levels of bodies from the top, and that of a body that states none."""
VERDICTS: Final = ("held", "unknown", "broken", "invalid")
"""The verdicts of reports and rows."""


def taken(options: Namespace, passed: Counter[str]) -> tuple[list[str], list[str]]:
    """
    Divide the paths of a call of ``check``: those that are counted as a whole, and the others.

    *passed* counts the files of folders that are passed over, by their suffixes.
    Raises: UnreadableFile where the options or a path do not go with ``--out``.
    """
    given = any(value is not None for value in (options.previous, options.year, options.body))
    if options.out is None:
        if options.resume:
            raise unreadable("--resume", "resume_needs_out")
        is_text = options.format == "text" and not (given or options.all)
        whole = [path for path in options.paths if _is_whole(path, large=is_text)]
        return whole, [path for path in options.paths if path not in whole]
    if given or options.format not in ("text", "json"):
        raise unreadable(options.out, "out_format")
    paths = [each for path in options.paths for each in expanded_from(path, passed) or [path]]
    for path in paths:
        if path != "-" and not jsonl.is_packed(path) and _is_document(path):
            raise unreadable(path, "no_table_file")
    return paths, []


def _is_document(path: str) -> bool:
    """Whether a path is a file that holds one report; one that cannot be read is said to be so."""
    try:
        return files.format_of(path).read_many is None
    except UnreadableFile:
        return False


def _is_whole(path: str, *, large: bool) -> bool:
    """Whether a path is counted as a whole without being asked to; *large*: if it is large."""
    if jsonl.is_packed(path):
        return Path(path).is_file()
    try:
        return large and Path(path).stat().st_size > LARGE and files.is_table(path)
    except (OSError, ValueError):
        return False


def count(options: Namespace, paths: Sequence[str]) -> list[Counts]:
    """
    Check tables as a whole, and write what is found if ``--out`` says where.

    If that is interrupted, what is done stays and one line says how to go on.
    Raises: UnreadableFile if it cannot be written; MissingLibrary.
    """
    from govinfo_schema.bulk.checking import Checking, size_of  # noqa: PLC0415 (only for tables)

    with bar(sum(map(size_of, paths))) as advance:
        checking = Checking(paths, options.blanks, moved=advance)
        if options.out is None:
            checking.run()
            return checking.counts
        try:
            _write(options, checking)
        except (KeyboardInterrupt, Stopped, UnreadableFile):
            _tell_stopped(options)
            raise
    return checking.counts


def _write(options: Namespace, checking: Checking) -> None:
    from govinfo_schema.bulk.checking import SUFFIXES  # noqa: PLC0415 (only for tables)

    resumes = options.resume and unfinished(options.out) is not None
    claim(options, options.out, checking.paths, SUFFIXES, resumes=resumes)
    try:
        checking.write(options.out, resume=options.resume, force=options.force)
    except MissingLibrary as error:
        raise unreadable(options.out, "unwritable", problem=error.problem) from error


def _tell_stopped(options: Namespace) -> None:
    """Say how much of the work is done, if anything is."""
    if parts := unfinished(options.out):
        told = phrase("stopped", options.lang, parts=len(parts), folder=parts.folder)
        show([Said(f"{options.out}: {told}")], sys.stderr)


def verdicts_of(counts: Counts) -> Counter[Verdict]:
    """Return how many results a table counts for, as if each report were one."""
    own = counts.verdicts
    return Counter[Verdict](
        {
            "held": own["held"],
            "unknown": own["unknown"],
            "broken": own["broken"],
            "unreadable": own["invalid"] + (counts.problem is not None),
        }
    )


def summary(counts: Counts, lang: Lang) -> Iterator[Said]:
    """Yield the lines about a table: how many reports, by verdict, by rule and by level."""
    own = counts.verdicts
    yield Said(
        f"{counts.path}: "
        f"{phrase('table.lines', lang, lines=counts.lines, count=own.total() - own['invalid'])}",
        "bold",
    )
    if own:
        style = (
            "red" if own["broken"] or own["invalid"] else "yellow" if own["unknown"] else "green"
        )
        yield Said(f"  {_numbers(own, lang)}", style)
    yield from (Said(f"  {line}") for line in _rules(counts, lang))
    yield from (Said(f"  {line}") for line in _levels(counts, lang))
    yield from (Said(f"  {getattr(each, lang)}") for each in counts.told)
    if counts.problem is not None:
        told = phrase("unreadable", lang, problem=counts.problem)
        yield Said(f"{counts.path}: {told}", "magenta")


def _levels(counts: Counts, lang: Lang) -> Iterator[str]:
    """Yield a line for each level of bodies that there is; what is no report states none."""
    for level in LEVELS:
        numbers = {verdict: counts.levels[level, verdict] for verdict in VERDICTS}
        if any(numbers.values()):
            name = phrase(f"level.{level or 'none'}", lang)
            yield phrase("table.level", lang, name=name, verdicts=_numbers(numbers, lang))


def _numbers(verdicts: Any, lang: Lang) -> str:
    return phrase("table.verdicts", lang, **{name: verdicts[name] for name in VERDICTS})


def _rules(counts: Counts, lang: Lang) -> Iterator[str]:
    """Yield a line for each rule that is broken or unknown, in the order of the form."""
    labels = {each.rule.code: each.rule.label for of in forms() for each in of.equations}
    listed = read_data("codes")
    meanings = {code: each for about in ("text", "schema") for code, each in listed[about].items()}
    for code in dict.fromkeys((*labels, *sorted(code for code, _ in counts.rules))):
        broken, unknown, invalid = (
            counts.rules[code, kind] for kind in ("broken", "unknown", "invalid")
        )
        if broken or unknown:
            counted = {"broken": broken, "unknown": unknown}
            yield phrase("table.rule", lang, name=labels[code], code=code, **counted)
        if invalid:
            name = meanings[code][lang] if code in meanings else code
            yield phrase("table.fault", lang, name=name, code=code, invalid=invalid)


def plain(counts: Counts) -> dict[str, Any]:
    """Return the counts of a table as plain data, as ``check --format json`` prints them."""
    told = counts.problem
    levels: dict[str, dict[str, int]] = {}
    rules: dict[str, dict[str, int]] = {}
    for (level, verdict), number in counts.levels.items():
        levels.setdefault(level or "", {})[verdict] = number
    for (code, kind), number in sorted(counts.rules.items()):
        rules.setdefault(code, {})[kind] = number
    return {
        "path": counts.path,
        "lines": counts.lines,
        "verdicts": {verdict: counts.verdicts[verdict] for verdict in VERDICTS},
        "rules": rules,
        "levels": levels,
        "refused": [{"zh": each.zh, "en": each.en} for each in counts.told],
        "problem": {"zh": told.zh, "en": told.en} if told else None,
        "code": told.code if told else None,
    }
