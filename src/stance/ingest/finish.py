"""From a draft to an article, or to the reason why it is none.

What belongs here: cleaning, typing of furniture, date, language, identity, and the checks every format shares. What
does not: any format.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from stance.ids import content_id
from stance.ingest.clean import clean_line, clean_text, tidy_spaces
from stance.ingest.credit import credit_in
from stance.ingest.dates import BadDate, parse_date, zone
from stance.ingest.drafts import Draft, Piece, printable, reject
from stance.ingest.furniture import refine
from stance.ingest.language import VALIDATED, identify
from stance.ingest.options import ReadOptions
from stance.records import Article, Block, BlockKind, Reason, Rejection

OWN = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.CREDIT})
"""Kinds that belong to the article; a new comment or another 'Read also' makes no new version of it."""

ARCHIVED = re.compile(r"^https?://web\.archive\.org/(?:web/)?\d{4,14}(?:[a-z]{2}_)?/(?=https?://)")
"""What an archive of the web puts before the address of a page."""
ARCHIVES = frozenset({"web.archive.org", "Internet Archive"})
"""Outlets that a page out of an archive seems to name."""


def finish(draft: Draft, options: ReadOptions, sha256: str) -> Article | Rejection:
    """Clean, date and identify a draft.

    Args:
        draft: the item as read.
        options: what `[read]` says.
        sha256: hash of the input, used where the draft names no file of its own.
    """
    draft = replace(draft, url=ARCHIVED.sub("", draft.url.strip()))
    named = clean_line(draft.outlet)
    if named.startswith(("http://", "https://")):  # as notes clipped from the web name their source
        draft, named = replace(draft, url=draft.url or named), _host(named)
    outlet = (named if named not in ARCHIVES else "") or _host(draft.url) or options.outlet
    pieces = _pieces(draft)
    prose = [piece.text for piece in pieces if piece.kind is BlockKind.PARAGRAPH]
    words = sum(len(text.split()) for text in prose)
    if words < options.min_words:
        return _too_little(draft, outlet, words, options)
    try:
        published = parse_date(draft.published, zone(options.timezone))
    except BadDate as error:
        return reject(draft.source, Reason.BAD_DATE, str(error), stage="date", line=draft.line, outlet=outlet)
    language = identify("\n".join(prose), draft.language)
    if language not in VALIDATED and language not in options.allow_languages:
        detail = f"language {language!r}: no error rate has been measured; allow_languages reads it all the same"
        return reject(
            draft.source, Reason.UNVALIDATED_LANGUAGE, detail, stage="language", line=draft.line, outlet=outlet
        )
    return _article(draft, pieces, outlet, published, language, sha256)


def _pieces(draft: Draft) -> list[Piece]:
    cleaned = (Piece(piece.kind, tidy_spaces(clean_text(piece.text))) for piece in draft.pieces)
    return refine(
        [piece for piece in cleaned if piece.text], title=clean_line(draft.title), author=clean_line(draft.author)
    )


def _too_little(draft: Draft, outlet: str, words: int, options: ReadOptions) -> Rejection:
    if words:
        reason, detail = Reason.TOO_SHORT, f"expected at least {options.min_words} words of text, got {words}"
    else:
        reason, detail = Reason.NO_TEXT, "no paragraph of text was found"
    return reject(draft.source, reason, detail, stage="extract", line=draft.line, outlet=outlet)


def _host(url: str) -> str:
    try:
        return (urlsplit(url.strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _article(
    draft: Draft, pieces: Sequence[Piece], outlet: str, published: datetime | None, language: str, sha256: str
) -> Article:
    body, blocks = _compose(pieces)
    url, title, author = clean_line(draft.url), clean_line(draft.title), clean_line(draft.author).strip("[]")
    own = [piece.text for piece in pieces if piece.kind in OWN]
    return Article(
        id=content_id([outlet, url, title, published.isoformat() if published else None, own]),
        outlet=outlet,
        url=url,
        title=title,
        author=author if any(map(str.isalpha, author)) else "",
        published=published,
        language=language,
        language_validated=language in VALIDATED,
        body=body,
        blocks=blocks,
        credit=clean_line(draft.credit) or credit_in(pieces),
        source=printable(draft.source),
        source_sha256=draft.sha256 or sha256,
    )


def _compose(pieces: Sequence[Piece]) -> tuple[str, tuple[Block, ...]]:
    """Put the pieces together, parted by blank lines, and say where each lies."""
    blocks, start = [], 0
    for piece in pieces:
        blocks.append(Block(start=start, end=start + len(piece.text), kind=piece.kind))
        start += len(piece.text) + 2
    return "\n\n".join(piece.text for piece in pieces), tuple(blocks)
