"""What stands between a verb of speech and its words: hearer, day, place, manner, `that`.

What belongs here: the way from a verb to the first of its words. What does not: which these are (`complements`) and
where they end (`reach`).
"""

from stance.voices.clauses import Sentence
from stance.voices.cues import ASK, DISPUTES, NOUNS, NUMBERS, SAY, TELL, TELLING, TOPICS, VERBS, Kind
from stance.voices.words import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    COUNTS,
    DAYS,
    DAYTIMES,
    DETERMINERS,
    NO_ADVERBS,
    OBJECT_FORMS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    RELATIVES,
    STOPS,
    TENSED,
    THAT,
    TIMES,
    VERBS_OF_ACTION,
    word_set,
)

_ADJUNCTS = word_set("in at on to by from before after during through over outside inside into under without with")
_OF_REPORTS = DISPUTES | word_set("acknowledge admit report discount echo")
_THAT_OR_STOP = STOPS | {"that", "to"} | RELATIVES
_DIRECTIONS = word_set("back up out down off on away into")
_HEARERS = word_set("reporters journalists me us")
_THAT_NOUNS = NOUNS | {"report", "reports", "news", "rumour", "rumours"}
_WHO = frozenset({"who"})
_MAY_OPEN = VERBS_OF_ACTION | {"will", "may"}
_OPENS_CLAUSE = word_set("only too just even never hardly seldom rather still soon always often")
"""Adverbs that, before anything but `that`, belong to what is said: said | only six boats had come."""
_SPANS = word_set("minute hour day week month year decade century")
_AFTER_TIME = PRONOUNS | ARTICLES | {"that", "there"}
_CLAUSES = frozenset({"when", "while"})
_HEARD = 9
"""Tokens before `that` that may tell who heard it, and when."""
_LINKS = frozenset({"of", "about", "and"})
_MAY_BE_PASSED = (
    ADVERBS
    | DAYS
    | DAYTIMES
    | _ADJUNCTS
    | _CLAUSES
    | NUMBERS
    | word_set("late early last out throughout for this next as")
)
"""Words one of which opens all that is passed, but for those in -ly, -ed and -ing; most words are none."""
_AFTER_ADVERB = frozenset({",", "that", "of", "about"})
THAT_WITHIN = 14
"""Tokens between two commas before `that`: announced, without offering evidence, that."""


def past_adjuncts(sentence: Sentence, at: int, kind: Kind) -> int:
    """First token of the reported clause: past the hearer, the day, the place, and `that`."""
    cue_at = at - 1
    if kind is not SAY and at < sentence.end and at not in sentence.quotes:
        at = _past_hearer(sentence, at, narrow=kind is ASK)
    while at < sentence.end and sentence.lows[at] != "that":
        past = _past_one(sentence, at, kind)
        if past == at:
            break
        at = past
    if at < sentence.end and sentence.lows[at] == "that":
        return at + (sentence.after(at) not in TENSED or sentence.after(at) in _MAY_OPEN)
    if kind is SAY and "that" in sentence.lows[at + 1 : min(at + _HEARD, sentence.end)]:
        that = _that_after_hearer(sentence, at, _stem(sentence, cue_at))
        if that is not None and not _is_wish(sentence, at):
            return that + 1
    if at + 1 >= sentence.end:
        return at
    low = sentence.lows[at]
    if low in TOPICS.get(_stem(sentence, cue_at), ()) and sentence.lows[at + 1] not in PREPOSITIONS:
        return at
    return at + (low == "of" or (low == "about" and not _counts(sentence, at + 1)))


def _that_after_hearer(sentence: Sentence, at: int, stem: str) -> int | None:
    """The `that` of what is said behind who heard it, and when: warned | the men on Monday | that."""
    skipped = sentence.lows[at] in ("for", "of", "about")
    that = sentence.tokens.phrase_after(at + skipped, sentence.end)
    while at < that < sentence.end and sentence.lows[that] != "that" and stem in TELLING:
        past = _past_one(sentence, that, SAY)
        if past == that:
            break
        that = past
    if not at < that < min(at + _HEARD, sentence.end) or sentence.lows[that] != "that":
        return None
    if skipped:
        after = sentence.after(that)
        thing = after in VERBS_OF_ACTION or after in AUXILIARIES
        thing = thing or (after.endswith("ed") and sentence.after(that + 1) not in AUXILIARIES)
        return None if thing else that
    timed = (
        sentence.lows[that - 1] in TIMES
        or (sentence.lows[that - 1] in _THAT_NOUNS and stem in _OF_REPORTS)
        or sentence.lows[at] in _ADJUNCTS
        or stem in TELLING
    )
    return that if timed else None


def _stem(sentence: Sentence, at: int) -> str:
    """Stem of the verb at a token, '' if it is none of speech."""
    cue = VERBS.get(sentence.lows[at])
    return "" if cue is None else cue.stem


def _is_wish(sentence: Sentence, at: int) -> bool:
    """Whether an infinitive starts here rather than a hearer: undertook | to take that back."""
    return sentence.lows[at] == "to" and sentence.after(at) not in DETERMINERS and not sentence.tokens.is_name(at + 1)


def _counts(sentence: Sentence, at: int) -> bool:
    """Whether a number starts here: `about | 300 vendors`."""
    return sentence.lows[at][0].isdigit() or sentence.lows[at] in COUNTS or sentence.lows[at] in NUMBERS


def _past_one(sentence: Sentence, at: int, kind: Kind) -> int:
    low = sentence.lows[at]
    if low not in _MAY_BE_PASSED and not low.endswith(("ly", "ed", "ing")):
        return at
    if low == "since" and sentence.after(at + 1) == "that":
        return at + 2
    if _is_adverb(sentence, at):
        return at + 1
    described = kind is TELL and low.endswith(("ed", "ing"))
    lasted = low == "for" and sentence.after(at + 1).removesuffix("s") in _SPANS
    lasted = lasted and _LINKS.isdisjoint(sentence.lows[at + 3 : at + 6])
    if described or lasted or low.endswith("ly") or low in _ADJUNCTS or low in _CLAUSES:
        that = _that_beyond(sentence, at)
        if that is not None:
            return that
    past = _past_time(sentence, at)
    if past > at:
        return past
    if low == "to":
        return _past_addressee(sentence, at)
    if low in _ADJUNCTS and sentence.after(at) not in ("least", "most", "no"):
        end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=kind is ASK)
        return end if end > at + 1 else at
    return at


def _is_adverb(sentence: Sentence, at: int) -> bool:
    """Whether a day or an adverb stands here that tells when and how something was said."""
    low, after = sentence.lows[at], sentence.after(at)
    if (
        low in DAYS
        or (low in DAYTIMES and sentence.lows[at - 1] in DAYS)
        or (low in ("late", "early", "last", "out") and after not in TIMES)
    ):
        return True
    if low == "throughout" or (low.endswith("ly") and low not in NO_ADVERBS):
        return after in _AFTER_ADVERB or (low in ADVERBS and not after.endswith("ing") and after not in ("as", "to"))
    if (
        low not in ADVERBS
        or low in ("here", "there", "now")
        or (low in _OPENS_CLAUSE and after not in _AFTER_ADVERB and after != "for" and after not in QUESTIONS)
    ):
        return False
    return not after.endswith("ing") and after not in ("as", "to")


def _past_time(sentence: Sentence, at: int) -> int:
    """Past a count, a date or a comparison: `three times`, `since 2019`, `this month`, `as late as six o'clock`."""
    low, after = sentence.lows[at], sentence.after(at)
    dated = low in ("this", "next", "later") and after in TIMES
    if (
        (low == "since" and sentence.after(at + 1) == "that")
        or (low in NUMBERS and after == "times")
        or (low == "last" and after in TIMES)
        or (dated and sentence.after(at + 1) in (_AFTER_TIME if low == "this" else THAT))
        or (low in _ADJUNCTS and (after in DAYS or _is_may(sentence, at + 1)))
    ):
        return at + 2
    if low == "as" and sentence.lows[at + 2 : at + 3] == ["as"]:
        return min(at + 4 + (sentence.after(at + 3) == "o'clock"), sentence.end)
    return at


def _is_may(sentence: Sentence, at: int) -> bool:
    """Whether the month stands here, not the verb."""
    return at < sentence.end and sentence.lows[at] == "may" and sentence.tokens.is_name(at)


def _past_addressee(sentence: Sentence, at: int) -> int:
    """Past `to` and who is told: said | to reporters; before what follows him: complained to the union | about."""
    if sentence.after(at) in _HEARERS:
        return at + 2
    if at + 1 >= sentence.end or not (sentence.after(at) in ARTICLES or sentence.tokens.is_name(at + 1)):
        return at
    end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    about = end < sentence.end and sentence.lows[end] == "about" and "that" in sentence.lows[end : sentence.end]
    return end if about else max(at, sentence.tokens.phrase_after(at + 1, sentence.end))


def _that_beyond(sentence: Sentence, at: int) -> int | None:
    """The `that` of what is said, past where and how: said | in a statement posted on its website | that."""
    that = sentence.find(_THAT_OR_STOP, at + 1, min(at + THAT_WITHIN, sentence.end))
    if that is None or sentence.lows[that] != "that" or that + 1 >= sentence.end:
        return None
    if sentence.lows[at] == "to" and sentence.lows[that + 1] in _DIRECTIONS:
        return None
    after = sentence.lows[that + 1]
    relative = after in AUXILIARIES or after in VERBS_OF_ACTION or after.endswith("ed")
    told = any(
        (
            sentence.lows[i] in AUXILIARIES
            and sentence.lows[i] != "being"
            and not _is_may(sentence, i)
            and sentence.lows[at] not in _CLAUSES
        )
        or i in sentence.quotes
        for i in range(at, that)
    )
    return None if relative or told else that


def _past_hearer(sentence: Sentence, at: int, *, narrow: bool) -> int:
    low = sentence.lows[at]
    if low in QUESTIONS or low == "that":
        return at
    if low in _HEARERS and sentence.after(at) not in PREPOSITIONS and sentence.after(at) not in ("and", "or", "who"):
        return at + 1
    end = sentence.tokens.phrase_after(at, sentence.end, narrow=narrow)
    related = sentence.find(_WHO, at + 1, end)
    if related is not None:
        that = sentence.find(THAT, related + 2, end - 1)
        return end if that is None or sentence.lows[that + 1] in AUXILIARIES else that
    if low in OBJECT_FORMS:
        owner = low == "her" and at + 1 < end < sentence.end
        owner = owner and (sentence.lows[end] in ("that", "to") or sentence.lows[end] in PRONOUNS)
        return end if owner else at + 1
    if end < sentence.end and sentence.lows[end] == "and":
        joined = sentence.tokens.phrase_after(end + 1, sentence.end, narrow=narrow)
        end = joined if sentence.lows[joined : joined + 1] == ["that"] else end
    return end
