"""Noun phrases around what a model points at, token by token.

What belongs here: whole words, which small ones at the ends are none of a phrase, and how far the phrase goes. What
does not: whether it counts as a mention or a holder (`stance.sought`, `stance.shown`).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator

from stance.records import Span
from stance.voices.phrases import Tokens
from stance.voices.quotes import find_quotes
from stance.voices.words import ARTICLES, NO_NOUNS, PREPOSITIONS

_WORD = re.compile(r"\w(?:[\w’'-]*\w)?")


def phrase(text: str, pointed: Span) -> Span | None:
    """Return the whole words that a stretch meets, without verbs and small words at its ends; None if none is left.

    Articles and possessives stay at the beginning: `the towns`, `their towns`.
    """
    words = list(_words(text, pointed))
    while words and text[slice(*words[-1])].lower() in NO_NOUNS | ARTICLES:
        words.pop()
    while words and text[slice(*words[0])].lower() in NO_NOUNS - ARTICLES:
        words.pop(0)
    return Span(words[0].start, words[-1].end) if words else None


def whole(text: str, part: Span) -> Span:
    """Return the noun phrase of which a stretch of text is a part, at least that stretch: `The farmers' | union`."""
    tokens = Tokens(text, find_quotes(text))
    first, end = (bisect_left(tokens.starts, at) for at in part)
    before = tokens.phrase_before(end, 0)
    apart = (at + 1 for at in range(first - 1, -1, -1) if tokens.lows[at] in PREPOSITIONS)
    start = first if before is None else min(first, max(before, next(apart, 0)))
    end = max(end, tokens.phrase_after(start, len(tokens.lows), narrow=True))
    if not start < end <= len(tokens.ends):
        return part
    return Span(min(part.start, tokens.starts[start]), max(part.end, tokens.ends[end - 1]))


def _words(text: str, pointed: Span) -> Iterator[Span]:
    start = pointed.start
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    for match in _WORD.finditer(text, start):
        if match.start() >= pointed.end:
            return
        if match.end() > pointed.start:
            yield Span(*match.span())
