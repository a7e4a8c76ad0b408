"""The command line: its verdicts, its exit codes, and files that are hostile."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import govinfo_schema as gs
from govinfo_schema.cli import main

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "docs" / "examples"
HOLDS, BREAKS, BLANKS = (
    "2024-suqian-shizhengfu",
    "2021-pingtan-haitanpianqu",
    "2019-shanghai-zhengfubangongting",
)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in the folder of the examples: exit code, standard output, standard error."""
    monkeypatch.chdir(EXAMPLES)

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        status = main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return call


def process(
    *arguments: str, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    command = [sys.executable, "-m", "govinfo_schema", *arguments]
    return subprocess.run(
        command,
        input=stdin,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=120,
    )


# ---- check --------------------------------------------------------------------------------------


def test_verdict_in_chinese(run: Run) -> None:
    """
    An office worker reads the label as printed, the figure, what it should be, and the sums that
    tell so.
    """
    status, out, _ = run("check", f"{BREAKS}.json")
    assert status == 1
    assert out.splitlines() == [
        (
            "2021-pingtan-haitanpianqu.json: "
            "平潭综合实验区海坛片区管理局 2021 年度报告（2019版格式（试行））"
        ),
        "  有错误：3 条勾稽关系不成立（37 条成立，0 条未能核对）",
        (
            "  错误：“（七）总计 · 自然人”填的是 1，若改为 0，以下 3 条勾稽关系就都成立："
            "第三部分“自然人”列，本列勾稽关系（0 ≠ 1）；"
            "第三部分“自然人”列，办理结果分项合计（0 ≠ 1）；"
            "第三部分“（七）总计”，申请人分类合计（1 ≠ 0）。 [CELL]"
        ),
        "  警告：2021 年度报告用的是2019版格式（试行），应当用2021版格式。 [X-TPL]",
    ]


def test_verdict_in_english(run: Run) -> None:
    """A developer reads the same in English."""
    status, out, _ = run("check", "--lang", "en", f"{BREAKS}.json")
    assert status == 1
    assert "WRONG: 3 equations are broken (37 hold, 0 could not be checked)" in out
    assert "“(7) total · natural persons” says 1; make it 0, and these 3 sums hold" in out


@pytest.mark.parametrize(
    ("stem", "options", "status", "verdict"),
    [
        (HOLDS, (), 0, "通过：42 条勾稽关系全部成立"),
        (HOLDS, ("--lang", "en"), 0, "OK: all 42 equations hold"),
        (BLANKS, (), 0, "未发现错误，38 条未能核对（2 条成立）"),
        (BLANKS, ("--lang", "en"), 0, "no error found, 38 equations could not be checked (2 hold)"),
        (BLANKS, ("--blanks", "zero"), 1, "有错误：12 条勾稽关系不成立（28 条成立，0 条未能核对）"),
    ],
)
def test_verdict(run: Run, stem: str, options: tuple[str, ...], status: int, verdict: str) -> None:
    """Every path gets a verdict; with blanks and nothing broken it is never a pass."""
    found, out, _ = run("check", f"{stem}.json", *options)
    assert found == status
    assert out.splitlines()[1] == f"  {verdict}"


def test_notices_are_capped(run: Run) -> None:
    """Of many notices some are shown, with the number of the others; ``--all`` shows every one."""
    _, out, _ = run("check", f"{BLANKS}.json")
    assert out.count(" [BLANK]") == 5
    assert "另有 33 条提示未列出；加 --all 全部列出" in out
    _, out, _ = run("check", f"{BLANKS}.json", "--all")
    assert out.count(" [BLANK]") == 38


def test_folder_and_summary(run: Run) -> None:
    """A folder is all its reports, in order, with a summary at the end."""
    status, out, _ = run("check", EXAMPLES)
    assert status == 1
    assert [line.partition(".json: ")[0] for line in out.splitlines() if ".json: " in line] == [
        str(EXAMPLES / path.stem) for path in sorted(EXAMPLES.glob("*.json"))
    ]
    assert (
        out.splitlines()[-1]
        == "共 5 份：通过 2，未能全部核对 1，有错误 2，不符合格式 0，无法读取 0"
    )


def test_json_output(run: Run, tmp_path: Path) -> None:
    """
    ``--format json`` says the same to a program: verdict, findings in both languages, counts, rule
    set.
    """
    missing = tmp_path / "missing.json"
    status, out, _ = run("check", "--format", "json", f"{BREAKS}.json", f"{HOLDS}.json", missing)
    results = json.loads(out)
    assert status == 2
    assert [result["verdict"] for result in results["results"]] == ["broken", "held", "unreadable"]
    assert results["summary"] == {
        "held": 1,
        "unknown": 0,
        "broken": 1,
        "invalid": 0,
        "unreadable": 1,
    }
    finding, odd = results["results"][0]["findings"]
    assert (odd["code"], odd["level"]) == ("X-TPL", "warning")
    assert finding["cells"] == ["applications.outcomes.total.natural_person"]
    assert set(finding["message"]) == {"zh", "en"}
    assert (
        results["results"][2]["problem"]["en"] == "there is no such file or folder; check the path"
    )


def test_faults_are_named_with_their_cells(run: Run, tmp_path: Path) -> None:
    """
    A report that does not conform has exit code 1 and every fault named; a flood of them is capped
    with its total.
    """
    data = json.loads((EXAMPLES / f"{HOLDS}.json").read_text(encoding="utf-8"))
    data["disputes"]["reconsideration"]["upheld"] = "5"
    data["extra"] = dict.fromkeys("abc", 1)
    path = tmp_path / "faulty.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    status, out, _ = run("check", path)
    assert status == 1
    assert "  不符合格式：2 处" in out
    assert ("错误：“行政复议 · 结果维持”应为整数或空白（null），现为文字“5”。 [S-TYPE]\n") in out
    _, told, _ = run("check", "--verbose", path)
    assert "。 [S-TYPE]\n    数字项：disputes.reconsideration.upheld\n" in told
    data |= {f"key{number}": 1 for number in range(100)}
    path.write_text(json.dumps(data), encoding="utf-8")
    _, out, _ = run("check", path)
    assert "  不符合格式：102 处" in out
    assert out.count("S-UNKNOWN") < 30
    _, out, _ = run("check", "--all", path)
    assert out.count("S-UNKNOWN") == 101


def test_standard_input() -> None:
    """``-`` is standard input."""
    done = process("check", "-", stdin=(EXAMPLES / f"{HOLDS}.json").read_bytes())
    assert done.returncode == 0
    assert done.stdout.decode().startswith("-: 宿迁市人民政府 2024 年度报告")


# ---- hostile files ------------------------------------------------------------------------------


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.write(b'{"edition":"2021","title":"')
        file.truncate(200_000_000)


def _wide(kind: Callable[[int], str]) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(
            '{"edition": "2021"'
            + "".join(f', "{kind(number)}": 1' for number in range(900_000))
            + "}",
            encoding="utf-8",
        )

    return write


HOSTILE: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "200 MB": (_huge, 2, "longer than 16,000,000 bytes"),
    "arrays nested": (
        lambda path: path.write_text("[" * 100_000),
        2,
        "nests deeper than 64 levels",
    ),
    "objects nested": (
        lambda path: path.write_text('{"a":' * 100_000),
        2,
        "nests deeper than 64 levels",
    ),
    "nested, closed": (
        lambda path: path.write_text('{"edition":' + "[" * 900 + "]" * 900 + "}"),
        2,
        "nests deeper than 64 levels",
    ),
    "million digits": (
        lambda path: path.write_text('{"edition": "2021", "year": ' + "9" * 1_000_000 + "}"),
        2,
        "is too long",
    ),
    "exponent": (
        lambda path: path.write_text('{"edition": "2021", "year": 1e999999999}'),
        2,
        "is too long",
    ),
    "not UTF-8": (
        lambda path: path.write_bytes(b'{"edition": "2021", "title": "\xd5\xfd"}'),
        2,
        "is not UTF-8",
    ),
    "UTF-16": (
        lambda path: path.write_bytes('{"edition": "2021"}'.encode("utf-16")),
        2,
        "is not UTF-8",
    ),
    "zeros": (lambda path: path.write_bytes(bytes(1000)), 2, "nothing but zeros"),
    "empty": (lambda path: path.write_bytes(b""), 2, "the file is empty"),
    "blanks": (lambda path: path.write_bytes(b" \n"), 2, "a value is missing"),
    "NaN": (
        lambda path: path.write_text('{"edition": "2021", "year": NaN}'),
        2,
        "NaN is no number",
    ),
    "a list": (lambda path: path.write_text("[1, 2]"), 2, "This is no report"),
    "a number": (lambda path: path.write_text("5"), 2, "This is no report"),
    "other data": (lambda path: path.write_text('{"name": "x"}'), 2, "This is no report"),
    "twice the same key": (_wide(lambda _: "key"), 2, 'The key "key" stands twice'),
    "half a character": (
        lambda path: path.write_text('{"edition": "2021", "title": "\\ud800"}'),
        2,
        "half a character",
    ),
    "a folder": (lambda path: path.mkdir(), 2, "holds no readable file"),
    "nothing": (lambda _: None, 2, "no such file"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_file_gets_one_line_and_the_others_are_checked(
    run: Run, tmp_path: Path, name: str
) -> None:
    """
    A hostile file gets one clear line and exit code 2, and the other files of the call are still
    checked and named.
    """
    write, expected, english = HOSTILE[name]
    path = tmp_path / "hostile.json"
    write(path)
    status, out, err = run("check", "--lang", "en", path, f"{HOLDS}.json")
    assert (status, err) == (expected, "")
    first, name_line, verdict, summary = out.splitlines()
    assert first.startswith(f"{path}: CANNOT BE READ: ")
    assert english in first
    assert (name_line.split(":")[0], verdict.strip()) == (
        f"{HOLDS}.json",
        "OK: all 42 equations hold",
    )
    assert (
        summary == "2 reports: 1 OK, 0 not wholly checked, 0 wrong, 0 not conforming, 1 unreadable"
    )


def test_flood_of_unknown_keys(run: Run, tmp_path: Path) -> None:
    """A report with hundreds of thousands of unknown keys is answered within bounds."""
    path = tmp_path / "flood.json"
    _wide(lambda number: f"k{number}")(path)
    status, out, _ = run("check", "--lang", "en", path)
    assert status == 1
    assert "There are 10,000 faults" in out or "10001 faults" in out
    assert len(out.splitlines()) < 50


def test_path_that_no_file_can_have(run: Run) -> None:
    """A path with a null byte is a path that is missing, not a traceback."""
    status, out, _ = run("check", "a\0b.json", "--lang", "en")
    assert status == 2
    assert "there is no such file" in out


def test_file_that_may_not_be_opened(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that may not be opened is named with the reason."""

    def refuse(*_: Any, **__: Any) -> io.BytesIO:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    status, out, _ = run("check", f"{HOLDS}.json", "--lang", "en")
    assert (status, out) == (
        2,
        f"{HOLDS}.json: CANNOT BE READ: cannot be opened: Permission denied\n",
    )


def test_memory_is_bounded(tmp_path: Path) -> None:
    """A file of 200 MB costs no more memory than the longest report may be."""
    path = tmp_path / "huge.json"
    _huge(path)
    script = (
        "import sys; from govinfo_schema.cli import main; print(main(sys.argv[1:])); "
        "print(open('/proc/self/status').read())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, "check", str(path)],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    assert "\n2\n" in done.stdout
    peak = int(re.search(r"VmHWM:\s+([0-9]+) kB", done.stdout)[1])  # type: ignore[index]
    assert peak < 150_000


def test_names_cannot_steer_the_terminal(run: Run, tmp_path: Path) -> None:
    """
    What a report or a file is called can neither break a line, nor turn the writing around, nor
    send commands to the terminal.
    """
    report = gs.blank("2021", year=2024, body="某市\x1b[31m\n\u202e人民政府")
    path = tmp_path / "\x1b]0;x\x07.json"
    path.write_bytes(gs.dumps(report))
    _, out, _ = run("check", path)
    assert len(out.splitlines()[0]) > 10
    assert all(character.isprintable() or character == "\n" for character in out)
    assert "\\x1b[31m" in out


def test_file_name_that_is_not_utf8(tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is named all the same."""
    path = os.fsencode(tmp_path) + b"/\xff.json"
    Path(os.fsdecode(path)).write_bytes((EXAMPLES / f"{HOLDS}.json").read_bytes())
    done = process("check", os.fsdecode(path))
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\udcff.json" in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "gb18030", "cp936", "latin-1"])
def test_terminal_of_another_encoding(encoding: str) -> None:
    """A terminal that cannot print Chinese gets escapes, not a traceback."""
    done = process(
        "check",
        "--lang",
        "en",
        str(EXAMPLES / f"{BREAKS}.json"),
        PYTHONIOENCODING=encoding,
        PYTHONUTF8="0",
    )
    assert (done.returncode, done.stderr) == (1, b"")
    assert b"WRONG: 3 equations are broken" in done.stdout


def test_closed_pipe() -> None:
    """Whoever has read enough may close the pipe."""
    command = f"{sys.executable} -m govinfo_schema cells | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, check=False, cwd=ROOT)
    assert done.stdout.decode().startswith("proactive.administrative_rules.issued\t")
    assert done.stderr == b""


def test_interruption(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An interruption by the keyboard ends with 130, without a traceback."""

    def interrupt(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("govinfo_schema.cli.results.check", interrupt)
    assert run("check", f"{HOLDS}.json")[0] == 130


@pytest.mark.parametrize("module", ["attrs", "msgspec", "argparse"])
def test_interruption_while_loading(module: str, tmp_path: Path) -> None:
    """
    So does one while the command still loads, as a module and as a script; a program that imports
    the library has its traceback.
    """
    (tmp_path / f"{module}.py").write_text("raise KeyboardInterrupt")
    script = tmp_path / "govinfo-schema"
    script.write_text("from govinfo_schema.cli import main; raise SystemExit(main())")
    environment = os.environ | {"PYTHONPATH": os.pathsep.join((str(tmp_path), str(ROOT)))}

    def ended(*arguments: str) -> tuple[int, bytes]:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, capture_output=True, check=False, env=environment)
        return done.returncode, done.stderr

    assert ended("-m", "govinfo_schema", "cells") == (130, b"")
    assert ended(str(script), "cells") == (130, b"")
    status, told = ended("-c", f"import govinfo_schema, {module}")
    assert status != 130
    assert b"Traceback" in told


# ---- convert, schema, cells ---------------------------------------------------------------------


def test_convert_writes_the_report_anew(run: Run, tmp_path: Path) -> None:
    """``convert`` writes the same report, laid out for people or as canonical text."""
    target = tmp_path / "out.json"
    assert run("convert", f"{HOLDS}.json", target)[0] == 0
    assert gs.loads(target.read_bytes()) == gs.loads((EXAMPLES / f"{HOLDS}.json").read_bytes())
    assert run("convert", "--compact", target, tmp_path / "compact.json")[0] == 0
    assert (tmp_path / "compact.json").read_bytes() == gs.dumps(gs.loads(target.read_bytes()))


def test_convert_through_pipes() -> None:
    """``convert - -`` reads standard input and writes standard output."""
    text = (EXAMPLES / f"{HOLDS}.json").read_bytes()
    done = process("convert", "-", "-", stdin=text)
    assert (done.returncode, gs.loads(done.stdout)) == (0, gs.loads(text))


def test_convert_that_fails_leaves_the_old_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A write that fails leaves the old file as it was, and nothing beside it."""
    target = tmp_path / "out.json"
    target.write_text("old")

    def fail(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    status, _, err = run("convert", "--force", "--lang", "en", f"{HOLDS}.json", target)
    assert (status, err) == (2, f"{target}: cannot be written: No space left on device\n")
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]
    assert target.read_text() == "old"


@pytest.mark.parametrize(
    ("source", "target", "english"),
    [
        (f"{HOLDS}.json", "out.xyz", "cannot write '.xyz' files"),
        (f"{HOLDS}.json", "no/such/folder/out.json", "there is no folder"),
        ("missing.json", "out.json", "there is no such file"),
    ],
)
def test_convert_refuses(run: Run, tmp_path: Path, source: str, target: str, english: str) -> None:
    """What cannot be read or written is one line on standard error and exit code 2."""
    status, out, err = run("convert", "--lang", "en", source, tmp_path / target)
    assert (status, out, len(err.splitlines())) == (2, "", 1)
    assert english in err


def test_schema_is_printed() -> None:
    """``schema`` prints the published file."""
    assert (
        process("schema", "2019").stdout
        == (ROOT / "schemas" / "2019" / "report.schema.json").read_bytes()
    )


@pytest.mark.parametrize(("edition", "count"), [("2021", 200), ("2019", 198)])
def test_cells_are_listed(run: Run, edition: str, count: int) -> None:
    """
    ``cells`` lists every figure of the form: id, label, unit, kind; ``--format json`` with the
    sources.
    """
    _, out, _ = run("cells", edition)
    assert len(out.splitlines()) == count
    assert out.splitlines()[-1].split("\t") == [
        "disputes.litigation.after_reconsideration.total",
        "行政诉讼 · 复议后起诉 · 总计",
        "件",
        "count",
    ]
    _, out, _ = run("cells", edition, "--format", "json")
    assert len(json.loads(out)) == count
    assert json.loads(out)[0]["sources"]


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("check", "--help")])
def test_help(arguments: tuple[str, ...]) -> None:
    """Version and help are printed."""
    done = process(*arguments)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"govinfo-schema" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [(), ("check",), ("schema", "2008"), ("nonsense",), ("check", "--blanks", "none", "x.json")],
)
def test_wrong_call(arguments: tuple[str, ...]) -> None:
    """A wrong call has exit code 2, and one line in both languages says what is wrong with it."""
    done = process(*arguments)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    zh, separator, en = line.partition(" · ")
    assert zh.startswith("命令写法不对：")
    assert separator
    assert re.fullmatch(r"wrong call: .+; govinfo-schema.* --help says how", en)
