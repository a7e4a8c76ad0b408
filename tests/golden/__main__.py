"""
Record what the library says as golden, and tell which cases changed and how.

``python tests/golden`` records anew; ``--check`` only tells; ``--facts FOLDER`` writes all that is
said, a text for each subject, to be compared with that of another state (``diff -r``).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 1 where something changed."""
    sys.path.insert(0, str(Path(__file__).parents[1]))
    from golden.cases import HERE, SUBJECTS, differences, recorded, said

    parser = argparse.ArgumentParser(prog="python tests/golden", description=__doc__)
    parser.add_argument("subjects", nargs="*", metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--check", action="store_true", help="tell what changed and record nothing")
    parser.add_argument("--facts", type=Path, metavar="FOLDER", help="write all that is said there")
    options = parser.parse_args(arguments)
    changed = 0
    for subject in options.subjects or SUBJECTS:
        if options.facts:
            _write_facts(subject, options.facts)
            continue
        with tempfile.TemporaryDirectory() as folder:
            now = said(subject, Path(folder))
        lines = differences(recorded(subject), now)
        changed += len(lines)
        print(f"{subject}: {len(now)} cases, {len(lines)} changed", *lines, sep="\n  ")
        if lines and not options.check:
            (HERE / f"{subject}.json").write_text(
                _one_line_each(now), encoding="utf-8", newline="\n"
            )
    return 1 if changed else 0


def _one_line_each(cases: dict[str, dict[str, str]]) -> str:
    lines = [
        f"{json.dumps(name, ensure_ascii=False)}: {json.dumps(cases[name], ensure_ascii=False)}"
        for name in sorted(cases)
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _write_facts(subject: str, target: Path) -> None:
    from golden.cases import SUBJECTS

    target.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        (target / f"{subject}.txt").open("w", encoding="utf-8") as file,
    ):
        for name, answer in SUBJECTS[subject](Path(folder)):
            for what, lines in sorted(answer().items()):
                print(f"## {name}: {what}", *lines, sep="\n", file=file)


if __name__ == "__main__":
    sys.exit(main())
