"""Figures of the model on labelled files, with the files' own mentions, each with its bootstrap interval.

python benchmarks/model_quality.py MODEL FILE... [--errors N] [--precision float32] [--unnamed]
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from stance.evaluate import evaluate
from stance.labelled import LabelledText, read_labelled
from stance.records import Passage, PassageScore, TargetQuery
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer

HEAD = "| file | head | n | macro-F1 | 95 % | F1 against / neutral / favor | accuracy | ECE | accuracy, surest 80 % |"


def unnamed(passage: Passage) -> Passage:
    """Return the passage without the mentions of its targets."""
    return replace(passage, targets=tuple(replace(query, spans=()) for query in passage.targets))


class Unnamed(EncoderScorer):
    """The model, not told where the text names its targets."""

    def score(self, passages: Sequence[Passage]) -> list[PassageScore]:
        """Score passages without their mentions."""
        return super().score(list(map(unnamed, passages)))


def line(file: str, head: str, figures: dict[str, Any]) -> str:
    """Format one head's figures."""
    low, high = figures["interval"]
    classes = " / ".join(f"{value['f1']:.3f}" for value in figures["per_class"].values())
    return (
        f"| {file} | {head} | {figures['n']} | {figures['macro_f1']:.3f} | {low:.3f} to {high:.3f} | {classes} "
        f"| {figures['accuracy']:.3f} | {figures['ece']:.3f} | {figures['selective_accuracy']:.3f} |"
    )


def passage(row: LabelledText) -> Passage:
    """Return the row as a passage with its own mentions."""
    queries = (TargetQuery(id=target.name, name=target.name, spans=target.spans) for target in row.targets)
    return Passage(text=row.text, targets=tuple(queries))


def errors(scorer: EncoderScorer, file: Path, count: int) -> None:
    """Print the rows that are wrong with the greatest confidence."""
    rows = read_labelled(file)
    scores = scorer.score([passage(row) for row in rows])
    wrong = [
        (score.overall.confidence, row, target.name, target.overall, score.overall.label)
        for row, result in zip(rows, scores, strict=True)
        for target, score in zip(row.targets, result.targets, strict=True)
        if score.overall.label is not target.overall
    ]
    for confidence, row, name, known, said in sorted(wrong, key=lambda item: -item[0])[:count]:
        print(f"\n- {name}: {known}, said {said} ({confidence:.2f}), {row.style}, line {row.line}\n  > {row.text}")


def main() -> None:
    """Print one line per file and head."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("--precision", choices=("auto", "float32", "int8", "bfloat16"), default="auto")
    parser.add_argument("--unnamed", action="store_true", help="without the files' mentions")
    arguments = parser.parse_args()
    kind = Unnamed if arguments.unnamed else EncoderScorer
    scorer = kind(EncoderConfig(model=arguments.model, precision=arguments.precision))
    print(HEAD + "\n|" + "---|" * 9)
    for file in arguments.files:
        began = time.perf_counter()
        figures = evaluate(file, scorer)
        heads = ("overall", "author", "reported", "tone") if "overall" in figures else ("overall",)
        for head in heads:
            part = figures.get(head, figures)
            if part["n"]:
                print(line(file.name, head, part))
        print(f"<!-- {file.name}: {time.perf_counter() - began:.0f} s -->")
        if arguments.errors:
            errors(scorer, file, arguments.errors)


if __name__ == "__main__":
    main()
