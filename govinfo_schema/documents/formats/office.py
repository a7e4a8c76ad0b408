"""
Documents that only an office program can read: .doc, .wps, .odt, .rtf. LibreOffice turns them into
.docx, which is then read.

Each conversion has a folder and a profile of its own, in which macros and links to other files are
off, and ends with the process.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from govinfo_schema.documents.document import Document
from govinfo_schema.documents.formats import HEAD, bounded, docx, unreadable, xls, xlsx
from govinfo_schema.documents.formats.compound import MAGIC, streams
from govinfo_schema.documents.formats.format import FilePath, Format
from govinfo_schema.documents.formats.kinds import kind_named, kind_of_streams
from govinfo_schema.documents.formats.package import LIMIT, PART_LIMIT, ZIP, package
from govinfo_schema.documents.formats.word_parts import moved_by

TIMEOUT: Final = 60
"""Seconds that a conversion may take."""
_TEXT: Final = b"mimetypeapplication/vnd.oasis.opendocument.text"
_RTF: Final = re.compile(rb"\s*\{\\rtf")
_XML: Final = (b"<w:wordDocument", b'progid="Word.Document"', b"<pkg:package", b"<uof:UOF")
_FLAT: Final = re.compile(rb"<office:document[\s>]")
_PLACES: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
"""Where LibreOffice is installed when it is not on the path."""
_OFF: Final = {
    "Office.Common/Security/Scripting": {
        "DisableMacrosExecution": "true",
        "MacroSecurityLevel": "3",
        "BlockUntrustedRefererLinks": "true",
    },
    "Office.Writer/Content/Update": {"Link": "0", "Field": "false", "Chart": "false"},
    "Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
    },
}
"""
What is set in the profile: no macro, no link to another file is followed, and no way into the
network.
"""


def detect(head: bytes) -> bool:
    """
    Tell by its beginning whether it is a document for an office program that no other module reads.
    """
    if head.startswith(ZIP):
        return _TEXT in head[:200]
    return (
        head.startswith(MAGIC)
        or any(name in head for name in _XML)
        or _FLAT.search(head) is not None
        or _RTF.match(head) is not None
    )


def read(path: FilePath) -> Document:
    """
    Read a document by way of LibreOffice; a workbook that is one after all is read as such.

    Raises: UnreadableFile where LibreOffice is missing, cannot open it or takes too long, or the
    file is encrypted or no document.
    """
    data = bounded(path, LIMIT)
    kind = ".rtf" if _RTF.match(data) else ".fodt" if _FLAT.search(data[:HEAD]) else ".xml"
    if data.startswith(MAGIC):
        found = streams(data)
        if any(name in found for name in xls.BOOKS):
            return xlsx.read(path)
        _refuse(path, found)
        kind = ".doc"
    elif data.startswith(ZIP):
        _inspect(path)
        kind = ".odt"
    elif not detect(data[:HEAD]):
        raise unreadable(path, "damaged_document")
    program = find()
    if program is None:
        raise unreadable(path, "no_converter", suffix=Path(path).suffix or kind)
    with tempfile.TemporaryDirectory(prefix="govinfo-", ignore_cleanup_errors=True) as folder:
        source = Path(folder, f"document{kind}")
        source.write_bytes(data)
        document = docx.read(converted(path, program, source, "docx:MS Word 2007 XML"))
    # The file itself has no such parts: what LibreOffice wrote is gone.
    return moved_by(document, lambda place: msgspec.structs.replace(place, locator=""))


def _refuse(path: FilePath, found: dict[str, bytes]) -> None:
    """
    Refuse a compound file that is encrypted or holds no text.

    Raises: UnreadableFile.
    """
    if "EncryptedPackage" in found:
        raise unreadable(path, "encrypted")
    if "WordDocument" not in found:
        kind = kind_of_streams(found) or kind_named(path)
        raise kind.refused(path) if kind else unreadable(path, "not_word")
    begin = found["WordDocument"][:12]
    if len(begin) == 12 and struct.unpack_from("<H", begin, 10)[0] & 0x100:
        raise unreadable(path, "encrypted")


def _inspect(path: FilePath) -> None:
    """
    Look into the zip before LibreOffice does.

    Raises: UnreadableFile where it is damaged or too large when unpacked.
    """
    parts = package(path)
    if sum(member.file_size for member in parts.zip.infolist()) > 4 * PART_LIMIT:
        raise unreadable(path, "part_too_long", limit=4 * PART_LIMIT)
    for name in ("content.xml", "styles.xml"):
        parts.tree(name)


def find() -> str | None:
    """Find LibreOffice."""
    found = next(
        (path for name in ("soffice", "libreoffice") if (path := shutil.which(name))), None
    )
    return found or next((place for place in _PLACES if Path(place).is_file()), None)


def converted(path: FilePath, program: str, source: Path, kind: str) -> Path:
    """
    Let LibreOffice write a document as another kind in a folder beside it, and give that; *path* is
    what it is called in an error.

    Raises: UnreadableFile.
    """
    profile = source.parent / "profile"
    _write_settings(profile)
    quiet = ["--headless", "--norestore", "--nolockcheck", "--nodefault"]
    command = [program, *quiet, f"-env:UserInstallation={profile.as_uri()}"]
    command += ["--convert-to", kind, "--outdir", str(source.parent / "out"), str(source)]
    run(path, command, source.parent)
    target = source.parent / "out" / f"{source.stem}.{kind.partition(':')[0]}"
    if not target.is_file():
        raise unreadable(path, "not_converted")
    return target


def run(path: FilePath, command: list[str], folder: Path) -> None:
    """
    Run another program in a folder, without a screen and no longer than it may take.

    Raises: UnreadableFile.
    """
    environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603 - a program that was found, and names that are our own
            command,
            stdin=quiet,
            stdout=quiet,
            stderr=quiet,
            env=environment,
            cwd=folder,
            start_new_session=True,
        )
    except OSError as error:
        raise unreadable(path, "not_converted") from error
    try:
        process.wait(TIMEOUT)
    except subprocess.TimeoutExpired as error:
        raise unreadable(path, "slow_conversion", seconds=TIMEOUT) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program that is still running, with those that it started."""
    if process.poll() is not None:
        return
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def _write_settings(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="/org.openoffice.{group}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for group, settings in _OFF.items()
        for name, value in settings.items()
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>',
        encoding="utf-8",
    )


FORMAT = Format(
    suffixes=(".doc", ".dot", ".wps", ".wpt", ".odt", ".ott", ".fodt", ".rtf", ".uot"),
    slow=True,
    detect=detect,
    read_document=read,
)
