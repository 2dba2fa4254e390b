"""Mentions by description: which of a text's nouns name which target of a catalogue.

What belongs here: the decision. What does not: what is looked at (`descriptions`), names and phrases (`mentions`).
"""

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Self

from stance.targets.catalog import Catalog, Descriptions, Rule
from stance.targets.descriptions import Describer, Sums, Weights, Words
from stance.targets.scan import Found, Hit


class Described:
    """Finds where a text describes the targets of a catalogue; build once, use for many texts."""

    def __init__(
        self, descriptions: Descriptions, weights: Weights, rules: Sequence[Rule], gate: Collection[str]
    ) -> None:
        words = Words(descriptions.lists, descriptions.part.nouns, descriptions.part.context, weights.words)
        self._describer = Describer(words)
        self._sums = Sums(weights, words.vocabulary)
        self._gate = gate
        self._target_of = [rule.target for rule in rules]
        described = {rule.target: index for index, rule in enumerate(rules) if rule.alias.described}
        alone = descriptions.part.alone
        self._choices = [
            (target, weights.targets.index(target), _odds(least), _odds(max(least, alone)), described[target])
            for target, least in descriptions.part.at_least.items()
        ]

    @classmethod
    def of(cls, catalog: Catalog, cues: Collection[str]) -> Self | None:
        """Return the finder of a catalogue, None if it finds no descriptions.

        Args:
            catalog: the catalogue.
            cues: the word lists whose words are marked in each text; where some of them are context, a text with none
                of their words and no mention is not looked at.
        """
        held = catalog.descriptions
        if held is None or held.weights is None:
            return None
        return cls(held, held.weights, catalog.rules, [name for name in held.part.context if name in cues])

    def hits(self, found: Found, kept: Sequence[Hit]) -> Iterator[Hit]:
        """Yield a hit for each description; none overlaps the mentions found by name."""
        if not kept and self._gate and not any(name in found.cues for name in self._gate):
            return
        mentions = [(self._target_of[hit.rule], (hit.start, hit.end)) for hit in kept]
        named = {target for target, _ in mentions}
        choices = [(at, least if target in named else alone, rule) for target, at, least, alone, rule in self._choices]
        for noun in self._describer.describe(found, mentions):
            odds = self._sums.odds(noun)
            likely = [(odds[at], rule) for at, least, rule in choices if odds[at] >= least]
            if likely:
                yield Hit(noun.start, noun.end, max(likely)[1])


def _odds(chance: float) -> float:
    """Return the log-odds of a chance; nothing is more likely than sure."""
    return math.log(chance / (1 - chance)) if chance < 1 else math.inf
