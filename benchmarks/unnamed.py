"""What the model makes of paragraphs that do not name the target: alone, and after the paragraph before.

    python benchmarks/unnamed.py FILE [--model base] [--rows 400]

FILE holds targeted texts, an article's paragraphs in order (PerSenT: the label is the author's stance toward the
article's main person). Prints macro-F1 and accuracy over all rows without a mention, the share that is not `unsure`,
and the figures of that share. Where a row begins an article it has no paragraph before and is left out.
"""

import argparse
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.metrics import accuracy_score, f1_score

from stance.labelled import STANCES, LabelledText, read_labelled
from stance.records import Passage, Span, TargetQuery
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer

Pair = tuple[LabelledText, LabelledText]


def alone(pair: Pair) -> Passage:
    """Ask for the row's target in its own paragraph."""
    row = pair[1]
    return Passage(text=row.text, targets=(TargetQuery(id="0", name=row.targets[0].name, spans=()),))


def after(pair: Pair) -> Passage:
    """Ask for it in the paragraph before and this one together, with the mentions there."""
    before, row = pair
    target = row.targets[0]
    query = TargetQuery(id="0", name=target.name, spans=before.targets[0].spans)
    return Passage(text=f"{before.text} {row.text}", targets=(query,))


def named(pair: Pair) -> Passage:
    """Put the target's name before the paragraph, as a speaker's name stands in a transcript."""
    row = pair[1]
    name = row.targets[0].name
    query = TargetQuery(id="0", name=name, spans=(Span(0, len(name)),))
    return Passage(text=f"{name}: {row.text}", targets=(query,))


READINGS: dict[str, Callable[[Pair], Passage]] = {
    "alone": alone,
    "after the paragraph before": after,
    "with the name put before": named,
}


def line(known: Sequence[int], said: Sequence[int]) -> str:
    """Format the figures of some rows."""
    return f"{f1_score(known, said, average='macro', zero_division=0):.3f} | {accuracy_score(known, said):.3f}"


def main() -> None:
    """Print one line per reading."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--model", default="base")
    parser.add_argument("--rows", type=int, default=400)
    options = parser.parse_args()
    pairs = [
        (before, row)
        for before, row in pairwise(read_labelled(options.file))
        if not row.targets[0].spans and before.targets[0].name == row.targets[0].name
    ]
    chosen = np.random.default_rng(0).permutation(len(pairs))[: options.rows]
    pairs = [pairs[number] for number in sorted(chosen.tolist())]
    known = [STANCES.index(row.targets[0].overall) for _, row in pairs]
    scorer = EncoderScorer(EncoderConfig(model=options.model))
    print(f"{len(pairs)} rows without a mention; shares {np.bincount(known, minlength=3) / len(known)}")
    print("| reading | macro-F1 | accuracy | not unsure | macro-F1 there | accuracy there |\n|" + "---|" * 6)
    for name, passage in READINGS.items():
        scores = [score.targets[0] for score in scorer.score([passage(pair) for pair in pairs])]
        said = [STANCES.index(score.author.label) for score in scores]
        sure = [number for number, score in enumerate(scores) if not score.unsure]
        there = line([known[number] for number in sure], [said[number] for number in sure]) if sure else "- | -"
        print(f"| {name} | {line(known, said)} | {len(sure) / len(pairs):.2f} | {there} |")


if __name__ == "__main__":
    main()
