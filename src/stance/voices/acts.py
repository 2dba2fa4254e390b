"""Every cue of a sentence with its speaker and its words: verbs, nouns such as `claim`, and fixed phrases.

What belongs here: what starts each kind of cue. What does not: the verbs' own rules (`verbs`).
"""

import re
from collections.abc import Sequence

from stance.records import HolderKind
from stance.voices.clauses import Act, Range, Sentence
from stance.voices.complements import clauses_from, interrupted, opens_clause, reported_clause
from stance.voices.cues import (
    ATTITUDES,
    CLEAR,
    DISTANT_NOUNS,
    HEARD,
    JUDGE,
    JUDGES,
    MAKES,
    MOODS,
    NOUNS,
    NUMBERS,
    PAST,
    POLLS,
    PUBLIC,
    SAY,
    SAYINGS,
    SHOWS,
    STATES,
    STEM,
    VERBS,
    WISH_NOUNS,
)
from stance.voices.gaps import find_gaps
from stance.voices.kinds import is_person_noun, kind_of
from stance.voices.nobodies import may_speak
from stance.voices.reach import OBJECT_ENDS, until, until_verb
from stance.voices.verbs import passive, verb_act
from stance.voices.words import (
    ADVERBS,
    AUXILIARIES,
    BE,
    DAYS,
    DETERMINERS,
    JOINTS,
    NOBODY,
    OBJECT_OPENERS,
    PERFECTS,
    POSSESSIVE,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    STOPS,
    TIMES,
    word_set,
)

_PEOPLE = frozenset({HolderKind.PERSON, HolderKind.CROWD})
_SAYERS = frozenset({HolderKind.PERSON, HolderKind.ORGANISATION, HolderKind.CROWD})
_HOUR = re.compile(r"\d\d?[.:]\d\d")
_IN = frozenset({"in", "by", "on", "from", "to"})
_MADE_WITHIN = 6
"""Tokens before a noun in which the verb that makes it is looked for."""
_BEFORE_BE = word_set("has have had always long never still only")
_AFTER_NOUN = PREPOSITIONS | BE | {"that", "as", "has", "had"}
"""Words one of which follows a noun of speech."""
_CLEARS = word_set("made make makes making let lets letting")
_COMES = word_set("comes came come")
_CLEARED = 5
"""Tokens before `clear` in which its verb is looked for."""
_NEGATIONS = word_set("not no never nobody")
_IN_THE = (["in", "the"], ["by", "the"])
_NAMES = frozenset({"term", "word", "phrase", "name"})
_FROM = ("from",)
_SOURCE_WITHIN = 6
"""Tokens after `heard` in which its source is looked for."""
_VIEWS = word_set("view views opinion line position stance message answer explanation conclusion")
"""Nouns that somebody has and a colon explains: The bank takes a different view: | rates will fall."""
_FEELS = word_set("comes means feels looks sounds came meant felt proves proved")
_GIVES = word_set("give gives gave")
_TALES = word_set("story tale differently otherwise")
_ASIDES = word_set("however meanwhile though moreover too")
_BY = frozenset({"by"})
_PUBLISHED = word_set("published released issued compiled collected leaked seen obtained gathered conducted produced")
_PARTS = frozenset({";", "—", "–"})
_PROPOSALS = word_set("suggestion suggestions recommendation advice idea")
_THINGS = word_set("it this that these they he she there")
_SPANS = TIMES | {f"{time}s" for time in TIMES}
_ISSUED = word_set("seen written made held taken sent given shown drawn")
_AFTER_ISSUED = PREPOSITIONS | ADVERBS | {"late", "early"}
_CONCERNS = frozenset({"concerned", "to be believed", "to be trusted", "right"})
"""What, after `as far as X is` or `if X is`, makes the rest X's words."""
_IS_SHORT = ("'s", "’s")
_STATED = BE | {"has", "had", "have"}
_PLEAS = word_set("call calls demand demands plea pleas request requests")
_COURTS = word_set(
    """
    court tribunal inquest jury hearing inquiry panel committee trial bailey jurors magistrates assizes commission mps
    peers lawmakers councillors senators deputies
    """
)
"""Bodies that hear what nobody named tells them."""
OPENINGS = word_set("for to as if")
"""Words with which a sentence may open that tells who speaks and has no word of speech."""
_POSSESSIVES = word_set("their his her its")
_OTHER_CUES = STATES | HEARD | ATTITUDES.keys() | MOODS | POLLS | CLEAR | NOUNS | SAYINGS | {"according"}
"""Cues that are no verbs, or not only verbs."""


def find_acts(sentence: Sentence, cued: Sequence[int]) -> None:
    """Fill `sentence.acts` from the words that may mark speech; what `I` or `you` say is nobody's report."""
    opening = _opening(sentence) if sentence.tokens.has_colon or sentence.lows[sentence.low] in OPENINGS else None
    if opening is not None:
        sentence.acts.append(opening)
    asked = sentence.find(",", sentence.low, sentence.end) if sentence.lows[sentence.low] == "asked" else None
    if asked is not None and sentence.after(sentence.low) == "by":
        question = passive(sentence, sentence.low, sentence.low, VERBS["asked"])
        sentence.acts += [] if question is None else [question]
    for at in cued if asked is None else [at for at in cued if at > asked]:
        act = _act(sentence, at)
        if act is None:
            continue
        known = bool(sentence.acts) and sentence.acts[-1].who == act.who
        if known or may_speak(sentence, act.who, act.at):
            sentence.acts.append(act)
    if sentence.tokens.has_second_eyes:
        parted = sentence.find(";", sentence.low, sentence.end)
        eyes = None if parted is None or sentence.after(parted) != "for" else _eyes(sentence, parted + 1)
        sentence.acts += [] if eyes is None else [eyes]
    if len(sentence.acts) > 1:
        sentence.acts = [act for act in sentence.acts if not _is_source(sentence, act)]
    if sentence.acts:
        find_gaps(sentence)


def _is_source(sentence: Sentence, act: Act) -> bool:
    """Whether one is but the poll or paper in which others speak: `Half of voters think ..., according to a survey`."""
    if act.cue in SHOWS:
        inside = (other for other in sentence.acts for first, end in act.pieces if first <= other.at < end)
        return any(not other.named for other in inside)
    if act.cue != "according to" or kind_of(sentence.tokens.text[slice(*sentence.chars(act.who))]) in _PEOPLE:
        return False
    inside = (other for other in sentence.acts for first, end in act.pieces if first <= other.who[0] < end)
    return any(not PUBLIC.isdisjoint(sentence.lows[slice(*other.who)]) for other in inside)


def _opening(sentence: Sentence) -> Act | None:
    """A speaker with whom a sentence opens and no word of speech: `For X ...`, `X: ...`."""
    low = sentence.lows[sentence.low]
    if low in ("for", "to"):
        return _eyes(sentence, sentence.low)
    if (low == "as" and sentence.lows[sentence.low + 1 : sentence.low + 3] == ["far", "as"]) or low == "if":
        return _concern(sentence)
    return _headline(sentence) if sentence.tokens.has_colon else None


def _eyes(sentence: Sentence, low: int) -> Act | None:
    """`For the taxi drivers the Russians are guests`, `For Ann Ray, who studies crowds, the march was a mistake`."""
    if low + 2 >= sentence.end:
        return None
    end = sentence.tokens.phrase_after(low + 1, sentence.end, narrow=True)
    named = next((at for at in range(low + 2, end) if _is_named_anew(sentence, at)), None)
    if named is not None:
        end = named
    elif sentence.after(end - 1) in PREPOSITIONS:
        end = sentence.tokens.phrase_after(low + 1, sentence.end)
    if end >= sentence.end or not _SPANS.isdisjoint(sentence.lows[low + 1 : end]):
        return None
    kind = kind_of(sentence.tokens.text[slice(*sentence.chars((low + 1, end)))])
    quoted = kind is HolderKind.ORGANISATION and sentence.has_quotes and sentence.lows[end] == ","
    if kind not in _PEOPLE and not quoted:
        return None
    first = end
    stated = sentence.after(end) in _STATED or sentence.tokens.text[sentence.tokens.ends[end] - 2 :][:2] in _IS_SHORT
    stated = stated or (sentence.lows[end] == "it" and sentence.after(end) in _FEELS)
    if sentence.lows[end] in _THINGS and stated:
        return Act(low, sentence.tidy(low + 1, end), "for", sentence.is_distant, None, [(end, until(sentence, end))])
    if sentence.lows[end] == ",":
        related = sentence.after(end) in RELATIVES
        comma = sentence.find(",", end + 1, sentence.end) if related else _past_name(sentence, end)
        first = sentence.end if comma is None else comma + 1
    if first >= sentence.end:
        return None
    if not (sentence.lows[end] == "," and sentence.lows[first] in _THINGS):
        verb = next((at for at in range(first, sentence.end) if sentence.lows[at] in BE), None)
        opens = sentence.lows[first] in OBJECT_OPENERS or sentence.lows[end] == "," or sentence.tokens.is_name(first)
        if verb is None or first >= verb or not opens:
            return None
    return Act(low, sentence.tidy(low + 1, end), "for", sentence.is_distant, None, [(first, until(sentence, first))])


def _concern(sentence: Sentence) -> Act | None:
    """`As far as the ministry is concerned, | it is closed`, `If the mayor is to be believed, | it will open`."""
    first = sentence.low + (3 if sentence.lows[sentence.low] == "as" else 1)
    end = sentence.tokens.phrase_after(first, sentence.end)
    comma = sentence.find(",", end, sentence.end)
    if end == first or comma is None or " ".join(sentence.lows[end + 1 : comma]) not in _CONCERNS:
        return None
    words = [(comma + 1, until(sentence, comma + 1))]
    return Act(sentence.low, (first, end), "for", sentence.is_distant, None, words)


def _is_named_anew(sentence: Sentence, at: int) -> bool:
    """Whether a name after a plural is another's: `To his supporters | Senator Ibarra is ...`."""
    before = sentence.lows[at - 1]
    plural = before.endswith("s") and is_person_noun(before[:-1]) and not sentence.tokens.is_name(at - 1)
    return plural and sentence.tokens.is_name(at)


def _headline(sentence: Sentence) -> Act | None:
    """Who speaks before a colon without quotation marks: `Interior ministry: officers acted “with restraint”`."""
    low = sentence.low + (_HOUR.fullmatch(sentence.lows[sentence.low]) is not None)
    if not (sentence.has_quotes or low > sentence.low) or ":" not in sentence.lows[low : sentence.end]:
        return None
    end = sentence.tokens.phrase_after(low, sentence.end)
    if not low < end < sentence.end - 2 or sentence.lows[end] != ":" or end + 1 in sentence.quotes:
        return None
    if kind_of(sentence.tokens.text[slice(*sentence.chars((low, end)))]) not in _SAYERS:
        return None
    return Act(low, sentence.tidy(low, end), "", sentence.is_distant, None, [(end + 1, until(sentence, end + 1))])


def _act(sentence: Sentence, at: int) -> Act | None:
    low = sentence.lows[at]
    cue = VERBS.get(low)
    if cue is not None and (at == sentence.low or not sentence.tokens.is_name(at)):
        act = verb_act(sentence, at, cue)
        if act is not None:
            return act
        if cue.stem == "tell" and sentence.tokens.has_colon:
            return _tale(sentence, at)
    if low not in _OTHER_CUES:
        return None
    if low == "according":
        return _according(sentence, at) if sentence.after(at) == "to" else None
    if low in STATES:
        return _state(sentence, at)
    if low in HEARD:
        return _heard(sentence, at)
    if low in ATTITUDES:
        judged = _attitude(sentence, at)
        if judged is not None:
            return judged
    if low in MOODS:
        return _mood(sentence, at)
    if low in POLLS:
        return _poll(sentence, at)
    if low in CLEAR:
        return _clear(sentence, at)
    noun = _noun(sentence, at) if low in NOUNS else None
    if noun is None and (low in SAYINGS or low in NOUNS):
        return _saying(sentence, at)
    return noun


def _opens_clause(sentence: Sentence, at: int) -> bool:
    """Whether a clause without `that` starts at a token: `| the ship will come`."""
    if at + 1 >= sentence.end or not (sentence.lows[at] in DETERMINERS or sentence.lows[at] in PRONOUNS):
        return False
    return sentence.tokens.has_verb(at + 1, sentence.end)


def _state(sentence: Sentence, at: int) -> Act | None:
    """`X is convinced that ...`, `residents are certain the ship will come`."""
    first = sentence.tokens.skip_back(at, sentence.floor(at))
    that = sentence.after(at) in ("that", ":")
    closes = sentence.after(at) in ("", ",") and "," in sentence.lows[sentence.low : first]
    if not (that or closes or _opens_clause(sentence, at + 1)) or BE.isdisjoint(sentence.lows[first:at]):
        return None
    who = sentence.subject(first, sentence.floor(at), PAST, written=False)
    if who is None or sentence.lows[who[0]] in NOBODY:
        return None
    words = at + 1 + that
    pieces = reported_clause(sentence, at, who, SAY) if closes else clauses_from(sentence, words)
    return Act(at, who, sentence.lows[at], sentence.is_distant, SAY, pieces) if pieces else None


def _tale(sentence: Sentence, at: int) -> Act | None:
    """What one tells otherwise: `Pilgrims tell a different story: | the gates were shut`."""
    colon = sentence.find(":", at + 2, min(at + _MADE_WITHIN, sentence.end - 1))
    if colon is None or colon + 1 in sentence.quotes or sentence.lows[colon - 1] not in _TALES:
        return None
    floor = sentence.floor(at)
    who = sentence.subject(sentence.tokens.skip_back(at, floor), floor, VERBS[sentence.lows[at]].form, written=False)
    return _explained(sentence, at, who, colon)


def _mood(sentence: Sentence, at: int) -> Act | None:
    """`The Standard is kinder: | history will judge her by the war`, `His neighbour is less forgiving: | ...`."""
    floor = sentence.floor(at)
    first = sentence.tokens.skip_back(at - (sentence.lows[at - 1] in ("more", "less")), floor)
    if sentence.after(at) != ":" or at + 2 in sentence.quotes or BE.isdisjoint(sentence.lows[first:at]):
        return None
    return _explained(sentence, at, sentence.subject(first, floor, PAST, written=False), at + 1)


def _explained(sentence: Sentence, at: int, who: Range | None, colon: int) -> Act | None:
    """Somebody's words after a colon, unless these have a verb of speech of their own."""
    if who is None or kind_of(sentence.tokens.text[slice(*sentence.chars(who))]) not in _SAYERS:
        return None
    cues = (VERBS.get(low) for low in sentence.lows[colon + 1 : sentence.end])
    if any(cue is not None and cue.kind is SAY and cue.form is not STEM and cue.stem != "remember" for cue in cues):
        return None
    words = [(colon + 1, sentence.find(_PARTS, colon + 1, sentence.end) or sentence.end)]
    return Act(at, who, sentence.lows[at], sentence.is_distant, SAY, words)


def _poll(sentence: Sentence, at: int) -> Act | None:
    """What a poll gives whom: `Polls give | her a lead of nine points`."""
    verb = at + 1 if sentence.after(at) == "give" else sentence.tokens.phrase_after(at, sentence.end)
    if verb < sentence.end and sentence.lows[verb].endswith(("ed", "taken")):
        verb = sentence.find(_GIVES, verb, min(verb + _MADE_WITHIN, sentence.end)) or verb
    if verb + 2 >= sentence.end or sentence.lows[verb] not in _GIVES:
        return None
    words = (verb + 1, until(sentence, verb + 1))
    counted = any(low[0].isdigit() or low in NUMBERS or low == "lead" for low in sentence.lows[slice(*words)])
    start = sentence.tokens.phrase_before(at + 1, sentence.floor(at)) if counted else None
    return None if start is None else Act(at, (start, verb), sentence.lows[verb], sentence.is_distant, SAY, [words])


def _clear(sentence: Sentence, at: int) -> Act | None:
    """`X made it clear that ...`, `X let it be known that ...`, `X made no secret of the fact that ...`."""
    verb = next((i for i in range(at - 1, max(sentence.low, at - _CLEARED), -1) if sentence.lows[i] in _CLEARS), None)
    that = at + 4 if sentence.lows[at + 1 : at + 4] == ["of", "the", "fact"] else at + 1
    bare = verb is not None and (opens_clause(sentence, that) or sentence.after(that) in AUXILIARIES)
    if verb is None or that >= sentence.end or not (sentence.lows[that] == "that" or bare):
        return None
    floor = sentence.floor(verb)
    who = sentence.subject(sentence.tokens.skip_back(verb, floor), floor, PAST, written=False)
    if who is None:
        return None
    return Act(
        at,
        who,
        sentence.lows[at],
        sentence.is_distant,
        SAY,
        clauses_from(sentence, that + (sentence.lows[that] == "that")),
    )


def _heard(sentence: Sentence, at: int) -> Act | None:
    """`The court heard from a fruit seller, Peninah Wambui, that ...`."""
    first = sentence.tokens.skip_back(at, sentence.low)
    if sentence.lows[first - 1] in _COURTS:
        words = _heard_words(sentence, at, first)
        if words:
            return Act(at, (at, at + 1), sentence.lows[at], sentence.is_distant, SAY, words, named=False)
    source = sentence.find(_FROM, at + 1, min(at + _SOURCE_WITHIN, sentence.end))
    if source is None:
        return None
    end = sentence.tokens.phrase_after(source + 1, sentence.end)
    if end == source + 1:
        return None
    who = sentence.tidy(source + 1, end)
    past = max(end, who[1])
    past += past > end and past < sentence.end and sentence.lows[past] == ","
    if past >= sentence.end or sentence.lows[past] != "that":
        return None
    return Act(at, who, sentence.lows[at], sentence.is_distant, SAY, clauses_from(sentence, past + 1))


def _heard_words(sentence: Sentence, at: int, first: int) -> list[Range]:
    """What a court hears from nobody named: `The court heard that | ...`, `| ..., an inquest has heard`."""
    if sentence.after(at) == "that":
        return clauses_from(sentence, at + 2)
    if sentence.lows[at] == "heard" and (sentence.after(at) == "how" or opens_clause(sentence, at + 1)):
        return clauses_from(sentence, at + 1)
    start = sentence.tokens.phrase_before(first, sentence.low)
    after = sentence.after(at)
    if start is None or start <= sentence.low + 1 or sentence.lows[start - 1] != ",":
        return []
    if after and after != "," and after not in PREPOSITIONS and after not in DAYS and after not in ADVERBS:
        return []
    return reported_clause(sentence, at, (start, first), SAY)


def _according(sentence: Sentence, at: int) -> Act | None:
    end = sentence.tokens.phrase_after(at + 2, sentence.end)
    if end == at + 2:
        return None
    pieces: list[Range] = []
    if at > sentence.low and sentence.lows[at - 1] not in JOINTS:
        close = at - (sentence.lows[at - 1] == ",")
        if sentence.quote_before(sentence.floor(close)) is None:
            pieces.append((interrupted(sentence, sentence.floor(close), close), close))
    comma = sentence.find(",", end, sentence.end)
    if comma is not None and at == sentence.low and _is_aside(sentence, comma + 1):
        comma = sentence.find(",", comma + 1, sentence.end)
    if comma is not None and sentence.after(comma) in _ASIDES and sentence.lows[comma + 2 : comma + 3] == [","]:
        comma += 2
    if comma is not None:
        comma = _past_apposed(sentence, comma) if pieces else _past_name(sentence, comma)
    ends = OBJECT_ENDS - {"because"} if pieces else RELATIVES
    if end < sentence.end and sentence.lows[end] == ":" and pieces:
        pieces.append((end + 1, until(sentence, end + 1)))
    elif comma is not None and sentence.after(comma) not in ends:
        pieces.append((comma + 1, sentence.find(";", comma, sentence.end) or sentence.end))
    elif not pieces and comma is None and (at == sentence.low or sentence.lows[at - 1] in JOINTS):
        pieces.append((end, until(sentence, end)))
    by = sentence.find(_BY, end, min(end + 4, sentence.end)) if sentence.lows[end : end + 1] else None
    who = sentence.tidy(at + 2, end)
    if by is not None and sentence.lows[end] in _PUBLISHED:
        who = at + 2, sentence.tokens.phrase_after(by + 1, sentence.end)
    pieces = [piece for piece in pieces if sentence.lows[piece[0] : piece[0] + 1] != ["to"]]
    return Act(at, who, "according to", sentence.is_distant, None, pieces)


def _past_name(sentence: Sentence, comma: int) -> int:
    """The comma behind a name that stands beside a role: `According to the minister, Irakli Moss | , it was`."""
    first = comma + 1
    if first >= sentence.end or not sentence.tokens.is_name(first) or sentence.tokens.is_name(comma - 1):
        return comma
    end = sentence.tokens.phrase_after(first, sentence.end)
    named = first + 1 < end < sentence.end - 1 and sentence.lows[end] == ","
    return (
        end if named and not sentence.lows[end + 1][0].isdigit() and sentence.lows[end + 1] not in RELATIVES else comma
    )


def _past_apposed(sentence: Sentence, comma: int) -> int | None:
    """The comma behind a name that ends what a source is: `..., according to the owner, Jacob Stern | , who saw it`."""
    first = comma + 1
    if first >= sentence.end or not sentence.tokens.is_name(first) or sentence.tokens.is_name(comma - 1):
        return comma
    end = sentence.tokens.phrase_after(first, sentence.end)
    if end >= sentence.end:
        return None
    return end if sentence.lows[end] == "," else comma


def _is_aside(sentence: Sentence, at: int) -> bool:
    """Whether more is told of a source before its words: `In its version, | issued late on Friday, the fire ...`."""
    if at + 1 >= sentence.end or "," not in sentence.lows[at : sentence.end]:
        return False
    low = sentence.lows[at]
    if low in PREPOSITIONS and sentence.lows[at + 1] in RELATIVES:
        return True
    return low in RELATIVES or ((low.endswith("ed") or low in _ISSUED) and sentence.lows[at + 1] in _AFTER_ISSUED)


def _noun(sentence: Sentence, at: int) -> Act | None:
    """`X's claim that ...`, `the claim by X that ...`, `X's description of it as ...`."""
    after = sentence.after(at)
    if after == ":" and at + 2 < sentence.end and at + 2 not in sentence.quotes:
        owner = _owner(sentence, at) or (_maker(sentence, at) if sentence.lows[at] in _VIEWS else None)
        words = [(at + 2, until(sentence, at + 2))]
        return None if owner is None else Act(at, owner, sentence.lows[at], sentence.is_distant, None, words)
    if after not in _AFTER_NOUN:
        return None
    summed = _summed(sentence, at)
    if summed is not None:
        return summed
    who, first = _owner(sentence, at), at + 2
    said = _said_to_be(sentence, at)
    if said is not None:
        first = said
    elif after in ("by", "from", "among"):
        end = sentence.tokens.phrase_after(at + 2, sentence.end)
        asks = sentence.tokens.phrase_after(at + 2, sentence.end, narrow=True)
        if at + 2 < asks < sentence.end and sentence.lows[asks] == "for" and sentence.lows[at] in _PLEAS:
            words = [(asks, until(sentence, asks, OBJECT_ENDS))]
            who = sentence.tidy(at + 2, asks)
            return Act(at, who, sentence.lows[at], sentence.is_distant, None, words)
        if end == at + 2 or sentence.after(end - 1) != "that":
            return None
        who, first = sentence.tidy(at + 2, end), end + 1
    elif after not in ("that", "as") and not (after == "of" and sentence.lows[at] == "description"):
        return None
    is_made = who is None and after == "that"
    if is_made:
        who = _maker(sentence, at)
    if who is None:
        return None
    is_wish = sentence.lows[first - 1] == "that" and (
        sentence.lows[at] in WISH_NOUNS or (sentence.lows[at] in _PROPOSALS and _has_one_verb(sentence, first))
    )
    distance = sentence.lows[at] in DISTANT_NOUNS or sentence.is_distant
    start = min(who[0], at)
    is_object = sentence.tokens.has_verb(max(sentence.low, start - 2), start) and sentence.lows[first - 1] == "that"
    is_object = is_object or is_made or said is not None
    end = until(sentence, first) if is_object else until_verb(sentence, first, is_wish=is_wish)
    return Act(at, who, sentence.lows[at], distance, None, [(first, end)])


def _has_one_verb(sentence: Sentence, first: int) -> bool:
    """Whether a clause and its sentence have but one helping verb: `that pensioners take in lodgers | was met with`."""
    helped = [at for at in range(first, sentence.end) if sentence.lows[at] in AUXILIARIES]
    return len([at for at in helped if at - 1 not in helped]) == 1


def _summed(sentence: Sentence, at: int) -> Act | None:
    """`The verdict of the inquiry was damning: | the board had known`, `The union's demand is simple: | a wage`."""
    if at - sentence.low > _MADE_WITHIN or ":" not in sentence.lows[at : sentence.end]:
        return None
    colon = sentence.lows.index(":", at, sentence.end)
    end, who = at + 1, _owner(sentence, at)
    if sentence.after(at) in ("of", "from"):
        end = sentence.tokens.phrase_after(at + 2, sentence.end)
        who = sentence.tidy(at + 2, end) if end > at + 2 else None
    if any(sentence.lows[i] in BE and sentence.lows[i + 1] == "that" for i in range(end, colon)):
        return None
    plain = BE.isdisjoint(sentence.lows[end:colon]) or not STOPS.isdisjoint(sentence.lows[end:colon])
    if who is None or plain or colon + 1 >= sentence.end or colon + 1 in sentence.quotes:
        return None
    words = [(colon + 1, sentence.find(_PARTS, colon + 1, sentence.end) or sentence.end)]
    return Act(at, who, sentence.lows[at], sentence.is_distant, None, words)


def _maker(sentence: Sentence, at: int) -> Range | None:
    """Who makes the statement at `at`: `| the union made the point that`, `| she is of the opinion that`."""
    verb = next((i for i in range(at - 1, max(sentence.low, at - _MADE_WITHIN), -1) if sentence.lows[i] in MAKES), None)
    if verb is not None and sentence.lows[verb] in PERFECTS and sentence.after(verb) in VERBS:
        verb = None if VERBS[sentence.lows[verb + 1]].kind is SAY else verb
    if verb is not None and sentence.lows[verb] == "of" and sentence.lows[verb - 1] not in BE:
        return None
    floor = sentence.floor(at)
    if verb is None and sentence.lows[floor] == "from":
        end = sentence.tokens.phrase_after(floor + 1, at)
        return (floor + 1, end) if end < at and sentence.lows[end] in _COMES else None
    if verb is None:
        return None
    floor = sentence.floor(verb)
    first = sentence.tokens.skip_back(verb, floor)
    if not _NEGATIONS.isdisjoint(sentence.lows[max(floor, first - 1) : at]):
        return None
    return sentence.subject(first, floor, PAST, written=False)


def _attitude(sentence: Sentence, at: int) -> Act | None:
    """`X has nothing but praise for | Y`, `X cast doubt on | Y`, `X was scathing about | Y`."""
    if sentence.after(at) not in ATTITUDES[sentence.lows[at]] or at + 2 >= sentence.end:
        return None
    floor = sentence.floor(at)
    verb = sentence.tokens.skip_back(at, floor)
    if BE.isdisjoint(sentence.lows[verb:at]):
        verb = next((i for i in range(at - 1, max(floor, at - _MADE_WITHIN), -1) if sentence.lows[i] in JUDGES), -1)
    if verb < 0 or not _NEGATIONS.isdisjoint(sentence.lows[verb:at]):
        return None
    verb = sentence.tokens.skip_back(verb, floor)
    who = sentence.subject(verb, floor, PAST, written=False)
    if who is None or sentence.lows[who[0]] in NOBODY:
        return None
    pieces = [(at + 2, until(sentence, at + 2, OBJECT_ENDS))]
    return Act(at, who, sentence.lows[at], sentence.is_distant, JUDGE, pieces)


def _said_to_be(sentence: Sentence, at: int) -> int | None:
    """Start of what a noun is said to be: `the minister's contribution from Oslo was that | ...`."""
    be = at + 1
    if sentence.after(at) in PREPOSITIONS:
        be = sentence.tokens.phrase_after(at + 2, sentence.end)
    while be + 1 < sentence.end and sentence.lows[be] in _BEFORE_BE:
        be += 1
    if be + 1 >= sentence.end or sentence.lows[be] not in BE:
        return None
    if sentence.lows[be + 1] == "that":
        return be + 2
    return be + 1 if be + 1 in sentence.quotes or sentence.lows[be + 1] == "to" else None


def _owner(sentence: Sentence, at: int) -> Range | None:
    """Possessor of the noun at `at`: `the governor's | claim`; for `their claim` the sentence's subject."""
    for owner in range(at - 1, max(sentence.low - 1, at - 4), -1):
        named = sentence.lows[owner].endswith(POSSESSIVE)
        if named or sentence.lows[owner] in _POSSESSIVES:
            start = sentence.tokens.phrase_before(at, sentence.low)
            if start is None or owner < start:
                return None
            return (start, owner + 1) if named else sentence.first_phrase(sentence.low, owner) or (owner, owner + 1)
    return None


def _saying(sentence: Sentence, at: int) -> Act | None:
    """`in the words of X`, `in X's words`, `“...” is the word of X`."""
    judged = _judged_before(sentence, at) if sentence.has_quotes else None
    if judged is not None:
        return Act(at, judged, sentence.lows[at], sentence.is_distant)
    if sentence.lows[at] not in SAYINGS:
        return None
    if sentence.after(at) == "of" and sentence.lows[max(sentence.low, at - 2) : at] in _IN_THE:
        end = sentence.tokens.phrase_after(at + 2, sentence.end)
        who = sentence.tidy(at + 2, end) if end > at + 2 else None
    else:
        end = at + 1
        who = _owner(sentence, at)
        if who is not None and sentence.after(at) == "for" and sentence.lows[at] in _NAMES:
            return Act(at, who, sentence.lows[at], sentence.is_distant)
        start = None if who is None else sentence.tokens.phrase_before(at, sentence.low)
        if (
            not start
            or sentence.lows[start - 1] not in _IN
            or (sentence.lows[at - 1] in _POSSESSIVES and sentence.after(at) not in (",", "", "-"))
        ):
            who = None
    if who is None:
        return None
    opened = at - 2 if sentence.after(at) == "of" else (sentence.tokens.phrase_before(at, sentence.low) or who[0]) - 1
    quote = sentence.quote_before(opened)
    for act in sentence.acts:
        act.pieces = [(first, opened if first < opened < stop else stop) for first, stop in act.pieces]
    if quote is not None:
        return Act(at, who, "in the words of", sentence.is_distant, None, [(quote, quote + 1)])
    comma = sentence.find(",", end, sentence.end)
    if comma is not None and _is_aside(sentence, comma + 1):
        comma = sentence.find(",", comma + 1, sentence.end) or comma
    first = end if comma is None else comma + 1
    return Act(at, who, "in the words of", sentence.is_distant, None, [(first, until(sentence, first))])


def _judged_before(sentence: Sentence, at: int) -> Range | None:
    """Whose word a quotation before it is: `“Locusts” is the word of | the paper`, `... was | the envoy's reply`."""
    be = next((i for i in range(at - 1, max(sentence.low, at - _MADE_WITHIN), -1) if sentence.lows[i] in BE), None)
    if be is None or sentence.quote_before(be) is None:
        return None
    owner = _owner(sentence, at)
    if owner is not None and owner[0] == be + 1:
        return owner
    first = at + 1 + (sentence.after(at) in ("of", "that", "from", "with"))
    if sentence.lows[first : first + 2] == ["used", "by"]:
        first += 2
    end = sentence.tokens.phrase_after(first, sentence.end, narrow=True)
    return sentence.tidy(first, end) if end > first else None
