"""A sentence and its clauses: where one starts, who is its subject.

What belongs here: the way from a verb to the one who does it. What does not: which verbs are of speech (`verbs`), and
what their words are (`complements`).
"""

import re
from bisect import bisect_left
from collections.abc import Container
from dataclasses import dataclass, field

from stance.records import HolderKind
from stance.voices.cues import (
    DISTANT_PHRASE,
    ING,
    MESSAGES,
    NUMBERS,
    PAST,
    PUBLIC,
    SHARES,
    STEM,
    VENUES,
    VERBS,
    WRITINGS,
    Form,
    Kind,
)
from stance.voices.kinds import is_person_noun, kind_of
from stance.voices.phrases import Tokens
from stance.voices.words import (
    ADVERBS,
    AUXILIARIES,
    COORDINATORS,
    DAYS,
    DETERMINERS,
    NO_ADVERBS,
    POSSESSIVE,
    PREPOSITIONS,
    PRONOUNS,
    RELATIVES,
    STOPS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    TIMES,
    word_set,
)

Range = tuple[int, int]
"""Half-open range of tokens."""

_DISTANT = re.compile(DISTANT_PHRASE, re.IGNORECASE)
A_PUBLIC = PUBLIC | NUMBERS
"""Words that name, or with which opens, a part of the public."""
_BESIDE_QUOTE = frozenset([",", "—", "–", "-"])
_OPENERS_OF_ACTS = word_set("while after before when having")
"""Words before an -ing form with which a sentence opens, whose subject comes after it: while accepting that ..."""
_TIME_OPENERS = word_set("this last next every that")
_BEFORE_NO_NAME = DETERMINERS | PREPOSITIONS
_OF_PLACE = ([",", "of"], [",", "from"])
"""What stands between a name and where it belongs: `Keith Moss | , of | the Wildlife group, who described`."""
_NAMED_THINGS = word_set("journal magazine newspaper paper daily weekly broadcaster network programme website channel")
"""Words whose name does not speak by itself: `a paper in the journal | Metabolic Medicine`."""
_TIMED = _TIME_OPENERS | {"one", "each"}
_LONG = 5
"""Tokens of the shortest description with a preposition that a full name ends: driver of trams Ann Ray."""
_CLAUSE = 12
"""Tokens a relative clause between a speaker and his verb may have."""
_STRETCHES = word_set("minutes hours days weeks months years moments")
_PARTICIPLES = word_set("born known seen written found held taken given hidden brought caught built")
"""Participles not in -ed with which a sentence may open: Born in Oslo, | she ..."""
_MAY_OPEN = PREPOSITIONS | SUBORDINATORS | _PARTICIPLES | _STRETCHES | _TIMED | {"[", "("}
"""Words one of which opens what stands before a subject, but for those in -ly, -ing and -ed."""
_DURING = word_set("before after when")
_ONES = word_set("one another other second third fourth latter former first others")
_QUOTES = word_set("quoted quotes quoting cited cites citing reported")
_QUOTED_WITHIN = 12
"""Tokens before `as saying` in which somebody is quoted."""
_AROUND_RELATIVES = STOPS | COORDINATORS | SUBORDINATORS | RELATIVES | SUBJECT_PRONOUNS
"""Words one of which opens or bounds a clause about a noun."""
_FOR = frozenset({"for"})
_LIST_OPENERS = word_set(", but while as because when that")
_OPENERS = word_set("what and but while as because when that if whose")


@dataclass(slots=True)
class Act:
    """One cue at work: who speaks, and which tokens are his words."""

    at: int
    who: Range
    cue: str
    distance: bool
    kind: Kind | None = None
    """Kind of the verb; None for a noun or a phrase."""
    pieces: list[Range] = field(default_factory=list)
    named: bool = True
    """Whether the speaker is named at `who`: residents were told that ..., by nobody known."""


class Sentence:
    """One sentence `[low, high)` of a paragraph; `end` leaves out its last stop.

    `acts` grows from left to right: a cue without a subject of its own takes that of the one before.
    """

    def __init__(self, tokens: Tokens, low: int, high: int) -> None:
        self.tokens = tokens
        self.lows, self.quotes = tokens.lows, tokens.quotes
        self.low, self.high = low, high
        end = high
        while end > low and tokens.lows[end - 1][0] in ".?!…":
            end -= 1
        self.end = end
        self.acts: list[Act] = []
        quoted = tokens.quoted
        self.has_quotes = bool(quoted) and bisect_left(quoted, low) < bisect_left(quoted, high)
        self._names_public: bool | None = None
        self.is_distant = tokens.may_be_distant and self._is_distant()
        """Whether the author keeps a distance in this sentence: `without evidence`, `so-called`."""

    @property
    def names_public(self) -> bool:
        """Whether a word for a part of the public is in it, whose views are reported as words are."""
        if self._names_public is None:
            self._names_public = not A_PUBLIC.isdisjoint(self.lows[self.low : self.high])
        return self._names_public

    def after(self, at: int) -> str:
        """The token after `at` in lower case, '' at the sentence's end."""
        return self.lows[at + 1] if at + 1 < self.end else ""

    def quotes_after(self, at: int) -> bool:
        """Whether a quotation stands behind the token."""
        return self.has_quotes and any(at <= quote < self.high for quote in self.tokens.quoted)

    def find(self, marks: Container[str], first: int, end: int) -> int | None:
        """The first token of `[first, end)` that is one of the marks."""
        for at, low in enumerate(self.lows[first:end], first):
            if low in marks:
                return at
        return None

    def is_group(self, at: int) -> bool:
        """Whether the word at `at` means many though it is one: `the opposition | claim`, `police | fear`."""
        return kind_of(self.lows[at]) in (HolderKind.ORGANISATION, HolderKind.CROWD)

    def _is_distant(self) -> bool:
        low, high = self.tokens.starts[self.low], self.tokens.ends[self.high - 1]
        return _DISTANT.search(self.tokens.text, low, high) is not None

    def chars(self, tokens: Range) -> tuple[int, int]:
        """Offsets of a range of tokens in the paragraph; the ending of a possessor is left out: `Omarov|'s`."""
        last = self.lows[tokens[1] - 1]
        ending = (2 if last[-1] == "s" else 1) if last.endswith(POSSESSIVE) else 0
        return self.tokens.starts[tokens[0]], self.tokens.ends[tokens[1] - 1] - ending

    def floor(self, at: int) -> int:
        """First token of the clause that the one at `at` stands in, by the stops and quotations before it."""
        bounds = self.tokens.bounds
        floor = at
        while True:
            before = bisect_left(bounds, floor) - 1
            floor = self.low if before < 0 or bounds[before] < self.low else bounds[before] + 1
            if floor == self.low or self.lows[floor - 1] != ")":
                break
            opened = next((i for i in range(floor - 2, self.low - 1, -1) if self.lows[i] == "("), None)
            floor = floor - 1 if opened is None else opened
        return floor + (floor < at and floor - 1 in self.quotes and self.lows[floor] in _BESIDE_QUOTE)

    def quote_before(self, at: int) -> int | None:
        """The quotation before the token, with or without a comma or dash between; None if there is none."""
        if not self.has_quotes:
            return None
        if at - 1 >= self.low and at - 1 in self.quotes:
            return at - 1
        if at - 2 >= self.low and at - 2 in self.quotes and self.lows[at - 1] in _BESIDE_QUOTE:
            return at - 2
        return None

    def subject(self, first: int, floor: int, form: Form, *, written: bool) -> Range | None:
        """Who does what a verb says.

        Args:
            first: where the verb with its auxiliaries starts.
            floor: start of its clause.
            form: form of the verb.
            written: whether things are its subject: a banner reads.
        """
        if form is ING and first == self.low:
            return self.first_phrase(self.low, self.end)
        opening = first - self.low if self.lows[first] == "having" or form is ING else _CLAUSE
        if opening == 0 or (opening == 1 and self.lows[self.low] in _OPENERS_OF_ACTS):
            comma = self.find(",", first, self.end)
            return None if comma is None else self.first_phrase(comma + 1, self.end)
        if first == floor:
            return None
        before = self.lows[first - 1]
        if before == "it" and form is STEM:
            return self._beside_verb(first - 1, floor, form, written=False)
        if before in PRONOUNS and not (before == "it" and self.lows[first - 2] in PREPOSITIONS):
            return first - 1, first
        if before == "," and form is not ING:
            return self.beside(first - 1, floor) or self.first_phrase(self.coordinate(floor, first - 1), first - 1)
        if before == "," and self.acts:
            clause = self.coordinate(floor, first - 1)
            if clause > max(floor, self.acts[-1].at):
                return self.first_phrase(clause, first - 1)
        if (
            before == ","
            or before in COORDINATORS
            or before == "while"
            or ((form is ING or self.lows[first] == "having") and before in _DURING)
        ):
            beside = floor - 1 in self.quotes or (before in _DURING and self.quote_before(first - 1) is not None)
            quoted = self.acts[-1] if self.acts and beside and self.acts[-1].named else None
            if quoted is not None and self.lows[quoted.who[1]] in RELATIVES:
                quoted = None
            told = self._last_who(floor, first) or (None if quoted is None else quoted.who)
            return told or self.first_phrase(floor, first - 1)
        if before == "as" and form is ING:
            on_record = self.lows[first - 2] == "record"
            return self.first_phrase(floor, first) if on_record else self._quoted(first - 1, floor)
        if before == "whom" and self.lows[first - 2] == "of":
            comma = next((at for at in range(first - 2, floor, -1) if self.lows[at] == ","), None)
            start = None if comma is None else self.tokens.phrase_before(comma, floor, narrow=True)
            return None if start is None or comma is None else self.tidy(start, comma)
        if before in RELATIVES:
            end = first - 1 - (self.lows[first - 2] == ",")
            end = self.tokens.skip_back(end, floor) if self.lows[end - 1] in DAYS else end
            start = self.tokens.phrase_before(end, floor, narrow=True)
            if start is not None and self.lows[start - 1] == "," and self.lows[end - 1] in ("same", "one"):
                end, start = start - 1, self.tokens.phrase_before(start - 1, floor)
            if start is not None and start - 2 > floor and self.lows[start - 2 : start] in _OF_PLACE:
                end, start = start - 2, self.tokens.phrase_before(start - 2, floor)
            bare = start is not None and before == "which" and self.lows[start - 1] in PREPOSITIONS
            if start is None or (bare and self.lows[start] not in DETERMINERS and not self.tokens.is_name(start)):
                return None
            return self.tidy(start, end)
        return self._beside_verb(first, floor, form, written=written)

    def _quoted(self, at: int, floor: int) -> Range | None:
        """Whom somebody else quotes: `quoted | the president | as saying`, `| she was quoted as saying`."""
        verb = next(
            (i for i in range(at - 1, max(floor, at - _QUOTED_WITHIN) - 1, -1) if self.lows[i] in _QUOTES), None
        )
        if verb is None:
            return None
        if verb + 1 < at and self.lows[verb + 1] != "by":
            return self.tidy(verb + 1, at)
        first = self.tokens.skip_back(verb, floor)
        if self.lows[first - 1] == ",":
            return self.beside(first - 1, floor)
        start = self.tokens.phrase_before(first, floor)
        return None if start is None else self.tidy(start, first)

    def _beside_verb(self, first: int, floor: int, form: Form, *, written: bool) -> Range | None:
        start = self.tokens.phrase_before(first, floor)
        if start is None and self.lows[first - 1] == "it":
            start = first - 1
        if self.lows[first - 1] in TIMES and self._ends_in_time(first, floor):
            return floor, first
        if start is None:
            return self._before_relative(first, floor)
        if self.lows[start - 1].endswith("ing") and self._is_charged(start - 2, floor):
            return floor, first
        told = VERBS.get(self.lows[start - 2]) if start - 2 > floor and self.lows[start - 1] in PREPOSITIONS else None
        if told is not None and told.form is PAST and form is not ING and self.phrase_opens(start - 2, floor):
            return floor, first
        if form is ING and start > floor and self.lows[start - 1] in AUXILIARIES:
            return self.subject(self.tokens.skip_back(start, floor), floor, PAST, written=False)
        if form is ING and not SHARES.isdisjoint(self.lows[start:first]):
            return start, first
        if form is ING and self.lows[start - 1] == "with" and self.lows[start - 2] == "," and start - 2 > floor:
            return self.tidy(start, first)
        in_place = start > floor and self.lows[start - 1] in PREPOSITIONS
        in_place = in_place or (self.lows[first - 1] in MESSAGES and self.tokens.has_verb(floor, start))
        if form is ING and (in_place or self.tokens.has_verb(start + 1, first)):
            return self.first_phrase(floor, first)
        if start > floor and self.lows[start].endswith("ed") and not self.tokens.is_name(start):
            return self._last_who(floor, first) or self.first_phrase(floor, start)
        if written and self.lows[first - 1] in WRITINGS:
            start = next((at for at in range(first - 1, start, -1) if self.lows[at] in DETERMINERS), start)
        elif start - 2 > floor and self.lows[start - 1] in PREPOSITIONS and self.lows[start - 2] in ("and", ",", "but"):
            return self._last_who(floor, first) or self.first_phrase(floor, start - 2)
        elif start == floor + 1 and self.lows[floor] in PREPOSITIONS:
            start = next((at for at in range(start, first) if self.tokens.is_name(at)), start)
        over = start if self._opens_anew(start, floor) else self._over_relative(start, first, floor)
        return self.tidy(over if over < start else self._over_list(start, floor), first)

    def _is_charged(self, at: int, floor: int) -> bool:
        """Whether a participle and its preposition describe the subject: `A man | charged with | shooting two dogs`."""
        charged = at - 1 > floor and self.lows[at] in PREPOSITIONS and self.lows[at - 1].endswith("ed")
        return charged and self.phrase_opens(at - 1, floor)

    def _ends_in_time(self, end: int, floor: int) -> bool:
        """Whether a time ends what describes the subject: `A poll published | the same evening | found`."""
        start = next((at for at in range(end - 2, max(floor + 1, end - 4), -1) if self.lows[at] in DETERMINERS), None)
        return start is not None and self.lows[start - 1].endswith("ed") and self.phrase_opens(start - 1, floor)

    def phrase_opens(self, end: int, floor: int) -> bool:
        """Whether a clause opens with a phrase that a participle describes: `Three people | briefed on the plan`."""
        return self.tokens.phrase_before(end, floor) == floor

    def _before_relative(self, end: int, floor: int) -> Range | None:
        """The speaker whose relative clause ends in a verb: `a driver | who asked for it | said`, `men he named`."""
        if end - 2 > floor and self.lows[end - 2] in SUBJECT_PRONOUNS and self.tokens.is_nounlike(end - 3):
            start = self.tokens.phrase_before(end - 2, floor)
            return None if start is None else self.tidy(start, end - 2)
        who = next((at for at in range(end - 1, max(floor, end - _CLAUSE), -1) if self.lows[at] == "who"), None)
        if who is None or not STOPS.isdisjoint(self.lows[who:end]):
            return None
        start = self.tokens.phrase_before(who, floor)
        return None if start is None else self.tidy(start, who)

    def _opens_anew(self, at: int, floor: int) -> bool:
        """Whether a phrase follows an adjunct's noun: `In a post that was shared a hundred times | the singer`."""
        if at == floor or self.lows[at] not in ("a", "an", "the"):
            return False
        if at - 2 > floor and self.lows[at - 2] in RELATIVES:
            return False
        who = next((i for i in range(at - 1, floor, -1) if self.lows[i] == "who" or self.lows[i] in STOPS), None)
        if who is not None and self.lows[who] == "who":
            return False
        return self.tokens.is_nounlike(at - 1) and not self.tokens.has_verb(at - 1, at)

    def _over_list(self, start: int, floor: int) -> int:
        """Go left over the members of a list: `Germany, Poland and | France said`."""
        if start - 1 <= floor or self.lows[start - 1] != "and":
            return start
        at = start - 1 - (self.lows[start - 2] == ",")
        nearest = start
        while (member := self.tokens.phrase_before(at, floor)) is not None and not self.tokens.has_verb(member, at):
            if member == floor:
                return member
            if nearest == start and self.lows[member - 1] in _LIST_OPENERS and self._may_speak(member, at):
                nearest = member
            if self.lows[member - 1] != ",":
                break
            at = member - 1
        return nearest

    def _may_speak(self, first: int, end: int) -> bool:
        return kind_of(self.tokens.text[slice(*self.chars((first, end)))]) is not HolderKind.UNKNOWN

    def coordinate(self, floor: int, end: int) -> int:
        """Start of the last clause after `, and` before `end`."""
        for at in range(end - 1, floor, -1):
            joins = self.lows[at] == "," and self.lows[at + 1] in ("and", "but", "while") and at + 2 < end
            joins = joins and not (self.lows[at + 1] == "while" and self.lows[at + 2].endswith("ing"))
            if joins and self.lows[at + 2] != "there" and self.lows[at + 2] not in RELATIVES:
                return at + 2
        return floor

    def beside(self, comma: int, floor: int) -> Range | None:
        """The speaker before an apposition: `what its head, | Lidia Marchetti, called`."""
        floor = self.coordinate(floor, comma)
        opened = next((at for at in range(comma - 1, floor, -1) if self.lows[at] == ","), None)
        if opened is None:
            return None
        start = self.tokens.phrase_before(opened, floor)
        if self.lows[opened + 1] in RELATIVES and start is not None and self.lows[start - 1] == ",":
            return None if self.lows[start].isdigit() else self.tidy(start, opened)
        role = opened + 1 + (self.lows[opened + 1] in _FOR)
        if self.tokens.phrase_after(role, comma) != comma:
            return None
        if role > opened + 1 and start is not None and self.tokens.is_name(opened - 1):
            return self.tidy(start, opened)
        if start is None or not (
            start == floor
            or self.lows[start - 1] in _OPENERS
            or self._is_role(start, opened, comma)
            or (self.lows[floor] in PREPOSITIONS and self.lows[opened + 1] in ("a", "an") and start > floor + 1)
        ):
            return None
        return self.tidy(start + (self.lows[start] in RELATIVES), opened)

    def _is_role(self, start: int, opened: int, comma: int) -> bool:
        """Whether a name stands beside a role after a clause: `, the hospital's director, | Dr Anton Belic, told`."""
        if self.lows[start - 1] != ",":
            return False
        told = self.lows[start] == "one" or (self.lows[start] in ("a", "an") and is_person_noun(self.lows[opened - 1]))
        if (told and self.tokens.is_name(opened + 1)) or (
            self.tokens.is_name(start) and self.lows[opened + 1] in DETERMINERS
        ):
            return self.tokens.has_verb(self.floor(start - 1), start - 1)
        if self.lows[start] in ("a", "an") or not self.tokens.is_name(opened + 1):
            return False
        return self.tokens.is_name(comma - 1) and is_person_noun(self.lows[opened - 1])

    def _last_who(self, floor: int, at: int) -> Range | None:
        """The speaker of the cue before, if it is in the same clause."""
        last = self.acts[-1] if self.acts else None
        if last is None or not last.named or last.at < floor:
            return None
        before = self.acts[-2] if len(self.acts) > 1 else None
        if before is not None and self.lows[last.who[0]] in PRONOUNS:
            himself = any(first <= last.who[0] < end for first, end in before.pieces)
            return before.who if himself and before.named else last.who
        if before is not None and any(first <= last.who[0] and last.at < end <= at for first, end in before.pieces):
            return before.who if before.named else last.who
        return last.who

    def _over_relative(self, start: int, end: int, floor: int) -> int:
        """Go left over `who took us through`, `I had met at`, when the phrase at `start` ends such a clause."""
        for at in range(start - 1, floor, -1):
            low = self.lows[at]
            if low not in _AROUND_RELATIVES and at not in self.quotes:
                continue
            if low in STOPS or at in self.quotes or low in COORDINATORS:
                break
            dated = self.lows[at + 1].isdigit() or self.lows[at + 1] in DAYS or self.lows[at + 1] == "dark"
            if low in SUBORDINATORS and not dated and not self.lows[at + 1].endswith("ing"):
                break
            relative = low in ("who", "whom") or (low in RELATIVES and self._has_verb_after(at, end))
            if low == "that" and self.lows[at - 2] in PREPOSITIONS and self.lows[at - 3] in VERBS:
                break
            noun = at - (self.lows[at - 1] in RELATIVES)
            if (relative or low in SUBJECT_PRONOUNS) and noun > floor and self.tokens.is_nounlike(noun - 1):
                wider = self.tokens.phrase_before(noun, floor)
                return start if wider is None else wider
        return start

    def _has_verb_after(self, relative: int, end: int) -> bool:
        after = self.lows[relative + 1]
        return self.tokens.has_verb(relative + 1, end) or (
            after.endswith("s") and after not in DETERMINERS and not is_person_noun(after[:-1])
        )

    def first_phrase(self, floor: int, end: int) -> Range | None:
        """The first noun phrase of a clause, past what comes before it: `In Tbilisi, | a deputy minister, ...`."""
        at = floor
        while at < end:
            if self.lows[at] in PRONOUNS:
                return at, at + 1
            past = self._past_opening(at, floor, end)
            if past is not None:
                at = past
                continue
            stop = self.tokens.phrase_after(at, end)
            if stop + 1 < end and self.lows[stop + 1] == "," and self.lows[stop] in PREPOSITIONS:
                at = stop + 2
            elif stop > at:
                return self.tidy(at, stop)
            else:
                at += 1
        return None

    def _past_opening(self, at: int, floor: int, end: int) -> int | None:
        """End of a bracket, an adjunct or a participle that opens a clause; None if nothing of the kind does."""
        low = self.lows[at]
        if low not in _MAY_OPEN and not low.endswith(("ly", "ing", "ed")):
            return None
        if at == floor and low.endswith("ly") and low not in NO_ADVERBS and self.lows[at + 1 : at + 2] == [","]:
            return at + 2
        if at == floor and low in _PARTICIPLES and "," in self.lows[at:end]:
            commas = [i for i in range(at, end - 1) if self.lows[i] == ","]
            return next((i for i in commas if self.lows[i + 1] in SUBJECT_PRONOUNS), self.lows.index(",", at, end)) + 1
        if at == floor and low in _STRETCHES and self.lows[at + 1 : at + 2] in (["later"], ["earlier"]):
            return at + 2
        if low in ("[", "("):
            closed = self.find("])", at, end)
            return end if closed is None else closed + 1
        if at == floor and low in _TIMED and at + 1 < end and self._is_time(at + 1):
            comma = self.find(",", at, end)
            return at + 2 if comma is None else comma + 1
        opens = low in PREPOSITIONS or (low in SUBORDINATORS and at == self.low)
        opens = opens or (low in ("after", "before", "since") and self.lows[at - 1] == ",")
        if not opens and not (at == floor and low.endswith(("ing", "ed"))):
            return None
        comma = self.find(",", at, end)
        if comma is None or (low in PREPOSITIONS and comma + 1 < end and self.lows[comma + 1] in RELATIVES):
            return self._past_adjunct(at, end)
        if low in PREPOSITIONS:
            past = self._past_adjunct(at, end)
            opens = past < comma and self.lows[past] in SUBJECT_PRONOUNS
            opens = opens or (past < comma - 2 and self._is_own_subject(past, comma))
            return past if opens else comma + 1
        return comma + 1

    def _is_own_subject(self, first: int, comma: int) -> bool:
        """Whether a subject with its verb follows an adjunct: `In its report | the firm wrote down its losses, and`."""
        if self.lows[first] not in ("the", "its", "his", "her", "their"):
            return False
        end = self.tokens.phrase_after(first, comma, narrow=True)
        return first + 1 < end < comma and self.tokens.has_verb(end, end + 1)

    def _is_time(self, at: int) -> bool:
        return self.lows[at] in TIMES or self.lows[at] in DAYS

    def _past_adjunct(self, at: int, end: int) -> int:
        """End of `On October Square`, `In Congaz`: a preposition's phrase that no comma closes."""
        stop = at + 1
        while stop < end and (self.lows[stop] in DAYS or (stop > at + 1 and self.tokens.is_name(stop))):
            stop += 1
        return stop if stop > at + 1 else max(at + 1, self.tokens.phrase_after(at + 1, end))

    def tidy(self, first: int, end: int) -> Range:
        """Prefer the name to the role beside it: `a clan spokesman, | Ray Tait`; drop what follows a full name."""
        if end - first > 1:
            first, end = self._past_times(first, end), self._before_venue(first, end)
        if end < self.high and self.lows[end] == ",":
            beside = self._apposition(first, end)
            if beside is not None:
                return beside
        written = self._by_message(first, end)
        if written is not None:
            return written
        name = self._name_at_end(first, end)
        if name is not None:
            return name, end
        if self.lows[first] not in DETERMINERS:
            for at in range(first + 2, end):
                if self.lows[at] in PREPOSITIONS and self.tokens.is_name(at - 1):
                    return first, at
        return first, end

    def _past_times(self, first: int, end: int) -> int:
        """Past adverbs and times that open a phrase: `this week | Russian diplomats`."""
        while first < end - 1:
            if (
                (self.lows[first] in ADVERBS and self.lows[first + 1] not in ("under", "over"))
                or (self.lows[first] == "all" and self.lows[first + 1] in ("a", "an"))
                or (self.lows[first].endswith("ly") and self._is_adverb(first))
            ):
                first += 1
            elif first < end - 2 and self.lows[first] in _TIME_OPENERS and self.lows[first + 1] in TIMES:
                first += 2
            else:
                break
        return first

    def _is_adverb(self, at: int) -> bool:
        """Whether a word in -ly opens a phrase that is whole without it: `Separately | Russia's ambassador`."""
        if self.lows[at] in NO_ADVERBS:
            return False
        return self.tokens.is_name(at + 1) or self.lows[at + 1] in DETERMINERS

    def _before_venue(self, first: int, end: int) -> int:
        """End of a speaker without where he speaks: `the justice minister | on live television`."""
        if self.lows[end - 1] not in VENUES:
            return end
        return next((at for at in range(end - 2, first, -1) if self.lows[at] in ("on", "in", "at")), end)

    def _apposition(self, first: int, end: int) -> Range | None:
        """The name, or after `one of them` the description, that stands beside a phrase: `a spokesman, | Ray Tait`."""
        is_one = self.lows[end - 1] in _ONES or (self.lows[first] in _ONES and self.lows[first + 1] == "of")
        if not is_one and not self._describes(first, end):
            return None
        if not is_one and self.lows[end + 1 : end + 2] in (["a"], ["an"]):
            return None
        beside = self.tokens.phrase_after(end + 1, self.end, narrow=True)
        if is_one and beside < self.end and self.lows[beside] in PREPOSITIONS:
            beside = self.tokens.phrase_after(end + 1, self.end)
        if beside <= end + 1 or (self.lows[end + 1].endswith("ing") and not self.tokens.is_name(end + 1)):
            return None
        closed = beside >= self.end or self.lows[beside] in STOPS or (is_one and self.lows[beside] in RELATIVES)
        return (end + 1, beside) if closed and (is_one or self.tokens.is_name(beside - 1)) else None

    def _by_message(self, first: int, end: int) -> Range | None:
        """Whose message speaks: `a statement from | the union`, `| the union's statement`."""
        if MESSAGES.isdisjoint(self.lows[first:end]):
            return None
        for at in range(first, end):
            if self.lows[at] not in MESSAGES:
                continue
            if at + 2 < end and self.lows[at + 1] in ("from", "by", "of"):
                return at + 2, end
            if at == end - 1 and at > first and self.lows[at - 1].endswith(POSSESSIVE):
                return first, at
        return None

    def _describes(self, first: int, end: int) -> bool:
        """Whether a phrase describes rather than names: `a spokesman`, `a trader in Almaty`."""
        if not self.tokens.is_name(end - 1):
            return True
        described = self.lows[first] in DETERMINERS or self.lows[first].endswith(POSSESSIVE)
        return described and not PREPOSITIONS.isdisjoint(self.lows[first:end])

    def _name_at_end(self, first: int, end: int) -> int | None:
        """Start of the full name at the end of a long description: `the driver of the unit | Sagyndyk Beisenov`."""
        if end - first < _LONG:
            return None
        name = end
        while name > first and self.tokens.is_name(name - 1):
            name -= 1
        long = name - 2 > first and not PREPOSITIONS.isdisjoint(self.lows[first : name - 1])
        long = long and not is_person_noun(self.lows[name - 1])
        long = long and self.lows[name - 1] not in _BEFORE_NO_NAME and self.lows[name - 1] not in _NAMED_THINGS
        return name if long and end - name > 1 and self.tokens.is_nounlike(name - 1) else None
