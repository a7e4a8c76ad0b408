"""``check`` as a page or a list to send: which files, where to, and what is made of the results."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from govinfo_schema.cli.options import Namespace
from govinfo_schema.cli.output import last_year, show, total
from govinfo_schema.cli.results import EXIT, Job, results
from govinfo_schema.cli.targets import claim, told
from govinfo_schema.documents.formats import put, unreadable
from govinfo_schema.messages import Lang
from govinfo_schema.pages.results import Result, Verdict
from govinfo_schema.tables import jsonl


def _html(results: Sequence[Result], lang: Lang) -> bytes:
    from govinfo_schema.pages.page import page  # noqa: PLC0415 (only for those who want a page)

    return page(results, lang, on=date.today()).encode()  # noqa: DTZ011 (the day in the office)


def _workbook(results: Sequence[Result], lang: Lang) -> bytes:
    from govinfo_schema.pages.worklist import as_workbook  # noqa: PLC0415 (as above)

    return as_workbook(results, lang)


def _csv(results: Sequence[Result], lang: Lang) -> bytes:
    from govinfo_schema.pages.worklist import as_csv  # noqa: PLC0415 (as above)

    return as_csv(results, lang)


MADE: Final[dict[str, tuple[tuple[str, ...], Callable[[Sequence[Result], Lang], bytes]]]] = {
    "html": ((".html", ".htm"), _html),
    "xlsx": ((".xlsx",), _workbook),
    "csv": ((".csv",), _csv),
}
"""The formats of what is sent: the suffixes of its file, and the function that makes it."""
BINARY: Final = frozenset(("xlsx",))
"""What is never printed."""


def send(options: Namespace) -> int:
    """
    Check, and write a page or a list of what is found to ``--out`` or standard output.

    Raises: UnreadableFile where it may not or cannot be written; MissingLibrary.
    """
    suffixes, make = MADE[options.format]
    out = options.out or "-"
    if options.resume:
        raise unreadable("--resume", "bulk.tables")
    if out == "-" and options.format in BINARY:
        raise unreadable(out, "list_needs_out", format=options.format)
    for path in filter(jsonl.is_packed, options.paths):
        raise unreadable(path, "packed_reports")
    sources = [*options.paths, *([options.previous] if options.previous else [])]
    target = claim(options, out, sources, () if out == "-" else suffixes)
    previous = last_year(options)
    job = Job(options.blanks, options.year, options.body, whole=True, previous=previous)
    found = list(results(options.paths, job))
    put(make(found, options.lang), out, overwrite=options.force)
    counts: Counter[Verdict] = Counter(each.verdict for each in found)
    if out != "-":
        show([total(counts, options.lang)], sys.stderr)
    told(target, options.lang)
    return max(EXIT[verdict] for verdict in counts)
