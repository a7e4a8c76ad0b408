"""
Archives of reports: a zip is read as a folder, in bounds, and nothing of it is written anywhere.
"""

from __future__ import annotations

import io
import json
import os
import random
import struct
import time
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from containers import zipped
from ofds import Style, ofd_of, pdf_pages
from pdfs import drawn_pdf

import govinfo_schema as gs
from govinfo_schema import files
from govinfo_schema.bulk.processes import expand
from govinfo_schema.bulk.resuming import begun
from govinfo_schema.cli import main
from govinfo_schema.documents.formats.archive import MAX_MEMBERS, safe_name
from govinfo_schema.documents.formats.pdf.interpreter import File
from govinfo_schema.documents.layout import layout
from govinfo_schema.errors import UnreadableFile
from govinfo_schema.files import nested


def made(seed: int = 1, kind: str = "docx", **changes: object) -> bytes:
    """Write a report as a document."""
    target = io.BytesIO()
    gs.write(gs.replace(gs.generate(seed, "2021"), changes), target, format=kind)
    return target.getvalue()


DOCX, PAGE = made(1), made(2, "html")


def unflagged(members: dict[str, bytes], encoding: str) -> bytes:
    """Make a zip whose names are in an encoding that no flag tells, as Windows in China does."""
    names = {f"{'x' * len(name.encode(encoding))}": name for name in members}
    assert len(names) == len(members)
    data = zipped({long: members[name] for long, name in names.items()})
    for long, name in names.items():
        data = data.replace(long.encode(), name.encode(encoding))
    return data


def locked(data: bytes) -> bytes:
    """Set the flag of a password at all members of a zip."""
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        parts = data.split(sign)
        for number, part in enumerate(parts[1:], 1):
            own = bytearray(part)
            own[at - 4] |= 1
            parts[number] = bytes(own)
        data = sign.join(parts)
    return data


def refusal(data: bytes, name: str = "报告.zip") -> UnreadableFile:
    """Read an archive that is refused."""
    with pytest.raises(UnreadableFile) as caught:
        gs.read(data, name=name)
    return caught.value


# ---- reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("name", ["报告.docx", "2024/某市/报告.docx"])
def test_archive_of_one_report(name: str, packed: bool) -> None:
    """``read`` gives the one report of an archive, packed or stored, and says where it was."""
    reading = gs.read(zipped({name: DOCX, "封面.gif": b"GIF89a"}, packed=packed), name="a.zip")
    assert reading.report == gs.read(DOCX).report
    assert reading.file == f"a.zip/{name}"


def test_same_report_in_two_formats_is_one() -> None:
    """A report that stands there as Word and as a page is one report; the other file is named."""
    data = zipped({"a.html": made(1, "html"), "b.docx": DOCX, "c.docx": made(1)})
    reading = gs.read(data, name="a.zip")
    assert reading.report.year == gs.generate(1).year
    (left,) = (each for each in reading.findings if each.code == "R-MEMBERS")
    assert (left.level, left.operands["count"]) == ("info", 2)


def test_file_that_cannot_be_read_is_a_warning() -> None:
    """A damaged file beside the report may be another report, so that it is named in a warning."""
    reading = gs.read(zipped({"a.docx": DOCX, "b.docx": DOCX[:2000]}), name="a.zip")
    (left,) = (each for each in reading.findings if each.code == "R-MEMBERS")
    assert (left.level, left.operands["count"]) == ("warning", 1)


def test_several_reports_are_named() -> None:
    """``read`` of two reports says which there are; ``read_many`` reads both."""
    data = zipped({"甲.docx": DOCX, "乙.html": PAGE})
    error = refusal(data)
    assert error.code == "F-SEVERAL-MEMBERS"
    assert "甲.docx" in error.problem.zh
    assert "乙.html" in error.problem.en
    readings = gs.read_many(data, name="年报.zip")
    assert [each.file for each in readings] == ["年报.zip/甲.docx", "年报.zip/乙.html"]
    assert readings.findings == ()


def test_path_goes_on_into_an_archive(tmp_path: Path) -> None:
    """A path may name a file in an archive, and in an archive in it."""
    inner = zipped({"乡镇/报告.html": PAGE})
    path = tmp_path / "年报.zip"
    path.write_bytes(zipped({"甲.docx": DOCX, "内.zip": inner}))
    assert gs.read(path / "甲.docx").report == gs.read(DOCX).report
    reading = gs.read(f"{path}/内.zip/乡镇/报告.html")
    assert reading.report == gs.read(PAGE).report
    assert reading.file == f"{path}/内.zip/乡镇/报告.html"
    for wrong in ("乙.docx", "甲.docx/x", "内.zip/报告.html", "../年报.zip"):
        with pytest.raises(UnreadableFile) as caught:
            gs.read(f"{path}/{wrong}")
        assert caught.value.code == "F-MISSING"


def test_report_in_an_archive_is_mended(tmp_path: Path) -> None:
    """A file in an archive is mended into a file of its own; an archive itself is refused."""
    path, target = tmp_path / "a.zip", tmp_path / "b.docx"
    path.write_bytes(zipped({"报告.docx": DOCX}))
    cell = "applications.received.total"
    gs.mend(path / "报告.docx", {cell: 7}, target)
    assert gs.get(gs.read(target).report, cell) == 7
    with pytest.raises(UnreadableFile) as caught:
        gs.mend(path, {cell: 7}, tmp_path / "c.zip")
    assert caught.value.code == "F-NOT-MENDABLE"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_a_mark(encoding: str) -> None:
    """Names that no flag marks as UTF-8 are read in GB18030, or in UTF-8 where they are that."""
    data = unflagged({"二〇二四\\年度報告𠮷.docx": DOCX}, encoding)
    assert gs.read(data, name="a.zip").file == "a.zip/二〇二四/年度報告𠮷.docx"


def test_document_is_no_archive(tmp_path: Path) -> None:
    """A document that is a zip itself stays a document, whatever its name."""
    for kind in ("docx", "xlsx"):
        path = tmp_path / f"{kind}.zip"
        path.write_bytes(made(1, kind))
        assert gs.read(path).file == str(path)
        assert expand(str(path), files.suffixes()) == [str(path)] or not files.members(path)


# ---- the command line ---------------------------------------------------------------------------


def padded(data: bytes) -> bytes:
    """Put a large picture before the members of a zip, so that its beginning tells nothing."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        inner = {name: old.read(name) for name in old.namelist()}
    return zipped({"thumbnail.jpeg": os.urandom(90_000), **inner})


@pytest.mark.parametrize("name", ["报告", "报告.zip", "报告.docx", "报告.pdf"])
@pytest.mark.parametrize("kind", ["docx", "xlsx", "ofd"])
def test_document_whose_beginning_tells_nothing(kind: str, name: str, tmp_path: Path) -> None:
    """The directory of a zip tells what it is where its first members do not."""
    report = gs.generate(1, "2021")
    if kind == "ofd":
        pages = drawn_pdf(tmp_path / "a.pdf", *pdf_pages(layout(report)))
        file = File(pages.read_bytes())
        drawings = [file.draw(page) for page in file.pages()]
        ofd_of(tmp_path / "a.ofd", drawings, Style(), random.Random(1))
        data = padded((tmp_path / "a.ofd").read_bytes())
    else:
        data = padded(made(1, kind))
    reading = gs.read(data, name=name, year=report.year, body=report.body.name)
    assert dict(gs.walk(reading.report)) == dict(gs.walk(report))


@pytest.mark.parametrize("name", ["年报", "年报.zip", "年报.docx", "年报.xlsx"])
@pytest.mark.parametrize("folder", ["", "word/", "Documents/", "xl/2024/"])
def test_archive_that_looks_like_a_document(folder: str, name: str) -> None:
    """An archive of documents is one, whatever it and its folders are called."""
    data = zipped({folder: b"", f"{folder}报告.docx": DOCX} if folder else {"报告.docx": DOCX})
    reading = gs.read(data, name=name)
    assert (reading.report, reading.file) == (gs.read(DOCX).report, f"{name}/{folder}报告.docx")


def test_archive_is_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``check`` gives a line for each report of an archive, also of one in a folder."""
    (tmp_path / "f").mkdir()
    members = {"甲.docx": DOCX, "乙/丙.html": PAGE, "~$甲.docx": b"x", "封面.gif": b"x"}
    members |= {"__MACOSX/._甲.docx": b"x", "Thumbs.db": b"x"}
    (tmp_path / "f" / "年报.zip").write_bytes(zipped(members))
    for path in (tmp_path / "f", tmp_path / "f" / "年报.zip"):
        assert main(["check", "--format", "json", str(path)]) == 0
        results = json.loads(capsys.readouterr().out)["results"]
        names = [Path(each["path"]).relative_to(tmp_path).as_posix() for each in results]
        assert names == ["f/年报.zip/甲.docx", "f/年报.zip/乙/丙.html"]
    target = tmp_path / "all.csv"
    assert main(["convert", str(tmp_path / "f" / "年报.zip"), str(target)]) == 0
    assert len(gs.read_many(target)) == 2


def test_resuming_sees_that_an_archive_changed(tmp_path: Path) -> None:
    """Work on an archive that has changed in the meantime is not resumed."""
    path, target = tmp_path / "a.zip", tmp_path / "all.csv"
    path.write_bytes(zipped({"甲.docx": DOCX}))
    names = files.members(path)
    assert names
    with begun(target, names):
        pass
    path.write_bytes(zipped({"甲.docx": made(5)}))
    with pytest.raises(UnreadableFile) as caught, begun(target, names, resume=True):
        pass
    assert caught.value.code == "F-PARTS-OTHER"


def test_many_members(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """300 members give 300 lines, and none stops the others."""
    line = gs.dumps(gs.generate(3, "2021"))
    members = {f"{number:03}.json": line for number in range(297)}
    path = tmp_path / "a.zip"
    members |= {"damaged.docx": DOCX[:900], "empty.docx": b"", "内.zip": b"PK\x03\x04 no zip"}
    path.write_bytes(zipped(members))
    assert main(["check", "--format", "json", str(path)]) == 2
    results = json.loads(capsys.readouterr().out)["results"]
    assert len(results) == 300
    assert [each["verdict"] for each in results[297:]] == ["unreadable"] * 3
    assert all(each["verdict"] != "unreadable" for each in results[:297])


def test_archive_without_reports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An archive that holds nothing readable is said to, in one line."""
    path = tmp_path / "a.zip"
    for members in ({}, {"封面.gif": b"x"}):
        path.write_bytes(zipped(members))
        assert main(["check", str(path), "--lang", "en"]) == 2
        assert "holds no readable file" in capsys.readouterr().out
        assert refusal(path.read_bytes()).code == "F-NO-REPORTS"


def test_batch_of_archives() -> None:
    """``read_many`` has a finding for each file of an archive that cannot be read."""
    data = zipped({"a.docx": DOCX, "b.docx": DOCX[:900], "c.html": PAGE})
    readings = gs.read_many(data, name="a.zip")
    assert len(readings) == 2
    (fault,) = readings.findings
    assert (fault.code, fault.level) == ("R-RECORD", "error")
    assert "a.zip/b.docx" in fault.message("en")


# ---- hostile ones -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../../etc/报告.docx", "etc/报告.docx"),
        ("/etc/报告.docx", "etc/报告.docx"),
        ("C:\\Windows\\报告.docx", "C_/Windows/报告.docx"),
        ("..\\..\\报告.docx", "报告.docx"),
        ("a/./b//报告.docx", "a/b/报告.docx"),
        ("报\x1b[31m告.docx", "报�[31m告.docx"),
        ("报告\u202excod.docx", "报告�xcod.docx"),
        ("报\r\n告.docx", "报��告.docx"),
        ("报告.docx .", "报告.docx"),
        ("年报. ./.../报告.docx", "年报/报告.docx"),
        (f"{'长' * 300}.docx", f"{'长' * 90}…{'长' * 15}.docx"),
    ],
)
def test_hostile_names(name: str, shown: str, tmp_path: Path) -> None:
    """A name that leads out of the archive or spoils a line is shown without that."""
    path = tmp_path / "f" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(zipped({name: DOCX}))
    assert safe_name(name) == shown
    assert files.members(path) == [f"{path}/{shown}"]
    assert gs.read(f"{path}/{shown}").report == gs.read(DOCX).report
    assert [each.name for each in tmp_path.rglob("*")] == ["f", "a.zip"]


def test_names_that_stand_twice() -> None:
    """Members of one name are told apart."""
    data = zipped({"x/报告.docx": DOCX, "../x/报告.docx": PAGE})
    assert [each.file for each in gs.read_many(data, name="a.zip")] == [
        "a.zip/x/报告.docx",
        "a.zip/x/报告 (2).docx",
    ]


def test_number_of_a_name_that_stands_twice() -> None:
    """A number that tells two names apart is not that of a third one."""
    data = zipped({"报告.docx": DOCX, "../报告.docx": PAGE, "报告 (2).docx": made(4)})
    names = [each.file for each in gs.read_many(data, name="a.zip")]
    assert len(set(names)) == 3


def test_file_with_the_name_of_a_folder(tmp_path: Path) -> None:
    """A path leads to the file that it names, also where a file has the name of a folder."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"报告": DOCX, "报告/二.html": PAGE}))
    assert files.members(path) == [f"{path}/报告", f"{path}/报告/二.html"]
    assert gs.read(f"{path}/报告").report == gs.read(DOCX).report
    assert gs.read(f"{path}/报告/二.html").report == gs.read(PAGE).report


def test_members_of_other_kinds_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As of a folder, what is passed over is counted, and what has no suffix is looked into."""
    path = tmp_path / "a.zip"
    inner = zipped({"乙.html": PAGE, "印章.psd": b"x"})
    path.write_bytes(
        zipped({"甲": DOCX, "说明": b"x", "章.psd": b"x", "年报.rar": b"x", "内.zip": inner})
    )
    assert main(["check", "--format", "json", str(path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["path"] for each in found["results"]] == [f"{path}/甲", f"{path}/内.zip/乙.html"]
    assert found["passed_over"] == {"": 1, ".psd": 2, ".rar": 1}


def test_folder_in_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path may lead to a folder in an archive, or end as that of one."""
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"2024/甲.docx": DOCX, "2024/乙/丙.html": PAGE, "20245.docx": DOCX}))
    for given, count in ((f"{path}/2024", 2), (f"{path}/2024/", 2), (f"{path}/", 3)):
        assert main(["check", "--format", "json", given]) == 0
        assert len(json.loads(capsys.readouterr().out)["results"]) == count
    assert main(["check", f"{path}/2023"]) == 2


def test_copy_of_a_file_in_an_archive(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """``fix`` says that the copy needs a place where the document stands in an archive."""
    cell = "applications.received.total"
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"甲.docx": made(1, "docx", **{cell: 7})}))
    assert main(["fix", f"{path}/甲.docx", "--apply", "1", "--lang", "en"]) == 2
    assert "--out 甲.fixed.docx" in "".join(capsys.readouterr())
    target = tmp_path / "甲.fixed.docx"
    assert main(["fix", f"{path}/甲.docx", "--apply", "1", "--out", str(target)]) == 0
    assert gs.check(gs.read(target).report).ok


def far(data: bytes) -> bytes:
    """Give a zip the end that only large ones need, as some programs give it to every one."""
    at = data.rindex(b"PK\x05\x06")
    count, length, begin = struct.unpack_from("<HLL", data, at + 10)
    end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, length, begin)
    way = struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1)
    last = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, *(0xFFFF,) * 2, *(0xFFFFFFFF,) * 2, 0)
    return data[:at] + end + way + last


def test_end_of_a_large_archive() -> None:
    """An archive that says how many files it has in the way of large ones is read."""
    assert gs.read(far(zipped({"a.docx": DOCX})), name="a.zip").report == gs.read(DOCX).report
    many = far(zipped({f"{number}.txt": b"" for number in range(MAX_MEMBERS + 1)}))
    assert refusal(many).code == "F-TOO-MANY-MEMBERS"
    assert refusal(far(zipped({"a.docx": DOCX}))[:-10]).code == "F-DAMAGED-ARCHIVE"


@pytest.mark.parametrize("method", [9, 12, 14, 93, 98, 77])
def test_other_methods_of_packing(method: int) -> None:
    """A member that is packed by a method of other programs is refused with its name."""
    data = bytearray(zipped({"a.docx": DOCX}))
    struct.pack_into("<H", data, 8, method)
    struct.pack_into("<H", data, data.rindex(b"PK\x01\x02") + 10, method)
    error = refusal(bytes(data), "a.zip")
    assert (error.path, error.code) == ("a.zip/a.docx", "F-PACKING")


def test_link_in_an_archive() -> None:
    """A symbolic link is named as that and not followed."""
    target, info = io.BytesIO(), zipfile.ZipInfo("passwd.txt")
    info.create_system, info.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, b"/etc/passwd")
    assert refusal(target.getvalue()).code == "F-PACKED-LINK"


def test_damaged_member() -> None:
    """A member whose checksum is wrong is named as damaged, and the others are read."""
    data = bytearray(zipped({"a.docx": DOCX, "b.html": PAGE}))
    data[data.index(b"PK\x01\x02") + 16] ^= 1
    data[14] ^= 1
    readings = gs.read_many(bytes(data), name="a.zip")
    assert [each.file for each in readings] == ["a.zip/b.html"]
    assert "damaged in its archive" in readings.findings[0].message("en")


def test_name_in_two_encodings() -> None:
    """A name whose signs the usual encoding lacks is read from beside it."""
    target, info = io.BytesIO(), zipfile.ZipInfo("????.docx")
    name = "报告.docx".encode()
    field = struct.pack("<BL", 1, zlib.crc32(b"????.docx")) + name
    info.extra = struct.pack("<2H", 0x7075, len(field)) + field
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(info, DOCX)
    assert gs.read(target.getvalue(), name="a.zip").file == "a.zip/报告.docx"


@pytest.mark.parametrize("before", [b"", b"x", b"MZ" + bytes(70_000)])
@pytest.mark.parametrize("behind", [b"", b"\n", bytes(3_000)])
def test_bytes_around_an_archive(before: bytes, behind: bytes) -> None:
    """An archive is read with bytes around it, as one that unpacks itself has."""
    data = before + zipped({"a.docx": DOCX}) + behind
    assert gs.read(data, name="a.zip").report == gs.read(DOCX).report


def test_protected_member() -> None:
    """A member with a password is named with that, and the others are read."""
    error = refusal(locked(zipped({"报告.docx": DOCX})), "a.zip")
    assert (error.path, error.code) == ("a.zip/报告.docx", "F-ENCRYPTED")


def test_bomb() -> None:
    """A member that is packed a thousand times is refused, and not unpacked whole."""
    data = zipped({"报告.txt": b"0" * 60_000_000})
    start = time.process_time()
    assert refusal(data).code == "F-PART-TOO-LONG"
    assert time.process_time() - start < 5


def test_members_that_overlap() -> None:
    """Members that share their bytes are refused before one is unpacked."""
    data = zipped({"a.txt": b"0" * 100_000, "b.txt": b"0" * 100_000})
    (first,) = zipfile.ZipFile(io.BytesIO(data)).infolist()[:1]
    entry = data.index(b"PK\x01\x02")
    end = data.rindex(b"PK\x05\x06")
    one = data[entry : data.index(b"PK\x01\x02", entry + 4)]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 900, 900, len(one) * 900, entry, 0)
    assert end
    assert first.compress_size * 900 > entry + len(one) * 900 + 22
    assert refusal(data[:entry] + one * 900 + tail).code == "F-DAMAGED-ARCHIVE"


def test_archives_in_archives() -> None:
    """Archives are unpacked to a depth of three, and a chain of hundreds costs no more."""
    data = zipped({"报告.docx": DOCX})
    for depth in range(2, 4):
        data = zipped({f"{depth}.zip": data})
        assert gs.read(data, name="a.zip").report == gs.read(DOCX).report
    for _ in range(200):
        data = zipped({"x.zip": data}, packed=False)
    assert refusal(data).code == "F-NESTED-ARCHIVES"


def test_nested_archive_is_listed_in_bounds(tmp_path: Path) -> None:
    """An archive that holds itself many times over is listed to the same depth."""
    data = zipped({"报告.json": gs.dumps(gs.generate(1))})
    for _ in range(5):
        data = zipped({f"{number}.zip": data for number in range(4)})
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    found = files.members(path)
    assert found is not None
    assert len(found) == 64
    assert all(each.count(".zip") == 4 for each in found)


def test_listing_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once enough files are listed or bytes unpacked, archives in an archive stay as they are."""
    inner = zipped({f"{number}.json": b"{}" for number in range(10)})
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{number}.zip": inner for number in range(10)}))
    assert len(files.members(path) or ()) == 100
    for name, limit in (("MAX_LISTED", 35), ("MAX_UNPACKED", 3 * len(inner))):
        monkeypatch.setattr(nested, name, limit)
        assert 30 < len(files.members(path) or ()) < 60
        monkeypatch.undo()


def test_too_many_members() -> None:
    """An archive of more files than anybody packs is refused by what it says of itself."""
    data = zipped({f"{number}.txt": b"" for number in range(MAX_MEMBERS + 1)})
    assert refusal(data).code == "F-TOO-MANY-MEMBERS"


@pytest.mark.parametrize("cut", [30, 200, 1000])
def test_damaged_archive(cut: int, tmp_path: Path) -> None:
    """A cut archive is named as damaged, whole and as a folder."""
    data = zipped({"报告.docx": DOCX, "b.docx": DOCX})[:-cut]
    assert refusal(data).code == "F-DAMAGED-ARCHIVE"
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    assert expand(str(path), files.suffixes()) == [str(path)]


def test_fuzzed_archive() -> None:
    """Whatever byte is damaged, an archive is read or refused with a reason."""
    data = zipped({"报告.json": gs.dumps(gs.generate(1)), "内.zip": zipped({"a.json": b"{}"})})
    for at in range(0, len(data), max(1, len(data) // 150)):
        spoilt = data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]
        with suppress(gs.Error):
            gs.read_many(spoilt, name="a.zip")
