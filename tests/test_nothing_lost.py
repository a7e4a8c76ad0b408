"""
Nothing of the user's is ever lost: more than sixty ways to lose something, each with its bytes
before and after.
"""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest

import govinfo_schema as gs
from govinfo_schema.cli import main

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
LONG = "字" * 80
POSIX = pytest.mark.skipif(os.name == "nt", reason="needs signals and descriptors of POSIX")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of files that somebody cares for, reports and others."""
    folder = tmp_path_factory.mktemp("original")
    good, bad = (
        gs.loads((EXAMPLES / f"{stem}.json").read_bytes())
        for stem in ("2024-suqian-shizhengfu", "2021-pingtan-haitanpianqu")
    )
    for suffix in (
        "json",
        "docx",
        "html",
        "md",
        "xlsx",
        "csv",
        "tidy.csv",
        "jsonl",
        "parquet",
        "sqlite",
        "duckdb",
    ):
        gs.write(good, folder / f"good.{suffix}")
    gs.write(bad, folder / "bad.json")
    gs.write(bad, folder / "bad.fixed.json")
    gs.write(bad, folder / f"{LONG}.json")
    gs.write_form(folder / "filled.xlsx", "2021", report=good)
    with zipfile.ZipFile(
        folder / "word.docx", "w"
    ) as word:  # with a picture, which we would not write again
        word.writestr(
            "word/document.xml", zipfile.ZipFile(folder / "good.docx").read("word/document.xml")
        )
        word.writestr("word/media/image1.png", b"\x89PNG")
    for name in (
        "letter.pdf",
        "old.svg",
        "old.png",
        "new.datapackage.json",
        "notes.md",
        "plain.sqlite",
    ):
        (folder / name).write_text("of somebody else", encoding="utf-8")
    (folder / "folder.json").mkdir()
    (folder / "folder.json" / "inside.json").write_bytes((folder / "good.json").read_bytes())
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy it, with other names for some of its files, and work there."""
    made = tmp_path / "work"
    shutil.copytree(original, made)
    (made / "soft.json").symlink_to("good.json")
    (made / "hard.json").hardlink_to(made / "good.json")
    (made / "hard.docx").hardlink_to(made / "word.docx")
    (made / "loop.json").symlink_to("loop.json")
    (made / "gone.json").symlink_to("nowhere/gone.json")
    monkeypatch.chdir(made)
    return made


def contents(folder: Path) -> Mapping[str, object]:
    """Give all files below a folder with their bytes, and the links with where they lead."""
    files = sorted(path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        for path in files
    }


STANDS = {
    **{
        f"convert onto {suffix}": (
            ["convert", "bad.json", f"good.{suffix}"],
            "exists already (宿迁市",
        )
        for suffix in ("docx", "html", "md", "xlsx", "csv", "tidy.csv", "jsonl", "parquet")
    },
    "convert onto JSON": (["convert", "bad.json", "good.json"], "exists already (宿迁市"),
    "convert onto a letter": (
        ["convert", "good.json", "letter.pdf"],
        "exists already (a .pdf file",
    ),
    "convert onto notes": (["convert", "good.json", "notes.md"], "exists already (a .md file"),
    "convert onto a document with a picture": (["convert", "good.json", "word.docx"], "--force"),
    "convert onto a link": (["convert", "bad.json", "soft.json"], "--force"),
    "convert a folder onto a table": (["convert", "folder.json", "good.csv"], "--force"),
    "convert beside a descriptor of another": (
        ["convert", "good.json", "new.csv"],
        "new.datapackage.json: exists already",
    ),
    "mark onto a page": (["convert", "--mark", "good.json", "good.html"], "--force"),
    "convert onto a circle of links": (
        ["convert", "good.json", "loop.json"],
        "Too many levels of symbolic links",
    ),
    "form onto a filled form": (["form", "2021", "filled.xlsx"], "exists already (宿迁市"),
    "form of a year onto a filled form": (
        ["form", "2021", "filled.xlsx", "--year", "2025", "--previous", "good.json"],
        "--force",
    ),
    "chart onto a picture": (["chart", "good.json", "old.svg"], "exists already (a .svg file"),
    "chart onto a PNG": (["chart", "good.json", "old.png"], "exists already (a .png file"),
    "chart onto the last report": (
        ["chart", "good.json", "bad.json"],
        "cannot write '.json' files",
    ),
    "add-up onto a document": (["add-up", "good.json", "--out", "word.docx"], "--force"),
    "add-up onto JSON": (["add-up", "good.json", "--out", "bad.json"], "--force"),
    "add-up onto a table": (["add-up", "good.json", "--out", "good.csv"], "--force"),
    "fix for the second time": (
        ["fix", "bad.json", "--apply", "1"],
        "bad.fixed.json: exists already",
    ),
    "fix onto a document": (["fix", "bad.json", "--apply", "1", "--out", "word.docx"], "--force"),
    "fix from standard input": (["fix", "-", "--apply", "1"], "say with --out where to write"),
    "fix with no such way": (
        ["fix", "bad.json", "--apply", "7", "--out", "seven.json"],
        "There is no way 7",
    ),
}
"""What exists, and the command that would replace it."""

READ = {
    **{
        f"convert {source} onto {target}": (
            ["convert", source, target],
            "one of the files that are read",
        )
        for source, target in (
            *(
                ("word.docx", "word.docx"),
                ("word.docx", "./word.docx"),
                ("word.docx", "folder.json/../word.docx"),
            ),
            *(
                ("word.docx", "{absolute}/word.docx"),
                ("word.docx", "hard.docx"),
                ("good.json", "soft.json"),
                ("soft.json", "good.json"),
            ),
            *(
                ("hard.json", "good.json"),
                ("folder.json", "folder.json/inside.json"),
                (".", "good.docx"),
                (".", "folder.json/inside.json"),
            ),
            *(
                ("good.csv", "good.csv"),
                ("good.sqlite", "good.sqlite"),
                ("good.duckdb", "good.duckdb"),
                ("good.parquet", "good.parquet"),
            ),
        )
    },
    "fix onto itself": (
        ["fix", "bad.json", "--apply", "1", "--out", "bad.json"],
        "one of the files that are read",
    ),
    "fix onto last year": (
        ["fix", "bad.json", "--apply", "1", "--previous", "good.json", "--out", "soft.json"],
        "files that are read",
    ),
    "form from itself": (
        ["form", "2021", "filled.xlsx", "--from", "filled.xlsx"],
        "one of the files that are read",
    ),
    "form from last year": (
        ["form", "2021", "filled.xlsx", "--previous", "filled.xlsx"],
        "one of the files that are read",
    ),
    "add-up onto a part": (
        ["add-up", "bad.json", "good.json", "--out", "hard.json"],
        "one of the files that are read",
    ),
    "add-up onto a part in a folder": (
        ["add-up", "folder.json", "--out", "folder.json/inside.json"],
        "one of the files that are read",
    ),
}
"""What is read is never written to, with ``--force`` either."""

IMPOSSIBLE = {
    "no such folder": (["convert", "good.json", "no/such/out.json"], "there is no folder no/such"),
    "a link into no folder": (["convert", "good.json", "gone.json"], "No such file or directory"),
    "a file for a folder": (["convert", "good.json", "bad.json/out.json"], "Not a directory"),
    "a folder for a file": (["convert", "good.json", "folder.json"], "folder"),
    "a name that is too long": (
        ["convert", "good.json", f"{LONG}{LONG}.docx"],
        "File name too long",
    ),
    "a descriptor whose name is too long": (
        ["convert", "good.json", f"{LONG}.csv"],
        "File name too long",
    ),
    "a form whose name is too long": (["form", "2021", f"{LONG}{LONG}.xlsx"], "File name too long"),
    "a picture whose name is too long": (
        ["chart", "good.json", f"{LONG}{LONG}.svg"],
        "File name too long",
    ),
    "a corrected copy whose name is too long": (
        ["fix", f"{LONG}字字.json", "--apply", "1"],
        "File name too long",
    ),
    "an unknown suffix": (["convert", "good.json", "out.doc"], "cannot write '.doc' files"),
    "no suffix": (["convert", "good.json", "/dev/stdout"], "cannot write '' files"),
    "a name with a null byte": (["convert", "good.json", "a\0b.json"], "no such file"),
    "a form to standard output": (["form", "2021", "-"], "cannot write '' files"),
    "a form to be filled in elsewhere": (["form", "2021", "form.md"], "cannot write '.md' files"),
    "a picture in no format": (["chart", "good.json", "out.gif"], "cannot write '.gif' files"),
    "a file to add to": (
        ["convert", "--append", "good.json", "out.csv"],
        "--append is for databases only",
    ),
    "several reports for one document": (["convert", ".", "out.docx"], "holds one report"),
    "a table of a folder that holds none": (
        ["convert", "notes.md", "out.csv"],
        "notes.md: CANNOT BE READ",
    ),
    "a database of what cannot be read": (
        ["convert", "letter.pdf", "good.sqlite"],
        "letter.pdf: CANNOT BE READ",
    ),
    "years of one report": (["years", "good.json"], "takes two reports or more, not 1"),
    "parts without parts": (["parts", "good.json", "notes.md"], "at least one of a part"),
}
"""What no command can write; with ``--force`` either."""


@pytest.mark.parametrize("name", [*STANDS, *READ, *IMPOSSIBLE])
def test_way_to_lose_something(name: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    A command that would lose something, or cannot write, ends with 2, says why in a line, and
    leaves every byte as it was.
    """
    arguments, said = (STANDS | READ | IMPOSSIBLE)[name]
    force = (
        []
        if name in STANDS
        or "--append" in arguments
        or name in ("years of one report", "parts without parts")
        else ["--force"]
    )
    if f"{LONG}字字.json" in arguments:
        (folder / "bad.json").rename(folder / f"{LONG}字字.json")
    before = contents(folder)
    assert (
        main(
            [
                each.replace("{absolute}", str(folder))
                for each in (*arguments, *force, "--lang", "en")
            ]
        )
        == 2
    )
    printed = capsys.readouterr()
    assert said in printed.err
    assert "Traceback" not in printed.err + printed.out
    if "CANNOT BE READ" not in printed.err:
        assert len(printed.err.splitlines()) == 1
    assert contents(folder) == before


def test_there_are_sixty_ways() -> None:
    """The tables have at least sixty ways."""
    assert len(STANDS) + len(READ) + len(IMPOSSIBLE) >= 60


@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (["convert", "bad.json", "good.docx"], "good.docx"),
        (["convert", "bad.json", "soft.json"], "good.json"),
        (["convert", "good.json", "new.csv"], "new.csv"),
        (["form", "2021", "filled.xlsx"], "filled.xlsx"),
        (["fix", "bad.json", "--apply", "1"], "bad.fixed.json"),
        (["add-up", "good.json", "--out", "bad.json"], "bad.json"),
    ],
)
def test_force_replaces_that_file_and_no_other(
    arguments: list[str], target: str, folder: Path
) -> None:
    """
    With ``--force`` the file that stands there is replaced, keeps its mode and its link, and
    nothing else changes.
    """
    if (folder / target).exists():
        (folder / target).chmod(0o640)
    before = contents(folder)
    assert main([*arguments, "--force"]) == 0
    after = contents(folder)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed - {"new.datapackage.json"} == {target}
    assert (
        target == "new.csv" or os.name == "nt" or (folder / target).stat().st_mode & 0o777 == 0o640
    )
    assert (folder / "hard.json").read_bytes() == before["hard.json"], (
        "of two hard links the other keeps the old content"
    )


@pytest.mark.parametrize("name", ["short", "字" * 83])
def test_names_of_any_length_that_the_disk_takes(name: str, folder: Path) -> None:
    """
    A name of 249 bytes and a suffix is written, so no temporary name is longer than the name
    itself.
    """
    assert main(["convert", "good.json", f"{name}.docx"]) == 0
    assert gs.read(folder / f"{name}.docx").report.year == 2024
    assert not [path for path in folder.iterdir() if path.name.startswith(".govinfo")]


@pytest.mark.usefixtures("folder")
def test_target_that_appears_meanwhile(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that appears while a report is read is not replaced either."""
    report = gs.read("good.json")

    def slowly(*_: Any, **__: Any) -> gs.Reading:
        Path("out.json").write_text("of somebody else", encoding="utf-8")
        return report

    monkeypatch.setattr("govinfo_schema.files.read", slowly)
    assert main(["convert", "good.json", "out.json", "--lang", "en"]) == 2
    assert "out.json: exists already" in capsys.readouterr().err
    assert Path("out.json").read_text(encoding="utf-8") == "of somebody else"


def test_disk_without_hard_links(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    On a disk without hard links a new file is written all the same, and one that exists is not
    replaced.
    """

    def refuse(*_: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    assert main(["convert", "good.json", "out.docx"]) == 0
    assert gs.read("out.docx").report.year == 2024
    assert main(["convert", "good.json", "out.docx"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not [path for path in folder.iterdir() if path.name.startswith(".govinfo")]


@pytest.mark.parametrize(
    "number", [errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EACCES]
)
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_disk_that_fails(
    call: str,
    number: int,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    A disk that is full, over its quota, broken or read-only, or a file that another program holds
    open, costs no byte.
    """

    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(
        *{"write": (Path, "write_bytes"), "fsync": (os, "fsync"), "replace": (os, "replace")}[call],
        fail,
    )
    monkeypatch.setattr("govinfo_schema.documents.formats.WAITS", (0,))
    before = contents(folder)
    for arguments in (
        ["convert", "bad.json", "good.docx"],
        ["form", "2021", "filled.xlsx"],
        ["fix", "bad.json", "--apply", "1"],
    ):
        assert main([*arguments, "--force"]) == 2
        printed = capsys.readouterr().err
        assert ("无法写入：" in printed, len(printed.splitlines())) == (True, 1)
    assert contents(folder) == before


def test_functions_replace_but_a_form(folder: Path) -> None:
    """
    ``write`` replaces a file, as every writer does; ``write_form`` replaces one only where it is
    told to.
    """
    gs.write(gs.generate(1), "good.docx")
    with pytest.raises(gs.UnreadableFile, match="File name too long"):
        gs.write(gs.generate(1), f"{LONG}.csv")
    assert not (folder / f"{LONG}.csv").exists(), (
        "a table without room for its descriptor is not half written"
    )
    before = (folder / "filled.xlsx").read_bytes()
    with pytest.raises(gs.UnreadableFile, match="exists already"):
        gs.write_form("filled.xlsx", "2021")
    assert (folder / "filled.xlsx").read_bytes() == before
    gs.write_form("filled.xlsx", "2021", overwrite=True)
    assert (folder / "filled.xlsx").read_bytes() != before


# ---- databases ----------------------------------------------------------------------------------


def rows(path: Path | str) -> dict[str, int]:
    """Count the rows of each table of a database, and close it."""
    if str(path).endswith(".duckdb"):
        duckdb = pytest.importorskip("duckdb")
        with duckdb.connect(str(path)) as base:
            names = [
                name
                for (name,) in base.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            ]
            return {name: count_rows(base, name) for name in names}
    with closing(sqlite3.connect(path)) as base:
        names = [
            name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {name: count_rows(base, name) for name in names}


def count_rows(base: Any, table: str) -> int:
    """Count the rows of one table of an open database."""
    select = f'SELECT count(*) FROM "{table}"'  # noqa: S608 (names of a test)
    return int(base.execute(select).fetchone()[0])


def execute(path: str, *lines: str) -> None:
    """Run lines of SQL in a database of either kind."""
    connect = pytest.importorskip("duckdb").connect if path.endswith(".duckdb") else sqlite3.connect
    with closing(connect(path)) as base:
        for line in lines:
            base.execute(line)
        base.commit()


@pytest.mark.parametrize("path", ["theirs.sqlite", "theirs.db", "theirs.duckdb"])
def test_database_that_exists(path: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    A table is added to a database that exists; one that is there stays, unless it is added to or
    replaced; no other is touched.
    """
    execute(path, "CREATE TABLE people (name TEXT)", "INSERT INTO people VALUES ('甲'), ('乙')")
    assert main(["convert", "good.json", path]) == 0
    assert rows(path) == {"people": 2, "reports": 1}
    before = (folder / path).read_bytes()
    capsys.readouterr()
    assert main(["convert", "bad.json", path]) == 2
    assert "--append" in (printed := capsys.readouterr().err)
    assert len(printed.splitlines()) == 1
    assert (folder / path).read_bytes() == before
    assert main(["convert", "--append", "bad.json", path]) == 0
    assert rows(path) == {"people": 2, "reports": 2}
    assert main(["convert", "--force", "good.json", path]) == 0
    assert rows(path) == {"people": 2, "reports": 1}
    assert gs.read(path).report == gs.read("good.json").report
    assert main(["convert", "--force", "notes.md", path]) == 2
    assert rows(path) == {"people": 2, "reports": 1}, (
        "where nothing can be read nothing is replaced"
    )


def _locked(path: Path) -> Any:
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")
    return closing(base)


def _cut(path: Path) -> Any:
    path.write_bytes(path.read_bytes()[:5000])
    return nullcontext()


def _overwritten(path: Path) -> Any:
    path.write_bytes(b"of somebody else")
    return nullcontext()


@pytest.mark.parametrize("options", [[], ["--append"], ["--force"]])
@pytest.mark.parametrize("spoil", [_locked, _cut, _overwritten])
def test_database_that_is_spoilt(
    spoil: Any,
    options: list[str],
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A database that is locked, cut short or none is neither read nor written: one line, 2, and every
    byte in its place.
    """
    monkeypatch.setattr("govinfo_schema.tables.sqlite.WAIT", 0.1)
    path = folder / "good.sqlite"
    with spoil(path):
        before = path.read_bytes()
        assert main(["convert", "bad.json", "good.sqlite", *options]) == 2
        printed = capsys.readouterr().err
        assert (len(printed.splitlines()), "Traceback" in printed, "程序出错" in printed) == (
            1,
            False,
            False,
        )
        assert path.read_bytes() == before
        assert main(["check", "good.sqlite"]) == 2
        assert spoil is not _locked or "数据库正被别的程序使用" in capsys.readouterr().out


# ---- what is read, and how many -----------------------------------------------------------------


def test_convert_says_how_many_of_how_many(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Of a folder where one file cannot be read the others are written, the last line and the JSON
    count them, and the exit code is 2.
    """
    (folder / "folder.json" / "broken.docx").write_bytes(b"PK\x03\x04")
    assert main(["convert", "folder.json", "out.csv"]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "共 2 份，写入 1 份（有疑问 0 份，无法读取 1 份，同一单位同一年度重复 0 组）：out.csv"
    )
    assert len(gs.read_many("out.csv")) == 1
    assert main(["convert", "folder.json", "out.jsonl", "--format", "json"]) == 2
    facts = json.loads(capsys.readouterr().out)
    assert facts["summary"] == {
        "count": 2,
        "written": 1,
        "refused": 1,
        "doubtful": 0,
        "twice": 0,
    }
    assert [each["verdict"] for each in facts["results"]] == ["unreadable", "held"]
    (folder / "folder.json" / "inside.json").unlink()
    assert main(["convert", "folder.json", "none.csv"]) == 2
    assert not Path("none.csv").exists()


def test_files_of_the_operating_system(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What an operating system puts into a folder is passed over, and called what it is where it is
    named.
    """
    names = ["Thumbs.db", ".DS_Store", "desktop.ini"]
    for name in names:
        (folder / "folder.json" / name).write_bytes(
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
        )
    assert main(["check", "folder.json"]) == 0
    assert main(["check", "--lang", "en", *(f"folder.json/{name}" for name in names)]) == 2
    assert capsys.readouterr().out.count("is a file of the operating system") == 3


@pytest.mark.parametrize(
    "suffix",
    [
        "docx",
        "xlsx",
        "ods",
        "doc",
        "wps",
        "xls",
        "pdf",
        "json",
        "csv",
        "md",
        "txt",
        "html",
        "sqlite",
    ],
)
def test_empty_and_damaged_files_are_called_so(suffix: str, tmp_path: Path, original: Path) -> None:
    """
    An empty file is called empty, and an office document that is cut short or overwritten is called
    damaged.
    """
    path = tmp_path / f"file.{suffix}"
    path.write_bytes(b"")
    with pytest.raises(gs.UnreadableFile, match="the file is empty"):
        gs.read(path)
    source = original / f"good.{suffix if suffix in ('docx', 'xlsx') else 'docx'}"
    cuts = [source.read_bytes()[:length] for length in (4, 12, 31, 400, -30)]
    for damaged in (*cuts, bytes(3000), random.Random(5).randbytes(3000)):
        path.write_bytes(damaged)
        if suffix in ("docx", "xlsx", "ods", "doc", "wps", "xls"):
            with pytest.raises(gs.UnreadableFile, match="damaged or cut short"):
                gs.read(path)


def test_few_figures_are_no_clean_bill(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Of a document that gives four figures, or whose figures are in doubt, the verdict says how many;
    of data with blanks it does not.
    """
    four = {
        "applications.received.total": 3,
        "applications.received.natural_person": 3,
        "proactive.licensing.decisions": 1,
    }
    few = gs.replace(
        gs.blank("2021", year=2024, body="某市"), four | {"disputes.reconsideration.upheld": 2}
    )
    for name in ("few.docx", "few.html", "few.json"):
        gs.write(few, name)
    page = (folder / "good.html").read_text(encoding="utf-8")
    (folder / "doubt.html").write_text(
        page.replace(">一、本年新收", ">一、今年", 1), encoding="utf-8"
    )
    for name, said in (
        *(
            ("few.docx", "只读出 4 项（共 200 项）"),
            ("few.html", "只读出 4 项（共 200 项）"),
            ("few.json", "未发现错误"),
        ),
        *(("doubt.html", "只读出 193 项（共 200 项）"), ("good.html", "通过")),
    ):
        assert main(["check", name]) == 0
        assert said in capsys.readouterr().out.splitlines()[1]


@pytest.mark.parametrize(
    ("module", "target"),
    [("openpyxl", "out.xlsx"), ("pyarrow", "out.parquet"), ("matplotlib", "out.svg")],
)
@pytest.mark.usefixtures("folder")
def test_library_that_is_missing_for_writing(
    module: str, target: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A library that is missing for writing is named as such, with the line that installs it and not
    us.
    """
    for name in [module, *(each for each in sys.modules if each.startswith(f"{module}."))]:
        monkeypatch.setitem(sys.modules, name, None)
    command = "chart" if target.endswith(".svg") else "convert"
    assert main([command, "good.json", target]) == 2
    assert capsys.readouterr().err.startswith(f"{target}: 无法写入：")
    assert main([command, "good.json", target, "--lang", "en"]) == 2
    printed = capsys.readouterr().err
    assert printed.rstrip().endswith(f"pip install {module}")
    assert "govinfo-schema[" not in printed
    assert "CANNOT BE READ" not in printed


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RecursionError("too deep"),
        KeyError("x"),
        ValueError(),
        ZeroDivisionError("by zero"),
    ],
)
@pytest.mark.parametrize("place", ["files.read", "cli.results.check", "cli.explaining.locate"])
@pytest.mark.usefixtures("folder")
def test_unexpected_error_is_one_line(
    error: Exception,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """
    An error that nobody thought of is one line and exit code 2, never a traceback and never a
    verdict on the report.
    """

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(f"govinfo_schema.{place}", fail)
    assert main(["locate", "bad.json"]) == 2
    printed = capsys.readouterr()
    assert len(printed.err.splitlines()) == 1
    assert "Traceback" not in printed.err
    monkeypatch.setenv("GOVINFO_SCHEMA_DEBUG", "1")
    if place.endswith("locate"):
        main(["locate", "bad.json"])
        assert "Traceback" in capsys.readouterr().err


# ---- real processes -----------------------------------------------------------------------------


def run(command: str, folder: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell, in which ``gs`` is the command."""
    line = command.replace("gs ", f"{sys.executable} -m govinfo_schema ")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["/bin/bash", "-c", line],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        **more,
    )


SHELL = {
    "check, output full": ("gs check bad.json > /dev/full", 2, "无法输出：磁盘已满"),
    "check as JSON, output full": ("gs check --format json . > /dev/full", 2, "无法输出：磁盘已满"),
    "schema, output full": ("gs schema > /dev/full", 2, "无法输出：磁盘已满"),
    "help, output full": ("gs --help > /dev/full", 2, "无法输出：磁盘已满"),
    "convert, output full": ("gs convert good.json - > /dev/full", 2, "无法输出：磁盘已满"),
    "read, output full": ("gs read good.docx > /dev/full", 2, "无法输出：磁盘已满"),
    "fix, output full": ("gs fix bad.json --apply 1 --out - > /dev/full", 2, "无法输出：磁盘已满"),
    "a full device for a target": (
        "ln -s /dev/full full.json; gs convert good.json full.json",
        2,
        "full.json: 无法写入：磁盘已满",
    ),
    "output closed": ("gs check bad.json >&-", 2, "无法输出：已经关闭"),
    "output closed, JSON": ("gs convert good.json - >&-", 2, "无法输出：已经关闭"),
    "output closed, not needed": ("gs convert good.json out.docx >&-", 0, "已写入 out.docx"),
    "input closed": ("gs check - <&-", 2, ""),
    "input closed, to be converted": ("gs convert - out.json <&-", 2, "无法打开：已经关闭"),
    "messages closed": ("gs check bad.json 2>&-", 1, ""),
    "messages closed, with an error": ("gs convert good.json good.docx 2>&-", 2, ""),
    "messages full": ("gs convert good.json good.docx 2> /dev/full", 2, ""),
    "all closed": ("gs check bad.json <&- >&- 2>&-", 2, ""),
    "input is the target": ("gs convert - good.json --force < good.json", 2, "这是要读的文件"),
    "a pipe that has closed": ("exec 3> >(:); wait $!; gs cells >&3", 141, ""),
    "a file too large": (
        "ulimit -f 1; trap '' XFSZ; gs convert good.json out.docx",
        2,
        "无法写入：文件太大",
    ),
}
"""A line of the shell, its exit code, and what its messages hold."""


@POSIX
@pytest.mark.thorough
@pytest.mark.parametrize("name", SHELL)
def test_streams(name: str, folder: Path) -> None:
    """
    Whatever standard streams are full or closed: one line, the exit code that is documented, and
    every byte in its place.
    """
    line, status, said = SHELL[name]
    before = contents(folder)
    done = run(line, folder)
    assert (
        done.returncode,
        "Traceback" in done.stderr + done.stdout,
        "Exception" in done.stderr,
    ) == (status, False, False), done.stderr
    assert said in done.stderr
    assert len(done.stderr.splitlines()) <= 1
    after = contents(folder)
    assert {each: after[each] for each in before} == before


def parent_of(process: str) -> int:
    """
    Give the parent of a process, and 0 for one that is gone or waits for nothing but its burial.
    """
    try:
        state, parent = Path("/proc", process, "stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return 0
    return 0 if state == "Z" else int(parent)


def children(process: int) -> list[str]:
    """Give the living children of a process."""
    return [
        each.name
        for each in Path("/proc").iterdir()
        if each.name.isdigit() and parent_of(each.name) == process
    ]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of so many documents that several processes read them."""
    folder = tmp_path_factory.mktemp("many")
    for seed in range(40):
        gs.write(gs.generate(seed), folder / f"{seed:02}.docx")
    return folder


@pytest.mark.thorough
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
@pytest.mark.parametrize("wait", [0.2, 0.5, 0.8])
@pytest.mark.parametrize(
    ("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129), ("SIGKILL", -9)]
)
def test_signal_ends_all_processes_and_loses_nothing(
    name: str, status: int, wait: float, many: Path, folder: Path
) -> None:
    """
    A signal while several processes read ends them all without a traceback, and the table that was
    there stays as it was. Beside it stand the parts that are done.
    """
    before = contents(folder)
    command = [sys.executable, "-m", "govinfo_schema", "convert", str(many), "good.csv", "--force"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder, start_new_session=True
    ) as process:
        deadline = time.monotonic() + 60
        while (
            not (found := children(process.pid))
            and process.poll() is None
            and time.monotonic() < deadline
        ):
            time.sleep(0.02)
        time.sleep(wait)
        found = children(process.pid) or found
        if name == "SIGINT":
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        else:
            process.send_signal(getattr(signal, name))
        _, err = process.communicate(timeout=60)
    deadline = time.monotonic() + 20
    while any(parent_of(each) for each in found) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert [each for each in found if parent_of(each)] == []
    assert b"Traceback" not in err
    if process.returncode == 0:
        return  # it was done by then
    assert process.returncode == status
    after = contents(folder)
    assert {each: after[each] for each in before} == before
    left = {each for each in after.keys() - before.keys() if "good.csv.parts/" not in each}
    assert name == "SIGKILL" or not left


@POSIX
@pytest.mark.full
@pytest.mark.parametrize(
    "target", ["good.csv", "good.jsonl", "good.parquet", "good.docx", "filled.xlsx"]
)
def test_kill_at_a_random_moment(target: str, folder: Path) -> None:
    """Killed at any moment, a file is the old one or the new one, whole."""
    arguments = (
        ["form", "2021", target, "--force"]
        if target == "filled.xlsx"
        else ["convert", "bad.json", target, "--force"]
    )
    command = [sys.executable, "-m", "govinfo_schema", *arguments]
    old = (folder / target).read_bytes()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    whole = {old, (folder / target).read_bytes()} if target != "filled.xlsx" else {old}
    dice = random.Random(target)
    for _ in range(20):
        (folder / target).write_bytes(old)
        with subprocess.Popen(
            command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(dice.random() * 0.8)
            process.kill()
        found = (folder / target).read_bytes()
        assert found in whole or zipfile.ZipFile(folder / target).testzip() is None


@POSIX
def test_frozen_program_reads_folders(many: Path, tmp_path: Path) -> None:
    """
    A program that is frozen into one file starts itself as its own processes, and reads a folder of
    many files.
    """
    program = tmp_path / "program"
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom multiprocessing import spawn\nsys.frozen = True\n"
        "sys.executable = __file__\n"
        "spawn.set_executable(__file__)\nif __name__ == '__main__':\n    from govinfo_schema.cli "
        "import main\n    sys.exit(main())\n"
    )
    program.chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [program, "check", many],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "共 40 份：通过 40" in done.stdout


@pytest.fixture
def full_disk() -> Iterator[Path]:
    """Mount a disk of 64 KB."""
    folder = Path(tempfile.mkdtemp())
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder],  # noqa: S607
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("needs the right to mount a disk")
    yield folder
    subprocess.run(["umount", folder], check=True)  # noqa: S607
    folder.rmdir()


@POSIX
@pytest.mark.full
@pytest.mark.parametrize(
    "suffix", ["json", "docx", "html", "csv", "jsonl", "parquet", "sqlite", "duckdb", "xlsx", "svg"]
)
@pytest.mark.usefixtures("folder")
def test_full_disk(suffix: str, full_disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    On a disk that is full the file that is there stays, nothing is beside it, and one line says
    that the disk is full.
    """
    (full_disk / "old.txt").write_bytes(bytes(56_000))
    target = full_disk / f"out.{suffix}"
    target.write_bytes(b"x" * 100) if suffix not in ("sqlite", "duckdb") else None
    before = contents(full_disk)
    command = "chart" if suffix == "svg" else "convert"
    assert main([command, "good.json", str(target), "--force"]) == 2
    printed = capsys.readouterr().err
    assert (len(printed.splitlines()), "Traceback" in printed) == (1, False)
    assert contents(full_disk) == before


@POSIX
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only the administrator can be somebody else",
)
@pytest.mark.usefixtures("folder")
def test_folder_that_may_only_be_read(capsys: pytest.CaptureFixture[str]) -> None:
    """
    In a folder, or onto a file, that may only be read, nobody but the administrator writes: one
    line, and not a byte changes.
    """
    place = Path(tempfile.mkdtemp())
    shutil.copy("good.json", place / "own.json")
    (place / "open").mkdir()
    shutil.copy("good.json", place / "open" / "own.json")
    for each, mode in (
        (place, 0o555),
        (place / "open", 0o777),
        (place / "own.json", 0o444),
        (place / "open" / "own.json", 0o444),
    ):
        each.chmod(mode)
    main(["convert", "good.json", "out.json"])
    before = contents(place)
    capsys.readouterr()
    source = str(place / "own.json")
    os.seteuid(65534)
    try:
        statuses = [
            main(["convert", source, str(place / name), "--force"])
            for name in ("new.json", "open/own.json")
        ]
    finally:
        os.seteuid(0)
    printed = capsys.readouterr().err.splitlines()
    assert (statuses, len(printed), all("没有权限" in line for line in printed)) == (
        [2, 2],
        2,
        True,
    )
    assert contents(place) == before
    shutil.rmtree(place)


NOWHERE = {
    "a document": ["convert", "word.docx", "nosuch/../word.docx", "--force"],
    "a copy": ["fix", "bad.json", "--apply", "1", "--out", "nosuch/../bad.json", "--force"],
    "a database": ["convert", "bad.json", "nosuch/../good.sqlite", "--force"],
    "a link that leads nowhere": ["convert", "bad.json", "gone.json/../good.json", "--force"],
    "a link through such a folder": ["convert", "bad.json", "odd.json", "--force"],
    "a file that is no folder": ["convert", "bad.json", "notes.md/../good.json", "--force"],
    "a dot behind a file": ["convert", "bad.json", "good.json/.", "--force"],
    "a new file": ["convert", "bad.json", "nosuch/../other.json"],
    "a new database": ["convert", "bad.json", "nosuch/../other.duckdb"],
    "a picture": ["chart", "bad.json", "nosuch/../old.svg", "--force"],
    "a form": ["form", "2021", "nosuch/../filled.xlsx", "--force"],
}


@pytest.mark.parametrize("name", NOWHERE)
def test_path_through_a_folder_that_is_not_there(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A path that leads nowhere for the operating system is one line and nothing is written, though
    its dots, folded away, would name a file that is there.
    """
    (folder / "odd.json").symlink_to("nosuch/../good.json")
    before = contents(folder)
    assert main([*NOWHERE[name], "--lang", "en"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert contents(folder) == before


@pytest.mark.parametrize("target", ["nosuch/../good.json", "nosuch/../good.sqlite"])
def test_functions_take_no_path_through_such_a_folder(target: str, folder: Path) -> None:
    """The functions write no file under a path that leads nowhere."""
    before = contents(folder)
    with pytest.raises(gs.UnreadableFile, match="there is no folder"):
        gs.write(gs.read("bad.json").report, target)
    assert contents(folder) == before


def test_descriptor_goes_beside_the_table_that_a_link_leads_to(folder: Path) -> None:
    """
    A table that is written through a link has its descriptor beside it, under its name; what stands
    there under the name of the link stays, and what stands there under its own asks for --force.
    """
    (folder / "data").mkdir()
    (folder / "link.csv").symlink_to("data/real.csv")
    source = folder / "data" / "link.datapackage.json"
    source.write_bytes((folder / "good.json").read_bytes())
    other = folder / "data" / "real.datapackage.json"
    other.write_text("of somebody else", encoding="utf-8")
    before = contents(folder)
    assert main(["convert", str(source), "link.csv"]) == 2
    assert contents(folder) == before
    assert main(["convert", str(source), "link.csv", "--force"]) == 0
    assert source.read_bytes() == (folder / "good.json").read_bytes()
    assert json.loads(other.read_text("utf-8"))["resources"][0]["path"] == "real.csv"
    before = contents(folder)
    assert main(["convert", str(other), "link.csv", "--force"]) == 2
    assert contents(folder) == before


def _others(path: Path) -> Iterator[gs.Report]:
    """Give a report, and let another program fill the file meanwhile."""
    yield gs.read("good.json").report
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("CREATE TABLE mine (a)")


@pytest.mark.parametrize("if_exists", ["append", "replace", "fail", None])
def test_database_that_appears_meanwhile(if_exists: Any, folder: Path) -> None:
    """A database that appears while the reports are read is left as it is, and that is said."""
    path = folder / "race.sqlite"
    with pytest.raises(gs.UnreadableFile, match="exists already"):
        gs.write_many(_others(path), path, if_exists=if_exists)
    assert tables_of(path) == ["mine"]


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", ["race.csv", "race.jsonl", "race.json", "race.docx"])
def test_file_that_appears_meanwhile(name: str) -> None:
    """With if_exists="fail" a file that appears while the reports are read is left as it is."""
    own = gs.read("good.json").report

    def slowly() -> Iterator[gs.Report]:
        yield own
        Path(name).write_text("of somebody else", encoding="utf-8")

    with pytest.raises(gs.UnreadableFile, match="exists already"):
        gs.write_many(slowly(), name, if_exists="fail")
    assert Path(name).read_text(encoding="utf-8") == "of somebody else"


def test_database_that_appears_while_a_command_reads(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --force too, a database that appears while the command reads is left as it is."""
    path = folder / "race.sqlite"
    monkeypatch.setattr("govinfo_schema.cli.writing._Gathering.readings", lambda *_: _others(path))
    assert main(["convert", "good.json", "race.sqlite", "--force", "--lang", "en"]) == 2
    assert "exists already" in capsys.readouterr().err
    assert tables_of(path) == ["mine"]


def test_empty_database_in_use(folder: Path) -> None:
    """An empty file that another program has begun to fill as a database is not replaced."""
    path = folder / "empty.sqlite"
    path.touch()
    with closing(sqlite3.connect(path, isolation_level=None)) as base:
        base.execute("BEGIN IMMEDIATE")
        base.execute("CREATE TABLE mine (a)")
        with pytest.raises(gs.UnreadableFile, match="another program has locked"):
            gs.write_many(gs.read_many("good.json").reports, path)
        base.execute("COMMIT")
    gs.write_many(gs.read_many("good.json").reports, path)
    assert sorted(tables_of(path)) == ["mine", "reports"]


def test_empty_file_that_is_filled_meanwhile(folder: Path) -> None:
    """An empty file that is to become a DuckDB database stays if somebody else fills it first."""
    path = folder / "empty.duckdb"
    path.touch()

    def reports() -> Iterator[gs.Report]:
        yield gs.read("good.json").report
        path.write_text("of somebody else", encoding="utf-8")

    with pytest.raises(gs.UnreadableFile, match="exists already"):
        gs.write_many(reports(), path)
    assert path.read_text(encoding="utf-8") == "of somebody else"


def tables_of(path: Path) -> list[str]:
    """Give the names of the tables of an SQLite database."""
    with closing(sqlite3.connect(path)) as base:
        found = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return [name for (name,) in found]


@pytest.mark.parametrize("leftover", ["x.sqlite-journal", "x.sqlite-wal", "x.duckdb.wal"])
def test_what_is_left_of_a_database(
    leftover: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    What is left of a database of the same name would spoil a new one: one line names it, and
    nothing is written.
    """
    target = f"x.{'duckdb' if 'duckdb' in leftover else 'sqlite'}"
    (folder / leftover).write_bytes(b"of another database")
    (folder / f"link.{target[2:]}").symlink_to(target)
    before = contents(folder)
    for name in (target, f"link.{target[2:]}"):
        assert main(["convert", "good.json", name, "--force", "--lang", "en"]) == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert leftover in line
    assert contents(folder) == before


def test_what_cannot_be_read_in_a_folder_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A link that leads nowhere, or in a circle, is a file of its folder that cannot be read: a
    result of its own in its place, and exit code 2. A folder of a name of ours is no descriptor.
    """
    place = folder / "some"
    for name in ("a.json", "c.json", "deep.datapackage.json/d.json"):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy("good.json", place / name)
    (place / "b.json").symlink_to("nowhere.json")
    (place / "e.docx").symlink_to("e.docx")
    (place / "f.unknown").symlink_to("nowhere")
    (place / ".g.json").symlink_to("nowhere.json")
    assert main(["check", "some", "--format", "json"]) == 2
    results = json.loads(capsys.readouterr().out)["results"]
    assert [(Path(each["path"]).name, each["verdict"] == "unreadable") for each in results] == [
        ("a.json", False),
        ("b.json", True),
        ("c.json", False),
        ("d.json", False),
        ("e.docx", True),
    ]
    # The links do not hide that the target is one of the files that are read.
    before = contents(folder)
    assert main(["convert", "some", "some/c.json", "--force"]) == 2
    assert contents(folder) == before


@POSIX
@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0,
    reason="only the administrator can be somebody else",
)
@pytest.mark.usefixtures("folder")
def test_folder_that_cannot_be_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """A folder that may not be listed, or whose files may not be seen, is said to be unreadable."""
    main(["check", ".", "--format", "json"])  # loads what only the administrator may read
    capsys.readouterr()
    place = Path(tempfile.mkdtemp())
    for name, mode in (("closed", 0o000), ("listed", 0o444), ("open", 0o755)):
        (place / name / "below").mkdir(parents=True)
        shutil.copy("good.json", place / name / "own.json")
        (place / name).chmod(mode)
    place.chmod(0o755)
    os.seteuid(65534)
    try:
        status = main(["check", str(place), "--format", "json"])
    finally:
        os.seteuid(0)
    results = json.loads(capsys.readouterr().out)["results"]
    unreadable = {
        str(Path(each["path"]).relative_to(place)): each["problem"]["zh"]
        for each in results
        if each["verdict"] == "unreadable"
    }
    assert (status, len(results)) == (2, 4)
    assert set(unreadable) == {"closed", "listed/below", "listed/own.json"}
    assert all("没有权限" in problem for problem in unreadable.values())
    shutil.rmtree(place)


@POSIX
@pytest.mark.parametrize(
    "command",
    [
        "{} check pipe.json",
        "{} check pipe",
        "{} read pipe.csv",
        "{} check /dev/zero",
        "{} check zero.docx",
        "{} check null.json",
        "{} convert pipe.json out.html",
        "cat good.json | {} check /dev/stdin",
        "{} check <(cat good.json)",
        "{} check good.json --previous <(cat good.json)",
    ],
)
def test_what_is_no_file_is_never_waited_for(command: str, folder: Path) -> None:
    """
    A pipe or a device that is named as a file is one line that says how to read standard input: it
    is neither waited for nor called empty.
    """
    for name in ("pipe.json", "pipe", "pipe.csv"):
        os.mkfifo(folder / name)
    (folder / "zero.docx").symlink_to("/dev/zero")
    (folder / "null.json").symlink_to(os.devnull)
    line = command.format(f"{sys.executable} -m govinfo_schema")
    done = subprocess.run(
        ["bash", "-c", f"{line} --lang en"],  # noqa: S607 (the shell of the system)
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    said = (done.stdout + done.stderr).decode()
    assert done.returncode == 2
    assert "use - for standard input" in said
    assert "empty" not in said


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "latin-1", "cp437", "utf-8"])
@pytest.mark.parametrize(
    ("command", "status"),
    [
        (["check", "{}", "--format", "json"], 0),
        (["check", "{}", "--format", "junit"], 0),
        (["cells", "--format", "json"], 0),
        (["years", "{}", "good.json", "--format", "json"], 0),
        (["locate", "{}", "--format", "json"], 0),
        (["convert", "{}", "out.html", "--format", "json"], 0),
    ],
)
def test_data_on_a_stream_of_any_encoding(
    command: list[str], status: int, encoding: str, folder: Path
) -> None:
    """
    JSON and JUnit are whole whatever encoding the stream has: what it lacks is escaped as the
    format wants it, so that a program reads the same text.
    """
    name = "𠮷é镇.json"
    report = json.loads((folder / "good.json").read_bytes())
    report["body"]["name"] = "某市𠮷é镇人民政府"
    (folder / name).write_text(json.dumps(report), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "govinfo_schema", *(each.format(name) for each in command)],
        capture_output=True,
        check=False,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "PYTHONIOENCODING": encoding,
        },
    )
    assert done.returncode == status, done.stderr.decode(encoding)
    if "junit" in command:
        case = ET.fromstring(done.stdout)[0]  # noqa: S314 (our own)
        assert case.get("name") == name
        assert "𠮷é镇人民政府" in "".join(case.itertext())
    else:
        printed = json.loads(done.stdout.decode(encoding))
        if command[0] in ("check", "convert"):
            assert printed["results"][0]["path"] == name
            assert printed["results"][0]["body"] == "某市𠮷é镇人民政府"
