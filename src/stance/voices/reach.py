"""How far reported words reach: to where the author's own sentence goes on.

What belongs here: the end of words whose start is known. What does not: where they start (`complements`, `adjuncts`).
"""

from stance.voices.clauses import Sentence
from stance.voices.cues import (
    DISPUTES,
    ING,
    MESSAGES,
    NOUNS,
    NUMBERS,
    PAST,
    REPORTS,
    STEM,
    VERBS,
)
from stance.voices.deeds import (
    OBJECTS,
    PRESENT,
    PRESENTS,
    SIMPLE_PASTS,
    is_authors_act,
    is_authors_beyond,
    is_new_act,
    is_third,
)
from stance.voices.words import (
    ARTICLES,
    AUXILIARIES,
    BE,
    COORDINATORS,
    DETERMINERS,
    JOINTS,
    MODALS,
    PERFECTS,
    PREPOSITIONS,
    PRONOUNS,
    QUALITIES,
    QUESTIONS,
    RELATIVES,
    STOPS,
    TENSED,
    THAT,
    VERBS_OF_ACTION,
    WH_RELATIVES,
    word_set,
)

CLAUSE_ENDS = word_set("""
    but although though while whereas yet which who whose whom citing let
    according pointing referring alluding quoting prompting adding
    """)
"""Words after a comma with which the author takes over again."""
OBJECT_ENDS = CLAUSE_ENDS | word_set("because and when after as where to in at on before until")
"""The same after what somebody is praised or blamed for."""
_MODALS = word_set("would will could can should must may might has have had not that there")
_GOES_ON_SPEAKING = PREPOSITIONS | DETERMINERS | PRONOUNS | RELATIVES | BE | _MODALS
_GOES_ON_JUDGED = _GOES_ON_SPEAKING - AUXILIARIES
_HELPERS = BE | _MODALS
_NO_CLAUSE = BE | STOPS | PREPOSITIONS
_FINITE = word_set("is was were are has have does did went met could came")
_AUTHORS = {
    "even": word_set("though"),
    "to": word_set("the"),
    "only": word_set("to"),
    "in": word_set("what an"),
    "without": word_set("mentioning saying giving elaborating offering naming"),
    "as": word_set("did do does has have it he she they"),
    "raising": word_set("fears hopes questions concerns"),
    "up": word_set("from"),
    "down": word_set("from"),
}
"""Pairs of words after a comma with which the author takes over again."""
_PARTS = (["of", "them"], ["of", "whom"], ["of", "which"])
"""What makes a part of a number that was told: nine hurt, | three of them badly."""
_STRETCHES = word_set("minute hour day week month year moment")
_REMARKS = (
    NOUNS
    | MESSAGES
    | word_set("""
    title honour nickname epithet name
    move offer decision step figure feat schedule plan practice tactic policy admission reference sign charge gesture
    phrase word label term comparison target version
    """)
)
"""Nouns with which the author names what was said or done: a decision that ..."""
_ORDINALS = word_set("first second third fourth fifth sixth seventh last biggest largest highest lowest worst")
_GOES_BACK = 8
"""Tokens before `and` in which a participle that goes on is looked for: for having come and | signed."""
_PAUSES = frozenset({",", "and", "but", ";", "—", "–", "("})
"""Tokens at which reported words may end."""
_MAY_END = _PAUSES | {"while", "after", ":"}
_NOW = word_set("is are has have")
_THEN = word_set("was were had would could")
_HAPPENED = word_set("was were had")
_ANSWERS = word_set("tell say reply answer ask warn")
_ASKING = word_set("asked told urged advised ordered invited warned")
_TOLD = word_set("told informed advised assured reminded warned")
_DEGREES = word_set("far well slightly much")
_COMPARED = word_set("more less above below up down")
_HARDLY = word_set("hardly none never only no rarely seldom also")
_CONSEQUENCES = word_set(
    """
    sending ending reversing dashing fuelling fueling sparking triggering drawing contradicting confirming joining
    becoming paving clearing reviving easing reigniting rekindling capping
    """
)
"""What saying something does: said he would not stand, | ending months of speculation."""
_HARMS = word_set("killing injuring wounding")
"""What the thing did for which somebody is blamed, as the author tells it."""
_OPENING = word_set("about around over under after at by during since despite with without")
_CLAUSE_STOPS = STOPS | {"and", "but"}
_COMMA = frozenset({","})
_APPOSED = 20
"""Tokens an apposition inside reported words may have."""
_CLOSED = frozenset({")"})


def goes_on_that(sentence: Sentence, first: int, at: int) -> bool:
    """Whether another reported clause follows that at `first`: `, | and that he had never owned a flag`."""
    if at >= sentence.end or at - 1 in sentence.quotes:
        return False
    if sentence.lows[at] == "that" and sentence.lows[at - 1] == "," and _is_listed(sentence, first, at):
        closed = max(i for i in range(first, at) if sentence.lows[i] == ",")
        cues = (VERBS.get(low) for low in sentence.lows[first:closed] if "," in sentence.lows[first:closed])
        return sentence.after(at) not in _NO_CLAUSE and not any(c is not None and c.form is PAST for c in cues)
    if sentence.lows[at] not in ("and", "but"):
        return False
    if sentence.lows[first - 1] == "that" and dated_that(sentence, at) is not None:
        return True
    opens = sentence.after(at + 1)
    return sentence.after(at) == "that" and (opens not in _NO_CLAUSE or opens in _OPENING)


def dated_that(sentence: Sentence, at: int) -> int | None:
    """The `that` of a clause with its own date: `said on Sunday that A | and on Monday that B`."""
    if sentence.after(at) not in ("on", "in", "at") or sentence.lows[at] != "and":
        return None
    that = sentence.find(THAT, at + 2, min(at + 6, sentence.end - 1))
    return None if that is None or that < at + 3 or sentence.tokens.has_verb(at + 2, that) else that


def _is_listed(sentence: Sentence, first: int, at: int) -> bool:
    """Whether `that` opens another clause of a list: `said A, | that B and that C`."""
    if sentence.lows[first - 1] == "that":
        return True
    return any(sentence.lows[i : i + 2] == ["and", "that"] for i in range(at + 2, sentence.end - 1))


def until(sentence: Sentence, first: int, ends: frozenset[str] = CLAUSE_ENDS) -> int:
    """End of the reported words that start at `first`: where the author goes on, else the sentence's end."""
    at = first
    dated = ends is OBJECT_ENDS or sentence.lows[first : first + 1] == ["to"]
    while at < sentence.end:
        word = sentence.lows[at]
        if word not in _MAY_END:
            at += 1
            continue
        if word not in _PAUSES:
            if word == "while" and ends is OBJECT_ENDS and sentence.after(at).endswith("ing"):
                return at
            if (word == "after" and dated and at > first and _is_occasion(sentence, at)) or (
                word == ":" and _is_beyond(sentence, at, ends)
            ):
                return at
            at += 1
            continue
        if word == ";" and _is_same_tale(sentence, first, at):
            at += 1
            continue
        if word in (";", "—", "–") or (word == "(" and _is_authors_bracket(sentence, first, at)):
            return at
        if ends is CLAUSE_ENDS and goes_on_that(sentence, first, at + (word == ",")):
            return at
        if word == ",":
            past = _past_comma(sentence, first, at, ends)
            if past <= at:
                return past
            at = past
            continue
        if word in JOINTS and at > first:
            if _stops_at_joint(sentence, first, at, ends):
                return at
            if ends is CLAUSE_ENDS and is_authors_act(sentence, first, at):
                return at - (sentence.lows[at - 1] == ",")
        at += 1
    return sentence.end


def _past_comma(sentence: Sentence, first: int, at: int, ends: frozenset[str]) -> int:
    """Where words go on behind a comma, past what stands between two; their end, no token after it, if they do not."""
    if sentence.after(at) == "but" and _is_but_thing(sentence, first, at):
        return at + 3
    if sentence.lows[at - 1] in JOINTS:
        closed = sentence.find(_COMMA, at + 1, sentence.end - 1)
        if is_authors_beyond(sentence, first, at, closed):
            return at - 1
        return at + 1 if closed is None else closed + 1
    if ends is CLAUSE_ENDS:
        past = max(_past_apposition(sentence, first, at), _past_relative(sentence, first, at))
        if past > at:
            return past
    return at if stops_at_comma(sentence, at, ends, first) else at + 1


def _stops_at_joint(sentence: Sentence, first: int, at: int, ends: frozenset[str]) -> bool:
    """Whether `and` or `but` begins another report or, after a thing that is judged, a clause."""
    if sentence.lows[first] in QUESTIONS and sentence.after(at) in BE and sentence.after(at + 1) in _TOLD:
        return True
    if is_new_act(sentence, at + 1, first) or _goes_on(sentence, first, at, ends):
        return True
    return ends is OBJECT_ENDS and _is_clause(sentence, at + 1)


def _is_same_tale(sentence: Sentence, first: int, at: int) -> bool:
    """Whether the same one goes on in the same tense: `said he had never sold it | ; he had let them hope`."""
    if sentence.lows[first] not in PRONOUNS or sentence.lows[at + 1 : at + 3] != [sentence.lows[first], "had"]:
        return False
    stop = sentence.find(STOPS, at + 1, sentence.end)
    return sentence.lows[first + 1] == "had" and stop is None and not sentence.has_quotes


def _is_clause(sentence: Sentence, at: int, verbs: frozenset[str] = _NOW | _HAPPENED) -> bool:
    """Whether a clause of its own follows `and`: asked for nine years and | the sisters were thanked."""
    end = sentence.tokens.phrase_after(at, sentence.end, narrow=True)
    return at < end < sentence.end and sentence.lows[end] in verbs


def _is_but_thing(sentence: Sentence, first: int, comma: int) -> bool:
    """Whether a mere thing is excepted: `might explain one, | but not eleven`."""
    if sentence.tokens.has_verb(first, comma) is False:
        return False
    stop = sentence.find(STOPS, comma + 1, sentence.end) or sentence.end
    if sentence.after(comma + 1) != "not" and sentence.after(comma + 1) not in _HARDLY:
        return False
    return comma + 3 < stop and not any(
        sentence.lows[i] in TENSED and sentence.lows[i - 1] != "to" for i in range(comma + 2, stop)
    )


def _is_beyond(sentence: Sentence, colon: int, ends: frozenset[str]) -> bool:
    """Whether what follows a colon is the author's or another report: `describe it as striking: | of 44, ...`."""
    if ends is OBJECT_ENDS:
        return sentence.tokens.has_verb(colon + 1, sentence.end)
    comma = sentence.find(_COMMA, colon, sentence.end)
    cues = () if comma is None else (VERBS.get(low) for low in sentence.lows[comma + 1 : comma + 4])
    return any(cue is not None and cue.form is PAST and cue.kind in REPORTS for cue in cues)


def _is_occasion(sentence: Sentence, at: int) -> bool:
    """Whether the author tells what led to it: `appealed for witnesses | after a man was knocked down`."""
    stop = sentence.find(_CLAUSE_STOPS, at, sentence.end) or sentence.end
    return any(
        (sentence.lows[i] in TENSED or sentence.tokens.has_verb(i, i + 1)) and sentence.lows[i - 1] not in RELATIVES
        for i in range(at + 2, stop)
    )


def _past_apposition(sentence: Sentence, first: int, comma: int) -> int:
    """Past the comma that closes what is said of a reported subject, else `comma`: fines, | the largest yet, were."""
    if sentence.after(comma) in COORDINATORS or sentence.tokens.has_verb(first, comma):
        return comma
    closed = comma
    while (closed := sentence.find(_COMMA, closed + 1, min(comma + _APPOSED, sentence.end - 1)) or 0) > 0:
        if sentence.lows[closed + 1] in TENSED or sentence.lows[closed + 1].endswith("ed"):
            aside = sentence.after(comma) in DETERMINERS and sentence.tokens.has_verb(comma + 1, closed - 1)
            return comma if aside else closed + 1
    return comma


def _is_authors_bracket(sentence: Sentence, first: int, at: int) -> bool:
    """Whether a bracket that ends a sentence has a clause of its own: `said it was over | (it resumes in May)`."""
    closes = sentence.find(_CLOSED, at, sentence.end) == sentence.end - 1 and at > first
    return closes and any(
        sentence.lows[i] in AUXILIARIES or sentence.tokens.has_verb(i, i + 1) or is_third(sentence, i)
        for i in range(at + 2, sentence.end - 1)
    )


def stops_at_comma(sentence: Sentence, at: int, ends: frozenset[str], first: int | None = None) -> bool:
    """Whether the author takes over again after the comma at `at`."""
    after = sentence.after(at)
    if ends is OBJECT_ENDS and after == "to" and _is_apposed(sentence, at):
        return False
    if ends is OBJECT_ENDS and after == "to" and first is not None and "to" in sentence.lows[first : first + 2]:
        return sentence.after(at + 1) in DETERMINERS
    if ends is OBJECT_ENDS and after == "and" and first is not None and sentence.after(at + 1) in PREPOSITIONS:
        return sentence.after(at + 1) not in sentence.lows[first:at]
    if (
        after in ends
        or sentence.after(at + 1) in _AUTHORS.get(after, ())
        or (ends is OBJECT_ENDS and first is not None and after in AUXILIARIES)
    ):
        return True
    listed = first is not None and sentence.lows[first] == "to" and after in PRESENTS
    if first is not None and after in VERBS_OF_ACTION and not listed and "," not in sentence.lows[first:at]:
        return True
    if _is_aside(sentence, at) or after in (_CONSEQUENCES if ends is CLAUSE_ENDS else _HARMS):
        return True
    if ends is CLAUSE_ENDS and first is not None and _is_authors_now(sentence, first, at):
        return True
    if ends is OBJECT_ENDS and first is not None and after in ARTICLES and _is_clause(sentence, at + 1, PERFECTS):
        return True
    if after == "others" and sentence.after(at + 1) in DETERMINERS:
        return True
    if sentence.lows[at + 2 : at + 4] in _PARTS or sentence.lows[at + 3 : at + 5] in _PARTS:
        return (
            ends is OBJECT_ENDS
            or sentence.has_quotes
            or sentence.lows[at + 3] == "which"
            or _has_tense(sentence, at + 2)
        )
    return (
        is_own_clause(sentence, at + 1, first)
        or is_new_act(sentence, at + 1, first)
        or _is_beside(sentence, at + 1, ends)
        or _is_remark(sentence, at + 1)
    )


def _is_aside(sentence: Sentence, comma: int) -> bool:
    """Whether the author adds a time, a comparison or a relative clause with its preposition: `, | two days after`."""
    after, second = sentence.after(comma), sentence.after(comma + 1)
    counted = comma + 1 + (after in ("a", "an") or after in NUMBERS)
    if sentence.after(counted) in ("before", "after") and sentence.lows[counted].removesuffix("s") in _STRETCHES:
        return True
    if after in ("before", "after") and second.endswith("ing"):
        return True
    if after in PREPOSITIONS and second in WH_RELATIVES:
        return True
    if after == "with" and sentence.after(comma + 2) in PREPOSITIONS and sentence.after(comma + 3) in WH_RELATIVES:
        return True
    if after == "against" and (second in NUMBERS or second.isdigit()):
        return True
    return after in _DEGREES and (second.endswith("er") or second in _COMPARED)


def _has_tense(sentence: Sentence, at: int) -> bool:
    """Whether a verb stands between a token and the next stop: `one of whom | was` selling, not `two of them twice`."""
    stop = sentence.find(STOPS, at, sentence.end) or sentence.end
    return any(low in TENSED for low in sentence.lows[at:stop])


def _is_apposed(sentence: Sentence, comma: int) -> bool:
    """Whether a comma closes an apposition: `called on Mr Ray, the immigration minister | , to explain`."""
    opened = next((at for at in range(comma - 1, max(sentence.low, comma - 8), -1) if sentence.lows[at] == ","), None)
    return opened is not None and sentence.tokens.phrase_after(opened + 1, comma) == comma


def _past_relative(sentence: Sentence, first: int, comma: int) -> int:
    """The token after the comma that ends a relative clause inside reported words, `comma` if none is inside.

    It is inside if the words have no verb before it (`that John, who ..., | had left`) or another clause with `that`
    after it (`that A, which ..., | and that B`).
    """
    if sentence.after(comma) not in WH_RELATIVES:
        return comma
    closed = sentence.find(",", comma + 2, sentence.end)
    if sentence.after(comma) == "who" and "had" in sentence.lows[first:comma]:
        told = VERBS.get(sentence.lows[comma + 2]) if comma + 2 < sentence.end else None
        if told is not None and told.form is PAST and told.stem in _ANSWERS:
            return comma + 1
    if closed is None or closed + 2 >= sentence.end:
        return comma
    if sentence.lows[closed + 1] == "to" and any(low in _ASKING for low in sentence.lows[first:comma]):
        return closed + 1
    if sentence.lows[closed + 1 : closed + 3] == ["and", "that"]:
        return closed
    opened = [at + 1 for at in range(first + 1, comma) if sentence.lows[at - 1 : at + 1] == ["and", "that"]]
    first = max([first, *opened])
    goes_on = sentence.tokens.has_verb(closed + 1, closed + 2) or sentence.lows[first] in PREPOSITIONS
    finished = any(
        sentence.tokens.has_verb(i, i + 1)
        and not (sentence.lows[i].endswith("ing") and sentence.lows[i - 1] in ARTICLES)
        for i in range(first, comma)
    )
    return closed + 1 if goes_on and not finished else comma


def is_own_clause(sentence: Sentence, at: int, first: int | None) -> bool:
    """Whether the author tells on after a comma: `, and a third counted our passports`; reports would say `had`.

    So does a present after a past: `said it was over, and a guard has named his dog after it`.
    """
    if at + 1 >= sentence.end or sentence.lows[at] not in ("and", "but"):
        return False
    if sentence.lows[at + 1] == "so" and sentence.after(at + 1) in PRONOUNS and sentence.after(at + 2) in AUXILIARIES:
        return sentence.after(at + 3) in STOPS or at + 4 >= sentence.end
    pronoun = sentence.lows[at + 1] in PRONOUNS
    verb = at + 2 if pronoun else sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    verb += pronoun and sentence.after(at + 1) in ("never", "soon", "later")
    if not at + 1 < verb < sentence.end:
        return False
    low = sentence.lows[verb]
    if pronoun and low in ("did", "does"):
        return True
    if low in ("did", "does", "do") and sentence.after(verb) == "not" and sentence.after(verb + 1) in DISPUTES:
        return True
    if low in _NOW and sentence.lows[at + 1] == "neither":
        return True
    if low in _NOW and first is not None:
        told = sentence.lows[first : at - 1]
        if not SIMPLE_PASTS.isdisjoint(told) and _NOW.isdisjoint(told) and "will" not in told:
            return True
        return _NOW.isdisjoint(told) and "will" not in told and not _THEN.isdisjoint(told)
    if pronoun and (first is None or sentence.lows[at + 1] == sentence.lows[first]):
        return False
    return (low.endswith("ed") or low in VERBS_OF_ACTION) and low not in BE and low != "had"


def _goes_on(sentence: Sentence, first: int, at: int, ends: frozenset[str]) -> bool:
    """Whether the author's own sentence goes on after `and`: `called them “rabble” and | left the hall`."""
    low = sentence.after(at)
    if at - 1 in sentence.quotes:
        goes_on = _GOES_ON_JUDGED if ends is OBJECT_ENDS else _GOES_ON_SPEAKING
        return bool(low) and low[0].isalpha() and low not in goes_on and at + 1 not in sentence.quotes
    if low == "got":
        return ends is OBJECT_ENDS
    if ends is not OBJECT_ENDS or low in _HELPERS or not sentence.tokens.has_verb(at + 1, at + 2):
        return False
    closed = at + 2 >= sentence.end or sentence.lows[at + 2] in STOPS
    if low.endswith("ed") and closed and sentence.lows[at - 1].endswith(QUALITIES):
        return False
    if low.endswith("ing") and (sentence.lows[at - 1].endswith("ing") or sentence.lows[first].endswith("ing")):
        return False
    if low.endswith("ed") and "having" in sentence.lows[max(sentence.low, at - _GOES_BACK) : at]:
        return False
    if low not in VERBS or VERBS[low].form is not STEM:
        return True
    infinitive = (i for i in range(max(sentence.low, at - _GOES_BACK), at) if sentence.lows[i] == "to")
    return all(sentence.lows[i + 1] in DETERMINERS for i in infinitive)


def _is_authors_now(sentence: Sentence, first: int, comma: int) -> bool:
    """Whether a clause after a comma is the author's by tense or his `I`: `would be shown, | where it failed`."""
    goes_on = sentence.lows[first] == "i" and sentence.after(comma) in ("and", "but")
    if (
        not goes_on
        and sentence.lows[first - 1] != ":"
        and "i" in sentence.lows[comma + 2 - ("i" not in sentence.lows[first:comma]) : min(comma + 6, sentence.end)]
    ):
        return True
    if sentence.after(comma) not in ("where", "when", "as", "since"):
        return False
    verb = sentence.find(TENSED, comma + 2, sentence.end)
    told = sentence.lows[first:comma]
    if sentence.lows[first] == "to" and sentence.after(comma) == "where":
        return verb is not None and sentence.lows[verb] in PRESENT | {"hold", "holds"}
    return verb is not None and sentence.lows[verb] in _NOW and _NOW.isdisjoint(told) and not _THEN.isdisjoint(told)


def _is_beside(sentence: Sentence, at: int, ends: frozenset[str]) -> bool:
    """Whether another speaker comes in: `, | with Germany calling it a first step`."""
    if at >= sentence.end or sentence.lows[at] != "with":
        return False
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    if ends is OBJECT_ENDS and (sentence.lows[end - 1].endswith("ing") or sentence.after(end - 1).endswith("ing")):
        return True
    cues = (VERBS.get(low) for low in sentence.lows[at + 2 : end + 1])
    return any(cue is not None and cue.form is ING for cue in cues)


def _is_remark(sentence: Sentence, at: int) -> bool:
    """Whether the author names what was said: `, | an accusation the commission denies`."""
    low = sentence.lows[at] if at < len(sentence.lows) else ""
    if low == "something":
        return True
    if low == "advice":
        return sentence.after(at) in RELATIVES
    if low in ("its", "his", "her", "their") and sentence.after(at) in _ORDINALS:
        return not _has_tense(sentence, at) and _THEN.isdisjoint(sentence.lows[max(sentence.low, at - _APPOSED) : at])
    if low == "the":
        return sentence.after(at).endswith("est") or sentence.after(at) in ("first", "second", "third", "only")
    if low not in ("a", "an"):
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
        or (low.endswith("ed") and sentence.after(at) in OBJECTS)
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
