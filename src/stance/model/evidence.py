"""Which clause carries the stance: the one the model's read-out looked at most.

What belongs here: cutting a paragraph into clauses and weighing them. What does not: where the weights come from
(`network`).
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stance.records import Span

BREAK = re.compile(
    r"(?:[.!?…]+[\"”’»)]*\s+|[;:—–]\s+|\s[—–-]\s+|,\s+(?=(?:but|while|and|or|which|who|whose|where|although|though|yet|because|so|saying)\b))"
)
"""Where one clause ends: after a sentence, at a semicolon, colon or dash, and before a conjunction after a comma."""
LEAST_LETTERS = 12
LEAST_WORDS = 3
"""A piece with fewer letters or words ("he said,", a name before "who") is no clause of its own and joins the next
one, at the end the one before."""
MENTION_BONUS = 1.5
"""Pull of a clause that names the target, as a factor; not tuned."""


def clauses(text: str) -> list[Span]:
    """Part a text into clauses, without the blanks around them; at least one, in order, without overlap."""
    ends = [match.end() for match in BREAK.finditer(text)] + [len(text)]
    parts: list[Span] = []
    start = 0
    for end in ends:
        piece = text[start:end]
        short = sum(map(str.isalnum, piece)) < LEAST_LETTERS or len(piece.split()) < LEAST_WORDS
        if short and end < len(text):
            continue
        if short and parts:
            parts[-1] = _trimmed(text, parts[-1].start, end)
        else:
            parts.append(_trimmed(text, start, end))
        start = end
    return parts


def _trimmed(text: str, start: int, end: int) -> Span:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    return Span(left, right) if left < right else Span(start, end)


def strongest(
    places: Sequence[Span],
    starts: NDArray[np.int64],
    pulls: NDArray[np.float64],
    mentions: Sequence[Sequence[Span]],
) -> list[Span]:
    """Return for each target the clause with the highest pull per square root of its tokens, those naming it favoured.

    Args:
        places: the clauses, at least one.
        starts: where each token starts, shape (tokens,).
        pulls: of each target on each token, shape (targets, tokens).
        mentions: of each target.
    """
    edges = np.array(places)
    inside = (starts >= edges[:, :1]) & (starts < edges[:, 1:])
    values = (inside * pulls[:, None]).sum(-1) / np.sqrt(np.maximum(1, inside.sum(1)))
    named = [
        [any(span.start < end and start < span.end for span in spans) for start, end in places] for spans in mentions
    ]
    return [places[best] for best in (np.where(named, MENTION_BONUS, 1.0) * values).argmax(1).tolist()]
