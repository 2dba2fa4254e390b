"""One pass over a text: which phrases stand where, and which words are there at all.

What belongs here: the Aho-Corasick automaton, word boundaries, case. What does not: regular expressions (`gated`),
conditions and targets (`mentions`).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import ahocorasick

from stance.targets.normal import Normal, lower, normalise
from stance.targets.phrases import expand, open_regex, plurals

_SENTENCE_END = re.compile(r"[.!?…][\"”’'»)\]]*\s+(?=[\"“‘'«(\[]?[A-ZА-ЯЁ])")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|Gen|Col|Lt|Sgt|Prof|Sen|Rep|Gov|No|Jr|Sr|[A-Z])\.\s+\Z")
REACH = 8
"""Characters before a sentence's end in which an abbreviation is looked for."""

Place = tuple[int, int]


class Hit(NamedTuple):
    """A rule that matched `[start, end)` of the normalised text."""

    start: int
    end: int
    rule: int


class _Key(NamedTuple):
    """What stands behind one key of the automaton."""

    owner: int | str
    """Index of a rule, or name of a list."""
    exact: str
    """The phrase with its capitals, or '' if case does not matter."""
    open: "re.Pattern[str] | None"
    """For phrases with open endings: what must match from the start of the key."""


@dataclass(slots=True)
class Found:
    """What one pass over one text found."""

    text: Normal
    symbols: Mapping[str, str]
    """For each word list the letter that stands for its words in a tagged text."""
    hits: list[Hit] = field(default_factory=list)
    cues: dict[str, list[Place]] = field(default_factory=dict)
    """Where the words of each list stand."""
    literals: set[str] = field(default_factory=set)
    _tagged: dict[tuple[str, ...], str] = field(default_factory=dict)
    _sentences: list[int] = field(default_factory=list)

    def tagged(self, lists: tuple[str, ...]) -> str:
        """Return the text with every word of these lists replaced by as many symbols of its list."""
        if lists not in self._tagged:
            text = self.text.cased
            for name in lists:
                for start, end in self.cues.get(name, ()):
                    text = text[:start] + self.symbols[name] * (end - start) + text[end:]
            self._tagged[lists] = text
        return self._tagged[lists]

    def stretch(self, within: str, position: int) -> Place:
        """Return the paragraph or the sentence around a position."""
        if within == "paragraph":
            return 0, len(self.text.cased)
        bounds = self.sentences()
        index = bisect_right(bounds, position)
        return bounds[index - 1], bounds[index]

    def sentences(self) -> list[int]:
        """Return where the sentences start, and after them the end of the text plus one."""
        if not self._sentences:
            self._sentences = [*_sentence_starts(self.text.cased), len(self.text.cased) + 1]
        return self._sentences


def _sentence_starts(text: str) -> list[int]:
    ends = (match.end() for match in _SENTENCE_END.finditer(text))
    return [0, *(end for end in ends if not _ABBREVIATION.search(text, max(0, end - REACH), end))]


class Scanner:
    """Finds phrases, words of lists and literals in one pass; build once, use for many texts."""

    def __init__(
        self, phrases: Iterable[tuple[str, int | str]], literals: Iterable[str], symbols: Mapping[str, str]
    ) -> None:
        """Build the automaton.

        Args:
            phrases: each in the notation of catalogues, with the index of its rule or the name of its list.
            literals: lower-case strings whose mere presence is noted, inside words too.
            symbols: see `Found.symbols`.
        """
        self._symbols = symbols
        keys: dict[str, list[_Key]] = {}
        for phrase, owner in phrases:
            for text, key in _keys(phrase, owner):
                keys.setdefault(normalise(text).lower, []).append(key)
        wanted = frozenset(literals)
        self._automaton = ahocorasick.Automaton()
        for text in keys.keys() | wanted:
            self._automaton.add_word(text, (len(text), text if text in wanted else "", tuple(keys.get(text, ()))))
        self._automaton.make_automaton()

    def scan(self, text: str) -> Found:
        """Return what stands where in a text."""
        found = Found(normalise(text), self._symbols)
        small, size = found.text.lower, len(found.text.lower)
        matches = self._automaton.iter(small) if len(self._automaton) else ()
        for last, (length, literal, keys) in matches:
            if literal:
                found.literals.add(literal)
            if not keys:
                continue
            start, end = last + 1 - length, last + 1
            if start and small[start - 1] != " " and not _starts_word(small, start):
                continue
            whole = end == size or small[end] == " " or _ends_word(small, end)
            for key in keys:
                stop = end if whole else 0
                if key.open or (key.exact and whole):
                    stop = _end(key, found.text.cased, start, end)
                if stop:
                    _note(found, key.owner, start, stop)
        return found


def has_capital(phrase: str) -> bool:
    """Return whether a phrase is told from others by its capitals."""
    return phrase != lower(phrase)


def _keys(phrase: str, owner: int | str) -> Iterable[tuple[str, _Key]]:
    """Yield the strings to look for, each with what must hold there."""
    for variant in expand(phrase):
        plain = normalise(variant).cased
        if "*" in variant:
            flags = re.NOFLAG if has_capital(variant) else re.IGNORECASE
            yield variant.split("*", 1)[0].rstrip(), _Key(owner, "", re.compile(open_regex(plain), flags))
        elif has_capital(variant):
            yield variant, _Key(owner, plain, None)
        else:
            yield from ((form, _Key(owner, "", None)) for form in plurals(variant))


def _starts_word(text: str, start: int) -> bool:
    """Return whether a word starts here; the parts of a hyphened word are none: 'anti-government'."""
    if start == 0:
        return True
    before = text[start - 1]
    if before == "-":
        return start < 2 or not text[start - 2].isalnum()
    return not (before.isalnum() or before == "_")


def _ends_word(text: str, end: int) -> bool:
    if end == len(text):
        return True
    after = text[end]
    if after == "-":
        return end + 1 == len(text) or not text[end + 1].isalnum()
    return not (after.isalnum() or after == "_")


def _end(key: _Key, text: str, start: int, end: int) -> int:
    """Return where the open or capitalised phrase that starts here ends, or 0 if it does not stand here after all."""
    if key.open:
        match = key.open.match(text, start)
        return match.end() if match else 0
    found = text[start:end]
    begins_sentence = found[0].isupper() and lower(found[0]) + found[1:] == key.exact
    return end if found == key.exact or begins_sentence else 0


def _note(found: Found, owner: int | str, start: int, end: int) -> None:
    if isinstance(owner, int):
        found.hits.append(Hit(start, end, owner))
    else:
        found.cues.setdefault(owner, []).append((start, end))
