"""
What a program that uses this package needs and PyInstaller cannot see: modules that are imported by
their names, the libraries that formats import so, as far as they are installed, and the data files.
"""

from __future__ import annotations

import pkgutil
import re
from importlib.util import find_spec
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_NAMED = re.compile(r'\blibrary\(\s*"((\w+)[\w.]*)"')
"""How a module imports a library on first use: the module, and the library that it is part of."""

_sources = "".join(path.read_text(encoding="utf-8") for path in sorted(_ROOT.rglob("*.py")))
hiddenimports = [
    *(
        module.name
        for module in pkgutil.walk_packages([str(_ROOT)], f"{_ROOT.name}.")
        if "-" not in module.name
    ),
    *(name for name, library in sorted(set(_NAMED.findall(_sources))) if find_spec(library)),
]
datas = [
    (str(path), str(path.parent.relative_to(_ROOT.parent)))
    for path in sorted(_ROOT.rglob("*"))
    if path.suffix in (".css", ".json", ".toml", ".typed")
]
