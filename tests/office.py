"""
LibreOffice, as the tests use it: to turn files into others, and to edit a workbook as a person
would.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

SYSTEM_PYTHON = "/usr/bin/python3"
"""The Python that LibreOffice's own bridge (python3-uno) is made for."""


def _has_bridge() -> bool:
    command = [SYSTEM_PYTHON, "-c", "import uno"]
    return (
        Path(SYSTEM_PYTHON).exists()
        and subprocess.run(command, check=False, capture_output=True).returncode == 0
    )


def has_office() -> bool:
    """Tell whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def has_bridge() -> bool:
    """Tell whether LibreOffice can be told what to do in a document."""
    return has_office() and _has_bridge()


def convert(files: list[Path], kind: str, folder: Path, *options: str) -> dict[str, Path]:
    """Let LibreOffice turn files into another kind, and give those by their stems."""
    out = folder / kind.partition(":")[0]
    command = [*_soffice(folder), *options, "--convert-to", kind, "--outdir", str(out)]
    subprocess.run([*command, *map(str, files)], check=True, capture_output=True, timeout=300)
    return {path.stem: path for path in sorted(out.glob(f"*.{out.name}"))}


def edited(
    source: Path, target: Path, edits: Mapping[str, float | None], *, insert: int | None = None
) -> Path:
    """
    Open a workbook, fill cells of its first sheet, put three rows in where told, work it out and
    save it anew.
    """
    pipe = f"govinfo{time.monotonic_ns()}"
    office = subprocess.Popen([*_soffice(target.parent), f"--accept=pipe,name={pipe};urp;"])
    try:
        told = {
            "pipe": pipe,
            "source": source.as_uri(),
            "target": target.as_uri(),
            "edits": edits,
            "insert": insert,
        }
        subprocess.run([SYSTEM_PYTHON, __file__, json.dumps(told)], check=True, timeout=120)
        office.wait(30)
    finally:
        office.kill()
        office.wait()
    return target


def _soffice(folder: Path) -> list[str]:
    profile = (folder / "profile").resolve().as_uri()
    return [
        "soffice",
        "--headless",
        "--norestore",
        "--nolockcheck",
        f"-env:UserInstallation={profile}",
    ]


def _edit(
    pipe: str, source: str, target: str, edits: Mapping[str, float | None], insert: int | None
) -> None:
    """Do the editing, inside the system's Python."""
    import uno  # type: ignore[import-not-found]

    def set_to(name: str, value: object) -> object:
        return uno.createUnoStruct("com.sun.star.beans.PropertyValue", Name=name, Value=value)

    context = uno.getComponentContext()
    resolver = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", context
    )
    for attempt in range(60):
        try:
            remote = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
            break
        except Exception:
            if attempt == 59:
                raise
            time.sleep(0.5)
    desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    document = desktop.loadComponentFromURL(source, "_blank", 0, (set_to("Hidden", True),))
    sheet = document.Sheets.getByIndex(0)
    for place, value in edits.items():
        cell = sheet.getCellRangeByName(place)
        if value is None:
            cell.setString("")
        else:
            cell.setValue(value)
    if insert is not None:
        sheet.unprotect("")
        sheet.Rows.insertByIndex(insert, 3)
    document.calculateAll()
    document.storeToURL(target, (set_to("FilterName", "Calc MS Excel 2007 XML"),))
    document.close(True)
    desktop.terminate()


if __name__ == "__main__":
    _edit(**json.loads(sys.argv[1]))
    # The bridge's threads may crash a Python that ends in order once LibreOffice is gone.
    os._exit(0)
