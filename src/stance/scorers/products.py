"""Linear layers of the fast CPU path: a row's result is the same to the bit whatever rows stand beside it.

What belongs here: products of stored matrices in int8 and in bfloat16, with what follows on them. What does not: what
the network does with them, and the loops over single numbers (`kernels`).

int8: an input is rounded row by row, each row with its own scale, and products are summed in whole numbers, so no
shape needs to be kept; a product has many rows, as it reads its matrix once for all of them. bfloat16: oneDNN takes
other steps for other numbers of rows, so every product has `BFLOAT16_ROWS` rows, the last ones empty.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Self

import torch
from torch import Tensor
from torch.nn import functional

from stance.errors import ConfigError
from stance.model.weights import COLUMN, SCALE, Stored, expanded, pack
from stance.scorers import kernels
from stance.scorers.identity import int8_instructions

ROWS = 1024
"""Most rows of an int8 product."""
BFLOAT16_ROWS = 256
"""Rows of a bfloat16 product."""


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


class Norm(NamedTuple):
    """What normalises rows after a layer."""

    weight: Tensor
    bias: Tensor
    eps: float

    def __call__(self, rows: Tensor) -> Tensor:
        """Return the rows normalised."""
        return functional.layer_norm(rows, self.weight.shape, self.weight, self.bias, self.eps)


class Product(ABC):
    """A linear layer, from rows to rows of one kind of numbers; results may lie in memory that the next call takes."""

    @abstractmethod
    def __call__(self, rows: Tensor) -> Tensor:
        """Return (rows, outputs)."""

    @abstractmethod
    def add(self, rows: Tensor, norm: Norm, to: Tensor) -> None:
        """Add the result to the rows of `to` and normalise these, in their place."""

    @abstractmethod
    def add_gelu(self, first: Self, rows: Tensor, norm: Norm) -> None:
        """Add the result for GELU of what `first` makes of `rows` to these, and normalise them, in their place."""


def blocks(rows: Tensor) -> Sequence[Tensor]:
    """Part rows into blocks of at most `ROWS`, about as many in each."""
    return torch.chunk(rows, -(-len(rows) // ROWS) or 1)


def by_floats(left: Tensor, right: Tensor, *, out: Tensor) -> Tensor:
    """Multiply int8 matrices exactly without int8 instructions: float64 holds every such sum."""
    return out.copy_(left.double() @ right.double())


class Int8Product(Product):
    """Float32 rows, rounded to int8."""

    def __init__(self, stored: Stored, name: str, room: Room) -> None:
        """Make the layer `name` of a stored network."""
        weight, scale = stored.values[f"{name}.weight"], stored.values.get(f"{name}.weight{SCALE}")
        if scale is None:
            weight, scale = pack(weight.float())
        self._weight = weight.t()
        factor = stored.values.get(f"{name}.weight{COLUMN}")
        self._factor = (torch.ones(len(self._weight)) if factor is None else factor.float()).numpy()
        self._scale = (scale.float().flatten() / float(kernels.LEVELS)).numpy()
        self._bias = stored.values[f"{name}.bias"].float().numpy()
        self._room = room
        self._use = name.rpartition(".")[2]
        self._multiply = torch._int_mm if int8_instructions() else by_floats

    def __call__(self, rows: Tensor) -> Tensor:
        """Return (rows, outputs)."""
        result = self._room.take(self._use, len(rows), len(self._scale))
        for block, into in zip(blocks(rows), blocks(result), strict=True):
            kernels.finished(*self._sums(*self._rounded(block)), self._scale, self._bias, into.numpy())
        return result

    def add(self, rows: Tensor, norm: Norm, to: Tensor) -> None:
        """Add the result to the rows of `to` and normalise these, in their place."""
        for block, changed in zip(blocks(rows), blocks(to), strict=True):
            self._add(self._rounded(block), norm, changed)

    def add_gelu(self, first: Self, rows: Tensor, norm: Norm) -> None:
        """Add the result for GELU of what `first` makes of `rows` to these, and normalise them, in their place."""
        for block in blocks(rows):
            sums, sizes = first._sums(*first._rounded(block))
            whole, new_sizes = self._whole(len(block))
            kernels.gelu_rounded(sums, sizes, first._scale, first._bias, self._factor, whole.numpy(), new_sizes.numpy())
            self._add((whole, new_sizes), norm, block)

    def _add(self, rounded: tuple[Tensor, Tensor], norm: Norm, to: Tensor) -> None:
        weight, bias, eps = norm
        kernels.normed(*self._sums(*rounded), self._scale, self._bias, weight.numpy(), bias.numpy(), eps, to.numpy())

    def _whole(self, rows: int) -> tuple[Tensor, Tensor]:
        """Return memory for so many rounded rows and their sizes."""
        width = len(self._weight)
        whole = self._room.take(f"whole {width}", rows, width, torch.int8)
        return whole, self._room.take(f"sizes {width}", rows, 1).flatten()

    def _rounded(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Return rows in steps of their own, and the size of each."""
        whole, sizes = self._whole(len(rows))
        kernels.rounded(rows.numpy(), self._factor, whole.numpy(), sizes.numpy())
        return whole, sizes

    def _sums(self, whole: Tensor, sizes: Tensor) -> tuple[kernels.Sums, kernels.Floats]:
        """Return the sums of the products of rounded rows, and the sizes of these."""
        summed = self._room.take("summed", len(whole), len(self._scale), torch.int32)
        self._multiply(whole, self._weight, out=summed)
        return summed.numpy(), sizes.numpy()


class BFloat16Product(Product):
    """Bfloat16 rows, summed in float32, by oneDNN with its instructions for that."""

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
        parts = [self._part("none", part) for part in _parts(rows)]
        if len(parts) == 1:
            return parts[0]
        return torch.cat(parts, out=self._room.take(self._use, len(rows), self._outputs, torch.bfloat16))

    def add(self, rows: Tensor, norm: Norm, to: Tensor) -> None:
        """Add the result to the rows of `to` and normalise these, in their place."""
        for part, changed in zip(_parts(rows), _parts(to), strict=True):
            changed.copy_(norm(self._part("add", part, changed)))

    def add_gelu(self, first: Self, rows: Tensor, norm: Norm) -> None:
        """Add the result for GELU of what `first` makes of `rows` to these, and normalise them, in their place."""
        for part in _parts(rows):
            part.copy_(norm(self._part("add", first._part("gelu", part), part)))

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


def _parts(rows: Tensor) -> Sequence[Tensor]:
    return torch.split(rows, BFLOAT16_ROWS)


def _whole(rows: Tensor) -> Tensor:
    """Return `BFLOAT16_ROWS` rows of bfloat16, the last ones zero."""
    rows = rows.bfloat16()
    empty = BFLOAT16_ROWS - len(rows)
    return functional.pad(rows, (0, 0, 0, empty)) if empty else rows
