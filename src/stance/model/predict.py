"""A network read on labelled rows with their own mentions: logits beside labels, for dev curves and calibration.

What belongs here: this plain reading and its figures. What does not: the scorer users call (`scorers.encoder`) and
the full evaluation (`stance.evaluate`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import f1_score
from torch import Tensor

from stance.labelled import LabelledText
from stance.model.calibrate import Calibration, fit_scale, selective_accuracy
from stance.model.data import UNKNOWN, Example, FindVoices, batches, example, sentences_with
from stance.model.network import HEADS, Output, StanceNetwork
from stance.model.windows import Window, Words, collate, tells, windows

TOKENS = 4096
FINDER_PRECISION = 0.9
Known = tuple[list[float], int]


@dataclass(slots=True)
class Scored:
    """Logits of one row beside what is known; lists run over targets (and their voices)."""

    stances: dict[str, list[Known]] = field(default_factory=lambda: {head: [] for head in HEADS})
    voices: list[Known] = field(default_factory=list)
    tone: list[Known] = field(default_factory=list)
    finder: list[tuple[list[float], list[bool]]] = field(default_factory=list)
    """Per target: the finder's logit of each token of the text, and whether a listed mention covers it."""


def predict(
    network: StanceNetwork,
    words: Words,
    rows: Sequence[LabelledText],
    find_voices: FindVoices = sentences_with,
    *,
    apart: bool = True,
) -> list[Scored]:
    """Score rows; of a long text's windows the first with the target's mention counts."""
    network.eval()
    rng = np.random.default_rng(0)
    examples = [example(row, rng, find_voices=find_voices) for row in rows]
    items = windows([known.passage for known in examples], words)
    results = [Scored() for _ in rows]
    seen: set[tuple[int, int]] = set()
    with torch.inference_mode():
        for numbers in batches(items, TOKENS):
            chosen = [items[number] for number in numbers]
            output = network(collate(chosen, words.pad, apart=apart))
            for row, item in enumerate(chosen):
                _note(results[item.passage], examples[item.passage], item, output, row, seen)
    return results


def _note(result: Scored, known: Example, item: Window, output: Output, row: int, seen: set[tuple[int, int]]) -> None:
    if not result.tone and known.tone != UNKNOWN:
        result.tone.append((output.tone[row].tolist(), known.tone))
    for column, target in enumerate(item.targets):
        if not tells(item, column, known.passage) or (item.passage, target) in seen:
            continue
        seen.add((item.passage, target))
        for head, name in enumerate(HEADS):
            _add(result.stances[name], output.stance[row, column, head], known.stances[target][head])
        for holder, label in enumerate(known.voices[target]):
            _add(result.voices, output.voices[row, column, holder], label)
        if known.mentions is not None:
            listed = set(item.mentions[column])
            logits = output.finder[row, column, 1 : 1 + len(item.tokens)].tolist()
            result.finder.append((logits, [place + 1 in listed for place in range(len(logits))]))


def _add(place: list[Known], logits: Tensor, label: int) -> None:
    if label != UNKNOWN:
        place.append((logits.tolist(), label))


def gathered(scored: Sequence[Scored], head: str) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return logits (n, 3) and labels (n,) of one head (`overall`, `author`, `reported`, `voices`, `tone`)."""
    pairs = [pair for item in scored for pair in (item.stances[head] if head in HEADS else getattr(item, head))]
    logits = np.array([pair[0] for pair in pairs], dtype=np.float64).reshape(-1, 3)
    return logits, np.array([pair[1] for pair in pairs], dtype=np.int64)


def summary(scored: Sequence[Scored]) -> dict[str, float]:
    """Return macro-F1 of each head that has labels, and the finder's recall and precision by tokens."""
    figures = {}
    for head in (*HEADS, "voices", "tone"):
        logits, known = gathered(scored, head)
        if len(known):
            figures[head] = round(float(f1_score(known, logits.argmax(1), average="macro", zero_division=0)), 4)
    values, listed = _finder(scored)
    if listed.any():
        hits = (values > 0) & listed
        figures["finder_recall"] = round(float(hits.sum() / listed.sum()), 4)
        figures["finder_precision"] = round(float(hits.sum() / max(1, (values > 0).sum())), 4)
    return figures


def _finder(scored: Sequence[Scored]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the finder's logits and truths of all tokens, for all targets, one after the other."""
    pairs = [pair for item in scored for pair in item.finder]
    logits = [value for pair in pairs for value in pair[0]]
    return np.array(logits), np.array([value for pair in pairs for value in pair[1]], dtype=bool)


def calibration(scored: Sequence[Scored]) -> Calibration:
    """Fit scales, abstention and finder thresholds on rows the network did not train on."""
    scales = {}
    for head in (*HEADS, "voices", "tone"):
        logits, known = gathered(scored, head)
        if len(known):
            scales[head] = fit_scale(logits, known)
    logits, known = gathered(scored, "overall")
    _, threshold = selective_accuracy(scales["overall"].probabilities(logits), known)
    return Calibration(scales, round(threshold, 4), _finder_threshold(*_finder(scored)))


def _finder_threshold(logits: NDArray[np.float64], known: NDArray[np.bool_]) -> float:
    """Return the lowest probability from which nine tokens in ten are truly part of a mention; 0.5 at least."""
    order = np.argsort(-logits)
    precision = np.cumsum(known[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= FINDER_PRECISION)
    least = float(expit(logits[order[good[-1]]])) if len(good) else 1.0
    return round(max(0.5, least), 4)
