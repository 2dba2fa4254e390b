"""Verbs of speech at work: who the subject of one is, active, passive or after the quotation.

What belongs here: the decisions about one verb. What does not: the table of verbs (`cues`), subjects (`clauses`), and
which words are reported (`complements`).
"""

from stance.records import HolderKind
from stance.voices.clauses import Act, Range, Sentence
from stance.voices.complements import NO_OBJECTS, clauses_from, judged_object, opens_clause, reported_clause
from stance.voices.cues import (
    ASK,
    DISTANT_WORDS,
    ING,
    JUDGE,
    NAME,
    NOUNS,
    PAST,
    REPORTS,
    SAY,
    SOUND,
    STEM,
    TELL,
    THIRD,
    VERBS,
    VIEW,
    Cue,
    Kind,
)
from stance.voices.deeds import PASSIVE_NEXT
from stance.voices.kinds import kind_of
from stance.voices.reach import CLAUSE_ENDS, OBJECT_ENDS, until, until_verb
from stance.voices.senses import is_gerund, is_infinitive, is_means, is_none, is_purpose
from stance.voices.views import EXCLAIMS, TAKES_AS, has_chance, is_view, opens_that, past_change, puts, view_words
from stance.voices.words import (
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    BE,
    DAYS,
    DETERMINERS,
    JOINTS,
    MODALS,
    NOBODY,
    OBJECT_PRONOUNS,
    PERFECTS,
    PREPOSITIONS,
    PRONOUNS,
    QUESTIONS,
    RELATIVES,
    STOPS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TENSED,
    THAT,
    VERBS_OF_ACTION,
    word_set,
)

_CHANNELS = word_set("phone telephone email e-mail mail letter text video message messages name")
"""What somebody says something by: said by phone."""
_AFTER_COMMA = word_set("say ask write add reply explain answer recall report remark note")
"""Verbs that may stand between words without marks and their speaker: `They grew beans, wrote Ida`."""
_KEEPS = word_set("kept keeps keep started starts")
"""Verbs before an -ing form that only say that it goes on."""
_GOING = word_set("goes went")
_GOVERNS = 11
"""Tokens before `to` in which its verb is looked for."""
_RUMOURED = word_set(
    "said reported alleged supposed believed thought known rumoured claimed understood seems seemed appears"
)
"""Verbs before `to have called`."""
_AFTER_SPEAKER = DAYS | PRONOUNS | PREPOSITIONS | RELATIVES | ADVERBS | word_set("and as when after before while")
_BESIDE = 3
"""Tokens between a quotation and a verb that goes on with its speaker: `“...”, and | said`."""
_GOES_ON = word_set("and but who which whose")
_AFTER_QUOTATION = 6
"""Tokens after a quotation in which its speaker may go on: who called it “a farce” in May, | said."""
_AFTER_SPEAKERS = OBJECT_ENDS - {"and", "because", "while"}
_CHARGES = frozenset({"of", "as"})
_NO_NAMES = ADVERBS | DAYS | {"early", "late", "yesterday"}
"""Words after a passive that say when and how, not what somebody is called: dismissed | early in his career by."""
_HARD_STOPS = STOPS - {","}
_ADJUNCTS = DAYS | PREPOSITIONS
_SAYING = word_set("say think believe warn argue insist fear")
_RARE = frozenset({SOUND, VIEW})
_UNSURE = word_set("sure know knows known clear remember remembers")
"""Words before `who` that make it a question: nobody is sure | who called it so."""
"""Kinds of verbs that are seldom of speech."""
_WARNS = word_set("warn promise")
_ORDERED = word_set("urge ask advise remind encourage implore")
"""Verbs whose order many are given by nobody named: Parents are urged | to stay away."""
_ASIDES = frozenset({"as", "so"})
_HEARERS = word_set("he she they who")
_BY_WHEN = (["the", "end"], ["the", "time"], ["the", "middle"], ["the", "start"], ["the", "beginning"])
_MANY = frozenset({HolderKind.PERSON, HolderKind.CROWD})
_EXPRESSES = word_set("express voice repeat share offer reiterate")
_WHERE = word_set("on at in by")
_WHEN = ADVERBS - {"never"}
_COLON_WITHIN = 7
"""Tokens after `put it` in which a colon is looked for."""
_FAR_OFF = 14
"""Tokens after an agent in which what he tells is looked for."""
_AGENT_WITHIN = 16
"""Tokens after a passive verb in which its agent is looked for."""


def verb_act(sentence: Sentence, at: int, cue: Cue) -> Act | None:
    """Read the cue verb at `at`; None if it is no verb of speech here or nobody is its subject."""
    if cue.kind in _RARE and not has_chance(sentence, at, cue):
        return None
    floor = sentence.floor(at)
    if is_none(sentence, at, cue, floor):
        return None
    if cue.stem in _EXPRESSES and _says_by_noun(sentence, at):
        return None
    if cue.stem == "call" and cue.form is PAST and _gives_name(sentence, at):
        return None
    if (cue.form is STEM and is_purpose(sentence, at, cue)) or (cue.form is ING and is_means(sentence, at, cue)):
        who = sentence.first_phrase(sentence.coordinate(floor, at - 1), at - 1)
        return None if who is None else _act(sentence, at, who, cue, reported_clause(sentence, at, who, cue.kind))
    first = _verb_start(sentence, at, cue, floor)
    if sentence.lows[first - 1] == "who" and first - 2 > sentence.low and sentence.lows[first - 2] in _UNSURE:
        return None
    shifted = _shifted(sentence, at, cue) if sentence.after(at) == "as" else []
    if shifted:
        who = sentence.subject(first, floor, cue.form, written=False)
        return None if who is None else _act(sentence, at, who, cue, shifted)
    if cue.form is PAST and _is_passive(sentence, at, first, cue):
        if cue.kind is VIEW and cue.stem not in TAKES_AS:
            return None
        return passive(sentence, at, first, cue)
    if _is_inverted(sentence, at, floor, cue):
        return _inverted(sentence, at, cue)
    who = sentence.subject(first, floor, cue.form, written=cue.stem == "read")
    if who is None and first == floor and sentence.quote_before(floor) is not None:
        who = sentence.first_phrase(sentence.low, first)
    if who is None and sentence.has_quotes and first - floor < _AFTER_QUOTATION:
        who = _over_quotation(sentence, first - 1)
    if who is None and sentence.acts and sentence.lows[first - 1] in ("and", "but") and first - 1 - floor < _BESIDE:
        who = sentence.acts[-1].who
    if (
        who is None
        or sentence.lows[who[0]] in NOBODY
        or sentence.lows[who[1] - 1] == "nobody"
        or (cue.form is THIRD and _is_object(sentence, who, at))
    ):
        return None
    if who[0] > sentence.low and sentence.lows[who[0] - 1] in ("whether", "if") and at + 1 not in sentence.quotes:
        return None
    if cue.form is ING and _is_beside_verb(sentence, at, who, cue):
        return None
    if cue.kind is VIEW and not is_view(sentence, at, who, cue):
        return None
    if cue.kind is NAME and "what" in (sentence.lows[floor], sentence.lows[who[0] - 1]):
        if at + 1 in sentence.quotes:
            return _act(sentence, at, who, cue, [(at + 1, at + 2)])
        if sentence.has_quotes:
            return _act(sentence, at, who, cue, [])
    aside = _aside(sentence, at, who)
    if aside:
        return _act(sentence, at, who, cue, aside, whole=True)
    if cue.kind in REPORTS or (cue.kind is VIEW and opens_that(sentence, at)):
        pieces = reported_clause(sentence, at, who, cue.kind)
        related = _is_related(sentence, who, at)
        if related or sentence.lows[max(sentence.low, who[0] - 1)] in ("which", "whom"):
            pieces = [(first, min(end, _until_main(sentence, at, first))) for first, end in pieces]
        if not pieces and cue.kind is TELL and sentence.quote_before(who[0]) is None:
            stop = sentence.find(",;", at, sentence.end) or sentence.end
            pieces = judged_object(sentence, at) if "to" in sentence.lows[at:stop] else []
        if cue.stem == "expect":
            pieces = [(first, past_change(sentence, end)) for first, end in pieces]
        return _act(sentence, at, who, cue, pieces)
    colon = sentence.find(":", at + 2, min(at + _COLON_WITHIN, sentence.end)) if cue.stem == "put" else None
    if colon is not None and colon + 1 not in sentence.quotes:
        return _act(sentence, at, who, cue, [(colon + 1, until(sentence, colon + 1))])
    if cue.stem == "put" and sentence.lows[at + 1 : at + 3] in (["it", "to"], ["it", "about"]):
        that = sentence.find(THAT, at + 3, min(at + _COLON_WITHIN + 4, sentence.end))
        return None if that is None else _act(sentence, at, who, cue, [(that + 1, until(sentence, that + 1))])
    if cue.stem == "put" and puts(sentence, at):
        return _act(sentence, at, who, cue, [(at + 1, until(sentence, at + 1))])
    if cue.kind is SOUND or _only_hears(sentence, at, who):
        return _act(sentence, at, who, cue, [])
    pieces = view_words(sentence, at, cue) if cue.kind is VIEW else judged_object(sentence, at)
    reason = [] if sentence.lows[at - 1] in RELATIVES else _reason(sentence, cue, pieces)
    return _act(sentence, at, who, cue, pieces + reason)


def _reason(sentence: Sentence, cue: Cue, pieces: list[Range]) -> list[Range]:
    """What explains a judgement: `Doctors describe the results as striking: | of 44 patients, 39 had none`."""
    colon = pieces[-1][1] if pieces else sentence.end
    if cue.kind is not NAME or colon + 1 >= sentence.end or sentence.lows[colon] != ":" or sentence.has_quotes:
        return []
    cues = (VERBS.get(low) for low in sentence.lows[colon + 1 : sentence.end])
    spoken = any(other is not None and other.kind in REPORTS and other.form is not ING for other in cues)
    return [] if spoken else [(colon + 1, until(sentence, colon + 1))]


def _shifted(sentence: Sentence, at: int, cue: Cue) -> list[Range]:
    """What is judged behind the word for it: `rejected as “absurd” | the suspicion that ...`."""
    if cue.kind not in (NAME, JUDGE) or cue.form not in (PAST, THIRD):
        return []
    thing = at + 3
    if at + 2 not in sentence.quotes or thing >= sentence.end or sentence.lows[thing] not in ARTICLES:
        return []
    if sentence.lows[at - 1] in BE:
        return []
    if sentence.after(thing) == "report" and sentence.after(thing + 1) == "that":
        return [(at + 2, at + 3), (thing + 3, until(sentence, thing + 3))]
    return [(at + 2, until(sentence, thing, OBJECT_ENDS))]


def _is_beside_verb(sentence: Sentence, at: int, who: Range, cue: Cue) -> bool:
    """Whether an -ing form only describes: `Scientists | advising | the Commission say`, `like a driver | telling`."""
    if sentence.lows[who[0] - 1] == "like":
        return True
    if who[1] != at or cue.kind in REPORTS or cue.kind is SOUND:
        return False
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    if not at + 1 < end < sentence.end:
        return False
    if not _SAYING.isdisjoint(sentence.lows[at + 2 : end]):
        return True
    verb = VERBS.get(sentence.lows[end])
    return (verb is not None and verb.form is not ING) or sentence.lows[end] in AUXILIARIES


def _over_quotation(sentence: Sentence, joint: int) -> Range | None:
    """Who goes on speaking behind a quotation: `The mayor, who called it “a farce”, | said`, `... and | said`."""
    who = sentence.first_phrase(sentence.low, joint)
    if who is None or sentence.lows[joint] in ("and", "but"):
        return who
    related = sentence.lows[joint] == "," and sentence.lows[who[1]] == "," and sentence.after(who[1]) in RELATIVES
    return who if related else None


def _is_related(sentence: Sentence, who: Range, at: int) -> bool:
    """Whether a verb stands in the relative clause of the sentence's subject: `Two members who had | threatened`."""
    if who[1] >= at or sentence.lows[who[1]] not in ("who", "that") or who[0] > sentence.low + 1:
        return False
    verb = who[1] + 1
    while verb < at and (sentence.lows[verb] in PERFECTS or sentence.lows[verb] in ADVERBS):
        verb += 1
    return verb == at


def _until_main(sentence: Sentence, at: int, first: int) -> int:
    """End of what a relative clause reports, before the main verb: `who vouched | for them | were patient`."""
    is_clause = sentence.lows[first - 1] == "that" or first == at + 1
    return until_verb(sentence, first, is_wish=not is_clause or sentence.lows[first] in PREPOSITIONS)


def _says_by_noun(sentence: Sentence, at: int) -> bool:
    """Whether a noun of speech has what is said: `expressed | the hope that ...`."""
    that = sentence.find(THAT, at + 2, min(at + 6, sentence.end))
    return that is not None and sentence.lows[that - 1] in NOUNS


def _only_hears(sentence: Sentence, at: int, who: Range) -> bool:
    """Whether the object of a verb after a quotation is but its hearer: `“Go home,” the chief urged | people`."""
    if sentence.quote_before(who[0]) is None:
        return False
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    end = max(end, at + 1 + (sentence.after(at) in OBJECT_PRONOUNS or sentence.after(at) == "it"))
    return end > at + 1 and (end >= sentence.end or sentence.lows[end] in STOPS)


def _verb_start(sentence: Sentence, at: int, cue: Cue, floor: int) -> int:
    """First token of the verb's group: `is said to have | called`, `used to | say`, `kept | repeating`."""
    verb = at - 2 if cue.form is STEM and is_infinitive(sentence, at, cue) else at
    if verb < at and sentence.lows[verb] not in VERBS_OF_ACTION:
        verb = _governing(sentence, verb, floor)
    if cue.form is ING and is_gerund(sentence, at, cue):
        verb = at - 2
    if cue.form is ING and verb - 1 > floor and sentence.lows[verb - 1] in _KEEPS:
        verb -= 1
    if sentence.lows[verb - 1] == "past" and sentence.lows[verb - 4] in PERFECTS:
        verb -= 3
    first = sentence.tokens.skip_back(verb, floor)
    if first - 2 > floor and sentence.lows[first - 1] == "to" and sentence.lows[first - 2] in _RUMOURED:
        first = sentence.tokens.skip_back(first - 2, floor)
    return first


def _aside(sentence: Sentence, at: int, who: Range) -> list[Range]:
    """What a remark marks as another's: `The city, as Omarov puts it, | is a queue`, `..., or so Moscow claims`."""
    if who[0] == sentence.low or sentence.lows[who[0] - 1] not in _ASIDES:
        return []
    opening = sentence.lows[max(sentence.low, who[0] - 2) : who[0]]
    end = at + 1 + (sentence.after(at) in ("it", "me", "us", "out"))
    if end < sentence.end and who[0] - 1 == sentence.low and _is_adjunct(sentence, end):
        end = sentence.find(",", end, sentence.end) or end
    if not (end >= sentence.end or sentence.lows[end] == ","):
        return []
    if sentence.has_quotes:
        after = opening == ["as"] and end + 1 < sentence.end and end + 1 not in sentence.quotes
        return [(end + 1, until(sentence, end + 1))] if after else []
    start = who[0] - 1 - (opening == ["or", "so"])
    before: list[Range] = []
    unfinished = sentence.lows[start - 2] in BE or sentence.lows[start - 2] in SUBORDINATORS
    if start - 1 > sentence.low and sentence.lows[start - 1] == "," and not unfinished:
        before = [(sentence.floor(start), start - 1)]
    if end >= sentence.end - 1 or (before and sentence.after(end) in SUBORDINATORS):
        return before
    return [*before, (end + 1, until(sentence, end + 1))]


def _is_adjunct(sentence: Sentence, at: int) -> bool:
    """Whether a verb in an aside is followed by where and when: `As she admitted | in a letter last week, ...`."""
    low = sentence.lows[at]
    return low in PREPOSITIONS or low in DAYS or low in ADVERBS or low in ("last", "this") or low.endswith("ly")


def _governing(sentence: Sentence, at: int, floor: int) -> int:
    """The verb that the word before an infinitive hangs on: `| was quick to say`, `| had the nerve to call`."""
    return next((i for i in range(at, max(floor, at - _GOVERNS), -1) if _is_verb(sentence.lows[i])), at)


def _is_verb(low: str) -> bool:
    return low in AUXILIARIES or low in VERBS_OF_ACTION or low in _GOING


def _is_object(sentence: Sentence, who: Range, at: int) -> bool:
    """Whether what looks like verb and subject is a noun with its own verb: `will examine | claims that`."""
    if who[1] != at or who[0] == sentence.low:
        return False
    return sentence.lows[sentence.tokens.skip_back(who[0], sentence.low)] in MODALS


def _act(sentence: Sentence, at: int, who: Range, cue: Cue, pieces: list[Range], *, whole: bool = False) -> Act:
    if who[0] > at:
        pieces = [(first, min(end, who[0] - 1) if first < who[0] else end) for first, end in pieces]
    if not whole and _in_subclause(sentence, who, at):
        pieces = [_before_comma(sentence, piece) for piece in pieces]
    doubted = at > sentence.low and sentence.lows[at - 1] in DISTANT_WORDS
    return Act(at, who, sentence.lows[at], cue.distance or doubted or sentence.is_distant, cue.kind, pieces)


def _in_subclause(sentence: Sentence, who: Range, at: int) -> bool:
    """Whether the verb stands in a clause that a comma ends: `When a student shouts for ...,`, `which X calls ...,`."""
    before = at - 1
    while before > sentence.low and (sentence.lows[before] in AUXILIARIES or sentence.lows[before] in ADVERBS):
        before -= 1
    if sentence.lows[before] in ("who", "which") or sentence.lows[who[0] - 1] in ("which", "whom"):
        return True
    opened = sentence.lows[sentence.low] in SUBORDINATORS and who[0] > sentence.low
    return opened and "," not in sentence.lows[sentence.low : at]


def _before_comma(sentence: Sentence, piece: Range) -> Range:
    comma = sentence.find(",", *piece)
    return piece if comma is None or piece[0] == comma else (piece[0], comma)


def _gives_name(sentence: Sentence, at: int) -> bool:
    """Whether `called` gives a name: `a seamstress called Elvira`."""
    first = at + 1 + (sentence.after(at) == "the")
    if first >= sentence.end or not sentence.tokens.is_name(first):
        return at + 1 in sentence.quotes and _gives_title(sentence, at)
    end = sentence.tokens.phrase_after(first, sentence.end, narrow=True)
    if end < sentence.end and (end in sentence.quotes or sentence.lows[end] in DETERMINERS):
        return False
    return _is_indefinite(sentence, at)


def _gives_title(sentence: Sentence, at: int) -> bool:
    """Whether what is called is a work: `appeared in a quarterly called “The Ferry”`."""
    quote = sentence.quotes[at + 1]
    titled = sentence.tokens.text[quote.start].isupper() and sentence.tokens.text[quote.end - 1].isalnum()
    return titled and _is_indefinite(sentence, at)


def _is_indefinite(sentence: Sentence, end: int) -> bool:
    """Whether the noun before `end` is introduced: `a seamstress | called`, `in a quarterly | called`."""
    for at in range(end - 1, max(sentence.low - 1, end - 5), -1):
        if sentence.lows[at] in DETERMINERS:
            return sentence.lows[at] in ("a", "an", "one", "another")
        if not sentence.tokens.is_nounlike(at):
            return False
    return False


def _is_passive(sentence: Sentence, at: int, first: int, cue: Cue) -> bool:
    if first < at:
        helpers = sentence.lows[first:at]
        if helpers[-1] in ("there", "here"):
            return False
        if not BE.isdisjoint(helpers[helpers.index("to") :] if "to" in helpers else helpers):
            return True
    after = sentence.after(at)
    if cue.stem in ("call", "appeal") and after in ("for", "on", "upon"):
        return False
    if after == "by" and _CHANNELS.isdisjoint(sentence.lows[at + 2 : at + 4]):
        end = sentence.tokens.phrase_after(at + 2, sentence.end)
        return cue.kind is not SAY or sentence.lows[end : end + 1] != ["that"]
    if cue.kind is SAY and at > sentence.low and sentence.lows[at - 1] == ",":
        return after.endswith("ly") and "by" in sentence.lows[at : at + _AGENT_WITHIN]
    if cue.kind not in (NAME, JUDGE) or (after and after not in PASSIVE_NEXT and after not in STOPS):
        return False
    if first > sentence.low and sentence.lows[first - 1] in PRONOUNS:
        return False
    start = sentence.tokens.phrase_before(first, sentence.low)
    if start is None or start == sentence.low:
        return True
    bare = sentence.lows[start] in ARTICLES and sentence.tokens.is_nounlike(start - 1)
    while start > sentence.low and (sentence.tokens.is_nounlike(start - 1) or sentence.lows[start - 1] == "and"):
        start -= 1
    return not bare and sentence.lows[max(sentence.low, start - 1)] not in ("whom", "which", "that", "what")


def passive(sentence: Sentence, at: int, first: int, cue: Cue) -> Act | None:
    """A verb whose speaker is its agent: `were called rabble by the channel`; without one nobody speaks."""
    first -= first > sentence.low and sentence.lows[first - 1] == "first"
    for by in range(at + 1, min(sentence.end - 1, at + _AGENT_WITHIN)):
        low = sentence.lows[by]
        if low in _HARD_STOPS or (low == "," and (cue.kind is not NAME or sentence.after(by) in _GOES_ON)):
            break
        if sentence.lows[by] == "that" and cue.kind is TELL:
            break
        if sentence.lows[by] == "by":
            end = sentence.tokens.phrase_after(by + 1, sentence.end)
            if sentence.lows[by + 1 : by + 3] in _BY_WHEN or sentence.lows[by + 1] in DAYS:
                break
            if end == by + 1 or not _CHANNELS.isdisjoint(sentence.lows[by + 1 : min(by + 3, end)]):
                break
            end = _before_charge(sentence, by + 1, end, cue.kind)
            if sentence.after(end - 1) == "and":
                joined = sentence.tokens.phrase_after(end + 1, sentence.end, narrow=True)
                end = max(end, joined if joined > end + 1 and sentence.after(joined - 1) != "by" else end)
            if cue.kind is SAY and _is_but_done(sentence, end, first, cue):
                break
            pieces = _passive_words(sentence, (at, first), (by, end), cue.kind)
            return _act(sentence, at, sentence.tidy(by + 1, end), cue, pieces)
    return _unnamed(sentence, at, first, cue)


def _is_but_done(sentence: Sentence, end: int, first: int, cue: Cue) -> bool:
    """Whether a thing is repeated, published or proposed rather than words told: `the plan submitted by the mayor`."""
    if sentence.lows[end : end + 1] == ["that"]:
        return False
    return cue.stem in NO_OBJECTS or sentence.lows[first - 1] in NOUNS


def _unnamed(sentence: Sentence, at: int, first: int, cue: Cue) -> Act | None:
    """What somebody is told by nobody known: `Residents were told by text message at 3am that | ...`."""
    if first == sentence.low or (cue.kind is not TELL and cue.stem not in _WARNS and cue.stem not in _ORDERED):
        return None
    before = sentence.lows[first - 1]
    heard = before == "," or before in _HEARERS or before in JOINTS or sentence.tokens.is_nounlike(first - 1)
    if first == at or not heard:
        return None
    if cue.stem in _ORDERED and cue.kind is not TELL and not _are_many(sentence, first):
        return None
    pieces = _told(sentence, at, first)
    if not pieces:
        return None
    act = _act(sentence, at, (at, at + 1), cue, pieces)
    act.named = False
    return act


def _are_many(sentence: Sentence, first: int) -> bool:
    """Whether more than one is asked: `Parents are being | urged to`, `everybody was | asked to`; not `He was`."""
    head = sentence.lows[first - 1]
    if sentence.lows[first] in ("are", "were", "have") and head not in ("they", "we", "you"):
        return True
    return head in ("everybody", "everyone", "public")


def _told(sentence: Sentence, at: int, first: int) -> list[Range]:
    """What they are told: `that | ...`, `| to stay indoors`, `| the line was closed`, `..., jurors were told`."""
    if sentence.lows[at] in ("told", "warned") or VERBS[sentence.lows[at]].stem in _ORDERED:
        order = _order(sentence, at + 1)
        if order is not None:
            return [(order, until(sentence, order, OBJECT_ENDS))]
    before_who = sentence.lows[first - 1] == "who"
    has_been = sentence.lows[first] in PERFECTS or sentence.lows[first] == "having"
    thing = at + 1 < sentence.end and sentence.tokens.is_nounlike(at + 1)
    if sentence.lows[at] == "promised" and thing and has_been:
        stop = until(sentence, at + 1, OBJECT_ENDS)
        return [(at + 1, min(stop, until_verb(sentence, at + 1, is_wish=True)) if before_who else stop)]
    if sentence.lows[at] == "told":
        if sentence.after(at) in SUBJECT_PRONOUNS or opens_clause(sentence, at + 1):
            return clauses_from(sentence, at + 1)
        start = sentence.tokens.phrase_before(first, sentence.low)
        start = start if start is None or start > sentence.low + 1 else None
        after = sentence.after(at)
        closes = not after or after == "," or after in DAYS or after in ("in", "on", "yesterday", "today")
        if start is not None and closes and sentence.lows[start - 1] == ",":
            return reported_clause(sentence, at, (start, first), SAY)
    that = sentence.find(THAT, at + 1, min(at + _AGENT_WITHIN, sentence.end))
    if that is None or sentence.tokens.has_verb(at + 1, that):
        return []
    return clauses_from(sentence, that + 1)


def _order(sentence: Sentence, at: int) -> int | None:
    """Where an order begins, past where and when it was given: `were told on Monday | to look elsewhere`."""
    while at < sentence.end - 1 and (sentence.lows[at] in _WHERE or sentence.lows[at] in _WHEN):
        past = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
        at = max(past, at + 1 + (sentence.after(at) in DAYS)) if sentence.lows[at] in _WHERE else at + 1
    to = at + (sentence.lows[at : at + 1] in (["not"], ["never"]))
    if to + 1 >= sentence.end or sentence.lows[to] != "to" or sentence.lows[to + 1] in DETERMINERS:
        return None
    return at


def _before_charge(sentence: Sentence, first: int, end: int, kind: Kind) -> int:
    """End of an agent without what it says: `accused by the socialists | of gambling`, `called by X | as Y`."""
    charges = ("as",) if kind is NAME else ("of", "for", "as", "to")
    if kind not in (JUDGE, NAME):
        return end
    for at in range(first + 1, end):
        if sentence.lows[at] in charges and (sentence.after(at).endswith("ing") or sentence.lows[at] != "of"):
            return at
    return end


def _passive_words(sentence: Sentence, verb: Range, agent: Range, kind: Kind) -> list[Range]:
    """What is said of whom: `was called | a hooligan | by`, `are told by X that | ...`, `was accused by X | of ...`."""
    at, first = verb
    by, end = agent
    low = sentence.lows[end] if end < sentence.end else ""
    if low in ("that", "of", "for", "to", "as", "not") or (kind is ASK and low in QUESTIONS):
        stop = until(sentence, end + 1, CLAUSE_ENDS if low == "that" or low in QUESTIONS else OBJECT_ENDS)
        if sentence.lows[first - 1] in RELATIVES:
            stop = min(stop, until_verb(sentence, end + 1))
        beside = first == sentence.low or sentence.lows[first - 1] == ","
        closed = sentence.find(",", end, stop) if beside else None
        if (
            low == "that"
            and closed is None
            and stop >= until_verb(sentence, end + 1)
            and sentence.lows[first - 1] not in RELATIVES
        ):
            return clauses_from(sentence, end + 1)
        return [(end + (low == "that"), stop if closed is None else closed)]
    charge = sentence.find(_CHARGES, at + 1, min(at + 4, by)) if kind in (NAME, JUDGE) else None
    if charge is not None and charge > at + 1 and not sentence.tokens.is_nounlike(at + 1):
        return [(charge, by)]
    if by > at + 1 and kind is NAME and sentence.lows[at + 1] in _NO_NAMES:
        return []
    if by > at + 1 and (kind is NAME or sentence.tokens.is_nounlike(by - 1) or by - 1 in sentence.quotes):
        return [(at + 1, by)]
    if kind is TELL:
        far = next(
            (i for i in range(end, min(end + _FAR_OFF, sentence.end)) if sentence.lows[i] in ("to", "that")), None
        )
        return [] if far is None else [(far + (sentence.lows[far] == "that"), until(sentence, far + 1))]
    if sentence.lows[first - 1] == ",":
        return [] if kind is ASK else [(sentence.floor(first), first - 1)]
    if sentence.lows[first - 1] == "it" and kind is SAY:
        return []
    end = first - (sentence.lows[first - 1] in RELATIVES)
    floor = sentence.floor(end)
    start = sentence.tokens.phrase_before(end, floor)
    if start is not None and end == first and sentence.lows[floor] in DETERMINERS:
        plain = "," not in sentence.lows[floor:start] and not sentence.tokens.has_verb(floor, start)
        start = floor if plain and "to" in sentence.lows[floor:start] else start
    if start is None:
        return [(end - 1, end)] if end > sentence.low and sentence.lows[end - 1] in PRONOUNS else []
    return [(start, end)]


def _is_inverted(sentence: Sentence, at: int, floor: int, cue: Cue) -> bool:
    """Whether the speaker follows: `“...,” said X`, `..., says her lawyer`, `Says a blogger: ...`."""
    opens = at == sentence.low and cue.kind is SAY and cue.form in (THIRD, PAST)
    quoted = sentence.quote_before(floor) is not None and sentence.tokens.skip_back(at, floor) == floor
    if not (opens or quoted or (at > floor and sentence.lows[at - 1] == ",")):
        return False
    if (
        cue.form is ING
        or at + 1 >= sentence.high
        or not (sentence.tokens.is_nounlike(at + 1) or sentence.lows[at + 1] in PRONOUNS)
    ):
        return False
    if opens:
        return sentence.lows[at + 1] in DETERMINERS or sentence.tokens.is_name(at + 1)
    if quoted:
        clause = sentence.lows[at + 1] in PRONOUNS and sentence.tokens.has_verb(at + 2, min(at + 3, sentence.end))
        return _ends_phrase(sentence, at + 1) and not clause
    if _closes_with_speaker(sentence, at, cue):
        return True
    if cue.stem not in _AFTER_COMMA or sentence.beside(at - 1, floor) is not None:
        return False
    if "," in sentence.lows[floor : at - 1] and not sentence.tokens.has_verb(floor, at - 1):
        return False
    opening = sentence.tokens.phrase_after(floor, at)
    end = sentence.tokens.phrase_after(at + 1, sentence.high)
    closed = end >= sentence.end or sentence.lows[end] in STOPS or sentence.lows[end] in _ADJUNCTS
    return closed and (sentence.lows[opening] != "," or opening == at - 1) and end > at + 1


def _closes_with_speaker(sentence: Sentence, at: int, cue: Cue) -> bool:
    """Whether the sentence ends with its speaker: `They work well, noted the foreman of the site Ray Tait`."""
    if (cue.kind is not SAY and cue.stem != "consider" and cue.stem not in EXCLAIMS) or cue.form is ING:
        return False
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    if end == at + 1 or (end < sentence.end and not _is_described(sentence, at, end)):
        return False
    kind = kind_of(sentence.tokens.text[slice(*sentence.chars((at + 1, end)))])
    if cue.form is STEM:
        return sentence.lows[at + 1].endswith("s") and kind in _MANY
    return kind is HolderKind.PERSON


def _is_described(sentence: Sentence, at: int, end: int) -> bool:
    """Whether more is said of a speaker at the end: `..., explains Ann Ray, who built it`, `..., notes X, pointing`."""
    if sentence.lows[end] != ",":
        return False
    if VERBS[sentence.lows[at]].form is STEM and sentence.after(end) == "who":
        return True
    if sentence.after(end).endswith("ing"):
        return True
    opened = sentence.floor(at)
    if not (sentence.tokens.has_verb(opened, at - 1) and sentence.tokens.is_name(end - 1)):
        name = end + 1 < sentence.end and sentence.tokens.is_name(end + 1)
        return name and sentence.tokens.phrase_after(end + 1, sentence.end) == sentence.end
    return sentence.after(end) in ("who", "whose", "a", "an", "the")


def _ends_phrase(sentence: Sentence, first: int) -> bool:
    """Whether the noun phrase at `first` is followed by the end of a clause or an adjunct."""
    if sentence.lows[first] in PRONOUNS:
        return True
    end = sentence.tokens.phrase_after(first, sentence.high)
    if end >= sentence.end or sentence.lows[end] in STOPS or end in sentence.quotes:
        return end > first
    return end > first and (sentence.lows[end] in _AFTER_SPEAKER or sentence.lows[end].endswith("ed"))


def _past_description(sentence: Sentence, comma: int) -> int:
    """Past what describes a speaker: `said Lena Haas, a political scientist at the university | , and want ...`."""
    if sentence.lows[comma : comma + 1] != [","]:
        return comma
    if sentence.after(comma).isdigit() and sentence.after(comma + 1) in ("", ","):
        return _past_description(sentence, comma + 2)
    if sentence.after(comma) in ("who", "whose"):
        return sentence.find(",", comma + 2, sentence.end) or comma
    if sentence.after(comma) not in DETERMINERS:
        return comma
    end = sentence.tokens.phrase_after(comma + 1, sentence.end)
    return end if end > comma + 1 and (end >= sentence.end or sentence.lows[end] == ",") else comma


def _inverted(sentence: Sentence, at: int, cue: Cue) -> Act:
    if sentence.lows[at + 1] in PRONOUNS:
        return _act(sentence, at, (at + 1, at + 2), cue, [])
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    pieces: list[Range] = []
    if at == sentence.low and end < sentence.end and sentence.lows[end] == ":":
        pieces = [(end + 1, until(sentence, end + 1))]
    elif sentence.lows[at - 1] == "," and sentence.quote_before(at) is None:
        pieces = [(sentence.floor(at - 1), at - 1)]
        past = _past_description(sentence, max(end, sentence.tidy(at + 1, end)[1]))
        goes_on = past < sentence.end and sentence.lows[past] == "," and sentence.after(past) not in _AFTER_SPEAKERS
        unfinished = sentence.lows[at - 2] in TENSED or not sentence.tokens.has_verb(*pieces[0])
        if goes_on and (unfinished or sentence.tokens.has_verb(past + 1, sentence.end)):
            pieces.append((past + 1, until(sentence, past + 1)))
    return _act(sentence, at, sentence.tidy(at + 1, end), cue, pieces)
