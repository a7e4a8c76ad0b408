"""
The documentation site: every page can be reached, every link leads somewhere, every example runs.

The examples of Python run as doctests, wherever they stand; what commands print is held here.
"""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

import attrs
import pytest
from browsing import opened, printed, with_axe
from programs import needs_axe, needs_chromium

import govinfo_schema as gs
from tools import pages
from tools.publish import api

ROOT = pages.ROOT
PAGES = pages.pages()
CHECKED = {*PAGES.values(), *ROOT.glob("*.md")}
"""The Markdown files of the project whose links are checked."""
SEEN = (
    "index",
    "tutorials/office.zh-CN",
    "tutorials/researcher",
    "reference/2021",
    "reference/api",
    "command-line.zh-CN",
)
"""Six pages that stand for all: both languages, tables, code, a picture, wide and long."""


# ---- the pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", sorted(CHECKED), ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_links_lead_somewhere(path: Path) -> None:
    """A link between pages leads to a file that is there, and to an anchor that is on it."""
    for file, anchor in pages.links_of(path):
        assert file.exists(), f"no {file}"
        assert not anchor or anchor in pages.anchors_of(file), f"no #{anchor} in {file}"


def test_links_of_the_site_lead_to_files() -> None:
    """A page of the site links to no folder: a site has none, and a reader of it no repository."""
    assert [
        (page, file.name)
        for page, path in PAGES.items()
        for file, _ in pages.links_of(path)
        if file.is_dir()
    ] == []


def test_every_page_stands_in_the_sidebar_once() -> None:
    """The sidebar and the pages below its pages name each page once, and none that is not there."""
    named = [page for part in pages.settings()["part"] for page in part["pages"]]
    for pattern in pages.settings()["below"].values():
        named += [page for page in PAGES if Path(page).match(pattern)]
    assert sorted([pages.START, *named]) == sorted(PAGES)


def test_twins_lead_to_each_other() -> None:
    """
    Both languages have the same pages in the same order, and a page that exists in both links to
    the other at its head.
    """
    zh, en = (
        next(part["pages"] for part in pages.settings()["part"] if part.get("lang") == lang)
        for lang in ("zh", "en")
    )
    assert list(map(pages.twin_of, zh)) == en
    assert [page for page in PAGES if page.endswith(pages.CHINESE) and page not in zh] == []
    for page in (*zh, *en):
        head = PAGES[page].read_text(encoding="utf-8").partition("\n## ")[0]
        other = PAGES[str(pages.twin_of(page))].name
        assert f"]({other})" in head, f"{page} does not link to {other}"


def test_page_shown_from_elsewhere_says_where() -> None:
    """In ``docs/`` a page whose text stands elsewhere is one link to it, for those who browse."""
    for page, path in pages.settings()["shown"].items():
        ((file, anchor),) = pages.links_of(pages.DOCS / f"{page}.md")
        assert (file, anchor) == (ROOT / path, "")


# ---- the examples -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(gs.__all__))
def test_public_name_has_an_example(name: str) -> None:
    """
    Every public name has an example on the page of public names, in its own words or in those of
    its methods. The page runs as a doctest.
    """
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    own = page.partition(f"\n### `{name}`\n")[2]
    assert ">>> " in re.split(r"^##+ ", own, maxsplit=1, flags=re.MULTILINE)[0], (
        f"give {name} an example in its docstring, in {api.names()[name].source.name}"
    )


def test_classes_without_a_public_name_are_described() -> None:
    """The page of public names lists what the attributes of the objects that a user meets hold."""
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    edition = gs.edition("2021")
    cell = next(iter(edition.cells.values()))
    explanation = gs.locate(gs.damage(gs.generate(1), "single", 1).report)[0]
    rule, reason = explanation.mends[0].rule, explanation.reason
    label, (table, *_) = cell.sources[0], edition.tables
    things: tuple[Any, ...] = (cell.row, cell.column, label, table, edition.rules[0], rule, reason)
    for thing in things:
        (line,) = re.findall(rf"^\| `{type(thing).__name__}` \|.*$", page, re.MULTILINE)
        for field in attrs.fields(type(thing)):
            assert field.name.startswith("_") or f"`{field.name}: " in line, (thing, field.name)


def test_examples_are_python() -> None:
    """A block of Python without a prompt, which no doctest runs, is Python all the same."""
    for path in CHECKED:
        text = path.read_text(encoding="utf-8")
        for block in re.findall(r"^```python\n(?!>>>)(.+?)^```", text, re.DOTALL | re.MULTILINE):
            if "docs/reference" not in path.as_posix():
                ast.parse(block)


@pytest.mark.parametrize(
    "page",
    [name for name, path in PAGES.items() if "```console\n" in path.read_text(encoding="utf-8")],
)
def test_commands_print_what_the_pages_show(
    page: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A command that a page shows prints what the page shows, at least its first lines. The commands
    of a page run one after the other in a folder with the examples, so that one reads what another
    has written.
    """
    from govinfo_schema.cli import main

    shutil.copytree(ROOT / "docs" / "examples", tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    text = PAGES[page].read_text(encoding="utf-8")
    for block in re.findall(r"^```console\n(.+?)^```", text, re.DOTALL | re.MULTILINE):
        for command, shown in re.findall(
            r"^\$ govinfo-schema (.+)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE
        ):
            main(shlex.split(command))
            printed = capsys.readouterr()
            assert f"{printed.err}{printed.out}".startswith(shown)


# ---- the site -----------------------------------------------------------------------------------


class _Loaded(HTMLParser):
    """Collects what a page loads when it is opened, and the languages that it says it is in."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.lang = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a source or a style sheet; a link that a reader may follow is none."""
        given = dict(attrs)
        self.lang = given.get("lang") or self.lang if tag == "html" else self.lang
        named = [given.get("src"), given.get("data"), given.get("srcset"), given.get("poster")]
        rel = (given.get("rel") or "").split()
        if tag == "link" and not {"canonical", "author", "next", "prev"} & {*rel}:
            named.append(given.get("href"))
        self.sources += filter(None, named)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site, with every warning an error."""
    folder = tmp_path_factory.mktemp("site")
    command = ["-m", "sphinx", "-W", "--keep-going", "-n", "-q", str(pages.DOCS), str(folder)]
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder


@pytest.mark.thorough
def test_site_has_every_page_and_loads_nothing_from_elsewhere(built: Path) -> None:
    """
    Each page is built in its language, and neither a page nor a script or style sheet of the site
    loads anything from another host.
    """
    for page in PAGES:
        loaded = _Loaded()
        loaded.feed((built / f"{page}.html").read_text(encoding="utf-8"))
        assert [each for each in loaded.sources if re.match(r"(?!data:)\w+:|//", each)] == []
        assert loaded.lang == ("zh-CN" if pages.lang_of(page) == "zh" else "en")
    for path in built.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text), path.name
    for path in built.rglob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?:fetch|importScripts|import)\(\s*[\"'`](?:https?:)?//", text)
        assert not re.search(r"\.src\s*=\s*[\"'`](?:https?:)?//", text), path.name
    assert (built / "index.html").read_bytes() == (built / "README.html").read_bytes()


@needs_chromium
@pytest.mark.parametrize(
    ("words", "page"),
    [
        ("勾稽关系", "reference/rules"),
        ("信息处理费", "for-offices.zh-CN"),
        ("空白不等于零", "results.zh-CN"),
        ("退", "command-line.zh-CN"),
        ("exit codes", "command-line"),
        ("overwritten", "command-line"),
        ("applications.outcomes.total", "reference/2021"),
        ("结转 Y-CARRY", "between"),
    ],
)
def test_search_finds_both_languages_offline(
    built: Path, words: str, page: str, tmp_path: Path
) -> None:
    """The search finds phrases of both languages without a server, and says so in each."""
    chinese = not words.isascii()
    search = built / ("search.zh-CN.html" if chinese else "search.html")
    shown = opened(f"{search.as_uri()}?q={quote(words)}", tmp_path)
    assert ("搜索结果" in shown, "Search Results" in shown) == (chinese, not chinese)
    found = re.findall(r'<a href="([^"#?]+)\.html[^"]*" data-score', shown)
    assert page in found
    assert len({*found}) < len(PAGES) / 2


@needs_axe
@pytest.mark.parametrize("page", SEEN)
def test_page_of_the_site_is_accessible(built: Path, page: str, tmp_path: Path) -> None:
    """A page passes axe without a violation and does not scroll sideways on a narrow screen."""
    text = (built / f"{page}.html").read_text(encoding="utf-8")
    path = built / f"{page}.axe.html"
    path.write_text(with_axe(text), encoding="utf-8")
    shown = opened(path.as_uri(), tmp_path)
    path.unlink()
    wide, violations, passes = printed(shown)
    assert (violations, wide) == ([], False)
    assert passes > 10
