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
LEAST = 4
"""Periods with a number that a line needs."""
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.44}
_Z = 1.959964


def smooth(estimates: pd.DataFrame) -> pd.DataFrame:
    """Add a smooth line to the rows that have a number and a period.

    A Gaussian process (scikit-learn; Matérn 3/2, its range and height chosen by likelihood) takes each number with its
    own standard error, so periods with few articles bend the line less. The error that all periods of a corrected
    series share is no noise between periods; it widens the line's interval as it stands.

    Args:
        estimates: rows of the `estimates` table.

    Returns:
        The same rows without those that have no number or no period, with columns `trend`, `trend_low`, `trend_high`
        (95 %): NaN in series of fewer than `LEAST` periods.
    """
    shown = estimates[estimates["value"].notna() & estimates["period"].notna()].reset_index(drop=True)
    lines = np.full((len(shown), 3), np.nan)
    for places in shown.groupby(list(SERIES), sort=False).indices.values():
        if len(places) >= LEAST:
            lines[places] = _line(shown.iloc[places])
    return shown.assign(trend=lines[:, 0], trend_low=lines[:, 1], trend_high=lines[:, 2])


def _line(series: pd.DataFrame) -> Floats:
    """Line and ends of its interval, by row. *Shape:* (n_periods, 3)."""
    measure = MEASURES.index(str(series["measure"].iloc[0]))
    low, high = LOW[measure], HIGH[measure]
    days = series["period"].to_numpy("datetime64[D]").astype(np.float64)
    time = (days - days.min())[:, None] / _DAYS[str(series["by"].iloc[0])]
    value = series["value"].to_numpy(np.float64)
    own, shared = _variances(series)
    middle = np.average(value, weights=1 / own)
    kernel = ConstantKernel(0.01, (1e-5, 1.0)) * Matern(4.0, (1.5, 52.0), nu=1.5) + ConstantKernel(0.01, (1e-6, 0.1))
    process = GaussianProcessRegressor(kernel, alpha=own / (high - low) ** 2)
    with warnings.catch_warnings():
        # a quiet series has its best height at the lower bound, a short one its best range at either: both are fine
        warnings.simplefilter("ignore", ConvergenceWarning)
        process.fit(time, (value - middle) / (high - low))
    mean, deviation = process.predict(time, return_std=True)
    line = np.clip(middle + mean * (high - low), low, high)
    half = _Z * np.sqrt((deviation * (high - low)) ** 2 + shared)
    return np.column_stack([line, np.clip(line - half, low, line), np.clip(line + half, line, high)])


def _variances(series: pd.DataFrame) -> tuple[Floats, float]:
    """Variance of each period's own, and the variance that all periods share because the correction is one."""
    full = series["error"].to_numpy(np.float64) ** 2
    sampling = ((series["raw_high"] - series["raw_low"]).to_numpy(np.float64) / (2 * _Z)) ** 2
    shared = max(float((full - np.minimum(sampling, full)).min()), 0.0)
    return np.maximum(full - shared, 1e-8), shared
