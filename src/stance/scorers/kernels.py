"""What is done to each number between two int8 products, compiled: one pass over a row where torch takes five.

What belongs here: loops over rows, each row by itself. What does not: the products, and memory (`products`).

All arrays are C-contiguous. Sizes are float32, one per row: the largest magnitude in it, which becomes `LEVELS` steps.
"""

import math
from collections.abc import Callable
from typing import ParamSpec

import numpy as np
from numba import njit
from numpy.typing import NDArray

Given = ParamSpec("Given")
Floats = NDArray[np.float32]
Whole = NDArray[np.int8]
Sums = NDArray[np.int32]

LEVELS = np.float32(127)
SMALLEST = np.float32(1e-9)
"""Least size of a row, so that a row of zeros has a scale too."""
_WHOLE = np.float32(3 << 22)
"""Added and taken away again, it rounds a small float32 to a whole number, half to even."""
_MAGNITUDE = np.uint32(0x7FFF_FFFF)
"""The bits of a float32 without its sign; as whole numbers they are in the order of the magnitudes."""
_ZERO, _HALF, _ONE, _ROOT_HALF = (np.float32(value) for value in (0, 0.5, 1, math.sqrt(0.5)))
_ERF_END = np.float32(3.6)
"""From here on the error function is 1."""
_U0, _U1, _U2, _U3, _U4 = map(np.float32, (1.128397, 0.159992373, 0.0463623818, 0.00100812564, -3.55571602e-06))
_L1, _L2, _L3 = map(np.float32, (0.475271647, 0.0991134381, 0.0107004273))
"""The error function of x up to there, within 3e-6: x times a quotient of polynomials in its square, fitted by us."""


def compiled(*, freely: bool = False) -> Callable[[Callable[Given, None]], Callable[Given, None]]:
    """Return a decorator that compiles a function at its first call and keeps the result on disk where it can.

    Args:
        freely: whether sums may be taken in another order, always the same one for rows of one length.
    """
    rules = {"contract", "reassoc"} if freely else {"contract"}

    def decorate(function: Callable[Given, None]) -> Callable[Given, None]:
        def made(cache: bool) -> Callable[Given, None]:
            return njit(cache=cache, nogil=True, error_model="numpy", fastmath=rules)(function)

        try:
            current = made(cache=True)
        except RuntimeError:  # neither beside this file nor in the user's home may anything be written
            return made(cache=False)

        def call(*given: Given.args, **named: Given.kwargs) -> None:
            nonlocal current
            try:
                current(*given, **named)
            except OSError:  # the disk is full: it was compiled, not kept, and not called yet
                current = made(cache=False)
                current(*given, **named)

        return call

    return decorate


@compiled()
def rounded(rows: Floats, factor: Floats, whole: Whole, sizes: Floats) -> None:
    """Put (n, width) rows, columns times `factor`, in steps of their own into `whole`; write the `sizes` (n,)."""
    near = np.empty(rows.shape[1], np.float32)
    for row in range(len(rows)):
        for column in range(len(near)):
            near[column] = rows[row, column] * factor[column]
        _round(near, whole[row], sizes[row : row + 1])


@njit(nogil=True, error_model="numpy", fastmath={"contract"})
def _round(near: Floats, whole: Whole, size: Floats) -> None:
    bits = near.view(np.uint32)
    largest = np.zeros(1, np.uint32)
    for column in range(len(near)):
        largest[0] = max(largest[0], bits[column] & _MAGNITUDE)
    size[0] = max(largest.view(np.float32)[0], SMALLEST)
    step = LEVELS / size[0]
    for column in range(len(near)):
        whole[column] = np.int8(np.int32((near[column] * step + _WHOLE) - _WHOLE))


@compiled()
def finished(sums: Sums, sizes: Floats, scale: Floats, bias: Floats, result: Floats) -> None:
    """Put what (n, outputs) sums of products of rows with these `sizes` mean into `result`."""
    for row in range(len(sums)):
        for column in range(len(bias)):
            result[row, column] = bias[column] + np.float32(sums[row, column]) * scale[column] * sizes[row]


@compiled()
def gelu_rounded(
    sums: Sums, sizes: Floats, scale: Floats, bias: Floats, factor: Floats, whole: Whole, new_sizes: Floats
) -> None:
    """As `finished`, then GELU, then as `rounded`."""
    near = np.empty(len(bias), np.float32)
    for row in range(len(sums)):
        for column in range(len(bias)):
            value = bias[column] + np.float32(sums[row, column]) * scale[column] * sizes[row]
            place = min(max(value * _ROOT_HALF, -_ERF_END), _ERF_END)
            square = place * place
            upper = (((_U4 * square + _U3) * square + _U2) * square + _U1) * square + _U0
            lower = ((_L3 * square + _L2) * square + _L1) * square + _ONE
            near[column] = value * (_HALF + _HALF * (place * upper / lower)) * factor[column]
        _round(near, whole[row], new_sizes[row : row + 1])


@compiled()
def normed(
    sums: Sums,
    sizes: Floats,
    scale: Floats,
    bias: Floats,
    weight: Floats,
    shift: Floats,
    eps: float,
    rows: Floats,
) -> None:
    """As `finished`, then `rows` are added, then each row is normalised into its place in `rows`.

    Args:
        sums: (n, width).
        sizes: (n,), of the rows behind the sums.
        scale: (width,).
        bias: (width,).
        weight: (width,), of the normalisation; so is `shift`.
        shift: added last.
        eps: added to the variance.
        rows: (n, width), changed.
    """
    moments = np.empty(2, np.float32)
    for row in range(len(sums)):
        found = rows[row]
        for column in range(len(bias)):
            found[column] += bias[column] + np.float32(sums[row, column]) * scale[column] * sizes[row]
        _moments(found, moments)
        mean, inverse = moments[0], np.float32(1 / math.sqrt(moments[1] + eps))
        for column in range(len(bias)):
            found[column] = (found[column] - mean) * inverse * weight[column] + shift[column]


@njit(nogil=True, error_model="numpy", fastmath={"contract", "reassoc"})
def _moments(row: Floats, moments: Floats) -> None:
    """Write mean and variance."""
    total = _ZERO
    for column in range(len(row)):
        total += row[column]
    mean = total / np.float32(len(row))
    spread = _ZERO
    for column in range(len(row)):
        spread += (row[column] - mean) * (row[column] - mean)
    moments[0], moments[1] = mean, spread / np.float32(len(row))


@compiled(freely=True)
def dots(rows: Floats, weight: Floats, bias: Floats, result: Floats) -> None:
    """Put the products of (n, width) rows with a few (outputs, width) others, plus `bias`, into (n, outputs)."""
    for row in range(len(rows)):
        for output in range(len(weight)):
            total = _ZERO
            for column in range(rows.shape[1]):
                total += rows[row, column] * weight[output, column]
            result[row, output] = total + bias[output]
