"""The small notation of catalogues: phrases with alternatives and open endings, patterns with word lists.

What belongs here: reading one phrase or pattern. What does not: files, conditions, texts to search.
"""

import re
from collections.abc import Mapping
from itertools import product

_CHOICE = re.compile(r"\(([^()]*)\)")
_REFERENCE = re.compile(r"\{([a-z_]\w*)(\??)\}")
_BOUND_REFERENCE = re.compile(r"(?:\\b)?\{([a-z_]\w*)\??\}(?:\\b)?")
_BOUND_CLASS = re.compile(r"\A\\b(\[[^\]]+\])(?![+*?{])")
_ESCAPE = re.compile(r"\\.")
_CLASS = re.compile(r"\[[^\]]*\]")
_GROUP = re.compile(r"\([^()]*\)")
_OPTIONAL = re.compile(r"\w[?*{]")
_WORD = re.compile(r"[^\W\d_]{3,}")
MAX_VARIANTS = 2000
FIRST_SYMBOL = 0x10600
"""Start of the Linear A block: letters to regular expressions, absent from news."""


class PhraseError(ValueError):
    """A phrase that breaks the notation; the message says how."""


def expand(phrase: str) -> tuple[str, ...]:
    """Return the phrases that `phrase` stands for: every choice of every `(a|b|)` in it.

    Raises:
        PhraseError: unbalanced parentheses, too many variants, nothing left, or a `*` inside a word.
    """
    parts = _CHOICE.split(phrase)
    if any(sign in part for part in parts[::2] for sign in "()|"):
        raise PhraseError(f"'{phrase}': expected alternatives as (a|b), not nested")
    options = [part.split("|") if index % 2 else [part] for index, part in enumerate(parts)]
    variants = tuple(dict.fromkeys(" ".join("".join(choice).split()) for choice in product(*options)))
    if len(variants) > MAX_VARIANTS:
        raise PhraseError(f"'{phrase}': {len(variants)} variants, at most {MAX_VARIANTS} are allowed")
    for variant in variants:
        if not any(sign.isalnum() for sign in variant):
            raise PhraseError(f"'{phrase}': expected letters or digits in every variant")
        if re.search(r"\*\w|(?<!\w)\*", variant):
            raise PhraseError(f"'{phrase}': * stands for an ending and must follow a word's beginning")
    return variants


def plurals(phrase: str) -> tuple[str, ...]:
    """Return the phrase and, if its last word is lower-case and open to one, its plural."""
    last = phrase.rsplit(" ", 1)[-1]
    if not last.isalpha() or not last.islower() or not last.isascii() or len(last) < 3:
        return (phrase,)
    if last.endswith("s") and not last.endswith("ss"):
        return (phrase,)
    if last.endswith(("man", "men")):
        return (phrase, phrase[:-2] + "en") if last.endswith("man") else (phrase,)
    if last.endswith("y") and last[-2] not in "aeiou":
        return (phrase, phrase[:-1] + "ies")
    return (phrase, phrase + ("es" if last.endswith(("s", "x", "ch", "sh")) else "s"))


def open_regex(phrase: str) -> str:
    """Return the regular expression of a phrase in which `*` stands for any ending of a word."""
    return r"\b" + re.escape(phrase).replace(r"\*", r"\w*") + r"\b"


def references(pattern: str) -> tuple[str, ...]:
    """Return the names of the word lists a pattern refers to, as `{name}` or `{name?}`."""
    return tuple(dict.fromkeys(name for name, _ in _REFERENCE.findall(pattern)))


def gates(pattern: str) -> tuple[str, ...]:
    """Return the names of the lists without a word of which the pattern cannot match: those written `{name}`."""
    return tuple(dict.fromkeys(name for name, optional in _REFERENCE.findall(pattern) if not optional))


def is_phrase(exclusion: str) -> bool:
    """Return whether an exclusion is a phrase, to be found like an alias, and not a regular expression."""
    return not re.search(r"[\\\[\]{}?+^$.]", exclusion)


def symbol(index: int) -> str:
    """Return the letter that stands for a word of the `index`-th list in a tagged text; nobody writes it today."""
    return chr(FIRST_SYMBOL + index)


def to_regex(pattern: str, symbols: Mapping[str, str]) -> str:
    """Return a pattern's regular expression for tagged texts, in which a list's words are runs of its symbol.

    A run is written `aa*`, without the word boundaries it has anyway, and a class of letters that begins a word before
    the check that it does: an expression that begins with what it consumes is searched for many times faster.
    """
    bare = _BOUND_REFERENCE.sub(lambda match: f"{symbols[match[1]]}{symbols[match[1]]}*", pattern)
    return _BOUND_CLASS.sub(r"\1(?<=\\b\1)", bare)


def needed_literals(pattern: str) -> tuple[str, ...]:
    """Return lower-case words that every match of a pattern contains; () if that cannot be told.

    Only plain words outside groups, classes and choices are taken, so the answer may miss some but never claims one
    that is not needed.
    """
    bare = _CLASS.sub(" ", _ESCAPE.sub(" ", _REFERENCE.sub(" ", pattern.removeprefix("(?i)"))))
    while (inner := _GROUP.sub(" ", bare)) != bare:
        bare = inner
    if "|" in bare:
        return ()
    return tuple(dict.fromkeys(word.lower() for word in _WORD.findall(_OPTIONAL.sub(" ", bare))))
