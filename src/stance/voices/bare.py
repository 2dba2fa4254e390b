"""Quotations that no cue governs: after a colon or a label, on a banner, alone in their sentence, or no speech at all.

What belongs here: telling those apart. What does not: quotations with a cue (`speech`).
"""

from typing import NamedTuple

from stance.records import HolderKind
from stance.voices.clauses import Range, Sentence
from stance.voices.cues import WORKS, WRITINGS
from stance.voices.foreign import foreign_speaker, is_said
from stance.voices.kinds import kind_of
from stance.voices.nobodies import may_speak
from stance.voices.words import BE, DETERMINERS, POSSESSIVE, PREPOSITIONS, PRONOUNS, word_set

_LONG = 5
"""Words from which a quotation without any cue is speech by nobody known, not a scare quote."""
_DASHED = ([",", "—"], [",", "–"])
"""What follows a quotation before its speaker in Russian."""
_LINKS = word_set("to about against over with ,")
"""Words and marks after which a quotation, without a verb of speech, is its subject's."""
_BEHIND = frozenset({"—", "–", "-", "("})
_OWNERS = frozenset({HolderKind.PERSON, HolderKind.CROWD, HolderKind.ORGANISATION})
_PEOPLE = frozenset({HolderKind.PERSON, HolderKind.CROWD})
_CLIPS = word_set("sot sync vox clip grab byte")
"""What a script calls a recording: `[SOT vendor]`."""
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
        or _signed(sentence, at)
        or _owned(sentence, at)
        or _summed_up(sentence, at)
        or _told(sentence, at)
    )
    if named is not None:
        return Bare(named, follows=False)
    if at == sentence.low and (sentence.lows[at + 1 : at + 3] in _DASHED or is_said(sentence, at)):
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
        who = sentence.first_phrase(sentence.low, at - 1)
        return who if who is None or may_speak(sentence, who) else None
    if before == "]":
        return _label(sentence, at - 1)
    if at == sentence.low and sentence.after(at) == ":":
        end = sentence.tokens.phrase_after(at + 2, sentence.end)
        return sentence.tidy(at + 2, end) if end > at + 2 else None
    if ":" not in sentence.lows[sentence.low : at]:
        return None
    opening = sentence.tokens.phrase_after(sentence.low, at)
    return sentence.tidy(sentence.low, opening) if opening > sentence.low and sentence.lows[opening] == ":" else None


def _label(sentence: Sentence, close: int) -> Range | None:
    opened = next((at for at in range(close, sentence.low - 1, -1) if sentence.lows[at] == "["), sentence.low)
    colon = sentence.find(":,", opened, close)
    if colon is None:
        colon = opened + 1
        if sentence.lows[colon] not in _CLIPS:
            return None
    end = sentence.tokens.phrase_after(colon + 1, close)
    return (colon + 1, end) if end > colon + 1 else None


def _unlisted_verb(sentence: Sentence, quote: int) -> Range | None:
    """The speaker after a quotation with a verb that no table has: `“...,” fumed Gary Tolland`, `“...,” he beamed`."""
    tokens = sentence.tokens
    closed = sentence.after(quote) == ","
    at = quote + 1 + closed
    if at + 1 >= sentence.end or at in sentence.quotes:
        return None
    if not closed and tokens.text[tokens.quotes[quote].end - 1] not in ",!?":
        return None
    verb = sentence.lows[at]
    if verb.endswith(("ed", "s")) and verb.isalpha() and tokens.is_nounlike(at) and verb not in DETERMINERS:
        end = tokens.phrase_after(at + 1, sentence.end)
        if end > at + 1:
            return sentence.tidy(at + 1, end)
    end = at + 1 if verb in PRONOUNS else tokens.phrase_after(at, sentence.end)
    if at < end < sentence.end and sentence.lows[end].endswith("ed"):
        return sentence.tidy(at, end)
    return None


def _signed(sentence: Sentence, quote: int) -> Range | None:
    """Who stands behind a quotation: `“...” — Anna Petrova, carpenter`, `“...” (P. Sato)`, `“...”: thus the deputy`."""
    at = quote + 1
    while at < sentence.end and (at in sentence.quotes or sentence.lows[at] in (",", ":", "—", "–")):
        at += 1
    if at > quote + 1 and sentence.lows[at : at + 1] in (["thus"], ["so"]):
        at += at + 2 < sentence.end and sentence.lows[at + 1] in ("reads", "read", "says", "said", "runs", "ran")
        end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
        return sentence.tidy(at + 1, end) if end > at + 1 else None
    if quote > sentence.low or sentence.after(quote) not in _BEHIND:
        return None
    end = sentence.tokens.phrase_after(quote + 2, sentence.end)
    closed = end >= sentence.end or sentence.lows[end] in (",", ")", ";")
    return sentence.tidy(quote + 2, end) if end > quote + 2 and closed and sentence.tokens.is_name(quote + 2) else None


def _summed_up(sentence: Sentence, quote: int) -> Range | None:
    """Whose way to put it a quotation is: `“...” is how | the mayor sums it up`."""
    be = quote + 1 + (sentence.after(quote) == ",")
    if be + 2 >= sentence.end or sentence.lows[be] not in BE or sentence.lows[be + 1] not in ("how", "what"):
        return None
    end = sentence.tokens.phrase_after(be + 2, sentence.end, narrow=True)
    end = sentence.tokens.phrase_after(be + 2, sentence.end) if sentence.after(end - 1) in PREPOSITIONS else end
    return sentence.tidy(be + 2, end) if end > be + 2 else None


def _owned(sentence: Sentence, quote: int) -> Range | None:
    """Whose word a quotation is: `the governor's | “hooligans”`; a capital would make it the title of a work."""
    said = sentence.tokens.text[sentence.quotes[quote].start]
    if quote == sentence.low or not sentence.lows[quote - 1].endswith(POSSESSIVE) or said.isupper():
        return None
    start = sentence.tokens.phrase_before(quote, sentence.low)
    if start is None or kind_of(sentence.tokens.text[slice(*sentence.chars((start, quote)))]) not in _OWNERS:
        return None
    return start, quote


def _told(sentence: Sentence, quote: int) -> Range | None:
    """The sentence's subject, if a person, to whom a quotation after a link belongs: `raised a glass to “peace”`."""
    if quote == sentence.low or sentence.lows[sentence.low] == "there":
        return None
    predicate = _is_predicate(sentence, quote)
    if not predicate and sentence.lows[quote - 1] not in _LINKS:
        return None
    if quote + 1 < sentence.end and sentence.tokens.is_nounlike(quote + 1):
        return None
    who = sentence.first_phrase(sentence.low, quote)
    if sentence.lows[sentence.low] == "from" and sentence.tokens.has_verb(sentence.low, quote):
        who = (sentence.low + 1, sentence.tokens.phrase_after(sentence.low + 1, quote, narrow=True))
    if who is None or who[1] > quote - (not predicate) or not may_speak(sentence, who):
        return None
    said = sentence.quotes[quote]
    if sentence.tokens.text[said.start].isupper() and sentence.tokens.text[said.end - 1].isalnum():
        return None
    kind = kind_of(sentence.tokens.text[slice(*sentence.chars(who))])
    return who if kind in (_OWNERS if predicate else _PEOPLE) else None


def _is_predicate(sentence: Sentence, quote: int) -> bool:
    """Whether a quotation is what the sentence says of its subject: `The commission, as ever, “takes note”`."""
    said = sentence.quotes[quote]
    text = sentence.tokens.text[said.start : said.end]
    return (
        text[0].islower()
        and " " in text
        and quote + 1 == sentence.end
        and not sentence.tokens.has_verb(sentence.low, quote)
    )


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
