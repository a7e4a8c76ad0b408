"""
``gs.mend`` and ``fix``: the copy reads as the mended report, and nothing else in it has changed.
"""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from layouts import KINDS, laid_out
from office import convert
from page_files import FORMATS
from page_files import write as write_page
from programs import needs_office
from reports import as_any
from rich_files import members, part, rich_page, rich_word
from word_files import p, tc, w, with_parts, word

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.documents.formats import package
from govinfo_schema.documents.formats.word_styles import W
from govinfo_schema.documents.recognise.figures import plain_digits
from govinfo_schema.report.values import MAX_COUNT

TOTAL = "applications.outcomes.total.natural_person"
CELL = "applications.received.natural_person"
MAKERS: dict[str, Callable[[gs.Report, Path, random.Random], object]] = {
    "rich.docx": rich_word,
    "rich.html": rich_page,
    **dict.fromkeys(
        ("docx", "html", "md", "csv", "tidy.csv", "json"),
        lambda report, path, _: gs.write(report, path),
    ),
}
"""The ways to make a document, by what follows the first dot of its name."""
DOCUMENT = "word/document.xml"
_FIGURES = re.compile(
    b"|".join(
        (
            rb"[0-9.,+-]|&nbsp;|null|\"",
            *(
                sign.encode(name)
                for sign in "０１２３４５６７８９．，＋－件"
                for name in ("utf-8", "gb18030")
            ),
        )
    )
)
"""What figures are made of, and what stands where none is."""


def changes_of(report: gs.Report, cells: list[str], dice: random.Random) -> dict[str, Any]:
    """Give one, two or three figures another value: greater, smaller, longer, blank, filled."""
    values: dict[str, Any] = {}
    for cell in dice.sample(cells, dice.choice((1, 2, 3))):
        value = as_any(gs.get(report, cell))
        new: Any = dice.choice((None, 0, dice.randrange(MAX_COUNT), dice.randrange(200)))
        if gs.edition(report.edition).cell(cell).kind == "amount":
            new = None if new is None else Decimal(new % 10_000) / 4
        values[cell] = (new or 0) + 1 if value == new else new
    return values


def mended(path: Path, values: dict[str, Any]) -> tuple[bytes, gs.Reading]:
    """Mend a document, and make sure that the copy reads so and that only these figures differ."""
    before = gs.read(path)
    out = io.BytesIO()
    gs.mend(path, values, out)
    data = out.getvalue()
    after = gs.read(data, name=path.name)
    wanted = gs.replace(before.report, values)
    assert dict(gs.walk(after.report)) == dict(gs.walk(wanted))
    assert not gs.compare(wanted, after.report).changes
    for cell, value in values.items():
        if cell in after.sources and value is not None:
            text = plain_digits(after.sources[cell].text).replace(",", "")
            assert str(value) in re.findall("[0-9.]+", text)
    same(path.read_bytes(), data, len(values))
    return data, after


def same(before: bytes, after: bytes, count: int) -> None:
    """
    Make sure that two files are the same but for the figures of so many cells: of a zip all parts
    but one byte for byte as they are packed.
    """
    if not before.startswith(b"PK"):
        lines = zip(before.splitlines(True), after.splitlines(True), strict=True)
        pairs = [(was, is_now) for was, is_now in lines if was != is_now]
        assert len(pairs) <= count
        assert all(_FIGURES.sub(b"", was) == _FIGURES.sub(b"", is_now) for was, is_now in pairs)
        return
    old, new = members(before), members(after)
    assert [*old] == [*new]
    assert [name for name in old if old[name][0] != new[name][0]] in ([], [DOCUMENT])
    for name, (_, info) in old.items():
        for fact in ("compress_type", "date_time", "external_attr", "extra", "comment"):
            assert getattr(info, fact) == getattr(new[name][1], fact)
    one, two = (ET.fromstring(part(data, DOCUMENT)) for data in (before, after))  # noqa: S314 - our own
    same_runs(one, two, count)


def same_runs(before: ET.Element, after: ET.Element, count: int) -> None:
    """
    Make sure that two parts are the same run for run, but for the figures of so many cells of
    tables; in these no run loses its properties, and what else they say stays.
    """
    one, two = list(before.iter(f"{W}tc")), list(after.iter(f"{W}tc"))
    pairs = [
        (old, new)
        for old, new in zip(one, two, strict=True)
        if ET.tostring(old) != ET.tostring(new) and old.find(f".//{W}tc") is None
    ]
    assert len(pairs) <= count
    for old, new in pairs:
        texts = [_FIGURES.sub(b"", "".join(each.itertext()).encode()) for each in (old, new)]
        assert texts[0] == texts[1]
        shapes = [[element.tag for element in each.iter()] for each in (old, new)]
        blank = not "".join(old.itertext()).strip()
        assert shapes[0] == shapes[1] or blank
        for each in (old, new):
            kept = [*each]
            for inner in kept:
                each.remove(inner)
    assert ET.tostring(before) == ET.tostring(after)


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("seed", range(2))
def test_only_the_figures_change(kind: str, seed: int, tmp_path: Path) -> None:
    """
    Of a random report in a document with one to three other figures the copy reads as that report,
    and differs from the original in nothing else.
    """
    check_random(kind, seed, tmp_path)


@pytest.mark.full
@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("seed", range(100, 130))
def test_only_the_figures_change_in_hundreds(kind: str, seed: int, tmp_path: Path) -> None:
    """The same holds for 240 documents."""
    check_random(kind, seed, tmp_path)


def check_random(kind: str, seed: int, folder: Path) -> None:
    """Make a document, mend it, and mend it back."""
    dice = random.Random(f"{kind} {seed}")
    report = gs.generate(seed, dice.choice(gs.editions))
    path = folder / f"报告.{kind}"
    MAKERS[kind](report, path, dice)
    before = gs.read(path)
    found = [*before.sources] or [cell for cell, _ in gs.walk(before.report)]
    values = changes_of(before.report, found, dice)
    data, _ = mended(path, values)
    copy = folder / f"再改.{kind}"
    copy.write_bytes(data)
    back = {cell: gs.get(before.report, cell) for cell in values}
    again, _ = mended(copy, back)
    if kind == "rich.docx":
        return
    assert gs.read(again, name=path.name).report == before.report


# ---- cells --------------------------------------------------------------------------------------

RUN = "<w:r>{}<w:t>{}</w:t></w:r>"
BOLD = "<w:rPr><w:b/></w:rPr>"
DELETED = "<w:del w:id='1'><w:r><w:delText>12</w:delText></w:r></w:del>"
CONTENTS = {
    "plain": (RUN.format("", "12"), RUN.format("", "345")),
    "several runs": (
        RUN.format(BOLD, "1") + RUN.format("", "2") + RUN.format("", "（其中3件）"),
        RUN.format(BOLD, "345") + RUN.format("", "") + RUN.format("", "（其中3件）"),
    ),
    "inserted": (
        f"{DELETED}<w:ins w:id='2'>{RUN.format('', '12')}</w:ins>",
        f"{DELETED}<w:ins w:id='2'>{RUN.format('', '345')}</w:ins>",
    ),
    "control": (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{RUN.format(BOLD, '12')}</w:sdtContent></w:sdt>",
        f"<w:sdt><w:sdtPr/><w:sdtContent>{RUN.format(BOLD, '345')}</w:sdtContent></w:sdt>",
    ),
    "struck": (
        RUN.format("<w:rPr><w:strike/></w:rPr>", "12") + RUN.format("", "12"),
        RUN.format("<w:rPr><w:strike/></w:rPr>", "12") + RUN.format("", "345"),
    ),
    "note": (
        RUN.format("", "12") + RUN.format("<w:rPr><w:vertAlign w:val='superscript'/></w:rPr>", "1"),
        RUN.format("", "345")
        + RUN.format("<w:rPr><w:vertAlign w:val='superscript'/></w:rPr>", "1"),
    ),
    "field": (
        f"<w:fldSimple w:instr='DOCPROPERTY n'>{RUN.format('', '12')}</w:fldSimple>",
        f"<w:fldSimple w:instr='DOCPROPERTY n'>{RUN.format('', '345')}</w:fldSimple>",
    ),
    "written otherwise": (RUN.format("", "&#49;2<!-- 9 -->"), RUN.format("", "345<!-- 9 -->")),
    "wide": (RUN.format("", " １２ 件"), RUN.format("", " ３４５ 件")),
}
"""What may stand in the paragraph of a cell that says 12, and what once it says 345."""


def table_2(cell: str) -> str:
    """Give the rows of the first table of the form, with this paragraph in its first cell."""
    rows = (
        ("第二十条第（一）项",),
        ("信息内容", "本年制发件数", "本年废止件数", "现行有效件数"),
        ("规章", None, "0", "0"),
        ("行政规范性文件", "3", "0", "9"),
        ("第二十条第（五）项",),
        ("信息内容", "本年处理决定数量"),
        ("行政许可", "1"),
    )
    made = ""
    for row in rows:
        width = w("gridSpan", 4 if len(row) == 1 else 3) if len(row) < 4 else ""
        cells = [
            f"<w:tc><w:tcPr/><w:p>{cell}</w:p></w:tc>" if text is None else tc(text)
            for text in row[:-1]
        ]
        made += f"<w:tr>{''.join(cells)}{tc(row[-1], width)}</w:tr>"
    return f"<w:tbl>{made}</w:tbl>"


def made_of(path: Path, cell: str) -> Path:
    """Make a Word document with such a table and a picture of its own."""
    body = p("某市2024年政府信息公开工作年度报告") + p("二、主动公开政府信息情况") + table_2(cell)
    return word(path, body, comments="")


RULES = "proactive.administrative_rules.issued"


@pytest.mark.parametrize("kind", CONTENTS)
def test_runs_of_word_keep_what_they_are(kind: str, tmp_path: Path) -> None:
    """
    In a cell of any make the figure changes in the run that it begins in; other runs, what is
    struck out, tracked changes, controls, notes and fields stay.
    """
    before, after = CONTENTS[kind]
    path = made_of(tmp_path / "报告.docx", before)
    gs.mend(path, {RULES: 345}, tmp_path / "out.docx", body="某市人民政府")
    text = part((tmp_path / "out.docx").read_bytes(), DOCUMENT).decode()
    assert text == part(path.read_bytes(), DOCUMENT).decode().replace(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "<w:r><w:t>8</w:t></w:r>"),
        (
            f"<w:pPr><w:jc w:val='center'/>{BOLD}</w:pPr>",
            f"<w:pPr><w:jc w:val='center'/>{BOLD}</w:pPr><w:r>{BOLD}<w:t>8</w:t></w:r>",
        ),
        (f"<w:r>{BOLD}<w:t/></w:r>", f"<w:r>{BOLD}<w:t>8</w:t></w:r>"),
    ],
)
def test_a_blank_cell_is_filled(before: str, after: str, tmp_path: Path) -> None:
    """A blank cell gets its figure in the look of its paragraph, and gives it back."""
    path = made_of(tmp_path / "报告.docx", before)
    gs.mend(path, {RULES: 8}, tmp_path / "out.docx", body="某市人民政府")
    text = part((tmp_path / "out.docx").read_bytes(), DOCUMENT).decode()
    assert text == part(path.read_bytes(), DOCUMENT).decode().replace(
        f"<w:p>{before}</w:p>", f"<w:p>{after}</w:p>", 1
    )
    gs.mend(tmp_path / "out.docx", {RULES: None}, tmp_path / "blank.docx", body="某市人民政府")
    assert gs.get(gs.read(tmp_path / "blank.docx", body="某市人民政府").report, RULES) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<td><del>77</del></td>", "<td>8<del>77</del></td>"),
        ("<td><p><s><b>77</b></s></p></td>", "<td><p>8<s><b>77</b></s></p></td>"),
        ("<td><i hidden>77</i>77</td>", "<td><i hidden>77</i>8</td>"),
        ("<td/>", "<td>8</td>"),
        ('<td class="a/b" />', '<td class="a/b" >8</td>'),
        ("<td width=5/></td>", "<td width=5/>8</td>"),
    ],
)
def test_a_cell_of_a_page_is_filled(before: str, after: str, tmp_path: Path) -> None:
    """A figure goes where it is seen, whatever else stands in its cell; nothing else changes."""
    gs.write(gs.replace(gs.generate(1), {TOTAL: 7_777_777}), tmp_path / "plain.html")
    plain = (tmp_path / "plain.html").read_text(encoding="utf-8")
    path = tmp_path / "report.html"
    path.write_text(re.sub("<td[^>]*>7777777</td>", before, plain), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != plain
    gs.mend(path, {TOTAL: 8}, tmp_path / "copy.html")
    copy = (tmp_path / "copy.html").read_text(encoding="utf-8")
    assert copy == path.read_text(encoding="utf-8").replace(before, after)


def test_a_formula_is_named(tmp_path: Path) -> None:
    """A formula of Word stays; its result changes, and a finding of information names it."""
    formula = f"<w:fldSimple w:instr=' =SUM(RIGHT)'>{RUN.format('', '12')}</w:fldSimple>"
    path = made_of(tmp_path / "报告.docx", formula)
    (finding,) = gs.mend(path, {RULES: 5}, tmp_path / "out.docx", body="某市人民政府")
    assert (finding.code, finding.level, finding.cells) == ("R-FORMULA", "info", (RULES,))
    assert "公式" in finding.message("zh")
    assert b"=SUM(RIGHT)" in part((tmp_path / "out.docx").read_bytes(), DOCUMENT)


@pytest.mark.parametrize(
    ("suffix", "encoding"),
    [
        *product(("html", "md", "csv"), ("gb18030", "utf-8-sig", "utf-16")),
        *product(("txt",), ("gb18030", "utf-8-sig")),
    ],
)
def test_encoding_and_line_ends_stay(suffix: str, encoding: str, tmp_path: Path) -> None:
    """The encoding of a text, its mark and its line ends stay byte for byte."""
    report = gs.generate(5, "2021")
    plain = tmp_path / f"plain.{'md' if suffix == 'txt' else suffix}"
    gs.write(report, plain)
    text = plain.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\n", "\r\n")
    if suffix == "html":
        text = text.replace('charset="utf-8"', f'charset="{encoding.removesuffix("-sig")}"')
    path = tmp_path / f"报告.{suffix}"
    path.write_bytes(text.encode(encoding))
    value = as_any(gs.get(report, CELL))
    data, _ = mended_bytes(path, {CELL: value + 1})
    assert data.decode(encoding).count("\r\n") == text.count("\r\n")
    assert data[:3] == path.read_bytes()[:3]
    assert data != path.read_bytes()


def mended_bytes(path: Path, values: dict[str, Any]) -> tuple[bytes, gs.Report]:
    """Mend a document, and give the bytes of the copy and its report."""
    out = io.BytesIO()
    gs.mend(path, values, out)
    report = gs.read(out.getvalue(), name=path.name).report
    assert report == gs.replace(gs.read(path).report, values)
    return out.getvalue(), report


def test_data_keeps_its_layout(tmp_path: Path) -> None:
    """JSON keeps its order, spaces and escapes; only the values of the figures change."""
    report = gs.generate(3, "2021")
    text = gs.dumps(report).decode().replace(":", " :\t").replace("人民", "\\u4eba\\u6c11")
    path = tmp_path / "报告.json"
    path.write_text(text, encoding="utf-8")
    value = as_any(gs.get(report, CELL))
    data, _ = mended_bytes(path, {CELL: value + 1})
    assert len(data) - len(text.encode()) in (0, 1)
    assert data.decode().count("\\u4eba") == text.count("\\u4eba")


def test_parts_of_other_formats_are_mended(tmp_path: Path) -> None:
    """A page or another Word document that stands in a Word document is changed where it stands."""
    report = gs.generate(4, "2021")
    for suffix in ("html", "docx"):
        gs.write(report, tmp_path / f"inner.{suffix}")
        inner = (tmp_path / f"inner.{suffix}").read_bytes()
        path = tmp_path / "报告.docx"
        with_parts(path, '<w:altChunk r:id="r1"/>', {f"inner.{suffix}": inner})
        value = as_any(gs.get(report, CELL))
        data, _ = mended_bytes(path, {CELL: value + 1})
        old, new = members(path.read_bytes()), members(data)
        assert [name for name in old if old[name][0] != new[name][0]] == [f"word/inner.{suffix}"]


# ---- layouts ------------------------------------------------------------------------------------


@pytest.mark.thorough
@pytest.mark.parametrize(
    "way", ["html", "docx", "md", "md html", "tabs", "bars", "lines", "spaces"]
)
def test_layouts_of_others_are_mended_or_refused(way: str, tmp_path: Path) -> None:
    """
    In every layout that documents have, the copy reads as the mended report, or one error says
    that it would not. Nine in ten are mended, or three in four of those without any border.
    """
    done, codes = 0, Counter[str]()
    for name, own in KINDS:
        if own != way:
            continue
        dice = random.Random(f"{name} {way}")
        path = tmp_path / f"报告{FORMATS[way].suffix}"
        write_page(laid_out(name, 1), FORMATS[way], path)
        try:
            reading = gs.read(path, year=2024, body="某市人民政府")
        except gs.UnreadableFile:
            continue
        cells = [
            cell
            for cell, source in reading.sources.items()
            if source.proof and not isinstance(gs.get(reading.report, cell), Decimal)
        ]
        if not cells:
            continue
        values = {cell: dice.randrange(9000) for cell in dice.sample(cells, 2)}
        out = tmp_path / "out"
        out.unlink(missing_ok=True)
        try:
            gs.mend(path, values, out, year=2024, body="某市人民政府")
        except gs.UnreadableFile as error:
            codes[error.code] += 1
            assert not out.exists()
        else:
            copy = gs.read(out.read_bytes(), name=path.name, year=2024, body="某市人民政府").report
            assert dict(gs.walk(copy)) == dict(gs.walk(gs.replace(reading.report, values)))
            done += 1
    assert done >= 5
    assert codes.keys() <= {"F-NOT-MENDED", "F-MISPLACED", "F-NO-PLACE"}
    assert codes.total() * (3 if way == "spaces" else 9) <= done + 9


# ---- calls --------------------------------------------------------------------------------------


def figures(source: Path | bytes) -> dict[str, Any]:
    """Read the figures of a file."""
    return dict(gs.walk(gs.read(source).report))


def wrong(path: Path, seed: int = 1) -> gs.Report:
    """Write a report with one wrong total, and give the right one."""
    report = gs.generate(seed, "2021")
    gs.write(gs.replace(report, {TOTAL: as_any(gs.get(report, TOTAL)) + 10}), path)
    return report


def test_changes_are_given_in_three_ways(tmp_path: Path) -> None:
    """An explanation, its changes, and new figures by cell id make the same copy."""
    path = tmp_path / "报告.docx"
    report = wrong(path)
    explanation = gs.locate(gs.read(path).report)[0]
    made = []
    for changes in (
        explanation,
        explanation.changes,
        iter(explanation.changes),
        {TOTAL: as_any(gs.get(report, TOTAL))},
    ):
        out = io.BytesIO()
        assert gs.mend(path.read_bytes(), changes, out, name="报告.docx") == ()
        made.append(out.getvalue())
    assert len({*made}) == 1
    assert figures(made[0]) == dict(gs.walk(report))


def test_standard_input_is_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dash is standard input, whatever format it has, and the open target stays open."""
    path = tmp_path / "报告.docx"
    report = wrong(path)
    stdin = io.TextIOWrapper(io.BytesIO(path.read_bytes()))
    monkeypatch.setattr("sys.stdin", stdin)
    with (tmp_path / "out.docx").open("wb") as out:
        gs.mend("-", {TOTAL: gs.get(report, TOTAL)}, out)
        assert not out.closed
    assert figures(tmp_path / "out.docx") == dict(gs.walk(report))


def test_no_change_gives_the_same_bytes(tmp_path: Path) -> None:
    """Without a change, or with figures that stand there already, the copy is the original."""
    path = tmp_path / "报告.html"
    wrong(path)
    value = gs.get(gs.read(path).report, TOTAL)
    for changes in ({}, {TOTAL: value}):
        gs.mend(path, changes, tmp_path / "out.html")
        assert (tmp_path / "out.html").read_bytes() == path.read_bytes()


def test_wrong_calls_are_refused(tmp_path: Path) -> None:
    """What cannot be is one clear error, and nothing is written."""
    path, out = tmp_path / "报告.docx", tmp_path / "out.docx"
    wrong(path)
    other = gs.Change(cell=TOTAL, found=-1, should_be=3)
    calls: list[tuple[Any, type[Exception], str]] = [
        ({"applications.nothing": 1}, gs.UnknownCell, "applications.nothing"),
        ({"year": 2020}, gs.UnknownCell, "year"),
        ({TOTAL: -1}, gs.InvalidValue, "-1"),
        ([other], gs.Incompatible, "another report"),
        (7, TypeError, "changes are"),
        ([7], TypeError, "changes are"),
    ]
    for changes, kind, text in calls:
        with pytest.raises(kind, match=text):
            gs.mend(path, changes, out)
    with pytest.raises(ValueError, match="if_exists"):
        gs.mend(path, {TOTAL: 1}, out, if_exists="no")  # type: ignore[arg-type]
    assert not out.exists()
    out.write_text("mine", encoding="utf-8")
    with pytest.raises(gs.UnreadableFile, match="is there already"):
        gs.mend(path, {TOTAL: 1}, out, if_exists="fail")
    assert out.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("suffix", ["jsonl", "parquet", "sqlite", "duckdb"])
def test_tables_of_reports_are_refused(suffix: str, tmp_path: Path) -> None:
    """A table of reports is not changed in place; the error says what to do."""
    path = tmp_path / f"报告.{suffix}"
    wrong(path)
    with pytest.raises(gs.UnreadableFile, match="read_many") as error:
        gs.mend(path, {TOTAL: 1}, tmp_path / "out")
    assert error.value.code == "F-NOT-MENDABLE-TABLE"


def test_a_table_of_several_reports_is_refused(tmp_path: Path) -> None:
    """CSV with two reports is refused as by read."""
    path = tmp_path / "两份.csv"
    gs.write_many([gs.generate(1, "2021"), gs.generate(2, "2021")], path)
    with pytest.raises(gs.UnreadableFile, match="2 reports"):
        gs.mend(path, {TOTAL: 1}, tmp_path / "out.csv")


# ---- fix ----------------------------------------------------------------------------------------


def test_fix_writes_a_copy_beside_the_original(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``fix`` names the copy as the original, says what it changed, and never overwrites."""
    for suffix in ("docx", "html", "md", "csv", "json"):
        path = tmp_path / f"2024.报告.{suffix}"
        report = wrong(path)
        before = path.read_bytes()
        assert main(["fix", str(path), "--apply", "1"]) == 0
        said = capsys.readouterr().err
        copy = tmp_path / f"2024.报告.fixed.{suffix}"
        total = as_any(gs.get(report, TOTAL))
        assert str(copy) in said
        assert f"“（七）总计 · 自然人”：{total + 10} → {total}" in said
        assert path.read_bytes() == before
        assert figures(copy) == dict(gs.walk(report))
        made = copy.read_bytes()
        assert main(["fix", str(path), "--apply", "1"]) == 2
        assert "--force" in capsys.readouterr().err
        assert main(["fix", str(path), "--apply", "1", "--force", "--lang", "en"]) == 0
        assert f"{total + 10} → {total}" in capsys.readouterr().err
        assert copy.read_bytes() == made


def test_the_source_is_never_written_to(tmp_path: Path) -> None:
    """A copy is another file: not the source, nor what leads to it, nor the one open file."""
    path = tmp_path / "report.json"
    gs.write(gs.generate(1, "2021"), path)
    before = path.read_bytes()
    (tmp_path / "link.json").symlink_to(path)
    (tmp_path / "hard.json").hardlink_to(path)
    for target in (path, str(path), tmp_path / "link.json", tmp_path / "hard.json"):
        for if_exists in (None, "replace"):
            with pytest.raises(gs.UnreadableFile, match="another name"):
                gs.mend(path, {CELL: 7}, target, if_exists=if_exists)
    with path.open("r+b") as file:
        for source, same in ((file, file), (file, path), (path, file)):
            with pytest.raises(gs.UnreadableFile, match="another name"):
                gs.mend(source, {CELL: 7}, same)
    memory = io.BytesIO(before)
    with pytest.raises(gs.UnreadableFile, match="another name"):
        gs.mend(memory, {CELL: 7}, memory, format="json")
    assert path.read_bytes() == memory.getvalue() == before


@pytest.mark.parametrize(
    ("suffix", "signature"),
    [
        ("docx", "_xmlsignatures/sig1.xml"),
        ("xlsx", "_xmlsignatures/origin.sigs"),
        ("xlsx", "META-INF/documentsignatures.xml"),
    ],
)
def test_a_signature_that_no_longer_holds_is_told(
    suffix: str, signature: str, tmp_path: Path
) -> None:
    """A copy of a signed document says that its signature is not valid, unless nothing changed."""
    path = tmp_path / f"signed.{suffix}"
    gs.write(gs.generate(1), path)
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(signature, "<Signature/>")
    (finding,) = gs.mend(path, {CELL: 7}, tmp_path / f"copy.{suffix}")
    assert (finding.code, finding.level) == ("R-SIGNED", "warning")
    assert "签名" in finding.message("zh")
    assert gs.mend(path, {}, tmp_path / f"same.{suffix}") == ()


@pytest.mark.parametrize("suffix", ["docx", "html", "md"])
def test_a_marked_copy_is_refused(
    suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy with our marks and remarks is not mended: they would stay, and be wrong."""
    path = tmp_path / f"report.{suffix}"
    right = gs.generate(1)
    damaged = gs.replace(right, {TOTAL: as_any(gs.get(right, TOTAL)) + 10})
    gs.write(damaged, path, assessment=gs.check(damaged))
    with pytest.raises(gs.UnreadableFile, match="marked") as caught:
        gs.mend(path, {TOTAL: gs.get(right, TOTAL)}, tmp_path / f"copy.{suffix}")
    assert caught.value.code == "F-MARKED"
    assert main(["fix", str(path), "--apply", "1", "--lang", "zh"]) == 2
    assert "请改原件" in capsys.readouterr().err
    assert main(["fix", str(path), "--apply", "1", "--out", str(tmp_path / "data.json")]) == 0
    assert figures(tmp_path / "data.json") == dict(gs.walk(right))
    assert {each.name for each in tmp_path.iterdir()} == {path.name, "data.json"}


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("a.xlsx", ("b.xlsx", "b.XLSX", "b"), ("b.ods", "b.xls", "b.xlsm", "b.docx", "b.json")),
        ("a.docx", ("b.docx", "b.new"), ("b.xlsx", "b.pdf", "b.doc")),
        ("a.html", ("b.html", "b.htm"), ("b.md", "b.docx")),
    ],
)
def test_a_copy_has_a_suffix_that_fits(
    name: str, right: tuple[str, ...], wrong: tuple[str, ...], tmp_path: Path
) -> None:
    """A copy does not get the suffix of another format, which no program would open."""
    gs.write(gs.generate(1, "2021"), tmp_path / name)
    for other in wrong:
        with pytest.raises(gs.UnreadableFile, match="writable"):
            gs.mend(tmp_path / name, {CELL: 7}, tmp_path / other)
        assert not (tmp_path / other).exists()
    for other in right:
        gs.mend(tmp_path / name, {CELL: 7}, tmp_path / other)
        assert gs.get(gs.read(tmp_path / other).report, CELL) == 7


def test_fix_converts_where_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Another suffix converts, and the command says what of the original is lost."""
    path = tmp_path / "报告.docx"
    report = wrong(path)
    assert main(["fix", str(path), "--apply", "1", "--out", str(tmp_path / "报告.json")]) == 0
    assert "只有报告的内容" in capsys.readouterr().err
    assert figures(tmp_path / "报告.json") == dict(gs.walk(report))
    assert main(["fix", str(path), "--apply", "1", "--out", str(tmp_path / "改正.docx")]) == 0
    assert "只有报告的内容" not in capsys.readouterr().err
    assert main(["fix", str(path), "--apply", "1", "--out", str(path), "--force"]) == 2


def test_fix_offers_other_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be changed in place is refused, with what to write instead."""
    path = tmp_path / "报告.jsonl"
    wrong(path)
    assert main(["fix", str(path), "--apply", "1"]) == 2
    said = capsys.readouterr().err
    assert ".json" in said
    assert ".docx" in said
    assert "--out" in said
    assert [*tmp_path.iterdir()] == [path]
    assert main(["fix", str(path), "--apply", "1", "--out", str(tmp_path / "报告.docx")]) == 0


@needs_office
@pytest.mark.full
def test_libreoffice_opens_each(tmp_path: Path) -> None:
    """LibreOffice opens forty mended Word documents and ten pages, and reads the mended figures."""
    wanted, files = {}, []
    for seed in range(50):
        kind = ("rich.docx", "docx", "rich.docx", "docx", "html")[seed % 5]
        dice = random.Random(seed)
        path = tmp_path / f"{seed}.{kind}"
        MAKERS[kind](gs.generate(seed, "2021"), path, dice)
        before = gs.read(path)
        values = changes_of(before.report, [*before.sources], dice)
        copy = tmp_path / f"copy{seed}.{kind.rpartition('.')[2]}"
        gs.mend(path, values, copy)
        wanted[copy.stem] = gs.replace(before.report, values)
        files.append(copy)
    words = [path for path in files if path.suffix == ".docx"]
    pages = [path for path in files if path.suffix == ".html"]
    made = convert(words, "docx:MS Word 2007 XML", tmp_path)
    made |= convert(pages, "odt", tmp_path, "--infilter=HTML (StarWriter)")
    assert made.keys() == wanted.keys()
    for stem, path in made.items():
        if path.suffix == ".docx":
            assert dict(gs.walk(gs.read(path).report)) == dict(gs.walk(wanted[stem]))


# ---- zips ---------------------------------------------------------------------------------------


class _Pipe(io.RawIOBase):
    """A file that cannot be moved in: a zip is written into it with the sizes behind the data."""

    def __init__(self) -> None:
        """Begin empty."""
        self.data = bytearray()

    def writable(self) -> bool:
        """It can be written."""
        return True

    def write(self, data: Any) -> int:
        """Add data."""
        self.data += data
        return len(data)


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("stored", [False, True])
def test_a_part_is_replaced_in_any_zip(*, streamed: bool, large: bool, stored: bool) -> None:
    """
    A part is replaced in zips with sizes before or behind their data, in four bytes or in eight,
    packed or not, with something before and behind them; all else stays byte for byte.
    """
    pipe, file = _Pipe(), io.BytesIO()
    target: Any = pipe if streamed else file
    packed = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(target, "w") as made:
        for name in ("a.xml", "b.xml", "c.bin"):
            info = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
            info.compress_type = packed
            with made.open(info, "w", force_zip64=large) as inner:
                inner.write(name.encode() * 500)
        made.comment = b"by an office"
    data = b"before" + bytes(pipe.data if streamed else file.getvalue())
    new = package.with_parts(data, {"b.xml": b"new" * 99})
    assert new.startswith(b"before")
    assert package.with_parts(data, {}) == data
    with zipfile.ZipFile(io.BytesIO(new)) as after:
        assert after.testzip() is None
        assert after.read("b.xml") == b"new" * 99
        assert after.comment == b"by an office"
    one, two = members(data), members(new)
    assert [*one] == [*two]
    assert all(one[name][0] == two[name][0] for name in ("a.xml", "c.bin"))
    assert one["b.xml"][1].date_time == two["b.xml"][1].date_time
