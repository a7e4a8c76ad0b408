"""
The checker in one file: opened from a disk in a browser without any network, it says what the
command line says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import layouts
import pytest
from chromium import Browser
from page_files import FORMATS, write
from programs import AXE, CHECKER, needs_checker

import govinfo_schema as gs
from govinfo_schema.cli import main
from govinfo_schema.testing import Damage

DOCUMENTS = Path(__file__).parent / "documents"
WRITTEN: tuple[tuple[gs.EditionName, Damage | None], ...] = (
    ("2021", "single"),
    ("2021", "zero_column"),
    ("2019", "pair"),
    ("2019", None),
)
"""The editions and the faults of the reports that are written in each format."""
LAID_OUT = (
    *(("html", name) for name in ("as printed", "spans lost", "colspan 4 for 5")),
    *((way, "as printed") for way in ("docx", "xlsx", "ods", "md html", "tabs", "bars", "drawn")),
)
"""Pages as other programs lay them out: the way they are written, and what is odd about them."""


# ---- the documents -------------------------------------------------------------------------------


def _written(folder: Path) -> Iterator[Path]:
    """Write reports, right and damaged ones, in every format that the page reads and we write."""
    for number, (edition, kind) in enumerate(WRITTEN):
        right = gs.generate(number, edition)
        report = right if kind is None else gs.damage(right, kind, number).report
        for suffix in ("docx", "xlsx", "html", "md", "json", "csv"):
            path = folder / f"{edition}-{kind or 'right'}.{suffix}"
            gs.write(report, path)
            yield path
    # As many offices publish: without a word of UTF-8.
    page = folder / "2021-single.html"
    yield _recoded(page, folder / "国标.html")
    yield _recoded(folder / "2021-single.csv", folder / "国标.csv")


def _recoded(source: Path, target: Path) -> Path:
    text = source.read_text(encoding="utf-8-sig").replace('charset="utf-8"', 'charset="gb2312"')
    target.write_bytes(text.encode("gb18030"))
    return target


def _laid_out(folder: Path) -> Iterator[Path]:
    for way, name in LAID_OUT:
        path = folder / f"{way}-{name}{FORMATS[way].suffix}".replace(" ", "-")
        write(layouts.laid_out(name, 3), FORMATS[way], path)
        yield path


def _published() -> list[Path]:
    return sorted(each for each in DOCUMENTS.iterdir() if each.suffix not in (".json", ".pdf"))


# ---- the browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Open the checker where there is no network, and wait until it is ready."""
    with Browser(tmp_path_factory.mktemp("browser")) as browser:
        agent = browser.value("navigator.userAgent")
        browser.call("Emulation.setUserAgentOverride", userAgent=agent, acceptLanguage="zh-CN")
        browser.open(Path(CHECKER).resolve())
        browser.until(
            "document.documentElement.dataset.ready || document.querySelector('#status.error')", 120
        )
        assert (
            browser.value("document.getElementById('status').innerText") == "已就绪，可以检查文件。"
        )
        yield browser


def _check(browser: Browser, files: list[Path]) -> list[int]:
    """Give the page files, wait until it has checked them, and return their numbers."""
    first = browser.value("numbers") + 1
    browser.choose("#files", files)
    last = first + len(files) - 1
    browser.until(
        f"numbers === {last} && [...files.values()].every(one => one.said || one.problem)"
    )
    assert browser.value("[...files.values()].filter(one => one.problem).length") == 0
    return [*range(first, last + 1)]


def _ask(browser: Browser, call: str, **facts: Any) -> Any:
    return browser.value(f"call({json.dumps({'call': call, **facts})})")


def _article(number: int, inner: str) -> str:
    return f"files.get({number}).article.querySelector({json.dumps(inner)})"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Give what runs the command in the folder of a file, and what it prints."""

    def run(path: Path, *arguments: str) -> str:
        monkeypatch.chdir(path.parent)
        main([*arguments, path.name])
        return capsys.readouterr().out

    return run


# ---- the same answers ----------------------------------------------------------------------------


@needs_checker
def test_page_says_what_the_command_line_says(
    opened: Browser, tmp_path: Path, command: Any
) -> None:
    """
    Of more than 30 documents in seven formats the page has the findings, the verdicts and the
    explanations that ``check`` and ``locate`` print, and the page to send that ``check --format
    html`` writes, byte for byte.
    """
    documents = [*_written(tmp_path), *_laid_out(tmp_path), *_published()]
    assert len(documents) > 30
    today = date.today().isoformat()  # noqa: DTZ011 (the day in the office)
    different = []
    for number, path in zip(_check(opened, documents), documents, strict=True):
        said = json.loads(_ask(opened, "answers", number=number))
        checked = json.loads(command(path, "check", "--format", "json"))
        located = json.loads(command(path, "locate", "--format", "json") or "{}")
        page = command(path, "check", "--format", "html", "--lang", "zh")
        shown = _ask(opened, "show", number=number, lang="zh", day=today)
        if said["results"] != checked["results"]:
            different.append((path.name, "check"))
        if said["explanations"] != located.get("explanations", []):
            different.append((path.name, "locate"))
        if shown["page"].strip() != page.strip():
            different.append((path.name, "page"))
    assert different == []
    opened.value("[...files.keys()].forEach(leave)")


@needs_checker
def test_nothing_is_asked_of_any_host(opened: Browser) -> None:
    """The page asks for itself and for the worker inside it, and for nothing else."""
    other = [each for each in opened.requests if not each.startswith(("file:///", "blob:"))]
    assert other == []
    assert [each for each in opened.requests if each.startswith("file:")] == [
        Path(CHECKER).resolve().as_uri()
    ]
    assert opened.errors == []


# ---- what one does with it -----------------------------------------------------------------------


@needs_checker
@pytest.mark.parametrize("suffix", ["docx", "xlsx", "html", "md", "json", "csv"])
def test_mended_file_is_saved(opened: Browser, suffix: str, tmp_path: Path) -> None:
    """A button saves a copy of the very file with the figure changed; it has no error any more."""
    right = gs.generate(5, "2021")
    path = tmp_path / f"报告.{suffix}"
    gs.write(gs.damage(right, "single", 5).report, path)
    (number,) = _check(opened, [path])
    saved = opened.downloaded(lambda: opened.value(f"{_article(number, 'li button')}.click()"))
    assert saved.name == f"报告.fixed.{suffix}"
    assert gs.check(gs.read(saved).report).ok
    saved.unlink()


@needs_checker
def test_page_to_send_is_saved(opened: Browser, tmp_path: Path) -> None:
    """A button saves the result as a page of its own, in the language of the page."""
    path = tmp_path / "报告.docx"
    gs.write(gs.damage(gs.generate(6, "2021"), "single", 6).report, path)
    (number,) = _check(opened, [path])
    send = _article(number, ".actions button")
    saved = opened.downloaded(lambda: opened.value(f"{send}.click()"))
    assert saved.name == "报告.html"
    assert saved.read_text(encoding="utf-8") == opened.value(f"files.get({number}).said.page")
    saved.unlink()


@needs_checker
def test_what_a_document_leaves_open_can_be_filled_in(opened: Browser, tmp_path: Path) -> None:
    """Where year and body are not found, the page asks for them, and then checks the report."""
    path = tmp_path / "表.txt"
    text = (DOCUMENTS / "copied-with-tabs.txt").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if "\t" in line]
    path.write_text("\n".join(rows), encoding="utf-8")
    (number,) = _check(opened, [path])
    assert opened.value(f"files.get({number}).said.asks") == ["year", "body"]
    for name, value in (("year", "2024"), ("body", "某市人民政府")):
        field = _article(number, f"input[name={name}]")
        opened.value(f"{field}.value = {json.dumps(value)}")
    opened.value(f"{_article(number, 'form')}.requestSubmit()")
    opened.until(f"files.get({number}).said.name")
    assert "某市人民政府" in opened.value(f"files.get({number}).said.name")


@needs_checker
@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("报告.pdf", (DOCUMENTS / "ruled-not-adding-up.pdf").read_bytes(), "PDF"),
        ("空.docx", b"", "空"),
        ("坏.docx", b"PK\x03\x04" + bytes(200), ""),
        ("图.png", b"\x89PNG\r\n\x1a\n" + bytes(200), ""),
    ],
)
def test_what_cannot_be_checked_is_said_in_a_line(
    opened: Browser, name: str, data: bytes, told: str, tmp_path: Path
) -> None:
    """A file that the page cannot read gets one line that says what to do, not one of Python."""
    path = tmp_path / name
    path.write_bytes(data)
    (number,) = _check(opened, [path])
    said = opened.value(f"{_article(number, '.v')}.innerText")
    assert told in said
    assert "\n" not in said
    assert not re.search(r"Error|Traceback|pip |--", said)


@needs_checker
def test_page_is_worked_by_keyboard_and_in_both_languages(opened: Browser, tmp_path: Path) -> None:
    """
    Tab leads to the language, the files and each button, always with an outline; a change of the
    language changes every word, of results too.
    """
    path = tmp_path / "报告.docx"
    gs.write(gs.damage(gs.generate(7, "2021"), "single", 7).report, path)
    opened.value("[...files.keys()].forEach(leave)")
    (number,) = _check(opened, [path])
    opened.value("document.querySelector('input[value=zh]').focus()")
    reached = []
    for _ in range(4):
        opened.press("Tab", 9)
        reached.append(
            opened.value(
                "[document.activeElement.id || document.activeElement.innerText, "
                "getComputedStyle(document.activeElement.id === 'files' ? drop : "
                "document.activeElement).outlineStyle]"
            )
        )
    assert [name for name, _ in reached] == [
        "files",
        "下载改好的文件",
        "下载可发送的结果页",
        "移除",
    ]
    assert {outline for _, outline in reached} == {"solid"}
    opened.value("document.querySelector('input[value=zh]').focus()")
    opened.press("ArrowRight", 39)
    opened.until(f"!/[下载改]/.test({_article(number, 'li')}.innerText)")
    assert opened.value("document.documentElement.lang") == "en"
    status = opened.value("document.getElementById('status').innerText")
    assert status.startswith(("Ready", "Saved"))
    words = opened.value("document.querySelector('main').innerText")
    assert "检查" not in words
    opened.press("ArrowLeft", 37)
    opened.until("document.documentElement.lang === 'zh-CN'")


@needs_checker
@pytest.mark.skipif(not AXE, reason="needs GOVINFO_SCHEMA_AXE")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_is_accessible(opened: Browser, scheme: str, tmp_path: Path) -> None:
    """With results on it the page passes axe, light and dark, and never scrolls sideways."""
    path = tmp_path / "报告.docx"
    gs.write(gs.damage(gs.generate(8, "2021"), "zero_column", 8).report, path)
    opened.value("[...files.keys()].forEach(leave)")
    _check(opened, [path, _published()[0]])
    opened.call(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-color-scheme", "value": scheme}],
    )
    opened.value(Path(AXE).read_text(encoding="utf-8") + "; 0")
    found = opened.value("axe.run().then(r => r.violations.map(v => [v.id, v.nodes[0].html]))")
    assert found == []
    for width in (1280, 390):
        opened.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=844,
            deviceScaleFactor=1,
            mobile=False,
        )
        assert opened.value("document.documentElement.scrollWidth <= innerWidth")
    opened.call("Emulation.clearDeviceMetricsOverride")
    opened.call("Emulation.setEmulatedMedia", features=[])
