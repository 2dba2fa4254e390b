"""What the elements of a page say of themselves: tags, class names and roles that mark furniture.

What belongs here: names and what they mean. What does not: walking a page (`html`) and the wording of text
(`furniture`).
"""

import re
from functools import lru_cache
from itertools import pairwise

from lxml.html import HtmlElement

from stance.records import BlockKind

SKIPPED_TAGS = frozenset(
    [
        "script", "style", "noscript", "template", "svg", "math", "iframe", "object", "embed", "canvas", "head",
        "nav", "button", "input", "select", "textarea", "option", "audio", "video", "map", "menu", "dialog",
        "form", "amp-sidebar", "amp-ad", "amp-sticky-ad", "amp-embed", "amp-analytics", "amp-social-share", "amp-list",
    ]
)  # fmt: skip
"""Elements without text of their own, or whose text nobody reads as news."""
CHROME_TAGS = frozenset({"header", "footer"})
"""Left out where they belong to the site and not to the article."""
INLINE_TAGS = frozenset(
    [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
        "i", "ins", "kbd", "label", "mark", "meter", "nobr", "output", "q", "rp", "rt", "ruby", "s", "samp",
        "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr", "img", "picture",
        "source",
    ]
)  # fmt: skip
BOLD_TAGS, ITALIC_TAGS = frozenset({"b", "strong"}), frozenset({"i", "em"})
HEADING_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary", "hgroup", "caption"})
TAG_KINDS = {
    "figcaption": BlockKind.CAPTION,
    "figure": BlockKind.CAPTION,
    "aside": BlockKind.OTHER,
    "address": BlockKind.BYLINE,
    "time": BlockKind.BYLINE,
    "footer": BlockKind.OTHER,
    "amp-twitter": BlockKind.OTHER,
    "amp-instagram": BlockKind.OTHER,
    "amp-facebook": BlockKind.OTHER,
    "amp-consent": BlockKind.COOKIE,
    "amp-user-notification": BlockKind.COOKIE,
}

NAMES: tuple[tuple[BlockKind, str], ...] = (
    (
        BlockKind.COMMENTS,
        r"comments?|disqus|respond|replies|comment-?list|discussion|reader-comments|fb-comments"
        r"|talkback",
    ),
    (BlockKind.COOKIE, r"cookies?|consent|gdpr|cmp|privacy-notice|onetrust|ccpa"),
    (
        BlockKind.RELATED,
        r"related|recommend(?:ed|ation|ations)?|read-?(?:also|more|next|too)|see-?also|also-?read|also|more-?(?:on"
        r"|from|stories|news)"
        r"|most-?(?:read|popular|viewed)|popular|trending|up-?next|next-?(?:article|story)|prev-?next|outbrain"
        r"|taboola|jp-relatedposts"
        r"|in-?read|further-?reading|latest|teasers?|onward|linkbox|link-?list|inline-?link|promo-?link|similar"
        r"|articles-?list",
    ),
    (
        BlockKind.SHARE,
        r"shar(?:e|ing|er|ebar|es|edaddy)|socials?|social-?(?:links|media|buttons|bar|share)|addthis|addtoany"
        r"|follow(?:-us)?|print-?link"
        r"|tools|toolbar|actions|likes?|post-actions|article-tools|bookmark",
    ),
    (BlockKind.TAGS, r"tags?|tag-?(?:list|cloud|links)|topics?|keywords|categories|cat-links|labels|taxonomy|hashtags"),
    (
        BlockKind.CAPTION,
        r"captions?|wp-caption(?:-text)?|img-?(?:caption|credit)|image-?(?:caption|credit|text)|photo-?(?:caption"
        r"|credit|text)|figcaption|media-?caption"
        r"|gallery|slideshow|carousel|lightbox|cutline|infographic",
    ),
    (
        BlockKind.BYLINE,
        r"by|bylines?|authors?|author-?(?:bio|box|info|name|card)|about-?(?:the-?)?author|contributors?|bio|meta"
        r"|post-?meta|entry-?meta|article-?meta|meta-?data"
        r"|metadata|dates?|pubdate|published|timestamp|datetime|dateline|updated|post-?info|article-?info|reporter"
        r"|writer|posted-?on|time"
        r"|views|reading-?time|read-?time|signature",
    ),
    (
        BlockKind.CREDIT,
        r"credits?|sources?|source-?(?:line|name)|copyright|agency|agency-?(?:credit|line)|syndication"
        r"|attribution|origin|rights|republish",
    ),
    (
        BlockKind.HEADING,
        r"kicker|strapline|dek|deck|standfirst|subtitle|sub-?title|subhead(?:ing)?|sub-?headline|tagline"
        r"|lede-?summary|article-?summary|summary|excerpt|eyebrow|overline"
        r"|section-?title|teaser-text|abstract|headline|description|lead-?in-?title",
    ),
    (
        BlockKind.OTHER,
        r"newsletters?|subscri(?:be|ption|ptions)|sign-?up|promo|promos|promotion|promoted|ad|ads|adv|advert"
        r"|advertisement|ad-?(?:slot|unit|container|wrapper|box|label)"
        r"|dfp|sponsor(?:ed)?|banner|support(?:-?us|-?box)?|donat(?:e|ion)|membership|paywall|regwall|login|widget"
        r"|sidebar|side-?bar|rail"
        r"|pull-?quotes?|pull|callout|infobox|fact-?box|factfile|info-?box|at-?a-?glance|key-?points|highlights"
        r"|timeline-?nav|toc"
        r"|table-of-contents|disclaimer|corrections?|editor-?note|editors-?note|note|notice"
        r"|alert|toast|poll|quiz|survey|app-?(?:banner|promo)|footer|embed|twitter-tweet|instagram-media|fb-post"
        r"|player|video|audio|podcast|transcript-toggle|cta|btn|button|box-promo"
        r"|contact|legal|feedback|error-?report|orphus|mistake|counter",
    ),
)  # fmt: skip
"""Words of class names and ids, each standing for the whole element below it; earlier rows win."""

DROPPED = re.compile(
    r"breadcrumbs?|pagination|pager|skip|skip-?link|sr-only|visually-hidden|screen-reader(?:-text)?|hidden"
    r"|print-?only|tooltip"
    r"|popup|modal|overlay|weather|ticker|rates|motto|colophon|masthead|navigation|nav|nav-?bar|menu"
    r"|site-?(?:header|footer)"
    r"|page-?footer|topbar|top-?bar|search|search-?form|lang(?:uage)?-?switcher|login|logo"
    r"|wm-ipp(?:-\w+)?|wm-ipp-base"
)
"""The site's own frame: left out of the article altogether."""
PATTERNS = tuple((kind, re.compile(rf"(?:{pattern})")) for kind, pattern in NAMES)
BODY_NAMES = re.compile(
    r"(?:article|story|post|entry|news|content|main|page|text|detail)s?[-_]*(?:body|text|content|copy|main"
    r"|inner)(?:[-_]*(?:text|copy|inner|wrap|wrapper))?"
    r"|body-?(?:copy|text|content)|articlebody|article-?body|fulltext|full-?text|maintext|field-name-body"
    r"|rich-?text|prose|article|story|post|content|hentry|h-entry|e-content"
)
CAMEL_CASE = re.compile(r"[A-Za-z]?[a-z]+(?:[A-Z][a-z]+)+")
"""Names made of words; a name such as `bOfvBY` is a hash and holds none."""
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
PREFIXES = frozenset(
    [
        "js", "c", "l", "u", "o", "m", "b", "t", "g", "wp", "td", "et", "elementor", "ssrcss", "css", "style",
        "styles", "block",
    ]
)  # fmt: skip
"""First parts that style sheets put before a name."""
STATES = frozenset({"is", "has", "no", "with", "without"})
CACHED = 4096
MAX_NAME_CHARS = 400


def is_hidden(element: HtmlElement) -> bool:
    """Tell whether a reader of the page does not see an element."""
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or HIDDEN_STYLE.search(element.get("style", "")) is not None
    )


def is_frame(element: HtmlElement, *, by_name: bool) -> bool:
    """Tell whether an element belongs to the site and not to the page: menus, the head and foot of every page.

    Args:
        element: any element.
        by_name: whether its class names and id are heeded, or its tag and role only.
    """
    if element.get("role") in ("navigation", "search", "banner", "contentinfo", "dialog"):
        return True
    if element.tag in CHROME_TAGS:
        return all(above.tag not in ("article", "main") for above in element.iterancestors())
    return by_name and any(DROPPED.fullmatch(name) for name in _names_of(element))


def zone_of(element: HtmlElement) -> BlockKind | None:
    """Return what an element's tag, role, class or id makes of everything below it; None if they say nothing."""
    if element.get("role") in ("complementary", "alert"):
        return BlockKind.OTHER
    if element.get("itemprop") in ("author", "datePublished", "dateModified", "publisher"):
        return BlockKind.BYLINE
    return _named_zone(_attributes(element)) or TAG_KINDS.get(element.tag)


def is_body(element: HtmlElement) -> bool:
    """Tell whether an element calls itself the text of the article."""
    if "articleBody" in element.get("itemprop", ""):
        return True
    return any(BODY_NAMES.fullmatch(CAMEL.sub("-", name).lower()) for name in _attributes(element).split())


def _names_of(element: HtmlElement) -> tuple[str, ...]:
    return _names(_attributes(element))


def _attributes(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"[:MAX_NAME_CHARS]


@lru_cache(CACHED)
def _named_zone(attributes: str) -> BlockKind | None:
    names = _names(attributes)
    for kind, pattern in PATTERNS:
        if any(pattern.fullmatch(name) for name in names):
            return kind
    return None


@lru_cache(CACHED)
def _names(attributes: str) -> tuple[str, ...]:
    """Return class names and ids in lower case: whole, by their first and last part, and by parts in pairs.

    `post-sharing_bar` gives `post-sharing-bar`, `post`, `bar`, `post-sharing` and `sharing-bar`. States (`is-…`,
    `has-…`, `no-…`) say nothing.
    """
    names: dict[str, None] = {}
    for word in attributes.split():
        spaced = CAMEL.sub("-", word) if CAMEL_CASE.fullmatch(word) else word
        parts = [part for part in re.split(r"[-_:/]+", spaced.lower()) if part]
        while parts and parts[0] in PREFIXES:
            parts = parts[1:]
        if not parts or parts[0] in STATES:
            continue
        pairs = ("-".join(pair) for pair in pairwise(parts))
        names.update(dict.fromkeys(["-".join(parts), parts[0], parts[-1], *pairs]))
    return tuple(names)
