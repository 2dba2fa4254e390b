"""Weeks in which a target's stance moved more than chance allows: the `alerts` table.

What belongs here: the test of one week against the weeks before. What does not: who is told (`flows`), and how often it
cries wolf (`benchmarks/alarms.py` measures that on quiet years).

The latest week, and the latest four together, are compared with up to `HISTORY` weeks before. News has good and bad
weeks without any change of line, so the spread between those weeks counts as chance too: it is estimated over all
series (DerSimonian & Laird 1986), and each series strays from that as far as its own weeks say, moderated by the
others (Smyth 2004). After an alarm a series begins anew, so one change gives one alarm.
"""

import numpy as np
import pandas as pd
from scipy.special import stdtr

from stance.estimate.formulas import Codes, Flags, Floats
from stance.estimate.options import EstimateOptions
from stance.estimate.raw import Breakdown, breakdowns, named, quantile
from stance.estimate.units import MEASURES, Corpus, corpus

HISTORY = 12
"""Weeks before that a week is compared with, at most."""
LEAST = 4
"""Weeks with enough stories that must stand before a week can be judged."""
WINDOWS = (1, 4)
"""Weeks judged together: a jolt shows in one, a new line in four."""
LENT = (4.0, 50.0)
"""Degrees of freedom a series may borrow from the others, at least and at most."""
ALIKE = 10
"""Series needed to say how alike they stray; with fewer the least is borrowed."""
_POLARITY = MEASURES.index("polarity")
_WEEKS_A_YEAR = 365.25 / 7
COLUMNS = (
    *("target", "outlet", "voice", "period", "weeks", "before", "after", "change", "low", "high", "p", "threshold"),
    *("units_before", "units_after", "quiet", "note"),
)


def alarms(scores: pd.DataFrame, articles: pd.DataFrame, options: EstimateOptions) -> pd.DataFrame:
    """Find the weeks in which mean polarity moved, in every outlet and in all together.

    Args:
        scores: the `scores` table.
        articles: the `articles` table.
        options: `counting`, `minimum` stories of a week that may speak, `alarms_per_year`, and voices by `by`.

    Returns:
        Rows of the `alerts` table, by period. Polarity is the scorer's: errors that stay the same do not make a change.

    Raises:
        StoreError: the two tables do not fit together.
    """
    data = corpus(scores, articles)
    words = tuple(word for word in options.by if word == "voice")
    weekly = options.model_copy(update={"by": ("outlet", "week", *words)})
    items = [item for item in breakdowns(data, weekly) if item.period == "week" and len(item.few)]
    series = [_series(item, data) for item in items]
    count = sum(len(part.value) for part in series)
    threshold = options.alarms_per_year / (_WEEKS_A_YEAR * len(WINDOWS) * max(count, 1))
    frames = [part.alarms(threshold).assign(quiet=options.alarms_per_year) for part in series]
    loud = [frame for frame in frames if len(frame)]
    found = pd.concat(loud, ignore_index=True) if loud else pd.DataFrame(columns=list(COLUMNS))
    return found.sort_values(["period", "target", "outlet", "voice"], ignore_index=True)[list(COLUMNS)]


class _Series:
    """Weekly means of a breakdown's series; arrays have *Shape:* (n_series, n_weeks), NaN where a week is silent."""

    def __init__(self, names: pd.DataFrame, value: Floats, variance: Floats, units: Codes, first: int) -> None:
        self.names = names
        self.value = value
        self.variance = variance
        self.units = units
        self.first = first

    def alarms(self, threshold: float) -> pd.DataFrame:
        """Rows of the alerts of these series."""
        rows: list[dict[str, object]] = []
        start = np.zeros(len(self.value), np.int64)
        for week in range(LEAST, self.value.shape[1]):
            for weeks in WINDOWS:
                test = judge(self.value, self.variance, week, weeks, start)
                moved = np.flatnonzero(test.p < threshold).tolist()
                rows.extend(self._row(test, place, week, weeks, threshold) for place in moved)
                start[moved] = week - weeks + 1
        return pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "quiet"])

    def _row(self, test: "Test", place: int, week: int, weeks: int, threshold: float) -> dict[str, object]:
        name = self.names.iloc[place]
        change = test.after[place] - test.before[place]
        first = week - weeks + 1
        half = quantile(test.free[place]) * test.error[place]
        return {
            "target": name["target"],
            "outlet": name["outlet"],
            "voice": name["voice"],
            "period": pd.Timestamp(np.datetime64(self.first + 7 * first, "D")).as_unit("s"),
            "weeks": weeks,
            "before": test.before[place],
            "after": test.after[place],
            "change": change,
            "low": max(change - half, -2.0),
            "high": min(change + half, 2.0),
            "p": test.p[place],
            "threshold": threshold,
            "units_before": self.units[place, max(first - HISTORY, 0) : first].sum(),
            "units_after": self.units[place, first : week + 1].sum(),
            "note": "uncorrected",
        }


def _series(item: Breakdown, data: Corpus) -> _Series:
    """Lay the cells of a weekly breakdown out as series by weeks."""
    part = item.part
    keys = part.target * (len(data.outlets) + 1) + part.outlet + 1
    line, found = pd.factorize(keys, sort=True)
    first = int(part.period.min())
    week = (part.period - first) // 7
    shape = len(found), int(week.max()) + 1
    value, variance, units = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, np.int64)
    loud = ~item.few
    value[line[loud], week[loud]] = item.ratio.value[loud, _POLARITY]
    variance[line[loud], week[loud]] = item.variance[loud, _POLARITY]
    units[line, week] = part.units
    names = named(part, data).assign(voice=item.voice, line=line).drop_duplicates("line").sort_values("line")
    return _Series(names, value, variance, units, first)


class Test:
    """The latest weeks of every series against the weeks before them; arrays have *Shape:* (n_series,)."""

    __test__ = False

    def __init__(self, before: Floats, after: Floats, error: Floats, free: Floats, judged: Flags) -> None:
        self.before = before
        self.after = after
        self.error = error
        self.free = free
        with np.errstate(invalid="ignore", divide="ignore"):
            p = 2 * stdtr(free, -np.abs(after - before) / error)
        self.p = np.where(judged, p, 1.0)


def judge(value: Floats, variance: Floats, week: int, weeks: int, start: Codes) -> Test:
    """Test whether the latest weeks could come from the same quiet series as the weeks before.

    Args:
        value: weekly means, NaN where silent. *Shape:* (n_series, n_weeks).
        variance: their sampling variances, same shape.
        week: the last of the weeks to judge.
        weeks: how many are judged together; at least half of them, and the last one, must not be silent.
        start: first week of each series that counts. *Shape:* (n_series,).
    """
    first = week - weeks + 1
    span = np.arange(max(first - HISTORY, 0), week + 1)
    known: Flags = np.isfinite(value[:, span]) & (span >= start[:, None])
    means, noise = np.where(known, value[:, span], 0), np.where(known, variance[:, span], 1)
    past, late = known & (span < first), known & (span >= first)
    judged = (past.sum(axis=1) >= LEAST) & (2 * late.sum(axis=1) >= weeks) & late[:, -1]
    free = np.maximum(past.sum(axis=1) - 1, 1).astype(np.float64)
    weight = 1 / (noise + _spread(means, 1 / noise * past, free, judged))
    before, misfit, mass = _pooled(means, weight * past)
    after, _, late_mass = _pooled(means, weight * late)
    lent = _lent(misfit / free, free, judged)
    scale = (lent + misfit) / (lent + free)
    with np.errstate(divide="ignore"):
        error = np.sqrt(scale * (1 / mass + 1 / late_mass))
    return Test(before, after, error, free + lent, judged)


def _pooled(means: Floats, weight: Floats) -> tuple[Floats, Floats, Floats]:
    """Weighted mean of each row, the misfit of its parts, and their mass."""
    mass = weight.sum(axis=1)
    centre = (weight * means).sum(axis=1) / np.where(mass > 0, mass, 1)
    return centre, (weight * (means - centre[:, None]) ** 2).sum(axis=1), mass


def _spread(means: Floats, weight: Floats, free: Floats, judged: Flags) -> float:
    """Variance between quiet weeks beyond their sampling variances, over all series (DerSimonian & Laird)."""
    _, misfit, mass = _pooled(means, weight)
    room = mass - (weight**2).sum(axis=1) / np.where(mass > 0, mass, 1)
    return float(max((misfit - free)[judged].sum() / room[judged].sum(), 0)) if judged.any() else 0.0


def _lent(scale: Floats, free: Floats, judged: Flags) -> float:
    """Degrees of freedom that a series may borrow from the others: many if all stray alike, few if each its own way."""
    if judged.sum() < ALIKE:
        return LENT[0]
    own = scale[judged]
    excess = own.var() / max(own.mean(), 1e-9) ** 2 - np.mean(2 / free[judged])
    return float(np.clip(2 / max(excess, 1e-9), *LENT))
