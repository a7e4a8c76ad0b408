"""
Pages in a browser that reaches no other host: what a page becomes, and what axe says of it.

A page says what a test asks of it by a script that the test puts at its end.
"""

from __future__ import annotations

import json
import subprocess
from html import unescape
from pathlib import Path
from typing import Any, Final

from programs import AXE, CHROMIUM

RUN: Final = (
    "addEventListener('load', () => axe.run().then(r => { const wide = "
    "document.documentElement.scrollWidth > innerWidth; document.body.innerHTML = '<pre>' + "
    "JSON.stringify([wide, r.violations.map(v => [v.id, v.nodes[0].html]), r.passes.length])"
    ".replaceAll('&', '&amp;').replaceAll('<', '&lt;') + '</pre>'; }))"
)
"""Prints whether a page is wider than its window, what axe finds, and how many rules it passes."""


def opened(url: str, folder: Path, *more: str, size: str = "390,844") -> str:
    """Open a page, and give what it has become; *more* are options of the browser."""
    options = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND",
        f"--window-size={size}",
        "--virtual-time-budget=20000",
        f"--user-data-dir={folder}",
        "--dump-dom",
        *more,
    ]
    done = subprocess.run(
        [str(CHROMIUM), *options, url], capture_output=True, check=True, timeout=120
    )
    return done.stdout.decode()


def with_axe(page: str, run: str = RUN) -> str:
    """Put axe and a script that runs it at the end of a page."""
    scripts = f"<script>{Path(AXE).read_text(encoding='utf-8')}</script><script>{run}</script>"
    return page.replace("</body>", f"{scripts}</body>")


def printed(page: str) -> Any:
    """Give what a script printed on the page that it was put on, as JSON."""
    return json.loads(unescape(page.rpartition("<pre>")[2].partition("</pre>")[0]))
