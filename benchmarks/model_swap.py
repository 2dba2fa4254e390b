"""Does the model read what is said, or of whom? Names swapped for others of their kind, text else unchanged.

Run as `python benchmarks/model_swap.py MODEL FILE...`. Every codebook row in which a name can be swapped is scored as
it stands and swapped, with its own mentions; printed is the share of (text, target) pairs whose overall label changes.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.labelled import LabelledText, read_labelled
from stance.model.swaps import POWERS, with_names
from stance.records import Passage, Stance, TargetQuery
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer

POWER = {other[0]: dict(zip(map(str.lower, POWERS[0]), other, strict=True)) for other in POWERS[1:3]}
SWAPS: dict[str, dict[str, str]] = {
    "Russia -> China": POWER["China"],
    "Russia -> France": POWER["France"],
    "police -> army": {"police": "army", "policeman": "soldier", "policemen": "soldiers", "officers": "soldiers"},
    "students -> farmers": {"students": "farmers", "student": "farmer"},
    "workers -> pensioners": {"workers": "pensioners", "miners": "pensioners", "strikers": "pensioners"},
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one swap did."""

    pairs: int
    changed: int
    sure_changed: int
    """Changed though neither reading was marked unsure."""


def passage(row: LabelledText) -> Passage:
    """Return the row as a passage with its own mentions."""
    targets = (
        TargetQuery(id=str(number), name=target.name, spans=target.spans) for number, target in enumerate(row.targets)
    )
    return Passage(text=row.text, targets=tuple(targets))


def outcome(scorer: EncoderScorer, rows: Sequence[LabelledText], table: dict[str, str]) -> Outcome:
    """Score the rows that the table changes before and after."""
    pairs = [(row, with_names(row, table)) for row in rows]
    pairs = [(row, other) for row, other in pairs if other.text != row.text]
    before = scorer.score([passage(row) for row, _ in pairs])
    after = scorer.score([passage(other) for _, other in pairs])
    both = [
        (one, other)
        for old, new in zip(before, after, strict=True)
        for one, other in zip(old.targets, new.targets, strict=True)
    ]
    changed = [(one, other) for one, other in both if label(one.overall) is not label(other.overall)]
    sure = sum(not (one.unsure or other.unsure) for one, other in changed)
    return Outcome(len(both), len(changed), sure)


def label(triple: tuple[float, float, float]) -> Stance:
    """Return the likeliest stance."""
    return tuple(Stance)[max(range(3), key=triple.__getitem__)]


def main() -> None:
    """Print one line per swap and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("files", nargs="+", type=Path)
    arguments = parser.parse_args()
    scorer = EncoderScorer(EncoderConfig(model=arguments.model))
    rows = [row for file in arguments.files for row in read_labelled(file) if row.targets]
    total = changed = sure = 0
    print("| swap | pairs | label changes | both sure |\n|---|---|---|---|")
    for name, table in SWAPS.items():
        found = outcome(scorer, rows, table)
        total, changed, sure = total + found.pairs, changed + found.changed, sure + found.sure_changed
        print(row_of(name, found))
    print(row_of("all", Outcome(total, changed, sure)))


def row_of(name: str, found: Outcome) -> str:
    """Format one line of the table."""
    whole = max(1, found.pairs)
    return (
        f"| {name} | {found.pairs} | {found.changed} ({found.changed / whole:.1%}) | {found.sure_changed / whole:.1%} |"
    )


if __name__ == "__main__":
    main()
