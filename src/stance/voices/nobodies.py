"""Phrases that stand where a speaker would and are none: `nobody`, `three years`, `A government that lies`.

What belongs here: refusals. What does not: finding the phrase (`clauses`).
"""

from stance.voices.clauses import Range, Sentence
from stance.voices.cues import FINITE_AFTER_PLURAL, PAST, SHOWS, STEM, VERBS
from stance.voices.kinds import is_person_noun
from stance.voices.words import ADVERBS, DETERMINERS, NOBODY, PREPOSITIONS, RELATIVES, word_set

_NOBODIES = NOBODY | {"i", "we", "you", "anyone", "anybody", "not"}
"""First words of phrases that mean nobody, anybody or the author."""
_SUPPOSES = word_set("assumes supposes suspects hopes fears wonders presumes imagines guesses")
_SAYS_ONE = {"somebody": ("says",), "someone": ("says",)}
"""What anybody may do: `the pigeons, one assumes, sleep`, `Somebody says so whenever it rains`."""
_SPANS = word_set("moments years days weeks months hours minutes decades centuries week month year day")
_MEASURES = word_set(
    """
    law laws rule rules plan plans custom tradition constitution accounts need needs size age logic decency progress
    convenience confidence honesty evidence experience history sense statistics data signs facts treaty map
    chart graph scan scans tests
    """
)
"""Things that ask for something, or according to which something is, and say nothing."""
_WITNESSES = word_set("witness eyewitness governess baroness")
_ABSTRACT = word_set(
    """
    fairness kindness goodness madness sadness darkness weakness illness happiness bitterness tenderness politeness
    loneliness readiness openness forgiveness awareness business wilderness
    """
)
"""Words in -ness that are no names though a sentence may open with them."""
_THAT = ("that", "which")


def may_speak(sentence: Sentence, who: Range, at: int | None = None) -> bool:
    """Whether a phrase can be somebody who speaks: not the author, nobody, a stretch of time or a stray verb.

    `at` is the verb of speech, if there is one.
    """
    first, end = who
    low, last = sentence.lows[first], sentence.lows[end - 1]
    if low in _NOBODIES or (first - 1 == sentence.low and sentence.lows[first - 1] == "not"):
        return False
    if last in FINITE_AFTER_PLURAL and not _is_one(sentence, who):
        return False
    shows = at is not None and sentence.lows[at] in SHOWS
    if last in _MEASURES and not shows and PREPOSITIONS.isdisjoint(sentence.lows[first:end]):
        return False
    if (
        last.endswith("ness")
        and last not in _WITNESSES
        and not (sentence.tokens.is_name(end - 1) and last not in _ABSTRACT)
    ):
        return False
    if last == "figures" and not shows and (end - first == 1 or low in ("the", "official")):
        return False
    if (
        at is not None
        and end - first == 1
        and sentence.lows[at] in (_SUPPOSES if low == "one" else _SAYS_ONE.get(low, ()))
    ):
        return False
    if end - first > 1:
        spans = (
            last in _SPANS
            and low in DETERMINERS
            and (low, last) != ("the", "minutes")
            and not _is_inside(sentence, who)
        )
        return not spans and not _is_any(sentence, who, at)
    if low in _SPANS or low.isdigit():
        return False
    if sentence.tokens.is_name(first):
        return True
    if low in ADVERBS or low.endswith("ly"):
        return False
    return low not in VERBS or VERBS[low].form is not STEM or is_person_noun(low)


def _is_inside(sentence: Sentence, who: Range) -> bool:
    """Whether a stretch of time is but part of a phrase: `the Speaker of the day`, `a woman who comes each day`."""
    inside = sentence.lows[who[0] + 1 : who[1] - 1]
    return "of" in inside or not RELATIVES.isdisjoint(inside)


def _is_one(sentence: Sentence, who: Range) -> bool:
    """Whether a word that is also a verb means a person: `Mr Rotich's | advocate`."""
    before = sentence.lows[who[1] - 2] if who[1] - who[0] > 1 else ""
    return is_person_noun(sentence.lows[who[1] - 1]) and (before in DETERMINERS or before.endswith("'s"))


def _is_any(sentence: Sentence, who: Range, at: int | None) -> bool:
    """Whether no one in particular is meant: `A government that | promises bread ...`, the sentence's first words.

    Somebody is where he spoke once: `A fund which holds a tenth of the stock | said`.
    """
    first, end = who
    if first != sentence.low or sentence.lows[first] not in ("a", "an"):
        return False
    relative = sentence.find(_THAT, first, min(end + 1, sentence.end))
    if relative is None or is_person_noun(sentence.lows[relative - 1]):
        return False
    cue = None if at is None or relative >= end else VERBS.get(sentence.lows[at])
    if cue is not None and cue.form is PAST:
        return False
    return PREPOSITIONS.isdisjoint(sentence.lows[first:relative])
