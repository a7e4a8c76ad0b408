"""Commands that tell which figure is wrong: locate, fix."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

import attrs
import msgspec

from govinfo_schema import files
from govinfo_schema.cli import targets
from govinfo_schema.cli.options import (
    BLANKS,
    FORCE,
    PREVIOUS,
    SUPPLIED,
    VERBOSE,
    Command,
    Namespace,
    argument,
    output,
)
from govinfo_schema.cli.output import (
    SHOWN,
    STYLES,
    Said,
    escaped,
    last_year,
    needed_result,
    show,
)
from govinfo_schema.cli.results import Job
from govinfo_schema.cli.targets import told
from govinfo_schema.documents.formats import unreadable
from govinfo_schema.form.load import edition as edition_of
from govinfo_schema.messages import Lang, phrase, spoken
from govinfo_schema.pages.results import Result, located, with_places
from govinfo_schema.repair.changes import Change
from govinfo_schema.repair.excerpt import excerpt
from govinfo_schema.repair.explanations import Explanation, Explanations, locate
from govinfo_schema.report.model import Report


def _locate(options: Namespace) -> int:
    report, explained, result = _explained(options)
    if options.format == "json":
        facts = {
            "path": options.path,
            "exhaustive": explained.exhaustive,
            "common": [attrs.asdict(each) for each in explained.common],
            "explanations": [each.to_dict() for each in explained],
        }
        # Not the json module, which indents in Python: a thousand explanations are 60 MB, and took
        # it a second and a half.
        print(escaped(msgspec.json.format(msgspec.json.encode(facts), indent=2).decode()))
    else:
        show(_explanations(report, explained, result, options))
    return 1 if explained else 0


def _fix(options: Namespace) -> int:
    if options.apply is None:
        return _choose(options)
    if options.path == "-" and not options.out:
        show([Said(phrase("fix.out", options.lang))], sys.stderr)
        return 2
    if Path(options.path).is_dir():
        raise unreadable(options.path, "folder")
    target, in_place = _target(options)
    report, explained, result = _explained(options)
    if not explained:
        show(_explanations(report, explained, result, options))
    elif not 1 <= options.apply <= len(explained):
        show(
            [Said(phrase("fix.range", options.lang, number=options.apply, count=len(explained)))],
            sys.stderr,
        )
        return 2
    else:
        chosen = explained[options.apply - 1]
        said: list[str] = []
        if in_place:
            with target.placed() as place:
                findings = files.mend(
                    options.path, chosen, place, year=options.year, body=options.body
                )
            said += [finding.message(options.lang) for finding in findings]
        else:
            target.write(chosen.apply(report))
            if options.path != "-" and files.format_of(options.path).read_document:
                said.append(phrase("fix.converted", options.lang))
        told(target, options.lang)
        if not explained.decided:
            doubt = "fix.one_of" if explained.exhaustive else "fix.limited"
            counts = {"number": options.apply, "count": len(explained)}
            said.append(phrase(doubt, options.lang, **counts))
        changes = _changes(report, result, chosen, options.lang)
        show([Said(text) for text in (*changes, *said)], sys.stderr)
    return 0


def _target(options: Namespace) -> tuple[targets.Target, bool]:
    """
    Give the file to write, and whether it is a copy of the document itself, with the figures
    changed in place: it is one where it has the format of the document.

    Raises: UnreadableFile where it may not be written, or the document cannot be changed in place
    and no other file is named; NotRead where it cannot be read either.
    """
    sources = [options.path, *([options.previous] if options.previous else [])]
    if options.path == "-":
        return targets.claim(options, options.out, sources), False
    source = Path(options.path)
    suffixes = files.mendable(options.path)
    if options.out is None:
        if not suffixes:
            # An encrypted or damaged file says so.
            _explained(options)
            raise unreadable(options.path, "fix.not_mendable", suffix=source.suffix.lower())
        path = source.with_name(f"{source.stem}.fixed{source.suffix}")
        if files.holder(options.path):
            raise unreadable(options.path, "fix.packed", name=path.name)
        return targets.claim(options, str(path), sources, (source.suffix.lower(),)), True
    suffix = Path(options.out).suffix.lower()
    if suffix in suffixes:
        return targets.claim(options, options.out, sources, (suffix,)), True
    return targets.claim(options, options.out, sources), False


def _changes(report: Report, result: Result, chosen: Explanation, lang: Lang) -> Iterator[str]:
    """Give each figure that was changed, what was found, what it says now and where it stands."""
    form = edition_of(report.edition)
    for each in chosen.changes:
        found = spoken("excerpt.blank") if each.found is None else each.found
        name = form.label(each.cell)
        said = phrase("compare.change", lang, name=name, before=found, after=each.should_be)
        yield located(result, each.cell, said, lang)


def _choose(options: Namespace) -> int:
    """List the ways to mend a report, and ask for one."""
    report, explained, result = _explained(options)
    show(_explanations(report, explained, result, options))
    if explained:
        show([Said(phrase("fix.choose", options.lang))], sys.stderr)
    return 1 if explained else 0


def _explained(options: Namespace) -> tuple[Report, Explanations, Result]:
    """
    Read the report, and last year's where it is given, and explain what does not add up.

    Raises: NotRead.
    """
    job = Job(options.blanks, options.year, options.body, placed=True)
    report, result = needed_result(options.path, job, everything=options.all)
    previous = last_year(options)
    explained = locate(report, options.blanks, previous=previous, computed=result.computed)
    return report, explained, result


def _explanations(
    report: Report, explained: Explanations, result: Result, options: Namespace
) -> Iterator[Said]:
    """Yield the ways to mend a report; ``--verbose`` adds the ids of the cells that they change."""
    lang: Lang = options.lang
    if not explained:
        yield from _unexplained(result, lang, everything=options.all)
        return
    places = {cell: place.message(lang) for cell, place in result.places(result.sources).items()}
    head = "locate.decided" if explained.decided else "locate.several"
    yield Said(
        phrase(head, lang, broken=len(explained[0].mends), count=len(explained)), STYLES["broken"]
    )
    shown = explained[:] if options.all else explained[: SHOWN["info"]]
    common = explained.common if len(explained) > 1 else ()
    if explained.told_once:
        yield Said(explained.shared_message(lang), "bold")
        yield from _excerpt(report, common, lang, places)
    for number, each in enumerate(shown, 1):
        yield Said(f"{number}. {each.message(report.edition, lang, explained.told_once)}", "bold")
        own = [change for change in each.changes if change not in common]
        yield from _excerpt(report, own, lang, places)
        if options.verbose:
            cells = phrase("and", lang).join(change.cell for change in each.changes)
            yield Said(f"   {phrase('told.cells', lang, listed=cells)}")
    if len(shown) < len(explained):
        yield Said(phrase("locate.more", lang, count=len(explained) - len(shown)))
    if not explained.exhaustive:
        yield Said(phrase("locate.limited", lang), STYLES["unknown"])


def _excerpt(
    report: Report, changes: Iterable[Change], lang: Lang, places: Mapping[str, str]
) -> Iterator[Said]:
    return (Said(f"   {line}") for line in excerpt(report, changes, lang, places))


def _unexplained(result: Result, lang: Lang, *, everything: bool) -> Iterator[Said]:
    """Say that no sum is broken, and what could not be checked."""
    unknown = result.unchecked
    if not unknown:
        yield Said(phrase("locate.none", lang), STYLES["held"])
        return
    yield Said(phrase("locate.unchecked", lang, count=len(unknown)), STYLES["unknown"])
    doubts = (each for each in result.findings if each.about == "reading" and each.level != "info")
    told = [with_places(result, each, lang) for each in (*doubts, *unknown)]
    shown = told if everything else told[: SHOWN["info"]]
    yield from (Said(f"  {each}") for each in shown)
    if len(shown) < len(told):
        yield Said(f"  {phrase('omitted', lang, count=len(told) - len(shown))}")


WEIGHED: Final = (
    BLANKS,
    PREVIOUS,
    argument("help.locate.all", "--all", action="store_true"),
    VERBOSE,
    *SUPPLIED,
)
COMMANDS: Final = (
    Command(
        "locate",
        _locate,
        (argument("help.locate.path", "path", metavar="PATH"), output(), *WEIGHED),
    ),
    Command(
        "fix",
        _fix,
        (
            argument(None, "path", metavar="PATH"),
            argument("help.apply", "--apply", type=int, metavar="N"),
            argument("help.fix.out", "--out", metavar="OUT"),
            FORCE,
            *WEIGHED,
        ),
    ),
)
