"""What a verb behind `and` is: more of the reported words, what the speaker did, or another report of his.

What belongs here: verbs that go on with the author's sentence. What does not: all other ends of words (`reach`).
"""

from stance.records import HolderKind
from stance.voices.clauses import Sentence
from stance.voices.cues import (
    ING,
    NAME,
    NUMBERS,
    PARTICLES,
    PAST,
    REPORTS,
    SOUND,
    STEM,
    THIRD,
    TOPICS,
    VERBS,
    VIEW,
    Cue,
    Form,
)
from stance.voices.kinds import kind_of
from stance.voices.senses import NEEDS
from stance.voices.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    DETERMINERS,
    FUTURES,
    MODALS,
    NOBODY,
    OBJECT_FORMS,
    PERFECTS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    STOPS,
    TENSED,
    VERBS_OF_ACTION,
    word_set,
)

PASSIVE_NEXT = word_set("of by for as in")
OBJECTS = DETERMINERS | NOBODY | OBJECT_FORMS
_BEFORE_ACT = word_set("and then has have having")
_FOR = word_set("call appeal")
"""Verbs whose `for` begins what is asked: called | for a halt."""
_OF = word_set("warn complain speak")
"""Verbs whose `of` begins what is said: and | warned of closures."""
SIMPLE_PASTS = word_set(
    """
    went gave took saw knew began sang wrote spoke wore drove rode ate drank swam woke chose froze tore stole broke
    threw grew drew fell flew blew rose rang sank shook came became ran showed
    """
)
"""Pasts that are no participles."""
_THOUGHTS = word_set("believe think hope fear feel expect want wish trust")
_ADVISES = word_set("recommend suggest advise advocate")
_TALES = word_set("remember recall recollect")
"""Verbs that tell what another did: remembered that she tasted everything and | apologised to nobody."""
_NEED_THAT = word_set("find read know")
"""Verbs that before a thing are none of speech: had looked at it and | found no fault."""
_DETAILS = word_set("give elaborate go offer identify provide")
"""Verbs of what a speaker did not do: but | would not go further."""
_DETAILED = word_set("provided gave offered disclosed released named set specified supplied")
_NO_DETAIL = word_set("no few little nothing neither")
"""What, after the first, a speaker left unsaid: confirmed that talks were planned but | provided no details."""
_STATES = word_set("saw knew became began fell grew rose")
"""Pasts of what happens to one, which, after `he had`, are told of him."""
_REFUSED = word_set("declined refused named stopped walked hung sat resigned left withdrew stormed cites cited pointed")
"""Verbs of which, after what somebody says, he is the subject as a rule: and | declined to go further."""
_PASSIVES = word_set("be been being was were is are")
PRESENTS = word_set("let lets gets gives takes makes goes comes put cut")
_AFTER_INFINITIVE = word_set("had has was were is are")
PRESENT = word_set("is are has have will can do does am")
_BESIDE_THING = _AFTER_INFINITIVE | FUTURES
"""Helping verbs that cannot go on with a mere thing: admitted two counts and | was jailed."""


def is_third(sentence: Sentence, at: int) -> bool:
    """Whether a word looks like a present after a noun: `the law | requires one`, `planting | resumes in`."""
    low = sentence.lows[at]
    follows = sentence.after(at) in PREPOSITIONS or sentence.after(at) in OBJECTS or sentence.after(at) in NUMBERS
    return low.endswith("s") and not low.endswith(("ss", "us", "'s")) and follows and low not in DETERMINERS


def is_authors_act(sentence: Sentence, first: int, at: int, verb: int = 0) -> bool:
    """Whether a verb after `and` goes on with what the speaker did: `that it had been found but | gave no details`.

    It does if its tense is not that of the reported clause: `would come and left`, `had lied and wept`; after a simple
    past both may be meant, and the speaker keeps the words. The verb may stand at `verb`, behind a bracket.
    """
    verb = verb or at + 1
    while verb < sentence.end - 1 and (sentence.lows[verb] in ADVERBS or sentence.lows[verb].endswith("ly")):
        verb += 1
    if verb >= sentence.end or verb in sentence.quotes:
        return False
    low = sentence.lows[verb]
    if sentence.lows[at] == "but" and low in AUXILIARIES and sentence.after(verb) == "not":
        return sentence.after(verb + 1) in VERBS or sentence.after(verb + 1) in _DETAILS
    if low in VERBS and verb == at + 1 and _is_thought(sentence, verb, first):
        return False
    if _is_on_him(sentence, first, verb):
        return True
    if low == "hung" and sentence.after(verb) == "up":
        return True
    sure = low in SIMPLE_PASTS or (low in _REFUSED and sentence.after(verb) not in OBJECT_FORMS)
    if low in _DETAILED and sentence.after(verb) in _NO_DETAIL:
        return True
    if low in ("was", "were") and sentence.lows[at - 1] == ",":
        sure = True
    if (sentence.lows[first] == "to" or sentence.lows[first].endswith("ing")) and low in _AFTER_INFINITIVE:
        return True
    if low == "been":
        return PERFECTS.isdisjoint(sentence.lows[first:at])
    if (low in _BESIDE_THING or is_third(sentence, verb)) and _is_thing_said(sentence, first, at, low):
        return True
    if low in PERFECTS:
        told = sentence.find(TENSED, first, at)
        if low == "have" and _teller_form(sentence, first) is STEM and sentence.lows[at - 1] == ",":
            return told is not None and PRESENT.isdisjoint(sentence.lows[first:at])
        if low == "has" and _teller_form(sentence, first) is THIRD:
            return told is not None and PRESENT.isdisjoint(sentence.lows[first:at])
        return low == "had" and told is not None and sentence.lows[told] in FUTURES
    if _is_singular(sentence, first, at, verb):
        return True
    if not (sure or is_act(low)):
        return False
    if _teller_form(sentence, first) in (THIRD, STEM) and _is_past(sentence, verb):
        return False
    if low in PRESENTS or (sentence.after(verb) in STOPS and not sure):
        return False
    return _is_out_of_tense(sentence, first, at, verb, sure=sure)


def _is_out_of_tense(sentence: Sentence, first: int, at: int, verb: int, *, sure: bool) -> bool:
    """Whether a past after `and` cannot go on with the verb of the reported clause: `would come | and left`."""
    low = sentence.lows[verb]
    told = sentence.find(TENSED, first, at)
    if told is None and not sentence.tokens.has_verb(first, at) and _is_bare_object(sentence, first):
        return True
    if told is None and sentence.lows[at - 1] == "," and sentence.tokens.has_verb(first, at):
        return "," not in sentence.lows[first : at - 1]
    if told is None or (low in _STATES and sentence.lows[first] in PRONOUNS):
        return False
    if sentence.lows[at - 1] == ",":
        return "," not in sentence.lows[first : at - 1]
    tense = sentence.lows[told]
    passive = tense in FUTURES or tense in PERFECTS
    if passive and low.endswith("ed") and sentence.after(verb) in OBJECTS and _is_passive(sentence, told, at):
        return True
    if tense in ("was", "were"):
        return (
            _is_thing(sentence, first, told)
            and not _is_past(sentence, told + 1)
            and (sentence.after(verb) in OBJECTS or (low == "offered" and sentence.after(verb) == "to"))
        )
    if any(_is_past(sentence, i) for i in range(told + 1, at)):
        sure = low in SIMPLE_PASTS or (sure and _PASSIVES.isdisjoint(sentence.lows[first:at]))
        return sure and (tense in PERFECTS or tense in FUTURES or tense in BE)
    return sure or tense in FUTURES or tense in ("is", "are")


def is_authors_beyond(sentence: Sentence, first: int, comma: int, closed: int | None) -> bool:
    """Whether the author goes on behind a bracket after `and`: `asked if it was open | and, since it was not, left`."""
    if "i" in sentence.lows[comma : closed or sentence.end]:
        return True
    if closed is None:
        return False
    asked = sentence.lows[first] in QUESTIONS and is_act(sentence.lows[closed + 1])
    return asked or is_authors_act(sentence, first, comma - 1, closed + 1)


def _is_on_him(sentence: Sentence, first: int, verb: int) -> bool:
    """Whether a verb is done to the one told of: `told Nolan that he had used it as a weapon and | banned him`."""
    form = {"he": "him", "they": "them"}.get(sentence.lows[first])
    if form is None or sentence.after(verb) != form or not sentence.lows[verb].endswith("ed"):
        return False
    return (
        sentence.lows[first - 1] == "that" and sentence.lows[first + 1] == "had" and sentence.after(verb + 1) == "from"
    )


def _is_thing_said(sentence: Sentence, first: int, at: int, low: str) -> bool:
    """Whether words are a mere thing that is admitted or denied: admitted | two counts of fraud."""
    if sentence.lows[first] in PRONOUNS or sentence.lows[first - 1] == "that" or sentence.tokens.has_verb(first, at):
        return False
    return _teller_form(sentence, first) in ((PAST, STEM) if low in _BESIDE_THING else (THIRD,))


def _is_singular(sentence: Sentence, first: int, at: int, verb: int) -> bool:
    """Whether a present in -s is one speaker's after words about several: `Rome says parts have fallen and | asks`."""
    low = sentence.lows[verb]
    if not low.endswith("s") or low.endswith(("ss", "us", "'s")) or low in DETERMINERS or low in AUXILIARIES:
        return False
    if _teller_form(sentence, first) is not THIRD or sentence.after(verb) not in OBJECTS:
        return False
    told = sentence.find(TENSED, first, at)
    return told is not None and sentence.lows[told] in ("have", "are", "were")


def _teller_form(sentence: Sentence, first: int) -> Form | None:
    """The form of the verb that reports the words at `first`; None if it does not stand before them."""
    teller = VERBS.get(sentence.lows[first - 1 - (sentence.lows[first - 1] == "that")]) if first else None
    return None if teller is None else teller.form


def _is_passive(sentence: Sentence, first: int, end: int) -> bool:
    """Whether a verb group is passive or says what something is, so that no object can follow `and` with it."""
    return any(sentence.lows[i] in ("be", "been") for i in range(first, min(first + 3, end)))


def _is_bare_object(sentence: Sentence, first: int) -> bool:
    """Whether words are a thing promised, and the past after `and` is its promiser's: promised a loan and | sent."""
    return sentence.lows[first] in DETERMINERS and _teller_form(sentence, first) is PAST


def _is_thing(sentence: Sentence, first: int, end: int) -> bool:
    """Whether the subject of a reported clause is nobody who acts: `said | their demands | were childish`."""
    phrase = sentence.tokens.text[slice(*sentence.chars((first, end)))] if first < end else "he"
    return " " in phrase and kind_of(phrase) is HolderKind.UNKNOWN


def is_act(low: str) -> bool:
    """Whether a word is, by its form, what somebody did or does."""
    return low in VERBS_OF_ACTION or (low.endswith("ed") and len(low) > 4)


def _is_past(sentence: Sentence, at: int) -> bool:
    low = sentence.lows[at]
    return low in VERBS_OF_ACTION or (low.endswith(("ed", "en")) and len(low) > 4) or low in ("been", "was", "were")


def is_new_act(sentence: Sentence, at: int, first: int | None = None) -> bool:
    """Whether a cue verb goes on with the author's sentence here: `and urged calm`, `, adding that`."""
    joined = at
    while at < sentence.end and (sentence.lows[at] in ADVERBS or sentence.lows[at] in _BEFORE_ACT):
        at += 1
    cue = VERBS.get(sentence.lows[at]) if at < sentence.end else None
    if cue is None or (first is not None and _is_thought(sentence, at, first)):
        return False
    joins = cue.form is ING and at == joined and sentence.lows[at - 1] == "and"
    if joins and (
        sentence.lows[at - 2].endswith("ing") or (first is not None and sentence.lows[first].endswith("ing"))
    ):
        return False
    if cue.stem == "point" and cue.form is THIRD and sentence.after(at) == "to":
        return True
    if _lacks(sentence, at, cue):
        return False
    if cue.form is PAST and first is not None and _is_told(sentence, first, joined):
        return False
    after = sentence.after(at)
    if sentence.lows[joined] == "having":
        return cue.kind in REPORTS and at == joined + 1
    if cue.form is PAST and after == "of" and cue.stem in _OF and at == joined:
        return first is not None and not _is_past(sentence, at - 2)
    if (cue.stem == "compare" and after in ("with", "to")) or (cue.stem == "decide" and after == "against"):
        return False
    if cue.form is STEM:
        return first is not None and at == joined and _is_present(sentence, first, at)
    return (
        after not in PASSIVE_NEXT
        or (after == "by" and cue.kind is NAME)
        or (after == "for" and (cue.stem in _FOR or cue.stem == "ask" or "for" in TOPICS.get(cue.stem, ())))
    )


def _lacks(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether a verb lacks what makes it one of speech: its particle, `that`, a quotation, somebody with a view."""
    after = sentence.after(at)
    if (
        (cue.stem == "feel" and after != "that")
        or cue.stem == "show"
        or (cue.kind is VIEW and not sentence.names_public)
    ):
        return True
    if cue.stem in PARTICLES and after not in PARTICLES[cue.stem]:
        return True
    if cue.stem in _NEED_THAT and after != "that":
        return True
    if cue.stem in ("speak", "point") and after not in NEEDS[cue.stem]:
        return True
    return cue.kind is SOUND and not sentence.has_quotes


def _is_thought(sentence: Sentence, at: int, first: int) -> bool:
    """Whether a verb tells what else a speaker says he thinks: `said he was sorry and | hoped for pardon`."""
    cue = VERBS[sentence.lows[at]]
    if cue.form is not PAST or cue.stem not in _THOUGHTS or sentence.lows[first] not in PRONOUNS:
        return False
    that = sentence.lows[first - 1] == "that" and first - 2 > sentence.low and sentence.lows[first - 2] not in VERBS
    return sentence.lows[at - 1] in ("and", "but") and (that or _teller_form(sentence, first) is PAST)


def _is_told(sentence: Sentence, first: int, at: int) -> bool:
    """Whether a past after `and` goes on with what is told: `writes that he told them to go and | asked for tea`."""
    before = first - 1 - (sentence.lows[first - 1] == "that")
    teller = VERBS.get(sentence.lows[before])
    if teller is not None and teller.stem in _TALES and sentence.lows[first] in PRONOUNS:
        return True
    if teller is None or teller.form not in (THIRD, STEM):
        return False
    told = (VERBS.get(low) for low in sentence.lows[first:at])
    return any(cue is not None and cue.form is PAST and cue.kind in REPORTS for cue in told)


def _is_present(sentence: Sentence, first: int, at: int) -> bool:
    """Whether a bare verb after `and` can only be the speakers': `They say it came late and | describe it as ...`."""
    after = sentence.after(at)
    if after.endswith("ing") and VERBS[sentence.lows[at]].stem in _ADVISES:
        return True
    if after not in OBJECTS and after not in PRONOUNS and after not in QUESTIONS and after != "that":
        return False
    told = sentence.find(TENSED, first, at)
    if told is None:
        return not sentence.tokens.has_verb(first, at) and sentence.lows[first] != "to"
    return sentence.lows[told] not in MODALS and sentence.lows[told] not in ("are", "were", "have")
