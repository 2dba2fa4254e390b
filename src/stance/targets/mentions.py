"""Finding mentions of targets in a paragraph.

What belongs here: which hits count. What does not: what is searched for (`catalog`), how (`scan`, `gated`).

One pass of an automaton over the normalised text finds every phrase, cue and pattern word; patterns and exclusions run
only where all the words they need were found. Then exclusions, conditions and the longest match decide.
"""

from collections.abc import Iterator, Mapping, Sequence

from stance.records import Mention
from stance.targets.catalog import Catalog, Rule
from stance.targets.described import Described
from stance.targets.gated import Gated, other_first_name
from stance.targets.phrases import is_phrase, symbol
from stance.targets.scan import Found, Hit, Place, Scanner

REACH = 30
"""Characters before a hit in which the words of `not_after` are looked for."""


class MentionFinder:
    """Finds where a text names the targets of a catalogue; build once, use for many texts."""

    def __init__(self, catalog: Catalog) -> None:
        self._rules = catalog.rules
        self._targets = [target.id for target in catalog.targets]
        symbols = {name: symbol(index) for index, name in enumerate(catalog.lists)}
        self._patterns = [
            Gated.of(index, rule.alias.text, rule.condition.near if rule.condition else (), symbols)
            for index, rule in enumerate(catalog.rules)
            if rule.alias.pattern
        ]
        excluded = [(target, text) for target, texts in catalog.excludes.items() for text in texts]
        self._excludes = [Gated.of(target, text, (), symbols) for target, text in excluded if not is_phrase(text)]
        phrases: list[tuple[str, int | str]] = [
            (rule.alias.text, index) for index, rule in enumerate(catalog.rules) if rule.alias.phrase
        ]
        cues = self._lists_used()
        phrases += [(word, name) for name, words in catalog.lists.items() if name in cues for word in words]
        phrases += [(text, _barred(target)) for target, text in excluded if is_phrase(text)]
        literals = {word for gated in (*self._patterns, *self._excludes) for word in gated.literals}
        self._scanner = Scanner(phrases, literals, symbols)
        self._described = Described.of(catalog, cues)

    def _lists_used(self) -> set[str]:
        """Return the word lists that conditions, patterns and exclusions look for."""
        conditions = [rule.condition for rule in self._rules if rule.condition]
        return {
            *(name for condition in conditions for name in (*condition.near, *condition.unless)),
            *(name for gated in (*self._patterns, *self._excludes) for name in gated.tags),
        }

    def find(self, text: str) -> list[Mention]:
        """Return the mentions in a text, in order; those of one target never overlap.

        Offsets are those of `text` as given. Where a longer alias covers a shorter one, of whatever target, only the
        longer counts.
        """
        return [
            Mention(
                target=rule.target,
                start=start,
                end=end,
                text=text[start:end],
                alias=rule.alias.name,
                loose=rule.loose,
            )
            for rule, start, end in self.find_rules(text)
        ]

    def find_rules(self, text: str) -> list[tuple[Rule, int, int]]:
        """Return the rule behind each mention with the mention's span in `text`, in order."""
        found, hits = self.candidates(text)
        kept = longest(hits, self._rules)
        return [(self._rules[hit.rule], *found.text.span(hit.start, hit.end)) for hit in kept]

    def candidates(self, text: str) -> tuple[Found, list[Hit]]:
        """Return every hit that exclusions and conditions leave standing, overlapping ones too."""
        found = self._scanner.scan(text)
        for gated in self._ready(self._patterns, found):
            found.hits += [Hit(*place, int(gated.owner)) for place in gated.places(found)]
        barred = self._barred(found)
        hits = [hit for hit in self._allowed(found.hits, barred) if self._stands_alone(hit, found)]
        for hit in hits:
            if self._is_sure(hit):
                found.cues.setdefault("@" + self._rules[hit.rule].target, []).append((hit.start, hit.end))
        hits = [hit for hit in hits if self._is_sure(hit) or self._holds(hit, found)]
        if self._described:
            hits += self._allowed(list(self._described.hits(found, longest(hits, self._rules))), barred)
        return found, hits

    def _ready(self, many: Sequence[Gated], found: Found) -> list[Gated]:
        """Return the expressions of which all needed words are there."""
        literals, cues = found.literals, frozenset(found.cues)
        return [gated for gated in many if gated.literals <= literals and gated.lists <= cues]

    def _barred(self, found: Found) -> dict[str, list[Place]]:
        """Return the places that an exclusion takes from each target."""
        barred = {target: list(found.cues.get(_barred(target), ())) for target in self._targets}
        for gated in self._ready(self._excludes, found):
            barred[str(gated.owner)] += gated.places(found)
        return barred

    def _allowed(self, hits: Sequence[Hit], barred: Mapping[str, Sequence[Place]]) -> Iterator[Hit]:
        """Yield the hits that no exclusion of their target overlaps."""
        for hit in hits:
            places = barred[self._rules[hit.rule].target]
            if not any(start < hit.end and hit.start < end for start, end in places):
                yield hit

    def _stands_alone(self, hit: Hit, found: Found) -> bool:
        """Return whether the words right before a hit leave it standing."""
        rule = self._rules[hit.rule]
        if rule.alias.surname and other_first_name(found.text.cased, hit.start):
            return False
        return not (rule.condition and _follows(rule.condition.not_after, found.text.lower, hit.start))

    def _is_sure(self, hit: Hit) -> bool:
        """Return whether a hit counts whatever else the paragraph says."""
        condition = self._rules[hit.rule].condition
        return condition is None or not (condition.near or condition.unless)

    def _holds(self, hit: Hit, found: Found) -> bool:
        """Return whether the cues of a hit's condition stand where they must, the hit's own words aside."""
        condition = self._rules[hit.rule].condition
        assert condition is not None
        low, high = found.stretch(condition.within, hit.start)

        def stands(cue: str) -> bool:
            return any(
                low <= start < high and (end <= hit.start or hit.end <= start) for start, end in found.cues.get(cue, ())
            )

        return (not condition.near or any(map(stands, condition.near))) and not any(map(stands, condition.unless))


def longest(hits: Sequence[Hit], rules: Sequence[Rule]) -> list[Hit]:
    """Keep the longest of overlapping hits, the earlier of equally long ones; one stretch may name two targets."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start, h.rule)):
        rivals = (other for other in kept if other.start < hit.end and hit.start < other.end)
        if all(rival[:2] == hit[:2] and rules[rival.rule].target != rules[hit.rule].target for rival in rivals):
            kept.append(hit)
    return sorted(kept, key=lambda h: (h.start, h.end, rules[h.rule].target))


def _follows(words: Sequence[str], text: str, start: int) -> bool:
    """Return whether one of these words or pairs of words stands right before `start`."""
    if not words:
        return False
    before = [word.strip("\"“‘'(") for word in text[max(0, start - REACH) : start].split()[-2:]]
    return bool(before) and (before[-1] in words or " ".join(before) in words)


def _barred(target: str) -> str:
    """Return the name under which the exclusion phrases of a target are found, as if they were a list."""
    return f"-{target}"
