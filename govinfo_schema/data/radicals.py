"""
Characters that look like an ideograph and are another code point: the radicals and compatibility
ideographs that the fonts of PDF files give for ⾃ and ⻘, where the text has 自 and 青.
"""

from __future__ import annotations

import unicodedata
from itertools import chain
from typing import Final

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once

_BLOCKS: Final = (range(0x2E80, 0x2FE0), range(0xF900, 0xFB00), range(0x2F800, 0x2FA20))
"""The CJK and Kangxi radicals, and both blocks of compatibility ideographs."""


@once
def ideographs() -> dict[str, str]:
    """
    Map each of these characters to the ideograph that it stands for; no other character is in it.

    >>> ideographs()["⼈"], ideographs()["⻘"], ideographs().get("①")
    ('人', '青', None)
    """
    folded = {
        sign: normal
        for sign in map(chr, chain(*_BLOCKS))
        if (normal := unicodedata.normalize("NFKC", sign)) != sign
    }
    return folded | dict(read_data("readings")["radicals"].split())
