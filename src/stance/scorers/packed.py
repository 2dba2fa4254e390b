"""The network's forward pass for the CPU: fast products, windows laid end to end without padding.

What belongs here: the fast reading of a stored model. What does not: layout of windows, merging them, training, and the
products themselves (`products`); `stance.model.network` says what is computed, and a test holds this to it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, pairwise
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor
from torch.nn import functional

from stance.model.calibrate import Calibration
from stance.model.layers import relative_buckets
from stance.model.network import FINDER_WIDTH, HEADS, SHOW_WIDTH
from stance.model.weights import COLUMN, SCALE, Stored
from stance.model.windows import Showing, Window, showings
from stance.scorers import kernels
from stance.scorers.products import BFloat16Product, Int8Product, Norm, Product, Room

Floats = NDArray[np.float32]
WIDTHS = {"find": FINDER_WIDTH, "show": SHOW_WIDTH}


@dataclass(frozen=True, slots=True)
class Reading:
    """What the network says about one window: K targets, V voices, T tokens of the text."""

    window: Window
    """As it was read: with the mentions that the network found."""
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
    shows: Floats
    """(K, T), in [0, 1]: the chance that a token names somebody who has a stance."""
    showings: Sequence[Showing] = ()
    """Who shows a stance."""
    shown: Sequence[Floats] = ()
    """Of each of them the logits (3,) of his stance."""


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: Product
    query: Product | None
    """The first part of `qkv`, for names that are read at a glance; None in a layer that they do not pass."""
    out: Product
    attention_norm: Norm
    up: Product
    down: Product
    output_norm: Norm

    def merge(self, hidden: Tensor, mixed: Tensor) -> None:
        """Put the layer's result in the place of the rows; `mixed` is what attention found for each of them."""
        self.out.add(mixed, self.attention_norm, hidden)
        self.down.add_gelu(self.up, hidden, self.output_norm)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one window stands among the packed tokens, and how its names look at it."""

    start: int
    text: int
    """Where the text, with its two separators, ends and the names that are read in full begin."""
    end: int
    glances: tuple[int, int]
    """Where the names that are read at a glance stand, one token each."""
    names: tuple[range, ...]
    """The tokens of each target's name, without its separator."""
    text_bias: Tensor | None
    """(1, heads, text's tokens, text's tokens)."""
    name_bias: Tensor | None
    """(1, heads or 1, tokens of names in full, all tokens)."""
    glance_bias: Tensor | None
    """(1, heads, names at a glance, text's tokens)."""


class PackedNetwork:
    """A stored network, ready to read windows; safe to share between threads."""

    def __init__(self, stored: Stored, precision: Literal["int8", "bfloat16"]) -> None:
        self.stored = stored
        self._dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
        self.words = stored.words
        self.calibration = stored.calibration
        self._shape = stored.shape
        self._room = Room()
        self._kind = BFloat16Product if self._dtype is torch.bfloat16 else Int8Product
        values = stored.values
        self._words, self._words_scale = _table(values, "encoder.words.weight")
        places, scale = _table(values, "encoder.places.weight")
        self._places = places.float() * scale
        self._norm = self._normed("encoder.norm")
        self._near = self._nearness()
        self._layers = [self._layer(number) for number in range(self._shape.layers)]
        names = ("query", "key", "read", "hear", "mood", "find_token", "find_name", "show_token", "show_target")
        self._heads = {name: self._product(name) for name in names}
        self._logits = {name: self._plain(name) for name in ("stance", "voice", "tone", "find_bias", "show_bias")}
        self._unnamed = values["unnamed"].float()

    def _product(self, name: str) -> Product:
        return self._kind(self.stored, name, self._room)

    def _query(self, prefix: str) -> Product:
        """Return the part of `qkv` that makes queries."""
        values, rows = self.stored.values, self._shape.hidden
        kept = {f"weight{COLUMN}": None, "weight": rows, f"weight{SCALE}": rows, "bias": rows}
        parts = {
            f"{prefix}asked.{part}": values[f"{prefix}qkv.{part}"][:first]
            for part, first in kept.items()
            if f"{prefix}qkv.{part}" in values
        }
        return self._kind(replace(self.stored, values=parts), f"{prefix}asked", self._room)

    def _normed(self, name: str) -> Norm:
        values = self.stored.values
        return Norm(values[f"{name}.weight"].float(), values[f"{name}.bias"].float(), self._shape.eps)

    def _layer(self, number: int) -> _Layer:
        prefix = f"encoder.layers.{number}."
        return _Layer(
            qkv=self._product(prefix + "qkv"),
            query=self._query(prefix) if number in self._shape.glance else None,
            out=self._product(prefix + "out"),
            attention_norm=self._normed(prefix + "attention_norm"),
            up=self._product(prefix + "up"),
            down=self._product(prefix + "down"),
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
        return (table.float() * scale)[buckets].permute(2, 0, 1).to(self._dtype).contiguous()

    def rows(self, item: Window) -> int:
        """Return how many tokens a window has as the layers read it."""
        sizes = (end + 1 - start if own else 1 for (start, end), own in zip(item.names, self._full(item), strict=True))
        return len(item.tokens) + 2 + sum(sizes)

    def read(self, items: Sequence[Window]) -> list[Reading]:
        """Read windows, at least one, in order."""
        with torch.inference_mode():
            places = self._lay_out(items)
            return self._read_out(self._encode(items, places).float(), items, places)

    def _full(self, item: Window) -> list[bool]:
        """Return for each name whether all its tokens, its separator included, read the text in all layers."""
        return [named or not self._shape.glance for named in item.named]

    def _lay_out(self, items: Sequence[Window]) -> list[_Place]:
        """Lay windows end to end, behind the last the names that are read at a glance."""
        texts = [len(item.tokens) + 2 for item in items]
        full = [self._full(item) for item in items]
        sizes = [
            [end + 1 - start for (start, end), own in zip(item.names, whole, strict=True) if own]
            for item, whole in zip(items, full, strict=True)
        ]
        starts = list(accumulate((text + sum(size) for text, size in zip(texts, sizes, strict=True)), initial=0))
        glances = accumulate((whole.count(False) for whole in full), initial=starts[-1])
        near: dict[int, Tensor] = {}
        if self._near is not None:
            near = {text: self._near[None, :, :text, :text].contiguous() for text in set(texts)}
        return [
            _Place(
                start=start,
                text=start + text,
                end=end,
                glances=(first, stop),
                names=tuple(_name_rows(start + text, size, first, whole)),
                text_bias=near.get(text),
                name_bias=self._name_bias(text, size),
                glance_bias=self._glance_bias(text, stop - first),
            )
            for text, size, whole, (start, end), (first, stop) in zip(
                texts, sizes, full, pairwise(starts), pairwise(glances), strict=True
            )
        ]

    def _name_bias(self, text: int, sizes: Sequence[int]) -> Tensor | None:
        if not sizes:
            return None
        part = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
        closed = torch.zeros(len(part), text + len(part), dtype=self._dtype)
        closed[:, text:].masked_fill_(part[:, None] != part[None], float("-inf"))
        if self._near is None:
            return closed[None, None]
        at = torch.tensor([text + number for size in sizes for number in range(size)])
        near = self._near[:, at]
        return (torch.cat([near[:, :, :text], near[:, :, at]], dim=-1) + closed)[None]

    def _glance_bias(self, text: int, count: int) -> Tensor | None:
        if not count or self._near is None:
            return None
        return self._near[None, :, text : text + 1, :text].expand(-1, -1, count, -1)

    def _encode(self, items: Sequence[Window], places: Sequence[_Place]) -> Tensor:
        ids: list[int] = []
        at: list[int] = []
        glanced: list[tuple[int, Sequence[int]]] = []
        for item in items:
            text = len(item.tokens) + 2
            ids += item.ids[:text]
            at += range(text)
            for (start, end), full in zip(item.names, self._full(item), strict=True):
                if full:
                    ids += item.ids[start : end + 1]
                    at += range(text, text + end + 1 - start)
                else:
                    glanced.append((text, item.ids[start:end]))
        hidden = self._embedded(ids, at)
        if glanced:
            names = [number for _, name in glanced for number in name]
            apart = self._embedded(names, [place + number for place, name in glanced for number in range(len(name))])
            ends = accumulate((len(name) for _, name in glanced), initial=0)
            single = _means(apart.float(), [range(*span) for span in pairwise(ends)])
            hidden = torch.cat([hidden, single.to(self._dtype)])
        return self._through(hidden, places)

    def _embedded(self, ids: list[int], at: list[int]) -> Tensor:
        chosen = torch.tensor(ids)
        words = self._words[chosen].float().mul_(self._words_scale[chosen])
        return self._norm(words.add_(self._places[torch.tensor(at)])).to(self._dtype)

    def _through(self, hidden: Tensor, places: Sequence[_Place]) -> Tensor:
        """Return what the layers make of `hidden`, in its place."""
        in_full = places[-1].end
        for layer in self._layers:
            rows = hidden if layer.query else hidden[:in_full]
            mixed = self._attend(layer, rows, places)
            layer.merge(rows, mixed)
        return hidden

    def _attend(self, layer: _Layer, hidden: Tensor, places: Sequence[_Place]) -> Tensor:
        """Let texts look at themselves, names at text and themselves, those read at a glance at the text alone."""
        heads, in_full = self._shape.heads, places[-1].end
        split = layer.qkv(hidden[:in_full]).view(in_full, 3, heads, -1).permute(1, 2, 0, 3)[:, None]
        asking = None
        if layer.query and len(hidden) > in_full:
            asking = layer.query(hidden[in_full:]).view(len(hidden) - in_full, heads, -1).transpose(0, 1)[None]
        mixed = self._room.take("mixed", len(hidden), self._shape.hidden, self._dtype)
        by_head = mixed.view(len(hidden), heads, -1).transpose(0, 1)
        for place in places:
            text = place.text - place.start
            query, key, value = split[..., place.start : place.end, :].unbind(0)
            seen = key[..., :text, :], value[..., :text, :]
            by_head[:, place.start : place.text] = self._look(query[..., :text, :], *seen, place.text_bias)
            if place.end > place.text:
                by_head[:, place.text : place.end] = self._look(query[..., text:, :], key, value, place.name_bias)
            first, stop = place.glances
            if asking is not None and stop > first:
                asked = asking[..., first - in_full : stop - in_full, :]
                by_head[:, first:stop] = self._look(asked, *seen, place.glance_bias)
        return mixed

    def _look(self, query: Tensor, key: Tensor, value: Tensor, bias: Tensor | None) -> Tensor:
        """Return what queries (1, heads, rows, width) find, (heads, rows, width)."""
        if bias is None or self._dtype is not torch.float32:
            return functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)[0]
        # In float32 three plain calls take less time than the one that keeps no scores.
        _, heads, rows, width = query.shape
        scores = self._room.take("scores", heads * rows, key.shape[2]).view(heads, rows, -1)
        shares = self._room.take("shares", heads * rows, key.shape[2]).view(heads, rows, -1)
        torch.baddbmm(bias[0], query[0], key[0].transpose(1, 2), alpha=1 / math.sqrt(width), out=scores)
        return torch.softmax(scores, -1, out=shares) @ value[0]

    def _read_out(self, hidden: Tensor, items: Sequence[Window], places: Sequence[_Place]) -> list[Reading]:
        """Do what `StanceNetwork.read_out` does, for all windows at once."""
        targets = [len(item.names) for item in items]
        voices = [len(item.voices) for item in items]
        starts = [place.start for place in places]
        spans = [slice(s + a, s + b) for s, (a, b) in zip(starts, map(_text, items), strict=True)]
        first = hidden[starts]
        mean = _means(hidden, [range(span.start, span.stop) for span in spans])
        mood = torch.tanh(self._head("mood", torch.cat([first, mean], dim=-1)))
        tone = self._logit("tone", mood)
        if not any(targets):
            nothing = np.zeros((0, 0), dtype=np.float32)
            return [
                Reading(
                    window=item,
                    stance=nothing,
                    voices=nothing,
                    tone=said.numpy(),
                    finder=nothing,
                    attention=nothing,
                    shows=nothing,
                )
                for item, said in zip(items, tone, strict=True)
            ]
        names = _means(hidden, [rows for place in places for rows in place.names])
        ends = list(accumulate(targets, initial=0))
        finder = self._marks("find_name", names, "find", hidden, spans, ends)
        items = [sought(item, logits, self.calibration) for item, logits in zip(items, finder, strict=True)]
        listed = [[s + at for at in spots] for s, i in zip(starts, items, strict=True) for spots in i.mentions]
        mentions = _means(hidden, listed)
        mentions[[not spots for spots in listed]] = self._unnamed
        query = self._head("query", torch.cat([mentions, names], dim=-1)).div_(math.sqrt(hidden.shape[-1]))
        key = self._head("key", hidden)
        attention, attended = [], []
        for span, (low, high) in zip(spans, pairwise(ends), strict=True):
            weights = (query[low:high] @ key[span].t()).softmax(-1)
            attention.append(weights)
            attended.append(weights @ hidden[span])
        whole = first.repeat_interleave(torch.tensor(targets), dim=0)
        parts = [mentions, names, whole, torch.cat(attended)]
        joined = torch.cat(parts, dim=-1, out=self._room.take("joined", len(whole), 4 * self._shape.hidden))
        target = torch.ops.aten.gelu_(self._head("read", joined)).clone()
        stance = self._logit("stance", target).view(-1, len(HEADS), 3).numpy()
        heard = self._hear(target, hidden, items, starts)
        shows = [expit(logits) for logits in self._marks("show_target", target, "show", hidden, spans, ends)]
        showing = [showings(item, chances, self.calibration.shown) for item, chances in zip(items, shows, strict=True)]
        shown = self._shown(target, hidden, showing, starts, ends)
        told = list(accumulate((k * v for k, v in zip(targets, voices, strict=True)), initial=0))
        return [
            Reading(
                window=items[row],
                stance=stance[low:high],
                voices=heard[before:after].reshape(high - low, -1, 3) if after > before else heard[:0],
                tone=tone[row].numpy(),
                finder=finder[row],
                attention=attention[row].numpy(),
                shows=shows[row],
                showings=showing[row],
                shown=list(shown[row]),
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
        return self._heard(target, left, _means(hidden, spots)[right])

    def _heard(self, target: Tensor, left: Sequence[int], words: Tensor) -> Floats:
        if not left:
            return np.zeros((0, 3), dtype=np.float32)
        pairs = torch.cat([target[left], words], dim=-1)
        return self._logit("voice", torch.ops.aten.gelu_(self._head("hear", pairs))).numpy()

    def _shown(
        self,
        target: Tensor,
        hidden: Tensor,
        showing: Sequence[Sequence[Showing]],
        starts: Sequence[int],
        ends: Sequence[int],
    ) -> list[Floats]:
        """Return for each window logits (showings, 3)."""
        spots = [[s + at for at in one.places] for s, some in zip(starts, showing, strict=True) for one in some]
        left = [low + one.column for low, some in zip(ends[:-1], showing, strict=True) for one in some]
        heard = self._heard(target, left, _means(hidden, spots))
        return [heard[before:after] for before, after in pairwise(accumulate(map(len, showing), initial=0))]

    def _marks(
        self,
        asks: str,
        rows: Tensor,
        kind: Literal["find", "show"],
        hidden: Tensor,
        texts: Sequence[slice],
        ends: Sequence[int],
    ) -> list[Floats]:
        """Return for each window logits (K, T) of a head that asks with its targets' rows for tokens."""
        asking = self._head(asks, rows).div_(math.sqrt(WIDTHS[kind]))
        tokens, bias = self._head(f"{kind}_token", hidden), self._logit(f"{kind}_bias", hidden)[:, 0]
        return [
            (asking[low:high] @ tokens[text].t() + bias[text]).numpy()
            for text, (low, high) in zip(texts, pairwise(ends), strict=True)
        ]

    def _head(self, name: str, rows: Tensor) -> Tensor:
        return self._heads[name](rows).float()

    def _logit(self, name: str, rows: Tensor) -> Tensor:
        """Return (rows, outputs) of a layer with few outputs, each row summed by itself."""
        weight, bias = self._logits[name]
        result = torch.empty(len(rows), len(weight))
        kernels.dots(rows.numpy(), weight.numpy(), bias.numpy(), result.numpy())
        return result


def _table(values: Mapping[str, Tensor], name: str) -> tuple[Tensor, Tensor]:
    """Return a stored matrix and the scale of its rows, (rows, 1)."""
    scale = values.get(name + SCALE)
    return values[name], torch.ones(len(values[name]), 1) if scale is None else scale.float()


def _name_rows(start: int, sizes: Sequence[int], glance: int, full: Sequence[bool]) -> Iterator[range]:
    """Yield where each name's tokens stand, without separators: in full from `start` on, or one from `glance` on."""
    left = iter(sizes)
    for own in full:
        if own:
            size = next(left)
            yield range(start, start + size - 1)
            start += size
        else:
            yield range(glance, glance + 1)
            glance += 1


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


def sought(item: Window, logits: Floats, calibration: Calibration) -> Window:
    """Return a window with the mentions that the finder, of which these are the logits (K, T), sees in it."""
    return item.with_found(expit(logits), calibration.finder) if item.seeks() else item
