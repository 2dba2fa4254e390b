"""Calibration: from logits to probabilities that may be taken at their word, and the confidence below which to abstain.

What belongs here: fitting on rows the model was not trained on, applying, and the numbers that say how well it
went. What does not: choosing those rows (`benchmarks/model_folds.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, log_softmax, logit

BINS = 15
"""Bins of the expected calibration error."""
BIAS_PENALTY = 2.0
"""Pull of the class biases toward 0, in nats per squared unit over the whole set."""

LEAST = 1e-6
"""Least probability whose logit is taken."""
COLDEST = 0.01
"""Least temperature: where a few rows are all right, likelihood alone would have it 0."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Scale:
    """Logits become `logits / temperature + bias`."""

    temperature: float = 1.0
    bias: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def probabilities(self, logits: Floats) -> Floats:
        """Return calibrated probabilities, shape as `logits` (..., 3)."""
        scaled = logits / self.temperature + np.array(self.bias)
        raised = np.exp(scaled - scaled.max(-1, keepdims=True))
        return np.asarray(raised / raised.sum(-1, keepdims=True))


@dataclass(frozen=True, slots=True)
class Calibration:
    """One scale per head, and where the model abstains."""

    scales: Mapping[str, Scale] = field(default_factory=dict)
    threshold: float = 0.0
    """A target whose overall confidence is below this is `unsure`."""
    finder: float = 0.5
    """Probability from which a token counts as part of a mention."""
    doubt: float = 0.0
    """Probability below which a mention of the catalogue is none, where the scorer looks for mentions."""
    shown: float = 0.5
    """Probability from which a token counts as part of the name of somebody who shows a stance."""
    speakers: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)
    """Of the logit that a named speaker has a stance toward a target: slope on the network's for the tokens of his
    name, offset, and what is added if the sentences of his words name the target, and if his own name does."""

    def scale(self, head: str) -> Scale:
        """Return a head's scale; an unknown head is left as it is."""
        return self.scales.get(head, Scale())

    def speaker(self, chance: float, *, speaks_of: bool, belongs: bool) -> float:
        """Return the probability that a speaker has a stance toward a target, in [0, 1].

        Args:
            chance: the network's, the highest over the tokens of his name.
            speaks_of: whether the sentences that his words stand in name the target, elsewhere than in his name.
            belongs: whether his own name does.
        """
        slope, offset, named, own = self.speakers
        seen = logit(min(max(chance, LEAST), 1 - LEAST))
        return float(expit(slope * seen + offset + named * speaks_of + own * belongs))

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        scales = {head: {"temperature": s.temperature, "bias": list(s.bias)} for head, s in self.scales.items()}
        marks = {"finder": self.finder, "doubt": self.doubt, "shown": self.shown, "speakers": list(self.speakers)}
        return {"scales": scales, "threshold": self.threshold, **marks}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> "Calibration":
        """Read what `as_dict` wrote."""
        scales = {head: Scale(s["temperature"], tuple(s["bias"])) for head, s in value["scales"].items()}
        marks = {name: value[name] for name in ("threshold", "finder", "doubt", "shown")}
        return cls(scales=scales, speakers=tuple(value["speakers"]), **marks)


def fit_scale(logits: Floats, known: Ints) -> Scale:
    """Fit temperature and class biases by likelihood, biases held near 0.

    Args:
        logits: (n, 3), n >= 1, of rows the model was not trained on.
        known: (n,) class numbers.
    """
    rows = np.arange(len(known))

    def cost(values: Floats) -> float:
        scaled = logits * np.exp(values[0]) + values[1:]
        return float(-log_softmax(scaled, axis=1)[rows, known].sum() + BIAS_PENALTY * (values[1:] ** 2).sum())

    best = minimize(cost, np.zeros(4), method="L-BFGS-B").x
    bias = best[1:] - best[1:].mean()
    return Scale(
        round(max(COLDEST, float(np.exp(-best[0]))), 4), (round(bias[0], 4), round(bias[1], 4), round(bias[2], 4))
    )


def expected_error(probabilities: Floats, known: Ints, bins: int = BINS) -> float:
    """Return the expected calibration error of the likeliest class, in [0, 1]; 0 for no rows.

    Args:
        probabilities: (n, 3).
        known: (n,); a value that is no class counts as wrong.
        bins: equal parts of [0, 1] by confidence.
    """
    if not len(known):
        return 0.0
    confidence = probabilities.max(1)
    right = probabilities.argmax(1) == known
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs((confidence - right)[place == number].sum()) for number in range(bins)]
    return float(sum(gaps) / len(known))


def selective_accuracy(probabilities: Floats, known: Ints, coverage: float = 0.8) -> tuple[float, float]:
    """Return accuracy on the surest part of the rows and the lowest confidence in it.

    Args:
        probabilities: (n, 3), n >= 1.
        known: (n,).
        coverage: part of the rows kept, in (0, 1].
    """
    confidence = probabilities.max(1)
    kept = np.argsort(-confidence, kind="stable")[: max(1, round(coverage * len(known)))]
    right = probabilities[kept].argmax(1) == known[kept]
    return float(right.mean()), float(confidence[kept].min())
