"""Raise the floors of the evaluation gate to what the shipped models reach; run `python benchmarks/model_floors.py`.

A floor is lowered only with `--lower`, and then the commit must say why.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from stance.evaluate import evaluate
from stance.ids import sha256_bytes
from stance.scorers.config import EncoderConfig
from stance.scorers.encoder import EncoderScorer

ROOT = Path(__file__).parents[1]
FILE = ROOT / "tests" / "model" / "floors.json"
DATA = ROOT / "data"
FILES = (
    "gold/samples/gold_A.jsonl",
    "gold/samples/gold_B.jsonl",
    "training/protest_1.jsonl",
    "training/protest_5.jsonl",
)
"""Labelled rows that ship and that no shipped model was trained on."""
HEADS = ("overall", "author", "reported", "tone")


def measured(model: str) -> dict[str, dict[str, float]]:
    """Return macro-F1 by file and head that has labels there, cut to three decimals."""
    scorer = EncoderScorer(EncoderConfig(model=model, device="cpu"))
    figures = {name: evaluate(DATA / name, scorer) for name in FILES}
    return {
        name: {head: int(1000 * part[head]["macro_f1"]) / 1000 for head in HEADS if part[head]["n"]}
        for name, part in figures.items()
    }


def merged(old: dict[str, Any], new: dict[str, Any], *, lower: bool) -> dict[str, Any]:
    """Return the new floors, each at least the old one unless `lower`."""
    if lower:
        return new
    return {
        name: {head: max(value, old.get(name, {}).get(head, 0.0)) for head, value in part.items()}
        for name, part in new.items()
    }


def main() -> None:
    """Measure both models and write the floors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lower", action="store_true")
    parser.add_argument("--models", nargs="+", default=["base", "small"])
    arguments = parser.parse_args()
    old = json.loads(FILE.read_text())["models"] if FILE.exists() else {}
    models = {model: merged(old.get(model, {}), measured(model), lower=arguments.lower) for model in arguments.models}
    files = {name: sha256_bytes((DATA / name).read_bytes()) for name in FILES}
    FILE.write_text(json.dumps({"files": files, "models": models}, indent=1) + "\n")


if __name__ == "__main__":
    main()
