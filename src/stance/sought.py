"""Which mentions of a target a paragraph has once the scorer, too, has looked for them.

What belongs here: joining what the catalogue finds with what the scorer finds. What does not: finding either.
"""

import re
from collections.abc import Sequence

from stance.records import Mention, Passage, TargetQuery, TargetScore

_WORD = re.compile(r"[^\W\d_]{4,}")


def mentions(passage: Passage, query: TargetQuery, score: TargetScore, listed: Sequence[Mention]) -> list[Mention]:
    """Return the mentions of one target, in order; none if the paragraph does not name it.

    Words and names are the catalogue's to know: of what the scorer found, single words and proper names are left out,
    and what overlaps the catalogue's mentions.

    Args:
        passage: what the scorer was asked.
        query: its target.
        score: what the scorer said of it.
        listed: the catalogue's mentions of whatever targets.
    """
    found = (
        Mention(target=query.id, start=start, end=end, text=passage.text[start:end], alias="", coref=True)
        for start, end in score.found
        if not any(mention.start < end and start < mention.end for mention in listed)
        and _describes(passage.text[start:end])
    )
    own = (mention for mention in listed if mention.target == query.id)
    return sorted((*own, *found), key=lambda mention: mention.start)


def _describes(phrase: str) -> bool:
    """Whether there are several words, and not all longer ones begin with a capital."""
    words = _WORD.findall(phrase)
    return len(phrase.split()) > 1 and not (words and all(word[0].isupper() for word in words))
