"""The lines above a text that no mark-up names: title, byline, date.

What belongs here: telling them from the first paragraph. What does not: what a format names itself.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from stance.ingest.drafts import Draft, Piece
from stance.ingest.wordings import BYLINE, DATE_LINE, NAMED_DATE
from stance.records import BlockKind

TITLE_WORDS = 35
HEAD_PIECES = 5
"""How far down bylines and dates are looked for."""
NO_TITLE = re.compile(r"(?:[.…][\"'”’»)\]]*|[,;:])$")
"""How a line ends that is a sentence, or goes on."""
BYLINE_CHARS = 150
BY = re.compile(r"(?:by|from|authors?|written by|words by|text by)\s*:?\s+", re.IGNORECASE)
DATE_WORDS = re.compile(r"^[^\d]*?(?=(?:\w+,? )?\d{1,2}(?:st|nd|rd|th)?[ .-]|\w+ \d{1,2},|\d{4}-)", re.IGNORECASE)
NAME_END = re.compile(r"\s*(?:[,|·•(—–]|\bin\b|\d).*$")


def take_head(draft: Draft) -> Draft:
    """Return a draft whose title line, byline and date are fields instead of pieces, where they were missing."""
    if not draft.title:
        draft = _take_title(draft)
    for piece in draft.pieces[:HEAD_PIECES]:
        draft = _take_line(draft, piece.text)
    return draft


def _take_title(draft: Draft) -> Draft:
    for place, piece in enumerate(draft.pieces[:2]):
        if _is_title(piece) and len(draft.pieces) > place + 1:
            rest = (*draft.pieces[:place], *draft.pieces[place + 1 :])
            return replace(draft, title=piece.text, pieces=rest)
    return draft


def _is_title(piece: Piece) -> bool:
    if piece.kind is BlockKind.HEADING:
        return True
    short = len(piece.text.split()) <= TITLE_WORDS and "\n" not in piece.text
    return short and piece.kind is BlockKind.PARAGRAPH and not NO_TITLE.search(piece.text)


def _take_line(draft: Draft, text: str) -> Draft:
    if not draft.published and DATE_LINE.fullmatch(text):
        return replace(draft, published=_bare_date(text))
    both = NAMED_DATE.fullmatch(text) if len(text) < BYLINE_CHARS else None
    if both:
        name, date = both["before"] or both["name"], both["date_after"] or both["date"]
        return replace(draft, author=draft.author or name, published=draft.published or _bare_date(date))
    if not draft.author and len(text) < BYLINE_CHARS and BYLINE.fullmatch(text) and BY.match(text):
        return replace(draft, author=NAME_END.sub("", BY.sub("", text, count=1)))
    return draft


def _bare_date(text: str) -> str:
    return re.sub(r"\s*[|·•—–]\s*", " ", DATE_WORDS.sub("", text, count=1)).strip()


def pieces_of_prose(texts: Sequence[str]) -> tuple[Piece, ...]:
    """Make pieces of paragraphs that a format gave as such."""
    return tuple(Piece(BlockKind.PARAGRAPH, text) for text in texts)
