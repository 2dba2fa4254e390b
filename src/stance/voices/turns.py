"""Turns of talk that need no quotation marks: interviews, scripts, block quotes.

What belongs here: the labels and marks that open a turn. What does not: what is said in it (`speech`).
"""

import re
from typing import NamedTuple

from stance.records import Span
from stance.voices.kinds import is_person_noun
from stance.voices.words import PREPOSITIONS, word_set


class Turn(NamedTuple):
    """A stretch `[start, end)` of a paragraph that one speaker has to himself."""

    start: int
    end: int
    label: Span | None
    """Where he is named; None for a block quote."""


_CAPITALS = r"[^\W\d_a-zß-öø-ÿ][^\W\d_a-zß-öø-ÿ.'’-]+"
_LABEL = re.compile(
    rf"(?:^|(?<=[.?!…\"”’»)\]] ))(Q|A|Question|Answer|{_CAPITALS}(?: (?:OF )?(?:{_CAPITALS}|\d+)){{0,3}}): (?=\S)"
)
_NAME = re.compile(r"([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){0,3})\s?:\s+(?=[^\s\"“„«‘'])")
_BLOCK = re.compile(r">\s*(?=\S)")
_TALK = re.compile(r"\b(?:I|we|We|my|My|our|Our|you|You|me|us)\b")
_NO_LABELS = word_set("""
    update analysis note photo correction watch read related opinion editorial summary background source sources comment
    listen photos video picture caption live breaking advertisement context timeline sound music exclusive
    """)
ASKERS = word_set("q question interviewer moderator")
"""Labels of whoever asks, who has no name."""
ANSWERERS = word_set("a answer")


def turns(text: str, known: bool) -> list[Turn]:
    """Return the turns of a paragraph; none if it is no talk.

    A lone label counts if it is `Q` or `A`, if the article has had turns before (`known`), or if what follows speaks of
    `I` or `you`: `Update: the road is open` is no turn.
    """
    if ": " not in text and text[:1] != ">":
        return []
    block = _BLOCK.match(text)
    if block:
        return [Turn(block.end(), len(text.rstrip()), None)]
    found = _LABEL.finditer(text) if _may_hold_label(text) else ()
    labels = [match for match in found if match.group(1).lower() not in _NO_LABELS]
    if not labels:
        name = _NAME.match(text)
        labels = [name] if name and name.group(1).split()[0].lower() not in _NO_LABELS else []
    if not labels or not _is_talk(text, labels, known):
        return []
    ends = [match.start() for match in labels[1:]] + [len(text)]
    return [
        Turn(match.end(), match.end() + len(text[match.end() : end].rstrip()), Span(*match.span(1)))
        for match, end in zip(labels, ends, strict=True)
    ]


def _may_hold_label(text: str) -> bool:
    """Whether a label can end somewhere, without which the slow search for whole ones is not begun."""
    colon = text.find(": ")
    while colon > 0:
        if not "a" <= text[colon - 1] <= "z" or text.endswith(("Question", "Answer"), 0, colon):
            return True
        colon = text.find(": ", colon + 1)
    return False


def _is_talk(text: str, labels: list[re.Match[str]], known: bool) -> bool:
    first = labels[0]
    label = first.group(1)
    if len(labels) > 1 or label.lower() in ASKERS | ANSWERERS:
        return True
    if first.start() == 0 and label.isupper() and is_person_noun(label.split()[0].lower()):
        return True
    if first.start() > 0 or (label.isupper() and not known and not is_person_noun(label.split()[0].lower())):
        return False
    asks = text.rstrip().endswith("?") and '"' not in text and label.split()[0].lower() not in PREPOSITIONS
    return known or asks or _TALK.search(text, first.end()) is not None
