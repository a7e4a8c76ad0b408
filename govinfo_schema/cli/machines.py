"""Results for other programs: JUnit for continuous integration, annotations for GitHub."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from govinfo_schema.cli.output import Said, lines, symptoms_of
from govinfo_schema.documents.formats import printable
from govinfo_schema.findings import Level
from govinfo_schema.messages import Lang, phrase
from govinfo_schema.pages.results import Result, figures, with_places

LEVELS: Final[Mapping[Level, str]] = {"error": "error", "warning": "warning", "info": "notice"}


def case_of(result: Result, lang: Lang) -> ET.Element:
    """
    Return the JUnit test case of a path.

    It is a failure if the report is wrong, an error if it cannot be read.
    """
    case = ET.Element("testcase", classname="govinfo-schema", name=printable(result.path))
    told = lines(result, lang, everything=False, symptoms=True)
    said = "\n".join(printable(line.text) for line in told)
    if result.verdict in ("broken", "invalid", "unreadable"):
        kind = "error" if result.verdict == "unreadable" else "failure"
        ET.SubElement(case, kind, message=said.partition("\n")[0], type=result.verdict).text = said
    else:
        ET.SubElement(case, "system-out").text = said
    return case


def suite_of(cases: Sequence[ET.Element], encoding: str) -> str:
    """Return the cases as one JUnit suite; what an encoding lacks becomes character references."""
    failures, errors = (
        str(sum(each.find(kind) is not None for each in cases)) for kind in ("failure", "error")
    )
    suite = ET.Element(
        "testsuite", name="govinfo-schema", tests=str(len(cases)), failures=failures, errors=errors
    )
    suite.extend(cases)
    ET.indent(suite)
    text: bytes = ET.tostring(suite, encoding, xml_declaration=True)
    return text.decode(encoding)


def noted(result: Result, lang: Lang) -> Iterator[Said]:
    """
    Yield each problem and each finding as a workflow command of GitHub; infos as notices.

    The line is that of a text file.
    """
    if result.problem is not None:
        yield Said(
            f"::error file={_property(result.path)}::"
            f"{_data(phrase('unreadable', lang, problem=result.problem))}"
        )
    for entry in result.entries:
        first = next(iter(result.places(entry.cells).values()), None)
        line = f",line={first.line}" if first and first.is_line_of_text else ""
        place = f"file={_property(result.path)}{line},title={_property(entry.code)}"
        symptoms = (f"{each.code} {each.message(lang)}" for each in symptoms_of(entry))
        said = (with_places(result, entry, lang), *figures(result, entry, lang))
        text = "\n".join((*said, *symptoms))
        yield Said(f"::{LEVELS[entry.level]} {place}::{_data(text)}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
