"""What stands between paragraphs and is none: rules on wording and place that hold in every format.

What belongs here: the rules and their order. What does not: the wordings (`wordings`), and what only a format can
know, such as class names (`zones`).
"""

import re
from collections.abc import Sequence

from stance.ingest.drafts import Piece
from stance.ingest.wordings import (
    ANY_PATTERNS,
    BIO,
    BYLINE,
    CAPTION_END,
    COOKIE_NOTICE,
    DATE_LINE,
    NAMED_DATE,
    OPEN_PATTERNS,
    PROFESSION,
)  # fmt: skip
from stance.records import BlockKind

SENTENCE_END = re.compile(r"[.!?…:;。！？؟۔।][\"'”’»)\]*_]*$")
"""How a paragraph ends; a short line that does not is a heading."""
FULL_STOP = re.compile(r"[.!…][\"'”’»)\]*_]*$")
HEADING_WORDS = 14
"""Most words of a heading that is told by its shape alone."""
LATE = 0.6
"""How far down, as a share of the pieces, notes on the author stand."""
SHORT = 220
"""Most characters of a line that wording alone can make furniture."""

NOTICE_CHARS = 700
"""Most characters of a consent notice."""
NOTICE_WORDS = ("cookies", "device")
"""One of them is in every consent notice: looking for a word takes a tenth of the time of the pattern."""
CAPTION_CHARS = 100
"""More characters than the end of a caption has that `CAPTION_END` describes."""
LABELLED = re.compile(r"[^.!?:\n]{1,40}:\s+\S")
BULLET = re.compile(r"\s*[-*•–‣▪◦]\s+")


def refine(pieces: Sequence[Piece], *, title: str = "", author: str = "") -> list[Piece]:
    """Type the pieces that a format could only call paragraphs.

    Kinds already given stay. A heading of comments makes everything after it comments; a heading of related articles
    takes the headlines after it along.
    """
    refined: list[Piece] = []
    section = BlockKind.PARAGRAPH
    for place, piece in enumerate(pieces):
        kind = piece.kind
        if kind is BlockKind.OTHER:
            kind = _nearer(piece.text, section)
        elif kind is BlockKind.PARAGRAPH:
            kind = _kind(piece.text, section, title)
            if kind is BlockKind.PARAGRAPH and _is_late(place, len(pieces)) and _is_bio(piece.text, author):
                kind = BlockKind.BYLINE
        section = _section(piece.text, kind, section)
        refined.append(Piece(kind, piece.text))
    return refined


def _is_late(place: int, total: int) -> bool:
    return place > 0 and (place >= LATE * total or place == total - 1)


def wording_kind(text: str) -> BlockKind:
    """Return what the wording of a short text makes it, `PARAGRAPH` if it is nothing special."""
    if not any(map(str.isalpha, text)):
        return BlockKind.OTHER
    if len(text) <= NOTICE_CHARS and _is_notice(text):
        return BlockKind.COOKIE
    if len(text) > 2 * SHORT:
        return BlockKind.PARAGRAPH
    if len(text) <= SHORT:
        if any(pattern.fullmatch(text) for pattern in (BYLINE, DATE_LINE, NAMED_DATE)):
            return BlockKind.BYLINE
        for kind, pattern in ANY_PATTERNS if FULL_STOP.search(text) else (*ANY_PATTERNS, *OPEN_PATTERNS):
            if pattern.match(text):
                return kind
    ends = CAPTION_END.search(text, max(0, len(text) - CAPTION_CHARS))
    return BlockKind.CAPTION if ends else BlockKind.PARAGRAPH


def _is_notice(text: str) -> bool:
    small = text.lower()
    return any(word in small for word in NOTICE_WORDS) and COOKIE_NOTICE.search(text) is not None


def list_kind(items: Sequence[str]) -> BlockKind:
    """Return what a list is: prose kept whole is a paragraph; labelled facts and bare phrases are furniture."""
    sentences = sum(bool(SENTENCE_END.search(item)) or len(item.split()) > HEADING_WORDS for item in items)
    if sentences * 2 < len(items) or all(map(LABELLED.match, items)):
        return BlockKind.OTHER
    return BlockKind.PARAGRAPH


def _kind(text: str, section: BlockKind, title: str) -> BlockKind:
    if section is BlockKind.COMMENTS:
        return section
    kind = wording_kind(text)
    if kind is not BlockKind.PARAGRAPH:
        return kind
    headline = _is_headline(text)
    if text == title:
        return BlockKind.HEADING
    if section is BlockKind.RELATED and headline:
        return section
    if headline:
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _is_bio(text: str, author: str) -> bool:
    """Tell whether a late paragraph is a note on the author."""
    if len(text) > 2 * SHORT:
        return False
    named = bool(author) and text.startswith(author) and BIO.match(text[len(author) :].lstrip(" ,"))
    return bool(named or PROFESSION.match(text))


def _nearer(text: str, section: BlockKind) -> BlockKind:
    """Return what furniture is by its wording, or by the heading above it."""
    kind = wording_kind(text)
    return section if kind is BlockKind.PARAGRAPH and section is BlockKind.RELATED else _furniture(kind)


def _furniture(kind: BlockKind) -> BlockKind:
    return BlockKind.OTHER if kind is BlockKind.PARAGRAPH else kind


def _is_headline(text: str) -> bool:
    if "\n" in text or SENTENCE_END.search(text):
        return False
    return len(BULLET.sub("", text).split()) <= HEADING_WORDS


def _section(text: str, kind: BlockKind, section: BlockKind) -> BlockKind:
    """Return the section that the next piece stands in."""
    if kind is BlockKind.COMMENTS:
        return kind
    if kind is BlockKind.RELATED and len(text.split()) <= 4:
        return kind
    return section if kind is section else BlockKind.PARAGRAPH
