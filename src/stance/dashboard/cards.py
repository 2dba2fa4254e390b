"""What is known of the model's errors: the card that ships with its weights, and this corpus's own human labels.

What belongs here: reading both as small tables. What does not: judging them, drawing them.
"""

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

import pandas as pd

from stance.annotate.records import ADJUDICATED, Drawn, Label

BINS = (0.0, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95, 1.01)
FEWEST = 5
"""Labels in a bin of confidence under which nothing is drawn."""


def shipped() -> dict[str, dict[str, Any]]:
    """Return the cards of the shipped weights by name; a model without a `card.json` is left out."""
    cards = {}
    folder = resources.files("stance.model") / "weights"
    for entry in folder.iterdir() if folder.is_dir() else ():
        card = entry / "card.json"
        if card.is_file():
            cards[entry.name] = json.loads(card.read_text("utf-8"))
    return cards


def judged(drawn: Sequence[Drawn], labels: Sequence[Label]) -> pd.DataFrame:
    """Return, bin by bin of the model's confidence, how often humans agree with it: columns confidence, right, rows."""
    said = settled(labels)
    rows = [
        (max(item.against, item.neutral, item.favor), item.predicted == said[item.key])
        for item in drawn
        if item.key in said
    ]
    table = pd.DataFrame(rows, columns=["confidence", "right"])
    groups = table.groupby(pd.cut(table["confidence"], BINS), observed=True)
    found = groups.agg(confidence=("confidence", "mean"), right=("right", "mean"), rows=("right", "size"))
    return found[found["rows"] >= FEWEST].reset_index(drop=True)


def settled(labels: Sequence[Label]) -> dict[tuple[str, str], str]:
    """Return one word for each labelled pair: the adjudicated one, else the commonest (the first of equals)."""
    groups: dict[tuple[str, str], list[Label]] = {}
    for label in labels:
        groups.setdefault(label.key, []).append(label)
    return {key: _settle(group) for key, group in groups.items()}


def _settle(group: Sequence[Label]) -> str:
    words = [label.overall for label in group if label.annotator == ADJUDICATED] or [label.overall for label in group]
    return max(words, key=words.count)
