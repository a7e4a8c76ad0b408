"""Word documents with the least that is in them, made part by part."""

from __future__ import annotations

import zipfile
from html import escape
from pathlib import Path
from typing import Any

from readings import shape

from govinfo_schema.documents.formats import docx

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(path: Path, body: str, *, main: str = MAIN, **others: str) -> Path:
    """Make a Word document with the least that is needed around a body."""
    names = " ".join(
        [
            f'xmlns:w="{main}"',
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"',
            'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"',
            'xmlns:v="urn:schemas-microsoft-com:vml"',
            'xmlns:o="urn:schemas-microsoft-com:office:office"',
            'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"',
            'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"',
            'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"',
            'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"',
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"',
        ]
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "word/document.xml", f"<w:document {names}><w:body>{body}</w:body></w:document>"
        )
        for name, inner in others.items():
            file.writestr(f"word/{name}.xml", f"<w:{name} {names}>{inner}</w:{name}>")
    return path


def w(name: str, value: object = "") -> str:
    """Make a property."""
    return f'<w:{name} w:val="{value}"/>' if value != "" else f"<w:{name}/>"


def p(text: str, properties: str = "") -> str:
    """Make a paragraph."""
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    """Make a cell."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def texts(path: Path) -> list[Any]:
    """Read a document and give what its blocks say."""
    return [shape(block) for block in docx.read(path).blocks]


def lists(*depths: tuple[str, str]) -> str:
    """
    Make the part that describes one list, by the kind of numeral and the pattern of each depth.
    """
    levels = "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText '
        f'w:val="{pattern}"/></w:lvl>'
        for at, (kind, pattern) in enumerate(depths)
    )
    changed = (
        '<w:num w:numId="2"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    )
    return (
        f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum><w:num w:numId="1">'
        f'<w:abstractNumId w:val="7"/></w:num>{changed}'
        '<w:abstractNum w:abstractNumId="8"><w:numStyleLink w:val="L"/></w:abstractNum>'
        '<w:num w:numId="3"><w:abstractNumId w:val="8"/></w:num>'
    )


def numbered(text: str, number: int = 1, depth: int = 0) -> str:
    """Make a paragraph of a list."""
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def with_parts(path: Path, body: str, parts: dict[str, bytes]) -> Path:
    """Make a Word document that refers to parts, the first as ``r1``."""
    word(path, body)
    targets = "".join(
        f'<Relationship Id="r{at}" Type="http://x/aFChunk" Target="{name}"/>'
        for at, name in enumerate(parts, 1)
    )
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{RELATIONS}">{targets}</Relationships>',
        )
        for name, data in parts.items():
            file.writestr(f"word/{name}", data)
    return path
