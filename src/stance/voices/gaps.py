"""Reports that leave their verb out, because the one before them serves twice.

What belongs here: shares of a poll, and speakers after a semicolon or `and`. What does not: cues of their own (`acts`).
"""

from dataclasses import replace
from itertools import pairwise

from stance.voices.clauses import Act, Range, Sentence
from stance.voices.cues import JUDGE, NAME, NOUNS, SAY, SHARES
from stance.voices.kinds import is_person_noun
from stance.voices.reach import until
from stance.voices.words import DETERMINERS, NOBODY, PREPOSITIONS, PRONOUNS, SUBORDINATORS

_OTHERS = frozenset({"another", "others"})
_JOINS = frozenset({"and", ",", ";"})
_MARKS = frozenset({"that", ";"})
_PARTERS = frozenset({"and", ";", "but"})
_ACCUSING = frozenset({"blamed", "blame", "accused", "accuse", "accuses", "praised", "thanked"})
_CHARGES = frozenset({"of", "for"})


def find_gaps(sentence: Sentence) -> None:
    """Add the reports without a verb to `sentence.acts`, and end the words of those that have one before them."""
    for act in sentence.acts[:]:
        first, end = act.who
        if not SHARES.isdisjoint(sentence.lows[first:end]):
            sentence.acts += _shares(sentence, act)
    named = judged = said = None
    for act in sentence.acts:
        kind = act.kind
        if kind is NAME:
            named = judged = said = act
        elif kind is SAY:
            said = act
        elif kind is JUDGE:
            judged = act
            named = act if act.cue in _ACCUSING else named
    if named is not None:
        sentence.acts += _namers(sentence, named)
    if judged is not None:
        sentence.acts += _agents(sentence, judged)
    if said is not None:
        sentence.acts += _speakers(sentence, said)


def _shares(sentence: Sentence, act: Act) -> list[Act]:
    """Those that share a share's verb: `44 per cent named Gazprom and | 21 per cent the government`."""
    acts: list[Act] = []
    for first, end in act.pieces[-1:]:
        starts = [at for at in range(first + 1, end - 2) if _is_share(sentence, at) and sentence.lows[at - 1] in _JOINS]
        for start, stop in pairwise([*starts, end]):
            past = start + 2 + (sentence.lows[start + 1] == "per")
            if sentence.tokens.has_verb(past, stop) or sentence.lows[past : past + 1] == ["of"]:
                return []
            acts.append(replace(act, who=(start, past), pieces=[(past, stop)]))
        if starts:
            act.pieces[-1] = (first, starts[0] - 1)
    return acts


def _is_share(sentence: Sentence, at: int) -> bool:
    return sentence.lows[at + 1] in SHARES or sentence.lows[at + 1 : at + 3] == ["per", "cent"]


def _speakers(sentence: Sentence, act: Act) -> list[Act]:
    """Those after a report: `A said that ...; B that ...`, `A called them rioters; B, “the deceived”`."""
    if not sentence.has_quotes and _MARKS.isdisjoint(sentence.lows[act.at + 4 : sentence.end]):
        return []
    acts: list[Act] = []
    for at, low in enumerate(sentence.lows[act.at + 2 : max(0, sentence.end - 2)], act.at + 2):
        if low in _PARTERS or (low == "," and _is_gap(sentence, act, at)):
            found = _speaker(sentence, act, at + 1)
            if found is not None:
                acts.append(found)
                _end_before(act if len(acts) == 1 else acts[-2], at)
    return acts


def _namers(sentence: Sentence, act: Act) -> list[Act]:
    """Those that share a naming verb: `The professor called it murder, | his colleague an accident`."""
    acts: list[Act] = []
    for first, stop in act.pieces[-1:]:
        if (
            sentence.lows[stop : stop + 2] in ([",", "others"], [";", "others"])
            and sentence.lows[stop + 2] in DETERMINERS
        ):
            return [replace(act, who=(stop + 1, stop + 2), pieces=[(stop + 2, until(sentence, stop + 2))])]
        for at in range(first + 1, stop - 2):
            if sentence.lows[at : at + 2] != ["and", "others"] and (
                sentence.lows[at] != "," or sentence.lows[at + 1] not in DETERMINERS
            ):
                continue
            end = sentence.tokens.phrase_after(at + 1, stop, narrow=True)
            charged = act.kind is JUDGE and end < stop and sentence.lows[end] in _CHARGES
            if charged and sentence.lows[end] not in sentence.lows[first:at]:
                continue
            if charged or (end < stop and (sentence.lows[end] in DETERMINERS or end in sentence.quotes)):
                acts.append(replace(act, who=(at + 1, end), pieces=[(end, until(sentence, end))]))
                _end_before(act if len(acts) == 1 else acts[-2], at)
    return acts


def _agents(sentence: Sentence, act: Act) -> list[Act]:
    """The second agent of a passive: `was described by X as a crank and by | friends | as a prophet`."""
    if sentence.lows[act.who[0] - 1] != "by":
        return []
    for first, stop in act.pieces[-1:]:
        for at in range(first + 1, stop - 3):
            if sentence.lows[at] == "and" and sentence.lows[at + 1] == "by":
                end = sentence.tokens.phrase_after(at + 2, stop, narrow=True)
                if at + 2 < end < stop and sentence.lows[end] in ("as", "of", "for", "to"):
                    _end_before(act, at)
                    return [replace(act, who=(at + 2, end), pieces=[(end, stop)])]
    return []


def _is_gap(sentence: Sentence, act: Act, at: int) -> bool:
    """Whether a comma parts two reports: `The teachers said it was late, | the pupils that they were bored`."""
    if act.kind is SAY and sentence.lows[at + 2] == "that" and is_person_noun(sentence.lows[at + 1].removesuffix("s")):
        return True
    if act.kind is not SAY or not (sentence.lows[at + 1] in DETERMINERS or sentence.lows[at + 1] == "others"):
        return False
    end = sentence.tokens.phrase_after(at + 1, sentence.end, narrow=True)
    after = sentence.after(end)
    opens = after in PRONOUNS or after in DETERMINERS or after == "there"
    if sentence.lows[end - 1] in NOUNS:
        return False
    return opens and sentence.lows[end] == "that"


def _speaker(sentence: Sentence, act: Act, first: int) -> Act | None:
    if sentence.lows[first] in SUBORDINATORS or sentence.lows[first] in NOBODY:
        return None
    end = sentence.tokens.phrase_after(first, sentence.end)
    closes = end == sentence.end - 1 and end not in sentence.quotes
    if not first < end < sentence.end or closes or sentence.tokens.has_verb(first, end):
        return None
    words: Range | None = None
    comma = sentence.lows[end] == "," and sentence.after(end) == "that" and act.kind is SAY
    if comma:
        words = (end + 2, until(sentence, end + 2))
    elif (
        sentence.lows[end] == "that"
        and act.kind is SAY
        and (_has_that(sentence, act) or sentence.lows[first - 1] == "," or sentence.lows[first] in _OTHERS)
    ):
        words = (end + 1, until(sentence, end + 1))
    elif sentence.lows[end] == "," and any(sentence.after(end) == sentence.lows[opened] for opened, _ in act.pieces):
        words = (end + 1, until(sentence, end + 1)) if sentence.after(end) in PREPOSITIONS else None
    elif sentence.lows[end] == "," and end + 1 in sentence.quotes:
        words = (end + 1, end + 2)
    elif end in sentence.quotes and act.kind is NAME and sentence.lows[first - 1] == "and":
        words = (end, end + 1)
    return None if words is None else replace(act, who=sentence.tidy(first, end), pieces=[words])


def _has_that(sentence: Sentence, act: Act) -> bool:
    return any(sentence.lows[first - 1] == "that" for first, _ in act.pieces)


def _end_before(act: Act, at: int) -> None:
    act.pieces = [(first, min(end, at)) for first, end in act.pieces if first < at]
