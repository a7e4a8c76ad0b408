"""
One problem is one line: the findings of check that belong together, what they share, and the marks.
"""

from __future__ import annotations

import random
import re
import zipfile
from itertools import combinations
from pathlib import Path

import pytest
from programs import needs_office
from reports import SHAPES

import govinfo_schema as gs
from govinfo_schema.documents.document import Grid
from govinfo_schema.documents.layout import layout
from govinfo_schema.form.parts import EditionName
from govinfo_schema.repair.problems import is_broken
from govinfo_schema.testing import KINDS


def spoilt(seed: int, edition: EditionName, undivided: bool) -> gs.Report | None:
    """Damage a random report in one to three ways, with blanks in every third one."""
    dice = random.Random(seed)
    report: gs.Report = gs.generate(seed, edition, undivided=undivided)
    try:
        for kind in dice.choices(KINDS, k=dice.randint(1, 3)):
            report = gs.damage(report, kind, seed).report
    except ValueError:
        return None
    if seed % 3 == 0:
        cells = [cell for cell, value in gs.walk(report) if value is not None]
        report = gs.replace(report, dict.fromkeys(dice.sample(cells, dice.randint(1, 9))))
    return report


def name(equation: gs.Equation) -> tuple[str, tuple[str, ...]]:
    """Name an equation of a form."""
    return equation.rule.code, equation.right


@pytest.mark.parametrize(("edition", "undivided"), SHAPES)
def test_every_broken_finding_is_in_one_problem(edition: EditionName, undivided: bool) -> None:
    """
    Each finding of check about a broken sum is in exactly one problem; the changes of each problem,
    made alone, mend its sums and no others, and those of all together leave none broken.
    """
    several = 0
    for seed in range(150):
        report = spoilt(seed, edition, undivided)
        if report is None:
            continue
        for blanks in ("unknown", "zero") if seed % 3 == 0 else ("unknown",):
            assessment = gs.check(report, blanks)
            problems = gs.problems(report, blanks)
            several += len(problems) > 1
            findings = [each for each in assessment.findings if is_broken(each)]
            told = [each for problem in problems for each in problem.findings]
            assert sorted(map(findings.index, told)) == list(range(len(findings)))
            after = report
            for each in problems:
                alone = gs.check(gs.replace(report, each.suspects), blanks)
                left = set(map(name, assessment.broken)) - set(map(name, each.equations))
                assert set(map(name, alone.broken)) == left
                after = gs.replace(after, each.suspects)
            assert not gs.check(after, blanks).broken
            for one, other in combinations(problems, 2):
                assert not one.suspects.keys() & other.suspects.keys()
    assert several > 10


@pytest.mark.parametrize("suffix", ["html", "docx", "md"])
def test_marked_documents_read_back_the_same(suffix: str, tmp_path: Path) -> None:
    """
    Marks are no part of a report: a document with strong and faint marks, and with what figures
    should be beside them, is read as the same document without marks is, every doubt included.
    """
    seen: set[str] = set()
    for seed in range(24):
        edition, undivided = SHAPES[seed % 3]
        report = spoilt(seed, edition, undivided)
        if report is None:
            continue
        blanks: gs.Blanks = "zero" if seed % 2 else "unknown"
        marked, plain = tmp_path / f"marked{seed}.{suffix}", tmp_path / f"plain{seed}.{suffix}"
        gs.write(report, marked, assessment=gs.check(report, blanks))
        gs.write(report, plain)
        one, other = gs.read(marked), gs.read(plain)
        assert one.report == other.report
        assert one.findings == other.findings
        for block in layout(report, gs.problems(report, blanks)).blocks:
            if isinstance(block, Grid):
                seen |= {span.mark for span in block.spans}
    assert seen == {"", "suspect", "bystander"}


def test_marks_are_seen_without_colour(tmp_path: Path) -> None:
    """
    A figure that is likely wrong is bold and has what it should be beside it; where it is not sure
    which figure it is, with a question mark; the others of its sum are in italics.
    """
    row = "disputes.reconsideration"
    zeros = dict.fromkeys(gs.edition("2021").cells, 0)
    report = gs.replace(gs.blank("2021", year=2024, body="某市人民政府"), zeros)
    wrong = gs.replace(report, {f"{row}.total": 8, "applications.received.total": 5})
    for suffix, strong, faint in (
        ("html", "<mark>{}</mark>", '<td id="{}" class="bystander">0</td>'),
        ("md", "**{}**", "<em>0</em>"),
    ):
        gs.write(wrong, tmp_path / f"a.{suffix}", assessment=gs.check(wrong))
        text = (tmp_path / f"a.{suffix}").read_text(encoding="utf-8")
        assert strong.format("5 → 0") in text
        assert strong.format("8 → 0？") in text
        assert faint.format(f"{row}.upheld") in text
    gs.write(wrong, tmp_path / "a.docx", assessment=gs.check(wrong))
    with zipfile.ZipFile(tmp_path / "a.docx") as package:
        text = package.read("word/document.xml").decode()
    assert re.search("<w:b/><w:bCs/></w:rPr><w:t [^>]*>5 → 0</w:t>", text)
    assert re.search("<w:i/><w:iCs/></w:rPr><w:t [^>]*>0</w:t>", text)


@needs_office
def test_marked_pdf_reads_back_the_same(tmp_path: Path) -> None:
    """A PDF with marks is read as the one without is."""
    report = gs.damage(gs.damage(gs.generate(5), "zero_column", 5).report, "single", 5).report
    gs.write(report, tmp_path / "marked.pdf", assessment=gs.check(report))
    assert dict(gs.walk(gs.read(tmp_path / "marked.pdf").report)) == dict(gs.walk(report))
