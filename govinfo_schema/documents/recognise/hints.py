"""
Hints where to write: what the empty form prints in the place of a text is no text of the report.
"""

from __future__ import annotations

import re
from typing import Final

import attrs
import msgspec

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.document import Aside, Block, Document, Paragraph
from govinfo_schema.documents.recognise.names import is_body
from govinfo_schema.form.labels import fold

TITLE: Final = "政府信息公开工作年度报告"
_BRACKETED: Final = re.compile(
    rf"(?P<name>【[^【】]+】|[^【】]*)\s*"
    rf"(?P<rest>(?:【20[0-9]{{2}}】年|【20[0-9]{{2}}年】|20[0-9]{{2}}年)\s*{TITLE})?"
)


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
        if isinstance(block, Paragraph) and "【" in block.text:
            block = msgspec.structs.replace(block, text=unbracketed(block.text, block.level))  # noqa: PLW2901 (a title is one text)
        found = isinstance(block, Paragraph) and _hints().findall(block.text)
        if not isinstance(block, Paragraph) or not found:
            blocks.append(block)
            continue
        asides += [Aside(kind="placeholder", text=hint, place=block.place) for hint in found]
        left = _hints().sub("", block.text).strip()
        if left:
            blocks.append(msgspec.structs.replace(block, text=left))
    return attrs.evolve(document, blocks=tuple(blocks), asides=(*document.asides, *asides))


@once
def _hints() -> re.Pattern[str]:
    """Give the pattern of all hints, with the brackets of either width; a whole title is one."""
    hints = read_data("readings")["hints"]
    whole = f"{{body}}\n{{year}}{TITLE}".format(**hints)
    texts = sorted({whole, *hints.values()}, key=len, reverse=True)
    patterns = (re.escape(text).replace("（", "[（(]").replace("）", "[）)]") for text in texts)
    return re.compile("|".join(patterns).replace("\\\n", "\\s*"))


def unbracketed(text: str, level: int = 0) -> str:
    """
    Take the brackets of a title away in which a name or a year was written; a name alone is one of
    a title of two lines, which is a heading.

    >>> unbracketed("【某县民政局】【2025】年政府信息公开工作年度报告")
    '某县民政局2025年政府信息公开工作年度报告'
    >>> unbracketed("【某县民政局】", level=1), unbracketed("【某县民政局】")
    ('某县民政局', '【某县民政局】')
    >>> unbracketed("【单位名称】", level=1)
    '【单位名称】'
    """
    match = _BRACKETED.fullmatch(text.strip())
    if not match or not (match["rest"] or level == 1):
        return text
    name = match["name"]
    if name.startswith("【") and not is_body(fold(name[1:-1])):
        return text
    return re.sub("[【】]", "", text)
