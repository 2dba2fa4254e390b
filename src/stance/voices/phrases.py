"""Tokens, sentences and noun phrases, by closed word classes alone: no tagger, no parser.

What belongs here: where a phrase starts and ends. What does not: what it means (`holders`) or who speaks (`speech`).
A quotation is one token, so that the author's own sentence can be read around it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from stance.records import HolderKind
from stance.voices.cues import CUES, DISTANT_PARTS, FINITE, FINITE_AFTER_PLURAL, NUMBERS, PAST, VERBS, WORKS
from stance.voices.kinds import is_person_noun, kind_of
from stance.voices.quotes import Quote
from stance.voices.words import (
    ADJECTIVE_ENDINGS,
    ADVERBS,
    ARTICLES,
    AUXILIARIES,
    COUNTS,
    DAYS,
    DAYTIMES,
    DETERMINERS,
    INDEFINITES,
    NO_ADVERBS,
    NO_NOUNS,
    OBJECT_OPENERS,
    OBJECT_PRONOUNS,
    POSSESSIVE,
    PREPOSITIONS,
    PRONOUNS,
    TIMES,
    VERBS_OF_ACTION,
    word_set,
)

_QUOTE, _INSIDE = "\ue000", "\ue001"
_TITLES = (
    "Mr Dr Lt St Fr Ms",
    "Mrs Gen Col Sgt Cpl Maj Adm Sen Gov Rep Rev Hon Jan Feb Aug Oct Nov Dec",
    "Prof Capt Brig Supt Insp Sept",
    "Assoc",
)
"""Words whose full stop ends no sentence, by length: a lookbehind has a fixed width."""
_KEEPS_STOP = "|".join(rf"(?<=\b(?:{titles.lower().replace(' ', '|')})\.)" for titles in _TITLES)
_TOKEN = re.compile(
    r"(?! )([a-z]++(?= )|\w++(?:['\-‑.&/]\w++|[,:](?<=\d.)\d++)*+"
    rf"(?:\.(?:{_KEEPS_STOP}|(?<=\b[^\W\d_]\.)(?<!'.\.)(?=\s*[^\W\d_,']))|'(?<=s')(?=\s\w))?+"
    rf"|[.?!…]++|{_QUOTE}{_INSIDE}*+"
    r"|[^\w\s])"
)
"""A word with its apostrophes, hyphens, and the stop of a title or an initial; a run of stops; a quotation; a mark.

Most words are letters before a space, and a space begins none, so these two are settled first; nothing is tried twice,
for this pattern is a tenth of the time.
"""
_DASHED_NAME = re.compile(r"(?<=\w)–(?=[A-ZÀ-ÖØ-Þ\d])")
"""The dash of the Baku–Batumi bus, which joins as a hyphen does."""
_DATELINE = re.compile(r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ.' -]+(?:,[^.?!\n]{1,40}?)?(?:\([^)\n]{1,40}\))? ?[-–—] ")
_PARTS_OF_WORKS = word_set("series season episode production performance copy edition screening version chapter film")
"""Words before `of` and a title between marks."""
_BODIES = word_set(
    "ngo charity group organisation organization movement party foundation association network coalition"
)
"""Words before the name of a body between marks."""
_LAST_WORD = 24
"""Characters in which the word before a quotation is looked for."""
_TITLE = 9
"""Words a title may not have."""
_PLACES = frozenset({"outside", "inside", "nearby", "below", "above", "opposite", "first"})
_PASSED_BACK = (
    AUXILIARIES | ADVERBS | _PLACES | TIMES | DAYS | DAYTIMES | word_set("long first both occasions turn far") | {")"}
)
"""Words one of which ends all that stands between a subject and its verb, but for those in -ly."""
_NUMBERS = NUMBERS | {"least", "most"}
_SMALL = word_set("a an the of in on and or to for from at by with without der die das und von la le les de du des et")
_BEFORE_TITLE = word_set("in sang sing sings singing watched watching played playing plays")
_WORD_AFTER = re.compile(r" ([a-z]+)")
_FINITE_SURELY = AUXILIARIES | VERBS_OF_ACTION
_NEVER_NOUNS = NO_NOUNS - INDEFINITES - VERBS_OF_ACTION - {"that", "will", "only", "then"}
_UNSURE = NO_NOUNS | OBJECT_PRONOUNS | DAYTIMES | DETERMINERS | frozenset(VERBS) | {"&"}
"""Words of which their neighbours tell whether they stand in a noun phrase."""
_SURE_DETERMINERS = DETERMINERS - NO_NOUNS - OBJECT_PRONOUNS - DAYTIMES - VERBS.keys()
_DEFINITE = DETERMINERS - COUNTS
_POLLED = word_set("asked questioned")
_BEFORE_PARTICIPLE = ARTICLES - {"that", "this"}
_OPENS = re.compile(r"\b(?:For|To|As far|If|\d\d?[.:]\d\d) ")
"""Openings of sentences that may tell who speaks without any word of speech."""
_TELLING = CUES | DISTANT_PARTS
_MAY_STOP = frozenset(f".?!…{_QUOTE}")
"""First characters of the tokens with which a sentence may end."""
_ANSWERS = word_set("answer reply report complaint")
_LEFT = word_set("left taken read held sent found given")
"""Participles that look like pasts: a message | left at the scene | accused."""
_MANY = word_set("half third quarter series lot handful dozen number pair couple class generation family home")
"""Words for a part of many: half of | the residents, who."""
_ANYBODY = word_set("everyone everybody someone somebody anyone anybody nobody everything something nothing")
_CONTRACTED = frozenset({"there", "that", "who", "what", "here"})
_CLAUSE_BOUNDS = frozenset([";", ":", "—", "–", "-", "[", "]", "(", ")"])
_BEFORE_NAME = frozenset({"al-", "el-"})
_BOUNDS = word_set("nearly almost about around roughly some least most")
"""Words that bound a number: nearly half."""
_LIMIT = 40
"""Tokens a noun phrase may have; longer ones are misread sentences."""
_LONGEST = 400
"""Tokens of a sentence; what is longer is no sentence and is read in pieces, so that the time stays linear."""


def plain(word: str) -> str:
    """Lower case with straight apostrophes; a contraction as its first word: `they'd` is they, `can't` is not."""
    return _first_word(_lowered(word))


def _first_word(low: str) -> str:
    if low.endswith("n't"):
        return "not"
    stem = low.partition("'")[0]
    return stem if stem in PRONOUNS or stem in _CONTRACTED else low


class Tokens:
    """The tokens of one paragraph; parallel lists, because there are many and they are asked often.

    Attributes:
        lows: the tokens in lower case, apostrophes straight, contractions as their first word (`they'd` is they); the
            words of a quotation are hidden in its one token.
        starts, ends: their offsets in the text.
        bounds: tokens at which clauses end: marks and quotations.
        quotes, quoted: the outermost quotations by token, and these tokens in order.
        has_article: whether an Arabic name may begin with its small article.
        has_colon: whether a colon and a space are in it.
        has_second_eyes: whether somebody may be named behind a semicolon in whose eyes something is so.
        may_be_distant: whether a word with which authors keep a distance is in it.
        dateline: how many tokens tell where and when a report was filed: `SARYN, Jan 7 (Steppe Wire) -`.
        cued: the tokens that may mark speech, in order.
        sentences: `[first, end)` token ranges; none where no cue, quotation or last colon could make speech.
    """

    def __init__(self, text: str, quotes: Sequence[Quote]) -> None:
        hidden, outer = _hide(text, quotes) if quotes else (text, [])
        if "–" in hidden:
            hidden = _DASHED_NAME.sub("-", hidden)
        parts: list[str] = _TOKEN.split(_lowered(hidden).replace("*", " "))
        edges = list(accumulate(map(len, parts)))
        self.text = text
        self.lows = parts[1::2]
        self.starts, self.ends = edges[0:-1:2], edges[1::2]
        self.quotes = {bisect_left(self.starts, quote.outer): quote for quote in outer} if outer else {}
        self.quoted = list(self.quotes)
        self.bounds: list[int] = []
        self.cued: list[int] = []
        if "WHO" in text:
            self._tell_acronym()
        self.has_colon = ": " in text
        self.has_second_eyes = ";" in text and "; for " in text
        self.has_article = "-" in text and (" al-" in text or " el-" in text)
        self.may_be_distant = False
        stops = self._sort()
        opening = _DATELINE.match(text)
        self.dateline = bisect_left(self.starts, opening.end()) if opening else 0
        matters = self.cued or self.quoted or self.lows[-1:] == [":"] or _OPENS.search(text) is not None
        self.sentences = self._split(stops) if matters else []

    def _sort(self) -> list[int]:
        """Cut contractions, tell `cued`, `bounds` and `may_be_distant`; return the tokens that may end a sentence."""
        stops: list[int] = []
        lows, quotes, bounds, cued = self.lows, self.quotes, self.bounds, self.cued
        for at in [at for at, low in enumerate(lows) if not (low.isalpha() or low == ",") or low in _TELLING]:
            low = lows[at]
            if low in _TELLING:
                self.may_be_distant = self.may_be_distant or low in DISTANT_PARTS
                if low in CUES:
                    cued.append(at)
            elif "'" in low:
                lows[at] = _first_word(low)
            else:
                if low in _CLAUSE_BOUNDS or at in quotes:
                    bounds.append(at)
                if low[0] in _MAY_STOP:
                    stops.append(at)
        return stops

    def _tell_acronym(self) -> None:
        """Keep the World Health Organization apart from the pronoun."""
        for at, low in enumerate(self.lows):
            if low.startswith("who") and self.text[self.starts[at] : self.starts[at] + 3] == "WHO":
                self.lows[at] = f"w.{low[1:]}"

    def _split(self, may_stop: list[int]) -> list[tuple[int, int]]:
        stops = [at + 1 for at in may_stop if not self.starts_low(at + 1) and self._stops(at)]
        if self.dateline and self.dateline not in stops:
            stops = [self.dateline, *(stop for stop in stops if stop > self.dateline)]
        sentences: list[tuple[int, int]] = []
        first = 0
        for end in [*stops, len(self.lows)]:
            while end - first > _LONGEST:
                sentences.append((first, first + _LONGEST))
                first += _LONGEST
            if first < end:
                sentences.append((first, end))
            first = end
        return sentences

    def _stops(self, at: int) -> bool:
        """Whether a sentence ends with a stop, or with a quotation that ends in one."""
        if self.lows[at][0] != _QUOTE:
            return True
        quote = self.quotes.get(at)
        after = self.lows[at + 1] if at + 1 < len(self.lows) else "."
        return quote is not None and at + 1 not in self.quotes and after != "(" and self.text[quote.end - 1] in ".?!…"

    def starts_low(self, at: int) -> bool:
        """Whether the token goes on with a sentence: a small letter or a comma; False past the end."""
        if at >= len(self.lows):
            return False
        first = self.text[self.starts[at]]
        return first.islower() or first in ",;:)]—–-"

    def is_name(self, at: int) -> bool:
        """Whether the token starts with a capital letter, `al-` and the like aside: Zainab al-Rubaie."""
        start = self.starts[at]
        if self.text[start].isupper():
            return True
        return self.has_article and self.lows[at][:3] in _BEFORE_NAME and self.text[start + 3].isupper()

    def is_capitals(self, at: int) -> bool:
        """Whether the token is an acronym: `US` is no `us`."""
        return self.text[self.starts[at] : self.starts[at] + 2].isupper()

    def is_nounlike(self, at: int) -> bool:
        """Whether the token may stand inside a noun phrase: no function word, verb of speech, quotation or stop."""
        low = self.lows[at]
        if low in _NEVER_NOUNS:
            return False
        if low in _UNSURE and low not in _SURE_DETERMINERS:
            return self._may_be_noun(at, low)
        if low[0].isalpha():
            return True
        return low[0].isdigit() and not (":" in low or (len(low) == 5 and low[2] == "."))

    def _may_be_noun(self, at: int, low: str) -> bool:
        if low == "&":
            return 0 < at < len(self.lows) - 1 and self.is_name(at - 1) and self.is_name(at + 1)
        if low in NO_NOUNS and low not in INDEFINITES:
            if low == "that":
                return at > 0 and self.lows[at - 1] in PREPOSITIONS
            if low == "then":
                return at > 0 and self.lows[at - 1] == "the"
            if low == "only":
                return at > 0 and self.lows[at - 1] in ARTICLES
            if low == "will" or (low in VERBS_OF_ACTION and at and self.is_name(at - 1)):
                beside = at + 1 if low == "will" else at - 1
                return self.is_name(at) and beside < len(self.lows) and self.is_name(beside)
            return low in VERBS_OF_ACTION and at > 0 and self.lows[at - 1] in ARTICLES
        if low in OBJECT_PRONOUNS and not self.is_capitals(at):
            return at > 0 and self.lows[at - 1] in PREPOSITIONS
        if low in DAYTIMES:
            if at + 1 < len(self.lows) and self.is_name(at) and self.is_name(at + 1):
                return True
            if at and self.lows[at - 1] in DAYS:
                return False
            return at + 1 < len(self.lows) and self.lows[at + 1] not in VERBS and self.is_nounlike(at + 1)
        if low not in DETERMINERS and self.is_name(at):
            return True
        cue = VERBS.get(low)
        if low == "called" and at and at + 1 < len(self.lows) and self.is_name(at + 1):
            return not self.is_name(at - 1) and self.is_nounlike(at - 1)
        if low == "accused" and at and self.lows[at - 1] == "the":
            return True
        if low in _POLLED and at and self.lows[at - 1] in ("those", "people"):
            return True
        if cue is None or cue.form is not PAST:
            return True
        if at and at + 1 < len(self.lows) and self.lows[at - 1] in _BEFORE_PARTICIPLE and self._opens_noun(at + 1):
            return True
        return self.lows[at + 1 : at + 2] in (["of"], ["by"]) and not cue.stem.endswith("approve")

    def _opens_noun(self, at: int) -> bool:
        """Whether a plain noun stands here: a written | answer, her reported | views."""
        low = self.lows[at]
        return low[0].isalpha() and (low not in _UNSURE or low in _ANSWERS) and not low.endswith(("ly", "ed"))

    def phrase_before(self, end: int, low: int, *, narrow: bool = False) -> int | None:
        """First token of the noun phrase that ends before token `end`, not before `low`; None if there is none.

        With `narrow`, it does not reach left over `by`: `his return by | graduates burning tyres`.
        """
        at = end
        low = max(low, end - _LIMIT)
        lows, is_nounlike = self.lows, self.is_nounlike
        while at > low and ((lows[at - 1] not in _UNSURE and lows[at - 1].isalpha()) or is_nounlike(at - 1)):
            at -= 1
            if lows[at] in DETERMINERS and not self._goes_on_left(at, low):
                break
        if at == end:
            return None
        if lows[at] in _NUMBERS or lows[at][0].isdigit():
            at = self._over_bounds(at, low)
        wider = None if at - 1 <= low or (narrow and self._is_apart(at, end)) else self._wider(at, low, narrow=narrow)
        return at if wider is None else wider

    def _is_apart(self, at: int, end: int) -> bool:
        """Whether `who` means the phrase at `at` alone: the resignation of | the minister, who; sided with | people."""
        before, head = self.lows[at - 1], self.lows[at - 2]
        if before in ("by", "to") or (before in PREPOSITIONS and head.endswith("ed") and not self.is_name(at - 2)):
            return True
        if before not in PREPOSITIONS or not head.isalpha() or head in DETERMINERS or self.is_name(at - 2):
            return False
        if "who" not in self.lows[end : end + 2] and "whom" not in self.lows[end : end + 4]:
            return False
        is_person = kind_of(self.lows[end - 1]) in (HolderKind.PERSON, HolderKind.CROWD)
        return is_person and (kind_of(head) is HolderKind.UNKNOWN or head == "news") and head not in _MANY

    def _over_bounds(self, at: int, low: int) -> int:
        """Go left from a number over what bounds it: `just under | half of Slovenes`, `more than | forty deputies`."""
        while at > low and self._bounds(at, low):
            at -= 1
        return at

    def _bounds(self, at: int, low: int) -> bool:
        """Whether the token before `at` bounds the number that starts there."""
        before, number = self.lows[at - 1], self.lows[at]
        if before in _BOUNDS or number == "than":
            return True
        if before == "than":
            return self.lows[at - 2] in ("more", "fewer", "less")
        if before in ("under", "over"):
            return at - 1 == low or self.lows[at - 2] == "just"
        return (before == "just" and number in ("under", "over")) or (before == "at" and number in ("least", "most"))

    def _goes_on_left(self, at: int, low: int) -> bool:
        """Whether a determiner is not the first of its phrase: `all | the men`, `Three Armenians in | four`."""
        if self.lows[at] == "the" and at > low and self.lows[at - 1] in NUMBERS:
            return False
        if at > low and (self.lows[at - 1] in DETERMINERS or self.lows[at - 1].endswith(POSSESSIVE)):
            return True
        if at - 1 > low and self.is_name(at) and self.is_name(at - 1):
            return True
        if self.lows[at] in NUMBERS and at - 1 > low and self.lows[at - 2] == "the" and self.is_nounlike(at - 1):
            return True
        return self.lows[at] in NUMBERS and at > low + 1 and self.lows[at - 1] == "in" and self.lows[low] in NUMBERS

    def _wider(self, at: int, low: int, *, narrow: bool = False) -> int | None:
        """Start of the phrase that the one at `at` belongs to: `a driver | at the gate`, `a man | waving a flag`."""
        before = self.lows[at - 1]
        if before in PREPOSITIONS and self.lows[at - 2] != "according" and self.is_nounlike(at - 2):
            return self.phrase_before(at - 1, low, narrow=narrow)
        told = self.lows[at - 2] in _LEFT and at - 3 > low and self.is_nounlike(at - 3)
        if told and (before in PREPOSITIONS or before == "after"):
            left = self.phrase_before(at - 2, low)
            return left if left is not None and self.lows[left] in ARTICLES else None
        if before == "and" and self.is_nounlike(at - 2):
            left = self.phrase_before(at - 1, low)
            if left is None or self.has_verb(left, at - 1):
                return None
            if self.is_name(at) and self.is_name(at - 2) and self.lows[left - 1] == ",":
                return left if "for" in self.lows[left : at - 2] else None
            joined = self.lows[at - 3] == "of" and self.lows[at] not in DETERMINERS and not self.is_name(at)
            return left if left == low or joined else None
        if before.endswith("ing") and before not in DAYTIMES and self.is_nounlike(at - 1):
            linked = self.lows[at - 2] in ("of", "for") and at - 3 > low and self.is_nounlike(at - 3)
            if linked or self.is_nounlike(at - 2):
                return self.phrase_before(at - 2 if linked else at, low)
        return None

    def phrase_after(self, first: int, high: int, *, narrow: bool = False) -> int:
        """End of the noun phrase that starts at token `first`, at most `high`; `first` if there is none.

        With `narrow`, without the phrases and clauses that follow its noun.
        """
        at = first
        high = min(high, first + _LIMIT)
        lows, is_nounlike = self.lows, self.is_nounlike
        while at < high and lows[at] in DETERMINERS:
            at += 1
        if first < at < high and lows[at] == "than" and lows[at - 1] in ("more", "fewer", "less"):
            at += 1
        while at < high and ((lows[at] not in _UNSURE and lows[at].isalpha()) or is_nounlike(at)):
            if at > first:
                low = lows[at]
                if low in _ANYBODY or (low in DETERMINERS and not self._goes_on_right(at)):
                    break
                if (low in FINITE_AFTER_PLURAL or low.endswith(("s", "ed"))) and self._is_finite(first, at):
                    break
            at += 1
        if first < at < high - 1 and not narrow:
            return self._further(at, high)
        return at

    def _goes_on_right(self, at: int) -> bool:
        """Whether a determiner stands inside a phrase: `the big | one`, `Channel | Nine`."""
        if self.lows[at] == "one":
            return self.lows[at - 1] not in DETERMINERS
        return self.lows[at] not in ARTICLES and self.is_name(at) and self.is_name(at - 1)

    def _is_finite(self, first: int, at: int) -> bool:
        """Whether a token after a noun looks like the sentence's verb: `Omarov | arrived`, `Ivana Ray | corrects`."""
        low = self.lows[at]
        if self.is_name(at) or self.lows[at - 1] in _DEFINITE:
            return False
        if (low.endswith("ed") and len(low) > 4 and low != "hundred") or low in FINITE:
            return True
        if low in FINITE_AFTER_PLURAL and (self.lows[at - 1].endswith("s") or self.lows[first].endswith("s")):
            return True
        if not low.endswith("s") or low.endswith(("'s", "ss")) or is_person_noun(low[:-1]):
            return False
        if self.lows[at + 1 : at + 2] and self.lows[at + 1] in OBJECT_OPENERS:
            return True
        named = self.is_name(at - 1) and self.is_name(first) and at - 1 > first
        return named and not self.lows[at - 1].endswith(ADJECTIVE_ENDINGS)

    def _further(self, at: int, high: int) -> int:
        low = self.lows[at]
        if low in ("who", "whose", "whom"):
            stop = at
            while stop < high and self.lows[stop][0] not in ",;:—–.?!…([" and stop not in self.quotes:
                stop += 1
            return stop
        if low in PREPOSITIONS and low != "to" and self.lows[at + 1] not in DAYS:
            end = self.phrase_after(at + 1, high)
            return end if end > at + 1 else at
        return at

    def skip_back(self, verb: int, low: int) -> int:
        """Go left from a verb over its auxiliaries, adverbs, days and brackets; the token after what precedes them."""
        at = verb
        while at > low:
            before = self.lows[at - 1]
            if before not in _PASSED_BACK and not before.endswith("ly"):
                break
            if (
                (
                    before in AUXILIARIES
                    or before in ADVERBS
                    or (before.endswith("ly") and not self.is_name(at - 1) and before not in NO_ADVERBS)
                    or (before == "long" and self.lows[at - 2] in AUXILIARIES)
                    or (before == "first" and self.lows[at - 2] == "who")
                )
                or (before in _PLACES and at - 1 > low and self.is_nounlike(at - 2))
                or (before == "both" and "and" in self.lows[max(low, at - 6) : at - 2])
            ):
                at -= 1
            elif before == "occasions" and at - 3 > low and self.lows[at - 3] == "on":
                at -= 3
            elif (
                (before == "turn" and self.lows[at - 2] == "in")
                or (before == "far" and self.lows[at - 2] == "so")
                or (before in TIMES and at - 2 > low and self.lows[at - 2] in ("last", "this", "next"))
            ):
                at -= 2
            elif before in DAYS or (before in DAYTIMES and self.lows[at - 2] in DAYS):
                at -= 1 + (before in DAYTIMES)
                at -= at > low and self.lows[at - 1].isdigit()
                while at > low and self.lows[at - 1] in ("on", "in", "last", "this", "late", "early", "next"):
                    at -= 1
            elif before == ")" and "(" in self.lows[low : at - 1]:
                at = low + len(self.lows[low : at - 1]) - 1 - self.lows[low : at - 1][::-1].index("(")
            else:
                break
        return at

    def has_verb(self, first: int, end: int) -> bool:
        """Whether the tokens look as if they held a finite verb."""
        for at, low in enumerate(self.lows[first:end], first):
            if (
                low in _FINITE_SURELY
                or (low in VERBS and not self.is_name(at))
                or (low.endswith("ed") and len(low) > 4 and "-" not in low)
            ):
                return True
        return False


def _lowered(text: str) -> str:
    """Lower case, letter by letter where that would change the length, with straight apostrophes."""
    low = text.lower()
    if len(low) != len(text):
        low = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return low.replace("’", "'")


def _hide(text: str, quotes: Sequence[Quote]) -> tuple[str, list[Quote]]:
    """The text with one long token of the same length for each outermost quotation, and these quotations.

    Marks around names and titles are spaces; what they hold is no quotation.
    """
    outer = [quote for quote in quotes if quote.depth == 1]
    names = [quote for quote in outer if is_name(text, quote)]
    if names:
        outer = [quote for quote in outer if quote not in names]
    parts: list[str] = []
    at = 0
    for quote in outer:
        parts += [text[at : quote.outer], _QUOTE, _INSIDE * (quote.outer_end - quote.outer - 1)]
        at = quote.outer_end
    hidden = "".join([*parts, text[at:]])
    for quote in names:
        hidden = f"{hidden[: quote.outer]} {hidden[quote.start : quote.end]} {hidden[quote.outer_end :]}"
    return hidden, outer


def is_name(text: str, quote: Quote) -> bool:
    """Whether marks hold a name or a title: `the ‘Hope’ clinic`, `In “Letters from the Ninth Floor” the poet ...`."""
    said = text[quote.start : quote.end]
    words = said.split()
    if not (quote.closed and words and len(words) < _TITLE and said[0].isupper()) or said[-1] in ".,!?…;:":
        return False
    if said.isupper() or not all(word[0].isupper() or word in _SMALL for word in words):
        return False
    last = text[max(0, quote.outer - _LAST_WORD) : quote.outer].lower()
    before = last.split()[-1] if last[-1:] == " " and last.strip() else ""
    if len(words) > 1 and (before in _BEFORE_TITLE or before.rstrip(",") in WORKS or before in _BODIES):
        return True
    if len(words) > 2 and words[0] in ("The", "A") and before in ("wrote", "published"):
        return True
    if before == "of" and len(words) > 1 and last.split()[-2:-1] and last.split()[-2] in _PARTS_OF_WORKS:
        return True
    after = _WORD_AFTER.match(text, quote.outer_end)
    return before in ARTICLES and after is not None and not _ends_noun(after.group(1))


def _ends_noun(word: str) -> bool:
    return word in NO_NOUNS or word in CUES or word.endswith("ed")
