"""What a page says about itself: JSON-LD, `<meta>` tags, and marked elements, in this order.

What belongs here: title, author, date, outlet, address, language, credit of a page. What does not: its text, and dates
guessed from anywhere else, which are often the date of the visit.
"""

import json
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from lxml.html import HtmlElement

from stance.ingest.clean import clean_line
from stance.ingest.credit import credit_named
from stance.ingest.rows import Value, flat

ARTICLE_TYPES = re.compile(
    r"(?:News|Opinion|Analysis|Reportage|Report|Review|Background|Blog|Social)?.*(?:Article|Posting)$|^Report$"
)
MAX_DEPTH = 6
CREDIT_CHARS = 200
META = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title", "parsely-title", "sailthru.title", "headline"),
    "author": ("author", "article:author", "dc.creator", "dcterms.creator", "parsely-author", "sailthru.author", "byl"),
    "published": (
        "article:published_time", "og:published_time", "datepublished", "date", "dc.date", "dc.date.issued",
        "dcterms.created", "dcterms.date", "pubdate", "publishdate", "publish_date", "publication_date",
        "parsely-pub-date", "sailthru.date", "article.published", "cxenseparse:recs:publishtime", "publish-date",
    ),
    "outlet": ("og:site_name", "publisher", "dc.publisher", "application-name", "twitter:site"),
    "url": ("og:url", "twitter:url", "parsely-link"),
    "language": ("og:locale", "language", "content-language", "dc.language"),
}  # fmt: skip
"""Names of `<meta>` tags for each field, best first."""
URL_AUTHOR = re.compile(r"https?://|^@|^www\.")
SITE = re.compile(r"\s+(?:[|·•»—–-]|::)\s+")
"""What parts a headline from the name of the site in `<title>`."""
BY = re.compile(r"^\s*(?:by|von|par|автор)\b[\s:]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageData:
    """What a page says about itself; every field may be ''."""

    title: str
    author: str
    published: str
    outlet: str
    url: str
    language: str
    credit: str
    body: str
    """The text in its JSON-LD, for pages that show less."""


def page_data(root: HtmlElement) -> PageData:
    """Read what a page says about itself."""
    linked, metas = _linked_article(root), _metas(root)

    def first(field: str, *others: str) -> str:
        named = (metas.get(name, "") for name in META.get(field, ()))
        return next((clean_line(value) for value in (*others, *named) if value.strip()), "")

    author = first("author", flat(linked.get("author")) or flat(linked.get("creator")))
    if not author or URL_AUTHOR.search(author):
        author = _marked_author(root)
    outlet = first("outlet", flat(linked.get("publisher"))).lstrip("@")
    if not author or not outlet:
        guessed = _guessed(root)
        author, outlet = author or guessed.author, outlet or guessed.outlet
    return PageData(
        title=first("title", flat(linked.get("headline"))) or _page_title(root),
        author=author,
        published=first("published", flat(linked.get("datePublished"))) or _marked_date(root),
        outlet=outlet,
        url=first("url", _canonical(root), _address(linked)),
        language=first("language", flat(linked.get("inLanguage")), root.get("lang", ""), root.get("xml:lang", "")),
        credit=flat(linked.get("sourceOrganization")) or _marked_credit(root),
        body=linked["articleBody"] if isinstance(linked.get("articleBody"), str) else "",
    )


class _Guess(NamedTuple):
    author: str
    outlet: str


def _guessed(root: HtmlElement) -> _Guess:
    """Return what trafilatura's collection of patterns makes of a page that does not name its author or outlet."""
    from trafilatura.metadata import extract_metadata  # slow to import

    try:
        with warnings.catch_warnings(action="ignore"):  # of time zones in dates, which are not used
            found = extract_metadata(root, extensive=False)
    except (ValueError, TypeError, AttributeError, LookupError):  # a page that its patterns were not made for
        return _Guess("", "")
    return _Guess(clean_line(found.author or ""), clean_line(found.sitename or ""))


def _linked_article(root: HtmlElement) -> Mapping[str, Any]:
    for script in root.iter("script"):
        if "ld+json" in script.get("type", ""):
            for item in _linked_items(_lenient_json(script.text or ""), 0):
                if any(ARTICLE_TYPES.match(kind) for kind in _types(item)):
                    return item
    return {}


def _lenient_json(text: str) -> Value:
    text = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[)|(?:-->|//\]\]>)\s*;?\s*$", "", text).strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _linked_items(value: Value, depth: int) -> Iterator[Mapping[str, Any]]:
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list):
        for part in value:
            yield from _linked_items(part, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            yield from _linked_items(value.get(key), depth + 1)


def _types(item: Mapping[str, Any]) -> Iterable[str]:
    kinds = item.get("@type", "")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _metas(root: HtmlElement) -> dict[str, str]:
    """Return the contents of `<meta>` tags by lower-case name; several authors are joined."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        name = (
            meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        ).lower()
        content = meta.get("content", "")
        if name in META["author"] and name in found and content not in found[name]:
            found[name] += f", {content}"
        else:
            found.setdefault(name, content)
    return found


def _page_title(root: HtmlElement) -> str:
    headings = [clean_line(str(h1.text_content())) for h1 in root.iter("h1")]
    title = clean_line(str(root.findtext(".//title") or ""))
    if len(headings) == 1 and headings[0]:
        return headings[0]
    return next((heading for heading in headings if heading and heading in title), max(SITE.split(title), key=len))


def _canonical(root: HtmlElement) -> str:
    return next((link.get("href", "") for link in root.iter("link") if link.get("rel") == "canonical"), "")


def _address(linked: Mapping[str, Any]) -> str:
    for key in ("url", "mainEntityOfPage"):
        value = linked.get(key)
        value = value.get("@id", "") if isinstance(value, Mapping) else value
        if isinstance(value, str) and value.startswith("http"):
            return value
    return ""


def _marked_author(root: HtmlElement) -> str:
    marked = root.xpath(
        "//*[@itemprop='author'] | //a[@rel='author'] | //*[contains(concat(' ', @class, ' '), ' byline ')]"
    )
    names = dict.fromkeys(BY.sub("", clean_line(str(element.text_content()))) for element in marked[:5])
    return ", ".join(name for name in names if 1 < len(name) < 100)


def _marked_date(root: HtmlElement) -> str:
    marked = root.xpath("//*[@itemprop='datePublished'] | //article//time[@datetime] | //time[@pubdate]")
    for element in marked:
        value = element.get("datetime") or element.get("content") or element.text_content()
        if str(value).strip():
            return str(value)
    return ""


def _marked_credit(root: HtmlElement) -> str:
    marked = root.xpath("//*[contains(@class, 'source') or contains(@class, 'credit') or contains(@class, 'agency')]")
    named = (credit_named(clean_line(str(element.text_content())[:CREDIT_CHARS])) for element in marked)
    return next(filter(None, named), "")
