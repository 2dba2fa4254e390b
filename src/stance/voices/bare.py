"""Quotations that no cue governs: after a colon or a label, on a banner, alone in their sentence, or no speech at all.

What belongs here: telling those apart. What does not: quotations with a cue (`speech`).
"""

from typing import NamedTuple

from stance.voices.clauses import Range, Sentence
from stance.voices.cues import WORKS, WRITINGS
from stance.voices.foreign import foreign_speaker
from stance.voices.words import DETERMINERS, PRONOUNS

_LONG = 5
"""Words from which a quotation without any cue is speech by nobody known, not a scare quote."""
_DASHED = ([",", "—"], [",", "–"])
"""What follows a quotation before its speaker in Russian."""
_ON = 8
"""Tokens between what is written on and the quotation."""


class Bare(NamedTuple):
    """A quotation that is speech though no cue says so."""

    who: Range | None
    follows: bool
    """Whether its speaker is that of the quotation before."""


def bare_quotation(sentence: Sentence, at: int) -> Bare | None:
    """Read the quotation at token `at`, which no cue governs; None if it is a title, a word or a scare quote."""
    named = (
        foreign_speaker(sentence, at)
        or _written_on(sentence, at)
        or _announced(sentence, at)
        or _unlisted_verb(sentence, at)
    )
    if named is not None:
        return Bare(named, follows=False)
    if at == sentence.low and sentence.lows[at + 1 : at + 3] in _DASHED:
        return Bare(None, follows=False)
    if sentence.end - sentence.low == 1:
        return Bare(None, follows=True)
    before = sentence.lows[at - 1] if at > sentence.low else ""
    quote = sentence.quotes[at]
    is_long = len(sentence.tokens.text[quote.start : quote.end].split()) >= _LONG
    if before in (":", "]") or (is_long and before.lower() not in WORKS):
        return Bare(None, follows=False)
    return None


def _announced(sentence: Sentence, at: int) -> Range | None:
    """The speaker before a colon or in a label: `Colonel Umarov: “...”`, `[SOT: hotelier Manana Kobalia] “...”`."""
    before = sentence.lows[at - 1] if at > sentence.low else ""
    if before == ":":
        return sentence.first_phrase(sentence.low, at - 1)
    if before == "]":
        return _label(sentence, at - 1)
    if at == sentence.low and sentence.after(at) == ":":
        end = sentence.tokens.phrase_after(at + 2, sentence.end)
        return sentence.tidy(at + 2, end) if end > at + 2 else None
    opening = sentence.tokens.phrase_after(sentence.low, at)
    return sentence.tidy(sentence.low, opening) if opening > sentence.low and sentence.lows[opening] == ":" else None


def _label(sentence: Sentence, close: int) -> Range | None:
    opened = next((at for at in range(close, sentence.low - 1, -1) if sentence.lows[at] == "["), sentence.low)
    colon = sentence.find(":,", opened, close)
    if colon is None:
        return None
    end = sentence.tokens.phrase_after(colon + 1, close)
    return (colon + 1, end) if end > colon + 1 else None


def _unlisted_verb(sentence: Sentence, quote: int) -> Range | None:
    """The speaker after a quotation with a verb that no table has: `“...,” fumed Gary Tolland`, `“...,” he beamed`."""
    tokens = sentence.tokens
    if (
        quote + 2 >= sentence.end
        or quote + 1 in sentence.quotes
        or tokens.text[tokens.quotes[quote].end - 1] not in ",!?"
    ):
        return None
    verb = sentence.lows[quote + 1]
    if verb.endswith(("ed", "s")) and verb.isalpha() and tokens.is_nounlike(quote + 1) and verb not in DETERMINERS:
        end = tokens.phrase_after(quote + 2, sentence.end)
        if end > quote + 2:
            return sentence.tidy(quote + 2, end)
    end = quote + 2 if verb in PRONOUNS else tokens.phrase_after(quote + 1, sentence.end)
    if quote + 1 < end < sentence.end and sentence.lows[end].endswith("ed"):
        return sentence.tidy(quote + 1, end)
    return None


def _written_on(sentence: Sentence, quote: int) -> Range | None:
    """What a quotation stands on, or who chants it: `a bedsheet reading “...”`, `chants of “...” from X`."""
    for at in range(quote - 1, max(sentence.low - 1, quote - _ON), -1):
        if at in sentence.quotes:
            return _written_on(sentence, at) if sentence.lows[at + 1] in ("and", ",", "or") else None
        if sentence.lows[at] in WRITINGS:
            if sentence.after(quote) in ("from", "by"):
                end = sentence.tokens.phrase_after(quote + 2, sentence.end)
                return (quote + 2, end) if end > quote + 2 else None
            first = at
            while first > sentence.low and at - first < 4 and sentence.tokens.is_nounlike(first - 1):
                first -= 1
                if sentence.lows[first] in DETERMINERS:
                    break
            return first, at + 1
    return None
