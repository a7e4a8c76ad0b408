"""
Who accepts what: ``loads``, jsonschema, jsonschema-rs and ajv on damaged documents of both
editions, and two engines on random reports.

Document *n* is ``tests/damage.py``'s ``document(n)``, report *n* is made from the seed *n*: the
same on every machine. Needs Node and ajv (``GOVINFO_SCHEMA_NODE`` names the folder that npm
installed it in).

    python benchmarks/agreement.py [DOCUMENTS [REPORTS]]
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs

import govinfo_schema as gs
from govinfo_schema.form.load import detect
from govinfo_schema.form.parts import EDITIONS

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

import damage  # noqa: E402 (it stands beside the tests)


def main(documents: int = 100_000, reports: int = 10_000) -> None:
    """Print how often they agree, and the first numbers where they do not."""
    node = Node()
    counts, apart = Counter[str](), list[str]()
    for number in range(documents):
        verdicts = judged(number, node)
        if verdicts is None:
            counts["faults of the text, which have no JSON"] += 1
            continue
        counts[
            "accepted by all"
            if all(verdicts.values())
            else "refused by all"
            if not any(verdicts.values())
            else "apart"
        ] += 1
        if len(set(verdicts.values())) > 1:
            apart.append(f"{number}: {verdicts}")
    print(f"{documents} damaged documents, numbers 0 to {documents - 1}:")
    for what, count in counts.items():
        print(f"  {count:>7}  {what}")
    different = [number for number in range(reports) if not same(damage.blanked(number), node)]
    print(
        f"{reports} random reports with blanks, seeds 0 to {reports - 1}: "
        f"{reports - len(different)} answered alike"
    )
    print(*apart[:5], *different[:5], sep="\n")


class Node:
    """The runner in JavaScript, which answers line by line."""

    def __init__(self) -> None:
        command = [
            shutil.which("node") or "node",
            str(ROOT / "tests" / "conformance" / "run.mjs"),
            str(ROOT / "schemas"),
            "--answer",
        ]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=os.environ["GOVINFO_SCHEMA_NODE"],
            text=True,
            encoding="utf-8",
        )

    def ask(self, line: str) -> dict[str, Any]:
        """Give the answer for one report."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found


PYTHON = {name: jsonschema.Draft202012Validator(gs.json_schema(name)) for name in EDITIONS}
RUST = {name: jsonschema_rs.validator_for(gs.json_schema(name)) for name in EDITIONS}


def judged(number: int, node: Node) -> dict[str, bool] | None:
    """Say who accepts a damaged document; None for one whose text is at fault."""
    text = damage.document(number).text
    try:
        gs.loads(text)
        own = True
    except gs.InvalidReport as error:
        if not error.is_report:
            return None
        own = False
    data = json.loads(text)
    name = detect(data)
    return {
        "loads": own,
        "jsonschema": PYTHON[name].is_valid(data),
        "jsonschema-rs": RUST[name].is_valid(data),
        "ajv": node.ask(json.dumps(data))["conforms"],
    }


def same(report: gs.Report, node: Node) -> bool:
    """Tell whether both engines say the same of every equation of a report."""
    found, own = node.ask(gs.dumps(report).decode()), gs.check(report)
    theirs = [
        sorted((e["rule"], e["terms"][0][1], str(e.get("difference"))) for e in found[kind])
        for kind in ("broken", "unknown")
    ]
    ours = [
        sorted((e.rule.code, f"/{e.left[0].replace('.', '/')}", str(e.difference)) for e in part)
        for part in (own.broken, own.unknown)
    ]
    return bool(found["held"] == own.held and theirs == ours)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
