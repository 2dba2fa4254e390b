"""Put `card.json` and `confusion.json` beside a model's weights, from the answers that `model_held_out.py` kept.

Run as `python benchmarks/model_card.py MODEL_FOLDER ANSWERS.json... [--test FILE...]`; `--test` files are scored with
their own mentions. Neither file takes part in scoring or in the fingerprint; the board and the estimates quote them.
"""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stance.evaluate import Answers, evaluate, metrics
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer

CLASSES = ("against", "neutral", "favor")
BINS = 10


def read(file: Path) -> dict[str, dict[str, Answers]]:
    """Read answers by file and head."""
    return {
        name: {head: Answers(**{key: np.array(value) for key, value in part.items()}) for head, part in heads.items()}
        for name, heads in json.loads(file.read_text()).items()
    }


def figure(what: str, on: str, figures: dict[str, Any]) -> dict[str, Any]:
    """Return one line of the card."""
    low, high = (round(value, 4) for value in figures["interval"])
    return {"what": what, "on": on, "value": round(figures["macro_f1"], 4), "low": low, "high": high}


def reliability(answers: Sequence[Answers]) -> list[dict[str, float]]:
    """Return stated confidence beside the share that was right, in ten bins, empty ones left out."""
    probabilities = np.concatenate([answer.probabilities for answer in answers])
    right = np.concatenate([answer.given == answer.known for answer in answers])
    confidence = probabilities.max(1)
    place = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return [
        {
            "confidence": round(float(confidence[place == number].mean()), 4),
            "right": round(float(right[place == number].mean()), 4),
            "rows": int((place == number).sum()),
        }
        for number in range(BINS)
        if (place == number).any()
    ]


def confusion(answers: Sequence[Answers]) -> list[list[int]]:
    """Return counts, rows the true stance, columns what was said."""
    return [
        [int(sum(((a.known == true) & (a.given == said)).sum() for a in answers)) for said in range(3)]
        for true in range(3)
    ]


def pairs_of(answers: Sequence[Answers]) -> list[list[float]]:
    """Return each pair's true class and its three probabilities, for `intervals.py` to draw from."""
    rows = [np.column_stack([answer.known, answer.probabilities.round(3)]) for answer in answers]
    return np.concatenate(rows).tolist()


def main() -> None:
    """Write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("answers", nargs="+", type=Path)
    parser.add_argument("--test", nargs="*", type=Path, default=[])
    arguments = parser.parse_args()
    found = {name: heads for file in arguments.answers for name, heads in read(file).items()}
    lines = [
        figure(f"macro-F1, {head}, unseen file", name, metrics(answer, CLASSES))
        for name, heads in found.items()
        for head, answer in heads.items()
    ]
    scorer = EncoderScorer(EncoderConfig(model=str(arguments.model), device="cpu"))
    lines += [figure("macro-F1, overall", file.name, evaluate(file, scorer)) for file in arguments.test]
    overall = [heads["overall"] for heads in found.values()]
    card = {"name": arguments.model.name, "figures": lines, "reliability": reliability(overall)}
    pairs = sum(len(answer.known) for answer in overall)
    source = f"{', '.join(found)}, left out of the training, {pairs} pairs"
    (arguments.model / "card.json").write_text(json.dumps(card, indent=1) + "\n")
    rates = {"confusion": confusion(overall), "source": source, "answers": pairs_of(overall)}
    (arguments.model / "confusion.json").write_text(json.dumps(rates) + "\n")


if __name__ == "__main__":
    main()
