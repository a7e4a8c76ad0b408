"""
Files of kinds that are not read: each is named as what it is, with what to do, and is never told to
be saved as UTF-8.
"""

from __future__ import annotations

import io
import os
import random
import tarfile
import zipfile
from pathlib import Path

import pytest
from containers import compound, zipped

import govinfo_schema as gs
from govinfo_schema import files
from govinfo_schema.documents.formats.encodings import is_text
from govinfo_schema.documents.formats.kinds import kind_named, kind_of, kinds
from govinfo_schema.errors import UnreadableFile

ZEROS = bytes(600)


def tar_of(data: bytes) -> bytes:
    """Pack a file as a tar."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo("报告.docx")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


SAMPLES: dict[str, tuple[bytes, str]] = {
    "dmg": (b"\x78\xda\x63" + ZEROS, "a disc image of a Mac"),
    "wim": (b"MSWIM\x00\x00\x00" + ZEROS, "a Windows image"),
    "z": (b"\x1f\x9d\x90" + ZEROS, "a compressed file"),
    "lzma": (b"\x5d\x00\x00\x80\x00" + ZEROS, "a compressed file"),
    "001": (b"\x01\x02" + ZEROS, "one part of a split archive"),
    "deb": (b"!<arch>\ndebian-binary   " + ZEROS, "a software package"),
    "jxl": (b"\xff\x0a\xfa\x1f" + ZEROS, "a JPEG XL picture"),
    "pcx": (b"\x0a\x05\x01\x08\x00\x00\x00\x00\x9f\x02\x00\x00" + ZEROS, "a PCX or TGA picture"),
    "raf": (b"FUJIFILMCCD-RAW " + ZEROS, "a raw picture of a camera"),
    "xlsb": (
        zipped({"[Content_Types].xml": b"<x/>", "_rels/.rels": b"<x/>", "xl/workbook.bin": b"x"}),
        "a binary workbook of Excel (.xlsb)",
    ),
    "wpd": (b"\xffWPC\x10\x00\x00\x00\x01\x0a" + ZEROS, "a WordPerfect document"),
    "cdr": (b"RIFF\x24\x00\x00\x00CDRXvrsn" + ZEROS, "a CorelDRAW drawing"),
    "indd": (b"\x06\x06\xed\xf5\xd8\x1d\x46\xe5" + ZEROS, "an InDesign document"),
    "webarchive": (
        b"bplist00\xd1\x01\x02" + ZEROS,
        "a page that Safari saved, or a property list of a Mac",
    ),
    "webloc": (
        (
            b'<?xml version="1.0"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "x">\n'
            b'<plist version="1.0"><dict><key>URL</key><string>http://x</string></dict></plist>'
        ),
        "a shortcut",
    ),
    "URL": (
        (
            b"[{000214A0-0000-0000-C000-000000000046}]\r\nProp3=19,11\r\n[InternetShortcut]\r\n"
            b"URL=http://x/\r\n"
        ),
        "a shortcut",
    ),
    "sqlite-journal": (
        b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + ZEROS,
        "a log of a database, not the database itself",
    ),
    "tmp": (b"\x01\x02" + ZEROS, "a temporary file of a program"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + ZEROS, "a RAR archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04" + ZEROS, "a 7z archive"),
    "bz2": (b"BZh91AY&SY" + ZEROS, "a bzip2 file"),
    "xz": (b"\xfd7zXZ\x00\x00\x04" + ZEROS, "an xz file"),
    "tar": (tar_of(b"report"), "a tar archive"),
    "cab": (b"MSCF" + ZEROS, "a cabinet archive"),
    "iso": (bytes(32769) + b"CD001\x01" + ZEROS, "a disc image"),
    "gif": (b"GIF89a\x01\x00\x01\x00\x80" + ZEROS, "a GIF picture"),
    "heic": (b"\x00\x00\x00\x18ftypheic" + ZEROS, "a HEIC picture"),
    "psd": (b"8BPS\x00\x01" + ZEROS, "a Photoshop picture"),
    "svg": (
        b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><text>5</text></svg>',
        "an SVG drawing",
    ),
    "pptx": (
        zipped({"[Content_Types].xml": b"<x/>", "_rels/.rels": b"<x/>", "ppt/a.xml": b"<x/>"}),
        "a PowerPoint presentation",
    ),
    "ppt": (compound({"PowerPoint Document": b"slides"}), "a PowerPoint presentation"),
    "dps": (compound({"PowerPoint Document": b"slides"}), "a PowerPoint presentation"),
    "vsd": (compound({"VisioDocument": b"drawing"}), "a Visio drawing"),
    "vsdx": (zipped({"[Content_Types].xml": b"<x/>", "visio/a.xml": b"<x/>"}), "a Visio drawing"),
    "xps": (
        zipped({"[Content_Types].xml": b"<x/>", "Documents/1/a.fdoc": b"<x/>"}),
        "an XPS document",
    ),
    "odp": (
        zipped({"mimetype": b"application/vnd.oasis.opendocument.presentation"}, packed=False),
        "an OpenDocument presentation or drawing",
    ),
    "epub": (zipped({"mimetype": b"application/epub+zip"}, packed=False), "an EPUB book"),
    "pages": (
        zipped({"Index/Document.iwa": b"x"}),
        "a document of Apple iWork (Pages, Numbers or Keynote)",
    ),
    "apk": (zipped({"AndroidManifest.xml": b"x"}), "an Android application"),
    "jar": (zipped({"META-INF/MANIFEST.MF": b"x"}), "a Java program"),
    "ceb": (b"Founder CEB 3.0\x00" + ZEROS, "a CEB document of Founder"),
    "cebx": (b"\x01\x02\x03" + ZEROS, "a CEB document of Founder"),
    "gd": (b"\x01\x02\x03" + ZEROS, "a GD or SEP document of Sursen"),
    "caj": (b"CAJ\x00" + ZEROS, "a CAJ document"),
    "djvu": (b"AT&TFORM\x00\x00\x00\x10DJVU", "a DjVu document"),
    "chm": (b"ITSF\x03\x00\x00\x00" + ZEROS, "a CHM help file"),
    "mobi": (bytes(60) + b"BOOKMOBI" + ZEROS, "a Kindle book"),
    "one": (
        bytes.fromhex("e4525c7b8cd8a74daeb15378d02996d3") + ZEROS,
        "a OneNote section",
    ),
    "ps": (b"%!PS-Adobe-3.0\n%%Title: report\n", "a PostScript file"),
    "eps": (b"\xc5\xd0\xd3\xc6\x1e\x00\x00\x00" + ZEROS, "a PostScript file"),
    "dwg": (b"AC1032\x00\x00" + ZEROS, "an AutoCAD drawing"),
    "dxf": (b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n", "an AutoCAD drawing"),
    "mdb": (b"\x00\x01\x00\x00Standard Jet DB\x00" + ZEROS, "an Access database"),
    "accdb": (b"\x00\x01\x00\x00Standard ACE DB\x00" + ZEROS, "an Access database"),
    "dbf": (b"\x03\x18\x0c\x05" + bytes(28) + b"NAME" + ZEROS, "a dBase table"),
    "msg": (compound({"__properties_version1.0": b"x"}), "an Outlook message"),
    "pst": (b"!BDN" + ZEROS, "an Outlook mailbox"),
    "p7m": (
        bytes.fromhex("308203f506092a864886f70d010702") + ZEROS,
        "a signed or enveloped file (PKCS #7)",
    ),
    "sgn": (b"\x01\x02\x03" + ZEROS, "a signed or enveloped file (PKCS #7)"),
    "pem": (b"-----BEGIN CERTIFICATE-----\nMIIB\n", "an electronic seal or a certificate"),
    "mp3": (b"ID3\x04\x00\x00" + ZEROS, "a sound file"),
    "wav": (b"RIFF\x24\x00\x00\x00WAVEfmt " + ZEROS, "a sound file"),
    "mp4": (b"\x00\x00\x00\x20ftypisom" + ZEROS, "a video"),
    "avi": (b"RIFF\x24\x00\x00\x00AVI LIST" + ZEROS, "a video"),
    "swf": (b"CWS\x0a" + ZEROS, "a Flash animation"),
    "exe": (b"MZ\x90\x00" + ZEROS, "a program"),
    "dll": (b"MZ\x90\x00" + ZEROS, "a program"),
    "msi": (compound({"\u4840\u3b3f\u43f2": b"x"}), "an installer (MSI)"),
    "lnk": (b"L\x00\x00\x00\x01\x14\x02\x00" + ZEROS, "a shortcut"),
    "url": (b"[InternetShortcut]\r\nURL=http://example.gov.cn/\r\n", "a shortcut"),
    "torrent": (b"d8:announce30:http://example.cn:80/announce4:infod", "a torrent"),
    "crdownload": (b"\x01\x02\x03" + ZEROS, "a download that is not finished"),
    "ttf": (b"\x00\x01\x00\x00\x00\x0f\x00\x80" + ZEROS, "a font"),
    "db": (compound({"Catalog": b"x"}), "a cache of thumbnails of Windows"),
    "vcf": (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:x\r\nEND:VCARD\r\n", "a contact or a calendar"),
}
"""
A file of each kind, as short as one can be: by its suffix, its content and what it is. Pictures
that are read where the libraries are there are among the tests of scans.
"""


def refusal(path: Path | bytes, name: str | None = None) -> UnreadableFile:
    """Read a file that is refused."""
    with pytest.raises(UnreadableFile) as caught:
        gs.read(path, name=name)
    return caught.value


def test_there_are_many_kinds() -> None:
    """At least forty suffixes have a sample."""
    assert len(SAMPLES) >= 40


@pytest.mark.parametrize("suffix", SAMPLES)
def test_file_is_named_as_what_it_is(suffix: str, tmp_path: Path) -> None:
    """A file of a kind that is not read is named as that, in both languages, with what to do."""
    data, kind = SAMPLES[suffix]
    path = tmp_path / f"附件.{suffix}"
    path.write_bytes(data)
    error = refusal(path)
    assert error.code == "F-NOT-READ"
    assert error.problem.en.startswith(f"is {kind}, and such files are not read; ")
    assert "UTF-8" not in error.problem.zh + error.problem.en
    assert error.problem.zh.startswith("这是")
    assert str(error).startswith(str(path))


BEGUN = [suffix for suffix, (data, _) in SAMPLES.items() if kind_of(data)]
"""The suffixes of those that are told by how they begin."""


@pytest.mark.parametrize("suffix", BEGUN)
def test_content_goes_before_the_suffix(suffix: str) -> None:
    """A file whose name says another kind is named by what it holds; text is read as text."""
    data, kind = SAMPLES[suffix]
    for ending in ("xyz",) if is_text(data) else ("xyz", "docx", "pdf", "txt"):
        assert f"is {kind}," in refusal(data, f"报告.{ending}").problem.en


@pytest.mark.parametrize("ending", ["docx", "txt", "html", "xyz"])
def test_few_bytes_of_a_picture(ending: str) -> None:
    """A picture of which only the first bytes are there is no text in a strange encoding."""
    assert "is a JPEG 2000 picture," in refusal(b"\xff\x4f\xff\x51", f"报告.{ending}").problem.en


@pytest.mark.parametrize("start", ["GIF89a 图片说明", "BM 说明", "%!PS", "ID3 说明"])
def test_text_that_begins_like_another_kind(start: str) -> None:
    """A text whose name says so stays one, whatever letters it begins with."""
    assert refusal(f"{start}\n工作动态".encode(), "动态.txt").code == "F-NO-REPORT"


def test_kind_that_a_format_reads_is_not_refused() -> None:
    """What a format reads is no longer among the kinds that are refused."""
    assert kind_of(SAMPLES["gif"][0], [".gif"]) is None
    assert kind_named("a.jpeg", [".jpg"]) is None
    assert kind_named("a.jpeg", [".docx"]) is not None


def test_binary_of_no_known_kind() -> None:
    """A file that nobody knows is said to be unknown, with the suffixes that can be read."""
    error = refusal(b"\x01\x02\x03" + ZEROS, "附件.xyz")
    assert error.code == "F-UNKNOWN-KIND"
    assert ".docx" in error.problem.en


@pytest.mark.parametrize("suffix", ["rar", "gif", "jpg", "xyz", "docx", "pdf", "eml", "zip"])
def test_empty_file(suffix: str) -> None:
    """A file of 0 bytes is said to be empty, whatever its suffix."""
    assert refusal(b"", f"报告.{suffix}").code == "F-EMPTY-FILE"


@pytest.mark.parametrize("suffix", ["docx", "zip", "pdf", "txt", "html", "ofd", "eml", "xyz"])
def test_file_of_zeros(suffix: str) -> None:
    """A file of zeros, as a copy leaves it that broke off, is named as that."""
    assert refusal(bytes(5_000), f"报告.{suffix}").code == "F-ZEROS"


@pytest.mark.parametrize("name", ["~$报告.docx", ".~lock.报告.docx#"])
def test_lock_of_an_office_program(name: str) -> None:
    """What an office program leaves beside a document that is open is named as that."""
    data = b"\x04user" + bytes(157) if name.startswith("~") else b",user,host,26.11.2026 10:00;"
    assert refusal(data, name).code == "F-LOCK-FILE"
    document = io.BytesIO()
    gs.write(gs.generate(1, "2021"), document, format="docx")
    assert gs.read(document.getvalue(), name=name).report


def test_kind_that_its_directory_tells() -> None:
    """A presentation and a document of iWork are named although a picture stands before it."""
    picture = os.urandom(90_000)
    for last, kind in (("ppt/a.xml", "PowerPoint"), ("Index/Document.iwa", "iWork")):
        first = {"[Content_Types].xml": b"<x/>"} if kind == "PowerPoint" else {}
        data = zipped({**first, "Data/a.jpg": picture, last: b"<x/>"})
        assert kind in refusal(data, "a.docx").problem.en


@pytest.mark.parametrize(
    "begin", ["Rar!\x1a\x07\x01\0", "7z\xbc\xaf\x27\x1c", "\0\0\0\x18ftypmp42"]
)
@pytest.mark.parametrize("tag", [b"<td>", b"\n# a", b"<p "])
def test_packed_data_are_no_text(begin: str, tag: bytes) -> None:
    """What is packed may hold what looks like a tag or a heading, and is no page for that."""
    dice = random.Random(begin)
    data = begin.encode("latin-1") + dice.randbytes(2_000) + tag + dice.randbytes(2_000)
    assert refusal(data, "报告").code == "F-NOT-READ"


def test_damaged_and_encrypted_office_files() -> None:
    """A cut zip and a protected document are named as that."""
    whole = zipped({"word/document.xml": b"<x/>" * 500, "[Content_Types].xml": b"<x/>"})
    assert refusal(whole[:-40], "报告.docx").code == "F-DAMAGED-DOCUMENT"
    locked = compound({"EncryptedPackage": b"x" * 100, "EncryptionInfo": b"x"})
    for suffix in ("docx", "xlsx", "pptx"):
        assert refusal(locked, f"报告.{suffix}").code == "F-ENCRYPTED"


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("<h1>404</h1><p>您访问的页面不存在</p>", "no such page (404)"),
        ("<title>404 Not Found</title><h1>404 Not Found</h1><hr>nginx", "no such page (404)"),
        ("<form>用户名<input>密码<input><button>登录</button></form>", "a login page"),
        ("<h1>403 Forbidden</h1>", "denies access"),
        ("<h1>502 Bad Gateway</h1>", "a server that failed"),
        ("<p>Please enable JavaScript to continue.</p>", "needs JavaScript"),
    ],
)
def test_page_instead_of_a_report(page: str, kind: str) -> None:
    """An error page or a login page that was saved as a report is named as that."""
    error = refusal(f"<html><body>{page}</body></html>".encode(), "报告.html")
    assert error.code == "F-NO-PAGE"
    assert kind in error.problem.en


def test_long_page_is_no_error_page() -> None:
    """A page that has much to say is no error page, whatever words are in it."""
    page = f"<html><body><p>共 404 件。</p><p>{'工作动态。' * 500}</p></body></html>"
    assert refusal(page.encode(), "动态.html").code == "F-NO-REPORT"


def test_system_files_in_folders_are_passed_over(tmp_path: Path) -> None:
    """What Windows and office programs leave in a folder is no report that cannot be read."""
    from govinfo_schema.bulk.processes import expand

    for name in ("desktop.ini", "Thumbs.db", "~$报告.docx", "._报告.docx"):
        (tmp_path / name).write_bytes(b"x")
    assert expand(str(tmp_path), files.suffixes()) == []


def test_reports_are_of_no_such_kind() -> None:
    """No file that this package writes is taken for a kind that is not read."""
    for suffix in (".html", ".docx", ".md", ".xlsx", ".json", ".csv", ".jsonl"):
        target = io.BytesIO()
        gs.write(gs.generate(1), target, format=suffix)
        assert kind_of(target.getvalue()) is None


def test_suffixes_of_kinds_are_not_read() -> None:
    """Each suffix stands at one kind, and none is one that can be read."""
    named = [suffix for kind in kinds() for suffix in kind.suffixes]
    assert len(named) == len(set(named))
    assert zipfile.is_zipfile(io.BytesIO(SAMPLES["pptx"][0]))
