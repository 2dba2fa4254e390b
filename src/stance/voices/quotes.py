"""Where quotation marks open and close: straight, curly, angled, low, single, in the styles of several languages.

What belongs here: marks, their pairing and nesting. What does not: whether the words between them are anybody's speech
(`speech`), and whose (`speakers`).
"""

import re
from typing import NamedTuple


class Quote(NamedTuple):
    """A stretch between quotation marks: `[start, end)` are the words, `[outer, outer_end)` these with the marks."""

    start: int
    end: int
    outer: int
    outer_end: int
    depth: int
    """1 for the outermost marks."""
    closed: bool
    """False if the paragraph ends before the closing mark, as all but the last of a long quotation do."""

    def moved(self, by: int, depth: int) -> "Quote":
        """The same quotation in a text that begins `-by` characters later, inside `-depth` fewer marks."""
        return Quote(
            self.start + by, self.end + by, self.outer + by, self.outer_end + by, self.depth + depth, self.closed
        )


CLOSERS = {
    '"': '"”“',
    "“": '”"',
    "„": '“”"',
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‘": "’'",
    "‚": "‘’",
    "'": "'’",
}
"""What may close each opening mark; newspapers mix the straight and the curly."""

_MARK = re.compile(r"[\"'“”„«»‹›‘’‚](?!(?<=[^\W_]['’])[^\W_])")
"""What may open or close; an apostrophe between two letters does neither."""
_APOSTROPHE_WORD = re.compile(r"(?:\d\ds?|em|n|til|tis|twas|cause|round|bout)\b", re.IGNORECASE)
_SINGLE_CLOSE = re.compile(r"[\w.,?!…)%]['’](?!\w)")
_SPEECH_CLOSE = re.compile(r"[.,?!…]['’](?!\w)|[^\Ws]['’](?=[.,;:])")
_DOUBLE = frozenset('"“„«»”')
_NO_OPENING = frozenset(".,;:?!")
"""Characters after which no mark opens."""
_DEEPEST = 8
"""Marks that may be open at a time; more of them are noise."""
_REACH = 4000
"""Characters in which the closing of a single mark is looked for."""
_MINIMUM_UNCLOSED = 12
"""Characters that follow a mark that never closes before it counts: so short a speech is likelier a stray mark."""


def find_quotes(text: str) -> list[Quote]:
    """Return the quotations of one paragraph in order, each outer one before those inside it.

    Apostrophes, inch marks and marks that never pair are none. A double mark that is open at the paragraph's end quotes
    to that end, for a quotation that runs over several paragraphs closes only in its last.
    """
    open_marks: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for match in _MARK.finditer(text):
        at = match.start()
        mark = text[at]
        closes = _closed_by(text, mark, at, open_marks) if open_marks else None
        if closes is not None:
            pairs.append((open_marks[closes][1], at))
            del open_marks[closes:]
        elif _opens(text, mark, at, open_marks):
            open_marks.append((mark, at))
            del open_marks[:-_DEEPEST]
    unclosed = _runs_on(text, open_marks, pairs) if open_marks else None
    if unclosed is not None:
        pairs.append((unclosed, len(text)))
    return _nested(sorted(pairs, key=lambda pair: (pair[0], -pair[1])), len(text)) if pairs else []


def _closed_by(text: str, mark: str, at: int, open_marks: list[tuple[str, int]]) -> int | None:
    """Index of the open mark that this one closes, the innermost if several could be."""
    for index in range(len(open_marks) - 1, -1, -1):
        opener, opened = open_marks[index]
        if mark in CLOSERS[opener] and opened + 1 < at and _looks_closing(text, mark, at):
            return index
    return None


def _looks_closing(text: str, mark: str, at: int) -> bool:
    before, after = text[at - 1], text[at + 1 : at + 2]
    if mark in "'’":
        return not after.isalnum() and not before.isspace() and not _plural_possessive(text, at)
    if mark in '"“':
        return not (before.isspace() and after and not after.isspace())
    return True


def _plural_possessive(text: str, at: int) -> bool:
    """Whether the mark of `the farmers' rights` is an apostrophe: a better close comes before the next opening."""
    if text[at - 1] != "s" or not text[at + 1 : at + 3].strip().islower():
        return False
    later = _SPEECH_CLOSE.search(text, at + 1, at + _REACH)
    return later is not None and "‘" not in text[at : later.start()] and " '" not in text[at : later.start()]


def _opens(text: str, mark: str, at: int, open_marks: list[tuple[str, int]]) -> bool:
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    at_word_start = (not before or not before.isalnum()) and before not in _NO_OPENING and bool(after.strip())
    if mark in "“„«‹‚":
        return True
    if mark in '"”»›':
        return at_word_start and not (mark != '"' and open_marks)
    if mark == "’" or not at_word_start or _APOSTROPHE_WORD.match(text, at + 1):
        return False
    return _SINGLE_CLOSE.search(text, at + 2, at + _REACH) is not None


def _runs_on(text: str, open_marks: list[tuple[str, int]], pairs: list[tuple[int, int]]) -> int | None:
    """Offset of the outermost double mark that is open to the end, unless a later pair shows that it was a stray."""
    for mark, at in open_marks:
        if mark in _DOUBLE and (len(text) - at > _MINIMUM_UNCLOSED or _is_sentence(text, at)):
            stray = any(start > at and text[start] == mark for start, _ in pairs)
            return None if stray else at
    return None


def _is_sentence(text: str, at: int) -> bool:
    """Whether a whole sentence, however short, stands between a mark and the end: `she said. "I let them.`."""
    return text[:at].rstrip()[-1:] in (*".?!", "") and text.rstrip()[-1:] in tuple(".?!…") and " " in text[at:].strip()


def _nested(pairs: list[tuple[int, int]], length: int) -> list[Quote]:
    quotes: list[Quote] = []
    around: list[int] = []
    for opened, closed in pairs:
        while around and around[-1] <= opened:
            around.pop()
        if opened + 1 < closed:
            is_closed = closed < length
            quotes.append(Quote(opened + 1, closed, opened, closed + is_closed, len(around) + 1, is_closed))
            around.append(closed)
    return quotes
