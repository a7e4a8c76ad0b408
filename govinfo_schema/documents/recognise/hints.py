"""
Hints where to write: what the empty form prints in the place of a text is no text of the report.
"""

from __future__ import annotations

import re

import attrs
import msgspec

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.document import Aside, Block, Document, Paragraph


def without_hints(document: Document) -> Document:
    """
    Take the hints out of the paragraphs of a document, and hand them over as asides; a paragraph
    of hints alone goes.

    >>> hint = Paragraph(text="（文字描述）")
    >>> document = without_hints(Document(blocks=(hint, Paragraph(text="【单位名称】2024年报告"))))
    >>> [block.text for block in document.blocks], [aside.text for aside in document.asides]
    (['2024年报告'], ['（文字描述）', '【单位名称】'])
    """
    blocks: list[Block] = []
    asides: list[Aside] = []
    for block in document.blocks:
        found = isinstance(block, Paragraph) and _hints().findall(block.text)
        if not isinstance(block, Paragraph) or not found:
            blocks.append(block)
            continue
        asides += [Aside(kind="placeholder", text=hint, place=block.place) for hint in found]
        left = _hints().sub("", block.text).strip()
        if left:
            blocks.append(msgspec.structs.replace(block, text=left))
    if not asides:
        return document
    return attrs.evolve(document, blocks=tuple(blocks), asides=(*document.asides, *asides))


@once
def _hints() -> re.Pattern[str]:
    """Give the pattern of all hints, with the brackets of either width; a whole title is one."""
    hints = read_data("readings")["hints"]
    whole = "{body}{year}政府信息公开工作年度报告".format(**hints)
    texts = sorted({whole, *hints.values()}, key=len, reverse=True)
    patterns = (re.escape(text).replace("（", "[（(]").replace("）", "[）)]") for text in texts)
    return re.compile("|".join(patterns))
