"""What a catalogue finds in a corpus, and what it nearly finds: the answer to `stance targets check`.

What belongs here: counting. What does not: reading the corpus, printing.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from stance.targets.catalog import Catalog, Rule
from stance.targets.mentions import MentionFinder, longest
from stance.targets.phrases import expand
from stance.targets.scan import Found, Hit
from stance.targets.similar import Neighbours, near_words

_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class AliasCount:
    """How often one alias of one target was found."""

    target: str
    alias: str
    hits: int
    where: str
    """`file.yaml:12`."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two aliases that met in the same place; the first one was kept."""

    kept: str
    """`target: alias`."""
    dropped: str
    times: int
    example: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A word of the corpus that looks like a word of an alias but was not found as one."""

    alias: str
    found: str
    times: int


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` found."""

    texts: int
    texts_with_target: dict[str, int]
    """Target id to number of texts that mention it."""
    aliases: tuple[AliasCount, ...]
    """Most frequent first; aliases that never occur have 0 hits."""
    overlaps: tuple[Overlap, ...]
    """Most frequent first."""
    near_misses: tuple[NearMiss, ...]
    """Most frequent first."""


@dataclass
class _Tally:
    """Counts so far."""

    rules: Sequence[Rule]
    texts: int = 0
    targets: Counter[str] = field(default_factory=Counter)
    hits: Counter[int] = field(default_factory=Counter)
    overlaps: Counter[tuple[int, int]] = field(default_factory=Counter)
    examples: dict[tuple[int, int], str] = field(default_factory=dict)
    other_words: Counter[str] = field(default_factory=Counter)

    def add(self, found: Found, hits: Sequence[Hit]) -> None:
        """Count one text."""
        kept = longest(hits, self.rules)
        self.texts += 1
        self.hits.update(hit.rule for hit in kept)
        self.targets.update({self.rules[hit.rule].target for hit in kept})
        self.add_overlaps(found.text.cased, kept, set(hits) - set(kept))
        self.add_other_words(found.text.cased, kept)

    def add_overlaps(self, text: str, kept: Sequence[Hit], dropped: Iterable[Hit]) -> None:
        """Count which alias gave way to which."""
        for loser in dropped:
            for winner in kept:
                if winner.start < loser.end and loser.start < winner.end and winner.rule != loser.rule:
                    pair = winner.rule, loser.rule
                    self.overlaps[pair] += 1
                    self.examples.setdefault(pair, text[winner.start : winner.end])

    def add_other_words(self, text: str, kept: Sequence[Hit]) -> None:
        """Count the words outside all mentions."""
        last = 0
        for hit in kept:
            self.other_words.update(_WORD.findall(text[last : max(last, hit.start)]))
            last = max(last, hit.end)
        self.other_words.update(_WORD.findall(text[last:]))


def check(catalog: Catalog, texts: Iterable[str]) -> Report:
    """Count what a catalogue finds in some paragraphs, and what it nearly finds."""
    finder = MentionFinder(catalog)
    tally = _Tally(catalog.rules)
    for text in texts:
        tally.add(*finder.candidates(text))
    return Report(
        tally.texts,
        {target.id: tally.targets[target.id] for target in catalog.targets},
        _alias_counts(catalog.rules, tally.hits),
        _overlaps(tally),
        tuple(NearMiss(*each) for each in near_words(tally.other_words, Neighbours(_alias_words(catalog.rules)))),
    )


def _alias_counts(rules: Sequence[Rule], hits: Counter[int]) -> tuple[AliasCount, ...]:
    counts = (
        AliasCount(rule.target, rule.alias.name, hits[index], rule.alias.where) for index, rule in enumerate(rules)
    )
    return tuple(sorted(counts, key=lambda count: (-count.hits, count.target, count.alias)))


def _overlaps(tally: _Tally) -> tuple[Overlap, ...]:
    def named(index: int) -> str:
        return f"{tally.rules[index].target}: {tally.rules[index].alias.name}"

    pairs = sorted(tally.overlaps.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Overlap(named(kept), named(lost), times, tally.examples[kept, lost]) for (kept, lost), times in pairs)


def _alias_words(rules: Sequence[Rule]) -> set[str]:
    """Return the aliases that are one word; the words of longer ones have too many neighbours."""
    phrases = (phrase for rule in rules if rule.alias.phrase for phrase in expand(rule.alias.text))
    return {phrase for phrase in phrases if phrase.isalpha()}
