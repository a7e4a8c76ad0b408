"""
Compile what the checker loads to bytecode, so that a browser need not: more than half of the time
of a start goes into that otherwise. ``build.py`` has Pyodide run this, in Node.

The modules that a start and the check of a Word file, a page and data load become bytecode; the
others, which few files need, stay as they are: bytecode is larger.
"""

from __future__ import annotations

import json
import site
import sys
import zipfile
from collections.abc import Iterator
from importlib import import_module
from importlib._bootstrap_external import _code_to_hash_pyc  # type: ignore[attr-defined]
from pathlib import Path

BUILD = Path("/build")


def files_of(block: bytes) -> Iterator[tuple[str, bytes]]:
    """Go through the files of a block as build.py makes it."""
    at = block.index(b"\n") + 1
    for name, size in json.loads(block[:at]):
        yield name, block[at : at + size]
        at += size


def compiled(name: str, source: bytes) -> bytes:
    """Compile a module for a loader that does not look for its source."""
    code = compile(source, name, "exec", dont_inherit=True)
    return bytes(_code_to_hash_pyc(code, bytes(8), checked=False))


def load(files: dict[str, bytes]) -> set[str]:
    """Do what a start and the first checks do, and give the names of the modules then loaded."""
    folder = Path(site.getsitepackages()[0])
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    checker = import_module("checker")
    gs = import_module("govinfo_schema")

    report = gs.damage(gs.generate(1), "single", 1).report
    for number, suffix in enumerate(("docx", "html", "md", "json")):
        path = checker.FOLDER / str(number) / f"report.{suffix}"
        path.parent.mkdir(parents=True)
        gs.write(report, path)
        checker.check(number)
    checker.show(0, "zh", "2026-01-01")
    checker.mend(0, 0, "zh")
    return {*sys.modules}


def chosen(files: dict[str, bytes], loaded: set[str]) -> dict[str, bytes]:
    """Compile the files of the modules that were loaded."""
    made = {}
    for name, data in files.items():
        module = name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if name.endswith(".py") and module in loaded:
            made[f"{name}c"] = compiled(name, data)
        else:
            made[name] = data
    return made


def main() -> None:
    """Put bytecode into both blocks."""
    packages = dict(files_of((BUILD / "packages").read_bytes()))
    with zipfile.ZipFile(BUILD / "library.zip") as archive:
        library = {name: archive.read(name) for name in archive.namelist()}
    loaded = load(packages)
    packages = chosen(packages, loaded)
    index = json.dumps([[name, len(data)] for name, data in packages.items()])
    (BUILD / "packages").write_bytes(f"{index}\n".encode() + b"".join(packages.values()))
    with zipfile.ZipFile(BUILD / "library.zip", "w") as archive:
        for name, data in chosen(library, loaded).items():
            archive.writestr(zipfile.ZipInfo(name), data)


if __name__ == "__main__":
    main()
