"""Which mentions of a target a paragraph has once the scorer, too, has looked for them.

What belongs here: joining what the catalogue finds with what the scorer finds. What does not: finding either.
"""

import re
from collections.abc import Sequence

from stance.records import Mention, Passage, TargetQuery, TargetScore
from stance.voices.nouns import phrase

_WORD = re.compile(r"[^\W\d_]{4,}")


def mentions(passage: Passage, query: TargetQuery, score: TargetScore, listed: Sequence[Mention]) -> list[Mention]:
    """Return the mentions of one target, in order; none if the paragraph does not name it.

    Words and names are the catalogue's to know: of what the scorer found, single words and proper names are left out,
    and what overlaps the catalogue's mentions. Of the rest the phrases count (`nouns.phrase`).

    Args:
        passage: what the scorer was asked.
        query: its target.
        score: what the scorer said of it.
        listed: the catalogue's mentions of whatever targets.
    """
    taken: list[Mention] = list(listed)
    for pointed in score.found:
        span = phrase(passage.text, pointed)
        if span is None or any(mention.start < span.end and span.start < mention.end for mention in taken):
            continue
        words = passage.text[span.start : span.end]
        if _describes(words):
            taken.append(Mention(target=query.id, start=span.start, end=span.end, text=words, alias="", coref=True))
    return sorted((mention for mention in taken if mention.target == query.id), key=lambda mention: mention.start)


def _describes(phrase: str) -> bool:
    """Whether there are several words, and not all longer ones begin with a capital."""
    words = _WORD.findall(phrase)
    return len(phrase.split()) > 1 and not (words and all(word[0].isupper() for word in words))
