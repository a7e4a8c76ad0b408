"""
The instructions of a content stream: operators with the operands before them.

One regular expression takes a whole instruction at a time; operands that no operator of text, path
or state has are passed over, as is what is no instruction. No part of a stream is looked at more
than a few times, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

_HEX: Final = rb"<[0-9A-Fa-f\s]*+>"
STRING: Final = (
    rb"\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+(?:\)|\Z))*+(?:\)|\Z))*+(?:\)|\Z)"
)
"""A string, with pairs of parentheses two deep in it; one that is not closed ends with the data."""
_DICTIONARY: Final = rb"<<(?:[^<>()]++|%b|%b|<<(?:[^<>()]++|%b|%b)*+>>)*+>>" % (
    _HEX,
    STRING,
    _HEX,
    STRING,
)
_NAME: Final = rb"/([^\s/%\[\]()<>{}]*+)"
_OPERATOR: Final = rb"[A-Za-z][^\s/%\[\]()<>{}#]*+"
_NUMBERS: Final = rb"[-+.0-9\s]*+"

_INSTRUCTION: Final = re.compile(
    rb"(%b)(?:" % _NUMBERS
    # 2: an image, with its data and its dictionary
    + rb"BI\b((?:[^B]|B(?!I\b)){0,1000}?)\bID\s.*?(?:EI(?=\s)|\Z)"
    # 3: numbers and an operator; a rectangle and what fills it are taken as one
    + rb"|(re(?: |\r?\n|\r)f\*?(?=\s)|%b|['\"])" % _OPERATOR
    # 4: one string in hexadecimal, which is shown
    + rb"|<([0-9A-Fa-f\s]*+)>\s*+Tj"
    # 5: several strings and the gaps between them
    + rb"|\[((?:[^\[\]()<>]++|%b|%b)*+)\]\s*+TJ" % (_HEX, STRING)
    # 6, 7: a string, which is shown
    + rb"|(%b|%b)\s*+(Tj|['\"])" % (STRING, _HEX)
    # 8, 9, 10: a name, numbers and an operator
    + rb"|%b(%b)(%b)" % (_NAME, _NUMBERS, _OPERATOR)
    # 11, 12, 13: marked content with properties, by their name or as they are
    + rb"|%b\s*+(?:%b|(%b))\s*+BDC" % (_NAME, _NAME, _DICTIONARY)
    # what is passed over
    + rb"|%%[^\r\n]*+|%b|%b|%b|.|\Z)" % (_NAME.replace(b"(", b"(?:", 1), STRING, _HEX),
    re.DOTALL,
)
_SHOWN: Final = re.compile(rb"<([0-9A-Fa-f\s]*+)>|(%b)|([-+.0-9]+)" % STRING, re.DOTALL)
_NUMBER: Final = re.compile(rb"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_ESCAPED: Final = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_ESCAPES: Final = {
    b"n": b"\n",
    b"r": b"\r",
    b"t": b"\t",
    b"b": b"\b",
    b"f": b"\f",
    b"\n": b"",
    b"\r": b"",
    b"\r\n": b"",
}
_HEX_IN_NAME: Final = re.compile("#([0-9A-Fa-f]{2})")

Instruction = tuple[bytes, list[Any]]
"""
An operator and its operands: numbers as floats, names as text, strings as bytes, and a dictionary
as the bytes that it is written with. An operator that is given a name has a slash before it, and
one that is given strings a parenthesis, so that whoever runs it gets what it takes.
"""


def instructions(data: bytes) -> Iterator[Instruction]:
    """
    Go through the instructions of a stream.

    What shows one string comes as ``TJ``, with a list of that.

    >>> list(instructions(b"/F1 9.5 Tf 50 700 Td [(203) -20 <34>] TJ (5) Tj"))[:3]
    [(b'/Tf', ['F1', 9.5]), (b'Td', [50.0, 700.0]), (b'(TJ', [[b'203', -20.0, b'4']])]
    """
    for match in _INSTRUCTION.finditer(data):
        kind = match.lastindex
        if kind == 3:
            operands, operator = match.group(1, 3)
            yield operator, numbers(operands)
        elif kind == 4:
            yield b"(TJ", [[unhexed(match[4])]]
        elif kind == 5:
            yield b"(TJ", [[*_shown(match[5])]]
        elif kind == 7:
            operator = b"TJ" if match[7] == b"Tj" else match[7]
            yield b"(" + operator, [*numbers(match[1]), [*_shown(match[6])]]
        elif kind == 10:
            before, name, operands, operator = match.group(1, 8, 9, 10)
            yield b"/" + operator, [*numbers(before), _named(name), *numbers(operands)]
        elif kind == 12:
            yield b"/BDC", [_named(match[11]), _named(match[12])]
        elif kind == 13:
            yield b"/BDC", [_named(match[11]), match[13]]
        elif kind == 2:
            yield b"(EI", [match[2]]


def numbers(text: bytes) -> list[float]:
    """Give the numbers that stand in a row; what is none is passed over."""
    try:
        return [*map(float, text.split())]
    except ValueError:
        return [*map(float, _NUMBER.findall(text))]


def unhexed(text: bytes) -> bytes:
    """Give the bytes that are written in hexadecimal, the last digit perhaps left out."""
    try:
        return bytes.fromhex(text.decode())
    except ValueError:
        digits = b"".join(text.split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def _shown(text: bytes) -> Iterator[bytes | float]:
    """Go through the strings and gaps of an array."""
    for match in _SHOWN.finditer(text):
        if match.lastindex == 1:
            yield unhexed(match[1])
        elif match.lastindex == 2:
            yield unescaped(match[2])
        else:
            yield from numbers(match[3])


def unescaped(text: bytes) -> bytes:
    """Give the bytes of a string in parentheses."""
    text = text[1:-1] if text.endswith(b")") else text[1:]
    return _ESCAPED.sub(_escape, text) if b"\\" in text else text


def _escape(match: re.Match[bytes]) -> bytes:
    sign = match[1]
    if sign[:1] in b"01234567":
        return bytes((int(sign, 8) & 0xFF,))
    return _ESCAPES.get(sign, sign)


def _named(name: bytes) -> str:
    text = name.decode("utf-8", "replace")
    return _HEX_IN_NAME.sub(lambda match: chr(int(match[1], 16)), text) if "#" in text else text
