"""
The types that all functions over files share: a path or an open file, and what to do where a file
exists.
"""

from __future__ import annotations

import os
from typing import IO, Literal

FilePath = str | os.PathLike[str]
Readable = FilePath | bytes | bytearray | memoryview | IO[bytes]
"""What a file is read from: its path, its bytes, or a file that is open in binary mode."""
Target = FilePath | IO[bytes]
"""What a file is written to: a path, or a file that is open in binary mode."""
IfExists = Literal["fail", "append", "replace"]
"""What to do where the table of a database, or a file, is there already."""
