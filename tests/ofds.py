"""
OFD files (GB/T 33190) made by hand, and the same pages as PDF: what a page draws is written in the
many ways that producers have.
"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import Final, TypeAlias

import attrs
from pdfs import write

from govinfo_schema.documents.document import Document, Grid
from govinfo_schema.documents.formats.drawn.drawing import Drawing, Sign

MM: Final = 25.4 / 72
"""A point, in millimetres."""
_WIDTH: Final = 500.0
_LEFT: Final = 50.0


# ---- the parts of a file ------------------------------------------------------------------------


@attrs.frozen
class Style:
    """The ways in which a producer writes what the standard leaves open, or what others do."""

    prefix: str = "ofd:"
    namespace: str = "http://www.ofdspec.org/2016"
    paths: str = "relative"
    encoding: str = "UTF-8"
    by: str = "word"
    runs: bool = False
    order: str = "text first"
    template: str = ""
    units: str = "mm"
    rules: str = "lines"
    group: str = ""
    glyphs: bool = False

    def location(self, name: str) -> str:
        """Write where a part of the document is."""
        return {
            "absolute": f"/Doc_0/{name}",
            "root": f"Doc_0/{name}",
            "dotted": f"./{name}",
            "backslashes": name.replace("/", "\\"),
            "letters": name.upper(),
        }.get(self.paths, name)

    def written(self, part: str) -> bytes:
        """Write XML under its prefix and namespace, in its encoding."""
        part = part.replace("ofd:", self.prefix)
        key = f"xmlns:{self.prefix.rstrip(':')}" if self.prefix else "xmlns"
        if self.namespace:
            part = re.sub(r"<([\w:]+)", rf'<\1 {key}="{self.namespace}"', part, count=1)
        return f'<?xml version="1.0" encoding="{self.encoding}"?>\n{part}'.encode(self.encoding)


def some_style(dice: random.Random) -> Style:
    """Draw lots for each of the ways."""
    prefix = dice.choice(("ofd:", "ofd:", "", "o:", "ns2:"))
    return Style(
        prefix=prefix,
        namespace=dice.choice(
            ("http://www.ofdspec.org/2016", "http://www.ofdspec.org", "urn:other", "")
        ),
        paths=dice.choice(("relative", "absolute", "root", "dotted", "backslashes", "letters")),
        encoding=dice.choice(("UTF-8", "UTF-8", "UTF-16", "GBK", "GB18030")),
        by=dice.choice(("sign", "word", "line")),
        runs=dice.random() < 0.5,
        order=dice.choice(("text first", "lines first", "shuffled")),
        template=dice.choice(("", "Background", "Foreground")),
        units=dice.choice(("mm", "points", "page")),
        rules=dice.choice(("lines", "areas", "one path", "composite", "parameters")),
        group=dice.choice(("", "PageBlock", "layers")),
        glyphs=dice.random() < 0.5,
    )


def packed_ofd(  # noqa: PLR0913 (each is a part of a file)
    path: Path,
    *pages: str,
    style: Style = Style(),
    resources: str = "",
    templates: Mapping[str, str] | None = None,
    annotations: str = "",
    more: Mapping[str, bytes] | None = None,
) -> Path:
    """
    Make an OFD of pages, each the XML of what stands between the tags of its content.

    *templates*: what each template draws, all of them in the order in which every page has them,
    by their z-order. *annotations* stand on the first page, *more* are further members.
    """
    size = "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
    names = [f"Pages/Page_{at}/Content.xml" for at in range(len(pages))]
    layouts = {f"Tpls/Tpl_{at}/Content.xml": at for at in range(len(templates or ()))}
    uses = "".join(
        f'<ofd:Template TemplateID="{900 + at}" ZOrder="{order}"/>'
        for at, order in enumerate(templates or ())
    )
    common = "".join(
        f'<ofd:TemplatePage ID="{900 + at}" BaseLoc="{style.location(name)}"/>'
        for name, at in layouts.items()
    )
    document = (
        f"<ofd:Document><ofd:CommonData><ofd:PageArea>{size}</ofd:PageArea>{common}"
        f"<ofd:PublicRes>{style.location('PublicRes.xml')}</ofd:PublicRes></ofd:CommonData>"
        "<ofd:Pages>"
        + "".join(
            f'<ofd:Page ID="{at}" BaseLoc="{style.location(name)}"/>'
            for at, name in enumerate(names, 1)
        )
        + "</ofd:Pages>"
        + f"<ofd:Annotations>{style.location('Annots/Annotations.xml')}</ofd:Annotations>"
        * bool(annotations)
        + "</ofd:Document>"
    )
    parts = {
        "OFD.xml": "<ofd:OFD><ofd:DocBody><ofd:DocInfo><ofd:Title>Report</ofd:Title>"
        "<ofd:Author>Somebody</ofd:Author></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml"
        "</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": document,
        "Doc_0/PublicRes.xml": f'<ofd:Res BaseLoc="Res">{resources}</ofd:Res>',
    }
    for name, drawn in zip(layouts, (templates or {}).values(), strict=True):
        parts[f"Doc_0/{name}"] = f"<ofd:Page><ofd:Content>{drawn}</ofd:Content></ofd:Page>"
    for name, drawn in zip(names, pages, strict=True):
        parts[f"Doc_0/{name}"] = f"<ofd:Page>{uses}<ofd:Content>{drawn}</ofd:Content></ofd:Page>"
    if annotations:
        parts["Doc_0/Annots/Annotations.xml"] = (
            '<ofd:Annotations><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml'
            "</ofd:FileLoc></ofd:Page></ofd:Annotations>"
        )
        parts["Doc_0/Annots/Page_0/Annotation.xml"] = (
            f"<ofd:PageAnnot>{annotations}</ofd:PageAnnot>"
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, style.written(part))
        for name, data in (more or {}).items():
            file.writestr(name, data)
    return path


def layer(*objects: str, kind: str = "Body") -> str:
    """Make a layer of objects."""
    return f'<ofd:Layer ID="2" Type="{kind}">{"".join(objects)}</ofd:Layer>'


def text(  # noqa: PLR0913, PLR0917 (each is said of a text)
    content: str,
    x: float,
    base: float,
    size: float = 3.5,
    deltas: str | None = None,
    more: str = "",
    inside: str = "",
) -> str:
    """Write a text whose baseline begins at a place, in millimetres from the upper left corner."""
    deltas = deltas if deltas is not None else " ".join(["1.75"] * (len(content) - 1))
    said = f' DeltaX="{deltas}"' if deltas else ""
    return (
        f'<ofd:TextObject Boundary="{x:g} {base - size:g} {size * (len(content) + 1):g} '
        f'{1.4 * size:g}" '
        f'Font="3" Size="{size}" {more}>{inside}<ofd:TextCode X="0" Y="{size}"{said}>'
        f"{content}</ofd:TextCode></ofd:TextObject>"
    )


def lines(columns: Sequence[float], rows: Sequence[float]) -> str:
    """Draw the lines of a table, in millimetres, as one path."""
    level = (f"M {columns[0]} {y} L {columns[-1]} {y}" for y in rows)
    upright = (f"M {x} {rows[0]} L {x} {rows[-1]}" for x in columns)
    return path(" ".join((*level, *upright)))


def path(data: str, more: str = 'LineWidth="0.2"', inside: str = "") -> str:
    """Draw a path whose places are those of the page."""
    return (
        f'<ofd:PathObject Boundary="0 0 210 297" {more}>{inside}'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )


# ---- what a PDF shows, as OFD -------------------------------------------------------------------


def ofd_of(path: Path, drawings: Iterable[Drawing], style: Style, dice: random.Random) -> Path:
    """Write what pages draw as OFD, in a style."""
    pages, below, shared = [], "", ""
    for drawing in drawings:
        signs = [_text(each, style) for each in _texts(drawing.signs, style.by)]
        rules, drawn = _rules(drawing, style, shared.count("<ofd:CompositeGraphicUnit "))
        shared += drawn
        objects = [*signs, *rules] if style.order == "text first" else [*rules, *signs]
        if style.order == "shuffled":
            dice.shuffle(objects)
        if style.group == "layers":
            half = len(objects) // 2
            pages.append(layer(*objects[half:], kind="Foreground") + layer(*objects[:half]))
        elif style.group:
            pages.append(layer(f"<ofd:{style.group}>{''.join(objects)}</ofd:{style.group}>"))
        else:
            pages.append(layer(*objects))
    if style.template:
        below = layer(text("机密资料", 5, 5))
    return packed_ofd(
        path,
        *pages,
        style=style,
        resources=f"{_FONT}{_PARAMETERS}<ofd:CompositeGraphicUnits>{shared}"
        "</ofd:CompositeGraphicUnits>",
        templates={style.template: below} if style.template else None,
        annotations='<ofd:Annot Type="Stamp"><ofd:Appearance Boundary="150 250 40 40">'
        + text("某市人民政府2023", 2, 10)
        + "</ofd:Appearance></ofd:Annot>",
        more={"Doc_0/Res/font_3.ttf": bytes(dice.randbytes(999))} if style.glyphs else None,
    )


_FONT: Final = (
    '<ofd:Fonts><ofd:Font ID="3" FontName="宋体"><ofd:FontFile>font_3.ttf</ofd:FontFile>'
    "</ofd:Font></ofd:Fonts>"
)
_PARAMETERS: Final = (
    '<ofd:DrawParams><ofd:DrawParam ID="70" LineWidth="0.2"><ofd:StrokeColor Value="#40 #0 #0"/>'
    '</ofd:DrawParam><ofd:DrawParam ID="71" Relative="70"/></ofd:DrawParams>'
)


def _texts(signs: Sequence[Sign], by: str) -> Iterator[list[Sign]]:
    if by == "sign":
        yield from ([sign] for sign in signs)
        return
    key = (lambda sign: sign.run) if by == "word" else (lambda sign: (sign.base, sign.size))
    ordered = signs if by == "word" else sorted(signs, key=lambda each: (each.base, each.x0))
    for _, group in groupby(ordered, key=key):
        yield list(group)


def _text(signs: Sequence[Sign], style: Style) -> str:
    """Write the signs of one baseline as an object, in millimetres, in points, or from the page."""
    unit, more = (1.0, 'CTM="0.352778 0 0 0.352778 0 0"') if style.units == "points" else (MM, "")
    first, last, size = signs[0], signs[-1], signs[0].size
    left, top = (0.0, 0.0) if style.units == "page" else (first.x0 * MM, (first.base - size) * MM)
    width = (last.x1 * MM - left) + 0.5
    height = first.base * MM - top + 0.4 * size * MM
    steps = [(after.x0 - sign.x0) * unit for sign, after in pairwise(signs)]
    glyphs = (
        f'<ofd:CGTransform CodePosition="0" CodeCount="{len(signs)}" GlyphCount="{len(signs)}">'
        f"<ofd:Glyphs>{' '.join(str(ord(sign.text) % 999) for sign in signs)}</ofd:Glyphs>"
        "</ofd:CGTransform>"
    ) * style.glyphs
    x, y = (first.x0 - left / MM) * unit, (first.base - top / MM) * unit
    deltas = _deltas(steps, runs=style.runs)
    said = f' DeltaX="{deltas}"' if deltas else ""
    content = "".join(sign.text for sign in signs).replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<ofd:TextObject Boundary="{left:.4f} {top:.4f} {width:.4f} {height:.4f}" Font="3" '
        f'Size="{size * unit:.4f}" {more}><ofd:FillColor Value="0 0 0"/>{glyphs}'
        f'<ofd:TextCode X="{x:.4f}" Y="{y:.4f}"{said}>{content}</ofd:TextCode></ofd:TextObject>'
    )


def _deltas(steps: Sequence[float], *, runs: bool) -> str:
    said = []
    for step, group in groupby(f"{step:.4f}" for step in steps):
        count = len(list(group))
        said += [f"g {count} {step}"] if runs and count > 1 else [step] * count
    return " ".join(said)


def _rules(drawing: Drawing, style: Style, number: int) -> tuple[list[str], str]:
    """Write the lines of a page as objects, and what these share."""
    ends = [(rule.begin, rule.place, rule.end, rule.place) for rule in drawing.level]
    ends += [(rule.place, rule.begin, rule.place, rule.end) for rule in drawing.upright]
    if style.rules == "areas":
        data = [
            f"M {(x - 0.3) * MM:.3f} {(y - 0.3) * MM:.3f} L {(u + 0.3) * MM:.3f} "
            f"{(y - 0.3) * MM:.3f} L {(u + 0.3) * MM:.3f} {(v + 0.3) * MM:.3f} "
            f"L {(x - 0.3) * MM:.3f} {(v + 0.3) * MM:.3f} C"
            for x, y, u, v in ends
        ]
        fill = '<ofd:FillColor Value="0 0 0"/>'
        return [path(each, 'Stroke="false" Fill="true"', fill) for each in data], ""
    data = [f"M {x * MM:.3f} {y * MM:.3f} L {u * MM:.3f} {v * MM:.3f}" for x, y, u, v in ends]
    if style.rules == "one path":
        return [path(" ".join(data))], ""
    more = 'DrawParam="71"' if style.rules == "parameters" else 'LineWidth="0.2"'
    if style.rules == "composite":
        unit = f'<ofd:CompositeGraphicUnit ID="{500 + number}" Width="210" Height="297">'
        unit += f"<ofd:Content>{''.join(map(path, data))}</ofd:Content></ofd:CompositeGraphicUnit>"
        use = f'<ofd:CompositeObject Boundary="0 0 210 297" ResourceID="{500 + number}"/>'
        return [use], unit
    return [path(each, more) for each in data], ""


# ---- a report as the pages of a PDF -------------------------------------------------------------


Take: TypeAlias = Callable[[int, str, tuple[float, float, float, float]], bool]
"""Whether it takes a cell, by its page, its text and its box, which is then not drawn."""


def pdf_pages(document: Document, size: float = 7.0, take: Take | None = None) -> list[str]:
    """Set a document as the orders of the pages of a PDF: each grid ruled, on a page of its own."""
    pages = [""]
    y = 60.0
    for block in document.blocks:
        if isinstance(block, Grid):
            own = partial(take, len(pages) - 1) if take else None
            drawn, y = _table(block, y, size, own)
            pages[-1] += drawn
            pages.append("")
            y = 60.0
            continue
        for line in _wrapped(block.text, _WIDTH, 10):
            pages[-1] += write(line, _LEFT, 842 - y - 10)
            y += 16
        y += 4
    return [page for page in pages if page]


def _table(
    grid: Grid,
    top: float,
    size: float,
    take: Callable[[str, tuple[float, float, float, float]], bool] | None,
) -> tuple[str, float]:
    columns = max(span.column + span.columns for span in grid.spans)
    count = max(span.row + span.rows for span in grid.spans)
    width = _WIDTH / columns
    cells = [(span, _wrapped(span.text, width * span.columns - 4, size)) for span in grid.spans]
    heights = [size + 6.0] * count
    for span, found in sorted(cells, key=lambda pair: pair[0].rows):
        need = len(found) * (size + 2) + 4
        own = sum(heights[span.row : span.row + span.rows])
        heights[span.row + span.rows - 1] += max(0.0, need - own)
    edges = [top + sum(heights[:at]) for at in range(count + 1)]
    drawn = ""
    for span, found in cells:
        left, upper = _LEFT + span.column * width, edges[span.row]
        right, lower = left + span.columns * width, edges[span.row + span.rows]
        drawn += f"{left} {842 - lower} {right - left} {lower - upper} re S\n"
        if take and take(span.text, (left, 842 - lower, right, 842 - upper)):
            continue
        y = (upper + lower - len(found) * (size + 2)) / 2 + size
        for line in found:
            drawn += write(line, (left + right - _measure(line, size)) / 2, 842 - y, size)
            y += size + 2
    return drawn, edges[-1] + 20


def _measure(text: str, size: float) -> float:
    return sum(size / 2 if sign.isascii() else size for sign in text)


def _wrapped(text: str, width: float, size: float) -> list[str]:
    """Break a text into lines that fit; a number is never broken."""
    found = [""]
    for piece in re.findall(r"[\x20-\x7e]+|.", text):
        if found[-1] and _measure(found[-1] + piece, size) > width:
            found.append("")
        found[-1] += piece
    return [line for line in found if line]
