"""
Write every generated file into a copy of the project: ``python -m tools.publish FOLDER``.

The classes of a report come first, and the rest in a process of its own: it imports them.
"""

import subprocess
import sys
from pathlib import Path

from govinfo_schema.documents.formats import put
from tools.publish.model import PATH, model

if __name__ == "__main__":
    folder = sys.argv[1]
    put(model(), Path(folder, PATH))
    subprocess.run([sys.executable, "-m", "tools.publish.schemas", folder], check=True)  # noqa: S603
