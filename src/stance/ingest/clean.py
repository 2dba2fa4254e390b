"""Characters that are not the text's own: what is taken out of or put right in every string that is read.

What belongs here: rules for single characters, entities, spaces and broken words. What does not: encodings (`decode`)
and where paragraphs begin (`plain`, `html`).
"""

import html
import re
import unicodedata

INVISIBLE = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        0x034F, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB,
        *range(0x202A, 0x202F),  # directions, old
        *range(0x2061, 0x2065), *range(0x2066, 0x2070),  # invisible operators; directions, new
        *(code for code in range(0x20) if code not in (0x09, 0x0A, 0x0C, 0x0D)), 0x7F,
        *(code for code in range(0x80, 0xA0) if code != 0x85),
    ]
)  # fmt: skip
"""Characters that show nothing: taken out."""
LIGATURES = {
    0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
}  # fmt: skip
BREAKS = {0x0C: "\n\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n\n"}
TRANSLATION = {chr(code): text or "" for code, text in {**INVISIBLE, **LIGATURES, **BREAKS}.items()}
TRANSLATED = re.compile(f"[{''.join(map(re.escape, TRANSLATION))}]")
JOINER = re.compile("[\u200c\u200d]")
JOINERS = re.compile(r"(?<![\u0590-\u0fff])[\u200c\u200d]|[\u200c\u200d](?![\u0590-\u0fff])")
"""Joiners outside the scripts that need them (Persian, Hindi)."""
SURROGATES = re.compile(r"[\ud800-\udfff]")
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")

BROKEN_WORD = re.compile(r"\b(\w+)-\n[^\S\n]*(\w+)")
HYPHENATED = frozenset(
    [
        "all", "anti", "cross", "cut", "east", "ex", "far", "fifty", "first", "five", "forty", "four", "full",
        "half", "hard", "heavy", "high", "ill", "left", "long", "low", "mid", "much", "multi", "nine", "ninety",
        "non", "north", "off", "old", "one", "post", "pre", "pro", "quasi", "right", "second", "self", "semi",
        "seven", "seventy", "short", "single", "six", "sixty", "so", "south", "state", "still", "ten", "third",
        "thirty", "three", "top", "twenty", "two", "ultra", "vice", "well", "west", "world", "young",
    ]
)  # fmt: skip
"""First parts after which a hyphen at the end of a line more often belongs to the word than to the line."""


def clean_text(text: str) -> str:
    r"""Return a text in NFC with its line breaks as `\n` and without characters that show nothing.

    Entities are resolved, ligatures taken apart, spaces of any kind made one, and directional marks, soft hyphens,
    zero-width and control characters taken out. Line breaks stay where they are.
    """
    text = SURROGATES.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))
    if ENTITY.search(text):
        text = html.unescape(text)
    text = TRANSLATED.sub(lambda found: TRANSLATION[found[0]], text)
    if JOINER.search(text):
        text = JOINERS.sub("", text)
    return unicodedata.normalize("NFC", text)


def clean_line(text: str) -> str:
    """Clean a text and put it on one line, with single spaces."""
    return " ".join(clean_text(text).split())


def tidy_spaces(text: str) -> str:
    """Return a text with single spaces inside its lines, no spaces at their ends, and no blank lines."""
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def join_lines(lines: list[str], vocabulary: frozenset[str] = frozenset()) -> str:
    r"""Join the lines of a wrapped paragraph, mending words that were broken over a line.

    Args:
        lines: the lines in order.
        vocabulary: lower-case words of the document that stand whole elsewhere; they decide between `to-\nday` as
            `today` and as `to-day`.
    """
    joined = BROKEN_WORD.sub(lambda match: _mend(match, vocabulary), "\n".join(line.strip() for line in lines))
    return " ".join(joined.split())


def _mend(match: re.Match[str], vocabulary: frozenset[str]) -> str:
    first, second = match.groups()
    hyphenated, whole = f"{first}-{second}", first + second
    if whole.lower() in vocabulary and hyphenated.lower() not in vocabulary:
        return whole
    keeps = hyphenated.lower() in vocabulary or first.lower() in HYPHENATED or not second.islower() or first.isdigit()
    return hyphenated if keeps else whole
