"""Which words of a paragraph are speech, and where their speaker is named: from cues and quotations to stretches.

What belongs here: whose words a quotation is, and what is left of a report without its quotations. What does not:
cues (`acts`) and who the speaker is (`holders`).
"""

from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from stance.voices.acts import OPENINGS, find_acts
from stance.voices.bare import bare_quotation
from stance.voices.clauses import Act, Range, Sentence
from stance.voices.complements import opens_clause
from stance.voices.cues import ASK, JUDGE, NAME, SAY, SHOWS, SOUND, TELL, VENUES, VERBS, VIEW, WORKS, Kind
from stance.voices.foreign import Incise, incise
from stance.voices.phrases import Tokens
from stance.voices.quotes import Quote
from stance.voices.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    DAYS,
    DETERMINERS,
    OBJECT_PRONOUNS,
    PREPOSITIONS,
    QUESTIONS,
    STOPS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TIMES,
    word_set,
)


class Speech(NamedTuple):
    """A stretch of speech whose speaker is not yet resolved; offsets in characters."""

    start: int
    end: int
    direct: bool
    depth: int
    who: tuple[int, int] | None
    """Where the speaker is named, pronouns included; None if nowhere in reach."""
    follows: bool
    """Whether the speaker is that of the quotation before."""
    cue: str
    distance: bool


_JUDGING = frozenset({NAME, JUDGE, VIEW})
_CUT_BEFORE = frozenset(["and", "but", "while", "whereas", ","])
_BOUNDS = word_set("nearly almost about around roughly only just")
"""Words that bound a share, beside which one speaker's words end: and | nearly a third said."""
_GOVERNED = frozenset([",", ":", "because", "that", "if"])
"""What may stand between a cue's clause and a quotation of his that it does not hold."""
_HIMSELF = word_set("he she it i we they")
"""Pronouns which inside a report mean, as a rule, the one who makes it: `said she welcomed the inquiry`."""
_CIRCUMSTANCES = word_set("in at on outside inside near beside under over during after before as when while until")
"""Words that, after a quotation which is all that is said, tell where and when."""
_SUBJECTS = SUBJECT_PRONOUNS | {"it", "that", "this", "there"}
"""Subjects that with their verb mean something beside a quotation: said | she was | “young and rude”."""
_LIKENED = word_set("him her it them this that")
"""Objects that with `as` mean something beside a quotation: described | him as | “a fool”."""
_ADVISED = word_set("advised urged implored begged")
_REPORTS = word_set("report reports reported")
_VOWS = word_set("threaten promise vow pledge swear")
_DIRECTIONS = frozenset({"down", "up", "out", "off"})
_WHEN = DAYS | TIMES | VENUES
_ENDS = STOPS - {")", "]"}
_NAMED = 2
"""Tokens of a thing that is but named: denies | the charges."""
_CALLED = 4
"""Tokens between `what he called` and the quotation: what he called Russia's “deliberate terror”."""
_NEAR = 12
"""Tokens between a quotation that ends in a comma and a cue that governs it."""


def read(tokens: Tokens, quotes: list[Quote]) -> list[Speech]:
    """Return the speech of one paragraph by start, an outer stretch before those inside it."""
    found: list[Speech] = []
    inner = [quote for quote in quotes if quote.depth > 1]
    before = at_cue = at_quote = 0
    for low, high in tokens.sentences:
        first_cue, at_cue = at_cue, bisect_left(tokens.cued, high, at_cue)
        first_quote, at_quote = at_quote, bisect_left(tokens.quoted, high, at_quote) if tokens.quoted else 0
        if not (
            first_cue < at_cue
            or first_quote < at_quote
            or tokens.lows[low] in OPENINGS
            or tokens.lows[low][0].isdigit()
            or (before and tokens.may_be_distant)
        ):
            before = 0
        else:
            sentence = Sentence(tokens, low, high)
            cued, quoted = tokens.cued[first_cue:at_cue], tokens.quoted[first_quote:at_quote]
            speech = _speech(sentence, cued, quoted, inner)
            if not speech and found and found[-1].direct and found[-1].who is None and before:
                found[-1] = _credited(sentence, found[-1])
            if not speech and sentence.is_distant:
                found[len(found) - before :] = [said._replace(distance=True) for said in found[len(found) - before :]]
            found += speech
            before = len(speech)
    return found


def _credited(sentence: Sentence, said: Speech) -> Speech:
    """The quotation before a sentence that only says whose it is: `So wrote Captain Lowe`, `Thus the deputy`."""
    act = sentence.acts[0] if len(sentence.acts) == 1 else None
    if act is not None and act.kind in (SAY, ASK) and act.who[0] == sentence.low and not act.pieces and act.named:
        after = sentence.after(act.at)
        closes = not after or after == "," or after in DAYS or after in ADVERBS or after.endswith("ly")
        return said._replace(who=sentence.chars(act.who), follows=False, cue=act.cue) if closes else said
    if sentence.lows[sentence.low] not in ("so", "thus"):
        return said
    at = sentence.low + 1
    at += at < sentence.end and sentence.lows[at] in VERBS
    end = sentence.tokens.phrase_after(at, sentence.end)
    return said if end == at else said._replace(who=sentence.chars(sentence.tidy(at, end)), follows=False)


def _speech(sentence: Sentence, cued: list[int], quoted: list[int], inner: list[Quote]) -> list[Speech]:
    find_acts(sentence, cued)
    if not (sentence.acts or quoted):
        return []
    if len(sentence.acts) > 1:
        _close_openings(sentence)
        sentence.acts = [act for act in sentence.acts if not _is_own(sentence, act)]
    if len(sentence.acts) > 1:
        _part(sentence)
    if not quoted:
        return _nest(_indirect(sentence, {}))
    owners = {at: _owner(sentence, at) for at in quoted}
    return _nest([*_indirect(sentence, owners), *_direct(sentence, owners, inner)])


def _is_own(sentence: Sentence, act: Act) -> bool:
    """Whether a report inside a report is but the speaker on himself: `said she welcomed the inquiry`."""
    first, end = act.who
    same = (other for other in sentence.acts if other is not act and other.who == act.who and other.kind is SAY)
    if any(low < act.at < high and other.at < low for other in same for low, high in other.pieces):
        return True
    if end - first > 1 or sentence.lows[first] not in _HIMSELF:
        return False
    if sentence.lows[first - 1] == "because":
        return False
    if (act.kind in (TELL, ASK) or act.cue == "warned") and "had" in sentence.lows[end : act.at]:
        return False
    beside = sentence.lows[first - 1] in _CUT_BEFORE and sentence.lows[first - 2] != "that"
    others = (other for other in sentence.acts if other is not act)
    around = [other for other in others if any(low <= first and act.at < high for low, high in other.pieces)]
    return any(not beside or sentence.lows[other.who[0]] == sentence.lows[first] for other in around)


def _nest(stretches: list[Speech]) -> list[Speech]:
    """Put stretches in order, an outer one first; cut what reaches out of the one it begins in, drop what is twice."""
    if len(stretches) < 2:
        return stretches
    nested: list[Speech] = []
    around: list[Speech] = []
    for said in sorted(stretches, key=lambda said: (said.start, -said.end, said.depth)):
        while around and around[-1].end <= said.start:
            around.pop()
        if around:
            outer = around[-1]
            if (outer.start, outer.end) == (said.start, min(said.end, outer.end)):
                continue
            said = said._replace(end=min(said.end, outer.end), depth=max(said.depth, outer.depth + 1))
        nested.append(said)
        around.append(said)
    return nested


def _part(sentence: Sentence) -> None:
    """Cut the words of one speaker where the clause of the next begins beside, not inside, them."""
    for act in sentence.acts:
        for i, (first, end) in enumerate(act.pieces):
            for other in sentence.acts:
                if other is act:
                    continue
                cut = other.who[0] - 1
                if sentence.lows[cut] == ",":
                    cut = _before_apposed(sentence, first, cut)
                cut -= sentence.lows[cut] in _BOUNDS
                if (
                    _is_but_told(sentence, other)
                    or _shares_verb(sentence, first, cut)
                    or not first <= cut < end
                    or sentence.lows[cut] not in _CUT_BEFORE
                ):
                    continue
                if other.at < end or (other.who[1] >= end and sentence.lows[cut] != ","):
                    act.pieces[i] = (first, max(first, cut - (sentence.lows[cut - 1] == ",")))


def _is_but_told(sentence: Sentence, act: Act) -> bool:
    """Whether a verb without words of its own is part of what is told: `and the contestant | had agreed to it`."""
    return not act.pieces and sentence.lows[act.at - 1] == "had" and not sentence.has_quotes


def _shares_verb(sentence: Sentence, first: int, cut: int) -> bool:
    """Whether a clause inside words has no verb yet where `and` stands: `free if Chad | and Niger agree`."""
    opened = next((at for at in range(cut - 1, first, -1) if sentence.lows[at] in SUBORDINATORS), None)
    return opened is not None and sentence.lows[cut] == "and" and not sentence.tokens.has_verb(opened + 1, cut)


def _close_openings(sentence: Sentence) -> None:
    """End the words of a clause that opens a sentence before its main clause: `When X told him to go | he laughed`."""
    for act in sentence.acts:
        if sentence.lows[act.who[0] - 1] not in SUBORDINATORS:
            continue
        for other in sentence.acts:
            main = other.who[0]
            if other is not act and other.at == main + 1 and _is_he(sentence, other):
                act.pieces = [(first, main if first < main < end else end) for first, end in act.pieces]


def _is_he(sentence: Sentence, act: Act) -> bool:
    """Whether a pronoun opens the main clause here: `when the bishop ordered him down | he answered`."""
    at = act.who[0]
    before = sentence.lows[at - 1]
    if sentence.lows[at] not in SUBJECT_PRONOUNS or before in _CUT_BEFORE:
        return False
    if before in BE and any(sentence.lows[low] in QUESTIONS for other in sentence.acts for low, _ in other.pieces):
        return True
    return sentence.tokens.is_nounlike(at - 1) or before in ADVERBS or before in _DIRECTIONS


def _before_apposed(sentence: Sentence, first: int, cut: int) -> int:
    """Where the clause of a speaker begins who is described, then named: `| and the contractor, Galfar, noted`."""
    start = sentence.tokens.phrase_before(cut, first)
    return start - 1 if start is not None and sentence.lows[start - 1] in _CUT_BEFORE - {","} else cut


def _owner(sentence: Sentence, quote: int) -> Act | None:
    """The cue that governs a quotation: the innermost whose words hold it, else the nearest."""
    holding = [
        (end - first, n) for n, act in enumerate(sentence.acts) for first, end in act.pieces if first <= quote < end
    ]
    if holding:
        return sentence.acts[min(holding)[1]]
    after = next((act for act in sentence.acts if act.at > quote), None)
    if after is not None and (quote == sentence.low or _is_beside(sentence, quote, after)):
        return after
    before = next((act for act in reversed(sentence.acts) if act.at < quote), None)
    return before if before is not None and _reaches(sentence, before, quote) else None


def _is_beside(sentence: Sentence, quote: int, act: Act) -> bool:
    gap = min(act.at, act.who[0]) - quote
    if gap == 1 or act.kind is SOUND:
        return gap == 1
    if gap == 2 and sentence.lows[quote + 1] == ",":
        return True
    return sentence.tokens.text[sentence.quotes[quote].end - 1] in ",?!" and act.at - quote < _NEAR


def _reaches(sentence: Sentence, act: Act, quote: int) -> bool:
    between = sentence.lows[act.at + 1 : quote]
    if not between or between[-1] in _GOVERNED:
        return True
    if act.kind is NAME and len(between) < _CALLED and "what" in sentence.lows[sentence.low : act.at]:
        return all(low in DETERMINERS or sentence.tokens.is_nounlike(act.at + 1 + i) for i, low in enumerate(between))
    quoted_before = any(at in sentence.quotes for at in range(sentence.low, act.at))
    return quoted_before and not (act.kind is SOUND and len(between) > 4)


def _indirect(sentence: Sentence, owners: dict[int, Act | None]) -> list[Speech]:
    found: list[Speech] = []
    for act in sentence.acts:
        for piece in act.pieces:
            first = piece[0]
            depth = _depth(sentence, act, piece)
            if depth > 1 and not _tells(sentence, act, piece):
                continue
            own = [at for at, owner in owners.items() if piece[0] <= at < piece[1] and owner is act] if owners else []
            end = piece[1]
            if own and _is_circumstance(sentence, own, first, end, act.kind):
                end = own[-1] + 1
            if own and end - first == 1 and sentence.lows[first] in OBJECT_PRONOUNS:
                end = first
            for at in [*own, end]:
                bare = act.kind is NAME and at in sentence.quotes and sentence.lows[at - 1] in ("a", "an")
                kept = _trim(sentence, first, at - bare, beside_quote=bool(own))
                if kept is not None:
                    start, end = sentence.tokens.starts[kept[0]], sentence.tokens.ends[kept[1] - 1]
                    found.append(Speech(start, end, False, depth, _who(sentence, act), False, act.cue, act.distance))
                first = at + 1
    return found


def _is_circumstance(sentence: Sentence, own: list[int], first: int, end: int, kind: Kind | None) -> bool:
    """Whether what follows a quotation only says where and when: `called it “feeble” | on the radio this morning`."""
    after = own[-1] + 1
    alone = own[0] == first
    after += alone and after < end and sentence.lows[after] == ","
    if after >= end or sentence.lows[after] not in _CIRCUMSTANCES:
        return False
    timed = sentence.lows[end - 1] in _WHEN or sentence.lows[end - 1][0].isdigit()
    return alone or (
        timed
        and (kind in (NAME, JUDGE) or sentence.lows[first] in PREPOSITIONS)
        and sentence.lows[after] in PREPOSITIONS
    )


def _who(sentence: Sentence, act: Act) -> tuple[int, int] | None:
    return sentence.chars(act.who) if act.named else None


def _tells(sentence: Sentence, act: Act, piece: Range) -> bool:
    """Whether a report inside a report has words: `said the mayor had said it was late`, not `had blamed them`."""
    if act.cue in _ADVISED and "to" in sentence.lows[piece[0] + 1 : piece[1]]:
        return True
    if act.cue in _REPORTS and not opens_clause(sentence, piece[0]) and sentence.lows[piece[0] - 1] != "that":
        return False
    if act.cue in SHOWS or act.kind in _JUDGING or piece[0] >= piece[1] or sentence.lows[piece[0]] == "for":
        return False
    if not act.named and sentence.lows[piece[0]] == "to":
        return False
    cue = VERBS.get(sentence.lows[act.at])
    if sentence.lows[piece[0]] == "to" and cue is not None and cue.stem in _VOWS:
        return piece[1] - piece[0] > _NAMED
    return act.kind is None or (piece[1] - piece[0] > _NAMED and sentence.tokens.has_verb(*piece))


def _trim(sentence: Sentence, first: int, end: int, *, beside_quote: bool) -> Range | None:
    """The range without stops at its ends; None if nothing is left, beside a quotation no word with a meaning."""
    if first == sentence.low and (":" in sentence.lows[first][1:] or sentence.lows[first] == "but"):
        first += 1
    while first < end and sentence.lows[first][0] in STOPS:
        first += 1
    while end > first and sentence.lows[end - 1][0] in _ENDS:
        end -= 1
    if first >= end or (end - first == 1 and sentence.lows[first] in PREPOSITIONS):
        return None
    if beside_quote:
        is_noun = sentence.tokens.is_nounlike
        means = (is_noun(at) and sentence.lows[at] not in DETERMINERS for at in range(first, end))
        clause = end - first > 1 and sentence.lows[first] in _SUBJECTS
        clause = clause and (sentence.lows[end - 1] in AUXILIARIES or sentence.tokens.has_verb(end - 1, end))
        clause = clause or (sentence.lows[first] in _LIKENED and sentence.lows[first + 1 : end] == ["as"])
        if sentence.lows[first] == "(" or not (clause or any(means)):
            return None
    return first, end


def _depth(sentence: Sentence, act: Act, piece: Range) -> int:
    """1 for a speaker whom the author reports, 2 for one whom that speaker reports."""
    if len(sentence.acts) < 2:
        return 1
    around = 0
    for other in sentence.acts:
        if other is not act:
            around += any(o[0] <= piece[0] and piece[1] <= o[1] and o != piece for o in other.pieces)
    return 1 + around


def _direct(sentence: Sentence, owners: dict[int, Act | None], inner: list[Quote]) -> Iterator[Speech]:
    for at, act in owners.items():
        quote = sentence.quotes[at]
        speech = _bare(sentence, at, quote) if act is None else _governed(sentence, at, quote, act)
        broken = None if speech is None else incise(sentence.tokens.text, quote)
        if speech is not None and broken is not None:
            yield from _around(speech, quote, broken)
        elif speech is not None:
            yield speech
            if inner:
                yield from _inside(sentence.tokens.text, quote, inner, speech.depth)


def _around(speech: Speech, quote: Quote, broken: Incise) -> Iterator[Speech]:
    """The words before and after an interruption that the marks run over."""
    who = speech.who if broken.who is None else broken.who
    for start, end in ((quote.start, broken.start), (broken.end, quote.end)):
        if start < end:
            yield speech._replace(start=start, end=end, who=who, follows=False)


def _governed(sentence: Sentence, at: int, quote: Quote, act: Act) -> Speech | None:
    before = sentence.lows[at - 1] if at > sentence.low else ""
    named = act.kind is NAME and sentence.tokens.text[quote.start].islower()
    if before in WORKS and before not in VERBS and not named:
        return None
    held = next((piece for piece in act.pieces if piece[0] <= at < piece[1]), (at, at + 1))
    depth = _depth(sentence, act, held)
    return Speech(quote.start, quote.end, True, depth, _who(sentence, act), False, act.cue, act.distance)


def _bare(sentence: Sentence, at: int, quote: Quote) -> Speech | None:
    found = bare_quotation(sentence, at)
    if found is None:
        return None
    who = None if found.who is None else sentence.chars(found.who)
    return Speech(quote.start, quote.end, True, 1, who, found.follows, "", sentence.is_distant)


def _inside(text: str, quote: Quote, inner: list[Quote], depth: int) -> Iterator[Speech]:
    """The quotations within a quotation, read as a text of their own."""
    first = bisect_left(inner, quote.start, key=lambda other: other.start)
    end = bisect_left(inner, quote.end, key=lambda other: other.start)
    inside = [other.moved(-quote.start, -quote.depth) for other in inner[first:end]]
    if not inside:
        return
    for speech in read(Tokens(text[quote.start : quote.end], inside), inside):
        if speech.direct:
            who = None if speech.who is None else (speech.who[0] + quote.start, speech.who[1] + quote.start)
            start, end = speech.start + quote.start, speech.end + quote.start
            yield speech._replace(start=start, end=end, depth=speech.depth + depth, who=who, follows=False)
