"""A normalised copy of a text, with the way back to the original offsets.

What belongs here: folding of characters that differ in look only. What does not: words, aliases.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


def _unaccented() -> dict[int, str]:
    """Return the Latin letters that are written with and without their marks: Vučić, Vucic."""
    letters = {code: unicodedata.normalize("NFD", chr(code))[0] for code in range(0xC0, 0x250)}
    plain = {code: letter for code, letter in letters.items() if letter.isascii()}
    return plain | {ord(a): b for a, b in zip("øØłŁđĐıёЁ", "oOlLdDiеЕ", strict=True)}


_QUOTES = {ord(sign): "'" for sign in "’‘ʼ‛′＇`´"}
_HYPHENS = {ord(sign): "-" for sign in "‐‑﹣－"}
_BLANKS = dict.fromkeys(map(ord, "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"), " ")
_BLANKS |= dict.fromkeys(range(0x2000, 0x200B), " ")
_FOLDED = _QUOTES | _HYPHENS | _BLANKS | _unaccented()
_ODD = re.compile(r"[^\x20-\x7e]")
_HIDDEN = "\xad\u200b\u200c\u200d\u2060\ufeff"
_UNEVEN = re.compile(f"[{_HIDDEN}]|  +")


@dataclass(frozen=True, slots=True)
class Normal:
    """A text with one kind of blank, apostrophe and hyphen, composed (NFC), without invisible characters."""

    cased: str
    lower: str
    """`cased` in lower case; same length."""
    places: Sequence[tuple[int, int]]
    """For each character of `cased` the stretch of the original it stands for; () if the two run in step."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the original text that `cased[start:end]` stands for; it must not be empty."""
        if not self.places:
            return start, end
        return self.places[start][0], self.places[end - 1][1]


def normalise(text: str) -> Normal:
    """Return the normalised copy of a text."""
    folded = _fold(text)
    if unicodedata.is_normalized("NFC", folded) and not _UNEVEN.search(folded):
        return Normal(folded, lower(folded), ())
    pieces = [(sign, place) for piece, place in _clusters(_visible(folded)) for sign in _composed(piece)]
    cased = "".join(sign for sign, _ in pieces)
    return Normal(cased, lower(cased), [place for _, place in pieces])


def lower(text: str) -> str:
    """Return the text in lower case, character by character, so that the length stays."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _fold(text: str) -> str:
    return _ODD.sub(lambda match: _FOLDED.get(ord(match[0]), match[0]), text)


def _composed(piece: str) -> str:
    """Compose and fold until nothing changes: under one accent there may be another."""
    composed = _fold(unicodedata.normalize("NFC", piece))
    return composed if composed == piece else _composed(composed)


def _visible(text: str) -> Iterator[tuple[str, int]]:
    """Yield the characters one sees, with their places; of several blanks only the first."""
    last = ""
    for place, sign in enumerate(text):
        if sign not in _HIDDEN and not sign == last == " ":
            yield sign, place
            last = sign


def _clusters(signs: Iterator[tuple[str, int]]) -> list[tuple[str, tuple[int, int]]]:
    """Join what composes into one character (a letter and its accents, Hangul parts), with the stretch it covers."""
    joined: list[tuple[str, tuple[int, int]]] = []
    for sign, place in signs:
        if joined and (unicodedata.combining(sign) or _composes(joined[-1][0], sign)):
            before, (start, _) = joined[-1]
            joined[-1] = before + sign, (start, place + 1)
        else:
            joined.append((sign, (place, place + 1)))
    return joined


def _composes(before: str, sign: str) -> bool:
    return sign > "\u0300" and len(unicodedata.normalize("NFC", before[-1] + sign)) == 1
