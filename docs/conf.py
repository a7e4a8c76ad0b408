"""
The documentation site, from the Markdown of this folder and of the project::

    sphinx-build -W --keep-going -n docs FOLDER

It needs the group ``docs`` of ``pyproject.toml``. ``pages.toml`` holds the sidebar;
``tools/pages.py`` says where the text of each page stands.
"""

from __future__ import annotations

import base64
import re
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import govinfo_schema as gs
from tools import pages

project = "govinfo_schema"
author = "The govinfo_schema authors"
version = release = gs.__version__
extensions = ["myst_parser"]
root_doc = pages.START
exclude_patterns = ["_*"]
html_theme = "furo"
html_title = f"govinfo_schema {gs.__version__}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("site.js", {"defer": "defer"})]
html_copy_source = False
html_show_copyright = False
html_use_index = False
html_search_language = "zh-en"
pygments_style = "a11y-high-contrast-light"
pygments_dark_style = "a11y-high-contrast-dark"
myst_heading_anchors = 4


# ---- search -------------------------------------------------------------------------------------


class ChineseAndEnglish(SearchEnglish):
    """
    Indexes English words by their stem, and of Chinese each character and each pair of neighbours.

    A query is cut in the same way, so a phrase is found without a dictionary of words.
    """

    lang = "zh-en"
    js_splitter_code = r"""
var splitQuery = (query) =>
  (query.match(/[\u4e00-\u9fff]+|(?:(?![\u4e00-\u9fff])[\p{Letter}\p{Number}_])+/gu) || [])
    .flatMap((word) => /[\u4e00-\u9fff]{2}/.test(word)
      ? Array.from({ length: word.length - 1 }, (_, at) => word.slice(at, at + 2))
      : [word]);
"""

    def split(self, text: str) -> list[str]:
        """Cut a text into the words of the index."""
        chinese = re.findall(r"[\u4e00-\u9fff]+", text)
        pairs = [run[at : at + 2] for run in chinese for at in range(len(run) - 1)]
        return [*re.findall(r"[^\W\u4e00-\u9fff]+", text), *pairs, *"".join(chinese)]


# ---- pages --------------------------------------------------------------------------------------

SEARCH = f"search{pages.CHINESE}"
"""The page of the search in Chinese."""
CHINESE = "[\u3000-\u9fff\uff00-\uffef“”]"
FENCE_OR_BREAK = re.compile(
    rf"{pages.FENCE.pattern}|(?<={CHINESE})\n(?={CHINESE})", re.DOTALL | re.MULTILINE
)
"""A block of code, or the end of a line between two Chinese characters."""


class Chart(Directive):
    """A picture that ``gs.chart`` draws of the reports whose files its lines name."""

    has_content = True
    option_spec: ClassVar = {"alt": str}

    def run(self) -> list[nodes.Node]:
        """Draw the picture into the page."""
        lang = pages.lang_of(self.state.document.settings.env.docname) or "zh"
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "chart.svg")
            gs.chart([gs.read(pages.ROOT / line).report for line in self.content], path, lang=lang)
            data = base64.b64encode(path.read_bytes()).decode()
        image = f'<img alt="{self.options["alt"]}" src="data:image/svg+xml;base64,{data}">'
        return [nodes.raw("", f"<p>{image}</p>", format="html")]


def read_page(app: Sphinx, page: str, content: list[str]) -> None:
    """
    Read the text of a page where it stands, and put the pages below it into the sidebar.

    The empty line that ends a doctest is left out, and so is the end of a line between two Chinese
    characters, which a browser would show as a space.
    """
    for path in (pages.pages()[page], pages.DOCS / "pages.toml"):
        app.env.note_dependency(str(path))
    content[0] = FENCE_OR_BREAK.sub(
        lambda found: found[0].replace("\n\n```", "\n```").strip("\n"), pages.text_of(page)
    )
    if page == pages.START:
        for part in pages.settings()["part"]:
            content[0] += _toctree(f":caption: {part['caption']}", part["pages"])
    for pattern in filter(None, [pages.settings()["below"].get(page)]):
        content[0] += _toctree(":glob:", [Path(pattern).name])


def _toctree(option: str, entries: Iterable[str]) -> str:
    return "\n".join(["", "", "```{toctree}", ":hidden:", option, "", *entries, "```", ""])


def dress_page(
    _app: Sphinx, page: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Give a page the words of the theme in its language, and no sidebar in another language."""
    lang = pages.lang_of(page)
    if lang == "zh":
        words, pathto = pages.settings()["words"], context["pathto"]
        context["language"] = "zh-CN"
        context["_"] = context["gettext"] = lambda text: words.get(text, text)
        context["pathto"] = lambda target, *rest: pathto(
            SEARCH if target == "search" else target, *rest
        )
    others = [
        part["caption"]
        for part in pages.settings()["part"]
        if lang and part.get("lang", lang) != lang
    ]
    context["furo_navigation_tree"] = "".join(
        part.replace('role="heading"', 'role="heading" aria-level="2"')
        for part in re.split(r'(?=<p class="caption")', context["furo_navigation_tree"])
        if not any(f">{caption}<" in part.partition("</p>")[0] for caption in others)
    )


def search_page(_app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Give the page of the search in Chinese."""
    yield SEARCH, {}, "search.html"


def finish(app: Sphinx, exception: Exception | None) -> None:
    """Let the first page be ``index.html`` as well."""
    if exception is None and app.builder.format == "html":
        shutil.copyfile(Path(app.outdir, f"{pages.START}.html"), Path(app.outdir, "index.html"))


def setup(app: Sphinx) -> None:
    """Register what this file adds to Sphinx."""
    app.add_search_language(ChineseAndEnglish)
    app.add_directive("chart", Chart)
    app.connect("source-read", read_page)
    app.connect("html-page-context", dress_page, priority=600)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", finish)
