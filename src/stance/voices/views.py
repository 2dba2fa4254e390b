"""Verbs that tell what somebody thinks of a thing: wants, suspects, considers, sees little hope of, puts at a number.

What belongs here: whether such a verb, mostly a common word of other senses, reports a view, and its words. What does
not: who has it (`verbs`, `clauses`).
"""

from stance.records import HolderKind
from stance.voices.clauses import A_PUBLIC, Range, Sentence
from stance.voices.complements import judged_object, opens_clause
from stance.voices.cues import ING, NUMBERS, PAST, PUBLIC, SOUND, STEM, THIRD, Cue
from stance.voices.kinds import kind_of
from stance.voices.needs import finds_quality
from stance.voices.reach import until
from stance.voices.senses import is_forecast
from stance.voices.words import (
    AUXILIARIES,
    DETERMINERS,
    MODALS,
    OBJECT_FORMS,
    OBJECT_PRONOUNS,
    PERFECTS,
    PREPOSITIONS,
    PRONOUNS,
    QUALITIES,
    STOPS,
    word_set,
)

_CAMPS = frozenset({HolderKind.ORGANISATION, HolderKind.CROWD})
TAKES_AS = word_set("regard view see consider rate")
"""Verbs with `as`: regards | them as a nuisance."""
EXCLAIMS = word_set("fume sigh exclaim thunder bark gasp sneer")
"""Verbs of sound that may close words without marks: `It was a disgrace, fumed the manager`."""
_HELD = word_set("responsible accountable liable")
_BEFORE_NUMBERS = word_set("about around nearly almost more less at just no between under over up")
_AMOUNTS = word_set("""
    number chance chances cost costs age value figure toll losses loss damage price odds probability population turnout
    share total risk likelihood bill
    """)
"""What a number is put on, be the number far behind it: puts | the chance of a cut in July at one in three."""
_OUTLOOKS = word_set("""
    hope hopes sign signs reason reasons chance chances risk risks danger dangers need evidence prospect prospects
    alternative point future way problem benefit threat room scope merit value
    """)
"""What one sees in a matter: sees | little hope of rain."""
_OF_SHARES = frozenset({"of", "in"})
_DEGREES = word_set("no little few scant every a")
_AS_WITHIN = 14
"""Tokens after `regards` in which `as` is looked for."""
_AT_WITHIN = 14
"""Tokens after `puts` in which the number is looked for."""


def has_chance(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether the sentence has what the kind of verb cannot do without; cheap, for such verbs are common words."""
    stem, after = cue.stem, sentence.after(at)
    if cue.kind is SOUND:
        if stem in EXCLAIMS and sentence.lows[at - 1] == ",":
            return True
        return sentence.has_quotes or after == "it" or (stem == "put" and puts(sentence, at))
    if stem in _LIKELY:
        return bool(after) and after not in _LIKELY[stem]
    if stem == "value":
        return puts(sentence, at)
    if opens_that(sentence, at) or (sentence.names_public and _may_be_public(sentence, at, cue)):
        return True
    if stem == "consider" and (sentence.lows[at - 1] == "," or _considers(sentence, at)):
        return True
    if stem == "name":
        return sentence.has_quotes
    if sentence.has_quotes and stem in TAKES_AS:
        return True
    if stem == "see" and cue.form is not PAST and (is_forecast(sentence, sentence.low, at) or _sees(sentence, at)):
        return True
    if stem == "hold":
        return not _HELD.isdisjoint(sentence.lows[at + 1 : at + _AS_WITHIN])
    if stem == "see" and after == "it":
        return "as" in sentence.lows[sentence.low : at]
    return stem in TAKES_AS and "as" in sentence.lows[at + 2 : at + _AS_WITHIN]


def _may_be_public(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether a part of the public may be the subject, which stands before the verb save beside -ing or a quotation."""
    return cue.form is ING or sentence.has_quotes or not A_PUBLIC.isdisjoint(sentence.lows[sentence.low : at])


_LIKELY = {
    "want": frozenset({"to", ",", ":", "him", "me", "us"}),
    "suspect": PREPOSITIONS | {","},
    "feel": PREPOSITIONS | {",", "like", "that's", "as"},
}
"""Stems that may tell a view whatever else the sentence has, and words before which they do not."""


def is_view(sentence: Sentence, at: int, who: Range, cue: Cue) -> bool:
    """Whether a verb of view tells one here: `regards them as ...`, `critics find`, `the unions want | a rise`."""
    stem, after = cue.stem, sentence.after(at)
    if stem == "consider" and (after in PREPOSITIONS or after == "out"):
        return False
    if opens_that(sentence, at) or (is_public(sentence, who) and stem not in ("hold", "suspect")):
        return True
    if stem == "want":
        return _wants(sentence, at, who, cue)
    if stem == "suspect":
        return _suspects(sentence, at, who, cue)
    if stem == "feel":
        pronoun = after in PRONOUNS and at + 2 < sentence.end and sentence.lows[at + 2] in AUXILIARIES
        return pronoun or opens_clause(sentence, at + 1)
    if stem == "value" or (after == "it" and sentence.lows[who[0] - 1] == "as"):
        return True
    if stem == "see" and (at + 1 in sentence.quotes or is_forecast(sentence, who[0], at) or _sees(sentence, at)):
        return True
    return _takes_as(sentence, at, cue)


def view_words(sentence: Sentence, at: int, cue: Cue) -> list[Range]:
    """What is thought, or what of which thing."""
    if cue.stem == "want" and sentence.after(at) == "to":
        return []
    if cue.stem in ("feel", "want") or (cue.stem == "suspect" and opens_clause(sentence, at + 1)):
        return [(at + 1, until(sentence, at + 1))]
    if sentence.after(at) == "that":
        return [(at + 1, until(sentence, at + 1))]
    return judged_object(sentence, at)


def past_change(sentence: Sentence, end: int) -> int:
    """Past what a forecast is compared with: expects sales of 4 million | , down from 6."""
    if sentence.lows[end : end + 3] not in ([",", "down", "from"], [",", "up", "from"]):
        return end
    return until(sentence, end + 2)


def opens_that(sentence: Sentence, at: int) -> bool:
    """Whether `that` follows a verb, an adverb between: held unanimously | that the law was void."""
    after = sentence.after(at)
    if after == "that" and at + 3 >= sentence.end:
        return False
    return after == "that" or (after.endswith("ly") and sentence.after(at + 1) == "that")


def puts(sentence: Sentence, at: int) -> bool:
    """Whether a number is put on a thing: `put the damage | at 19 billion francs`."""
    end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    end = at + 2 if sentence.after(at) in ("it", "them") else end
    if end > at + 1 and sentence.lows[end - 1] in _AMOUNTS:
        stop = sentence.find(STOPS, end, sentence.end) or sentence.end
        return any(_is_number(sentence, i) for i in range(end, min(stop, at + _AT_WITHIN)))
    if sentence.after(end - 1) == "of":
        end = sentence.tokens.phrase_after(end + 1, sentence.end, narrow=True)
    return _is_number(sentence, end)


def _is_number(sentence: Sentence, at: int) -> bool:
    """Whether `at` and a number stand here."""
    if at + 1 >= sentence.end or sentence.lows[at] != "at":
        return False
    low = sentence.lows[at + 1]
    return low in _BEFORE_NUMBERS or not low[0].isalpha() or low in NUMBERS or low.endswith(("ty", "teen", "dred"))


def is_public(sentence: Sentence, who: Range) -> bool:
    """Whether a phrase names a part of the public: respondents, critics, `one in four`, `44 per cent of Greeks`."""
    lows = sentence.lows[who[0] : who[1]]
    if not PUBLIC.isdisjoint(lows):
        return True
    return not _OF_SHARES.isdisjoint(lows[1:]) and lows[0] in A_PUBLIC


def _is_camp(sentence: Sentence, who: Range) -> bool:
    return kind_of(sentence.tokens.text[slice(*sentence.chars(who))]) in _CAMPS


def _wants(sentence: Sentence, at: int, who: Range, cue: Cue) -> bool:
    """Whether a camp asks for a thing: `The unions want | a rise`; not what it means to do, nor a thing it wants."""
    after = sentence.after(at)
    before = sentence.lows[at - 1]
    if cue.form not in (STEM, THIRD) or before in MODALS or before in ("not", "never") or before.endswith("n't"):
        return False
    if not after or after in PREPOSITIONS or not _is_camp(sentence, who):
        return False
    if after in OBJECT_FORMS and sentence.after(at + 1) != "to":
        return False
    return who[0] == sentence.low or not sentence.tokens.is_nounlike(who[0] - 1)


def _suspects(sentence: Sentence, at: int, who: Range, cue: Cue) -> bool:
    """Whether somebody suspects: not `murder suspects`, `a man | suspected of theft`."""
    after = sentence.after(at)
    if not after or after in STOPS or after in PREPOSITIONS or after in AUXILIARIES:
        return False
    if cue.form is PAST:
        return sentence.lows[at - 1] in PERFECTS or who[1] == at
    return cue.form is THIRD or any(low.endswith("s") for low in sentence.lows[slice(*who)]) or _is_camp(sentence, who)


def _sees(sentence: Sentence, at: int) -> bool:
    """Whether a prospect is seen rather than a thing: sees | little hope, fatigue rather than hatred."""
    if sentence.after(at) in _DEGREES:
        end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
        return not _OUTLOOKS.isdisjoint(sentence.lows[at + 2 : end])
    return sentence.lows[at + 2 : at + 4] == ["rather", "than"]


def _considers(sentence: Sentence, at: int) -> bool:
    """Whether a thing is held to be something: considers | it a step back, the matter closed, him the best."""
    if finds_quality(sentence, at):
        return True
    after = sentence.after(at)
    alone = after in OBJECT_PRONOUNS or after in ("it", "this", "her", "that")
    if after == "that" and at + 3 >= sentence.end:
        return sentence.lows[sentence.end - 1].endswith(QUALITIES)
    if alone and at + 2 < sentence.end and sentence.lows[at + 2] in ("a", "an", "the"):
        return True
    end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    if not at + 1 < end < sentence.end or sentence.lows[end] in STOPS:
        return end > at + 2 and sentence.lows[end - 1].endswith("ed") and after in DETERMINERS
    return sentence.lows[end] in ("a", "an", "the") or (sentence.lows[end].endswith("ed") and after in DETERMINERS)


def _takes_as(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether anybody's view is told, not the public's only: `regards them as ...`, `named them “...”`."""
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    end = max(end, at + 1 + (sentence.after(at) in OBJECT_PRONOUNS or sentence.after(at) == "it"))
    if end in sentence.quotes:
        return cue.stem in ("name", "consider")
    if cue.stem == "hold":
        return not _HELD.isdisjoint(sentence.lows[end - 1 : end + 1])
    if cue.stem == "consider" and _considers(sentence, at):
        return True
    return cue.stem in TAKES_AS and at + 1 < end < sentence.end and sentence.lows[end] == "as"
