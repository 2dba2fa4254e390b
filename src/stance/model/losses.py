"""What the network should have said: label tensors and the loss over all heads, unknown labels passed over.

What belongs here: labels of a batch and their loss. What does not: the loop that lowers it (`train`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from stance.model.data import UNKNOWN, Example
from stance.model.network import Output
from stance.model.windows import Window, covered, tells

HEAD_WEIGHTS = (1.0, 0.7, 0.7)
"""Overall, author, reported."""
VOICE_WEIGHT = 0.5
TONE_WEIGHT = 0.5
SHOW_WEIGHT = 3.0
"""Set so that no side task outweighs the overall stance (a token's loss is small); not tuned."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Known answers for a batch of B windows, K targets, V voices, T tokens; `UNKNOWN` where there is none."""

    stance: Tensor
    """int64 (B, K, 3)"""
    voices: Tensor
    """int64 (B, K, V)"""
    tone: Tensor
    """int64 (B,)"""
    finder: Tensor
    """float (B, K, T): 1 in a mention, 0 outside, -1 unknown."""
    shows: Tensor
    """float (B, K, T): 1 in the name of a holder, 0 outside, -1 unknown."""
    weight: Tensor
    """float (B,)"""
    taught: Tensor
    """float (B, K, 3 heads, 3 stances): a teacher's probabilities, all zero where there is none."""


def labels(items: Sequence[Window], examples: Sequence[Example], width: int = 0) -> Labels:
    """Build the labels of windows as `windows.collate` pads them to the same least width."""
    width = max(width, *(len(item.ids) for item in items))
    targets = max(1, *(len(item.targets) for item in items), 1)
    holders = max(1, *(len(item.voices) for item in items), 1)
    stance = torch.full((len(items), targets, 3), UNKNOWN)
    voices = torch.full((len(items), targets, holders), UNKNOWN)
    finder = torch.full((len(items), targets, width), -1.0)
    shows = torch.full_like(finder, -1.0)
    taught = torch.zeros((len(items), targets, 3, 3))
    for row, item in enumerate(items):
        known = examples[item.passage]
        for column, target in enumerate(item.targets):
            if tells(item, column, known.passage):
                stance[row, column] = torch.tensor(known.stances[target])
                if known.taught is not None:
                    taught[row, column] = torch.from_numpy(known.taught[target])
            for holder, value in enumerate(known.voices[target]):
                voices[row, column, holder] = value if item.voices[holder] else UNKNOWN
            for marks, spans in ((finder, known.mentions), (shows, known.holders)):
                if spans is not None:
                    marks[row, column, 1 : 1 + len(item.tokens)] = 0
                    marks[row, column, [1 + place for place in covered(item.tokens, spans[target])]] = 1
    known_rows = [examples[item.passage] for item in items]
    return Labels(
        stance=stance,
        voices=voices,
        tone=torch.tensor([known.tone for known in known_rows]),
        finder=finder,
        shows=shows,
        weight=torch.tensor([known.weight for known in known_rows]),
        taught=taught,
    )


def _entropy(logits: Tensor, target: Tensor, weight: Tensor, smoothing: float) -> Tensor:
    """Weighted mean cross entropy over known places; 0 where nothing is known."""
    flat = functional.cross_entropy(
        logits.reshape(-1, 3), target.reshape(-1), ignore_index=UNKNOWN, reduction="none", label_smoothing=smoothing
    )
    scale = weight.view(-1, *[1] * (target.dim() - 1)).expand_as(target).reshape(-1) * (target.reshape(-1) != UNKNOWN)
    return (flat * scale).sum() / scale.sum().clamp(min=1e-6)


def _soft_entropy(logits: Tensor, taught: Tensor, weight: Tensor) -> Tensor:
    """Weighted mean cross entropy with a teacher's probabilities; 0 where it said nothing."""
    flat = -(taught * logits.log_softmax(-1)).sum(-1)
    scale = weight[:, None] * (taught.sum(-1) > 0)
    return (flat * scale).sum() / scale.sum().clamp(min=1e-6)


def loss(output: Output, known: Labels, smoothing: float, finder: float) -> Tensor:
    """Return the weighted sum over the heads, a scalar; `finder` is what the finder weighs."""
    total = sum(
        weight
        * (
            _entropy(output.stance[:, :, head], known.stance[:, :, head], known.weight, smoothing)
            + _soft_entropy(output.stance[:, :, head], known.taught[:, :, head], known.weight)
        )
        for head, weight in enumerate(HEAD_WEIGHTS)
    )
    total = total + VOICE_WEIGHT * _entropy(output.voices, known.voices, known.weight, smoothing)
    total = total + TONE_WEIGHT * _entropy(output.tone, known.tone, known.weight, smoothing)
    total = total + finder * _marks(output.finder, known.finder)
    return total + SHOW_WEIGHT * _marks(output.shows, known.shows)


def _marks(logits: Tensor, target: Tensor) -> Tensor:
    known = target >= 0
    if not known.any():
        return logits.new_zeros(())
    return functional.binary_cross_entropy_with_logits(logits[known], target[known])
