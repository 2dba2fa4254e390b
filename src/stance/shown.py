"""Whose stances a paragraph tells of without words of theirs: `The towns were grateful to the soldiers`.

What belongs here: which of those that a scorer points at are holders beside the speakers, their names and ids. What
does not: pointing at them (`scorers`), finding speakers (`voices`), and what they hold (`opinions`).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from stance.labelled import occurrences
from stance.records import HolderKind, Shown, Span, Utterance
from stance.voices import Membership
from stance.voices.kinds import kind_of, same_speaker, stem
from stance.voices.nouns import phrase, whole
from stance.voices.words import PREPOSITIONS, word_set

_BEFORE = re.compile(r"(\w+)\W{1,2}$")
_HEARS = (PREPOSITIONS - {"by", "from"}) | word_set(
    "told tells tell telling asked asks informed reminded reminds thanked urged called accused blamed praised"
)
"""After these words somebody hears, or is spoken of, and shows nothing himself."""
_POSSESSIVE = ("'s", "’s", "s'", "s’")
_APPOSED = re.compile(r"\W{0,2}(?:who\b[^,.]*|(?:an?|the|his|her|its|their)\b[^,.]{0,30})?\W{0,2}")
_APPOSING = re.compile(r"(?:[’']s?)?\W{0,2}(?:(?:of|in) [^,.]*|[\w’' -]{0,30})\W{0,2}")
"""What stands between a speaker and a phrase that only says who he is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody who shows a stance."""

    name: str
    """As it stands in the text."""
    id: str
    """Of the voice in the article, as a speaker's."""
    kind: HolderKind
    target: str
    """Target he belongs to, or ''."""
    shown: Shown


def holders(
    text: str,
    shown: Sequence[Shown] | None,
    utterances: Sequence[Utterance],
    speakers: Sequence[tuple[str, str]],
    member: Membership,
) -> list[Holder]:
    """Return who shows a stance toward one target in a paragraph, none of them a speaker there, in order.

    Args:
        text: the paragraph.
        shown: where the scorer sees holders, most of them speakers; None if it cannot tell.
        utterances: the paragraph's.
        speakers: names of the article's speakers up to this paragraph, in order, with their ids.
        member: tells which target somebody belongs to.
    """
    quoted = [Span(said.start, said.end) for said in utterances if said.direct]
    places = [span for said in utterances if said.speaker_span for span in occurrences(text, said.speaker)]
    names = [said.speaker for said in utterances if said.speaker]
    found: list[Holder] = []
    for one in shown or ():
        named = phrase(text, one.holder)
        if named is None or any(quote.start <= named.start < quote.end for quote in quoted):
            continue
        if any(_is_of(text, named, place) for place in places):
            continue  # most are speakers, and need no phrase built around their names
        span = whole(text, named)
        if not _acts(text, span) or any(_is_of(text, span, place) for place in places):
            continue
        name = text[span.start : span.end]
        if any(same_speaker(name, other) for other in [*names, *(holder.name for holder in found)]):
            continue
        found.append(Holder(name=name, id=_id(name, speakers), kind=kind_of(name), target=member(name), shown=one))
    return found


def _acts(text: str, span: Span) -> bool:
    """Whether a phrase may be of one who does something: no possessor, no hearer, and somebody rather than a thing."""
    name = text[span.start : span.end]
    before = _BEFORE.search(text, max(0, span.start - 20), span.start)
    return not (
        name.endswith(_POSSESSIVE)
        or (before is not None and before.group(1).lower() in _HEARS)
        or kind_of(name) is HolderKind.UNKNOWN
    )


def _is_of(text: str, span: Span, speaker: Span) -> bool:
    """Whether a phrase belongs to the name of a speaker: a part of it, or what stands beside it and says who he is."""
    if speaker.end <= span.start:
        return _APPOSED.fullmatch(text, speaker.end, span.start) is not None
    if span.end <= speaker.start:
        return _APPOSING.fullmatch(text, span.end, speaker.start) is not None
    return True


def _id(name: str, speakers: Sequence[tuple[str, str]]) -> str:
    """The id of the speaker who bears that name in the article, the last of several, or one made of the name itself."""
    known = (holder for other, holder in reversed(speakers) if same_speaker(name, other))
    return next(known, stem(name))
