"""Whom a pronoun may mean: the subjects, names and descriptions that stand before it in the paragraph.

What belongs here: finding them. What does not: choosing among them (`articles`).
"""

from bisect import bisect_left
from collections.abc import Iterator

from stance.voices.clauses import Range, Sentence
from stance.voices.cues import FINITE, NUMBERS, STEM, THIRD, VERBS
from stance.voices.kinds import ORGANISATIONS, is_person_noun
from stance.voices.phrases import Tokens
from stance.voices.words import ADJECTIVE_ENDINGS, DETERMINERS, PREPOSITIONS, PRONOUNS, TIMES, VERBS_OF_ACTION, word_set

_COMMANDS = word_set("ask call tell say think see read take look listen remember imagine consider believe")
"""Verbs that open a sentence without a subject."""
_AFTER_VERB = DETERMINERS | PRONOUNS | {"to", "that"}
_PLACING = PREPOSITIONS - {"of", "by"}
_DATED = 5
"""Tokens of the shortest sentence that may open with a date."""
_REACH = 400
"""Tokens before a pronoun in which its antecedent is looked for."""
Chars = tuple[int, int]
"""Half-open range of characters of the paragraph."""


def subject_of(tokens: Tokens, low: int, high: int) -> Chars | None:
    """Where the subject of the sentence `[low, high)` (tokens) stands: its first noun phrase, before any verb."""
    if high <= tokens.dateline:
        return None
    sentence = Sentence(tokens, low, high)
    low = _past_date(tokens, low, high)
    subject = sentence.first_phrase(low, high)
    if subject is None or tokens.lows[low] in _COMMANDS:
        return None
    end = subject[1]
    if end < high and end - subject[0] == 1 and tokens.lows[end] == "and" and is_person_noun(tokens.lows[subject[0]]):
        joined = tokens.phrase_after(end + 1, high, narrow=True)
        subject = (subject[0], joined) if joined > end + 1 and tokens.is_name(joined - 1) else subject
    described = tokens.lows[subject[0] - 1] == "," and (
        tokens.lows[low] in PREPOSITIONS or tokens.lows[low].endswith("ing")
    )
    if tokens.has_verb(low, subject[0]) and not described:
        return None
    first = subject[0] + (tokens.lows[subject[0]] in FINITE and subject[1] - subject[0] > 1)
    return sentence.chars((first, max(first + 1, _before_verb(tokens, *subject))))


def _past_date(tokens: Tokens, low: int, high: int) -> int:
    """Past a year or a stretch of time that opens a sentence: `In 1984 | Mr Kimmel sued`, `Two years later | Salmi`."""
    if high - low < _DATED:
        return low
    first, second, third = tokens.lows[low : low + 3]
    if first in PREPOSITIONS and second.isdigit():
        low += 2
    elif third in ("later", "on", "earlier", "ago") and (first in DETERMINERS or first in NUMBERS):
        low += 3
    return low + (tokens.lows[low] == ",")


def writer_of(tokens: Tokens, low: int, high: int) -> Chars | None:
    """Who gives the word away in a sentence that ends in a colon: the subject of its last verb, else its own."""
    sentence = Sentence(tokens, low, high)
    cue = VERBS.get(tokens.lows[high - 2]) if high - 2 > low else None
    if cue is not None:
        first = tokens.skip_back(high - 2, low)
        who = sentence.subject(first, low, cue.form, written=False)
        if who is not None:
            return sentence.chars(who)
    return subject_of(tokens, low, high)


def _before_verb(tokens: Tokens, first: int, end: int) -> int:
    """End of a subject that a verb in -s was taken into: `The widow | lives above the bakery`."""
    last = VERBS.get(tokens.lows[end - 1]) if end - first > 1 else None
    if last is not None and last.form is THIRD and end < len(tokens.lows) and tokens.lows[end] in _AFTER_VERB:
        return end - 1
    for at in range(first + 1, end):
        cue = VERBS.get(tokens.lows[at])
        if cue is not None and cue.form is THIRD and tokens.lows[at + 1 : at + 2] in (["for"], ["on"], ["that"]):
            return at
        if cue is not None and cue.form is STEM and _is_plural_before(tokens, first, at):
            after = tokens.lows[at + 1] if at + 1 < len(tokens.lows) else "."
            if after in _AFTER_VERB or after in PREPOSITIONS:
                return at
    if end - first > 1 and tokens.lows[end - 1].endswith("ing") and tokens.lows[end - 2].endswith("s"):
        return end - 1
    for at in range(first + 1, end):
        if tokens.lows[at] in ("sued", "died", "used", "owed", "tied", "lied") and not tokens.is_name(at):
            return at
    for at in range(first + 1, end - 1):
        low = tokens.lows[at + 1]
        if (
            is_person_noun(tokens.lows[at])
            and low.endswith("s")
            and not (tokens.is_name(at + 1) or is_person_noun(low[:-1]) or low in ORGANISATIONS)
        ):
            return at + 1
    return end


def _is_plural_before(tokens: Tokens, first: int, at: int) -> bool:
    """Whether the head of the phrase before a bare verb is a plural: `Shopkeepers in the street | say`."""
    head = next((i for i in range(first + 1, at) if tokens.lows[i] in PREPOSITIONS), at) - 1
    return tokens.lows[head].endswith("s") and not tokens.lows[head].endswith("'s")


def _is_place(tokens: Tokens, at: int, high: int) -> bool:
    """Whether the phrase at `at` is a place: `In | the Bajo Cauca`."""
    if at == 0 or tokens.lows[at - 1] not in _PLACING:
        return False
    return tokens.is_name(tokens.phrase_after(at, high, narrow=True) - 1)


def names_before(tokens: Tokens, before: int) -> Iterator[Chars]:
    """Where capitalised names stand before an offset, but for places after `in`, `at`, `from` and the like."""
    end = max(tokens.dateline, bisect_left(tokens.starts, before) - _REACH)
    text, lows, starts, ends = tokens.text, tokens.lows, tokens.starts, tokens.ends
    last = bisect_left(ends, before + 1)
    for at in [at for at in range(end, last) if text[starts[at]].isupper()]:
        if at < end or lows[at] in ("a", "an"):
            continue
        end = at
        while end < last and tokens.is_name(end) and tokens.is_nounlike(end):
            end += 1
        if end > at and ends[end - 1] - starts[at] > 1 and _may_be_person(tokens, at, end):
            yield starts[at], ends[end - 1] - 2 * _is_possessor(tokens, end - 1)


def _may_be_person(tokens: Tokens, at: int, end: int) -> bool:
    """Whether a run of capitalised words may name a person: not `the Square`, `in Tbilisi`, `Russian`, a first word."""
    before = tokens.lows[at - 1] if at else "."
    if before == "the":
        return False
    if before in PREPOSITIONS and not _is_possessor(tokens, end - 1):
        return end - at > 1 and is_person_noun(tokens.lows[end - 2])
    if end - at > 1:
        return end - at > 2 or tokens.lows[at] not in DETERMINERS or not _is_modifier(tokens, at + 1)
    if _is_modifier(tokens, at):
        return False
    opens = before[0] in ".?!…" or at == tokens.dateline or at - 1 in tokens.quotes
    return not opens and not tokens.lows[at].endswith(ADJECTIVE_ENDINGS)


def _is_modifier(tokens: Tokens, at: int) -> bool:
    """Whether a capitalised word belongs to the noun after it: `Soviet times`."""
    after = tokens.lows[at + 1] if at + 1 < len(tokens.lows) else "."
    if after.removesuffix("s") in TIMES:
        return True
    return after[0].isalpha() and tokens.is_nounlike(at + 1) and not after.endswith(("ed", "s"))


def _is_possessor(tokens: Tokens, at: int) -> bool:
    return tokens.lows[at].endswith("'s")


def crowds_before(tokens: Tokens, sentences: list[Range], before: int) -> Iterator[Chars]:
    """Where plural nouns for people stand without a determiner: `met | dairy farmers`."""
    for low, high in sentences:
        for at in range(low, high):
            word = tokens.lows[at]
            if (
                word.endswith("s")
                and is_person_noun(word[:-1])
                and tokens.ends[at] <= before
                and tokens.is_nounlike(at)
            ):
                first = at
                while first > low and tokens.is_nounlike(first - 1) and tokens.lows[first - 1] not in VERBS:
                    first -= 1
                first += tokens.lows[first] in VERBS_OF_ACTION
                yield tokens.starts[first], tokens.ends[at]


def descriptions_before(tokens: Tokens, sentences: list[Range], before: int) -> Iterator[Chars]:
    """Where phrases such as `a woman with a pram` stand in some sentences before an offset."""
    for low, high in sentences:
        for at in range(low, high):
            if tokens.lows[at] in DETERMINERS and tokens.ends[at] <= before and not _is_place(tokens, at, high):
                end = tokens.phrase_after(at, high)
                if end > at + 1 and tokens.ends[end - 1] <= before:
                    yield tokens.starts[at], tokens.ends[end - 1]
