"""Mails, and pages that a browser saved as one file: the part that holds the report is read."""

from __future__ import annotations

import base64
import io
import quopri
import re
import time
from contextlib import suppress
from email.message import EmailMessage
from email.mime.multipart import MIMEMultipart
from email.mime.nonmultipart import MIMENonMultipart
from pathlib import Path

import pytest
from readings import compare

import govinfo_schema as gs
from govinfo_schema.documents.formats.mail import detect, page_of
from govinfo_schema.errors import UnreadableFile


def made(kind: str, seed: int = 1) -> bytes:
    """Write a report as a document."""
    target = io.BytesIO()
    gs.write(gs.replace(gs.generate(seed, "2021"), {"title": TITLE}), target, format=kind)
    return target.getvalue()


TITLE = "某市人民政府2024年政府信息公开工作年度报告"
DOCX, PAGE = made("docx"), made("html")
REPORT = gs.read(PAGE).report


def part(kind: str, data: bytes, encoding: str = "base64", **headers: str) -> MIMENonMultipart:
    """Make a part of a mail of bytes."""
    main, _, sub = kind.partition(";")[0].partition("/")
    message = MIMENonMultipart(main, sub)
    del message["Content-Type"]
    message["Content-Type"] = kind
    message["Content-Transfer-Encoding"] = encoding
    packed = base64.encodebytes(data) if encoding == "base64" else quopri.encodestring(data)
    message.set_payload(packed.decode("ascii"))
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return message


def saved(*parts: MIMENonMultipart, start: str = "") -> bytes:
    """Make a page that a browser saved, of the page and what belongs to it."""
    message = MIMEMultipart("related")
    if start:
        message.set_param("start", start)
    message["From"] = "<Saved by Blink>"
    message["Snapshot-Content-Location"] = "http://www.example.gov.cn/report.html"
    for each in parts:
        message.attach(each)
    return message.as_bytes()


def mail(*files: tuple[str, bytes], text: str = "请查收。", page: str = "") -> EmailMessage:
    """Make a mail with attachments."""
    message = EmailMessage()
    message["From"] = "a@example.gov.cn"
    message["Subject"] = "报送年度报告"
    message.set_content(text)
    if page:
        message.add_alternative(page, subtype="html")
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message


# ---- saved pages --------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
@pytest.mark.parametrize("charset", ["", "utf-8", "gb2312", "gbk"])
@pytest.mark.parametrize("suffix", ["mht", "mhtml", "eml"])
def test_saved_page(encoding: str, charset: str, suffix: str, tmp_path: Path) -> None:
    """A page that is packed in one file is read as the page, in whatever encoding it is in."""
    own = "gb18030" if charset.startswith("gb") else "utf-8"
    page = PAGE.decode().replace("utf-8", own).encode(own)
    kind = f"text/html; charset={charset}" if charset else "text/html"
    path = tmp_path / f"保存的网页.{suffix}"
    picture = part("image/png", b"\x89PNG", Content_Location="http://www.example.gov.cn/a.png")
    path.write_bytes(saved(part(kind, page, encoding), picture))
    reading = gs.read(path)
    assert reading.report == REPORT
    assert (reading.file, reading.sure) == (str(path), True)


@pytest.mark.parametrize(
    ("link", "header"),
    [
        ("cid:frame-1@mhtml.blink", {"Content_ID": "<frame-1@mhtml.blink>"}),
        ("http://x.gov.cn/b.html", {"Content_Location": "http://x.gov.cn/b.html"}),
        ("b.html", {"Content_Location": "file:///C:/x/b.html"}),
    ],
)
@pytest.mark.parametrize("tag", ["iframe", "frame"])
def test_frames_of_a_saved_page(link: str, header: dict[str, str], tag: str) -> None:
    """The frame that holds the report is read in its place, by its id or its address."""
    outer = f'<{tag} src="{link}" width="100%"></{tag}>'
    outer = f"<frameset cols='*'>{outer}</frameset>" if tag == "frame" else f"<body>{outer}</body>"
    page = f"<html><head><title>x</title></head>{outer}</html>".encode()
    data = saved(part("text/html", page), part("text/html", PAGE, **header))
    assert gs.read(data, name="a.mht").report == REPORT


@pytest.mark.parametrize("ends", ["", " name=main", " />", "></frame>"])
def test_frames_beside_each_other(ends: str) -> None:
    """Each frame of a set is read, whatever stands before it."""
    tag = ends if ends.endswith(">") else f"{ends}>"
    frames = "".join(f'<frame src="{name}.html"{tag}' for name in ("menu", "report", "foot"))
    page = f'<html><frameset cols="20%,80%">{frames}</frameset></html>'.encode()
    place = "http://www.example.gov.cn/{}.html".format
    data = saved(
        part("text/html", page, Content_Location=place("index")),
        part("text/html", b"<p>menu</p>", Content_Location=place("menu")),
        part("text/html; charset=utf-8", PAGE, Content_Location=place("report")),
        part("text/html", b"<p>foot</p>", Content_Location=place("foot")),
    )
    assert dict(gs.walk(gs.read(data, name="a.mht").report)) == dict(gs.walk(REPORT))


def test_style_sheet_of_a_saved_page() -> None:
    """A style sheet that stands in a part of its own hides what it hides on the page."""
    veiled = '<p class="veiled">某省其他单位2019年政府信息公开工作年度报告</p>'
    link = '<link rel="stylesheet" href="cid:css-1@mhtml.blink">'
    page = PAGE.decode().replace("</head>", f"{link}</head>").replace("<main>", f"<main>{veiled}")
    style = part("text/css", b".veiled { display: none }", Content_ID="<css-1@mhtml.blink>")
    reading = gs.read(saved(part("text/html", page.encode()), style), name="a.mhtml")
    assert reading.report == REPORT


def test_start_of_a_saved_page() -> None:
    """The part that the header names is the page, wherever it stands."""
    data = saved(
        part("text/html", b"<p>header</p>", Content_ID="<h>"),
        part("text/html", PAGE, Content_ID="<main>"),
        start="<main>",
    )
    assert gs.read(data, name="a.mht").report == REPORT


def test_page_of_one_part() -> None:
    """A saved page of one part, without others around it, is read as well."""
    message = part("text/html", PAGE, "quoted-printable")
    message["From"] = "<由 Microsoft Internet Explorer 保存>".encode().decode("ascii", "ignore")
    assert gs.read(message.as_bytes(), name="a.mht").report == REPORT
    assert page_of(message.as_bytes()) == PAGE


def test_saved_page_without_a_report() -> None:
    """A saved error page is named as that, under the name of the file."""
    data = saved(part("text/html", "<h1>404</h1>页面不存在".encode()))
    with pytest.raises(UnreadableFile) as caught:
        gs.read(data, name="a.mht")
    assert (caught.value.path, caught.value.code) == ("a.mht", "F-NO-PAGE")


# ---- mails --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["docx", "html", "md", "xlsx", "json"])
def test_attachment(kind: str, tmp_path: Path) -> None:
    """The attachment that holds the report is read, and named with what else there was."""
    path = tmp_path / "邮件.eml"
    files = [("封面.gif", b"GIF89a"), (f"年度报告.{kind}", made(kind))]
    path.write_bytes(mail(*files).as_bytes())
    reading = gs.read(path)
    assert reading.report == REPORT
    assert reading.file == f"{path}/年度报告.{kind}"
    (left,) = (each for each in reading.findings if each.code == "R-MEMBERS")
    assert (left.level, left.operands["members"]) == ("info", ("text.txt", "封面.gif"))
    assert gs.read(f"{path}/年度报告.{kind}").report == REPORT


def test_body_of_a_mail() -> None:
    """A report that stands in the mail itself is read, as a page where it is there as text too."""
    reading = gs.read(mail(text=made("md").decode(), page=PAGE.decode()).as_bytes(), name="a.eml")
    assert (reading.report, reading.file) == (REPORT, "a.eml")
    text = made("md").decode()
    assert gs.read(mail(text=text).as_bytes(), name="a.eml").report.year == REPORT.year


def test_report_in_two_formats_is_one() -> None:
    """One report as Word and as a page is one; different ones are named, and all can be read."""
    files = [("a.docx", DOCX), ("b.html", PAGE)]
    assert gs.read(mail(*files).as_bytes(), name="a.eml").report == REPORT
    other = mail(("甲.docx", DOCX), ("乙.docx", made("docx", 2))).as_bytes()
    with pytest.raises(UnreadableFile) as caught:
        gs.read(other, name="a.eml")
    assert caught.value.code == "F-SEVERAL-MEMBERS"
    assert "甲.docx" in caught.value.problem.en
    assert [each.file for each in gs.read_many(other, name="a.eml")] == [
        "a.eml/甲.docx",
        "a.eml/乙.docx",
    ]


@pytest.mark.parametrize(
    "header",
    [
        'attachment; filename="=?gb18030?B?{gb}?="',
        'attachment; filename="=?utf-8?B?{utf}?="',
        "attachment; filename*=gb2312''{quoted}",
        "attachment; filename*0*=utf-8''%E6%8A%A5; filename*1*=%E5%91%8A.docx",
        'attachment; filename="{raw}"',
    ],
)
def test_names_of_attachments(header: str) -> None:
    """The name of an attachment is read in whatever way a mail program encodes it."""
    name = "报告.docx"
    raw = name.encode("gb18030")
    quoted = "".join(f"%{byte:02X}" for byte in raw)
    gb, utf = (base64.b64encode(name.encode(each)).decode() for each in ("gb18030", "utf-8"))
    text = header.format(gb=gb, utf=utf, quoted=quoted, raw="RAW")
    data = mail(("NAME", DOCX)).as_bytes()
    old = next(line for line in data.splitlines() if b"NAME" in line)
    new = b"Content-Disposition: " + text.encode().replace(b"RAW", raw)
    assert gs.read(data.replace(old, new), name="a.eml").file == "a.eml/报告.docx"


def test_forwarded_mail_and_archive() -> None:
    """A mail in a mail, and an archive in it, are looked into."""
    from containers import zipped

    outer = mail(("打包.zip", zipped({"甲/报告.docx": DOCX})))
    assert gs.read(outer.as_bytes(), name="a.eml").file == "a.eml/打包.zip/甲/报告.docx"
    forwarding = mail()
    forwarding.add_attachment(mail(("报告.docx", DOCX)))
    assert gs.read(forwarding.as_bytes(), name="a.eml").report == REPORT


def test_attachment_that_cannot_be_read() -> None:
    """The reason of the one attachment that is no report is the reason of the mail."""
    with pytest.raises(UnreadableFile) as caught:
        gs.read(mail(("报告.docx", DOCX[:900])).as_bytes(), name="a.eml")
    assert (caught.value.path, caught.value.code) == ("a.eml/报告.docx", "F-DAMAGED-DOCUMENT")
    with pytest.raises(UnreadableFile) as caught:
        gs.read(mail(("报告.rar", b"Rar!\x1a\x07\x00")).as_bytes(), name="a.eml")
    assert (caught.value.path, caught.value.code) == ("a.eml/报告.rar", "F-NOT-READ")


@pytest.mark.parametrize("wrong", ["iso-8859-1", "us-ascii", "windows-1252", "gb2312", "nosuch"])
def test_encoding_that_a_mail_states_wrongly(wrong: str) -> None:
    """A page in UTF-8 is read although the mail states an encoding of which any bytes are."""
    head = f"From: a@b\nSubject: x\nContent-Type: text/html; charset={wrong}\n\n"
    assert gs.read(head.encode() + PAGE, name="a.eml").report == REPORT


def spaced(packed: bytes) -> bytes:
    """Put a space at the end of each line."""
    return packed.replace(b"\n", b" \n")


@pytest.mark.parametrize(
    ("kind", "packed"),
    [
        ("base64", spaced(base64.encodebytes(PAGE))),
        ("base64", b"> " + base64.encodebytes(PAGE).replace(b"\n", b"\n> ")),
        ("base64", base64.b64encode(PAGE + b"  ").rstrip(b"=")[:-1]),
        ("Base64 ", base64.b64encode(PAGE)),
        ("quoted-printable", spaced(quopri.encodestring(PAGE))),
        (
            "QUOTED-PRINTABLE",
            re.sub(rb"=[0-9A-F]{2}", lambda own: own[0].lower(), quopri.encodestring(PAGE)),
        ),
    ],
)
def test_transfer_encoding_that_was_spoilt(kind: str, packed: bytes) -> None:
    """What programs on the way do to the lines of a mail changes no figure."""
    head = f"From: a@b\nSubject: x\nContent-Type: text/html\nContent-Transfer-Encoding: {kind}\n\n"
    assert gs.read(head.encode() + packed, name="a.eml").report == REPORT


@pytest.mark.parametrize("ending", ["eml", "mht", "html"])
def test_page_that_breaks_off_within_a_figure(ending: str) -> None:
    """Where a page breaks off within a figure, that figure is blank."""
    head = b"From: a@b\nSubject: x\nContent-Type: text/html; charset=utf-8\n\n"
    for place in list(re.finditer(rb">[0-9]{2,}(?=<)", PAGE))[::5]:
        data = (b"" if ending == "html" else head) + PAGE[: place.end() - 1]
        with suppress(UnreadableFile):
            reading = gs.read(data, name=f"a.{ending}", year=2024, body="某市人民政府")
            assert compare(reading, REPORT)["wrong"] == []


def test_mailbox() -> None:
    """Each mail of a mailbox is looked into; one alone is a mail."""
    lines = [
        b"From a@b Thu Jan  1 00:00:00 2025\n" + mail((f"{at}.docx", made("docx", at))).as_bytes()
        for at in (1, 2)
    ]
    assert gs.read(lines[0], name="a.mbox").report == gs.read(DOCX).report
    two = b"\n".join(lines)
    with pytest.raises(UnreadableFile, match=r"several reports: 1\.eml, 2\.eml"):
        gs.read(two, name="a.mbox")
    assert len(gs.read_many(two, name="a.mbox")) == 2


def test_mail_with_long_headers() -> None:
    """A mail is one although its headers are longer than what is looked at first."""
    head = "".join(f"Received: from {number} {'x' * 70}\n" for number in range(1_500))
    data = head.encode() + mail(("a.docx", DOCX)).as_bytes()
    assert gs.read(data, name="a.eml").report == gs.read(DOCX).report


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"From: a@b\nSubject: x\nContent-Type: multipart/mixed\n\n--x\n\nhi\n", "F-DAMAGED-MAIL"),
        (b"From: a@b\nSubject: x\nContent-Type: image/png\n\nhi\n", "F-EMPTY-MAIL"),
        (mail(("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(99))).as_bytes(), "F-NOT-READ"),
        (mail(("a.rar", b"Rar!\x1a\x07\x01\x00" + bytes(99))).as_bytes(), "F-NOT-READ"),
    ],
)
def test_reason_of_a_mail_without_a_report(data: bytes, code: str) -> None:
    """A mail that holds no report says why: its parts are lost, there are none, or their kind."""
    with pytest.raises(UnreadableFile) as caught:
        gs.read(data, name="a.eml")
    assert caught.value.code == code


def test_what_was_left_over_is_named_once() -> None:
    """What is in a forwarded mail beside the report is named with its path."""
    outer = mail(text="转发")
    outer.add_attachment(mail(("报告.docx", DOCX)))
    (finding,) = gs.read(outer.as_bytes(), name="a.eml").findings
    assert finding.operands["members"] == ("text.txt", "attachment.eml/text.txt")


# ---- hostile ones, and what is no mail ----------------------------------------------------------


def test_deep_mail() -> None:
    """A mail of thousands of parts in each other is refused in no time."""
    deep = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (at, at) for at in range(3000)
    )
    start = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        gs.read(b"From: a\nMIME-Version: 1.0\n" + deep, name="a.eml")
    assert caught.value.code == "F-TOO-MANY-MEMBERS"
    nested = b"From: a\nMIME-Version: 1.0\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (at, at) for at in range(400)
    )
    with pytest.raises(UnreadableFile):
        gs.read(nested, name="a.eml")
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    "tag", [b"<frame src=x.html ", b'<frame a="', b"<link href=", b"<frame src=x>"]
)
def test_tags_without_end(tag: bytes) -> None:
    """A page of half a million tags that do not end costs no more than its length."""
    head = (
        b"From: a\nSubject: b\nContent-Type: multipart/related; boundary=x\n\n--x\n"
        b"Content-Type: text/html\n\n<html>"
    )
    end = b"\n--x\nContent-Type: text/html\nContent-Location: x.html\n\n<p>hi\n--x--\n"
    begun = time.process_time()
    page_of(head + tag * 500_000 + end)
    assert time.process_time() - begun < 5


def test_frames_in_a_circle() -> None:
    """Frames that lead to each other end."""
    one = b'<iframe src="cid:two"></iframe><iframe src="cid:two"></iframe>'
    two = b'<iframe src="cid:one"></iframe><iframe src="cid:one"></iframe>'
    parts = [
        part("text/html", page, Content_ID=f"<{own}>")
        for own, page in (("one", one * 30), ("two", two * 30))
    ]
    start = time.process_time()
    with pytest.raises(UnreadableFile):
        gs.read(saved(*parts), name="a.mht")
    assert time.process_time() - start < 10


def test_fuzzed_mail() -> None:
    """Whatever is cut out of a mail, it is read or refused with a reason."""
    data = mail(("报告.docx", DOCX[:3000]), page="<p>请查收</p>").as_bytes()
    for at in range(0, len(data), len(data) // 60):
        for spoilt in (data[:at], data[:at] + b"\xff\x00=" + data[at + 3 :]):
            with suppress(gs.Error):
                gs.read(spoilt, name="a.eml")


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b"From: a\r\nSubject: b\r\n\r\ntext", True),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary=x\n\n--x", True),
        (b"Received: from a\n by b; c\nDate: d\nX-Mailer: e\n\n", True),
        ("标题: 报告\n日期: 2025\n\n".encode(), False),
        (b"Date: 2025\n\n", False),
        (b"<html>\nFrom: a\nSubject: b\n\n", False),
        (b"From: a\nSubject: b\n# no header\n", False),
    ],
)
def test_what_is_a_mail(head: bytes, known: bool) -> None:
    """A mail begins with headers, of which mails have at least two, and nothing else."""
    assert detect(head) is known
