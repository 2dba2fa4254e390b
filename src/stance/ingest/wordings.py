"""The wordings of furniture: short lines that stand between paragraphs on news pages everywhere.

What belongs here: patterns, as data. What does not: where they apply (`furniture`). Every pattern is matched from the
beginning of a line of at most `furniture.SHORT` characters; quantifiers over free text are bounded, so that no line
takes long.
"""

import re

from stance.records import BlockKind

_SITES = "whatsapp|telegram|facebook|twitter|linkedin|reddit|pocket|vk|x|instagram|youtube|tiktok"
_SEND = (
    rf"(?:share|tweet|e-?mail|print|save|copy(?: link)?|link|friends?|(?:this )?(?:article|story|page|post)|{_SITES})"
)
_RELATED = (
    r"(?:read|see|watch|listen) (?:also|more|next|this(?: next)?)|also (?:read|see|on)|recommended(?: for you)?"
    r"|trending(?: now)?"
    r"|related(?: (?:articles?|stor(?:y|ies)|topics?|content|news|links?|coverage|posts?|reading))?|keep reading"
    r"|further reading"
    r"|more (?:on this(?: story)?|stories|news|articles)|you (?:may|might) (?:also )?(?:like|be interested in)"
    r"|don['’]t miss|up next"
    r"|most (?:read|popular|viewed)|editor['’]?s['’]? picks?|(?:next|previous) (?:article|story)|read the (?:full"
    r"|original)(?: story"
    r"| article)?"
)
_WIRES = (
    "ap|afp|reuters|tass|itar-tass|interfax|dpa|upi|xinhua|ria(?: novosti)?|pa media|efe|ansa|bloomberg|kyodo|anadolu"
    "|associated press|agence france-presse"
)
_EXPORT = (
    "section|length|headline|byline|body|load-date|language|publication-type|pub-type|journal-code|slug|graphic|dateline"
    "|document-type|subject|geographic|word count|edition|page"
)

ANY_END: tuple[tuple[BlockKind, tuple[str, ...]], ...] = (
    (
        BlockKind.COMMENTS,
        (
            r"(?:\d+ |(?:readers?|your)['’]?s?['’]? |leave (?:a|your) |post a |add a |view (?:all )?(?:\d+ )?"
            r"|show )?comments?"
            r"(?: ?\(\d+\)| ?[:·] ?\d+| \d+)?(?: (?:section|are closed|are open))?[.:]?$",
            r"join the (?:conversation|discussion)\b",
            r"(?:be the first to|log in to|sign in to|log in or register to post) comments?\b",
            r"leave a reply\b",
        ),
    ),
    (
        BlockKind.RELATED,
        (
            rf"(?:{_RELATED}|previously|earlier)[.:…>»→]*$",
            rf"(?:{_RELATED}|previously|read|watch|listen|explainer|in pictures)\s*[:|>»→]\s*.{{0,160}}$",
            r"[>»→]\s*\S.{0,160}$",
        ),
    ),
    (
        BlockKind.COOKIE,
        (
            r".{0,120}\b(?:uses?|using|accept(?: all)?|our use of|manage|reject(?: all)?) cookies\b",
            r".{0,120}\bcookie (?:policy|settings|preferences|notice|consent)\b",
            r".{0,120}\bprivacy (?:policy|settings|preferences)\b",
            r".{0,120}\bconsent to the (?:use|processing)\b",
        ),
    ),
    (
        BlockKind.SHARE,
        (
            rf"{_SEND}(?:[\s|/·•,]+(?:(?:this|on|via|with|to|by|it) )?{_SEND})*+[.:!]?$",
            r"follow us\b.{0,120}$",
            r"print version\b.{0,60}$",
            r"(?:report|found|spotted|see) (?:a |an )?(?:mistake|error|typo)\b.{0,100}$",
        ),
    ),
    (
        BlockKind.TAGS,
        (
            r"(?:tags?|topics?|filed under|keywords?|categor(?:y|ies)|in this (?:story|article)"
            r"|themes?)\s*[:|—–].{0,200}$",
            r"(?:[#＃][\w-]++(?: [\w-]++){0,3}[\s,;|]*+)+$",
        ),
    ),
    (
        BlockKind.CREDIT,
        (
            r"[(\[*_—–-]*\s*(?:sources?|credit|via|courtesy of|with (?:material|files|reporting|information) from"
            r"|agency|agencies)"
            r"\s*[:—–-]\s*\S.{0,100}$",
            rf"[(\[*_—–-]+\s*(?:with )?(?:{_WIRES})[)\]*_.]*$",
            r"(?:copyright\b|©|\(c\)).{0,160}$",
            r".{0,60}\ball rights reserved\b.{0,60}$",
            r"the post .{0,160}\b(?:appeared first|first appeared) on\b.{0,60}$",
            r"(?:this|the) (?:article|story|piece|report|column|essay|commentary)\b.{0,40}\b(?:first"
            r"|originally) (?:appeared|published|ran)\b",
            r"this (?:article|story|piece|report|column|essay|commentary) (?:was|is) (?:(?:first|originally) )?(?:re)?"
            r"(?:published|produced|provided|supplied)\b.{0,140}$",
        ),
    ),
    (
        BlockKind.CAPTION,
        (
            r"[(\[]?(?:photos?|images?|pictures?|illustrations?|photographs?|video|graphic|cartoon|file photo|pictured)"
            r"(?: (?:credit|courtesy|illustration))?\s*(?::|by\b|©|/|\|).{0,160}$",
        ),
    ),
    (
        BlockKind.OTHER,
        (
            rf"(?:{_EXPORT})\s*:(?=\s|$).{{0,160}}$",
            r"(?:advert(?:isement|ising)?|sponsored(?: content)?|promoted(?: content)?|loading\W*|show more"
            r"|load more|back to top"
            r"|end of (?:article|story|document))$",
            r"(?:(?:story|article|post) continues|continue reading|scroll (?:down )?(?:to|for)|skip (?:past"
            r"|to))\b.{0,60}$",
            r"(?:sign up|subscribe|support us|support our|become a (?:member|subscriber)|join our|download (?:our"
            r"|the) app"
            r"|enter your e-?mail|already a subscriber|log in|sign in)\b.{0,200}$",
            r"(?:thanks|thank you) for (?:reading|subscribing|your support)\b.{0,180}$",
            r"(?:if you (?:like|liked|enjoy|enjoyed)|enjoying|like what you)\b.{0,80}\b(?:subscri|shar|support"
            r"|follow|sign)\w*.{0,80}$",
            r".{0,100}\b(?:our newsletter|newsletters?$|in your inbox|to your inbox)\b.{0,120}$",
            r"(?:correction|clarification|editor['’]s note|note to (?:readers|editors))s?\s*(?:[:—–]|\().{0,200}$",
            r"this (?:article|story) (?:was|has been) (?:amended|updated|corrected|edited)\b.{0,160}$",
            r"(?:the )?(?:opinions?|views?) expressed\b.{0,160}$",
            r"(?:estimated )?reading time\b.{0,20}$",
            r"\d+ min(?:ute)?s? read$",
            r"\d+ (?:views|shares|likes|reads)$",
            r"(?:number of )?views:\s*[\d\s.,]+$",
        ),
    ),
)  # fmt: skip
"""Lines that are furniture however they end; tried in this order."""

OPEN_END: tuple[tuple[BlockKind, tuple[str, ...]], ...] = (
    (BlockKind.RELATED, (rf"(?:{_RELATED}|more (?:on|from|in|about))\b.{{0,160}}$",)),
    (BlockKind.SHARE, (r"share (?:this|on|via|with)\b.{0,60}$", r"click to share\b.{0,80}$")),
    (BlockKind.OTHER, (r"(?:register|donate|get our)\b.{0,100}$", r".{0,60}\bterms of (?:use|service)\b.{0,60}$")),
)  # fmt: skip
"""Lines that are furniture unless they end as a sentence does: 'More in sorrow than in anger, he went.' is none."""


def _compiled(rows: tuple[tuple[BlockKind, tuple[str, ...]], ...]) -> tuple[tuple[BlockKind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile("|".join(patterns), re.IGNORECASE)) for kind, patterns in rows)


ANY_PATTERNS, OPEN_PATTERNS = _compiled(ANY_END), _compiled(OPEN_END)

_NAME = r"[A-ZА-ЯЁ][\w.’'-]*+"
BYLINE = re.compile(
    r"(?:(?i:by|from|authors?|written by|\(?(?:additional )?reporting by|words by|text by|interview by"
    r"|translated by|edited by"
    r"|compiled by|our correspondent)\s*[:—–-]?)\s+"
    rf"(?:{_NAME}|(?:the|our|and|in|for|a|de|van|von|of) |staff|newsroom|correspondent|editor|agencies|editing by "
    r"|[,;&|·•/()—–\s-])++(?:\d[\d\s:.,/]*)?[.)]*"
)
_DATE = (
    r"(?:(?:\w+,? )?\d{1,2}(?:st|nd|rd|th)?[ .-](?:\w+|\d{1,2})[ ,.-]+\d{4}|\w+ \d{1,2},? \d{4}|\d{4}-\d\d-\d\d)"
    r"(?:[\s,T|·•—–-]*(?:at )?\d{1,2}[:.]\d\d(?::\d\d)?(?:\s?[ap]\.?m\.?)?(?: ?\(?[A-Z]{2,5}\)?|Z|[+-]\d\d:?\d\d)?)?"
)
DATE_LINE = re.compile(
    r"(?:(?i:published|updated|posted|last (?:updated|modified)|first published|date)\b[^\w]*(?:on |at )?)?"
    rf"{_DATE}\W*"
)
_FULL_NAME = rf"{_NAME}(?: {_NAME}){{1,3}}"
NAMED_DATE = re.compile(
    rf"(?P<before>{_FULL_NAME})\s*[,|·•—–]\s*(?P<date_after>{_DATE})|(?P<date>{_DATE})\s*[,|·•—–]\s*(?P<name>{_FULL_NAME})"
)
"""A line of nothing but an author and a date, either way round."""
CAPTION_END = re.compile(
    r"(?:\b(?:photo|image|picture|photograph|illustration|video)s?\s*(?::|by\b|/|courtesy|©)|\bgetty images\b"
    r"|\bfile photo\b"
    r"|\bhandout\b|/ ?(?:ap|afp|reuters|epa)\b).{0,60}$",
    re.IGNORECASE,
)
COOKIE_NOTICE = re.compile(
    r"\b(?:(?:we|our|this (?:web)?site|partners)\b.{0,80}\b(?:uses?|using|store|place)\b.{0,60}\bcookies"
    r"|(?:store|access)\b.{0,30}\binformation on (?:a|your) device|(?:accept"
    r"|reject) all(?: cookies)?\b.{0,40}\bcookies)\b",
    re.IGNORECASE,
)
"""What only a consent notice says, at any length up to `furniture.NOTICE_CHARS`."""
PROFESSION = re.compile(
    r"(?:[A-ZÀ-Ž][\w.’'-]+ ){1,3}[A-ZÀ-Ž][\w’'-]+,? (?:is|was) (?:an?|the|our)\b[^.]{0,80}\b(?:columnist|journalist"
    r"|writer"
    r"|author|editor|correspondent|reporter|professor|lecturer|fellow|analyst|researcher|historian|novelist|critic"
    r"|contributor"
    r"|freelancer?)\b"
)
BIO = re.compile(r"(?:is|was|has been|writes|teaches|covers|reports|served|edits)\b.{5,350}$")
"""What follows the author's name in a note on the author."""
