"""Linear layers of the fast CPU path: a row's result is the same to the bit whatever rows stand beside it.

What belongs here: products of stored matrices in int8 and in bfloat16. What does not: what the network does with them.

int8: an input is rounded row by row, each row with its own scale, and products are summed in whole numbers, so no
shape needs to be kept. bfloat16: oneDNN takes other steps for other numbers of rows, so every product has `ROWS` rows,
the last ones empty.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

from stance.errors import ConfigError
from stance.model.weights import COLUMN, SCALE, Stored, expanded, pack
from stance.scorers.identity import int8_instructions

Then = Literal["none", "gelu", "add"]
"""What is done to a result, in oneDNN's words."""
LEVELS = 127
ROWS = 256
"""Rows of a product: what is done to them stays in the cache."""
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

    def __call__(self, rows: Tensor) -> Tensor:
        """Return (rows, outputs)."""
        return self._result("none", rows)

    def gelu(self, rows: Tensor) -> Tensor:
        """Return GELU of the result, (rows, outputs)."""
        return self._result("gelu", rows)

    def plus(self, rows: Tensor, other: Tensor) -> Tensor:
        """Return the result for `rows` plus `other`, (rows, outputs)."""
        return self._result("add", rows, other)

    @abstractmethod
    def _result(self, then: Then, rows: Tensor, *other: Tensor) -> Tensor: ...


def blocks(rows: Tensor) -> Sequence[Tensor]:
    """Part rows into blocks of `ROWS`, the last one what is left."""
    return torch.split(rows, ROWS)


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
        self._factor = None if factor is None else factor.float()
        self._scale = scale.float().flatten() / LEVELS
        self._bias = stored.values[f"{name}.bias"].float()
        self._room = room
        self._use = name.rpartition(".")[2]
        self._multiply = torch._int_mm if int8_instructions() else by_floats

    def _result(self, then: Then, rows: Tensor, *other: Tensor) -> Tensor:
        result = self._room.take(self._use, len(rows), len(self._scale))
        for part, into in zip(blocks(rows), blocks(result), strict=True):
            self._block(part, into)
        if then == "gelu":
            torch.ops.aten.gelu_(result)
        return result.add_(*other) if other else result

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
        torch.addcmul(self._bias, result.mul_(self._scale), size, out=result)


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
        self._weight = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS)
        self._outputs = len(weight)
        self._bias = stored.values[f"{name}.bias"].bfloat16()
        self._room = room
        self._use = name.rpartition(".")[2]

    def _result(self, then: Then, rows: Tensor, *other: Tensor) -> Tensor:
        parts = [self._block(then, *part) for part in zip(*map(blocks, (rows, *other)), strict=True)]
        if len(parts) == 1:
            return parts[0]
        return torch.cat(parts, out=self._room.take(self._use, len(rows), self._outputs, torch.bfloat16))

    def _block(self, then: Then, *inputs: Tensor) -> Tensor:
        rows, *other = map(_whole, inputs)
        multiply = torch.ops.mkldnn._linear_pointwise
        result: Tensor = (
            multiply.binary(rows, *other, self._weight, self._bias, then)
            if other
            else multiply(rows, self._weight, self._bias, then, [], "none")
        )
        return result[: len(inputs[0])]


def _whole(rows: Tensor) -> Tensor:
    """Return `ROWS` rows of bfloat16, the last ones zero."""
    rows = rows.bfloat16()
    return rows if len(rows) == ROWS else functional.pad(rows, (0, 0, 0, ROWS - len(rows)))
