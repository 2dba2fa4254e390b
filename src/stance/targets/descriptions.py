"""Free descriptions: nouns that may name a target, weighed by the words around them ("the welders on the bridge").

What belongs here: which nouns are weighed, what is looked at around them, the sum. What does not: names and phrases
(`mentions`), the weights' making (`learn`).

A noun is known by the word lists it stands in. Every fact about its surroundings is a feature with a weight for each
target; the logistic function of their sum is the chance that the noun names the target.
"""

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import NamedTuple, Self

from stance.targets.phrases import expand, plurals
from stance.targets.scan import Found, Place

VERSION = 1
AHEAD, BEHIND, REACH = 7, 6, 5
"""Words looked at after the noun, before its phrase, and in search of the phrase's beginning."""
_TOKEN = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*|[^\w\s]")
_KINDS = {
    "the": "the",
    "a": "a an",
    "dem": "this that these those such",
    "poss": "my your his her its our their whose",
    "quant": "some several many few most all both other others another more half every each any no only",
    "who": "who which whom",
    "num": """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen""",
    "aux": """is are was were be been being am has have had having do does did will would can could may might must shall
        should""",
    "pron": "i you he she it we they me him us them",
    "conj": "and or but nor so than because if when while where although though unless",
    "prep": """into onto through across up down near around about among between over before after during since until
        like as""",
    "not": "not never n't",
}
_NAMED_ALONE = "of in on at by to for from with without against under behind outside inside off"
_GRAMMAR = {word: kind for kind, words in _KINDS.items() for word in words.split()} | {
    word: word for word in _NAMED_ALONE.split()
}
_BEGINS_PHRASE = frozenset({"the", "a", "dem", "poss", "quant", "num"})
_ENDS_PHRASE = frozenset({*_NAMED_ALONE.split(), "prep", "aux", "pron", "who", "conj", "not", "stop", "comma", "quote"})
_STANDS_ALONE = frozenset({"those", "some", "others", "another", "all", "both", "several"})
"""Words that are a description by themselves: "those on the bridge"."""
_NAME, _QUOTE, _END = ("Name",), ("quote",), ("end",)
MIN_STEM = 3
_NO_COMPOUND = frozenset({"anti", "pro", "non", "pre", "post"})
"""Beginnings after which the last part of a hyphened word does not say what it is."""
_PLURALS = frozenset({"people", "men", "women", "children", "police", "wives", "folk"})


FIELD, UNIT = 40, 1_000_000
"""Bits and precision of the weights of one target, where those of several are one whole number."""
_ROOM, _ZERO = 1 << FIELD, 1 << (FIELD - 1)
MEMORY = 1 << 16
"""Words, and sums of weights, that are remembered; beyond that all are forgotten and learnt anew."""

Names = tuple[str, ...]
PAIRED = ("d", "db", "dn", "b", "n", "M", "f", "z", "s", "again")
"""Places whose facts may mean something else for each list the noun stands in."""
PLACES = (*PAIRED, "P", "=", "=-1", "=-2", "=+1", "=+2")
_SHIFT = 24
"""Bits for the number of the names; above them the place."""
_CODE = {place: at << _SHIFT for at, place in enumerate(PLACES)}
_D, _DB, _DN, _B, _N = (_CODE[place] for place in ("d", "db", "dn", "b", "n"))
_M, _F, _Z, _P, _S, _AGAIN = (_CODE[place] for place in ("M", "f", "z", "P", "s", "again"))
_BESIDE = ((_CODE["="], 0), (_CODE["=-1"], -1), (_CODE["=-2"], -2), (_CODE["=+1"], 1), (_CODE["=+2"], 2))
"""Places where single words are looked at, and how far they are from the noun."""


class Description(NamedTuple):
    """A noun that may name a target, and the facts about it."""

    start: int
    """Of its phrase, in the normalised text."""
    head: int
    """Of the noun."""
    end: int
    heads: int
    """Number of the lists it stands in."""
    facts: Sequence[int]
    """Each a place and the number of what is seen there; what is seen twice counts twice."""


class Vocabulary(dict[Names, int]):
    """Numbers for names, given as they come; numbers are compared and remembered faster. Threads may share one."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[int, Names] = {}
        self._next = count()

    def __missing__(self, names: Names) -> int:
        number = next(self._next)
        self.names[number] = names
        return self.setdefault(names, number)

    def features(self, fact: int, heads: int) -> Iterator[str]:
        """Yield the names of the features that one fact about a noun stands for."""
        place, pairs = PLACES[fact >> _SHIFT], self.names[heads]
        for name in self.names[fact & ((1 << _SHIFT) - 1)]:
            yield f"{place} {name}"
            if place in PAIRED:
                yield from (f"{head}&{place} {name}" for head in pairs)


class Word(NamedTuple):
    """What is known of a word wherever it stands."""

    small: str
    """In lower case."""
    classes: Names
    """Word lists it stands in, or else what kind of word it is."""
    number: int
    """Of `classes` in the vocabulary."""
    itself: int
    """Number of the word, if it is looked at as itself, else -1."""
    heads: int
    """Number of those of the lists that make it a noun to weigh, else -1."""
    context: Names
    """Those of the lists that count in its whole sentence and paragraph."""
    plural: str
    """`many` for a plural, else `one`."""
    stem: str
    """Without its plural s; '' for words too short or too common to be told again by."""
    matters: bool
    """Whether it may be a noun to weigh or counts in its whole sentence."""


class Words(dict[str, Word]):
    """Tells what is known of a word or sign of a normalised text; build once."""

    def __init__(
        self,
        lists: Mapping[str, Sequence[str]],
        nouns: Collection[str],
        context: Collection[str],
        themselves: Container[str] = (),
    ) -> None:
        """Index single words; phrases of several words are left out, a capital must be matched.

        Args:
            lists: the word lists.
            nouns: names of those whose words are weighed.
            context: names of those that count in a whole sentence and paragraph.
            themselves: words, in lower case, that are looked at as themselves too.
        """
        super().__init__()
        self.vocabulary = Vocabulary()
        self.phrases = _Phrases(self.vocabulary)
        self._nouns, self._context, self._themselves = frozenset(nouns), frozenset(context), themselves
        self._whole: dict[str, list[str]] = {}
        self._begins: dict[str, list[str]] = {}
        for name, words in lists.items():
            for word in (variant for phrase in words for variant in expand(phrase) if " " not in variant):
                if word.endswith("*"):
                    self._begins.setdefault(word[:-1], []).append(name)
                else:
                    for form in plurals(word):
                        self._whole.setdefault(form, []).append(name)
        self._longest = max(map(len, self._begins), default=0)

    def __missing__(self, word: str) -> Word:
        if len(self) >= MEMORY:
            self.clear()
        small = word.lower()
        classes = self._classes(word, small)
        heads = tuple(name for name in classes if name in self._nouns)
        if not heads and small in _STANDS_ALONE:
            heads = ("alone",)
        elif classes == ("num",) and word[0].isalpha():
            heads = ("num",)
        plural = (small.endswith("s") and not small.endswith(("ss", "'s"))) or small in _PLURALS
        context = tuple(name for name in classes if name in self._context)
        stem = small.rstrip("s") if len(small) > MIN_STEM and small not in _GRAMMAR else ""
        numbers = self.vocabulary
        self[word] = known = Word(
            small,
            classes,
            numbers[classes],
            numbers[(small,)] if small in self._themselves else -1,
            numbers[heads] if heads else -1,
            context,
            "many" if plural else "one",
            stem,
            bool(heads or context or classes == _NAME),
        )
        return known

    def _classes(self, word: str, small: str) -> Names:
        if small in _GRAMMAR:
            return (_GRAMMAR[small],)
        if not word[0].isalnum():
            return ("stop" if word in ".!?…" else "quote" if word in "\"“”'‘’«»" else "comma",)
        if word[0].isdigit():
            return ("num",)
        return self._listed(word, small) or (_look(word, small),)

    def _listed(self, word: str, small: str) -> Names:
        names = {*self._whole.get(word, ()), *self._whole.get(small, ())}
        for length in range(3, min(len(small), self._longest) + 1):
            names.update(self._begins.get(small[:length], ()))
        if names:
            return tuple(sorted(names))
        if small.endswith("'s"):
            return self._listed(word[:-2], small[:-2])
        before, _, last = word.rpartition("-")
        return self._listed(last, last.lower()) if before and last and before.lower() not in _NO_COMPOUND else ()


def _look(word: str, small: str) -> str:
    if word[0].isupper():
        return "Name"
    return next((ending for ending in ("ed", "ing", "ly", "s") if small.endswith(ending)), "word")


@dataclass(frozen=True)
class Weights:
    """How much each feature speaks for each target."""

    words: frozenset[str]
    """Words that are features as themselves; all others only by their class."""
    targets: Names
    bias: tuple[float, ...]
    """One for each target; so are the values of `features`."""
    features: Mapping[str, tuple[float, ...]]

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read a weights file.

        Raises:
            OSError: it cannot be read.
            ValueError: it is no weights file of this version.
        """
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            if held["version"] != VERSION:
                raise ValueError(f"expected version {VERSION}, got {held['version']}")
            features = {name: tuple(map(float, values)) for name, values in held["features"].items()}
            weights = cls(frozenset(held["words"]), tuple(held["targets"]), tuple(map(float, held["bias"])), features)
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no weights of descriptions: {error!r}") from error
        if {len(weights.targets)} != {len(weights.bias), *map(len, features.values())}:
            raise ValueError("expected one weight for each target")
        return weights

    def save(self, path: Path) -> None:
        """Write the file that `load` reads, one feature a line."""
        head = {"version": VERSION, "words": sorted(self.words), "targets": self.targets, "bias": self.bias}
        lines = (f"{json.dumps(name)}: {json.dumps(values)}" for name, values in sorted(self.features.items()))
        text = json.dumps(head)[:-1] + ', "features": {\n' + ",\n".join(lines) + "\n}}\n"
        path.write_text(text, encoding="utf-8")


class Sums(dict[int, "_Table"]):
    """Adds up the weights of all features of a noun, those of all targets at once; holds a table for each `heads`."""

    def __init__(self, weights: Weights, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._weights, self._vocabulary = weights, vocabulary
        self._fields = [FIELD * at for at in range(len(weights.targets))]

    def odds(self, noun: Description) -> list[float]:
        """Return the log-odds of each target, each for itself."""
        table = self[noun.heads]
        total = sum(map(table.__getitem__, noun.facts), table.always)
        return [((total >> field) % _ROOM - _ZERO) / UNIT for field in self._fields]

    def __missing__(self, heads: int) -> "_Table":
        zero = sum(_ZERO << field for field in self._fields)
        always = zero + self._packed(self._weights.bias) + self.together(self._vocabulary.names[heads])
        self[heads] = table = _Table(heads, always, self, self._vocabulary)
        return table

    def together(self, names: Iterable[str]) -> int:
        """Return the sum of the weights of some features."""
        return sum(map(self._packed, filter(None, map(self._weights.features.get, names))))

    def _packed(self, weights: Iterable[float]) -> int:
        """Return the weights of all targets as one whole number, each in its own field, in units of `1 / UNIT`."""
        return sum(round(weight * UNIT) << field for weight, field in zip(weights, self._fields, strict=True))


class _Table(dict[int, int]):
    """The weights of all features of a fact about nouns of some lists, by fact."""

    def __init__(self, heads: int, always: int, sums: Sums, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.always = always
        """What counts for every such noun."""
        self._heads, self._sums, self._vocabulary = heads, sums, vocabulary

    def __missing__(self, fact: int) -> int:
        if len(self) >= MEMORY:
            self.clear()
        self[fact] = together = self._sums.together(self._vocabulary.features(fact, self._heads))
        return together


class Describer:
    """Lists the nouns of a text that may name a target, with what stands around them."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._name = words.vocabulary[_NAME]

    def features(self, noun: Description) -> Iterator[str]:
        """Yield the names of all features that hold for a noun, as often as they do."""
        yield from self.words.vocabulary.names[noun.heads]
        for fact in noun.facts:
            yield from self.words.vocabulary.features(fact, noun.heads)

    def describe(self, found: Found, mentions: Sequence[tuple[str, Place]]) -> Iterator[Description]:
        """Yield the nouns outside all mentions.

        Args:
            found: the text and what stands in it.
            mentions: target and place of the mentions found by name.
        """
        view = _View(found, self.words)
        view.mark(mentions)
        around = view.around(Counter(target for target, _ in mentions))
        for index, word in view.looked_at:
            if view.taken[index]:
                continue
            heads = word.heads
            if heads < 0 and word.classes == _NAME and view.ends_name(index):
                heads = self._name
            if heads < 0:
                continue
            sentence = view.sentence(index)
            start = view.phrase_start(index, sentence)
            facts = view.facts(index, start, sentence)
            facts += around[sentence]
            yield Description(view.starts[start], view.starts[index], view.end(index), heads, facts)


class _Phrases(dict[tuple[int, str, str], int]):
    """Facts about the first words of a noun's phrase, by place, kind of phrase and what stands beside it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        super().__init__()
        self._vocabulary = vocabulary

    def __missing__(self, key: tuple[int, str, str]) -> int:
        place, begins, other = key
        pair = f"{begins} {other}"
        names = (begins, other, pair) if place == _D else (pair,)
        self[key] = fact = place | self._vocabulary[names]
        return fact


class _View:
    """One text as words, with its sentences and the mentions already found."""

    def __init__(self, found: Found, words: Words) -> None:
        self._vocabulary, self._phrases = words.vocabulary, words.phrases
        matches = list(_TOKEN.finditer(found.text.cased))
        self.starts = [match.start() for match in matches]
        self._tokens = [match[0] for match in matches]
        self.words = [words[token] for token in self._tokens]
        self.looked_at = [(index, word) for index, word in enumerate(self.words) if word.matters]
        self._firsts = [bisect_left(self.starts, bound) for bound in found.sentences()]
        """For each sentence the index of its first word; after them the number of words."""
        numbers = [word.number for word in self.words]
        self._numbers = numbers
        self._inside = [_M | number for number in numbers]
        self._after = [_F | number for number in numbers]
        self._before = [_Z | number for number in numbers]
        self.taken: list[str] = [""] * len(self.words)
        self._said: dict[str, set[str]] = {}
        """Words of the mentions by their stem, with the mentions' targets."""

    def end(self, index: int) -> int:
        """Return where a word ends."""
        return self.starts[index] + len(self._tokens[index])

    def sentence(self, index: int) -> int:
        """Return the number of the sentence a word stands in."""
        return bisect_right(self._firsts, index) - 1

    def mark(self, mentions: Sequence[tuple[str, Place]]) -> None:
        """Note which words the mentions take."""
        for target, (low, high) in mentions:
            index = max(0, bisect_right(self.starts, low) - 1)
            while index < len(self.starts) and self.starts[index] < high:
                if self.end(index) > low:
                    self.taken[index] = target
                    if stem := self.words[index].stem:
                        self._said.setdefault(stem, set()).add(target)
                index += 1

    def around(self, mentions: Mapping[str, int]) -> list[list[int]]:
        """Return for each sentence the facts that hold for all its nouns."""
        paragraph: Counter[str] = Counter()
        sentences = [Counter[str]() for _ in self._firsts[1:]]
        named: list[set[str]] = [set() for _ in sentences]
        for index, word in self.looked_at:
            if word.context:
                paragraph.update(word.context)
                sentences[self.sentence(index)].update(word.context)
        for index, target in enumerate(self.taken):
            if target:
                named[self.sentence(index)].add(f"@{target}")
        whole = tuple(_capped(paragraph)) + tuple(f"@{name}" for name in _capped(mentions))
        shared = _P | self._vocabulary[whole]
        return [
            [shared, *(_S | self._vocabulary[(name,)] for name in (*sorted(names), *_capped(counts)))]
            for names, counts in zip(named, sentences, strict=True)
        ]

    def ends_name(self, index: int) -> bool:
        """Return whether a capitalised word is the last of a name."""
        if self._begins_sentence(index):
            return False
        return not (
            index + 1 < len(self.words)
            and self.words[index + 1].classes == _NAME
            and self.starts[index + 1] - self.end(index) == 1
        )

    def _begins_sentence(self, index: int) -> bool:
        """Return whether a capital says nothing here."""
        return index == self._firsts[self.sentence(index)] or self.words[index - 1].classes == _QUOTE

    def phrase_start(self, index: int, sentence: int) -> int:
        """Return the index of the first word of the noun phrase that ends at `index`.

        "That" before a plural or before another word that begins a phrase joins sentences and is no part of it.
        """
        name = self.words[index].classes == _NAME
        low = max(index - REACH, self._firsts[sentence])
        at = index
        while at > low and not self.taken[at - 1]:
            classes = self.words[at - 1].classes
            if classes[0] in _BEGINS_PHRASE and not name:
                joins = self.words[at - 1].small == "that" and self.words[index].plural == "many"
                return index if joins else self._leftmost(at - 1, low)
            if classes[0] in _ENDS_PHRASE or (name and classes != _NAME):
                break
            at -= 1
        return at if name else index

    def _leftmost(self, index: int, low: int) -> int:
        """Return the first of the words that begin a phrase together: "some two hundred", but not "that some"."""
        while index > low and not self.taken[index - 1]:
            before = self.words[index - 1]
            if before.classes[0] not in _BEGINS_PHRASE or before.small == "that":
                break
            index -= 1
        return index

    def facts(self, index: int, start: int, sentence: int) -> list[int]:
        """Return the facts of the noun's phrase and of the words beside it."""
        words, word, phrases = self.words, self.words[index], self._phrases
        first, last = self._firsts[sentence], self._firsts[sentence + 1]
        before = words[start - 1].classes if start > first else _END
        after = words[index + 1].classes if index + 1 < last else _END
        kind = words[start].classes[0]
        begins = kind if kind in _BEGINS_PHRASE else "none"
        facts = [
            phrases[_D, begins, word.plural],
            phrases[_DB, begins, before[0]],
            phrases[_DN, begins, after[0]],
            _B | self._vocabulary[before],
            _N | self._vocabulary[after],
            *self._inside[start:index],
            *self._after[index + 1 : min(last, index + 1 + AHEAD)],
            *self._before[max(first, start - BEHIND) : start],
        ]
        for place, at in _BESIDE:
            if first <= index + at < last and (itself := words[index + at].itself) >= 0:
                facts.append(place | itself)
        if word.stem in self._said:
            facts.append(_AGAIN | self._vocabulary[tuple(sorted(self._said[word.stem]))])
        return facts


def _capped(counts: Mapping[str, int]) -> Iterator[str]:
    """Yield names in order with their counts, 2 standing for more too."""
    return (f"{name} {min(2, times)}" for name, times in sorted(counts.items()))
