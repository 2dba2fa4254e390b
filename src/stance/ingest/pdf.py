"""PDF with a text layer.

What belongs here: the lines of the pages, without running heads and page numbers, put together to paragraphs by their
place. What does not: pictures of text (a PDF without a text layer is rejected), and the date of the file, which is
not the date of the article.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from threading import Lock
from typing import Any

from stance.ingest.clean import clean_line, clean_text, join_lines
from stance.ingest.drafts import Draft, Input, Piece, reject
from stance.ingest.furniture import SENTENCE_END
from stance.ingest.heads import take_head
from stance.ingest.plain import mend_broken, vocabulary_of
from stance.records import BlockKind, Reason, Rejection

MAX_PAGES = 500
EDGE_LINES = 3
"""How many lines at either end of a page may be running heads."""
GAP, INDENT, SHORT_LINE, LARGE = 1.5, 0.8, 0.88, 1.15
"""When a paragraph begins: a gap above of so many line pitches, an indent of so many line heights, after a line that
ends a sentence short of so much of the column. From so many times the median height on, a line is a heading."""
NUMBER = re.compile(r"\d+")
PAGE_NUMBER = re.compile(r"\W*(?:page|p\.)?\s*\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\W*", re.IGNORECASE)
HYPHEN_MARKS = str.maketrans({"\x02": "-", "\ufffe": "-", "\u00ad": "-"})
"""What pdfium puts for a hyphen at the end of a line."""
LINE_HYPHEN = re.compile("[\x02\ufffe](?=\\w)")
"""The same where pdfium has joined the lines."""
PDFIUM = Lock()
"""pdfium may be used by one thread at a time."""


Page = Any
"""pypdfium2 has no types."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page; lengths in points, `top` counted down from the top of the page."""

    page: int
    text: str
    left: float
    right: float
    top: float
    height: float


def read_pdf(source: Input, data: bytes) -> Draft | Rejection:
    """Read a PDF as one article."""
    import pypdfium2  # loads a shared library

    try:
        with PDFIUM:
            document = pypdfium2.PdfDocument(data)
            if len(document) > MAX_PAGES:
                detail = f"expected at most {MAX_PAGES} pages, got {len(document)}"
                return reject(source.name, Reason.LIMIT, detail, outlet=source.outlet)
            pages = [list(_lines(document[number], number)) for number in range(len(document))]
            about = document.get_metadata_dict()
            document.close()
    except pypdfium2.PdfiumError as error:
        reason = Reason.UNREADABLE if "password" in str(error).lower() else Reason.MALFORMED
        return reject(source.name, reason, f"PDF: {error}", outlet=source.outlet)
    pieces = _pieces([line for page in _without_running_heads(pages) for line in page])
    if not pieces:
        return reject(source.name, Reason.NO_TEXT, "a PDF without a text layer", stage="extract", outlet=source.outlet)
    draft = Draft(
        source=source.name,
        pieces=tuple(pieces),
        author=clean_line(about.get("Author", "")),
        outlet=source.outlet,
        url=source.url,
    )
    return take_head(draft)


def _lines(page: Page, number: int) -> Iterator[_Line]:
    text_page = page.get_textpage()
    height, place = page.get_height(), 0
    for raw in text_page.get_text_range().split("\r\n"):
        text = clean_text(LINE_HYPHEN.sub("-\n", raw).translate(HYPHEN_MARKS)).strip()
        if text:
            first, last = place + len(raw) - len(raw.lstrip()), place + len(raw.rstrip()) - 1
            left, _, _, _ = text_page.get_charbox(first, loose=True)
            _, bottom, right, top = text_page.get_charbox(last, loose=True)
            yield _Line(number, text, left, right, height - top, top - bottom)
        place += len(raw) + 2


def _without_running_heads(pages: Sequence[list[_Line]]) -> Iterator[list[_Line]]:
    """Drop page numbers, and lines at the edges that stand on most pages but for their numbers."""
    seen = Counter(mark for page in pages for mark in {_mark(line) for line in _edges(page)})
    for page in pages:
        edges = set(map(id, _edges(page)))
        yield [line for line in page if id(line) not in edges or not _is_running(line, seen, len(pages))]


def _edges(page: list[_Line]) -> list[_Line]:
    ordered = sorted(page, key=lambda line: line.top)
    return ordered[:EDGE_LINES] + ordered[EDGE_LINES:][-EDGE_LINES:]


def _mark(line: _Line) -> str:
    return NUMBER.sub("#", line.text)


def _is_running(line: _Line, seen: Counter[str], pages: int) -> bool:
    return PAGE_NUMBER.fullmatch(line.text) is not None or (pages > 1 and seen[_mark(line)] > max(1, pages // 2))


def _pieces(lines: Sequence[_Line]) -> list[Piece]:
    if not lines:
        return []
    vocabulary = vocabulary_of(line.text for line in lines)
    height = median(line.height for line in lines)
    pitch = _pitch(lines)
    pieces = []
    for group in _groups(lines, pitch):
        large = all(line.height > LARGE * height for line in group)
        kind = BlockKind.HEADING if large and len(group) < EDGE_LINES else BlockKind.PARAGRAPH
        pieces.append(Piece(kind, join_lines([line.text for line in group], vocabulary)))
    return mend_broken(pieces)


def _pitch(lines: Sequence[_Line]) -> float:
    """Return the usual distance from line to line."""
    steps = [after.top - before.top for before, after in pairwise(lines)]
    forward = [step for step in steps if step > 0]
    return median(forward) if forward else 0.0


def _groups(lines: Sequence[_Line], pitch: float) -> Iterator[list[_Line]]:
    group = [lines[0]]
    for before, line in pairwise(lines):
        if _begins(before, line, pitch, lines):
            yield group
            group = []
        group.append(line)
    yield group


def _begins(before: _Line, line: _Line, pitch: float, lines: Sequence[_Line]) -> bool:
    """Tell whether a line begins a paragraph."""
    if abs(line.height - before.height) > (LARGE - 1) * before.height:
        return True
    turned = line.page != before.page or line.top < before.top
    if not turned and line.top - before.top > GAP * pitch:
        return True
    column = [other for other in lines if abs(other.left - line.left) < 3 * line.height] or [line]
    left, right = min(other.left for other in column), max(other.right for other in column)
    if not turned and line.left - before.left > INDENT * line.height and line.left - left > INDENT * line.height:
        return True
    return bool(SENTENCE_END.search(before.text)) and before.right - left < SHORT_LINE * (right - left)
