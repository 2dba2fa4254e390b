"""Which mentions of a target a paragraph has once the scorer, too, has looked for them.

What belongs here: joining what the catalogue finds with what the scorer finds and doubts. What does not: doing either.
"""

import re
from collections.abc import Sequence

from stance.records import Mention, Passage, Span, TargetQuery, TargetScore
from stance.voices.nouns import phrase

_WORD = re.compile(r"[^\W\d_]{4,}")


def mentions(passage: Passage, query: TargetQuery, score: TargetScore, listed: Sequence[Mention]) -> list[Mention]:
    """Return the mentions of one target, in order; none if the paragraph does not name it.

    Words and names are the catalogue's to know: of what the scorer found, single words and proper names are left out,
    and what overlaps the catalogue's mentions, those it doubts apart. Of the rest the phrases count (`nouns.phrase`).

    Args:
        passage: what the scorer was asked.
        query: its target.
        score: what the scorer said of it.
        listed: the catalogue's mentions of whatever targets.
    """
    taken = [
        mention
        for mention in listed
        if mention.target != query.id or score.kept is None or Span(mention.start, mention.end) in score.kept
    ]
    for pointed in score.found:
        span = phrase(passage.text, pointed)
        if span is None or any(mention.start < span.end and span.start < mention.end for mention in taken):
            continue
        words = passage.text[span.start : span.end]
        if _describes(words):
            taken.append(Mention(target=query.id, start=span.start, end=span.end, text=words, alias="", coref=True))
    return sorted((mention for mention in taken if mention.target == query.id), key=lambda mention: mention.start)


def doubtable(listed: Sequence[Mention]) -> tuple[Span, ...]:
    """Return which of the catalogue's mentions a scorer may doubt: words, not names, of entries that let it look."""
    return tuple(Span(each.start, each.end) for each in listed if each.loose and not _name(each.text))


def _describes(phrase: str) -> bool:
    return len(phrase.split()) > 1 and not _name(phrase)


def _name(phrase: str) -> bool:
    """Whether there are longer words, and all begin with a capital."""
    words = _WORD.findall(phrase)
    return bool(words) and all(word[0].isupper() for word in words)
