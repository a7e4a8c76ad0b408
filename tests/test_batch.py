"""Many files at once: folders, processes, the commands that read documents."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from reports import REPORTS

import govinfo_schema as gs
from govinfo_schema.bulk.processes import expand, results
from govinfo_schema.cli import main


def length_of(path: str) -> int:
    """Do something for a path in another process; one path ends that process."""
    if path == "die":
        os._exit(1)
    return len(path)


def test_results_come_in_order_and_a_process_may_die() -> None:
    """
    Results come in the order of the paths; a file that ends its process is lost, and no other.
    """
    paths = [f"{number:>{number % 7 + 4}}" for number in range(60)]
    assert list(results(length_of, paths, len)) == [len(path) for path in paths]
    paths[30] = "die"
    assert list(results(length_of, paths, lambda _: -1)) == [
        -1 if path == "die" else len(path) for path in paths
    ]
    assert list(results(length_of, paths[:3], len)) == [len(path) for path in paths[:3]]


def test_folder_is_opened_out(tmp_path: Path) -> None:
    """
    A folder gives the files that may be read, sorted, without hidden ones and the locks of office
    programs.
    """
    for name in ("b.docx", "a/c.PDF", "~$b.docx", ".hidden/d.html", "e.exe", "a/.f.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert expand(str(tmp_path), (".docx", ".pdf", ".html", ".txt")) == [
        str(tmp_path / "a/c.PDF"),
        str(tmp_path / "b.docx"),
    ]
    assert expand(str(tmp_path / "b.docx"), ()) is expand("-", ()) is expand("\0", ()) is None


def test_files_of_other_kinds_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The last line of ``check`` and ``convert`` says how many files of a folder were passed over, and
    of which kinds; a file without suffix is read if its first bytes say what it is.
    """
    report, folder = REPORTS["2024-hongze-quzhengfu"], tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    gs.write(report, folder / "report.docx")
    gs.write(gs.replace(report, {"year": 2023}), folder / "sub/download", format="docx")
    for name in ("a.gif", "b.GIF", "c.rar", "notes", "Thumbs.db", "~$x.docx", ".hidden", "empty"):
        (folder / name).write_bytes(b"" if name == "empty" else b"\x01\x02")
    (folder / "linked").symlink_to(tmp_path, target_is_directory=True)
    kinds = {".gif": 2, ".rar": 1, "": 2, "/": 1}
    out = tmp_path / "all.csv"
    assert main(["check", str(folder), "--lang", "en"]) == 0
    printed = capsys.readouterr().out.splitlines()[-1]
    assert printed.startswith("2 reports: ")
    assert (
        "6 files of other kinds passed over: without suffix 2, .gif 2, .rar 1, linked folder 1"
        in printed
    )
    assert main(["convert", str(folder), str(out), "--lang", "en"]) == 0
    printed = capsys.readouterr().err.splitlines()[-1]
    assert printed.startswith("2 of 2 reports written")
    assert "6 files of other kinds passed over" in printed
    assert [each.report.year for each in gs.read_many(out)] == [2024, 2023]
    assert main(["check", str(folder), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["passed_over"] == kinds
    assert main(["convert", str(folder), str(out), "--force", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["passed_over"] == kinds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder of reports in several formats: good ones, a doubtful one, a bad one."""
    report = REPORTS["2024-hongze-quzhengfu"]
    for suffix in (".html", ".docx", ".md", ".json"):
        gs.write(report, tmp_path / f"report{suffix}")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    cell = page.index('id="applications.received.total"')
    (tmp_path / "doubt.html").write_text(
        page[:cell] + page[cell:].replace(">", ">约", 1), encoding="utf-8"
    )
    (tmp_path / "bad.txt").write_text("一", encoding="utf-8")
    return tmp_path


def test_read_folder(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """
    Each report is a line of JSON; doubts, refusals and the table at the end stand on standard
    error.
    """
    assert main(["read", "--lang", "en", str(folder)]) == 2
    out, err = capsysbinary.readouterr()
    lines = out.splitlines()
    assert len(lines) == 5
    assert len({gs.dumps(gs.loads(line)) for line in lines}) == 3
    said = err.decode()
    assert "R-TEXT" in said
    assert "bad.txt" in said
    assert said.endswith("4  read\n1  read with doubts\n1  refused\n")


def test_read_one(folder: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """
    One document becomes one JSON text, laid out for people, and nothing is said where nothing is in
    doubt.
    """
    assert main(["read", str(folder / "report.docx")]) == 0
    out, err = capsysbinary.readouterr()
    assert list(gs.walk(gs.loads(out))) == list(gs.walk(REPORTS["2024-hongze-quzhengfu"]))
    assert (out.count(b"\n") > 100, err) == (True, b"")


def test_check_and_convert_documents(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``check`` and ``convert`` take any format; what the document does not say, the caller may."""
    assert (
        main(["check", "--format", "json", str(folder / "report.html"), str(folder / "doubt.html")])
        == 0
    )
    found = json.loads(capsys.readouterr().out)["results"]
    assert [each["verdict"] for each in found] == ["held", "unknown"]
    assert next(each["code"] for each in found[1]["findings"]) == "R-TEXT"
    target = folder / "converted.json"
    assert (
        main(
            [
                "convert",
                "--year",
                "2023",
                "--body",
                "某区人民政府",
                str(folder / "doubt.html"),
                str(target),
            ]
        )
        == 0
    )
    assert "R-TEXT" in capsys.readouterr().err
    report = gs.loads(target.read_bytes())
    assert (report.year, report.body.name) == (2023, "某区人民政府")
    assert main(["convert", str(target), str(folder / "again.html")]) == 0
    assert main(["convert", str(target), str(folder / "again.odt")]) == 2
    assert "不能写后缀为“.odt”的文件" in capsys.readouterr().err


def test_many_files_in_several_processes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder of many reports is read in several processes, and the verdicts come in order."""
    data = (folder / "report.json").read_bytes()
    for number in range(30):
        (folder / f"many-{number:02}.json").write_bytes(data)
    assert main(["check", "--format", "json", str(folder)]) == 2
    paths = [each["path"] for each in json.loads(capsys.readouterr().out)["results"]]
    assert paths == sorted(paths)
    assert len(paths) == 36
