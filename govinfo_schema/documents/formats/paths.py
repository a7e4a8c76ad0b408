"""The types that all functions over files share: a path, and what to do where a file exists."""

from __future__ import annotations

import os
from typing import Literal

FilePath = str | os.PathLike[str]
IfExists = Literal["fail", "append", "replace"]
"""What to do where the table of a database, or a file, is there already."""
