"""Whether a form of a cue verb is one of speech where it stands, and not a noun, another sense or something unsaid.

What belongs here: refusals of verbs. What does not: who the subject of a verb of speech is (`verbs`).
"""

from stance.voices.clauses import Sentence
from stance.voices.cues import (
    ASK,
    FINITE,
    ING,
    JUDGE,
    NAME,
    NOUN_STEMS,
    NOUNS_TOO,
    NUMBERS,
    PARTICLES,
    PAST,
    REPORTS,
    SAY,
    SHARES,
    STEM,
    TELL,
    THIRD,
    TOPICS,
    VERBS,
    Cue,
)
from stance.voices.kinds import is_person_noun
from stance.voices.needs import NEEDS as NEEDS
from stance.voices.needs import has_need
from stance.voices.words import (
    AUXILIARIES,
    BE,
    DAYS,
    DETERMINERS,
    MODALS,
    OBJECT_PRONOUNS,
    POSSESSIVE,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    RELATIVES,
    STOPS,
    TENSED,
    VERBS_OF_ACTION,
    word_set,
)

_OPEN_QUESTION = word_set("whether if why how what who where when which")
_SUBJECTS = word_set("one some many all both most few several another others")
"""Determiners that may be a subject by themselves: some said."""
_TENS = word_set("ten twenty hundred")
_SEVERAL = word_set("some many most both few several others")
_STATES = word_set("member gulf baltic swing coastal federal arab nation island southern northern eastern western")
_VOTERS = word_set("voters parliament senate deputies lawmakers shareholders court judge judges jury jurors")
"""Those who reject by a vote or a ruling."""
_FORECASTERS = word_set("economists analysts markets traders investors forecasters pollsters bookmakers experts")
_CASTING = word_set("casting raising voicing expressing")
_UNREAL_WITHIN = 14
"""Tokens before an infinitive in which what makes it unreal is looked for."""
_BECOMES = word_set("become becomes became")
_ORDINALS = word_set("first second third fourth fifth latest")
_NO_SLAMS = word_set("into on shut against down through")
_LIKENED = word_set("to with as")
_SOURCES = word_set("""
    data figures documents document records statistics minutes survey surveys poll polls study results emails report
    reports images pictures footage inventory audit contracts letters letter analysis tests test accounts filings files
    measurements trial review census research paper investigation
    """)
"""What shows that something is so."""
_ABLE = word_set("can cannot could can't couldn't")
_NO_SPEECH = {"report": ("until", "to", "for"), "answer": ("for", "to")}
"""Words after which the bare verb is none of speech: will not report until, would answer for it."""
_OR_NOT = ["it", "or", "not"]
_TO_BE = (["to", "be"], ["to", "have"])
_DUTY = word_set("should must ought")
_NEGATIONS = word_set("not never cannot")
_NEAR = 8
_SHOWN = 12
"""Tokens before `show` in which its source is looked for."""
_UNDONE = word_set("cannot could should would might must may")
"""Words before `have` with which nothing was said: cannot have expected, should have told."""
_NOTS = frozenset({"not", "never"})
_SELDOM = word_set("never rarely seldom hardly")
_BEFORE_NO_ING = word_set("most more stopped stops")
_REFUSING = DETERMINERS | BE | _CASTING | _NEGATIONS | _SELDOM | _BEFORE_NO_ING | {"such", "whose", "have"}
"""Words one of which stands before all that `_is_refused` refuses."""
_ATTITUDES = word_set("think believe expect hope fear agree accept doubt remember know realise realize recommend")
"""Verbs that, denied, still tell what somebody thinks."""
_UNREAL = word_set("""
    not never refused declined failed unable tried want wanted wants hoped hopes plans planned able would could should
    might will may must forced if loss
    """)
"""Words beside which an infinitive says nothing yet."""
_ADJECTIVES = ("est", "ful", "ous", "ive", "less", "ish", "ical")
_WISHES = frozenset({"wanted", "wished", "wants", "wishes"})
_RESOLVED = word_set("voted vote votes wanted want wants wish wished agreed resolved")
_BEFORE_INFINITIVE = word_set(
    """
    used liked likes like loves loved prefers prefer preferred began continued written wrote rang came went goes rose
    hastened rushed hurried dared dares bothered chose chooses managed ventured proceeded quick eager keen happy glad
    proud careful free first last only nerve courage grace wont pains far stood stopped
    forced obliged compelled paused returned taken pleased
    """
)
"""Words before an infinitive that is done: used to say, went so far as to call, had the nerve to ask."""
_BEFORE_GERUND = word_set(
    """
    tires tire tired insists insisted insist persists persisted persist began begins ended ends opened opens started
    finished closed concluded taken took takes resorted resorts stopped succeeded joined joins united fond habit
    """
)
"""Words before a preposition and an -ing form that is done: never tires of saying, began by thanking."""
_OBJECTS = DETERMINERS | OBJECT_PRONOUNS | {"at"}
_PLURALS = word_set(
    "staff couple pair people men women children police media some many most few several others both all"
)
_SPEAKERS = word_set("he she they")
_ASIDE = 5
"""Tokens before `think of` in which `what` makes it a question."""
_HEARING = frozenset({ASK, TELL, NAME, JUDGE})
"""Kinds of verbs whose participle may describe who hears, is named or judged: The clinics, promised | a doctor, are."""
_ASKED = _OPEN_QUESTION | {"about", "by"}
_CALLED = word_set(
    "witness witnesses strike strikes meeting vote election elections referendum rally protest session summit police "
    "conference"
)
"""Things that are called without being given a name."""
_NOT_CALLED = PREPOSITIONS - {"for", "on"}
_CALLED_FOR = word_set("bill waiter taxi ambulance drink coat hat doctor car")
"""Things that are called for where they are wanted: called for | the bill."""
_CLAIMED = word_set("responsibility credit")
"""What is claimed by an act, not by words about it."""
_REFLEXIVES = word_set("itself himself herself themselves")
_CALLED_PARTICLES = word_set("off in up out back at")
_ANONYMITY = word_set("comment anonymity withheld named identified anonymous")
_TALES = word_set("story stories tale tales truth lie lies joke jokes time difference")
_RUNG = word_set("at from back over up yesterday")
_LIKENING = word_set("describe portray depict characterise characterize")
_LIKENERS = word_set("as how terms words")
"""Words without which the verbs before tell of a thing, not what somebody thinks of it: described his year."""
_ODD = (
    word_set("slam declare beg dismiss reject show claim inquire enquire call thank compare think ask say insist begin")
    | word_set("tell plead")
    | NEEDS.keys()
    | PARTICLES.keys()
    | _LIKENING
)
"""Stems with other senses besides that of speech."""


def is_gerund(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether the cue stands in `never tires of saying`, `began by thanking`."""
    if cue.form is not ING or at - 2 <= sentence.low or sentence.lows[at - 1] not in PREPOSITIONS:
        return False
    return sentence.lows[at - 2] in _BEFORE_GERUND


def is_none(sentence: Sentence, at: int, cue: Cue, floor: int) -> bool:
    """Whether the form is no verb of speech here: `his report`, `the accused`, `a demand for`, `read two pages`."""
    lows, form = sentence.lows, cue.form
    before = lows[at - 1] if at > floor else ""
    if before in _REFUSING and _is_refused(sentence, at, cue, floor):
        return True
    if form is STEM:
        if _is_unsaid(sentence, at, cue) or (cue.stem in NOUNS_TOO and _is_singular(sentence, at, floor)):
            return True
        if cue.stem == "say" and lows[max(floor, at - 2) : at] == ["is", "to"]:
            return True
        if cue.stem == "advocate" and floor < at < sentence.end - 1 and sentence.tokens.is_name(at + 1):
            return True
    elif sentence.after(at) in _OPEN_QUESTION and _is_unsaid(sentence, at, cue):
        return True
    if form is PAST and cue.kind is TELL and sentence.after(at) in ("on", "about") and before not in AUXILIARIES:
        return cue.stem == "brief"
    denied = before in _NOTS or (at - 2 >= floor and lows[at - 2] in _NOTS)
    if denied and cue.kind in REPORTS and _is_negated(sentence, cue):
        return True
    if cue.stem in _ODD and _has_other_sense(sentence, at, cue, floor):
        return True
    if form is PAST:
        return before == "," and cue.kind in _HEARING and _is_asked(sentence, at, cue, floor)
    if form is ING and is_gerund(sentence, at, cue):
        return False
    if form is STEM and (is_infinitive(sentence, at, cue) or is_purpose(sentence, at, cue)):
        return False
    if before in PREPOSITIONS or before.endswith(POSSESSIVE):
        return not is_means(sentence, at, cue)
    if form is ING:
        opens = at == sentence.low and cue.kind in (JUDGE, NAME) and "," in lows[at : sentence.high]
        opens = opens or (cue.kind in REPORTS and bool(sentence.acts) and sentence.quote_before(at) is not None)
        return (at == floor and not opens) or sentence.after(at) == "than"
    return _is_noun(sentence, at, cue, floor)


def _is_refused(sentence: Sentence, at: int, cue: Cue, floor: int) -> bool:
    """Whether the word before tells that no verb of speech follows: `such | claims`, `could have | said`."""
    lows = sentence.lows
    before = lows[at - 1]
    if before in DETERMINERS and not _is_subject(sentence, at, cue, before):
        counted = (before in NUMBERS or before in _TENS) and (
            lows[at - 2] in ("in", "of") or (at - 2 >= sentence.low and lows[at - 2] == "and")
        )
        if not counted:
            return True
    if (cue.form is STEM and before in BE) or before == "such":
        return True
    if cue.form in (STEM, THIRD) and cue.stem in NOUNS_TOO and (before == "whose" or before in _CASTING):
        return True
    if before == "have" and at - 2 > floor and (lows[at - 2] in _UNDONE or lows[at - 3] in _UNDONE):
        return True
    if cue.stem == "speak" and before in _SELDOM:
        return True
    return (cue.stem == "name" and before in _NEGATIONS) or (cue.form is ING and before in _BEFORE_NO_ING)


def _is_singular(sentence: Sentence, at: int, floor: int) -> bool:
    """Whether a bare form ends a phrase that `a` opens, two words or more before it: `a dim brown | object`."""
    for i in range(at - 1, max(floor - 1, at - 4), -1):
        if sentence.lows[i] in ("a", "an"):
            return i < at - 1
        if not sentence.tokens.is_nounlike(i) or sentence.lows[i] in DETERMINERS or sentence.lows[i].endswith("s"):
            return False
    return False


def _is_subject(sentence: Sentence, at: int, cue: Cue, before: str) -> bool:
    """Whether a determiner is all that the subject is: `some | said`, `many | fear that`."""
    if cue.form is not STEM:
        return before in _SUBJECTS or (
            before in NUMBERS and at > 1 and sentence.lows[at - 2] in ("all", "the", "other")
        )
    after = sentence.after(at)
    if before in NUMBERS:
        return at - 1 == sentence.floor(at) or sentence.lows[at - 2] in ("all", "the", "other", ",", "and")
    return before in _SEVERAL and (cue.stem not in NOUN_STEMS or after == "that" or after in DETERMINERS)


def _has_other_sense(sentence: Sentence, at: int, cue: Cue, floor: int) -> bool:
    """Whether a verb of several senses has none of speech here: `paid the band`, `called a strike`, `said to be`."""
    stem, after = cue.stem, sentence.after(at)
    if stem == "say":
        return cue.form is PAST and sentence.lows[at + 1 : at + 3] in _TO_BE
    if stem in PARTICLES:
        if stem == "refer" and cue.form is PAST and sentence.lows[at - 1] == "," and sentence.after(at + 1) == "as":
            return True
        return after not in PARTICLES[stem] or (stem == "refer" and "as" not in sentence.lows[at : sentence.end])
    if stem == "claim":
        return after in _CLAIMED
    if stem in NEEDS:
        if stem == "expect" and not _forecasts(sentence, at, cue, floor):
            return True
        unshown = stem == "show" and _SOURCES.isdisjoint(sentence.lows[max(floor, at - _SHOWN) : at])
        return unshown or not has_need(sentence, at, stem, floor)
    if stem in _LIKENING:
        return not (sentence.has_quotes or _likens(sentence, at))
    if stem == "call":
        return _is_no_naming(sentence, at)
    if stem == "tell":
        return _is_tale(sentence, at)
    if stem == "plead":
        return after == "guilty" or sentence.lows[at + 1 : at + 3] == ["not", "guilty"]
    if stem == "thank":
        return (cue.form is THIRD and after == "to") or (cue.form is STEM and after == "you")
    if stem == "slam":
        return after in _NO_SLAMS
    if stem == "declare":
        return after in _REFLEXIVES and sentence.after(at + 1) == "in"
    if stem == "compare":
        if after in ("with", "to"):
            return "which" not in sentence.lows[floor:at]
        return not sentence.has_quotes and _LIKENED.isdisjoint(sentence.lows[at + 2 : sentence.end])
    if stem == "beg":
        return sentence.lows[at + 1 : at + 3] == ["to", "differ"]
    if stem == "reject":
        return not (_VOTERS.isdisjoint(sentence.lows[max(floor, at - 5) : at]) or sentence.has_quotes)
    if stem == "dismiss":
        return _sacks(sentence, at)
    if stem == "think":
        if after == "of" and cue.form is PAST and not BE.isdisjoint(sentence.lows[max(floor, at - 2) : at]):
            return True
        return after == "of" and "what" in sentence.lows[max(floor, at - _ASIDE) : at]
    if stem == "ask" and sentence.lows[at + 1 : at + 3] == ["to", "be"]:
        return sentence.after(at + 2) in ("called", "named", "identified", "known")
    if stem == "ask" and sentence.after(at) == "that":
        return "name" in sentence.lows[at + 2 : at + 5] and "not" in sentence.lows[at + 2 : at + _NEAR]
    if stem == "ask" and sentence.after(at) == "for":
        return not _ANONYMITY.isdisjoint(sentence.lows[at + 2 : at + _NEAR])
    if stem == "inquire" or stem == "enquire":
        return after == "into"
    if stem == "ask":
        return False
    gerund = VERBS.get(sentence.lows[at + 2]) if at + 2 < sentence.end else None
    return gerund is not None and is_gerund(sentence, at + 2, gerund)


def _forecasts(sentence: Sentence, at: int, cue: Cue, floor: int) -> bool:
    """Whether a thing is expected now or by those whose trade it is: `She expects | a cut`, `Traders expected | a`."""
    clause = {"that", "to"} & set(sentence.lows[at + 1 : min(at + 6, sentence.end)])
    first = sentence.tokens.skip_back(at, floor)
    present = cue.form is THIRD or (cue.form is STEM and first > floor and sentence.lows[first - 1].endswith("s"))
    return bool(clause) or present or is_forecast(sentence, floor, at)


def is_forecast(sentence: Sentence, first: int, at: int) -> bool:
    """Whether those whose trade it is to forecast are named in a clause: `economists | now see two cuts`."""
    return not _FORECASTERS.isdisjoint(sentence.lows[first:at])


def _sacks(sentence: Sentence, at: int) -> bool:
    """Whether somebody loses his post: `dismissed | an apprentice for whistling`."""
    end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    return sentence.lows[end : end + 1] == ["for"] and "as" not in sentence.lows[at : sentence.end]


def _is_tale(sentence: Sentence, at: int) -> bool:
    """Whether a thing is told and nobody hears it: `told a different story`, `tells lies`."""
    if sentence.after(at) in ("it", "differently", "apart"):
        return sentence.after(at + 1) != "that" and sentence.lows[sentence.floor(at)] != "as"
    if _TALES.isdisjoint(sentence.lows[at + 1 : sentence.end]):
        return False
    end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    if end == at + 1 or sentence.tokens.is_name(end - 1):
        return False
    return sentence.lows[end - 1] in _TALES and sentence.lows[end : end + 1] != ["that"]


def _is_asked(sentence: Sentence, at: int, cue: Cue, floor: int) -> bool:
    """Whether somebody is asked rather than asking: `The mayor, asked whether he would stay, | said`."""
    comma = sentence.find(",", at, sentence.end)
    if comma is None or "by" in sentence.lows[at:comma]:
        return False
    low = sentence.after(comma)
    verb = VERBS.get(low)
    if verb is not None and cue.kind is ASK and sentence.after(at) in _ASKED:
        return True
    finite = low in TENSED or (low.endswith("ed") and len(low) > 4) or (verb is not None and verb.form is PAST)
    return finite and "," not in sentence.lows[floor : at - 1] and not sentence.tokens.has_verb(floor, at - 1)


def _is_no_naming(sentence: Sentence, at: int) -> bool:
    """Whether nobody is given a name: `called him at four in the morning`, `which had called the strike, ...`."""
    if sentence.after(at) in _REFLEXIVES:
        return not sentence.has_quotes
    by = sentence.after(at) == "by"
    if sentence.after(at) in _CALLED_PARTICLES or (by and (sentence.lows[at - 1] == "," or not sentence.has_quotes)):
        return True
    if sentence.after(at) == "for":
        end = sentence.tokens.phrase_after(at + 2, sentence.end, narrow=True)
        return sentence.lows[end - 1] in _CALLED_FOR
    if sentence.has_quotes:
        return False
    if at + 2 >= sentence.end or sentence.lows[at + 2] in STOPS:
        return at + 1 < sentence.end and sentence.tokens.is_name(at + 1)
    alone = sentence.after(at) in OBJECT_PRONOUNS
    end = at + 2 if alone else sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    if not at + 1 < end:
        return False
    if sentence.lows[end - 1] in _CALLED:
        return sentence.lows[at + 1] in DETERMINERS and (end >= sentence.end or not sentence.tokens.is_nounlike(end))
    if end >= sentence.end:
        related = not RELATIVES.isdisjoint(sentence.lows[sentence.floor(at) : at])
        return sentence.lows[at + 1] in ("a", "an") and not related and "what" not in sentence.lows[sentence.low : at]
    if sentence.lows[end] == "to":
        return sentence.after(end) in DETERMINERS
    beyond = sentence.lows[end] in _RUNG or sentence.lows[end] in AUXILIARIES
    return beyond or sentence.lows[end : end + 2] in (["by", "its"], ["by", "their"])


def _likens(sentence: Sentence, at: int) -> bool:
    """Whether more is told than a thing: `described it as`, `described looters arriving`; not `described his year`."""
    rest = sentence.lows[at + 1 : sentence.end]
    return not _LIKENERS.isdisjoint(rest) or any(low.endswith("ing") for low in rest[:_NEAR])


def _is_negated(sentence: Sentence, cue: Cue) -> bool:
    """Whether what is denied is unsaid: `has not confirmed that`; not `does not believe that`, which is a view."""
    return cue.stem not in _ATTITUDES and not sentence.has_quotes


def _is_unsaid(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether nothing is said: `did not say whether`, `cannot tell one from the other`, `believe it or not`."""
    before = sentence.lows[max(sentence.low, at - 3) : at]
    near = sentence.lows[at + 1 : at + 4]
    if cue.stem == "tell" and not _ABLE.isdisjoint(before) and "that" not in sentence.lows[at : at + _NEAR]:
        return not sentence.has_quotes
    if cue.kind in REPORTS and before and before[-1] in ("may", "might"):
        return True
    if not (_DUTY.isdisjoint(before) or sentence.has_quotes) or sentence.lows[sentence.low] == "let":
        return True
    if not near:
        return False
    if near == _OR_NOT or near[0] in _NO_SPEECH.get(cue.stem, ()):
        return True
    if near[0] not in _OPEN_QUESTION:
        return False
    return not _NEGATIONS.isdisjoint(before) or not _ABLE.isdisjoint(before[-1:])


def is_infinitive(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether the cue stands in `used to say`, `has written to say`, `wanted to know`."""
    if cue.form is not STEM or at - 2 <= sentence.low or sentence.lows[at - 1] != "to":
        return False
    if cue.kind is JUDGE and sentence.lows[at - 2] in _RESOLVED:
        return True
    if sentence.lows[at - 2] == "as" and sentence.lows[at - 3] == "far":
        return cue.stem != "know"
    near = sentence.lows[max(sentence.low, at - _UNREAL_WITHIN) : at - 1]
    if cue.kind is SAY and not (_ORDINALS.isdisjoint(near) or _BECOMES.isdisjoint(near)):
        return True
    return sentence.lows[at - 2] in (_WISHES if cue.stem == "know" else _BEFORE_INFINITIVE)


def is_purpose(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether somebody does something in order to say: `summoned the envoy to tell him that`, not `refused to say`."""
    if cue.form is not STEM or cue.kind not in REPORTS or sentence.lows[at - 1] != "to":
        return False
    told = "that" in sentence.lows[at + 1 : at + 6] or (cue.stem == "say" and sentence.after(at) in _SPEAKERS)
    if cue.kind is ASK:
        before = sentence.lows[at - 2]
        told = cue.stem == "ask" and sentence.after(at) in QUESTIONS
        told = told and (before in DAYS or (sentence.tokens.is_nounlike(at - 2) and not before.endswith("ed")))
    if not told or not _UNREAL.isdisjoint(sentence.lows[max(sentence.low, at - _UNREAL_WITHIN) : at]):
        return False
    floor = sentence.floor(at)
    acts = sentence.tokens.has_verb(floor, at - 1) or "used" in sentence.lows[floor + 1 : at - 2]
    return sentence.lows[floor] != "it" and acts


def is_means(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether somebody does something by saying: `courted controversy by | saying that`."""
    if cue.form is not ING or sentence.lows[at - 1] != "by":
        return False
    if cue.stem == "call" and sentence.after(at) == "for":
        return at - 1 > sentence.low
    if cue.kind not in (SAY, TELL):
        return False
    return at - 1 > sentence.low and sentence.after(at) == "that"


def _is_noun(sentence: Sentence, at: int, cue: Cue, floor: int) -> bool:
    """Whether a stem or -s form is a noun: `its claims were`, `the report of`."""
    after = sentence.after(at)
    follower = VERBS.get(after)
    noun = cue.form is THIRD and sentence.lows[at] not in FINITE
    if noun and at - 1 > floor and sentence.lows[at - 2] not in DETERMINERS and sentence.lows[at - 2] not in BE:
        before = sentence.lows[at - 1]
        before = sentence.lows[at - 2] if before[0].isdigit() else before
        if before in VERBS_OF_ACTION or (before.endswith("ed") and not sentence.tokens.is_name(at - 1)):
            return True
    if cue.form is THIRD and cue.stem == "state" and at > floor and _counts_states(sentence.lows[at - 1]):
        return True
    if after in MODALS and after != "to" and cue.stem in NOUNS_TOO and sentence.lows[at] not in FINITE:
        return True
    if (
        (after in BE and (after != "being" or noun))
        or after in ("has", "have", "had")
        or (follower is not None and follower.form is PAST)
    ):
        return True
    if cue.stem in NOUN_STEMS:
        if cue.form is THIRD and at - 1 > floor and sentence.lows[at - 1] in ("aside", "away", "off"):
            return True
        if at > floor and sentence.lows[at - 1].endswith(_ADJECTIVES) and not is_person_noun(sentence.lows[at - 1]):
            return True
        topical = cue.form is STEM and after in TOPICS.get(cue.stem, ()) and _is_plural(sentence, at, floor)
        if (after in ("of", "by", "from", "against") and not topical) or (cue.stem == "call" and after in _NOT_CALLED):
            return True
        if cue.form is THIRD and _is_governed(sentence, at, floor):
            return True
        if cue.form is STEM:
            first = sentence.tokens.skip_back(at, floor)
            bare = first == at and at > floor and sentence.lows[at - 1] not in PRONOUNS
            if after != "that" or (bare and not sentence.is_group(at - 1)):
                return not (_is_plural(sentence, first, floor) or _has_plural_head(sentence, at, first, floor))
    if at == sentence.low and cue.form is THIRD and cue.kind is SAY:
        return cue.stem in NOUN_STEMS
    return at == floor and sentence.quote_before(floor) is None


def _counts_states(low: str) -> bool:
    """Whether countries or provinces follow rather than a verb: `member | states`, `27 | states`."""
    return low in _STATES or _counts(low)


def _counts(low: str) -> bool:
    """Whether a word is a number: 27, seven, ninety-nine."""
    return low[0].isdigit() or low in NUMBERS or low.endswith(("teen", "ty")) or low.rpartition("-")[2] in NUMBERS


def _is_governed(sentence: Sentence, at: int, floor: int) -> bool:
    """Whether the words before an -s form are an object and it their head: `took a ministry's telephone | calls`."""
    start = sentence.tokens.phrase_before(at, floor)
    if start is None or start == floor:
        return False
    return sentence.lows[start - 1] in VERBS_OF_ACTION or (start - 1 == floor and sentence.lows[floor] in PREPOSITIONS)


def _has_plural_head(sentence: Sentence, at: int, first: int, floor: int) -> bool:
    """Whether several speak though the word before the verb is one thing: `Lawyers for the family | report nine`."""
    after = sentence.after(at)
    acts = after == "to" and at + 2 < sentence.end and sentence.lows[at + 2] not in DETERMINERS
    if not (
        acts
        or after in _OBJECTS
        or after in TOPICS.get(VERBS[sentence.lows[at]].stem, ())
        or after == "that"
        or after[:1].isdigit()
    ):
        return False
    start = sentence.tokens.phrase_before(first, floor)
    link = None if start is None else sentence.find(PREPOSITIONS, start, first)
    return link is not None and link > floor and sentence.lows[link - 1].endswith("s")


def _is_plural(sentence: Sentence, first: int, floor: int) -> bool:
    if first == floor:
        return sentence.quote_before(floor) is not None
    before = sentence.lows[first - 1]
    if first - 1 > floor and sentence.lows[first - 2] in ("who", "which", "that"):
        return False
    plural = before.endswith("s") and not before.endswith("'s")
    plural = plural or not SHARES.isdisjoint(sentence.lows[floor:first])
    if before == ",":
        opened = next((at for at in range(first - 2, floor, -1) if sentence.lows[at] == ","), None)
        return opened is not None and sentence.lows[opened - 1].endswith("s")
    told = VERBS.get(sentence.lows[sentence.acts[-1].at]) if before == "and" and sentence.acts else None
    if told is not None and told.form is STEM:
        return True
    plural = plural or (before in NUMBERS and before not in ("one", "half", "majority"))
    return plural or before in ("they", "who", "that") or before in _PLURALS
