"""Linear layers of the fast CPU path: a row's result is the same to the bit whatever rows stand beside it.

What belongs here: products of stored matrices in int8 and in bfloat16. What does not: what the network does with them.

int8: an input is rounded row by row, each row with its own scale, and products are summed in whole numbers, so no
shape needs to be kept. bfloat16: oneDNN takes other steps for other numbers of rows, so every product has
`BFLOAT16_ROWS` rows, the last ones empty.

Rows go from layer to layer a few at a time, so that what is done to each number lies in the cache, while an int8
product has many rows: it reads its matrix once for all of them.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from stance.errors import ConfigError
from stance.model.weights import COLUMN, SCALE, Stored, expanded, pack
from stance.scorers.identity import int8_instructions

LEVELS = 127
ROWS = 4096
"""Most rows of an int8 product."""
INT8_ROWS = 256
"""Rows that are rounded, or finished, at once: what is done to them stays in the cache."""
BFLOAT16_ROWS = 256
"""Rows of a bfloat16 product."""
SMALLEST = 1e-9
"""Least size of a row, so that a row of zeros has a scale too."""


class Room(threading.local):
    """Memory of a thread that is used again and again: fresh pages cost as much as the arithmetic on them."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, torch.dtype], Tensor] = {}

    def take(self, use: str, rows: int, columns: int, dtype: torch.dtype = torch.float32) -> Tensor:
        """Return a matrix of any content; it is valid until the same use asks again."""
        kept = self._kept.get((use, dtype))
        if kept is None or kept.numel() < rows * columns:
            kept = self._kept[use, dtype] = torch.empty(rows * columns, dtype=dtype)
        return kept[: rows * columns].view(rows, columns)


class Product(ABC):
    """A linear layer, from rows to rows of one kind of numbers; results may lie in memory that the next call takes."""

    few: ClassVar[int]
    """Most rows of a part."""

    @abstractmethod
    def __call__(self, rows: Tensor) -> Tensor:
        """Return (rows, outputs)."""

    @abstractmethod
    def gelu(self, parts: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yield GELU of the result for each part of a block; one is valid until the next is asked for."""

    @abstractmethod
    def plus(self, parts: Iterable[Tensor], other: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yield the result for each part of a block plus its `other`; one is valid until the next is asked for."""

    def parts(self, rows: Tensor) -> Sequence[Tensor]:
        """Part rows as `gelu` and `plus` take them."""
        return torch.split(rows, self.few)


def blocks(rows: Tensor) -> Sequence[Tensor]:
    """Part rows into blocks of `ROWS`, the last one what is left."""
    return torch.split(rows, ROWS)


def by_floats(left: Tensor, right: Tensor, *, out: Tensor) -> Tensor:
    """Multiply int8 matrices exactly without int8 instructions: float64 holds every such sum."""
    return out.copy_(left.double() @ right.double())


class Int8Product(Product):
    """Float32 rows, rounded to int8."""

    few = INT8_ROWS

    def __init__(self, stored: Stored, name: str, room: Room) -> None:
        """Make the layer `name` of a stored network."""
        weight, scale = stored.values[f"{name}.weight"], stored.values.get(f"{name}.weight{SCALE}")
        if scale is None:
            weight, scale = pack(weight.float())
        self._weight = weight.t()
        factor = stored.values.get(f"{name}.weight{COLUMN}")
        self._factor = None if factor is None else factor.float()
        self._scale = scale.float().flatten() / LEVELS
        self._bias = stored.values[f"{name}.bias"].float()
        self._room = room
        self._use = name.rpartition(".")[2]
        self._multiply = torch._int_mm if int8_instructions() else by_floats

    def __call__(self, rows: Tensor) -> Tensor:
        """Return (rows, outputs)."""
        result = self._room.take(self._use, len(rows), len(self._scale))
        for block, into in zip(blocks(rows), blocks(result), strict=True):
            for found, part in zip(self._sums(self.parts(block)), self.parts(into), strict=True):
                self._finish(*found, part)
        return result

    def gelu(self, parts: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yield GELU of the result for each part."""
        return map(torch.ops.aten.gelu_, self._finished(parts))

    def plus(self, parts: Iterable[Tensor], other: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yield the result for each part plus its `other`."""
        return map(Tensor.add_, self._finished(parts), other)

    def _finished(self, parts: Iterable[Tensor]) -> Iterator[Tensor]:
        room = self._room.take(f"few of {self._use}", self.few, len(self._scale))
        for sums, size in self._sums(parts):
            yield self._finish(sums, size, room[: len(sums)])

    def _sums(self, parts: Iterable[Tensor]) -> Iterator[tuple[Tensor, Tensor]]:
        """Round all parts, at most `ROWS` rows; yield the sums of each part's products and the size of its rows."""
        width, sizes, count = len(self._weight), [], 0
        whole = self._room.take(f"whole {width}", ROWS, width, torch.int8)
        for part in parts:
            sizes.append(self._round(part, whole[count : count + len(part)]))
            count += len(part)
        summed = self._room.take("summed", count, len(self._scale), torch.int32)
        self._multiply(whole[:count], self._weight, out=summed)
        return zip(self.parts(summed), sizes, strict=True)

    def _round(self, rows: Tensor, whole: Tensor) -> Tensor:
        """Put rows, in steps of their own, into `whole`; return the size of each, (rows, 1)."""
        near = self._room.take(f"near {rows.shape[1]}", *rows.shape)
        if self._factor is not None:
            rows = torch.mul(rows, self._factor, out=near)
        size = torch.maximum(rows.amax(-1, keepdim=True), rows.amin(-1, keepdim=True).neg_()).clamp_(min=SMALLEST)
        whole.copy_(torch.mul(rows, LEVELS / size, out=near).round_())
        return size

    def _finish(self, sums: Tensor, size: Tensor, result: Tensor) -> Tensor:
        return torch.addcmul(self._bias, result.copy_(sums).mul_(self._scale), size, out=result)


class BFloat16Product(Product):
    """Bfloat16 rows, summed in float32, by oneDNN with its instructions for that."""

    few = BFLOAT16_ROWS

    def __init__(self, stored: Stored, name: str, room: Room) -> None:
        """Make the layer `name` of a stored network.

        Raises:
            ConfigError: the processor has no such instructions.
        """
        if not torch.ops.mkldnn._is_mkldnn_bf16_supported():
            raise ConfigError("precision 'bfloat16' needs a processor with AVX512 or newer; use 'auto' or 'float32'")
        weight = expanded(stored.values, f"{name}.weight").bfloat16()
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, BFLOAT16_ROWS)
        self._outputs = len(weight)
        self._bias = stored.values[f"{name}.bias"].bfloat16()
        self._room = room
        self._use = name.rpartition(".")[2]

    def __call__(self, rows: Tensor) -> Tensor:
        """Return (rows, outputs)."""
        parts = [self._part("none", part) for part in self.parts(rows)]
        if len(parts) == 1:
            return parts[0]
        return torch.cat(parts, out=self._room.take(self._use, len(rows), self._outputs, torch.bfloat16))

    def gelu(self, parts: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yield GELU of the result for each part."""
        return map(self._part, repeat("gelu"), parts)

    def plus(self, parts: Iterable[Tensor], other: Iterable[Tensor]) -> Iterator[Tensor]:
        """Yield the result for each part plus its `other`."""
        return map(self._part, repeat("add"), parts, other)

    def _part(self, then: str, *inputs: Tensor) -> Tensor:
        """Return the result for the first of `inputs`, with what is done to it then, in oneDNN's words."""
        rows, *other = map(_whole, inputs)
        multiply = torch.ops.mkldnn._linear_pointwise
        result: Tensor = (
            multiply.binary(rows, *other, self._weight, self._bias, then)
            if other
            else multiply(rows, self._weight, self._bias, then, [], "none")
        )
        return result[: len(inputs[0])]


def _whole(rows: Tensor) -> Tensor:
    """Return `BFLOAT16_ROWS` rows of bfloat16, the last ones zero."""
    rows = rows.bfloat16()
    empty = BFLOAT16_ROWS - len(rows)
    return functional.pad(rows, (0, 0, 0, empty)) if empty else rows
