import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.estimate.formulas import Ratio
from stance.estimate.rectify import (
    IDENTITY,
    Cells,
    Labelled,
    Scorer,
    cell_noise,
    cells,
    covariance,
    to_halve,
    whole,
    within,
)

LIMITS = np.zeros(1), np.ones(1)
SAME = np.ones((1, 1))


def labelled(human, scorer, *, weight=None, cluster=None, present=None) -> Labelled:
    count = len(human)
    return Labelled(
        np.ones(count) if weight is None else np.asarray(weight, float),
        np.arange(count) if cluster is None else np.asarray(cluster),
        np.ones(count) if present is None else np.asarray(present, float),
        np.asarray(human, float).reshape(-1, 1),
        np.asarray(scorer, float).reshape(-1, 1),
        np.zeros((count, 1)),
    )


def sample(rng: np.random.Generator, count: int, right: float) -> tuple[np.ndarray, np.ndarray]:
    human = (rng.random(count) < 0.4).astype(float)
    said = np.where(rng.random(count) < right, human, 1 - human)
    return human, 0.1 + 0.8 * said


def test_whole_leans_on_a_scorer_as_far_as_it_helps():
    rng = np.random.default_rng(0)
    human, scorer = sample(rng, 400, 0.95)
    good = whole(labelled(human, scorer), np.array([0.45]), np.array([[1e-6]]), SAME, *LIMITS)
    bad = whole(labelled(human, rng.random(400)), np.array([0.5]), np.array([[1e-6]]), SAME, *LIMITS)
    assert good.slope[0, 0] > 0.9
    assert abs(bad.slope[0, 0]) < 0.1
    assert good.variance[0] < 0.4 * good.alone_variance[0]
    assert bad.variance[0] == pytest.approx(bad.alone_variance[0], rel=0.05)


def test_whole_moves_the_labels_by_what_the_scorer_sees_elsewhere():
    rng = np.random.default_rng(1)
    human, scorer = sample(rng, 300, 0.95)
    more = whole(labelled(human, scorer), scorer.mean(keepdims=True) + 0.1, np.array([[1e-6]]), SAME, *LIMITS)
    same = whole(labelled(human, scorer), scorer.mean(keepdims=True), np.array([[1e-6]]), SAME, *LIMITS)
    assert same.value[0] == pytest.approx(human.mean())
    assert more.value[0] - same.value[0] == pytest.approx(0.1 * more.slope[0, 0])


def test_whole_labels_that_all_agree_still_leave_doubt():
    found = whole(labelled([1.0] * 20, [0.9] * 20), np.array([0.9]), np.array([[0.0]]), SAME, *LIMITS)
    assert found.value[0] == pytest.approx(1)
    assert 2 * np.sqrt(found.variance[0]) > 0.05


def test_whole_pairs_of_one_story_count_as_one_witness():
    rng = np.random.default_rng(2)
    human, scorer = sample(rng, 50, 0.8)
    once = whole(labelled(human, scorer), np.array([0.45]), np.array([[1e-4]]), SAME, *LIMITS)
    thrice = whole(
        labelled(np.repeat(human, 3), np.repeat(scorer, 3), cluster=np.repeat(np.arange(50), 3)),
        np.array([0.45]),
        np.array([[1e-4]]),
        SAME,
        *LIMITS,
    )
    assert thrice.value == pytest.approx(once.value)
    assert thrice.variance == pytest.approx(once.variance)


def test_whole_absent_targets_are_left_out_of_the_share():
    human, present = [1, 0, 1, 0, 0, 0], [1, 1, 1, 0, 0, 1]
    found = whole(labelled(human, [0.5] * 6, present=present), np.array([0.5]), np.array([[0.0]]), SAME, *LIMITS)
    assert found.value[0] == pytest.approx(0.5)


@given(st.integers(0, 10**6), st.integers(3, 60))
def test_whole_is_finite_and_never_surer_than_nothing(seed, count):
    rng = np.random.default_rng(seed)
    human, scorer = sample(rng, count, 0.8)
    present = (rng.random(count) < 0.9).astype(float)
    present[0] = 1
    given_ = labelled(human, scorer, weight=rng.uniform(0.1, 5, count), present=present)
    found = whole(given_, np.array([0.4]), np.array([[1e-4]]), SAME, *LIMITS)
    assert np.isfinite([*found.value, *found.variance, *found.alone_variance]).all()
    assert found.variance[0] > 0
    assert found.free >= 2


def test_whole_two_numbers_of_the_scorer_keep_shares_that_sum_to_one():
    rng = np.random.default_rng(7)
    stance = rng.choice(3, 200, p=[0.4, 0.4, 0.2])
    said = np.where(rng.random(200) < 0.7, stance, rng.integers(3, size=200))
    human = np.column_stack([np.eye(3)[stance], stance - 1.0])
    known = Labelled(np.ones(200), np.arange(200), np.ones(200), human, np.eye(3)[said][:, [0, 2]], np.zeros((200, 2)))
    noise = covariance(np.array([1e-4, 1e-4, 1e-4, 3e-4]))
    found = whole(known, np.array([0.3, 0.3]), noise, IDENTITY, np.array([0, 0, 0, -1.0]), np.ones(4))
    assert found.value[:3].sum() == pytest.approx(1)
    assert found.value[3] == pytest.approx(found.value[2] - found.value[0])


def test_covariance_is_that_of_the_shares():
    shares = np.random.default_rng(8).dirichlet([1, 2, 3], 500)
    values = np.column_stack([shares, shares[:, 2] - shares[:, 0]])
    assert covariance(values.var(axis=0)) == pytest.approx(np.cov(shares[:, [0, 2]].T, bias=True))


def test_cell_noise_of_a_cell_with_one_story_is_what_the_others_lead_to_expect():
    variance = np.array([[0.01, 0.01, 0.01, 0.02], [0.02, 0.02, 0.02, 0.04], [np.nan] * 4])
    found = cell_noise(Ratio(np.zeros((3, 4)), variance, np.array([20, 10, 1])))
    assert found[2, 0, 0] == pytest.approx(0.2)
    assert found[0] == pytest.approx(covariance(variance[0]))


def many(labelled_: Labelled, cell: np.ndarray, scorer: np.ndarray, level: float) -> Cells:
    """Corrected cells of one measure whose scorer's means are surely known."""
    scorer = scorer.reshape(-1, 1)
    result = whole(labelled_, scorer.mean(axis=0), np.zeros((1, 1)), SAME, *LIMITS)._replace(value=np.array([level]))
    facts = Scorer(scorer, scorer, np.zeros((len(scorer), 1, 1)), SAME)
    return cells(labelled_, cell, facts, result, *LIMITS)


def test_cells_with_many_labels_speak_for_themselves():
    rng = np.random.default_rng(3)
    cell = np.repeat([0, 1, 2], [400, 400, 2])
    scorer = rng.uniform(0.3, 0.5, len(cell))
    human = (rng.random(len(cell)) < scorer + np.array([0.2, -0.1, 0.0])[cell]).astype(float)
    found = many(labelled(human, scorer), cell, np.full(4, 0.4), 0.45)
    assert found.value[:2, 0] == pytest.approx([0.6, 0.3], abs=0.06)
    assert found.variance[0, 0] < found.variance[2, 0] < 0.1
    # a cell nobody labelled: between the others, and surer of nothing than any of them
    assert 0.3 < found.value[3, 0] < 0.6
    assert found.variance[3, 0] >= found.variance[2, 0]


def test_cells_follow_a_scorer_that_mutes_differences():
    rng = np.random.default_rng(4)
    truth = np.linspace(0.1, 0.9, 20)
    cell = np.repeat(np.arange(20), 60)
    human = (rng.random(len(cell)) < truth[cell]).astype(float)
    said = np.where(rng.random(len(cell)) < 0.8, human, 1 - human)
    found = many(labelled(human, said), cell, 0.2 + 0.6 * truth, 0.5)
    assert found.slope[0, 0] == pytest.approx(1 / 0.6, abs=0.15)
    assert np.abs(found.value[:, 0] - truth).max() < 0.12


def test_cells_do_not_follow_a_scorer_that_says_nothing():
    rng = np.random.default_rng(9)
    cell = np.repeat(np.arange(20), 20)
    human = (rng.random(len(cell)) < 0.4).astype(float)
    found = many(labelled(human, rng.random(len(cell))), cell, np.linspace(0.2, 0.8, 20), 0.4)
    assert abs(found.slope[0, 0]) < 0.3
    assert np.abs(found.value[:, 0] - 0.4).max() < 0.15


@pytest.mark.parametrize("size", [12, 3])
def test_cells_of_few_articles_are_drawn_to_the_others_where_these_are_enough(size):
    last = np.arange(size) == size - 1
    scorer = np.where(last, 0.9, np.linspace(0.3, 0.5, size)).reshape(-1, 1)
    noise = np.where(last, 0.04, 1e-4).reshape(-1, 1, 1)
    known = labelled(*sample(np.random.default_rng(10), 240, 0.9))
    result = whole(known, np.array([0.42]), np.array([[1e-4]]), SAME, *LIMITS)
    facts = Scorer(scorer, scorer, noise, SAME)
    found = cells(known, np.arange(240) % (size - 1), facts, result, *LIMITS)
    assert (found.value[-1, 0] < 0.7) == (size > 3)
    assert (found.sampling[-1, 0] < 0.05) == (size > 3)


@pytest.mark.parametrize("count", [5, 25])
@pytest.mark.parametrize("right", [0.8, 0.5], ids=["a scorer", "one that says nothing"])
def test_cells_coverage(count, right):
    rng = np.random.default_rng(5)
    covered = []
    for _ in range(80):
        true = np.clip(rng.normal(0.35, 0.12, 20), 0.02, 0.98)
        cell = np.repeat(np.arange(20), count)
        human = (rng.random(len(cell)) < true[cell]).astype(float)
        said = np.where(rng.random(len(cell)) < right, human, 1 - human)
        scorer = 1 - right + (2 * right - 1) * (true + rng.normal(0, 0.025, 20))
        found = many(labelled(human, said), cell, scorer, 0.35)
        covered.append(np.abs(found.value[:, 0] - true) <= 1.98 * np.sqrt(found.variance[:, 0]))
    assert 0.9 <= np.mean(covered) <= 0.985


def test_within_moves_parts_of_a_cell_along_the_plane():
    found = Cells(np.array([[0.5]]), np.array([[0.01]]), np.array([[0.0]]), np.array([[1.5]]))
    parts = Scorer(np.array([[0.4], [0.6]]), np.array([[0.4], [0.6]]), np.full((2, 1, 1), 0.02), np.ones((1, 1)))
    moved = within(found, np.array([0, 0]), np.array([[0.5]]), parts)
    assert moved.value[:, 0] == pytest.approx([0.35, 0.65])
    assert moved.sampling[:, 0] == pytest.approx([0.045, 0.045])


def test_to_halve_asks_for_about_four_times_the_labels():
    human, scorer = sample(np.random.default_rng(6), 200, 0.9)
    found = whole(labelled(human, scorer), np.array([0.42]), np.array([[0.0]]), SAME, *LIMITS)
    assert to_halve(found, 200, 10_000)[0] == pytest.approx(800, rel=0.02)
    assert np.isnan(to_halve(found, 200, 500)[0])
