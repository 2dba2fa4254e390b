"""The register of an article's speakers: which names and roles are one.

What belongs here: identity within an article. What does not: what a phrase means by itself (`kinds`), whom a pronoun
means (`articles`). Where two speakers fit equally well, nobody does: a guess is not a name.
"""

from dataclasses import dataclass, field

from stance.records import HolderKind
from stance.voices.kinds import core_words, head_word, is_named, kind_of, stem
from stance.voices.words import word_set

ROLES = word_set(
    """
    president minister premier chancellor governor mayor colonel general captain major sergeant spokesman
    spokeswoman senator deputy ambassador consul prosecutor judge archbishop bishop patriarch imam king prince
    secretary chairman director leader commissioner envoy doctor professor lawyer
    """
)
"""Titles by which a named speaker may be called later: President Omarov, then `the president`."""


_REMEMBERED = 200
"""Speakers of an article that are known at a time; the one heard longest ago is forgotten first."""


@dataclass(slots=True)
class Holder:
    """One speaker of an article."""

    id: str
    name: str
    kind: HolderKind
    names: set[str] = field(default_factory=set)
    """Family names, or the one name, by which the text calls him."""
    roles: set[str] = field(default_factory=set)
    """Head words that describe him: `president`, `driver`."""
    words: set[str] = field(default_factory=set)
    """All words by which the text calls him: `prime`, `minister`, `serikova`."""


class Register:
    """The speakers of one article, as they come."""

    def __init__(self) -> None:
        self.holders: list[Holder] = []
        self._ids: dict[str, int] = {}
        """How often each id was given; the second `woman` is `woman 2`."""

    def of(self, phrase: str) -> Holder:
        """Return the holder whom a phrase names, a new one if nobody known fits; `a woman` is always a new one."""
        known = self.known(phrase)
        if known is None:
            known = self._new(phrase)
        else:
            self.holders.remove(known)
        self._learn(known, phrase)
        self.holders.append(known)
        del self.holders[:-_REMEMBERED]
        return known

    def known(self, phrase: str) -> Holder | None:
        """Return the one speaker so far whom a phrase may name, None if there is none or `a woman` is new."""
        if not self.holders:
            return None
        head = head_word(phrase)
        if is_named(phrase):
            return next((holder for holder in reversed(self.holders) if head in holder.names), None)
        first = phrase.split()[0].lower()
        if first in ("a", "an", "one", "another", "some", "two", "three") or head in ("one", "other", "another"):
            return None
        low = phrase.lower()
        same = [holder for holder in self.holders if holder.name.lower() == low]
        if same:
            return same[-1]
        by_role = [holder for holder in self.holders if head in holder.roles]
        words = core_words(phrase)
        told = set(words) - {"the", "this", "that", "same"}
        fitting = [holder for holder in by_role if told <= holder.words]
        if len(fitting) == 1:
            return fitting[0]
        return by_role[0] if len(by_role) == 1 and len(words) <= 2 else None

    def _new(self, phrase: str) -> Holder:
        first = stem(phrase)
        number = self._ids.get(first, 0) + 1
        while number > 1 and f"{first} {number}" in self._ids:
            number += 1
        self._ids[first] = number
        if number == 1:
            return Holder(first, phrase, kind_of(phrase))
        name = f"{first} {number}"
        self._ids.setdefault(name, 1)
        return Holder(name, phrase, kind_of(phrase))

    def _learn(self, holder: Holder, phrase: str) -> None:
        head = head_word(phrase)
        holder.words.update(core_words(phrase))
        if not is_named(phrase):
            holder.roles.add(head)
            return
        holder.names.add(head)
        words = [word.strip(",.").lower() for word in phrase.split()]
        holder.roles.update(ROLES.intersection(words[:-1]))
