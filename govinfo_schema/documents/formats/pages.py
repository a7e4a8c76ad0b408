"""
A web page as blocks, as a browser would show it: what is hidden or struck out, marks of notes and
pictures stand beside the text. What ``html`` reads, and the pages and tables in Markdown.

A cell may be merged from rows and columns; a table that only holds other tables is taken apart. A
page in the frame of another is read in its place, and so is a table whose tags are written as text.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any, Final, Literal, cast

import attrs
import msgspec

from govinfo_schema.data import read_data
from govinfo_schema.data.once import once
from govinfo_schema.documents.document import (
    Aside,
    AsideKind,
    Block,
    Document,
    Grid,
    Paragraph,
    Place,
    Span,
)
from govinfo_schema.documents.formats import library
from govinfo_schema.documents.formats.styles import PLAIN, Look, Styles
from govinfo_schema.documents.grids import (
    MAX_NESTING,
    MAX_SPAN,
    Cell,
    Row,
    Tables,
    TooManyCells,
    check_count,
    with_asides,
    without,
)

_SKIPPED: Final = frozenset(
    "script style template noscript noframes noembed button datalist head".split()  # noqa: SIM905
)
_CONTROLS: Final = frozenset(("input", "select", "textarea"))
_PICTURES: Final = frozenset(
    "img svg canvas object embed video audio meter progress".split()  # noqa: SIM905
)
_APART: Final = _SKIPPED | _CONTROLS | _PICTURES | {"table", "iframe", "math"}
"""What is not read as the text that stands in it."""
_BLOCKS: Final = frozenset(
    "html body main article section nav aside header footer div p h1 h2 h3 h4 "  # noqa: SIM905
    "h5 h6 ul ol li dl dt dd blockquote pre form fieldset legend hr center "
    "address caption figure figcaption table thead tbody tfoot tr td th "
    "details summary textarea xmp iframe".split()
)
_LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
_SPEAKING: Final = frozenset(("a", "article", "main", "nav", "header", "footer", *_LEVELS))
"""The elements that say what their text is for."""
_NO_TEXT: Final = frozenset(
    "hidden checkbox radio submit button reset image file password range color".split()  # noqa: SIM905
)
"""The types of input that show no text,"""
_VEILED: Final = frozenset(("password", "range"))
"""and those of them that show a figure in another way."""
_NOTES: Final = frozenset(("annotation", "annotation-xml"))
_FLAT: Final = _NOTES.union(
    "math semantics mrow mstyle mpadded mn mo mi mtext mspace".split()  # noqa: SIM905
)
"""The elements of an equation that is no more than a line of signs."""
_CELLS: Final = frozenset(("td", "th"))
_DIGIT: Final = re.compile("[0-9０-９]")
_NUMBER: Final = re.compile(r"\s*[+\-−]?[0-9][0-9,.\s]*%?\s*")
_BREAK: Final = re.compile(r"(?<=[^\x00-\x7f])[ \t\r]*\n\s*(?=[^\x00-\x7f])")
_SPACE: Final = re.compile(r"[ \t\r\n]+")
_AS_TEXT: Final = re.compile(
    r"(?i)(?:&(?:amp;)*lt;|&(?:amp;)*#(?:60|x3c);)table|<(?:textarea|xmp|plaintext)\b"
)
"""What a page holds that may show the tags of a table."""
_TABLE: Final = re.compile(r"(?i)<table[\s>]")
_ESCAPED: Final = re.compile(r"(?i)&(?:amp;)*lt;table\b")
_START: Final = re.compile(
    r"(?is)<!--.*?(?:-->|\Z)|<(?P<raw>script|style)\b[^>]{0,1000}+>.*?(?:</(?P=raw)\b|\Z)"
    r"""|<[a-z](?:=\s*+"[^"]*+"|=\s*+'[^']*+'|=|[^\s=>]++|\s++){0,3000}+(?P<more>[^>])?"""
)
"""A comment, a script, or the start tag of an element; *more* where it has too many attributes."""
_MARKUP: Final = re.compile(r"(?i)</?[a-z][^<>]*>|<!doctype")
ENOUGH: Final = 400
"""A menu has fewer letters outside its links."""
MISLED: Final = 500
"""So many elements with the name of a menu may be none; then nobody asks any more."""
LONGEST: Final = 1_000
"""The path of an element in a page that people made has fewer signs."""


@attrs.frozen(eq=False, kw_only=True)
class _State:
    """What is known of the text at one place of a page; *kind* says why it is no text, if so."""

    look: Look = PLAIN
    level: int = 0
    link: bool = False
    noted: bool = False
    navigation: bool = False
    article: bool = False
    kind: str = attrs.field(init=False)

    @kind.default
    def _kind(self) -> str:
        if self.look.hidden:
            return "hidden"
        if self.look.struck:
            return "struck"
        return "raised" if self.look.raised else "noted" if self.noted else ""


_Piece = tuple[_State, str]


@attrs.define
class _Cell(Cell):
    """
    A cell of a table, its element by name and attributes, and what stands in it beside text.
    """

    tag: str
    stated: dict[str, str]
    place: Place
    asides: list[Aside]


def read_page(text: str) -> Document | None:
    """
    Read a page; None where it has no element at all.

    Raises: TooManyCells; MissingLibrary without lxml.
    """
    reader = Reader()
    blocks = [*reader.page(text)]
    if not reader.titles:
        return None
    return Document(
        blocks=(*blocks, *reader.unseen),
        title=next((title for title in reader.titles if title), ""),
        properties=tuple(reader.properties),
        asides=tuple(reader.asides),
    )


@attrs.define(kw_only=True)
class Reader(Tables[_Cell]):
    """
    Reads blocks out of pages, without recursion but for tables and pages in each other.

    *unseen* are tables that are not shown, where they stand in the cell of one that is.
    """

    asides: list[Aside] = attrs.field(factory=list)
    unseen: list[Grid] = attrs.field(factory=list)
    titles: list[str] = attrs.field(factory=list)
    properties: list[tuple[str, str]] = attrs.field(factory=list)
    _etree: Any = attrs.field(factory=lambda: library("lxml.etree", "html"))
    _states: list[_State] = attrs.field(factory=lambda: [_State()])
    _in_cells: int = 0
    _digits: int = 0
    """How many texts with digits the cell has that is read now."""
    # The page that is read now: where it stands in another, and the way to the element.
    _part: str = ""
    _styles: Styles = attrs.field(factory=Styles)
    _tagged: bool = False
    _path: list[str] = attrs.field(factory=list)
    _counts: list[dict[str, int]] = attrs.field(factory=lambda: [{}])
    _misled: int = 0

    # ---- pages ----------------------------------------------------------------------------------

    def parsed(self, text: str) -> Any:
        """
        Parse a page; None where it has no element.

        Raises: TooManyCells where an element has more attributes than any.
        """
        if any(tag["more"] for tag in _START.finditer(text)):
            raise TooManyCells
        parser = self._etree.HTMLParser(
            encoding="utf-8", huge_tree=True, no_network=True, remove_comments=True, remove_pis=True
        )
        try:
            return self._etree.fromstring(text.encode("utf-8", "replace"), parser)
        except self._etree.XMLSyntaxError:
            return None

    def page(self, text: str, part: str = "", nesting: int = 0) -> Iterator[Block]:
        """
        Give the blocks of a page; *part* says where it stands in the file, if it is not all of it.

        Raises: TooManyCells.
        """
        if nesting > MAX_NESTING:
            raise TooManyCells
        root = self.parsed(text)
        if root is None:
            return
        self.titles.append(_title(root))
        self.properties += _properties(root)
        yield from self._tree(root, text, part, nesting)

    def _tree(self, root: Any, text: str, part: str, nesting: int) -> Iterator[Block]:
        outer = (self._part, self._styles, self._tagged, self._path, self._counts)
        self._part, self._path, self._counts = part, [], [{}]
        self._styles, self._tagged = Styles.of(root), _AS_TEXT.search(text) is not None
        self._enter(root)
        yield from self.blocks(root, nesting)
        self._leave()
        self._part, self._styles, self._tagged, self._path, self._counts = outer

    def inline(self, text: str, *, in_cell: bool) -> tuple[list[Paragraph], tuple[Aside, ...]]:
        """Give the paragraphs that a line of HTML shows, and what stands beside them."""
        outer, self.asides = self.asides, []
        self._in_cells += in_cell
        blocks = [*self._tree(self.parsed(f"<body>{text}"), text, "", 0)]
        self._in_cells -= in_cell
        asides, self.asides = self.asides, outer
        self.unseen += _grids(blocks)
        return [block for block in blocks if isinstance(block, Paragraph)], tuple(asides)

    def _enter(self, node: Any, look: Look | None = None) -> _State:
        """Go into an element; *look* is its own, where that is known."""
        tag = node.tag
        counts = self._counts[-1]
        counts[tag] = number = counts.get(tag, 0) + 1
        self._counts.append({})
        self._path.append(f"{tag}[{number}]")
        outer = self._states[-1]
        look = look or self._styles.look(node, outer.look)
        navigation = outer.navigation or self._is_navigation(node, outer)
        state = outer
        if look is not outer.look or navigation is not outer.navigation or tag in _SPEAKING:
            state = _state(node, outer, look, navigation=navigation)
        self._states.append(state)
        if self._in_cells:
            self._doubt(node, look)
        return state

    def _doubt(self, node: Any, look: Look) -> None:
        """Keep beside a cell what a style, or the number of a list, may add to its digits."""
        doubt = look.doubt or (look.moved if self._digits > 1 else "")
        if node.tag == "li" and node.getparent().tag == "ol":
            doubt = doubt or "ol"
        text = doubt[:ENOUGH].strip()
        known = any(aside.kind == "style" and aside.text == text for aside in self.asides[-9:])
        if text and not known and not look.hidden:
            self._keep_beside("style", text, node)

    def _leave(self) -> None:
        """Go out of an element."""
        self._states.pop()
        self._path.pop()
        self._counts.pop()

    def _place(self, node: Any) -> Place:
        """Say where the element is that was gone into last, or one in it."""
        return self._placed(node, self._locator())

    def _locator(self) -> str:
        """Give the path of the element that was gone into last."""
        path = "/".join(self._path)
        return f"{self._part}#/{path}" if self._part else f"/{path}"

    def _placed(self, node: Any, locator: str) -> Place:
        """Say where an element is whose path is this."""
        return Place(
            line=None if self._part else node.sourceline,
            locator=locator if len(locator) <= LONGEST else "",
        )

    # ---- text -----------------------------------------------------------------------------------

    def blocks(self, root: Any, nesting: int = 0) -> Iterator[Block]:
        """Give the blocks below an element in reading order."""
        blocks = self._walk(root, nesting)
        return self._untagged(blocks, nesting) if self._tagged else blocks

    def _walk(self, root: Any, nesting: int) -> Iterator[Block]:
        parts: list[_Piece] = []
        walk = self._etree.iterwalk(root, events=("start", "end"))
        for event, node in walk:
            if event == "end":
                if node.tag in _BLOCKS:
                    yield from self._paragraphs(parts, node)
                if node is not root:
                    self._leave()
                    if node.tail:
                        parts.append((self._states[-1], _text(node.tail, node.getparent())))
                continue
            if node is not root:
                if node.tag in _BLOCKS or node.tag == "br":
                    yield from self._paragraphs(parts, node)
                self._enter(node)
                if node.tag in _APART:
                    walk.skip_subtree()
                    yield from self._apart(node, parts, nesting)
                    continue
            if node.text:
                parts.append((self._states[-1], _text(node.text, node)))
        yield from self._paragraphs(parts, root)

    def _paragraphs(self, parts: list[_Piece], node: Any) -> Iterator[Paragraph]:
        """Give the text gathered so far, line by line, and begin anew."""
        if not parts:
            return
        shown = [*parts]
        parts.clear()
        if any(state.kind for state, _ in shown):
            shown = [*self._shown(shown, node)]
        text = "".join([piece for _, piece in shown])
        if not text.strip():
            return
        place = self._place(node)
        level = max(state.level for state, _ in shown)
        for line in text.split("\x0b"):
            if line.strip():
                role = _role(line.strip(), shown) if level != 1 else ""
                yield Paragraph(text=line.strip(), level=level, role=role, place=place)

    def _shown(self, parts: Iterable[_Piece], node: Any) -> Iterator[_Piece]:
        """Give what is shown as text; the rest is kept beside it."""
        before = ""
        parted = False
        for kind, group in groupby(parts, key=lambda piece: piece[0].kind):
            pieces = [*group]
            text = "".join(piece for _, piece in pieces)
            if not kind or (kind in ("raised", "noted") and not self._is_mark(text, kind, before)):
                gap = parted and before[-1:].isdigit() and text[:1].isdigit()
                yield from [(pieces[0][0], " "), *pieces] if gap else pieces
                before, parted = before + text, False
            elif text.strip():
                parted = kind in ("raised", "noted")
                name = "note_mark" if parted else kind
                self._keep_beside(cast("AsideKind", name), text.replace("\x0b", "\n"), node)

    def _is_mark(self, text: str, kind: str, before: str) -> bool:
        """
        Tell whether what is raised, or a link to a note, is the mark of one: m² of a text is not.
        """
        if not _pattern("notes", "mark").fullmatch(text.lower()):
            return False
        if kind == "noted" and _pattern("notes", "bare").fullmatch(text):
            return bool(before.strip())
        last = before.rstrip()[-1:]
        return bool(self._in_cells) or (last != "" and not (last.isascii() and last.isalpha()))

    def _keep_beside(self, kind: AsideKind, text: str, node: Any) -> None:
        self.asides.append(Aside(kind=kind, text=text.strip(), place=self._place(node)))

    def _is_navigation(self, node: Any, outer: _State) -> bool:
        """Whether an element leads to other pages rather than being what this one is about."""
        tag = node.tag
        if tag == "nav" or (tag in ("header", "footer") and not outer.article):
            return True
        asked = ("class",) if tag in ("td", "th", "tr") else ("class", "id", "role")
        names = " ".join([value for name, value in node.items() if name in asked])
        if not names or tag in ("html", "body", "a"):
            return False
        if _pattern("navigation", "roles").fullmatch(node.get("role") or ""):
            return True
        strong, weak = _told(names[:LONGEST])
        if not (strong or weak) or self._misled > MISLED:
            return False
        plain, linked = _letters(node)
        found = plain <= ENOUGH if strong else plain <= min(linked, ENOUGH)
        self._misled += not found
        return found

    # ---- what shows something else than its text ------------------------------------------------

    def _apart(self, node: Any, parts: list[_Piece], nesting: int) -> Iterator[Block]:
        """Give the blocks in an element that is not walked through, or add what it shows."""
        tag = node.tag
        if tag == "table":
            yield from self.table(node, nesting + 1)
        elif tag == "iframe" and node.get("srcdoc"):
            self.count_cell()
            part = f"{self._place(node).locator}/@srcdoc"
            yield from self.page(node.get("srcdoc"), part, nesting + 1)
        elif tag in _CONTROLS:
            text = _entered(node)
            if self._in_cells or _TABLE.search(text):
                parts.append((self._states[-1], f" {text} "))
            elif tag == "textarea" and _is_sentence(text):
                parts.append((self._states[-1], text.replace("\n", "\x0b")))
            if self._in_cells and (node.get("type") or "").lower() in _VEILED and node.get("value"):
                self._keep_beside("style", node.get("value"), node)
            if self._in_cells and not text.strip() and node.get("placeholder"):
                self._keep_beside("placeholder", node.get("placeholder"), node)
        elif tag == "math" and _is_number(node):
            parts.append((self._states[-1], "".join(_signs(node))))
        elif tag not in _SKIPPED and not self._states[-1].kind:
            self._picture(node)

    def _picture(self, node: Any) -> None:
        """Keep beside the text what may show a figure and is none."""
        if node.tag == "math":
            self._keep_beside("equation", "".join(_signs(node)), node)
        elif node.tag in _PICTURES and not self._states[-1].navigation and not _is_spacer(node):
            text = node.get("alt") or node.get("title") or "".join(node.itertext())
            self._keep_beside("picture", _text(text, node), node)

    def _untagged(self, blocks: Iterator[Block], nesting: int) -> Iterator[Block]:
        """Read the tables of which the text of a page shows the tags."""
        for alike, group in groupby(blocks, key=lambda block: isinstance(block, Paragraph)):
            own = [*group]
            texts = _untag([block.text for block in own if isinstance(block, Paragraph)])
            if not alike or not any(_TABLE.search(text) for text in texts):
                yield from own
                continue
            tagged = [at for at, text in enumerate(texts) if _MARKUP.search(text)]
            first, last = tagged[0], tagged[-1] + 1
            yield from own[:first]
            part = f"{cast('Paragraph', own[first]).place.locator}/text()"
            yield from self.page("\n".join(texts[first:last]), part, nesting + 1)
            yield from own[last:]

    # ---- tables ---------------------------------------------------------------------------------

    def table(self, node: Any, nesting: int) -> Iterator[Block]:
        """
        Give a table as a grid, its caption before it; one that is not shown is a hidden grid.

        Raises: TooManyCells.
        """
        for caption in node.iterchildren("caption"):
            self._enter(caption)
            yield from self.blocks(caption, nesting)
            self._leave()
        collapsed = self._collapsed(node)
        for block in super().table(node, nesting):
            if isinstance(block, Grid):
                grid = self._without(block, collapsed) if collapsed else block
                yield _revealed(grid) if _is_hidden(grid) else grid
            else:
                yield block

    def rows(self, table: Any, nesting: int) -> Iterator[Row[_Cell]]:
        """
        Go through the rows of a table, those of tables in it aside; a cell outside any row begins
        one. What is taken out of the table is left out, its text kept beside that of the page.
        """
        row: Row[_Cell] | None = None
        walk = self._etree.iterwalk(table, events=("start", "end"))
        for event, inner in walk:
            if inner is table:
                continue
            if inner.tag == "tr" and row is not None:
                yield self._finished(row)
                row = None
            if event == "end":
                self._leave()
            elif self._is_left_out(inner, nesting):
                walk.skip_subtree()
            elif inner.tag == "tr":
                row = Row([], hidden=self._states[-1].look.collapsed)
                nodes = [*inner]
                if _CELLS.issuperset([node.tag for node in nodes]):
                    walk.skip_subtree()
                    row.cells += self._row_cells(nodes, nesting)
            elif inner.tag in _CELLS:
                walk.skip_subtree()
                row = Row([]) if row is None else row
                row.cells.append(self._cell(inner, nesting))
        if row is not None:
            yield self._finished(row)

    def _row_cells(self, nodes: list[Any], nesting: int) -> Iterator[_Cell]:
        """Read the cells of a row in which nothing else stands."""
        state, counts, path = self._states[-1], self._counts[-1], self._locator()
        is_plain = not (
            state.kind or state.look.doubt or state.look.moved or self._in_cells or self._tagged
        )
        for node in nodes:
            look = self._styles.look(node, state.look)
            if is_plain and look is state.look and not len(node) and node.get("class") is None:
                # Nothing but text, as most cells are: there is no need to go into it.
                tag = node.tag
                counts[tag] = number = counts.get(tag, 0) + 1
                yield self._text_cell(node, self._placed(node, f"{path}/{tag}[{number}]"))
                continue
            if not self._is_left_out(node, nesting, look):
                yield self._cell(node, nesting)
            self._leave()

    def _text_cell(self, node: Any, place: Place) -> _Cell:
        """Read a cell that holds nothing but text."""
        self.count_cell()
        text = _text(node.text or "", node).strip()
        blocks: list[Block] = [Paragraph(text=text, place=place)] if text else []
        return _Cell(blocks, node.tag, dict(node.items()), place, [])

    def _is_left_out(self, node: Any, nesting: int, look: Look | None = None) -> bool:
        """
        Go into a part of a table; keep it beside the text if a browser takes it out. *look* as for
        ``_enter``.
        """
        seen = not self._states[-1].look.unseen
        look = self._enter(node, look).look
        if node.tag == "caption" or node.tag in _SKIPPED:
            return True
        if look.removed and seen:
            self.unseen += _grids(self.blocks(node, nesting))
            return True
        return False

    def _cell(self, node: Any, nesting: int) -> _Cell:
        place = self._place(node)
        state = self._states[-1]
        doubt = state.look.doubt or state.look.moved
        if not len(node) and not state.kind and not doubt and not self._tagged:
            return self._text_cell(node, place)
        self.count_cell()
        outer, self.asides = (self.asides, self._digits), []
        self._in_cells += 1
        self._digits = sum(_DIGIT.search(text) is not None for text in node.itertext())
        self._doubt(node, state.look)
        blocks = [*self.blocks(node, nesting)]
        self._in_cells -= 1
        asides, (self.asides, self._digits) = self.asides, outer
        grids = _grids(blocks)
        if grids:
            # What is in doubt in a table in it stands beside the cells of that.
            asides = [aside for aside in asides if aside.kind != "style"]
        if grids and all(grid.hidden for grid in grids):
            self.unseen += grids
            blocks = [block for block in blocks if not isinstance(block, Grid)]
        return _Cell(blocks, node.tag, dict(node.items()), place, asides)

    def _finished(self, row: Row[_Cell]) -> Row[_Cell]:
        """Keep what stands beside the text of cells of which there will be no span."""
        if row.hidden or any(cell.nests for cell in row.cells):
            for cell in row.cells:
                self.asides += cell.asides
        return row

    def spans(self, rows: list[Row[_Cell]]) -> list[Span]:
        """Place the cells of rows: each in the first column that nothing above takes."""
        spans: list[Span] = []
        taken: dict[int, int] = {}
        slots = 0
        for at, row in enumerate(rows):
            column = 0
            for cell in row.cells:
                while taken.get(column, 0) > at:
                    column += 1
                height = _size(cell.stated, "rowspan", len(rows) - at)
                width = _size(cell.stated, "colspan", MAX_SPAN)
                slots += width
                check_count(slots)
                for each in range(column, column + width):
                    taken[each] = at + height
                spans.append(self._span(cell, at, column, height, width))
                column += width
        return spans

    def _span(self, cell: _Cell, row: int, column: int, height: int, width: int) -> Span:
        locator = cell.locator or cell.place.locator
        place = Place(
            table=self.tables,
            row=row + 1,
            column=column + 1,
            line=cell.place.line,
            locator=locator,
        )
        span = Span(
            text=cell.text,
            row=row,
            column=column,
            rows=height,
            columns=width,
            header=cell.tag == "th",
            name=cell.stated.get("id") or "",
            place=place,
        )
        return with_asides(span, cell.asides) if cell.asides else span

    def _collapsed(self, table: Any) -> frozenset[int]:
        """Number the columns that are collapsed."""
        collapsed: set[int] = set()
        at = 0
        for group in table.iterchildren("colgroup", "col"):
            around = self._styles.look(group, PLAIN)
            for column in [*group.iterchildren("col")] or [group]:
                look = around if column is group else self._styles.look(column, around)
                size = _size(column, "span", MAX_SPAN)
                if look.collapsed or around.collapsed:
                    collapsed |= {*range(at, min(at + size, MAX_SPAN))}
                at += size
        return frozenset(collapsed)

    def _without(self, grid: Grid, columns: frozenset[int]) -> Grid:
        spans = without(grid.spans, columns=columns)
        left = {span.place for span in spans}
        for span in grid.spans:
            if span.place not in left and span.text:
                self.asides.append(Aside(kind="hidden", text=span.text, place=span.place))
        return attrs.evolve(grid, spans=spans)


def _size(node: Any, name: str, most: int) -> int:
    """Over how many rows or columns an element is merged; 0 rows is all that are left."""
    stated = node.get(name)
    if stated is None:
        return 1
    digits = re.match(r"\s*([0-9]{1,9})", stated)
    size = int(digits[1]) if digits else 1
    return min(most if size == 0 and name == "rowspan" else max(size, 1), most)


def _grids(blocks: Iterable[Block]) -> list[Grid]:
    return [block for block in blocks if isinstance(block, Grid)]


def _is_hidden(grid: Grid) -> bool:
    """Whether a grid shows nothing, and would if it were shown."""
    return not any(span.text for span in grid.spans) and any(
        aside.kind == "hidden" for span in grid.spans for aside in span.asides
    )


def _revealed(grid: Grid) -> Grid:
    """Give a hidden grid with the texts that it does not show."""
    spans = []
    for span in grid.spans:
        texts = [aside.text for aside in span.asides if aside.kind == "hidden"]
        rest = tuple(aside for aside in span.asides if aside.kind != "hidden")
        spans.append(msgspec.structs.replace(span, text="\n".join(texts), asides=rest))
    return attrs.evolve(grid, spans=tuple(spans), hidden=True)


# ---- what an element says -----------------------------------------------------------------------


def _state(node: Any, outer: _State, look: Look, *, navigation: bool) -> _State:
    """Give what is known of the text in an element."""
    tag = node.tag
    anchor = tag == "a" and not node.get("href") and (node.get("name") or node.get("id"))
    target = node.get("href") if tag == "a" else None
    return _State(
        look=look,
        level=_LEVELS.get(tag, outer.level),
        link=outer.link or (tag == "a" and not anchor),
        noted=outer.noted
        or node.get("role") == "doc-noteref"
        or (
            target is not None and _pattern("notes", "target").fullmatch(target.lower()) is not None
        ),
        navigation=navigation,
        article=outer.article or tag in ("article", "main"),
    )


@lru_cache(1_000)
def _told(names: str) -> tuple[bool, bool]:
    """Tell whether the names of an element say that it is navigation, or may be."""
    names = _pattern("navigation", "layout").sub("", names)
    words = re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z]+", " ", names).lower().split()
    if any(_pattern("navigation", "content").fullmatch(word) for word in words):
        return False, False
    return (
        any(_pattern("navigation", "names").fullmatch(word) for word in words),
        any(_pattern("navigation", "perhaps").fullmatch(word) for word in words),
    )


def _letters(node: Any) -> tuple[int, int]:
    """Count the letters of an element outside and inside its links, no further than need be."""
    plain = linked = 0
    for number, inner in enumerate(node.iter()):
        if inner.tag == "a":
            letters = sum(len(text.strip()) for text in inner.itertext())
            linked, plain = linked + letters, plain - letters
        if inner.tag not in _SKIPPED:
            plain += len((inner.text or "").strip())
        plain += len((inner.tail or "").strip()) if inner is not node else 0
        if plain > ENOUGH or number > 10 * ENOUGH:
            return ENOUGH + 1, linked
    return plain, linked


def _role(text: str, parts: Iterable[_Piece]) -> Literal["", "navigation", "link"]:
    """Tell what a line is for; a sentence is text wherever it stands."""
    pieces = [(state, piece) for state, piece in parts if piece.strip()]
    navigation = any(state.navigation for state, _ in pieces)
    if navigation or _pattern("navigation", "text").match(text):
        plain = "".join(piece for state, piece in pieces if not state.link)
        return "" if _is_sentence(text) and _is_sentence(plain) else "navigation"
    return "link" if all(state.link for state, _ in pieces) else ""


def _is_sentence(text: str) -> bool:
    """Tell whether a text is one of an article, and no more than what a site says of itself."""
    sentence = _pattern("navigation", "sentence").search(text)
    return sentence is not None and not _pattern("navigation", "imprint").search(text)


def _entered(node: Any) -> str:
    """Give the text that stands in a field of a form."""
    if node.tag == "input":
        return "" if (node.get("type") or "").lower() in _NO_TEXT else node.get("value") or ""
    if node.tag == "textarea":
        return "".join(node.itertext())
    options = [*node.iter("option")]
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and node.get("multiple") is None:
        chosen = options[:1]
    return " ".join("".join(option.itertext()).strip() for option in chosen)


def _is_spacer(node: Any) -> bool:
    """Whether a picture is too small to show anything."""
    return any((node.get(name) or "") in ("0", "1", "1px", "2") for name in ("width", "height"))


def _is_number(equation: Any) -> bool:
    """Whether an equation is a number and no more."""
    text = "".join(_signs(equation))
    return _NUMBER.fullmatch(text) is not None and all(
        inner.tag in _FLAT for inner in equation.iter()
    )


def _signs(equation: Any) -> Iterator[str]:
    return ((inner.text or "").strip() for inner in equation.iter() if inner.tag not in _NOTES)


def _text(text: str, holder: Any) -> str:
    """
    Take white space for what it looks like: nothing between Chinese characters, a line only where
    the text is set as it stands.
    """
    if holder is not None and holder.tag in ("pre", "xmp"):
        return text.replace("\n", "\x0b")
    return _SPACE.sub(" ", _BREAK.sub("", text)) if _SPACE.search(text) else text


def _untag(texts: list[str]) -> list[str]:
    """Take texts in which the tags of a table are escaped, once or more often, as meant."""
    for _ in range(3):
        if not any(_ESCAPED.search(text) for text in texts):
            break
        texts = [html.unescape(text) for text in texts]
    return texts


@once
def _pattern(section: str, name: str) -> re.Pattern[str]:
    return re.compile(read_data("pages")[section][name])


# ---- what a page says of itself -----------------------------------------------------------------


def _title(root: Any) -> str:
    """Give the name of the article where the page states one, else the page's own title."""
    stated = root.xpath(
        "//meta[translate(@name, 'ARTICLETITLE', 'articletitle') = 'articletitle']/@content"
    )
    own = root.xpath("//title/text()")
    return next((text.strip() for text in (*stated, *own) if text.strip()), "")


def _properties(root: Any) -> Iterator[tuple[str, str]]:
    """Give what a page says of itself, by the names that it uses."""
    for node in root.iter("meta", "title", "time"):
        name = node.get("name") or node.get("property") or node.get("itemprop")
        content = node.get("content") if node.tag == "meta" else node.get("datetime")
        if node.tag == "title":
            content = "".join(node.itertext())
        if content and content.strip() and (name or node.tag != "meta"):
            yield name or node.tag, content.strip()
    for node in root.xpath("//*[@itemprop][not(self::meta or self::time)]"):
        content = node.get("content") or "".join(node.itertext())
        if content.strip() and len(content) <= LONGEST:
            yield node.get("itemprop"), content.strip()
