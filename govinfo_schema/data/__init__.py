"""
The law and the words, as data: the editions of the form, their rules, heuristics, sentences and
phrases.

Other rooms read a file with ``read_data``, by its name without ``.toml``; each file is parsed once
a process. This room knows no report.
"""

from __future__ import annotations

from typing import Any

from govinfo_schema.data.once import once


@once
def read_data(stem: str) -> dict[str, Any]:
    """
    Read one file of this folder.

    Returns: the same dict at every call, to be read and never changed.
    """
    # On first use: the two modules cost a fifth of the import of the whole package.
    import tomllib  # noqa: PLC0415
    from importlib import resources  # noqa: PLC0415

    with resources.files(__name__).joinpath(f"{stem}.toml").open("rb") as file:
        return tomllib.load(file)
