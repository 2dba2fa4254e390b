"""Names changed for others of their kind, so that the model reads what is said and not of whom.

What belongs here: the families of names and the change of a row's text with all its offsets. What does not: when a
row is changed (`data`) and the name-swap test of finished models (`benchmarks/model_swap.py`).
"""

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from stance.labelled import LabelledTarget, LabelledText, Speaker
from stance.records import Span

POWERS = (
    ("Russia", "Russian", "Russians", "Moscow", "Kremlin", "Vladimir Putin", "Putin", "Lavrov", "Peskov", "Gazprom"),
    ("China", "Chinese", "Chinese", "Beijing", "Zhongnanhai", "Xi Jinping", "Xi", "Wang Yi", "Mao Ning", "Sinopec"),
    ("France", "French", "French", "Paris", "Elysee", "Emmanuel Macron", "Macron", "Barrot", "Veran", "TotalEnergies"),
    ("Turkey", "Turkish", "Turks", "Ankara", "Bestepe", "Tayyip Erdogan", "Erdogan", "Fidan", "Kalin", "Botas"),
    ("Iran", "Iranian", "Iranians", "Tehran", "Pasteur", "Ali Khamenei", "Khamenei", "Araqchi", "Baghaei", "NIOC"),
    ("India", "Indian", "Indians", "New Delhi", "Raisina", "Narendra Modi", "Modi", "Jaishankar", "Jaiswal", "ONGC"),
)  # fmt: skip
"""One power a row, its parts in the same order: the first row is the one to replace."""
FORCES = ("police", "army", "gendarmes", "troops")
CROWDS = ("students", "farmers", "miners", "nurses", "teachers", "drivers")


def _same_case(model: str, word: str) -> str:
    return word[:1].upper() + word[1:] if model[:1].isupper() else word


def _rotation(words: tuple[str, ...], rng: np.random.Generator) -> dict[str, str]:
    shift = int(rng.integers(1, len(words)))
    return {word: words[(number + shift) % len(words)] for number, word in enumerate(words)}


def _choice(rng: np.random.Generator) -> dict[str, str]:
    power = POWERS[int(rng.integers(1, len(POWERS)))]
    table = dict(zip(POWERS[0], power, strict=True)) | _rotation(FORCES, rng) | _rotation(CROWDS, rng)
    return {word.lower(): other for word, other in table.items()}


def swapped(row: LabelledText, rng: np.random.Generator) -> LabelledText:
    """Return the row with another power in Russia's place and forces and crowds exchanged, spans kept true."""
    return with_names(row, _choice(rng))


def with_names(row: LabelledText, table: dict[str, str]) -> LabelledText:
    """Return the row with whole words changed by `table` (lower-case words to others), whatever their case."""
    ordered = sorted(table, key=len, reverse=True)
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, ordered)) + r")\b", re.IGNORECASE)

    def change(words: str) -> str:
        return pattern.sub(lambda match: _same_case(match[0], table[match[0].lower()]), words)

    place = _moved(row.text, pattern, change)
    targets = tuple(_target(target, change, place) for target in row.targets)
    return replace(row, text=change(row.text), targets=targets)


def _target(target: LabelledTarget, change: Callable[[str], str], place: Callable[[int], int]) -> LabelledTarget:
    return replace(
        target,
        name=change(target.name),
        spans=tuple(Span(place(span.start), place(span.end)) for span in target.spans),
        speakers=tuple(Speaker(name=change(speaker.name), stance=speaker.stance) for speaker in target.speakers),
    )


def _moved(text: str, pattern: re.Pattern[str], change: Callable[[str], str]) -> Callable[[int], int]:
    moves = [(match.end(), len(change(match[0])) - len(match[0])) for match in pattern.finditer(text)]
    return lambda offset: offset + sum(shift for end, shift in moves if end <= offset)
