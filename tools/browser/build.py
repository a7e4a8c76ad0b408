"""
Make the checker in one file: a page that checks reports in a browser, without a network and without
Python: ``python -m tools.browser.build OUT.html``.

It holds Pyodide (Python as WebAssembly, from npm), this package as pip builds it from the tree,
and the wheels of what it needs (``packages.txt``), all of it compressed. ``page.*`` is what its
user sees, ``worker.js`` and ``checker.py`` run the package, and ``stand_ins`` holds what has no
wheel for a browser. Nothing else is another engine: the page says what the command line says.

It needs Node, npm and pip, and what they need to fetch packages.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parent.parent
PACKAGES: Final = HERE / "packages.txt"
MOST: Final = 12_000_000
"""So many bytes the page has at most."""
OURS: Final = {
    "checker.py": HERE / "checker.py",
    "words.toml": HERE / "words.toml",
    "rpds.py": HERE / "stand_ins" / "rpds.py",
    "lxml/etree.py": HERE / "stand_ins" / "lxml_etree.py",
}
"""What stands beside the packages, by the name under which it is imported."""
LEFT_OUT: Final = re.compile(
    r"(?:.*/)?(?:__pycache__|tests|benchmarks|cli/__main__\.py)(?:/.*)?|.*\.(?:pyi|typed|dist-info/.*)"
    r"|govinfo_schema/(?:charts\.py|schemas/.*)"
    r"|charset_normalizer/(?:cli/.*|cd\.py|md\.py)"
)
"""Files of the packages that the checker never reads."""
LIBRARY_LEFT_OUT: Final = re.compile(
    r"(?:_pyrepl|concurrent/interpreters|ctypes|curses|dbm|ensurepip|idlelib|lib2to3|multiprocessing|profiling|pydoc_data"
    r"|sqlite3/__main__\.py|tkinter|turtledemo|unittest|venv|wsgiref|xmlrpc|zoneinfo)/.*"
    r"|(?:_pydecimal|_pyio|cProfile|doctest|ftplib|imaplib|mailbox|pdb|pickletools|poplib|profile|pstats"
    r"|pydoc|smtplib|tarfile|this|timeit|trace|tracemalloc|turtle|webbrowser)\.py"
)
"""Files of Python's own library that nothing of the checker imports."""


Blocks = dict[str, bytes]
"""What the page holds, by the id of its element."""


# ---- what is fetched -----------------------------------------------------------------------------


def pyodide() -> tuple[str, str]:
    """Return the version of Pyodide and the hash of its package on npm."""
    found = re.search(
        r"^# pyodide==(\S+) --integrity=(\S+)$", PACKAGES.read_text("utf-8"), re.MULTILINE
    )
    if not found:
        raise SystemExit(f"{PACKAGES} names no Pyodide")
    return found[1], found[2]


def fetch_pyodide(folder: Path) -> dict[str, bytes]:
    """
    Fetch the files of Pyodide by name.

    Raises: SystemExit where they are not the ones that ``packages.txt`` names.
    """
    version, integrity = pyodide()
    said = _run("npm", "pack", "--silent", "--pack-destination", str(folder), f"pyodide@{version}")
    data = (folder / said.split()[-1]).read_bytes()
    kind, _, digest = integrity.partition("-")
    if base64.b64encode(hashlib.new(kind, data).digest()).decode() != digest:
        raise SystemExit(f"pyodide {version} is not the one that {PACKAGES.name} names")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        return {
            member.name.removeprefix("package/"): file.read()
            for member in archive
            if (file := archive.extractfile(member))
        }


def fetch_wheels(folder: Path, lock: Mapping[str, Any]) -> list[Path]:
    """
    Fetch the wheels that ``packages.txt`` names, for the Python of a Pyodide, and build our own.

    Raises: SystemExit where one cannot be had, or has another hash.
    """
    python = "".join(lock["info"]["python"].split(".")[:2])
    tags = ("--implementation", "cp", "--abi", f"cp{python}", "--abi", "none")
    platform = f"pyemscripten_{lock['info']['abi_version']}_wasm32"
    _run(
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"),
        *("--only-binary", ":all:", "--platform", platform, "--python-version", python, *tags),
        *("--dest", str(folder), "--requirement", str(PACKAGES)),
    )
    _run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"),
        *("--wheel-dir", str(folder), str(ROOT)),
    )
    return sorted(folder.glob("*.whl"))


def _run(*command: str) -> str:
    """
    Run a program, and return what it prints.

    Raises: SystemExit with what it says is wrong.
    """
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (npm and pip)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:5])} failed:\n{done.stderr}")
    return done.stdout


# ---- what is put into the page -------------------------------------------------------------------


def worker(files: Mapping[str, bytes]) -> bytes:
    """
    Return the script of the worker: Pyodide, and ours behind it.

    A page that was opened from a disk cannot give its worker modules, so they are made one plain
    script; Pyodide asks whether it runs in such a one, and would refuse to.
    Raises: SystemExit where Pyodide is not made as it was.
    """
    module = files["pyodide.asm.mjs"].decode()
    module = _replaced(
        module,
        "export default _createPyodideModule",
        "globalThis._createPyodideModule=_createPyodideModule",
        1,
    )
    module = _replaced(module, "import.meta.url", "location.href")
    loader = files["pyodide.js"].decode().partition("//# sourceMappingURL")[0]
    own = (HERE / "worker.js").read_text("utf-8")
    return f"self.importScripts = undefined;\n{loader}\n{module}\n{own}".encode()


def _replaced(text: str, before: str, after: str, count: int | None = None) -> str:
    found = text.count(before)
    if not found or (count and found != count):
        raise SystemExit(f"Pyodide has {found} times {before!r}: look at worker() again")
    return text.replace(before, after)


def library(data: bytes) -> bytes:
    """Return Python's own library without what nothing needs, as a zip that is not compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(made, "w") as target:
        for name in sorted(source.namelist()):
            if not name.endswith("/") and not LIBRARY_LEFT_OUT.fullmatch(name):
                target.writestr(zipfile.ZipInfo(name), source.read(name))
    return made.getvalue()


def packages(wheels: Iterable[Path]) -> bytes:
    """
    Return the files of the packages as one block: a line of JSON with their names and sizes, then
    one file after another.
    """
    files = dict(sorted(_files(wheels)))
    index = json.dumps([[name, len(data)] for name, data in files.items()])
    return f"{index}\n".encode() + b"".join(files.values())


def _files(wheels: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if not name.endswith("/") and not LEFT_OUT.fullmatch(name):
                    yield name, archive.read(name)
    for name, path in OURS.items():
        yield name, path.read_bytes()
    yield "lxml/__init__.py", b""


def with_bytecode(files: Mapping[str, bytes], wheels: Iterable[Path], folder: Path) -> Blocks:
    """
    Return the library and the packages, with bytecode for what a start loads (``bytecode.py``).

    Raises: SystemExit where the packages do not run.
    """
    for name, data in files.items():
        if "/" not in name:
            (folder / name).write_bytes(data)
    # Pyodide asks for a library of sockets, of which nothing is used.
    (folder / "node_modules" / "ws").mkdir(parents=True)
    (folder / "node_modules" / "ws" / "index.js").touch()
    (folder / "library.zip").write_bytes(library(files["python_stdlib.zip"]))
    (folder / "packages").write_bytes(packages(wheels))
    _run("node", str(HERE / "bytecode.mjs"), str(folder))
    return {
        "library": (folder / "library.zip").read_bytes(),
        "packages": (folder / "packages").read_bytes(),
    }


def page(blocks: Mapping[str, bytes], lock: Mapping[str, Any], version: str) -> str:
    """Return the page with all that it needs inside."""
    words = tomllib.loads((HERE / "words.toml").read_text("utf-8"))
    style = (ROOT / "govinfo_schema" / "pages" / "style.css").read_text("utf-8")
    abi = {name: lock["info"][name] for name in ("arch", "platform", "python", "abi_version")}
    parts = {
        **{name: html.escape(text) for name, text in words["zh"].items() if isinstance(text, str)},
        "style": style + (HERE / "page.css").read_text("utf-8"),
        "words": _json(words),
        "facts": _json({"abi": abi, "version": version}),
        "script": (HERE / "page.js").read_text("utf-8"),
        "blocks": "\n".join(
            f'<script type="application/octet-stream" id="{name}">{_packed(data)}</script>'
            for name, data in blocks.items()
        ),
    }
    text = (HERE / "page.html").read_text("utf-8")
    return re.sub(r"{{(\w+)}}", lambda match: parts[match[1]], text)


def _json(data: Any) -> str:
    """Write JSON that may stand in a script element."""
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


def _packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data, 9, mtime=0)).decode()


def build(target: Path) -> int:
    """
    Write the page, and return its size.

    Raises: SystemExit where something cannot be had, or the page has become too large.
    """
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        files = fetch_pyodide(folder)
        lock = json.loads(files["pyodide-lock.json"])
        wheels = fetch_wheels(folder, lock)
        (own,) = folder.glob("govinfo_schema-*.whl")
        blocks = {
            "script": worker(files),
            "wasm": files["pyodide.asm.wasm"],
            **with_bytecode(files, wheels, folder),
        }
        text = page(blocks, lock, own.name.split("-")[1])
    size = len(text.encode())
    if size > MOST:
        raise SystemExit(f"the page has {size:,} bytes, more than {MOST:,}")
    target.write_text(text, encoding="utf-8")
    return size


if __name__ == "__main__":
    out = Path(sys.argv[1] if len(sys.argv) > 1 else "checker.html")
    print(f"{out}: {build(out):,} bytes")
