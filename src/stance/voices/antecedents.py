"""Whom a pronoun may mean: the subjects, names and descriptions that stand before it in the paragraph.

What belongs here: finding them. What does not: choosing among them (`articles`).
"""

from bisect import bisect_left
from collections.abc import Iterator

from stance.voices.clauses import Range, Sentence
from stance.voices.phrases import Tokens
from stance.voices.words import ADJECTIVE_ENDINGS, DETERMINERS, PREPOSITIONS

_REACH = 400
"""Tokens before a pronoun in which its antecedent is looked for."""
Chars = tuple[int, int]
"""Half-open range of characters of the paragraph."""


def subject_of(tokens: Tokens, low: int, high: int) -> Chars | None:
    """Where the subject of the sentence `[low, high)` (tokens) stands: its first noun phrase, before any verb."""
    sentence = Sentence(tokens, low, high)
    subject = sentence.first_phrase(low, high)
    if subject is None or tokens.has_verb(low, subject[0]):
        return None
    return sentence.chars(subject)


def names_before(tokens: Tokens, before: int) -> Iterator[Chars]:
    """Where capitalised names stand before an offset, but for places after `in`, `at`, `from` and the like."""
    at = max(0, bisect_left(tokens.starts, before) - _REACH)
    while at < len(tokens.lows) and tokens.end(at) <= before:
        end = at
        while end < len(tokens.lows) and tokens.end(end) <= before and tokens.is_name(end) and tokens.is_nounlike(end):
            end += 1
        if end > at and _may_be_person(tokens, at, end):
            yield tokens.starts[at], tokens.end(end - 1) - 2 * _is_possessor(tokens, end - 1)
        at = max(end, at + 1)


def _may_be_person(tokens: Tokens, at: int, end: int) -> bool:
    """Whether a run of capitalised words may name a person: not `the Square`, `in Tbilisi`, `Russian`, a first word."""
    before = tokens.lows[at - 1] if at else "."
    if before == "the" or (before in PREPOSITIONS and not _is_possessor(tokens, end - 1)):
        return False
    if end - at > 1:
        return True
    return before[0] not in ".?!…" and at - 1 not in tokens.quotes and not tokens.lows[at].endswith(ADJECTIVE_ENDINGS)


def _is_possessor(tokens: Tokens, at: int) -> bool:
    return tokens.lows[at].endswith("'s")


def descriptions_before(tokens: Tokens, sentences: list[Range], before: int) -> Iterator[Chars]:
    """Where phrases such as `a woman with a pram` stand in some sentences before an offset."""
    for low, high in sentences:
        for at in range(low, high):
            if tokens.lows[at] in DETERMINERS and tokens.end(at) <= before:
                end = tokens.phrase_after(at, high)
                if end > at + 1 and tokens.end(end - 1) <= before:
                    yield tokens.starts[at], tokens.end(end - 1)
