"""The network's forward pass for the CPU: int8 products, windows laid end to end without padding.

What belongs here: the fast reading of a stored model. What does not: layout of windows, merging them, and training;
`stance.model.network` says what is computed, and a test holds this to it.

The input of every product is rounded to int8 row by row, each row with its own scale, and products are summed in whole
numbers. So a row's result is the same to the bit whatever rows stand beside it, and no shape needs to be kept.
"""

import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from stance.model.layers import relative_buckets
from stance.model.network import FINDER_WIDTH, HEADS
from stance.model.weights import COLUMN, SCALE, Stored, pack
from stance.model.windows import Window
from stance.scorers.identity import int8_instructions

LEVELS = 127
BLOCK = 1024
"""Most rows of one product: what is done to them stays in the cache."""
SMALLEST = 1e-9
"""Least size of a row, so that a row of zeros has a scale too."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says about one window: K targets, V voices, T tokens of the text."""

    stance: Floats
    """(K, 3 heads, 3 stances), logits."""
    voices: Floats
    """(K, V, 3 stances), logits."""
    tone: Floats
    """(3,), logits."""
    finder: Floats
    """(K, T), logits."""
    attention: Floats
    """(K, T), sums to 1 where there is a token."""


class _Room(threading.local):
    """Memory of a thread that is used again and again: fresh pages cost as much as the arithmetic on them."""

    def __init__(self) -> None:
        self._kept: dict[str, Tensor] = {}

    def take(self, use: str, rows: int, columns: int, dtype: torch.dtype = torch.float32) -> Tensor:
        """Return a matrix of any content; it is valid until the same use asks again."""
        kept = self._kept.get(use)
        if kept is None or kept.numel() < rows * columns:
            kept = self._kept[use] = torch.empty(rows * columns, dtype=dtype)
        return kept[: rows * columns].view(rows, columns)


def by_floats(left: Tensor, right: Tensor, *, out: Tensor) -> Tensor:
    """Multiply int8 matrices exactly without int8 instructions: float64 holds every such sum."""
    return out.copy_(left.double() @ right.double())


class Product:
    """A linear layer on int8 rows."""

    def __init__(self, stored: Stored, name: str, room: _Room, use: str, *, fine: bool = False) -> None:
        """Make the layer `name` of a stored network.

        Args:
            stored: the network.
            name: of the layer.
            room: memory.
            use: of the result.
            fine: whether what rounding leaves is rounded and multiplied too, at twice the cost.
        """
        self._fine = fine
        weight, scale = stored.values[f"{name}.weight"], stored.values.get(f"{name}.weight{SCALE}")
        if scale is None:
            weight, scale = pack(weight.float())
        self._weight = weight.t()
        factor = stored.values.get(f"{name}.weight{COLUMN}")
        self._factor = None if factor is None else factor.float()
        self._scale = scale.float().flatten() / LEVELS
        self._bias = stored.values[f"{name}.bias"].float()
        self._room = room
        self._use = use
        self._multiply = torch._int_mm if int8_instructions() else by_floats

    def __call__(self, rows: Tensor, out: Tensor | None = None) -> Tensor:
        """Return (rows, outputs) in float32, in `out` or in memory that the next product of the same use takes back."""
        result = self._room.take(self._use, len(rows), len(self._scale)) if out is None else out
        for part, into in zip(blocks(rows), blocks(result), strict=True):
            self._block(part, into)
        return result

    def _block(self, rows: Tensor, result: Tensor) -> None:
        count, width = rows.shape
        if self._factor is not None:
            rows = torch.mul(rows, self._factor, out=self._room.take(f"evened {width}", count, width))
        near = self._room.take(f"near {width}", count, width)
        size = torch.abs(rows, out=near).amax(-1, keepdim=True).clamp_(min=SMALLEST)
        torch.mul(rows, LEVELS / size, out=near).round_()
        whole = self._room.take(f"whole {width}", count, width, torch.int8).copy_(near)
        summed = self._room.take("summed", count, len(self._scale), torch.int32)
        result.copy_(self._multiply(whole, self._weight, out=summed))
        if self._fine:
            left = torch.addcmul(near.neg_(), rows, LEVELS / size, out=near).mul_(2 * LEVELS).round_()
            result.add_(self._multiply(whole.copy_(left), self._weight, out=summed), alpha=1 / (2 * LEVELS))
        torch.addcmul(self._bias, result.mul_(self._scale), size, out=result)


def blocks(rows: Tensor) -> tuple[Tensor, ...]:
    """Part rows evenly into blocks small enough for the processor's cache."""
    count = max(1, -(-len(rows) // BLOCK))
    return torch.split(rows, max(1, -(-len(rows) // count)))


@dataclass(frozen=True, slots=True)
class _Norm:
    weight: Tensor
    bias: Tensor
    eps: float

    def __call__(self, rows: Tensor) -> Tensor:
        return functional.layer_norm(rows, self.weight.shape, self.weight, self.bias, self.eps)


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: Product
    out: Product
    attention_norm: _Norm
    up: Product
    down: Product
    output_norm: _Norm


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one window stands among the packed tokens, and how its names look at it."""

    start: int
    text: int
    """Where the text, with its two separators, ends and the names begin."""
    end: int
    name_bias: Tensor | None
    """(1, heads or 1, names' tokens, all tokens)."""


class PackedNetwork:
    """A stored network, ready to read windows; safe to share between threads."""

    def __init__(self, stored: Stored) -> None:
        self.stored = stored
        self.words = stored.words
        self.calibration = stored.calibration
        self._shape = stored.shape
        self._room = _Room()
        values = stored.values
        self._words, self._words_scale = _table(values, "encoder.words.weight")
        places, scale = _table(values, "encoder.places.weight")
        self._places = places.float() * scale
        self._norm = self._normed("encoder.norm")
        self._near = self._nearness()
        self._layers = [self._layer(f"encoder.layers.{number}.") for number in range(self._shape.layers)]
        names = ("query", "key", "read", "hear", "mood", "find_token", "find_name")
        self._heads = {name: Product(stored, name, self._room, name) for name in names}
        self._logits = {name: self._plain(name) for name in ("stance", "voice", "tone", "find_bias")}
        self._unnamed = values["unnamed"].float()

    def _product(self, name: str, use: str, *, fine: bool = False) -> Product:
        return Product(self.stored, name, self._room, use, fine=fine)

    def _normed(self, name: str) -> _Norm:
        values = self.stored.values
        return _Norm(values[f"{name}.weight"].float(), values[f"{name}.bias"].float(), self._shape.eps)

    def _layer(self, prefix: str) -> _Layer:
        return _Layer(
            qkv=self._product(prefix + "qkv", "qkv", fine=True),
            out=self._product(prefix + "out", "mixed in", fine=True),
            attention_norm=self._normed(prefix + "attention_norm"),
            up=self._product(prefix + "up", "up", fine=True),
            down=self._product(prefix + "down", "grown", fine=True),
            output_norm=self._normed(prefix + "output_norm"),
        )

    def _plain(self, name: str) -> tuple[Tensor, Tensor]:
        table, scale = _table(self.stored.values, f"{name}.weight")
        return table.float() * scale, self.stored.values[f"{name}.bias"].float()

    def _nearness(self) -> Tensor | None:
        """Return what MPNet adds for the distance of each pair of positions, (heads, positions, positions)."""
        if not self._shape.buckets:
            return None
        table, scale = _table(self.stored.values, "encoder.relative.weight")
        places = torch.arange(self._shape.positions)
        buckets = relative_buckets(places[:, None] - places[None], self._shape.buckets)
        return (table.float() * scale)[buckets].permute(2, 0, 1).contiguous()

    def read(self, items: Sequence[Window]) -> list[Reading]:
        """Read windows, at least one, in order."""
        with torch.inference_mode():
            places = self._lay_out(items)
            return self._read_out(self._encode(items, places), items, places)

    def _lay_out(self, items: Sequence[Window]) -> list[_Place]:
        starts = accumulate((len(item.ids) for item in items), initial=0)
        return [
            _Place(start, start + len(item.tokens) + 2, end, self._name_bias(item))
            for item, (start, end) in zip(items, pairwise(starts), strict=True)
        ]

    def _name_bias(self, item: Window) -> Tensor | None:
        if not item.names:
            return None
        text = len(item.tokens) + 2
        sizes = [end + 1 - start for start, end in item.names]
        part = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
        closed = torch.zeros(len(part), text + len(part))
        closed[:, text:].masked_fill_(part[:, None] != part[None], float("-inf"))
        if self._near is None:
            return closed[None, None]
        at = torch.tensor(_name_places(item))
        near = self._near[:, at]
        return (torch.cat([near[:, :, :text], near[:, :, at]], dim=-1) + closed)[None]

    def _encode(self, items: Sequence[Window], places: Sequence[_Place]) -> Tensor:
        ids = torch.tensor(list(chain.from_iterable(item.ids for item in items)))
        at = torch.tensor(list(chain.from_iterable((*range(len(i.tokens) + 2), *_name_places(i)) for i in items)))
        hidden = self._norm(self._words[ids].float().mul_(self._words_scale[ids]).add_(self._places[at]))
        for layer in self._layers:
            mixed = self._attend(layer.qkv(hidden), places)
            hidden = layer.attention_norm(layer.out(mixed).add_(hidden))
            grown = self._room.take("grown", *hidden.shape)
            for part, into in zip(blocks(hidden), blocks(grown), strict=True):
                layer.down(torch.ops.aten.gelu_(layer.up(part)), out=into)
            hidden = layer.output_norm(grown.add_(hidden))
        return hidden

    def _attend(self, qkv: Tensor, places: Sequence[_Place]) -> Tensor:
        """Let texts look at themselves, and names at their text and themselves."""
        heads = self._shape.heads
        split = qkv.view(len(qkv), 3, heads, -1).permute(1, 2, 0, 3)[:, None]
        mixed = self._room.take("mixed", len(qkv), self._shape.hidden)
        by_head = mixed.view(len(qkv), heads, -1).transpose(0, 1)
        for place in places:
            text = place.text - place.start
            near = None if self._near is None else self._near[None, :, :text, :text]
            query, key, value = split[..., place.start : place.end, :].unbind(0)
            read = functional.scaled_dot_product_attention(
                query[..., :text, :], key[..., :text, :], value[..., :text, :], attn_mask=near
            )
            by_head[:, place.start : place.text] = read[0]
            if place.name_bias is not None:
                asked = query[..., text:, :]
                read = functional.scaled_dot_product_attention(asked, key, value, attn_mask=place.name_bias)
                by_head[:, place.text : place.end] = read[0]
        return mixed

    def _read_out(self, hidden: Tensor, items: Sequence[Window], places: Sequence[_Place]) -> list[Reading]:
        """Do what `StanceNetwork.read_out` does, for all windows at once."""
        targets = [len(item.names) for item in items]
        voices = [len(item.voices) for item in items]
        starts = [place.start for place in places]
        texts = [_text(item) for item in items]
        first = hidden[starts]
        mean = _means(hidden, [range(s + a, s + b) for s, (a, b) in zip(starts, texts, strict=True)])
        mood = torch.tanh(self._heads["mood"](torch.cat([first, mean], dim=-1)))
        tone = self._logit("tone", mood)
        if not any(targets):
            nothing = np.zeros((0, 0), dtype=np.float32)
            return [_reading(nothing, nothing, tone[row].numpy(), nothing, nothing) for row in range(len(items))]
        names = _means(hidden, [range(s + a, s + b) for s, i in zip(starts, items, strict=True) for a, b in i.names])
        listed = [[s + at for at in spots] for s, i in zip(starts, items, strict=True) for spots in i.mentions]
        mentions = _means(hidden, listed)
        mentions[[not spots for spots in listed]] = self._unnamed
        query = self._heads["query"](torch.cat([mentions, names], dim=-1)).div_(math.sqrt(hidden.shape[-1]))
        key = self._heads["key"](hidden)
        ends = list(accumulate(targets, initial=0))
        attention, attended = [], []
        for start, (a, b), (low, high) in zip(starts, texts, pairwise(ends), strict=True):
            weights = (query[low:high] @ key[start + a : start + b].t()).softmax(-1)
            attention.append(weights)
            attended.append(weights @ hidden[start + a : start + b])
        whole = first.repeat_interleave(torch.tensor(targets), dim=0)
        joined = torch.cat([mentions, names, whole, torch.cat(attended)], dim=-1)
        target = torch.ops.aten.gelu_(self._heads["read"](joined)).clone()
        stance = self._logit("stance", target).view(-1, len(HEADS), 3).numpy()
        heard = self._hear(target, hidden, items, starts)
        finder = self._find(hidden, names, places, texts, ends)
        told = list(accumulate((k * v for k, v in zip(targets, voices, strict=True)), initial=0))
        return [
            _reading(
                stance[low:high],
                heard[before:after].reshape(high - low, -1, 3) if after > before else heard[:0],
                tone[row].numpy(),
                finder[row],
                attention[row].numpy(),
            )
            for row, ((low, high), (before, after)) in enumerate(zip(pairwise(ends), pairwise(told), strict=True))
        ]

    def _hear(self, target: Tensor, hidden: Tensor, items: Sequence[Window], starts: Sequence[int]) -> Floats:
        """Return logits (pairs, 3) of every target and voice of each window, voices running fastest."""
        spots = [[s + at for at in voice] for s, item in zip(starts, items, strict=True) for voice in item.voices]
        left, right, targets, voices = [], [], 0, 0
        for item in items:
            count, holders = len(item.names), len(item.voices)
            left += [targets + k for k in range(count) for _ in range(holders)]
            right += [voices + v for _ in range(count) for v in range(holders)]
            targets, voices = targets + count, voices + holders
        if not left:
            return np.zeros((0, 3), dtype=np.float32)
        pairs = torch.cat([target[left], _means(hidden, spots)[right]], dim=-1)
        return self._logit("voice", torch.ops.aten.gelu_(self._heads["hear"](pairs))).numpy()

    def _find(
        self,
        hidden: Tensor,
        names: Tensor,
        places: Sequence[_Place],
        texts: Sequence[tuple[int, int]],
        ends: Sequence[int],
    ) -> list[Floats]:
        named = self._heads["find_name"](names).div_(math.sqrt(FINDER_WIDTH))
        tokens, bias = self._heads["find_token"](hidden), self._logit("find_bias", hidden)[:, 0]
        found = []
        for place, (a, b), (low, high) in zip(places, texts, pairwise(ends), strict=True):
            part = slice(place.start + a, place.start + b)
            found.append((named[low:high] @ tokens[part].t() + bias[part]).numpy())
        return found

    def _logit(self, name: str, rows: Tensor) -> Tensor:
        """Return (rows, outputs) of a layer with few outputs, each row summed by itself."""
        weight, bias = self._logits[name]
        return (rows[:, None] * weight).sum(-1) + bias


def _table(values: Mapping[str, Tensor], name: str) -> tuple[Tensor, Tensor]:
    """Return a stored matrix and the scale of its rows, (rows, 1)."""
    scale = values.get(name + SCALE)
    return values[name], torch.ones(len(values[name]), 1) if scale is None else scale.float()


def _name_places(item: Window) -> list[int]:
    """Position of each name's tokens: every name starts just behind the text."""
    text = len(item.tokens) + 2
    return [text + number for start, end in item.names for number in range(end + 1 - start)]


def _text(item: Window) -> tuple[int, int]:
    """Where the text's tokens stand in a window; its first separator if it has none."""
    return (1, 1 + len(item.tokens)) if item.tokens else (0, 1)


def _means(hidden: Tensor, spots: Sequence[Sequence[int]]) -> Tensor:
    """Return the mean of some rows for each entry, (entries, width); zero where there are none."""
    flat = torch.tensor(list(chain.from_iterable(spots)), dtype=torch.int64)
    starts = torch.tensor([0, *accumulate(map(len, spots))][:-1], dtype=torch.int64)
    if not len(flat):
        return hidden.new_zeros(len(spots), hidden.shape[-1])
    return functional.embedding_bag(flat, hidden, starts, mode="mean")


def _reading(stance: Floats, voices: Floats, tone: Floats, finder: Floats, attention: Floats) -> Reading:
    return Reading(stance=stance, voices=voices, tone=tone, finder=finder, attention=attention)
