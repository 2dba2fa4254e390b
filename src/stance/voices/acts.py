"""Every cue of a sentence with its speaker and its words: verbs, nouns such as `claim`, and fixed phrases.

What belongs here: what starts each kind of cue. What does not: the verbs' own rules (`verbs`).
"""

from collections.abc import Sequence

from stance.voices.clauses import Act, Range, Sentence
from stance.voices.cues import DISTANT_NOUNS, NOUNS, SAYINGS, STATES, VERBS, WISH_NOUNS, Form, Kind
from stance.voices.gaps import find_gaps
from stance.voices.reach import until, until_verb
from stance.voices.verbs import verb_act
from stance.voices.words import BE, NOBODY, POSSESSIVE, RELATIVES, word_set

_AUTHOR = frozenset({"i", "we", "you"})
_IN_THE = (["in", "the"], ["by", "the"])
_NAMES = frozenset({"term", "word", "phrase", "name"})
_POSSESSIVES = word_set("their his her its")


def find_acts(sentence: Sentence, cued: Sequence[int]) -> None:
    """Fill `sentence.acts` from the words that may mark speech; what `I` or `you` say is nobody's report."""
    for at in cued:
        act = _act(sentence, at)
        if act is not None and sentence.lows[act.who[0]] not in _AUTHOR:
            sentence.acts.append(act)
    if sentence.acts:
        find_gaps(sentence)


def _act(sentence: Sentence, at: int) -> Act | None:
    low = sentence.lows[at]
    cue = VERBS.get(low)
    if cue is not None and (at == sentence.low or not sentence.tokens.is_name(at)):
        act = verb_act(sentence, at, cue)
        if act is not None:
            return act
    if low == "according":
        return _according(sentence, at) if sentence.after(at) == "to" else None
    if low in STATES:
        return _state(sentence, at)
    noun = _noun(sentence, at) if low in NOUNS else None
    return _saying(sentence, at) if noun is None and low in SAYINGS else noun


def _state(sentence: Sentence, at: int) -> Act | None:
    """`X is convinced that ...`, `residents are afraid that ...`."""
    first = sentence.tokens.skip_back(at, sentence.floor(at))
    if sentence.after(at) != "that" or BE.isdisjoint(sentence.lows[first:at]):
        return None
    who = sentence.subject(first, sentence.floor(at), Form.PAST, written=False)
    if who is None or sentence.lows[who[0]] in NOBODY:
        return None
    return Act(at, who, sentence.lows[at], sentence.is_distant(), Kind.SAY, [(at + 2, until(sentence, at + 2))])


def _according(sentence: Sentence, at: int) -> Act | None:
    end = sentence.tokens.phrase_after(at + 2, sentence.end)
    if end == at + 2:
        return None
    pieces: list[Range] = []
    if at > sentence.low:
        close = at - (sentence.lows[at - 1] == ",")
        pieces.append((sentence.floor(close), close))
    comma = sentence.find(",", end, sentence.end)
    if comma is not None and sentence.after(comma) not in RELATIVES:
        pieces.append((comma + 1, sentence.end))
    return Act(at, sentence.tidy(at + 2, end), "according to", sentence.is_distant(), None, pieces)


def _noun(sentence: Sentence, at: int) -> Act | None:
    """`X's claim that ...`, `the claim by X that ...`, `X's description of it as ...`."""
    after = sentence.after(at)
    who, first = _owner(sentence, at), at + 2
    if after in ("by", "from", "among"):
        end = sentence.tokens.phrase_after(at + 2, sentence.end)
        if end == at + 2 or sentence.after(end - 1) != "that":
            return None
        who, first = sentence.tidy(at + 2, end), end + 1
    elif after not in ("that", "as") and not (after == "of" and sentence.lows[at] == "description"):
        return None
    if who is None:
        return None
    is_wish = sentence.lows[at] in WISH_NOUNS and sentence.lows[first - 1] == "that"
    distance = sentence.lows[at] in DISTANT_NOUNS or sentence.is_distant()
    return Act(at, who, sentence.lows[at], distance, None, [(first, until_verb(sentence, first, is_wish=is_wish))])


def _owner(sentence: Sentence, at: int) -> Range | None:
    """Possessor of the noun at `at`: `the governor's | claim`; for `their claim` the sentence's subject."""
    start = sentence.tokens.phrase_before(at, sentence.low)
    if start is None:
        return None
    for owner in range(at - 1, max(start - 1, at - 4), -1):
        if sentence.lows[owner].endswith(POSSESSIVE):
            return start, owner + 1
        if sentence.lows[owner] in _POSSESSIVES:
            return sentence.first_phrase(sentence.low, owner)
    return None


def _saying(sentence: Sentence, at: int) -> Act | None:
    """`in the words of X`, `in X's words`."""
    if sentence.after(at) == "of" and sentence.lows[max(sentence.low, at - 2) : at] in _IN_THE:
        end = sentence.tokens.phrase_after(at + 2, sentence.end)
        who = sentence.tidy(at + 2, end) if end > at + 2 else None
    else:
        end = at + 1
        who = _owner(sentence, at)
        if who is not None and sentence.after(at) == "for" and sentence.lows[at] in _NAMES:
            return Act(at, who, sentence.lows[at], sentence.is_distant())
        if who is not None and (who[0] == sentence.low or sentence.lows[who[0] - 1] != "in"):
            who = None
    if who is None:
        return None
    comma = sentence.find(",", end, sentence.end)
    first = end if comma is None else comma + 1
    return Act(at, who, "in the words of", sentence.is_distant(), None, [(first, until(sentence, first))])
