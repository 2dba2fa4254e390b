"""The scorer's known errors, in numbers and in words, for everything that no human label has corrected.

What belongs here: reading the confusion that a model ships with. What does not: measuring it (`evaluate`).
"""

import json
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import numpy as np

from stance.errors import ConfigError
from stance.estimate.formulas import Floats
from stance.estimate.units import STANCES

ASSUMED = np.array([[0.75, 0.20, 0.05], [0.15, 0.75, 0.10], [0.05, 0.20, 0.75]])
"""Stated where a scorer has no measured confusion: three in four right, for and against seldom mixed up."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """What a scorer says of paragraphs whose stance is known."""

    rates: Floats
    """Row: true stance, column: what the scorer says, in the order of `STANCES`; rows sum to 1. *Shape:* (3, 3)."""
    source: str
    """Where it was measured, and on how many pairs."""
    answers: Floats | None = None
    """The pairs themselves, where the file has them: place of the true stance, then the scorer's three probabilities.
    *Shape:* (n_pairs, 4)."""

    @classmethod
    def load(cls, path: Path) -> "Confusion":
        """Read a file with `confusion` (3 × 3 counts or rates, rows are true stances), `source` and `answers` if known.

        Raises:
            ConfigError: the file cannot be read or holds no such matrix.
        """
        try:
            return cls.parse(path.read_text("utf-8"), str(path))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"{path}: expected JSON with a 3 × 3 `confusion`: {error}") from error

    @classmethod
    def parse(cls, text: str, name: str) -> "Confusion":
        """Read the text of such a file."""
        data = json.loads(text)
        counts = np.asarray(data["confusion"], np.float64)
        if counts.shape != (3, 3) or (counts < 0).any() or (counts.sum(axis=1) <= 0).any():
            raise ValueError("the matrix must be 3 × 3 with no row empty and nothing negative")
        answers = np.asarray(data["answers"], np.float64).reshape(-1, 4) if data.get("answers") else None
        return cls(counts / counts.sum(axis=1, keepdims=True), str(data.get("source", name)), answers)

    def sentence(self) -> str:
        """Spell it out for a reader: of 100 paragraphs truly so, how many it calls what."""
        parts = (
            f"of 100 paragraphs {true} it calls "
            + ", ".join(f"{100 * rate:.0f} {said}" for said, rate in zip(STANCES, row, strict=True))
            for true, row in zip(STANCES, self.rates, strict=True)
        )
        return "; ".join(parts)


def shipped(model: str = "base") -> Confusion:
    """Return the confusion that ships with an embedded model, or the assumed one, which says so."""
    file = resources.files("stance") / "model" / "weights" / model / "confusion.json"
    if file.is_file():
        return Confusion.parse(file.read_text("utf-8"), f"model {model}")
    return Confusion(ASSUMED, "assumed, not measured")


def of_scorer(model: str) -> Confusion:
    """Return the confusion of a shipped model by name, of a trained one by its folder, or the assumed one."""
    file = Path(model) / "confusion.json"
    return Confusion.load(file) if file.is_file() else shipped(model)
