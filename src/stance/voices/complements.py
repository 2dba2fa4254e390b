"""What a verb of speech takes as its words: a clause, before or after it, a topic, an order, somebody judged.

What belongs here: the words of a verb whose speaker is known. What does not: finding verbs and speakers (`verbs`), what
stands between a verb and its words (`adjuncts`), where these end (`reach`).
"""

from itertools import pairwise

from stance.voices.adjuncts import THAT_WITHIN, past_adjuncts
from stance.voices.clauses import Range, Sentence
from stance.voices.cues import (
    ASK,
    DISPUTES,
    FINITE_AFTER_PLURAL,
    ING,
    NAME,
    NOUN_STEMS,
    NOUNS,
    NUMBERS,
    PARTICLES,
    PAST,
    REPORTS,
    SAY,
    SHOWS,
    TELL,
    TELLING,
    TOPICS,
    VENUES,
    VERBS,
    Kind,
)
from stance.voices.deeds import is_act, is_new_act
from stance.voices.reach import (
    OBJECT_ENDS,
    dated_that,
    goes_on_that,
    is_own_clause,
    stops_at_comma,
    until,
)
from stance.voices.words import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BE,
    COORDINATORS,
    DAYS,
    DAYTIMES,
    DETERMINERS,
    FUTURES,
    NOBODY,
    OBJECT_FORMS,
    OBJECT_PRONOUNS,
    PERFECTS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    RELATIVES,
    STOPS,
    SUBORDINATORS,
    TIMES,
    WH_RELATIVES,
    word_set,
)

_WHEN_AND_WHERE = DAYS | VENUES | {"days", "weeks", "months", "years"}
_OCCASIONS = word_set("statement speech post interview letter tweet message article email")
_PARTICLES = word_set("back down against at out on to tribute praise scorn contempt upon")
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
    """
    agree announce repeat reiterate answer explain write recall recount relate reply respond add submit propose believe
    reveal disclose
    """
)
"""Verbs whose object is a thing or an act rather than words: announced | her departure."""
_MEMORIES = word_set("recall recount relate")
_AS_WITHIN = 8
"""Tokens of an object after which `as` is looked for: recalled | her as a tireless writer."""
_LIKE_PREPOSITIONS = word_set("within amid amidst despite during alongside")
_TEMPORAL = SUBORDINATORS - {"if", "because", "although", "before", "since"}
_NOTHING = word_set("it this that so not worse better otherwise differently again nothing little much something things")
_SAME = (
    ["the", "same"],
    ["as", "much"],
    ["no", "more"],
    ["a", "word"],
    ["not", "a"],
    ["very", "little"],
    ["as", "well"],
    ["one", "thing"],
)
_SO_MANY = (DETERMINERS - {"every", "each"}) | {"many", "much", "that"}
_NO_OPENERS = word_set("over with on against through between")
"""Prepositions after which a verb of speech tells of a topic or a partner, not what was said: argued over the bill."""
_FAR_THAT = 30
"""Tokens before `that` after a hearer who is described: told Winston Carew, 64, who drove an ambulance, that."""
_NO_OBJECT = COORDINATORS | {"when"} | NOBODY - {"none", "neither"}
_OF_NOTHING = word_set("and but that of about to beyond on at")
_CIRCUMSTANCES = frozenset({"in", "on", "at"})
_REFUSALS = word_set("reject repudiate endorse echo dismiss hit")
_NO_REPORTS = word_set("proposal proposals idea notion verdict ruling line point case position")
"""Nouns of speech that name a thing as often as words."""
_REASONS = word_set("because until unless if except")
"""Words with which a clause goes on behind a speaker who interrupts it: He started, he says, | because of her."""
_UNFINISHED = COORDINATORS | SUBORDINATORS - {"before", "after"}
_NEXT = word_set("then later soon eventually there that who which")
_CONCERNED = word_set("the police prosecutors authorities")
_OFTEN = word_set("when whenever because every each")
_LONGED = word_set("wanted hoped feared wished longed expected")
_SPANS = TIMES | {"hour", "minute"}
_ALMOST = word_set("nearly almost only barely hardly")
_ACCLAIM = word_set("applause cheers laughter boos jeers groans reporters journalists")
"""What follows `to` and is no verb: he said, to | applause."""
_AFTERS = frozenset({"after", "before", "during"})
_IS = frozenset({"is", "was", "are", "were"})
_NO_HEARERS = NOBODY | {"not"}


def reported_clause(sentence: Sentence, at: int, who: Range, kind: Kind) -> list[Range]:
    """The words that the verb at `at` reports: after it, before the speaker, or on both sides of them."""
    cue = VERBS.get(sentence.lows[at])
    stem = "" if cue is None else cue.stem
    after = sentence.after(at)
    if kind is not SAY and after in _NO_HEARERS:
        return []
    topic = _topic(sentence, at, TOPICS[stem]) if stem in TOPICS else None
    if topic is not None and sentence.lows[topic + 1] in OBJECT_FORMS and topic + 2 >= sentence.end:
        return []
    if topic is not None and stem == "plead" and sentence.lows[topic] == "with":
        topic += 1
    if topic is not None:
        return [(topic, until(sentence, topic, OBJECT_ENDS))]
    if kind is ASK and after == "for":
        wish = sentence.after(at + 1)
        if wish in ("nothing", "no") or (wish in OBJECT_FORMS and at + 3 >= sentence.end):
            return []
        return [(at + 1, until(sentence, at + 1, OBJECT_ENDS))]
    if after == "so" and sentence.after(at + 1) not in _SO_MANY:
        return []
    if after in FINITE_AFTER_PLURAL or (stem == "believe" and after == "in"):
        return []
    times = at + 2
    if after in OBJECT_FORMS and sentence.lows[times : times + 1]:
        times += 2 * (sentence.lows[times] in NUMBERS and sentence.after(times) == "times")
        if (times > at + 2 or stem in TELLING) and sentence.lows[times : times + 1] == ["that"]:
            return clauses_from(sentence, times + 1)
        if times > at + 2 and sentence.lows[times] in QUESTIONS:
            return [(times, until(sentence, times))]
    if kind is not SAY:
        asked = _asked_to(sentence, at)
        if asked is not None:
            return [asked]
    first = past_adjuncts(sentence, at + 1, kind)
    before = _before_speaker(sentence, who, at)
    joined = first < sentence.end and sentence.lows[first] in COORDINATORS and sentence.lows[first - 1] != "that"
    if before and sentence.lows[first : first + 1] == [";"] and _is_his_still(sentence, at, first, who):
        return [*before, (first + 1, until(sentence, first + 1))]
    if first >= sentence.end or joined or sentence.lows[first] in _HARD_STOPS:
        return before
    if sentence.lows[first - 1] == "since" and sentence.lows[first].isdigit():
        return before
    if before and sentence.lows[first] != "," and not sentence.tokens.has_verb(*before[0]):
        before = []
    if sentence.lows[first] in DAYTIMES and sentence.lows[first - 1] == "that" and first + 1 >= sentence.end:
        return before
    if before and _is_but_adjunct(sentence, at, first, before[0][0]):
        return before
    if sentence.lows[first] == "to":
        if sentence.after(first) in _LEARN and sentence.after(first + 1) in QUESTIONS:
            first += 2
        elif kind is SAY and stem in _NO_INFINITIVE and not _is_plan(sentence, at, who):
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
        return clauses_from(sentence, first + 1)
    if sentence.lows[first] != ",":
        if sentence.lows[first - 1] == "of" and kind is SAY and _is_quoted_before(sentence, at):
            return []
        if sentence.lows[first] in _NO_OPENERS and kind is SAY and sentence.lows[first - 1] != "that":
            return before
        adds = sentence.lows[at - 1] == "," and cue is not None and cue.form is ING
        if sentence.quote_before(who[0]) is not None and sentence.lows[first - 1] != "that" and not adds:
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
        return clauses_from(sentence, first)
    comma = sentence.find(",", first + 1, min(first + (THAT_WITHIN, _FAR_THAT)[kind is TELL], sentence.end))
    while kind is TELL and comma is not None and sentence.after(comma) != "that":
        comma = sentence.find(",", comma + 1, min(first + _FAR_THAT, sentence.end))
    if comma is not None and sentence.after(comma) == "that":
        return clauses_from(sentence, comma + 2)
    after = sentence.after(first)
    in_clause = before or sentence.lows[sentence.floor(who[0])] in SUBORDINATORS
    in_clause = in_clause or _is_unfinished(sentence, who[0] - 1, at)
    in_clause = in_clause or _is_relative(sentence, who[0] - 1, at)
    past = VERBS.get(after)
    continues = bool(before) and past is not None and past.form is PAST
    if before and after == "to" and _opens_infinitive(sentence, first + 2):
        return [*before, (first + 1, until(sentence, first + 1))]
    if before and after == "without" and sentence.after(first + 1).endswith("ing"):
        return before
    if (
        in_clause
        and (continues or not stops_at_comma(sentence, first, OBJECT_ENDS))
        and not (after.endswith("ing") and "thing" not in after and after != "bring")
    ):
        return [*before, (first + 1, until(sentence, first + 1))]
    if before and _resumes(sentence, first, before[0][0], who):
        return [*before, (first + 1, until(sentence, first + 2))]
    return before


def _is_but_adjunct(sentence: Sentence, at: int, first: int, opening: int) -> bool:
    """Whether only when and where it was said follows a verb: `It is over, X said | on Wednesday evening`."""
    low = sentence.lows[opening]
    told_to = sentence.lows[first] == "to" and first == at + 2
    if sentence.lows[first] == "," or told_to or sentence.lows[first - 1] == "that":
        return False
    if low in SUBORDINATORS or low.endswith(("ed", "ing")):
        return False
    if not sentence.tokens.has_verb(first, sentence.end):
        return first > at + 1
    when = sentence.find(_AFTERS, at + 1, min(first, at + _COLON_WITHIN))
    return when is not None and (sentence.after(when).endswith("ing") or when < first - 1)


def _is_his_still(sentence: Sentence, at: int, mark: int, who: Range) -> bool:
    """Whether nobody else speaks behind a semicolon: `It had missed the lung, she said; | with luck it would walk`."""
    if sentence.has_quotes or mark > at + 1 or sentence.lows[who[0]] not in PRONOUNS:
        return False
    cues = (VERBS.get(low) for low in sentence.lows[mark + 1 : sentence.end])
    return not any(cue is not None and cue.kind in REPORTS and cue.form is not ING for cue in cues)


def _is_plan(sentence: Sentence, at: int, who: Range) -> bool:
    """Whether an infinitive tells a forecast: `It now expects | to sell 90,000`, not `a vote it expects to win`."""
    gap = who[0] > sentence.low and sentence.tokens.is_nounlike(who[0] - 1)
    return sentence.lows[at] == "expects" and not gap


def _opens_infinitive(sentence: Sentence, at: int) -> bool:
    """Whether `to` goes on with what a speaker interrupts: `She was asked in, he said, to | talk of maize`."""
    if at + 1 >= sentence.end or sentence.lows[at] in _ACCLAIM or sentence.tokens.is_name(at):
        return False
    return sentence.lows[at] not in DETERMINERS and sentence.lows[at + 1] not in STOPS and at not in sentence.quotes


def _resumes(sentence: Sentence, comma: int, first: int, who: Range) -> bool:
    """Whether words that a speaker interrupts go on: `It was late, he said, | and nobody had come`.

    They do not where the author tells what he did next: `It was late, he said, and left`.
    """
    at = comma + 2
    if sentence.after(comma) in _REASONS:
        return True
    told = VERBS.get(sentence.lows[who[1]])
    if (
        sentence.after(comma) == "while"
        and not sentence.lows[at].endswith("ing")
        and (told is None or told.kind is SAY)
    ):
        return sentence.tokens.has_verb(first, who[0]) and sentence.tokens.has_verb(at, sentence.end)
    if sentence.after(comma) == "when" and sentence.lows[who[0]] not in PRONOUNS:
        return sentence.tokens.has_verb(first, who[0]) and sentence.lows[at] not in VERBS
    if sentence.after(comma) not in ("and", "but") or at >= sentence.end or at in sentence.quotes:
        return False
    low = sentence.lows[at]
    if low in PREPOSITIONS and sentence.after(at) in DAYS and sentence.after(at + 1) in PRONOUNS:
        return False
    if sentence.lows[who[1]] in SHOWS:
        return False
    if low in _ALMOST and sentence.after(at) in DETERMINERS:
        return True
    if low in PERFECTS or low in FUTURES or low in ("is", "are"):
        return True
    if low in PRONOUNS and sentence.lows[who[0]] in PRONOUNS and low != sentence.lows[who[0]]:
        return sentence.after(at) in AUXILIARIES
    if low in _LONGED and sentence.lows[who[0]] in PRONOUNS:
        return True
    if low in AUXILIARIES or low in _NEXT or low.endswith("ly") or low in VERBS or is_act(low):
        return False
    return not (is_own_clause(sentence, comma + 1, first) or is_new_act(sentence, comma + 1))


def _topic(sentence: Sentence, at: int, prepositions: frozenset[str]) -> int | None:
    """The preposition with which the verb at `at` opens what is said: `warned parliament | of a flood`."""
    past = 0
    for i in range(at + 1, min(at + _TOPIC_WITHIN, sentence.end - 1)):
        low = sentence.lows[i]
        if low == "for" and _is_time(sentence, i + 1):
            past = sentence.tokens.phrase_after(i + 1, sentence.end, narrow=True)
        if i < past:
            continue
        if low in prepositions:
            rest = sentence.lows[i + 1 : sentence.find(_TOPIC_STOPS, i, sentence.end) or sentence.end]
            heard = sentence.tokens.phrase_after(i + 1, sentence.end)
            if sentence.after(i) in PREPOSITIONS or (low == "to" and sentence.lows[heard : heard + 1] == ["that"]):
                return None
            return None if i > at + 1 and not _CLAUSE_OPENERS.isdisjoint(rest[:_TOPIC_WITHIN]) else i
        if low in PREPOSITIONS and low != "to" and sentence.after(i) not in DAYS:
            return None
        if (
            (i == at + 1 and low.endswith("ing"))
            or low in _TOPIC_STOPS
            or low in _CLAUSE_OPENERS
            or i in sentence.quotes
            or sentence.tokens.has_verb(i, i + 1)
        ):
            return None
    return None


def _asked_to(sentence: Sentence, at: int) -> Range | None:
    """Whom somebody tells or asks to do what: `told | his men to wait`."""
    if at + 1 in sentence.quotes or sentence.after(at) in QUESTIONS or sentence.after(at) == "to":
        return None
    follows = False
    past = 0
    for to in range(at + 2, min(at + _FAR_THAT, sentence.end - 1)):
        low = sentence.lows[to]
        if low == "," and sentence.lows[to + 1] in WH_RELATIVES and sentence.lows[at - 1] != "had":
            past = sentence.find(",", to + 1, sentence.end - 2) or 0
        if to <= past:
            continue
        if low == "to":
            after = sentence.after(to)
            if not (after in DETERMINERS or after in OBJECT_FORMS or sentence.tokens.is_name(to + 1)):
                return at + 1, until(sentence, to if past else at + 1, OBJECT_ENDS)
        follows = follows or low in RELATIVES
        ends = low in STOPS or low in QUESTIONS - RELATIVES or low == "that" or to in sentence.quotes
        verb = low not in ("not", "never") and sentence.tokens.has_verb(to, to + 1)
        if ends or (not follows and (low in PRONOUNS or verb)):
            return None
    return None


def _is_no_clause(sentence: Sentence, first: int, stem: str) -> bool:
    """Whether no content follows a verb: responded | within the hour, announced | her departure, denied | the claim."""
    low = sentence.lows[first]
    if stem in DISPUTES and _is_report(sentence, first):
        return True
    if stem == "warn" and low in DETERMINERS and not sentence.has_quotes:
        return (
            sentence.lows[first - 1] != "that" and sentence.tokens.phrase_after(first, sentence.end) >= sentence.end - 1
        )
    if stem == "report" and _is_handed(sentence, first):
        return True
    if stem == "confirm" and low in ("the", "this"):
        end = sentence.tokens.phrase_after(first, sentence.end)
        return end >= sentence.end or sentence.lows[end] in STOPS or sentence.lows[end] in COORDINATORS
    if stem == "dispute" and not sentence.has_quotes:
        return sentence.lows[first - 1] != "that" and low not in QUESTIONS and not _has_clause(sentence, first)
    counted = sentence.after(first) in ("least", "most")
    if low in _LIKE_PREPOSITIONS or (low in PREPOSITIONS and low not in ("of", "about", "for", "to") and not counted):
        return not _has_clause(sentence, first)
    if low.endswith("ing") and (stem == "propose" or (stem in _MEMORIES and first + 1 < sentence.end)):
        return False
    counted = low in NUMBERS or low in ("a", "an")
    if (
        not (stem in NO_OBJECTS or (stem == "declare" and counted))
        or low in QUESTIONS
        or "as" in sentence.lows[first + 1 : first + _AS_WITHIN]
    ):
        return False
    end = max(first + 1, sentence.tokens.phrase_after(first, sentence.end))
    while end < sentence.end and sentence.lows[end] in ADVERBS:
        end += 1
    if end >= sentence.end and end - first == 1 and stem == "announce":
        return True
    opens = end < sentence.end and sentence.tokens.has_verb(end, end + 1)
    if stem == "believe":
        if low in OBJECT_FORMS and (sentence.after(first) in SUBORDINATORS or low in OBJECT_PRONOUNS):
            return True
        end = sentence.tokens.phrase_after(first, sentence.end, narrow=True)
        if sentence.lows[end : end + 1] == ["of"]:
            end = sentence.tokens.phrase_after(end + 1, sentence.end, narrow=True)
        apposed = sentence.lows[end : end + 1] == [","] and sentence.after(end) in ARTICLES
        return end >= sentence.end or (sentence.lows[end] in STOPS and not apposed)
    if (
        low in DETERMINERS
        and end > first + 1
        and stem not in _MEMORIES
        and sentence.lows[end - 1] in NOUN_STEMS
        and not sentence.quotes_after(first)
    ):
        return not opens
    return not opens and not sentence.tokens.has_verb(end - 1, end)


def _is_handed(sentence: Sentence, first: int) -> bool:
    """Whether a thing is reported to those whom it concerns: reported | two of them to the police."""
    rest = sentence.lows[first : sentence.end]
    handed = any(low == "to" and after in _CONCERNED for low, after in pairwise(rest))
    return handed and not _has_clause(sentence, first)


def _has_clause(sentence: Sentence, first: int) -> bool:
    """Whether a finite verb is in the rest of a clause; nouns that are also verbs of speech do not count."""
    for at in range(first, sentence.end):
        low = sentence.lows[at]
        if low in STOPS:
            return False
        if low in AUXILIARIES or is_act(low):
            return True
        cue = VERBS.get(low)
        if cue is not None and (cue.form is PAST or sentence.lows[at - 1] in PRONOUNS):
            return True
    return False


def _says_nothing(sentence: Sentence, first: int, end: int) -> bool:
    """Whether the words are not told: said it, says as much, said the same of Cuba, know is."""
    low = sentence.lows[first]
    if sentence.lows[first - 2] in PERFECTS and (low in FUTURES or low in BE):
        return True
    if low in _NOTHING and sentence.after(first) in BE:
        return sentence.lows[first - 1] != "that" and low in ("nothing", "little", "much", "something")
    if low in ("otherwise", "differently") or (low in ("no", "yes") and end - first == 1):
        return True
    found = sentence.lows[first - 1] in ("find", "finds", "found")
    if (
        low in ("it", "this")
        and not found
        and (sentence.after(first) in PREPOSITIONS or sentence.after(first) in ADVERBS or _is_manner(sentence, first))
    ):
        return True
    if low in ("it", "this", "so") and sentence.after(first) in _OFTEN:
        return True
    if end - first == 1 or sentence.after(first) == ",":
        return low in _NOTHING or low in OBJECT_FORMS or (low in _IS and sentence.lows[first - 1] == "know")
    if low in ("nothing", "little", "something") and sentence.lows[first + 1] in _OF_NOTHING:
        return True
    if sentence.lows[first : first + 2] not in _SAME:
        return low in _IS and sentence.lows[first - 1] == "know"
    return end - first == 2 or not sentence.tokens.is_nounlike(first + 2)


def _is_manner(sentence: Sentence, at: int) -> bool:
    """Whether only how it was said follows: denies this | categorically."""
    return sentence.after(at).endswith("ly") and at + 2 >= sentence.end


def _is_quoted_before(sentence: Sentence, at: int) -> bool:
    """Whether what was said stands before its verb: `“They came,” its head, Ray Tait, said of | the drivers`."""
    return sentence.has_quotes and any(quote < at for quote in sentence.tokens.quoted if quote >= sentence.low)


def opens_clause(sentence: Sentence, at: int) -> bool:
    """Whether a clause without `that` follows: `was told | every hotel was full`."""
    end = sentence.tokens.phrase_after(at, sentence.end)
    return at < end < sentence.end and sentence.lows[end] in AUXILIARIES and not sentence.tokens.is_name(end)


def clauses_from(sentence: Sentence, first: int) -> list[Range]:
    """The clause that starts at `first` and those that go on with `and that`; none if it is but `it` or `so`."""
    pieces: list[Range] = []
    start = first
    while True:
        end = until(sentence, first)
        if first < end and not _says_nothing(sentence, first, end):
            pieces.append((start, end))
        past = end + (end < sentence.end and sentence.lows[end] == ",")
        if not goes_on_that(sentence, first, past):
            return pieces
        dated = dated_that(sentence, past)
        first = past + 1 + (sentence.lows[past] != "that") if dated is None else dated + 1
        start = past if past > end and end - 1 in sentence.quotes and dated is None else first


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
    if _is_relative(sentence, comma, at) or _is_unfinished(sentence, comma, at):
        return []
    first = sentence.floor(comma)
    quote = first - 1 if first - 1 in sentence.quotes else sentence.quote_before(first)
    if quote is not None and quote > sentence.low:
        first = sentence.floor(quote)
    if sentence.lows[first] == "according":
        return []
    if sentence.lows[first] in _TEMPORAL and sentence.lows[at + 1 : at + 2] == [","]:
        return []
    if sentence.lows[first : first + 1] == ["to"] and at + 1 < sentence.end and sentence.lows[at + 1] in PREPOSITIONS:
        return []
    return [(interrupted(sentence, first, comma), comma)]


def _is_relative(sentence: Sentence, comma: int, at: int) -> bool:
    """Whether an interruption follows a relative pronoun: `a gang that, | police say, had run the market`."""
    low = sentence.lows[max(sentence.low, comma - 1)]
    if low == "that" and comma - 2 > sentence.low:
        noun = sentence.tokens.is_nounlike(comma - 2) and sentence.lows[comma - 2] not in VERBS
        return noun and sentence.after(at) == "," and sentence.after(at + 1) in AUXILIARIES
    return low in WH_RELATIVES


def _is_unfinished(sentence: Sentence, comma: int, at: int) -> bool:
    """Whether an interruption cuts a clause behind its conjunction: `He stays because, | he says, ...`, `and is, |`."""
    if comma <= sentence.low or sentence.lows[comma] != "," or sentence.after(at) != ",":
        return False
    if sentence.lows[comma - 1] in _UNFINISHED:
        return True
    return sentence.lows[comma - 2] == "and" and sentence.tokens.has_verb(comma - 1, comma)


def interrupted(sentence: Sentence, first: int, comma: int) -> int:
    """Where a clause begins that a speaker interrupts: `The shop is shut, and | the key, he says, is lost`."""
    last = sentence.coordinate(first, comma)
    return last if last > first and sentence.tokens.phrase_after(last, comma) == comma else first


def judged_object(sentence: Sentence, at: int) -> list[Range]:
    """What the verb at `at` praises, blames, names or asks for, with what it says of it."""
    first = at + 1
    after = sentence.after(at)
    if VERBS[sentence.lows[at]].stem in PARTICLES and VERBS[sentence.lows[at]].stem != "refer":
        while first < sentence.end and sentence.lows[first] in _PARTICLES:
            first += 1
    elif after == "on" and sentence.after(first) in DAYS:
        first += 2
    elif (after in ("on", "upon") and VERBS[sentence.lows[at]].stem != "blame") or (
        after == "to" and VERBS[sentence.lows[at]].stem == "appeal"
    ):
        first += 1
    elif after == "that" and VERBS[sentence.lows[at]].kind is not NAME:
        return [(first + 1, until(sentence, first + 1))]
    if first >= sentence.end or sentence.lows[first] in STOPS or sentence.lows[first] in _NO_OBJECT:
        return []
    if sentence.lows[first] in _CIRCUMSTANCES and sentence.after(first) in DAYS | TIMES:
        return []
    if sentence.lows[first] in ("at", "during", "within") and VERBS[sentence.lows[at]].stem not in PARTICLES:
        return []
    if VERBS[sentence.lows[at]].stem in _REFUSALS and _is_report(sentence, first):
        return []
    if sentence.lows[first] in _LIKE_PREPOSITIONS or (sentence.lows[first] == "for" and _is_time(sentence, first + 1)):
        return []
    end = until(sentence, first, OBJECT_ENDS)
    dated = [i for i in range(first + 1, end - 1) if sentence.lows[i] == "on" and sentence.lows[i + 1] in DAYS]
    if dated and sentence.lows[dated[0] + 2 : end][:1] in (["in"], ["at"], ["during"]):
        end = dated[0]
    if at == sentence.low:
        end = sentence.find(",", first, end) or end
    return [(first, _before_venue(sentence, first, end))]


def _is_time(sentence: Sentence, at: int) -> bool:
    """Whether a stretch of time is told: for | three years."""
    end = sentence.tokens.phrase_after(at, sentence.end, narrow=True)
    return end > at + 1 and sentence.lows[end - 1].removesuffix("s") in _SPANS and sentence.lows[at] in NUMBERS


def _is_report(sentence: Sentence, first: int) -> bool:
    """Whether what is refused is but what another said: rejected the accusation, the company's claim that ..."""
    end = sentence.tokens.phrase_after(first, sentence.end, narrow=True)
    wide = sentence.tokens.phrase_after(first, sentence.end)
    if sentence.lows[wide : wide + 1] == ["as"]:
        return False
    if end > first and sentence.lows[end - 1] in ("report", "reports"):
        return True
    return end > first and sentence.lows[end - 1] in NOUNS and sentence.lows[end - 1] not in _NO_REPORTS


def _before_venue(sentence: Sentence, first: int, end: int) -> int:
    """The end without `on Monday`, `in a speech`, `on breakfast television` before it."""
    for at in range(first + 1, end - 2):
        if sentence.lows[at] in ("in", "at") and sentence.lows[at + 1] in ("a", "an", "his", "her", "its", "their"):
            said = sentence.tokens.phrase_after(at + 2, end, narrow=True)
            if sentence.lows[said - 1] in _OCCASIONS and "of" not in sentence.lows[first:at]:
                end = at
                break
    while True:
        if sentence.lows[end - 1] == "years" and sentence.lows[first + 1].endswith(("est", "rst")):
            return end
        start = next((at for at in range(end - 1, max(first, end - 5), -1) if sentence.lows[at] in ("on", "in")), None)
        if start is None or sentence.lows[end - 1] not in _WHEN_AND_WHERE:
            return end
        end = start
