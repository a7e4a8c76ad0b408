"""
The pages of the documentation site: which there are, where their text stands, what they link to.

``docs/conf.py`` builds the site with it, and ``tests/test_site.py`` holds every page to it. It
needs nothing but Python.
"""

from __future__ import annotations

import os.path
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
DOCS: Final = ROOT / "docs"
START: Final = "README"
"""The first page, which is ``index.html`` too."""
LINK: Final = re.compile(r"(?<=\]\()([^()\s:#]*)(#[^()\s]*)?(?=\))")
"""The target of a link inside the project: a path, an anchor or both."""
FENCE: Final = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
CODE: Final = re.compile(rf"({FENCE.pattern}|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
CHINESE: Final = ".zh-CN"


@cache
def settings() -> dict[str, Any]:
    """Read ``docs/pages.toml``."""
    return tomllib.loads((DOCS / "pages.toml").read_text(encoding="utf-8"))


@cache
def pages() -> dict[str, Path]:
    """
    Give every page of the site by its name, and the file that holds its text.

    >>> pages()["reference/2021"].relative_to(ROOT).as_posix()
    'docs/reference/2021.md'
    >>> pages()["changelog"].relative_to(ROOT).as_posix()
    'CHANGELOG.md'
    """
    there = {
        path.relative_to(DOCS).with_suffix("").as_posix(): path
        for path in sorted(DOCS.rglob("*.md"))
    }
    return there | {page: ROOT / path for page, path in settings()["shown"].items()}


def lang_of(page: str) -> str | None:
    """
    Give the language of a page that stands in one: Chinese by its name, English by its place.

    >>> lang_of("guide"), lang_of("guide.zh-CN"), lang_of("reference/2021")
    ('en', 'zh', None)
    """
    if page.endswith(CHINESE):
        return "zh"
    return next(
        (part["lang"] for part in settings()["part"] if page in part["pages"] and "lang" in part),
        None,
    )


def twin_of(page: str) -> str | None:
    """
    Give the page that says the same in the other language, if there is one.

    >>> twin_of("guide"), twin_of("guide.zh-CN"), twin_of("stability")
    ('guide.zh-CN', 'guide', None)
    """
    twin = page.removesuffix(CHINESE) if page.endswith(CHINESE) else f"{page}{CHINESE}"
    return twin if twin in pages() else None


def text_of(page: str) -> str:
    """
    Give the text of a page, with links that lead from its place in the site: one to a file that
    the site shows leads to the page that shows it.

    >>> "](stability.md)" in text_of("changelog")
    True
    """
    path = pages()[page]
    shown = {file: name for name, file in pages().items()}

    def moved(match: re.Match[str]) -> str:
        target, anchor = match[1], match[2] or ""
        if not target:
            return match[0]
        file = Path(os.path.normpath(path.parent / target))
        place = DOCS / f"{shown[file]}.md" if file in shown else file
        return Path(os.path.relpath(place, (DOCS / page).parent)).as_posix() + anchor

    parts = CODE.split(path.read_text(encoding="utf-8"))
    return "".join(
        part if number % 2 else LINK.sub(moved, part) for number, part in enumerate(parts)
    )


def links_of(path: Path) -> Iterator[tuple[Path, str]]:
    """Give the file and the anchor that each link of a file to the project leads to."""
    for match in LINK.finditer(CODE.sub("", path.read_text(encoding="utf-8"))):
        file = Path(os.path.normpath(path.parent / match[1])) if match[1] else path
        yield file, (match[2] or "").removeprefix("#")


def anchors_of(path: Path) -> set[str]:
    """
    Give the anchors of a page: of its headings, as GitHub and MyST make them, and of its ids.

    >>> sorted(anchors_of(ROOT / "SECURITY.md"))
    ['security']
    """
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    anchors = set(re.findall(r' id="([^"]+)"', text))
    seen: Counter[str] = Counter()
    for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        anchors.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
        seen[slug] += 1
    return anchors
