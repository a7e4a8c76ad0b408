# pyright: strict
"""A web service: somebody uploads a report as a document, and is told which figures are wrong."""

from __future__ import annotations

from typing import Annotated

from fastapi import Body, FastAPI, HTTPException, UploadFile
from pydantic import BaseModel

import govinfo_schema as gs


class Problem(BaseModel):
    """One finding, as a page shows it."""

    code: str
    level: str
    cells: list[str]
    zh: str
    en: str


class Verdict(BaseModel):
    """The answer for one document: the report as it was read, and what is wrong with it."""

    ok: bool
    report: gs.Report
    problems: list[Problem]


app = FastAPI(title="政府信息公开工作年度报告核对")


def problem(finding: gs.Finding) -> Problem:
    """Turn a finding into what the answer says of it."""
    return Problem(
        code=finding.code,
        level=finding.level,
        cells=list(finding.cells),
        zh=finding.message("zh"),
        en=finding.message("en"),
    )


def verdict(report: gs.Report, doubts: tuple[gs.Finding, ...] = ()) -> Verdict:
    """Check a report; *doubts* are what reading it left open."""
    assessment = gs.check(report)
    findings = (*doubts, *assessment.findings)
    return Verdict(ok=assessment.ok, report=report, problems=[problem(each) for each in findings])


@app.post("/documents")
def check_document(file: UploadFile) -> Verdict:
    """Read an uploaded document of any format, and check its report."""
    try:
        reading = gs.read(file.file, name=file.filename)
    except gs.InvalidReport as error:
        faults = [problem(each).model_dump() for each in error.findings]
        raise HTTPException(422, faults) from error
    except gs.UnreadableFile as error:
        told = {"code": error.code, "zh": error.problem.zh, "en": error.problem.en}
        raise HTTPException(422, [told]) from error
    return verdict(reading.report, reading.findings)


@app.post("/reports")
def check_report(report: Annotated[gs.Report, Body(discriminator="edition")]) -> Verdict:
    """Check a report that is sent as JSON. FastAPI answers 422 with every fault and its cell."""
    return verdict(report)
