"""What is known of the model's errors: the card that ships with its weights, and this corpus's own human labels.

What belongs here: reading both as small tables. What does not: judging them, drawing them.
"""

import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import pandas as pd

from stance.annotate import folder
from stance.annotate.records import ADJUDICATED, Drawn, Label

BINS = (0.0, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95)
"""Lower ends of the bins of confidence."""
DEFAULT = "base"
"""The model that a run takes unless it is told otherwise."""
FEWEST = 5
"""Labels in a bin of confidence under which nothing is drawn."""


def shipped() -> dict[str, dict[str, Any]]:
    """Return the cards of the shipped weights by name, the default first; those without `card.json` are left out."""
    cards = {}
    folder = resources.files("stance.model") / "weights"
    for entry in folder.iterdir() if folder.is_dir() else ():
        card = entry / "card.json"
        if card.is_file():
            cards[entry.name] = json.loads(card.read_text("utf-8"))
    return dict(sorted(cards.items(), key=lambda card: (card[0] != DEFAULT, card[0])))


def figures(card: Mapping[str, Any]) -> pd.DataFrame:
    """Return a card's figures as columns what, on, value (with its interval, in words)."""
    rows = [
        {
            "what": figure["what"],
            "on": figure["on"],
            "value": f"{figure['value']:.2f} ({figure['low']:.2f} to {figure['high']:.2f})",
        }
        for figure in card["figures"]
    ]
    return pd.DataFrame(rows, columns=["what", "on", "value"])


def labels_in(out: str, told: str) -> str:
    """Return the folder of an output's labels: what its run was told, else `labels` in a local output, else ''."""
    return told or (str(Path(out) / "labels") if "://" not in out else "")


def human(place: str) -> tuple[tuple[Drawn, ...], tuple[Label, ...]]:
    """Return what was drawn and what was said of it in a folder of labels; nothing if its name is ''.

    Raises:
        ShardError: a file of it is damaged.
    """
    return (tuple(folder.sample(Path(place))), tuple(folder.labels(Path(place)))) if place else ((), ())


def judged(drawn: Sequence[Drawn], labels: Sequence[Label]) -> pd.DataFrame:
    """Return, bin by bin of the model's confidence, how often humans agree with it.

    Returns:
        columns confidence, right, rows, and `point`: `sure:` with the bin's lower end.
    """
    table = _compared(drawn, labels)
    groups = table.groupby("low")
    found = groups.agg(confidence=("confidence", "mean"), right=("right", "mean"), rows=("right", "size"))
    found = found[found["rows"] >= FEWEST].reset_index()
    return found.assign(point=[f"sure:{low}" for low in found.pop("low")])


def disputed(drawn: Sequence[Drawn], labels: Sequence[Label], where: Mapping[str, object]) -> pd.DataFrame:
    """Return the paragraphs in which humans and the model differ.

    Args:
        drawn: what was drawn.
        labels: what was said of it.
        where: which of them, by `low` (the bin of confidence that begins there), `outlet`, `target`.

    Returns:
        columns outlet, target, model, humans, confidence, text.
    """
    table = _compared(drawn, labels)
    differ = ~table["right"].astype(bool)
    for name, value in where.items():
        differ &= table[name] == value
    return table.loc[differ, ["outlet", "target", "model", "humans", "confidence", "text"]].reset_index(drop=True)


def _compared(drawn: Sequence[Drawn], labels: Sequence[Label]) -> pd.DataFrame:
    """One row for each labelled pair that was drawn."""
    said = settled(labels)
    rows = [
        {
            "confidence": (sure := max(item.against, item.neutral, item.favor)),
            "low": max(low for low in BINS if low <= sure),
            "right": item.predicted == said[item.key],
            "model": item.predicted,
            "humans": said[item.key],
            "outlet": item.outlet,
            "target": item.target,
            "text": item.text,
        }
        for item in drawn
        if item.key in said
    ]
    columns = ["confidence", "low", "right", "model", "humans", "outlet", "target", "text"]
    return pd.DataFrame(rows, columns=columns)


def settled(labels: Sequence[Label]) -> dict[tuple[str, str], str]:
    """Return one word for each labelled pair: the adjudicated one, else the commonest (the first of equals)."""
    groups: dict[tuple[str, str], list[Label]] = {}
    for label in labels:
        groups.setdefault(label.key, []).append(label)
    return {key: _settle(group) for key, group in groups.items()}


def _settle(group: Sequence[Label]) -> str:
    words = [label.overall for label in group if label.annotator == ADJUDICATED] or [label.overall for label in group]
    return max(words, key=words.count)
