"""The command line, thin: parse, call, print. It says everything in Chinese (``--lang zh``, the default) or in English."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from govinfo_schema import __version__, files
from govinfo_schema.batch import expand, results
from govinfo_schema.check import check
from govinfo_schema.convert import dumps
from govinfo_schema.edition import CURRENT, EDITIONS, edition
from govinfo_schema.errors import InvalidReport, MissingLibrary, UnreadableFile
from govinfo_schema.explanations import Explanations, locate
from govinfo_schema.explanations.excerpt import excerpt
from govinfo_schema.findings import Assessment, Finding, Label, Lang, Level, phrase, spoken
from govinfo_schema.formats import json as json_format
from govinfo_schema.formats import put
from govinfo_schema.model import Report
from govinfo_schema.schema import published

Verdict = Literal["held", "unknown", "broken", "invalid", "unreadable"]

EXIT: Final[dict[Verdict, int]] = {"held": 0, "unknown": 0, "broken": 1, "invalid": 1, "unreadable": 2}
SHOWN: Final[dict[Level, int]] = {"error": 20, "warning": 20, "info": 5}
"""How many findings of one report are printed unless all are asked for."""
BAR: Final = 10
"""From so many files on a bar shows how far the work is."""
STYLES: Final[dict[Verdict, str]] = {"held": "green", "unknown": "yellow", "broken": "red", "invalid": "red", "unreadable": "magenta"}


@attrs.frozen(kw_only=True)
class Result:
    """What came of one path: a report, its assessment and its doubts, or why there is none."""

    path: str
    verdict: Verdict
    report: Report | None = None
    assessment: Assessment | None = None
    findings: tuple[Finding, ...] = ()
    problem: Label | None = None

    @property
    def doubtful(self) -> bool:
        """Whether anything that was read is in doubt."""
        return any(finding.level != "info" and finding.code.startswith("R-") for finding in self.findings)


@attrs.frozen
class Job:
    """What to do for each path: read it, and check the report. *year* and *body* are the caller's."""

    blanks: Literal["unknown", "zero"] = "unknown"
    year: int | None = None
    body: str | None = None

    def __call__(self, path: str) -> Result:
        """Read and check one report; whatever is wrong with it is part of the result."""
        try:
            reading = files.read(path, year=self.year, body=self.body)
        except (UnreadableFile, MissingLibrary) as error:
            return Result(path=path, verdict="unreadable", problem=error.problem)
        except InvalidReport as error:
            return Result(path=path, verdict="invalid" if error.is_report else "unreadable", findings=error.findings)
        assessment = check(reading.report, self.blanks)
        verdict: Verdict = "broken" if not assessment.ok else "unknown" if assessment.unknown else "held"
        findings = (*reading.findings, *assessment.findings)
        return Result(path=path, verdict=verdict, report=reading.report, assessment=assessment, findings=findings)


@attrs.frozen
class Said:
    """A line of output, and its style on a terminal that has one."""

    text: str
    style: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run the command with these arguments, or with those of the process.

    Returns: 0 nothing wrong, 1 a report does not conform or has an error, 2 something cannot be read; the highest applies.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us has enough; nothing may be written at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="govinfo-schema",
        description="政府信息公开工作年度报告：核对、转换。 Check and convert annual reports on open government information.",
    )
    parser.add_argument("--version", action="version", version=f"govinfo-schema {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("check", help="核对勾稽关系 · check that the report conforms and its sums hold")
    command.add_argument("paths", nargs="+", metavar="PATH", help="文件、文件夹，- 为标准输入 · files, folders, - for standard input")
    command.add_argument("--format", choices=("text", "json"), default="text", help="输出格式 · output format")
    command.add_argument("--blanks", choices=("unknown", "zero"), default="unknown", help="空白如何看待 · what a blank counts as")
    command.add_argument("--all", action="store_true", help="列出全部提示 · print every notice")
    _supplied(command)
    command.set_defaults(run=_check)

    command = commands.add_parser(
        "read", help="读取公开发布的文件 · read published documents: JSON on standard output, doubts on standard error"
    )
    command.add_argument("paths", nargs="+", metavar="PATH", help="文件、文件夹 · files, folders; of several one line each")
    command.add_argument("--all", action="store_true", help="列出全部提示 · print every notice")
    _supplied(command)
    command.set_defaults(run=_read)

    command = commands.add_parser("convert", help="转换格式 · convert a report, by suffix")
    command.add_argument("source", metavar="IN", help="- 为标准输入 · - for standard input")
    command.add_argument("target", metavar="OUT", help="- 为标准输出 · - for standard output")
    command.add_argument("--compact", action="store_true", help="不换行的规范写法 · the canonical text, on one line")
    _supplied(command)
    command.set_defaults(run=_convert)

    _explaining(commands)

    command = commands.add_parser("schema", help="输出 JSON Schema · print the JSON Schema")
    command.add_argument("edition", nargs="?", choices=EDITIONS, default=CURRENT, help="格式版本 · edition of the form")
    command.set_defaults(run=_schema)

    command = commands.add_parser("cells", help="列出全部数字项 · print the vocabulary: every figure of the form")
    command.add_argument("edition", nargs="?", choices=EDITIONS, default=CURRENT, help="格式版本 · edition of the form")
    command.add_argument("--format", choices=("text", "json"), default="text", help="输出格式 · output format")
    _language(command)
    command.set_defaults(run=_cells)
    return parser


def _supplied(command: argparse.ArgumentParser) -> None:
    """Add what a document may not say of itself."""
    command.add_argument("--year", type=int, help="报告年度，文件里没写时用 · the year, where the document does not say it")
    command.add_argument("--body", help="单位名称，文件里没写时用 · the body, where the document does not say it")
    _language(command)


def _explaining(commands: Any) -> None:
    """Add the commands that tell which figure is wrong."""
    command = commands.add_parser("locate", help="查找错在哪一格 · tell which figure is wrong")
    command.add_argument("path", metavar="PATH", help="- 为标准输入 · - for standard input")
    command.add_argument("--format", choices=("text", "json"), default="text", help="输出格式 · output format")
    _weighed(command)
    command.set_defaults(run=_locate)

    command = commands.add_parser("fix", help="按一种改法另存一份 · write a corrected copy; the original is never changed")
    command.add_argument("path", metavar="PATH")
    command.add_argument("--apply", type=int, metavar="N", help="用第几种改法 · which of the ways that locate lists")
    command.add_argument("--out", metavar="OUT", help="另存为 · the copy; PATH with .fixed.json unless given")
    _weighed(command)
    command.set_defaults(run=_fix, format="text")


def _weighed(command: argparse.ArgumentParser) -> None:
    """Add what weighs one explanation against another."""
    command.add_argument("--blanks", choices=("unknown", "zero"), default="unknown", help="空白如何看待 · what a blank counts as")
    command.add_argument("--previous", metavar="PATH", help="同一单位上一年的报告 · last year's report of the same body")
    command.add_argument("--all", action="store_true", help="列出全部改法 · print every explanation")
    _supplied(command)


def _language(command: argparse.ArgumentParser) -> None:
    command.add_argument("--lang", choices=("zh", "en"), default="zh", help="语言 · language")


# ---- check --------------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    verdicts: Counter[Verdict] = Counter(dict.fromkeys(EXIT, 0))
    printed: list[dict[str, Any]] = []
    for result in _results(options.paths, Job(options.blanks, options.year, options.body)):
        verdicts[result.verdict] += 1
        if options.format == "json":
            printed.append(_plain(result))
        else:
            _print(_lines(result, options.lang, everything=options.all))
    if options.format == "json":
        print(json.dumps({"results": printed, "summary": dict(verdicts)}, ensure_ascii=False, indent=2))
    elif verdicts.total() > 1:
        _print([Said(phrase("summary", options.lang, count=verdicts.total(), **{str(name): count for name, count in verdicts.items()}))])
    return max(EXIT[verdict] for verdict, count in verdicts.items() if count)


def _results(paths: Sequence[str], job: Job) -> Iterator[Result]:
    """Do the job for each path, and for each file of a folder, with a bar where a terminal looks on."""
    known, single, empty = files.suffixes(), [], set()
    for path in paths:
        found = expand(path, known)
        single += [path] if found is None else found or [path]
        empty |= {path} if found == [] else set()
    done = results(job, single, lambda path: Result(path=path, verdict="unreadable", problem=spoken("lost")))
    for result in _watched(done, len(single)):
        problem = spoken("no_reports", suffixes=" ".join(known)) if result.path in empty else result.problem
        yield attrs.evolve(result, problem=problem)


def _watched(done: Iterator[Result], count: int) -> Iterator[Result]:
    """Show a bar on long work: on a terminal only, where rich is installed."""
    try:
        from rich.console import Console  # noqa: PLC0415 (optional, and slow to import)
        from rich.progress import track  # noqa: PLC0415
    except ImportError:
        return done
    if count < BAR or not sys.stderr.isatty():
        return done
    return iter(track(done, total=count, description="", console=Console(stderr=True), transient=True))


# ---- read -----------------------------------------------------------------------------------------------------------


def _read(options: argparse.Namespace) -> int:
    counts = Counter({"sure": 0, "doubtful": 0, "refused": 0})
    status = 0
    several = len(options.paths) > 1 or expand(options.paths[0], files.suffixes()) is not None
    for result in _results(options.paths, Job(year=options.year, body=options.body)):
        if result.report is None:
            counts["refused"] += 1
            status = max(status, EXIT[result.verdict])
            _print(_lines(result, options.lang, everything=options.all), sys.stderr)
            continue
        counts["doubtful" if result.doubtful else "sure"] += 1
        if several:
            put(dumps(result.report) + b"\n", "-")
        else:
            json_format.write(result.report, "-")
        doubts = attrs.evolve(result, findings=tuple(each for each in result.findings if each.code.startswith("R-")))
        if doubts.findings:
            _print(_lines(doubts, options.lang, everything=options.all), sys.stderr)
    if several:
        width = len(str(counts.total()))
        _print([Said(f"{count:>{width}}  {phrase(name, options.lang)}") for name, count in counts.items()], sys.stderr)
    return status


def _lines(result: Result, lang: Lang, *, everything: bool) -> Iterator[Said]:
    style = STYLES[result.verdict]
    if result.verdict == "unreadable":
        problem = result.problem or Label(*(result.findings[0].message(each) for each in ("zh", "en")))
        yield Said(f"{result.path}: {phrase('unreadable', lang, problem=problem)}", style)
        return
    yield Said(f"{result.path}: {_name(result, lang)}".rstrip(), "bold")
    yield Said(f"  {_verdict(result, lang)}", style)
    shown = result.findings if everything else _capped(result.findings)
    for finding in shown:
        yield Said(f"  {phrase(finding.level, lang)} {finding.code}  {finding.message(lang)}")
    if len(shown) < len(result.findings):
        yield Said(f"  {phrase('omitted', lang, count=len(result.findings) - len(shown))}")


def _capped(findings: Sequence[Finding]) -> list[Finding]:
    """Leave out what would be a flood. A sum that is broken is always shown: there are 42 at the most."""
    counts: Counter[str] = Counter()
    shown = []
    for finding in findings:
        counts[finding.level] += 1
        if counts[finding.level] <= SHOWN[finding.level] or (finding.level == "error" and finding.rule):
            shown.append(finding)
    return shown


def _name(result: Result, lang: Lang) -> str:
    if result.report is None:
        return ""
    form = edition(result.report.edition)
    body, year = result.report.body.name, result.report.year
    return phrase("report", lang, body=body, year=year, edition=Label(form.zh, form.en))


def _verdict(result: Result, lang: Lang) -> str:
    if result.assessment is None:
        return phrase("invalid", lang, count=len(result.findings))
    counts = {kind: len(getattr(result.assessment, kind)) for kind in ("broken", "unknown")}
    return phrase(result.verdict, lang, held=result.assessment.held, **counts)


def _plain(result: Result) -> dict[str, Any]:
    report, assessment = result.report, result.assessment
    return {
        "path": result.path,
        "verdict": result.verdict,
        "edition": report.edition if report else None,
        "year": report.year if report else None,
        "body": report.body.name if report else None,
        "problem": attrs.asdict(result.problem) if result.problem else None,
        "findings": [finding.to_dict() for finding in result.findings],
        "held": assessment.held if assessment else None,
        "broken": len(assessment.broken) if assessment else None,
        "unknown": len(assessment.unknown) if assessment else None,
        "rule_set": attrs.asdict(assessment.rule_set) if assessment else None,
    }


# ---- locate, fix ----------------------------------------------------------------------------------------------------


def _locate(options: argparse.Namespace) -> int:
    result, explained, status = _explained(options)
    if result.report is None or explained is None:
        return status
    if options.format == "json":
        facts = {"path": result.path, "exhaustive": explained.exhaustive, "explanations": [each.to_dict() for each in explained]}
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        _print(_explanations(result.report, explained, options.lang, everything=options.all))
    return 1 if explained else 0


def _fix(options: argparse.Namespace) -> int:
    result, explained, status = _explained(options)
    if result.report is None or explained is None:
        return status
    target = options.out or str(Path(options.path).with_suffix(".fixed.json"))
    problem = None
    if not explained or options.apply is None:
        _print(_explanations(result.report, explained, options.lang, everything=options.all))
        problem = "fix.choose" if explained else None
    elif not 1 <= options.apply <= len(explained):
        problem = "fix.range"
    elif os.path.realpath(target) == os.path.realpath(options.path):
        problem = "fix.original"
    else:
        files.write(explained[options.apply - 1].apply(result.report), target)
        _print([Said(phrase("written", options.lang, path=target))], sys.stderr)
    if problem:
        _print([Said(phrase(problem, options.lang, number=options.apply, count=len(explained), path=target))], sys.stderr)
    return 1 if problem else 0


def _explained(options: argparse.Namespace) -> tuple[Result, Explanations | None, int]:
    """Read the report, and last year's where it is given, and explain what does not add up; say what cannot be read."""
    job = Job(options.blanks, options.year, options.body)
    result = job(options.path)
    before = Job()(options.previous) if options.previous else None
    for each in (result, before):
        if each is not None and each.report is None:
            _print(_lines(each, options.lang, everything=True), sys.stderr)
            return result, None, EXIT[each.verdict]
    assert result.report is not None  # noqa: S101 (told by the loop)
    return result, locate(result.report, options.blanks, previous=before.report if before else None), 0


def _explanations(report: Report, explained: Explanations, lang: Lang, *, everything: bool) -> Iterator[Said]:
    if not explained:
        yield Said(phrase("locate.none", lang), STYLES["held"])
        return
    head = "locate.decided" if explained.decided else "locate.several"
    yield Said(phrase(head, lang, broken=len(explained[0].mends), count=len(explained)), STYLES["broken"])
    shown = explained[:] if everything else explained[: SHOWN["info"]]
    for number, each in enumerate(shown, 1):
        yield Said(f"{number}. {each.message(report.edition, lang)}", "bold")
        for line in excerpt(report, each, lang):
            yield Said(f"   {line}")
    if len(shown) < len(explained):
        yield Said(phrase("locate.more", lang, count=len(explained) - len(shown)))
    if not explained.exhaustive:
        yield Said(phrase("locate.limited", lang), STYLES["unknown"])


# ---- convert, schema, cells ---------------------------------------------------------------------------------------


def _convert(options: argparse.Namespace) -> int:
    result = Job(year=options.year, body=options.body)(options.source)
    doubts = attrs.evolve(result, findings=tuple(each for each in result.findings if each.code.startswith("R-") or result.report is None))
    if result.report is None or doubts.findings:
        _print(_lines(doubts, options.lang, everything=result.report is None), sys.stderr)
    if result.report is None:
        return EXIT[result.verdict]
    try:
        if options.target == "-" or options.target.lower().endswith(".json"):
            json_format.write(result.report, options.target, indent=None if options.compact else 2)
        else:
            files.write(result.report, options.target)
    except UnreadableFile as error:
        _print([Said(f"{error.path}: {getattr(error.problem, options.lang)}")], sys.stderr)
        return 2
    if options.target != "-":
        _print([Said(phrase("written", options.lang, path=options.target))], sys.stderr)
    return 0


def _schema(options: argparse.Namespace) -> int:
    sys.stdout.buffer.write(published(options.edition))
    return 0


def _cells(options: argparse.Namespace) -> int:
    cells = edition(options.edition).cells.values()
    if options.format == "json":
        facts = [
            {
                "id": cell.id,
                "zh": cell.zh,
                "en": cell.en,
                "unit": cell.unit,
                "kind": cell.kind,
                "sources": [attrs.asdict(source) for source in cell.sources],
            }
            for cell in cells
        ]
        print(json.dumps(facts, ensure_ascii=False, indent=2))
    else:
        for cell in cells:
            label = Label(cell.zh, cell.en)
            _print([Said(f"{cell.id}\t{getattr(label, options.lang)}\t{cell.unit}\t{cell.kind}")])
    return 0


def _print(lines: Iterable[Said], stream: Any = None) -> None:
    """Print lines; what a report or a file name holds can neither break a line nor steer the terminal."""
    file = stream or sys.stdout
    show = _styled(file)
    for line in lines:
        show("".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in line.text), line.style)


def _styled(file: Any) -> Callable[[str, str], None]:
    """Give the function that prints a line: in colour where rich (the extra ``cli``) is installed and a terminal looks on."""
    try:
        from rich.console import Console  # noqa: PLC0415 (optional, and slow to import)
        from rich.text import Text  # noqa: PLC0415
    except ImportError:
        return lambda text, _: print(text, file=file)
    if not file.isatty():
        return lambda text, _: print(text, file=file)
    console = Console(file=file, highlight=False, soft_wrap=True)
    return lambda text, style: console.print(Text(text, style=style))
