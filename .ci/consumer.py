"""A project that uses the installed wheel, as another one would: it runs, and it type-checks."""

import json
from importlib import resources

import govinfo_schema as gs


def upheld(data: bytes) -> int | None:
    """Read one figure by its typed path."""
    report: gs.Report2019 | gs.Report2021 = gs.loads(data)
    return report.disputes.reconsideration.upheld


def main() -> None:
    """Use what the wheel promises: the calls, the data files and the published schemas."""
    report = gs.replace(
        gs.blank("2021", year=2024, body="某市人民政府"), {"disputes.reconsideration.upheld": 3}
    )
    assert upheld(gs.dumps(report)) == 3
    assert len(gs.check(report).unknown) == 42
    for edition in ("2019", "2021"):
        file = resources.files("govinfo_schema") / "schemas" / edition / "report.schema.json"
        assert json.loads(file.read_text(encoding="utf-8")) == gs.json_schema(edition)


main()
