"""Many documents into one table: ``convert FOLDER OUT``, interrupted and resumed."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import polars as pl
import pytest
from killing import Killing

import govinfo_schema as gs
from govinfo_schema.bulk.converting import Conversion
from govinfo_schema.bulk.processes import expand
from govinfo_schema.bulk.resuming import begun
from govinfo_schema.cli import main
from govinfo_schema.files import suffixes

COMMAND = """
import sys
from govinfo_schema.bulk import converting
from govinfo_schema.cli import main
converting.ENOUGH = 2
converting.cores = lambda: {cores}
if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
"""
COUNT = 17
"""So few documents are read in one process unless a test says otherwise."""


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder of documents in all formats; some are in doubt, some none, some twice."""
    folder = tmp_path_factory.mktemp("documents")
    kinds = ("html", "md", "json", "csv", "html", "docx", "xlsx")
    for number in range(COUNT):
        report = gs.generate(number, ("2021", "2019")[number % 2])
        name = f"第{number}县人民政府" if number % 12 else "某县人民政府"
        report = attrs.evolve(report, body=attrs.evolve(report.body, name=name))
        gs.write(report, folder / f"{number:03}.{kinds[number % 7]}")
    page = (folder / "004.html").read_text(encoding="utf-8")
    cell = page.index('id="applications.received.total"')
    doubtful = page[:cell] + page[cell:].replace(">", ">约", 1)
    (folder / "doubt.html").write_text(doubtful, encoding="utf-8")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "letter.txt").write_text("关于召开会议的通知", encoding="utf-8")
    (folder / "bad.jsonl").write_bytes(
        (folder / "002.json").read_bytes().replace(b"\n", b"") + b"\n{}\n"
    )
    return folder


@pytest.fixture(scope="module")
def whole(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, bytes]:
    """Give what an uninterrupted run writes."""
    place = tmp_path_factory.mktemp("whole")
    status = main(
        ["convert", str(documents), str(place / "o.parquet"), "--doubts", str(place / "d.jsonl")]
    )
    assert status == 2
    return contents(place)


def contents(place: Path) -> dict[str, bytes]:
    """Give the files of a folder."""
    return {path.name: path.read_bytes() for path in place.iterdir()}


def start(place: Path, source: Path, *options: str, cores: int = 2, **more: Any) -> Any:
    """Start the command in a process of its own."""
    command = [sys.executable, "-c", COMMAND.format(cores=cores), "convert", str(source)]
    return subprocess.Popen(
        [
            *command,
            str(place / "o.parquet"),
            "--doubts",
            str(place / "d.jsonl"),
            "--lang",
            "en",
            *options,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **more,
    )


def ended(process: Any) -> None:
    """Let the command end; some documents are refused."""
    _, err = process.communicate(timeout=300)
    assert process.returncode == 2, err


def parts_of(place: Path) -> int:
    """Count the parts that are done."""
    return len(list(place.glob("o.parquet.parts/[0-9]*.json")))


@pytest.fixture(scope="module")
def one_by_one(documents: Path) -> list[gs.Reading]:
    """Read all documents one after the other."""
    readings: list[gs.Reading] = []
    for path in expand(str(documents), suffixes()) or []:
        try:
            readings += gs.read_many(path)
        except gs.Error:
            continue
    return readings


@pytest.mark.parametrize("suffix", ["parquet", "csv", "tidy.csv", "jsonl", "sqlite", "duckdb"])
def test_equal_to_one_by_one(
    suffix: str,
    documents: Path,
    one_by_one: list[gs.Reading],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A folder becomes the table that its documents make, read one after the other."""
    readings = one_by_one
    assert main(["convert", str(documents), str(tmp_path / f"o.{suffix}"), "--format", "json"]) == 2
    told = json.loads(capsys.readouterr().out)
    gs.write_many(readings, tmp_path / f"expected.{suffix}")
    found = gs.read_many(tmp_path / f"o.{suffix}")
    expected = gs.read_many(tmp_path / f"expected.{suffix}")
    assert found.reports == expected.reports
    assert len(found) == len(readings)
    if suffix != "jsonl":
        assert [each.file for each in found] == [each.file for each in readings]
    if suffix not in ("duckdb", "sqlite"):
        data = (tmp_path / f"o.{suffix}").read_bytes()
        assert data == (tmp_path / f"expected.{suffix}").read_bytes()
    assert told["summary"] == {
        "count": COUNT + 5,
        "written": COUNT + 2,
        "refused": 3,
        "doubtful": 1,
        "twice": 3,
    }
    assert len(told["results"]) == COUNT + 5
    assert not list(tmp_path.glob("*.parts"))


def test_doubts_beside_the_result(one_by_one: list[gs.Reading], whole: Mapping[str, bytes]) -> None:
    """
    The table of doubts has a row for each doubt, refusal, and report of a body and year that came
    twice; its numbers are those of the rows of the result.
    """
    rows = [json.loads(line) for line in whole["d.jsonl"].splitlines()]
    refused = [row for row in rows if row["kind"] == "refusal"]
    assert [(Path(row["file"]).name, row["row"], row["code"]) for row in refused] == [
        ("bad.jsonl", 2, "R-RECORD"),
        ("empty.pdf", None, "F-EMPTY-FILE"),
        ("letter.txt", None, "F-NO-REPORT"),
    ]
    doubts = [row for row in rows if row["kind"] == "doubt"]
    assert {row["code"] for row in doubts} == {"R-TEXT"}
    readings = one_by_one
    for row in rows:
        if row["report"] is not None:
            assert readings[row["report"]].file == row["file"]
    twice = {readings[row["report"]].report.body.name for row in rows if row["kind"] == "twice"}
    assert twice == {"某县人民政府", "第2县人民政府", "第4县人民政府"}
    assert all(row["code"] == "R-DUPLICATE" for row in rows if row["kind"] == "twice")


def test_formats_of_the_table_of_doubts(
    documents: Path, tmp_path: Path, whole: Mapping[str, bytes]
) -> None:
    """The table of doubts says the same as Parquet, CSV and JSON lines."""
    lines = [json.loads(line) for line in whole["d.jsonl"].splitlines()]
    for suffix in ("parquet", "csv"):
        path = tmp_path / f"d.{suffix}"
        assert (
            main(
                [
                    "convert",
                    str(documents),
                    str(tmp_path / f"{suffix}.jsonl"),
                    "--doubts",
                    str(path),
                ]
            )
            == 2
        )
        frame = pl.read_parquet(path) if suffix == "parquet" else pl.read_csv(path)
        assert frame.columns == list(lines[0])
        same = ("kind", "report", "file", "code", "level", "message_zh", "message_en", "row")
        assert frame.select(same).rows() == [tuple(line[name] for name in same) for line in lines]


def test_lines_at_the_end(
    documents: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last line says how many of how many were written, and bodies found twice are named."""
    assert main(["convert", "--lang", "en", str(documents), str(tmp_path / "o.csv")]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"found 2 times: 某县人民政府 on 2024, {documents}/000.html" in err
    assert "empty.pdf: CANNOT BE READ" in err
    assert err.endswith(
        f"{COUNT + 2} of {COUNT + 5} reports written (1 in doubt, 3 refused, 3 bodies and years "
        f"found twice): {tmp_path}/o.csv\n"
    )
    target, table = str(tmp_path / "p.csv"), str(tmp_path / "d.csv")
    assert main(["convert", str(documents), target, "--doubts", table]) == 2
    assert "empty.pdf" not in capsys.readouterr().err


def killed(process: Any, place: Path, choose: random.Random, most: int) -> None:
    """Kill the command at a random moment after it has begun, at most so many parts later."""
    goal, deadline = parts_of(place) + choose.randrange(1, most), time.monotonic() + 120
    while parts_of(place) < goal and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(choose.random() / 20)
    process.send_signal(choose.choice((signal.SIGKILL, signal.SIGINT, signal.SIGTERM)))
    _, err = process.communicate(timeout=120)
    assert b"Traceback" not in err


@pytest.mark.parametrize("kills", [2, pytest.param(20, marks=pytest.mark.full)])
def test_killed_and_resumed(
    kills: int, documents: Path, whole: Mapping[str, bytes], tmp_path: Path
) -> None:
    """
    Killed at random moments and resumed, with another number of processes each time, the command
    writes byte for byte what an uninterrupted run writes, and leaves nothing else.
    """
    choose = random.Random(kills)
    for _ in range(kills):
        process = start(tmp_path, documents, "--resume", cores=choose.choice((1, 2, 3)))
        killed(process, tmp_path, choose, max(2, 2 * COUNT // kills))
        assert set(contents_or_none(tmp_path)) <= {"o.parquet.parts", "o.parquet", "d.jsonl"}
        if (tmp_path / "o.parquet").exists() and not parts_of(tmp_path):
            break
    else:
        ended(start(tmp_path, documents, "--resume"))
    assert contents(tmp_path) == whole


def contents_or_none(place: Path) -> list[str]:
    """Name what is in a folder."""
    return [path.name for path in place.iterdir()]


def test_ctrl_c_says_where_it_stopped(documents: Path, tmp_path: Path) -> None:
    """
    Interrupted, the command says how many documents are done and how to go on; called again without
    that it refuses, and with other options too.
    """
    process = start(tmp_path, documents)
    while parts_of(tmp_path) < 5 and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"documents are done and kept in" in err
    assert err.rstrip().endswith(b"--resume goes on")
    assert contents_or_none(tmp_path) == ["o.parquet.parts"]
    for options, said in (
        ((), b"--resume goes on, --force starts again"),
        (("--resume", "--year", "2020"), b"differs in --year"),
    ):
        again = start(tmp_path, documents, *options)
        _, err = again.communicate(timeout=60)
        assert again.returncode == 2
        assert said in err


def test_worker_is_killed(documents: Path, whole: Mapping[str, bytes], tmp_path: Path) -> None:
    """A process that is killed while it reads loses nothing: all is read again."""
    process = start(tmp_path, documents)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    killed_one = False
    while process.poll() is None and not killed_one:
        if parts_of(tmp_path) > 3:
            for child in children.read_text(encoding="ascii").split():
                if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                    os.kill(int(child), signal.SIGKILL)
                    killed_one = True
                    break
        time.sleep(0.002)
    _, err = process.communicate(timeout=300)
    assert killed_one
    assert process.returncode == 2, err
    assert contents(tmp_path) == whole


def test_document_that_kills_is_refused(
    documents: Path,
    one_by_one: list[gs.Reading],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """
    A document that ends the process which reads it, each time, is refused; all others of its part
    are read.
    """
    monkeypatch.setattr("govinfo_schema.bulk.converting.ENOUGH", 2)
    paths = expand(str(documents), suffixes()) or []
    target = tmp_path / "o.csv"
    with begun(target, paths) as parts:
        work = Conversion(parts, paths, Killing("011."))
        assert sum(count for count, _ in work.run()) == len(paths)
        summary = work.summary()
        files = [each.file for each in work.readings() if isinstance(each, gs.Reading)]
        work.write_doubts(tmp_path / "d.jsonl", summary)
    expected = [each.file for each in one_by_one if "011." not in each.file]
    assert files == expected
    rows = [json.loads(line) for line in (tmp_path / "d.jsonl").read_text("utf-8").splitlines()]
    assert [Path(row["file"]).stem for row in rows if row["code"] == "F-LOST"] == ["011"]


def test_full_disk(documents: Path, whole: Mapping[str, bytes], tmp_path: Path) -> None:
    """Where no more can be written, one line says so, whole parts stay, and --resume goes on."""
    most = len(whole["o.parquet"]) - 1

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    process = start(tmp_path, documents, preexec_fn=limit)
    _, err = process.communicate(timeout=300)
    assert process.returncode == 2
    assert b"File too large" in err
    assert b"Traceback" not in err
    assert not (tmp_path / "o.parquet").exists()
    assert parts_of(tmp_path)
    ended(start(tmp_path, documents, "--resume"))
    assert contents(tmp_path) == whole


def test_nothing_is_overwritten(documents: Path, tmp_path: Path) -> None:
    """Without --force neither the result nor the table of doubts replaces a file."""
    few = tmp_path / "few"
    few.mkdir()
    shutil.copy(documents / "004.html", few)
    target, table = tmp_path / "o.csv", tmp_path / "d.csv"
    command = ["convert", str(few), str(target), "--doubts", str(table)]
    (tmp_path / "link").symlink_to(tmp_path)
    for place in (tmp_path, few / "..", tmp_path / "link"):
        assert main([*command[:-1], str(place / target.name), "--force"]) == 2
        assert sorted(each.name for each in tmp_path.iterdir()) == ["few", "link"]
    (tmp_path / "link").unlink()
    table.write_bytes(b"mine")
    assert main(command) == 2
    assert main([*command, "--resume"]) == 2
    assert (contents_or_none(few), table.read_bytes()) == (["004.html"], b"mine")
    assert not target.exists()
    table.unlink()
    target.write_bytes(b"mine")
    assert main(command) == main([*command, "--resume"]) == 2
    assert target.read_bytes() == b"mine"
    assert main([*command, "--force"]) == 0
    assert len(gs.read_many(target)) == 1
    assert table.read_bytes().startswith(b"\xef\xbb\xbfkind,report,file")
    for same in (str(target), str(few / "004.html")):
        assert main([*command[:-1], same, "--force"]) == 2
    assert (few / "004.html").read_bytes() == (documents / "004.html").read_bytes()


def test_members_of_a_folder(documents: Path, tmp_path: Path) -> None:
    """
    Links that lead nowhere, names that are no UTF-8 and folders are documents that are refused or
    read as elsewhere; hidden files and the parts of unfinished work are passed over.
    """
    folder = tmp_path / "in"
    (folder / "below").mkdir(parents=True)
    shutil.copy(documents / "004.html", folder / "below")
    (folder / "link.html").symlink_to(folder / "below" / "004.html")
    (folder / "gone.html").symlink_to("nowhere.html")
    (folder / ".hidden.html").write_bytes(b"")
    (folder / "~$lock.docx").write_bytes(b"")
    odd = os.fsdecode(os.fsencode(folder) + "/年报.html".encode("gb18030"))
    shutil.copy(documents / "008.md", odd)
    with begun(folder / "old.csv", []) as parts:
        parts.keep(0, {"a.json": b"{}"})
        target, table = folder / "o.jsonl", tmp_path / "d.jsonl"
        assert main(["convert", str(folder), str(target), "--doubts", str(table)]) == 2
    assert len(gs.read_many(target)) == 3
    rows = [json.loads(line) for line in table.read_text("utf-8").splitlines()]
    assert [(Path(row["file"]).name, row["code"]) for row in rows if row["kind"] == "refusal"] == [
        ("gone.html", "F-MISSING")
    ]
    csv = tmp_path / "o.csv"
    assert main(["convert", str(folder), str(csv)]) == 2
    assert any("\\xc4" in (each.file or "") for each in gs.read_many(csv))


def test_database_that_exists(documents: Path, tmp_path: Path) -> None:
    """A folder is added to the table of a database; its other tables stay."""
    few = tmp_path / "few"
    few.mkdir()
    for name in ("004.html", "001.md"):
        shutil.copy(documents / name, few)
    base = str(tmp_path / "o.sqlite")
    assert main(["convert", str(few), base]) == 0
    assert main(["convert", str(few), base]) == 2
    assert main(["convert", str(few), base, "--resume"]) == 2
    assert main(["convert", str(few), base, "--append"]) == 0
    assert len(gs.read_many(base)) == 4
    assert main(["convert", str(few), base, "--force"]) == 0
    assert len(gs.read_many(base)) == 2
    assert sorted(contents_or_none(tmp_path)) == ["few", "o.sqlite"]


def test_only_for_tables(documents: Path, tmp_path: Path) -> None:
    """``--resume`` and ``--doubts`` are refused where one report is written; one file is fine."""
    source = str(documents / "doubt.html")
    assert main(["convert", source, str(tmp_path / "o.docx"), "--resume"]) == 2
    assert (
        main(["convert", source, str(tmp_path / "o.json"), "--doubts", str(tmp_path / "d.csv")])
        == 2
    )
    assert (
        main(["convert", source, str(tmp_path / "o.csv"), "--doubts", str(tmp_path / "d.xlsx")])
        == 2
    )
    assert contents_or_none(tmp_path) == []
    assert (
        main(["convert", source, str(tmp_path / "o.csv"), "--doubts", str(tmp_path / "d.csv")]) == 0
    )
    assert pl.read_csv(tmp_path / "d.csv")["code"].to_list() == ["R-TEXT"]


@pytest.mark.parametrize("arguments", [["out.parquet"], ["out.csv", "--doubts", "d.parquet"]])
def test_missing_library_is_told_before_the_work(
    arguments: list[str],
    documents: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where the library of a table is missing, no document is read, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr(Conversion, "run", None)
    assert main(["convert", str(documents), *arguments, "--lang", "en"]) == 2
    assert "pip install pyarrow" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_write(tmp_path: Path) -> None:
    """Where no document is a report there is no table, but the refusals are there."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.html").write_bytes(b"")
    command = ["convert", str(tmp_path / "in"), str(tmp_path / "o.csv")]
    assert main([*command, "--doubts", str(tmp_path / "d.csv")]) == 2
    assert sorted(contents_or_none(tmp_path)) == ["d.csv", "in"]
