"""Words that are nearly other words: one letter too many, too few, wrong or swapped, or other capitals.

What belongs here: comparing words. What does not: catalogues, texts.
"""

from collections.abc import Iterable, Mapping

MIN_NAME = 5
"""Letters from which a capitalised word is compared; shorter names have too many neighbours."""
MIN_WORD = 8
"""The same for lower-case words: 'police' and 'polite' are both words."""


class Neighbours:
    """Looks up which of some words a given word nearly is."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(word for word in words if _is_long(word))
        self._by_gap: dict[str, set[str]] = {}
        for word in self._words:
            for shape in _gaps(word.lower()):
                self._by_gap.setdefault(shape, set()).add(word)

    def of(self, word: str) -> list[str]:
        """Return the words that `word` nearly is, in alphabetical order; [] if it is one of them."""
        if word in self._words or not _is_long(word):
            return []
        small = word.lower()
        near = {known for shape in _gaps(small) for known in self._by_gap.get(shape, ())}
        return sorted(known for known in near if _alike(known, word))


def _is_long(word: str) -> bool:
    return len(word) >= (MIN_NAME if word[0].isupper() else MIN_WORD)


def _gaps(word: str) -> set[str]:
    """Return the word and all that is left of it when one letter is taken out."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _alike(known: str, word: str) -> bool:
    """Return whether two words are one slip apart, counting a plural or a possessive as the same word."""
    a, b = known.lower(), word.lower()
    if a == b:
        return known[0].isupper() and known != word
    if known[0].isupper() != word[0].isupper() or {a + "s", a + "es", b + "s", b + "es"} & {a, b}:
        return False
    return _distance_is_one(a, b)


def _distance_is_one(a: str, b: str) -> bool:
    """Return whether one insertion, deletion, substitution or swap of neighbours turns `a` into `b`."""
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
    return swapped or rest_a[1:] == rest_b[1:] or rest_a[1:] == rest_b or rest_a == rest_b[1:]


def near_words(counts: Mapping[str, int], neighbours: Neighbours) -> list[tuple[str, str, int]]:
    """Return (known word, word found, times) for every counted word that is nearly a known one, most frequent first."""
    found = [(known, word, times) for word, times in counts.items() for known in neighbours.of(word)]
    return sorted(found, key=lambda each: (-each[2], each[0], each[1]))
