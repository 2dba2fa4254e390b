"""Text of others made safe to show: everything is escaped, marks are laid around it, links are plain http(s) or none.

What belongs here: HTML that holds an article's words. What does not: layout.
"""

from collections.abc import Iterable
from html import escape
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

MENTION, QUOTE, EVIDENCE = "mention", "quote", "evidence"


class Mark(NamedTuple):
    """A stretch `[start, end)` of a text and what it is; `title` is shown on hovering."""

    start: int
    end: int
    kind: str
    title: str = ""


def marked(text: str, marks: Iterable[Mark]) -> str:
    """Return a text as HTML with its marks; marks may overlap, and those outside the text are cut to it.

    Every letter of the text appears exactly once, escaped; each stretch between two ends of marks is one element with
    the classes of all marks that cover it.
    """
    found = [mark for mark in marks if mark.start < min(mark.end, len(text)) and mark.end > 0]
    ends = sorted({0, len(text)} | {min(max(at, 0), len(text)) for mark in found for at in (mark.start, mark.end)})
    return "".join(
        _piece(text[start:end], [mark for mark in found if mark.start <= start and end <= mark.end])
        for start, end in pairwise(ends)
    )


def _piece(text: str, marks: list[Mark]) -> str:
    if not marks:
        return escape(text)
    kinds = " ".join(sorted({f"st-{mark.kind}" for mark in marks}))
    title = " · ".join(dict.fromkeys(mark.title for mark in marks if mark.title))
    return f'<span class="{escape(kinds)}" title="{escape(title)}">{escape(text)}</span>'


def filled(template: str, **values: object) -> str:
    """Fill `{names}` of an HTML template with escaped values."""
    return template.format(**{name: escape(str(value)) for name, value in values.items()})


def link(url: str, words: str) -> str:
    """Return a link to an article that tells its site nothing, or just the words where the address is not http(s)."""
    if not is_web(url):
        return escape(words)
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow">{escape(words)}</a>'


def is_web(url: str) -> bool:
    """Whether an address is a plain web address: http or https, with a host, without control characters."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url
    except ValueError:
        return False
