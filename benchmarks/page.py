"""
Write docs/benchmarks.md: run the benchmarks one after another and put what they print on the page.

``python benchmarks/page.py``, from the root of a clone, in an environment with ``--group bench``.
It takes about a quarter of an hour; nothing else should run beside it.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "benchmarks.md"
PACKAGES: Final = (
    *("attrs", "cattrs", "dataframely", "duckdb", "jsonschema", "jsonschema-rs", "lxml", "msgspec"),
    *("openpyxl", "orjson", "pandas", "pandera", "polars", "pyarrow", "pydantic", "python-docx"),
)
RUNS: Final = (
    ("One report", "一份报告", ("one_report.py",)),
    ("Documents, and tables of many reports", "读文件和表", ("reading.py",)),
    ("Data frames", "数据框", ("frames.py",)),
    ("The equations of a million reports", "一百万份报告的勾稽关系", ("bulk.py", "1000000")),
    ("JSON lines", "JSON lines", ("lines.py", "150000", "1000000")),
)
"""The parts of the page: title in English and Chinese, and the benchmark with its arguments."""
HEAD: Final = """# Benchmarks · 速度

Written by `python benchmarks/page.py`. Peers stand side by side in one run on the same data; what
counts are the ratios, as times differ from machine to machine. What is measured, and how the peers
are kept fair, is in [benchmarks/README.md](../benchmarks/README.md). A target that was not reached
says so.

由 `python benchmarks/page.py` 运行写成。同一次运行、同一份数据，本库与其他库并列；
各机器用时不同，请看比值。没有达到的目标写明 NOT reached。
"""


def main() -> None:
    """Run the benchmarks and write the page."""
    parts = [HEAD, f"```text\n{machine()}\n```\n"]
    for english, chinese, (script, *arguments) in RUNS:
        title = english if english == chinese else f"{english} · {chinese}"
        command = " ".join(("python", f"benchmarks/{script}", *arguments))
        done = subprocess.run(
            [sys.executable, ROOT / "benchmarks" / script, *arguments],
            cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        printed = done.stdout.strip("\n")
        parts.append(f"## {title}\n\n`{command}`\n\n```text\n{printed}\n```\n")
        print(parts[-1], flush=True)
    PAGE.write_text("\n".join(parts), encoding="utf-8")


def machine() -> str:
    """Describe the machine and the versions of what is compared."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return (
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores, {memory:.0f} GB\n{versions}"
    )


if __name__ == "__main__":
    main()
