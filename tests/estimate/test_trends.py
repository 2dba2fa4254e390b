import numpy as np
import pandas as pd

from stance.estimate.trends import LEAST, smooth


def series(values, errors, *, low: float = 0.0, shared: float = 0.0) -> pd.DataFrame:
    """Weeks, and the number over all of them."""
    count = len(values)
    own = np.asarray(errors, float)
    whole = np.sqrt(1 / (1 / own**2).sum() + shared**2)
    weeks = pd.Timestamp("2025-01-06") + pd.to_timedelta(7 * np.arange(count), unit="D")
    return pd.DataFrame(
        {
            "target": "government",
            "outlet": "",
            "by": ["week"] * count + ["all"],
            "voice": "overall",
            "counting": "article",
            "measure": "against" if low == 0 else "polarity",
            "period": [*weeks.astype("datetime64[s]"), pd.NaT],
            "value": [*values, np.nanmean(values)],
            "error": [*np.sqrt(own**2 + shared**2), whole],
        }
    )


def test_smooth_comes_nearer_to_the_truth_than_the_weeks_do():
    rng = np.random.default_rng(0)
    week = np.arange(40)
    truth = 0.45 + 0.2 * np.sin(week / 7)
    value = np.clip(truth + rng.normal(0, 0.08, 40), 0, 1)
    made = smooth(series(value, np.full(40, 0.08)))
    assert np.abs(made["trend"] - truth).mean() < 0.6 * np.abs(value - truth).mean()
    covered = (made["trend_low"] <= truth) & (truth <= made["trend_high"])
    assert covered.mean() >= 0.9
    assert (made["trend_high"] - made["trend_low"]).mean() < 2 * 1.96 * 0.08


def test_smooth_bends_less_for_weeks_with_large_errors():
    value = np.full(20, 0.3)
    value[10] = 0.8
    certain, doubtful = (smooth(series(value, [0.03] * 10 + [error] + [0.03] * 9)) for error in (0.03, 0.3))
    assert doubtful["trend"][10] < certain["trend"][10]


def test_smooth_keeps_the_error_that_all_weeks_share():
    value = 0.4 + 0.02 * np.cos(np.arange(30))
    plain, shared = (smooth(series(value, np.full(30, 0.03), shared=part)) for part in (0.0, 0.1))
    half = (shared["trend_high"] - shared["trend_low"]) / 2
    assert (half >= 1.9 * 0.1).all()
    assert (plain["trend_high"] - plain["trend_low"]).mean() < half.mean()


def test_smooth_passes_over_short_series_and_cells_without_a_number():
    short = series([0.2] * (LEAST - 1), [0.1] * (LEAST - 1))
    assert smooth(short)["trend"].isna().all()
    gap = series([0.2, np.nan, 0.3, 0.25, 0.2], [0.1] * 5)
    assert len(smooth(gap)) == 4


def test_smooth_stays_in_the_legal_range():
    made = smooth(series(np.linspace(0.0, 0.1, 12), np.full(12, 0.1)))
    assert made["trend_low"].ge(0).all()
    assert (made["trend_low"] <= made["trend"]).all()
    assert (made["trend"] <= made["trend_high"]).all()


def test_smooth_of_a_flat_series_is_as_unsure_as_its_mean():
    made = smooth(series(np.full(20, 0.4), np.full(20, 0.1)))
    half = (made["trend_high"] - made["trend_low"]) / 2
    assert (half > 1.9 * 0.1 / np.sqrt(20)).all()
    assert (half < 1.96 * 0.1).all()
