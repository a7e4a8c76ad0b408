"""
Which signs of a page are text: not what is hidden, struck out or a watermark, nor, in a cell or a
line, the mark of a note.

A sign that is no text keeps its place and gets an *aside*; what stands in the same place twice, as
bold type is faked, is one sign.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from operator import attrgetter
from typing import Final, TypeVar

from govinfo_schema.documents.document import Aside, AsideKind, Place
from govinfo_schema.documents.formats.drawn.drawing import (
    THIN,
    WHITE,
    Box,
    Drawing,
    Fill,
    Ink,
    Rule,
    Sign,
)

_SAME: Final = 1.0
"""Two equal signs that are no farther from each other are one."""
_ALIKE: Final = 0.06
"""Colours that differ by less in each part are not told apart by the eye."""
_LIGHTER: Final = 0.2
"""By so much a watermark is lighter than the text that it lies over."""
_LARGER: Final = 1.5
"""So many times as large as the text that it lies over is a watermark."""
_RARE: Final = 0.08
"""Such a share of the signs that look alike tells nothing of them all."""
_SMALLER: Final = 0.85
"""A note mark is no more than such a share of its neighbour's size."""
_TINY: Final = 0.6
"""What is no more than such a share of its neighbour's size is a note mark on its baseline too."""
_RAISED: Final = 0.05
_OFF: Final = 0.7
"""Between such shares of its neighbour's size a note mark is off the baseline of that."""
_CLOSE: Final = 0.5
"""A note mark stands no farther from its neighbour, in sizes of the neighbour."""
_STRUCK: Final = (0.12, 0.6)
"""Above the baseline, in sizes of the sign, runs the line that strikes it out."""
_COVERS: Final = 500
"""So many of the areas that are painted over text are looked at, the last ones."""
_SHARE: Final = 0.5
"""A page of which a picture is such a share, and hardly any text is seen, is a scan."""
_TILE: Final = 36.0


_Tile = TypeVar("_Tile")
_Look = tuple[Ink, int]
"""The colour of a sign, and its size."""


def sift(drawings: Sequence[Drawing]) -> list[list[Sign]]:
    """
    Give the signs of each page once each, and say of those that are no text what they are.

    The lines that strike text out are taken from those of the drawings.
    """
    pages = []
    for drawing in drawings:
        _hide(drawing)
        pages.append(_distinct(drawing.signs))
        _uncover_scan(drawing, pages[-1])
    _watermarks(pages)
    for drawing, signs in zip(drawings, pages, strict=True):
        _strike(drawing, [sign for sign in signs if sign.aside is None])
    return pages


def asides(signs: Iterable[Sign], place: Place) -> tuple[Aside, ...]:
    """Put the signs that are no text together: those of one kind that follow each other are one."""
    found: list[tuple[AsideKind, int, str]] = []
    for sign in signs:
        if sign.aside is None:
            continue
        if found and found[-1][:2] == (sign.aside, sign.block):
            found[-1] = (sign.aside, sign.block, found[-1][2] + sign.text)
        else:
            found.append((sign.aside, sign.block, sign.text))
    return tuple(
        Aside(kind=kind, text=text.strip(), place=place) for kind, _, text in found if text.strip()
    )


def mark_notes(signs: Sequence[Sign]) -> None:
    """
    Mark the signs of a cell, or of a text, that are smaller than their neighbours and off their
    baseline as marks of notes.

    What follows a Latin letter is none, but stands on its line: it is a unit (m2) or a formula.
    """
    seen = [sign for sign in signs if sign.aside is None and sign.text.strip()]
    largest = max([sign.size for sign in seen], default=0.0)
    small = [sign for sign in seen if sign.size <= _SMALLER * largest]
    if not small:
        return
    for each in (seen, small):
        each.sort(key=attrgetter("x0"))
    tiles = _tiled(seen)
    heights = {tile: max([sign.size for sign in signs]) for tile, signs in tiles.items()}
    marked = False
    for sign in (*small, *reversed(small)):
        if not marked and sign.size > _SMALLER * max(_around(heights, sign)):
            continue
        near = [each for signs in _around(tiles, sign) for each in signs if each is not sign]
        unit = next((each for each in near if _is_unit(sign, each)), None)
        if unit:
            sign.base = unit.base
        elif sign.aside is None and any(_notes(sign, each) for each in near):
            sign.aside = "note_mark"
            marked = True


def _is_unit(sign: Sign, other: Sign) -> bool:
    """Tell whether a small sign follows a Latin letter at once, as an exponent does."""
    letter = other.text.isascii() and other.text.isalpha()
    return letter and _is_off(sign, other) and abs(sign.x0 - other.x1) < _CLOSE * sign.size


def _notes(sign: Sign, other: Sign) -> bool:
    """Tell whether a sign is the mark of a note, as one beside it shows."""
    gap = max(sign.x0 - other.x1, other.x0 - sign.x1)
    if gap > _CLOSE * other.size or gap < -other.size / 2:
        return False
    if other.aside == "note_mark":
        return abs(sign.base - other.base) < 1 and abs(sign.size - other.size) < 1
    return _is_off(sign, other)


def _is_off(sign: Sign, other: Sign) -> bool:
    """Tell whether a sign is smaller than another and off its baseline, or tiny."""
    off = other.base - sign.base
    return (
        sign.size <= _SMALLER * other.size
        and abs(off) <= _OFF * other.size
        and (abs(off) >= _RAISED * other.size or sign.size <= _TINY * other.size)
        and (off > 0 or sign.top < other.base)
    )


def _tiled(signs: Iterable[Sign]) -> dict[tuple[int, int], list[Sign]]:
    tiles: dict[tuple[int, int], list[Sign]] = defaultdict(list)
    for sign in signs:
        tiles[int(sign.x // _TILE), int(sign.y // _TILE)].append(sign)
    return tiles


def _around(tiles: Mapping[tuple[int, int], _Tile], sign: Sign) -> list[_Tile]:
    """Give what is known of the tile of a sign, and of those around it."""
    x, y = int(sign.x // _TILE), int(sign.y // _TILE)
    return [
        tiles[tile]
        for tile in (
            *((x - 1, y - 1), (x - 1, y), (x - 1, y + 1), (x, y - 1), (x, y), (x, y + 1)),
            *((x + 1, y - 1), (x + 1, y), (x + 1, y + 1)),
        )
        if tile in tiles
    ]


# ---- hidden -------------------------------------------------------------------------------------


def _hide(drawing: Drawing) -> None:
    """Mark what has the colour of what is below it, and what was painted over."""
    grounds = [fill for fill in drawing.fills if min(_size(fill.box)) > 0]
    inks = {fill.ink for fill in grounds}
    suspect = {
        ink
        for ink in {sign.ink for sign in drawing.signs}
        if _is_white(ink) or any(_is_alike(ink, other) for other in inks)
    }
    for sign in drawing.signs:
        if sign.aside or sign.ink not in suspect or _is_on(sign, drawing.pictures):
            continue
        ground = next(
            (
                fill.ink
                for fill in reversed(grounds)
                if fill.at < sign.at and _is_in(sign, fill.box)
            ),
            WHITE,
        )
        if _is_alike(sign.ink, ground):
            sign.aside = "hidden"
    first = min((sign.at for sign in drawing.signs), default=0)
    covers = [fill for fill in grounds if fill.at > first and min(_size(fill.box)) > THIN]
    _cover(drawing.signs, covers[-_COVERS:])


def _cover(signs: Sequence[Sign], covers: Sequence[Fill]) -> None:
    """Mark what one of some areas covers that were painted later."""
    if not covers:
        return
    left = sorted((sign for sign in signs if sign.aside is None), key=lambda sign: sign.y)
    heights = [sign.y for sign in left]
    for fill in covers:
        begin, end = bisect_left(heights, fill.box[1]), bisect_right(heights, fill.box[3])
        for sign in left[begin:end]:
            if sign.at < fill.at and _is_in(sign, fill.box):
                sign.aside = "hidden"


def _uncover_scan(drawing: Drawing, signs: Sequence[Sign]) -> None:
    """Take the hidden text of a scanned page for its text: it is all that there is."""
    page = drawing.width * drawing.height
    if not any(w * h > _SHARE * page for w, h in map(_size, drawing.pictures)):
        return
    hidden = [sign for sign in signs if sign.aside == "hidden"]
    if len(hidden) > 0.8 * len(signs):
        for sign in hidden:
            sign.aside = None


def _size(box: Box) -> tuple[float, float]:
    return max(box[2] - box[0], 0.0), max(box[3] - box[1], 0.0)


def _is_on(sign: Sign, boxes: Iterable[Box]) -> bool:
    return any(_is_in(sign, box) for box in boxes)


def _is_in(sign: Sign, box: Box) -> bool:
    return box[0] <= sign.x <= box[2] and box[1] <= sign.y <= box[3]


def _is_alike(one: Ink, other: Ink) -> bool:
    return all(abs(a - b) < _ALIKE for a, b in zip(one, other, strict=True))


def _is_white(ink: Ink) -> bool:
    return _is_alike(ink, WHITE)


def _distinct(signs: Iterable[Sign]) -> list[Sign]:
    """Give each sign once; of two in the same place the one that is seen."""
    kept: dict[tuple[str, int, int], list[Sign]] = defaultdict(list)
    found: list[Sign] = []
    for sign in sorted(signs, key=lambda sign: sign.aside is not None):
        text, x0, top = sign.text, sign.x0, sign.top
        left, right = int((x0 - _SAME) // _TILE), int((x0 + _SAME) // _TILE)
        upper, lower = int((top - _SAME) // _TILE), int((top + _SAME) // _TILE)
        tiles = (
            [(text, left, upper)]
            if left == right and upper == lower
            else [(text, x, y) for x in {left, right} for y in {upper, lower}]
        )
        if any(
            abs(same.x0 - x0) <= _SAME and abs(same.top - top) <= _SAME
            for tile in tiles
            if tile in kept
            for same in kept[tile]
        ):
            continue
        kept[text, int(x0 // _TILE), int(top // _TILE)].append(sign)
        found.append(sign)
    found.sort(key=attrgetter("at"))
    return found


# ---- struck out ---------------------------------------------------------------------------------


def _strike(drawing: Drawing, signs: Sequence[Sign]) -> None:
    """Mark what a line crosses, or an annotation strikes out, and forget such lines."""
    for sign in signs:
        if _is_on(sign, drawing.struck):
            sign.aside = "struck"
    rows: dict[int, list[Sign]] = defaultdict(list)
    for sign in signs:
        if sign.text.strip() and not sign.turn:
            rows[int(sign.base)].append(sign)
    for row in rows.values():
        row.sort(key=attrgetter("x"))
    places = {base: [sign.x for sign in row] for base, row in rows.items()}
    reach = range(int(max((sign.size for sign in signs), default=0.0) * _STRUCK[1]) + 2)
    kept = []
    for rule in drawing.level:
        crossed = [
            sign
            for base in (int(rule.place) + step for step in reach)
            if base in rows
            for sign in rows[base][
                bisect_left(places[base], rule.begin) : bisect_right(places[base], rule.end)
            ]
            if _STRUCK[0] * sign.size <= sign.base - rule.place <= _STRUCK[1] * sign.size
        ]
        if _ends_with(rule, crossed) and not _is_joined(rule, drawing):
            for sign in crossed:
                sign.aside = "struck"
        else:
            kept.append(rule)
    drawing.level = kept


def _ends_with(rule: Rule, crossed: Sequence[Sign]) -> bool:
    """Tell whether a line is as long as the signs that it crosses, as no line of a table is."""
    if not crossed:
        return False
    room = max(sign.size for sign in crossed) * 0.6
    return (
        rule.begin > min(sign.x0 for sign in crossed) - room
        and rule.end < max(sign.x1 for sign in crossed) + room
    )


def _is_joined(rule: Rule, drawing: Drawing) -> bool:
    """Tell whether a line goes on in another one, or meets one across, as those of a table do."""
    ends = rule.begin, rule.end
    return any(
        abs(other.place - rule.place) <= _SAME
        and (abs(other.end - rule.begin) <= _SAME or abs(other.begin - rule.end) <= _SAME)
        for other in drawing.level
    ) or any(
        min(abs(other.place - end) for end in ends) <= _SAME
        and other.begin - _SAME <= rule.place <= other.end + _SAME
        for other in drawing.upright
    )


# ---- watermarks ---------------------------------------------------------------------------------


def _watermarks(pages: Sequence[Sequence[Sign]]) -> None:
    """
    Mark what is written aslant, and all that looks like what lies over other text and is lighter or
    larger than it.
    """
    looks: Counter[_Look] = Counter()
    for sign in chain.from_iterable(pages):
        if sign.turn % 90:
            sign.aside = sign.aside or "watermark"
        elif sign.aside is None and sign.text.strip():
            looks[sign.ink, round(sign.size)] += 1
    common = [look for look, count in looks.items() if count > _RARE * looks.total()]
    if not common:
        return
    dark = min(_light(ink) for ink, _ in common)
    usual = looks.most_common(1)[0][0][1]
    odd = {
        (ink, size)
        for ink, size in looks
        if _light(ink) > dark + _LIGHTER or size > _LARGER * usual
    }
    if not odd:
        return
    over: Counter[_Look] = Counter()
    for page in pages:
        seen = [sign for sign in page if sign.aside is None and sign.text.strip()]
        tiles = _tiled(seen)
        over.update(
            (sign.ink, round(sign.size))
            for sign in seen
            if (sign.ink, round(sign.size)) in odd
            and any(_lies_over(sign, each) for near in _around(tiles, sign) for each in near)
        )
    marks = {look for look, count in over.items() if count > max(_RARE * looks[look], 1)}
    for sign in chain.from_iterable(pages):
        if sign.aside is None and (sign.ink, round(sign.size)) in marks:
            sign.aside = "watermark"


def _lies_over(sign: Sign, other: Sign) -> bool:
    """Tell whether a sign shares its place with one that is darker, or much smaller."""
    across = min(sign.x1, other.x1) - max(sign.x0, other.x0)
    down = min(sign.bottom, other.bottom) - max(sign.top, other.top)
    smaller = min(sign.size, other.size)
    return (
        across > 0.2 * min(smaller, other.x1 - other.x0)
        and down > 0.3 * smaller
        and (_light(sign.ink) > _light(other.ink) + _LIGHTER or sign.size > _LARGER * other.size)
    )


def _light(ink: Ink) -> float:
    red, green, blue = ink
    return 0.3 * red + 0.59 * green + 0.11 * blue
