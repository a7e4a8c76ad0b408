"""Work in parts: what is done is never done again, and an interruption changes no byte."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from resumable import content, run

import govinfo_schema as gs
from govinfo_schema.bulk.resuming import Parts, begun

SCRIPT = Path(__file__).with_name("resumable.py")
COUNT = 60
WHOLE = b"".join(content(number)[name] for name in ("odd", "even") for number in range(COUNT))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return the input of a work."""
    path = tmp_path / "input.txt"
    path.write_text("input", encoding="utf-8")
    return path


def stop_early(target: Path, source: Path, count: int = 3, **flags: bool) -> None:
    """Begin the work and stop it by an interruption after some parts."""

    def interrupted() -> None:
        with begun(target, [source], count=COUNT, **flags) as parts:
            for number in range(count):
                parts.keep(number, content(number))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()


def problem(target: Path, source: Path, **flags: bool) -> str:
    """Return the code of the error that the work ends with."""
    with pytest.raises(gs.UnreadableFile) as caught:
        run(str(target), str(source), COUNT, **flags)
    assert caught.value.path == str(target)
    return caught.value.code


def kill_and_resume(target: Path, source: Path, moments: list[float]) -> int:
    """
    Start the work once for each moment, kill it then, and let the last one finish; return how often
    a process was killed.
    """
    killed = 0
    unfinished = target.with_name(f"{target.name}.parts")
    for moment in [*moments, None]:
        flags = ["--resume"] if unfinished.exists() else []
        process = subprocess.Popen(
            [sys.executable, SCRIPT, target, source, str(COUNT), *flags],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        if moment is None:
            assert process.wait() == 0
        else:
            time.sleep(moment)
            process.kill()
            killed += process.wait() < 0
        # Killed after the result was placed, the work has yet to remove its parts.
        if target.exists() and not unfinished.exists():
            break
    assert target.read_bytes() == WHOLE
    assert sorted(each.name for each in target.parent.iterdir()) == [source.name, target.name]
    return killed


def test_killed_at_random_moments_it_gives_the_same_bytes(tmp_path: Path, source: Path) -> None:
    """A work that is killed and resumed three times ends with the bytes of one that is not."""
    chance = random.Random(19)
    moments = [chance.uniform(0.1, 0.45) for _ in range(3)]
    kill_and_resume(tmp_path / "out.bin", source, moments)


@pytest.mark.full
def test_killed_twenty_times_it_gives_the_same_bytes(tmp_path: Path, source: Path) -> None:
    """As above, killed at 20 random moments, in short steps."""
    chance = random.Random(20)
    killed = 0
    while killed < 20:
        (tmp_path / "out.bin").unlink(missing_ok=True)
        moments = [chance.uniform(0.1, 0.4) for _ in range(20 - killed)]
        killed += kill_and_resume(tmp_path / "out.bin", source, moments)


def test_what_is_done_is_not_done_again(tmp_path: Path, source: Path) -> None:
    """Resumed, only the parts are made that are not there, and nothing else is left."""
    target = tmp_path / "out.bin"
    stop_early(target, source, 3)
    assert run(str(target), str(source), COUNT, resume=True) == COUNT - 3
    assert target.read_bytes() == WHOLE
    assert not (tmp_path / "out.bin.parts").exists()


@pytest.mark.parametrize("name", ["00000001.odd", "00000001.json"])
@pytest.mark.parametrize("damage", [b"", b"\xff", b"[]", None])
def test_a_damaged_part_is_made_again(
    tmp_path: Path, source: Path, name: str, damage: bytes | None
) -> None:
    """A part of which a file is missing or not as it was written is made again."""
    target = tmp_path / "out.bin"
    stop_early(target, source, 3)
    path = tmp_path / "out.bin.parts" / name
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    assert run(str(target), str(source), COUNT, resume=True) == COUNT - 2
    assert target.read_bytes() == WHOLE


def test_a_part_that_is_damaged_late_is_named(tmp_path: Path, source: Path) -> None:
    """A part damaged between its check and its use ends the work and stays to be made again."""
    target = tmp_path / "out.bin"
    with begun(target, [source], count=COUNT) as parts:
        parts.keep(0, content(0) | {"odd": b"0"})
        (parts.folder / "00000000.odd").write_bytes(b"1")
        assert 0 not in parts
        with pytest.raises(gs.UnreadableFile) as caught:
            parts.read(0, "odd")
    assert caught.value.code == "F-PARTS-DAMAGED"
    assert not target.exists()
    assert run(str(target), str(source), COUNT, resume=True) == COUNT


def test_parts_are_never_lost_by_surprise(tmp_path: Path, source: Path) -> None:
    """Parts that are there are an error unless the caller says to go on, or to start again."""
    target = tmp_path / "out.bin"
    stop_early(target, source, 3)
    assert problem(target, source) == "F-PARTS-EXIST"
    assert run(str(target), str(source), COUNT, force=True) == COUNT


@pytest.mark.parametrize("change", ["content", "time", "path", "option"])
def test_another_work_is_refused(tmp_path: Path, source: Path, change: str) -> None:
    """Parts of other inputs or options are not gone on with; nothing of them is touched."""
    target = tmp_path / "out.bin"
    stop_early(target, source, 3)
    before = {each.name: each.read_bytes() for each in (tmp_path / "out.bin.parts").iterdir()}
    count, own = COUNT, source
    if change == "content":
        source.write_text("another input", encoding="utf-8")
    elif change == "time":
        os.utime(source, (1, 1))
    elif change == "path":
        own = tmp_path / "other.txt"
        own.write_text("input", encoding="utf-8")
    else:
        count += 1
    with pytest.raises(gs.UnreadableFile) as caught:
        run(str(target), str(own), count, resume=True)
    assert caught.value.code == "F-PARTS-OTHER"
    said = {"option": "count", "content": "the size of the files"}
    assert said.get(change, "the names, sizes or times of the files") in str(caught.value)
    assert {each.name: each.read_bytes() for each in (tmp_path / "out.bin.parts").iterdir()} == (
        before
    )


def test_a_result_that_is_there_is_not_replaced(tmp_path: Path, source: Path) -> None:
    """A target that exists, before or by then, is replaced only with *force*."""
    target = tmp_path / "out.bin"
    target.write_bytes(b"old")
    assert problem(target, source) == problem(target, source, resume=True) == "F-EXISTS"
    target.unlink()
    stop_early(target, source, 3)
    target.write_bytes(b"new")
    assert problem(target, source, resume=True) == "F-EXISTS"
    assert target.read_bytes() == b"new"
    assert run(str(target), str(source), COUNT, force=True) == COUNT


def test_force_is_remembered(tmp_path: Path, source: Path) -> None:
    """What was begun with *force* goes on without it."""
    target = tmp_path / "out.bin"
    target.write_bytes(b"old")
    stop_early(target, source, 3, force=True)
    assert target.read_bytes() == b"old"
    assert run(str(target), str(source), COUNT, resume=True) == COUNT - 3
    assert target.read_bytes() == WHOLE


def test_killed_between_the_result_and_the_end_it_resumes(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed when the result is in its place and the parts are not removed yet, it resumes."""
    target = tmp_path / "out.bin"

    def killed(_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("govinfo_schema.bulk.resuming._remove", killed)
        with pytest.raises(KeyboardInterrupt):
            run(str(target), str(source), COUNT)
    assert run(str(target), str(source), COUNT, resume=True) == 0
    assert target.read_bytes() == WHOLE
    assert not (tmp_path / "out.bin.parts").exists()


def test_a_folder_of_others_is_left_alone(tmp_path: Path, source: Path) -> None:
    """A folder of that name that holds anything else is not touched, with *force* either."""
    folder = tmp_path / "out.bin.parts"
    folder.mkdir()
    (folder / "letters.docx").write_bytes(b"mine")
    for force in (False, True):
        assert problem(tmp_path / "out.bin", source, force=force) == "F-PARTS-FOREIGN"
    assert (folder / "letters.docx").read_bytes() == b"mine"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such locks")
def test_two_processes_do_not_share_a_work(tmp_path: Path, source: Path) -> None:
    """While one process works, another is refused, however it asks."""
    target = tmp_path / "out.bin"
    with begun(target, [source], count=COUNT) as parts:
        parts.keep(0, content(0))
        for flags in ({}, {"resume": True}, {"force": True}):
            assert problem(target, source, **flags) == "F-PARTS-BUSY"
        assert 0 in parts


def test_nothing_stays_where_nothing_was_done(tmp_path: Path, source: Path) -> None:
    """A work that fails before its first part leaves no folder behind."""
    stop_early(tmp_path / "out.bin", source, 0)
    assert [each.name for each in tmp_path.iterdir()] == [source.name]


def test_a_full_disk_is_one_line_and_parts_stay(tmp_path: Path, source: Path) -> None:
    """Where no more can be written, the error says so and the work goes on later."""
    resource = pytest.importorskip("resource", reason="Windows has no such limits")
    target = tmp_path / "out.bin"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(content(50)["odd"]) - 1, before[1]))
    try:
        code = problem(target, source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert code == "F-UNWRITABLE"
    assert not target.exists()
    assert not [each for each in (tmp_path / "out.bin.parts").iterdir() if each.suffix == ".new"]
    assert run(str(target), str(source), COUNT, resume=True) == COUNT - 50
    assert target.read_bytes() == WHOLE


def test_no_target_without_a_folder(tmp_path: Path, source: Path) -> None:
    """A target in a folder that is not there is an error of the target."""
    assert problem(tmp_path / "nowhere" / "out.bin", source) == "F-UNWRITABLE"


def test_parts_pickle(tmp_path: Path, source: Path) -> None:
    """Another process may keep parts too."""
    with begun(tmp_path / "out.bin", [source], count=COUNT) as parts:
        other: Parts = pickle.loads(pickle.dumps(parts))  # noqa: S301 (our own)
        other.keep(7, {"a": b"7"})
        assert 7 in parts
        assert len(parts) == 1
        assert parts.read(7, "a") == b"7"
