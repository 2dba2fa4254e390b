"""Verbs that are of speech only in company: beside a quotation or before certain words, `found that`, `credits X with`.

What belongs here: what these verbs need. What does not: other refusals of verbs (`senses`).
"""

from stance.voices.clauses import Sentence
from stance.voices.cues import MESSAGES, PAST, STEM, THIRD, VERBS
from stance.voices.words import (
    DAYS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    QUALITIES,
    STOPS,
    SUBORDINATORS,
    TENSED,
    word_set,
)

NEEDS = {
    "read": frozenset[str](),
    "write": frozenset({"that", "of", "about", "from", "to", ":"}),
    "find": frozenset({"that", "it", "them", "him", "her", "he", "she", "they", "no", "ample", "evidence", "fault"}),
    "put": frozenset({"it", "at"}),
    "speak": frozenset({"of", "about", "against", "out"}),
    "point": frozenset({"out"}),
    "rule": frozenset({"that"}),
    "know": frozenset[str](),
    "credit": frozenset({"with"}),
    "decide": frozenset({"that"}),
    "threaten": frozenset({"to", "that"}),
    "doubt": frozenset({"that", "whether", "if", "will", "would"}),
    "expect": frozenset({"that", "to", "a", "an", "no", "the", "one", "two", "three"}),
    "gather": frozenset({"that"}),
    "figure": frozenset({"that"}),
    "reason": frozenset({"that"}),
    "calculate": frozenset({"that"}),
    "realise": frozenset({"that"}),
    "realize": frozenset({"that"}),
    "show": frozenset({"that"}),
    "determine": frozenset({"that"}),
    "jest": frozenset({"that"}),
    "presume": frozenset({"that"}),
    "relay": frozenset({"that"}),
    "request": frozenset({"that"}),
    "specify": frozenset({"that"}),
    "wager": frozenset({"that"}),
    "brag": frozenset({"that"}),
    "deduce": frozenset({"that"}),
    "interject": frozenset({"that"}),
    "verify": frozenset({"that"}),
    "ascertain": frozenset({"that"}),
    "proclaim": frozenset({"that"}),
    "venture": frozenset({"that"}),
    "rant": frozenset({"that"}),
    "pray": frozenset({"that"}),
    "assess": frozenset({"as"}),
    "preach": frozenset({"that"}),
    "contest": frozenset({"that"}),
    "pronounce": frozenset({"that"}),
    "decree": frozenset({"that"}),
    "highlight": frozenset({"that"}),
    "remember": frozenset({"that", "as"}),
    "accept": frozenset({"that"}),
    "establish": frozenset({"that"}),
    "indicate": frozenset({"that"}),
    "infer": frozenset({"that"}),
    "reflect": frozenset({"that"}),
    "mention": frozenset({"that"}),
    "bet": frozenset({"that"}),
    "guarantee": frozenset({"that"}),
    "question": frozenset({"whether", "if", "why", "how"}),
    "apologise": frozenset({"for"}),
    "apologize": frozenset({"for"}),
    "undertake": frozenset({"to"}),
    "attack": frozenset({"as"}),
    "present": frozenset({"as"}),
    "picture": frozenset({"as"}),
    "petition": frozenset({"to", "for"}),
    "challenge": frozenset({"to"}),
    "forbid": frozenset({"to"}),
    "order": frozenset({"to", "that"}),
    "instruct": frozenset({"to", "that"}),
    "command": frozenset({"to", "that"}),
    "appeal": frozenset({"to", "for", "that"}),
    "attribute": frozenset({"to"}),
    "ascribe": frozenset({"to"}),
    "guess": frozenset({"that"}),
    "marvel": frozenset({"that"}),
    "term": frozenset({"it", "them", "this", "that", "him", "her", "the", "a", "an"}),
    "answer": frozenset({"that", ":"}),
    "disagree": frozenset({"that"}),
    "submit": frozenset({"that"}),
    "allow": frozenset({"that"}),
    "charge": frozenset({"that"}),
    "post": frozenset({"that"}),
    "project": frozenset({"that"}),
    "cast": frozenset({"as"}),
    "frame": frozenset({"as"}),
    "tout": frozenset({"as"}),
    "foresee": frozenset({"a", "an", "the", "that"}),
}
"""Verbs that are of speech only beside a quotation or before one of these words."""
_NEAR_QUOTE = 8
"""Tokens after a quotation in which such a verb is beside it."""
_CLOSING = word_set("""
    rule find decide decree calculate write remember figure reason guess marvel reflect accept infer preach realise
    realize mention show establish indicate jest
    """)
"""Those that may also close or interrupt what they report: `the court ruled`, `the men, she remembers, were tall`."""
_AFTER_CLOSE = STOPS | DAYS | {"on", "in", "last"}
_FAR_WITH = 14
"""Tokens after `credit` in which its `with` is looked for."""
_FAULTS = word_set("guilty responsible liable accountable wanting negligent innocent unfit")
_FAR = frozenset({"that", "with", "to", "will", "would", "as", "at", ":"})
_FAR_NEEDS = {stem: needs & _FAR for stem, needs in NEEDS.items()}
"""Words that may also stand further off."""
_MORE = word_set("threaten show find expect remember write")
_NEED_WITHIN = {"write": 8, "put": 15}
"""Tokens after a verb in which what it needs is looked for, where these are more than six."""
_FINDERS = word_set("audit study survey poll review inquiry auditors analysis investigation")
_MENACES = word_set("response retaliation revenge sanctions strike strikes action consequences tariffs resignation")
_REMEMBERED = word_set("a an his her him their its")


def has_need(sentence: Sentence, at: int, stem: str, floor: int) -> bool:
    """Whether what a verb needs is there."""
    beside = at + 1 in sentence.quotes or (sentence.quote_before(floor) is not None and at - floor < _NEAR_QUOTE)
    if beside or stem == "know":
        return stem != "know" or sentence.lows[at - 1] == "to"
    if stem == "post" and sentence.lows[at - 1] in MESSAGES:
        return False
    if stem == "allow":
        return sentence.after(at) == "that"
    if (stem in _CLOSING and _closes(sentence, at, floor)) or (stem == "answer" and sentence.lows[at - 1] == ","):
        return True
    if stem == "credit":
        return "with" in sentence.lows[at + 1 : min(at + _FAR_WITH, sentence.end)]
    near = sentence.lows[at + 1 : min(at + _NEED_WITHIN.get(stem, 6), sentence.end)]
    if near[1:] and (near[0].endswith("ly") or (stem == "find" and near[0] == "out")):
        near = near[1:]
    if stem == "speak" and near[:1] == ["out"] and near[1:2] == ["in"]:
        return False
    if stem == "find" and near[:3:2] == ["it", "to"]:
        return False
    if stem in _MORE and _has_more(sentence, at, stem, floor):
        return True
    if stem == "find" and near[:1] == ["her"]:
        return near[1:2] != [] and near[1].endswith(QUALITIES)
    if stem == "find" and near[:1] != ["that"]:
        return near[1:] != [] and near[0] in NEEDS[stem] and near[1] not in PREPOSITIONS
    return near[:1] != [] and (near[0] in NEEDS[stem] or not _FAR_NEEDS[stem].isdisjoint(near))


def _opens(sentence: Sentence, at: int, after: str) -> bool:
    """Whether a clause with its verb follows: found | officials had known, show | the minister knew."""
    end = sentence.tokens.phrase_after(at + 1, sentence.end)
    opens = after in DETERMINERS or after.endswith("s")
    return opens and at + 1 < end < sentence.end and sentence.lows[end] in TENSED


def _finds(sentence: Sentence, at: int, after: str, floor: int) -> bool:
    """Whether a finding is told: found | the concert tasteless, officials had known, an audit found | only two."""
    if finds_quality(sentence, at):
        return True
    first = sentence.tokens.skip_back(at, floor)
    if sentence.lows[first - 1] in PRONOUNS and sentence.lows[first - 1] != "they":
        return False
    if _opens(sentence, at, after) and sentence.lows[at - 1] != "to":
        return True
    if VERBS[sentence.lows[at]].form is not PAST or sentence.lows[floor] in SUBORDINATORS:
        return False
    finders = not _FINDERS.isdisjoint(sentence.lows[floor:first])
    return finders and after not in PREPOSITIONS and sentence.tokens.is_nounlike(at + 1)


def _has_more(sentence: Sentence, at: int, stem: str, floor: int) -> bool:
    """Whether more than the words of `NEEDS` makes a verb one of speech here."""
    after, form = sentence.after(at), VERBS[sentence.lows[at]].form
    if not after or after in STOPS:
        return False
    if stem == "find":
        return _finds(sentence, at, after, floor)
    if stem == "show":
        return _opens(sentence, at, after)
    if stem == "expect":
        first = sentence.tokens.skip_back(at, floor)
        gap = first - 2 > floor and sentence.lows[first - 1] in PRONOUNS and sentence.tokens.is_nounlike(first - 2)
        return form is THIRD and not gap and after not in PREPOSITIONS - {"to"}
    if stem == "threaten":
        end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
        return end > at + 1 and sentence.lows[end - 1] in _MENACES
    if stem == "remember":
        told = after in _REMEMBERED and (form is STEM or sentence.lows[at - 1] not in PRONOUNS)
        return told or after.endswith("ing")
    return stem == "write" and sentence.lows[floor] == "as" and after in PREPOSITIONS


def _closes(sentence: Sentence, at: int, floor: int) -> bool:
    """Whether the verb ends a sentence that it reports: `The cable was cut on purpose, the inquiry | found`."""
    if (at + 1 < sentence.end and sentence.lows[at + 1] not in _AFTER_CLOSE) or sentence.lows[floor] == "what":
        return False
    first = sentence.tokens.skip_back(at, floor)
    if sentence.lows[first - 1] in PRONOUNS and first - 2 > floor:
        comma = sentence.find(STOPS, at + 1, min(at + 5, sentence.end - 1))
        interrupts = comma is not None and (comma == at + 1 or sentence.tokens.has_verb(comma + 1, sentence.end))
        interrupts = interrupts or sentence.tokens.has_verb(floor, first - 2)
        return sentence.lows[first - 2] == "," and interrupts
    start = sentence.tokens.phrase_before(first, floor)
    opens = start is not None and start > floor and sentence.lows[start - 1] == ","
    return opens and start is not None and not sentence.lows[start].endswith("ing")


def finds_quality(sentence: Sentence, at: int) -> bool:
    """Whether a thing is found to be of some kind: `found the concert tasteless`, `finds the convoy “endearing”`."""
    end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    if end in sentence.quotes or sentence.lows[end : end + 1] == ["too"]:
        return end > at + 1
    if end > at + 2 and sentence.lows[end - 1] in _FAULTS:
        return True
    closed = end >= sentence.end or sentence.lows[end] in STOPS or sentence.lows[end] == "and"
    return closed and end > at + 2 + (sentence.after(at) in DETERMINERS) and sentence.lows[end - 1].endswith(QUALITIES)
