"""How far reported words reach: from the cue over hearer and date to where the author's own sentence goes on.

What belongs here: the words of a cue whose speaker is known. What does not: finding cues and speakers.
"""

from stance.voices.clauses import Range, Sentence
from stance.voices.cues import NOUNS, PARTICLES, VENUES, VERBS, Form, Kind
from stance.voices.words import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BE,
    DAYS,
    DETERMINERS,
    NO_ADVERBS,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    STOPS,
    SUBORDINATORS,
    VERBS_OF_ACTION,
    word_set,
)

CLAUSE_ENDS = word_set("but although though while whereas yet which who whose citing because let")
"""Words after a comma with which the author takes over again."""
OBJECT_ENDS = CLAUSE_ENDS | word_set("and when after as where to in at on before until")
"""The same after what somebody is praised or blamed for."""
PASSIVE_NEXT = word_set("of by for as in")
_QUESTIONS = word_set("whether if why how what who where when which")
_ADJUNCTS = word_set("in at on to by from before after during through over outside inside into under without with")
_OBJECT_PRONOUNS = word_set("me us him them her it you")
_WHEN_AND_WHERE = DAYS | VENUES | {"days", "weeks", "months", "years"}
_PARTICLES = word_set("against at out on to tribute praise scorn contempt upon")
_NOTHING = word_set("it this that so nothing")
_HEARERS = word_set("reporters journalists me us")
_MODALS = word_set("would will could can should must may might has have had not that there")
_GOES_ON_SPEAKING = PREPOSITIONS | DETERMINERS | PRONOUNS | RELATIVES | BE | _MODALS
_HELPERS = BE | _MODALS
_NO_CLAUSE = BE | STOPS
_SO_MANY = DETERMINERS | {"many", "much", "that"}
_FINITE = word_set("is was were are has does did went met could came")
_IS = frozenset({"is", "was", "are", "were"})
_AFTER_ADVERB = frozenset({",", "that", "of", "about"})
_THAT_WITHIN = 14
"""Tokens between two commas before `that`: announced, without offering evidence, that."""


def reported_clause(sentence: Sentence, at: int, who: Range, kind: Kind) -> list[Range]:
    """The words that the verb at `at` reports: after it, before the speaker, or on both sides of them."""
    if kind is Kind.ASK and sentence.after(at) == "not":
        return []
    if kind is Kind.ASK and sentence.after(at) == "for":
        if sentence.after(at + 1) in ("nothing", "no"):
            return []
        return [(at + 1, until(sentence, at + 1, OBJECT_ENDS))]
    if sentence.after(at) == "at" and VERBS[sentence.lows[at]].stem == "hint":
        return [(at + 2, until(sentence, at + 2))]
    if sentence.after(at) == "so" and sentence.after(at + 1) not in _SO_MANY:
        return []
    first = _past_adjuncts(sentence, at + 1, kind)
    before = _before_speaker(sentence, who, at)
    if first >= sentence.end:
        return before
    if sentence.lows[first] == ":":
        return [] if first + 1 in sentence.quotes else [(first + 1, until(sentence, first + 1))]
    if sentence.lows[first] == "," and sentence.lows[first - 1] == "that":
        return _clauses(sentence, first + 1)
    if sentence.lows[first] != ",":
        if sentence.quote_before(who[0]) is not None and sentence.lows[first - 1] != "that":
            return []
        if first in sentence.quotes and sentence.lows[first - 1] in ("of", "about"):
            return [(first, first + 1)]
        if sentence.lows[first] == "for" and kind is Kind.SAY and "to" not in sentence.lows[first : sentence.end]:
            return before
        return _clauses(sentence, first)
    comma = sentence.find(",", first + 1, min(first + _THAT_WITHIN, sentence.end))
    if comma is not None and sentence.after(comma) == "that":
        return _clauses(sentence, comma + 2)
    after = sentence.after(first)
    in_clause = before or sentence.lows[sentence.floor(who[0])] in SUBORDINATORS
    if in_clause and after not in OBJECT_ENDS and not (after.endswith("ing") and "thing" not in after):
        return [*before, (first + 1, until(sentence, first + 1))]
    return before


def _clauses(sentence: Sentence, first: int) -> list[Range]:
    """The clause that starts at `first` and those that go on with `and that`; none if it is but `it` or `so`."""
    pieces: list[Range] = []
    while True:
        end = until(sentence, first)
        if (end - first > 1 or sentence.lows[first] not in _NOTHING) and not (
            sentence.lows[first] in _IS and sentence.lows[first - 1] == "know"
        ):
            pieces.append((first, end))
        past = end + (end < sentence.end and sentence.lows[end] == ",")
        if not _goes_on_that(sentence, first, past):
            return pieces
        first = past + 1 + (sentence.lows[past] != "that")


def _goes_on_that(sentence: Sentence, first: int, at: int) -> bool:
    """Whether another reported clause follows that at `first`: `, | and that he had never owned a flag`."""
    if at >= sentence.end or at - 1 in sentence.quotes:
        return False
    if sentence.lows[at] == "that" and sentence.lows[at - 1] == ",":
        reported = (VERBS.get(low) for low in sentence.lows[first:at])
        return sentence.after(at) not in _NO_CLAUSE and not any(c is not None and c.form is Form.PAST for c in reported)
    if sentence.lows[at] not in ("and", "but"):
        return False
    return sentence.after(at) == "that" and sentence.after(at + 1) not in _NO_CLAUSE


def _before_speaker(sentence: Sentence, who: Range, at: int) -> list[Range]:
    """The clause before `, X said` or `, the minister, X, said`; quotations inside it belong to it."""
    comma = who[0] - 1
    if comma < sentence.low or sentence.lows[comma] != "," or who[0] > at:
        return []
    described = sentence.tokens.phrase_before(comma, sentence.low) if sentence.lows[who[1]] == "," else None
    if described is not None and described - 1 > sentence.low and sentence.lows[described - 1] == ",":
        comma = described - 1
    elif described is not None and sentence.quote_before(described) is not None:
        return []
    first = sentence.floor(comma)
    quote = first - 1 if first - 1 in sentence.quotes else sentence.quote_before(first)
    if quote is not None and quote > sentence.low:
        first = sentence.floor(quote)
    if sentence.lows[first] in SUBORDINATORS and sentence.lows[at + 1 : at + 2] == [","]:
        return []
    if sentence.lows[first : first + 1] == ["to"] and at + 1 < sentence.end and sentence.lows[at + 1] in PREPOSITIONS:
        return []
    return [(first, comma)]


def _past_adjuncts(sentence: Sentence, at: int, kind: Kind) -> int:
    """First token of the reported clause: past the hearer, the day, the place, and `that`."""
    if kind is not Kind.SAY and at < sentence.end and at not in sentence.quotes:
        at = _past_hearer(sentence, at)
    while at < sentence.end and sentence.lows[at] != "that":
        past = _past_one(sentence, at)
        if past == at:
            break
        at = past
    if at < sentence.end and sentence.lows[at] == "that":
        return at + 1
    that = sentence.tokens.phrase_after(at + (sentence.lows[at : at + 1] == ["for"]), sentence.end)
    if kind is Kind.SAY and at < that < min(at + 6, sentence.end) and sentence.lows[that] == "that":
        return that + 1
    return at + (at < sentence.end and sentence.lows[at] in ("of", "about"))


def _past_one(sentence: Sentence, at: int) -> int:
    low = sentence.lows[at]
    if (
        low in DAYS
        or low in ("late", "early", "last", "out")
        or (low in ADVERBS and low not in ("here", "there", "now"))
        or (low.endswith("ly") and low not in NO_ADVERBS and sentence.after(at) in _AFTER_ADVERB)
    ):
        return at + 1
    if low in _ADJUNCTS and sentence.after(at) in DAYS:
        return at + 2
    if low == "to":
        if sentence.after(at) in _HEARERS:
            return at + 2
        heard = at + 1 < sentence.end and (sentence.after(at) in ARTICLES or sentence.tokens.is_name(at + 1))
        return max(at, sentence.tokens.phrase_after(at + 1, sentence.end)) if heard else at
    if low in _ADJUNCTS:
        end = sentence.tokens.phrase_after(at + 1, sentence.end)
        return end if end > at + 1 else at
    return at


def _past_hearer(sentence: Sentence, at: int) -> int:
    low = sentence.lows[at]
    if low in _QUESTIONS or low == "that":
        return at
    return at + 1 if low in _OBJECT_PRONOUNS else sentence.tokens.phrase_after(at, sentence.end)


def judged_object(sentence: Sentence, at: int) -> list[Range]:
    """What the verb at `at` praises, blames, names or asks for, with what it says of it."""
    first = at + 1
    after = sentence.after(at)
    if VERBS[sentence.lows[at]].stem in PARTICLES:
        while first < sentence.end and sentence.lows[first] in _PARTICLES:
            first += 1
    elif after in ("on", "upon", "for"):
        first += 1
    elif after == "that":
        return [(first + 1, until(sentence, first + 1))]
    if first >= sentence.end or sentence.lows[first] in STOPS:
        return []
    return [(first, _before_venue(sentence, first, until(sentence, first, OBJECT_ENDS)))]


def _before_venue(sentence: Sentence, first: int, end: int) -> int:
    """The end without `on Monday`, `in a speech`, `on breakfast television` before it."""
    while True:
        start = next((at for at in range(end - 1, max(first, end - 5), -1) if sentence.lows[at] in ("on", "in")), None)
        if start is None or sentence.lows[end - 1] not in _WHEN_AND_WHERE:
            return end
        end = start


def until(sentence: Sentence, first: int, ends: frozenset[str] = CLAUSE_ENDS) -> int:
    """End of the reported words that start at `first`: where the author goes on, else the sentence's end."""
    for at in range(first, sentence.end):
        word = sentence.lows[at]
        if word in (";", "—", "–"):
            return at
        if sentence.lows[first - 1] == "that" and _goes_on_that(sentence, first, at + (word == ",")):
            return at
        if word == "," and _is_own_clause(sentence, at + 1):
            return at
        if word == "," and (sentence.after(at) in ends or _is_new_act(sentence, at + 1)):
            return at
        if word == "," and (_is_beside(sentence, at + 1) or _is_remark(sentence, at + 1)):
            return at
        if word in ("and", "but") and at > first and (_is_new_act(sentence, at + 1) or _goes_on(sentence, at, ends)):
            return at
    return sentence.end


def _is_own_clause(sentence: Sentence, at: int) -> bool:
    """Whether the author tells on after a comma: `, and a third counted our passports`; reports would say `had`."""
    if at + 1 >= sentence.end or sentence.lows[at] not in ("and", "but"):
        return False
    verb = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    if not at + 1 < verb < sentence.end - 1:
        return False
    low = sentence.lows[verb]
    return (low.endswith("ed") or low in VERBS_OF_ACTION) and low not in BE and low != "had"


def _goes_on(sentence: Sentence, at: int, ends: frozenset[str]) -> bool:
    """Whether the author's own sentence goes on after `and`: `called them “rabble” and | left the hall`."""
    low = sentence.after(at)
    if at - 1 in sentence.quotes:
        return bool(low) and low[0].isalpha() and low not in _GOES_ON_SPEAKING and at + 1 not in sentence.quotes
    if low == "got":
        return ends is OBJECT_ENDS
    return ends is OBJECT_ENDS and sentence.tokens.has_verb(at + 1, at + 2) and low not in _HELPERS


def _is_new_act(sentence: Sentence, at: int) -> bool:
    """Whether a cue verb goes on with the author's sentence here: `and urged calm`, `, adding that`."""
    while at < sentence.end and (sentence.lows[at] in ADVERBS or sentence.lows[at] in ("and", "then")):
        at += 1
    cue = VERBS.get(sentence.lows[at]) if at < sentence.end else None
    if cue is None or (cue.kind is Kind.VIEW and not sentence.names_public):
        return False
    after = sentence.after(at)
    return cue.form is not Form.STEM and (after not in PASSIVE_NEXT or (after == "by" and cue.kind is Kind.NAME))


def _is_beside(sentence: Sentence, at: int) -> bool:
    """Whether another speaker comes in: `, | with Germany calling it a first step`."""
    if at >= sentence.end or sentence.lows[at] != "with":
        return False
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    cues = (VERBS.get(low) for low in sentence.lows[at + 2 : end + 1])
    return any(cue is not None and cue.form is Form.ING for cue in cues)


def _is_remark(sentence: Sentence, at: int) -> bool:
    """Whether the author names what was said: `, | an accusation the commission denies`."""
    if sentence.lows[at : at + 1] not in (["a"], ["an"]):
        return False
    return not NOUNS.isdisjoint(sentence.lows[at + 1 : min(at + 4, sentence.end)])


def _is_finite(sentence: Sentence, at: int) -> bool:
    """Whether a token is a verb with a subject: `that savings were safe | sent people`, not `had | met`."""
    before = sentence.lows[at - 1]
    if before in AUXILIARIES or before in PREPOSITIONS or before in DETERMINERS or before in ("and", "to", "not"):
        return False
    low = sentence.lows[at]
    return (
        low in _FINITE
        or (low.endswith("ed") and before.endswith("ed"))
        or (low in VERBS_OF_ACTION and not before.endswith("ly"))
    )


def until_verb(sentence: Sentence, first: int, *, is_wish: bool = False) -> int:
    """End of a `that` clause inside a sentence: before the sentence's own verb, which follows a finished clause.

    The verb of a wish has the bare form, which nothing betrays: `the demand that the director resign | was met`.
    """
    finished = is_wish
    for at in range(first, sentence.end):
        if sentence.lows[at] in (",", ";", "—", "–"):
            return at
        inner = sentence.lows[at - 1] in RELATIVES or sentence.lows[at - 1] in PRONOUNS
        if finished and not inner and _is_finite(sentence, at):
            return at
        is_noun = sentence.lows[at] in VERBS and sentence.lows[at + 1 : at + 2] and sentence.lows[at + 1] in BE
        finished = finished or (sentence.tokens.has_verb(at, at + 1) and not is_noun)
    return sentence.end
