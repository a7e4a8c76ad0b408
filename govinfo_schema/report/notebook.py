"""
What a notebook shows of a report, and of what is said about one: a page laid out by ``documents``.

That room knows reports, and nothing here knows it: the package registers it with ``register``, and
it is loaded when the first page is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Page = Callable[[Any], str | None]

_PAGES: list[Page] = []


def register(page: Page) -> None:
    """Let this function make the pages: it takes a value and returns HTML, or None for its repr."""
    _PAGES[:] = [page]


def page(value: Any) -> str | None:
    """Return a value as a fragment of HTML; classes have this as their ``_repr_html_``."""
    return _PAGES[0](value) if _PAGES else None
