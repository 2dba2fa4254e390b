"""How far reported words reach: from the cue over hearer and date to where the author's own sentence goes on.

What belongs here: the words of a cue whose speaker is known. What does not: finding cues and speakers.
"""

from stance.records import HolderKind
from stance.voices.clauses import Range, Sentence
from stance.voices.cues import (
    ASK,
    FINITE_AFTER_PLURAL,
    ING,
    MESSAGES,
    NAME,
    NOUNS,
    NUMBERS,
    PARTICLES,
    PAST,
    REPORTS,
    SAY,
    SOUND,
    STEM,
    TELL,
    THIRD,
    TOPICS,
    VENUES,
    VERBS,
    VIEW,
    Kind,
)
from stance.voices.kinds import kind_of
from stance.voices.words import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BE,
    COORDINATORS,
    COUNTS,
    DAYS,
    DETERMINERS,
    MODALS,
    NO_ADVERBS,
    NOBODY,
    PREPOSITIONS,
    PRONOUNS,
    QUALITIES,
    RELATIVES,
    STOPS,
    SUBORDINATORS,
    TIMES,
    VERBS_OF_ACTION,
    word_set,
)

CLAUSE_ENDS = word_set("""
    but although though while whereas yet which who whose whom citing because let
    according pointing referring alluding quoting prompting adding
    """)
"""Words after a comma with which the author takes over again."""
OBJECT_ENDS = CLAUSE_ENDS | word_set("and when after as where to in at on before until")
"""The same after what somebody is praised or blamed for."""
PASSIVE_NEXT = word_set("of by for as in")
QUESTIONS = word_set("whether if why how what who where when which whose")
_ADJUNCTS = word_set("in at on to by from before after during through over outside inside into under without with")
_OBJECT_PRONOUNS = word_set("me us him them her it you")
_WHEN_AND_WHERE = DAYS | VENUES | {"days", "weeks", "months", "years"}
_PARTICLES = word_set("against at out on to tribute praise scorn contempt upon")
_TOPIC_WITHIN = 10
"""Tokens after a verb in which the preposition that it takes is looked for."""
_TOPIC_STOPS = STOPS | COORDINATORS | SUBORDINATORS
_CLAUSE_OPENERS = word_set("that to whether how why")
_COLON_WITHIN = 5
"""Tokens after a verb in which a colon opens what is said: said the same thing: ..."""
_ABOUT = word_set("worry")
_HARD_STOPS = STOPS - {",", ":"}
_LEARN = word_set("know hear learn")
_NO_INFINITIVE = word_set("agree hope expect fear decide think remember accept add believe read write report find")
"""Verbs whose infinitive is an act, a plan or a feeling rather than words: agreed | to meet."""
NO_OBJECTS = word_set(
    "announce repeat reiterate answer explain write recall recount relate reply respond add submit propose believe"
)
"""Verbs whose object is a thing or an act rather than words: announced | her departure."""
_DISPUTES = word_set("dispute deny confirm refute rebut contest repeat reiterate")
_OF_REPORTS = _DISPUTES | word_set("acknowledge admit report discount echo")
_THAT_OR_STOP = STOPS | {"that", "to"} | RELATIVES
_AS_WITHIN = 8
"""Tokens of an object after which `as` is looked for: recalled | her as a tireless writer."""
_LIKE_PREPOSITIONS = word_set("within amid amidst despite during alongside")
_TEMPORAL = SUBORDINATORS - {"if", "because", "although"}
_NOTHING = word_set("it this that so not worse better otherwise differently again nothing little much something")
_SAME = (
    ["the", "same"],
    ["as", "much"],
    ["no", "more"],
    ["a", "word"],
    ["not", "a"],
    ["very", "little"],
    ["as", "well"],
)
_HEARERS = word_set("reporters journalists me us")
_MODALS = word_set("would will could can should must may might has have had not that there")
_GOES_ON_SPEAKING = PREPOSITIONS | DETERMINERS | PRONOUNS | RELATIVES | BE | _MODALS
_HELPERS = BE | _MODALS
_NO_CLAUSE = BE | STOPS | PREPOSITIONS
_SO_MANY = DETERMINERS | {"many", "much", "that"}
_OBJECTS = DETERMINERS | NOBODY | _OBJECT_PRONOUNS
_FINITE = word_set("is was were are has have does did went met could came")
_NO_OPENERS = word_set("over with on against through between")
"""Prepositions after which a verb of speech tells of a topic or a partner, not what was said: argued over the bill."""
_AUTHORS = (
    ["even", "though"],
    ["to", "the"],
    ["only", "to"],
    ["in", "what"],
    ["in", "an"],
    ["without", "mentioning"],
    ["without", "saying"],
    ["without", "giving"],
    ["without", "elaborating"],
    ["without", "offering"],
    ["without", "naming"],
)
"""Pairs of words after a comma with which the author takes over again."""
_FAR_THAT = 30
"""The same after a hearer who is described: told Winston Carew, 64, who drove an ambulance, that."""
_STRETCHES = word_set("minute hour day week month year moment")
_REMARKS = (
    NOUNS
    | MESSAGES
    | word_set("""
    move offer decision step figure feat schedule plan practice tactic policy admission reference sign charge gesture
    phrase word label term comparison
    """)
)
"""Nouns with which the author names what was said or done: a decision that ..."""
_GOES_BACK = 8
"""Tokens before `and` in which a participle that goes on is looked for: for having come and | signed."""
_NO_OBJECT = COORDINATORS | {"when"} | NOBODY - {"none", "neither"}
_PAUSES = frozenset({",", "and", "but", ";", "—", "–"})
"""Tokens at which reported words may end."""
_BEFORE_ACT = word_set("and then has have")
_OF_NOTHING = word_set("that of about to beyond on")
_FOR = word_set("call appeal")
"""Verbs whose `for` begins what is asked: called | for a halt."""
_REFUSALS = word_set("reject repudiate endorse echo dismiss")
_NO_REPORTS = word_set("proposal proposals idea notion verdict ruling line point case position")
"""Nouns of speech that name a thing as often as words."""
_THAT_NOUNS = NOUNS | {"report", "reports", "news", "rumour", "rumours"}
_IS = frozenset({"is", "was", "are", "were"})
_AFTER_ADVERB = frozenset({",", "that", "of", "about"})
_RELATIVE = RELATIVES - {"that"}
_SIMPLE_PASTS = word_set(
    """
    went gave took saw knew began sang wrote spoke wore drove rode ate drank swam woke chose froze tore stole broke
    threw grew drew fell flew blew rose rang sank shook came became ran
    """
)
"""Pasts that are no participles."""
_NOW = word_set("is are has have")
_THEN = word_set("was were had would could")
_NEED_THAT = word_set("find read know")
"""Verbs that before a thing are none of speech: had looked at it and | found no fault."""
_NO_HEARERS = NOBODY | {"not"}
_DETAILS = word_set("give elaborate go offer identify provide")
"""Verbs of what a speaker did not do: but | would not go further."""
_STATES = word_set("saw knew became began fell grew rose")
"""Pasts of what happens to one, which, after `he had`, are told of him."""
_REFUSED = word_set("declined refused named stopped walked hung sat resigned left withdrew stormed cites cited pointed")
"""Verbs of which, after what somebody says, he is the subject as a rule: and | declined to go further."""
_PASSIVES = word_set("be been being was were is are")
_PRESENTS = word_set("let lets gets gives takes makes goes comes put cut")
_FUTURES = MODALS - {"shall", "to"}
_PERFECTS = word_set("has have had")
_TENSED = AUXILIARIES - word_set("not cannot be been being having") | VERBS_OF_ACTION
_THAT_WITHIN = 14
"""Tokens between two commas before `that`: announced, without offering evidence, that."""


def reported_clause(sentence: Sentence, at: int, who: Range, kind: Kind) -> list[Range]:
    """The words that the verb at `at` reports: after it, before the speaker, or on both sides of them."""
    stem = VERBS[sentence.lows[at]].stem
    if kind is not SAY and sentence.after(at) in _NO_HEARERS:
        return []
    topic = _topic(sentence, at, TOPICS[stem]) if stem in TOPICS else None
    if topic is not None and sentence.lows[topic + 1] in _OBJECT_PRONOUNS and topic + 2 >= sentence.end:
        return []
    if topic is not None:
        return [(topic, until(sentence, topic, OBJECT_ENDS))]
    if kind is ASK and sentence.after(at) == "for":
        wish = sentence.after(at + 1)
        if wish in ("nothing", "no") or (wish in _OBJECT_PRONOUNS and at + 3 >= sentence.end):
            return []
        return [(at + 1, until(sentence, at + 1, OBJECT_ENDS))]
    if sentence.after(at) == "so" and sentence.after(at + 1) not in _SO_MANY:
        return []
    if sentence.after(at) in FINITE_AFTER_PLURAL:
        return []
    if kind is not SAY:
        asked = _asked_to(sentence, at)
        if asked is not None:
            return [asked]
    first = _past_adjuncts(sentence, at + 1, kind)
    before = _before_speaker(sentence, who, at)
    if first >= sentence.end or sentence.lows[first] in COORDINATORS or sentence.lows[first] in _HARD_STOPS:
        return before
    if sentence.lows[first - 1] == "since" and sentence.lows[first].isdigit():
        return before
    if before and sentence.lows[first] != "," and not sentence.tokens.has_verb(*before[0]):
        before = []
    if sentence.lows[first] == "to":
        if sentence.after(first) in _LEARN and sentence.after(first + 1) in QUESTIONS:
            first += 2
        elif kind is SAY and stem in _NO_INFINITIVE:
            return before
    if kind is ASK and sentence.lows[first - 1] == "about" and sentence.lows[first] not in QUESTIONS:
        return []
    if kind is ASK and sentence.lows[first] == "for":
        return [(first, until(sentence, first, OBJECT_ENDS))]
    colon = sentence.find(":", first, min(first + _COLON_WITHIN, sentence.end))
    if colon is not None and first < colon < sentence.end - 1 and not sentence.tokens.has_verb(first, colon):
        return [] if colon + 1 in sentence.quotes else [(colon + 1, until(sentence, colon + 1))]
    if sentence.lows[first] == ":":
        return [] if first + 1 in sentence.quotes else [(first + 1, until(sentence, first + 1))]
    if sentence.lows[first] == "," and sentence.lows[first - 1] == "that":
        return _clauses(sentence, first + 1)
    if sentence.lows[first] != ",":
        if sentence.lows[first - 1] == "of" and kind is SAY and _is_quoted_before(sentence, at):
            return []
        if sentence.lows[first] in _NO_OPENERS and kind is SAY and sentence.lows[first - 1] != "that":
            return before
        if sentence.quote_before(who[0]) is not None and sentence.lows[first - 1] != "that":
            return []
        about = sentence.lows[first - 1] in ("of", "about") and first - 1 > at and stem not in _ABOUT
        if about and kind is SAY and not (sentence.has_quotes or "that" in sentence.lows[first : sentence.end]):
            return before
        if first in sentence.quotes and sentence.lows[first - 1] in ("of", "about"):
            return [(first, first + 1)]
        if sentence.lows[first] == "for" and sentence.lows[first - 1] != "that" and kind is SAY:
            return before
        if kind is SAY and sentence.lows[first - 1] != "that" and _is_no_clause(sentence, first, stem):
            return before
        return _clauses(sentence, first)
    comma = sentence.find(",", first + 1, min(first + (_THAT_WITHIN, _FAR_THAT)[kind is TELL], sentence.end))
    while kind is TELL and comma is not None and sentence.after(comma) != "that":
        comma = sentence.find(",", comma + 1, min(first + _FAR_THAT, sentence.end))
    if comma is not None and sentence.after(comma) == "that":
        return _clauses(sentence, comma + 2)
    after = sentence.after(first)
    in_clause = before or sentence.lows[sentence.floor(who[0])] in SUBORDINATORS
    in_clause = in_clause or sentence.lows[max(sentence.low, who[0] - 2)] in _RELATIVE
    past = VERBS.get(after)
    continues = bool(before) and past is not None and past.form is PAST
    if (
        in_clause
        and (continues or not _stops_at_comma(sentence, first, OBJECT_ENDS))
        and not (after.endswith("ing") and "thing" not in after and after != "bring")
    ):
        return [*before, (first + 1, until(sentence, first + 1))]
    if before and after == "and" and _FUTURES.intersection(sentence.lows[first : sentence.end]):
        return [*before, (first + 2, until(sentence, first + 2))]
    return before


def _topic(sentence: Sentence, at: int, prepositions: frozenset[str]) -> int | None:
    """The preposition with which the verb at `at` opens what is said: `warned parliament | of a flood`."""
    for i in range(at + 1, min(at + _TOPIC_WITHIN, sentence.end - 1)):
        low = sentence.lows[i]
        if low in prepositions:
            rest = sentence.lows[i + 1 : sentence.find(_TOPIC_STOPS, i, sentence.end) or sentence.end]
            heard = sentence.tokens.phrase_after(i + 1, sentence.end)
            if sentence.after(i) in PREPOSITIONS or (low == "to" and sentence.lows[heard : heard + 1] == ["that"]):
                return None
            return None if i > at + 1 and not _CLAUSE_OPENERS.isdisjoint(rest[:_TOPIC_WITHIN]) else i
        if low in PREPOSITIONS and low != "to" and sentence.after(i) not in DAYS:
            return None
        if low in _TOPIC_STOPS or low in _CLAUSE_OPENERS or i in sentence.quotes or sentence.tokens.has_verb(i, i + 1):
            return None
    return None


def _asked_to(sentence: Sentence, at: int) -> Range | None:
    """Whom somebody tells or asks to do what: `told | his men to wait`."""
    if at + 1 in sentence.quotes or sentence.after(at) in QUESTIONS or sentence.after(at) == "to":
        return None
    follows = False
    for to in range(at + 2, min(at + _FAR_THAT, sentence.end - 1)):
        low = sentence.lows[to]
        if low == "to" and sentence.after(to) not in DETERMINERS and not sentence.tokens.is_name(to + 1):
            return at + 1, until(sentence, at + 1, OBJECT_ENDS)
        follows = follows or low in RELATIVES
        ends = low in STOPS or low in QUESTIONS - RELATIVES or low == "that" or to in sentence.quotes
        verb = low not in ("not", "never") and sentence.tokens.has_verb(to, to + 1)
        if ends or (not follows and (low in PRONOUNS or verb)):
            return None
    return None


def _is_no_clause(sentence: Sentence, first: int, stem: str) -> bool:
    """Whether no content follows a verb: responded | within the hour, announced | her departure, denied | the claim."""
    low = sentence.lows[first]
    if stem in _DISPUTES and _is_report(sentence, first):
        return True
    counted = sentence.after(first) in ("least", "most")
    if low in _LIKE_PREPOSITIONS or (low in PREPOSITIONS and low not in ("of", "about", "for", "to") and not counted):
        return not _has_clause(sentence, first)
    if stem not in NO_OBJECTS or low in QUESTIONS or "as" in sentence.lows[first + 1 : first + _AS_WITHIN]:
        return False
    end = max(first + 1, sentence.tokens.phrase_after(first, sentence.end))
    while end < sentence.end and sentence.lows[end] in ADVERBS:
        end += 1
    opens = end < sentence.end and sentence.tokens.has_verb(end, end + 1)
    return not opens and not sentence.tokens.has_verb(end - 1, end)


def _has_clause(sentence: Sentence, first: int) -> bool:
    """Whether a finite verb is in the rest of a clause; nouns that are also verbs of speech do not count."""
    for at in range(first, sentence.end):
        low = sentence.lows[at]
        if low in STOPS:
            return False
        if low in AUXILIARIES or _is_act(low):
            return True
        cue = VERBS.get(low)
        if cue is not None and (cue.form is PAST or sentence.lows[at - 1] in PRONOUNS):
            return True
    return False


def _says_nothing(sentence: Sentence, first: int, end: int) -> bool:
    """Whether the words are not told: said it, says as much, said the same of Cuba, know is."""
    low = sentence.lows[first]
    if sentence.lows[first - 2] in _PERFECTS and (low in _FUTURES or low in BE):
        return True
    if low in _NOTHING and sentence.after(first) in BE:
        return sentence.lows[first - 1] != "that" and low in ("nothing", "little", "much", "something")
    if low in ("otherwise", "differently"):
        return True
    if low in ("it", "this") and (sentence.after(first) in PREPOSITIONS or sentence.after(first) in ADVERBS):
        return True
    if end - first == 1 or sentence.after(first) == ",":
        return low in _NOTHING or low in _OBJECT_PRONOUNS or (low in _IS and sentence.lows[first - 1] == "know")
    if low in ("nothing", "little") and sentence.lows[first + 1] in _OF_NOTHING:
        return True
    if sentence.lows[first : first + 2] not in _SAME:
        return low in _IS and sentence.lows[first - 1] == "know"
    return end - first == 2 or not sentence.tokens.is_nounlike(first + 2)


def _is_quoted_before(sentence: Sentence, at: int) -> bool:
    """Whether what was said stands before its verb: `“They came,” its head, Ray Tait, said of | the drivers`."""
    return sentence.has_quotes and any(quote < at for quote in sentence.tokens.quoted if quote >= sentence.low)


def _clauses(sentence: Sentence, first: int) -> list[Range]:
    """The clause that starts at `first` and those that go on with `and that`; none if it is but `it` or `so`."""
    pieces: list[Range] = []
    while True:
        end = until(sentence, first)
        if first < end and not _says_nothing(sentence, first, end):
            pieces.append((first, end))
        past = end + (end < sentence.end and sentence.lows[end] == ",")
        if not _goes_on_that(sentence, first, past):
            return pieces
        first = past + 1 + (sentence.lows[past] != "that")


def _goes_on_that(sentence: Sentence, first: int, at: int) -> bool:
    """Whether another reported clause follows that at `first`: `, | and that he had never owned a flag`."""
    if at >= sentence.end or at - 1 in sentence.quotes:
        return False
    if sentence.lows[at] == "that" and sentence.lows[at - 1] == "," and _is_listed(sentence, first, at):
        closed = max(i for i in range(first, at) if sentence.lows[i] == ",")
        cues = (VERBS.get(low) for low in sentence.lows[first:closed] if "," in sentence.lows[first:closed])
        return sentence.after(at) not in _NO_CLAUSE and not any(c is not None and c.form is PAST for c in cues)
    if sentence.lows[at] not in ("and", "but"):
        return False
    return sentence.after(at) == "that" and sentence.after(at + 1) not in _NO_CLAUSE


def _is_listed(sentence: Sentence, first: int, at: int) -> bool:
    """Whether `that` opens another clause of a list: `said A, | that B and that C`."""
    if sentence.lows[first - 1] == "that":
        return True
    return any(sentence.lows[i : i + 2] == ["and", "that"] for i in range(at + 2, sentence.end - 1))


def _before_speaker(sentence: Sentence, who: Range, at: int) -> list[Range]:
    """The clause before `, X said` or `, the minister, X, said`; quotations inside it belong to it."""
    comma = who[0] - 1
    if comma < sentence.low or sentence.lows[comma] != "," or who[0] > at:
        return []
    described = (
        sentence.tokens.phrase_before(comma, sentence.low) if sentence.lows[who[1] : who[1] + 1] == [","] else None
    )
    if described is not None and described - 1 > sentence.low and sentence.lows[described - 1] == ",":
        comma = described - 1
    elif described is not None and sentence.quote_before(described) is not None:
        return []
    if sentence.lows[comma - 1] in _RELATIVE:
        return []
    first = sentence.floor(comma)
    quote = first - 1 if first - 1 in sentence.quotes else sentence.quote_before(first)
    if quote is not None and quote > sentence.low:
        first = sentence.floor(quote)
    if sentence.lows[first] in _TEMPORAL and sentence.lows[at + 1 : at + 2] == [","]:
        return []
    if sentence.lows[first : first + 1] == ["to"] and at + 1 < sentence.end and sentence.lows[at + 1] in PREPOSITIONS:
        return []
    return [(interrupted(sentence, first, comma), comma)]


def interrupted(sentence: Sentence, first: int, comma: int) -> int:
    """Where a clause begins that a speaker interrupts: `The shop is shut, and | the key, he says, is lost`."""
    last = sentence.coordinate(first, comma)
    return last if sentence.tokens.phrase_after(last, comma) == comma else first


def _past_adjuncts(sentence: Sentence, at: int, kind: Kind) -> int:
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
        return at + 1
    skipped = sentence.lows[at : at + 1] in (["for"], ["of"], ["about"])
    that = sentence.tokens.phrase_after(at + skipped, sentence.end)
    timed = at < that < min(at + 6, sentence.end) and (
        skipped
        or sentence.lows[that - 1] in TIMES
        or (sentence.lows[that - 1] in _THAT_NOUNS and VERBS[sentence.lows[cue_at]].stem in _OF_REPORTS)
        or sentence.lows[at] in _ADJUNCTS
    )
    if kind is SAY and timed and sentence.lows[that] == "that":
        return that + 1
    about = at + 1 < sentence.end and (
        sentence.lows[at] == "of" or (sentence.lows[at] == "about" and not _counts(sentence, at + 1))
    )
    return at + about


def _counts(sentence: Sentence, at: int) -> bool:
    """Whether a number starts here: `about | 300 vendors`."""
    return sentence.lows[at][0].isdigit() or sentence.lows[at] in COUNTS or sentence.lows[at] in NUMBERS


def _past_one(sentence: Sentence, at: int, kind: Kind) -> int:
    low = sentence.lows[at]
    if (
        low in DAYS
        or low in ("late", "early", "last", "out")
        or (low in ADVERBS and low not in ("here", "there", "now") and sentence.after(at) != "to")
        or (low.endswith("ly") and low not in NO_ADVERBS and sentence.after(at) in _AFTER_ADVERB)
    ):
        return at + 1
    if low.endswith("ly") or low in _ADJUNCTS or (low == "for" and sentence.after(at + 1) in TIMES):
        that = _that_beyond(sentence, at)
        if that is not None:
            return that
    if low in ("this", "next", "later") and sentence.after(at) in TIMES and sentence.after(at + 1) == "that":
        return at + 2
    if low == "as" and sentence.lows[at + 2 : at + 3] == ["as"]:
        return min(at + 4, sentence.end)
    if low in _ADJUNCTS and sentence.after(at) in DAYS:
        return at + 2
    if low == "to":
        if sentence.after(at) in _HEARERS:
            return at + 2
        heard = at + 1 < sentence.end and (sentence.after(at) in ARTICLES or sentence.tokens.is_name(at + 1))
        return max(at, sentence.tokens.phrase_after(at + 1, sentence.end)) if heard else at
    if low in _ADJUNCTS and sentence.after(at) not in ("least", "most"):
        end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=kind is ASK)
        return end if end > at + 1 else at
    return at


def _that_beyond(sentence: Sentence, at: int) -> int | None:
    """The `that` of what is said, past where and how: said | in a statement posted on its website | that."""
    that = sentence.find(_THAT_OR_STOP, at + 1, min(at + _THAT_WITHIN, sentence.end))
    if that is None or sentence.lows[that] != "that" or that + 1 >= sentence.end:
        return None
    after = sentence.lows[that + 1]
    relative = after in AUXILIARIES or after in VERBS_OF_ACTION or after.endswith("ed")
    told = any(sentence.lows[i] in AUXILIARIES or i in sentence.quotes for i in range(at, that))
    return None if relative or told else that


def _past_hearer(sentence: Sentence, at: int, *, narrow: bool) -> int:
    low = sentence.lows[at]
    if low in QUESTIONS or low == "that":
        return at
    end = sentence.tokens.phrase_after(at, sentence.end, narrow=narrow)
    if low in _OBJECT_PRONOUNS:
        owner = low == "her" and end > at + 1 and sentence.lows[end : end + 1] in (["that"], ["to"])
        return end if owner else at + 1
    if end < sentence.end and sentence.lows[end] == "and":
        joined = sentence.tokens.phrase_after(end + 1, sentence.end, narrow=narrow)
        end = joined if sentence.lows[joined : joined + 1] == ["that"] else end
    return end


def judged_object(sentence: Sentence, at: int) -> list[Range]:
    """What the verb at `at` praises, blames, names or asks for, with what it says of it."""
    first = at + 1
    after = sentence.after(at)
    if VERBS[sentence.lows[at]].stem in PARTICLES:
        while first < sentence.end and sentence.lows[first] in _PARTICLES:
            first += 1
    elif after == "on" and sentence.after(first) in DAYS:
        first += 2
    elif after in ("on", "upon"):
        first += 1
    elif after == "that" and VERBS[sentence.lows[at]].kind is not NAME:
        return [(first + 1, until(sentence, first + 1))]
    if first >= sentence.end or sentence.lows[first] in STOPS or sentence.lows[first] in _NO_OBJECT:
        return []
    if VERBS[sentence.lows[at]].stem in _REFUSALS and _is_report(sentence, first):
        return []
    end = until(sentence, first, OBJECT_ENDS)
    if at == sentence.low:
        end = sentence.find(",", first, end) or end
    return [(first, _before_venue(sentence, first, end))]


def _is_report(sentence: Sentence, first: int) -> bool:
    """Whether what is refused is but what another said: rejected the accusation, the company's claim that ..."""
    end = sentence.tokens.phrase_after(first, sentence.end, narrow=True)
    if sentence.lows[end : end + 1] == ["as"]:
        return False
    return end > first and sentence.lows[end - 1] in NOUNS and sentence.lows[end - 1] not in _NO_REPORTS


def _before_venue(sentence: Sentence, first: int, end: int) -> int:
    """The end without `on Monday`, `in a speech`, `on breakfast television` before it."""
    while True:
        start = next((at for at in range(end - 1, max(first, end - 5), -1) if sentence.lows[at] in ("on", "in")), None)
        if start is None or sentence.lows[end - 1] not in _WHEN_AND_WHERE:
            return end
        end = start


def until(sentence: Sentence, first: int, ends: frozenset[str] = CLAUSE_ENDS) -> int:
    """End of the reported words that start at `first`: where the author goes on, else the sentence's end."""
    at = first
    while at < sentence.end:
        word = sentence.lows[at]
        if word not in _PAUSES:
            at += 1
            continue
        if word in (";", "—", "–"):
            return at
        if ends is CLAUSE_ENDS and _goes_on_that(sentence, first, at + (word == ",")):
            return at
        if word == ",":
            past = _past_relative(sentence, first, at) if ends is CLAUSE_ENDS else at
            if past > at:
                at = past
                continue
            if _stops_at_comma(sentence, at, ends, first):
                return at
        if word in ("and", "but") and at > first:
            if _is_new_act(sentence, at + 1, first) or _goes_on(sentence, at, ends):
                return at
            if ends is CLAUSE_ENDS and _is_authors_act(sentence, first, at):
                return at - (sentence.lows[at - 1] == ",")
        at += 1
    return sentence.end


def _stops_at_comma(sentence: Sentence, at: int, ends: frozenset[str], first: int | None = None) -> bool:
    """Whether the author takes over again after the comma at `at`."""
    after = sentence.after(at)
    if ends is OBJECT_ENDS and after == "to" and _is_apposed(sentence, at):
        return False
    if (
        after in ends
        or sentence.lows[at + 1 : at + 3] in _AUTHORS
        or (ends is OBJECT_ENDS and first is not None and after in AUXILIARIES)
    ):
        return True
    if first is not None and after in VERBS_OF_ACTION and "," not in sentence.lows[first:at]:
        return True
    counted = at + 1 + (after in ("a", "an") or after in NUMBERS)
    if sentence.after(counted) in ("before", "after") and sentence.lows[counted].removesuffix("s") in _STRETCHES:
        return True
    if sentence.lows[at + 2 : at + 4] in (["of", "them"], ["of", "whom"], ["of", "which"]):
        return True
    return (
        _is_own_clause(sentence, at + 1, first)
        or _is_new_act(sentence, at + 1, first)
        or _is_beside(sentence, at + 1)
        or _is_remark(sentence, at + 1)
    )


def _is_apposed(sentence: Sentence, comma: int) -> bool:
    """Whether a comma closes an apposition: `called on Mr Ray, the immigration minister | , to explain`."""
    opened = next((at for at in range(comma - 1, max(sentence.low, comma - 8), -1) if sentence.lows[at] == ","), None)
    return opened is not None and sentence.tokens.phrase_after(opened + 1, comma) == comma


def _past_relative(sentence: Sentence, first: int, comma: int) -> int:
    """The token after the comma that ends a relative clause inside reported words, `comma` if none is inside.

    It is inside if the words have no verb before it (`that John, who ..., | had left`) or another clause with `that`
    after it (`that A, which ..., | and that B`).
    """
    if sentence.after(comma) not in _RELATIVE:
        return comma
    closed = sentence.find(",", comma + 2, sentence.end)
    if closed is None or closed + 2 >= sentence.end:
        return comma
    if sentence.lows[closed + 1 : closed + 3] == ["and", "that"]:
        return closed
    opened = [at + 1 for at in range(first + 1, comma) if sentence.lows[at - 1 : at + 1] == ["and", "that"]]
    first = max([first, *opened])
    goes_on = sentence.tokens.has_verb(closed + 1, closed + 2) or sentence.lows[first] in PREPOSITIONS
    return closed + 1 if goes_on and not sentence.tokens.has_verb(first, comma) else comma


def _is_own_clause(sentence: Sentence, at: int, first: int | None) -> bool:
    """Whether the author tells on after a comma: `, and a third counted our passports`; reports would say `had`.

    So does a present after a past: `said it was over, and a guard has named his dog after it`.
    """
    if at + 1 >= sentence.end or sentence.lows[at] not in ("and", "but"):
        return False
    pronoun = sentence.lows[at + 1] in PRONOUNS
    verb = at + 2 if pronoun else sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    if not at + 1 < verb < sentence.end - (not pronoun):
        return False
    low = sentence.lows[verb]
    if pronoun and low in ("did", "does"):
        return True
    if low in _NOW and first is not None:
        told = sentence.lows[first : at - 1]
        return _NOW.isdisjoint(told) and "will" not in told and not _THEN.isdisjoint(told)
    if pronoun and (first is None or sentence.lows[at + 1] == sentence.lows[first]):
        return False
    return (low.endswith("ed") or low in VERBS_OF_ACTION) and low not in BE and low != "had"


def _is_authors_act(sentence: Sentence, first: int, at: int) -> bool:
    """Whether a verb after `and` goes on with what the speaker did: `that it had been found but | gave no details`.

    It does if its tense is not that of the reported clause: `would come and left`, `had lied and wept`; after a simple
    past both may be meant, and the speaker keeps the words.
    """
    verb = at + 1
    while verb < sentence.end - 1 and (sentence.lows[verb] in ADVERBS or sentence.lows[verb].endswith("ly")):
        verb += 1
    if verb >= sentence.end or verb in sentence.quotes:
        return False
    low = sentence.lows[verb]
    if sentence.lows[at] == "but" and low in AUXILIARIES and sentence.after(verb) == "not":
        return sentence.after(verb + 1) in VERBS or sentence.after(verb + 1) in _DETAILS
    sure = low in _SIMPLE_PASTS or low in _REFUSED
    if low in ("was", "were") and sentence.lows[at - 1] == ",":
        sure = True
    if not (sure or _is_act(low)):
        return False
    if low in _PRESENTS or (sentence.after(verb) in STOPS and not sure):
        return False
    told = sentence.find(_TENSED, first, at)
    if told is None and sentence.lows[at - 1] == "," and sentence.tokens.has_verb(first, at):
        return "," not in sentence.lows[first : at - 1]
    if told is None or (low in _STATES and sentence.lows[first] in PRONOUNS):
        return False
    if sentence.lows[at - 1] == ",":
        return "," not in sentence.lows[first : at - 1]
    tense = sentence.lows[told]
    if tense in ("was", "were"):
        return (
            _is_thing(sentence, first, told) and not _is_past(sentence, told + 1) and sentence.after(verb) in _OBJECTS
        )
    if any(_is_past(sentence, i) for i in range(told + 1, at)):
        sure = low in _SIMPLE_PASTS or (sure and _PASSIVES.isdisjoint(sentence.lows[first:at]))
        return sure and (tense in _PERFECTS or tense in _FUTURES or tense in BE)
    return sure or tense in _FUTURES or tense in ("is", "are")


def _is_thing(sentence: Sentence, first: int, end: int) -> bool:
    """Whether the subject of a reported clause is nobody who acts: `said | their demands | were childish`."""
    phrase = sentence.tokens.text[slice(*sentence.chars((first, end)))] if first < end else "he"
    return " " in phrase and kind_of(phrase) is HolderKind.UNKNOWN


def _is_act(low: str) -> bool:
    """Whether a word is, by its form, what somebody did or does."""
    return low in VERBS_OF_ACTION or (low.endswith("ed") and len(low) > 4)


def _is_past(sentence: Sentence, at: int) -> bool:
    low = sentence.lows[at]
    return low in VERBS_OF_ACTION or (low.endswith(("ed", "en")) and len(low) > 4) or low in ("been", "was", "were")


def _goes_on(sentence: Sentence, at: int, ends: frozenset[str]) -> bool:
    """Whether the author's own sentence goes on after `and`: `called them “rabble” and | left the hall`."""
    low = sentence.after(at)
    if at - 1 in sentence.quotes:
        return bool(low) and low[0].isalpha() and low not in _GOES_ON_SPEAKING and at + 1 not in sentence.quotes
    if low == "got":
        return ends is OBJECT_ENDS
    if ends is not OBJECT_ENDS or low in _HELPERS or not sentence.tokens.has_verb(at + 1, at + 2):
        return False
    closed = at + 2 >= sentence.end or sentence.lows[at + 2] in STOPS
    if low.endswith("ed") and closed and sentence.lows[at - 1].endswith(QUALITIES):
        return False
    if low.endswith("ed") and "having" in sentence.lows[max(sentence.low, at - _GOES_BACK) : at]:
        return False
    if low not in VERBS or VERBS[low].form is not STEM:
        return True
    infinitive = (i for i in range(max(sentence.low, at - _GOES_BACK), at) if sentence.lows[i] == "to")
    return all(sentence.lows[i + 1] in DETERMINERS for i in infinitive)


def _is_new_act(sentence: Sentence, at: int, first: int | None = None) -> bool:
    """Whether a cue verb goes on with the author's sentence here: `and urged calm`, `, adding that`."""
    joined = at
    while at < sentence.end and (sentence.lows[at] in ADVERBS or sentence.lows[at] in _BEFORE_ACT):
        at += 1
    cue = VERBS.get(sentence.lows[at]) if at < sentence.end else None
    if cue is None or (cue.kind is VIEW and not sentence.names_public):
        return False
    if cue.stem in PARTICLES and sentence.after(at) not in PARTICLES[cue.stem]:
        return False
    if cue.stem in _NEED_THAT and sentence.after(at) != "that":
        return False
    if cue.kind is SOUND and not sentence.has_quotes:
        return False
    if cue.form is PAST and first is not None and _is_told(sentence, first, joined):
        return False
    after = sentence.after(at)
    if cue.form is STEM:
        return first is not None and at == joined and _is_present(sentence, first, at)
    return (
        after not in PASSIVE_NEXT
        or (after == "by" and cue.kind is NAME)
        or (after == "for" and (cue.stem in _FOR or cue.stem == "ask" or "for" in TOPICS.get(cue.stem, ())))
    )


def _is_told(sentence: Sentence, first: int, at: int) -> bool:
    """Whether a past after `and` goes on with what is told: `writes that he told them to go and | asked for tea`."""
    before = first - 1 - (sentence.lows[first - 1] == "that")
    teller = VERBS.get(sentence.lows[before])
    if teller is None or teller.form not in (THIRD, STEM):
        return False
    told = (VERBS.get(low) for low in sentence.lows[first:at])
    return any(cue is not None and cue.form is PAST and cue.kind in REPORTS for cue in told)


def _is_present(sentence: Sentence, first: int, at: int) -> bool:
    """Whether a bare verb after `and` can only be the speakers': `They say it came late and | describe it as ...`."""
    after = sentence.after(at)
    if after not in _OBJECTS and after not in PRONOUNS and after not in QUESTIONS and after != "that":
        return False
    told = sentence.find(_TENSED, first, at)
    if told is None:
        return not sentence.tokens.has_verb(first, at) and sentence.lows[first] != "to"
    return sentence.lows[told] not in MODALS and sentence.lows[told] not in ("are", "were", "have")


def _is_beside(sentence: Sentence, at: int) -> bool:
    """Whether another speaker comes in: `, | with Germany calling it a first step`."""
    if at >= sentence.end or sentence.lows[at] != "with":
        return False
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    cues = (VERBS.get(low) for low in sentence.lows[at + 2 : end + 1])
    return any(cue is not None and cue.form is ING for cue in cues)


def _is_remark(sentence: Sentence, at: int) -> bool:
    """Whether the author names what was said: `, | an accusation the commission denies`."""
    if sentence.lows[at : at + 1] == ["the"]:
        return sentence.after(at).endswith("est") or sentence.after(at) in ("first", "second", "third", "only")
    if sentence.lows[at : at + 1] not in (["a"], ["an"]):
        return False
    return not _REMARKS.isdisjoint(sentence.lows[at + 1 : min(at + 4, sentence.end)])


def _is_finite(sentence: Sentence, at: int) -> bool:
    """Whether a token is a verb with a subject: `that savings were safe | sent people`, not `had | met`."""
    before, low = sentence.lows[at - 1], sentence.lows[at]
    if before in AUXILIARIES or before in DETERMINERS or before in ("and", "to", "not"):
        return False
    if before in PREPOSITIONS and low not in AUXILIARIES:
        return False
    return (
        low in _FINITE
        or (low.endswith("ed") and sentence.after(at) in _OBJECTS)
        or (low.endswith("ed") and (before.endswith("ed") or sentence.lows[at - 2] in MODALS))
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
        is_noun = is_noun or sentence.lows[at - 1] in ARTICLES
        finished = finished or (sentence.tokens.has_verb(at, at + 1) and not is_noun)
    return sentence.end
