"""Where the stance stands, for scorers that cannot say it themselves: the sentence that names the target."""

import re
from collections.abc import Sequence

from stance.records import Span

_END = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+")


def sentence_of(text: str, mentions: Sequence[Span]) -> Span:
    """Return the sentence around the first mention, or the whole text if there is none."""
    if not mentions:
        return Span(0, len(text))
    at = mentions[0].start
    ends = [match.end() for match in _END.finditer(text)]
    start = max((end for end in ends if end <= at), default=0)
    end = min((end for end in ends if end > at), default=len(text))
    return Span(start, start + len(text[start:end].rstrip()) or end)
