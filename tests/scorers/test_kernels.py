"""The compiled loops do what torch does, to rounding, and each row by itself, to the bit."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from torch.nn import functional

from stance.scorers import kernels

WIDTH = 40
unhurried = settings(deadline=None)  # the first call compiles
values = st.floats(-1e4, 1e4, width=32)
rows_of = hnp.arrays(np.float32, st.tuples(st.integers(0, 6), st.just(WIDTH)), elements=values)
columns = hnp.arrays(np.float32, WIDTH, elements=st.floats(0.25, 4, width=32))
whole_sums = hnp.arrays(np.int32, st.tuples(st.integers(0, 6), st.just(WIDTH)), elements=st.integers(-(2**24), 2**24))


def rounded(rows: np.ndarray, factor: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    whole, sizes = np.empty(rows.shape, np.int8), np.empty(len(rows), np.float32)
    kernels.rounded(rows, factor, whole, sizes)
    return whole, sizes


def sizes_of(sums: np.ndarray) -> np.ndarray:
    """Sizes that make sums small numbers, as the sums of a network are."""
    return (np.float32(1) / np.maximum(np.abs(sums).max(axis=1, initial=0), 1)).astype(np.float32)


@unhurried
@given(rows_of, columns)
def test_a_row_becomes_whole_steps_of_its_largest(rows: np.ndarray, factor: np.ndarray) -> None:
    whole, sizes = rounded(rows, factor)
    scaled = rows * factor
    assert sizes == pytest.approx(np.maximum(np.abs(scaled).max(axis=1), kernels.SMALLEST))
    step = (sizes / kernels.LEVELS)[:, None]
    assert np.all(np.abs(whole * step - scaled) <= step * 0.501)
    assert np.abs(whole.astype(int)).max(initial=0) <= kernels.LEVELS


def test_halves_go_to_the_even_step_and_a_row_of_zeros_has_a_size() -> None:
    whole, sizes = rounded(np.array([[127, 2.5, -2.5, 3.5], [0, 0, 0, 0]], np.float32), np.ones(4, np.float32))
    assert whole.tolist() == [[127, 2, -2, 4], [0, 0, 0, 0]]
    assert sizes.tolist() == [127, kernels.SMALLEST]


@unhurried
@given(whole_sums, columns, columns)
def test_finished_sums_are_scaled_by_row_and_column(sums: np.ndarray, scale: np.ndarray, bias: np.ndarray) -> None:
    sizes, result = sizes_of(sums), np.empty(sums.shape, np.float32)
    kernels.finished(sums, sizes, scale, bias, result)
    assert result == pytest.approx(sums.astype(float) * scale * sizes[:, None] + bias, rel=1e-5, abs=1e-5)


@unhurried
@given(whole_sums, columns, columns)
def test_gelu_is_the_exact_one(sums: np.ndarray, scale: np.ndarray, bias: np.ndarray) -> None:
    sizes, ones = sizes_of(sums), np.ones(WIDTH, np.float32)
    whole, new_sizes = np.empty(sums.shape, np.int8), np.empty(len(sums), np.float32)
    kernels.gelu_rounded(sums, sizes, scale, bias, ones, whole, new_sizes)
    plain = np.empty(sums.shape, np.float32)
    kernels.finished(sums, sizes, scale, bias, plain)
    expected = functional.gelu(torch.from_numpy(plain)).numpy()
    step = (new_sizes / kernels.LEVELS)[:, None]
    assert np.all(np.abs(whole * step - expected) <= step * 0.5 + 2e-5)


def test_gelu_at_every_size_of_number() -> None:
    places = np.linspace(-9, 9, 20_001)
    sums = np.rint(places * 1e6).astype(np.int32)[:, None]
    whole, sizes = np.empty((len(sums), 1), np.int8), np.empty(len(sums), np.float32)
    one = np.ones(1, np.float32)
    kernels.gelu_rounded(sums, np.full(len(sums), 1e-6, np.float32), one, one * 0, one, whole, sizes)
    expected = functional.gelu(torch.from_numpy(sums[:, 0] * 1e-6)).numpy()
    found = np.where(whole[:, 0] < 0, -sizes, sizes)  # a row of one number is its own size
    assert np.abs(found - expected).max() < 2e-5


@unhurried
@given(whole_sums, columns, columns)
def test_added_and_normalised(sums: np.ndarray, scale: np.ndarray, bias: np.ndarray) -> None:
    chance = np.random.default_rng(len(sums))
    before = chance.normal(size=sums.shape).astype(np.float32)
    sizes, rows = sizes_of(sums), before.copy()
    kernels.normed(sums, sizes, scale, bias, scale, bias, 1e-5, rows)
    plain = np.empty(sums.shape, np.float32)
    kernels.finished(sums, sizes, scale, bias, plain)
    weight, shift = torch.from_numpy(scale), torch.from_numpy(bias)
    expected = functional.layer_norm(torch.from_numpy(before + plain), (WIDTH,), weight, shift, 1e-5)
    assert rows == pytest.approx(expected.numpy(), abs=2e-4)


@unhurried
@given(whole_sums, columns, columns)
def test_each_row_by_itself(sums: np.ndarray, scale: np.ndarray, bias: np.ndarray) -> None:
    sizes, rows = sizes_of(sums), np.zeros(sums.shape, np.float32)
    kernels.normed(sums, sizes, scale, bias, scale, bias, 1e-5, rows)
    whole, new_sizes = np.empty(sums.shape, np.int8), np.empty(len(sums), np.float32)
    kernels.gelu_rounded(sums, sizes, scale, bias, scale, whole, new_sizes)
    for number in range(len(sums)):
        one = slice(number, number + 1)
        alone, alone_whole, alone_size = np.zeros((1, WIDTH), np.float32), whole[one].copy(), new_sizes[one].copy()
        kernels.normed(sums[one], sizes[one], scale, bias, scale, bias, 1e-5, alone)
        kernels.gelu_rounded(sums[one], sizes[one], scale, bias, scale, alone_whole, alone_size)
        assert alone.tobytes() == rows[one].tobytes()
        assert (alone_whole.tobytes(), alone_size.tobytes()) == (whole[one].tobytes(), new_sizes[one].tobytes())


@unhurried
@given(rows_of, columns)
def test_dots_are_sums_of_products(rows: np.ndarray, one: np.ndarray) -> None:
    weight, bias = np.stack([one, -2 * one]), np.array([1, 2], np.float32)
    result = np.empty((len(rows), 2), np.float32)
    kernels.dots(rows, weight, bias, result)
    assert result == pytest.approx(rows.astype(float) @ weight.T + bias, abs=1e-5 * float(np.abs(rows).sum(initial=1)))


def test_where_nothing_can_be_kept_on_disk_it_is_compiled_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    monkeypatch.setattr(caching.FunctionCache._impl_class, "_locator_classes", [])

    @kernels.compiled()
    def double(rows: np.ndarray) -> None:
        rows *= np.float32(2)

    found = np.ones(3, np.float32)
    double(found)
    assert found.tolist() == [2, 2, 2]


def test_a_full_disk_does_not_keep_it_from_being_called(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(caching.IndexDataCacheFile, "save", full)

    @kernels.compiled()
    def treble(rows: np.ndarray) -> None:
        rows *= np.float32(3)

    found = np.ones(3, np.float32)
    treble(found)
    treble(found)
    assert found.tolist() == [9, 9, 9]
