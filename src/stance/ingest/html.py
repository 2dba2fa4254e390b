"""From an HTML tree to typed stretches of text: where paragraphs begin, and what is furniture.

What belongs here: walking a tree. What does not: what class names mean (`zones`), which part of a page is the article
and its metadata (`page`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from stance.ingest.clean import clean_text, tidy_spaces
from stance.ingest.drafts import Piece
from stance.ingest.furniture import HEADING_WORDS, SENTENCE_END, list_kind, wording_kind
from stance.ingest.plain import plain_pieces
from stance.ingest.zones import (
    BOLD_TAGS,
    HEADING_TAGS,
    INLINE_TAGS,
    ITALIC_TAGS,
    SKIPPED_TAGS,
    is_body,
    is_frame,
    is_hidden,
    zone_of,
)  # fmt: skip
from stance.records import BlockKind

MAX_DEPTH = 200
"""Deeper than any page that a person wrote; below it text is taken without structure."""
LONG_LINE = 80
"""Lines between single `<br>` that are longer, and end a sentence each, are paragraphs."""
PROSE_CELL = 200
"""Characters from which a table cell holds prose: the table lays out the page and holds no data."""
MOSTLY = 0.8
"""Share of a line that must be link, bold, or in a zone, for all of it to count as such."""
LINK_WORDS, QUESTION_WORDS, BIO_WORDS = 30, 6, 70
"""Most words of a line that is a link to another article, a bold heading that asks, a note on the author in italics."""
QUOTE_CHARS = 400
MAX_COMPARED = 1000
"""Most stretches among which repeats are looked for; it takes the square of their number."""
WHITE = re.compile(r"[ \t\r\n\f]+")
QUOTATION_MARKS = re.compile("[\"“”„«»‘’']")
NO_BLOCKS = INLINE_TAGS | SKIPPED_TAGS | {"br"}
SECTION_PIECES = 3
"""Most paragraphs of a box at the end of a page; with more, it takes the rest of the page to be sure of it."""
UNSURE = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.OTHER})
SECTIONS = frozenset({BlockKind.RELATED, BlockKind.COMMENTS, BlockKind.OTHER, BlockKind.COOKIE, BlockKind.SHARE})
LIST_TAGS = frozenset({"ul", "ol", "dl"})
NO_XML = re.compile("[\0-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that a tree can hold but nothing may be set to."""
XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
PARAGRAPH_BREAK = re.compile(r"\n\s*\n|\n(?=[ \t]*(?:\u00a0|\u2003|\u3000){2,})")
BREAK_TAG = re.compile(r"<(?:p|br|div|pre|table|section|article)\b", re.IGNORECASE)
BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
CAPTION_CODE = re.compile(r"\[caption\b[^\]]{0,500}\](.{0,2000}?)\[/caption\]", re.DOTALL)
SHORT_CODE = re.compile(
    r"\[(?:gallery|playlist|audio|video|embed|youtube|vimeo|tweet|instagram|contact-form(?:-\d+)?|newsletter\w*"
    r"|adrotate|/?(?:vc|et_pb|fusion|su)_\w+)(?:\s[^\]]{0,500})?\](?:[^\[\]\s]{0,500}\[/(?:audio|video|embed)\])?"
)
BIO = re.compile(
    r"\b(?:is|was|are) (?:an?|the|our|head|director|professor|senior)\b|\b(?:writes|translated|follow|contributed)\b|@"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text of one block of a page."""

    kind: BlockKind
    text: str
    element: HtmlElement
    """The block it stands in."""
    typed: bool
    """Whether the page says what it is, so that its place need not."""


@dataclass(slots=True)
class _Line:
    """Inline text gathered since the last block began, and how many characters of it are link, bold and so on."""

    parts: list[str] = field(default_factory=list)
    sizes: dict[str | BlockKind, int] = field(default_factory=dict)

    def add(self, text: str, marks: frozenset[str | BlockKind]) -> None:
        self.parts.append(WHITE.sub(" ", text))
        size = sum(map(len, text.split()))
        for mark in (*marks, "all"):
            self.sizes[mark] = self.sizes.get(mark, 0) + size

    def mostly(self, *marks: str | BlockKind) -> bool:
        return sum(self.sizes.get(mark, 0) for mark in marks) > MOSTLY * self.sizes.get("all", 0)


def parse(markup: str) -> HtmlElement:
    """Parse a page or a fragment, whatever is wrong with it; an empty one gives an empty tree."""
    markup = NO_XML.sub("", XML_DECLARATION.sub("", markup))
    try:
        return lxml_html.document_fromstring(markup)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return lxml_html.document_fromstring("<html><body></body></html>")


def fragment_pieces(markup: str) -> list[Piece]:
    """Return the pieces of a fragment, such as the text of a feed item.

    Where no tag parts its paragraphs, blank lines do; codes of content systems (`[gallery ids="1,2"]`) are taken out.
    """
    markup = CAPTION_CODE.sub(r"<figure>\1</figure>", SHORT_CODE.sub("", markup))
    if not BREAK_TAG.search(markup):
        markup = BLANK_LINE.sub("<br><br>", markup)
    return [Piece(stretch.kind, stretch.text) for stretch in walk(parse(markup))]


def walk(root: HtmlElement, within: frozenset[HtmlElement] = frozenset(), *, by_name: bool = True) -> list[Stretch]:
    """Return the stretches of text under an element, in order.

    Args:
        root: where to begin.
        within: elements that are known to hold the article: what their tags and names say is not heeded.
        by_name: whether class names and ids are heeded at all; without them only comments and cookie notices are told.
    """
    walker = _Walker(within=within, by_name=by_name)
    walker.element(root, None, frozenset(), 0)
    walker.flush(root, None)
    return _settled(walker.found)


@dataclass(slots=True)
class _Walker:
    within: frozenset[HtmlElement]
    by_name: bool
    found: list[Stretch] = field(default_factory=list)
    line: _Line = field(default_factory=_Line)

    def element(
        self, element: HtmlElement, zone: BlockKind | None, marks: frozenset[str | BlockKind], depth: int
    ) -> None:
        """Walk one element; `zone` is what the elements around it say it is."""
        if not self._is_seen(element):
            return
        if element.tag == "br":
            self.line.parts.append("\n")
        elif depth > MAX_DEPTH:
            self.line.add(str(element.text_content()), marks)
        elif element.tag in INLINE_TAGS and not _holds_blocks(element):
            own = self._own_zone(element)
            self._children(element, zone, marks | {element.tag, *([own] if own else [])}, depth)
        else:
            self.flush(element.getparent() if element.getparent() is not None else element, zone)
            self._block(element, zone or self._own_zone(element), depth)

    def _is_seen(self, element: HtmlElement) -> bool:
        if not isinstance(element.tag, str) or element.tag in SKIPPED_TAGS or is_hidden(element):
            return False
        return element in self.within or not is_frame(element, by_name=self.by_name)

    def _own_zone(self, element: HtmlElement) -> BlockKind | None:
        if element in self.within or element.tag in ("html", "body", "main"):
            return None
        if element.tag == "a":
            return BlockKind.RELATED if _holds_blocks(element) else None
        zone = None if is_body(element) else zone_of(element)
        return zone if self.by_name or zone in (BlockKind.COMMENTS, BlockKind.COOKIE) else None

    def _block(self, element: HtmlElement, zone: BlockKind | None, depth: int) -> None:
        if element.tag in LIST_TAGS and not _holds_articles(element):
            self._list(element, zone)
        elif element.tag == "blockquote" and zone is None:
            self._quote(element)
        elif element.tag == "pre":
            self.found += [
                Stretch(zone or piece.kind, piece.text, element, zone is not None)
                for piece in plain_pieces(str(element.text_content()))
            ]
        elif element.tag == "table" and _is_data(element):
            self._add(zone or BlockKind.OTHER, _rows_text(element), element, typed=True)
        else:
            self._children(element, zone, frozenset(), depth)
            self.flush(element, zone)

    def _children(
        self, element: HtmlElement, zone: BlockKind | None, marks: frozenset[str | BlockKind], depth: int
    ) -> None:
        self.line.add(element.text or "", marks)
        for child in element:
            self.element(child, zone, marks, depth + 1)
            self.line.add(child.tail or "", marks)

    def _list(self, element: HtmlElement, zone: BlockKind | None) -> None:
        items = [text for item in element.iter("li", "dt", "dd") if (text := _text(item))]
        linked = sum(len(_text(link)) for link in element.iter("a"))
        if linked > MOSTLY * sum(map(len, items)):
            kind = BlockKind.RELATED
        else:
            kind = list_kind(items) if items else BlockKind.OTHER
        self._add(zone or kind, "\n".join(items), element, typed=zone is not None or kind is not BlockKind.PARAGRAPH)

    def _quote(self, element: HtmlElement) -> None:
        inner = _Walker(within=self.within, by_name=self.by_name)
        inner._children(element, None, frozenset(), 0)
        inner.flush(element, None)
        text = "\n".join(stretch.text for stretch in inner.found if stretch.kind is not BlockKind.OTHER)
        self._add(BlockKind.PARAGRAPH, text, element, typed=False)

    def flush(self, element: HtmlElement, zone: BlockKind | None) -> None:
        """End the line that is being gathered; `element` is the block it stands in."""
        line, self.line = self.line, _Line()
        text = clean_text("".join(line.parts))
        if not text.strip():
            return
        zone = zone or next((kind for kind in BlockKind if line.mostly(kind)), None)
        for part in _parts(text):
            kind = zone or _kind_by_marks(element, line, part)
            self._add(kind, part, element, typed=kind is not BlockKind.PARAGRAPH)

    def _add(self, kind: BlockKind, text: str, element: HtmlElement, *, typed: bool) -> None:
        text = tidy_spaces(text)
        if text:
            self.found.append(Stretch(kind, text, element, typed))


def _parts(text: str) -> Iterator[str]:
    """Part a line at `<br><br>`, at an indented line, and at single `<br>` if every line is a paragraph, or none is."""
    for part in PARAGRAPH_BREAK.split(text):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        if any(wording_kind(line) is not BlockKind.PARAGRAPH for line in lines) or (
            len(lines) > 1
            and (
                all(len(line) >= LONG_LINE and SENTENCE_END.search(line) for line in lines[:-1])
                or not any(len(line.split()) > HEADING_WORDS or SENTENCE_END.search(line) for line in lines)
            )
        ):
            yield from lines
        else:
            yield part


def _kind_by_marks(element: HtmlElement, line: _Line, text: str) -> BlockKind:
    words = len(text.split())
    if any(above.tag in HEADING_TAGS for above in (element, *element.iterancestors())):
        return BlockKind.HEADING
    if line.mostly("a") and words <= LINK_WORDS:
        return BlockKind.RELATED
    if line.mostly("small"):
        return BlockKind.OTHER
    if line.mostly(*BOLD_TAGS) and words <= (QUESTION_WORDS if text.rstrip().endswith("?") else HEADING_WORDS):
        return BlockKind.PARAGRAPH if text.rstrip().endswith((".", "”", '"')) else BlockKind.HEADING
    if line.mostly(*ITALIC_TAGS) and words <= BIO_WORDS and BIO.search(text):
        return BlockKind.BYLINE
    return BlockKind.PARAGRAPH


def _settled(found: Sequence[Stretch]) -> list[Stretch]:
    """Type what only the whole shows: what stands under a heading of furniture, and pull quotes."""
    if len(found) > MAX_COMPARED:
        return list(found)
    found = _under_headings(found)
    prose = [_bare(stretch.text) for stretch in found if stretch.kind is BlockKind.PARAGRAPH]
    return [_retyped(stretch, BlockKind.OTHER) if _repeats(stretch, prose) else stretch for stretch in found]


def _under_headings(found: Sequence[Stretch]) -> list[Stretch]:
    """Type the rest of an element under a heading such as 'More from us', unless prose stands there before it."""
    settled: list[Stretch] = []
    kind, scope = BlockKind.PARAGRAPH, None
    for place, stretch in enumerate(found):
        if scope is not None and not _is_in(stretch.element, scope):
            scope = None
        if scope is None and (kind := _section_kind(stretch)) is not BlockKind.PARAGRAPH:
            around = stretch.element.getparent()
            if around is not None and not _holds_prose(around, settled) and not _is_most(around, found[place:]):
                scope = around
        settled.append(stretch if scope is None or stretch.kind not in UNSURE else _retyped(stretch, kind))
    return settled


def _section_kind(stretch: Stretch) -> BlockKind:
    """Return the kind of furniture that a heading announces, `PARAGRAPH` if it is no such heading."""
    if stretch.kind not in UNSURE or stretch.element.tag == "h1":
        return BlockKind.PARAGRAPH
    kind = wording_kind(stretch.text)
    return kind if kind in SECTIONS else BlockKind.PARAGRAPH


def _holds_prose(scope: HtmlElement, stretches: Sequence[Stretch]) -> bool:
    return any(stretch.kind is BlockKind.PARAGRAPH and _is_in(stretch.element, scope) for stretch in stretches)


def _is_most(scope: HtmlElement, stretches: Sequence[Stretch]) -> bool:
    """Tell whether an element holds more prose than all that comes after it."""
    prose = [stretch for stretch in stretches if stretch.kind is BlockKind.PARAGRAPH]
    inside = sum(len(stretch.text) for stretch in prose if _is_in(stretch.element, scope))
    return 2 * inside > sum(len(stretch.text) for stretch in prose) and len(prose) > SECTION_PIECES


def _is_in(element: HtmlElement, scope: HtmlElement) -> bool:
    return element is scope or any(above is scope for above in element.iterancestors())


def _retyped(stretch: Stretch, kind: BlockKind) -> Stretch:
    return replace(stretch, kind=kind, typed=True)


def _repeats(stretch: Stretch, prose: Sequence[str]) -> bool:
    bare = _bare(stretch.text)
    if stretch.kind is not BlockKind.PARAGRAPH or not 20 <= len(bare) <= QUOTE_CHARS:
        return False
    return any(len(other) > len(bare) and bare in other for other in prose)


def _bare(text: str) -> str:
    return " ".join(QUOTATION_MARKS.sub("", text).split()).rstrip(".")


def _holds_blocks(element: HtmlElement) -> bool:
    return any(isinstance(below.tag, str) and below.tag not in NO_BLOCKS for below in element.iterdescendants())


def _holds_articles(element: HtmlElement) -> bool:
    """Tell whether a list lays out the page: its items have headings or several paragraphs."""
    return next(element.iter("article", "h1", "h2", "h3", "h4"), None) is not None or any(
        len(item.findall("p")) > 1 for item in element.iter("li")
    )


def _is_data(table: HtmlElement) -> bool:
    return all(len(cell.text_content()) <= PROSE_CELL for cell in table.iter("td", "th"))


def _rows_text(table: HtmlElement) -> str:
    return "\n".join(" | ".join(map(_text, row.iter("td", "th"))) for row in table.iter("tr"))


def _text(element: HtmlElement) -> str:
    """Return an element's text on one line, without what is skipped or the lists inside it."""
    parts = [element.text or ""]
    for child in element:
        if child.tag not in LIST_TAGS and child.tag not in SKIPPED_TAGS and isinstance(child.tag, str):
            parts.append(str(child.text_content()))
        parts.append(child.tail or "")
    return " ".join(clean_text("".join(parts)).split())
