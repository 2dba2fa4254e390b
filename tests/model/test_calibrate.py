"""Calibration makes probabilities true and says when to abstain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.model.calibrate import Calibration, Scale, expected_error, fit_scale, selective_accuracy


def drawn(size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Logits whose softmax is the true chance of each label."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 1.5, (size, 3))
    chances = Scale().probabilities(logits)
    return logits, np.array([rng.choice(3, p=chance) for chance in chances])


def test_finds_the_temperature_that_was_put_in() -> None:
    logits, known = drawn(4000, 1)
    assert fit_scale(logits * 3, known).temperature == pytest.approx(3, rel=0.1)


def test_lowers_the_error_on_other_rows() -> None:
    logits, known = drawn(3000, 2)
    scale = fit_scale(logits[:1500] * 4, known[:1500])
    before = expected_error(Scale().probabilities(logits[1500:] * 4), known[1500:])
    after = expected_error(scale.probabilities(logits[1500:] * 4), known[1500:])
    assert before > 0.1
    assert after < 0.06  # chance alone gives 0.03 to 0.05 on 1,500 rows


def test_rows_that_are_all_right_leave_a_scale_that_can_be_used() -> None:
    scale = fit_scale(np.eye(3)[[0, 1, 2] * 4] * 1e-3, np.array([0, 1, 2] * 4))
    assert np.isfinite(scale.probabilities(np.eye(3))).all()
    assert scale.temperature > 0


def test_expected_error_by_hand() -> None:
    probabilities = np.array([[0.9, 0.1, 0.0], [0.9, 0.05, 0.05], [0.5, 0.5, 0.0], [0.5, 0.3, 0.2]])
    known = np.array([0, 1, 0, 0])
    assert expected_error(probabilities, known) == pytest.approx((abs(1.8 - 1) + abs(1.0 - 2)) / 4)


def test_selective_accuracy_keeps_the_surest() -> None:
    probabilities = np.array([[0.9, 0.1, 0.0], [0.8, 0.1, 0.1], [0.5, 0.4, 0.1], [0.4, 0.3, 0.3]])
    assert selective_accuracy(probabilities, np.array([0, 0, 1, 1]), 0.5) == (1.0, 0.8)


@given(
    st.floats(0.05, 20),
    st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    st.lists(st.floats(-30, 30), min_size=3, max_size=3),
)
def test_scaled_probabilities_are_probabilities(temperature: float, bias: list[float], logits: list[float]) -> None:
    values = Scale(temperature, (bias[0], bias[1], bias[2])).probabilities(np.array(logits))
    assert values.sum() == pytest.approx(1)
    assert (values >= 0).all()


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 3), st.floats(-3, 3))
def test_a_speaker_s_chance_rises_with_the_network_s(one: float, other: float, slope: float, offset: float) -> None:
    fitted = Calibration(speakers=(slope, offset, 1.0, -1.0))
    low, high = (fitted.speaker(chance, speaks_of=False, belongs=False) for chance in sorted((one, other)))
    assert 0 <= low <= high <= 1
    assert fitted.speaker(one, speaks_of=True, belongs=True) == pytest.approx(
        fitted.speaker(one, speaks_of=False, belongs=False)
    )
    assert Calibration().speaker(0.3, speaks_of=True, belongs=True) == pytest.approx(0.3)


def test_round_trip_through_json() -> None:
    value = Calibration({"tone": Scale(1.2, (0.0, 0.1, -0.1))}, 0.6, 0.7, 0.8, (0.9, 0.1, 1.0, -1.0))
    assert Calibration.from_dict(value.as_dict()) == value
