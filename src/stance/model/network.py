"""The network: one pass over text and target names, then small heads that read each target out.

What belongs here: modules and their shapes. What does not: tokens and windows (`windows`), training, weights on
disk.
"""

import math
from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn

from stance.model.layers import Encoder
from stance.model.windows import Batch

HEADS = ("overall", "author", "reported")
"""The three distributions of a target, in the order of the network's output."""
FINDER_WIDTH = 128
SHOW_WIDTH = 256


@dataclass(frozen=True, slots=True)
class Output:
    """What the network says about a batch: B windows, T tokens, K targets, V voices."""

    stance: Tensor
    """(B, K, 3 heads, 3 stances), logits."""
    voices: Tensor
    """(B, K, V, 3 stances), logits."""
    tone: Tensor
    """(B, 3), logits."""
    finder: Tensor
    """(B, K, T), logits: does this token belong to a mention of this target."""
    attention: Tensor
    """(B, K, T), sums to 1 over the text: which tokens the target's stance was read from."""
    shows: Tensor
    """(B, K, T), logits: does this token name somebody, not the author, who has a stance toward this target."""
    target: Tensor
    """(B, K, width): what the target's stance was read from."""

    def plain(self) -> "Output":
        """Return the same in float32 on the CPU."""
        return Output(*(getattr(self, part.name).float().cpu() for part in fields(self)))


class StanceNetwork(nn.Module):
    """Encoder with a read-out per target: its mentions, its name, the text around, and the whole."""

    def __init__(self, encoder: Encoder, dropout: float = 0.1) -> None:
        super().__init__()
        width = encoder.shape.hidden
        self.encoder = encoder
        self.unnamed = nn.Parameter(torch.zeros(width))
        self.query = nn.Linear(2 * width, width)
        self.key = nn.Linear(width, width)
        self.read = nn.Linear(4 * width, width)
        self.stance = nn.Linear(width, 3 * len(HEADS))
        self.hear = nn.Linear(2 * width, width)
        self.voice = nn.Linear(width, 3)
        self.mood = nn.Linear(2 * width, width)
        self.tone = nn.Linear(width, 3)
        self.find_token = nn.Linear(width, FINDER_WIDTH)
        self.find_name = nn.Linear(width, FINDER_WIDTH)
        self.find_bias = nn.Linear(width, 1)
        self.show_token = nn.Linear(width, SHOW_WIDTH)
        self.show_target = nn.Linear(width, SHOW_WIDTH)
        self.show_bias = nn.Linear(width, 1)
        self.dropout = nn.Dropout(dropout)

    @property
    def _glances(self) -> bool:
        return bool(self.encoder.shape.glance)

    def start_from_overall(self) -> None:
        """Let the author's and the reported stance start from what was learned for the overall one."""
        with torch.no_grad():
            for values in (self.stance.weight, self.stance.bias):
                overall = values[:3].clone()
                values[3:6] = overall
                values[6:9] = overall

    def forward(self, batch: Batch) -> Output:
        """Encode a batch and read its targets out."""
        return self.read_out(self.encode(batch), batch)

    def encode(self, batch: Batch) -> Tensor:
        """Return (B, T, width): the text's tokens and the names', which read it."""
        if self._glances:
            return self.encoder(batch.ids, batch.at_a_glance, batch.glances)  # type: ignore[no-any-return]
        return self.encoder(batch.ids, batch.together)  # type: ignore[no-any-return]

    def read_out(self, hidden: Tensor, batch: Batch) -> Output:
        """Read targets, voices and tone from encoded tokens (B, T, width); what stands at padding has no meaning."""
        first = hidden[:, 0]
        names = self._names(hidden, batch)
        unnamed = (batch.mentions.sum(-1, keepdim=True) == 0).to(hidden.dtype)
        mentions = batch.mentions.to(hidden.dtype) @ hidden + unnamed * self.unnamed
        attention = self._attend(mentions, names, hidden, batch.text)
        target = self.joined(mentions, names, first[:, None].expand_as(names), attention @ hidden)
        target = self.dropout(nn.functional.gelu(self.read(self.dropout(target))))
        return Output(
            stance=self.stance(target).unflatten(-1, (len(HEADS), 3)),
            voices=self._voices(target, batch.voices.to(hidden.dtype) @ hidden),
            tone=self._tone(first, hidden, batch.text),
            finder=self._find(hidden, names),
            attention=attention,
            shows=self._show(hidden, target),
            target=target,
        )

    def finder(self, hidden: Tensor, batch: Batch) -> Tensor:
        """Return `Output.finder` alone: it needs no mentions."""
        return self._find(hidden, self._names(hidden, batch))

    def _names(self, hidden: Tensor, batch: Batch) -> Tensor:
        return (batch.shown if self._glances else batch.names).to(hidden.dtype) @ hidden

    def joined(self, mentions: Tensor, names: Tensor, whole: Tensor, attended: Tensor) -> Tensor:
        """Put side by side what a target is read from: four times (B, K, width) to (B, K, 4 * width)."""
        return torch.cat([mentions, names, whole, attended], dim=-1)

    def _tone(self, first: Tensor, hidden: Tensor, text: Tensor) -> Tensor:
        weights = text.to(hidden.dtype)
        mean = (weights[:, None] @ hidden)[:, 0] / weights.sum(-1, keepdim=True).clamp(min=1)
        mood = torch.tanh(self.mood(self.dropout(torch.cat([first, mean], dim=-1))))
        return self.tone(self.dropout(mood))  # type: ignore[no-any-return]

    def _attend(self, mentions: Tensor, names: Tensor, hidden: Tensor, text: Tensor) -> Tensor:
        query: Tensor = self.query(torch.cat([mentions, names], dim=-1))
        affinity = query @ self.key(hidden).transpose(1, 2) / math.sqrt(hidden.shape[-1])
        affinity = affinity.masked_fill(~text[:, None], torch.finfo(affinity.dtype).min)
        softened: Tensor = affinity.softmax(-1)
        return softened

    def _voices(self, target: Tensor, voices: Tensor) -> Tensor:
        targets, holders = target.shape[1], voices.shape[1]
        return self.heard(target[:, :, None].expand(-1, -1, holders, -1), voices[:, None].expand(-1, targets, -1, -1))

    def heard(self, target: Tensor, words: Tensor) -> Tensor:
        """Return logits (..., 3) of the stance toward a target in some words; both (..., width)."""
        pairs = torch.cat([target, words], dim=-1)
        return self.voice(self.dropout(nn.functional.gelu(self.hear(pairs))))  # type: ignore[no-any-return]

    def _find(self, hidden: Tensor, names: Tensor) -> Tensor:
        affinity = self.find_name(names) @ self.find_token(hidden).transpose(1, 2) / math.sqrt(FINDER_WIDTH)
        return affinity + self.find_bias(hidden).transpose(1, 2)  # type: ignore[no-any-return]

    def _show(self, hidden: Tensor, target: Tensor) -> Tensor:
        affinity = self.show_target(target) @ self.show_token(hidden).transpose(1, 2) / math.sqrt(SHOW_WIDTH)
        return affinity + self.show_bias(hidden).transpose(1, 2)  # type: ignore[no-any-return]
