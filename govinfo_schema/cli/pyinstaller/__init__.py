"""
The hook that tells PyInstaller which modules and data files of this package a program needs; it is
found by the entry point ``pyinstaller40``, so that no flag is needed.
"""

from __future__ import annotations

from pathlib import Path


def hook_folders() -> list[str]:
    """
    Give the folder of the hook, which PyInstaller asks for.

    >>> [Path(folder).name for folder in hook_folders()]
    ['pyinstaller']
    """
    return [str(Path(__file__).parent)]
