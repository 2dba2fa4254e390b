"""Regular expressions that run only where they can match.

What belongs here: patterns and exclusions as expressions, and the surnames a pattern teaches. What does not: what a
match means.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple, Self

from stance.targets.phrases import gates, needed_literals, references, to_regex
from stance.targets.scan import Found, Place

MIN_SURNAME = 4
"""Letters a surname must have to be followed through the text."""
_NO_FIRST_NAME = frozenset(
    """
    Mr Mrs Ms Dr Sir Lord Lady President Premier Chancellor Minister Governor General Colonel Marshal Prince
    King Speaker Ayatollah Comrade Citizen Herr Monsieur Secretary Senator Judge Deputy The A If When As But
    And Or Nor For Since After Before While Whether Like Of By In On At To With Without Against Under Until
    From That This These What Where Why How Yet So Only Even Had Did Does Do Has Have Is Was Were Will Would
    Can Could Should May Might Must Not No Nobody Yes Then Now Today Yesterday Perhaps Because Although Though
    Both Neither Either Mister I We You They He She It There Here Monday Tuesday Wednesday Thursday Friday
    Saturday Sunday January February March April June July August September October November December
    """.split()  # noqa: SIM905 - a table of words, not code
)
"""Capitalised words after which a surname stands alone, and which are no surnames themselves."""
_WORD = re.compile(r"\w")
_WORD_BEFORE = re.compile(r"(?<![\w'-])([A-ZА-ЯЁ][\w'-]*) \Z")
REACH = 30
"""Characters before a surname in which a first name is looked for."""


class Gated(NamedTuple):
    """A regular expression and the words without which it cannot match."""

    owner: int | str
    """Index of a pattern's rule, or target id of an exclusion."""
    regex: "re.Pattern[str]"
    literals: frozenset[str]
    lists: frozenset[str]
    tags: tuple[str, ...]
    """Names of all lists the expression refers to."""
    near: tuple[str, ...]
    """Cues one of which must stand in the text for a match to count; () if none need."""

    @classmethod
    def of(cls, owner: int | str, pattern: str, near: tuple[str, ...], symbols: Mapping[str, str]) -> Self:
        """Compile a pattern for texts tagged with `symbols`."""
        regex = re.compile(to_regex(pattern, symbols))
        lists = frozenset(gates(pattern))
        return cls(owner, regex, frozenset(needed_literals(pattern)), lists, references(pattern), near)

    def places(self, found: Found) -> Iterator[Place]:
        """Yield where it matches (or its group `mention` does), and where the surname in its group `name` recurs.

        All its `literals` and `lists` must be there.
        """
        if self.near and not any(cue in found.cues or cue.startswith("@") for cue in self.near):
            return
        text, groups = found.tagged(self.tags), self.regex.groupindex
        for match in self.regex.finditer(text):
            yield match.span("mention" if "mention" in groups else 0)
            if "name" in groups and match["name"]:
                yield from _recurrences(match["name"].split()[-1], text, match.end())


def _recurrences(surname: str, text: str, start: int) -> Iterator[Place]:
    """Yield where a surname stands after `start`."""
    if len(surname) < MIN_SURNAME or surname in _NO_FIRST_NAME or not surname[0].isupper():
        return
    while (start := text.find(surname, start)) >= 0:
        end = start + len(surname)
        if not (_WORD.match(text, start - 1) or _WORD.match(text, end)):
            yield start, end
        start = end


def other_first_name(text: str, start: int) -> bool:
    """Return whether the word before `start` looks like a first name: 'Reemo' before 'Kallas', not 'Mr' or 'When'."""
    match = _WORD_BEFORE.search(text, max(0, start - REACH), start)
    return match is not None and match[1] not in _NO_FIRST_NAME
