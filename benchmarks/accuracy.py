"""
Count what is read right, format by format: documents of known content, written here and by the
programs that offices use.

Run it in an environment with ``--group bench``. LibreOffice, Chromium and pdftotext are used where
they are installed.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import govinfo_schema as gs

EXAMPLES: Final = Path(__file__).parents[1] / "docs" / "examples"
KINDS: Final = ("docx:MS Word 2007 XML", "doc", "odt", "rtf", "pdf", "html")
"""What LibreOffice makes of a Word document."""
SHEETS: Final = ("xlsx", "ods", "xls")
"""What LibreOffice makes of a page, opened as a sheet."""
FATES: Final = ("right", "blank", "silent", "wrong")


def main() -> None:
    """
    Write every example and the empty form in every format, read each back, and print the table.
    """
    reports = {path.stem: gs.loads(path.read_bytes()) for path in sorted(EXAMPLES.glob("*.json"))}
    reports["blank"] = gs.blank("2021", year=2024, body="某市人民政府")
    counts: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as name:
        for kind, path in documents(reports, Path(name)):
            counts.setdefault(kind, Counter()).update(fates(path, reports[path.stem]))
    print(f"{'':32}" + "".join(f"{each:>9}" for each in ("files", *FATES)))
    for kind, found in counts.items():
        print(f"{kind:32}" + "".join(f"{found[each]:>9}" for each in ("files", *FATES)))


def fates(path: Path, report: gs.Report) -> Iterator[str]:
    """
    Name what became of each figure: right, blank with a finding that names it, blank without, or
    wrong.
    """
    yield "files"
    reading = gs.read(path, year=report.year, body=report.body.name)
    read = dict(gs.walk(reading.report))
    named = {cell for finding in reading.findings for cell in finding.cells}
    for cell, value in gs.walk(report):
        found = read.get(cell)
        yield (
            "right"
            if found == value
            else "wrong"
            if found is not None
            else "blank"
            if cell in named
            else "silent"
        )


def documents(reports: dict[str, gs.Report], folder: Path) -> Iterator[tuple[str, Path]]:
    """Make the documents: how each was made, and where it is."""
    for suffix in (".html", ".docx", ".md", ".json"):
        for name, report in reports.items():
            gs.write(report, folder / f"{name}{suffix}")
            yield f"written as {suffix}", folder / f"{name}{suffix}"
    printed: list[tuple[str, Path]] = []
    if office := shutil.which("soffice"):
        for kind in KINDS:
            for path in converted(office, sorted(folder.glob("*.docx")), kind, folder / "word"):
                printed += [("LibreOffice", path)] if kind == "pdf" else []
                yield f"LibreOffice, {path.suffix}", path
        for kind in SHEETS:
            for path in converted(
                office,
                sorted(folder.glob("*.html")),
                kind,
                folder / "sheet",
                "--infilter=HTML (StarCalc)",
            ):
                yield f"LibreOffice, {path.suffix}", path
    if chromium := shutil.which("chromium") or shutil.which("google-chrome"):
        for path in sorted(folder.glob("*.html")):
            target = folder / "printed" / f"{path.stem}.pdf"
            target.parent.mkdir(exist_ok=True)
            switches = (
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
            )
            profile = f"--user-data-dir={folder / 'chromium'}"
            run([chromium, *switches, profile, f"--print-to-pdf={target}", path.as_uri()])
            printed.append(("Chromium", target))
            yield "Chromium, .pdf", target
    yield from texts(printed, folder)


def converted(
    office: str, paths: Sequence[Path], kind: str, folder: Path, *options: str
) -> list[Path]:
    """Let LibreOffice turn files into another kind."""
    target = folder / kind.partition(":")[0]
    profile = f"-env:UserInstallation={(folder.parent / 'profile').as_uri()}"
    run(
        [
            office,
            "--headless",
            profile,
            *options,
            "--convert-to",
            kind,
            "--outdir",
            str(target),
            *map(str, paths),
        ]
    )
    return sorted(target.glob(f"*.{target.name}"))


def texts(printed: Sequence[tuple[str, Path]], folder: Path) -> Iterator[tuple[str, Path]]:
    """Let pdftotext turn the PDFs into text, in its three ways."""
    program = shutil.which("pdftotext")
    for option in ("-layout", "-raw", "-nopgbrk") if program else ():
        for maker, path in printed:
            target = folder / "text" / maker / option / f"{path.stem}.txt"
            target.parent.mkdir(parents=True, exist_ok=True)
            run([str(program), option, str(path), str(target)])
            yield f"{maker}, pdftotext {option}", target


def run(command: list[str]) -> None:
    """Run a program to its end."""
    subprocess.run(command, check=True, capture_output=True, timeout=300)


if __name__ == "__main__":
    main()
