"""RSS, Atom and JSON feeds: one article in each item.

What belongs here: reading a feed that lies in a file. What does not: fetching it, or the pages it links to (`fetch`).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from stance.ingest.clean import clean_line
from stance.ingest.decode import decode
from stance.ingest.drafts import Draft, Input, Piece, reject
from stance.ingest.html import fragment_pieces
from stance.ingest.jsonl import NotJson, load_json
from stance.ingest.plain import plain_pieces
from stance.ingest.rows import flat
from stance.records import BlockKind, Reason, Rejection

DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
SUBSET_END = re.compile(r"\]\s*>")
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
MARKUP = re.compile(r"<[A-Za-z/!][^>]*>|&[#A-Za-z]\w*;")
CHARACTER = re.compile(r"&#(?:[xX]([0-9a-fA-F]+)|([0-9]+));?")
LAST_CHARACTER, SURROGATES = 0x10FFFF, range(0xD800, 0xE000)


def read_feed(source: Input) -> Iterator[Draft | Rejection]:
    """Yield the items of a feed; of several texts of an item the longest is taken, so that a teaser is left out."""
    limit = source.options.max_document_bytes
    data = source.stream.read(limit + 1)
    if len(data) > limit:
        yield reject(source.name, Reason.TOO_LARGE, f"expected at most {limit:,} bytes in one feed")
        return
    try:
        drafts = _drafts(source, data)
    except NotJson as error:
        yield reject(source.name, Reason.MALFORMED, str(error))
        return
    yield from drafts
    if not drafts:
        yield reject(source.name, Reason.EMPTY, "a feed without items")


def feed_links(data: bytes) -> list[str]:
    """Return the addresses of a feed's items, in order; none if the bytes are no feed."""
    try:
        return [str(item.get("link") or flat(item.get("url"))) for item in _parse(data)[1]]
    except NotJson:
        return []


def _drafts(source: Input, data: bytes) -> list[Draft]:
    feed, items = _parse(data)
    outlet = source.outlet or clean_line(flat(feed.get("title")))
    return [
        Draft(
            source=f"{source.name}#{number}",
            pieces=max(_texts(item), key=_size, default=()),
            title=_inline(flat(item.get("title"))),
            author=flat(item.get("authors")) or flat(item.get("author")),
            published=_first(item, "published", "updated", "date_published", "date_modified"),
            language=flat(item.get("language")) or flat(feed.get("language")),
            outlet=outlet,
            url=_first(item, "link", "url", "external_url"),
            credit=flat(item.get("source")),
        )
        for number, item in enumerate(items, 1)
    ]


def _parse(data: bytes) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """Return what a feed says of itself, and its items.

    Raises:
        NotJson: a JSON feed that is none.
    """
    text = decode(data).lstrip("\ufeff \n\r\t")
    if text.startswith("{"):
        feed = load_json(data)
        items = feed.get("items") if isinstance(feed, dict) else None
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise NotJson("expected a list of items")
        return feed, items
    import feedparser  # slow to import

    # Declarations of entities are cut out before parsing: neither bombs nor external entities are ever read.
    text = CHARACTER.sub(_possible, _without_doctype(DECLARATION.sub("", text)))
    try:
        parsed = feedparser.parse(text.encode("utf-8", "replace"))
    except (ValueError, AssertionError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotJson(f"feed: {type(error).__name__}: {error}") from error  # its parser for broken feeds gives up
    return parsed.feed, list(parsed.entries)


def _possible(reference: re.Match[str]) -> str:
    """Return a character reference as it stands, or a replacement character where it refers to none."""
    digits = (reference[1] or reference[2]).lstrip("0")
    number = int(digits or "0", 16 if reference[1] else 10) if len(digits) < 9 else LAST_CHARACTER + 1
    return "\ufffd" if number > LAST_CHARACTER or number in SURROGATES else reference[0]


def _without_doctype(text: str) -> str:
    start = DOCTYPE.search(text)
    if start is None:
        return text
    bracket, close = text.find("[", start.end()), text.find(">", start.end())
    if 0 <= bracket < close:
        subset = SUBSET_END.search(text, bracket)
        return text[: start.start()] + (text[subset.end() :] if subset else "")
    return text[: start.start()] + (text[close + 1 :] if close >= 0 else "")


def _texts(item: Mapping[str, Any]) -> Iterator[tuple[Piece, ...]]:
    for part in item.get("content") or ():
        yield _pieces(flat(part))
    for key in ("content_html", "content_text", "summary"):
        yield _pieces(flat(item.get(key)))


def _pieces(text: str) -> tuple[Piece, ...]:
    return tuple(fragment_pieces(text) if MARKUP.search(text) else plain_pieces(text))


def _size(pieces: tuple[Piece, ...]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.kind is BlockKind.PARAGRAPH)


def _inline(title: str) -> str:
    return " ".join(piece.text for piece in _pieces(title))


def _first(item: Mapping[str, Any], *keys: str) -> str:
    return next((value for key in keys if (value := flat(item.get(key)))), "")
