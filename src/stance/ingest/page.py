"""A web page as one article: which part of it is the text.

What belongs here: finding the main element and putting text and metadata together. What does not: walking the tree
(`html`), names of elements (`zones`), reading metadata (`metadata`).
"""

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from stance.ingest.clean import clean_line
from stance.ingest.decode import decode
from stance.ingest.drafts import Draft, Input, Piece, reject
from stance.ingest.heads import take_head
from stance.ingest.html import Stretch, parse, walk
from stance.ingest.metadata import PageData, page_data
from stance.ingest.plain import plain_pieces
from stance.records import BlockKind, Reason, Rejection

MAIN_SHARE = 0.65
"""Share of the prose on a page that the main element holds."""
HEAVY = 0.5
"""Share of the prose on a page from which an element is no furniture, whatever it is called."""
PROSE_CHARS = 60
"""Length from which a stretch counts when the main element is chosen."""
TEASER = 0.5
"""Share of another article's prose up to which an element is not the page's own article, whatever its heading."""
SCOPES = ("article", "main")


BARRIER = re.compile(
    r"(?:(?:error\s*)?(?:40[0134]|410|429|50[0-4])(?:\W*$|\s*[-–—:|!]|\s+(?:error|not found|forbidden|bad gateway))"
    r"|(?:page|article|story) (?:not found|unavailable)|request (?:blocked|rejected)|checking your browser"
    r"|are you (?:a robot|human)|verify (?:that )?you are|before you continue"
    r"|(?:access denied|forbidden|just a moment|attention required|one more step|service unavailable|too many requests"
    r"|security check)(?:\W*$|\s*[-–—|!]))",
    re.IGNORECASE,
)
"""Titles of what a server sends instead of a page."""
BARRIER_WORDS = 150


def read_page(source: Input, data: bytes, declared: str = "") -> Draft | Rejection:
    """Read a page, unless it is what a server sent instead of one.

    Args:
        source: where it comes from.
        data: its bytes.
        declared: the encoding that the server named, if any.
    """
    root = parse(decode(data, declared))
    about = page_data(root)
    others = _other_articles(root, about.title)
    if others:
        for element in others:
            element.drop_tree()
        about = page_data(root)
    draft = Draft(
        source=source.name,
        pieces=_pieces(root, about),
        title=about.title,
        author=about.author,
        published=about.published,
        language=about.language,
        outlet=source.outlet or about.outlet,
        url=_address(source.url, about.url),
        credit=about.credit,
    )
    title = next((name for name in (_heading(root.find(".//title")), draft.title) if BARRIER.match(name)), "")
    if title and sum(len(piece.text.split()) for piece in draft.pieces) < BARRIER_WORDS:
        detail = f"a page that stands in the way, or for one that is gone: {title[:80]!r}"
        return reject(source.name, Reason.NO_TEXT, detail, stage="extract", outlet=draft.outlet)
    return take_head(draft)


def _other_articles(root: HtmlElement, title: str) -> list[HtmlElement]:
    """Return the elements that hold other articles than the page's own: teasers, and what an endless page goes on with.

    The page's own is the one with the only `<h1>`, or with the title as its heading, if its text is no mere teaser.
    """
    articles = [element for element in root.iter("article") if next(element.iterancestors("article"), None) is None]
    if len(articles) < 2:
        return []
    own = [element for element in articles if next(element.iter("h1"), None) is not None]
    if len(own) != 1:
        own = [element for element in articles if title and title in map(_heading, element.iter("h1", "h2"))]
    masses = _masses(walk(root, by_name=False))
    others = [element for element in articles if element not in own]
    if len(own) != 1 or masses[own[0]] <= TEASER * max((masses[element] for element in others), default=0):
        return []
    return others


def _heading(element: HtmlElement | None) -> str:
    return "" if element is None else clean_line(str(element.text_content()))


def _address(fetched: str, named: str) -> str:
    """Return the address that a page gives itself, unless it names another site or the front page."""
    try:
        parts, asked = urlsplit(named), urlsplit(fetched)
    except ValueError:
        return fetched
    own = parts.scheme in ("http", "https") and (parts.netloc == asked.netloc or not fetched)
    return named if own and (parts.path.strip("/") or not fetched) else fetched


def _pieces(root: HtmlElement, about: PageData) -> tuple[Piece, ...]:
    body = root.find("body")
    body = root if body is None else body
    unnamed = _masses(walk(body, by_name=False))
    heavy = frozenset(element for element, mass in unnamed.items() if mass > HEAVY * unnamed[body])
    main = _main(body, _masses(walk(body, heavy)))
    within = heavy | {main, *main.iterancestors()}
    pieces = _placed(walk(body, within), main)
    return max((tuple(pieces), tuple(plain_pieces(about.body))), key=_size)


def _size(pieces: Sequence[Piece]) -> int:
    return sum(len(piece.text) for piece in pieces if piece.kind is BlockKind.PARAGRAPH)


def _masses(stretches: Sequence[Stretch]) -> Counter[HtmlElement]:
    """Return how many characters of prose lie in each element."""
    masses: Counter[HtmlElement] = Counter()
    for stretch in stretches:
        if stretch.kind is BlockKind.PARAGRAPH and len(stretch.text) >= PROSE_CHARS:
            for above in (stretch.element, *stretch.element.iterancestors()):
                masses[above] += len(stretch.text)
    return masses


def _main(body: HtmlElement, masses: Counter[HtmlElement]) -> HtmlElement:
    """Return the smallest element that holds most of the prose."""
    main = body
    while heavy := [child for child in main if masses[child] > MAIN_SHARE * masses[body] > 0]:
        if heavy[0].tag in ("p", "blockquote"):
            break
        main = heavy[0]
    return main


def _placed(stretches: Sequence[Stretch], main: HtmlElement) -> list[Piece]:
    """Keep what stands in the main element, what is typed by name, and, as furniture, the rest of the same article."""
    scope = next((above for above in main.iterancestors(*SCOPES)), main)
    pieces = []
    for stretch in stretches:
        above = {stretch.element, *stretch.element.iterancestors()}
        if main in above:
            pieces.append(Piece(stretch.kind, stretch.text))
        elif stretch.typed or scope in above:
            kind = stretch.kind if stretch.typed else BlockKind.OTHER
            pieces.append(Piece(kind, stretch.text))
    return pieces
