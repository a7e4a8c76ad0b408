"""
HTML for the pages: every text is escaped, and a page is one file that needs nothing else.

A page runs no script and fetches nothing, which its own policy holds too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from importlib import resources
from typing import Final

from govinfo_schema.data.once import once
from govinfo_schema.documents.document import RESULTS
from govinfo_schema.messages import Lang, phrase

TAGS: Final = {"zh": "zh-CN", "en": "en"}
"""The tags of the languages."""
POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"
KEPT: Final = "\n\t"
LOST: Final = "□"
"""What stands for a sign that is not printed, or that turns the text around it."""


def legible(text: str) -> str:
    r"""
    Replace the signs that show nothing or change how others are shown, such as the override of the
    direction of writing.

    >>> legible("某市\u202e局\x00\u3000甲")
    '某市□局□\u3000甲'
    """
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign in KEPT or unicodedata.category(sign) == "Zs" else LOST
        for sign in text
    )


def shown(text: object) -> str:
    """
    Return a text as HTML shows it.

    >>> shown("<某市> & “某局”")
    '&lt;某市&gt; &amp; “某局”'
    """
    return escape(legible(str(text))).replace("\n", "<br>")


def said(name: str, lang: Lang, /, **facts: object) -> str:
    """Return a message of the catalogue as HTML."""
    return shown(phrase(name, lang, **facts))


def isolated(text: object) -> str:
    """Return a name as HTML, kept apart from the direction of the text around it."""
    return f"<bdi>{shown(text)}</bdi>"


def chinese(text: object, lang: Lang) -> str:
    """Return a name or a label of the form as HTML, which on an English page is in Chinese."""
    return isolated(text) if lang == "zh" else f'<bdi lang="zh-CN">{shown(text)}</bdi>'


def section(anchor: str, title: str, *pieces: str) -> str:
    """Return a section of a page under its heading."""
    body = "\n".join(pieces)
    return f'<section id="{anchor}">\n<h2>{title}</h2>\n{body}\n</section>'


def listed(items: Iterable[str], tag: str = "ul") -> str:
    """Return items as a list."""
    return f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return names with what is said of each as a list of descriptions; without the empty ones."""
    rows = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in pairs if value)
    return f"<dl>{rows}</dl>" if rows else ""


def table(name: str, heads: Sequence[str], rows: Iterable[str], numbers: Iterable[int] = ()) -> str:
    """
    Return a table in a frame of its own, which scrolls where the table is wider than the page.

    *rows* are whole rows; *numbers*: the columns of numbers, counted from 0.
    """
    right = frozenset(numbers)
    head = "".join(
        f'<th scope="col"{" class=n" if at in right else ""}>{each}</th>'
        for at, each in enumerate(heads)
    )
    body = "\n".join(rows)
    return scrolled(
        name,
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>",
    )


def scrolled(name: str, content: str) -> str:
    """Return what may be wider than the page in a frame that scrolls, with the keyboard too."""
    return f'<div class="wide" role="region" aria-label="{name}" tabindex="0">\n{content}\n</div>'


def page(title: str, pieces: Iterable[str], lang: Lang) -> str:
    """Return a whole page: its head with the styles, and its body."""
    body = "\n".join(pieces)
    return f"""<!DOCTYPE html>
<html lang="{TAGS[lang]}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="{RESULTS[0]}" content="{RESULTS[1]}">
<title>{shown(title)}</title>
<style>
{style()}</style>
</head>
<body>
{body}
</body>
</html>
"""


@once
def style() -> str:
    """Return the styles of the pages, ``style.css``."""
    return resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")
