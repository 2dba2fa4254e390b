"""What human labels do to a number: arithmetic on plain arrays; needs numpy and pandas alone.

What belongs here: the corrected mean of a whole target and the pooled errors of its cells. What does not: tables,
options. The evidence folder ships a copy of this file too.

Two estimates, for two questions. The whole (all outlets, all periods) leans on no assumption about the scorer: it is
the labels' own weighted mean, moved by the slope of the labels on the scorer times the difference between the scorer's
mean over the corpus and over the labelled pairs. That is prediction-powered inference with the best tuning (PPI++:
Angelopoulos, Duchi & Zrnic 2023) for pairs drawn with unequal chances (Zrnic & Candès 2024), and the survey samplers'
regression estimator. A cell (one outlet, one week) has too few labels for that: its number is the scorer's, less an
error that is drawn toward what the other cells lead to expect, the more so the fewer labels it has (Fay & Herriot
1979): a line in the scorer's own number, as a scorer that often errs mutes the differences between cells. The spread of
the cells' errors around it is averaged over instead of fixed, so that few labels give wide intervals and never narrow
wrong ones.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from stance.estimate.formulas import Codes, Flags, Floats, sums

EXPECTED_SLOPE = 0.5
"""Scale of the normal weight of that line's slope before any label is seen; 0 is a scorer that mutes nothing."""
SPREADS = np.linspace(0.0, 0.5, 51)
"""Standard deviations of the scorer's error between cells that are weighed against each other, for a range of 1."""
EXPECTED_SPREAD = 0.07
"""Scale of the half-normal weight of those before any label is seen: errors differ by some points in a hundred."""


class Labelled(NamedTuple):
    """Pairs that humans labelled."""

    weight: Floats
    """What the pair counts in its cell, over its chance of being drawn. *Shape:* (n_labelled,)."""
    cluster: Codes
    """Story; pairs of one story are not independent. *Shape:* (n_labelled,)."""
    present: Floats
    """Share of annotators who see the target (or voice) there at all, in [0, 1]. *Shape:* (n_labelled,)."""
    human: Floats
    """Stance by those annotators; anything where `present` is 0. *Shape:* (n_labelled, n_measures)."""
    scorer: Floats
    """Stance by the scorer. *Shape:* (n_labelled, n_measures)."""


class Corrected(NamedTuple):
    """A corrected whole, by measure; every array has *Shape:* (n_measures,)."""

    value: Floats
    variance: Floats
    slope: Floats
    """How far the scorer is leant on, in [0, 1]; 0 leaves the labels alone."""
    noise: Floats
    """Part of the variance that more labels do not lower: the scorer's mean over more articles would."""
    clusters: int
    alone: Floats
    """Value from the labels alone."""
    alone_variance: Floats


def _by_cluster(labelled: Labelled, values: Floats) -> Floats:
    codes, found = pd.factorize(labelled.cluster)
    return sums(codes, values, len(found))


def whole(labelled: Labelled, mean: Floats, noise: Floats, low: Floats, high: Floats) -> Corrected:
    """Correct the mean over all pairs of a target.

    Args:
        labelled: at least three stories.
        mean: the scorer's mean over the corpus. *Shape:* (n_measures,).
        noise: its sampling variance between stories, same shape.
        low: lowest legal value of each measure, same shape.
        high: highest legal value of each measure, same shape.
    """
    weight = labelled.weight / labelled.weight.sum()
    heavy = weight * labelled.present
    alone = heavy @ labelled.human / heavy.sum()
    guess = weight @ labelled.scorer
    human = _by_cluster(labelled, heavy[:, None] * (labelled.human - alone) / heavy.sum())
    scorer = _by_cluster(labelled, weight[:, None] * (labelled.scorer - guess))
    count = len(human)
    scale = count / (count - 1)
    power = scale * (scorer**2).sum(axis=0) + noise
    slope = np.clip(scale * (human * scorer).sum(axis=0) / np.where(power > 0, power, 1), 0, 1)
    value = alone + slope * (mean - guess)
    room = (
        ((np.clip(value, low, high) - low) ** 2 + (high - np.clip(value, low, high)) ** 2) / 2 / (count * (count - 1))
    )
    rest = scale * ((human - slope * scorer) ** 2).sum(axis=0)
    return Corrected(
        value=value,
        variance=rest + room + slope**2 * noise,
        slope=slope,
        noise=slope**2 * noise,
        clusters=count,
        alone=alone,
        alone_variance=scale * (human**2).sum(axis=0) + room,
    )


class Errors(NamedTuple):
    """What the scorer's number of each cell lacks, by measure."""

    mean: Floats
    """Human minus scorer. *Shape:* (n_cells, n_measures)."""
    variance: Floats
    """Same shape."""
    slope: Floats
    """How that grows with the scorer's number itself: above 0 for a scorer that mutes differences between cells.
    *Shape:* (n_measures,)."""
    gain: Floats
    """How far noise in the scorer's number moves the corrected one, per unit. *Shape:* (n_cells, n_measures)."""


def errors(labelled: Labelled, cells: Codes, scorer: Floats, level: Floats, span: Floats) -> Errors:
    """Estimate human minus scorer in every cell, drawn toward what its number and the other cells lead to expect.

    Args:
        labelled: the labelled pairs.
        cells: cell of each, in [0, n_cells). *Shape:* (n_labelled,).
        scorer: the scorer's number of each cell. *Shape:* (n_cells, n_measures).
        level: corrected mean of the target, which stands in where the target is absent. *Shape:* (n_measures,).
        span: width of each measure's range. *Shape:* (n_measures,).
    """
    size = len(scorer)
    present = labelled.present[:, None]
    apart = present * np.where(present > 0, labelled.human, 0) + (1 - present) * level - labelled.scorer
    weight = labelled.weight / np.bincount(cells, labelled.weight, size)[cells]
    own = sums(cells, weight[:, None] * apart, size)
    groups, found = pd.factorize(cells * (labelled.cluster.max() + 1) + labelled.cluster)
    home = found // (labelled.cluster.max() + 1)
    load = np.bincount(home, np.bincount(groups, weight, len(found)) ** 2, size)
    seen = np.bincount(cells, minlength=size) > 0
    free = max(len(apart) - int(seen.sum()), 1)
    inner = ((apart - own[cells]) ** 2).sum(axis=0) / free
    # the error per pair is never surely below this, however well the few labels of a cell agree
    inner = np.maximum(inner, span**2 / 4 / len(apart))
    noise = np.where(seen, load, 1)[:, None] * inner
    shift = np.nan_to_num(scorer - np.nanmean(scorer, axis=0))
    columns = [
        _pooled(own[:, k] / span[k], noise[:, k] / span[k] ** 2, shift[:, k] / span[k], seen) for k in range(len(span))
    ]
    mean, variance, slope, gain = (np.stack(part, axis=-1) for part in zip(*columns, strict=True))
    return Errors(mean * span, variance * span**2, slope, gain)


def _pooled(own: Floats, noise: Floats, shift: Floats, seen: Flags) -> tuple[Floats, Floats, Floats, Floats]:
    """One measure's errors, for a range of 1: mean, variance, slope, gain, averaged over the spread between cells.

    For a given spread the errors are a line in the scorer's number plus what is the cell's own; intercept and slope
    have their least-squares posterior. Arrays inside have *Shape:* (n_spreads,) or (n_spreads, n_cells).
    """
    between = SPREADS[:, None] ** 2
    inverse = np.where(seen, 1 / (noise + between), 0)
    mass, first, second = inverse.sum(axis=1), (inverse * shift).sum(axis=1), (inverse * shift**2).sum(axis=1)
    second = second + 1 / EXPECTED_SLOPE**2
    total, cross = (inverse * own).sum(axis=1), (inverse * shift * own).sum(axis=1)
    volume = mass * second - first**2
    centre, slope = (second * total - first * cross) / volume, (mass * cross - first * total) / volume
    misfit = (inverse * own**2).sum(axis=1) - centre * total - slope * cross
    log_weight = (np.log(np.where(seen, inverse, 1)).sum(axis=1) - np.log(volume) - misfit) / 2
    log_weight -= (SPREADS / EXPECTED_SPREAD) ** 2 / 2
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    line = centre[:, None] + slope[:, None] * shift
    doubt = (second[:, None] - 2 * first[:, None] * shift + mass[:, None] * shift**2) / volume[:, None]
    trust = np.where(seen, between / (noise + between), 0)
    mean = trust * own + (1 - trust) * line
    middle = weight @ mean
    variance = weight @ (between * (1 - trust) + (1 - trust) ** 2 * doubt + (mean - middle) ** 2)
    return middle, variance, weight @ slope, 1 + weight @ ((1 - trust) * slope[:, None])


def to_halve(result: Corrected, labels: int, pairs: int) -> Floats:
    """Labels in all, drawn as before, that would halve the interval; NaN where all the corpus' pairs would not do it.

    Args:
        result: the corrected whole.
        labels: labels it rests on.
        pairs: pairs of the corpus.

    Returns:
        *Shape:* (n_measures,).
    """
    goal = result.variance / 4
    with np.errstate(divide="ignore", invalid="ignore"):
        leaning = np.where(
            goal > result.noise, (result.variance - result.noise) * labels / (goal - result.noise), np.inf
        )
        alone = result.alone_variance * labels / goal
    needed = np.ceil(np.minimum(leaning, alone))
    return np.where(needed <= pairs, needed, np.nan)
