"""The transformer that reads a paragraph: MPNet and BERT encoders in plain torch.

What belongs here: the layers and the mapping from published checkpoints. What does not: targets and heads
(`network`). Written out, not taken from a library, because loading must be quick and the lower layers must be able
to stand still.
"""

import json
import math
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

MPNET_BUCKETS_MAX_DISTANCE = 128


@dataclass(frozen=True, slots=True)
class EncoderShape:
    """Sizes and kind of an encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    """Longest input in tokens."""
    buckets: int
    """Relative position buckets (MPNet), 0 for none (BERT)."""
    eps: float
    glance: tuple[int, ...] = ()
    """Layers, from 0, that the name of a target passes which the text does not mention; one token, the mean of the
    name's, then stands for it. If empty, all tokens of every name pass all layers."""

    def as_dict(self) -> dict[str, Any]:
        """Return the shape as JSON-ready values."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Sight:
    """Where tokens stand and which of them each may look at: B rows, T tokens."""

    places: Tensor
    """int64 (B, T): position of each token in its own reading order, from 0."""
    seen: Tensor
    """bool (B, T, T): the row's token may look at the column's; at least one per row."""


@dataclass(frozen=True, slots=True)
class Glances:
    """Names that are read at a glance: B rows, K names, T tokens; all zero for the other names."""

    tokens: Tensor
    """float (B, K, T): weights that average each name's tokens."""
    firsts: Tensor
    """float (B, K, T): 1 at the first token of each name."""

    @property
    def rows(self) -> Tensor:
        """Tokens that stand for a name: bool (B, T)."""
        return self.firsts.sum(1) > 0

    def put_together(self, hidden: Tensor) -> Tensor:
        """Return `hidden` (B, T, width) with the mean of each name's tokens at its first one."""
        firsts = self.firsts.to(hidden.dtype)
        means = self.tokens.to(hidden.dtype) @ hidden
        return hidden * (1 - firsts.sum(1))[..., None] + firsts.transpose(1, 2) @ means


class Layer(nn.Module):
    """Self-attention and feed-forward, each followed by a normalisation."""

    def __init__(self, shape: EncoderShape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.out = nn.Linear(shape.hidden, shape.hidden)
        self.attention_norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.up = nn.Linear(shape.hidden, shape.feed_forward)
        self.down = nn.Linear(shape.feed_forward, shape.hidden)
        self.output_norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, bias: Tensor) -> Tensor:
        """Read `hidden` (batch, tokens, hidden); `bias` broadcasts to (batch, heads, tokens, tokens)."""
        batch, tokens, width = hidden.shape
        qkv = self.qkv(hidden).view(batch, tokens, 3, self.heads, width // self.heads)
        query, key, value = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        mixed = mixed.transpose(1, 2).reshape(batch, tokens, width)
        hidden = self.attention_norm(hidden + self.dropout(self.out(mixed)))
        return self.output_norm(hidden + self.dropout(self.down(functional.gelu(self.up(hidden)))))  # type: ignore[no-any-return]


def relative_buckets(distance: Tensor, buckets: int) -> Tensor:
    """Return MPNet's bucket of each distance (query place - key place): int64, same shape."""
    half = buckets // 2
    side = (distance < 0).long() * half
    distance = distance.abs()
    exact = half // 2
    far = exact + (
        torch.log(distance.clamp(min=1).float() / exact) / math.log(MPNET_BUCKETS_MAX_DISTANCE / exact) * (half - exact)
    ).long().clamp(max=half - exact - 1)
    return side + torch.where(distance < exact, distance, far)


class Encoder(nn.Module):
    """Tokens in, one vector per token out."""

    def __init__(self, shape: EncoderShape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.places = nn.Embedding(shape.positions, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.relative = nn.Embedding(shape.buckets, shape.heads) if shape.buckets else None
        self.frozen = 0
        """How many of the lowest layers, with the embeddings, stand still in training."""

    def freeze(self, layers: int) -> None:
        """Let the embeddings and the lowest `layers` layers stand still; 0 trains everything."""
        self.frozen = layers
        still: list[nn.Module] = [self.words, self.places, self.norm, *self.layers[:layers]]
        if self.relative is not None:
            still.append(self.relative)
        for module in still:
            module.requires_grad_(layers == 0)

    def forward(self, ids: Tensor, sight: Sight, glances: Glances | None = None) -> Tensor:
        """Encode.

        Args:
            ids: int64, (batch, tokens), padded with any id.
            sight: what tokens see, and where each stands in the input.
            glances: names that pass only some of the layers; by default none.

        Returns:
            (batch, tokens, hidden); what stands at padded places, and behind the first token of names that are read at
            a glance, has no meaning.
        """
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.frozen == 0):
            hidden = self.dropout(self.norm(self.words(ids) + self.places(sight.places)))
            bias = self._bias(sight, hidden.dtype)
            hidden = glances.put_together(hidden) if glances else hidden
        for number, layer in enumerate(self.layers):
            with torch.set_grad_enabled(torch.is_grad_enabled() and number >= self.frozen):
                read = layer(hidden, bias)
                still = None if glances is None or number in self.shape.glance else glances.rows
                hidden = read if still is None else torch.where(still[..., None], hidden, read)
        return hidden

    def _bias(self, sight: Sight, dtype: torch.dtype) -> Tensor:
        places, seen = sight.places, sight.seen
        closed = torch.zeros(seen.shape, dtype=dtype, device=seen.device).masked_fill_(~seen, float("-inf"))[:, None]
        if self.relative is None:
            return closed
        buckets = relative_buckets(places[:, :, None] - places[:, None, :], self.shape.buckets)
        near: Tensor = self.relative(buckets)
        return (near.permute(0, 3, 1, 2) + closed).to(dtype)


NAMES = {
    "mpnet": {
        "q": "attention.attn.q", "k": "attention.attn.k", "v": "attention.attn.v", "out": "attention.attn.o",
        "attention_norm": "attention.LayerNorm",
    },
    "bert": {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "out": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
    },
}  # fmt: skip
"""How published checkpoints of the two families name the parts of a layer."""

FIRST_PLACE = {"mpnet": 2, "bert": 0}
"""Where positions start in the published position table (MPNet keeps the first two for padding)."""


def published_shape(config: dict[str, Any]) -> EncoderShape:
    """Read the shape from a published `config.json`."""
    kind = config["model_type"]
    return EncoderShape(
        hidden=config["hidden_size"],
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        feed_forward=config["intermediate_size"],
        vocabulary=config["vocab_size"],
        positions=config["max_position_embeddings"] - FIRST_PLACE[kind],
        buckets=config.get("relative_attention_num_buckets", 0),
        eps=config["layer_norm_eps"],
    )


def _published_layer(source: dict[str, Tensor], prefix: str, names: dict[str, str]) -> dict[str, Tensor]:
    parts = {}
    for kind in ("weight", "bias"):
        parts[f"qkv.{kind}"] = torch.cat([source[f"{prefix}{names[part]}.{kind}"] for part in "qkv"])
        parts[f"out.{kind}"] = source[f"{prefix}{names['out']}.{kind}"]
        parts[f"attention_norm.{kind}"] = source[f"{prefix}{names['attention_norm']}.{kind}"]
        parts[f"up.{kind}"] = source[f"{prefix}intermediate.dense.{kind}"]
        parts[f"down.{kind}"] = source[f"{prefix}output.dense.{kind}"]
        parts[f"output_norm.{kind}"] = source[f"{prefix}output.LayerNorm.{kind}"]
    return parts


def load_published(folder: Path, dropout: float = 0.1, glance: tuple[int, ...] = ()) -> Encoder:
    """Build an encoder from a published MPNet or BERT checkpoint folder (`config.json`, `model.safetensors`)."""
    config = json.loads((folder / "config.json").read_text())
    kind = config["model_type"]
    source = load_file(folder / "model.safetensors")
    places = source["embeddings.position_embeddings.weight"][FIRST_PLACE[kind] :]
    if kind == "bert":
        places = places + source["embeddings.token_type_embeddings.weight"][0]
    state = {
        "words.weight": source["embeddings.word_embeddings.weight"],
        "places.weight": places,
        "norm.weight": source["embeddings.LayerNorm.weight"],
        "norm.bias": source["embeddings.LayerNorm.bias"],
    }
    shape = published_shape(config)
    for number in range(shape.layers):
        layer = _published_layer(source, f"encoder.layer.{number}.", NAMES[kind])
        state |= {f"layers.{number}.{name}": value for name, value in layer.items()}
    if shape.buckets:
        state["relative.weight"] = source["encoder.relative_attention_bias.weight"]
    encoder = Encoder(replace(shape, glance=glance), dropout)
    encoder.load_state_dict(state)
    return encoder
