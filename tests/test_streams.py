"""Reports in bytes and in open binary files: uploads, objects of a store, members of an archive."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path
from typing import IO, Any, cast

import pytest

import govinfo_schema as gs
from govinfo_schema.files import writable

DOCUMENTS = Path(__file__).parent / "documents"
EXAMPLE = gs.loads((DOCUMENTS.parents[1] / "docs/examples/2024-hongze-quzhengfu.json").read_bytes())
FORMATS = [ending.removeprefix(".") for ending in writable() if ending != ".pdf"]


class Slow(io.RawIOBase):
    """An unbuffered stream that gives and takes a few bytes at a time, and cannot go back."""

    def __init__(self, data: bytes = b"") -> None:
        self.data, self.at = bytearray(data), 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def writable(self) -> bool:
        """It can be written."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give at most a thousand bytes."""
        block = bytes(self.data[self.at : self.at + min(size, 1000)])
        self.at += len(block)
        return block

    def write(self, block: Any) -> int:
        """Take at most a thousand bytes."""
        self.data += bytes(block)[:1000]
        return min(len(block), 1000)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("stream", [io.BytesIO, Slow])
def test_every_format_goes_through_a_stream(kind: str, stream: Any) -> None:
    """What is written into an open file is read back from its bytes, by a name or by a format."""
    target = stream()
    gs.write(EXAMPLE, target, format=kind)
    assert not target.closed
    data = bytes(target.getbuffer() if stream is io.BytesIO else target.data)
    for reading in (
        gs.read(data, name=f"报告.{kind}"),
        gs.read(memoryview(data), format=f".{kind.upper()}"),
        gs.read(stream(data), format=kind),
    ):
        assert dict(gs.walk(reading.report)) == dict(gs.walk(EXAMPLE))


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.[!j]*")), ids=lambda path: path.name)
def test_bytes_are_read_as_the_file_is(path: Path) -> None:
    """Bytes and streams give the very reading of the file, which keeps the name."""
    reading = gs.read(path)
    assert reading.file == str(path)
    with path.open("rb") as file:
        assert gs.read(file) == reading
        assert not file.closed
    assert gs.read(path.read_bytes(), name=str(path)) == reading


def test_stream_is_read_from_where_it_is() -> None:
    """What was read of a stream before is no part of the file, and what stands there stays."""
    stream = io.BytesIO(b"before")
    stream.seek(6)
    gs.write(EXAMPLE, stream, format="json")
    stream.seek(6)
    assert gs.read(stream).report == EXAMPLE
    assert stream.getvalue().startswith(b"before{")


def test_member_of_an_archive(tmp_path: Path) -> None:
    """A member of an archive is read without being unpacked, under its own name."""
    path = tmp_path / "reports.zip"
    with zipfile.ZipFile(path, "w") as archive, archive.open("2024.md", "w") as member:
        gs.write(EXAMPLE, member, format="md")
    with zipfile.ZipFile(path) as archive, archive.open("2024.md") as member:
        reading = gs.read(member)
    assert reading.file == "2024.md"
    assert dict(gs.walk(reading.report)) == dict(gs.walk(EXAMPLE))


def test_many_reports_in_a_stream() -> None:
    """Tables and JSON lines go through streams too; one format takes one report alone."""
    reports = [gs.generate(seed) for seed in range(20)]
    for kind in ("jsonl", "csv", "tidy.csv", "parquet", "sqlite", "duckdb"):
        stream = io.BytesIO()
        gs.write_many(iter(reports), stream, format=kind)
        read = gs.read_many(stream.getvalue(), name=f"reports.{kind}")
        assert list(read.reports) == reports
        assert {reading.file for reading in read} == {f"reports.{kind}"}
    with pytest.raises(gs.UnreadableFile, match="<stream>: holds one report, not several"):
        gs.write_many(reports, io.BytesIO(), format="docx")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\n \n"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\n\n"])
def test_lines_of_json_are_known_by_their_content(mark: bytes, end: bytes, tmp_path: Path) -> None:
    """Several reports in JSON lines need no name; a faulty line is one of the findings."""
    reports = [gs.generate(seed) for seed in range(3)]
    data = mark + end.join(map(gs.dumps, reports))
    assert list(gs.read_many(data).reports) == reports
    (tmp_path / "reports.txt").write_bytes(data + end)
    assert list(gs.read_many(tmp_path / "reports.txt").reports) == reports
    with pytest.raises(gs.UnreadableFile, match=r"^<bytes>: .* 3 reports"):
        gs.read(data)
    spoilt = gs.read_many(mark + b'{"edition": "2021", }' + end + gs.dumps(reports[0]))
    assert list(spoilt.reports) == reports[:1]
    assert [finding.code for finding in spoilt.findings] == ["R-RECORD"]
    with pytest.raises(gs.InvalidReport):
        gs.read(b'{"edition": "2021",\n"year": 2024}')


def test_object_of_a_store_is_known_by_its_path() -> None:
    """An open file that has no name but a path is known, and written, by that."""
    stream = Stored()
    gs.write(EXAMPLE, stream)
    stream.seek(0)
    assert gs.read(stream).file == "bucket/2024.docx"


class Stored(io.BytesIO):
    """An object of a store, as libraries for stores open it."""

    path = "bucket/2024.docx"


def test_name_of_an_open_file_tells_the_format(tmp_path: Path) -> None:
    """An open file that has a name is written in the format of its suffix, the longest one."""
    for name in ("report.html", "reports.tidy.csv"):
        with (tmp_path / name).open("wb") as file:
            gs.write(EXAMPLE, file)
        gs.write(EXAMPLE, tmp_path / f"other.{name}")
        assert (tmp_path / name).read_bytes() == (tmp_path / f"other.{name}").read_bytes()


def test_format_of_a_path(tmp_path: Path) -> None:
    """A format that is named goes before the suffix of the target, and nothing else is written."""
    path = tmp_path / "upload.bin"
    gs.write(EXAMPLE, path, format="docx")
    assert dict(gs.walk(gs.read(path).report)) == dict(gs.walk(EXAMPLE))
    assert [each.name for each in tmp_path.iterdir()] == ["upload.bin"]
    before = path.read_bytes()
    with pytest.raises(gs.UnreadableFile, match="there already"):
        gs.write(EXAMPLE, path, format="json", if_exists="fail")
    assert path.read_bytes() == before
    assert gs.read(path, name="某县2023年报告.docx").file == "某县2023年报告.docx"


def closed() -> io.BytesIO:
    """Make a stream that is closed."""
    stream = io.BytesIO(b"{}")
    stream.close()
    return stream


class Plain:
    """A file of another library: it does what it is told for each read and each write."""

    def __init__(self, does: Any) -> None:
        self.does = does

    def _do(self) -> Any:
        if isinstance(self.does, Exception):
            raise self.does
        return self.does

    def read(self, size: int = -1) -> Any:  # noqa: ARG002 (as any stream)
        """Do it."""
        return self._do()

    def write(self, block: Any) -> Any:  # noqa: ARG002 (as any stream)
        """Do it."""
        return self._do()


class NamedInBytes:
    """A path whose name is bytes."""

    def __fspath__(self) -> bytes:
        return os.fsencode(DOCUMENTS / "nowhere.json")


class Broken(io.RawIOBase):
    """A stream whose connection ends."""

    def read(self, size: int = -1) -> bytes:  # noqa: ARG002 (as any stream)
        """Fail as the operating system does."""
        raise ConnectionResetError(104, "Connection reset by peer")

    def write(self, block: Any) -> int:  # noqa: ARG002 (as any stream)
        """Fail as the operating system does."""
        raise ConnectionResetError(104, "Connection reset by peer")


class Promising:
    """A file that is read and written with ``await``, as the uploads of some servers are."""

    async def read(self, size: int = -1) -> bytes:  # noqa: ARG002 (as any stream)
        """Give nothing before it is awaited."""
        return gs.dumps(EXAMPLE)

    async def write(self, block: Any) -> int:
        """Take nothing before it is awaited."""
        return len(block)


class OneWay(io.BytesIO):
    """A file that is open in the wrong mode."""

    def read(self, size: int | None = -1, /) -> bytes:  # noqa: ARG002 (as any stream)
        """Refuse, as a file that is open for writing does."""
        raise io.UnsupportedOperation("read")

    def write(self, block: Any, /) -> int:  # noqa: ARG002 (as any stream)
        """Refuse, as a file that is open for reading does."""
        raise io.UnsupportedOperation("write")


@pytest.mark.parametrize(
    ("source", "named", "error", "said"),
    [
        ("<html>" + "x" * 10_000, {}, gs.UnreadableFile, "is the content of a file, not its path"),
        ("一、总体情况\n" * 999, {}, gs.UnreadableFile, "is the content of a file, not its path"),
        ("x" * 5000, {}, gs.UnreadableFile, "is the content of a file, not its path"),
        (io.StringIO("{}"), {}, TypeError, "has to be open in binary mode"),
        (5, {}, TypeError, "a source is a path, bytes or an open binary file, not int"),
        (None, {}, TypeError, "a source is a path, bytes or an open binary file, not NoneType"),
        (EXAMPLE, {}, TypeError, "a source is a path, bytes or an open binary file"),
        (b"", {}, gs.UnreadableFile, "<bytes>: the file is empty"),
        (io.BytesIO(), {"name": "a.docx"}, gs.UnreadableFile, "a.docx: the file is empty"),
        (b"\0\xff" * 99, {"name": "a.docx"}, gs.UnreadableFile, "a.docx: "),
        (b"PK\3\4 torn", {"format": "xlsx"}, gs.UnreadableFile, "<bytes>: "),
        (b"{}", {"format": "foo"}, gs.UnreadableFile, "there is no format 'foo'"),
        (b"{}", {"format": 5}, gs.UnreadableFile, "there is no format 5"),
        (closed(), {}, gs.UnreadableFile, "<stream>: the open file cannot be used"),
        (Broken(), {"name": "a.pdf"}, gs.UnreadableFile, "a.pdf: cannot be opened: "),
        (OneWay(), {}, gs.UnreadableFile, "<stream>: the file is not open for reading; open it"),
        (Promising(), {}, TypeError, "Promising has to be awaited; give the open file or the"),
        (Plain(None), {}, gs.UnreadableFile, "open it in blocking mode"),
        (Plain(5), {}, TypeError, "give bytes; Plain gives int"),
        (Plain("{}"), {}, TypeError, "give bytes; Plain gives str"),
        (
            Plain(zipfile.BadZipFile("Bad CRC-32\nfor a member")),
            {},
            gs.UnreadableFile,
            "Bad CRC-32",
        ),
        (Plain(EOFError()), {"name": "a.gz"}, gs.UnreadableFile, "a.gz: the open file cannot"),
        (NamedInBytes(), {}, gs.UnreadableFile, "there is no such file"),
        (b"{}", {"name": 5}, gs.InvalidValue, "name: should be text, not 5"),
        (b"{}", {"name": Path("a.json")}, gs.InvalidValue, "of a path give str(path)"),
        ("nowhere.json", {"name": b"a.json"}, gs.InvalidValue, "name: should be text"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_file(source: Any, named: Any, error: Any, said: str) -> None:
    """What cannot be read is said in one short line, with the name that the caller knows."""
    for read in (gs.read, gs.read_many):
        with pytest.raises(error) as caught:
            read(source, **named)
        line = str(caught.value)
        assert said in line
        assert "\n" not in line
        assert len(line) < 400


@pytest.mark.parametrize(
    ("target", "named", "error", "said"),
    [
        (io.BytesIO(), {}, gs.UnreadableFile, "<stream>: nothing tells in which format to write"),
        (io.BytesIO(), {"format": "exe"}, gs.UnreadableFile, "there is no format 'exe'"),
        (io.StringIO(), {"format": "md"}, TypeError, "has to be open in binary mode"),
        (b"report.md", {"format": "md"}, TypeError, "a target is a path or an open binary file"),
        (closed(), {"format": "md"}, gs.UnreadableFile, "the open file cannot be used"),
        (Broken(), {"format": "md"}, gs.UnreadableFile, "<stream>: cannot be written: "),
        (io.BytesIO(), {"format": "csv", "if_exists": "append"}, gs.UnreadableFile, "added to"),
        (io.BytesIO(), {"format": "md", "if_exists": "keep"}, ValueError, "if_exists is 'fail'"),
        ("a.md", {"format": "docx", "if_exists": "keep"}, ValueError, "if_exists is 'fail'"),
        (OneWay(), {"format": "md"}, gs.UnreadableFile, "the file is not open for writing; open"),
        (Promising(), {"format": "md"}, TypeError, "Promising has to be awaited"),
        (
            Plain(0),
            {"format": "md"},
            gs.UnreadableFile,
            "cannot be written: it has or takes nothing",
        ),
        (
            Plain(-1),
            {"format": "md"},
            gs.UnreadableFile,
            "cannot be written: it has or takes nothing",
        ),
        (
            Plain("7"),
            {"format": "md"},
            gs.UnreadableFile,
            "cannot be written: it has or takes nothing",
        ),
        (
            Plain(KeyError("k")),
            {"format": "md"},
            gs.UnreadableFile,
            "<stream>: the open file cannot",
        ),
        ("{\n}", {"format": "md"}, gs.UnreadableFile, "is the content of a file, not its path"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_no_target(target: Any, named: Any, error: Any, said: str) -> None:
    """What cannot be written into is said in one line."""
    with pytest.raises(error, match=said):
        gs.write(EXAMPLE, target, **named)
    with pytest.raises(error, match=said):
        gs.write_many([EXAMPLE], target, **named)


def test_stream_that_has_nothing_yet_is_no_end() -> None:
    """A table is never cut short where a non-blocking stream has nothing between two lines."""
    lines = (gs.dumps(EXAMPLE) + b"\n") * 2
    blocks = [lines[: len(lines) // 2], None, lines[len(lines) // 2 :], b""]

    class Waiting(io.RawIOBase):
        def read(self, size: int = -1) -> Any:  # noqa: ARG002 (as any stream)
            return blocks.pop(0)

    with pytest.raises(gs.UnreadableFile, match="blocking mode"):
        gs.read_many(cast("IO[bytes]", Waiting()), format="jsonl")


def test_stream_that_takes_nothing_is_no_success() -> None:
    """An unbuffered stream that returns nothing has written nothing."""

    class Full(io.RawIOBase):
        def write(self, block: Any) -> Any:
            """Take nothing, as a pipe that is full."""

    with pytest.raises(gs.UnreadableFile, match="blocking mode"):
        gs.write(EXAMPLE, cast("IO[bytes]", Full()), format="json")


@pytest.mark.parametrize("reports", [None, 5, EXAMPLE, gs.check(EXAMPLE)])
def test_writing_takes_several_reports(reports: Any) -> None:
    """What is not several reports is said in one line, whatever the format."""
    for kind in ("csv", "json"):
        with pytest.raises(TypeError, match="write_many takes several reports"):
            gs.write_many(reports, io.BytesIO(), format=kind)
