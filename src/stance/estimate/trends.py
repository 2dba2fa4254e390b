"""Smooth lines through noisy periods, for cells that have few articles each.

What belongs here: smoothing the values of the `estimates` table over time. What does not: making them, drawing them.
"""

import warnings

import numpy as np
import pandas as pd
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import ConstantKernel, Matern

from stance.estimate.formulas import Floats
from stance.estimate.units import HIGH, LOW, MEASURES

SERIES = ("target", "outlet", "by", "voice", "counting", "measure")
WHOLE = ("target", "outlet", "voice", "counting", "measure")
LEAST = 4
"""Periods with a number that a line needs."""
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44}
_Z = 1.959964


def smooth(estimates: pd.DataFrame) -> pd.DataFrame:
    """Add a smooth line to the rows that have a number and a period.

    A Gaussian process (scikit-learn; Matérn 3/2, its range and height chosen by likelihood) takes each number with its
    own standard error, so periods with few articles bend the line less. What the number over all periods is less sure
    of than independent periods would leave it (their correction is one) is no noise between periods; it widens the
    line's interval as it stands.

    Args:
        estimates: rows of the `estimates` table, those over all periods among them.

    Returns:
        The same rows without those that have no number or no period, with columns `trend`, `trend_low`, `trend_high`
        (95 %): NaN in series of fewer than `LEAST` periods.
    """
    shown = estimates[estimates["value"].notna() & estimates["period"].notna()].reset_index(drop=True)
    lines = np.full((len(shown), 3), np.nan)
    over_all = estimates[estimates["by"] == "all"].set_index(list(WHOLE))["error"].to_dict()
    for places in shown.groupby(list(SERIES), sort=False).indices.values():
        if len(places) >= LEAST:
            series = shown.iloc[places]
            lines[places] = _line(series, over_all.get(tuple(series.iloc[0][list(WHOLE)]), 0.0))
    return shown.assign(trend=lines[:, 0], trend_low=lines[:, 1], trend_high=lines[:, 2])


def _line(series: pd.DataFrame, whole: float) -> Floats:
    """Line and ends of its interval, by row. *Shape:* (n_periods, 3)."""
    measure = MEASURES.index(str(series["measure"].iloc[0]))
    low, high = LOW[measure], HIGH[measure]
    days = series["period"].to_numpy("datetime64[D]").astype(np.float64)
    time = (days - days.min())[:, None] / _DAYS[str(series["by"].iloc[0])]
    value = series["value"].to_numpy(np.float64)
    own, shared = _variances(series["error"].to_numpy(np.float64), whole)
    middle = np.average(value, weights=1 / own)
    level = ConstantKernel(0.25, "fixed")
    kernel = level + ConstantKernel(0.01, (4e-4, 1.0)) * Matern(4.0, (1.5, 52.0), nu=1.5)
    process = GaussianProcessRegressor(kernel, alpha=own / (high - low) ** 2)
    with warnings.catch_warnings():
        # a quiet series has its best height at the lower bound, a short one its best range at either: both are fine
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(time, (value - middle) / (high - low))
    mean, deviation = process.predict(time, return_std=True)
    line = np.clip(middle + mean * (high - low), low, high)
    half = _Z * np.sqrt((deviation * (high - low)) ** 2 + shared)
    return np.column_stack([line, np.clip(line - half, low, line), np.clip(line + half, line, high)])


def _variances(error: Floats, whole: float) -> tuple[Floats, float]:
    """Variance of each period's own, and the variance that all periods share: what leaves the whole as unsure as it is.

    With own variances `error**2 - shared`, the periods' mean has variance `shared + 1 / sum(1 / own)`.
    """
    full = np.maximum(error**2, 1e-8)
    low, high = 0.0, 0.99 * float(full.min())
    for _ in range(50):
        middle = (low + high) / 2
        if middle + 1 / (1 / (full - middle)).sum() < whole**2:
            low = middle
        else:
            high = middle
    return full - low, low
