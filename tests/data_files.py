"""The files of ``data/`` as plain data, for tests that spoil them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import govinfo_schema as gs

DATA = Path(gs.__file__).parent / "data"


def read(stem: str) -> dict[str, Any]:
    """Read a data file as it stands."""
    return tomllib.loads((DATA / f"{stem}.toml").read_text(encoding="utf-8"))
