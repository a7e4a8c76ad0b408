"""PDF files made by hand: pages that draw what a test says, with a font that has every sign."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_SIGNS: Final = (
    ("0020", "00FF"),
    ("2000", "206F"),
    ("2460", "24FF"),
    ("2E80", "2FDF"),
    ("3000", "30FF"),
    ("4E00", "9FFF"),
    ("FF00", "FFEF"),
)
FONT: Final = (
    b"<</Type/Font/Subtype/Type0/BaseFont/Test/Encoding/Identity-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType2/BaseFont/Test/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
    b"/Supplement 0>>/DW 1000/W[32[500 500] 34 127 500]/FontDescriptor<</Type/FontDescriptor"
    b"/FontName/Test/Flags 4/FontBBox[0 -200 1000 800]/Ascent 800/Descent -200/ItalicAngle 0"
    b"/CapHeight 700/StemV 80>>>>]/ToUnicode %d 0 R>>"
)


def made_pdf(
    path: Path,
    content: bytes = b"",
    *,
    resources: str = "",
    others: tuple[bytes, ...] = (),
    count: int = 1,
) -> Path:
    """Make a PDF of pages that all draw the same."""
    kids = " ".join(
        f"{number} 0 R" for number in (3, *range(5 + len(others), 4 + len(others) + count))
    )
    one = (
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<{resources}>>>>"
    ).encode()
    head = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {count}>>".encode(),
        one,
        stream(content),
    )
    data, places = b"%PDF-1.5\n", []
    for number, each in enumerate((*head, *others, *[one] * (count - 1)), 1):
        places.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n"
        b"%%%%EOF"
    )
    path.write_bytes(data + end % (len(places) + 1, table, len(places) + 1, len(data)))
    return path


def stream(content: bytes, kind: str = "") -> bytes:
    """Make a stream of deflated bytes."""
    packed = zlib.compress(content, 9)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (
        kind.encode(),
        len(packed),
        packed,
    )


def form(content: bytes, resources: str) -> bytes:
    """Make a form, which a page or another form may draw."""
    return stream(content, f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<{resources}>>")


def drawn_pdf(
    path: Path,
    *pages: str,
    more: str | Sequence[str] = "",
    catalog: str = "",
    others: tuple[bytes, ...] = (),
) -> Path:
    """
    Make a PDF of which each page draws some orders, in the font F.

    *more* stands in each page, such as its annotations, or in one page each; *catalog* stands in
    the catalogue; *others* are further objects, of which the first has the number 10.
    """
    unicode = "".join(f"<{first}><{last}><{first}>\n" for first, last in _SIGNS)
    cmap = f"begincmap\n{len(_SIGNS)} beginbfrange\n{unicode}endbfrange\nendcmap"
    first = 10 + len(others)
    kids = " ".join(f"{first + 2 * at} 0 R" for at in range(len(pages)))
    objects: dict[int, bytes] = {
        1: (
            f"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>{catalog}>>"
        ).encode(),
        2: f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>".encode(),
        3: FONT % 4,
        4: stream(cmap.encode()),
        5: b"<</Type/OCG/Name(Off)>>",
        6: b"<</Title(Report)/Subject(Yearly)/Author(Somebody)/CreationDate(D:20250120)>>",
        **dict(enumerate(others, 10)),
    }
    resources = (
        "/Font<</F 3 0 R>>/Properties<</Off 5 0 R>>"
        "/ExtGState<</Clear<</ca 0>>/Faint<</ca .2>>/Solid<</ca 1>>>>"
    )
    for at, orders in enumerate(pages):
        objects[first + 2 * at] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {first + 2 * at + 1} 0 R"
            f"/Resources<<{resources}>>{more if isinstance(more, str) else more[at]}>>"
        ).encode()
        objects[first + 2 * at + 1] = stream(orders.encode())
    return _written(path, objects)


def _written(path: Path, objects: dict[int, bytes]) -> Path:
    data, places = b"%PDF-1.5\n", []
    for number, each in objects.items():
        places.append(b"%d 1\n%010d 00000 n \n" % (number, len(data)))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    end = b"xref\n0 1\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R/Info 6 0 R>>\n"
    data += end % (b"".join(places), max(objects) + 1) + b"startxref\n%d\n%%%%EOF" % len(data)
    path.write_bytes(data)
    return path


def packed_pdf(path: Path, *objects: bytes) -> Path:
    """Make a PDF whose objects, the catalogue first, stand in a stream of objects."""
    places = [sum(len(each) + 1 for each in objects[:at]) for at in range(len(objects))]
    index = " ".join(f"{number} {place}" for number, place in enumerate(places, 1)).encode()
    held = index + b"\n" + b"\n".join(objects)
    holder = len(objects) + 1
    kind = f"/Type/ObjStm/N {len(objects)}/First {len(index) + 1}"
    data = b"%%PDF-1.5\n%d 0 obj\n%s\nendobj\n" % (holder, stream(held, kind))
    rows = [(0, 0, 0), *((2, holder, at) for at in range(len(objects)))]
    rows += [(1, len(b"%PDF-1.5\n"), 0), (1, len(data), 0)]
    table = b"".join(
        first.to_bytes(1) + second.to_bytes(2) + third.to_bytes(1) for first, second, third in rows
    )
    kind = f"/Type/XRef/W[1 2 1]/Size {len(rows)}/Root 1 0 R"
    end = b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF"
    path.write_bytes(data + end % (holder + 1, stream(table, kind), len(data)))
    return path


def write(text: str, x: float, y: float, size: float = 10, turn: str = "1 0 0 1") -> str:
    """Write a text whose baseline begins at a place, counted from the lower left corner."""
    signs = text.encode("utf-16-be").hex()
    return f"BT /F {size} Tf {turn} {x} {y} Tm <{signs}> Tj ET\n"


def ruled(columns: list[float], rows: list[float]) -> str:
    """Draw the lines of a table."""
    level = (f"{columns[0]} {y} m {columns[-1]} {y} l S\n" for y in rows)
    upright = (f"{x} {rows[0]} m {x} {rows[-1]} l S\n" for x in columns)
    return "".join((*level, *upright))


LINES = ruled([100, 200, 300, 400], [600, 620, 640, 660])
TABLE = "".join(
    write(text, x + 5, y + 6)
    for y, row in ((640, ("甲", "乙", "丙")), (600, ("规章", "818", "727")))
    for x, text in zip((100, 200, 300), row, strict=True)
)
